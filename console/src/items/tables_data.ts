// The names of the tables, and the description of one.

import { DescribeTableCommand, DynamoDBClient, ListTablesCommand, type TableDescription } from "@aws-sdk/client-dynamodb";
import { type Answer, allPages, useAnswer } from "../app/asking";
import { useClient } from "../aws/clients";

export function useTableNames(): Answer<string[]> {
  const dynamodb = useClient(DynamoDBClient);
  return useAnswer(
    (abortSignal) =>
      allPages(async (token) => {
        const page = await dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName: token }), { abortSignal });
        return { items: page.TableNames ?? [], next: page.LastEvaluatedTableName };
      }),
    [dynamodb],
  );
}

/** Nothing for no name. */
export function useTable(name: string): Answer<TableDescription | undefined> {
  const dynamodb = useClient(DynamoDBClient);
  return useAnswer(
    async (abortSignal) => (name ? (await dynamodb.send(new DescribeTableCommand({ TableName: name }), { abortSignal })).Table : undefined),
    [dynamodb, name],
  );
}
