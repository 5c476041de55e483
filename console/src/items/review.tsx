// What saving would change, before it does; and what is there now, when someone else was faster.

import Alert from "@cloudscape-design/components/alert";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { useMemo } from "react";
import { Refused } from "../parts/refused";
import { app } from "../text/app";
import { reviewing as said } from "../text/items";
import { summary } from "./cell";
import { type Plan, changedNames } from "./change";
import { differences } from "./diff";
import { type Item, type Value, typeOf } from "./value";

const CUT = 300;
const WIDE = 150; // pixels that a value has at least

function Short({ value, absent = said.absent }: { value: Value | undefined; absent?: string }) {
  if (!value) return <Box variant="span" color="text-status-inactive">{absent}</Box>;
  return (
    <span className="items-diff">
      <Badge>{typeOf(value)}</Badge> <span className="items-code">{summary(value, CUT).text}</span>
    </span>
  );
}

function kindOf(before: Value | undefined, after: Value | undefined) {
  if (before && after) return <Badge color="blue">{said.changed}</Badge>;
  return after ? <Badge color="green">{said.added}</Badge> : <Badge color="red">{said.removed}</Badge>;
}

/** The differences of two items, path by path. */
export function Differences({ before, after }: { before: Item; after: Item }) {
  const { shown, count } = useMemo(() => differences(before, after), [before, after]);
  return (
    <Table
      variant="embedded"
      wrapLines
      items={shown}
      trackBy="path"
      ariaLabels={{ tableLabel: said.differences }}
      footer={count > shown.length ? said.more(count - shown.length) : undefined}
      columnDefinitions={[
        { id: "kind", header: said.kind, width: 110, cell: ({ before: from, after: to }) => kindOf(from, to) },
        { id: "path", header: said.path, isRowHeader: true, cell: ({ path }) => <span className="items-code items-break">{path}</span> },
        { id: "before", header: said.before, minWidth: WIDE, cell: ({ before: value }) => <Short value={value} /> },
        { id: "after", header: said.after, minWidth: WIDE, cell: ({ after: value }) => <Short value={value} /> },
      ]}
      empty={said.same}
    />
  );
}

/** Asks whether to save. Without `before` the item is new. */
export function Review({ before, after, plan, busy, error, onSave, onClose }: { before: Item | undefined; after: Item; plan: Plan | undefined; busy: boolean; error: unknown; onSave: () => void; onClose: () => void }) {
  return (
    <Modal
      visible
      size="large"
      header={before ? said.header : said.headerNew}
      closeAriaLabel={app.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>{app.cancel}</Button>
            <Button variant="primary" loading={busy} onClick={onSave}>{before ? said.save : said.create}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="s">
        <Box color="text-body-secondary">{before ? said.conditional : said.conditionalNew}</Box>
        {plan && plan.uncompared > 0 && <Alert type="info">{said.uncompared(plan.uncompared)}</Alert>}
        {plan && plan.steps.length > 1 && <Alert type="warning">{said.steps(plan.steps.length)}</Alert>}
        <Differences before={before ?? {}} after={after} />
        <Refused error={error} />
      </SpaceBetween>
    </Modal>
  );
}

interface Both {
  name: string;
  /** Who changed it. */
  mine: boolean;
  theirs: boolean;
}

interface ConflictProps {
  base: Item | undefined;
  mine: Item;
  /** What is there now; undefined when it was deleted. */
  theirs: Item | undefined;
  onTheirs: () => void;
  onMine: () => void;
}

/** Someone else wrote the item meanwhile: theirs beside one's own, and a choice. Nothing was saved. */
export function Conflict({ base, mine, theirs, onTheirs, onMine }: ConflictProps) {
  const rows = useMemo<Both[]>(() => {
    const read = base ?? {},
      now = theirs ?? {};
    const byMe = new Set(changedNames(read, mine)),
      byThem = new Set(changedNames(read, now));
    return [...new Set([...byMe, ...byThem])].map((name) => ({ name, mine: byMe.has(name), theirs: byThem.has(name) }));
  }, [base, mine, theirs]);
  const of = (item: Item | undefined, name: string) => (item && Object.hasOwn(item, name) ? item[name] : undefined);
  const strong = (is: boolean, value: Value | undefined) => (is ? <b><Short value={value} /></b> : <Short value={value} />);
  const columns: TableProps.ColumnDefinition<Both>[] = [
    { id: "name", header: said.path, isRowHeader: true, cell: ({ name }) => <span className="items-code items-break">{name}</span> },
    ...(base ? [{ id: "read", header: said.asRead, minWidth: WIDE, cell: ({ name }: Both) => <Short value={of(base, name)} /> }] : []),
    { id: "now", header: said.theirs, minWidth: WIDE, cell: ({ name, theirs: is }) => strong(is, of(theirs, name)) },
    { id: "mine", header: said.mine, minWidth: WIDE, cell: ({ name, mine: is }) => (is ? strong(true, of(mine, name)) : <Box color="text-status-inactive">{said.untouched}</Box>) },
  ];
  return (
    <Alert type="warning" header={theirs ? (base ? said.conflict : said.exists) : said.gone}>
      <SpaceBetween size="s">
        <span>{theirs ? (base ? said.conflictHint : said.existsHint) : said.goneHint}</span>
        {theirs && (
          <Table
            variant="embedded"
            wrapLines
            items={rows.slice(0, 200)}
            trackBy="name"
            ariaLabels={{ tableLabel: said.conflict }}
            footer={rows.length > 200 ? said.more(rows.length - 200) : undefined}
            columnDefinitions={columns}
          />
        )}
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={onTheirs}>{theirs ? said.takeTheirs : said.leaveGone}</Button>
          <Button onClick={onMine}>{theirs ? (base ? said.mineOnTop : said.mineInstead) : said.mineAgain}</Button>
        </SpaceBetween>
      </SpaceBetween>
    </Alert>
  );
}
