// An index that is added is filled while others write, and after a restart. In the end it is what the same index is that
// was there from the beginning: entries, count and size.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, describe, test } from "node:test";
import { active, fails, makeClient, open, pages, tableInput } from "../lib/turntable.js";
import { elsewhere, startServer, temporaryFolder } from "../lib/server.js";

const skip = elsewhere && "asks for what only a server with real filling does";

const indexes = {
  byOwner: { keys: { owner: "S" } },
  byOwnerAndRank: { keys: { owner: "S", rank: "N" }, projection: "KEYS_ONLY" },
  byRank: { keys: { rank: "N" }, projection: ["more"] },
};
const renamed = (suffix) => Object.fromEntries(Object.entries(indexes).map(([name, index]) => [name + suffix, index]));

/** Adds one index, as CreateTable would have made it; does not wait. */
function addIndex(ddb, TableName, name, index) {
  const { AttributeDefinitions, GlobalSecondaryIndexes } = tableInput({ pk: "S" }, { gsi: { [name]: index } });
  return ddb.updateTable({
    TableName,
    AttributeDefinitions: AttributeDefinitions.filter(({ AttributeName }) => AttributeName !== "pk"),
    GlobalSecondaryIndexUpdates: [{ Create: GlobalSecondaryIndexes[0] }],
  });
}

const removeIndex = (ddb, TableName, IndexName) =>
  ddb.updateTable({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] });

async function entries(ddb, TableName, IndexName) {
  const { Items } = await pages((input) => ddb.scan(input), { TableName, IndexName });
  return Items.map((item) => JSON.stringify(Object.entries(item).sort())).sort();
}

/** Asserts that each index that was added has what its counterpart has that was there before, and that all counts are right. */
async function assertFilled(ddb, TableName) {
  const table = await active(ddb, TableName);
  const counted = Object.fromEntries(table.GlobalSecondaryIndexes.map((index) => [index.IndexName, index]));
  assert.equal(table.ItemCount, (await entries(ddb, TableName)).length);
  for (const { IndexName, ItemCount, IndexSizeBytes } of table.GlobalSecondaryIndexes) {
    const old = IndexName.replace(/New$/, "Old");
    const found = await entries(ddb, TableName, IndexName);
    assert.equal(ItemCount, found.length, IndexName);
    assert.deepEqual(found, await entries(ddb, TableName, old), IndexName);
    assert.deepEqual([ItemCount, IndexSizeBytes], [counted[old].ItemCount, counted[old].IndexSizeBytes], IndexName);
  }
  return counted;
}

/** Item number n, in one of its forms: with or without the keys of the indexes. */
function itemOf(n, form) {
  return {
    pk: { S: `item ${n}` },
    ...(form % 4 !== 3 && { owner: { S: `o${form % 7}` } }),
    ...(form % 5 !== 4 && { rank: { N: String((form % 11) - 5) } }),
    ...(form % 3 && { more: { S: "m".repeat(form % 50) } }),
  };
}

async function fill(ddb, TableName, count) {
  for (let n = 0; n < count; n += 25) {
    const requests = Array.from({ length: Math.min(25, count - n) }, (_, i) => ({ PutRequest: { Item: itemOf(n + i, n + i) } }));
    await ddb.batchWriteItem({ RequestItems: { [TableName]: requests } });
  }
}

/** Writes until it is stopped: puts, updates and deletes, half of them of few items that many write. */
function writers(ddb, TableName, items, count) {
  let stopped = false;
  let written = 0;
  const write = async (w) => {
    for (let i = 0; !stopped; i++) {
      const n = i % 2 ? (i + w) % 3 : (i * 7 + w * 31) % items;
      const key = { pk: { S: `item ${n}` } };
      const kind = (i * 3 + w) % 5;
      if (kind < 2) await ddb.putItem({ TableName, Item: itemOf(n, i * 13 + w) });
      else if (kind === 2) await ddb.deleteItem({ TableName, Key: key });
      else {
        const values = { ":o": { S: `o${(i + w) % 7}` }, ":r": { N: "1" } };
        await ddb.updateItem({ TableName, Key: key, UpdateExpression: "SET #o = :o ADD #r :r REMOVE more", ExpressionAttributeNames: { "#o": "owner", "#r": "rank" }, ExpressionAttributeValues: values });
      }
      written++;
    }
  };
  const all = Promise.all(Array.from({ length: count }, (_, w) => write(w)));
  return {
    written: () => written,
    stop: async () => {
      stopped = true;
      await all;
    },
  };
}

