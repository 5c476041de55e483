// The queries of this tab. What they ask for may be private, so they are kept in the tab only, and end with it.

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";
import { session } from "../app/session";
import { Link } from "../parts/link";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { operatorNames, pastQueries as said } from "../text/items";
import { type Query, readQuery } from "./query";

const place = "turntable.items.history";
const MOST = 50;

interface Past {
  address: string;
  time: number;
}

/** Those of who is signed in: the tab may have been someone else's. */
function read(): Past[] {
  try {
    const found = JSON.parse(sessionStorage.getItem(place) ?? "null") as { of?: string; past?: unknown } | null;
    if (found?.of !== session()?.arn || !Array.isArray(found?.past)) return [];
    return found.past.filter((past): past is Past => typeof (past as Past)?.address === "string" && typeof (past as Past).time === "number");
  } catch {
    return [];
  }
}

/** Keeps a query that was run; the same one again moves to the top. */
export function keepQuery(address: string) {
  const past = [{ address, time: Date.now() }, ...read().filter((other) => other.address !== address)].slice(0, MOST);
  try {
    sessionStorage.setItem(place, JSON.stringify({ of: session()?.arn, past }));
  } catch {
    sessionStorage.removeItem(place); // it is full: one can do without
  }
}

/** A query in a line of words. */
function wordsOf({ mode, table, index, keys, filters }: Query): string {
  const conditions = [
    ...keys.map(({ name, operator, values }) => `${name} ${operator} ${values.join(" … ")}`),
    ...filters.map(({ path, operator, values }) => `${path} ${operatorNames[operator]} ${values.join(" … ")}`),
  ];
  return `${mode === "query" ? said.query : said.scan} ${table}${index ? ` (${index})` : ""}${conditions.length ? `: ${conditions.join(", ")}` : ""}`.slice(0, 300);
}

export function PastQueries({ onClose }: { onClose: () => void }) {
  const [past, setPast] = useState(read);
  return (
    <Modal
      visible
      size="large"
      header={said.header}
      closeAriaLabel={app.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              disabled={!past.length}
              onClick={() => {
                sessionStorage.removeItem(place);
                setPast([]);
              }}
            >
              {said.clear}
            </Button>
            <Button variant="primary" onClick={onClose}>{app.close}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <Table
          variant="embedded"
          wrapLines
          items={past}
          trackBy="address"
          ariaLabels={{ tableLabel: said.header }}
          empty={said.empty}
          footer={<Box color="text-body-secondary" fontSize="body-s">{said.hint}</Box>}
          columnDefinitions={[
            { id: "query", header: said.asked, isRowHeader: true, cell: ({ address }) => <Link to={address}>{wordsOf(readQuery(new URLSearchParams(address.slice(address.indexOf("?")))))}</Link> },
            { id: "time", header: said.time, width: 220, cell: ({ time }) => timeText(time) },
          ]}
      />
    </Modal>
  );
}
