// ItemCount and TableSizeBytes, of tables and of indexes. AWS brings them up to date every six hours; here they are
// exact, and the sizes are those of "DynamoDB item sizes and formats".

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open, until } from "../lib/turntable.js";

const { ddb, doc, table } = await open();

async function counts(TableName) {
  const { Table } = await ddb.describeTable({ TableName });
  const indexes = [...(Table.GlobalSecondaryIndexes ?? []), ...(Table.LocalSecondaryIndexes ?? [])];
  return {
    table: [Table.ItemCount, Table.TableSizeBytes],
    ...Object.fromEntries(indexes.map((i) => [i.IndexName, [i.ItemCount, i.IndexSizeBytes]])),
  };
}

describe("items", () => {
  test("are counted through puts, replacements, updates and deletes", async () => {
    const TableName = await table({ pk: "S" });
    assert.deepEqual(await counts(TableName), { table: [0, 0] });
    await doc.put({ TableName, Item: { pk: "a" } }); // 2 + 1
    assert.deepEqual(await counts(TableName), { table: [1, 3] });
    await doc.put({ TableName, Item: { pk: "bb", name: "value" } }); // 2 + 2 + 4 + 5
    assert.deepEqual(await counts(TableName), { table: [2, 16] });
    await doc.put({ TableName, Item: { pk: "bb", name: "v" } });
    assert.deepEqual(await counts(TableName), { table: [2, 12] });
    await doc.update({ TableName, Key: { pk: "a" }, UpdateExpression: "SET more = :m", ExpressionAttributeValues: { ":m": "xyz" } });
    assert.deepEqual(await counts(TableName), { table: [2, 19] });
    await doc.update({ TableName, Key: { pk: "new" } });
    assert.deepEqual(await counts(TableName), { table: [3, 24] });
    await doc.delete({ TableName, Key: { pk: "a" } });
    await doc.delete({ TableName, Key: { pk: "never" } });
    assert.deepEqual(await counts(TableName), { table: [2, 14] });
    await doc.batchWrite({
      RequestItems: { [TableName]: [{ PutRequest: { Item: { pk: "c" } } }, { DeleteRequest: { Key: { pk: "bb" } } }] },
    });
    assert.deepEqual(await counts(TableName), { table: [2, 8] });
  });

  test("are counted exactly under concurrent writes", async () => {
    const TableName = await table({ pk: "S" });
    await Promise.all(
      Array.from({ length: 200 }, (_, i) =>
        i % 4 === 3 ? doc.delete({ TableName, Key: { pk: `${i % 7}` } }) : doc.put({ TableName, Item: { pk: `${i % 7}`, n: "x".repeat(i % 11) } }),
      ),
    );
    const { Items } = await doc.scan({ TableName });
    const size = Items.reduce((sum, item) => sum + 2 + item.pk.length + 1 + item.n.length, 0);
    assert.deepEqual(await counts(TableName), { table: [Items.length, size] });
  });

  test("that are refused are not counted", async () => {
    const TableName = await table({ pk: "S" });
    await doc.put({ TableName, Item: { pk: "a" } });
    await doc.put({ TableName, Item: { pk: "a", b: 1 }, ConditionExpression: "attribute_not_exists(pk)" }).catch(() => {});
    assert.deepEqual(await counts(TableName), { table: [1, 3] });
  });
});

describe("sizes of values", () => {
  for (const [what, value, size] of [
    ["a string of ASCII", { S: "hello" }, 5],
    ["a string of UTF-8", { S: "é𝄞" }, 6],
    ["an empty string", { S: "" }, 0],
    ["binary", { B: Uint8Array.from([1, 2, 3]) }, 3],
    ["true", { BOOL: true }, 1],
    ["null", { NULL: true }, 1],
    // "approximately (1 byte per two significant digits) + (1 byte)", zeros at either end left out.
    ["a number of two digits", { N: "12" }, 2],
    ["a number of four digits", { N: "1234" }, 3],
    ["a number with zeros behind", { N: "1200" }, 2],
    ["a number of 38 digits", { N: "12345678901234567890123456789012345678" }, 20],
    ["a set of strings", { SS: ["ab", "cde"] }, 5],
    ["a set of numbers", { NS: ["12", "34"] }, 4],
    ["a set of binaries", { BS: [Uint8Array.from([1]), Uint8Array.from([2, 3])] }, 3],
    // "An attribute of type List or Map requires 3 bytes of overhead, regardless of its contents... Each element also
    // requires 1 byte of overhead."
    ["an empty list", { L: [] }, 3],
    ["an empty map", { M: {} }, 3],
    ["a list", { L: [{ S: "ab" }, { BOOL: true }] }, 3 + 2 + 2 + 1],
    ["a map", { M: { key: { S: "ab" }, k: { NULL: true } } }, 3 + 2 + 3 + 2 + 1 + 1],
    ["nested documents", { M: { a: { L: [{ M: {} }] } } }, 3 + 1 + 1 + 3 + 1 + 3],
  ]) {
    test(`${what} has ${size} bytes`, async () => {
      const TableName = await table({ pk: "S" });
      await ddb.putItem({ TableName, Item: { pk: { S: "a" }, v: value } });
      assert.deepEqual(await counts(TableName), { table: [1, 3 + 1 + size] });
    });
  }
});

describe("indexes", () => {
  const description = {
    gsi: { whole: { keys: { g: "S" } }, keys: { keys: { g: "S" }, projection: "KEYS_ONLY" } },
    lsi: { some: { keys: { pk: "S", l: "S" }, projection: ["a"] } },
  };

  test("count their own items and what they project", async () => {
    const TableName = await table({ pk: "S", sk: "S" }, description);
    await doc.put({ TableName, Item: { pk: "p", sk: "s" } });
    assert.deepEqual(await counts(TableName), { table: [1, 6], whole: [0, 0], keys: [0, 0], some: [0, 0] });
    await doc.put({ TableName, Item: { pk: "p", sk: "t", g: "gg", l: "l", a: "aaa", b: "bbbb" } }); // 6 + 3 + 2 + 4 + 5
    assert.deepEqual(await counts(TableName), { table: [2, 26], whole: [1, 20], keys: [1, 9], some: [1, 12] });
    await doc.update({ TableName, Key: { pk: "p", sk: "t" }, UpdateExpression: "REMOVE g, a" });
    assert.deepEqual(await counts(TableName), { table: [2, 19], whole: [0, 0], keys: [0, 0], some: [1, 8] });
    await doc.delete({ TableName, Key: { pk: "p", sk: "t" } });
    assert.deepEqual(await counts(TableName), { table: [1, 6], whole: [0, 0], keys: [0, 0], some: [0, 0] });
  });

  test("that are added count the items that they were filled with", async () => {
    const TableName = await table({ pk: "S" });
    for (let i = 0; i < 10; i++) await doc.put({ TableName, Item: { pk: `${i}`, ...(i < 4 && { g: "g" }), more: "xx" } });
    await ddb.updateTable({
      TableName,
      AttributeDefinitions: [{ AttributeName: "g", AttributeType: "S" }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: "byG",
            KeySchema: [{ AttributeName: "g", KeyType: "HASH" }],
            Projection: { ProjectionType: "KEYS_ONLY" },
          },
        },
      ],
    });
    await until(async () => (await ddb.describeTable({ TableName })).Table.GlobalSecondaryIndexes[0].IndexStatus === "ACTIVE");
    assert.deepEqual(await counts(TableName), { table: [10, 10 * 9 + 4 * 2], byG: [4, 4 * 5] });
  });
});
