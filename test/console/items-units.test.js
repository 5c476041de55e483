// What the views of items do without a browser: JSON without loss, numbers, conditions, programs, CSV.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sources } from "./lib/sources.js";

const {
  JsonError, addressOf, build, bytesOf, compareNumbers, compareValues, equal, jsonNumber, keyFromUrl, keyToUrl, numberProblem, parseJson, placeOf, printItem, printJson, readItem,
  readPath, readQuery, targetOf, textOfBytes, writeQuery,
} = await sources(["items/json.ts", "items/notation.ts", "items/number.ts", "items/base64.ts", "items/query.ts", "items/expression.ts", "items/target.ts", "items/value.ts"]);

const description = {
  TableName: "Tracks",
  AttributeDefinitions: [{ AttributeName: "artist", AttributeType: "S" }, { AttributeName: "track", AttributeType: "S" }, { AttributeName: "year", AttributeType: "N" }, { AttributeName: "hash", AttributeType: "B" }],
  KeySchema: [{ AttributeName: "artist", KeyType: "HASH" }, { AttributeName: "track", KeyType: "RANGE" }],
  GlobalSecondaryIndexes: [{ IndexName: "ByYear", KeySchema: [{ AttributeName: "year", KeyType: "HASH" }, { AttributeName: "hash", KeyType: "RANGE" }] }],
};
const every = {
  s: { S: "quote \" back \\ line \n\u2028 <b>" },
  n: { N: "12345678901234567890123456789012345678" },
  b: { B: new Uint8Array([0, 255, 62, 63]) },
  yes: { BOOL: true },
  nothing: { NULL: true },
  map: { M: { "a.b": { N: "-1.50" }, list: { L: [{ S: "" }, { M: {} }] } } },
  ss: { SS: ["a", "b"] },
  ns: { NS: ["1", "0.1"] },
  bs: { BS: [new Uint8Array([1]), new Uint8Array([2])] },
  ["__proto__"]: { S: "a name like any" },
};

describe("JSON without loss", () => {
  it("keeps numbers as they are written", () => {
    const text = '{"a":12345678901234567890123456789012345678,"b":[1e400,-0.10]}';
    assert.equal(printJson(parseJson(text), 0), text);
  });

  it("says where a text is wrong", () => {
    const wrong = (text) => {
      try {
        parseJson(text);
      } catch (error) {
        assert.ok(error instanceof JsonError);
        return placeOf(text, error.at);
      }
      assert.fail(`taken: ${text}`);
    };
    assert.deepEqual(wrong('{\n  "a": 1,\n  "a": 2\n}'), { line: 3, column: 2 });
    assert.deepEqual(wrong('{"a": 01}'), { line: 1, column: 7 });
    assert.deepEqual(wrong('[\n1,\n]'), { line: 3, column: 0 });
    assert.deepEqual(wrong('["a\nb"]'), { line: 1, column: 3 });
    assert.deepEqual(wrong('"\\x"'), { line: 1, column: 0 });
    assert.deepEqual(wrong("{} {}"), { line: 1, column: 3 });
    assert.deepEqual(wrong(""), { line: 1, column: 0 });
    assert.equal(wrong("[".repeat(100_000)).line, 1);
  });

  it("writes and reads every type in DynamoDB's notation", () => {
    const { item, marks } = readItem(printItem(every, "dynamodb"), "dynamodb");
    assert.deepEqual(marks, []);
    assert.deepEqual(Object.entries(item), Object.entries(every));
  });

  it("reads plain JSON with the types that were there before", () => {
    const { item } = readItem(printItem(every, "plain"), "plain", every);
    assert.ok(equal({ M: item }, { M: every }));
    assert.deepEqual(readItem('{"ss":["a"],"b":"AA=="}', "plain").item, { ss: { L: [{ S: "a" }] }, b: { S: "AA==" } });
    assert.deepEqual(readItem('{"ss":["a",1],"b":"no base64"}', "plain", every).item, { ss: { L: [{ S: "a" }, { N: "1" }] }, b: { S: "no base64" } });
  });

  it("marks each value that DynamoDB would not take", () => {
    const text = '{\n"a": {"N": "x"},\n"b": {"Q": 1},\n"c": {"SS": []},\n"d": {"SS": ["x", "x"]},\n"e": 1,\n"f": {"B": "?"},\n"g": {"N": 1}\n}';
    assert.deepEqual(readItem(text, "dynamodb").marks.map(({ line }) => line), [2, 3, 4, 5, 6, 7, 8]);
    assert.equal(readItem("[]", "plain").marks.length, 1);
    assert.equal(readItem(`{"n": ${"1".repeat(39)}}`, "plain").marks.length, 1);
  });

  it("holds a key in an address", () => {
    const key = { artist: { S: "Dvořák / ?&=" }, hash: { B: new Uint8Array([251, 255]) } };
    assert.match(keyToUrl(key), /^[\w-]+$/);
    assert.deepEqual(keyFromUrl(keyToUrl(key)), key);
    assert.equal(keyFromUrl("###"), undefined);
    assert.equal(keyFromUrl("bm8"), undefined);
  });
});

