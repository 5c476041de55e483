// Change sets: what would change is told before it does, and executed as it was told.

import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { run } from "../lib/process.js";
import { debian, environment } from "../lib/programs.js";
import { temporaryFolder } from "../lib/server.js";
import { eventsOf, makeCloudFormation, roleResource, settled, stackMaker, tableResource, template, told } from "../lib/stacks.js";
import { fails, open, uniqueName } from "../lib/turntable.js";

const { endpoint, ddb } = await open();
const cfn = makeCloudFormation(endpoint);
const stack = stackMaker(cfn);
const NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set.";
const given = (values) => Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
const exists = async (TableName) => (await ddb.listTables({})).TableNames.includes(TableName);

let sets = 0;
/** Makes a change set and resolves with its description. */
async function changeSet(StackName, Resources, { more, ...options } = {}) {
  const made = await cfn.createChangeSet({
    StackName,
    ChangeSetName: `set${++sets}`,
    TemplateBody: template(Resources, more),
    Capabilities: ["CAPABILITY_NAMED_IAM"],
    ...options,
  });
  return cfn.describeChangeSet({ ChangeSetName: made.Id, IncludePropertyValues: true });
}

const brief = ({ Changes = [] }) =>
  Changes.map(({ ResourceChange: c }) => [c.Action, c.LogicalResourceId, c.Replacement, c.PolicyAction, (c.Scope ?? []).join()].filter(Boolean).join(" "));
const details = ({ Changes }, id) =>
  Changes.find(({ ResourceChange: c }) => c.LogicalResourceId === id).ResourceChange.Details.map(({ Target: t, Evaluation, ChangeSource, CausingEntity }) =>
    [t.Attribute, t.Name, t.RequiresRecreation, Evaluation, ChangeSource, CausingEntity].filter(Boolean).join(" "));

