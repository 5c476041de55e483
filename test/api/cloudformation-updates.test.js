// Updates of stacks: what changes in place, what is replaced, what is refused, and the way back.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eventsOf, makeCloudFormation, roleResource, settled, stackMaker, tableResource, template, told } from "../lib/stacks.js";
import { makeIam } from "../lib/iam.js";
import { fails, open, uniqueName } from "../lib/turntable.js";

const { endpoint, ddb } = await open();
const cfn = makeCloudFormation(endpoint);
const iam = makeIam(endpoint);
const stack = stackMaker(cfn);
const isThere = async (TableName) => (await ddb.listTables({})).TableNames.includes(TableName);
const describeTable = async (TableName) => (await ddb.describeTable({ TableName })).Table;

/** Updates and waits; resolves with the stack's description and the events of the update, the oldest first. */
async function update(StackName, Resources, { more, ...options } = {}) {
  const before = (await eventsOf(cfn, StackName)).length;
  await cfn.updateStack({ StackName, TemplateBody: template(Resources, more), ...options });
  const after = await settled(cfn, StackName);
  return { ...after, events: (await eventsOf(cfn, StackName)).slice(before) };
}

const physical = async (StackName, LogicalResourceId) =>
  (await cfn.describeStackResource({ StackName, LogicalResourceId })).StackResourceDetail.PhysicalResourceId;

const index = (name, attribute) => ({
  IndexName: name,
  KeySchema: [{ AttributeName: attribute, KeyType: "HASH" }],
  Projection: { ProjectionType: "ALL" },
});
const indexed = (TableName, ...names) =>
  tableResource(TableName, {
    AttributeDefinitions: ["id", ...names].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    ...(names.length > 0 && { GlobalSecondaryIndexes: names.map((name) => index(`by-${name}`, name)) }),
  });

