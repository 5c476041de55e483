// CreateTable, UpdateTable, DescribeTable, ListTables, DeleteTable.
import { Cases, S, N } from '../lib/corpus.mjs';

export const subject = 'tables';
const T = 'compare-tables';
const X = 'compare-tables-x';
const hash = [{ AttributeName: 'pk', KeyType: 'HASH' }];
const range = [...hash, { AttributeName: 'sk', KeyType: 'RANGE' }];
const def = (names) => names.map((n) => ({ AttributeName: n, AttributeType: 'S' }));
const P = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
const ALL = { ProjectionType: 'ALL' };
const base = { TableName: X, KeySchema: hash, AttributeDefinitions: def(['pk']), BillingMode: 'PAY_PER_REQUEST' };
const lsi = (n, more = {}) => ({ IndexName: `lsi${n}`, KeySchema: [hash[0], { AttributeName: `a${n}`, KeyType: 'RANGE' }], Projection: ALL, ...more });
const gsi = (n, more = {}) => ({ IndexName: `gsi${n}`, KeySchema: [{ AttributeName: `a${n}`, KeyType: 'HASH' }], Projection: ALL, ...more });
const U = { ...base, AttributeDefinitions: def(['pk', 'a1']), GlobalSecondaryIndexes: [gsi(1)] };
const Q = { ...U, BillingMode: 'PROVISIONED', ProvisionedThroughput: P, GlobalSecondaryIndexes: [gsi(1, { ProvisionedThroughput: P })] };
export const setup = [
  ['CreateTable', { ...base, TableName: T }],
  ['CreateTable', { ...U, TableName: 'compare-tables-update' }],
  ['CreateTable', { ...Q, TableName: 'compare-tables-provisioned' }],
];
const c = new Cases();
export const cases = c.list;
const drop = ['DeleteTable', { TableName: X }];
// A table that may come into being goes again.
const create = (label, change) => c.it(`CreateTable ${label}`, ['CreateTable', { ...base, ...change }], ['DescribeTable', { TableName: change.TableName ?? X }], ['DeleteTable', { TableName: change.TableName ?? X }]);
const without = (o, ...keys) => Object.fromEntries(Object.entries(o).filter(([k]) => !keys.includes(k)));

