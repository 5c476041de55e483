// CreateTable, DescribeTable, ListTables, UpdateTable, DeleteTable, DescribeLimits and DescribeEndpoints.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { active, fails, gone, invalid, open, sorted, tableInput, uniqueName, until } from "../lib/turntable.js";

const { endpoint, ddb, doc, table, made } = await open();

async function create(keys, description) {
  const input = { TableName: uniqueName(), ...tableInput(keys, description) };
  made.push(input.TableName);
  const { TableDescription } = await ddb.createTable(input);
  return TableDescription;
}

/** Asserts that CreateTable refuses a table and leaves nothing behind. */
async function refused(input, name, message) {
  const complete = { TableName: uniqueName(), ...input };
  await fails(ddb.createTable(complete), name, message);
  await fails(ddb.describeTable({ TableName: complete.TableName }), "ResourceNotFoundException", /./);
}
const refusedAsInvalid = (input, message) => refused(input, "ValidationException", message);

const describeOf = async (TableName) => (await ddb.describeTable({ TableName })).Table;
const provisioned = (ReadCapacityUnits, WriteCapacityUnits) => ({ ReadCapacityUnits, WriteCapacityUnits });
const wrong = "One or more parameter values were invalid: ";
const badName =
  "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'";

describe("CreateTable", () => {
  test("describes the new table", async () => {
    const before = Date.now();
    const made = await create({ artist: "S", song: "N" });
    assert.match(made.TableId, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    // The clocks of client and server are the same here; CreationDateTime has milliseconds.
    assert.ok(Math.abs(made.CreationDateTime.getTime() - before) < 60_000, String(made.CreationDateTime));
    assert.deepEqual(made.KeySchema, [
      { AttributeName: "artist", KeyType: "HASH" },
      { AttributeName: "song", KeyType: "RANGE" },
    ]);
    assert.deepEqual(sorted(made.AttributeDefinitions, "AttributeName"), [
      { AttributeName: "artist", AttributeType: "S" },
      { AttributeName: "song", AttributeType: "N" },
    ]);
    assert.equal(made.ItemCount, 0);
    assert.equal(made.TableSizeBytes, 0);
    assert.deepEqual(made.ProvisionedThroughput.ReadCapacityUnits, 0);
    assert.deepEqual(made.ProvisionedThroughput.WriteCapacityUnits, 0);
    assert.deepEqual(made.ProvisionedThroughput.NumberOfDecreasesToday, 0);
    assert.equal(made.BillingModeSummary.BillingMode, "PAY_PER_REQUEST");
    assert.equal(made.GlobalSecondaryIndexes, undefined);
    assert.equal(made.LocalSecondaryIndexes, undefined);
    assert.equal(made.StreamSpecification, undefined);
  });

  test("answers with the status CREATING, and the table becomes ACTIVE", async () => {
    const made = await create({ pk: "S" });
    assert.equal(made.TableStatus, "CREATING");
    assert.equal((await active(ddb, made.TableName)).TableStatus, "ACTIVE");
  });

  test("gives the table an ARN with the region and the account", async () => {
    const made = await create({ pk: "S" });
    assert.equal(made.TableArn, `arn:aws:dynamodb:us-east-1:000000000000:table/${made.TableName}`);
  });

  test("says that deletion protection is off unless it is asked for", async () => {
    assert.equal((await create({ pk: "S" })).DeletionProtectionEnabled, false);
  });

  test("describes provisioned throughput", async () => {
    const { TableName } = await create({ pk: "S" }, { BillingMode: undefined, ProvisionedThroughput: provisioned(3, 4) });
    const made = await active(ddb, TableName);
    assert.equal(made.ProvisionedThroughput.ReadCapacityUnits, 3);
    assert.equal(made.ProvisionedThroughput.WriteCapacityUnits, 4);
    assert.equal(made.ProvisionedThroughput.NumberOfDecreasesToday, 0);
    assert.equal(made.BillingModeSummary, undefined);
  });

  test("describes the billing mode once the table is active", async () => {
    const name = await table({ pk: "S" });
    const { BillingModeSummary } = await describeOf(name);
    assert.equal(BillingModeSummary.BillingMode, "PAY_PER_REQUEST");
    assert.ok(BillingModeSummary.LastUpdateToPayPerRequestDateTime instanceof Date);
  });

  test("describes local and global indexes", async () => {
    const { TableName } = await create(
      { pk: "S", sk: "S" },
      {
        lsi: { byNumber: { keys: { pk: "S", number: "N" }, projection: ["title"] } },
        gsi: { byOwner: { keys: { owner: "B" }, projection: "KEYS_ONLY" }, byAll: { keys: { sk: "S", pk: "S" } } },
      },
    );
    const made = await active(ddb, TableName);
    const [local] = made.LocalSecondaryIndexes;
    assert.equal(local.IndexArn, `${made.TableArn}/index/byNumber`);
    delete local.IndexArn;
    assert.deepEqual(local, {
      IndexName: "byNumber",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "number", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["title"] },
      IndexSizeBytes: 0,
      ItemCount: 0,
    });
    const [all, owner] = sorted(made.GlobalSecondaryIndexes, "IndexName");
    assert.equal(owner.IndexArn, `${made.TableArn}/index/byOwner`);
    assert.deepEqual(owner.KeySchema, [{ AttributeName: "owner", KeyType: "HASH" }]);
    assert.deepEqual(owner.Projection, { ProjectionType: "KEYS_ONLY" });
    assert.equal(owner.IndexStatus, "ACTIVE");
    assert.equal(owner.ItemCount, 0);
    assert.equal(owner.IndexSizeBytes, 0);
    assert.equal(owner.ProvisionedThroughput.ReadCapacityUnits, 0);
    assert.equal(owner.ProvisionedThroughput.NumberOfDecreasesToday, 0);
    assert.equal(all.IndexName, "byAll");
    assert.deepEqual(all.Projection, { ProjectionType: "ALL" });
  });

  test("answers with global indexes in the status CREATING", async () => {
    const made = await create({ pk: "S" }, { gsi: { byOwner: { keys: { owner: "S" } } } });
    assert.equal(made.GlobalSecondaryIndexes[0].IndexStatus, "CREATING");
    await active(ddb, made.TableName);
  });

  test("keeps the throughput of each global index of a provisioned table", async () => {
    const { TableName } = await create(
      { pk: "S" },
      {
        BillingMode: "PROVISIONED",
        ProvisionedThroughput: provisioned(1, 1),
        gsi: { byOwner: { keys: { owner: "S" }, ProvisionedThroughput: provisioned(5, 6) } },
      },
    );
    const { GlobalSecondaryIndexes } = await active(ddb, TableName);
    assert.equal(GlobalSecondaryIndexes[0].ProvisionedThroughput.ReadCapacityUnits, 5);
    assert.equal(GlobalSecondaryIndexes[0].ProvisionedThroughput.WriteCapacityUnits, 6);
  });

  test("stores the stream setting", async () => {
    const { TableName } = await create(
      { pk: "S" },
      { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } },
    );
    const made = await active(ddb, TableName);
    assert.deepEqual(made.StreamSpecification, { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" });
    assert.match(made.LatestStreamLabel, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
    assert.equal(made.LatestStreamArn, `${made.TableArn}/stream/${made.LatestStreamLabel}`);
  });

  test("describes the table class", async () => {
    const { TableName } = await create({ pk: "S" }, { TableClass: "STANDARD_INFREQUENT_ACCESS" });
    const made = await active(ddb, TableName);
    assert.equal(made.TableClassSummary.TableClass, "STANDARD_INFREQUENT_ACCESS");
  });

  test("describes a maximum of on-demand throughput", async () => {
    const { TableName } = await create(
      { pk: "S" },
      { OnDemandThroughput: { MaxReadRequestUnits: 7, MaxWriteRequestUnits: 8 } },
    );
    const made = await active(ddb, TableName);
    assert.deepEqual(made.OnDemandThroughput, { MaxReadRequestUnits: 7, MaxWriteRequestUnits: 8 });
  });

  test("takes tags", async () => {
    const { TableName } = await create({ pk: "S" }, { Tags: [{ Key: "team", Value: "music" }] });
    await active(ddb, TableName);
  });

  test("takes the ARN of a table as its name", async () => {
    const name = uniqueName();
    made.push(name);
    const TableName = `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`;
    const { TableDescription } = await ddb.createTable({ TableName, ...tableInput({ pk: "S" }) });
    assert.equal(TableDescription.TableName, name);
    await active(ddb, name);
  });

  test("refuses a name that exists", async () => {
    const TableName = await table({ pk: "S" });
    await fails(
      ddb.createTable({ TableName, ...tableInput({ pk: "S" }) }),
      "ResourceInUseException",
      `Table already exists: ${TableName}`,
    );
  });

  test("takes names of 3 and of 255 characters", async () => {
    const long = uniqueName().padEnd(255, "x");
    for (const TableName of [uniqueName().replace(/[^a-z0-9]/g, "").slice(-4, -1) + "_.-", long]) {
      assert.equal(await table({ pk: "S" }, { TableName }), TableName);
      await ddb.deleteTable({ TableName });
      await gone(ddb, TableName);
    }
  });

  for (const [what, name] of [["of two characters", "ab"], ["of 256 characters", "x".repeat(256)], ["with a bad character", "abc;"]]) {
    test(`refuses a name ${what}`, async () => {
      await invalid(ddb.createTable({ TableName: name, ...tableInput({ pk: "S" }) }), badName);
    });
  }

  test("refuses a missing name", async () => {
    await fails(ddb.createTable({ TableName: undefined, ...tableInput({ pk: "S" }) }), "ValidationException", /[tT]ableName/);
  });

  test("refuses keys that have no definition", async () => {
    await refusedAsInvalid(
      { ...tableInput({ pk: "S" }), AttributeDefinitions: [{ AttributeName: "other", AttributeType: "S" }] },
      `${wrong}Some index key attributes are not defined in AttributeDefinitions. Keys: [pk], AttributeDefinitions: [other]`,
    );
  });

  test("refuses definitions that no key uses", async () => {
    await refusedAsInvalid(
      tableInput({ pk: "S" }, { attributes: { unused: "S" } }),
      `${wrong}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
    );
  });

  test("refuses definitions that no key uses in a table with indexes", async () => {
    await refusedAsInvalid(
      tableInput({ pk: "S" }, { attributes: { unused: "S" }, gsi: { byOwner: { keys: { owner: "S" } } } }),
      new RegExp(`^${wrong}Some AttributeDefinitions are not used\\. AttributeDefinitions: \\[.*\\], keys used: \\[.*\\]$`),
    );
  });

  test("refuses two definitions of an attribute", async () => {
    const input = tableInput({ pk: "S" });
    input.AttributeDefinitions.push({ AttributeName: "pk", AttributeType: "N" });
    await refused(input, "ValidationException", /attribute/i);
  });

  test("refuses a sort key first", async () => {
    const input = tableInput({ pk: "S", sk: "S" });
    input.KeySchema.reverse();
    await refusedAsInvalid(input, "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  });

  test("refuses two partition keys of a table", async () => {
    const input = tableInput({ pk: "S", sk: "S" });
    input.KeySchema[1].KeyType = "HASH";
    await refusedAsInvalid(input, "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  });

  test("refuses one attribute as both keys", async () => {
    const input = tableInput({ pk: "S" });
    input.KeySchema.push({ AttributeName: "pk", KeyType: "RANGE" });
    await refusedAsInvalid(input, "Both the Hash Key and the Range Key element in the KeySchema have the same name");
  });

  test("refuses three keys of a table", async () => {
    const input = tableInput({ pk: "S", sk: "S" }, { attributes: { third: "S" } });
    input.KeySchema.push({ AttributeName: "third", KeyType: "RANGE" });
    await refused(input, "ValidationException", /'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2$/);
  });

  test("refuses an unknown key type", async () => {
    const input = tableInput({ pk: "S" });
    input.KeySchema[0].KeyType = "SORT";
    await refusedAsInvalid(
      input,
      "1 validation error detected: Value 'SORT' at 'keySchema.1.member.keyType' failed to satisfy constraint: Member must satisfy enum value set: [HASH, RANGE]",
    );
  });

  test("refuses a key type that is no scalar", async () => {
    await refusedAsInvalid(
      tableInput({ pk: "SS" }),
      /^1 validation error detected: Value 'SS' at 'attributeDefinitions\.1\.member\.attributeType' failed to satisfy constraint: Member must satisfy enum value set: \[B, N, S\]$/,
    );
  });

  test("refuses an unknown billing mode", async () => {
    await refusedAsInvalid(
      tableInput({ pk: "S" }, { BillingMode: "FREE" }),
      "1 validation error detected: Value 'FREE' at 'billingMode' failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]",
    );
  });

  test("refuses throughput with on-demand billing", async () => {
    await refusedAsInvalid(
      tableInput({ pk: "S" }, { ProvisionedThroughput: provisioned(1, 1) }),
      `${wrong}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
    );
  });

  test("refuses provisioned billing without throughput", async () => {
    await refusedAsInvalid(
      tableInput({ pk: "S" }, { BillingMode: "PROVISIONED" }),
      `${wrong}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`,
    );
  });

  test("refuses a throughput of zero", async () => {
    await refusedAsInvalid(
      tableInput({ pk: "S" }, { BillingMode: undefined, ProvisionedThroughput: provisioned(0, 1) }),
      "1 validation error detected: Value '0' at 'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
  });

  test("refuses a global index of a provisioned table without throughput", async () => {
    await refused(
      tableInput(
        { pk: "S" },
        {
          BillingMode: "PROVISIONED",
          ProvisionedThroughput: provisioned(1, 1),
          gsi: { byOwner: { keys: { owner: "S" } } },
        },
      ),
      "ValidationException",
      /byOwner|[pP]rovisioned ?[tT]hroughput/,
    );
  });

  test("refuses an empty list of indexes", async () => {
    await refusedAsInvalid({ ...tableInput({ pk: "S" }), GlobalSecondaryIndexes: [] }, `${wrong}List of GlobalSecondaryIndexes is empty`);
    await refusedAsInvalid({ ...tableInput({ pk: "S", sk: "S" }), LocalSecondaryIndexes: [] }, `${wrong}List of LocalSecondaryIndexes is empty`);
  });

  test("refuses two indexes of one name", async () => {
    const input = tableInput({ pk: "S", sk: "S" }, { gsi: { byOwner: { keys: { sk: "S" } } }, lsi: { byOwner: { keys: { pk: "S", n: "N" } } } });
    await refusedAsInvalid(input, `${wrong}Duplicate index name: byOwner`);
  });

  test("refuses a local index of a table without sort key", async () => {
    await refusedAsInvalid(
      tableInput({ pk: "S" }, { lsi: { byNumber: { keys: { pk: "S", number: "N" } } } }),
      `${wrong}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`,
    );
  });

  test("refuses a local index with another partition key", async () => {
    await refusedAsInvalid(
      tableInput({ pk: "S", sk: "S" }, { lsi: { byNumber: { keys: { other: "S", number: "N" } } } }),
      `${wrong}Index KeySchema does not have the same leading hash key as table KeySchema for index: byNumber. index hash key: other, table hash key: pk`,
    );
  });

  test("refuses a local index without sort key", async () => {
    await refusedAsInvalid(
      tableInput({ pk: "S", sk: "S" }, { lsi: { byNumber: { keys: { pk: "S" } } } }),
      `${wrong}Index KeySchema does not have a range key for index: byNumber`,
    );
  });

  test("refuses six local indexes", async () => {
    const lsi = Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`index${n}`, { keys: { pk: "S", [`a${n}`]: "N" } }]));
    await refusedAsInvalid(
      tableInput({ pk: "S", sk: "S" }, { lsi }),
      `${wrong}Number of LocalSecondaryIndexes exceeds per-table limit of 5`,
    );
  });

  test("takes 20 global indexes and refuses 21", async () => {
    const gsi = (count) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`index${n}`, { keys: { [`a${n}`]: "N" } }]));
    const { TableName } = await create({ pk: "S" }, { gsi: gsi(20) });
    assert.equal((await active(ddb, TableName)).GlobalSecondaryIndexes.length, 20);
    await refusedAsInvalid(tableInput({ pk: "S" }, { gsi: gsi(21) }), `${wrong}GlobalSecondaryIndex count exceeds the per-table limit of 20`);
  });

  test("refuses names of indexes that are too short or have bad characters", async () => {
    await refused(tableInput({ pk: "S" }, { gsi: { ab: { keys: { a: "S" } } } }), "ValidationException", /at least 3|between 3 and 255|greater than or equal to 3/);
    await refused(tableInput({ pk: "S" }, { gsi: { "ab c": { keys: { a: "S" } } } }), "ValidationException", /./);
  });

  test("refuses a projection without type", async () => {
    const input = tableInput({ pk: "S" }, { gsi: { byOwner: { keys: { owner: "S" } } } });
    input.GlobalSecondaryIndexes[0].Projection = {};
    await refusedAsInvalid(input, `${wrong}Unknown ProjectionType: null`);
  });

  test("refuses attributes in a projection that includes none by name", async () => {
    for (const ProjectionType of ["ALL", "KEYS_ONLY"]) {
      const input = tableInput({ pk: "S" }, { gsi: { byOwner: { keys: { owner: "S" } } } });
      input.GlobalSecondaryIndexes[0].Projection = { ProjectionType, NonKeyAttributes: ["a"] };
      await refusedAsInvalid(input, `${wrong}ProjectionType is ${ProjectionType}, but NonKeyAttributes is specified`);
    }
  });

  test("refuses an included projection without attributes", async () => {
    const input = tableInput({ pk: "S" }, { gsi: { byOwner: { keys: { owner: "S" } } } });
    input.GlobalSecondaryIndexes[0].Projection = { ProjectionType: "INCLUDE" };
    await refusedAsInvalid(input, `${wrong}ProjectionType is INCLUDE, but NonKeyAttributes is not specified`);
  });

  test("refuses a stream without a view type", async () => {
    await refused(
      tableInput({ pk: "S" }, { StreamSpecification: { StreamEnabled: true } }),
      "ValidationException",
      /StreamViewType/,
    );
  });

  test("refuses the ARN of a table in another form", async () => {
    for (const TableName of ["arn:aws:dynamodb:us-east-1:000000000000:backup/abc", "arn:aws:s3:us-east-1:000000000000:table/abc"]) {
      await fails(ddb.createTable({ TableName, ...tableInput({ pk: "S" }) }), "ValidationException", /./);
    }
  });
});

