// Does an Amplify backend stand after one command: do its people sign up, sign in, and read and write what its policies say?

import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import { CognitoIdentity } from "@aws-sdk/client-cognito-identity";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { makeIam } from "../lib/iam.js";
import { credentials, region } from "../lib/server.js";
import { makeUsers, password, unpair } from "../lib/users.js";
import { here, musicTemplate, open, readJson, runTypeScript, temporaryFolder } from "./lib.js";

/** A server, and what a test wants of the backend that is deployed on it. */
async function begin() {
  const opened = await open();
  const { idp, codes, signIn } = makeUsers(opened.endpoint);
  const identities = new CognitoIdentity({ endpoint: opened.endpoint, region, credentials, maxAttempts: 1 });
  const iam = makeIam(opened.endpoint);

  /** Deploys and expects it to be done; resolves with { printed, done: { LogicalId: "created" }, outputs: {} }. */
  async function deployed(template, name) {
    const { code, stdout, stderr } = await opened.deploy(template, name);
    assert.equal(code, 0, stderr);
    const done = stdout.matchAll(/^ {2}(\S+) +(created|updated|removed)\b/gm);
    const outputs = stdout.matchAll(/^ {2}output: (\S+) = (.*)$/gm);
    return {
      printed: stdout,
      done: Object.fromEntries([...done].map(([, id, word]) => [id, word])),
      outputs: Object.fromEntries([...outputs].map(([, id, value]) => [id, value])),
    };
  }

  /** The pool, client and identity pool that are there, of which there must be one each. */
  async function pools() {
    const { UserPools } = await idp.listUserPools({ MaxResults: 60 });
    assert.equal(UserPools.length, 1);
    const { UserPoolClients } = await idp.listUserPoolClients({ UserPoolId: UserPools[0].Id, MaxResults: 60 });
    assert.equal(UserPoolClients.length, 1);
    const { IdentityPools } = await identities.listIdentityPools({ MaxResults: 60 });
    assert.equal(IdentityPools.length, 1);
    return { UserPoolId: UserPools[0].Id, ClientId: UserPoolClients[0].ClientId, IdentityPoolId: IdentityPools[0].IdentityPoolId };
  }

  /** Someone signs up with an address, is sent a code, signs in; resolves with their name, identity and a client of DynamoDB. */
  async function signedIn({ UserPoolId, ClientId, IdentityPoolId }, email) {
    await idp.signUp({ ClientId, Username: email, Password: password });
    const [ConfirmationCode] = Object.values(await codes(UserPoolId, email));
    await idp.confirmSignUp({ ClientId, Username: email, ConfirmationCode });
    const { AuthenticationResult } = await signIn(ClientId, email);
    const Logins = { [`cognito-idp.${region}.amazonaws.com/${UserPoolId}`]: AuthenticationResult.IdToken };
    const { IdentityId } = await identities.getId({ IdentityPoolId, Logins });
    const { Credentials } = await identities.getCredentialsForIdentity({ IdentityId, Logins });
    const ddb = new DynamoDB({
      endpoint: opened.endpoint,
      region,
      maxAttempts: 1,
      credentials: { accessKeyId: Credentials.AccessKeyId, secretAccessKey: Credentials.SecretKey, sessionToken: Credentials.SessionToken },
    });
    const { UserAttributes, Username } = await idp.adminGetUser({ UserPoolId, Username: email });
    return { IdentityId, Username, attributes: unpair(UserAttributes), ddb };
  }

  /** Amplify's apps sign in with SRP. Here a password is sent, which their client is let to do meanwhile. */
  async function allowPasswords({ UserPoolId, ClientId }) {
    const { UserPoolClient } = await idp.describeUserPoolClient({ UserPoolId, ClientId });
    const { CreationDate, LastModifiedDate, ClientSecret, ...settings } = UserPoolClient;
    await idp.updateUserPoolClient({ ...settings, ExplicitAuthFlows: [...settings.ExplicitAuthFlows, "ALLOW_USER_PASSWORD_AUTH"] });
    return settings;
  }

  return { ...opened, idp, identities, iam, deployed, pools, signedIn, allowPasswords };
}

const denied = { name: "AccessDeniedException" };

