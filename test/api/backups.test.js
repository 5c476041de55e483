// Do backups hold the table as it was, and are they described, listed, restored and refused as AWS does it?

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { debian, environment } from "../lib/programs.js";
import { call } from "../lib/raw.js";
import { elsewhere, region, startServer, temporaryFolder } from "../lib/server.js";
import { active, fails, gone, invalid, makeClient, open, pages, sorted, tableInput, uniqueName, until } from "../lib/turntable.js";

const { ddb, doc, table, made, endpoint } = await open();

const backup = async (TableName, BackupName = "first-backup") =>
  (await ddb.createBackup({ TableName, BackupName })).BackupDetails.BackupArn;
const target = () => {
  const name = uniqueName("-restored");
  made.push(name);
  return name;
};
const restore = async (BackupArn, overrides = {}) => {
  const TargetTableName = target();
  const { TableDescription } = await ddb.restoreTableFromBackup({ TargetTableName, BackupArn, ...overrides });
  assert.equal(TableDescription.TableStatus, "CREATING");
  await active(ddb, TargetTableName);
  return TargetTableName;
};
const items = async (TableName, more = {}) => (await pages((input) => doc.scan(input), { TableName, ...more })).Items;
const numbered = (count, extra = {}) => Array.from({ length: count }, (_, n) => ({ id: `item ${n}`, n, ...extra }));
const putAll = async (TableName, list) => {
  for (let i = 0; i < list.length; i += 25) {
    const requests = list.slice(i, i + 25).map((Item) => ({ PutRequest: { Item } }));
    await doc.batchWrite({ RequestItems: { [TableName]: requests } });
  }
};

