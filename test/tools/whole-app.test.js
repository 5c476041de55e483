// Does an Amplify app that has functions, a bucket and a REST API as well deploy its data layer, and is told what of it does not run?

import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { musicTables, readJson, summary, turntable } from "../deploy/lib.js";
import { done, events, example, here, open, page, project, serverTime, stacks } from "./lib.js";

const { ddb, cfn, env } = await open();
const cwd = project("whole-app", {
  amplify: path.join(example, "amplify"),
  "amplify/tsconfig.json": here("fixtures/amplify/tsconfig.json"),
  "amplify/database/tables.ts": path.join(page, "amplify/database/tables.ts"),
  "amplify/permissions/iamPerms.ts": path.join(page, "amplify/permissions/iamPerms.ts"),
  "amplify/backend.ts": here("fixtures/whole-app/amplify/backend.ts"),
  "amplify/functions": here("fixtures/whole-app/amplify/functions"),
  "amplify/storage": here("fixtures/whole-app/amplify/storage"),
  "package-lock.json": here("package-lock.json"), // which the bundling of functions looks for
});
const ampx = (...args) => done(["ampx", ...args, "--identifier", "tester"], { cwd, env });
const recorded = /^(AWS::Lambda::|AWS::ApiGateway::)/;

/** All resources of the root stack and of those nested in it, as their stacks tell of them. */
async function allResources(StackName) {
  const { StackResources } = await cfn.describeStackResources({ StackName });
  const nested = StackResources.filter((r) => r.ResourceType === "AWS::CloudFormation::Stack");
  return [...StackResources, ...(await Promise.all(nested.map((r) => allResources(r.PhysicalResourceId)))).flat()];
}
let root;

test("it deploys", async (t) => {
  const printed = await ampx("sandbox", "--once");
  assert.match(printed, /Deployment completed/);
  assert.match(printed, /AWS::Lambda::Function.*Recorded and not run/, "ampx passes on what the events say");
  root = Object.keys(await stacks(cfn)).find((name) => /^amplify-wholeapp-tester-sandbox-[0-9a-f]{10}$/.test(name));
  t.diagnostic(`the server took ${await serverTime(cfn, root)} ms for the whole app`);
  const { TableNames } = await ddb.listTables({});
  const tables = await Promise.all(TableNames.map(async (TableName) => (await ddb.describeTable({ TableName })).Table));
  assert.deepEqual(tables.map(summary), musicTables);
});

test("its outputs name the bucket and the API", () => {
  const { storage, custom, auth } = readJson(path.join(cwd, "amplify_outputs.json"));
  assert.match(auth.user_pool_id, /^us-east-1_/);
  assert.match(storage.bucket_name, /^amplify-wholeapp-/);
  assert.match(custom.api, /^https:\/\/[a-z0-9]+\.execute-api\.us-east-1\.amazonaws\.com\/prod\/$/);
});

test("the events say of each resource that has no service here that it is recorded and not run", async () => {
  const resources = await allResources(root);
  const without = resources.filter((r) => recorded.test(r.ResourceType));
  assert.ok(without.length >= 10, JSON.stringify(without));
  for (const { StackId, LogicalResourceId, ResourceType, PhysicalResourceId } of without) {
    assert.ok(PhysicalResourceId, LogicalResourceId);
    const own = (await events(cfn, StackId)).filter((event) => event.LogicalResourceId === LogicalResourceId);
    assert.equal(own.at(-1).ResourceStatus, "CREATE_COMPLETE");
    assert.ok(own.some((event) => /recorded/i.test(event.ResourceStatusReason ?? "")), `${ResourceType} ${LogicalResourceId}: ${JSON.stringify(own)}`);
  }
});

test("it is deleted whole", async () => {
  await ampx("sandbox", "delete", "--yes");
  assert.deepEqual((await ddb.listTables({})).TableNames, []);
  assert.deepEqual(Object.keys(await stacks(cfn)).filter((name) => name.startsWith("amplify-")), []);
});

test("with --strict-resources it does not deploy, and is told why", async () => {
  const strict = await open({ args: ["--strict-resources"] });
  const printed = await done(["ampx", "sandbox", "--once", "--identifier", "strict"], { cwd, env: strict.env });
  assert.match(printed, /AWS::(Lambda|ApiGateway)::/);
  const all = Object.entries(await stacks(strict.cfn)).filter(([name]) => name.startsWith("amplify-"));
  for (const [, status] of all) assert.match(status, /ROLLBACK_COMPLETE/);
  assert.deepEqual((await strict.ddb.listTables({})).TableNames, []);
});

test("turntable deploy tells of the same app what is recorded and not run", async () => {
  const other = await open();
  const deploy = (...more) => turntable(["deploy", path.join(cwd, ".amplify/artifacts/cdk.out"), ...more], { env: other.env });
  const { code, stdout, stderr } = await deploy();
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /^ {2}hellolambda[0-9A-F]{8} +created: AWS::Lambda::Function .*Recorded and not run/m);
  assert.match(stdout, /^ {2}MusicApi[0-9A-F]{8} +created: AWS::ApiGateway::RestApi .*Recorded and not run/m);
  const [, count, names] = /^\d+ resources: .*; (\d+) recorded and not run: (.*)$/m.exec(stdout);
  assert.equal(names.split(", ").length, Number(count));
  assert.match(names, /\bhellolambda[0-9A-F]{8}\b/);
  assert.deepEqual((await other.ddb.listTables({})).TableNames, musicTables.map(({ name }) => name));
  assert.equal((await deploy("--delete")).code, 0);
  assert.deepEqual((await other.ddb.listTables({})).TableNames, []);
});
