// The parameters that expressions replaced: Expected, AttributeUpdates, KeyConditions, QueryFilter, ScanFilter,
// AttributesToGet and ConditionalOperator.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fails, invalid, open, pages, sorted } from "../lib/turntable.js";

const { ddb, doc, table } = await open();

const simple = await table({ pk: "S" });
const music = await table(
  { artist: "S", year: "N" },
  {
    lsi: { byTitle: { keys: { artist: "S", title: "S" }, projection: "KEYS_ONLY" } },
    gsi: { byGenre: { keys: { genre: "S", title: "S" } }, genres: { keys: { genre: "S" }, projection: "KEYS_ONLY" } },
  },
);

const albums = [
  { artist: "Ada", year: 1999, title: "First", genre: "jazz", tracks: 9 },
  { artist: "Ada", year: 2003, title: "Second", genre: "jazz", tracks: 12, tags: new Set(["live"]) },
  { artist: "Ada", year: 2010, title: "Third", genre: "folk", tracks: 10 },
  { artist: "Ben", year: 2003, title: "Solo", genre: "folk", tracks: 7 },
];
for (const Item of albums) await doc.put({ TableName: music, Item });

let keys = 0;
const invalidValues = "One or more parameter values were invalid: ";
const conditionFailed = "The conditional request failed";
const where = (ComparisonOperator, ...AttributeValueList) => ({ ComparisonOperator, AttributeValueList });

/** A new item in the simple table; resolves with its key. */
async function item(attributes) {
  const pk = `key ${++keys}`;
  await doc.put({ TableName: simple, Item: { pk, ...attributes } });
  return { pk };
}
const read = async (Key) => (await doc.get({ TableName: simple, Key, ConsistentRead: true })).Item;
const refused = (promise) => fails(promise, "ConditionalCheckFailedException", conditionFailed);

