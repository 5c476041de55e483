// How much there is of everything. Who may not list something sees that in its place.

import { CloudFormationClient, ListStacksCommand } from "@aws-sdk/client-cloudformation";
import { CognitoIdentityClient } from "@aws-sdk/client-cognito-identity";
import { CognitoIdentityProviderClient, ListUserPoolsCommand } from "@aws-sdk/client-cognito-identity-provider";
import { DescribeTableCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import { type Answer, allPages, useAnswer } from "../app/asking";
import { useClient } from "../aws/clients";
import { Asked } from "../parts/asked";
import { Link } from "../parts/link";
import { countText, sizeText } from "../parts/words";
import { dashboard } from "../text/dashboard";
import { listIdentityPools } from "../users/identity_calls";

const said = dashboard.totals;
const DESCRIBED = 100; // tables

function useTables() {
  const dynamodb = useClient(DynamoDBClient);
  const names = useAnswer(
    (abortSignal) =>
      allPages(async (token) => {
        const page = await dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName: token }), { abortSignal });
        return { items: page.TableNames ?? [], next: page.LastEvaluatedTableName };
      }),
    [dynamodb],
  );
  const sums = useAnswer(
    async (abortSignal) => {
      const shown = (names.value ?? []).slice(0, DESCRIBED);
      const tables = await Promise.all(shown.map(async (TableName) => (await dynamodb.send(new DescribeTableCommand({ TableName }), { abortSignal })).Table));
      return { items: tables.reduce((sum, table) => sum + (table?.ItemCount ?? 0), 0), bytes: tables.reduce((sum, table) => sum + (table?.TableSizeBytes ?? 0), 0), tables: shown.length };
    },
    [dynamodb, names.value],
  );
  return { names, sums: names.value ? sums : { ...sums, value: undefined, error: names.error } };
}

function useCounts() {
  const cloudformation = useClient(CloudFormationClient),
    idp = useClient(CognitoIdentityProviderClient),
    identity = useClient(CognitoIdentityClient);
  const stacks = useAnswer(
    async (abortSignal) => {
      const all = await allPages(async (NextToken) => {
        const page = await cloudformation.send(new ListStacksCommand({ NextToken }), { abortSignal });
        return { items: page.StackSummaries ?? [], next: page.NextToken };
      });
      return all.filter(({ StackStatus }) => StackStatus !== "DELETE_COMPLETE").length;
    },
    [cloudformation],
  );
  const userPools = useAnswer(
    async (abortSignal) => {
      const all = await allPages(async (NextToken) => {
        const page = await idp.send(new ListUserPoolsCommand({ MaxResults: 60, NextToken }), { abortSignal });
        return { items: page.UserPools ?? [], next: page.NextToken };
      });
      return all.length;
    },
    [idp],
  );
  const identityPools = useAnswer(async (abortSignal) => (await listIdentityPools(identity, abortSignal)).length, [identity]);
  return { stacks, userPools, identityPools };
}

const linked = (answer: Answer<number>, to: string, label: string) => (
  <Asked answer={answer}>
    {(count) => (
      <Link to={to} fontSize="display-l" ariaLabel={`${label}: ${count}`}>
        {countText(count)}
      </Link>
    )}
  </Asked>
);

export function Totals() {
  const { names, sums } = useTables();
  const { stacks, userPools, identityPools } = useCounts();
  const count: Answer<number> = { ...names, value: names.value?.length };
  const part = (text: (value: { items: number; bytes: number; tables: number }) => string) => (
    <Asked answer={sums}>
      {(value) => (
        <>
          <Box variant="awsui-value-large">{text(value)}</Box>
          {value.tables < (count.value ?? 0) && <Box variant="small">{dashboard.itemsOf(value.tables)}</Box>}
        </>
      )}
    </Asked>
  );
  return (
    <Container header={<Header variant="h2">{said.header}</Header>}>
      <KeyValuePairs
        columns={4}
        minColumnWidth={120}
        items={[
          { label: said.tables, value: linked(count, "/tables", said.tables) },
          { label: said.items, value: part(({ items }) => countText(items)) },
          { label: said.size, value: part(({ bytes }) => sizeText(bytes)) },
          { label: said.stacks, value: linked(stacks, "/stacks", said.stacks) },
          { label: said.userPools, value: linked(userPools, "/user-pools", said.userPools) },
          { label: said.identityPools, value: linked(identityPools, "/identity-pools", said.identityPools) },
        ]}
      />
    </Container>
  );
}
