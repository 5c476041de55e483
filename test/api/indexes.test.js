// Local and global secondary indexes: projections, sparse membership, what updates and deletes do to them, paging.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { invalid, open, pages } from "../lib/turntable.js";

const { ddb, doc, table } = await open();

const projections = { all: "ALL", keys: "KEYS_ONLY", some: ["title", "extra"] };
const indexed = (keys) => Object.fromEntries(Object.entries(projections).map(([name, projection]) => [`by-${name}`, { keys, projection }]));

const songs = await table({ artist: "S", song: "S" }, { gsi: indexed({ genre: "S", plays: "N" }) });
const albums = await table({ artist: "S", song: "S" }, { lsi: indexed({ artist: "S", plays: "N" }) });

const queryIndex = (TableName, IndexName, condition, values, more) =>
  doc.query({ TableName, IndexName, KeyConditionExpression: condition, ExpressionAttributeValues: values, ...more });
const byGenre = async (genre, more, index = "by-all") => (await queryIndex(songs, index, "genre = :g", { ":g": genre }, more)).Items;
const byArtist = async (artist, more, index = "by-all") => (await queryIndex(albums, index, "artist = :a", { ":a": artist }, more)).Items;

let counter = 0;
const unique = (what) => `${what} ${++counter}`;

const song = { title: "T", extra: { a: [1] }, remark: "o" };

describe("projections", () => {
  const expected = (keys) => ({ "by-all": { ...keys, ...song }, "by-keys": keys, "by-some": { ...keys, title: "T", extra: { a: [1] } } });

  for (const [kind, TableName] of [["global", songs], ["local", albums]]) {
    test(`a ${kind} index returns what it projects`, async () => {
      const keys = { artist: unique("artist"), song: "s", plays: 5, ...(kind === "global" && { genre: unique("genre") }) };
      await doc.put({ TableName, Item: { ...keys, ...song } });
      for (const [index, item] of Object.entries(expected(keys))) {
        const items = kind === "global" ? await byGenre(keys.genre, {}, index) : await byArtist(keys.artist, {}, index);
        // The genre of a local index's item is no key of it, so "by-keys" would not have it; here the item has none.
        assert.deepEqual(items, [item], index);
      }
    });
  }

  test("a local index returns further attributes that are asked for by name", async () => {
    const keys = { artist: unique("artist"), song: "s", plays: 5 };
    await doc.put({ TableName: albums, Item: { ...keys, ...song } });
    assert.deepEqual(await byArtist(keys.artist, { ProjectionExpression: "remark, title" }, "by-keys"), [{ remark: "o", title: "T" }]);
  });

  test("a local index returns all attributes with Select ALL_ATTRIBUTES", async () => {
    const keys = { artist: unique("artist"), song: "s", plays: 5 };
    await doc.put({ TableName: albums, Item: { ...keys, ...song } });
    assert.deepEqual(await byArtist(keys.artist, { Select: "ALL_ATTRIBUTES" }, "by-keys"), [{ ...keys, ...song }]);
  });

  test("a local index filters by attributes that it projects", async () => {
    const artist = unique("artist");
    await doc.put({ TableName: albums, Item: { artist, song: "a", plays: 1, title: "A" } });
    await doc.put({ TableName: albums, Item: { artist, song: "b", plays: 2, title: "B" } });
    const { Items, Count, ScannedCount } = await queryIndex(
      albums, "by-some", "artist = :a", { ":a": artist, ":t": "B" }, { FilterExpression: "title = :t" },
    );
    assert.deepEqual(Items, [{ artist, song: "b", plays: 2, title: "B" }]);
    assert.deepEqual([Count, ScannedCount], [1, 2]);
  });

  test("a scan of a local index filters by what only the table has, too, and returns what the index has", async () => {
    const artist = unique("artist");
    await doc.put({ TableName: albums, Item: { artist, song: "a", plays: 1, remark: "yes" } });
    await doc.put({ TableName: albums, Item: { artist, song: "b", plays: 2 } });
    const { Items, Count } = await doc.scan({
      TableName: albums,
      IndexName: "by-keys",
      FilterExpression: "artist = :a AND attribute_exists(remark)",
      ExpressionAttributeValues: { ":a": artist },
    });
    assert.deepEqual(Items, [{ artist, song: "a", plays: 1 }]);
    assert.equal(Count, 1);
  });

  test("Select ALL_PROJECTED_ATTRIBUTES returns the projection", async () => {
    const genre = unique("genre");
    await doc.put({ TableName: songs, Item: { artist: "a", song: genre, genre, plays: 1, ...song } });
    assert.deepEqual(await byGenre(genre, { Select: "ALL_PROJECTED_ATTRIBUTES" }, "by-keys"), [
      { artist: "a", song: genre, genre, plays: 1 },
    ]);
  });

  test("a global index refuses attributes that it does not project", async () => {
    await invalid(
      byGenre("g", { ProjectionExpression: "remark" }, "by-keys"),
      "One or more parameter values were invalid: Global secondary index by-keys does not project [remark]",
    );
  });

  test("a global index refuses Select ALL_ATTRIBUTES unless it projects all", async () => {
    for (const index of ["by-keys", "by-some"]) {
      await invalid(
        byGenre("g", { Select: "ALL_ATTRIBUTES" }, index),
        `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${index} because its projection type is not ALL`,
      );
    }
    await byGenre("g", { Select: "ALL_ATTRIBUTES" });
  });
});

