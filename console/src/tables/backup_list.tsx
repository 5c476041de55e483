// Backups made on demand: of one table, or all that there are, those of deleted tables too.

import { type BackupSummary, CreateBackupCommand, DeleteBackupCommand, DynamoDBClient, ListBackupsCommand } from "@aws-sdk/client-dynamodb";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { type Answer, allPages, useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { path } from "../app/router";
import { useClient } from "../aws/clients";
import { Deletion } from "../parts/deletion";
import { Dialog } from "../parts/dialog";
import { Link } from "../parts/link";
import { type Column, ResourceTable } from "../parts/resource_table";
import { sizeText, timeText } from "../parts/words";
import { copies } from "../text/copies";
import { tables } from "../text/tables";
import { POLL_MS } from "./describe";
import { RestoreBackup } from "./restore";
import { Status } from "./status";

const said = copies.backups;

const nameOf = (backup: BackupSummary) => backup.BackupName ?? "";

const columns: Column<BackupSummary>[] = [
  { id: "name", header: tables.name, width: 240, value: nameOf, cell: nameOf },
  { id: "status", header: tables.statusOf, width: 130, value: (backup) => backup.BackupStatus, cell: (backup) => <Status of={backup.BackupStatus} /> },
  { id: "created", header: tables.created, width: 220, value: (backup) => backup.BackupCreationDateTime?.getTime(), cell: (backup) => timeText(backup.BackupCreationDateTime) },
  { id: "size", header: tables.size, value: (backup) => backup.BackupSizeBytes, cell: (backup) => sizeText(backup.BackupSizeBytes) },
  {
    id: "table",
    header: said.table,
    width: 200,
    value: (backup) => backup.TableName,
    cell: (backup) => <Link to={path`/tables/${backup.TableName ?? ""}`}>{backup.TableName}</Link>,
  },
  { id: "type", header: said.type, value: (backup) => backup.BackupType, cell: (backup) => said.types[backup.BackupType ?? ""] ?? backup.BackupType },
  { id: "expires", header: said.expires, hidden: true, value: (backup) => backup.BackupExpiryDateTime?.getTime(), cell: (backup) => timeText(backup.BackupExpiryDateTime) },
  { id: "arn", header: tables.arn, hidden: true, value: (backup) => backup.BackupArn, cell: (backup) => backup.BackupArn },
];

/** All backups of a table of this name, of those before it too; or of all tables. */
function useBackups(TableName: string | undefined): Answer<BackupSummary[]> {
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

type Open = { kind: "create" } | { kind: "restore" | "delete"; backup: BackupSummary };

/** Without a table, all backups. */
export function BackupList({ table }: { table?: string }) {
  const dynamodb = useClient(DynamoDBClient);
  const answer = useBackups(table);
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
    <>
      <ResourceTable
        id={table === undefined ? "all-backups" : "backups"}
        title={table === undefined ? said.all : said.title}
        variant={table === undefined ? "full-page" : "container"}
        answer={answer}
        nameOf={(backup) => backup.BackupArn ?? ""}
        columns={table === undefined ? columns : columns.filter(({ id }) => id !== "table")}
        selection="single"
        placeholder={said.find}
        initialSort={{ column: "created", descending: true }}
        empty={
          <SpaceBetween size="xs" alignItems="center">
            <b>{said.empty}</b>
            <Box color="inherit">{table === undefined ? said.emptyAll : said.emptyHint}</Box>
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
              {table !== undefined && <Button variant="primary" onClick={() => setOpen({ kind: "create" })}>{said.create}</Button>}
            </>
          );
        }}
      />
      {open?.kind === "create" && table !== undefined && <CreateBackup table={table} onClose={close} />}
      {open?.kind === "restore" && <RestoreBackup backup={open.backup} onClose={close} />}
      {open?.kind === "delete" && <Deletion what={said.what(nameOf(open.backup))} act={() => remove(open.backup)} onClose={close} />}
    </>
  );
}
