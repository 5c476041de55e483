// Values: the ten types, numbers, sets, documents, and the limits on sizes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fails, invalid, open } from "../lib/turntable.js";

const { ddb, table } = await open();

const strings = await table({ pk: "S" });
const numbers = await table({ pk: "S", sk: "N" });
const binaries = await table({ pk: "B", sk: "B" });
const all = await table({ pk: "S", sk: "S" }, { lsi: { byA: { keys: { pk: "S", a: "S" }, projection: "ALL" } } });

let keys = 0;
const newKey = () => ({ S: `key ${++keys}` });

/** Stores a value as an attribute, and resolves with what is read back. */
async function roundTrip(value) {
  const pk = newKey();
  await ddb.putItem({ TableName: strings, Item: { pk, value } });
  const { Item } = await ddb.getItem({ TableName: strings, Key: { pk }, ConsistentRead: true });
  return Item.value;
}

const storing = (value) => ddb.putItem({ TableName: strings, Item: { pk: newKey(), value } });
const bytes = (...b) => Uint8Array.from(b);
const nest = (depth, innermost = { S: "x" }) => {
  let value = innermost;
  for (let i = 0; i < depth; i++) value = i % 2 ? { L: [value] } : { M: { m: value } };
  return value;
};
const sortedSet = (set) => [...set].sort();

describe("the ten types", () => {
  const values = {
    S: { S: "tune" },
    "S with every kind of character": { S: "\u0000\u0001\u001f \"\\/\b\f\n\r\t é € 𝄞 \u2028 \ufeff\u007f" },
    "S empty": { S: "" },
    N: { N: "42" },
    B: { B: bytes(0, 1, 127, 128, 255) },
    "B empty": { B: bytes() },
    "BOOL true": { BOOL: true },
    "BOOL false": { BOOL: false },
    NULL: { NULL: true },
    M: { M: { a: { S: "b" }, " ": { N: "1" }, "dotted.name": { BOOL: true } } },
    "M empty": { M: {} },
    L: { L: [{ S: "a" }, { N: "1" }, { NULL: true }, { L: [] }] },
    "L empty": { L: [] },
  };
  for (const [name, value] of Object.entries(values)) {
    test(`${name} is read as it was written`, async () => {
      assert.deepEqual(await roundTrip(value), value);
    });
  }

  test("SS, NS and BS are read as sets", async () => {
    assert.deepEqual(sortedSet((await roundTrip({ SS: ["b", "a", "", "c"] })).SS), ["", "a", "b", "c"]);
    assert.deepEqual(sortedSet((await roundTrip({ NS: ["2", "1", "-1.5"] })).NS), ["-1.5", "1", "2"]);
    const { BS } = await roundTrip({ BS: [bytes(2), bytes(1), bytes(1, 2)] });
    assert.deepEqual(BS.map((b) => Buffer.from(b).toString("hex")).sort(), ["01", "0102", "02"]);
  });

  test("an empty name is refused", async () => {
    await invalid(ddb.putItem({ TableName: strings, Item: { pk: newKey(), "": { N: "1" } } }), /./);
    await invalid(storing({ M: { "": { N: "1" } } }), /./);
  });

  test("names of attributes are as free as values", async () => {
    const pk = newKey();
    const Item = { pk, "a.b": { S: "1" }, "a[0]": { S: "2" }, "ünïcode 𝄞": { S: "3" }, "#x": { S: "4" }, ":y": { S: "5" } };
    await ddb.putItem({ TableName: strings, Item });
    assert.deepEqual((await ddb.getItem({ TableName: strings, Key: { pk } })).Item, Item);
  });
});

