// PutItem, GetItem, DeleteItem, BatchGetItem, BatchWriteItem: their parameters,
// ReturnValues, projections, capacity.
import { Cases, S, N, B, BOOL, NULL, SS, NS, L, M, table } from '../lib/corpus.mjs';

export const subject = 'items';
const T = 'compare-items';
const R = 'compare-items-range';
const I = 'compare-items-indexed';
const item = {
  pk: S('p'), s: S('hello'), n: N('5'), ss: SS('a', 'b'), l: L(S('a'), N(1), L(S('deep'), S('er')), M({ k: S('v'), j: N(2) })),
  m: M({ a: S('x'), b: M({ c: N(7), d: N(8) }), l: L(N(1), N(2), N(3)) }), t: BOOL(true), nul: NULL, b: B('abc'), 'with space': S('ws'), el: L(), em: M({}),
};
export const setup = [
  table(T), table(R, { sortType: 'S' }),
  table(I, {
    sortType: 'S',
    AttributeDefinitions: ['pk', 'sk', 'a', 'b'].map((AttributeName) => ({ AttributeName, AttributeType: AttributeName === 'b' ? 'N' : 'S' })),
    GlobalSecondaryIndexes: [{ IndexName: 'global', KeySchema: [{ AttributeName: 'a', KeyType: 'HASH' }, { AttributeName: 'b', KeyType: 'RANGE' }], Projection: { ProjectionType: 'ALL' } },
      { IndexName: 'keys', KeySchema: [{ AttributeName: 'b', KeyType: 'HASH' }], Projection: { ProjectionType: 'KEYS_ONLY' } }],
    LocalSecondaryIndexes: [{ IndexName: 'local', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'b', KeyType: 'RANGE' }], Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['x'] } }],
  }),
  ['PutItem', { TableName: T, Item: item }],
];
const c = new Cases();
export const cases = c.list;
const bodies = {
  PutItem: { TableName: T, Item: { pk: S('other'), a: N(1) } },
  GetItem: { TableName: T, Key: { pk: S('p') } },
  DeleteItem: { TableName: T, Key: { pk: S('absent') } },
  UpdateItem: { TableName: T, Key: { pk: S('other') }, UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': N(1) } },
};
const label = (v) => { const t = JSON.stringify(v) ?? 'undefined'; return t.length > 110 ? `${t.slice(0, 100)}...(${t.length})` : t; };

// Every parameter, with every wrong kind of value.
const wrong = [null, '', 'x', 5, true, [], {}, [{}], { a: 1 }];
for (const [operation, body] of Object.entries(bodies)) {
  for (const raw of ['{', '', '[]', '"x"', `{"TableName":"${T}"}`, '{"TableName":"compare-none"}', '{"TableName":""}', '{}']) c.it(`${operation} body ${raw}`, operation, raw);
  const parameters = ['TableName', 'Key', 'Item', 'ReturnValues', 'ReturnConsumedCapacity', 'ReturnItemCollectionMetrics', 'ReturnValuesOnConditionCheckFailure', 'ConditionExpression', 'UpdateExpression', 'ProjectionExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues', 'ConsistentRead', 'Unknown'];
  for (const parameter of parameters) {
    if (parameter in body) c.it(`${operation} without ${parameter}`, operation, { ...body, [parameter]: undefined });
    for (const value of wrong) c.it(`${operation} ${parameter} ${label(value)}`, operation, { ...body, [parameter]: value });
  }
  for (const [parameter, values] of Object.entries({
    ReturnValues: ['NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW', 'none'],
    ReturnConsumedCapacity: ['NONE', 'TOTAL', 'INDEXES', 'total'], ReturnItemCollectionMetrics: ['NONE', 'SIZE', 'size'],
    ConsistentRead: [true, false, 'true', 'false', 'TRUE', 'no', 1, 0],
  })) for (const value of values) c.it(`${operation} ${parameter} ${label(value)}`, operation, { ...body, [parameter]: value });
  for (const Name of ['ab', 'a$b', 'x'.repeat(256), 'compare-none', `arn:aws:dynamodb:us-east-1:000000000000:table/${T}`, 'arn:aws:dynamodb:us-east-1:000000000000:table/compare-none', 'arn:aws:s3:::x']) {
    if (!Name.startsWith('arn')) c.it(`${operation} TableName ${label(Name)}`, operation, { ...body, TableName: Name });
  }
  c.it(`${operation} everything wrong at once`, operation, { ...body, TableName: 'a$', Key: undefined, Item: undefined, ReturnValues: 'x', ReturnConsumedCapacity: 'x', ReturnItemCollectionMetrics: 'x', ReturnValuesOnConditionCheckFailure: 'x' });
  c.it(`${operation} enums wrong at once`, operation, { ...body, ReturnValues: 'x', ReturnConsumedCapacity: 'x', ReturnItemCollectionMetrics: 'x' });
  c.it(`${operation} enum wrong, table missing`, operation, { ...body, TableName: 'compare-none', ReturnConsumedCapacity: 'x' });
  c.it(`${operation} legacy and expression`, operation, { ...body, ConditionExpression: 'attribute_exists(s)', Expected: { s: { Exists: false } }, AttributesToGet: ['s'], ProjectionExpression: 's' });
  c.it(`${operation} legacy and expression on a missing table`, operation, { ...body, TableName: 'compare-none', ConditionExpression: 'attribute_exists(s)', Expected: { s: { Exists: false } }, AttributesToGet: ['s'], ProjectionExpression: 's' });
}
c.it('UpdateItem legacy updates and expression', 'UpdateItem', { ...bodies.UpdateItem, AttributeUpdates: { a: { Value: N(1), Action: 'PUT' } } });
c.it('UpdateItem legacy updates and condition', 'UpdateItem', { TableName: T, Key: { pk: S('p') }, ConditionExpression: 'attribute_exists(s)', AttributeUpdates: { a: { Value: N(1), Action: 'PUT' } } });
c.it('UpdateItem legacy expected and expression', 'UpdateItem', { ...bodies.UpdateItem, Expected: { a: { Exists: false } } });
c.it('UpdateItem ConditionalOperator and expression', 'UpdateItem', { ...bodies.UpdateItem, ConditionalOperator: 'AND' });
c.it('UpdateItem all legacy and expressions', 'UpdateItem', { ...bodies.UpdateItem, ConditionExpression: 'a = :a', AttributeUpdates: {}, Expected: {}, ConditionalOperator: 'OR' });
c.it('PutItem ConditionalOperator and expression', 'PutItem', { ...bodies.PutItem, ConditionExpression: 'attribute_exists(a)', ConditionalOperator: 'AND' });
c.it('GetItem AttributesToGet and projection', 'GetItem', { ...bodies.GetItem, ProjectionExpression: 's', AttributesToGet: ['s'] });
c.it('GetItem AttributesToGet and names', 'GetItem', { ...bodies.GetItem, ExpressionAttributeNames: { '#s': 's' }, AttributesToGet: ['s'] });
c.it('GetItem AttributesToGet and bad projection', 'GetItem', { ...bodies.GetItem, ProjectionExpression: 's s', AttributesToGet: ['s'] });

// PutItem.
const put = (name, Item, more = {}) => c.it(`PutItem ${name}`, 'PutItem', { TableName: T, Item, ...more });
put('without key', { a: N(1) });
put('empty', {});
put('wrong key type', { pk: N(1) });
put('empty attribute name', { pk: S('other'), '': S('x') });
put('without sort key', { pk: S('p') }, { TableName: R });
put('wrong sort key type', { pk: S('p'), sk: N(1) }, { TableName: R });
put('both keys wrong', { pk: N(1), sk: N(1) }, { TableName: R });
put('both keys missing', { a: S('x') }, { TableName: R });
put('empty sort key', { pk: S('p'), sk: S('') }, { TableName: R });
for (const [a, b] of [[N(1), N(1)], [S('x'), S('1')], [S(''), N(1)], [S('x'), NULL], [NULL, N(1)], [S('x'.repeat(2048)), N(1)], [S('x'.repeat(2049)), N(1)], [SS('x'), N(1)], [S('x'), undefined], [undefined, N(1)], [undefined, undefined]]) {
  c.it(`PutItem index keys ${label(a)} ${label(b)}`, 'PutItem', { TableName: I, Item: { pk: S('p'), sk: S('s'), a, b }, ReturnConsumedCapacity: 'INDEXES', ReturnItemCollectionMetrics: 'SIZE' });
  c.it(`UpdateItem index keys ${label(a)} ${label(b)}`, 'UpdateItem', { TableName: I, Key: { pk: S('p'), sk: S('u') }, UpdateExpression: `SET x = :x${a ? ', a = :a' : ''}${b ? ', b = :b' : ''}`, ExpressionAttributeValues: { ':x': S('x'), ...(a && { ':a': a }), ...(b && { ':b': b }) }, ReturnConsumedCapacity: 'INDEXES' });
}
for (const ReturnValues of ['NONE', 'ALL_OLD']) {
  c.it(`PutItem over an item ${ReturnValues}`, ['PutItem', { TableName: T, Item: { pk: S('q'), a: N(1) }, ReturnValues }], ['PutItem', { TableName: T, Item: { pk: S('q'), b: N(2) }, ReturnValues }], ['GetItem', { TableName: T, Key: { pk: S('q') } }], ['DeleteItem', { TableName: T, Key: { pk: S('q') }, ReturnValues }], ['DeleteItem', { TableName: T, Key: { pk: S('q') }, ReturnValues }], ['GetItem', { TableName: T, Key: { pk: S('q') } }]);
}

// Capacity: sizes around the lines of 1 KiB and 4 KiB, reads and writes, indexes.
for (const size of [10, 1000, 1019, 1020, 1021, 1022, 2044, 4000, 4091, 4092, 4093, 4094, 8188, 8190, 100000]) {
  c.it(`capacity of an item of about ${size}`, ...['PutItem', 'GetItem', 'GetItem', 'UpdateItem', 'PutItem', 'DeleteItem', 'GetItem', 'DeleteItem'].map((operation, i) => [operation, {
    TableName: T, ...(operation === 'PutItem' ? { Item: { pk: S('c'), v: S('x'.repeat(i === 0 ? size : 1)) } } : { Key: { pk: S('c') } }), ...(operation === 'UpdateItem' ? { UpdateExpression: 'SET w = :w', ExpressionAttributeValues: { ':w': S('y') } } : {}),
    ...(operation === 'GetItem' ? { ConsistentRead: i === 2, ProjectionExpression: 'pk' } : {}), ReturnConsumedCapacity: 'TOTAL',
  }]));
  c.it(`index capacity of an item of about ${size}`, ...[{ a: S('x'), b: N(1) }, { a: S('x'), b: N(1) }, { a: S('x'), b: N(2) }, { a: S('y'), b: N(2) }, { b: N(2) }, { a: S('y') }, {}, { a: S('x'), b: N(1), x: S('z') }, { a: S('x'), b: N(1), y: S('z') }].map((more) => ['PutItem', { TableName: I, Item: { pk: S('c'), sk: S('c'), v: S('x'.repeat(size)), ...more }, ReturnConsumedCapacity: 'INDEXES' }]),
    ['UpdateItem', { TableName: I, Key: { pk: S('c'), sk: S('c') }, UpdateExpression: 'SET v = :v', ExpressionAttributeValues: { ':v': S('y') }, ReturnConsumedCapacity: 'INDEXES' }],
    ['UpdateItem', { TableName: I, Key: { pk: S('c'), sk: S('c') }, UpdateExpression: 'REMOVE a', ReturnConsumedCapacity: 'INDEXES' }], ['DeleteItem', { TableName: I, Key: { pk: S('c'), sk: S('c') }, ReturnConsumedCapacity: 'INDEXES', ReturnItemCollectionMetrics: 'SIZE' }]);
}
c.it('capacity when a condition fails', 'PutItem', { TableName: T, Item: { pk: S('p') }, ConditionExpression: 'attribute_not_exists(pk)', ReturnConsumedCapacity: 'TOTAL' });

// ProjectionExpression.
function get(ProjectionExpression, ExpressionAttributeNames, more = {}) {
  c.it(`project ${label(ProjectionExpression)} ${ExpressionAttributeNames ? label(ExpressionAttributeNames) : ''} ${Object.keys(more).length ? label(more) : ''}`.trim(), 'GetItem', { TableName: T, Key: { pk: S('p') }, ProjectionExpression, ExpressionAttributeNames, ...more });
}
for (const e of ['s', 's, n', 's,n', ' s , n ', 'pk', 'nope', 'nope, s', 'm', 'm.a', 'm.b', 'm.b.c', 'm.b.c, m.b.d', 'm.b.d, m.b.c', 'm.a, m.l', 'm.nope', 'm.a, nope', 'm.a.x', 's.x', 's[0]', 'l', 'l[0]', 'l[1], l[0]', 'l[3], l[0]', 'l[2][1]', 'l[2][1], l[0]', 'l[3].k', 'l[3].k, l[3].j', 'l[3].j, l[1]', 'l[9]', 'l[9], l[0]', 'l[0].x', 'm.l[0], m.l[2]', 'm.l[2], m.l[1], m.l[0]', 'm[0]', 'l.x', 'm.l[1], m.a', 'el[0]', 'em.a', 'el', 'em', 'ss', 'ss[0]', 'nul', 't',
  's, s', 'm, m.a', 'm.a, m', 'm.a, m.a', 'l[0], l', 'l, l[0]', 'l[0], l[0]', 'm.a, m[0]', 'l[0], l.a', 'm.b, m.b.c', 'm.b.c, m', 's, n, s', '', ' ', ',', 's,', ',s', 's,,n', 's n', 's; n', 's.', '.s', 's..n', 's[', 's[]', 's[x]', 's[-1]', 's[1', 's]', 's[1.0]', 's[01]', 's[99999999999]', 's[2147483648]', '(s)', 's + n', 's = n', ':s', '#s', 'size(s)', 'foo(s)', '*', 's AS t', '1', '1s', '_s', 's_1', 's-1', 's1', 'with space', '"s"', "'s'", 'name', 's, name', 'm.name', 'name.s', 'NAME', 'set', 'and', 'not', 'in', 'size', 'nul, null', 'ttl', 'a.b.c.d.e', '\n s\t', 's,\nn', 'é', '\u0000', 'select', 'all']) get(e);
get('#s', { '#s': 's' });
get('#s, s', { '#s': 's' });
get('#s.#t', { '#s': 'm', '#t': 'a' });
get('#s', { '#s': 'with space' });
get('#s', { '#s': 'm.a' });
get('#s', {});
get('#s', { '#t': 's' });
get('s', { '#t': 's' });
get('s', { '#t': 's', '#u': 's' });
get('s', {});
get('s', { t: 's' });
get('s', { '#t': '' });
get('name, #u', { '#t': 's' });
get('s, s', { '#t': 's' });
get('s s', { '#t': 's' });
get(undefined, { '#t': 's' });
get(undefined, {});
get(undefined, { t: 's' });
get(undefined, undefined, { ExpressionAttributeValues: { ':x': S('x') } });
get('s', undefined, { ExpressionAttributeValues: { ':x': S('x') } });
get('s', undefined, { Key: { pk: S('absent') } });
get('s s', undefined, { Key: { pk: N(1) } });
get('s', { '#t': 's' }, { Key: { pk: N(1) } });
get('s s', undefined, { TableName: 'compare-none' });
get('s'.padEnd(4096));
get('s'.padEnd(4097));
get(Array.from({ length: 300 }, (_, i) => `a${i}`).join(', '));
get(Array.from({ length: 301 }, (_, i) => `a${i}`).join(', '));
get(Array.from({ length: 600 }, (_, i) => `a${i}`).join(', '));
get(`${'m.'.repeat(31)}m`);
get(`${'m.'.repeat(32)}m`);
get(`l${'[0]'.repeat(31)}`);
get(`l${'[0]'.repeat(32)}`);

// Keys.
for (const Key of [{}, { pk: N(1) }, { pk: S('') }, { pk: S('p'), x: S('y') }, { x: S('p') }, { pk: {} }, { pk: S('p'), sk: S('s') }, { sk: S('s') }, { pk: SS('p') }, { pk: L() }, { pk: { S: 'p', N: '1' } }]) {
  for (const TableName of [T, R]) for (const operation of ['GetItem', 'DeleteItem']) c.it(`${operation} ${TableName} Key ${label(Key)}`, operation, { TableName, Key });
}

// BatchGetItem.
const bg = (name, RequestItems, more = {}) => c.it(`BatchGetItem ${name}`, 'BatchGetItem', { RequestItems, ...more });
for (const v of [undefined, ...wrong]) bg(`RequestItems ${label(v)}`, v);
for (const v of wrong) {
  bg(`of a table ${label(v)}`, { [T]: v });
  bg(`Keys ${label(v)}`, { [T]: { Keys: v } });
  bg(`a key ${label(v)}`, { [T]: { Keys: [v] } });
  bg(`ConsistentRead ${label(v)}`, { [T]: { Keys: [{ pk: S('p') }], ConsistentRead: v } });
  bg(`ProjectionExpression ${label(v)}`, { [T]: { Keys: [{ pk: S('p') }], ProjectionExpression: v } });
  bg(`ExpressionAttributeNames ${label(v)}`, { [T]: { Keys: [{ pk: S('p') }], ExpressionAttributeNames: v } });
  bg(`ReturnConsumedCapacity ${label(v)}`, { [T]: { Keys: [{ pk: S('p') }] } }, { ReturnConsumedCapacity: v });
}
const keys = (n) => Array.from({ length: n }, (_, i) => ({ pk: S(`k${i}`) }));
for (const n of [0, 1, 99, 100, 101]) bg(`${n} keys`, { [T]: { Keys: keys(n) } });
bg('100 keys of two tables', { [T]: { Keys: keys(50) }, [R]: { Keys: keys(50).map((k) => ({ ...k, sk: S('s') })) } });
bg('101 keys of two tables', { [T]: { Keys: keys(51) }, [R]: { Keys: keys(50).map((k) => ({ ...k, sk: S('s') })) } });
bg('a key twice', { [T]: { Keys: [{ pk: S('p') }, { pk: S('p') }] } });
bg('a missing table', { 'compare-none': { Keys: keys(1) } });
bg('a missing and a good table', { 'compare-none': { Keys: keys(1) }, [T]: { Keys: keys(1) } });
bg('a bad table name', { a$: { Keys: keys(1) } });
bg('a short table name', { ab: { Keys: keys(1) } });
bg('an empty table name', { '': { Keys: keys(1) } });
bg('a wrong key', { [T]: { Keys: [{ pk: N(1) }] } });
bg('an extra key attribute', { [T]: { Keys: [{ pk: S('p'), x: S('y') }] } });
bg('an empty key value', { [T]: { Keys: [{ pk: S('') }] } });
bg('an absent key', { [T]: { Keys: [{ pk: S('absent') }] } }, { ReturnConsumedCapacity: 'INDEXES' });
for (const ReturnConsumedCapacity of ['NONE', 'TOTAL', 'INDEXES']) bg(`capacity ${ReturnConsumedCapacity}`, { [T]: { Keys: [{ pk: S('p') }, { pk: S('absent') }], ConsistentRead: true }, [R]: { Keys: [{ pk: S('absent'), sk: S('s') }] } }, { ReturnConsumedCapacity });
bg('projection', { [T]: { Keys: [{ pk: S('p') }], ProjectionExpression: '#s, m.a', ExpressionAttributeNames: { '#s': 's' } } });
bg('a bad projection', { [T]: { Keys: [{ pk: S('p') }], ProjectionExpression: 's s' } });
bg('a bad projection and a bad key', { [T]: { Keys: [{ pk: N(1) }], ProjectionExpression: 's s' } });
bg('a bad projection of a missing table', { 'compare-none': { Keys: [{ pk: N(1) }], ProjectionExpression: 's s' } });
bg('an unused name', { [T]: { Keys: [{ pk: S('p') }], ProjectionExpression: 's', ExpressionAttributeNames: { '#s': 's' } } });
bg('names without projection', { [T]: { Keys: [{ pk: S('p') }], ExpressionAttributeNames: { '#s': 's' } } });
bg('AttributesToGet and projection', { [T]: { Keys: [{ pk: S('p') }], ProjectionExpression: 's', AttributesToGet: ['s'] } });
bg('an unknown parameter', { [T]: { Keys: [{ pk: S('p') }], Foo: 1 } }, { Bar: 2 });

// BatchWriteItem.
const bw = (name, RequestItems, more = {}) => c.it(`BatchWriteItem ${name}`, 'BatchWriteItem', { RequestItems, ...more });
for (const v of [undefined, ...wrong]) bw(`RequestItems ${label(v)}`, v);
for (const v of wrong) {
  bw(`of a table ${label(v)}`, { [T]: v });
  bw(`a request ${label(v)}`, { [T]: [v] });
  bw(`PutRequest ${label(v)}`, { [T]: [{ PutRequest: v }] });
  bw(`DeleteRequest ${label(v)}`, { [T]: [{ DeleteRequest: v }] });
  bw(`Item ${label(v)}`, { [T]: [{ PutRequest: { Item: v } }] });
  bw(`Key ${label(v)}`, { [T]: [{ DeleteRequest: { Key: v } }] });
  bw(`ReturnConsumedCapacity ${label(v)}`, { [T]: [{ DeleteRequest: { Key: { pk: S('absent') } } }] }, { ReturnConsumedCapacity: v });
  bw(`ReturnItemCollectionMetrics ${label(v)}`, { [T]: [{ DeleteRequest: { Key: { pk: S('absent') } } }] }, { ReturnItemCollectionMetrics: v });
}
const puts = (n) => Array.from({ length: n }, (_, i) => ({ PutRequest: { Item: { pk: S(`w${i}`), v: N(i) } } }));
const deletes = (n) => Array.from({ length: n }, (_, i) => ({ DeleteRequest: { Key: { pk: S(`w${i}`) } } }));
for (const n of [0, 1, 25, 26]) { bw(`${n} puts`, { [T]: puts(n) }); bw(`${n} deletes`, { [T]: deletes(n) }); }
bw('26 of two tables', { [T]: puts(13), [R]: puts(13) });
bw('put and delete of one key', { [T]: [...puts(1), ...deletes(1)] });
bw('two puts of one key', { [T]: [...puts(1), ...puts(1)] });
bw('two deletes of one key', { [T]: [...deletes(1), ...deletes(1)] });
bw('both in one', { [T]: [{ ...puts(1)[0], ...deletes(1)[0] }] });
bw('neither', { [T]: [{}] });
bw('a missing table', { 'compare-none': puts(1) });
bw('a missing and a good table', { 'compare-none': puts(1), [T]: deletes(1) });
bw('a bad table name', { a$: puts(1) });
bw('a put without key', { [T]: [{ PutRequest: { Item: { a: N(1) } } }] });
bw('a put with a wrong key', { [T]: [{ PutRequest: { Item: { pk: N(1) } } }] });
bw('a put with an empty key', { [T]: [{ PutRequest: { Item: { pk: S('') } } }] });
bw('a delete with a wrong key', { [T]: [{ DeleteRequest: { Key: { pk: N(1) } } }] });
bw('a delete with an extra attribute', { [T]: [{ DeleteRequest: { Key: { pk: S('p'), x: S('y') } } }] });
bw('a bad value', { [T]: [{ PutRequest: { Item: { pk: S('x'), v: { N: 'x' } } } }] });
bw('a good and a bad one', { [T]: [...puts(1), { PutRequest: { Item: { pk: S('x'), v: { N: 'x' } } } }] });
bw('an item too large', { [T]: [{ PutRequest: { Item: { pk: S('x'), v: S('x'.repeat(409600)) } } }] });
bw('a wrong index key', { [I]: [{ PutRequest: { Item: { pk: S('x'), sk: S('x'), a: N(1) } } }] });
for (const ReturnConsumedCapacity of ['NONE', 'TOTAL', 'INDEXES']) bw(`capacity ${ReturnConsumedCapacity}`, { [T]: [...puts(2), { DeleteRequest: { Key: { pk: S('absent') } } }], [I]: [{ PutRequest: { Item: { pk: S('x'), sk: S('x'), a: S('a'), b: N(1), big: S('x'.repeat(3000)) } } }] }, { ReturnConsumedCapacity, ReturnItemCollectionMetrics: 'SIZE' });