describe("a backup", () => {
  test("is the table as it was, whatever happens to the items", async () => {
    const TableName = await table({ id: "S" });
    const before = numbered(60, { state: "old" });
    await putAll(TableName, before);
    const arn = await backup(TableName);
    for (const { id, n } of before) {
      if (n % 3 === 0) await doc.delete({ TableName, Key: { id } });
      if (n % 3 === 1) await doc.put({ TableName, Item: { id, n, state: "new" } });
    }
    await doc.put({ TableName, Item: { id: "later" } });
    const second = await backup(TableName, "second-backup");
    const between = await items(TableName);
    for (const { id } of before) await doc.delete({ TableName, Key: { id } });
    await doc.put({ TableName, Item: { id: "item 0", back: true } });

    assert.deepEqual(sorted(await items(await restore(arn)), "id"), sorted(before, "id"));
    assert.deepEqual(sorted(await items(await restore(second)), "id"), sorted(between, "id"));
  });

  test("of an empty table is an empty table", async () => {
    const TableName = await table({ id: "S", at: "N" });
    const arn = await backup(TableName);
    await doc.put({ TableName, Item: { id: "a", at: 1 } });
    const name = await restore(arn);
    assert.deepEqual(await items(name), []);
    const { Table } = await ddb.describeTable({ TableName: name });
    assert.deepEqual([Table.ItemCount, Table.TableSizeBytes], [0, 0]);
  });

  test("is restored with its indexes, their entries and the counts", async () => {
    const TableName = await table(
      { id: "S", n: "N" },
      {
        gsi: { byOwner: { keys: { owner: "S" }, projection: ["text"] }, byState: { keys: { state: "S" }, projection: "KEYS_ONLY" } },
        lsi: { byText: { keys: { id: "S", text: "S" } } },
      },
    );
    const list = Array.from({ length: 1300 }, (_, n) => ({
      id: `p${n % 7}`,
      n,
      text: "x".repeat(n % 40) + "y",
      ...(n % 2 === 0 && { owner: `o${n % 5}` }),
      ...(n % 3 === 0 && { state: "s" }),
    }));
    await putAll(TableName, list);
    const arn = await backup(TableName);
    const { Table: source } = await ddb.describeTable({ TableName });
    await doc.delete({ TableName, Key: { id: "p0", n: 0 } });

    const name = await restore(arn);
    assert.deepEqual(sorted(await items(name), "n"), list);
    const owned = list.filter(({ owner }) => owner).map(({ state, ...kept }) => kept);
    assert.deepEqual(sorted(await items(name, { IndexName: "byOwner" }), "n"), owned);
    const { Table } = await ddb.describeTable({ TableName: name });
    const sizes = ({ ItemCount, TableSizeBytes, GlobalSecondaryIndexes: g, LocalSecondaryIndexes: l }) => ({
      ItemCount,
      TableSizeBytes,
      indexes: sorted([...g, ...l], "IndexName").map((i) => [i.IndexName, i.ItemCount, i.IndexSizeBytes, i.KeySchema, i.Projection]),
    });
    assert.deepEqual(sizes(Table), sizes(source));
    // and the indexes go on being kept
    await doc.delete({ TableName: name, Key: { id: "p2", n: 2 } });
    assert.equal((await items(name, { IndexName: "byOwner" })).length, owned.length - 1);
  });

  test("is described", async () => {
    const TableName = await table(
      { id: "S", at: "N" },
      {
        gsi: { byOwner: { keys: { owner: "S" }, projection: "KEYS_ONLY", OnDemandThroughput: { MaxReadRequestUnits: 5, MaxWriteRequestUnits: 6 } } },
        lsi: { byName: { keys: { id: "S", name: "S" }, projection: ["more"] } },
        StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
        SSESpecification: { Enabled: true, SSEType: "KMS" },
      },
    );
    await ddb.updateTimeToLive({ TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: "until" } });
    await until(async () => (await ddb.describeTimeToLive({ TableName })).TimeToLiveDescription.TimeToLiveStatus === "ENABLED");
    await doc.put({ TableName, Item: { id: "a", at: 1, owner: "ana" } });
    const { Table } = await ddb.describeTable({ TableName });
    const started = Date.now();
    const { BackupDetails } = await ddb.createBackup({ TableName, BackupName: "My_backup.1-x" });
    const { BackupArn, BackupCreationDateTime } = BackupDetails;
    assert.match(BackupArn, new RegExp(`^${Table.TableArn}/backup/\\d{14}-[0-9a-f]{8}$`));
    assert.ok(BackupCreationDateTime >= started - 1 && BackupCreationDateTime <= Date.now() + 1);
    const details = { BackupArn, BackupName: "My_backup.1-x", BackupSizeBytes: 15, BackupType: "USER", BackupCreationDateTime };
    assert.deepEqual(BackupDetails, { ...details, BackupStatus: "CREATING" });

    const { BackupDescription } = await ddb.describeBackup({ BackupArn });
    assert.deepEqual(BackupDescription, {
      BackupDetails: { ...details, BackupStatus: "AVAILABLE" },
      SourceTableDetails: {
        TableName,
        TableId: Table.TableId,
        TableArn: Table.TableArn,
        TableSizeBytes: 15,
        KeySchema: Table.KeySchema,
        TableCreationDateTime: Table.CreationDateTime,
        ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
        ItemCount: 1,
        BillingMode: "PAY_PER_REQUEST",
      },
      SourceTableFeatureDetails: {
        LocalSecondaryIndexes: [
          {
            IndexName: "byName",
            KeySchema: Table.LocalSecondaryIndexes[0].KeySchema,
            Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["more"] },
          },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: "byOwner",
            KeySchema: Table.GlobalSecondaryIndexes[0].KeySchema,
            Projection: { ProjectionType: "KEYS_ONLY" },
            ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
            OnDemandThroughput: { MaxReadRequestUnits: 5, MaxWriteRequestUnits: 6 },
          },
        ],
        StreamDescription: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
        TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: "until" },
        SSEDescription: Table.SSEDescription,
      },
    });
  });

  test("outlives its table, and a table of the same name", async () => {
    const TableName = await table({ id: "S" });
    const list = numbered(30);
    await putAll(TableName, list);
    const arn = await backup(TableName);
    await doc.delete({ TableName, Key: { id: "item 7" } });
    await ddb.deleteTable({ TableName });
    await gone(ddb, TableName);
    await ddb.createTable({ TableName, ...tableInput({ other: "N" }) });
    await active(ddb, TableName);
    await doc.put({ TableName, Item: { other: 1 } });

    assert.deepEqual(sorted(await items(await restore(arn)), "n"), list);
    assert.equal((await ddb.describeBackup({ BackupArn: arn })).BackupDescription.SourceTableDetails.ItemCount, 30);
    await ddb.deleteBackup({ BackupArn: arn });
    assert.deepEqual(await items(TableName), [{ other: 1 }]);
  });

  test("is gone once it is deleted, and the others stay", async () => {
    const TableName = await table({ id: "S" });
    await putAll(TableName, numbered(5));
    const first = await backup(TableName);
    await doc.put({ TableName, Item: { id: "item 0", n: 100 } });
    const second = await backup(TableName);
    const { BackupDescription } = await ddb.deleteBackup({ BackupArn: first });
    assert.equal(BackupDescription.BackupDetails.BackupStatus, "DELETED");
    assert.equal(BackupDescription.SourceTableDetails.TableName, TableName);
    await doc.put({ TableName, Item: { id: "item 0", n: 200 } });
    for (const request of [() => ddb.describeBackup({ BackupArn: first }), () => ddb.deleteBackup({ BackupArn: first }),
      () => ddb.restoreTableFromBackup({ BackupArn: first, TargetTableName: uniqueName() })])
      await fails(request(), "BackupNotFoundException", `Backup not found: ${first}`);
    assert.deepEqual(sorted(await items(await restore(second)), "n").at(-1), { id: "item 0", n: 100 });
  });
});

