// TransactWriteItems and TransactGetItems.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument, NumberValue } from "@aws-sdk/lib-dynamodb";
import { debian, environment } from "../lib/programs.js";
import { elsewhere, startServer, temporaryFolder } from "../lib/server.js";
import { active, fails, invalid, makeClient, open, tableInput, until } from "../lib/turntable.js";

const { endpoint, ddb, doc, table } = await open();

const one = await table({ pk: "S" });
const two = await table({ pk: "S", sk: "N" });
const indexed = await table(
  { pk: "S", sk: "N" },
  { lsi: { byRank: { keys: { pk: "S", rank: "N" } } }, gsi: { byOwner: { keys: { owner: "S" } } } },
);

const write = (TransactItems, more) => doc.transactWrite({ TransactItems, ...more });
const read = (TransactItems, more) => doc.transactGet({ TransactItems, ...more });
const put = (Item, more) => ({ Put: { TableName: one, Item, ...more } });
const remove = (pk, more) => ({ Delete: { TableName: one, Key: { pk }, ...more } });
const check = (pk, ConditionExpression, more) => ({ ConditionCheck: { TableName: one, Key: { pk }, ConditionExpression, ...more } });
const update = (pk, UpdateExpression, ExpressionAttributeValues, more) => ({
  Update: { TableName: one, Key: { pk }, UpdateExpression, ...(ExpressionAttributeValues && { ExpressionAttributeValues }), ...more },
});
const get = (pk, more) => ({ Get: { TableName: one, Key: { pk }, ...more } });
const item = async (pk, TableName = one) => (await doc.get({ TableName, Key: { pk }, ConsistentRead: true })).Item;

let names = 0;
const name = () => `item ${++names}`;

const failed = { Code: "ConditionalCheckFailed", Message: "The conditional request failed" };
const none = { Code: "None" };
const wrong = (Message) => ({ Code: "ValidationError", Message });

/** Asserts that a transaction is cancelled for these reasons, in this order. */
async function cancelled(promise, ...reasons) {
  const codes = reasons.map(({ Code }) => Code).join(", ");
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  const error = await fails(promise, "TransactionCanceledException", message);
  assert.deepEqual(error.CancellationReasons, reasons);
  return error;
}

