// JSON without loss: numbers stay as they are written, names that come twice are told, and everything knows where it stood.

import { json as said } from "../text/items";

export type Json =
  | { kind: "object"; members: Member[]; at: number }
  | { kind: "array"; elements: Json[]; at: number }
  | { kind: "string" | "number"; text: string; at: number }
  | { kind: "true" | "false" | "null"; at: number };
export interface Member {
  name: string;
  at: number;
  value: Json;
}

const DEPTH = 200; // DynamoDB takes 32 levels, each of which is two in its own JSON

/** What is wrong, and where: a position in the text. */
export class JsonError extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

const space = /[ \t\n\r]*/y;
const plain = /[^"\\\u0000-\u001f]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;

class Parser {
  constructor(
    readonly text: string,
    public at: number,
  ) {}

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  skip() {
    this.match(space);
  }

  private string(): string {
    const start = this.at++;
    for (;;) {
      this.match(plain);
      const letter = this.text[this.at];
      if (letter === '"') break;
      if (letter === undefined) throw new JsonError(said.openString, start);
      if (letter !== "\\") throw new JsonError(said.controlLetter, this.at);
      this.at += 2;
    }
    this.at++;
    const raw = this.text.slice(start, this.at);
    if (!raw.includes("\\")) return raw.slice(1, -1);
    try {
      return JSON.parse(raw) as string;
    } catch {
      throw new JsonError(said.escape, start);
    }
  }

  private take(letter: string): boolean {
    this.skip();
    if (this.text[this.at] !== letter) return false;
    this.at++;
    return true;
  }

  private object(depth: number): Json {
    const at = this.at++;
    const members: Member[] = [],
      names = new Set<string>();
    if (this.take("}")) return { kind: "object", members, at };
    do {
      this.skip();
      const nameAt = this.at;
      if (this.text[nameAt] !== '"') throw new JsonError(said.name, nameAt);
      const name = this.string();
      if (names.has(name)) throw new JsonError(said.twice(name), nameAt);
      names.add(name);
      if (!this.take(":")) throw new JsonError(said.colon, this.at);
      members.push({ name, at: nameAt, value: this.value(depth) });
    } while (this.take(","));
    if (!this.take("}")) throw new JsonError(said.endOfObject, this.at);
    return { kind: "object", members, at };
  }

  private array(depth: number): Json {
    const at = this.at++;
    const elements: Json[] = [];
    if (this.take("]")) return { kind: "array", elements, at };
    do elements.push(this.value(depth));
    while (this.take(","));
    if (!this.take("]")) throw new JsonError(said.endOfArray, this.at);
    return { kind: "array", elements, at };
  }

  value(depth: number): Json {
    this.skip();
    const at = this.at,
      letter = this.text[at];
    if (depth > DEPTH) throw new JsonError(said.deep, at);
    if (letter === "{") return this.object(depth + 1);
    if (letter === "[") return this.array(depth + 1);
    if (letter === '"') return { kind: "string", text: this.string(), at };
    const digits = this.match(number);
    if (digits) return { kind: "number", text: digits, at };
    const found = this.match(word);
    if (found) return { kind: found as "true" | "false" | "null", at };
    throw new JsonError(letter === undefined ? said.ended : said.unexpected(letter), at);
  }
}

/** One value that begins at `from`, and where it ends. Throws JsonError. */
export function parseAt(text: string, from = 0): { value: Json; end: number } {
  const parser = new Parser(text, from);
  const value = parser.value(0);
  return { value, end: parser.at };
}

/** A text that is one value. Throws JsonError. */
export function parseJson(text: string): Json {
  const parser = new Parser(text, 0);
  const value = parser.value(0);
  parser.skip();
  if (parser.at < text.length) throw new JsonError(said.after, parser.at);
  return value;
}

/** Where a position is: lines count from 1, columns from 0. */
export function placeOf(text: string, at: number): { line: number; column: number } {
  let line = 1,
    start = 0;
  for (let next = text.indexOf("\n"); next !== -1 && next < at; next = text.indexOf("\n", start)) {
    line++;
    start = next + 1;
  }
  return { line, column: at - start };
}

/** As text: with line breaks and `indent` spaces a level, or on one line for 0. */
export function printJson(json: Json, indent = 2): string {
  const parts: string[] = [];
  const line = (depth: number) => (indent ? `\n${" ".repeat(indent * depth)}` : "");
  const print = (value: Json, depth: number) => {
    if (value.kind === "string") parts.push(JSON.stringify(value.text));
    else if (value.kind === "number") parts.push(value.text);
    else if (value.kind === "object") {
      parts.push("{");
      value.members.forEach((member, i) => {
        parts.push(i ? "," : "", line(depth + 1), JSON.stringify(member.name), indent ? ": " : ":");
        print(member.value, depth + 1);
      });
      parts.push(value.members.length ? line(depth) : "", "}");
    } else if (value.kind === "array") {
      parts.push("[");
      value.elements.forEach((element, i) => {
        parts.push(i ? "," : "", line(depth + 1));
        print(element, depth + 1);
      });
      parts.push(value.elements.length ? line(depth) : "", "]");
    } else parts.push(value.kind);
  };
  print(json, 0);
  return parts.join("");
}
