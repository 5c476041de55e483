// The console as it is served: paths, headers, codings, caching; and what is not its own.
//
// Whether the console is built into the program or not, its paths are the same; what is said at them is tested for the one
// that is there.

import { after, test } from "node:test";
import assert from "node:assert/strict";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { CloudFormation } from "@aws-sdk/client-cloudformation";
import { CognitoIdentity } from "@aws-sdk/client-cognito-identity";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreams } from "@aws-sdk/client-dynamodb-streams";
import { IAM } from "@aws-sdk/client-iam";
import { S3 } from "@aws-sdk/client-s3";
import { SSM } from "@aws-sdk/client-ssm";
import { STS } from "@aws-sdk/client-sts";
import { send } from "../lib/raw.js";
import { credentials, elsewhere, region, startServer } from "../lib/server.js";

const skip = elsewhere && "the console is this server's own";

const server = skip ? undefined : await startServer();
const built = !skip && (await get("/console/")).status === 200;
after(() => server?.stop());

function get(path, { method = "GET", headers = {}, query = {} } = {}) {
  const { hostname, port, host } = new URL(server.endpoint);
  return send({ hostname, port, method, path, query, headers: { host, ...headers } });
}

const own = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

test("every answer keeps its page to its own origin", { skip }, async () => {
  for (const path of ["/console", "/console/", "/console/dynamodb/tables", "/console/assets/none.js", "/console/none.txt"]) {
    const { headers } = await get(path, { headers: { origin: "https://elsewhere.example" } });
    for (const [name, value] of Object.entries(own)) assert.equal(headers[name], value, `${name} of ${path}`);
    assert.equal(headers["access-control-allow-origin"], undefined);
    assert.match(headers["x-amzn-requestid"], /^[A-Z0-9]{52}$/);
  }
});

test("paths: the page, its files, its views, and nothing else", { skip }, async () => {
  const page = built ? 200 : 404;
  const expected = {
    "/console": 308,
    "/console/": page,
    "/console/index.html": page,
    "/console/dynamodb/tables": page,
    "/console/dynamodb/tables/my.table": page,
    "/console/%00": page,
    "/console/none.txt": 404,
    "/console/assets/none.js": 404,
    "/console/assets/../index.html": 404,
    "/console/../console/index.html": 404,
    "/console/.git/config": 404,
    "/console/..%2f..%2fdata/credentials": 404,
    [`/console/${"a".repeat(4096)}`]: page,
    [`/console/${"a".repeat(4097)}`]: 404,
  };
  for (const [path, status] of Object.entries(expected)) assert.equal((await get(path)).status, status, path.slice(0, 60));
  assert.equal((await get("/console")).headers.location, "/console/");
  assert.ok((await get(`/console/${"a".repeat(64 * 1024)}`)).status >= 400);
  assert.equal((await get("/console/")).status, page); // it lives
});

test("HEAD tells what GET would", { skip }, async () => {
  for (const path of ["/console", "/console/", "/console/none.txt"]) {
    const [head, whole] = [await get(path, { method: "HEAD" }), await get(path)];
    assert.equal(head.body.length, 0);
    assert.equal(head.status, whole.status);
    for (const name of ["content-length", "content-type", "etag", "cache-control"]) {
      assert.equal(head.headers[name], whole.headers[name], `${name} of ${path}`);
    }
  }
});

const unpack = { br: brotliDecompressSync, gzip: gunzipSync, undefined: (bytes) => bytes };

if (built) {
  test("files come packed as the browser takes them, and are kept by their tags", { skip }, async () => {
    const page = await get("/console/");
    const script = page.body.toString().match(/src="(\/console\/assets\/[^"]+\.js)"/)[1];
    for (const [path, caching] of [["/console/", "no-cache"], [script, "public, max-age=31536000, immutable"]]) {
      const plain = await get(path);
      const tags = new Set();
      for (const accepted of ["br, gzip", "gzip", "identity", "br;q=0, *"]) {
        const headers = { "accept-encoding": accepted };
        const packed = await get(path, { headers });
        assert.equal(packed.headers["cache-control"], caching);
        assert.equal(packed.headers.vary, "Accept-Encoding");
        assert.ok(accepted !== "identity" || !packed.headers["content-encoding"]);
        assert.ok(accepted !== "br;q=0, *" || packed.headers["content-encoding"] !== "br");
        assert.deepEqual(unpack[packed.headers["content-encoding"]](packed.body), plain.body);
        tags.add(packed.headers.etag);

        const again = await get(path, { headers: { ...headers, "if-none-match": packed.headers.etag } });
        assert.equal(again.status, 304);
        assert.equal(again.body.length, 0);
        assert.equal(again.headers.etag, packed.headers.etag);
        assert.equal(again.headers["content-security-policy"], own["content-security-policy"]);
        const changed = await get(path, { headers: { ...headers, "if-none-match": '"other"' } });
        assert.equal(changed.status, 200);
      }
      if (path === script) assert.equal(tags.size, 3, "other bytes have another tag");
    }
  });

  test("the page has no script or style of its own in it, and asks for nothing elsewhere", { skip }, async () => {
    const html = (await get("/console/")).body.toString();
    assert.doesNotMatch(html, /<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|https?:\/\//);
  });
} else {
  test("without its build, the console says how to build it", { skip }, async () => {
    const { status, headers, body } = await get("/console/");
    assert.equal(status, 404);
    assert.equal(headers["content-type"], "text/html; charset=utf-8");
    assert.match(body.toString(), /make console &amp;&amp; make/);
  });
}

