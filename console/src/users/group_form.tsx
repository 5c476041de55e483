// Makes a group, or changes one.

import { CognitoIdentityProviderClient, CreateGroupCommand, type GroupType, UpdateGroupCommand } from "@aws-sdk/client-cognito-identity-provider";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { FormModal } from "../parts/form_modal";
import { users } from "../text/users";

const said = users.groups;

export function GroupForm({ pool, group, onClose }: { pool: string; group?: GroupType; onClose: (done: boolean) => void }) {
  const idp = useClient(CognitoIdentityProviderClient);
  const [name, setName] = useState(group?.GroupName ?? "");
  const [description, setDescription] = useState(group?.Description ?? "");
  const [role, setRole] = useState(group?.RoleArn ?? "");
  const [precedence, setPrecedence] = useState(group?.Precedence?.toString() ?? "");
  const wrong = precedence !== "" && !/^\d+$/.test(precedence);
  const act = () => {
    const input = { UserPoolId: pool, GroupName: name, Description: description || undefined, RoleArn: role || undefined, Precedence: precedence === "" ? undefined : Number(precedence) };
    return group ? idp.send(new UpdateGroupCommand(input)) : idp.send(new CreateGroupCommand(input));
  };
  return (
    <FormModal
      header={group ? said.editHeader(name) : said.createHeader}
      submit={group ? said.save : said.submit}
      ready={name !== "" && !wrong}
      act={act}
      onClose={(done) => {
        if (done) tellDone(group ? said.saved(name) : said.wasCreated(name));
        onClose(done);
      }}
    >
      {!group && (
        <FormField label={said.name}>
          <Input value={name} autoFocus spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
        </FormField>
      )}
      <FormField label={<>{said.description} <i>– {users.create.optional}</i></>}>
        <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
      </FormField>
      <FormField label={<>{said.role} <i>– {users.create.optional}</i></>} constraintText={said.roleHint}>
        <Input value={role} spellcheck={false} placeholder="arn:aws:iam::000000000000:role/…" onChange={({ detail }) => setRole(detail.value)} />
      </FormField>
      <FormField label={<>{said.precedence} <i>– {users.create.optional}</i></>} constraintText={said.precedenceHint} errorText={wrong && said.precedenceWrong}>
        <Input value={precedence} inputMode="numeric" onChange={({ detail }) => setPrecedence(detail.value)} />
      </FormField>
    </FormModal>
  );
}