for (const TableName of [undefined, null, '', 'a', 'ab', 'compare-tables-n$me', 'compare tables', 'a'.repeat(255), 'a'.repeat(256), 'a'.repeat(1025), 'compare-é', 'arn:aws:dynamodb:us-east-1:000000000000:table/abc', 5, true, [], {}]) {
  for (const operation of ['CreateTable', 'DescribeTable', 'DeleteTable', 'UpdateTable']) {
    if (typeof TableName === 'string' && /^a{255}$/.test(TableName) && operation === 'CreateTable') continue;
    const body = operation === 'CreateTable' ? { ...base, TableName } : operation === 'UpdateTable' ? { TableName, BillingMode: 'PAY_PER_REQUEST' } : { TableName };
    c.it(`${operation} TableName ${String(JSON.stringify(TableName)).slice(0, 60)} ${String(TableName ?? '').length}`, operation, body);
  }
}
for (const operation of ['CreateTable', 'UpdateTable', 'DescribeTable', 'DeleteTable', 'ListTables', 'DescribeLimits', 'DescribeEndpoints']) {
  for (const body of ['{', '', '[]', 'null', '"x"', '5', '{"TableName":"compare-none"}x', '{"TableName":"compare-none",}', "{'TableName':'compare-none'}", '{"Foo":1,"TableName":"compare-none"}', '{"TableName":"compare-none","TableName":"compare-none2"}', '{"tableName":"compare-none"}']) {
    if (operation.startsWith('DescribeE')) continue;
    c.it(`${operation} body ${body}`, operation, body);
  }
}
c.it('CreateTable {}', 'CreateTable', {});
for (const key of ['KeySchema', 'AttributeDefinitions', 'BillingMode']) {
  c.it(`CreateTable without ${key}`, 'CreateTable', without(base, key));
  for (const value of [null, 'x', 5, true, [], {}, [null], ['x'], [5], [[]], [{}]]) c.it(`CreateTable ${key} ${JSON.stringify(value)}`, ['CreateTable', { ...base, [key]: value }], drop);
}
c.it('CreateTable without KeySchema and AttributeDefinitions', 'CreateTable', without(base, 'KeySchema', 'AttributeDefinitions'));
c.it('CreateTable of a name and nothing else', 'CreateTable', { TableName: X });
c.it('CreateTable of a bad name and nothing else', 'CreateTable', { TableName: '$' });
create('key attribute not defined', { KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }] });
create('attribute defined and not used', { AttributeDefinitions: def(['pk', 'extra']) });
create('two attributes not used', { AttributeDefinitions: def(['pk', 'extra', 'another']) });
create('attribute defined twice', { AttributeDefinitions: def(['pk', 'pk']) });
create('attribute defined twice with types', { AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }, { AttributeName: 'pk', AttributeType: 'N' }] });
create('sort key not defined', { KeySchema: range });
create('hash twice', { KeySchema: [hash[0], { AttributeName: 'sk', KeyType: 'HASH' }], AttributeDefinitions: def(['pk', 'sk']) });
create('range first', { KeySchema: [range[1], range[0]], AttributeDefinitions: def(['pk', 'sk']) });
create('range only', { KeySchema: [{ AttributeName: 'pk', KeyType: 'RANGE' }] });
create('same attribute twice', { KeySchema: [hash[0], { AttributeName: 'pk', KeyType: 'RANGE' }] });
create('three key elements', { KeySchema: [...range, { AttributeName: 'tk', KeyType: 'RANGE' }], AttributeDefinitions: def(['pk', 'sk', 'tk']) });
create('two range elements', { KeySchema: [{ AttributeName: 'pk', KeyType: 'RANGE' }, { AttributeName: 'sk', KeyType: 'RANGE' }], AttributeDefinitions: def(['pk', 'sk']) });
for (const KeyType of ['hash', '', 'FOO', null, undefined, 5]) create(`KeyType ${KeyType}`, { KeySchema: [{ AttributeName: 'pk', KeyType }] });
for (const AttributeType of ['s', '', 'BOOL', 'SS', 'M', 'NULL', null, undefined, 5, 'N', 'B']) create(`AttributeType ${AttributeType}`, { AttributeDefinitions: [{ AttributeName: 'pk', AttributeType }] });
for (const n of ['', 'x'.repeat(255), 'x'.repeat(256), null, undefined, 5, 'sp ace', 'd.ot', 'é', '#', 'name']) {
  create(`key name ${n} ${String(n ?? '').length}`, { KeySchema: [{ AttributeName: n, KeyType: 'HASH' }], AttributeDefinitions: [{ AttributeName: n, AttributeType: 'S' }] });
}
create('sort key', { KeySchema: range, AttributeDefinitions: def(['pk', 'sk']) });
create('sort key N and B', { KeySchema: range, AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'B' }, { AttributeName: 'sk', AttributeType: 'N' }] });
c.it('CreateTable existing', 'CreateTable', { ...base, TableName: T });
c.it('CreateTable existing, invalid schema', 'CreateTable', { ...base, TableName: T, KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }] });

// Billing.
for (const BillingMode of [undefined, null, '', 'FOO', 'provisioned', 'PROVISIONED', 'PAY_PER_REQUEST']) {
  for (const ProvisionedThroughput of [undefined, null, {}, P, { ReadCapacityUnits: 1 }, { WriteCapacityUnits: 1 }, { ReadCapacityUnits: 0, WriteCapacityUnits: 1 }, { ReadCapacityUnits: 1, WriteCapacityUnits: 0 },
    { ReadCapacityUnits: -1, WriteCapacityUnits: -1 }, { ReadCapacityUnits: 1e12, WriteCapacityUnits: 1 }, { ReadCapacityUnits: 1000000000001, WriteCapacityUnits: 1000000000001 }, { ReadCapacityUnits: '5', WriteCapacityUnits: 5 }, { ReadCapacityUnits: 1.5, WriteCapacityUnits: 1 }, { ReadCapacityUnits: true, WriteCapacityUnits: 1 }, 'x', []]) {
    if (BillingMode !== 'PROVISIONED' && BillingMode !== 'PAY_PER_REQUEST' && BillingMode !== undefined && ProvisionedThroughput !== P && ProvisionedThroughput !== undefined) continue;
    create(`BillingMode ${BillingMode} ${JSON.stringify(ProvisionedThroughput)}`, { BillingMode, ProvisionedThroughput });
  }
}
create('bad throughput, bad key', { BillingMode: 'PROVISIONED', ProvisionedThroughput: { ReadCapacityUnits: -1, WriteCapacityUnits: -1 }, KeySchema: [{ AttributeName: 'x', KeyType: 'FOO' }] });
create('many errors at once', { TableName: 'a;', KeySchema: [], AttributeDefinitions: [{ AttributeName: '', AttributeType: 'X' }], ProvisionedThroughput: { ReadCapacityUnits: -1 }, BillingMode: 'FOO' });
create('eleven errors', { TableName: '', KeySchema: [{ AttributeName: '', KeyType: '' }, { AttributeName: '', KeyType: '' }, { AttributeName: '', KeyType: '' }], AttributeDefinitions: [{ AttributeName: '', AttributeType: '' }, { AttributeName: '', AttributeType: '' }], ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 } });

