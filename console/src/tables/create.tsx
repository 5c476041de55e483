// A new table: a form, and what it means as a command and as code.

import { CreateTableCommand, DynamoDBClient, UpdateContinuousBackupsCommand, UpdateTimeToLiveCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Form from "@cloudscape-design/components/form";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { type FormEvent, useDeferredValue, useState } from "react";
import { useAction } from "../app/asking";
import { tell, tellDone } from "../app/notices";
import { navigate, path } from "../app/router";
import { endpoint, useClient } from "../aws/clients";
import { refusal } from "../aws/errors";
import { CodeBlock } from "../parts/code_block";
import { Refused } from "../parts/refused";
import { app } from "../text/app";
import { createTable as said } from "../text/create_table";
import { asCdk } from "./as_cdk";
import { asCli } from "./as_cli";
import { Capacity, Details } from "./create_fields";
import { NewIndexes } from "./create_indexes";
import { NewSettings } from "./create_settings";
import { type TableDraft, createInput, isComplete, newTable, problemsOfIndexes, tableProblems, withPlaceholders } from "./table_draft";

function Preview({ draft }: { draft: TableDraft }) {
  return (
    <Container header={<Header variant="h2" description={said.previewHint}>{said.preview}</Header>}>
      <Tabs
        ariaLabel={said.preview}
        tabs={[
          { id: "cli", label: said.cli, content: <CodeBlock language="sh" label={said.cli} code={asCli(draft, endpoint)} /> },
          { id: "cdk", label: said.cdk, content: <CodeBlock language="typescript" label={said.cdk} code={asCdk(draft)} /> },
        ]}
      />
    </Container>
  );
}

/** Does after the table is there what CreateTable has no parameter for, and says where that failed. */
async function finish(dynamodb: DynamoDBClient, { name: TableName, ttl, recovery }: TableDraft) {
  const steps = [
    ttl && { failed: said.ttlFailed, act: () => dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: ttl } })) },
    recovery && {
      failed: said.recoveryFailed,
      act: () => dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })),
    },
  ].filter((step) => step !== false && step !== "");
  if (steps.length) await waitUntilTableExists({ client: dynamodb, minDelay: 1, maxDelay: 2, maxWaitTime: 120 }, { TableName });
  for (const { failed, act } of steps) {
    await act().catch((error: unknown) => tell({ type: "error", header: failed(TableName), content: refusal(error).message }));
  }
}

export default function CreateTable() {
  const dynamodb = useClient(DynamoDBClient);
  const [draft, setDraft] = useState(newTable);
  const [tried, setTried] = useState(false);
  const change = (changes: Partial<TableDraft>) => setDraft((last) => ({ ...last, ...changes }));
  const action = useAction(async () => {
    await dynamodb.send(new CreateTableCommand(createInput(draft)));
    await finish(dynamodb, draft);
    tellDone(said.done(draft.name));
    navigate(path`/tables/${draft.name}`);
  });
  const complete = isComplete(draft);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (complete && !action.busy) void action.run();
  };
  const types = tableProblems(draft).types;
  const part = { draft, change, tried };
  return (
    <ContentLayout header={<Header variant="h1">{said.title}</Header>}>
      <form onSubmit={submit}>
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={() => navigate("/tables")}>{app.cancel}</Button>
              <Button variant="primary" loading={action.busy}>{said.submit}</Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            <Details {...part} />
            <Capacity {...part} />
            <NewIndexes {...part} problems={tried ? problemsOfIndexes(draft) : []} />
            <NewSettings {...part} />
            <Preview draft={withPlaceholders(useDeferredValue(draft))} />
            {tried && !complete && <Alert type="error">{types ?? said.wrong}</Alert>}
            <Refused error={action.error} onDismiss={action.clear} />
          </SpaceBetween>
        </Form>
      </form>
    </ContentLayout>
  );
}
