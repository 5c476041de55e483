// The parameters that expressions replaced: each comparison operator with each type of value and attribute, each action of
// AttributeUpdates, key conditions of tables and indexes, AttributesToGet, random combinations, and every way to say it wrongly.
import { Cases, S, N, B, BOOL, NULL, SS, NS, BS, L, M, show } from '../lib/corpus.mjs';
import { Dice } from '../random/dice.mjs';

export const subject = 'legacy';
const T = 'compare-legacy';
const item = {
  pk: S('p'), sk: N(1), s: S('hello'), e: S(''), n: N('5'), b: B('abc'), t: BOOL(true), nul: NULL, ss: SS('a', 'hello'), ns: NS(1, 5),
  bs: BS('x', 'abc'), l: L(S('a'), N(5), BOOL(true), NULL), m: M({ a: S('x') }), g: S('g'),
};
const key = { pk: item.pk, sk: item.sk };
const other = (sk, more) => ['PutItem', { TableName: T, Item: { pk: S('p'), sk: N(sk), g: S('g'), s: S(`s${sk}`), v: N(sk), ...more } }];
const index = (IndexName, hash, range, Projection) => ({
  IndexName, KeySchema: [{ AttributeName: hash, KeyType: 'HASH' }, ...(range ? [{ AttributeName: range, KeyType: 'RANGE' }] : [])], Projection,
});
export const setup = [
  ['CreateTable', {
    TableName: T, BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [['pk', 'S'], ['sk', 'N'], ['s', 'S'], ['g', 'S']].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
    LocalSecondaryIndexes: [index('local', 'pk', 's', { ProjectionType: 'KEYS_ONLY' })],
    GlobalSecondaryIndexes: [index('global', 'g', 's', { ProjectionType: 'ALL' }), index('keys', 'g', null, { ProjectionType: 'KEYS_ONLY' })],
  }],
  ['PutItem', { TableName: T, Item: item }], other(2), other(3, { v: S('three'), w: N(1) }), other(4),
];

const c = new Cases();
export const cases = c.list;

const operators = ['EQ', 'NE', 'LE', 'LT', 'GE', 'GT', 'NOT_NULL', 'NULL', 'CONTAINS', 'NOT_CONTAINS', 'BEGINS_WITH', 'IN', 'BETWEEN'];
const compare = (ComparisonOperator, ...AttributeValueList) => ({ ComparisonOperator, AttributeValueList });
const equal = (value) => compare('EQ', value);

// The item itself is never changed: a condition is asked through a PutItem that writes the same item.
const expect = (Expected, more = {}) => c.it(`Expected ${show(Expected)} ${show(more)}`, 'PutItem', { TableName: T, Item: item, Expected, ...more });
const filter = (QueryFilter, more = {}) =>
  c.it(`QueryFilter ${show(QueryFilter)} ${show(more)}`, 'Query', { TableName: T, KeyConditions: { pk: equal(S('p')) }, QueryFilter, ...more });
const scan = (ScanFilter, more = {}) => c.it(`ScanFilter ${show(ScanFilter)} ${show(more)}`, 'Scan', { TableName: T, ScanFilter, ...more });
const query = (KeyConditions, more = {}) => c.it(`KeyConditions ${show(KeyConditions)} ${show(more)}`, 'Query', { TableName: T, KeyConditions, ...more });

