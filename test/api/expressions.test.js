// The expression language: conditions and filters, projections, updates, paths, functions, placeholders, limits, and
// what is said about expressions that are wrong. Key conditions are in query.test.js.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fails, invalid, open } from "../lib/turntable.js";

const { ddb, doc, table } = await open();

const TableName = await table({ pk: "S" });
let keys = 0;
const newKey = () => `key ${++keys}`;

const item = {
  pk: "fixed",
  s: "hello",
  n: 5,
  big: 100,
  b: Uint8Array.from([1, 2, 3]),
  yes: true,
  off: false,
  nil: null,
  tags: new Set(["rock", "jazz"]),
  scores: new Set([1, 2, 3]),
  blobs: new Set([Uint8Array.from([1]), Uint8Array.from([2])]),
  arr: ["a", 1, { deep: ["x", { er: "y" }] }, ["nested"]],
  obj: { name: "Ann", age: 30, core: { z: 1, arr: [10, 20] }, "dotted.key": "d" },
  nothing: "",
  bare: [],
  hollow: {},
};
await doc.put({ TableName, Item: item });

const parameters = (names, values) => ({
  ...(names && { ExpressionAttributeNames: names }),
  ...(values && { ExpressionAttributeValues: values }),
});

/** Evaluates a condition on the item above, once as a filter and once as the condition of a write. */
async function holds(expression, values, names) {
  const { Count, ScannedCount } = await doc.scan({ TableName, FilterExpression: expression, ...parameters(names, values) });
  assert.ok(ScannedCount >= 1);
  let condition = true;
  await doc
    .update({ TableName, Key: { pk: "fixed" }, ConditionExpression: expression, ...parameters(names, values) })
    .catch((error) => {
      if (error.name !== "ConditionalCheckFailedException") throw error;
      condition = false;
    });
  return { filter: Count > 0, condition };
}

/** A table of conditions, each with whether it holds and the values of its placeholders. */
function conditions(rows) {
  for (const [expression, expected, values, names] of rows) {
    test(`${expression} is ${expected}${values ? ` with ${JSON.stringify(values, show)}` : ""}`, async () => {
      // Other tests write items of their own, so the filter is bound to the one item.
      const bound = `pk = :fixed AND (${expression})`;
      assert.deepEqual(await holds(bound, { ...values, ":fixed": "fixed" }, names), { filter: expected, condition: expected });
    });
  }
}
const show = (_, value) => (value instanceof Set ? [...value] : value instanceof Uint8Array ? `0x${Buffer.from(value).toString("hex")}` : value);

const filterRefused = (expression, message, values, names) =>
  invalid(doc.scan({ TableName, FilterExpression: expression, ...parameters(names, values) }), message);

const updating = (UpdateExpression, values, names, more) =>
  doc.update({ TableName, Key: { pk: newKey() }, UpdateExpression, ...parameters(names, values), ...more });

describe("comparisons", () => {
  conditions([
    ["s = :v", true, { ":v": "hello" }],
    ["s = :v", false, { ":v": "Hello" }],
    ["s <> :v", true, { ":v": "Hello" }],
    ["s <> :v", false, { ":v": "hello" }],
    ["n = :v", true, { ":v": 5 }],
    ["n = :v", false, { ":v": "5" }],
    ["n <> :v", true, { ":v": "5" }],
    ["n < :v", true, { ":v": 6 }],
    ["n < :v", false, { ":v": 5 }],
    ["n <= :v", true, { ":v": 5 }],
    ["n > :v", true, { ":v": 4.9 }],
    ["n > :v", false, { ":v": 5 }],
    ["n >= :v", true, { ":v": 5 }],
    ["n < big", true],
    ["big < n", false],
    [":v < n", true, { ":v": 1 }],
    ["(n) = :v", true, { ":v": 5 }],
    ["n = (:v)", true, { ":v": 5 }],
    [":v = :w", true, { ":v": 1, ":w": 1 }],
    // Values of different types have no order.
    ["n < :v", false, { ":v": "9" }],
    ["n > :v", false, { ":v": "1" }],
    ["n < s", false],
    ["s > :v", true, { ":v": "h" }],
    ["s < :v", true, { ":v": "hello " }],
    ["b = :v", true, { ":v": Uint8Array.from([1, 2, 3]) }],
    ["b > :v", true, { ":v": Uint8Array.from([1, 2]) }],
    ["b < :v", true, { ":v": Uint8Array.from([255]) }],
    ["yes = :v", true, { ":v": true }],
    ["yes = :v", false, { ":v": false }],
    ["off = :v", true, { ":v": false }],
    ["nil = :v", true, { ":v": null }],
    ["nil <> :v", true, { ":v": "" }],
    ["tags = :v", true, { ":v": new Set(["jazz", "rock"]) }],
    ["tags = :v", false, { ":v": new Set(["jazz"]) }],
    ["scores = :v", true, { ":v": new Set([3, 2, 1]) }],
    ["scores <> :v", true, { ":v": new Set([3, 2]) }],
    ["arr = :v", true, { ":v": item.arr }],
    ["arr = :v", false, { ":v": ["a", 1] }],
    ["obj = :v", true, { ":v": { core: { arr: [10, 20], z: 1 }, age: 30, "dotted.key": "d", name: "Ann" } }],
    ["obj = :v", false, { ":v": { name: "Ann" } }],
    ["nothing = :v", true, { ":v": "" }],
    ["bare = :v", true, { ":v": [] }],
    ["hollow = :v", true, { ":v": {} }],
    // A path that leads nowhere makes every comparison false, and so <> true only where both sides are there.
    ["absent = :v", false, { ":v": "x" }],
    ["absent < :v", false, { ":v": "x" }],
    ["absent <> :v", true, { ":v": "x" }],
    ["absent = missed", false],
  ]);
});

