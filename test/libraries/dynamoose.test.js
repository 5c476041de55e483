// Dynamoose (npm): models that make their own tables, and its queries, scans, batches, conditions and transactions.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import dynamoose from "dynamoose";
import { by, open, region, uniqueName } from "./lib.js";

dynamoose.aws.ddb.set(new dynamoose.aws.ddb.DynamoDB({ endpoint: await open(), region }));
const prefix = `${uniqueName("moose")}-`;
dynamoose.Table.defaults.set({ prefix, waitForActive: { enabled: true, check: { timeout: 60000, frequency: 10 } } });

const Cat = dynamoose.model(
  "Cat",
  new dynamoose.Schema(
    {
      owner: { type: String, hashKey: true },
      name: { type: String, rangeKey: true },
      breed: { type: String, index: { name: "byBreed", type: "global", rangeKey: "age" } },
      age: { type: Number, default: 1, validate: (age) => age >= 0 },
      born: Date,
      toys: { type: Set, schema: [String] },
      friends: { type: Array, schema: [{ type: Object, schema: { name: String, close: Boolean } }] },
      chip: { type: Object, schema: { id: String, data: Buffer } },
      secret: { type: String, get: (value) => value && value.toUpperCase() },
    },
    { saveUnknown: ["notes.**"], timestamps: { createdAt: "made", updatedAt: "changed" } },
  ),
);
const table = new dynamoose.Table("Cat", [Cat]);
const plain = (item) => {
  const { made, changed, ...rest } = item.toJSON ? item.toJSON() : item;
  return rest;
};
const cat = (owner, name, more) => ({ owner, name, breed: "mixed", age: 1, ...more });
const names = (items) => items.map(({ name }) => name);

describe("tables", () => {
  test("are made from the model", async () => {
    assert.equal((await Cat.get({ owner: "none", name: "none" })), undefined);
    const { Table } = await dynamoose.aws.ddb().describeTable({ TableName: `${prefix}Cat` });
    assert.equal(Table.TableStatus, "ACTIVE");
    assert.deepEqual(Table.GlobalSecondaryIndexes.map(({ IndexName, KeySchema }) => [IndexName, ...KeySchema.map((key) => key.AttributeName)]), [["byBreed", "breed", "age"]]);
  });
});

