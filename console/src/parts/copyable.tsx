import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import { app } from "../text/app";

/** A text beside a button that copies it. */
export const Copyable = ({ text, label }: { text: string; label: string }) => (
  <CopyToClipboard variant="inline" textToCopy={text} copyButtonAriaLabel={`${app.copy} ${label}`} copySuccessText={app.copied} copyErrorText={app.copyFailed} />
);

/** The button alone. */
export const CopyButton = ({ text }: { text: string }) => (
  <CopyToClipboard textToCopy={text} copyButtonText={app.copy} copyButtonAriaLabel={app.copy} copySuccessText={app.copied} copyErrorText={app.copyFailed} />
);
