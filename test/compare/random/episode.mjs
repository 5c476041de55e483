// An episode: one table and the requests to it, all made from a seed.
import { Dice } from './dice.mjs';
import { Requests } from './requests.mjs';
import { schema } from './schema.mjs';
import { optionsOf } from './streams.mjs';

/** How many requests an episode has, the creation of the table and the reading of it at the end left aside. */
export const LENGTH = 50;

// All records that came to the table's stream since the last such step.
const records = { operation: 'GetRecords', body: {}, gathers: true };

/** { table, steps }: the same for the same seed, number and `known` operations. */
export function episode(seed, number, known) {
  const dice = new Dice((seed * 1_000_003 + number * 7919) >>> 0);
  const table = schema(dice, `compare-random-${number}`);
  const requests = new Requests(dice, table, known);
  const steps = dice.times(LENGTH, (i) => [...(i < 6 ? [requests.seed()] : requests.steps()), ...(table.stream && dice.chance(0.4) ? [records] : [])]).flat();
  return { table, steps };
}

/** Requests that read all that the table, its indexes and its stream hold. */
export function readAll(table) {
  const scans = [null, ...table.indexes].map((index) => ({
    operation: 'Scan',
    body: { TableName: table.name, ...(index && { IndexName: index.name }) },
  }));
  return [...scans, ...(table.stream ? [records] : [])];
}

const candidates = ['PutItem', 'UpdateItem', 'DeleteItem', 'GetItem', 'Query', 'Scan', 'BatchGetItem', 'BatchWriteItem', 'DescribeTable', 'CreateTable', 'UpdateTable', 'TransactWriteItems', 'TransactGetItems',
  'ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction', 'UpdateTimeToLive', 'DescribeTimeToLive', 'TagResource', 'UntagResource', 'ListTagsOfResource',
  'ListStreams', 'DescribeStream', 'GetShardIterator', 'GetRecords'];

/** Those operations that a server has. */
export async function knownOperations(client) {
  const known = new Set();
  for (const operation of candidates) {
    const { text } = await client.send(operation, {}, optionsOf(operation));
    if (!text.includes('UnknownOperationException')) known.add(operation);
  }
  return known;
}
