// The page on which something is created: its form, its buttons, what the server refused, and the fields that roles and
// policies both begin with.

import Button from "@cloudscape-design/components/button";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import type { useAction } from "../app/asking";
import { navigate } from "../app/router";
import { Refused } from "../parts/refused";
import { access } from "../text/access";
import { app } from "../text/app";

export function CreateForm({ title, description, ready, creating, back, children }: {
  title: string;
  description?: string;
  /** Whether there is enough to ask the server. */
  ready: boolean;
  creating: ReturnType<typeof useAction<[], void>>;
  /** Where it leads when it is called off. */
  back: string;
  children: ReactNode;
}) {
  return (
    <ContentLayout header={<Header variant="h1" description={description}>{title}</Header>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void creating.run();
        }}
      >
        <Form
          errorText={creating.error ? <Refused error={creating.error} /> : undefined}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={() => navigate(back)}>{app.cancel}</Button>
              <Button variant="primary" disabled={!ready} loading={creating.busy}>{title}</Button>
            </SpaceBetween>
          }
        >
          {children}
        </Form>
      </form>
    </ContentLayout>
  );
}

export function NameAndDescription({ name, onName, description, onDescription }: { name: string; onName: (name: string) => void; description: string; onDescription: (description: string) => void }) {
  return (
    <>
      <FormField label={access.name}>
        <Input value={name} autoFocus spellcheck={false} autoComplete={false} onChange={({ detail }) => onName(detail.value)} />
      </FormField>
      <FormField label={<>{access.description} <i>– {access.optional}</i></>}>
        <Input value={description} onChange={({ detail }) => onDescription(detail.value)} />
      </FormField>
    </>
  );
}
