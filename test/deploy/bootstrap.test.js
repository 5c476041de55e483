// A new server is bootstrapped as `cdk bootstrap` does it: what is there is what CDK's own template makes, it is there once, and
// that template may be deployed over it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { CloudFormation } from "@aws-sdk/client-cloudformation";
import { IAM } from "@aws-sdk/client-iam";
import { SSM } from "@aws-sdk/client-ssm";
import { STS } from "@aws-sdk/client-sts";
import { makeUser } from "../lib/principals.js";
import { credentials, region, startServer } from "../lib/server.js";
import { settled } from "../lib/stacks.js";
import { fails } from "../lib/turntable.js";
import { here, temporaryFolder } from "./lib.js";

const genuine = readFileSync(here("node_modules/@aws-cdk/toolkit-lib/lib/api/bootstrap/bootstrap-template.yaml"), "utf8");
const account = "000000000000";
const parameter = "/cdk-bootstrap/hnb659fds/version";
const words = ["file-publishing", "image-publishing", "lookup", "deploy", "cfn-exec"];
const roleName = (word, qualifier = "hnb659fds") => `cdk-${qualifier}-${word}-role-${account}-${region}`;
const Capabilities = ["CAPABILITY_NAMED_IAM"];
const managedKey = { ParameterKey: "FileAssetsBucketKmsKeyId", ParameterValue: "AWS_MANAGED_KEY" };

/** A server, and clients of it. */
async function openServer(options) {
  const server = await startServer(options);
  const made = [CloudFormation, IAM, SSM, STS].map((Class) => new Class({ endpoint: server.endpoint, region, credentials, maxAttempts: 1 }));
  const [cfn, iam, ssm, sts] = made;
  return { ...server, cfn, iam, ssm, sts, stop: () => (made.forEach((client) => client.destroy()), server.stop()) };
}

/** A role without what is its own: names of a qualifier become those of the default one. */
async function roleOf(iam, word, qualifier = "hnb659fds") {
  const usual = (text) => JSON.parse(text.replaceAll(qualifier, "hnb659fds"));
  const RoleName = roleName(word, qualifier);
  const { Role } = await iam.getRole({ RoleName });
  const { PolicyNames } = await iam.listRolePolicies({ RoleName });
  const policies = {};
  for (const PolicyName of PolicyNames) {
    const { PolicyDocument } = await iam.getRolePolicy({ RoleName, PolicyName });
    policies[PolicyName.replaceAll(qualifier, "hnb659fds")] = usual(decodeURIComponent(PolicyDocument));
  }
  const { AttachedPolicies } = await iam.listAttachedRolePolicies({ RoleName });
  const own = (Role.Tags ?? []).filter(({ Key }) => !Key.startsWith("aws:")).map(({ Key, Value }) => [Key, Value]);
  return {
    trust: usual(decodeURIComponent(Role.AssumeRolePolicyDocument)),
    path: Role.Path,
    session: Role.MaxSessionDuration,
    policies,
    attached: AttachedPolicies.map(({ PolicyArn }) => PolicyArn),
    tags: own,
  };
}

