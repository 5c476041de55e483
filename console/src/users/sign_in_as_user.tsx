// The way to sign in to the console as a user of the pool, where an identity pool takes its users.

import { CognitoIdentityClient } from "@aws-sdk/client-cognito-identity";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useAnswer } from "../app/asking";
import { navigate, path } from "../app/router";
import { signOut } from "../app/session";
import { useClient } from "../aws/clients";
import { Link } from "../parts/link";
import { Refused } from "../parts/refused";
import { Waiting } from "../parts/waiting";
import { users } from "../text/users";
import { describeIdentityPool, listIdentityPools, userPoolOf } from "./identity_calls";

const said = users.signIn;
const LOOKED_AT = 60; // identity pools

interface Way {
  identityPool: string;
  name: string;
  client: string;
}

export function SignInAsUser({ pool }: { pool: string }) {
  const identity = useClient(CognitoIdentityClient);
  const answer = useAnswer(
    async (abortSignal) => {
      const listed = (await listIdentityPools(identity, abortSignal)).slice(0, LOOKED_AT);
      const described = await Promise.all(listed.map(({ IdentityPoolId = "" }) => describeIdentityPool(identity, IdentityPoolId, abortSignal)));
      return described.flatMap(({ IdentityPoolId = "", IdentityPoolName = "", CognitoIdentityProviders = [] }): Way[] =>
        CognitoIdentityProviders.filter(({ ProviderName }) => userPoolOf(ProviderName) === pool).map(({ ClientId = "" }) => ({ identityPool: IdentityPoolId, name: IdentityPoolName, client: ClientId })),
      );
    },
    [identity, pool],
  );
  const go = ({ client, identityPool }: Way) => {
    navigate(`/?${new URLSearchParams({ client, pool, identityPool }).toString()}`);
    signOut();
  };
  return (
    <Container header={<Header variant="h2" description={said.hint}>{said.header}</Header>}>
      <SpaceBetween size="l">
        <Refused error={answer.error} />
        {!answer.value && !answer.error && <Waiting />}
        {answer.value?.length === 0 && <Box>{said.none}</Box>}
        {answer.value?.map((way) => (
          <SpaceBetween key={`${way.identityPool} ${way.client}`} size="s">
            <KeyValuePairs
              columns={2}
              items={[
                { label: said.identityPool, value: <Link to={path`/identity-pools/${way.identityPool}`}>{way.name}</Link> },
                { label: said.client, value: way.client },
              ]}
            />
            <Button onClick={() => go(way)}>{said.go}</Button>
          </SpaceBetween>
        ))}
      </SpaceBetween>
    </Container>
  );
}
