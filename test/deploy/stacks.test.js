// Does `turntable deploy` bring stacks to what their templates say, tell how it went, and delete them again?

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { binary, clientEnvironment, here, musicTables, musicTemplate, open, runTypeScript, turntable } from "./lib.js";

const { endpoint, ddb, folder, client, tableNames } = await open();

const table = (TableName, more = {}) => ({
  Type: "AWS::DynamoDB::Table",
  Properties: {
    TableName,
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
    ...more,
  },
});

const write = (name, Resources, more = {}) => {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify({ Resources, ...more }));
  return file;
};
const deploy = (file, ...more) => client(["deploy", file, ...more]);

async function deployed(...args) {
  const { code, stdout, stderr } = await deploy(...args);
  assert.equal(code, 0, stderr);
  return stdout;
}

test("a stack is created, left alone, updated and deleted, and each resource has a line", async () => {
  const template = { First: table("First"), Second: table("Second"), Own: { Type: "Custom::Thing", Properties: { ServiceToken: "x" } } };
  const Outputs = { Name: { Value: { Ref: "First" } } };
  const created = await deployed(write("app.json", template, { Outputs }));
  assert.match(created, /^ {2}First +created: AWS::DynamoDB::Table First, (\d+ ms|\d+\.\d s)$/m);
  assert.match(created, /^ {2}Own +created: Custom::Thing .*Recorded and not run/m);
  assert.match(created, /^ {2}output: Name = First$/m);
  assert.match(created, /^Deployed the stack app in \d+\.\d s$/m);
  assert.match(created, /^3 resources: 3 created, 0 updated, 0 unchanged; 1 recorded and not run: Own$/m);

  const again = await deployed(write("app.json", template, { Outputs }));
  assert.match(again, /^ {2}output: Name = First\nNo changes in the stack app\n3 resources: 0 created, 0 updated, 3 unchanged; 1 recorded and not run: Own$/m);
  assert.doesNotMatch(again, /^ {2}(First|Second|Own) /m, "what does not change has no line");

  await ddb.putItem({ TableName: "First", Item: { id: { S: "kept" } } });
  const changed = { First: table("First", { DeletionProtectionEnabled: true }), Third: table("Third") };
  const updated = await deployed(write("app.json", changed));
  assert.match(updated, /^ {2}First +updated: /m);
  assert.match(updated, /^ {2}Third +created: /m);
  assert.match(updated, /^ {2}Second +removed: /m);
  assert.match(updated, /^2 resources: 1 created, 1 updated, 2 removed, 0 unchanged$/m);
  assert.deepEqual((await tableNames()).sort(), ["First", "Third"]);
  assert.ok((await ddb.getItem({ TableName: "First", Key: { id: { S: "kept" } } })).Item, "the items stay");

  const refused = await deploy(write("app.json", changed), "--delete");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /First \(AWS::DynamoDB::Table\): .*protect/i);
  assert.match(refused.stderr, /the stack app is DELETE_FAILED/);
  await ddb.updateTable({ TableName: "First", DeletionProtectionEnabled: false });
  const deleted = await deployed(write("app.json", changed), "--delete");
  assert.match(deleted, /^ {2}First +removed: /m);
  assert.deepEqual(await tableNames(), []);
  assert.match(await deployed(write("app.json", changed), "--delete"), /^There is no stack app$/m);
});

