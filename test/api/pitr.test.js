// Point-in-time recovery: is it turned on, described and refused as on AWS, and is a restored table what it was then?

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { region } from "../lib/server.js";
import { active, fails, invalid, open, pages, sorted, uniqueName, until } from "../lib/turntable.js";

const { ddb, doc, table, made } = await open();

const update = async (TableName, PointInTimeRecoverySpecification) =>
  (await ddb.updateContinuousBackups({ TableName, PointInTimeRecoverySpecification })).ContinuousBackupsDescription;
const enable = (TableName, more = {}) => update(TableName, { PointInTimeRecoveryEnabled: true, ...more });
const disable = (TableName) => update(TableName, { PointInTimeRecoveryEnabled: false });
const describeTable = async (TableName) =>
  (await ddb.describeContinuousBackups({ TableName })).ContinuousBackupsDescription;
const recovery = async (TableName) => (await describeTable(TableName)).PointInTimeRecoveryDescription;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
/** A millisecond that is over, and after which nothing that comes later will be said to have happened. */
const now = async () => {
  const time = new Date();
  await until(() => Date.now() > time.getTime() + 1);
  return time;
};
const restore = async (input) => {
  const TargetTableName = uniqueName("-restored");
  made.push(TargetTableName);
  const { TableDescription } = await ddb.restoreTableToPointInTime({ TargetTableName, ...input });
  return { TargetTableName, TableDescription, Table: await active(ddb, TargetTableName) };
};
const items = async (TableName) => (await pages((input) => doc.scan(input), { TableName })).Items;

describe("continuous backups", () => {
  test("are there from the start, and recovery is off", async () => {
    const TableName = await table({ id: "S" });
    assert.deepEqual(await describeTable(TableName), {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "DISABLED" },
    });
  });

  test("are turned on and off, with a period", async () => {
    const TableName = await table({ id: "S" });
    const before = Date.now();
    const answer = await enable(TableName);
    assert.equal(answer.ContinuousBackupsStatus, "ENABLED");
    const first = await recovery(TableName);
    assert.equal(first.PointInTimeRecoveryStatus, "ENABLED");
    assert.equal(first.RecoveryPeriodInDays, 35);
    assert.ok(first.EarliestRestorableDateTime >= before && first.EarliestRestorableDateTime <= Date.now() + 1000);
    assert.ok(first.LatestRestorableDateTime >= first.EarliestRestorableDateTime);

    await enable(TableName, { RecoveryPeriodInDays: 1 });
    const second = await recovery(TableName);
    assert.equal(second.RecoveryPeriodInDays, 1);
    assert.deepEqual(second.EarliestRestorableDateTime, first.EarliestRestorableDateTime);
    await enable(TableName); // AWS: "If no value is provided, the value will default to 35"
    assert.equal((await recovery(TableName)).RecoveryPeriodInDays, 35);

    assert.deepEqual((await disable(TableName)).PointInTimeRecoveryDescription, { PointInTimeRecoveryStatus: "DISABLED" });
    assert.deepEqual(await recovery(TableName), { PointInTimeRecoveryStatus: "DISABLED" });
    await until(() => Date.now() > first.EarliestRestorableDateTime.getTime() + 1000);
    await enable(TableName);
    assert.ok((await recovery(TableName)).EarliestRestorableDateTime > first.EarliestRestorableDateTime, "a new window begins");
  });

  test("check their parameters", async () => {
    const TableName = await table({ id: "S" });
    await invalid(
      ddb.updateContinuousBackups({}),
      "2 validation errors detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null; Value " +
        "null at 'pointInTimeRecoverySpecification' failed to satisfy constraint: Member must not be null",
    );
    await invalid(
      update(TableName, { RecoveryPeriodInDays: 0 }),
      "2 validation errors detected: Value null at 'pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled' failed to " +
        "satisfy constraint: Member must not be null; Value '0' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' " +
        "failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
    await invalid(enable(TableName, { RecoveryPeriodInDays: 36 }), /Member must have value less than or equal to 35$/);
    await invalid(ddb.describeContinuousBackups({}), /Value null at 'tableName'/);
    await invalid(ddb.describeContinuousBackups({ TableName: "a" }), /^Invalid table\/index name/);
    for (const request of [() => ddb.describeContinuousBackups({ TableName: "nowhere" }), () => enable("nowhere")])
      await fails(request(), "TableNotFoundException", "Table not found: nowhere");
  });
});

