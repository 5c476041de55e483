// An item as JSON, in both notations: DynamoDB's own, where each value names its type, and plain.

import { notation as said } from "../text/items";
import { bytesOf, textOfBytes, textOfUrl, urlTextOf } from "./base64";
import { type Json, JsonError, type Member, parseJson, placeOf, printJson } from "./json";
import { jsonNumber, numberProblem } from "./number";
import { type Item, type Type, type Value, isType, itemOf, typeOf } from "./value";

export type Notation = "dynamodb" | "plain";

export interface Problem {
  at: number;
  text: string;
}

const string = (text: string): Json => ({ kind: "string", text, at: 0 });
const object = (entries: [string, Json][]): Json => ({ kind: "object", members: entries.map(([name, value]) => ({ name, value, at: 0 })), at: 0 });
const array = (elements: Json[]): Json => ({ kind: "array", elements, at: 0 });
const word = (kind: "true" | "false" | "null"): Json => ({ kind, at: 0 });
const typed = (type: Type, value: Json) => object([[type, value]]);

/** A value in DynamoDB's JSON. */
export function toDynamo(value: Value): Json {
  if (value.S !== undefined) return typed("S", string(value.S));
  if (value.N !== undefined) return typed("N", string(value.N));
  if (value.B !== undefined) return typed("B", string(textOfBytes(value.B)));
  if (value.BOOL !== undefined) return typed("BOOL", word(value.BOOL ? "true" : "false"));
  if (value.M !== undefined) return typed("M", itemToDynamo(value.M));
  if (value.L !== undefined) return typed("L", array(value.L.map(toDynamo)));
  if (value.SS !== undefined) return typed("SS", array(value.SS.map(string)));
  if (value.NS !== undefined) return typed("NS", array(value.NS.map(string)));
  if (value.BS !== undefined) return typed("BS", array(value.BS.map((bytes) => string(textOfBytes(bytes)))));
  return typed("NULL", word("true"));
}
export const itemToDynamo = (item: Item): Json => object(Object.entries(item).map(([name, value]) => [name, toDynamo(value)]));

/** A value in plain JSON: sets become lists, and binary values base64. */
export function toPlain(value: Value): Json {
  if (value.S !== undefined) return string(value.S);
  if (value.N !== undefined) return { kind: "number", text: jsonNumber(value.N), at: 0 };
  if (value.B !== undefined) return string(textOfBytes(value.B));
  if (value.BOOL !== undefined) return word(value.BOOL ? "true" : "false");
  if (value.M !== undefined) return itemToPlain(value.M);
  if (value.L !== undefined) return array(value.L.map(toPlain));
  if (value.SS !== undefined) return array(value.SS.map(string));
  if (value.NS !== undefined) return array(value.NS.map((text) => ({ kind: "number", text: jsonNumber(text), at: 0 })));
  if (value.BS !== undefined) return array(value.BS.map((bytes) => string(textOfBytes(bytes))));
  return word("null");
}
export const itemToPlain = (item: Item): Json => object(Object.entries(item).map(([name, value]) => [name, toPlain(value)]));

export const printItem = (item: Item, notation: Notation, indent = 2) => printJson(notation === "plain" ? itemToPlain(item) : itemToDynamo(item), indent);
export const printValue = (value: Value, notation: Notation, indent = 2) => printJson(notation === "plain" ? toPlain(value) : toDynamo(value), indent);

/** Collects what is wrong, up to a limit: a text of thousands of mistakes is not shown all of them. */
export class Problems {
  readonly found: Problem[] = [];
  add(at: number, text: string): undefined {
    if (this.found.length < 100) this.found.push({ at, text });
  }
}

/** What a set lacks or has too much, for texts that are alike when DynamoDB takes them for one. */
function checkSet(json: Json, texts: string[], problems: Problems) {
  if (texts.length === 0) problems.add(json.at, said.emptySet);
  if (new Set(texts).size !== texts.length) problems.add(json.at, said.twice);
}

/** The texts of an array of strings (of numbers too, for plain JSON), each checked. */
function textsOf(json: Json, problems: Problems, check: (text: string) => string | undefined): string[] | undefined {
  if (json.kind !== "array") return problems.add(json.at, said.needsArray);
  const texts: string[] = [];
  for (const element of json.elements) {
    if (element.kind !== "string" && element.kind !== "number") return problems.add(element.at, said.needsString);
    const problem = check(element.text);
    if (problem) problems.add(element.at, problem);
    texts.push(element.text);
  }
  checkSet(json, texts, problems);
  return texts;
}

const noBase64 = (text: string) => (bytesOf(text) ? undefined : said.base64);

function scalarFrom(type: Type, json: Json, problems: Problems): Value | undefined {
  if (type === "BOOL" || type === "NULL") {
    if (json.kind !== "true" && json.kind !== "false") return problems.add(json.at, said.needsBoolean);
    if (type === "BOOL") return { BOOL: json.kind === "true" };
    return json.kind === "true" ? { NULL: true } : problems.add(json.at, said.needsTrue);
  }
  if (json.kind !== "string") return problems.add(json.at, type === "N" ? said.needsNumberString : said.needsString);
  if (type === "S") return { S: json.text };
  if (type === "N") {
    const problem = numberProblem(json.text);
    return problem ? problems.add(json.at, problem) : { N: json.text };
  }
  const B = bytesOf(json.text);
  return B ? { B } : problems.add(json.at, said.base64);
}

