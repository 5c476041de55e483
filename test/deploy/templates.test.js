// Does `turntable deploy` make of a template the tables that CloudFormation would, and of a wrong one nothing at all?

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { clientEnvironment, here, musicTables, open, summary, turntable } from "./lib.js";

const { endpoint, ddb, folder, deploy, client, tableNames } = await open();

const described = async (TableName) => (await ddb.describeTable({ TableName })).Table;
const everything = async () => Promise.all((await tableNames()).map(described));

const keys = (...names) =>
  names.map((AttributeName, i) => ({ AttributeName, KeyType: i === 0 ? "HASH" : "RANGE" }));
const strings = (...names) => names.map((AttributeName) => ({ AttributeName, AttributeType: "S" }));
const ALL = { ProjectionType: "ALL" };

/** The properties of a table with the key `id`, and whatever else is given. */
const properties = (TableName, more = {}) => ({
  TableName,
  AttributeDefinitions: strings("id"),
  KeySchema: keys("id"),
  BillingMode: "PAY_PER_REQUEST",
  ...more,
});
const table = (TableName, more) => ({ Type: "AWS::DynamoDB::Table", Properties: properties(TableName, more) });

/** Deploys and expects it to be done; resolves with what it printed. */
async function deployed(...args) {
  const { code, stdout, stderr } = await deploy(...args);
  assert.equal(code, 0, stderr);
  return stdout;
}

/** Deploys and expects that it fails on the server with this reason, and is rolled back. */
async function failed(template, reason, name) {
  const { code, stdout, stderr } = await deploy(template, name);
  assert.equal(code, 1, stdout + stderr);
  assert.match(stderr, reason);
  assert.match(stderr, /^turntable: the stack \S+ is (UPDATE_)?ROLLBACK_COMPLETE/m);
}

// ---- right templates ----

test("a table with everything on it", async () => {
  const out = await deployed({
    Resources: {
      Everything: {
        Type: "AWS::DynamoDB::Table",
        DeletionPolicy: "Delete",
        Properties: {
          TableName: "Everything",
          AttributeDefinitions: [...strings("pk", "sk", "other"), { AttributeName: "when", AttributeType: "N" }],
          KeySchema: keys("pk", "sk"),
          BillingMode: "PROVISIONED",
          ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: "6" },
          GlobalSecondaryIndexes: [
            {
              IndexName: "byOther",
              KeySchema: keys("other", "when"),
              Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["title"] },
              ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 },
            },
          ],
          LocalSecondaryIndexes: [
            { IndexName: "byTime", KeySchema: keys("pk", "when"), Projection: { ProjectionType: "KEYS_ONLY" } },
          ],
          DeletionProtectionEnabled: true,
          TableClass: "STANDARD_INFREQUENT_ACCESS",
          StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
        },
      },
    },
  });
  assert.match(out, /Everything/);
  const made = await described("Everything");
  assert.equal(made.TableStatus, "ACTIVE");
  assert.deepEqual(made.KeySchema, keys("pk", "sk"));
  assert.equal(made.ProvisionedThroughput.ReadCapacityUnits, 5);
  assert.equal(made.ProvisionedThroughput.WriteCapacityUnits, 6);
  const [global] = made.GlobalSecondaryIndexes;
  assert.deepEqual(global.KeySchema, keys("other", "when"));
  assert.deepEqual(global.Projection, { ProjectionType: "INCLUDE", NonKeyAttributes: ["title"] });
  assert.equal(global.ProvisionedThroughput.WriteCapacityUnits, 2);
  assert.deepEqual(made.LocalSecondaryIndexes[0].KeySchema, keys("pk", "when"));
  assert.equal(made.DeletionProtectionEnabled, true);
  assert.equal(made.TableClassSummary.TableClass, "STANDARD_INFREQUENT_ACCESS");
  assert.deepEqual(made.StreamSpecification, { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" });
  await ddb.updateTable({ TableName: "Everything", DeletionProtectionEnabled: false });
});

