// What is there already is taken into a stack: change sets of type IMPORT, and ImportExistingResources.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeIam } from "../lib/iam.js";
import { eventsOf, makeCloudFormation, roleResource, settled, stackMaker, tableResource, template, told } from "../lib/stacks.js";
import { makeUsers } from "../lib/users.js";
import { fails, open, uniqueName } from "../lib/turntable.js";

const { endpoint, ddb } = await open();
const cfn = makeCloudFormation(endpoint);
const iam = makeIam(endpoint);
const { idp } = makeUsers(endpoint);
const stack = stackMaker(cfn);
const isThere = async (TableName) => (await ddb.listTables({})).TableNames.includes(TableName);

/** A table that is no stack's; resolves with its name. */
async function lone(more = {}) {
  const TableName = uniqueName("-lone");
  await ddb.createTable({ ...tableResource(TableName).Properties, ...more });
  return TableName;
}

const kept = (TableName, more) => ({ ...tableResource(TableName, more), DeletionPolicy: "Retain" });
const toImport = (LogicalResourceId, TableName, ResourceType = "AWS::DynamoDB::Table") => ({ ResourceType, LogicalResourceId, ResourceIdentifier: { TableName } });

let sets = 0;
/** Makes a change set of type IMPORT; resolves with its description. */
async function importing(StackName, Resources, ResourcesToImport, { more, ...options } = {}) {
  const { Id } = await cfn.createChangeSet({ StackName, ChangeSetName: `i${++sets}`, ChangeSetType: "IMPORT", ResourcesToImport, TemplateBody: template(Resources, more), ...options });
  return cfn.describeChangeSet({ ChangeSetName: Id });
}

/** The same, executed; resolves with the stack. */
async function imported(...args) {
  const set = await importing(...args);
  assert.equal(set.Status, "CREATE_COMPLETE", set.StatusReason);
  await cfn.executeChangeSet({ ChangeSetName: set.ChangeSetId });
  return settled(cfn, set.StackId);
}

const brief = ({ Changes }) => Changes.map(({ ResourceChange: c }) => `${c.Action} ${c.LogicalResourceId} ${c.PhysicalResourceId ?? ""}`.trim());
const removeStack = async (StackName) => {
  await cfn.deleteStack({ StackName });
  assert.equal((await settled(cfn, StackName)).StackStatus, "DELETE_COMPLETE");
};

