// Downloads what a scan or query found: the items of the page, or of every page.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import RadioGroup from "@cloudscape-design/components/radio-group";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useEffect, useRef, useState } from "react";
import { useAction } from "../app/asking";
import { useClient } from "../aws/clients";
import { Refused } from "../parts/refused";
import { app } from "../text/app";
import { downloading as said } from "../text/items";
import type { Input } from "./expression";
import { type Output, Writer, endingOf, mediaType, outputs } from "./output";
import { readPage } from "./paging";
import type { Target } from "./target";
import type { Item } from "./value";

const MOST = 1_000_000; // items of one file, which the browser holds as a whole

function save(name: string, parts: string[], type: string) {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the browser reads it after the click
}

interface DownloadProps {
  target: Target;
  mode: "scan" | "query";
  input: Input;
  shown: Item[];
  onClose: () => void;
}

export function Download({ target, mode, input, shown, onClose }: DownloadProps) {
  const dynamodb = useClient(DynamoDBClient);
  const [output, setOutput] = useState<Output>("json");
  const [scope, setScope] = useState<"page" | "all">("page");
  const [count, setCount] = useState(0);
  const [limited, setLimited] = useState(false);
  const control = useRef<AbortController>(undefined);
  useEffect(() => () => control.current?.abort(), []);

  const all = async (writer: Writer) => {
    control.current = new AbortController();
    let from: Item | undefined;
    do {
      const { Limit: _, ...rest } = input; // pages as large as the server gives
      const page = await readPage(dynamodb, mode, rest, from, control.current.signal);
      writer.add(page.items);
      setCount(writer.count);
      from = page.last;
    } while (from && writer.count < MOST);
    return from !== undefined;
  };
  const run = useAction(async () => {
    const writer = new Writer(output, target.key.map(({ name }) => name));
    setCount(0);
    let more = false;
    if (scope === "page") writer.add(shown);
    else more = await all(writer);
    save(`${target.table}.${endingOf[output]}`, writer.end(), mediaType[output]);
    setLimited(more);
    if (!more) onClose();
  });
  return (
    <Modal
      visible
      header={said.header}
      closeAriaLabel={app.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>{app.cancel}</Button>
            <Button variant="primary" loading={run.busy} onClick={() => void run.run()}>{said.submit}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <FormField label={said.scope}>
          <RadioGroup
            value={scope}
            onChange={({ detail }) => setScope(detail.value as typeof scope)}
            items={[{ value: "page", label: said.page(shown.length) }, { value: "all", label: said.all, description: said.allHint }]}
          />
        </FormField>
        <FormField label={said.format}>
          <RadioGroup value={output} onChange={({ detail }) => setOutput(detail.value as Output)} items={outputs.map((value) => ({ value, label: said.formats[value], description: said.hints[value] }))} />
        </FormField>
        {output === "csv" && <Alert type="info">{said.formulas}</Alert>}
        {run.busy && scope === "all" && <StatusIndicator type="loading">{said.progress(count)}</StatusIndicator>}
        {limited && <Alert type="warning">{said.limited(MOST)}</Alert>}
        <Refused error={run.error} />
      </SpaceBetween>
    </Modal>
  );
}
