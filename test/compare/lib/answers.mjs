// Brings the answers of two servers into one form in which they can be
// compared: what may honestly differ is evened out, and nothing else.
//
//   - request ids, dates, table ids, the region in ARNs
//   - the order of members of maps and sets, of tags, of unordered lists in a table's
//     description, of Scan's and BatchGetItem's items, of the words of a list
//     in braces in a message
//   - table and index statuses while a change is under way
//   - what a newer DynamoDB says of a table and the oracle does not know yet
import { crc32 } from 'node:zlib';

const coral = 'com.amazon.coral.service#';
const validate = 'com.amazon.coral.validate#';
const dynamodb = 'com.amazonaws.dynamodb.v20120810#';
const prefixes = {
  ValidationException: validate,
  SerializationException: coral, UnknownOperationException: coral, AccessDeniedException: coral, IncompleteSignatureException: coral,
  MissingAuthenticationTokenException: coral, InvalidSignatureException: coral, UnrecognizedClientException: coral,
  InternalFailure: dynamodb, InvalidAction: dynamodb, InvalidParameterValue: dynamodb,
  TransactionCanceledException: dynamodb, TransactionConflictException: dynamodb, TransactionInProgressException: dynamodb, IdempotentParameterMismatchException: dynamodb,
  DuplicateItemException: dynamodb, ConditionalCheckFailedException: dynamodb, ResourceNotFoundException: dynamodb, ResourceInUseException: dynamodb,
  LimitExceededException: dynamodb, TrimmedDataAccessException: dynamodb, ExpiredIteratorException: dynamodb, InternalServerError: dynamodb, ItemCollectionSizeLimitExceededException: dynamodb,
};

export const canonical = (value) => JSON.stringify(value, (_, v) =>
  v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1))) : v);
export const sorted = (list) => [...list].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));

// The oracle gives numbers inside documents, and those that an update has just
// made, as they were written; DynamoDB has one form of a number everywhere.
function trimNumber(text) {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return text;
  const [, sign, whole, fraction, exponent] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent ?? 0);
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  const before = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const after = padded.slice(at).replace(/0+$/, '');
  const number = after ? `${before}.${after}` : before;
  return sign === '-' && number !== '0' ? `-${number}` : number;
}

export function trimNumbers(value) {
  if (Array.isArray(value)) return value.map(trimNumbers);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [
    key, key === 'N' && typeof v === 'string' ? trimNumber(v) : key === 'NS' && Array.isArray(v) ? v.map(trimNumber) : trimNumbers(v)]));
}

// Sets anywhere below become sorted lists.
export function evenSets(value) {
  if (Array.isArray(value)) return value.map(evenSets);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [
    key, ['SS', 'NS', 'BS'].includes(key) && Array.isArray(v) ? [...v].sort() : evenSets(v)]));
}

// The oracle neither counts decreases nor keeps the table class.
const forget = ['TableId', 'CreationDateTime', 'LatestStreamLabel', 'LastIncreaseDateTime', 'LastDecreaseDateTime', 'LastUpdateToPayPerRequestDateTime',
  'LastUpdateDateTime', 'WarmThroughput', 'TableThroughputModeSummary', 'OnDemandThroughput', 'NumberOfDecreasesToday', 'TableClassSummary'];

function evenTable(value, key) {
  if (Array.isArray(value)) {
    const list = value.map((v) => evenTable(v));
    return key === 'KeySchema' ? list : sorted(list);
  }
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).filter(([k]) => !forget.includes(k)).map(([k, v]) => [k, evenTable(v, k)]));
  }
  if (typeof value !== 'string') return value;
  if (key === 'TableStatus' || key === 'IndexStatus') return value === 'DELETING' ? value : 'CREATING, UPDATING or ACTIVE';
  return value.replace(/^arn:aws:dynamodb:[^:]*:/, 'arn:aws:dynamodb:REGION:').replace(/\/stream\/.*$/, '/stream/LABEL');
}

