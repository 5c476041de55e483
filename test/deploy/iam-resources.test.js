// Does `turntable deploy` make the users, groups, roles, policies and keys of a template, change what the template changes, and leave what others gave?

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { makeIam } from "../lib/iam.js";
import { region } from "../lib/server.js";
import { open } from "./lib.js";

const { endpoint, ddb, deploy } = await open();
const iam = makeIam(endpoint);
const account = "000000000000";

const document = (Action, Resource, more) => ({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource, ...more }] });
const trust = (Principal) => ({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal }] });
const Ref = (name) => ({ Ref: name });
const GetAtt = (...path) => ({ "Fn::GetAtt": path });
const resource = (type, Properties = {}) => ({ Type: `AWS::IAM::${type}`, Properties });
const table = {
  Type: "AWS::DynamoDB::Table",
  Properties: {
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
    StreamSpecification: { StreamViewType: "KEYS_ONLY" },
  },
};

const read = (text) => JSON.parse(decodeURIComponent(text));

/** Deploys and expects it to be done; resolves with { printed, done: { LogicalId: "created" } }: what does not change is not told. */
async function deployed(Resources, name = "app.json") {
  const { code, stdout, stderr } = await deploy({ Resources }, name);
  assert.equal(code, 0, stderr);
  const lines = stdout.matchAll(/^ {2}(\S+) +(created|updated|removed)\b/gm);
  return { printed: stdout, done: Object.fromEntries([...lines].map(([, id, word]) => [id, word])) };
}

const all = (word, resources) => Object.fromEntries(Object.keys(resources).map((id) => [id, word]));

async function refused(Resources, name, ...words) {
  const { code, stdout, stderr } = await deploy({ Resources }, name);
  assert.equal(code, 1, stdout);
  for (const word of words) assert.ok(stderr.includes(word), `${word} is not in: ${stderr}`);
  return stderr;
}

