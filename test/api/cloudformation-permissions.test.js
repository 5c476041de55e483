// Who may do what with stacks: operations on a stack's ARN, and the calls to resources as whoever asked, or as the role they passed.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeIam, policy, trust } from "../lib/iam.js";
import { account, deny, grant, makeSession, makeUser } from "../lib/principals.js";
import { debian, environment } from "../lib/programs.js";
import { run } from "../lib/process.js";
import { region, startServer } from "../lib/server.js";
import { eventsOf, makeCloudFormation, roleResource, settled, stackMaker, tableResource, template } from "../lib/stacks.js";
import { fails, open, uniqueName } from "../lib/turntable.js";

const { endpoint, ddb } = await open();
const root = makeCloudFormation(endpoint);
const iam = makeIam(endpoint);
const rootStack = stackMaker(root);
const isThere = async (TableName) => (await ddb.listTables({})).TableNames.includes(TableName);
const stackArn = (name) => `arn:aws:cloudformation:${region}:${account}:stack/${name}`;
const as = (who) => makeCloudFormation(endpoint, { credentials: who.credentials });

/** Why a resource of the stack failed. */
async function reason(cfn, StackName) {
  return (await eventsOf(cfn, StackName)).find((e) => /_FAILED$/.test(e.ResourceStatus) && e.ResourceType !== "AWS::CloudFormation::Stack").ResourceStatusReason;
}

const TemplateBody = template({ A: tableResource() });

