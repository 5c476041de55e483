// A value in a cell: cut, with a way to see all of it.

import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMemo } from "react";
import { Preformatted } from "../parts/preformatted";
import { sizeText } from "../parts/words";
import { app } from "../text/app";
import { items as said, typeNames } from "../text/items";
import { textOfBytes } from "./base64";
import { printValue } from "./notation";
import { type Value, sizeOf, typeOf } from "./value";
import "./items.css";

const CUT = 120; // letters of a cell
const ELEMENTS = 12; // of a document that are looked at for a cell

/** The first of a value as one line, and whether there is more of it. Its cost does not grow with the value. */
export function summary(value: Value, limit = CUT): { text: string; more: boolean } {
  const cut = (text: string, longer = false) => ({ text: text.length > limit ? `${text.slice(0, limit)}…` : text, more: longer || text.length > limit });
  if (value.S !== undefined) return cut(value.S.slice(0, limit + 1));
  if (value.N !== undefined) return cut(value.N);
  if (value.B !== undefined) return cut(textOfBytes(value.B.subarray(0, limit)));
  if (value.BOOL !== undefined) return cut(String(value.BOOL));
  const some = value.SS ?? value.NS ?? value.BS ?? value.L ?? (value.M && Object.keys(value.M));
  if (!some) return { text: "null", more: false };
  const parts: string[] = [];
  let left = limit;
  for (const part of some.slice(0, ELEMENTS)) {
    if (left <= 0) break;
    let text: string;
    if (typeof part !== "string") text = part instanceof Uint8Array ? textOfBytes(part.subarray(0, left)) : summary(part, left).text;
    else text = value.M ? `${part}: ${summary(value.M[part] ?? { NULL: true }, left).text}` : part.slice(0, left);
    parts.push(text);
    left -= text.length + 2;
  }
  const rest = some.length > parts.length ? ", …" : "";
  const [open, close] = value.L ? ["[", "]"] : ["{", "}"];
  return { text: `${open}${parts.join(", ").slice(0, limit)}${rest}${close}`, more: true };
}

const isDocument = (value: Value) => value.M !== undefined || value.L !== undefined || value.SS !== undefined || value.NS !== undefined || value.BS !== undefined;

export function Cell({ value, name, tagged, onShow }: { value: Value | undefined; name: string; tagged: boolean; onShow: (value: Value) => void }) {
  if (!value) return <Box variant="span" color="text-status-inactive">{app.none}</Box>;
  const { text, more } = summary(value);
  const type = typeOf(value);
  return (
    <span className="items-cell">
      {tagged && <Badge>{type}</Badge>}
      {type === "NULL" ? <Box variant="span" color="text-status-inactive"><i>{text}</i></Box> : <span className={isDocument(value) || type === "B" ? "items-text items-code" : "items-text"}>{text}</span>}
      {more && <Button variant="inline-icon" iconName="expand" ariaLabel={said.showAllOf(name)} onClick={() => onShow(value)} />}
    </span>
  );
}

/** All of a value, in a window of its own. */
export function WholeValue({ name, value, onClose }: { name: string; value: Value; onClose: () => void }) {
  const text = useMemo(() => value.S ?? value.N ?? (value.B ? textOfBytes(value.B) : printValue(value, "dynamodb")), [value]);
  const type = typeOf(value);
  return (
    <Modal
      visible
      size="large"
      header={said.valueOfAttribute(name)}
      closeAriaLabel={app.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <CopyToClipboard variant="button" copyButtonText={said.copyValue} copySuccessText={app.copied} copyErrorText={app.copyFailed} textToCopy={text} />
            <Button variant="primary" onClick={onClose}>{app.close}</Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="s">
        <SpaceBetween direction="horizontal" size="xs">
          <Badge color="blue">{typeNames[type]}</Badge>
          <Box color="text-body-secondary">{sizeText(sizeOf(value))}</Box>
          {type === "B" && <Box color="text-body-secondary">{said.binary}</Box>}
        </SpaceBetween>
        <Preformatted label={said.valueOfAttribute(name)}>{text}</Preformatted>
      </SpaceBetween>
    </Modal>
  );
}
