// The types of resources that stacks make: each with its service's own operations, as the SDK sees it.

import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { CognitoIdentity } from "@aws-sdk/client-cognito-identity";
import { SSM } from "@aws-sdk/client-ssm";
import { makeIam } from "../lib/iam.js";
import { credentials, elsewhere, region, temporaryFolder } from "../lib/server.js";
import { eventsOf, makeCloudFormation, roleResource, settled, stackMaker, tableResource } from "../lib/stacks.js";
import { fails, open, uniqueName } from "../lib/turntable.js";
import { makeUsers } from "../lib/users.js";

const data = temporaryFolder();
const { endpoint, ddb, doc } = await open({ args: ["--data", data] });
const cfn = makeCloudFormation(endpoint);
const stack = stackMaker(cfn);
const iam = makeIam(endpoint);
const { idp } = makeUsers(endpoint);
const ssm = new SSM({ endpoint, region, credentials, maxAttempts: 1 });
const identity = new CognitoIdentity({ endpoint, region, credentials, maxAttempts: 1 });
after(() => {
  identity.destroy();
  ssm.destroy();
  rmSync(data, { recursive: true, force: true });
});

const account = "000000000000";
const Ref = (name) => ({ Ref: name });
const GetAtt = (name, attribute) => ({ "Fn::GetAtt": [name, attribute] });
const resource = (Type, Properties) => ({ Type: `AWS::${Type}`, Properties });
const document = (Action, Resource = "*") => ({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] });
const only = (answer) => (delete answer.$metadata, answer);

/** Physical ids by logical ones. */
async function idsOf(StackName) {
  const { StackResources } = await cfn.describeStackResources({ StackName });
  return Object.fromEntries(StackResources.map((r) => [r.LogicalResourceId, r.PhysicalResourceId]));
}

const outputsOf = (made) => Object.fromEntries((made.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));

/** Why the stack's resource failed. */
const reasonOf = async (made, id) =>
  (await eventsOf(cfn, made.StackId)).find((e) => e.LogicalResourceId === id && e.ResourceStatus.endsWith("_FAILED"))?.ResourceStatusReason;

async function removed(made) {
  await cfn.deleteStack({ StackName: made.StackId });
  const gone = await settled(cfn, made.StackId);
  assert.equal(gone.StackStatus, "DELETE_COMPLETE", JSON.stringify((await eventsOf(cfn, made.StackId)).filter((e) => e.ResourceStatus === "DELETE_FAILED")));
}

async function complete(...args) {
  const made = await stack(...args);
  assert.equal(made.StackStatus, "CREATE_COMPLETE", JSON.stringify((await eventsOf(cfn, made.StackId)).filter((e) => e.ResourceStatus === "CREATE_FAILED"), null, 1));
  return made;
}

/** Updates the stack to these resources; resolves with its description. */
async function updated(made, Resources, options = {}) {
  await cfn.updateStack({ StackName: made.StackId, TemplateBody: JSON.stringify({ Resources }), ...options });
  return settled(cfn, made.StackId);
}

/** Why the last update of the resource failed. */
async function failureOf(made, id) {
  const events = await eventsOf(cfn, made.StackId);
  return events.reverse().find((e) => e.LogicalResourceId === id && e.ResourceStatus === "UPDATE_FAILED")?.ResourceStatusReason;
}