describe("TransactWriteItems", () => {
  test("puts, updates, deletes and checks in several tables", async () => {
    const [a, b, c, d, e] = [name(), name(), name(), name(), name()];
    await doc.put({ TableName: one, Item: { pk: b, n: 1 } });
    await doc.put({ TableName: one, Item: { pk: c } });
    await doc.put({ TableName: two, Item: { pk: d, sk: 1, state: "ready" } });
    const output = await write([
      put({ pk: a, v: 1 }),
      update(b, "ADD n :n", { ":n": 41 }),
      remove(c),
      {
        ConditionCheck: {
          TableName: two,
          Key: { pk: d, sk: 1 },
          ConditionExpression: "#s = :s",
          ExpressionAttributeNames: { "#s": "state" },
          ExpressionAttributeValues: { ":s": "ready" },
        },
      },
      { Put: { TableName: two, Item: { pk: e, sk: 2 } } },
    ]);
    assert.deepEqual(Object.keys(output), ["$metadata"]);
    assert.deepEqual(await item(a), { pk: a, v: 1 });
    assert.deepEqual(await item(b), { pk: b, n: 42 });
    assert.equal(await item(c), undefined);
    assert.deepEqual((await doc.get({ TableName: two, Key: { pk: d, sk: 1 } })).Item, { pk: d, sk: 1, state: "ready" });
    assert.deepEqual((await doc.get({ TableName: two, Key: { pk: e, sk: 2 } })).Item, { pk: e, sk: 2 });
  });

  test("keeps indexes and counts", async () => {
    const pk = name();
    await write([1, 2, 3].map((sk) => ({ Put: { TableName: indexed, Item: { pk, sk, rank: -sk, owner: pk } } })));
    await write([
      { Delete: { TableName: indexed, Key: { pk, sk: 1 } } },
      { Update: { TableName: indexed, Key: { pk, sk: 2 }, UpdateExpression: "REMOVE #o SET #r = :r", ExpressionAttributeNames: { "#o": "owner", "#r": "rank" }, ExpressionAttributeValues: { ":r": 9 } } },
    ]);
    const query = (IndexName, key) =>
      doc.query({ TableName: indexed, IndexName, KeyConditionExpression: "#k = :k", ExpressionAttributeNames: { "#k": key }, ExpressionAttributeValues: { ":k": pk } });
    assert.deepEqual((await query("byRank", "pk")).Items.map(({ sk }) => sk), [3, 2]);
    assert.deepEqual((await query("byOwner", "owner")).Items, [{ pk, sk: 3, rank: -3, owner: pk }]);
    const { Table } = await ddb.describeTable({ TableName: indexed });
    assert.equal(Table.ItemCount, 2);
  });

  test("takes 100 actions, and no more", async () => {
    const pks = Array.from({ length: 100 }, () => name());
    await write(pks.map((pk) => put({ pk })));
    const { Responses } = await read(pks.map((pk) => get(pk)));
    assert.deepEqual(Responses.map(({ Item }) => Item.pk), pks);
    await invalid(
      write([...pks, name()].map((pk) => put({ pk, again: true }))),
      /at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100$/,
    );
    await invalid(
      write([]),
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });

  test("does nothing if one condition fails", async () => {
    const [a, b, c] = [name(), name(), name()];
    await cancelled(write([put({ pk: a }), check(b, "attribute_exists(pk)"), put({ pk: c })]), none, failed, none);
    assert.deepEqual([await item(a), await item(b), await item(c)], [undefined, undefined, undefined]);
  });

  test("tells of every condition, with the items that are asked for", async () => {
    const [a, b, c, d] = [name(), name(), name(), name()];
    await doc.put({ TableName: one, Item: { pk: a, list: [1, "x"] } });
    await doc.put({ TableName: one, Item: { pk: b } });
    const more = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" };
    await cancelled(
      ddb.transactWriteItems({
        TransactItems: [
          { Put: { TableName: one, Item: { pk: { S: a } }, ConditionExpression: "attribute_not_exists(pk)", ...more } },
          { Delete: { TableName: one, Key: { pk: { S: b } }, ConditionExpression: "attribute_not_exists(pk)", ReturnValuesOnConditionCheckFailure: "NONE" } },
          { ConditionCheck: { TableName: one, Key: { pk: { S: c } }, ConditionExpression: "attribute_exists(pk)", ...more } },
          { Update: { TableName: one, Key: { pk: { S: d } }, UpdateExpression: "REMOVE x", ConditionExpression: "attribute_not_exists(pk)", ...more } },
        ],
      }),
      { ...failed, Item: { pk: { S: a }, list: { L: [{ N: "1" }, { S: "x" }] } } },
      failed,
      failed,
      none,
    );
  });

  test("takes exactly one action an entry", async () => {
    const pk = name();
    await invalid(write([{ ...put({ pk }), ...remove(name()) }]), "TransactItems can only contain one of Check, Put, Update or Delete");
    await invalid(write([put({ pk }), {}]), "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request");
    assert.equal(await item(pk), undefined);
  });

  test("refuses two actions on one item", async () => {
    const pk = name();
    const message = "Transaction request cannot include multiple operations on one item";
    await invalid(write([put({ pk }), remove(pk)]), message);
    await invalid(write([check(pk, "attribute_not_exists(pk)"), update(pk, "SET a = :a", { ":a": 1 })]), message);
    await invalid(
      ddb.transactWriteItems({
        TransactItems: ["1", "1.0"].map((N) => ({ Delete: { TableName: two, Key: { pk: { S: pk }, sk: { N } } } })),
      }),
      message,
    );
    const { Table } = await ddb.describeTable({ TableName: one });
    await invalid(write([put({ pk }), { Delete: { TableName: Table.TableArn, Key: { pk } } }]), message);
    await write([put({ pk }), { Put: { TableName: two, Item: { pk, sk: 1 } } }]);
  });

  test("takes 4 MB, and no more", async () => {
    const text = "x".repeat(300 * 1024);
    const pks = Array.from({ length: 14 }, () => name());
    const size = (actions) => actions.reduce((sum, [pk, more]) => sum + "pk".length + pk.length + more, 0);
    await write(pks.slice(0, 13).map((pk) => put({ pk, b: text })));
    await invalid(
      write(pks.map((pk) => put({ pk, b: text }))),
      `Transaction payload size cannot exceed 4MB. Payload Size: ${size(pks.map((pk) => [pk, 1 + text.length]))}`,
    );
    await invalid(
      write(pks.map((pk) => update(pk, "SET #l = :b", { ":b": text }, { ExpressionAttributeNames: { "#l": "long" } }))),
      `Transaction payload size cannot exceed 4MB. Payload Size: ${size(pks.map((pk) => [pk, "SET #l = :b".length + "long".length + text.length]))}`,
    );
    // What updates leave counts too.
    await write(pks.slice(0, 13).map((pk) => update(pk, "SET a = :a", { ":a": 1 })));
    await doc.put({ TableName: one, Item: { pk: pks[13], b: text } });
    await invalid(write(pks.map((pk) => update(pk, "SET c = :a", { ":a": 1 }))), /^Transaction payload size cannot exceed 4MB/);
    assert.equal((await item(pks[0])).c, undefined);
    await write(pks.map((pk) => remove(pk)));
  });

  test("tells of a fault of one action among the reasons", async () => {
    const [a, b] = [name(), name()];
    const huge = NumberValue.from("9e125");
    await doc.put({ TableName: one, Item: { pk: a, s: "text", huge } });
    const Key = { pk: name(), sk: 1 };
    const rank = "One or more parameter values were invalid: Type mismatch for Index Key rank Expected: N Actual: S IndexName: byRank";
    const mismatch = "The provided key element does not match the schema";
    for (const [action, message] of [
      [put({ pk: 1 }), "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N"],
      [put({ a: 1 }), "One or more parameter values were invalid: Missing the key pk in the item"],
      [put({ pk: "x".repeat(2049) }), "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"],
      [remove(1), mismatch],
      [{ Delete: { TableName: one, Key: { pk: a, sk: 1 } } }, mismatch],
      [check(1, "attribute_exists(pk)"), mismatch],
      [update(1, "REMOVE x"), mismatch],
      [update(a, "SET pk = :v", { ":v": "x" }), "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key"],
      [update(a, "SET x = y + :v", { ":v": 1 }), "The provided expression refers to an attribute that does not exist in the item"],
      [update(a, "SET s = s + :v", { ":v": 1 }), "An operand in the update expression has an incorrect data type"],
      [update(a, "SET x.y = :v", { ":v": 1 }), "The document path provided in the update expression is invalid for update"],
      [update(a, "ADD huge :v", { ":v": huge }), "Number overflow. Attempting to store a number with magnitude larger than supported range"],
      [update(a, "SET big = :v", { ":v": "x".repeat(400 * 1024) }), "Item size to update has exceeded the maximum allowed size"],
      [{ Put: { TableName: indexed, Item: { ...Key, rank: "x" } } }, rank],
      [{ Update: { ...update("", "SET #r = :v", { ":v": "x" }).Update, TableName: indexed, Key, ExpressionAttributeNames: { "#r": "rank" } } }, rank],
    ]) {
      await cancelled(write([put({ pk: b }), action, check(b + "!", "attribute_exists(pk)")]), none, wrong(message), failed);
    }
    assert.equal(await item(b), undefined);
  });

  test("refuses a request with a fault as a whole", async () => {
    const pk = name();
    const missing = (where) => `Value null at 'transactItems.1.member.${where}' failed to satisfy constraint: Member must not be null`;
    const empty = "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk";
    for (const [entry, message] of [
      [{ Put: { TableName: one } }, `1 validation error detected: ${missing("put.item")}`],
      [{ Put: { Item: { pk } } }, `1 validation error detected: ${missing("put.tableName")}`],
      [{ Delete: {} }, `2 validation errors detected: ${missing("delete.tableName")}; ${missing("delete.key")}`],
      [{ Update: { TableName: one, Key: { pk } } }, `1 validation error detected: ${missing("update.updateExpression")}`],
      [{ ConditionCheck: { TableName: one, Key: { pk } } }, `1 validation error detected: ${missing("conditionCheck.conditionExpression")}`],
      [
        put({ pk }, { ReturnValuesOnConditionCheckFailure: "ALL_NEW" }),
        "1 validation error detected: Value 'ALL_NEW' at 'transactItems.1.member.put.returnValuesOnConditionCheckFailure' failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, NONE]",
      ],
      [put({ pk: "" }), empty],
      [remove(""), empty],
      [{ Put: { TableName: indexed, Item: { pk, sk: 1, owner: "" } } }, "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byOwner, IndexKey: owner"],
      [put({ pk, big: "x".repeat(400 * 1024) }), "Item size has exceeded the maximum allowed size"],
      [put({ pk }, { ConditionExpression: "x =" }), 'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="'],
      [update(pk, "SET"), 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "SET"'],
      [check(pk, ""), "Invalid ConditionExpression: The expression can not be empty;"],
      [put({ pk }, { ExpressionAttributeNames: { "#a": "a" } }), "ExpressionAttributeNames can only be specified when using expressions"],
      [put({ pk }, { ExpressionAttributeValues: { ":a": "a" } }), "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"],
      [check(pk, "attribute_exists(pk)", { ExpressionAttributeValues: { ":a": 1 } }), "Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}"],
      [check(pk, "pk.a = pk"), "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk"],
      [{ Put: { TableName: "no name!", Item: { pk } } }, "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'"],
    ]) {
      await invalid(write([entry, put({ pk: `${pk}!` })]), message);
    }
    await fails(write([put({ pk }), { Put: { TableName: "no-such-table", Item: { pk } } }]), "ResourceNotFoundException", "Requested resource not found");
    assert.equal(await item(pk), undefined);
    assert.equal(await item(`${pk}!`), undefined);
  });

  test("tells what it consumed", async () => {
    const [a, b, c, d] = [name(), name(), name(), name()];
    const actions = [
      put({ pk: a, text: "x".repeat(2000) }),
      { Put: { TableName: indexed, Item: { pk: b, sk: 1, rank: 1, owner: "o" } } },
      update(b, "SET a = :a", { ":a": 1 }),
      check(c, "attribute_not_exists(pk)"),
      remove(d),
    ];
    const { ConsumedCapacity: total } = await write(actions, { ReturnConsumedCapacity: "TOTAL" });
    assert.deepEqual(total, [
      { TableName: one, CapacityUnits: 10, WriteCapacityUnits: 10 },
      { TableName: indexed, CapacityUnits: 6, WriteCapacityUnits: 6 },
    ]);
    const units = { CapacityUnits: 2, WriteCapacityUnits: 2 };
    const { ConsumedCapacity: parts } = await write([{ Delete: { TableName: indexed, Key: { pk: b, sk: 1 } } }], { ReturnConsumedCapacity: "INDEXES" });
    assert.deepEqual(parts, [
      {
        TableName: indexed,
        CapacityUnits: 6,
        WriteCapacityUnits: 6,
        Table: units,
        LocalSecondaryIndexes: { byRank: units },
        GlobalSecondaryIndexes: { byOwner: units },
      },
    ]);
    assert.equal((await write([put({ pk: a })], { ReturnConsumedCapacity: "NONE" })).ConsumedCapacity, undefined);
    await invalid(
      write([put({ pk: a })], { ReturnConsumedCapacity: "ALL" }),
      "1 validation error detected: Value 'ALL' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
    );
  });

  test("tells of item collections", async () => {
    const [a, b] = [name(), name()];
    const of = (pk, sk) => ({ Put: { TableName: indexed, Item: { pk, sk } } });
    const { ItemCollectionMetrics } = await write([of(a, 1), put({ pk: a }), of(b, 1), of(a, 2)], { ReturnItemCollectionMetrics: "SIZE" });
    const metrics = (pk) => ({ ItemCollectionKey: { pk }, SizeEstimateRangeGB: [0, 1] });
    assert.deepEqual(ItemCollectionMetrics, { [indexed]: [metrics(a), metrics(b)] });
    assert.equal((await write([of(a, 1)])).ItemCollectionMetrics, undefined);
  });
});

describe("ClientRequestToken", () => {
  test("makes a repetition succeed without effect", async () => {
    const pk = name();
    const ClientRequestToken = randomUUID();
    const actions = [update(pk, "ADD n :one", { ":one": 1 }, { ConditionExpression: "attribute_not_exists(pk)" })];
    const more = { ClientRequestToken, ReturnConsumedCapacity: "TOTAL" };
    assert.deepEqual((await write(actions, more)).ConsumedCapacity, [{ TableName: one, CapacityUnits: 2, WriteCapacityUnits: 2 }]);
    assert.deepEqual((await write(actions, more)).ConsumedCapacity, [{ TableName: one, CapacityUnits: 2, ReadCapacityUnits: 2 }]);
    assert.equal((await write(actions, { ClientRequestToken })).ConsumedCapacity, undefined);
    assert.deepEqual(await item(pk), { pk, n: 1 });
  });

  test("does so whatever the order of members, and whatever became of the item", async () => {
    const pk = name();
    const ClientRequestToken = randomUUID();
    const send = (Put) => ddb.transactWriteItems({ TransactItems: [{ Put }], ClientRequestToken });
    await send({ TableName: one, Item: { pk: { S: pk }, v: { N: "1" } } });
    await doc.delete({ TableName: one, Key: { pk } });
    await send({ Item: { v: { N: "1" }, pk: { S: pk } }, TableName: one });
    assert.equal(await item(pk), undefined);
  });

  test("refuses other parameters", async () => {
    const pk = name();
    const ClientRequestToken = randomUUID();
    await write([put({ pk, v: 1 })], { ClientRequestToken });
    const mismatch = (actions) => fails(write(actions, { ClientRequestToken }), "IdempotentParameterMismatchException", /idempotent token/);
    await mismatch([put({ pk, v: 2 })]);
    await mismatch([put({ pk, v: 1 }), put({ pk: name() })]);
    await mismatch([put({ pk, v: 1 }, { ConditionExpression: "attribute_exists(pk)" })]);
    assert.deepEqual(await item(pk), { pk, v: 1 });
  });

  test("is free again after a transaction that was cancelled", async () => {
    const pk = name();
    const ClientRequestToken = randomUUID();
    await cancelled(write([check(pk, "attribute_exists(pk)")], { ClientRequestToken }), failed);
    await write([put({ pk })], { ClientRequestToken });
    assert.deepEqual(await item(pk), { pk });
  });

  test("has 1 to 36 characters", async () => {
    const pk = name();
    const at = (value, rule) => `1 validation error detected: Value '${value}' at 'clientRequestToken' failed to satisfy constraint: Member must have length ${rule}`;
    await invalid(write([put({ pk })], { ClientRequestToken: "" }), at("", "greater than or equal to 1"));
    await invalid(write([put({ pk })], { ClientRequestToken: "t".repeat(37) }), at("t".repeat(37), "less than or equal to 36"));
    await write([put({ pk })], { ClientRequestToken: randomUUID() });
    await write([put({ pk })], { ClientRequestToken: `${names}` });
  });

  test("lets one of many concurrent repetitions happen", async () => {
    const pk = name();
    const command = { TransactItems: [update(pk, "ADD n :one", { ":one": 1 })], ClientRequestToken: randomUUID() };
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => doc.transactWrite(command)));
    for (const { reason } of results.filter(({ status }) => status === "rejected")) {
      assert.equal(reason.name, "TransactionInProgressException");
      assert.equal(reason.message, "The transaction with the given request token is already in progress");
    }
    assert.ok(results.some(({ status }) => status === "fulfilled"));
    assert.deepEqual(await item(pk), { pk, n: 1 });
  });

  test("is sent by the SDK, which therefore may retry", async () => {
    const pk = name();
    let sent = 0;
    const flaky = makeClient(endpoint, { maxAttempts: 3 });
    flaky.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        if (++sent === 1) throw Object.assign(new Error("lost"), { $retryable: {}, name: "TimeoutError" });
        return answer;
      },
      { step: "deserialize", priority: "low" },
    );
    await flaky.send(
      new TransactWriteItemsCommand({
        TransactItems: [{ Update: { TableName: one, Key: { pk: { S: pk } }, UpdateExpression: "ADD n :n", ExpressionAttributeValues: { ":n": { N: "1" } } } }],
      }),
    );
    flaky.destroy();
    assert.equal(sent, 2);
    assert.deepEqual(await item(pk), { pk, n: 1 });
  });
});

