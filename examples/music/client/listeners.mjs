// Two listeners of the music app sign up and in with the Amplify library, as a browser would, and write their favourites and what
// they played. Then each tries to write the other's, which must be denied.
//
//     node listeners.mjs --outputs amplify_outputs.json [--endpoint URL] [--region NAME] [--owner identity|username]
//     node listeners.mjs --user-pool ID --client ID --identity-pool ID ...
//
// --outputs is what `ampx sandbox` writes. --endpoint is $AWS_ENDPOINT_URL unless it is given. --owner says whose name the rows have as
// their partition key: the identity's id ("identity", as this example's policy wants it) or the name in the user pool ("username").
// Confirmation codes come from `turntable users codes`, for which $TURNTABLE names the program (../../../build/turntable) and the
// environment the root credentials.
// Ends with 1 if something is not as it should be.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { DeleteTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { Amplify } from "aws-amplify";
import { confirmSignUp, fetchAuthSession, getCurrentUser, signIn, signOut, signUp } from "aws-amplify/auth";
import { parseAmplifyConfig } from "aws-amplify/utils";

const { values: options } = parseArgs({
  options: {
    outputs: { type: "string" },
    "user-pool": { type: "string" },
    client: { type: "string" },
    "identity-pool": { type: "string" },
    endpoint: { type: "string", default: process.env.AWS_ENDPOINT_URL ?? "http://127.0.0.1:8000" },
    region: { type: "string", default: process.env.AWS_REGION ?? "us-east-1" },
    owner: { type: "string", default: "identity" },
  },
});
const { endpoint, region } = options;
const program = process.env.TURNTABLE ?? fileURLToPath(new URL("../../../build/turntable", import.meta.url));
const password = "Listen-2-Music!";

const pools = {
  userPoolId: options["user-pool"],
  userPoolClientId: options.client,
  identityPoolId: options["identity-pool"],
};
const settings = options.outputs ? parseAmplifyConfig(JSON.parse(readFileSync(options.outputs, "utf8"))) : { Auth: { Cognito: pools } };
Object.assign(settings.Auth.Cognito, { userPoolEndpoint: endpoint, identityPoolEndpoint: endpoint }); // which the outputs do not say
Amplify.configure(settings);

/** The code that would have been mailed. */
async function codeOf(email) {
  const { stdout } = await promisify(execFile)(program, ["users", "codes", email], { env: process.env });
  const code = /\b\d{6}\b/.exec(stdout)?.[0];
  if (!code) throw new Error(`no code for ${email}:\n${stdout}`);
  return code;
}

/** Signs a listener up, confirms the address, and signs in: { name, owner, tables }. */
async function enter(name) {
  const email = `${name}.${randomUUID().slice(0, 8)}@example.com`;
  const { nextStep } = await signUp({ username: email, password, options: { userAttributes: { email } } });
  if (nextStep.signUpStep === "CONFIRM_SIGN_UP") await confirmSignUp({ username: email, confirmationCode: await codeOf(email) });
  const signedIn = await signIn({ username: email, password });
  if (!signedIn.isSignedIn) throw new Error(`${name} is not signed in, but at ${signedIn.nextStep.signInStep}`);
  const { username } = await getCurrentUser();
  const { credentials, identityId } = await fetchAuthSession();
  const tables = DynamoDBDocument.from(new DynamoDBClient({ endpoint, region, credentials }));
  await signOut(); // the credentials outlive it, and the library has one user at a time
  return { name, owner: options.owner === "username" ? username : identityId, tables };
}

let wrong = 0;
const say = (text) => console.log(text);

async function allowed(what, action) {
  try {
    const result = await action();
    say(`  may    ${what}`);
    return result;
  } catch (error) {
    wrong++;
    say(`  WRONG  may not ${what}: ${error.name}: ${error.message}`);
  }
}

async function denied(what, action) {
  try {
    await action();
    wrong++;
    say(`  WRONG  may ${what}`);
  } catch (error) {
    const right = error.name === "AccessDeniedException";
    wrong += !right;
    say(`  ${right ? "denied" : "WRONG "} ${what}\n           ${error.message}`);
  }
}

const favourite = (owner) => ({ TableName: "FavouriteTable", Item: { userId: owner, trackId: "t1" } });
const played = (owner) => ({ TableName: "PlaybackHistoryTable", Item: { userId: owner, timestamp: new Date().toISOString(), trackId: "t1" } });

async function use({ name, owner, tables }, other) {
  say(`\n${name}`);
  await allowed("write a favourite of their own", () => tables.put(favourite(owner)));
  await allowed("write what they played", () => tables.put(played(owner)));
  await allowed("add a track that everybody sees", () => tables.put({ TableName: "TrackTable", Item: { id: `${name}-1`, title: "First Light", uploadedBy: owner } }));
  const theirs = await allowed("read the other's favourites", () =>
    tables.query({ TableName: "FavouriteTable", KeyConditionExpression: "userId = :u", ExpressionAttributeValues: { ":u": other.owner } }),
  );
  if (theirs) say(`           (${theirs.Count} there)`);
  await denied("write a favourite of the other", () => tables.put(favourite(other.owner)));
  await denied("delete a favourite of the other", () => tables.delete({ TableName: "FavouriteTable", Key: { userId: other.owner, trackId: "t1" } }));
  await denied("write what the other played", () => tables.put(played(other.owner)));
  await denied("delete a table", () => tables.send(new DeleteTableCommand({ TableName: "FavouriteTable" })));
}

const ana = await enter("ana");
const ben = await enter("ben");
await use(ana, ben);
await use(ben, ana);
say(wrong === 0 ? "\nAll is as it should be." : `\n${wrong} things are not as they should be.`);
process.exitCode = wrong === 0 ? 0 : 1;
