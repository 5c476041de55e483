// What a data folder keeps, and what it refuses. These tests start and stop servers, so that they run with our own only.

import assert from "node:assert/strict";
import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { active, makeClient, sorted, tableInput } from "../lib/turntable.js";
import { elsewhere, startServer, temporaryFolder, turntable } from "../lib/server.js";

const skip = elsewhere && "needs a server that it can start and stop";
const folders = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function newFolder() {
  const folder = temporaryFolder();
  folders.push(folder);
  return folder;
}

/** Starts a server on a data folder, lets a test use it, and stops it. */
async function serving(folder, use) {
  const server = await startServer({ args: ["--data", folder] });
  const ddb = makeClient(server.endpoint);
  try {
    return await use({ ...server, ddb, doc: DynamoDBDocument.from(ddb) });
  } finally {
    ddb.destroy();
    await server.stop();
  }
}

const TableName = "kept";
const description = tableInput(
  { pk: "S", sk: "N" },
  { gsi: { byOwner: { keys: { owner: "S" }, projection: "KEYS_ONLY" } }, lsi: { byTitle: { keys: { pk: "S", title: "S" } } } },
);

describe("a data folder", { skip }, () => {
  test("keeps tables, items, indexes and counts when the server is stopped", async () => {
    const folder = newFolder();
    const items = Array.from({ length: 50 }, (_, sk) => ({ pk: `p${sk % 3}`, sk, title: `t${sk % 7}`, ...(sk % 2 && { owner: "o" }) }));
    const before = await serving(folder, async ({ ddb, doc }) => {
      await ddb.createTable({ TableName, ...description });
      await active(ddb, TableName);
      for (const Item of items) await doc.put({ TableName, Item });
      await doc.delete({ TableName, Key: { pk: "p0", sk: 0 } });
      return (await ddb.describeTable({ TableName })).Table;
    });
    await serving(folder, async ({ ddb, doc }) => {
      const after = (await ddb.describeTable({ TableName })).Table;
      assert.deepEqual(after, before);
      assert.equal(after.ItemCount, 49);
      const { Items } = await doc.scan({ TableName });
      assert.deepEqual(sorted(Items, "sk"), items.slice(1));
      assert.equal((await doc.scan({ TableName, IndexName: "byOwner" })).Count, 25);
      assert.equal((await doc.scan({ TableName, IndexName: "byTitle" })).Count, 49);
      await ddb.deleteTable({ TableName });
    });
    await serving(folder, async ({ ddb }) => {
      assert.deepEqual((await ddb.listTables({})).TableNames.filter((name) => name === TableName), []);
    });
  });

  test("keeps every write that was answered when the server is killed", async () => {
    const folder = newFolder();
    const server = await startServer({ args: ["--data", folder] });
    const ddb = makeClient(server.endpoint);
    await ddb.createTable({ TableName, ...description });
    await active(ddb, TableName);
    const answered = new Set();
    const writers = Array.from({ length: 8 }, async (_, w) => {
      for (let i = 0; ; i++) {
        const Item = { pk: { S: `w${w}` }, sk: { N: String(i) }, owner: { S: "o" } };
        await ddb.putItem({ TableName, Item });
        answered.add(`w${w}/${i}`);
        if (answered.size >= 200) server.child.kill("SIGKILL");
      }
    });
    await Promise.allSettled(writers);
    await server.child.finished;
    ddb.destroy();
    assert.ok(answered.size >= 200);
    await serving(folder, async ({ doc }) => {
      const read = async (more) => new Set((await doc.scan({ TableName, ...more })).Items.map(({ pk, sk }) => `${pk}/${sk}`));
      const found = await read();
      assert.deepEqual([...answered].filter((name) => !found.has(name)), []);
      assert.deepEqual(await read({ IndexName: "byOwner" }), found);
    });
  });

  test("is refused to a second server", async () => {
    const folder = newFolder();
    await serving(folder, async ({ ddb }) => {
      const second = turntable(["serve", "--data", folder, "--listen", "127.0.0.1:0"]);
      const { code } = await second.finished;
      assert.notEqual(code, 0);
      assert.match(second.output.stderr, /\S/);
      assert.ok((await ddb.listTables({})).TableNames);
    });
  });

  test("gets credentials of its own, readable by its owner only, when none are given", async () => {
    const folder = newFolder();
    const env = { TURNTABLE_ACCESS_KEY_ID: undefined, TURNTABLE_SECRET_ACCESS_KEY: undefined };
    const server = await startServer({ args: ["--data", folder], env });
    await server.stop();
    const secret = readdirSync(folder)
      .map((name) => [name, statSync(path.join(folder, name))])
      .filter(([name, s]) => s.isFile() && /cred/i.test(name));
    assert.equal(secret.length, 1, String(readdirSync(folder)));
    assert.equal(secret[0][1].mode & 0o777, 0o600);
  });

  test("that is a file is refused", async () => {
    const file = path.join(newFolder(), "file");
    writeFileSync(file, "");
    const child = turntable(["serve", "--data", file, "--listen", "127.0.0.1:0"]);
    const { code } = await child.finished;
    assert.notEqual(code, 0);
    assert.match(child.output.stderr, /\S/);
  });
});

describe("a server in memory", { skip }, () => {
  test("forgets", async () => {
    for (let i = 0; i < 2; i++) {
      const server = await startServer({ args: ["--in-memory"] });
      const ddb = makeClient(server.endpoint);
      assert.deepEqual((await ddb.listTables({})).TableNames, []);
      await ddb.createTable({ TableName, ...description });
      ddb.destroy();
      await server.stop();
    }
  });

  test("finishes what is in flight before it stops", async () => {
    const server = await startServer({ args: ["--in-memory"] });
    const ddb = makeClient(server.endpoint);
    await ddb.createTable({ TableName, ...description });
    await active(ddb, TableName);
    const writes = Array.from({ length: 50 }, (_, i) =>
      ddb.putItem({ TableName, Item: { pk: { S: "p" }, sk: { N: String(i) } } }).then(
        () => "answered",
        (error) => (["ECONNREFUSED", "ECONNRESET", "EPIPE"].includes(error.code) ? "not taken" : error),
      ),
    );
    await writes[0];
    await server.stop();
    for (const result of await Promise.all(writes)) assert.ok(["answered", "not taken"].includes(result), String(result));
    ddb.destroy();
  });
});
