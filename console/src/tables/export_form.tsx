// Starts an export of a table to a bucket.

import { DynamoDBClient, type ExportFormat, ExportTableToPointInTimeCommand, type ExportTableToPointInTimeCommandInput } from "@aws-sdk/client-dynamodb";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import { useState } from "react";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { Dialog } from "../parts/dialog";
import { createTable } from "../text/create_table";
import { copies } from "../text/copies";
import { MomentField, dateOf, momentOf } from "./moment_field";

const said = copies.transfers;

type Kind = "now" | "moment" | "incremental";

export function StartExport({ arn, onClose }: { arn: string; onClose: () => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const [bucket, setBucket] = useState("");
  const [prefix, setPrefix] = useState("");
  const [format, setFormat] = useState<ExportFormat>("DYNAMODB_JSON");
  const [kind, setKind] = useState<Kind>("now");
  const [from, setFrom] = useState(() => momentOf(new Date(Date.now() - 3_600_000)));
  const [to, setTo] = useState(() => momentOf(new Date()));
  const [tried, setTried] = useState(false);
  const bad = (moment: typeof from) => (tried && !dateOf(moment) ? copies.moment.bad : undefined);

  const times = (): Partial<ExportTableToPointInTimeCommandInput> => {
    if (kind === "now") return {};
    if (kind === "moment") return { ExportTime: dateOf(to) };
    return { ExportType: "INCREMENTAL_EXPORT", IncrementalExportSpecification: { ExportFromTime: dateOf(from), ExportToTime: dateOf(to), ExportViewType: "NEW_AND_OLD_IMAGES" } };
  };
  const act = async () => {
    setTried(true);
    if (!bucket || (kind !== "now" && !dateOf(to)) || (kind === "incremental" && !dateOf(from))) return false;
    await dynamodb.send(new ExportTableToPointInTimeCommand({ TableArn: arn, S3Bucket: bucket, S3Prefix: prefix || undefined, ExportFormat: format, ...times() }));
    return tellDone(said.began(bucket));
  };
  return (
    <Dialog size="large" header={said.startExport} submit={said.startExport} act={act} onClose={onClose}>
      <FormField label={said.bucket} description={said.bucketHint} errorText={tried && !bucket ? createTable.needed : undefined}>
        <Input value={bucket} autoFocus spellcheck={false} autoComplete={false} onChange={({ detail }) => setBucket(detail.value)} />
      </FormField>
      <FormField label={said.prefix} description={said.prefixHint}>
        <Input value={prefix} spellcheck={false} autoComplete={false} onChange={({ detail }) => setPrefix(detail.value)} />
      </FormField>
      <FormField label={said.what}>
        <RadioGroup
          ariaLabel={said.what}
          value={kind}
          items={(["now", "moment", "incremental"] as const).map((value) => ({ value, label: said.kinds[value], description: said.kindHints[value] }))}
          onChange={({ detail }) => setKind(detail.value as Kind)}
        />
      </FormField>
      {kind === "incremental" && <MomentField label={said.from} value={from} onChange={setFrom} error={bad(from)} />}
      {kind !== "now" && <MomentField label={kind === "moment" ? said.asOf : said.to} value={to} onChange={setTo} error={bad(to)} />}
      <FormField label={said.format}>
        <RadioGroup
          ariaLabel={said.format}
          value={format}
          items={(["DYNAMODB_JSON", "ION"] as const).map((value) => ({ value, label: said.formats[value] ?? value }))}
          onChange={({ detail }) => setFormat(detail.value as ExportFormat)}
        />
      </FormField>
    </Dialog>
  );
}
