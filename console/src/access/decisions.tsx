// The decision log: the last requests that were allowed and denied, and why.

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import Toggle from "@cloudscape-design/components/toggle";
import { useEffect, useState } from "react";
import { useAction, useAnswer } from "../app/asking";
import { useQuery } from "../app/router";
import { useSession } from "../app/session";
import { explainDenial } from "../aws/turntable";
import { Preformatted } from "../parts/preformatted";
import { Refused } from "../parts/refused";
import { timeText } from "../parts/words";
import { decisions as said } from "../text/access";
import { app, errors } from "../text/app";
import "./access.css";
import { type Decision, type Filter, listDecisions } from "./decisions_data";

const LIVE_MS = 3000;
const SHOWN = 500; // rows: older ones are asked for by filters

const which = [
  { value: "", label: said.all },
  { value: "Allowed", label: said.onlyAllowed },
  { value: "Denied", label: said.onlyDenied },
];

function Explanation({ decision, onClose }: { decision: Decision; onClose: () => void }) {
  const session = useSession();
  const why = useAnswer(async () => (session ? await explainDenial(session, decision.requestId) : ""), [session, decision.requestId]);
  return (
    <Modal visible size="large" header={said.explanation(decision.action)} closeAriaLabel={app.close} onDismiss={onClose}>
      <SpaceBetween size="s">
        <Refused error={why.error} />
        {why.loading && <StatusIndicator type="loading">{errors.explaining}</StatusIndicator>}
        {why.value && <Preformatted label={errors.statementOf}>{why.value}</Preformatted>}
      </SpaceBetween>
    </Modal>
  );
}

/** A text that is put into the query a moment after it was written. */
function FilterField({ name, label }: { name: string; label: string }) {
  const [query, setQuery] = useQuery();
  const [text, setText] = useState(query.get(name) ?? "");
  useEffect(() => {
    if (text === (query.get(name) ?? "")) return undefined;
    const timer = setTimeout(() => setQuery({ [name]: text }), 400);
    return () => clearTimeout(timer);
  }, [text]);
  return <Input type="search" ariaLabel={label} placeholder={label} value={text} spellcheck={false} onChange={({ detail }) => setText(detail.value)} />;
}

function Filters({ live, onLive }: { live: boolean; onLive: (live: boolean) => void }) {
  const [query, setQuery] = useQuery();
  return (
    <div className="access-row">
      <Select ariaLabel={said.which} selectedOption={which.find(({ value }) => value === (query.get("outcome") ?? "")) ?? null} options={which} onChange={({ detail }) => setQuery({ outcome: detail.selectedOption.value })} />
      <FilterField name="principal" label={said.byPrincipal} />
      <FilterField name="action" label={said.byAction} />
      <FilterField name="resource" label={said.byResource} />
      <Toggle checked={live} onChange={({ detail }) => onLive(detail.checked)}>{said.live}</Toggle>
    </div>
  );
}

/** Of an ARN what follows the account: "table/Music". All of it is the title. */
const Short = ({ arn }: { arn: string }) => <span title={arn}>{arn.startsWith("arn:") ? arn.split(":").slice(5).join(":") : arn}</span>;

const isChoice = (text: string | null): text is "Allowed" | "Denied" => text === "Allowed" || text === "Denied";

export default function Decisions() {
  const session = useSession();
  const [query] = useQuery();
  const [live, setLive] = useState(true);
  const [explained, setExplained] = useState<Decision>();
  const [older, setOlder] = useState<{ of: string; items: Decision[]; next?: string }>();
  const outcome = query.get("outcome");
  const filter: Filter = { outcome: isChoice(outcome) ? outcome : undefined, principal: query.get("principal") ?? undefined, action: query.get("action") ?? undefined, resource: query.get("resource") ?? undefined };
  const of = JSON.stringify(filter);
  // Older ones stay where they are while one reads them.
  const reading = older?.of === of;
  const watching = live && !reading && !explained;
  const page = useAnswer(async () => (session ? await listDecisions(session, filter, undefined) : { items: [] }), [session, of], { every: watching ? LIVE_MS : undefined });
  useEffect(() => {
    if (watching) page.again();
  }, [watching]);
  const more = useAction(async () => {
    const next = reading ? older.next : page.value?.next;
    if (!session || !next) return;
    const found = await listDecisions(session, filter, next);
    setOlder({ of, items: [...(reading ? older.items : (page.value?.items ?? [])), ...found.items].slice(0, SHOWN), next: found.next });
  });
  const items = reading ? older.items : (page.value?.items ?? []);
  const next = reading ? older.next : page.value?.next;
  return (
    <SpaceBetween size="m">
      <Refused error={page.error ?? more.error} />
      <Table
        variant="full-page"
        stickyHeader
        resizableColumns
        enableKeyboardNavigation
        ariaLabels={{ tableLabel: said.title }}
        items={items}
        loading={page.loading && page.value === undefined}
        loadingText={app.loading}
        empty={<Box color="text-status-inactive">{said.empty}</Box>}
        header={
          <Header
            variant="awsui-h1-sticky"
            description={said.description}
            actions={
              <Button
                iconName="refresh"
                ariaLabel={app.refresh}
                onClick={() => {
                  setOlder(undefined);
                  page.again();
                }}
              />
            }
          >
            {said.title}
          </Header>
        }
        filter={<Filters live={live} onLive={setLive} />}
        footer={next && items.length < SHOWN && <Box textAlign="center"><Button loading={more.busy} onClick={() => void more.run()}>{said.more}</Button></Box>}
        columnDefinitions={[
          { id: "time", header: said.time, isRowHeader: true, width: 205, minWidth: 120, cell: ({ time }) => timeText(time) },
          { id: "decision", header: said.decision, width: 115, minWidth: 110, cell: ({ allowed }) => <StatusIndicator type={allowed ? "success" : "error"}>{allowed ? said.allowed : said.denied}</StatusIndicator> },
          { id: "explain", header: said.explain, width: 95, minWidth: 90, cell: (each) => !each.allowed && <Button variant="inline-link" ariaLabel={said.explainThis(each.requestId)} onClick={() => setExplained(each)}>{said.explain}</Button> },
          { id: "action", header: said.action, width: 195, minWidth: 120, cell: ({ action }) => action },
          { id: "resource", header: said.resource, width: 160, minWidth: 120, cell: ({ resource }) => <Short arn={resource} /> },
          { id: "principal", header: said.principal, width: 120, minWidth: 100, cell: ({ principal }) => <Short arn={principal} /> },
          { id: "by", header: said.by, width: 230, minWidth: 120, cell: ({ by }) => by },
          { id: "request", header: said.requestId, width: 300, minWidth: 120, cell: ({ requestId }) => requestId },
        ]}
      />
      {explained && <Explanation decision={explained} onClose={() => setExplained(undefined)} />}
    </SpaceBetween>
  );
}
