// Charts of the server's metrics.

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import LineChart from "@cloudscape-design/components/line-chart";
import type { Answer } from "../app/asking";
import { durationText } from "../parts/words";
import { app } from "../text/app";
import { dashboard as said } from "../text/dashboard";
import type { Metrics, Name } from "./metrics";

interface ChartProps {
  title: string;
  names: Name[];
  /** A value as people read it. */
  text: (value: number) => string;
  /** Up to where the axis goes at least. */
  least: number;
}

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const numberText = (value: number) => number.format(value);
const latencyText = (ms: number) => (ms > 0 && ms < 1 ? `${Math.round(ms * 1000)} µs` : ms < 10 ? `${number.format(ms)} ms` : durationText(ms));

const units = ["bytes", "kB", "MB", "GB", "TB"];
/** In powers of ten, so that the numbers beside the axis are round. */
function bytesText(bytes: number): string {
  const unit = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${number.format(bytes / 1000 ** unit)} ${units[unit]}`;
}

const charts: ChartProps[] = [
  { title: said.requests, names: ["requests"], text: numberText, least: 1 },
  { title: said.latency, names: ["p50", "p90", "p99"], text: latencyText, least: 0.1 },
  { title: said.errors, names: ["clientErrors", "serverErrors"], text: numberText, least: 1 },
  { title: said.connections, names: ["connections"], text: numberText, least: 4 },
  { title: said.storage, names: ["storage"], text: bytesText, least: 1000 },
  { title: said.memory, names: ["memory"], text: bytesText, least: 1000 },
];

/** The time of a tick, with its day where more than one is shown. */
const tick = (from: Date, to: Date) => {
  const long = to.getTime() - from.getTime() > 12 * 3_600_000;
  const format = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(long ? { weekday: "short" } : {}) });
  return (time: Date) => format.format(time);
};

function Chart({ title, names, text, least, metrics, answer }: ChartProps & { metrics: Metrics | undefined; answer: Answer<Metrics> }) {
  const series = names.map((name) => ({ type: "line" as const, title: said.series[name], data: metrics?.points[name] ?? [], valueFormatter: text }));
  const newest = series.map(({ data }) => data.at(-1)?.y);
  const most = Math.max(least, ...series.flatMap(({ data }) => data.map(({ y }) => y)));
  const description = newest.some((value) => value !== undefined) ? newest.map((value, i) => `${names.length > 1 ? `${series[i]?.title} ` : ""}${value === undefined ? app.none : text(value)}`).join(" · ") : undefined;
  return (
    <Container fitHeight header={<Header variant="h2" description={description}>{title}</Header>}>
      <LineChart<Date>
        ariaLabel={title}
        series={series.some(({ data }) => data.length > 0) ? series : []}
        xScaleType="time"
        xDomain={metrics && [metrics.from, metrics.to]}
        yDomain={[0, most * 1.1]}
        xTickFormatter={metrics && tick(metrics.from, metrics.to)}
        yTickFormatter={text}
        height={180}
        hideFilter
        hideLegend={names.length === 1}
        statusType={metrics ? "finished" : answer.error ? "error" : "loading"}
        loadingText={app.loading}
        empty={<Box textAlign="center" color="inherit">{said.empty}</Box>}
      />
    </Container>
  );
}

export const Charts = ({ answer }: { answer: Answer<Metrics> }) => (
  <Grid gridDefinition={charts.map(() => ({ colspan: { default: 12, s: 6 } }))}>
    {charts.map((chart) => (
      <Chart key={chart.title} {...chart} metrics={answer.value} answer={answer} />
    ))}
  </Grid>
);
