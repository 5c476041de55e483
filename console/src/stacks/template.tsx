// The template of a stack, as it was given, and as it is when its transforms have run.

import { CloudFormationClient, GetTemplateCommand, type TemplateStage } from "@aws-sdk/client-cloudformation";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import { useState } from "react";
import { useAnswer } from "../app/asking";
import { useClient } from "../aws/clients";
import { Buttons } from "../parts/buttons";
import { CodeEditor } from "../parts/code_editor";
import { CopyButton } from "../parts/copyable";
import { Refused } from "../parts/refused";
import { Waiting } from "../parts/waiting";
import { template as said } from "../text/stacks";

/** Tools send JSON without lines: for reading it gets some. */
function readable(body: string): string {
  if (!body.startsWith("{") || body.includes("\n")) return body;
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

export function Template({ stack, state }: { stack: string; state: string }) {
  const cloudformation = useClient(CloudFormationClient);
  const [stage, setStage] = useState<TemplateStage>("Original");
  const answer = useAnswer((abortSignal) => cloudformation.send(new GetTemplateCommand({ StackName: stack, TemplateStage: stage }), { abortSignal }), [cloudformation, stack, stage, state]);
  const { TemplateBody: body, StagesAvailable: stages = [] } = answer.value ?? {};
  const actions = (
    <Buttons>
      {stages.length > 1 && (
        <SegmentedControl
          label={said.stage}
          selectedId={stage}
          options={(["Original", "Processed"] as const).map((id) => ({ id, text: said[id] }))}
          onChange={({ detail }) => setStage(detail.selectedId as TemplateStage)}
        />
      )}
      {body && <CopyButton text={body} />}
    </Buttons>
  );
  return (
    <Container header={<Header variant="h2" actions={actions}>{said.label}</Header>}>
      <Refused error={answer.error} />
      {body !== undefined && <CodeEditor label={said.label} language={body.trimStart().startsWith("{") ? "json" : "yaml"} value={readable(body)} height={560} />}
      {body === undefined && !answer.error && <Waiting />}
    </Container>
  );
}
