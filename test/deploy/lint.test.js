// turntable iam lint: what policies can never do, in documents, templates and cdk.out folders; and that deploy says it too.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { clientEnvironment, here, open, temporaryFolder, turntable } from "./lib.js";

const { endpoint, ddb, deploy } = await open();
const folder = temporaryFolder();

const userName =
  "On AWS no role's session has a user name; here those of identity pools have one, unless the server runs with --strict-iam.";
const forPools = `${userName} Use cognito-identity.amazonaws.com:sub.`;
const forRoles = `${userName} Use aws:userid, or a tag: aws:PrincipalTag/... .`;
const noAction = "DynamoDB has no such action. Is it dynamodb:GetItem?";

function write(name, content) {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  return name;
}

/** Runs `turntable iam lint`; the server is there, unless `where` names another. */
const run = (files, where = endpoint) => turntable(["iam", "lint", ...files], { env: clientEnvironment(where), cwd: folder });

async function warns(content, lines, name = "t.json") {
  const { code, stdout, stderr } = await run([typeof content === "string" && !content.includes("\n") ? content : write(name, content)]);
  assert.equal(stderr, "");
  assert.deepEqual(stdout.split("\n").filter(Boolean), lines);
  assert.equal(code, lines.length > 0 ? 3 : 0);
}

const document = (...statements) => ({ Version: "2012-10-17", Statement: statements });
const allow = (Action, Resource = "*", more = {}) => ({ Effect: "Allow", Action, Resource, ...more });
const getAtt = (...names) => ({ "Fn::GetAtt": names });
const ref = (Ref) => ({ Ref });
const trust = (Principal, more = {}) => document({ Effect: "Allow", Principal, Action: "sts:AssumeRole", ...more });
const poolTrust = document({
  Effect: "Allow",
  Principal: { Federated: "cognito-identity.amazonaws.com" },
  Action: "sts:AssumeRoleWithWebIdentity",
  Condition: { StringEquals: { "cognito-identity.amazonaws.com:aud": ref("Pool") } },
});
const lambdaTrust = trust({ Service: "lambda.amazonaws.com" });
const inline = (PolicyName, PolicyDocument) => ({ PolicyName, PolicyDocument });
const resource = (name, Properties = {}) => ({ Type: `AWS::${name}`, Properties });
const role = (AssumeRolePolicyDocument, ...Policies) => resource("IAM::Role", { AssumeRolePolicyDocument, Policies });
const typo = document(allow("dynamodb:GetItems"));
const ofUser = document(allow("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/Notes-${aws:username}"));

const table = (TableName, ...indexes) =>
  resource("DynamoDB::Table", {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((IndexName) => ({
        IndexName,
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        Projection: { ProjectionType: "ALL" },
      })),
    }),
  });

describe("a policy document", () => {
  test("is clean, or has warnings, each in a line", async () => {
    await warns(document(allow("dynamodb:GetItem")), []);
    await warns(document(allow("s3:GetObject"), allow("dynamodb:GetItems", "*", { Sid: "Read" })), [
      `t.json: statement 2 (Read), Action, dynamodb:GetItems: ${noAction}`,
    ]);
  });

  test("may be of a user, whose name is known", () => warns(ofUser, []));

  test("may be a trust policy or one of a table", async () => {
    await warns(lambdaTrust, []);
    await warns(document({ ...allow("dynamodb:GetItems"), Principal: "*" }), [`t.json: statement 1, Action, dynamodb:GetItems: ${noAction}`]);
  });

  test("is held against the tables of the server", async () => {
    const { Properties } = table("Held", "byId");
    await ddb.createTable(Properties);
    const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/";
    const asks = document(allow(["dynamodb:GetItem", "dynamodb:Query"], [`${arn}Held`, `${arn}Held/index/byId`, `${arn}Held/index/byOwner`, `${arn}None`]));
    const wrong = "t.json: statement 1, Resource,";
    await warns(asks, [
      `${wrong} ${arn}Held/index/byOwner: The table has no such index. Create it, or correct its name.`,
      `${wrong} ${arn}None: There is no such table on the server. Create it, or correct its name.`,
    ]);
    // Without a server nothing is said of tables, but that nobody was asked.
    const { code, stdout, stderr } = await run(["t.json"], "http://127.0.0.1:1");
    assert.deepEqual([code, stdout], [0, ""]);
    assert.match(stderr, /127\.0\.0\.1:1.*: which tables and indexes there are is not checked\n$/);
  });

  test("that is none is told with the reason", async () => {
    const { code, stdout } = await run([write("none.json", { Version: "2012-10-17", Statement: [{ Effect: "Maybe" }] })]);
    assert.equal(code, 1);
    assert.match(stdout, /^none\.json: .+\n$/);
  });
});