describe("an import", () => {
  test("makes a stack of what is there", async () => {
    const StackName = uniqueName("-import"), table = await lone(), unnamed = await lone();
    await ddb.putItem({ TableName: table, Item: { id: { S: "kept" } } });
    const Resources = { T: kept(table), U: { ...kept(undefined), DeletionPolicy: "Delete" } };
    const set = await importing(StackName, Resources, [toImport("T", table), toImport("U", unnamed)]);
    assert.equal((await cfn.describeStacks({ StackName })).Stacks[0].StackStatus, "REVIEW_IN_PROGRESS");
    assert.deepEqual(brief(set), [`Import T ${table}`, `Import U ${unnamed}`]);
    await cfn.executeChangeSet({ ChangeSetName: set.ChangeSetId });
    const made = await settled(cfn, StackName);
    assert.equal(made.StackStatus, "IMPORT_COMPLETE", made.StackStatusReason);
    assert.equal((await cfn.describeChangeSet({ ChangeSetName: set.ChangeSetId })).ExecutionStatus, "EXECUTE_COMPLETE");
    assert.deepEqual(told(await eventsOf(cfn, StackName)), [
      `${StackName} REVIEW_IN_PROGRESS User Initiated`,
      `${StackName} IMPORT_IN_PROGRESS User Initiated`,
      "T IMPORT_IN_PROGRESS Resource import started.",
      "T IMPORT_COMPLETE Resource import completed.",
      "U IMPORT_IN_PROGRESS Resource import started.",
      "U IMPORT_COMPLETE Resource import completed.",
      `${StackName} IMPORT_COMPLETE`,
    ]);
    const { StackResources } = await cfn.describeStackResources({ StackName });
    assert.deepEqual(StackResources.map((r) => [r.LogicalResourceId, r.PhysicalResourceId, r.ResourceStatus]), [["T", table, "IMPORT_COMPLETE"], ["U", unnamed, "IMPORT_COMPLETE"]]);

    // From now on they are the stack's: changed by an update, and removed or kept with it.
    const changed = { ...Resources, T: kept(table, { DeletionProtectionEnabled: true }) };
    await cfn.updateStack({ StackName, TemplateBody: template(changed, { Outputs: { U: { Value: { Ref: "U" } } } }) });
    const updated = await settled(cfn, StackName);
    assert.equal(updated.StackStatus, "UPDATE_COMPLETE", updated.StackStatusReason);
    assert.equal(updated.Outputs[0].OutputValue, unnamed);
    assert.equal((await ddb.describeTable({ TableName: table })).Table.DeletionProtectionEnabled, true);
    await removeStack(made.StackId);
    assert.deepEqual([await isThere(table), await isThere(unnamed)], [true, false]);
    assert.equal((await ddb.getItem({ TableName: table, Key: { id: { S: "kept" } } })).Item.id.S, "kept");
  });

  test("goes into a stack that is there, beside others' references", async () => {
    const name = await lone(), own = uniqueName("-own");
    const before = await stack({ Own: tableResource(own) });
    const after = await imported(before.StackName, { Own: tableResource(own), T: kept(name) }, [toImport("T", name)]);
    assert.equal(after.StackStatus, "IMPORT_COMPLETE", after.StackStatusReason);
    const { StackResourceSummaries } = await cfn.listStackResources({ StackName: before.StackName });
    assert.deepEqual(StackResourceSummaries.map((r) => [r.LogicalResourceId, r.ResourceStatus]), [["Own", "CREATE_COMPLETE"], ["T", "IMPORT_COMPLETE"]]);
    const role = { ...roleResource({ RoleName: uniqueName("-r"), Description: { Ref: "T" } }) };
    await cfn.updateStack({ StackName: before.StackName, TemplateBody: template({ Own: tableResource(own), T: kept(name), R: role }), Capabilities: ["CAPABILITY_NAMED_IAM"] });
    assert.equal((await settled(cfn, before.StackName)).StackStatus, "UPDATE_COMPLETE");
    assert.equal((await iam.getRole({ RoleName: role.Properties.RoleName })).Role.Description, name);
    await removeStack(before.StackId);
    assert.ok(await isThere(name));
  });

  test("of what is not there is taken back, and leaves the rest alone", async () => {
    const StackName = uniqueName("-import"), table = await lone(), absent = uniqueName("-absent");
    const Resources = { T: { ...kept(table), DeletionPolicy: "Delete" }, X: kept(absent) };
    const failed = await imported(StackName, Resources, [toImport("T", table), toImport("X", absent)]);
    assert.equal(failed.StackStatus, "IMPORT_ROLLBACK_COMPLETE");
    const events = told(await eventsOf(cfn, StackName));
    assert.match(events.find((e) => e.startsWith("X IMPORT_FAILED")), new RegExp(`Resource of type 'AWS::DynamoDB::Table' with identifier '${absent}' was not found\\.`));
    assert.deepEqual(events.slice(-6), [
      `${StackName} IMPORT_ROLLBACK_IN_PROGRESS The following resource(s) failed to import: [X]. `,
      "T IMPORT_ROLLBACK_IN_PROGRESS", "T IMPORT_ROLLBACK_COMPLETE", "X IMPORT_ROLLBACK_IN_PROGRESS", "X IMPORT_ROLLBACK_COMPLETE",
      `${StackName} IMPORT_ROLLBACK_COMPLETE`,
    ]);
    assert.deepEqual((await cfn.listStackResources({ StackName })).StackResourceSummaries, []);
    assert.ok(await isThere(table));
    // What was let go may be imported again.
    const again = await imported(StackName, { T: Resources.T }, [toImport("T", table)]);
    assert.equal(again.StackStatus, "IMPORT_COMPLETE", again.StackStatusReason);
    await removeStack(again.StackId);
    assert.ok(!(await isThere(table)));
  });

  test("knows what has no name by all parts of its identifier", async () => {
    const Pool = { Type: "AWS::Cognito::UserPool", DeletionPolicy: "Delete", Properties: { UserPoolName: uniqueName("-p") } };
    const made = await stack({ Pool }), { StackName } = made;
    const UserPoolId = (await cfn.describeStackResource({ StackName, LogicalResourceId: "Pool" })).StackResourceDetail.PhysicalResourceId;
    await idp.createGroup({ UserPoolId, GroupName: "g", Precedence: 1 });
    const group = (more) => ({ Type: "AWS::Cognito::UserPoolGroup", DeletionPolicy: "Delete", Properties: { UserPoolId: { Ref: "Pool" }, GroupName: "g", ...more } });
    const list = (id) => [{ ResourceType: "AWS::Cognito::UserPoolGroup", LogicalResourceId: "G", ResourceIdentifier: { UserPoolId: id, GroupName: "g" } }];
    await fails(
      importing(StackName, { Pool, G: group() }, list("us-east-1_other")),
      "ValidationError",
      `The identifier UserPoolId of resource [G] is us-east-1_other in ResourcesToImport, and ${UserPoolId} in the template.`,
    );
    const after = await imported(StackName, { Pool, G: group({ Precedence: 1 }) }, list(UserPoolId));
    assert.equal(after.StackStatus, "IMPORT_COMPLETE", after.StackStatusReason);
    await cfn.updateStack({ StackName, TemplateBody: template({ Pool, G: group({ Precedence: 2 }) }) });
    assert.equal((await settled(cfn, StackName)).StackStatus, "UPDATE_COMPLETE");
    assert.equal((await idp.getGroup({ UserPoolId, GroupName: "g" })).Group.Precedence, 2);
  });

  test("is refused where AWS refuses it", async () => {
    const table = await lone(), own = uniqueName("-own");
    const made = await stack({ Own: tableResource(own) }), { StackName } = made;
    const refused = (Resources, list, message, options) => fails(importing(StackName, Resources, list, options), "ValidationError", message);
    const Own = tableResource(own), both = { Own, T: kept(table) };
    await refused({ Own, T: tableResource(table) }, [toImport("T", table)], "Following resources to import [T] must have DeletionPolicy attribute specified in the template.");
    await refused(both, [{ ...toImport("T", table), ResourceIdentifier: { Name: table } }], "ResourceIdentifier of resource [T] must have the property TableName.");
    await refused(both, [{ ...toImport("T", table), ResourceIdentifier: { TableName: table, More: "x" } }], "ResourceIdentifier of resource [T] has properties that do not identify a AWS::DynamoDB::Table.");
    await refused(both, [toImport("T", "another")], `The identifier TableName of resource [T] is another in ResourcesToImport, and ${table} in the template.`);
    await refused({ ...both, More: kept() }, [toImport("T", table)], "Resources [More] is missing from ResourceToImport list");
    await refused(both, [toImport("X", table)], "Resources [X] in ResourcesToImport are not in the template.");
    await refused(both, [toImport("T", table), toImport("T", table)], "Resource [T] is twice in ResourcesToImport.");
    await refused({ Own: { ...Own, DeletionPolicy: "Retain" } }, [toImport("Own", own)], "Resources [Own] in ResourcesToImport are in the stack already.");
    await refused(both, [toImport("T", table, "AWS::DynamoDB::GlobalTable")], "Resource [T] in ResourcesToImport has the type AWS::DynamoDB::GlobalTable, and AWS::DynamoDB::Table in the template.");
    await refused({ Own, Q: { Type: "AWS::SQS::Queue", DeletionPolicy: "Retain" } }, [{ ResourceType: "AWS::SQS::Queue", LogicalResourceId: "Q", ResourceIdentifier: { QueueUrl: "q" } }], "ResourceTypes [AWS::SQS::Queue] are not supported for Import");
    const modified = (ids) => `You have modified resources [${ids}] in your template that are not being imported. Update, create or delete operations cannot be executed during import operations.`;
    await refused({ Own: tableResource(own, { DeletionProtectionEnabled: true }), T: kept(table) }, [toImport("T", table)], modified("Own"));
    await refused({ T: kept(table) }, [toImport("T", table)], modified("Own"));
    await refused(both, [toImport("T", table)], "As part of the import operation, you cannot modify or add [Outputs]", { more: { Outputs: { A: { Value: "a" } } } });
    await refused(both, undefined, "ResourcesToImport must be specified for a change set of type IMPORT.");
    await fails(
      cfn.createChangeSet({ StackName, ChangeSetName: "x", ResourcesToImport: [toImport("T", table)], TemplateBody: template(both) }),
      "ValidationError",
      "ResourcesToImport is only valid with a change set of type IMPORT.",
    );
    assert.deepEqual((await cfn.listStackResources({ StackName })).StackResourceSummaries.map((r) => r.LogicalResourceId), ["Own"]);
    await ddb.deleteTable({ TableName: table });
  });

  test("of what another stack has fails, when the change set is made and when it is executed", async () => {
    const table = await lone(), owner = await stack({ T: tableResource(uniqueName("-owned")) });
    const { PhysicalResourceId } = (await cfn.describeStackResource({ StackName: owner.StackName, LogicalResourceId: "T" })).StackResourceDetail;
    const set = await importing(uniqueName("-import"), { T: kept(PhysicalResourceId) }, [toImport("T", PhysicalResourceId)]);
    assert.deepEqual([set.Status, set.ExecutionStatus, set.StatusReason], ["FAILED", "UNAVAILABLE", `${PhysicalResourceId} already exists in stack ${owner.StackId}`]);
    await cfn.deleteStack({ StackName: set.StackId });
    // Two change sets of one table: the first that is executed has it.
    const [one, two] = await Promise.all([1, 2].map(() => importing(uniqueName("-import"), { T: kept(table) }, [toImport("T", table)])));
    await cfn.executeChangeSet({ ChangeSetName: one.ChangeSetId });
    assert.equal((await settled(cfn, one.StackId)).StackStatus, "IMPORT_COMPLETE");
    await cfn.executeChangeSet({ ChangeSetName: two.ChangeSetId });
    assert.equal((await settled(cfn, two.StackId)).StackStatus, "IMPORT_ROLLBACK_COMPLETE");
    assert.ok(told(await eventsOf(cfn, two.StackId)).includes(`T IMPORT_FAILED ${table} already exists in stack ${one.StackId}`));
    for (const { StackId } of [one, two]) await removeStack(StackId);
    assert.ok(await isThere(table));
  });
});

