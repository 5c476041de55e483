// What a user, group or role may do: the policies that it has, attached and inline, and for a user those of its groups.

import { IAMClient } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAction, useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { navigate, path } from "../app/router";
import { useClient } from "../aws/clients";
import { Buttons } from "../parts/buttons";
import { Deletion } from "../parts/deletion";
import { FormModal } from "../parts/form_modal";
import { Link } from "../parts/link";
import { Refused } from "../parts/refused";
import { ResourceTable } from "../parts/resource_table";
import { access } from "../text/access";
import { PolicyChoice } from "./choice";
import { type Holder, attach, attachedOf, detach, eraseInline, inlineDocument, inlineOf, putInline } from "./holders";
import type { LintHolder } from "./lint";
import { isAws } from "./policies_data";
import { PolicyEditor, emptyPolicy } from "./policy_editor";
import { groupsOf } from "./removal";

const said = access.permissions;

interface Held {
  id: string;
  name: string;
  /** Undefined for an inline policy. */
  arn?: string;
  holder: Holder;
}

async function heldBy(iam: IAMClient, holder: Holder): Promise<Held[]> {
  const [attached, inline] = await Promise.all([attachedOf(iam, holder), inlineOf(iam, holder)]);
  const id = (name: string) => `${holder.word}/${holder.name}/${name}`;
  return [...inline.map((name) => ({ id: id(name), name, holder })), ...attached.map(({ name, arn }) => ({ id: id(arn), name, arn, holder }))];
}

/** Its own, and those that come through groups. */
export async function allHeldBy(iam: IAMClient, holder: Holder): Promise<Held[]> {
  const groups = holder.word === "user" ? await groupsOf(iam, holder.name) : [];
  const holders: Holder[] = [holder, ...groups.map(({ GroupName = "" }): Holder => ({ word: "group", name: GroupName }))];
  return (await Promise.all(holders.map((each) => heldBy(iam, each)))).flat();
}

function AttachWindow({ holder, held, onClose }: { holder: Holder; held: Held[]; onClose: (done: boolean) => void }) {
  const iam = useClient(IAMClient);
  const [chosen, setChosen] = useState<string[]>([]);
  const act = async () => {
    for (const arn of chosen) await attach(iam, holder, arn);
  };
  return (
    <FormModal header={said.attachTo(holder.name)} submit={said.attach} ready={chosen.length > 0} act={act} onClose={onClose}>
      <PolicyChoice label={said.title} chosen={chosen} onChange={setChosen} without={held.flatMap(({ arn, holder: { word } }) => (arn && word === holder.word ? [arn] : []))} />
    </FormModal>
  );
}

/** An inline policy: a new one without `name`. */
function InlineWindow({ holder, name: given, document: first, lintHolder, onClose }: { holder: Holder; name?: string; document: string; lintHolder: LintHolder; onClose: (done: boolean) => void }) {
  const iam = useClient(IAMClient);
  const [name, setName] = useState(given ?? "");
  const [document, setDocument] = useState(first);
  const act = async () => {
    await putInline(iam, holder, name, document);
    tellDone(access.done(said.what(name)));
  };
  return (
    <FormModal size="large" header={given ? said.changeInline(given) : said.newInline(holder.name)} submit={access.save} ready={name !== "" && document !== ""} act={act} onClose={onClose}>
      {!given && (
        <FormField label={said.inlineName}>
          <Input value={name} spellcheck={false} autoComplete={false} onChange={({ detail }) => setName(detail.value)} />
        </FormField>
      )}
      <PolicyEditor value={document} onChange={setDocument} holder={lintHolder} />
    </FormModal>
  );
}

function ChangeInline({ held, lintHolder, onClose }: { held: Held; lintHolder: LintHolder; onClose: (done: boolean) => void }) {
  const iam = useClient(IAMClient);
  const document = useAnswer(() => inlineDocument(iam, held.holder, held.name), [iam, held.id]);
  if (document.value === undefined) return null;
  return <InlineWindow holder={held.holder} name={held.name} document={document.value} lintHolder={lintHolder} onClose={onClose} />;
}

type Open = { what: "attach" | "create" } | { what: "change" | "erase"; held: Held };

function Name({ held, own, onOpen }: { held: Held; own: boolean; onOpen: (held: Held) => void }) {
  if (held.arn) return <Link to={path`/access/policies/${held.arn}`}>{held.name}</Link>;
  if (!own) return held.name;
  return <Button variant="inline-link" onClick={() => onOpen(held)}>{held.name}</Button>;
}

const typeOf = ({ arn }: Held) => (!arn ? access.policies.inline : isAws(arn) ? access.policies.aws : access.policies.local);

export function Permissions({ holder, lintHolder }: { holder: Holder; lintHolder: LintHolder }) {
  const iam = useClient(IAMClient);
  const [open, setOpen] = useState<Open>();
  const all = useAnswer(() => allHeldBy(iam, holder), [iam, holder.word, holder.name]);
  const isOwn = (held: Held) => held.holder.word === holder.word;
  const through = (held: Held) => (isOwn(held) ? said.directly : said.groupOf(held.holder.name));
  const close = (done: boolean) => {
    setOpen(undefined);
    if (done) all.again();
  };
  const detaching = useAction(async ({ arn = "", name }: Held) => {
    await detach(iam, holder, arn);
    tellDone(said.detach(name));
    all.again();
  });
  const remove = (held: Held) => (held.arn ? void detaching.run(held) : setOpen({ what: "erase", held }));
  return (
    <SpaceBetween size="m">
      <Refused error={detaching.error} onDismiss={detaching.clear} />
      <ResourceTable
        id={`access-${holder.word}-policies`}
        variant="container"
        title={said.title}
        description={said.hint(access.holders[holder.word])}
        answer={all}
        nameOf={({ id }) => id}
        selection="single"
        placeholder={said.find}
        empty={said.empty(access.holders[holder.word])}
        actions={([selected], deselect) => (
          <Buttons>
            <Button onClick={() => navigate(`/access/simulator?${new URLSearchParams({ kind: holder.word, name: holder.name })}`)}>{said.simulate}</Button>
            <Button
              disabled={!selected || !isOwn(selected)}
              loading={detaching.busy}
              onClick={() => {
                if (selected) remove(selected);
                deselect();
              }}
            >
              {access.remove}
            </Button>
            <Button onClick={() => setOpen({ what: "create" })}>{said.inline}</Button>
            <Button variant="primary" onClick={() => setOpen({ what: "attach" })}>{said.attach}</Button>
          </Buttons>
        )}
        columns={[
          { id: "name", header: access.name, value: ({ name }) => name, cell: (held) => <Name held={held} own={isOwn(held)} onOpen={(each) => setOpen({ what: "change", held: each })} /> },
          { id: "type", header: access.type, value: typeOf, cell: typeOf },
          { id: "through", header: said.through, value: through, cell: through },
        ]}
      />
      {open?.what === "attach" && <AttachWindow holder={holder} held={all.value ?? []} onClose={close} />}
      {open?.what === "create" && <InlineWindow holder={holder} document={emptyPolicy} lintHolder={lintHolder} onClose={close} />}
      {open?.what === "change" && <ChangeInline held={open.held} lintHolder={lintHolder} onClose={close} />}
      {open?.what === "erase" && <Deletion what={said.what(open.held.name)} act={() => eraseInline(iam, holder, open.held.name)} onClose={close} />}
    </SpaceBetween>
  );
}