describe("an update", () => {
  test("adds, changes and removes resources, in that order", async () => {
    const gone = uniqueName("-gone");
    const { StackName } = await stack({ Stays: tableResource(), Changes: indexed(), Goes: tableResource(gone) });
    const after = await update(StackName, { Stays: tableResource(), Changes: indexed(undefined, "owner"), Comes: { ...tableResource(), DependsOn: "Changes" } });
    assert.equal(after.StackStatus, "UPDATE_COMPLETE");
    assert.ok(after.LastUpdatedTime >= after.CreationTime);
    assert.deepEqual(told(after.events), [
      `${StackName} UPDATE_IN_PROGRESS User Initiated`,
      "Changes UPDATE_IN_PROGRESS",
      "Changes UPDATE_COMPLETE",
      "Comes CREATE_IN_PROGRESS",
      "Comes CREATE_IN_PROGRESS Resource creation Initiated",
      "Comes CREATE_COMPLETE",
      `${StackName} UPDATE_COMPLETE_CLEANUP_IN_PROGRESS`,
      "Goes DELETE_IN_PROGRESS",
      "Goes DELETE_COMPLETE",
      `${StackName} UPDATE_COMPLETE`,
    ]);
    assert.equal((await describeTable(await physical(StackName, "Changes"))).GlobalSecondaryIndexes.length, 1);
    assert.ok(!(await isThere(gone)));
    const { StackResourceSummaries } = await cfn.listStackResources({ StackName });
    assert.deepEqual(StackResourceSummaries.map((r) => `${r.LogicalResourceId} ${r.ResourceStatus}`), ["Changes UPDATE_COMPLETE", "Comes CREATE_COMPLETE", "Stays CREATE_COMPLETE"]);
  });

  test("that changes nothing is refused", async () => {
    const Resources = { A: tableResource() };
    const { StackName } = await stack(Resources, { Tags: [{ Key: "a", Value: "1" }] });
    await fails(cfn.updateStack({ StackName, TemplateBody: template(Resources) }), "ValidationError", "No updates are to be performed.");
    await fails(cfn.updateStack({ StackName, UsePreviousTemplate: true }), "ValidationError", "No updates are to be performed.");
    // Written otherwise it is the same.
    await fails(cfn.updateStack({ StackName, TemplateBody: JSON.stringify(JSON.parse(template(Resources)), null, 4) }), "ValidationError", "No updates are to be performed.");
    const after = await update(StackName, Resources, { Tags: [{ Key: "a", Value: "2" }] });
    assert.equal(after.StackStatus, "UPDATE_COMPLETE");
    const { Tags } = await ddb.listTagsOfResource({ ResourceArn: (await describeTable(await physical(StackName, "A"))).TableArn });
    assert.equal(Tags.find(({ Key }) => Key === "a").Value, "2");
  });

  test("replaces what cannot change in place, and removes the old one at the end", async () => {
    const { StackName } = await stack({ T: tableResource() }, { more: { Outputs: { Name: { Value: { Ref: "T" } } } } });
    const old = await physical(StackName, "T");
    const after = await update(StackName, { T: tableResource(undefined, { KeySchema: [{ AttributeName: "other", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "other", AttributeType: "S" }] }) }, { more: { Outputs: { Name: { Value: { Ref: "T" } } } } });
    assert.equal(after.StackStatus, "UPDATE_COMPLETE");
    const now = await physical(StackName, "T");
    assert.notEqual(now, old);
    assert.equal(after.Outputs[0].OutputValue, now);
    assert.ok((await isThere(now)) && !(await isThere(old)));
    assert.deepEqual(told(after.events), [
      `${StackName} UPDATE_IN_PROGRESS User Initiated`,
      "T UPDATE_IN_PROGRESS Requested update requires the creation of a new physical resource; hence creating one.",
      "T UPDATE_COMPLETE",
      `${StackName} UPDATE_COMPLETE_CLEANUP_IN_PROGRESS`,
      "T DELETE_IN_PROGRESS",
      "T DELETE_COMPLETE",
      `${StackName} UPDATE_COMPLETE`,
    ]);
    assert.equal(after.events.find((e) => e.ResourceStatus === "DELETE_COMPLETE").PhysicalResourceId, old);
    await cfn.deleteStack({ StackName });
    assert.equal((await settled(cfn, after.StackId)).StackStatus, "DELETE_COMPLETE");
    assert.ok(!(await isThere(now)));
  });

  test("keeps what is replaced if UpdateReplacePolicy says so", async () => {
    const { StackName } = await stack({ T: tableResource() });
    const old = await physical(StackName, "T");
    const other = tableResource(undefined, { KeySchema: [{ AttributeName: "o", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "o", AttributeType: "S" }] });
    const after = await update(StackName, { T: { ...other, UpdateReplacePolicy: "Retain" } });
    assert.equal(after.StackStatus, "UPDATE_COMPLETE");
    assert.ok(told(after.events).includes("T DELETE_SKIPPED"));
    assert.ok(await isThere(old));
    await ddb.deleteTable({ TableName: old });
  });

  test("of a custom name that would need another resource is refused", async () => {
    const name = uniqueName("-named");
    const { StackName } = await stack({ T: tableResource(name) });
    const after = await update(StackName, { T: tableResource(name, { KeySchema: [{ AttributeName: "o", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "o", AttributeType: "S" }] }) });
    assert.equal(after.StackStatus, "UPDATE_ROLLBACK_COMPLETE");
    const failed = after.events.find((e) => e.ResourceStatus === "UPDATE_FAILED");
    assert.match(failed.ResourceStatusReason, new RegExp(`CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${name} and update the stack again.`));
    const renamed = uniqueName("-renamed");
    const renaming = await update(StackName, { T: tableResource(renamed) });
    assert.equal(renaming.StackStatus, "UPDATE_COMPLETE");
    assert.ok((await isThere(renamed)) && !(await isThere(name)));
  });

  test("starts from the resource as it is, whatever was changed beside the stack", async () => {
    const { StackName } = await stack({ T: indexed() });
    const TableName = await physical(StackName, "T");
    await ddb.updateTable({ TableName, AttributeDefinitions: [{ AttributeName: "owner", AttributeType: "S" }], GlobalSecondaryIndexUpdates: [{ Create: index("by-owner", "owner") }] });
    const after = await update(StackName, { T: indexed(undefined, "owner") });
    assert.equal(after.StackStatus, "UPDATE_COMPLETE");
    assert.equal(await physical(StackName, "T"), TableName);
    assert.deepEqual((await describeTable(TableName)).GlobalSecondaryIndexes.map((i) => i.IndexName), ["by-owner"]);
  });

  test("that fails is taken back", async () => {
    const taken = uniqueName("-taken"), gone = uniqueName("-goes"), fresh = uniqueName("-fresh");
    await ddb.createTable({ TableName: taken, ...tableResource().Properties });
    const before = { Changes: indexed(), Replaced: tableResource(), Goes: tableResource(gone) };
    const { StackName } = await stack(before, { more: { Outputs: { O: { Value: "old" } } } });
    const [changes, replaced] = [await physical(StackName, "Changes"), await physical(StackName, "Replaced")];
    const after = await update(StackName, {
      Changes: indexed(undefined, "other"),
      Replaced: tableResource(undefined, { KeySchema: [{ AttributeName: "o", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "o", AttributeType: "S" }] }),
      Fresh: { ...tableResource(fresh), DependsOn: ["Changes", "Replaced"] },
      Taken: { ...tableResource(taken), DependsOn: "Fresh" },
    }, { more: { Outputs: { O: { Value: "new" } } } });
    assert.equal(after.StackStatus, "UPDATE_ROLLBACK_COMPLETE");
    assert.equal(after.Outputs[0].OutputValue, "old");
    const status = (event) => event.LogicalResourceId === StackName;
    assert.deepEqual(told(after.events.filter(status)), [
      `${StackName} UPDATE_IN_PROGRESS User Initiated`,
      `${StackName} UPDATE_ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Taken]. `,
      `${StackName} UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS`,
      `${StackName} UPDATE_ROLLBACK_COMPLETE`,
    ]);
    assert.equal((await describeTable(changes)).GlobalSecondaryIndexes, undefined);
    assert.equal(await physical(StackName, "Replaced"), replaced);
    assert.ok((await isThere(replaced)) && (await isThere(gone)) && (await isThere(taken)) && !(await isThere(fresh)));
    assert.equal((await ddb.listTables({})).TableNames.filter((n) => n.startsWith(`${StackName}-`)).length, 2);
    assert.equal(JSON.parse((await cfn.getTemplate({ StackName })).TemplateBody).Outputs.O.Value, "old");
    const { StackResourceSummaries } = await cfn.listStackResources({ StackName });
    assert.deepEqual(StackResourceSummaries.map((r) => r.LogicalResourceId), ["Changes", "Goes", "Replaced"]);
    // And it can be updated again.
    assert.equal((await update(StackName, before, { more: { Outputs: { O: { Value: "third" } } } })).StackStatus, "UPDATE_COMPLETE");
    await ddb.deleteTable({ TableName: taken });
  });

  test("that fails stays as it is with DisableRollback, and is taken back or tried again", async () => {
    const taken = uniqueName("-taken");
    await ddb.createTable({ TableName: taken, ...tableResource().Properties });
    const failing = { A: indexed(undefined, "owner"), Taken: { ...tableResource(taken), DependsOn: "A" } };
    const { StackName } = await stack({ A: indexed() });
    const stuck = await update(StackName, failing, { DisableRollback: true });
    assert.equal(stuck.StackStatus, "UPDATE_FAILED");
    assert.equal((await describeTable(await physical(StackName, "A"))).GlobalSecondaryIndexes.length, 1);
    await cfn.rollbackStack({ StackName });
    assert.equal((await settled(cfn, StackName)).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
    assert.equal((await describeTable(await physical(StackName, "A"))).GlobalSecondaryIndexes, undefined);
    assert.equal((await update(StackName, failing, { DisableRollback: true })).StackStatus, "UPDATE_FAILED");
    await ddb.deleteTable({ TableName: taken });
    const again = await update(StackName, failing, { DisableRollback: true });
    assert.equal(again.StackStatus, "UPDATE_COMPLETE");
    assert.ok(await isThere(taken));
    await fails(cfn.rollbackStack({ StackName }), "ValidationError", /is in UPDATE_COMPLETE state and can not be rolled back/);
  });

  test("of a stack that could not be created goes on with it, or removes it", async () => {
    const taken = uniqueName("-taken");
    await ddb.createTable({ TableName: taken, ...tableResource().Properties });
    const failing = { A: tableResource(), Taken: { ...tableResource(taken), DependsOn: "A" } };
    const one = await stack(failing, { OnFailure: "DO_NOTHING" }), two = await stack(failing, { OnFailure: "DO_NOTHING" });
    const A = await physical(one.StackName, "A");
    assert.equal((await update(one.StackName, failing, { DisableRollback: true })).StackStatus, "UPDATE_FAILED");
    const mended = await update(one.StackName, { A: tableResource(), Other: tableResource() });
    assert.equal(mended.StackStatus, "UPDATE_COMPLETE");
    assert.equal(await physical(one.StackName, "A"), A);
    assert.deepEqual((await cfn.listStackResources({ StackName: one.StackName })).StackResourceSummaries.map((r) => r.LogicalResourceId), ["A", "Other"]);
    const left = await physical(two.StackName, "A");
    assert.equal((await update(two.StackName, failing)).StackStatus, "ROLLBACK_COMPLETE");
    assert.ok(!(await isThere(left)) && (await isThere(taken)));
    const three = await stack(failing, { OnFailure: "DO_NOTHING" });
    await cfn.rollbackStack({ StackName: three.StackName });
    assert.equal((await settled(cfn, three.StackName)).StackStatus, "ROLLBACK_COMPLETE");
    await ddb.deleteTable({ TableName: taken });
  });

  test("does not do what the stack policy forbids", async () => {
    const StackPolicyBody = JSON.stringify({
      Statement: [
        { Effect: "Allow", Action: "Update:*", Principal: "*", Resource: "*" },
        { Effect: "Deny", Action: ["Update:Replace", "Update:Delete"], Principal: "*", Resource: "*", Condition: { StringEquals: { ResourceType: ["AWS::DynamoDB::Table"] } } },
        { Effect: "Deny", Action: "Update:Modify", Principal: "*", Resource: "LogicalResourceId/Fixed*" },
      ],
    });
    const other = tableResource(undefined, { KeySchema: [{ AttributeName: "o", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "o", AttributeType: "S" }] });
    const Resources = { A: tableResource(), B: tableResource(), Fixed1: indexed() };
    const { StackName } = await stack(Resources, { StackPolicyBody });
    const cases = [
      [{ ...Resources, A: other }, "A", "Statement [#2] does not allow [Update:Replace] for resource [LogicalResourceId/A];"],
      [{ A: Resources.A, Fixed1: Resources.Fixed1 }, "B", "Statement [#2] does not allow [Update:Delete] for resource [LogicalResourceId/B];"],
      [{ ...Resources, Fixed1: indexed(undefined, "owner") }, "Fixed1", "Statement [#3] does not allow [Update:Modify] for resource [LogicalResourceId/Fixed1];"],
    ];
    for (const [changed, id, reason] of cases) {
      const after = await update(StackName, changed);
      assert.equal(after.StackStatus, "UPDATE_ROLLBACK_COMPLETE");
      const failed = after.events.find((e) => e.ResourceStatus === "UPDATE_FAILED");
      assert.deepEqual([failed.LogicalResourceId, failed.ResourceStatusReason], [id, `Action denied by stack policy: ${reason}`]);
    }
    assert.equal((await cfn.listStackResources({ StackName })).StackResourceSummaries.every((r) => /^(CREATE|UPDATE)_COMPLETE$/.test(r.ResourceStatus)), true);
    const allowed = await update(StackName, { A: other, Fixed1: indexed(undefined, "owner") }, { StackPolicyDuringUpdateBody: JSON.stringify({ Statement: { Effect: "Allow", Action: "Update:*", Principal: "*", Resource: "*" } }) });
    assert.equal(allowed.StackStatus, "UPDATE_COMPLETE");
    assert.equal((await cfn.getStackPolicy({ StackName })).StackPolicyBody, StackPolicyBody);
    await fails(cfn.setStackPolicy({ StackName, StackPolicyBody: JSON.stringify({ Statement: [{ Effect: "Maybe" }] }) }), "ValidationError", "Error validating stack policy: Invalid statement [#1]");
  });

  test("with previous values of parameters, and of the template", async () => {
    const more = { Parameters: { Capacity: { Type: "Number" }, Other: { Type: "String" } }, Outputs: { O: { Value: { "Fn::Sub": "${Capacity}-${Other}" } } } };
    const { StackName } = await stack({ A: tableResource() }, { more, Parameters: [{ ParameterKey: "Capacity", ParameterValue: "1" }, { ParameterKey: "Other", ParameterValue: "x" }] });
    await cfn.updateStack({ StackName, UsePreviousTemplate: true, Parameters: [{ ParameterKey: "Capacity", UsePreviousValue: true }, { ParameterKey: "Other", ParameterValue: "y" }] });
    assert.equal((await settled(cfn, StackName)).Outputs[0].OutputValue, "1-y");
    await fails(cfn.updateStack({ StackName, UsePreviousTemplate: true, Parameters: [{ ParameterKey: "Capacity", UsePreviousValue: true }] }), "ValidationError", "Parameters: [Other] must have values");
  });

  test("of what others refer to reaches them", async () => {
    const Policies = (Resource) => [{ PolicyName: "p", PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "dynamodb:GetItem", Resource }] } }];
    const resources = (key) => ({
      T: tableResource(undefined, { KeySchema: [{ AttributeName: key, KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }] }),
      R: roleResource({ Policies: Policies({ "Fn::GetAtt": ["T", "Arn"] }) }),
    });
    const Capabilities = ["CAPABILITY_IAM"];
    const { StackName } = await stack(resources("a"), { Capabilities });
    const after = await update(StackName, resources("b"), { Capabilities });
    assert.equal(after.StackStatus, "UPDATE_COMPLETE");
    const { PolicyDocument } = await iam.getRolePolicy({ RoleName: await physical(StackName, "R"), PolicyName: "p" });
    assert.match(decodeURIComponent(PolicyDocument), new RegExp(`table/${await physical(StackName, "T")}"`));
  });

  test("is refused where AWS refuses it", async () => {
    const { StackName, StackId } = await stack({ A: tableResource() });
    const TemplateBody = template({ A: tableResource(), B: tableResource() });
    await fails(cfn.updateStack({ StackName: "no-such", TemplateBody }), "ValidationError", "Stack [no-such] does not exist");
    await fails(cfn.updateStack({ StackName }), "ValidationError", "Either Template URL or Template Body must be specified.");
    await fails(cfn.updateStack({ StackName, TemplateBody: template({ A: roleResource() }), Capabilities: ["CAPABILITY_IAM"] }), "ValidationError", /Update of resource type is not permitted.*\[A\]/);
    await fails(cfn.cancelUpdateStack({ StackName }), "ValidationError", "CancelUpdateStack cannot be called from current stack status");
    await fails(cfn.continueUpdateRollback({ StackName }), "ValidationError", /is in CREATE_COMPLETE state and can not continue/);
    const failed = await stack({ T: { ...tableResource(undefined, { KeySchema: [{ AttributeName: "no", KeyType: "HASH" }] }) } });
    assert.equal(failed.StackStatus, "ROLLBACK_COMPLETE");
    await fails(cfn.updateStack({ StackName: failed.StackName, TemplateBody }), "ValidationError", `Stack:${failed.StackId} is in ROLLBACK_COMPLETE state and can not be updated.`);
    await cfn.updateStack({ StackName, TemplateBody, ClientRequestToken: "t-1" });
    assert.equal((await settled(cfn, StackName)).StackStatus, "UPDATE_COMPLETE");
    assert.equal((await cfn.updateStack({ StackName, TemplateBody, ClientRequestToken: "t-1" })).StackId, StackId);
  });

  test("whose way back fails can be continued", async () => {
    const taken = uniqueName("-taken");
    await ddb.createTable({ TableName: taken, ...tableResource().Properties });
    const { StackName } = await stack({ A: indexed(), B: { ...tableResource(), DependsOn: "A" } });
    const TableName = await physical(StackName, "A");
    // Deleted beside the stack, it can neither be changed nor brought back.
    await ddb.deleteTable({ TableName });
    const stuck = await update(StackName, { A: indexed(undefined, "owner"), B: { ...tableResource(), DependsOn: "A" } });
    assert.equal(stuck.StackStatus, "UPDATE_ROLLBACK_FAILED");
    assert.equal(stuck.StackStatusReason, "The following resource(s) failed to update: [A]. ");
    await fails(cfn.updateStack({ StackName, TemplateBody: template({ B: tableResource() }) }), "ValidationError", /is in UPDATE_ROLLBACK_FAILED state and can not be updated/);
    await cfn.continueUpdateRollback({ StackName, ResourcesToSkip: ["A"] });
    assert.equal((await settled(cfn, StackName)).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
    await ddb.deleteTable({ TableName: taken });
  });

  test("can be cancelled", async () => {
    const { StackName } = await stack({ A: tableResource() });
    const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`T${i}`, tableResource()]));
    // The answer waits a moment for the update, so what it does is looked at beside it.
    const updating = cfn.updateStack({ StackName, TemplateBody: template({ A: tableResource(), ...many }) });
    while ((await cfn.describeStacks({ StackName })).Stacks[0].StackStatus !== "UPDATE_IN_PROGRESS");
    await cfn.cancelUpdateStack({ StackName });
    await updating;
    const after = await settled(cfn, StackName);
    assert.equal(after.StackStatus, "UPDATE_ROLLBACK_COMPLETE");
    assert.ok(told(await eventsOf(cfn, StackName)).includes(`${StackName} UPDATE_ROLLBACK_IN_PROGRESS User Initiated`));
    const { StackResourceSummaries } = await cfn.listStackResources({ StackName });
    assert.deepEqual(StackResourceSummaries.map((r) => r.LogicalResourceId), ["A"]);
    assert.equal((await ddb.listTables({ ExclusiveStartTableName: StackName, Limit: 100 })).TableNames.filter((n) => n.startsWith(`${StackName}-`)).length, 1);
  });
});

