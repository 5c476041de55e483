// ReturnConsumedCapacity (TOTAL and INDEXES) with AWS's arithmetic, and ReturnItemCollectionMetrics.
//
// A read unit is 4 KB, and half of one for an eventually consistent read; a write unit is 1 KB. GetItem and BatchGetItem
// round each item up, Query and Scan the sum of what they read.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { invalid, open } from "../lib/turntable.js";

const { ddb, doc, table } = await open();

const plain = await table({ pk: "S", sk: "N" });
const indexed = await table(
  { pk: "S", sk: "S" },
  {
    gsi: { whole: { keys: { g: "S" } }, keys: { keys: { g: "S" }, projection: "KEYS_ONLY" } },
    lsi: { local: { keys: { pk: "S", l: "S" }, projection: "KEYS_ONLY" } },
  },
);

let keys = 0;
const newKey = () => `k${String(++keys).padStart(4, "0")}`;
/** An item of exactly this size: "pk" and its five bytes, "sk" and its number's two, "body" and the rest. */
const sized = (size, pk = newKey(), sk = 1) => ({ pk, sk, body: "x".repeat(size - 2 - 5 - 2 - 2 - 4) });
const KB = 1024;

const capacity = async (operation, input, TableName = plain) =>
  (await doc[operation]({ TableName, ReturnConsumedCapacity: "TOTAL", ...input })).ConsumedCapacity;
const units = async (...args) => (await capacity(...args)).CapacityUnits;

describe("the answer's form", () => {
  test("NONE and nothing give none", async () => {
    for (const ReturnConsumedCapacity of ["NONE", undefined]) {
      const answer = await doc.get({ TableName: plain, Key: { pk: "a", sk: 1 }, ReturnConsumedCapacity });
      assert.equal(answer.ConsumedCapacity, undefined);
    }
  });

  test("TOTAL gives the sum", async () => {
    assert.deepEqual(await capacity("put", { Item: { pk: newKey(), sk: 1 } }), { TableName: plain, CapacityUnits: 1 });
  });

  test("INDEXES gives the table's part as well", async () => {
    assert.deepEqual(await capacity("put", { Item: { pk: newKey(), sk: 1 }, ReturnConsumedCapacity: "INDEXES" }), {
      TableName: plain,
      CapacityUnits: 1,
      Table: { CapacityUnits: 1 },
    });
  });

  test("an unknown value is refused", async () => {
    await invalid(
      doc.get({ TableName: plain, Key: { pk: "a", sk: 1 }, ReturnConsumedCapacity: "ALL" }),
      "1 validation error detected: Value 'ALL' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
    );
  });
});

describe("writes", () => {
  for (const [size, expected] of [[50, 1], [KB, 1], [KB + 1, 2], [10 * KB, 10], [400 * KB, 400]]) {
    test(`PutItem of ${size} bytes takes ${expected}`, async () => {
      assert.equal(await units("put", { Item: sized(size) }), expected);
    });
  }

  test("PutItem takes the larger of the old and the new item", async () => {
    const { pk } = sized(50);
    await doc.put({ TableName: plain, Item: sized(5 * KB, pk) });
    assert.equal(await units("put", { Item: sized(2 * KB, pk) }), 5);
    assert.equal(await units("put", { Item: sized(3 * KB, pk) }), 3);
  });

  test("UpdateItem takes the larger of the item before and after", async () => {
    const Item = sized(4 * KB);
    const Key = { pk: Item.pk, sk: 1 };
    await doc.put({ TableName: plain, Item });
    const update = (UpdateExpression, values) =>
      units("update", { Key, UpdateExpression, ...(values && { ExpressionAttributeValues: values }) });
    assert.equal(await update("SET n = :n", { ":n": 12 }), 5);
    assert.equal(await update("REMOVE body"), 5);
    assert.equal(await update("SET n = :n", { ":n": 34 }), 1);
  });

  test("UpdateItem of nothing takes 1", async () => {
    assert.equal(await units("update", { Key: { pk: newKey(), sk: 1 } }), 1);
  });

  test("DeleteItem takes the size of what it deletes", async () => {
    const Item = sized(3 * KB + 1);
    await doc.put({ TableName: plain, Item });
    assert.equal(await units("delete", { Key: { pk: Item.pk, sk: 1 } }), 4);
    assert.equal(await units("delete", { Key: { pk: Item.pk, sk: 1 } }), 1);
  });

  test("BatchWriteItem gives the sum for each table", async () => {
    const Item = sized(2 * KB);
    await doc.put({ TableName: plain, Item });
    const { ConsumedCapacity } = await doc.batchWrite({
      RequestItems: {
        [plain]: [
          { PutRequest: { Item: sized(3 * KB) } },
          { PutRequest: { Item: sized(50) } },
          { DeleteRequest: { Key: { pk: Item.pk, sk: 1 } } },
        ],
      },
      ReturnConsumedCapacity: "INDEXES",
    });
    assert.deepEqual(ConsumedCapacity, [{ TableName: plain, CapacityUnits: 6, Table: { CapacityUnits: 6 } }]);
  });
});

