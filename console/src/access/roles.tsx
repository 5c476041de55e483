import { IAMClient, ListRolesCommand, type Role } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import { useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { navigate, path } from "../app/router";
import { useClient } from "../aws/clients";
import { Buttons } from "../parts/buttons";
import { Deletion } from "../parts/deletion";
import { Link } from "../parts/link";
import { ResourceTable } from "../parts/resource_table";
import { timeText } from "../parts/words";
import { access } from "../text/access";
import { documentText, listAll } from "./holders";
import { deleteRole } from "./removal";
import { trustedBy } from "./trust";

const said = access.roles;
const trusted = (role: Role) => trustedBy(documentText(role.AssumeRolePolicyDocument)).join(", ");

export default function Roles() {
  const iam = useClient(IAMClient);
  const [removing, setRemoving] = useState<string>();
  const roles = useAnswer(
    () =>
      listAll(
        (Marker) => iam.send(new ListRolesCommand({ Marker, MaxItems: 1000 })),
        (answer) => answer.Roles,
      ),
    [iam],
  );
  return (
    <>
      <ResourceTable
        id="access-roles"
        title={said.title}
        description={said.description}
        answer={roles}
        nameOf={({ RoleName = "" }) => RoleName}
        selection="single"
        placeholder={said.find}
        empty={said.empty}
        actions={([selected]) => (
          <Buttons>
            <Button disabled={!selected} onClick={() => setRemoving(selected?.RoleName)}>{access.delete}</Button>
            <Button variant="primary" onClick={() => navigate("/access/create-role")}>{said.create}</Button>
          </Buttons>
        )}
        columns={[
          { id: "name", header: access.name, value: ({ RoleName }) => RoleName, cell: ({ RoleName = "" }) => <Link to={path`/access/roles/${RoleName}`}>{RoleName}</Link> },
          { id: "trusted", header: said.trusted, value: trusted, cell: trusted },
          { id: "description", header: access.description, value: ({ Description }) => Description, cell: ({ Description }) => Description },
          { id: "arn", header: access.arn, value: ({ Arn }) => Arn, cell: ({ Arn }) => Arn, hidden: true },
          { id: "created", header: access.created, value: ({ CreateDate }) => CreateDate?.getTime(), cell: ({ CreateDate }) => timeText(CreateDate) },
        ]}
      />
      {removing && (
        <Deletion
          what={said.what(removing)}
          act={() => deleteRole(iam, removing)}
          onClose={(deleted) => {
            setRemoving(undefined);
            if (deleted) tellDone(access.deleted(said.what(removing)));
            roles.again();
          }}
        >
          {said.deletion}
        </Deletion>
      )}
    </>
  );
}
