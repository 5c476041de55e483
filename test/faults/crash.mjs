// The crash test: kills the server at random moments while clients write to a table with indexes, and looks each time
// whether anything that was answered is lost, or anything that was not is half done.
//
//     node test/faults/crash.mjs [KILLS] [SEED]        (50 kills; TURNTABLE_BIN names another binary)
//
// Every item has one writer, which has one request under way at a time. So after a kill an item must be what the last
// answer made it, or what the unanswered request would have made it: whole in either case, in the table, in its local and
// in its global index. A counter that all writers add to must lie between the additions answered and those sent. Now and
// then a global index is added or removed meanwhile, and the kill may hit its filling or erasing. The table has a stream,
// whose shards split all the time: each record must continue where the item's last one ended, and the last ones must say what
// the table has, so that none is missing, none too many, and none from a write that was lost.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { randomNumbers } from "../lib/random.js";
import { turntable } from "../lib/server.js";
import { Unanswered, all, records } from "./client.mjs";
import { Trial } from "./trial.mjs";

const kills = Number(process.argv[2] ?? 50);
const seed = Number(process.argv[3] ?? Date.now() % 1e9);
const writers = 8;
const itemsEach = 12;
const TableName = "crash";

// ---- chance, repeatable as far as the clients go ----

const chance = randomNumbers(seed);
const random = (below) => Math.floor(chance() * below);

// ---- the table ----

const indexes = {
  byOwner: { keys: ["owner", "rank"], project: (item) => item },
  byKind: { keys: ["kind", "rank"], project: ({ pk, sk, kind, rank, version }) => ({ pk, sk, kind, rank, version }) },
  byRank: { keys: ["pk", "rank"], project: ({ pk, sk, rank }) => ({ pk, sk, rank }) },
};
const schema = (hash, range) => [
  { AttributeName: hash, KeyType: "HASH" },
  { AttributeName: range, KeyType: "RANGE" },
];
const types = { pk: "S", sk: "S", owner: "S", rank: "N", kind: "S" };
const definitions = (...names) => names.map((AttributeName) => ({ AttributeName, AttributeType: types[AttributeName] }));

const table = {
  TableName,
  AttributeDefinitions: definitions("pk", "sk", "owner", "rank"),
  KeySchema: schema("pk", "sk"),
  BillingMode: "PAY_PER_REQUEST",
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  GlobalSecondaryIndexes: [
    { IndexName: "byOwner", KeySchema: schema("owner", "rank"), Projection: { ProjectionType: "ALL" } },
  ],
  LocalSecondaryIndexes: [
    { IndexName: "byRank", KeySchema: schema("pk", "rank"), Projection: { ProjectionType: "KEYS_ONLY" } },
  ],
};
const addIndex = {
  TableName,
  AttributeDefinitions: definitions("pk", "sk", "owner", "rank", "kind"),
  GlobalSecondaryIndexUpdates: [
    {
      Create: {
        IndexName: "byKind",
        KeySchema: schema("kind", "rank"),
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["version"] },
      },
    },
  ],
};
const removeIndex = {
  TableName,
  AttributeDefinitions: definitions("pk", "sk", "owner", "rank"),
  GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "byKind" } }],
};

async function settled(call) {
  for (;;) {
    const { Table } = await call("DescribeTable", { TableName });
    const statuses = [Table, ...(Table.GlobalSecondaryIndexes ?? [])].map((part) => part.TableStatus ?? part.IndexStatus);
    if (statuses.every((status) => status === "ACTIVE")) return Table;
    await pause(2);
  }
}

// ---- what the clients know ----

/** The items as they were last answered for, by their keys' text; an absent one is undefined. */
const known = new Map();
/** The items as requests without an answer would have left them. */
const possible = new Map();
const total = { answered: 0, sent: 0 };
let version = 0;

const nameOf = ({ pk, sk }) => `${pk.S} ${sk.S}`;
const keyOf = (writer, number) => ({ pk: { S: `writer ${writer}` }, sk: { S: `item ${number}` } });

function randomItem(key) {
  const item = { ...key, version: { N: String(++version) }, text: { S: "x".repeat(random(4) === 0 ? random(6000) : random(60)) } };
  if (random(4) > 0) item.owner = { S: `owner ${random(5)}` };
  if (random(5) > 0) item.rank = { N: String(random(20)) };
  if (random(3) > 0) item.kind = { S: `kind ${random(3)}` };
  return item;
}

