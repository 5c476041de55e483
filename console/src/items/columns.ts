// The columns of a grid of items: which attributes there are, and what a person chose to see of them.

import { type Item, type Type, typeOf } from "./value";

export interface Shown {
  id: string;
  visible: boolean;
}

/** So many are shown until others are chosen: each costs a cell a row. */
const VISIBLE = 16;
/** An item of thousands of attributes has no more columns to choose from. */
const MOST = 250;

/** The attributes of items, keys first, each with its types here. */
export function attributesOf(items: readonly Item[], keys: readonly string[]): Map<string, Set<Type>> {
  const found = new Map<string, Set<Type>>(keys.map((name) => [name, new Set()]));
  for (const item of items)
    for (const [name, value] of Object.entries(item)) {
      const types = found.get(name);
      if (types) types.add(typeOf(value));
      else if (found.size < MOST) found.set(name, new Set([typeOf(value)]));
    }
  return found;
}

/** What is shown of these attributes: as chosen, and those that no choice was made about behind. */
export function arrange(names: readonly string[], chosen: readonly Shown[]): Shown[] {
  const there = new Set(names),
    known = new Set(chosen.map(({ id }) => id));
  const kept = chosen.filter(({ id }) => there.has(id));
  let visible = kept.filter((column) => column.visible).length;
  return [...kept, ...names.filter((name) => !known.has(name)).map((id) => ({ id, visible: visible++ < VISIBLE }))];
}

const place = (table: string) => `turntable.items.columns.${table}`;

/** Names of attributes only: values are never kept there. */
export function readChoice(table: string): Shown[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(place(table)) ?? "[]");
    return Array.isArray(found) ? found.filter((column): column is Shown => typeof (column as Shown)?.id === "string") : [];
  } catch {
    return [];
  }
}
export const keepChoice = (table: string, chosen: readonly Shown[]) => localStorage.setItem(place(table), JSON.stringify(chosen));
