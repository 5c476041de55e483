import { CreatePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAction } from "../app/asking";
import { tellDone } from "../app/notices";
import { navigate, path } from "../app/router";
import { useClient } from "../aws/clients";
import { Refused } from "../parts/refused";
import { access } from "../text/access";
import { app } from "../text/app";
import { PolicyEditor, emptyPolicy } from "./policy_editor";

const said = access.policies;

export default function CreatePolicy() {
  const iam = useClient(IAMClient);
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [document, setDocument] = useState(emptyPolicy);
  const creating = useAction(async () => {
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: name, Description: description || undefined, PolicyDocument: document }));
    tellDone(said.made(name));
    navigate(path`/access/policies/${Policy?.Arn ?? ""}`);
  });
  return (
    <ContentLayout header={<Header variant="h1">{said.create}</Header>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name) void creating.run();
        }}
      >
        <Form
          errorText={creating.error ? <Refused error={creating.error} /> : undefined}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={() => navigate("/access/policies")}>{app.cancel}</Button>
              <Button variant="primary" disabled={!name} loading={creating.busy}>{said.create}</Button>
            </SpaceBetween>
          }
        >
          <Container>
            <SpaceBetween size="m">
              <FormField label={access.name}>
                <Input value={name} autoFocus spellcheck={false} autoComplete={false} onChange={({ detail }) => setName(detail.value)} />
              </FormField>
              <FormField label={<>{access.description} <i>– {access.optional}</i></>}>
                <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
              </FormField>
              <PolicyEditor label={said.document} type="MANAGED_POLICY" value={document} onChange={setDocument} height={420} />
            </SpaceBetween>
          </Container>
        </Form>
      </form>
    </ContentLayout>
  );
}
