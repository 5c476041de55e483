// Asks before tables are deleted: a protected one cannot be, until its protection is turned off, and a backup may be made first.

import {
  CreateBackupCommand,
  DeleteTableCommand,
  DescribeBackupCommand,
  DynamoDBClient,
  type TableDescription,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import Alert from "@cloudscape-design/components/alert";
import Checkbox from "@cloudscape-design/components/checkbox";
import { useRef, useState } from "react";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { Deletion } from "../parts/deletion";
import { FormModal } from "../parts/form_modal";
import { countText } from "../parts/words";
import { tables } from "../text/tables";

const said = tables.deletion;
const SHOWN = 10; // names, then a count

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Makes a backup of a table; resolves when it is there. */
async function backUp(dynamodb: DynamoDBClient, TableName: string) {
  const BackupName = `${TableName.slice(0, 200)}-${new Date().toISOString().replace(/\D/g, "").slice(0, 14)}`;
  const { BackupDetails } = await dynamodb.send(new CreateBackupCommand({ TableName, BackupName }));
  const BackupArn = BackupDetails?.BackupArn;
  for (let status = BackupDetails?.BackupStatus; status === "CREATING"; ) {
    await wait(300);
    status = (await dynamodb.send(new DescribeBackupCommand({ BackupArn }))).BackupDescription?.BackupDetails?.BackupStatus;
  }
}

function Names({ names }: { names: string[] }) {
  return (
    <ul>
      {names.slice(0, SHOWN).map((name) => <li key={name}>{name}</li>)}
      {names.length > SHOWN && <li>{said.more(names.length - SHOWN)}</li>}
    </ul>
  );
}

/** The tables are protected: offers to turn that off. */
function Protected({ names, onDone, onClose }: { names: string[]; onDone: () => void; onClose: () => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const unprotect = async () => {
    for (const TableName of names) await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  };
  return (
    <FormModal header={said.protectedHeader} submit={said.unprotect} act={unprotect} onClose={(done) => (done ? onDone() : onClose())}>
      <Alert type="warning">{said.isProtected(names.length)}</Alert>
      <Names names={names} />
    </FormModal>
  );
}

/** Shown while it is rendered; onClose is told whether the tables are gone. */
export function DeleteTables({ tables: all, onClose }: { tables: TableDescription[]; onClose: (deleted: boolean) => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const [unprotected, setUnprotected] = useState(false);
  const [keep, setKeep] = useState(false);
  const gone = useRef(new Set<string>()); // by an attempt that failed at a later table
  const names = all.map((table) => table.TableName ?? "");
  const locked = unprotected ? [] : all.filter((table) => table.DeletionProtectionEnabled).map((table) => table.TableName ?? "");
  if (locked.length) return <Protected names={locked} onDone={() => setUnprotected(true)} onClose={() => onClose(false)} />;

  const act = async () => {
    for (const TableName of names) {
      if (gone.current.has(TableName)) continue;
      if (keep) await backUp(dynamodb, TableName);
      await dynamodb.send(new DeleteTableCommand({ TableName }));
      gone.current.add(TableName);
      tellDone(said.done(TableName));
    }
  };
  const items = all.reduce((sum, table) => sum + (table.ItemCount ?? 0), 0);
  return (
    <Deletion what={said.what(names)} act={act} onClose={onClose}>
      {names.length > 1 && <Names names={names} />}
      <Alert type="warning">{said.meaning(names.length, countText(items), items)}</Alert>
      <Checkbox checked={keep} description={said.backupHint} onChange={({ detail }) => setKeep(detail.checked)}>{said.backup}</Checkbox>
    </Deletion>
  );
}
