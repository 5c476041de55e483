// The change sets of a stack: what an update would do.

import {
  type Change,
  CloudFormationClient,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
} from "@aws-sdk/client-cloudformation";
import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { allPages, useAction, useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { useQuery } from "../app/router";
import { useClient } from "../aws/clients";
import { Buttons } from "../parts/buttons";
import { Refused } from "../parts/refused";
import { ResourceTable } from "../parts/resource_table";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { changeSets as said, stacks } from "../text/stacks";
import { Status } from "./status";

const detailsOf = ({ ResourceChange }: Change) => (ResourceChange?.Details ?? []).map(({ Target }) => [Target?.Attribute, Target?.Name].filter(Boolean).join(".")).filter((text, i, all) => all.indexOf(text) === i).join(", ");

function Changes({ stack, name }: { stack: string; name: string }) {
  const cloudformation = useClient(CloudFormationClient);
  const answer = useAnswer(
    (abortSignal) =>
      allPages(async (NextToken) => {
        const page = await cloudformation.send(new DescribeChangeSetCommand({ StackName: stack, ChangeSetName: name, NextToken }), { abortSignal });
        return { items: page.Changes ?? [], next: page.NextToken };
      }),
    [cloudformation, stack, name],
  );
  return (
    <ResourceTable
      id="changes"
      variant="container"
      title={said.changes(name)}
      answer={answer}
      nameOf={({ ResourceChange }) => ResourceChange?.LogicalResourceId ?? ""}
      empty={said.noChanges}
      columns={[
        { id: "logical", header: said.logical, value: ({ ResourceChange }) => ResourceChange?.LogicalResourceId, cell: ({ ResourceChange }) => ResourceChange?.LogicalResourceId },
        { id: "action", header: said.action, value: ({ ResourceChange }) => ResourceChange?.Action, cell: ({ ResourceChange }) => ResourceChange?.Action },
        { id: "type", header: said.type, value: ({ ResourceChange }) => ResourceChange?.ResourceType, cell: ({ ResourceChange }) => ResourceChange?.ResourceType },
        { id: "replacement", header: said.replacement, value: ({ ResourceChange }) => ResourceChange?.Replacement, cell: ({ ResourceChange }) => ResourceChange?.Replacement ?? app.none },
        { id: "details", header: said.details, value: detailsOf, cell: (change) => detailsOf(change) || app.none },
      ]}
    />
  );
}

export function ChangeSets({ stack, state, onExecuted }: { stack: string; state: string; onExecuted: () => void }) {
  const cloudformation = useClient(CloudFormationClient);
  const [query, setQuery] = useQuery();
  const open = query.get("changeSet");
  const answer = useAnswer(
    (abortSignal) =>
      allPages(async (NextToken) => {
        const page = await cloudformation.send(new ListChangeSetsCommand({ StackName: stack, NextToken }), { abortSignal });
        return { items: page.Summaries ?? [], next: page.NextToken };
      }),
    [cloudformation, stack, state],
  );
  const execution = useAction(async (name: string) => {
    await cloudformation.send(new ExecuteChangeSetCommand({ StackName: stack, ChangeSetName: name }));
    tellDone(said.executed(name));
    onExecuted();
  });
  const removal = useAction(async (name: string) => {
    await cloudformation.send(new DeleteChangeSetCommand({ StackName: stack, ChangeSetName: name }));
    tellDone(said.wasDeleted(name));
    setQuery({ changeSet: undefined });
    answer.again();
  });
  return (
    <SpaceBetween size="l">
      <Refused error={execution.error ?? removal.error} />
      <ResourceTable
        id="change-sets"
        variant="container"
        title={stacks.tabs.changeSets}
        answer={answer}
        nameOf={(set) => set.ChangeSetName ?? ""}
        placeholder={said.find}
        empty={said.empty}
        selection="single"
        actions={([selected]) => (
          <Buttons>
            <Button disabled={!selected} loading={removal.busy} onClick={() => void removal.run(selected?.ChangeSetName ?? "")}>{said.delete}</Button>
            <Button disabled={selected?.ExecutionStatus !== "AVAILABLE"} loading={execution.busy} onClick={() => void execution.run(selected?.ChangeSetName ?? "")}>{said.execute}</Button>
          </Buttons>
        )}
        columns={[
          {
            id: "name",
            header: said.name,
            value: (set) => set.ChangeSetName,
            cell: (set) => <Link onFollow={() => setQuery({ changeSet: set.ChangeSetName })}>{set.ChangeSetName}</Link>,
          },
          { id: "status", header: said.status, width: 220, value: (set) => set.Status, cell: (set) => <Status status={set.Status} /> },
          { id: "execution", header: said.execution, value: (set) => set.ExecutionStatus, cell: (set) => set.ExecutionStatus },
          { id: "reason", header: said.reason, value: (set) => set.StatusReason, cell: (set) => set.StatusReason ?? app.none },
          { id: "created", header: said.created, value: (set) => set.CreationTime?.getTime(), cell: (set) => timeText(set.CreationTime) },
        ]}
      />
      {open && <Changes key={open} stack={stack} name={open} />}
    </SpaceBetween>
  );
}
