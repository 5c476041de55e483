// The parts of a form for a new table, be it empty or imported.

import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { createTable as said } from "../text/create_table";
import { BillingField, UnitsFields } from "./capacity";
import { emptyKey } from "./index_draft";
import { KeyField } from "./key_field";
import { ClassField } from "./settings";
import { type TableDraft, tableProblems } from "./table_draft";

/** What a part of the form is given. */
export interface PartProps {
  draft: TableDraft;
  change: (changes: Partial<TableDraft>) => void;
  /** Whether what is wrong is shown. */
  tried: boolean;
}

/** The table's name and its keys. */
export function Details({ draft, change, tried }: PartProps) {
  const problems = tried ? tableProblems(draft) : {};
  return (
    <Container header={<Header variant="h2">{said.details}</Header>}>
      <SpaceBetween size="l">
        <FormField label={said.name} constraintText={said.nameRule} errorText={problems.name}>
          <Input value={draft.name} placeholder={said.namePlaceholder} autoFocus spellcheck={false} autoComplete={false} onChange={({ detail }) => change({ name: detail.value })} />
        </FormField>
        <KeyField label={said.partition} hint={said.partitionHint} value={draft.partition} error={problems.partition} onChange={(partition) => change({ partition })} />
        {draft.sort ? (
          <KeyField
            label={said.sort}
            hint={said.sortHint}
            value={draft.sort}
            error={problems.sort}
            onChange={(sort) => change({ sort })}
            onRemove={() => change({ sort: undefined, indexes: draft.indexes.filter(({ kind }) => kind === "global") })}
          />
        ) : (
          <Button variant="inline-link" iconName="add-plus" formAction="none" onClick={() => change({ sort: emptyKey() })}>{said.addSortKey}</Button>
        )}
      </SpaceBetween>
    </Container>
  );
}

/** How the table is paid for; without its class where that cannot be said. */
export function Capacity({ draft, change, tried, withClass = true }: PartProps & { withClass?: boolean }) {
  return (
    <Container header={<Header variant="h2">{withClass ? said.capacity : said.mode}</Header>}>
      <SpaceBetween size="l">
        <FormField label={said.mode}>
          <BillingField value={draft.mode} onChange={(mode) => change({ mode })} />
        </FormField>
        {draft.mode === "PROVISIONED" && <UnitsFields value={draft.units} tried={tried} onChange={(units) => change({ units })} />}
        {withClass && (
          <FormField label={said.tableClass}>
            <ClassField label={said.tableClass} value={draft.tableClass} onChange={(tableClass) => change({ tableClass })} />
          </FormField>
        )}
      </SpaceBetween>
    </Container>
  );
}