describe("Expected", () => {
  const attributes = { s: "hello", n: 5, flag: true, nothing: null, set: new Set(["a", "b"]), list: ["a", 5], map: { a: 1 } };
  const check = (Key, Expected, more) => doc.delete({ TableName: simple, Key, Expected, ...more });

  const holding = {
    "a value": { s: { Value: "hello" } },
    "a value that must exist": { n: { Value: 5, Exists: true } },
    "no attribute": { none: { Exists: false } },
    EQ: { set: where("EQ", new Set(["b", "a"])) },
    "EQ of a map": { map: where("EQ", { a: 1 }) },
    "EQ with Value": { s: { ComparisonOperator: "EQ", Value: "hello" } },
    NE: { s: where("NE", "other") },
    "NE of no attribute": { none: where("NE", "x") },
    LE: { n: where("LE", 5) },
    LT: { n: where("LT", 6) },
    GE: { s: where("GE", "hello") },
    GT: { s: where("GT", "hell") },
    NOT_NULL: { nothing: where("NOT_NULL") },
    NULL: { none: { ComparisonOperator: "NULL" } },
    "CONTAINS of a text": { s: where("CONTAINS", "ell") },
    "CONTAINS of a set": { set: where("CONTAINS", "a") },
    "CONTAINS of a list": { list: where("CONTAINS", 5) },
    NOT_CONTAINS: { set: where("NOT_CONTAINS", "c") },
    BEGINS_WITH: { s: where("BEGINS_WITH", "he") },
    IN: { n: where("IN", 1, 5, 9) },
    BETWEEN: { n: where("BETWEEN", 4, 6) },
    "all of several": { s: { Value: "hello" }, n: where("GT", 1), none: { Exists: false } },
  };
  for (const [name, expected] of Object.entries(holding)) {
    test(`${name}: a condition that holds lets a DeleteItem through`, async () => {
      const key = await item(attributes);
      await check(key, expected);
      assert.equal(await read(key), undefined);
    });
  }

  const failing = {
    "another value": { s: { Value: "other" } },
    "a value of another type": { n: { Value: "5" } },
    "the value of no attribute": { none: { Value: "x" } },
    "an attribute that may not be": { nothing: { Exists: false } },
    NE: { s: where("NE", "hello") },
    LT: { n: where("LT", 5) },
    "GT of another type": { n: where("GT", "1") },
    NULL: { nothing: where("NULL") },
    NOT_NULL: { none: where("NOT_NULL") },
    CONTAINS: { list: where("CONTAINS", "5") },
    NOT_CONTAINS: { list: where("NOT_CONTAINS", "a") },
    "NOT_CONTAINS of no attribute": { none: where("NOT_CONTAINS", "a") },
    BEGINS_WITH: { s: where("BEGINS_WITH", "ello") },
    IN: { n: where("IN", 1, 9) },
    BETWEEN: { n: where("BETWEEN", 6, 9) },
    "one of several": { s: { Value: "hello" }, n: where("GT", 9) },
  };
  for (const [name, expected] of Object.entries(failing)) {
    test(`${name}: a condition that fails keeps the item`, async () => {
      const key = await item(attributes);
      await refused(check(key, expected));
      assert.deepEqual(await read(key), { ...key, ...attributes });
    });
  }

  test("guards PutItem and UpdateItem too", async () => {
    const key = await item({ n: 1 });
    await refused(doc.put({ TableName: simple, Item: { ...key, n: 2 }, Expected: { n: { Value: 9 } } }));
    await refused(doc.update({ TableName: simple, Key: key, AttributeUpdates: { n: { Value: 2 } }, Expected: { n: { Value: 9 } } }));
    assert.deepEqual(await read(key), { ...key, n: 1 });
    await doc.put({ TableName: simple, Item: { ...key, n: 2 }, Expected: { n: { Value: 1 } } });
    await doc.update({ TableName: simple, Key: key, AttributeUpdates: { m: { Value: 3 } }, Expected: { n: { Value: 2 } } });
    assert.deepEqual(await read(key), { ...key, n: 2, m: 3 });
  });

  test("of several writers one wins", async () => {
    const key = await item({ n: 0 });
    const writers = Array.from({ length: 8 }, (_, i) =>
      doc.put({ TableName: simple, Item: { ...key, n: i + 1 }, Expected: { n: { Value: 0 } } }).then(() => i + 1, () => 0),
    );
    const won = (await Promise.all(writers)).filter((n) => n > 0);
    assert.equal(won.length, 1);
    assert.deepEqual(await read(key), { ...key, n: won[0] });
  });

  test("returns the item on a failure if it is asked to", async () => {
    const key = await item({ n: 1 });
    const error = await refused(check(key, { n: { Value: 2 } }, { ReturnValuesOnConditionCheckFailure: "ALL_OLD" }));
    assert.deepEqual(error.Item, { pk: { S: key.pk }, n: { N: "1" } });
  });

  test("names attributes as they are, not paths", async () => {
    const key = await item({ "map.a": 1, map: { a: 2 } });
    await check(key, { "map.a": { Value: 1 } });
    assert.equal(await read(key), undefined);
  });

  const wrong = {
    "nothing expected": [{}, "Value must be provided when Exists is null for Attribute: s"],
    "Exists without Value": [{ Exists: true }, "Value must be provided when Exists is true for Attribute: s"],
    "a value of what does not exist": [{ Exists: false, Value: "x" }, "Value cannot be used when Exists is false for Attribute: s"],
    "Exists with an operator": [{ Exists: true, ...where("EQ", "x") }, "Exists and ComparisonOperator cannot be used together for Attribute: s"],
    "Value and a list": [{ Value: "x", ...where("EQ", "x") }, "Value and AttributeValueList cannot be used together for Attribute: s"],
    "a list without an operator": [{ AttributeValueList: ["x"] }, "AttributeValueList can only be used with a ComparisonOperator for Attribute: s"],
    "an operator without values": [{ ComparisonOperator: "LE" }, "Value or AttributeValueList must be used with ComparisonOperator: LE for Attribute: s"],
    "too few values": [where("BETWEEN", 1), "Invalid number of argument(s) for the BETWEEN ComparisonOperator"],
    "too many values": [where("EQ", 1, 2), "Invalid number of argument(s) for the EQ ComparisonOperator"],
    "a value of NULL": [where("NULL", 1), "Invalid number of argument(s) for the NULL ComparisonOperator"],
    "a set that is less": [where("LT", new Set(["a"])), "ComparisonOperator LT is not valid for SS AttributeValue type"],
    "a boolean among many": [where("IN", true), "ComparisonOperator IN is not valid for BOOL AttributeValue type"],
    "a number as a prefix": [where("BEGINS_WITH", 1), "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type"],
    "a list that is contained": [where("CONTAINS", []), "ComparisonOperator CONTAINS is not valid for L AttributeValue type"],
    "values of two types": [where("IN", "a", 1), "AttributeValues inside AttributeValueList must be of same type"],
  };
  for (const [name, [condition, message]] of Object.entries(wrong)) {
    test(`refuses ${name}`, async () => {
      await invalid(check({ pk: "none" }, { s: condition }), invalidValues + message);
    });
  }

  test("refuses bounds in the wrong order", async () => {
    const message = "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound";
    await invalid(check({ pk: "none" }, { s: where("BETWEEN", 2, 1) }), message);
  });

  test("refuses an empty name", async () => {
    await invalid(check({ pk: "none" }, { "": { Exists: false } }), "Empty attribute name");
  });

  test("refuses words that no enumeration has", async () => {
    await invalid(
      check({ pk: "none" }, { s: where("LIKE", "x") }, { ConditionalOperator: "XOR" }),
      "2 validation errors detected: Value 'LIKE' at 'expected.s.member.comparisonOperator' failed to satisfy constraint: Member must satisfy enum value set: " +
        "[IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]; " +
        "Value 'XOR' at 'conditionalOperator' failed to satisfy constraint: Member must satisfy enum value set: [OR, AND]",
    );
  });
});