describe("reads", () => {
  for (const [size, expected] of [[50, 1], [4 * KB, 1], [4 * KB + 1, 2], [400 * KB, 100]]) {
    test(`GetItem of ${size} bytes takes ${expected}, half of it when not consistent`, async () => {
      const Item = sized(size);
      await doc.put({ TableName: plain, Item });
      const Key = { pk: Item.pk, sk: 1 };
      assert.equal(await units("get", { Key, ConsistentRead: true }), expected);
      assert.equal(await units("get", { Key }), expected / 2);
      // "the capacity consumed ... will be the same whether you request all of the attributes or just some of them".
      assert.equal(await units("get", { Key, ProjectionExpression: "pk" }), expected / 2);
    });
  }

  test("GetItem of nothing takes 1, and 0.5 when not consistent", async () => {
    const Key = { pk: newKey(), sk: 1 };
    assert.equal(await units("get", { Key, ConsistentRead: true }), 1);
    assert.equal(await units("get", { Key }), 0.5);
  });

  test("BatchGetItem rounds each item up", async () => {
    const items = [sized(1.5 * KB), sized(6.5 * KB)];
    for (const Item of items) await doc.put({ TableName: plain, Item });
    const read = async (ConsistentRead) =>
      (await doc.batchGet({
        RequestItems: { [plain]: { Keys: items.map(({ pk, sk }) => ({ pk, sk })), ConsistentRead } },
        ReturnConsumedCapacity: "INDEXES",
      })).ConsumedCapacity;
    assert.deepEqual(await read(true), [{ TableName: plain, CapacityUnits: 3, Table: { CapacityUnits: 3 } }]);
    assert.deepEqual(await read(false), [{ TableName: plain, CapacityUnits: 1.5, Table: { CapacityUnits: 1.5 } }]);
  });

  test("BatchGetItem counts keys that find nothing", async () => {
    const { ConsumedCapacity } = await doc.batchGet({
      RequestItems: { [plain]: { Keys: [{ pk: newKey(), sk: 1 }, { pk: newKey(), sk: 1 }] } },
      ReturnConsumedCapacity: "TOTAL",
    });
    assert.deepEqual(ConsumedCapacity, [{ TableName: plain, CapacityUnits: 1 }]);
  });

  test("Query rounds up the sum of the items", async () => {
    const pk = newKey();
    for (const sk of [1, 2, 3, 4]) await doc.put({ TableName: plain, Item: sized(1.5 * KB, pk, sk) });
    const query = (more) => units("query", { KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: { ":pk": pk }, ...more });
    assert.equal(await query({ ConsistentRead: true }), 2);
    assert.equal(await query(), 1);
    assert.equal(await query({ Limit: 2 }), 0.5);
    assert.equal(await query({ Select: "COUNT", ConsistentRead: true }), 2);
  });

  test("Query counts what the filter leaves out", async () => {
    const pk = newKey();
    for (const sk of [1, 2, 3, 4]) await doc.put({ TableName: plain, Item: sized(2 * KB, pk, sk) });
    const filtered = await units("query", {
      KeyConditionExpression: "pk = :pk",
      FilterExpression: "body = :none",
      ExpressionAttributeValues: { ":pk": pk, ":none": "none" },
      ConsistentRead: true,
    });
    assert.equal(filtered, 2);
  });

  test("Scan rounds up the sum of the items", async () => {
    const TableName = await table({ pk: "S", sk: "N" });
    for (let i = 0; i < 10; i++) await doc.put({ TableName, Item: sized(KB) });
    assert.equal(await units("scan", { ConsistentRead: true }, TableName), 3);
    assert.equal(await units("scan", {}, TableName), 1.5);
    assert.equal(await units("scan", { Limit: 4 }, TableName), 0.5);
  });
});

