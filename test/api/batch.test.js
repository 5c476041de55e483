// BatchGetItem and BatchWriteItem.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fails, invalid, open, sorted } from "../lib/turntable.js";

const { ddb, doc, table } = await open();

const one = await table({ pk: "S" });
const two = await table({ pk: "S", sk: "N" });

const get = (RequestItems, more) => doc.batchGet({ RequestItems, ...more });
const write = (RequestItems, more) => doc.batchWrite({ RequestItems, ...more });
const put = (Item) => ({ PutRequest: { Item } });
const remove = (Key) => ({ DeleteRequest: { Key } });
const keys = (count, prefix = "k") => Array.from({ length: count }, (_, i) => ({ pk: `${prefix}${i}` }));

describe("BatchWriteItem", () => {
  test("puts and deletes in several tables", async () => {
    await doc.put({ TableName: one, Item: { pk: "old" } });
    await doc.put({ TableName: two, Item: { pk: "old", sk: 1 } });
    const { UnprocessedItems } = await write({
      [one]: [put({ pk: "new", a: 1 }), remove({ pk: "old" })],
      [two]: [put({ pk: "new", sk: 1 }), put({ pk: "new", sk: 2 }), remove({ pk: "old", sk: 1 }), remove({ pk: "never", sk: 1 })],
    });
    assert.deepEqual(UnprocessedItems, {});
    const read = async (TableName, Key) => (await doc.get({ TableName, Key })).Item;
    assert.deepEqual(await read(one, { pk: "new" }), { pk: "new", a: 1 });
    assert.equal(await read(one, { pk: "old" }), undefined);
    assert.deepEqual(await read(two, { pk: "new", sk: 2 }), { pk: "new", sk: 2 });
    assert.equal(await read(two, { pk: "old", sk: 1 }), undefined);
  });

  test("a put replaces an item as a whole", async () => {
    await write({ [one]: [put({ pk: "replaced", a: 1 })] });
    await write({ [one]: [put({ pk: "replaced", b: 2 })] });
    assert.deepEqual((await doc.get({ TableName: one, Key: { pk: "replaced" } })).Item, { pk: "replaced", b: 2 });
  });

  test("takes 25 requests", async () => {
    await write({ [one]: keys(25, "many").map(put) });
    assert.equal((await get({ [one]: { Keys: keys(25, "many") } })).Responses[one].length, 25);
  });

  test("refuses 26 requests of a table", async () => {
    await invalid(
      write({ [one]: keys(26, "over").map(put) }),
      /Map value must satisfy constraint: \[Member must have length less than or equal to 25, Member must have length greater than or equal to 1\]$|^Too many items requested for the BatchWriteItem call$/,
    );
    assert.deepEqual((await get({ [one]: { Keys: keys(26, "over") } })).Responses[one], []);
  });

  test("refuses 26 requests of two tables", async () => {
    await invalid(
      write({ [one]: keys(13).map(put), [two]: keys(13).map(({ pk }) => put({ pk, sk: 1 })) }),
      "Too many items requested for the BatchWriteItem call",
    );
  });

  test("refuses two requests of one key", async () => {
    const message = "Provided list of item keys contains duplicates";
    await invalid(write({ [one]: [put({ pk: "a", n: 1 }), put({ pk: "a", n: 2 })] }), message);
    await invalid(write({ [one]: [put({ pk: "a" }), remove({ pk: "a" })] }), message);
    await invalid(
      ddb.batchWriteItem({
        RequestItems: { [two]: ["1", "1.0"].map((N) => ({ DeleteRequest: { Key: { pk: { S: "a" }, sk: { N } } } })) },
      }),
      message,
    );
  });

  test("takes one key in two tables", async () => {
    await write({ [one]: [put({ pk: "same" })], [two]: [put({ pk: "same", sk: 1 })] });
  });

  test("refuses all if one is wrong", async () => {
    await invalid(write({ [one]: [put({ pk: "right" }), put({ pk: 5 })] }), /^The provided key element does not match the schema$|Type mismatch for key/);
    assert.equal((await doc.get({ TableName: one, Key: { pk: "right" } })).Item, undefined);
    await invalid(write({ [one]: [put({ pk: "right" }), put({ nokey: 1 })] }), /^The provided key element does not match the schema$|^One of the required keys was not given a value$/);
    assert.equal((await doc.get({ TableName: one, Key: { pk: "right" } })).Item, undefined);
  });

  test("says that a key does not match the schema", async () => {
    const message = "The provided key element does not match the schema";
    await invalid(write({ [two]: [remove({ pk: "a" })] }), message);
    await invalid(write({ [two]: [put({ pk: "a" })] }), message);
    await invalid(write({ [one]: [put({ pk: 5 })] }), message);
    await invalid(write({ [one]: [remove({ pk: "a", sk: 1 })] }), message);
  });

  test("refuses an empty request", async () => {
    await invalid(write({}), /./);
    await invalid(write({ [one]: [] }), /./);
  });

  test("refuses a request that puts and deletes, and one that does neither", async () => {
    const message = "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes";
    await invalid(write({ [one]: [{ ...put({ pk: "a" }), ...remove({ pk: "b" }) }] }), message);
    await invalid(ddb.batchWriteItem({ RequestItems: { [one]: [{}] } }), message);
  });

  test("refuses a table that does not exist, and writes nothing", async () => {
    await fails(
      write({ [one]: [put({ pk: "not written" })], "no-such-table": [put({ pk: "a" })] }),
      "ResourceNotFoundException",
      "Requested resource not found",
    );
    assert.equal((await doc.get({ TableName: one, Key: { pk: "not written" } })).Item, undefined);
  });

  test("writes 25 items of 400 KB", async () => {
    const body = "x".repeat(400 * 1024 - 20);
    await write({ [one]: keys(25, "large").map(({ pk }) => put({ pk, body })) });
    const { Item } = await doc.get({ TableName: one, Key: { pk: "large24" } });
    assert.equal(Item.body.length, body.length);
  });
});

