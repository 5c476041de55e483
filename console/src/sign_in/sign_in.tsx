// The page for who is not signed in: with a key, as a person, or by a one-time link.

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input, { type InputProps } from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Tiles from "@cloudscape-design/components/tiles";
import { type FormEvent, useEffect, useState } from "react";
import { useAction } from "../app/asking";
import { Notices } from "../app/notices";
import { useQuery } from "../app/router";
import { hasEnded } from "../app/session";
import { Refused } from "../parts/refused";
import { app, signIn as said } from "../text/app";
import { beginWithKey, beginWithLink } from "./begin";
import type { Step } from "./person";
import "./sign_in.css";

type Values = Record<string, string>;

function Field({ name, label, values, set, type, hint, optional, tried }: {
  name: string;
  label: string;
  values: Values;
  set: (name: string, value: string) => void;
  type?: InputProps["type"];
  hint?: string;
  optional?: boolean;
  tried: boolean;
}) {
  const value = values[name] ?? "";
  return (
    <FormField
      label={optional ? <>{label} <i>– {said.optional}</i></> : label}
      constraintText={hint}
      errorText={tried && !optional && !value ? said.needed : undefined}
    >
      <Input name={name} type={type} value={value} onChange={({ detail }) => set(name, detail.value)} autoComplete={type === "password" ? "current-password" : "off"} spellcheck={false} />
    </FormField>
  );
}

function SignInForm({ children, button, busy, error, onSubmit }: { children: React.ReactNode; button: string; busy: boolean; error: unknown; onSubmit: () => void }) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Form actions={<Button variant="primary" loading={busy} formAction="submit">{button}</Button>} errorText={undefined}>
        <SpaceBetween size="l">
          {children}
          <Refused error={error} />
        </SpaceBetween>
      </Form>
    </form>
  );
}

function useValues(initial: Values) {
  const [values, setValues] = useState<Values>(initial);
  const [tried, setTried] = useState(false);
  return { values, tried, setTried, set: (name: string, value: string) => setValues((last) => ({ ...last, [name]: value })) };
}

const given = (values: Values, ...names: string[]) => names.every((name) => values[name]);

function WithKey() {
  const form = useValues({});
  const action = useAction((values: Values) =>
    beginWithKey({ accessKeyId: values.key?.trim() ?? "", secretAccessKey: values.secret?.trim() ?? "", sessionToken: values.token?.trim() || undefined }),
  );
  const submit = () => {
    form.setTried(true);
    if (given(form.values, "key", "secret")) void action.run(form.values);
  };
  return (
    <SignInForm button={said.submit} busy={action.busy} error={action.error} onSubmit={submit}>
      <Field {...form} name="key" label={said.accessKeyId} hint={said.keyHelp} />
      <Field {...form} name="secret" label={said.secretAccessKey} type="password" />
      <Field {...form} name="token" label={said.sessionToken} hint={said.tokenHint} optional />
    </SignInForm>
  );
}

function AsPerson() {
  const [query] = useQuery();
  const form = useValues({ clientId: query.get("client") ?? "", userPoolId: query.get("pool") ?? "", identityPoolId: query.get("identityPool") ?? "" });
  const [step, setStep] = useState<Step>();
  const action = useAction(async (values: Values) => {
    const person = await import("./person");
    const { clientId = "", userPoolId = "", identityPoolId = "", username = "", password = "", answer = "" } = values;
    const next = step
      ? await person.answerStep(answer, said.unknownStep)
      : await person.beginPerson({ clientId: clientId.trim(), userPoolId: userPoolId.trim(), identityPoolId: identityPoolId.trim() }, username, password, said.unknownStep);
    if (next) setStep(next);
    else await person.takeCredentials(username);
  });
  const submit = () => {
    form.setTried(true);
    const needed = step ? ["answer"] : ["clientId", "userPoolId", "identityPoolId", "username", "password"];
    if (given(form.values, ...needed)) void action.run(form.values);
  };
  return (
    <SignInForm button={step ? said.go : said.submit} busy={action.busy} error={action.error} onSubmit={submit}>
      {step ? (
        <Field
          {...form}
          name="answer"
          type={step === "code" ? "text" : "password"}
          label={step === "code" ? said.code : said.newPassword}
          hint={step === "code" ? said.codeHint : said.newPasswordHint}
        />
      ) : (
        <>
          <Field {...form} name="username" label={said.username} />
          <Field {...form} name="password" label={said.password} type="password" />
          <Field {...form} name="userPoolId" label={said.userPoolId} />
          <Field {...form} name="clientId" label={said.clientId} />
          <Field {...form} name="identityPoolId" label={said.identityPoolId} />
        </>
      )}
    </SignInForm>
  );
}

/** The token behind "#/link/" in the address, which is taken out of it at once. */
function takeLink(): string | undefined {
  const [, token] = /^#\/?link\/([\w-]+)$/.exec(location.hash) ?? [];
  if (token) history.replaceState(null, "", location.pathname + location.search);
  return token;
}

const link = takeLink();
let redeeming: Promise<unknown> | undefined; // once, however often React shows this

export default function SignIn() {
  const [kind, setKind] = useState(new URLSearchParams(location.search).has("client") ? "person" : "key");
  const [linking, setLinking] = useState<{ busy: boolean; error?: unknown }>({ busy: link !== undefined && !redeeming });
  useEffect(() => {
    document.title = app.title(said.submit);
    if (!link || redeeming) return;
    redeeming = beginWithLink(link).catch((error: unknown) => setLinking({ busy: false, error }));
  }, []);
  if (linking.busy) {
    return <Box padding="xxxl" textAlign="center"><Spinner size="large" /> {said.link}</Box>;
  }
  return (
    <main className="sign-in">
      <SpaceBetween size="l">
        <Notices />
        {hasEnded() && <Alert type="info" header={app.account.ended}>{app.account.endedHint}</Alert>}
        {linking.error !== undefined && (
          <SpaceBetween size="s">
            <Alert type="warning" header={said.linkFailed}>{said.linkHint}</Alert>
            <Refused error={linking.error} />
          </SpaceBetween>
        )}
        <Container header={<Header variant="h1" description={said.intro}>{said.header}</Header>}>
          <SpaceBetween size="l">
            <FormField label={said.kind}>
              <Tiles
                value={kind}
                onChange={({ detail }) => setKind(detail.value)}
                items={[
                  { value: "key", label: said.key, description: said.keyHint },
                  { value: "person", label: said.person, description: said.personHint },
                ]}
              />
            </FormField>
            {kind === "key" ? <WithKey /> : <AsPerson />}
          </SpaceBetween>
        </Container>
      </SpaceBetween>
    </main>
  );
}
