// Query and Scan: key conditions, filters, projections, indexes, paging, counts,
// capacity, and every parameter that they share.
import { Cases, S, N, B, BOOL, NULL, SS, L, M, table } from '../lib/corpus.mjs';

export const subject = 'queries';
const T = 'compare-queries';
const NUM = 'compare-queries-number';
const BIN = 'compare-queries-binary';
const H = 'compare-queries-hash';
const LOCAL = { TableName: T, IndexName: 'local' };
const put = (TableName, Item) => ['PutItem', { TableName, Item }];
const attributes = { pk: 'S', sk: 'S', a: 'S', b: 'N', g: 'S' };
export const setup = [
  table(T, {
    sortType: 'S', AttributeDefinitions: Object.entries(attributes).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    LocalSecondaryIndexes: [
      { IndexName: 'local', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'b', KeyType: 'RANGE' }], Projection: { ProjectionType: 'KEYS_ONLY' } },
      { IndexName: 'localall', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'a', KeyType: 'RANGE' }], Projection: { ProjectionType: 'ALL' } }],
    GlobalSecondaryIndexes: [
      { IndexName: 'global', KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }, { AttributeName: 'b', KeyType: 'RANGE' }], Projection: { ProjectionType: 'ALL' } },
      { IndexName: 'include', KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }, { AttributeName: 'a', KeyType: 'RANGE' }], Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['x'] } },
      { IndexName: 'keys', KeySchema: [{ AttributeName: 'a', KeyType: 'HASH' }], Projection: { ProjectionType: 'KEYS_ONLY' } }],
  }),
  table(NUM, { sortType: 'N' }), table(BIN, { sortType: 'B' }), table(H),
  ...Array.from({ length: 12 }, (_, i) => put(T, { pk: S('p'), sk: S(`s${String(i).padStart(2, '0')}`), b: N(100 - i), g: S('g'), x: S(`x${i}`), m: M({ i: N(i) }), ...(i % 2 ? { a: S(`a${i}`) } : {}), ...(i === 5 ? { only: BOOL(true) } : {}) })),
  ...['', 'q', 'Q', 'é', '\ud83d\ude00', 'zz'].map((k, i) => put(T, { pk: S('q'), sk: S(`k${k}`), b: N(i) })),
  ...['0', '-1', '-10', '10', '9', '1.5', '-1.5', '1e20', '-1e20', '1e-20', '9.9e125', '-9.9e125', '1e-130', '-1e-130', '100', '99'].map((n) => put(NUM, { pk: S('p'), sk: N(n) })),
  ...[[0], [0, 0], [1], [0x7f], [0x80], [0xff], [0xff, 0], [0xff, 0xff], [0x61, 0x62]].map((b) => put(BIN, { pk: S('p'), sk: B(Buffer.from(b)) })),
  ...Array.from({ length: 5 }, (_, i) => put(H, { pk: S(`h${i}`), v: N(i), big: S('x'.repeat(3000)) })),
];
const c = new Cases();
export const cases = c.list;
const label = (v) => { const t = JSON.stringify(v) ?? 'undefined'; return t.length > 130 ? `${t.slice(0, 120)}...(${t.length})` : t; };
const P = { ':p': S('p') };

function query(KeyConditionExpression, values = P, names, more = {}) {
  c.it(`${label(KeyConditionExpression)} ${values ? label(values) : ''} ${names ? label(names) : ''} ${Object.keys(more).length ? label(more) : ''}`.trim(), 'Query', { TableName: T, KeyConditionExpression, ExpressionAttributeValues: values, ExpressionAttributeNames: names, ...more });
}
const with_ = (more, values, e = 'pk = :p') => query(e, { ...P, ...values }, undefined, more);

