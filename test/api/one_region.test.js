// What AWS has for tables in several Regions, on a server of one: global tables of version 2017.11.29, replicas, and their auto
// scaling. The one Region is described, every other refused.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { region } from "../lib/server.js";
import { active, fails, invalid, open, tableInput, uniqueName } from "../lib/turntable.js";

const { ddb, table } = await open();
const wrong = "One or more parameter values were invalid: ";
const stream = { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } };
const provisioned = (ReadCapacityUnits, WriteCapacityUnits) => ({ ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits } });
const elsewhere = "us-west-2";
const refusedRegion = `A table cannot have a replica in ${elsewhere}: this server serves the Region ${region} only`;
const only = (answer) => (delete answer.$metadata, answer);

const create = (GlobalTableName, ...regions) => ddb.createGlobalTable({ GlobalTableName, ReplicationGroup: regions.map((RegionName) => ({ RegionName })) });
async function globalTable(description) {
  const name = await table({ pk: "S" }, { ...stream, ...description });
  await create(name, region);
  return name;
}

describe("a global table", () => {
  test("of the home Region alone is made, described, listed and undone", async () => {
    const name = await table({ pk: "S" }, stream);
    const made = (await create(name, region)).GlobalTableDescription;
    assert.ok(Math.abs(made.CreationDateTime - Date.now()) < 60_000);
    assert.deepEqual(made, {
      ReplicationGroup: [{ RegionName: region, ReplicaStatus: "CREATING" }],
      GlobalTableArn: `arn:aws:dynamodb::000000000000:global-table/${name}`,
      CreationDateTime: made.CreationDateTime,
      GlobalTableStatus: "CREATING",
      GlobalTableName: name,
    });
    const told = (await ddb.describeGlobalTable({ GlobalTableName: name })).GlobalTableDescription;
    assert.deepEqual(told, { ...made, ReplicationGroup: [{ RegionName: region, ReplicaStatus: "ACTIVE" }], GlobalTableStatus: "ACTIVE" });
    await fails(create(name, region), "GlobalTableAlreadyExistsException", `Global table with name: '${name}' already exists.`);

    await ddb.putItem({ TableName: name, Item: { pk: { S: "a" } } });
    const undone = (await ddb.updateGlobalTable({ GlobalTableName: name, ReplicaUpdates: [{ Delete: { RegionName: region } }] })).GlobalTableDescription;
    assert.equal(undone.GlobalTableStatus, "UPDATING");
    await fails(ddb.describeGlobalTable({ GlobalTableName: name }), "GlobalTableNotFoundException", `Global table with name: '${name}' does not exist.`);
    assert.equal((await ddb.scan({ TableName: name })).Count, 1);
  });

  test("has a table, with a stream, that is empty", async () => {
    await fails(create("no-such-table", region), "TableNotFoundException", "Table not found: no-such-table");
    const plain = await table({ pk: "S" });
    await invalid(create(plain, region), `${wrong}Table ${plain} must have a stream of NEW_AND_OLD_IMAGES to become a global table`);
    const full = await table({ pk: "S" }, stream);
    await ddb.putItem({ TableName: full, Item: { pk: { S: "a" } } });
    await invalid(create(full, region), `${wrong}Table ${full} must be empty to become a global table`);
  });

  test("has no replica in another Region", async () => {
    const name = await table({ pk: "S" }, stream);
    await invalid(create(name, elsewhere), refusedRegion);
    await invalid(create(name, region, elsewhere), refusedRegion);
    await invalid(create(name, region, region), `${wrong}The Region ${region} is there twice`);
    await invalid(create(name), `${wrong}ReplicationGroup must have at least one replica`);
    await invalid(ddb.createGlobalTable({ GlobalTableName: name, ReplicationGroup: [{}] }), `${wrong}RegionName must be specified for each replica`);
    await fails(ddb.describeGlobalTable({ GlobalTableName: name }), "GlobalTableNotFoundException", `Global table with name: '${name}' does not exist.`);
  });

  test("is updated with what its Regions allow", async () => {
    const GlobalTableName = await globalTable();
    const update = (...ReplicaUpdates) => ddb.updateGlobalTable({ GlobalTableName, ReplicaUpdates });
    await invalid(update({ Create: { RegionName: elsewhere } }), refusedRegion);
    await fails(update({ Create: { RegionName: region } }), "ReplicaAlreadyExistsException", `Replica already exists in Region: ${region}`);
    await fails(update({ Delete: { RegionName: elsewhere } }), "ReplicaNotFoundException", `Replica not found in Region: ${elsewhere}`);
    await invalid(update({}), `${wrong}A replica update has either Create or Delete`);
    await invalid(update({ Create: { RegionName: region }, Delete: { RegionName: region } }), `${wrong}A replica update has either Create or Delete`);
    await invalid(update(), `${wrong}ReplicaUpdates must have at least one update`);
    await invalid(update({ Delete: { RegionName: region } }, { Delete: { RegionName: region } }), `${wrong}The Region ${region} is there twice`);
    await invalid(
      update({ Delete: {} }),
      "1 validation error detected: Value null at 'replicaUpdates.1.member.delete.regionName' failed to satisfy constraint: Member must not be null",
    );
    assert.equal((await ddb.describeGlobalTable({ GlobalTableName })).GlobalTableDescription.GlobalTableStatus, "ACTIVE");
    await fails(
      ddb.updateGlobalTable({ GlobalTableName: "no-such-table", ReplicaUpdates: [{ Delete: { RegionName: region } }] }),
      "GlobalTableNotFoundException",
      "Global table with name: 'no-such-table' does not exist.",
    );
  });

  test("is listed by name, page by page", async () => {
    const names = [await globalTable(), await globalTable(), await globalTable()].sort();
    await table({ pk: "S" }, stream); // no global one
    const listed = [];
    let ExclusiveStartGlobalTableName;
    do {
      const page = await ddb.listGlobalTables({ Limit: 2, ExclusiveStartGlobalTableName, RegionName: region });
      assert.ok(page.GlobalTables.length <= 2);
      listed.push(...page.GlobalTables);
      ExclusiveStartGlobalTableName = page.LastEvaluatedGlobalTableName;
    } while (ExclusiveStartGlobalTableName);
    const ours = listed.filter((entry) => names.includes(entry.GlobalTableName));
    assert.deepEqual(ours, names.map((GlobalTableName) => ({ GlobalTableName, ReplicationGroup: [{ RegionName: region }] })));
    assert.deepEqual(only(await ddb.listGlobalTables({ RegionName: elsewhere })), { GlobalTables: [] });
    await invalid(
      ddb.listGlobalTables({ Limit: 0, ExclusiveStartGlobalTableName: "a" }),
      "2 validation errors detected: Value 'a' at 'exclusiveStartGlobalTableName' failed to satisfy constraint: Member must have length greater than or equal to 3; " +
        "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
  });

  test("has a name of 3 to 255 letters, digits and signs", async () => {
    await invalid(
      create("a!", region),
      "2 validation errors detected: Value 'a!' at 'globalTableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; " +
        "Value 'a!' at 'globalTableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
    );
    for (const request of ["describeGlobalTable", "describeGlobalTableSettings", "updateGlobalTableSettings"]) {
      await invalid(ddb[request]({}), "1 validation error detected: Value null at 'globalTableName' failed to satisfy constraint: Member must not be null");
    }
    await invalid(
      ddb.createGlobalTable({}),
      "2 validation errors detected: Value null at 'globalTableName' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'replicationGroup' failed to satisfy constraint: Member must not be null",
    );
  });
});

describe("the settings of a global table", () => {
  const off = { AutoScalingDisabled: true };
  const index = { byOwner: { keys: { owner: "S" }, ...provisioned(3, 4) } };

  test("are those of the table", async () => {
    const name = await globalTable({ BillingMode: "PROVISIONED", ...provisioned(1, 2), gsi: index, TableClass: "STANDARD" });
    assert.deepEqual(only(await ddb.describeGlobalTableSettings({ GlobalTableName: name })), {
      GlobalTableName: name,
      ReplicaSettings: [
        {
          RegionName: region,
          ReplicaStatus: "ACTIVE",
          ReplicaProvisionedReadCapacityUnits: 1,
          ReplicaProvisionedReadCapacityAutoScalingSettings: off,
          ReplicaProvisionedWriteCapacityUnits: 2,
          ReplicaProvisionedWriteCapacityAutoScalingSettings: off,
          ReplicaGlobalSecondaryIndexSettings: [
            {
              IndexName: "byOwner",
              IndexStatus: "ACTIVE",
              ProvisionedReadCapacityUnits: 3,
              ProvisionedReadCapacityAutoScalingSettings: off,
              ProvisionedWriteCapacityUnits: 4,
              ProvisionedWriteCapacityAutoScalingSettings: off,
            },
          ],
          ReplicaTableClassSummary: { TableClass: "STANDARD" },
        },
      ],
    });
  });

  test("change the table", async () => {
    const GlobalTableName = await globalTable({ BillingMode: "PROVISIONED", ...provisioned(1, 2), gsi: index });
    const answer = await ddb.updateGlobalTableSettings({
      GlobalTableName,
      GlobalTableProvisionedWriteCapacityUnits: 12,
      GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate: off,
      GlobalTableGlobalSecondaryIndexSettingsUpdate: [{ IndexName: "byOwner", ProvisionedWriteCapacityUnits: 14 }],
      ReplicaSettingsUpdate: [
        {
          RegionName: region,
          ReplicaProvisionedReadCapacityUnits: 11,
          ReplicaGlobalSecondaryIndexSettingsUpdate: [{ IndexName: "byOwner", ProvisionedReadCapacityUnits: 13 }],
          ReplicaTableClass: "STANDARD_INFREQUENT_ACCESS",
        },
      ],
    });
    assert.equal(answer.ReplicaSettings[0].ReplicaStatus, "UPDATING");
    const told = await active(ddb, GlobalTableName);
    const units = ({ ProvisionedThroughput: t }) => [t.ReadCapacityUnits, t.WriteCapacityUnits];
    assert.deepEqual([units(told), units(told.GlobalSecondaryIndexes[0])], [[11, 12], [13, 14]]);
    assert.equal(told.TableClassSummary.TableClass, "STANDARD_INFREQUENT_ACCESS");

    await ddb.updateGlobalTableSettings({ GlobalTableName, GlobalTableBillingMode: "PAY_PER_REQUEST" });
    const onDemand = await active(ddb, GlobalTableName);
    assert.equal(onDemand.BillingModeSummary.BillingMode, "PAY_PER_REQUEST");
    assert.deepEqual([units(onDemand), units(onDemand.GlobalSecondaryIndexes[0])], [[0, 0], [0, 0]]);
    await invalid(
      ddb.updateGlobalTableSettings({ GlobalTableName, GlobalTableBillingMode: "PROVISIONED", GlobalTableProvisionedWriteCapacityUnits: 5 }),
      `${wrong}ProvisionedThroughput must be specified when BillingMode is PROVISIONED`,
    );
    await invalid(
      ddb.updateGlobalTableSettings({ GlobalTableName, GlobalTableProvisionedWriteCapacityUnits: 5 }),
      `${wrong}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
    );
  });

  test("are of indexes and replicas that are there, and have no auto scaling", async () => {
    const GlobalTableName = await globalTable();
    const update = (input) => ddb.updateGlobalTableSettings({ GlobalTableName, ...input });
    await fails(
      update({ GlobalTableGlobalSecondaryIndexSettingsUpdate: [{ IndexName: "none" }] }),
      "IndexNotFoundException",
      `Index not found: Table: ${GlobalTableName} Index: none`,
    );
    await fails(update({ ReplicaSettingsUpdate: [{ RegionName: elsewhere }] }), "ReplicaNotFoundException", `Replica not found in Region: ${elsewhere}`);
    const scaling = { MinimumUnits: 1, MaximumUnits: 5, ScalingPolicyUpdate: { TargetTrackingScalingPolicyConfiguration: { TargetValue: 70.5 } } };
    const refused = (member) =>
      `Auto scaling cannot be enabled: this server has no Application Auto Scaling. ${member} may have AutoScalingDisabled only`;
    for (const [input, member] of [
      [{ GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate: scaling }, "GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate"],
      [
        { GlobalTableGlobalSecondaryIndexSettingsUpdate: [{ IndexName: "none", ProvisionedWriteCapacityAutoScalingSettingsUpdate: scaling }] },
        "ProvisionedWriteCapacityAutoScalingSettingsUpdate",
      ],
      [
        { ReplicaSettingsUpdate: [{ RegionName: region, ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate: scaling }] },
        "ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate",
      ],
    ]) {
      await invalid(update(input), refused(member));
    }
    for (const request of [() => ddb.describeGlobalTableSettings({ GlobalTableName: "none" }), () => ddb.updateGlobalTableSettings({ GlobalTableName: "none" })]) {
      await fails(request(), "GlobalTableNotFoundException", "Global table with name: 'none' does not exist.");
    }
    await invalid(
      update({ GlobalTableBillingMode: "FREE", GlobalTableProvisionedWriteCapacityUnits: 0, ReplicaSettingsUpdate: [] }),
      "3 validation errors detected: Value 'FREE' at 'globalTableBillingMode' failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]; " +
        "Value '0' at 'globalTableProvisionedWriteCapacityUnits' failed to satisfy constraint: Member must have value greater than or equal to 1; " +
        "Value '[]' at 'replicaSettingsUpdate' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });
});

describe("replicas", () => {
  test("of other Regions are refused by UpdateTable", async () => {
    const TableName = await table({ pk: "S" });
    const update = (...ReplicaUpdates) => ddb.updateTable({ TableName, ReplicaUpdates });
    await invalid(update({ Create: { RegionName: elsewhere } }), refusedRegion);
    const notFound = "Replica specified in the Replica Update or Replica Delete action of the request was not found";
    await invalid(update({ Update: { RegionName: elsewhere } }), notFound);
    await invalid(update({ Delete: { RegionName: elsewhere } }), notFound);
    const local = "Cannot add, delete, or update the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or UpdateTable as required.";
    for (const kind of ["Create", "Update", "Delete"]) await invalid(update({ [kind]: { RegionName: region } }), local);
    await invalid(
      update({ Disassociate: { RegionName: region, DisassociationMode: "WAIT_FOR_REPLICATION" } }),
      "The table is no replica of a global table, and cannot be disassociated from one",
    );
    const one = `${wrong}A replica update has exactly one of Create, Update, Delete and Disassociate`;
    await invalid(update({}), one);
    await invalid(update({ Create: { RegionName: elsewhere }, Delete: { RegionName: elsewhere } }), one);
    await invalid(
      update({ Create: { TableClassOverride: "GOLD", GlobalSecondaryIndexes: [] } }),
      "3 validation errors detected: Value null at 'replicaUpdates.1.member.create.regionName' failed to satisfy constraint: Member must not be null; " +
        "Value '[]' at 'replicaUpdates.1.member.create.globalSecondaryIndexes' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value 'GOLD' at 'replicaUpdates.1.member.create.tableClassOverride' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, STANDARD_INFREQUENT_ACCESS]",
    );
    await invalid(update(), "1 validation error detected: Value '[]' at 'replicaUpdates' failed to satisfy constraint: Member must have length greater than or equal to 1");
  });

  test("have no witness, no consistency and no settings of their own", async () => {
    const TableName = await table({ pk: "S" });
    const update = (input) => ddb.updateTable({ TableName, ...input });
    await invalid(update({ GlobalTableWitnessUpdates: [{ Create: { RegionName: elsewhere } }] }), `A table cannot have a witness: this server serves the Region ${region} only`);
    await invalid(
      update({ GlobalTableWitnessUpdates: [] }),
      "1 validation error detected: Value '[]' at 'globalTableWitnessUpdates' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
    for (const mode of ["EVENTUAL", "STRONG"]) {
      await invalid(update({ MultiRegionConsistency: mode }), `${wrong}MultiRegionConsistency can be specified only with replicas that are created`);
    }
    await invalid(update({ GlobalTableSettingsReplicationMode: "ENABLED" }), `Settings cannot be replicated: this server serves the Region ${region} only`);
    await update({ GlobalTableSettingsReplicationMode: "DISABLED" });
    await invalid(
      update({ DisassociationProtectionEnabled: false }),
      "The table is no replica of a global table, and has no protection against disassociation",
    );
    const refused = `A table cannot be made a replica of another: this server serves the Region ${region} only`;
    for (const rest of [{ GlobalTableSourceArn: "arn:aws:dynamodb:us-west-2:111122223333:table/a" }, { GlobalTableSettingsReplicationMode: "ENABLED" }]) {
      await invalid(ddb.createTable({ ...tableInput({ pk: "S" }), TableName: uniqueName(), ...rest }), refused);
    }
  });

  test("have auto scaling described as disabled, and it stays so", async () => {
    const TableName = await table({ pk: "S" }, { gsi: { byOwner: { keys: { owner: "S" } } } });
    const off = { AutoScalingDisabled: true };
    const wanted = {
      TableAutoScalingDescription: {
        TableName,
        TableStatus: "ACTIVE",
        Replicas: [
          {
            RegionName: region,
            GlobalSecondaryIndexes: [
              {
                IndexName: "byOwner",
                IndexStatus: "ACTIVE",
                ProvisionedReadCapacityAutoScalingSettings: off,
                ProvisionedWriteCapacityAutoScalingSettings: off,
              },
            ],
            ReplicaProvisionedReadCapacityAutoScalingSettings: off,
            ReplicaProvisionedWriteCapacityAutoScalingSettings: off,
            ReplicaStatus: "ACTIVE",
          },
        ],
      },
    };
    assert.deepEqual(only(await ddb.describeTableReplicaAutoScaling({ TableName })), wanted);
    const update = (input) => ddb.updateTableReplicaAutoScaling({ TableName, ...input });
    assert.deepEqual(
      only(
        await update({
          ProvisionedWriteCapacityAutoScalingUpdate: off,
          GlobalSecondaryIndexUpdates: [{ IndexName: "byOwner", ProvisionedWriteCapacityAutoScalingUpdate: off }],
          ReplicaUpdates: [
            { RegionName: region, ReplicaGlobalSecondaryIndexUpdates: [{ IndexName: "byOwner", ProvisionedReadCapacityAutoScalingUpdate: off }] },
          ],
        }),
      ),
      wanted,
    );
    const on = { MinimumUnits: 1 };
    const refused = (member) =>
      `Auto scaling cannot be enabled: this server has no Application Auto Scaling. ${member} may have AutoScalingDisabled only`;
    await invalid(update({ ProvisionedWriteCapacityAutoScalingUpdate: on }), refused("ProvisionedWriteCapacityAutoScalingUpdate"));
    await invalid(
      update({ ReplicaUpdates: [{ RegionName: region, ReplicaProvisionedReadCapacityAutoScalingUpdate: on }] }),
      refused("ReplicaProvisionedReadCapacityAutoScalingUpdate"),
    );
    await invalid(
      update({ ReplicaUpdates: [{ RegionName: elsewhere }] }),
      `The table has no replica in ${elsewhere}: this server serves the Region ${region} only`,
    );
    await fails(
      update({ GlobalSecondaryIndexUpdates: [{ IndexName: "none" }] }),
      "ResourceNotFoundException",
      `Requested resource not found: Table: ${TableName} Index: none not found`,
    );
    await invalid(
      update({ GlobalSecondaryIndexUpdates: [], ProvisionedWriteCapacityAutoScalingUpdate: { MaximumUnits: 0, ScalingPolicyUpdate: {} } }),
      "3 validation errors detected: Value '[]' at 'globalSecondaryIndexUpdates' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value '0' at 'provisionedWriteCapacityAutoScalingUpdate.maximumUnits' failed to satisfy constraint: Member must have value greater than or equal to 1; " +
        "Value null at 'provisionedWriteCapacityAutoScalingUpdate.scalingPolicyUpdate.targetTrackingScalingPolicyConfiguration' failed to satisfy constraint: Member must not be null",
    );
    for (const request of [() => ddb.describeTableReplicaAutoScaling({ TableName: "none" }), () => ddb.updateTableReplicaAutoScaling({ TableName: "none" })]) {
      await fails(request(), "ResourceNotFoundException", "Requested resource not found: Table: none not found");
    }
  });
});
