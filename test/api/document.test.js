// lib-dynamodb, the SDK's document client: JavaScript values to attributes and back, paginators and waiters.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { waitUntilTableExists, waitUntilTableNotExists } from "@aws-sdk/client-dynamodb";
import {
  DynamoDBDocument,
  DynamoDBDocumentClient,
  GetCommand,
  NumberValue,
  PutCommand,
  paginateQuery,
  paginateScan,
} from "@aws-sdk/lib-dynamodb";
import { fails, makeClient, open, sorted, tableInput, uniqueName } from "../lib/turntable.js";

const { endpoint, ddb, doc, table, made } = await open();
const TableName = await table({ pk: "S", sk: "N" });

const roundTrip = async (client, Item) => {
  await client.put({ TableName, Item });
  return (await client.get({ TableName, Key: { pk: Item.pk, sk: Item.sk } })).Item;
};

describe("the document client", () => {
  test("keeps JavaScript values", async () => {
    const Item = {
      pk: "values",
      sk: 1,
      text: "é 𝄞",
      integer: 42,
      fraction: -0.25,
      yes: true,
      no: false,
      nothing: null,
      bytes: Uint8Array.from([0, 255]),
      list: [1, "two", [3], { four: 4 }],
      map: { a: { b: { c: [] } } },
      strings: new Set(["a", "b"]),
      numbers: new Set([1, 2.5]),
      empty: "",
    };
    assert.deepEqual(await roundTrip(doc, Item), Item);
  });

  test("keeps integers beyond 2^53", async () => {
    const Item = { pk: "big", sk: 1, n: 12345678901234567890123456789012345678n };
    assert.deepEqual(await roundTrip(doc, Item), Item);
    const exact = DynamoDBDocument.from(ddb, { unmarshallOptions: { wrapNumbers: true } });
    const { Item: read } = await exact.get({ TableName, Key: { pk: "big", sk: 1 } });
    assert.equal(read.n.toString(), "12345678901234567890123456789012345678");
    await exact.put({ TableName, Item: { pk: "big", sk: 2, n: NumberValue.from("0.12345678901234567890123456789012345678") } });
    const second = await exact.get({ TableName, Key: { pk: "big", sk: 2 } });
    assert.equal(second.Item.n.toString(), "0.12345678901234567890123456789012345678");
  });

  test("removes undefined and turns classes to maps when told to", async () => {
    class Point {
      constructor() {
        this.x = 1;
      }
    }
    const client = DynamoDBDocument.from(ddb, { marshallOptions: { removeUndefinedValues: true, convertClassInstanceToMap: true } });
    assert.deepEqual(await roundTrip(client, { pk: "class", sk: 1, gone: undefined, point: new Point() }), {
      pk: "class",
      sk: 1,
      point: { x: 1 },
    });
  });

  test("sends commands", async () => {
    const client = DynamoDBDocumentClient.from(ddb);
    await client.send(new PutCommand({ TableName, Item: { pk: "command", sk: 1 } }));
    assert.deepEqual((await client.send(new GetCommand({ TableName, Key: { pk: "command", sk: 1 } }))).Item, { pk: "command", sk: 1 });
  });

  test("gives the item of a failed condition", async () => {
    await doc.put({ TableName, Item: { pk: "failed", sk: 1, n: 5 } });
    const error = await fails(
      doc.put({
        TableName,
        Item: { pk: "failed", sk: 1 },
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
      "ConditionalCheckFailedException",
      "The conditional request failed",
    );
    assert.deepEqual(error.Item, { pk: { S: "failed" }, sk: { N: "1" }, n: { N: "5" } });
  });

  test("paginates queries and scans", async () => {
    for (let sk = 0; sk < 23; sk++) await doc.put({ TableName, Item: { pk: "pages", sk } });
    const input = { TableName, KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: { ":pk": "pages" } };
    const seen = [];
    for await (const page of paginateQuery({ client: doc, pageSize: 5 }, input)) seen.push(page.Items.map((i) => i.sk));
    assert.deepEqual(seen.map((p) => p.length), [5, 5, 5, 5, 3]);
    assert.deepEqual(seen.flat(), Array.from({ length: 23 }, (_, i) => i));
    let scanned = 0;
    for await (const page of paginateScan({ client: doc, pageSize: 7 }, { TableName, FilterExpression: "pk = :pk", ExpressionAttributeValues: { ":pk": "pages" } })) {
      scanned += page.Count;
    }
    assert.equal(scanned, 23);
  });

  test("writes and reads batches", async () => {
    const items = [1, 2, 3].map((sk) => ({ pk: "batch", sk, set: new Set([sk]) }));
    await doc.batchWrite({ RequestItems: { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) } });
    const { Responses } = await doc.batchGet({ RequestItems: { [TableName]: { Keys: items.map(({ pk, sk }) => ({ pk, sk })) } } });
    assert.deepEqual(sorted(Responses[TableName], "sk"), items);
  });
});

describe("the SDK", () => {
  test("waits for a table to exist, and to be gone", async () => {
    const name = uniqueName();
    made.push(name);
    await ddb.createTable({ TableName: name, ...tableInput({ pk: "S" }) });
    const wait = { client: ddb, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
    assert.equal((await waitUntilTableExists(wait, { TableName: name })).state, "SUCCESS");
    await ddb.deleteTable({ TableName: name });
    assert.equal((await waitUntilTableNotExists(wait, { TableName: name })).state, "SUCCESS");
  });

  test("serves many clients at once", async () => {
    const clients = Array.from({ length: 8 }, () => DynamoDBDocument.from(makeClient(endpoint)));
    await Promise.all(
      clients.map(async (client, c) => {
        for (let sk = 0; sk < 25; sk++) {
          await client.put({ TableName, Item: { pk: `client ${c}`, sk, c } });
          const { Item } = await client.get({ TableName, Key: { pk: `client ${c}`, sk }, ConsistentRead: true });
          assert.deepEqual(Item, { pk: `client ${c}`, sk, c });
        }
        client.destroy();
      }),
    );
  });
});