describe("membership", () => {
  test("an item without one of the index's keys is not in it", async () => {
    const genre = unique("genre");
    const artist = unique("artist");
    await doc.put({ TableName: songs, Item: { artist, song: "no plays", genre } });
    await doc.put({ TableName: songs, Item: { artist, song: "no genre", plays: 1 } });
    await doc.put({ TableName: songs, Item: { artist, song: "both", genre, plays: 1 } });
    assert.deepEqual((await byGenre(genre)).map((i) => i.song), ["both"]);
    await doc.put({ TableName: albums, Item: { artist, song: "no plays" } });
    await doc.put({ TableName: albums, Item: { artist, song: "plays", plays: 1 } });
    assert.deepEqual((await byArtist(artist)).map((i) => i.song), ["plays"]);
  });

  test("a scan of an index returns its members only", async () => {
    const TableName = await table({ pk: "S" }, { gsi: { byOwner: { keys: { owner: "S" }, projection: "KEYS_ONLY" } } });
    for (let i = 0; i < 9; i++) await doc.put({ TableName, Item: { pk: `k${i}`, ...(i % 3 === 0 && { owner: `o${i}` }), more: i } });
    const { Items, Count } = await doc.scan({ TableName, IndexName: "byOwner" });
    assert.equal(Count, 3);
    assert.deepEqual(Items.map((i) => i.owner).sort(), ["o0", "o3", "o6"]);
    assert.deepEqual(Object.keys(Items[0]).sort(), ["owner", "pk"]);
  });

  test("items with the same index key are all there", async () => {
    const genre = unique("genre");
    for (let i = 0; i < 5; i++) await doc.put({ TableName: songs, Item: { artist: `artist ${i}`, song: genre, genre, plays: 7 } });
    assert.deepEqual((await byGenre(genre)).map((i) => i.artist).sort(), [0, 1, 2, 3, 4].map((i) => `artist ${i}`));
  });

  test("an index sorts by its own sort key, both ways", async () => {
    const genre = unique("genre");
    for (const plays of [10, 9, 100, -1, 0.5]) await doc.put({ TableName: songs, Item: { artist: `a${plays}`, song: genre, genre, plays } });
    assert.deepEqual((await byGenre(genre)).map((i) => i.plays), [-1, 0.5, 9, 10, 100]);
    assert.deepEqual((await byGenre(genre, { ScanIndexForward: false })).map((i) => i.plays), [100, 10, 9, 0.5, -1]);
    const { Items } = await queryIndex(songs, "by-all", "genre = :g AND plays BETWEEN :a AND :b", { ":g": genre, ":a": 0, ":b": 10 });
    assert.deepEqual(Items.map((i) => i.plays), [0.5, 9, 10]);
  });

  test("a key of the wrong type is refused", async () => {
    await invalid(
      doc.put({ TableName: songs, Item: { artist: "a", song: "s", genre: 5 } }),
      /^One or more parameter values were invalid: Type mismatch for Index Key genre Expected: S Actual: N IndexName: by-(all|keys|some)$/,
    );
    await invalid(
      doc.put({ TableName: albums, Item: { artist: "a", song: "s", plays: "many" } }),
      /^One or more parameter values were invalid: Type mismatch for Index Key plays Expected: N Actual: S IndexName: by-(all|keys|some)$/,
    );
    await invalid(
      doc.update({ TableName: songs, Key: { artist: "a", song: "s" }, UpdateExpression: "SET genre = :g", ExpressionAttributeValues: { ":g": 5 } }),
      /Type mismatch for Index Key|^The update expression attempted to update the secondary index key to unsupported type$/,
    );
  });

  test("an empty string as a key is refused", async () => {
    await invalid(
      doc.put({ TableName: songs, Item: { artist: "a", song: "s", genre: "", plays: 1 } }),
      /^One or more parameter values are not valid\. A value specified for a secondary index key is not supported\. The AttributeValue for a key attribute cannot contain an empty string value\. IndexName: by-(all|keys|some), IndexKey: genre$/,
    );
  });

  test("an index key over its length is refused", async () => {
    await invalid(doc.put({ TableName: songs, Item: { artist: "a", song: "s", genre: "g".repeat(2049), plays: 1 } }), /./);
  });
});

