// A new table as code for the AWS CDK: a construct of aws-cdk-lib's TableV2.

import { type IndexDraft, type KeyDraft, indexName } from "./index_draft";
import type { Units } from "./capacity";
import type { TableDraft } from "./table_draft";

const types = { S: "STRING", N: "NUMBER", B: "BINARY" };

/** Text as a literal of the language. */
const literal = (text: string) => JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");

const attribute = ({ name, type }: KeyDraft) => `{ name: ${literal(name)}, type: dynamodb.AttributeType.${types[type]} }`;
const list = (parts: string[]) => `[${parts.join(", ")}]`;

/** "{ a, b }" over several lines, indented so far. */
function block(lines: (string | false | undefined)[], indent: string, [open, close] = ["{", "}"]): string {
  const shown = lines.filter(Boolean).map((line) => `${indent}  ${line},\n`);
  return `${open}\n${shown.join("")}${indent}${close}`;
}

// The CDK scales the writing of provisioned tables by itself, from the units given.
const writes = ({ write }: Units) => `dynamodb.Capacity.autoscaled({ seedCapacity: ${Number(write) || 1}, minCapacity: ${Number(write) || 1}, maxCapacity: ${Number(write) || 1} })`;
const reads = ({ read }: Units) => `dynamodb.Capacity.fixed(${Number(read) || 1})`;

const billing = ({ mode, units }: TableDraft) =>
  mode === "PROVISIONED" ? `dynamodb.Billing.provisioned({ readCapacity: ${reads(units)}, writeCapacity: ${writes(units)} })` : "dynamodb.Billing.onDemand()";

/** One attribute, or several of one part of a key. */
const keys = (name: "partitionKey" | "sortKey", parts: KeyDraft[]) => {
  const [first] = parts;
  if (!first) return undefined;
  return parts.length === 1 ? `${name}: ${attribute(first)}` : `${name}s: ${list(parts.map(attribute))}`;
};

function index(draft: IndexDraft, { mode }: TableDraft): string {
  const global = draft.kind === "global";
  const lines = [
    `indexName: ${literal(indexName(draft))}`,
    global && keys("partitionKey", draft.partition),
    keys("sortKey", draft.sort),
    draft.projection !== "ALL" && `projectionType: dynamodb.ProjectionType.${draft.projection}`,
    draft.projection === "INCLUDE" && `nonKeyAttributes: ${list(draft.include.map(literal))}`,
    global && mode === "PROVISIONED" && `readCapacity: ${reads(draft.units)}`,
    global && mode === "PROVISIONED" && `writeCapacity: ${writes(draft.units)}`,
  ];
  return block(lines, "    ");
}

function indexes(draft: TableDraft, kind: IndexDraft["kind"], property: string): string | undefined {
  const found = draft.indexes.filter((one) => one.kind === kind);
  return found.length ? `${property}: ${block(found.map((one) => index(one, draft)), "  ", ["[", "]"])}` : undefined;
}

export function asCdk(draft: TableDraft): string {
  const properties = [
    `tableName: ${literal(draft.name)}`,
    keys("partitionKey", [draft.partition]),
    draft.sort && keys("sortKey", [draft.sort]),
    `billing: ${billing(draft)}`,
    draft.tableClass !== "STANDARD" && "tableClass: dynamodb.TableClass.STANDARD_INFREQUENT_ACCESS",
    indexes(draft, "global", "globalSecondaryIndexes"),
    indexes(draft, "local", "localSecondaryIndexes"),
    draft.stream && `dynamoStream: dynamodb.StreamViewType.${draft.stream}`,
    draft.ttl && `timeToLiveAttribute: ${literal(draft.ttl)}`,
    draft.recovery && "pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true }",
    draft.protection && "deletionProtection: true",
    draft.tags.length > 0 && `tags: ${list(draft.tags.map(({ key, value }) => `{ key: ${literal(key)}, value: ${literal(value)} }`))}`,
  ];
  const id = draft.name.replace(/[^A-Za-z0-9]/g, "") || "Table";
  return `import * as dynamodb from "aws-cdk-lib/aws-dynamodb";

// in the constructor of a stack
new dynamodb.TableV2(this, ${literal(id)}, ${block(properties, "")});`;
}