describe("an index that is added", { skip }, () => {
  test("is right though others write while it is filled, also when it is removed and added again", async () => {
    const { ddb, table } = await open();
    const TableName = await table({ pk: "S" }, { gsi: renamed("Old") });
    await fill(ddb, TableName, 600);
    const load = writers(ddb, TableName, 600, 12);
    for (let round = 0; round < 2; round++) {
      for (const [name, index] of Object.entries(renamed("New"))) {
        await addIndex(ddb, TableName, name, index);
        await active(ddb, TableName);
      }
      if (round === 1) break;
      for (const name of Object.keys(renamed("New"))) {
        await removeIndex(ddb, TableName, name);
        await active(ddb, TableName);
      }
    }
    const before = load.written();
    await load.stop();
    assert.ok(before > 0);
    assert.equal(Object.keys(await assertFilled(ddb, TableName)).length, 6);
  });

  test("can be given up at once, whether it is filled already or not", async () => {
    const { ddb, table } = await open();
    const TableName = await table({ pk: "S" }, { gsi: renamed("Old") });
    await fill(ddb, TableName, 1000);
    for (let round = 0; round < 8; round++) {
      await addIndex(ddb, TableName, "byOwnerNew", indexes.byOwner);
      await removeIndex(ddb, TableName, "byOwnerNew");
      await active(ddb, TableName);
    }
    const left = await assertFilled(ddb, TableName);
    assert.deepEqual(Object.keys(left).sort(), Object.keys(renamed("Old")).sort());
  });

  test("leaves out items whose value no key can have, and they can be changed and removed still", async () => {
    const { ddb, table } = await open();
    const TableName = await table({ pk: "S" });
    const values = { good: { S: "o" }, empty: { S: "" }, number: { N: "1" }, long: { S: "x".repeat(2049) }, huge: { S: "x".repeat(300000) } };
    for (const [pk, owner] of Object.entries(values)) await ddb.putItem({ TableName, Item: { pk: { S: pk }, owner } });
    await addIndex(ddb, TableName, "byOwner", indexes.byOwner);
    const { GlobalSecondaryIndexes } = await active(ddb, TableName);
    const { Items } = await ddb.scan({ TableName, IndexName: "byOwner" });
    assert.deepEqual(Items, [{ pk: { S: "good" }, owner: { S: "o" } }]);
    assert.equal(GlobalSecondaryIndexes[0].ItemCount, 1);

    for (const pk of Object.keys(values)) {
      const Key = { pk: { S: pk } };
      await ddb.updateItem({ TableName, Key, UpdateExpression: "SET more = :m", ExpressionAttributeValues: { ":m": { S: "m" } } });
    }
    await fails(
      ddb.updateItem({ TableName, Key: { pk: { S: "good" } }, UpdateExpression: "SET #o = :o", ExpressionAttributeNames: { "#o": "owner" }, ExpressionAttributeValues: { ":o": values.long } }),
      "ValidationException",
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes",
    );
    for (const pk of Object.keys(values)) await ddb.deleteItem({ TableName, Key: { pk: { S: pk } } });
    const empty = await active(ddb, TableName);
    assert.deepEqual([empty.ItemCount, empty.TableSizeBytes], [0, 0]);
    assert.deepEqual([empty.GlobalSecondaryIndexes[0].ItemCount, empty.GlobalSecondaryIndexes[0].IndexSizeBytes], [0, 0]);
  });

  test("is filled to the end, and one that is removed is erased, when the server is killed meanwhile", async () => {
    const folder = temporaryFolder();
    after(() => rmSync(folder, { recursive: true, force: true }));
    const TableName = "filled";
    const killing = async (use) => {
      const server = await startServer({ args: ["--data", folder] });
      const ddb = makeClient(server.endpoint);
      const failure = await use(ddb).then(() => undefined, (error) => error);
      const ended = server.child.exitCode ?? server.child.signalCode; // by itself, if at all
      ddb.destroy(); // before, so that no connection of it is cut
      server.child.kill("SIGKILL");
      await server.child.finished;
      assert.equal(ended, null, `the server ended: ${server.child.output.stderr}`);
      if (failure) throw new Error(`${failure.message}; the server said: ${server.child.output.stderr}`, { cause: failure });
    };
    await killing(async (ddb) => {
      await ddb.createTable({ TableName, ...tableInput({ pk: "S" }, { gsi: renamed("Old") }) });
      await active(ddb, TableName);
      await fill(ddb, TableName, 2000);
      await addIndex(ddb, TableName, "byOwnerNew", indexes.byOwner);
    });
    await killing(async (ddb) => {
      await assertFilled(ddb, TableName);
      await removeIndex(ddb, TableName, "byOwnerNew");
    });
    await killing(async (ddb) => {
      const { GlobalSecondaryIndexes } = await active(ddb, TableName);
      assert.deepEqual(GlobalSecondaryIndexes.map((i) => i.IndexName).sort(), Object.keys(renamed("Old")).sort());
      await addIndex(ddb, TableName, "byOwnerNew", indexes.byOwner);
      assert.equal(Object.keys(await assertFilled(ddb, TableName)).length, 4);
    });
  });
});
