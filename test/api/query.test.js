// Query: key conditions, order, paging, Select, filters. Queries of indexes are in indexes.test.js.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fails, invalid, open, pages } from "../lib/turntable.js";

const { ddb, doc, table } = await open();

const strings = await table({ pk: "S", sk: "S" });
const numbers = await table({ pk: "S", sk: "N" });
const binaries = await table({ pk: "B", sk: "B" });
const simple = await table({ pk: "S" });

const words = ["", "a", "ab", "abc", "abd", "b", "ba", "c"].filter(Boolean);
for (const sk of words) await doc.put({ TableName: strings, Item: { pk: "words", sk, length: sk.length } });
await doc.put({ TableName: strings, Item: { pk: "word", sk: "other partition" } });
const integers = [-20, -3, -1, 0, 1, 2, 3, 10, 20, 100];
for (const sk of integers) await doc.put({ TableName: numbers, Item: { pk: "n", sk, even: sk % 2 === 0, half: sk / 2 } });
const byte = (...b) => Uint8Array.from(b);
for (const sk of [byte(1), byte(1, 1), byte(1, 2), byte(2), byte(255)]) await doc.put({ TableName: binaries, Item: { pk: byte(0), sk } });
await doc.put({ TableName: simple, Item: { pk: "alone", a: 1 } });

const query = (TableName, condition, values, more) =>
  doc.query({ TableName, KeyConditionExpression: condition, ExpressionAttributeValues: values, ...more });
const sorts = async (...args) => (await query(...args)).Items.map((i) => i.sk);
const hex = (list) => list.map((b) => Buffer.from(b).toString("hex"));

describe("key conditions", () => {
  test("by partition key", async () => {
    const answer = await query(strings, "pk = :pk", { ":pk": "words" });
    assert.deepEqual(answer.Items.map((i) => i.sk), words);
    assert.equal(answer.Count, words.length);
    assert.equal(answer.ScannedCount, words.length);
    assert.equal(answer.LastEvaluatedKey, undefined);
  });

  test("by partition key of a table without sort key", async () => {
    assert.deepEqual((await query(simple, "pk = :pk", { ":pk": "alone" })).Items, [{ pk: "alone", a: 1 }]);
  });

  test("a partition that is not there is empty", async () => {
    const answer = await ddb.query({
      TableName: strings,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: "nobody" } },
    });
    assert.deepEqual([answer.Items, answer.Count, answer.ScannedCount], [[], 0, 0]);
  });

  for (const [condition, values, expected] of [
    ["sk = :a", { ":a": "ab" }, ["ab"]],
    ["sk = :a", { ":a": "zz" }, []],
    ["sk < :a", { ":a": "abc" }, ["a", "ab"]],
    ["sk <= :a", { ":a": "abc" }, ["a", "ab", "abc"]],
    ["sk > :a", { ":a": "abc" }, ["abd", "b", "ba", "c"]],
    ["sk >= :a", { ":a": "abc" }, ["abc", "abd", "b", "ba", "c"]],
    ["sk BETWEEN :a AND :b", { ":a": "ab", ":b": "b" }, ["ab", "abc", "abd", "b"]],
    ["sk BETWEEN :a AND :b", { ":a": "aa", ":b": "az" }, ["ab", "abc", "abd"]],
    ["begins_with(sk, :a)", { ":a": "ab" }, ["ab", "abc", "abd"]],
    ["begins_with(sk, :a)", { ":a": "b" }, ["b", "ba"]],
    ["begins_with(sk, :a)", { ":a": "x" }, []],
    [":a < sk", { ":a": "abc" }, ["abd", "b", "ba", "c"]],
    [":a = sk", { ":a": "abc" }, ["abc"]],
  ]) {
    test(`strings: ${condition} with ${JSON.stringify(values)}`, async () => {
      assert.deepEqual(await sorts(strings, `pk = :pk AND ${condition}`, { ":pk": "words", ...values }), expected);
      assert.deepEqual(
        await sorts(strings, `pk = :pk AND ${condition}`, { ":pk": "words", ...values }, { ScanIndexForward: false }),
        expected.toReversed(),
      );
      assert.deepEqual(await sorts(strings, `(${condition}) AND :pk = pk`, { ":pk": "words", ...values }), expected);
    });
  }

  for (const [condition, values, expected] of [
    ["sk = :a", { ":a": 1 }, [1]],
    ["sk < :a", { ":a": 1 }, [-20, -3, -1, 0]],
    ["sk <= :a", { ":a": -3 }, [-20, -3]],
    ["sk > :a", { ":a": 9.5 }, [10, 20, 100]],
    ["sk >= :a", { ":a": 20 }, [20, 100]],
    ["sk BETWEEN :a AND :b", { ":a": -3, ":b": 3 }, [-3, -1, 0, 1, 2, 3]],
    ["sk BETWEEN :a AND :b", { ":a": 4, ":b": 9 }, []],
  ]) {
    test(`numbers: ${condition} with ${JSON.stringify(values)}`, async () => {
      assert.deepEqual(await sorts(numbers, `pk = :pk AND ${condition}`, { ":pk": "n", ...values }), expected);
    });
  }

  test("binaries", async () => {
    const of = async (condition, values) => hex(await sorts(binaries, `pk = :pk AND ${condition}`, { ":pk": byte(0), ...values }));
    assert.deepEqual(await of("begins_with(sk, :a)", { ":a": byte(1) }), ["01", "0101", "0102"]);
    assert.deepEqual(await of("sk > :a", { ":a": byte(1, 1) }), ["0102", "02", "ff"]);
    assert.deepEqual(await of("begins_with(sk, :a)", { ":a": byte(255) }), ["ff"]);
    assert.deepEqual(await of("sk BETWEEN :a AND :b", { ":a": byte(1, 1), ":b": byte(2) }), ["0101", "0102", "02"]);
  });

  test("keys named by placeholders", async () => {
    assert.deepEqual(
      await sorts(strings, "#p = :pk AND #s = :a", { ":pk": "words", ":a": "b" }, { ExpressionAttributeNames: { "#p": "pk", "#s": "sk" } }),
      ["b"],
    );
  });
});