describe("CreateBackup", () => {
  test("checks its parameters", async () => {
    const TableName = await table({ id: "S" });
    await invalid(
      ddb.createBackup({}),
      "2 validation errors detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'backupName' failed to satisfy constraint: Member must not be null",
    );
    await invalid(
      ddb.createBackup({ TableName, BackupName: "a!" }),
      "2 validation errors detected: Value 'a!' at 'backupName' failed to satisfy constraint: Member must satisfy regular " +
        "expression pattern: [a-zA-Z0-9_.-]+; Value 'a!' at 'backupName' failed to satisfy constraint: Member must have " +
        "length greater than or equal to 3",
    );
    await invalid(
      ddb.createBackup({ TableName, BackupName: "x".repeat(256) }),
      /Member must have length less than or equal to 255$/,
    );
    await ddb.createBackup({ TableName, BackupName: "x".repeat(255) });
    await fails(ddb.createBackup({ TableName: "nowhere", BackupName: "abc" }), "TableNotFoundException", "Table not found: nowhere");
    await invalid(ddb.createBackup({ TableName: "a", BackupName: "abc" }), /^Invalid table\/index name/);
  });

  test("takes the table's ARN", async () => {
    const TableName = await table({ id: "S" });
    const { Table } = await ddb.describeTable({ TableName });
    assert.ok((await backup(Table.TableArn)).startsWith(Table.TableArn));
  });
});

describe("operations on one backup", () => {
  const nowhere = `arn:aws:dynamodb:${region}:000000000000:table/nothing/backup/01489602797149-73d8d5bc`;

  test("check the ARN", async () => {
    for (const operation of ["describeBackup", "deleteBackup"]) {
      await invalid(
        ddb[operation]({}),
        "1 validation error detected: Value null at 'backupArn' failed to satisfy constraint: Member must not be null",
      );
      await invalid(ddb[operation]({ BackupArn: "x".repeat(36) }), /Member must have length greater than or equal to 37$/);
      await invalid(ddb[operation]({ BackupArn: "x".repeat(1025) }), /Member must have length less than or equal to 1024$/);
      await fails(ddb[operation]({ BackupArn: nowhere }), "BackupNotFoundException", `Backup not found: ${nowhere}`);
      const nothing = "x".repeat(40);
      await fails(ddb[operation]({ BackupArn: nothing }), "BackupNotFoundException", `Backup not found: ${nothing}`);
    }
  });

  test("do not take the name of another table", async () => {
    const TableName = await table({ id: "S" });
    const other = (await backup(TableName)).replace(TableName, "another");
    await fails(ddb.describeBackup({ BackupArn: other }), "BackupNotFoundException", `Backup not found: ${other}`);
  });
});