test("two imports of one table at once: one has it", async () => {
  for (let i = 0; i < 5; i++) {
    const table = await lone();
    const sets = [];
    for (const n of [1, 2, 3]) sets.push(await importing(uniqueName(`-race${n}`), { T: kept(table) }, [toImport("T", table)]));
    await Promise.all(sets.map(({ ChangeSetId }) => cfn.executeChangeSet({ ChangeSetName: ChangeSetId })));
    const ends = await Promise.all(sets.map(({ StackId }) => settled(cfn, StackId)));
    assert.deepEqual(ends.map((end) => end.StackStatus).sort(), ["IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"]);
    for (const { StackId } of sets) await removeStack(StackId);
    await ddb.deleteTable({ TableName: table });
  }
});

describe("ImportExistingResources", () => {
  const changeSet = async (StackName, Resources, options = {}) => {
    const { Id } = await cfn.createChangeSet({ StackName, ChangeSetName: `e${++sets}`, ImportExistingResources: true, TemplateBody: template(Resources), Capabilities: ["CAPABILITY_NAMED_IAM"], ...options });
    return cfn.describeChangeSet({ ChangeSetName: Id });
  };

  test("takes in what there is of the names that the template gives, and makes the rest", async () => {
    const StackName = uniqueName("-existing"), there = await lone(), absent = uniqueName("-new"), RoleName = uniqueName("-role");
    await iam.createRole({ RoleName, AssumeRolePolicyDocument: JSON.stringify(roleResource().Properties.AssumeRolePolicyDocument) });
    const role = { ...roleResource({ RoleName }), DeletionPolicy: "RetainExceptOnCreate" };
    const set = await changeSet(StackName, { There: kept(there), New: tableResource(absent), Unnamed: tableResource(), Role: role }, { ChangeSetType: "CREATE" });
    assert.equal(set.ImportExistingResources, true);
    assert.deepEqual(brief(set).sort(), ["Add New", "Add Unnamed", `Import Role ${RoleName}`, `Import There ${there}`]);
    await cfn.executeChangeSet({ ChangeSetName: set.ChangeSetId });
    const made = await settled(cfn, StackName);
    assert.equal(made.StackStatus, "CREATE_COMPLETE", made.StackStatusReason);
    const { StackResourceSummaries } = await cfn.listStackResources({ StackName });
    assert.deepEqual(Object.fromEntries(StackResourceSummaries.map((r) => [r.LogicalResourceId, r.ResourceStatus])), { There: "IMPORT_COMPLETE", New: "CREATE_COMPLETE", Unnamed: "CREATE_COMPLETE", Role: "IMPORT_COMPLETE" });
    await removeStack(made.StackId);
    assert.deepEqual([await isThere(there), await isThere(absent)], [true, false]);
    await iam.deleteRole({ RoleName });
  });

  test("never loses what was there, whatever fails after it", async () => {
    const there = await lone();
    const Resources = { There: { ...kept(there), DeletionPolicy: "RetainExceptOnCreate" }, Fails: { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: { Version: "nonsense" } }, DependsOn: "There" } };
    const created = await changeSet(uniqueName("-existing"), Resources, { ChangeSetType: "CREATE" });
    await cfn.executeChangeSet({ ChangeSetName: created.ChangeSetId, RetainExceptOnCreate: true });
    const back = await settled(cfn, created.StackId);
    assert.equal(back.StackStatus, "ROLLBACK_COMPLETE", back.StackStatusReason);
    assert.ok(await isThere(there));
    await removeStack(created.StackId);
    assert.ok(await isThere(there));

    const old = await stack({ Old: tableResource() });
    const updated = await changeSet(old.StackName, { Old: tableResource(), ...Resources });
    assert.deepEqual(brief(updated).sort(), ["Add Fails", `Import There ${there}`]);
    await cfn.executeChangeSet({ ChangeSetName: updated.ChangeSetId });
    assert.equal((await settled(cfn, old.StackName)).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
    assert.deepEqual((await cfn.listStackResources({ StackName: old.StackName })).StackResourceSummaries.map((r) => r.LogicalResourceId), ["Old"]);
    assert.ok(await isThere(there));
  });

  test("fails for what is another stack's, or would be lost", async () => {
    const owned = uniqueName("-owned"), there = await lone(), owner = await stack({ T: tableResource(owned) });
    const others = await changeSet(uniqueName("-existing"), { T: kept(owned) }, { ChangeSetType: "CREATE" });
    assert.deepEqual([others.Status, others.StatusReason], ["FAILED", `${owned} already exists in stack ${owner.StackId}`]);
    const loose = await changeSet(uniqueName("-existing"), { T: tableResource(there) }, { ChangeSetType: "CREATE" });
    assert.deepEqual([loose.Status, loose.StatusReason], ["FAILED", "Following resources to import [T] must have DeletionPolicy attribute Retain or RetainExceptOnCreate specified in the template."]);
    await fails(cfn.createChangeSet({ StackName: uniqueName(), ChangeSetName: "x", ChangeSetType: "IMPORT", ImportExistingResources: true, ResourcesToImport: [toImport("T", there)], TemplateBody: template({ T: kept(there) }) }), "ValidationError", "ImportExistingResources is not valid with a change set of type IMPORT.");
    for (const { StackId } of [others, loose]) await cfn.deleteStack({ StackName: StackId });
  });
});