describe("BETWEEN and IN", () => {
  conditions([
    ["n BETWEEN :a AND :b", true, { ":a": 5, ":b": 6 }],
    ["n BETWEEN :a AND :b", true, { ":a": 4, ":b": 5 }],
    ["n BETWEEN :a AND :b", false, { ":a": 6, ":b": 7 }],
    ["n between :a and :b", true, { ":a": 5, ":b": 5 }],
    ["s BETWEEN :a AND :b", true, { ":a": "h", ":b": "i" }],
    ["absent BETWEEN :a AND :b", false, { ":a": 1, ":b": 2 }],
    [":v BETWEEN n AND big", true, { ":v": 50 }],
    ["n BETWEEN :a AND :b AND s = :s", true, { ":a": 1, ":b": 9, ":s": "hello" }],
    ["n IN (:a)", true, { ":a": 5 }],
    ["n IN (:a, :b)", true, { ":a": 1, ":b": 5 }],
    ["n in (:a,:b)", false, { ":a": 1, ":b": "5" }],
    [":v IN (:a, n, s)", true, { ":a": 1, ":v": "hello" }],
    ["absent IN (:a)", false, { ":a": 1 }],
    ["NOT n IN (:a)", true, { ":a": 1 }],
  ]);

  test("a range whose bounds are the wrong way round is refused", async () => {
    await filterRefused(
      "n BETWEEN :a AND :b",
      "Invalid FilterExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:6}, upper bound operand: AttributeValue: {N:5}",
      { ":a": 6, ":b": 5 },
    );
  });

  test("a range whose bounds have different types is refused", async () => {
    await filterRefused(
      "n BETWEEN :a AND :b",
      "Invalid FilterExpression: The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:6}, upper bound operand: AttributeValue: {S:x}",
      { ":a": 6, ":b": "x" },
    );
  });
});

describe("AND, OR, NOT and parentheses", () => {
  const t = "n = :five";
  const f = "n = :six";
  const values = { ":five": 5, ":six": 6 };
  const row = (expression, expected) => [expression.replace(/\bT\b/g, t).replace(/\bF\b/g, f), expected, values];
  conditions([
    row("T AND F", false),
    row("T OR F", true),
    row("F OR T AND F", false),
    row("T OR F AND F", true),
    row("(T OR F) AND F", false),
    row("NOT F AND T", true),
    row("NOT T OR T AND NOT F", true),
    row("NOT (T AND F)", true),
    row("NOT NOT T AND NOT F", true),
    row("F OR F OR T", true),
    row("T and not F", true),
    row("(T) AND (NOT F)", true),
  ]);

  test("parentheses that change nothing are taken once", async () => {
    for (const expression of ["(T)", "((T) AND F2)", "((NOT (F)) AND T2)", "NOT ((F) OR F2)", "(NOT (NOT T)) OR F"]) {
      const whole = expression.replace("T2", "n < :six").replace("F2", "n > :six").replace(/\bT\b/g, t).replace(/\bF\b/g, f);
      const used = Object.fromEntries(Object.entries(values).filter(([name]) => whole.includes(name)));
      const { condition } = await holds(whole, used);
      assert.equal(condition, !expression.includes("AND F2"), whole);
    }
  });

  test("superfluous parentheses are refused", async () => {
    for (const expression of ["((n = :v))", "((n)) = :v", "((n = :v AND n = :v))", "((n = :v) OR ((n = :v)))"]) {
      await filterRefused(expression, "Invalid FilterExpression: The expression has redundant parentheses;", { ":v": 5 });
    }
    await invalid(updating("SET a = ((b + :v))", { ":v": 5 }), "Invalid UpdateExpression: The expression has redundant parentheses;");
  });
});

