// The secondary indexes of a table: what they are, adding a global one, removing one, and how far the server is with it.

import { DynamoDBClient, type GlobalSecondaryIndexDescription, type LocalSecondaryIndexDescription, type ScalarAttributeType, type TableDescription, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { tellDone } from "../app/notices";
import { navigate, path } from "../app/router";
import { useClient } from "../aws/clients";
import { Deletion } from "../parts/deletion";
import { Dialog } from "../parts/dialog";
import { type Column, ResourceTable } from "../parts/resource_table";
import { countText, sizeText } from "../parts/words";
import { app } from "../text/app";
import { createTable } from "../text/create_table";
import { tables } from "../text/tables";
import { type TabProps, isOnDemand, keyText } from "./describe";
import { type IndexDraft, definitionsOf, globalIndex, indexName, indexProblems, isRight, keysOf, newIndex } from "./index_draft";
import { IndexFields } from "./index_fields";
import { Status } from "./status";

const said = tables.index;

type Index = { table: TableDescription; global: boolean } & GlobalSecondaryIndexDescription & LocalSecondaryIndexDescription;

const indexesOf = (table: TableDescription): Index[] => [
  ...(table.GlobalSecondaryIndexes ?? []).map((index) => ({ ...index, table, global: true })),
  ...(table.LocalSecondaryIndexes ?? []).map((index) => ({ ...index, table, global: false })),
];

function projectionText({ Projection }: Index): string {
  const kind = createTable.projections[Projection?.ProjectionType ?? "ALL"];
  return Projection?.NonKeyAttributes?.length ? `${kind}: ${Projection.NonKeyAttributes.join(", ")}` : kind;
}

function unitsText({ table, global, ProvisionedThroughput: own }: Index): string {
  if (!global || isOnDemand(table)) return app.none;
  return tables.overview.units(countText(own?.ReadCapacityUnits), countText(own?.WriteCapacityUnits));
}

const nameOf = (index: Index) => index.IndexName ?? "";
const kindOf = (index: Index) => (index.global ? said.global : said.local);
const partitionOf = (index: Index) => keyText(index.table, index.KeySchema, "HASH");
const sortOf = (index: Index) => keyText(index.table, index.KeySchema, "RANGE");

const columns: Column<Index>[] = [
  { id: "name", header: tables.name, width: 190, value: nameOf, cell: nameOf },
  { id: "kind", header: said.kind, width: 100, value: kindOf, cell: kindOf },
  {
    id: "status",
    header: tables.statusOf,
    width: 130,
    value: (index) => index.IndexStatus,
    cell: (index) => <Status of={index.global ? index.IndexStatus : index.table.TableStatus} backfilling={index.Backfilling && index.IndexStatus === "CREATING"} />,
  },
  { id: "partition", header: tables.partitionKey, width: 160, value: partitionOf, cell: partitionOf },
  { id: "sort", header: tables.sortKey, width: 160, value: sortOf, cell: sortOf },
  { id: "projection", header: createTable.projection, width: 175, value: projectionText, cell: projectionText },
  { id: "items", header: tables.items, value: (index) => index.ItemCount, cell: (index) => countText(index.ItemCount) },
  { id: "size", header: tables.size, value: (index) => index.IndexSizeBytes, cell: (index) => sizeText(index.IndexSizeBytes) },
  { id: "units", header: tables.overview.capacity, hidden: true, value: unitsText, cell: unitsText },
  { id: "arn", header: tables.arn, hidden: true, value: (index) => index.IndexArn, cell: (index) => index.IndexArn },
];

function AddIndex({ table, onClose }: { table: TableDescription; onClose: () => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const [index, setIndex] = useState<IndexDraft>(() => newIndex("global"));
  const [tried, setTried] = useState(false);
  const mode = isOnDemand(table) ? "PAY_PER_REQUEST" : "PROVISIONED";
  const definitions = table.AttributeDefinitions ?? [];
  const known = new Map<string, ScalarAttributeType>(definitions.map(({ AttributeName, AttributeType }) => [AttributeName ?? "", AttributeType ?? "S"]));
  const problems = indexProblems(index, mode, indexesOf(table).map(nameOf));
  const act = async () => {
    setTried(true);
    if (!isRight(problems)) return false;
    const own = keysOf(index).map(({ name, type }) => ({ name, type: known.get(name) ?? type }));
    await dynamodb.send(
      new UpdateTableCommand({ TableName: table.TableName, AttributeDefinitions: definitionsOf(own), GlobalSecondaryIndexUpdates: [{ Create: globalIndex(index, mode) }] }),
    );
    return tellDone(said.began(indexName(index)));
  };
  return (
    <Dialog size="large" header={said.create} submit={said.create} act={act} onClose={onClose}>
      <IndexFields index={index} onChange={setIndex} mode={mode} known={known} problems={tried ? problems : {}} />
    </Dialog>
  );
}

function RemoveIndex({ index, onClose }: { index: Index; onClose: () => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const act = async () => {
    await dynamodb.send(new UpdateTableCommand({ TableName: index.table.TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: index.IndexName } }] }));
    tellDone(said.going(nameOf(index)));
  };
  return (
    <Deletion what={said.what(nameOf(index))} act={act} onClose={onClose}>
      <Alert type="warning">{said.meaning}</Alert>
    </Deletion>
  );
}

export function Indexes({ table, name, again }: TabProps) {
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Index>();
  const close = () => {
    setAdding(false);
    setRemoving(undefined);
    again();
  };
  return (
    <>
      <ResourceTable
        id="indexes"
        title={tables.indexes}
        variant="container"
        description={said.hint}
        answer={{ value: indexesOf(table), error: undefined, loading: false, again }}
        nameOf={nameOf}
        columns={columns}
        selection="single"
        placeholder={said.find}
        empty={
          <SpaceBetween size="xs" alignItems="center">
            <b>{said.empty}</b>
            <Box color="inherit">{said.emptyHint}</Box>
          </SpaceBetween>
        }
        actions={([chosen], deselect) => (
          <>
            <Button disabled={!chosen} onClick={() => navigate(path`/items?table=${name}&index=${nameOf(chosen as Index)}`)}>{said.explore}</Button>
            <Button
              disabled={!chosen?.global}
              disabledReason={chosen ? said.localStays : undefined}
              onClick={() => {
                setRemoving(chosen);
                deselect();
              }}
            >
              {tables.remove}
            </Button>
            <Button variant="primary" onClick={() => setAdding(true)}>{said.create}</Button>
          </>
        )}
      />
      {adding && <AddIndex table={table} onClose={close} />}
      {removing && <RemoveIndex index={removing} onClose={close} />}
    </>
  );
}
