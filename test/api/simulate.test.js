// IAM's simulations: what policies would say of requests that nobody makes, and which keys of a request they ask for.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allow, makeIam, policy, trust } from "../lib/iam.js";
import { run } from "../lib/process.js";
import { debian, environment } from "../lib/programs.js";
import { fails, open } from "../lib/turntable.js";

const { endpoint } = await open();
const iam = makeIam(endpoint);
const account = "000000000000";
const table = (name, owner = account) => `arn:aws:dynamodb:us-east-1:${owner}:table/${name}`;
const user = (name, owner = account) => `arn:aws:iam::${owner}:user/${name}`;
const deny = (Action, Resource = "*") => policy({ Effect: "Deny", Action, Resource });
const allowIf = (Action, Condition, Resource = "*") => policy({ Effect: "Allow", Action, Resource, Condition });
const entry = (ContextKeyName, ContextKeyType, ...ContextKeyValues) => ({ ContextKeyName, ContextKeyType, ContextKeyValues });
const invalid = (promise, message) => fails(promise, "InvalidInputException", message);

/** The results of a simulation of these policies. */
async function simulate(PolicyInputList, ActionNames, more = {}) {
  const answer = await iam.simulateCustomPolicy({ PolicyInputList: [PolicyInputList].flat(), ActionNames: [ActionNames].flat(), ...more });
  assert.equal(answer.IsTruncated, false);
  return answer.EvaluationResults;
}

/** What is decided, of each action on each resource. */
const decide = async (...args) => (await simulate(...args)).map((result) => result.EvalDecision);
const sources = (result) => result.MatchedStatements.map((statement) => statement.SourcePolicyId);

// ---- policies that are given ----

