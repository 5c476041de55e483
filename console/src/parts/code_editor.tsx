// An editor with colours for JSON, PartiQL, YAML and programs. It is fetched when it is first shown.

import type { CodeEditorProps } from "@cloudscape-design/components/code-editor";
import { Suspense, lazy } from "react";
import Spinner from "@cloudscape-design/components/spinner";

export interface EditorProps {
  value: string;
  language: "json" | "partiql" | "yaml" | "javascript" | "typescript" | "python" | "sh";
  /** What a screen reader calls it. */
  label: string;
  /** Without it, the text is only read. */
  onChange?: (value: string) => void;
  /** What Ctrl+Enter does. */
  onRun?: () => void;
  /** In pixels. */
  height?: number;
  /** Where the text is wrong: lines count from 1, columns from 0. With a length, the characters are underlined. */
  marks?: { line: number; column: number; text: string; length?: number; type?: "error" | "warning" | "info" }[];
  /** What is shown on a ground of its own: lines count from 1, columns from 0; the end is behind the last character. */
  ranges?: { startLine: number; startColumn: number; endLine: number; endColumn: number; kind: "allow" | "deny" }[];
  onValidate?: (detail: CodeEditorProps.ValidateDetail) => void;
}

const Loaded = lazy(() => import("./ace_editor"));

export const CodeEditor = (props: EditorProps) => (
  <Suspense fallback={<Spinner />}>
    <Loaded {...props} />
  </Suspense>
);
