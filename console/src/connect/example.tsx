// A piece of code with what it is for.

import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ReactNode, useState } from "react";
import { CopyButton } from "../parts/copyable";
import { Preformatted } from "../parts/preformatted";
import { connect as said } from "../text/connect";
import type { Shell } from "./snippets";

export const Example = ({ title, hint, code }: { title: string; hint?: string; code: string }) => (
  <Container header={<Header variant="h2" description={hint} actions={<CopyButton text={code} />}>{title}</Header>}>
    <Preformatted label={title}>{code}</Preformatted>
  </Container>
);

/** For the shell that one chooses. */
export function ForShells({ children }: { children: (shell: Shell) => ReactNode }) {
  const [shell, setShell] = useState<Shell>("sh");
  const options = (Object.keys(said.shells) as Shell[]).map((id) => ({ id, text: said.shells[id] }));
  return (
    <SpaceBetween size="m">
      <SegmentedControl label={said.credentials.shell} selectedId={shell} options={options} onChange={({ detail }) => setShell(detail.selectedId as Shell)} />
      {children(shell)}
    </SpaceBetween>
  );
}