describe("what IAM has", () => {
  test("is made, told by Ref and Fn::GetAtt, and removed", async () => {
    const made = await complete(
      {
        Role: roleResource({
          Policies: [{ PolicyName: "own", PolicyDocument: document("dynamodb:GetItem") }],
          ManagedPolicyArns: [Ref("Managed")],
          Description: "reads",
          MaxSessionDuration: 7200,
          Path: "/app/",
          Tags: [{ Key: "team", Value: "music" }],
        }),
        Managed: resource("IAM::ManagedPolicy", { PolicyDocument: document("dynamodb:Query"), Description: "queries" }),
        Group: resource("IAM::Group", { Policies: [{ PolicyName: "own", PolicyDocument: document("dynamodb:Scan") }] }),
        User: resource("IAM::User", { Groups: [Ref("Group")], PermissionsBoundary: Ref("Managed") }),
        Second: resource("IAM::User", {}),
        Addition: resource("IAM::UserToGroupAddition", { GroupName: Ref("Group"), Users: [Ref("Second")] }),
        Inline: resource("IAM::Policy", { PolicyName: "inline", PolicyDocument: document("dynamodb:PutItem"), Roles: [Ref("Role")], Users: [Ref("User")] }),
        Key: resource("IAM::AccessKey", { UserName: Ref("User"), Status: "Inactive" }),
        Profile: resource("IAM::InstanceProfile", { Roles: [Ref("Role")] }),
        Provider: resource("IAM::OIDCProvider", { Url: `https://${uniqueName(".example.com")}`, ClientIdList: ["app"], ThumbprintList: ["a".repeat(40)] }),
      },
      {
        Capabilities: ["CAPABILITY_NAMED_IAM"],
        more: {
          Outputs: {
            RoleId: { Value: GetAtt("Role", "RoleId") },
            RoleArn: { Value: GetAtt("Role", "Arn") },
            UserArn: { Value: GetAtt("User", "Arn") },
            PolicyId: { Value: GetAtt("Managed", "PolicyId") },
            Secret: { Value: GetAtt("Key", "SecretAccessKey") },
            ProfileArn: { Value: GetAtt("Profile", "Arn") },
          },
        },
      },
    );
    const ids = await idsOf(made.StackName), outputs = outputsOf(made);
    const { Role } = await iam.getRole({ RoleName: ids.Role });
    assert.equal(Role.Description, "reads");
    assert.equal(Role.MaxSessionDuration, 7200);
    assert.equal(Role.Arn, `arn:aws:iam::${account}:role/app/${ids.Role}`);
    assert.deepEqual([outputs.RoleArn, outputs.RoleId], [Role.Arn, Role.RoleId]);
    assert.deepEqual(Object.fromEntries(Role.Tags.map(({ Key, Value }) => [Key, Value])), {
      team: "music",
      "aws:cloudformation:stack-name": made.StackName,
      "aws:cloudformation:stack-id": made.StackId,
      "aws:cloudformation:logical-id": "Role",
    });
    assert.deepEqual((await iam.listRolePolicies({ RoleName: ids.Role })).PolicyNames.sort(), ["inline", "own"]);
    assert.deepEqual((await iam.listAttachedRolePolicies({ RoleName: ids.Role })).AttachedPolicies.map((p) => p.PolicyArn), [ids.Managed]);
    const { Policy } = await iam.getPolicy({ PolicyArn: ids.Managed });
    assert.deepEqual([Policy.PolicyId, Policy.Description, Policy.AttachmentCount, Policy.PermissionsBoundaryUsageCount], [outputs.PolicyId, "queries", 1, 1]);
    assert.deepEqual((await iam.getGroup({ GroupName: ids.Group })).Users.map((u) => u.UserName).sort(), [ids.User, ids.Second].sort());
    assert.deepEqual((await iam.listUserPolicies({ UserName: ids.User })).PolicyNames, ["inline"]);
    assert.match(ids.Inline, /^[0-9A-Za-z-]{1,6}-Inline-[A-Z2-7]{12}$/);
    const { AccessKeyMetadata } = await iam.listAccessKeys({ UserName: ids.User });
    assert.deepEqual(AccessKeyMetadata.map((k) => [k.AccessKeyId, k.Status]), [[ids.Key, "Inactive"]]);
    assert.equal(outputs.Secret.length, 40);
    assert.deepEqual((await iam.getInstanceProfile({ InstanceProfileName: ids.Profile })).InstanceProfile.Roles.map((r) => r.RoleName), [ids.Role]);
    assert.deepEqual((await iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: ids.Provider })).ClientIDList, ["app"]);

    await removed(made);
    const gone = (promise) => assert.rejects(promise, { name: "NoSuchEntityException" });
    await gone(iam.getRole({ RoleName: ids.Role }));
    await gone(iam.getPolicy({ PolicyArn: ids.Managed }));
    await gone(iam.getGroup({ GroupName: ids.Group }));
    await gone(iam.getUser({ UserName: ids.User }));
    await gone(iam.getUser({ UserName: ids.Second }));
    await gone(iam.getInstanceProfile({ InstanceProfileName: ids.Profile }));
    await gone(iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: ids.Provider }));
  });

  test("is kept from removal by what others attached", async () => {
    const made = await complete({ Role: roleResource() }, { Capabilities: ["CAPABILITY_IAM"] });
    const { Role } = await idsOf(made.StackName);
    await iam.putRolePolicy({ RoleName: Role, PolicyName: "foreign", PolicyDocument: JSON.stringify(document("dynamodb:GetItem")) });
    await cfn.deleteStack({ StackName: made.StackId });
    assert.equal((await settled(cfn, made.StackId)).StackStatus, "DELETE_FAILED");
    assert.match(await reasonOf(made, "Role"), /Cannot delete entity, must delete policies first\./);
    await iam.deleteRolePolicy({ RoleName: Role, PolicyName: "foreign" });
    await removed(made);
  });

  test("is refused with documents that are no policies, before anything is made", async () => {
    const wrong = { Version: "2012-10-17", Statement: [{ Effect: "Perhaps", Action: "*", Resource: "*" }] };
    for (const [type, properties] of [
      ["Role", { AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Perhaps", Principal: "*", Action: "sts:AssumeRole" }] } }],
      ["Role", { ...roleResource().Properties, Policies: [{ PolicyName: "p", PolicyDocument: wrong }] }],
      ["User", { Policies: [{ PolicyName: "p", PolicyDocument: wrong }] }],
      ["Group", { Policies: [{ PolicyName: "p", PolicyDocument: wrong }] }],
      ["ManagedPolicy", { PolicyDocument: wrong }],
    ]) {
      const made = await stack({ It: resource(`IAM::${type}`, properties) }, { Capabilities: ["CAPABILITY_IAM"] });
      assert.equal(made.StackStatus, "ROLLBACK_COMPLETE", type);
      assert.match(await reasonOf(made, "It"), /Syntax errors in policy\..*InvalidRequest/, type);
    }
  });
});