describe("ListBackups", () => {
  const names = (answer) => answer.BackupSummaries.map(({ BackupName }) => BackupName);

  test("filters by table, time and type, and pages", async () => {
    const TableName = await table({ id: "S" });
    const other = await table({ id: "S" });
    const arns = [];
    for (let i = 0; i < 5; i++) {
      arns.push(await backup(TableName, `number-${i}`));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await backup(other, "elsewhere");

    const all = await ddb.listBackups({ TableName });
    assert.deepEqual(names(all), ["number-0", "number-1", "number-2", "number-3", "number-4"]);
    assert.equal(all.LastEvaluatedBackupArn, undefined);
    const { Table } = await ddb.describeTable({ TableName });
    assert.deepEqual(all.BackupSummaries[0], {
      TableName,
      TableId: Table.TableId,
      TableArn: Table.TableArn,
      BackupArn: arns[0],
      BackupName: "number-0",
      BackupCreationDateTime: all.BackupSummaries[0].BackupCreationDateTime,
      BackupStatus: "AVAILABLE",
      BackupType: "USER",
      BackupSizeBytes: 0,
    });
    assert.deepEqual(names(await ddb.listBackups({ TableName: Table.TableArn })), names(all));
    assert.ok(names(await ddb.listBackups({})).includes("elsewhere"));

    const seen = [];
    let ExclusiveStartBackupArn;
    do {
      const page = await ddb.listBackups({ TableName, Limit: 2, ExclusiveStartBackupArn });
      assert.ok(page.BackupSummaries.length <= 2);
      seen.push(...names(page));
      ExclusiveStartBackupArn = page.LastEvaluatedBackupArn;
    } while (ExclusiveStartBackupArn);
    assert.deepEqual(seen, names(all));
    // the page may begin after a backup that is there no longer
    await ddb.deleteBackup({ BackupArn: arns[1] });
    assert.deepEqual(names(await ddb.listBackups({ TableName, ExclusiveStartBackupArn: arns[1] })), ["number-2", "number-3", "number-4"]);

    const times = all.BackupSummaries.map(({ BackupCreationDateTime }) => BackupCreationDateTime);
    const between = { TableName, TimeRangeLowerBound: times[2], TimeRangeUpperBound: times[4] };
    assert.deepEqual(names(await ddb.listBackups(between)), ["number-2", "number-3"]);
    for (const [BackupType, count] of [["USER", 4], ["ALL", 4], ["SYSTEM", 0], ["AWS_BACKUP", 0]])
      assert.equal((await ddb.listBackups({ TableName, BackupType })).BackupSummaries.length, count, BackupType);
  });

  test("of a table that never was is empty", async () => {
    assert.deepEqual((await ddb.listBackups({ TableName: "never-was" })).BackupSummaries, []);
  });

  test("checks its parameters", async () => {
    await invalid(
      ddb.listBackups({ Limit: 0, BackupType: "MINE", ExclusiveStartBackupArn: "short" }),
      "3 validation errors detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than " +
        "or equal to 1; Value 'short' at 'exclusiveStartBackupArn' failed to satisfy constraint: Member must have length " +
        "greater than or equal to 37; Value 'MINE' at 'backupType' failed to satisfy constraint: Member must satisfy enum " +
        "value set: [USER, SYSTEM, AWS_BACKUP, ALL]",
    );
    await invalid(ddb.listBackups({ Limit: 101 }), /Member must have value less than or equal to 100$/);
    await invalid(ddb.listBackups({ TableName: "a" }), /^Invalid table\/index name/);
    await invalid(ddb.listBackups({ ExclusiveStartBackupArn: "x".repeat(40) }), /^Invalid ExclusiveStartBackupArn/);
    for (const [time, message] of [
      ['"now"', "STRING_VALUE cannot be converted to Date"],
      ["true", "TRUE_VALUE cannot be converted to Date"],
      ["1e300", "DECIMAL_VALUE cannot be converted to Date"],
    ]) {
      const { status, json } = await call(endpoint, { target: "ListBackups", body: `{"TimeRangeLowerBound":${time}}` });
      assert.equal(status, 400);
      assert.deepEqual([json.__type, json.Message ?? json.message], ["com.amazon.coral.service#SerializationException", message]);
    }
  });
});

describe("RestoreTableFromBackup", () => {
  const description = {
    gsi: { g1x: { keys: { a: "S" } }, g2x: { keys: { b: "N" }, projection: ["c", "d"] } },
    lsi: { l1x: { keys: { id: "S", c: "S" }, projection: "KEYS_ONLY" } },
  };
  const schema = (...names) => names.map((AttributeName, i) => ({ AttributeName, KeyType: i === 0 ? "HASH" : "RANGE" }));

  test("tells where the table comes from, and takes over what AWS does", async () => {
    const TableName = await table(
      { id: "S", n: "N" },
      {
        ...description,
        Tags: [{ Key: "k", Value: "v" }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
        SSESpecification: { Enabled: true, SSEType: "KMS" },
        DeletionProtectionEnabled: true,
        OnDemandThroughput: { MaxReadRequestUnits: 10, MaxWriteRequestUnits: 20 },
      },
    );
    await ddb.updateTimeToLive({ TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: "until" } });
    const { Table: source } = await ddb.describeTable({ TableName });
    const { BackupArn, BackupCreationDateTime } = (await ddb.createBackup({ TableName, BackupName: "abc" })).BackupDetails;
    const name = target();
    const { TableDescription } = await ddb.restoreTableFromBackup({ TargetTableName: name, BackupArn });
    const summary = { SourceBackupArn: BackupArn, SourceTableArn: source.TableArn, RestoreDateTime: BackupCreationDateTime };
    assert.deepEqual(TableDescription.RestoreSummary, { ...summary, RestoreInProgress: true });
    assert.equal(TableDescription.TableStatus, "CREATING");
    const Table = await active(ddb, name);
    assert.deepEqual(Table.RestoreSummary, { ...summary, RestoreInProgress: false });
    assert.notEqual(Table.TableId, source.TableId);
    for (const same of ["KeySchema", "AttributeDefinitions", "OnDemandThroughput", "SSEDescription"])
      assert.deepEqual(Table[same], source[same], same);
    assert.deepEqual(Table.BillingModeSummary.BillingMode, "PAY_PER_REQUEST");
    const indexes = (list) => sorted(list, "IndexName").map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
    assert.deepEqual(indexes(Table.GlobalSecondaryIndexes), indexes(source.GlobalSecondaryIndexes));
    assert.deepEqual(indexes(Table.LocalSecondaryIndexes), indexes(source.LocalSecondaryIndexes));
    assert.equal(Table.StreamSpecification, undefined);
    assert.equal(Table.LatestStreamArn, undefined);
    assert.equal(Table.DeletionProtectionEnabled, false);
    assert.deepEqual((await ddb.listTagsOfResource({ ResourceArn: Table.TableArn })).Tags, []);
    assert.deepEqual((await ddb.describeTimeToLive({ TableName: name })).TimeToLiveDescription, { TimeToLiveStatus: "DISABLED" });
    const { ContinuousBackupsDescription } = await ddb.describeContinuousBackups({ TableName: name });
    assert.equal(ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus, "DISABLED");
    await ddb.updateTable({ TableName, DeletionProtectionEnabled: false });
  });

  test("with overrides", async () => {
    const TableName = await table({ id: "S", n: "N" }, description);
    await doc.put({ TableName, Item: { id: "i", n: 1, a: "a", b: 2, c: "c", d: "d" } });
    const arn = await backup(TableName);
    const ProvisionedThroughput = { ReadCapacityUnits: 3, WriteCapacityUnits: 4 };
    const g2 = { IndexName: "g2x", KeySchema: schema("b"), Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["d", "c"] } };

    const provisioned = await restore(arn, {
      BillingModeOverride: "PROVISIONED",
      ProvisionedThroughputOverride: ProvisionedThroughput,
      GlobalSecondaryIndexOverride: [{ ...g2, ProvisionedThroughput }],
      LocalSecondaryIndexOverride: [],
      SSESpecificationOverride: { Enabled: true, SSEType: "KMS", KMSMasterKeyId: "alias/mine" },
    });
    const { Table } = await ddb.describeTable({ TableName: provisioned });
    assert.equal(Table.BillingModeSummary, undefined);
    assert.equal(Table.ProvisionedThroughput.WriteCapacityUnits, 4);
    assert.deepEqual(Table.GlobalSecondaryIndexes.map(({ IndexName }) => IndexName), ["g2x"]);
    assert.equal(Table.GlobalSecondaryIndexes[0].ProvisionedThroughput.ReadCapacityUnits, 3);
    assert.equal(Table.LocalSecondaryIndexes, undefined);
    assert.equal(Table.SSEDescription.KMSMasterKeyArn, "alias/mine");
    assert.deepEqual(sorted(Table.AttributeDefinitions, "AttributeName").map(({ AttributeName }) => AttributeName), ["b", "id", "n"]);
    assert.equal((await items(provisioned, { IndexName: "g2x" })).length, 1);

    const onDemand = await restore(arn, {
      OnDemandThroughputOverride: { MaxReadRequestUnits: 7, MaxWriteRequestUnits: 8 },
      GlobalSecondaryIndexOverride: [],
      LocalSecondaryIndexOverride: [{ IndexName: "l1x", KeySchema: schema("id", "c"), Projection: { ProjectionType: "KEYS_ONLY" } }],
    });
    const { Table: second } = await ddb.describeTable({ TableName: onDemand });
    assert.deepEqual(second.OnDemandThroughput, { MaxReadRequestUnits: 7, MaxWriteRequestUnits: 8 });
    assert.equal(second.GlobalSecondaryIndexes, undefined);
    assert.equal(second.LocalSecondaryIndexes.length, 1);

    // and from provisioned to on demand
    const again = await restore(await backup(provisioned), { BillingModeOverride: "PAY_PER_REQUEST" });
    const { Table: third } = await ddb.describeTable({ TableName: again });
    assert.equal(third.BillingModeSummary.BillingMode, "PAY_PER_REQUEST");
    assert.equal(third.GlobalSecondaryIndexes[0].ProvisionedThroughput.ReadCapacityUnits, 0);
    const kept = await restore(await backup(provisioned));
    assert.equal((await ddb.describeTable({ TableName: kept })).Table.GlobalSecondaryIndexes[0].ProvisionedThroughput.ReadCapacityUnits, 3);
  });

  test("refuses overrides that do not fit", async () => {
    const TableName = await table({ id: "S", n: "N" }, description);
    const BackupArn = await backup(TableName);
    const ProvisionedThroughput = { ReadCapacityUnits: 3, WriteCapacityUnits: 4 };
    const g1 = { IndexName: "g1x", KeySchema: schema("a"), Projection: { ProjectionType: "ALL" } };
    const refused = (overrides, message) =>
      invalid(ddb.restoreTableFromBackup({ BackupArn, TargetTableName: uniqueName(), ...overrides }), message);
    const mismatch = "One or more parameter values were invalid: The index g1x does not match an index of the source table";

    await refused({ ProvisionedThroughputOverride: ProvisionedThroughput }, /Neither ReadCapacityUnits nor WriteCapacityUnits can be specified/);
    await refused({ BillingModeOverride: "PROVISIONED" }, /ReadCapacityUnits and WriteCapacityUnits must both be specified/);
    await refused(
      { BillingModeOverride: "PROVISIONED", ProvisionedThroughputOverride: ProvisionedThroughput },
      "One or more parameter values were invalid: ProvisionedThroughput must be specified for index: g1x",
    );
    await refused(
      { BillingModeOverride: "PROVISIONED", ProvisionedThroughputOverride: ProvisionedThroughput, OnDemandThroughputOverride: { MaxReadRequestUnits: 1 } },
      /OnDemandThroughput can only be specified/,
    );
    await refused({ GlobalSecondaryIndexOverride: [{ ...g1, Projection: { ProjectionType: "KEYS_ONLY" } }] }, mismatch);
    await refused({ GlobalSecondaryIndexOverride: [{ ...g1, KeySchema: schema("a", "b") }] }, mismatch);
    await refused(
      { GlobalSecondaryIndexOverride: [{ ...g1, IndexName: "g3x" }] },
      "One or more parameter values were invalid: The index g3x does not match an index of the source table",
    );
    await refused({ LocalSecondaryIndexOverride: [{ ...g1, KeySchema: schema("id", "a") }] }, mismatch);
    await refused({ GlobalSecondaryIndexOverride: [g1, g1] }, "One or more parameter values were invalid: Duplicate index name: g1x");
    await refused({ GlobalSecondaryIndexOverride: [{ ...g1, WarmThroughput: { ReadUnitsPerSecond: 1 } }] }, /WarmThroughput is not supported/);
    await refused({ SSESpecificationOverride: { Enabled: true, SSEType: "AES256" } }, /Only SSEType KMS is supported/);
    await refused({ BillingModeOverride: "FREE" }, /Member must satisfy enum value set: \[PROVISIONED, PAY_PER_REQUEST\]$/);
  });

  test("checks its parameters", async () => {
    const TableName = await table({ id: "S" });
    const BackupArn = await backup(TableName);
    await invalid(
      ddb.restoreTableFromBackup({}),
      "2 validation errors detected: Value null at 'backupArn' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'targetTableName' failed to satisfy constraint: Member must not be null",
    );
    await invalid(ddb.restoreTableFromBackup({ BackupArn, TargetTableName: "a" }), /length greater than or equal to 3$/);
    await invalid(ddb.restoreTableFromBackup({ BackupArn, TargetTableName: "a b c" }), /regular expression pattern/);
    await fails(
      ddb.restoreTableFromBackup({ BackupArn, TargetTableName: TableName }),
      "TableAlreadyExistsException",
      `Table already exists: ${TableName}`,
    );
  });
});

