// Streams whose shards split under load: every change is recorded exactly once, and what the records say is what the table has.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { active, fails, open, pages, until } from "../lib/turntable.js";
import { elsewhere, temporaryFolder } from "../lib/server.js";
import { makeStreamsClient, recordsOf, recordsOfShard, replay, shardsOf } from "../lib/streams.js";
import { randomNumbers } from "../lib/random.js";
import { rmSync } from "node:fs";

const folder = temporaryFolder();
after(() => rmSync(folder, { recursive: true }));
const { ddb, doc, table, endpoint } = await open({ args: ["--data", folder, "--shard-records", "60"] });
const streams = makeStreamsClient(endpoint);
after(() => streams.destroy());

const on = { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } };
const nameOf = ({ pk, sk }) => `${pk.S} ${sk.N}`;

async function streamed() {
  const TableName = await table({ pk: "S", sk: "N" }, on);
  return { TableName, StreamArn: (await active(ddb, TableName)).LatestStreamArn };
}

/** Writes at random from several clients; counts what changed. */
async function load(TableName, seed, { clients = 8, writes = 40 } = {}) {
  const random = randomNumbers(seed);
  const pick = (count) => Math.floor(random() * count);
  let changes = 0;
  async function client(number) {
    for (let i = 0; i < writes; i++) {
      const Key = { pk: `p${pick(20)}`, sk: pick(3) };
      const kind = pick(10);
      if (kind < 5) {
        // Everything that is put differs from all before.
        await doc.put({ TableName, Item: { ...Key, by: `${number} ${i}` } });
        changes++;
      } else if (kind < 7) {
        await doc.update({ TableName, Key, UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": 1 } });
        changes++;
      } else if (kind < 8) {
        const { Attributes } = await doc.delete({ TableName, Key, ReturnValues: "ALL_OLD" });
        if (Attributes) changes++;
      } else {
        const keys = new Map(Array.from({ length: 10 }, () => ({ pk: `p${pick(20)}`, sk: pick(3) })).map((k) => [`${k.pk} ${k.sk}`, k]));
        await doc.batchWrite({ RequestItems: { [TableName]: [...keys.values()].map((k) => ({ PutRequest: { Item: { ...k, by: `${number} ${i} batch` } } })) } });
        changes += keys.size;
      }
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  return changes;
}

async function contentOf(TableName) {
  const { Items } = await pages((input) => ddb.scan(input), { TableName });
  return new Map(Items.map((item) => [nameOf(item), item]));
}

/** Each record of an item continues where the one before it ended. */
function checkChains(records) {
  const last = new Map();
  for (const { eventName, dynamodb } of records) {
    const name = nameOf(dynamodb.Keys);
    assert.deepEqual(dynamodb.OldImage, last.get(name), `${eventName} of ${name}`);
    assert.equal(eventName, dynamodb.OldImage === undefined ? "INSERT" : dynamodb.NewImage === undefined ? "REMOVE" : "MODIFY");
    last.set(name, dynamodb.NewImage);
  }
}

describe("shards that split", { skip: elsewhere && "another server has settings of its own" }, () => {
  test("records are exactly the changes, and in order", async () => {
    const { TableName, StreamArn } = await streamed();
    let changes = 0;
    for (let seed = 1; (await shardsOf(streams, StreamArn)).length < 9; seed++) changes += await load(TableName, seed);
    // No shard splits any more.
    await ddb.updateTable({ TableName, StreamSpecification: { StreamEnabled: false } });
    const shards = await shardsOf(streams, StreamArn, { Limit: 3 });

    const records = await recordsOf(streams, StreamArn, { Limit: 37 });
    assert.equal(records.length, changes);
    checkChains(records);
    assert.deepEqual(replay(records, nameOf), await contentOf(TableName));
    const numbers = records.map((r) => r.dynamodb.SequenceNumber);
    assert.equal(new Set(numbers).size, numbers.length);
    assert.equal(new Set(records.map((r) => r.eventID)).size, records.length);

    const parents = new Set(shards.map((s) => s.ParentShardId).filter(Boolean));
    assert.equal(shards.length, 2 * parents.size + 1);
    const byId = new Map(shards.map((s) => [s.ShardId, s]));
    assert.equal(byId.size, shards.length);
    for (const [place, { ShardId, ParentShardId, SequenceNumberRange: range }] of shards.entries()) {
      const children = shards.filter((s) => s.ParentShardId === ShardId);
      assert.ok(children.length === 2 || children.length === 0);
      if (ParentShardId) {
        assert.ok(shards.indexOf(byId.get(ParentShardId)) < place);
        assert.ok(BigInt(byId.get(ParentShardId).SequenceNumberRange.EndingSequenceNumber) < BigInt(range.StartingSequenceNumber));
      } else assert.equal(place, 0);
      const { StreamDescription } = await streams.describeStream({ StreamArn, ShardFilter: { Type: "CHILD_SHARDS", ShardId } });
      assert.deepEqual(StreamDescription.Shards, children);

      const own = await recordsOfShard(streams, StreamArn, ShardId);
      for (const { dynamodb } of own) {
        assert.ok(BigInt(dynamodb.SequenceNumber) > BigInt(range.StartingSequenceNumber));
        assert.ok(BigInt(dynamodb.SequenceNumber) <= BigInt(range.EndingSequenceNumber));
      }
      if (own.length > 0) {
        assert.equal(range.EndingSequenceNumber, own.at(-1).dynamodb.SequenceNumber);
        const last = await recordsOfShard(streams, StreamArn, ShardId, { type: "AT_SEQUENCE_NUMBER", SequenceNumber: range.EndingSequenceNumber });
        assert.equal(last.length, 1);
        assert.deepEqual(await recordsOfShard(streams, StreamArn, ShardId, { type: "AFTER_SEQUENCE_NUMBER", SequenceNumber: range.EndingSequenceNumber }), []);
        const beyond = String(BigInt(range.EndingSequenceNumber) + 1n);
        await fails(
          streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType: "AT_SEQUENCE_NUMBER", SequenceNumber: beyond }),
          "ValidationException",
          "Invalid SequenceNumber for the shard",
        );
      }
    }
  });

  test("a consumer that follows from the start misses nothing and sees nothing twice", async () => {
    const { TableName, StreamArn } = await streamed();
    let done = false;
    const seen = new Map(); // shard -> its records
    const finished = new Set();

    async function follow(ShardId, ParentShardId) {
      if (ParentShardId) await until(() => finished.has(ParentShardId));
      const records = [];
      seen.set(ShardId, records);
      let { ShardIterator } = await streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" });
      while (ShardIterator) {
        const wasDone = done;
        const { Records, NextShardIterator } = await streams.getRecords({ ShardIterator, Limit: 50 });
        records.push(...Records);
        if (wasDone && Records.length === 0) break;
        ShardIterator = NextShardIterator;
      }
      finished.add(ShardId);
    }

    async function consume() {
      const followed = new Map();
      for (;;) {
        const wasDone = done;
        const shards = await shardsOf(streams, StreamArn);
        for (const { ShardId, ParentShardId } of shards) {
          if (!followed.has(ShardId)) followed.set(ShardId, follow(ShardId, ParentShardId));
        }
        if (wasDone) break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await Promise.all(followed.values());
      return [...followed.keys()].flatMap((id) => seen.get(id));
    }

    const consumed = consume();
    let changes = 0;
    for (let seed = 11; (await shardsOf(streams, StreamArn)).length < 5; seed++) changes += await load(TableName, seed);
    done = true;
    const records = await consumed;
    assert.equal(records.length, changes);
    checkChains(records);
    assert.deepEqual(replay(records, nameOf), await contentOf(TableName));
  });
});

describe("time to live", { skip: elsewhere && "DynamoDB Local removes such items after days" }, () => {
  test("what it removes is marked as removed by the service", async () => {
    const { TableName, StreamArn } = await streamed();
    await ddb.updateTimeToLive({ TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: "until" } });
    const seconds = Math.floor(Date.now() / 1000);
    await doc.put({ TableName, Item: { pk: "expired", sk: 1, until: seconds - 10 } });
    await doc.put({ TableName, Item: { pk: "deleted", sk: 1, until: seconds + 1000 } });
    await doc.delete({ TableName, Key: { pk: "deleted", sk: 1 } });
    await until(async () => !(await doc.get({ TableName, Key: { pk: "expired", sk: 1 } })).Item);
    const removals = (await recordsOf(streams, StreamArn)).filter((r) => r.eventName === "REMOVE");
    assert.deepEqual(
      removals.map((r) => [r.dynamodb.OldImage.pk.S, r.userIdentity]).sort(),
      [
        ["deleted", undefined],
        ["expired", { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" }],
      ],
    );
  });
});
