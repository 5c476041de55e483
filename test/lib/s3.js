// A client of S3, buckets for tests, and requests below the SDK: signed by S3's rules, in headers or in the URL.
//
//     const { s3, bucket } = openS3(endpoint);
//     const Bucket = await bucket();
import { after } from "node:test";
import { createHash } from "node:crypto";
import { S3 } from "@aws-sdk/client-s3";
import { SignatureV4 } from "@smithy/signature-v4";
import { HttpRequest } from "@smithy/protocol-http";
import { Sha256 } from "@aws-crypto/sha256-js";
import { send } from "./raw.js";
import { credentials, region } from "./server.js";

let names = 0;

/** A name that no other bucket of this process has. */
export const bucketName = (prefix = "test") => `${prefix}-${process.pid}-${++names}`;

export function makeS3(endpoint, options = {}) {
  const client = new S3({ endpoint, region, credentials, maxAttempts: 1, ...options });
  after(() => client.destroy());
  return client;
}

export function openS3(endpoint) {
  const s3 = makeS3(endpoint);

  /** Makes a bucket; resolves with its name. */
  async function bucket(input = {}) {
    const Bucket = input.Bucket ?? bucketName();
    await s3.createBucket({ Bucket, ...input });
    return Bucket;
  }

  /** An object as { text, ...answer }. */
  async function get(Bucket, Key, more = {}) {
    const { $metadata, Body, ...answer } = await s3.getObject({ Bucket, Key, ...more });
    return { status: $metadata.httpStatusCode, text: await Body.transformToString(), ...answer };
  }

  const keys = async (Bucket, more = {}) => ((await s3.listObjectsV2({ Bucket, ...more })).Contents ?? []).map(({ Key }) => Key);

  return { s3, bucket, get, keys };
}

/** What S3's signer is given: no second escaping of the path, and nothing removed from it. */
export const s3Signer = (options = {}) =>
  new SignatureV4({ credentials, region, service: "s3", sha256: Sha256, uriEscapePath: false, applyChecksum: true, ...options });

export const sha256 = (body) => createHash("sha256").update(body).digest("hex");

const escapePath = (path) =>
  path
    .split("/")
    .map((part) => encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`))
    .join("/");

/** A request: { method, bucket, key, query, headers, body, host }; `path` goes before bucket and key, and is sent as it is. */
export function s3Request(endpoint, { method = "GET", bucket, key = "", path, query = {}, headers = {}, body, host } = {}) {
  const { hostname, port, host: own } = new URL(endpoint);
  return new HttpRequest({
    protocol: "http:",
    hostname,
    port: Number(port),
    method,
    path: path ?? (bucket ? `/${bucket}${key && "/"}${escapePath(key)}` : "/"),
    query,
    headers: { host: host ?? own, ...headers },
    body,
  });
}

const element = (text, name) => text.match(new RegExp(`<${name}>([^<]*)</${name}>`))?.[1];

/** Sends a request as it is; resolves with { status, headers, body, text, code, message }. */
export async function sendS3(request) {
  const answer = await send(request);
  const text = answer.body.toString();
  return { ...answer, text, code: element(text, "Code"), message: element(text, "Message")?.replaceAll("&quot;", '"'), element: (name) => element(text, name) };
}

/** Signs with headers, and sends. */
export async function callS3(endpoint, description, options) {
  const request = s3Request(endpoint, description);
  request.headers["x-amz-content-sha256"] ??= sha256(request.body ?? "");
  return sendS3(await s3Signer(options).sign(request));
}

/** Signs in the URL, and sends. */
export async function presigned(endpoint, description, { expiresIn = 60, signingDate, body } = {}) {
  const request = s3Request(endpoint, description);
  request.headers["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD"; // it becomes part of the query
  const signed = await s3Signer({ applyChecksum: false }).presign(request, { expiresIn, signingDate });
  return sendS3({ ...signed, body });
}
