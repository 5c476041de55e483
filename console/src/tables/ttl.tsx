// Time to live: after the time in one attribute, the server deletes an item.

import { DescribeTimeToLiveCommand, DynamoDBClient, UpdateTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import { useState } from "react";
import { useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { Asked } from "../parts/asked";
import { Dialog } from "../parts/dialog";
import { app } from "../text/app";
import { tables } from "../text/tables";
import { POLL_MS, type TabProps } from "./describe";
import { Status } from "./status";

const said = tables.ttl;

function Switch({ table, attribute, onClose }: { table: string; attribute: string | undefined; onClose: () => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const [name, setName] = useState(attribute ?? "");
  const on = attribute !== undefined;
  const act = async () => {
    await dynamodb.send(new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification: { Enabled: !on, AttributeName: name } }));
    tellDone(said.done(!on));
  };
  return (
    <Dialog header={on ? said.turnOff : said.turnOn} submit={on ? said.off : said.on} disabled={!name} act={act} onClose={onClose}>
      {on ? (
        <Box>{said.offMeans(attribute)}</Box>
      ) : (
        <FormField label={said.attribute} description={said.attributeHint}>
          <Input value={name} placeholder="expires_at" autoFocus spellcheck={false} autoComplete={false} onChange={({ detail }) => setName(detail.value)} />
        </FormField>
      )}
    </Dialog>
  );
}

export function TimeToLive({ name }: TabProps) {
  const dynamodb = useClient(DynamoDBClient);
  const answer = useAnswer(async () => (await dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name }))).TimeToLiveDescription ?? {}, [dynamodb, name], {
    every: ({ TimeToLiveStatus: status }) => (status === "ENABLING" || status === "DISABLING" ? POLL_MS : undefined),
  });
  const [open, setOpen] = useState(false);
  const status = answer.value?.TimeToLiveStatus;
  const on = status === "ENABLED" || status === "ENABLING";
  const close = () => {
    setOpen(false);
    answer.again();
  };
  return (
    <Container
      header={
        <Header variant="h2" description={said.hint} actions={<Button disabled={!answer.value} onClick={() => setOpen(true)}>{on ? said.turnOff : said.turnOn}</Button>}>
          {said.title}
        </Header>
      }
    >
      <KeyValuePairs
        columns={2}
        items={[
          { label: tables.statusOf, value: <Asked answer={answer}>{() => <Status of={status} />}</Asked> },
          { label: said.attribute, value: answer.value?.AttributeName ?? app.none },
        ]}
      />
      {open && <Switch table={name} attribute={on ? answer.value?.AttributeName : undefined} onClose={close} />}
    </Container>
  );
}
