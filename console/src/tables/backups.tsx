// Backups of a table: those made on demand, and the recovery to any second of the last days.

import { DescribeContinuousBackupsCommand, DynamoDBClient, UpdateContinuousBackupsCommand } from "@aws-sdk/client-dynamodb";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { useState } from "react";
import { useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { Asked } from "../parts/asked";
import { Dialog } from "../parts/dialog";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { copies } from "../text/copies";
import { tables } from "../text/tables";
import { BackupList } from "./backup_list";
import type { TabProps } from "./describe";
import { RestoreMoment } from "./restore";
import { Switched } from "./status";

const said = copies.backups;

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

export function Backups({ name, table }: TabProps) {
  return (
    <SpaceBetween size="l">
      <Recovery name={name} status={table.TableStatus} />
      <BackupList table={name} />
    </SpaceBetween>
  );
}
