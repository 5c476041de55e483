// STS: who am I, and credentials for a while, through the SDK and the AWS CLI.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, describe, test } from "node:test";
import { STS } from "@aws-sdk/client-sts";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { makeIam, trust } from "../lib/iam.js";
import { debian, environment } from "../lib/programs.js";
import { run } from "../lib/process.js";
import { callQuery } from "../lib/raw.js";
import { credentials, elsewhere, region, startServer, temporaryFolder } from "../lib/server.js";
import { fails, makeClient, open } from "../lib/turntable.js";

const { endpoint } = await open();
const account = "000000000000";
const clients = [];

function makeSts(options = {}) {
  const client = new STS({ endpoint, region, credentials, maxAttempts: 1, ...options });
  clients.push(client);
  return client;
}
after(() => clients.forEach((client) => client.destroy()));

const sts = makeSts();
const iam = makeIam(endpoint);
const only = (answer) => (delete answer.$metadata, answer);

/** Credentials as the SDK takes them, of what an operation has answered. */
const taken = ({ Credentials: { AccessKeyId, SecretAccessKey, SessionToken } }) => ({
  accessKeyId: AccessKeyId,
  secretAccessKey: SecretAccessKey,
  sessionToken: SessionToken,
});

/** Runs something with a DynamoDB client that has these credentials. */
async function withClient(credentials, use) {
  const client = makeClient(endpoint, { credentials });
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}

const root = { UserId: account, Account: account, Arn: `arn:aws:iam::${account}:root` };

describe("GetCallerIdentity", () => {
  test("tells who root is", async () => {
    assert.deepEqual(only(await sts.getCallerIdentity({})), root);
  });

  test("tells the AWS CLI as well", async () => {
    const { code, stdout, stderr } = await run(debian("aws"), ["sts", "get-caller-identity", "--endpoint-url", endpoint, "--output", "json"], { env: environment });
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), root);
  });

  test("needs a signature", async () => {
    await fails(makeSts({ credentials: { ...credentials, secretAccessKey: "wrong" } }).getCallerIdentity({}), "SignatureDoesNotMatch", /^The request signature we calculated/, 403);
    await fails(
      makeSts({ credentials: { ...credentials, accessKeyId: "AKIANOBODYSKEY000000" } }).getCallerIdentity({}),
      "InvalidClientTokenId", "The security token included in the request is invalid.", 403,
    );
  });

  test("is signed for STS", async () => {
    const answer = await callQuery(endpoint, { service: "dynamodb", version: "2011-06-15", action: "GetCallerIdentity" });
    assert.equal(answer.status, 403);
    assert.equal(answer.code, "SignatureDoesNotMatch");
  });
});

