// Deletes the items that are selected, after asking.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import Box from "@cloudscape-design/components/box";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { Deletion } from "../parts/deletion";
import { deleting as said } from "../text/items";
import type { Row } from "./grid";
import { BATCH, writeBatch } from "./writing";

const NAMED = 10; // keys that are listed

export function DeleteItems({ table, rows, onClose }: { table: string; rows: Row[]; onClose: (deleted: boolean) => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const [done, setDone] = useState<number>();
  const act = async () => {
    const keys = rows.map(({ key }) => key).filter((key) => key !== undefined);
    for (let from = 0; from < keys.length; from += BATCH) {
      setDone(from);
      const left = await writeBatch(dynamodb, table, keys.slice(from, from + BATCH).map((Key) => ({ DeleteRequest: { Key } })));
      if (left.length) throw new Error(said.left(left.length, from));
    }
    tellDone(said.done(keys.length));
  };
  return (
    <Deletion what={said.items(rows.length)} act={act} onClose={onClose}>
      <SpaceBetween size="s">
        <Box>{said.hint}</Box>
        <ul className="items-marks">
          {rows.slice(0, NAMED).map(({ id, name }) => (
            <li key={id} className="items-code items-break">{name}</li>
          ))}
          {rows.length > NAMED && <li>{said.more(rows.length - NAMED)}</li>}
        </ul>
        {done !== undefined && <ProgressBar value={(done / rows.length) * 100} label={said.progress(done, rows.length)} />}
      </SpaceBetween>
    </Deletion>
  );
}
