// Asks both servers one request and tells where their answers differ.
import { ask, makeTable } from '../lib/ask.mjs';
import { objection, tells } from '../lib/model.mjs';
import { canonical, evenAnswer, flaws, renderError, sorted } from '../lib/answers.mjs';
import { indexOfStatement } from '../lib/names.mjs';
import { rephrased } from './rephrase.mjs';
import { addressed, evenStreams, newRecords, optionsOf } from './streams.mjs';

const PAGES = 100; // far more than any table of these has
const SEGMENTS = 100; // as many are put together

// A Scan's order is that of a hash, and in an index items with equal keys have none: pages of these, and segments, can be
// compared only when they are put together.
function isUnordered({ operation, body }) {
  const { Limit, TotalSegments, ExclusiveStartKey, IndexName } = body;
  if (operation === 'Scan') return Boolean(Limit || TotalSegments > 1 || ExclusiveStartKey);
  return operation === 'Query' && Boolean(IndexName && (Limit || ExclusiveStartKey));
}

async function readWhole(client, { operation = 'Scan', body }, first) {
  if (body.TotalSegments > SEGMENTS) return { ...first, body: {} };
  const { ExclusiveStartKey, ...whole } = body;
  const all = { ...first.body, Items: [], Count: 0, ScannedCount: 0 };
  delete all.LastEvaluatedKey;
  delete all.ConsumedCapacity;
  let from;
  for (let segment = 0; segment < (body.TotalSegments ?? 1); segment++) {
    for (let page = 0; page < PAGES; page++) {
      const answer = await client.send(operation, { ...whole, ...(body.TotalSegments && { Segment: segment }), ...(from && { ExclusiveStartKey: from }) });
      if (answer.status !== 200) return answer;
      all.Items.push(...(answer.body.Items ?? []));
      all.Count += answer.body.Count;
      all.ScannedCount += answer.body.ScannedCount;
      from = answer.body.LastEvaluatedKey;
      if (!from) break;
    }
  }
  return { ...first, body: all };
}

// All pages of a statement.
async function readStatement(client, { body }, first) {
  const Items = [...first.body.Items];
  let at = first.body.NextToken;
  for (let page = 0; at && page < PAGES; page++) {
    const answer = await client.send('ExecuteStatement', { ...body, NextToken: at });
    if (answer.status !== 200) return answer;
    Items.push(...answer.body.Items);
    at = answer.body.NextToken;
  }
  const { NextToken, ...rest } = first.body;
  return { ...first, body: { ...rest, Items } };
}

async function askWhole(client, { body, ...rest }) {
  const step = { ...rest, body: addressed(body, client.addresses ?? {}) };
  const answer = await ask(client, step);
  if (answer.status !== 200) return answer;
  if (isUnordered(step)) return readWhole(client, step, answer);
  return step.operation === 'ExecuteStatement' && answer.body.NextToken ? readStatement(client, step, answer) : answer;
}

// Puts the items that have equal keys in an index, which are in no order, in one.
function evenTies(items, sortKey) {
  if (!sortKey || items.some((item) => item[sortKey] === undefined)) return sorted(items);
  const groups = [];
  for (const item of items) {
    const key = canonical(item[sortKey]);
    if (groups.at(-1)?.key === key) groups.at(-1).items.push(item);
    else groups.push({ key, items: [item] });
  }
  return groups.flatMap((group) => sorted(group.items));
}

function members(step, answer, oracle, table) {
  const evened = optionsOf(step.operation) ? evenStreams(answer.body, step.body) : evenAnswer(step, answer.body ?? { Body: answer.text }, { oracle });
  if (step.operation === 'Scan' && evened.Items) evened.Items = sorted(evened.Items);
  const name = step.operation === 'Query' ? step.body.IndexName : step.operation === 'ExecuteStatement' && / ORDER BY /i.test(step.body.Statement) ? indexOfStatement(step.body.Statement) : undefined;
  const index = table?.indexes.find((one) => one.name === name);
  if (index && evened.Items) evened.Items = evenTies(evened.Items, index.range);
  return evened;
}

// The answer to one statement of a batch, as if it were a request of its own.
function statementLine({ Error: error, Item }, oracle) {
  if (!error) return `200 Item ${Item === undefined ? 'absent' : canonical(evenAnswer({}, { Item }, { oracle }).Item)}`;
  const { Code, Message, Item: old } = error;
  return renderError({ status: 400, body: { __type: Code === 'ValidationError' ? 'ValidationException' : `${Code}Exception`, message: Message, ...(old && { Item: old }) } }, { oracle });
}

// Each pair with the request that its statement is.
function batchPairs({ operation, body }, known, given) {
  if (known.length !== given.length) return [[`200 ${known.length} responses`, `200 ${given.length} responses`]];
  return known.map((one, i) => [statementLine(one, true), statementLine(given[i], false), { operation, body: body.Statements[i] }]).filter(([a, b]) => a !== b);
}

// The oracle's answer to the statements of a batch if each is asked for alone: it refuses some batches for what only one of the
// statements is.
async function askEach(client, { operation, body }) {
  const Responses = [];
  for (const statement of body.Statements) {
    const answer = await client.send(operation, { Statements: [statement] });
    if (answer.status !== 200) return answer;
    Responses.push(...answer.body.Responses);
  }
  return { status: 200, body: { Responses }, each: true };
}

/** The pairs, as of differ(), of the records that came to a table's stream since they were last asked for. */
export async function differInRecords(clients) {
  const [known, given] = await Promise.all(clients.map((client, i) => newRecords(client, client.reading, i === 0)));
  if (known === null) return [];
  const keys = [...new Set([...Object.keys(known), ...Object.keys(given)])];
  const line = (records) => `200 Records ${records === undefined ? 'absent' : canonical(records)}`;
  return keys.map((key) => [line(known[key]), line(given[key])]).filter(([a, b]) => a !== b);
}