// Local indexes.
const lsis = (list, names, more = {}) => ({ KeySchema: range, AttributeDefinitions: def(['pk', 'sk', ...names]), LocalSecondaryIndexes: list, ...more });
create('LSI', lsis([lsi(1)], ['a1']));
create('LSI keys only', lsis([lsi(1, { Projection: { ProjectionType: 'KEYS_ONLY' } })], ['a1']));
create('LSI include', lsis([lsi(1, { Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['x', 'y'] } })], ['a1']));
create('LSI []', { LocalSecondaryIndexes: [] });
create('LSI [] with range', lsis([], []));
create('LSI null', { LocalSecondaryIndexes: null });
create('LSI [null]', lsis([null], []));
create('LSI [{}]', lsis([{}], []));
create('LSI "x"', { LocalSecondaryIndexes: 'x' });
create('LSI without sort key', { AttributeDefinitions: def(['pk', 'a1']), LocalSecondaryIndexes: [lsi(1)] });
create('LSI other hash', lsis([lsi(1, { KeySchema: [{ AttributeName: 'a1', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }] })], ['a1']));
create('LSI hash only', lsis([lsi(1, { KeySchema: hash })], []));
create('LSI same key as table', lsis([lsi(1, { KeySchema: range })], []));
create('LSI attribute not defined', lsis([lsi(1)], []));
create('LSI twice', lsis([lsi(1), lsi(1)], ['a1']));
create('LSI same name as GSI', lsis([lsi(1)], ['a1'], { GlobalSecondaryIndexes: [{ ...gsi(1), IndexName: 'lsi1' }] }));
create('LSI same key twice', lsis([lsi(1), { ...lsi(1), IndexName: 'lsi2' }], ['a1']));
create('LSI five', lsis([1, 2, 3, 4, 5].map((n) => lsi(n)), ['a1', 'a2', 'a3', 'a4', 'a5']));
create('LSI six', lsis([1, 2, 3, 4, 5, 6].map((n) => lsi(n)), ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']));
create('LSI with throughput', lsis([lsi(1, { ProvisionedThroughput: P })], ['a1']));
for (const IndexName of [undefined, null, '', 'a', 'ab', 'a$b', 'x'.repeat(255), 'x'.repeat(256)]) {
  create(`LSI IndexName ${IndexName} ${String(IndexName ?? '').length}`, lsis([lsi(1, { IndexName })], ['a1']));
  create(`GSI IndexName ${IndexName} ${String(IndexName ?? '').length}`, { AttributeDefinitions: def(['pk', 'a1']), GlobalSecondaryIndexes: [gsi(1, { IndexName })] });
}
for (const Projection of [undefined, null, {}, 'x', { ProjectionType: '' }, { ProjectionType: 'FOO' }, { ProjectionType: 'all' }, { ProjectionType: 'INCLUDE' }, { ProjectionType: 'INCLUDE', NonKeyAttributes: [] }, { ProjectionType: 'ALL', NonKeyAttributes: ['x'] }, { ProjectionType: 'ALL', NonKeyAttributes: [] }, { ProjectionType: 'KEYS_ONLY', NonKeyAttributes: ['x'] },
  { NonKeyAttributes: ['x'] }, { ProjectionType: 'INCLUDE', NonKeyAttributes: ['x', 'x'] }, { ProjectionType: 'INCLUDE', NonKeyAttributes: ['pk'] }, { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a1'] }, { ProjectionType: 'INCLUDE', NonKeyAttributes: [''] }, { ProjectionType: 'INCLUDE', NonKeyAttributes: ['x'.repeat(256)] }, { ProjectionType: 'INCLUDE', NonKeyAttributes: 'x' },
  { ProjectionType: 'INCLUDE', NonKeyAttributes: [5] }, { ProjectionType: 'INCLUDE', NonKeyAttributes: [null] }, ...[20, 21, 100, 101].map((n) => ({ ProjectionType: 'INCLUDE', NonKeyAttributes: Array.from({ length: n }, (_, i) => `n${i}`) }))]) {
  create(`LSI Projection ${String(JSON.stringify(Projection)).slice(0, 100)} ${String(JSON.stringify(Projection)).length}`, lsis([lsi(1, { Projection })], ['a1']));
  create(`GSI Projection ${String(JSON.stringify(Projection)).slice(0, 100)} ${String(JSON.stringify(Projection)).length}`, { AttributeDefinitions: def(['pk', 'a1']), GlobalSecondaryIndexes: [gsi(1, { Projection })] });
}
create('101 projected attributes over indexes', lsis([1, 2, 3, 4, 5].map((n) => lsi(n, { Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: Array.from({ length: n === 5 ? 20 : 20 + (n === 4) }, (_, i) => `n${n}x${i}`) } })), ['a1', 'a2', 'a3', 'a4', 'a5']));
create('20 projected attributes on each of five', lsis([1, 2, 3, 4, 5].map((n) => lsi(n, { Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: Array.from({ length: 20 }, (_, i) => `n${n}x${i}`) } })), ['a1', 'a2', 'a3', 'a4', 'a5']));
create('21 projected attributes on each of five', lsis([1, 2, 3, 4, 5].map((n) => lsi(n, { Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: Array.from({ length: 21 }, (_, i) => `n${i}`) } })), ['a1', 'a2', 'a3', 'a4', 'a5']));

