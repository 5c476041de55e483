// Which attributes the texts of a request name: expressions and PartiQL statements, read as far as that takes.

const keywords = {
  expression: /^(AND|OR|NOT|BETWEEN|IN|SET|REMOVE|ADD|DELETE)$/i,
  statement: /^(SELECT|FROM|WHERE|AND|OR|NOT|IN|IS|MISSING|NULL|BETWEEN|ORDER|BY|ASC|DESC|UPDATE|SET|REMOVE|INSERT|INTO|VALUE|DELETE|RETURNING|ALL|OLD|NEW|MODIFIED|EXISTS|TRUE|FALSE)$/i,
};
const tokens = {
  expression: /:[\w-]*|#[\w-]*|\w+|\s+|./gsu,
  statement: /'(?:[^']|'')*'|"[^"]*"|\w+|\s+|./gsu,
};

/*
 * The attributes that a text names at the beginning of a path: [{ name, token, at, into }, ...]; `token` is how it is written, at
 * position `at`; `into`: whether the path goes on into the attribute. `kind`: 'expression' or 'statement'.
 */
function attributes(kind, text, aliases = {}) {
  const found = [];
  let before = '';
  for (const { 0: token, index: at } of text.matchAll(tokens[kind])) {
    if (/^\s/.test(token)) continue;
    const next = text.slice(at + token.length);
    const isName = /^["#]/.test(token) || (/^[A-Za-z_]/.test(token) && !keywords[kind].test(token) && !/^\s*\(/.test(next));
    // What follows FROM, INTO and UPDATE is a table.
    if (isName && before !== '.' && !/^(FROM|INTO|UPDATE)$/i.test(before)) {
      found.push({ name: aliases[token] ?? token.replace(/^"(.*)"$/s, '$1'), token, at, into: /^[.[]/.test(next) });
    }
    before = token;
  }
  return found;
}

/** What an expression names; `aliases` is ExpressionAttributeNames. */
export const namedInExpression = (text, aliases) => attributes('expression', text, aliases ?? {});

/** What a statement names. */
export const namedInStatement = (text) => attributes('statement', text);

/** The name of the index that a statement reads, or undefined. */
export const indexOfStatement = (text) => /\bFROM\s+"[^"]*"\s*\.\s*"([^"]*)"/i.exec(text)?.[1];

/** The statements of a request: [{ Statement, Parameters, ... }, ...]. */
export const statementsOf = ({ body }) => [body.Statement ? body : null, body.Statements, body.TransactStatements].flat().filter(Boolean);

const expressions = ['ConditionExpression', 'FilterExpression', 'KeyConditionExpression', 'ProjectionExpression', 'UpdateExpression'];

/** All attributes that a request's expressions and statements name, its batch's and its transaction's parts included. */
export function named(step) {
  const parts = [step.body, ...Object.values(step.body.RequestItems ?? {}).flat(), ...[step.body.TransactItems ?? []].flat().flatMap((action) => Object.values(action ?? {}))].filter(Boolean);
  return [
    ...parts.flatMap((part) => expressions.flatMap((kind) => (typeof part[kind] === 'string' ? namedInExpression(part[kind], part.ExpressionAttributeNames) : []))),
    ...statementsOf(step).flatMap(({ Statement }) => (typeof Statement === 'string' ? namedInStatement(Statement) : [])),
  ];
}

/** The key attributes of a table and its indexes that a request has paths into. */
export function pathsIntoKeys(step, table) {
  const keys = new Set([table, ...table.indexes].flatMap(({ hash, range }) => [hash, range]));
  return new Set(named(step).filter(({ name, into }) => into && keys.has(name)).map(({ name }) => name));
}

/** The attributes that an index has; null: all. */
export function projected(table, index) {
  const { ProjectionType, NonKeyAttributes = [] } = index.projection;
  return ProjectionType === 'ALL' ? null : new Set([table.hash, table.range, index.hash, index.range, ...NonKeyAttributes].filter(Boolean));
}
