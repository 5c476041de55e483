// Who may change what in IAM and in pools: what policies are asked of a request, and that they are asked about what is done.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { CognitoIdentity } from "@aws-sdk/client-cognito-identity";
import { makeIam, policy, trust } from "../lib/iam.js";
import { account, grant, makeUser, ungranted } from "../lib/principals.js";
import { call, callQuery } from "../lib/raw.js";
import { region, startServer } from "../lib/server.js";
import { fails } from "../lib/turntable.js";

const { endpoint, stop } = await startServer();
after(stop);
const ana = await makeUser(endpoint, "ana");
/** A condition on whom a role is passed to. */
const passedTo = (service) => ({ StringEquals: { "iam:PassedToService": `${service}.amazonaws.com` } });
const bob = (await makeUser(endpoint, "bob")).arn;

describe("IAM", () => {
  test("is asked about what the operation has, whatever else a request names", async () => {
    const ask = async (action, parameters) =>
      (await callQuery(endpoint, { service: "iam", version: "2010-05-08", action, parameters }, { credentials: ana.credentials })).code;
    const iam = makeIam(endpoint);
    await iam.createGroup({ GroupName: "friends" });
    await makeUser(endpoint, "eve");
    await ana.may(grant("iam:*", `arn:aws:iam::${account}:group/friends`));
    assert.equal(await ask("GetGroup", { GroupName: "friends" }), undefined);
    assert.equal(await ask("CreateUser", { UserName: "made" }), "AccessDenied");
    assert.equal(await ask("CreateUser", { UserName: "made", GroupName: "friends" }), "AccessDenied");
    assert.equal(await ask("GetAccountSummary", { GroupName: "friends" }), "AccessDenied");
    // Who may manage users within a boundary may not say that there is one.
    const boundary = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess";
    const inBoundary = { StringEquals: { "iam:PermissionsBoundary": boundary } };
    await ana.may(grant(["iam:PutUserPolicy", "iam:CreateUser"], "*", inBoundary));
    const own = { UserName: "eve", PolicyName: "own", PolicyDocument: policy(grant("*", "*")) };
    assert.equal(await ask("PutUserPolicy", own), "AccessDenied");
    assert.equal(await ask("PutUserPolicy", { ...own, PermissionsBoundary: boundary }), "AccessDenied");
    await iam.putUserPermissionsBoundary({ UserName: "eve", PermissionsBoundary: boundary });
    assert.equal(await ask("PutUserPolicy", own), undefined);
    assert.equal(await ask("CreateUser", { UserName: "made" }), "AccessDenied");
    assert.equal(await ask("CreateUser", { UserName: "made", PermissionsBoundary: boundary }), undefined);
    await ana.may(grant("iam:DeleteUser", "*", { StringEquals: { "aws:RequestTag/team": "a" } }));
    assert.equal(await ask("DeleteUser", { UserName: "made", "Tags.member.1.Key": "team", "Tags.member.1.Value": "a" }), "AccessDenied");
    await iam.deleteUser({ UserName: "made" });
  });

  test("wants a renamed user or group to be allowed under both names", async () => {
    const iam = makeIam(endpoint);
    for (const [Name, New, kind, operation] of [["UserName", "NewUserName", "user", "updateUser"], ["GroupName", "NewGroupName", "group", "updateGroup"]]) {
      await (kind === "user" ? iam.createUser({ UserName: "old" }) : iam.createGroup({ GroupName: "old" }));
      const action = `iam:${operation[0].toUpperCase()}${operation.slice(1)}`;
      const arn = (name) => `arn:aws:iam::${account}:${kind}/${name}`;
      await ana.may(grant(action, arn("old")));
      await ana.iam[operation]({ [Name]: "old" });
      await fails(ana.iam[operation]({ [Name]: "old", [New]: "new" }), "AccessDenied", ungranted(ana.arn, action, arn("new")), 403);
      await fails(ana.iam[operation]({ [Name]: "old", NewPath: "/in/" }), "AccessDenied", ungranted(ana.arn, action, arn("in/old")), 403);
      await ana.may(grant(action, [arn("old"), arn("in/new")]));
      await ana.iam[operation]({ [Name]: "old", [New]: "new", NewPath: "/in/" });
      await (kind === "user" ? iam.deleteUser({ UserName: "new" }) : iam.deleteGroup({ GroupName: "new" }));
    }
  });

  test("is asked on the principal whose policies are simulated", async () => {
    await ana.may(grant(["iam:SimulatePrincipalPolicy", "iam:GetContextKeysForPrincipalPolicy"], ana.arn));
    await ana.iam.getContextKeysForPrincipalPolicy({ PolicySourceArn: ana.arn });
    await ana.iam.simulatePrincipalPolicy({ PolicySourceArn: ana.arn, ActionNames: ["iam:GetUser"] });
    await fails(ana.iam.getContextKeysForPrincipalPolicy({ PolicySourceArn: bob }), "AccessDenied", ungranted(ana.arn, "iam:GetContextKeysForPrincipalPolicy", bob), 403);
    await fails(ana.iam.simulatePrincipalPolicy({ PolicySourceArn: bob, ActionNames: ["iam:GetUser"] }), "AccessDenied", ungranted(ana.arn, "iam:SimulatePrincipalPolicy", bob), 403);
  });

  test("lets nobody give a role to EC2 who may not pass it", async () => {
    const iam = makeIam(endpoint);
    const { Role } = await iam.createRole({ RoleName: "given", Path: "/app/", AssumeRolePolicyDocument: trust({ Service: "ec2.amazonaws.com" }) });
    const { InstanceProfile } = await iam.createInstanceProfile({ InstanceProfileName: "machines" });
    const give = () => ana.iam.addRoleToInstanceProfile({ InstanceProfileName: "machines", RoleName: "given" });
    await ana.may(grant("iam:PassRole", "*"));
    await fails(give(), "AccessDenied", ungranted(ana.arn, "iam:AddRoleToInstanceProfile", InstanceProfile.Arn), 403);
    const add = grant("iam:AddRoleToInstanceProfile", InstanceProfile.Arn);
    const denial = ungranted(ana.arn, "iam:PassRole", Role.Arn);
    for (const pass of [[], [grant("iam:PassRole", `arn:aws:iam::${account}:role/given`)], [grant("iam:PassRole", "*", passedTo("lambda"))]]) {
      await ana.may(add, ...pass);
      await fails(give(), "AccessDenied", denial, 403);
    }
    await ana.may(add, grant("iam:PassRole", Role.Arn, passedTo("ec2")));
    await give();
  });
});

describe("DynamoDB", () => {
  test("is asked about the import that is described, whatever export the request names", async () => {
    const arn = (name, kind) => `arn:aws:dynamodb:us-east-1:${account}:table/${name}/${kind}/01700000000000-0123abcd`;
    await ana.may(grant("dynamodb:Describe*", [arn("Own", "*")]));
    const ask = async (operation, body) => (await call(endpoint, { target: operation, body }, { credentials: ana.credentials })).json;
    for (const [operation, member, kind, other, otherKind] of [["DescribeImport", "ImportArn", "import", "ExportArn", "export"], ["DescribeExport", "ExportArn", "export", "ImportArn", "import"]]) {
      const denial = ungranted(ana.arn, `dynamodb:${operation}`, arn("Other", kind));
      for (const more of [{}, { [other]: arn("Own", otherKind) }]) assert.equal((await ask(operation, { [member]: arn("Other", kind), ...more })).Message, denial);
      assert.match((await ask(operation, { [member]: arn("Own", kind) })).__type, /NotFoundException$/);
    }
  });
});
