// A new table of files in a bucket: where they are, and what the table is to be.

import { DynamoDBClient, ImportTableCommand, type ImportTableCommandInput, type InputCompressionType, type InputFormat } from "@aws-sdk/client-dynamodb";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type FormEvent, useState } from "react";
import { useAction } from "../app/asking";
import { tellDone } from "../app/notices";
import { navigate } from "../app/router";
import { useClient } from "../aws/clients";
import { Refused } from "../parts/refused";
import { app } from "../text/app";
import { copies } from "../text/copies";
import { createTable } from "../text/create_table";
import { Capacity, Details } from "./create_fields";
import { NewIndexes } from "./create_indexes";
import { type TableDraft, createInput, isComplete, newTable, problemsOfIndexes, tableProblems } from "./table_draft";

const said = copies.transfers;

interface Source {
  bucket: string;
  prefix: string;
  format: InputFormat;
  packing: InputCompressionType;
  /** Of CSV. */
  delimiter: string;
  /** Of CSV, separated by commas; empty: the first line of each file. */
  columns: string;
}

const formats: InputFormat[] = ["DYNAMODB_JSON", "ION", "CSV"];
const packings = (["NONE", "GZIP", "ZSTD"] as const).map((value) => ({ value, label: said.packings[value] }));

function importInput(source: Source, draft: TableDraft): ImportTableCommandInput {
  const { TableName, AttributeDefinitions, KeySchema, BillingMode, ProvisionedThroughput, GlobalSecondaryIndexes } = createInput(draft);
  const HeaderList = source.columns.split(",").map((name) => name.trim()).filter(Boolean);
  return {
    S3BucketSource: { S3Bucket: source.bucket, S3KeyPrefix: source.prefix || undefined },
    InputFormat: source.format,
    InputFormatOptions: source.format === "CSV" ? { Csv: { Delimiter: source.delimiter || undefined, HeaderList: HeaderList.length ? HeaderList : undefined } } : undefined,
    InputCompressionType: source.packing,
    TableCreationParameters: { TableName, AttributeDefinitions, KeySchema, BillingMode, ProvisionedThroughput, GlobalSecondaryIndexes },
  };
}

function SourceFields({ source, change, tried }: { source: Source; change: (changes: Partial<Source>) => void; tried: boolean }) {
  const text = (name: "bucket" | "prefix" | "delimiter" | "columns", more: { autoFocus?: boolean; placeholder?: string } = {}) => (
    <Input value={source[name]} spellcheck={false} autoComplete={false} onChange={({ detail }) => change({ [name]: detail.value })} {...more} />
  );
  return (
    <Container header={<Header variant="h2">{said.source}</Header>}>
      <SpaceBetween size="l">
        <FormField label={said.bucket} description={said.bucketHint} errorText={tried && !source.bucket ? createTable.needed : undefined}>{text("bucket", { autoFocus: true })}</FormField>
        <FormField label={said.prefix} description={said.prefixHint}>{text("prefix")}</FormField>
        <FormField label={said.packing}>
          <Select
            options={packings}
            selectedOption={packings.find(({ value }) => value === source.packing) ?? null}
            onChange={({ detail }) => change({ packing: detail.selectedOption.value as InputCompressionType })}
          />
        </FormField>
        <FormField label={said.format}>
          <RadioGroup
            ariaLabel={said.format}
            value={source.format}
            items={formats.map((value) => ({ value, label: said.formats[value] ?? value }))}
            onChange={({ detail }) => change({ format: detail.value as InputFormat })}
          />
        </FormField>
        {source.format === "CSV" && (
          <ColumnLayout columns={2}>
            <FormField label={said.delimiter} description={said.delimiterHint}>{text("delimiter", { placeholder: "," })}</FormField>
            <FormField label={said.columns} description={said.columnsHint}>{text("columns")}</FormField>
          </ColumnLayout>
        )}
      </SpaceBetween>
    </Container>
  );
}

export default function ImportTable() {
  const dynamodb = useClient(DynamoDBClient);
  const [source, setSource] = useState<Source>({ bucket: "", prefix: "", format: "DYNAMODB_JSON", packing: "NONE", delimiter: "", columns: "" });
  const [draft, setDraft] = useState(newTable);
  const [tried, setTried] = useState(false);
  const complete = isComplete(draft) && source.bucket !== "";
  const action = useAction(async () => {
    await dynamodb.send(new ImportTableCommand(importInput(source, draft)));
    tellDone(said.importing(draft.name));
    navigate("/imports");
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (complete && !action.busy) void action.run();
  };
  const part = { draft, change: (changes: Partial<TableDraft>) => setDraft((last) => ({ ...last, ...changes })), tried };
  return (
    <ContentLayout header={<Header variant="h1" description={said.importHint}>{said.startImport}</Header>}>
      <form onSubmit={submit}>
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={() => navigate("/imports")}>{app.cancel}</Button>
              <Button variant="primary" loading={action.busy}>{said.import}</Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            <SourceFields source={source} change={(changes) => setSource((last) => ({ ...last, ...changes }))} tried={tried} />
            <Details {...part} />
            <Capacity {...part} withClass={false} />
            <NewIndexes {...part} local={false} problems={tried ? problemsOfIndexes(draft) : []} />
            {tried && !complete && <Alert type="error">{tableProblems(draft).types ?? createTable.wrong}</Alert>}
            <Refused error={action.error} onDismiss={action.clear} />
          </SpaceBetween>
        </Form>
      </form>
    </ContentLayout>
  );
}
