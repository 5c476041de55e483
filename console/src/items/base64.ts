// Binary values as base64, both ways, of any length.

const SLICE = 0x8000; // arguments of one call

export function textOfBytes(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += SLICE) binary += String.fromCharCode(...bytes.subarray(at, at + SLICE));
  return btoa(binary);
}

/** The bytes, or undefined when the text is no base64 with its padding. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const binary = atob(text);
  return Uint8Array.from(binary, (unit) => unit.charCodeAt(0));
}

/** A text of any letters for an address. */
export const urlTextOf = (text: string) => textOfBytes(new TextEncoder().encode(text)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

export function textOfUrl(text: string): string | undefined {
  const standard = text.replaceAll("-", "+").replaceAll("_", "/");
  const bytes = bytesOf(standard.padEnd(Math.ceil(standard.length / 4) * 4, "="));
  try {
    return bytes && new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
