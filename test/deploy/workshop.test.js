// The workshop page's own tables.ts, word for word: synthesized, deployed, and used by the three kinds of client.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { run } from "../lib/process.js";
import { clientEnvironment, debian, here, musicTables, open, runTypeScript, summary, temporaryFolder } from "./lib.js";

const fixture = here("fixtures/workshop-page");
const page = here("../../../shared/workshop/set-up-database-with-dynamodb.md");

const skip = !existsSync(page) && "the page is not at hand";

test("the fixture is the page's solution, word for word", { skip }, () => {
  const text = readFileSync(page, "utf8");
  const solution = text.slice(text.indexOf("Click to show solution"));
  const [, code] = /```ts\n(.*?)```/s.exec(solution);
  assert.equal(readFileSync(path.join(fixture, "amplify/database/tables.ts"), "utf8"), code);
});

test("the fixture's permissions are the page's, with the lines that are commented out", { skip }, () => {
  const [, code] = /```ts\n(import \{ PolicyStatement \}.*?)```/s.exec(readFileSync(page, "utf8"));
  const uncommented = code.replaceAll(/^( *)\/\/ (?!Read permissions|Write permissions)/gm, "$1");
  assert.equal(readFileSync(path.join(fixture, "amplify/permissions/iamPerms.ts"), "utf8"), uncommented);
});

const { endpoint, ddb, deploy, tableNames, client } = await open();
const assembly = path.join(temporaryFolder(), "cdk.out");
await runTypeScript(path.join(fixture, "synth.ts"), [assembly]);

const describeAll = async () =>
  Promise.all((await tableNames()).map(async (TableName) => (await ddb.describeTable({ TableName })).Table));

test("the page's tables are deployed from the folder that the CDK writes", async () => {
  const { code, stdout, stderr } = await deploy(assembly);
  assert.equal(code, 0, stderr);
  for (const { name } of musicTables) assert.match(stdout, new RegExp(`\\b${name}\\b`));
  assert.match(stdout, /^20 resources: 20 created, 0 updated, 0 unchanged$/m, "with the nested stack, and the CDK's metadata of both");
});

test("the page's tables are six, active, with two indexes byUserId", async () => {
  const tables = await describeAll();
  assert.deepEqual(tables.map(summary), musicTables);
  for (const table of tables) {
    assert.equal(table.TableStatus, "ACTIVE");
    assert.equal(table.BillingModeSummary.BillingMode, "PAY_PER_REQUEST");
    for (const index of table.GlobalSecondaryIndexes ?? []) assert.equal(index.IndexStatus, "ACTIVE");
  }
  assert.equal(tables.flatMap((t) => t.GlobalSecondaryIndexes ?? []).filter((i) => i.IndexName === "byUserId").length, 2);
});

test("the page's tables stay as they are when deployed again", async () => {
  const tables = await describeAll();
  const { code, stdout, stderr } = await deploy(assembly);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^No changes in the stack WorkshopPage$/m);
  assert.deepEqual(await describeAll(), tables);
});

test("the page's tables are listed by turntable tables", async () => {
  const { code, stdout, stderr } = await client(["tables"]);
  assert.equal(code, 0, stderr);
  for (const { name, indexes } of musicTables) {
    const line = stdout.split("\n").find((l) => l.split(" ").includes(name));
    assert.ok(line, `no line for ${name} in:\n${stdout}`);
    assert.match(line, /ACTIVE/);
    for (const index of Object.keys(indexes)) assert.match(line, new RegExp(index));
  }
});

const TableName = "FavouriteTable";

test("the page's tables hold a favourite of the AWS SDK for JavaScript", async () => {
  const Item = { userId: { S: "ana" }, trackId: { S: "track-sdk" }, by: { S: "sdk" } };
  await ddb.putItem({ TableName, Item });
  const read = await ddb.getItem({ TableName, Key: { userId: Item.userId, trackId: Item.trackId } });
  assert.deepEqual(read.Item, Item);
  const found = await ddb.query({
    TableName,
    KeyConditionExpression: "userId = :u",
    ExpressionAttributeValues: { ":u": { S: "ana" } },
  });
  assert.deepEqual(found.Items, [Item]);
});

test("the page's tables hold a favourite of the AWS CLI", async () => {
  const aws = async (...args) => {
    const all = ["dynamodb", ...args, "--endpoint-url", endpoint, "--output", "json"];
    const { code, stdout, stderr } = await run(debian("aws"), all, { env: clientEnvironment(endpoint) });
    assert.equal(code, 0, stderr);
    return stdout && JSON.parse(stdout);
  };
  const item = { userId: { S: "ana" }, trackId: { S: "track-cli" }, by: { S: "cli" } };
  await aws("put-item", "--table-name", TableName, "--item", JSON.stringify(item));
  const key = JSON.stringify({ userId: item.userId, trackId: item.trackId });
  assert.deepEqual((await aws("get-item", "--table-name", TableName, "--key", key)).Item, item);
  const found = await aws(
    ...["query", "--table-name", TableName, "--key-condition-expression", "userId = :u AND begins_with(trackId, :t)"],
    ...["--expression-attribute-values", JSON.stringify({ ":u": { S: "ana" }, ":t": { S: "track-" } })],
  );
  assert.deepEqual(found.Items.map((i) => i.trackId.S), ["track-cli", "track-sdk"]);
});

test("the page's tables hold a favourite of boto3", async () => {
  const { code, stdout, stderr } = await run(debian("python3"), [here("favourites.py"), endpoint, "ana", "track-boto3"], {
    env: clientEnvironment(endpoint),
  });
  assert.equal(code, 0, stderr);
  const { read, queried } = JSON.parse(stdout);
  assert.deepEqual(read, { userId: "ana", trackId: "track-boto3", by: "boto3" });
  assert.deepEqual(queried, ["track-boto3", "track-cli", "track-sdk"]);
});

test("the page's tables find a user's tracks by the index byUserId", async () => {
  await ddb.putItem({ TableName: "TrackTable", Item: { id: { S: "t1" }, uploadedBy: { S: "ana" }, title: { S: "One" } } });
  await ddb.putItem({ TableName: "TrackTable", Item: { id: { S: "t2" }, uploadedBy: { S: "ben" }, title: { S: "Two" } } });
  const found = await ddb.query({
    TableName: "TrackTable",
    IndexName: "byUserId",
    KeyConditionExpression: "uploadedBy = :u",
    ExpressionAttributeValues: { ":u": { S: "ana" } },
  });
  assert.deepEqual(found.Items, [{ id: { S: "t1" }, uploadedBy: { S: "ana" }, title: { S: "One" } }]);
});
