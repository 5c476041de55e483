// The filters of a scan or query: each a row.

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { filterTypeNames, items as said, operatorNames, typeNames } from "../text/items";
import type { Complaints } from "./expression";
import { type Filter, type FilterOperator, type FilterType, type Query, filterOperators, filterTypes, newFilter, valueCount } from "./query";
import { types } from "./value";

interface RowProps {
  filter: Filter;
  index: number;
  complaint?: string;
  onChange: (filter: Filter) => void;
  onRemove: () => void;
}

const option = (value: string, label: string) => ({ value, label });

/** Whether an operator has values of a type that is chosen. */
const isTyped = (operator: FilterOperator) => !operator.startsWith("size") && operator !== "attribute_type" && valueCount(operator) > 0;

function FilterValue({ filter, index, onChange }: RowProps) {
  const { operator, type, values } = filter;
  const set = (at: number, value: string) => onChange({ ...filter, values: at === 0 ? [value, ...values.slice(1)] : [values[0] ?? "", value] });
  const input = (at: number, label: string) => (
    <Input value={values[at] ?? ""} ariaLabel={label} spellcheck={false} autoComplete={false} placeholder={type === "B" ? said.base64Hint : undefined} onChange={({ detail }) => set(at, detail.value)} />
  );
  const choice = (options: { value: string; label: string }[]) => (
    <Select
      ariaLabel={said.valueOfFilter(index)}
      selectedOption={options.find(({ value }) => value === values[0]) ?? options[0] ?? null}
      options={options}
      onChange={({ detail }) => set(0, detail.selectedOption.value ?? "")}
    />
  );
  if (valueCount(operator) === 0 || (isTyped(operator) && type === "NULL")) return <Box color="text-status-inactive" padding={{ top: "xxs" }}>–</Box>;
  if (operator === "attribute_type") return choice(types.map((name) => option(name, typeNames[name])));
  if (operator === "in") return <Textarea value={values[0] ?? ""} ariaLabel={said.valueOfFilter(index)} rows={3} spellcheck={false} placeholder={said.inPlaceholder} onChange={({ detail }) => set(0, detail.value)} />;
  if (isTyped(operator) && type === "BOOL") return choice([option("false", "false"), option("true", "true")]);
  if (operator !== "between") return input(0, said.valueOfFilter(index));
  return (
    <Grid gridDefinition={[{ colspan: 6 }, { colspan: 6 }]}>
      {input(0, said.valueOfFilter(index))}
      {input(1, said.upperOfFilter(index))}
    </Grid>
  );
}

function FilterRow(props: RowProps) {
  const { filter, index, complaint, onChange, onRemove } = props;
  const { operator, type } = filter;
  const column = (wide: number) => ({ colspan: { default: 12 as const, s: wide } });
  return (
    <FormField errorText={complaint} stretch>
      <Grid gridDefinition={[column(3), column(2), column(2), column(4), column(1)]}>
        <Input value={filter.path} ariaLabel={said.attributeOf(index)} placeholder={said.attributePlaceholder} spellcheck={false} autoComplete={false} onChange={({ detail }) => onChange({ ...filter, path: detail.value })} />
        <Select
          ariaLabel={said.conditionOf(index)}
          selectedOption={option(operator, operatorNames[operator])}
          options={filterOperators.map((name) => option(name, operatorNames[name]))}
          expandToViewport
          onChange={({ detail }) => onChange({ ...filter, operator: detail.selectedOption.value as FilterOperator })}
        />
        <Select
          ariaLabel={said.typeOfFilter(index)}
          disabled={!isTyped(operator)}
          selectedOption={isTyped(operator) ? option(type, filterTypeNames[type]) : option("", "–")}
          options={filterTypes.map((name) => option(name, filterTypeNames[name]))}
          expandToViewport
          onChange={({ detail }) => onChange({ ...filter, type: detail.selectedOption.value as FilterType })}
        />
        <FilterValue {...props} />
        <Button formAction="none" iconName="remove" variant="icon" ariaLabel={said.removeFilter(index)} onClick={onRemove} />
      </Grid>
    </FormField>
  );
}

export function Filters({ query, complaints, onChange }: { query: Query; complaints: Complaints; onChange: (query: Query) => void }) {
  const { filters } = query;
  const set = (next: Filter[]) => onChange({ ...query, filters: next });
  return (
    <ExpandableSection headerText={said.filterCount(filters.length)} defaultExpanded={filters.length > 0}>
      <SpaceBetween size="s">
        {filters.map((filter, index) => (
          <FilterRow
            key={index}
            filter={filter}
            index={index}
            complaint={complaints[`filter.${index}`]}
            onChange={(changed) => set(filters.map((other, i) => (i === index ? changed : other)))}
            onRemove={() => set(filters.filter((_, i) => i !== index))}
          />
        ))}
        {filters.length > 1 && (
          <FormField label={said.match}>
            <Select
              selectedOption={query.any ? option("any", said.matchAny) : option("all", said.matchAll)}
              options={[option("all", said.matchAll), option("any", said.matchAny)]}
              onChange={({ detail }) => onChange({ ...query, any: detail.selectedOption.value === "any" })}
            />
          </FormField>
        )}
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <Button formAction="none" iconName="add-plus" onClick={() => set([...filters, newFilter])}>{said.addFilter}</Button>
          <Box color="text-body-secondary" fontSize="body-s">{said.filtersHint}</Box>
        </SpaceBetween>
      </SpaceBetween>
    </ExpandableSection>
  );
}
