// The simulator: who, what, on which resources, in which context; allowed or denied, and by which statement.

import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { GetGroupCommand, GetRoleCommand, GetUserCommand, IAMClient, ListGroupsCommand, ListRolesCommand, ListUsersCommand } from "@aws-sdk/client-iam";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import TokenGroup from "@cloudscape-design/components/token-group";
import { useState } from "react";
import { allPages, useAction, useAnswer } from "../app/asking";
import { useQuery } from "../app/router";
import { useSession } from "../app/session";
import { useClient } from "../aws/clients";
import { Refused } from "../parts/refused";
import { simulator as said } from "../text/access";
import { knownActions } from "./actions";
import { ContextKeys } from "./context_keys";
import { type Word, listAll } from "./holders";
import { PolicyEditor, emptyPolicy } from "./policy_editor";
import { type Key, type Kind, type Question, keysAsked, lines, simulate } from "./simulation";
import { SimulatorResults } from "./simulator_results";

const kinds = (Object.keys(said.kinds) as Kind[]).map((value) => ({ value, label: said.kinds[value] }));
const isKind = (kind: string | null): kind is Kind => kind !== null && kind in said.kinds;

const namesOf = (iam: IAMClient, kind: Kind): Promise<string[]> => {
  switch (kind) {
    case "user":
      return listAll(
        (Marker) => iam.send(new ListUsersCommand({ Marker })),
        (answer) => answer.Users?.map(({ UserName = "" }) => UserName),
      );
    case "group":
      return listAll(
        (Marker) => iam.send(new ListGroupsCommand({ Marker })),
        (answer) => answer.Groups?.map(({ GroupName = "" }) => GroupName),
      );
    case "role":
      return listAll(
        (Marker) => iam.send(new ListRolesCommand({ Marker })),
        (answer) => answer.Roles?.map(({ RoleName = "" }) => RoleName),
      );
    case "custom":
      return Promise.resolve([]);
  }
};

/** The ARN, which has a path that only IAM knows. */
const arnOf = (iam: IAMClient) => async (kind: Word, name: string) => {
  const found =
    kind === "user"
      ? (await iam.send(new GetUserCommand({ UserName: name }))).User
      : kind === "role"
        ? (await iam.send(new GetRoleCommand({ RoleName: name }))).Role
        : (await iam.send(new GetGroupCommand({ GroupName: name, MaxItems: 1 }))).Group;
  return found?.Arn ?? "";
};

function Who({ kind, name, policy, onKind, onName, onPolicy }: { kind: Kind; name: string; policy: string; onKind: (kind: Kind) => void; onName: (name: string) => void; onPolicy: (policy: string) => void }) {
  const iam = useClient(IAMClient);
  const names = useAnswer(() => namesOf(iam, kind), [iam, kind]);
  const options = (names.value ?? []).map((value) => ({ value, label: value }));
  const editor = <PolicyEditor label={said.policy} value={policy} onChange={onPolicy} height={240} />;
  return (
    <Container header={<Header variant="h2">{said.who}</Header>}>
      <SpaceBetween size="m">
        <FormField label={said.whoKind}>
          <Select selectedOption={kinds.find(({ value }) => value === kind) ?? null} options={kinds} onChange={({ detail }) => onKind(detail.selectedOption.value as Kind)} />
        </FormField>
        {kind === "custom" ? (
          editor
        ) : (
          <>
            <FormField label={said.principal}>
              <Select
                selectedOption={name ? { value: name, label: name } : null}
                options={options}
                filteringType="auto"
                placeholder={said.choose}
                statusType={names.value ? "finished" : "loading"}
                virtualScroll={options.length > 200}
                onChange={({ detail }) => onName(detail.selectedOption.value ?? "")}
              />
            </FormField>
            <Refused error={names.error} />
            <ExpandableSection headerText={said.more} onChange={({ detail }) => onPolicy(detail.expanded ? policy || emptyPolicy : "")}>
              {policy && editor}
            </ExpandableSection>
          </>
        )}
      </SpaceBetween>
    </Container>
  );
}

