// The AWS SDK for JavaScript, version 3, as applications use it: DynamoDBDocumentClient of lib-dynamodb, paginators, waiters.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import {
  ConditionalCheckFailedException, CreateTableCommand, DeleteTableCommand, DynamoDBClient, ResourceNotFoundException, TransactionCanceledException,
  UpdateTableCommand, paginateListTables, waitUntilTableExists, waitUntilTableNotExists,
} from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand, BatchWriteCommand, DeleteCommand, DynamoDBDocumentClient, GetCommand, NumberValue, PutCommand, QueryCommand, TransactGetCommand,
  TransactWriteCommand, UpdateCommand, paginateQuery, paginateScan,
} from "@aws-sdk/lib-dynamodb";
import { by, open, region, uniqueName } from "./lib.js";

const settings = { endpoint: await open(), region };
const client = new DynamoDBClient(settings);
const documents = DynamoDBDocumentClient.from(client, {
  marshallOptions: { removeUndefinedValues: true, convertClassInstanceToMap: true },
  unmarshallOptions: { wrapNumbers: false },
});
const TableName = uniqueName("events");
const waiter = { client, maxWaitTime: 60, minDelay: 0.01, maxDelay: 0.1 };
const send = (Command, input) => documents.send(new Command({ TableName, ...input }));

before(async () => {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "device", AttributeType: "S" },
        { AttributeName: "tick", AttributeType: "N" },
        { AttributeName: "kind", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "device", KeyType: "HASH" },
        { AttributeName: "tick", KeyType: "RANGE" },
      ],
      LocalSecondaryIndexes: [
        {
          IndexName: "byKind",
          KeySchema: [
            { AttributeName: "device", KeyType: "HASH" },
            { AttributeName: "kind", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["value"] },
        },
      ],
    }),
  );
  const { state, reason } = await waitUntilTableExists(waiter, { TableName });
  assert.equal(state, "SUCCESS");
  assert.equal(reason.Table.TableStatus, "ACTIVE");
});

const event = (device, tick, more) => ({ device, tick, kind: tick % 2 ? "odd" : "even", value: tick * 1.5, ...more });

