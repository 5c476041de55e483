// Files of items: what kind they are, and their items one by one, so that a large one is read in slices.

import { files as said } from "../text/items";
import { type ColumnType, type CsvRow, cellValue, csvRows, delimiterOf, inferType } from "./csv";
import { type Json, JsonError, parseAt } from "./json";
import { type Notation, Problems, itemFrom } from "./notation";
import type { KeyAttribute } from "./target";
import { type Item, type Value, isType, itemOf } from "./value";

/** An item of a file, or why there is none. */
export interface FileRow {
  line: number;
  item?: Item;
  error?: string;
  /** Where it ends in the text: how far one has come. */
  end: number;
}

export interface Column {
  name: string;
  type: ColumnType;
}
export type Format = { kind: "json"; notation: Notation } | { kind: "csv"; delimiter: string; columns: Column[] };

const SAMPLE = 100; // rows that are looked at to know what a file is

/** Counts lines up to positions that only grow. */
function lineCounter(text: string) {
  let line = 1,
    next = text.indexOf("\n");
  return (at: number) => {
    for (; next !== -1 && next < at; next = text.indexOf("\n", next + 1)) line++;
    return line;
  };
}

interface JsonRow {
  line: number;
  json?: Json;
  error?: string;
  end: number;
}

/** The values of a file: of a list, or one after the other, on lines of their own or not. */
function* jsonRows(text: string): Generator<JsonRow> {
  const lineAt = lineCounter(text);
  const space = /[\s\ufeff]*/y;
  const skip = (from: number) => {
    space.lastIndex = from;
    space.exec(text);
    return space.lastIndex;
  };
  let at = skip(0);
  const list = text[at] === "[";
  if (list) at = skip(at + 1);
  for (let first = true; at < text.length; first = false) {
    if (list && text[at] === "]") break;
    if (list && !first) {
      if (text[at] !== ",") return yield { line: lineAt(at), error: said.comma, end: text.length };
      at = skip(at + 1);
    }
    const line = lineAt(at);
    try {
      const { value, end } = parseAt(text, at);
      at = skip(end);
      yield { line, json: value, end };
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      const next = list ? -1 : text.indexOf("\n", error.at); // the next line may be right again
      const end = next === -1 ? text.length : next;
      yield { line: lineAt(error.at), error: error.message, end };
      at = skip(end);
    }
  }
}

/** The item itself of a line of an export: { "Item": { … } }. */
const unwrapped = (json: Json): Json => {
  const [member] = json.kind === "object" && json.members.length === 1 ? json.members : [];
  return member?.name === "Item" && member.value.kind === "object" ? member.value : json;
};

const looksDynamo = (json: Json) =>
  json.kind === "object" && json.members.length > 0 && json.members.every(({ value }) => value.kind === "object" && value.members.length === 1 && isType(value.members[0]?.name ?? ""));

const some = <Row>(rows: Iterable<Row>, count: number): Row[] => {
  const found: Row[] = [];
  for (const row of rows) if (found.push(row) >= count) break;
  return found;
};

/** What a text is: JSON if it begins like it, and CSV otherwise, or with a given delimiter. The keys of the table have their types. */
export function recognise(text: string, key: readonly KeyAttribute[], delimiter?: string): Format {
  if (delimiter === undefined && /^[\s\ufeff]*[[{]/.test(text)) {
    const values = some(jsonRows(text), SAMPLE).flatMap(({ json }) => (json ? [json] : []));
    const dynamo = values.length > 0 && values.every((json) => unwrapped(json) !== json || looksDynamo(json));
    return { kind: "json", notation: dynamo ? "dynamodb" : "plain" };
  }
  const between = delimiter ?? delimiterOf(text);
  const [header, ...rows] = some(csvRows(text, between), SAMPLE + 1);
  const names = header?.cells.map((name) => name.trim()) ?? [];
  const typeAt = (name: string, i: number): ColumnType => {
    if (!name || names.indexOf(name) < i) return "skip"; // an attribute has one column
    return key.find((attribute) => attribute.name === name)?.type ?? inferType(rows.map(({ cells }) => cells[i] ?? ""));
  };
  const columns = names.map((name, i) => ({ name, type: typeAt(name, i) }));
  return { kind: "csv", delimiter: between, columns };
}

function csvRowItem(row: CsvRow, columns: readonly Column[]): { item?: Item; error?: string } {
  if (row.error) return { error: row.error };
  if (row.cells.length > columns.length) return { error: said.tooManyCells(row.cells.length, columns.length) };
  const entries: [string, Value][] = [];
  for (const [i, { name, type }] of columns.entries()) {
    const { value, problem } = cellValue(row.cells[i] ?? "", type);
    if (problem) return { error: said.inColumn(name, problem) };
    if (value) entries.push([name, value]);
  }
  return { item: itemOf(entries) };
}

function jsonItem(json: Json, notation: Notation): { item?: Item; error?: string } {
  const problems = new Problems();
  const item = itemFrom(unwrapped(json), notation, undefined, problems);
  return problems.found[0] ? { error: problems.found[0].text } : { item };
}

/** Every item of a text. */
export function* fileRows(text: string, format: Format): Generator<FileRow> {
  if (format.kind === "json") {
    for (const { json, ...row } of jsonRows(text)) yield json ? { ...row, ...jsonItem(json, format.notation) } : row;
    return;
  }
  let header = true;
  for (const row of csvRows(text, format.delimiter)) {
    if (!header) yield { line: row.line, end: row.end, ...csvRowItem(row, format.columns) };
    header = false;
  }
}
