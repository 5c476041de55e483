// An identity pool: whose users it takes, which roles they get, and who has come.

import {
  CognitoIdentityClient,
  DeleteIdentityPoolCommand,
  GetIdentityPoolRolesCommand,
  type GetIdentityPoolRolesCommandOutput,
  type IdentityPool,
  type RoleMapping,
} from "@aws-sdk/client-cognito-identity";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";
import { useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { navigate, path } from "../app/router";
import { useClient } from "../aws/clients";
import { Breaking } from "../parts/breaking";
import { Copyable } from "../parts/copyable";
import { Deletion } from "../parts/deletion";
import { Link } from "../parts/link";
import { Refused } from "../parts/refused";
import { Waiting } from "../parts/waiting";
import { identityPools as said, users } from "../text/users";
import { Identities } from "./identities";
import { describeIdentityPool, userPoolOf } from "./identity_calls";
import { RoleLink } from "./role_link";

function Overview({ pool }: { pool: IdentityPool }) {
  return (
    <Container header={<Header variant="h2">{said.overview}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: said.id, value: <Copyable text={pool.IdentityPoolId ?? ""} label={said.id} /> },
          { label: said.guests, value: <StatusIndicator type={pool.AllowUnauthenticatedIdentities ? "success" : "stopped"}>{pool.AllowUnauthenticatedIdentities ? said.guestsYes : said.guestsNo}</StatusIndicator> },
          { label: said.classic, value: pool.AllowClassicFlow ? said.allowed : said.refused },
        ]}
      />
    </Container>
  );
}

function Providers({ pool }: { pool: IdentityPool }) {
  return (
    <Table
      items={pool.CognitoIdentityProviders ?? []}
      trackBy={(provider) => `${provider.ProviderName} ${provider.ClientId}`}
      header={<Header variant="h2" counter={`(${pool.CognitoIdentityProviders?.length ?? 0})`}>{said.providers}</Header>}
      ariaLabels={{ tableLabel: said.providers }}
      empty={<Box textAlign="center">{said.noProviders}</Box>}
      columnDefinitions={[
        {
          id: "pool",
          header: said.userPool,
          isRowHeader: true,
          cell: ({ ProviderName }) => <Link to={path`/user-pools/${userPoolOf(ProviderName)}`}>{userPoolOf(ProviderName)}</Link>,
        },
        { id: "client", header: said.client, cell: ({ ClientId = "" }) => <Copyable text={ClientId} label={said.client} /> },
        { id: "check", header: said.serverSide, cell: ({ ServerSideTokenCheck }) => (ServerSideTokenCheck ? users.settings.yes : users.settings.no) },
      ]}
    />
  );
}

function Choice({ provider, mapping }: { provider: string; mapping: RoleMapping }) {
  const ambiguous = said.ambiguous[mapping.AmbiguousRoleResolution ?? "Deny"] ?? "";
  return (
    <SpaceBetween size="xxs">
      <Box variant="awsui-key-label"><Breaking>{provider}</Breaking></Box>
      <Box>{mapping.Type === "Rules" ? said.byRules(ambiguous) : said.byToken(ambiguous)}</Box>
      {mapping.RulesConfiguration?.Rules?.map((rule, i) => (
        <Box key={i}>
          {said.rule(rule.Claim ?? "", rule.MatchType ?? "", rule.Value ?? "")} → <RoleLink arn={rule.RoleARN} />
        </Box>
      ))}
    </SpaceBetween>
  );
}

function Roles({ roles }: { roles: GetIdentityPoolRolesCommandOutput }) {
  const role = (arn: string | undefined) => (arn ? <RoleLink arn={arn} /> : said.noRole);
  return (
    <Container header={<Header variant="h2">{said.roles}</Header>}>
      <SpaceBetween size="m">
        <KeyValuePairs
          columns={2}
          items={[
            { label: said.authenticated, value: role(roles.Roles?.authenticated) },
            { label: said.unauthenticated, value: role(roles.Roles?.unauthenticated) },
          ]}
        />
        {Object.entries(roles.RoleMappings ?? {}).map(([provider, mapping]) => (
          <Choice key={provider} provider={provider} mapping={mapping} />
        ))}
      </SpaceBetween>
    </Container>
  );
}

export default function OneIdentityPool({ id }: { id: string }) {
  const identity = useClient(CognitoIdentityClient);
  const [deleting, setDeleting] = useState(false);
  const answer = useAnswer((abortSignal) => describeIdentityPool(identity, id, abortSignal), [identity, id]);
  const roles = useAnswer((abortSignal) => identity.send(new GetIdentityPoolRolesCommand({ IdentityPoolId: id }), { abortSignal }), [identity, id]);
  const pool = answer.value;
  if (!pool) return answer.error ? <Refused error={answer.error} /> : <Waiting />;
  const name = pool.IdentityPoolName ?? id;
  return (
    <SpaceBetween size="l">
      <Header variant="h1" actions={<Button onClick={() => setDeleting(true)}>{said.delete}</Button>}>{name}</Header>
      <Refused error={answer.error} />
      <Overview pool={pool} />
      <Providers pool={pool} />
      <Refused error={roles.error} />
      {roles.value && <Roles roles={roles.value} />}
      <Identities pool={id} />
      {deleting && (
        <Deletion
          what={said.deletion(name)}
          word={name}
          act={() => identity.send(new DeleteIdentityPoolCommand({ IdentityPoolId: id }))}
          onClose={(deleted) => {
            setDeleting(false);
            if (!deleted) return;
            tellDone(said.deleted(name));
            navigate("/identity-pools");
          }}
        >
          {said.deletionHint}
        </Deletion>
      )}
    </SpaceBetween>
  );
}
