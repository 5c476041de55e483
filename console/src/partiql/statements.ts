// A text of several statements, taken apart without a parser: what stands in quotes and comments is passed over. Whether a
// statement is right is the server's to say.

export interface Statement {
  text: string;
  /** Where it begins in the editor, counted from 0. */
  line: number;
  column: number;
  /** How many ? it has. */
  parameters: number;
  /** Its words and symbols, without comments. */
  tokens: string[];
}

const token = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|\s+|[\p{L}_$][\p{L}\p{N}_$]*|[\d.]+|<=|>=|<>|!=|<<|>>|[\s\S]/gu;
const isBlank = (text: string) => /^(?:\s|--|\/\*)/.test(text);

/** The statements of a text, which a semicolon separates; empty ones are none. */
export function split(text: string): Statement[] {
  const found: Statement[] = [];
  let begin = -1,
    end = 0,
    tokens: string[] = [];
  const finish = () => {
    if (begin >= 0) {
      const before = text.slice(0, begin);
      const line = before.split("\n").length - 1;
      found.push({
        text: text.slice(begin, end),
        line,
        column: begin - (before.lastIndexOf("\n") + 1),
        parameters: tokens.filter((each) => each === "?").length,
        tokens,
      });
    }
    begin = -1;
    tokens = [];
  };
  for (const { 0: piece, index } of text.matchAll(token)) {
    if (piece === ";") {
      finish();
    } else if (!isBlank(piece)) {
      if (begin < 0) begin = index;
      end = index + piece.length;
      tokens.push(piece);
    }
  }
  finish();
  return found;
}

export interface Mark {
  line: number;
  column: number;
  length?: number;
  text: string;
}

/** A place that the server tells, in the editor: it counts lines and columns of the statement from 1, the editor's columns count from 0. */
export const placeIn = (statement: Statement, line: number, column: number) => ({
  line: statement.line + line,
  column: (line === 1 ? statement.column : 0) + column - 1,
});

/** Where in a statement, as the server counts: from 1. */
export interface Place {
  line: number;
  column: number;
  length: number;
}

/** The place that a message names at its end: "... at line:column:length". */
export function placeInMessage(message: string): Place | undefined {
  const told = / at (\d+):(\d+):(\d+)$/.exec(message);
  return told ? { line: Number(told[1]), column: Number(told[2]), length: Number(told[3]) } : undefined;
}

/** Marks where a statement is wrong; its beginning, if no one knows where. At the end of a text it is the last character. */
export function markOf(statement: Statement, message: string, place: Place | undefined): Mark {
  if (!place) return { ...placeIn(statement, 1, 1), text: message };
  const { line, column } = placeIn(statement, place.line, place.column);
  return place.length > 0 ? { line, column, length: place.length, text: message } : { line, column: Math.max(0, column - 1), length: 1, text: message };
}

const unquoted = (name: string) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);
const is = (piece: string | undefined, word: string) => piece?.toUpperCase() === word;

/** What a SELECT reads: { table, index }; undefined for other statements. */
export function sourceOf({ tokens }: Statement): { table: string; index?: string } | undefined {
  if (!is(tokens[0], "SELECT")) return undefined;
  const from = tokens.findIndex((piece) => is(piece, "FROM"));
  const table = tokens[from + 1];
  if (from < 0 || table === undefined) return undefined;
  const index = tokens[from + 2] === "." ? tokens[from + 3] : undefined;
  return { table: unquoted(table), index: index && unquoted(index) };
}

/** Whether its WHERE says by = or IN which partitions are read: in each of what OR joins, at least as often as there is an OR. */
export function namesPartition({ tokens }: Statement, partitionKey: string): boolean {
  const where = tokens.findIndex((piece) => is(piece, "WHERE"));
  if (where < 0) return false;
  const condition = tokens.slice(where + 1);
  const alternatives = condition.filter((piece) => is(piece, "OR")).length + 1;
  return condition.filter((_, i) => fixes(condition, i, partitionKey)).length >= alternatives;
}

/** Whether the name of the key stands at i, and a comparison that fixes it behind. */
const fixes = (condition: string[], i: number, key: string) => {
  const piece = condition[i] ?? "";
  return !piece.startsWith("'") && unquoted(piece) === key && condition[i - 1] !== "." && (condition[i + 1] === "=" || is(condition[i + 1], "IN"));
};
