// A new user, whom an administrator makes.

import { AdminCreateUserCommand, CognitoIdentityProviderClient, type UserPoolType } from "@aws-sdk/client-cognito-identity-provider";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { FormModal } from "../parts/form_modal";
import { users } from "../text/users";

const said = users.create;

function usernameHint(pool: UserPoolType): string | undefined {
  const kinds = pool.UsernameAttributes ?? [];
  if (kinds.includes("email") && kinds.includes("phone_number")) return said.usernameIsEither;
  return kinds.includes("email") ? said.usernameIsEmail : kinds.includes("phone_number") ? said.usernameIsPhone : undefined;
}

export function CreateUser({ pool, onClose }: { pool: UserPoolType; onClose: (made: boolean) => void }) {
  const idp = useClient(CognitoIdentityProviderClient);
  const [username, setUsername] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [verified, setVerified] = useState(true);
  const [welcome, setWelcome] = useState(true);
  const byEmail = pool.UsernameAttributes?.includes("email") ?? false;
  const address = byEmail && username.includes("@") ? username : email;
  const act = () =>
    idp.send(
      new AdminCreateUserCommand({
        UserPoolId: pool.Id,
        Username: username,
        TemporaryPassword: password || undefined,
        MessageAction: welcome ? undefined : "SUPPRESS",
        UserAttributes: address ? [{ Name: "email", Value: address }, ...(verified ? [{ Name: "email_verified", Value: "true" }] : [])] : undefined,
      }),
    );
  return (
    <FormModal
      header={said.header}
      submit={said.submit}
      ready={username !== ""}
      act={act}
      onClose={(made) => {
        if (made) tellDone(said.done(username));
        onClose(made);
      }}
    >
      <FormField label={said.username} constraintText={usernameHint(pool)}>
        <Input value={username} autoFocus spellcheck={false} autoComplete={false} onChange={({ detail }) => setUsername(detail.value)} />
      </FormField>
      {!byEmail && (
        <FormField label={<>{said.email} <i>– {said.optional}</i></>}>
          <Input type="email" value={email} spellcheck={false} autoComplete={false} onChange={({ detail }) => setEmail(detail.value)} />
        </FormField>
      )}
      <Checkbox checked={verified} disabled={!address} onChange={({ detail }) => setVerified(detail.checked)}>{said.verified}</Checkbox>
      <FormField label={<>{said.password} <i>– {said.optional}</i></>} constraintText={said.passwordHint}>
        <Input type="password" autoComplete="new-password" value={password} onChange={({ detail }) => setPassword(detail.value)} />
      </FormField>
      <Checkbox checked={welcome} description={said.welcomeHint} onChange={({ detail }) => setWelcome(detail.checked)}>{said.welcome}</Checkbox>
    </FormModal>
  );
}
