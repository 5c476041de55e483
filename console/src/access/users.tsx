import { AddUserToGroupCommand, CreateUserCommand, IAMClient, ListGroupsCommand, ListUsersCommand } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Multiselect from "@cloudscape-design/components/multiselect";
import { useState } from "react";
import { useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { navigate, path } from "../app/router";
import { useClient } from "../aws/clients";
import { Buttons } from "../parts/buttons";
import { Deletion } from "../parts/deletion";
import { FormModal } from "../parts/form_modal";
import { Link } from "../parts/link";
import { ResourceTable } from "../parts/resource_table";
import { timeText } from "../parts/words";
import { access } from "../text/access";
import { PolicyChoice } from "./choice";
import { attach, listAll } from "./holders";
import { deleteUser } from "./removal";

const said = access.users;

function CreateUser({ onClose }: { onClose: () => void }) {
  const iam = useClient(IAMClient);
  const [name, setName] = useState("");
  const [policies, setPolicies] = useState<string[]>([]);
  const [groups, setGroups] = useState<string[]>([]);
  const known = useAnswer(
    () =>
      listAll(
        (Marker) => iam.send(new ListGroupsCommand({ Marker })),
        (answer) => answer.Groups,
      ),
    [iam],
  );
  const options = (known.value ?? []).map(({ GroupName = "" }) => ({ value: GroupName, label: GroupName }));
  const create = async () => {
    await iam.send(new CreateUserCommand({ UserName: name }));
    for (const GroupName of groups) await iam.send(new AddUserToGroupCommand({ GroupName, UserName: name }));
    for (const arn of policies) await attach(iam, { word: "user", name }, arn);
    tellDone(said.made(name));
    navigate(path`/access/users/${name}`);
  };
  return (
    <FormModal header={said.create} submit={said.create} ready={name !== ""} act={create} onClose={onClose}>
      <FormField label={access.name}>
        <Input value={name} autoFocus spellcheck={false} autoComplete={false} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      {options.length > 0 && (
        <FormField label={said.groups}>
          <Multiselect selectedOptions={options.filter(({ value }) => groups.includes(value))} options={options} placeholder={said.choose} onChange={({ detail }) => setGroups(detail.selectedOptions.map(({ value = "" }) => value))} />
        </FormField>
      )}
      <PolicyChoice label={said.policies} description={said.policiesHint} chosen={policies} onChange={setPolicies} />
    </FormModal>
  );
}

export default function Users() {
  const iam = useClient(IAMClient);
  const [creating, setCreating] = useState(false);
  const [removing, setRemoving] = useState<string>();
  const users = useAnswer(
    () =>
      listAll(
        (Marker) => iam.send(new ListUsersCommand({ Marker, MaxItems: 1000 })),
        (answer) => answer.Users,
      ),
    [iam],
  );
  return (
    <>
      <ResourceTable
        id="access-users"
        title={said.title}
        description={said.description}
        answer={users}
        nameOf={({ UserName = "" }) => UserName}
        selection="single"
        placeholder={said.find}
        empty={said.empty}
        actions={([selected]) => (
          <Buttons>
            <Button disabled={!selected} onClick={() => setRemoving(selected?.UserName)}>{access.delete}</Button>
            <Button variant="primary" onClick={() => setCreating(true)}>{said.create}</Button>
          </Buttons>
        )}
        columns={[
          { id: "name", header: access.name, value: ({ UserName }) => UserName, cell: ({ UserName = "" }) => <Link to={path`/access/users/${UserName}`}>{UserName}</Link> },
          { id: "path", header: access.path, value: ({ Path }) => Path, cell: ({ Path }) => Path, hidden: true },
          { id: "arn", header: access.arn, value: ({ Arn }) => Arn, cell: ({ Arn }) => Arn },
          { id: "created", header: access.created, value: ({ CreateDate }) => CreateDate?.getTime(), cell: ({ CreateDate }) => timeText(CreateDate) },
        ]}
      />
      {creating && <CreateUser onClose={() => setCreating(false)} />}
      {removing && (
        <Deletion
          what={said.what(removing)}
          act={() => deleteUser(iam, removing)}
          onClose={(deleted) => {
            setRemoving(undefined);
            if (deleted) tellDone(access.deleted(said.what(removing)));
            users.again();
          }}
        >
          {said.deletion}
        </Deletion>
      )}
    </>
  );
}
