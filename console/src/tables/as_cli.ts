// A new table as commands of the AWS CLI.

import type { TableDraft } from "./table_draft";
import { createInput } from "./table_draft";

/** For a POSIX shell: in single quotes, unless it needs none. */
export const quoted = (text: string) => (/^[\w.,:/=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

const plain = /^[\w.-]+$/;

/** The CLI's shorthand for a list of flat structures, or JSON where a value would not survive it. */
function structures(list: object[]): string {
  const simple = list.every((item) => Object.values(item).every((value) => typeof value !== "object" && plain.test(String(value))));
  if (!simple) return quoted(JSON.stringify(list));
  return list.map((item) => quoted(Object.entries(item).map(([name, value]) => `${name}=${value}`).join(","))).join(" ");
}

const structure = (item: object) => structures([item]);
const command = (endpoint: string, operation: string, options: string[]) => [`aws dynamodb ${operation}`, ...options, `--endpoint-url ${quoted(endpoint)}`].join(" \\\n  ");

export function asCli(draft: TableDraft, endpoint: string): string {
  const input = createInput(draft);
  const table = `--table-name ${quoted(draft.name)}`;
  const options = [
    table,
    `--attribute-definitions ${structures(input.AttributeDefinitions ?? [])}`,
    `--key-schema ${structures(input.KeySchema ?? [])}`,
    `--billing-mode ${input.BillingMode}`,
  ];
  const put = (name: string, text: string | false | undefined) => text && options.push(`--${name} ${text}`);
  put("provisioned-throughput", input.ProvisionedThroughput && structure(input.ProvisionedThroughput));
  put("global-secondary-indexes", input.GlobalSecondaryIndexes && quoted(JSON.stringify(input.GlobalSecondaryIndexes)));
  put("local-secondary-indexes", input.LocalSecondaryIndexes && quoted(JSON.stringify(input.LocalSecondaryIndexes)));
  put("stream-specification", input.StreamSpecification && structure(input.StreamSpecification));
  put("table-class", input.TableClass);
  if (draft.protection) options.push("--deletion-protection-enabled");
  put("tags", input.Tags && structures(input.Tags));
  const commands = [command(endpoint, "create-table", options)];
  if (draft.ttl || draft.recovery) commands.push(command(endpoint, "wait table-exists", [table]));
  if (draft.ttl) commands.push(command(endpoint, "update-time-to-live", [table, `--time-to-live-specification ${structure({ Enabled: true, AttributeName: draft.ttl })}`]));
  if (draft.recovery) commands.push(command(endpoint, "update-continuous-backups", [table, "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"]));
  return commands.join("\n\n");
}
