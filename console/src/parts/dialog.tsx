// A dialog with a form: its fields, what the server refused, and a button that does it.

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal, { type ModalProps } from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { FormEvent, ReactNode } from "react";
import { useAction } from "../app/asking";
import { app } from "../text/app";
import { Refused } from "./refused";

/** Shown while it is rendered. `act` does it, or returns false where a field is wrong; when it has, or was called off, onClose. */
export function Dialog({ header, submit, act, onClose, disabled = false, size, children }: {
  header: string;
  submit: string;
  act: () => Promise<unknown>;
  onClose: () => void;
  disabled?: boolean;
  size?: ModalProps.Size;
  children?: ReactNode;
}) {
  const action = useAction(async () => {
    if ((await act()) !== false) onClose();
  });
  const go = () => void (disabled || action.busy || action.run());
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    go();
  };
  return (
    <Modal
      visible
      header={header}
      size={size}
      closeAriaLabel={app.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>{app.cancel}</Button>
            <Button variant="primary" disabled={disabled} loading={action.busy} onClick={go}>{submit}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form onSubmit={onSubmit} noValidate>
        <SpaceBetween size="m">
          {children}
          <Refused error={action.error} />
          <input type="submit" hidden disabled={disabled} />
        </SpaceBetween>
      </form>
    </Modal>
  );
}