describe("numbers", () => {
  it("are what DynamoDB takes", () => {
    for (const good of ["0", "-1", "+.5", "1E125", "1e-130", "9".repeat(38), `${"9".repeat(38)}000`, "0.00010", "-0", "5."]) assert.equal(numberProblem(good), undefined, good);
    for (const bad of ["", ".", "1e", "0x1", "NaN", "1".repeat(39), "1e126", "1e-131", "1 2", "١"]) assert.notEqual(numberProblem(bad), undefined, bad);
  });
  it("are compared by value, with all their digits", () => {
    const order = ["-1e5", "-10", "-9.5", "0", "1e-130", "0.1", "9", "10", "12345678901234567890123456789012345677", "12345678901234567890123456789012345678", "1e100"];
    assert.deepEqual([...order].reverse().sort(compareNumbers), order);
    assert.equal(compareNumbers("1.0", "1"), 0);
    assert.equal(compareNumbers("1e2", "100"), 0);
    assert.equal(compareNumbers("-0", "0"), 0);
  });
  it("are written as JSON has them", () => {
    for (const [given, written] of [["+.5", "5e-1"], ["007", "7"], ["5.", "5"], ["1E5", "1E5"], ["-00.50", "-5e-1"]]) {
      assert.equal(jsonNumber(given), written);
      assert.equal(compareNumbers(given, written), 0);
      JSON.parse(written);
    }
  });
});

describe("values", () => {
  it("are equal as DynamoDB has it", () => {
    assert.ok(equal({ NS: ["1", "2"] }, { NS: ["2.0", "1"] }));
    assert.ok(equal({ M: { a: { N: "1" }, b: { S: "" } } }, { M: { b: { S: "" }, a: { N: "1.0" } } }));
    assert.ok(!equal({ L: [{ N: "1" }, { N: "2" }] }, { L: [{ N: "2" }, { N: "1" }] }));
    assert.ok(!equal({ S: "1" }, { N: "1" }));
    assert.ok(!equal({ M: { toString: { S: "" } } }, { M: { a: { S: "" } } }));
    assert.ok(!equal(undefined, { NULL: true }));
  });
  it("are sorted as DynamoDB sorts keys, absent ones last", () => {
    const order = [{ S: "" }, { S: "Z" }, { S: "a" }, { S: "ab" }, { S: "\uffff" }, { S: "😀" }, { N: "9" }, { N: "10" }, { B: new Uint8Array([1]) }, { B: new Uint8Array([1, 0]) }, undefined];
    assert.deepEqual([...order].reverse().map((value) => ({ value })).sort((a, b) => compareValues(a.value, b.value)).map(({ value }) => value), order);
  });
  it("are base64 of any length, both ways", () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i * 7);
    assert.deepEqual(bytesOf(textOfBytes(bytes)), bytes);
    for (const bad of ["A", "AA=A", "A===", "AA", "_-AA"]) assert.equal(bytesOf(bad), undefined, bad);
  });
});