describe("conflicts", () => {
  // On disk, where a transaction is under way long enough to be met.
  const onDisk = async () => {
    const folder = temporaryFolder();
    const server = await startServer({ args: ["--data", folder] });
    const client = makeClient(server.endpoint);
    const stop = async () => {
      client.destroy();
      await server.stop();
      rmSync(folder, { recursive: true });
    };
    await client.createTable({ ...tableInput({ pk: "S" }), TableName: one });
    await active(client, one);
    return { doc: DynamoDBDocument.from(client), stop };
  };

  test("of transactions, and of single writes with them, are told as such, and none has an effect", { skip: elsewhere }, async (t) => {
    const { doc: disk, stop } = await onDisk();
    t.after(stop);
    const write = (TransactItems) => disk.transactWrite({ TransactItems });
    const item = async (pk) => (await disk.get({ TableName: one, Key: { pk }, ConsistentRead: true })).Item;
    const [a, b] = [name(), name()];
    const conflict = { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" };
    let done = 0;
    let [conflicts, single] = [0, 0];
    const both = () =>
      write([update(a, "ADD n :n", { ":n": 1 }), update(b, "ADD n :n", { ":n": 1 })]).then(
        () => done++,
        (error) => {
          assert.equal(error.name, "TransactionCanceledException");
          for (const reason of error.CancellationReasons) {
            if (reason.Code === "None") continue;
            assert.deepEqual(reason, conflict);
            conflicts++;
          }
        },
      );
    const alone = (pk) =>
      disk.update({ TableName: one, Key: { pk }, UpdateExpression: "ADD m :n", ExpressionAttributeValues: { ":n": 1 } }).then(
        () => 1,
        (error) => {
          assert.equal(error.name, "TransactionConflictException");
          assert.equal(error.message, "Transaction is ongoing for the item");
          single++;
          return 0;
        },
      );
    let written = 0;
    await until(async () => {
      const all = await Promise.all([both(), both(), both(), alone(a), alone(a), both(), alone(a), both()]);
      written += all[3] + all[4] + all[6];
      return conflicts > 0 && single > 0;
    });
    assert.deepEqual(await item(a), { pk: a, ...(done && { n: done }), ...(written && { m: written }) });
    assert.equal((await item(b))?.n ?? 0, done);
  });

  test("do not stop BatchWriteItem", async () => {
    const pk = name();
    const all = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        i % 2 ? write([put({ pk, by: "transaction" })]) : doc.batchWrite({ RequestItems: { [one]: [{ PutRequest: { Item: { pk, by: "batch" } } }] } }),
      ),
    );
    for (const { value } of all.filter((_, i) => i % 2 === 0)) assert.deepEqual(value.UnprocessedItems, {});
  });
});

