// Code to read and to take along.

import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { app } from "../text/app";
import { CodeEditor, type EditorProps } from "./code_editor";

const LINE = 20; // pixels
const MOST = 30; // lines, then it scrolls

export function CodeBlock({ code, language, label }: { code: string; language: EditorProps["language"]; label: string }) {
  const lines = code.split("\n").reduce((count, line) => count + Math.max(1, Math.ceil(line.length / 90)), 1);
  return (
    <SpaceBetween size="xs">
      <Box float="right">
        <CopyToClipboard textToCopy={code} copyButtonText={app.copy} copyButtonAriaLabel={`${app.copy} ${label}`} copySuccessText={app.copied} copyErrorText={app.copyFailed} />
      </Box>
      <CodeEditor value={code} language={language} label={label} height={Math.min(MOST, Math.max(4, lines)) * LINE} />
    </SpaceBetween>
  );
}
