// A client of the server in a few lines: requests signed by hand, so that nothing retries, waits or hides what came back.

import { createHash, createHmac } from "node:crypto";
import http from "node:http";
import { credentials, region } from "../lib/server.js";

const sha256 = (data) => createHash("sha256").update(data).digest("hex");
const hmac = (key, data) => createHmac("sha256", key).update(data).digest();

/** Signature Version 4 of a request to DynamoDB. */
function sign(host, target, body) {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${time.slice(0, 8)}/${region}/dynamodb/aws4_request`;
  const headers = { host, "content-type": "application/x-amz-json-1.0", "x-amz-date": time, "x-amz-target": target };
  const names = Object.keys(headers).sort();
  const canonical = ["POST", "/", "", ...names.map((name) => `${name}:${headers[name]}`), "", names.join(";"), sha256(body)];
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical.join("\n"))].join("\n");
  const key = scope.split("/").reduce(hmac, `AWS4${credentials.secretAccessKey}`);
  const signature = createHmac("sha256", key).update(text).digest("hex");
  headers.authorization =
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, ` +
    `SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return headers;
}

/** The server went away before it answered: whether the request took effect is not known. */
export class Unanswered extends Error {}

/** An answer other than 200. */
export class Refused extends Error {
  constructor(status, body) {
    super(`${status} ${body}`);
    this.type = /"__type":"(?:[^"]*#)?(\w+)"/.exec(body)?.[1];
    this.text = body;
  }

  /** The answer, which is JSON unless something is badly wrong. */
  get body() {
    return JSON.parse(this.text);
  }
}

const streamOperations = new Set(["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"]);

/** call("PutItem", input) resolves with the output, also of an operation of streams; close() ends the connections. */
export function connect(endpoint) {
  const { hostname, port, host } = new URL(endpoint);
  const agent = new http.Agent({ keepAlive: true });

  const call = (operation, input) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(input);
      const api = streamOperations.has(operation) ? "DynamoDBStreams_20120810" : "DynamoDB_20120810";
      const headers = sign(host, `${api}.${operation}`, body);
      headers["content-length"] = Buffer.byteLength(body);
      const gone = (error) => reject(new Unanswered(error.message));
      const request = http.request({ hostname, port, method: "POST", path: "/", headers, agent }, (answer) => {
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("error", gone);
        answer.on("end", () => {
          if (!answer.complete) return gone(new Error("cut off"));
          const text = Buffer.concat(chunks).toString();
          answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Refused(answer.statusCode, text));
        });
      });
      request.on("error", gone);
      request.end(body);
    });

  return { call, close: () => agent.destroy() };
}

/** All items of a Scan or Query, page by page. */
export async function all(call, operation, input) {
  const items = [];
  let ExclusiveStartKey;
  do {
    const page = await call(operation, { ...input, ExclusiveStartKey });
    items.push(...page.Items);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items;
}

/** All records of a stream, shard by shard; shards are told in the order in which they were opened. */
export async function records(call, StreamArn) {
  const found = [];
  let ExclusiveStartShardId;
  do {
    const { StreamDescription } = await call("DescribeStream", { StreamArn, ExclusiveStartShardId });
    for (const { ShardId } of StreamDescription.Shards) {
      let { ShardIterator } = await call("GetShardIterator", { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" });
      while (ShardIterator) {
        const { Records, NextShardIterator } = await call("GetRecords", { ShardIterator });
        found.push(...Records);
        ShardIterator = Records.length > 0 ? NextShardIterator : undefined;
      }
    }
    ExclusiveStartShardId = StreamDescription.LastEvaluatedShardId;
  } while (ExclusiveStartShardId);
  return found;
}
