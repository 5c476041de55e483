// The server's metrics over a time, from its CloudWatch.

import { type CloudWatchClient, GetMetricDataCommand, type MetricDataResult } from "@aws-sdk/client-cloudwatch";

const MINUTE = 60_000;

/** How far back, and in which steps: those that the server keeps so long. */
export const ranges = {
  "5m": { span: 5 * MINUTE, period: 10 },
  "1h": { span: 60 * MINUTE, period: 60 },
  "3h": { span: 180 * MINUTE, period: 60 },
  "1d": { span: 1440 * MINUTE, period: 300 },
  "2d": { span: 2880 * MINUTE, period: 900 },
} as const;
export type Range = keyof typeof ranges;

/** What is asked for. Of counts there is none where nothing happened; of the others nothing is known there. */
const asked = {
  requests: { metric: "RequestCount", statistic: "Sum", counts: true },
  clientErrors: { metric: "ClientErrors", statistic: "Sum", counts: true },
  serverErrors: { metric: "ServerErrors", statistic: "Sum", counts: true },
  p50: { metric: "Latency", statistic: "p50", counts: false },
  p90: { metric: "Latency", statistic: "p90", counts: false },
  p99: { metric: "Latency", statistic: "p99", counts: false },
  storage: { metric: "StorageBytes", statistic: "Average", counts: false },
  memory: { metric: "MemoryBytes", statistic: "Average", counts: false },
  connections: { metric: "Connections", statistic: "Average", counts: false },
} as const;
export type Name = keyof typeof asked;
const names = Object.keys(asked) as Name[];

export interface Point {
  x: Date;
  y: number;
}

export interface Metrics {
  from: Date;
  to: Date;
  /** Counts are so many a second; latencies are milliseconds. */
  points: Record<Name, Point[]>;
}

/** The values of a result, by the time at which their step begins. */
const valuesOf = (result: MetricDataResult | undefined) => new Map((result?.Timestamps ?? []).map((time, i) => [time.getTime(), result?.Values?.[i] ?? 0]));

/** Counts as so many a second. The step that goes on still is divided by what went by of it. */
function rates(values: Map<number, number>, since: number, now: number, step: number): Point[] {
  const points: Point[] = [];
  for (let at = since; at < now; at += step) {
    const seconds = Math.min(step, now - at) / 1000;
    if (seconds >= 1) points.push({ x: new Date(at), y: (values.get(at) ?? 0) / seconds });
  }
  return points;
}

export async function readMetrics(client: CloudWatchClient, range: Range, abortSignal: AbortSignal): Promise<Metrics> {
  const { span, period } = ranges[range];
  const step = period * 1000,
    now = Date.now(),
    from = Math.floor((now - span) / step) * step;
  const MetricDataQueries = names.map((name) => {
    const { metric, statistic } = asked[name];
    return { Id: name, MetricStat: { Metric: { Namespace: "Turntable", MetricName: metric }, Period: period, Stat: statistic } };
  });
  const input = { MetricDataQueries, StartTime: new Date(from), EndTime: new Date(Math.floor(now / step) * step + step), ScanBy: "TimestampAscending" as const };
  const answer = await client.send(new GetMetricDataCommand(input), { abortSignal });
  const found = Object.fromEntries(names.map((name) => [name, valuesOf(answer.MetricDataResults?.find(({ Id }) => Id === name))])) as Record<Name, Map<number, number>>;
  const begun = Math.max(from, Math.min(...names.flatMap((name) => [...found[name].keys()]))); // before it there was no server
  const points = Object.fromEntries(
    names.map((name) => [
      name,
      asked[name].counts ? rates(found[name], begun, now, step) : [...found[name]].sort(([a], [b]) => a - b).map(([at, y]): Point => ({ x: new Date(at), y })),
    ]),
  ) as Record<Name, Point[]>;
  return { from: new Date(from), to: new Date(now), points };
}