describe("functions", () => {
  conditions([
    ["attribute_exists(s)", true],
    ["attribute_exists(absent)", false],
    ["attribute_not_exists(absent)", true],
    ["attribute_not_exists(s)", false],
    ["attribute_exists(nil)", true],
    ["attribute_exists(obj.core.z)", true],
    ["attribute_exists(obj.core.absent)", false],
    ["attribute_exists(arr[2].deep[1].er)", true],
    ["attribute_exists(arr[9])", false],
    ["attribute_exists(s.core)", false],
    ["attribute_exists(obj[0])", false],
    ["attribute_type(s, :t)", true, { ":t": "S" }],
    ["attribute_type(n, :t)", true, { ":t": "N" }],
    ["attribute_type(b, :t)", true, { ":t": "B" }],
    ["attribute_type(yes, :t)", true, { ":t": "BOOL" }],
    ["attribute_type(nil, :t)", true, { ":t": "NULL" }],
    ["attribute_type(tags, :t)", true, { ":t": "SS" }],
    ["attribute_type(scores, :t)", true, { ":t": "NS" }],
    ["attribute_type(blobs, :t)", true, { ":t": "BS" }],
    ["attribute_type(arr, :t)", true, { ":t": "L" }],
    ["attribute_type(obj, :t)", true, { ":t": "M" }],
    ["attribute_type(n, :t)", false, { ":t": "S" }],
    ["attribute_type(absent, :t)", false, { ":t": "S" }],
    ["begins_with(s, :v)", true, { ":v": "hell" }],
    ["begins_with(s, :v)", true, { ":v": "" }],
    ["begins_with(s, :v)", false, { ":v": "ello" }],
    ["begins_with(s, :v)", false, { ":v": "hello!" }],
    ["begins_with(b, :v)", true, { ":v": Uint8Array.from([1, 2]) }],
    ["begins_with(n, :v)", false, { ":v": "5" }],
    ["begins_with(absent, :v)", false, { ":v": "5" }],
    ["contains(s, :v)", true, { ":v": "ell" }],
    ["contains(s, :v)", false, { ":v": "elo" }],
    ["contains(tags, :v)", true, { ":v": "jazz" }],
    ["contains(tags, :v)", false, { ":v": "jaz" }],
    ["contains(scores, :v)", true, { ":v": 2 }],
    ["contains(scores, :v)", false, { ":v": "2" }],
    ["contains(blobs, :v)", true, { ":v": Uint8Array.from([2]) }],
    ["contains(b, :v)", true, { ":v": Uint8Array.from([2, 3]) }],
    ["contains(arr, :v)", true, { ":v": "a" }],
    ["contains(arr, :v)", true, { ":v": 1 }],
    ["contains(arr, :v)", false, { ":v": "nested" }],
    ["contains(arr, :v)", true, { ":v": ["nested"] }],
    ["contains(n, :v)", false, { ":v": 5 }],
    ["contains(absent, :v)", false, { ":v": 5 }],
    ["contains(:v, s)", true, { ":v": "say hello" }],
    ["size(s) = :v", true, { ":v": 5 }],
    ["size(b) = :v", true, { ":v": 3 }],
    ["size(tags) = :v", true, { ":v": 2 }],
    ["size(scores) = :v", true, { ":v": 3 }],
    ["size(arr) = :v", true, { ":v": 4 }],
    ["size(obj) = :v", true, { ":v": 4 }],
    ["size(nothing) = :v", true, { ":v": 0 }],
    ["size(s) > size(b)", true],
    ["size(s) BETWEEN :a AND n", true, { ":a": 4 }],
    ["size(s) IN (:a, :b)", true, { ":a": 4, ":b": 5 }],
    // Numbers and the absent have no size.
    ["size(n) < :v", false, { ":v": 1000 }],
    ["size(absent) < :v", false, { ":v": 1000 }],
  ]);

  test("size counts UTF-16 code units of a string", async () => {
    const pk = newKey();
    await doc.put({ TableName, Item: { pk, s: "é𝄞" } });
    const { Count } = await doc.query({
      TableName,
      KeyConditionExpression: "pk = :pk",
      FilterExpression: "size(s) = :three",
      ExpressionAttributeValues: { ":pk": pk, ":three": 3 },
    });
    assert.equal(Count, 1);
  });

  test("names of functions are case-sensitive", async () => {
    await filterRefused("Attribute_Exists(s)", "Invalid FilterExpression: Invalid function name; function: Attribute_Exists");
  });

  test("an unknown function is refused", async () => {
    await filterRefused("sizes(s) = :v", "Invalid FilterExpression: Invalid function name; function: sizes", { ":v": 1 });
  });

  test("a wrong number of operands is refused", async () => {
    await filterRefused(
      "attribute_exists(s, n)",
      "Invalid FilterExpression: Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2",
    );
    await filterRefused(
      "begins_with(s)",
      "Invalid FilterExpression: Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1",
    );
    await filterRefused(
      "size(s, n) = :v",
      "Invalid FilterExpression: Incorrect number of operands for operator or function; operator or function: size, number of operands: 2",
      { ":v": 1 },
    );
  });

  test("attribute_exists takes a path only", async () => {
    await filterRefused(
      "attribute_exists(:v)",
      "Invalid FilterExpression: Operator or function requires a document path; operator or function: attribute_exists",
      { ":v": "s" },
    );
  });

  test("attribute_type takes the name of a type only", async () => {
    await filterRefused(
      "attribute_type(s, :t)",
      /^Invalid FilterExpression: Invalid attribute type name found; type: STRING, valid types: \{(\w+,){9}\w+\}$/,
      { ":t": "STRING" },
    );
    await filterRefused(
      "attribute_type(s, :t)",
      "Invalid FilterExpression: Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N",
      { ":t": 1 },
    );
  });

  test("begins_with takes no number", async () => {
    await filterRefused(
      "begins_with(s, :v)",
      "Invalid FilterExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
      { ":v": 1 },
    );
  });

  test("an order needs an ordered type", async () => {
    await filterRefused(
      "n < :v",
      "Invalid FilterExpression: Incorrect operand type for operator or function; operator or function: <, operand type: BOOL",
      { ":v": true },
    );
    await filterRefused(
      "n >= :v",
      "Invalid FilterExpression: Incorrect operand type for operator or function; operator or function: >=, operand type: SS",
      { ":v": new Set(["a"]) },
    );
  });

  test("a function that has no truth value is no condition", async () => {
    await filterRefused(
      "size(s)",
      "Invalid FilterExpression: The function is not allowed to be used this way in an expression; function: size",
    );
  });

  test("a condition is no operand", async () => {
    await filterRefused(
      "attribute_exists(s) = :v",
      "Invalid FilterExpression: The function is not allowed to be used this way in an expression; function: attribute_exists",
      { ":v": true },
    );
  });

  test("an operand compared with itself is refused", async () => {
    await filterRefused(
      "n = n",
      "Invalid FilterExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [n]",
    );
  });
});

