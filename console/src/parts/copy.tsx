import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import { app } from "../text/app";

const said = { copyButtonAriaLabel: app.copy, copySuccessText: app.copied, copyErrorText: app.copyFailed };

/** A text with a button that copies it. */
export const Copyable = ({ children, label }: { children: string; label?: string }) => (
  <CopyToClipboard {...said} copyButtonAriaLabel={label ?? app.copy} textToCopy={children} variant="inline" />
);

/** The button alone. */
export const CopyButton = ({ text, label = app.copy }: { text: string; label?: string }) => (
  <CopyToClipboard {...said} copyButtonAriaLabel={label} copyButtonText={label} textToCopy={text} />
);