describe("GetSessionToken", () => {
  test("gives credentials that are root's", async () => {
    const answer = await sts.getSessionToken({ DurationSeconds: 900 });
    const { AccessKeyId, SecretAccessKey, Expiration } = answer.Credentials;
    assert.match(AccessKeyId, /^ASIA[A-Z2-7]{16}$/);
    assert.match(SecretAccessKey, /^[A-Za-z0-9+/]{40}$/);
    const left = (Expiration - Date.now()) / 1000;
    assert.ok(left > 0 && left <= 900, `${left}`);
    assert.deepEqual(only(await makeSts({ credentials: taken(answer) }).getCallerIdentity({})), root);
    await withClient(taken(answer), (ddb) => ddb.listTables({}));
  });

  test("two are two", async () => {
    const [one, other] = [await sts.getSessionToken({}), await sts.getSessionToken({})];
    for (const member of ["AccessKeyId", "SecretAccessKey", "SessionToken"]) assert.notEqual(one.Credentials[member], other.Credentials[member]);
    const mixed = { ...taken(one), sessionToken: other.Credentials.SessionToken };
    await withClient(mixed, (ddb) => fails(ddb.listTables({}), "UnrecognizedClientException", "The security token included in the request is invalid."));
  });

  test("a token with another letter is none", async () => {
    const good = taken(await sts.getSessionToken({}));
    for (const place of [0, 20, good.sessionToken.length >> 1, good.sessionToken.length - 2]) {
      const letters = [...good.sessionToken];
      letters[place] = letters[place] === "A" ? "B" : "A";
      const bad = { ...good, sessionToken: letters.join("") };
      await withClient(bad, (ddb) => fails(ddb.listTables({}), "UnrecognizedClientException", "The security token included in the request is invalid."));
      await fails(makeSts({ credentials: bad }).getCallerIdentity({}), "InvalidClientTokenId", "The security token included in the request is invalid.", 403);
    }
    await withClient({ ...good, sessionToken: undefined }, (ddb) =>
      fails(ddb.listTables({}), "UnrecognizedClientException", "The security token included in the request is invalid."));
    await withClient({ ...good, secretAccessKey: "wrong" }, (ddb) => fails(ddb.listTables({}), "InvalidSignatureException", /^The request signature/));
    await withClient(good, (ddb) => ddb.listTables({}));
  });

  test("makes no further ones", async () => {
    const session = makeSts({ credentials: taken(await sts.getSessionToken({})) });
    await fails(session.getSessionToken({}), "AccessDenied", "Cannot call GetSessionToken with session credentials", 403);
    await fails(session.getFederationToken({ Name: "ana" }), "AccessDenied", "Cannot call GetFederationToken with session credentials", 403);
  });

  test("checks its input", async () => {
    const at = "1 validation error detected: Value '%' at 'durationSeconds' failed to satisfy constraint: Member must have value";
    await fails(sts.getSessionToken({ DurationSeconds: 899 }), "ValidationError", `${at.replace("%", "899")} greater than or equal to 900`);
    await fails(sts.getSessionToken({ DurationSeconds: 129601 }), "ValidationError", `${at.replace("%", "129601")} less than or equal to 129600`);
    await fails(
      sts.getSessionToken({ SerialNumber: `arn:aws:iam::${account}:mfa/root`, TokenCode: "123456" }),
      "AccessDenied", /^MultiFactorAuthentication failed/, 403,
    );
  });

  test("the AWS CLI takes and uses them", async () => {
    const aws = async (args, more) => {
      const { code, stdout, stderr } = await run(debian("aws"), [...args, "--endpoint-url", endpoint, "--output", "json"], { env: { ...environment, ...more } });
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout);
    };
    const { Credentials } = await aws(["sts", "get-session-token", "--duration-seconds", "900"]);
    const own = { AWS_ACCESS_KEY_ID: Credentials.AccessKeyId, AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey, AWS_SESSION_TOKEN: Credentials.SessionToken };
    assert.deepEqual(await aws(["sts", "get-caller-identity"], own), root);
    assert.ok(Array.isArray((await aws(["dynamodb", "list-tables"], own)).TableNames));
  });
});

describe("GetFederationToken", () => {
  test("gives credentials of a federated user", async () => {
    const answer = await sts.getFederationToken({ Name: "ana", Tags: [{ Key: "team", Value: "blue" }] });
    const arn = `arn:aws:sts::${account}:federated-user/ana`;
    assert.deepEqual(answer.FederatedUser, { FederatedUserId: `${account}:ana`, Arn: arn });
    assert.ok(answer.PackedPolicySize > 0 && answer.PackedPolicySize < 10);
    assert.deepEqual(only(await makeSts({ credentials: taken(answer) }).getCallerIdentity({})), { UserId: `${account}:ana`, Account: account, Arn: arn });
  });

  test("who may nothing without a policy", async () => {
    const answer = await sts.getFederationToken({ Name: "ana" });
    await withClient(taken(answer), (ddb) => fails(ddb.listTables({}), "AccessDeniedException", new RegExp(`^User: arn:aws:sts::${account}:federated-user/ana is not authorized to perform: dynamodb:ListTables`)));
  });

  test("takes policies that are ones", async () => {
    await fails(sts.getFederationToken({ Name: "ana", Policy: "{}" }), "MalformedPolicyDocumentException", /./);
    await fails(sts.getFederationToken({ Name: "ana", Policy: "x".repeat(2049) }), "ValidationError", /Member must have length less than or equal to 2048$/);
  });
});

