// dynamodb-toolbox (npm): schemas, entities of one table, and its commands.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import {
  $add, $append, $delete, $remove, $set, $sum, BatchDeleteRequest, BatchGetCommand, BatchGetRequest, BatchPutRequest, BatchWriteCommand, ConditionCheck, DeleteItemCommand,
  Entity, GetItemCommand, GetTransaction, PutItemCommand, PutTransaction, QueryCommand, ScanCommand, Table, UpdateItemCommand, UpdateTransaction, any,
  boolean, executeBatchGet, executeBatchWrite, executeTransactGet, executeTransactWrite, item, list, map, number, set, string,
} from "dynamodb-toolbox";
import { by, open, region, uniqueName } from "./lib.js";

const client = new DynamoDBClient({ endpoint: await open(), region });
const name = uniqueName("toolbox");
const table = new Table({
  documentClient: DynamoDBDocumentClient.from(client),
  name,
  partitionKey: { name: "pk", type: "string" },
  sortKey: { name: "sk", type: "string" },
  indexes: { byType: { type: "global", partitionKey: { name: "type", type: "string" }, sortKey: { name: "level", type: "number" } } },
});

before(async () => {
  const schema = (hash, range) => [{ AttributeName: hash, KeyType: "HASH" }, { AttributeName: range, KeyType: "RANGE" }];
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [["pk", "S"], ["sk", "S"], ["type", "S"], ["level", "N"]].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      KeySchema: schema("pk", "sk"),
      GlobalSecondaryIndexes: [{ IndexName: "byType", KeySchema: schema("type", "level"), Projection: { ProjectionType: "ALL" } }],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.01, maxDelay: 0.1 }, { TableName: name });
});

const Pokemon = new Entity({
  name: "Pokemon",
  table,
  schema: item({
    trainer: string().key().savedAs("pk"),
    id: string().key().savedAs("sk"),
    type: string().enum("fire", "water"),
    level: number().default(1),
    legendary: boolean().optional(),
    moves: list(string()).default([]),
    badges: set(string()).optional(),
    stats: map({ speed: number(), power: number().optional() }).optional(),
    extra: any().optional(),
  }),
  timestamps: false,
});
const build = (Command) => Pokemon.build(Command);
const pokemon = (trainer, id, more) => ({ trainer, id, type: "fire", level: 1, moves: [], ...more });
const put = (...items) => Promise.all(items.map((one) => build(PutItemCommand).item(one).send()));
const get = async (trainer, id) => (await build(GetItemCommand).key({ trainer, id }).options({ consistent: true }).send()).Item;

describe("commands of an entity", () => {
  test("put and get an item", async () => {
    const one = { trainer: "ash", id: "1", type: "water", badges: new Set(["a", "b"]), stats: { speed: 3 }, extra: { any: [1, null] } };
    await build(PutItemCommand).item(one).options({ condition: { attr: "id", exists: false } }).send();
    assert.deepEqual(await get("ash", "1"), { ...one, level: 1, moves: [] });
    const again = build(PutItemCommand).item(one).options({ condition: { attr: "id", exists: false } }).send();
    await assert.rejects(again, { name: "ConditionalCheckFailedException" });
    const { Item } = await build(GetItemCommand).key({ trainer: "ash", id: "1" }).options({ attributes: ["type", "stats.speed"] }).send();
    assert.deepEqual(Item, { type: "water", stats: { speed: 3 } });
    assert.equal(await get("ash", "none"), undefined);
  });

  test("update with its operators, under a condition", async () => {
    await put(pokemon("ash", "2", { moves: ["bite"], badges: new Set(["a", "b"]), stats: { speed: 3, power: 1 }, legendary: true }));
    const { Attributes } = await build(UpdateItemCommand)
      .item({
        trainer: "ash", id: "2", level: $sum(5, 7), moves: $append(["fly"]), badges: $delete(new Set(["a"])), stats: { speed: $add(4), power: $remove() }, legendary: $remove(),
      })
      .options({ condition: { and: [{ attr: "level", lt: 5 }, { or: [{ attr: "badges", contains: "b" }, { size: "moves", eq: 1 }] }] }, returnValues: "ALL_NEW" })
      .send();
    assert.deepEqual(Attributes, pokemon("ash", "2", { level: 12, moves: ["bite", "fly"], badges: new Set(["b"]), stats: { speed: 7 } }));
    const failing = build(UpdateItemCommand).item({ trainer: "ash", id: "2", level: 1 }).options({ condition: { attr: "level", between: [1, 11] } }).send();
    await assert.rejects(failing, { name: "ConditionalCheckFailedException" });
  });

  test("delete an item", async () => {
    await put(pokemon("ash", "3"));
    const { Attributes } = await build(DeleteItemCommand).key({ trainer: "ash", id: "3" }).options({ returnValues: "ALL_OLD" }).send();
    assert.deepEqual(Attributes, pokemon("ash", "3"));
    assert.equal(await get("ash", "3"), undefined);
  });
});

