// The AWS SDK for JavaScript, version 2 (npm aws-sdk): its DynamoDB client and its DocumentClient.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { by, credentials, open, region, uniqueName } from "./lib.js";

process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = "1";
const { default: AWS } = await import("aws-sdk");

const settings = { endpoint: await open(), region, ...credentials };
const dynamodb = new AWS.DynamoDB(settings);
const documents = new AWS.DynamoDB.DocumentClient(settings);
const TableName = uniqueName("orders");

before(async () => {
  const { TableDescription } = await dynamodb
    .createTable({
      TableName,
      AttributeDefinitions: [
        { AttributeName: "customer", AttributeType: "S" },
        { AttributeName: "number", AttributeType: "N" },
        { AttributeName: "status", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "customer", KeyType: "HASH" },
        { AttributeName: "number", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "byStatus",
          KeySchema: [
            { AttributeName: "status", KeyType: "HASH" },
            { AttributeName: "number", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
          ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
        },
      ],
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
    })
    .promise();
  assert.equal(TableDescription.TableName, TableName);
  const { Table } = await dynamodb.waitFor("tableExists", { TableName, $waiter: { delay: 0.01 } }).promise();
  assert.equal(Table.TableStatus, "ACTIVE");
  assert.ok(Table.CreationDateTime instanceof Date);
});

describe("DynamoDB", () => {
  const Key = { customer: { S: "low" }, number: { N: "1" } };

  test("lists tables", async () => {
    const { TableNames } = await dynamodb.listTables().promise();
    assert.ok(TableNames.includes(TableName));
  });

  test("writes and reads an item of all types", async () => {
    const Item = {
      ...Key, text: { S: "täxt" }, count: { N: "12345678901234567890" }, bytes: { B: Buffer.from([0, 255]) }, yes: { BOOL: true },
      none: { NULL: true }, list: { L: [{ S: "a" }, { M: { b: { N: "1" } } }] }, strings: { SS: ["a", "b"] }, numbers: { NS: ["1", "2"] },
      buffers: { BS: [Buffer.from("x")] },
    };
    await dynamodb.putItem({ TableName, Item }).promise();
    assert.deepEqual((await dynamodb.getItem({ TableName, Key }).promise()).Item, Item);
  });

  test("fails with the service's codes", async () => {
    const error = await dynamodb.getItem({ TableName: `${TableName}-none`, Key }).promise().catch((caught) => caught);
    assert.equal(error.code, "ResourceNotFoundException");
    assert.equal(error.statusCode, 400);
    assert.match(error.requestId, /^[0-9A-Z]{52}$/);
    assert.equal(error.retryable, false);
    const expected = { customer: { Exists: false } };
    await dynamodb.putItem({ TableName, Item: Key }).promise();
    await assert.rejects(dynamodb.putItem({ TableName, Item: Key, Expected: expected }).promise(), { code: "ConditionalCheckFailedException" });
  });

  test("updates with the old parameters, as older programs do", async () => {
    await dynamodb.putItem({ TableName, Item: { ...Key, amount: { N: "1" } } }).promise();
    const { Attributes } = await dynamodb
      .updateItem({
        TableName,
        Key,
        AttributeUpdates: { amount: { Action: "ADD", Value: { N: "2" } }, status: { Value: { S: "paid" } } },
        Expected: { amount: { ComparisonOperator: "LT", AttributeValueList: [{ N: "10" }] } },
        ReturnValues: "ALL_NEW",
      })
      .promise();
    assert.deepEqual(Attributes, { ...Key, amount: { N: "3" }, status: { S: "paid" } });
  });
});

describe("DocumentClient", () => {
  const order = (customer, number, more) => ({ customer, number, status: "open", amount: number * 10, ...more });

  test("puts, gets, updates and deletes", async () => {
    const Item = order("ann", 1, { tags: documents.createSet(["new", "gift"]), address: { city: "Ulm", lines: ["a", "b"] }, note: null });
    const Key = { customer: "ann", number: 1 };
    await documents.put({ TableName, Item, ConditionExpression: "attribute_not_exists(customer)" }).promise();
    const read = await documents.get({ TableName, Key, ConsistentRead: true }).promise();
    assert.deepEqual({ ...read.Item, tags: read.Item.tags.values }, { ...Item, tags: ["gift", "new"] });
    const { Attributes } = await documents
      .update({
        TableName,
        Key,
        UpdateExpression: "SET #s = :s, address.city = :c ADD amount :t REMOVE note",
        ConditionExpression: "#s = :open",
        ExpressionAttributeNames: { "#s": "status" },
        ExpressionAttributeValues: { ":s": "paid", ":open": "open", ":c": "Bonn", ":t": 5 },
        ReturnValues: "UPDATED_NEW",
      })
      .promise();
    assert.deepEqual(Attributes, { status: "paid", address: { city: "Bonn" }, amount: 15 });
    const deleted = await documents.delete({ TableName, Key, ReturnValues: "ALL_OLD" }).promise();
    assert.equal(deleted.Attributes.status, "paid");
    assert.deepEqual(await documents.get({ TableName, Key }).promise(), {});
  });

  test("queries a table and an index, page by page", async () => {
    for (let n = 1; n <= 7; n++) await documents.put({ TableName, Item: order("ben", n, { status: n % 2 ? "open" : "paid" }) }).promise();
    const query = {
      TableName,
      KeyConditionExpression: "customer = :c AND #n BETWEEN :a AND :b",
      ExpressionAttributeNames: { "#n": "number" },
      ExpressionAttributeValues: { ":c": "ben", ":a": 2, ":b": 6 },
      Limit: 2,
    };
    const numbers = [];
    let pages = 0;
    for (let start; pages === 0 || start; pages++) {
      const page = await documents.query({ ...query, ExclusiveStartKey: start }).promise();
      numbers.push(...page.Items.map((item) => item.number));
      start = page.LastEvaluatedKey;
    }
    assert.deepEqual([numbers, pages], [[2, 3, 4, 5, 6], 3]);
    const paid = await documents
      .query({
        TableName,
        IndexName: "byStatus",
        KeyConditionExpression: "#s = :s",
        FilterExpression: "customer = :c",
        ExpressionAttributeNames: { "#s": "status" },
        ExpressionAttributeValues: { ":s": "paid", ":c": "ben" },
        ScanIndexForward: false,
      })
      .promise();
    assert.deepEqual(paid.Items.map((item) => item.number), [6, 4, 2]);
  });

  test("writes and reads batches", async () => {
    const items = Array.from({ length: 25 }, (_, i) => order("cleo", i));
    const written = await documents.batchWrite({ RequestItems: { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) } }).promise();
    assert.deepEqual(written.UnprocessedItems, {});
    const Keys = items.slice(0, 10).map(({ customer, number }) => ({ customer, number }));
    const { Responses } = await documents.batchGet({ RequestItems: { [TableName]: { Keys, ProjectionExpression: "amount" } } }).promise();
    assert.deepEqual(Responses[TableName].sort(by("amount")), items.slice(0, 10).map(({ amount }) => ({ amount })));
  });

  test("scans page by page with eachPage", async () => {
    const Item = (n) => order(`scanned ${n}`, n, { scanned: true });
    for (let n = 0; n < 6; n++) await documents.put({ TableName, Item: Item(n) }).promise();
    const found = [];
    await new Promise((resolve, reject) => {
      documents
        .scan({ TableName, FilterExpression: "scanned = :t", ExpressionAttributeValues: { ":t": true }, Limit: 4 })
        .eachPage((error, page) => {
          if (error) return reject(error);
          if (page === null) return resolve();
          found.push(...page.Items);
          return true;
        });
    });
    assert.deepEqual(found.sort(by("number")), Array.from({ length: 6 }, (_, n) => Item(n)));
  });

  test("transacts", async () => {
    const stock = (number, amount) => ({ customer: "stock", number, amount });
    await documents.put({ TableName, Item: stock(1, 3) }).promise();
    const buy = (count) =>
      documents
        .transactWrite({
          TransactItems: [
            {
              Update: {
                TableName,
                Key: { customer: "stock", number: 1 },
                UpdateExpression: "SET amount = amount - :n",
                ConditionExpression: "amount >= :n",
                ExpressionAttributeValues: { ":n": count },
              },
            },
            { Put: { TableName, Item: order("dora", count) } },
          ],
        })
        .promise();
    await buy(2);
    await assert.rejects(buy(5), { code: "TransactionCanceledException", message: /\[ConditionalCheckFailed, None\]/ });
    const { Responses } = await documents
      .transactGet({ TransactItems: [{ customer: "stock", number: 1 }, { customer: "dora", number: 2 }, { customer: "dora", number: 5 }].map((Key) => ({ Get: { TableName, Key } })) })
      .promise();
    assert.deepEqual(Responses.map(({ Item }) => Item), [stock(1, 1), order("dora", 2), undefined]);
  });
});

test("deletes the table", async () => {
  const { TableDescription } = await dynamodb.deleteTable({ TableName }).promise();
  assert.equal(TableDescription.TableStatus, "DELETING");
  await dynamodb.waitFor("tableNotExists", { TableName, $waiter: { delay: 0.01 } }).promise();
});