const evenMessage = (message) => message.replace(/arn:aws:dynamodb:[^:]*:/g, 'arn:aws:dynamodb:REGION:').replace(/\/stream\/\d{4}-[^ ]*/g, '/stream/LABEL').replace(/([{[])([^{}[\]]*)([}\]])/g, (all, open, words, close) =>
  /^[\w#:]+(, ?[\w#:]+)+$/.test(words) && !/path (one|two): $/.test(message.slice(0, message.indexOf(all))) ? `${open}${words.split(/, ?/).sort().join(', ')}${close}` : all);

// An error as one line: `400 Type: message` and what other members it has.
export function renderError({ status, body, text }, { oracle = false } = {}) {
  if (body === undefined || body === null || typeof body !== 'object') return `${status} ${text}`;
  const { __type: type = '', message, Message, ...rest } = body;
  const more = Object.keys(rest).length ? ` ${canonical(evenSets(oracle ? trimNumbers(rest) : rest))}` : '';
  return `${status} ${type.split('#').pop()}: ${evenMessage(message ?? Message ?? '')}${more}`;
}

// One of the reasons of a cancelled transaction, as if its action were a request of its own.
export function lineOfReason({ Code, Message = '' }) {
  if (Code === 'None') return '200';
  return `400 ${Code === 'ValidationError' ? 'Validation' : Code}Exception: ${Message}`;
}

// The body of a good answer, evened out.
export function evenAnswer({ operation, body: request }, body, { oracle = false } = {}) {
  const answer = evenSets(oracle ? trimNumbers(body) : body);
  const asked = typeof request === 'object' && !Buffer.isBuffer(request) ? request : {};
  for (const name of ['Table', 'TableDescription']) {
    if (!answer[name]) continue;
    answer[name] = evenTable(answer[name]);
    // The oracle tells the stream of a former table of that name too. It does
    // not say that a table is being deleted.
    if (!answer[name].StreamSpecification) delete answer[name].LatestStreamArn;
    if (oracle && operation === 'DeleteTable') answer[name].TableStatus = 'DELETING';
  }
  // The oracle sometimes tells the consumed capacity without having been asked.
  if (oracle && !['TOTAL', 'INDEXES'].includes(asked.ReturnConsumedCapacity)) delete answer.ConsumedCapacity;
  if (Array.isArray(answer.ConsumedCapacity)) answer.ConsumedCapacity.sort((a, b) => (a.TableName < b.TableName ? -1 : 1));
  if (operation === 'ExecuteStatement') {
    // The oracle tells neither the last key nor the capacity of a statement. Each has tokens of its own.
    delete answer.LastEvaluatedKey;
    if (answer.NextToken) answer.NextToken = 'a token';
    if (answer.Items && !/ORDER BY/i.test(asked.Statement)) answer.Items = sorted(answer.Items);
  }
  if (operation === 'ListTagsOfResource') answer.Tags = sorted(answer.Tags);
  if (operation === 'BatchGetItem' && answer.Responses) {
    for (const [table, items] of Object.entries(answer.Responses)) answer.Responses[table] = sorted(items);
  }
  return answer;
}

// The whole of an answer as one line: `200 {...}` or an error.
export function render(step, given, { oracle = false } = {}) {
  const { operation, body: request } = step;
  const { status, body } = given;
  if (status !== 200 || body === undefined || body === null || typeof body !== 'object') return renderError(given, { oracle });
  let answer = evenAnswer(step, body, { oracle });
  const asked = typeof request === 'object' && !Buffer.isBuffer(request) ? request : {};
  if (operation === 'Scan') {
    // Which items come first depends on a hash of the partition key.
    if (asked.TotalSegments > 1) answer = 'a segment';
    else if (asked.Limit || asked.ExclusiveStartKey) answer = { ...answer, Items: answer.Items?.length, LastEvaluatedKey: Boolean(answer.LastEvaluatedKey) };
    else if (answer.Items) answer.Items = sorted(answer.Items);
  }
  if (operation === 'Query' && asked.Unordered && answer.Items) answer.Items = sorted(answer.Items);
  return `200 ${canonical(answer)}`;
}

// What is wrong with an answer by itself, however like the oracle's it is.
export function flaws({ status, body, headers, text }) {
  const list = [];
  if (headers['content-type'] !== 'application/x-amz-json-1.0') list.push(`content-type ${headers['content-type']}`);
  if (!headers['x-amzn-requestid']) list.push('no x-amzn-RequestId');
  const checksum = crc32(Buffer.from(text));
  if (headers['x-amz-crc32'] !== String(checksum)) list.push(`x-amz-crc32 ${headers['x-amz-crc32']} of a body whose checksum is ${checksum}`);
  if (status !== 200) {
    const [prefix, name] = String(body?.__type).split('#');
    if (prefixes[name] !== `${prefix}#`) list.push(`__type ${body?.__type}`);
  }
  return list;
}