// The oracle's answer to what a request was rephrased as.
async function askOtherwise(client, otherwise) {
  if (otherwise.each) return askEach(client, otherwise);
  if (otherwise.again) return makeTable(client, otherwise.body, true);
  if (!Array.isArray(otherwise)) return askWhole(client, otherwise);
  const answers = [];
  for (const step of otherwise) answers.push(await askWhole(client, step));
  return answers.find(({ status }) => status !== 200) ?? { ...answers[0], body: { ...answers[0].body, Items: answers.flatMap(({ body }) => body.Items) } };
}

// What differs of two answers, as differ() gives it.
function pairsOf(step, answers, table) {
  if (answers.some(({ status }) => status !== 200)) {
    const lines = answers.map((answer, i) => (answer.status === 200 ? '200' : renderError(answer, { oracle: i === 0 })));
    return lines[0] === lines[1] ? [] : [lines];
  }
  if (step.operation === 'BatchExecuteStatement') return batchPairs(step, answers[0].body.Responses, answers[1].body.Responses);
  if (answers.every(({ text }) => text === '')) return []; // tags are set and removed without a word
  const [a, b] = answers.map((answer, i) => members(step, answer, i === 0, table));
  const lines = [...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => [a, b].map((answer) => `200 ${name} ${answer[name] === undefined ? 'absent' : canonical(answer[name])}`));
  return lines.filter(([one, other]) => one !== other);
}

// What is wrong with the server's answer by itself: its form, and whether it says what the API's model says of the request.
function wrongAlone(step, answer) {
  const pairs = [];
  const wrong = flaws(answer);
  if (wrong.length) pairs.push(['an answer without flaws', `${wrong.join(', ')} in ${answer.text.slice(0, 500)}`]);
  const wanted = objection(step.operation, answer.asked);
  if (wanted && !tells(wanted, answer)) pairs.push([`the model: ${wanted.type} ${wanted.violations?.join('; ') ?? ''}`, answer.status === 200 ? '200' : renderError(answer)]);
  return pairs;
}

/**
 * { answers, pairs }: the two answers, and [oracle's, server's] of what differs, as lines: the error, or each member of the
 * answers that is not the same; with the request that it is about, if that is but a part of the step. Where it helps, the
 * oracle is asked once more, in other words. `answers[1]` is an Error if the server gave none.
 */
export async function differ(step, [oracle, server], table) {
  const [known, given] = await Promise.allSettled([askWhole(oracle, step), askWhole(server, step)]);
  if (known.status === 'rejected') throw known.reason;
  if (given.status === 'rejected') return { answers: [known.value, given.reason], pairs: [['an answer', `no answer: ${given.reason}`]] };
  const answers = [known.value, { ...given.value, asked: addressed(step.body, server.addresses ?? {}) }];
  let pairs = pairsOf(step, answers, table);
  const otherwise = pairs.length > 0 && table && rephrased(step, table, ...answers);
  if (otherwise) {
    answers[0] = await askOtherwise(oracle, otherwise);
    pairs = pairsOf(Array.isArray(otherwise) ? step : otherwise, answers, table);
  }
  return { answers, pairs: [...wrongAlone(step, answers[1]), ...pairs] };
}

/* ---- states ---- */

async function readTable(client, table) {
  const items = new Map();
  let from;
  do {
    const { status, body } = await client.send('Scan', { TableName: table.name, ConsistentRead: true, ...(from && { ExclusiveStartKey: from }) });
    if (status !== 200) return items;
    for (const item of body.Items) {
      const key = { pk: item.pk, ...(table.range && { sk: item.sk }) };
      items.set(canonical(key), { key, text: canonical(members({ operation: 'Scan', body: {} }, { body: { item } }, true)) });
    }
    from = body.LastEvaluatedKey;
  } while (from);
  return items;
}

async function disableTimeToLive(client, TableName) {
  const { body } = await client.send('DescribeTimeToLive', { TableName });
  const { TimeToLiveStatus, AttributeName } = body.TimeToLiveDescription;
  if (TimeToLiveStatus === 'ENABLED') await ask(client, { operation: 'UpdateTimeToLive', body: { TableName, TimeToLiveSpecification: { Enabled: false, AttributeName } } });
}

/** All items of a table, as the server tells them. */
export async function itemsOf(client, table) {
  const { body } = await readWhole(client, { body: { TableName: table.name, ConsistentRead: true } }, { body: {} });
  return body.Items;
}

/**
 * After a request that may have left the servers different: deletes the table that it made, or the items that are not alike, or
 * ends the time to live.
 */
export async function align(table, { operation, body }, clients) {
  if (operation === 'UpdateTimeToLive') {
    await Promise.all(clients.map((client) => disableTimeToLive(client, table.name)));
    return;
  }
  if (operation === 'CreateTable' && body.TableName !== table.name) {
    for (const client of clients) {
      await client.send('UpdateTable', { TableName: body.TableName, DeletionProtectionEnabled: false });
      await client.send('DeleteTable', { TableName: body.TableName });
    }
    return;
  }
  const [a, b] = await Promise.all(clients.map((client) => readTable(client, table)));
  for (const [name, { key, text }] of [...a, ...b]) {
    if (a.get(name)?.text === b.get(name)?.text && text !== undefined) continue;
    await Promise.all(clients.map((client) => client.send('DeleteItem', { TableName: table.name, Key: key })));
  }
}
