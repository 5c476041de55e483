// The users of a pool, a page at a time, searched as ListUsers can.

import { CognitoIdentityProviderClient, ListUsersCommand, type UserPoolType, type UserType } from "@aws-sdk/client-cognito-identity-provider";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type FormEvent, useState } from "react";
import { path, useQuery } from "../app/router";
import { useClient } from "../aws/clients";
import { Buttons } from "../parts/buttons";
import { Link } from "../parts/link";
import { PagedTable, usePages } from "../parts/paged_table";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { users } from "../text/users";
import { CreateUser } from "./create_user";
import { Confirmation, Enabled, attributeOf } from "./status";
import { useUserActions } from "./user_actions";

const said = users.list;
const PAGE = 50;
const fields = Object.entries(said.fields).map(([value, label]) => ({ value, label }));

/** As ListUsers reads it: name ^= "value", with a backslash before what would end the value. */
const filterOf = (by: string, begins: string) => (begins ? `${by} ^= "${begins.replace(/["\\]/g, "\\$&")}"` : undefined);

function Search({ by, begins, set }: { by: string; begins: string; set: (by: string, begins: string) => void }) {
  const [text, setText] = useState(begins);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set(by, text.trim());
  };
  return (
    <form onSubmit={submit} role="search">
      <SpaceBetween direction="horizontal" size="xs" alignItems="end">
        <FormField label={said.searchBy}>
          <Select options={fields} selectedOption={fields.find(({ value }) => value === by) ?? null} onChange={({ detail }) => set(detail.selectedOption.value ?? by, text.trim())} />
        </FormField>
        <FormField label={said.search}>
          <Input type="search" value={text} spellcheck={false} onChange={({ detail }) => (setText(detail.value), detail.value === "" && set(by, ""))} />
        </FormField>
        <Button formAction="submit">{said.go}</Button>
      </SpaceBetween>
    </form>
  );
}

export function UserList({ pool }: { pool: UserPoolType }) {
  const idp = useClient(CognitoIdentityProviderClient);
  const id = pool.Id ?? "";
  const [query, setQuery] = useQuery();
  const [selected, setSelected] = useState<UserType[]>([]);
  const [creating, setCreating] = useState(false);
  const byEmail = pool.UsernameAttributes?.includes("email") ?? false;
  const by = query.get("by") ?? (byEmail ? "email" : "username");
  const begins = query.get("begins") ?? "";
  const pages = usePages(
    async (PaginationToken, abortSignal) => {
      const page = await idp.send(new ListUsersCommand({ UserPoolId: id, Limit: PAGE, PaginationToken, Filter: filterOf(by, begins) }), { abortSignal });
      return { items: page.Users ?? [], next: page.PaginationToken };
    },
    [idp, id, by, begins],
  );
  const changed = () => {
    setSelected([]);
    pages.again();
  };
  const actions = useUserActions(id, selected.map(({ Username = "" }) => Username), changed);
  // Where people sign in with their address, the user name is an id that nobody knows.
  const link = (user: UserType, text = user.Username) => <Link to={path`/user-pools/${id}/users/${user.Username ?? ""}`}>{text}</Link>;
  const addressOf = (user: UserType) => attributeOf(user.Attributes, "email");
  const name = { id: "name", header: said.name, cell: (user: UserType) => (byEmail ? user.Username : link(user)) };
  const email = { id: "email", header: said.email, cell: (user: UserType) => (byEmail ? link(user, addressOf(user)) : (addressOf(user) ?? app.none)) };
  return (
    <>
      {actions.dialogs}
      <PagedTable
        title={said.title}
        pages={pages}
        nameOf={(user) => user.Username ?? ""}
        selected={selected}
        onSelect={setSelected}
        empty={begins ? <SpaceBetween size="xs">{said.noMatch}<Button onClick={() => setQuery({ begins: undefined })}>{said.clear}</Button></SpaceBetween> : said.empty}
        actions={
          <Buttons>
            {actions.menu}
            <Button variant="primary" onClick={() => setCreating(true)}>{said.create}</Button>
          </Buttons>
        }
        filter={<Search key={begins} by={by} begins={begins} set={(nextBy, next) => setQuery({ by: nextBy, begins: next })} />}
        columns={[
          ...(byEmail ? [email, name] : [name, email]),
          { id: "status", header: said.status, cell: (user) => <Confirmation status={user.UserStatus} /> },
          { id: "enabled", header: said.enabled, cell: (user) => <Enabled enabled={user.Enabled} /> },
          { id: "created", header: said.created, cell: (user) => timeText(user.UserCreateDate) },
        ]}
      />
      {creating && (
        <CreateUser
          pool={pool}
          onClose={(made) => {
            setCreating(false);
            if (made) changed();
          }}
        />
      )}
    </>
  );
}