describe("GetAccessKeyInfo", () => {
  test("tells the account", async () => {
    const { AccessKeyId } = (await sts.getSessionToken({})).Credentials;
    for (const id of [credentials.accessKeyId, AccessKeyId]) assert.deepEqual(only(await sts.getAccessKeyInfo({ AccessKeyId: id })), { Account: account });
    await fails(sts.getAccessKeyInfo({ AccessKeyId: "AKIANOBODYSKEY000000" }), "ValidationError", /AKIANOBODYSKEY000000/);
  });
});

const arnOf = (role) => `arn:aws:iam::${account}:role/${role}`;
const sessionArn = (role, name) => `arn:aws:sts::${account}:assumed-role/${role}/${name}`;
const denied = (arn, action, role) => `User: ${arn} is not authorized to perform: ${action} on resource: ${arnOf(role)}`;
const everyone = { AWS: `arn:aws:iam::${account}:root` };
let names = 0;

/** Makes a user with this policy (or none), and an access key; resolves with its ARN, credentials and a client. */
async function user(policy, { Tags } = {}) {
  const UserName = `user${++names}`;
  const { User } = await iam.createUser({ UserName, Tags });
  if (policy) await iam.putUserPolicy({ UserName, PolicyName: "own", PolicyDocument: policy });
  const { AccessKey } = await iam.createAccessKey({ UserName });
  const own = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
  return { UserName, arn: User.Arn, id: User.UserId, credentials: own, sts: makeSts({ credentials: own }) };
}

/** Makes a role; resolves with its name, ARN and id. */
async function role(AssumeRolePolicyDocument, { policy, ...more } = {}) {
  const RoleName = `role${++names}`;
  const { Role } = await iam.createRole({ RoleName, AssumeRolePolicyDocument, ...more });
  if (policy) await iam.putRolePolicy({ RoleName, PolicyName: "own", PolicyDocument: policy });
  return { RoleName, arn: Role.Arn, id: Role.RoleId };
}

