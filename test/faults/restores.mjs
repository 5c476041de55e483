// The test of restores: tables are restored to chosen moments while clients write, and the server is killed while it makes
// backups and while it restores.
//
//     node test/faults/restores.mjs [ROUNDS] [SEED]        (12 rounds; TURNTABLE_BIN names another binary)
//
// Every item has one writer, which has one request under way at a time: a put, an update, a deletion, a batch or a
// transaction. So a table as it was at a moment must show, of each writer, all requests up to some number and none after it,
// where those that were answered before the moment are among them, and those that were begun after it are not. A batch or
// transaction that is there in part is no such state, and neither is an item from before and one from after.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { randomNumbers } from "../lib/random.js";
import { Refused, Unanswered, all } from "./client.mjs";
import { Trial } from "./trial.mjs";

const rounds = Number(process.argv[2] ?? 12);
const seed = Number(process.argv[3] ?? Date.now() % 1e9);
const WRITERS = 8;
const ITEMS_EACH = 10;
const FILLERS = 6000; // items that nobody changes, so that a restore takes a while
const KILLS_AT_MOST = 40; // until one hits a restore in the middle
const TableName = "restores";

const chance = randomNumbers(seed);
const random = (below) => Math.floor(chance() * below);
let ticks = 0; // the order of what this process sends and hears

// ---- the table ----

