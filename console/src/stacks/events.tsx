// What happened to a stack, newest first, and live while it happens.

import { CloudFormationClient, DescribeStackEventsCommand, type StackEvent } from "@aws-sdk/client-cloudformation";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import { useClient } from "../aws/clients";
import { PagedTable, usePages } from "../parts/paged_table";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { events as said, stacks } from "../text/stacks";
import { Status } from "./status";

const AGAIN_MS = 1000;

/** The first failure of the newest operation, unless it is the stack's own: what failed after it failed for that. */
function rootCause(events: StackEvent[]): string | undefined {
  const operation = events[0]?.OperationId;
  return events.findLast((event) => event.OperationId === operation && event.ResourceStatus?.endsWith("_FAILED") && event.PhysicalResourceId !== event.StackId)?.EventId;
}

export function Events({ stack, changing, state }: { stack: string; changing: boolean; state: string }) {
  const cloudformation = useClient(CloudFormationClient);
  const pages = usePages(
    async (NextToken, abortSignal) => {
      const page = await cloudformation.send(new DescribeStackEventsCommand({ StackName: stack, NextToken }), { abortSignal });
      return { items: page.StackEvents ?? [], next: page.NextToken };
    },
    [cloudformation, stack],
    { round: state, every: changing ? AGAIN_MS : undefined },
  );
  const cause = rootCause(pages.answer.value?.items ?? []);
  return (
    <PagedTable
      title={stacks.tabs.events}
      description={changing ? said.live : undefined}
      pages={pages}
      nameOf={(event) => event.EventId ?? ""}
      empty={said.empty}
      wrap
      columns={[
        {
          id: "logical",
          header: said.logical,
          width: 240,
          cell: (event) => (
            <>
              <div>{event.LogicalResourceId}</div>
              <Box variant="small">{event.ResourceType}</Box>
            </>
          ),
        },
        { id: "status", header: said.status, width: 250, cell: (event) => <Status status={event.ResourceStatus} /> },
        {
          id: "reason",
          header: said.reason,
          minWidth: 260,
          cell: (event) => (
            <Box>
              {event.EventId === cause && <Badge color="red">{said.rootCause}</Badge>} {event.ResourceStatusReason ?? app.none}
            </Box>
          ),
        },
        { id: "time", header: said.time, width: 130, cell: (event) => timeText(event.Timestamp) },
      ]}
    />
  );
}
