// The settings of a new table: its stream, time to live, recovery, protection, tags.

import type { StreamViewType } from "@aws-sdk/client-dynamodb";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import TagEditor from "@cloudscape-design/components/tag-editor";
import Toggle from "@cloudscape-design/components/toggle";
import { createTable as said } from "../text/create_table";
import { tables } from "../text/tables";
import type { PartProps } from "./create_fields";
import { tableProblems } from "./table_draft";
import { viewTypes } from "./streams";
import { MOST_TAGS } from "./tags";

const streams = [
  { value: "", label: said.noStream, description: said.noStreamHint },
  ...viewTypes.map((value) => ({ value, label: tables.streams.views[value], description: tables.streams.viewHints[value] })),
];

export function NewSettings({ draft, change, tried }: PartProps) {
  return (
    <Container header={<Header variant="h2">{said.settings}</Header>}>
      <SpaceBetween size="l">
        <FormField label={said.stream}>
          <Select
            options={streams}
            selectedOption={streams.find(({ value }) => value === (draft.stream ?? "")) ?? null}
            onChange={({ detail }) => change({ stream: (detail.selectedOption.value || undefined) as StreamViewType | undefined })}
          />
        </FormField>
        <FormField label={said.ttl} description={said.ttlHint}>
          <Input value={draft.ttl} placeholder="expires_at" spellcheck={false} autoComplete={false} onChange={({ detail }) => change({ ttl: detail.value })} />
        </FormField>
        <Toggle checked={draft.recovery} description={said.recoveryHint} onChange={({ detail }) => change({ recovery: detail.checked })}>{said.recovery}</Toggle>
        <Toggle checked={draft.protection} description={said.protectionHint} onChange={({ detail }) => change({ protection: detail.checked })}>{said.protection}</Toggle>
        <FormField label={said.tags} stretch errorText={tried ? tableProblems(draft).tags : undefined}>
          <TagEditor
            tagLimit={MOST_TAGS}
            tags={draft.tags.map((tag) => ({ ...tag, existing: false }))}
            onChange={({ detail }) => change({ tags: detail.tags.map(({ key, value }) => ({ key, value })) })}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}
