// Who is in which group: of a user, and of a group.

import { AddUserToGroupCommand, IAMClient, ListGroupsCommand, ListUsersCommand, RemoveUserFromGroupCommand } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { type Answer, useAction, useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { path } from "../app/router";
import { useClient } from "../aws/clients";
import { FormModal } from "../parts/form_modal";
import { Link } from "../parts/link";
import { Refused } from "../parts/refused";
import { ResourceTable } from "../parts/resource_table";
import { access } from "../text/access";
import { listAll } from "./holders";
import { groupsOf, membersOf } from "./removal";

const said = access.groups;

interface Sides {
  title: string;
  hint?: string;
  empty: string;
  add: string;
  leave: (name: string) => string;
  /** Of the other kind: "/access/groups/". */
  to: (name: string) => string;
  members: Answer<string[]>;
  all: () => Promise<string[]>;
  put: (name: string) => Promise<unknown>;
  take: (name: string) => Promise<unknown>;
}

function AddWindow({ add, all, members, put, onClose }: Pick<Sides, "add" | "all" | "put"> & { members: string[]; onClose: (done: boolean) => void }) {
  const [name, setName] = useState("");
  const names = useAnswer(all, []);
  const options = (names.value ?? []).filter((each) => !members.includes(each)).map((value) => ({ value, label: value }));
  return (
    <FormModal header={add} submit={access.add} ready={name !== ""} act={() => put(name)} onClose={onClose}>
      <FormField label={access.name}>
        <Select
          selectedOption={options.find(({ value }) => value === name) ?? null}
          options={options}
          filteringType="auto"
          placeholder={access.users.choose}
          statusType={names.value ? "finished" : "loading"}
          virtualScroll={options.length > 200}
          onChange={({ detail }) => setName(detail.selectedOption.value ?? "")}
        />
      </FormField>
      <Refused error={names.error} />
    </FormModal>
  );
}

function Membership({ title, hint, empty, add, leave, to, members, all, put, take }: Sides) {
  const [adding, setAdding] = useState(false);
  const leaving = useAction(async (name: string) => {
    await take(name);
    tellDone(said.left(name));
    members.again();
  });
  return (
    <SpaceBetween size="m">
      <Refused error={leaving.error} onDismiss={leaving.clear} />
      <ResourceTable
        id="access-membership"
        variant="container"
        title={title}
        description={hint}
        answer={members}
        nameOf={(name) => name}
        empty={empty}
        actions={() => <Button onClick={() => setAdding(true)}>{add}</Button>}
        columns={[
          { id: "name", header: access.name, value: (name) => name, cell: (name) => <Link to={to(name)}>{name}</Link> },
          { id: "leave", header: access.remove, cell: (name) => <Button variant="inline-icon" iconName="remove" ariaLabel={leave(name)} onClick={() => void leaving.run(name)} /> },
        ]}
      />
      {adding && (
        <AddWindow
          add={add}
          all={all}
          put={put}
          members={members.value ?? []}
          onClose={(done) => {
            setAdding(false);
            if (done) members.again();
          }}
        />
      )}
    </SpaceBetween>
  );
}

export function GroupsOfUser({ user }: { user: string }) {
  const iam = useClient(IAMClient);
  const members = useAnswer(async () => (await groupsOf(iam, user)).map(({ GroupName = "" }) => GroupName), [iam, user]);
  return (
    <Membership
      title={said.of}
      hint={said.ofHint}
      empty={said.none}
      add={said.addTo}
      leave={said.leaveThis}
      to={(name) => path`/access/groups/${name}`}
      members={members}
      all={() =>
        listAll(
          (Marker) => iam.send(new ListGroupsCommand({ Marker })),
          (answer) => answer.Groups?.map(({ GroupName = "" }) => GroupName),
        )
      }
      put={(GroupName) => iam.send(new AddUserToGroupCommand({ GroupName, UserName: user }))}
      take={(GroupName) => iam.send(new RemoveUserFromGroupCommand({ GroupName, UserName: user }))}
    />
  );
}

export function UsersOfGroup({ group }: { group: string }) {
  const iam = useClient(IAMClient);
  const members = useAnswer(async () => (await membersOf(iam, group)).map(({ UserName = "" }) => UserName), [iam, group]);
  return (
    <Membership
      title={said.members}
      empty={said.noMembers}
      add={said.addUser}
      leave={said.removeUser}
      to={(name) => path`/access/users/${name}`}
      members={members}
      all={() =>
        listAll(
          (Marker) => iam.send(new ListUsersCommand({ Marker })),
          (answer) => answer.Users?.map(({ UserName = "" }) => UserName),
        )
      }
      put={(UserName) => iam.send(new AddUserToGroupCommand({ GroupName: group, UserName }))}
      take={(UserName) => iam.send(new RemoveUserFromGroupCommand({ GroupName: group, UserName }))}
    />
  );
}