describe("paths and placeholders", () => {
  conditions([
    ["obj.#n = :v", true, { ":v": "Ann" }, { "#n": "name" }],
    ["#o.core.arr[1] = :v", true, { ":v": 20 }, { "#o": "obj" }],
    ["obj.#d = :v", true, { ":v": "d" }, { "#d": "dotted.key" }],
    ["#d = :v", false, { ":v": 30 }, { "#d": "obj.age" }],
    ["arr[0] = :v", true, { ":v": "a" }],
    ["arr [ 2 ] . deep [ 1 ] . er = :v", true, { ":v": "y" }],
    ["arr[3][0] = :v", true, { ":v": "nested" }],
    ["arr[99999999] = :v", false, { ":v": "nested" }],
    ["tags[0] = :v", false, { ":v": "rock" }],
    ["  n=:v  ", true, { ":v": 5 }],
    ["n\t=\n:v", true, { ":v": 5 }],
    ["#n = :v_1", true, { ":v_1": 5 }, { "#n": "n" }],
    ["#0 = :0", true, { ":0": 5 }, { "#0": "n" }],
  ]);

  test("a name that is not used is refused", async () => {
    await filterRefused(
      "n = :v",
      "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}",
      { ":v": 5 },
      { "#x": "x" },
    );
  });

  test("a value that is not used is refused", async () => {
    await filterRefused("n = :v", "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}", {
      ":v": 5,
      ":w": 6,
    });
  });

  test("a name that is not given is refused", async () => {
    await filterRefused(
      "#n = :v",
      "Invalid FilterExpression: An expression attribute name used in the document path is not defined; attribute name: #n",
      { ":v": 5 },
    );
  });

  test("a value that is not given is refused", async () => {
    await filterRefused(
      "n = :v",
      "Invalid FilterExpression: An expression attribute value used in expression is not defined; attribute value: :v",
    );
  });

  test("names without an expression are refused", async () => {
    await invalid(
      doc.get({ TableName, Key: { pk: "fixed" }, ExpressionAttributeNames: { "#n": "n" } }),
      "ExpressionAttributeNames can only be specified when using expressions",
    );
  });

  test("values without an expression are refused", async () => {
    await invalid(
      doc.put({ TableName, Item: { pk: newKey() }, ExpressionAttributeValues: { ":v": 1 } }),
      "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null",
    );
    await invalid(
      doc.update({ TableName, Key: { pk: newKey() }, ExpressionAttributeValues: { ":v": 1 } }),
      "ExpressionAttributeValues can only be specified when using expressions: UpdateExpression and ConditionExpression are null",
    );
    await invalid(
      doc.scan({ TableName, ExpressionAttributeValues: { ":v": 1 } }),
      "ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null",
    );
  });

  test("empty lists of placeholders are refused", async () => {
    await filterRefused("attribute_exists(n)", "ExpressionAttributeNames must not be empty", undefined, {});
    await filterRefused("attribute_exists(n)", "ExpressionAttributeValues must not be empty", {});
  });

  test("placeholders of a wrong form are refused", async () => {
    await filterRefused(
      "attribute_exists(n)",
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "n"',
      undefined,
      { n: "n" },
    );
    await filterRefused("n = :v", 'ExpressionAttributeValues contains invalid key: Syntax error; key: "v"', { v: 5 });
    await filterRefused("n = :v", 'ExpressionAttributeValues contains invalid key: Syntax error; key: ":v-1"', { ":v-1": 5 });
  });

  test("values that are none are refused", async () => {
    const refused = (value, message) =>
      invalid(
        ddb.scan({ TableName, FilterExpression: "n = :v", ExpressionAttributeValues: { ":v": value } }),
        `ExpressionAttributeValues contains invalid value: ${message} for key :v`,
      );
    await refused({}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
    await refused({ SS: [] }, "One or more parameter values were invalid: An string set  may not be empty");
    await refused({ NULL: false }, "One or more parameter values were invalid: Null attribute value types must have the value of true");
  });

  test("a number that is none is refused", async () => {
    await invalid(
      ddb.scan({ TableName, FilterExpression: "n = :v", ExpressionAttributeValues: { ":v": { N: "five" } } }),
      "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: five for key :v",
    );
  });

  test("reserved words are refused as names, whatever their case", async () => {
    for (const word of ["name", "Status", "TTL", "year", "owner", "timestamp", "zone", "abort"]) {
      await filterRefused(
        `${word} = :v`,
        `Invalid FilterExpression: Attribute name is a reserved keyword; reserved keyword: ${word}`,
        { ":v": 1 },
      );
    }
    await filterRefused("obj.name = :v", "Invalid FilterExpression: Attribute name is a reserved keyword; reserved keyword: name", { ":v": 1 });
  });
});

describe("syntax", () => {
  const wrong = (expression, token, near) => [expression, `Invalid FilterExpression: Syntax error; token: "${token}", near: "${near}"`];
  for (const [expression, message] of [
    wrong("n = ", "<EOF>", "= "),
    wrong("= n", "=", "= n"),
    wrong("n == :v", "=", "== :v"),
    wrong("n = :v AND", "<EOF>", "AND"),
    wrong("n = :v s", "s", ":v s"),
    wrong("(n = :v", "<EOF>", ":v"),
    wrong("n = :v)", ")", ":v)"),
    wrong("n ! :v", "!", "n ! :v"),
    wrong("arr[x] = :v", "x", "[x]"),
    wrong("arr[-1] = :v", "-", "[-1"),
    wrong("obj..a = :v", ".", "..a"),
    wrong("n = 5", "5", "= 5"),
    wrong("n = 'x'", "'", "= 'x"),
    wrong("n IN ()", ")", "()"),
    wrong("n IN :v", ":v", "IN :v"),
    wrong("n BETWEEN :v", "<EOF>", ":v"),
    wrong("attribute_exists n", "n", "attribute_exists n"),
    wrong("NOT", "<EOF>", "NOT"),
  ]) {
    test(`${expression} is refused`, async () => {
      const values = expression.includes(":v") ? { ":v": 5 } : undefined;
      await filterRefused(expression, message, values);
    });
  }

  test("an empty expression is refused", async () => {
    await filterRefused("", "Invalid FilterExpression: The expression can not be empty;");
    await invalid(doc.get({ TableName, Key: { pk: "fixed" }, ProjectionExpression: "" }), "Invalid ProjectionExpression: The expression can not be empty;");
    await invalid(updating(""), "Invalid UpdateExpression: The expression can not be empty;");
    await invalid(
      doc.put({ TableName, Item: { pk: newKey() }, ConditionExpression: "" }),
      "Invalid ConditionExpression: The expression can not be empty;",
    );
  });
});

describe("limits", () => {
  test("an expression has up to 4096 bytes", async () => {
    const condition = (length) => `attribute_exists(n)`.padEnd(length, " ");
    assert.deepEqual(await holds(condition(4096)), { filter: true, condition: true });
    await filterRefused(
      condition(4097),
      "Invalid FilterExpression: Expression size has exceeded the maximum allowed size; expression size: 4097",
    );
  });

  test("an expression has up to 300 operators", async () => {
    const condition = (operators) => Array.from({ length: operators + 1 }, () => "n=:v").join(" OR ");
    // Each comparison is an operator, and so is each OR.
    const { filter } = await holds(condition(149), { ":v": 5 });
    assert.equal(filter, true);
    await filterRefused(
      condition(150),
      "Invalid FilterExpression: The expression contains too many operators; operator count: 301",
      { ":v": 5 },
    );
  });

  test("IN has up to 100 operands", async () => {
    const values = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`:v${i}`, i]));
    const condition = (count) => `n IN (${Object.keys(values(count)).join(",")})`;
    assert.equal((await holds(condition(100), values(100))).filter, true);
    await filterRefused(
      condition(101),
      "Invalid FilterExpression: The IN operator is provided with too many operands; number of operands: 101",
      values(101),
    );
  });

  test("a path has up to 32 elements", async () => {
    const path = (depth) => ["a", ...Array.from({ length: depth - 1 }, () => "b")].join(".");
    assert.equal((await holds(`attribute_not_exists(${path(32)})`)).filter, true);
    await filterRefused(
      `attribute_not_exists(${path(33)})`,
      "Invalid FilterExpression: The document path has too many nesting levels; nesting levels: 33",
    );
  });

  test("parentheses nested a thousand deep do no harm", async () => {
    const expression = `${"(".repeat(1000)}n = :v${")".repeat(1000)}`;
    await filterRefused(expression, /^Invalid FilterExpression: /, { ":v": 5 });
    await filterRefused(
      `${"NOT ".repeat(1000)}n = :v`,
      "Invalid FilterExpression: The expression contains too many operators; operator count: 301",
      { ":v": 5 },
    );
    await filterRefused("(".repeat(4000), 'Invalid FilterExpression: Syntax error; token: "<EOF>", near: "("');
  });

  test("a placeholder has up to 255 characters", async () => {
    const name = `#${"n".repeat(254)}`;
    assert.equal((await holds(`attribute_exists(${name})`, undefined, { [name]: "n" })).filter, true);
    const long = `#${"n".repeat(255)}`;
    await filterRefused(`attribute_exists(${long})`, "ExpressionAttributeNames contains invalid key: The expression attribute map contains a key that is too long; size of key: 256", undefined, { [long]: "n" });
  });
});