describe("an index follows its table", () => {
  const key = () => ({ artist: unique("artist"), song: "s" });
  const update = (Key, UpdateExpression, ExpressionAttributeValues) =>
    doc.update({ TableName: songs, Key, UpdateExpression, ...(ExpressionAttributeValues && { ExpressionAttributeValues }) });

  test("when an item is replaced", async () => {
    const Key = key();
    const [one, two] = [unique("genre"), unique("genre")];
    await doc.put({ TableName: songs, Item: { ...Key, genre: one, plays: 1, title: "old" } });
    await doc.put({ TableName: songs, Item: { ...Key, genre: two, plays: 2 } });
    assert.deepEqual(await byGenre(one), []);
    assert.deepEqual(await byGenre(two), [{ ...Key, genre: two, plays: 2 }]);
  });

  test("when its partition key, its sort key or a projected attribute is updated", async () => {
    const Key = key();
    const [one, two] = [unique("genre"), unique("genre")];
    await doc.put({ TableName: songs, Item: { ...Key, genre: one, plays: 1 } });
    await update(Key, "SET plays = plays + :n, title = :t", { ":n": 4, ":t": "new" });
    assert.deepEqual(await byGenre(one), [{ ...Key, genre: one, plays: 5, title: "new" }]);
    await update(Key, "SET genre = :g", { ":g": two });
    assert.deepEqual(await byGenre(one), []);
    for (const index of ["by-all", "by-some"]) assert.deepEqual(await byGenre(two, {}, index), [{ ...Key, genre: two, plays: 5, title: "new" }]);
    assert.deepEqual(await byGenre(two, {}, "by-keys"), [{ ...Key, genre: two, plays: 5 }]);
  });

  test("when a key is removed and set again", async () => {
    const Key = key();
    const genre = unique("genre");
    await doc.put({ TableName: songs, Item: { ...Key, genre, plays: 1 } });
    await update(Key, "REMOVE plays");
    assert.deepEqual(await byGenre(genre), []);
    await update(Key, "SET plays = :n", { ":n": 3 });
    assert.deepEqual(await byGenre(genre), [{ ...Key, genre, plays: 3 }]);
  });

  test("when an item is deleted", async () => {
    const Key = key();
    const genre = unique("genre");
    await doc.put({ TableName: songs, Item: { ...Key, genre, plays: 1 } });
    await doc.delete({ TableName: songs, Key });
    for (const index of ["by-all", "by-keys", "by-some"]) assert.deepEqual(await byGenre(genre, {}, index), []);
  });

  test("when a batch writes", async () => {
    const genre = unique("genre");
    const items = [1, 2, 3].map((plays) => ({ artist: unique("artist"), song: "s", genre, plays }));
    await doc.batchWrite({ RequestItems: { [songs]: items.map((Item) => ({ PutRequest: { Item } })) } });
    assert.deepEqual(await byGenre(genre), items);
    const [{ artist, song }] = items;
    await doc.batchWrite({ RequestItems: { [songs]: [{ DeleteRequest: { Key: { artist, song } } }] } });
    assert.deepEqual(await byGenre(genre), items.slice(1));
  });

  test("not when a write is refused", async () => {
    const Key = key();
    const genre = unique("genre");
    await doc.put({ TableName: songs, Item: { ...Key, genre, plays: 1 } });
    await doc
      .put({ TableName: songs, Item: { ...Key, genre, plays: 9 }, ConditionExpression: "attribute_not_exists(artist)" })
      .catch(() => {});
    assert.deepEqual(await byGenre(genre), [{ ...Key, genre, plays: 1 }]);
  });

  test("local indexes follow as well, and at once for a consistent read", async () => {
    const artist = unique("artist");
    for (let plays = 0; plays < 20; plays++) {
      await doc.put({ TableName: albums, Item: { artist, song: "s", plays } });
      assert.deepEqual(await byArtist(artist, { ConsistentRead: true }), [{ artist, song: "s", plays }]);
    }
    await doc.delete({ TableName: albums, Key: { artist, song: "s" } });
    assert.deepEqual(await byArtist(artist, { ConsistentRead: true }), []);
  });

  test("under concurrent writes of one item there is one entry in the end", async () => {
    const Key = key();
    const genres = [unique("genre"), unique("genre"), unique("genre")];
    await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        i % 10 === 9
          ? doc.delete({ TableName: songs, Key })
          : doc.put({ TableName: songs, Item: { ...Key, genre: genres[i % 3], plays: i } }),
      ),
    );
    const { Item } = await doc.get({ TableName: songs, Key, ConsistentRead: true });
    const entries = (await Promise.all(genres.map((g) => byGenre(g)))).flat();
    assert.deepEqual(entries, Item ? [Item] : []);
  });
});

