// ExecuteStatement, BatchExecuteStatement and ExecuteTransaction: PartiQL through the SDK, and once through the AWS CLI and boto3.

import assert from "node:assert/strict";
import { before, describe, it, test } from "node:test";
import { execFileSync } from "node:child_process";
import { debian, environment } from "../lib/programs.js";
import { elsewhere } from "../lib/server.js";
import { fails, invalid, open, sorted } from "../lib/turntable.js";

const { endpoint, ddb, doc, table } = await open();

const execute = (Statement, Parameters, more) =>
  ddb.executeStatement({ Statement, Parameters, ...more }).then((answer) => answer);
/** The items of a statement as plain JavaScript. */
const run = async (Statement, Parameters, more) =>
  (await doc.executeStatement({ Statement, Parameters, ...more })).Items;

let music, hash;
before(async () => {
  music = await table(
    { artist: "S", song: "S" },
    {
      lsi: { byYear: { keys: { artist: "S", year: "N" }, projection: "KEYS_ONLY" } },
      gsi: { byGenre: { keys: { genre: "S", year: "N" }, projection: ["label"] } },
    },
  );
  hash = await table({ id: "S" });
  for (const artist of ["Abba", "Blur"]) {
    for (let i = 1; i <= 4; i++) {
      const item = { artist, song: `${artist[0]}${i}`, year: 1990 + i, genre: i % 2 ? "pop" : "rock", label: "EMI", tags: { mood: "glad", list: [i, "x"] } };
      await doc.put({ TableName: music, Item: item });
    }
  }
});

const songs = (items) => items.map((item) => item.song);

