// Items and their values, as the SDK has them: numbers stay texts, for JavaScript's own would round them.

import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { bytesOf, textOfBytes } from "./base64";
import { compareNumbers } from "./number";

export type Value = AttributeValue;
export type Item = Record<string, Value>;

export const types = ["S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"] as const;
export type Type = (typeof types)[number];
export type KeyType = "S" | "N" | "B";

export const isType = (name: string): name is Type => (types as readonly string[]).includes(name);
export const isSet = (type: Type) => type === "SS" || type === "NS" || type === "BS";

/** The type of a value; what no one knows yet is shown as a text. */
export const typeOf = (value: Value): Type => types.find((type) => value[type as keyof Value] !== undefined) ?? "S";

/** An object of names that may be anything, "__proto__" too. */
export const itemOf = (entries: Iterable<readonly [string, Value]>): Item => Object.fromEntries(entries);

/** The attributes of a key, or undefined when the item lacks one. */
export function keyOf(item: Item, names: readonly string[]): Item | undefined {
  const entries: [string, Value][] = [];
  for (const name of names) {
    const value = Object.hasOwn(item, name) ? item[name] : undefined;
    if (!value) return undefined;
    entries.push([name, value]);
  }
  return itemOf(entries);
}

const utf8 = new TextEncoder();
const bytesLength = (text: string) => utf8.encode(text).length;

/** What a number takes: AWS says about (digits + 1) / 2 + 1 bytes. */
function numberSize(text: string): number {
  const digits = text.replace(/[eE].*$/, "").replace(/[^0-9]/g, "").replace(/^0+/, "").replace(/0+$/, "");
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith("-") ? 1 : 0);
}

/** About how many bytes a value takes, as AWS counts them ("DynamoDB item sizes and formats"). */
export function sizeOf(value: Value): number {
  if (value.S !== undefined) return bytesLength(value.S);
  if (value.N !== undefined) return numberSize(value.N);
  if (value.B !== undefined) return value.B.length;
  if (value.SS !== undefined) return value.SS.reduce((sum, text) => sum + bytesLength(text), 0);
  if (value.NS !== undefined) return value.NS.reduce((sum, text) => sum + numberSize(text), 0);
  if (value.BS !== undefined) return value.BS.reduce((sum, bytes) => sum + bytes.length, 0);
  if (value.L !== undefined) return value.L.reduce((sum, element) => sum + 1 + sizeOf(element), 3);
  if (value.M !== undefined) return Object.entries(value.M).reduce((sum, [name, member]) => sum + 1 + bytesLength(name) + sizeOf(member), 3);
  return 1;
}
export const itemSize = (item: Item) => Object.entries(item).reduce((sum, [name, value]) => sum + bytesLength(name) + sizeOf(value), 0);

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
  return a.length - b.length;
}

// JavaScript sorts by units of UTF-16, DynamoDB by bytes of UTF-8; they differ where a surrogate meets a unit above it.
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  let i = 0;
  while (i < shorter && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === shorter) return a.length - b.length;
  const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
  const high = (unit: number) => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
  return high(left) - high(right);
}

const listOf = (value: Value): Value[] =>
  value.L ?? value.SS?.map((S) => ({ S })) ?? value.NS?.map((N) => ({ N })) ?? value.BS?.map((B) => ({ B })) ?? [];

/** The order in which a column is sorted: by type, then as DynamoDB sorts keys; an absent value comes last. */
export function compareValues(a: Value | undefined, b: Value | undefined): number {
  if (!a || !b) return Number(!a) - Number(!b);
  const [left, right] = [typeOf(a), typeOf(b)];
  if (left !== right) return types.indexOf(left) - types.indexOf(right);
  if (a.S !== undefined && b.S !== undefined) return compareTexts(a.S, b.S);
  if (a.N !== undefined && b.N !== undefined) return compareNumbers(a.N, b.N);
  if (a.B !== undefined && b.B !== undefined) return compareBytes(a.B, b.B);
  if (a.BOOL !== undefined && b.BOOL !== undefined) return Number(a.BOOL) - Number(b.BOOL);
  if (a.M !== undefined && b.M !== undefined) return Object.keys(a.M).length - Object.keys(b.M).length;
  const [first, second] = [listOf(a), listOf(b)];
  for (let i = 0; i < Math.min(first.length, second.length); i++) {
    const found = compareValues(first[i], second[i]);
    if (found) return found;
  }
  return first.length - second.length;
}

const sorted = (value: Value) => listOf(value).sort(compareValues);

/** Whether DynamoDB's "=" would say yes: numbers by value, sets in any order. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (!a || !b) return a === b;
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  if (a.M && b.M) {
    const [left, right] = [a.M, b.M];
    const names = Object.keys(left);
    return names.length === Object.keys(right).length && names.every((name) => Object.hasOwn(right, name) && equal(left[name], right[name]));
  }
  if (type !== "L" && !isSet(type)) return compareValues(a, b) === 0;
  const [left, right] = isSet(type) ? [sorted(a), sorted(b)] : [listOf(a), listOf(b)];
  return left.length === right.length && left.every((element, i) => equal(element, right[i]));
}

export const equalItems = (a: Item, b: Item) => equal({ M: a }, { M: b });

/** The text of a value that has one, for inputs: base64 for binary. */
export const scalarText = (value: Value): string =>
  value.S ?? value.N ?? (value.B ? textOfBytes(value.B) : value.BOOL !== undefined ? String(value.BOOL) : "");

/** A value of a key's type from a text; undefined if the base64 is none. */
export function keyValue(type: KeyType, text: string): Value | undefined {
  if (type === "S") return { S: text };
  if (type === "N") return { N: text };
  const B = bytesOf(text);
  return B && { B };
}
