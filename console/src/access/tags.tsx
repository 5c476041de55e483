import type { Tag } from "@aws-sdk/client-iam";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";
import { useAction, useAnswer } from "../app/asking";
import { Refused } from "../parts/refused";
import { access } from "../text/access";
import { app } from "../text/app";

const said = access.tags;

/** Tags of a user, role or policy: how they are read, set and taken away. Each change is made at once. */
export function Tags({ of, list, tag, untag }: { of: string; list: () => Promise<Tag[]>; tag: (tag: Tag) => Promise<unknown>; untag: (key: string) => Promise<unknown> }) {
  const tags = useAnswer(list, [of]);
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const adding = useAction(async () => {
    await tag({ Key: key, Value: value });
    setKey("");
    setValue("");
    tags.again();
  });
  const removing = useAction(async (name: string) => {
    await untag(name);
    tags.again();
  });
  return (
    <Container header={<Header variant="h2" description={said.hint} counter={tags.value && `(${tags.value.length})`}>{said.title}</Header>}>
      <SpaceBetween size="m">
        <Refused error={tags.error ?? removing.error} />
        <Table
          variant="embedded"
          ariaLabels={{ tableLabel: said.title }}
          items={tags.value ?? []}
          loading={tags.loading && !tags.value}
          loadingText={app.loading}
          empty={<Box color="text-status-inactive">{said.empty}</Box>}
          columnDefinitions={[
            { id: "key", header: said.key, isRowHeader: true, cell: ({ Key }) => Key },
            { id: "value", header: said.value, cell: ({ Value }) => Value },
            { id: "remove", header: access.remove, cell: ({ Key = "" }) => <Button variant="inline-icon" iconName="remove" ariaLabel={said.removeThis(Key)} loading={removing.busy} onClick={() => void removing.run(Key)} /> },
          ]}
        />
        <form
          className="access-row"
          onSubmit={(event) => {
            event.preventDefault();
            if (key) void adding.run();
          }}
        >
          <FormField label={said.key}>
            <Input value={key} onChange={({ detail }) => setKey(detail.value)} />
          </FormField>
          <FormField label={said.value}>
            <Input value={value} onChange={({ detail }) => setValue(detail.value)} />
          </FormField>
          <Button formAction="submit" disabled={!key} loading={adding.busy}>{said.add}</Button>
        </form>
        <Refused error={adding.error} />
      </SpaceBetween>
    </Container>
  );
}
