// Metrics over time, of CloudWatch, and a chart of some.

import { type CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import Box from "@cloudscape-design/components/box";
import LineChart, { type LineChartProps } from "@cloudscape-design/components/line-chart";
import { app } from "../text/app";
import { tables } from "../text/tables";

const said = tables.metrics;
const AT_ONCE = 100; // metrics of a request; the server takes 500

export interface Line {
  title: string;
  metric: string;
  /** "Sum", "p99" */
  stat: string;
  dimensions: Record<string, string>;
  /** The sum of a period as so many a second. */
  perSecond?: boolean;
  /** Where nothing was counted there is no value, rather than none. */
  gaps?: boolean;
}

export interface Point {
  x: Date;
  y: number;
}

export interface Readings {
  span: [Date, Date];
  /** Of each line, in their order. */
  points: Point[][];
}

/** Points of a minute for three hours, of five minutes beyond. */
const periodOf = (minutes: number) => (minutes > 180 ? 300 : 60);

function pointsOf(line: Line, times: Date[], values: number[], from: number, to: number, period: number): Point[] {
  const found = new Map(times.map((time, i) => [time.getTime(), values[i] ?? 0]));
  const points: Point[] = [];
  for (let at = from; at < to; at += period * 1000) {
    const value = found.get(at);
    if (value === undefined && line.gaps) continue;
    const seconds = Math.min(period, Math.max(1, (Date.now() - at) / 1000)); // the last period goes on
    points.push({ x: new Date(at), y: line.perSecond ? (value ?? 0) / seconds : (value ?? 0) });
  }
  return points;
}

/** What lines of DynamoDB's metrics were in the last minutes, the one that goes on included. */
export async function readMetrics(client: CloudWatchClient, lines: Line[], minutes: number, abortSignal: AbortSignal): Promise<Readings> {
  const period = periodOf(minutes);
  const step = period * 1000;
  const to = Math.floor(Date.now() / step) * step + step;
  const from = to - minutes * 60_000;
  const points: Point[][] = lines.map(() => []);
  for (let first = 0; first < lines.length; first += AT_ONCE) {
    const queries = lines.slice(first, first + AT_ONCE).map((line, i) => ({
      Id: `m${first + i}`,
      MetricStat: {
        Metric: { Namespace: "AWS/DynamoDB", MetricName: line.metric, Dimensions: Object.entries(line.dimensions).map(([Name, Value]) => ({ Name, Value })) },
        Period: period,
        Stat: line.stat,
      },
    }));
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({ MetricDataQueries: queries, StartTime: new Date(from), EndTime: new Date(to), ScanBy: "TimestampAscending" }),
      { abortSignal },
    );
    for (const { Id, Timestamps = [], Values = [] } of MetricDataResults) {
      const at = Number(Id?.slice(1));
      const line = lines[at];
      if (line) points[at] = pointsOf(line, Timestamps, Values, from, to, period);
    }
  }
  return { span: [new Date(from), new Date(to - step)], points };
}

const timeOf = (date: Date) => date.toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const number = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });

export function MetricChart({ title, unit, titles, points, span, limit, failed, again }: {
  title: string;
  unit: string;
  titles: string[];
  points: Point[][] | undefined;
  span: [Date, Date] | undefined;
  /** A level that is drawn across. */
  limit?: number;
  failed: boolean;
  again: () => void;
}) {
  const series: LineChartProps<Date>["series"] = [
    ...(points ?? []).map((data, i) => ({ type: "line" as const, title: titles[i] ?? "", data, valueFormatter: (value: number) => said.valueOf(number.format(value), unit) })),
    ...(limit && points ? [{ type: "threshold" as const, title: said.provisioned, y: limit, valueFormatter: (value: number) => said.valueOf(number.format(value), unit) }] : []),
  ];
  const drawn = (points ?? []).flat();
  const top = Math.max(limit ?? 0, ...drawn.map(({ y }) => y));
  return (
    <LineChart
      height={200}
      hideFilter
      hideLegend={series.length < 2}
      xScaleType="time"
      ariaLabel={title}
      yTitle={unit}
      series={drawn.length ? series : []}
      xDomain={span}
      yDomain={[0, top > 0 ? top * 1.1 : 1]}
      xTickFormatter={timeOf}
      yTickFormatter={(value) => short.format(value)}
      statusType={points ? "finished" : failed ? "error" : "loading"}
      loadingText={app.loading}
      errorText={said.failed}
      recoveryText={said.again}
      onRecoveryClick={again}
      empty={<Box textAlign="center" color="inherit">{said.empty}</Box>}
    />
  );
}