describe("a change set of a new stack", () => {
  test("puts the stack under review, tells what is added, and makes it", async () => {
    const StackName = uniqueName("-new"), table = uniqueName("-t");
    const TemplateBody = template({ T: tableResource(table), R: roleResource() }, { Description: "new", Parameters: { S: { Type: "String", NoEcho: true } } });
    const made = await cfn.createChangeSet({
      StackName,
      ChangeSetName: "first",
      ChangeSetType: "CREATE",
      TemplateBody,
      Description: "what it is",
      Parameters: given({ S: "secret" }),
      Tags: [{ Key: "a", Value: "b" }],
      Capabilities: ["CAPABILITY_IAM"],
      ClientToken: "token1",
    });
    assert.match(made.Id, /^arn:aws:cloudformation:us-east-1:000000000000:changeSet\/first\/[0-9a-f-]{36}$/);
    assert.match(made.StackId, new RegExp(`:stack/${StackName}/`));
    const { Stacks: [review] } = await cfn.describeStacks({ StackName });
    assert.equal(review.StackStatus, "REVIEW_IN_PROGRESS");
    assert.equal(review.StackId, made.StackId);
    assert.deepEqual(told(await eventsOf(cfn, StackName)), [`${StackName} REVIEW_IN_PROGRESS User Initiated`]);

    const set = await cfn.describeChangeSet({ StackName, ChangeSetName: "first" });
    assert.deepEqual([set.ChangeSetId, set.StackId, set.StackName, set.ChangeSetName], [made.Id, made.StackId, StackName, "first"]);
    assert.deepEqual([set.Status, set.ExecutionStatus, set.Description], ["CREATE_COMPLETE", "AVAILABLE", "what it is"]);
    assert.deepEqual(set.Parameters, [{ ParameterKey: "S", ParameterValue: "****" }]);
    assert.deepEqual([set.Tags, set.Capabilities], [[{ Key: "a", Value: "b" }], ["CAPABILITY_IAM"]]);
    assert.deepEqual(set.Changes, [
      { Type: "Resource", ResourceChange: { Action: "Add", LogicalResourceId: "T", ResourceType: "AWS::DynamoDB::Table", Scope: [], Details: [] } },
      { Type: "Resource", ResourceChange: { Action: "Add", LogicalResourceId: "R", ResourceType: "AWS::IAM::Role", Scope: [], Details: [] } },
    ]);
    assert.equal((await cfn.getTemplate({ StackName, ChangeSetName: "first" })).TemplateBody, TemplateBody);
    assert.equal((await cfn.getTemplate({ ChangeSetName: made.Id })).TemplateBody, TemplateBody);
    assert.equal((await cfn.getTemplate({ StackName })).TemplateBody, undefined);
    assert.ok(!(await exists(table)));

    await cfn.executeChangeSet({ StackName, ChangeSetName: "first", ClientRequestToken: "go" });
    const done = await settled(cfn, StackName);
    assert.equal(done.StackStatus, "CREATE_COMPLETE", done.StackStatusReason);
    assert.deepEqual([done.ChangeSetId, done.Description], [made.Id, "new"]);
    assert.deepEqual(done.Parameters, [{ ParameterKey: "S", ParameterValue: "****" }]);
    assert.ok(await exists(table));
    assert.equal((await cfn.describeChangeSet({ ChangeSetName: made.Id })).ExecutionStatus, "EXECUTE_COMPLETE");
    await cfn.executeChangeSet({ ChangeSetName: made.Id, ClientRequestToken: "go" });
    await fails(cfn.executeChangeSet({ ChangeSetName: made.Id }), "InvalidChangeSetStatusException", `ChangeSet [${made.Id}] cannot be executed in its current execution status of [EXECUTE_COMPLETE]`);
    await cfn.deleteStack({ StackName });
    assert.equal((await settled(cfn, made.StackId)).StackStatus, "DELETE_COMPLETE");
    await fails(cfn.describeChangeSet({ ChangeSetName: made.Id }), "ChangeSetNotFoundException", `ChangeSet [${made.Id}] does not exist`, 404);
  });

  test("that fails is taken back, or what OnStackFailure says", async () => {
    const taken = uniqueName("-taken");
    await ddb.createTable({ TableName: taken, AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }], BillingMode: "PAY_PER_REQUEST" });
    for (const [OnStackFailure, status] of [[undefined, "ROLLBACK_COMPLETE"], ["DO_NOTHING", "CREATE_FAILED"], ["DELETE", "DELETE_COMPLETE"]]) {
      const StackName = uniqueName("-fails");
      const set = await changeSet(StackName, { T: tableResource(taken) }, { ChangeSetType: "CREATE", OnStackFailure });
      assert.equal(set.OnStackFailure, OnStackFailure);
      await cfn.executeChangeSet({ ChangeSetName: set.ChangeSetId });
      assert.equal((await settled(cfn, set.StackId)).StackStatus, status);
      if (!OnStackFailure) assert.equal((await cfn.describeChangeSet({ ChangeSetName: set.ChangeSetId })).ExecutionStatus, "EXECUTE_FAILED");
      await cfn.deleteStack({ StackName: set.StackId });
    }
    await ddb.deleteTable({ TableName: taken });
  });

  test("can be deleted with its stack, which was never made", async () => {
    const StackName = uniqueName("-review");
    const set = await changeSet(StackName, { T: tableResource() }, { ChangeSetType: "CREATE" });
    const other = await changeSet(StackName, { U: tableResource() }, { ChangeSetType: "CREATE" });
    assert.equal(other.StackId, set.StackId);
    assert.deepEqual((await cfn.listChangeSets({ StackName })).Summaries.map((s) => s.ChangeSetName).sort(), [set.ChangeSetName, other.ChangeSetName].sort());
    await fails(cfn.updateStack({ StackName, TemplateBody: template({ T: tableResource() }) }), "ValidationError", `Stack:${set.StackId} is in REVIEW_IN_PROGRESS state and can not be updated.`);
    await fails(cfn.createStack({ StackName, TemplateBody: template({ T: tableResource() }) }), "AlreadyExistsException", `Stack [${StackName}] already exists`);
    await cfn.deleteChangeSet({ StackName, ChangeSetName: set.ChangeSetName });
    await cfn.deleteStack({ StackName });
    const gone = await settled(cfn, set.StackId);
    assert.equal(gone.StackStatus, "DELETE_COMPLETE");
    await fails(cfn.describeStacks({ StackName }), "ValidationError", `Stack with id ${StackName} does not exist`);
    await fails(cfn.describeChangeSet({ ChangeSetName: other.ChangeSetId }), "ChangeSetNotFoundException", `ChangeSet [${other.ChangeSetId}] does not exist`, 404);
  });
});

