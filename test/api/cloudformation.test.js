// Stacks: creating, describing and deleting them, as the SDK sees it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventsOf, makeCloudFormation, roleResource, settled, stackMaker, tableResource, template, told } from "../lib/stacks.js";
import { fails, open, uniqueName } from "../lib/turntable.js";

const { endpoint, ddb } = await open();
const cfn = makeCloudFormation(endpoint);
const stack = stackMaker(cfn);
const only = (answer) => (delete answer.$metadata, answer);
const isThere = async (TableName) => (await ddb.listTables({})).TableNames.includes(TableName);

describe("a stack", () => {
  test("is created with its resources, described, and deleted", async () => {
    const name = uniqueName("-table");
    const Resources = { Track: tableResource(name), Other: tableResource(undefined) };
    const made = await stack(Resources, {
      more: {
        Description: "two tables",
        Parameters: { Suffix: { Type: "String", Default: "x" }, Secret: { Type: "String", NoEcho: true } },
        Outputs: {
          Name: { Value: { Ref: "Track" }, Description: "the name" },
          Arn: { Value: { "Fn::GetAtt": ["Other", "Arn"] } },
          Text: { Value: { "Fn::Sub": "${AWS::StackName}-${Suffix}" } },
        },
      },
      Parameters: [{ ParameterKey: "Secret", ParameterValue: "hidden" }],
      Tags: [{ Key: "team", Value: "music" }],
      ClientRequestToken: "token-1",
      DeploymentConfig: { Mode: "EXPRESS" },
    });
    assert.equal(made.StackStatus, "CREATE_COMPLETE");
    assert.match(made.StackId, new RegExp(`^arn:aws:cloudformation:us-east-1:000000000000:stack/${made.StackName}/[0-9a-f-]{36}$`));
    assert.equal(made.Description, "two tables");
    assert.deepEqual(made.Parameters, [
      { ParameterKey: "Suffix", ParameterValue: "x" },
      { ParameterKey: "Secret", ParameterValue: "****" },
    ]);
    assert.deepEqual(made.Tags, [{ Key: "team", Value: "music" }]);
    assert.equal(made.EnableTerminationProtection, false);
    assert.equal(made.DisableRollback, false);

    const { StackResources } = await cfn.describeStackResources({ StackName: made.StackName });
    const other = StackResources.find((r) => r.LogicalResourceId === "Other").PhysicalResourceId;
    assert.ok(other.startsWith(`${made.StackName}-Other-`), other);
    assert.deepEqual(made.Outputs, [
      { OutputKey: "Name", OutputValue: name, Description: "the name" },
      { OutputKey: "Arn", OutputValue: `arn:aws:dynamodb:us-east-1:000000000000:table/${other}` },
      { OutputKey: "Text", OutputValue: `${made.StackName}-x` },
    ]);
    assert.ok((await isThere(name)) && (await isThere(other)));
    const { Tags } = await ddb.listTagsOfResource({ ResourceArn: `arn:aws:dynamodb:us-east-1:000000000000:table/${name}` });
    assert.deepEqual(
      Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
      {
        team: "music",
        "aws:cloudformation:stack-name": made.StackName,
        "aws:cloudformation:stack-id": made.StackId,
        "aws:cloudformation:logical-id": "Track",
      },
    );

    assert.equal((await cfn.getTemplate({ StackName: made.StackName })).TemplateBody.includes('"two tables"'), true);
    const { StackResourceDetail: detail } = await cfn.describeStackResource({ StackName: made.StackName, LogicalResourceId: "Track" });
    assert.equal(detail.PhysicalResourceId, name);
    assert.equal(detail.ResourceStatus, "CREATE_COMPLETE");
    assert.equal((await cfn.describeStackResources({ PhysicalResourceId: name })).StackResources.length, 2);

    await cfn.deleteStack({ StackName: made.StackName });
    const gone = await settled(cfn, made.StackId);
    assert.equal(gone.StackStatus, "DELETE_COMPLETE");
    assert.ok(gone.DeletionTime > gone.CreationTime);
    assert.ok(!(await isThere(name)) && !(await isThere(other)));
    await fails(cfn.describeStacks({ StackName: made.StackName }), "ValidationError", `Stack with id ${made.StackName} does not exist`);
    const { StackSummaries } = await cfn.listStacks({ StackStatusFilter: ["DELETE_COMPLETE"] });
    assert.ok(StackSummaries.some((s) => s.StackId === made.StackId));
    assert.ok(!(await cfn.describeStacks({})).Stacks.some((s) => s.StackId === made.StackId));
    const { StackResourceSummaries } = await cfn.listStackResources({ StackName: made.StackId });
    assert.deepEqual(StackResourceSummaries.map((r) => r.ResourceStatus), ["DELETE_COMPLETE", "DELETE_COMPLETE"]);
  });

  test("tells its events in order", async () => {
    const made = await stack({ A: tableResource(), B: { ...tableResource(), DependsOn: "A" } }, { ClientRequestToken: "first" });
    const created = await eventsOf(cfn, made.StackName);
    assert.deepEqual(told(created), [
      `${made.StackName} CREATE_IN_PROGRESS User Initiated`,
      "A CREATE_IN_PROGRESS",
      "A CREATE_IN_PROGRESS Resource creation Initiated",
      "A CREATE_COMPLETE",
      "B CREATE_IN_PROGRESS",
      "B CREATE_IN_PROGRESS Resource creation Initiated",
      "B CREATE_COMPLETE",
      `${made.StackName} CREATE_COMPLETE`,
    ]);
    assert.equal(new Set(created.map((e) => e.EventId)).size, created.length);
    assert.ok(created.every((e) => e.ClientRequestToken === "first" && e.StackId === made.StackId));
    assert.equal(JSON.parse(created[1].ResourceProperties).BillingMode, "PAY_PER_REQUEST");
    assert.equal(created[1].PhysicalResourceId, "");
    await cfn.deleteStack({ StackName: made.StackName, ClientRequestToken: "second" });
    await settled(cfn, made.StackId);
    const deleted = (await eventsOf(cfn, made.StackId)).slice(created.length);
    assert.deepEqual(told(deleted), [
      `${made.StackName} DELETE_IN_PROGRESS User Initiated`,
      "B DELETE_IN_PROGRESS",
      "B DELETE_COMPLETE",
      "A DELETE_IN_PROGRESS",
      "A DELETE_COMPLETE",
      `${made.StackName} DELETE_COMPLETE`,
    ]);
    assert.ok(deleted.every((e) => e.ClientRequestToken === "second"));
  });

  test("tells its operations apart", async () => {
    const StackName = uniqueName("-stack"), taken = uniqueName("-taken"), ClientRequestToken = "one";
    const body = (...names) => template(Object.fromEntries(names.map((name, i) => [`T${i}`, tableResource(name)])));
    const input = { StackName, TemplateBody: body(undefined), ClientRequestToken };
    const { StackId, OperationId: made } = await cfn.createStack(input);
    assert.match(made, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.equal((await cfn.createStack(input)).OperationId, made, "as long as it is the same request");
    const last = async () => [(await settled(cfn, StackId)).LastOperations, (await cfn.listStacks({})).StackSummaries.find((s) => s.StackId === StackId).LastOperations];
    const created = { OperationType: "CREATE_STACK", OperationId: made };
    assert.deepEqual(await last(), [[created], [created]]);

    await ddb.createTable({ TableName: taken, ...tableResource().Properties });
    const { OperationId: failed } = await cfn.updateStack({ StackName, TemplateBody: body(undefined, taken) });
    const changed = { OperationType: "UPDATE_STACK", OperationId: failed };
    assert.deepEqual(await last(), [[changed], [changed]]);
    await ddb.deleteTable({ TableName: taken });
    await cfn.deleteStack({ StackName });
    await settled(cfn, StackId);
    const ids = (await eventsOf(cfn, StackId)).map((e) => e.OperationId);
    const deleted = ids.at(-1);
    assert.equal(new Set([made, failed, deleted]).size, 3);
    assert.deepEqual(ids.filter((id, i) => id !== ids[i - 1]), [made, failed, deleted], "the rollback is a part of what failed");
    assert.deepEqual((await cfn.describeStacks({ StackName: StackId })).Stacks[0].LastOperations, [{ OperationType: "DELETE_STACK", OperationId: deleted }]);
  });

  test("tells nobody what a NoEcho parameter is", async () => {
    const Resources = { A: tableResource(undefined, { Tags: [{ Key: "secret", Value: { "Fn::Sub": "x-${Secret}" } }] }) };
    const made = await stack(Resources, { more: { Parameters: { Secret: { Type: "String", NoEcho: true } } }, Parameters: [{ ParameterKey: "Secret", ParameterValue: "hidden" }] });
    const events = await eventsOf(cfn, made.StackName);
    assert.ok(!JSON.stringify(events).includes("hidden"));
    assert.deepEqual(JSON.parse(events[1].ResourceProperties).Tags, [{ Key: "secret", Value: "x-****" }]);
    const arn = (await ddb.describeTable({ TableName: events.at(-2).PhysicalResourceId })).Table.TableArn;
    assert.ok((await ddb.listTagsOfResource({ ResourceArn: arn })).Tags.some((t) => t.Value === "x-hidden"));
  });

  test("that fails is rolled back, and what was there stays", async () => {
    const taken = uniqueName("-taken"), free = uniqueName("-free");
    await ddb.createTable({ TableName: taken, ...tableResource().Properties });
    const made = await stack({ Free: tableResource(free), Taken: { ...tableResource(taken), DependsOn: "Free" } });
    assert.equal(made.StackStatus, "ROLLBACK_COMPLETE");
    assert.ok(!(await isThere(free)) && (await isThere(taken)));
    const events = await eventsOf(cfn, made.StackName);
    assert.deepEqual(told(events).filter((e) => e.startsWith(made.StackName)), [
      `${made.StackName} CREATE_IN_PROGRESS User Initiated`,
      `${made.StackName} ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Taken]. Rollback requested by user.`,
      `${made.StackName} ROLLBACK_COMPLETE`,
    ]);
    const failed = events.find((e) => e.ResourceStatus === "CREATE_FAILED");
    assert.equal(failed.LogicalResourceId, "Taken");
    assert.match(failed.ResourceStatusReason, /Table already exists: .*AlreadyExists/);
    await fails(cfn.createStack({ StackName: made.StackName, TemplateBody: template({ A: tableResource() }) }), "AlreadyExistsException", `Stack [${made.StackName}] already exists`);
    await cfn.deleteStack({ StackName: made.StackName });
    assert.equal((await settled(cfn, made.StackId)).StackStatus, "DELETE_COMPLETE");
    assert.ok(await isThere(taken));
    await ddb.deleteTable({ TableName: taken });
  });

  test("does with a failure what OnFailure says", async () => {
    const Resources = { A: tableResource(), B: { ...tableResource(undefined, { KeySchema: [{ AttributeName: "no", KeyType: "HASH" }] }), DependsOn: "A" } };
    const kept = await stack(Resources, { OnFailure: "DO_NOTHING" });
    assert.equal(kept.StackStatus, "CREATE_FAILED");
    assert.equal(kept.StackStatusReason, "The following resource(s) failed to create: [B]. ");
    assert.equal((await cfn.describeStackResource({ StackName: kept.StackName, LogicalResourceId: "A" })).StackResourceDetail.ResourceStatus, "CREATE_COMPLETE");
    assert.equal((await stack(Resources, { DisableRollback: true })).StackStatus, "CREATE_FAILED");
    assert.equal((await stack(Resources, { DeploymentConfig: { Mode: "EXPRESS", DisableRollback: true } })).StackStatus, "CREATE_FAILED");
    const removed = await stack(Resources, { OnFailure: "DELETE" });
    assert.equal(removed.StackStatus, "DELETE_COMPLETE");
    await fails(cfn.describeStacks({ StackName: removed.StackName }), "ValidationError", /does not exist/);
  });

  test("keeps what its DeletionPolicy says", async () => {
    const name = uniqueName("-kept");
    const made = await stack({ Kept: { ...tableResource(name), DeletionPolicy: "Retain" }, Gone: tableResource() });
    await cfn.deleteStack({ StackName: made.StackName });
    assert.equal((await settled(cfn, made.StackId)).StackStatus, "DELETE_COMPLETE");
    assert.ok(await isThere(name));
    assert.ok(told(await eventsOf(cfn, made.StackId)).includes("Kept DELETE_SKIPPED"));
    await ddb.deleteTable({ TableName: name });
  });

  test("fails to be deleted as long as a resource cannot be, and goes without it", async () => {
    const name = uniqueName("-protected");
    const made = await stack({ Safe: tableResource(name, { DeletionProtectionEnabled: true }), Other: tableResource() });
    await cfn.deleteStack({ StackName: made.StackName });
    const stuck = await settled(cfn, made.StackId);
    assert.equal(stuck.StackStatus, "DELETE_FAILED");
    assert.equal(stuck.StackStatusReason, "The following resource(s) failed to delete: [Safe]. ");
    await cfn.deleteStack({ StackName: made.StackName, RetainResources: ["Safe"] });
    assert.equal((await settled(cfn, made.StackId)).StackStatus, "DELETE_COMPLETE");
    await ddb.updateTable({ TableName: name, DeletionProtectionEnabled: false });
    await ddb.deleteTable({ TableName: name });
  });
});

describe("requests are refused as AWS refuses them", () => {
  const TemplateBody = template({ A: tableResource() });
  const cases = [
    [{ StackName: "a_b", TemplateBody }, "ValidationError", "1 validation error detected: Value 'a_b' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"],
    [{ StackName: "a" }, "ValidationError", "Either Template URL or Template Body must be specified."],
    [{ StackName: "a", TemplateBody, TemplateURL: "https://s3.us-east-1.amazonaws.com/b/k" }, "ValidationError", /can not be specified at the same time/],
    [{ StackName: "a", TemplateBody, Parameters: [{ ParameterKey: "No", ParameterValue: "1" }] }, "ValidationError", "Parameters: [No] do not exist in the template"],
    [{ StackName: "a", TemplateBody: template({ A: tableResource() }, { Parameters: { P: { Type: "String" } } }) }, "ValidationError", "Parameters: [P] must have values"],
    [{ StackName: "a", TemplateBody: template({ R: roleResource() }) }, "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]"],
    [{ StackName: "a", TemplateBody: template({ R: roleResource({ RoleName: "x" }) }), Capabilities: ["CAPABILITY_IAM"] }, "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_NAMED_IAM]"],
    [{ StackName: "a", TemplateBody, Tags: [{ Key: "aws:x", Value: "y" }] }, "ValidationError", /aws: prefixed tag key names/],
    [{ StackName: "a", TemplateBody, RoleARN: "arn:aws:iam::000000000000:role/no-such-role" }, "ValidationError", "Role arn:aws:iam::000000000000:role/no-such-role is invalid or cannot be assumed"],
    [{ StackName: "a", TemplateBody, OnFailure: "DELETE", DisableRollback: true }, "ValidationError", /DisableRollback or OnFailure/],
  ];
  for (const [input, name, message] of cases) {
    test(`CreateStack: ${message}`, () => fails(cfn.createStack(input), name, message));
  }

  test("a stack that there is not", async () => {
    await fails(cfn.describeStacks({ StackName: "no-such" }), "ValidationError", "Stack with id no-such does not exist");
    await fails(cfn.describeStackEvents({ StackName: "no-such" }), "ValidationError", "Stack [no-such] does not exist");
    await fails(cfn.listStackResources({ StackName: "no-such" }), "ValidationError", "Stack with id no-such does not exist");
    await fails(cfn.getTemplate({ StackName: "no-such" }), "ValidationError", "Stack with id no-such does not exist");
    await fails(cfn.describeStackResource({ StackName: "no-such", LogicalResourceId: "A" }), "ValidationError", "Stack 'no-such' does not exist");
    await cfn.deleteStack({ StackName: "no-such" });
  });

  test("a token that is repeated makes no second stack", async () => {
    const StackName = uniqueName("-stack"), ClientRequestToken = "again-1";
    const made = await stack({ A: tableResource() }, { StackName, ClientRequestToken });
    const again = await cfn.createStack({ StackName, ClientRequestToken, TemplateBody });
    assert.equal(again.StackId, made.StackId);
    await fails(cfn.createStack({ StackName, TemplateBody }), "AlreadyExistsException", `Stack [${StackName}] already exists`);
  });

  test("termination protection", async () => {
    const made = await stack({ A: tableResource() }, { EnableTerminationProtection: true });
    assert.equal(made.EnableTerminationProtection, true);
    await fails(cfn.deleteStack({ StackName: made.StackName }), "ValidationError", /cannot be deleted while TerminationProtection is enabled/);
  });
});
