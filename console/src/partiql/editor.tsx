// The PartiQL editor: statements, what they answer, the tables beside them.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMemo, useState } from "react";
import { useQuery } from "../app/router";
import { useSession } from "../app/session";
import { useClient } from "../aws/clients";
import { refusal } from "../aws/errors";
import { CodeEditor } from "../parts/code_editor";
import { partiql as said } from "../text/partiql";
import { History } from "./history";
import { useKept } from "./kept";
import { ParameterFields, allOf } from "./parameter_fields";
import type { Parameter } from "./parameters";
import "./partiql.css";
import { Results, type Shown, summary } from "./results";
import { type Run, useRuns } from "./runs";
import { ScanWarning } from "./scan_warning";
import { Snippets } from "./snippets";
import { type Mark, markOf, split } from "./statements";

const limits = [25, 50, 100, 300].map((count) => ({ value: String(count), label: said.limits(count) }));

/** The text with a statement more. */
function withStatement(text: string, statement: string) {
  const before = text.trimEnd();
  if (!before) return statement;
  return `${before}${before.endsWith(";") ? "" : ";"}\n\n${statement}`;
}

/** Where what was run is wrong, while the text is what was run. */
const marksOf = (runs: Run[], ranText: string, text: string): Mark[] =>
  ranText !== text ? [] : runs.filter(({ state }) => state === "refused").map((run) => markOf(run.statement, refusal(run.error).message, run.place));

export default function PartiqlEditor() {
  const dynamodb = useClient(DynamoDBClient);
  const session = useSession();
  const [query, setQuery] = useQuery();
  const { text, setText, history, remember, forget } = useKept(session?.arn ?? "", query.get("statement") ?? undefined);
  const statements = useMemo(() => split(text), [text]);
  const [parameters, setParameters] = useState<Parameter[][]>([]);
  const [limit, setLimit] = useState(50);
  const [consistent, setConsistent] = useState(false);
  const [ranText, setRanText] = useState("");
  const [active, setActive] = useState(0);
  const { runs, busy, start, turn, stop, clear } = useRuns(dynamodb, (run, at) => {
    remember({ text: run.statement.text, at: Date.now(), outcome: run.state === "refused" ? refusal(run.error).name : summary(run) });
    if (run.state === "refused") setActive(at);
  });
  const shown = (query.get("as") ?? "grid") as Shown;

  const run = () => {
    if (busy || statements.length === 0) return;
    setRanText(text);
    setActive(0);
    void start(statements, allOf(statements, parameters), { limit, consistent });
  };
  const empty = () => {
    setText("");
    clear();
  };

  return (
    <ContentLayout header={<Header variant="h1" description={said.description}>{said.title}</Header>}>
      <Grid gridDefinition={[{ colspan: { default: 12, s: 9 }, push: { s: 3 } }, { colspan: { default: 12, s: 3 }, pull: { s: 9 } }]}>
        <SpaceBetween size="m">
          <Container
            header={
              <Header
                variant="h2"
                actions={
                  <SpaceBetween direction="horizontal" size="xs">
                    <Button disabled={busy || !text} onClick={empty}>{said.clear}</Button>
                    {busy && <Button onClick={stop}>{said.stop}</Button>}
                    <Button variant="primary" loading={busy} loadingText={said.running} disabled={statements.length === 0} onClick={run}>{said.run}</Button>
                  </SpaceBetween>
                }
                description={said.runHint}
              >
                {said.statements}
              </Header>
            }
          >
            <SpaceBetween size="s">
              <CodeEditor language="partiql" label={said.editor} value={text} onChange={setText} onRun={run} height={220} marks={marksOf(runs, ranText, text)} />
              <SpaceBetween direction="horizontal" size="m" alignItems="center">
                <Select ariaLabel={said.limit} selectedOption={limits.find(({ value }) => value === String(limit)) ?? null} options={limits} onChange={({ detail }) => setLimit(Number(detail.selectedOption.value))} />
                <Checkbox checked={consistent} onChange={({ detail }) => setConsistent(detail.checked)}>{said.consistent}</Checkbox>
              </SpaceBetween>
              <ScanWarning statements={statements} />
            </SpaceBetween>
          </Container>
          <ParameterFields statements={statements} values={parameters} onChange={setParameters} />
          <Results runs={runs} busy={busy} active={active} onActive={setActive} shown={shown in said.results.views ? shown : "grid"} onShow={(as) => setQuery({ as: as === "grid" ? undefined : as })} turn={turn} />
          <History history={history} onUse={(statement) => setText(withStatement(text, statement))} onClear={forget} />
        </SpaceBetween>
        <Snippets onInsert={(statement) => setText(withStatement(text, statement))} />
      </Grid>
    </ContentLayout>
  );
}