test("--diff tells what would change, and changes nothing", async () => {
  const sorted = (...names) => ({
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: names.map((AttributeName, i) => ({ AttributeName, KeyType: i ? "RANGE" : "HASH" })),
  });
  const generated = ({ Type, Properties: { TableName, ...rest } }) => ({ Type, Properties: rest });
  const before = { Kept: table("Kept"), Other: generated(table("-")), Gone: table("Gone") };
  const file = write("diff.json", before);
  const told = () => deployed(file, "--diff");

  assert.match(await told(), new RegExp(["^Would create the stack diff",
    ...Object.keys(before).map((name) => `  \\+ ${name} +AWS::DynamoDB::Table`), "3 changes; nothing was changed", "$"].join("\n")));
  assert.deepEqual(await tableNames(), []);
  assert.match(await deployed(file, "--delete"), /^There is no stack diff$/m, "nor is there a stack that was begun");

  await deployed(file);
  assert.match(await told(), /^Would update the stack diff\n {2}nothing changes\n$/);
  const names = await tableNames(), other = names.find((name) => !["Kept", "Gone"].includes(name));
  write("diff.json", { Kept: table("Kept", { DeletionProtectionEnabled: true }),
    Other: generated(table("-", sorted("id", "at"))), New: table("New") });
  const changes = await told();
  assert.match(changes, /^ {2}\+ New +AWS::DynamoDB::Table$/m);
  assert.match(changes, /^ {2}- Gone +AWS::DynamoDB::Table Gone$/m);
  assert.match(changes, /^ {2}~ Kept +AWS::DynamoDB::Table Kept: DeletionProtectionEnabled$/m);
  assert.match(changes, new RegExp(`^ {2}~ Other +AWS::DynamoDB::Table ${other}: .*KeySchema.*; REPLACED$`, "m"));
  assert.match(changes, /^4 changes; nothing was changed$/m);
  assert.deepEqual(await tableNames(), names);

  write("diff.json", { Kept: table("Kept", { KeySchema: [] }) });
  const wrong = await deploy(file, "--diff");
  assert.equal(wrong.code, 1);
  for (const more of [["--watch"], ["--delete"]]) assert.equal((await deploy(file, "--diff", ...more)).code, 2);
  await deployed(write("diff.json", before), "--delete");
});

test("what fails is rolled back, and the next deployment makes way for itself", async () => {
  await ddb.createTable({ ...table("Theirs").Properties });
  const template = { Mine: table("Mine"), Theirs: { ...table("Theirs"), DependsOn: "Mine" } };
  const failed = await deploy(write("failing.json", template));
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /^turntable: Theirs \(AWS::DynamoDB::Table\): .*already exists/im);
  assert.match(failed.stderr, /^turntable: what exists already is taken into the stack with --import-existing-resources, if /m);
  assert.match(failed.stderr, /^turntable: the stack failing is ROLLBACK_COMPLETE/m);
  assert.match(failed.stdout, /^ {2}rolling back: /m);
  assert.match(failed.stdout, /^ {2}Mine +removed: /m);
  assert.doesNotMatch(failed.stdout, /^ {2}Theirs +removed: /m, "it was never made");
  assert.deepEqual(await tableNames(), ["Theirs"], "theirs is not touched, and nothing of ours stays");

  const mended = await deployed(write("failing.json", { Mine: table("Mine") }));
  assert.match(mended, /^Removing what is left of the stack failing, which is ROLLBACK_COMPLETE$/m);
  assert.match(mended, /^1 resource: 1 created, 0 updated, 0 unchanged$/m);

  const broken = await deploy(write("failing.json", { Mine: table("Mine"), Theirs: table("Theirs") }));
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /the stack failing is UPDATE_ROLLBACK_COMPLETE/);
  assert.deepEqual((await tableNames()).sort(), ["Mine", "Theirs"]);
  await deployed(write("failing.json", { Mine: table("Mine") }), "--delete");
  await ddb.deleteTable({ TableName: "Theirs" });
});

