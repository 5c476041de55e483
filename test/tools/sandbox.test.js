// Does `npx ampx sandbox` run unchanged: the workshop page's project is deployed, changed under its watch, signed in to, and deleted?

import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { CognitoIdentity } from "@aws-sdk/client-cognito-identity";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { binary, clientEnvironment, musicTables, readJson, summary } from "../deploy/lib.js";
import { makeIam } from "../lib/iam.js";
import { run } from "../lib/process.js";
import { credentials, region } from "../lib/server.js";
import { active, until } from "../lib/turntable.js";
import { describeAtLength, done, events, example, keepRunning, open, serverTime, stacks, testAtLength, workshopProject } from "./lib.js";

const identifier = "tester";

/** What the two ways of telling a tool where the server is differ in. */
const ways = {
  "with AWS_ENDPOINT_URL": { group: describe, of: ({ env }) => ({ env, more: [] }) },
  "with a profile that has endpoint_url, of a user with Amplify's policy": {
    group: describeAtLength,
    of: ({ profileEnv }) => ({ env: profileEnv, more: ["--profile", "amplify"] }),
  },
};

for (const [name, { of: way, group }] of Object.entries(ways)) {
  group(`ampx sandbox ${name}`, async () => {
    const server = await open();
    const { ddb, cfn, endpoint } = server;
    const { env, more } = way(server);
    const cwd = workshopProject();
    const tables = path.join(cwd, "amplify/database/tables.ts");
    const ampx = (...args) => done(["ampx", ...args, "--identifier", identifier, ...more], { cwd, env });
    const tableNames = async () => (await ddb.listTables({})).TableNames;
    const describeAll = async () => Promise.all((await tableNames()).map(async (TableName) => (await ddb.describeTable({ TableName })).Table));
    let root;

    test("deploys the page's project", async (t) => {
      const printed = await ampx("sandbox", "--once");
      assert.match(printed, /Deployment completed/, printed);
      assert.deepEqual((await describeAll()).map(summary), musicTables);
      const all = await stacks(cfn);
      root = Object.keys(all).find((stack) => /^amplify-musicme-tester-sandbox-[0-9a-f]{10}$/.test(stack));
      assert.ok(root, JSON.stringify(all));
      for (const [stack, status] of Object.entries(all)) assert.match(status, /^CREATE_COMPLETE$/, stack);
      t.diagnostic(`the server took ${await serverTime(cfn, root)} ms for the page's project`);
    });

    test("leaves outputs with which aws-amplify signs in, and what the page permits is permitted", async () => {
      cpSync(path.join(example, "client/listeners.mjs"), path.join(cwd, "listeners.mjs"));
      const { code, stdout, stderr } = await run(process.execPath, ["listeners.mjs", "--outputs", "amplify_outputs.json", "--owner", "username"], {
        cwd,
        env: clientEnvironment(endpoint, { TURNTABLE: binary }),
      });
      assert.equal(code, 0, stdout + stderr);
      assert.equal((await ddb.scan({ TableName: "FavouriteTable" })).Count, 2);
    });

    testAtLength("adds an index to a table and then a table, while it watches", async () => {
      // Amplify's policy does not let anybody change a table through Cloud Control, which is what watching does.
      await server.iam.attachUserPolicy({ UserName: "amplify", PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" });
      const watching = "Watching for file changes";
      const updates = async () => (await events(cfn, root)).filter((e) => /^UPDATE_COMPLETE$/.test(e.ResourceStatus) && e.PhysicalResourceId === e.StackId).length;
      const page = readFileSync(tables, "utf8");
      const sandbox = keepRunning(["ampx", "sandbox", "--identifier", identifier, ...more], { cwd, env });
      await sandbox.said(watching);
      assert.equal(await updates(), 0, "nothing has changed yet");

      const withIndex = page.replace(
        "tableName: 'UserTable',",
        `tableName: 'UserTable',
        globalSecondaryIndexes: [{ indexName: 'byName', partitionKey: { name: 'name', type: dynamodb.AttributeType.STRING } }],`,
      );
      writeFileSync(tables, withIndex);
      await sandbox.said(watching, 2);
      const user = summary(await active(ddb, "UserTable"));
      assert.deepEqual(user.indexes, { byName: ["HASH name S", "ALL"] });
      assert.equal(await updates(), 0, "it was hotswapped: the stack was not touched");

      const withTable = withIndex.replace(
        "    return {",
        `    new dynamodb.TableV2(backend.stack, 'RadioTable', {
        partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
        tableName: 'RadioTable',
    });

    return {`,
      );
      writeFileSync(tables, withTable);
      await sandbox.said(watching, 3);
      assert.ok((await tableNames()).includes("RadioTable"), sandbox.child.output.stdout);
      assert.equal(await updates(), 1, "and this was an update of the stack");
      assert.deepEqual(summary((await ddb.describeTable({ TableName: "UserTable" })).Table), user, "which left the index as it was");
      assert.equal((await ddb.scan({ TableName: "FavouriteTable" })).Count, 2, "and the items");
      await sandbox.stop();
    });

    test("is deleted, and nothing is left", async () => {
      const { auth } = readJson(path.join(cwd, "amplify_outputs.json"));
      const { StackId } = (await cfn.describeStacks({ StackName: root })).Stacks[0];
      await ampx("sandbox", "delete", "--yes");
      assert.deepEqual(await tableNames(), []);
      assert.deepEqual(Object.keys(await stacks(cfn)).filter((stack) => stack.startsWith("amplify-")), []);
      assert.equal((await cfn.describeStacks({ StackName: StackId })).Stacks[0].StackStatus, "DELETE_COMPLETE");
      const options = { endpoint, region, credentials, maxAttempts: 1 };
      const [idp, identities, iam] = [new CognitoIdentityProvider(options), new CognitoIdentity(options), makeIam(endpoint)];
      assert.deepEqual((await idp.listUserPools({ MaxResults: 60 })).UserPools, [], auth.user_pool_id);
      assert.deepEqual((await identities.listIdentityPools({ MaxResults: 60 })).IdentityPools, []);
      assert.deepEqual((await iam.listRoles({})).Roles.filter((role) => role.RoleName.startsWith("amplify-")), []);
      for (const client of [idp, identities]) client.destroy();
    });
  });
}
