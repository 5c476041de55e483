// The same asked in other words: where the oracle fails on a request, or answers from the table what an index is asked, it often
// answers well if it is asked otherwise, and the server's answer can be compared with that.
import { trimNumbers } from '../lib/answers.mjs';
import { indexOfStatement, namedInExpression, namedInStatement, projected } from '../lib/names.mjs';

const HIDDEN = 'absent_'; // before the name of an attribute that no item has

/* ---- what an index does not have ---- */

// The text with the attributes that are not among `has` renamed; `rename` gives a token in the place of one.
function hiding(text, named, has, rename) {
  return named.filter(({ name }) => !has.has(name)).reverse().reduce((made, { name, token, at }) => made.slice(0, at) + rename(name, token) + made.slice(at + token.length), text);
}

// A filter of attributes that the index lacks is one of attributes that no item has.
function filterOfIndex({ operation, body }, has) {
  const { ScanFilter, FilterExpression, ProjectionExpression = '', ExpressionAttributeNames } = body;
  if (ScanFilter) return { operation, body: { ...body, ScanFilter: Object.fromEntries(Object.entries(ScanFilter).map(([name, condition]) => [has.has(name) ? name : HIDDEN + name, condition])) } };
  const aliases = { ...ExpressionAttributeNames };
  const filter = hiding(FilterExpression, namedInExpression(FilterExpression, aliases), has, (name, token) => {
    if (!token.startsWith('#')) return HIDDEN + token;
    const alias = `#${HIDDEN}${token.slice(1)}`;
    aliases[alias] = HIDDEN + name;
    return alias;
  });
  const used = `${filter} ${ProjectionExpression}`.match(/#[\w-]*/g) ?? [];
  const left = Object.fromEntries(Object.entries(aliases).filter(([alias]) => used.includes(alias)));
  const { ExpressionAttributeNames: _, ...rest } = body;
  return { operation, body: { ...rest, FilterExpression: filter, ...(Object.keys(left).length && { ExpressionAttributeNames: left }) } };
}

function whereOfIndex({ operation, body }, has) {
  const at = body.Statement.search(/\bWHERE\b/);
  if (at < 0) return null;
  const [head, where] = [body.Statement.slice(0, at), body.Statement.slice(at)];
  const made = hiding(where, namedInStatement(where), has, (name, token) => (token.startsWith('"') ? `"${HIDDEN}${name}"` : HIDDEN + token));
  return made === where ? null : { operation, body: { ...body, Statement: head + made } };
}

// A read of a global index with a condition on what is not projected. Local indexes fetch it.
function withinIndex(step, table) {
  const { operation, body } = step;
  const name = operation === 'ExecuteStatement' ? indexOfStatement(body.Statement) : operation === 'Scan' && (body.FilterExpression || body.ScanFilter) ? body.IndexName : undefined;
  const index = table.indexes.find((one) => !one.local && one.name === name);
  const has = index && projected(table, index);
  if (!has) return null;
  return operation === 'Scan' ? filterOfIndex(step, has) : whereOfIndex(step, has);
}

/* ---- what the oracle fails on ---- */

const copy = (body) => JSON.parse(JSON.stringify(body));

// Words that are taken for booleans, as booleans.
function booleans(value) {
  if (Array.isArray(value)) return value.map(booleans);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => {
    const isWord = /^(BOOL|NULL)$/.test(name) && typeof inner === 'string' && /^(true|yes|1|false|no|0)$/i.test(inner);
    return [name, isWord ? /^(true|yes|1)$/i.test(inner) : booleans(inner)];
  }));
}

// Without members that are null, and updates of attributes that are null as the empty ones that they are.
function withoutNulls(body) {
  const made = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
  if (made.AttributeUpdates) made.AttributeUpdates = Object.fromEntries(Object.entries(made.AttributeUpdates).map(([name, update]) => [name, update ?? {}]));
  return made;
}

// An update of nothing has no updated attributes.
function ofNothing(body) {
  return !body.UpdateExpression && !body.AttributeUpdates && /^UPDATED_/.test(body.ReturnValues) ? { ...body, ReturnValues: 'NONE' } : body;
}