test("a backup of a large table costs next to nothing until items change", { skip: elsewhere }, async () => {
  const folder = temporaryFolder();
  const server = await startServer({ args: ["--data", folder] });
  const client = makeClient(server.endpoint);
  try {
    const TableName = uniqueName();
    await client.createTable({ TableName, ...tableInput({ id: "N" }) });
    await active(client, TableName);
    const text = { S: "x".repeat(50_000) };
    for (let n = 0; n < 200; n += 20) {
      const requests = Array.from({ length: 20 }, (_, i) => ({ PutRequest: { Item: { id: { N: `${n + i}` }, text } } }));
      await client.batchWriteItem({ RequestItems: { [TableName]: requests } });
    }
    const used = () => Number(execFileSync("du", ["-sb", folder]).toString().split("\t")[0]);
    const before = used();
    for (let i = 0; i < 20; i++) await client.createBackup({ TableName, BackupName: `backup-${i}` });
    assert.ok(used() - before < 1_000_000, `20 backups of 10 MB took ${used() - before} bytes`);
  } finally {
    client.destroy();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
});

test("a table with point-in-time recovery leaves a system backup when it is deleted", async () => {
  const TableName = await table({ id: "S" });
  const list = numbered(10);
  await putAll(TableName, list);
  await ddb.updateContinuousBackups({ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } });
  await doc.delete({ TableName, Key: { id: "item 3" } });
  await ddb.deleteTable({ TableName });
  await gone(ddb, TableName);
  assert.deepEqual((await ddb.listBackups({ TableName })).BackupSummaries, []);
  const { BackupSummaries } = await ddb.listBackups({ TableName, BackupType: "SYSTEM" });
  assert.equal(BackupSummaries.length, 1);
  const [{ BackupArn, BackupName, BackupType, BackupCreationDateTime, BackupExpiryDateTime }] = BackupSummaries;
  assert.deepEqual([BackupName, BackupType], [`${TableName}$DeletedTableBackup`, "SYSTEM"]);
  assert.equal(BackupExpiryDateTime - BackupCreationDateTime, 35 * 24 * 60 * 60 * 1000);
  assert.deepEqual(sorted(await items(await restore(BackupArn)), "n"), list.filter(({ n }) => n !== 3));
});

