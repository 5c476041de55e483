// The stream of a table: its switch, and its records as they come.

import { DynamoDBClient, type StreamViewType, type TableDescription, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { Copyable } from "../parts/copyable";
import { Dialog } from "../parts/dialog";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { tables } from "../text/tables";
import type { TabProps } from "./describe";
import { LiveRecords } from "./live_records";
import { Switched } from "./status";

const said = tables.streams;

export const viewTypes: StreamViewType[] = ["NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY"];

export function ViewTypeField({ value, onChange }: { value: StreamViewType; onChange: (value: StreamViewType) => void }) {
  const items = viewTypes.map((id) => ({ value: id, label: said.views[id] ?? id, description: said.viewHints[id] }));
  return <RadioGroup ariaLabel={said.view} value={value} items={items} onChange={({ detail }) => onChange(detail.value as StreamViewType)} />;
}

function Switch({ table, on, onClose }: { table: string; on: boolean; onClose: () => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const [view, setView] = useState<StreamViewType>("NEW_AND_OLD_IMAGES");
  const act = async () => {
    const StreamSpecification = on ? { StreamEnabled: false } : { StreamEnabled: true, StreamViewType: view };
    await dynamodb.send(new UpdateTableCommand({ TableName: table, StreamSpecification }));
    tellDone(said.done(!on));
  };
  return (
    <Dialog header={on ? said.turnOff : said.turnOn} submit={on ? said.off : said.on} act={act} onClose={onClose}>
      {on ? <Box>{said.offMeans}</Box> : <ViewTypeField value={view} onChange={setView} />}
    </Dialog>
  );
}

/** A stream's label is the time it began. */
const beganAt = ({ LatestStreamLabel }: TableDescription) => (LatestStreamLabel ? timeText(new Date(`${LatestStreamLabel}Z`)) : app.none);

export function Streams({ table, name, again }: TabProps) {
  const [open, setOpen] = useState(false);
  const on = table.StreamSpecification?.StreamEnabled === true;
  const close = () => {
    setOpen(false);
    again();
  };
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" description={said.hint} actions={<Button onClick={() => setOpen(true)}>{on ? said.turnOff : said.turnOn}</Button>}>
            {said.title}
          </Header>
        }
      >
        <SpaceBetween size="l">
          <KeyValuePairs
            columns={3}
            items={[
              { label: tables.statusOf, value: <Switched on={on} /> },
              { label: said.view, value: on ? said.views[table.StreamSpecification?.StreamViewType ?? ""] : app.none },
              { label: said.since, value: beganAt(table) },
            ]}
          />
          {table.LatestStreamArn && <KeyValuePairs items={[{ label: tables.arn, value: <Copyable text={table.LatestStreamArn} label={tables.arn} /> }]} />}
        </SpaceBetween>
        {open && <Switch table={name} on={on} onClose={close} />}
      </Container>
      {on && table.LatestStreamArn && <LiveRecords key={table.LatestStreamArn} arn={table.LatestStreamArn} />}
    </SpaceBetween>
  );
}
