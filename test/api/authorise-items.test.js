// What conditions of policies ask of items: whose they are (dynamodb:LeadingKeys), which attributes (dynamodb:Attributes, Select,
// ReturnValues), in what (EnclosingOperation), and by what (FullTableScan); on tables and indexes, by every way to an item.
import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { account, arnOf, denied, deny, grant, makeSession, makeUser, ungranted } from "../lib/principals.js";
import { call } from "../lib/raw.js";
import { fails, open, uniqueName } from "../lib/turntable.js";

const { endpoint, ddb, table } = await open();
const ana = await makeUser(endpoint, "ana");
const name = uniqueName();
const T = arnOf(name);
const byGame = `${T}/index/byGame`;

before(async () => {
  const composed = {
    IndexName: "composed",
    KeySchema: ["tenant", "region"].map((AttributeName) => ({ AttributeName, KeyType: "HASH" })),
    Projection: { ProjectionType: "ALL" },
  };
  await table(
    { player: "S", game: "S" },
    {
      TableName: name,
      attributes: { tenant: "S", region: "S" },
      gsi: { byGame: { keys: { game: "S", player: "S" } }, composed: { keys: composed.KeySchema } },
    },
  );
});
beforeEach(async () => {
  for (const player of ["ana", "bob"]) {
    // What tests insert.
    for (const game of ["new", "score"]) await ddb.deleteItem({ TableName: name, Key: keyOf(player, game) });
    for (const game of ["chess", "go"]) await ddb.putItem({ TableName: name, Item: item(player, game) });
  }
});

const item = (player, game) => ({ player: { S: player }, game: { S: game }, score: { N: "1" }, secret: { S: "s" }, tenant: { S: "t" }, region: { S: "r" } });
const keyOf = (player, game = "chess") => ({ player: { S: player }, game: { S: game } });
const one = (player) => ({ TableName: name, Key: keyOf(player) });
const values = (player) => ({ ExpressionAttributeValues: { ":p": { S: player } } });
const statement = (Statement, ...Parameters) => ({ Statement, ...(Parameters.length > 0 && { Parameters: Parameters.map((S) => ({ S })) }) });
const ofPlayer = (client, player, more = {}) => client.query({ TableName: name, KeyConditionExpression: "player = :p", ...values(player), ...more });