describe("SimulateCustomPolicy", () => {
  // The examples of the AWS CLI Command Reference, with their positions.
  const afterNoon =
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}';

  test("refuses what would change its answer and is not looked at", async () => {
    const organization = { OrderedOrganizationPolicyInputList: [{ ServiceControlPolicyInputList: [deny("*")] }] };
    await invalid(iam.simulateCustomPolicy({ PolicyInputList: [allow("*")], ActionNames: ["dynamodb:GetItem"], ...organization }), "OrderedOrganizationPolicyInputList is not served here");
    const without = { PolicyExclusionList: [{ PolicyType: "IAM Policy" }] };
    await invalid(iam.simulatePrincipalPolicy({ PolicySourceArn: user("ana"), ActionNames: ["dynamodb:GetItem"], ...without }), "PolicyExclusionList is not served here");
  });

  test("answers AWS's own examples as AWS does", async () => {
    const [result] = await simulate(afterNoon, "dynamodb:CreateBackup", { ContextEntries: [entry("aws:CurrentTime", "date", "2019-04-25T11:00:00Z")] });
    assert.deepEqual(result, {
      EvalActionName: "dynamodb:CreateBackup",
      EvalResourceName: "*",
      EvalDecision: "allowed",
      MatchedStatements: [
        {
          SourcePolicyId: "PolicyInputList.1",
          SourcePolicyType: "IAM Policy",
          StartPosition: { Line: 1, Column: 38 },
          EndPosition: { Line: 1, Column: 167 },
        },
      ],
      MissingContextValues: [],
    });
    const [before] = await simulate(afterNoon, "dynamodb:CreateBackup", { ContextEntries: [entry("aws:CurrentTime", "date", "2014-04-25T11:00:00Z")] });
    assert.deepEqual([before.EvalDecision, before.MatchedStatements, before.MissingContextValues], ["implicitDeny", [], []]);
  });

  test("tells where statements stand", async () => {
    const statement = (Action) => ({ Effect: "Allow", Action, Resource: "*" });
    const text = JSON.stringify({ Version: "2012-10-17", Statement: [statement("s3:*"), statement("dynamodb:*")] }, null, 4);
    const [{ MatchedStatements }] = await simulate(text, "dynamodb:GetItem");
    const lines = text.split("\n");
    const [{ StartPosition, EndPosition }] = MatchedStatements;
    assert.equal(lines[StartPosition.Line - 1].slice(0, StartPosition.Column - 1), "        },");
    assert.equal(lines[EndPosition.Line - 1].slice(0, EndPosition.Column - 1), "        }");
    assert.match(lines[EndPosition.Line - 2], /Resource/);
    // Brackets and quotes in texts do not count, nor do bytes: a character is one column.
    const tricky = '{"Version":"2012-10-17","Id":"}]\\"é","St\\u0061tement":[{"Effect":"Allow","Action":"a:B","Resource":"*"} , {"Effect":"Allow","Action":"c:D","Resource":"*"}]}';
    const [tricked] = await simulate(tricky, "c:D");
    const [{ StartPosition: start, EndPosition: end }] = tricked.MatchedStatements;
    assert.deepEqual([start.Line, end.Line], [1, 1]);
    assert.equal(tricky.slice(start.Column - 1, end.Column - 1), ' {"Effect":"Allow","Action":"c:D","Resource":"*"}');
  });

  test("decides: allowed, denied, not allowed", async () => {
    assert.deepEqual(await decide([allow("dynamodb:*"), deny("dynamodb:DeleteTable")], ["dynamodb:GetItem", "dynamodb:DeleteTable", "s3:GetObject"]), [
      "allowed",
      "explicitDeny",
      "implicitDeny",
    ]);
  });

  test("tells all statements that determine the result, and of a denial those that deny", async () => {
    const policies = [allow("dynamodb:GetItem"), policy({ Effect: "Allow", Action: "s3:*", Resource: "*" }, { Effect: "Allow", Action: "*", Resource: "*" }), deny("dynamodb:Get*", table("Secret"))];
    const [allowed, denied] = await simulate(policies, "dynamodb:GetItem", { ResourceArns: [table("Track"), table("Secret")] });
    assert.deepEqual(sources(allowed), ["PolicyInputList.1", "PolicyInputList.2"]);
    assert.deepEqual([denied.EvalDecision, sources(denied)], ["explicitDeny", ["PolicyInputList.3"]]);
  });

  test("evaluates each action on each resource", async () => {
    const results = await simulate(allow("dynamodb:GetItem", table("A")), ["dynamodb:GetItem", "dynamodb:PutItem"], { ResourceArns: [table("A"), table("B")] });
    assert.deepEqual(
      results.map((r) => [r.EvalActionName, r.EvalResourceName, r.EvalDecision]),
      [
        ["dynamodb:GetItem", table("A"), "allowed"],
        ["dynamodb:GetItem", table("B"), "implicitDeny"],
        ["dynamodb:PutItem", table("A"), "implicitDeny"],
        ["dynamodb:PutItem", table("B"), "implicitDeny"],
      ],
    );
    const [{ ResourceSpecificResults, MatchedStatements, EvalDecisionDetails }] = results;
    assert.deepEqual(EvalDecisionDetails, {});
    assert.deepEqual(ResourceSpecificResults, [
      { EvalResourceName: table("A"), EvalResourceDecision: "allowed", MatchedStatements, MissingContextValues: [], EvalDecisionDetails: {} },
    ]);
  });

  test("takes values of every type", async () => {
    const cases = [
      ["string", "StringEquals", "ana", "ben"],
      ["numeric", "NumericLessThan", "5", "4", "7"],
      ["boolean", "Bool", "true", "true", "false"],
      ["ip", "IpAddress", "203.0.113.0/24", "203.0.113.9", "198.51.100.1"],
      ["binary", "BinaryEquals", "QmluYXJ5", "QmluYXJ5", "AAAA"],
      ["date", "DateLessThan", "2020-01-01T00:00:00Z", "2019-01-01T00:00:00Z", "2021-01-01T00:00:00Z"],
    ].map(([type, operator, wanted, ...given]) => [type, operator, wanted, ...(given.length === 1 ? [wanted, ...given] : given)]);
    for (const [type, operator, wanted, yes, no] of cases) {
      const one = allowIf("a:B", { [operator]: { "x:key": wanted } });
      assert.deepEqual(await decide(one, "a:B", { ContextEntries: [entry("X:Key", type, yes)] }), ["allowed"], type);
      assert.deepEqual(await decide(one, "a:B", { ContextEntries: [entry("x:key", type, no)] }), ["implicitDeny"], type);
      for (const [set, decision] of [["ForAnyValue", "allowed"], ["ForAllValues", "implicitDeny"]]) {
        const many = allowIf("a:B", { [`${set}:${operator}`]: { "x:key": wanted } });
        assert.deepEqual(await decide(many, "a:B", { ContextEntries: [entry("x:key", `${type}List`, yes, no)] }), [decision], `${set} ${type}`);
      }
      await invalid(
        iam.simulateCustomPolicy({ PolicyInputList: [one], ActionNames: ["a:B"], ContextEntries: [entry("x:key", type, yes, yes)] }),
        `Invalid value for context key x:key: the type ${type} has one value.`,
      );
    }
    await invalid(
      iam.simulateCustomPolicy({ PolicyInputList: [allow("a:B")], ActionNames: ["a:B"], ContextEntries: [entry("x:key", "numeric", "five")] }),
      "Invalid value for context key x:key: five is not of the type numeric.",
    );
  });

  test("tells which keys are missing, and of a named resource tells it there", async () => {
    const asks = policy(
      { Effect: "Allow", Action: "dynamodb:GetItem", Resource: table("${aws:username}"), Condition: { StringEquals: { "aws:PrincipalTag/team": "${x:team}" }, Bool: { "aws:SecureTransport": "true" } } },
      { Effect: "Allow", Action: "dynamodb:GetItem", Resource: table("Other"), Condition: { Bool: { "x:other": "true" } } },
      { Effect: "Allow", Action: "dynamodb:PutItem", Resource: "*", Condition: { Bool: { "x:put": "true" } } },
    );
    const [named] = await simulate(asks, "dynamodb:GetItem", { ResourceArns: [table("ana")] });
    assert.deepEqual(named.MissingContextValues, []);
    assert.deepEqual(named.ResourceSpecificResults[0].MissingContextValues, ["aws:username", "aws:PrincipalTag/team", "x:team", "aws:SecureTransport"]);
    const given = ["aws:username", "aws:PrincipalTag/team", "x:team"].map((key) => entry(key, "string", "ana"));
    const [all] = await simulate(asks, "dynamodb:GetItem", { ResourceArns: [table("ana")], ContextEntries: [...given, entry("aws:SecureTransport", "boolean", "true")] });
    assert.equal(all.EvalDecision, "allowed");
    assert.deepEqual(all.ResourceSpecificResults[0].MissingContextValues, []);
    const [put] = await simulate(asks, "dynamodb:PutItem");
    assert.deepEqual([put.EvalDecision, put.MissingContextValues], ["implicitDeny", ["x:put"]]);
  });

  test("bounds what is allowed, and tells what the boundary says", async () => {
    const PermissionsBoundaryPolicyInputList = [allow("dynamodb:Get*")];
    const [get, put] = await simulate(allow("dynamodb:*"), ["dynamodb:GetItem", "dynamodb:PutItem"], { PermissionsBoundaryPolicyInputList });
    assert.deepEqual([get.EvalDecision, get.PermissionsBoundaryDecisionDetail], ["allowed", { AllowedByPermissionsBoundary: true }]);
    assert.deepEqual(sources(get), ["PolicyInputList.1", "PermissionsBoundaryPolicyInputList.1"]);
    assert.deepEqual([put.EvalDecision, put.PermissionsBoundaryDecisionDetail], ["implicitDeny", { AllowedByPermissionsBoundary: false }]);
    const [other] = await simulate(allow("s3:*"), "dynamodb:GetItem", { PermissionsBoundaryPolicyInputList });
    assert.deepEqual([other.EvalDecision, other.PermissionsBoundaryDecisionDetail], ["implicitDeny", { AllowedByPermissionsBoundary: true }]);
    const two = { PolicyInputList: [allow("a:B")], ActionNames: ["a:B"], PermissionsBoundaryPolicyInputList: [allow("a:*"), allow("a:*")] };
    await invalid(iam.simulateCustomPolicy(two), "Only one permissions boundary policy can be simulated.");
  });

  test("has a policy of the resource, which lets in whom it names", async () => {
    const ResourcePolicy = policy({ Effect: "Allow", Principal: { AWS: user("ana") }, Action: "dynamodb:GetItem", Resource: "*" });
    const ask = (name, more) => simulate(allow("s3:*"), "dynamodb:GetItem", { ResourcePolicy, CallerArn: user(name), ResourceArns: [table("Track")], ...more });
    const [ana] = await ask("ana");
    assert.equal(ana.EvalDecision, "allowed");
    assert.deepEqual(ana.MatchedStatements.map((s) => [s.SourcePolicyId, s.SourcePolicyType]), [["ResourcePolicy", "Resource Policy"]]);
    assert.equal((await ask("ben"))[0].EvalDecision, "implicitDeny");
    const one = { PolicyInputList: [allow("s3:*")], ActionNames: ["dynamodb:GetItem"], ResourcePolicy };
    await invalid(iam.simulateCustomPolicy(one), "CallerArn is required when a ResourcePolicy is simulated.");
    await invalid(
      iam.simulateCustomPolicy({ ...one, CallerArn: user("ana"), ResourceArns: [table("T", "111111111111")] }),
      `Requests across accounts are not simulated: ${table("T", "111111111111")} belongs to another account than the caller.`,
    );
  });

  test("pages through its results", async () => {
    const ActionNames = Array.from({ length: 7 }, (_, i) => `a:Action${i}`);
    const input = { PolicyInputList: [allow("a:*")], ActionNames, ResourceArns: ["*", "arn:aws:a:::b"], MaxItems: 3 };
    const told = [];
    let Marker;
    do {
      const answer = await iam.simulateCustomPolicy({ ...input, Marker });
      assert.ok(answer.EvaluationResults.length <= 3);
      assert.equal(answer.IsTruncated, answer.Marker !== undefined);
      told.push(...answer.EvaluationResults.map((r) => `${r.EvalActionName} ${r.EvalResourceName}`));
      Marker = answer.Marker;
    } while (Marker !== undefined);
    assert.deepEqual(told, ActionNames.flatMap((action) => input.ResourceArns.map((arn) => `${action} ${arn}`)));
    await fails(iam.simulateCustomPolicy({ ...input, Marker: "bm8=" }), "ValidationError", "Invalid Marker.");
  });

  test("ends a page that is long, and goes on", async () => {
    const many = policy(...Array.from({ length: 1000 }, () => ({ Effect: "Allow", Action: "a:B", Resource: "*" })));
    const input = { PolicyInputList: [many, many], ActionNames: ["a:B"], ResourceArns: Array.from({ length: 6 }, (_, i) => `arn:aws:a:::${i}`) };
    const first = await iam.simulateCustomPolicy(input);
    assert.ok(first.IsTruncated && first.EvaluationResults.length < 6);
    assert.equal(first.EvaluationResults[0].MatchedStatements.length, 2000);
    const { EvaluationResults } = await iam.simulateCustomPolicy({ ...input, Marker: first.Marker });
    assert.equal(EvaluationResults[0].EvalResourceName, input.ResourceArns[first.EvaluationResults.length]);
  });

  test("refuses what is no policy, no action, no resource, no caller", async () => {
    const good = { PolicyInputList: [allow("a:B")], ActionNames: ["a:B"] };
    await invalid(iam.simulateCustomPolicy({ ...good, PolicyInputList: [allow("a:B"), "{}"] }), /^PolicyInputList\.2: /);
    await invalid(iam.simulateCustomPolicy({ ...good, PermissionsBoundaryPolicyInputList: ["{}"] }), /^PermissionsBoundaryPolicyInputList\.1: /);
    await invalid(iam.simulateCustomPolicy({ ...good, ResourcePolicy: "{}", CallerArn: user("ana") }), /^ResourcePolicy: /);
    for (const name of ["GetItem", "dynamodb:*", "dynamodb:Get?tem", ":GetItem", "dynamodb:"]) {
      await invalid(iam.simulateCustomPolicy({ ...good, ActionNames: ["a:B", name] }), `Invalid Entity Action: ${name}`);
    }
    await invalid(iam.simulateCustomPolicy({ ...good, ResourceArns: ["*", "Track"] }), "Invalid Entity Arn: Track");
    for (const CallerArn of ["ana", `arn:aws:iam::${account}:role/ana`, `arn:aws:sts::${account}:assumed-role/a/b`]) {
      await invalid(iam.simulateCustomPolicy({ ...good, CallerArn }), `Invalid Caller Arn: ${CallerArn} is not the ARN of a user.`);
    }
  });

  test("ends when policies take too long", async () => {
    const stars = Array.from({ length: 4000 }, (_, i) => `arn:aws:s3:::*a${i}b`);
    const resource = `arn:aws:s3:::${"a".repeat(2000)}`;
    await fails(
      iam.simulateCustomPolicy({ PolicyInputList: [allow("s3:GetObject", stars)], ActionNames: ["s3:GetObject"], ResourceArns: [resource] }),
      "PolicyEvaluationException",
      `The policies take too long to evaluate for s3:GetObject on ${resource}.`,
      500,
    );
  });
});