function Actions({ chosen, onChange }: { chosen: string[]; onChange: (actions: string[]) => void }) {
  const [text, setText] = useState("");
  const add = (name: string) => {
    const given = name.trim();
    if (given && !chosen.includes(given)) onChange([...chosen, ...given.split(",")]);
    setText("");
  };
  return (
    <FormField label={said.actions} description={said.actionsHint} stretch>
      <SpaceBetween size="xs">
        <Autosuggest
          value={text}
          options={knownActions.filter((value) => !chosen.includes(value)).map((value) => ({ value }))}
          enteredTextLabel={(given) => given || said.action}
          placeholder="dynamodb:PutItem"
          onChange={({ detail }) => setText(detail.value)}
          onSelect={({ detail }) => add(detail.value)}
          onKeyDown={({ detail }) => detail.key === "Enter" && add(text)}
        />
        {chosen.length > 0 && <TokenGroup items={chosen.map((label) => ({ label, dismissLabel: said.removeAction(label) }))} onDismiss={({ detail }) => onChange(chosen.filter((_, i) => i !== detail.itemIndex))} />}
      </SpaceBetween>
    </FormField>
  );
}

function Resources({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const session = useSession();
  // Who may not list tables writes the ARN.
  const tables = useAnswer(
    () =>
      allPages(async (token) => {
        const page = await dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName: token }));
        return { items: page.TableNames ?? [], next: page.LastEvaluatedTableName };
      }).catch((): string[] => []),
    [dynamodb],
  );
  const insert = (name: string) => onChange([...lines(text), `arn:aws:dynamodb:${session?.region}:${session?.account}:table/${name}`].join("\n"));
  return (
    <FormField label={said.on} description={said.resourceHint} stretch>
      <SpaceBetween size="xs">
        <Textarea ariaLabel={said.resource} value={text} rows={2} spellcheck={false} onChange={({ detail }) => onChange(detail.value)} />
        <Select
          ariaLabel={said.insertTable}
          selectedOption={null}
          placeholder={said.insertTable}
          options={(tables.value ?? []).map((value) => ({ value, label: value }))}
          filteringType="auto"
          virtualScroll={(tables.value?.length ?? 0) > 200}
          onChange={({ detail }) => insert(detail.selectedOption.value ?? "")}
        />
      </SpaceBetween>
    </FormField>
  );
}

export default function Simulator() {
  const iam = useClient(IAMClient);
  const [query, setQuery] = useQuery();
  const asked = query.get("kind");
  const kind = isKind(asked) ? asked : "user";
  const name = query.get("name") ?? "";
  const [policy, setPolicy] = useState(kind === "custom" ? emptyPolicy : "");
  const actions = (query.get("actions") ?? "").split(",").filter(Boolean);
  const resources = query.get("resources") ?? "";
  const [keys, setKeys] = useState<Key[]>([]);
  const question: Question = { kind, name, policy, actions, resources: lines(resources), keys };
  const isWhole = kind === "custom" ? policy !== "" : name !== "";
  // The keys that policies ask for are a help: while the policy is not right yet there are none.
  const wanted = useAnswer(async () => (isWhole ? await keysAsked(iam, question, arnOf(iam)).catch((): string[] => []) : []), [iam, kind, name, policy]);
  const running = useAction(() => simulate(iam, question, arnOf(iam)));
  const [outcome, setOutcome] = useState<Awaited<ReturnType<typeof simulate>>>();

  const run = async () => {
    const result = await running.run();
    if (result) setOutcome(result);
  };
  const choose = (next: Kind) => {
    setQuery({ kind: next, name: undefined });
    setPolicy(next === "custom" ? emptyPolicy : "");
  };
  return (
    <ContentLayout header={<Header variant="h1" description={said.description}>{said.title}</Header>}>
      <SpaceBetween size="l">
        <Who kind={kind} name={name} policy={policy} onKind={choose} onName={(next) => setQuery({ name: next })} onPolicy={setPolicy} />
        <Container header={<Header variant="h2">{said.what}</Header>}>
          <SpaceBetween size="l">
            <Actions chosen={actions} onChange={(next) => setQuery({ actions: next.join(",") })} />
            <Resources text={resources} onChange={(next) => setQuery({ resources: next })} />
            <ContextKeys keys={keys} asked={wanted.value ?? []} user={kind === "user" ? name : undefined} onChange={setKeys} />
            <Button variant="primary" disabled={!isWhole || actions.length === 0} disabledReason={isWhole ? said.needsAction : said.needsPrincipal} loading={running.busy} onClick={() => void run()}>
              {said.run}
            </Button>
            <Refused error={running.error} />
          </SpaceBetween>
        </Container>
        <SimulatorResults outcome={outcome} />
      </SpaceBetween>
    </ContentLayout>
  );
}