describe("what is said of a stack", () => {
  test("policies and termination protection", async () => {
    const { StackName, StackId } = await stack({ A: tableResource() });
    assert.equal((await cfn.getStackPolicy({ StackName })).StackPolicyBody, undefined);
    const StackPolicyBody = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "Update:*", Principal: "*", Resource: "*" }] });
    await cfn.setStackPolicy({ StackName, StackPolicyBody });
    assert.equal((await cfn.getStackPolicy({ StackName })).StackPolicyBody, StackPolicyBody);
    await fails(cfn.setStackPolicy({ StackName, StackPolicyBody: "no" }), "ValidationError", /Error validating stack policy/);
    assert.equal((await cfn.updateTerminationProtection({ StackName, EnableTerminationProtection: true })).StackId, StackId);
    assert.equal((await cfn.describeStacks({ StackName })).Stacks[0].EnableTerminationProtection, true);
    await fails(cfn.deleteStack({ StackName }), "ValidationError", `Stack [${StackName}] cannot be deleted while TerminationProtection is enabled`);
    await cfn.updateTerminationProtection({ StackName, EnableTerminationProtection: false });
  });
});

test("what is said of a stack while it is worked on lets nothing be done twice", async () => {
  const StackName = uniqueName("-told");
  const slow = { Type: "AWS::Cognito::UserPool", Properties: {} };
  const resources = { U: { Type: "AWS::IAM::User" }, K: { Type: "AWS::IAM::AccessKey", Properties: { UserName: { Ref: "U" } } }, T: tableResource(), A: slow, B: { ...slow, DependsOn: ["A", "K", "T"] }, C: { ...slow, DependsOn: "B" } };
  const creating = cfn.createStack({ StackName, TemplateBody: template(resources), Capabilities: ["CAPABILITY_IAM"] });
  for (let protect = true; ; protect = !protect) {
    const { StackStatus } = await cfn.describeStacks({ StackName }).then(({ Stacks }) => Stacks[0], () => ({ StackStatus: "" }));
    if (StackStatus && StackStatus !== "CREATE_IN_PROGRESS") break;
    if (StackStatus) await cfn.updateTerminationProtection({ StackName, EnableTerminationProtection: protect });
  }
  await creating;
  await cfn.updateTerminationProtection({ StackName, EnableTerminationProtection: false });
  assert.equal((await settled(cfn, StackName)).StackStatus, "CREATE_COMPLETE");
  const complete = told(await eventsOf(cfn, StackName)).filter((line) => line.endsWith("CREATE_COMPLETE")).map((line) => line.split(" ")[0]);
  assert.deepEqual(complete.sort(), [...Object.keys(resources), StackName].sort());
  await cfn.deleteStack({ StackName });
});

