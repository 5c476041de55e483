// Items as a grid: a column an attribute, of those that are chosen. It sorts what it was given: one page.

import CollectionPreferences from "@cloudscape-design/components/collection-preferences";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { type ReactNode, useMemo, useState } from "react";
import { path } from "../app/router";
import { Link } from "../parts/link";
import { app } from "../text/app";
import { items as said } from "../text/items";
import { parts } from "../text/parts";
import { Cell, WholeValue, summary } from "./cell";
import { arrange, attributesOf, keepChoice, readChoice } from "./columns";
import type { Target } from "./target";
import { type Item, type Type, type Value, compareValues } from "./value";

export interface Row {
  item: Item;
  /** Undefined when the item came without its key, so that it cannot be opened. */
  key: Item | undefined;
  id: string;
  /** What a screen reader calls it. */
  name: string;
}

interface GridProps {
  target: Target;
  rows: Row[];
  loading: boolean;
  selected?: Row[];
  onSelect?: (rows: Row[]) => void;
  header: ReactNode;
  pagination?: ReactNode;
  empty: ReactNode;
}

const valueIn = (item: Item, name: string): Value | undefined => (Object.hasOwn(item, name) ? item[name] : undefined);

/** In pixels: as wide as what it has, within bounds; a person may drag it wider. */
function widthOf(name: string, types: Set<Type>, rows: Row[]): number {
  let letters = name.length + (types.size === 1 ? 14 : 4);
  for (const { item } of rows.slice(0, 20)) {
    const value = valueIn(item, name);
    if (value) letters = Math.max(letters, summary(value, 44).text.length + 6);
  }
  return Math.min(360, Math.max(110, letters * 8 + 24));
}

function columnOf(name: string, types: Set<Type>, first: boolean, width: number, table: string, show: (name: string, value: Value) => void): TableProps.ColumnDefinition<Row> {
  const [only] = types;
  return {
    id: name,
    header: types.size === 1 && only ? said.typed(name, only) : name,
    minWidth: 90,
    width,
    isRowHeader: first,
    // The table sorts nothing itself, so that one function for all will do; it only marks columns that can be sorted.
    sortingField: name,
    cell: ({ item, key, id }) => {
      const value = valueIn(item, name);
      if (first && key && value) return <Link to={path`/items/edit?table=${table}&key=${id}`}>{summary(value).text || said.emptyText}</Link>;
      return <Cell value={value} name={name} tagged={types.size > 1} onShow={(whole) => show(name, whole)} />;
    },
  };
}

export function Grid({ target, rows, loading, selected, onSelect, header, pagination, empty }: GridProps) {
  const [whole, setWhole] = useState<{ name: string; value: Value }>();
  const [sort, setSort] = useState<{ name: string; descending: boolean }>();
  const [choice, setChoice] = useState(() => readChoice(target.table));
  const [look, setLook] = useState<{ wrapLines?: boolean; contentDensity?: "comfortable" | "compact" }>({});
  const keys = useMemo(() => [...new Set([...target.key, ...target.hash, ...target.range].map(({ name }) => name))], [target]);
  const attributes = useMemo(() => attributesOf(rows.map(({ item }) => item), keys), [rows, keys]);
  const display = useMemo(() => arrange([...attributes.keys()], choice), [attributes, choice]);
  const shown = useMemo(
    () => (sort ? rows.toSorted((a, b) => compareValues(valueIn(a.item, sort.name), valueIn(b.item, sort.name)) * (sort.descending ? -1 : 1)) : rows),
    [rows, sort],
  );
  const columns = useMemo(
    () => [...attributes].map(([name, types]) => columnOf(name, types, name === keys[0], widthOf(name, types, rows), target.table, (of, value) => setWhole({ name: of, value }))),
    [attributes, keys, target, rows],
  );
  const visible = display.filter((column) => column.visible).length;
  return (
    <>
      <Table
        variant="container"
        trackBy="id"
        items={shown}
        columnDefinitions={columns}
        columnDisplay={display}
        loading={loading}
        loadingText={app.loading}
        resizableColumns
        enableKeyboardNavigation
        selectionType={onSelect ? "multi" : undefined}
        selectedItems={selected}
        onSelectionChange={({ detail }) => onSelect?.(detail.selectedItems)}
        sortingColumn={sort && { sortingField: sort.name }}
        sortingDescending={sort?.descending}
        onSortingChange={({ detail }) => setSort({ name: detail.sortingColumn.sortingField ?? "", descending: detail.isDescending ?? false })}
        wrapLines={look.wrapLines}
        contentDensity={look.contentDensity}
        header={header}
        pagination={pagination}
        empty={empty}
        footer={visible < attributes.size || sort ? [visible < attributes.size && said.manyColumns(visible, attributes.size), sort && said.sortHint].filter(Boolean).join(". ") : undefined}
        ariaLabels={{ tableLabel: said.results, selectionGroupLabel: parts.table.selection, itemSelectionLabel: (_, row) => said.select(row.name), allItemsSelectionLabel: () => parts.table.selectAll }}
        preferences={
          <CollectionPreferences
            title={parts.table.preferences}
            confirmLabel={parts.table.confirm}
            cancelLabel={app.cancel}
            preferences={{ ...look, contentDisplay: display }}
            onConfirm={({ detail }) => {
              setLook({ wrapLines: detail.wrapLines, contentDensity: detail.contentDensity });
              const chosen = [...(detail.contentDisplay ?? [])].map(({ id, visible: is }) => ({ id, visible: is }));
              setChoice(chosen);
              keepChoice(target.table, chosen);
            }}
            wrapLinesPreference={{ label: parts.table.wrap, description: parts.table.wrapHint }}
            contentDensityPreference={{ label: parts.table.density, description: parts.table.densityHint }}
            contentDisplayPreference={{
              title: said.columns,
              description: said.columnsHint,
              enableColumnFiltering: true,
              options: [...attributes.keys()].map((id) => ({ id, label: id, alwaysVisible: id === keys[0] })),
            }}
          />
        }
      />
      {whole && <WholeValue {...whole} onClose={() => setWhole(undefined)} />}
    </>
  );
}
