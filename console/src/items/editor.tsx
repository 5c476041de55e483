// The editor of one item, new or as it was read: what is wanted, what that changes, and who was faster.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useAction } from "../app/asking";
import { tellDone } from "../app/notices";
import { guardLeaving, navigate } from "../app/router";
import { useClient } from "../aws/clients";
import { app } from "../text/app";
import { editing as said } from "../text/items";
import { cameFrom } from "./came_from";
import { summary } from "./cell";
import { onTop, planChange } from "./change";
import { keyProblem, useDraft } from "./draft";
import { DraftEditor } from "./draft_editor";
import { Conflict, Review } from "./review";
import { type Overtaken, carryOut, namesOfKey, putNew } from "./saving";
import type { Target } from "./target";
import { type Item, equalItems, keyOf } from "./value";
import "./items.css";

/** Asks before unsaved changes are lost. */
function useGuard(dirty: boolean) {
  const state = useRef(dirty);
  state.current = dirty;
  useEffect(() => {
    guardLeaving(() => !state.current || window.confirm(said.leave));
    const unload = (event: BeforeUnloadEvent) => state.current && event.preventDefault();
    window.addEventListener("beforeunload", unload);
    return () => {
      guardLeaving(undefined);
      window.removeEventListener("beforeunload", unload);
    };
  }, []);
  return () => void (state.current = false);
}

interface EditorProps {
  target: Target;
  /** As it was read; undefined for a new one. */
  read: Item | undefined;
  /** What to begin with. */
  initial: Item;
  title: string;
  /** They get the item as it was last read. */
  actions?: (base: Item, conflict: (overtaken: Overtaken) => void, done: () => void) => ReactNode;
}

/** Of which table it is, and which item. */
function describe(target: Target, read: Item | undefined): string {
  const key = read && keyOf(read, namesOfKey(target));
  return key ? said.which(target.table, Object.values(key).map((value) => summary(value, 60).text)) : target.table;
}

export function ItemEditor({ target, read, initial, title, actions }: EditorProps) {
  const dynamodb = useClient(DynamoDBClient);
  const [base, setBase] = useState(read);
  const draft = useDraft(initial, target);
  const [reviewing, setReviewing] = useState(false);
  const [overtaken, setOvertaken] = useState<{ theirs: Item | undefined; mine: Item }>();
  const names = namesOfKey(target);
  const { item } = draft;
  // A new item that someone already made, and whose key was changed then, is new again.
  const over = base && (read || (item && equalItems(keyOf(item, names) ?? {}, keyOf(base, names) ?? {}))) ? base : undefined;
  const complaint = item && keyProblem(item, target, read && keyOf(read, names));
  const plan = useMemo(() => {
    const key = over && keyOf(over, names);
    return reviewing && key && item ? planChange(key, over, item) : undefined;
  }, [reviewing, over, item]);
  const unchanged = over !== undefined && item !== undefined && equalItems(over, item);
  const clean = useGuard(draft.touched && (!item || !equalItems(item, over ?? initial)));

  const conflict = ({ theirs }: Overtaken) => {
    setReviewing(false);
    setOvertaken({ theirs, mine: item ?? initial });
    window.scrollTo(0, 0);
  };
  const done = (told: string) => {
    clean();
    tellDone(told);
    navigate(cameFrom(target.table));
  };
  const save = useAction(async () => {
    if (!item) return;
    const found = plan ? await carryOut(dynamodb, target.table, plan) : await putNew(dynamodb, target, item);
    if (found) conflict(found);
    else done(over ? said.saved : said.created);
  });
  const take = (mine: boolean) => {
    if (!overtaken) return;
    const { theirs } = overtaken;
    if (!theirs && !mine) return done(said.leftGone);
    draft.set(!theirs ? overtaken.mine : mine ? (base ? onTop(base, overtaken.mine, theirs) : overtaken.mine) : theirs);
    setBase(theirs);
    setOvertaken(undefined);
  };

  return (
    <SpaceBetween size="m">
      <Header
        variant="h1"
        description={describe(target, read)}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {base && !overtaken && actions?.(base, conflict, () => done(said.deleted))}
            <Button variant="link" onClick={() => navigate(cameFrom(target.table))}>{app.cancel}</Button>
            <Button variant="primary" disabled={draft.pending || !item || unchanged || complaint !== undefined || overtaken !== undefined} onClick={() => { save.clear(); setReviewing(true); }}>
              {over ? said.review : said.reviewNew}
            </Button>
          </SpaceBetween>
        }
      >
        {title}
      </Header>
      {overtaken && <Conflict base={base} {...overtaken} onTheirs={() => take(false)} onMine={() => take(true)} />}
      {complaint && <Box color={draft.touched ? "text-status-error" : "text-body-secondary"}>{complaint}</Box>}
      {!overtaken && <DraftEditor draft={draft} target={target} fixedKey={read !== undefined} />}
      {reviewing && item && <Review before={over} after={item} plan={plan} busy={save.busy} error={save.error} onSave={() => void save.run()} onClose={() => setReviewing(false)} />}
    </SpaceBetween>
  );
}
