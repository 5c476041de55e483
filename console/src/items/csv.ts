// CSV, as RFC 4180 has it: read a row at a time, written with quotes where they are needed, and the types that columns may have.

import { csv as said } from "../text/items";
import { bytesOf } from "./base64";
import { JsonError, parseJson } from "./json";
import { Problems, fromDynamo, fromPlain, printValue } from "./notation";
import { numberProblem } from "./number";
import { type Item, type Value, scalarText, typeOf } from "./value";

export interface CsvRow {
  /** Of its first line, from 1. */
  line: number;
  cells: string[];
  /** Where it ends in the text. */
  end: number;
  error?: string;
}

export const delimiters = [",", ";", "\t"] as const;

/** The delimiter that comes most often in the first line, outside of quotes. */
export function delimiterOf(text: string): string {
  const line = /^(?:"[^"]*"|[^"\r\n])*/.exec(text.slice(0, 100_000))?.[0].replace(/"[^"]*"/g, "") ?? "";
  const count = (letter: string) => line.split(letter).length;
  return delimiters.reduce((best, other) => (count(other) > count(best) ? other : best));
}

/** Every row; blank lines are none. */
export function* csvRows(text: string, delimiter: string): Generator<CsvRow> {
  let at = text.startsWith("\ufeff") ? 1 : 0,
    line = 1;
  const bare = new RegExp(`[^${delimiter === "\t" ? "\\t" : delimiter}\r\n]*`, "y");
  while (at < text.length) {
    const row: CsvRow = { line, cells: [], end: at };
    for (;;) {
      if (text[at] === '"') {
        let cell = "",
          close = text.indexOf('"', at + 1);
        while (close !== -1 && text[close + 1] === '"') {
          cell += text.slice(at + 1, close + 1);
          at = close + 1;
          close = text.indexOf('"', at + 1);
        }
        if (close === -1) {
          yield { ...row, end: text.length, error: said.openQuote };
          return;
        }
        cell += text.slice(at + 1, close);
        line += cell.split("\n").length - 1;
        at = close + 1;
        row.cells.push(cell);
        bare.lastIndex = at;
        const rest = bare.exec(text)?.[0] ?? "";
        if (rest.trim()) row.error = said.afterQuote;
        at += rest.length;
      } else {
        bare.lastIndex = at;
        const cell = bare.exec(text)?.[0] ?? "";
        row.cells.push(cell);
        at += cell.length;
      }
      if (text[at] !== delimiter) break;
      at++;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n" || text[at - 1] === "\r") line++;
    if (text[at] === "\n") at++;
    row.end = at;
    if (row.cells.length > 1 || row.cells[0] !== "") yield row;
  }
}

/** What the cells of a column are: a type, JSON in either notation, or nothing that matters. */
export const columnTypes = ["S", "N", "BOOL", "B", "plain", "dynamodb", "skip"] as const;
export type ColumnType = (typeof columnTypes)[number];

const isJson = (text: string, read: (text: string) => boolean) => {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof JsonError) return false;
    throw error;
  }
};
const isDynamo = (text: string) =>
  text.startsWith("{") &&
  isJson(text, () => {
    const problems = new Problems();
    return fromDynamo(parseJson(text), problems) !== undefined && problems.found.length === 0;
  });
const isDocument = (text: string) => /^[[{]/.test(text) && isJson(text, () => parseJson(text) !== undefined);
/** Not 007 and not +49…: those are names of something. */
const looksNumber = (text: string) => /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) && numberProblem(text) === undefined;

/** The type that all of some cells have. Empty cells say nothing. */
export function inferType(cells: readonly string[]): ColumnType {
  const given = cells.filter((cell) => cell !== "");
  if (!given.length) return "S";
  if (given.every(looksNumber)) return "N";
  if (given.every((cell) => cell === "true" || cell === "false")) return "BOOL";
  if (given.every(isDynamo)) return "dynamodb";
  return given.every(isDocument) ? "plain" : "S";
}

/** The value of a cell, or what is wrong with it. An empty cell is no attribute. */
export function cellValue(text: string, type: ColumnType): { value?: Value; problem?: string } {
  if (text === "" || type === "skip") return {};
  if (type === "S") return { value: { S: text } };
  if (type === "N") {
    const problem = numberProblem(text.trim());
    return problem ? { problem } : { value: { N: text.trim() } };
  }
  if (type === "BOOL") {
    const word = text.trim().toLowerCase();
    return word === "true" || word === "false" ? { value: { BOOL: word === "true" } } : { problem: said.notBoolean };
  }
  if (type === "B") {
    const B = bytesOf(text.trim());
    return B ? { value: { B } } : { problem: said.notBase64 };
  }
  const problems = new Problems();
  try {
    const json = parseJson(text);
    const value = type === "plain" ? fromPlain(json, undefined, problems) : fromDynamo(json, problems);
    return problems.found[0] ? { problem: problems.found[0].text } : { value };
  } catch (error) {
    if (error instanceof JsonError) return { problem: error.message };
    throw error;
  }
}

const csvCell = (text: string) => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A value in a cell: as it is, or in DynamoDB's JSON if it is no text, number or such. */
export function csvText(value: Value | undefined): string {
  if (!value) return "";
  const type = typeOf(value);
  return type === "S" || type === "N" || type === "B" || type === "BOOL" ? scalarText(value) : printValue(value, "dynamodb", 0);
}

export const csvLine = (cells: readonly string[]) => `${cells.map(csvCell).join(",")}\r\n`;
export const csvItem = (item: Item, names: readonly string[]) => csvLine(names.map((name) => csvText(Object.hasOwn(item, name) ? item[name] : undefined)));