// Key conditions.
query('pk = :p');
const s = (v) => ({ ...P, ':s': S(v) });
for (const e of ['pk = :p AND sk = :s', 'pk = :p AND sk < :s', 'pk = :p AND sk <= :s', 'pk = :p AND sk > :s', 'pk = :p AND sk >= :s', 'pk = :p AND begins_with(sk, :s)', 'sk = :s AND pk = :p', 'begins_with(sk, :s) AND pk = :p', '(pk = :p) AND (sk = :s)', '(pk = :p AND sk = :s)', '((pk = :p)) AND sk = :s', '((pk = :p AND sk = :s))', '(pk) = :p AND sk = (:s)', ':p = pk AND sk = :s', 'pk = :p AND :s = sk', 'pk = :p AND :s < sk',
  'pk = :p and sk = :s', 'pk = :p AND sk <> :s', 'pk = :p OR sk = :s', 'NOT pk = :p AND sk = :s', 'pk = :p AND NOT sk = :s', 'pk = :p AND sk IN (:s)', 'pk IN (:p) AND sk = :s', 'pk = :p AND contains(sk, :s)', 'pk = :p AND attribute_exists(sk) AND sk = :s', 'pk = :p AND size(sk) = :s', 'pk > :p AND sk = :s', 'begins_with(pk, :p) AND sk = :s', 'pk = :p AND sk = :s AND sk = :s', 'pk = :p AND sk > :s AND sk < :s', 'pk = :p AND pk = :p AND sk = :s', 'pk = :p AND pk = :s', 'pk = :p AND x = :s', 'x = :p AND sk = :s', 'x = :p AND y = :s', 'pk = :p AND sk.a = :s', 'pk.a = :p AND sk = :s', 'pk[0] = :p AND sk = :s', 'pk = :p AND sk = pk AND sk = :s', 'pk = sk AND pk = :p AND sk = :s', 'pk = :p AND sk BETWEEN :s AND :s', 'pk = :p AND sk BETWEEN :s AND sk', 'sk BETWEEN :s AND :s AND pk = :p', 'pk = :p AND begins_with(:s, sk)', 'pk = :p AND begins_with(sk, sk) AND sk = :s', 'pk = :p AND begins_with(sk)', 'pk = :p AND begins_with(sk, :s, :s)', 'pk = :p AND BEGINS_WITH(sk, :s)', 'pk = :p AND foo(sk, :s)', 'pk = :p AND', 'pk = :p AND sk', 'pk = :p sk = :s', 'pk = :p, sk = :s', 'pk = :p & sk = :s', 'pk == :p', 'pk = :p AND sk = :s AND', 'AND pk = :p', 'pk = :p AND (sk = :s', 'pk = :p AND sk = :s)', 'pk = :p AND (sk = :s)', '(pk = :p AND sk = :s) AND sk = :s', 'pk = :p AND sk = :s OR pk = :p', 'pk BETWEEN :p AND :s']) {
  query(e, e.includes(':s') ? s('s03') : P);
}
for (const v of ['', 's', 's0', 's1', 's05', 't', 'a']) query('pk = :p AND begins_with(sk, :s)', s(v));
for (const [a, b] of [['s02', 's05'], ['s05', 's02'], ['s05', 's05'], ['', 'zzz'], ['s03', 's03x']]) query('pk = :p AND sk BETWEEN :a AND :b', { ...P, ':a': S(a), ':b': S(b) });
for (const v of [N(1), B('s'), BOOL(true), NULL, SS('s'), L(), M({}), S('')]) {
  for (const op of ['=', '<', '>=']) query(`pk = :p AND sk ${op} :s`, { ...P, ':s': v });
  query('pk = :p AND begins_with(sk, :s)', { ...P, ':s': v });
  query('pk = :p AND sk BETWEEN :s AND :s', { ...P, ':s': v });
  query('pk = :p', { ':p': v });
}
query('pk = :p AND sk BETWEEN :a AND :b', { ...P, ':a': S('a'), ':b': N(1) });
for (const e of ['pk', 'sk = :p', 'pk = :p AND pk = :p', 'pk <> :p', 'pk < :p', 'pk IN (:p)', 'begins_with(pk, :p)', 'attribute_exists(pk)', 'pk = pk', ':p = :p', 'size(pk) = :p', 'pk = size(:p)', 'name = :p', 'pk = :p AND name = :p', 'nope = :p', '', ' ', null, undefined, 5, true, [], {}, 'pk = :q', '#p = :p', 'pk = :p'.padEnd(4097), '((pk = :p))', 'NOT pk = :p', 'pk = :p OR pk = :p', 'pk = 5', "pk = 'p'"]) query(e, typeof e === 'string' && !e.includes(':p') ? undefined : P);
query('#p = :p AND #s = :s', s('s01'), { '#p': 'pk', '#s': 'sk' });
query('#p = :p', P, { '#p': 'pk', '#s': 'sk' });
query('#p = :p', P, {});
query('#p.#s = :p', P, { '#p': 'pk', '#s': 'sk' });
query('pk = :p', { ...P, ':u': S('x') });
query('pk = :p', P, { '#u': 'x' });
query('pk = :p', {});
query('pk = :p', undefined);
query('pk = :p', { ':p': {} });
query('pk = :p', { ':p': S('') });
query('pk = :p AND sk = :s', { ...P, ':s': S('') });
query('pk = :p', { ':p': S('x'.repeat(2049)) });
query('pk = :p AND sk = :s', { ...P, ':s': S('x'.repeat(1025)) });
query('pk = :p', { ':p': S('absent') });
query('pk = :p', { ':p': S('q') });
query('pk = :p AND sk > :s', { ':p': S('q'), ':s': S('kQ') });
query('pk = :p AND sk > :s', { ':p': S('q'), ':s': S('kz') });
query('pk = :p AND sk > :s', { ':p': S('q'), ':s': S('k\uffff') });