test("YAML with short tags, comments and block text", async () => {
  await deployed(
    `# A template as people write it.
AWSTemplateFormatVersion: '2010-09-09'
Description: >-
  Two tables,
  and more.
Parameters:
  Stage:
    Type: String
    Default: beta
Resources:
  Albums:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub '\${Stage}-albums-\${AWS::Region}'
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - {AttributeName: id, AttributeType: S}
        - AttributeName: year   # a number
          AttributeType: N
      KeySchema:
        - AttributeName: id
          KeyType: HASH
        - AttributeName: year
          KeyType: RANGE
  Labels:
    Type: AWS::DynamoDB::Table
    DependsOn: Albums
    Properties:
      TableName: !Join ['-', [!Ref Albums, 'labels', !Ref 'AWS::AccountId']]
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}, {AttributeName: year, AttributeType: N}]
      KeySchema: [{AttributeName: id, KeyType: HASH}, {AttributeName: year, KeyType: RANGE}]
Outputs:
  Arn:
    Value: !GetAtt Albums.Arn
`,
    "template.yaml",
  );
  const names = (await tableNames()).filter((n) => n.startsWith("beta-"));
  assert.deepEqual(names, ["beta-albums-us-east-1", "beta-albums-us-east-1-labels-000000000000"]);
  assert.deepEqual((await described(names[1])).KeySchema, keys("id", "year"));
});

test("the functions and the pseudo parameters, in JSON", async () => {
  await deployed({
    Parameters: { Prefix: { Type: "String", Default: "fn" }, Units: { Type: "Number", Default: 3 } },
    Resources: {
      First: table({ "Fn::Join": ["-", [{ Ref: "Prefix" }, { Ref: "AWS::Partition" }, { Ref: "AWS::Region" }]] }),
      Second: table({ "Fn::Sub": ["${Prefix}-${What}-${AWS::AccountId}", { What: { Ref: "AWS::URLSuffix" } }] }),
      Third: table({ "Fn::Sub": "${First}-third" }, { BillingMode: "PROVISIONED", ProvisionedThroughput: { ReadCapacityUnits: { Ref: "Units" }, WriteCapacityUnits: 1 } }),
    },
  });
  const names = (await tableNames()).filter((n) => n.startsWith("fn-"));
  assert.deepEqual(names, ["fn-amazonaws.com-000000000000", "fn-aws-us-east-1", "fn-aws-us-east-1-third"]);
  assert.equal((await described("fn-aws-us-east-1-third")).ProvisionedThroughput.ReadCapacityUnits, 3);
});

test("a table without a name gets one, and the same one the next time", async () => {
  const before = await tableNames();
  const template = { Resources: { Nameless: table(undefined) } };
  await deployed(template);
  const added = (await tableNames()).filter((n) => !before.includes(n));
  assert.equal(added.length, 1);
  assert.match(added[0], /Nameless/);
  await deployed(template);
  assert.equal((await tableNames()).length, before.length + 1);
});

test("what is recorded and not run is named, and so is what a resource cannot have here", async () => {
  const out = await deployed({
    Resources: {
      Alone: table("Alone", { ContributorInsightsSpecification: { Enabled: true } }),
      Worker: { Type: "AWS::Lambda::Function", Properties: { Code: { ZipFile: "x" }, Role: "arn:aws:iam::000000000000:role/r" } },
      Own: { Type: "Custom::Thing", Properties: { ServiceToken: { "Fn::GetAtt": ["Worker", "Arn"] } } },
    },
  });
  assert.match(out, /^ {2}Worker +created: AWS::Lambda::Function .*; Recorded and not run/m);
  assert.match(out, /^ {2}Alone +created: .*ContributorInsightsSpecification$/m);
  assert.match(out, /^3 resources: .*; 2 recorded and not run: Own, Worker$/m);
  assert.equal((await described("Alone")).TableStatus, "ACTIVE");
});

test("a nested stack whose template is nowhere fails, and takes the rest back", async () => {
  const before = await tableNames();
  const { code, stdout, stderr } = await deploy({
    Resources: {
      Beside: table("Beside"),
      Nested: { Type: "AWS::CloudFormation::Stack", DependsOn: "Beside", Properties: { TemplateURL: "https://s3.us-east-1.amazonaws.com/nobodys/t.json" } },
    },
  });
  assert.equal(code, 1, stdout);
  assert.match(stderr, /^turntable: Nested \(AWS::CloudFormation::Stack\): /m);
  assert.match(stderr, /^turntable: the stack Beside is ROLLBACK_COMPLETE/m);
  assert.deepEqual(await tableNames(), before);
});

test("the assembly of a whole Amplify app", async () => {
  const out = await deployed(here("fixtures/amplify-app"));
  const names = musicTables.map((t) => t.name);
  const made = (await everything()).filter((t) => names.includes(t.TableName));
  assert.deepEqual(made.map(summary), musicTables);
  assert.match(out, /^14 resources: 14 created, /m, "with the nested stack and what it has");
});

// ---- updates ----

