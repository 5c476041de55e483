// What statements answered: each in a tab of its own when there are several.

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Tabs from "@cloudscape-design/components/tabs";
import { useMemo } from "react";
import { itemToDynamo, itemToPlain } from "../items/notation";
import { type Json, printJson } from "../items/json";
import type { Item } from "../items/value";
import { CodeEditor } from "../parts/code_editor";
import { Refused } from "../parts/refused";
import { durationText } from "../parts/words";
import { partiql } from "../text/partiql";
import { ResultGrid } from "./grid";
import type { Run } from "./runs";

const said = partiql.results;

export type Shown = keyof typeof said.views;

const status = { waiting: "pending", running: "in-progress", done: "success", refused: "error", stopped: "stopped" } as const;
const brief = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** What a run took: "3 items, 0.5 capacity units, 12 ms". */
export function summary({ state, items, capacity, ms, statement }: Run): string {
  if (state === "refused" || state === "stopped") return durationText(ms);
  const reads = statement.tokens[0]?.toUpperCase() === "SELECT" || items.length > 0;
  return [reads && said.items(items.length), capacity !== undefined && said.capacity(capacity), durationText(ms)].filter(Boolean).join(", ");
}

function Pages({ run, turn }: { run: Run; turn: (page: number) => void }) {
  if (run.page === 0 && !run.more) return null;
  const busy = run.state === "running";
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      <Button iconName="angle-left" variant="icon" ariaLabel={said.previous} disabled={busy || run.page === 0} onClick={() => turn(run.page - 1)} />
      <Box variant="span">{said.page(run.page + 1)}</Box>
      <Button iconName="angle-right" variant="icon" ariaLabel={said.next} disabled={busy || !run.more} onClick={() => turn(run.page + 1)} />
    </SpaceBetween>
  );
}

const printItems = (items: Item[], to: (item: Item) => Json) => printJson({ kind: "array", at: 0, elements: items.map(to) });

function Items({ run, shown }: { run: Run; shown: Shown }) {
  const json = useMemo(() => (shown === "grid" ? "" : printItems(run.items, shown === "plain" ? itemToPlain : itemToDynamo)), [run.items, shown]);
  const reads = run.statement.tokens[0]?.toUpperCase() === "SELECT";
  if (run.items.length === 0) {
    if (run.state !== "done") return null;
    return <Box color="text-status-inactive">{!reads ? said.done : run.more ? said.noneOnPage : said.none}</Box>;
  }
  return shown === "grid" ? <ResultGrid items={run.items} /> : <CodeEditor language="json" label={said.json} value={json} height={400} />;
}

function Result({ run, skipped, shown, onShow, turn }: { run: Run; skipped: boolean; shown: Shown; onShow: (shown: Shown) => void; turn: (page: number) => void }) {
  return (
    <SpaceBetween size="s">
      <div className="partiql-bar">
        <StatusIndicator type={status[run.state]}>{run.state === "running" ? partiql.running : run.state === "waiting" ? (skipped ? said.skipped : "") : run.state === "stopped" ? partiql.stopped : summary(run)}</StatusIndicator>
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <Pages run={run} turn={turn} />
          {run.items.length > 0 && (
            <SegmentedControl
              label={said.view}
              selectedId={shown}
              options={(Object.keys(said.views) as Shown[]).map((id) => ({ id, text: said.views[id] }))}
              onChange={({ detail }) => onShow(detail.selectedId as Shown)}
            />
          )}
        </SpaceBetween>
      </div>
      <Refused error={run.error} />
      <Items run={run} shown={shown} />
    </SpaceBetween>
  );
}

export function Results({ runs, busy, active, onActive, shown, onShow, turn }: {
  runs: Run[];
  busy: boolean;
  active: number;
  onActive: (at: number) => void;
  shown: Shown;
  onShow: (shown: Shown) => void;
  turn: (at: number, page: number) => void;
}) {
  const result = (run: Run, at: number) => <Result run={run} skipped={!busy} shown={shown} onShow={onShow} turn={(page) => turn(at, page)} />;
  const only = runs[0];
  return (
    <Container header={<Header variant="h2">{said.header}</Header>}>
      {!only ? (
        <Box color="text-status-inactive">{said.empty}</Box>
      ) : runs.length === 1 ? (
        result(only, 0)
      ) : (
        <Tabs
          activeTabId={String(active)}
          onChange={({ detail }) => onActive(Number(detail.activeTabId))}
          tabs={runs.map((run, at) => ({
            id: String(at),
            label: <StatusIndicator type={status[run.state]}>{said.tab(at + 1, brief(run.statement.text))}</StatusIndicator>,
            content: result(run, at),
          }))}
        />
      )}
    </Container>
  );
}