describe("projections", () => {
  const project = async (ProjectionExpression, names) =>
    (await doc.get({ TableName, Key: { pk: "fixed" }, ProjectionExpression, ...parameters(names) })).Item;
  const refused = (ProjectionExpression, message, names) =>
    invalid(doc.get({ TableName, Key: { pk: "fixed" }, ProjectionExpression, ...parameters(names) }), message);

  test("attributes, members and elements", async () => {
    assert.deepEqual(await project("s"), { s: "hello" });
    assert.deepEqual(await project("s, n,pk"), { pk: "fixed", s: "hello", n: 5 });
    assert.deepEqual(await project("obj.age"), { obj: { age: 30 } });
    assert.deepEqual(await project("obj.#n, obj.core.z", { "#n": "name" }), { obj: { name: "Ann", core: { z: 1 } } });
    assert.deepEqual(await project("arr[1]"), { arr: [1] });
    assert.deepEqual(await project("arr[2].deep[1].er"), { arr: [{ deep: [{ er: "y" }] }] });
  });

  test("elements of a list keep its order, whatever the order of the paths", async () => {
    assert.deepEqual(await project("arr[1], arr[0]"), { arr: ["a", 1] });
    assert.deepEqual(await project("arr[3], arr[0]"), { arr: ["a", ["nested"]] });
  });

  test("what is not there is left out", async () => {
    assert.deepEqual(await project("absent, s"), { s: "hello" });
    assert.deepEqual(await project("obj.absent, arr[17], s.x, n[0]"), {});
  });

  test("paths that overlap are refused", async () => {
    const message = (one, two) =>
      `Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${one}, path two: ${two}`;
    await refused("s, s", message("[s]", "[s]"));
    await refused("obj, obj.age", message("[obj]", "[obj, age]"));
    await refused("arr[1], arr", message("[arr, [1]]", "[arr]"));
  });

  test("paths that conflict are refused", async () => {
    await refused(
      "obj.a, obj[0]",
      "Invalid ProjectionExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [obj, a], path two: [obj, [0]]",
    );
  });

  test("syntax errors and reserved words are refused", async () => {
    await refused("s,", 'Invalid ProjectionExpression: Syntax error; token: "<EOF>", near: ","');
    await refused("s n", 'Invalid ProjectionExpression: Syntax error; token: "n", near: "s n"');
    await refused("name", "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: name");
    await refused("#n", "Invalid ProjectionExpression: An expression attribute name used in the document path is not defined; attribute name: #n");
    await refused("size(s)", 'Invalid ProjectionExpression: Syntax error; token: "(", near: "size(s"');
  });
});

