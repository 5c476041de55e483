// Requests below the SDK: made by hand, signed with the SDK's signer (or not, or wrongly), and answered as bytes.

import http from "node:http";
import { SignatureV4 } from "@smithy/signature-v4";
import { HttpRequest } from "@smithy/protocol-http";
import { Sha256 } from "@aws-crypto/sha256-js";
import { credentials, region } from "./server.js";

export const signer = (options = {}) =>
  new SignatureV4({ credentials, region, service: "dynamodb", sha256: Sha256, ...options });

/** A request as the SDK would sign it: { method, path, query, headers, body }. */
export function request(endpoint, { method = "POST", target = "ListTables", headers = {}, query = {}, body = "{}" } = {}) {
  const { hostname, port, host } = new URL(endpoint);
  return new HttpRequest({
    protocol: "http:",
    hostname,
    port: Number(port),
    method,
    path: "/",
    query,
    headers: {
      host,
      "content-type": "application/x-amz-json-1.0",
      ...(target && { "x-amz-target": target.includes(".") ? target : `DynamoDB_20120810.${target}` }),
      ...headers,
    },
    body: typeof body === "object" && !Buffer.isBuffer(body) ? JSON.stringify(body) : body,
  });
}

const escape = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** Sends a request as it is; resolves with { status, headers, body } with the body's bytes as they came. */
export function send({ hostname, port, method, path, query, headers, body }) {
  return new Promise((resolve, reject) => {
    const search = Object.entries(query).map((pair) => pair.map(escape).join("=")).join("&");
    const sent = http.request(
      { hostname, port, method, path: search ? `${path}?${search}` : path, headers, agent: false },
      async (answer) => {
        const chunks = [];
        try {
          for await (const chunk of answer) chunks.push(chunk);
        } catch (error) {
          reject(error);
          return;
        }
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) });
      },
    );
    sent.on("error", reject);
    if (body !== undefined && method !== "GET") {
      sent.setHeader("content-length", Buffer.byteLength(body));
      sent.write(body);
    }
    sent.end();
  });
}

/** Signs and sends a request; resolves with { status, headers, body, json }. */
export async function call(endpoint, description, options) {
  const answer = await send(await signer(options).sign(request(endpoint, description)));
  return { ...answer, json: parse(answer.body) };
}

/** Signs and sends a request of the query protocol; resolves with { status, headers, body, code, message }. */
export async function callQuery(endpoint, { service, version, action, parameters = {} }, options) {
  const body = new URLSearchParams({ Action: action, Version: version, ...parameters }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  const unsigned = request(endpoint, { target: null, headers, body });
  const answer = await send(await signer({ service, ...options }).sign(unsigned));
  const element = (name) => answer.body.toString().match(new RegExp(`<${name}>([^<]*)</${name}>`))?.[1];
  return { ...answer, code: element("Code"), message: element("Message") };
}

export function parse(body) {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

const table = Array.from({ length: 256 }, (_, n) => {
  for (let i = 0; i < 8; i++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n >>> 0;
});

/** CRC-32 as in zlib; node has its own since 20.15 only. */
export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