describe("ConditionalOperator", () => {
  const both = (first, second) => ({ a: { Value: first }, b: { Value: second } });
  const check = (Key, Expected, ConditionalOperator) => doc.put({ TableName: simple, Item: { ...Key, a: 1, b: 2 }, Expected, ConditionalOperator });

  test("AND wants all", async () => {
    const key = await item({ a: 1, b: 2 });
    await check(key, both(1, 2), "AND");
    await refused(check(key, both(1, 9), "AND"));
  });

  test("OR is content with one", async () => {
    const key = await item({ a: 1, b: 2 });
    await check(key, both(9, 2), "OR");
    await refused(check(key, both(9, 9), "OR"));
  });

  test("wants something to join", async () => {
    const none = "ConditionalOperator cannot be used without Filter or Expected";
    const one = "ConditionalOperator can only be used when Filter or Expected has two or more elements";
    await invalid(check({ pk: "none" }, undefined, "OR"), none);
    await invalid(check({ pk: "none" }, {}, "AND"), none);
    await invalid(check({ pk: "none" }, { a: { Value: 1 } }, "OR"), one);
    await invalid(doc.scan({ TableName: simple, ConditionalOperator: "OR" }), none);
    await invalid(doc.scan({ TableName: simple, ScanFilter: { a: where("EQ", 1) }, ConditionalOperator: "OR" }), one);
  });
});

