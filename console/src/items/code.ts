// A scan or query as a program: for the AWS command line, JavaScript and Python. All of them read every page.

import type { Input } from "./expression";
import { printItem } from "./notation";
import { textOfBytes } from "./base64";

export const languages = ["cli", "javascript", "python"] as const;
export type Language = (typeof languages)[number];

export interface Place {
  endpoint: string;
  region: string;
}

/** For a POSIX shell. */
const quoted = (text: string) => (/^[\w./:@=+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

function cli(mode: "scan" | "query", input: Input, { endpoint, region }: Place): string {
  const options: [string, string?][] = [["--endpoint-url", endpoint], ["--region", region]];
  const add = (name: string, value: string | undefined) => value !== undefined && options.push([name, value]);
  add("--table-name", input.TableName);
  add("--index-name", input.IndexName);
  add("--key-condition-expression", input.KeyConditionExpression);
  add("--filter-expression", input.FilterExpression);
  add("--projection-expression", input.ProjectionExpression);
  add("--expression-attribute-names", input.ExpressionAttributeNames && JSON.stringify(input.ExpressionAttributeNames));
  add("--expression-attribute-values", input.ExpressionAttributeValues && printItem(input.ExpressionAttributeValues, "dynamodb", 0));
  if (input.ScanIndexForward === false) options.push(["--no-scan-index-forward"]);
  if (input.ConsistentRead) options.push(["--consistent-read"]);
  add("--page-size", input.Limit?.toString());
  return [`aws dynamodb ${mode}`, ...options.map(([name, value]) => `  ${name}${value === undefined ? "" : ` ${quoted(value)}`}`)].join(" \\\n") + "\n";
}

interface Dialect {
  name: (name: string) => string;
  bytes: (base64: string) => string;
  yes: string;
  no: string;
}
const javascriptDialect: Dialect = {
  // In a literal "__proto__" would set the prototype.
  name: (name) => (name === "__proto__" ? '["__proto__"]' : /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)),
  bytes: (base64) => `Buffer.from("${base64}", "base64")`,
  yes: "true",
  no: "false",
};
// JSON's texts are Python's too.
const pythonDialect: Dialect = { name: (name) => JSON.stringify(name), bytes: (base64) => `base64.b64decode("${base64}")`, yes: "True", no: "False" };

function literal(value: unknown, dialect: Dialect, depth: number): string {
  if (value instanceof Uint8Array) return dialect.bytes(textOfBytes(value));
  if (typeof value === "boolean") return value ? dialect.yes : dialect.no;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const line = `\n${"    ".repeat(depth + 1)}`,
    end = `\n${"    ".repeat(depth)}`;
  if (Array.isArray(value)) return value.length ? `[${value.map((element) => literal(element, dialect, depth + 1)).join(", ")}]` : "[]";
  const members = Object.entries(value).map(([name, member]) => `${dialect.name(name)}: ${literal(member, dialect, depth + 1)}`);
  if (members.length === 0) return "{}";
  return members.length === 1 && !members[0]?.includes("\n") ? `{ ${members[0]} }` : `{${line}${members.join(`,${line}`)},${end}}`;
}

const withoutLimit = ({ Limit, ...rest }: Input) => rest;

function javascript(mode: "scan" | "query", input: Input, { endpoint, region }: Place): string {
  const paginate = mode === "query" ? "paginateQuery" : "paginateScan";
  return `import { DynamoDBClient, ${paginate} } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({ endpoint: ${JSON.stringify(endpoint)}, region: ${JSON.stringify(region)} });
const input = ${literal(withoutLimit(input), javascriptDialect, 0)};

for await (const page of ${paginate}({ client, pageSize: ${input.Limit ?? 50} }, input)) {
    for (const item of page.Items ?? []) console.log(item);
}
`;
}

function python(mode: "scan" | "query", input: Input, { endpoint, region }: Place): string {
  const given = literal(withoutLimit(input), pythonDialect, 0);
  return `${given.includes("base64.") ? "import base64\n\n" : ""}import boto3

client = boto3.client("dynamodb", endpoint_url=${JSON.stringify(endpoint)}, region_name=${JSON.stringify(region)})
request = ${given}

for page in client.get_paginator("${mode}").paginate(**request, PaginationConfig={"PageSize": ${input.Limit ?? 50}}):
    for item in page["Items"]:
        print(item)
`;
}

export function codeOf(language: Language, mode: "scan" | "query", input: Input, place: Place): string {
  return (language === "cli" ? cli : language === "javascript" ? javascript : python)(mode, input, place);
}
