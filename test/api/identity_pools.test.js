// Identity pools: pools and identities, and credentials for those who have not signed in. Who has, is in cognito.test.js.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { CognitoIdentity } from "@aws-sdk/client-cognito-identity";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IAM } from "@aws-sdk/client-iam";
import { STS } from "@aws-sdk/client-sts";
import { fromCognitoIdentityPool } from "@aws-sdk/credential-providers";
import { allow, makeIam, policy } from "../lib/iam.js";
import { debian, environment } from "../lib/programs.js";
import { run } from "../lib/process.js";
import { credentials, region } from "../lib/server.js";
import { fails, open, uniqueName } from "../lib/turntable.js";

const { endpoint } = await open();
const iam = makeIam(endpoint);
const client = (Class, options) => {
  const made = new Class({ endpoint, region, credentials, maxAttempts: 1, ...options });
  after(() => made.destroy());
  return made;
};
const pools = client(CognitoIdentity);
const nobody = client(CognitoIdentity, { credentials: { accessKeyId: "", secretAccessKey: "" }, signer: { sign: async (request) => request } });
const only = (answer) => (delete answer.$metadata, answer);
const IdentityPoolName = "music";
const makePool = (input = {}) => pools.createIdentityPool({ IdentityPoolName, AllowUnauthenticatedIdentities: true, ...input });

/** A role that identities of the pool may assume, as CDK and Amplify write it. */
async function makeRole(pool, amr = "unauthenticated") {
  const RoleName = uniqueName();
  const { Role } = await iam.createRole({
    RoleName,
    AssumeRolePolicyDocument: policy({
      Effect: "Allow",
      Principal: { Federated: "cognito-identity.amazonaws.com" },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: { "cognito-identity.amazonaws.com:aud": pool },
        "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": amr },
      },
    }),
  });
  return Role;
}

