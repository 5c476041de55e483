// Every view of the console, with something in it: what axe says, whether it fits a telephone, and whether its address leads
// to it. A view that is added without a place to look at it fails here.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { CognitoIdentity } from "@aws-sdk/client-cognito-identity";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IAM } from "@aws-sdk/client-iam";
import { credentials, region, turntable } from "../lib/server.js";
import { assertAccessible, startConsole } from "./lib/browser.js";

const top = fileURLToPath(new URL("../..", import.meta.url));
const sources = path.join(top, "console/src");

/** The patterns of all routes, as their folders declare them. */
const patterns = readdirSync(sources).flatMap((folder) => {
  try {
    const text = readFileSync(path.join(sources, folder, "routes.ts"), "utf8");
    return [...text.matchAll(/pattern: "([^"]+)"/g)].map(([, pattern]) => pattern);
  } catch {
    return [];
  }
});

const allow = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "dynamodb:GetItem", Resource: "*" }] };
const named = "views"; // what is made for these tests

/** What stands in the place of a parameter, and the views that have more to show than their pattern says. */
let values, more;

async function fill(endpoint) {
  const options = { endpoint, region, credentials };
  const dynamodb = new DynamoDB(options), iam = new IAM(options), idp = new CognitoIdentityProvider(options), identity = new CognitoIdentity(options);
  const deployed = await turntable(["deploy", path.join(top, "examples/music/template.json"), "--stack-name", "music", "--endpoint", endpoint]).finished;
  assert.equal(deployed.code, 0);
  await dynamodb.putItem({ TableName: "TrackTable", Item: { id: { S: "t1" }, title: { S: "First Light" }, tags: { SS: ["a", "b"] }, deep: { M: { n: { N: "1" } } } } });
  await iam.createUser({ UserName: named });
  await iam.putUserPolicy({ UserName: named, PolicyName: named, PolicyDocument: JSON.stringify(allow) });
  await iam.createGroup({ GroupName: named });
  await iam.addUserToGroup({ GroupName: named, UserName: named });
  const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }] };
  await iam.createRole({ RoleName: named, AssumeRolePolicyDocument: JSON.stringify(trust) });
  const { Policy } = await iam.createPolicy({ PolicyName: named, PolicyDocument: JSON.stringify(allow) });
  const [pool] = (await idp.listUserPools({ MaxResults: 10 })).UserPools;
  await idp.adminCreateUser({ UserPoolId: pool.Id, Username: "ana@example.com", MessageAction: "SUPPRESS", TemporaryPassword: "Passw0rd!" });
  const { Users } = await idp.listUsers({ UserPoolId: pool.Id });
  await idp.createGroup({ UserPoolId: pool.Id, GroupName: named });
  const { UserPoolClients } = await idp.listUserPoolClients({ UserPoolId: pool.Id, MaxResults: 1 });
  const [identityPool] = (await identity.listIdentityPools({ MaxResults: 10 })).IdentityPools;
  for (const client of [dynamodb, iam, idp, identity]) client.destroy();
  return { policy: Policy.Arn, pool: pool.Id, poolUser: Users[0].Username, client: UserPoolClients[0].ClientId, identityPool: identityPool.IdentityPoolId };
}

/** What views are asked about that have it behind the "?". */
const key = Buffer.from(JSON.stringify({ id: { S: "t1" } })).toString("base64url");
const queries = { "/items/edit": `?table=TrackTable&key=${key}`, "/items/create": "?table=TrackTable", "/items/import": "?table=TrackTable" };

/** The address of a view, from its pattern. */
const addressOf = (pattern) =>
  (pattern + (queries[pattern] ?? "")).replace(/:(\w+)/g, (_, name) => {
    const value = values(pattern)[name];
    assert.ok(value, `say in this test what ${name} is in ${pattern}`);
    return encodeURIComponent(value);
  });

let site;
before(async () => {
  site = await startConsole();
  const made = await fill(site.endpoint);
  values = (pattern) => ({
    table: "TrackTable",
    user: pattern.startsWith("/access") ? named : made.poolUser,
    group: named,
    role: named,
    arn: made.policy,
    policy: made.policy,
    name: named,
    pool: pattern.startsWith("/identity") ? made.identityPool : made.pool,
    client: made.client,
    id: made.identityPool,
    stack: "music",
  });
  more = [
    ...["indexes", "metrics", "backups", "transfers", "streams", "ttl", "tags", "policy"].map((tab) => `/tables/TrackTable?tab=${tab}`),
    "/items?table=TrackTable",
    ...["resources", "events", "outputs", "parameters", "template", "change-sets"].map((tab) => `/stacks/music?tab=${tab}`),
    ...["codes", "groups", "clients", "settings", "sign-in"].map((tab) => `/user-pools/${made.pool}?tab=${tab}`),
    ...["cli", "javascript", "amplify"].map((tab) => `/connect?tab=${tab}`),
    ...["groups", "keys", "tags"].map((tab) => `/access/users/${named}?tab=${tab}`),
    `/access/groups/${named}?tab=users`,
    ...["trust", "tags"].map((tab) => `/access/roles/${named}?tab=${tab}`),
    ...["versions", "usage", "tags"].map((tab) => `/access/policies/${encodeURIComponent(made.policy)}?tab=${tab}`),
    `/access/simulator?kind=user&name=${named}`,
  ];
});
after(async () => site?.stop());

/** By a new load of the page, as by a link from elsewhere. */
const load = (page, address) => page.goto(address);

/** As by the browser's own way back: the page stays, and shows another view. */
const turn = (page, address) =>
  page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, address);

/** Goes through all views; `look` throws what is wrong with one. */
async function visit(options, go, look) {
  const page = await site.signedIn(options);
  const wrong = [];
  for (const address of [...patterns.map(addressOf), ...more]) {
    try {
      await go(page, site.url(address));
      await page.getByRole("main").getByRole("heading").locator("visible=true").first().waitFor();
      await page.waitForLoadState("networkidle");
      assert.equal(await page.getByText(/There is no such page|This view failed/).count(), 0);
      await look(page);
    } catch (error) {
      wrong.push(`${address}: ${error.message}`);
    }
  }
  assert.deepEqual(wrong, []);
  await page.done();
}

describe("every view", () => {
  it("is accessible", { timeout: 600_000 }, () => visit({}, load, assertAccessible));

  it("is accessible, dark, on a telephone, and no wider than that", { timeout: 600_000 }, () =>
    visit({ viewport: { width: 390, height: 800 }, colorScheme: "dark" }, turn, async (page) => {
      await assertAccessible(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(overflow <= 0, `${overflow} pixels too wide`);
    }));
});