describe("a new server", async () => {
  const server = await openServer();
  const { cfn, iam, ssm, endpoint } = server;
  after(() => server.stop());

  test("has the version parameter, and a stack that tells what there is", async () => {
    const { Parameter } = await ssm.getParameter({ Name: parameter });
    assert.deepEqual([Parameter.Type, Parameter.Value, Parameter.Version], ["String", "33", 1]);
    const { Stacks } = await cfn.describeStacks({ StackName: "CDKToolkit" });
    assert.equal(Stacks[0].StackStatus, "CREATE_COMPLETE");
    const bucket = `cdk-hnb659fds-assets-${account}-${region}`;
    assert.deepEqual(Object.fromEntries(Stacks[0].Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])), {
      BucketName: bucket,
      BucketDomainName: `${bucket}.s3.${region}.amazonaws.com`,
      ImageRepositoryName: `cdk-hnb659fds-container-assets-${account}-${region}`,
      BootstrapVersion: "33",
    });
    const { StackResources } = await cfn.describeStackResources({ StackName: "CDKToolkit" });
    const ids = Object.fromEntries(StackResources.map((one) => [one.LogicalResourceId, one.PhysicalResourceId]));
    assert.equal(ids.StagingBucket, bucket);
    assert.equal(ids.DeploymentActionRole, roleName("deploy"));
    assert.ok(StackResources.every(({ ResourceStatus }) => ResourceStatus === "CREATE_COMPLETE"));
    const { TemplateBody } = await cfn.getTemplate({ StackName: "CDKToolkit" });
    assert.deepEqual(Object.keys(JSON.parse(TemplateBody).Resources).sort(), Object.keys(ids).sort());
    const { StackEvents } = await cfn.describeStackEvents({ StackName: "CDKToolkit" });
    assert.deepEqual(StackEvents.map((event) => event.ResourceStatus), ["CREATE_COMPLETE"]);
  });

  test("has the roles that CDK's own template makes", async () => {
    const Parameters = [{ ParameterKey: "Qualifier", ParameterValue: "other" }, managedKey];
    await cfn.createStack({ StackName: "Other", TemplateBody: genuine, Capabilities, Parameters });
    const { StackStatus, StackStatusReason } = await settled(cfn, "Other");
    assert.equal(StackStatus, "CREATE_COMPLETE", StackStatusReason);
    for (const word of words) assert.deepEqual(await roleOf(iam, word), await roleOf(iam, word, "other"), word);
    const listed = async (StackName) => {
      const { StackResources } = await cfn.describeStackResources({ StackName });
      return new Map(StackResources.map((one) => [one.LogicalResourceId, one.ResourceType]));
    };
    const theirs = await listed("Other");
    for (const [id, type] of await listed("CDKToolkit")) assert.equal(theirs.get(id), type, id);
  });

  test("lets who may assume roles take them, and asks their policies", async () => {
    const ana = await makeUser(endpoint, "ana");
    await ana.may({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
    const sts = new STS({ endpoint, region, credentials: ana.credentials, maxAttempts: 1 });
    after(() => sts.destroy());
    const assume = (word, more) => sts.assumeRole({ RoleArn: `arn:aws:iam::${account}:role/${roleName(word)}`, RoleSessionName: "session", ...more });
    const as = async (word) => {
      const { Credentials } = await assume(word);
      assert.ok(Credentials.Expiration > new Date());
      const keys = { accessKeyId: Credentials.AccessKeyId, secretAccessKey: Credentials.SecretAccessKey, sessionToken: Credentials.SessionToken };
      const client = new SSM({ endpoint, region, credentials: keys, maxAttempts: 1 });
      after(() => client.destroy());
      return client;
    };
    for (const word of words.slice(0, 4)) await as(word);
    await fails(assume("cfn-exec"), "AccessDenied", /not authorized to perform: sts:AssumeRole/, 403);
    await fails(assume("deploy", { ExternalId: "someone" }), "AccessDenied", /not authorized to perform: sts:AssumeRole/, 403);
    const deployer = await as("deploy");
    assert.equal((await deployer.getParameter({ Name: parameter })).Parameter.Value, "33");
    await fails(deployer.getParameter({ Name: "/other" }), "AccessDeniedException", /not authorized to perform: ssm:GetParameter/);
    await fails(deployer.deleteParameter({ Name: parameter }), "AccessDeniedException", /not authorized to perform: ssm:DeleteParameter/);
  });

  test("is updated by CDK's own template, which finds what it names", async () => {
    const before = await Promise.all(words.map((word) => iam.getRole({ RoleName: roleName(word) }).then(({ Role }) => Role.RoleId)));
    await cfn.updateStack({ StackName: "CDKToolkit", TemplateBody: genuine, Capabilities, Parameters: [managedKey] });
    const { StackStatus, StackStatusReason } = await settled(cfn, "CDKToolkit");
    const { StackEvents } = await cfn.describeStackEvents({ StackName: "CDKToolkit" });
    const failures = StackEvents.filter((event) => event.ResourceStatus.endsWith("FAILED")).map((event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason}`);
    assert.equal(StackStatus, "UPDATE_COMPLETE", `${StackStatusReason} ${failures.join("; ")}`);
    assert.deepEqual(await Promise.all(words.map((word) => iam.getRole({ RoleName: roleName(word) }).then(({ Role }) => Role.RoleId))), before);
    for (const word of words) assert.deepEqual(await roleOf(iam, word), await roleOf(iam, word, "other"), word);
    // It may be another version's.
    const version = /BootstrapVersion:[^]*?Value: '(\d+)'/.exec(genuine)[1];
    assert.equal((await ssm.getParameter({ Name: parameter })).Parameter.Value, version);
  });

  test("takes it back with its stack", async () => {
    await cfn.deleteStack({ StackName: "CDKToolkit" });
    await assert.rejects(async () => {
      for (;;) assert.notEqual((await settled(cfn, "CDKToolkit")).StackStatus, "DELETE_FAILED");
    }, /does not exist/);
    for (const word of words) await fails(iam.getRole({ RoleName: roleName(word) }), "NoSuchEntityException", /cannot be found/, 404);
    await fails(ssm.getParameter({ Name: parameter }), "ParameterNotFound", "UnknownError");
  });
});

test("what is deleted is not there again after a restart", async () => {
  const args = ["--data", temporaryFolder()];
  let server = await openServer({ args });
  await server.ssm.deleteParameter({ Name: parameter });
  const RoleName = roleName("deploy");
  await server.iam.detachRolePolicy({ RoleName, PolicyArn: "arn:aws:iam::aws:policy/AWSCloudFormationReadOnlyAccess" });
  await server.iam.deleteRolePolicy({ RoleName, PolicyName: "default" });
  await server.iam.deleteRole({ RoleName });
  await server.stop();
  server = await openServer({ args });
  await fails(server.ssm.getParameter({ Name: parameter }), "ParameterNotFound", "UnknownError");
  await fails(server.iam.getRole({ RoleName }), "NoSuchEntityException", /cannot be found/, 404);
  assert.equal((await server.iam.getRole({ RoleName: roleName("lookup") })).Role.RoleName, roleName("lookup"));
  await server.stop();
});

test("names tell the server's region", async () => {
  const server = await openServer({ args: ["--in-memory", "--region", "eu-central-1"] });
  const { Role } = await server.iam.getRole({ RoleName: `cdk-hnb659fds-deploy-role-${account}-eu-central-1` });
  assert.equal(Role.Path, "/");
  await server.stop();
});