// Global indexes.
const gsis = (list, names, more = {}) => ({ AttributeDefinitions: def(['pk', ...names]), GlobalSecondaryIndexes: list, ...more });
create('GSI', gsis([gsi(1)], ['a1']));
create('GSI []', gsis([], []));
create('GSI null', gsis(null, []));
create('GSI [{}]', gsis([{}], []));
create('GSI on the table key', gsis([gsi(1, { KeySchema: hash })], []));
create('GSI hash and range', gsis([gsi(1, { KeySchema: [{ AttributeName: 'a1', KeyType: 'HASH' }, { AttributeName: 'pk', KeyType: 'RANGE' }] })], ['a1']));
create('GSI range only', gsis([gsi(1, { KeySchema: [{ AttributeName: 'a1', KeyType: 'RANGE' }] })], ['a1']));
create('GSI range first', gsis([gsi(1, { KeySchema: [{ AttributeName: 'a1', KeyType: 'RANGE' }, hash[0]] })], ['a1']));
create('GSI same attribute twice', gsis([gsi(1, { KeySchema: [{ AttributeName: 'a1', KeyType: 'HASH' }, { AttributeName: 'a1', KeyType: 'RANGE' }] })], ['a1']));
create('GSI attribute not defined', gsis([gsi(1)], []));
create('GSI twice', gsis([gsi(1), gsi(1)], ['a1']));
create('GSI empty KeySchema', gsis([gsi(1, { KeySchema: [] })], ['a1']));
create('GSI without KeySchema', gsis([gsi(1, { KeySchema: undefined })], ['a1']));
create('GSI on demand with throughput', gsis([gsi(1, { ProvisionedThroughput: P })], ['a1']));
create('GSI provisioned', gsis([gsi(1, { ProvisionedThroughput: P })], ['a1'], { BillingMode: 'PROVISIONED', ProvisionedThroughput: P }));
create('GSI provisioned without throughput', gsis([gsi(1)], ['a1'], { BillingMode: 'PROVISIONED', ProvisionedThroughput: P }));
for (const ProvisionedThroughput of [{}, { ReadCapacityUnits: 0, WriteCapacityUnits: 0 }, { ReadCapacityUnits: -5, WriteCapacityUnits: 5 }, { ReadCapacityUnits: 1 }]) {
  create(`GSI provisioned ${JSON.stringify(ProvisionedThroughput)}`, gsis([gsi(1, { ProvisionedThroughput })], ['a1'], { BillingMode: 'PROVISIONED', ProvisionedThroughput: P }));
}
for (const n of [5, 6, 20, 21]) {
  const list = Array.from({ length: n }, (_, i) => i);
  create(`GSI ${n}`, gsis(list.map((i) => gsi(i)), list.map((i) => `a${i}`)));
}
create('GSI unused definition', gsis([gsi(1)], ['a1', 'a2']));
create('LSI and GSI', lsis([lsi(1)], ['a1', 'a2'], { GlobalSecondaryIndexes: [gsi(2)] }));

