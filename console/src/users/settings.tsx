// How a pool is set: sign-in, passwords, and the triggers that it names.

import type { UserPoolType } from "@aws-sdk/client-cognito-identity-provider";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Breaking } from "../parts/breaking";
import { app } from "../text/app";
import { users } from "../text/users";

const said = users.settings;

const list = (words: (string | undefined)[] | undefined) => words?.filter(Boolean).join(", ") || app.none;
const yes = (is: boolean | undefined) => (is ? said.yes : said.no);

function Section({ title, hint, items }: { title: string; hint?: string; items: KeyValuePairsProps.Item[] | string }) {
  return (
    <Container header={<Header variant="h2" description={hint}>{title}</Header>}>{typeof items === "string" ? items : <KeyValuePairs columns={3} items={items} />}</Container>
  );
}

function signIn(pool: UserPoolType): KeyValuePairsProps.Item[] {
  const schema = pool.SchemaAttributes ?? [];
  return [
    { label: said.signInWith, value: list(pool.UsernameAttributes?.length ? pool.UsernameAttributes : [said.username]) },
    { label: said.aliases, value: list(pool.AliasAttributes) },
    { label: said.caseSensitive, value: yes(pool.UsernameConfiguration?.CaseSensitive ?? true) },
    { label: said.verified, value: list(pool.AutoVerifiedAttributes) },
    { label: said.selfSignUp, value: pool.AdminCreateUserConfig?.AllowAdminCreateUserOnly ? said.selfSignUpNo : said.selfSignUpYes },
    { label: said.mfa, value: pool.MfaConfiguration ?? app.none },
    { label: said.recovery, value: list(pool.AccountRecoverySetting?.RecoveryMechanisms?.map(({ Name }) => Name)) },
    { label: said.required, value: list(schema.filter(({ Required, Name }) => Required && Name !== "sub").map(({ Name }) => Name)) },
    { label: said.custom, value: list(schema.map(({ Name }) => Name).filter((name) => name?.includes(":"))) },
    { label: said.domain, value: pool.Domain ?? app.none },
  ];
}

function passwords(pool: UserPoolType): KeyValuePairsProps.Item[] {
  const policy = pool.Policies?.PasswordPolicy ?? {};
  const contains = [policy.RequireLowercase && said.lower, policy.RequireUppercase && said.upper, policy.RequireNumbers && said.numbers, policy.RequireSymbols && said.symbols];
  return [
    { label: said.minimum, value: policy.MinimumLength ?? app.none },
    { label: said.contains, value: contains.filter(Boolean).join(", ") || app.none },
    { label: said.history, value: policy.PasswordHistorySize ?? app.none },
    { label: said.temporary, value: policy.TemporaryPasswordValidityDays === undefined ? app.none : said.days(policy.TemporaryPasswordValidityDays) },
  ];
}

function triggers(pool: UserPoolType): KeyValuePairsProps.Item[] {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return Object.entries(pool.LambdaConfig ?? {}).map(([label, value]) => ({ label, value: <Breaking>{text(value)}</Breaking> }));
}

export function Settings({ pool }: { pool: UserPoolType }) {
  const named = triggers(pool);
  const tags = Object.entries(pool.UserPoolTags ?? {}).map(([name, value]) => ({ label: <Breaking>{name}</Breaking>, value: <Breaking>{value || app.none}</Breaking> }));
  return (
    <SpaceBetween size="l">
      <Section title={said.signIn} items={signIn(pool)} />
      <Section title={said.password} items={passwords(pool)} />
      <Section title={said.triggers} hint={said.triggersHint} items={named.length > 0 ? named : said.noTriggers} />
      <Section title={said.tags} items={tags.length > 0 ? tags : said.noTags} />
    </SpaceBetween>
  );
}
