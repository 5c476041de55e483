// What may be changed of a table at once: its class, its protection.

import { DynamoDBClient, type TableClass, type TableDescription, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import Box from "@cloudscape-design/components/box";
import RadioGroup from "@cloudscape-design/components/radio-group";
import { useState } from "react";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { Dialog } from "../parts/dialog";
import { tables } from "../text/tables";

interface EditProps {
  table: TableDescription;
  onClose: () => void;
}

export const classes: TableClass[] = ["STANDARD", "STANDARD_INFREQUENT_ACCESS"];

export function ClassField({ value, onChange, label }: { value: TableClass; onChange: (value: TableClass) => void; label: string }) {
  const said = tables.tableClass;
  const items = classes.map((id) => ({ value: id, label: said.names[id] ?? id, description: said.hints[id] }));
  return <RadioGroup ariaLabel={label} value={value} items={items} onChange={({ detail }) => onChange(detail.value as TableClass)} />;
}

export function EditClass({ table, onClose }: EditProps) {
  const said = tables.tableClass;
  const dynamodb = useClient(DynamoDBClient);
  const now = table.TableClassSummary?.TableClass ?? "STANDARD";
  const [chosen, choose] = useState<TableClass>(now);
  const act = async () => {
    await dynamodb.send(new UpdateTableCommand({ TableName: table.TableName, TableClass: chosen }));
    tellDone(said.done(table.TableName ?? ""));
  };
  return (
    <Dialog header={said.edit} submit={said.submit} act={act} disabled={chosen === now} onClose={onClose}>
      <ClassField label={said.label} value={chosen} onChange={choose} />
    </Dialog>
  );
}

export function SwitchProtection({ table, onClose }: EditProps) {
  const said = tables.protect;
  const dynamodb = useClient(DynamoDBClient);
  const on = table.DeletionProtectionEnabled === true;
  const act = async () => {
    await dynamodb.send(new UpdateTableCommand({ TableName: table.TableName, DeletionProtectionEnabled: !on }));
    tellDone(said.done(table.TableName ?? "", !on));
  };
  return (
    <Dialog header={on ? said.turnOff : said.turnOn} submit={on ? said.off : said.on} act={act} onClose={onClose}>
      <Box>{on ? said.offMeans : said.onMeans}</Box>
    </Dialog>
  );
}
