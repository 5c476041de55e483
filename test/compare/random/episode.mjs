// An episode: one table and the requests to it, all made from a seed.
import { Dice } from './dice.mjs';
import { Requests } from './requests.mjs';
import { schema } from './schema.mjs';

/** How many requests an episode has, the creation of the table and the reading of it at the end left aside. */
export const LENGTH = 50;

/** { table, steps }: the same for the same seed, number and `known` operations. */
export function episode(seed, number, known) {
  const dice = new Dice((seed * 1_000_003 + number * 7919) >>> 0);
  const table = schema(dice, `compare-random-${number}`);
  const requests = new Requests(dice, table, known);
  const steps = dice.times(LENGTH, (i) => (i < 6 ? [requests.seed()] : requests.steps())).flat();
  return { table, steps };
}

/** Requests that read all that the table and its indexes hold. */
export function readAll(table) {
  return [null, ...table.indexes].map((index) => ({
    operation: 'Scan',
    body: { TableName: table.name, ...(index && { IndexName: index.name }) },
  }));
}

const candidates = ['PutItem', 'UpdateItem', 'DeleteItem', 'GetItem', 'Query', 'Scan', 'BatchGetItem', 'BatchWriteItem', 'DescribeTable', 'CreateTable', 'UpdateTable', 'TransactWriteItems', 'TransactGetItems',
  'ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction', 'UpdateTimeToLive', 'DescribeTimeToLive', 'TagResource', 'ListTagsOfResource'];

/** Those operations that a server has. */
export async function knownOperations(client) {
  const known = new Set();
  for (const operation of candidates) {
    const { text } = await client.send(operation, {});
    if (!text.includes('UnknownOperationException')) known.add(operation);
  }
  return known;
}