describe("index keys of several attributes", () => {
  const keys = (partition, sort) => [
    ...Array.from({ length: partition }, (_, i) => ({ AttributeName: `p${i}`, KeyType: "HASH" })),
    ...Array.from({ length: sort }, (_, i) => ({ AttributeName: `s${i}`, KeyType: "RANGE" })),
  ];
  const attributes = (partition, sort) => Object.fromEntries(keys(partition, sort).map((k) => [k.AttributeName, "S"]));
  const input = (partition, sort) => ({ attributes: attributes(partition, sort), gsi: { many: { keys: keys(partition, sort) } } });

  test("up to four and four are described as given", async () => {
    const { TableName } = await create({ pk: "S" }, input(4, 4));
    const { GlobalSecondaryIndexes } = await active(ddb, TableName);
    assert.deepEqual(GlobalSecondaryIndexes[0].KeySchema, keys(4, 4));
  });

  test("are queried with all partition keys and some of the sort keys from the left", async () => {
    const name = await table({ pk: "S" }, input(2, 3));
    const item = (pk, p0, p1, s0, s1, s2) => doc.put({ TableName: name, Item: { pk, p0, p1, s0, s1, s2 } });
    await item("1", "x", "y", "a", "a", "b");
    await item("2", "x", "y", "a", "b", "a");
    await item("3", "x", "y", "b", "a", "a");
    await item("4", "x", "z", "a", "a", "a");
    await item("5", "x", "y", "a", "a", "a");
    await doc.put({ TableName: name, Item: { pk: "sparse", p0: "x", p1: "y", s0: "a", s1: "a" } });

    const query = async (condition, values, more) => {
      const { Items } = await doc.query({
        TableName: name,
        IndexName: "many",
        KeyConditionExpression: condition,
        ExpressionAttributeValues: values,
        ...more,
      });
      return Items.map((i) => i.pk).join("");
    };
    const xy = { ":x": "x", ":y": "y" };
    assert.equal(await query("p0 = :x AND p1 = :y", xy), "5123");
    assert.equal(await query("p0 = :x AND p1 = :y", xy, { ScanIndexForward: false }), "3215");
    assert.equal(await query("p0 = :x AND p1 = :y AND s0 = :a", { ...xy, ":a": "a" }), "512");
    assert.equal(await query("p0 = :x AND p1 = :y AND s0 = :a AND s1 = :a", { ...xy, ":a": "a" }), "51");
    assert.equal(await query("p0 = :x AND p1 = :y AND s0 = :a AND s1 > :a", { ...xy, ":a": "a" }), "2");
    assert.equal(await query("p0 = :x AND p1 = :y AND s0 = :a AND s1 = :a AND begins_with(s2, :b)", { ...xy, ":a": "a", ":b": "b" }), "1");
    assert.equal(await query("p0 = :x AND p1 = :y AND s0 >= :b", { ...xy, ":b": "b" }), "3");
  });

  test("page through an index", async () => {
    const name = await table({ pk: "S" }, input(2, 2));
    for (const pk of ["1", "2", "3", "4", "5"]) {
      await doc.put({ TableName: name, Item: { pk, p0: "x", p1: "y", s0: "a", s1: pk } });
    }
    const seen = [];
    let ExclusiveStartKey;
    do {
      const page = await doc.query({
        TableName: name,
        IndexName: "many",
        KeyConditionExpression: "p0 = :x AND p1 = :y",
        ExpressionAttributeValues: { ":x": "x", ":y": "y" },
        Limit: 2,
        ExclusiveStartKey,
      });
      seen.push(...page.Items.map((i) => i.pk));
      ExclusiveStartKey = page.LastEvaluatedKey;
      if (ExclusiveStartKey) assert.deepEqual(Object.keys(ExclusiveStartKey).sort(), ["p0", "p1", "pk", "s0", "s1"]);
    } while (ExclusiveStartKey);
    assert.deepEqual(seen, ["1", "2", "3", "4", "5"]);
  });

  test("need every partition key in a query, by equality", async () => {
    const name = await table({ pk: "S" }, input(2, 2));
    const query = (KeyConditionExpression, values) =>
      doc.query({ TableName: name, IndexName: "many", KeyConditionExpression, ExpressionAttributeValues: values });
    await fails(query("p0 = :x", { ":x": "x" }), "ValidationException", /./);
    await fails(query("p0 = :x AND p1 > :x", { ":x": "x" }), "ValidationException", /./);
    // Sort keys are taken from the left, and a range must be the last condition.
    await fails(query("p0 = :x AND p1 = :x AND s1 = :x", { ":x": "x" }), "ValidationException", /./);
    await fails(query("p0 = :x AND p1 = :x AND s0 > :x AND s1 = :x", { ":x": "x" }), "ValidationException", /./);
  });

  test("refuse five of a kind, and a sort key before a partition key", async () => {
    await refused(tableInput({ pk: "S" }, input(5, 1)), "ValidationException", /./);
    await refused(tableInput({ pk: "S" }, input(1, 5)), "ValidationException", /./);
    const mixed = tableInput({ pk: "S" }, input(2, 1));
    mixed.GlobalSecondaryIndexes[0].KeySchema.reverse();
    await refused(mixed, "ValidationException", /./);
  });
});