/** Requests by a client for the items of these players; each is of one action. */
const ways = {
  GetItem: (client, [player]) => client.getItem(one(player)),
  PutItem: (client, [player]) => client.putItem({ TableName: name, Item: item(player, "chess") }),
  UpdateItem: (client, [player]) => client.updateItem({ ...one(player), UpdateExpression: "SET score = :s", ExpressionAttributeValues: { ":s": { N: "2" } } }),
  DeleteItem: (client, [player]) => client.deleteItem(one(player)),
  BatchGetItem: (client, players) => client.batchGetItem({ RequestItems: { [name]: { Keys: players.map((player) => keyOf(player)) } } }),
  BatchWriteItem: (client, players) =>
    client.batchWriteItem({
      RequestItems: { [name]: players.map((player, i) => (i % 2 === 0 ? { PutRequest: { Item: item(player, "go") } } : { DeleteRequest: { Key: keyOf(player) } })) },
    }),
  Query: (client, [player]) => ofPlayer(client, player),
  "Query by KeyConditions": (client, [player]) =>
    client.query({ TableName: name, KeyConditions: { player: { ComparisonOperator: "EQ", AttributeValueList: [{ S: player }] } } }),
  "Query turned about": (client, [player]) =>
    client.query({ TableName: name, KeyConditionExpression: ":p = #p AND game > :g", ExpressionAttributeNames: { "#p": "player" }, ExpressionAttributeValues: { ":p": { S: player }, ":g": { S: "a" } } }),
  "GetItem of TransactGetItems": (client, players) => client.transactGetItems({ TransactItems: players.map((player) => ({ Get: one(player) })) }),
  "PutItem of TransactWriteItems": (client, players) =>
    client.transactWriteItems({ TransactItems: players.map((player) => ({ Put: { TableName: name, Item: item(player, "chess") } })) }),
  "UpdateItem of TransactWriteItems": (client, players) =>
    client.transactWriteItems({ TransactItems: players.map((player) => ({ Update: { ...one(player), UpdateExpression: "REMOVE score" } })) }),
  "DeleteItem of TransactWriteItems": (client, players) => client.transactWriteItems({ TransactItems: players.map((player) => ({ Delete: one(player) })) }),
  "ConditionCheckItem of TransactWriteItems": (client, players) =>
    client.transactWriteItems({ TransactItems: players.map((player) => ({ ConditionCheck: { ...one(player), ConditionExpression: "attribute_exists(player)" } })) }),
  PartiQLSelect: (client, [player]) => client.executeStatement(statement(`SELECT * FROM "${name}" WHERE player = ?`, player)),
  "PartiQLSelect with IN": (client, players) => client.executeStatement(statement(`SELECT * FROM "${name}" WHERE player IN [${players.map((p) => `'${p}'`)}]`)),
  "PartiQLSelect with OR": (client, players) => client.executeStatement(statement(`SELECT * FROM "${name}" WHERE ${players.map((p) => `player = '${p}'`).join(" OR ")}`)),
  PartiQLInsert: (client, [player]) => client.executeStatement(statement(`INSERT INTO "${name}" VALUE {'player': '${player}', 'game': 'new'}`)),
  PartiQLUpdate: (client, [player]) => client.executeStatement(statement(`UPDATE "${name}" SET score = 3 WHERE game = 'chess' AND player = ?`, player)),
  PartiQLDelete: (client, [player]) => client.executeStatement(statement(`DELETE FROM "${name}" WHERE player = ? AND game = 'chess'`, player)),
  "PartiQLUpdate of ExecuteTransaction": (client, players) =>
    client.executeTransaction({ TransactStatements: players.map((player) => statement(`UPDATE "${name}" SET score = 3 WHERE player = ? AND game = 'chess'`, player)) }),
  "PartiQLSelect of ExecuteTransaction": (client, players) =>
    client.executeTransaction({ TransactStatements: players.map((player) => statement(`SELECT * FROM "${name}" WHERE player = ? AND game = 'chess'`, player)) }),
};
const ofMany = /Batch|Transact|IN$|OR$/;
const actionOf = (way) => `dynamodb:${way.split(" ")[0]}`;
const actions = [...new Set(Object.keys(ways).map(actionOf))];

/** The table as it is, so that it can be told that nothing was changed. */
const contents = async () => (await ddb.scan({ TableName: name })).Items.map((found) => JSON.stringify(found, Object.keys(found).sort())).sort();