describe("a change set of a stack that is there", () => {
  test("tells per property what changes, and changes it", async () => {
    const [name, second, third] = [uniqueName("-t"), uniqueName("-t"), uniqueName("-t")];
    const made = await stack(
      {
        Kept: tableResource(name),
        Gone: { ...tableResource(second), DeletionPolicy: "Retain" },
        Role: roleResource({ Path: "/a/", Description: "one" }),
      },
      { Capabilities: ["CAPABILITY_IAM"] },
    );
    const Resources = {
      Kept: tableResource(name, { BillingMode: "PROVISIONED", ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } }),
      Role: { ...roleResource({ Path: "/b/", Description: "two" }), UpdateReplacePolicy: "Retain", Metadata: { m: "n" } },
      New: tableResource(third),
    };
    const set = await changeSet(made.StackName, Resources);
    assert.deepEqual(brief(set), [
      "Modify Kept False Properties",
      "Modify Role True ReplaceAndRetain Properties,Metadata,UpdateReplacePolicy",
      "Add New",
      "Remove Gone Retain",
    ]);
    assert.deepEqual(details(set, "Kept"), [
      "Properties BillingMode Never Static DirectModification",
      "Properties ProvisionedThroughput Never Static DirectModification",
    ]);
    assert.deepEqual(details(set, "Role"), [
      "Properties Path Always Static DirectModification",
      "Properties Description Never Static DirectModification",
      "Metadata Never Static DirectModification",
      "UpdateReplacePolicy Never Static DirectModification",
    ]);
    const kept = set.Changes[0].ResourceChange;
    assert.equal(kept.PhysicalResourceId, name);
    assert.deepEqual(kept.Details.map(({ Target: { Path, BeforeValue, AfterValue, AttributeChangeType } }) => [Path, BeforeValue, AfterValue, AttributeChangeType]), [
      ["/Properties/BillingMode", "PAY_PER_REQUEST", "PROVISIONED", "Modify"],
      ["/Properties/ProvisionedThroughput", undefined, '{"ReadCapacityUnits":1,"WriteCapacityUnits":1}', "Add"],
    ]);
    assert.equal(JSON.parse(kept.BeforeContext).Properties.BillingMode, "PAY_PER_REQUEST");
    assert.equal(JSON.parse(kept.AfterContext).Properties.BillingMode, "PROVISIONED");
    const plain = (await cfn.describeChangeSet({ ChangeSetName: set.ChangeSetId })).Changes[0].ResourceChange;
    assert.deepEqual([plain.BeforeContext, plain.AfterContext], [undefined, undefined]);
    assert.deepEqual(plain.Details[0].Target, { Attribute: "Properties", Name: "BillingMode", RequiresRecreation: "Never" });

    assert.equal((await cfn.describeStacks({ StackName: made.StackName })).Stacks[0].StackStatus, "CREATE_COMPLETE");
    assert.ok(!(await exists(third)));
    await cfn.executeChangeSet({ ChangeSetName: set.ChangeSetId });
    const done = await settled(cfn, made.StackId);
    assert.equal(done.StackStatus, "UPDATE_COMPLETE", done.StackStatusReason);
    assert.equal(done.ChangeSetId, set.ChangeSetId);
    assert.ok((await exists(third)) && (await exists(second)));
    assert.equal((await ddb.describeTable({ TableName: name })).Table.BillingModeSummary?.BillingMode ?? "PROVISIONED", "PROVISIONED");
    await ddb.deleteTable({ TableName: second });
  });

  test("tells what parameters and other resources are the cause of", async () => {
    const prefix = uniqueName("-c");
    const Parameters = { Name: { Type: "String" }, Text: { Type: "String", Default: "x" }, Secret: { Type: "String", NoEcho: true, Default: "s1" } };
    const Resources = {
      T: tableResource({ "Fn::Sub": `${prefix}-\${Name}` }),
      R: roleResource({ Description: { Ref: "Text" }, RoleName: { "Fn::Sub": `${prefix}-\${T}` } }),
      P: {
        Type: "AWS::IAM::Policy",
        Properties: { PolicyName: "p", Roles: [{ Ref: "R" }], PolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "dynamodb:GetItem", Resource: { "Fn::GetAtt": ["T", "Arn"] } }] } },
      },
      S: roleResource({ Description: { Ref: "Secret" } }),
    };
    const made = await stack(Resources, { more: { Parameters }, Parameters: given({ Name: "a" }), Capabilities: ["CAPABILITY_NAMED_IAM"] });
    assert.equal(made.StackStatus, "CREATE_COMPLETE", made.StackStatusReason);

    let set = await changeSet(made.StackName, Resources, { more: { Parameters }, Parameters: given({ Name: "b", Text: "y", Secret: "s2" }) });
    assert.deepEqual(brief(set), ["Modify T True ReplaceAndDelete Properties", "Modify R Conditional Properties", "Modify P False Properties", "Modify S False Properties"]);
    assert.deepEqual(details(set, "T"), ["Properties TableName Always Static ParameterReference Name", "Properties TableName Always Dynamic DirectModification"]);
    assert.deepEqual(details(set, "P").sort(), ["Properties PolicyDocument Never Dynamic ResourceAttribute T.Arn", "Properties Roles Never Dynamic ResourceReference R"]);
    const hidden = set.Changes[3].ResourceChange;
    assert.deepEqual([hidden.Details[0].Target.BeforeValue, hidden.Details[0].Target.AfterValue], ["****", "****"]);
    assert.ok(!JSON.stringify(hidden).includes("s1") && !JSON.stringify(hidden).includes("s2"));

    set = await changeSet(made.StackName, Resources, { more: { Parameters }, Parameters: [{ ParameterKey: "Name", UsePreviousValue: true }, ...given({ Text: "y" })] });
    assert.deepEqual(brief(set), ["Modify R False Properties"]);
    assert.deepEqual(details(set, "R"), ["Properties Description Never Static ParameterReference Text", "Properties Description Never Dynamic DirectModification"]);

    set = await changeSet(made.StackName, undefined, { TemplateBody: undefined, UsePreviousTemplate: true, Parameters: given({ Name: "a" }), Tags: [{ Key: "k", Value: "v" }] });
    assert.deepEqual(brief(set), ["Modify T False Tags", "Modify R False Tags", "Modify P False Properties", "Modify S False Tags"]);
  });

  test("without changes fails, and cannot be executed", async () => {
    const Resources = { T: tableResource(uniqueName("-t")) };
    const more = { Parameters: { P: { Type: "String", Default: "x" } }, Outputs: { O: { Value: { Ref: "P" } } } };
    const made = await stack(Resources, { more });
    const same = await changeSet(made.StackName, Resources, { more });
    assert.deepEqual([same.Status, same.StatusReason, same.ExecutionStatus], ["FAILED", NO_CHANGES, "UNAVAILABLE"]);
    assert.deepEqual(same.Changes, []);
    await fails(cfn.executeChangeSet({ ChangeSetName: same.ChangeSetId }), "InvalidChangeSetStatusException", `ChangeSet [${same.ChangeSetId}] cannot be executed in its current status of [FAILED]`);
    const described = await changeSet(made.StackName, Resources, { more: { ...more, Description: "only a description" } });
    assert.equal(described.Status, "FAILED");
    // An output is a change, though no resource is.
    const output = await changeSet(made.StackName, Resources, { more, Parameters: given({ P: "y" }) });
    assert.deepEqual([output.Status, output.Changes], ["CREATE_COMPLETE", []]);
    await cfn.executeChangeSet({ ChangeSetName: output.ChangeSetId });
    assert.deepEqual((await settled(cfn, made.StackId)).Outputs, [{ OutputKey: "O", OutputValue: "y" }]);
  });

  test("is obsolete once the stack was changed otherwise, and gone once another was executed", async () => {
    const made = await stack({ T: tableResource() });
    const first = await changeSet(made.StackName, { T: tableResource(), U: tableResource() });
    const second = await changeSet(made.StackName, { T: tableResource(), V: tableResource() });
    await cfn.executeChangeSet({ ChangeSetName: second.ChangeSetId });
    await settled(cfn, made.StackId);
    await fails(cfn.describeChangeSet({ ChangeSetName: first.ChangeSetId }), "ChangeSetNotFoundException", `ChangeSet [${first.ChangeSetId}] does not exist`, 404);
    const third = await changeSet(made.StackName, { T: tableResource() });
    await cfn.updateStack({ StackName: made.StackName, TemplateBody: template({ T: tableResource(), W: tableResource() }) });
    const done = await settled(cfn, made.StackId);
    assert.deepEqual([done.StackStatus, done.ChangeSetId], ["UPDATE_COMPLETE", undefined]);
    assert.equal((await cfn.describeChangeSet({ ChangeSetName: third.ChangeSetId })).ExecutionStatus, "OBSOLETE");
    await fails(cfn.executeChangeSet({ ChangeSetName: third.ChangeSetId }), "InvalidChangeSetStatusException", `ChangeSet [${third.ChangeSetId}] cannot be executed in its current execution status of [OBSOLETE]`);
    assert.deepEqual((await cfn.listChangeSets({ StackName: made.StackName })).Summaries.map((s) => [s.ChangeSetName, s.ExecutionStatus]), [[third.ChangeSetName, "OBSOLETE"]]);
  });

  test("names a nested stack, whose template may have changed", async () => {
    const { Changes } = await (async () => {
      const made = await stack({ H: { Type: "AWS::CloudFormation::WaitConditionHandle" } });
      return changeSet(made.StackName, { H: { Type: "AWS::CloudFormation::WaitConditionHandle" }, N: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "https://s3.amazonaws.com/b/k" } } }, { IncludeNestedStacks: true });
    })();
    assert.deepEqual(Changes.map(({ ResourceChange: c }) => [c.Action, c.LogicalResourceId]), [["Add", "N"]]);
  });

  test("pages its changes", async () => {
    const many = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`H${i}`, { Type: "AWS::CloudFormation::WaitConditionHandle" }]));
    const made = await stack(many(1));
    const { Id } = await cfn.createChangeSet({ StackName: made.StackName, ChangeSetName: "pages", TemplateBody: template(many(251)) });
    const seen = [];
    let NextToken, pages = 0;
    do {
      const page = await cfn.describeChangeSet({ ChangeSetName: Id, NextToken });
      seen.push(...page.Changes.map((c) => c.ResourceChange.LogicalResourceId));
      ({ NextToken } = page);
      pages++;
    } while (NextToken);
    assert.deepEqual([pages, seen], [3, Object.keys(many(251)).slice(1)]);
    for (const token of ["0", "x", "250", "-1"].filter((t) => t !== "250"))
      await fails(cfn.describeChangeSet({ ChangeSetName: Id, NextToken: token }), "ValidationError", "NextToken is not valid");
  });
});