for (const more of [{}, { IndexName: 'local' }, { ConsistentRead: true }]) for (const ReturnConsumedCapacity of ['TOTAL', 'INDEXES']) query('pk = :p', { ':p': S('absent') }, undefined, { ...more, ReturnConsumedCapacity });

// Orders of numbers and binaries.
for (const ScanIndexForward of [true, false]) {
  query('pk = :p', P, undefined, { TableName: NUM, ScanIndexForward });
  query('pk = :p', P, undefined, { TableName: BIN, ScanIndexForward });
  query('pk = :p', P, undefined, { ScanIndexForward });
  query('pk = :p AND sk > :s', s('s03'), undefined, { ScanIndexForward, Limit: 3 });
}
for (const n of ['0', '-1', '1.50', '1e-20', '1e126', 'x', '-0', '1e20']) {
  for (const op of ['=', '<', '<=', '>', '>=']) query(`pk = :p AND sk ${op} :s`, { ...P, ':s': N(n) }, undefined, { TableName: NUM });
}
query('pk = :p AND sk BETWEEN :a AND :b', { ...P, ':a': N(-2), ':b': N(10) }, undefined, { TableName: NUM });
query('pk = :p AND begins_with(sk, :s)', { ...P, ':s': N(1) }, undefined, { TableName: NUM });
for (const b of [[], [0xff], [0], [0x80]]) for (const e of ['sk > :s', 'begins_with(sk, :s)', 'sk = :s', 'sk <= :s']) query(`pk = :p AND ${e}`, { ...P, ':s': B(Buffer.from(b)) }, undefined, { TableName: BIN });

// A table without a sort key.
query('pk = :p', { ':p': S('h1') }, undefined, { TableName: H, ReturnConsumedCapacity: 'TOTAL' });
query('pk = :p AND v = :v', { ':p': S('h1'), ':v': N(1) }, undefined, { TableName: H });
query('v = :v', { ':v': N(1) }, undefined, { TableName: H });
query('pk = :p', { ':p': S('h1') }, undefined, { TableName: H, ExclusiveStartKey: { pk: S('h1') } });
query('pk = :p', { ':p': S('h1') }, undefined, { TableName: H, ExclusiveStartKey: { pk: S('h2') } });