describe("key conditions that are refused", () => {
  const refused = (condition, message, values, more) =>
    invalid(query(more?.TableName ?? strings, condition, values ?? { ":a": "x" }, more), message);

  test("none", async () => {
    await invalid(
      ddb.query({ TableName: strings }),
      "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
    );
  });

  test("without the partition key", async () => {
    await refused("sk = :a", "Query condition missed key schema element: pk");
  });

  test("on an attribute that is no key", async () => {
    await refused("pk = :a AND extra = :a", "Query condition missed key schema element: sk");
  });

  test("on the sort key of a table that has none", async () => {
    await refused("pk = :a AND extra = :a", "Query key condition not supported", undefined, { TableName: simple });
  });

  test("with another operator than = on the partition key", async () => {
    for (const operator of ["<", "<=", ">", ">="]) {
      await refused(`pk ${operator} :a`, "Query key condition not supported");
    }
    await refused("begins_with(pk, :a)", "Query key condition not supported");
    await refused("pk BETWEEN :a AND :b", "Query key condition not supported", { ":a": "a", ":b": "b" });
  });

  test("with operators that keys do not have", async () => {
    await refused("pk <> :a", "Invalid operator used in KeyConditionExpression: <>");
    await refused("pk = :a OR sk = :a", "Invalid operator used in KeyConditionExpression: OR");
    await refused("NOT pk = :a", "Invalid operator used in KeyConditionExpression: NOT");
    await refused("pk = :a AND sk IN (:a)", "Invalid operator used in KeyConditionExpression: IN");
    await refused("pk = :a AND contains(sk, :a)", "Invalid operator used in KeyConditionExpression: contains");
    await refused("pk = :a AND attribute_exists(sk)", "Invalid operator used in KeyConditionExpression: attribute_exists");
  });

  test("with size", async () => {
    await refused("pk = :a AND size(sk) = :b", "KeyConditionExpressions cannot contain nested operations", { ":a": "a", ":b": 1 });
  });

  test("twice on a key", async () => {
    await refused("pk = :a AND pk = :a", "KeyConditionExpressions must only contain one condition per key");
    await refused("pk = :a AND sk > :a AND sk < :b", "KeyConditionExpressions must only contain one condition per key", { ":a": "a", ":b": "b" });
  });

  test("on three attributes", async () => {
    await refused("pk = :a AND sk = :a AND extra = :a", "Conditions can be of length 1 or 2 only");
  });

  test("on a nested attribute", async () => {
    await refused("pk = :a AND sk.x = :a", /^KeyConditionExpressions cannot have conditions on nested attributes$|^Key attributes must be scalars; list random access '\[\]' and map lookup '\.' are not allowed: Key: sk$/);
  });

  test("between two attributes", async () => {
    await refused("pk = :a AND sk = extra", "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition");
  });

  test("without an attribute", async () => {
    await refused(":a = :b", "Invalid condition in KeyConditionExpression: No key attribute specified", { ":a": "a", ":b": "b" });
  });

  test("with a value of the wrong type", async () => {
    const message = "One or more parameter values were invalid: Condition parameter type does not match schema type";
    await refused("pk = :a", message, { ":a": 5 });
    await refused("pk = :a AND sk = :b", message, { ":a": "a", ":b": 5 });
  });

  test("with begins_with on a number", async () => {
    await refused("pk = :a AND begins_with(sk, :b)", "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N", { ":a": "a", ":b": 5 }, { TableName: numbers });
    await refused("pk = :a AND begins_with(sk, :b)", "One or more parameter values were invalid: Condition parameter type does not match schema type", { ":a": "a", ":b": "5" }, { TableName: numbers });
  });

  test("with bounds the wrong way round", async () => {
    await refused(
      "pk = :a AND sk BETWEEN :b AND :a",
      "Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}",
      { ":a": "a", ":b": "b" },
    );
  });

  test("with an empty key", async () => {
    await refused(
      "pk = :a",
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk",
      { ":a": "" },
    );
  });

  test("with a syntax error", async () => {
    await refused("pk = :a AND", 'Invalid KeyConditionExpression: Syntax error; token: "<EOF>", near: "AND"');
    await refused("", "Invalid KeyConditionExpression: The expression can not be empty;");
  });

  test("of a table that does not exist", async () => {
    await fails(query("no-such-table", "pk = :a", { ":a": "a" }), "ResourceNotFoundException", "Requested resource not found");
  });

  test("of an index that does not exist", async () => {
    await refused("pk = :a", "The table does not have the specified index: nope", undefined, { IndexName: "nope" });
  });
});

