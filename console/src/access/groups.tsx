import { CreateGroupCommand, IAMClient, ListGroupsCommand } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
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
import { deleteGroup } from "./removal";

const said = access.groups;

function CreateGroup({ onClose }: { onClose: () => void }) {
  const iam = useClient(IAMClient);
  const [name, setName] = useState("");
  const [policies, setPolicies] = useState<string[]>([]);
  const create = async () => {
    await iam.send(new CreateGroupCommand({ GroupName: name }));
    for (const arn of policies) await attach(iam, { word: "group", name }, arn);
    tellDone(said.made(name));
    navigate(path`/access/groups/${name}`);
  };
  return (
    <FormModal header={said.create} submit={said.create} ready={name !== ""} act={create} onClose={onClose}>
      <FormField label={access.name}>
        <Input value={name} autoFocus spellcheck={false} autoComplete={false} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <PolicyChoice label={access.users.policies} chosen={policies} onChange={setPolicies} />
    </FormModal>
  );
}

export default function Groups() {
  const iam = useClient(IAMClient);
  const [creating, setCreating] = useState(false);
  const [removing, setRemoving] = useState<string>();
  const groups = useAnswer(
    () =>
      listAll(
        (Marker) => iam.send(new ListGroupsCommand({ Marker, MaxItems: 1000 })),
        (answer) => answer.Groups,
      ),
    [iam],
  );
  return (
    <>
      <ResourceTable
        id="access-groups"
        title={said.title}
        description={said.description}
        answer={groups}
        nameOf={({ GroupName = "" }) => GroupName}
        selection="single"
        placeholder={said.find}
        empty={said.empty}
        actions={([selected]) => (
          <Buttons>
            <Button disabled={!selected} onClick={() => setRemoving(selected?.GroupName)}>{access.delete}</Button>
            <Button variant="primary" onClick={() => setCreating(true)}>{said.create}</Button>
          </Buttons>
        )}
        columns={[
          { id: "name", header: access.name, value: ({ GroupName }) => GroupName, cell: ({ GroupName = "" }) => <Link to={path`/access/groups/${GroupName}`}>{GroupName}</Link> },
          { id: "arn", header: access.arn, value: ({ Arn }) => Arn, cell: ({ Arn }) => Arn },
          { id: "created", header: access.created, value: ({ CreateDate }) => CreateDate?.getTime(), cell: ({ CreateDate }) => timeText(CreateDate) },
        ]}
      />
      {creating && <CreateGroup onClose={() => setCreating(false)} />}
      {removing && (
        <Deletion
          what={said.what(removing)}
          act={() => deleteGroup(iam, removing)}
          onClose={(deleted) => {
            setRemoving(undefined);
            if (deleted) tellDone(access.deleted(said.what(removing)));
            groups.again();
          }}
        >
          {said.deletion}
        </Deletion>
      )}
    </>
  );
}