describe("AttributeUpdates", () => {
  const update = (Key, AttributeUpdates, ReturnValues, more) => doc.update({ TableName: simple, Key, AttributeUpdates, ReturnValues, ...more });

  test("PUT writes, and is what is meant without an action", async () => {
    const key = await item({ a: 1, b: 2 });
    const { Attributes } = await update(key, { a: { Action: "PUT", Value: "new" }, c: { Value: [3] } }, "ALL_NEW");
    assert.deepEqual(Attributes, { ...key, a: "new", b: 2, c: [3] });
    assert.deepEqual(await read(key), Attributes);
  });

  test("ADD adds to numbers, sets and lists", async () => {
    const key = await item({ n: 1, set: new Set(["a"]), list: [1] });
    const add = (Value) => ({ Action: "ADD", Value });
    await update(key, { n: add(-3), set: add(new Set(["b"])), list: add([2]), newNumber: add(5), newSet: add(new Set([7])), newList: add(["x"]) });
    assert.deepEqual(await read(key), {
      ...key, n: -2, set: new Set(["a", "b"]), list: [1, 2], newNumber: 5, newSet: new Set([7]), newList: ["x"],
    });
  });

  test("ADD makes an item", async () => {
    const key = { pk: `key ${++keys}` };
    await update(key, { n: { Action: "ADD", Value: 3 } });
    assert.deepEqual(await read(key), { ...key, n: 3 });
  });

  test("DELETE removes an attribute, or members of a set", async () => {
    const key = await item({ a: 1, some: new Set(["a", "b"]), all: new Set([1]) });
    const take = (Value) => ({ Action: "DELETE", Value });
    await update(key, { a: take(), none: take(), some: take(new Set(["a", "z"])), all: take(new Set([1])) });
    assert.deepEqual(await read(key), { ...key, some: new Set(["b"]) });
  });

  test("what only deletes makes no item", async () => {
    const key = { pk: `key ${++keys}` };
    const answer = await update(key, { a: { Action: "DELETE" }, b: { Action: "DELETE", Value: new Set(["x"]) } }, "ALL_NEW");
    assert.equal(answer.Attributes, undefined);
    assert.equal(await read(key), undefined);
  });

  test("no updates make an item of the key alone", async () => {
    const key = { pk: `key ${++keys}` };
    await update(key, {});
    assert.deepEqual(await read(key), key);
  });

  test("ReturnValues returns what was asked for", async () => {
    const updates = { a: { Value: 2 }, gone: { Action: "DELETE" }, more: { Value: "x" } };
    const expected = {
      NONE: undefined,
      ALL_OLD: { a: 1, gone: true, kept: 1 },
      ALL_NEW: { a: 2, kept: 1, more: "x" },
      UPDATED_OLD: { a: 1, gone: true },
      UPDATED_NEW: { a: 2, more: "x" },
    };
    for (const [ReturnValues, attributes] of Object.entries(expected)) {
      const key = await item({ a: 1, gone: true, kept: 1 });
      const { Attributes } = await update(key, updates, ReturnValues);
      assert.deepEqual(Attributes, attributes && { ...(ReturnValues.startsWith("ALL") && key), ...attributes }, ReturnValues);
    }
  });

  test("refuses a value of another type", async () => {
    const key = await item({ s: "x", set: new Set(["a"]) });
    for (const updates of [
      { s: { Action: "ADD", Value: 1 } },
      { set: { Action: "ADD", Value: new Set([1]) } },
      { s: { Action: "DELETE", Value: new Set(["x"]) } },
    ]) {
      await invalid(update(key, updates), "Type mismatch for attribute to update");
    }
  });

  test("refuses types that an action does not have", async () => {
    const refuse = (updates, message) => invalid(update({ pk: "none" }, updates), invalidValues + message);
    await refuse({ a: { Action: "ADD", Value: "x" } }, "ADD action is not supported for the type STRING");
    await refuse({ a: { Action: "ADD", Value: {} } }, "ADD action is not supported for the type MAP");
    await refuse({ a: { Action: "DELETE", Value: 1 } }, "DELETE action with value is not supported for the type NUMBER");
    await refuse({ a: { Action: "DELETE", Value: [1] } }, "DELETE action with value is not supported for the type LIST");
    await refuse({ a: { Action: "PUT" } }, "Only DELETE action is allowed when no attribute value is specified");
    await refuse({ a: {} }, "Only DELETE action is allowed when no attribute value is specified");
    await refuse({ pk: { Value: "x" } }, "Cannot update attribute pk. This attribute is part of the key");
  });

  test("refuses an action that there is not", async () => {
    await invalid(
      update({ pk: "none" }, { a: { Action: "SET", Value: 1 } }),
      "1 validation error detected: Value 'SET' at 'attributeUpdates.a.member.action' failed to satisfy constraint: " +
        "Member must satisfy enum value set: [ADD, PUT, DELETE]",
    );
  });

  test("refuses what makes an item too large", async () => {
    await invalid(update({ pk: "none" }, { a: { Value: "x".repeat(410000) } }), "Item size to update has exceeded the maximum allowed size");
  });

  test("refuses a value that no index key has", async () => {
    const TableName = await table({ pk: "S" }, { gsi: { byColour: { keys: { colour: "S" } } } });
    await invalid(
      doc.update({ TableName, Key: { pk: "a" }, AttributeUpdates: { colour: { Value: 1 } } }),
      `${invalidValues}Type mismatch for Index Key colour Expected: S Actual: N IndexName: byColour`,
    );
  });

  test("refuses to take a set away from a local index's key", async () => {
    const take = { Action: "DELETE", Value: new Set(["x"]) };
    const taking = (Key) => doc.update({ TableName: music, Key, AttributeUpdates: { title: take, tracks: { Value: 1 } } });
    await invalid(taking({ artist: "Nobody", year: 1 }), `${invalidValues}Type mismatch for Index Key title Expected: S Actual: SS IndexName: byTitle`);
    await invalid(taking({ artist: "Ada", year: 1999 }), "Type mismatch for attribute to update");
  });

  test("keeps indexes", async () => {
    const Key = { artist: "Updated", year: 1 };
    const find = async () => (await doc.query({ TableName: music, IndexName: "genres", KeyConditions: { genre: where("EQ", "updated") } })).Items;
    await doc.update({ TableName: music, Key, AttributeUpdates: { genre: { Value: "updated" } } });
    assert.deepEqual(await find(), [{ ...Key, genre: "updated" }]);
    await doc.update({ TableName: music, Key, AttributeUpdates: { genre: { Action: "DELETE" } } });
    assert.deepEqual(await find(), []);
    await doc.delete({ TableName: music, Key });
  });
});