describe("SELECT", () => {
  it("queries a partition, in the order of the sort key and against it", async () => {
    assert.deepEqual(songs(await run(`SELECT song FROM "${music}" WHERE artist = 'Abba'`)), ["A1", "A2", "A3", "A4"]);
    assert.deepEqual(songs(await run(`SELECT song FROM "${music}" WHERE artist = 'Abba' ORDER BY song DESC`)), ["A4", "A3", "A2", "A1"]);
    assert.deepEqual(songs(await run(`SELECT song FROM "${music}" WHERE artist = ? AND song > ? AND 'A4' > song`, ["Abba", "A1"])), ["A2", "A3"]);
    assert.deepEqual(songs(await run(`SELECT song FROM "${music}" WHERE artist = 'Abba' AND song BETWEEN 'A2' AND 'A3' AND year > 1992`)), ["A3"]);
    assert.deepEqual(songs(await run(`SELECT song FROM "${music}" WHERE artist = 'Abba' AND begins_with(song, 'A4')`)), ["A4"]);
    assert.deepEqual(await run(`SELECT song FROM "${music}" WHERE artist = 'Abba' AND song > 'A3' AND song < 'A2'`), []);
  });

  it("reads the partitions of an IN one after the other, or in order", async () => {
    assert.deepEqual(songs(await run(`SELECT song FROM "${music}" WHERE artist IN ['Blur', 'Abba'] AND song IN ('A1', 'B2')`)).sort(), ["A1", "B2"]);
    assert.deepEqual(songs(await run(`SELECT song FROM "${music}" WHERE artist IN ['Blur', 'Abba'] AND year = 1991 ORDER BY artist`)), ["A1", "B1"]);
    assert.deepEqual(songs(await run(`SELECT song FROM "${music}" WHERE artist IN ['Abba', 'Blur'] AND year > 1992 ORDER BY artist DESC, song ASC`)), ["B3", "B4", "A3", "A4"]);
    assert.deepEqual(songs(await run(`SELECT song FROM "${music}" WHERE (artist = 'Blur' AND song = 'B1') OR (artist = 'Abba' AND song = 'A1') ORDER BY artist`)), ["A1", "B1"]);
  });

  it("scans when no partition is fixed", async () => {
    const all = await run(`SELECT * FROM "${music}"`);
    assert.equal(all.length, 8);
    assert.deepEqual(songs(sorted(await run(`SELECT song FROM "${music}" WHERE year = 1993`), "song")), ["A3", "B3"]);
    assert.deepEqual(await run(`SELECT song FROM "${music}" WHERE year = 1993 AND artist <> 'Abba'`), [{ song: "B3" }]);
  });

  it("gives each path an attribute of its own", async () => {
    assert.deepEqual(await run(`SELECT tags.mood, tags."list"[0], song, none FROM "${music}" WHERE artist = 'Abba' AND song = 'A2'`), [
      { mood: "glad", "list[0]": 2, song: "A2" },
    ]);
    assert.deepEqual(await run(`SELECT none FROM "${music}" WHERE artist = 'Abba' AND song = 'A2'`), [{}]);
  });

  it("reads indexes, and fetches for local ones what only the table has", async () => {
    assert.deepEqual(songs(await run(`SELECT song FROM "${music}"."byYear" WHERE artist = 'Abba' AND year < 1993 ORDER BY year DESC`)), ["A2", "A1"]);
    assert.deepEqual(await run(`SELECT * FROM "${music}"."byYear" WHERE artist = 'Abba' AND year = 1991`), [{ artist: "Abba", song: "A1", year: 1991 }]);
    assert.deepEqual(await run(`SELECT song FROM "${music}"."byYear" WHERE artist = 'Abba' AND tags."list"[0] = 3`), [{ song: "A3" }]);
    assert.deepEqual(await run(`SELECT genre FROM "${music}"."byYear" WHERE artist = 'Abba' AND year = 1992`), [{ genre: "rock" }]);
    assert.deepEqual(songs(await run(`SELECT song FROM "${music}"."byGenre" WHERE genre = 'pop' AND year = 1993 AND artist = 'Blur'`)), ["B3"]);
    await invalid(run(`SELECT tags FROM "${music}"."byGenre" WHERE genre = 'pop'`), "One or more parameter values were invalid: Global secondary index byGenre does not project [tags]");
    await invalid(run(`SELECT * FROM "${music}"."none" WHERE genre = 'pop'`), "The table does not have the specified index: none");
    await invalid(run(`SELECT * FROM "${music}"."byGenre" WHERE genre = 'pop'`, undefined, { ConsistentRead: true }), "Consistent read cannot be true when scanning a GSI");
  });

  it("queries an index with several partition attributes once each of them is fixed", async () => {
    const keys = [["genre", "HASH"], ["label", "HASH"], ["year", "RANGE"]].map(([AttributeName, KeyType]) => ({ AttributeName, KeyType }));
    const many = await table({ id: "S" }, { gsi: { many: { keys } }, attributes: { genre: "S", label: "S", year: "N" } });
    for (const [id, genre, year] of [["a", "rock", 1], ["b", "rock", 2], ["c", "pop", 3]]) await doc.put({ TableName: many, Item: { id, genre, label: "EMI", year } });
    assert.deepEqual(await run(`SELECT id FROM "${many}"."many" WHERE genre = 'rock' AND label = 'EMI' ORDER BY year DESC`), [{ id: "b" }, { id: "a" }]);
    assert.deepEqual(sorted(await run(`SELECT id FROM "${many}"."many" WHERE genre = 'rock'`), "id"), [{ id: "a" }, { id: "b" }]);
    await invalid(run(`SELECT id FROM "${many}"."many" WHERE genre = 'rock' ORDER BY year`), "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.");
  });

  it("pages with Limit and NextToken over all ranges, forwards and backwards", async () => {
    for (const statement of [
      `SELECT song FROM "${music}"`,
      `SELECT song FROM "${music}" WHERE artist IN ['Blur', 'Abba']`,
      `SELECT song FROM "${music}" WHERE artist IN ['Blur', 'Abba'] ORDER BY song DESC`,
      `SELECT song FROM "${music}"."byGenre"`,
    ]) {
      const whole = await run(statement);
      const found = [];
      let NextToken;
      let pages = 0;
      do {
        const page = await doc.executeStatement({ Statement: statement, Limit: 3, NextToken });
        assert.ok(page.Items.length <= 3);
        assert.equal(page.LastEvaluatedKey !== undefined, page.NextToken !== undefined);
        found.push(...page.Items);
        NextToken = page.NextToken;
        pages++;
      } while (NextToken);
      assert.deepEqual(found, whole, statement);
      assert.equal(pages, 3);
    }
  });

  it("ends a page at 1 MB", async () => {
    const big = await table({ id: "S", n: "N" });
    for (let n = 0; n < 4; n++) await doc.put({ TableName: big, Item: { id: "a", n, filler: "x".repeat(390_000) } });
    const first = await doc.executeStatement({ Statement: `SELECT n FROM "${big}" WHERE id = 'a'` });
    assert.deepEqual(first.Items, [{ n: 0 }, { n: 1 }, { n: 2 }]);
    assert.deepEqual(first.LastEvaluatedKey, { id: "a", n: 2 });
    const second = await doc.executeStatement({ Statement: `SELECT n FROM "${big}" WHERE id = 'a'`, NextToken: first.NextToken });
    assert.deepEqual(second.Items, [{ n: 3 }]);
    assert.equal(second.NextToken, undefined);
  });

  it("takes a token only for the statement and parameters that it came from", async () => {
    const statement = `SELECT song FROM "${music}" WHERE artist = ?`;
    const { NextToken } = await doc.executeStatement({ Statement: statement, Parameters: ["Abba"], Limit: 1 });
    assert.deepEqual(await run(statement, ["Abba"], { NextToken, Limit: 1 }), [{ song: "A2" }]);
    const bytes = Buffer.from(NextToken, "base64");
    bytes[bytes.length - 1] ^= 0xff;
    bytes[12] ^= 0xff;
    for (const [Statement, Parameters, token] of [
      [statement, ["Blur"], NextToken],
      [`${statement} `, ["Abba"], NextToken],
      [statement, ["Abba"], bytes.toString("base64")],
      [statement, ["Abba"], NextToken.slice(0, 16)],
      [statement, ["Abba"], "nonsense"],
    ]) {
      await invalid(run(Statement, Parameters, { NextToken: token }), "Invalid NextToken");
    }
  });

  it("tells what it consumed", async () => {
    const read = async (statement, more) =>
      (await execute(statement, undefined, { ReturnConsumedCapacity: "INDEXES", ...more })).ConsumedCapacity;
    assert.deepEqual(await read(`SELECT * FROM "${music}" WHERE artist = 'Abba'`), { TableName: music, CapacityUnits: 0.5, Table: { CapacityUnits: 0.5 } });
    assert.equal((await read(`SELECT * FROM "${music}" WHERE artist = 'Abba'`, { ConsistentRead: true })).CapacityUnits, 1);
    assert.deepEqual(await read(`SELECT song FROM "${music}"."byGenre" WHERE genre = 'pop'`), {
      TableName: music, CapacityUnits: 0.5, Table: { CapacityUnits: 0 }, GlobalSecondaryIndexes: { byGenre: { CapacityUnits: 0.5 } },
    });
    assert.equal((await execute(`SELECT * FROM "${music}"`)).ConsumedCapacity, undefined);
  });

  it("refuses conditions that do not fit the keys", async () => {
    const type = "One or more parameter values were invalid: Condition parameter type does not match schema type";
    const key = (name) => `Key attribute's data type should match its data type in table's schema: Key ${name}`;
    await invalid(run(`SELECT * FROM "${music}" WHERE artist = 1`), key("artist"));
    await invalid(run(`SELECT * FROM "${music}" WHERE artist = 'Abba' AND song > 1`), key("song"));
    await invalid(run(`SELECT * FROM "${music}" WHERE artist IN [1]`), type);
    await invalid(run(`SELECT * FROM "${music}" WHERE artist > 1`), type);
    await invalid(run(`SELECT * FROM "${music}" WHERE song = 1`), type);
    await invalid(run(`SELECT * FROM "${music}" WHERE year = 1991 AND contains(artist, 1)`), type);
    await invalid(run(`SELECT * FROM "${music}"."byGenre" WHERE genre = 'pop' AND artist <> 1`), type);
    await invalid(run(`SELECT * FROM "${music}"."byGenre" WHERE genre = 'pop' AND contains(year, 'x')`), type);
    await invalid(run(`SELECT * FROM "${music}" WHERE artist = ''`), "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: artist");
    // No key is empty, so nothing is compared with it, in whatever place.
    for (const where of ["song = ''", "artist > ''", "NOT artist = ''", "year = 1991 OR contains(song, '')", "'' <> artist", "artist = 'Abba' AND song IN ['A1', '']"]) {
      const name = where.includes("song") ? "song" : "artist";
      await invalid(run(`SELECT * FROM "${music}" WHERE ${where}`), `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`);
    }
    await invalid(run(`SELECT * FROM "${music}"."byGenre" WHERE song < ''`), "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: song");
    await run(`SELECT * FROM "${music}" WHERE genre = '' AND size(song) = 0`);
    await invalid(run(`SELECT * FROM "${music}" WHERE artist.x = 'a'`), "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: artist");
    await invalid(run(`SELECT * FROM "${music}" WHERE artist IN [${Array(51).fill("'a'")}]`), "The IN operator is provided with too many operands; number of operands: 51");
    assert.deepEqual(await run(`SELECT * FROM "${music}" WHERE artist IN [${Array(50).fill("'a'")}]`), []);
  });

  it("refuses orders that it cannot give", async () => {
    await invalid(run(`SELECT * FROM "${music}" ORDER BY song`), "Must have WHERE clause in the statement when using ORDER BY clause.");
    await invalid(run(`SELECT * FROM "${music}" WHERE artist = 'Abba' ORDER BY year`), "Variable reference year in ORDER BY clause must be part of the primary key");
    await invalid(run(`SELECT * FROM "${music}" WHERE year = 1991 ORDER BY song`), "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.");
  });
});