/** A random request of a writer: its operation and input, and what it does to which items. */
function randomRequest(writer) {
  const key = keyOf(writer, random(itemsEach));
  const old = known.get(nameOf(key));
  const item = randomItem(key);
  switch (random(8)) {
    case 0:
      return ["DeleteItem", { TableName, Key: key }, [[key, undefined]]];
    case 1: {
      const ConditionExpression = "attribute_not_exists(pk)";
      return ["PutItem", { TableName, Item: item, ConditionExpression }, [[key, old ?? item]], old !== undefined];
    }
    case 2:
    case 3: {
      const { owner, ...rest } = { ...key, ...old, version: item.version, rank: { N: String(random(20)) } };
      const input = {
        TableName,
        Key: key,
        UpdateExpression: "SET version = :v, #r = :r REMOVE #o",
        ExpressionAttributeNames: { "#r": "rank", "#o": "owner" },
        ExpressionAttributeValues: { ":v": rest.version, ":r": rest.rank },
      };
      return ["UpdateItem", input, [[key, rest]]];
    }
    case 4: {
      const numbers = Array.from({ length: itemsEach }, (_, i) => i).filter(() => random(2) === 0);
      const keys = numbers.length === 0 ? [key] : numbers.map((number) => keyOf(writer, number));
      const changes = keys.map((each) => [each, random(3) === 0 ? undefined : randomItem(each)]);
      const requests = changes.map(([Key, Item]) => (Item ? { PutRequest: { Item } } : { DeleteRequest: { Key } }));
      return ["BatchWriteItem", { RequestItems: { [TableName]: requests } }, changes];
    }
    default:
      return ["PutItem", { TableName, Item: item }, [[key, item]]];
  }
}

// ---- the clients ----

const totalKey = { pk: { S: "total" }, sk: { S: "total" } };

async function addToTotal(call) {
  total.sent++;
  await call("UpdateItem", {
    TableName,
    Key: totalKey,
    UpdateExpression: "ADD n :one",
    ExpressionAttributeValues: { ":one": { N: "1" } },
  });
  total.answered++;
}

async function writeOnce(call, writer) {
  const [operation, input, changes, fails = false] = randomRequest(writer);
  for (const [key, item] of changes) possible.set(nameOf(key), item);
  try {
    const output = await call(operation, input);
    assert.ok(!fails, `${operation} succeeded against its condition`);
    assert.deepEqual(output.UnprocessedItems ?? {}, {});
  } catch (error) {
    if (!(fails && error.type === "ConditionalCheckFailedException")) throw error;
  }
  for (const [key, item] of changes) {
    known.set(nameOf(key), item);
    possible.delete(nameOf(key));
  }
}

/** Writes until the server is gone. */
async function write(call, writer, answered) {
  try {
    for (;;) {
      await (random(6) === 0 ? addToTotal(call) : writeOnce(call, writer));
      answered();
    }
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
  }
}

async function changeIndexes(call) {
  try {
    const { Table } = await call("DescribeTable", { TableName });
    await call("UpdateTable", Table.GlobalSecondaryIndexes.length === 1 ? addIndex : removeIndex);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
  }
}

// ---- the server ----

const trial = new Trial();
const start = (data) => trial.start({ data, options: ["--shard-records", "20"] });

/** A server that is killed while it starts: opens the folder, replays its log. */
async function killWhileStarting() {
  const child = turntable(["serve", "--data", trial.folder, "--listen", "127.0.0.1:0"]);
  await pause(random(40));
  child.kill("SIGKILL");
  await child.finished;
}

/** Starts, lets all writers write, and kills after a random number of answers. */
async function killWhileWriting(round) {
  const server = await start();
  let left = 1 + random(150);
  let enough;
  const killed = new Promise((resolve) => (enough = resolve)).then(() => trial.kill(server));
  const answered = () => --left <= 0 && enough();
  const clients = Array.from({ length: writers }, (_, writer) => write(server.call, writer, answered));
  if (round % 3 === 0) clients.push(changeIndexes(server.call));
  const failure = await Promise.all(clients).catch((error) => error);
  enough();
  await killed;
  await Promise.allSettled(clients);
  if (failure instanceof Error) throw failure;
}

// ---- the looking ----

/** The text of an item, the same for the same item. */
const text = (item) => item && JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));

function checkItem(name, actual) {
  if (possible.has(name) && text(actual) === text(possible.get(name))) known.set(name, actual);
  assert.equal(text(actual), text(known.get(name)), `item "${name}"`);
}

