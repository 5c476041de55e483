import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAction } from "../app/asking";
import { tellDone } from "../app/notices";
import { navigate, path } from "../app/router";
import { useSession } from "../app/session";
import { useClient } from "../aws/clients";
import { access } from "../text/access";
import { CreateForm, NameAndDescription } from "./create_form";
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
    <CreateForm title={said.create} description={said.description} ready={name !== ""} creating={creating} back="/access/roles">
      <SpaceBetween size="l">
        <Container>
          <SpaceBetween size="m">
            <NameAndDescription name={name} onName={setName} description={description} onDescription={setDescription} />
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
    </CreateForm>
  );
}
