// Says before it is run that a SELECT reads the whole of its table or index.

import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import Alert from "@cloudscape-design/components/alert";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useRef, useState } from "react";
import { useClient } from "../aws/clients";
import { refusal } from "../aws/errors";
import { partiql } from "../text/partiql";
import { type Statement, namesPartition, sourceOf } from "./statements";

const LOOKED_AT = 10; // statements whose tables are looked up
const WAIT_MS = 300; // until one has typed a name to its end

type Keys = Map<string, Promise<string | undefined>>;

const nameOf = ({ table, index }: { table: string; index?: string }) => (index ? `${table}.${index}` : table);

async function lookUp(dynamodb: DynamoDBClient, { table, index }: { table: string; index?: string }): Promise<string | undefined> {
  const found = (await dynamodb.send(new DescribeTableCommand({ TableName: table }))).Table;
  const indexes = [...(found?.GlobalSecondaryIndexes ?? []), ...(found?.LocalSecondaryIndexes ?? [])];
  const schema = index ? indexes.find((each) => each.IndexName === index)?.KeySchema : found?.KeySchema;
  return schema?.find((key) => key.KeyType === "HASH")?.AttributeName;
}

export function ScanWarning({ statements }: { statements: Statement[] }) {
  const dynamodb = useClient(DynamoDBClient);
  const keys = useRef<Keys>(new Map());
  const [scans, setScans] = useState<{ count: number; name: string; key: string }[]>([]);
  useEffect(() => {
    let late = false;
    const keyOf = (source: { table: string; index?: string }) => {
      const name = nameOf(source);
      // What cannot be known, because there is no such table or one may not describe it, is not warned of. Who may not is not
      // asked for again at the next letter.
      const failed = (error: unknown) => void (refusal(error).denied || keys.current.delete(name));
      if (!keys.current.has(name)) keys.current.set(name, lookUp(dynamodb, source).catch(failed));
      return keys.current.get(name);
    };
    const timer = setTimeout(async () => {
      const found = await Promise.all(
        statements.slice(0, LOOKED_AT).map(async (statement, i) => {
          const source = sourceOf(statement);
          const key = source && (await keyOf(source));
          return source && key && !namesPartition(statement, key) ? [{ count: i + 1, name: nameOf(source), key }] : [];
        }),
      );
      if (!late) setScans(found.flat());
    }, WAIT_MS);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [statements, dynamodb]);
  if (scans.length === 0) return null;
  return (
    <SpaceBetween size="xs">
      {scans.map(({ count, name, key }) => (
        <Alert key={count} type="warning" header={(statements.length > 1 ? partiql.scan.number(count) : "") + partiql.scan.header(name)}>
          {partiql.scan.content(key)}
        </Alert>
      ))}
    </SpaceBetween>
  );
}
