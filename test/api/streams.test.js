// DynamoDB Streams: what is recorded, in which order, and how it is read.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { active, fails, invalid, open, uniqueName } from "../lib/turntable.js";
import { elsewhere, region } from "../lib/server.js";
import { makeStreamsClient, recordsOf, recordsOfShard, shardsOf } from "../lib/streams.js";

const { ddb, doc, table, endpoint } = await open();
const streams = makeStreamsClient(endpoint);
after(() => streams.destroy());

const on = (StreamViewType) => ({ StreamSpecification: { StreamEnabled: true, StreamViewType } });
const off = { StreamSpecification: { StreamEnabled: false } };

async function arnOf(TableName) {
  return (await ddb.describeTable({ TableName })).Table.LatestStreamArn;
}

/** A table with a stream; resolves with both names. */
async function streamed(view = "NEW_AND_OLD_IMAGES", keys = { pk: "S" }, more = {}) {
  const TableName = await table(keys, { ...on(view), ...more });
  return { TableName, StreamArn: await arnOf(TableName) };
}

const images = (records) => records.map(({ eventName, dynamodb: { NewImage, OldImage } }) => ({ eventName, NewImage, OldImage }));

describe("what is recorded", () => {
  const before = { pk: { S: "a" }, n: { N: "1" } };
  const behind = { pk: { S: "a" }, n: { N: "2" }, l: { L: [{ NULL: true }, { S: "é" }] } };
  const withNew = ["NEW_IMAGE", "NEW_AND_OLD_IMAGES"];
  const withOld = ["OLD_IMAGE", "NEW_AND_OLD_IMAGES"];

  for (const view of ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]) {
    test(`${view}: an insertion, a change and a removal`, async () => {
      const { TableName, StreamArn } = await streamed(view);
      const started = Math.floor(Date.now() / 1000) * 1000;
      await ddb.putItem({ TableName, Item: before });
      await ddb.putItem({ TableName, Item: behind });
      await ddb.deleteItem({ TableName, Key: { pk: { S: "a" } } });
      const records = await recordsOf(streams, StreamArn);

      const expected = [
        { eventName: "INSERT", NewImage: before },
        { eventName: "MODIFY", NewImage: behind, OldImage: before },
        { eventName: "REMOVE", OldImage: behind },
      ];
      assert.deepEqual(
        images(records),
        expected.map(({ eventName, NewImage, OldImage }) => ({
          eventName,
          NewImage: withNew.includes(view) ? NewImage : undefined,
          OldImage: withOld.includes(view) ? OldImage : undefined,
        })),
      );
      for (const { eventVersion, eventSource, awsRegion, userIdentity, dynamodb } of records) {
        assert.deepEqual([eventVersion, eventSource, userIdentity], ["1.1", "aws:dynamodb", undefined]);
        if (!elsewhere) assert.equal(awsRegion, region);
        assert.deepEqual(dynamodb.Keys, { pk: { S: "a" } });
        assert.equal(dynamodb.StreamViewType, view);
        if (!elsewhere) {
          assert.ok(dynamodb.ApproximateCreationDateTime.getTime() >= started);
          assert.ok(dynamodb.ApproximateCreationDateTime.getTime() <= Date.now());
        }
        assert.equal(dynamodb.ApproximateCreationDateTime.getTime() % 1000, 0);
      }
      // The key has 3 bytes, the first item 6, the second 6 + "l", a list of 3 bytes with a null, a string of 2 and 1 byte each.
      const [key, small, large] = [3, 6, 6 + 1 + 3 + (1 + 1) + (2 + 1)];
      const sizes = { KEYS_ONLY: [0, 0, 0], NEW_IMAGE: [small, large, 0], OLD_IMAGE: [0, small, large], NEW_AND_OLD_IMAGES: [small, small + large, large] };
      assert.deepEqual(records.map((r) => r.dynamodb.SizeBytes), sizes[view].map((size) => key + size));
      const ids = new Set(records.map((r) => r.eventID));
      assert.equal(ids.size, 3);
      const numbers = records.map((r) => r.dynamodb.SequenceNumber);
      for (const number of numbers) assert.match(number, /^[0-9]{21,40}$/);
      assert.deepEqual(numbers.toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)), numbers);
      assert.equal(new Set(numbers).size, 3);
      assert.deepEqual((await recordsOf(streams, StreamArn)).map((r) => r.eventID), records.map((r) => r.eventID), "the same ids again");
    });
  }

  test("keys of all types, both parts", async () => {
    const { TableName, StreamArn } = await streamed("KEYS_ONLY", { pk: "B", sk: "N" });
    const Key = { pk: { B: Uint8Array.from([0, 255]) }, sk: { N: "-12.5" } };
    await ddb.updateItem({ TableName, Key });
    const [record, ...others] = await recordsOf(streams, StreamArn);
    assert.deepEqual(others, []);
    assert.deepEqual({ ...record.dynamodb.Keys }, Key);
  });

  test("an update records the item before and after", async () => {
    const { TableName, StreamArn } = await streamed();
    await doc.update({ TableName, Key: { pk: "a" }, UpdateExpression: "SET n = :n", ExpressionAttributeValues: { ":n": 1 } });
    await doc.update({ TableName, Key: { pk: "a" }, UpdateExpression: "ADD n :n", ExpressionAttributeValues: { ":n": 1 } });
    const item = (n) => ({ pk: { S: "a" }, n: { N: n } });
    assert.deepEqual(images(await recordsOf(streams, StreamArn)), [
      { eventName: "INSERT", NewImage: item("1"), OldImage: undefined },
      { eventName: "MODIFY", NewImage: item("2"), OldImage: item("1") },
    ]);
  });

  test("what changes nothing is not recorded", async () => {
    const { TableName, StreamArn } = await streamed();
    const Item = { pk: { S: "a" }, n: { N: "1" }, s: { SS: ["x", "y"] } };
    await ddb.putItem({ TableName, Item });
    await ddb.putItem({ TableName, Item });
    await ddb.putItem({ TableName, Item: { s: { SS: ["y", "x"] }, n: { N: "1.0" }, pk: { S: "a" } } });
    await ddb.updateItem({ TableName, Key: { pk: { S: "a" } } });
    await doc.update({ TableName, Key: { pk: "a" }, UpdateExpression: "SET n = :n REMOVE nope", ExpressionAttributeValues: { ":n": 1 } });
    await ddb.deleteItem({ TableName, Key: { pk: { S: "missing" } } });
    await assert.rejects(ddb.putItem({ TableName, Item: { pk: { S: "a" } }, ConditionExpression: "attribute_not_exists(pk)" }), {
      name: "ConditionalCheckFailedException",
    });
    await assert.rejects(ddb.putItem({ TableName, Item: {} }), { name: "ValidationException" });
    await ddb.batchWriteItem({ RequestItems: { [TableName]: [{ PutRequest: { Item } }, { DeleteRequest: { Key: { pk: { S: "missing" } } } }] } });
    assert.deepEqual((await recordsOf(streams, StreamArn)).map((r) => r.eventName), ["INSERT"]);
  });

  test("each write of a batch is recorded once", async () => {
    const { TableName, StreamArn } = await streamed();
    const other = await table({ pk: "S" });
    await ddb.putItem({ TableName, Item: { pk: { S: "old" } } });
    const puts = Array.from({ length: 20 }, (_, i) => ({ PutRequest: { Item: { pk: { S: `new ${i}` } } } }));
    await ddb.batchWriteItem({
      RequestItems: {
        [TableName]: [...puts, { DeleteRequest: { Key: { pk: { S: "old" } } } }],
        [other]: [{ PutRequest: { Item: { pk: { S: "elsewhere" } } } }],
      },
    });
    const [, ...records] = await recordsOf(streams, StreamArn);
    const seen = records.map((r) => `${r.eventName} ${r.dynamodb.Keys.pk.S}`).sort();
    assert.deepEqual(seen, [...puts.map((_, i) => `INSERT new ${i}`), "REMOVE old"].sort());
    assert.equal(new Set(records.map((r) => r.dynamodb.SequenceNumber)).size, records.length);
  });

  test("each write of a transaction is recorded once, and none of one that is cancelled", async () => {
    const { TableName, StreamArn } = await streamed();
    const other = await streamed();
    const item = (pk) => ({ pk: { S: pk } });
    for (const pk of ["old", "changed", "checked"]) await ddb.putItem({ TableName, Item: item(pk) });
    const before = (await recordsOf(streams, StreamArn)).length;
    const TransactItems = [
      { Put: { TableName, Item: item("new") } },
      { Update: { TableName, Key: item("changed"), UpdateExpression: "SET n = :n", ExpressionAttributeValues: { ":n": { N: "1" } } } },
      { Delete: { TableName, Key: item("old") } },
      { ConditionCheck: { TableName, Key: item("checked"), ConditionExpression: "attribute_exists(pk)" } },
      { Put: { TableName: other.TableName, Item: item("there") } },
    ];
    const failing = { Put: { TableName, Item: item("checked"), ConditionExpression: "attribute_not_exists(pk)" } };
    await assert.rejects(ddb.transactWriteItems({ TransactItems: [...TransactItems.filter((t) => !t.ConditionCheck), failing] }), {
      name: "TransactionCanceledException",
    });
    assert.equal((await recordsOf(streams, StreamArn)).length, before);
    await ddb.transactWriteItems({ TransactItems });
    const records = (await recordsOf(streams, StreamArn)).slice(before);
    assert.deepEqual(records.map((r) => `${r.eventName} ${r.dynamodb.Keys.pk.S}`).sort(), ["INSERT new", "MODIFY changed", "REMOVE old"]);
    assert.deepEqual((await recordsOf(streams, other.StreamArn)).map((r) => r.dynamodb.Keys.pk.S), ["there"]);
  });

  test("a table without a stream, or before it, records nothing", async () => {
    const TableName = await table({ pk: "S" });
    await ddb.putItem({ TableName, Item: { pk: { S: "before" } } });
    assert.equal(await arnOf(TableName), undefined);
    await ddb.updateTable({ TableName, ...on("NEW_IMAGE") });
    const { LatestStreamArn, LatestStreamLabel, StreamSpecification } = await active(ddb, TableName);
    assert.deepEqual(StreamSpecification, { StreamEnabled: true, StreamViewType: "NEW_IMAGE" });
    assert.ok(LatestStreamArn.endsWith(`:table/${TableName}/stream/${LatestStreamLabel}`));
    assert.deepEqual(await recordsOf(streams, LatestStreamArn), []);
    await ddb.putItem({ TableName, Item: { pk: { S: "after" } } });
    assert.deepEqual((await recordsOf(streams, LatestStreamArn)).map((r) => r.dynamodb.Keys.pk.S), ["after"]);
  });
});

