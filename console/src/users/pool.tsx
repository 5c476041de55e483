// A user pool: what it is, and in tabs what is in it.

import {
  CognitoIdentityProviderClient,
  DeleteUserPoolCommand,
  DeleteUserPoolDomainCommand,
  DescribeUserPoolCommand,
  type UserPoolType,
} from "@aws-sdk/client-cognito-identity-provider";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { navigate } from "../app/router";
import { endpoint, useClient } from "../aws/clients";
import { Copyable } from "../parts/copyable";
import { Deletion } from "../parts/deletion";
import { QueryTabs } from "../parts/query_tabs";
import { Refused } from "../parts/refused";
import { Waiting } from "../parts/waiting";
import { countText, timeText } from "../parts/words";
import { app } from "../text/app";
import { users } from "../text/users";
import { Clients } from "./clients";
import { Codes } from "./codes";
import { Groups } from "./groups";
import { Settings } from "./settings";
import { SignInAsUser } from "./sign_in_as_user";
import { UserList } from "./user_list";

const said = users.pools;

function Overview({ pool }: { pool: UserPoolType }) {
  return (
    <Container header={<Header variant="h2">{said.overview}</Header>}>
      <KeyValuePairs
        columns={4}
        items={[
          { label: said.id, value: <Copyable text={pool.Id ?? ""} label={said.id} /> },
          { label: said.arn, value: <Copyable text={pool.Arn ?? ""} label={said.arn} /> },
          { label: said.keys, value: <Copyable text={`${endpoint}/${pool.Id ?? ""}/.well-known/jwks.json`} label={said.keys} /> },
          { label: said.users, value: countText(pool.EstimatedNumberOfUsers) },
          { label: said.created, value: timeText(pool.CreationDate) },
          { label: said.changed, value: timeText(pool.LastModifiedDate) },
          { label: said.deletionProtection, value: pool.DeletionProtection ?? app.none },
        ]}
      />
    </Container>
  );
}

export default function UserPool({ pool: id }: { pool: string }) {
  const idp = useClient(CognitoIdentityProviderClient);
  const [deleting, setDeleting] = useState(false);
  const answer = useAnswer(
    async (abortSignal) => (await idp.send(new DescribeUserPoolCommand({ UserPoolId: id }), { abortSignal })).UserPool ?? { Id: id },
    [idp, id],
  );
  const pool = answer.value;
  if (!pool) return answer.error ? <Refused error={answer.error} /> : <Waiting />;
  const remove = async () => {
    if (pool.Domain) await idp.send(new DeleteUserPoolDomainCommand({ UserPoolId: id, Domain: pool.Domain })); // as AWS's console does
    await idp.send(new DeleteUserPoolCommand({ UserPoolId: id }));
  };
  return (
    <SpaceBetween size="l">
      <Header variant="h1" actions={<Button onClick={() => setDeleting(true)}>{said.delete}</Button>}>
        {pool.Name}
      </Header>
      <Refused error={answer.error} />
      <Overview pool={pool} />
      <QueryTabs
        label={users.tabs.label}
        others={["by", "begins"]}
        tabs={[
          { id: "users", label: users.tabs.users, content: <UserList pool={pool} /> },
          { id: "codes", label: users.tabs.codes, content: <Codes pool={id} /> },
          { id: "groups", label: users.tabs.groups, content: <Groups pool={id} /> },
          { id: "clients", label: users.tabs.clients, content: <Clients pool={id} /> },
          { id: "settings", label: users.tabs.settings, content: <Settings pool={pool} /> },
          { id: "sign-in", label: users.tabs.signIn, content: <SignInAsUser pool={id} /> },
        ]}
      />
      {deleting && (
        <Deletion
          what={said.deletion(pool.Name ?? id)}
          word={pool.Name}
          act={remove}
          onClose={(deleted) => {
            setDeleting(false);
            if (!deleted) return;
            tellDone(said.deleted(pool.Name ?? id));
            navigate("/user-pools");
          }}
        >
          {said.deletionHint}
        </Deletion>
      )}
    </SpaceBetween>
  );
}