// The rest of CreateTable.
for (const StreamSpecification of [null, {}, { StreamEnabled: true }, { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' }, { StreamEnabled: true, StreamViewType: 'FOO' }, { StreamEnabled: false, StreamViewType: 'NEW_IMAGE' }, { StreamEnabled: false }, { StreamViewType: 'NEW_IMAGE' }, { StreamEnabled: 'x' }, 'x']) {
  create(`StreamSpecification ${JSON.stringify(StreamSpecification)}`, { StreamSpecification });
}
for (const TableClass of [null, '', 'STANDARD', 'STANDARD_INFREQUENT_ACCESS', 'standard']) create(`TableClass ${TableClass}`, { TableClass });
for (const DeletionProtectionEnabled of [null, false, 'true', 1]) {
  c.it(`CreateTable DeletionProtectionEnabled ${DeletionProtectionEnabled}`, ['CreateTable', { ...base, DeletionProtectionEnabled }], ['UpdateTable', { TableName: X, DeletionProtectionEnabled: false }], drop);
}
for (const SSESpecification of [null, {}, { Enabled: true }, { Enabled: false }]) create(`SSESpecification ${JSON.stringify(SSESpecification)}`, { SSESpecification });
for (const Tags of [null, [], [{ Key: 'a', Value: 'b' }], [{ Key: '' }], [{ Key: 'a', Value: 'b' }, { Key: 'a', Value: 'c' }]]) create(`Tags ${JSON.stringify(Tags)}`, { Tags });
create('unknown parameter', { Foo: 'bar' });
c.it('deletion protection', ['CreateTable', { ...base, DeletionProtectionEnabled: true }], drop, ['UpdateTable', { TableName: X, DeletionProtectionEnabled: false }], drop, ['DescribeTable', { TableName: X }]);

// DescribeTable, DeleteTable.
c.it('DescribeTable', 'DescribeTable', { TableName: T });
c.it('DescribeTable missing', 'DescribeTable', { TableName: 'compare-none' });
c.it('DeleteTable missing', 'DeleteTable', { TableName: 'compare-none' });
c.it('UpdateTable missing', 'UpdateTable', { TableName: 'compare-none', BillingMode: 'PAY_PER_REQUEST' });
c.it('UpdateTable missing without a change', 'UpdateTable', { TableName: 'compare-none' });
c.it('DescribeTable twice removed', ['CreateTable', base], drop, drop, ['DescribeTable', { TableName: X }]);

// ListTables.
for (const Limit of [0, 1, 2, 100, 101, -1, '1', 1.5, true, null]) c.it(`ListTables Limit ${JSON.stringify(Limit)}`, 'ListTables', { Limit, ExclusiveStartTableName: 'compare-tables-' });
for (const ExclusiveStartTableName of ['', 'a', 'ab', 'compare-tables', 'compare-tables-', 'compare-tables-update', 'zzz', 'x$', 'a'.repeat(255), 'a'.repeat(256), 5, null, []]) {
  c.it(`ListTables ExclusiveStartTableName ${String(JSON.stringify(ExclusiveStartTableName)).slice(0, 40)} ${String(ExclusiveStartTableName).length}`, 'ListTables', { ExclusiveStartTableName, Limit: 1 });
}
c.it('ListTables bad limit and start', 'ListTables', { ExclusiveStartTableName: 'a$', Limit: 0 });

// UpdateTable.
// A table of its own each, lest what one server accepts and the other refuses
// tells on the next case.
const update = (label, change, kind = U) => c.it(`UpdateTable ${label}`, ['CreateTable', { ...kind, TableName: X }], ['UpdateTable', { TableName: X, ...change }], ['DescribeTable', { TableName: X }],
  ['UpdateTable', { TableName: X, DeletionProtectionEnabled: false }], drop);
update('nothing', {});
update('BillingMode the same', { BillingMode: 'PAY_PER_REQUEST' });
update('BillingMode FOO', { BillingMode: 'FOO' });
update('BillingMode PROVISIONED without throughput', { BillingMode: 'PROVISIONED' });
update('BillingMode PROVISIONED without index throughput', { BillingMode: 'PROVISIONED', ProvisionedThroughput: P });
update('PAY_PER_REQUEST with throughput', { BillingMode: 'PAY_PER_REQUEST', ProvisionedThroughput: P });
update('throughput on demand', { ProvisionedThroughput: P });
update('throughput the same', { ProvisionedThroughput: P }, Q);
update('throughput', { ProvisionedThroughput: { ReadCapacityUnits: 6, WriteCapacityUnits: 7 } }, Q);
update('throughput down', { ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 2 } }, Q);
for (const ProvisionedThroughput of [{}, { ReadCapacityUnits: 0, WriteCapacityUnits: 0 }, { ReadCapacityUnits: 1 }, { ReadCapacityUnits: -1, WriteCapacityUnits: 1 }, { ReadCapacityUnits: 1e12 + 1, WriteCapacityUnits: 1e12 + 1 }, null, 'x']) update(`throughput ${JSON.stringify(ProvisionedThroughput)}`, { ProvisionedThroughput }, Q);
for (const [label, list] of Object.entries({
  empty: [], 'an empty one': [{}], 'two actions': [{ Create: gsi(2), Delete: { IndexName: 'gsi1' } }], 'two creates': [{ Create: gsi(2) }, { Create: gsi(3) }], 'create and delete': [{ Create: gsi(2) }, { Delete: { IndexName: 'gsi1' } }],
  'delete missing': [{ Delete: { IndexName: 'nope' } }], 'delete unnamed': [{ Delete: {} }], 'delete short name': [{ Delete: { IndexName: 'a' } }], 'delete twice': [{ Delete: { IndexName: 'gsi1' } }, { Delete: { IndexName: 'gsi1' } }],
  'update missing': [{ Update: { IndexName: 'nope', ProvisionedThroughput: P } }], 'update without throughput': [{ Update: { IndexName: 'gsi1' } }], 'update on demand': [{ Update: { IndexName: 'gsi1', ProvisionedThroughput: P } }], 'update twice': [{ Update: { IndexName: 'gsi1', ProvisionedThroughput: P } }, { Update: { IndexName: 'gsi1', ProvisionedThroughput: P } }],
  'create existing': [{ Create: gsi(1) }], 'create without definition': [{ Create: gsi(2) }], 'create unnamed': [{ Create: gsi(2, { IndexName: undefined }) }], 'create without schema': [{ Create: gsi(2, { KeySchema: undefined }) }], 'create without projection': [{ Create: gsi(2, { Projection: undefined }) }], 'create bad schema': [{ Create: gsi(2, { KeySchema: [{ AttributeName: 'a2', KeyType: 'RANGE' }] }) }],
  'null': null, 'a string': 'x', 'a null': [null],
})) {
  update(`GSI ${label}`, { GlobalSecondaryIndexUpdates: list });
  update(`GSI ${label}, provisioned`, { GlobalSecondaryIndexUpdates: list }, Q);
}
update('definitions only', { AttributeDefinitions: def(['pk', 'a2']) });
update('create GSI with throughput on demand', { AttributeDefinitions: def(['pk', 'a1', 'a2']), GlobalSecondaryIndexUpdates: [{ Create: gsi(2, { ProvisionedThroughput: P }) }] });
const both = def(['pk', 'a1', 'a2']);
c.it('UpdateTable creates and deletes an index', ['CreateTable', { ...U, TableName: X }], ['UpdateTable', { TableName: X, AttributeDefinitions: both, GlobalSecondaryIndexUpdates: [{ Create: gsi(2) }] }], ['DescribeTable', { TableName: X }],
  ['UpdateTable', { TableName: X, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'gsi2' } }] }], ['DescribeTable', { TableName: X }], ['UpdateTable', { TableName: X, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'gsi1' } }] }], ['DescribeTable', { TableName: X }], drop);