const leading = (...players) => ({ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": players } });

describe("dynamodb:LeadingKeys", () => {
  for (const [way, send] of Object.entries(ways)) {
    test(`limit ${way} to the player's own items`, async () => {
      await ana.may(grant(actions, T, leading("${aws:username}")));
      const old = await contents();
      const message = ungranted(ana.arn, actionOf(way), T);
      await denied(send(ana.ddb, ["bob"]), message);
      if (ofMany.test(way)) await denied(send(ana.ddb, ["ana", "bob"]), message);
      assert.deepEqual(await contents(), old);
      await send(ana.ddb, ["ana"]);
    });
  }

  test("limit a role's session by its tags", async () => {
    const session = await makeSession(endpoint, "players", [grant(actions, T, leading("${aws:PrincipalTag/player}"))], { Tags: [{ Key: "player", Value: "ana" }] });
    for (const [way, send] of Object.entries(ways)) {
      await denied(send(session.ddb, ["bob"]), ungranted(session.arn, actionOf(way), T));
    }
    assert.equal((await ofPlayer(session.ddb, "ana")).Count, 2);
  });

  test("take a list, and what starts alike", async () => {
    await ana.may(grant("dynamodb:Query", T, leading("ana", "bob")));
    assert.equal((await ofPlayer(ana.ddb, "bob")).Count, 2);
    await denied(ofPlayer(ana.ddb, "cid"), ungranted(ana.arn, "dynamodb:Query", T));
    await ana.may(grant("dynamodb:Query", T, { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["an*"] } }));
    assert.equal((await ofPlayer(ana.ddb, "ana")).Count, 2);
    await denied(ofPlayer(ana.ddb, "bob"), ungranted(ana.arn, "dynamodb:Query", T));
  });

  test("cannot be got around with another statement, another order, or the old item of a failed condition", async () => {
    await ana.may(grant(["dynamodb:*"], [T, `${T}/index/*`], leading("ana")));
    const old = await contents();
    const update = `UPDATE "${name}" SET score = 9 WHERE`;
    for (const where of ["player IN ['ana'] AND player = 'bob' AND game = 'chess'", "player = 'bob' AND game = 'chess' AND player IN ['ana']"]) {
      await denied(
        ana.ddb.executeStatement({ ...statement(`${update} ${where}`), ReturnValuesOnConditionCheckFailure: "ALL_OLD" }),
        ungranted(ana.arn, "dynamodb:PartiQLUpdate", T),
      );
    }
    await fails(ana.ddb.executeStatement(statement(`${update} player = 'ana' AND player = 'bob' AND game = 'chess'`)), "ValidationException", /Multiple conditions on same key/);
    await denied(
      ana.ddb.executeStatement(statement(`SELECT * FROM "${name}" WHERE player = 'ana' OR player = 'bob'`)),
      ungranted(ana.arn, "dynamodb:PartiQLSelect", T),
    );
    // Both conditions are on one partition, ana's: there is nothing of bob's in it.
    const both = await ana.ddb.executeStatement(statement(`SELECT * FROM "${name}" WHERE player = 'ana' AND (player = 'bob' OR game = 'go')`));
    assert.deepEqual(both.Items.map(({ player }) => player.S), ["ana"]);
    await denied(
      ana.ddb.putItem({ TableName: name, Item: item("bob", "chess"), ConditionExpression: "attribute_not_exists(player)", ReturnValuesOnConditionCheckFailure: "ALL_OLD" }),
      ungranted(ana.arn, "dynamodb:PutItem", T),
    );
    await fails(
      ana.ddb.query({ TableName: name, KeyConditionExpression: "player = :a", ExclusiveStartKey: keyOf("bob"), ExpressionAttributeValues: { ":a": { S: "ana" } } }),
      "ValidationException",
      /outside query boundaries/,
    );
    assert.deepEqual(await contents(), old);
  });

  test("cannot be got around with members that are there twice", async () => {
    await ana.may(grant(["dynamodb:GetItem", "dynamodb:BatchGetItem"], T, leading("ana")));
    const own = JSON.stringify(keyOf("ana")), other = JSON.stringify(keyOf("bob")), both = (a, b) => `{"player":{"S":"${a}"},"player":{"S":"${b}"},"game":{"S":"chess"}}`;
    const bodies = [
      ["GetItem", `{"TableName":"${name}","Key":${own},"Key":${other}}`],
      ["GetItem", `{"TableName":"${name}","Key":${other},"Key":${own}}`],
      ["GetItem", `{"TableName":"${name}","Key":${both("ana", "bob")}}`],
      ["GetItem", `{"TableName":"${name}","Key":${both("bob", "ana")}}`],
      ["BatchGetItem", `{"RequestItems":{"${name}":{"Keys":[${own}]},"${name}":{"Keys":[${other}]}}}`],
      ["BatchGetItem", `{"RequestItems":{"${name}":{"Keys":[${other}]},"${name}":{"Keys":[${own}]}}}`],
      ["BatchGetItem", `{"RequestItems":{"${name}":{"Keys":[${own}],"Keys":[${other}]}}}`],
      ["BatchGetItem", `{"RequestItems":{"${name}":{"Keys":[${other}],"Keys":[${own}]}}}`],
    ];
    for (const [target, body] of bodies) {
      const answer = await call(endpoint, { target, body }, { credentials: ana.credentials });
      assert.ok(!answer.body.toString().includes("bob"), `${body}: ${answer.body}`);
      if (answer.status !== 200) assert.match(answer.json.__type, /AccessDenied|Validation|Serialization/);
    }
  });

  test("are the index's keys where an index is asked", async () => {
    await ana.may(grant(["dynamodb:Query", "dynamodb:PartiQLSelect"], byGame, leading("chess")));
    const byKey = (game) => ana.ddb.query({ TableName: name, IndexName: "byGame", KeyConditionExpression: "game = :g", ExpressionAttributeValues: { ":g": { S: game } } });
    assert.equal((await byKey("chess")).Count, 2);
    await denied(byKey("go"), ungranted(ana.arn, "dynamodb:Query", byGame));
    const select = (game) => ana.ddb.executeStatement(statement(`SELECT * FROM "${name}"."byGame" WHERE game = ?`, game));
    assert.equal((await select("chess")).Items.length, 2);
    await denied(select("go"), ungranted(ana.arn, "dynamodb:PartiQLSelect", byGame));
    // The table itself is another resource.
    await denied(ofPlayer(ana.ddb, "chess"), ungranted(ana.arn, "dynamodb:Query", T));
  });

  test("of an index with several partition attributes are told by their places", async () => {
    const composed = `${T}/index/composed`;
    const ask = (t, r) =>
      ana.ddb.query({
        TableName: name,
        IndexName: "composed",
        KeyConditionExpression: "tenant = :t AND #r = :r",
        ExpressionAttributeNames: { "#r": "region" },
        ExpressionAttributeValues: { ":t": { S: t }, ":r": { S: r } },
      });
    await ana.may(
      grant("dynamodb:Query", composed, {
        "ForAllValues:StringEquals": { "dynamodb:FirstPartitionKeyValues": ["t"], "dynamodb:SecondPartitionKeyValues": ["r"] },
      }),
    );
    assert.equal((await ask("t", "r")).Count, 4);
    await denied(ask("t", "x"), ungranted(ana.arn, "dynamodb:Query", composed));
    await denied(ask("x", "r"), ungranted(ana.arn, "dynamodb:Query", composed));
  });

  test("are the numbers and bytes of other keys as text", async () => {
    const numbers = await table({ n: "N" }), bytes = await table({ b: "B" });
    await ana.may(grant("dynamodb:GetItem", arnOf(numbers), leading("12.5")), grant("dynamodb:GetItem", arnOf(bytes), leading("AAE=")));
    await ana.ddb.getItem({ TableName: numbers, Key: { n: { N: "12.50" } } });
    await denied(ana.ddb.getItem({ TableName: numbers, Key: { n: { N: "12.51" } } }), ungranted(ana.arn, "dynamodb:GetItem", arnOf(numbers)));
    await ana.ddb.getItem({ TableName: bytes, Key: { b: { B: Uint8Array.of(0, 1) } } });
    await denied(ana.ddb.getItem({ TableName: bytes, Key: { b: { B: Uint8Array.of(0, 2) } } }), ungranted(ana.arn, "dynamodb:GetItem", arnOf(bytes)));
  });

  test("are none of a Scan, which a policy keeps out by its action or by dynamodb:FullTableScan", async () => {
    await ana.may(grant("dynamodb:Scan", T, { StringEquals: { "dynamodb:LeadingKeys": "ana" } }));
    await denied(ana.ddb.scan({ TableName: name }), ungranted(ana.arn, "dynamodb:Scan", T));
    await ana.may(grant("dynamodb:PartiQLSelect", T), deny("dynamodb:PartiQLSelect", T, { Bool: { "dynamodb:FullTableScan": "true" } }));
    await ana.ddb.executeStatement(statement(`SELECT * FROM "${name}" WHERE player = 'ana'`));
    const message = `User: ${ana.arn} is not authorized to perform: dynamodb:PartiQLSelect on resource: ${T} with an explicit deny in an identity-based policy`;
    for (const where of ["", " WHERE score = 1", " WHERE player > 'a'", " WHERE player = 'ana' OR score = 1"])
      await denied(ana.ddb.executeStatement(statement(`SELECT * FROM "${name}"${where}`)), message);
  });
});

describe("dynamodb:Attributes", () => {
  const attributes = (...names) => ({ "ForAllValues:StringEquals": { "dynamodb:Attributes": ["player", "game", ...names] } });
  const ask = (send) => send(ana.ddb);
  const requests = {
    "GetItem by ProjectionExpression": (attribute) => (client) => client.getItem({ ...one("ana"), ProjectionExpression: `#a[0].b, player`, ExpressionAttributeNames: { "#a": attribute } }),
    "GetItem by AttributesToGet": (attribute) => (client) => client.getItem({ ...one("ana"), AttributesToGet: [attribute] }),
    "BatchGetItem": (attribute) => (client) => client.batchGetItem({ RequestItems: { [name]: { Keys: [keyOf("ana")], ProjectionExpression: attribute } } }),
    "PutItem by Item": (attribute) => (client) => client.putItem({ TableName: name, Item: { ...keyOf("ana"), [attribute]: { N: "1" } } }),
    "PutItem by ConditionExpression": (attribute) => (client) => client.putItem({ TableName: name, Item: keyOf("ana"), ConditionExpression: `attribute_not_exists(${attribute}.x)` }),
    "PutItem by Expected": (attribute) => (client) => client.putItem({ TableName: name, Item: keyOf("ana"), Expected: { [attribute]: { Exists: false } } }),
    "UpdateItem by UpdateExpression": (attribute) => (client) => client.updateItem({ ...one("ana"), UpdateExpression: `SET ${attribute} = :v`, ExpressionAttributeValues: { ":v": { N: "1" } } }),
    "UpdateItem by a value of UpdateExpression": (attribute) => (client) => client.updateItem({ ...one("ana"), UpdateExpression: `SET game2 = ${attribute}` }),
    "UpdateItem by ConditionExpression": (attribute) => (client) => client.updateItem({ ...one("ana"), ConditionExpression: `attribute_exists(${attribute})` }),
    "UpdateItem by AttributeUpdates": (attribute) => (client) => client.updateItem({ ...one("ana"), AttributeUpdates: { [attribute]: { Value: { N: "1" } } } }),
    "DeleteItem by ConditionExpression": (attribute) => (client) => client.deleteItem({ ...one("ana"), ConditionExpression: `size(${attribute}) > :n`, ExpressionAttributeValues: { ":n": { N: "0" } } }),
    "BatchWriteItem": (attribute) => (client) => client.batchWriteItem({ RequestItems: { [name]: [{ PutRequest: { Item: { ...keyOf("ana"), [attribute]: { N: "1" } } } }] } }),
    "Query by FilterExpression": (attribute) => (client) => client.query({ TableName: name, KeyConditionExpression: "player = :p", FilterExpression: `${attribute} = :p`, ...values("ana") }),
    "Query by ProjectionExpression": (attribute) => (client) => ofPlayer(client, "ana", { ProjectionExpression: attribute }),
    "Query by QueryFilter": (attribute) => (client) =>
      client.query({ TableName: name, KeyConditions: { player: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "ana" }] } }, QueryFilter: { [attribute]: { ComparisonOperator: "NOT_NULL" } } }),
    "Scan by FilterExpression": (attribute) => (client) => client.scan({ TableName: name, FilterExpression: `attribute_exists(${attribute})` }),
    "Scan by ScanFilter": (attribute) => (client) => client.scan({ TableName: name, ScanFilter: { [attribute]: { ComparisonOperator: "NOT_NULL" } } }),
    "UpdateItem of TransactWriteItems": (attribute) => (client) =>
      client.transactWriteItems({ TransactItems: [{ Update: { ...one("ana"), UpdateExpression: `REMOVE ${attribute}` } }] }),
    "GetItem of TransactGetItems": (attribute) => (client) => client.transactGetItems({ TransactItems: [{ Get: { ...one("ana"), ProjectionExpression: attribute } }] }),
    "PartiQLSelect": (attribute) => (client) => client.executeStatement(statement(`SELECT ${attribute} FROM "${name}" WHERE player = 'ana'`)),
    "PartiQLSelect by WHERE": (attribute) => (client) => client.executeStatement(statement(`SELECT game FROM "${name}" WHERE player = 'ana' AND ${attribute} = 1`)),
    "PartiQLInsert": (attribute) => (client) => client.executeStatement(statement(`INSERT INTO "${name}" VALUE {'player': 'ana', 'game': '${attribute}', '${attribute}': 1}`)),
    "PartiQLUpdate": (attribute) => (client) => client.executeStatement(statement(`UPDATE "${name}" SET ${attribute} = 1 WHERE player = 'ana' AND game = 'go'`)),
    "PartiQLDelete by WHERE": (attribute) => (client) => client.executeStatement(statement(`DELETE FROM "${name}" WHERE player = 'ana' AND game = 'go' AND ${attribute} = 1`)),
  };

  for (const [way, request] of Object.entries(requests)) {
    test(`limit ${way}`, async () => {
      await ana.may(grant("dynamodb:*", T, attributes("score", "game2")));
      await denied(ask(request("secret")), ungranted(ana.arn, actionOf(way), T));
      // What is granted is done, or fails by itself.
      const error = await ask(request("score")).then(() => undefined, (caught) => caught);
      assert.ok(error === undefined || /ConditionalCheckFailed/.test(error.name), error?.message);
    });
  }
});

