// Tables as the server describes them, and how people read that.

import { type AttributeDefinition, DescribeTableCommand, DynamoDBClient, type KeySchemaElement, type TableDescription } from "@aws-sdk/client-dynamodb";
import { type Answer, useAnswer } from "../app/asking";
import { useClient } from "../aws/clients";
import { app } from "../text/app";
import { tables as said } from "../text/tables";

/** How long until something in progress is asked for again. */
export const POLL_MS = 1000;

/** What each tab of a table's page is given. */
export interface TabProps {
  table: TableDescription;
  name: string;
  /** Asks for the table again. */
  again: () => void;
}

const moving = new Set<string | undefined>(["CREATING", "UPDATING", "DELETING", "ARCHIVING"]);

/** Whether the server is still at work on a table or an index of it. */
export const inProgress = (table: TableDescription) =>
  moving.has(table.TableStatus) || (table.GlobalSecondaryIndexes ?? []).some((index) => moving.has(index.IndexStatus));

/** A table's description, asked for again while something is in progress. */
export function useTable(TableName: string): Answer<TableDescription> {
  const dynamodb = useClient(DynamoDBClient);
  return useAnswer(
    async (abortSignal) => (await dynamodb.send(new DescribeTableCommand({ TableName }), { abortSignal })).Table ?? {},
    [dynamodb, TableName],
    { every: (table) => (inProgress(table) ? POLL_MS : undefined) },
  );
}

type Typed = Pick<TableDescription, "AttributeDefinitions">;

const typeOf = (definitions: AttributeDefinition[] | undefined, name: string | undefined) =>
  definitions?.find((definition) => definition.AttributeName === name)?.AttributeType;

/** The attributes of a key schema that are HASH or RANGE: "artist (String)"; an index may have several of a kind. */
export function keyText({ AttributeDefinitions }: Typed, schema: KeySchemaElement[] | undefined, kind: "HASH" | "RANGE"): string {
  const parts = (schema ?? [])
    .filter((element) => element.KeyType === kind)
    .map(({ AttributeName }) => said.keyOf(AttributeName ?? "", said.types[typeOf(AttributeDefinitions, AttributeName) ?? "S"] ?? ""));
  return parts.join(", ") || app.none;
}

/** Whether a table pays per request, or has a capacity of its own. */
export const isOnDemand = (table: TableDescription) => table.BillingModeSummary?.BillingMode === "PAY_PER_REQUEST";

/** "On-demand", or "Provisioned (5 read, 5 write)". */
export function billingText(table: TableDescription): string {
  if (isOnDemand(table)) return said.onDemand;
  const { ReadCapacityUnits = 0, WriteCapacityUnits = 0 } = table.ProvisionedThroughput ?? {};
  return table.ProvisionedThroughput ? said.provisioned(ReadCapacityUnits, WriteCapacityUnits) : app.none;
}

export const indexCount = (table: TableDescription) => (table.GlobalSecondaryIndexes?.length ?? 0) + (table.LocalSecondaryIndexes?.length ?? 0);
