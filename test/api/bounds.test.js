// Input that nobody means well with: keys as long as they can be, lists of a hundred thousand, members that are null or
// unknown. Each is answered; none ends the server or takes it long.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { active, invalid, open, tableInput, uniqueName } from "../lib/turntable.js";
import { call } from "../lib/raw.js";
import { elsewhere } from "../lib/server.js";

const { endpoint, ddb, table, made } = await open();
const skip = elsewhere && "DynamoDB Local answers many of these with an internal failure";

const many = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const text = (length, of = "x") => ({ S: of.repeat(length) });

async function refused(target, body, type, message) {
  const { status, json } = await call(endpoint, { target, body });
  assert.equal(status, 400);
  assert.equal(json.__type.split("#")[1], type);
  if (message instanceof RegExp) assert.match(json.message ?? json.Message, message);
  else assert.equal(json.message ?? json.Message, message);
}

describe("keys", () => {
  test("of the greatest length, all zeros, stand in a table and its indexes", async () => {
    const keys = { pk: "S", sk: "S" };
    const gsi = { byOther: { keys: { other: "S", rank: "S" } } };
    const lsi = { byRank: { keys: { pk: "S", rank: "S" } } };
    const TableName = await table(keys, { gsi, lsi });
    const Item = { pk: text(2048, "\0"), sk: text(1024, "\0"), other: text(2048, "\0"), rank: text(1024, "\0") };
    await ddb.putItem({ TableName, Item });
    for (const IndexName of [undefined, "byOther", "byRank"]) {
      assert.deepEqual((await ddb.scan({ TableName, IndexName })).Items, [Item], IndexName);
    }
    await ddb.deleteItem({ TableName, Key: { pk: Item.pk, sk: Item.sk } });
    for (const IndexName of [undefined, "byOther", "byRank"]) {
      assert.equal((await ddb.scan({ TableName, IndexName })).Count, 0, IndexName);
    }
  });

  test("of several attributes share one limit", { skip }, async () => {
    const parts = { a: "S", b: "S", c: "S", d: "S" };
    const schema = Object.keys(parts).map((AttributeName, i) => ({ AttributeName, KeyType: i < 2 ? "HASH" : "RANGE" }));
    const TableName = await table({ pk: "S" }, { gsi: { byParts: { keys: schema } }, attributes: parts });
    const put = (a, b, c, d) => ddb.putItem({ TableName, Item: { pk: { S: "p" }, a: text(a), b: text(b), c: text(c), d: text(d) } });
    await put(1024, 1024, 512, 512);
    assert.equal((await ddb.scan({ TableName, IndexName: "byParts" })).Count, 1);
    await invalid(put(1024, 1025, 1, 1), "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes");
    await invalid(
      put(1, 1, 512, 513),
      "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
    );
  });

  test("that are too long are refused in a key condition", { skip }, async () => {
    const TableName = await table({ pk: "S", sk: "S" });
    const query = (condition, pk, sk) =>
      ddb.query({ TableName, KeyConditionExpression: condition, ExpressionAttributeValues: { ":p": pk, ...(sk && { ":s": sk }) } });
    assert.equal((await query("pk = :p AND sk > :s", text(2048), text(1024))).Count, 0);
    await invalid(query("pk = :p", text(2049)), "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes");
    for (const condition of ["sk = :s", "sk < :s", "begins_with(sk, :s)", "sk BETWEEN :s AND :s"]) {
      await invalid(
        query(`pk = :p AND ${condition}`, text(1), text(1025)),
        "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
      );
    }
  });

  test("that are empty are refused as a start, and so is an empty start", { skip }, async () => {
    const TableName = await table({ pk: "S", sk: "S" });
    const query = (ExclusiveStartKey) =>
      ddb.query({ TableName, ExclusiveStartKey, KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": { S: "a" } } });
    await invalid(
      query({ pk: { S: "a" }, sk: { S: "" } }),
      "The provided starting key is invalid: One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: sk",
    );
    await invalid(query({}), "The provided starting key is invalid");
  });
});

describe("a page of a local index that fetches from the table", () => {
  test("ends at 1 MB of what it fetched", async () => {
    const lsi = { byRank: { keys: { pk: "S", rank: "N" }, projection: "KEYS_ONLY" } };
    const TableName = await table({ pk: "S", sk: "S" }, { lsi });
    for (let i = 0; i < 6; i++) {
      await ddb.putItem({ TableName, Item: { pk: { S: "p" }, sk: { S: `${i}` }, rank: { N: `${i}` }, more: text(300000) } });
    }
    const query = (ExclusiveStartKey) =>
      ddb.query({ TableName, IndexName: "byRank", Select: "ALL_ATTRIBUTES", ExclusiveStartKey, KeyConditionExpression: "pk = :p", ExpressionAttributeValues: { ":p": { S: "p" } } });
    const first = await query();
    assert.deepEqual(first.LastEvaluatedKey, { pk: { S: "p" }, sk: { S: "3" }, rank: { N: "3" } });
    const rest = await query(first.LastEvaluatedKey);
    assert.deepEqual([...first.Items, ...rest.Items].map(({ sk, more }) => [sk.S, more.S.length]), many(6, (i) => [`${i}`, 300000]));
    assert.equal(rest.LastEvaluatedKey, undefined);
  });
});

describe("lists of very many", { skip }, () => {
  const description = (more) => ({ TableName: uniqueName(), ...tableInput({ pk: "S", sk: "S" }), ...more });
  const schema = tableInput({ pk: "S", sk: "S" }).KeySchema;
  const index = (i) => ({ IndexName: `index-${i}`, KeySchema: schema, Projection: { ProjectionType: "ALL" } });
  const update = (kind) => (i) => ({ [kind]: { IndexName: `index-${i}` } });

  test("attribute definitions", async () => {
    const AttributeDefinitions = many(100000, (i) => ({ AttributeName: `a${i}`, AttributeType: "S" }));
    await refused("CreateTable", description({ AttributeDefinitions }), "ValidationException", /AttributeDefinitions/);
  });

  test("indexes", async () => {
    await refused("CreateTable", description({ GlobalSecondaryIndexes: many(60000, index) }), "ValidationException", /limit of 20/);
    await refused("CreateTable", description({ LocalSecondaryIndexes: many(60000, index) }), "ValidationException", /limit of 5/);
  });

  test("attributes of an index", async () => {
    const Projection = { ProjectionType: "INCLUDE", NonKeyAttributes: many(300000, (i) => `a${i}`) };
    await refused("CreateTable", description({ GlobalSecondaryIndexes: [{ ...index(1), Projection }] }), "ValidationException", /./);
  });

  test("tags", async () => {
    await refused("CreateTable", description({ Tags: many(51, (i) => ({ Key: `k${i}`, Value: "" })) }), "ValidationException", /limit of 50/);
  });

  test("updates of indexes", async () => {
    const TableName = await table({ pk: "S" });
    for (const kind of ["Update", "Delete"]) {
      const { status } = await call(endpoint, { target: "UpdateTable", body: { TableName, GlobalSecondaryIndexUpdates: many(150000, update(kind)) } });
      assert.equal(status, 400, kind);
    }
  });

  test("tables with wrong names: ten are told of, each with the beginning of the request", async () => {
    const RequestItems = Object.fromEntries(many(100000, (i) => [`${"!".repeat(50)}${i}`, null]));
    const answer = await call(endpoint, { target: "BatchGetItem", body: { RequestItems } });
    assert.equal(answer.status, 400);
    assert.ok(answer.body.length < 2 ** 20, `${answer.body.length} bytes`);
  });
});

describe("null in a list", { skip }, () => {
  const description = (more) => ({ TableName: uniqueName(), ...tableInput({ pk: "S" }), ...more });
  const nothing = (place) => `1 validation error detected: Value null at '${place}' failed to satisfy constraint: Member must not be null`;

  for (const [name, place] of [
    ["AttributeDefinitions", "attributeDefinitions.1.member"],
    ["KeySchema", "keySchema.1.member"],
    ["GlobalSecondaryIndexes", "globalSecondaryIndexes.1.member"],
    ["LocalSecondaryIndexes", "localSecondaryIndexes.1.member"],
    ["Tags", "tags.1.member"],
  ]) {
    test(`of ${name} is refused`, async () => {
      await refused("CreateTable", description({ [name]: [null] }), "ValidationException", nothing(place));
    });
  }

  test("of a batch is refused", async () => {
    const TableName = await table({ pk: "S" });
    await refused("BatchWriteItem", { RequestItems: { [TableName]: [null] } }, "ValidationException", nothing(`requestItems.${TableName}.member.1.member`));
  });
});

describe("unknown members", () => {
  test("of a tag, however deep, are ignored", async () => {
    let deep = 1;
    for (let i = 0; i < 200; i++) deep = [deep];
    const TableName = uniqueName();
    made.push(TableName);
    const body = { TableName, ...tableInput({ pk: "S" }), Tags: [{ Key: "k", Value: "v", More: deep }] };
    const { status } = await call(endpoint, { target: "CreateTable", body });
    assert.equal(status, 200);
    await active(ddb, TableName);
    await ddb.putItem({ TableName, Item: { pk: { S: "a" } } });
  });
});

describe("numbers that are no 32-bit integers", { skip }, () => {
  test("a fraction is cut off, what is out of range is refused", async () => {
    const TableName = await table({ pk: "S" });
    for (let i = 0; i < 3; i++) await ddb.putItem({ TableName, Item: { pk: { S: `${i}` } } });
    const scan = (limit) => call(endpoint, { target: "Scan", body: `{"TableName":"${TableName}","Limit":${limit}}` });
    for (const [limit, count] of [["1.5", 1], ["2.999", 2], ["0.2e1", 2]]) {
      assert.equal((await scan(limit)).json.Count, count, limit);
    }
    assert.match((await scan("0.5")).json.message, /Member must have value greater than or equal to 1$/);
    for (const limit of ["2147483648", "1e30", "99999999999999999999", "-1e999999999"]) {
      assert.match((await scan(limit)).json.__type, /SerializationException$/, limit);
    }
  });
});