describe("paging", () => {
  test("by Limit, forwards and backwards", async () => {
    for (const ScanIndexForward of [true, false]) {
      for (const Limit of [1, 2, 3, 9, 10, 11]) {
        const all = await pages((page) => doc.query(page), {
          TableName: numbers,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": "n" },
          ScanIndexForward,
          Limit,
        });
        assert.deepEqual(all.Items.map((i) => i.sk), ScanIndexForward ? integers : integers.toReversed());
        assert.equal(all.Count, integers.length);
        assert.equal(all.ScannedCount, integers.length);
        // A page that is full says that there may be more, even if there is not.
        assert.equal(all.pages, Math.floor(integers.length / Limit) + 1);
      }
    }
  });

  test("LastEvaluatedKey is the key of the last item", async () => {
    const answer = await query(numbers, "pk = :pk", { ":pk": "n" }, { Limit: 3 });
    assert.deepEqual(answer.LastEvaluatedKey, { pk: "n", sk: -1 });
  });

  test("ExclusiveStartKey need not be the key of an item", async () => {
    assert.deepEqual(await sorts(numbers, "pk = :pk", { ":pk": "n" }, { ExclusiveStartKey: { pk: "n", sk: 5 } }), [10, 20, 100]);
    assert.deepEqual(
      await sorts(numbers, "pk = :pk", { ":pk": "n" }, { ExclusiveStartKey: { pk: "n", sk: -2 }, ScanIndexForward: false }),
      [-3, -20],
    );
  });

  test("goes on correctly when the last item was deleted between the pages", async () => {
    const pk = "deleted between";
    for (const sk of [1, 2, 3, 4]) await doc.put({ TableName: numbers, Item: { pk, sk } });
    const first = await query(numbers, "pk = :pk", { ":pk": pk }, { Limit: 2 });
    await doc.delete({ TableName: numbers, Key: first.LastEvaluatedKey });
    assert.deepEqual(await sorts(numbers, "pk = :pk", { ":pk": pk }, { ExclusiveStartKey: first.LastEvaluatedKey }), [3, 4]);
  });

  test("with a condition on the sort key", async () => {
    const all = await pages((page) => doc.query(page), {
      TableName: numbers,
      KeyConditionExpression: "pk = :pk AND sk BETWEEN :a AND :b",
      ExpressionAttributeValues: { ":pk": "n", ":a": -3, ":b": 10 },
      Limit: 2,
    });
    assert.deepEqual(all.Items.map((i) => i.sk), [-3, -1, 0, 1, 2, 3, 10]);
  });

  test("by 1 MB", async () => {
    const pk = "megabyte";
    const body = "x".repeat(100_000);
    for (let sk = 0; sk < 25; sk++) await doc.put({ TableName: numbers, Item: { pk, sk, body } });
    const first = await query(numbers, "pk = :pk", { ":pk": pk });
    // An item has 100,000 bytes, its key and names a few more; the one that passes 1 MB is still in the page.
    assert.equal(first.Count, 11);
    assert.deepEqual(first.LastEvaluatedKey, { pk, sk: 10 });
    const all = await pages((page) => doc.query(page), {
      TableName: numbers,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": pk },
    });
    assert.deepEqual(all.Items.map((i) => i.sk), Array.from({ length: 25 }, (_, i) => i));
    assert.equal(all.pages, 3);
  });

  test("by 1 MB of what is read, whatever a filter and a projection leave of it", async () => {
    const pk = "filtered megabyte";
    const body = "x".repeat(100_000);
    for (let sk = 0; sk < 12; sk++) await doc.put({ TableName: numbers, Item: { pk, sk, body } });
    const filtered = await query(numbers, "pk = :pk", { ":pk": pk, ":none": "none" }, {
      FilterExpression: "body = :none",
      ProjectionExpression: "sk",
    });
    assert.deepEqual([filtered.Count, filtered.ScannedCount], [0, 11]);
    assert.deepEqual(filtered.LastEvaluatedKey, { pk, sk: 10 });
  });

  const refused = (ExclusiveStartKey, message, more) =>
    invalid(query(strings, "pk = :pk", { ":pk": "words" }, { ExclusiveStartKey, ...more }), message);

  test("a start of another form than the key is refused", async () => {
    await refused({ pk: "words" }, "The provided starting key is invalid");
    await refused({ pk: "words", sk: "a", other: 1 }, "The provided starting key is invalid");
    await refused({ pk: "words", other: "a" }, "The provided starting key is invalid");
    await refused({ pk: "words", sk: 1 }, /^The provided (starting key is invalid|key element does not match the schema)/);
  });

  test("a start in another partition is refused", async () => {
    await refused({ pk: "other", sk: "a" }, "The provided starting key is outside query boundaries based on provided conditions");
  });

  test("a start outside the condition on the sort key is refused", async () => {
    await invalid(
      query(strings, "pk = :pk AND sk > :b", { ":pk": "words", ":b": "b" }, { ExclusiveStartKey: { pk: "words", sk: "a" } }),
      "The provided starting key does not match the range key predicate",
    );
  });

  test("a limit below 1 is refused", async () => {
    for (const Limit of [0, -1]) {
      await invalid(
        query(strings, "pk = :pk", { ":pk": "words" }, { Limit }),
        `1 validation error detected: Value '${Limit}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
      );
    }
  });
});

describe("filters", () => {
  test("apply after the items are read: Count and ScannedCount", async () => {
    const answer = await query(numbers, "pk = :pk", { ":pk": "n", ":yes": true }, { FilterExpression: "even = :yes" });
    assert.deepEqual(answer.Items.map((i) => i.sk), integers.filter((n) => n % 2 === 0));
    assert.equal(answer.Count, 6);
    assert.equal(answer.ScannedCount, 10);
  });

  test("apply after Limit", async () => {
    const answer = await query(numbers, "pk = :pk", { ":pk": "n", ":no": false }, { FilterExpression: "even = :no", Limit: 4 });
    assert.deepEqual(answer.Items.map((i) => i.sk), [-3, -1]);
    assert.deepEqual([answer.Count, answer.ScannedCount], [2, 4]);
    assert.deepEqual(answer.LastEvaluatedKey, { pk: "n", sk: 0 });
  });

  test("a page may be empty and still have a successor", async () => {
    const answer = await query(numbers, "pk = :pk", { ":pk": "n", ":h": 50 }, { FilterExpression: "half = :h", Limit: 2 });
    assert.deepEqual([answer.Items, answer.Count, answer.ScannedCount], [[], 0, 2]);
    assert.deepEqual(answer.LastEvaluatedKey, { pk: "n", sk: -3 });
  });

  test("see attributes that the projection leaves out", async () => {
    const answer = await query(numbers, "pk = :pk", { ":pk": "n", ":h": 50 }, { FilterExpression: "half = :h", ProjectionExpression: "sk" });
    assert.deepEqual(answer.Items, [{ sk: 100 }]);
  });

  test("on a key are refused", async () => {
    for (const key of ["pk", "sk"]) {
      await invalid(
        query(strings, "pk = :pk", { ":pk": "words" }, { FilterExpression: `attribute_exists(${key})` }),
        `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key}`,
      );
    }
  });
});

describe("Select", () => {
  test("COUNT returns no items", async () => {
    const answer = await ddb.query({
      TableName: numbers,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: "n" } },
      Select: "COUNT",
    });
    assert.equal(answer.Items, undefined);
    assert.deepEqual([answer.Count, answer.ScannedCount], [10, 10]);
  });

  test("COUNT counts what passes the filter", async () => {
    const answer = await query(numbers, "pk = :pk", { ":pk": "n", ":yes": true }, { FilterExpression: "even = :yes", Select: "COUNT" });
    assert.deepEqual([answer.Count, answer.ScannedCount], [6, 10]);
  });

  test("ALL_ATTRIBUTES and SPECIFIC_ATTRIBUTES", async () => {
    const one = { ":pk": "words", ":a": "b" };
    assert.deepEqual((await query(strings, "pk = :pk AND sk = :a", one, { Select: "ALL_ATTRIBUTES" })).Items, [
      { pk: "words", sk: "b", length: 1 },
    ]);
    assert.deepEqual(
      (await query(strings, "pk = :pk AND sk = :a", one, { Select: "SPECIFIC_ATTRIBUTES", ProjectionExpression: "sk" })).Items,
      [{ sk: "b" }],
    );
  });

  test("a projection with any other Select is refused", async () => {
    for (const Select of ["ALL_ATTRIBUTES", "COUNT"]) {
      await fails(
        query(strings, "pk = :pk", { ":pk": "words" }, { Select, ProjectionExpression: "sk" }),
        "ValidationException",
        new RegExp(`Cannot specify the ProjectionExpression when choosing to get (${Select}|only the Count)`),
      );
    }
  });

  test("SPECIFIC_ATTRIBUTES without a projection is refused", async () => {
    await fails(query(strings, "pk = :pk", { ":pk": "words" }, { Select: "SPECIFIC_ATTRIBUTES" }), "ValidationException", /SPECIFIC_ATTRIBUTES/);
  });

  test("ALL_PROJECTED_ATTRIBUTES of a table is refused", async () => {
    await fails(
      query(strings, "pk = :pk", { ":pk": "words" }, { Select: "ALL_PROJECTED_ATTRIBUTES" }),
      "ValidationException",
      /ALL_PROJECTED_ATTRIBUTES/,
    );
  });

  test("an unknown Select is refused", async () => {
    await invalid(
      query(strings, "pk = :pk", { ":pk": "words" }, { Select: "SOME" }),
      "1 validation error detected: Value 'SOME' at 'select' failed to satisfy constraint: Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]",
    );
  });
});

describe("consistency", () => {
  test("a query sees what was just written", async () => {
    for (let i = 0; i < 20; i++) {
      await doc.put({ TableName: numbers, Item: { pk: "fresh", sk: i } });
      const { Count } = await query(numbers, "pk = :pk", { ":pk": "fresh" }, { ConsistentRead: true });
      assert.equal(Count, i + 1);
    }
  });
});
