// Nested stacks: made, changed, brought back and removed with their parents.

import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { eventsOf, makeCloudFormation, roleResource, settled, stackMaker, tableResource, template, told } from "../lib/stacks.js";
import { temporaryFolder } from "../lib/server.js";
import { makeUsers } from "../lib/users.js";
import { fails, open, uniqueName } from "../lib/turntable.js";

const folder = temporaryFolder();
const { endpoint, ddb } = await open({ args: ["--data", folder] });
const cfn = makeCloudFormation(endpoint);
const stack = stackMaker(cfn);
const { idp } = makeUsers(endpoint);
after(() => rmSync(folder, { recursive: true }));

const isThere = async (TableName) => (await ddb.listTables({})).TableNames.includes(TableName);
let templates = 0;

/** Puts a template into a bucket; resolves with its URL, as the CDK writes it. */
function upload(text, name = `t${++templates}.json`) {
  const bucket = path.join(folder, "s3", "templates");
  mkdirSync(bucket, { recursive: true });
  writeFileSync(path.join(bucket, name), text);
  return `https://s3.us-east-1.amazonaws.com/templates/${name}`;
}

const nested = (text, Parameters) => ({ Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: upload(text), ...(Parameters && { Parameters }) } });
const physical = async (StackName, LogicalResourceId) =>
  (await cfn.describeStackResource({ StackName, LogicalResourceId })).StackResourceDetail.PhysicalResourceId;
const child = async (StackName, LogicalResourceId = "Child") => (await cfn.describeStacks({ StackName: await physical(StackName, LogicalResourceId) })).Stacks[0];
const other = (attribute) => tableResource(undefined, { KeySchema: [{ AttributeName: attribute, KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: attribute, AttributeType: "S" }] });
const statuses = async (StackName) => told((await eventsOf(cfn, StackName)).filter((e) => e.PhysicalResourceId === e.StackId));

/** A template with one table and what its parent may ask of it. */
const inner = (resource = tableResource(), more = {}) =>
  template({ T: resource }, { Parameters: { Word: { Type: "String", Default: "d" } }, Outputs: { Name: { Value: { Ref: "T" } }, Word: { Value: { Ref: "Word" } } }, ...more });

