// How a file is read: its notation, or its columns; and the first items that come of it.

import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { useMemo } from "react";
import { files as said } from "../text/items";
import { summary } from "./cell";
import { columnTypes, type ColumnType, delimiterOf, delimiters } from "./csv";
import { keyProblem } from "./draft";
import { type FileRow, type Format, fileRows, recognise } from "./files";
import type { Notation } from "./notation";
import type { Target } from "./target";
import "./items.css";

const PREVIEW = 8;

interface FormatProps {
  text: string;
  format: Format;
  target: Target;
  disabled: boolean;
  onChange: (format: Format) => void;
}

function first(text: string, format: Format): FileRow[] {
  const rows: FileRow[] = [];
  for (const row of fileRows(text, format)) if (rows.push(row) >= PREVIEW) break;
  return rows;
}

function Columns({ format, onChange, disabled }: { format: Format & { kind: "csv" } } & Pick<FormatProps, "onChange" | "disabled">) {
  const set = (at: number, type: ColumnType) => onChange({ ...format, columns: format.columns.map((column, i) => (i === at ? { ...column, type } : column)) });
  return (
    <div role="group" aria-label={said.columns}>
      <SpaceBetween size="xs">
        <Box variant="awsui-key-label">{said.columns}</Box>
        <ColumnLayout columns={4}>
          {format.columns.map(({ name, type }, i) => (
            <FormField key={i} label={name || said.noName}>
              <Select
                disabled={disabled || !name}
                selectedOption={{ value: type, label: said.columnTypes[type] }}
                options={columnTypes.map((value) => ({ value, label: said.columnTypes[value] }))}
                onChange={({ detail }) => set(i, detail.selectedOption.value as ColumnType)}
              />
            </FormField>
          ))}
        </ColumnLayout>
        <Box color="text-body-secondary" fontSize="body-s">{said.columnsHint}</Box>
      </SpaceBetween>
    </div>
  );
}

function Choice({ text, format, target, disabled, onChange }: FormatProps) {
  const option = (value: string) => ({ value, label: said.formats[value as keyof typeof said.formats] });
  const selected = format.kind === "csv" ? "csv" : format.notation;
  const choose = (value: string) => {
    if (value !== "csv") return onChange({ kind: "json", notation: value as Notation });
    onChange(recognise(text, target.key, delimiterOf(text)));
  };
  return (
    <ColumnLayout columns={2}>
      <FormField label={said.format}>
        <Select disabled={disabled} selectedOption={option(selected)} options={["dynamodb", "plain", "csv"].map(option)} onChange={({ detail }) => choose(detail.selectedOption.value ?? "")} />
      </FormField>
      {format.kind === "csv" && (
        <FormField label={said.delimiter}>
          <Select
            disabled={disabled}
            selectedOption={{ value: format.delimiter, label: said.delimiters[format.delimiter] ?? format.delimiter }}
            options={delimiters.map((value) => ({ value, label: said.delimiters[value] ?? value }))}
            onChange={({ detail }) => onChange(recognise(text, target.key, detail.selectedOption.value))}
          />
        </FormField>
      )}
    </ColumnLayout>
  );
}

export function ImportFormat(props: FormatProps) {
  const { text, format, target } = props;
  const rows = useMemo(() => first(text, format), [text, format]);
  return (
    <SpaceBetween size="m">
      <Choice {...props} />
      {format.kind === "csv" && <Columns {...props} format={format} />}
      <Table
        variant="embedded"
        items={rows}
        ariaLabels={{ tableLabel: said.preview }}
        header={<Box variant="awsui-key-label">{said.preview}</Box>}
        empty={said.nothing}
        columnDefinitions={[
          { id: "line", header: said.line, width: 90, cell: ({ line }) => line },
          {
            id: "item",
            header: said.item,
            cell: ({ item, error }) => {
              const problem = error ?? (item && keyProblem(item, target, undefined));
              if (problem) return <StatusIndicator type="error">{problem}</StatusIndicator>;
              return <span className="items-code items-break">{item && summary({ M: item }, 200).text}</span>;
            },
          },
        ]}
      />
    </SpaceBetween>
  );
}