test("--import-existing-resources takes in what is there, as it is, if the template keeps it", async () => {
  const kept = (resource) => ({ ...resource, DeletionPolicy: "Retain" });
  const all = { Old: table("Old"), New: table("New") };
  const file = write("import.json", all);
  await ddb.createTable(table("Old", { Tags: [{ Key: "by", Value: "hand" }] }).Properties);
  await ddb.putItem({ TableName: "Old", Item: { id: { S: "kept" } } });
  const { Table: before } = await ddb.describeTable({ TableName: "Old" });
  const bring = (...more) => deploy(file, "--import-existing-resources", ...more);

  const unkept = await bring();
  assert.equal(unkept.code, 1);
  assert.match(unkept.stderr, /Following resources to import \[Old\] must have DeletionPolicy attribute Retain or RetainExceptOnCreate.*\nturntable: nothing was changed\n$/s);
  assert.match(await deployed(file, "--delete"), /^There is no stack import$/m, "nor is there one that was begun");

  write("import.json", { ...all, Old: kept(table("Old")) });
  const told = await deployed(file, "--import-existing-resources", "--diff");
  assert.match(told, /^ {2}< Old +AWS::DynamoDB::Table Old$/m);
  assert.match(told, /^ {2}\+ New +AWS::DynamoDB::Table$/m);
  const imported = await deployed(file, "--import-existing-resources");
  assert.match(imported, /^ {2}Old +imported: AWS::DynamoDB::Table Old/m);
  assert.match(imported, /^2 resources: 1 created, 0 updated, 1 imported, 0 unchanged$/m);
  const { Table: after } = await ddb.describeTable({ TableName: "Old" });
  assert.deepEqual(after, { ...before, ItemCount: after.ItemCount, TableSizeBytes: after.TableSizeBytes });
  assert.ok((await ddb.getItem({ TableName: "Old", Key: { id: { S: "kept" } } })).Item);
  for (const more of [[], ["--import-existing-resources"]]) {
    assert.match(await deployed(file, ...more), /^No changes in the stack import\n2 resources: 0 created, 0 updated, 2 unchanged$/m);
  }

  await ddb.createTable(table("Late").Properties);
  write("import.json", { Old: kept(table("Old")), Late: kept(table("Late")) });
  assert.match(await deployed(file, "--import-existing-resources"), /^2 resources: 0 created, 0 updated, 1 removed, 1 imported, 1 unchanged$/m);
  const deleted = await deployed(file, "--delete");
  assert.match(deleted, /^ {2}Old +kept: AWS::DynamoDB::Table Old/m);
  assert.deepEqual((await tableNames()).sort(), ["Late", "Old"]);
  for (const TableName of ["Late", "Old"]) await ddb.deleteTable({ TableName });
});

