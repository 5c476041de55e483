// Users and sessions of roles that are limited by policies, and clients that sign as them.
//
//     const ana = await makeUser(endpoint, "ana");
//     await ana.may(grant("dynamodb:GetItem", arn));
//     await ana.ddb.getItem(...);
import assert from "node:assert/strict";
import { after } from "node:test";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreams } from "@aws-sdk/client-dynamodb-streams";
import { STS } from "@aws-sdk/client-sts";
import { makeIam, policy, trust } from "./iam.js";
import { credentials, region } from "./server.js";

export const account = "000000000000";
export const arnOf = (rest) => `arn:aws:dynamodb:${region}:${account}:table/${rest}`;

export const grant = (Action, Resource, Condition) => ({ Effect: "Allow", Action, Resource, ...(Condition && { Condition }) });
export const deny = (Action, Resource, Condition) => ({ Effect: "Deny", Action, Resource, ...(Condition && { Condition }) });

function clients(endpoint, credentials) {
  const options = { endpoint, region, credentials, maxAttempts: 1 };
  const made = { ddb: new DynamoDB(options), streams: new DynamoDBStreams(options), iam: makeIam(endpoint, { credentials }) };
  after(() => (made.ddb.destroy(), made.streams.destroy()));
  return made;
}

/** A user without permissions; `may` gives it these statements and no others. */
export async function makeUser(endpoint, UserName) {
  const iam = makeIam(endpoint);
  const { User } = await iam.createUser({ UserName });
  const { AccessKey } = await iam.createAccessKey({ UserName });
  const keys = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
  const may = (...statements) =>
    statements.length > 0
      ? iam.putUserPolicy({ UserName, PolicyName: "own", PolicyDocument: policy(...statements) })
      : iam.deleteUserPolicy({ UserName, PolicyName: "own" });
  return { arn: User.Arn, may, credentials: keys, ...clients(endpoint, keys) };
}

/** A session of a new role, with session tags and further options of AssumeRole. */
export async function makeSession(endpoint, RoleName, statements, options = {}) {
  const iam = makeIam(endpoint);
  const sts = new STS({ endpoint, region, credentials, maxAttempts: 1 });
  const trusting = await makeUser(endpoint, `${RoleName}-user`);
  await trusting.may(grant(["sts:AssumeRole", "sts:TagSession"], "*"));
  const { Role } = await iam.createRole({
    RoleName,
    AssumeRolePolicyDocument: trust({ AWS: trusting.arn }, ["sts:AssumeRole", "sts:TagSession"]),
  });
  await iam.putRolePolicy({ RoleName, PolicyName: "own", PolicyDocument: policy(...statements) });
  const user = new STS({ endpoint, region, credentials: trusting.credentials, maxAttempts: 1 });
  const { Credentials, AssumedRoleUser } = await user.assumeRole({ RoleArn: Role.Arn, RoleSessionName: "session", ...options });
  sts.destroy();
  user.destroy();
  const keys = {
    accessKeyId: Credentials.AccessKeyId,
    secretAccessKey: Credentials.SecretAccessKey,
    sessionToken: Credentials.SessionToken,
  };
  return { arn: AssumedRoleUser.Arn, roleArn: Role.Arn, credentials: keys, ...clients(endpoint, keys) };
}

/** AWS's sentence for who has no grant. */
export const ungranted = (arn, action, resource) =>
  `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

/** Asserts that a request is denied, in these words; resolves with the error. */
export async function denied(request, message) {
  const error = await request.then(
    () => assert.fail("expected a denial, but the request succeeded"),
    (caught) => caught,
  );
  assert.deepEqual(
    { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode },
    { name: "AccessDeniedException", message, status: 400 },
  );
  return error;
}