// Indexes.
for (const IndexName of ['local', 'localall', 'global', 'include', 'keys', 'nope', '', 'ab', 'a$b', 'x'.repeat(256), null, 5]) {
  const [e, v] = { global: ['g = :g', { ':g': S('g') }], include: ['g = :g', { ':g': S('g') }], keys: ['a = :a', { ':a': S('a5') }] }[IndexName] ?? ['pk = :p', P];
  for (const more of [{}, { ConsistentRead: true }, { Select: 'ALL_ATTRIBUTES' }, { Select: 'ALL_PROJECTED_ATTRIBUTES' }, { Select: 'COUNT' }, { Select: 'SPECIFIC_ATTRIBUTES' }, { ProjectionExpression: 'x, pk' }, { ScanIndexForward: false, Limit: 2 }, { ReturnConsumedCapacity: 'INDEXES' }, { ReturnConsumedCapacity: 'TOTAL', ProjectionExpression: 'x' }]) query(e, v, undefined, { IndexName, ...more });
}
for (const [IndexName, e, v] of [['local', 'pk = :p AND b > :b', { ...P, ':b': N(95) }], ['local', 'pk = :p AND sk = :s', s('s01')], ['local', 'b = :b', { ':b': N(95) }], ['localall', 'pk = :p AND begins_with(a, :a)', { ...P, ':a': S('a1') }], ['global', 'g = :g AND b BETWEEN :a AND :b', { ':g': S('g'), ':a': N(90), ':b': N(95) }], ['global', 'g = :g AND b = :b', { ':g': S('g'), ':b': S('95') }], ['global', 'g = :g', { ':g': N(1) }], ['global', 'g = :g', { ':g': S('') }], ['global', 'pk = :p', P], ['global', 'b = :b', { ':b': N(95) }], ['global', 'g = :g AND sk = :s', { ':g': S('g'), ':s': S('s01') }], ['include', 'g = :g AND a > :a', { ':g': S('g'), ':a': S('a3') }], ['keys', 'a = :a', { ':a': S('a5') }], ['keys', 'a = :a AND pk = :p', { ':a': S('a5'), ...P }]]) query(e, v, undefined, { IndexName });

// Paging.
for (const Limit of [1, 2, 11, 12, 13, 1000, 0, -1, '1', 1.5, true, null, 'x', 1e10, 2147483647, 2147483648]) { with_({ Limit }); with_({ Limit, ScanIndexForward: false }); }
const key = (n) => ({ pk: S('p'), sk: S(n) });
for (const ExclusiveStartKey of [key('s03'), key('s99'), key('a'), { pk: S('q'), sk: S('k') }, { pk: S('p') }, { sk: S('s03') }, {}, { ...key('s03'), x: S('x') }, { pk: N(1), sk: S('s03') }, { pk: S('p'), sk: N(1) }, { pk: S(''), sk: S('s03') }, { pk: S('p'), sk: S('') }, { pk: S('p'), sk: {} }, { pk: S('p'), sk: { S: 's03', N: '1' } }, null, 'x', 5, [], { pk: 'p', sk: 's' }, { a: S('x') }, { pk: S('p'), sk: S('x'.repeat(1025)) }]) {
  for (const more of [{}, { ScanIndexForward: false }, { Limit: 2 }]) with_({ ExclusiveStartKey, ...more });
}
query('pk = :p AND sk > :s', s('s05'), undefined, { ExclusiveStartKey: key('s03') });
query('pk = :p AND sk > :s', s('s05'), undefined, { ExclusiveStartKey: key('s07') });
query('pk = :p AND sk < :s', s('s05'), undefined, { ExclusiveStartKey: key('s07') });
query('pk = :p AND sk < :s', s('s05'), undefined, { ExclusiveStartKey: key('s07'), ScanIndexForward: false });
query('pk = :p AND sk = :s', s('s05'), undefined, { ExclusiveStartKey: key('s05') });
query('pk = :p AND sk = :s', s('s05'), undefined, { ExclusiveStartKey: key('s04') });
query('pk = :p AND sk = :s', s('s05'), undefined, { Limit: 1 });
query('pk = :p AND begins_with(sk, :s)', s('s0'), undefined, { ExclusiveStartKey: key('s05') });
query('pk = :p AND begins_with(sk, :s)', s('s0'), undefined, { ExclusiveStartKey: key('t') });
// Whether a page that ends where the condition ends has a LastEvaluatedKey.
for (const ScanIndexForward of [true, false]) {
  for (const [e, a, b] of [['sk = :a', 's02'], ['sk <= :a', 's00'], ['sk < :a', 's01'], ['sk >= :a', 's11'], ['sk > :a', 's10'], ['sk BETWEEN :a AND :b', 's02', 's02'], ['sk BETWEEN :a AND :b', 's', 's00'], ['sk BETWEEN :a AND :b', 's11', 't'], ['begins_with(sk, :a)', 's05']]) {
    with_({ Limit: 1, ScanIndexForward }, { ':a': S(a), ...(b && { ':b': S(b) }) }, `pk = :p AND ${e}`);
  }
}
for (const ExclusiveStartKey of [{ ...key('s03'), b: N(97) }, { ...key('s03'), b: N(5) }, key('s03'), { pk: S('p'), b: N(97) }, { ...key('s03'), b: S('97') }, { ...key('s03'), b: N(97), g: S('g') }]) {
  query('pk = :p', P, undefined, { IndexName: 'local', ExclusiveStartKey });
  query('g = :g', { ':g': S('g') }, undefined, { IndexName: 'global', ExclusiveStartKey });
  query('g = :g', { ':g': S('g') }, undefined, { IndexName: 'global', ExclusiveStartKey: { ...ExclusiveStartKey, g: S('g') } });
  query('g = :g', { ':g': S('g') }, undefined, { IndexName: 'global', ExclusiveStartKey: { ...ExclusiveStartKey, g: S('other') } });
}
query('g = :g', { ':g': S('g') }, undefined, { IndexName: 'global', Limit: 3 });
query('a = :a', { ':a': S('a5') }, undefined, { IndexName: 'keys', Limit: 1 });