describe("identity pools", () => {
  test("are made, described, changed, listed and deleted", async () => {
    const CognitoIdentityProviders = [{ ProviderName: "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI", ClientId: "abc", ServerSideTokenCheck: false }];
    const made = only(await makePool({ CognitoIdentityProviders, IdentityPoolTags: { app: "music" } }));
    assert.match(made.IdentityPoolId, /^us-east-1:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const { IdentityPoolId } = made;
    assert.deepEqual(made, {
      IdentityPoolId,
      IdentityPoolName,
      AllowUnauthenticatedIdentities: true,
      AllowClassicFlow: false,
      CognitoIdentityProviders,
      IdentityPoolTags: { app: "music" },
    });
    assert.deepEqual(only(await pools.describeIdentityPool({ IdentityPoolId })), made);
    const changed = only(await pools.updateIdentityPool({ IdentityPoolId, IdentityPoolName: "other", AllowUnauthenticatedIdentities: false }));
    assert.deepEqual(changed, { IdentityPoolId, IdentityPoolName: "other", AllowUnauthenticatedIdentities: false, AllowClassicFlow: false, IdentityPoolTags: { app: "music" } });
    await makePool();
    const listed = [];
    let NextToken;
    do {
      const page = await pools.listIdentityPools({ MaxResults: 1, NextToken });
      assert.equal(page.IdentityPools.length, 1);
      listed.push(...page.IdentityPools);
      NextToken = page.NextToken;
    } while (NextToken);
    assert.deepEqual(listed.filter((pool) => pool.IdentityPoolId === IdentityPoolId), [{ IdentityPoolId, IdentityPoolName: "other" }]);
    await pools.deleteIdentityPool({ IdentityPoolId });
    await fails(pools.describeIdentityPool({ IdentityPoolId }), "ResourceNotFoundException", `IdentityPool '${IdentityPoolId}' not found.`);
  });

  test("have tags", async () => {
    const { IdentityPoolId } = await makePool({ IdentityPoolTags: { a: "1", b: "2" } });
    const ResourceArn = `arn:aws:cognito-identity:us-east-1:000000000000:identitypool/${IdentityPoolId}`;
    await pools.tagResource({ ResourceArn, Tags: { b: "3", c: "4" } });
    await pools.untagResource({ ResourceArn, TagKeys: ["a", "z"] });
    assert.deepEqual((await pools.listTagsForResource({ ResourceArn })).Tags, { b: "3", c: "4" });
    await fails(pools.listTagsForResource({ ResourceArn: "arn:aws:cognito-identity:us-east-1:1:nothing" }), "InvalidParameterException", /^Invalid ARN/);
  });

  test("have roles and mappings of claims", async () => {
    const { IdentityPoolId } = await makePool();
    assert.deepEqual(only(await pools.getIdentityPoolRoles({ IdentityPoolId })), { IdentityPoolId, Roles: {} });
    const Roles = { authenticated: "arn:aws:iam::000000000000:role/in", unauthenticated: "arn:aws:iam::000000000000:role/out" };
    const Rules = [{ Claim: "cognito:groups", MatchType: "Contains", Value: "admin", RoleARN: Roles.authenticated }];
    const RoleMappings = {
      "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI:abc": { Type: "Token", AmbiguousRoleResolution: "AuthenticatedRole" },
      "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI:def": { Type: "Rules", AmbiguousRoleResolution: "Deny", RulesConfiguration: { Rules } },
    };
    await pools.setIdentityPoolRoles({ IdentityPoolId, Roles, RoleMappings });
    assert.deepEqual(only(await pools.getIdentityPoolRoles({ IdentityPoolId })), { IdentityPoolId, Roles, RoleMappings });
    await fails(pools.setIdentityPoolRoles({ IdentityPoolId, Roles, RoleMappings: { a: { Type: "Token" } } }), "InvalidParameterException", /AmbiguousRoleResolution is required/);
    await fails(pools.setIdentityPoolRoles({ IdentityPoolId, Roles: { other: Roles.authenticated } }), "ValidationException", /^1 validation error detected/);
  });

  test("say which claims become tags of sessions", async () => {
    const { IdentityPoolId } = await makePool();
    const IdentityProviderName = "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI";
    const about = { IdentityPoolId, IdentityProviderName };
    assert.deepEqual(only(await pools.getPrincipalTagAttributeMap(about)), { ...about, UseDefaults: false, PrincipalTags: {} });
    await pools.setPrincipalTagAttributeMap({ ...about, PrincipalTags: { team: "custom:team" } });
    assert.deepEqual(only(await pools.getPrincipalTagAttributeMap(about)), { ...about, UseDefaults: false, PrincipalTags: { team: "custom:team" } });
  });

  test("are told by their ids alone", async () => {
    await fails(
      pools.describeIdentityPool({ IdentityPoolId: "us-east-1_AbCdEfGhI" }),
      "ValidationException",
      "1 validation error detected: Value 'us-east-1_AbCdEfGhI' at 'identityPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+:[0-9a-f-]+",
    );
  });

  test("are the AWS CLI's as well", async () => {
    const cli = async (...args) => {
      const { code, stdout, stderr } = await run(debian("aws"), ["cognito-identity", ...args, "--endpoint-url", endpoint, "--output", "json"], { env: environment });
      assert.equal(code, 0, stderr);
      return stdout === "" ? undefined : JSON.parse(stdout);
    };
    const { IdentityPoolId } = await cli("create-identity-pool", "--identity-pool-name", "cli", "--allow-unauthenticated-identities");
    const { IdentityId } = await cli("get-id", "--identity-pool-id", IdentityPoolId);
    assert.deepEqual((await cli("list-identities", "--identity-pool-id", IdentityPoolId, "--max-results", "5")).Identities.map((one) => one.IdentityId), [IdentityId]);
    await cli("delete-identity-pool", "--identity-pool-id", IdentityPoolId);
  });
});

describe("who has not signed in", () => {
  test("gets an identity, if the pool allows it", async () => {
    const { IdentityPoolId } = await makePool();
    const { IdentityId } = await nobody.getId({ IdentityPoolId });
    const { IdentityId: other } = await nobody.getId({ IdentityPoolId });
    assert.notEqual(IdentityId, other);
    const described = await pools.describeIdentity({ IdentityId });
    assert.equal(described.IdentityId, IdentityId);
    assert.equal(described.Logins, undefined);
    const listed = [];
    let NextToken;
    do {
      const page = await pools.listIdentities({ IdentityPoolId, MaxResults: 1, NextToken });
      listed.push(...page.Identities.map((one) => one.IdentityId));
      NextToken = page.NextToken;
    } while (NextToken);
    assert.deepEqual(listed, [IdentityId, other].sort());
    assert.deepEqual((await pools.deleteIdentities({ IdentityIdsToDelete: [IdentityId] })).UnprocessedIdentityIds, []);
    await fails(pools.describeIdentity({ IdentityId }), "ResourceNotFoundException", `Identity '${IdentityId}' not found.`);
    await pools.deleteIdentityPool({ IdentityPoolId });
    await fails(pools.describeIdentity({ IdentityId: other }), "ResourceNotFoundException", `Identity '${other}' not found.`);
  });

  test("gets none otherwise", async () => {
    const { IdentityPoolId } = await makePool({ AllowUnauthenticatedIdentities: false });
    await fails(nobody.getId({ IdentityPoolId }), "NotAuthorizedException", "Unauthenticated access is not supported for this identity pool.");
    await fails(nobody.getId({ IdentityPoolId: "us-east-1:00000000-0000-4000-8000-000000000000" }), "ResourceNotFoundException", /^IdentityPool '.*' not found\.$/);
  });

  test("gets the credentials of the pool's role", async () => {
    const { IdentityPoolId } = await makePool();
    const { IdentityId } = await nobody.getId({ IdentityPoolId });
    const noRole = "Invalid identity pool configuration. Check assigned IAM roles for this pool.";
    await fails(nobody.getCredentialsForIdentity({ IdentityId }), "InvalidIdentityPoolConfigurationException", noRole);
    const role = await makeRole(IdentityPoolId);
    await pools.setIdentityPoolRoles({ IdentityPoolId, Roles: { unauthenticated: role.Arn } });
    const before = Date.now();
    const { Credentials } = await nobody.getCredentialsForIdentity({ IdentityId });
    assert.ok(Credentials.Expiration - before >= 3599_000 && Credentials.Expiration - Date.now() <= 3600_000);
    const session = { accessKeyId: Credentials.AccessKeyId, secretAccessKey: Credentials.SecretKey, sessionToken: Credentials.SessionToken };
    const { Arn, UserId } = await client(STS, { credentials: session }).getCallerIdentity({});
    assert.equal(Arn, `arn:aws:sts::000000000000:assumed-role/${role.RoleName}/CognitoIdentityCredentials`);
    assert.equal(UserId, `${role.RoleId}:CognitoIdentityCredentials`);
    const provided = await fromCognitoIdentityPool({ identityPoolId: IdentityPoolId, clientConfig: { endpoint, region } })();
    assert.match(provided.accessKeyId, /^ASIA/);
    // A role that trusts those alone who have signed in is none for them.
    const other = await makeRole(IdentityPoolId, "authenticated");
    await pools.setIdentityPoolRoles({ IdentityPoolId, Roles: { unauthenticated: other.Arn } });
    await fails(nobody.getCredentialsForIdentity({ IdentityId }), "InvalidIdentityPoolConfigurationException", noRole);
  });

  test("is limited to AWS's list of services, whatever the role may, but in the basic flow", async () => {
    const { IdentityPoolId } = await makePool({ AllowClassicFlow: true });
    const { IdentityId } = await nobody.getId({ IdentityPoolId });
    const { RoleName, Arn: RoleArn } = await makeRole(IdentityPoolId);
    await iam.putRolePolicy({ RoleName, PolicyName: "all", PolicyDocument: allow("*") });
    await pools.setIdentityPoolRoles({ IdentityPoolId, Roles: { unauthenticated: RoleArn } });
    const { Credentials } = await nobody.getCredentialsForIdentity({ IdentityId });
    const session = { accessKeyId: Credentials.AccessKeyId, secretAccessKey: Credentials.SecretKey, sessionToken: Credentials.SessionToken };
    await client(DynamoDB, { credentials: session }).listTables({});
    await client(CognitoIdentity, { credentials: session }).describeIdentityPool({ IdentityPoolId });
    await fails(
      client(IAM, { credentials: session }).listUsers({}),
      "AccessDenied",
      `User: arn:aws:sts::000000000000:assumed-role/${RoleName}/CognitoIdentityCredentials is not authorized to perform: iam:ListUsers on resource: * because no session policy allows the iam:ListUsers action`,
      403,
    );
    const { Token } = await nobody.getOpenIdToken({ IdentityId });
    const assumed = await client(STS).assumeRoleWithWebIdentity({ RoleArn, RoleSessionName: "app", WebIdentityToken: Token });
    const own = { accessKeyId: assumed.Credentials.AccessKeyId, secretAccessKey: assumed.Credentials.SecretAccessKey, sessionToken: assumed.Credentials.SessionToken };
    await client(IAM, { credentials: own }).listUsers({});
  });

  test("takes a token to STS, where the pool has the basic flow", async () => {
    const { IdentityPoolId } = await makePool({ AllowClassicFlow: true });
    const { IdentityId } = await nobody.getId({ IdentityPoolId });
    const { Token } = await nobody.getOpenIdToken({ IdentityId });
    const claims = JSON.parse(Buffer.from(Token.split(".")[1], "base64url"));
    assert.deepEqual({ ...claims, exp: 0, iat: 0 }, { sub: IdentityId, aud: IdentityPoolId, amr: ["unauthenticated"], iss: "https://cognito-identity.amazonaws.com", exp: 0, iat: 0 });
    const role = await makeRole(IdentityPoolId);
    const input = { RoleArn: role.Arn, RoleSessionName: "app", WebIdentityToken: Token };
    const assumed = await client(STS).assumeRoleWithWebIdentity(input);
    assert.equal(assumed.SubjectFromWebIdentityToken, IdentityId);
    assert.equal(assumed.Audience, IdentityPoolId);
    assert.equal(assumed.Provider, "cognito-identity.amazonaws.com");
    const [head, , signature] = Token.split(".");
    const forged = [head, Buffer.from(JSON.stringify({ ...claims, sub: "us-east-1:0" })).toString("base64url"), signature].join(".");
    await fails(client(STS).assumeRoleWithWebIdentity({ ...input, WebIdentityToken: forged }), "InvalidIdentityTokenException", /signature/i);
    const enhanced = await makePool();
    const { IdentityId: another } = await nobody.getId({ IdentityPoolId: enhanced.IdentityPoolId });
    await fails(nobody.getOpenIdToken({ IdentityId: another }), "InvalidParameterException", "Basic (classic) flow is not enabled, please use enhanced flow.");
  });

  test("has no logins to take back", async () => {
    const { IdentityPoolId } = await makePool();
    const { IdentityId } = await nobody.getId({ IdentityPoolId });
    const Logins = { "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI": "nonsense" };
    await fails(
      nobody.unlinkIdentity({ IdentityId, Logins, LoginsToRemove: Object.keys(Logins) }),
      "NotAuthorizedException",
      "Token is not from a supported provider of this identity pool.",
    );
  });

  test("cannot claim to be somebody", async () => {
    const { IdentityPoolId } = await makePool({
      CognitoIdentityProviders: [{ ProviderName: "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI", ClientId: "abc" }],
    });
    const token = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from('{"iss":"https://cognito-identity.amazonaws.com","sub":"a"}').toString("base64url")}.`;
    const login = (name, token) => nobody.getId({ IdentityPoolId, Logins: { [name]: token } });
    await fails(login("accounts.google.com", token), "NotAuthorizedException", "Token is not from a supported provider of this identity pool.");
    const known = "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI";
    await fails(login(known, "nonsense"), "NotAuthorizedException", "Invalid login token. Not a valid OpenId Connect identity token.");
    await fails(login(known, token), "NotAuthorizedException", "Invalid login token. Not a valid OpenId Connect identity token.");
  });
});
