// What the views of items do without a browser: JSON without loss, numbers, conditions, programs, CSV.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sources } from "./lib/sources.js";

const {
  COMPARED, JsonError, Writer, addressOf, arrange, attributesOf, build, bytesOf, cellValue, changedNames, codeOf, compareNumbers, compareValues, csvItem, csvLine, csvRows, delimiterOf, differences,
  edited, equal, fileRows, inferType, itemOfNodes, jsonNumber, keyFromUrl, keyToUrl, nodesOf, numberProblem, onTop, parseJson, placeOf, planChange, planDeletion, printItem,
  printJson, readItem, readPath, readQuery, recognise, targetOf, textOfBytes, writeQuery,
} = await sources(
  ["base64", "change", "code", "columns", "csv", "diff", "expression", "files", "json", "notation", "number", "output", "query", "target", "tree", "value"].map((name) => `items/${name}.ts`),
);

const DIGITS = "12345678901234567890123456789012345678";
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

describe("changes on a condition", () => {
  const key = { artist: { S: "Ada" } };
  const many = (count, value = "1") => Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, { N: value }]));
  const operators = (text) => text.split(" AND ").length * 2; // each comparison or function, and its AND

  it("compare every attribute as read, and that new ones were absent; they write what differs only", () => {
    const before = { ...key, mood: { S: "blue" }, plays: { N: "1" }, gone: { BOOL: true } };
    const after = { ...key, mood: { S: "green" }, plays: { N: "1.0" }, new: { NULL: true } };
    assert.deepEqual(planChange(key, before, after), {
      uncompared: 0,
      steps: [
        {
          Key: key,
          UpdateExpression: "SET #1=:3,#3=:4 REMOVE #2",
          ConditionExpression: "attribute_exists(#0) AND #1=:0 AND #2=:1 AND attribute_not_exists(#3) AND #4=:2",
          ExpressionAttributeNames: { "#0": "artist", "#1": "mood", "#2": "gone", "#3": "new", "#4": "plays" },
          ExpressionAttributeValues: { ":0": { S: "blue" }, ":1": { BOOL: true }, ":2": { N: "1" }, ":3": { S: "green" }, ":4": { NULL: true } },
        },
      ],
    });
    assert.deepEqual(planChange(key, before, { ...before, plays: { N: "1.00" } }).steps, []);
  });

  it("stay within the limits of expressions, whatever the item", () => {
    for (const [before, after, left] of [
      [{ ...key, ...many(1000) }, { ...key, ...many(1000), a500: { S: "x" } }, 1000 - COMPARED],
      [{ ...key, ...many(1000) }, { ...key, ...many(1000, "2") }, 0],
      [key, { ...key, ...many(1000) }, 0],
      [{ ...key, ...many(1000) }, key, 0],
    ]) {
      const { steps, uncompared } = planChange(key, before, after);
      assert.equal(uncompared, left);
      const written = new Set();
      for (const { ConditionExpression, UpdateExpression, ExpressionAttributeNames } of steps) {
        assert.ok(operators(ConditionExpression) <= 300 && ConditionExpression.length <= 4096 && UpdateExpression.length <= 4096);
        for (const place of UpdateExpression.match(/#\d+/g)) {
          assert.ok(new RegExp(`${place}[=)]`).test(ConditionExpression), "whatever is written is compared");
          written.add(ExpressionAttributeNames[place]);
        }
      }
      assert.deepEqual([...written].sort(), changedNames(before, after).sort());
    }
    assert.equal(planDeletion(key, { ...key, ...many(200) }).uncompared, 200 - COMPARED);
  });

  it("are put on top of those of others", () => {
    const base = { a: { N: "1" }, b: { N: "1" }, c: { N: "1" }, d: { N: "1" } };
    const mine = { a: { N: "2" }, b: { N: "1" }, c: { N: "1" }, new: { S: "m" } };
    const theirs = { a: { N: "3" }, b: { N: "3" }, d: { N: "3" }, other: { S: "t" } };
    assert.deepEqual(onTop(base, mine, theirs), { a: { N: "2" }, b: { N: "3" }, other: { S: "t" }, new: { S: "m" } });
  });

  it("are shown by path", () => {
    const before = { a: { M: { "x.y": { L: [{ S: "1" }, { S: "2" }] }, same: { N: "1" } } }, tags: { SS: ["a", "b"] }, b: { S: "" } };
    const after = { a: { M: { "x.y": { L: [{ S: "1" }] }, same: { N: "1.0" } } }, tags: { SS: ["c", "b"] }, b: { N: "0" } };
    assert.deepEqual(differences(before, after), {
      count: 3,
      shown: [
        { path: 'a."x.y"[1]', before: { S: "2" }, after: undefined },
        { path: "tags", before: { SS: ["a"] }, after: { SS: ["c"] } },
        { path: "b", before: { S: "" }, after: { N: "0" } },
      ],
    });
  });
});

