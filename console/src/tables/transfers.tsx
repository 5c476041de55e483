// Exports of a table to S3, and the import that made it.

import {
  DescribeContinuousBackupsCommand,
  DescribeExportCommand,
  type ExportDescription,
  type ExportSummary,
  DynamoDBClient,
  ListExportsCommand,
  UpdateContinuousBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { allPages, useAction, useAnswer } from "../app/asking";
import { useClient } from "../aws/clients";
import { Refused } from "../parts/refused";
import { type Column, ResourceTable } from "../parts/resource_table";
import { countText, sizeText, timeText } from "../parts/words";
import { app } from "../text/app";
import { copies } from "../text/copies";
import { tables } from "../text/tables";
import { POLL_MS, type TabProps } from "./describe";
import { StartExport } from "./export_form";
import { ImportList, nameOf } from "./import_list";
import { Status } from "./status";

const said = copies.transfers;

type Export = ExportSummary & ExportDescription;

const exportColumns: Column<Export>[] = [
  { id: "id", header: said.id, width: 220, value: (one) => nameOf(one.ExportArn), cell: (one) => nameOf(one.ExportArn) },
  { id: "status", header: tables.statusOf, width: 140, value: (one) => one.ExportStatus, cell: (one) => <Status of={one.ExportStatus} /> },
  { id: "bucket", header: said.bucket, width: 160, value: (one) => one.S3Bucket, cell: (one) => one.S3Bucket ?? app.none },
  { id: "manifest", header: said.manifest, width: 240, value: (one) => one.ExportManifest, cell: (one) => one.ExportManifest ?? app.none },
  { id: "format", header: said.format, width: 140, value: (one) => one.ExportFormat, cell: (one) => said.formats[one.ExportFormat ?? ""] ?? app.none },
  { id: "type", header: said.type, width: 120, value: (one) => one.ExportType, cell: (one) => said.types[one.ExportType ?? ""] ?? app.none },
  { id: "time", header: said.asOf, width: 210, value: (one) => one.ExportTime?.getTime(), cell: (one) => timeText(one.ExportTime ?? one.IncrementalExportSpecification?.ExportToTime) },
  { id: "items", header: tables.items, value: (one) => one.ItemCount, cell: (one) => countText(one.ItemCount) },
  { id: "size", header: tables.size, value: (one) => one.BilledSizeBytes, cell: (one) => sizeText(one.BilledSizeBytes) },
  { id: "failure", header: said.failure, value: (one) => one.FailureMessage, cell: (one) => one.FailureMessage ?? app.none },
];

async function allExports(dynamodb: DynamoDBClient, TableArn: string | undefined, abortSignal: AbortSignal): Promise<Export[]> {
  const summaries = await allPages(async (token) => {
    const page = await dynamodb.send(new ListExportsCommand({ TableArn, NextToken: token }), { abortSignal });
    return { items: page.ExportSummaries ?? [], next: page.NextToken };
  }, 100);
  return Promise.all(
    summaries.map(async (summary) => ({ ...summary, ...(await dynamodb.send(new DescribeExportCommand({ ExportArn: summary.ExportArn }), { abortSignal })).ExportDescription })),
  );
}

/** Exports read what point-in-time recovery keeps. */
function NeedsRecovery({ name, onDone }: { name: string; onDone: () => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const action = useAction(async () => {
    await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName: name, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }));
    onDone();
  });
  return (
    <SpaceBetween size="xs">
      <Alert type="info" header={said.needsRecovery} action={<Button loading={action.busy} onClick={() => void action.run()}>{said.turnOn}</Button>}>
        {said.needsRecoveryHint}
      </Alert>
      <Refused error={action.error} />
    </SpaceBetween>
  );
}

function Exports({ table, name }: TabProps) {
  const dynamodb = useClient(DynamoDBClient);
  const [open, setOpen] = useState(false);
  const arn = table.TableArn;
  const answer = useAnswer((signal) => allExports(dynamodb, arn, signal), [dynamodb, arn], {
    every: (exports) => (exports.some(({ ExportStatus }) => ExportStatus === "IN_PROGRESS") ? POLL_MS : undefined),
  });
  const recovery = useAnswer(
    async () => (await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: name }))).ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {},
    [dynamodb, name],
  );
  const off = recovery.value && recovery.value.PointInTimeRecoveryStatus !== "ENABLED";
  return (
    <SpaceBetween size="l">
      {off && <NeedsRecovery name={name} onDone={recovery.again} />}
      <ResourceTable
        id="exports"
        title={said.exports}
        description={said.exportsHint}
        variant="container"
        answer={answer}
        nameOf={(one) => one.ExportArn ?? ""}
        columns={exportColumns}
        placeholder={said.findExports}
        initialSort={{ column: "time", descending: true }}
        empty={
          <SpaceBetween size="xs" alignItems="center">
            <b>{said.noExports}</b>
            <Box color="inherit">{said.noExportsHint}</Box>
          </SpaceBetween>
        }
        actions={() => <Button variant="primary" onClick={() => setOpen(true)}>{said.startExport}</Button>}
      />
      {open && arn && (
        <StartExport
          arn={arn}
          onClose={() => {
            setOpen(false);
            answer.again();
          }}
        />
      )}
    </SpaceBetween>
  );
}

export const Transfers = (props: TabProps) => (
  <SpaceBetween size="l">
    <Exports {...props} />
    <ImportList table={props.table} />
  </SpaceBetween>
);