const index = (IndexName, name, Projection = ALL) => ({ IndexName, KeySchema: keys(name), Projection });

test("indexes are added, one in an update, and filled; and removed", async () => {
  const TableName = "Growing";
  await deployed({ Resources: { Growing: table(TableName) } });
  await ddb.putItem({ TableName, Item: { id: { S: "1" }, a: { S: "x" }, b: { S: "y" }, c: { S: "z" } } });

  const withIndexes = (...names) =>
    table(TableName, {
      AttributeDefinitions: strings("id", ...names),
      ...(names.length && { GlobalSecondaryIndexes: names.map((n) => index(`by-${n}`, n)) }),
    });
  await failed({ Resources: { Growing: withIndexes("a", "b") } }, /Cannot perform more than one GSI creation or deletion in a single update/);
  for (const names of [["a"], ["a", "b"]]) await deployed({ Resources: { Growing: withIndexes(...names) } });
  for (const [name, value] of [["a", "x"], ["b", "y"]]) {
    const { Items } = await ddb.query({
      TableName,
      IndexName: `by-${name}`,
      KeyConditionExpression: `${name} = :v`,
      ExpressionAttributeValues: { ":v": { S: value } },
    });
    assert.equal(Items.length, 1);
  }

  await failed({ Resources: { Growing: withIndexes("a", "c") } }, /Cannot perform more than one GSI creation or deletion in a single update/);
  assert.deepEqual((await described(TableName)).GlobalSecondaryIndexes.map((i) => i.IndexName).sort(), ["by-a", "by-b"]);
  for (const names of [["a"], []]) await deployed({ Resources: { Growing: withIndexes(...names) } });
  const at_last = await described(TableName);
  assert.equal(at_last.GlobalSecondaryIndexes, undefined);
  assert.deepEqual(at_last.AttributeDefinitions, strings("id"));
  assert.ok((await ddb.getItem({ TableName, Key: { id: { S: "1" } } })).Item, "the items stay");
});

test("billing, throughput, protection, class and streams are changed in place", async () => {
  const TableName = "Changing";
  await deployed({ Resources: { Changing: table(TableName) } });
  const { TableId } = await described(TableName);
  await deployed({
    Resources: {
      Changing: table(TableName, {
        BillingMode: "PROVISIONED",
        ProvisionedThroughput: { ReadCapacityUnits: 7, WriteCapacityUnits: 8 },
        DeletionProtectionEnabled: true,
        TableClass: "STANDARD_INFREQUENT_ACCESS",
        StreamSpecification: { StreamViewType: "KEYS_ONLY" },
      }),
    },
  });
  const changed = await described(TableName);
  assert.equal(changed.TableId, TableId);
  assert.equal(changed.ProvisionedThroughput.ReadCapacityUnits, 7);
  assert.equal(changed.DeletionProtectionEnabled, true);
  assert.equal(changed.TableClassSummary.TableClass, "STANDARD_INFREQUENT_ACCESS");
  assert.equal(changed.StreamSpecification.StreamViewType, "KEYS_ONLY");

  await deployed({ Resources: { Changing: table(TableName) } });
  const back = await described(TableName);
  assert.equal(back.TableId, TableId);
  assert.equal(back.BillingModeSummary.BillingMode, "PAY_PER_REQUEST");
  assert.equal(back.DeletionProtectionEnabled, false);
});

