// The workshop page's own tables and permissions, word for word, with Amplify's sign-in, deployed by one command. Two people sign up and
// in with aws-amplify as it is, and do what the page lets them do; then the same on a server that is as strict as AWS.

import assert from "node:assert/strict";
import path from "node:path";
import { after, test } from "node:test";
import { CognitoIdentity } from "@aws-sdk/client-cognito-identity";
import { credentials, region } from "../lib/server.js";
import { makeUsers } from "../lib/users.js";
import { configure, enter } from "../libraries/amplify_user.js";
import { here, musicTables, open, runTypeScript, temporaryFolder } from "./lib.js";

const assembly = path.join(temporaryFolder(), "cdk.out");
await runTypeScript(here("fixtures/workshop-page/synth.ts"), [assembly]);

/** Deploys the page on a server and lets two people in; resolves with them, what deploy printed, and `turntable` as a client. */
async function deployed(options) {
  const { endpoint, ddb: root, client } = await open(options);
  const { code, stdout, stderr } = await client(["deploy", assembly]);
  assert.equal(code, 0, stderr);

  const { idp, codes } = makeUsers(endpoint);
  const identities = new CognitoIdentity({ endpoint, region, credentials, maxAttempts: 1 });
  after(() => identities.destroy());
  const [{ Id: UserPoolId }] = (await idp.listUserPools({ MaxResults: 60 })).UserPools;
  const [{ ClientId }] = (await idp.listUserPoolClients({ UserPoolId, MaxResults: 60 })).UserPoolClients;
  const [{ IdentityPoolId }] = (await identities.listIdentityPools({ MaxResults: 60 })).IdentityPools;
  configure({ endpoint, UserPoolId, ClientId, IdentityPoolId });
  const sent = async (email) => (await codes(UserPoolId, email)).SignUp;
  const people = [];
  for (const email of ["ana@example.com", "ben@example.com"]) {
    const person = await enter(email, sent, { endpoint, region });
    after(() => person.ddb.destroy());
    people.push(person);
  }
  return { people, root, client, printed: stdout };
}

/** An item's key as the page has it, with these two values; of a table without a sort key, the first alone. */
function keyOf(TableName, partition, sort) {
  const names = musicTables.find(({ name }) => name === TableName).keys.map((key) => key.split(" ")[1]);
  return Object.fromEntries(names.map((name, i) => [name, { S: [partition, sort][i] }]));
}

const own = ["FavouriteTable", "PlaybackHistoryTable"];
const shared = musicTables.map(({ name }) => name).filter((name) => !own.includes(name));

/** All writes of a row there are: [what, promise]. */
const writesOf = (ddb, TableName, Key) => [
  ["PutItem", () => ddb.putItem({ TableName, Item: Key })],
  ["UpdateItem", () => ddb.updateItem({ TableName, Key, UpdateExpression: "SET played = :n", ExpressionAttributeValues: { ":n": { N: "1" } } })],
  ["DeleteItem", () => ddb.deleteItem({ TableName, Key })],
];

/** Expects that this is denied with AWS's sentence; resolves with what `turntable iam explain` says of it. */
async function denied(client, promise, operation, resource) {
  const error = await promise.then(() => assert.fail(`${operation} on ${resource} was not denied`), (error) => error);
  const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${resource}`;
  const action = `dynamodb:${operation}`;
  assert.equal(error.name, "AccessDeniedException", error.message);
  assert.match(error.message, /^User: arn:aws:sts::000000000000:assumed-role\/WorkshopPage-authNestedSt-\S+\/CognitoIdentityCredentials is not authorized /);
  assert.ok(error.message.endsWith(` to perform: ${action} on resource: ${arn} because no identity-based policy allows the ${action} action`), error.message);
  const { code, stdout, stderr } = await client(["iam", "explain", error.$metadata.requestId]);
  assert.equal(code, 0, stderr);
  assert.ok(stdout.startsWith(`${error.message}\n`), stdout);
  return stdout;
}

test("the page's people read everything, write their own rows, and are denied the other's, with the reason", async () => {
  const { people, root, client } = await deployed();
  for (const [i, { username, ddb }] of people.entries()) {
    const other = people[1 - i];
    for (const TableName of own) {
      const theirs = keyOf(TableName, username, "t1");
      for (const [, write] of writesOf(ddb, TableName, theirs)) await write();
      await ddb.putItem({ TableName, Item: theirs });
      for (const [operation, write] of writesOf(ddb, TableName, keyOf(TableName, other.username, "t1"))) {
        const why = await denied(client, write(), operation, TableName);
        assert.ok(why.includes(`ForAllValues:StringEquals dynamodb:LeadingKeys: wanted "\${aws:username}", was "${other.username}".`), why);
      }
    }
    for (const TableName of shared) for (const [, write] of writesOf(ddb, TableName, keyOf(TableName, username, "t1"))) await write();
  }

  for (const { name: TableName } of musicTables) {
    for (const { username } of people) await root.putItem({ TableName, Item: keyOf(TableName, username, "t1") });
    for (const { ddb } of people) {
      assert.equal((await ddb.scan({ TableName })).Count, 2);
      for (const { username } of people) assert.ok((await ddb.getItem({ TableName, Key: keyOf(TableName, username, "t1") })).Item);
    }
  }

  const [{ username, ddb }] = people;
  for (const [TableName, attribute] of [["TrackTable", "uploadedBy"], ["PlaylistTable", "owner"]]) {
    const byUserId = { TableName, IndexName: "byUserId", KeyConditionExpression: "#a = :u", ExpressionAttributeNames: { "#a": attribute }, ExpressionAttributeValues: { ":u": { S: username } } };
    const why = await denied(client, ddb.query(byUserId), "Query", `${TableName}/index/byUserId`);
    assert.ok(why.includes(`  ${TableName} is granted but not ${TableName}/index/byUserId: add arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}/index/byUserId `), why);
  }
});

test("on a server that is as strict as AWS nobody writes these rows, and lint and explain say why", async () => {
  const { people, client, printed } = await deployed({ args: ["--in-memory", "--strict-iam"] });
  for (const { username, ddb } of people) {
    for (const TableName of own) {
      for (const [operation, write] of writesOf(ddb, TableName, keyOf(TableName, username, "t1"))) {
        const why = await denied(client, write(), operation, TableName);
        assert.ok(why.includes("${aws:username} has no value in this request, so that nothing matches it: a role's session has no user name"), why);
      }
    }
    for (const TableName of shared) for (const [, write] of writesOf(ddb, TableName, keyOf(TableName, username, "t1"))) await write();
  }
  const { code, stdout, stderr } = await client(["iam", "lint", assembly]);
  assert.equal(code, 3, stderr);
  const warning = "statement 2, Condition, ${aws:username}: On AWS no role's session has a user name";
  for (const text of [stdout, printed]) assert.equal(text.split(warning).length, 2, text);
});
