// The condition of a query on the key: its partition equal to a value, and perhaps a range of its sort key.

import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { items as said, operatorNames } from "../text/items";
import type { Complaints } from "./expression";
import { type KeyCondition, type KeyOperator, keyOperators } from "./query";
import type { KeyAttribute, Target } from "./target";

interface OneProps {
  attribute: KeyAttribute;
  condition: KeyCondition;
  complaint?: string;
  onChange: (condition: KeyCondition) => void;
}

const setValue = (values: string[], at: number, value: string) => (at === 0 ? [value, ...values.slice(1)] : [values[0] ?? "", value]);

function Values({ attribute: { name, type }, condition, onChange }: OneProps) {
  const input = (at: number, label: string) => (
    <Input
      value={condition.values[at] ?? ""}
      ariaLabel={label}
      inputMode={type === "N" ? "decimal" : "text"}
      placeholder={type === "B" ? said.base64Hint : undefined}
      spellcheck={false}
      autoComplete={false}
      onChange={({ detail }) => onChange({ ...condition, values: setValue(condition.values, at, detail.value) })}
    />
  );
  if (condition.operator !== "between") return input(0, said.value(name));
  return (
    <Grid gridDefinition={[{ colspan: 5 }, { colspan: 2 }, { colspan: 5 }]}>
      {input(0, said.value(name))}
      <Box textAlign="center" padding={{ top: "xxs" }}>{said.and}</Box>
      {input(1, said.upper(name))}
    </Grid>
  );
}

function SortKey(props: OneProps) {
  const { attribute, condition, complaint, onChange } = props;
  const operators = keyOperators.filter((operator) => operator !== "begins_with" || attribute.type !== "N");
  return (
    <FormField label={<>{said.keyOf(said.sortKey, attribute.name, attribute.type)} <i>– {said.optional}</i></>} errorText={complaint} stretch>
      <Grid gridDefinition={[{ colspan: { default: 12, xs: 4 } }, { colspan: { default: 12, xs: 8 } }]}>
        <Select
          ariaLabel={said.operator(attribute.name)}
          selectedOption={{ value: condition.operator, label: operatorNames[condition.operator] }}
          options={operators.map((value) => ({ value, label: operatorNames[value] }))}
          onChange={({ detail }) => onChange({ ...condition, operator: detail.selectedOption.value as KeyOperator })}
        />
        <Values {...props} />
      </Grid>
    </FormField>
  );
}

export function KeyConditions({ target, keys, complaints, onChange }: { target: Target; keys: KeyCondition[]; complaints: Complaints; onChange: (keys: KeyCondition[]) => void }) {
  const conditionOf = (name: string) => keys.find((condition) => condition.name === name) ?? { name, operator: "=" as const, values: [""] };
  const set = (changed: KeyCondition) => onChange([...keys.filter(({ name }) => name !== changed.name), changed]);
  return (
    <SpaceBetween size="m">
      {target.hash.map((attribute) => (
        <FormField key={attribute.name} label={said.keyOf(said.partitionKey, attribute.name, attribute.type)} errorText={complaints[`key.${attribute.name}`]} stretch>
          <Values attribute={attribute} condition={{ ...conditionOf(attribute.name), operator: "=" }} onChange={set} />
        </FormField>
      ))}
      {target.range.map((attribute) => (
        <SortKey key={attribute.name} attribute={attribute} condition={conditionOf(attribute.name)} complaint={complaints[`key.${attribute.name}`]} onChange={set} />
      ))}
    </SpaceBetween>
  );
}