describe("dynamodb:Select", () => {
  const specific = { StringEqualsIfExists: { "dynamodb:Select": "SPECIFIC_ATTRIBUTES" } };

  test("keeps requests from all attributes, also where it is not a parameter", async () => {
    await ana.may(grant("dynamodb:*", [T, byGame], specific));
    const all = [
      ["GetItem", () => ana.ddb.getItem(one("ana"))],
      ["BatchGetItem", () => ana.ddb.batchGetItem({ RequestItems: { [name]: { Keys: [keyOf("ana")] } } })],
      ["Query", () => ofPlayer(ana.ddb, "ana")],
      ["Query", () => ofPlayer(ana.ddb, "ana", { Select: "COUNT" })],
      ["Scan", () => ana.ddb.scan({ TableName: name })],
      ["GetItem", () => ana.ddb.transactGetItems({ TransactItems: [{ Get: one("ana") }] })],
      ["PartiQLSelect", () => ana.ddb.executeStatement(statement(`SELECT * FROM "${name}" WHERE player = 'ana'`))],
    ];
    for (const [action, send] of all) await denied(send(), ungranted(ana.arn, `dynamodb:${action}`, T));
    await ana.ddb.getItem({ ...one("ana"), ProjectionExpression: "score" });
    await ofPlayer(ana.ddb, "ana", { ProjectionExpression: "score" });
    await ana.ddb.scan({ TableName: name, Select: "SPECIFIC_ATTRIBUTES", AttributesToGet: ["score"] });
    await ana.ddb.executeStatement(statement(`SELECT score FROM "${name}" WHERE player = 'ana'`));
    await ana.ddb.putItem({ TableName: name, Item: item("ana", "chess") });
  });

  test("is told of an index as what it projects", async () => {
    await ana.may(grant("dynamodb:Scan", byGame, { StringEquals: { "dynamodb:Select": "ALL_PROJECTED_ATTRIBUTES" } }));
    await ana.ddb.scan({ TableName: name, IndexName: "byGame" });
    await denied(ana.ddb.scan({ TableName: name, IndexName: "byGame", Select: "ALL_ATTRIBUTES" }), ungranted(ana.arn, "dynamodb:Scan", byGame));
  });
});