describe("exports", () => {
  test("of one name twice in a stack are refused", async () => {
    const name = uniqueName("-twice"), output = { Value: "v", Export: { Name: name } };
    const twice = await stack({ A: tableResource() }, { more: { Outputs: { O: output, P: output } } });
    assert.equal(twice.StackStatus, "ROLLBACK_COMPLETE");
    assert.ok(told(await eventsOf(cfn, twice.StackId)).some((line) => line.includes(`Export with name ${name} is already exported by stack ${twice.StackName}`)));
    assert.equal((await cfn.listExports({})).Exports.find((e) => e.Name === name), undefined);
  });

  test("are imported, and stay as long as they are", async () => {
    const name = uniqueName("-export");
    const exporting = (value, Export = { Name: { "Fn::Sub": name } }) => ({ more: { Outputs: { O: { Value: value, ...(Export && { Export }) } } } });
    const one = await stack({ A: tableResource() }, exporting({ Ref: "A" }));
    const { Exports } = await cfn.listExports({});
    assert.deepEqual(Exports.find((e) => e.Name === name), { ExportingStackId: one.StackId, Name: name, Value: one.Outputs[0].OutputValue });
    assert.equal(one.Outputs[0].ExportName, name);
    await fails(cfn.listImports({ ExportName: name }), "ValidationError", `Export '${name}' is not imported by any stack.`);

    const twin = await stack({ A: tableResource() }, exporting("other"));
    assert.equal(twin.StackStatus, "ROLLBACK_COMPLETE");
    assert.match(twin.StackStatusReason ?? told(await eventsOf(cfn, twin.StackName)).join("\n"), new RegExp(`Export with name ${name} is already exported by stack ${one.StackName}`));

    const two = await stack({ B: tableResource() }, { more: { Outputs: { I: { Value: { "Fn::ImportValue": name } } } } });
    assert.equal(two.Outputs[0].OutputValue, one.Outputs[0].OutputValue);
    assert.deepEqual((await cfn.listImports({ ExportName: name })).Imports, [two.StackName]);
    await cfn.deleteStack({ StackName: one.StackName });
    const stuck = await settled(cfn, one.StackName);
    assert.equal(stuck.StackStatus, "DELETE_FAILED");
    assert.equal(stuck.StackStatusReason, `Export ${name} cannot be deleted as it is in use by ${two.StackName}`);

    const three = await stack({ A: tableResource() }, { more: { Outputs: { O: { Value: "v1", Export: { Name: `${name}-3` } } } } });
    const importing = (suffix) => ({ more: { Outputs: { I: { Value: { "Fn::ImportValue": `${name}${suffix}` } } } } });
    const imported = await update(two.StackName, { B: tableResource() }, importing("-3"));
    assert.equal(imported.Outputs[0].OutputValue, "v1");
    await fails(cfn.listImports({ ExportName: name }), "ValidationError", /is not imported by any stack/);
    const changed = await update(three.StackName, { A: tableResource() }, { more: { Outputs: { O: { Value: "v2", Export: { Name: `${name}-3` } } } } });
    assert.equal(changed.StackStatus, "UPDATE_ROLLBACK_COMPLETE");
    assert.ok(told(changed.events).some((e) => e.includes(`Export ${name}-3 cannot be updated as it is in use by ${two.StackName}`)));
    await cfn.deleteStack({ StackName: one.StackName });
    assert.equal((await settled(cfn, one.StackId)).StackStatus, "DELETE_COMPLETE");
    await cfn.deleteStack({ StackName: two.StackName });
    await settled(cfn, two.StackId);
    await cfn.deleteStack({ StackName: three.StackName });
    assert.equal((await settled(cfn, three.StackId)).StackStatus, "DELETE_COMPLETE");
    assert.ok(!(await cfn.listExports({})).Exports.some((e) => e.Name.startsWith(name)));
    const none = await stack({ B: tableResource() }, importing(""));
    assert.equal(none.StackStatus, "ROLLBACK_COMPLETE");
  });
});
