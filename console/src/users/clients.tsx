// The app clients of a pool: what an app needs to know, and how its users may sign in.

import { CognitoIdentityProviderClient, DescribeUserPoolClientCommand, ListUserPoolClientsCommand, type UserPoolClientType } from "@aws-sdk/client-cognito-identity-provider";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { allPages, useAnswer } from "../app/asking";
import { useClient } from "../aws/clients";
import { Copyable } from "../parts/copyable";
import { Refused } from "../parts/refused";
import { Waiting } from "../parts/waiting";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { users } from "../text/users";

const said = users.clients;
const SHOWN = 30;

function Secret({ secret }: { secret?: string }) {
  const [shown, setShown] = useState(false);
  if (!secret) return said.noSecret;
  return shown ? <Copyable text={secret} label={said.secret} /> : <Button variant="inline-link" onClick={() => setShown(true)}>{said.show}</Button>;
}

const lasting = (count: number | undefined, unit: string | undefined, usual: [count: number, unit: string]) => (count === undefined ? said.usual(...usual) : said.lasts(count, unit ?? usual[1]));

function Client({ client }: { client: UserPoolClientType }) {
  const units = client.TokenValidityUnits;
  return (
    <Container header={<Header variant="h3">{client.ClientName}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: said.id, value: <Copyable text={client.ClientId ?? ""} label={said.id} /> },
          { label: said.secret, value: <Secret secret={client.ClientSecret} /> },
          { label: said.flows, value: client.ExplicitAuthFlows?.length ? client.ExplicitAuthFlows.map((flow) => <div key={flow}>{flow}</div>) : said.defaultFlows },
          { label: said.access, value: lasting(client.AccessTokenValidity, units?.AccessToken, [1, "hours"]) },
          { label: said.idToken, value: lasting(client.IdTokenValidity, units?.IdToken, [1, "hours"]) },
          { label: said.refresh, value: lasting(client.RefreshTokenValidity, units?.RefreshToken, [30, "days"]) },
          { label: said.revocation, value: client.EnableTokenRevocation ? users.settings.yes : users.settings.no },
          { label: said.existence, value: client.PreventUserExistenceErrors ?? app.none },
          { label: said.callbacks, value: client.CallbackURLs?.map((url) => <div key={url}>{url}</div>) ?? app.none },
          { label: said.scopes, value: client.AllowedOAuthScopes?.join(", ") || app.none },
          { label: said.created, value: timeText(client.CreationDate) },
          { label: said.changed, value: timeText(client.LastModifiedDate) },
        ]}
      />
    </Container>
  );
}

export function Clients({ pool }: { pool: string }) {
  const idp = useClient(CognitoIdentityProviderClient);
  const answer = useAnswer(
    async (abortSignal) => {
      const listed = await allPages(async (NextToken) => {
        const page = await idp.send(new ListUserPoolClientsCommand({ UserPoolId: pool, MaxResults: 60, NextToken }), { abortSignal });
        return { items: page.UserPoolClients ?? [], next: page.NextToken };
      });
      const described = listed.slice(0, SHOWN).map(async ({ ClientId }) => (await idp.send(new DescribeUserPoolClientCommand({ UserPoolId: pool, ClientId }), { abortSignal })).UserPoolClient ?? {});
      return { clients: await Promise.all(described), all: listed.length };
    },
    [idp, pool],
  );
  const { clients, all } = answer.value ?? {};
  return (
    <SpaceBetween size="m">
      <Header counter={all === undefined ? undefined : `(${all})`} actions={<Button iconName="refresh" ariaLabel={app.refresh} loading={answer.loading} onClick={answer.again} />}>
        {users.tabs.clients}
      </Header>
      <Refused error={answer.error} />
      {!clients && !answer.error && <Waiting />}
      {clients?.length === 0 && <Box textAlign="center">{said.empty}</Box>}
      {clients?.map((client) => <Client key={client.ClientId} client={client} />)}
      {all !== undefined && all > SHOWN && <Box textAlign="center">{said.moreThan(SHOWN)}</Box>}
    </SpaceBetween>
  );
}