describe("queries", () => {
  const target = targetOf(description);
  const base = readQuery(new URLSearchParams("table=Tracks"));

  it("live in the address, whole", () => {
    const query = {
      ...base,
      index: "ByYear",
      mode: "query",
      keys: [{ name: "year", operator: "=", values: ["1959"] }, { name: "hash", operator: "between", values: ["AA==", "/w=="] }],
      filters: [{ path: 'info."a.b"[0]', operator: "in", type: "S", values: ["a\nb, c"] }, { path: "x", operator: "attribute_exists", type: "S", values: [""] }],
      any: true,
      projection: "a, b.c",
      descending: true,
      consistent: true,
      limit: 100,
    };
    assert.deepEqual(readQuery(new URLSearchParams(addressOf(query).split("?")[1])), query);
    assert.equal(addressOf(base), "/items?table=Tracks");
  });

  it("are read from any address without harm", () => {
    const hostile = new URLSearchParams("mode=drop&key=[1]&key={&filter=null&filter=[\"a\",\"evil\",\"Z\"]&limit=1e9");
    const query = readQuery(hostile);
    assert.deepEqual([query.mode, query.keys, query.limit], ["scan", [], 50]);
    assert.deepEqual(query.filters, [{ path: "a", operator: "=", type: "S", values: [] }]);
    for (let i = 0; i < 1000; i++) hostile.append("filter", '["a","=","S","1"]');
    assert.ok(writeQuery(readQuery(hostile)).getAll("filter").length <= 100);
  });

  it("become requests with every name and value behind a placeholder", () => {
    const query = {
      ...base,
      mode: "query",
      keys: [{ name: "artist", operator: "=", values: ["Ada"] }, { name: "track", operator: "begins_with", values: ["T"] }],
      filters: [
        { path: "info.takes[0]", operator: ">=", type: "N", values: ["1"] },
        { path: "live", operator: "in", type: "BOOL", values: ["true\nfalse"] },
        { path: "tags", operator: "not_contains", type: "S", values: ["x"] },
        { path: "text", operator: "size >", type: "S", values: ["10"] },
        { path: "a", operator: "attribute_type", type: "S", values: ["SS"] },
        { path: "a", operator: "attribute_not_exists", type: "S", values: [] },
        { path: "y", operator: "between", type: "JSON", values: ['{"N":"1"}', '{"N":"2"}'] },
      ],
      projection: "track, info.label",
      descending: true,
      consistent: true,
    };
    assert.deepEqual(build(query, target), {
      complaints: {},
      input: {
        TableName: "Tracks",
        KeyConditionExpression: "#0 = :0 AND begins_with(#1, :1)",
        FilterExpression: "#2.#3[0] >= :2 AND #4 IN (:3, :4) AND NOT contains(#5, :5) AND size(#6) > :6 AND attribute_type(#7, :7) AND attribute_not_exists(#7) AND #8 BETWEEN :8 AND :9",
        ProjectionExpression: "#0, #1, #2.#9",
        ExpressionAttributeNames: { "#0": "artist", "#1": "track", "#2": "info", "#3": "takes", "#4": "live", "#5": "tags", "#6": "text", "#7": "a", "#8": "y", "#9": "label" },
        ExpressionAttributeValues: {
          ":0": { S: "Ada" }, ":1": { S: "T" }, ":2": { N: "1" }, ":3": { BOOL: true }, ":4": { BOOL: false }, ":5": { S: "x" }, ":6": { N: "10" }, ":7": { S: "SS" }, ":8": { N: "1" }, ":9": { N: "2" },
        },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: 50,
      },
    });
  });

  it("say which field is wrong", () => {
    const { input, complaints } = build(
      { ...base, index: "ByYear", mode: "query", keys: [{ name: "year", operator: "=", values: ["abc"] }], filters: [{ path: "", operator: "=", type: "S", values: [""] }, { path: "a", operator: "=", type: "B", values: ["?"] }], projection: "a..b" },
      targetOf(description, "ByYear"),
    );
    assert.equal(input, undefined);
    assert.deepEqual(Object.keys(complaints).sort(), ["filter.0", "filter.1", "key.year", "projection"]);
    assert.deepEqual(Object.keys(build({ ...base, mode: "query" }, target).complaints), ["key.artist"]);
    assert.equal(targetOf(description, "Nowhere"), undefined);
  });

  it("ask a global index for no consistent read", () => {
    assert.equal(build({ ...base, index: "ByYear", consistent: true }, targetOf(description, "ByYear")).input.ConsistentRead, undefined);
  });

  it("have paths into documents", () => {
    assert.deepEqual(readPath('a.b[0][12]."c.d[1]"'), ["a", "b", 0, 12, "c.d[1]"]);
    assert.deepEqual(readPath('"say \\"hi\\""'), ['say "hi"']);
    for (const bad of ["a..b", ".a", "a.", "[0]", "a[x]", 'a"b"', '"', "a[0]b", ""]) assert.equal(readPath(bad), undefined, bad);
  });
});
