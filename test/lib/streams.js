// Reading streams as a consumer does: shard by shard, a parent before its children.

import { DynamoDBStreams } from "@aws-sdk/client-dynamodb-streams";
import { credentials, region } from "./server.js";

export function makeStreamsClient(endpoint, options = {}) {
  return new DynamoDBStreams({ endpoint, region, credentials, maxAttempts: 1, ...options });
}

/** All shards of a stream, from all pages of DescribeStream. */
export async function shardsOf(streams, StreamArn, more = {}) {
  const shards = [];
  let ExclusiveStartShardId;
  do {
    const { StreamDescription } = await streams.describeStream({ StreamArn, ExclusiveStartShardId, ...more });
    shards.push(...StreamDescription.Shards);
    ExclusiveStartShardId = StreamDescription.LastEvaluatedShardId;
  } while (ExclusiveStartShardId);
  return shards;
}

/** The records of a shard from its oldest on, up to its end or, while it is open, to where there are no more. */
export async function recordsOfShard(streams, StreamArn, ShardId, { Limit, type = "TRIM_HORIZON", SequenceNumber } = {}) {
  const records = [];
  let { ShardIterator } = await streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType: type, SequenceNumber });
  while (ShardIterator) {
    const { Records, NextShardIterator } = await streams.getRecords({ ShardIterator, Limit });
    records.push(...Records);
    if (Records.length === 0) break;
    ShardIterator = NextShardIterator;
  }
  return records;
}

/** All records of a stream; those of a parent stand before those of its children. */
export async function recordsOf(streams, StreamArn, options) {
  const records = [];
  // Shards are listed in the order in which they were opened.
  for (const { ShardId } of await shardsOf(streams, StreamArn)) {
    records.push(...(await recordsOfShard(streams, StreamArn, ShardId, options)));
  }
  return records;
}

/** What a table holds after these records of new images: items by the text that `nameOf` makes of their keys. */
export function replay(records, nameOf, items = new Map()) {
  for (const { eventName, dynamodb } of records) {
    const name = nameOf(dynamodb.Keys);
    if (eventName === "REMOVE") items.delete(name);
    else items.set(name, dynamodb.NewImage);
  }
  return items;
}