async function checkIndex(call, IndexName, items) {
  const { keys, project } = indexes[IndexName];
  const entries = await all(call, "Scan", { TableName, IndexName });
  const expected = items.filter((item) => keys.every((key) => key in item)).map(project);
  assert.deepEqual(entries.map(text).sort(), expected.map(text).sort(), `entries of ${IndexName}`);
  return expected.length;
}

async function checkStream(call, StreamArn, items) {
  const last = new Map();
  for (const { eventName, dynamodb } of await records(call, StreamArn)) {
    const name = nameOf(dynamodb.Keys);
    assert.equal(text(dynamodb.OldImage), text(last.get(name)), `the record before this ${eventName} of "${name}"`);
    last.set(name, dynamodb.NewImage);
  }
  for (const name of new Set([...last.keys(), ...items.keys()])) {
    assert.equal(text(last.get(name)), text(items.get(name)), `the last record of "${name}"`);
  }
}

/** Looks at everything after a restart, and takes what is there as known. */
async function check() {
  const server = await start();
  const { call } = server;
  const description = await settled(call);
  const scanned = await all(call, "Scan", { TableName, ConsistentRead: true });
  const items = new Map(scanned.map((item) => [nameOf(item), item]));
  assert.equal(items.size, scanned.length, "an item came twice");

  const sum = Number(items.get("total total")?.n.N ?? 0);
  assert.ok(sum >= total.answered && sum <= total.sent, `total ${sum}, answered ${total.answered}, sent ${total.sent}`);
  total.answered = total.sent = sum;
  for (let writer = 0; writer < writers; writer++) {
    for (let number = 0; number < itemsEach; number++) {
      const name = nameOf(keyOf(writer, number));
      checkItem(name, items.get(name));
    }
  }
  possible.clear();
  await checkStream(call, description.LatestStreamArn, items);
  assert.ok(scanned.length <= writers * itemsEach + 1, "an item that nobody wrote");

  assert.equal(description.ItemCount, scanned.length, "ItemCount");
  for (const { IndexName, ItemCount } of [...description.GlobalSecondaryIndexes, ...description.LocalSecondaryIndexes]) {
    assert.equal(ItemCount, await checkIndex(call, IndexName, scanned), `ItemCount of ${IndexName}`);
  }
  for (const item of scanned.filter(() => random(10) === 0)) {
    const { Item } = await call("GetItem", { TableName, Key: { pk: item.pk, sk: item.sk }, ConsistentRead: true });
    assert.equal(text(Item), text(item), "GetItem");
  }
  server.close();
  return { server, scanned, description };
}

const sizes = ({ TableSizeBytes, ItemCount, GlobalSecondaryIndexes: g, LocalSecondaryIndexes: l }) => ({
  TableSizeBytes,
  ItemCount,
  indexes: Object.fromEntries(
    [...g, ...l].map(({ IndexName, IndexSizeBytes, ItemCount: count }) => [IndexName, [IndexSizeBytes, count]]).sort(),
  ),
});

/** Sizes and counts, after all that was killed, are those of a fresh table with the same items. */
async function checkSizes() {
  const { server, scanned, description } = await check();
  const fresh = await start(["--in-memory"]);
  await fresh.call("CreateTable", table);
  await settled(fresh.call);
  if (description.GlobalSecondaryIndexes.length > 1) await fresh.call("UpdateTable", addIndex);
  for (const Item of scanned) await fresh.call("PutItem", { TableName, Item });
  assert.deepEqual(sizes(description), sizes(await settled(fresh.call)));
  for (const each of [server, fresh]) {
    each.child.kill("SIGTERM");
    each.close();
    assert.deepEqual(await each.child.finished, { code: 0, signal: null }, each.child.output.stderr);
  }
}

// ---- the whole ----

async function main() {
  assert.ok(Number.isInteger(kills) && kills > 0, "usage: crash.mjs [KILLS] [SEED]");
  const server = await start();
  await server.call("CreateTable", table);
  await settled(server.call);
  await trial.kill(server);

  for (let round = 1; round <= kills && trial.failed === 0; round++) {
    await trial.attempt(`kill ${round} (seed ${seed})`, async () => {
      await killWhileWriting(round);
      if (round % 5 === 0) await killWhileStarting();
      const { server: looked } = await check();
      await trial.kill(looked);
    });
  }
  if (trial.failed === 0) await trial.attempt(`sizes (seed ${seed})`, checkSizes);
}

await trial.run(main);
