// The groups of a pool.

import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import { useAnswer } from "../app/asking";
import { path } from "../app/router";
import { useClient } from "../aws/clients";
import { Link } from "../parts/link";
import { ResourceTable } from "../parts/resource_table";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { users } from "../text/users";
import { GroupForm } from "./group_form";
import { groupsOfPool } from "./group_calls";
import { RoleLink } from "./role_link";

const said = users.groups;

export function Groups({ pool }: { pool: string }) {
  const idp = useClient(CognitoIdentityProviderClient);
  const [creating, setCreating] = useState(false);
  const answer = useAnswer((abortSignal) => groupsOfPool(idp, pool, abortSignal), [idp, pool]);
  return (
    <>
      <ResourceTable
        id="pool-groups"
        variant="container"
        title={said.title}
        answer={answer}
        nameOf={(group) => group.GroupName ?? ""}
        placeholder={said.find}
        empty={said.empty}
        actions={() => <Button variant="primary" onClick={() => setCreating(true)}>{said.create}</Button>}
        columns={[
          {
            id: "name",
            header: said.name,
            value: (group) => group.GroupName,
            cell: (group) => <Link to={path`/user-pools/${pool}/groups/${group.GroupName ?? ""}`}>{group.GroupName}</Link>,
          },
          { id: "description", header: said.description, value: (group) => group.Description, cell: (group) => group.Description ?? app.none },
          { id: "precedence", header: said.precedence, value: (group) => group.Precedence, cell: (group) => group.Precedence ?? app.none },
          { id: "role", header: said.role, value: (group) => group.RoleArn, cell: (group) => <RoleLink arn={group.RoleArn} /> },
          { id: "created", header: said.created, value: (group) => group.CreationDate?.getTime(), cell: (group) => timeText(group.CreationDate) },
        ]}
      />
      {creating && (
        <GroupForm
          pool={pool}
          onClose={(made) => {
            setCreating(false);
            if (made) answer.again();
          }}
        />
      )}
    </>
  );
}
