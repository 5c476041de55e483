// One item: /items/edit?table=…&key=…

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useMemo, useState } from "react";
import { useAnswer } from "../app/asking";
import { navigate, path, useQuery } from "../app/router";
import { useClient } from "../aws/clients";
import { Deletion } from "../parts/deletion";
import { Refused } from "../parts/refused";
import { app } from "../text/app";
import { editing as said } from "../text/items";
import { cameFrom } from "./came_from";
import { planDeletion } from "./change";
import { ItemEditor } from "./editor";
import { keyFromUrl } from "./notation";
import { type Overtaken, deleteAsRead, namesOfKey, readItemAt } from "./saving";
import { useTable } from "./tables_data";
import { type Target, targetOf } from "./target";
import { type Item, keyOf } from "./value";

function Actions({ target, item, keyText, onConflict, onDone }: { target: Target; item: Item; keyText: string; onConflict: (overtaken: Overtaken) => void; onDone: () => void }) {
  const dynamodb = useClient(DynamoDBClient);
  const [asking, setAsking] = useState(false);
  const key = keyOf(item, namesOfKey(target)) ?? {};
  const { uncompared } = planDeletion(key, item);
  let overtaken: Overtaken | undefined;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button onClick={() => setAsking(true)}>{said.delete}</Button>
      <Button onClick={() => navigate(path`/items/create?table=${target.table}&from=${keyText}`)}>{said.duplicate}</Button>
      {asking && (
        <Deletion
          what={said.thisItem}
          act={async () => void (overtaken = await deleteAsRead(dynamodb, target, item))}
          onClose={(deleted) => {
            setAsking(false);
            if (overtaken) onConflict(overtaken);
            else if (deleted) onDone();
          }}
        >
          {uncompared > 0 ? said.deleteUncompared(uncompared) : said.deleteHint}
        </Deletion>
      )}
    </SpaceBetween>
  );
}

export const Waiting = () => <Box padding="xxl" textAlign="center"><Spinner size="large" /> {app.loading}</Box>;

export default function Edit() {
  const [parameters] = useQuery();
  const dynamodb = useClient(DynamoDBClient);
  const name = parameters.get("table") ?? "",
    keyText = parameters.get("key") ?? "";
  const table = useTable(name);
  const target = useMemo(() => table.value && targetOf(table.value), [table.value]);
  const key = useMemo(() => keyFromUrl(keyText), [keyText]);
  const found = useAnswer(async (signal) => (key ? { item: await readItemAt(dynamodb, name, key, signal), of: keyText } : undefined), [dynamodb, name, keyText]);
  if (!key) return <Alert type="error">{said.badKey}</Alert>;
  if (table.error || found.error) return <Refused error={table.error ?? found.error} />;
  if (!target || found.value?.of !== keyText) return <Waiting />;
  const { item } = found.value;
  if (!item)
    return (
      <Alert type="warning" header={said.noItem} action={<Button onClick={() => navigate(cameFrom(name))}>{said.toItems}</Button>}>
        {said.noItemHint}
      </Alert>
    );
  return (
    <ItemEditor
      key={`${name} ${keyText}`}
      target={target}
      read={item}
      initial={item}
      title={said.editTitle}
      actions={(base, onConflict, onDone) => <Actions target={target} item={base} keyText={keyText} onConflict={onConflict} onDone={onDone} />}
    />
  );
}
