// The tables: what AWS's console shows under DynamoDB, Tables.

import { DescribeTableCommand, DynamoDBClient, ListTablesCommand, type TableDescription } from "@aws-sdk/client-dynamodb";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { allPages, useAnswer } from "../app/asking";
import { follow, href, navigate, path } from "../app/router";
import { useClient } from "../aws/clients";
import { refusal } from "../aws/errors";
import { Link } from "../parts/link";
import { type Column, ResourceTable } from "../parts/resource_table";
import { countText, sizeText, timeText } from "../parts/words";
import { tables as said } from "../text/tables";
import { DeleteTables } from "./delete";
import { POLL_MS, billingText, inProgress, indexCount, keyText } from "./describe";
import { Status, Switched } from "./status";

const AT_ONCE = 8;

/** Maps with so many requests at once as a browser sends anyway. */
async function mapSome<From, To>(all: From[], map: (from: From) => Promise<To>): Promise<To[]> {
  const results: To[] = new Array(all.length);
  let next = 0;
  const walk = async () => {
    for (let i = next++; i < all.length; i = next++) results[i] = await map(all[i] as From);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, walk));
  return results;
}

async function allTables(dynamodb: DynamoDBClient, abortSignal: AbortSignal): Promise<TableDescription[]> {
  const names = await allPages(async (token) => {
    const page = await dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName: token }), { abortSignal });
    return { items: page.TableNames ?? [], next: page.LastEvaluatedTableName };
  });
  const found = await mapSome(names, async (TableName): Promise<TableDescription | undefined> => {
    try {
      return (await dynamodb.send(new DescribeTableCommand({ TableName }), { abortSignal })).Table;
    } catch (error) {
      if (refusal(error).name === "ResourceNotFoundException") return undefined; // it went meanwhile
      if (refusal(error).denied) return { TableName }; // one may know its name, and no more
      throw error;
    }
  });
  return found.filter((table) => table !== undefined);
}

const nameOf = (table: TableDescription) => table.TableName ?? "";

const columns: Column<TableDescription>[] = [
  { id: "name", header: said.name, width: 200, value: nameOf, cell: (table) => <Link to={path`/tables/${nameOf(table)}`}>{nameOf(table)}</Link> },
  { id: "status", header: said.statusOf, width: 110, value: (table) => table.TableStatus, cell: (table) => <Status of={table.TableStatus} /> },
  {
    id: "partition",
    header: said.partitionKey,
    width: 150,
    value: (table) => keyText(table, table.KeySchema, "HASH"),
    cell: (table) => keyText(table, table.KeySchema, "HASH"),
  },
  {
    id: "sort",
    header: said.sortKey,
    width: 150,
    value: (table) => keyText(table, table.KeySchema, "RANGE"),
    cell: (table) => keyText(table, table.KeySchema, "RANGE"),
  },
  { id: "indexes", header: said.indexes, width: 115, value: indexCount, cell: (table) => countText(indexCount(table)) },
  { id: "items", header: said.items, width: 105, value: (table) => table.ItemCount, cell: (table) => countText(table.ItemCount) },
  { id: "size", header: said.size, width: 110, value: (table) => table.TableSizeBytes, cell: (table) => sizeText(table.TableSizeBytes) },
  {
    id: "protection",
    header: said.protection,
    width: 150,
    value: (table) => (table.DeletionProtectionEnabled ? said.on : said.off),
    cell: (table) => <Switched on={table.DeletionProtectionEnabled} />,
  },
  { id: "billing", header: said.billing, width: 150, value: billingText, cell: billingText },
  {
    id: "stream",
    header: said.stream,
    hidden: true,
    value: (table) => (table.StreamSpecification?.StreamEnabled ? said.on : said.off),
    cell: (table) => <Switched on={table.StreamSpecification?.StreamEnabled} />,
  },
  { id: "created", header: said.created, hidden: true, value: (table) => table.CreationDateTime?.getTime(), cell: (table) => timeText(table.CreationDateTime) },
  { id: "arn", header: said.arn, hidden: true, value: (table) => table.TableArn, cell: (table) => table.TableArn },
];

const Empty = () => (
  <SpaceBetween size="xs" alignItems="center">
    <b>{said.empty}</b>
    <Box color="inherit">{said.emptyHint}</Box>
    <Button href={href("/create-table")} onFollow={follow}>{said.create}</Button>
  </SpaceBetween>
);

export default function Tables() {
  const dynamodb = useClient(DynamoDBClient);
  const [deleting, setDeleting] = useState<TableDescription[]>();
  const answer = useAnswer((signal) => allTables(dynamodb, signal), [dynamodb], {
    every: (tables) => (tables.some(inProgress) ? Math.max(POLL_MS, tables.length * 20) : undefined),
  });
  const choose = (id: string, name: string) => {
    if (id === "items") return navigate(path`/items?table=${name}`);
    navigate(path`/tables/${name}?tab=${id}`);
  };
  return (
    <>
      <ResourceTable
        id="tables"
        title={said.title}
        answer={answer}
        nameOf={nameOf}
        placeholder={said.find}
        empty={<Empty />}
        columns={columns}
        selection="multi"
        actions={(selected, deselect) => (
          <>
            <ButtonDropdown
              disabled={selected.length !== 1}
              items={[
                { id: "items", text: said.explore },
                { id: "overview", text: said.tabs.overview },
                { id: "indexes", text: said.tabs.indexes },
                { id: "backups", text: said.tabs.backups },
                { id: "streams", text: said.tabs.streams },
                { id: "tags", text: said.tabs.tags },
              ]}
              onItemClick={({ detail }) => choose(detail.id, nameOf(selected[0] ?? {}))}
            >
              {said.actions}
            </ButtonDropdown>
            <Button
              disabled={!selected.length}
              onClick={() => {
                setDeleting(selected);
                deselect();
              }}
            >
              {said.remove}
            </Button>
            <Button variant="primary" href={href("/create-table")} onFollow={follow}>{said.create}</Button>
          </>
        )}
      />
      {deleting && (
        <DeleteTables
          tables={deleting}
          onClose={() => {
            setDeleting(undefined);
            answer.again();
          }}
        />
      )}
    </>
  );
}