describe("what is refused", () => {
  test("names that are taken, stacks that are there or not", async () => {
    const made = await stack({ T: tableResource() });
    const StackName = made.StackName, TemplateBody = template({ T: tableResource(), U: tableResource() });
    const create = (more) => cfn.createChangeSet({ StackName, ChangeSetName: "taken", TemplateBody, ...more });
    const first = await create({ ClientToken: "one" });
    assert.equal((await create({ ClientToken: "one" })).Id, first.Id);
    await fails(create({ ClientToken: "two" }), "AlreadyExistsException", "ChangeSet taken already exists");
    await fails(create({ ChangeSetName: "x", ChangeSetType: "CREATE" }), "ValidationError", `Stack [${StackName}] already exists and cannot be created again with the changeSet [x].`);
    await fails(create({ StackName: "nobody" }), "ValidationError", "Stack [nobody] does not exist");
    await fails(create({ ChangeSetName: "x", OnStackFailure: "DELETE" }), "ValidationError", "OnStackFailure DELETE is only valid with a change set of type CREATE.");
    await fails(create({ ChangeSetName: "x", TemplateBody: template({ T: { Type: "AWS::SQS::Queue" } }) }), "ValidationError", "Update of resource type is not permitted. The new template modifies resource type of the following resources: [T]");
    await fails(create({ ChangeSetName: "x", TemplateBody: template({ R: roleResource() }) }), "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]");
    await fails(create({ ChangeSetName: "x", TemplateBody: template({ T: { Ref: "x" } }) }), "ValidationError", /^Template format error: /);
    await fails(create({ ChangeSetName: "1x" }), "ValidationError", /failed to satisfy constraint/);
    const StackNew = uniqueName("-never");
    await fails(create({ StackName: StackNew, ChangeSetType: "CREATE", TemplateBody: template({}) }), "ValidationError", "Template format error: At least one Resources member must be defined.");
    await fails(cfn.describeStacks({ StackName: StackNew }), "ValidationError", `Stack with id ${StackNew} does not exist`);
  });

  test("change sets that there are not", async () => {
    const made = await stack({ T: tableResource() });
    const StackName = made.StackName;
    await fails(cfn.describeChangeSet({ StackName, ChangeSetName: "none" }), "ChangeSetNotFoundException", "ChangeSet [none] does not exist", 404);
    await fails(cfn.executeChangeSet({ StackName, ChangeSetName: "none" }), "ChangeSetNotFoundException", "ChangeSet [none] does not exist", 404);
    await fails(cfn.describeChangeSet({ ChangeSetName: "none" }), "ValidationError", "StackName must be specified if ChangeSetName is not specified as an ARN.");
    await fails(cfn.describeChangeSet({ StackName: "nobody", ChangeSetName: "none" }), "ValidationError", "Stack [nobody] does not exist");
    await fails(cfn.listChangeSets({ StackName: "nobody" }), "ValidationError", "Stack [nobody] does not exist");
    await cfn.deleteChangeSet({ StackName, ChangeSetName: "none" });
    const set = await changeSet(StackName, { T: tableResource(), U: tableResource() });
    assert.deepEqual((await cfn.describeChangeSetHooks({ ChangeSetName: set.ChangeSetId })).Hooks, []);
    await cfn.deleteChangeSet({ ChangeSetName: set.ChangeSetId });
    await cfn.deleteChangeSet({ ChangeSetName: set.ChangeSetId });
    await fails(cfn.describeChangeSet({ StackName, ChangeSetName: set.ChangeSetName }), "ChangeSetNotFoundException", `ChangeSet [${set.ChangeSetName}] does not exist`, 404);
    await fails(cfn.describeChangeSetHooks({ ChangeSetName: set.ChangeSetId }), "ChangeSetNotFoundException", `ChangeSet [${set.ChangeSetId}] does not exist`, 404);
  });

  test("more than a hundred of one stack", async () => {
    const made = await stack({ T: tableResource() });
    const create = (i) => cfn.createChangeSet({ StackName: made.StackName, ChangeSetName: `many${i}`, TemplateBody: template({ T: tableResource(), U: tableResource() }) });
    for (let i = 0; i < 100; i++) await create(i);
    await fails(create(100), "LimitExceededException", "The stack has 100 change sets, and cannot have more.");
    assert.equal((await cfn.listChangeSets({ StackName: made.StackName })).Summaries.length, 100);
    await cfn.deleteChangeSet({ StackName: made.StackName, ChangeSetName: "many7" });
    await create(100);
  });
});