describe("INSERT", () => {
  it("makes an item that was not there", async () => {
    const Items = await run(`INSERT INTO "${hash}" VALUE {'id': ?, 'n': 1.50, 'l': [1, 'a', {'x': NULL}], 's': <<'b', 'a'>>, 'm': {}, 'p': ?}`, ["i1", { deep: [true] }]);
    assert.deepEqual(Items, []);
    const { Item } = await doc.get({ TableName: hash, Key: { id: "i1" } });
    assert.deepEqual(Item, { id: "i1", n: 1.5, l: [1, "a", { x: null }], s: new Set(["a", "b"]), m: {}, p: { deep: [true] } });
    const error = await fails(run(`INSERT INTO "${hash}" VALUE {'id': 'i1'}`), "DuplicateItemException", "Duplicate primary key exists in table");
    assert.equal(error.$fault, "client");
    assert.equal((await doc.get({ TableName: hash, Key: { id: "i1" } })).Item.n, 1.5);
  });

  it("refuses items that no table takes", async () => {
    await invalid(run(`INSERT INTO "${hash}" VALUE {'n': 1}`), "Key attribute should be present in the item: Key id");
    await invalid(run(`INSERT INTO "${hash}" VALUE {'id': 1}`), "Key attribute's data type should match its data type in table's schema: Key id");
    await invalid(run(`INSERT INTO "${hash}" VALUE {'id': [1]}`), "Key attribute's data type should match its data type in table's schema: Key id");
    await invalid(run(`INSERT INTO "${hash}" VALUE {'id': ''}`), "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id");
    await invalid(run(`INSERT INTO "${hash}" VALUE {'id': 'big', 'x': ?}`, ["x".repeat(410_000)]), "Item size has exceeded the maximum allowed size");
    await invalid(run(`INSERT INTO "${music}" VALUE {'artist': 'a', 'song': 'b', 'year': 'c'}`), /Type mismatch for Index Key year Expected: N Actual: S IndexName: byYear/);
    await invalid(run(`INSERT INTO "${hash}" VALUE {'id': 'a', 's': <<>>}`), /^Empty bags are not supported at 1:\d+:2$/);
  });
});