describe("writes of a table with indexes", () => {
  const spent = (operation, input) => capacity(operation, { ReturnConsumedCapacity: "INDEXES", ...input }, indexed);
  const expected = (tableUnits, { local, ...gsi } = {}) => {
    const units = (n) => ({ CapacityUnits: n });
    return {
      TableName: indexed,
      CapacityUnits: tableUnits + (local ?? 0) + Object.values(gsi).reduce((a, b) => a + b, 0),
      Table: units(tableUnits),
      ...(local && { LocalSecondaryIndexes: { local: units(local) } }),
      ...(Object.keys(gsi).length && {
        GlobalSecondaryIndexes: Object.fromEntries(Object.entries(gsi).map(([name, n]) => [name, units(n)])),
      }),
    };
  };

  test("an item in no index", async () => {
    assert.deepEqual(await spent("put", { Item: { pk: newKey(), sk: "1" } }), expected(1));
  });

  test("a new item in every index", async () => {
    assert.deepEqual(await spent("put", { Item: { pk: newKey(), sk: "1", g: "g", l: "l" } }), expected(1, { local: 1, keys: 1, whole: 1 }));
  });

  test("a write that changes nothing in the indexes", async () => {
    const Item = { pk: newKey(), sk: "1", g: "g", l: "l" };
    await doc.put({ TableName: indexed, Item });
    assert.deepEqual(await spent("put", { Item }), expected(1));
    assert.deepEqual(await spent("update", { Key: { pk: Item.pk, sk: "1" } }), expected(1));
    const inAnotherOrder = Object.fromEntries(Object.entries(Item).reverse());
    assert.deepEqual(await spent("put", { Item: inAnotherOrder }), expected(1));
  });

  test("a write that changes what one index projects", async () => {
    const Item = { pk: newKey(), sk: "1", g: "g", l: "l" };
    await doc.put({ TableName: indexed, Item });
    assert.deepEqual(await spent("put", { Item: { ...Item, more: "x" } }), expected(1, { whole: 1 }));
  });

  test("a write that changes an index key takes a deletion and a put", async () => {
    const Item = { pk: newKey(), sk: "1", g: "g", l: "l" };
    await doc.put({ TableName: indexed, Item });
    assert.deepEqual(await spent("put", { Item: { ...Item, g: "h" } }), expected(1, { keys: 2, whole: 2 }));
    assert.deepEqual(await spent("put", { Item: { ...Item, g: "h", l: "m" } }), expected(1, { local: 2, whole: 1 }));
  });

  test("a write that takes an item out of an index", async () => {
    const Item = { pk: newKey(), sk: "1", g: "g" };
    await doc.put({ TableName: indexed, Item });
    const input = { Key: { pk: Item.pk, sk: "1" }, UpdateExpression: "REMOVE g" };
    assert.deepEqual(await spent("update", input), expected(1, { keys: 1, whole: 1 }));
  });

  test("indexes count the size of what they project", async () => {
    const Item = { pk: newKey(), sk: "1", g: "g", l: "l", body: "x".repeat(3000) };
    assert.deepEqual(await spent("put", { Item }), expected(3, { local: 1, keys: 1, whole: 3 }));
    assert.deepEqual(await spent("delete", { Key: { pk: Item.pk, sk: "1" } }), expected(3, { local: 1, keys: 1, whole: 3 }));
  });

  test("TOTAL is the sum over the table and its indexes", async () => {
    const spentInAll = await capacity("put", { Item: { pk: newKey(), sk: "1", g: "g", l: "l" } }, indexed);
    assert.deepEqual(spentInAll, { TableName: indexed, CapacityUnits: 4 });
  });

  test("BatchWriteItem counts the indexes", async () => {
    const { ConsumedCapacity } = await doc.batchWrite({
      RequestItems: {
        [indexed]: [
          { PutRequest: { Item: { pk: newKey(), sk: "1", g: "g" } } },
          { PutRequest: { Item: { pk: newKey(), sk: "1", l: "l" } } },
        ],
      },
      ReturnConsumedCapacity: "INDEXES",
    });
    assert.deepEqual(ConsumedCapacity, [expected(2, { local: 1, keys: 1, whole: 1 })]);
  });
});

