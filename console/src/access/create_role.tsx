import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAction } from "../app/asking";
import { tellDone } from "../app/notices";
import { navigate, path } from "../app/router";
import { useSession } from "../app/session";
import { useClient } from "../aws/clients";
import { Refused } from "../parts/refused";
import { access } from "../text/access";
import { app } from "../text/app";
import { PolicyChoice } from "./choice";
import { attach } from "./holders";
import { PolicyEditor } from "./policy_editor";
import { templates } from "./trust";

const said = access.roles;
type Template = keyof typeof said.templates;

export default function CreateRole() {
  const iam = useClient(IAMClient);
  const account = useSession()?.account ?? "";
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [template, setTemplate] = useState<Template>("account");
  const [trust, setTrust] = useState(() => templates.account(account));
  const [policies, setPolicies] = useState<string[]>([]);
  const creating = useAction(async () => {
    await iam.send(new CreateRoleCommand({ RoleName: name, Description: description || undefined, AssumeRolePolicyDocument: trust }));
    for (const arn of policies) await attach(iam, { word: "role", name }, arn);
    tellDone(said.made(name));
    navigate(path`/access/roles/${name}`);
  });
  const choose = (chosen: Template) => {
    setTemplate(chosen);
    setTrust(templates[chosen](account));
  };
  return (
    <ContentLayout header={<Header variant="h1" description={said.description}>{said.create}</Header>}>
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
              <Button variant="link" formAction="none" onClick={() => navigate("/access/roles")}>{app.cancel}</Button>
              <Button variant="primary" disabled={!name} loading={creating.busy}>{said.create}</Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            <Container>
              <SpaceBetween size="m">
                <FormField label={access.name}>
                  <Input value={name} autoFocus spellcheck={false} autoComplete={false} onChange={({ detail }) => setName(detail.value)} />
                </FormField>
                <FormField label={<>{access.description} <i>– {access.optional}</i></>}>
                  <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
                </FormField>
                <PolicyChoice label={access.users.policies} chosen={policies} onChange={setPolicies} />
              </SpaceBetween>
            </Container>
            <Container header={<Header variant="h2" description={said.trustHint}>{said.trust}</Header>}>
              <SpaceBetween size="m">
                <FormField label={said.template}>
                  <RadioGroup value={template} items={(Object.keys(said.templates) as Template[]).map((value) => ({ value, label: said.templates[value] }))} onChange={({ detail }) => choose(detail.value as Template)} />
                </FormField>
                <PolicyEditor label={said.trust} type="TRUST_POLICY" value={trust} onChange={setTrust} />
              </SpaceBetween>
            </Container>
          </SpaceBetween>
        </Form>
      </form>
    </ContentLayout>
  );
}
