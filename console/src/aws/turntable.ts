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

async function post(headers: Record<string, string>, body: string): Promise<{ answer: Response; text: string }> {
  try {
    const answer = await fetch(`${endpoint}/`, { method: "POST", headers, body });
    return { answer, text: await answer.text() };
  } catch (error) {
    noticeFailure(error);
    throw error;
  }
}

function refuse(name: string, message: string, requestId?: string): never {
  const error = new TurntableError(name, message, requestId);
  noticeFailure(error);
  throw error;
}

async function send(headers: Record<string, string>, body: string): Promise<Element> {
  const { answer, text } = await post(headers, body);
  const xml = new DOMParser().parseFromString(text, "text/xml");
  if (answer.ok) return xml.documentElement;
  return refuse(textOf(xml, "Code") ?? `HTTP ${answer.status}`, textOf(xml, "Message") ?? text.slice(0, 200), textOf(xml, "RequestId"));
}

const form = (operation: string, input: Record<string, string>) => new URLSearchParams({ Action: operation, Version: VERSION, ...input }).toString();
const type = "application/x-www-form-urlencoded; charset=utf-8";

/** Asks without a signature. */
export const ask = (operation: string, input: Record<string, string>) => send({ "content-type": type }, form(operation, input));

/** Who signs: someone's session, or a key that is about to become one. */
export type Signer = Pick<Session, "accessKeyId" | "secretAccessKey" | "region"> & { sessionToken?: string };

/** The headers of a request that the session signs for a service. */
async function signed(signer: Signer, service: string, headers: Record<string, string>, body: string): Promise<Record<string, string>> {
  const signature = new SignatureV4({ credentials: signer, region: signer.region, service, sha256: Sha256 });
  const request = { method: "POST", protocol: location.protocol, hostname: location.hostname, path: "/", query: {} };
  const { headers: all } = await signature.sign({ ...request, headers: { host: location.host, ...headers }, body });
  delete all.host; // the browser's own to set
  return all;
}

/** Asks as the one who is signed in; resolves with the answer's element. */
export async function askSigned(session: Signer, operation: string, input: Record<string, string> = {}): Promise<Element> {
  const body = form(operation, input);
  return send(await signed(session, "turntable", { "content-type": type }, body), body);
}

/** The same for an operation that speaks JSON, under the name of a service of AWS: "Turntable.ListUserCodes" of "cognito-idp". */
export async function askJson<Output>(session: Session, service: string, target: string, input: object): Promise<Output> {
  const body = JSON.stringify(input);
  const headers = await signed(session, service, { "content-type": "application/x-amz-json-1.1", "x-amz-target": target }, body);
  const { answer, text } = await post(headers, body);
  if (answer.ok) return JSON.parse(text) as Output;
  const { __type, message } = readObject(text);
  return refuse(__type ?? `HTTP ${answer.status}`, message ?? text.slice(0, 200), answer.headers.get("x-amzn-requestid") ?? undefined);
}

function readObject(text: string): { __type?: string; message?: string } {
  try {
    const { __type, message, Message } = JSON.parse(text) as Record<string, string | undefined>;
    return { __type: __type?.split("#").at(-1), message: message ?? Message };
  } catch {
    return {};
  }
}

/** Why a request was denied. */
export const explainDenial = async (session: Signer, requestId: string) =>
  textOf(await askSigned(session, "ExplainDenial", { RequestId: requestId }), "Explanation") ?? "";

/** Where a statement of PartiQL stops being well formed, counted from 1, with a length of 0 at its end; undefined if it is. */
export async function whereBroken(session: Session, statement: string) {
  const answer = await askSigned(session, "CheckStatement", { Statement: statement });
  const numberOf = (name: string) => Number(textOf(answer, name) ?? 0);
  return textOf(answer, "WellFormed") === "true" ? undefined : { line: numberOf("Line"), column: numberOf("Column"), length: numberOf("Length") };
}

export { textOf };
