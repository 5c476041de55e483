// A few questions in front of the page, and what the server says to the answers.

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { FormEvent, ReactNode } from "react";
import { useAction } from "../app/asking";
import { app } from "../text/app";
import { Refused } from "./refused";

/** Shown while it is rendered. `act` does it; when it has, or when it was called off, `onClose` is told which. */
export function FormModal({ header, submit, ready = true, act, onClose, children }: {
  header: string;
  /** What the button says. */
  submit: string;
  /** Whether the answers are complete. */
  ready?: boolean;
  act: () => Promise<unknown>;
  onClose: (done: boolean) => void;
  children?: ReactNode;
}) {
  const action = useAction(async () => {
    await act();
    onClose(true);
  });
  const go = (event?: FormEvent) => {
    event?.preventDefault();
    if (ready && !action.busy) void action.run();
  };
  return (
    <Modal
      visible
      header={header}
      closeAriaLabel={app.close}
      onDismiss={() => onClose(false)}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={() => onClose(false)}>{app.cancel}</Button>
            <Button variant="primary" disabled={!ready} loading={action.busy} onClick={() => go()}>{submit}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form onSubmit={go} noValidate>
        <SpaceBetween size="m">
          {children}
          <Refused error={action.error} />
          <input type="submit" hidden disabled={!ready} />
        </SpaceBetween>
      </form>
    </Modal>
  );
}