describe("reads of indexes", () => {
  const pk = "reads";
  const query = (IndexName, more) =>
    capacity(
      "query",
      {
        IndexName,
        KeyConditionExpression: IndexName === "local" ? "pk = :v" : "g = :v",
        ExpressionAttributeValues: { ":v": pk },
        ReturnConsumedCapacity: "INDEXES",
        ...more,
      },
      indexed,
    );

  test("count for the index", async () => {
    for (let i = 0; i < 10; i++) {
      await doc.put({ TableName: indexed, Item: { pk, sk: `${i}`, g: pk, l: "l", body: "x".repeat(1500) } });
    }
    const none = { CapacityUnits: 0 };
    assert.deepEqual(await query("whole"), {
      TableName: indexed,
      CapacityUnits: 2,
      Table: none,
      GlobalSecondaryIndexes: { whole: { CapacityUnits: 2 } },
    });
    assert.deepEqual(await query("keys"), {
      TableName: indexed,
      CapacityUnits: 0.5,
      Table: none,
      GlobalSecondaryIndexes: { keys: { CapacityUnits: 0.5 } },
    });
    assert.deepEqual(await query("local"), {
      TableName: indexed,
      CapacityUnits: 0.5,
      Table: none,
      LocalSecondaryIndexes: { local: { CapacityUnits: 0.5 } },
    });
  });

  test("a local index that fetches from the table reads each item there", async () => {
    // "reading the entire item from the table": each fetch is rounded up for itself.
    assert.deepEqual(await query("local", { Select: "ALL_ATTRIBUTES" }), {
      TableName: indexed,
      CapacityUnits: 5.5,
      Table: { CapacityUnits: 5 },
      LocalSecondaryIndexes: { local: { CapacityUnits: 0.5 } },
    });
  });
});

describe("ReturnItemCollectionMetrics", () => {
  const pk = "collection";
  const item = { pk, sk: "1", l: "l" };
  const metrics = { ItemCollectionKey: { pk }, SizeEstimateRangeGB: [0, 1] };
  const size = { TableName: indexed, ReturnItemCollectionMetrics: "SIZE" };

  test("SIZE describes the collection of a table with a local index", async () => {
    assert.deepEqual((await doc.put({ ...size, Item: item })).ItemCollectionMetrics, metrics);
    assert.deepEqual((await doc.update({ ...size, Key: { pk, sk: "1" } })).ItemCollectionMetrics, metrics);
    assert.deepEqual((await doc.delete({ ...size, Key: { pk, sk: "1" } })).ItemCollectionMetrics, metrics);
  });

  test("SIZE of a batch describes the collections of each table", async () => {
    const answer = await doc.batchWrite({
      RequestItems: { [indexed]: [{ PutRequest: { Item: item } }] },
      ReturnItemCollectionMetrics: "SIZE",
    });
    assert.deepEqual(answer.ItemCollectionMetrics, { [indexed]: [metrics] });
  });

  test("a table without local index has no collections", async () => {
    const answer = await doc.put({ TableName: plain, Item: { pk, sk: 1 }, ReturnItemCollectionMetrics: "SIZE" });
    assert.equal(answer.ItemCollectionMetrics, undefined);
  });

  test("NONE and nothing give none", async () => {
    for (const ReturnItemCollectionMetrics of ["NONE", undefined]) {
      const answer = await doc.put({ TableName: indexed, Item: item, ReturnItemCollectionMetrics });
      assert.equal(answer.ItemCollectionMetrics, undefined);
    }
  });

  test("an unknown value is refused", async () => {
    await invalid(
      ddb.putItem({ TableName: indexed, Item: { pk: { S: "a" }, sk: { S: "b" } }, ReturnItemCollectionMetrics: "ALL" }),
      "1 validation error detected: Value 'ALL' at 'returnItemCollectionMetrics' failed to satisfy constraint: Member must satisfy enum value set: [SIZE, NONE]",
    );
  });
});