describe("DynamoDBDocumentClient", () => {
  test("puts and gets values of all kinds", async () => {
    class Place {
      constructor(x) { this.x = x; }
    }
    const Item = { ...event("all", 1), nothing: null, left: undefined, where: new Place(3), tags: new Set(["a", "b"]), bytes: new Uint8Array([1, 2]), deep: [{ a: [1, "x", true] }] };
    await send(PutCommand, { Item });
    const read = await send(GetCommand, { Key: { device: "all", tick: 1 } });
    const { left, ...kept } = Item;
    assert.deepEqual(read.Item, { ...kept, where: { x: 3 } });
    assert.equal(read.$metadata.attempts, 1);
  });

  test("keeps numbers that no double has", async () => {
    const exact = NumberValue.from("1234567890123456789012345678901234567.8");
    await send(PutCommand, { Item: { ...event("numbers", 1), exact } });
    const wrapping = DynamoDBDocumentClient.from(new DynamoDBClient(settings), { unmarshallOptions: { wrapNumbers: true } });
    const { Item } = await wrapping.send(new GetCommand({ TableName, Key: { device: "numbers", tick: 1 } }));
    assert.equal(Item.exact.value, exact.value);
  });

  test("updates under a condition, and gives errors their classes", async () => {
    const Key = { device: "conditions", tick: 1 };
    const update = (expected) =>
      send(UpdateCommand, {
        Key,
        UpdateExpression: "SET #v = if_not_exists(#v, :zero) + :one, entries = list_append(if_not_exists(entries, :none), :entry)",
        ConditionExpression: "attribute_not_exists(#v) OR #v = :expected",
        ExpressionAttributeNames: { "#v": "version" },
        ExpressionAttributeValues: { ":zero": 0, ":one": 1, ":none": [], ":entry": [`was ${expected}`], ":expected": expected },
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
    await update(0);
    assert.deepEqual((await update(1)).Attributes, { ...Key, version: 2, entries: ["was 0", "was 1"] });
    const error = await update(1).catch((caught) => caught);
    assert.ok(error instanceof ConditionalCheckFailedException);
    assert.deepEqual(error.Item.version, { N: "2" });
    const missing = await documents.send(new GetCommand({ TableName: `${TableName}-none`, Key })).catch((caught) => caught);
    assert.ok(missing instanceof ResourceNotFoundException);
  });

  test("queries with a paginator", async () => {
    for (let tick = 1; tick <= 9; tick++) await send(PutCommand, { Item: event("paged", tick) });
    const pages = [];
    const query = { TableName, KeyConditionExpression: "device = :d AND tick > :a", ExpressionAttributeNames: undefined, ExpressionAttributeValues: { ":d": "paged", ":a": 2 } };
    for await (const page of paginateQuery({ client: documents, pageSize: 3 }, query)) pages.push(page.Items.map(({ tick }) => tick));
    assert.deepEqual(pages.flat(), [3, 4, 5, 6, 7, 8, 9]);
    assert.deepEqual(pages.map((page) => page.length), [3, 3, 1]);
    const index = await send(QueryCommand, {
      IndexName: "byKind",
      KeyConditionExpression: "device = :d AND begins_with(kind, :k)",
      ExpressionAttributeValues: { ":d": "paged", ":k": "ev" },
      ScanIndexForward: false,
      ReturnConsumedCapacity: "INDEXES",
    });
    assert.deepEqual(index.Items.sort(by("tick")), [2, 4, 6, 8].map((tick) => event("paged", tick)));
    assert.equal(index.ConsumedCapacity.LocalSecondaryIndexes.byKind.CapacityUnits, 0.5);
  });

  test("scans segments with paginators", async () => {
    await Promise.all(Array.from({ length: 30 }, (_, i) => send(PutCommand, { Item: event(`scan ${i}`, i, { scanned: true }) })));
    const segment = async (Segment) => {
      const items = [];
      const scan = { TableName, Segment, TotalSegments: 3, FilterExpression: "scanned = :t", ExpressionAttributeValues: { ":t": true } };
      for await (const page of paginateScan({ client: documents, pageSize: 5 }, scan)) items.push(...page.Items);
      return items;
    };
    const found = (await Promise.all([0, 1, 2].map(segment))).flat();
    assert.deepEqual(found.map(({ tick }) => tick).sort((a, b) => a - b), Array.from({ length: 30 }, (_, i) => i));
  });

  test("writes and reads batches", async () => {
    const items = Array.from({ length: 20 }, (_, i) => event("batch", i));
    const put = await documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) } }));
    assert.deepEqual(put.UnprocessedItems, {});
    const Keys = items.map(({ device, tick }) => ({ device, tick }));
    const { Responses } = await documents.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }));
    assert.deepEqual(Responses[TableName].sort(by("tick")), items);
    await documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: Keys.map((Key) => ({ DeleteRequest: { Key } })) } }));
    assert.equal((await send(QueryCommand, { KeyConditionExpression: "device = :d", ExpressionAttributeValues: { ":d": "batch" } })).Count, 0);
  });

  test("deletes and returns what was deleted", async () => {
    await send(PutCommand, { Item: event("gone", 1) });
    const { Attributes } = await send(DeleteCommand, { Key: { device: "gone", tick: 1 }, ReturnValues: "ALL_OLD" });
    assert.deepEqual(Attributes, event("gone", 1));
  });

  test("transacts", async () => {
    const Key = (tick) => ({ device: "transactions", tick });
    await send(PutCommand, { Item: { ...Key(1), value: 1 } });
    const write = (ClientRequestToken, expected) =>
      documents.send(
        new TransactWriteCommand({
          ClientRequestToken,
          TransactItems: [
            { ConditionCheck: { TableName, Key: Key(1), ConditionExpression: "#v = :e", ExpressionAttributeNames: { "#v": "value" }, ExpressionAttributeValues: { ":e": expected } } },
            { Update: { TableName, Key: Key(2), UpdateExpression: "ADD hits :one", ExpressionAttributeValues: { ":one": 1 } } },
            { Put: { TableName, Item: event("transactions", 3) } },
          ],
        }),
      );
    const token = uniqueName("token").slice(-36);
    await write(token, 1);
    await write(token, 1); // the same again is done once
    const error = await write(undefined, 9).catch((caught) => caught);
    assert.ok(error instanceof TransactionCanceledException);
    assert.deepEqual(error.CancellationReasons.map(({ Code }) => Code), ["ConditionalCheckFailed", "None", "None"]);
    const { Responses } = await documents.send(new TransactGetCommand({ TransactItems: [1, 2, 3, 4].map((tick) => ({ Get: { TableName, Key: Key(tick) } })) }));
    assert.deepEqual(Responses.map(({ Item }) => Item), [{ ...Key(1), value: 1 }, { ...Key(2), hits: 1 }, event("transactions", 3), undefined]);
  });
});

describe("tables", () => {
  test("are listed with a paginator", async () => {
    const names = [];
    for await (const page of paginateListTables({ client, pageSize: 1 }, {})) names.push(...page.TableNames);
    assert.ok(names.includes(TableName));
  });

  test("get an index", async () => {
    await client.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: "kind", AttributeType: "S" }],
        GlobalSecondaryIndexUpdates: [
          { Create: { IndexName: "kinds", KeySchema: [{ AttributeName: "kind", KeyType: "HASH" }], Projection: { ProjectionType: "KEYS_ONLY" } } },
        ],
      }),
    );
    await waitUntilTableExists(waiter, { TableName });
  });

  test("are deleted", async () => {
    await client.send(new DeleteTableCommand({ TableName }));
    assert.equal((await waitUntilTableNotExists(waiter, { TableName })).state, "SUCCESS");
  });
});
