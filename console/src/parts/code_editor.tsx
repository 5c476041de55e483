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
  /** In pixels. */
  height?: number;
  /** Where the text is wrong: lines count from 1, columns from 0. */
  marks?: { line: number; column: number; text: string }[];
  onValidate?: (detail: CodeEditorProps.ValidateDetail) => void;
}

const Loaded = lazy(() => import("./ace_editor"));

export const CodeEditor = (props: EditorProps) => (
  <Suspense fallback={<Spinner />}>
    <Loaded {...props} />
  </Suspense>
);