describe("the form", () => {
  it("has an item as it is, and makes new nodes only where one changed", () => {
    const nodes = nodesOf(every);
    assert.deepEqual(Object.entries(itemOfNodes(nodes).item), Object.entries(every));
    const map = nodes.find(({ name }) => name === "map");
    const next = edited(nodes, { kind: "change", id: map.children[0].id, change: { text: "x" } });
    assert.equal(itemOfNodes(next).problems, 1);
    assert.equal(next.filter((node, i) => node === nodes[i]).length, nodes.length - 1);
    assert.equal(edited(nodes, { kind: "remove", id: -1 }), nodes);
  });
  it("changes types, and says what is wrong", () => {
    let nodes = nodesOf({ list: { L: [{ S: "1" }, { N: "2" }] } });
    const type = (to) => (nodes = edited(nodes, { kind: "type", id: nodes[0].id, type: to }));
    type("SS");
    assert.deepEqual(itemOfNodes(nodes).item, { list: { SS: ["1", "2"] } });
    type("NS");
    assert.deepEqual(itemOfNodes(nodes).item, { list: { NS: ["1", "2"] } });
    type("L");
    assert.deepEqual(itemOfNodes(nodes).item, { list: { L: [{ N: "1" }, { N: "2" }] } });
    type("BS");
    assert.equal(itemOfNodes(nodes).problems, 2);
    type("S");
    nodes = edited(edited(nodes, { kind: "add", id: 0 }), { kind: "add", id: 0 });
    assert.equal(itemOfNodes(nodes).problems, 2, "two attributes without a name");
  });
});

describe("CSV", () => {
  const rows = (text, delimiter = ",") => [...csvRows(text, delimiter)].map(({ line, cells, error }) => (error ? [line, error] : [line, ...cells]));

  it("is read with quotes, line breaks in cells, and any end of line", () => {
    assert.deepEqual(rows('\ufeffa,b\r\n"1, ""x""\n2",3\n\n ,\r"",z'), [[1, "a", "b"], [2, '1, "x"\n2', "3"], [5, " ", ""], [6, "", "z"]]);
    assert.deepEqual(rows("a;b\n1;2", ";"), [[1, "a", "b"], [2, "1", "2"]]);
    assert.equal(rows('a\n"open').at(-1)[0], 2);
    assert.equal(typeof rows('a\n"x"y,2\n3')[1][1], "string");
    assert.deepEqual([delimiterOf('"a,b,c";d;e'), delimiterOf("a\tb"), delimiterOf("a")], [";", "\t", ","]);
  });

  it("has types that are guessed only where nothing is lost", () => {
    assert.equal(inferType(["1", "", "-2.5", "1e3"]), "N");
    for (const texts of [["007"], ["+1"], ["1", "x"], ["1".repeat(39)], [""], []]) assert.equal(inferType(texts), "S");
    assert.deepEqual([inferType(["true", "false"]), inferType(['{"L":[]}']), inferType(['{"a":1}', "[]"])], ["BOOL", "dynamodb", "plain"]);
    assert.deepEqual(cellValue("", "N"), {});
    assert.deepEqual(cellValue(DIGITS, "N"), { value: { N: DIGITS } });
    for (const [text, type] of [["x", "N"], ["yes", "BOOL"], ["?", "B"], ["{", "plain"], ['{"X":1}', "dynamodb"]]) assert.ok(cellValue(text, type).problem, text);
  });

  it("is written so that it is read again as it was", () => {
    const item = { ...every, empty: { S: "=1+1" } };
    const names = Object.keys(item);
    const text = csvLine(names) + csvItem(item, names);
    assert.ok(text.includes("=1+1"), "values are not altered");
    const format = recognise(text, []);
    assert.deepEqual([...fileRows(text, format)].map((row) => Object.entries(row.item)).flat(), Object.entries({ ...item, b: { S: "AP8+Pw==" } }));
  });
});

describe("files of items", () => {
  const read = (text, key = []) => [...fileRows(text, recognise(text, key))].map(({ line, item, error }) => (error ? [line, "error"] : [line, item]));

  it("are known by what is in them", () => {
    assert.deepEqual(read('[{"a":1},\n {"a":2.50}]'), [[1, { a: { N: "1" } }], [2, { a: { N: "2.50" } }]]);
    assert.deepEqual(read('{"a":1}\n{"a":\n{"b": tru}\n{"a":3}'), [[1, { a: { N: "1" } }], [3, "error"], [4, { a: { N: "3" } }]]);
    assert.deepEqual(read('{"Item":{"a":{"N":"1"}}}\n{"Item":{"a":{"X":"1"}}}'), [[1, { a: { N: "1" } }], [2, "error"]]);
    assert.deepEqual(read('{"a":{"S":"x"}}'), [[1, { a: { S: "x" } }]]);
    assert.deepEqual(read('{"a":{"S":"x","N":"1"}}'), [[1, { a: { M: { S: { S: "x" }, N: { S: "1" } } } }]]);
    assert.deepEqual(read('[{"a":1}\n{"a":2}]'), [[1, { a: { N: "1" } }], [2, "error"]]);
    assert.deepEqual(read("id,n\n001,5\n002,6,7\n", [{ name: "id", type: "S" }]), [[2, { id: { S: "001" }, n: { N: "5" } }], [3, "error"]]);
  });

  it("come of items again, in each format", () => {
    const items = [{ id: { S: "1" }, n: { N: DIGITS } }, { id: { S: "2" }, tags: { SS: ["a"] } }];
    for (const output of ["json", "dynamodb", "csv"]) {
      const writer = new Writer(output, ["id"]);
      writer.add(items.slice(0, 1));
      writer.add(items.slice(1));
      const found = read(writer.end().join(""), [{ name: "id", type: "S" }]).map(([, item]) => item);
      assert.deepEqual(found, output === "json" ? [items[0], { id: { S: "2" }, tags: { L: [{ S: "a" }] } }] : items, output);
    }
    assert.deepEqual(JSON.parse(new Writer("json", []).end().join("")), []);
  });
});