update('creates an index and defines its key only', { AttributeDefinitions: def(['a2']), GlobalSecondaryIndexUpdates: [{ Create: gsi(2) }] });
update('creates an index with other types of keys', { AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'N' }, { AttributeName: 'a1', AttributeType: 'S' }, { AttributeName: 'a2', AttributeType: 'S' }], GlobalSecondaryIndexUpdates: [{ Create: gsi(2) }] });
update('creates an index with an extra definition', { AttributeDefinitions: def(['pk', 'a1', 'a2', 'a9']), GlobalSecondaryIndexUpdates: [{ Create: gsi(2) }] });
update('creates an index without throughput, provisioned', { AttributeDefinitions: both, GlobalSecondaryIndexUpdates: [{ Create: gsi(2) }] }, Q);
update('creates an index, provisioned', { AttributeDefinitions: both, GlobalSecondaryIndexUpdates: [{ Create: gsi(2, { ProvisionedThroughput: P }) }] }, Q);
update('index throughput, provisioned', { GlobalSecondaryIndexUpdates: [{ Update: { IndexName: 'gsi1', ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 8 } } }] }, Q);
c.it('UpdateTable backfills an index', ['CreateTable', base], ['PutItem', { TableName: X, Item: { pk: S('1'), a1: S('x') } }], ['PutItem', { TableName: X, Item: { pk: S('2'), a1: N(1) } }], ['PutItem', { TableName: X, Item: { pk: S('3') } }], ['PutItem', { TableName: X, Item: { pk: S('4'), a1: S('') } }],
  ['UpdateTable', { TableName: X, AttributeDefinitions: def(['pk', 'a1']), GlobalSecondaryIndexUpdates: [{ Create: gsi(1) }] }], ['Scan', { TableName: X, IndexName: 'gsi1' }], ['DescribeTable', { TableName: X }], drop);
