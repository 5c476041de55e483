// What an administrator does to users, from the list or from a user's own page.

import {
  AdminConfirmSignUpCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { useAction } from "../app/asking";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { Deletion } from "../parts/deletion";
import { FormModal } from "../parts/form_modal";
import { Refused } from "../parts/refused";
import { users } from "../text/users";

const said = users.actions;
const all = users.list.actions;

type AtOnce = keyof typeof said.done;

function SetPassword({ pool, user, onClose }: { pool: string; user: string; onClose: (done: boolean) => void }) {
  const idp = useClient(CognitoIdentityProviderClient);
  const [password, setPassword] = useState("");
  const [permanent, setPermanent] = useState(true);
  const act = () => idp.send(new AdminSetUserPasswordCommand({ UserPoolId: pool, Username: user, Password: password, Permanent: permanent }));
  return (
    <FormModal
      header={said.passwordHeader(user)}
      submit={said.passwordSubmit}
      ready={password !== ""}
      act={act}
      onClose={(done) => {
        if (done) tellDone(said.passwordDone(user));
        onClose(done);
      }}
    >
      <FormField label={said.password}>
        <Input type="password" autoComplete="new-password" autoFocus value={password} onChange={({ detail }) => setPassword(detail.value)} />
      </FormField>
      <Checkbox checked={permanent} description={said.permanentHint} onChange={({ detail }) => setPermanent(detail.checked)}>{said.permanent}</Checkbox>
    </FormModal>
  );
}

/**
 * `shown` takes the buttons and what they open: { menu, dialogs }. `changed` is told when something was done, and whether the users are
 * gone with it.
 */
export function useUserActions(pool: string, names: string[], changed: (deleted: boolean) => void) {
  const idp = useClient(CognitoIdentityProviderClient);
  const [open, setOpen] = useState<"delete" | "setPassword">();
  const who = names.length === 1 ? (names[0] ?? "") : said.several(names.length);
  const doAtOnce = {
    confirm: (input) => idp.send(new AdminConfirmSignUpCommand(input)),
    enable: (input) => idp.send(new AdminEnableUserCommand(input)),
    disable: (input) => idp.send(new AdminDisableUserCommand(input)),
    reset: (input) => idp.send(new AdminResetUserPasswordCommand(input)),
    signOut: (input) => idp.send(new AdminUserGlobalSignOutCommand(input)),
  } satisfies Record<AtOnce, (input: { UserPoolId: string; Username: string }) => Promise<unknown>>;
  const action = useAction(async (kind: AtOnce) => {
    try {
      for (const Username of names) await doAtOnce[kind]({ UserPoolId: pool, Username });
      tellDone(said.done[kind](who));
    } finally {
      changed(false); // some may have been done before one was refused
    }
  });
  const remove = async () => {
    for (const Username of names) await idp.send(new AdminDeleteUserCommand({ UserPoolId: pool, Username }));
  };
  const atOnce = (Object.keys(said.done) as AtOnce[]).map((id) => ({ id, text: said[id] }));
  const menu = (
    <ButtonDropdown
      disabled={names.length === 0}
      loading={action.busy}
      items={[...atOnce, { id: "setPassword", text: said.setPassword, disabled: names.length !== 1 }, { id: "delete", text: said.delete }]}
      onItemClick={({ detail: { id } }) => (id === "delete" || id === "setPassword" ? setOpen(id) : void action.run(id as AtOnce))}
    >
      {all}
    </ButtonDropdown>
  );
  const dialogs = (
    <>
      <Refused error={action.error} onDismiss={action.clear} />
      {open === "setPassword" && names[0] !== undefined && (
        <SetPassword
          pool={pool}
          user={names[0]}
          onClose={(done) => {
            setOpen(undefined);
            if (done) changed(false);
          }}
        />
      )}
      {open === "delete" && (
        <Deletion
          what={said.deletion(who)}
          act={remove}
          onClose={(deleted) => {
            setOpen(undefined);
            if (!deleted) return;
            tellDone(said.deleted(who));
            changed(true);
          }}
        >
          {said.deletionHint}
        </Deletion>
      )}
    </>
  );
  return { menu, dialogs };
}
