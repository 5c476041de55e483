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

export default function AceEditor({ value, language, label, onChange, height = 300, marks, onValidate }: EditorProps) {
  const dark = useIsDark();
  const [chosenHeight, setChosenHeight] = useState<number>();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current?.querySelector<HTMLElement & { env?: { editor: import("ace-builds").Ace.Editor } }>(".ace_editor");
    const editor = element?.env?.editor;
    if (!editor) return;
    editor.setReadOnly(!onChange);
    editor.session.setUseWorker(false);
    editor.session.setAnnotations((marks ?? []).map(({ line, column, text }) => ({ row: line - 1, column, text, type: "error" })));
  });
  return (
    <div ref={place}>
      <Cloudscape
        ace={withoutWorkers}
        value={value}
        language={language}
        ariaLabel={label}
        onDelayedChange={({ detail }) => onChange?.(detail.value)}
        onValidate={({ detail }) => onValidate?.(detail)}
        preferences={{ wrapLines: true, theme: dark ? "cloud_editor_dark" : "cloud_editor" }}
        onPreferencesChange={() => {}}
        themes={{ light: ["cloud_editor"], dark: ["cloud_editor_dark"] }}
        editorContentHeight={chosenHeight ?? height}
        onEditorContentResize={({ detail }) => setChosenHeight(detail.height)}
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