describe("order", () => {
  test("the records of an item are in the order of its changes, under many writers", async () => {
    const { TableName, StreamArn } = await streamed();
    const count = (pk) =>
      doc.update({ TableName, Key: { pk }, UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": 1 } });
    const names = ["a", "b", "c"];
    await Promise.all(Array.from({ length: 240 }, (_, i) => count(names[i % 3])));
    const records = await recordsOf(streams, StreamArn);
    assert.equal(records.length, 240);
    for (const name of names) {
      const changes = records.filter((r) => r.dynamodb.Keys.pk.S === name).map(({ dynamodb: { OldImage, NewImage } }) => [OldImage?.n.N, NewImage.n.N]);
      assert.deepEqual(changes, Array.from({ length: 80 }, (_, i) => [i === 0 ? undefined : String(i), String(i + 1)]));
    }
  });
});

describe("switching streams on and off", () => {
  test("a stream that is on cannot be switched on", async () => {
    const { TableName } = await streamed("NEW_IMAGE");
    const message = elsewhere ? "Table already has an enabled stream" : `Table already has an enabled stream: TableName: ${TableName}`;
    await invalid(ddb.updateTable({ TableName, ...on("KEYS_ONLY") }), message);
    await invalid(ddb.updateTable({ TableName, ...on("NEW_IMAGE") }), message);
  });

  test("a stream that is off cannot be switched off", async () => {
    const TableName = await table({ pk: "S" });
    await fails(ddb.updateTable({ TableName, ...off }), "ValidationException", /^Table (already has a disabled stream|has no stream to disable)/);
  });

  test("a stream of another view is another stream, and the one before stays readable", async () => {
    const { TableName, StreamArn } = await streamed("NEW_IMAGE");
    await ddb.putItem({ TableName, Item: { pk: { S: "first" } } });
    const [{ ShardId, SequenceNumberRange }] = await shardsOf(streams, StreamArn);
    assert.equal(SequenceNumberRange.EndingSequenceNumber, undefined);

    await ddb.updateTable({ TableName, ...off });
    const { StreamSpecification, LatestStreamArn } = await active(ddb, TableName);
    assert.equal(StreamSpecification, undefined);
    assert.equal(LatestStreamArn, StreamArn);
    await ddb.putItem({ TableName, Item: { pk: { S: "nobody saw it" } } });

    await ddb.updateTable({ TableName, ...on("KEYS_ONLY") });
    const latest = (await active(ddb, TableName)).LatestStreamArn;
    assert.notEqual(latest, StreamArn);
    await ddb.putItem({ TableName, Item: { pk: { S: "second" } } });

    const { StreamDescription } = await streams.describeStream({ StreamArn });
    assert.deepEqual([StreamDescription.StreamStatus, StreamDescription.StreamViewType], ["DISABLED", "NEW_IMAGE"]);
    const [record, ...others] = await recordsOf(streams, StreamArn);
    assert.deepEqual([record.dynamodb.Keys.pk.S, others], ["first", []]);
    assert.deepEqual(
      StreamDescription.Shards.map((s) => [s.ShardId, s.SequenceNumberRange.EndingSequenceNumber]),
      [[ShardId, record.dynamodb.SequenceNumber]],
    );
    const { ShardIterator } = await streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" });
    const { Records, NextShardIterator } = await streams.getRecords({ ShardIterator });
    assert.deepEqual([Records.length, NextShardIterator], [1, undefined], "a closed shard has an end");
    assert.deepEqual((await recordsOf(streams, latest)).map((r) => r.dynamodb.Keys.pk.S), ["second"]);
    const { Streams } = await streams.listStreams({ TableName });
    assert.deepEqual(Streams.map((s) => s.StreamArn).sort(), [StreamArn, latest].sort());
  });

  test("the stream of a deleted table stays readable, beside that of a new table of its name", async () => {
    const { TableName, StreamArn } = await streamed("NEW_IMAGE");
    await ddb.putItem({ TableName, Item: { pk: { S: "first" } } });
    await ddb.deleteTable({ TableName });
    await table({ pk: "S" }, { TableName, ...on("NEW_IMAGE") });
    await ddb.putItem({ TableName, Item: { pk: { S: "second" } } });
    assert.equal((await streams.describeStream({ StreamArn })).StreamDescription.StreamStatus, "DISABLED");
    assert.deepEqual((await recordsOf(streams, StreamArn)).map((r) => r.dynamodb.Keys.pk.S), ["first"]);
    const latest = await arnOf(TableName);
    assert.notEqual(latest, StreamArn);
    assert.deepEqual((await recordsOf(streams, latest)).map((r) => r.dynamodb.Keys.pk.S), ["second"]);
    assert.deepEqual((await streams.listStreams({ TableName })).Streams.map((s) => s.StreamArn).sort(), [StreamArn, latest].sort());
  });
});

describe("ListStreams", () => {
  test("pages through the streams of a table, and of all", async () => {
    const { TableName } = await streamed("KEYS_ONLY");
    for (let i = 0; i < 4; i++) {
      await ddb.updateTable({ TableName, ...off });
      await active(ddb, TableName);
      await ddb.updateTable({ TableName, ...on("KEYS_ONLY") });
      await active(ddb, TableName);
    }
    const { Streams: all } = await streams.listStreams({ TableName });
    assert.equal(all.length, 5);
    for (const { StreamArn, StreamLabel, TableName: name } of all) {
      assert.equal(name, TableName);
      assert.ok(StreamArn.endsWith(`/stream/${StreamLabel}`));
    }
    for (const input of [{ TableName }, {}]) {
      const seen = [];
      let ExclusiveStartStreamArn;
      do {
        const page = await streams.listStreams({ ...input, Limit: 2, ExclusiveStartStreamArn });
        assert.ok(page.Streams.length <= 2);
        seen.push(...page.Streams.map((s) => s.StreamArn));
        ExclusiveStartStreamArn = page.LastEvaluatedStreamArn;
        if (ExclusiveStartStreamArn) assert.equal(ExclusiveStartStreamArn, seen.at(-1));
      } while (ExclusiveStartStreamArn);
      assert.equal(new Set(seen).size, seen.length);
      const wanted = new Set(all.map((s) => s.StreamArn));
      assert.deepEqual(seen.filter((arn) => wanted.has(arn)).sort(), [...wanted].sort());
      if (input.TableName) assert.equal(seen.length, 5);
    }
  });

  test("a table without streams, or none, has none", async () => {
    const TableName = await table({ pk: "S" });
    assert.deepEqual((await streams.listStreams({ TableName })).Streams, []);
    assert.deepEqual((await streams.listStreams({ TableName: uniqueName("-none") })).Streams, []);
  });

  test("a table whose name begins another's has its own alone", async () => {
    const { TableName, StreamArn } = await streamed("KEYS_ONLY");
    await table({ pk: "S" }, { TableName: `${TableName}-longer`, ...on("KEYS_ONLY") });
    assert.deepEqual((await streams.listStreams({ TableName })).Streams.map((s) => s.StreamArn), [StreamArn]);
  });

  test("what it refuses", async () => {
    const tooSmall = (value) => `1 validation error detected: Value '${value}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`;
    await invalid(streams.listStreams({ Limit: 0 }), tooSmall(0));
    await invalid(streams.listStreams({ Limit: -1 }), tooSmall(-1));
    await invalid(streams.listStreams({ Limit: 101 }), "One or more parameter values were invalid: Limit cannot be greater than the maximum allowed size: 100");
    await invalid(
      streams.listStreams({ TableName: "a!" }),
      "2 validation errors detected: Value 'a!' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value 'a!' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
    );
    await invalid(streams.listStreams({ ExclusiveStartStreamArn: "x".repeat(40) }), "Invalid StreamArn");
    await invalid(
      streams.listStreams({ ExclusiveStartStreamArn: "arn" }),
      "1 validation error detected: Value 'arn' at 'exclusiveStartStreamArn' failed to satisfy constraint: Member must have length greater than or equal to 37",
    );
  });
});

describe("DescribeStream", () => {
  test("describes the stream", async () => {
    const { TableName, StreamArn } = await streamed("OLD_IMAGE", { pk: "S", sk: "N" });
    const { StreamDescription } = await streams.describeStream({ StreamArn });
    const { Shards, CreationRequestDateTime, StreamLabel, ...rest } = StreamDescription;
    assert.deepEqual(rest, {
      StreamArn,
      StreamStatus: "ENABLED",
      StreamViewType: "OLD_IMAGE",
      TableName,
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    });
    assert.equal(`${StreamLabel}Z`, CreationRequestDateTime.toISOString());
    const [{ ShardId, SequenceNumberRange, ParentShardId }] = Shards;
    assert.match(ShardId, /^shardId-[0-9]{20}-[0-9a-f]{8}$/);
    assert.match(SequenceNumberRange.StartingSequenceNumber, /^[0-9]{21,40}$/);
    assert.equal(ParentShardId, undefined);
    assert.equal(Shards.length, 1);
    assert.deepEqual((await streams.describeStream({ StreamArn, ExclusiveStartShardId: ShardId })).StreamDescription.Shards, []);
  });

  test("what it refuses", async () => {
    const { TableName, StreamArn } = await streamed("KEYS_ONLY");
    const missing = StreamArn.replace(TableName, "no-such-table");
    await fails(streams.describeStream({ StreamArn: missing }), "ResourceNotFoundException", `Requested resource not found: Stream: ${missing} not found`);
    const elsewhereArn = StreamArn.replace(/dynamodb:[^:]*:/, "dynamodb:eu-north-1:");
    await fails(streams.describeStream({ StreamArn: elsewhereArn }), "ResourceNotFoundException", `Requested resource not found: Stream: ${elsewhereArn} not found`);
    const label = StreamArn.replace(/stream\/.*/, "stream/2020-01-01T00:00:00.000");
    await fails(streams.describeStream({ StreamArn: label }), "ResourceNotFoundException", `Requested resource not found: Stream: ${label} not found`);
    for (const bad of ["x".repeat(40), StreamArn.replace(/\/stream.*/, `/${"x".repeat(20)}`), StreamArn.replace(/stream\/.*/, "stream/"), StreamArn.replace("dynamodb", "sqs")]) {
      await invalid(streams.describeStream({ StreamArn: bad }), "Invalid StreamArn");
    }
    await invalid(
      streams.describeStream({}),
      "1 validation error detected: Value null at 'streamArn' failed to satisfy constraint: Member must not be null",
    );
    await invalid(streams.describeStream({ StreamArn, Limit: 101 }), "One or more parameter values were invalid: Limit cannot be greater than the maximum: 100");
    await invalid(
      streams.describeStream({ StreamArn, ExclusiveStartShardId: "x" }),
      "1 validation error detected: Value 'x' at 'exclusiveStartShardId' failed to satisfy constraint: Member must have length greater than or equal to 28",
    );
    await invalid(streams.describeStream({ StreamArn, ExclusiveStartShardId: "x".repeat(30) }), "Invalid ExclusiveStartShardId");
    await invalid(
      streams.describeStream({ StreamArn, ShardFilter: { Type: "PARENTS" } }),
      "1 validation error detected: Value 'PARENTS' at 'shardFilter.type' failed to satisfy constraint: Member must satisfy enum value set: [CHILD_SHARDS]",
    );
    await invalid(streams.describeStream({ StreamArn, ShardFilter: { Type: "CHILD_SHARDS" } }), "One or more parameter values were invalid: ShardFilter needs both a Type and a ShardId");
  });
});

describe("GetShardIterator and GetRecords", () => {
  test("the four types of iterator", async () => {
    const { TableName, StreamArn } = await streamed("KEYS_ONLY");
    const put = (pk) => ddb.putItem({ TableName, Item: { pk: { S: pk } } });
    const [{ ShardId }] = await shardsOf(streams, StreamArn);
    const iterator = async (ShardIteratorType, SequenceNumber) =>
      (await streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType, SequenceNumber })).ShardIterator;
    const read = async (ShardIterator) => (await streams.getRecords({ ShardIterator })).Records.map((r) => r.dynamodb.Keys.pk.S);

    const first = await iterator("LATEST");
    for (const pk of ["a", "b", "c"]) await put(pk);
    const [, b] = await recordsOf(streams, StreamArn);
    const latest = await iterator("LATEST");
    await put("d");
    assert.deepEqual(await read(first), ["a", "b", "c", "d"]);
    assert.deepEqual(await read(latest), ["d"]);
    assert.deepEqual(await read(await iterator("TRIM_HORIZON")), ["a", "b", "c", "d"]);
    assert.deepEqual(await read(await iterator("AT_SEQUENCE_NUMBER", b.dynamodb.SequenceNumber)), ["b", "c", "d"]);
    assert.deepEqual(await read(await iterator("AFTER_SEQUENCE_NUMBER", b.dynamodb.SequenceNumber)), ["c", "d"]);
    assert.deepEqual(await read(first), ["a", "b", "c", "d"], "an iterator can be used again");
  });

  test("pages of records, and an iterator at the end that goes on", async () => {
    const { TableName, StreamArn } = await streamed("KEYS_ONLY");
    const [{ ShardId }] = await shardsOf(streams, StreamArn);
    for (let i = 0; i < 5; i++) await ddb.putItem({ TableName, Item: { pk: { S: `${i}` } } });
    let { ShardIterator } = await streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" });
    const pages = [];
    for (let i = 0; i < 4; i++) {
      const { Records, NextShardIterator } = await streams.getRecords({ ShardIterator, Limit: 2 });
      pages.push(Records.map((r) => r.dynamodb.Keys.pk.S).join(""));
      ShardIterator = NextShardIterator;
    }
    assert.deepEqual(pages, ["01", "23", "4", ""]);
    await ddb.putItem({ TableName, Item: { pk: { S: "later" } } });
    assert.deepEqual((await streams.getRecords({ ShardIterator })).Records.map((r) => r.dynamodb.Keys.pk.S), ["later"]);
  });

  test("a page has 1 MB, and at least one record", async () => {
    const { TableName, StreamArn } = await streamed("NEW_AND_OLD_IMAGES");
    const [{ ShardId }] = await shardsOf(streams, StreamArn);
    for (let i = 0; i < 8; i++) await doc.put({ TableName, Item: { pk: "a", i, text: "x".repeat(390_000) } });
    let { ShardIterator } = await streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" });
    const pages = [];
    while (pages.reduce((a, b) => a + b, 0) < 8) {
      const { Records, NextShardIterator } = await streams.getRecords({ ShardIterator });
      const bytes = Records.reduce((sum, r) => sum + r.dynamodb.SizeBytes, 0);
      assert.ok(bytes <= 1024 * 1024 && Records.length > 0, `${Records.length} records of ${bytes} bytes`);
      pages.push(Records.length);
      ShardIterator = NextShardIterator;
    }
    assert.deepEqual(pages, [1, 1, 1, 1, 1, 1, 1, 1]);
  });

  test("1000 records a page", async () => {
    const { TableName, StreamArn } = await streamed("KEYS_ONLY");
    for (let i = 0; i < 1025; i += 25) {
      const puts = Array.from({ length: 25 }, (_, j) => ({ PutRequest: { Item: { pk: { S: `${i + j}` } } } }));
      await ddb.batchWriteItem({ RequestItems: { [TableName]: puts } });
    }
    const [{ ShardId }] = await shardsOf(streams, StreamArn);
    const { ShardIterator } = await streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" });
    const { Records, NextShardIterator } = await streams.getRecords({ ShardIterator });
    assert.equal(Records.length, 1000);
    assert.equal((await streams.getRecords({ ShardIterator: NextShardIterator })).Records.length, 25);
  });

  test("what GetShardIterator refuses", async () => {
    const { TableName, StreamArn } = await streamed("KEYS_ONLY");
    await ddb.putItem({ TableName, Item: { pk: { S: "a" } } });
    const [{ ShardId, SequenceNumberRange }] = await shardsOf(streams, StreamArn);
    const get = (more) => streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType: "LATEST", ...more });
    const SequenceNumber = SequenceNumberRange.StartingSequenceNumber;

    const missing = StreamArn.replace(TableName, "no-such-table");
    await fails(get({ StreamArn: missing }), "ResourceNotFoundException", `Requested resource not found: Stream: ${missing} not found`);
    await invalid(get({ StreamArn: "x".repeat(40) }), "Invalid StreamArn");
    const other = "shardId-00000000000000000000-00000000";
    await fails(get({ ShardId: other }), "ResourceNotFoundException", "Requested resource not found: Shard does not exist");
    await invalid(get({ ShardId: "x".repeat(30) }), "Invalid ShardId");
    const unneeded = "One or more parameter values were invalid: SequenceNumber should not be passed for this iterator type";
    await invalid(get({ SequenceNumber }), unneeded);
    await invalid(get({ SequenceNumber, ShardIteratorType: "TRIM_HORIZON" }), unneeded);
    const wrong = "One or more parameter values were invalid: Invalid SequenceNumber";
    for (const ShardIteratorType of ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"]) {
      await invalid(get({ ShardIteratorType }), wrong);
      for (const number of ["x".repeat(31), "9".repeat(31), "1".repeat(22), `1${"9".repeat(30)}`]) {
        await invalid(get({ ShardIteratorType, SequenceNumber: number }), wrong);
      }
      await invalid(get({ ShardIteratorType, SequenceNumber: `1${"0".repeat(SequenceNumber.length - 1)}` }), "Invalid SequenceNumber for the shard");
      await invalid(
        get({ ShardIteratorType, SequenceNumber: "1" }),
        "1 validation error detected: Value '1' at 'sequenceNumber' failed to satisfy constraint: Member must have length greater than or equal to 21",
      );
    }
    await fails(streams.getShardIterator({}), "ValidationException", /^3 validation errors detected: /);
    await fails(get({ ShardIteratorType: "NEXT" }), "ValidationException", /^1 validation error detected: Value 'NEXT' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set: /);
  });

  test("what GetRecords refuses", async () => {
    const { StreamArn } = await streamed("KEYS_ONLY");
    const [{ ShardId }] = await shardsOf(streams, StreamArn);
    const { ShardIterator } = await streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType: "LATEST" });
    const bytes = Buffer.from(ShardIterator, "base64");
    for (const place of [0, 3, 20, 30, bytes.length - 1]) {
      const forged = Buffer.from(bytes);
      forged[place] ^= 1;
      await invalid(streams.getRecords({ ShardIterator: forged.toString("base64") }), "Invalid ShardIterator");
    }
    for (const bad of ["x", "AAAA", ShardIterator.slice(0, -4), `${ShardIterator}AAAA`, "é"]) {
      await invalid(streams.getRecords({ ShardIterator: bad }), "Invalid ShardIterator");
    }
    await invalid(
      streams.getRecords({ ShardIterator: "" }),
      "1 validation error detected: Value '' at 'shardIterator' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
    await invalid(
      streams.getRecords({ ShardIterator, Limit: 0 }),
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
    await fails(streams.getRecords({ ShardIterator, Limit: 1001 }), "LimitExceededException", "One or more parameter values were invalid: Limit should be less than or equal to 1000");
    assert.deepEqual((await streams.getRecords({ ShardIterator, Limit: 1000 })).Records, []);
  });
});
