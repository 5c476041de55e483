// A list of things of one kind: search, sort, pages, columns to choose from, and what may be done with those selected. The
// choices of a person stay in the browser.

import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CollectionPreferences, { type CollectionPreferencesProps } from "@cloudscape-design/components/collection-preferences";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { type ReactNode, useRef, useState } from "react";
import { app } from "../text/app";
import { parts } from "../text/parts";
import type { Answer } from "../app/asking";
import "./parts.css";
import { Refused } from "./refused";

export interface Column<Item> {
  id: string;
  header: string;
  cell: (item: Item) => ReactNode;
  /** What it is sorted by, and searched for; without it neither is done. */
  value?: (item: Item) => string | number | boolean | undefined;
  /** Not shown until it is chosen. */
  hidden?: boolean;
  width?: number;
}

export interface ResourceTableProps<Item> {
  /** Of the choices that the browser keeps: "tables". */
  id: string;
  title: string;
  description?: ReactNode;
  answer: Answer<Item[]>;
  columns: Column<Item>[];
  /** What distinguishes an item, and what people call it. */
  nameOf: (item: Item) => string;
  /** Buttons above the table; they get what is selected, and how to select nothing any more. */
  actions?: (selected: Item[], deselect: () => void) => ReactNode;
  selection?: "single" | "multi";
  empty: ReactNode;
  placeholder?: string;
  /** "full-page" for the table that is a view of its own. */
  variant?: "full-page" | "container" | "embedded" | "borderless";
  headerVariant?: "h1" | "h2" | "h3";
  initialSort?: { column: string; descending?: boolean };
}

type Preferences = CollectionPreferencesProps.Preferences;

function readPreferences(id: string): Preferences {
  try {
    return (JSON.parse(localStorage.getItem(`turntable.list.${id}`) ?? "{}") ?? {}) as Preferences;
  } catch {
    return {};
  }
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a ?? "").localeCompare(String(b ?? ""), "en", { numeric: true });
}

type Comparator<Item> = (a: Item, b: Item) => number;

/** How items are sorted by each column. The table knows a column again by its comparator, so each stays the same one. */
function useComparators<Item>(columns: Column<Item>[]): Map<string, Comparator<Item>> {
  const latest = useRef(columns);
  latest.current = columns;
  const comparators = useRef(new Map<string, Comparator<Item>>());
  for (const { id, value } of columns) {
    if (!value || comparators.current.has(id)) continue;
    const valueOf = (item: Item) => latest.current.find((column) => column.id === id)?.value?.(item);
    comparators.current.set(id, (a, b) => compare(valueOf(a), valueOf(b)));
  }
  return comparators.current;
}

export function ResourceTable<Item>(props: ResourceTableProps<Item>) {
  const { id, title, answer, columns, nameOf, selection, variant = "full-page", headerVariant = variant === "full-page" ? "h1" : "h2" } = props;
  const said = parts.table;
  const [preferences, setPreferences] = useState<Preferences>(() => ({ pageSize: 50, ...readPreferences(id) }));
  const all = answer.value ?? [];
  const comparators = useComparators(columns);
  const definitions = columns.map((column) => ({ minWidth: 90, ...column, isRowHeader: column === columns[0], sortingComparator: comparators.get(column.id) }));
  const sorted = definitions.find((column) => column.id === props.initialSort?.column) ?? definitions.find((column) => column.value);
  const { items, actions, filteredItemsCount, collectionProps, filterProps, paginationProps } = useCollection(all, {
    filtering: {
      filteringFunction: (item, text) => columns.some(({ value }) => String(value?.(item) ?? "").toLowerCase().includes(text.toLowerCase())),
      // What could not be read is not said to be empty: why stands above.
      empty: <Box textAlign="center" color="inherit">{answer.error && !answer.value ? app.none : props.empty}</Box>,
      noMatch: (
        <SpaceBetween size="xs" alignItems="center">
          <Box color="inherit">{said.noMatch}</Box>
          <Button onClick={() => actions.setFiltering("")}>{said.clear}</Button>
        </SpaceBetween>
      ),
    },
    pagination: { pageSize: preferences.pageSize },
    sorting: sorted?.sortingComparator ? { defaultState: { sortingColumn: sorted, isDescending: props.initialSort?.descending } } : {},
    selection: { keepSelection: true, trackBy: nameOf },
  });
  const selected = (collectionProps.selectedItems ?? []) as Item[];
  const deselect = () => actions.setSelectedItems([]);
  const choose = (detail: Preferences) => {
    setPreferences(detail);
    localStorage.setItem(`turntable.list.${id}`, JSON.stringify(detail));
  };
  const columnDisplay = preferences.contentDisplay ?? columns.map((column) => ({ id: column.id, visible: !column.hidden }));

  return (
    <SpaceBetween size="m">
      <Refused error={answer.error} />
      <Table
        {...collectionProps}
        variant={variant}
        stickyHeader={variant === "full-page"}
        resizableColumns
        enableKeyboardNavigation
        trackBy={nameOf}
        selectionType={selection}
        loading={answer.loading && answer.value === undefined}
        loadingText={app.loading}
        items={items}
        columnDefinitions={definitions}
        columnDisplay={columnDisplay}
        wrapLines={preferences.wrapLines}
        contentDensity={preferences.contentDensity}
        ariaLabels={{
          tableLabel: title,
          selectionGroupLabel: said.selection,
          itemSelectionLabel: (_, item) => said.select(nameOf(item)),
          allItemsSelectionLabel: () => said.selectAll,
        }}
        header={
          <Header
            variant={variant === "full-page" && headerVariant === "h1" ? "awsui-h1-sticky" : headerVariant}
            description={props.description}
            counter={answer.value && said.counter(filteredItemsCount ?? all.length, all.length)}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button iconName="refresh" ariaLabel={app.refresh} loading={answer.loading} onClick={answer.again} />
                {props.actions && <div className="row">{props.actions(selected, deselect)}</div>}
              </SpaceBetween>
            }
          >
            {title}
          </Header>
        }
        filter={
          <TextFilter
            {...filterProps}
            filteringPlaceholder={props.placeholder ?? app.search}
            filteringAriaLabel={props.placeholder ?? app.search}
            countText={said.matches(filteredItemsCount ?? 0)}
          />
        }
        pagination={
          <Pagination {...paginationProps} ariaLabels={{ nextPageLabel: said.nextPage, previousPageLabel: said.previousPage, pageLabel: said.page }} />
        }
        preferences={
          <CollectionPreferences
            title={said.preferences}
            confirmLabel={said.confirm}
            cancelLabel={app.cancel}
            preferences={{ ...preferences, contentDisplay: columnDisplay }}
            onConfirm={({ detail }) => choose(detail)}
            pageSizePreference={{ title: said.pageSize, options: [10, 20, 50, 100].map((value) => ({ value, label: said.rows(value) })) }}
            wrapLinesPreference={{ label: said.wrap, description: said.wrapHint }}
            contentDensityPreference={{ label: said.density, description: said.densityHint }}
            contentDisplayPreference={{ title: said.columns, options: columns.map((column, i) => ({ id: column.id, label: column.header, alwaysVisible: i === 0 })) }}
          />
        }
      />
    </SpaceBetween>
  );
}
