// Does time to live work: its states, its checks, and the removal of what has expired?

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, uniqueName, until } from "../lib/turntable.js";

const { ddb, doc, table } = await open();

const seconds = (fromNow) => Math.floor(Date.now() / 1000) + fromNow;
const specify = (TableName, Enabled, AttributeName = "until") =>
  ddb.updateTimeToLive({ TableName, TimeToLiveSpecification: { Enabled, AttributeName } });
const describe = async (TableName) => (await ddb.describeTimeToLive({ TableName })).TimeToLiveDescription;
const settled = (TableName, status) => until(async () => (await describe(TableName)).TimeToLiveStatus === status);
const gone = (TableName, Key) => until(async () => !(await doc.get({ TableName, Key })).Item);

test("a table begins without it, and says what it is set to", async () => {
  const TableName = await table({ id: "S" });
  assert.deepEqual(await describe(TableName), { TimeToLiveStatus: "DISABLED" });

  const { TimeToLiveSpecification } = await specify(TableName, true);
  assert.deepEqual(TimeToLiveSpecification, { AttributeName: "until", Enabled: true });
  await settled(TableName, "ENABLED");
  assert.deepEqual(await describe(TableName), { TimeToLiveStatus: "ENABLED", AttributeName: "until" });

  await specify(TableName, false);
  await settled(TableName, "DISABLED");
  assert.deepEqual(await describe(TableName), { TimeToLiveStatus: "DISABLED" });
});

test("what expires is removed, with its index entries and counts, and the rest stays", async () => {
  const TableName = await table(
    { id: "S", at: "N" },
    { gsi: { byOwner: { keys: { owner: "S" } } }, lsi: { byName: { keys: { id: "S", name: "S" } } } },
  );
  await specify(TableName, true);
  await settled(TableName, "ENABLED");
  const item = (at, until) => ({ id: "a", at, owner: "ana", name: `n${at}`, ...(until !== undefined && { until }) });
  for (const Item of [item(1, seconds(-10)), item(2, seconds(3600)), item(3), item(4, String(seconds(-10))), item(5, seconds(1))])
    await doc.put({ TableName, Item });

  await gone(TableName, { id: "a", at: 1 });
  await gone(TableName, { id: "a", at: 5 });
  const left = [2, 3, 4];
  const numbers = (answer) => answer.Items.map(({ at }) => at).sort();
  assert.deepEqual(numbers(await doc.scan({ TableName })), left);
  for (const [IndexName, name, value] of [["byOwner", "owner", "ana"], ["byName", "id", "a"]]) {
    const answer = await doc.query({
      TableName,
      IndexName,
      KeyConditionExpression: "#k = :v",
      ExpressionAttributeNames: { "#k": name },
      ExpressionAttributeValues: { ":v": value },
    });
    assert.deepEqual(numbers(answer), left);
  }
  const { Table } = await ddb.describeTable({ TableName });
  assert.equal(Table.ItemCount, 3);
  assert.equal(Table.GlobalSecondaryIndexes[0].ItemCount, 3);
});

test("items that were there before are removed too", async () => {
  const TableName = await table({ id: "N" });
  for (let id = 0; id < 250; id++) {
    await doc.put({ TableName, Item: { id, until: id % 2 ? seconds(-60) : seconds(3600) } });
  }
  await specify(TableName, true);
  await until(async () => (await doc.scan({ TableName, Select: "COUNT" })).Count === 125);
  const { Items } = await doc.scan({ TableName });
  assert.ok(Items.every(({ id }) => id % 2 === 0));
});

test("times that are not whole, far past, negative or no numbers", async () => {
  const TableName = await table({ id: "S" });
  await specify(TableName, true);
  await settled(TableName, "ENABLED");
  const year = 365 * 24 * 3600;
  const kept = { text: "1", zero: 0, negative: -5, old: seconds(-6 * year), late: 1e15, list: [1], millis: Date.now() };
  for (const [id, value] of Object.entries(kept)) await doc.put({ TableName, Item: { id, until: value } });
  await doc.put({ TableName, Item: { id: "fraction", until: seconds(-10) + 0.5 } });
  await doc.put({ TableName, Item: { id: "recent", until: seconds(-4 * year) } });
  await gone(TableName, { id: "fraction" });
  await gone(TableName, { id: "recent" });
  const { Items } = await doc.scan({ TableName });
  assert.deepEqual(Items.map(({ id }) => id).sort(), Object.keys(kept).sort());
});

test("an item whose time is moved in time stays", async () => {
  const TableName = await table({ id: "S" });
  await specify(TableName, true);
  await settled(TableName, "ENABLED");
  await doc.put({ TableName, Item: { id: "moved", until: seconds(2) } });
  await doc.put({ TableName, Item: { id: "freed", until: seconds(2) } });
  await doc.put({ TableName, Item: { id: "witness", until: seconds(2) } });
  await doc.update({
    TableName,
    Key: { id: "moved" },
    UpdateExpression: "SET #u = :later",
    ExpressionAttributeNames: { "#u": "until" },
    ExpressionAttributeValues: { ":later": seconds(3600) },
  });
  await doc.update({ TableName, Key: { id: "freed" }, UpdateExpression: "REMOVE #u", ExpressionAttributeNames: { "#u": "until" } });
  await gone(TableName, { id: "witness" });
  const { Items } = await doc.scan({ TableName });
  assert.deepEqual(Items.map(({ id }) => id).sort(), ["freed", "moved"]);
});

test("nothing is removed while it is off", async () => {
  const off = await table({ id: "S" });
  const on = await table({ id: "S" });
  await specify(on, true);
  await settled(on, "ENABLED");
  await specify(off, true);
  await settled(off, "ENABLED");
  await specify(off, false);
  await settled(off, "DISABLED");
  for (const TableName of [off, on]) await doc.put({ TableName, Item: { id: "a", until: seconds(-10) } });
  await gone(on, { id: "a" });
  assert.ok((await doc.get({ TableName: off, Key: { id: "a" } })).Item);
});

test("what AWS refuses", async () => {
  const TableName = await table({ id: "S" });
  const refused = (promise, name, message) => assert.rejects(promise, { name, message });
  await refused(specify(TableName, false), "ValidationException", "TimeToLive is already disabled");
  await specify(TableName, true);
  await settled(TableName, "ENABLED");
  await refused(specify(TableName, true), "ValidationException", "TimeToLive is already enabled");
  const other = "TimeToLive is active on a different AttributeName: current AttributeName is until";
  await refused(specify(TableName, true, "other"), "ValidationException", other);
  await refused(specify(TableName, false, "other"), "ValidationException", other);
  const nowhere = uniqueName();
  const missing = `Requested resource not found: Table: ${nowhere} not found`;
  await refused(specify(nowhere, true), "ResourceNotFoundException", missing);
  await refused(describe(nowhere), "ResourceNotFoundException", missing);
  await refused(
    specify(TableName, true, ""),
    "ValidationException",
    "1 validation error detected: Value '' at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: " +
      "Member must have length greater than or equal to 1",
  );
  await refused(
    ddb.updateTimeToLive({ TableName, TimeToLiveSpecification: {} }),
    "ValidationException",
    "2 validation errors detected: Value null at 'timeToLiveSpecification.attributeName' failed to satisfy constraint: " +
      "Member must not be null; Value null at 'timeToLiveSpecification.enabled' failed to satisfy constraint: Member must not be null",
  );
});