describe("what Cognito has", () => {
  test("is made, told by Ref and Fn::GetAtt, and removed", async () => {
    const made = await complete(
      {
        Pool: resource("Cognito::UserPool", { Schema: [{ Name: "team", AttributeDataType: "String", Mutable: true }], UserPoolTags: { app: "music" } }),
        Client: resource("Cognito::UserPoolClient", { UserPoolId: Ref("Pool"), GenerateSecret: true, RefreshTokenValidity: 5 }),
        Group: resource("Cognito::UserPoolGroup", { UserPoolId: Ref("Pool"), GroupName: "admins", RoleArn: GetAtt("Role", "Arn"), Precedence: 3 }),
        User: resource("Cognito::UserPoolUser", { UserPoolId: Ref("Pool"), Username: "ana", MessageAction: "SUPPRESS" }),
        In: resource("Cognito::UserPoolUserToGroupAttachment", { UserPoolId: Ref("Pool"), GroupName: Ref("Group"), Username: Ref("User") }),
        Identities: resource("Cognito::IdentityPool", {
          AllowUnauthenticatedIdentities: true,
          CognitoIdentityProviders: [{ ClientId: Ref("Client"), ProviderName: GetAtt("Pool", "ProviderName") }],
          IdentityPoolTags: [{ Key: "app", Value: "music" }],
        }),
        Roles: resource("Cognito::IdentityPoolRoleAttachment", { IdentityPoolId: Ref("Identities"), Roles: { authenticated: GetAtt("Role", "Arn") } }),
        Role: roleResource(),
      },
      {
        Capabilities: ["CAPABILITY_IAM"],
        more: {
          Outputs: {
            Secret: { Value: GetAtt("Client", "ClientSecret") },
            Name: { Value: GetAtt("Client", "Name") },
            PoolName: { Value: GetAtt("Identities", "Name") },
            Url: { Value: GetAtt("Pool", "ProviderURL") },
          },
        },
      },
    );
    const ids = await idsOf(made.StackName), outputs = outputsOf(made);
    const { UserPool } = await idp.describeUserPool({ UserPoolId: ids.Pool });
    assert.deepEqual(UserPool.UserPoolTags, {
      app: "music",
      "aws:cloudformation:stack-name": made.StackName,
      "aws:cloudformation:stack-id": made.StackId,
      "aws:cloudformation:logical-id": "Pool",
    });
    assert.equal(outputs.Url, `https://cognito-idp.us-east-1.amazonaws.com/${ids.Pool}`);
    const { UserPoolClient } = await idp.describeUserPoolClient({ UserPoolId: ids.Pool, ClientId: ids.Client });
    assert.deepEqual([UserPoolClient.ClientSecret, UserPoolClient.ClientName, UserPoolClient.RefreshTokenValidity], [outputs.Secret, outputs.Name, 5]);
    const { Groups } = await idp.adminListGroupsForUser({ UserPoolId: ids.Pool, Username: "ana" });
    assert.deepEqual(Groups.map((g) => [g.GroupName, g.Precedence]), [["admins", 3]]);
    assert.deepEqual([ids.Group, ids.User], ["admins", "ana"]);
    const pool = await identity.describeIdentityPool({ IdentityPoolId: ids.Identities });
    assert.equal(pool.IdentityPoolName, outputs.PoolName);
    assert.equal(pool.IdentityPoolTags["aws:cloudformation:logical-id"], "Identities");
    assert.deepEqual(Object.keys((await identity.getIdentityPoolRoles({ IdentityPoolId: ids.Identities })).Roles), ["authenticated"]);
    assert.match(ids.Roles, /^[0-9A-Za-z-]{1,6}-Roles-[A-Z2-7]{12}$/);
    await removed(made);
    await assert.rejects(idp.describeUserPool({ UserPoolId: ids.Pool }), { name: "ResourceNotFoundException" });
    await assert.rejects(identity.describeIdentityPool({ IdentityPoolId: ids.Identities }), { name: "ResourceNotFoundException" });
  });

  test("is kept while it is protected", async () => {
    const made = await complete({ Pool: resource("Cognito::UserPool", { DeletionProtection: "ACTIVE" }) });
    const { Pool } = await idsOf(made.StackName);
    await cfn.deleteStack({ StackName: made.StackId });
    assert.equal((await settled(cfn, made.StackId)).StackStatus, "DELETE_FAILED");
    assert.match(await reasonOf(made, "Pool"), /deletion protection/i);
    await idp.updateUserPool({ UserPoolId: Pool, DeletionProtection: "INACTIVE" });
    await removed(made);
  });
});