// Each operator, with each type of value, on each type of attribute.
const values = {
  s: S('hello'), part: S('ell'), prefix: S('he'), e: S(''), n: N('5.0'), b: B('abc'), part_b: B('bc'), prefix_b: B('ab'), t: BOOL(true), f: BOOL(false), nul: NULL,
  ss: SS('hello', 'a'), ns: NS('5', '1'), bs: BS('abc', 'x'), l: item.l, m: item.m,
};
for (const operator of operators) {
  for (const value of Object.values(values)) {
    const condition = operator === 'BETWEEN' ? compare(operator, value, value) : compare(operator, value);
    expect({ s: condition });
    if (['NOT_NULL', 'NULL'].includes(operator)) continue;
    for (const attribute of ['e', 'n', 'b', 't', 'nul', 'ss', 'ns', 'bs', 'l', 'm', 'none']) expect({ [attribute]: condition });
  }
  for (const attribute of ['s', 'nul', 'none']) expect({ [attribute]: { ComparisonOperator: operator } });
  for (const list of [[], [S('a'), S('z')], [S('a'), S('b'), S('z')], [S('z'), S('a')], [N(1), S('a')], [S('a'), SS('a')], [N(1), S('a'), SS('a')], [{}], [null],
    [S('a'), {}], [{ N: 'x' }], [{ S: 'a', N: '1' }], [{ SS: [] }]]) {
    expect({ s: compare(operator, ...list) });
    filter({ v: compare(operator, ...list) }, { Select: 'COUNT' });
  }
  expect({ s: { ComparisonOperator: operator, Value: S('hello') } });
  expect({ s: { ComparisonOperator: operator, Value: SS('hello') } });
  scan({ v: { ComparisonOperator: operator } });
  scan({ v: compare(operator, N(2), ...(operator === 'BETWEEN' ? [N(3)] : [])) });
}
expect({ n: compare('IN', ...Array.from({ length: 500 }, (_, i) => N(i))) });
expect({ n: compare('IN', ...Array.from({ length: 500 }, (_, i) => N(i + 100))) });
expect(Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`none${i}`, { Exists: false }])));

// The older form, and what may stand together.
for (const attribute of ['s', 'n', 'nul', 'none']) {
  for (const condition of [{}, { Exists: true }, { Exists: false }, { Value: item[attribute] ?? S('x') }, { Value: N('5.00') }, { Exists: true, Value: S('hello') }, { Exists: false, Value: S('hello') }]) {
    expect({ [attribute]: condition });
  }
}
const parts = { Value: S('hello'), Exists: false, ComparisonOperator: 'EQ', AttributeValueList: [S('hello')] };
const bad = { Value: {}, Exists: true, ComparisonOperator: 'LT', AttributeValueList: [{}] };
for (const choice of [parts, bad, { ...parts, Exists: null }, { ...parts, Value: null }, { ...parts, AttributeValueList: null }]) {
  for (let mask = 1; mask < 16; mask++) expect({ s: Object.fromEntries(Object.entries(choice).filter((_, i) => (mask >> i) & 1)) });
}
for (const name of ['', 'x'.repeat(65535), 'x'.repeat(65536), 'm.a', 'l[0]', 'pk', 'a b']) {
  expect({ [name]: { Exists: false } });
  scan({ [name]: compare('NULL') }, { Select: 'COUNT' });
}
for (const [conditions, more] of [[{}], [null], [{ s: null }], [{ s: {}, n: {} }], [{ s: { Value: {} }, n: {} }], [[]], ['x'], [{ s: 'x' }], [{ s: [] }], [{ s: { Exists: 'x' } }],
  [{ s: { ComparisonOperator: 'XX' } }], [{ s: { ComparisonOperator: '' } }], [{ s: { ComparisonOperator: 'eq' } }], [{ s: { AttributeValueList: S('x') } }], [{ s: { Value: 'x' } }],
  [{ s: {} }, { Item: { pk: {} } }], [{ s: {} }, { Item: { pk: S('p') } }], [{ s: {} }, { TableName: 'compare-none' }], [{ s: {} }, { ReturnValues: 'ALL_NEW' }],
  [{ s: {} }, { ExpressionAttributeNames: { '#a': 'a' } }], [{ s: { Exists: false } }, { ExpressionAttributeNames: { '#a': 'a' } }], [{ s: { Exists: false } }, { ExpressionAttributeValues: { ':a': N(1) } }],
  [{}, { ConditionExpression: 'attribute_exists(s)' }], [{ s: { Exists: false } }, { ConditionExpression: 'bad' }]]) expect(conditions, more);

