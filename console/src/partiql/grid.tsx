// Items that a statement answered, one a row; an attribute a column.

import Box from "@cloudscape-design/components/box";
import Table from "@cloudscape-design/components/table";
import { useMemo, useState } from "react";
import { Cell, WholeValue } from "../items/cell";
import { attributesOf } from "../items/columns";
import type { Item, Value } from "../items/value";
import { partiql } from "../text/partiql";
import { items as typed } from "../text/items";

const said = partiql.results;
const COLUMNS_LIMIT = 60; // what a page can still lay out quickly

export function ResultGrid({ items }: { items: Item[] }) {
  const [whole, setWhole] = useState<{ name: string; value: Value }>();
  const attributes = useMemo(() => [...attributesOf(items, [])], [items]);
  const shown = attributes.slice(0, COLUMNS_LIMIT);
  return (
    <>
      <Table
        variant="embedded"
        contentDensity="compact"
        resizableColumns
        enableKeyboardNavigation
        ariaLabels={{ tableLabel: said.header }}
        items={items}
        columnDefinitions={shown.map(([name, types], i) => {
          const [only] = types;
          return {
            id: String(i),
            header: types.size === 1 && only ? typed.typed(name, only) : name,
            isRowHeader: i === 0,
            minWidth: 80,
            width: 180,
            cell: (item: Item) => {
              const value = Object.hasOwn(item, name) ? item[name] : undefined;
              return value ? <Cell value={value} name={name} tagged={types.size > 1} onShow={() => setWhole({ name, value })} /> : null;
            },
          };
        })}
      />
      {attributes.length > shown.length && <Box color="text-status-inactive">{said.more(attributes.length - shown.length)}</Box>}
      {whole && <WholeValue {...whole} onClose={() => setWhole(undefined)} />}
    </>
  );
}