// Filters, projections, Select.
for (const [FilterExpression, values] of [['b > :b', { ':b': N(95) }], ['b > :b AND attribute_exists(a)', { ':b': N(95) }], ['attribute_exists(only)', {}], ['m.i = :i', { ':i': N(3) }], ['contains(x, :x)', { ':x': S('1') }], ['attribute_not_exists(nope)', {}], ['sk = :x', { ':x': S('s01') }], ['pk = :p', {}], ['sk > :x AND b > :b', { ':x': S('a'), ':b': N(1) }], ['m.sk = :x', { ':x': S('a') }], ['attribute_exists(pk)', {}], ['size(sk) > :b', { ':b': N(1) }], ['#pk = :p', {}], ['a = :x', { ':x': S('a5') }], ['b = :b', { ':b': N(95) }], ['b >', {}], ['', {}], ['name = :p', {}], ['((b = :b))', { ':b': N(1) }], ['x = :u', {}], ['#u = :p', {}], ['x = x', {}], ['contains(x)', {}], [null, {}], [5, {}]]) {
  with_({ FilterExpression }, values);
  with_({ FilterExpression, Limit: 3 }, values);
  with_({ FilterExpression, Select: 'COUNT' }, values);
  with_({ FilterExpression, IndexName: 'local' }, values);
  with_({ FilterExpression, IndexName: 'localall', ReturnConsumedCapacity: 'INDEXES' }, values);
}
for (const Select of ['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'COUNT', 'SPECIFIC_ATTRIBUTES', 'FOO', '', null, 5, 'count']) {
  for (const more of [{}, { ProjectionExpression: 'x' }, { IndexName: 'local' }, { IndexName: 'local', ProjectionExpression: 'x' }, { IndexName: 'localall', ProjectionExpression: 'x, nope' }, { ProjectionExpression: '' }]) with_({ Select, ...more });
}
for (const ProjectionExpression of ['x', 'pk, sk', 'm.i', 'm', 'nope', 'x, x', 'm, m.i', '#x', 'name', 'x x', '', null, 5, 'only']) with_({ ProjectionExpression });
query('pk = :p', P, { '#x': 'x' }, { ProjectionExpression: '#x', FilterExpression: '#x > :p' });
query('pk = :p', { ...P, ':u': S('x') }, { '#x': 'x' }, { ProjectionExpression: '#x', FilterExpression: '#x > :p' });
query('pk = :p', P, { '#x': 'x', '#u': 'u' }, { ProjectionExpression: '#x' });
query('pk = :p AND', P, undefined, { ProjectionExpression: 'x x', FilterExpression: 'x x' });
query('pk = :p', P, undefined, { ProjectionExpression: 'x x', FilterExpression: 'x x' });
query('pk = :p', P, undefined, { FilterExpression: 'pk = :p', ProjectionExpression: 'x x' });
query('pk > :p', P, undefined, { FilterExpression: 'x x' });
query('pk > :p', P, undefined, { FilterExpression: 'pk = :p' });
query('pk > :p', P, undefined, { FilterExpression: 'x = :u' });
query('pk > :p', { ...P, ':u': S('x') });
query('nope = :p', P, undefined, { FilterExpression: 'pk = :p' });
query('nope = :p', P, undefined, { Select: 'SPECIFIC_ATTRIBUTES' });
query('nope = :p', P, undefined, { IndexName: 'nope' });
query('pk = :p AND', P, undefined, { IndexName: 'nope' });
query('pk = :p AND', P, undefined, { TableName: 'compare-none' });
query('pk = :p', { ...P, ':u': S('x') }, undefined, { TableName: 'compare-none' });
query('pk = :p', P, undefined, { TableName: 'compare-none', IndexName: 'nope' });
query('nope = :p', P, undefined, { ExclusiveStartKey: { x: S('x') } });
query('pk = :p', { ...P, ':u': S('x') }, undefined, { ExclusiveStartKey: { x: S('x') } });
query('pk = :p', P, undefined, { ExclusiveStartKey: { x: S('x') }, IndexName: 'nope' });
query('pk = :p', P, undefined, { ExclusiveStartKey: { x: {} }, FilterExpression: 'x x' });
query('pk = :p', P, undefined, { Limit: 0, Select: 'FOO', ReturnConsumedCapacity: 'x', IndexName: 'a' });
query('pk = :p', P, undefined, { Limit: 0, TableName: 'compare-none' });

// Shared parameters.
const wrong = ['', 'x', 5, true, [], {}];
for (const parameter of ['TableName', 'IndexName', 'Select', 'Limit', 'ConsistentRead', 'ScanIndexForward', 'ReturnConsumedCapacity', 'ProjectionExpression', 'FilterExpression', 'ExpressionAttributeNames', 'ExpressionAttributeValues', 'ExclusiveStartKey', 'Segment', 'TotalSegments', 'Unknown']) {
  for (const value of wrong) {
    c.it(`Query ${parameter} ${label(value)}`, 'Query', { TableName: T, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: P, [parameter]: value });
    c.it(`Scan ${parameter} ${label(value)}`, 'Scan', { TableName: H, [parameter]: value });
  }
}
for (const operation of ['Query', 'Scan']) for (const raw of ['{', '', '[]', '{}', `{"TableName":"${H}"}`, '{"TableName":"compare-none"}', '{"TableName":"a"}']) c.it(`${operation} body ${raw}`, operation, raw);
c.it('Query without any condition', 'Query', { TableName: T });
c.it('Query with a filter only', 'Query', { TableName: T, FilterExpression: 'x = :x', ExpressionAttributeValues: { ':x': S('x') } });
for (const [more] of [[{ KeyConditions: { pk: { ComparisonOperator: 'EQ', AttributeValueList: [S('p')] } } }], [{ QueryFilter: { x: { ComparisonOperator: 'NULL' } } }], [{ AttributesToGet: ['x'] }], [{ ConditionalOperator: 'AND' }], [{ AttributesToGet: ['x'], QueryFilter: {}, KeyConditions: {}, ConditionalOperator: 'OR' }]]) {
  with_(more);
  with_({ ...more, FilterExpression: 'x = :p', ProjectionExpression: 'x' });
}
for (const more of [{ ScanFilter: { x: { ComparisonOperator: 'NULL' } } }, { AttributesToGet: ['x'] }, { ConditionalOperator: 'AND' }]) {
  c.it(`Scan legacy mixed ${label(more)}`, 'Scan', { TableName: H, FilterExpression: 'attribute_exists(v)', ...more });
  c.it(`Scan legacy mixed ${label(more)} projection`, 'Scan', { TableName: H, ProjectionExpression: 'v', ...more });
}

// Scan.
function scan(more = {}) { c.it(`Scan ${label(more)}`, 'Scan', { TableName: H, ProjectionExpression: 'pk, v', ...more }); }
scan();
for (const TableName of [T, NUM, BIN]) scan({ TableName, ProjectionExpression: undefined });
for (const IndexName of ['local', 'localall', 'global', 'include', 'keys', 'nope', 'a']) {
  for (const more of [{}, { Select: 'ALL_ATTRIBUTES' }, { Select: 'ALL_PROJECTED_ATTRIBUTES' }, { Select: 'COUNT' }, { ConsistentRead: true }, { ProjectionExpression: 'x' }, { ReturnConsumedCapacity: 'INDEXES' }]) scan({ TableName: T, ProjectionExpression: undefined, IndexName, ...more });
}
for (const [FilterExpression, ExpressionAttributeValues] of [['v > :v', { ':v': N(2) }], ['pk = :v', { ':v': S('h1') }], ['attribute_exists(nope)'], ['v >', { ':v': N(2) }], ['v = :u', { ':v': N(2) }], ['v = :v', { ':v': N(2), ':u': N(1) }], ['name = :v', { ':v': N(2) }], ['']]) {
  for (const more of [{}, { Select: 'COUNT', ProjectionExpression: undefined }, { ReturnConsumedCapacity: 'TOTAL' }]) scan({ FilterExpression, ExpressionAttributeValues, ...more });
}
for (const [Segment, TotalSegments] of [[0, 1], [1, 1], [0, undefined], [undefined, 1], [0, 0], [-1, 1], [0, 1000000], [0, 1000001], [5, 4], [999999, 1000000], ['0', '1'], [1.5, 2], [true, 1], [null, 1], [0, null]]) scan({ Segment, TotalSegments });
scan({ Segment: 1, TotalSegments: 4, ExclusiveStartKey: { pk: S('h1') }, Select: 'COUNT', ProjectionExpression: undefined, Limit: 1, FilterExpression: 'attribute_exists(nope)' });
for (const Limit of [0, -1, 5, 6, 1000, 'x', null, 2147483648]) scan({ Limit });
for (const ExclusiveStartKey of [{}, { pk: N(1) }, { x: S('x') }, { pk: S('h1'), x: S('x') }, { pk: S('') }, { pk: {} }, null]) scan({ ExclusiveStartKey, Select: 'COUNT', ProjectionExpression: undefined });
for (const more of [{ TableName: 'compare-none' }, { TableName: 'compare-none', FilterExpression: 'v >' }, { TableName: 'compare-none', ExpressionAttributeValues: {} }, { TableName: 'compare-none', Segment: 5 }, { TableName: 'a$', Segment: -1, TotalSegments: 0, Limit: 0, Select: 'x' }, { Select: 'ALL_PROJECTED_ATTRIBUTES', ProjectionExpression: undefined }, { Select: 'ALL_PROJECTED_ATTRIBUTES' }, { Select: 'SPECIFIC_ATTRIBUTES' }, { Select: 'SPECIFIC_ATTRIBUTES', ProjectionExpression: undefined }, { Select: 'COUNT' }, { Select: 'ALL_ATTRIBUTES' }, { ReturnConsumedCapacity: 'TOTAL' }, { ReturnConsumedCapacity: 'INDEXES', ConsistentRead: true }, { ReturnConsumedCapacity: 'x' }, { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: P }, { ScanIndexForward: false }]) scan(more);

// Pages of 1 MB.
c.it('a query of more than 1 MB',
  ...Array.from({ length: 6 }, (_, i) => put(T, { pk: S('large'), sk: S(`${i}`), v: S('x'.repeat(300000)) })),
  ['Query', { TableName: T, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': S('large') }, Select: 'COUNT', ReturnConsumedCapacity: 'TOTAL' }],
  ['Query', { TableName: T, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': S('large') }, Select: 'COUNT', ReturnConsumedCapacity: 'TOTAL', ConsistentRead: true, ScanIndexForward: false }],
  ['Query', { TableName: T, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': S('large') }, Select: 'COUNT', ExclusiveStartKey: { pk: S('large'), sk: S('3') } }],
  ['Query', { TableName: T, KeyConditionExpression: 'pk = :p', FilterExpression: 'sk = :p', ProjectionExpression: 'sk', ExpressionAttributeValues: { ':p': S('large') } }],
  ['Query', { TableName: T, KeyConditionExpression: 'pk = :p', FilterExpression: 'v = :p', ProjectionExpression: 'sk', ExpressionAttributeValues: { ':p': S('large') } }],
  ['BatchGetItem', { RequestItems: { [T]: { Keys: Array.from({ length: 6 }, (_, i) => ({ pk: S('large'), sk: S(`${i}`) })), ProjectionExpression: 'sk' } }, ReturnConsumedCapacity: 'TOTAL' }],
  ...Array.from({ length: 6 }, (_, i) => ['DeleteItem', { TableName: T, Key: { pk: S('large'), sk: S(`${i}`) } }]));
