// Backups of a table: those made on demand, and the recovery to any moment of the last days.

import {
  type BackupSummary,
  CreateBackupCommand,
  DeleteBackupCommand,
  DescribeContinuousBackupsCommand,
  DynamoDBClient,
  ListBackupsCommand,
  UpdateContinuousBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { useState } from "react";
import { type Answer, allPages, useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { Asked } from "../parts/asked";
import { Deletion } from "../parts/deletion";
import { Dialog } from "../parts/dialog";
import { type Column, ResourceTable } from "../parts/resource_table";
import { sizeText, timeText } from "../parts/words";
import { app } from "../text/app";
import { tables } from "../text/tables";
import { POLL_MS, type TabProps } from "./describe";
import { RestoreBackup, RestoreMoment } from "./restore";
import { Status, Switched } from "./status";

const said = tables.backups;

const nameOf = (backup: BackupSummary) => backup.BackupName ?? "";

const columns: Column<BackupSummary>[] = [
  { id: "name", header: tables.name, width: 240, value: nameOf, cell: nameOf },
  { id: "status", header: tables.statusOf, width: 130, value: (backup) => backup.BackupStatus, cell: (backup) => <Status of={backup.BackupStatus} /> },
  { id: "created", header: tables.created, width: 220, value: (backup) => backup.BackupCreationDateTime?.getTime(), cell: (backup) => timeText(backup.BackupCreationDateTime) },
  { id: "size", header: tables.size, value: (backup) => backup.BackupSizeBytes, cell: (backup) => sizeText(backup.BackupSizeBytes) },
  { id: "type", header: said.type, value: (backup) => backup.BackupType, cell: (backup) => said.types[backup.BackupType ?? ""] ?? backup.BackupType },
  { id: "expires", header: said.expires, hidden: true, value: (backup) => backup.BackupExpiryDateTime?.getTime(), cell: (backup) => timeText(backup.BackupExpiryDateTime) },
  { id: "arn", header: tables.arn, hidden: true, value: (backup) => backup.BackupArn, cell: (backup) => backup.BackupArn },
];

/** All backups of a table of this name, of those before it too. */
function useBackups(TableName: string): Answer<BackupSummary[]> {
  const dynamodb = useClient(DynamoDBClient);
  return useAnswer(
    (abortSignal) =>
      allPages(async (token) => {
        const page = await dynamodb.send(new ListBackupsCommand({ TableName, BackupType: "ALL", ExclusiveStartBackupArn: token }), { abortSignal });
        return { items: page.BackupSummaries ?? [], next: page.LastEvaluatedBackupArn };
      }),
    [dynamodb, TableName],
    { every: (backups) => (backups.some(({ BackupStatus }) => BackupStatus === "CREATING") ? POLL_MS : undefined) },
  );
}

function CreateBackup({ table, onClose }: { table: string; onClose: () => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const act = async () => {
    setTried(true);
    if (!/^[\w.-]{3,255}$/.test(name)) return false;
    await dynamodb.send(new CreateBackupCommand({ TableName: table, BackupName: name }));
    return tellDone(said.done(name));
  };
  return (
    <Dialog header={said.create} submit={said.create} act={act} onClose={onClose}>
      <FormField label={said.name} constraintText={said.nameRule} errorText={tried && !/^[\w.-]{3,255}$/.test(name) ? said.badName : undefined}>
        <Input value={name} placeholder={`${table}-1`} autoFocus spellcheck={false} autoComplete={false} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
    </Dialog>
  );
}

/** The switch of point-in-time recovery, and for how many days. */
function EditRecovery({ table, on, days, onClose }: { table: string; on: boolean; days: number; onClose: () => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const [enabled, setEnabled] = useState(on);
  const [period, setPeriod] = useState(String(days));
  const wrong = enabled && !(/^\d{1,2}$/.test(period) && Number(period) >= 1 && Number(period) <= 35);
  const act = async () => {
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: enabled, RecoveryPeriodInDays: enabled ? Number(period) : undefined };
    await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName: table, PointInTimeRecoverySpecification }));
    tellDone(said.switched(enabled));
  };
  return (
    <Dialog header={said.edit} submit={said.save} disabled={wrong} act={act} onClose={onClose}>
      <Toggle checked={enabled} description={said.recoveryHint} onChange={({ detail }) => setEnabled(detail.checked)}>{said.recovery}</Toggle>
      {enabled && (
        <FormField label={said.days} constraintText={said.daysRule} errorText={wrong ? said.daysRule : undefined}>
          <Input type="number" inputMode="numeric" value={period} onChange={({ detail }) => setPeriod(detail.value)} />
        </FormField>
      )}
    </Dialog>
  );
}

