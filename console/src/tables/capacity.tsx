// How a table is paid for: per request, or with a capacity of its own for it and each global index.

import { type BillingMode, DynamoDBClient, type OnDemandThroughput, type ProvisionedThroughput, type TableDescription, UpdateTableCommand, type UpdateTableCommandInput } from "@aws-sdk/client-dynamodb";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { Dialog } from "../parts/dialog";
import { tables } from "../text/tables";
import { isOnDemand } from "./describe";

const said = tables.capacity;

/** Capacity units as typed. */
export interface Units {
  read: string;
  write: string;
}

export const fiveUnits: Units = { read: "5", write: "5" };

/** What is wrong with a number of units, or undefined. */
export const unitsProblem = (text: string) => (/^[1-9]\d{0,11}$/.test(text) ? undefined : said.notUnits);

export const throughputOf = ({ read, write }: Units): ProvisionedThroughput => ({ ReadCapacityUnits: Number(read), WriteCapacityUnits: Number(write) });

export function BillingField({ value, onChange }: { value: BillingMode; onChange: (value: BillingMode) => void }) {
  const items = (["PAY_PER_REQUEST", "PROVISIONED"] as const).map((id) => ({ value: id, label: said.names[id], description: said.hints[id] }));
  return <RadioGroup ariaLabel={said.mode} value={value} items={items} onChange={({ detail }) => onChange(detail.value as BillingMode)} />;
}

/** Two fields; `of` is for whom: a table, an index. Errors are shown once `tried`. */
export function UnitsFields({ of, value, onChange, tried = true, labels = { read: said.read, write: said.write }, optional = false }: {
  of?: string;
  value: Units;
  onChange: (value: Units) => void;
  tried?: boolean;
  labels?: { read: string; write: string };
  optional?: boolean;
}) {
  const field = (side: "read" | "write") => {
    const label = of ? `${labels[side]}: ${of}` : labels[side];
    return (
      <FormField label={label} errorText={tried && !(optional && !value[side]) ? unitsProblem(value[side]) : undefined}>
        <Input type="number" inputMode="numeric" value={value[side]} onChange={({ detail }) => onChange({ ...value, [side]: detail.value })} />
      </FormField>
    );
  };
  return (
    <ColumnLayout columns={2}>
      {field("read")}
      {field("write")}
    </ColumnLayout>
  );
}

const unitsOf = (throughput: { ReadCapacityUnits?: number; WriteCapacityUnits?: number } | undefined): Units => ({
  read: String(throughput?.ReadCapacityUnits || fiveUnits.read),
  write: String(throughput?.WriteCapacityUnits || fiveUnits.write),
});

const most = (throughput: OnDemandThroughput | undefined, side: "MaxReadRequestUnits" | "MaxWriteRequestUnits") => {
  const units = throughput?.[side];
  return units === undefined || units < 0 ? "" : String(units);
};

const limitOf = ({ read, write }: Units): OnDemandThroughput => ({ MaxReadRequestUnits: read ? Number(read) : -1, MaxWriteRequestUnits: write ? Number(write) : -1 });

export function EditCapacity({ table, onClose }: { table: TableDescription; onClose: () => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const before: BillingMode = isOnDemand(table) ? "PAY_PER_REQUEST" : "PROVISIONED";
  const indexes = table.GlobalSecondaryIndexes ?? [];
  const [mode, setMode] = useState<BillingMode>(before);
  const [own, setOwn] = useState(unitsOf(table.ProvisionedThroughput));
  const limitsBefore = { read: most(table.OnDemandThroughput, "MaxReadRequestUnits"), write: most(table.OnDemandThroughput, "MaxWriteRequestUnits") };
  const [limits, setLimits] = useState<Units>(limitsBefore);
  const [ofIndexes, setOfIndexes] = useState<Record<string, Units>>(() => Object.fromEntries(indexes.map((index) => [index.IndexName ?? "", unitsOf(index.ProvisionedThroughput)])));

  const provisioned = (): Partial<UpdateTableCommandInput> => {
    const asBefore = (name: string) => before === mode && JSON.stringify(unitsOf(indexes.find((index) => index.IndexName === name)?.ProvisionedThroughput)) === JSON.stringify(ofIndexes[name]);
    const changed = Object.entries(ofIndexes).filter(([name]) => !asBefore(name));
    const ownChanged = before !== mode || JSON.stringify(unitsOf(table.ProvisionedThroughput)) !== JSON.stringify(own);
    return {
      ProvisionedThroughput: ownChanged ? throughputOf(own) : undefined,
      GlobalSecondaryIndexUpdates: changed.length ? changed.map(([IndexName, units]) => ({ Update: { IndexName, ProvisionedThroughput: throughputOf(units) } })) : undefined,
    };
  };
  const onDemand = (): Partial<UpdateTableCommandInput> => ({
    OnDemandThroughput: JSON.stringify(limits) === JSON.stringify(limitsBefore) ? undefined : limitOf(limits),
  });
  const act = async () => {
    const units = mode === "PROVISIONED" ? [own, ...Object.values(ofIndexes)] : [];
    if (units.some(({ read, write }) => unitsProblem(read) || unitsProblem(write))) return false;
    if (mode === "PAY_PER_REQUEST" && Object.values(limits).some((text: string) => text && unitsProblem(text))) return false;
    await dynamodb.send(new UpdateTableCommand({ TableName: table.TableName, BillingMode: mode, ...(mode === "PROVISIONED" ? provisioned() : onDemand()) }));
    return tellDone(said.done(table.TableName ?? ""));
  };
  return (
    <Dialog header={said.edit} submit={said.submit} act={act} onClose={onClose}>
      <BillingField value={mode} onChange={setMode} />
      {mode === "PAY_PER_REQUEST" ? (
        <UnitsFields value={limits} onChange={setLimits} optional labels={said.limits} />
      ) : (
        <SpaceBetween size="m">
          <UnitsFields value={own} onChange={setOwn} />
          {Object.entries(ofIndexes).map(([name, units]) => (
            <UnitsFields key={name} of={name} value={units} onChange={(next) => setOfIndexes({ ...ofIndexes, [name]: next })} />
          ))}
        </SpaceBetween>
      )}
    </Dialog>
  );
}
