// The limits of tables, as AWS documents them: how many there are, what they are provisioned with, how often that is decreased, what
// their indexes project, and the maxima and warm throughput of on-demand tables.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { elsewhere } from "../lib/server.js";
import { active, fails, invalid, open, tableInput, uniqueName } from "../lib/turntable.js";

const { ddb, made, table } = await open();
const wrong = "One or more parameter values were invalid: ";
const units = (ReadCapacityUnits, WriteCapacityUnits) => ({ ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits } });
const provisioned = (read, write) => ({ BillingMode: "PROVISIONED", ...units(read, write) });
const create = (description) => {
  const input = { ...tableInput({ pk: "S" }, description), TableName: uniqueName() };
  made.push(input.TableName);
  return ddb.createTable(input);
};
const limit = (request, message) => fails(request, "LimitExceededException", `Subscriber limit exceeded: ${message}`);

describe("provisioned throughput", () => {
  const gsi = (read, write) => ({ gsi: { byOwner: { keys: { owner: "S" }, ...units(read, write) } } });

  test("is 40,000 units at most for a table with its global indexes", async () => {
    await limit(create(provisioned(40_001, 1)), "ReadCapacityUnits of 40001 would exceed the limit of 40000 per table");
    await limit(create(provisioned(1, 40_001)), "WriteCapacityUnits of 40001 would exceed the limit of 40000 per table");
    await limit(create({ ...provisioned(39_999, 1), ...gsi(2, 1) }), "ReadCapacityUnits of 40001 would exceed the limit of 40000 per table");
    const TableName = await table({ pk: "S" }, { ...provisioned(39_990, 1), ...gsi(10, 1) });
    await limit(
      ddb.updateTable({ TableName, ...units(39_991, 1) }),
      "ReadCapacityUnits of 40001 would exceed the limit of 40000 per table",
    );
    await limit(
      ddb.updateTable({ TableName, GlobalSecondaryIndexUpdates: [{ Update: { IndexName: "byOwner", ...units(10, 40_000) } }] }),
      "WriteCapacityUnits of 40001 would exceed the limit of 40000 per table",
    );
    await ddb.updateTable({ TableName, ...units(1, 1) });
    await ddb.deleteTable({ TableName });
  });

  test("is 80,000 units at most for all tables", { skip: elsewhere }, async () => {
    const own = await open();
    const make = (read, write) => own.table({ pk: "S" }, provisioned(read, write));
    await make(40_000, 1);
    const second = await make(39_000, 40_000);
    await make(1_000, 39_999);
    await limit(make(1, 1), "ReadCapacityUnits of 80001 would exceed the limit of 80000 per account");
    await limit(
      own.ddb.updateTable({ TableName: second, ...units(39_001, 40_000) }),
      "ReadCapacityUnits of 80001 would exceed the limit of 80000 per account",
    );
    await own.ddb.updateTable({ TableName: second, ...units(38_000, 40_000) }); // less is never too much
    await own.table({ pk: "S" }); // on demand
  });

  test("is decreased four times at once, of the table and of an index", async () => {
    const TableName = await table({ pk: "S" }, { ...provisioned(10, 10), ...gsi(10, 10) });
    const lower = (read) => ddb.updateTable({ TableName, ...units(read, 20) });
    const lowerIndex = (read) => ddb.updateTable({ TableName, GlobalSecondaryIndexUpdates: [{ Update: { IndexName: "byOwner", ...units(read, 20) } }] });
    const tooOften =
      /^Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day\. After the first 4 decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds\. Number of decreases today: 4\. Last decrease at .* UTC\. Next decrease can be made at .* UTC$/;
    for (const request of [lower, lowerIndex]) {
      for (const read of [9, 8, 7, 6]) await request(read);
      await fails(request(5), "LimitExceededException", tooOften);
      await request(7); // an increase
    }
    const { ProvisionedThroughput, GlobalSecondaryIndexes } = await active(ddb, TableName);
    for (const throughput of [ProvisionedThroughput, GlobalSecondaryIndexes[0].ProvisionedThroughput]) {
      assert.equal(throughput.NumberOfDecreasesToday, 4);
      assert.equal(throughput.ReadCapacityUnits, 7);
    }
  });
});