function Recovery({ name, status }: { name: string; status: string | undefined }) {
  const dynamodb = useClient(DynamoDBClient);
  const answer = useAnswer(
    async () => (await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: name }))).ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {},
    [dynamodb, name, status],
  );
  const [dialog, setDialog] = useState<"edit" | "restore">();
  const window = answer.value;
  const on = window?.PointInTimeRecoveryStatus === "ENABLED";
  const close = () => {
    setDialog(undefined);
    answer.again();
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={said.recoveryHint}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button disabled={!on} onClick={() => setDialog("restore")}>{said.restoreMoment}</Button>
              <Button disabled={!window} onClick={() => setDialog("edit")}>{said.editShort}</Button>
            </SpaceBetween>
          }
        >
          {said.recovery}
        </Header>
      }
    >
      <KeyValuePairs
        columns={4}
        items={[
          { label: tables.statusOf, value: <Asked answer={answer}>{() => <Switched on={on} />}</Asked> },
          { label: said.days, value: on ? (window?.RecoveryPeriodInDays ?? 35) : app.none },
          { label: said.earliest, value: timeText(window?.EarliestRestorableDateTime) },
          { label: said.latest, value: timeText(window?.LatestRestorableDateTime) },
        ]}
      />
      {dialog === "edit" && <EditRecovery table={name} on={on} days={window?.RecoveryPeriodInDays ?? 35} onClose={close} />}
      {dialog === "restore" && window && <RestoreMoment table={name} window={window} onClose={close} />}
    </Container>
  );
}

type Open = { kind: "create" } | { kind: "restore" | "delete"; backup: BackupSummary };

export function Backups({ name, table }: TabProps) {
  const dynamodb = useClient(DynamoDBClient);
  const answer = useBackups(name);
  const [open, setOpen] = useState<Open>();
  const close = () => {
    setOpen(undefined);
    answer.again();
  };
  const remove = async (backup: BackupSummary) => {
    await dynamodb.send(new DeleteBackupCommand({ BackupArn: backup.BackupArn }));
    tellDone(said.deleted(nameOf(backup)));
  };
  return (
    <SpaceBetween size="l">
      <Recovery name={name} status={table.TableStatus} />
      <ResourceTable
        id="backups"
        title={said.title}
        variant="container"
        answer={answer}
        nameOf={(backup) => backup.BackupArn ?? ""}
        columns={columns}
        selection="single"
        placeholder={said.find}
        initialSort={{ column: "created", descending: true }}
        empty={
          <SpaceBetween size="xs" alignItems="center">
            <b>{said.empty}</b>
            <Box color="inherit">{said.emptyHint}</Box>
          </SpaceBetween>
        }
        actions={([backup], deselect) => {
          const start = (kind: "restore" | "delete") => {
            if (backup) setOpen({ kind, backup });
            deselect();
          };
          return (
            <>
              <Button disabled={backup?.BackupStatus !== "AVAILABLE"} onClick={() => start("restore")}>{said.restore}</Button>
              <Button disabled={!backup} onClick={() => start("delete")}>{tables.remove}</Button>
              <Button variant="primary" onClick={() => setOpen({ kind: "create" })}>{said.create}</Button>
            </>
          );
        }}
      />
      {open?.kind === "create" && <CreateBackup table={name} onClose={close} />}
      {open?.kind === "restore" && <RestoreBackup backup={open.backup} onClose={close} />}
      {open?.kind === "delete" && <Deletion what={said.what(nameOf(open.backup))} act={() => remove(open.backup)} onClose={close} />}
    </SpaceBetween>
  );
}