describe("tables", () => {
  test("have all that their properties say", async () => {
    const TableName = uniqueName("-all");
    const readers = (Resource) => ({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "dynamodb:GetItem", Resource }] });
    const streamReaders = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "dynamodb:GetRecords", Resource: "*" }] };
    const made = await complete(
      {
        Table: tableResource(TableName, {
          BillingMode: "PROVISIONED",
          AttributeDefinitions: ["id", "at", "by"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }, { AttributeName: "at", KeyType: "RANGE" }],
          ProvisionedThroughput: { ReadCapacityUnits: "3", WriteCapacityUnits: 4 },
          LocalSecondaryIndexes: [{ IndexName: "local", KeySchema: [{ AttributeName: "id", KeyType: "HASH" }, { AttributeName: "by", KeyType: "RANGE" }], Projection: { ProjectionType: "KEYS_ONLY" } }],
          GlobalSecondaryIndexes: [{ IndexName: "byBy", KeySchema: [{ AttributeName: "by", KeyType: "HASH" }], Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["x"] }, ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 } }],
          StreamSpecification: { StreamViewType: "NEW_IMAGE", ResourcePolicy: { PolicyDocument: streamReaders } },
          TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
          TableClass: "STANDARD_INFREQUENT_ACCESS",
          SSESpecification: { SSEEnabled: true, KMSMasterKeyId: GetAtt("Key", "Arn") },
          WarmThroughput: { ReadUnitsPerSecond: 13000, WriteUnitsPerSecond: 5000 },
          ResourcePolicy: { PolicyDocument: readers("*") },
          Tags: [{ Key: "team", Value: "music" }],
        }),
        Key: resource("KMS::Key", {}),
      },
      { more: { Outputs: { Stream: { Value: GetAtt("Table", "StreamArn") }, Key: { Value: GetAtt("Key", "Arn") } } } },
    );
    const { Table } = await ddb.describeTable({ TableName });
    assert.deepEqual([Table.ProvisionedThroughput.ReadCapacityUnits, Table.ProvisionedThroughput.WriteCapacityUnits], [3, 4]);
    assert.deepEqual(Table.LocalSecondaryIndexes.map((i) => i.IndexName), ["local"]);
    assert.deepEqual(Table.GlobalSecondaryIndexes.map((i) => [i.IndexName, i.IndexStatus, i.Projection.NonKeyAttributes]), [["byBy", "ACTIVE", ["x"]]]);
    assert.equal(Table.TableClassSummary.TableClass, "STANDARD_INFREQUENT_ACCESS");
    assert.equal(Table.SSEDescription.KMSMasterKeyArn, outputsOf(made).Key);
    assert.equal(Table.LatestStreamArn, outputsOf(made).Stream);
    assert.equal(Table.WarmThroughput.ReadUnitsPerSecond, 13000);
    assert.equal((await ddb.describeTimeToLive({ TableName })).TimeToLiveDescription.AttributeName, "expires");
    const { PointInTimeRecoveryDescription } = (await ddb.describeContinuousBackups({ TableName })).ContinuousBackupsDescription;
    assert.equal(PointInTimeRecoveryDescription.RecoveryPeriodInDays, 7);
    assert.deepEqual(JSON.parse((await ddb.getResourcePolicy({ ResourceArn: Table.TableArn })).Policy), readers("*"));
    assert.deepEqual(JSON.parse((await ddb.getResourcePolicy({ ResourceArn: Table.LatestStreamArn })).Policy), streamReaders);
    await removed(made);
    await assert.rejects(ddb.describeTable({ TableName }), { name: "ResourceNotFoundException" });
  });

  test("are refused in AWS's words", async () => {
    const key = (AttributeName, KeyType = "HASH") => ({ AttributeName, KeyType });
    for (const [more, reason] of [
      [{ KeySchema: [key("no")] }, "Property AttributeDefinitions is inconsistent with the KeySchema of the table and the secondary indexes"],
      [{ AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }, { AttributeName: "x", AttributeType: "S" }] }, "Property AttributeDefinitions is inconsistent with the KeySchema of the table and the secondary indexes"],
      [{ BillingMode: "PROVISIONED" }, "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED (Service: DynamoDb)"],
      [{ ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }, "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST (Service: DynamoDb)"],
      [{ LocalSecondaryIndexes: [{ IndexName: "loc", KeySchema: [key("id")], Projection: { ProjectionType: "ALL" } }] }, "One or more parameter values were invalid: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex (Service: DynamoDb)"],
    ]) {
      const made = await stack({ Table: tableResource(undefined, more) });
      assert.equal(made.StackStatus, "ROLLBACK_COMPLETE", reason);
      assert.ok((await reasonOf(made, "Table")).includes(reason), await reasonOf(made, "Table"));
    }
  });

  test("are kept while they are protected", async () => {
    const made = await complete({ Table: tableResource(undefined, { DeletionProtectionEnabled: true }) });
    const { Table } = await idsOf(made.StackName);
    await cfn.deleteStack({ StackName: made.StackId });
    assert.equal((await settled(cfn, made.StackId)).StackStatus, "DELETE_FAILED");
    assert.match(await reasonOf(made, "Table"), /Resource cannot be deleted as it is currently protected against deletion/);
    await ddb.updateTable({ TableName: Table, DeletionProtectionEnabled: false });
    await removed(made);
  });

  test("of the kind that is global are of one Region", async () => {
    const keys = { AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }], BillingMode: "PAY_PER_REQUEST" };
    const made = await complete({ Table: resource("DynamoDB::GlobalTable", { ...keys, Replicas: [{ Region: region, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }, Tags: [{ Key: "a", Value: "b" }] }] }) });
    const { Table } = await idsOf(made.StackName);
    assert.equal((await ddb.describeContinuousBackups({ TableName: Table })).ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus, "ENABLED");
    await removed(made);
    const other = await stack({ Table: resource("DynamoDB::GlobalTable", { ...keys, Replicas: [{ Region: "eu-west-1" }, { Region: region }] }) });
    assert.match(await reasonOf(other, "Table"), /'eu-west-1' is another Region/);
  });

  test("are made of what is in a bucket", { skip: elsewhere && "needs a data folder of its own" }, async () => {
    mkdirSync(path.join(data, "s3", "songs"), { recursive: true });
    writeFileSync(path.join(data, "s3", "songs", "all.csv"), "id,title\n1,Blue\n2,Kind\n");
    const ImportSourceSpecification = { InputFormat: "CSV", S3BucketSource: { S3Bucket: "songs" } };
    const made = await complete({ Table: tableResource(undefined, { ImportSourceSpecification, StreamSpecification: { StreamViewType: "KEYS_ONLY" }, Tags: [{ Key: "a", Value: "b" }] }) });
    const { Table } = await idsOf(made.StackName);
    assert.equal((await doc.scan({ TableName: Table })).Count, 2);
    assert.equal((await ddb.describeTable({ TableName: Table })).Table.StreamSpecification.StreamViewType, "KEYS_ONLY");
    assert.ok((await ddb.listTagsOfResource({ ResourceArn: `arn:aws:dynamodb:us-east-1:${account}:table/${Table}` })).Tags.some((t) => t.Key === "a"));
    await removed(made);
    const failed = await stack({ Table: tableResource(undefined, { ImportSourceSpecification: { ...ImportSourceSpecification, S3BucketSource: { S3Bucket: "nosuch-bucket" } } }) });
    assert.equal(failed.StackStatus, "ROLLBACK_COMPLETE");
    assert.match(await reasonOf(failed, "Table"), /the import is FAILED: S3NoSuchBucket/);
  });
});

