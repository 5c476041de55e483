// Does the CDK's command line run unchanged: an app of two stacks is deployed, changed, refused, rolled back and destroyed?

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { S3 } from "@aws-sdk/client-s3";
import { SSM } from "@aws-sdk/client-ssm";
import { makeIam } from "../lib/iam.js";
import { credentials, region } from "../lib/server.js";
import { active } from "../lib/turntable.js";
import { done, events, here, npx, open, project, stacks, testAtLength } from "./lib.js";

const { ddb, cfn, env, profileEnv, endpoint } = await open();
const cwd = project("shop", {
  "app.js": here("fixtures/cdk-app/app.js"),
  "cdk.json": here("fixtures/cdk-app/cdk.json"),
  "covers.txt": here("fixtures/cdk-app/covers.txt"),
});
const options = { endpoint, region, credentials, maxAttempts: 1 };
const iam = makeIam(endpoint);

/** `npx cdk ...`, the app's context as { name: value }. */
const words = (command, context = {}) => ["cdk", ...command, ...Object.entries(context).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
const cdk = (command, context) => done(words(command, context), { cwd, env });
const deploy = (context) => cdk(["deploy", "--all", "--require-approval", "never"], context);

const outputs = async (StackName) =>
  Object.fromEntries((await cfn.describeStacks({ StackName })).Stacks[0].Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
const resources = async (StackName) =>
  Object.fromEntries((await cfn.describeStackResources({ StackName })).StackResources.map((r) => [r.LogicalResourceId.replace(/[0-9A-F]{8}$/, ""), r]));
const indexes = async () => {
  const { AlbumsName } = await outputs("Shop");
  return ((await active(ddb, AlbumsName)).GlobalSecondaryIndexes ?? []).map((index) => index.IndexName).sort();
};
const tableNames = async () => (await ddb.listTables({})).TableNames;
let kept;

testAtLength("cdk synth needs no server", async () => {
  await done(words(["synth", "--quiet"]), { cwd, env: { ...env, AWS_ENDPOINT_URL: "http://127.0.0.1:1" } });
  assert.ok(existsSync(path.join(cwd, "cdk.out/manifest.json")));
});

test("cdk deploy works on a new server, without bootstrap", async () => {
  assert.match(await deploy(), /✅ {2}Shop[\s\S]*✅ {2}Readers/);
  const all = await stacks(cfn);
  assert.deepEqual([all.Shop, all.Readers], ["CREATE_COMPLETE", "CREATE_COMPLETE"]);
  assert.equal(Object.keys(all).filter((name) => name.startsWith("Shop-Attic")).length, 1);
  assert.deepEqual(await indexes(), []);
});

test("what was deployed is what the app says", async () => {
  const { AlbumsName, SalesStream, CoversUrl, ShopFloor } = await outputs("Shop");
  const { Sales, Kept, Clerk, AtticNestedStackAtticNestedStackResource: Attic } = await resources("Shop");
  kept = Kept.PhysicalResourceId;
  assert.equal(ShopFloor, "1");

  const { Table } = await ddb.describeTable({ TableName: Sales.PhysicalResourceId });
  assert.equal(Table.LatestStreamArn, SalesStream);
  assert.deepEqual(Table.LocalSecondaryIndexes.map((index) => index.IndexName), ["byPrice"]);
  assert.deepEqual([Table.ProvisionedThroughput.ReadCapacityUnits, Table.ProvisionedThroughput.WriteCapacityUnits], [3, 2]);
  const { TimeToLiveDescription } = await ddb.describeTimeToLive({ TableName: Table.TableName });
  assert.deepEqual(TimeToLiveDescription, { TimeToLiveStatus: "ENABLED", AttributeName: "expires" });
  const { Tags } = await ddb.listTagsOfResource({ ResourceArn: Table.TableArn });
  assert.ok(Tags.some(({ Key, Value }) => Key === "shop" && Value === "records"), JSON.stringify(Tags));

  const { PolicyNames } = await iam.listRolePolicies({ RoleName: Clerk.PhysicalResourceId });
  assert.equal(PolicyNames.length, 1);
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(CoversUrl);
  const s3 = new S3({ ...options, forcePathStyle: true });
  assert.match(await (await s3.getObject({ Bucket, Key })).Body.transformToString(), /takes along/);
  const ssm = new SSM(options);
  assert.equal((await ssm.getParameter({ Name: "/shop/albums" })).Parameter.Value, AlbumsName);
  for (const client of [s3, ssm]) client.destroy();

  assert.match(Attic.PhysicalResourceId, /^arn:aws:cloudformation:us-east-1:000000000000:stack\/Shop-Attic/);
  const albums = (await ddb.describeTable({ TableName: AlbumsName })).Table.TableArn;
  assert.equal((await outputs("Readers")).Albums, albums, "the second stack has imported it");
  const { Exports } = await cfn.listExports({});
  assert.ok(Exports.some(({ Value }) => Value === albums));
});

testAtLength("deploying the same again changes nothing", async () => {
  assert.match(await deploy(), /Shop \(no changes\)[\s\S]*Readers \(no changes\)/);
});

testAtLength("cdk diff says what would change, and changes nothing", async () => {
  const before = await stacks(cfn);
  const { code, all } = await npx(words(["diff", "Shop", "--fail"], { indexes: "byArtist" }), { cwd, env });
  assert.equal(code, 1, all);
  assert.match(all, /\[~\] AWS::DynamoDB::GlobalTable Albums/);
  assert.match(all, /"IndexName":"byArtist"|IndexName.*byArtist/);
  assert.deepEqual(await stacks(cfn), before);
  assert.deepEqual(await indexes(), []);
  assert.deepEqual((await cfn.listChangeSets({ StackName: "Shop" })).Summaries ?? [], [], "its change set is gone again");
});

test("an update adds an index, another adds one more, a third takes one away", async () => {
  const { AlbumsName } = await outputs("Shop");
  await ddb.putItem({ TableName: AlbumsName, Item: { id: { S: "a1" }, artist: { S: "Ana" }, year: { S: "1999" } } });
  await deploy({ indexes: "byArtist" });
  assert.deepEqual(await indexes(), ["byArtist"]);
  await deploy({ indexes: "byArtist,byYear" });
  assert.deepEqual(await indexes(), ["byArtist", "byYear"]);
  const found = await ddb.query({
    TableName: AlbumsName,
    IndexName: "byYear",
    KeyConditionExpression: "#y = :y",
    ExpressionAttributeNames: { "#y": "year" },
    ExpressionAttributeValues: { ":y": { S: "1999" } },
  });
  assert.equal(found.Count, 1, "the index is filled");
  await deploy({ indexes: "byYear" });
  assert.deepEqual(await indexes(), ["byYear"]);
  assert.equal((await stacks(cfn)).Shop, "UPDATE_COMPLETE");
});

test("an update that must fail says why and is rolled back", async () => {
  const taken = "TakenByAnother";
  await ddb.createTable({
    TableName: taken,
    AttributeDefinitions: [{ AttributeName: "other", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "other", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
  const before = await resources("Shop");
  const { code, all } = await npx(words(["deploy", "Shop", "--require-approval", "never"], { indexes: "byYear,byLabel", taken }), { cwd, env });
  assert.equal(code, 1, all);
  assert.match(all, /Taken9EB3A0F4[\s\S]*already exists[\s\S]*TakenByAnother|already exists: TakenByAnother/i);
  assert.equal((await stacks(cfn)).Shop, "UPDATE_ROLLBACK_COMPLETE");
  const failed = (await events(cfn, "Shop")).filter((event) => event.ResourceStatus === "CREATE_FAILED");
  assert.equal(failed.length, 1);
  assert.match(failed[0].LogicalResourceId, /^Taken/);
  assert.match(failed[0].ResourceStatusReason, /already exists/i);
  assert.deepEqual(await indexes(), ["byYear"], "the index that came with it is gone again");
  const after = await resources("Shop");
  assert.deepEqual(Object.keys(after).sort(), Object.keys(before).sort());
  for (const [id, { PhysicalResourceId }] of Object.entries(before)) assert.equal(after[id].PhysicalResourceId, PhysicalResourceId);
  assert.deepEqual((await ddb.describeTable({ TableName: taken })).Table.KeySchema, [{ AttributeName: "other", KeyType: "HASH" }], "another's table is untouched");
  await ddb.deleteTable({ TableName: taken });
});

testAtLength("after the rollback it deploys again", async () => {
  await deploy({ indexes: "byYear,byLabel" });
  assert.deepEqual(await indexes(), ["byLabel", "byYear"]);
});

testAtLength("who may assume the CDK's roles, and nothing else, deploys and compares", async () => {
  const asUser = (command, context) => done(words(command, context), { cwd, env: { ...profileEnv, AWS_PROFILE: "cdk" } });
  assert.match(await asUser(["deploy", "Shop", "--require-approval", "never"], { indexes: "byLabel" }), /✅ {2}Shop/);
  assert.deepEqual(await indexes(), ["byLabel"]);
  await asUser(["diff", "Shop", "--fail"], { indexes: "byLabel" });
  await deploy({ indexes: "byYear,byLabel" });
});

testAtLength("a stack whose creation fails is rolled back, and what it made is gone", async () => {
  const before = await tableNames();
  const { code, all } = await npx(words(["deploy", "Broken", "--require-approval", "never"], { broken: kept }), { cwd, env });
  assert.equal(code, 1, all);
  assert.match(all, /already exists/i);
  assert.equal((await stacks(cfn)).Broken, "ROLLBACK_COMPLETE");
  assert.deepEqual(await tableNames(), before);
});

testAtLength("cdk bootstrap is taken on a server that is bootstrapped already", async () => {
  assert.match(await cdk(["bootstrap"]), /bootstrapped/);
  await deploy({ indexes: "byYear,byLabel" });
});

test("cdk destroy leaves nothing but what is to be retained", async () => {
  await cdk(["destroy", "--all", "--force"], { broken: kept });
  const all = await stacks(cfn);
  assert.deepEqual(Object.keys(all).filter((name) => /^(Shop|Readers|Broken)/.test(name)), []);
  assert.deepEqual(await tableNames(), [kept]);
  const { Roles } = await iam.listRoles({});
  assert.deepEqual(Roles.filter((role) => /^(Shop|Readers)-/.test(role.RoleName)), []);
  const { Exports } = await cfn.listExports({});
  assert.deepEqual(Exports.filter(({ ExportingStackId }) => !ExportingStackId.includes(":stack/CDKToolkit/")), []);
});
