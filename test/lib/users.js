// What tests of user pools begin with: a client of the API, pools that are deleted again, users who have signed up, their codes.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after } from "node:test";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { call } from "./raw.js";
import { credentials, region } from "./server.js";
import { uniqueName } from "./turntable.js";

export const password = "Passw0rd!";
export const allFlows = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
export const pairs = (object) => Object.entries(object).map(([Name, Value]) => ({ Name, Value }));
export const unpair = (list) => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
export const secretHash = (secret, name, client) => createHmac("sha256", secret).update(name + client).digest("base64");

/** The claims of a token, which is not verified. */
export const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));

export function makeUsers(endpoint) {
  const idp = new CognitoIdentityProvider({ endpoint, region, credentials, maxAttempts: 1 });
  const made = [];

  after(async () => {
    for (const UserPoolId of made) await idp.deleteUserPool({ UserPoolId }).catch(() => {});
    idp.destroy();
  });

  /** Resolves with { UserPoolId, ClientId, client, ...} of a new pool with a client that may do everything. */
  async function makePool(settings = {}, clientSettings = {}) {
    const { UserPool } = await idp.createUserPool({ PoolName: uniqueName(), AutoVerifiedAttributes: ["email"], ...settings });
    made.push(UserPool.Id);
    const client = await makeClient(UserPool.Id, clientSettings);
    return { UserPoolId: UserPool.Id, ClientId: client.ClientId, client, pool: UserPool };
  }

  async function makeClient(UserPoolId, settings = {}) {
    const { UserPoolClient } = await idp.createUserPoolClient({ UserPoolId, ClientName: "app", ExplicitAuthFlows: allFlows, ...settings });
    return UserPoolClient;
  }

  /** What the operator is told of a user's codes: { purpose: code }. */
  async function codes(UserPoolId, Username) {
    const description = { target: "Turntable.ListUserCodes", body: { UserPoolId, Username }, headers: { "content-type": "application/x-amz-json-1.1" } };
    const { status, json } = await call(endpoint, description, { service: "cognito-idp" });
    assert.equal(status, 200, JSON.stringify(json));
    return Object.fromEntries(json.Users.flatMap((user) => user.Codes.map(({ Purpose, Code }) => [Purpose, Code])));
  }

  const signIn = (ClientId, USERNAME, PASSWORD = password, more = {}) =>
    idp.initiateAuth({ ClientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME, PASSWORD, ...more } });

  /** A user who has signed up and confirmed; resolves with their tokens. */
  async function makeUser({ UserPoolId, ClientId }, Username, attributes = { email: `${Username}@example.com` }) {
    await idp.signUp({ ClientId, Username, Password: password, UserAttributes: pairs(attributes) });
    await idp.adminConfirmSignUp({ UserPoolId, Username });
    return (await signIn(ClientId, Username)).AuthenticationResult;
  }

  return { idp, makePool, makeClient, codes, signIn, makeUser };
}