describe("properties that are not as a type's schema says", () => {
  const table = (more) => tableResource(undefined, more);
  const parameter = (more) => resource("SSM::Parameter", { Type: "String", Value: "v", ...more });
  const cases = [
    ["a property that there is not", table({ Foo: 1 }), "#: extraneous key [Foo] is not permitted"],
    ["one inside of another", table({ StreamSpecification: { StreamViewType: "NEW_IMAGE", Foo: 1 } }), "#/StreamSpecification: extraneous key [Foo] is not permitted"],
    ["a property that is missing", table({ KeySchema: undefined }), "#: required key [KeySchema] not found"],
    ["one that is missing in a list", table({ GlobalSecondaryIndexes: [{ IndexName: "one" }] }), "#/GlobalSecondaryIndexes/0: required key [KeySchema] not found"],
    ["a text for a list", table({ AttributeDefinitions: "x" }), "#/AttributeDefinitions: expected type: JSONArray, found: String"],
    ["a list for a structure", table({ StreamSpecification: [] }), "#/StreamSpecification: expected type: JSONObject, found: JSONArray"],
    ["a text for a number", table({ ProvisionedThroughput: { ReadCapacityUnits: "many", WriteCapacityUnits: 1 } }), "#/ProvisionedThroughput/ReadCapacityUnits: expected type: Integer, found: String"],
    ["a structure for a text", table({ TableClass: {} }), "#/TableClass: expected type: String, found: JSONObject"],
    ["no element of a list", resource("IAM::InstanceProfile", { Roles: [] }), "#/Roles: expected minimum item count: 1, found: 0"],
    ["a word that is not one of some", parameter({ Type: "Secret" }), "#/Type: failed validation constraint for keyword [enum]"],
  ];
  for (const [what, It, reason] of cases) {
    test(`are refused: ${what}`, async () => {
      const made = await stack({ It }, { Capabilities: ["CAPABILITY_IAM"] });
      assert.equal(made.StackStatus, "ROLLBACK_COMPLETE");
      assert.equal(await reasonOf(made, "It"), `Properties validation failed for resource It with message:\n${reason}`);
    });
  }

  test("are refused in the service's words where CloudFormation does not look", async () => {
    for (const [It, reason] of [
      [table({ TableClass: "BEST" }), "Value 'BEST' at 'tableClass' failed to satisfy constraint"],
      [roleResource({ MaxSessionDuration: 5 }), "Value '5' at 'maxSessionDuration' failed to satisfy constraint"],
    ]) {
      const made = await stack({ It }, { Capabilities: ["CAPABILITY_IAM"] });
      assert.ok((await reasonOf(made, "It")).includes(reason), await reasonOf(made, "It"));
    }
  });
});