describe("a restore to a point in time", () => {
  test("gives the items of that moment, again and again", async () => {
    const TableName = await table({ id: "S", n: "N" }, { gsi: { byState: { keys: { state: "S" } } } });
    for (let n = 0; n < 20; n++) await doc.put({ TableName, Item: { id: "a", n, state: "before" } });
    await enable(TableName);
    const moments = [];
    for (let step = 0; step < 6; step++) {
      for (let n = step; n < 20; n += 3) {
        if ((n + step) % 4 === 0) await doc.delete({ TableName, Key: { id: "a", n } });
        else await doc.put({ TableName, Item: { id: "a", n, state: `step ${step}` } });
      }
      moments.push({ time: await now(), items: await items(TableName) });
    }
    for (const moment of moments) {
      const { TargetTableName, Table, TableDescription } = await restore({ SourceTableName: TableName, RestoreDateTime: moment.time });
      assert.deepEqual(sorted(await items(TargetTableName), "n"), sorted(moment.items, "n"));
      assert.equal(Table.ItemCount, moment.items.length);
      const { Items } = await doc.scan({ TableName: TargetTableName, IndexName: "byState" });
      assert.deepEqual(sorted(Items, "n"), sorted(moment.items, "n"));
      const { Table: source } = await ddb.describeTable({ TableName });
      const summary = { SourceTableArn: source.TableArn, RestoreDateTime: moment.time };
      assert.deepEqual(TableDescription.RestoreSummary, { ...summary, RestoreInProgress: true });
      assert.deepEqual(Table.RestoreSummary, { ...summary, RestoreInProgress: false });
    }
  });

  test("takes whole seconds, the latest time, and the source's ARN", async () => {
    const TableName = await table({ id: "S" });
    await doc.put({ TableName, Item: { id: "a", text: "first" } });
    await enable(TableName);
    const second = (await recovery(TableName)).EarliestRestorableDateTime;
    await until(() => Date.now() > second.getTime() + 1);
    await doc.put({ TableName, Item: { id: "a", text: "second" } });
    await now();
    const { Table } = await ddb.describeTable({ TableName });

    const early = await restore({ SourceTableArn: Table.TableArn, RestoreDateTime: second });
    assert.deepEqual(await items(early.TargetTableName), [{ id: "a", text: "first" }]);
    const latest = await restore({ SourceTableArn: Table.TableArn, SourceTableName: TableName, UseLatestRestorableTime: true });
    assert.deepEqual(await items(latest.TargetTableName), [{ id: "a", text: "second" }]);
  });

  test("takes overrides, and the source's settings of now", async () => {
    const TableName = await table({ id: "S" }, { gsi: { byOne: { keys: { one: "S" } }, byTwo: { keys: { two: "S" } } } });
    await doc.put({ TableName, Item: { id: "a", one: "1", two: "2" } });
    await enable(TableName);
    await now();
    await ddb.updateTable({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "byOne" } }] });
    await until(async () => (await ddb.describeTable({ TableName })).Table.GlobalSecondaryIndexes.length === 1);
    const { Table } = await restore({ SourceTableName: TableName, UseLatestRestorableTime: true });
    assert.deepEqual(Table.GlobalSecondaryIndexes.map(({ IndexName, ItemCount }) => [IndexName, ItemCount]), [["byTwo", 1]]);
    const other = await restore({
      SourceTableName: TableName,
      UseLatestRestorableTime: true,
      GlobalSecondaryIndexOverride: [],
      BillingModeOverride: "PROVISIONED",
      ProvisionedThroughputOverride: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 },
    });
    assert.equal(other.Table.GlobalSecondaryIndexes, undefined);
    assert.equal(other.Table.ProvisionedThroughput.WriteCapacityUnits, 2);
    await invalid(
      ddb.restoreTableToPointInTime({
        SourceTableName: TableName,
        TargetTableName: uniqueName(),
        UseLatestRestorableTime: true,
        GlobalSecondaryIndexOverride: [
          { ...Table.GlobalSecondaryIndexes[0], ProvisionedThroughput: undefined, WarmThroughput: { ReadUnitsPerSecond: 1 } },
        ],
      }),
      /WarmThroughput is not supported/,
    );
  });

  test("works on a restored table too", async () => {
    const TableName = await table({ id: "S" });
    await doc.put({ TableName, Item: { id: "a", n: 1 } });
    await enable(TableName);
    await now();
    const { TargetTableName } = await restore({ SourceTableName: TableName, UseLatestRestorableTime: true });
    await enable(TargetTableName);
    const time = await now();
    await doc.put({ TableName: TargetTableName, Item: { id: "a", n: 2 } });
    await doc.put({ TableName, Item: { id: "a", n: 3 } });
    const again = await restore({ SourceTableName: TargetTableName, RestoreDateTime: time });
    assert.deepEqual(await items(again.TargetTableName), [{ id: "a", n: 1 }]);
  });

  test("is refused outside of the window", async () => {
    const TableName = await table({ id: "S" });
    const message =
      "An invalid restore time was specified. RestoreDateTime must be between EarliestRestorableDateTime and LatestRestorableDateTime.";
    const to = (RestoreDateTime) =>
      ddb.restoreTableToPointInTime({ SourceTableName: TableName, TargetTableName: uniqueName(), RestoreDateTime });
    const off = `Point in time recovery is not enabled for table '${TableName}'`;
    const before = await now();
    await fails(to(before), "PointInTimeRecoveryUnavailableException", off);
    await enable(TableName);
    await fails(to(before), "InvalidRestoreTimeException", message);
    await fails(to(new Date(Date.now() + 60_000)), "InvalidRestoreTimeException", message);
    await fails(to(new Date(0)), "InvalidRestoreTimeException", message);
    const within = await now();
    await disable(TableName);
    await fails(to(within), "PointInTimeRecoveryUnavailableException", off);
    await enable(TableName);
    await fails(to(within), "InvalidRestoreTimeException", message);
  });

  test("checks its parameters", async () => {
    const TableName = await table({ id: "S" });
    await enable(TableName);
    const TargetTableName = uniqueName();
    const call = (input) => ddb.restoreTableToPointInTime({ TargetTableName, ...input });
    const latest = { UseLatestRestorableTime: true };
    await invalid(
      ddb.restoreTableToPointInTime({ SourceTableName: "a" }),
      "2 validation errors detected: Value 'a' at 'sourceTableName' failed to satisfy constraint: Member must have length " +
        "greater than or equal to 3; Value null at 'targetTableName' failed to satisfy constraint: Member must not be null",
    );
    await invalid(call({ SourceTableName: TableName, BillingModeOverride: "FREE" }), /enum value set/);
    await invalid(call({ SourceTableName: TableName }), /One of RestoreDateTime or UseLatestRestorableTime must be specified$/);
    await invalid(call({ SourceTableName: TableName, UseLatestRestorableTime: false }), /One of RestoreDateTime or UseLatestRestorableTime/);
    await invalid(call({ SourceTableName: TableName, RestoreDateTime: new Date(), ...latest }), /Only one of RestoreDateTime and/);
    await invalid(call(latest), /One of SourceTableArn or SourceTableName must be specified$/);
    await invalid(call({ SourceTableArn: "arn:aws:s3:::bucket", ...latest }), "Invalid SourceTableArn: arn:aws:s3:::bucket");
    const arn = `arn:aws:dynamodb:${region}:000000000000:table/other`;
    await invalid(call({ SourceTableArn: arn, SourceTableName: TableName, ...latest }), /name different tables$/);
    await fails(call({ SourceTableArn: arn, ...latest }), "TableNotFoundException", "Table not found: other");
    await fails(call({ SourceTableName: "nowhere", ...latest }), "TableNotFoundException", "Table not found: nowhere");
    await pause(2);
    await fails(
      call({ SourceTableName: TableName, TargetTableName: TableName, ...latest }),
      "TableAlreadyExistsException",
      `Table already exists: ${TableName}`,
    );
  });
});