test("a table whose items are being restored is not there for reading and writing, and cannot be changed", async () => {
  const TableName = await table({ id: "S" });
  const text = "x".repeat(20_000);
  for (let count = 500, told = false; !told; count *= 2) {
    await Promise.all([0, 1, 2, 3].map((part) => putAll(TableName, numbered(count / 4, { text }).map((item) => ({ ...item, id: `${part} ${item.id}` })))));
    const BackupArn = await backup(TableName);
    const name = target();
    const { TableDescription } = await ddb.restoreTableFromBackup({ TargetTableName: name, BackupArn });
    const inUse = `Attempt to change a resource which is still in use: Table is being created: ${name}`;
    const refusals = await Promise.allSettled([
      doc.get({ TableName: name, Key: { id: "a" } }),
      doc.put({ TableName: name, Item: { id: "a" } }),
      doc.batchGet({ RequestItems: { [name]: { Keys: [{ id: "a" }] } } }),
      ddb.executeStatement({ Statement: `INSERT INTO "${name}" VALUE {'id': 'a'}` }),
      doc.transactWrite({ TransactItems: [{ Put: { TableName: name, Item: { id: "a" } } }] }),
      ddb.deleteTable({ TableName: name }),
      ddb.updateTable({ TableName: name, DeletionProtectionEnabled: true }),
      ddb.restoreTableFromBackup({ TargetTableName: name, BackupArn }),
      ddb.deleteBackup({ BackupArn }),
      ddb.createBackup({ TableName: name, BackupName: "abc" }),
      ddb.updateContinuousBackups({ TableName: name, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }),
    ]);
    const { Table } = await ddb.describeTable({ TableName: name });
    // If it was over before all were asked, once more with more items; then the table may be deleted and be another one now.
    told = Table.RestoreSummary?.RestoreInProgress && Table.TableId === TableDescription.TableId;
    await until(() => ddb.describeTable({ TableName: name }).then(({ Table }) => Table.TableStatus === "ACTIVE", () => true));
    if (!told) continue;
    assert.equal(Table.TableStatus, "CREATING");
    assert.deepEqual(
      refusals.map(({ reason }) => [reason?.name, reason?.message]),
      [
        ["ResourceNotFoundException", "Requested resource not found"],
        ["ResourceNotFoundException", "Requested resource not found"],
        ["ResourceNotFoundException", "Requested resource not found"],
        ["ResourceNotFoundException", "Requested resource not found"],
        ["ResourceNotFoundException", "Requested resource not found"],
        ["ResourceInUseException", inUse],
        ["ResourceInUseException", inUse],
        ["TableInUseException", `Table is being created: ${name}`],
        ["BackupInUseException", `Backup is being restored to a table: ${BackupArn}`],
        ["TableInUseException", `Table is being created: ${name}`],
        ["ContinuousBackupsUnavailableException", `Backups are being enabled for the table: ${name}. Please retry later`],
      ],
    );
    assert.equal((await ddb.describeTable({ TableName: name })).Table.ItemCount, (await items(name)).length);
  }
});

