// Items from a file or what was pasted: /items/import?table=…

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FileDropzone from "@cloudscape-design/components/file-dropzone";
import FileInput from "@cloudscape-design/components/file-input";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useMemo, useState } from "react";
import { navigate, useQuery } from "../app/router";
import { Refused } from "../parts/refused";
import { sizeText } from "../parts/words";
import { files as said } from "../text/items";
import { cameFrom } from "./came_from";
import { Waiting } from "./edit";
import { ImportFormat } from "./import_format";
import { ImportRun } from "./import_run";
import { type Format, recognise } from "./files";
import { useTable } from "./tables_data";
import { type Target, targetOf } from "./target";

const LARGEST = 200 * 1024 * 1024; // it is held in the browser as a whole

interface Source {
  name: string;
  text: string;
}

function Pick({ onSource }: { onSource: (source: Source) => void }) {
  const [pasted, setPasted] = useState("");
  const [wrong, setWrong] = useState<string>();
  const read = async (files: File[]) => {
    const [file] = files;
    if (!file) return;
    if (file.size > LARGEST) return setWrong(said.tooLarge(file.name, sizeText(file.size), sizeText(LARGEST)));
    try {
      onSource({ name: file.name, text: await file.text() });
    } catch (error) {
      setWrong(said.unreadable(file.name, (error as Error).message));
    }
  };
  return (
    <Container header={<Header variant="h2" description={said.kinds}>{said.choose}</Header>}>
      <SpaceBetween size="m">
        <FileDropzone onChange={({ detail }) => void read(detail.value)}>
          <SpaceBetween size="xs" alignItems="center">
            <FileInput value={[]} accept=".json,.jsonl,.ndjson,.csv,.tsv,.txt" onChange={({ detail }) => void read(detail.value)}>{said.file}</FileInput>
            <Box color="text-body-secondary">{said.drop}</Box>
          </SpaceBetween>
        </FileDropzone>
        {wrong && <Alert type="error">{wrong}</Alert>}
        <FormField label={said.paste} stretch>
          <Textarea value={pasted} rows={6} spellcheck={false} onChange={({ detail }) => setPasted(detail.value)} />
        </FormField>
        <Button disabled={!pasted.trim()} onClick={() => onSource({ name: said.pasted, text: pasted })}>{said.usePasted}</Button>
      </SpaceBetween>
    </Container>
  );
}

function Chosen({ source, target, onOther }: { source: Source; target: Target; onOther: () => void }) {
  const found = useMemo(() => recognise(source.text, target.key), [source, target]);
  const [format, setFormat] = useState<Format>(found);
  const [running, setRunning] = useState(false);
  return (
    <SpaceBetween size="m">
      <Container header={<Header variant="h2" description={said.of(source.name, sizeText(source.text.length))} actions={<Button disabled={running} onClick={onOther}>{said.other}</Button>}>{said.reading}</Header>}>
        <ImportFormat text={source.text} format={format} target={target} onChange={setFormat} disabled={running} />
      </Container>
      <ImportRun text={source.text} format={format} target={target} onRunning={setRunning} />
    </SpaceBetween>
  );
}

export default function Import() {
  const [parameters] = useQuery();
  const name = parameters.get("table") ?? "";
  const table = useTable(name);
  const target = useMemo(() => table.value && targetOf(table.value), [table.value]);
  const [source, setSource] = useState<Source>();
  if (table.error) return <Refused error={table.error} />;
  if (!target) return <Waiting />;
  return (
    <SpaceBetween size="m">
      <Header variant="h1" actions={<Button onClick={() => navigate(cameFrom(name))}>{said.back}</Button>}>{said.title(name)}</Header>
      {source ? <Chosen source={source} target={target} onOther={() => setSource(undefined)} /> : <Pick onSource={setSource} />}
    </SpaceBetween>
  );
}