describe("DescribeTable", () => {
  test("answers as CreateTable did", async () => {
    const made = await create({ pk: "S" }, { gsi: { byOwner: { keys: { owner: "S" }, projection: "KEYS_ONLY" } } });
    const described = await active(ddb, made.TableName);
    for (const field of ["TableName", "TableId", "TableArn", "KeySchema", "CreationDateTime"]) {
      assert.deepEqual(described[field], made[field], field);
    }
  });

  test("takes the ARN of the table", async () => {
    const name = await table({ pk: "S" });
    const { TableArn } = await describeOf(name);
    assert.equal((await describeOf(TableArn)).TableName, name);
  });

  test("refuses a table that does not exist", async () => {
    await fails(
      ddb.describeTable({ TableName: "no-such-table" }),
      "ResourceNotFoundException",
      "Requested resource not found: Table: no-such-table not found",
    );
  });

  test("refuses a missing name", async () => {
    await fails(ddb.describeTable({}), "ValidationException", /[tT]ableName/);
  });
});

describe("ListTables", () => {
  test("pages through the names in order", async () => {
    const start = uniqueName("-list");
    const names = ["-a", "-b", "-c", "-d", "-e"].map((suffix) => start + suffix);
    for (const TableName of names) await table({ pk: "S" }, { TableName });

    const first = await ddb.listTables({ ExclusiveStartTableName: start, Limit: 2 });
    assert.deepEqual(first.TableNames, names.slice(0, 2));
    assert.equal(first.LastEvaluatedTableName, names[1]);
    const second = await ddb.listTables({ ExclusiveStartTableName: first.LastEvaluatedTableName, Limit: 3 });
    assert.deepEqual(second.TableNames, names.slice(2));
    const all = [];
    let ExclusiveStartTableName;
    do {
      const page = await ddb.listTables({ ExclusiveStartTableName, Limit: 3 });
      all.push(...page.TableNames);
      ExclusiveStartTableName = page.LastEvaluatedTableName;
    } while (ExclusiveStartTableName);
    assert.deepEqual(all.filter((name) => name.startsWith(start)), names);
    assert.equal(new Set(all).size, all.length);
  });

  test("has no more pages after the last name", async () => {
    const page = await ddb.listTables({ ExclusiveStartTableName: "zzzzzzzz" });
    assert.deepEqual(page.TableNames, []);
    assert.equal(page.LastEvaluatedTableName, undefined);
  });

  test("refuses limits beyond 1 and 100", async () => {
    await invalid(
      ddb.listTables({ Limit: 0 }),
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
    await invalid(
      ddb.listTables({ Limit: 101 }),
      "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100",
    );
  });

  test("refuses a start that is no name of a table", async () => {
    await fails(ddb.listTables({ ExclusiveStartTableName: "a;b;c" }), "ValidationException", /exclusiveStartTableName/);
  });
});

describe("UpdateTable", () => {
  const update = async (input) => {
    const { TableDescription } = await ddb.updateTable(input);
    await active(ddb, input.TableName);
    return TableDescription;
  };

  test("changes the throughput", async () => {
    const TableName = await table({ pk: "S" }, { BillingMode: "PROVISIONED", ProvisionedThroughput: provisioned(2, 2) });
    await update({ TableName, ProvisionedThroughput: provisioned(3, 5) });
    let { ProvisionedThroughput } = await describeOf(TableName);
    assert.equal(ProvisionedThroughput.ReadCapacityUnits, 3);
    assert.equal(ProvisionedThroughput.WriteCapacityUnits, 5);
    assert.ok(ProvisionedThroughput.LastIncreaseDateTime instanceof Date);
    await update({ TableName, ProvisionedThroughput: provisioned(1, 1) });
    ({ ProvisionedThroughput } = await describeOf(TableName));
    assert.equal(ProvisionedThroughput.ReadCapacityUnits, 1);
    assert.equal(ProvisionedThroughput.NumberOfDecreasesToday, 1);
    assert.ok(ProvisionedThroughput.LastDecreaseDateTime instanceof Date);
  });

  test("refuses the throughput that the table has", async () => {
    const TableName = await table({ pk: "S" }, { BillingMode: "PROVISIONED", ProvisionedThroughput: provisioned(2, 3) });
    await invalid(
      ddb.updateTable({ TableName, ProvisionedThroughput: provisioned(2, 3) }),
      "The provisioned throughput for the table will not change. The requested value equals the current value. " +
        "Current ReadCapacityUnits provisioned for the table: 2. Requested ReadCapacityUnits: 2. " +
        "Current WriteCapacityUnits provisioned for the table: 3. Requested WriteCapacityUnits: 3. " +
        "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
    );
  });

  test("changes the billing mode both ways", async () => {
    const TableName = await table({ pk: "S" }, { BillingMode: "PROVISIONED", ProvisionedThroughput: provisioned(2, 2) });
    await update({ TableName, BillingMode: "PAY_PER_REQUEST" });
    let after = await describeOf(TableName);
    assert.equal(after.BillingModeSummary.BillingMode, "PAY_PER_REQUEST");
    assert.equal(after.ProvisionedThroughput.ReadCapacityUnits, 0);
    await update({ TableName, BillingMode: "PROVISIONED", ProvisionedThroughput: provisioned(4, 5) });
    after = await describeOf(TableName);
    assert.equal(after.BillingModeSummary.BillingMode, "PROVISIONED");
    assert.equal(after.ProvisionedThroughput.ReadCapacityUnits, 4);
    assert.equal(after.ProvisionedThroughput.WriteCapacityUnits, 5);
  });

  test("changes the throughput of an index", async () => {
    const TableName = await table(
      { pk: "S" },
      {
        BillingMode: "PROVISIONED",
        ProvisionedThroughput: provisioned(2, 2),
        gsi: { byOwner: { keys: { owner: "S" }, ProvisionedThroughput: provisioned(2, 2) } },
      },
    );
    await update({
      TableName,
      GlobalSecondaryIndexUpdates: [{ Update: { IndexName: "byOwner", ProvisionedThroughput: provisioned(6, 7) } }],
    });
    const { GlobalSecondaryIndexes } = await describeOf(TableName);
    assert.equal(GlobalSecondaryIndexes[0].ProvisionedThroughput.ReadCapacityUnits, 6);
    assert.equal(GlobalSecondaryIndexes[0].ProvisionedThroughput.WriteCapacityUnits, 7);
  });

  test("adds an index and fills it from the items that are there", async () => {
    const TableName = await table({ pk: "S" });
    for (let n = 0; n < 60; n++) {
      // Every third item has no owner, every fifth one an owner of the wrong type: neither is indexed.
      const owner = n % 3 === 0 ? {} : n % 5 === 0 ? { owner: n } : { owner: `o${n % 2}` };
      await doc.put({ TableName, Item: { pk: `item ${n}`, n, ...owner } });
    }
    const description = await ddb.updateTable({
      TableName,
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "owner", AttributeType: "S" },
        { AttributeName: "n", AttributeType: "N" },
      ],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: "byOwner",
            KeySchema: [
              { AttributeName: "owner", KeyType: "HASH" },
              { AttributeName: "n", KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "KEYS_ONLY" },
          },
        },
      ],
    });
    const [index] = description.TableDescription.GlobalSecondaryIndexes;
    assert.equal(index.IndexName, "byOwner");
    await active(ddb, TableName);

    const query = (owner) =>
      doc.query({
        TableName,
        IndexName: "byOwner",
        KeyConditionExpression: "#o = :o",
        ExpressionAttributeNames: { "#o": "owner" },
        ExpressionAttributeValues: { ":o": owner },
      });
    const numbers = Array.from({ length: 60 }, (_, n) => n).filter((n) => n % 3 !== 0 && n % 5 !== 0);
    for (const parity of [0, 1]) {
      const { Items } = await query(`o${parity}`);
      assert.deepEqual(
        Items,
        numbers.filter((n) => n % 2 === parity).map((n) => ({ pk: `item ${n}`, owner: `o${parity}`, n })),
      );
    }
    await doc.put({ TableName, Item: { pk: "later", owner: "o9", n: 1 } });
    assert.deepEqual((await query("o9")).Items, [{ pk: "later", owner: "o9", n: 1 }]);
  });

  test("answers with the table UPDATING and the new index CREATING", async () => {
    const TableName = await table({ pk: "S" });
    const { TableDescription } = await ddb.updateTable({
      TableName,
      AttributeDefinitions: [{ AttributeName: "owner", AttributeType: "S" }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: "byOwner",
            KeySchema: [{ AttributeName: "owner", KeyType: "HASH" }],
            Projection: { ProjectionType: "ALL" },
          },
        },
      ],
    });
    assert.equal(TableDescription.TableStatus, "UPDATING");
    assert.equal(TableDescription.GlobalSecondaryIndexes[0].IndexStatus, "CREATING");
    await active(ddb, TableName);
    assert.deepEqual(sorted((await describeOf(TableName)).AttributeDefinitions, "AttributeName"), [
      { AttributeName: "owner", AttributeType: "S" },
      { AttributeName: "pk", AttributeType: "S" },
    ]);
  });

  test("removes an index", async () => {
    const TableName = await table({ pk: "S" }, { gsi: { byOwner: { keys: { owner: "S" } }, byAge: { keys: { age: "N" } } } });
    await doc.put({ TableName, Item: { pk: "a", owner: "o", age: 1 } });
    await ddb.updateTable({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "byOwner" } }] });
    const left = await until(async () => {
      const { GlobalSecondaryIndexes } = await active(ddb, TableName);
      return GlobalSecondaryIndexes.length === 1 && GlobalSecondaryIndexes;
    });
    assert.equal(left[0].IndexName, "byAge");
    await invalid(
      doc.query({
        TableName,
        IndexName: "byOwner",
        KeyConditionExpression: "#o = :o",
        ExpressionAttributeNames: { "#o": "owner" },
        ExpressionAttributeValues: { ":o": "o" },
      }),
      "The table does not have the specified index: byOwner",
    );
    // The attribute is free again: a value of another type is no longer refused.
    await doc.put({ TableName, Item: { pk: "b", owner: 5 } });
  });

  test("forgets the definition of an attribute that only a removed index used", async () => {
    const TableName = await table({ pk: "S" }, { gsi: { byOwner: { keys: { owner: "S" } } } });
    await ddb.updateTable({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "byOwner" } }] });
    const after = await until(async () => {
      const described = await active(ddb, TableName);
      return described.GlobalSecondaryIndexes === undefined && described;
    });
    assert.deepEqual(after.AttributeDefinitions, [{ AttributeName: "pk", AttributeType: "S" }]);
  });

  test("refuses an index that exists", async () => {
    const TableName = await table({ pk: "S" }, { gsi: { byOwner: { keys: { owner: "S" } } } });
    await invalid(
      ddb.updateTable({
        TableName,
        AttributeDefinitions: [{ AttributeName: "owner", AttributeType: "S" }],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: "byOwner",
              KeySchema: [{ AttributeName: "owner", KeyType: "HASH" }],
              Projection: { ProjectionType: "ALL" },
            },
          },
        ],
      }),
      "Attempting to create an index which already exists",
    );
  });

  test("refuses to remove an index that does not exist", async () => {
    const TableName = await table({ pk: "S" });
    await fails(
      ddb.updateTable({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "byOwner" } }] }),
      "ResourceNotFoundException",
      /^Requested resource not found/,
    );
  });

  test("refuses two new indexes at once", async () => {
    const TableName = await table({ pk: "S" });
    const index = (name) => ({
      Create: {
        IndexName: name,
        KeySchema: [{ AttributeName: "owner", KeyType: "HASH" }],
        Projection: { ProjectionType: "ALL" },
      },
    });
    await fails(
      ddb.updateTable({
        TableName,
        AttributeDefinitions: [{ AttributeName: "owner", AttributeType: "S" }],
        GlobalSecondaryIndexUpdates: [index("one"), index("two")],
      }),
      "LimitExceededException",
      "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
    );
  });

  test("refuses a new index whose key has no definition", async () => {
    const TableName = await table({ pk: "S" });
    await fails(
      ddb.updateTable({
        TableName,
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: "byOwner",
              KeySchema: [{ AttributeName: "owner", KeyType: "HASH" }],
              Projection: { ProjectionType: "ALL" },
            },
          },
        ],
      }),
      "ValidationException",
      /./,
    );
  });

  test("turns deletion protection on and off", async () => {
    const TableName = await table({ pk: "S" });
    await update({ TableName, DeletionProtectionEnabled: true });
    assert.equal((await describeOf(TableName)).DeletionProtectionEnabled, true);
    await invalid(
      ddb.deleteTable({ TableName }),
      "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
    );
    await update({ TableName, DeletionProtectionEnabled: false });
    await ddb.deleteTable({ TableName });
    await gone(ddb, TableName);
  });

  test("changes the table class", async () => {
    const TableName = await table({ pk: "S" });
    await update({ TableName, TableClass: "STANDARD_INFREQUENT_ACCESS" });
    const { TableClassSummary } = await describeOf(TableName);
    assert.equal(TableClassSummary.TableClass, "STANDARD_INFREQUENT_ACCESS");
    assert.ok(TableClassSummary.LastUpdateDateTime instanceof Date);
  });

  test("turns a stream on and off", async () => {
    const TableName = await table({ pk: "S" });
    await update({ TableName, StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" } });
    const on = await describeOf(TableName);
    assert.deepEqual(on.StreamSpecification, { StreamEnabled: true, StreamViewType: "KEYS_ONLY" });
    await update({ TableName, StreamSpecification: { StreamEnabled: false } });
    const off = await describeOf(TableName);
    assert.notEqual(off.StreamSpecification?.StreamEnabled, true);
    assert.equal(off.LatestStreamArn, on.LatestStreamArn);
  });

  test("refuses to turn on a stream that is on", async () => {
    const TableName = await table({ pk: "S" }, { StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" } });
    await invalid(
      ddb.updateTable({ TableName, StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" } }),
      "Table already has an enabled stream: TableName: " + TableName,
    );
  });

  test("refuses to turn off a stream that is off", async () => {
    const TableName = await table({ pk: "S" });
    await fails(ddb.updateTable({ TableName, StreamSpecification: { StreamEnabled: false } }), "ValidationException", /stream/);
  });

  test("refuses a request that changes nothing", async () => {
    const TableName = await table({ pk: "S" });
    await invalid(ddb.updateTable({ TableName }), /^At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required$/);
  });

  test("refuses a table that does not exist", async () => {
    await fails(
      ddb.updateTable({ TableName: "no-such-table", BillingMode: "PAY_PER_REQUEST" }),
      "ResourceNotFoundException",
      "Requested resource not found: Table: no-such-table not found",
    );
  });

  test("takes the ARN of the table", async () => {
    const name = await table({ pk: "S" });
    const { TableArn } = await describeOf(name);
    await update({ TableName: TableArn, DeletionProtectionEnabled: true });
    assert.equal((await describeOf(name)).DeletionProtectionEnabled, true);
    await update({ TableName: name, DeletionProtectionEnabled: false });
  });
});

describe("DeleteTable", () => {
  test("answers with the status DELETING, and the table is gone", async () => {
    const TableName = await table({ pk: "S" });
    const { TableDescription } = await ddb.deleteTable({ TableName });
    assert.equal(TableDescription.TableName, TableName);
    assert.equal(TableDescription.TableStatus, "DELETING");
    await gone(ddb, TableName);
    await fails(ddb.getItem({ TableName, Key: { pk: { S: "a" } } }), "ResourceNotFoundException", "Requested resource not found");
  });

  test("deletes the items and the indexes: a new table of the name is empty", async () => {
    const description = { gsi: { byOwner: { keys: { owner: "S" } } } };
    const TableName = await table({ pk: "S" }, description);
    await doc.put({ TableName, Item: { pk: "a", owner: "o" } });
    await ddb.deleteTable({ TableName });
    await gone(ddb, TableName);
    await table({ pk: "S" }, { TableName, ...description });
    assert.equal((await doc.scan({ TableName })).Count, 0);
    assert.equal((await doc.scan({ TableName, IndexName: "byOwner" })).Count, 0);
    assert.equal((await doc.get({ TableName, Key: { pk: "a" } })).Item, undefined);
  });

  test("refuses a table that does not exist", async () => {
    await fails(
      ddb.deleteTable({ TableName: "no-such-table" }),
      "ResourceNotFoundException",
      "Requested resource not found: Table: no-such-table not found",
    );
  });

  test("takes the ARN of the table", async () => {
    const name = await table({ pk: "S" });
    await ddb.deleteTable({ TableName: (await describeOf(name)).TableArn });
    await gone(ddb, name);
  });
});

describe("TableName as an ARN", () => {
  test("is taken by every operation on items", async () => {
    const name = await table({ pk: "S" });
    const TableName = (await describeOf(name)).TableArn;
    await doc.put({ TableName, Item: { pk: "a", n: 1 } });
    await doc.update({ TableName, Key: { pk: "a" }, UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": 1 } });
    assert.deepEqual((await doc.get({ TableName, Key: { pk: "a" } })).Item, { pk: "a", n: 2 });
    const query = { TableName, KeyConditionExpression: "pk = :a", ExpressionAttributeValues: { ":a": "a" } };
    assert.equal((await doc.query(query)).Count, 1);
    assert.equal((await doc.scan({ TableName })).Count, 1);
    await doc.delete({ TableName, Key: { pk: "a" } });
    assert.equal((await doc.scan({ TableName: name })).Count, 0);
  });

  test("is taken by the batch operations, which answer with the name as it was given", async () => {
    const name = await table({ pk: "S" });
    const arn = (await describeOf(name)).TableArn;
    await doc.batchWrite({ RequestItems: { [arn]: [{ PutRequest: { Item: { pk: "a" } } }] } });
    const { Responses } = await doc.batchGet({ RequestItems: { [arn]: { Keys: [{ pk: "a" }] } } });
    assert.deepEqual(Responses, { [arn]: [{ pk: "a" }] });
  });

  test("is refused if it is not the ARN of a table", async () => {
    for (const TableName of ["arn:aws:dynamodb:us-east-1:000000000000:table/", "arn:aws:dynamodb:us-east-1:000000000000:index/a", "arn:aws:dynamodb"]) {
      await fails(ddb.getItem({ TableName, Key: { pk: { S: "a" } } }), "ValidationException", /./);
    }
  });
});

describe("DescribeLimits and DescribeEndpoints", () => {
  test("DescribeLimits answers with AWS's figures", async () => {
    const limits = await ddb.describeLimits({});
    delete limits.$metadata;
    assert.deepEqual(limits, {
      AccountMaxReadCapacityUnits: 80000,
      AccountMaxWriteCapacityUnits: 80000,
      TableMaxReadCapacityUnits: 40000,
      TableMaxWriteCapacityUnits: 40000,
    });
  });

  test("DescribeEndpoints answers with the address that the client used", async () => {
    const { Endpoints } = await ddb.describeEndpoints({});
    assert.deepEqual(Endpoints, [{ Address: new URL(endpoint).host, CachePeriodInMinutes: 1440 }]);
  });
});
