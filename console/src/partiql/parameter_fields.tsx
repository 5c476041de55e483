import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { partiql } from "../text/partiql";
import { type Parameter, type ParameterType, fresh, valueOf } from "./parameters";
import type { Statement } from "./statements";

const said = partiql.parameters;
const types = (Object.keys(said.types) as ParameterType[]).map((value) => ({ value, label: said.types[value] }));

function wrong(parameter: Parameter): string | undefined {
  try {
    valueOf(parameter);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function Field({ label, parameter, onChange }: { label: string; parameter: Parameter; onChange: (parameter: Parameter) => void }) {
  const type = said.types[parameter.type];
  return (
    <FormField label={label} stretch errorText={parameter.text && wrong(parameter)}>
      <Grid gridDefinition={[{ colspan: { default: 5, s: 4 } }, { colspan: { default: 7, s: 8 } }]} disableGutters={false}>
        <Select
          ariaLabel={said.type(label)}
          selectedOption={{ value: parameter.type, label: type }}
          options={types}
          onChange={({ detail }) => onChange({ ...parameter, type: detail.selectedOption.value as ParameterType })}
        />
        <Input
          ariaLabel={label}
          value={parameter.text}
          disabled={parameter.type === "NULL"}
          placeholder={said.placeholder[parameter.type]}
          spellcheck={false}
          autoComplete={false}
          onChange={({ detail }) => onChange({ ...parameter, text: detail.value })}
        />
      </Grid>
    </FormField>
  );
}

/** One field for each ? of the statements; `values` are by statement. */
export function ParameterFields({ statements, values, onChange }: { statements: Statement[]; values: Parameter[][]; onChange: (values: Parameter[][]) => void }) {
  if (!statements.some((statement) => statement.parameters > 0)) return null;
  const set = (at: number, place: number, parameter: Parameter) => {
    const next = statements.map((_, i) => [...(values[i] ?? [])]);
    const row = next[at];
    if (row) row[place] = parameter;
    onChange(next);
  };
  return (
    <ExpandableSection headerText={said.header} headerDescription={said.hint} defaultExpanded variant="container">
      <SpaceBetween size="s">
        {statements.flatMap((statement, i) =>
          Array.from({ length: statement.parameters }, (_, j) => (
            <Field key={`${i}.${j}`} label={said.label(i + 1, statements.length, j + 1)} parameter={values[i]?.[j] ?? fresh} onChange={(parameter) => set(i, j, parameter)} />
          )),
        )}
      </SpaceBetween>
    </ExpandableSection>
  );
}

/** The parameters of each statement, in full. */
export const allOf = (statements: Statement[], values: Parameter[][]) =>
  statements.map((statement, i) => Array.from({ length: statement.parameters }, (_, j) => values[i]?.[j] ?? fresh));
