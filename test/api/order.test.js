// The order of checks: which failure is named when a request has several. The service looks at a request by itself
// first (parameters, values, expressions), then at the table, the index and the keys, then at the item.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fails, invalid, open } from "../lib/turntable.js";

const { ddb, doc, table } = await open();

const TableName = await table({ pk: "S", sk: "N" }, { gsi: { byOwner: { keys: { owner: "S" } } } });
const narrow = await table(
  { pk: "S" },
  { gsi: { byOwner: { keys: { owner: "S" }, projection: "KEYS_ONLY" }, byLabel: { keys: { label: "S" } } } },
);
const key = { pk: { S: "a" }, sk: { N: "1" } };
await ddb.putItem({ TableName, Item: key });

describe("what is wrong with a request itself comes before a missing table", () => {
  const missing = { TableName: "no-such-table" };
  const item = { ...missing, Item: { pk: { S: "a" } } };
  const of = { ...missing, Key: { pk: { S: "a" } } };
  for (const [what, operation, input, message] of [
    ["a number that is none", "putItem", { ...missing, Item: { pk: { N: "x" } } }, "The parameter cannot be converted to a numeric value: x"],
    [
      "a value without type",
      "putItem",
      { ...missing, Item: { pk: {} } },
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
    ],
    ["wrong ReturnValues", "putItem", { ...item, ReturnValues: "ALL_NEW" }, "ReturnValues can only be ALL_OLD or NONE"],
    [
      "wrong ReturnValues, before an item that is too large",
      "putItem",
      { ...missing, Item: { pk: { S: "x".repeat(500_000) } }, ReturnValues: "ALL_NEW" },
      "ReturnValues can only be ALL_OLD or NONE",
    ],
    ["an item that is too large", "putItem", { ...missing, Item: { pk: { S: "x".repeat(500_000) } } }, "Item size has exceeded the maximum allowed size"],
    [
      "a condition's syntax",
      "putItem",
      { ...item, ConditionExpression: "a =" },
      'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="',
    ],
    [
      "an unused name",
      "deleteItem",
      { ...of, ConditionExpression: "attribute_exists(a)", ExpressionAttributeNames: { "#b": "b" } },
      "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}",
    ],
    ["an update's syntax", "updateItem", { ...of, UpdateExpression: "SET" }, 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "SET"'],
    [
      "a projection's syntax",
      "getItem",
      { ...of, ProjectionExpression: "a," },
      'Invalid ProjectionExpression: Syntax error; token: "<EOF>", near: ","',
    ],
    [
      "a missing key condition",
      "query",
      missing,
      "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
    ],
    ...["ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES"].map((Select) => [
      `a missing key condition, before what is wrong with Select ${Select}`,
      "query",
      { ...missing, Select },
      "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
    ]),
    [
      "an operator that keys do not have",
      "query",
      { ...missing, KeyConditionExpression: "pk <> :a", ExpressionAttributeValues: { ":a": { S: "a" } } },
      "Invalid operator used in KeyConditionExpression: <>",
    ],
    [
      "a segment without a total",
      "scan",
      { ...missing, Segment: 1 },
      "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    ],
  ]) {
    test(what, async () => {
      await invalid(ddb[operation](input), message);
    });
  }

  test("one key twice in a batch", async () => {
    const Keys = [{ pk: { S: "a" } }, { pk: { S: "a" } }];
    await invalid(ddb.batchGetItem({ RequestItems: { "no-such-table": { Keys } } }), "Provided list of item keys contains duplicates");
    const noNumber = { pk: { N: "x" } };
    const answer = (list) => ddb.batchGetItem({ RequestItems: { "no-such-table": { Keys: list } } });
    await invalid(answer([...Keys, noNumber]), "Provided list of item keys contains duplicates");
    await invalid(answer([noNumber, ...Keys]), "The parameter cannot be converted to a numeric value: x");
  });
});

describe("within a request", () => {
  const scan = (more) => ddb.scan({ TableName, ...more });
  const unused = { ":v": { S: "x" } };

  test("syntax comes before unused values", async () => {
    await invalid(
      scan({ FilterExpression: "a =", ExpressionAttributeValues: unused }),
      'Invalid FilterExpression: Syntax error; token: "<EOF>", near: "="',
    );
  });

  test("a filter comes before a projection", async () => {
    await invalid(
      scan({ FilterExpression: "a =", ProjectionExpression: "b," }),
      'Invalid FilterExpression: Syntax error; token: "<EOF>", near: "="',
    );
  });

  test("an update comes before its condition", async () => {
    await invalid(
      ddb.updateItem({ TableName, Key: key, ConditionExpression: "a =", UpdateExpression: "SET" }),
      'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "SET"',
    );
  });

  test("unused names come before unused values", async () => {
    await invalid(
      scan({ FilterExpression: "attribute_exists(a)", ExpressionAttributeNames: { "#a": "a" }, ExpressionAttributeValues: unused }),
      "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}",
    );
  });

  test("values that are none come before the syntax", async () => {
    await invalid(
      scan({ FilterExpression: "a =", ExpressionAttributeValues: { ":v": {} } }),
      "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes for key :v",
    );
  });
});

describe("with the table", () => {
  test("a missing index comes before a key condition that does not fit", async () => {
    await invalid(
      doc.query({ TableName, IndexName: "nope", KeyConditionExpression: "x = :a", ExpressionAttributeValues: { ":a": "a" } }),
      "The table does not have the specified index: nope",
    );
  });

  const start = { pk: { S: "a" }, sk: { N: "9" }, owner: { S: "b" } };
  const byOwner = { TableName, IndexName: "byOwner", KeyConditionExpression: "#o = :o", ExpressionAttributeNames: { "#o": "owner" } };
  const owned = { ...byOwner, ExpressionAttributeValues: { ":o": { S: "a" } } };

  test("a start key outside of the query comes before a filter on keys", async () => {
    await invalid(
      ddb.query({ ...owned, ExclusiveStartKey: start, FilterExpression: "#o <> :o" }),
      "The provided starting key is outside query boundaries based on provided conditions",
    );
  });

  test("a path into a key comes before the consistency of an index", async () => {
    await invalid(
      ddb.query({ ...owned, ConsistentRead: true, FilterExpression: "pk.a <> :o" }),
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk",
    );
  });

  test("the type of a key condition's value comes before its operator, and that before an empty value", async () => {
    const of = (value) => ddb.query({ ...byOwner, KeyConditionExpression: "#o < :o", ExpressionAttributeValues: { ":o": value } });
    await invalid(of({ N: "1" }), "One or more parameter values were invalid: Condition parameter type does not match schema type");
    await invalid(of({ S: "" }), "Query key condition not supported");
  });

  test("a scan's start key comes before paths into keys", async () => {
    await invalid(
      ddb.scan({ TableName, ExclusiveStartKey: { pk: { S: "a" } }, FilterExpression: "attribute_exists(pk.a)" }),
      "The provided starting key is invalid: The provided key element does not match the schema",
    );
  });

  test("with Select, what an index lacks comes before a scan's paths into keys; without, after them", async () => {
    const of = (more) => ddb.scan({ TableName: narrow, IndexName: "byOwner", ...more });
    const path = (name) => `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: ${name}`;
    const lacks = "One or more parameter values were invalid: Global secondary index byOwner does not project [label]";
    const notAll =
      "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index byOwner because its projection type is not ALL";
    await invalid(of({ ProjectionExpression: "label.a", Select: "SPECIFIC_ATTRIBUTES" }), lacks);
    await invalid(of({ ProjectionExpression: "label.a" }), path("label"));
    await invalid(of({ FilterExpression: "attribute_exists(label.a)", Select: "ALL_ATTRIBUTES" }), notAll);
    await invalid(of({ FilterExpression: "attribute_exists(label.a)", Select: "ALL_PROJECTED_ATTRIBUTES" }), path("label"));
  });

  test("the keys of a batch come before its projection", async () => {
    const of = (Keys, ProjectionExpression) => ddb.batchGetItem({ RequestItems: { [TableName]: { Keys, ProjectionExpression } } });
    await invalid(of([key, key], "a,"), "Provided list of item keys contains duplicates");
    await invalid(of([{ pk: { S: "a" } }], "pk.a"), "The provided key element does not match the schema");
  });

  test("a name in a request's map keeps its capitals where a violation is told", async () => {
    await invalid(
      ddb.batchGetItem({ RequestItems: { Music: {} } }),
      "1 validation error detected: Value null at 'requestItems.Music.member.keys' failed to satisfy constraint: Member must not be null",
    );
  });

  test("what is wrong with the partition key comes before what is wrong with the sort key", async () => {
    const wrong = { pk: { S: "" }, sk: { S: "x" } };
    for (const request of [ddb.getItem({ TableName, Key: wrong }), ddb.deleteItem({ TableName, Key: wrong }), ddb.updateItem({ TableName, Key: wrong })]) {
      await invalid(request, "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk");
    }
  });

  test("a sort key's length comes before its type in a query", async () => {
    const query = (v) => ddb.query({ TableName, KeyConditionExpression: "pk = :p AND sk = :v", ExpressionAttributeValues: { ":p": { S: "a" }, ":v": v } });
    const aggregated = "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes";
    await invalid(query({ S: "x".repeat(1025) }), aggregated);
    await invalid(query({ L: [{ S: "x".repeat(1025) }] }), aggregated);
    await invalid(query({ S: "x".repeat(1024) }), "One or more parameter values were invalid: Condition parameter type does not match schema type");
  });

  test("a key of the wrong type comes before a condition", async () => {
    await fails(
      doc.put({ TableName, Item: { pk: "a", sk: "x" }, ConditionExpression: "attribute_not_exists(pk)" }),
      "ValidationException",
      /Type mismatch for key/,
    );
  });

  test("a key that is updated comes before a condition", async () => {
    await invalid(
      doc.update({
        TableName,
        Key: { pk: "a", sk: 1 },
        UpdateExpression: "SET pk = :v",
        ConditionExpression: "attribute_not_exists(pk)",
        ExpressionAttributeValues: { ":v": "x" },
      }),
      "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key",
    );
  });

  test("a condition comes before what the update finds in the item", async () => {
    await fails(
      doc.update({
        TableName,
        Key: { pk: "a", sk: 1 },
        UpdateExpression: "SET m.a = :v",
        ConditionExpression: "attribute_not_exists(pk)",
        ExpressionAttributeValues: { ":v": "x" },
      }),
      "ConditionalCheckFailedException",
      "The conditional request failed",
    );
    assert.deepEqual((await ddb.getItem({ TableName, Key: key })).Item, key);
  });
});