describe("a template", () => {
  test("has policies of every kind, and none is passed over", () =>
    warns(
      {
        Resources: {
          Worker: role(lambdaTrust, inline("own", typo), inline("name", ofUser)),
          Ana: resource("IAM::User", { Policies: [inline("own", typo), inline("name", ofUser)] }),
          Team: resource("IAM::Group", { Policies: [inline("own", typo)] }),
          Alone: resource("IAM::Policy", { PolicyName: "alone", PolicyDocument: typo, Roles: [ref("Worker")] }),
          Managed: resource("IAM::ManagedPolicy", { PolicyDocument: typo }),
          OfUser: resource("IAM::UserPolicy", { PolicyName: "p", UserName: ref("Ana"), PolicyDocument: typo }),
          OfGroup: resource("IAM::GroupPolicy", { PolicyName: "p", GroupName: ref("Team"), PolicyDocument: typo }),
          OfRole: resource("IAM::RolePolicy", { PolicyName: "p", RoleName: ref("Worker"), PolicyDocument: ofUser }),
          Notes: {
            ...table("Notes"),
            Properties: {
              ...table("Notes").Properties,
              ResourcePolicy: { PolicyDocument: document({ ...allow("dynamodb:GetItems"), Principal: "*" }) },
            },
          },
        },
      },
      [
        `t.json: Worker/own: statement 1, Action, dynamodb:GetItems: ${noAction}`,
        `t.json: Worker/name: statement 1, Resource, \${aws:username}: ${forRoles}`,
        `t.json: Ana/own: statement 1, Action, dynamodb:GetItems: ${noAction}`,
        `t.json: Team/own: statement 1, Action, dynamodb:GetItems: ${noAction}`,
        `t.json: Alone: statement 1, Action, dynamodb:GetItems: ${noAction}`,
        `t.json: Managed: statement 1, Action, dynamodb:GetItems: ${noAction}`,
        `t.json: OfUser: statement 1, Action, dynamodb:GetItems: ${noAction}`,
        `t.json: OfGroup: statement 1, Action, dynamodb:GetItems: ${noAction}`,
        `t.json: OfRole: statement 1, Resource, \${aws:username}: ${forRoles}`,
        `t.json: Notes/ResourcePolicy: statement 1, Action, dynamodb:GetItems: ${noAction}`,
      ],
    ));

  test("knows the roles of identity pools, however a policy comes to them", () =>
    warns(
      {
        Resources: {
          Pool: resource("Cognito::IdentityPool"),
          Named: resource("IAM::ManagedPolicy", { PolicyDocument: ofUser }),
          Given: resource("IAM::ManagedPolicy", { PolicyDocument: ofUser, Roles: [ref("Signed")] }),
          OfBoth: resource("IAM::Policy", { PolicyName: "p", PolicyDocument: ofUser, Roles: [ref("Signed"), "elsewhere"] }),
          OfAll: resource("IAM::Policy", { PolicyName: "p", PolicyDocument: ofUser, Roles: [ref("Signed")], Users: ["ana"] }),
          Nobody: resource("IAM::ManagedPolicy", { PolicyDocument: ofUser }),
          Signed: resource("IAM::Role", { AssumeRolePolicyDocument: poolTrust, ManagedPolicyArns: [ref("Named")] }),
        },
      },
      [
        `t.json: Named: statement 1, Resource, \${aws:username}: ${forPools}`,
        `t.json: Given: statement 1, Resource, \${aws:username}: ${forPools}`,
        `t.json: OfBoth: statement 1, Resource, \${aws:username}: ${forRoles}`,
      ],
    ));

  test("tells itself which tables and indexes it has, and its functions are evaluated", () =>
    warns(
      `Parameters:
  Stage: {Type: String, Default: dev}
Conditions:
  Never: !Equals [a, b]
Resources:
  Track:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub "Track-\${Stage}"
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      StreamSpecification: {StreamViewType: NEW_IMAGE}
      GlobalSecondaryIndexes:
        - {IndexName: byId, KeySchema: [{AttributeName: id, KeyType: HASH}], Projection: {ProjectionType: ALL}}
  Gone:
    Type: AWS::IAM::ManagedPolicy
    Condition: Never
    Properties: {PolicyDocument: {Version: 2012-10-17, Statement: {Effect: Allow, Action: dynamodb:GetItems, Resource: "*"}}}
  Bucket: {Type: AWS::S3::Bucket}
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Sid: Read
            Effect: Allow
            Action: [dynamodb:Query, s3:GetObject]
            Resource:
              - !GetAtt Track.Arn
              - !Sub "\${Track.Arn}/index/byId"
              - !Join ["", [!GetAtt Track.Arn, /index/byOwner]]
              - !If [Never, "arn:aws:dynamodb:*:*:table/One", "arn:aws:dynamodb:*:*:table/Other"]
              - !Sub "\${Bucket.Arn}/*"
          - Effect: Allow
            Action: dynamodb:GetRecords
            Resource: !GetAtt Track.StreamArn
          - Effect: Allow
            Action: dynamodb:GetItem
            Resource: !ImportValue OfAnotherStack
            Condition: {ArnLike: {aws:SourceArn: !GetAtt Bucket.Arn}, DateLessThan: {aws:CurrentTime: !ImportValue When}}
`,
      [
        "t.yaml: Policy: statement 1 (Read), Resource, arn:aws:dynamodb:us-east-1:000000000000:table/Track-dev/index/byOwner: The table has no such index. Create it, or correct its name.",
        "t.yaml: Policy: statement 1 (Read), Resource, arn:aws:dynamodb:*:*:table/Other: There is no such table in the template. Create it, or correct its name.",
      ],
      "t.yaml",
    ));

  test("that cannot be read is told with the reason", async () => {
    for (const [content, message] of [
      ["Resources: [", /^turntable: wrong\.yaml: .*\(line \d+, column \d+\)/],
      ["Resources: {A: {Type: AWS::IAM::User, Properties: {UserName: !Ref None}}}\n", /^turntable: wrong\.yaml: .*\[None\].* \(Resources\.A\.Properties\.UserName\)/],
    ]) {
      const { code, stdout, stderr } = await run([write("wrong.yaml", content)]);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, message);
    }
    const { code, stderr } = await run(["missing.json"]);
    assert.deepEqual([code, stderr], [1, "turntable: missing.json: No such file or directory\n"]);
  });

  test("does not keep others from being read", async () => {
    const { code, stdout } = await run(["missing.json", write("typo.json", typo)]);
    assert.deepEqual([code, stdout], [1, `typo.json: statement 1, Action, dynamodb:GetItems: ${noAction}\n`]);
  });
});