describe("TransactGetItems", () => {
  test("reads items of several tables in the order asked for", async () => {
    const [a, b] = [name(), name()];
    await doc.put({ TableName: one, Item: { pk: a, x: 1, y: { z: 2 } } });
    await doc.put({ TableName: two, Item: { pk: b, sk: 1 } });
    const { Responses } = await read([
      { Get: { TableName: two, Key: { pk: b, sk: 1 } } },
      get(`${a}!`),
      get(a, { ProjectionExpression: "#y.z", ExpressionAttributeNames: { "#y": "y" } }),
      { Get: { TableName: two, Key: { pk: b, sk: 2 } } },
    ]);
    assert.deepEqual(Responses, [{ Item: { pk: b, sk: 1 } }, {}, { Item: { y: { z: 2 } } }, {}]);
    assert.deepEqual((await read([get(a, { ProjectionExpression: "nothing" })])).Responses, [{ Item: {} }]);
  });

  test("sees transactions whole", async () => {
    const [a, b] = [name(), name()];
    let over = false;
    const writer = (async () => {
      for (let n = 1; n <= 100; n++) await write([put({ pk: a, n }), put({ pk: b, n })]);
      over = true;
    })();
    while (!over) {
      const [x, y] = (await read([get(a), get(b)])).Responses;
      assert.equal(x.Item?.n, y.Item?.n);
    }
    await writer;
  });

  test("tells what it consumed", async () => {
    const [a, b] = [name(), name()];
    await doc.put({ TableName: one, Item: { pk: a, text: "x".repeat(5000) } });
    const actions = [get(a, { ProjectionExpression: "pk" }), { Get: { TableName: two, Key: { pk: a, sk: 1 } } }, get(b)];
    const { ConsumedCapacity } = await read(actions, { ReturnConsumedCapacity: "TOTAL" });
    assert.deepEqual(ConsumedCapacity, [
      { TableName: one, CapacityUnits: 6, ReadCapacityUnits: 6 },
      { TableName: two, CapacityUnits: 2, ReadCapacityUnits: 2 },
    ]);
    assert.equal((await read(actions)).ConsumedCapacity, undefined);
  });

  test("takes 4 MB, and no more", async () => {
    const pks = Array.from({ length: 14 }, () => name());
    const text = "x".repeat(300 * 1024);
    for (const pk of pks) await doc.put({ TableName: one, Item: { pk, text } });
    assert.equal((await read(pks.slice(0, 13).map((pk) => get(pk)))).Responses.length, 13);
    await invalid(read(pks.map((pk) => get(pk))), /^Payload in response is too large/);
    await Promise.all(pks.map((pk) => doc.delete({ TableName: one, Key: { pk } })));
  });

  test("refuses a request with a fault as a whole", async () => {
    const missing = (where) => `Value null at 'transactItems.1.member.${where}' failed to satisfy constraint: Member must not be null`;
    for (const [entries, message] of [
      [[], "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1"],
      [Array.from({ length: 101 }, (_, i) => get(`${i}`)), /at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100$/],
      [[{}], `1 validation error detected: ${missing("get")}`],
      [[{ Get: {} }], `2 validation errors detected: ${missing("get.tableName")}; ${missing("get.key")}`],
      [[get("a"), get("a")], "Transaction request cannot include multiple operations on one item"],
      [[get("")], "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"],
      [[get("a", { ProjectionExpression: "name" })], "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: name"],
      [[get("a", { ExpressionAttributeNames: { "#a": "a" } })], "ExpressionAttributeNames can only be specified when using expressions"],
      [[get("a", { ProjectionExpression: "#a", ExpressionAttributeNames: { "#a": "a", "#b": "b" } })], "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}"],
    ]) {
      await invalid(read(entries), message);
    }
    await fails(read([get("a"), { Get: { TableName: "no-such-table", Key: { pk: "a" } } }]), "ResourceNotFoundException", "Requested resource not found");
  });

  test("tells of a key that does not fit among the reasons", async () => {
    const reason = wrong("The provided key element does not match the schema");
    await cancelled(read([get("a"), get(1), { Get: { TableName: two, Key: { pk: "a" } } }]), none, reason, reason);
  });
});

