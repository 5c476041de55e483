// How an item is written so that nothing of someone else is overwritten unseen.
//
// An item is changed by UpdateItem: it sets and removes the attributes that differ and leaves the others alone, so that what
// someone else adds meanwhile stays. Its condition is that each attribute is still as it was read, and that those that were
// absent still are. An expression has at most 300 operators and 4 KB, though, and a comparison takes two of them with its
// AND: of an item of more attributes those that are written are compared first, then as many others as fit. If more are
// written than fit, they are written in several steps, each with the condition of its own.

import { Placeholders } from "./expression";
import { type Item, type Value, equal } from "./value";

/** A comparison and its AND take two of 300 operators; one stays for the key. At most 16 letters each, they fit 4 KB too. */
export const COMPARED = 149;

export interface Step {
  Key: Item;
  UpdateExpression?: string;
  ConditionExpression: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues?: Item;
}

export interface Plan {
  steps: Step[];
  /** Attributes as read that no step compares, for there are too many; none of them is written. */
  uncompared: number;
}

const valueIn = (item: Item, name: string): Value | undefined => (Object.hasOwn(item, name) ? item[name] : undefined);

/** Attributes that differ, of the two items together. */
export function changedNames(before: Item, after: Item): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !equal(valueIn(before, name), valueIn(after, name)));
}

/** The condition that attributes are as in an item, or absent as in it; and that the item is there at all. */
function condition(placeholders: Placeholders, item: Item, names: readonly string[], keyName: string): string {
  const there = `attribute_exists(${placeholders.name(keyName)})`;
  const each = names.map((name) => {
    const value = valueIn(item, name);
    return value ? `${placeholders.name(name)}=${placeholders.value(value)}` : `attribute_not_exists(${placeholders.name(name)})`;
  });
  return [there, ...each].join(" AND ");
}

/** Those of names that fit the 4 KB of an expression beside each other. */
function fitting(item: Item, names: readonly string[]): number {
  let length = 40;
  for (const [i, name] of names.entries()) {
    length += valueIn(item, name) ? 14 : 32;
    if (length > 4000 || i >= COMPARED) return i;
  }
  return names.length;
}

function step(key: Item, before: Item, after: Item, written: readonly string[], compared: readonly string[]): Step {
  const placeholders = new Placeholders();
  const check = condition(placeholders, before, compared, Object.keys(key)[0] ?? "");
  const set: string[] = [],
    remove: string[] = [];
  for (const name of written) {
    const value = valueIn(after, name);
    if (value) set.push(`${placeholders.name(name)}=${placeholders.value(value)}`);
    else remove.push(placeholders.name(name));
  }
  const update = [set.length && `SET ${set.join(",")}`, remove.length && `REMOVE ${remove.join(",")}`].filter(Boolean).join(" ");
  return { Key: key, ...(update && { UpdateExpression: update }), ConditionExpression: check, ExpressionAttributeNames: {}, ...placeholders.given() };
}

/** The requests that make of the item as it was read the one that is wanted; both have the same key. */
export function planChange(key: Item, before: Item, after: Item): Plan {
  const isKey = (name: string) => Object.hasOwn(key, name);
  const written = changedNames(before, after).filter((name) => !isKey(name));
  const others = Object.keys(before).filter((name) => !isKey(name) && !written.includes(name));
  const steps: Step[] = [];
  let uncompared = 0;
  for (let from = 0; from < written.length; ) {
    const count = fitting(before, written.slice(from));
    const part = written.slice(from, from + count);
    const all = [...part, ...others];
    const compared = all.slice(0, fitting(before, all));
    uncompared = Math.max(uncompared, all.length - compared.length);
    steps.push(step(key, before, after, part, compared));
    from += count;
  }
  return { steps, uncompared };
}

/** The condition of deleting an item as it was read; `uncompared` as in a plan. */
export function planDeletion(key: Item, before: Item): Plan {
  const names = Object.keys(before).filter((name) => !Object.hasOwn(key, name));
  const compared = names.slice(0, fitting(before, names));
  return { steps: [step(key, before, before, [], compared)], uncompared: names.length - compared.length };
}

/** What one changed of `base`, on top of what is there now: attributes that one did not touch are theirs. */
export function onTop(base: Item, mine: Item, theirs: Item): Item {
  const touched = new Set(changedNames(base, mine));
  const entries: [string, Value][] = [];
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const value = valueIn(touched.has(name) ? mine : theirs, name);
    if (value) entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}
