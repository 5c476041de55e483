// Throughput that is enforced (`turntable serve --enforce-throughput`), and that it is not by default.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { elsewhere } from "../lib/server.js";
import { fails, open, until } from "../lib/turntable.js";

const skip = elsewhere && "another server has no such setting";
const strict = await open(skip ? undefined : { args: ["--in-memory", "--enforce-throughput"] });
const { ddb } = strict;

const tableText =
  "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.";
const indexText =
  "The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. " +
  "Consider increasing your provisioning level for the under-provisioned global secondary indexes with the UpdateTable API";

const provisioned = (ReadCapacityUnits, WriteCapacityUnits) => ({
  BillingMode: "PROVISIONED",
  ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits },
});
const gsi = (read, write) => ({ byOwner: { keys: { owner: "S" }, ProvisionedThroughput: { ReadCapacityUnits: read, WriteCapacityUnits: write } } });
const item = (pk, kilobytes, more) => ({ pk: { S: `${pk}` }, data: { S: "x".repeat(kilobytes * 1024 - 30) }, ...more });
const plenty = 10_000;

/** Repeats a request, which costs more than the table gets while it runs, until it is throttled; resolves with the error. */
async function exhaust(request) {
  for (let i = 0; ; i++) {
    try {
      await request(i);
    } catch (error) {
      if (!error.name.includes("Th")) throw error;
      return error;
    }
  }
}

/** Repeats a request while it is throttled; resolves with its answer. */
const eventually = (request) =>
  until(() =>
    request().catch((error) => {
      if (error.name === "ProvisionedThroughputExceededException" || error.name === "ThrottlingException") return false;
      throw error;
    }),
  );

const arn = (TableName, index) => `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}${index ? `/index/${index}` : ""}`;