describe("what is returned", () => {
  test("is limited by dynamodb:ReturnValues", async () => {
    await ana.may(grant("dynamodb:*", T, { StringEqualsIfExists: { "dynamodb:ReturnValues": ["NONE", "UPDATED_OLD", "UPDATED_NEW"] } }));
    const update = { ...one("ana"), UpdateExpression: "SET score = :s", ExpressionAttributeValues: { ":s": { N: "2" } } };
    await ana.ddb.updateItem(update);
    await ana.ddb.updateItem({ ...update, ReturnValues: "UPDATED_NEW" });
    await denied(ana.ddb.updateItem({ ...update, ReturnValues: "ALL_NEW" }), ungranted(ana.arn, "dynamodb:UpdateItem", T));
    await denied(ana.ddb.deleteItem({ ...one("ana"), ReturnValues: "ALL_OLD" }), ungranted(ana.arn, "dynamodb:DeleteItem", T));
    await denied(
      ana.ddb.executeStatement(statement(`DELETE FROM "${name}" WHERE player = 'ana' AND game = 'chess' RETURNING ALL OLD *`)),
      ungranted(ana.arn, "dynamodb:PartiQLDelete", T),
    );
    for (const ReturnValues of [undefined, "NONE"]) {
      await denied(
        ana.ddb.putItem({ TableName: name, Item: item("ana", "chess"), ReturnValues, ReturnValuesOnConditionCheckFailure: "ALL_OLD" }),
        ungranted(ana.arn, "dynamodb:PutItem", T),
      );
    }
    await denied(
      ana.ddb.transactWriteItems({ TransactItems: [{ ConditionCheck: { ...one("ana"), ConditionExpression: "attribute_exists(player)", ReturnValuesOnConditionCheckFailure: "ALL_OLD" } }] }),
      ungranted(ana.arn, "dynamodb:ConditionCheckItem", T),
    );
  });

  test("is limited by dynamodb:ReturnConsumedCapacity", async () => {
    await ana.may(grant("dynamodb:*", T, { StringEqualsIfExists: { "dynamodb:ReturnConsumedCapacity": "NONE" } }));
    await ana.ddb.getItem(one("ana"));
    await denied(ana.ddb.getItem({ ...one("ana"), ReturnConsumedCapacity: "TOTAL" }), ungranted(ana.arn, "dynamodb:GetItem", T));
  });
});