describe("a nested stack", () => {
  test("is a stack of its own, whose outputs are attributes", async () => {
    const made = await stack({
      Child: nested(inner(), { Word: { Ref: "AWS::StackName" } }),
      After: tableResource({ "Fn::Join": ["", [{ "Fn::GetAtt": ["Child", "Outputs.Word"] }, "-after"]] }),
    }, { Tags: [{ Key: "team", Value: "music" }] });
    assert.equal(made.StackStatus, "CREATE_COMPLETE");
    const c = await child(made.StackName);
    assert.match(c.StackName, new RegExp(`^${made.StackName}-Child-[A-Z0-9]{12}$`));
    assert.equal(c.StackStatus, "CREATE_COMPLETE");
    assert.deepEqual([c.ParentId, c.RootId], [made.StackId, made.StackId]);
    assert.deepEqual(c.Parameters, [{ ParameterKey: "Word", ParameterValue: made.StackName }]);
    assert.deepEqual(c.Tags, [{ Key: "team", Value: "music" }]);
    assert.ok((await isThere(`${made.StackName}-after`)) && (await isThere(c.Outputs[0].OutputValue)));
    await fails(cfn.updateTerminationProtection({ StackName: c.StackName, EnableTerminationProtection: true }), "ValidationError", /root stack/);

    await cfn.deleteStack({ StackName: made.StackName });
    assert.equal((await settled(cfn, made.StackId)).StackStatus, "DELETE_COMPLETE");
    assert.equal((await cfn.describeStacks({ StackName: c.StackId })).Stacks[0].StackStatus, "DELETE_COMPLETE");
    assert.ok(!(await isThere(c.Outputs[0].OutputValue)));
    assert.deepEqual(told(await eventsOf(cfn, made.StackId)).filter((e) => e.includes("DELETE")), [
      `${made.StackName} DELETE_IN_PROGRESS User Initiated`,
      "After DELETE_IN_PROGRESS",
      "After DELETE_COMPLETE",
      "Child DELETE_IN_PROGRESS",
      "Child DELETE_COMPLETE",
      `${made.StackName} DELETE_COMPLETE`,
    ]);
  });

  test("and its parent tell what happens one thing after the other, whoever sorts their events by time", async () => {
    const made = await stack({ Child: nested(inner()), After: { ...tableResource(), DependsOn: "Child" } });
    const { StackId } = await child(made.StackName);
    const parent = await eventsOf(cfn, made.StackId), nestedOne = await eventsOf(cfn, StackId);
    const times = (events) => events.map((e) => e.Timestamp.getTime());
    for (const events of [parent, nestedOne]) assert.deepEqual(times(events), [...new Set(times(events))].sort((a, b) => a - b));
    const [begun, initiated, ended] = parent.filter((e) => e.LogicalResourceId === "Child");
    assert.deepEqual([begun, initiated, ended].map((e) => e.PhysicalResourceId), ["", StackId, StackId]);
    assert.equal(initiated.ResourceStatusReason, "Resource creation Initiated");
    assert.ok(initiated.Timestamp < nestedOne[0].Timestamp && nestedOne.at(-1).Timestamp < ended.Timestamp, "its own come between");

    await cfn.updateStack({ StackName: made.StackId, TemplateBody: template({ Child: nested(inner(other("o"))) }) });
    await settled(cfn, made.StackId);
    const change = (await eventsOf(cfn, made.StackId)).find((e) => e.LogicalResourceId === "Child" && e.ResourceStatus === "UPDATE_IN_PROGRESS");
    const changed = (await eventsOf(cfn, StackId)).find((e) => e.ResourceStatus === "UPDATE_IN_PROGRESS");
    assert.ok(change.Timestamp < changed.Timestamp);
  });

  test("from a template that is in a bucket, as the parent's may be", async () => {
    const StackName = uniqueName("-stack");
    const url = new URL(upload(template({ Child: nested(inner()) })));
    await cfn.createStack({ StackName, TemplateURL: `${endpoint}${url.pathname}` });
    assert.equal((await settled(cfn, StackName)).StackStatus, "CREATE_COMPLETE");
    await cfn.deleteStack({ StackName });
    await fails(cfn.createStack({ StackName: "a", TemplateURL: "https://s3.us-east-1.amazonaws.com/templates/none" }), "ValidationError", /^S3 error: The specified key does not exist\./);
    await fails(cfn.createStack({ StackName: "a", TemplateURL: "https://s3.us-east-1.amazonaws.com/no-such-bucket/none" }), "ValidationError", /^S3 error: The specified bucket does not exist/);
    await fails(cfn.createStack({ StackName: "a", TemplateURL: "what" }), "ValidationError", "TemplateURL must be a supported URL.");
  });

  test("that fails makes its parent fail, and both are taken back", async () => {
    const free = uniqueName("-free");
    const made = await stack({ Before: tableResource(free), Child: { ...nested(inner(tableResource(undefined, { KeySchema: [{ AttributeName: "no", KeyType: "HASH" }] }))), DependsOn: "Before" } });
    assert.equal(made.StackStatus, "ROLLBACK_COMPLETE");
    assert.ok(!(await isThere(free)));
    const failed = (await eventsOf(cfn, made.StackName)).find((e) => e.ResourceStatus === "CREATE_FAILED");
    assert.match(failed.ResourceStatusReason, new RegExp(`^Embedded stack ${failed.PhysicalResourceId} was not successfully created: The following resource\\(s\\) failed to create: \\[T\\]\\.`));
    assert.equal((await cfn.describeStacks({ StackName: failed.PhysicalResourceId })).Stacks[0].StackStatus, "DELETE_COMPLETE");
  });

  test("is refused for what its own template lacks", async () => {
    const cases = [
      [nested(inner(), { No: "x" }), "Parameters: [No] do not exist in the template"],
      [nested(template({ R: roleResource() })), "Requires capabilities : [CAPABILITY_IAM]"],
      [{ Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "https://s3.us-east-1.amazonaws.com/templates/none" } }, "S3 error: The specified key does not exist."],
    ];
    for (const [Child, reason] of cases) {
      const made = await stack({ Child });
      assert.equal(made.StackStatus, "ROLLBACK_COMPLETE");
      const failed = (await eventsOf(cfn, made.StackName)).find((e) => e.ResourceStatus === "CREATE_FAILED");
      assert.ok(failed.ResourceStatusReason.startsWith(reason), failed.ResourceStatusReason);
    }
  });

  test("is updated with its parent, and cleans up when its parent does", async () => {
    const { StackName } = await stack({ Child: nested(inner()), Same: nested(inner()), After: { ...tableResource(), DependsOn: "Child" } });
    const before = await child(StackName), same = await child(StackName, "Same");
    const resources = { Child: nested(inner(other("o"))), Same: nested(inner()), After: { ...tableResource(), DependsOn: "Child" } };
    await cfn.updateStack({ StackName, TemplateBody: template(resources) });
    assert.equal((await settled(cfn, StackName)).StackStatus, "UPDATE_COMPLETE");
    const now = await child(StackName);
    assert.equal(now.StackId, before.StackId);
    assert.equal(now.StackStatus, "UPDATE_COMPLETE");
    assert.notEqual(now.Outputs[0].OutputValue, before.Outputs[0].OutputValue);
    assert.ok((await isThere(now.Outputs[0].OutputValue)) && !(await isThere(before.Outputs[0].OutputValue)));
    assert.equal((await child(StackName, "Same")).LastUpdatedTime, undefined);
    assert.deepEqual((await statuses(now.StackId)).slice(2), [
      `${now.StackName} UPDATE_IN_PROGRESS`,
      `${now.StackName} UPDATE_COMPLETE_CLEANUP_IN_PROGRESS`,
      `${now.StackName} UPDATE_COMPLETE`,
    ]);
    assert.ok(same.StackId);
  });

  test("whose parent cannot be updated is what it was", async () => {
    const taken = uniqueName("-taken");
    await ddb.createTable({ TableName: taken, ...tableResource().Properties });
    const { StackName } = await stack({ Child: nested(inner()), Deep: nested(template({ Child: nested(inner()) })) });
    const before = await child(StackName), deep = await child((await child(StackName, "Deep")).StackName);
    await cfn.updateStack({
      StackName,
      TemplateBody: template({
        Child: nested(inner(other("o"))),
        Deep: nested(template({ Child: nested(inner(other("p"))) })),
        New: nested(inner()),
        Taken: { ...tableResource(taken), DependsOn: ["Child", "Deep", "New"] },
      }),
    });
    assert.equal((await settled(cfn, StackName)).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
    for (const [was, is] of [[before, await child(StackName)], [deep, await child((await child(StackName, "Deep")).StackName)]]) {
      assert.equal(is.StackStatus, "UPDATE_ROLLBACK_COMPLETE");
      assert.deepEqual(is.Outputs, was.Outputs);
      assert.ok(await isThere(was.Outputs[0].OutputValue));
    }
    const tables = (await ddb.listTables({ Limit: 100 })).TableNames.filter((n) => n.startsWith(`${StackName}-`));
    assert.equal(tables.length, 2, tables.join());
    assert.deepEqual((await cfn.listStackResources({ StackName })).StackResourceSummaries.map((r) => r.LogicalResourceId), ["Child", "Deep"]);
    assert.equal((await cfn.listStacks({ StackStatusFilter: ["CREATE_COMPLETE"] })).StackSummaries.filter((s) => s.ParentId?.includes(`/${StackName}/`)).length, 0);
    await ddb.deleteTable({ TableName: taken });
  });

  test("that fails to be updated takes its parent back", async () => {
    const { StackName } = await stack({ Before: tableResource(), Child: { ...nested(inner()), DependsOn: "Before" } });
    const before = await child(StackName), table = await physical(StackName, "Before");
    await cfn.updateStack({
      StackName,
      TemplateBody: template({ Before: other("o"), Child: { ...nested(inner(tableResource(undefined, { KeySchema: [{ AttributeName: "no", KeyType: "HASH" }] }))), DependsOn: "Before" } }),
    });
    assert.equal((await settled(cfn, StackName)).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
    assert.equal(await physical(StackName, "Before"), table);
    assert.equal((await child(StackName)).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
    assert.deepEqual((await child(StackName)).Outputs, before.Outputs);
    const failed = (await eventsOf(cfn, StackName)).find((e) => e.ResourceStatus === "UPDATE_FAILED");
    assert.match(failed.ResourceStatusReason, /^Embedded stack \S+ was not successfully updated\. Currently in UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS with reason: The following resource\(s\) failed to update: \[T\]/);
  });

  test("that is not in the template any more is removed", async () => {
    const { StackName } = await stack({ A: tableResource(), Child: nested(inner()) });
    const before = await child(StackName);
    await cfn.updateStack({ StackName, TemplateBody: template({ A: tableResource() }) });
    assert.equal((await settled(cfn, StackName)).StackStatus, "UPDATE_COMPLETE");
    assert.equal((await cfn.describeStacks({ StackName: before.StackId })).Stacks[0].StackStatus, "DELETE_COMPLETE");
    assert.ok(!(await isThere(before.Outputs[0].OutputValue)));
  });
});

describe("a nested stack by itself", () => {
  const pools = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`P${i}`, { Type: "AWS::Cognito::UserPool", Properties: { UserPoolName: uniqueName("-p") } }]));

  test("can be updated and deleted, unless its root is protected", async () => {
    const { StackName } = await stack({ T: tableResource(), Child: nested(inner()) });
    const { StackId, Outputs } = await child(StackName);
    await cfn.updateStack({ StackName: StackId, TemplateBody: inner(tableResource(undefined, { DeletionProtectionEnabled: false }), { Description: "own" }) });
    assert.equal((await settled(cfn, StackId)).StackStatus, "UPDATE_COMPLETE");
    await fails(cfn.updateTerminationProtection({ StackName: StackId, EnableTerminationProtection: true }), "ValidationError", /can only be updated on the root stack/);
    await cfn.updateTerminationProtection({ StackName, EnableTerminationProtection: true });
    await fails(cfn.deleteStack({ StackName: StackId }), "ValidationError", /cannot be deleted while TerminationProtection is enabled$/);
    await cfn.updateTerminationProtection({ StackName, EnableTerminationProtection: false });
    await cfn.deleteStack({ StackName: StackId });
    assert.equal((await settled(cfn, StackId)).StackStatus, "DELETE_COMPLETE");
    assert.ok(!(await isThere(Outputs[0].OutputValue)));
  });

  test("is left to its root while that is in progress, and its root leaves it to its own work", async () => {
    const StackName = uniqueName("-busy");
    const creating = cfn.createStack({ StackName, TemplateBody: template({ Child: nested(inner()), Later: nested(template(pools(3))), ...Object.fromEntries(Object.entries(pools(2)).map(([id, pool]) => [id, { ...pool, DependsOn: ["Child", "Later"] }])) }) });
    let id, failed;
    creating.catch((error) => (failed = error));
    while (!id && !failed) id = await physical(StackName, "Later").catch(() => undefined);
    assert.ifError(failed);
    const refused = async (promise) => {
      const { name, message } = await promise.then(() => ({}), (error) => error);
      // It may be over by now, on a fast machine; then there is nothing to be refused for.
      if (name) assert.deepEqual([name, /is nested in \S+, which is in CREATE_IN_PROGRESS state\.$|is in CREATE_IN_PROGRESS state and can not be updated\.$/.test(message)], ["ValidationError", true], message);
      return name;
    };
    const outcome = await refused(cfn.updateStack({ StackName: id, TemplateBody: template(pools(1)) }));
    if (outcome) await refused(cfn.deleteStack({ StackName: id }));
    await creating;
    const made = await settled(cfn, StackName);
    assert.ok(["CREATE_COMPLETE"].includes(made.StackStatus), made.StackStatusReason);
    await settled(cfn, id);

    // While the nested stack's own update is in progress its root does not touch it.
    const updating = cfn.updateStack({ StackName: id, TemplateBody: template(pools(8)) }).catch(() => {});
    while ((await cfn.describeStacks({ StackName: id })).Stacks[0].StackStatus.endsWith("_COMPLETE"));
    await cfn.deleteStack({ StackName });
    const first = await settled(cfn, made.StackId);
    if (first.StackStatus !== "DELETE_COMPLETE") {
      assert.equal(first.StackStatus, "DELETE_FAILED");
      const why = (await eventsOf(cfn, made.StackId)).find((e) => e.LogicalResourceId === "Later" && e.ResourceStatus === "DELETE_FAILED");
      assert.match(why.ResourceStatusReason, /cannot be deleted while in status UPDATE_/);
    }
    await updating;
    await settled(cfn, id);
    await cfn.deleteStack({ StackName: made.StackId });
    assert.equal((await settled(cfn, made.StackId)).StackStatus, "DELETE_COMPLETE");
    assert.equal((await settled(cfn, id)).StackStatus, "DELETE_COMPLETE");
    assert.deepEqual((await idp.listUserPools({ MaxResults: 60 })).UserPools, []);
  });

  test("that cannot be brought back is continued by its root, without what is named", async () => {
    const indexed = (...names) => tableResource(undefined, {
      AttributeDefinitions: ["id", ...names].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      ...(names.length > 0 && { GlobalSecondaryIndexes: names.map((name) => ({ IndexName: name, KeySchema: [{ AttributeName: name, KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } })) }),
    });
    const { StackName } = await stack({ Child: nested(template({ A: indexed() })) });
    const below = await child(StackName);
    await ddb.deleteTable({ TableName: await physical(below.StackId, "A") });
    await cfn.updateStack({ StackName, TemplateBody: template({ Child: nested(template({ A: indexed("owner") })) }) });
    assert.equal((await settled(cfn, StackName)).StackStatus, "UPDATE_ROLLBACK_FAILED");
    assert.equal((await child(StackName)).StackStatus, "UPDATE_ROLLBACK_FAILED");
    for (const text of ["A", "Child", "Absent", `${below.StackName}.Absent`, "no-stack.A"]) await fails(cfn.continueUpdateRollback({ StackName, ResourcesToSkip: [text] }), "ValidationError", /cannot be skipped/);
    await cfn.continueUpdateRollback({ StackName });
    assert.equal((await settled(cfn, StackName)).StackStatus, "UPDATE_ROLLBACK_FAILED");
    await cfn.continueUpdateRollback({ StackName, ResourcesToSkip: [`${below.StackName}.A`] });
    assert.equal((await settled(cfn, StackName)).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
    assert.equal((await child(StackName)).StackStatus, "UPDATE_ROLLBACK_COMPLETE");
  });
});

describe("a change set with IncludeNestedStacks", () => {
  let sets = 0;
  const changeSet = async (StackName, Resources, options = {}) => {
    const { Id } = await cfn.createChangeSet({ StackName, ChangeSetName: `n${++sets}`, IncludeNestedStacks: true, TemplateBody: template(Resources), Capabilities: ["CAPABILITY_NAMED_IAM"], ...options });
    return cfn.describeChangeSet({ ChangeSetName: Id });
  };
  const brief = ({ Changes }) => Changes.map(({ ResourceChange: c }) => [c.Action, c.LogicalResourceId, c.Replacement].filter(Boolean).join(" ")).sort();
  const change = (set, id) => set.Changes.find(({ ResourceChange: c }) => c.LogicalResourceId === id).ResourceChange;
  /** The change set of a nested stack. */
  const below = async (set, id) => {
    const { ChangeSetId } = change(set, id);
    assert.ok(ChangeSetId, `${id} has a change set`);
    return cfn.describeChangeSet({ ChangeSetName: ChangeSetId });
  };
  const statusOf = async (StackName) => (await cfn.describeStacks({ StackName })).Stacks[0].StackStatus;

  test("puts new nested stacks under review, and makes these", async () => {
    const StackName = uniqueName("-nested");
    const root = await changeSet(StackName, { T: tableResource(), Child: nested(template({ Deep: nested(inner()), U: tableResource() })) }, { ChangeSetType: "CREATE" });
    assert.deepEqual(brief(root), ["Add Child", "Add T"]);
    assert.deepEqual([root.Status, root.IncludeNestedStacks, root.ParentChangeSetId, root.RootChangeSetId], ["CREATE_COMPLETE", true, undefined, undefined]);
    const middle = await below(root, "Child"), deep = await below(middle, "Deep");
    assert.deepEqual(brief(middle), ["Add Deep", "Add U"]);
    assert.deepEqual(brief(deep), ["Add T"]);
    assert.deepEqual([middle.ParentChangeSetId, middle.RootChangeSetId, middle.ExecutionStatus, middle.IncludeNestedStacks], [root.ChangeSetId, root.ChangeSetId, "AVAILABLE", true]);
    assert.deepEqual([deep.ParentChangeSetId, deep.RootChangeSetId], [middle.ChangeSetId, root.ChangeSetId]);
    assert.equal(change(root, "Child").PhysicalResourceId, middle.StackId);
    const [review] = (await cfn.describeStacks({ StackName: middle.StackId })).Stacks;
    assert.deepEqual([review.StackStatus, review.ParentId, review.RootId], ["REVIEW_IN_PROGRESS", root.StackId, root.StackId]);
    assert.deepEqual((await cfn.listChangeSets({ StackName: middle.StackId })).Summaries.map((s) => [s.ParentChangeSetId, s.RootChangeSetId]), [[root.ChangeSetId, root.ChangeSetId]]);
    const only = (set) => `ChangeSet [${set.ChangeSetId}] is of a nested stack: the operation is only allowed on the root change set [${root.ChangeSetId}]`;
    await fails(cfn.executeChangeSet({ ChangeSetName: deep.ChangeSetId }), "ValidationError", only(deep));
    await fails(cfn.deleteChangeSet({ ChangeSetName: middle.ChangeSetId }), "ValidationError", only(middle));

    await cfn.executeChangeSet({ ChangeSetName: root.ChangeSetId });
    const made = await settled(cfn, StackName);
    assert.equal(made.StackStatus, "CREATE_COMPLETE", made.StackStatusReason);
    assert.equal(await physical(StackName, "Child"), middle.StackId);
    assert.equal(await physical(middle.StackId, "Deep"), deep.StackId);
    for (const set of [root, middle, deep]) {
      assert.equal((await cfn.describeChangeSet({ ChangeSetName: set.ChangeSetId })).ExecutionStatus, "EXECUTE_COMPLETE");
      assert.equal((await cfn.describeStacks({ StackName: set.StackId })).Stacks[0].ChangeSetId, set.ChangeSetId);
    }
    await cfn.deleteStack({ StackName });
    assert.equal((await settled(cfn, root.StackId)).StackStatus, "DELETE_COMPLETE");
    assert.equal(await statusOf(deep.StackId), "DELETE_COMPLETE");
  });

  test("takes the stacks under review with it when it is deleted", async () => {
    const StackName = uniqueName("-nested"), { StackName: old } = await stack({ T: tableResource() });
    const made = await changeSet(StackName, { Child: nested(template({ Deep: nested(inner()) })) }, { ChangeSetType: "CREATE" });
    const middle = await below(made, "Child"), deep = await below(middle, "Deep");
    await cfn.deleteChangeSet({ ChangeSetName: made.ChangeSetId });
    for (const { StackId, ChangeSetId } of [middle, deep]) {
      assert.equal(await statusOf(StackId), "DELETE_COMPLETE");
      await assert.rejects(cfn.describeChangeSet({ ChangeSetName: ChangeSetId }), { name: "ChangeSetNotFoundException" });
    }
    await cfn.deleteStack({ StackName });
    // One that was executed, and failed before it came to the nested stack, takes it away with its stack.
    const Fails = { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: { Version: "nonsense" } } };
    const failing = await changeSet(uniqueName("-nested"), { Fails, Child: { ...nested(inner()), DependsOn: "Fails" } }, { ChangeSetType: "CREATE" });
    await cfn.executeChangeSet({ ChangeSetName: failing.ChangeSetId });
    assert.equal((await settled(cfn, failing.StackId)).StackStatus, "ROLLBACK_COMPLETE");
    const { PhysicalResourceId } = change(failing, "Child");
    assert.equal(await statusOf(PhysicalResourceId), "REVIEW_IN_PROGRESS");
    await cfn.deleteStack({ StackName: failing.StackId });
    assert.equal(await statusOf(PhysicalResourceId), "DELETE_COMPLETE");
    // So does the next one of a stack that has gone on.
    const lost = await changeSet(old, { T: tableResource(), Child: nested(inner()) });
    await cfn.deleteChangeSet({ ChangeSetName: lost.ChangeSetId });
    assert.equal(await statusOf(change(lost, "Child").PhysicalResourceId), "DELETE_COMPLETE");
    assert.deepEqual((await cfn.listStacks({ StackStatusFilter: ["REVIEW_IN_PROGRESS"] })).StackSummaries, []);
  });

  test("tells what changes in nested stacks, and nothing where nothing does", async () => {
    const deepest = nested(inner());
    const resources = { Child: nested(inner()), Same: nested(inner()), Deep: nested(template({ Child: deepest })), R: { ...roleResource({ Description: { "Fn::GetAtt": ["Child", "Outputs.Name"] } }) } };
    const { StackName } = await stack(resources, { Capabilities: ["CAPABILITY_IAM"] });
    const nothing = await changeSet(StackName, resources);
    assert.deepEqual([nothing.Status, nothing.StatusReason, nothing.Changes], ["FAILED", "The submitted information didn't contain changes. Submit different information to create a change set.", []]);
    const anyway = await changeSet(StackName, resources, { IncludeNestedStacks: false });
    assert.deepEqual(brief(anyway).filter((line) => line.includes("Same")), ["Modify Same False"], "what was not looked into may have changed");

    const set = await changeSet(StackName, { ...resources, Child: nested(inner(other("o"))), Deep: nested(template({ Child: deepest, More: tableResource() })) });
    assert.deepEqual(brief(set), ["Modify Child False", "Modify Deep False", "Modify R False"]);
    const inChild = await below(set, "Child");
    assert.deepEqual(brief(inChild), ["Modify T True"]);
    assert.equal(inChild.StackId, await physical(StackName, "Child"));
    assert.deepEqual(brief(await below(set, "Deep")), ["Add More"]);
    await cfn.executeChangeSet({ ChangeSetName: set.ChangeSetId });
    assert.equal((await settled(cfn, StackName)).StackStatus, "UPDATE_COMPLETE");
    assert.equal((await cfn.describeChangeSet({ ChangeSetName: inChild.ChangeSetId })).ExecutionStatus, "EXECUTE_COMPLETE");
    assert.equal((await child(StackName, "Same")).LastUpdatedTime, undefined);
  });

  test("does not wait for values that are known later", async () => {
    const typed = (Type) => template({ T: tableResource() }, { Parameters: { Word: { Type } } });
    const New = tableResource(undefined, { StreamSpecification: { StreamViewType: "KEYS_ONLY" } }), arn = { "Fn::GetAtt": ["New", "StreamArn"] };
    const { StackName } = await stack({ T: tableResource() });
    const set = await changeSet(StackName, { T: tableResource(), New, Text: nested(typed("String"), { Word: arn }), Number: nested(typed("Number"), { Word: { "Fn::Select": [0, { "Fn::Split": ["x", { "Fn::Join": ["", ["7x", arn]] }] }] } }) });
    assert.equal(set.Status, "CREATE_COMPLETE", set.StatusReason);
    assert.deepEqual((await below(set, "Text")).Parameters, [{ ParameterKey: "Word", ParameterValue: "{{changeSet:KNOWN_AFTER_APPLY}}" }]);
    assert.equal(change(set, "Number").ChangeSetId, undefined);
    await cfn.executeChangeSet({ ChangeSetName: set.ChangeSetId });
    const done = await settled(cfn, StackName);
    assert.equal(done.StackStatus, "UPDATE_COMPLETE", done.StackStatusReason);
    assert.equal((await child(StackName, "Number")).Parameters[0].ParameterValue, "7");
    assert.match((await child(StackName, "Text")).Parameters[0].ParameterValue, /^arn:aws:dynamodb:/);
  });

  test("fails with what is wrong with a nested stack", async () => {
    const { StackName } = await stack({ T: tableResource() });
    const reason = async (Child, options) => {
      const set = await changeSet(StackName, { T: tableResource(), Child }, options);
      assert.deepEqual([set.Status, set.ExecutionStatus], ["FAILED", "UNAVAILABLE"]);
      await fails(cfn.executeChangeSet({ ChangeSetName: set.ChangeSetId }), "InvalidChangeSetStatusException", /cannot be executed in its current status of \[FAILED\]/);
      await cfn.deleteChangeSet({ ChangeSetName: set.ChangeSetId });
      return set.StatusReason;
    };
    assert.match(await reason({ Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "https://s3.us-east-1.amazonaws.com/templates/absent.json" } }), /^Nested change set \S+ was not successfully created: S3 error: The specified key does not exist\./);
    assert.match(await reason(nested(inner(), { Wrong: "x" })), /^Nested change set \S+ was not successfully created: .*Wrong/);
    assert.match(await reason(nested(template({ R: roleResource() })), { Capabilities: [] }), /Requires capabilities : \[CAPABILITY_IAM\]$/);
    assert.match(await reason(nested(template({ Deep: nested("no template") }))), /^Nested change set \S+ was not successfully created: Nested change set \S+ was not successfully created: Template format error/);
  });
});