describe("provisioned throughput", { skip }, () => {
  test("throttles writes until it has gathered again", async () => {
    const TableName = await strict.table({ pk: "S" }, provisioned(plenty, 20));
    const write = (i) => ddb.putItem({ TableName, Item: item(i, 40) });
    const error = await exhaust(write);
    assert.equal(error.name, "ProvisionedThroughputExceededException");
    assert.equal(error.message, tableText);
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.deepEqual(error.ThrottlingReasons, [{ reason: "TableWriteProvisionedThroughputExceeded", resource: arn(TableName) }]);
    const { Count } = await ddb.scan({ TableName });
    assert.ok(Count >= 1);
    await eventually(() => write("again"));
    assert.equal((await ddb.scan({ TableName })).Count, Count + 1);
  });

  test("throttles the writes of all operations, and those that a condition refuses", async () => {
    const TableName = await strict.table({ pk: "S" }, provisioned(plenty, 1));
    const key = { pk: { S: "a" } };
    await eventually(() => ddb.putItem({ TableName, Item: item("a", 300) }));
    for (const request of [
      () => ddb.putItem({ TableName, Item: item("b", 1) }),
      () => ddb.deleteItem({ TableName, Key: key }),
      () => ddb.updateItem({ TableName, Key: key, UpdateExpression: "SET n = :n", ExpressionAttributeValues: { ":n": { N: "1" } } }),
      () => ddb.putItem({ TableName, Item: item("a", 1), ConditionExpression: "attribute_not_exists(pk)" }),
      () => ddb.batchWriteItem({ RequestItems: { [TableName]: [{ PutRequest: { Item: item("c", 1) } }] } }),
    ]) {
      await fails(request(), "ProvisionedThroughputExceededException", tableText);
    }
    for (const action of [{ Put: { TableName, Item: item("d", 1) } }, { ConditionCheck: { TableName, Key: key, ConditionExpression: "attribute_exists(pk)" } }]) {
      const { CancellationReasons } = await fails(ddb.transactWriteItems({ TransactItems: [action] }), "TransactionCanceledException", /ProvisionedThroughputExceeded/);
      assert.deepEqual(CancellationReasons, [{ Code: "ProvisionedThroughputExceeded", Message: tableText }]);
    }
    const Statement = `INSERT INTO "${TableName}" VALUE {'pk': 'e'}`;
    await fails(ddb.executeStatement({ Statement }), "ProvisionedThroughputExceededException", tableText);
    const { Responses } = await ddb.batchExecuteStatement({ Statements: [{ Statement }] });
    assert.deepEqual(Responses[0].Error, { Code: "ProvisionedThroughputExceeded", Message: tableText });
    assert.deepEqual((await ddb.scan({ TableName })).Items, [item("a", 300)]);
  });

  test("throttles reads, of all operations", async () => {
    const TableName = await strict.table({ pk: "S" }, provisioned(1, plenty));
    await ddb.putItem({ TableName, Item: item("a", 390) });
    const Key = { pk: { S: "a" } };
    const read = () => ddb.getItem({ TableName, Key, ConsistentRead: true });
    await eventually(read);
    for (const request of [
      read,
      () => ddb.query({ TableName, KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": Key.pk } }),
      () => ddb.scan({ TableName }),
      () => ddb.batchGetItem({ RequestItems: { [TableName]: { Keys: [Key] } } }),
    ]) {
      const error = await fails(request(), "ProvisionedThroughputExceededException", tableText);
      assert.deepEqual(error.ThrottlingReasons, [{ reason: "TableReadProvisionedThroughputExceeded", resource: arn(TableName) }]);
    }
    const transaction = ddb.transactGetItems({ TransactItems: [{ Get: { TableName, Key } }] });
    const { CancellationReasons } = await fails(transaction, "TransactionCanceledException", /ProvisionedThroughputExceeded/);
    assert.deepEqual(CancellationReasons, [{ Code: "ProvisionedThroughputExceeded", Message: tableText }]);
    const { Responses } = await ddb.batchExecuteStatement({ Statements: [{ Statement: `SELECT * FROM "${TableName}" WHERE pk = 'a'` }] });
    assert.deepEqual(Responses, [{ Error: { Code: "ProvisionedThroughputExceeded", Message: tableText }, TableName }]);
    await ddb.putItem({ TableName, Item: item("b", 1) }); // writes are apart
  });

  test("of a global index throttles its reads, and the writes of its table", async () => {
    const TableName = await strict.table({ pk: "S" }, { ...provisioned(plenty, plenty), gsi: gsi(1, 1) });
    const owner = { owner: { S: "o" } };
    await eventually(() => ddb.putItem({ TableName, Item: item("a", 300, owner) }));
    const error = await fails(ddb.putItem({ TableName, Item: item("b", 1, owner) }), "ProvisionedThroughputExceededException", indexText);
    assert.deepEqual(error.ThrottlingReasons, [{ reason: "IndexWriteProvisionedThroughputExceeded", resource: arn(TableName, "byOwner") }]);
    await ddb.putItem({ TableName, Item: item("c", 1) }); // not in the index
    assert.equal((await ddb.scan({ TableName })).Count, 2);

    const query = () =>
      ddb.query({ TableName, IndexName: "byOwner", KeyConditionExpression: "#o = :o", ExpressionAttributeNames: { "#o": "owner" }, ExpressionAttributeValues: { ":o": owner.owner } });
    const reading = await exhaust(query);
    assert.equal(reading.message, indexText);
    assert.deepEqual(reading.ThrottlingReasons, [{ reason: "IndexReadProvisionedThroughputExceeded", resource: arn(TableName, "byOwner") }]);
  });

  test("is used by local indexes too", async () => {
    const TableName = await strict.table({ pk: "S", sk: "S" }, { ...provisioned(plenty, 1), lsi: { byRank: { keys: { pk: "S", rank: "S" } } } });
    const row = (sk, kilobytes) => ({ ...item("p", kilobytes), sk: { S: sk }, rank: { S: sk } });
    await eventually(() => ddb.putItem({ TableName, Item: row("a", 200) }));
    await fails(ddb.putItem({ TableName, Item: row("b", 1) }), "ProvisionedThroughputExceededException", tableText);
  });

  test("that is raised ends the throttling", async () => {
    const TableName = await strict.table({ pk: "S" }, provisioned(plenty, 1));
    await eventually(() => ddb.putItem({ TableName, Item: item("a", 390) }));
    await fails(ddb.putItem({ TableName, Item: item("b", 1) }), "ProvisionedThroughputExceededException", tableText);
    await ddb.updateTable({ TableName, ProvisionedThroughput: { ReadCapacityUnits: plenty, WriteCapacityUnits: plenty } });
    await eventually(() => ddb.putItem({ TableName, Item: item("b", 1) })); // in 390 seconds otherwise
  });
});

describe("batches", { skip }, () => {
  test("write what there is throughput for, and tell what is left", async () => {
    const [slow, quick] = [await strict.table({ pk: "S" }, provisioned(plenty, 200)), await strict.table({ pk: "S" })];
    let RequestItems = {
      [slow]: Array.from({ length: 12 }, (_, i) => ({ PutRequest: { Item: item(i, 40) } })),
      [quick]: Array.from({ length: 12 }, (_, i) => ({ PutRequest: { Item: item(i, 40) } })),
    };
    await exhaust(() => ddb.putItem({ TableName: slow, Item: item("first", 300) }));
    const first = await until(async () => {
      const answer = await ddb.batchWriteItem({ RequestItems, ReturnConsumedCapacity: "TOTAL" });
      assert.deepEqual(Object.keys(answer.UnprocessedItems), [slow]);
      return answer.UnprocessedItems[slow].length < 12 && answer;
    });
    const left = first.UnprocessedItems[slow];
    assert.ok(left.length > 0);
    const firstItems = (await ddb.scan({ TableName: slow })).Items.filter(({ data }) => data.S.length < 50_000);
    assert.equal(firstItems.length, 12 - left.length);
    assert.equal((await ddb.scan({ TableName: quick, Select: "COUNT" })).Count, 12);
    assert.equal(first.ConsumedCapacity.find((used) => used.TableName === slow).CapacityUnits, 40 * (12 - left.length));

    let rounds = 0;
    for (RequestItems = first.UnprocessedItems; Object.keys(RequestItems).length > 0; rounds++) {
      RequestItems = (await eventually(() => ddb.batchWriteItem({ RequestItems }))).UnprocessedItems;
    }
    assert.ok(rounds >= 1);
    const { Items } = await ddb.scan({ TableName: slow });
    assert.deepEqual(Items.filter(({ pk }) => pk.S !== "first").map(({ pk }) => Number(pk.S)).sort((a, b) => a - b), Array.from({ length: 12 }, (_, i) => i));
  });

  test("read what there is throughput for, and tell what is left", async () => {
    const TableName = await strict.table({ pk: "S" }, provisioned(50, plenty));
    for (let i = 0; i < 12; i++) await ddb.putItem({ TableName, Item: item(i, 100) });
    const Keys = Array.from({ length: 12 }, (_, i) => ({ pk: { S: `${i}` } }));
    const asked = { Keys, ConsistentRead: true, ProjectionExpression: "pk" };
    await exhaust(() => ddb.getItem({ TableName, Key: Keys[0], ConsistentRead: true }));
    const found = [];
    let rounds = 0;
    for (let RequestItems = { [TableName]: asked }; Object.keys(RequestItems).length > 0; rounds++) {
      const { Responses, UnprocessedKeys } = await eventually(() => ddb.batchGetItem({ RequestItems }));
      assert.ok(Responses[TableName].length > 0);
      found.push(...Responses[TableName].map(({ pk }) => Number(pk.S)));
      RequestItems = UnprocessedKeys;
      if (RequestItems[TableName]) {
        assert.equal(RequestItems[TableName].ConsistentRead, true);
        assert.equal(RequestItems[TableName].Keys.length, 12 - found.length);
      }
    }
    assert.ok(rounds > 1);
    assert.deepEqual(found, Array.from({ length: 12 }, (_, i) => i));
  });
});

describe("the maximum of an on-demand table", { skip }, () => {
  test("throttles writes and reads", async () => {
    const TableName = await strict.table({ pk: "S" }, { OnDemandThroughput: { MaxReadRequestUnits: 1, MaxWriteRequestUnits: 1 } });
    const text = "Throughput exceeds the maximum OnDemandThroughput configured on table or index.";
    await eventually(() => ddb.putItem({ TableName, Item: item("a", 390) }));
    const write = await fails(ddb.putItem({ TableName, Item: item("b", 1) }), "ThrottlingException", text);
    assert.deepEqual(write.throttlingReasons, [{ reason: "TableWriteMaxOnDemandThroughputExceeded", resource: arn(TableName) }]);
    const read = await exhaust(() => ddb.scan({ TableName, ConsistentRead: true }));
    assert.equal(read.message, text);
    assert.deepEqual(read.throttlingReasons, [{ reason: "TableReadMaxOnDemandThroughputExceeded", resource: arn(TableName) }]);
  });

  test("is none unless it is set", async () => {
    const TableName = await strict.table({ pk: "S" }, { OnDemandThroughput: { MaxReadRequestUnits: 1 } });
    for (let i = 0; i < 20; i++) await ddb.putItem({ TableName, Item: item(i, 300) });
    await exhaust(() => ddb.scan({ TableName }));
  });
});

test("nothing is throttled by default", { skip }, async () => {
  const lenient = await open();
  const TableName = await lenient.table({ pk: "S" }, provisioned(1, 1));
  for (let i = 0; i < 10; i++) await lenient.ddb.putItem({ TableName, Item: item(i, 390) });
  for (let i = 0; i < 10; i++) await lenient.ddb.scan({ TableName, ConsistentRead: true });
});