const table = {
  TableName,
  AttributeDefinitions: ["pk", "sk", "owner"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  BillingMode: "PAY_PER_REQUEST",
  GlobalSecondaryIndexes: [
    { IndexName: "byOwner", KeySchema: [{ AttributeName: "owner", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } },
  ],
};

/** The text of an item, the same for the same item. */
const text = (item) => item && JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
const nameOf = ({ pk, sk }) => `${pk.S} ${sk.S}`;

async function fill(call) {
  const filler = (n) => ({ pk: { S: `filler ${n % 97}` }, sk: { S: `${n}` }, text: { S: "x".repeat(800) } });
  const part = async (from) => {
    for (let n = from; n < FILLERS; n += 4 * 25) {
      const requests = Array.from({ length: 25 }, (_, i) => ({ PutRequest: { Item: filler(n + i) } }));
      await call("BatchWriteItem", { RequestItems: { [TableName]: requests } });
    }
  };
  await Promise.all([0, 25, 50, 75].map(part));
}

// ---- the writers ----

/** What a writer asked for, in order: { changes, begun, ended, beganAt, endedAt } with ticks and milliseconds. */
const written = Array.from({ length: WRITERS }, () => []);
let version = 0;

function randomChange(key) {
  if (random(4) === 0) return [key, undefined];
  const item = { ...key, version: { N: `${++version}` }, text: { S: "y".repeat(random(300)) } };
  if (random(3) > 0) item.owner = { S: `owner ${random(4)}` };
  return [key, item];
}

/** A random request: its operation and input, and what it does to which items. */
function randomRequest(writer) {
  const keys = Array.from({ length: ITEMS_EACH }, (_, n) => ({ pk: { S: `writer ${writer} ${n % 3}` }, sk: { S: `item ${n}` } }));
  const some = keys.filter(() => random(3) === 0).map(randomChange);
  const [key, item] = randomChange(keys[random(ITEMS_EACH)]);
  switch (some.length === 0 ? 0 : random(4)) {
    case 1: {
      const requests = some.map(([Key, Item]) => (Item ? { PutRequest: { Item } } : { DeleteRequest: { Key } }));
      return ["BatchWriteItem", { RequestItems: { [TableName]: requests } }, some];
    }
    case 2: {
      const actions = some.map(([Key, Item]) => (Item ? { Put: { TableName, Item } } : { Delete: { TableName, Key } }));
      return ["TransactWriteItems", { TransactItems: actions }, some];
    }
    default:
      return item ? ["PutItem", { TableName, Item: item }, [[key, item]]] : ["DeleteItem", { TableName, Key: key }, [[key]]];
  }
}

const ended = (request) => Object.assign(request, { ended: ++ticks, endedAt: Date.now() });

/** Writes until it is told to stop, or the server is gone. */
async function write(call, writer, load) {
  while (!load.stopped) {
    const [operation, input, changes] = randomRequest(writer);
    const request = { changes, begun: ++ticks, beganAt: Date.now(), ended: Infinity, endedAt: Infinity };
    written[writer].push(request);
    try {
      const output = await call(operation, input);
      assert.deepEqual(output.UnprocessedItems ?? {}, {});
    } catch (error) {
      if (error instanceof Unanswered) return;
      throw error;
    }
    ended(request);
  }
}

function startLoad(call) {
  const load = { stopped: false };
  load.over = Promise.all(written.map((_, writer) => write(call, writer, load)));
  load.over.catch(() => {}); // it is awaited where it can be told
  load.stop = () => ((load.stopped = true), load.over);
  return load;
}

// ---- the checking ----

/** Whether the writer's items are those after some number of its requests, from `least` to `most`; resolves with the number. */
function prefixOf(requests, actual, least, most) {
  const state = new Map();
  for (let count = 0; count <= most; count++) {
    if (count > 0) for (const [key, item] of requests[count - 1].changes) state.set(nameOf(key), text(item));
    if (count < least) continue;
    const names = new Set([...state.keys(), ...actual.keys()]);
    if ([...names].every((name) => state.get(name) === actual.get(name))) return count;
  }
  return undefined;
}

function itemsOfWriter(items, writer) {
  return new Map(items.filter(({ pk }) => pk.S.startsWith(`writer ${writer} `)).map((item) => [nameOf(item), text(item)]));
}

/** The items are those of a moment: `before` tells of a request that is surely in it, `after` of one that surely is not. */
function checkItems(items, before, after, what) {
  assert.equal(items.filter(({ pk }) => pk.S.startsWith("filler ")).length, FILLERS, `${what}: fillers`);
  let writers = 0;
  written.forEach((requests, writer) => {
    const actual = itemsOfWriter(items, writer);
    const least = requests.filter(before).length;
    const most = requests.length - requests.filter(after).length;
    writers += actual.size;
    assert.notEqual(prefixOf(requests, actual, least, most), undefined, `${what}: writer ${writer}, after ${least} to ${most} of ${requests.length} requests`);
  });
  assert.equal(items.length, FILLERS + writers, `${what}: an item of nobody`);
}

async function checkTable(call, name, before, after, what) {
  const description = await active(call, name);
  const items = await all(call, "Scan", { TableName: name, ConsistentRead: true });
  checkItems(items, before, after, what);
  const entries = await all(call, "Scan", { TableName: name, IndexName: "byOwner" });
  assert.deepEqual(entries.map(text).sort(), items.filter(({ owner }) => owner).map(text).sort(), `${what}: entries of the index`);
  assert.equal(description.ItemCount, items.length, `${what}: ItemCount`);
  assert.equal(description.GlobalSecondaryIndexes[0].ItemCount, entries.length, `${what}: ItemCount of the index`);
  await call("DeleteTable", { TableName: name });
}

async function active(call, name) {
  for (;;) {
    const { Table } = await call("DescribeTable", { TableName: name });
    if (Table.TableStatus === "ACTIVE") return Table;
    await pause(5);
  }
}

/** After a restart: which of the requests without an answer happened. */
async function settle(call) {
  const items = await all(call, "Scan", { TableName, ConsistentRead: true });
  written.forEach((requests, writer) => {
    const last = requests.at(-1);
    if (last?.ended !== Infinity) return;
    const actual = itemsOfWriter(items, writer);
    const count = prefixOf(requests, actual, requests.length - 1, requests.length);
    assert.notEqual(count, undefined, `writer ${writer} after a kill`);
    if (count < requests.length) requests.pop();
    else ended(last);
  });
}

const trial = new Trial();

// ---- the rounds ----

let targets = 0;
const target = () => `restored-${++targets}`;

/** The load goes on while a table is restored to a whole second in its middle. */
async function restoreToSecond(server) {
  const { call } = server;
  const load = startLoad(call);
  const second = Math.ceil((Date.now() + 200) / 1000) * 1000;
  await pause(second - Date.now() + 2 + random(300));
  const name = target();
  await call("RestoreTableToPointInTime", { SourceTableName: TableName, TargetTableName: name, RestoreDateTime: second / 1000 });
  await active(call, name);
  await load.stop();
  await checkTable(call, name, ({ endedAt }) => endedAt <= second, ({ beganAt }) => beganAt > second, `at ${second}`);
  return server;
}

/** A backup is asked for under load, and the server is killed: the backup is whole, or it is not there. */
async function killDuringBackup(server) {
  const load = startLoad(server.call);
  await pause(50 + random(300));
  const begun = ++ticks;
  const asked = server.call("CreateBackup", { TableName, BackupName: `backup-${begun}` }).then(
    ({ BackupDetails }) => ({ arn: BackupDetails.BackupArn, ended: ++ticks }),
    (error) => (error instanceof Unanswered ? undefined : Promise.reject(error)),
  );
  await pause(random(25));
  await trial.kill(server);
  const answer = await asked;
  await load.over;
  const next = await trial.start();
  const end = answer?.ended ?? ++ticks;
  await settle(next.call);

  const { BackupSummaries } = await next.call("ListBackups", { TableName });
  if (answer) assert.equal(BackupSummaries[0]?.BackupArn, answer.arn, "a backup that was answered is gone");
  for (const { BackupArn } of BackupSummaries) {
    const name = target();
    await next.call("RestoreTableFromBackup", { TargetTableName: name, BackupArn });
    await checkTable(next.call, name, (r) => r.ended < begun, (r) => r.begun > end, "a backup after a kill");
    await next.call("DeleteBackup", { BackupArn });
  }
  return next;
}

/** Kills the server once the first items are there, or after some milliseconds. */
async function killSoon(server, name) {
  if (random(3) === 0) await pause(random(100));
  else
    for (let count = 0; count === 0; )
      count = await server.call("DescribeTable", { TableName: name }).then(({ Table }) => Table.ItemCount, () => 0);
  await trial.kill(server);
}

/** Kills the server while it restores; resolves with the next server, and whether that hit it in the middle. */
async function killRestore(server, name, input) {
  const asked = server.call(...input(name)).catch((error) => error);
  await killSoon(server, name);
  const answer = await asked;
  if (answer instanceof Refused) throw answer;
  const next = await trial.start();
  const { Table } = await next.call("DescribeTable", { TableName: name }).catch((error) => {
    if (error.type === "ResourceNotFoundException" && answer instanceof Unanswered) return {};
    throw error;
  });
  return { next, exists: Table !== undefined, middle: Table?.TableStatus === "CREATING" && Table.ItemCount > 0 };
}

/** A restore that is killed goes on after the restart, and its table is what it would have been. */
async function killDuringRestore(server) {
  const load = startLoad(server.call);
  await pause(100 + random(200));
  const begun = ++ticks;
  const { BackupDetails } = await server.call("CreateBackup", { TableName, BackupName: "before-the-kill" });
  const end = ++ticks;
  const time = Date.now();
  await pause(50 + random(200));
  await load.stop();
  const { BackupArn } = BackupDetails;
  const fromBackup = (name) => ["RestoreTableFromBackup", { TargetTableName: name, BackupArn }];
  const toTime = (name) => ["RestoreTableToPointInTime", { SourceTableName: TableName, TargetTableName: name, RestoreDateTime: time / 1000 }];
  let next = server;
  for (const [input, before, after] of [
    [fromBackup, (r) => r.ended < begun, (r) => r.begun > end],
    [toTime, ({ endedAt }) => endedAt <= time, ({ beganAt }) => beganAt > time],
  ]) {
    for (let kills = 0, middle = false; !middle; kills++) {
      assert.ok(kills < KILLS_AT_MOST, "no kill hit a restore in the middle");
      const name = target();
      const result = await killRestore(next, name, input);
      ({ next, middle } = result);
      if (result.exists) await checkTable(next.call, name, before, after, "a restore that was killed");
    }
  }
  await next.call("DeleteBackup", { BackupArn });
  return next;
}

// ---- the whole ----

async function main() {
  assert.ok(Number.isInteger(rounds) && rounds > 0, "usage: restores.mjs [ROUNDS] [SEED]");
  let server = await trial.start();
  await server.call("CreateTable", table);
  await fill(server.call);
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  await server.call("UpdateContinuousBackups", { TableName, PointInTimeRecoverySpecification });
  await pause(5);

  for (let round = 0; round < rounds && trial.failed === 0; round++) {
    const action = [restoreToSecond, killDuringBackup, killDuringRestore][round % 3];
    server = await trial.attempt(`round ${round}, ${action.name} (seed ${seed})`, () => action(server));
  }
}

await trial.run(main);