describe("numbers", () => {
  const nines = "9".repeat(38);
  const forms = {
    "0": "0",
    "-0": "0",
    "+5": "5",
    "007": "7",
    "1.0": "1",
    "1.50": "1.5",
    ".5": "0.5",
    "5.": "5",
    "-.5": "-0.5",
    "100": "100",
    "1e2": "100",
    "1E2": "100",
    "1.5e+3": "1500",
    "12e-1": "1.2",
    "0e100": "0",
    "-1e-5": "-0.00001",
    [nines]: nines,
    [`-${nines}`]: `-${nines}`,
    [`0.${nines}`]: `0.${nines}`,
    "1.2345678901234567890123456789012345678": "1.2345678901234567890123456789012345678",
    "12345678901234567890.123456789012345678": "12345678901234567890.123456789012345678",
    "1e-130": `0.${"0".repeat(129)}1`,
    "-1e-130": `-0.${"0".repeat(129)}1`,
    "1e125": `1${"0".repeat(125)}`,
    "9.9999999999999999999999999999999999999E+125": `${"9".repeat(38)}${"0".repeat(88)}`,
    "-9.9999999999999999999999999999999999999E+125": `-${"9".repeat(38)}${"0".repeat(88)}`,
    "1000000000000000000000000000000000000000": "1000000000000000000000000000000000000000",
    "00000000000000000000000000000000000000000000000001": "1",
    "1.00000000000000000000000000000000000000000000000": "1",
    "123456789012345678901234567890123456780000": "123456789012345678901234567890123456780000",
  };
  for (const [given, stored] of Object.entries(forms)) {
    test(`${given} is stored as ${stored}`, async () => {
      assert.deepEqual(await roundTrip({ N: given }), { N: stored });
    });
  }

  const overflow = "Number overflow. Attempting to store a number with magnitude larger than supported range";
  const underflow = "Number underflow. Attempting to store a number with magnitude smaller than supported range";
  const refused = {
    "1e126": overflow,
    "-1e126": overflow,
    "9.9e9999": overflow,
    [`1${"0".repeat(126)}`]: overflow,
    "1e-131": underflow,
    "-1e-131": underflow,
    "1e-9999": underflow,
  };
  for (const [given, message] of Object.entries(refused)) {
    test(`${given} is refused`, async () => {
      await invalid(storing({ N: given }), message);
      await invalid(storing({ L: [{ N: given }] }), message);
      await invalid(storing({ NS: ["1", given] }), message);
    });
  }

  test("more than 38 digits are refused", async () => {
    for (const given of [`${nines}9`, `0.1${nines}`, `1.${"0".repeat(37)}1`]) {
      await invalid(storing({ N: given }), "Attempting to store more than 38 significant digits in a Number");
    }
  });

  test("exponents beyond every bound are refused", async () => {
    for (const given of ["1e99999999999999999999", "1e-99999999999999999999", "1e2147483648"]) {
      await invalid(storing({ N: given }), /./);
    }
  });

  const nonsense = ["abc", " 1", "1 ", "1 2", "0x10", "NaN", "Infinity", "-Infinity", "--1", "1e", "e5", "1e5.5", "1,000", ".", "-", "1.2.3"];
  test("what is no number is refused", async () => {
    for (const given of nonsense) await invalid(storing({ N: given }), /./);
  });

  test("what is no number is named", async () => {
    for (const given of nonsense) {
      await invalid(storing({ N: given }), `The parameter cannot be converted to a numeric value: ${given}`);
    }
  });

  test("an empty string is no number", async () => {
    await invalid(storing({ N: "" }), "The parameter cannot be converted to a numeric value");
  });

  test("numbers sort by value as sort keys", async () => {
    const pk = newKey();
    const ordered = [
      "-9.9999999999999999999999999999999999999e125", "-1e125", "-123456", "-100", "-99.5", "-10", "-9", "-1.1", "-1", "-0.5", "-0.05",
      "-1e-130", "0", "1e-130", "1e-129", "0.05", "0.5", "0.51", "1", "1.0000000000000000000000000000000000001", "1.1", "9", "10", "11", "99.5", "100", "101",
      "123456", "99999999999999999999999999999999999998", "99999999999999999999999999999999999999", "1e38", "1e125",
      "9.9999999999999999999999999999999999999e125",
    ];
    for (const [i, sk] of [...ordered.entries()].sort((a, b) => ((a[0] * 7) % 33) - ((b[0] * 7) % 33))) {
      await ddb.putItem({ TableName: numbers, Item: { pk, sk: { N: sk }, i: { N: String(i) } } });
    }
    const { Items } = await ddb.query({
      TableName: numbers,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": pk },
    });
    assert.deepEqual(Items.map((item) => Number(item.i.N)), ordered.map((_, i) => i));
  });

  test("forms of one number are one key", async () => {
    const pk = newKey();
    for (const sk of ["5", "5.0", "0.5e1", "50e-1", "+5", "0005"]) await ddb.putItem({ TableName: numbers, Item: { pk, sk: { N: sk } } });
    const { Items } = await ddb.query({
      TableName: numbers,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": pk },
    });
    assert.deepEqual(Items, [{ pk, sk: { N: "5" } }]);
  });

  test("additions are exact", async () => {
    const add = async (a, b) => {
      const pk = newKey();
      await ddb.putItem({ TableName: strings, Item: { pk, n: { N: a } } });
      const { Attributes } = await ddb.updateItem({
        TableName: strings,
        Key: { pk },
        UpdateExpression: "ADD n :b",
        ExpressionAttributeValues: { ":b": { N: b } },
        ReturnValues: "UPDATED_NEW",
      });
      return Attributes.n.N;
    };
    assert.equal(await add("0.1", "0.2"), "0.3");
    assert.equal(await add("9".repeat(37), "1"), `1${"0".repeat(37)}`);
    assert.equal(await add("12345678901234567890123456789012345678", "-12345678901234567890123456789012345677"), "1");
    assert.equal(await add("-5", "2.5"), "-2.5");
    await invalid(add("9.9999999999999999999999999999999999999e125", "9.9999999999999999999999999999999999999e125"), /./);
  });
});

