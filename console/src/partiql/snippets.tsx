// The tables, and statements that begin with them.

import { type AttributeDefinition, DescribeTableCommand, DynamoDBClient, type KeySchemaElement, ListTablesCommand, type TableDescription } from "@aws-sdk/client-dynamodb";
import Box from "@cloudscape-design/components/box";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useState } from "react";
import { allPages, useAction, useAnswer } from "../app/asking";
import { useClient } from "../aws/clients";
import { Link } from "../parts/link";
import { Refused } from "../parts/refused";
import { path } from "../app/router";
import { app } from "../text/app";
import { partiql } from "../text/partiql";

const said = partiql.tables;
const SHOWN = 50;

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const text = (value: string) => `'${value.replaceAll("'", "''")}'`;

function sample(attribute: string, definitions: AttributeDefinition[] = []) {
  const type = definitions.find((definition) => definition.AttributeName === attribute)?.AttributeType;
  return type === "N" ? "0" : type === "B" ? "?" : "'value'";
}

const conditions = (keys: KeySchemaElement[] = [], table: TableDescription) =>
  keys.map(({ AttributeName = "" }) => `${quoted(AttributeName)} = ${sample(AttributeName, table.AttributeDefinitions)}`).join(" AND ");

const insert = (table: TableDescription) =>
  `INSERT INTO ${quoted(table.TableName ?? "")} VALUE {${(table.KeySchema ?? []).map(({ AttributeName = "" }) => `${text(AttributeName)}: ${sample(AttributeName, table.AttributeDefinitions)}`).join(", ")}}`;

/** The statement that someone chose of a table. */
function statementOf(id: string, table: TableDescription): string {
  const name = quoted(table.TableName ?? ""),
    keys = conditions(table.KeySchema, table);
  switch (id) {
    case "query":
      return `SELECT * FROM ${name} WHERE ${conditions(table.KeySchema?.slice(0, 1), table)}`;
    case "insert":
      return insert(table);
    case "update":
      return `UPDATE ${name} SET "attribute" = 'value' WHERE ${keys} RETURNING ALL NEW *`;
    case "remove":
      return `DELETE FROM ${name} WHERE ${keys} RETURNING ALL OLD *`;
    default:
      return `SELECT * FROM ${name}`;
  }
}

function TableRow({ name, onInsert }: { name: string; onInsert: (statement: string) => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const choice = useAction(async (id: string) => {
    const table = (await dynamodb.send(new DescribeTableCommand({ TableName: name }))).Table;
    onInsert(statementOf(id, table ?? { TableName: name }));
  });
  return (
    <div className="partiql-table">
      <span className="partiql-name">
        <Link to={path`/tables/${name}`}>{name}</Link>
      </span>
      <ButtonDropdown
        variant="inline-icon"
        expandToViewport
        loading={choice.busy}
        ariaLabel={said.statementsFor(name)}
        items={[
          { id: "scan", text: said.scan },
          { id: "query", text: said.query },
          { id: "insert", text: said.insert },
          { id: "update", text: said.update },
          { id: "remove", text: said.remove },
        ]}
        onItemClick={({ detail }) => (detail.id === "scan" ? onInsert(statementOf("scan", { TableName: name })) : void choice.run(detail.id))}
      />
      <Refused error={choice.error} onDismiss={choice.clear} />
    </div>
  );
}

export function Snippets({ onInsert }: { onInsert: (statement: string) => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const [sought, setSought] = useState("");
  const tables = useAnswer(
    () =>
      allPages(async (token) => {
        const page = await dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName: token }));
        return { items: page.TableNames ?? [], next: page.LastEvaluatedTableName };
      }),
    [dynamodb],
  );
  const found = (tables.value ?? []).filter((name) => name.toLowerCase().includes(sought.toLowerCase()));
  return (
    <Container header={<Header variant="h2" description={said.hint}>{said.header}</Header>}>
      <SpaceBetween size="s">
        <TextFilter filteringText={sought} filteringPlaceholder={said.find} filteringAriaLabel={said.find} onChange={({ detail }) => setSought(detail.filteringText)} />
        <Refused error={tables.error} />
        {tables.value === undefined && tables.loading && <StatusIndicator type="loading">{app.loading}</StatusIndicator>}
        {tables.value?.length === 0 && <Box color="text-status-inactive">{said.empty}</Box>}
        <ul className="partiql-tables">
          {found.slice(0, SHOWN).map((name) => (
            <li key={name}>
              <TableRow name={name} onInsert={onInsert} />
            </li>
          ))}
        </ul>
        {found.length > SHOWN && <Box color="text-status-inactive">{said.more(found.length - SHOWN)}</Box>}
      </SpaceBetween>
    </Container>
  );
}
