// An attribute of a key: its name and its type.

import type { ScalarAttributeType } from "@aws-sdk/client-dynamodb";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { createTable as said } from "../text/create_table";
import { tables } from "../text/tables";
import "./tables.css";
import { type KeyDraft, MOST_KEYS, emptyKey } from "./index_draft";

const types = (["S", "N", "B"] as const).map((value) => ({ value, label: tables.types[value] }));

/** `known` are attributes that have a type already. */
export function KeyField({ label, hint, value, onChange, error, known, onRemove, placeholder = said.keyPlaceholder }: {
  label: string;
  hint?: string;
  value: KeyDraft;
  onChange: (value: KeyDraft) => void;
  error?: string;
  known?: Map<string, ScalarAttributeType>;
  onRemove?: () => void;
  placeholder?: string;
}) {
  const fixed = known?.get(value.name);
  const type = fixed ?? value.type;
  return (
    <div className="key-field">
      <FormField label={label} constraintText={hint} errorText={error} stretch>
        <Input value={value.name} placeholder={placeholder} spellcheck={false} autoComplete={false} onChange={({ detail }) => onChange({ name: detail.value, type: known?.get(detail.value) ?? type })} />
      </FormField>
      <FormField label={said.typeOf(label)} stretch>
        <Select
          disabled={fixed !== undefined}
          options={types}
          selectedOption={types.find((option) => option.value === type) ?? null}
          onChange={({ detail }) => onChange({ ...value, type: detail.selectedOption.value as ScalarAttributeType })}
        />
      </FormField>
      {onRemove && (
        <div className="key-remove">
          <Button iconName="remove" formAction="none" ariaLabel={said.removeKey(label)} onClick={onRemove} />
        </div>
      )}
    </div>
  );
}

/** Several attributes that are one part of a key; `least` of them stay. */
export function KeyFields({ label, addLabel, keys, onChange, least, errors, known }: {
  label: string;
  addLabel: string;
  keys: KeyDraft[];
  onChange: (keys: KeyDraft[]) => void;
  least: 0 | 1;
  /** In the order of the keys. */
  errors: (string | undefined)[];
  known?: Map<string, ScalarAttributeType>;
}) {
  return (
    <SpaceBetween size="xs">
      {keys.map((key, i) => (
        <KeyField
          key={i}
          label={keys.length > 1 ? `${label} ${i + 1}` : label}
          value={key}
          error={errors[i]}
          known={known}
          onChange={(next) => onChange(keys.with(i, next))}
          onRemove={keys.length > least ? () => onChange(keys.toSpliced(i, 1)) : undefined}
        />
      ))}
      {keys.length < MOST_KEYS && <Button variant="inline-link" formAction="none" iconName="add-plus" onClick={() => onChange([...keys, emptyKey()])}>{addLabel}</Button>}
    </SpaceBetween>
  );
}
