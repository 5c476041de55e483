// Puts the items of a file, and says of each row that was not put why.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useEffect, useRef, useState } from "react";
import { useAction } from "../app/asking";
import { navigate } from "../app/router";
import { useClient } from "../aws/clients";
import { Refused } from "../parts/refused";
import { files as said } from "../text/items";
import { cameFrom } from "./came_from";
import { type Format, fileRows } from "./files";
import { type Progress, Putting } from "./putting";
import type { Target } from "./target";

function Result({ progress, stopped }: { progress: Progress; stopped: boolean }) {
  return (
    <Alert type={stopped || progress.failed ? "warning" : "success"}>{(stopped ? said.stopped : said.done)(progress.put, progress.failed)}</Alert>
  );
}

function Errors({ progress }: { progress: Progress }) {
  if (!progress.failed) return null;
  return (
    <Table
      variant="embedded"
      wrapLines
      items={progress.errors}
      ariaLabels={{ tableLabel: said.errors }}
      footer={progress.failed > progress.errors.length ? said.moreErrors(progress.failed - progress.errors.length) : undefined}
      columnDefinitions={[
        { id: "line", header: said.line, width: 90, cell: ({ line }) => line },
        { id: "error", header: said.error, cell: ({ text }) => text },
      ]}
    />
  );
}

export function ImportRun({ text, format, target, onRunning }: { text: string; format: Format; target: Target; onRunning: (running: boolean) => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const [keep, setKeep] = useState(false);
  const [progress, setProgress] = useState<Progress>();
  const running = useRef<Putting>(undefined);
  useEffect(() => () => void (running.current && (running.current.stopped = true)), []); // who leaves, stops it
  const put = useAction(async () => {
    const putting = new Putting(dynamodb, target, keep, setProgress);
    running.current = putting;
    onRunning(true);
    try {
      await putting.run(fileRows(text, format));
    } finally {
      setProgress({ ...putting.progress });
      onRunning(false);
    }
  });
  const part = progress ? (progress.at / text.length) * 100 : 0;
  const ended = progress && !put.busy;
  return (
    <Container>
      <SpaceBetween size="m">
        <Checkbox checked={keep} disabled={put.busy} description={said.keepHint} onChange={({ detail }) => setKeep(detail.checked)}>{said.keep}</Checkbox>
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="primary" loading={put.busy} onClick={() => void put.run()}>{said.put}</Button>
          {put.busy && <Button onClick={() => running.current && (running.current.stopped = true)}>{said.stop}</Button>}
          {ended && <Button onClick={() => navigate(cameFrom(target.table))}>{said.look}</Button>}
        </SpaceBetween>
        {put.busy && <ProgressBar value={part} label={said.progress(progress?.put ?? 0, progress?.failed ?? 0)} />}
        <Refused error={put.error} />
        {ended && <Result progress={progress} stopped={put.error !== undefined || (running.current?.stopped ?? false)} />}
        {progress && <Errors progress={progress} />}
      </SpaceBetween>
    </Container>
  );
}
