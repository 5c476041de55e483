// Where statements stand in a document, as IAM tells it: lines and columns count from 1, and a statement begins behind the
// "[" or "," before it, or behind its own "{" if it stands in no list; it ends behind its "}".

export interface Position {
  line: number;
  column: number;
}

/** The offset in the text; beyond its end when there is no such place. */
export function offsetOf(text: string, { line, column }: Position): number {
  let at = 0;
  for (let i = 1; i < line; i++) {
    const next = text.indexOf("\n", at);
    if (next < 0) return text.length;
    at = next + 1;
  }
  // Columns are characters, of which some take two places in a text of JavaScript's.
  for (let i = 1; i < column && at < text.length; i++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

/** The place of an offset; lines count from 1, columns from 0, as in the editor. */
export function placeOf(text: string, offset: number) {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - (before.lastIndexOf("\n") + 1) };
}

/** Where the first "{" is at a place or behind it, in the editor. */
export function openBrace(text: string, line: number, column: number) {
  const at = offsetOf(text, { line, column });
  const brace = text.indexOf("{", at);
  return placeOf(text, brace < 0 ? at : brace);
}

export interface Statement {
  Sid?: string;
  Effect?: string;
}

/** The statement that a range of IAM's is, or undefined if it is none of this document. */
export function statementAt(text: string, start: Position, end: Position): { from: number; to: number; statement: Statement } | undefined {
  const to = offsetOf(text, end);
  const begin = offsetOf(text, start);
  for (const from of [text.indexOf("{", begin), text.lastIndexOf("{", begin)]) {
    if (from < 0 || from >= to) continue;
    try {
      const statement = JSON.parse(text.slice(from, to)) as Statement;
      if (typeof statement === "object" && statement.Effect) return { from, to, statement };
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/** Which statement of the document begins there: counted from 1. */
export function statementNumber(text: string, from: number): number {
  try {
    const { Statement } = JSON.parse(text) as { Statement?: Statement | Statement[] };
    if (!Array.isArray(Statement)) return 1;
    // As many as JSON has when the text ends before this one.
    const before = JSON.parse(`${text.slice(0, from)}null]}`) as { Statement?: unknown[] };
    return before.Statement?.length ?? 1;
  } catch {
    return 1;
  }
}
