// S3 below the SDK: signatures in headers and URLs, signed chunks, addresses, and what is not signed at all.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import net from "node:net";
import { describe, test } from "node:test";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { credentials, elsewhere, region, startServer } from "../lib/server.js";
import { callS3, openS3, presigned, s3Request, s3Signer, sendS3, sha256 } from "../lib/s3.js";
import { open, until } from "../lib/turntable.js";

const skip = elsewhere && "there is no S3";

describe("signatures of S3", { skip }, async () => {
  const { endpoint } = await open();
  const { s3, bucket, get } = openS3(endpoint);
  const Bucket = await bucket();
  await s3.putObject({ Bucket, Key: "a", Body: "text", ContentType: "text/plain" });

  const refused = async (answer, status, code, message) => {
    const { status: told, code: name, message: text } = await answer;
    assert.deepEqual([told, name], [status, code]);
    if (message instanceof RegExp) assert.match(text, message);
    else if (message) assert.equal(text, message);
    return answer;
  };

  test("signed URLs read and write", async () => {
    const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: "a", ResponseContentType: "x/y" }), { expiresIn: 60 });
    const read = await fetch(url);
    assert.deepEqual([read.status, read.headers.get("content-type"), await read.text()], [200, "x/y", "text"]);
    assert.equal((await fetch(url, { method: "HEAD" })).status, 403);
    const put = await fetch(await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: "ü b/put", ContentType: "text/z" }), { expiresIn: 60 }), {
      method: "PUT",
      body: "by URL",
      headers: { "content-type": "text/z" },
    });
    assert.equal(put.status, 200, await put.text());
    assert.deepEqual([(await get(Bucket, "ü b/put")).text, (await get(Bucket, "ü b/put")).ContentType], ["by URL", "text/z"]);
    const target = { Bucket, Key: "parts", UploadId: (await s3.createMultipartUpload({ Bucket, Key: "parts" })).UploadId };
    const part = await fetch(await getSignedUrl(s3, new UploadPartCommand({ ...target, PartNumber: 1 }), { expiresIn: 60 }), { method: "PUT", body: "part" });
    await s3.completeMultipartUpload({ ...target, MultipartUpload: { Parts: [{ PartNumber: 1, ETag: part.headers.get("etag") }] } });
    assert.equal((await get(Bucket, "parts")).text, "part");
    const gone = await fetch(await getSignedUrl(s3, new DeleteObjectCommand({ Bucket, Key: "parts" }), { expiresIn: 60 }), { method: "DELETE" });
    assert.equal(gone.status, 204);
  });

  test("signed URLs end", async () => {
    const get = { bucket: Bucket, key: "a" };
    const past = new Date(Date.now() - 120 * 1000);
    assert.equal((await presigned(endpoint, get)).text, "text");
    const expired = await refused(presigned(endpoint, get, { signingDate: past, expiresIn: 60 }), 403, "AccessDenied", "Request has expired");
    assert.equal(expired.element("X-Amz-Expires"), "60");
    assert.match(expired.element("ServerTime"), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal((await presigned(endpoint, get, { signingDate: past, expiresIn: 600 })).status, 200);
    await refused(presigned(endpoint, get, { signingDate: new Date(Date.now() + 3600 * 1000) }), 403, "AccessDenied", "Request is not valid yet");
    const long = s3Request(endpoint, { ...get, query: { "X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Expires": "604801" } });
    await refused(sendS3(long), 400, "AuthorizationQueryParametersError", /^X-Amz-Expires must be less than a week/);
    for (const query of [{}, { "X-Amz-Expires": "x" }, { "X-Amz-Date": "now" }]) {
      await refused(sendS3(s3Request(endpoint, { ...get, query: { "X-Amz-Algorithm": "AWS4-HMAC-SHA256", ...query } })), 400, "AuthorizationQueryParametersError");
    }
  });

  test("what a signed URL says cannot be changed or added to", async () => {
    const url = new URL(await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: "mine" }), { expiresIn: 60 }));
    const put = (change, headers = {}) => {
      const changed = new URL(url);
      change(changed);
      return fetch(changed, { method: "PUT", body: "x", headers });
    };
    assert.equal((await put(() => {})).status, 200);
    for (const change of [(u) => (u.pathname += "2"), (u) => u.searchParams.set("X-Amz-Expires", "61"), (u) => u.searchParams.set("versionId", "null")]) {
      const answer = await put(change);
      assert.equal(answer.status, 403);
      assert.match(await answer.text(), /<Code>SignatureDoesNotMatch<\/Code>/);
    }
    const added = await put(() => {}, { "x-amz-tagging": "a=b" });
    const text = await added.text();
    assert.match(text, /<Code>AccessDenied<\/Code><Message>There were headers present in the request which were not signed<\/Message><HeadersNotSigned>x-amz-tagging</);
  });

  test("what is wrong with a signature is told", async () => {
    const get = { bucket: Bucket, key: "a" };
    const sign = async (change = () => {}, options) => {
      const request = s3Request(endpoint, get);
      request.headers["x-amz-content-sha256"] = sha256("");
      const signed = await s3Signer(options).sign(request, options);
      change(signed.headers);
      return sendS3(signed);
    };
    assert.equal((await sign()).status, 200);
    const other = await refused(sign(() => {}, { credentials: { ...credentials, secretAccessKey: "other" } }), 403, "SignatureDoesNotMatch");
    assert.equal(other.message, "The request signature we calculated does not match the signature you provided. Check your key and signing method.");
    assert.match(other.element("StringToSign"), /^AWS4-HMAC-SHA256\n\d{8}T\d{6}Z\n\d{8}\/us-east-1\/s3\/aws4_request\n[0-9a-f]{64}$/);
    assert.match(other.element("CanonicalRequest"), new RegExp(`^GET\n/${Bucket}/a\n`));
    const unknown = await refused(sign(() => {}, { credentials: { ...credentials, accessKeyId: "AKIDUNKNOWN" } }), 403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.");
    assert.equal(unknown.element("AWSAccessKeyId"), "AKIDUNKNOWN");
    await refused(sign(() => {}, { credentials: { ...credentials, sessionToken: "token" } }), 400, "InvalidToken", "The provided token is malformed or otherwise invalid.");
    const skewed = await refused(sign(() => {}, { signingDate: new Date(Date.now() - 20 * 60 * 1000) }), 403, "RequestTimeTooSkewed");
    assert.equal(skewed.element("MaxAllowedSkewMilliseconds"), "900000");
    await refused(sign((headers) => delete headers["x-amz-content-sha256"]), 400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
    await refused(sign((headers) => (headers["x-amz-content-sha256"] = "x")), 400, "InvalidArgument", /^x-amz-content-sha256 must be UNSIGNED-PAYLOAD/);
    await refused(sign((headers) => delete headers["x-amz-date"]), 403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
    const authorization = (change) => sign((headers) => (headers.authorization = change(headers.authorization)));
    await refused(authorization(() => "AWS AKID:signature"), 400, "InvalidRequest", "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
    await refused(authorization((text) => text.replace("host;", "")), 403, "AccessDenied", "There were headers present in the request which were not signed");
    await refused(authorization((text) => text.replace(/, Signature.*/, "")), 400, "AuthorizationHeaderMalformed", /requires three components/);
    await refused(authorization((text) => text.replace("/aws4_request", "")), 400, "AuthorizationHeaderMalformed", /Credential is mal-formed/);
    await refused(authorization((text) => text.replace("/aws4_request", "/aws5_request")), 400, "AuthorizationHeaderMalformed", /incorrect terminator "aws5_request"/);
    await refused(authorization((text) => text.replace("/us-east-1/", "/eu-west-1/")), 403, "SignatureDoesNotMatch");
    await refused(authorization((text) => text.replace(/\/\d{8}\//, "/20200101/")), 400, "AuthorizationHeaderMalformed", /Invalid credential date "20200101"/);
    await refused(authorization((text) => text.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")), 501, "NotImplemented");
    const both = await s3Signer().sign(s3Request(endpoint, { ...get, query: { "X-Amz-Algorithm": "AWS4-HMAC-SHA256" } }));
    await refused(sendS3(both), 400, "InvalidArgument", /^Only one auth mechanism allowed/);
  });

  test("the payload is what was signed", async () => {
    const put = { method: "PUT", bucket: Bucket, key: "payload", body: "sent" };
    const wrong = await refused(callS3(endpoint, { ...put, headers: { "x-amz-content-sha256": sha256("other") } }), 400, "XAmzContentSHA256Mismatch");
    assert.equal(wrong.message, "The provided 'x-amz-content-sha256' header does not match what was computed.");
    assert.deepEqual([wrong.element("ClientComputedContentSHA256"), wrong.element("S3ComputedContentSHA256")], [sha256("other"), sha256("sent")]);
    assert.equal((await callS3(endpoint, { ...put, headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } })).status, 200);
    assert.equal((await get(Bucket, "payload")).text, "sent");
  });

  /* Chunks, each signed after the one before; `change` makes them wrong. */
  async function chunked(chunks, { trailer, signed = true, change = (body) => body, headers = {}, length, key = "chunked" } = {}) {
    const kind = signed ? `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer ? "-TRAILER" : ""}` : "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    const request = s3Request(endpoint, {
      method: "PUT",
      bucket: Bucket,
      key,
      headers: {
        "content-encoding": "aws-chunked",
        "x-amz-decoded-content-length": `${length ?? Buffer.concat(chunks).length}`,
        "x-amz-content-sha256": kind,
        ...(trailer && { "x-amz-trailer": trailer[0] }),
        ...headers,
      },
    });
    const { headers: sent, ...rest } = await s3Signer().sign(request);
    const [, scope] = sent.authorization.match(/Credential=[^/]*\/([^,]*)/);
    let before = sent.authorization.match(/Signature=(\w+)/)[1];
    const hmac = (key, text) => createHmac("sha256", key).update(text).digest();
    const key_ = scope.split("/").reduce(hmac, `AWS4${credentials.secretAccessKey}`);
    const sign = (name, ...hashes) => (before = hmac(key_, [name, sent["x-amz-date"], scope, before, ...hashes].join("\n")).toString("hex"));
    const head = (chunk) =>
      `${chunk.length.toString(16)}${signed ? `;chunk-signature=${sign("AWS4-HMAC-SHA256-PAYLOAD", sha256(""), sha256(chunk))}` : ""}\r\n`;
    const parts = [];
    for (const chunk of chunks) parts.push(head(chunk), chunk, "\r\n");
    parts.push(head(Buffer.alloc(0)));
    if (trailer) {
      parts.push(`${trailer.join(":")}\r\n`);
      if (signed) parts.push(`x-amz-trailer-signature:${sign("AWS4-HMAC-SHA256-TRAILER", sha256(`${trailer.join(":")}\n`))}\r\n`);
    }
    parts.push("\r\n");
    const body = change(Buffer.concat(parts.map((part) => Buffer.from(part))));
    return sendS3({ ...rest, headers: sent, body });
  }

  test("signed chunks, with and without trailers", async () => {
    const chunks = [Buffer.alloc(8192, "a"), Buffer.alloc(70000, "b"), Buffer.from("end")];
    const whole = Buffer.concat(chunks);
    const crc = "x-amz-checksum-sha256";
    const sum = createHash("sha256").update(whole).digest("base64");
    const read = async (key) => (await get(Bucket, key)).text;
    for (const [key, options] of Object.entries({ plain: {}, trailer: { trailer: [crc, sum] }, unsigned: { signed: false, trailer: [crc, sum] } })) {
      const answer = await chunked(chunks, { ...options, key });
      assert.equal(answer.status, 200, answer.text);
      assert.equal(await read(key), whole.toString());
      assert.equal((await s3.headObject({ Bucket, Key: key })).ContentEncoding, undefined);
      if (options.trailer) assert.equal(answer.headers[crc], sum);
    }
    assert.equal((await chunked([], { key: "nothing" })).status, 200);
    assert.equal(await read("nothing"), "");
    assert.equal((await chunked([Buffer.from("x")], { key: "encoded", headers: { "content-encoding": "aws-chunked,gzip" } })).status, 200);
    assert.equal((await s3.headObject({ Bucket, Key: "encoded" })).ContentEncoding, "gzip");
  });

  test("chunks that are none", async () => {
    const chunks = [Buffer.alloc(8192, "a"), Buffer.from("end")];
    const sum = createHash("sha256").update(Buffer.concat(chunks)).digest("base64");
    const name = "x-amz-checksum-sha256";
    const replace = (from, to) => (body) => Buffer.from(body.toString("latin1").replace(from, to), "latin1");
    await refused(chunked(chunks, { change: replace("aaa", "aab") }), 403, "SignatureDoesNotMatch");
    await refused(chunked(chunks, { change: replace(/chunk-signature=\w/, "chunk-signature=z") }), 403, "SignatureDoesNotMatch");
    await refused(chunked(chunks, { change: replace(/0;chunk-signature=\w+/, "0") }), 403, "SignatureDoesNotMatch");
    await refused(chunked(chunks, { change: (body) => body.subarray(0, 5000) }), 400, "IncompleteBody");
    await refused(chunked(chunks, { change: replace("2000;", "fffff;") }), 400, "IncompleteBody");
    await refused(chunked(chunks, { change: replace("2000;", "nonsense;") }), 400, "InvalidRequest");
    await refused(chunked(chunks, { change: replace("2000;", "2000;other=1;") }), 400, "InvalidRequest");
    await refused(chunked(chunks, { change: (body) => Buffer.concat([body, Buffer.from("more")]) }), 400, "InvalidRequest");
    await refused(chunked(chunks, { length: 5 }), 400, "IncompleteBody");
    await refused(chunked([Buffer.from("small"), Buffer.from("end")]), 403, "InvalidChunkSizeError", "Only the last chunk is allowed to have a size less than 8192 bytes");
    const unsigned = { signed: false, trailer: [name, sum] };
    await refused(chunked(chunks, { ...unsigned, change: replace(sum, sum.replace(/^./, "_")) }), 400, "InvalidRequest", `Value for ${name} header is invalid.`);
    await refused(chunked(chunks, { ...unsigned, trailer: [name, createHash("sha256").digest("base64")] }), 400, "BadDigest");
    await refused(chunked(chunks, { ...unsigned, change: replace(name, "x-amz-checksum-sha1") }), 400, "MalformedTrailerError");
    await refused(chunked(chunks, { ...unsigned, change: replace(/x-amz-checksum.*\r\n/, "") }), 400, "MalformedTrailerError");
    await refused(chunked(chunks, { trailer: [name, sum], change: replace(/trailer-signature:\w/, "trailer-signature:z") }), 403, "SignatureDoesNotMatch");
    await refused(chunked(chunks, { headers: { "x-amz-decoded-content-length": "x" } }), 411, "MissingContentLength");
  });

  /* Whether all of an answer is there. */
  function isWhole(answer, bodiless) {
    const end = answer.indexOf("\r\n\r\n");
    const length = /\r\nContent-Length: (\d+)\r\n/i.exec(answer)?.[1] ?? 0;
    return end >= 0 && (bodiless || answer.length >= end + 4 + Number(length));
  }

  /** Sends bytes as they are; resolves with the answer, or with what there is of it when the connection is closed. */
  async function raw(text, { more } = {}) {
    const { hostname, port } = new URL(endpoint);
    const socket = net.connect(Number(port), hostname);
    let answer = "";
    let closed = false;
    socket.on("data", (bytes) => (answer += bytes.toString("latin1")));
    socket.on("close", () => (closed = true));
    socket.on("error", () => (closed = true));
    socket.write(text);
    if (more) {
      await until(() => /^HTTP\/1.1 100 Continue\r\n\r\n/.test(answer) || closed);
      answer = "";
      socket.write(more);
    }
    await until(() => isWhole(answer, text.startsWith("HEAD ")) || closed);
    socket.destroy();
    return answer;
  }

  test("buckets in the name of the host", async () => {
    for (const host of [`${Bucket}.localhost:8000`, `${Bucket}.s3.us-east-1.amazonaws.com`, `${Bucket}.s3.amazonaws.com`, `${Bucket}.s3-us-west-2.amazonaws.com`]) {
      const answer = await callS3(endpoint, { path: "/a", host });
      assert.deepEqual([answer.status, answer.text], [200, "text"], host);
      const list = await callS3(endpoint, { path: "/", host, query: { "list-type": "2", prefix: "a" } });
      assert.equal(list.element("Key"), "a");
    }
    assert.equal((await callS3(endpoint, { path: `/${Bucket}/a`, host: "s3.us-east-1.amazonaws.com" })).text, "text");
    assert.match(await raw(`GET /a HTTP/1.1\r\nHost: ${Bucket}.localhost\r\n\r\n`), /^HTTP\/1.1 403[^]*AccessDenied/);
  });

  test("requests without a signature", async () => {
    const unsigned = (method, path, more = "") => raw(`${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${more}\r\n`);
    const denied = /^HTTP\/1.1 403 [^]*<Code>AccessDenied<\/Code><Message>Access Denied<\/Message>/;
    assert.match(await unsigned("GET", `/${Bucket}/a`), denied);
    assert.match(await unsigned("GET", `/${Bucket}`), denied);
    assert.match(await unsigned("PUT", `/${Bucket}/a`, "Content-Length: 0\r\n"), denied);
    assert.match(await unsigned("DELETE", `/${Bucket}/a`), denied);
    assert.match(await unsigned("PUT", "/new-bucket", "Content-Length: 0\r\n"), denied);
    assert.match(await unsigned("GET", "/no-such-bucket/a"), /^HTTP\/1.1 404 [^]*<Code>NoSuchBucket<\/Code>/);
    assert.match(await unsigned("HEAD", `/${Bucket}/a`), /^HTTP\/1.1 403 /);
    const home = await fetch(`${endpoint}/`);
    assert.deepEqual([home.status, await home.text()], [200, "healthy: dynamodb.us-east-1.amazonaws.com "]);
    const listing = await callS3(endpoint, {});
    assert.match(listing.text, /<ListAllMyBucketsResult/);
    assert.match(await unsigned("GET", "/us-east-1_abcdefghi/.well-known/jwks.json"), /User pool us-east-1_abcdefghi does not exist/);
    assert.match(await unsigned("GET", "/some-bucket/.well-known/jwks.json"), /NoSuchBucket/);
  });

  test("what is no request of S3", async () => {
    const ask = (description) => callS3(endpoint, description);
    await refused(ask({ path: `/${Bucket}/%zz` }), 400, "InvalidURI", "Couldn't parse the specified URI.");
    await refused(ask({ path: `/${Bucket}/%ff` }), 400, "InvalidURI");
    const method = await refused(ask({ method: "PATCH", bucket: Bucket, key: "a" }), 405, "MethodNotAllowed");
    assert.deepEqual([method.element("Method"), method.element("ResourceType")], ["PATCH", "OBJECT"]);
    await refused(ask({ method: "DELETE" }), 405, "MethodNotAllowed");
    await refused(ask({ method: "POST", bucket: Bucket, body: "x" }), 501, "NotImplemented");
    await refused(ask({ bucket: Bucket, headers: { "x-long": "x".repeat(8200) } }), 400, "RequestHeaderSectionTooLarge");
    await refused(ask({ bucket: Bucket, query: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`q${i}`, ""])) }), 400, "InvalidURI");
    await refused(ask({ bucket: Bucket, query: { torrent: "" }, key: "a" }), 501, "NotImplemented", "GetObjectTorrent is not served here: there are no torrents.");
    await refused(ask({ method: "POST", bucket: Bucket, key: "a", query: { restore: "" } }), 501, "NotImplemented");
  });

  test("sizes are told before bytes, and 100-continue is answered", async () => {
    const request = await s3Signer().sign(s3Request(endpoint, { method: "PUT", bucket: Bucket, key: "continue", headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD", expect: "100-continue", "content-length": "5" } }));
    const head = (headers) => Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const answer = await raw(`PUT ${request.path} HTTP/1.1\r\n${head(request.headers)}\r\n`, { more: "hello" });
    assert.match(answer, /^HTTP\/1.1 200 /);
    assert.equal((await get(Bucket, "continue")).text, "hello");
    const large = await s3Signer().sign(s3Request(endpoint, { method: "PUT", bucket: Bucket, key: "x", headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD", expect: "100-continue", "content-length": "99999999999" } }));
    assert.match(await raw(`PUT ${large.path} HTTP/1.1\r\n${head(large.headers)}\r\n`), /^HTTP\/1.1 400 [^]*<Code>EntityTooLarge<\/Code>/);
    const untold = await s3Signer().sign(s3Request(endpoint, { method: "PUT", bucket: Bucket, key: "x", headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } }));
    assert.match(await raw(`PUT ${untold.path} HTTP/1.1\r\n${head(untold.headers)}\r\n`), /^HTTP\/1.1 411 [^]*<Code>MissingContentLength<\/Code>/);
    const pieces = `PUT ${untold.path} HTTP/1.1\r\n${head(untold.headers)}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`;
    assert.match(await raw(pieces), /^HTTP\/1.1 501 [^]*<Code>NotImplemented<\/Code>[^]*<Header>Transfer-Encoding</);
  });

  test("a server that asks nobody serves S3 to everybody", async () => {
    const server = await startServer({ args: ["--in-memory", "--no-auth"] });
    try {
      const put = (path, body = "") => fetch(`${server.endpoint}${path}`, { method: "PUT", body });
      assert.equal((await put("/open-bucket")).status, 200);
      assert.equal((await put("/open-bucket/a", "text")).status, 200);
      assert.equal(await (await fetch(`${server.endpoint}/open-bucket/a`)).text(), "text");
      const { s3 } = openS3(server.endpoint);
      assert.deepEqual((await s3.listObjectsV2({ Bucket: "open-bucket" })).Contents.map(({ Key }) => Key), ["a"]);
      assert.equal(region, "us-east-1");
    } finally {
      await server.stop();
    }
  });

  test("a browser may ask", async () => {
    const preflight = await fetch(`${endpoint}/${Bucket}/a`, { method: "OPTIONS", headers: { origin: "http://page", "access-control-request-method": "PUT", "access-control-request-headers": "x-amz-date" } });
    assert.deepEqual([preflight.status, preflight.headers.get("access-control-allow-methods"), preflight.headers.get("access-control-allow-headers")], [200, "PUT", "x-amz-date"]);
    const answer = await fetch(await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: "a" })), { headers: { origin: "http://page" } });
    assert.deepEqual([answer.headers.get("access-control-allow-origin"), answer.headers.get("access-control-expose-headers")], ["*", "*"]);
  });
});
