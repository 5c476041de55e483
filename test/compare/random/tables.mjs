// Requests that make and change tables: right ones, and with a fault or two that is told of tables alone.
import { schema } from './schema.mjs';

const throughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };
const odd = {
  throughput: [{ ReadCapacityUnits: 0, WriteCapacityUnits: 1 }, { ReadCapacityUnits: 1 }, {}, { ReadCapacityUnits: 1, WriteCapacityUnits: 50_000 }, { ReadCapacityUnits: -1, WriteCapacityUnits: 2 ** 40 }],
  projection: [{ ProjectionType: 'INCLUDE' }, { ProjectionType: 'ALL', NonKeyAttributes: ['a'] }, { ProjectionType: 'KEYS_ONLY', NonKeyAttributes: ['a', 'b'] }, { ProjectionType: 'INCLUDE', NonKeyAttributes: [] },
    { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a', 'a'] }, { ProjectionType: 'INCLUDE', NonKeyAttributes: ['pk'] }, {}, { ProjectionType: 'SOME' }],
  stream: [{ StreamEnabled: true }, { StreamEnabled: false }, { StreamEnabled: false, StreamViewType: 'NEW_IMAGE' }, { StreamViewType: 'NEW_IMAGE' }, { StreamEnabled: true, StreamViewType: 'ALL' }],
  name: ['', 'ab', 'a b c', 'x'.repeat(256), 'ünüsual'],
};

const faults = {
  definitionLess: (dice, body) => body.AttributeDefinitions.splice(dice.below(body.AttributeDefinitions.length), 1),
  definitionMore: (dice, body) => body.AttributeDefinitions.push({ AttributeName: dice.of(['extra', 'pk']), AttributeType: dice.of(['S', 'N']) }),
  definitionType: (dice, body) => (dice.of(body.AttributeDefinitions).AttributeType = dice.of(['BOOL', 'SS', 's', ''])),
  schemaOrder: (dice, body) => body.KeySchema.reverse(),
  schemaTwice: (dice, body) => body.KeySchema.push({ ...body.KeySchema[0] }),
  schemaTypes: (dice, body) => body.KeySchema.forEach((element) => (element.KeyType = dice.of(['HASH', 'RANGE']))),
  schemaName: (dice, body) => (dice.of(body.KeySchema).AttributeName = dice.of(['other', '', 'n'.repeat(256), 'pk'])),
  billing: (dice, body) => (body.BillingMode = dice.of(['PROVISIONED', 'PAY_PER_REQUEST', 'NONE'])),
  throughput: (dice, body) => (body.ProvisionedThroughput = dice.of([throughput, ...odd.throughput])),
  name: (dice, body) => (body.TableName = dice.of(odd.name)),
  stream: (dice, body) => (body.StreamSpecification = dice.of([{ StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' }, ...odd.stream])),
  noIndexes: (dice, body) => (body[dice.of(['LocalSecondaryIndexes', 'GlobalSecondaryIndexes'])] = []),
  localOnHash: (dice, body) => (body.LocalSecondaryIndexes = [{ IndexName: 'local9', KeySchema: [body.KeySchema[0], { AttributeName: dice.of(['a', 'pk']), KeyType: 'RANGE' }], Projection: { ProjectionType: 'ALL' } }]),
};

const indexFaults = {
  name: (dice, index) => (index.IndexName = dice.of([...odd.name, 'local1', 'global1'])),
  projection: (dice, index) => (index.Projection = dice.of(odd.projection)),
  noProjection: (dice, index) => delete index.Projection,
  schemaOrder: (dice, index) => index.KeySchema.reverse(),
  schemaName: (dice, index) => (dice.of(index.KeySchema).AttributeName = dice.of(['other', 'pk', 'sk'])),
  schemaTypes: (dice, index) => index.KeySchema.forEach((element) => (element.KeyType = dice.of(['HASH', 'RANGE']))),
  throughput: (dice, index) => (index.ProvisionedThroughput = dice.of([throughput, ...odd.throughput])),
};

/** A body for CreateTable. `wrong`: how many faults of tables it has. */
export function createBody(dice, name, wrong) {
  const body = JSON.parse(JSON.stringify(schema(dice, name).create));
  if (dice.chance(0.1)) body.DeletionProtectionEnabled = false;
  for (let i = 0; i < wrong; i++) {
    const indexes = [...(body.LocalSecondaryIndexes ?? []), ...(body.GlobalSecondaryIndexes ?? [])];
    if (indexes.length && dice.chance(0.5)) dice.of(Object.values(indexFaults))(dice, dice.of(indexes));
    else if (body.AttributeDefinitions.length && body.KeySchema.length) dice.of(Object.values(faults))(dice, body);
  }
  return body;
}

/** A body for UpdateTable that leaves the table's keys and indexes as they are, or is refused. */
export function updateBody(dice, table) {
  const body = { TableName: table.name };
  const globals = table.indexes.filter(({ local }) => !local);
  const name = () => (globals.length && dice.chance(0.7) ? dice.of(globals).name : 'missing');
  const create = (IndexName) => ({ Create: { IndexName, KeySchema: [{ AttributeName: 'undefined', KeyType: 'HASH' }], Projection: dice.of([{ ProjectionType: 'ALL' }, ...odd.projection]) } });
  const changes = [
    () => (body.BillingMode = dice.of(['PAY_PER_REQUEST', 'WRONG'])),
    () => (body.ProvisionedThroughput = dice.of([throughput, ...odd.throughput])),
    () => (body.StreamSpecification = dice.of(odd.stream)),
    () => (body.DeletionProtectionEnabled = false),
    () => (body.GlobalSecondaryIndexUpdates = dice.of([[], [{}], [{ Delete: { IndexName: 'missing' } }], [create(name())], [{ Update: { IndexName: name(), ProvisionedThroughput: dice.of([throughput, ...odd.throughput]) } }],
      [create('new1'), create('new2')], [{ ...create('new1'), Delete: { IndexName: name() } }]])),
  ];
  for (const change of dice.some(changes, 0.35)) change();
  return body;
}
