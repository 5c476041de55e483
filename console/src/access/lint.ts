// What the server says of a policy's document while it is written.

import { DescribeTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { askSigned, textOf } from "../aws/turntable";
import type { Session } from "../app/session";
import { access } from "../text/access";

export type PolicyType = "IDENTITY_POLICY" | "MANAGED_POLICY" | "TRUST_POLICY" | "RESOURCE_POLICY";
export type LintHolder = "ANYONE" | "USER" | "ROLE" | "COGNITO_ROLE";

export interface Finding {
  severity: "error" | "warning";
  sentence: string;
  mend?: string;
  statement?: number;
  sid?: string;
  element?: string;
  subject?: string;
  /** Lines and columns count from 1; a length of 0 is a whole statement. */
  line?: number;
  column?: number;
  length?: number;
}

interface KnownTable {
  name: string;
  exists: boolean;
  indexes: string[];
}

const TABLES_LIMIT = 20;
const tableName = /:table\/([A-Za-z0-9_.-]{3,255})(?=["/])/g;

/** The tables that a document names, as far as who asks may describe them. */
async function lookUpTables(dynamodb: DynamoDBClient, document: string, known: Map<string, KnownTable>): Promise<KnownTable[]> {
  const names = [...new Set([...document.matchAll(tableName)].map((match) => match[1] ?? ""))].slice(0, TABLES_LIMIT);
  await Promise.all(
    names.map(async (name) => {
      if (known.has(name)) return;
      try {
        const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
        const indexes = [...(Table?.GlobalSecondaryIndexes ?? []), ...(Table?.LocalSecondaryIndexes ?? [])].map(({ IndexName = "" }) => IndexName);
        known.set(name, { name, exists: true, indexes });
      } catch (error) {
        if ((error as Error).name === "ResourceNotFoundException") known.set(name, { name, exists: false, indexes: [] });
      }
    }),
  );
  return names.flatMap((name) => known.get(name) ?? []);
}

function tableFields(tables: KnownTable[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [i, { name, exists, indexes }] of tables.entries()) {
    const member = `Tables.member.${i + 1}`;
    fields[`${member}.TableName`] = name;
    fields[`${member}.Exists`] = String(exists);
    for (const [j, index] of indexes.entries()) fields[`${member}.IndexNames.member.${j + 1}`] = index;
  }
  return fields;
}

const numberOf = (element: Element, name: string) => {
  const text = textOf(element, name);
  return text === undefined ? undefined : Number(text);
};

const findingOf = (element: Element): Finding => ({
  severity: textOf(element, "Severity") === "ERROR" ? "error" : "warning",
  sentence: textOf(element, "Sentence") ?? "",
  mend: textOf(element, "Mend"),
  statement: numberOf(element, "Statement"),
  sid: textOf(element, "Sid"),
  element: textOf(element, "Element") ?? textOf(element, "Place"),
  subject: textOf(element, "Subject"),
  line: numberOf(element, "Line"),
  column: numberOf(element, "Column"),
  length: numberOf(element, "Length"),
});

/** Where JSON is broken, as browsers tell it: "... at position 12 (line 2 column 3)". */
function syntaxFinding(document: string): Finding | undefined {
  try {
    JSON.parse(document);
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    const told = /line (\d+) column (\d+)/.exec(message);
    return { severity: "error", sentence: access.editor.notJson(message), line: told ? Number(told[1]) : undefined, column: told ? Number(told[2]) : undefined, length: 1 };
  }
}

export async function lint(session: Session, dynamodb: DynamoDBClient, known: Map<string, KnownTable>, document: string, type: PolicyType, holder: LintHolder): Promise<Finding[]> {
  const broken = syntaxFinding(document);
  if (broken) return [broken];
  const tables = await lookUpTables(dynamodb, document, known);
  const answer = await askSigned(session, "LintPolicy", { PolicyDocument: document, PolicyType: type, Holder: holder, ...tableFields(tables) });
  const list = answer.getElementsByTagName("Findings")[0];
  return [...(list?.children ?? [])].map(findingOf);
}
export type { KnownTable };
