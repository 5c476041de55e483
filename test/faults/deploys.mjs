// The test of stacks under kills: stacks are created, updated, cancelled and deleted, by change sets too, and take tables in, and the
// server is killed at a random moment of it; started again, it goes on by itself.
//
//     node test/faults/deploys.mjs [KILLS] [SEED]        (200 kills; TURNTABLE_BIN names another binary)
//
// After each kill every stack must come to rest, complete or rolled back, made of one of the two templates that it may be made
// of; what it says it has must be there and as its template says, and what is there must be some stack's: no table, role or user
// pool without its stack, no stack without them, no nested stack without its parent, no export without its stack.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CloudFormation } from "@aws-sdk/client-cloudformation";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IAM } from "@aws-sdk/client-iam";
import { randomNumbers } from "../lib/random.js";
import { credentials, region } from "../lib/server.js";
import { Trial } from "./trial.mjs";

const kills = Number(process.argv[2] ?? 200);
const seed = Number(process.argv[3] ?? Date.now() % 1e9);
const NAMES = ["one", "two", "three", "four"];
const LONGEST = 40; // milliseconds from the first request until it is looked for a stack in progress
const REST = 60_000; // a stack that has not come to rest by then hangs

const chance = randomNumbers(seed);
const random = (below) => Math.floor(chance() * below);
const oneOf = (list) => list[random(list.length)];
const trial = new Trial();

// ---- the server ----

async function start() {
  const server = await trial.start();
  const client = (Class) => new Class({ endpoint: server.endpoint, region, credentials, maxAttempts: 1 });
  return { ...server, cfn: client(CloudFormation), ddb: client(DynamoDB), iam: client(IAM), pools: client(CognitoIdentityProvider) };
}

async function kill(server) {
  await trial.kill(server);
  for (const client of [server.cfn, server.ddb, server.iam, server.pools]) client.destroy();
}

// ---- templates ----

const TAKEN = "taken"; // a table that is there and no stack's: who wants to make it fails

const table = (more = {}) => ({
  Type: "AWS::DynamoDB::Table",
  Properties: {
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
    ...more,
  },
});

const otherKey = (key) => table({ AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }], KeySchema: [{ AttributeName: key, KeyType: "HASH" }] });
const indexed = () =>
  table({
    AttributeDefinitions: ["id", "owner"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    GlobalSecondaryIndexes: [{ IndexName: "byOwner", KeySchema: [{ AttributeName: "owner", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } }],
  });

const statement = (Action, more) => ({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, ...more }] });
const role = (of) => ({
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: statement("sts:AssumeRole", { Principal: { Service: "lambda.amazonaws.com" } }),
    Policies: [{ PolicyName: "read", PolicyDocument: statement(oneOf(["dynamodb:GetItem", "dynamodb:Query"]), { Resource: of ? { "Fn::GetAtt": [of, "Arn"] } : "*" }) }],
  },
});

let templates = 0;

/** A nested stack of a template that is put into a bucket of the data folder. */
function nested(depth) {
  const name = `t${++templates}.json`;
  const bucket = path.join(trial.folder, "s3", "templates");
  mkdirSync(bucket, { recursive: true });
  writeFileSync(path.join(bucket, name), JSON.stringify(randomTemplate(depth + 1)));
  return { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: `https://s3.us-east-1.amazonaws.com/templates/${name}` } };
}

function randomTemplate(depth = 0, name) {
  const Resources = { Always: oneOf([table, indexed, () => otherKey("a"), () => otherKey("b")])() };
  if (random(2)) Resources.Table = oneOf([table, indexed, () => otherKey("c")])();
  if (random(3) === 0) Resources.Role = role(Resources.Table && "Table");
  if (random(4) === 0) Resources.Pool = { Type: "AWS::Cognito::UserPool", Properties: { Policies: { PasswordPolicy: { MinimumLength: 8 + random(3) } } } };
  if (Resources.Pool && random(2)) Resources.Client = { Type: "AWS::Cognito::UserPoolClient", Properties: { UserPoolId: { Ref: "Pool" } } };
  if (depth < 2 && random(4) === 0) Resources.Child = { ...nested(depth), DependsOn: "Always" };
  if (random(5) === 0) Resources.Last = { ...table({ TableName: TAKEN }), DependsOn: Object.keys(Resources) };
  const Outputs = { Always: { Value: { Ref: "Always" }, ...(name && random(2) && { Export: { Name: `of-${name}` } }) } };
  return { Description: `template ${++templates}`, Resources, Outputs };
}