test("fifty tables are restored at a time", async () => {
  const TableName = await table({ id: "S" });
  for (let count = 200, told = false; !told; count *= 2) {
    await putAll(TableName, numbered(count, { text: "x".repeat(10_000) }));
    const BackupArn = await backup(TableName);
    const names = Array.from({ length: 60 }, target);
    const answers = await Promise.allSettled(names.map((TargetTableName) => ddb.restoreTableFromBackup({ TargetTableName, BackupArn })));
    const refusals = answers.filter(({ reason }) => reason).map(({ reason: { name, message } }) => `${name}: ${message}`);
    const limit = "LimitExceededException: Subscriber limit exceeded: There is a limit of 50 concurrent restores";
    assert.deepEqual([...new Set(refusals)], refusals.length ? [limit] : []);
    assert.ok(refusals.length <= 10);
    told = refusals.length > 0; // otherwise restores were over too soon: once more, with more items
    for (const [i, { value }] of answers.entries()) if (value) await active(ddb, names[i]);
  }
});

const printedBy = (program, args) => execFileSync(program, args, { env: environment }).toString();

test("the AWS CLI and boto3 back up and restore", { skip: elsewhere }, async () => {
  const TableName = await table({ id: "S" });
  await putAll(TableName, numbered(3));
  const aws = (...args) =>
    JSON.parse(printedBy(debian("aws"), ["dynamodb", ...args, "--endpoint-url", endpoint, "--output", "json"]));
  const { BackupDetails } = aws("create-backup", "--table-name", TableName, "--backup-name", "from-cli");
  const name = target();
  aws("restore-table-from-backup", "--target-table-name", name, "--backup-arn", BackupDetails.BackupArn);
  await active(ddb, name);
  assert.equal((await items(name)).length, 3);
  const listed = aws("list-backups", "--table-name", TableName, "--time-range-lower-bound", "2020-01-01");
  assert.deepEqual(listed.BackupSummaries.map(({ BackupName }) => BackupName), ["from-cli"]);

  const program = `
import boto3, sys
client = boto3.client("dynamodb", endpoint_url=sys.argv[1])
arn = client.create_backup(TableName=sys.argv[2], BackupName="from-boto3")["BackupDetails"]["BackupArn"]
details = client.describe_backup(BackupArn=arn)["BackupDescription"]
print(details["SourceTableDetails"]["ItemCount"], details["BackupDetails"]["BackupCreationDateTime"].year > 2000)
client.delete_backup(BackupArn=arn)
`;
  assert.equal(printedBy(debian("python3"), ["-W", "ignore", "-c", program, endpoint, TableName]).trim(), "3 True");
});
