// What is read: a table or one of its indexes, and its keys.

import type { KeySchemaElement, TableDescription } from "@aws-sdk/client-dynamodb";
import type { KeyType } from "./value";

export interface KeyAttribute {
  name: string;
  type: KeyType;
}

export interface Target {
  table: string;
  index?: string;
  /** Those of a partition key: one, or up to four of an index. */
  hash: KeyAttribute[];
  range: KeyAttribute[];
  /** Names of the table's own key, which an item is known by. */
  key: KeyAttribute[];
  /** A global index has no consistent reads. */
  global: boolean;
}

export const indexesOf = (table: TableDescription) => [...(table.LocalSecondaryIndexes ?? []), ...(table.GlobalSecondaryIndexes ?? [])];

/** The table's, or the index's; undefined if it has no such index. */
export function targetOf(table: TableDescription, index?: string): Target | undefined {
  const types = new Map(table.AttributeDefinitions?.map((definition) => [definition.AttributeName, definition.AttributeType as KeyType]));
  const attributes = (schema: KeySchemaElement[] | undefined, kind?: "HASH" | "RANGE") =>
    (schema ?? []).filter((element) => !kind || element.KeyType === kind).map((element) => ({ name: element.AttributeName ?? "", type: types.get(element.AttributeName) ?? "S" }));
  const found = index ? indexesOf(table).find(({ IndexName }) => IndexName === index) : undefined;
  if (index && !found) return undefined;
  const schema = found?.KeySchema ?? table.KeySchema;
  return {
    table: table.TableName ?? "",
    index: index || undefined,
    hash: attributes(schema, "HASH"),
    range: attributes(schema, "RANGE"),
    key: attributes(table.KeySchema),
    global: table.GlobalSecondaryIndexes?.some(({ IndexName }) => IndexName === index) ?? false,
  };
}