describe("users, groups, roles and policies", () => {
  const app = {
    Team: resource("Group", { Path: "/teams/", Policies: [{ PolicyName: "list", PolicyDocument: document("dynamodb:ListTables", "*") }] }),
    Ana: resource("User", { UserName: "ana", Groups: [Ref("Team")], ManagedPolicyArns: [Ref("Stream")], Tags: [{ Key: "team", Value: "music" }] }),
    Ben: resource("User"),
    Members: resource("UserToGroupAddition", { GroupName: Ref("Team"), Users: [Ref("Ben")] }),
    Key: resource("AccessKey", { UserName: Ref("Ana") }),
    Worker: resource("Role", { RoleName: "worker", AssumeRolePolicyDocument: trust({ AWS: GetAtt("Ben", "Arn") }), Description: "works" }),
    Stream: resource("ManagedPolicy", { PolicyDocument: document("dynamodb:GetRecords", GetAtt("Table", "StreamArn")), Roles: [Ref("Worker")] }),
    Own: resource("Policy", {
      PolicyName: "own",
      Roles: [Ref("Worker")],
      Users: [Ref("Ana")],
      PolicyDocument: document("dynamodb:GetItem", GetAtt("Table", "Arn")),
    }),
    Profile: resource("InstanceProfile", { Roles: [Ref("Worker")] }),
    Accounts: resource("OIDCProvider", { Url: "https://accounts.example.com", ClientIdList: ["one"] }),
    Table: table,
  };

  test("are made, those that others refer to first, and stay as they are the next time", async () => {
    const first = await deployed(app);
    const { TableNames: [TableName] } = await ddb.listTables({});
    const { Table } = await ddb.describeTable({ TableName });
    assert.deepEqual(first.done, all("created", app));

    const { Role } = await iam.getRole({ RoleName: "worker" });
    const { Users } = await iam.listUsers({});
    const ben = Users.find((u) => u.UserName !== "ana");
    assert.match(ben.UserName, /^app-Ben-[A-Z2-7]{12}$/);
    assert.deepEqual(read(Role.AssumeRolePolicyDocument), trust({ AWS: ben.Arn }));
    assert.equal(Role.Description, "works");
    for (const got of [
      await iam.getRolePolicy({ RoleName: "worker", PolicyName: "own" }),
      await iam.getUserPolicy({ UserName: "ana", PolicyName: "own" }),
    ]) {
      assert.deepEqual(read(got.PolicyDocument), document("dynamodb:GetItem", Table.TableArn));
    }
    const { AttachedPolicies } = await iam.listAttachedRolePolicies({ RoleName: "worker" });
    assert.deepEqual((await iam.listAttachedUserPolicies({ UserName: "ana" })).AttachedPolicies, AttachedPolicies);
    const [{ PolicyArn }] = AttachedPolicies;
    assert.match(PolicyArn, new RegExp(`^arn:aws:iam::${account}:policy/app-Stream-[A-Z2-7]{12}$`));
    const { PolicyVersion } = await iam.getPolicyVersion({ PolicyArn, VersionId: "v1" });
    assert.deepEqual(read(PolicyVersion.Document), document("dynamodb:GetRecords", Table.LatestStreamArn));
    const { Groups } = await iam.listGroups({});
    assert.equal(Groups[0].Path, "/teams/");
    const members = (await iam.getGroup({ GroupName: Groups[0].GroupName })).Users.map((u) => u.UserName);
    assert.deepEqual(members.sort(), ["ana", ben.UserName].sort());
    assert.equal((await iam.listAccessKeys({ UserName: "ana" })).AccessKeyMetadata.length, 1);
    const { InstanceProfiles } = await iam.listInstanceProfiles({});
    assert.deepEqual(InstanceProfiles[0].Roles.map((r) => r.RoleName), ["worker"]);
    assert.equal((await iam.listOpenIDConnectProviders({})).OpenIDConnectProviderList.length, 1);

    const second = await deployed(app);
    assert.deepEqual(second.done, {});
    assert.match(second.printed, /^No changes in the stack app\n11 resources: 0 created, 0 updated, 11 unchanged$/m);
  });

  test("are changed where the template is another, and what others did by hand stays", async () => {
    const changed = structuredClone(app);
    changed.Worker.Properties.Description = "works more";
    changed.Worker.Properties.MaxSessionDuration = "7200";
    changed.Worker.Properties.AssumeRolePolicyDocument = trust({ Service: "lambda.amazonaws.com" });
    changed.Ana.Properties.Tags = [{ Key: "team", Value: "sound" }, { Key: "new", Value: "" }];
    changed.Key.Properties.Status = "Inactive";
    changed.Team.Properties.Path = "/all/";
    changed.Accounts.Properties.ClientIdList = ["two"];
    changed.Stream.Properties.PolicyDocument = document("dynamodb:*", "*");
    await iam.putUserPolicy({ UserName: "ana", PolicyName: "by-hand", PolicyDocument: JSON.stringify(document("s3:*", "*")) });
    const { done } = await deployed(changed);
    assert.deepEqual(done, Object.fromEntries(["Worker", "Ana", "Key", "Team", "Accounts", "Stream"].map((id) => [id, "updated"])));

    const { Role } = await iam.getRole({ RoleName: "worker" });
    assert.deepEqual([Role.Description, Role.MaxSessionDuration], ["works more", 7200]);
    assert.deepEqual(read(Role.AssumeRolePolicyDocument), trust({ Service: "lambda.amazonaws.com" }));
    const { Tags } = await iam.listUserTags({ UserName: "ana" });
    assert.deepEqual(Object.fromEntries(Tags.filter((t) => !t.Key.startsWith("aws:")).map((t) => [t.Key, t.Value])), { team: "sound", new: "" });
    assert.equal((await iam.listAccessKeys({ UserName: "ana" })).AccessKeyMetadata[0].Status, "Inactive");
    assert.equal((await iam.listGroups({})).Groups[0].Path, "/all/");
    const [{ PolicyArn }] = (await iam.listAttachedRolePolicies({ RoleName: "worker" })).AttachedPolicies;
    assert.equal((await iam.getPolicy({ PolicyArn })).Policy.DefaultVersionId, "v2");
    assert.deepEqual((await iam.listUserPolicies({ UserName: "ana" })).PolicyNames, ["by-hand", "own"], "what others gave stays");
    for (let i = 0; i < 6; i++) {
      changed.Stream.Properties.PolicyDocument = document("dynamodb:*", `arn:aws:dynamodb:*:*:table/${i}`);
      assert.equal((await deployed(changed)).done.Stream, "updated", "also when there are five versions");
    }
  });

  test("what cannot be changed in place is replaced if its name was made, and refused if it was given", async () => {
    const simple = {
      Named: resource("Role", { RoleName: "named", AssumeRolePolicyDocument: trust({ Service: "ec2.amazonaws.com" }) }),
      Nameless: resource("Role", {
        AssumeRolePolicyDocument: trust({ Service: "ec2.amazonaws.com" }),
        Policies: [{ PolicyName: "p", PolicyDocument: document("dynamodb:GetItem", "*") }],
      }),
      Uses: resource("Policy", { PolicyName: "uses", Roles: [Ref("Nameless")], PolicyDocument: document("dynamodb:Query", "*") }),
    };
    await deployed(simple, "simple.json");
    const nameless = async () => (await iam.listRoles({})).Roles.filter((r) => r.RoleName.startsWith("simple-Nameless"));
    const [before] = await nameless();

    const moved = structuredClone(simple);
    moved.Named.Properties.Path = "/elsewhere/";
    moved.Nameless.Properties.Path = "/elsewhere/";
    await refused(moved, "simple.json", "Named (AWS::IAM::Role): CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename named and update the stack again.", "the stack simple is UPDATE_ROLLBACK_COMPLETE");
    assert.deepEqual(await nameless(), [before]);

    delete moved.Named.Properties.Path;
    const { printed } = await deployed(moved, "simple.json");
    assert.match(printed, /^ {2}Nameless +updated: .*\n {2}Uses +updated: .*\n {2}Nameless +removed: AWS::IAM::Role (\S+),/m);
    const [after, ...more] = await nameless();
    assert.deepEqual(more, []);
    assert.equal(after.Path, "/elsewhere/");
    assert.notEqual(after.RoleName, before.RoleName);
    assert.deepEqual((await iam.listRolePolicies({ RoleName: after.RoleName })).PolicyNames, ["p", "uses"]);
  });
});