describe("updates", () => {
  /** Applies an update to an item, and resolves with what became of it (without its key). */
  async function updated(before, expression, values, names) {
    const pk = newKey();
    if (before) await doc.put({ TableName, Item: { pk, ...before } });
    const { Attributes } = await doc.update({
      TableName,
      Key: { pk },
      UpdateExpression: expression,
      ...parameters(names, values),
      ReturnValues: "ALL_NEW",
    });
    const { Item } = await doc.get({ TableName, Key: { pk } });
    assert.deepEqual(Item, Attributes);
    delete Item.pk;
    return Item;
  }
  const refused = async (before, expression, message, values, names) => {
    const pk = newKey();
    if (before) await doc.put({ TableName, Item: { pk, ...before } });
    await invalid(
      doc.update({ TableName, Key: { pk }, UpdateExpression: expression, ...parameters(names, values) }),
      message,
    );
    const { Item } = await doc.get({ TableName, Key: { pk } });
    assert.deepEqual(Item, before && { pk, ...before });
  };
  const badPath = "The document path provided in the update expression is invalid for update";
  const badType = "An operand in the update expression has an incorrect data type";

  describe("SET", () => {
    for (const [expression, before, values, after, names] of [
      ["SET a = :v", {}, { ":v": 1 }, { a: 1 }],
      ["SET a = :v", { a: "x", b: 2 }, { ":v": [1] }, { a: [1], b: 2 }],
      ["set a = :v, b = :w", {}, { ":v": 1, ":w": 2 }, { a: 1, b: 2 }],
      ["SET a = b", { b: { c: 1 } }, undefined, { a: { c: 1 }, b: { c: 1 } }],
      ["SET a = b, b = a", { a: 1, b: 2 }, undefined, { a: 2, b: 1 }],
      ["SET a = a + :v", { a: 1 }, { ":v": 2 }, { a: 3 }],
      ["SET a = a - :v", { a: 1 }, { ":v": 2 }, { a: -1 }],
      ["SET a = :v - b", { b: 1 }, { ":v": 2 }, { a: 1, b: 1 }],
      ["SET a = b + c", { b: 0.1, c: 0.2 }, undefined, { a: 0.3, b: 0.1, c: 0.2 }],
      ["SET a = (:v)", {}, { ":v": 1 }, { a: 1 }],
      ["SET a = (if_not_exists(b, :v)) - :v", {}, { ":v": 1 }, { a: 0 }],
      ["SET a = :v + :w", {}, { ":v": 1, ":w": 2 }, { a: 3 }],
      ["SET a = if_not_exists(a, :v)", {}, { ":v": 1 }, { a: 1 }],
      ["SET a = if_not_exists(a, :v)", { a: 7 }, { ":v": 1 }, { a: 7 }],
      ["SET a = if_not_exists(b, :v)", { b: 7 }, { ":v": 1 }, { a: 7, b: 7 }],
      ["SET a = if_not_exists(a, :z) + :v", {}, { ":v": 1, ":z": 0 }, { a: 1 }],
      ["SET a = if_not_exists(a, if_not_exists(b, :v))", { b: 3 }, { ":v": 1 }, { a: 3, b: 3 }],
      ["SET a = list_append(a, :v)", { a: [1] }, { ":v": [2, 3] }, { a: [1, 2, 3] }],
      ["SET a = list_append(:v, a)", { a: [1] }, { ":v": [2] }, { a: [2, 1] }],
      ["SET a = list_append(if_not_exists(a, :e), :v)", {}, { ":v": [2], ":e": [] }, { a: [2] }],
      ["SET m.x = :v", { m: {} }, { ":v": 1 }, { m: { x: 1 } }],
      ["SET m.x.y = :v", { m: { x: { z: 0 } } }, { ":v": 1 }, { m: { x: { y: 1, z: 0 } } }],
      ["SET m.#x = :v", { m: {} }, { ":v": 1 }, { m: { "a.b": 1 } }, { "#x": "a.b" }],
      ["SET l[0] = :v", { l: ["a", "b"] }, { ":v": "X" }, { l: ["X", "b"] }],
      ["SET l[1].x = :v", { l: ["a", {}] }, { ":v": 1 }, { l: ["a", { x: 1 }] }],
      // An index beyond the end appends.
      ["SET l[9] = :v", { l: ["a"] }, { ":v": "b" }, { l: ["a", "b"] }],
      ["SET l[9] = :v, l[5] = :w", { l: ["a"] }, { ":v": "nine", ":w": "five" }, { l: ["a", "five", "nine"] }],
      ["SET a = l[1]", { l: [1, 2] }, undefined, { l: [1, 2], a: 2 }],
    ]) {
      test(`${expression} on ${JSON.stringify(before)}`, async () => {
        assert.deepEqual(await updated(before, expression, values, names), after);
      });
    }

    test("reads the item as it was before the update", async () => {
      assert.deepEqual(await updated({ a: 1, b: 5 }, "SET a = b, b = a + :one REMOVE c ADD d :one", { ":one": 1 }), { a: 5, b: 2, d: 1 });
    });

    test("a path whose parent is not there is refused", async () => {
      await refused({}, "SET m.x = :v", badPath, { ":v": 1 });
      await refused({ m: { x: 1 } }, "SET m.x.y = :v", badPath, { ":v": 1 });
      await refused({ m: {} }, "SET m[0] = :v", badPath, { ":v": 1 });
      await refused({ l: [] }, "SET l.x = :v", badPath, { ":v": 1 });
      await refused(undefined, "SET m.x = :v", badPath, { ":v": 1 });
    });

    test("an operand that is not there is refused", async () => {
      const message = "The provided expression refers to an attribute that does not exist in the item";
      await refused({}, "SET a = b", message);
      await refused({}, "SET a = a + :v", message, { ":v": 1 });
      await refused({}, "SET a = list_append(a, :v)", message, { ":v": [1] });
      await refused({ m: {} }, "SET a = m.x", message);
    });

    test("arithmetic with what is no number is refused", async () => {
      await refused({ a: "x" }, "SET a = a + :v", badType, { ":v": 1 });
      await invalid(
        updating("SET a = a + :v", { ":v": "x" }),
        "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S",
      );
    });

    test("appending what is no list is refused", async () => {
      await refused({ a: "x" }, "SET a = list_append(a, :v)", badType, { ":v": [1] });
      await invalid(
        updating("SET a = list_append(a, :v)", { ":v": "x" }),
        "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: list_append, operand type: S",
      );
    });

    test("if_not_exists needs a path first", async () => {
      await invalid(
        updating("SET a = if_not_exists(:v, :v)", { ":v": "x" }),
        "Invalid UpdateExpression: Operator or function requires a document path; operator or function: if_not_exists",
      );
    });

    test("functions of conditions are refused", async () => {
      await invalid(
        updating("SET a = size(b)"),
        "Invalid UpdateExpression: The function is not allowed in an update expression; function: size",
      );
      await invalid(updating("SET a = nonsense(b)"), "Invalid UpdateExpression: Invalid function name; function: nonsense");
    });
  });

  describe("REMOVE", () => {
    for (const [expression, before, after] of [
      ["REMOVE a", { a: 1, b: 2 }, { b: 2 }],
      ["REMOVE a, b", { a: 1, b: 2 }, {}],
      ["REMOVE absent", { a: 1 }, { a: 1 }],
      ["REMOVE m.x", { m: { x: 1, y: 2 } }, { m: { y: 2 } }],
      ["REMOVE m.absent", { m: { y: 2 } }, { m: { y: 2 } }],
      ["REMOVE l[0]", { l: [1, 2, 3] }, { l: [2, 3] }],
      ["REMOVE l[0], l[2]", { l: [1, 2, 3, 4] }, { l: [2, 4] }],
      ["REMOVE l[7]", { l: [1] }, { l: [1] }],
      ["REMOVE l[0].x", { l: [{ x: 1, y: 1 }] }, { l: [{ y: 1 }] }],
    ]) {
      test(`${expression} on ${JSON.stringify(before)}`, async () => {
        assert.deepEqual(await updated(before, expression), after);
      });
    }

    test("a path whose parent is not there is refused", async () => {
      await refused({}, "REMOVE m.x", badPath);
      await refused({ a: 1 }, "REMOVE a[0]", badPath);
    });
  });

  describe("ADD", () => {
    const cases = [
      ["a number", { n: 1 }, 2, { n: 3 }],
      ["a number to nothing", {}, 2, { n: 2 }],
      ["a negative number", { n: 1 }, -2, { n: -1 }],
      ["a set to a set", { n: new Set(["a", "b"]) }, new Set(["b", "c"]), { n: new Set(["a", "b", "c"]) }],
      ["a set to nothing", {}, new Set([1]), { n: new Set([1]) }],
    ];
    for (const [what, before, value, after] of cases) {
      test(what, async () => {
        assert.deepEqual(await updated(before, "ADD n :v", { ":v": value }), after);
      });
    }

    test("several at once, and into a document", async () => {
      assert.deepEqual(await updated({ m: { x: 1 } }, "ADD m.x :v, m.y :v, b :v", { ":v": 1 }), { m: { x: 2, y: 1 }, b: 1 });
    });

    test("a value of another type than the attribute is refused", async () => {
      await refused({ n: "x" }, "ADD n :v", badType, { ":v": 1 });
      await refused({ n: new Set([1]) }, "ADD n :v", badType, { ":v": new Set(["a"]) });
      await refused({ n: [1] }, "ADD n :v", badType, { ":v": 1 });
    });

    test("what is neither number nor set is refused", async () => {
      await invalid(
        updating("ADD n :v", { ":v": "x" }),
        "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
      );
      await invalid(
        updating("ADD n :v", { ":v": [1] }),
        "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: LIST, typeSet: ALLOWED_FOR_ADD_OPERAND",
      );
    });
  });

  describe("DELETE", () => {
    test("removes elements of a set", async () => {
      assert.deepEqual(await updated({ t: new Set(["a", "b", "c"]) }, "DELETE t :v", { ":v": new Set(["a", "x"]) }), {
        t: new Set(["b", "c"]),
      });
    });

    test("removes a set that becomes empty", async () => {
      assert.deepEqual(await updated({ t: new Set([1, 2]), a: 1 }, "DELETE t :v", { ":v": new Set([2, 1]) }), { a: 1 });
    });

    test("of nothing does nothing", async () => {
      assert.deepEqual(await updated({ a: 1 }, "DELETE t :v", { ":v": new Set([1]) }), { a: 1 });
    });

    test("of another type than the attribute is refused", async () => {
      await refused({ t: new Set(["1"]) }, "DELETE t :v", badType, { ":v": new Set([1]) });
      await refused({ t: "a" }, "DELETE t :v", badType, { ":v": new Set(["a"]) });
    });

    test("of what is no set is refused", async () => {
      await invalid(
        updating("DELETE t :v", { ":v": 1 }),
        "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND",
      );
    });
  });

  test("clauses in any order and case", async () => {
    assert.deepEqual(
      await updated({ a: 1, b: 2, c: 3, t: new Set(["x", "y"]) }, "delete t :t Remove a ADD b :n set c = :n", {
        ":n": 10,
        ":t": new Set(["x"]),
      }),
      { b: 12, c: 10, t: new Set(["y"]) },
    );
  });

  test("a clause twice is refused", async () => {
    await invalid(
      updating("SET a = :v SET b = :v", { ":v": 1 }),
      'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
    );
    await invalid(
      updating("REMOVE a REMOVE b"),
      'Invalid UpdateExpression: The "REMOVE" section can only be used once in an update expression;',
    );
  });

  test("paths that overlap are refused", async () => {
    const message = (one, two) =>
      `Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${one}, path two: ${two}`;
    await invalid(updating("SET a = :v, a = :v", { ":v": 1 }), message("[a]", "[a]"));
    await invalid(updating("SET a = :v REMOVE a", { ":v": 1 }), message("[a]", "[a]"));
    await invalid(updating("SET m.x = :v REMOVE m", { ":v": 1 }), message("[m, x]", "[m]"));
    await invalid(updating("SET l[0] = :v, l[0].x = :v", { ":v": 1 }), message("[l, [0]]", "[l, [0], x]"));
  });

  test("paths that conflict are refused", async () => {
    await invalid(
      updating("SET m.x = :v, m[0] = :v", { ":v": 1 }),
      "Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [m, x], path two: [m, [0]]",
    );
  });

  test("elements next to each other do not overlap", async () => {
    assert.deepEqual(await updated({ l: [1, 2], m: { x: 1, y: 1 } }, "SET l[0] = :v, l[1] = :v, m.x = :v REMOVE m.y", { ":v": 9 }), {
      l: [9, 9],
      m: { x: 9 },
    });
  });

  test("syntax errors are refused", async () => {
    const syntax = (token, near) => `Invalid UpdateExpression: Syntax error; token: "${token}", near: "${near}"`;
    await invalid(updating("SET a"), syntax("<EOF>", "a"));
    await invalid(updating("SET a = "), syntax("<EOF>", "= "));
    await invalid(updating("a = :v", { ":v": 1 }), syntax("a", "a ="));
    await invalid(updating("SET a = :v,", { ":v": 1 }), syntax("<EOF>", ","));
    await invalid(updating("SET a = :v + :v + :v", { ":v": 1 }), syntax("+", ":v + :v"));
    await invalid(updating("ADD a b"), syntax("b", "a b"));
    await invalid(updating("REMOVE a = :v", { ":v": 1 }), syntax("=", "a = :v"));
    await invalid(updating("SET :v = a", { ":v": 1 }), syntax(":v", "SET :v ="));
  });

  test("the condition and the update share their placeholders", async () => {
    const pk = newKey();
    await doc.put({ TableName, Item: { pk, a: 1 } });
    await doc.update({
      TableName,
      Key: { pk },
      UpdateExpression: "SET #a = :two",
      ConditionExpression: "#a = :one",
      ExpressionAttributeNames: { "#a": "a" },
      ExpressionAttributeValues: { ":one": 1, ":two": 2 },
    });
    await invalid(
      updating("SET #a = :two", { ":one": 1, ":two": 2 }, { "#a": "a" }),
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:one}",
    );
  });

  test("reserved words are refused", async () => {
    await invalid(
      updating("SET status = :v", { ":v": 1 }),
      "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status",
    );
    await invalid(
      updating("REMOVE a.items"),
      "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: items",
    );
  });
});