describe("KeyConditions", () => {
  const query = (KeyConditions, more) => doc.query({ TableName: music, KeyConditions, ...more });
  const years = async (condition, more) =>
    (await query({ artist: where("EQ", "Ada"), ...(condition && { year: condition }) }, more)).Items.map(({ year }) => year);

  const ranges = {
    EQ: [where("EQ", 2003), [2003]],
    LE: [where("LE", 2003), [1999, 2003]],
    LT: [where("LT", 2003), [1999]],
    GE: [where("GE", 2003), [2003, 2010]],
    GT: [where("GT", 2003), [2010]],
    BETWEEN: [where("BETWEEN", 1999, 2003), [1999, 2003]],
    "the partition key alone": [undefined, [1999, 2003, 2010]],
  };
  for (const [name, [condition, expected]] of Object.entries(ranges)) {
    test(`${name} finds its range`, async () => {
      assert.deepEqual(await years(condition), expected);
      assert.deepEqual(await years(condition, { ScanIndexForward: false }), [...expected].reverse());
    });
  }

  test("BEGINS_WITH, on a local index", async () => {
    const found = await query({ artist: where("EQ", "Ada"), title: where("BEGINS_WITH", "S") }, { IndexName: "byTitle" });
    assert.deepEqual(found.Items, [{ artist: "Ada", year: 2003, title: "Second" }]);
  });

  test("a global index", async () => {
    const found = await query({ genre: where("EQ", "jazz"), title: where("GT", "First") }, { IndexName: "byGenre" });
    assert.deepEqual(found.Items, [albums[1]]);
  });

  test("pages and consumes as with an expression", async () => {
    const all = await pages((input) => doc.query(input), { TableName: music, KeyConditions: { artist: where("EQ", "Ada") }, Limit: 1 });
    assert.deepEqual(all.Items, albums.slice(0, 3));
    const { ConsumedCapacity } = await query({ artist: where("EQ", "Ada") }, { ReturnConsumedCapacity: "TOTAL" });
    assert.deepEqual(ConsumedCapacity, { TableName: music, CapacityUnits: 0.5 });
  });

  test("goes with a filter and a projection by expression", async () => {
    const found = await query(
      { artist: where("EQ", "Ada") },
      { FilterExpression: "tracks > :t", ProjectionExpression: "title", ExpressionAttributeValues: { ":t": 9 } },
    );
    assert.deepEqual(found.Items, [{ title: "Second" }, { title: "Third" }]);
  });

  const artist = where("EQ", "Ada");
  const wrong = {
    "no condition": [{}, "Conditions can be of length 1 or 2 only"],
    "three conditions": [{ artist, year: where("EQ", 1), title: where("EQ", "x") }, "Conditions can be of length 1 or 2 only"],
    "no partition key": [{ year: where("EQ", 1999) }, "Query condition missed key schema element: artist"],
    "an attribute that is no key": [{ artist, tracks: where("EQ", 1) }, "Query condition missed key schema element: year"],
    "a range of partition keys": [{ artist: where("GT", "A") }, "Query key condition not supported"],
    "a wrong type": [{ artist: where("EQ", 1) }, `${invalidValues}Condition parameter type does not match schema type`],
    "too few values": [{ artist: where("EQ") }, `${invalidValues}Invalid number of argument(s) for the EQ ComparisonOperator`],
    "bounds in the wrong order": [
      { artist, year: where("BETWEEN", 2, 1) },
      "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound",
    ],
  };
  for (const operator of ["NE", "CONTAINS", "NOT_CONTAINS", "IN"]) {
    wrong[operator] = [{ artist, year: where(operator, 2003) }, "Attempted conditional constraint is not an indexable operation"];
  }
  for (const operator of ["NULL", "NOT_NULL"]) {
    wrong[operator] = [{ artist, year: where(operator) }, "Only scalar types can be used as Range Key values"];
    wrong[`${operator} of the partition key`] = [{ artist: where(operator) }, "Only scalar types can be used as Hash Key values"];
  }
  for (const [name, [conditions, message]] of Object.entries(wrong)) {
    test(`refuses ${name}`, async () => {
      await invalid(query(conditions), message);
    });
  }

  test("refuses a query without any", async () => {
    await invalid(query(undefined), "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
  });

  test("refuses a condition without an operator", async () => {
    await invalid(
      query({ artist: { AttributeValueList: ["Ada"] } }),
      "1 validation error detected: Value null at 'keyConditions.artist.member.comparisonOperator' failed to satisfy constraint: Member must not be null",
    );
  });
});

describe("QueryFilter and ScanFilter", () => {
  const query = (QueryFilter, more) => doc.query({ TableName: music, KeyConditions: { artist: where("EQ", "Ada") }, QueryFilter, ...more });
  const scan = (ScanFilter, more) => doc.scan({ TableName: music, ScanFilter, ...more });

  test("filter what was read", async () => {
    const found = await query({ tracks: where("GE", 10), tags: where("NULL") });
    assert.deepEqual([found.Items, found.Count, found.ScannedCount], [[albums[2]], 1, 3]);
    const scanned = await scan({ genre: where("IN", "folk", "rock"), tracks: where("LT", 10) });
    assert.deepEqual([scanned.Items, scanned.Count, scanned.ScannedCount], [[albums[3]], 1, 4]);
  });

  test("join with OR", async () => {
    const filter = { tracks: where("EQ", 9), tags: where("CONTAINS", "live") };
    assert.deepEqual((await query(filter, { ConditionalOperator: "OR" })).Items, albums.slice(0, 2));
    assert.deepEqual(sorted((await scan(filter, { ConditionalOperator: "OR" })).Items, "year"), albums.slice(0, 2));
    assert.equal((await scan(filter, { ConditionalOperator: "AND", Select: "COUNT" })).Count, 0);
  });

  test("a scan may filter by keys, a query not", async () => {
    assert.deepEqual((await scan({ artist: where("BEGINS_WITH", "B") })).Items, [albums[3]]);
    const message = (name) => `QueryFilter can only contain non-primary key attributes: Primary key attribute: ${name}`;
    await invalid(query({ artist: where("EQ", "Ada") }), message("artist"));
    await invalid(query({ year: where("EQ", 1999) }), message("year"));
    await invalid(query({ title: where("EQ", "x") }, { IndexName: "byTitle" }), message("title"));
    assert.equal((await query({ year: where("EQ", 1999) }, { IndexName: "byTitle" })).Count, 1);
  });

  test("want what the index has", async () => {
    await invalid(
      query({ tracks: where("EQ", 9) }, { IndexName: "byTitle" }),
      `${invalidValues}Secondary index byTitle does not project one or more filter attributes: [tracks]`,
    );
  });

  test("have a bound", async () => {
    const many = Array.from({ length: 10000 }, (_, i) => i);
    assert.equal((await scan({ tracks: where("IN", ...many.slice(1)) })).Count, 4);
    await invalid(scan({ tracks: where("IN", ...many) }), `${invalidValues}Conditions with more than 10000 attributes and values are not supported`);
  });
});

describe("AttributesToGet", () => {
  const Key = { artist: "Ada", year: 1999 };
  const get = (AttributesToGet, more) => doc.get({ TableName: music, Key, AttributesToGet, ...more });
  const query = (more) => doc.query({ TableName: music, KeyConditions: { artist: where("EQ", "Ada") }, Limit: 1, ...more });

  test("returns these attributes", async () => {
    const AttributesToGet = ["title", "tracks", "none"];
    const expected = { title: "First", tracks: 9 };
    assert.deepEqual((await get(AttributesToGet)).Item, expected);
    assert.deepEqual((await query({ AttributesToGet })).Items, [expected]);
    assert.deepEqual((await doc.scan({ TableName: music, AttributesToGet: ["genre"] })).Items.length, 4);
    const { Responses } = await doc.batchGet({ RequestItems: { [music]: { Keys: [Key], AttributesToGet } } });
    assert.deepEqual(Responses[music], [expected]);
  });

  test("takes names as they are, not paths", async () => {
    const key = await item({ "map.a": 1, map: { a: 2 } });
    assert.deepEqual((await doc.get({ TableName: simple, Key: key, AttributesToGet: ["map.a"] })).Item, { "map.a": 1 });
  });

  test("an item without these attributes is an empty one", async () => {
    assert.deepEqual((await get(["none"])).Item, {});
  });

  test("fetches from the table what a local index does not have", async () => {
    assert.deepEqual((await query({ IndexName: "byTitle", AttributesToGet: ["tracks"] })).Items, [{ tracks: 9 }]);
    await invalid(
      query({ IndexName: "genres", KeyConditions: { genre: where("EQ", "jazz") }, AttributesToGet: ["tracks"] }),
      `${invalidValues}Global secondary index genres does not project [tracks]`,
    );
  });

  test("goes with SPECIFIC_ATTRIBUTES only", async () => {
    const AttributesToGet = ["title"];
    assert.deepEqual((await query({ Select: "SPECIFIC_ATTRIBUTES", AttributesToGet })).Items, [{ title: "First" }]);
    for (const [Select, what] of [["ALL_ATTRIBUTES", "ALL_ATTRIBUTES"], ["ALL_PROJECTED_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"], ["COUNT", "only the Count"]]) {
      const message = `Cannot specify the AttributesToGet when choosing to get ${what}`;
      await invalid(query({ Select, AttributesToGet }), message);
      await invalid(doc.scan({ TableName: music, Select, AttributesToGet }), message);
    }
    await invalid(query({ Select: "SPECIFIC_ATTRIBUTES" }), "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES");
  });

  test("refuses a name that comes twice, an empty one, and none", async () => {
    await invalid(get(["a", "b", "b", "a"]), `${invalidValues}Duplicate value in attribute name: b`);
    await invalid(query({ AttributesToGet: ["a", "a"] }), `${invalidValues}Duplicate value in attribute name: a`);
    await invalid(get([""]), "Empty attribute name");
    await invalid(
      get([]),
      "1 validation error detected: Value '[]' at 'attributesToGet' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });
});

describe("old parameters beside expressions", () => {
  const mixed = (old, expressions) =>
    "Can not use both expression and non-expression parameters in the same request: " +
    `Non-expression parameters: {${old}} Expression parameters: {${expressions}}`;
  const Key = { pk: "none" };
  const values = { ":v": { S: "x" } };
  const expected = { a: { Exists: false } };
  const conditions = { a: { ComparisonOperator: "NULL" } };
  const put = (more) => ddb.putItem({ TableName: simple, Item: { pk: { S: "none" } }, ...more });
  const requests = {
    "PutItem, DeleteItem and UpdateItem": async () => {
      const input = { TableName: simple, Key: { pk: { S: "none" } }, ConditionExpression: "attribute_exists(pk)" };
      await invalid(put({ Expected: expected, ConditionExpression: "attribute_exists(pk)" }), mixed("Expected", "ConditionExpression"));
      await invalid(ddb.deleteItem({ ...input, Expected: {} }), mixed("Expected", "ConditionExpression"));
      await invalid(ddb.deleteItem({ ...input, ConditionalOperator: "AND" }), mixed("ConditionalOperator", "ConditionExpression"));
      await invalid(ddb.updateItem({ ...input, AttributeUpdates: {} }), mixed("AttributeUpdates", "ConditionExpression"));
      await invalid(
        ddb.updateItem({ ...input, UpdateExpression: "REMOVE a", AttributeUpdates: {}, Expected: expected }),
        mixed("AttributeUpdates, Expected", "UpdateExpression, ConditionExpression"),
      );
    },
    "GetItem and BatchGetItem": async () => {
      const both = { AttributesToGet: ["a"], ProjectionExpression: "a" };
      const message = mixed("AttributesToGet", "ProjectionExpression");
      await invalid(doc.get({ TableName: simple, Key, ...both }), message);
      await invalid(doc.batchGet({ RequestItems: { [simple]: { Keys: [Key], ...both } } }), message);
    },
    Query: async () => {
      const query = (more) => ddb.query({ TableName: simple, ExpressionAttributeValues: values, ...more });
      const KeyConditions = { pk: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "x" }] } };
      await invalid(query({ KeyConditionExpression: "pk = :v", KeyConditions }), mixed("KeyConditions", "KeyConditionExpression"));
      await invalid(query({ KeyConditionExpression: "pk = :v", QueryFilter: conditions }), mixed("QueryFilter", "KeyConditionExpression"));
      await invalid(
        query({ KeyConditions, QueryFilter: conditions, AttributesToGet: ["a"], FilterExpression: "a = :v" }),
        mixed("AttributesToGet, QueryFilter", "FilterExpression"),
      );
    },
    Scan: async () => {
      await invalid(ddb.scan({ TableName: simple, ScanFilter: conditions, ProjectionExpression: "a" }), mixed("ScanFilter", "ProjectionExpression"));
      await invalid(ddb.scan({ TableName: simple, AttributesToGet: ["a"], FilterExpression: "attribute_exists(a)" }), mixed("AttributesToGet", "FilterExpression"));
    },
  };
  for (const [name, ask] of Object.entries(requests)) test(`${name} refuse them`, ask);

  test("have no placeholders", async () => {
    await invalid(put({ Expected: expected, ExpressionAttributeNames: { "#a": "a" } }), "ExpressionAttributeNames can only be specified when using expressions");
    await invalid(
      put({ Expected: expected, ExpressionAttributeValues: values }),
      "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null",
    );
  });
});