describe("the maxima of an on-demand table", () => {
  const bad = (member, value) => `${wrong}${member} of OnDemandThroughput is -1 for no maximum, or at least 1, not ${value}`;
  const none = `${wrong}OnDemandThroughput must have MaxReadRequestUnits, MaxWriteRequestUnits, or both`;
  const index = (OnDemandThroughput) => ({ gsi: { byOwner: { keys: { owner: "S" }, OnDemandThroughput } } });

  test("are -1 or at least 1, and at least one of them", async () => {
    for (const describe of [(OnDemandThroughput) => ({ OnDemandThroughput }), index]) {
      await invalid(create(describe({})), none);
      await invalid(create(describe({ MaxReadRequestUnits: 0 })), bad("MaxReadRequestUnits", 0));
      await invalid(create(describe({ MaxReadRequestUnits: 1, MaxWriteRequestUnits: -2 })), bad("MaxWriteRequestUnits", -2));
    }
    const { TableDescription } = await create({ OnDemandThroughput: { MaxReadRequestUnits: 1, MaxWriteRequestUnits: -1 } });
    assert.deepEqual(TableDescription.OnDemandThroughput, { MaxReadRequestUnits: 1, MaxWriteRequestUnits: -1 });
  });

  test("change one by one", async () => {
    const TableName = await table({ pk: "S" }, { OnDemandThroughput: { MaxReadRequestUnits: 5, MaxWriteRequestUnits: 6 }, ...index({ MaxReadRequestUnits: 7 }) });
    await ddb.updateTable({ TableName, OnDemandThroughput: { MaxWriteRequestUnits: 8 } });
    await ddb.updateTable({
      TableName,
      GlobalSecondaryIndexUpdates: [{ Update: { IndexName: "byOwner", OnDemandThroughput: { MaxWriteRequestUnits: 9 } } }],
    });
    const told = await active(ddb, TableName);
    assert.deepEqual(told.OnDemandThroughput, { MaxReadRequestUnits: 5, MaxWriteRequestUnits: 8 });
    assert.deepEqual(told.GlobalSecondaryIndexes[0].OnDemandThroughput, { MaxReadRequestUnits: 7, MaxWriteRequestUnits: 9 });
    await ddb.updateTable({ TableName, OnDemandThroughput: { MaxReadRequestUnits: -1, MaxWriteRequestUnits: -1 } });
    assert.equal((await active(ddb, TableName)).OnDemandThroughput, undefined);
    await invalid(ddb.updateTable({ TableName, OnDemandThroughput: {} }), none);
    await invalid(ddb.updateTable({ TableName, OnDemandThroughput: { MaxReadRequestUnits: 0 } }), bad("MaxReadRequestUnits", 0));
  });

  test("are none of a provisioned table", async () => {
    const only = `${wrong}OnDemandThroughput can only be specified when BillingMode is PAY_PER_REQUEST`;
    await invalid(create({ ...provisioned(1, 1), OnDemandThroughput: { MaxReadRequestUnits: 1 } }), only);
    await invalid(
      create({ ...provisioned(1, 1), gsi: { byOwner: { keys: { owner: "S" }, ...units(1, 1), OnDemandThroughput: { MaxReadRequestUnits: 1 } } } }),
      only,
    );
    const TableName = await table({ pk: "S" }, { OnDemandThroughput: { MaxReadRequestUnits: 5 } });
    await ddb.updateTable({ TableName, ...provisioned(1, 1) });
    await invalid(ddb.updateTable({ TableName, OnDemandThroughput: { MaxReadRequestUnits: 1 } }), only);
    assert.equal((await active(ddb, TableName)).OnDemandThroughput, undefined);
  });
});

