// How an app, a tool or a shell uses this server.

import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useSession } from "../app/session";
import { endpoint } from "../aws/clients";
import { Breaking } from "../parts/breaking";
import { Copyable } from "../parts/copyable";
import { QueryTabs } from "../parts/query_tabs";
import { connect as said } from "../text/connect";
import { Keys } from "./keys";
import { Example, ForShells } from "./example";
import * as snippets from "./snippets";

export default function Connect() {
  const session = useSession();
  if (!session) return null;
  const place = { endpoint, region: session.region };
  const tabs = {
    shell: (
      <ForShells>
        {(shell) => (
          <SpaceBetween size="l">
            <Example title={said.shell.asOne} hint={said.shell.asOneHint} code={snippets.environment(shell, place)} />
            <Example title={said.shell.parts} hint={said.shell.partsHint} code={snippets.variables(shell, place)} />
          </SpaceBetween>
        )}
      </ForShells>
    ),
    cli: (
      <SpaceBetween size="l">
        <Example title={said.cli.profile} hint={said.cli.profileHint} code={snippets.profile(place)} />
        <Example title={said.cli.try} code={snippets.cli(place)} />
      </SpaceBetween>
    ),
    javascript: (
      <SpaceBetween size="l">
        <Example title={said.sdk.install} code="npm install @aws-sdk/client-dynamodb @aws-sdk/lib-dynamodb" />
        <Example title={said.sdk.code} hint={said.sdk.hint} code={snippets.javascript(place)} />
      </SpaceBetween>
    ),
    python: (
      <SpaceBetween size="l">
        <Example title={said.sdk.install} code="pip install boto3" />
        <Example title={said.sdk.code} hint={said.sdk.hint} code={snippets.python(place)} />
      </SpaceBetween>
    ),
    java: <Example title={said.sdk.code} hint={said.sdk.hint} code={snippets.java(place)} />,
    amplify: (
      <SpaceBetween size="l">
        <Example title={said.amplify.sandbox} hint={said.amplify.sandboxHint} code={snippets.sandbox(place)} />
        <Example title={said.amplify.app} code={snippets.amplifyModule} />
        <Example title={said.amplify.lines} code={snippets.amplifyLines(place)} />
      </SpaceBetween>
    ),
    cdk: (
      <SpaceBetween size="l">
        <Example title={said.cdk.deploy} hint={said.cdk.deployHint} code={snippets.cdk(place)} />
        <Example title={said.cdk.template} hint={said.cdk.templateHint} code={snippets.cdkTemplates(place)} />
      </SpaceBetween>
    ),
  } satisfies Record<keyof typeof said.tabs, React.ReactNode>;
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={said.intro}>{said.title}</Header>
      <Container header={<Header variant="h2">{said.server}</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            { label: said.endpoint, value: <Copyable text={endpoint} label={said.endpoint} /> },
            { label: said.region, value: <Copyable text={session.region} label={said.region} /> },
            { label: said.account, value: <Copyable text={session.account} label={said.account} /> },
            { label: said.you, value: <Breaking>{session.arn}</Breaking> },
          ]}
        />
      </Container>
      <QueryTabs
        label={said.label}
        tabs={(Object.keys(tabs) as (keyof typeof tabs)[]).map((id) => ({ id, label: said.tabs[id], content: tabs[id] }))}
      />
      <Keys session={session} place={place} />
    </SpaceBetween>
  );
}