describe("a cdk.out folder", () => {
  test("has policies in nested stacks, whose roles may stand in others", () => {
    const nested = (name, Parameters = {}) => ({
      Type: "AWS::CloudFormation::Stack",
      Properties: { TemplateURL: "unknown", Parameters },
      Metadata: { "aws:asset:path": `${name}.nested.template.json` },
    });
    write("out/manifest.json", {
      version: "36.0.0",
      artifacts: { App: { type: "aws:cloudformation:stack", properties: { templateFile: "App.template.json" } } },
    });
    write("out/App.template.json", {
      Resources: {
        Auth: nested("auth"),
        Data: nested("data", { Signed: getAtt("Auth", "Outputs.Signed") }),
      },
    });
    write("out/auth.nested.template.json", {
      Resources: { Pool: resource("Cognito::IdentityPool"), Role: role(poolTrust) },
      Outputs: { Signed: { Value: ref("Role") } },
    });
    write("out/data.nested.template.json", {
      Parameters: { Signed: { Type: "String" } },
      Resources: {
        Notes: table("Notes"),
        Policy: resource("IAM::Policy", {
          PolicyName: "p",
          Roles: [ref("Signed")],
          PolicyDocument: document(
            allow("dynamodb:PutItem", getAtt("Notes", "Arn"), {
              Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["${aws:username}"] } },
            }),
            allow(["dynamodb:GetItem", "dynamodb:Query"], [getAtt("Notes", "Arn"), { "Fn::Sub": "${Notes.Arn}/index/*" }]),
          ),
        }),
      },
    });
    return warns("out", [
      `data.nested.template.json: Policy: statement 1, Condition, \${aws:username}: ${forPools}`,
      "data.nested.template.json: Policy: statement 2, Resource, arn:aws:dynamodb:us-east-1:000000000000:table/Notes/index/*: The table has no indexes. Remove it, or add an index.",
    ]);
  });

  test("of an Amplify app is clean", () => warns(here("fixtures/amplify-app"), []));
});

test("deploy warns after its summary, and does not fail", async () => {
  const { code, stdout, stderr } = await deploy({ Resources: { Told: table("Told"), Worker: role(lambdaTrust, inline("own", typo)) } }, "deployed.json");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /\n2 resources: 2 created, 0 updated, 0 unchanged\nwarning: deployed\.json: Worker\/own: statement 1, Action, dynamodb:GetItems: DynamoDB has no such action\. Is it dynamodb:GetItem\?\n$/);
});

test("a command line without a file is wrong", async () => {
  const { code, stderr } = await run([]);
  assert.equal(code, 2);
  assert.match(stderr, /^turntable iam lint: a FILE is missing\n/);
});
