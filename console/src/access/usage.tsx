import { IAMClient } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useAction, useAnswer } from "../app/asking";
import { path } from "../app/router";
import { useClient } from "../aws/clients";
import { Link } from "../parts/link";
import { Refused } from "../parts/refused";
import { ResourceTable } from "../parts/resource_table";
import { access } from "../text/access";
import { type Holder, type Word, detach } from "./holders";
import { holdersOf } from "./removal";

const said = access.usage;

/** The page of who has it. */
export const holderPath = ({ word, name }: Holder) => {
  const paths: Record<Word, string> = { user: path`/access/users/${name}`, group: path`/access/groups/${name}`, role: path`/access/roles/${name}` };
  return paths[word];
};

interface Use {
  holder: Holder;
  as: "permissions" | "boundary";
}

export function Usage({ arn, onChanged }: { arn: string; onChanged: () => void }) {
  const iam = useClient(IAMClient);
  const uses = useAnswer(async (): Promise<Use[]> => {
    const [permissions, boundaries] = await Promise.all([holdersOf(iam, arn, "PermissionsPolicy"), holdersOf(iam, arn, "PermissionsBoundary")]);
    return [...permissions.map((holder): Use => ({ holder, as: "permissions" })), ...boundaries.map((holder): Use => ({ holder, as: "boundary" }))];
  }, [iam, arn]);
  const detaching = useAction(async (holder: Holder) => {
    await detach(iam, holder, arn);
    uses.again();
    onChanged();
  });
  return (
    <SpaceBetween size="m">
      <Refused error={detaching.error} />
      <ResourceTable
        id="access-usage"
        variant="container"
        title={said.title}
        description={said.hint}
        answer={uses}
        nameOf={({ holder, as }) => `${as} ${holder.word} ${holder.name}`}
        empty={said.empty}
        columns={[
          { id: "name", header: access.name, value: ({ holder }) => holder.name, cell: ({ holder }) => <Link to={holderPath(holder)}>{holder.name}</Link> },
          { id: "type", header: access.type, value: ({ holder }) => holder.word, cell: ({ holder }) => access.holders[holder.word] },
          { id: "as", header: said.as, value: ({ as }) => as, cell: ({ as }) => said[as] },
          { id: "detach", header: said.detach, cell: ({ holder, as }) => as === "permissions" && <Button variant="inline-icon" iconName="remove" ariaLabel={said.detachThis(holder.name)} onClick={() => void detaching.run(holder)} /> },
        ]}
      />
    </SpaceBetween>
  );
}
