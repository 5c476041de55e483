// What a stack gives to others, and what it was given.

import type { Stack } from "@aws-sdk/client-cloudformation";
import type { Answer } from "../app/asking";
import { Copyable } from "../parts/copyable";
import { ResourceTable } from "../parts/resource_table";
import { app } from "../text/app";
import { outputs, parameters, stacks } from "../text/stacks";

const part = <Item,>(answer: Answer<Stack>, value: Item[] | undefined): Answer<Item[]> => ({ ...answer, error: undefined, value: value ?? [] });

export const Outputs = ({ stack, answer }: { stack: Stack; answer: Answer<Stack> }) => (
  <ResourceTable
    id="stack-outputs"
    variant="container"
    title={stacks.tabs.outputs}
    answer={part(answer, stack.Outputs)}
    nameOf={(output) => output.OutputKey ?? ""}
    placeholder={outputs.find}
    empty={outputs.empty}
    columns={[
      { id: "key", header: outputs.key, value: (output) => output.OutputKey, cell: (output) => output.OutputKey },
      { id: "value", header: outputs.value, value: (output) => output.OutputValue, cell: (output) => (output.OutputValue ? <Copyable text={output.OutputValue} label={outputs.value} /> : app.none) },
      { id: "description", header: outputs.description, value: (output) => output.Description, cell: (output) => output.Description ?? app.none },
      { id: "export", header: outputs.exportName, value: (output) => output.ExportName, cell: (output) => output.ExportName ?? app.none },
    ]}
  />
);

export const Parameters = ({ stack, answer }: { stack: Stack; answer: Answer<Stack> }) => (
  <ResourceTable
    id="stack-parameters"
    variant="container"
    title={stacks.tabs.parameters}
    answer={part(answer, stack.Parameters)}
    nameOf={(parameter) => parameter.ParameterKey ?? ""}
    placeholder={parameters.find}
    empty={parameters.empty}
    columns={[
      { id: "key", header: parameters.key, value: (parameter) => parameter.ParameterKey, cell: (parameter) => parameter.ParameterKey },
      { id: "value", header: parameters.value, value: (parameter) => parameter.ParameterValue, cell: (parameter) => parameter.ParameterValue ?? app.none },
      { id: "resolved", header: parameters.resolved, value: (parameter) => parameter.ResolvedValue, cell: (parameter) => parameter.ResolvedValue ?? app.none },
    ]}
  />
);
