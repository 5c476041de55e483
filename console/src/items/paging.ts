// The pages of a scan or query: each is asked for when it is looked at, by the key at which the one before it ended.

import { DynamoDBClient, QueryCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { useRef, useState } from "react";
import { useAnswer } from "../app/asking";
import { useClient } from "../aws/clients";
import type { Input } from "./expression";
import type { Item } from "./value";

export interface Page {
  items: Item[];
  /** How many were read, before filters. */
  scanned: number;
  units: number | undefined;
  /** Of the requests. */
  milliseconds: number;
  requests: number;
  /** Where the next page begins; undefined on the last. */
  last: Item | undefined;
}

/** One request for a page. */
export async function readPage(dynamodb: DynamoDBClient, mode: "scan" | "query", input: Input, from: Item | undefined, abortSignal?: AbortSignal): Promise<Page> {
  const began = performance.now();
  const given = { ...input, ExclusiveStartKey: from, ReturnConsumedCapacity: "TOTAL" as const };
  const answer = await (mode === "query" ? dynamodb.send(new QueryCommand(given), { abortSignal }) : dynamodb.send(new ScanCommand(given), { abortSignal }));
  return {
    items: answer.Items ?? [],
    scanned: answer.ScannedCount ?? 0,
    units: answer.ConsumedCapacity?.CapacityUnits,
    milliseconds: performance.now() - began,
    requests: 1,
    last: answer.LastEvaluatedKey,
  };
}

const both = (a: Page, b: Page): Page => ({
  items: b.items,
  scanned: a.scanned + b.scanned,
  units: a.units === undefined ? b.units : a.units + (b.units ?? 0),
  milliseconds: a.milliseconds + b.milliseconds,
  requests: a.requests + b.requests,
  last: b.last,
});

/** The page that is looked at, and how to look at another. Without input nothing is asked. */
export function usePages(mode: "scan" | "query", input: Input | undefined) {
  const dynamodb = useClient(DynamoDBClient);
  const [{ starts, at, searching }, go] = useState<{ starts: (Item | undefined)[]; at: number; searching: boolean }>({ starts: [undefined], at: 0, searching: false });
  const [progress, setProgress] = useState(0);
  const stopped = useRef(false);
  const seen = useRef(new Map<number, { returned: number; scanned: number }>());

  const answer = useAnswer(
    async (signal) => {
      if (!input) return undefined;
      let page = await readPage(dynamodb, mode, input, starts[at], signal);
      while (searching && !page.items.length && page.last && !stopped.current) {
        setProgress(page.scanned);
        page = both(page, await readPage(dynamodb, mode, input, page.last, signal));
      }
      seen.current.set(at, { returned: page.items.length, scanned: page.scanned });
      return { ...page, at };
    },
    [dynamodb, mode, input, at, searching],
  );

  const page = answer.value?.at === at ? answer.value : undefined;
  const next = (search: boolean) => {
    if (!page?.last) return;
    stopped.current = false;
    setProgress(0);
    go({ starts: [...starts.slice(0, at + 1), page.last], at: at + 1, searching: search });
  };
  const all = [...seen.current.values()];
  return {
    answer,
    page,
    at,
    /** Pages that it is known where they begin. */
    known: starts.length,
    next,
    to: (index: number) => go({ starts, at: index, searching: false }),
    searching: searching && answer.loading,
    progress,
    stop: () => void (stopped.current = true),
    soFar: { pages: all.length, returned: all.reduce((sum, each) => sum + each.returned, 0), scanned: all.reduce((sum, each) => sum + each.scanned, 0) },
  };
}
