// Imports from S3: of one table, or all of them.

import { DescribeImportCommand, DynamoDBClient, type ImportTableDescription, ListImportsCommand, type TableDescription } from "@aws-sdk/client-dynamodb";
import Button from "@cloudscape-design/components/button";
import { allPages, useAnswer } from "../app/asking";
import { follow, href, path } from "../app/router";
import { useClient } from "../aws/clients";
import { Link } from "../parts/link";
import { type Column, ResourceTable } from "../parts/resource_table";
import { countText, timeText } from "../parts/words";
import { app } from "../text/app";
import { copies } from "../text/copies";
import { tables } from "../text/tables";
import { POLL_MS } from "./describe";
import { Status } from "./status";

const said = copies.transfers;

/** The last part of an export's or an import's ARN. */
export const nameOf = (arn: string | undefined) => arn?.split("/").at(-1) ?? "";

const importColumns: Column<ImportTableDescription>[] = [
  { id: "id", header: said.importId, width: 260, value: (one) => nameOf(one.ImportArn), cell: (one) => nameOf(one.ImportArn) },
  { id: "status", header: tables.statusOf, width: 140, value: (one) => one.ImportStatus, cell: (one) => <Status of={one.ImportStatus} /> },
  {
    id: "table",
    header: copies.backups.table,
    width: 200,
    value: (one) => nameOf(one.TableArn),
    cell: (one) => <Link to={path`/tables/${nameOf(one.TableArn)}`}>{nameOf(one.TableArn)}</Link>,
  },
  { id: "bucket", header: said.bucket, width: 160, value: (one) => one.S3BucketSource?.S3Bucket, cell: (one) => one.S3BucketSource?.S3Bucket ?? app.none },
  { id: "prefix", header: said.prefix, width: 160, hidden: true, value: (one) => one.S3BucketSource?.S3KeyPrefix, cell: (one) => one.S3BucketSource?.S3KeyPrefix ?? app.none },
  { id: "format", header: said.format, value: (one) => one.InputFormat, cell: (one) => said.formats[one.InputFormat ?? ""] ?? app.none },
  { id: "items", header: said.importedItems, value: (one) => one.ImportedItemCount, cell: (one) => countText(one.ImportedItemCount) },
  { id: "errors", header: said.wrongItems, value: (one) => one.ErrorCount, cell: (one) => countText(one.ErrorCount) },
  { id: "failure", header: said.failure, width: 200, value: (one) => one.FailureMessage, cell: (one) => one.FailureMessage ?? app.none },
  { id: "start", header: said.start, width: 210, value: (one) => one.StartTime?.getTime(), cell: (one) => timeText(one.StartTime) },
  { id: "end", header: said.end, width: 210, value: (one) => one.EndTime?.getTime(), cell: (one) => timeText(one.EndTime) },
];

/** The last hundred, with how they went. */
async function allImports(dynamodb: DynamoDBClient, TableArn: string | undefined, abortSignal: AbortSignal): Promise<ImportTableDescription[]> {
  const summaries = await allPages(async (token) => {
    const page = await dynamodb.send(new ListImportsCommand({ TableArn, NextToken: token }), { abortSignal });
    return { items: page.ImportSummaryList ?? [], next: page.NextToken };
  }, 100);
  return Promise.all(
    summaries.map(async (summary) => ({ ...summary, ...(await dynamodb.send(new DescribeImportCommand({ ImportArn: summary.ImportArn }), { abortSignal })).ImportTableDescription })),
  );
}

/** Without a table, all imports, and a way to begin one. */
export function ImportList({ table }: { table?: TableDescription }) {
  const dynamodb = useClient(DynamoDBClient);
  const TableArn = table?.TableArn;
  const answer = useAnswer(
    (signal) => allImports(dynamodb, TableArn, signal),
    [dynamodb, TableArn],
    { every: (imports) => (imports.some(({ ImportStatus }) => ImportStatus === "IN_PROGRESS" || ImportStatus === "CANCELLING") ? POLL_MS : undefined) },
  );
  return (
    <ResourceTable
      id={table ? "imports" : "all-imports"}
      title={said.imports}
      description={table ? said.importsHint : undefined}
      variant={table ? "container" : "full-page"}
      answer={answer}
      nameOf={(one) => one.ImportArn ?? ""}
      columns={table ? importColumns.filter(({ id }) => id !== "table") : importColumns}
      placeholder={said.findImports}
      initialSort={{ column: "start", descending: true }}
      empty={table ? said.noImports : said.noneImported}
      actions={table ? undefined : () => <Button variant="primary" href={href("/import-table")} onFollow={follow}>{said.startImport}</Button>}
    />
  );
}