test("what one stack exports, another one of the folder imports", async () => {
  const out = path.join(folder, "pair");
  mkdirSync(out);
  const templates = {
    Giver: { Resources: { Given: table("Given") }, Outputs: { Arn: { Value: { Ref: "Given" }, Export: { Name: "given" } } } },
    Taker: { Parameters: { Kept: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/cdk-bootstrap/hnb659fds/version" } }, Resources: { Taken: table({ "Fn::Join": ["-", ["from", { "Fn::ImportValue": "given" }, { Ref: "Kept" }]] }) } },
  };
  const artifacts = {};
  for (const [name, template] of Object.entries(templates)) {
    writeFileSync(path.join(out, `${name}.json`), JSON.stringify(template));
    artifacts[name] = { type: "aws:cloudformation:stack", properties: { templateFile: `${name}.json` }, dependencies: name === "Taker" ? ["Giver"] : [] };
  }
  writeFileSync(path.join(out, "manifest.json"), JSON.stringify({ version: "36.0.0", artifacts }));
  await deployed(out);
  assert.match((await tableNames()).sort().join(), /^Given,from-Given-\d+$/);
  assert.match(await deployed(out, "--delete"), /Deleting the stack Taker\n[\s\S]*Deleting the stack Giver\n/);
  assert.deepEqual(await tableNames(), []);
});

test("another project's template does not take the place of a stack whose name comes of its file", async () => {
  await deployed(write("template.json", { One: table("One") }));
  const other = await deploy(write("template.json", { Other: table("Other") }));
  assert.equal(other.code, 1);
  assert.match(other.stderr, /the stack template has other resources.*--stack-name/s);
  assert.deepEqual(await tableNames(), ["One"]);
  await deployed(write("template.json", { Other: table("Other") }), "--stack-name", "template");
  assert.deepEqual(await tableNames(), ["Other"], "whoever names the stack means it");
  await deployed(write("template.json", { Other: table("Other") }), "--delete");
});

test("the music example, as a stack", async () => {
  const made = await deployed(musicTemplate, "--stack-name", "music");
  assert.match(made, /^13 resources: 13 created, 0 updated, 0 unchanged$/m);
  assert.match(made, /^ {2}output: userPoolId = us-east-1_\w+$/m);
  await deployed(musicTemplate, "--stack-name", "music", "--delete");
  for (const TableName of await tableNames()) await ddb.deleteTable({ TableName }); // they are to be retained
});

test("the workshop's page, whose sign-in is a nested stack, in the server's region", async () => {
  const assembly = path.join(folder, "page");
  await runTypeScript(here("fixtures/workshop-page/synth.ts"), [assembly]);
  const elsewhere = { AWS_REGION: "eu-central-1" };
  const bring = async (...more) => {
    const { code, stdout, stderr } = await client(["deploy", assembly, ...more], elsewhere);
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };
  const before = await bring("--diff");
  assert.match(before, /^ {2}\+ auth\S+ +AWS::CloudFormation::Stack$/m);
  assert.match(before, /^ {4}\+ amplifyAuthUserPool\S+ +AWS::Cognito::UserPool$/m);
  assert.deepEqual(await tableNames(), []);
  assert.match(await bring("--delete"), /^There is no stack /m);
  const made = await bring();
  assert.match(made, /^ {2}auth\S+ +created: AWS::CloudFormation::Stack arn:aws:cloudformation:us-east-1:/m);
  assert.match(made, /^ {2}amplifyAuthUserPool\S+ +created: AWS::Cognito::UserPool us-east-1_/m);
  assert.deepEqual(await tableNames(), musicTables.map(({ name }) => name));
  const [, count] = /^(\d+) resources: \1 created, 0 updated, 0 unchanged$/m.exec(made);
  assert.match(await bring("--diff"), /^ {2}nothing changes$/m);
  assert.match(await bring(), new RegExp(`^${count} resources: 0 created, 0 updated, ${count} unchanged$`, "m"));
  await bring("--delete");
  for (const TableName of await tableNames()) await ddb.deleteTable({ TableName }); // they are to be retained
});

test("a template that is too large for a request", async () => {
  const Description = "x".repeat(1000);
  const template = { Large: table("Large"), ...Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`Handle${i}`, { Type: "AWS::CloudFormation::WaitConditionHandle", Metadata: { Description } }])) };
  assert.match(await deployed(write("large.json", template)), /^61 resources: 61 created, 0 updated, 0 unchanged$/m);
  assert.match(await deployed(write("large.json", template)), /^61 resources: 0 created, 0 updated, 61 unchanged$/m);
  await deployed(write("large.json", template), "--delete");
  assert.deepEqual(await tableNames(), []);
  const nowhere = await client(["deploy", write("large.json", template), "--region", "eu-west-3"]);
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /the template cannot be put into the bucket cdk-hnb659fds-assets-000000000000-eu-west-3: NoSuchBucket: /);
});

test("--watch deploys what has changed, until it is told to stop", async () => {
  const file = write("watched.json", { One: table("One") });
  const child = spawn(binary, ["deploy", file, "--watch"], { env: clientEnvironment(endpoint), stdio: ["ignore", "pipe", "pipe"] });
  after(() => child.kill("SIGKILL"));
  let printed = "";
  const watching = (times) =>
    new Promise((resolve, reject) => {
      const look = () => (printed.split(/^Watching /m).length > times ? resolve() : undefined);
      child.stdout.on("data", look);
      child.once("exit", () => reject(new Error(`it ended: ${printed}`)));
      look();
    });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (printed += text));
  await watching(1);
  assert.deepEqual(await tableNames(), ["One"]);
  write("watched.json", { One: table("One"), Two: table("Two") });
  await watching(2);
  assert.deepEqual((await tableNames()).sort(), ["One", "Two"]);
  writeFileSync(file, "{");
  await watching(3);
  assert.match(printed, /watched\.json: /, "what is wrong is said, and it goes on");
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  assert.equal(await ended, 0);
});

test("wrong usage", async () => {
  for (const options of [["--delete", "--watch"], ["--delete", "--import-existing-resources"]]) {
    const { code, stderr } = await turntable(["deploy", musicTemplate, ...options]);
    assert.equal(code, 2);
    assert.match(stderr, /--delete goes neither with --watch nor with --import-existing-resources/);
  }
});
