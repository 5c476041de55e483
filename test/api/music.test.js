// The six tables of the music app, used as the app uses them: through the SDK, and the same data through the AWS CLI and
// boto3, each reading what the others wrote.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { active, open, pages, sorted } from "../lib/turntable.js";
import { musicTables } from "../lib/music.js";
import { run } from "../lib/process.js";
import { credentials } from "../lib/server.js";
import { debian, environment } from "../lib/programs.js";

const { endpoint, ddb, doc, table } = await open();

// Other test files may use the same endpoint, so that the app's names get a prefix.
const names = {};
const prefix = `m${process.pid}-${Date.now()}-`;
for (const [name, [keys, description]] of Object.entries(musicTables)) {
  names[name] = await table(keys, { ...description, TableName: prefix + name });
}

/** Runs `aws dynamodb ...`; resolves with its answer. */
async function aws(...args) {
  const { code, stdout, stderr } = await run(
    debian("aws"),
    ["--endpoint-url", endpoint, "--output", "json", "dynamodb", ...args.map((a) => (typeof a === "string" ? a : JSON.stringify(a)))],
    { env: environment },
  );
  if (code !== 0) throw Object.assign(new Error(stderr.trim()), { code });
  return stdout.trim() ? JSON.parse(stdout) : undefined;
}