describe("commands of a table", () => {
  const found = async (command) => (await command.entities(Pokemon).send()).Items;

  test("query a partition, its pages and an index", async () => {
    const all = Array.from({ length: 9 }, (_, i) => pokemon("misty", `m${i}`, { type: "water", level: 20 + i }));
    await put(...all);
    const query = (of, options = {}) => table.build(QueryCommand).query(of).options(options);
    assert.deepEqual((await found(query({ partition: "misty", range: { between: ["m2", "m4"] } }))).map(({ id }) => id), ["m2", "m3", "m4"]);
    assert.deepEqual((await found(query({ partition: "misty", range: { beginsWith: "m" } }, { reverse: true, limit: 2 }))).map(({ id }) => id), ["m8", "m7"]);
    const filters = { Pokemon: { attr: "level", gte: 26 } };
    assert.deepEqual((await found(query({ partition: "misty" }, { filters }))).map(({ level }) => level), [26, 27, 28]);
    assert.deepEqual(await found(query({ index: "byType", partition: "water", range: { gt: 26 } })), all.slice(7));
    const { Items } = await query({ partition: "misty" }, { limit: 2, maxPages: Infinity }).entities(Pokemon).send();
    assert.deepEqual(Items, all);
  });

  test("scan with a filter", async () => {
    await put(...Array.from({ length: 5 }, (_, i) => pokemon(`scan ${i}`, "s", { extra: "scanned" })));
    const items = await found(table.build(ScanCommand).options({ filters: { Pokemon: { attr: "extra", eq: "scanned" } } }));
    assert.deepEqual(items.map(({ trainer }) => trainer).sort(), ["scan 0", "scan 1", "scan 2", "scan 3", "scan 4"]);
  });

  test("write and read batches", async () => {
    const all = Array.from({ length: 10 }, (_, i) => pokemon("batch", `b${i}`));
    const key = ({ trainer, id }) => ({ trainer, id });
    const { UnprocessedItems } = await executeBatchWrite(table.build(BatchWriteCommand).requests(...all.map((one) => build(BatchPutRequest).item(one))));
    assert.deepEqual(UnprocessedItems, {});
    const read = async () => (await executeBatchGet(table.build(BatchGetCommand).requests(...all.map((one) => build(BatchGetRequest).key(key(one)))))).Responses[0].filter(Boolean);
    assert.deepEqual((await read()).sort(by("id")), all);
    await executeBatchWrite(table.build(BatchWriteCommand).requests(...all.slice(4).map((one) => build(BatchDeleteRequest).key(key(one)))));
    assert.deepEqual((await read()).sort(by("id")), all.slice(0, 4));
  });

  test("transact", async () => {
    await put(pokemon("brock", "1", { level: 5 }));
    const write = (level) =>
      executeTransactWrite(
        build(ConditionCheck).key({ trainer: "brock", id: "1" }).condition({ attr: "level", eq: level }),
        build(PutTransaction).item(pokemon("brock", "2")),
        build(UpdateTransaction).item({ trainer: "brock", id: "3", type: "water", moves: $set([]), level: $add(2) }),
      );
    await write(5);
    await assert.rejects(write(6), { name: "TransactionCanceledException" });
    const { Responses } = await executeTransactGet(...["1", "2", "3", "4"].map((id) => build(GetTransaction).key({ trainer: "brock", id })));
    assert.deepEqual(Responses.map((response) => response?.Item?.level), [5, 1, 2, undefined]);
  });
});

test("the table is deleted", async () => {
  await client.send(new DeleteTableCommand({ TableName: name }));
});