test("a secret key is known to its stack", async () => {
  const resources = {
    Cleo: resource("User", { UserName: "cleo" }),
    Second: resource("AccessKey", { UserName: "cleo" }),
    Told: resource("Role", {
      RoleName: "told",
      Description: GetAtt("Second", "SecretAccessKey"),
      AssumeRolePolicyDocument: trust({ Service: "ec2.amazonaws.com" }),
    }),
  };
  resources.Second.DependsOn = "Cleo";
  await deployed(resources, "secret.json");
  const [{ AccessKeyId: accessKeyId }] = (await iam.listAccessKeys({ UserName: "cleo" })).AccessKeyMetadata;
  const told = async () => (await iam.getRole({ RoleName: "told" })).Role;
  const { Description: secretAccessKey } = await told();
  await iam.putUserPolicy({ UserName: "cleo", PolicyName: "p", PolicyDocument: JSON.stringify(document("dynamodb:ListTables", "*")) });
  const cleo = new DynamoDB({ endpoint, region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 });
  assert.ok((await cleo.listTables({})).TableNames, "the secret is the key's");
  cleo.destroy();
  resources.Told.Properties.MaxSessionDuration = 7200;
  assert.deepEqual((await deployed(resources, "secret.json")).done, { Told: "updated" });
  assert.equal((await told()).Description, secretAccessKey, "in later updates too");
});

const wrong = [
  ["an unknown property", resource("Role", { AssumeRolePolicyDocument: trust({ AWS: "*" }), Rolename: "x" }), ["Wrong", "Rolename"]],
  ["no trust policy", resource("Role", {}), ["Wrong", "AssumeRolePolicyDocument", "is missing"]],
  ["a name with a wrong character", resource("User", { UserName: "a b" }), ["Wrong", "UserName", "'a b'"]],
  ["a policy of nobody", resource("Policy", { PolicyName: "p", PolicyDocument: document("s3:*", "*") }), ["Wrong", "Roles"]],
  ["a document that is a list", resource("ManagedPolicy", { PolicyDocument: [1] }), ["Wrong", "PolicyDocument"]],
  ["an attribute that a queue does not have", resource("ManagedPolicy", { PolicyDocument: document("sqs:*", GetAtt("Queue", "Colour")) }), ["Wrong", "PolicyDocument", "resource Queue does not support attribute type Colour"]],
  ["an attribute that a role does not have", resource("ManagedPolicy", { PolicyDocument: document("s3:*", GetAtt("Sound", "Colour")) }), ["Wrong", "PolicyDocument", "Colour"]],
  ["a session that is too long", resource("Role", { AssumeRolePolicyDocument: trust({ AWS: "*" }), MaxSessionDuration: 90000 }), ["Wrong", "MaxSessionDuration"]],
];
for (const [what, given, words] of wrong) {
  test(`refused before anything is made: ${what}`, async () => {
    const Sound = resource("Role", { RoleName: "never-made", AssumeRolePolicyDocument: trust({ Service: "ec2.amazonaws.com" }) });
    await refused({ Sound, Queue: { Type: "AWS::SQS::Queue" }, Wrong: given }, "wrong.json", ...words, "nothing was changed");
    await assert.rejects(iam.getRole({ RoleName: "never-made" }), { name: "NoSuchEntityException" });
  });
}
