// Explore items: a scan or query of a table or index, and what it found. The address holds all of it.

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useMemo, useState } from "react";
import { navigate, useQuery } from "../app/router";
import { Refused } from "../parts/refused";
import { items as said } from "../text/items";
import { Actions } from "./actions";
import { Builder } from "./builder";
import { remember } from "./came_from";
import { keepQuery } from "./history";
import { build } from "./expression";
import { type Query, addressOf, emptyQuery, readQuery } from "./query";
import { Results } from "./results";
import { useTable, useTableNames } from "./tables_data";
import { type Target, targetOf } from "./target";

/** What is in the form: the query of the address, until something is changed. */
function useDraft(query: Query, address: string) {
  const [draft, setDraft] = useState(query);
  useEffect(() => {
    setDraft(query);
    remember(query.table, address);
    if (query.table) keepQuery(address);
  }, [address]);
  return [draft, setDraft] as const;
}

function Found({ query, target, address }: { query: Query; target: Target; address: string }) {
  const { input } = useMemo(() => build(query, target), [address, target]);
  return (
    <Results
      key={address}
      query={query}
      target={target}
      input={input}
      actions={(selected, shown, again) => input && <Actions target={target} mode={query.mode} input={input} selected={selected} shown={shown} onDeleted={again} />}
    />
  );
}

export default function Explore() {
  const [parameters] = useQuery();
  const query = readQuery(parameters);
  const address = addressOf(query);
  const [draft, setDraft] = useDraft(query, address);
  const [round, setRound] = useState(0);
  const names = useTableNames();
  const table = useTable(query.table);
  const description = table.value?.TableName === query.table ? table.value : undefined;
  const target = useMemo(() => description && targetOf(description, query.index), [description, query.index]);

  const run = (next: Query) => {
    const to = addressOf(next);
    if (to === address) setRound(round + 1);
    else navigate(to);
  };
  const choose = (name: string) => navigate(addressOf({ ...emptyQuery, limit: query.limit, table: name }));
  return (
    <SpaceBetween size="m">
      <Header variant="h1">{said.title}</Header>
      <Refused error={names.error} />
      <Builder draft={draft} onChange={setDraft} onRun={run} onTable={choose} names={names} description={description} />
      {!query.table && <Box textAlign="center" color="text-body-secondary" padding="l">{said.chooseFirst}</Box>}
      <Refused error={table.error} />
      {description && !target && <Alert type="error">{said.noIndex(query.index, query.table)}</Alert>}
      {target && <Found key={round} query={query} target={target} address={address} />}
    </SpaceBetween>
  );
}