describe("BatchGetItem", () => {
  test("reads from several tables", async () => {
    await write({
      [one]: [put({ pk: "r1", a: 1 }), put({ pk: "r2", a: 2 })],
      [two]: [put({ pk: "r", sk: 1, a: 3 })],
    });
    const { Responses, UnprocessedKeys } = await get({
      [one]: { Keys: [{ pk: "r1" }, { pk: "r2" }, { pk: "absent" }] },
      [two]: { Keys: [{ pk: "r", sk: 1 }, { pk: "r", sk: 2 }], ConsistentRead: true },
    });
    assert.deepEqual(sorted(Responses[one], "pk"), [{ pk: "r1", a: 1 }, { pk: "r2", a: 2 }]);
    assert.deepEqual(Responses[two], [{ pk: "r", sk: 1, a: 3 }]);
    assert.deepEqual(UnprocessedKeys, {});
  });

  test("answers with an empty list for a table where nothing was found", async () => {
    assert.deepEqual((await get({ [one]: { Keys: [{ pk: "absent" }] } })).Responses, { [one]: [] });
  });

  test("projects, each table on its own", async () => {
    await write({ [one]: [put({ pk: "p", a: 1, b: { c: 2, d: 3 } })], [two]: [put({ pk: "p", sk: 1, a: 1 })] });
    const { Responses } = await get({
      [one]: { Keys: [{ pk: "p" }], ProjectionExpression: "b.#d", ExpressionAttributeNames: { "#d": "d" } },
      [two]: { Keys: [{ pk: "p", sk: 1 }], ProjectionExpression: "pk, sk" },
    });
    assert.deepEqual(Responses, { [one]: [{ b: { d: 3 } }], [two]: [{ pk: "p", sk: 1 }] });
  });

  test("takes 100 keys", async () => {
    assert.deepEqual((await get({ [one]: { Keys: keys(100, "absent") } })).Responses, { [one]: [] });
  });

  test("refuses 101 keys of a table", async () => {
    await invalid(get({ [one]: { Keys: keys(101) } }), /Member must have length less than or equal to 100$|^Too many items requested for the BatchGetItem call$/);
  });

  test("refuses 101 keys of two tables", async () => {
    await invalid(
      get({ [one]: { Keys: keys(51) }, [two]: { Keys: keys(50).map(({ pk }) => ({ pk, sk: 1 })) } }),
      "Too many items requested for the BatchGetItem call",
    );
  });

  test("refuses one key twice", async () => {
    const message = "Provided list of item keys contains duplicates";
    await invalid(get({ [one]: { Keys: [{ pk: "a" }, { pk: "a" }] } }), message);
  });

  test("refuses empty requests", async () => {
    await invalid(get({}), /./);
    await invalid(get({ [one]: { Keys: [] } }), /./);
  });

  test("refuses a key that does not match the schema", async () => {
    const message = "The provided key element does not match the schema";
    await invalid(get({ [two]: { Keys: [{ pk: "a" }] } }), message);
    await invalid(get({ [one]: { Keys: [{ pk: 5 }] } }), message);
    await invalid(get({ [one]: { Keys: [{ other: "a" }] } }), message);
  });

  test("refuses a table that does not exist", async () => {
    await fails(get({ "no-such-table": { Keys: [{ pk: "a" }] } }), "ResourceNotFoundException", "Requested resource not found");
  });

  test("refuses names of attributes that are not used", async () => {
    await invalid(
      get({ [one]: { Keys: [{ pk: "a" }], ProjectionExpression: "a", ExpressionAttributeNames: { "#b": "b" } } }),
      "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}",
    );
    await invalid(
      get({ [one]: { Keys: [{ pk: "a" }], ExpressionAttributeNames: { "#b": "b" } } }),
      "ExpressionAttributeNames can only be specified when using expressions",
    );
  });

  test("answers with 16 MB at most, and names the keys that are left", async () => {
    const body = "x".repeat(390 * 1024);
    const all = keys(60, "heavy");
    for (const { pk } of all) await doc.put({ TableName: one, Item: { pk, body, n: 1 } });
    let request = { [one]: { Keys: all, ProjectionExpression: "pk, #b", ExpressionAttributeNames: { "#b": "body" }, ConsistentRead: true } };
    const seen = [];
    let answers = 0;
    while (request[one]) {
      const { Responses, UnprocessedKeys } = await get(request);
      answers++;
      // "A single operation can retrieve up to 16 MB of data": 42 of these items.
      assert.ok(Responses[one].length >= 1 && Responses[one].length <= 43, String(Responses[one].length));
      seen.push(...Responses[one].map((i) => i.pk));
      request = UnprocessedKeys;
      if (request[one]) {
        assert.equal(request[one].ProjectionExpression, "pk, #b");
        assert.deepEqual(request[one].ExpressionAttributeNames, { "#b": "body" });
        assert.equal(request[one].ConsistentRead, true);
      }
    }
    assert.deepEqual(seen.sort(), all.map((k) => k.pk).sort());
    assert.ok(answers >= 2);
  });
});
