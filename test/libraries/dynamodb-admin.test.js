// dynamodb-admin (npm), as its users start it: a program that shows the server's tables in a browser.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { printed, start } from "../lib/process.js";
import { open, uniqueName } from "./lib.js";

const endpoint = await open();
const program = createRequire(import.meta.url).resolve("dynamodb-admin/dist/dynamodb-admin.js");
const admin = start(process.execPath, [program, "--host", "127.0.0.1", "--port", "0", "--skip-default-credentials", "--dynamo-endpoint", endpoint]);
after(async () => {
  admin.kill("SIGTERM");
  await admin.finished;
});
const [, url] = await printed(admin, /listening on (http:\/\/[\d.:]+)/);

const table = uniqueName("albums");
const tablePath = `/tables/${table}`;
const itemPath = (artist, year) => `${tablePath}/items/${encodeURIComponent(artist)},${year}`;

/** Asks for a page, as the browser does; resolves with its text. */
async function page(path, { method = "GET", body, status = 200 } = {}) {
  const response = await fetch(url + path, { method, body: body && JSON.stringify(body), headers: body && { "Content-Type": "application/json" } });
  const text = await response.text();
  assert.equal(response.status, status, text);
  return text;
}
const json = async (path, options) => JSON.parse(await page(path, options));
const query = (parameters) => `${tablePath}/items?${new URLSearchParams(parameters)}`;

test("creates a table with indexes", async () => {
  const throughput = { ReadCapacityUnits: 3, WriteCapacityUnits: 3 };
  await page("/create-table");
  await page("/create-table", {
    method: "POST",
    status: 204,
    body: {
      TableDefinition: { TableName: table, HashAttributeName: "artist", HashAttributeType: "S", RangeAttributeName: "year", RangeAttributeType: "N", ...throughput },
      SecondaryIndexes: [
        { IndexType: "global", IndexName: "byGenre", HashAttributeName: "genre", HashAttributeType: "S", ...throughput },
        { IndexType: "local", IndexName: "byTitle", HashAttributeName: "artist", HashAttributeType: "S", RangeAttributeName: "title", RangeAttributeType: "S" },
      ],
    },
  });
});

test("lists the tables", async () => {
  assert.match(await page("/"), new RegExp(`data-table-name=["']${table}["']`));
  const made = (await json("/api/tables")).find(({ TableName }) => TableName === table);
  assert.deepEqual(made.KeySchema, [{ AttributeName: "artist", KeyType: "HASH" }, { AttributeName: "year", KeyType: "RANGE" }]);
  assert.deepEqual([made.GlobalSecondaryIndexes[0].IndexName, made.LocalSecondaryIndexes[0].IndexName], ["byGenre", "byTitle"]);
});

test("shows a table and what it is made of", async () => {
  assert.match(await page(tablePath), new RegExp(table));
  assert.match(await page(`${tablePath}/meta`), /byGenre/);
  assert.match(await page(`${tablePath}/get`), /artist/);
});

test("adds, shows and changes an item", async () => {
  const item = { artist: "Ada & Co", year: 1999, title: "First", genre: "jazz", tracks: ["a", { minutes: 3 }], live: true };
  await page(`${tablePath}/add-item`);
  assert.deepEqual(await json(`${tablePath}/add-item`, { method: "PUT", body: item }), { artist: item.artist, year: item.year });
  assert.match(await page(itemPath("Ada & Co", 1999)), /First/);
  assert.deepEqual(await json(itemPath("Ada & Co", 1999), { method: "PUT", body: { ...item, title: "Changed" } }), { ...item, title: "Changed" });
  assert.equal(await page(itemPath("Nobody", 1), { status: 404 }), "Not found");
});

test("shows items, page by page", async () => {
  for (let year = 2001; year <= 2030; year++) {
    await json(`${tablePath}/add-item`, { method: "PUT", body: { artist: "Ben", year, title: `Album ${year}`, genre: year % 2 ? "folk" : "jazz" } });
  }
  const first = await json(query({ pageSize: 20 }));
  const second = await json(query({ pageSize: 20, startKey: decodeURIComponent(first.nextKey) }));
  assert.equal(first.Items.length, 20);
  assert.equal(second.nextKey, null);
  const years = [...first.Items, ...second.Items].map(({ year }) => year);
  assert.deepEqual(years.sort((a, b) => a - b), [1999, ...Array.from({ length: 30 }, (_, i) => 2001 + i)]);
});

test("scans and queries, also an index", async () => {
  const find = async (filters, more) => (await json(query({ filters: JSON.stringify(filters), ...more }))).Items.map(({ year }) => year);
  const folk = { genre: { operator: "=", value: "folk", type: "S" } };
  const late = { year: { operator: ">=", value: "2025", type: "N" } };
  assert.deepEqual((await find({ ...folk, ...late })).sort(), [2025, 2027, 2029]);
  assert.deepEqual(await find({ artist: { operator: "=", value: "Ben", type: "S" }, ...late }, { operationType: "query" }), [2025, 2026, 2027, 2028, 2029, 2030]);
  assert.deepEqual((await find({ ...folk, ...late }, { operationType: "query", queryableSelection: "byGenre" })).sort(), [2025, 2027, 2029]);
  assert.deepEqual(await find({ title: { operator: "begins_with", value: "Album 203", type: "S" } }), [2030]);
});

test("deletes an item, all items, and the table", async () => {
  await page(itemPath("Ben", 2001), { method: "DELETE", status: 204 });
  await page(itemPath("Ben", 2001), { status: 404 });
  await page(`${tablePath}/all`, { method: "DELETE" });
  assert.deepEqual((await json(query({}))).Items, []);
  await page(tablePath, { method: "DELETE", status: 204 });
  assert.ok((await json("/api/tables")).every(({ TableName }) => TableName !== table));
});

test("shows the server's errors", async () => {
  assert.match((await json(tablePath, { status: 500 })).message, new RegExp(`Table: ${table} not found`));
});