test("the AWS CLI and boto3 tell of a cancelled transaction", { skip: elsewhere }, async () => {
  const [a, b] = [name(), name()];
  const entries = (n) => [
    { Put: { TableName: one, Item: { pk: { S: a }, n: { N: n } } } },
    { ConditionCheck: { TableName: one, Key: { pk: { S: b } }, ConditionExpression: "attribute_not_exists(pk)" } },
  ];
  const cli = (...args) =>
    execFileSync(debian("aws"), ["dynamodb", ...args, "--endpoint-url", endpoint], { env: environment, stdio: "pipe" }).toString();
  cli("transact-write-items", "--transact-items", JSON.stringify(entries("1")));
  assert.deepEqual(await item(a), { pk: a, n: 1 });
  const read = JSON.parse(cli("transact-get-items", "--output", "json", "--transact-items", JSON.stringify([{ Get: { TableName: one, Key: { pk: { S: a } } } }])));
  assert.deepEqual(read.Responses, [{ Item: { pk: { S: a }, n: { N: "1" } } }]);

  await doc.put({ TableName: one, Item: { pk: b } });
  const told = "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]";
  assert.throws(
    () => cli("transact-write-items", "--transact-items", JSON.stringify(entries("2"))),
    ({ stderr }) => stderr.includes("(TransactionCanceledException) when calling the TransactWriteItems operation") && stderr.includes(told),
  );
  const program = `
import boto3, json, sys
client = boto3.client("dynamodb", endpoint_url=sys.argv[1])
try:
    client.transact_write_items(TransactItems=json.loads(sys.argv[2]))
except client.exceptions.TransactionCanceledException as error:
    print(error.response["Error"]["Message"])
    print(json.dumps(error.response["CancellationReasons"]))
`;
  const printed = execFileSync(debian("python3"), ["-W", "ignore", "-c", program, endpoint, JSON.stringify(entries("3"))], { env: environment }).toString();
  const [message, reasons] = printed.trim().split("\n");
  assert.equal(message, told);
  assert.deepEqual(JSON.parse(reasons), [none, failed]);
  assert.deepEqual(await item(a), { pk: a, n: 1 });
});