test("dynamodb:EnclosingOperation tells a transaction's action from one by itself", async () => {
  await ana.may(grant(["dynamodb:PutItem", "dynamodb:GetItem"], T, { "ForAnyValue:StringEquals": { "dynamodb:EnclosingOperation": ["TransactWriteItems"] } }));
  const put = { TableName: name, Item: item("ana", "chess") };
  await ana.ddb.transactWriteItems({ TransactItems: [{ Put: put }] });
  await denied(ana.ddb.putItem(put), ungranted(ana.arn, "dynamodb:PutItem", T));
  await denied(ana.ddb.transactGetItems({ TransactItems: [{ Get: one("ana") }] }), ungranted(ana.arn, "dynamodb:GetItem", T));
  await ana.may(grant("dynamodb:PartiQLUpdate", T, { StringEquals: { "dynamodb:EnclosingOperation": "ExecuteTransaction" } }));
  const update = statement(`UPDATE "${name}" SET score = 1 WHERE player = 'ana' AND game = 'chess'`);
  await ana.ddb.executeTransaction({ TransactStatements: [update] });
  await denied(ana.ddb.executeStatement(update), ungranted(ana.arn, "dynamodb:PartiQLUpdate", T));
});

test("a table that is made anew under its name is asked for with its own keys", async () => {
  const again = uniqueName();
  await table({ owner: "S", other: "S" }, { TableName: again });
  await ana.may(grant("dynamodb:GetItem", arnOf(again), { StringEquals: { "dynamodb:LeadingKeys": "ana" } }));
  const Key = { owner: { S: "ana" }, other: { S: "bob" } };
  await ana.ddb.getItem({ TableName: again, Key });
  await ddb.deleteTable({ TableName: again });
  await denied(ana.ddb.getItem({ TableName: again, Key }), ungranted(ana.arn, "dynamodb:GetItem", arnOf(again)));
  await table({ other: "S", owner: "S" }, { TableName: again });
  await denied(ana.ddb.getItem({ TableName: again, Key }), ungranted(ana.arn, "dynamodb:GetItem", arnOf(again)));
});