describe("UPDATE", () => {
  it("changes an item that is there, and returns what is asked for", async () => {
    await doc.put({ TableName: hash, Item: { id: "u", n: 1, l: [1], s: new Set(["a"]), m: { x: 1, y: 2 } } });
    assert.deepEqual(await run(`UPDATE "${hash}" SET n = n + 1 SET l = list_append(l, [2]) WHERE id = 'u'`), []);
    assert.deepEqual(await run(`UPDATE "${hash}" SET s = set_add(s, <<'b'>>) REMOVE m.y WHERE id = 'u' RETURNING MODIFIED NEW *`), [{ s: new Set(["a", "b"]) }]);
    assert.deepEqual(await run(`UPDATE "${hash}" SET m.x = 5 WHERE id = 'u' AND n = 2 RETURNING MODIFIED OLD *`), [{ m: { x: 1 } }]);
    assert.deepEqual(await run(`UPDATE "${hash}" SET s = set_delete(s, <<'a', 'b'>>), n = ? WHERE id = 'u' RETURNING ALL NEW *`, [9]), [{ id: "u", n: 9, l: [1, 2], m: { x: 5 } }]);
    assert.deepEqual(await run(`UPDATE "${hash}" REMOVE l WHERE id = 'u' RETURNING ALL OLD *`), [{ id: "u", n: 9, l: [1, 2], m: { x: 5 } }]);
    assert.deepEqual(await run(`UPDATE "${hash}" REMOVE none WHERE id = 'u' RETURNING MODIFIED NEW *`), []);
    assert.deepEqual((await doc.get({ TableName: hash, Key: { id: "u" } })).Item, { id: "u", n: 9, m: { x: 5 } });
  });

  it("makes no item, and changes none that does not meet the condition", async () => {
    const failed = (promise) => fails(promise, "ConditionalCheckFailedException", "The conditional request failed");
    await failed(run(`UPDATE "${hash}" SET n = 1 WHERE id = 'absent'`));
    assert.equal((await doc.get({ TableName: hash, Key: { id: "absent" } })).Item, undefined);
    await doc.put({ TableName: hash, Item: { id: "c", n: 1 } });
    const error = await failed(run(`UPDATE "${hash}" SET n = 2 WHERE id = 'c' AND n > 1`, undefined, { ReturnValuesOnConditionCheckFailure: "ALL_OLD" }));
    assert.deepEqual(error.Item, { id: { S: "c" }, n: { N: "1" } });
    assert.equal((await failed(run(`UPDATE "${hash}" SET n = 2 WHERE id = 'c' AND n IS MISSING`))).Item, undefined);
    await failed(run(`UPDATE "${hash}" SET n = 2 WHERE id = 'c' AND begins_with(id, 'x')`));
  });

  it("keeps the indexes", async () => {
    await run(`INSERT INTO "${music}" VALUE {'artist': 'Cher', 'song': 'C1', 'genre': 'one', 'year': 2000}`);
    assert.deepEqual(songs(await run(`SELECT song FROM "${music}"."byGenre" WHERE genre = 'one'`)), ["C1"]);
    await run(`UPDATE "${music}" SET genre = 'two' WHERE artist = 'Cher' AND song = 'C1'`);
    assert.deepEqual(await run(`SELECT song FROM "${music}"."byGenre" WHERE genre = 'one'`), []);
    assert.deepEqual(songs(await run(`SELECT song FROM "${music}"."byGenre" WHERE genre = 'two'`)), ["C1"]);
    await run(`DELETE FROM "${music}" WHERE artist = 'Cher' AND song = 'C1'`);
    assert.deepEqual(await run(`SELECT song FROM "${music}"."byGenre" WHERE genre = 'two'`), []);
  });

  it("counts up under many clients without losing one", async () => {
    await run(`INSERT INTO "${hash}" VALUE {'id': 'counter', 'n': 0}`);
    await Promise.all(Array.from({ length: 40 }, () => run(`UPDATE "${hash}" SET n = n + 1 WHERE id = 'counter'`)));
    assert.deepEqual(await run(`SELECT n FROM "${hash}" WHERE id = 'counter'`), [{ n: 40 }]);
  });

  it("needs the whole key, once", async () => {
    const none = "Where clause does not contain a mandatory equality on all key attributes";
    await invalid(run(`UPDATE "${music}" SET n = 1`), none);
    await invalid(run(`UPDATE "${music}" SET n = 1 WHERE artist = 'Abba'`), none);
    await invalid(run(`UPDATE "${music}" SET n = 1 WHERE artist = 'Abba' AND song > 'A1'`), none);
    await invalid(run(`UPDATE "${hash}" SET n = 1 WHERE id IN ['a']`), none);
    await invalid(run(`UPDATE "${hash}" SET n = 1 WHERE id = 'a' OR id = 'b'`), none);
    await invalid(run(`UPDATE "${hash}" SET n = 1 WHERE id = 'a' AND id = 'b'`), "Multiple conditions on same key id. Only single item Update/Insert/Delete are supported");
    await invalid(run(`UPDATE "${hash}" SET id = 'b' WHERE id = 'a'`), "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key");
    await invalid(run(`UPDATE "${hash}" SET n = 1 WHERE id = TRUE`), "Key value must be of type S, N, or B. Key name: id, Key type: BOOL");
    await invalid(run(`UPDATE "${music}" SET year = 'x' WHERE artist = 'Abba' AND song = 'A1'`), /Type mismatch for Index Key year/);
  });
});

