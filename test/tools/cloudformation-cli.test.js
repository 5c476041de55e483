// Does `aws cloudformation` run unchanged: validate-template, deploy, an update, a failure, what it lists, delete-stack?

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { debian } from "../deploy/lib.js";
import { run } from "../lib/process.js";
import { until } from "../lib/turntable.js";
import { here, open } from "./lib.js";

const { ddb, cfn, env, endpoint, home } = await open();
const template = here("fixtures/library.yaml");
const StackName = "library";

// `deploy` names its change sets after the second, so two of one second would have one name.
const second = () => Math.floor(Date.now() / 1000);
let last = 0;
async function aws(...args) {
  await until(() => second() !== last);
  const done = await run(debian("aws"), ["cloudformation", ...args, "--endpoint-url", endpoint, "--output", "json"], { env });
  if (args[0] === "deploy") last = second();
  return done;
}
async function done(...args) {
  const { code, stdout, stderr } = await aws(...args);
  assert.equal(code, 0, `aws cloudformation ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout.startsWith("{") ? JSON.parse(stdout) : stdout;
}
const deploy = (file, ...more) => ["deploy", "--template-file", file, "--stack-name", StackName, "--capabilities", "CAPABILITY_IAM", ...more];
const secret = "hush-hush-value";
const changed = (name, from, to) => {
  const text = readFileSync(template, "utf8");
  assert.ok(text.includes(from));
  const file = path.join(home, name);
  writeFileSync(file, text.replace(from, to));
  return file;
};

test("validate-template tells the parameters, and what needs which capability", async () => {
  const told = await done("validate-template", "--template-body", `file://${template}`);
  assert.deepEqual(told.Parameters.map((p) => [p.ParameterKey, p.DefaultValue, p.NoEcho]).sort(), [["Secret", undefined, true], ["Stage", "test", false]]);
  assert.deepEqual(told.Capabilities, ["CAPABILITY_IAM"]);
  assert.equal(told.Description, "A lending library, in YAML with short tags");
});

test("validate-template refuses what is no template", async () => {
  const wrong = changed("wrong.yaml", "!GetAtt Books.Arn\nOutputs", "!GetAtt Boks.Arn\nOutputs");
  const { code, stderr } = await aws("validate-template", "--template-body", `file://${wrong}`);
  assert.notEqual(code, 0);
  assert.match(stderr, /ValidationError/);
  assert.match(stderr, /Boks/);
});

test("deploy wants the parameter that has no default, and then the capability", async () => {
  const lacking = await aws(...deploy(template));
  assert.notEqual(lacking.code, 0);
  assert.match(lacking.stderr, /Parameters: \[Secret\] must have values/);
  const incapable = await aws("deploy", "--template-file", template, "--stack-name", StackName, "--parameter-overrides", `Secret=${secret}`);
  assert.notEqual(incapable.code, 0);
  assert.match(incapable.stderr, /InsufficientCapabilities.*CAPABILITY_IAM/s);
});

test("deploy creates the stack", async () => {
  assert.match(await done(...deploy(template, "--parameter-overrides", `Secret=${secret}`)), /Successfully created\/updated stack - library/);
  const { Table } = await ddb.describeTable({ TableName: "library-test-books" });
  assert.equal(Table.ProvisionedThroughput.ReadCapacityUnits, 2);
  const [stack] = (await done("describe-stacks", "--stack-name", StackName)).Stacks;
  assert.equal(stack.StackStatus, "CREATE_COMPLETE");
  assert.deepEqual(stack.Parameters.find((p) => p.ParameterKey === "Secret").ParameterValue, "****");
  assert.deepEqual(stack.Outputs, [{ OutputKey: "BooksArn", OutputValue: Table.TableArn, ExportName: "library-test-books" }]);
});

test("deploy of the same says that there is nothing to do", async () => {
  const { code, stdout, stderr } = await aws(...deploy(template, "--no-fail-on-empty-changeset"));
  assert.equal(code, 0, stderr);
  assert.match(stdout + stderr, /No changes to deploy/);
});

test("deploy updates in place", async () => {
  const more = changed("more.yaml", "test: { Read: 2 }", "test: { Read: 5 }");
  assert.match(await done(...deploy(more)), /Successfully created\/updated/);
  assert.equal((await ddb.describeTable({ TableName: "library-test-books" })).Table.ProvisionedThroughput.ReadCapacityUnits, 5);
});

test("a custom-named table that would have to be replaced makes the update fail, and it is rolled back", async () => {
  const rekeyed = changed("rekeyed.yaml", "- { AttributeName: isbn, KeyType: HASH }", "- { AttributeName: title, KeyType: HASH }");
  writeFileSync(rekeyed, readFileSync(rekeyed, "utf8").replace("AttributeName: isbn, AttributeType", "AttributeName: title, AttributeType"));
  const { code, stderr } = await aws(...deploy(rekeyed));
  assert.notEqual(code, 0);
  assert.match(stderr, /Failed to create\/update the stack/);
  assert.equal((await cfn.describeStacks({ StackName })).Stacks[0].StackStatus, "UPDATE_ROLLBACK_COMPLETE");
  const { StackEvents } = await done("describe-stack-events", "--stack-name", StackName);
  const reason = StackEvents.find((event) => event.LogicalResourceId === "Books" && event.ResourceStatus === "UPDATE_FAILED").ResourceStatusReason;
  assert.match(reason, /CloudFormation cannot update a stack when a custom-named resource requires replacing\. Rename library-test-books and update the stack again\./);
  assert.equal((await ddb.describeTable({ TableName: "library-test-books" })).Table.KeySchema[0].AttributeName, "isbn");
});

test("what there is is listed", async () => {
  const { StackResourceSummaries } = await done("list-stack-resources", "--stack-name", StackName);
  assert.deepEqual(StackResourceSummaries.map((r) => [r.LogicalResourceId, r.ResourceType]).sort(), [["Books", "AWS::DynamoDB::Table"], ["Reader", "AWS::IAM::Role"]]);
  const { TemplateBody } = await done("get-template", "--stack-name", StackName);
  assert.match(TemplateBody, /!GetAtt Books\.Arn/, "as it was given");
  const { StackSummaries } = await done("list-stacks", "--stack-status-filter", "UPDATE_ROLLBACK_COMPLETE");
  assert.deepEqual(StackSummaries.map((s) => s.StackName), [StackName]);
  assert.deepEqual((await done("list-exports")).Exports.map((e) => e.Name), ["library-test-books"]);
});

test("delete-stack deletes, and wait sees it", async () => {
  const { StackId } = (await cfn.describeStacks({ StackName })).Stacks[0];
  await done("delete-stack", "--stack-name", StackName);
  await done("wait", "stack-delete-complete", "--stack-name", StackId);
  assert.deepEqual((await ddb.listTables({})).TableNames, []);
  const gone = await aws("describe-stacks", "--stack-name", StackName);
  assert.match(gone.stderr, /Stack with id library does not exist/);
});
