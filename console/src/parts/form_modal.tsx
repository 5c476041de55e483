// A dialog that tells whether it did what it is for.

import type { ModalProps } from "@cloudscape-design/components/modal";
import type { ReactNode } from "react";
import { Dialog } from "./dialog";

/** Shown while it is rendered. `act` does it; when it has, or when it was called off, `onClose` is told which. */
export function FormModal({ ready = true, act, onClose, ...more }: {
  header: string;
  /** What the button says. */
  submit: string;
  /** Whether the answers are complete. */
  ready?: boolean;
  size?: ModalProps.Size;
  act: () => Promise<unknown>;
  onClose: (done: boolean) => void;
  children?: ReactNode;
}) {
  const actAndTell = async () => {
    await act();
    onClose(true);
    return false; // it is closed already
  };
  return <Dialog {...more} disabled={!ready} act={actAndTell} onClose={() => onClose(false)} />;
}
