// Asks before something is deleted for good: one types a word for it.

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { type ReactNode, useState } from "react";
import { parts } from "../text/parts";
import { FormModal } from "./form_modal";

/** Shown while it is rendered. `act` deletes; when it has, or when it was called off, `onClose` is told which. */
export function Deletion({ what, children, word = parts.deletion.word, act, onClose }: {
  /** "the table TrackTable" */
  what: string;
  /** What it means. */
  children?: ReactNode;
  word?: string;
  act: () => Promise<unknown>;
  onClose: (deleted: boolean) => void;
}) {
  const said = parts.deletion;
  const [typed, setTyped] = useState("");
  return (
    <FormModal header={said.header(what)} submit={said.submit} ready={typed === word} act={act} onClose={onClose}>
      {children}
      <FormField label={said.confirmLabel(word)}>
        <Input value={typed} placeholder={word} autoFocus spellcheck={false} autoComplete={false} onChange={({ detail }) => setTyped(detail.value)} />
      </FormField>
    </FormModal>
  );
}