describe("sets", () => {
  const wrong = "One or more parameter values were invalid: ";

  test("an empty set is refused", async () => {
    await invalid(storing({ SS: [] }), `${wrong}An string set  may not be empty`);
    await invalid(storing({ NS: [] }), `${wrong}An number set  may not be empty`);
    await invalid(storing({ BS: [] }), `${wrong}Binary sets should not be empty`);
  });

  test("a string twice is refused", async () => {
    await invalid(storing({ SS: ["a", "b", "a"] }), `${wrong}Input collection [a, b, a] contains duplicates.`);
  });

  test("a number twice is refused", async () => {
    await invalid(storing({ NS: ["1", "2", "1"] }), "Input collection contains duplicates");
  });

  test("a number in two forms is refused", async () => {
    await invalid(storing({ NS: ["1", "1.0"] }), "Input collection contains duplicates");
  });

  test("a binary twice is refused", async () => {
    await fails(storing({ BS: [bytes(1), bytes(1)] }), "ValidationException", /^One or more parameter values were invalid: Input collection \[.*\]of type BS contains duplicates\.$/);
  });

  test("numbers are normalised", async () => {
    assert.deepEqual(sortedSet((await roundTrip({ NS: ["1.0", "2e1", "-0"] })).NS), ["0", "1", "20"]);
  });
});