describe("permissions", () => {
  test("are asked on the stack", async () => {
    const ana = await makeUser(endpoint, uniqueName("ana"));
    const cfn = as(ana);
    const StackName = uniqueName("-mine"), other = uniqueName("-other");
    await fails(cfn.createStack({ StackName, TemplateBody }), "AccessDenied", `User: ${ana.arn} is not authorized to perform: cloudformation:CreateStack on resource: ${stackArn(StackName)}/* because no identity-based policy allows the cloudformation:CreateStack action`, 403);
    await ana.may(grant("cloudformation:*", stackArn(`${StackName}/*`)), grant("dynamodb:*", "*"));
    const { StackId } = await cfn.createStack({ StackName, TemplateBody });
    assert.equal((await settled(cfn, StackName)).StackStatus, "CREATE_COMPLETE");
    await fails(cfn.createStack({ StackName: other, TemplateBody }), "AccessDenied", /CreateStack on resource/, 403);
    await fails(cfn.describeStacks({}), "AccessDenied", /DescribeStacks on resource: \*/, 403);
    await fails(cfn.listStacks({}), "AccessDenied", /ListStacks/, 403);
    // A stack's own ARN is the resource, however it is called.
    await ana.may(grant("cloudformation:DescribeStacks", StackId), grant("cloudformation:ListExports", "*"));
    assert.equal((await cfn.describeStacks({ StackName })).Stacks.length, 1);
    assert.equal((await cfn.describeStacks({ StackName: StackId })).Stacks.length, 1);
    await cfn.listExports({});
    await fails(cfn.describeStackEvents({ StackName }), "AccessDenied", /DescribeStackEvents/, 403);
    await fails(cfn.deleteStack({ StackName }), "AccessDenied", /DeleteStack/, 403);
    await root.deleteStack({ StackName });
  });

  test("may depend on the template's place, the role and tags", async () => {
    const ana = await makeUser(endpoint, uniqueName("ana"));
    const cfn = as(ana), StackName = uniqueName("-tagged");
    await ana.may(grant("cloudformation:CreateStack", "*", { StringEquals: { "aws:RequestTag/team": "music" } }), grant("cloudformation:DeleteStack", "*", { StringEquals: { "aws:ResourceTag/team": "music" } }), grant("cloudformation:DescribeStacks", "*"), grant("dynamodb:*", "*"));
    await fails(cfn.createStack({ StackName, TemplateBody, Tags: [{ Key: "team", Value: "art" }] }), "AccessDenied", /CreateStack/, 403);
    const { StackId } = await cfn.createStack({ StackName, TemplateBody, Tags: [{ Key: "team", Value: "music" }] });
    await settled(cfn, StackName);
    const untagged = await rootStack({ A: tableResource() });
    await fails(cfn.deleteStack({ StackName: untagged.StackName }), "AccessDenied", /DeleteStack/, 403);
    await cfn.deleteStack({ StackName });
    assert.equal((await settled(cfn, StackId)).StackStatus, "DELETE_COMPLETE");
  });

  test("to make resources are those of whoever asked", async () => {
    const ana = await makeUser(endpoint, uniqueName("ana"));
    const cfn = as(ana), StackName = uniqueName("-limited"), TableName = uniqueName("-table");
    await ana.may(grant("cloudformation:*", "*"));
    const { StackId } = await cfn.createStack({ StackName, TemplateBody: template({ A: tableResource(TableName) }), OnFailure: "DELETE" });
    await settled(cfn, StackId);
    assert.match(await reason(cfn, StackId), new RegExp(`User: ${ana.arn} is not authorized to perform: dynamodb:\\w+ on resource: .*${TableName}.*HandlerErrorCode: AccessDenied`));
    assert.ok(!(await isThere(TableName)));
    // It is CloudFormation that calls.
    await ana.may(grant("cloudformation:*", "*"), grant("dynamodb:*", "*", { "ForAnyValue:StringEquals": { "aws:CalledVia": "cloudformation.amazonaws.com" } }));
    await cfn.createStack({ StackName, TemplateBody: template({ A: tableResource(TableName) }) });
    assert.equal((await settled(cfn, StackName)).StackStatus, "CREATE_COMPLETE");
    await fails(ana.ddb.describeTable({ TableName }), "AccessDeniedException", /dynamodb:DescribeTable/);
    // Whoever deletes it needs what is needed for that.
    const ben = await makeUser(endpoint, uniqueName("ben"));
    await ben.may(grant(["cloudformation:*", "dynamodb:DescribeTable"], "*"));
    await as(ben).deleteStack({ StackName });
    const stuck = await settled(root, StackName);
    assert.equal(stuck.StackStatus, "DELETE_FAILED");
    assert.ok(await isThere(TableName));
    await cfn.deleteStack({ StackName });
    assert.equal((await settled(cfn, stuck.StackId)).StackStatus, "DELETE_COMPLETE");
  });

  test("of a session go with the work, not those of its role alone", async () => {
    const session = await makeSession(endpoint, uniqueName("role"), [grant(["cloudformation:*", "dynamodb:*"], "*")], {
      Policy: policy(grant("cloudformation:*", "*")),
    });
    const cfn = as(session), StackName = uniqueName("-session");
    const { StackId } = await cfn.createStack({ StackName, TemplateBody, OnFailure: "DELETE" });
    await settled(cfn, StackId);
    assert.match(await reason(cfn, StackId), /is not authorized to perform: dynamodb:/);
  });

  test("of a role that is passed are what counts", async () => {
    const RoleName = uniqueName("deployer");
    const ana = await makeUser(endpoint, uniqueName("ana"));
    const cfn = as(ana), StackName = uniqueName("-role");
    const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust({ Service: "cloudformation.amazonaws.com" }) });
    const RoleARN = Role.Arn;
    await ana.may(grant("cloudformation:*", "*"));
    await fails(cfn.createStack({ StackName, TemplateBody, RoleARN }), "AccessDenied", `User: ${ana.arn} is not authorized to perform: iam:PassRole on resource: ${RoleARN} because no identity-based policy allows the iam:PassRole action`, 403);
    await ana.may(grant("cloudformation:*", "*"), grant("iam:PassRole", RoleARN, { StringEquals: { "iam:PassedToService": "cloudformation.amazonaws.com" } }));
    const failed = await cfn.createStack({ StackName, TemplateBody, RoleARN, OnFailure: "DELETE" });
    await settled(cfn, failed.StackId);
    assert.match(await reason(cfn, failed.StackId), new RegExp(`User: arn:aws:sts::${account}:assumed-role/${RoleName}/AWSCloudFormation is not authorized to perform: dynamodb:`));

    await iam.putRolePolicy({ RoleName, PolicyName: "p", PolicyDocument: policy(grant("dynamodb:*", "*"), deny("dynamodb:*", "*", { Bool: { "aws:ViaAWSService": "true" } })) });
    const { StackId } = await cfn.createStack({ StackName, TemplateBody, RoleARN });
    const made = await settled(cfn, StackName);
    assert.equal(made.StackStatus, "CREATE_COMPLETE");
    assert.equal(made.RoleARN, RoleARN);
    // It stays the stack's.
    await cfn.updateStack({ StackName, TemplateBody: template({ A: tableResource(), B: tableResource() }) });
    assert.equal((await settled(cfn, StackName)).StackStatus, "UPDATE_COMPLETE");
    await cfn.deleteStack({ StackName });
    assert.equal((await settled(cfn, StackId)).StackStatus, "DELETE_COMPLETE");

    const other = await iam.createRole({ RoleName: uniqueName("lambda"), AssumeRolePolicyDocument: trust() });
    await ana.may(grant("cloudformation:*", "*"), grant("iam:PassRole", "*"));
    await fails(cfn.createStack({ StackName, TemplateBody, RoleARN: other.Role.Arn }), "ValidationError", `Role ${other.Role.Arn} is invalid or cannot be assumed`);
  });

  test("to read a template from a bucket are asked too", async () => {
    const ana = await makeUser(endpoint, uniqueName("ana"));
    await ana.may(grant("cloudformation:*", "*"));
    await fails(as(ana).createStack({ StackName: uniqueName("-s3"), TemplateURL: "https://s3.us-east-1.amazonaws.com/some-bucket/key" }), "ValidationError", /^S3 error: Access Denied/);
    await ana.may(grant("cloudformation:*", "*"), grant("s3:GetObject", "arn:aws:s3:::some-bucket/*"));
    await fails(as(ana).createStack({ StackName: uniqueName("-s3"), TemplateURL: "https://s3.us-east-1.amazonaws.com/some-bucket/key" }), "ValidationError", /^S3 error: The specified bucket does not exist/);
  });
});