test("time to live, recovery, tags and the resource policy are set, changed and ended", async () => {
  const TableName = "Settings";
  const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`;
  const policy = (Action) => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" } }, Action, Resource: arn }],
  });
  const settings = async () => {
    const { TimeToLiveDescription } = await ddb.describeTimeToLive({ TableName });
    const { ContinuousBackupsDescription } = await ddb.describeContinuousBackups({ TableName });
    const { Tags } = await ddb.listTagsOfResource({ ResourceArn: arn });
    const got = await ddb.getResourcePolicy({ ResourceArn: arn }).catch((error) => error.name);
    return {
      expiry: TimeToLiveDescription,
      recovery: ContinuousBackupsDescription.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
      days: ContinuousBackupsDescription.PointInTimeRecoveryDescription?.RecoveryPeriodInDays,
      tags: Object.fromEntries(Tags.filter((t) => !t.Key.startsWith("aws:")).map((t) => [t.Key, t.Value])),
      policy: got.Policy ? JSON.parse(got.Policy).Statement[0].Action : got,
    };
  };
  const template = (more) => ({ Resources: { Settings: table(TableName, more) } });
  const first = template({
    TimeToLiveSpecification: { AttributeName: "until", Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: "7" },
    Tags: [{ Key: "team", Value: { Ref: "AWS::StackName" } }, { Key: "old", Value: "" }],
    ResourcePolicy: { PolicyDocument: policy("dynamodb:GetItem") },
  });
  await deployed(first);
  assert.deepEqual(await settings(), {
    expiry: { TimeToLiveStatus: "ENABLED", AttributeName: "until" },
    recovery: "ENABLED",
    days: 7,
    tags: { team: "Settings", old: "" },
    policy: "dynamodb:GetItem",
  });
  assert.match(await deployed(first), /^No changes in the stack Settings$/m);

  await deployed(
    template({
      TimeToLiveSpecification: { AttributeName: "gone", Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      Tags: [{ Key: "team", Value: "b" }, { Key: "new", Value: "x" }],
      ResourcePolicy: { PolicyDocument: policy("dynamodb:Query") },
    }),
  );
  assert.deepEqual(await settings(), {
    expiry: { TimeToLiveStatus: "ENABLED", AttributeName: "gone" },
    recovery: "ENABLED",
    days: 35,
    tags: { team: "b", new: "x" },
    policy: "dynamodb:Query",
  });

  await deployed(template());
  assert.deepEqual(await settings(), {
    expiry: { TimeToLiveStatus: "DISABLED" },
    recovery: "DISABLED",
    days: undefined,
    tags: {},
    policy: "PolicyNotFoundException",
  });
});

// ---- wrong templates ----

/**
 * Expects a refusal that says all of these words (or patterns), and that nothing has changed. A sound table stands first
 * in each template: it must not have been made.
 */
async function refused(template, words, name) {
  const before = await everything();
  const { code, stdout, stderr } = await deploy(template, name);
  assert.equal(code, 1, `exit code ${code}; ${stdout}${stderr}`);
  for (const word of words) {
    assert.ok(word instanceof RegExp ? word.test(stderr) : stderr.includes(word), `${word} is not in: ${stderr}`);
  }
  assert.ok(stderr.length < 4000, "a short answer, even to a long template");
  assert.deepEqual(await everything(), before);
}

const beside = (properties, Type = "AWS::DynamoDB::Table") => ({
  Resources: { Sound: table("NeverMade"), Wrong: { Type, Properties: properties } },
});

const wrong = [
  ["an unknown property", properties("Wro", { TabelName: "Wro" }), ["Wrong", "TabelName"]],
  ["an unknown property deep inside", properties("Wro", { KeySchema: [{ AttributeName: "id", KeyType: "HASH", KeyKind: "x" }] }), ["Wrong", "KeySchema", "KeyKind"]],
  ["no key schema", { TableName: "Wro", AttributeDefinitions: strings("id"), BillingMode: "PAY_PER_REQUEST" }, ["Wrong", "KeySchema"]],
  ["no attribute definitions", { TableName: "Wro", KeySchema: keys("id"), BillingMode: "PAY_PER_REQUEST" }, ["Wrong", "AttributeDefinitions"]],
  ["a key that is not defined", properties("Wro", { KeySchema: keys("ident") }), ["Wrong", "ident"]],
  ["a definition that no key uses", properties("Wro", { AttributeDefinitions: strings("id", "spare") }), ["Wrong", "AttributeDefinitions"]],
  ["an attribute type that does not exist", properties("Wro", { AttributeDefinitions: [{ AttributeName: "id", AttributeType: "STRING" }] }), ["Wrong", "AttributeType", "STRING"]],
  ["a billing mode that does not exist", properties("Wro", { BillingMode: "ON_DEMAND" }), ["Wrong", "BillingMode", "ON_DEMAND"]],
  ["provisioned billing without throughput", properties("Wro", { BillingMode: "PROVISIONED" }), ["Wrong", "ProvisionedThroughput"]],
  ["a list where text belongs", properties(["Wro"]), ["Wrong", "TableName"]],
  ["text where a list belongs", properties("Wro", { KeySchema: "id" }), ["Wrong", "KeySchema"]],
  ["a name that is too short", properties("W"), ["Wrong", "TableName"]],
  ["a name with a wrong character", properties("W rong"), ["Wrong", "TableName"]],
  ["an index without a projection", properties("Wro", { GlobalSecondaryIndexes: [{ IndexName: "idx", KeySchema: keys("id") }] }), ["Wrong", "GlobalSecondaryIndexes", "Projection"]],
  ["an index on an attribute that is not defined", properties("Wro", { GlobalSecondaryIndexes: [index("idx", "missing")] }), ["Wrong", "missing"]],
  ["two indexes of one name", properties("Wro", { GlobalSecondaryIndexes: [index("idx", "id"), index("idx", "id")] }), ["Wrong", "idx"]],
  ["a reference to nothing", properties({ Ref: "Nobody" }), ["Wrong", "TableName", "Nobody"]],
  ["an attribute that a table does not have", properties({ "Fn::GetAtt": ["Sound", "Colour"] }), ["Wrong", "TableName", "Colour"]],
  ["a substitution of nothing", properties({ "Fn::Sub": "x-${Nobody}" }), ["Wrong", "TableName", "Nobody"]],
  ["a reference to itself", properties({ Ref: "Wrong" }), ["Wrong", "Circular"]],
  ["what another stack exports", properties({ "Fn::ImportValue": "x" }), [/No export named x found/]],
  ["a function that is not known", properties({ "Fn::Nothing": "x" }), ["Wrong", "TableName", "Fn::Nothing"]],
  ["a malformed join", properties({ "Fn::Join": "-" }), ["Wrong", "TableName", "Fn::Join"]],
  ["no replica of a global table here", properties("Wro", { Replicas: [] }), ["Wrong", "Replicas"], "AWS::DynamoDB::GlobalTable"],
  ["a property that only the other kind of table has", properties("Wro", { Replicas: [{ Region: "us-east-1" }] }), ["Wrong", "Replicas"]],
  ["the name that another resource has", properties("NeverMade"), ["Wrong", "NeverMade"]],
];

for (const [what, given, words, type] of wrong) {
  test(`refused: ${what}`, () => refused(beside(given, type), words));
}

test("refused: resources that refer to each other in a circle", () =>
  refused({ Resources: { Sound: table("NeverMade"), One: table({ Ref: "Two" }), Two: table({ Ref: "One" }) } }, [/One|Two/, /circular/i]));

test("refused: a parameter without a value", () =>
  refused({ Parameters: { Name: { Type: "String" } }, Resources: { Wrong: table({ Ref: "Name" }) } }, ["Name"]));

test("refused: a resource without a type", () => refused({ Resources: { Sound: table("NeverMade"), Wrong: {} } }, ["Wrong", "Type"]));

const replacing = /^turntable: Fixed \(AWS::DynamoDB::Table\): CloudFormation cannot update a stack when a custom-named resource requires replacing\. Rename (\S+) and update the stack again\./m;

test("another key is another table: refused while the template names it, and else made beside the old one, which goes", async () => {
  const sorted = { AttributeDefinitions: strings("id", "sort"), KeySchema: keys("id", "sort") };
  await deployed({ Resources: { Fixed: table("Fixed") } });
  const { TableId } = await described("Fixed");
  await failed({ Resources: { Fixed: table("Fixed", sorted), Beside: table("Beside") } }, replacing);
  assert.equal((await described("Fixed")).TableId, TableId);
  assert.ok(!(await tableNames()).includes("Beside"));

  const named = async () => (await tableNames()).filter((name) => name.startsWith("Loose-"));
  await deployed({ Resources: { Loose: table(undefined) } });
  const before = await named();
  await deployed({ Resources: { Loose: table(undefined, sorted) } });
  const after = await named();
  assert.deepEqual([before.length, after.length], [1, 1]);
  assert.notEqual(after[0], before[0]);
  assert.deepEqual((await described(after[0])).KeySchema, keys("id", "sort"));
});

test("a local index is made with its table: one that is added makes it another table", async () => {
  const own = { AttributeDefinitions: strings("id", "sort"), KeySchema: keys("id", "sort") };
  await deployed({ Resources: { Fixed: table("FixedToo", own) } }, "local.json");
  const more = {
    ...own,
    AttributeDefinitions: strings("id", "sort", "other"),
    LocalSecondaryIndexes: [{ IndexName: "late", KeySchema: keys("id", "other"), Projection: ALL }],
  };
  await failed({ Resources: { Fixed: table("FixedToo", more) } }, replacing, "local.json");
  assert.equal((await described("FixedToo")).LocalSecondaryIndexes, undefined);
});

test("parameters take what the command line gives", async () => {
  const file = path.join(folder, "parameters.json");
  const Parameters = {
    Name: { Type: "String", Default: "unnamed" },
    Stage: { Type: "String", AllowedValues: ["dev", "prod"], AllowedPattern: "[a-z]+" },
  };
  writeFileSync(file, JSON.stringify({ Parameters, Resources: { T: table({ "Fn::Sub": "${Name}-${Stage}" }) } }));
  const given = (...values) => client(["deploy", file, ...values.flatMap((value) => ["--parameter", value])]);

  for (const [values, code, message] of [
    [[], 1, "parameters.json: Parameters: [Stage] must have values"],
    [["Stage=test"], 1, "parameters.json: Parameter 'Stage' must be one of AllowedValues"],
    [["Stage=dev", "Colour=red"], 1, "Parameters: [Colour] do not exist in the template"],
    [["Stage"], 2, "turntable: --parameter needs NAME=VALUE, not 'Stage'"],
    [["=x"], 2, "turntable: --parameter needs NAME=VALUE, not '=x'"],
  ]) {
    const answer = await given(...values);
    assert.equal(answer.code, code, answer.stderr);
    assert.ok(answer.stderr.includes(message), answer.stderr);
  }
  assert.equal((await client(["deploy", file, "--parameter"])).code, 2);
  assert.deepEqual((await tableNames()).filter((name) => /-(dev|prod|test)$/.test(name)), []);
  const done = await given("Stage=prod", "Name=a=b", "Name=named");
  assert.equal(done.code, 0, done.stderr);
  assert.equal((await client(["deploy", file, "--parameter=Stage=dev"])).code, 0);
  assert.deepEqual((await tableNames()).filter((name) => /-(dev|prod|test)$/.test(name)).sort(), ["unnamed-dev"], "a table with another name takes the place of the old one");
});

const unreadable = [
  ["an empty file", ""],
  ["text that is neither JSON nor YAML", "{ \"Resources\": [ \n"],
  ["YAML whose indentation is broken", "Resources:\n  A:\n   - b\n  c: d: e\n"],
  ["a list", "[]\n"],
  ["a template without resources", '{"Description":\n"nothing"}'],
  ["resources that are a list", '{"Resources":\n[]}'],
  ["bytes that are not text", Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x0a, 0x7d])],
  ["nesting without end", "[".repeat(200_000) + "\n"],
  ["nesting without end, in YAML", "a:\n" + Array.from({ length: 3000 }, (_, i) => " ".repeat(i + 1) + "a:\n").join("")],
  [
    "aliases that grow and grow",
    "a: &a [x, x, x, x, x, x, x, x, x, x]\n" +
      "bcdefghijklm".split("").map((c, i) => `${c}: &${c} [${Array(10).fill(`*${"abcdefghijkl"[i]}`).join(", ")}]\n`).join("") +
      "Resources:\n  Wrong: *m\n",
  ],
];
for (const [what, text] of unreadable) {
  test(`refused: ${what}`, () => refused(text, [/\S/], "template.yaml"));
}

test("refused: a file that does not exist, and a folder that is no cdk.out", async () => {
  const empty = path.join(folder, "empty");
  mkdirSync(empty, { recursive: true });
  for (const [file, word] of [["/nowhere/template.json", "/nowhere/template.json"], [empty, "manifest.json"]]) {
    const { code, stderr } = await client(["deploy", file]);
    assert.equal(code, 1);
    assert.ok(stderr.includes(word), stderr);
  }
});

test("refused: an assembly whose manifest leads out of it", async () => {
  const out = path.join(folder, "cdk.out");
  mkdirSync(out, { recursive: true });
  writeFileSync(path.join(folder, "outside.json"), JSON.stringify({ Resources: { Outside: table("Outside") } }));
  const artifacts = { S: { type: "aws:cloudformation:stack", properties: { templateFile: "../outside.json" } } };
  writeFileSync(path.join(out, "manifest.json"), JSON.stringify({ version: "55.0.0", artifacts }));
  const { code } = await client(["deploy", out]);
  assert.equal(code, 1);
  assert.ok(!(await tableNames()).includes("Outside"));
});

test("nobody is deployed to where no server is", async () => {
  const { code, stderr } = await turntable(["deploy", here("../../examples/music/template.json")], {
    env: clientEnvironment("http://127.0.0.1:1"),
  });
  assert.equal(code, 1);
  assert.match(stderr, /127\.0\.0\.1:1/);
});

test("refused: wrong keys", async () => {
  const { code, stderr } = await turntable(["deploy", here("../../examples/music/template.json")], {
    env: clientEnvironment(endpoint, { AWS_SECRET_ACCESS_KEY: "wrong" }),
  });
  assert.equal(code, 1);
  assert.match(stderr, /SignatureDoesNotMatch/);
});
