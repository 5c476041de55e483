// What the console tells at the top of the page: what was done, what failed, that the server does not answer.

import Flashbar, { type FlashbarProps } from "@cloudscape-design/components/flashbar";
import { useSyncExternalStore } from "react";
import { app } from "../text/app";

const LIMIT = 20; // older ones go first

const listeners = new Set<() => void>();
let notices: readonly FlashbarProps.MessageDefinition[] = [];
let count = 0;

function set(next: readonly FlashbarProps.MessageDefinition[]) {
  notices = next.slice(0, LIMIT);
  listeners.forEach((listener) => listener());
}

/** Takes a notice away. */
export const untell = (id: string) => set(notices.filter((notice) => notice.id !== id));

/** Shows a notice, in place of an older one with the same id; returns the id. */
export function tell(notice: FlashbarProps.MessageDefinition): string {
  const id = notice.id ?? `notice-${++count}`;
  const shown = { dismissible: true, dismissLabel: app.dismiss, onDismiss: () => untell(id), ...notice, id };
  set([shown, ...notices.filter((other) => other.id !== id)]);
  return id;
}

/** Shows that something was done. */
export const tellDone = (header: string) => tell({ type: "success", header });

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export function Notices() {
  const items = useSyncExternalStore(subscribe, () => notices);
  return <Flashbar items={items} stackItems={items.length > 2} i18nStrings={{ ariaLabel: app.notices, notificationBarText: app.notices, notificationBarAriaLabel: app.notices }} />;
}