describe("DELETE", () => {
  it("deletes an item, also one that is not there", async () => {
    await doc.put({ TableName: hash, Item: { id: "d", n: 1 } });
    await fails(run(`DELETE FROM "${hash}" WHERE id = 'd' AND n = 2`), "ConditionalCheckFailedException", "The conditional request failed");
    assert.deepEqual(await run(`DELETE FROM "${hash}" WHERE id = 'd' AND n = 1 RETURNING ALL OLD *`), [{ id: "d", n: 1 }]);
    assert.deepEqual(await run(`DELETE FROM "${hash}" WHERE id = 'd' RETURNING ALL OLD *`), []);
    assert.deepEqual(await run(`DELETE FROM "${hash}" WHERE id = 'd' AND n IS MISSING`), []);
    await fails(run(`DELETE FROM "${hash}" WHERE id = 'd' AND n = 1`), "ConditionalCheckFailedException", "The conditional request failed");
    await invalid(run(`DELETE FROM "${hash}"`), "Where clause does not contain a mandatory equality on all key attributes");
  });
});

describe("statements", () => {
  it("of the wrong form are refused", async () => {
    const broken = `SELEC * FROM "${hash}"`;
    await invalid(run(broken), `Statement wasn't well formed, can't be processed: ${broken}`);
    await invalid(run("x"), "Unsupported operation: VariableReference");
    await invalid(run(`EXISTS(SELECT * FROM "${hash}" WHERE id = 'a')`), "EXISTS can only be used in ExecuteTransaction write requests.");
    await invalid(run("SELECT * FROM ab"), "Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', '-', '_', '.'.");
    await fails(run("SELECT * FROM none"), "ResourceNotFoundException", "Requested resource not found");
    await fails(run("DELETE FROM none WHERE id = 'a'"), "ResourceNotFoundException", "Requested resource not found");
  });

  it("have as many parameters as they ask for", async () => {
    const wrong = "Number of parameters in request and statement don't match.";
    await invalid(run(`SELECT * FROM "${hash}" WHERE id = ?`), wrong);
    await invalid(run(`SELECT * FROM "${hash}" WHERE id = ?`, ["a", "b"]), wrong);
    await invalid(run(`SELECT * FROM "${hash}"`, ["a"]), wrong);
    await invalid(execute(`SELECT * FROM "${hash}" WHERE id = ?`, [{ N: "x" }]), "The parameter cannot be converted to a numeric value: x");
  });

  it("and their other parameters have bounds", async () => {
    const detected = (path, rule) => new RegExp(`^1 validation error detected: Value '?.*'? at '${path}' failed to satisfy constraint: Member must have ${rule}$`);
    await invalid(run(""), detected("statement", "length greater than or equal to 1"));
    await invalid(run("x".repeat(8193)), detected("statement", "length less than or equal to 8192"));
    await invalid(run(`SELECT * FROM "${hash}"`, []), detected("parameters", "length greater than or equal to 1"));
    await invalid(run(`SELECT * FROM "${hash}"`, undefined, { Limit: 0 }), detected("limit", "value greater than or equal to 1"));
    await invalid(run(`SELECT * FROM "${hash}"`, undefined, { NextToken: "" }), detected("nextToken", "length greater than or equal to 1"));
    assert.ok(Array.isArray(await run(`SELECT * FROM "${hash}"${" ".repeat(8192 - 16 - hash.length)}`)));
  });
});

