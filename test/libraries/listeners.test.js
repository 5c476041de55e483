// The music app's two listeners (examples/music/client), run as they are: they sign up and in with aws-amplify, take credentials of an
// identity pool, write their own rows, and are denied the other's. The page's statement, `${aws:username}`, is tried in place of the
// example's as well: with it a listener's rows are under their user name, unless the server runs with --strict-iam.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { CognitoIdentity } from "@aws-sdk/client-cognito-identity";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { IAM } from "@aws-sdk/client-iam";
import { run } from "../lib/process.js";
import { startServer } from "../lib/server.js";
import { credentials, region } from "./lib.js";

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const binary = process.env.TURNTABLE_BIN ?? here("../../build/turntable");

// Where the packages that are installed here are found.
const folder = here(`node_modules/.listeners-${process.pid}`);
mkdirSync(folder);
copyFileSync(here("../../examples/music/client/listeners.mjs"), path.join(folder, "listeners.mjs"));
after(() => rmSync(folder, { recursive: true }));

const policy = (...Statement) => JSON.stringify({ Version: "2012-10-17", Statement });
const tables = (...names) => names.map((name) => `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`);
const writes = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"];

/** Pools and a role as the Amplify backend has them; resolves with the arguments of the listeners. */
async function makeBackend(endpoint, variable) {
  const options = { endpoint, region, credentials, maxAttempts: 1 };
  const [users, identities, iam] = [new CognitoIdentityProvider(options), new CognitoIdentity(options), new IAM(options)];
  const { UserPool } = await users.createUserPool({ PoolName: "music", UsernameAttributes: ["email"], AutoVerifiedAttributes: ["email"] });
  const ExplicitAuthFlows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
  const { UserPoolClient } = await users.createUserPoolClient({ UserPoolId: UserPool.Id, ClientName: "web", ExplicitAuthFlows });
  const ProviderName = `cognito-idp.us-east-1.amazonaws.com/${UserPool.Id}`;
  const { IdentityPoolId } = await identities.createIdentityPool({
    IdentityPoolName: "music",
    AllowUnauthenticatedIdentities: false,
    CognitoIdentityProviders: [{ ProviderName, ClientId: UserPoolClient.ClientId }],
  });
  const RoleName = "listeners";
  const { Role } = await iam.createRole({
    RoleName,
    AssumeRolePolicyDocument: policy({
      Effect: "Allow",
      Principal: { Federated: "cognito-identity.amazonaws.com" },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: { "cognito-identity.amazonaws.com:aud": IdentityPoolId },
        "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
      },
    }),
  });
  await iam.putRolePolicy({
    RoleName,
    PolicyName: "tables",
    PolicyDocument: policy(
      { Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"], Resource: tables("UserTable", "TrackTable", "FavouriteTable", "PlaybackHistoryTable") },
      { Effect: "Allow", Action: writes, Resource: tables("UserTable", "TrackTable") },
      { Effect: "Allow", Action: writes, Resource: tables("FavouriteTable", "PlaybackHistoryTable"), Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [variable] } } },
    ),
  });
  await identities.setIdentityPoolRoles({ IdentityPoolId, Roles: { authenticated: Role.Arn } });
  for (const client of [users, identities, iam]) client.destroy();
  return ["--user-pool", UserPool.Id, "--client", UserPoolClient.ClientId, "--identity-pool", IdentityPoolId];
}

/** Runs the two listeners on a server of their own; resolves with { code, lines }. */
async function listen({ variable, owner, args = [] }) {
  const server = await startServer({ args: ["--in-memory", ...args] });
  try {
    const env = { ...process.env, AWS_ENDPOINT_URL: server.endpoint, TURNTABLE: binary };
    const deployed = await run(binary, ["deploy", here("../../examples/music/template.json")], { env });
    assert.equal(deployed.code, 0, deployed.stderr);
    const told = await makeBackend(server.endpoint, variable);
    const { code, stdout, stderr } = await run(process.execPath, [path.join(folder, "listeners.mjs"), ...told, "--owner", owner], { env });
    const lines = stdout.split("\n").filter((line) => /^ {2}\S/.test(line));
    assert.equal(lines.length, 16, stdout + stderr);
    return { code, lines, stdout };
  } finally {
    await server.stop();
  }
}

const identity = "${cognito-identity.amazonaws.com:sub}";
const username = "${aws:username}";

test("each listener writes their own rows and is denied the other's", async () => {
  const { code, stdout } = await listen({ variable: identity, owner: "identity" });
  assert.equal(code, 0, stdout);
  const sentence =
    "User: arn:aws:sts::000000000000:assumed-role/listeners/CognitoIdentityCredentials is not authorized to perform: dynamodb:PutItem on resource: " +
    "arn:aws:dynamodb:us-east-1:000000000000:table/FavouriteTable because no identity-based policy allows the dynamodb:PutItem action";
  assert.equal(stdout.split(sentence).length - 1, 2, stdout);
});

test("so it is with the user name in the place of the identity", async () => {
  const { code, stdout } = await listen({ variable: username, owner: "username" });
  assert.equal(code, 0, stdout);
});

test("with --strict-iam nobody has a user name, as on AWS", async () => {
  const { code, lines } = await listen({ variable: username, owner: "username", args: ["--strict-iam"] });
  assert.equal(code, 1);
  assert.equal(lines.filter((line) => /^ {2}WRONG {2}may not write (a favourite of their own|what they played): AccessDenied/.test(line)).length, 4);
  assert.equal(lines.filter((line) => /^ {2}WRONG/.test(line)).length, 4);
});
