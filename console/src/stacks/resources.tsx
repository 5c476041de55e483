// What a stack has made, with the ways to it; and what is only recorded.

import { CloudFormationClient, ListStackResourcesCommand, type StackResourceSummary } from "@aws-sdk/client-cloudformation";
import Alert from "@cloudscape-design/components/alert";
import Badge from "@cloudscape-design/components/badge";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { allPages, useAnswer } from "../app/asking";
import { path } from "../app/router";
import { useClient } from "../aws/clients";
import { Breaking } from "../parts/breaking";
import { Link } from "../parts/link";
import { ResourceTable } from "../parts/resource_table";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { resources as said, stacks } from "../text/stacks";
import { Status } from "./status";

const AGAIN_MS = 1000;
const NAMED = 8; // of those that are only recorded

const views: Record<string, (id: string) => string> = {
  "AWS::DynamoDB::Table": (id) => path`/tables/${id}`,
  "AWS::DynamoDB::GlobalTable": (id) => path`/tables/${id}`,
  "AWS::IAM::Role": (id) => path`/access/roles/${id}`,
  "AWS::IAM::User": (id) => path`/access/users/${id}`,
  "AWS::IAM::ManagedPolicy": (arn) => path`/access/policies/${arn}`,
  "AWS::IAM::Group": (id) => path`/access/groups/${id}`,
  "AWS::Cognito::UserPool": (id) => path`/user-pools/${id}`,
  "AWS::Cognito::IdentityPool": (id) => path`/identity-pools/${id}`,
  "AWS::CloudFormation::Stack": (id) => path`/stacks/${id}`,
};

function Physical({ resource }: { resource: StackResourceSummary }) {
  const id = resource.PhysicalResourceId;
  if (!id) return app.none;
  const view = resource.ResourceStatus === "DELETE_COMPLETE" ? undefined : views[resource.ResourceType ?? ""];
  return view ? <Link to={view(id)}>{id}</Link> : id;
}

const isRecorded = ({ ResourceStatusReason = "", ResourceStatus }: StackResourceSummary) => ResourceStatusReason.startsWith("Recorded and not run") && ResourceStatus !== "DELETE_COMPLETE";

function Recorded({ resources }: { resources: StackResourceSummary[] }) {
  if (resources.length === 0) return null;
  const names = resources.slice(0, NAMED).map(({ LogicalResourceId, ResourceType }) => `${LogicalResourceId} (${ResourceType})`);
  if (resources.length > NAMED) names.push(said.andMore(resources.length - NAMED));
  return (
    <Alert type="warning" header={said.recordedHeader(resources.length)}>
      {said.recordedHint} <Breaking>{names.join(", ")}</Breaking>
    </Alert>
  );
}

/** `state` changes when the stack has other resources than before. */
export function Resources({ stack, changing, state }: { stack: string; changing: boolean; state: string }) {
  const cloudformation = useClient(CloudFormationClient);
  const answer = useAnswer(
    (abortSignal) =>
      allPages(async (NextToken) => {
        const page = await cloudformation.send(new ListStackResourcesCommand({ StackName: stack, NextToken }), { abortSignal });
        return { items: page.StackResourceSummaries ?? [], next: page.NextToken };
      }),
    [cloudformation, stack, state],
    { every: changing ? AGAIN_MS : undefined },
  );
  return (
    <SpaceBetween size="l">
      <Recorded resources={(answer.value ?? []).filter(isRecorded)} />
      <ResourceTable
        id="stack-resources"
        variant="container"
        title={stacks.tabs.resources}
        answer={answer}
        nameOf={(resource) => resource.LogicalResourceId ?? ""}
        placeholder={said.find}
        empty={said.empty}
        columns={[
          { id: "logical", header: said.logical, width: 200, value: (resource) => resource.LogicalResourceId, cell: (resource) => resource.LogicalResourceId },
          { id: "physical", header: said.physical, width: 260, value: (resource) => resource.PhysicalResourceId, cell: (resource) => <Physical resource={resource} /> },
          { id: "type", header: said.type, width: 230, value: (resource) => resource.ResourceType, cell: (resource) => resource.ResourceType },
          {
            id: "status",
            header: said.status,
            width: 240,
            value: (resource) => (isRecorded(resource) ? said.recorded : resource.ResourceStatus),
            cell: (resource) => (isRecorded(resource) ? <Badge color="severity-medium">{said.recorded}</Badge> : <Status status={resource.ResourceStatus} />),
          },
          { id: "reason", header: said.reason, value: (resource) => resource.ResourceStatusReason, cell: (resource) => resource.ResourceStatusReason ?? app.none, hidden: true },
          { id: "updated", header: said.updated, value: (resource) => resource.LastUpdatedTimestamp?.getTime(), cell: (resource) => timeText(resource.LastUpdatedTimestamp), hidden: true },
        ]}
      />
    </SpaceBetween>
  );
}
