// What a pattern cannot say of an explained difference. Each rule is a function of { step, table, oracle, server, lines }: the
// request, the table it is about (of random requests), the two answers, and the lines that differ.

import { trimNumbers } from './answers.mjs';
import { objection, tells } from './model.mjs';

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
    /^400 ValidationException: (The (Total)?Segments? parameter|If segment is specified|If total segments|Too many items requested)/,
  ],
  // expressions
  [
    /^400 ValidationException: Invalid (Condition|Filter|Update|Projection|KeyCondition)Expression: /,
    // and what they replaced
    /^400 ValidationException: One or more parameter values were invalid: (Value (must|cannot|and|or) |Exists and |AttributeValueList can |ExpectedAttributeValue must )/,
    /^400 ValidationException: One or more parameter values were invalid: (Invalid number of argument|ComparisonOperator |AttributeValues inside |Only DELETE |(ADD|DELETE) action |Duplicate value in attribute)/,
    // and statements
    /^400 ValidationException: (Statement wasn't well formed|Invalid returning clause|RETURNING clause is not|Tuple keys must be of type|Aliasing is not supported|This operation is not supported on an index|Path component cannot|The first operand must be distinct|Unexpected from source|Reads on indices|Operations on indices|Unexpected path component|Duplicate identifiers|Number of parameters in request|The first argument to SET_)/,
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
    return pairs.every(([a, b]) => a.total === 0 && b.total === least && (a.table ?? 0) === 0 && Object.values(a.indexes).every((n) => n === 0));
  }
  return pairs.every(([a, b], i) => {
    const asked = Object.values(step.body.RequestItems)[i];
    const missing = (b.total - a.total) / minimum(asked.ConsistentRead);
    return Number.isInteger(missing) && missing >= 0 && missing <= asked.Keys.length && (b.table === undefined || b.table - a.table === b.total - a.total);
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

// DynamoDB takes two units and more for each action of a transaction, on the table and on each index.
function transactionCosts({ step, server }) {
  const list = server.body.ConsumedCapacity;
  const total = list.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
  return total >= 2 * step.body.TransactItems.length && list.every(({ CapacityUnits, WriteCapacityUnits }) => CapacityUnits === WriteCapacityUnits && CapacityUnits % 2 === 0);
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

// Whether a value is made of parts of another.
function isPart(part, whole) {
  if (isObject(part)) return isObject(whole) && Object.entries(part).every(([name, value]) => isPart(value, whole[name]));
  if (Array.isArray(part)) return Array.isArray(whole) && part.every((value) => whole.some((other) => isPart(value, other)));
  return part === whole;
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
    line: Code === 'None' ? '200' : Code === 'ConditionalCheckFailed' ? `400 ConditionalCheckFailedException: ${Message.replace(/\.$/, '')}` : `400 ValidationException: ${Message}`,
    item: JSON.stringify(Item),
  }));
}

// Each action fails as the oracle says, or as is explained of a request that is that action alone. Of what is wrong with a key
// or an update the oracle fails the whole request, with the text of one action, or gives the reasons up to the first.
function sameReasons({ step, table, lines: [oracleLine, serverLine], find }) {
  const alike = (a, b) => a === b || ['UpdateItem', 'PutItem', 'ExecuteStatement'].some((operation) => find(`random/${operation}`, a, b, { step, table }));
  const [known, given] = [reasonsOf(oracleLine), reasonsOf(serverLine)];
  if (known.length === 0) return given.some(({ line }) => alike(asRequest(oracleLine), line));
  if (known.length < given.length) return known.every((reason) => given.some(({ line }) => alike(reason.line, line)));
  // The oracle forgets the item of some statements that ask for it.
  const sameItem = (item, i) => item === known[i].item || item === undefined || (known[i].item === undefined && step.body.TransactStatements?.[i].ReturnValuesOnConditionCheckFailure === 'ALL_OLD');
  // Of several wrong statements it may leave out all reasons but one.
  const leftOut = (i) => step.body.TransactStatements && known[i].line === '200' && known.some(({ line }) => line !== '200');
  return known.length === given.length && given.every(({ line, item }, i) => leftOut(i) || (sameItem(item, i) && alike(known[i].line, line)));
}

/* ---- statements ---- */

const statementsOf = ({ body }) => [body.Statement ? body : null, body.Statements, body.TransactStatements].flat().filter(Boolean);

// How many parameters the text of a statement has.
const questions = (text) => (text.replace(/'[^']*'|"[^"]*"/g, '').match(/\?/g) ?? []).length;

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

// A description without what the oracle counts, keeps or forgets on its own: the sizes of indexes, their throughput after a
// change of the billing mode, definitions that no key uses.
function described(text) {
  const table = JSON.parse(text.slice(text.indexOf('{')));
  const indexes = [...(table.LocalSecondaryIndexes ?? []), ...(table.GlobalSecondaryIndexes ?? [])];
  const used = new Set([table, ...indexes].flatMap(({ KeySchema }) => KeySchema.map(({ AttributeName }) => AttributeName)));
  for (const index of indexes) {
    index.IndexSizeBytes = 0;
    delete index.ProvisionedThroughput;
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
  sameStage({ step, lines }) {
    const of = lines.map(stageOf);
    const old = ['Expected', 'AttributeUpdates', 'KeyConditions', 'QueryFilter', 'ScanFilter', 'AttributesToGet'].some((name) => step.body[name]);
    return step.body.TransactItems || step.body.TransactStatements ? of[0] === of[1] && of[0] > 1 : old && of.every((stage) => stage >= VALUES && stage <= EXPRESSIONS);
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

  // The server tells of a value of a statement.
  serverOfValues({ lines }) {
    return stageOf(lines[1]) === VALUES;
  },

  // Both tell of what the text of a statement has.
  bothOfText({ lines }) {
    return lines.every((line) => stageOf(line) === EXPRESSIONS);
  },

  // A statement failed alone for what it says.
  failedAlone({ server }) {
    return server.body.Responses.some(({ Error: error }) => error?.Code === 'ValidationError');
  },

  // RETURNING MODIFIED: no more than what was updated of what the oracle returns.
  modifiedParts({ step, lines }) {
    const [oracle, server] = lines.map((line) => (line.endsWith('absent') ? [] : JSON.parse(line.replace(/^200 Items? /, ''))));
    return statementsOf(step).some(({ Statement }) => /RETURNING MODIFIED/i.test(Statement)) && isPart(server, oracle);
  },

  // As filterBeyondIndex, of a statement.
  whereBeyondIndex({ step, table }) {
    const name = /"\."(\w+)"/.exec(step.body.Statement)?.[1];
    const index = table.indexes.find((one) => one.name === name);
    return Boolean(index && !index.local && index.projection.ProjectionType !== 'ALL' && / WHERE /.test(step.body.Statement));
  },

  // A statement asks for the old item.
  asksOld({ step }) {
    return statementsOf(step).some(({ ReturnValuesOnConditionCheckFailure: returns }) => returns === 'ALL_OLD');
  },

  // The server goes on after its first page of several partitions, which the oracle does not.
  severalPartitions({ step, lines }) {
    const [oracle, server] = lines.map((line) => JSON.parse(line.slice('200 Items '.length)).map((item) => JSON.stringify(item)));
    return step.body.Limit > 0 && / IN /.test(step.body.Statement) && oracle.length < server.length && oracle.every((item) => server.includes(item));
  },

  // Two attributes are updated, and an index key with a value of another type.
  severalUpdates({ step, table }) {
    const updates = Object.entries(step.body.AttributeUpdates ?? {});
    const keys = table.indexes.flatMap(({ hash, range }) => [hash, range]);
    return updates.length > 1 && updates.some(([name, { Value }]) => keys.includes(name) && Value && !(table.types[name] in Value));
  },

  readsMissingIndex({ step }) {
    return statementsOf(step).some(({ Statement }) => Statement.includes('"."missing"'));
  },

  // The same items, page by page in the other order.
  descendingPages({ step, lines }) {
    const [oracle, server] = lines.map((line) => JSON.parse(line.slice('200 Items '.length)).map((item) => JSON.stringify(item)).sort().join());
    return step.body.Limit > 0 && / ORDER BY \S+ DESC$/.test(step.body.Statement) && oracle === server;
  },

  hasIn({ step }) {
    return / IN \[.*,/.test(step.body.Statement);
  },

  asksKeyType({ step }) {
    return statementsOf(step).some(({ Statement }) => /attribute_type\("?\w+"?,/.test(Statement));
  },

  // A word stands where a boolean should, in one of the forms that are taken for one.
  wordForBoolean({ step }) {
    return /"(BOOL|NULL)":"(true|yes|1|false|no|0)"/i.test(JSON.stringify(step.body));
  },

  // A list of IN has an element twice: the oracle reads its items twice.
  elementTwice({ step, lines }) {
    const [oracle, server] = lines.map((line) => JSON.parse(line.slice('200 Items '.length)).map((item) => JSON.stringify(item)));
    return / IN /.test(step.body.Statement) && oracle.length > server.length && server.every((item) => oracle.includes(item)) && oracle.every((item) => server.includes(item));
  },

  // The server answers well exactly what is right.
  tags({ step, server }) {
    return (server.status === 200) === tagsAreRight(step.body) && (server.status === 200 || /#(ValidationException|ResourceNotFoundException)$/.test(server.body.__type));
  },

  nullOperator({ step }) {
    return step.body.ConditionalOperator === null;
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

  // A global index has only what is projected, so that a filter sees no more; the oracle's filter sees the table's items.
  filterBeyondIndex({ step, table }) {
    const index = table.indexes.find(({ name }) => name === step.body.IndexName);
    return Boolean(index && !index.local && index.projection.ProjectionType !== 'ALL' && (step.body.FilterExpression || step.body.ScanFilter));
  },

  // UPDATED_OLD and UPDATED_NEW: no more than what was updated of what the oracle returns.
  updatedParts({ step, lines }) {
    const [oracle, server] = lines.map(attributesOf);
    return /^UPDATED_/.test(step.body.ReturnValues) && isPart(server, oracle);
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

  // A page that ends at its limit, where nothing follows.
  fullPage({ step, server }) {
    return server.body.ScannedCount === Math.trunc(step.body.Limit);
  },
};
