// The fields of a secondary index, of a new table or of one that there is.

import type { BillingMode, ProjectionType, ScalarAttributeType } from "@aws-sdk/client-dynamodb";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { createTable as said } from "../text/create_table";
import { UnitsFields } from "./capacity";
import { type IndexDraft, proposedName } from "./index_draft";
import { KeyField, KeyFields } from "./key_field";

const projections = (["ALL", "KEYS_ONLY", "INCLUDE"] as const).map((value) => ({ value, label: said.projections[value], description: said.projectionHints[value] }));

const listOf = (text: string) => text.split(",").map((name) => name.trim()).filter(Boolean);

export function IndexFields({ index, onChange, mode, problems, known }: {
  index: IndexDraft;
  onChange: (index: IndexDraft) => void;
  mode: BillingMode;
  /** Empty until they are to be shown. */
  problems: Record<string, string | undefined>;
  known?: Map<string, ScalarAttributeType>;
}) {
  const change = (changes: Partial<IndexDraft>) => onChange({ ...index, ...changes });
  const errors = (part: "partition" | "sort") => index[part].map((_, i) => problems[`${part}.${i}`]);
  const local = index.kind === "local";
  return (
    <SpaceBetween size="m">
      {local ? (
        <KeyField label={said.indexSort} value={index.sort[0] ?? { name: "", type: "S" }} error={problems["sort.0"]} known={known} onChange={(key) => change({ sort: [key] })} />
      ) : (
        <SpaceBetween size="m">
          <KeyFields label={said.indexPartition} addLabel={said.addPartition} least={1} keys={index.partition} errors={errors("partition")} known={known} onChange={(partition) => change({ partition })} />
          <KeyFields label={said.indexSort} addLabel={said.addSort} least={0} keys={index.sort} errors={errors("sort")} known={known} onChange={(sort) => change({ sort })} />
        </SpaceBetween>
      )}
      <FormField label={said.indexName} constraintText={said.nameRule} errorText={problems.name}>
        <Input value={index.name} placeholder={proposedName(index) || said.indexPlaceholder} spellcheck={false} autoComplete={false} onChange={({ detail }) => change({ name: detail.value })} />
      </FormField>
      <FormField label={said.projection}>
        <RadioGroup ariaLabel={said.projection} items={projections} value={index.projection} onChange={({ detail }) => change({ projection: detail.value as ProjectionType })} />
      </FormField>
      {index.projection === "INCLUDE" && <Included value={index.include} error={problems.include} onChange={(include) => change({ include })} />}
      {mode === "PROVISIONED" && !local && <UnitsFields value={index.units} tried={problems.units !== undefined} onChange={(units) => change({ units })} />}
    </SpaceBetween>
  );
}

function Included({ value, onChange, error }: { value: string[]; onChange: (value: string[]) => void; error?: string }) {
  const [text, setText] = useState(value.join(", ")); // as typed: a comma at its end stays
  return (
    <FormField label={said.include} description={said.includeHint} errorText={error}>
      <Input
        value={text}
        placeholder={said.includePlaceholder}
        spellcheck={false}
        onChange={({ detail }) => {
          setText(detail.value);
          onChange(listOf(detail.value));
        }}
      />
    </FormField>
  );
}
