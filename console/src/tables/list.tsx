// The tables: what AWS's console shows under DynamoDB, Tables.

import { DescribeTableCommand, DynamoDBClient, ListTablesCommand, type TableDescription } from "@aws-sdk/client-dynamodb";
import { allPages, useAnswer } from "../app/asking";
import { path } from "../app/router";
import { useClient } from "../aws/clients";
import { Link } from "../parts/link";
import { ResourceTable } from "../parts/resource_table";
import { countText, sizeText } from "../parts/words";
import { tables as said } from "../text/tables";

export default function Tables() {
  const dynamodb = useClient(DynamoDBClient);
  const answer = useAnswer(async () => {
    const names = await allPages(async (token) => {
      const page = await dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName: token }));
      return { items: page.TableNames ?? [], next: page.LastEvaluatedTableName };
    });
    return Promise.all(names.map(async (TableName): Promise<TableDescription> => (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table ?? { TableName }));
  }, [dynamodb]);
  return (
    <ResourceTable
      id="tables"
      title={said.title}
      answer={answer}
      nameOf={(table) => table.TableName ?? ""}
      placeholder={said.find}
      empty={said.empty}
      columns={[
        { id: "name", header: said.name, value: (table) => table.TableName, cell: (table) => <Link to={path`/tables/${table.TableName ?? ""}`}>{table.TableName}</Link> },
        { id: "status", header: said.status, value: (table) => table.TableStatus, cell: (table) => table.TableStatus },
        { id: "items", header: said.items, value: (table) => table.ItemCount, cell: (table) => countText(table.ItemCount) },
        { id: "size", header: said.size, value: (table) => table.TableSizeBytes, cell: (table) => sizeText(table.TableSizeBytes) },
      ]}
    />
  );
}