describe("BatchExecuteStatement", () => {
  const batch = async (Statements, more) =>
    (await doc.batchExecuteStatement({ Statements: Statements.map((s) => (typeof s === "string" ? { Statement: s } : s)), ...more })).Responses;

  it("reads items by their keys, each by itself", async () => {
    await doc.put({ TableName: hash, Item: { id: "b1", m: { x: 1, y: 2 } } });
    const single = { Error: { Code: "ValidationError", Message: "Only single item select is supported" } };
    assert.deepEqual(
      await batch([
        `SELECT m.x FROM "${hash}" WHERE id = 'b1'`,
        { Statement: `SELECT song FROM "${music}" WHERE artist = ? AND song = ?`, Parameters: ["Abba", "A1"], ConsistentRead: true },
        `SELECT * FROM "${hash}" WHERE id = 'none'`,
        `SELECT * FROM "${music}" WHERE artist = 'Abba'`,
        `SELECT * FROM "${hash}" WHERE id = 'b1' AND n = 1`,
        `SELECT * FROM "${music}"."byYear" WHERE artist = 'Abba' AND year = 1991`,
        "SELECT * FROM nope WHERE id = 'a'",
        "SELECT * FROM",
        `SELECT * FROM "${hash}" WHERE id = ?`,
        `SELECT * FROM "${hash}" WHERE id = 1`,
      ]),
      [
        { TableName: hash, Item: { m: { x: 1 } } },
        { TableName: music, Item: { song: "A1" } },
        { TableName: hash },
        single,
        single,
        single,
        { Error: { Code: "ResourceNotFound", Message: "Requested resource not found" } },
        { Error: { Code: "ValidationError", Message: "Statement wasn't well formed, can't be processed: SELECT * FROM" } },
        { Error: { Code: "ValidationError", Message: "Number of parameters in request and statement don't match." } },
        { Error: { Code: "ValidationError", Message: "Key attribute's data type should match its data type in table's schema: Key id" } },
      ],
    );
  });

  it("refuses the whole batch for a parameter that is no value, whatever its statement is", async () => {
    const statements = (Parameters) => ({ Statements: [{ Statement: `INSERT INTO "${hash}" VALUE {'id': 'w0'}` }, { Statement: "x", Parameters }] });
    await invalid(ddb.batchExecuteStatement(statements([{ N: "x" }])), "The parameter cannot be converted to a numeric value: x");
    await invalid(ddb.batchExecuteStatement(statements([{ SS: ["a", "a"] }])), "One or more parameter values were invalid: Input collection [a, a] contains duplicates.");
    await invalid(ddb.executeTransaction({ TransactStatements: statements([{ N: "x" }]).Statements }), "The parameter cannot be converted to a numeric value: x");
    assert.deepEqual(await run(`SELECT * FROM "${hash}" WHERE id = 'w0'`), []);
  });

  it("tells that a value no key can have names no item", async () => {
    for (const value of ["[]", "{}", "TRUE", "NULL", "<<1>>"]) {
      assert.deepEqual(await batch([`SELECT * FROM "${hash}" WHERE id = ${value}`]), [{ Error: { Code: "ValidationError", Message: "Only single item select is supported" } }]);
    }
  });

  it("writes items, and tells of those that it could not write", async () => {
    await doc.put({ TableName: hash, Item: { id: "w1", n: 1 } });
    await doc.put({ TableName: hash, Item: { id: "w2", n: 2 } });
    const answers = await batch([
      `INSERT INTO "${hash}" VALUE {'id': 'w3', 'n': 3}`,
      `INSERT INTO "${hash}" VALUE {'id': 'w1', 'n': 9}`,
      { Statement: `DELETE FROM "${hash}" WHERE id = 'w2' AND n = ?`, Parameters: [9], ReturnValuesOnConditionCheckFailure: "ALL_OLD" },
      `UPDATE "${hash}" SET n = 4 WHERE id = 'absent'`,
      `UPDATE "${hash}" SET n = 5 WHERE n = 1`,
      `UPDATE "${hash}" SET n = none WHERE id = 'w4'`,
      "x",
      `EXISTS(SELECT * FROM "${hash}" WHERE id = 'w1' AND n = 1)`,
    ]);
    assert.deepEqual(answers, [
      { TableName: hash },
      { TableName: hash, Error: { Code: "DuplicateItem", Message: "Duplicate primary key exists in table" } },
      { TableName: hash, Error: { Code: "ConditionalCheckFailed", Message: "The conditional request failed", Item: { id: "w2", n: 2 } } },
      { TableName: hash, Error: { Code: "ConditionalCheckFailed", Message: "The conditional request failed" } },
      { Error: { Code: "ValidationError", Message: "Where clause does not contain a mandatory equality on all key attributes" } },
      { TableName: hash, Error: { Code: "ConditionalCheckFailed", Message: "The conditional request failed" } },
      { Error: { Code: "ValidationError", Message: "Invalid operation. Only select, insert, update and delete operations are valid" } },
      { Error: { Code: "ValidationError", Message: "EXISTS can only be used in ExecuteTransaction write requests." } },
    ]);
    assert.deepEqual(await batch([`UPDATE "${hash}" SET n = n + 1 WHERE id = 'w3' RETURNING ALL NEW *`, `DELETE FROM "${hash}" WHERE id = 'w2'`]), [
      { TableName: hash, Item: { id: "w3", n: 4 } },
      { TableName: hash },
    ]);
    assert.equal((await doc.get({ TableName: hash, Key: { id: "w2" } })).Item, undefined);
  });

  it("tells the capacity of each statement", async () => {
    const { ConsumedCapacity } = await ddb.batchExecuteStatement({
      Statements: [{ Statement: `SELECT * FROM "${hash}" WHERE id = 'w1'`, ConsistentRead: true }, { Statement: `SELECT * FROM "${music}" WHERE artist = 'Abba' AND song = 'A1'` }, { Statement: "x" }],
      ReturnConsumedCapacity: "TOTAL",
    });
    assert.deepEqual(ConsumedCapacity, [{ TableName: hash, CapacityUnits: 1 }, { TableName: music, CapacityUnits: 0.5 }]);
  });

  it("refuses what is no batch", async () => {
    const read = `SELECT * FROM "${hash}" WHERE id = 'a'`;
    await invalid(batch([read, `DELETE FROM "${hash}" WHERE id = 'b'`]), "Read and write requests together in the same batch is not supported.");
    await invalid(batch([read, read]), "Provided list of item keys contains duplicates");
    await invalid(batch([`DELETE FROM "${hash}" WHERE id = 'a'`, `INSERT INTO "${hash}" VALUE {'id': 'a'}`]), "Provided list of item keys contains duplicates");
    await invalid(batch([]), /at 'statements' failed to satisfy constraint: Member must have length greater than or equal to 1$/);
    await invalid(batch(Array(26).fill(read)), /at 'statements' failed to satisfy constraint: Member must have length less than or equal to 25$/);
  });
});

