// What a pattern cannot say of an explained difference. Each rule is a function of { step, table, oracle, server, lines, alone }:
// the request (of a batch of statements, the one that is answered differently), the table it is about (of random requests), the
// two answers, the lines that differ, and, of a transaction that both refuse, what the oracle tells of each action alone.

import { canonical, evenSets, lineOfReason, trimNumbers } from './answers.mjs';
import { objection, tells } from './model.mjs';
import { indexOfStatement, namedInExpression, namedInStatement, pathsIntoKeys, statementsOf } from './names.mjs';

/*
 * The order of checks. A request can have several faults, and the two servers may tell of different ones. DynamoDB looks first
 * at what the request alone tells, then for the table, then at what the table's schema tells, then at the data. A difference is
 * one of order only if the server's fault is one that belongs to an earlier stage than the oracle's.
 */
const stages = [
  // the form
  [/^400 SerializationException: /],
  // the constraints of the model
  [/^400 ValidationException: \d+ validation errors? detected: /],
  // what parameters the request has, and its placeholders
  [
    /^400 ValidationException: ExpressionAttribute(Names|Values) /,
    /^400 ValidationException: Can not use both expression and non-expression parameters/,
    /^400 ValidationException: Invalid table\/index name/,
  ],
  // the values of keys and items
  [
    /^400 ValidationException: (The parameter cannot be converted to a numeric value|A value provided cannot be converted into a number|Number (over|under)flow)/,
    /^400 ValidationException: (Attempting to store more than 38 significant digits|DynamoDB only supports precision)/,
    /^400 ValidationException: (Supplied AttributeValue |The supplied Item contains a null AttributeValue|Nesting Levels have exceeded|Empty attribute name|Input collection contains)/,
    /^400 ValidationException: One or more parameter values were invalid: (Input collection|An (string|number|binary) set|Null attribute value|Binary sets|Number|String sets)/,
  ],
  // other parameters
  [
    /^400 ValidationException: (ReturnValues can only be|Return values set to invalid value)/,
    /^400 ValidationException: Either the KeyConditions or KeyConditionExpression/,
    /^400 ValidationException: At least one of ProvisionedThroughput/,
    /^400 LimitExceededException: Subscriber limit exceeded: Only 1 online index/,
    /^400 ValidationException: (The (Total)?Segments? parameter|If segment is specified|If total segments|Too many items requested)/,
  ],
  // expressions
  [
    /^400 ValidationException: Invalid (Condition|Filter|Update|Projection|KeyCondition)Expression: /,
    // and what they replaced
    /^400 ValidationException: One or more parameter values were invalid: (Value (must|cannot|and|or) |Exists and |AttributeValueList can |ExpectedAttributeValue must )/,
    /^400 ValidationException: One or more parameter values were invalid: (Invalid number of argument|ComparisonOperator |AttributeValues inside |Only DELETE |(ADD|DELETE) action |Duplicate value in attribute)/,
    // and statements
    /^400 ValidationException: (Statement wasn't well formed|Invalid returning clause|RETURNING clause is not|Tuple keys must be of type|Aliasing is not supported|This operation is not supported on an index|Path component cannot|The first operand must be distinct|Unexpected from source|Reads on indices|Operations on indices|Unexpected path component|Duplicate identifiers|Number of parameters in request|The first argument to SET_|Unsupported data type)/,
    /^400 ValidationException: (Unsupported operator|Incorrect (operand type|number of operands)|Two document paths|The BETWEEN operator|Invalid function name|The IN operator|Operator or function requires|The argument to NOT|Invalid attribute type name)/,
    /^400 ValidationException: (The BETWEEN condition was|The filter condition for|ConditionalOperator can|Cannot have two attributes)/,
  ],
  // what the statements are together
  [/^400 ValidationException: (EXISTS\(\) must contain|ExecuteTransaction API does not support both|Read and write requests together|EXISTS can only be used|Unsupported operation|Variable reference|Must have (WHERE|at least one))/],
  [/^400 ValidationException: Value provided in ExpressionAttribute(Names|Values) unused in expressions: /],
  [/^400 ValidationException: (Must specify the AttributesToGet|Cannot specify the (ProjectionExpression|AttributesToGet)|ALL_PROJECTED_ATTRIBUTES can be used only)/],
  [/^400 ValidationException: (Invalid condition in KeyConditionExpression|KeyConditionExpressions )/],
  // the table
  [/^400 ResourceNotFoundException: /, /^400 ValidationException: Table name should be within/],
  // the schema
  [
    /^400 ValidationException: The provided key element does not match the schema/,
    /^400 ValidationException: The number of conditions on the keys is invalid/,
    /^400 ValidationException: One of the required keys was not given a value/,
    /^400 ValidationException: (Updates on index keys must be|Invalid attribute value type|Type mismatch for attribute to update)/,
    /^400 ValidationException: One or more parameter values were invalid: (Type mismatch for|Missing the key|Updates on index keys|Cannot update attribute|Size of hashkey|Aggregated size|Size limit exceeded|Condition parameter type|Secondary index|Global secondary index|Select type)/,
    /^400 ValidationException: One or more parameter values are not valid\./,
    /^400 ValidationException: Hash primary key values must be under 2048 bytes/,
    /^400 ValidationException: (The table does not have the specified index|Consistent reads? )/,
    /^400 ValidationException: (Query condition missed key schema element|Query key condition not supported|Conditions can be of length)/,
    /^400 ValidationException: (Attempted conditional constraint is not|Only scalar types can be used as|Updates on index keys must be)/,
    /^400 ValidationException: (Key attributes must be scalars|(Filter Expression|QueryFilter) can only contain non-primary key attributes)/,
    /^400 ValidationException: (The provided starting key|Exclusive [Ss]tart [Kk]ey must|The query can return at most one row)/,
    /^400 ValidationException: (Select statements within ExecuteTransaction must|Where clause does not contain|Multiple conditions on same key|Only single item select|Key attribute|Key value must)/,
    /^400 ValidationException: (Transaction request cannot include multiple operations|Provided list of item keys contains duplicates|Item size has exceeded)/,
  ],
  // the data
  [
    /^400 ConditionalCheckFailedException: /,
    /^400 TransactionCanceledException: Transaction cancelled/,
    /^400 DuplicateItem(Exception)?: |^400 ValidationException: Duplicate primary key/,
    /^400 ValidationException: (The document path provided in the update expression|The provided expression refers to an attribute|An operand in the update expression)/,
    /^400 ValidationException: Item size to update has exceeded/,
    /^400 ValidationException: One or more parameter values are not valid\. The update expression attempted/,
    /^200$/,
  ],
];

const VALUES = 3; // the stage of values
const EXPRESSIONS = VALUES + 2;
const TABLE = stages.findIndex(([pattern]) => pattern.test('400 ResourceNotFoundException: '));

// The oracle names some errors of a request after the transaction.
const asRequest = (line) => line.replace(/^400 TransactionCanceledException: (?!Transaction cancelled)(ValidationError )?/, '400 ValidationException: ').replace(/^(400 ValidationException: )Validation failed in TransactStatements\[\d+\]: /, '$1');

function stageOf(line) {
  return stages.findIndex((patterns) => patterns.some((pattern) => pattern.test(asRequest(line))));
}

const parsed = (body) => {
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return body;
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
};

/* ---- consumed capacity ---- */

// { total, table, indexes: { name: units } } of one table's consumed capacity; table is undefined unless INDEXES was asked for.
function units(capacity) {
  const list = { ...capacity?.LocalSecondaryIndexes, ...capacity?.GlobalSecondaryIndexes };
  return {
    total: capacity?.CapacityUnits ?? 0,
    table: capacity?.Table?.CapacityUnits,
    indexes: Object.fromEntries(Object.entries(list).map(([name, { CapacityUnits }]) => [name, CapacityUnits])),
  };
}

// The capacities of both answers, table by table: [[oracle's, server's], ...].
function capacities({ oracle, server }) {
  const [a, b] = [oracle, server].map(({ body }) => [body.ConsumedCapacity].flat());
  return b.map((capacity) => [units(a.find((other) => other?.TableName === capacity?.TableName)), units(capacity)]);
}

const minimum = (consistent) => (consistent ? 1 : 0.5);

// A page that read nothing, or a batch of which some keys are not there: for each of them DynamoDB takes the least.
function readsNothing({ step, oracle, server }) {
  const pairs = capacities({ oracle, server });
  if (step.operation !== 'BatchGetItem') {
    const least = minimum(step.body.ConsistentRead);
    return server.body.ScannedCount === 0 && pairs.every(([a, b]) => a.total === 0 && b.total === least && (a.table ?? 0) === 0 && Object.values(a.indexes).every((n) => n === 0));
  }
  return pairs.every(([a, b], i) => {
    const [name, asked] = Object.entries(step.body.RequestItems)[i];
    const missing = asked.Keys.length - server.body.Responses[name].length;
    return b.total - a.total === missing * minimum(asked.ConsistentRead) && (b.table === undefined || b.table - a.table === b.total - a.total);
  });
}

// The oracle counts an index of two attributes whenever one of them is there, and two units for the deletion of nothing in a
// batch. Where it says how much each index takes, those that DynamoDB writes as well must take the same.
function writesLess({ step, table, oracle, server }) {
  const deletions = Object.values(step.body.RequestItems ?? {}).flat().filter((request) => request?.DeleteRequest).length;
  const two = new Set(table.indexes.filter(({ local, range }) => !local && range).map(({ name }) => name));
  return capacities({ oracle, server }).every(([a, b]) => {
    if (b.table === undefined) return b.total < a.total && (two.size > 0 || a.total - b.total <= deletions);
    const apart = Object.keys({ ...a.indexes, ...b.indexes }).filter((name) => a.indexes[name] !== b.indexes[name]);
    return a.table - b.table >= 0 && a.table - b.table <= deletions && apart.every((name) => two.has(name) && (b.indexes[name] ?? 0) < a.indexes[name]);
  });
}

// DynamoDB takes two units for each KiB that an action writes to the table, and as many for each entry of an index that it writes or
// removes. The oracle counts four for the KiB of all actions together, and two for deletions of nothing.
function transactionCosts({ step, oracle, server }) {
  const actions = step.body.TransactItems.length;
  const isRight = (a, b, least, most) => b % 2 === 0 && b >= least && b <= a / 2 + most;
  return capacities({ oracle, server }).every(([a, b]) => {
    if (b.table === undefined) return b.total % 2 === 0 && b.total >= 2 * actions;
    const sum = b.table + Object.values(b.indexes).reduce((total, n) => total + n, 0);
    return b.total === sum && isRight(a.table, b.table, 2 * actions, 2 * actions) && Object.entries(b.indexes).every(([name, n]) => isRight(a.indexes[name] ?? 0, n, 2, 4 * actions));
  });
}

// The reads from the table that a Scan of a local index makes for what the index does not have.
function scanFetches({ step, table, oracle, server }) {
  const index = table.indexes.find(({ name }) => name === step.body.IndexName);
  if (!index?.local || index.projection.ProjectionType === 'ALL') return false;
  return capacities({ oracle, server }).every(([a, b]) => b.total > a.total && Number.isInteger((b.total - a.total) / minimum(step.body.ConsistentRead)) && a.indexes[index.name] === b.indexes[index.name]);
}

// The attributes that a read asks for.
function wanted({ AttributesToGet, ProjectionExpression, ExpressionAttributeNames: names = {} }) {
  return AttributesToGet ?? ProjectionExpression?.split(',').map((path) => path.trim().split(/[.[]/)[0]).map((name) => names[name] ?? name);
}

// A read asks for nothing but what a local index has: no read of the table is counted.
function readsIndexAlone({ step, table, oracle, server }) {
  const index = table.indexes.find(({ name }) => name === step.body.IndexName);
  const names = wanted(step.body);
  if (!index?.local || !names) return false;
  const has = [table.hash, table.range, index.range, ...(index.projection.NonKeyAttributes ?? [])];
  return names.every((name) => has.includes(name)) && capacities({ oracle, server }).every(([a, b]) => b.total < a.total && (b.table ?? 0) === 0 && a.indexes[index.name] === b.indexes[index.name]);
}

// The oracle reckons with the table's items, an index that has only some attributes is smaller.
function indexIsSmaller({ step, table, oracle, server }) {
  const index = table.indexes.find(({ name }) => name === step.body.IndexName);
  return Boolean(index && index.projection.ProjectionType !== 'ALL') && capacities({ oracle, server }).every(([a, b]) => b.total < a.total && (b.table ?? 0) === 0 && (a.table ?? 0) === 0);
}

/* ---- what an update returns ---- */

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

// The value at a path ([name or number, ...]) in attributes, or undefined.
const at = (attributes, path) => path.reduce((value, element) => (typeof element === 'number' ? value?.L?.[element] : (value?.M ?? (value === attributes ? value : undefined))?.[element]), attributes);

// The parts of attributes that paths lead to, those of one list as a list of them.
function partsAt(attributes, paths) {
  const there = paths.filter((path) => path.length > 0 && at(attributes, path) !== undefined);
  const build = (value, of) => {
    if (of.some((path) => path.length === 0)) return value;
    const below = (element, inner) => build(inner, of.filter(([first]) => first === element).map(([, ...rest]) => rest));
    const elements = [...new Set(of.map(([first]) => first))];
    if (typeof elements[0] === 'number') return { L: elements.sort((x, y) => x - y).map((element) => below(element, value.L[element])) };
    return { M: Object.fromEntries(elements.sort().map((element) => [element, below(element, value.M[element])])) };
  };
  return there.length ? build({ M: attributes }, there).M : {};
}

// The paths that the clauses of an update write, of an UpdateExpression or a statement: [[name or number, ...], ...].
function updatedPaths(text, aliases = {}) {
  const path = /^\s*((?:"[^"]*"|[\w#]+)(?:\.(?:"[^"]*"|[\w#]+)|\[\d+\])*)/;
  const elements = (given) => [...given.matchAll(/"([^"]*)"|([\w#]+)/g)].map(({ 1: quoted, 2: word }, i) => quoted ?? (i > 0 && /^\d+$/.test(word) && given.includes(`[${word}]`) ? Number(word) : aliases[word] ?? word));
  const actions = text.split(/\b(?:SET|REMOVE|ADD|DELETE)\b/i).slice(1).flatMap((clause) => splitActions(clause));
  return actions.map((action) => path.exec(action)?.[1]).filter(Boolean).map(elements);
}

// The actions of a clause, which commas part that are in no parentheses, brackets and texts.
function splitActions(clause) {
  let depth = 0;
  const parts = [''];
  for (const token of clause.match(/'(?:[^']|'')*'|./gs) ?? []) {
    if (/[([{<]/.test(token)) depth++;
    if (/[)\]}>]/.test(token)) depth--;
    if (token === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}

const attributesOf = (line) => (line.endsWith('absent') ? {} : JSON.parse(line.slice(line.indexOf('{'))));

/** Whether a request has an update that removes and does nothing else. */
export function onlyRemoves({ operation, body }) {
  const updates = operation === 'UpdateItem' ? [body] : operation === 'TransactWriteItems' ? [body?.TransactItems].flat().map((action) => action?.Update).filter(Boolean) : [];
  return updates.some(({ UpdateExpression, AttributeUpdates }) => (AttributeUpdates ? Object.values(AttributeUpdates).every((update) => update?.Action === 'DELETE') : !/\b(SET|ADD)\b/i.test(UpdateExpression ?? 'SET')));
}

/* ---- transactions ---- */

// The reasons of a cancelled transaction, from the line of its answer: [{ line, item }, ...], `line` as if the action were a
// request of its own.
function reasonsOf(line) {
  const at = line.indexOf(' {"CancellationReasons":');
  return (at < 0 ? [] : JSON.parse(line.slice(at)).CancellationReasons).map(({ Code, Message = '', Item }) => ({
    line: lineOfReason({ Code, Message }).replace(/(request failed)\.$/, '$1'),
    item: JSON.stringify(Item),
  }));
}

// The actions of a transaction, as requests of their own.
function actionsOf({ body }) {
  const operations = { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', ConditionCheck: 'DeleteItem', Get: 'GetItem' };
  if (body.TransactStatements) return body.TransactStatements.map((statement) => ({ operation: 'ExecuteStatement', body: statement }));
  return body.TransactItems.map((action) => Object.entries(action)[0]).map(([kind, inner]) => ({ operation: operations[kind], body: inner }));
}

// Whether what the oracle tells of an action alone is what the server tells of it, or is explained of a request that is that
// action, or of its part of the transaction `whole`.
function alike(step, table, given, server, find, whole) {
  const oracle = asRequest(given).replace(/(request failed)\.$/, '$1');
  return oracle === server || [step.operation, whole].some((operation) => find(`random/${operation}`, oracle, server, { step, table }));
}

// Each action fails as the oracle says of it alone. Of what is wrong with a key or an update the oracle fails the whole request,
// with the text of one action, or gives the reasons up to the first.
function sameReasons({ step, table, lines, alone, find }) {
  const given = reasonsOf(lines[1]);
  if (!alone || alone.length !== given.length) return false;
  const actions = actionsOf(step);
  // The oracle forgets the item of some statements that ask for it.
  const sameItem = (item, i) => item === canonical(alone[i].item && evenSets(trimNumbers(alone[i].item))) || (alone[i].item === undefined && actions[i].operation === 'ExecuteStatement' && actions[i].body.ReturnValuesOnConditionCheckFailure === 'ALL_OLD');
  return given.every(({ line, item }, i) => alike(actions[i], table, alone[i].line, line, find, step.operation) && sameItem(item, i));
}

// The server's error is that of one action, as the oracle tells it of that action alone, or of those together that are not wrong
// alone.
function ofSomeActions({ step, table, lines, alone, find }) {
  const actions = actionsOf(step);
  return alone?.together === lines[1] || alone?.some(({ line }, i) => alike(actions[i], table, line, asRequest(lines[1]), find, step.operation));
}

/* ---- statements ---- */

// The values that a statement compares with an attribute, or has in lists that it is looked for in.
function valuesComparedWith({ Statement, Parameters = [] }, name) {
  const value = String.raw`(?:'(?:[^']|'')*'|\?|-?[\d.]+(?:[eE][+-]?\d+)?)`;
  const comparison = new RegExp(String.raw`\b${name}"? (?:IN \[[^\]]*\]|BETWEEN .*? AND (?:${value}|\S+)|(?:=|<>|!=|<=|>=|<|>) ${value})`, 'g');
  const before = (at) => questions(Statement.slice(0, at));
  return [...Statement.matchAll(comparison)].flatMap(({ 0: text, index }) =>
    [...text.matchAll(new RegExp(value, 'g'))].map(({ 0: given, index: at }) => (given === '?' ? Parameters[before(index + at)] ?? {} : { [given.startsWith("'") ? 'S' : 'N']: given })));
}

// How many parameters the text of a statement has.
const questions = (text) => (text.replace(/'[^']*'|"[^"]*"/g, '').match(/\?/g) ?? []).length;

// The key that an error is about.
const keyTold = (line) => /Key: (\w+)/.exec(line)?.[1];

// The key attributes of what a statement reads.
function keysOf(statement, table) {
  const index = table.indexes.find(({ name }) => name === indexOfStatement(statement));
  return [table.hash, table.range, index?.hash, index?.range].filter(Boolean);
}

/* ---- values ---- */

// How deep an attribute value nests, its scalars counted.
function depthOf(value) {
  if (!isObject(value)) return 0;
  return Math.max(...Object.entries(value).map(([type, inner]) => 1 + (type === 'L' && Array.isArray(inner) ? Math.max(0, ...inner.map(depthOf)) : type === 'M' && isObject(inner) ? Math.max(0, ...Object.values(inner).map(depthOf)) : 0)), 0);
}

// All texts in a request that are longer.
const hasLonger = (body, length) => (typeof body === 'string' ? body.length > length : body !== null && typeof body === 'object' && Object.values(body).some((inner) => hasLonger(inner, length)));

/* ---- tags ---- */

// DynamoDB Local has no tags: what the developer guide, "Tagging restrictions in DynamoDB", says of a request.
function tagsAreRight({ ResourceArn, Tags, TagKeys, NextToken }) {
  const keys = Tags?.map(({ Key }) => Key) ?? TagKeys ?? ['none'];
  const letters = /^[\p{L}\s\d+\-=._:/]*$/u;
  const alone = !Tags || (new Set(keys).size === keys.length && Tags.every(({ Key, Value }) => letters.test(Key) && letters.test(Value) && !/^aws:/i.test(Key)));
  const token = NextToken === undefined || NextToken === null || /^([\w+/]{4})*[\w+/]{2}[\w+/=]{2}$/.test(NextToken);
  return ResourceArn === '@table' && keys.length > 0 && alone && token;
}

/* ---- descriptions ---- */

// A description without what the oracle counts, keeps or forgets on its own: the sizes of indexes that may have less than all of the
// items, the throughput of indexes that are paid by request, definitions that no key uses.
function described(text) {
  const table = JSON.parse(text.slice(text.indexOf('{')));
  const globals = table.GlobalSecondaryIndexes ?? [];
  const indexes = [...(table.LocalSecondaryIndexes ?? []), ...globals];
  const used = new Set([table, ...indexes].flatMap(({ KeySchema }) => KeySchema.map(({ AttributeName }) => AttributeName)));
  for (const index of indexes) {
    if (index.Projection.ProjectionType !== 'ALL' || (globals.includes(index) && index.KeySchema.length > 1)) index.IndexSizeBytes = 0;
    if (table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST') delete index.ProvisionedThroughput;
  }
  table.AttributeDefinitions = table.AttributeDefinitions?.filter(({ AttributeName }) => used.has(AttributeName));
  return JSON.stringify(table);
}

export const rules = {
  // The server says what the API's model says.
  model({ step, server }) {
    const wanted = objection(step.operation, server.asked ?? parsed(step.body));
    return Boolean(wanted) && tells(wanted, server);
  },

  order({ lines: [oracle, server] }) {
    const [late, early] = [stageOf(oracle), stageOf(server)];
    return early >= 2 && late > early && !oracle.startsWith('200');
  },

  // The faults are of different actions of a transaction, or of different old parameters.
  sameStage(context) {
    const { step, lines } = context;
    const of = lines.map(stageOf);
    if (step.body.TransactItems || step.body.TransactStatements) return of[0] === of[1] && of[0] > 1 && ofSomeActions(context);
    const old = ['Expected', 'AttributeUpdates', 'KeyConditions', 'QueryFilter', 'ScanFilter', 'AttributesToGet'].some((name) => step.body[name]);
    return old && of.every((stage) => stage >= VALUES && stage <= EXPRESSIONS);
  },

  // Both servers tell of a value, of different ones.
  bothOfValues({ lines }) {
    return lines.every((line) => stageOf(line) === VALUES);
  },

  // Both servers tell of what the request alone tells, where the old parameters can have several faults.
  oldParameters({ step, lines }) {
    const old = /"(Expected|AttributeUpdates|KeyConditions|QueryFilter|ScanFilter|AttributesToGet|ConditionalOperator)":/;
    return old.test(JSON.stringify(parsed(step.body))) && lines.every((line) => stageOf(line) >= VALUES && stageOf(line) < TABLE);
  },

  // A statement has more parameters than question marks.
  moreParameters({ step }) {
    return statementsOf(step).some(({ Statement, Parameters }) => (Parameters?.length ?? 0) > questions(Statement));
  },

  // The server tells of a value of a statement, which is wrong alone for the oracle too.
  serverOfValues({ oracle, lines }) {
    return stageOf(lines[1]) === VALUES && oracle.body.Responses.some(({ Error: error }) => error?.Code === 'ValidationError');
  },

  // There are values with an attribute that has no name.
  emptyName({ step }) {
    return JSON.stringify(step.body).includes('"":');
  },

  // A key is compared with a key, or with the size of something.
  comparesKeys({ step, table }) {
    const keys = keysOf(step.body.Statement, table).map((key) => `"?${key}"?`).join('|');
    const size = String.raw`size\(\S+\)`;
    const pair = (left, right) => `(?:${left}) (?:=|<>|!=|<=|<|>=|>|BETWEEN) (?:.* AND )?(?:${right})(?![\\w.[(])`;
    return new RegExp([pair(keys, keys), pair(keys, size), pair(size, keys)].join('|')).test(step.body.Statement);
  },

  // SET has an equality in the place of a value.
  setsEquality({ step }) {
    const within = String.raw`(?:(?!\b(?:SET|REMOVE|WHERE)\b).)*`;
    return new RegExp(String.raw`\bSET\b${within}=${within}[^<>!]=`, 's').test(statementsOf(step)[0].Statement);
  },

  // The oracle was asked for each statement of the batch, after it had refused the batch and done some of it.
  askedEach({ oracle }) {
    return Boolean(oracle.each);
  },

  // A name has a quotation mark.
  quotedQuote({ step }) {
    return step.body.Statements.some(({ Statement }) => /"\w[^"]*""/.test(Statement));
  },

  // A key is empty.
  emptyKey({ step }) {
    return /"(S|B)":""/.test(JSON.stringify(step.body));
  },

  // A statement is about a table whose name is too short for one.
  tableOfShortName({ step }) {
    return /\b(FROM|INTO|UPDATE) ("?)\w{1,2}\2(?!\w)/.test(statementsOf(step)[0].Statement);
  },

  // Both tell of what the text of a statement has.
  bothOfText({ lines }) {
    return lines.every((line) => stageOf(line) === EXPRESSIONS);
  },

  // RETURNING MODIFIED: what was updated of what the oracle returns.
  modifiedParts({ step, lines }) {
    const [oracle, server] = lines.map((line) => (line.endsWith('absent') ? {} : [JSON.parse(line.replace(/^200 Items? /, ''))].flat()[0] ?? {}));
    const statement = statementsOf(step)[0]?.Statement ?? '';
    return / RETURNING MODIFIED /i.test(statement) && JSON.stringify(partsAt(oracle, updatedPaths(statement.replace(/ WHERE .*$/s, '')))) === JSON.stringify(server);
  },

  // A statement asks for the old item.
  asksOld({ step }) {
    return statementsOf(step).some(({ ReturnValuesOnConditionCheckFailure: returns }) => returns === 'ALL_OLD');
  },

  // Several attributes are updated, of which one has a fault of its own: a key of the table, or a key of an index and a value of
  // another type.
  severalUpdates({ step, table }) {
    const updates = Object.entries(step.body.AttributeUpdates ?? {});
    const keys = table.indexes.flatMap(({ hash, range }) => [hash, range]);
    return updates.length > 1 && updates.some(([name, update]) => [table.hash, table.range].includes(name) || (keys.includes(name) && update?.Value && !(table.types[name] in update.Value)));
  },

  readsMissingIndex({ step }) {
    return statementsOf(step).some(({ Statement }) => Statement.includes('"."missing"'));
  },

  // A key is compared with a value of another type.
  comparesKeyOtherwise({ step, table }) {
    return keysOf(step.body.Statement, table).some((key) => valuesComparedWith(step.body, key).some((value) => !(table.types[key] in value)));
  },

  // What is ordered by is no key.
  ordersByOther({ step, table }) {
    return !keysOf(step.body.Statement, table).includes(/ ORDER BY "?(\w+)/.exec(step.body.Statement)?.[1]);
  },

  // An index is to be made without the type of its projection, or of attributes that the request does not define.
  incompleteIndex({ step: { body } }) {
    const defined = (body.AttributeDefinitions ?? []).map(({ AttributeName }) => AttributeName);
    return body.GlobalSecondaryIndexUpdates.some(({ Create }) => Create && (!Create.Projection?.ProjectionType || !Create.KeySchema.every(({ AttributeName }) => defined.includes(AttributeName))));
  },

  asksKeyType({ step, table }) {
    return statementsOf(step).some(({ Statement }) => keysOf(Statement, table).some((key) => new RegExp(`attribute_type\\("?${key}"?,`).test(Statement)));
  },

  // The server answers well exactly what is right.
  tags({ step, server }) {
    return (server.status === 200) === tagsAreRight(step.body) && (server.status === 200 || /#(ValidationException|ResourceNotFoundException)$/.test(server.body.__type));
  },

  // The start key's sort key is one that the key condition names.
  startsAtBound({ step, table }) {
    const { ExclusiveStartKey, ExpressionAttributeValues, IndexName } = step.body;
    const { range } = table.indexes.find(({ name }) => name === IndexName) ?? table;
    const form = (value) => JSON.stringify(trimNumbers(value));
    const named = Object.values(ExpressionAttributeValues ?? step.body.KeyConditions?.[range]?.AttributeValueList ?? {});
    return named.some((value) => form(value) === form(ExclusiveStartKey[range]));
  },

  otherPlaceholder({ lines }) {
    const [oracle, server] = lines.map((line) => line.slice(line.lastIndexOf(' for key ')));
    return oracle !== server;
  },

  readsNothing,
  readsIndexAlone,
  indexIsSmaller,
  writesLess,

  // UPDATED_OLD and UPDATED_NEW: what was updated of what the oracle returns.
  updatedParts({ step, lines }) {
    const [oracle, server] = lines.map(attributesOf);
    const { ReturnValues, UpdateExpression, ExpressionAttributeNames } = step.body;
    return /^UPDATED_/.test(ReturnValues) && JSON.stringify(partsAt(oracle, updatedPaths(UpdateExpression, ExpressionAttributeNames))) === JSON.stringify(server);
  },

  scanFetches,
  transactionCosts,
  sameReasons,

  // DynamoDB Local makes an item of the key alone.
  madeByRemoval({ step, lines }) {
    const names = Object.keys(attributesOf(lines[0]));
    return onlyRemoves(step) && lines[1].endsWith('absent') && names.every((name) => name in step.body.Key);
  },

  sameTable({ lines }) {
    const [oracle, server] = lines.map(described);
    return oracle === server;
  },

  // The server tells of the collections of a table with a local index, and only of them.
  collectionMetrics({ step, table, server }) {
    const told = server.body.ItemCollectionMetrics;
    if (step.body.ReturnItemCollectionMetrics !== 'SIZE') return false;
    const has = table.indexes.some(({ local }) => local);
    const right = ({ ItemCollectionKey, SizeEstimateRangeGB }) => Object.keys(ItemCollectionKey).join() === 'pk' && SizeEstimateRangeGB.length === 2;
    if (!/^(BatchWriteItem|TransactWriteItems)$/.test(step.operation)) return has && right(told);
    const writes = step.operation === 'BatchWriteItem' || step.body.TransactItems.some(({ ConditionCheck }) => !ConditionCheck);
    return has && writes ? told[table.name].every(right) : Object.keys(told).length === 0;
  },

  // A page that ends at its limit, where nothing follows: at a bound of the condition, or where the condition is of the partition key
  // alone, as the key is.
  fullPage({ step, table, server }) {
    const { IndexName, Limit, KeyConditionExpression = '', ExpressionAttributeNames, KeyConditions } = step.body;
    const { range } = table.indexes.find(({ name }) => name === IndexName) ?? table;
    const bound = KeyConditions ? /^(EQ|LE|GE|BETWEEN)$/.test(KeyConditions[range]?.ComparisonOperator) : namedInExpression(KeyConditionExpression, ExpressionAttributeNames).some(({ name }) => name === range) && /\bBETWEEN\b|<=|>=|=.*=/i.test(KeyConditionExpression);
    return server.body.ScannedCount === Math.trunc(Limit) && (!range || bound);
  },

  // The request has paths into keys, and the server tells of one of them.
  pathsIntoKeys({ step, table, lines }) {
    return pathsIntoKeys(step, table).has(keyTold(lines[1]));
  },

  // The request has paths into several keys, and both servers tell of one of them.
  pathsIntoSeveralKeys({ step, table, lines }) {
    const paths = pathsIntoKeys(step, table);
    return paths.size > 1 && lines.every((line) => paths.has(keyTold(line)));
  },

  // The request has paths into keys, one of which the oracle tells.
  oraclesPathIntoKey({ step, table, lines }) {
    return pathsIntoKeys(step, table).has(keyTold(lines[0]));
  },

  // Both servers tell of keys of the wrong type, of different ones.
  severalKeys({ step, table, lines }) {
    const names = lines.map((line) => /: Key (\w+)$/.exec(line)?.[1]);
    const keys = keysOf(step.body.Statement ?? '', table);
    return names[0] !== names[1] && names.every((name) => keys.includes(name));
  },

  // A value nests one level deeper than the 32 that the documentation allows.
  deepValue({ step }) {
    const { ExpressionAttributeValues = {}, AttributeUpdates = {} } = step.body;
    const values = [...Object.values(ExpressionAttributeValues), ...Object.values(AttributeUpdates).map((update) => update?.Value), ...statementsOf(step).flatMap(({ Parameters }) => Parameters ?? [])];
    return Math.max(0, ...values.map(depthOf)) === 33;
  },

  // The server names an index, its key and that key's type.
  indexKeyType({ table, lines }) {
    const [, key, expected, actual, name] = /Type mismatch for Index Key (\w+) Expected: (\w+) Actual: (\w+) IndexName: (\w+)/.exec(lines[1]) ?? [];
    const index = table.indexes.find((one) => one.name === name);
    return Boolean(index) && [index.hash, index.range].includes(key) && table.types[key] === expected && actual !== expected;
  },

  // The request has a text that no key can be.
  longKey({ step, lines }) {
    return hasLonger(step.body, /hashkey/.test(lines[1]) ? 2048 : 1024);
  },

  // A table that is paid by request is given throughput, or is made so.
  throughputOnDemand({ step }) {
    return step.body.ProvisionedThroughput !== undefined;
  },

  throughputOfIndex({ step: { body } }) {
    return [...(body.GlobalSecondaryIndexes ?? []), ...(body.GlobalSecondaryIndexUpdates ?? []).map((update) => update.Create ?? update.Update)].some((index) => index?.ProvisionedThroughput);
  },

  emptyLocalIndexes({ step }) {
    return step.body.LocalSecondaryIndexes?.length === 0;
  },

  // There are definitions of attributes that are no keys.
  unusedDefinitions({ step: { body } }) {
    const used = [body, ...(body.LocalSecondaryIndexes ?? []), ...(body.GlobalSecondaryIndexes ?? [])].flatMap(({ KeySchema }) => KeySchema.map(({ AttributeName }) => AttributeName));
    return body.AttributeDefinitions.some(({ AttributeName }) => !used.includes(AttributeName));
  },

  // One index or more have several partition keys, the table has one, and no local index has several.
  severalPartitionKeys({ step: { body } }) {
    const several = ({ KeySchema }) => KeySchema.filter(({ KeyType }) => KeyType === 'HASH').length > 1;
    return (body.GlobalSecondaryIndexes ?? []).some(several) && ![body, ...(body.LocalSecondaryIndexes ?? [])].some(several);
  },

  // A Scan of a segment from a start key.
  segmentFromKey({ step }) {
    return step.body.TotalSegments > 1 && Boolean(step.body.ExclusiveStartKey);
  },

  // A local index has a partition key that is not its table's, and is not defined.
  undefinedLocalHash({ step: { body } }) {
    const hashOf = ({ KeySchema }) => KeySchema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName;
    const defined = body.AttributeDefinitions.map(({ AttributeName }) => AttributeName);
    return body.LocalSecondaryIndexes.some((index) => hashOf(index) !== hashOf(body) && !defined.includes(hashOf(index)));
  },

  // More than one thing was made wrong in a request about a table.
  severalTableFaults({ step }) {
    return step.faults > 1;
  },

  // More than the oracle's limit is asked for.
  aboveItsLimit({ step }) {
    return /"(Read|Write)CapacityUnits":(?!\d{1,4}\b|[1-3]\d{4}\b|40000\b)\d+/.test(JSON.stringify(step.body));
  },

  // An update has several actions, or one of several paths.
  severalActions({ step }) {
    const { UpdateExpression, ExpressionAttributeNames } = step.body;
    const text = UpdateExpression ?? statementsOf(step)[0]?.Statement ?? '';
    return (UpdateExpression ? namedInExpression(text, ExpressionAttributeNames) : namedInStatement(text.replace(/ WHERE .*$/s, ''))).length > 1;
  },
};
