// PutItem, GetItem, UpdateItem and DeleteItem: keys, ReturnValues, conditions and what is returned when they fail.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fails, invalid, open } from "../lib/turntable.js";

const { ddb, doc, table } = await open();

const simple = await table({ pk: "S" });
const composite = await table({ pk: "S", sk: "N" });

let keys = 0;
const newKey = () => `key ${++keys}`;
const read = async (pk) => (await doc.get({ TableName: simple, Key: { pk }, ConsistentRead: true })).Item;
const put = (Item, more) => doc.put({ TableName: simple, Item, ...more });
const update = (pk, UpdateExpression, values, more) =>
  doc.update({
    TableName: simple,
    Key: { pk },
    UpdateExpression,
    ...(values && { ExpressionAttributeValues: values }),
    ...more,
  });

const keySchemaMismatch = "The provided key element does not match the schema";
const conditionFailed = "The conditional request failed";

describe("PutItem", () => {
  test("stores an item that GetItem reads", async () => {
    const pk = newKey();
    const answer = await put({ pk, n: 1, list: ["a"] });
    assert.equal(answer.Attributes, undefined);
    assert.deepEqual(await read(pk), { pk, n: 1, list: ["a"] });
  });

  test("replaces an item as a whole", async () => {
    const pk = newKey();
    await put({ pk, a: 1, b: 2 });
    await put({ pk, c: 3 });
    assert.deepEqual(await read(pk), { pk, c: 3 });
  });

  test("ReturnValues ALL_OLD returns the item that was replaced", async () => {
    const pk = newKey();
    const first = await put({ pk, a: 1 }, { ReturnValues: "ALL_OLD" });
    assert.equal(first.Attributes, undefined);
    const second = await put({ pk, a: 2 }, { ReturnValues: "ALL_OLD" });
    assert.deepEqual(second.Attributes, { pk, a: 1 });
  });

  test("ReturnValues NONE returns nothing", async () => {
    const pk = newKey();
    await put({ pk, a: 1 });
    assert.equal((await put({ pk, a: 2 }, { ReturnValues: "NONE" })).Attributes, undefined);
  });

  for (const ReturnValues of ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"]) {
    test(`refuses ReturnValues ${ReturnValues}`, async () => {
      await invalid(put({ pk: newKey() }, { ReturnValues }), "ReturnValues can only be ALL_OLD or NONE");
    });
  }

  test("refuses unknown ReturnValues", async () => {
    await invalid(
      put({ pk: newKey() }, { ReturnValues: "EVERYTHING" }),
      "1 validation error detected: Value 'EVERYTHING' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]",
    );
  });

  test("refuses an item without its partition key", async () => {
    await invalid(put({ a: 1 }), "One or more parameter values were invalid: Missing the key pk in the item");
  });

  test("refuses an item without its sort key", async () => {
    await invalid(
      doc.put({ TableName: composite, Item: { pk: "a" } }),
      "One or more parameter values were invalid: Missing the key sk in the item",
    );
  });

  test("refuses a key of the wrong type", async () => {
    await invalid(put({ pk: 1 }), "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N");
    await invalid(
      doc.put({ TableName: composite, Item: { pk: "a", sk: "b" } }),
      "One or more parameter values were invalid: Type mismatch for key sk expected: N actual: S",
    );
  });

  test("a condition that holds lets the item in", async () => {
    const pk = newKey();
    await put({ pk, n: 1 }, { ConditionExpression: "attribute_not_exists(pk)" });
    await put({ pk, n: 2 }, { ConditionExpression: "n = :one", ExpressionAttributeValues: { ":one": 1 } });
    assert.deepEqual(await read(pk), { pk, n: 2 });
  });

  test("a condition that fails leaves the item as it was", async () => {
    const pk = newKey();
    await put({ pk, n: 1 });
    const error = await fails(
      put({ pk, n: 2 }, { ConditionExpression: "attribute_not_exists(pk)" }),
      "ConditionalCheckFailedException",
      conditionFailed,
    );
    assert.equal(error.Item, undefined);
    assert.deepEqual(await read(pk), { pk, n: 1 });
  });

  test("a condition on a missing item fails without an item", async () => {
    const error = await fails(
      put(
        { pk: newKey() },
        { ConditionExpression: "attribute_exists(pk)", ReturnValuesOnConditionCheckFailure: "ALL_OLD" },
      ),
      "ConditionalCheckFailedException",
      conditionFailed,
    );
    assert.equal(error.Item, undefined);
  });

  test("ReturnValuesOnConditionCheckFailure ALL_OLD returns the item that is there", async () => {
    const pk = newKey();
    await put({ pk, n: 1, list: ["x"] });
    const error = await fails(
      ddb.putItem({
        TableName: simple,
        Item: { pk: { S: pk } },
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
      "ConditionalCheckFailedException",
      conditionFailed,
    );
    assert.deepEqual(error.Item, { pk: { S: pk }, n: { N: "1" }, list: { L: [{ S: "x" }] } });
  });

  test("ReturnValuesOnConditionCheckFailure NONE returns no item", async () => {
    const pk = newKey();
    await put({ pk });
    const error = await fails(
      put({ pk }, { ConditionExpression: "attribute_not_exists(pk)", ReturnValuesOnConditionCheckFailure: "NONE" }),
      "ConditionalCheckFailedException",
      conditionFailed,
    );
    assert.equal(error.Item, undefined);
  });

  test("refuses a table that does not exist", async () => {
    await fails(
      doc.put({ TableName: "no-such-table", Item: { pk: "a" } }),
      "ResourceNotFoundException",
      "Requested resource not found",
    );
  });

  test("refuses a missing item", async () => {
    await invalid(
      ddb.putItem({ TableName: simple }),
      "1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null",
    );
  });
});

describe("GetItem", () => {
  test("answers without an item when there is none", async () => {
    const answer = await ddb.getItem({ TableName: simple, Key: { pk: { S: "nothing here" } } });
    assert.deepEqual(Object.keys(answer).filter((k) => answer[k] !== undefined), ["$metadata"]);
  });

  test("tells sort keys apart", async () => {
    const pk = newKey();
    for (const sk of [-1, 0, 1.5]) await doc.put({ TableName: composite, Item: { pk, sk, at: String(sk) } });
    for (const sk of [-1, 0, 1.5]) {
      const { Item } = await doc.get({ TableName: composite, Key: { pk, sk } });
      assert.deepEqual(Item, { pk, sk, at: String(sk) });
    }
    assert.equal((await doc.get({ TableName: composite, Key: { pk, sk: 1 } })).Item, undefined);
  });

  test("a key that is another form of the same number finds the item", async () => {
    const pk = newKey();
    await ddb.putItem({ TableName: composite, Item: { pk: { S: pk }, sk: { N: "100" } } });
    const { Item } = await ddb.getItem({ TableName: composite, Key: { pk: { S: pk }, sk: { N: "1.00E+2" } } });
    assert.deepEqual(Item, { pk: { S: pk }, sk: { N: "100" } });
  });

  test("reads consistently after a write", async () => {
    const pk = newKey();
    for (let n = 0; n < 20; n++) {
      await put({ pk, n });
      assert.equal((await read(pk)).n, n);
    }
  });

  test("projects attributes", async () => {
    const pk = newKey();
    await put({ pk, a: 1, b: { c: 2, d: 3 }, e: [10, 20, 30] });
    const { Item } = await doc.get({ TableName: simple, Key: { pk }, ProjectionExpression: "a, b.d, e[1]" });
    assert.deepEqual(Item, { a: 1, b: { d: 3 }, e: [20] });
  });

  test("a projection of nothing that exists gives an empty item", async () => {
    const pk = newKey();
    await put({ pk });
    const { Item } = await ddb.getItem({ TableName: simple, Key: { pk: { S: pk } }, ProjectionExpression: "nothing" });
    assert.deepEqual(Item, {});
  });

  for (const [what, Key] of [
    ["an empty key", {}],
    ["another attribute than the key", { other: "a" }],
    ["too many attributes", { pk: "a", sk: "b" }],
    ["a value of the wrong type", { pk: 1 }],
  ]) {
    test(`refuses ${what}`, async () => {
      await invalid(doc.get({ TableName: simple, Key }), keySchemaMismatch);
    });
  }

  test("refuses a missing sort key", async () => {
    await invalid(doc.get({ TableName: composite, Key: { pk: "a" } }), keySchemaMismatch);
  });

  test("refuses a sort key of the wrong type", async () => {
    await invalid(doc.get({ TableName: composite, Key: { pk: "a", sk: "1" } }), keySchemaMismatch);
  });

  test("refuses a missing key", async () => {
    await invalid(
      ddb.getItem({ TableName: simple }),
      "1 validation error detected: Value null at 'key' failed to satisfy constraint: Member must not be null",
    );
  });

  test("refuses a table that does not exist", async () => {
    await fails(
      doc.get({ TableName: "no-such-table", Key: { pk: "a" } }),
      "ResourceNotFoundException",
      "Requested resource not found",
    );
  });
});

describe("DeleteItem", () => {
  const remove = (pk, more) => doc.delete({ TableName: simple, Key: { pk }, ...more });

  test("deletes an item", async () => {
    const pk = newKey();
    await put({ pk, a: 1 });
    assert.equal((await remove(pk)).Attributes, undefined);
    assert.equal(await read(pk), undefined);
  });

  test("succeeds when there is no item", async () => {
    assert.equal((await remove(newKey(), { ReturnValues: "ALL_OLD" })).Attributes, undefined);
  });

  test("ReturnValues ALL_OLD returns the item that was deleted", async () => {
    const pk = newKey();
    await put({ pk, a: 1 });
    assert.deepEqual((await remove(pk, { ReturnValues: "ALL_OLD" })).Attributes, { pk, a: 1 });
  });

  for (const ReturnValues of ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"]) {
    test(`refuses ReturnValues ${ReturnValues}`, async () => {
      await invalid(remove(newKey(), { ReturnValues }), "ReturnValues can only be ALL_OLD or NONE");
    });
  }

  test("deletes only if the condition holds", async () => {
    const pk = newKey();
    await put({ pk, n: 1 });
    const condition = { ConditionExpression: "n > :n", ExpressionAttributeValues: { ":n": 1 } };
    const error = await fails(
      ddb.deleteItem({
        TableName: simple,
        Key: { pk: { S: pk } },
        ConditionExpression: "n > :n",
        ExpressionAttributeValues: { ":n": { N: "1" } },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
      "ConditionalCheckFailedException",
      conditionFailed,
    );
    assert.deepEqual(error.Item, { pk: { S: pk }, n: { N: "1" } });
    assert.deepEqual(await read(pk), { pk, n: 1 });
    await remove(pk, { ...condition, ExpressionAttributeValues: { ":n": 0 } });
    assert.equal(await read(pk), undefined);
  });

  test("a condition on a missing item fails", async () => {
    await fails(
      remove(newKey(), { ConditionExpression: "attribute_exists(pk)" }),
      "ConditionalCheckFailedException",
      conditionFailed,
    );
  });

  test("refuses a key that does not match", async () => {
    await invalid(doc.delete({ TableName: simple, Key: { other: "a" } }), keySchemaMismatch);
    await invalid(doc.delete({ TableName: simple, Key: { pk: 5 } }), keySchemaMismatch);
  });

  test("refuses a table that does not exist", async () => {
    await fails(
      doc.delete({ TableName: "no-such-table", Key: { pk: "a" } }),
      "ResourceNotFoundException",
      "Requested resource not found",
    );
  });
});

describe("UpdateItem", () => {
  test("changes an item", async () => {
    const pk = newKey();
    await put({ pk, a: 1, b: 2 });
    assert.equal((await update(pk, "SET a = :a REMOVE b", { ":a": 5 })).Attributes, undefined);
    assert.deepEqual(await read(pk), { pk, a: 5 });
  });

  test("makes an item that does not exist", async () => {
    const pk = newKey();
    await update(pk, "SET a = :a", { ":a": 1 });
    assert.deepEqual(await read(pk), { pk, a: 1 });
  });

  test("makes no item if it only removes", async () => {
    const pk = newKey();
    const remove = "REMOVE a DELETE b :b";
    const answer = await update(pk, remove, { ":b": new Set(["x"]) }, { ReturnValues: "ALL_NEW", ReturnConsumedCapacity: "TOTAL" });
    assert.equal(answer.Attributes, undefined);
    assert.equal(answer.ConsumedCapacity.CapacityUnits, 1);
    assert.equal(await read(pk), undefined);
    await put({ pk, a: 1, c: 2 });
    await update(pk, remove, { ":b": new Set(["x"]) });
    assert.deepEqual(await read(pk), { pk, c: 2 });
  });

  test("without an expression makes an item of the key alone", async () => {
    const pk = newKey();
    await ddb.updateItem({ TableName: simple, Key: { pk: { S: pk } } });
    assert.deepEqual(await read(pk), { pk });
  });

  const values = {
    NONE: undefined,
    ALL_OLD: (pk) => ({ pk, a: 1, b: { c: 1, d: 2 }, e: "gone" }),
    UPDATED_OLD: () => ({ a: 1, b: { c: 1 }, e: "gone" }),
    ALL_NEW: (pk) => ({ pk, a: 2, b: { c: 5, d: 2 }, f: "new" }),
    UPDATED_NEW: () => ({ a: 2, b: { c: 5 }, f: "new" }),
  };
  for (const [ReturnValues, expected] of Object.entries(values)) {
    test(`ReturnValues ${ReturnValues}`, async () => {
      const pk = newKey();
      await put({ pk, a: 1, b: { c: 1, d: 2 }, e: "gone" });
      const { Attributes } = await update(
        pk,
        "SET a = a + :one, b.c = :five, f = :f REMOVE e",
        { ":one": 1, ":five": 5, ":f": "new" },
        { ReturnValues },
      );
      assert.deepEqual(Attributes, expected?.(pk));
    });
  }

  test("ReturnValues of old values return nothing for a new item", async () => {
    for (const ReturnValues of ["ALL_OLD", "UPDATED_OLD"]) {
      const { Attributes } = await update(newKey(), "SET a = :a", { ":a": 1 }, { ReturnValues });
      assert.equal(Attributes, undefined);
    }
  });

  test("ReturnValues ALL_NEW returns a new item", async () => {
    const pk = newKey();
    const { Attributes } = await update(pk, "SET a = :a", { ":a": 1 }, { ReturnValues: "ALL_NEW" });
    assert.deepEqual(Attributes, { pk, a: 1 });
  });

  test("ReturnValues UPDATED_NEW returns the elements of a list that were updated", async () => {
    const pk = newKey();
    await put({ pk, songs: ["a", "b", "c"] });
    const { Attributes } = await update(pk, "SET songs[1] = :x", { ":x": "B" }, { ReturnValues: "UPDATED_NEW" });
    assert.deepEqual(Attributes, { songs: ["B"] });
  });

  test("ReturnValues UPDATED_OLD returns only what was there", async () => {
    const pk = newKey();
    await put({ pk, a: 1 });
    const { Attributes } = await update(pk, "SET a = :a, b = :a", { ":a": 2 }, { ReturnValues: "UPDATED_OLD" });
    assert.deepEqual(Attributes, { a: 1 });
  });

  test("ReturnValues UPDATED_NEW returns what was not changed in value too", async () => {
    const pk = newKey();
    await put({ pk, a: 1 });
    const { Attributes } = await update(pk, "SET a = :a", { ":a": 1 }, { ReturnValues: "UPDATED_NEW" });
    assert.deepEqual(Attributes, { a: 1 });
  });

  test("ReturnValues UPDATED_NEW of a removal returns nothing", async () => {
    const pk = newKey();
    await put({ pk, a: 1 });
    const { Attributes } = await update(pk, "REMOVE a", undefined, { ReturnValues: "UPDATED_NEW" });
    assert.equal(Attributes, undefined);
  });

  test("refuses unknown ReturnValues", async () => {
    await invalid(
      update(newKey(), "REMOVE a", undefined, { ReturnValues: "SOME" }),
      "1 validation error detected: Value 'SOME' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]",
    );
  });

  test("updates only if the condition holds", async () => {
    const pk = newKey();
    await put({ pk, n: 1 });
    const error = await fails(
      ddb.updateItem({
        TableName: simple,
        Key: { pk: { S: pk } },
        UpdateExpression: "SET n = :n",
        ConditionExpression: "n = :n",
        ExpressionAttributeValues: { ":n": { N: "2" } },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
      "ConditionalCheckFailedException",
      conditionFailed,
    );
    assert.deepEqual(error.Item, { pk: { S: pk }, n: { N: "1" } });
    assert.deepEqual(await read(pk), { pk, n: 1 });
    await update(pk, "SET n = :n", { ":n": 2, ":one": 1 }, { ConditionExpression: "n = :one" });
    assert.deepEqual(await read(pk), { pk, n: 2 });
  });

  test("a condition that fails makes no item", async () => {
    const pk = newKey();
    await fails(
      update(pk, "SET a = :a", { ":a": 1 }, { ConditionExpression: "attribute_exists(pk)" }),
      "ConditionalCheckFailedException",
      conditionFailed,
    );
    assert.equal(await read(pk), undefined);
  });

  test("counts without losing an update when many clients add at once", async () => {
    const pk = newKey();
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => update(pk, "ADD n :one", { ":one": 1 }, { ReturnValues: "UPDATED_NEW" })),
    );
    assert.deepEqual(
      answers.map((a) => a.Attributes.n).sort((a, b) => a - b),
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    assert.deepEqual(await read(pk), { pk, n: 100 });
  });

  test("lets one of many conditional writers win", async () => {
    const pk = newKey();
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        update(pk, "SET winner = :n", { ":n": n }, { ConditionExpression: "attribute_not_exists(winner)" }),
      ),
    );
    const won = results.flatMap((r, n) => (r.status === "fulfilled" ? [n] : []));
    assert.equal(won.length, 1);
    assert.deepEqual(await read(pk), { pk, winner: won[0] });
    for (const r of results) if (r.reason) assert.equal(r.reason.name, "ConditionalCheckFailedException");
  });

  test("refuses to change a key", async () => {
    for (const expression of ["SET pk = :v", "ADD pk :v", "DELETE pk :v", "REMOVE pk"]) {
      await invalid(
        update(newKey(), expression, expression === "REMOVE pk" ? undefined : { ":v": expression[0] === "S" ? "x" : new Set(["x"]) }),
        "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key",
      );
    }
  });

  test("refuses a key that does not match", async () => {
    await invalid(doc.update({ TableName: simple, Key: { other: "a" } }), keySchemaMismatch);
    await invalid(doc.update({ TableName: composite, Key: { pk: "a" } }), keySchemaMismatch);
  });

  test("refuses a table that does not exist", async () => {
    await fails(
      doc.update({ TableName: "no-such-table", Key: { pk: "a" } }),
      "ResourceNotFoundException",
      "Requested resource not found",
    );
  });
});