describe("models", () => {
  test("create, get, save and delete", async () => {
    const one = cat("ann", "Tom", {
      born: new Date(1700000000000), toys: new Set(["ball", "mouse"]), friends: [{ name: "Pip", close: true }], chip: { id: "7", data: Buffer.from("xy") }, secret: "fish",
    });
    const made = await Cat.create(one);
    assert.ok(made.made instanceof Date || typeof made.made === "number");
    await assert.rejects(Cat.create(one), { name: "ConditionalCheckFailedException" });
    const read = await Cat.get({ owner: "ann", name: "Tom" });
    assert.equal(read.secret, "FISH");
    assert.equal(Number(read.born), 1700000000000);
    assert.deepEqual([...read.toys].sort(), ["ball", "mouse"]);
    assert.deepEqual(plain(read).friends, one.friends);
    assert.equal(Buffer.from(read.chip.data).toString(), "xy");
    read.age = 5;
    await read.save();
    assert.equal((await Cat.get({ owner: "ann", name: "Tom" }, { attributes: ["age"] })).age, 5);
    await read.delete();
    assert.equal(await Cat.get({ owner: "ann", name: "Tom" }), undefined);
  });

  test("update attributes, under conditions", async () => {
    const Key = { owner: "ben", name: "Flo" };
    await Cat.create(cat("ben", "Flo", { toys: new Set(["ball"]), secret: "x" }));
    const updated = await Cat.update(Key, { $SET: { breed: "persian" }, $ADD: { age: 2, toys: ["mouse"] }, $REMOVE: ["secret"] }, { return: "item" });
    assert.deepEqual([updated.breed, updated.age, [...updated.toys].sort(), updated.secret], ["persian", 3, ["ball", "mouse"], undefined]);
    const old = new dynamoose.Condition().where("age").gt(3).or().where("breed").eq("siamese");
    await assert.rejects(Cat.update(Key, { age: 9 }, { condition: old }), { name: "ConditionalCheckFailedException" });
    await Cat.update(Key, { age: 9 }, { condition: new dynamoose.Condition("age").between(1, 3).and().attribute("toys").contains("ball") });
    assert.equal((await Cat.get(Key)).age, 9);
    await assert.rejects(Cat.delete(Key, { condition: new dynamoose.Condition("age").lt(9) }), { name: "ConditionalCheckFailedException" });
  });

  test("query a table and an index, page by page", async () => {
    await Cat.batchPut(Array.from({ length: 9 }, (_, i) => cat("cleo", `c${i}`, { breed: i % 2 ? "tabby" : "plain", age: i })));
    assert.equal((await Cat.query("owner").eq("cleo").where("name").beginsWith("c").exec()).length, 9);
    assert.deepEqual(names(await Cat.query("owner").eq("cleo").where("name").between("c2", "c4").exec()), ["c2", "c3", "c4"]);
    assert.deepEqual(names(await Cat.query("owner").eq("cleo").sort("descending").limit(2).exec()), ["c8", "c7"]);
    assert.deepEqual(names(await Cat.query("owner").eq("cleo").filter("age").ge(6).filter("breed").eq("tabby").exec()), ["c7"]);
    assert.deepEqual(names(await Cat.query("breed").eq("tabby").where("age").gt(2).using("byBreed").exec()), ["c3", "c5", "c7"]);
    assert.equal((await Cat.query("owner").eq("cleo").count().exec()).count, 9);
    const paged = [];
    let lastKey, pages = 0;
    do {
      const page = await Cat.query("owner").eq("cleo").limit(4).startAt(lastKey).exec();
      paged.push(...names(page));
      lastKey = page.lastKey;
      pages++;
    } while (lastKey);
    assert.deepEqual([paged.length, pages], [9, 3]);
    assert.equal((await Cat.query("owner").eq("cleo").limit(2).all().exec()).length, 9);
  });

  test("scan with filters", async () => {
    await Cat.batchPut(Array.from({ length: 6 }, (_, i) => cat(`dan${i}`, "s", { secret: i % 2 ? "odd" : "even" })));
    const found = await Cat.scan("secret").exists().where("owner").beginsWith("dan").and().where("secret").not().eq("odd").all().exec();
    assert.deepEqual(found.map(({ owner }) => owner).sort(), ["dan0", "dan2", "dan4"]);
    assert.equal((await Cat.scan().where("owner").in(["dan1", "dan5"]).count().exec()).count, 2);
    assert.equal((await Cat.scan("owner").beginsWith("dan").parallel(2).exec()).length, 6);
  });

  test("get and delete batches", async () => {
    const all = Array.from({ length: 12 }, (_, i) => cat("eva", `e${String(i).padStart(2, "0")}`));
    assert.deepEqual((await Cat.batchPut(all)).unprocessedItems, []);
    const keys = all.map(({ owner, name }) => ({ owner, name }));
    const read = await Cat.batchGet(keys);
    assert.deepEqual(names(read.sort(by("name"))), names(all));
    assert.deepEqual((await Cat.batchDelete(keys.slice(2))).unprocessedItems, []);
    assert.deepEqual(names(await Cat.query("owner").eq("eva").exec()), ["e00", "e01"]);
  });

  test("transact", async () => {
    await Cat.create(cat("fred", "one"));
    const write = (age) =>
      dynamoose.transaction([
        Cat.transaction.create(cat("fred", "two", { age })),
        Cat.transaction.update({ owner: "fred", name: "one" }, { $ADD: { age: 4 } }),
        Cat.transaction.condition({ owner: "fred", name: "three" }, new dynamoose.Condition("age").not().exists()),
      ]);
    await write(2);
    await assert.rejects(write(3), { name: "TransactionCanceledException" });
    const read = await dynamoose.transaction(["one", "two"].map((name) => Cat.transaction.get({ owner: "fred", name })));
    assert.deepEqual(read.map(({ age }) => age), [5, 2]);
  });
});

test("the table is deleted", async () => {
  await dynamoose.aws.ddb().deleteTable({ TableName: table.name });
});