// AND and OR.
const yes = { s: equal(S('hello')) }, no = { n: equal(N(6)) }, neither = { none: compare('NOT_NULL') };
for (const ConditionalOperator of ['AND', 'OR', 'and', 'XX', null]) {
  for (const conditions of [undefined, {}, yes, no, { ...yes, ...no }, { ...no, ...neither }, { ...yes, t: equal(BOOL(true)) }, { s: {}, n: {} }, { s: {} }]) {
    expect(conditions, { ConditionalOperator });
    filter(conditions && Object.fromEntries(Object.entries(conditions).map(([name, condition]) => [name === 's' ? 'v' : name, condition])), { ConditionalOperator, Select: 'COUNT' });
    scan(conditions, { ConditionalOperator });
  }
}
c.it('Expected of a DeleteItem', ['DeleteItem', { TableName: T, Key: key, Expected: no }], ['DeleteItem', { TableName: T, Key: { pk: S('p'), sk: N(99) }, Expected: { pk: { Exists: false } }, ReturnValues: 'ALL_OLD' }]);
for (const operation of ['PutItem', 'UpdateItem', 'DeleteItem']) {
  for (const body of [{ Expected: no, ReturnValuesOnConditionCheckFailure: 'ALL_OLD', ReturnConsumedCapacity: 'TOTAL' }, { ConditionalOperator: 'OR' }, { Expected: yes, ConditionalOperator: 'OR' }]) {
    c.it(`${operation} ${show(body)}`, operation, { TableName: T, ...(operation === 'PutItem' ? { Item: item } : { Key: key }), ...body });
  }
}

// AttributeUpdates, each on a fresh item.
const U = { pk: S('u'), sk: N(1) };
function update(AttributeUpdates, more = {}, there = true) {
  const steps = there ? [['PutItem', { TableName: T, Item: { ...item, ...U } }]] : [['DeleteItem', { TableName: T, Key: U }]];
  c.it(`AttributeUpdates ${show(AttributeUpdates)} ${show(more)}${there ? '' : ' of no item'}`, ...steps, ['UpdateItem', { TableName: T, Key: U, AttributeUpdates, ...more }],
    ['GetItem', { TableName: T, Key: U }]);
}
for (const Action of ['PUT', 'ADD', 'DELETE', undefined]) {
  for (const value of [...Object.values(values), L(), M({}), {}, null, { N: 'x' }, { SS: ['a', 'a'] }]) {
    const action = { Action, Value: value };
    update({ x: action }, { ReturnValues: 'UPDATED_NEW' });
    if (Action === 'ADD' || Action === 'DELETE') for (const attribute of ['s', 'n', 'ss', 'ns', 'bs', 'l', 'm', 'nul']) update({ [attribute]: action }, { ReturnValues: 'UPDATED_NEW' });
    if (Action === 'ADD') update({ x: action }, { ReturnValues: 'ALL_NEW' }, false);
  }
  for (const ReturnValues of ['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']) {
    update({ n: { Action, ...(Action === 'DELETE' ? {} : { Value: N(2) }) }, x: { Value: S('new') } }, { ReturnValues, ReturnConsumedCapacity: 'INDEXES' });
  }
  update({ s: { Action } });
  for (const name of ['pk', 'sk', '', 'm.a', 'x'.repeat(65536)]) update({ [name]: { Action, ...(Action === 'DELETE' ? {} : { Value: N(1) }) } });
}
for (const ReturnValues of ['ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']) {
  for (const updates of [undefined, {}, { s: { Action: 'DELETE' } }, { ss: { Action: 'DELETE', Value: SS('a') } }, { s: { Action: 'DELETE' }, x: { Value: N(1) } }]) update(updates, { ReturnValues }, false);
  update({ s: { Action: 'DELETE' }, none: { Action: 'DELETE' }, ss: { Action: 'DELETE', Value: SS('a', 'hello') } }, { ReturnValues });
}
for (const [updates, more] of [[{ x: null }], [{ x: {} }], [[]], ['x'], [{ x: 'x' }], [{ x: { Action: 'XX', Value: N(1) } }], [{ x: { Action: '', Value: N(1) } }], [{ x: { Action: 'put', Value: N(1) } }],
  [{ g: { Value: N(1) } }], [{ g: { Value: S('') } }], [{ g: { Action: 'DELETE' } }], [{ x: { Value: S('x'.repeat(410000)) } }], [{ n: { Action: 'ADD', Value: N(`${'9'.repeat(38)}e87`) } }],
  [{ x: { Action: 'PUT' } }, { Expected: { s: {} } }], [{ x: { Value: {} } }, { Expected: { s: {} } }], [{ x: { Action: 'PUT' } }, { Key: { pk: {} } }], [{ x: { Action: 'PUT' } }, { TableName: 'compare-none' }],
  [{ pk: { Value: S('u') } }, { Key: { none: S('a') } }], [{ x: { Action: 'PUT' } }, { ConditionalOperator: 'OR' }], [{ x: { Action: 'PUT' } }, { ReturnValues: 'XX' }],
  [{ x: { Value: N(1) } }, { Expected: yes }], [{ x: { Value: N(1) } }, { Expected: no }], [{ x: { Value: N(1) } }, { UpdateExpression: 'REMOVE x' }], [{ x: { Value: N(1) } }, { ConditionExpression: 'attribute_exists(x)' }],
  [undefined, { UpdateExpression: 'REMOVE x', Expected: yes }]]) update(updates, more);