describe("warm throughput", () => {
  const lower = (member, of = "table") =>
    `${wrong}Requested ${member} for WarmThroughput for ${of} is lower than current WarmThroughput, decreasing WarmThroughput is not supported`;
  const warm = ({ WarmThroughput: w }) => [w.ReadUnitsPerSecond, w.WriteUnitsPerSecond, w.Status];

  test("of an on-demand table is 12,000 reads and 4,000 writes at least", async () => {
    await invalid(create({ WarmThroughput: { ReadUnitsPerSecond: 11_999 } }), lower("ReadUnitsPerSecond"));
    await invalid(create({ WarmThroughput: { WriteUnitsPerSecond: 0 } }), lower("WriteUnitsPerSecond"));
    await invalid(
      create({ gsi: { byOwner: { keys: { owner: "S" }, WarmThroughput: { ReadUnitsPerSecond: -1 } } } }),
      lower("ReadUnitsPerSecond", "index byOwner"),
    );
    const { TableDescription } = await create({
      WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4_001 },
      gsi: { byOwner: { keys: { owner: "S" }, WarmThroughput: { ReadUnitsPerSecond: 13_000 } } },
    });
    assert.deepEqual(warm(TableDescription), [12_000, 4_001, "ACTIVE"]);
    assert.deepEqual(warm(TableDescription.GlobalSecondaryIndexes[0]), [13_000, 4_000, "ACTIVE"]);
  });

  test("only grows", async () => {
    const TableName = await table({ pk: "S" }, { gsi: { byOwner: { keys: { owner: "S" } } } });
    await ddb.updateTable({ TableName, WarmThroughput: { ReadUnitsPerSecond: 20_000 } });
    await ddb.updateTable({ TableName, WarmThroughput: { WriteUnitsPerSecond: 5_000 } });
    await invalid(ddb.updateTable({ TableName, WarmThroughput: { ReadUnitsPerSecond: 19_999 } }), lower("ReadUnitsPerSecond"));
    const update = (WarmThroughput) => ddb.updateTable({ TableName, GlobalSecondaryIndexUpdates: [{ Update: { IndexName: "byOwner", WarmThroughput } }] });
    await update({ WriteUnitsPerSecond: 6_000 });
    await invalid(update({ WriteUnitsPerSecond: 5_999 }), lower("WriteUnitsPerSecond", "index byOwner"));
    const told = await active(ddb, TableName);
    assert.deepEqual([warm(told), warm(told.GlobalSecondaryIndexes[0])], [
      [20_000, 5_000, "ACTIVE"],
      [12_000, 6_000, "ACTIVE"],
    ]);
  });

  test("of a provisioned table is what it is provisioned with at least", async () => {
    await invalid(create({ ...provisioned(10, 20), WarmThroughput: { WriteUnitsPerSecond: 19 } }), lower("WriteUnitsPerSecond"));
    const { TableDescription } = await create({ ...provisioned(10, 20), WarmThroughput: { ReadUnitsPerSecond: 11 } });
    assert.deepEqual(warm(TableDescription), [11, 20, "ACTIVE"]);
  });
});

test("the projected attributes of all indexes are 100 at most, of one 20", async () => {
  const names = (count, of) => Array.from({ length: count }, (_, i) => `${of}-${i}`);
  const gsi = (counts) =>
    Object.fromEntries(counts.map((count, i) => [`index-${i}`, { keys: { owner: "S" }, projection: names(count, i) }]));
  await invalid(
    create({ gsi: gsi([20, 20, 20, 20, 20, 1]) }),
    `${wrong}Number of NonKeyAttributes in all indexes exceeds the limit of 100 per table`,
  );
  const { TableDescription } = await create({ gsi: gsi([20, 20, 20, 20, 20]) });
  const TableName = TableDescription.TableName;
  await active(ddb, TableName);
  const Create = {
    IndexName: "another",
    KeySchema: [{ AttributeName: "owner", KeyType: "HASH" }],
    Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["one"] },
  };
  await invalid(
    ddb.updateTable({ TableName, GlobalSecondaryIndexUpdates: [{ Create }] }),
    `${wrong}Number of NonKeyAttributes in all indexes exceeds the limit of 100 per table`,
  );
  await invalid(create({ gsi: gsi([21]) }), /^1 validation error detected: Value '\[0-0, .*' at 'globalSecondaryIndexes\.1\.member\.projection\.nonKeyAttributes' failed to satisfy constraint: Member must have length less than or equal to 20$/);
});

test("a table has a schema", async () => {
  const { KeySchema, AttributeDefinitions, ...rest } = { ...tableInput({ pk: "S" }), TableName: uniqueName() };
  const noKeys = "No defined key schema.  A key schema containing at least a hash key must be defined for all tables";
  await invalid(ddb.createTable(rest), noKeys);
  await invalid(ddb.createTable({ ...rest, AttributeDefinitions }), noKeys);
  await invalid(ddb.createTable({ ...rest, KeySchema }), "No Attribute Schema Defined");
});

test("there are 2,500 tables at most", { skip: elsewhere }, async () => {
  const own = await open();
  const input = { ...tableInput({ pk: "S" }) };
  const make = (i) => own.ddb.createTable({ ...input, TableName: `table-${i}` });
  const numbers = Array.from({ length: 2500 }, (_, i) => i).values();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const i of numbers) await make(i);
    }),
  );
  await limit(make("more"), "There is a limit of 2500 tables per subscriber");
  await fails(make(7), "ResourceInUseException", "Table already exists: table-7");
  await own.ddb.deleteTable({ TableName: "table-7" });
  await make("more");
});
