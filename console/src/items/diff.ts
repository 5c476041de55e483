// What differs between two items, by paths: maps by name, lists by place, sets by member.

import { type Item, type Value, equal, isSet, typeOf } from "./value";

export interface Difference {
  /** info.tags[0] */
  path: string;
  before: Value | undefined;
  after: Value | undefined;
}

const LIMIT = 500; // more differences are counted, not shown

const nameText = (name: string) => (/^[^."[\]\s]+$/.test(name) ? name : JSON.stringify(name));

/** A set of what is in one set and not in another, or nothing if that is empty. */
function without(set: Value, other: Value): Value | undefined {
  const texts = (value: Value) => value.SS ?? value.NS ?? [];
  if (set.BS && other.BS) {
    const there = other.BS;
    const BS = set.BS.filter((bytes) => !there.some((known) => equal({ B: bytes }, { B: known })));
    return BS.length ? { BS } : undefined;
  }
  const type = typeOf(set);
  const left = texts(set).filter((text) => !texts(other).some((known) => (type === "NS" ? equal({ N: text }, { N: known }) : text === known)));
  if (!left.length) return undefined;
  return type === "NS" ? { NS: left } : { SS: left };
}

function membersOf(value: Value, other: Value): [string, Value | undefined, Value | undefined][] | undefined {
  if (value.M && other.M) {
    const [left, right] = [value.M, other.M];
    const member = (of: Item, name: string) => (Object.hasOwn(of, name) ? of[name] : undefined);
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].map((name) => [`.${nameText(name)}`, member(left, name), member(right, name)]);
  }
  if (value.L && other.L) return Array.from({ length: Math.max(value.L.length, other.L.length) }, (_, i) => [`[${i}]`, value.L?.[i], other.L?.[i]]);
  return undefined;
}

/** The differences, at most LIMIT of them, and how many there are. */
export function differences(before: Item, after: Item): { shown: Difference[]; count: number } {
  const shown: Difference[] = [];
  let count = 0;
  const add = (difference: Difference) => {
    count++;
    if (shown.length < LIMIT) shown.push(difference);
  };
  const compare = (path: string, left: Value | undefined, right: Value | undefined) => {
    if (equal(left, right)) return;
    const members = left && right ? membersOf(left, right) : undefined;
    if (members && left && right) return members.forEach(([step, a, b]) => compare(path + step, a, b));
    if (left && right && isSet(typeOf(left)) && typeOf(left) === typeOf(right)) return add({ path, before: without(left, right), after: without(right, left) });
    add({ path, before: left, after: right });
  };
  for (const [step, left, right] of membersOf({ M: before }, { M: after }) ?? []) compare(step.slice(1), left, right);
  return { shown, count };
}
