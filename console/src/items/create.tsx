// A new item: /items/create?table=…, perhaps like another: &from=KEY

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { useMemo } from "react";
import { useAnswer } from "../app/asking";
import { useQuery } from "../app/router";
import { useClient } from "../aws/clients";
import { Refused } from "../parts/refused";
import { editing as said } from "../text/items";
import { Waiting } from "./edit";
import { ItemEditor } from "./editor";
import { keyFromUrl } from "./notation";
import { readItemAt } from "./saving";
import { useTable } from "./tables_data";
import { targetOf } from "./target";

export default function Create() {
  const [parameters] = useQuery();
  const dynamodb = useClient(DynamoDBClient);
  const name = parameters.get("table") ?? "",
    from = parameters.get("from") ?? "";
  const table = useTable(name);
  const target = useMemo(() => table.value && targetOf(table.value), [table.value]);
  const key = useMemo(() => keyFromUrl(from), [from]);
  const found = useAnswer(async (signal) => ({ item: key ? await readItemAt(dynamodb, name, key, signal) : undefined, of: from }), [dynamodb, name, from]);
  if (table.error || found.error) return <Refused error={table.error ?? found.error} />;
  if (!target || found.value?.of !== from) return <Waiting />;
  return <ItemEditor key={`${name} ${from}`} target={target} read={undefined} initial={found.value.item ?? {}} title={found.value.item ? said.duplicateTitle : said.createTitle} />;
}