describe("the policy of a table", () => {
  const put = (ResourceArn, statements) => ddb.putResourcePolicy({ ResourceArn, Policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }) });
  const to = (statement, ...AWS) => ({ ...statement, Principal: { AWS } });

  test("grants to whom it names, row by row, and to nobody else", async () => {
    await ana.may(grant("iam:GetUser", "*"));
    const bob = await makeUser(endpoint, "bob");
    await put(T, [to(grant("dynamodb:GetItem", T, leading("ana")), ana.arn)]);
    await ana.ddb.getItem(one("ana"));
    await denied(ana.ddb.getItem(one("bob")), ungranted(ana.arn, "dynamodb:GetItem", T));
    await denied(bob.ddb.getItem(one("ana")), ungranted(bob.arn, "dynamodb:GetItem", T));
    await ddb.deleteResourcePolicy({ ResourceArn: T });
    await denied(ana.ddb.getItem(one("ana")), ungranted(ana.arn, "dynamodb:GetItem", T));
  });

  test("denies what a user's policies grant", async () => {
    await ana.may(grant("dynamodb:*", "*"));
    await put(T, [to(deny("dynamodb:Query", [T, byGame]), ana.arn)]);
    const message = (resource) => `User: ${ana.arn} is not authorized to perform: dynamodb:Query on resource: ${resource} with an explicit deny in a resource-based policy`;
    await denied(ofPlayer(ana.ddb, "ana"), message(T));
    await denied(
      ana.ddb.query({ TableName: name, IndexName: "byGame", KeyConditionExpression: "game = :g", ExpressionAttributeValues: { ":g": { S: "go" } } }),
      message(byGame),
    );
    await ana.ddb.getItem(one("ana"));
    assert.equal((await ofPlayer(ddb, "ana")).Count, 2, "root is limited by no policy");
    await ddb.deleteResourcePolicy({ ResourceArn: T });
  });

  test("goes on when the table is changed", async () => {
    await ana.may(grant("iam:GetUser", "*"));
    await put(T, [to(grant("dynamodb:GetItem", T), ana.arn)]);
    await ddb.tagResource({ ResourceArn: T, Tags: [{ Key: "k", Value: "v" }] });
    await ana.ddb.getItem(one("ana"));
    await ddb.deleteResourcePolicy({ ResourceArn: T });
  });

  test("is not put by who could not change it again, unless they confirm it", async () => {
    await ana.may(grant("dynamodb:PutResourcePolicy", T));
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [to(deny("dynamodb:*", T), ana.arn)] });
    await fails(ana.ddb.putResourcePolicy({ ResourceArn: T, Policy }), "ValidationException", /ConfirmRemoveSelfResourceAccess/);
    await fails(ddb.getResourcePolicy({ ResourceArn: T }), "PolicyNotFoundException", /not found/);
    await ana.ddb.putResourcePolicy({ ResourceArn: T, Policy, ConfirmRemoveSelfResourceAccess: true });
    await denied(
      ana.ddb.putResourcePolicy({ ResourceArn: T, Policy, ConfirmRemoveSelfResourceAccess: true }),
      `User: ${ana.arn} is not authorized to perform: dynamodb:PutResourcePolicy on resource: ${T} with an explicit deny in a resource-based policy`,
    );
    await ddb.deleteResourcePolicy({ ResourceArn: T });
  });

  test("of a stream is asked for by the stream's operations alone", async () => {
    const streaming = await table({ pk: "S" }, { StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" } });
    const { Table } = await ddb.describeTable({ TableName: streaming });
    await ana.may(grant("iam:GetUser", "*"));
    const describeStream = () => ana.streams.describeStream({ StreamArn: Table.LatestStreamArn });
    await denied(describeStream(), ungranted(ana.arn, "dynamodb:DescribeStream", Table.LatestStreamArn));
    await put(Table.LatestStreamArn, [to(grant("dynamodb:DescribeStream", Table.LatestStreamArn), `arn:aws:iam::${account}:user/ana`)]);
    await describeStream();
    await denied(ana.ddb.describeTable({ TableName: streaming }), ungranted(ana.arn, "dynamodb:DescribeTable", arnOf(streaming)));
  });
});