function membersFrom(members: Member[], from: (member: Member) => Value | undefined): Item {
  const entries: [string, Value][] = [];
  for (const member of members) {
    const value = from(member);
    if (value) entries.push([member.name, value]);
  }
  return itemOf(entries);
}

/** A value of DynamoDB's JSON; undefined when it is none, and the problems say why. */
export function fromDynamo(json: Json, problems: Problems): Value | undefined {
  const member = json.kind === "object" && json.members.length === 1 ? json.members[0] : undefined;
  if (!member) return problems.add(json.at, said.needsType);
  const { name: type, value } = member;
  if (!isType(type)) return problems.add(member.at, said.unknownType(type));
  if (type === "M") {
    if (value.kind !== "object") return problems.add(value.at, said.needsObject);
    return { M: membersFrom(value.members, (inner) => fromDynamo(inner.value, problems)) };
  }
  if (type === "L") {
    if (value.kind !== "array") return problems.add(value.at, said.needsArray);
    return { L: value.elements.map((element) => fromDynamo(element, problems)).filter((element) => element !== undefined) };
  }
  if (type === "SS" || type === "NS" || type === "BS") {
    const texts = textsOf(value, problems, type === "NS" ? numberProblem : type === "BS" ? noBase64 : () => undefined);
    if (!texts) return undefined;
    return type === "SS" ? { SS: texts } : type === "NS" ? { NS: texts } : { BS: texts.map((text) => bytesOf(text) ?? new Uint8Array()) };
  }
  return scalarFrom(type, value, problems);
}

const quiet = () => undefined;

/** What a list or text of plain JSON was before, if it can still be that: a set, or binary. */
function asBefore(json: Json, before: Value | undefined, problems: Problems): Value | undefined {
  const type = before && typeOf(before);
  if (type === "B" && json.kind === "string") {
    const B = bytesOf(json.text);
    return B && { B };
  }
  if (json.kind !== "array" || json.elements.length === 0) return undefined;
  const kind = type === "NS" ? "number" : "string";
  if ((type !== "SS" && type !== "NS" && type !== "BS") || !json.elements.every((element) => element.kind === kind)) return undefined;
  const texts = json.elements.map((element) => (element.kind === kind ? element.text : ""));
  if (type === "BS" && !texts.every((text) => bytesOf(text))) return undefined;
  textsOf(json, problems, type === "NS" ? numberProblem : quiet);
  return type === "SS" ? { SS: texts } : type === "NS" ? { NS: texts } : { BS: texts.map((text) => bytesOf(text) ?? new Uint8Array()) };
}

/** A value of plain JSON. Sets and binary values have no notation there: what was one before stays one. */
export function fromPlain(json: Json, before: Value | undefined, problems: Problems): Value | undefined {
  const same = asBefore(json, before, problems);
  if (same) return same;
  switch (json.kind) {
    case "string":
      return { S: json.text };
    case "number": {
      const problem = numberProblem(json.text);
      return problem ? problems.add(json.at, problem) : { N: json.text };
    }
    case "object":
      return { M: membersFrom(json.members, ({ name, value }) => fromPlain(value, before?.M && Object.hasOwn(before.M, name) ? before.M[name] : undefined, problems)) };
    case "array":
      return { L: json.elements.map((element, i) => fromPlain(element, before?.L?.[i], problems)).filter((element) => element !== undefined) };
    case "null":
      return { NULL: true };
    default:
      return { BOOL: json.kind === "true" };
  }
}

export function itemFrom(json: Json, notation: Notation, before: Item | undefined, problems: Problems): Item | undefined {
  if (json.kind !== "object") return problems.add(json.at, said.needsItem);
  if (notation === "plain") return fromPlain(json, { M: before ?? {} }, problems)?.M;
  return membersFrom(json.members, (member) => fromDynamo(member.value, problems));
}

export interface Mark {
  line: number;
  column: number;
  text: string;
}

/** A text as an item, or where it is wrong. */
export function readItem(text: string, notation: Notation, before?: Item): { item?: Item; marks: Mark[] } {
  const problems = new Problems();
  let item: Item | undefined;
  try {
    item = itemFrom(parseJson(text), notation, before, problems);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    problems.add(error.at, error.message);
  }
  const marks = problems.found.map((problem) => ({ ...placeOf(text, problem.at), text: problem.text }));
  return marks.length ? { marks } : { item, marks };
}

/** A key in an address, and back: base64url of DynamoDB's JSON. */
export const keyToUrl = (key: Item) => urlTextOf(printItem(key, "dynamodb", 0));
export const keyFromUrl = (text: string): Item | undefined => readItem(textOfUrl(text) ?? "", "dynamodb").item;
