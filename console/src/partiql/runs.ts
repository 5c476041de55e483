// Running statements, one after the other, and paging through what one answers.

import { type DynamoDBClient, ExecuteStatementCommand } from "@aws-sdk/client-dynamodb";
import { useRef, useState } from "react";
import type { Item } from "../items/value";
import { session } from "../app/session";
import { isAborted, refusal } from "../aws/errors";
import { whereBroken } from "../aws/turntable";
import { type Parameter, valueOf } from "./parameters";
import { type Place, type Statement, placeInMessage } from "./statements";

export interface Run {
  statement: Statement;
  parameters: Parameter[];
  state: "waiting" | "running" | "done" | "refused" | "stopped";
  error?: unknown;
  /** Where the statement is wrong, if the server told. */
  place?: Place;
  items: Item[];
  /** In the units of reads or writes, whichever it did. */
  capacity?: number;
  ms: number;
  /** Where each page begins that was come to; the first has no token. */
  tokens: (string | undefined)[];
  page: number;
  /** There is another. */
  more: boolean;
}

export interface Options {
  limit: number;
  consistent: boolean;
}

const begin = (statement: Statement, parameters: Parameter[]): Run => ({ statement, parameters, state: "waiting", items: [], ms: 0, tokens: [undefined], page: 0, more: false });

/** DynamoDB says that a statement is not well formed, and not where; an operation of the server's own does. */
async function placeOf(statement: Statement, message: string): Promise<Place | undefined> {
  const current = session();
  if (!current || !message.startsWith("Statement wasn't well formed")) return placeInMessage(message);
  return whereBroken(current, statement.text).catch(() => undefined);
}

async function fetchPage(dynamodb: DynamoDBClient, run: Run, page: number, { limit, consistent }: Options, abortSignal: AbortSignal): Promise<Run> {
  const started = performance.now();
  try {
    const reads = run.statement.tokens[0]?.toUpperCase() === "SELECT";
    const answer = await dynamodb.send(
      new ExecuteStatementCommand({
        Statement: run.statement.text,
        Parameters: run.parameters.length ? run.parameters.map(valueOf) : undefined,
        NextToken: run.tokens[page],
        ReturnConsumedCapacity: "TOTAL",
        ...(reads ? { Limit: limit, ConsistentRead: consistent || undefined } : {}),
      }),
      { abortSignal },
    );
    return {
      ...run,
      state: "done",
      error: undefined,
      items: answer.Items ?? [],
      capacity: answer.ConsumedCapacity?.CapacityUnits,
      ms: performance.now() - started,
      tokens: [...run.tokens.slice(0, page + 1), ...(answer.NextToken ? [answer.NextToken] : [])],
      page,
      more: answer.NextToken !== undefined,
    };
  } catch (error) {
    const ms = performance.now() - started;
    if (isAborted(error)) return { ...run, state: "stopped", error: undefined, ms };
    return { ...run, state: "refused", error, place: await placeOf(run.statement, refusal(error).message), ms };
  }
}

/** { runs, busy, start(statements, parameters, options), turn(run, page), stop(), clear() } */
export function useRuns(dynamodb: DynamoDBClient, onDone: (run: Run, at: number) => void) {
  const [runs, setRuns] = useState<Run[]>([]);
  const [busy, setBusy] = useState(false);
  const control = useRef<AbortController>(undefined);
  const options = useRef<Options>({ limit: 50, consistent: false });

  const put = (at: number, run: Run) => setRuns((all) => all.map((other, i) => (i === at ? run : other)));
  const during = async (work: (signal: AbortSignal) => Promise<void>) => {
    control.current?.abort();
    const mine = new AbortController();
    control.current = mine;
    setBusy(true);
    await work(mine.signal);
    if (control.current === mine) setBusy(false);
  };

  const start = (statements: Statement[], parameters: Parameter[][], chosen: Options) =>
    during(async (signal) => {
      options.current = chosen;
      const begun = statements.map((statement, i) => begin(statement, parameters[i] ?? []));
      setRuns(begun);
      for (const [at, run] of begun.entries()) {
        put(at, { ...run, state: "running" });
        const done = await fetchPage(dynamodb, run, 0, chosen, signal);
        put(at, done);
        onDone(done, at);
        if (done.state !== "done") break;
      }
    });

  const turn = (at: number, page: number) =>
    during(async (signal) => {
      const run = runs[at];
      if (!run) return;
      put(at, { ...run, state: "running" });
      put(at, await fetchPage(dynamodb, run, page, options.current, signal));
    });

  return { runs, busy, start, turn, stop: () => control.current?.abort(), clear: () => setRuns([]) };
}