test("`aws cloudformation deploy` creates, changes, and finds nothing to change", async () => {
  const folder = temporaryFolder();
  after(() => rmSync(folder, { recursive: true, force: true }));
  const StackName = uniqueName("-cli"), table = uniqueName("-cli-t");
  const file = path.join(folder, "t.yaml");
  const text = (more) => `
Parameters: {Name: {Type: String}, Stage: {Type: String, Default: dev}}
Resources:
  T:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Ref Name
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
${more}`;
  // It names its change sets after the second, so two of one second would have one name.
  const second = () => Math.floor(Date.now() / 1000);
  let last = 0;
  const deploy = async (...args) => {
    while (second() === last) await new Promise((resolve) => setTimeout(resolve, 20));
    const done = await run(debian("aws"), ["cloudformation", "deploy", "--stack-name", StackName, "--template-file", file, "--endpoint-url", endpoint, ...args], { env: environment });
    last = second();
    return done;
  };
  writeFileSync(file, text(""));
  after(async () => {
    await cfn.deleteStack({ StackName });
    await settled(cfn, StackName).catch(() => {});
  });
  let done = await deploy("--parameter-overrides", `Name=${table}`);
  assert.equal(done.code, 0, done.stderr + done.stdout);
  assert.match(done.stdout, new RegExp(`Successfully created/updated stack - ${StackName}`));
  assert.ok(await exists(table));
  done = await deploy();
  assert.equal(done.code === 0 || done.code === 255, true, done.stderr);
  assert.match(done.stdout + done.stderr, new RegExp(`No changes to deploy. Stack ${StackName} is up to date`));
  writeFileSync(file, text("      DeletionProtectionEnabled: false\n      Tags: [{Key: a, Value: b}]\n"));
  done = await deploy();
  assert.equal(done.code, 0, done.stderr + done.stdout);
  assert.equal((await cfn.describeStacks({ StackName })).Stacks[0].StackStatus, "UPDATE_COMPLETE");
  const { Tags } = await ddb.listTagsOfResource({ ResourceArn: `arn:aws:dynamodb:us-east-1:000000000000:table/${table}` });
  assert.ok(Tags.some(({ Key, Value }) => Key === "a" && Value === "b"));
});
