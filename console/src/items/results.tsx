// What a scan or query found: one page at a time, with what it took.

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { Refused } from "../parts/refused";
import { durationText } from "../parts/words";
import { items as said } from "../text/items";
import type { Input } from "./expression";
import { Grid, type Row } from "./grid";
import { keyToUrl } from "./notation";
import { usePages } from "./paging";
import type { Query } from "./query";
import type { Target } from "./target";
import { keyOf, scalarText } from "./value";

type Pages = ReturnType<typeof usePages>;

function Facts({ pages }: { pages: Pages }) {
  const { page, soFar } = pages;
  if (pages.searching)
    return (
      <SpaceBetween direction="horizontal" size="xs">
        <StatusIndicator type="loading">{said.searchingOn(pages.progress)}</StatusIndicator>
        <Button variant="inline-link" onClick={pages.stop}>{said.stop}</Button>
      </SpaceBetween>
    );
  if (!page) return null;
  const facts = [
    said.facts(page.items.length, page.scanned),
    ...(page.units === undefined ? [] : [said.units(page.units)]),
    durationText(page.milliseconds),
    page.last ? said.more : said.noMore,
    ...(soFar.pages > 1 ? [said.soFar(soFar.pages, soFar.returned, soFar.scanned)] : []),
  ];
  return <span aria-live="polite">{facts.join(" · ")}</span>;
}

function Empty({ pages, query }: { pages: Pages; query: Query }) {
  const more = pages.page?.last !== undefined;
  const hint = more ? said.moreMayMatch : query.filters.length ? said.nothingMatches : query.mode === "query" ? said.nothingFound : said.nothingHere;
  return (
    <Box textAlign="center" color="inherit">
      <SpaceBetween size="xs" alignItems="center">
        <b>{said.nothing}</b>
        <Box color="inherit">{hint}</Box>
        {more && <Button onClick={() => pages.next(true)}>{said.searchOn}</Button>}
      </SpaceBetween>
    </Box>
  );
}

export interface ResultsProps {
  query: Query;
  target: Target;
  /** Undefined while the query is not complete. */
  input: Input | undefined;
  actions?: (selected: Row[], shown: Row[], again: () => void) => ReactNode;
}

export function Results({ query, target, input, actions }: ResultsProps) {
  const pages = usePages(query.mode, input);
  const [selected, setSelected] = useState<Row[]>([]);
  const { page, answer } = pages;
  const begun = useRef(false);
  if (page) begun.current = true;
  const rows = useMemo<Row[]>(() => {
    const names = target.key.map(({ name }) => name);
    return (page?.items ?? []).map((item, i) => {
      const key = keyOf(item, names);
      return { item, key, id: key ? keyToUrl(key) : String(i), name: key ? names.map((name) => scalarText(key[name] ?? { S: "" })).join(", ").slice(0, 200) : String(i + 1) };
    });
  }, [page, target]);
  const again = () => {
    setSelected([]);
    answer.again();
  };
  if (!input) return <Box textAlign="center" color="text-body-secondary" padding="l">{said.notRun}</Box>;
  return (
    <SpaceBetween size="m">
      <Refused error={answer.error} />
      <Grid
        key={begun.current ? 1 : 0} // the widths of columns are those that what comes first asks for
        target={target}
        rows={rows}
        loading={answer.loading && !pages.searching}
        selected={selected}
        onSelect={setSelected}
        empty={page ? <Empty pages={pages} query={query} /> : said.notRead}
        header={
          <Header
            variant="h2"
            counter={page && said.returned(page.items.length)}
            description={<Facts pages={pages} />}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel={said.again} loading={answer.loading} onClick={again} />
                {actions?.(selected, rows, again)}
              </SpaceBetween>
            }
          >
            {said.results}
          </Header>
        }
        pagination={
          <Pagination
            currentPageIndex={pages.at + 1}
            pagesCount={pages.known}
            openEnd={page ? page.last !== undefined : false}
            disabled={answer.loading}
            onChange={({ detail: { currentPageIndex } }) => {
              setSelected([]);
              if (currentPageIndex > pages.known) pages.next(false);
              else pages.to(currentPageIndex - 1);
            }}
            ariaLabels={{ nextPageLabel: said.nextPage, previousPageLabel: said.previousPage, pageLabel: said.pageNumber }}
          />
        }
      />
    </SpaceBetween>
  );
}
