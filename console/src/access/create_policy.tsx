import { CreatePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAction } from "../app/asking";
import { tellDone } from "../app/notices";
import { navigate, path } from "../app/router";
import { useClient } from "../aws/clients";
import { access } from "../text/access";
import { CreateForm, NameAndDescription } from "./create_form";
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
    <CreateForm title={said.create} ready={name !== ""} creating={creating} back="/access/policies">
      <Container>
        <SpaceBetween size="m">
          <NameAndDescription name={name} onName={setName} description={description} onDescription={setDescription} />
          <PolicyEditor label={said.document} type="MANAGED_POLICY" value={document} onChange={setDocument} height={420} />
        </SpaceBetween>
      </Container>
    </CreateForm>
  );
}
