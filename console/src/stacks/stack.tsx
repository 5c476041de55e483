// A stack: how it stands, and in tabs what is in it and what became of it.

import { CloudFormationClient, DescribeStacksCommand, type Stack, UpdateTerminationProtectionCommand } from "@aws-sdk/client-cloudformation";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useRef, useState } from "react";
import { useAction, useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { path } from "../app/router";
import { useClient } from "../aws/clients";
import { Breaking } from "../parts/breaking";
import { Buttons } from "../parts/buttons";
import { Copyable } from "../parts/copyable";
import { Link } from "../parts/link";
import { QueryTabs } from "../parts/query_tabs";
import { Refused } from "../parts/refused";
import { Waiting } from "../parts/waiting";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { stacks as said } from "../text/stacks";
import { ChangeSets } from "./change_sets";
import { DeleteStack } from "./delete_stack";
import { Events } from "./events";
import { Outputs, Parameters } from "./outputs";
import { Resources } from "./resources";
import { Status, inProgress } from "./status";
import { Template } from "./template";

const AGAIN_MS = 1000;

const ofStack = (id: string | undefined) => (id ? <Link to={path`/stacks/${id}`}>{id.split("/")[1] ?? id}</Link> : app.none);

function Overview({ stack }: { stack: Stack }) {
  const tags = stack.Tags ?? [];
  return (
    <Container header={<Header variant="h2" description={stack.Description && <Breaking>{stack.Description}</Breaking>}>{said.overview}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: said.status, value: <Status status={stack.StackStatus} /> },
          { label: said.created, value: timeText(stack.CreationTime) },
          { label: stack.DeletionTime ? said.deleted : said.updated, value: timeText(stack.DeletionTime ?? stack.LastUpdatedTime) },
          { label: said.id, value: <Copyable text={stack.StackId ?? ""} label={said.id} /> },
          { label: said.protection, value: stack.EnableTerminationProtection ? said.on : said.off },
          ...(stack.RoleARN ? [{ label: said.role, value: <Breaking>{stack.RoleARN}</Breaking> }] : []),
          ...(stack.ParentId ? [{ label: said.parent, value: ofStack(stack.ParentId) }] : []),
          ...(stack.RootId && stack.RootId !== stack.ParentId ? [{ label: said.root, value: ofStack(stack.RootId) }] : []),
          ...(tags.length > 0 ? [{ label: said.tags, value: tags.map(({ Key, Value }) => <div key={Key}><Breaking>{`${Key} = ${Value}`}</Breaking></div>) }] : []),
        ]}
      />
    </Container>
  );
}

/** Buttons for what is done to a stack, but not to a nested one: that is its parent's to change. */
function Actions({ stack, onChanged }: { stack: Stack; onChanged: () => void }) {
  const cloudformation = useClient(CloudFormationClient);
  const [deleting, setDeleting] = useState(false);
  const guarded = stack.EnableTerminationProtection ?? false;
  const protection = useAction(async () => {
    await cloudformation.send(new UpdateTerminationProtectionCommand({ StackName: stack.StackId, EnableTerminationProtection: !guarded }));
    tellDone((guarded ? said.unprotected : said.protected)(stack.StackName ?? ""));
    onChanged();
  });
  return (
    <>
      <Buttons>
        <Button loading={protection.busy} onClick={() => void protection.run()}>{guarded ? said.turnOff : said.turnOn}</Button>
        <Button disabled={guarded} disabledReason={said.deletionProtected} onClick={() => setDeleting(true)}>{said.delete}</Button>
      </Buttons>
      <Refused error={protection.error} onDismiss={protection.clear} />
      {deleting && (
        <DeleteStack
          stack={stack}
          onClose={(begun) => {
            setDeleting(false);
            if (begun) onChanged();
          }}
        />
      )}
    </>
  );
}

export default function OneStack({ stack: given }: { stack: string }) {
  const cloudformation = useClient(CloudFormationClient);
  const id = useRef<string>(undefined); // a stack that is deleted while one looks goes by nothing else
  const answer = useAnswer(
    async (abortSignal) => {
      const stack = (await cloudformation.send(new DescribeStacksCommand({ StackName: id.current ?? given }), { abortSignal })).Stacks?.[0];
      if (!stack) throw new Error(given);
      id.current = stack.StackId;
      return stack;
    },
    [cloudformation, given],
    { every: (stack) => (inProgress(stack.StackStatus) ? AGAIN_MS : undefined) },
  );
  const stack = answer.value;
  if (!stack) return answer.error ? <Refused error={answer.error} /> : <Waiting />;
  const changing = inProgress(stack.StackStatus),
    gone = stack.StackStatus === "DELETE_COMPLETE",
    name = stack.StackId ?? given,
    state = `${stack.StackStatus} ${stack.LastUpdatedTime?.getTime()}`; // what is in it may be another thing then
  return (
    <SpaceBetween size="l">
      <Header variant="h1" actions={!gone && !stack.ParentId && <Actions stack={stack} onChanged={answer.again} />}>{stack.StackName}</Header>
      <Refused error={answer.error} />
      {stack.StackStatusReason && /FAILED|ROLLBACK/.test(stack.StackStatus ?? "") && <Alert type="error" header={said.failedHeader}><Breaking>{stack.StackStatusReason}</Breaking></Alert>}
      <Overview stack={stack} />
      <QueryTabs
        label={said.label}
        others={["changeSet"]}
        tabs={[
          { id: "resources", label: said.tabs.resources, content: <Resources stack={name} changing={changing} state={state} /> },
          { id: "events", label: said.tabs.events, content: <Events stack={name} changing={changing} state={state} /> },
          { id: "outputs", label: said.tabs.outputs, content: <Outputs stack={stack} answer={answer} /> },
          { id: "parameters", label: said.tabs.parameters, content: <Parameters stack={stack} answer={answer} /> },
          { id: "template", label: said.tabs.template, content: <Template stack={name} state={state} /> },
          { id: "change-sets", label: said.tabs.changeSets, content: <ChangeSets stack={name} state={state} onExecuted={answer.again} /> },
        ]}
      />
    </SpaceBetween>
  );
}