describe("an update", () => {
  const index = (IndexName, AttributeName = "id") => ({ IndexName, KeySchema: [{ AttributeName, KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } });
  const indexes = async (TableName) => ((await ddb.describeTable({ TableName })).Table.GlobalSecondaryIndexes ?? []).map((i) => i.IndexName);

  test("makes or removes one index of a table, as CloudFormation does", async () => {
    const made = await complete({ Table: tableResource() });
    const { Table } = await idsOf(made.StackName);
    assert.equal((await updated(made, { Table: tableResource(undefined, { GlobalSecondaryIndexes: [index("one")] }) })).StackStatus, "UPDATE_COMPLETE");
    assert.deepEqual(await indexes(Table), ["one"]);
    assert.equal((await updated(made, { Table: tableResource(undefined, { GlobalSecondaryIndexes: [index("two"), index("three")] }) })).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
    assert.match(await failureOf(made, "Table"), /Cannot perform more than one GSI creation or deletion in a single update/);
    assert.deepEqual(await indexes(Table), ["one"]);
    assert.equal((await updated(made, { Table: tableResource() })).StackStatus, "UPDATE_COMPLETE");
    assert.deepEqual((await idsOf(made.StackName)).Table, Table);
  });

  test("begins with a table as it is, not as the last template said", async () => {
    const made = await complete({ Table: tableResource() });
    const { Table } = await idsOf(made.StackName);
    await ddb.updateTable({ TableName: Table, AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], GlobalSecondaryIndexUpdates: [{ Create: index("one") }] });
    assert.equal((await updated(made, { Table: tableResource(undefined, { GlobalSecondaryIndexes: [index("one"), index("two")] }) })).StackStatus, "UPDATE_COMPLETE");
    assert.deepEqual((await indexes(Table)).sort(), ["one", "two"]);
  });

  test("replaces what cannot be changed, and refuses it where the template gave the name", async () => {
    const other = { AttributeDefinitions: [{ AttributeName: "key", AttributeType: "S" }], KeySchema: [{ AttributeName: "key", KeyType: "HASH" }] };
    const TableName = uniqueName("-named");
    const made = await complete({ Table: tableResource(), Named: tableResource(TableName), Role: roleResource() }, { Capabilities: ["CAPABILITY_IAM"] });
    const before = await idsOf(made.StackName);
    const after = await updated(made, { Table: tableResource(undefined, other), Named: tableResource(TableName), Role: roleResource({ Path: "/app/" }) }, { Capabilities: ["CAPABILITY_IAM"] });
    assert.equal(after.StackStatus, "UPDATE_COMPLETE");
    const ids = await idsOf(made.StackName);
    assert.ok(ids.Table !== before.Table && ids.Role !== before.Role && ids.Named === TableName);
    await assert.rejects(ddb.describeTable({ TableName: before.Table }), { name: "ResourceNotFoundException" });
    await assert.rejects(iam.getRole({ RoleName: before.Role }), { name: "NoSuchEntityException" });
    assert.equal((await ddb.describeTable({ TableName: ids.Table })).Table.KeySchema[0].AttributeName, "key");
    const failed = await updated(made, { Table: tableResource(undefined, other), Named: tableResource(TableName, other), Role: roleResource({ Path: "/app/" }) }, { Capabilities: ["CAPABILITY_IAM"] });
    assert.equal(failed.StackStatus, "UPDATE_ROLLBACK_COMPLETE");
    assert.ok((await failureOf(made, "Named")).includes(`CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${TableName} and update the stack again.`));
  });

  test("of Cognito changes pools, adds attributes, and refuses what AWS refuses", async () => {
    const Schema = [{ Name: "team", AttributeDataType: "String", Mutable: true }];
    const pool = (more) => ({ Pool: resource("Cognito::UserPool", { UsernameAttributes: ["email"], Schema, ...more }), Client: resource("Cognito::UserPoolClient", { UserPoolId: Ref("Pool") }) });
    const made = await complete(pool({}));
    const before = await idsOf(made.StackName);
    const changes = { Policies: { PasswordPolicy: { MinimumLength: 12 } }, Schema: [...Schema, { Name: "age", AttributeDataType: "Number", Mutable: true }] };
    assert.equal((await updated(made, pool(changes))).StackStatus, "UPDATE_COMPLETE");
    const { UserPool } = await idp.describeUserPool({ UserPoolId: before.Pool });
    assert.equal(UserPool.Policies.PasswordPolicy.MinimumLength, 12);
    assert.ok(UserPool.SchemaAttributes.some((a) => a.Name === "custom:age"));
    assert.deepEqual(await idsOf(made.StackName), before);
    for (const [wrong, reason] of [
      [{ ...changes, UsernameAttributes: ["phone_number"] }, /Updates are not allowed for property - UsernameAttributes\./],
      [{ ...changes, Schema }, /Existing schema attributes cannot be modified or deleted\./],
      [{ ...changes, Schema: [{ ...Schema[0], AttributeDataType: "Number" }, changes.Schema[1]] }, /Existing schema attributes cannot be modified or deleted\./],
    ]) {
      assert.equal((await updated(made, pool(wrong))).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
      assert.match(await failureOf(made, "Pool"), reason);
    }
  });
});

describe("parameters", () => {
  test("are put, changed and removed", async () => {
    const parameter = (more) => ({ It: resource("SSM::Parameter", { Type: "String", Value: "1", ...more }) });
    const made = await complete(parameter({ Description: "d", Tags: { team: "music" } }), { more: { Outputs: { Value: { Value: GetAtt("It", "Value") }, Type: { Value: GetAtt("It", "Type") } } } });
    const { It } = await idsOf(made.StackName);
    assert.match(It, /^CFN-It-[A-Z2-7]{12}$/);
    assert.deepEqual(outputsOf(made), { Value: "1", Type: "String" });
    const { TagList } = await ssm.listTagsForResource({ ResourceType: "Parameter", ResourceId: It });
    assert.deepEqual(TagList.filter((t) => !t.Key.startsWith("aws:")), [{ Key: "team", Value: "music" }]);
    assert.equal((await updated(made, parameter({ Value: "2" }))).StackStatus, "UPDATE_COMPLETE");
    const { Parameter } = await ssm.getParameter({ Name: It });
    assert.deepEqual([Parameter.Value, Parameter.Version], ["2", 2]);
    assert.equal((await ssm.describeParameters({ ParameterFilters: [{ Key: "Name", Values: [It] }] })).Parameters[0].Description, undefined);
    await ssm.putParameter({ Name: "/there/already", Type: "String", Value: "x" });
    const failed = await stack(parameter({ Name: "/there/already" }));
    assert.equal(failed.StackStatus, "ROLLBACK_COMPLETE");
    assert.match(await reasonOf(failed, "It"), /The parameter already exists\..*AlreadyExists/);
    assert.equal((await ssm.getParameter({ Name: "/there/already" })).Parameter.Value, "x");
    await removed(made);
    await assert.rejects(ssm.getParameter({ Name: It }), { name: "ParameterNotFound" });
  });
});

describe("what the server has no service for", () => {
  test("is told of properties in the events", async () => {
    const made = await complete({ Pool: resource("Cognito::UserPool", { LambdaConfig: { PostConfirmation: GetAtt("Function", "Arn") } }), Function: resource("Lambda::Function", {}) });
    const notes = Object.fromEntries((await eventsOf(cfn, made.StackId)).filter((e) => e.ResourceStatus === "CREATE_COMPLETE").map((e) => [e.LogicalResourceId, e.ResourceStatusReason]));
    assert.equal(notes.Pool, "Not applied, for this server does not have it: LambdaConfig");
    assert.equal(notes.Function, "Recorded and not run: this server has no service for this type");
    const { StackResourceSummaries } = await cfn.listStackResources({ StackName: made.StackId });
    assert.equal(StackResourceSummaries.find((r) => r.LogicalResourceId === "Function").ResourceStatusReason, notes.Function);
  });

  test("is recorded, and its values are of AWS's form", async () => {
    const made = await complete(
      {
        Function: resource("Lambda::Function", { FunctionName: "play", Role: GetAtt("Role", "Arn"), Code: { ZipFile: "x" }, Handler: "index.handler", Runtime: "nodejs20.x" }),
        Permission: resource("Lambda::Permission", { Action: "lambda:InvokeFunction", FunctionName: Ref("Function"), Principal: "apigateway.amazonaws.com" }),
        Api: resource("ApiGateway::RestApi", { Name: "api" }),
        Empty: { Type: "Custom::S3AutoDeleteObjects", Properties: { ServiceToken: GetAtt("Function", "Arn"), BucketName: "b" } },
        Role: roleResource({ Policies: [{ PolicyName: "call", PolicyDocument: document("lambda:InvokeFunction", { "Fn::Sub": `arn:aws:lambda:us-east-1:${account}:function:play` }) }] }),
        Meta: resource("CDK::Metadata", { Analytics: "v2" }),
      },
      { Capabilities: ["CAPABILITY_IAM"], more: { Outputs: { Arn: { Value: GetAtt("Function", "Arn") }, Root: { Value: GetAtt("Api", "RootResourceId") } } } },
    );
    const ids = await idsOf(made.StackName), outputs = outputsOf(made);
    assert.equal(ids.Function, "play");
    assert.equal(outputs.Arn, `arn:aws:lambda:us-east-1:${account}:function:play`);
    assert.match(ids.Api, /^[a-z0-9]{10}$/);
    assert.match(outputs.Root, /^[a-z0-9]{10}$/);
    await removed(made);
  });

  test("is refused where AWS has no such type either", async () => {
    await fails(
      cfn.createStack({ StackName: uniqueName(), TemplateBody: JSON.stringify({ Resources: { A: { Type: "AWS::DynamoDB::Tabel" }, B: { Type: "AWS::IAM::Rolle" } } }) }),
      "ValidationError",
      "Template format error: Unrecognized resource types: [AWS::DynamoDB::Tabel, AWS::IAM::Rolle]",
    );
  });
});