describe("ExecuteTransaction", () => {
  const send = (TransactStatements, more) =>
    doc.executeTransaction({ TransactStatements: TransactStatements.map((s) => (typeof s === "string" ? { Statement: s } : s)), ...more });
  const cancelled = async (promise, ...reasons) => {
    const codes = reasons.map(({ Code }) => Code).join(", ");
    const error = await fails(promise, "TransactionCanceledException", `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`);
    assert.deepEqual(error.CancellationReasons, reasons);
  };
  const None = { Code: "None" };
  const failed = { Code: "ConditionalCheckFailed", Message: "The conditional request failed" };

  it("reads items of one moment", async () => {
    await doc.put({ TableName: hash, Item: { id: "t1", m: { x: 1, y: 2 } } });
    const { Responses, ConsumedCapacity } = await send(
      [`SELECT m.x FROM "${hash}" WHERE id = 't1'`, { Statement: `SELECT song FROM "${music}" WHERE artist = ? AND song = 'A1'`, Parameters: ["Abba"] }, `SELECT * FROM "${hash}" WHERE id = 'none'`],
      { ReturnConsumedCapacity: "TOTAL" },
    );
    assert.deepEqual(Responses, [{ Item: { m: { x: 1 } } }, { Item: { song: "A1" } }, {}]);
    assert.deepEqual(ConsumedCapacity.map(({ TableName, CapacityUnits }) => [TableName, CapacityUnits]), [[hash, 4], [music, 2]]);
  });

  it("writes all or nothing", async () => {
    await doc.put({ TableName: hash, Item: { id: "t2", n: 1 } });
    await doc.put({ TableName: hash, Item: { id: "t3", n: 1 } });
    const { Responses } = await send([
      `INSERT INTO "${hash}" VALUE {'id': 't4', 'n': 4}`,
      `UPDATE "${hash}" SET n = n + 1 WHERE id = 't2' AND n = 1`,
      `DELETE FROM "${hash}" WHERE id = 't3'`,
      `EXISTS(SELECT * FROM "${hash}" WHERE id = 't1' AND m.x = 1)`,
    ]);
    assert.deepEqual(Responses, []);
    const ids = ["t2", "t3", "t4"];
    const state = () => Promise.all(ids.map(async (id) => (await doc.get({ TableName: hash, Key: { id } })).Item));
    const after = [{ id: "t2", n: 2 }, undefined, { id: "t4", n: 4 }];
    assert.deepEqual(await state(), after);
    await cancelled(send([`UPDATE "${hash}" SET n = 9 WHERE id = 't2'`, `INSERT INTO "${hash}" VALUE {'id': 't4'}`]), None, { Code: "ValidationError", Message: "Duplicate primary key exists in table" });
    await cancelled(send([`UPDATE "${hash}" SET n = 9 WHERE id = 't2'`, `EXISTS(SELECT * FROM "${hash}" WHERE id = 't4' AND n = 5)`]), None, failed);
    await cancelled(send([`UPDATE "${hash}" SET n = 9 WHERE id = 'absent'`, { Statement: `DELETE FROM "${hash}" WHERE id = 't4' AND n = 5`, ReturnValuesOnConditionCheckFailure: "ALL_OLD" }]), failed, { ...failed, Item: { id: { S: "t4" }, n: { N: "4" } } });
    await cancelled(send([`EXISTS(SELECT * FROM "${hash}" WHERE id = 'absent' AND n IS MISSING)`]), failed);
    /* The first equality names the item, a further one is a condition. */
    await cancelled(send([`EXISTS(SELECT * FROM "${hash}" WHERE id = 't1' AND id = 't2')`]), failed);
    await send([`EXISTS(SELECT * FROM "${hash}" WHERE id = 't1' AND id = 't1')`]);
    await cancelled(send([`UPDATE "${hash}" SET n = 9 WHERE id = 't2'`, `UPDATE "${hash}" SET n = m.x WHERE id = 't4'`]), None, { Code: "ValidationError", Message: "The provided expression refers to an attribute that does not exist in the item" });
    // What a statement names wrongly hides nothing of the others.
    await cancelled(
      send([`EXISTS(SELECT * FROM "${hash}" WHERE id = 't1' AND n = 5)`, `DELETE FROM "${hash}" WHERE n = 4`, `INSERT INTO "${hash}" VALUE {'id': 't4'}`, `DELETE FROM "${hash}" WHERE id = 't2'`]),
      failed,
      { Code: "ValidationError", Message: "Where clause does not contain a mandatory equality on all key attributes" },
      { Code: "ValidationError", Message: "Duplicate primary key exists in table" },
      None,
    );
    await cancelled(send([`UPDATE "${hash}" SET n = 9 WHERE id = 't2'`, `DELETE FROM "${hash}" WHERE id = 4`]), None, { Code: "ValidationError", Message: "Key attribute's data type should match its data type in table's schema: Key id" });
    assert.deepEqual(await state(), after);
  });

  it("is done once for a ClientRequestToken", async () => {
    const ClientRequestToken = `once-${hash.slice(-20)}`;
    const statements = [{ Statement: `UPDATE "${hash}" SET n = n + ? WHERE id = 'once'`, Parameters: [1] }];
    await doc.put({ TableName: hash, Item: { id: "once", n: 0 } });
    for (let i = 0; i < 3; i++) await send(statements, { ClientRequestToken });
    assert.deepEqual(await run(`SELECT n FROM "${hash}" WHERE id = 'once'`), [{ n: 1 }]);
    await assert.rejects(send([{ ...statements[0], Parameters: [2] }], { ClientRequestToken }), { name: "IdempotentParameterMismatchException" });
  });

  it("moves no coin that is not there, under many clients", async () => {
    for (const id of ["purse0", "purse1", "purse2"]) await doc.put({ TableName: hash, Item: { id, n: 20 } });
    const move = async (i) => {
      try {
        await send([`UPDATE "${hash}" SET n = n - 1 WHERE id = 'purse${i % 3}' AND n > 0`, `UPDATE "${hash}" SET n = n + 1 WHERE id = 'purse${(i + 1) % 3}'`]);
      } catch (error) {
        assert.equal(error.name, "TransactionCanceledException");
      }
    };
    await Promise.all(Array.from({ length: 30 }, (_, i) => move(i)));
    const purses = await run(`SELECT n FROM "${hash}" WHERE id IN ['purse0', 'purse1', 'purse2']`);
    assert.equal(purses.reduce((sum, { n }) => sum + n, 0), 60);
  });

  it("refuses what is no transaction", async () => {
    const read = `SELECT * FROM "${hash}" WHERE id = 'a'`;
    const write = `DELETE FROM "${hash}" WHERE id = 'b'`;
    const wrong = (promise, message) => invalid(promise, `Validation failed in TransactStatements[0]: ${message}`);
    await invalid(send([read, write]), "ExecuteTransaction API does not support both read and write operations in the same request.");
    await invalid(send([read, read]), "Transaction request cannot include multiple operations on one item");
    await invalid(send([write, write]), "Transaction request cannot include multiple operations on one item");
    await wrong(send([`SELECT * FROM "${hash}"`]), "Select statements within ExecuteTransaction must specify the primary key in the where clause.");
    await wrong(send([`${read} AND n = 1`]), "Select statements within ExecuteTransaction must specify the primary key in the where clause.");
    await wrong(send([`SELECT * FROM "${music}"."byYear" WHERE artist = 'Abba'`]), "Reads on indices are not supported within transactions.");
    await wrong(send([`${write} RETURNING ALL OLD *`]), "RETURNING clause is not supported in ExecuteTransaction.");
    await wrong(send([`EXISTS(${read})`]), "EXISTS() must contain a single item read with additional condition");
    await wrong(send([`EXISTS(SELECT * FROM "${hash}" WHERE n = 1)`]), "EXISTS() must contain a single item read with additional condition");
    await wrong(send([`SELECT * FROM "${hash}" WHERE id = ?`]), "Number of parameters in request and statement don't match.");
    await invalid(send(["x"]), "Unsupported operation: VariableReference");
    await invalid(send(["SELECT"]), "Statement wasn't well formed, can't be processed: SELECT");
    await fails(send([read, read, `SELECT * FROM "none" WHERE id = 'a'`]), "ResourceNotFoundException", "Requested resource not found");
    await fails(send(["SELECT * FROM none WHERE id = 'a'"]), "ResourceNotFoundException", "Requested resource not found");
    await fails(send(["DELETE FROM none WHERE id = 'a'"]), "ResourceNotFoundException", "Requested resource not found");
    await invalid(send([]), /at 'transactStatements' failed to satisfy constraint: Member must have length greater than or equal to 1$/);
    await invalid(send(Array(101).fill(read)), /at 'transactStatements' failed to satisfy constraint: Member must have length less than or equal to 100$/);
    await invalid(send([write], { ClientRequestToken: "x".repeat(37) }), /at 'clientRequestToken' failed to satisfy constraint: Member must have length less than or equal to 36$/);
  });
});

