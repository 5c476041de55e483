// Makes a new table of a backup, or of what a table was at a moment.

import { type BackupSummary, DynamoDBClient, type PointInTimeRecoveryDescription, RestoreTableFromBackupCommand, RestoreTableToPointInTimeCommand } from "@aws-sdk/client-dynamodb";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import { useState } from "react";
import { tell } from "../app/notices";
import { path } from "../app/router";
import { useClient } from "../aws/clients";
import { Dialog } from "../parts/dialog";
import { Link } from "../parts/link";
import { timeText } from "../parts/words";
import { createTable } from "../text/create_table";
import { copies } from "../text/copies";
import { nameProblem } from "./index_draft";
import { MomentField, dateOf, momentOf } from "./moment_field";

const said = copies.restore;

const tellRestoring = (name: string) => tell({ type: "success", header: said.began(name), content: <Link to={path`/tables/${name}`}>{said.open(name)}</Link> });

function NameField({ value, onChange, tried }: { value: string; onChange: (value: string) => void; tried: boolean }) {
  return (
    <FormField label={said.target} constraintText={createTable.nameRule} errorText={tried ? nameProblem(value) : undefined}>
      <Input value={value} spellcheck={false} autoComplete={false} autoFocus onChange={({ detail }) => onChange(detail.value)} />
    </FormField>
  );
}

function IndexesField({ value, onChange }: { value: boolean; onChange: (value: boolean) => void }) {
  return (
    <FormField label={said.indexes}>
      <RadioGroup
        ariaLabel={said.indexes}
        value={value ? "with" : "without"}
        items={[
          { value: "with", label: said.withIndexes },
          { value: "without", label: said.withoutIndexes, description: said.withoutHint },
        ]}
        onChange={({ detail }) => onChange(detail.value === "with")}
      />
    </FormField>
  );
}

const overrides = (withIndexes: boolean) => (withIndexes ? {} : { GlobalSecondaryIndexOverride: [], LocalSecondaryIndexOverride: [] });

export function RestoreBackup({ backup, onClose }: { backup: BackupSummary; onClose: () => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const [name, setName] = useState(`${backup.TableName ?? ""}-restored`.slice(0, 255));
  const [withIndexes, setWithIndexes] = useState(true);
  const [tried, setTried] = useState(false);
  const act = async () => {
    setTried(true);
    if (nameProblem(name)) return false;
    await dynamodb.send(new RestoreTableFromBackupCommand({ BackupArn: backup.BackupArn, TargetTableName: name, ...overrides(withIndexes) }));
    return tellRestoring(name);
  };
  return (
    <Dialog header={said.backup(backup.BackupName ?? "")} submit={said.submit} act={act} onClose={onClose}>
      <NameField value={name} onChange={setName} tried={tried} />
      <IndexesField value={withIndexes} onChange={setWithIndexes} />
    </Dialog>
  );
}

export function RestoreMoment({ table, window, onClose }: { table: string; window: PointInTimeRecoveryDescription; onClose: () => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const [name, setName] = useState(`${table}-restored`.slice(0, 255));
  const [latest, setLatest] = useState(true);
  const [moment, setMoment] = useState(() => momentOf(window.LatestRestorableDateTime ?? new Date()));
  const [withIndexes, setWithIndexes] = useState(true);
  const [tried, setTried] = useState(false);
  const date = dateOf(moment);
  const act = async () => {
    setTried(true);
    if (nameProblem(name) || (!latest && !date)) return false;
    const when = latest ? { UseLatestRestorableTime: true } : { RestoreDateTime: date };
    await dynamodb.send(new RestoreTableToPointInTimeCommand({ SourceTableName: table, TargetTableName: name, ...when, ...overrides(withIndexes) }));
    return tellRestoring(name);
  };
  return (
    <Dialog size="large" header={said.momentOf(table)} submit={said.submit} act={act} onClose={onClose}>
      <NameField value={name} onChange={setName} tried={tried} />
      <FormField label={said.when} description={said.window(timeText(window.EarliestRestorableDateTime), timeText(window.LatestRestorableDateTime))}>
        <RadioGroup
          ariaLabel={said.when}
          value={latest ? "latest" : "moment"}
          items={[
            { value: "latest", label: said.latest, description: timeText(window.LatestRestorableDateTime) },
            { value: "moment", label: said.chosen },
          ]}
          onChange={({ detail }) => setLatest(detail.value === "latest")}
        />
      </FormField>
      {!latest && <MomentField label={said.momentLabel} value={moment} onChange={setMoment} error={tried && !date ? copies.moment.bad : undefined} />}
      <IndexesField value={withIndexes} onChange={setWithIndexes} />
    </Dialog>
  );
}
