// Items of stream records as text.

import type { AttributeValue } from "@aws-sdk/client-dynamodb";

export type Image = Record<string, AttributeValue> | undefined;

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

const list = (parts: string[]) => `[${parts.join(", ")}]`;

/** A value as in JSON, without its type; numbers with all their digits, and of a long text its beginning. */
function valueText(value: AttributeValue, most: number): string {
  if (value.S !== undefined) return JSON.stringify(value.S.slice(0, most));
  if (value.N !== undefined) return value.N;
  if (value.B !== undefined) return JSON.stringify(base64(value.B.subarray(0, most)));
  if (value.BOOL !== undefined) return String(value.BOOL);
  if (value.SS) return list(value.SS.slice(0, most).map((text) => JSON.stringify(text.slice(0, most))));
  if (value.NS) return list(value.NS.slice(0, most));
  if (value.BS) return list(value.BS.slice(0, most).map((bytes) => JSON.stringify(base64(bytes.subarray(0, most)))));
  if (value.L) return list(value.L.slice(0, most).map((part) => valueText(part, most)));
  if (value.M) return imageText(value.M, most);
  return "null";
}

/** An item in one line; about `most` characters of each of its texts and lists. */
export function imageText(image: Image, most: number): string {
  if (!image) return "";
  const parts = Object.entries(image).slice(0, most).map(([name, value]) => `${JSON.stringify(name)}: ${valueText(value, most)}`);
  return `{${parts.join(", ")}}`;
}

/** An item as DynamoDB's JSON, which names each type. */
export const typedText = (image: Image) =>
  JSON.stringify(image, (_, part: unknown) => (part instanceof Uint8Array ? base64(part) : part), 2);
