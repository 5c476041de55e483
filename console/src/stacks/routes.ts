import type { Route } from "../app/route";
import { stacks } from "../text/stacks";

/** A stack goes by its name, or by its id: one that was deleted only by that. */
const nameOf = (stack = "") => /^arn:[^/]*:stack\/([^/]+)\//.exec(stack)?.[1] ?? stack;

export const routes: Route[] = [
  { pattern: "/stacks", section: "/stacks", title: () => stacks.title, load: () => import("./list") },
  {
    pattern: "/stacks/:stack",
    section: "/stacks",
    title: (given) => nameOf(given.stack),
    crumbs: () => [{ text: stacks.title, path: "/stacks" }],
    load: () => import("./stack"),
  },
];
