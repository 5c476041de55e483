// What a table is: its keys, its size, its settings.

import { DescribeContinuousBackupsCommand, DescribeTimeToLiveCommand, DynamoDBClient, type TableDescription } from "@aws-sdk/client-dynamodb";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { useAnswer } from "../app/asking";
import { useClient } from "../aws/clients";
import { Asked } from "../parts/asked";
import { Copyable } from "../parts/copyable";
import { countText, sizeText, timeText } from "../parts/words";
import { app } from "../text/app";
import { tables } from "../text/tables";
import { type TabProps, billingText, isOnDemand, keyText } from "./describe";
import { Status, Switched } from "./status";

const said = tables.overview;

const pair = (label: string, value: ReactNode): KeyValuePairsProps.Pair => ({ label, value });

/** `long` are those that need the room of two. */
function Pairs({ title, items, long = [] }: { title: string; items: KeyValuePairsProps.Item[]; long?: KeyValuePairsProps.Item[] }) {
  return (
    <Container header={<Header variant="h2">{title}</Header>}>
      <SpaceBetween size="l">
        <KeyValuePairs columns={4} minColumnWidth={190} items={items} />
        {long.length > 0 && <KeyValuePairs columns={2} minColumnWidth={300} items={long} />}
      </SpaceBetween>
    </Container>
  );
}

const averageSize = ({ ItemCount, TableSizeBytes }: TableDescription) => (ItemCount ? sizeText(Math.round((TableSizeBytes ?? 0) / ItemCount)) : app.none);

const limit = (units: number | undefined) => (units === undefined || units < 0 ? said.noLimit : countText(units));

function capacityPairs(table: TableDescription) {
  const { ProvisionedThroughput: own, OnDemandThroughput: most, WarmThroughput: warm } = table;
  return [
    pair(said.mode, billingText(table)),
    ...(isOnDemand(table)
      ? [pair(said.mostReads, limit(most?.MaxReadRequestUnits)), pair(said.mostWrites, limit(most?.MaxWriteRequestUnits))]
      : [pair(said.reads, countText(own?.ReadCapacityUnits)), pair(said.writes, countText(own?.WriteCapacityUnits))]),
    pair(said.warm, warm ? said.units(countText(warm.ReadUnitsPerSecond), countText(warm.WriteUnitsPerSecond)) : app.none),
  ];
}

export function Overview({ table, name }: TabProps) {
  const dynamodb = useClient(DynamoDBClient);
  const backups = useAnswer(async () => (await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: name }))).ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {}, [dynamodb, name, table.TableStatus]);
  const ttl = useAnswer(async () => (await dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name }))).TimeToLiveDescription ?? {}, [dynamodb, name, table.TableStatus]);
  const pitr = (
    <Asked answer={backups}>{(value) => <Switched on={value.PointInTimeRecoveryStatus === "ENABLED"} />}</Asked>
  );
  const stream = table.StreamSpecification?.StreamEnabled;
  return (
    <SpaceBetween size="l">
      <Pairs
        title={said.general}
        items={[
          pair(tables.partitionKey, keyText(table, table.KeySchema, "HASH")),
          pair(tables.sortKey, keyText(table, table.KeySchema, "RANGE")),
          pair(tables.statusOf, <Status of={table.TableStatus} />),
          pair(tables.created, timeText(table.CreationDateTime)),
          pair(tables.items, countText(table.ItemCount)),
          pair(tables.size, sizeText(table.TableSizeBytes)),
          pair(said.average, averageSize(table)),
          pair(said.tableClass, tables.tableClass.names[table.TableClassSummary?.TableClass ?? "STANDARD"]),
        ]}
        long={[
          pair(tables.arn, table.TableArn ? <Copyable text={table.TableArn} label={tables.arn} /> : app.none),
          pair(said.id, table.TableId ? <Copyable text={table.TableId} label={said.id} /> : app.none),
        ]}
      />
      <Pairs title={said.capacity} items={capacityPairs(table)} />
      <Pairs
        title={said.settings}
        items={[
          pair(tables.protection, <Switched on={table.DeletionProtectionEnabled} />),
          pair(said.pitr, pitr),
          pair(tables.stream, stream ? tables.streams.views[table.StreamSpecification?.StreamViewType ?? ""] : <Switched on={false} />),
          pair(
            said.ttl,
            <Asked answer={ttl}>
              {(value) => (value.TimeToLiveStatus === "ENABLED" ? said.ttlOn(value.AttributeName ?? "") : <Status of={value.TimeToLiveStatus} />)}
            </Asked>,
          ),
          pair(said.encryption, table.SSEDescription?.SSEType === "KMS" ? said.kms : said.ownedKey),
          pair(said.replicas, countText(table.Replicas?.length ?? 0)),
        ]}
      />
    </SpaceBetween>
  );
}
