// The stacks.

import { CloudFormationClient, ListStacksCommand, type StackStatus, type StackSummary } from "@aws-sdk/client-cloudformation";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import { allPages, useAnswer } from "../app/asking";
import { path, useQuery } from "../app/router";
import { useClient } from "../aws/clients";
import { Link } from "../parts/link";
import { ResourceTable } from "../parts/resource_table";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { stacks as said } from "../text/stacks";
import { Status, inProgress } from "./status";

const AGAIN_MS = 2000;
type Shown = keyof typeof said.shown;

const wanted: Record<Shown, (stack: StackSummary) => boolean> = {
  active: ({ StackStatus }) => StackStatus !== "DELETE_COMPLETE",
  deleted: ({ StackStatus }) => StackStatus === "DELETE_COMPLETE",
  all: () => true,
};

/** By its name, as people know it; a deleted one has no name any more. */
const to = ({ StackName = "", StackId = "", StackStatus }: StackSummary) => path`/stacks/${StackStatus === "DELETE_COMPLETE" ? StackId : StackName}`;

export default function Stacks() {
  const cloudformation = useClient(CloudFormationClient);
  const [query, setQuery] = useQuery();
  const asked = query.get("show");
  const shown: Shown = asked === "deleted" || asked === "all" ? asked : "active";
  const answer = useAnswer(
    async (abortSignal) => {
      const StackStatusFilter: StackStatus[] | undefined = shown === "deleted" ? ["DELETE_COMPLETE"] : undefined;
      const all = await allPages(async (NextToken) => {
        const page = await cloudformation.send(new ListStacksCommand({ NextToken, StackStatusFilter }), { abortSignal });
        return { items: page.StackSummaries ?? [], next: page.NextToken };
      });
      return all.filter(wanted[shown]);
    },
    [cloudformation, shown],
    { every: (stacks) => (stacks.some(({ StackStatus }) => inProgress(StackStatus)) ? AGAIN_MS : undefined) },
  );
  return (
    <ResourceTable
      id="stacks"
      title={said.title}
      answer={answer}
      nameOf={(stack) => stack.StackId ?? ""}
      placeholder={said.find}
      empty={shown === "deleted" ? said.noneDeleted : said.empty}
      initialSort={{ column: "created", descending: true }}
      actions={() => (
        <SegmentedControl
          label={said.show}
          selectedId={shown}
          options={(Object.keys(said.shown) as Shown[]).map((id) => ({ id, text: said.shown[id] }))}
          onChange={({ detail }) => setQuery({ show: detail.selectedId === "active" ? undefined : detail.selectedId })}
        />
      )}
      columns={[
        {
          id: "name",
          header: said.name,
          width: 230,
          value: (stack) => stack.StackName,
          cell: (stack) => (
            <Box>
              <Link to={to(stack)}>{stack.StackName}</Link> {stack.ParentId && <Badge>{said.nested}</Badge>}
            </Box>
          ),
        },
        { id: "status", header: said.status, width: 240, value: (stack) => stack.StackStatus, cell: (stack) => <Status status={stack.StackStatus} /> },
        { id: "description", header: said.description, value: (stack) => stack.TemplateDescription, cell: (stack) => stack.TemplateDescription ?? app.none },
        { id: "created", header: said.created, width: 220, value: (stack) => stack.CreationTime?.getTime(), cell: (stack) => timeText(stack.CreationTime) },
        { id: "updated", header: said.updated, width: 220, value: (stack) => stack.LastUpdatedTime?.getTime(), cell: (stack) => timeText(stack.LastUpdatedTime), hidden: true },
        { id: "deleted", header: said.deleted, width: 220, value: (stack) => stack.DeletionTime?.getTime(), cell: (stack) => timeText(stack.DeletionTime), hidden: shown === "active" },
      ]}
    />
  );
}
