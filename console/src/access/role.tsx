import { GetRoleCommand, IAMClient, ListRoleTagsCommand, TagRoleCommand, UntagRoleCommand, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAction, useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { Refused } from "../parts/refused";
import { timeText } from "../parts/words";
import { access } from "../text/access";
import { LimitedPermissions } from "./boundary";
import { type Holder, documentText, listAll } from "./holders";
import { Arn, Page } from "./page";
import { PolicyEditor } from "./policy_editor";
import { deleteRole } from "./removal";
import { Tags } from "./tags";
import { lintHolderOf } from "./trust";

const said = access.roles;

function Trust({ role, document, onSaved }: { role: string; document: string; onSaved: () => void }) {
  const iam = useClient(IAMClient);
  const [text, setText] = useState(document);
  const saving = useAction(async () => {
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: role, PolicyDocument: text }));
    tellDone(access.done(said.trust));
    onSaved();
  });
  return (
    <Container
      header={
        <Header variant="h2" description={said.trustHint} actions={<Button disabled={text === document} loading={saving.busy} onClick={() => void saving.run()}>{access.save}</Button>}>
          {said.trust}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <PolicyEditor label={said.trust} type="TRUST_POLICY" value={text} onChange={setText} />
        <Refused error={saving.error} />
      </SpaceBetween>
    </Container>
  );
}

export default function Role({ name }: { name: string }) {
  const iam = useClient(IAMClient);
  const role = useAnswer(async () => (await iam.send(new GetRoleCommand({ RoleName: name }))).Role, [iam, name]);
  const holder: Holder = { word: "role", name };
  const { Arn: arn, CreateDate, Description, MaxSessionDuration, RoleId, Path, PermissionsBoundary } = role.value ?? {};
  const trust = documentText(role.value?.AssumeRolePolicyDocument);
  const permissions = <LimitedPermissions holder={holder} lintHolder={lintHolderOf(trust)} boundary={PermissionsBoundary?.PermissionsBoundaryArn} onChanged={role.again} />;
  const tags = (
    <Tags
      of={name}
      list={() =>
        listAll(
          (Marker) => iam.send(new ListRoleTagsCommand({ RoleName: name, Marker })),
          (answer) => answer.Tags,
        )
      }
      tag={(tag) => iam.send(new TagRoleCommand({ RoleName: name, Tags: [tag] }))}
      untag={(key) => iam.send(new UntagRoleCommand({ RoleName: name, TagKeys: [key] }))}
    />
  );
  return (
    <Page
      name={name}
      error={role.error}
      summary={[
        { label: access.arn, value: <Arn arn={arn} /> },
        { label: access.description, value: Description || "–" },
        { label: access.created, value: timeText(CreateDate) },
        { label: said.session, value: MaxSessionDuration ? said.hours(MaxSessionDuration) : "–" },
        { label: access.id, value: RoleId },
        { label: access.path, value: Path },
      ]}
      tabs={[
        { id: "permissions", label: access.tabs.permissions, content: permissions },
        { id: "trust", label: access.tabs.trust, content: trust ? <Trust key={trust} role={name} document={trust} onSaved={role.again} /> : null },
        { id: "tags", label: access.tabs.tags, content: tags },
      ]}
      deletion={{ what: said.what(name), means: said.deletion, act: () => deleteRole(iam, name), back: "/access/roles" }}
    />
  );
}
