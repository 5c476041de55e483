import { CreatePolicyVersionCommand, GetPolicyCommand, IAMClient, ListPolicyTagsCommand, TagPolicyCommand, UntagPolicyCommand } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAction, useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { CodeEditor } from "../parts/code_editor";
import { Refused } from "../parts/refused";
import { timeText } from "../parts/words";
import { access } from "../text/access";
import { listAll } from "./holders";
import { Arn, Page } from "./page";
import { isAws, versionDocument } from "./policies_data";
import { PolicyEditor } from "./policy_editor";
import { deletePolicy } from "./removal";
import { Tags } from "./tags";
import { Usage } from "./usage";
import { Versions } from "./versions";

const said = access.policies;

function ChangeDocument({ arn, document, onSaved }: { arn: string; document: string; onSaved: () => void }) {
  const iam = useClient(IAMClient);
  const [text, setText] = useState(document);
  const saving = useAction(async () => {
    const { PolicyVersion } = await iam.send(new CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument: text, SetAsDefault: true }));
    tellDone(access.versions.saved(PolicyVersion?.VersionId ?? ""));
    onSaved();
  });
  return (
    <Container header={<Header variant="h2" actions={<Button disabled={text === document} loading={saving.busy} onClick={() => void saving.run()}>{access.save}</Button>}>{said.document}</Header>}>
      <SpaceBetween size="s">
        <PolicyEditor label={said.document} type="MANAGED_POLICY" value={text} onChange={setText} />
        <Refused error={saving.error} />
      </SpaceBetween>
    </Container>
  );
}

export default function Policy({ arn }: { arn: string }) {
  const iam = useClient(IAMClient);
  const policy = useAnswer(async () => {
    const { Policy: found } = await iam.send(new GetPolicyCommand({ PolicyArn: arn }));
    return { ...found, document: await versionDocument(iam, arn, found?.DefaultVersionId) };
  }, [iam, arn]);
  const { PolicyName = arn, Description, AttachmentCount, CreateDate, UpdateDate, DefaultVersionId, document } = policy.value ?? {};
  const aws = isAws(arn);
  const editor = aws ? <CodeEditor language="json" label={said.document} value={document ?? ""} height={420} /> : <ChangeDocument key={DefaultVersionId} arn={arn} document={document ?? ""} onSaved={policy.again} />;
  const tags = (
    <Tags
      of={arn}
      list={() =>
        listAll(
          (Marker) => iam.send(new ListPolicyTagsCommand({ PolicyArn: arn, Marker })),
          (answer) => answer.Tags,
        )
      }
      tag={(tag) => iam.send(new TagPolicyCommand({ PolicyArn: arn, Tags: [tag] }))}
      untag={(key) => iam.send(new UntagPolicyCommand({ PolicyArn: arn, TagKeys: [key] }))}
    />
  );
  return (
    <Page
      name={PolicyName}
      error={policy.error}
      summary={[
        { label: access.arn, value: <Arn arn={arn} /> },
        { label: access.type, value: aws ? said.aws : said.local },
        { label: access.description, value: Description || "–" },
        { label: said.attachments, value: AttachmentCount },
        { label: access.created, value: timeText(CreateDate) },
        { label: said.updated, value: timeText(UpdateDate) },
      ]}
      tabs={[
        { id: "document", label: access.tabs.document, content: document === undefined ? null : editor },
        { id: "versions", label: access.tabs.versions, content: <Versions key={DefaultVersionId} arn={arn} fixed={aws} onChanged={policy.again} /> },
        { id: "usage", label: access.tabs.usage, content: <Usage arn={arn} onChanged={policy.again} /> },
        ...(aws ? [] : [{ id: "tags", label: access.tabs.tags, content: tags }]),
      ]}
      deletion={aws ? undefined : { what: said.what(PolicyName), means: said.deletion, act: () => deletePolicy(iam, arn), back: "/access/policies" }}
    />
  );
}