describe("columns", () => {
  it("are the attributes there are, keys first, in the order that was chosen", () => {
    const attributes = attributesOf([{ b: { S: "" }, id: { S: "1" } }, { id: { N: "1" }, c: { NULL: true } }], ["id"]);
    assert.deepEqual([...attributes].map(([name, types]) => [name, ...types]), [["id", "S", "N"], ["b", "S"], ["c", "NULL"]]);
    assert.deepEqual(arrange(["id", "b", "c"], [{ id: "c", visible: true }, { id: "gone", visible: true }, { id: "id", visible: false }]), [
      { id: "c", visible: true }, { id: "id", visible: false }, { id: "b", visible: true },
    ]);
  });
  it("are bounded, however many attributes items have", () => {
    const item = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`a${i}`, { N: "1" }]));
    const attributes = attributesOf([item], ["id"]);
    assert.ok(attributes.size <= 500);
    assert.ok(arrange([...attributes.keys()], []).filter(({ visible }) => visible).length <= 20);
  });
});

describe("queries as code", () => {
  const input = {
    TableName: "Tracks",
    KeyConditionExpression: "#0 = :0",
    ExpressionAttributeNames: { "#0": "artist" },
    ExpressionAttributeValues: { ":0": { S: `O'Hara "$(rm)" \\ \n` }, ":1": { B: new Uint8Array([1, 2]) }, ":2": { M: { ["__proto__"]: { BOOL: true } } } },
    ScanIndexForward: false,
    Limit: 25,
  };
  const place = { endpoint: "http://127.0.0.1:8000", region: "us-east-1" };

  it("are a command that a shell takes apart as it was meant", async () => {
    const { execFileSync } = await import("node:child_process");
    const text = codeOf("cli", "query", input, place);
    const words = execFileSync("/bin/sh", ["-c", `aws() { for word; do printf '%s\\0' "$word"; done; }\n${text}`], { encoding: "utf8" }).split("\0");
    const after = (name) => words[words.indexOf(name) + 1];
    assert.deepEqual(words.slice(0, 2), ["dynamodb", "query"]);
    assert.equal(after("--key-condition-expression"), "#0 = :0");
    assert.equal(JSON.parse(after("--expression-attribute-values"))[":0"].S, input.ExpressionAttributeValues[":0"].S);
    assert.equal(after("--page-size"), "25");
    assert.ok(words.includes("--no-scan-index-forward"));
  });

  it("are JavaScript with the same input", () => {
    const text = codeOf("javascript", "query", input, place);
    const literal = /const input = ([^]*?);\n\nfor/.exec(text)[1];
    const found = new Function("Buffer", `return (${literal});`)(Buffer);
    const { Limit, ...rest } = input;
    assert.equal(found.ExpressionAttributeValues[":0"].S, rest.ExpressionAttributeValues[":0"].S);
    assert.deepEqual([...found.ExpressionAttributeValues[":1"].B], [1, 2]);
    assert.deepEqual(Object.keys(found.ExpressionAttributeValues[":2"].M), ["__proto__"]);
    assert.deepEqual([found.TableName, found.ScanIndexForward, found.Limit], ["Tracks", false, undefined]);
    assert.match(text, /paginateQuery\(\{ client, pageSize: 25 \}/);
  });

  it("are Python that compiles, with the same request", async () => {
    const { execFileSync } = await import("node:child_process");
    const text = codeOf("python", "scan", { TableName: "T", ConsistentRead: true, ExpressionAttributeValues: input.ExpressionAttributeValues, Limit: 50 }, place);
    const check = `import json,sys\ntext=sys.stdin.read()\ncompile(text,"q","exec")\nscope={}\nexec("import base64\\n"+text[text.index("request = "):text.index("\\nfor page")],scope)\nr=scope["request"]\nprint(json.dumps([r["ConsistentRead"],r["ExpressionAttributeValues"][":0"]["S"],list(r["ExpressionAttributeValues"][":1"]["B"])]))`;
    assert.deepEqual(JSON.parse(execFileSync("python3", ["-c", check], { input: text, encoding: "utf8" })), [true, input.ExpressionAttributeValues[":0"].S, [1, 2]]);
  });
});
