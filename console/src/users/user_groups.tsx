// The groups that a user is in.

import { AdminAddUserToGroupCommand, AdminRemoveUserFromGroupCommand, CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";
import { useAction, useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { path } from "../app/router";
import { useClient } from "../aws/clients";
import { Buttons } from "../parts/buttons";
import { FormModal } from "../parts/form_modal";
import { Link } from "../parts/link";
import { Refused } from "../parts/refused";
import { ResourceTable } from "../parts/resource_table";
import { users } from "../text/users";
import { groupsOfPool, groupsOfUser } from "./group_calls";
import { RoleLink } from "./role_link";

const said = users.user;

function AddToGroup({ pool, user, without, onClose }: { pool: string; user: string; without: string[]; onClose: (added: boolean) => void }) {
  const idp = useClient(CognitoIdentityProviderClient);
  const [group, setGroup] = useState<string>();
  const answer = useAnswer((abortSignal) => groupsOfPool(idp, pool, abortSignal), [idp, pool]);
  const options = (answer.value ?? []).map(({ GroupName = "", Description }) => ({ value: GroupName, description: Description })).filter(({ value }) => !without.includes(value));
  const act = () => idp.send(new AdminAddUserToGroupCommand({ UserPoolId: pool, Username: user, GroupName: group }));
  return (
    <FormModal
      header={said.addGroupHeader(user)}
      submit={said.addGroup}
      ready={group !== undefined}
      act={act}
      onClose={(added) => {
        if (added) tellDone(users.groups.added(user, group ?? ""));
        onClose(added);
      }}
    >
      <Refused error={answer.error} />
      <FormField label={said.group}>
        <Select
          placeholder={said.chooseGroup}
          options={options}
          selectedOption={options.find(({ value }) => value === group) ?? null}
          statusType={answer.loading ? "loading" : "finished"}
          empty={said.allGroups}
          filteringType={options.length > 10 ? "auto" : "none"}
          onChange={({ detail }) => setGroup(detail.selectedOption.value)}
        />
      </FormField>
    </FormModal>
  );
}

export function UserGroups({ pool, user }: { pool: string; user: string }) {
  const idp = useClient(CognitoIdentityProviderClient);
  const [adding, setAdding] = useState(false);
  const answer = useAnswer((abortSignal) => groupsOfUser(idp, pool, user, abortSignal), [idp, pool, user]);
  const removal = useAction(async (names: string[]) => {
    for (const GroupName of names) await idp.send(new AdminRemoveUserFromGroupCommand({ UserPoolId: pool, Username: user, GroupName }));
    tellDone(users.groups.removed(user, names.join(", ")));
    answer.again();
  });
  return (
    <>
      <Refused error={removal.error} onDismiss={removal.clear} />
      <ResourceTable
        id="user-groups"
        variant="container"
        title={said.groups}
        answer={answer}
        nameOf={(group) => group.GroupName ?? ""}
        placeholder={users.groups.find}
        empty={said.noGroups}
        selection="multi"
        actions={(selected, deselect) => (
          <Buttons>
            <Button
              disabled={selected.length === 0}
              loading={removal.busy}
              onClick={() => void removal.run(selected.map(({ GroupName = "" }) => GroupName)).then(deselect)}
            >
              {said.removeGroup}
            </Button>
            <Button onClick={() => setAdding(true)}>{said.addGroup}</Button>
          </Buttons>
        )}
        columns={[
          {
            id: "name",
            header: users.groups.name,
            value: (group) => group.GroupName,
            cell: (group) => <Link to={path`/user-pools/${pool}/groups/${group.GroupName ?? ""}`}>{group.GroupName}</Link>,
          },
          { id: "precedence", header: users.groups.precedence, value: (group) => group.Precedence, cell: (group) => group.Precedence },
          { id: "role", header: users.groups.role, value: (group) => group.RoleArn, cell: (group) => <RoleLink arn={group.RoleArn} /> },
        ]}
      />
      {adding && (
        <AddToGroup
          pool={pool}
          user={user}
          without={(answer.value ?? []).map(({ GroupName = "" }) => GroupName)}
          onClose={(added) => {
            setAdding(false);
            if (added) answer.again();
          }}
        />
      )}
    </>
  );
}
