// Random writes against a table with indexes, and against a model of it in memory: whatever was written, table, indexes
// and counts say the same. The seed is in each test's name.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open, pages, sorted } from "../lib/turntable.js";
import { randomNumbers } from "../lib/random.js";

const { ddb, doc, table } = await open();

const description = {
  gsi: {
    whole: { keys: { g: "S", n: "N" } },
    keys: { keys: { g: "S" }, projection: "KEYS_ONLY" },
    turned: { keys: { sk: "N", pk: "S" }, projection: ["text"] },
  },
  lsi: { local: { keys: { pk: "S", n: "N" }, projection: ["text"] } },
};
// What each index has: the keys that an item needs to be in it, and the attributes that it projects (all without a list).
const indexes = {
  whole: { keys: ["g", "n"] },
  keys: { keys: ["g"], projected: ["pk", "sk", "g"] },
  turned: { keys: ["sk", "pk"], projected: ["pk", "sk", "text"] },
  local: { keys: ["pk", "n"], projected: ["pk", "sk", "n", "text"] },
};

const project = (item, { keys, projected }) => {
  if (keys.some((key) => item[key] === undefined)) return [];
  return [projected ? Object.fromEntries(Object.entries(item).filter(([name]) => projected.includes(name))) : item];
};

const sizeOf = (value) => {
  if (typeof value === "string") return Buffer.byteLength(value);
  // "approximately 1 byte per two significant digits, and 1 byte"; the model has one or two digits, none of them 0.
  return 2;
};
const itemSize = (item) => Object.entries(item).reduce((sum, [name, value]) => sum + name.length + sizeOf(value), 0);

for (const seed of [1, 2, 3, 4]) {
  describe(`seed ${seed}`, () => {
    test("table, indexes and counts agree with the model", async () => {
      const random = randomNumbers(seed);
      const pick = (list) => list[Math.floor(random() * list.length)];
      const number = () => pick([1, 2, 3, 7, 12, 25, 99]);
      const TableName = await table({ pk: "S", sk: "N" }, description);
      const model = new Map();

      const newItem = () => ({
        pk: pick(["a", "b", "c", "é"]),
        sk: number(),
        ...(random() < 0.7 && { g: pick(["red", "blue", "green"]) }),
        ...(random() < 0.7 && { n: number() }),
        ...(random() < 0.5 && { text: "x".repeat(random() * 30) }),
        ...(random() < 0.3 && { more: "y" }),
      });
      const nameOf = ({ pk, sk }) => `${pk} ${sk}`;
      const keyOf = ({ pk, sk }) => ({ pk, sk });

      for (let step = 0; step < 150; step++) {
        const item = newItem();
        const Key = keyOf(item);
        const old = model.get(nameOf(item));
        const kind = random();
        if (kind < 0.35) {
          const { Attributes } = await doc.put({ TableName, Item: item, ReturnValues: "ALL_OLD" });
          assert.deepEqual(Attributes, old);
          model.set(nameOf(item), item);
        } else if (kind < 0.5) {
          const { Attributes } = await doc.delete({ TableName, Key, ReturnValues: "ALL_OLD" });
          assert.deepEqual(Attributes, old);
          model.delete(nameOf(item));
        } else if (kind < 0.8) {
          const changed = { ...(old ?? Key) };
          const sets = [];
          const removes = [];
          for (const name of ["g", "n", "text", "more"]) {
            if (random() < 0.5) continue;
            if (item[name] === undefined) {
              removes.push(name);
              delete changed[name];
            } else {
              sets.push(name);
              changed[name] = item[name];
            }
          }
          const { Attributes } = await doc.update({
            TableName,
            Key,
            ...((sets.length || removes.length) && {
              UpdateExpression: [
                sets.length ? `SET ${sets.map((name) => `#${name} = :${name}`)}` : "",
                removes.length ? `REMOVE ${removes.map((name) => `#${name}`)}` : "",
              ].join(" "),
              ExpressionAttributeNames: Object.fromEntries([...sets, ...removes].map((name) => [`#${name}`, name])),
            }),
            ...(sets.length && { ExpressionAttributeValues: Object.fromEntries(sets.map((name) => [`:${name}`, item[name]])) }),
            ReturnValues: "ALL_NEW",
          });
          // An update that only removes does not make an item.
          if (old === undefined && removes.length && !sets.length) {
            assert.equal(Attributes, undefined);
            continue;
          }
          assert.deepEqual(Attributes, changed);
          model.set(nameOf(item), changed);
        } else if (kind < 0.9) {
          const exists = random() < 0.5;
          const write = doc.put({
            TableName,
            Item: item,
            ConditionExpression: exists ? "attribute_exists(pk)" : "attribute_not_exists(pk)",
          });
          if ((old !== undefined) === exists) {
            await write;
            model.set(nameOf(item), item);
          } else {
            await assert.rejects(write, { name: "ConditionalCheckFailedException" });
          }
        } else {
          const items = new Map([item, newItem(), newItem()].map((i) => [nameOf(i), i]));
          const requests = [...items.values()].map((i) =>
            random() < 0.6 ? { PutRequest: { Item: i } } : { DeleteRequest: { Key: keyOf(i) } },
          );
          await doc.batchWrite({ RequestItems: { [TableName]: requests } });
          for (const { PutRequest, DeleteRequest } of requests) {
            if (PutRequest) model.set(nameOf(PutRequest.Item), PutRequest.Item);
            else model.delete(nameOf(DeleteRequest.Key));
          }
        }
      }

      const all = [...model.values()];
      const order = ["pk", "sk"];
      const scan = async (more) =>
        sorted((await pages((page) => doc.scan(page), { TableName, Limit: 9, ...more })).Items, ...order);
      assert.deepEqual(await scan(), sorted(all, ...order));
      const expected = {};
      for (const [name, index] of Object.entries(indexes)) {
        expected[name] = sorted(all.flatMap((item) => project(item, index)), ...order);
        assert.deepEqual(await scan({ IndexName: name }), expected[name], name);
      }

      for (const g of ["red", "blue", "green"]) {
        const { Items } = await pages((page) => doc.query(page), {
          TableName,
          IndexName: "whole",
          KeyConditionExpression: "g = :g AND n > :n",
          ExpressionAttributeValues: { ":g": g, ":n": 2 },
          Limit: 2,
        });
        assert.deepEqual(Items.map((i) => i.n), Items.map((i) => i.n).toSorted((a, b) => a - b));
        assert.deepEqual(sorted(Items, ...order), expected.whole.filter((i) => i.g === g && i.n > 2));
      }

      const { Table } = await ddb.describeTable({ TableName });
      assert.deepEqual([Table.ItemCount, Table.TableSizeBytes], [all.length, all.reduce((sum, i) => sum + itemSize(i), 0)]);
      for (const { IndexName, ItemCount } of [...Table.GlobalSecondaryIndexes, ...Table.LocalSecondaryIndexes]) {
        assert.equal(ItemCount, expected[IndexName].length, IndexName);
      }
    });
  });
}
