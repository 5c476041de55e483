// The item that is edited, in the form or as JSON.

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useMemo } from "react";
import { CodeEditor } from "../parts/code_editor";
import { sizeText } from "../parts/words";
import { editing as said } from "../text/items";
import type { Draft, Look } from "./draft";
import { ItemForm } from "./node_rows";
import type { Target } from "./target";
import { itemSize } from "./value";

const MOST_BYTES = 400 * 1024;
/** Beyond it the editor with colours, which draws a line as a whole, is not fluid any more. */
const LONG_LINE = 20_000;

const hasLongLine = (text: string) => text.length > LONG_LINE && text.split("\n").some((line) => line.length > LONG_LINE);

function AsJson({ draft }: { draft: Draft }) {
  const plainText = useMemo(() => hasLongLine(draft.text), [draft.text]);
  return (
    <SpaceBetween size="xs">
      <Box color="text-body-secondary" fontSize="body-s">{draft.look === "plain" ? said.plainHint : said.dynamoHint}</Box>
      {plainText ? (
        <>
          <Box color="text-body-secondary" fontSize="body-s">{said.longLines}</Box>
          <Textarea value={draft.text} ariaLabel={said.editor} rows={20} spellcheck={false} invalid={draft.marks.length > 0} onChange={({ detail }) => draft.type(detail.value)} />
        </>
      ) : (
        <CodeEditor value={draft.text} language="json" label={said.editor} height={420} marks={draft.marks} onChange={draft.type} />
      )}
      {draft.marks.length > 0 && (
        <Alert type="error" header={said.wrong(draft.marks.length)}>
          <ul className="items-marks">
            {draft.marks.slice(0, 10).map(({ line, column, text }, i) => (
              <li key={i}>{said.mark(line, column + 1, text)}</li>
            ))}
          </ul>
        </Alert>
      )}
    </SpaceBetween>
  );
}

export function DraftEditor({ draft, target, fixedKey }: { draft: Draft; target: Target; fixedKey: boolean }) {
  const { look, item, problems } = draft;
  const size = useMemo(() => (item ? itemSize(item) : undefined), [item]);
  const keyNames = useMemo(() => target.key.map(({ name }) => name), [target]);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={size === undefined ? undefined : said.size(sizeText(size))}
          actions={
            <SegmentedControl
              label={said.look}
              selectedId={look}
              options={[
                { id: "form", text: said.form, disabled: problems > 0 && look !== "form" },
                { id: "dynamodb", text: said.dynamoJson, disabled: problems > 0 && look !== "dynamodb" },
                { id: "plain", text: said.plainJson, disabled: problems > 0 && look !== "plain" },
              ]}
              onChange={({ detail }) => draft.lookAs(detail.selectedId as Look)}
            />
          }
        >
          {said.attributes}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {size !== undefined && size > MOST_BYTES && <Alert type="warning">{said.tooLarge}</Alert>}
        {look === "form" ? <ItemForm nodes={draft.nodes} keyNames={keyNames} fixedKey={fixedKey} send={draft.send} /> : <AsJson draft={draft} />}
        {look === "form" && problems > 0 && <Box color="text-status-error">{said.wrong(problems)}</Box>}
      </SpaceBetween>
    </Container>
  );
}
