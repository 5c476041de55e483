// Asks before something is deleted for good: one types a word for it.

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type FormEvent, type ReactNode, useState } from "react";
import { useAction } from "../app/asking";
import { app } from "../text/app";
import { parts } from "../text/parts";
import { Refused } from "./refused";

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
  const action = useAction(async () => {
    await act();
    onClose(true);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed === word && !action.busy) void action.run();
  };
  return (
    <Modal
      visible
      header={said.header(what)}
      closeAriaLabel={app.close}
      onDismiss={() => onClose(false)}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => onClose(false)}>{app.cancel}</Button>
            <Button variant="primary" disabled={typed !== word} loading={action.busy} onClick={() => void action.run()}>{said.submit}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form onSubmit={submit}>
        <SpaceBetween size="m">
          {children}
          <FormField label={said.confirmLabel(word)}>
            <Input value={typed} placeholder={word} autoFocus spellcheck={false} autoComplete={false} onChange={({ detail }) => setTyped(detail.value)} />
          </FormField>
          <Refused error={action.error} />
        </SpaceBetween>
      </form>
    </Modal>
  );
}