// ---- policies that principals have ----

describe("SimulatePrincipalPolicy", () => {
  const PolicySourceArn = user("team/ana");

  test("has the policies of a user, of its groups, and its boundary", async () => {
    await iam.createUser({ UserName: "ana", Path: "/team/" });
    await iam.createGroup({ GroupName: "readers" });
    await iam.addUserToGroup({ GroupName: "readers", UserName: "ana" });
    await iam.putUserPolicy({ UserName: "ana", PolicyName: "own", PolicyDocument: allow("dynamodb:PutItem") });
    await iam.putGroupPolicy({ GroupName: "readers", PolicyName: "shared", PolicyDocument: allow("dynamodb:GetItem") });
    await iam.attachGroupPolicy({ GroupName: "readers", PolicyArn: "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess" });
    const ask = async (more) =>
      (await iam.simulatePrincipalPolicy({ PolicySourceArn, ActionNames: ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:DeleteItem"], ...more })).EvaluationResults;
    const told = (await ask()).map((r) => [r.EvalDecision, sources(r)]);
    assert.deepEqual(told, [["allowed", ["own"]], ["allowed", ["shared", "AmazonDynamoDBReadOnlyAccess"]], ["implicitDeny", []]]);
    // More policies, and another boundary than none.
    const more = await ask({ PolicyInputList: [allow("dynamodb:DeleteItem"), deny("dynamodb:PutItem")] });
    assert.deepEqual(more.map((r) => [r.EvalDecision, sources(r).at(-1)]), [["explicitDeny", "PolicyInputList.2"], ["allowed", "AmazonDynamoDBReadOnlyAccess"], ["allowed", "PolicyInputList.1"]]);
    const { Policy } = await iam.createPolicy({ PolicyName: "bound", PolicyDocument: allow("dynamodb:Put*") });
    await iam.putUserPermissionsBoundary({ UserName: "ana", PermissionsBoundary: Policy.Arn });
    assert.deepEqual((await ask()).map((r) => [r.EvalDecision, r.PermissionsBoundaryDecisionDetail.AllowedByPermissionsBoundary]), [["allowed", true], ["implicitDeny", false], ["implicitDeny", false]]);
    assert.deepEqual((await ask()).map(sources)[0], ["own", "bound"]);
    const other = await ask({ PermissionsBoundaryPolicyInputList: [allow("*")] });
    assert.deepEqual(other.map((r) => r.EvalDecision), ["allowed", "allowed", "implicitDeny"]);
  });

  test("has the policies of a role and of a group", async () => {
    await iam.createRole({ RoleName: "worker", AssumeRolePolicyDocument: trust() });
    await iam.putRolePolicy({ RoleName: "worker", PolicyName: "work", PolicyDocument: allow("dynamodb:Query") });
    for (const [source, expected] of [
      [`arn:aws:iam::${account}:role/worker`, ["allowed", ["work"], "implicitDeny", []]],
      [`arn:aws:iam::${account}:group/readers`, ["allowed", ["AmazonDynamoDBReadOnlyAccess"], "allowed", ["shared", "AmazonDynamoDBReadOnlyAccess"]]],
    ]) {
      const { EvaluationResults } = await iam.simulatePrincipalPolicy({ PolicySourceArn: source, ActionNames: ["dynamodb:Query", "dynamodb:GetItem"] });
      assert.deepEqual(EvaluationResults.flatMap((r) => [r.EvalDecision, sources(r)]), expected);
    }
  });

  test("has the user as the caller, unless another is named", async () => {
    const ResourcePolicy = policy({ Effect: "Allow", Principal: { AWS: PolicySourceArn }, Action: "dynamodb:Scan", Resource: "*" });
    const ask = async (more) => (await iam.simulatePrincipalPolicy({ PolicySourceArn, ActionNames: ["dynamodb:Scan"], PermissionsBoundaryPolicyInputList: [allow("s3:*")], ResourcePolicy, ...more })).EvaluationResults[0].EvalDecision;
    assert.equal(await ask(), "allowed");
    assert.equal(await ask({ CallerArn: user("ben") }), "implicitDeny");
    await invalid(ask({ PolicySourceArn: `arn:aws:iam::${account}:role/worker` }), "CallerArn is required when a ResourcePolicy is simulated.");
  });

  test("finds only who is there", async () => {
    const ActionNames = ["a:B"];
    for (const arn of [user("nobody"), user("ana"), user("team/ana", "111111111111"), `arn:aws:iam::${account}:group/nobody`, `arn:aws:iam::${account}:role/ana`]) {
      await fails(iam.simulatePrincipalPolicy({ PolicySourceArn: arn, ActionNames }), "NoSuchEntityException", `Entity ${arn} does not exist.`, 404);
    }
    for (const arn of [`arn:aws:iam::${account}:policy/bound`, `arn:aws:iam::${account}:root-or-else`, `arn:aws:dynamodb:::user/ana`]) {
      await invalid(iam.simulatePrincipalPolicy({ PolicySourceArn: arn, ActionNames }), `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
    }
  });
});

// ---- keys ----

describe("context keys", () => {
  const asks = allowIf("dynamodb:*", { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["${aws:userid}", "${AWS:username, 'none'}"] }, ArnLike: { "aws:SourceArn": "arn:aws:s3:::${x:bucket}" } }, table("${aws:username}"));

  test("of policies are told once each", async () => {
    const { ContextKeyNames } = await iam.getContextKeysForCustomPolicy({ PolicyInputList: [asks, asks, allow("s3:*")] });
    assert.deepEqual(ContextKeyNames, ["aws:username", "dynamodb:LeadingKeys", "aws:userid", "aws:SourceArn", "x:bucket"]);
    assert.deepEqual((await iam.getContextKeysForCustomPolicy({ PolicyInputList: [allow("s3:*")] })).ContextKeyNames, []);
    await invalid(iam.getContextKeysForCustomPolicy({ PolicyInputList: ["[]"] }), /^PolicyInputList\.1: /);
  });

  test("of principals are those of all their policies", async () => {
    await iam.createUser({ UserName: "cleo" });
    await iam.createGroup({ GroupName: "askers" });
    await iam.addUserToGroup({ GroupName: "askers", UserName: "cleo" });
    await iam.putUserPolicy({ UserName: "cleo", PolicyName: "own", PolicyDocument: asks });
    await iam.putGroupPolicy({ GroupName: "askers", PolicyName: "time", PolicyDocument: allowIf("s3:*", { DateLessThan: { "aws:CurrentTime": "2030-01-01T00:00:00Z" } }) });
    const own = ["aws:username", "dynamodb:LeadingKeys", "aws:userid", "aws:SourceArn", "x:bucket"];
    const keys = async (PolicySourceArn, more) => (await iam.getContextKeysForPrincipalPolicy({ PolicySourceArn, ...more })).ContextKeyNames;
    assert.deepEqual(await keys(user("cleo")), [...own, "aws:CurrentTime"]);
    assert.deepEqual(await keys(`arn:aws:iam::${account}:group/askers`, { PolicyInputList: [allowIf("s3:*", { Null: { "s3:prefix": "true" } })] }), ["aws:CurrentTime", "s3:prefix"]);
    await fails(keys(user("nobody")), "NoSuchEntityException", `Entity ${user("nobody")} does not exist.`, 404);
  });
});

// ---- the AWS CLI ----

test("the AWS CLI simulates", async () => {
  const aws = async (...args) => {
    const { code, stdout, stderr } = await run(debian("aws"), ["--endpoint-url", endpoint, "--output", "json", "iam", ...args], { env: environment });
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };
  const { EvaluationResults } = await aws(
    "simulate-custom-policy",
    "--policy-input-list",
    allowIf("dynamodb:*", { DateGreaterThan: { "aws:CurrentTime": "2018-08-16T12:00:00Z" } }),
    "--action-names",
    "dynamodb:CreateBackup",
    "dynamodb:ListTables",
    "s3:ListBucket",
    "--context-entries",
    "ContextKeyName='aws:CurrentTime',ContextKeyValues='2019-04-25T11:00:00Z',ContextKeyType=date",
    "--max-items",
    "10",
    "--page-size",
    "2",
  );
  assert.deepEqual(EvaluationResults.map((r) => r.EvalDecision), ["allowed", "allowed", "implicitDeny"]);
  const { ContextKeyNames } = await aws("get-context-keys-for-custom-policy", "--policy-input-list", allowIf("s3:*", { Bool: { "aws:SecureTransport": "true" } }));
  assert.deepEqual(ContextKeyNames, ["aws:SecureTransport"]);
});