const statement = (Action, more) => JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action, ...more } });
const mayAssume = statement(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"], { Resource: "*" });
const trustsAccount = statement(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"], { Principal: everyone });

describe("a user", () => {
  test("is known by its keys", async () => {
    const { sts: own, arn, id, UserName, credentials: keys } = await user();
    assert.deepEqual(only(await own.getCallerIdentity({})), { UserId: id, Account: account, Arn: arn });
    await iam.updateAccessKey({ UserName, AccessKeyId: keys.accessKeyId, Status: "Inactive" });
    await fails(own.getCallerIdentity({}), "InvalidClientTokenId", "The security token included in the request is invalid.", 403);
    await withClient(keys, (ddb) => fails(ddb.listTables({}), "UnrecognizedClientException", "The security token included in the request is invalid."));
    await iam.updateAccessKey({ UserName, AccessKeyId: keys.accessKeyId, Status: "Active" });
    await own.getCallerIdentity({});
    await iam.deleteAccessKey({ UserName, AccessKeyId: keys.accessKeyId });
    await fails(own.getCallerIdentity({}), "InvalidClientTokenId", "The security token included in the request is invalid.", 403);
  });

  test("has session tokens, which IAM does not take", async () => {
    const { sts: own, arn, id } = await user(statement("*", { Resource: "*" }));
    const answer = await own.getSessionToken({});
    const left = (answer.Credentials.Expiration - Date.now()) / 1000;
    assert.ok(left > 3600 && left <= 43200, `${left}`);
    assert.deepEqual(only(await makeSts({ credentials: taken(answer) }).getCallerIdentity({})), { UserId: id, Account: account, Arn: arn });
    const limited = makeIam(endpoint, { credentials: taken(answer) });
    await fails(limited.listUsers({}), "InvalidClientTokenId", "The security token included in the request is invalid.", 403);
    limited.destroy();
  });

  test("needs a permission to federate", async () => {
    const { sts: own, arn } = await user();
    await fails(
      own.getFederationToken({ Name: "carl" }), "AccessDenied",
      `User: ${arn} is not authorized to perform: sts:GetFederationToken on resource: arn:aws:sts::${account}:federated-user/carl because no identity-based policy allows the sts:GetFederationToken action`, 403,
    );
    const other = await user(statement("sts:GetFederationToken", { Resource: `arn:aws:sts::${account}:federated-user/c*` }));
    await other.sts.getFederationToken({ Name: "carl" });
    await fails(other.sts.getFederationToken({ Name: "dora" }), "AccessDenied", /federated-user\/dora/, 403);
  });
});

describe("AssumeRole", () => {
  test("gives a session of the role", async () => {
    const { sts: own } = await user(mayAssume);
    const { RoleName, arn, id } = await role(trustsAccount);
    const answer = await own.assumeRole({ RoleArn: arn, RoleSessionName: "me@example.com" });
    assert.deepEqual(answer.AssumedRoleUser, { AssumedRoleId: `${id}:me@example.com`, Arn: sessionArn(RoleName, "me@example.com") });
    assert.equal(answer.PackedPolicySize, undefined);
    assert.match(answer.Credentials.AccessKeyId, /^ASIA[A-Z2-7]{16}$/);
    const left = (answer.Credentials.Expiration - Date.now()) / 1000;
    assert.ok(left > 900 && left <= 3600, `${left}`);
    assert.deepEqual(only(await makeSts({ credentials: taken(answer) }).getCallerIdentity({})), {
      UserId: `${id}:me@example.com`, Account: account, Arn: sessionArn(RoleName, "me@example.com"),
    });
  });

  test("is allowed by the role, and by the user where the role trusts the account", async () => {
    const [plain, allowed] = [await user(), await user(mayAssume)];
    const named = await role(trust({ AWS: plain.arn }));
    const open = await role(trustsAccount);
    await plain.sts.assumeRole({ RoleArn: named.arn, RoleSessionName: "me" });
    for (const [who, to] of [[plain, open], [allowed, named]]) {
      await fails(who.sts.assumeRole({ RoleArn: to.arn, RoleSessionName: "me" }), "AccessDenied", denied(who.arn, "sts:AssumeRole", to.RoleName), 403);
    }
    await fails(allowed.sts.assumeRole({ RoleArn: arnOf("nowhere"), RoleSessionName: "me" }), "AccessDenied", denied(allowed.arn, "sts:AssumeRole", "nowhere"), 403);
    await iam.updateAssumeRolePolicy({ RoleName: named.RoleName, PolicyDocument: trust({ AWS: allowed.arn }) });
    await allowed.sts.assumeRole({ RoleArn: named.arn, RoleSessionName: "me" });
    await fails(plain.sts.assumeRole({ RoleArn: named.arn, RoleSessionName: "me" }), "AccessDenied", denied(plain.arn, "sts:AssumeRole", named.RoleName), 403);
  });

  test("trusts the user or role that was named, and no later one of its name", async () => {
    const { UserName, arn, credentials: keys, sts: own } = await user();
    const named = await role(trust({ AWS: arn }));
    await own.assumeRole({ RoleArn: named.arn, RoleSessionName: "me" });
    await iam.deleteAccessKey({ UserName, AccessKeyId: keys.accessKeyId });
    await iam.deleteUser({ UserName });
    await iam.createUser({ UserName });
    const { AccessKey } = await iam.createAccessKey({ UserName });
    const later = makeSts({ credentials: { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey } });
    assert.equal((await later.getCallerIdentity({})).Arn, arn);
    await fails(later.assumeRole({ RoleArn: named.arn, RoleSessionName: "me" }), "AccessDenied", denied(arn, "sts:AssumeRole", named.RoleName), 403);
    await iam.updateAssumeRolePolicy({ RoleName: named.RoleName, PolicyDocument: trust({ AWS: arn }) });
    await later.assumeRole({ RoleArn: named.arn, RoleSessionName: "me" });

    const { sts: caller } = await user(mayAssume);
    const first = await role(trustsAccount);
    const second = await role(trust({ AWS: [first.arn] }));
    const chain = async () => {
      const session = makeSts({ credentials: taken(await caller.assumeRole({ RoleArn: first.arn, RoleSessionName: "me" })) });
      return session.assumeRole({ RoleArn: second.arn, RoleSessionName: "me" });
    };
    await chain();
    await iam.deleteRole({ RoleName: first.RoleName });
    await iam.createRole({ RoleName: first.RoleName, AssumeRolePolicyDocument: trustsAccount });
    await fails(chain(), "AccessDenied", denied(sessionArn(first.RoleName, "me"), "sts:AssumeRole", second.RoleName), 403);
  });

  test("asks conditions of the external id", async () => {
    const { sts: own } = await user(mayAssume);
    const { arn } = await role(statement("sts:AssumeRole", { Principal: everyone, Condition: { StringEquals: { "sts:ExternalId": "a/b:c" } } }));
    for (const ExternalId of [undefined, "a/b:d"]) await fails(own.assumeRole({ RoleArn: arn, RoleSessionName: "me", ExternalId }), "AccessDenied", /sts:AssumeRole/, 403);
    await own.assumeRole({ RoleArn: arn, RoleSessionName: "me", ExternalId: "a/b:c" });
  });

  test("is limited by what the session is given", async () => {
    const { sts: own } = await user(mayAssume);
    const [first, second] = [await role(trustsAccount, { policy: mayAssume }), await role(trustsAccount)];
    const into = async (more) => makeSts({ credentials: taken(await own.assumeRole({ RoleArn: first.arn, RoleSessionName: "me", ...more })) });
    const next = { RoleArn: second.arn, RoleSessionName: "next" };
    await (await into({})).assumeRole(next);
    await (await into({ Policy: mayAssume })).assumeRole(next);
    const limited = await into({ Policy: statement("dynamodb:*", { Resource: "*" }) });
    await fails(limited.assumeRole(next), "AccessDenied", denied(sessionArn(first.RoleName, "me"), "sts:AssumeRole", second.RoleName), 403);
    const { Policy } = await iam.createPolicy({ PolicyName: `policy${++names}`, PolicyDocument: mayAssume });
    const managed = await into({ PolicyArns: [{ arn: Policy.Arn }] });
    await managed.assumeRole(next);
    await iam.deletePolicy({ PolicyArn: Policy.Arn });
    await fails(managed.assumeRole(next), "AccessDenied", /sts:AssumeRole/, 403);
    await fails((await into({ PolicyArns: [{ arn: "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess" }] })).assumeRole(next), "AccessDenied", /sts:AssumeRole/, 403);
  });

  test("passes tags, and hands transitive ones on", async () => {
    const { sts: own } = await user(mayAssume);
    const first = await role(trustsAccount, { policy: mayAssume });
    const team = (value) => statement(["sts:AssumeRole", "sts:TagSession"], { Principal: everyone, Condition: { StringEquals: { "aws:PrincipalTag/team": value } } });
    const [blue, red] = [await role(team("blue")), await role(team("red"))];
    const answer = await own.assumeRole({ RoleArn: first.arn, RoleSessionName: "me", Tags: [{ Key: "team", Value: "blue" }], TransitiveTagKeys: ["team"] });
    assert.ok(answer.PackedPolicySize >= 1 && answer.PackedPolicySize < 10);
    const session = makeSts({ credentials: taken(answer) });
    await session.assumeRole({ RoleArn: blue.arn, RoleSessionName: "next" });
    await fails(session.assumeRole({ RoleArn: red.arn, RoleSessionName: "next" }), "AccessDenied", /sts:AssumeRole/, 403);
    await fails(
      session.assumeRole({ RoleArn: blue.arn, RoleSessionName: "next", Tags: [{ Key: "Team", Value: "red" }] }), "InvalidParameterValue",
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
    const plain = await role(trust(everyone));
    await fails(
      own.assumeRole({ RoleArn: plain.arn, RoleSessionName: "me", Tags: [{ Key: "team", Value: "blue" }] }), "AccessDenied",
      /is not authorized to perform: sts:TagSession on resource: /, 403,
    );
  });

  test("is as long as the role and the chain allow", async () => {
    const { sts: own } = await user(mayAssume);
    const [short, long] = [await role(trustsAccount, { policy: mayAssume }), await role(trustsAccount, { MaxSessionDuration: 43200, policy: mayAssume })];
    await fails(
      own.assumeRole({ RoleArn: short.arn, RoleSessionName: "me", DurationSeconds: 3601 }), "ValidationError",
      "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
    const answer = await own.assumeRole({ RoleArn: long.arn, RoleSessionName: "me", DurationSeconds: 43200 });
    assert.ok(answer.Credentials.Expiration - Date.now() > 3600_000);
    await fails(
      makeSts({ credentials: taken(answer) }).assumeRole({ RoleArn: long.arn, RoleSessionName: "me", DurationSeconds: 3601 }), "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    );
  });

  test("ends with the role", async () => {
    const { sts: own } = await user(mayAssume);
    const { RoleName, arn } = await role(trustsAccount);
    const keys = taken(await own.assumeRole({ RoleArn: arn, RoleSessionName: "me" }));
    const session = makeSts({ credentials: keys });
    await session.getCallerIdentity({});
    await iam.deleteRole({ RoleName });
    await fails(session.getCallerIdentity({}), "InvalidClientTokenId", "The security token included in the request is invalid.", 403);
    await iam.createRole({ RoleName, AssumeRolePolicyDocument: trustsAccount });
    await withClient(keys, (ddb) => fails(ddb.listTables({}), "UnrecognizedClientException", "The security token included in the request is invalid."));
  });

  test("is what fromTemporaryCredentials does", async () => {
    const { credentials: keys } = await user(mayAssume);
    const { RoleName, arn, id } = await role(trustsAccount);
    const session = makeSts({
      credentials: fromTemporaryCredentials({ masterCredentials: keys, params: { RoleArn: arn, RoleSessionName: "provider" }, clientConfig: { endpoint, region } }),
    });
    assert.deepEqual(only(await session.getCallerIdentity({})), { UserId: `${id}:provider`, Account: account, Arn: sessionArn(RoleName, "provider") });
  });

  test("is what the AWS CLI does", async () => {
    const { credentials: keys } = await user(mayAssume);
    const { RoleName, arn } = await role(trustsAccount);
    const aws = async (args, { accessKeyId, secretAccessKey, sessionToken }) => {
      const env = { ...environment, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, ...(sessionToken && { AWS_SESSION_TOKEN: sessionToken }) };
      const { code, stdout, stderr } = await run(debian("aws"), ["sts", ...args, "--endpoint-url", endpoint, "--output", "json"], { env });
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout);
    };
    const answer = await aws(["assume-role", "--role-arn", arn, "--role-session-name", "cli", "--tags", "Key=team,Value=blue"], keys);
    assert.equal((await aws(["get-caller-identity"], taken(answer))).Arn, sessionArn(RoleName, "cli"));
  });

  test("is not for root", async () => {
    await fails(sts.assumeRole({ RoleArn: `arn:aws:iam::${account}:role/any`, RoleSessionName: "me" }), "AccessDenied", "Roles may not be assumed by root accounts.", 403);
  });

  test("checks its input first", async () => {
    await fails(
      sts.assumeRole({ RoleArn: "short", RoleSessionName: "a b" }),
      "ValidationError",
      "2 validation errors detected: Value 'short' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20; " +
        "Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    );
  });
});

test("sessions outlive a restart, and are of one data folder", { skip: elsewhere }, async (t) => {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true }));
  const serving = async (use) => {
    const server = await startServer({ args: ["--data", folder] });
    try {
      return await use(server.endpoint);
    } finally {
      await server.stop();
    }
  };
  const RoleName = "reader";
  const keys = await serving(async (endpoint) => {
    const iam = makeIam(endpoint);
    await iam.createUser({ UserName: "ana" });
    await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust({ AWS: `arn:aws:iam::${account}:user/ana` }) });
    const { AccessKey } = await iam.createAccessKey({ UserName: "ana" });
    const own = makeSts({ endpoint, credentials: { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey } });
    return taken(await own.assumeRole({ RoleArn: arnOf(RoleName), RoleSessionName: "me" }));
  });
  await serving(async (endpoint) => {
    assert.equal((await makeSts({ endpoint, credentials: keys }).getCallerIdentity({})).Arn, sessionArn(RoleName, "me"));
  });
  await fails(makeSts({ credentials: keys }).getCallerIdentity({}), "InvalidClientTokenId", "The security token included in the request is invalid.", 403);
});