describe("the music example", async () => {
  const { deployed, pools, idp, identities, iam, signedIn, allowPasswords, ddb: root } = await begin();
  let made;

  test("is deployed whole, and stays as it is the next time", async () => {
    const first = await deployed(musicTemplate);
    assert.match(first.printed, /^13 resources: 13 created, 0 updated, 0 unchanged$/m);
    made = await pools();
    assert.deepEqual(
      [first.outputs.userPoolId, first.outputs.webClientId, first.outputs.identityPoolId],
      [made.UserPoolId, made.ClientId, made.IdentityPoolId],
    );
    const second = await deployed(musicTemplate);
    assert.match(second.printed, /^13 resources: 0 created, 0 updated, 13 unchanged$/m);
    assert.deepEqual(second.outputs, first.outputs);
    assert.deepEqual(await pools(), made);
  });

  test("has the settings of its template", async () => {
    const { UserPool } = await idp.describeUserPool({ UserPoolId: made.UserPoolId });
    assert.deepEqual(UserPool.UsernameAttributes, ["email"]);
    assert.equal(UserPool.UsernameConfiguration.CaseSensitive, false);
    assert.equal(UserPool.SchemaAttributes.find((a) => a.Name === "email").Required, true);
    const template = readJson(musicTemplate).Resources;
    const [policy] = Object.values(template).filter((r) => r.Type === "AWS::IAM::Policy");
    const { Roles } = await identities.getIdentityPoolRoles({ IdentityPoolId: made.IdentityPoolId });
    const RoleName = Roles.authenticated.split("/").at(-1);
    const { PolicyDocument } = await iam.getRolePolicy({ RoleName, PolicyName: policy.Properties.PolicyName });
    const statements = JSON.parse(decodeURIComponent(PolicyDocument)).Statement;
    assert.equal(statements.length, policy.Properties.PolicyDocument.Statement.length);
    assert.ok(statements[0].Resource.includes("arn:aws:dynamodb:us-east-1:000000000000:table/TrackTable/index/*"));
    const { Role } = await iam.getRole({ RoleName });
    const trusted = JSON.parse(decodeURIComponent(Role.AssumeRolePolicyDocument)).Statement[0];
    assert.equal(trusted.Condition.StringEquals["cognito-identity.amazonaws.com:aud"], made.IdentityPoolId);
  });

  test("lets listeners read everything, and write their own rows", async () => {
    const settings = await allowPasswords(made);
    const ana = await signedIn(made, "ana@example.com"), ben = await signedIn(made, "ben@example.com");
    assert.equal(ana.attributes.email_verified, "true");
    const favourite = (userId) => ({ userId: { S: userId }, trackId: { S: "t1" } });
    await ana.ddb.putItem({ TableName: "FavouriteTable", Item: favourite(ana.IdentityId) });
    await assert.rejects(ana.ddb.putItem({ TableName: "FavouriteTable", Item: favourite(ben.IdentityId) }), denied);
    assert.ok((await ben.ddb.getItem({ TableName: "FavouriteTable", Key: favourite(ana.IdentityId) })).Item);
    await ben.ddb.putItem({ TableName: "TrackTable", Item: { id: { S: "t1" }, uploadedBy: { S: ben.IdentityId } } });
    const found = await ana.ddb.query({
      TableName: "TrackTable",
      IndexName: "byUserId",
      KeyConditionExpression: "uploadedBy = :u",
      ExpressionAttributeValues: { ":u": { S: ben.IdentityId } },
    });
    assert.equal(found.Count, 1);
    await assert.rejects(ana.ddb.deleteTable({ TableName: "TrackTable" }), denied);
    for (const { ddb } of [ana, ben]) ddb.destroy();

    const again = await deployed(musicTemplate);
    assert.deepEqual(again.done, {});
    assert.match(again.printed, /^No changes in the stack template$/m);
    const { UserPoolClient } = await idp.describeUserPoolClient({ UserPoolId: made.UserPoolId, ClientId: made.ClientId });
    assert.notDeepEqual(UserPoolClient.ExplicitAuthFlows, settings.ExplicitAuthFlows, "what was changed by hand is nothing that an update looks for, as on AWS");
    assert.equal((await root.scan({ TableName: "FavouriteTable" })).Count, 1, "the items stay");
    assert.equal((await idp.listUsers({ UserPoolId: made.UserPoolId })).Users.length, 2, "and the people");
  });
});

describe("what ampx synthesizes of it", async () => {
  const { deployed, pools, identities } = await begin();

  test("is deployed from the folder, nested stack and all, and stays", async () => {
    const folder = here("fixtures/amplify-app");
    const first = await deployed(folder);
    assert.match(first.printed, /^14 resources: 14 created, 0 updated, 0 unchanged$/m);
    const made = await pools();
    const { RoleMappings, Roles } = await identities.getIdentityPoolRoles({ IdentityPoolId: made.IdentityPoolId });
    assert.deepEqual(Object.keys(Roles).sort(), ["authenticated", "unauthenticated"]);
    assert.deepEqual(RoleMappings, {
      [`cognito-idp.us-east-1.amazonaws.com/${made.UserPoolId}:${made.ClientId}`]: { Type: "Token", AmbiguousRoleResolution: "AuthenticatedRole" },
    });
    assert.match((await deployed(folder)).printed, /^No changes in .*\n14 resources: 0 created, 0 updated, 14 unchanged$/m);
    assert.deepEqual(await pools(), made);
  });
});

describe("the workshop page's tables and permissions, with a sign-in that has groups", async () => {
  const { deployed, pools, idp, signedIn, allowPasswords } = await begin();
  const assembly = path.join(temporaryFolder(), "cdk.out");
  await runTypeScript(here("fixtures/workshop-page/synth.ts"), [assembly]);
  let made;

  test("are deployed, and stay", async () => {
    assert.match((await deployed(assembly)).printed, /^20 resources: 20 created, 0 updated, 0 unchanged$/m);
    made = await pools();
    const { Groups } = await idp.listGroups({ UserPoolId: made.UserPoolId });
    assert.deepEqual(Groups.map((g) => [g.GroupName, g.Precedence, /:role\//.test(g.RoleArn)]), [["admins", 0, true], ["listeners", 1, true]]);
    assert.match((await deployed(assembly)).printed, /^20 resources: 0 created, 0 updated, 20 unchanged$/m);
  });

  test("let who signed in write the rows of their own user name", async () => {
    await allowPasswords(made);
    const ana = await signedIn(made, "ana@example.com");
    const favourite = (userId) => ({ TableName: "FavouriteTable", Item: { userId: { S: userId }, trackId: { S: "t1" } } });
    await ana.ddb.putItem(favourite(ana.Username));
    await assert.rejects(ana.ddb.putItem(favourite("ben")), denied);
    await ana.ddb.putItem({ TableName: "PlaylistTable", Item: { id: { S: "p1" } } });
    ana.ddb.destroy();
  });
});
