// What every API test file begins with: a running server, SDK clients for it, and short ways to make tables, to check
// errors and to wait.
//
//     const { ddb, doc, table } = await open();
//     const music = await table({ artist: "S", song: "S" });

import assert from "node:assert/strict";
import { after } from "node:test";
import { randomBytes } from "node:crypto";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { credentials, region, startServer } from "./server.js";

// Several test files may share one endpoint, so that table names must differ between them.
const prefix = `t${randomBytes(5).toString("hex")}-`;
let tables = 0;

export const uniqueName = (suffix = "") => `${prefix}${++tables}${suffix}`;

/** A client as an application would make it, save that a failure is reported at the first attempt. */
export function makeClient(endpoint, options = {}) {
  return new DynamoDB({ endpoint, region, credentials, maxAttempts: 1, ...options });
}

/** Opens the server for this test file, and closes it when the file's tests are over. */
export async function open(options) {
  const server = await startServer(options);
  const ddb = makeClient(server.endpoint);
  const doc = DynamoDBDocument.from(ddb);
  const made = [];

  after(async () => {
    for (const TableName of made) await ddb.deleteTable({ TableName }).catch(() => {});
    ddb.destroy();
    await server.stop();
  });

  /** Makes a table with keys such as { pk: "S", sk: "N" } and waits until it is active; resolves with its name. */
  async function table(keys, description = {}) {
    const input = { ...tableInput(keys, description), TableName: description.TableName ?? uniqueName() };
    made.push(input.TableName);
    await ddb.createTable(input);
    await active(ddb, input.TableName);
    return input.TableName;
  }

  return { endpoint: server.endpoint, ddb, doc, table, made };
}

const keySchema = (keys) =>
  Object.keys(keys).map((AttributeName, i) => ({ AttributeName, KeyType: i === 0 ? "HASH" : "RANGE" }));

function index([IndexName, { keys, projection = "ALL", ...rest }]) {
  const Projection = Array.isArray(projection)
    ? { ProjectionType: "INCLUDE", NonKeyAttributes: projection }
    : { ProjectionType: projection };
  return { IndexName, KeySchema: Array.isArray(keys) ? keys : keySchema(keys), Projection, ...rest };
}

/**
 * The input of CreateTable, without the name, for keys such as { pk: "S", sk: "N" } (the partition key first) and
 * indexes such as { gsi: { byOwner: { keys: { owner: "S" }, projection: "KEYS_ONLY" } } }.
 */
export function tableInput(keys, { gsi, lsi, attributes = {}, ...rest } = {}) {
  const types = { ...keys, ...attributes };
  for (const { keys: k } of [...Object.values(gsi ?? {}), ...Object.values(lsi ?? {})]) {
    if (!Array.isArray(k)) Object.assign(types, k);
  }
  return {
    AttributeDefinitions: Object.entries(types).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: keySchema(keys),
    ...(gsi && { GlobalSecondaryIndexes: Object.entries(gsi).map(index) }),
    ...(lsi && { LocalSecondaryIndexes: Object.entries(lsi).map(index) }),
    BillingMode: "PAY_PER_REQUEST",
    ...rest,
  };
}

/** Waits until a table and all of its indexes are active; resolves with its description. */
export async function active(ddb, TableName) {
  return until(async () => {
    const { Table } = await ddb.describeTable({ TableName });
    const indexes = Table.GlobalSecondaryIndexes ?? [];
    return Table.TableStatus === "ACTIVE" && indexes.every((i) => i.IndexStatus === "ACTIVE") && Table;
  });
}

/** Waits until a table is gone. */
export async function gone(ddb, TableName) {
  return until(() =>
    ddb.describeTable({ TableName }).then(
      () => false,
      (error) => error.name === "ResourceNotFoundException",
    ),
  );
}

/** Repeats a question until its answer is true, and resolves with that answer. The runner's own limit ends a wait for nothing. */
export async function until(question) {
  for (let pause = 1; ; pause = Math.min(pause * 2, 200)) {
    const answer = await question();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Asserts that a request fails with this error and exactly this message (or a pattern); resolves with the error. */
export async function fails(promise, name, message, status = 400) {
  let error;
  try {
    await promise;
  } catch (caught) {
    error = caught;
  }
  assert.ok(error, `expected ${name}, but the request succeeded`);
  const actual = { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode };
  if (message instanceof RegExp) {
    assert.match(error.message, message);
    message = error.message;
  }
  assert.deepEqual(actual, { name, message, status });
  return error;
}

/** Asserts that a request is refused as invalid with exactly this message. */
export const invalid = (promise, message) => fails(promise, "ValidationException", message);

/** Sorts items by the JSON of a key, so that sets of items can be compared whatever their order. */
export const sorted = (items, ...names) =>
  [...items].sort((a, b) => {
    for (const name of names) {
      const [x, y] = [a[name], b[name]];
      if (x < y) return -1;
      if (x > y) return 1;
    }
    return 0;
  });

/** Collects the items of all pages of a Query or Scan through either client. */
export async function pages(send, input) {
  const all = { Items: [], Count: 0, ScannedCount: 0, pages: 0 };
  let ExclusiveStartKey;
  do {
    const page = await send({ ...input, ExclusiveStartKey });
    all.Items.push(...(page.Items ?? []));
    all.Count += page.Count;
    all.ScannedCount += page.ScannedCount;
    all.pages++;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return all;
}
