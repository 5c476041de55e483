// A list too long to be fetched at once: the server gives it a page at a time, and searches it.

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { type Answer, useAnswer } from "../app/asking";
import { app } from "../text/app";
import { parts } from "../text/parts";
import { Buttons } from "./buttons";
import { Refused } from "./refused";

export interface Page<Item> {
  items: Item[];
  next?: string;
}

export interface Pages<Item> {
  answer: Answer<Page<Item>>;
  /** From 1. */
  at: number;
  go: (page: number) => void;
  /** How many are known of: those seen, and one more if there is. */
  count: number;
  /** The first page anew. */
  again: () => void;
}

interface Place {
  of: readonly unknown[];
  /** With what each page is asked for. */
  tokens: (string | undefined)[];
  at: number;
}

/**
 * Asks for a page; when `on` changes for the first one of another list. `round` asks for the same page again when it changes, and `every`
 * for the first one after so many milliseconds.
 */
export function usePages<Item>(
  ask: (token: string | undefined, signal: AbortSignal) => Promise<Page<Item>>,
  on: readonly unknown[],
  { round, every }: { round?: unknown; every?: number } = {},
): Pages<Item> {
  const [kept, setPlace] = useState<Place>({ of: on, tokens: [undefined], at: 1 });
  const same = kept.of.length === on.length && kept.of.every((value, i) => Object.is(value, on[i]));
  const place = same ? kept : { of: on, tokens: [undefined], at: 1 };
  const token = place.tokens[place.at - 1];
  const answer = useAnswer((signal) => ask(token, signal), [...on, token], { every: place.at === 1 ? every : undefined });
  const asked = useRef(round);
  useEffect(() => {
    if (asked.current !== round) answer.again();
    asked.current = round;
  }, [round]);
  const next = answer.value?.next;
  const count = Math.max(place.tokens.length, next ? place.at + 1 : place.at);
  const go = (page: number) => {
    if (page > count) return;
    const tokens = place.tokens.slice();
    if (page === place.at + 1 && next) tokens[page - 1] = next;
    setPlace({ of: on, tokens, at: page });
  };
  const again = () => {
    setPlace({ of: on, tokens: [undefined], at: 1 });
    answer.again();
  };
  return { answer, at: place.at, go, count, again };
}

export interface PagedTableProps<Item> {
  title: string;
  description?: ReactNode;
  pages: Pages<Item>;
  columns: TableProps.ColumnDefinition<Item>[];
  nameOf: (item: Item) => string;
  empty: ReactNode;
  /** What stands above the rows to search with. */
  filter?: ReactNode;
  selected?: Item[];
  onSelect?: (selected: Item[]) => void;
  actions?: ReactNode;
  variant?: TableProps.Variant;
  /** Shows all of the text in cells. */
  wrap?: boolean;
}

export function PagedTable<Item>({ title, description, pages, columns, nameOf, empty, filter, selected, onSelect, actions, variant = "container", wrap }: PagedTableProps<Item>) {
  const said = parts.table;
  const { answer } = pages;
  return (
    <SpaceBetween size="m">
      <Refused error={answer.error} />
      <Table
        variant={variant}
        wrapLines={wrap}
        trackBy={nameOf}
        items={answer.value?.items ?? []}
        columnDefinitions={columns.map((column, i) => ({ minWidth: 110, ...column, isRowHeader: i === 0 }))}
        loading={answer.loading && answer.value === undefined}
        loadingText={app.loading}
        empty={<Box textAlign="center" color="inherit">{empty}</Box>}
        selectionType={onSelect && "multi"}
        selectedItems={selected}
        onSelectionChange={({ detail }) => onSelect?.(detail.selectedItems)}
        ariaLabels={{
          tableLabel: title,
          selectionGroupLabel: said.selection,
          itemSelectionLabel: (_, item) => said.select(nameOf(item)),
          allItemsSelectionLabel: () => said.selectAll,
        }}
        header={
          <Header
            description={description}
            actions={
              <Buttons>
                <Button iconName="refresh" ariaLabel={app.refresh} loading={answer.loading} onClick={pages.again} />
                {actions}
              </Buttons>
            }
          >
            {title}
          </Header>
        }
        filter={filter}
        pagination={
          <Pagination
            currentPageIndex={pages.at}
            pagesCount={pages.count}
            openEnd={answer.value?.next !== undefined}
            disabled={answer.loading}
            onChange={({ detail }) => pages.go(detail.currentPageIndex)}
            ariaLabels={{ nextPageLabel: said.nextPage, previousPageLabel: said.previousPage, pageLabel: said.page }}
          />
        }
      />
    </SpaceBetween>
  );
}
