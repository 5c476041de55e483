// The operations that are Turntable's own and no AWS SDK has: signed like any, in AWS's query protocol, with answers in XML.

import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Session } from "../app/session";
import { endpoint } from "./clients";
import { noticeFailure } from "./connection";

const VERSION = "2026-11-26";

export class TurntableError extends Error {
  readonly $metadata: { requestId?: string };
  constructor(name: string, message: string, requestId?: string) {
    super(message);
    this.name = name;
    this.$metadata = { requestId };
  }
}

const textOf = (document: Element | Document, name: string) => document.getElementsByTagName(name)[0]?.textContent ?? undefined;

async function send(headers: Record<string, string>, body: string): Promise<Element> {
  let answer: Response, text: string;
  try {
    answer = await fetch(`${endpoint}/`, { method: "POST", headers, body });
    text = await answer.text();
  } catch (error) {
    noticeFailure(error);
    throw error;
  }
  const xml = new DOMParser().parseFromString(text, "text/xml");
  if (answer.ok) return xml.documentElement;
  const error = new TurntableError(textOf(xml, "Code") ?? `HTTP ${answer.status}`, textOf(xml, "Message") ?? text.slice(0, 200), textOf(xml, "RequestId"));
  noticeFailure(error);
  throw error;
}

const form = (operation: string, input: Record<string, string>) => new URLSearchParams({ Action: operation, Version: VERSION, ...input }).toString();
const type = "application/x-www-form-urlencoded; charset=utf-8";

/** Asks without a signature. */
export const ask = (operation: string, input: Record<string, string>) => send({ "content-type": type }, form(operation, input));

/** Asks as the one who is signed in; resolves with the answer's element. */
export async function askSigned(session: Session, operation: string, input: Record<string, string> = {}): Promise<Element> {
  const signer = new SignatureV4({ credentials: session, region: session.region, service: "turntable", sha256: Sha256 });
  const body = form(operation, input);
  const { headers } = await signer.sign({
    method: "POST",
    protocol: location.protocol,
    hostname: location.hostname,
    path: "/",
    query: {},
    headers: { host: location.host, "content-type": type },
    body,
  });
  delete headers.host; // the browser's own to set
  return send(headers, body);
}

/** Why a request was denied. */
export const explainDenial = async (session: Session, requestId: string) =>
  textOf(await askSigned(session, "ExplainDenial", { RequestId: requestId }), "Explanation") ?? "";

export { textOf };
