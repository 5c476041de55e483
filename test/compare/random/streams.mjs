// The stream of a table: what each server calls it and its parts, and the records that came since they were last read.
import { canonical, evenSets, trimNumbers } from '../lib/answers.mjs';

const options = (operation) => ({ target: `DynamoDBStreams_20120810.${operation}` });
const send = (client, operation, body) => client.send(operation, body, options(operation));
const PAGES = 1000; // far more than any stream of these has

async function iterator(client, StreamArn, ShardId, ShardIteratorType = 'TRIM_HORIZON') {
  const { body } = await send(client, 'GetShardIterator', { StreamArn, ShardId, ShardIteratorType });
  return body.ShardIterator;
}

async function shards(client, StreamArn) {
  const { body } = await send(client, 'DescribeStream', { StreamArn });
  return body.StreamDescription.Shards.map(({ ShardId }) => ShardId);
}

/** What requests call `@table`, `@stream`, `@shard` and `@iterator`, as a server calls them: { name: text }. */
export async function addresses(client, TableName) {
  const { Table } = (await client.send('DescribeTable', { TableName })).body;
  const known = { '@table': Table.TableArn };
  if (!Table.LatestStreamArn) return known;
  const [shard] = await shards(client, Table.LatestStreamArn);
  return { ...known, '@stream': Table.LatestStreamArn, '@shard': shard, '@iterator': await iterator(client, Table.LatestStreamArn, shard) };
}

/** The body with a server's names in it. */
export function addressed(body, known) {
  if (typeof body === 'string') return Object.entries(known).reduce((text, [name, meant]) => text.replaceAll(name, meant), body);
  if (Array.isArray(body)) return body.map((element) => addressed(element, known));
  if (body === null || typeof body !== 'object') return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, addressed(value, known)]));
}

// A record without what each server counts or times on its own.
function evenRecord({ eventID, awsRegion, dynamodb, ...rest }, oracle) {
  const { SequenceNumber, ApproximateCreationDateTime, SizeBytes, ...change } = dynamodb;
  return evenSets({ ...rest, ...(oracle ? trimNumbers(change) : change) });
}

/**
 * The records that came to the stream since they were last read, those of each item in their order: { key: [record, ...] }.
 * `reading`: { arn, iterators: Map }, where they were read to. null: the oracle has lost its place, as it does when tables of one
 * name follow each other.
 */
export async function newRecords(client, reading, oracle) {
  const records = {};
  for (const shard of await shards(client, reading.arn)) {
    let at = reading.iterators.get(shard) ?? await iterator(client, reading.arn, shard);
    for (let page = 0; at && page < PAGES; page++) {
      const { status, body, text } = await send(client, 'GetRecords', { ShardIterator: at });
      if (status === 400 && oracle && text.includes('TrimmedDataAccessException')) {
        reading.iterators.set(shard, await iterator(client, reading.arn, shard, 'LATEST'));
        return null;
      }
      if (status !== 200) throw new Error(`${client.url.host} answers GetRecords with ${text}`);
      for (const record of body.Records) {
        const even = evenRecord(record, oracle);
        (records[canonical(even.Keys)] ??= []).push(even);
      }
      if (body.NextShardIterator) reading.iterators.set(shard, body.NextShardIterator);
      at = body.Records.length ? body.NextShardIterator : undefined;
    }
  }
  return records;
}

const forget = ['StreamLabel', 'CreationRequestDateTime', 'Shards', 'LastEvaluatedShardId', 'LastEvaluatedStreamArn', 'Records', 'ShardIterator', 'NextShardIterator'];

function even(value) {
  if (typeof value === 'string') return value.replace(/arn:aws:dynamodb:[^:]*:/g, 'arn:aws:dynamodb:REGION:').replace(/\/stream\/\d{4}-.*$/, '/stream/LABEL');
  if (Array.isArray(value)) return value.map(even);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !forget.includes(name)).map(([name, inner]) => [name, even(inner)]));
}

/**
 * The body of an answer about streams, without what each server names or counts on its own: streams of former tables, and those of
 * other tables, which others are at work on.
 */
export function evenStreams(body, { TableName }) {
  const { Streams, ...rest } = even(body);
  return { ...rest, ...(Streams && TableName && { Streams: [...new Set(Streams.map(canonical))].sort() }) };
}

/** The options to ask for an operation with. */
export function optionsOf(operation) {
  return /^(ListStreams|DescribeStream|GetShardIterator|GetRecords)$/.test(operation) ? options(operation) : undefined;
}