test("what is signed, or is for a bucket's host, is S3's, also in a bucket of that name", { skip }, async () => {
  const s3 = new S3({ endpoint: server.endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
  after(() => s3.destroy());
  await s3.createBucket({ Bucket: "console" });
  await s3.putObject({ Bucket: "console", Key: "index.html", Body: "mine" });
  const { Body } = await s3.getObject({ Bucket: "console", Key: "index.html" });
  assert.equal(await Body.transformToString(), "mine");
  assert.equal((await s3.listObjectsV2({ Bucket: "console" })).KeyCount, 1);
  assert.equal((await s3.headObject({ Bucket: "console", Key: "index.html" })).ContentLength, 4);
  const put = await get("/console/index.html", { method: "PUT" });
  assert.equal(put.status, 403); // S3's denial
  const hosted = await get("/console/index.html", { headers: { host: "music.s3.us-east-1.amazonaws.com" } });
  assert.match(hosted.body.toString(), /<Code>NoSuchBucket<\/Code>/);
});

test("a browser that opens the server's address is sent to the console, and nobody else is", { skip }, async () => {
  const accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
  const home = await get("/", { headers: { accept } });
  assert.deepEqual([home.status, home.headers.location], [302, "/console/"]);
  assert.equal(home.headers["content-security-policy"], own["content-security-policy"]);

  const healthy = (answer) => assert.match(answer.body.toString(), /^healthy: dynamodb\./);
  healthy(await get("/"));
  for (const other of ["*/*", "application/json", "application/xml, text/html", ""]) healthy(await get("/", { headers: { accept: other } }));
  const bucket = await get("/", { headers: { accept, host: "music.s3.us-east-1.amazonaws.com" } });
  assert.match(bucket.body.toString(), /<Code>NoSuchBucket<\/Code>/);
  assert.notEqual((await get("/", { headers: { accept }, method: "POST" })).status, 302);
  assert.notEqual((await get("/", { headers: { accept }, query: { Action: "GetCallerIdentity", Version: "2011-06-15" } })).status, 302);
  const s3 = new S3({ endpoint: server.endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
  after(() => s3.destroy());
  s3.middlewareStack.add((next) => (args) => ((args.request.headers.accept = accept), next(args)), { step: "build" });
  assert.ok((await s3.listBuckets({})).Owner);
});

// What a browser adds to the requests of a page of the server's own.
const fromPage = (client) => {
  const { origin } = new URL(server.endpoint);
  const headers = { origin, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty", referer: `${origin}/console/` };
  client.middlewareStack.add((next) => (args) => (Object.assign(args.request.headers, headers), next(args)), { step: "finalizeRequest", priority: "low" });
  after(() => client.destroy());
  return client;
};

test("every service answers a page of its own origin", { skip }, async () => {
  const options = { endpoint: server.endpoint, region, credentials, maxAttempts: 1 };
  const calls = [
    fromPage(new DynamoDB(options)).listTables({}),
    fromPage(new DynamoDBStreams(options)).listStreams({}),
    fromPage(new IAM(options)).listUsers({}),
    fromPage(new STS(options)).getCallerIdentity({}),
    fromPage(new CognitoIdentityProvider(options)).listUserPools({ MaxResults: 1 }),
    fromPage(new CognitoIdentity(options)).listIdentityPools({ MaxResults: 1 }),
    fromPage(new CloudFormation(options)).listStacks({}),
    fromPage(new SSM(options)).describeParameters({}),
    fromPage(new S3({ ...options, forcePathStyle: true })).listBuckets({}),
  ];
  for (const { $metadata } of await Promise.all(calls)) assert.equal($metadata.httpStatusCode, 200);
});
