// Where the browser is, as a path below /console, and how to go elsewhere. Every view has a path of its own.

import { useSyncExternalStore } from "react";

const base = import.meta.env.BASE_URL.replace(/\/$/, "");
const listeners = new Set<() => void>();
let guard: (() => boolean) | undefined;

let shown = location.href;

function changed() {
  shown = location.href;
  listeners.forEach((listener) => listener());
}

// The browser's own way back has been gone when this is told: who would rather stay gets the address back, as a new step.
window.addEventListener("popstate", () => {
  if (guard && !guard()) history.pushState(null, "", shown);
  else changed();
});

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** The address of a path, for links. */
export const href = (path: string) => base + path;

/** A path with its parts escaped: path`/tables/${name}/items`. */
export const path = (strings: TemplateStringsArray, ...parts: (string | number)[]) =>
  strings.reduce((all, text, i) => all + encodeURIComponent(parts[i - 1] ?? "") + text);

/** Goes to a path. With `replace` the way back does not lead here. */
export function navigate(to: string, { replace = false } = {}) {
  if (guard && !guard()) return;
  history[replace ? "replaceState" : "pushState"](null, "", href(to));
  changed();
  if (!replace) window.scrollTo(0, 0);
}

/** While set, asks before another view is shown, also by the browser's way back, whether to leave; undefined takes it away. */
export function guardLeaving(ask: (() => boolean) | undefined) {
  guard = ask;
  shown = location.href;
}

/** For onFollow of Cloudscape's links: stays in the page. */
export function follow(event: CustomEvent<{ href?: string; external?: boolean }>) {
  const { href: to, external } = event.detail;
  if (!to || external || !to.startsWith(`${base}/`)) return;
  event.preventDefault();
  navigate(to.slice(base.length));
}

const here = () => location.pathname.slice(base.length).replace(/\/+$/, "") || "/";

/** The path, decoded by no one yet. */
export const usePath = () => useSyncExternalStore(subscribe, here);

/** The parameters behind the "?", and how to change some without a step in the history; undefined takes one away. */
export function useQuery(): [URLSearchParams, (changes: Record<string, string | undefined>) => void] {
  const query = useSyncExternalStore(subscribe, () => location.search);
  const set = (changes: Record<string, string | undefined>) => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) value === undefined || value === "" ? next.delete(name) : next.set(name, value);
    const text = next.toString();
    navigate(here() + (text ? `?${text}` : ""), { replace: true });
  };
  return [new URLSearchParams(query), set];
}

/** The parameters of a path that has the form of a pattern as "/tables/:table", or undefined. */
export function matchPath(pattern: string, actual: string): Record<string, string> | undefined {
  const wanted = pattern.split("/"),
    given = actual.split("/"),
    found: Record<string, string> = {};
  if (wanted.length !== given.length) return undefined;
  for (const [i, part] of wanted.entries()) {
    if (!part.startsWith(":")) {
      if (part !== given[i]) return undefined;
      continue;
    }
    try {
      found[part.slice(1)] = decodeURIComponent(given[i] ?? "");
    } catch {
      return undefined;
    }
  }
  return found;
}