// ---- what is done ----

/** The templates that each stack may be made of: of those that are there, one or two; of others, none. */
const may = new Map(NAMES.map((name) => [name, []]));

/** By a change set, which now and then is dropped instead. */
async function change({ cfn }, StackName, ChangeSetType, input) {
  const ChangeSetName = `c${++templates}`;
  await cfn.createChangeSet({ StackName, ChangeSetName, ChangeSetType, IncludeNestedStacks: random(3) > 0, ...input });
  const { Status } = await cfn.describeChangeSet({ StackName, ChangeSetName });
  if (Status === "FAILED" || random(5) === 0) await cfn.deleteChangeSet({ StackName, ChangeSetName });
  else await cfn.executeChangeSet({ StackName, ChangeSetName });
}

const LONE = "lone-"; // tables that are no stack's until one imports them

/** Takes a table into the stack, whose template is `text` otherwise. */
async function importTable({ cfn, ddb }, StackName, text, known) {
  const id = ++templates, TableName = `${LONE}${id}`, LogicalResourceId = `Lone${id}`, ChangeSetName = `i${id}`;
  const template = JSON.parse(text);
  template.Resources[LogicalResourceId] = { ...table({ TableName }), DeletionPolicy: "Delete" };
  await ddb.createTable({ TableName, ...table().Properties });
  known.push(JSON.stringify(template));
  await cfn.createChangeSet({
    StackName,
    ChangeSetName,
    ChangeSetType: "IMPORT",
    ResourcesToImport: [{ ResourceType: "AWS::DynamoDB::Table", LogicalResourceId, ResourceIdentifier: { TableName } }],
    TemplateBody: JSON.stringify(template),
    Capabilities: ["CAPABILITY_IAM"],
  });
  await cfn.executeChangeSet({ StackName, ChangeSetName });
}

async function act(server, StackName) {
  const known = may.get(StackName);
  const Capabilities = ["CAPABILITY_IAM"];
  const TemplateBody = () => {
    const text = JSON.stringify(randomTemplate(0, StackName));
    known.push(text);
    return text;
  };
  if (known.length === 0 && random(3) === 0) return change(server, StackName, "CREATE", { TemplateBody: TemplateBody(), Capabilities });
  if (known.length === 0) {
    await server.cfn.createStack({ StackName, TemplateBody: TemplateBody(), Capabilities, OnFailure: oneOf(["ROLLBACK", "DELETE"]) });
    return;
  }
  const { Stacks } = await server.cfn.describeStacks({ StackName });
  if (["ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"].includes(Stacks[0].StackStatus) || random(3) === 0) return server.cfn.deleteStack({ StackName });
  if (known.length === 1 && random(4) === 0) return importTable(server, StackName, known[0], known);
  if (random(3) === 0) return change(server, StackName, "UPDATE", { TemplateBody: TemplateBody(), Capabilities });
  await server.cfn.updateStack({ StackName, TemplateBody: TemplateBody(), Capabilities });
  if (random(4) === 0) await server.cfn.cancelUpdateStack({ StackName });
}

/** Goes on until the server is gone; what a stack's state refuses is refused. */
async function actOn(server, name, load) {
  while (!load.over) {
    try {
      await act(server, name);
      await rest(server, name, load);
      await takeStock(server, name);
    } catch (error) {
      if (load.over || error.$metadata?.httpStatusCode === undefined) return; // the server is gone
      if (error.name !== "ValidationError") throw error;
    }
  }
}