const flipped = { '=': '=', '<>': '<>', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
const name = String.raw`(?:"\w+"|\b\w+)`;
const path = String.raw`${name}(?:\.${name}|\[\d+\])*`;
const operand = String.raw`(?:size\(${path}\)|${path}|\?|'[^']*'|-?[\d.]+)`;

// A statement about keys that are always there, and in no order.
function statement(text, table) {
  const index = table.indexes.find((one) => one.name === indexOfStatement(text));
  const keys = [...new Set([table.hash, table.range, index?.hash, index?.range])].filter(Boolean);
  const key = String.raw`(?:"(?:${keys.join('|')})"|\b(?:${keys.join('|')})\b)(?![\w.[(])`;
  return text
    .replace(/ ORDER BY "?\w+"?( ASC| DESC)?$/, '')
    .replace(new RegExp(String.raw`\battribute_exists\(${key}\)|${key} IS NOT MISSING`, 'g'), `${HIDDEN}x IS MISSING`)
    .replace(new RegExp(String.raw`\battribute_not_exists\(${key}\)|${key} IS MISSING`, 'g'), `${HIDDEN}x IS NOT MISSING`)
    .replace(new RegExp(String.raw`(${path}) BETWEEN (${operand}) AND (${operand})`, 'g'), (all, of, low, high) => {
      const isKey = [low, high].map((bound) => new RegExp(`^${key}$`).test(bound));
      if (!isKey.includes(true)) return all;
      return `(${isKey[0] ? `${low} <= ${of}` : `${of} >= ${low}`} AND ${isKey[1] ? `${high} >= ${of}` : `${of} <= ${high}`})`;
    })
    .replace(new RegExp(String.raw`(${path}) (=|<>|!=|<=|<|>=|>) (${key})`, 'g'), (all, left, operator, right) => `${right} ${flipped[operator]} ${left}`);
}

function sane({ operation, body, ...rest }, table) {
  const made = ofNothing(withoutNulls(booleans(copy(body))));
  if (operation === 'ExecuteStatement' && typeof made.Statement === 'string') made.Statement = statement(made.Statement, table);
  return JSON.stringify(made) === JSON.stringify(body) ? null : { operation, body: made, ...rest };
}

/* ---- */

const isOfSegment = ({ status, text }) => status === 400 && text.includes('Exclusive start key must lie within the segment');

// A statement that is read to its end may as well be read at once: the oracle has no token for the rest of some pages, and forgets
// the order of others.
function atOnce({ operation, body }) {
  if (operation !== 'ExecuteStatement' || !body.Limit) return null;
  const { Limit, ...rest } = body;
  return { operation, body: rest };
}

// A partition key that is one of a list, asked for with each element of the list: of some lists the oracle reads items twice.
function eachElement({ operation, body }, table) {
  if (operation !== 'ExecuteStatement') return null;
  const { Statement, Parameters = [] } = body;
  const { hash } = table.indexes.find((one) => one.name === indexOfStatement(Statement)) ?? table;
  const [all, key, list] = new RegExp(String.raw`\bWHERE ("?${hash}"?) IN \[([^\]]*)\]`).exec(Statement) ?? [];
  if (!all) return null;
  const questions = (text) => (text.replace(/'(?:[^']|'')*'|"[^"]*"/g, '').match(/\?/g) ?? []).length;
  const before = questions(Statement.slice(0, Statement.indexOf(all)));
  const elements = [];
  let at = before;
  for (const element of list.match(/'(?:[^']|'')*'|[^,\s]+/g) ?? []) elements.push([element, element === '?' ? [Parameters[at++]] : []]);
  const form = ([text, [given]]) => JSON.stringify(trimNumbers(given ?? (text.startsWith("'") ? { S: text.slice(1, -1).replaceAll("''", "'") } : { N: text })));
  const distinct = [...new Map(elements.map((element) => [form(element), element])).values()];
  return distinct.map(([text, given]) => {
    const parameters = [...Parameters.slice(0, before), ...given, ...Parameters.slice(at)];
    const { Parameters: _, ...rest } = body;
    return { operation, body: { ...rest, Statement: Statement.replace(all, `WHERE ${key} = ${text}`), ...(parameters.length && { Parameters: parameters }) } };
  });
}

/**
 * What to ask the oracle in the place of `step`, or null: after its answer `known`, and the server's, `given`, which differs. The
 * answers are to be the same but for the order of items. Of several steps the items are put together. `each`: it is to be asked for
 * each statement of the batch alone. `again`: it is to be asked until it does not fail.
 */
export function rephrased(step, table, known, given) {
  if (known.status === 500 && step.operation === 'CreateTable') return { ...step, again: true };
  if (known.status === 500) return typeof step.body === 'object' ? sane(step, table) : null;
  if (known.status === 200 && given.status === 200) {
    const within = withinIndex(step, table);
    const whole = atOnce(within ?? step) ?? within;
    return eachElement(whole ?? step, table) ?? whole;
  }
  if (known.status !== 400 || given.status !== 200) return null;
  if (step.operation === 'BatchExecuteStatement') return { ...step, each: true };
  // All segments are read, from their beginnings.
  if (!isOfSegment(known)) return null;
  const whole = { ...step, body: { ...step.body, ExclusiveStartKey: undefined } };
  return withinIndex(whole, table) ?? whole;
}