for (const StreamSpecification of [{}, { StreamEnabled: true }, { StreamEnabled: false }, { StreamEnabled: true, StreamViewType: 'FOO' }]) update(`stream ${JSON.stringify(StreamSpecification)}`, { StreamSpecification });
c.it('UpdateTable a stream on, again, off', ['CreateTable', base], ['UpdateTable', { TableName: X, StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } }], ['UpdateTable', { TableName: X, StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } }], ['UpdateTable', { TableName: X, StreamSpecification: { StreamEnabled: false } }], ['UpdateTable', { TableName: X, StreamSpecification: { StreamEnabled: false } }], drop);
c.it('UpdateTable from on demand to provisioned and back', ['CreateTable', base], ['UpdateTable', { TableName: X, BillingMode: 'PROVISIONED', ProvisionedThroughput: P }], ['DescribeTable', { TableName: X }], ['UpdateTable', { TableName: X, BillingMode: 'PAY_PER_REQUEST' }], ['DescribeTable', { TableName: X }], drop);
for (const TableClass of ['STANDARD_INFREQUENT_ACCESS', 'FOO']) update(`TableClass ${TableClass}`, { TableClass });
for (const DeletionProtectionEnabled of [true, false, 'x']) update(`DeletionProtectionEnabled ${DeletionProtectionEnabled}`, { DeletionProtectionEnabled });
c.it('an unknown operation', 'FooTable', {});
c.it('an unknown operation, bad body', 'FooTable', '{');
for (const target of [null, '', 'CreateTable', 'DynamoDB_20120810', 'DynamoDB_20120810.', 'DynamoDB_20111205.ListTables', 'dynamodb_20120810.ListTables', 'DynamoDB_20120810.listTables', 'DynamoDB_20120810.ListTables.x']) c.it(`target ${target}`, 'ListTables', {}, { target });
c.it('DescribeLimits', 'DescribeLimits', {});
c.it('DescribeEndpoints', 'DescribeEndpoints', {});