test("the AWS CLI and boto3 run statements", { skip: elsewhere }, async () => {
  const cli = (...args) =>
    JSON.parse(execFileSync(debian("aws"), ["dynamodb", ...args, "--output", "json", "--endpoint-url", endpoint], { env: environment, stdio: "pipe" }).toString());
  cli("execute-statement", "--statement", `INSERT INTO "${hash}" VALUE {'id': ?, 'n': 1}`, "--parameters", JSON.stringify([{ S: "cli" }]));
  assert.deepEqual(cli("execute-statement", "--statement", `SELECT * FROM "${hash}" WHERE id = 'cli'`).Items, [{ id: { S: "cli" }, n: { N: "1" } }]);
  assert.throws(
    () => cli("execute-statement", "--statement", `INSERT INTO "${hash}" VALUE {'id': 'cli'}`),
    ({ stderr }) => /\(DuplicateItemException\) when calling the ExecuteStatement operation.*: Duplicate primary key exists in table/.test(stderr),
  );
  const program = `
import boto3, json, sys
client = boto3.client("dynamodb", endpoint_url=sys.argv[1])
table = sys.argv[2]
first = client.execute_statement(Statement=f"SELECT song FROM \\"{table}\\" WHERE artist = 'Abba'", Limit=3)
second = client.execute_statement(Statement=f"SELECT song FROM \\"{table}\\" WHERE artist = 'Abba'", NextToken=first["NextToken"])
print(json.dumps([item["song"]["S"] for page in (first, second) for item in page["Items"]]))
print(json.dumps(first["LastEvaluatedKey"]))
`;
  const printed = execFileSync(debian("python3"), ["-W", "ignore", "-c", program, endpoint, music], { env: environment }).toString();
  const [found, last] = printed.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(found, ["A1", "A2", "A3", "A4"]);
  assert.deepEqual(last, { artist: { S: "Abba" }, song: { S: "A3" } });
});
