// The policy of a table, or of its stream: who may do what with it, beside what their own policies say. A policy is saved over
// the one that was read, and over no other.

import { DeleteResourcePolicyCommand, DynamoDBClient, GetResourcePolicyCommand, PutResourcePolicyCommand, type TableDescription } from "@aws-sdk/client-dynamodb";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useState } from "react";
import { useAction, useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { refusal } from "../aws/errors";
import { CodeEditor } from "../parts/code_editor";
import { Deletion } from "../parts/deletion";
import { Refused } from "../parts/refused";
import { app } from "../text/app";
import { tables } from "../text/tables";
import type { TabProps } from "./describe";

const said = tables.policy;

interface Kept {
  text: string;
  /** Undefined: there is no policy. */
  revision?: string;
}

/** A policy to begin with: a reader of this resource in the same account. */
function example(arn: string): string {
  const account = arn.split(":")[4];
  const action = arn.includes("/stream/") ? ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"] : ["dynamodb:GetItem", "dynamodb:Query"];
  const statement = { Sid: "Read", Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: action, Resource: arn };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, null, 2);
}

/** As people read it; the server gives it without lines. */
function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Where JSON is wrong, in the browser's words. */
export function jsonMarks(text: string): { line: number; column: number; text: string }[] {
  if (!text.trim()) return [];
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    const { message } = error as Error;
    const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
    const before = text.slice(0, at).split("\n");
    return [{ line: before.length, column: before.at(-1)?.length ?? 0, text: message }];
  }
}

function PolicyOf({ arn, what }: { arn: string; what: string }) {
  const dynamodb = useClient(DynamoDBClient);
  const [text, setText] = useState("");
  const [deleting, setDeleting] = useState(false);
  const answer = useAnswer(async (abortSignal): Promise<Kept> => {
    try {
      const { Policy, RevisionId } = await dynamodb.send(new GetResourcePolicyCommand({ ResourceArn: arn }), { abortSignal });
      return { text: laidOut(Policy ?? ""), revision: RevisionId };
    } catch (error) {
      if (refusal(error).name === "PolicyNotFoundException") return { text: "" };
      throw error;
    }
  }, [dynamodb, arn]);
  useEffect(() => setText(answer.value?.text ?? ""), [answer.value]);
  const kept = answer.value;
  const marks = jsonMarks(text);
  const save = useAction(async () => {
    await dynamodb.send(new PutResourcePolicyCommand({ ResourceArn: arn, Policy: text, ExpectedRevisionId: kept?.revision ?? "NO_POLICY" }));
    tellDone(said.saved(what));
    answer.again();
  });
  const remove = () => dynamodb.send(new DeleteResourcePolicyCommand({ ResourceArn: arn, ExpectedRevisionId: kept?.revision }));
  const changed = kept !== undefined && text !== kept.text;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={said.hint}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button iconName="refresh" ariaLabel={app.refresh} loading={answer.loading} onClick={answer.again} />
              <Button disabled={!kept?.revision} onClick={() => setDeleting(true)}>{tables.remove}</Button>
              <Button disabled={Boolean(text)} onClick={() => setText(example(arn))}>{said.example}</Button>
              <Button variant="primary" disabled={!changed || !text.trim() || marks.length > 0} loading={save.busy} onClick={() => void save.run()}>{said.save}</Button>
            </SpaceBetween>
          }
        >
          {said.title(what)}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Refused error={answer.error ?? save.error} onDismiss={save.error ? save.clear : undefined} />
        {kept && !kept.revision && !text && <Alert type="info">{said.none}</Alert>}
        {marks[0] && <Alert type="warning">{said.notJson(marks[0].line, marks[0].text)}</Alert>}
        {kept && <CodeEditor language="json" label={said.title(what)} value={text} onChange={setText} marks={marks} height={360} />}
      </SpaceBetween>
      {deleting && (
        <Deletion
          what={said.what(what)}
          act={remove}
          onClose={(deleted) => {
            setDeleting(false);
            if (deleted) tellDone(said.deleted(what));
            answer.again();
          }}
        />
      )}
    </Container>
  );
}

const arnOf = (table: TableDescription, which: string) => (which === "stream" ? table.LatestStreamArn : table.TableArn) ?? "";

export function Policy({ table }: TabProps) {
  const [chosen, choose] = useState("table");
  const which = table.LatestStreamArn ? chosen : "table";
  return (
    <SpaceBetween size="m">
      {table.LatestStreamArn && (
        <SegmentedControl
          label={said.of}
          selectedId={which}
          onChange={({ detail }) => choose(detail.selectedId)}
          options={[
            { id: "table", text: said.table },
            { id: "stream", text: said.stream },
          ]}
        />
      )}
      <PolicyOf key={arnOf(table, which)} arn={arnOf(table, which)} what={which === "stream" ? said.streamOf : said.tableOf} />
    </SpaceBetween>
  );
}
