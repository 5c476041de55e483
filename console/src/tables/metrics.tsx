// What is counted of a table's requests: capacity, latency, throttling, what failed, over the last minutes or hours.

import { CloudWatchClient, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ReactNode, useState } from "react";
import { type Answer, allPages, useAnswer } from "../app/asking";
import { useQuery } from "../app/router";
import { useClient } from "../aws/clients";
import { Refused } from "../parts/refused";
import { app } from "../text/app";
import { tables } from "../text/tables";
import { type TabProps, isOnDemand } from "./describe";
import { type Line, type Readings, MetricChart, readMetrics } from "./metric_chart";

const said = tables.metrics;
const REFRESH_MS = 30_000;

/** How far back, in minutes; with more than three hours the server keeps points of five minutes. */
const ranges = [15, 60, 180, 720, 2880];

interface Chart {
  title: string;
  unit: string;
  lines: Line[];
  limit?: number;
}

const line = (title: string, metric: string, stat: string, dimensions: Record<string, string>, more: Partial<Line> = {}): Line => ({ title, metric, stat, dimensions, ...more });

function chartsOf({ table, name }: TabProps, operations: string[], operation: string | undefined): Chart[] {
  const own = { TableName: name };
  const indexes = (table.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName ?? "");
  const capacity = (metric: string) => [
    line(name, metric, "Sum", own, { perSecond: true }),
    ...indexes.map((index) => line(index, metric, "Sum", { ...own, GlobalSecondaryIndexName: index }, { perSecond: true })),
  ];
  const units = isOnDemand(table) ? undefined : table.ProvisionedThroughput;
  return [
    { title: said.reads, unit: said.units, lines: capacity("ConsumedReadCapacityUnits"), limit: units?.ReadCapacityUnits },
    { title: said.writes, unit: said.units, lines: capacity("ConsumedWriteCapacityUnits"), limit: units?.WriteCapacityUnits },
    {
      title: operation ? said.latencyOf(operation) : said.latency,
      unit: said.milliseconds,
      lines: operation ? ["p50", "p90", "p99"].map((stat) => line(stat, "SuccessfulRequestLatency", stat, { ...own, Operation: operation }, { gaps: true })) : [],
    },
    { title: said.throttled, unit: said.count, lines: operations.map((one) => line(one, "ThrottledRequests", "Sum", { ...own, Operation: one })) },
    { title: said.failedConditions, unit: said.count, lines: [line(name, "ConditionalCheckFailedRequests", "Sum", own)] },
    { title: said.userErrors, unit: said.count, lines: [line(said.account, "UserErrors", "Sum", {})] },
  ];
}

/** The operations that the table was asked for while the server keeps metrics. */
function useOperations(TableName: string): Answer<string[]> {
  const cloudwatch = useClient(CloudWatchClient);
  return useAnswer(async (abortSignal) => {
    const found = await allPages(async (token) => {
      const page = await cloudwatch.send(
        new ListMetricsCommand({ Namespace: "AWS/DynamoDB", MetricName: "SuccessfulRequestLatency", Dimensions: [{ Name: "TableName", Value: TableName }], NextToken: token }),
        { abortSignal },
      );
      return { items: page.Metrics ?? [], next: page.NextToken };
    });
    const names = found.map(({ Dimensions }) => Dimensions?.find(({ Name }) => Name === "Operation")?.Value ?? "");
    return [...new Set(names)].filter(Boolean).sort();
  }, [cloudwatch, TableName]);
}

/** `children` are what is shown beside the button that asks anew; `again` asks for the rest. */
function Charts({ charts, minutes, again, children }: { charts: Chart[]; minutes: number; again: () => void; children: ReactNode }) {
  const cloudwatch = useClient(CloudWatchClient);
  const lines = charts.flatMap((chart) => chart.lines);
  const asked = JSON.stringify([minutes, lines]);
  const answer = useAnswer((signal): Promise<Readings> => readMetrics(cloudwatch, lines, minutes, signal), [cloudwatch, asked], { every: REFRESH_MS });
  const refresh = () => {
    again();
    answer.again();
  };
  let first = 0;
  return (
    <SpaceBetween size="l">
      <SpaceBetween direction="horizontal" size="m" alignItems="end">
        {children}
        <Button iconName="refresh" ariaLabel={`${app.refresh}: ${said.title}`} loading={answer.loading} onClick={refresh} />
      </SpaceBetween>
      <Refused error={answer.error} />
      <Grid gridDefinition={charts.map(() => ({ colspan: { default: 12, s: 6 } }))}>
        {charts.map((chart) => {
          const at = first;
          first += chart.lines.length;
          return (
            <Container key={chart.title} header={<Header variant="h3">{chart.title}</Header>}>
              <MetricChart
                title={chart.title}
                unit={chart.unit}
                limit={chart.limit}
                titles={chart.lines.map(({ title }) => title)}
                points={answer.value?.points.slice(at, at + chart.lines.length)}
                span={answer.value?.span}
                failed={answer.error !== undefined && !answer.value}
                again={refresh}
              />
            </Container>
          );
        })}
      </Grid>
    </SpaceBetween>
  );
}

export function Metrics(props: TabProps) {
  const [query, setQuery] = useQuery();
  const operations = useOperations(props.name);
  const [chosen, choose] = useState<string>();
  const minutes = ranges.find((range) => String(range) === query.get("minutes")) ?? 60;
  const seen = operations.value ?? [];
  const operation = chosen ?? seen[0];
  const options = ranges.map((range) => ({ value: String(range), label: said.range(range) }));
  return (
    <>
      <Refused error={operations.error} />
      {operations.value && (
        <Charts charts={chartsOf(props, seen, operation)} minutes={minutes} again={operations.again}>
          <FormField label={said.rangeLabel}>
            <Select
              options={options}
              selectedOption={options.find(({ value }) => value === String(minutes)) ?? null}
              onChange={({ detail }) => setQuery({ minutes: detail.selectedOption.value })}
            />
          </FormField>
          <FormField label={said.operation}>
            <Select
              disabled={!seen.length}
              placeholder={said.noOperation}
              options={seen.map((value) => ({ value }))}
              selectedOption={operation ? { value: operation } : null}
              onChange={({ detail }) => choose(detail.selectedOption.value)}
            />
          </FormField>
        </Charts>
      )}
    </>
  );
}