// KeyConditions of the table and its indexes.
const pk = { pk: equal(S('p')) }, g = { g: equal(S('g')) };
for (const operator of operators) {
  for (const list of [[], [N(2)], [N(2), N(3)], [N(3), N(2)], [S('s2')], [S('')], [SS('a')], [BOOL(true)], [{}]]) {
    query({ pk: compare(operator, ...list) });
    query({ ...pk, sk: compare(operator, ...list) }, { AttributesToGet: ['sk'] });
    query({ ...pk, s: compare(operator, ...list) }, { IndexName: 'local' });
  }
  query({ ...g, s: compare(operator, S('s2'), ...(operator === 'BETWEEN' ? [S('s3')] : [])) }, { IndexName: 'global', ScanIndexForward: false, Unordered: true });
}
for (const [conditions, more] of [[undefined], [null], [{}], [{ pk: null }], [{ pk: {} }], [[]], ['x'], [{ pk: { ComparisonOperator: 'XX' } }], [{ sk: equal(N(1)) }], [{ v: equal(N(1)) }], [{ ...pk, v: equal(N(1)) }],
  [{ ...pk, sk: equal(N(1)), v: equal(N(1)) }], [{ ...pk, sk: equal(N(1)), v: {} }], [pk], [{ ...pk, sk: compare('GT', N(1)) }, { ScanIndexForward: false, Limit: 2 }],
  [{ ...pk, sk: equal(N(1)) }, { IndexName: 'local' }], [pk, { IndexName: 'global' }], [{ ...g, s: equal(S('s2')) }, { IndexName: 'keys' }], [{ g: equal(S('')) }, { IndexName: 'keys' }], [pk, { IndexName: 'none' }],
  [pk, { TableName: 'compare-none' }], [{ pk: {} }, { TableName: 'compare-none' }], [pk, { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': S('p') } }],
  [pk, { FilterExpression: 'v > :v', ExpressionAttributeValues: { ':v': N(2) } }], [pk, { ProjectionExpression: 'sk' }], [pk, { ProjectionExpression: 'sk', QueryFilter: {} }],
  [pk, { FilterExpression: 'attribute_exists(v)', AttributesToGet: ['v'] }], [pk, { ExpressionAttributeNames: { '#a': 'a' } }], [pk, { ExpressionAttributeValues: { ':a': N(1) } }],
  [pk, { ExclusiveStartKey: key }], [{ ...pk, sk: compare('GT', N(2)) }, { ExclusiveStartKey: key }], [pk, { ReturnConsumedCapacity: 'INDEXES' }], [g, { IndexName: 'global', ReturnConsumedCapacity: 'INDEXES', Unordered: true }]]) query(conditions, more);

// Filters on keys, and on what an index does not have.
const one = (name) => ({ [name]: equal(name === 'sk' || name === 'v' ? N(2) : S('s2')) });
for (const [name, more] of [['pk'], ['sk'], ['v'], ['s', { IndexName: 'local' }], ['sk', { IndexName: 'local' }], ['v', { IndexName: 'local' }], ['g', { IndexName: 'global', KeyConditions: g }], ['v', { IndexName: 'global', KeyConditions: g }],
  ['v', { IndexName: 'keys', KeyConditions: g }], ['pk', { IndexName: 'keys', KeyConditions: g }]]) {
  filter(one(name), { Unordered: true, ...more });
  if (!more?.KeyConditions) scan(one(name), more);
}

// AttributesToGet.
const get = (more) => c.it(`GetItem ${show(more)}`, 'GetItem', { TableName: T, Key: key, ...more });
const batch = (more) => c.it(`BatchGetItem ${show(more)}`, 'BatchGetItem', { RequestItems: { [T]: { Keys: [key], ...more } } });
for (const AttributesToGet of [['s', 'n'], ['none'], ['s', 's'], ['a', 'b', 'b', 'a'], [], null, [null], [''], ['m.a', 'm'], ['l[0]'], ['x'.repeat(65536)], [1], 'x', {}, Array.from({ length: 300 }, (_, i) => `a${i}`)]) {
  for (const make of [get, batch]) for (const more of [{}, { ProjectionExpression: 's' }, { ExpressionAttributeNames: { '#s': 's' } }]) make({ AttributesToGet, ...more });
  get({ AttributesToGet, Key: { pk: {} } });
  get({ AttributesToGet, Key: { none: S('a') } });
  query(pk, { AttributesToGet });
  scan(undefined, { AttributesToGet });
}
for (const Select of ['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT', undefined]) {
  for (const AttributesToGet of [['sk'], ['v', 'sk'], undefined]) {
    for (const IndexName of [undefined, 'local', 'global', 'keys']) {
      query(IndexName === 'global' || IndexName === 'keys' ? g : pk, { Select, AttributesToGet, IndexName, Unordered: true });
      scan(undefined, { Select, AttributesToGet, IndexName });
    }
  }
}

// Two faults at once: which is told.
const faults = {
  filter: { QueryFilter: { v: {} } }, key: { KeyConditions: { none: equal(N(1)) } }, operator: { ConditionalOperator: 'OR' }, select: { Select: 'SPECIFIC_ATTRIBUTES' },
  twice: { AttributesToGet: ['v', 'v'] }, start: { ExclusiveStartKey: { pk: {} } }, values: { QueryFilter: { v: compare('EQ') } }, index: { IndexName: 'none' }, many: { KeyConditions: { ...pk, sk: equal(N(1)), v: equal(N(1)) } },
};
for (const [a, first] of Object.entries(faults)) for (const [b, second] of Object.entries(faults)) if (a < b) c.it(`faults ${a} and ${b}`, 'Query', { TableName: T, KeyConditions: pk, ...first, ...second });

// Random combinations of right conditions.
const random = new Dice(2014);
const attributes = ['s', 'n', 'b', 't', 'nul', 'ss', 'ns', 'bs', 'l', 'm', 'none', 'v', 'w'];
function anyCondition() {
  const operator = random.of(operators);
  if (operator === 'NULL' || operator === 'NOT_NULL') return { ComparisonOperator: operator };
  const plain = [S('hello'), S('s2'), N(5), N(2), B('abc')];
  const value = random.of(operator === 'EQ' || operator === 'NE' ? Object.values(values) : operator === 'BEGINS_WITH' ? [S('h'), S('s'), B('a')] : plain);
  const like = plain.filter((v) => Object.keys(v)[0] === Object.keys(value)[0]);
  if (operator === 'IN') return compare(operator, ...random.times(1 + random.below(3), () => random.of(like)));
  return operator === 'BETWEEN' ? compare(operator, value, value) : compare(operator, value);
}
const conditions = () => Object.fromEntries(random.times(2 + random.below(4), () => [random.of(attributes), anyCondition()]));
for (let i = 0; i < 300; i++) {
  const joined = conditions();
  const more = Object.keys(joined).length > 1 && random.chance(0.7) ? { ConditionalOperator: random.of(['AND', 'OR']) } : {};
  if (random.chance(0.3)) expect(joined, more);
  else if (random.chance(0.5)) scan(joined, { ...more, ...(random.chance(0.3) && { Select: 'COUNT' }) });
  else filter(joined, { ...more, ...(random.chance(0.3) && { AttributesToGet: ['sk', random.of(attributes)] }) });
}
