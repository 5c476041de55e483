// The form of a scan or query.

import type { TableDescription } from "@aws-sdk/client-dynamodb";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type FormEvent, useMemo, useState } from "react";
import type { Answer } from "../app/asking";
import { items as said } from "../text/items";
import { CodeOfQuery } from "./code_modal";
import { type Complaints, type Input as Request, build } from "./expression";
import { Filters } from "./filters";
import { PastQueries } from "./history";
import { KeyConditions } from "./key_conditions";
import { PAGE_SIZES, type Query, emptyQuery } from "./query";
import { indexesOf, targetOf } from "./target";

interface BuilderProps {
  draft: Query;
  onChange: (draft: Query) => void;
  onRun: (query: Query) => void;
  /** Another table was chosen. */
  onTable: (name: string) => void;
  names: Answer<string[]>;
  description: TableDescription | undefined;
}

/** The query as a program, and those of before. */
function Tools({ draft, input }: { draft: Query; input: Request | undefined }) {
  const [open, setOpen] = useState<{ what: "code" | "history"; address: string }>();
  const close = () => setOpen(undefined);
  const address = location.search;
  // One of the past queries was chosen: the window has done its work.
  const is = (what: "code" | "history") => open?.what === what && open.address === address;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button formAction="none" onClick={() => setOpen({ what: "history", address })}>{said.history}</Button>
      <Button formAction="none" disabled={!input} onClick={() => setOpen({ what: "code", address })}>{said.code}</Button>
      {is("history") && <PastQueries onClose={close} />}
      {is("code") && input && <CodeOfQuery mode={draft.mode} input={input} onClose={close} />}
    </SpaceBetween>
  );
}

function TableChoice({ draft, names, onTable }: Pick<BuilderProps, "draft" | "names" | "onTable">) {
  return (
    <FormField label={said.table}>
      <Select
        selectedOption={draft.table ? { value: draft.table, label: draft.table } : null}
        options={(names.value ?? []).map((value) => ({ value, label: value }))}
        placeholder={said.chooseTable}
        statusType={names.loading && !names.value ? "loading" : "finished"}
        loadingText={said.loadingTables}
        empty={said.noTables}
        filteringType="auto"
        filteringAriaLabel={said.findTable}
        filteringPlaceholder={said.findTable}
        virtualScroll
        onChange={({ detail }) => onTable(detail.selectedOption.value ?? "")}
      />
    </FormField>
  );
}

function TargetChoice({ draft, onChange, description }: Pick<BuilderProps, "draft" | "onChange" | "description">) {
  const options = [
    { value: "", label: said.tableItself(draft.table) },
    ...(description ? indexesOf(description) : []).map(({ IndexName = "" }) => ({ value: IndexName, label: said.index(IndexName) })),
  ];
  return (
    <FormField label={said.target}>
      <Select
        disabled={!description}
        selectedOption={draft.table ? (options.find(({ value }) => value === draft.index) ?? { value: draft.index, label: said.index(draft.index) }) : null}
        options={options}
        onChange={({ detail }) => onChange({ ...draft, index: detail.selectedOption.value ?? "", keys: [] })}
      />
    </FormField>
  );
}

function Options({ draft, onChange, complaint, global }: Pick<BuilderProps, "draft" | "onChange"> & { complaint?: string; global: boolean }) {
  return (
    <ExpandableSection headerText={said.options} defaultExpanded={Boolean(draft.projection || draft.descending || draft.consistent || draft.limit !== emptyQuery.limit)}>
      <ColumnLayout columns={2}>
        <FormField label={said.projection} constraintText={said.projectionHint} errorText={complaint}>
          <Input value={draft.projection} spellcheck={false} onChange={({ detail }) => onChange({ ...draft, projection: detail.value })} />
        </FormField>
        <FormField label={said.pageSize} constraintText={said.pageSizeHint}>
          <Select
            selectedOption={{ value: String(draft.limit), label: said.perPage(draft.limit) }}
            options={PAGE_SIZES.map((size) => ({ value: String(size), label: said.perPage(size) }))}
            onChange={({ detail }) => onChange({ ...draft, limit: Number(detail.selectedOption.value) })}
          />
        </FormField>
        <Checkbox checked={draft.consistent && !global} disabled={global} description={global ? said.consistentHint : undefined} onChange={({ detail }) => onChange({ ...draft, consistent: detail.checked })}>
          {said.consistent}
        </Checkbox>
        {draft.mode === "query" && (
          <Checkbox checked={draft.descending} onChange={({ detail }) => onChange({ ...draft, descending: detail.checked })}>
            {said.descending}
          </Checkbox>
        )}
      </ColumnLayout>
    </ExpandableSection>
  );
}

export function Builder({ draft, onChange, onRun, onTable, names, description }: BuilderProps) {
  const [tried, setTried] = useState(false);
  const target = useMemo(() => description && targetOf(description, draft.index), [description, draft.index]);
  const { complaints, input } = useMemo<ReturnType<typeof build>>(() => (target ? build(draft, target) : { complaints: {} }), [draft, target]);
  const shown: Complaints = tried ? complaints : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (target && Object.keys(complaints).length === 0) onRun(draft);
  };
  return (
    <form onSubmit={submit}>
      <Container header={<Header variant="h2" actions={<Tools draft={draft} input={input} />}>{said.header}</Header>}>
        <SpaceBetween size="m">
          <SegmentedControl
            label={said.mode}
            selectedId={draft.mode}
            options={[{ id: "scan", text: said.scan }, { id: "query", text: said.query }]}
            onChange={({ detail }) => onChange({ ...draft, mode: detail.selectedId as Query["mode"] })}
          />
          <ColumnLayout columns={2}>
            <TableChoice draft={draft} names={names} onTable={onTable} />
            <TargetChoice draft={draft} onChange={onChange} description={description} />
          </ColumnLayout>
          {target && draft.mode === "query" && <KeyConditions target={target} keys={draft.keys} complaints={shown} onChange={(keys) => onChange({ ...draft, keys })} />}
          {target && <Filters key={target.table} query={draft} complaints={shown} onChange={onChange} />}
          {target && <Options draft={draft} onChange={onChange} complaint={shown.projection} global={target.global} />}
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="primary" formAction="submit" disabled={!target}>{said.run}</Button>
            <Button formAction="none" disabled={!draft.table} onClick={() => onChange({ ...emptyQuery, table: draft.table, index: draft.index, mode: draft.mode })}>{said.reset}</Button>
            {Object.keys(shown).length > 0 && <Box color="text-status-error" padding={{ top: "xxs" }}>{said.problems}</Box>}
          </SpaceBetween>
        </SpaceBetween>
      </Container>
    </form>
  );
}
