// STS: who am I, and credentials for a while, through the SDK and the AWS CLI.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { STS } from "@aws-sdk/client-sts";
import { debian, environment } from "../lib/programs.js";
import { run } from "../lib/process.js";
import { callQuery } from "../lib/raw.js";
import { credentials, region } from "../lib/server.js";
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

describe("AssumeRole", () => {
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