/** Runs a script of Python that has boto3, its clients and the tables' names, and prints JSON; resolves with what it printed. */
async function python(script) {
  const program = `
import json, sys, boto3
from decimal import Decimal
from boto3.dynamodb.conditions import Key, Attr
from botocore.exceptions import ClientError
endpoint, names = sys.argv[1], json.loads(sys.argv[2])
dynamodb = boto3.resource("dynamodb", endpoint_url=endpoint)
client = dynamodb.meta.client
table = lambda name: dynamodb.Table(names[name])
def show(value):
    print(json.dumps(value, default=lambda v: sorted(v) if isinstance(v, set) else int(v) if v == int(v) else float(v)))
${script}`;
  const { code, stdout, stderr } = await run(debian("python3"), ["-W", "ignore", "-c", program, endpoint, JSON.stringify(names)], {
    env: environment,
  });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

const user = { id: "user-1", username: "ann", email: "ann@example.com", avatarUrl: "", createdAt: "2025-05-01T10:00:00.000Z" };
const track = (n, uploadedBy = "user-1") => ({
  id: `track-${n}`,
  title: `Song ${n}`,
  artist: "The Tests",
  duration: 180 + n,
  genres: ["rock", "jazz"],
  uploadedBy,
  stats: { plays: 0, likes: 0 },
});

describe("the SDK, as the app uses it", () => {
  test("the tables have the keys and the indexes that the app declares", async () => {
    for (const [name, [keys, description]] of Object.entries(musicTables)) {
      const made = await active(ddb, names[name]);
      assert.deepEqual(made.KeySchema.map((k) => k.AttributeName), Object.keys(keys));
      const indexes = (made.GlobalSecondaryIndexes ?? []).map((i) => [i.IndexName, i.KeySchema[0].AttributeName, i.Projection.ProjectionType]);
      assert.deepEqual(indexes, description ? [["byUserId", Object.keys(description.gsi.byUserId.keys)[0], "ALL"]] : []);
    }
  });

  test("a user signs up once", async () => {
    const signUp = () => doc.put({ TableName: names.UserTable, Item: user, ConditionExpression: "attribute_not_exists(id)" });
    await signUp();
    await assert.rejects(signUp(), { name: "ConditionalCheckFailedException" });
    assert.deepEqual((await doc.get({ TableName: names.UserTable, Key: { id: user.id } })).Item, user);
  });

  test("a user's tracks are listed by the index", async () => {
    for (let n = 1; n <= 30; n++) await doc.put({ TableName: names.TrackTable, Item: track(n, n % 3 ? "user-1" : "user-2") });
    const { Items } = await doc.query({
      TableName: names.TrackTable,
      IndexName: "byUserId",
      KeyConditionExpression: "uploadedBy = :user",
      ExpressionAttributeValues: { ":user": "user-2" },
    });
    assert.deepEqual(sorted(Items, "duration"), [3, 6, 9, 12, 15, 18, 21, 24, 27, 30].map((n) => track(n, "user-2")));
  });

  test("plays and likes are counted", async () => {
    const play = () =>
      doc.update({
        TableName: names.TrackTable,
        Key: { id: "track-1" },
        UpdateExpression: "SET stats.plays = stats.plays + :one",
        ExpressionAttributeValues: { ":one": 1 },
        ReturnValues: "ALL_NEW",
      });
    await Promise.all(Array.from({ length: 25 }, play));
    assert.equal((await play()).Attributes.stats.plays, 26);
  });

  test("a playlist is made, filled, reordered and listed by its owner", async () => {
    const playlist = { id: "list-1", owner: "user-1", name: "Morning", isPublic: true };
    await doc.put({ TableName: names.PlaylistTable, Item: playlist });
    await doc.batchWrite({
      RequestItems: {
        [names.PlaylistTrackTable]: [1, 2, 4, 5].map((n) => ({
          PutRequest: { Item: { playlistId: "list-1", trackId: `track-${n}`, position: n, addedAt: `2025-05-0${n}` } },
        })),
      },
    });
    await doc.delete({ TableName: names.PlaylistTrackTable, Key: { playlistId: "list-1", trackId: "track-2" } });
    const { Items } = await doc.query({
      TableName: names.PlaylistTrackTable,
      KeyConditionExpression: "playlistId = :list",
      ExpressionAttributeValues: { ":list": "list-1" },
    });
    assert.deepEqual(Items.map((i) => i.trackId), ["track-1", "track-4", "track-5"]);
    const { Responses } = await doc.batchGet({
      RequestItems: { [names.TrackTable]: { Keys: Items.map(({ trackId }) => ({ id: trackId })), ProjectionExpression: "id, title" } },
    });
    assert.deepEqual(sorted(Responses[names.TrackTable], "id"), [1, 4, 5].map((n) => ({ id: `track-${n}`, title: `Song ${n}` })));
    const lists = await doc.query({
      TableName: names.PlaylistTable,
      IndexName: "byUserId",
      KeyConditionExpression: "#owner = :user",
      ExpressionAttributeNames: { "#owner": "owner" },
      ExpressionAttributeValues: { ":user": "user-1" },
    });
    assert.deepEqual(lists.Items, [playlist]);
  });

  test("a favourite is set and taken back", async () => {
    const Key = { userId: "user-1", trackId: "track-4" };
    const isFavourite = async () => (await doc.get({ TableName: names.FavouriteTable, Key })).Item !== undefined;
    await doc.put({ TableName: names.FavouriteTable, Item: { ...Key, likedAt: "2025-05-02" } });
    assert.equal(await isFavourite(), true);
    const { Attributes } = await doc.delete({ TableName: names.FavouriteTable, Key, ReturnValues: "ALL_OLD" });
    assert.deepEqual(Attributes, { ...Key, likedAt: "2025-05-02" });
    assert.equal(await isFavourite(), false);
  });

  test("the history is read from the latest, a page at a time, and between two dates", async () => {
    const at = (n) => `2025-05-${String(1 + (n >> 2)).padStart(2, "0")}T${String(n & 3).padStart(2, "0")}:00:00.000Z`;
    for (let n = 0; n < 40; n++) {
      await doc.put({ TableName: names.PlaybackHistoryTable, Item: { userId: "user-1", timestamp: at(n), trackId: `track-${n % 5}` } });
    }
    const query = {
      TableName: names.PlaybackHistoryTable,
      KeyConditionExpression: "userId = :user",
      ExpressionAttributeValues: { ":user": "user-1" },
    };
    const latest = await doc.query({ ...query, ScanIndexForward: false, Limit: 3 });
    assert.deepEqual(latest.Items.map((i) => i.timestamp), [at(39), at(38), at(37)]);
    const all = await pages((page) => doc.query(page), { ...query, ScanIndexForward: false, Limit: 7 });
    assert.deepEqual(all.Items.map((i) => i.timestamp), Array.from({ length: 40 }, (_, n) => at(39 - n)));
    const between = await doc.query({
      ...query,
      KeyConditionExpression: "userId = :user AND #t BETWEEN :from AND :to",
      ExpressionAttributeNames: { "#t": "timestamp" },
      ExpressionAttributeValues: { ":user": "user-1", ":from": "2025-05-02", ":to": "2025-05-03" },
    });
    assert.deepEqual(between.Items.map((i) => i.timestamp), [4, 5, 6, 7].map(at));
    const may10 = await doc.query({
      ...query,
      KeyConditionExpression: "userId = :user AND begins_with(#t, :day)",
      ExpressionAttributeNames: { "#t": "timestamp" },
      ExpressionAttributeValues: { ":user": "user-1", ":day": "2025-05-10" },
    });
    assert.equal(may10.Count, 4);
  });

  test("tracks are searched by a scan", async () => {
    const found = await pages((page) => doc.scan(page), {
      TableName: names.TrackTable,
      FilterExpression: "contains(title, :text) AND #d > :length",
      ExpressionAttributeNames: { "#d": "duration" },
      ExpressionAttributeValues: { ":text": "Song 2", ":length": 200 },
    });
    assert.deepEqual(found.Items.map((i) => i.id).sort(), Array.from({ length: 9 }, (_, n) => `track-2${n + 1}`));
  });
});

describe("the AWS CLI", () => {
  test("reads what the SDK wrote", async () => {
    const { Item } = await aws("get-item", "--table-name", names.UserTable, "--key", { id: { S: "user-1" } });
    assert.deepEqual(Item, Object.fromEntries(Object.entries(user).map(([k, v]) => [k, { S: v }])));
  });

  test("writes a favourite that the SDK and a query find", async () => {
    const item = { userId: { S: "cli" }, trackId: { S: "track-1" }, rating: { N: "4.50" }, tags: { SS: ["a", "b"] }, raw: { B: "AAEC" } };
    await aws("put-item", "--table-name", names.FavouriteTable, "--item", item, "--cli-binary-format", "base64");
    const { Item } = await doc.get({ TableName: names.FavouriteTable, Key: { userId: "cli", trackId: "track-1" } });
    assert.deepEqual(Item, { userId: "cli", trackId: "track-1", rating: 4.5, tags: new Set(["a", "b"]), raw: Uint8Array.from([0, 1, 2]) });
    const found = await aws(
      "query", "--table-name", names.FavouriteTable, "--key-condition-expression", "userId = :u",
      "--expression-attribute-values", { ":u": { S: "cli" } },
    );
    assert.deepEqual([found.Count, found.ScannedCount, found.Items[0].rating], [1, 1, { N: "4.5" }]);
  });

  test("updates, deletes and says what was returned", async () => {
    const updated = await aws(
      "update-item", "--table-name", names.FavouriteTable, "--key", { userId: { S: "cli" }, trackId: { S: "track-1" } },
      "--update-expression", "SET rating = rating + :one", "--expression-attribute-values", { ":one": { N: "1" } }, "--return-values", "UPDATED_NEW",
    );
    assert.deepEqual(updated, { Attributes: { rating: { N: "5.5" } } });
    const deleted = await aws(
      "delete-item", "--table-name", names.FavouriteTable, "--key", { userId: { S: "cli" }, trackId: { S: "track-1" } }, "--return-values", "ALL_OLD",
    );
    assert.deepEqual(deleted.Attributes.rating, { N: "5.5" });
  });

  test("pages through an index by itself", async () => {
    const { Items } = await aws(
      "query", "--table-name", names.TrackTable, "--index-name", "byUserId", "--key-condition-expression", "uploadedBy = :u",
      "--expression-attribute-values", { ":u": { S: "user-1" } }, "--page-size", "6",
    );
    assert.equal(Items.length, 20);
  });

  test("describes and lists the tables", async () => {
    const { Table } = await aws("describe-table", "--table-name", names.PlaylistTable);
    assert.equal(Table.TableStatus, "ACTIVE");
    assert.equal(Table.GlobalSecondaryIndexes[0].IndexName, "byUserId");
    const { TableNames } = await aws("list-tables", "--page-size", "2");
    for (const name of Object.values(names)) assert.ok(TableNames.includes(name), name);
  });

  test("waits for a table that it makes, and deletes it", async () => {
    const name = `${prefix}cli`;
    await aws(
      "create-table", "--table-name", name, "--attribute-definitions", "AttributeName=id,AttributeType=S",
      "--key-schema", "AttributeName=id,KeyType=HASH", "--billing-mode", "PAY_PER_REQUEST",
    );
    await aws("wait", "table-exists", "--table-name", name);
    await aws("delete-table", "--table-name", name);
    await aws("wait", "table-not-exists", "--table-name", name);
  });

  test("shows a failure with its name and message", async () => {
    await assert.rejects(
      aws("get-item", "--table-name", `${prefix}none`, "--key", { id: { S: "a" } }),
      /An error occurred \(ResourceNotFoundException\) when calling the GetItem operation( \(reached max retries: 0\))?: Requested resource not found/,
    );
  });
});

describe("boto3", () => {
  test("reads what the SDK wrote, with its numbers exact", async () => {
    const read = await python(`
item = table("TrackTable").get_item(Key={"id": "track-2"})["Item"]
assert isinstance(item["duration"], Decimal)
show(item)`);
    assert.deepEqual(read, track(2));
  });

  test("writes what the SDK reads", async () => {
    await python(`
with table("PlaybackHistoryTable").batch_writer() as batch:
    for n in range(60):
        batch.put_item(Item={"userId": "boto", "timestamp": "%03d" % n, "seconds": Decimal("0.1") * n, "tags": {"a", "b"}, "raw": b"\\x00\\xff"})
show(None)`);
    const { Items } = await doc.query({
      TableName: names.PlaybackHistoryTable,
      KeyConditionExpression: "userId = :u",
      ExpressionAttributeValues: { ":u": "boto" },
    });
    assert.equal(Items.length, 60);
    assert.deepEqual(Items[7], {
      userId: "boto",
      timestamp: "007",
      seconds: 0.7,
      tags: new Set(["a", "b"]),
      raw: Uint8Array.from([0, 255]),
    });
  });

  test("queries an index, filters and pages", async () => {
    const found = await python(`
query = dict(IndexName="byUserId", KeyConditionExpression=Key("uploadedBy").eq("user-1"), FilterExpression=Attr("duration").gte(200) & Attr("title").begins_with("Song"), Limit=4)
items, answer = [], table("TrackTable").query(**query)
items += answer["Items"]
while "LastEvaluatedKey" in answer:
    answer = table("TrackTable").query(ExclusiveStartKey=answer["LastEvaluatedKey"], **query)
    items += answer["Items"]
show(sorted(int(i["duration"]) for i in items))`);
    assert.deepEqual(found, [200, 202, 203, 205, 206, 208, 209]);
  });

  test("updates on a condition, and names what failed", async () => {
    const result = await python(`
users = table("UserTable")
updated = users.update_item(Key={"id": "user-1"}, UpdateExpression="SET #n = :n ADD logins :one", ExpressionAttributeNames={"#n": "username"},
    ExpressionAttributeValues={":n": "Ann", ":one": 1}, ConditionExpression=Attr("id").exists(), ReturnValues="UPDATED_NEW")
try:
    users.put_item(Item={"id": "user-1"}, ConditionExpression=Attr("id").not_exists())
    code = None
except ClientError as error:
    code = error.response["Error"]
show([updated["Attributes"], code])`);
    assert.deepEqual(result, [
      { username: "Ann", logins: 1 },
      { Code: "ConditionalCheckFailedException", Message: "The conditional request failed" },
    ]);
  });

  test("makes a table, waits for it, and deletes it", async () => {
    const status = await python(`
made = dynamodb.create_table(TableName=${JSON.stringify(`${prefix}boto`)}, KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST")
made.wait_until_exists()
made.reload()
status = made.table_status
made.delete()
made.wait_until_not_exists()
show(status)`);
    assert.equal(status, "ACTIVE");
  });

  test("refuses a wrong secret by its name", async () => {
    const code = await python(`
try:
    boto3.client("dynamodb", endpoint_url=endpoint, aws_secret_access_key="wrong", aws_access_key_id=${JSON.stringify(credentials.accessKeyId)}).list_tables()
    show(None)
except ClientError as error:
    show(error.response["Error"]["Code"])`);
    assert.equal(code, "InvalidSignatureException");
  });
});
