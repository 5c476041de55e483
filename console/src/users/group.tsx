// A group of a pool, and who is in it.

import {
  AdminAddUserToGroupCommand,
  AdminRemoveUserFromGroupCommand,
  CognitoIdentityProviderClient,
  DeleteGroupCommand,
  GetGroupCommand,
  ListUsersInGroupCommand,
  type UserType,
} from "@aws-sdk/client-cognito-identity-provider";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAction, useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { navigate, path } from "../app/router";
import { useClient } from "../aws/clients";
import { Buttons } from "../parts/buttons";
import { Deletion } from "../parts/deletion";
import { FormModal } from "../parts/form_modal";
import { Link } from "../parts/link";
import { PagedTable, usePages } from "../parts/paged_table";
import { Refused } from "../parts/refused";
import { Waiting } from "../parts/waiting";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { users } from "../text/users";
import { GroupForm } from "./group_form";
import { RoleLink } from "./role_link";
import { Confirmation, attributeOf } from "./status";

const said = users.groups;
const PAGE = 50;

function AddMember({ pool, group, onClose }: { pool: string; group: string; onClose: (added: boolean) => void }) {
  const idp = useClient(CognitoIdentityProviderClient);
  const [name, setName] = useState("");
  const act = () => idp.send(new AdminAddUserToGroupCommand({ UserPoolId: pool, GroupName: group, Username: name.trim() }));
  return (
    <FormModal
      header={said.addHeader(group)}
      submit={said.addMember}
      ready={name.trim() !== ""}
      act={act}
      onClose={(added) => {
        if (added) tellDone(said.added(name.trim(), group));
        onClose(added);
      }}
    >
      <FormField label={said.memberName} constraintText={said.memberHint}>
        <Input value={name} autoFocus spellcheck={false} autoComplete={false} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
    </FormModal>
  );
}

function Members({ pool, group }: { pool: string; group: string }) {
  const idp = useClient(CognitoIdentityProviderClient);
  const [selected, setSelected] = useState<UserType[]>([]);
  const [adding, setAdding] = useState(false);
  const pages = usePages(
    async (NextToken, abortSignal) => {
      const page = await idp.send(new ListUsersInGroupCommand({ UserPoolId: pool, GroupName: group, Limit: PAGE, NextToken }), { abortSignal });
      return { items: page.Users ?? [], next: page.NextToken };
    },
    [idp, pool, group],
  );
  const removal = useAction(async () => {
    for (const { Username } of selected) await idp.send(new AdminRemoveUserFromGroupCommand({ UserPoolId: pool, GroupName: group, Username }));
    tellDone(said.removed(selected.map(({ Username }) => Username).join(", "), group));
    setSelected([]);
    pages.again();
  });
  return (
    <>
      <Refused error={removal.error} onDismiss={removal.clear} />
      <PagedTable
        title={said.members}
        pages={pages}
        nameOf={(user) => user.Username ?? ""}
        selected={selected}
        onSelect={setSelected}
        empty={said.noMembers}
        actions={
          <Buttons>
            <Button disabled={selected.length === 0} loading={removal.busy} onClick={() => void removal.run()}>{said.remove}</Button>
            <Button onClick={() => setAdding(true)}>{said.addMember}</Button>
          </Buttons>
        }
        columns={[
          { id: "name", header: users.list.name, cell: (user) => <Link to={path`/user-pools/${pool}/users/${user.Username ?? ""}`}>{user.Username}</Link> },
          { id: "email", header: users.list.email, cell: (user) => attributeOf(user.Attributes, "email") ?? app.none },
          { id: "status", header: users.list.status, cell: (user) => <Confirmation status={user.UserStatus} /> },
        ]}
      />
      {adding && (
        <AddMember
          pool={pool}
          group={group}
          onClose={(added) => {
            setAdding(false);
            if (added) pages.again();
          }}
        />
      )}
    </>
  );
}

export default function Group({ pool, group: name }: { pool: string; group: string }) {
  const idp = useClient(CognitoIdentityProviderClient);
  const [open, setOpen] = useState<"edit" | "delete">();
  const answer = useAnswer(async (abortSignal) => (await idp.send(new GetGroupCommand({ UserPoolId: pool, GroupName: name }), { abortSignal })).Group ?? {}, [idp, pool, name]);
  const group = answer.value;
  if (!group) return answer.error ? <Refused error={answer.error} /> : <Waiting />;
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <Buttons>
            <Button onClick={() => setOpen("edit")}>{said.edit}</Button>
            <Button onClick={() => setOpen("delete")}>{said.delete}</Button>
          </Buttons>
        }
      >
        {name}
      </Header>
      <Refused error={answer.error} />
      <Container header={<Header variant="h2">{said.overview}</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            { label: said.description, value: group.Description ?? app.none },
            { label: said.role, value: <RoleLink arn={group.RoleArn} /> },
            { label: said.precedence, value: group.Precedence ?? app.none },
            { label: said.created, value: timeText(group.CreationDate) },
          ]}
        />
      </Container>
      <Members pool={pool} group={name} />
      {open === "edit" && (
        <GroupForm
          pool={pool}
          group={group}
          onClose={(saved) => {
            setOpen(undefined);
            if (saved) answer.again();
          }}
        />
      )}
      {open === "delete" && (
        <Deletion
          what={said.deletion(name)}
          act={() => idp.send(new DeleteGroupCommand({ UserPoolId: pool, GroupName: name }))}
          onClose={(deleted) => {
            setOpen(undefined);
            if (!deleted) return;
            tellDone(said.deleted(name));
            navigate(`${path`/user-pools/${pool}`}?tab=groups`);
          }}
        >
          {said.deletionHint}
        </Deletion>
      )}
    </SpaceBetween>
  );
}