describe("reading an index", () => {
  test("consistently is refused for a global index", async () => {
    const message = "Consistent reads are not supported on global secondary indexes";
    await invalid(byGenre("g", { ConsistentRead: true }), message);
    await invalid(doc.scan({ TableName: songs, IndexName: "by-all", ConsistentRead: true }), message);
  });

  test("a key condition must be on the index's keys", async () => {
    await invalid(
      queryIndex(songs, "by-all", "artist = :a", { ":a": "a" }),
      "Query condition missed key schema element: genre",
    );
    await invalid(
      queryIndex(albums, "by-all", "artist = :a AND song = :a", { ":a": "a" }),
      "Query condition missed key schema element: plays",
    );
  });

  test("a filter on the index's keys is refused, one on the table's is not", async () => {
    await invalid(
      byGenre("g", { FilterExpression: "plays > genre" }),
      /^Filter Expression can only contain non-primary key attributes: Primary key attribute: (genre|plays)$/,
    );
    const genre = unique("genre");
    for (const artist of ["x", "y"]) await doc.put({ TableName: songs, Item: { artist, song: genre, genre, plays: 1 } });
    const { Items } = await queryIndex(songs, "by-keys", "genre = :g", { ":g": genre, ":a": "y" }, { FilterExpression: "artist = :a" });
    assert.deepEqual(Items.map((i) => i.artist), ["y"]);
  });
});