describe("the command line of AWS", () => {
  const aws = async (...args) => {
    const { code, stdout, stderr } = await run(debian("aws"), ["cloudformation", ...args, "--endpoint-url", endpoint, "--output", "json"], { env: environment });
    assert.equal(code, 0, stderr);
    return stdout && JSON.parse(stdout);
  };

  test("creates, waits for, lists, updates and deletes a stack", async () => {
    const name = uniqueName("-cli");
    const created = await aws("create-stack", "--stack-name", name, "--template-body", template({ A: tableResource(), R: roleResource() }), "--capabilities", "CAPABILITY_IAM", "--tags", "Key=team,Value=music");
    await aws("wait", "stack-create-complete", "--stack-name", name);
    const { Stacks } = await aws("describe-stacks", "--stack-name", name);
    assert.equal(Stacks[0].StackId, created.StackId);
    assert.deepEqual(Stacks[0].Tags, [{ Key: "team", Value: "music" }]);
    assert.match(Stacks[0].CreationTime, /^\d{4}-\d\d-\d\dT/);
    const { StackEvents } = await aws("describe-stack-events", "--stack-name", name);
    assert.equal(StackEvents[0].ResourceStatus, "CREATE_COMPLETE");
    const got = await aws("get-template", "--stack-name", name);
    assert.deepEqual(Object.keys(got.TemplateBody.Resources), ["A", "R"]);
    await aws("update-stack", "--stack-name", name, "--template-body", template({ A: tableResource() }));
    await aws("wait", "stack-update-complete", "--stack-name", name);
    const { StackResources } = await aws("describe-stack-resources", "--stack-name", name);
    assert.deepEqual(StackResources.map((r) => r.LogicalResourceId), ["A"]);
    await aws("delete-stack", "--stack-name", name);
    await aws("wait", "stack-delete-complete", "--stack-name", created.StackId);
  });
});

test("--strict-resources lets what is only recorded fail", async () => {
  const queue = { Type: "AWS::SQS::Queue", Properties: {} };
  const recorded = await rootStack({ Q: queue });
  assert.equal(recorded.StackStatus, "CREATE_COMPLETE");
  assert.match((await eventsOf(root, recorded.StackName)).map((e) => e.ResourceStatusReason).join("\n"), /Recorded and not run/);
  const server = await startServer({ args: ["--in-memory", "--strict-resources"] });
  const strict = makeCloudFormation(server.endpoint);
  const { StackId } = await strict.createStack({ StackName: "s", TemplateBody: template({ Q: queue }) });
  assert.equal((await settled(strict, StackId)).StackStatus, "ROLLBACK_COMPLETE");
  assert.match(await reason(strict, StackId), /runs with --strict-resources/);

  await strict.createStack({ StackName: "u", TemplateBody: template({ T: tableResource() }) });
  assert.equal((await settled(strict, "u")).StackStatus, "CREATE_COMPLETE");
  await strict.updateStack({ StackName: "u", TemplateBody: template({ T: tableResource(), Q: queue }) });
  assert.equal((await settled(strict, "u")).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
  assert.match(await reason(strict, "u"), /runs with --strict-resources/);
  assert.deepEqual((await strict.listStackResources({ StackName: "u" })).StackResourceSummaries.map((r) => r.LogicalResourceId), ["T"]);
  await server.stop();
});