test("a server that asks nobody who they are calls everyone anonymous", { skip: elsewhere }, async () => {
  const server = await startServer({ args: ["--in-memory", "--no-auth"] });
  try {
    const any = makeSts({ endpoint: server.endpoint, credentials: { accessKeyId: "any", secretAccessKey: "any" } });
    assert.deepEqual(only(await any.getCallerIdentity({})), { UserId: account, Account: account, Arn: `arn:aws:iam::${account}:anonymous` });
    const iam = makeIam(server.endpoint);
    await iam.createRole({ RoleName: "r", AssumeRolePolicyDocument: trustsAccount });
    assert.equal((await any.assumeRole({ RoleArn: arnOf("r"), RoleSessionName: "me" })).AssumedRoleUser.Arn, sessionArn("r", "me"));
    await fails(any.assumeRole({ RoleArn: arnOf("nowhere"), RoleSessionName: "me" }), "AccessDenied", /sts:AssumeRole/, 403);
  } finally {
    await server.stop();
  }
});

describe("what has no other side", () => {
  test("AssumeRoleWithWebIdentity refuses tokens of others, unsigned as it is sent", async () => {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const RoleArn = `arn:aws:iam::${account}:role/any`;
    const WebIdentityToken = `${part({ alg: "RS256" })}.${part({ iss: "https://accounts.example.com", sub: "1" })}.c2lnbmVk`;
    await fails(
      sts.assumeRoleWithWebIdentity({ RoleArn, RoleSessionName: "web", WebIdentityToken }),
      "InvalidIdentityTokenException", "No OpenIDConnect provider found in your account for https://accounts.example.com",
    );
    await fails(sts.assumeRoleWithWebIdentity({ RoleArn, RoleSessionName: "web", WebIdentityToken: "none" }), "InvalidIdentityTokenException", /^The ID Token provided is not a valid JWT\./);
  });

  test("the others say why", async () => {
    const arn = `arn:aws:iam::${account}:role/any`;
    await fails(sts.assumeRoleWithSAML({ RoleArn: arn, PrincipalArn: arn, SAMLAssertion: "PHNhbWw+" }), "InvalidIdentityTokenException", /SAML/);
    await fails(sts.assumeRoot({ TargetPrincipal: account, TaskPolicyArn: { arn: "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials" } }), "AccessDenied", /sts:AssumeRoot/, 403);
    await fails(sts.decodeAuthorizationMessage({ EncodedMessage: "abc" }), "InvalidAuthorizationMessageException", /^Message is not valid/);
    await fails(sts.getDelegatedAccessToken({ TradeInToken: "abc" }), "AccessDenied", /trade-in token/, 403);
    await fails(sts.getWebIdentityToken({ Audience: ["me"], SigningAlgorithm: "RS256" }), "OutboundWebIdentityFederationDisabledException", /not enabled/, 403);
  });
});