describe("values that are none", () => {
  test("no type at all", async () => {
    await invalid(storing({}), "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
    await invalid(storing({ L: [{}] }), "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  });

  test("two types", async () => {
    await invalid(
      storing({ S: "a", N: "1" }),
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
    );
  });

  test("NULL false", async () => {
    await invalid(storing({ NULL: false }), "One or more parameter values were invalid: Null attribute value types must have the value of true");
  });
});

describe("nesting", () => {
  // "DynamoDB supports nested attributes up to 32 levels deep."
  test("31 documents in each other below an attribute's own value are stored", async () => {
    const value = nest(31);
    assert.deepEqual(await roundTrip(value), value);
  });

  test("32 and more are refused", async () => {
    for (const depth of [32, 33, 40]) {
      await invalid(
        storing(nest(depth)),
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
      );
    }
  });

  test("an update cannot nest deeper", async () => {
    const pk = newKey();
    await ddb.putItem({ TableName: strings, Item: { pk, value: { M: {} } } });
    const deepen = (depth) =>
      ddb.updateItem({
        TableName: strings,
        Key: { pk },
        UpdateExpression: "SET #v.deep = :v",
        ExpressionAttributeNames: { "#v": "value" },
        ExpressionAttributeValues: { ":v": nest(depth) },
      });
    await fails(deepen(31), "ValidationException", /Nesting Levels have exceeded supported limits/);
    await deepen(30);
  });

  test("a value in an expression is bounded too", async () => {
    await fails(
      ddb.updateItem({
        TableName: strings,
        Key: { pk: newKey() },
        UpdateExpression: "SET a = :a",
        ExpressionAttributeValues: { ":a": nest(40) },
      }),
      "ValidationException",
      /Nesting Levels have exceeded supported limits/,
    );
  });
});

describe("sizes of items", () => {
  const limit = 400 * 1024;
  // "pk" (2) and its value, "value" (5) and its value.
  const itemOf = (size) => {
    const pk = newKey();
    return { pk, value: { S: "x".repeat(size - 2 - pk.S.length - 5) } };
  };
  const tooLarge = "Item size has exceeded the maximum allowed size";

  test("400 KB are stored, a byte more is refused", async () => {
    const Item = itemOf(limit);
    await ddb.putItem({ TableName: strings, Item });
    assert.equal((await ddb.getItem({ TableName: strings, Key: { pk: Item.pk } })).Item.value.S.length, Item.value.S.length);
    await invalid(ddb.putItem({ TableName: strings, Item: itemOf(limit + 1) }), tooLarge);
  });

  test("strings are counted in UTF-8", async () => {
    const pk = newKey();
    const room = limit - 2 - pk.S.length - 5;
    const text = "é".repeat(Math.floor(room / 2)) + "x".repeat(room % 2);
    await ddb.putItem({ TableName: strings, Item: { pk, value: { S: text } } });
    await invalid(ddb.putItem({ TableName: strings, Item: { pk, value: { S: `${text}x` } } }), tooLarge);
  });

  test("names count", async () => {
    const pk = newKey();
    const name = "n".repeat(60_000);
    const rest = limit - 2 - pk.S.length - name.length;
    await ddb.putItem({ TableName: strings, Item: { pk, [name]: { S: "x".repeat(rest) } } });
    await invalid(ddb.putItem({ TableName: strings, Item: { pk, [name]: { S: "x".repeat(rest + 1) } } }), tooLarge);
  });

  test("an update cannot make an item larger than 400 KB", async () => {
    const Item = itemOf(limit - 10);
    await ddb.putItem({ TableName: strings, Item });
    const grow = (more) =>
      ddb.updateItem({
        TableName: strings,
        Key: { pk: Item.pk },
        UpdateExpression: "SET more = :more",
        ExpressionAttributeValues: { ":more": { S: more } },
      });
    await invalid(grow("1234567"), "Item size to update has exceeded the maximum allowed size");
    await grow("123456");
  });

  test("a batch refuses an item over 400 KB", async () => {
    await invalid(
      ddb.batchWriteItem({ RequestItems: { [strings]: [{ PutRequest: { Item: itemOf(limit + 1) } }] } }),
      tooLarge,
    );
  });
});

describe("sizes of items with local indexes", () => {
  const room = 400 * 1024; // of the item and its entries in all local indexes together
  const tooLarge = "Item size has exceeded the maximum allowed size";
  const updateTooLarge = "Item size to update has exceeded the maximum allowed size";
  const by = (name, projection = "ALL") => ({ keys: { pk: "S", [name]: "S" }, projection });
  const keyOf = () => ({ pk: newKey(), sk: { S: "s" } });
  const sizeOf = (item) => Object.entries(item).reduce((size, [name, { S }]) => size + name.length + S.length, 0);
  /** `item` with an attribute "x" that makes it of that size. */
  const filled = (item, size) => ({ ...item, x: { S: "x".repeat(size - sizeOf(item) - 1) } });

  const put = (Item, TableName = all, more = {}) => ddb.putItem({ TableName, Item, ...more });
  const indexed = () => ({ ...keyOf(), a: { S: "a" } });
  const setX = { UpdateExpression: "SET x = :x", ExpressionAttributeValues: { ":x": { S: "x".repeat(room / 2) } } };
  const setA = { UpdateExpression: "SET a = :a", ExpressionAttributeValues: { ":a": { S: "a" } } };
  const read = async (Key) => (await ddb.getItem({ TableName: all, Key, ConsistentRead: true })).Item;

  test("an entry with all attributes counts as much as its item", async () => {
    await put(filled(indexed(), room / 2));
    await invalid(put(filled(indexed(), room / 2 + 1)), tooLarge);
  });

  test("an item that is not in the index may have 400 KB", async () => {
    await put(filled(keyOf(), room));
  });

  test("each local index counts", async () => {
    const two = await table({ pk: "S", sk: "S" }, { lsi: { byA: by("a"), byB: by("b") } });
    const both = () => ({ ...indexed(), b: { S: "b" } });
    await put(filled(both(), Math.floor(room / 3)), two);
    await invalid(put(filled(both(), Math.floor(room / 3) + 1), two), tooLarge);
    await put(filled(indexed(), room / 2), two);
  });

  test("an entry with keys alone counts as its keys", async () => {
    const keysOnly = await table({ pk: "S", sk: "S" }, { lsi: { byA: by("a", "KEYS_ONLY") } });
    const item = indexed();
    await put(filled(item, room - sizeOf(item)), keysOnly);
    await invalid(put(filled(item, room - sizeOf(item) + 1), keysOnly), tooLarge);
  });

  test("global indexes do not count", async () => {
    const global = await table({ pk: "S", sk: "S" }, { gsi: { byA: { keys: { a: "S" }, projection: "ALL" } } });
    await put(filled(indexed(), room), global);
  });

  test("the size is looked at before a condition, and after keys", async () => {
    const item = filled(indexed(), room / 2 + 1);
    await invalid(put(item, all, { ConditionExpression: "attribute_exists(pk)" }), tooLarge);
    await invalid(put({ ...item, a: { S: "" } }), /cannot contain an empty string value\. IndexName: byA, IndexKey: a$/);
  });

  test("a batch and a transaction are refused as a whole", async () => {
    const [small, large] = [indexed(), filled(indexed(), room / 2 + 1)];
    const puts = [small, large].map((Item) => ({ PutRequest: { Item } }));
    await invalid(ddb.batchWriteItem({ RequestItems: { [all]: puts } }), tooLarge);
    await invalid(ddb.transactWriteItems({ TransactItems: [small, large].map((Item) => ({ Put: { TableName: all, Item } })) }), tooLarge);
    assert.equal(await read({ pk: small.pk, sk: small.sk }), undefined);
  });

  test("so is a PartiQL INSERT", async () => {
    const { pk, sk, a, x } = filled(indexed(), room / 2 + 1);
    const Statement = `INSERT INTO "${all}" VALUE {'pk': ?, 'sk': ?, 'a': ?, 'x': ?}`;
    await invalid(ddb.executeStatement({ Statement, Parameters: [pk, sk, a, x] }), tooLarge);
  });

  test("an update can neither make an item with an entry too large, nor bring a large item into the index", async () => {
    const [inside, outside] = [indexed(), filled(keyOf(), room / 2 + 1)];
    const [Key, other] = [inside, outside].map(({ pk, sk }) => ({ pk, sk }));
    await put(inside);
    await put(outside);
    await invalid(ddb.updateItem({ TableName: all, Key, ...setX }), updateTooLarge);
    await invalid(ddb.updateItem({ TableName: all, Key: other, ...setA }), updateTooLarge);
    await invalid(ddb.updateItem({ TableName: all, Key: other, AttributeUpdates: { a: { Value: { S: "a" } } } }), updateTooLarge);
    const Statement = `UPDATE "${all}" SET a = 'a' WHERE pk = ? AND sk = ?`;
    await invalid(ddb.executeStatement({ Statement, Parameters: [other.pk, other.sk] }), updateTooLarge);
    assert.deepEqual([await read(Key), await read(other)], [inside, outside]);
    await ddb.updateItem({ TableName: all, Key: other, UpdateExpression: "SET a = :a REMOVE x", ExpressionAttributeValues: { ":a": { S: "a" } } });
  });

  test("an update in a transaction is a reason to cancel it", async () => {
    const item = indexed();
    const Key = { pk: item.pk, sk: item.sk };
    await put(item);
    await assert.rejects(ddb.transactWriteItems({ TransactItems: [{ Update: { TableName: all, Key, ...setX } }] }), (error) => {
      assert.equal(error.name, "TransactionCanceledException");
      assert.deepEqual(error.CancellationReasons.map(({ Code, Message }) => [Code, Message]), [["ValidationError", updateTooLarge]]);
      return true;
    });
    assert.deepEqual(await read(Key), item);
  });
});

describe("keys", () => {
  const emptyString = (name) =>
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`;
  const emptyBinary = (name) =>
    `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty binary value. Key: ${name}`;
  const hashTooLong = "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes";
  const rangeTooLong =
    "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes";

  test("an empty string is refused", async () => {
    await invalid(ddb.putItem({ TableName: strings, Item: { pk: { S: "" } } }), emptyString("pk"));
    for (const operation of ["getItem", "deleteItem", "updateItem"]) {
      await invalid(ddb[operation]({ TableName: strings, Key: { pk: { S: "" } } }), emptyString("pk"));
    }
  });

  test("an empty binary is refused", async () => {
    await invalid(ddb.putItem({ TableName: binaries, Item: { pk: { B: bytes() }, sk: { B: bytes(1) } } }), emptyBinary("pk"));
    await invalid(ddb.putItem({ TableName: binaries, Item: { pk: { B: bytes(1) }, sk: { B: bytes() } } }), emptyBinary("sk"));
  });

  test("a partition key has up to 2048 bytes", async () => {
    const key = (length) => ({ pk: { S: "k".repeat(length) } });
    await ddb.putItem({ TableName: strings, Item: { ...key(2048), n: { N: "1" } } });
    assert.deepEqual((await ddb.getItem({ TableName: strings, Key: key(2048) })).Item.n, { N: "1" });
    await invalid(ddb.putItem({ TableName: strings, Item: key(2049) }), hashTooLong);
    await invalid(ddb.getItem({ TableName: strings, Key: key(2049) }), hashTooLong);
  });

  test("a partition key is counted in UTF-8", async () => {
    await ddb.putItem({ TableName: strings, Item: { pk: { S: "é".repeat(1024) } } });
    await invalid(ddb.putItem({ TableName: strings, Item: { pk: { S: "é".repeat(1024) + "x" } } }), hashTooLong);
  });

  test("a sort key has up to 1024 bytes", async () => {
    const key = (length) => ({ pk: { B: bytes(1) }, sk: { B: new Uint8Array(length).fill(7) } });
    await ddb.putItem({ TableName: binaries, Item: key(1024) });
    assert.ok((await ddb.getItem({ TableName: binaries, Key: key(1024) })).Item);
    await invalid(ddb.putItem({ TableName: binaries, Item: key(1025) }), rangeTooLong);
    await invalid(ddb.deleteItem({ TableName: binaries, Key: key(1025) }), rangeTooLong);
  });

  test("binaries sort as unsigned bytes", async () => {
    const pk = { B: bytes(9, 9) };
    const ordered = [bytes(0), bytes(0, 0), bytes(0, 1), bytes(1), bytes(1, 0), bytes(1, 255), bytes(127), bytes(128), bytes(255), bytes(255, 0), bytes(255, 255)];
    for (const sk of [...ordered].reverse()) await ddb.putItem({ TableName: binaries, Item: { pk, sk: { B: sk } } });
    const { Items } = await ddb.query({
      TableName: binaries,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": pk },
    });
    assert.deepEqual(Items.map((i) => Buffer.from(i.sk.B).toString("hex")), ordered.map((b) => Buffer.from(b).toString("hex")));
  });

  test("strings sort by their UTF-8 bytes", async () => {
    const names = await table({ pk: "S", sk: "S" });
    // U+FF5E is below U+1D11E in UTF-8, but above its surrogates in UTF-16. The third one is "a" and a zero byte.
    const ordered = ["A", "a", "a\u0000", "a\u0000b", "a\u0001", "a ", "aa", "b", "é", "～", "𝄞"];
    for (const sk of [...ordered].reverse()) await ddb.putItem({ TableName: names, Item: { pk: { S: "p" }, sk: { S: sk } } });
    const { Items } = await ddb.query({
      TableName: names,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: "p" } },
    });
    assert.deepEqual(Items.map((i) => i.sk.S), ordered);
  });
});
