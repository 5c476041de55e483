// Tables: keys of all types, with and without a sort key, indexes of all kinds.

const element = (AttributeName, KeyType) => ({ AttributeName, KeyType });
export const names = ['a', 'b', 'c', 'm', 'l', 's', 'n', 'g', 'ss', 'ns'];

// Attributes that may be index keys; each table gives them types of its own.
const indexed = ['a', 's', 'n', 'g', 'b'];

function projection(dice) {
  switch (dice.below(4)) {
    case 0: return { ProjectionType: 'KEYS_ONLY' };
    case 1: return { ProjectionType: 'INCLUDE', NonKeyAttributes: [...new Set(dice.times(1 + dice.below(3), () => dice.of(names)))] };
    default: return { ProjectionType: 'ALL' };
  }
}

/** A table: { name, hash, range (or null), types (of all key attributes), indexes, stream (its view, or null), create (the body of CreateTable) }. */
export function schema(dice, name) {
  const type = () => dice.of(['S', 'S', 'N', 'N', 'B']);
  const types = Object.fromEntries(indexed.map((attribute) => [attribute, type()]));
  const range = dice.chance(0.7) ? 'sk' : null;
  types.pk = type();
  types.sk = type();
  const indexes = [];
  const free = (hash) => indexed.filter((attribute) => attribute !== hash);
  if (range) {
    for (let i = dice.of([0, 0, 1, 2]); i > 0; i--) {
      indexes.push({ name: `local${i}`, local: true, hash: 'pk', range: dice.of(indexed), projection: projection(dice) });
    }
  }
  for (let i = dice.of([0, 1, 1, 2, 3]); i > 0; i--) {
    const hash = dice.chance(0.15) ? dice.of(['pk', ...(range ? ['sk'] : [])]) : dice.of(indexed);
    const sort = dice.chance(0.6) ? (dice.chance(0.15) ? 'pk' : dice.of(free(hash))) : null;
    indexes.push({ name: `global${i}`, local: false, hash, range: sort === hash ? null : sort, projection: projection(dice) });
  }
  const stream = dice.chance(0.3) ? dice.of(['NEW_AND_OLD_IMAGES', 'NEW_AND_OLD_IMAGES', 'NEW_IMAGE', 'OLD_IMAGE', 'KEYS_ONLY']) : null;
  const table = { name, hash: 'pk', range, types, indexes, stream };
  return { ...table, create: create(dice, table) };
}

const keySchema = ({ hash, range }) => [element(hash, 'HASH'), ...(range ? [element(range, 'RANGE')] : [])];
const throughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 5 };

function create(dice, table) {
  const used = new Set([table, ...table.indexes].flatMap(({ hash, range }) => [hash, range]).filter(Boolean));
  const provisioned = dice.chance(0.2);
  const index = (definition) => ({ IndexName: definition.name, KeySchema: keySchema(definition), Projection: definition.projection });
  const locals = table.indexes.filter(({ local }) => local).map(index);
  const globals = table.indexes.filter(({ local }) => !local).map(index);
  return {
    TableName: table.name,
    AttributeDefinitions: [...used].map((AttributeName) => ({ AttributeName, AttributeType: table.types[AttributeName] })),
    KeySchema: keySchema(table),
    ...(provisioned ? { ProvisionedThroughput: throughput } : { BillingMode: 'PAY_PER_REQUEST' }),
    ...(table.stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: table.stream } }),
    ...(locals.length && { LocalSecondaryIndexes: locals }),
    ...(globals.length && { GlobalSecondaryIndexes: provisioned ? globals.map((g) => ({ ...g, ProvisionedThroughput: throughput })) : globals }),
  };
}

/** The attributes that are keys of the table or of an index. */
export function keyAttributes(table) {
  return new Set([table, ...table.indexes].flatMap(({ hash, range }) => [hash, range]).filter(Boolean));
}