describe("paging", () => {
  test("a query of a global index pages through items with equal keys", async () => {
    const genre = unique("genre");
    const artists = Array.from({ length: 11 }, (_, i) => `artist ${String(i).padStart(2, "0")}`);
    for (const [i, artist] of artists.entries()) await doc.put({ TableName: songs, Item: { artist, song: genre, genre, plays: i >> 2 } });
    for (const ScanIndexForward of [true, false]) {
      for (const Limit of [1, 2, 3, 11]) {
        const all = await pages((page) => doc.query(page), {
          TableName: songs,
          IndexName: "by-all",
          KeyConditionExpression: "genre = :g",
          ExpressionAttributeValues: { ":g": genre },
          ScanIndexForward,
          Limit,
        });
        assert.deepEqual(all.Items.map((i) => i.artist).sort(), artists);
        const plays = all.Items.map((i) => i.plays);
        assert.deepEqual(plays, plays.toSorted((a, b) => (ScanIndexForward ? a - b : b - a)));
      }
    }
  });

  test("LastEvaluatedKey has the index's and the table's keys", async () => {
    const genre = unique("genre");
    for (const artist of ["x", "y"]) await doc.put({ TableName: songs, Item: { artist, song: genre, genre, plays: 1, title: "t" } });
    const page = await queryIndex(songs, "by-all", "genre = :g", { ":g": genre }, { Limit: 1 });
    const { artist } = page.Items[0];
    assert.deepEqual(page.LastEvaluatedKey, { artist, song: genre, genre, plays: 1 });
    const artist2 = unique("artist");
    for (const song of ["x", "y"]) await doc.put({ TableName: albums, Item: { artist: artist2, song, plays: 1 } });
    const local = await queryIndex(albums, "by-keys", "artist = :a", { ":a": artist2 }, { Limit: 1 });
    assert.deepEqual(local.LastEvaluatedKey, { artist: artist2, song: local.Items[0].song, plays: 1 });
  });

  test("a local index pages through items with equal keys", async () => {
    const artist = unique("artist");
    const names = ["a", "b", "c", "d", "e"];
    for (const song of names) await doc.put({ TableName: albums, Item: { artist, song, plays: 1 } });
    const all = await pages((page) => doc.query(page), {
      TableName: albums,
      IndexName: "by-keys",
      KeyConditionExpression: "artist = :a",
      ExpressionAttributeValues: { ":a": artist },
      Limit: 2,
    });
    assert.deepEqual(all.Items.map((i) => i.song).sort(), names);
  });

  test("a scan of an index pages, and its segments cover it once", async () => {
    const TableName = await table({ pk: "S" }, { gsi: { byOwner: { keys: { owner: "S" } } } });
    const keys = Array.from({ length: 60 }, (_, i) => `k${i}`);
    for (const [i, pk] of keys.entries()) await doc.put({ TableName, Item: { pk, owner: `o${i % 9}` } });
    const whole = await pages((page) => doc.scan(page), { TableName, IndexName: "byOwner", Limit: 7 });
    assert.deepEqual(whole.Items.map((i) => i.pk).sort(), keys.toSorted());
    const segments = [];
    for (let Segment = 0; Segment < 4; Segment++) {
      const { Items } = await pages((page) => doc.scan(page), { TableName, IndexName: "byOwner", Limit: 5, Segment, TotalSegments: 4 });
      segments.push(...Items.map((i) => i.pk));
    }
    assert.deepEqual(segments.sort(), keys.toSorted());
  });

  test("by 1 MB of the index's own items", async () => {
    const TableName = await table(
      { pk: "S" },
      { gsi: { all: { keys: { owner: "S" } }, keys: { keys: { owner: "S" }, projection: "KEYS_ONLY" } } },
    );
    const body = "x".repeat(200_000);
    for (let i = 0; i < 8; i++) await doc.put({ TableName, Item: { pk: `k${i}`, owner: "o", body } });
    const of = (IndexName) =>
      doc.query({
        TableName,
        IndexName,
        KeyConditionExpression: "#o = :o",
        ExpressionAttributeNames: { "#o": "owner" },
        ExpressionAttributeValues: { ":o": "o" },
      });
    const all = await of("all");
    assert.equal(all.Count, 6);
    assert.ok(all.LastEvaluatedKey);
    const keys = await of("keys");
    assert.equal(keys.Count, 8);
    assert.equal(keys.LastEvaluatedKey, undefined);
  });

  test("a start without the table's keys is refused", async () => {
    await invalid(byGenre("g", { ExclusiveStartKey: { genre: "g", plays: 1 } }), "The provided starting key is invalid");
  });
});