const underReview = (stack) => stack.StackStatus === "REVIEW_IN_PROGRESS";
const inProgress = (stack) => stack.StackStatus.endsWith("_IN_PROGRESS") && !underReview(stack);
const describe = async ({ cfn }, StackName) => {
  try {
    return (await cfn.describeStacks({ StackName })).Stacks[0];
  } catch (error) {
    if (error.name === "ValidationError" && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
};

async function rest(server, name, load = {}) {
  for (const begun = Date.now(); !load.over; await pause(2)) {
    const stack = await describe(server, name);
    if (!stack || !inProgress(stack)) return stack;
    assert.ok(Date.now() - begun < REST, `${name} hangs in ${stack.StackStatus}: ${stack.StackStatusReason}`);
  }
}

/** A stack at rest is made of one template. */
async function takeStock(server, name) {
  const known = may.get(name);
  const stack = await rest(server, name);
  if (!stack) return known.splice(0);
  if (underReview(stack)) return known;
  const { TemplateBody } = await server.cfn.getTemplate({ StackName: name });
  assert.ok(known.includes(TemplateBody), `${name} is made of a template that nobody gave it`);
  known.splice(0, known.length, TemplateBody);
}

// ---- the checking ----

async function everything(list) {
  const all = [];
  let NextToken;
  do {
    const page = await list(NextToken);
    all.push(...page.list);
    NextToken = page.next;
  } while (NextToken);
  return all;
}

const isBorn = (arn) => arn.includes(":stack/CDKToolkit/"); // with the server, and nobody's here

const stacksOf = ({ cfn }) => everything(async (NextToken) => {
  const page = await cfn.describeStacks({ NextToken });
  return { list: page.Stacks.filter(({ StackId }) => !isBorn(StackId)), next: page.NextToken };
});

/** What there is, by the type of the resource that it would be. */
async function inventory({ ddb, iam, pools }) {
  const tables = await everything(async (ExclusiveStartTableName) => {
    const page = await ddb.listTables({ ExclusiveStartTableName });
    return { list: page.TableNames, next: page.LastEvaluatedTableName };
  });
  const userPools = (await pools.listUserPools({ MaxResults: 60 })).UserPools.map(({ Id }) => Id);
  const clients = [];
  for (const UserPoolId of userPools) clients.push(...(await pools.listUserPoolClients({ UserPoolId, MaxResults: 60 })).UserPoolClients.map(({ ClientId }) => ClientId));
  return {
    "AWS::DynamoDB::Table": tables.filter((name) => name !== TAKEN),
    "AWS::IAM::Role": (await iam.listRoles({ MaxItems: 1000 })).Roles.map(({ RoleName }) => RoleName).filter((name) => !name.startsWith("cdk-")),
    "AWS::Cognito::UserPool": userPools,
    "AWS::Cognito::UserPoolClient": clients,
  };
}

const RESTING = ["CREATE_COMPLETE", "ROLLBACK_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"];

/** The resources of a stack are those of its template, and a table has the keys that it says. */
async function checkStack(server, stack, known) {
  const { StackName } = stack;
  assert.ok(RESTING.includes(stack.StackStatus), `${StackName} is ${stack.StackStatus}: ${stack.StackStatusReason}`);
  const { StackResourceSummaries: resources } = await server.cfn.listStackResources({ StackName });
  if (stack.StackStatus === "ROLLBACK_COMPLETE") {
    for (const r of resources) assert.equal(r.ResourceStatus, "DELETE_COMPLETE", `${StackName}.${r.LogicalResourceId}`);
    return [];
  }
  const template = JSON.parse((await server.cfn.getTemplate({ StackName })).TemplateBody);
  assert.deepEqual(resources.map((r) => r.LogicalResourceId), Object.keys(template.Resources).sort(), StackName);
  for (const r of resources) {
    assert.match(r.ResourceStatus, /^(CREATE|UPDATE|IMPORT)_COMPLETE$/, `${StackName}.${r.LogicalResourceId}: ${r.ResourceStatusReason}`);
    if (r.ResourceType === "AWS::CloudFormation::Stack") known.nested.add(r.PhysicalResourceId);
    if (r.ResourceType !== "AWS::DynamoDB::Table") continue;
    const { Table } = await server.ddb.describeTable({ TableName: r.PhysicalResourceId });
    const { KeySchema, GlobalSecondaryIndexes = [] } = template.Resources[r.LogicalResourceId].Properties;
    assert.deepEqual(Table.KeySchema, KeySchema, r.PhysicalResourceId);
    assert.deepEqual((Table.GlobalSecondaryIndexes ?? []).map((i) => i.IndexName), GlobalSecondaryIndexes.map((i) => i.IndexName));
  }
  const always = resources.find((r) => r.LogicalResourceId === "Always").PhysicalResourceId;
  assert.equal(stack.Outputs[0].OutputValue, always);
  if (stack.Outputs[0].ExportName) known.exports.push({ ExportingStackId: stack.StackId, Name: stack.Outputs[0].ExportName, Value: always });
  return resources;
}

/** Deletes all change sets, and the stacks that were never made; with them goes what is under review. */
async function dropReviews({ cfn }, stacks) {
  for (const { StackId, StackStatus } of stacks.filter(({ ParentId }) => !ParentId)) {
    if (StackStatus === "REVIEW_IN_PROGRESS") await cfn.deleteStack({ StackName: StackId });
    else for (const { ChangeSetId } of (await cfn.listChangeSets({ StackName: StackId })).Summaries) await cfn.deleteChangeSet({ ChangeSetName: ChangeSetId });
  }
}

async function check(server) {
  await dropReviews(server, await stacksOf(server));
  const stacks = await stacksOf(server);
  const known = { nested: new Set(), exports: [] };
  const owned = Object.fromEntries(Object.keys(await inventory(server)).map((type) => [type, []]));
  for (const stack of stacks) {
    for (const { ResourceType, PhysicalResourceId } of await checkStack(server, stack, known)) owned[ResourceType]?.push(PhysicalResourceId);
  }
  const there = await inventory(server), tables = "AWS::DynamoDB::Table";
  there[tables] = there[tables].filter((name) => !name.startsWith(LONE) || owned[tables].includes(name));
  for (const [type, ids] of Object.entries(there)) assert.deepEqual(ids.sort(), owned[type].sort(), type);
  assert.deepEqual(stacks.filter((s) => s.ParentId).map((s) => s.StackId).sort(), [...known.nested].sort(), "nested stacks");
  const { Exports = [] } = await server.cfn.listExports({});
  const byName = (a, b) => (a.Name < b.Name ? -1 : 1);
  const ours = Exports.filter(({ ExportingStackId }) => !isBorn(ExportingStackId));
  assert.deepEqual(ours.sort(byName), known.exports.sort(byName), "exports");
}

// ---- the rounds ----

let middles = 0; // kills that came while a stack was in progress, as far as that was seen

async function someInProgress(server) {
  for (let looks = 0; looks < 50; looks++) if ((await stacksOf(server)).some(inProgress)) return;
}

async function round(server) {
  const load = { over: false };
  const work = Promise.all(NAMES.map((name) => actOn(server, name, load)));
  work.catch(() => {}); // it is awaited below
  await pause(random(LONGEST));
  if (random(4) > 0) await someInProgress(server);
  await pause(random(8));
  middles += await Promise.race([stacksOf(server).then((stacks) => stacks.some(inProgress)), pause(20).then(() => false)]);
  load.over = true;
  await kill(server);
  await work;
  const next = await start();
  for (const stack of await stacksOf(next)) await rest(next, stack.StackId);
  await check(next);
  for (const name of NAMES) await takeStock(next, name);
  return next;
}

await trial.run(async () => {
  console.log(`seed ${seed}`);
  let server = await start();
  await server.ddb.createTable({ TableName: TAKEN, ...table().Properties });
  for (let i = 0; i < kills && trial.failed === 0; i++) {
    const next = await trial.attempt(`kill ${i + 1}`, () => round(server));
    if (next) server = next;
  }
});
console.error(`${middles} of the kills came while a stack was in progress`);
