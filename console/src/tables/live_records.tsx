// The records of a stream as they come, the newest first, and the images of the one that is chosen.

import { DynamoDBStreamsClient, type _Record as StreamRecord } from "@aws-sdk/client-dynamodb-streams";
import Badge, { type BadgeProps } from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { useEffect, useRef, useState } from "react";
import { useClient } from "../aws/clients";
import { Preformatted } from "../parts/preformatted";
import { Refused } from "../parts/refused";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { tables } from "../text/tables";
import { Follower } from "./follow";
import { type Image, imageText, typedText } from "./image";

const said = tables.live;
const KEPT = 1000; // records; older ones go
const PAGE = 10;
const CELL = 160; // characters

function Cut({ image }: { image: Image }) {
  const text = imageText(image, CELL);
  return <>{text ? (text.length > CELL ? `${text.slice(0, CELL)}…` : text) : app.none}</>;
}

const colours: Record<string, BadgeProps["color"]> = { INSERT: "green", MODIFY: "blue", REMOVE: "red" };

const Event = ({ record }: { record: StreamRecord }) => <Badge color={colours[record.eventName ?? ""] ?? "grey"}>{record.eventName}</Badge>;

const clockText = (time: Date | undefined) => time?.toLocaleTimeString("en", { hourCycle: "h23" }) ?? app.none;

const columns: TableProps.ColumnDefinition<StreamRecord>[] = [
  { id: "event", header: said.event, cell: (record) => <Event record={record} />, width: 110 },
  { id: "key", header: said.key, cell: (record) => <Cut image={record.dynamodb?.Keys as Image} />, width: 210, isRowHeader: true },
  { id: "time", header: said.time, cell: (record) => clockText(record.dynamodb?.ApproximateCreationDateTime), width: 100 },
  { id: "old", header: said.old, cell: (record) => <Cut image={record.dynamodb?.OldImage as Image} />, width: 240 },
  { id: "new", header: said.new, cell: (record) => <Cut image={record.dynamodb?.NewImage as Image} />, width: 240 },
];

type State = "starting" | "following" | "paused";

/** The records of a stream since this is shown. */
function useRecords(arn: string, paused: boolean) {
  const client = useClient(DynamoDBStreamsClient);
  const follower = useRef<Follower>(undefined);
  const [records, setRecords] = useState<StreamRecord[]>([]);
  const [error, setError] = useState<unknown>();
  const [begun, setBegun] = useState(false);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (paused) return;
    follower.current ??= new Follower(client, arn);
    const control = new AbortController();
    const take = (found: StreamRecord[]) => setRecords((all) => [...found.toReversed(), ...all].slice(0, KEPT));
    setError(undefined);
    follower.current.follow(take, control.signal, () => setBegun(true)).catch(setError);
    return () => control.abort();
  }, [client, arn, paused, round]);
  const state: State = paused ? "paused" : begun ? "following" : "starting";
  return { records, error, state, clear: () => setRecords([]), again: () => setRound(round + 1) };
}

function Chosen({ record }: { record: StreamRecord }) {
  const { Keys, OldImage, NewImage, SequenceNumber, SizeBytes } = record.dynamodb ?? {};
  const images: [string, Image][] = [
    [said.old, OldImage as Image],
    [said.new, NewImage as Image],
  ];
  const shown = OldImage || NewImage ? images : [[said.key, Keys as Image] as const];
  const side = (label: string, image: Image) => (
    <div key={label}>
      <Box variant="awsui-key-label">{label}</Box>
      {image ? <Preformatted label={label}>{typedText(image)}</Preformatted> : <Box>{app.none}</Box>}
    </div>
  );
  return (
    <Container header={<Header variant="h3" info={<Event record={record} />} description={said.about(timeText(record.dynamodb?.ApproximateCreationDateTime), SequenceNumber ?? "", SizeBytes ?? 0)}>{said.chosen}</Header>}>
      <ColumnLayout columns={2}>
        {shown.map(([label, image]) => side(label, image))}
      </ColumnLayout>
    </Container>
  );
}

export function LiveRecords({ arn }: { arn: string }) {
  const [paused, setPaused] = useState(false);
  const [page, setPage] = useState(1);
  const [chosen, choose] = useState<StreamRecord>();
  const { records, error, state, clear, again } = useRecords(arn, paused);
  const pages = Math.max(1, Math.ceil(records.length / PAGE));
  const shown = Math.min(page, pages);
  return (
    <SpaceBetween size="m">
      <Refused error={error} />
      <Table
        variant="container"
        columnDefinitions={columns}
        items={records.slice((shown - 1) * PAGE, shown * PAGE)}
        trackBy={(record) => record.eventID ?? ""}
        selectionType="single"
        selectedItems={chosen ? [chosen] : []}
        onSelectionChange={({ detail }) => choose(detail.selectedItems[0])}
        onRowClick={({ detail }) => choose(detail.item)}
        resizableColumns
        enableKeyboardNavigation
        ariaLabels={{ tableLabel: said.title, selectionGroupLabel: said.chosen, itemSelectionLabel: (_, record) => said.choose(imageText(record.dynamodb?.Keys as Image, CELL).slice(0, CELL)) }}
        empty={<Box textAlign="center" color="inherit">{state === "paused" ? said.emptyPaused : said.empty}</Box>}
        pagination={<Pagination currentPageIndex={shown} pagesCount={pages} onChange={({ detail }) => setPage(detail.currentPageIndex)} />}
        header={
          <Header
            variant="h2"
            counter={`(${records.length}${records.length === KEPT ? "+" : ""})`}
            description={error ? undefined : <StatusIndicator type={state === "following" ? "in-progress" : state === "paused" ? "stopped" : "loading"}>{said.states[state]}</StatusIndicator>}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <Button
                  disabled={!records.length}
                  onClick={() => {
                    clear();
                    choose(undefined);
                  }}
                >
                  {said.clear}
                </Button>
                {error ? (
                  <Button iconName="refresh" onClick={again}>{said.again}</Button>
                ) : (
                  <Button iconName={paused ? "play" : "pause"} onClick={() => setPaused(!paused)}>{paused ? said.resume : said.pause}</Button>
                )}
              </SpaceBetween>
            }
          >
            {said.title}
          </Header>
        }
      />
      {chosen && <Chosen record={chosen} />}
    </SpaceBetween>
  );
}
