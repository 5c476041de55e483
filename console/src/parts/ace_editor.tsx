// The editor itself: Ace, in Cloudscape's dress. Its style sheets come as files, and it starts no workers, for the pages'
// policy allows neither styles nor scripts that are made in the page.

import "ace-builds/css/ace.css";
import "ace-builds/css/theme/cloud_editor.css";
import "ace-builds/css/theme/cloud_editor_dark.css";
import ace from "ace-builds/src-noconflict/ace";
import "ace-builds/src-noconflict/ext-language_tools";
import "ace-builds/src-noconflict/mode-javascript";
import "ace-builds/src-noconflict/mode-json";
import "ace-builds/src-noconflict/mode-partiql";
import "ace-builds/src-noconflict/mode-python";
import "ace-builds/src-noconflict/mode-sh";
import "ace-builds/src-noconflict/mode-typescript";
import "ace-builds/src-noconflict/mode-yaml";
import "ace-builds/src-noconflict/theme-cloud_editor";
import "ace-builds/src-noconflict/theme-cloud_editor_dark";
import Cloudscape from "@cloudscape-design/components/code-editor";
import { useEffect, useRef, useState } from "react";
import { useIsDark } from "../app/theme";
import { editor as said } from "../text/parts";
import type { EditorProps } from "./code_editor";
import "./parts.css";

ace.config.set("useStrictCSP", true);
ace.config.set("loadWorkerFromBlob", false);

// What Cloudscape asks of Ace, without workers.
const withoutWorkers = {
  ...ace,
  edit(...given: Parameters<typeof ace.edit>) {
    const made = ace.edit(...given);
    made.session.setUseWorker(false);
    // Snippets would be fetched, one file for each language.
    const setOptions = made.setOptions.bind(made);
    made.setOptions = (options: object) => setOptions({ ...options, enableSnippets: false, showPrintMargin: false });
    made.on("changeSession", (change: { session: import("ace-builds").Ace.EditSession }) => change.session.setUseWorker(false));
    return made;
  },
};

type Editor = import("ace-builds").Ace.Editor;

const { Range } = ace.require("ace/range") as { Range: typeof import("ace-builds").Range };

/** What is drawn into the text: { class, range }. */
function drawn({ marks = [], ranges = [] }: EditorProps) {
  return [
    ...marks.filter(({ length }) => length).map(({ line, column, length = 1, type = "error" }) => ({ name: `editor-mark editor-mark-${type}`, range: new Range(line - 1, column, line - 1, column + length) })),
    ...ranges.map((range) => ({ name: `editor-range editor-range-${range.kind}`, range: new Range(range.startLine - 1, range.startColumn, range.endLine - 1, range.endColumn) })),
  ];
}

/** What an editor shows beyond its text. Set again only when it changes, so that the gutter does not flicker. */
function useDecorations(editor: () => Editor | undefined, props: EditorProps) {
  const { marks, ranges } = props;
  const key = JSON.stringify([marks, ranges]);
  const last = useRef<{ key: string; markers: number[] }>({ key: "", markers: [] });
  useEffect(() => {
    const session = editor()?.session;
    if (!session || last.current.key === key) return;
    last.current.markers.forEach((marker) => session.removeMarker(marker));
    session.setAnnotations((marks ?? []).map(({ line, column, text, type = "error" }) => ({ row: line - 1, column, text, type })));
    last.current = { key, markers: drawn(props).map(({ name, range }) => session.addMarker(range, name, "text")) };
  });
}

export default function AceEditor(props: EditorProps) {
  const { value, language, label, onChange, height = 300, onValidate } = props;
  const dark = useIsDark();
  const [resized, setResized] = useState<number>();
  const place = useRef<HTMLDivElement>(null);
  const editor = () => place.current?.querySelector<HTMLElement & { env?: { editor: Editor } }>(".ace_editor")?.env?.editor;
  // What is called when something happens later is what was given last.
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    const found = editor();
    found?.setReadOnly(!onChange);
    found?.session.setUseWorker(false);
    found?.setOption("textInputAriaLabel", label);
    found?.textInput.setAriaLabel?.();
  });
  useEffect(() => {
    editor()?.setShowPrintMargin(false);
    editor()?.commands.addCommand({ name: "run", bindKey: { win: "Ctrl-Enter", mac: "Command-Enter" }, exec: () => latest.current.onRun?.() });
  }, []);
  useDecorations(editor, props);
  return (
    <div ref={place}>
      <Cloudscape
        ace={withoutWorkers}
        value={value}
        language={language}
        ariaLabel={label}
        // At once: a later value would be put in the place of what was typed since.
        onChange={({ detail }) => onChange?.(detail.value)}
        onValidate={({ detail }) => onValidate?.(detail)}
        preferences={{ wrapLines: true, theme: dark ? "cloud_editor_dark" : "cloud_editor" }}
        onPreferencesChange={() => {}}
        themes={{ light: ["cloud_editor"], dark: ["cloud_editor_dark"] }}
        editorContentHeight={resized ?? height}
        onEditorContentResize={({ detail }) => setResized(detail.height)}
        i18nStrings={{
          loadingState: said.loading,
          errorState: said.errorState,
          errorStateRecovery: said.recovery,
          editorGroupAriaLabel: label,
          statusBarGroupAriaLabel: label,
          cursorPosition: said.cursor,
          errorsTab: said.errors,
          warningsTab: said.warnings,
          preferencesButtonAriaLabel: said.preferences,
          paneCloseButtonAriaLabel: said.preferences,
        }}
      />
    </div>
  );
}
