// The AWS JSON 1.0 protocol, below the SDK: headers, checksums, compression, CORS, and bodies that are not as they should be.

import assert from "node:assert/strict";
import net from "node:net";
import zlib from "node:zlib";
import { describe, test } from "node:test";
import { open } from "../lib/turntable.js";
import { call, crc32, parse, request, send } from "../lib/raw.js";

const { endpoint, ddb, doc, table } = await open();
const TableName = await table({ pk: "S" });
await doc.put({ TableName, Item: { pk: "a", n: 1 } });

const contentType = "application/x-amz-json-1.0";
const key = { pk: { S: "a" } };

const assertFailure = ({ status, headers, json, body }, type, message) => {
  assert.equal(status, 400, body.toString());
  assert.equal(headers["content-type"], contentType);
  assert.equal(json?.__type, type, body.toString());
  if (message !== undefined) assert.equal(json.message ?? json.Message, message);
};
const service = (name) => `com.amazon.coral.service#${name}`;
const dynamodb = (name) => `com.amazonaws.dynamodb.v20120810#${name}`;

/** The server still answers after whatever a test did to it. */
const stillAlive = async () => assert.equal((await call(endpoint)).status, 200);

describe("answers", () => {
  test("have a request id, a checksum, a content type and a length", async () => {
    const answer = await call(endpoint, { target: "GetItem", body: { TableName, Key: key } });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json, { Item: { pk: { S: "a" }, n: { N: "1" } } });
    assert.equal(answer.headers["content-type"], contentType);
    assert.match(answer.headers["x-amzn-requestid"], /^[A-Za-z0-9-]{36,52}$/);
    assert.equal(answer.headers["x-amz-crc32"], String(crc32(answer.body)));
    assert.equal(answer.headers["content-length"], String(answer.body.length));
  });

  test("of failures have them too, and name the type and the message", async () => {
    const answer = await call(endpoint, { target: "DescribeTable", body: { TableName: "no-such-table" } });
    assertFailure(answer, dynamodb("ResourceNotFoundException"));
    assert.match(answer.headers["x-amzn-requestid"], /^[A-Za-z0-9-]{36,52}$/);
    assert.equal(answer.headers["x-amz-crc32"], String(crc32(answer.body)));
  });

  test("name the message of a failure in lower case", async () => {
    const { json } = await call(endpoint, { target: "DescribeTable", body: { TableName: "no-such-table" } });
    assert.deepEqual(json, {
      __type: dynamodb("ResourceNotFoundException"),
      message: "Requested resource not found: Table: no-such-table not found",
    });
  });

  test("of refused values are ValidationExceptions of their own namespace", async () => {
    const { json } = await call(endpoint, { target: "Scan", body: { TableName, FilterExpression: "" } });
    assert.equal(json.__type, "com.amazon.coral.validate#ValidationException");
  });

  test("have a request id each", async () => {
    const ids = new Set();
    for (let i = 0; i < 20; i++) ids.add((await call(endpoint)).headers["x-amzn-requestid"]);
    assert.equal(ids.size, 20);
  });

  test("to writes without anything to say are an empty object", async () => {
    const answer = await call(endpoint, { target: "PutItem", body: { TableName, Item: key } });
    assert.equal(answer.body.toString(), "{}");
    await doc.put({ TableName, Item: { pk: "a", n: 1 } });
  });

  test("give dates as numbers with milliseconds", async () => {
    const { json } = await call(endpoint, { target: "DescribeTable", body: { TableName } });
    assert.equal(typeof json.Table.CreationDateTime, "number");
    assert.ok(Math.abs(json.Table.CreationDateTime - Date.now() / 1000) < 600);
  });

  test("come on one connection one after the other", async () => {
    const first = await ddb.getItem({ TableName, Key: key });
    const second = await ddb.getItem({ TableName, Key: key });
    assert.deepEqual(first.Item, second.Item);
  });
});

describe("operations", () => {
  test("that do not exist are unknown", async () => {
    assertFailure(await call(endpoint, { target: "DoNothing" }), service("UnknownOperationException"));
  });

  test("of other services, and none at all, are unknown", async () => {
    for (const target of ["DynamoDB_20111205.ListTables", "Nonsense.ListTables", "DynamoDB_20120810.", ".", "DynamoDB_20120810.ListTables.More", ""]) {
      assertFailure(await call(endpoint, { target }), service("UnknownOperationException"));
    }
  });

  test("take a content type of application/json, and one with a charset", async () => {
    for (const type of ["application/json", "application/x-amz-json-1.0; charset=utf-8"]) {
      const answer = await call(endpoint, { headers: { "content-type": type } });
      assert.equal(answer.status, 200, answer.body.toString());
    }
  });

  test("ignore parameters that they do not know", async () => {
    const answer = await call(endpoint, { target: "GetItem", body: { TableName, Key: key, Nonsense: [{ deep: null }] } });
    assert.equal(answer.status, 200, answer.body.toString());
    assert.deepEqual(answer.json.Item.pk, { S: "a" });
  });

  test("take null for nothing", async () => {
    const body = { TableName, Key: { pk: { S: "a", N: null } }, ConsistentRead: null, ProjectionExpression: null };
    const answer = await call(endpoint, { target: "GetItem", body });
    assert.deepEqual(answer.json.Item, { pk: { S: "a" }, n: { N: "1" } });
  });
});

describe("values of the wrong JSON type", () => {
  const getting = (more) => ({ target: "GetItem", body: { TableName, Key: key, ...more } });
  for (const [what, description, message] of [
    ["a number for a string", getting({ TableName: 23 }), "NUMBER_VALUE cannot be converted to String"],
    ["a fraction for a string", getting({ TableName: 2.5 }), "DECIMAL_VALUE cannot be converted to String"],
    ["true for a string", getting({ TableName: true }), "TRUE_VALUE cannot be converted to String"],
    ["false for a string", getting({ TableName: false }), "FALSE_VALUE cannot be converted to String"],
    ["an array for a string", getting({ TableName: [] }), "Unrecognized collection type class java.lang.String"],
    ["an object for a string", getting({ TableName: {} }), "Start of structure or map found where not expected"],
    ["a string for a map", getting({ Key: "a" }), "Unexpected field type"],
    ["a number for a map", getting({ Key: 5 }), "Unexpected field type"],
    ["an array for a map", getting({ Key: [] }), "Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>"],
    ["a string for a value", getting({ Key: { pk: "a" } }), "Unexpected value type in payload"],
    ["a number for a value", getting({ Key: { pk: 1 } }), "Unexpected value type in payload"],
    ["an array for a value", getting({ Key: { pk: [] } }), "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"],
    ["a number for S", getting({ Key: { pk: { S: 5 } } }), "NUMBER_VALUE cannot be converted to String"],
    ["a number for N", getting({ Key: { pk: { N: 5 } } }), "NUMBER_VALUE cannot be converted to String"],
    ["an object for N", getting({ Key: { pk: { N: {} } } }), "Start of structure or map found where not expected"],
    ["a number for B", getting({ Key: { pk: { B: 5 } } }), "only base-64-encoded strings are convertible to bytes"],
    ["base64 of a wrong length", getting({ Key: { pk: { B: "abc" } } }), "Base64 encoded length is expected a multiple of 4 bytes but found: 3"],
    ["a word for BOOL", getting({ Key: { pk: { BOOL: "maybe" } } }), "Unexpected token received from parser"],
    ["a number for BOOL", getting({ Key: { pk: { BOOL: 1 } } }), "NUMBER_VALUE cannot be converted to Boolean"],
    ["a string for SS", getting({ Key: { pk: { SS: "a" } } }), "Unexpected field type"],
    ["an object for SS", getting({ Key: { pk: { SS: {} } } }), "Start of structure or map found where not expected"],
    ["a number in SS", getting({ Key: { pk: { SS: [1] } } }), "NUMBER_VALUE cannot be converted to String"],
    ["a string for L", getting({ Key: { pk: { L: "a" } } }), "Unexpected field type"],
    ["a string in L", getting({ Key: { pk: { L: ["a"] } } }), "Unexpected value type in payload"],
    ["a string for M", getting({ Key: { pk: { M: "a" } } }), "Unexpected field type"],
    ["a string for a list", { target: "CreateTable", body: { TableName: "abc", KeySchema: "pk" } }, "Unexpected field type"],
    ["a string for an integer", { target: "Scan", body: { TableName, Limit: "5" } }, "STRING_VALUE cannot be converted to Integer"],
    ["true for an integer", { target: "Scan", body: { TableName, Limit: true } }, "TRUE_VALUE cannot be converted to Integer"],
    ["a string for a boolean", getting({ ConsistentRead: "perhaps" }), "Unexpected token received from parser"],
  ]) {
    test(what, async () => {
      assertFailure(await call(endpoint, description), service("SerializationException"), message);
    });
  }

  test("bad base64", async () => {
    for (const B of ["a$==", "=abc", "a===", "ab=c"]) {
      assertFailure(await call(endpoint, getting({ Key: { pk: { B } } })), service("SerializationException"));
    }
  });
});

describe("bodies that are no JSON object", () => {
  for (const [what, body] of [
    ["nothing", ""],
    ["half an object", '{"TableName":'],
    ["a string", '"a"'],
    ["an array", "[]"],
    ["a number", "5"],
    ["two objects", "{}{}"],
    ["words behind", "{} x"],
    ["single quotes", "{'TableName':'a'}"],
    ["a comment", '{/* */"TableName":"a"}'],
    ["NaN", '{"Limit":NaN}'],
    ["a trailing comma", '{"TableName":"a",}'],
    ["a control character in a string", '{"TableName":"a\u0001b"}'],
    ["a bad escape", '{"TableName":"\\x"}'],
    ["bytes that are no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ["UTF-16", Buffer.from('{"TableName":"a"}', "utf16le")],
    ["100,000 open brackets", "[".repeat(100_000)],
    ["100,000 open objects", '{"a":'.repeat(100_000)],
  ]) {
    test(`${what} is a SerializationException`, async () => {
      assertFailure(await call(endpoint, { target: "GetItem", body }), service("SerializationException"));
      await stillAlive();
    });
  }

  test("a value nested 50,000 deep is refused", async () => {
    const body = `{"TableName":"abc","Key":{"pk":${'{"L":['.repeat(50_000)}${"]}".repeat(50_000)}}}`;
    const answer = await call(endpoint, { target: "GetItem", body });
    assert.equal(answer.status, 400);
    assert.match(answer.json.__type, /#(SerializationException|ValidationException)$/);
    await stillAlive();
  });

  test("a parameter that is unknown may be nested deep, but not without bound", async () => {
    const body = (depth) => `{"TableName":${JSON.stringify(TableName)},"Key":{"pk":{"S":"a"}},"X":${"[".repeat(depth)}${"]".repeat(depth)}}`;
    assert.equal((await call(endpoint, { target: "GetItem", body: body(20) })).status, 200);
    assertFailure(await call(endpoint, { target: "GetItem", body: body(200_000) }), service("SerializationException"));
  });
});

describe("large bodies", () => {
  test("just under 16 MB are taken", async () => {
    const padding = "x".repeat(16 * 1024 * 1024 - 1000);
    const answer = await call(endpoint, { target: "GetItem", body: { TableName, Key: key, Padding: padding } });
    assert.equal(answer.status, 200, answer.body.toString().slice(0, 200));
  });

  test("over 16 MB are refused", async () => {
    const padding = "x".repeat(16 * 1024 * 1024);
    // The server may close the connection before it has read everything.
    const answer = await call(endpoint, { target: "GetItem", body: { TableName, Key: key, Padding: padding } }).catch((error) => error);
    if (answer instanceof Error) assert.match(answer.code, /^(EPIPE|ECONNRESET)$/);
    else assert.equal(answer.status, 413);
    await stillAlive();
  });

  test("a declared length over 16 MB is refused at once", async () => {
    const { hostname, port } = new URL(endpoint);
    const socket = net.connect(Number(port), hostname);
    let text = "";
    socket.on("data", (data) => (text += data));
    socket.write(
      `POST / HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: ${contentType}\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\nContent-Length: 99999999999\r\n\r\n`,
    );
    socket.write("{".repeat(1000));
    await new Promise((resolve) => {
      socket.on("data", () => text.includes("\r\n\r\n") && resolve());
      socket.on("close", resolve);
      socket.on("error", resolve);
    });
    socket.destroy();
    assert.match(text, /^HTTP\/1\.1 (413|400) |^$/);
    await stillAlive();
  });
});

describe("HTTP", () => {
  const raw = async (bytes) => {
    const { hostname, port } = new URL(endpoint);
    const socket = net.connect(Number(port), hostname);
    let text = "";
    const closed = new Promise((resolve) => {
      socket.on("close", resolve);
      socket.on("error", resolve);
    });
    socket.on("data", (data) => (text += data));
    socket.end(bytes);
    await closed;
    return text;
  };

  test("a request in pieces is put together", async () => {
    const answer = await call(endpoint, { target: "GetItem", body: { TableName, Key: key } });
    assert.equal(answer.status, 200);
  });

  test("nonsense does no harm", async () => {
    for (const bytes of ["\r\n\r\n", "hello\r\n\r\n", "GET\r\n\r\n", "POST / HTTP/9.9\r\n\r\n", "\u0000\u0001\u0002".repeat(1000), "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", `POST /${"x".repeat(100_000)} HTTP/1.1\r\n\r\n`, `POST / HTTP/1.1\r\n${"A: b\r\n".repeat(20_000)}\r\n`]) {
      const text = await raw(bytes);
      assert.doesNotMatch(text, /^HTTP\/1\.\d 2/);
    }
    await stillAlive();
  });

  test("a request that is cut off does no harm", async () => {
    await raw("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{");
    await stillAlive();
  });

  test("other methods are no operations", async () => {
    for (const method of ["PUT", "DELETE", "PATCH"]) {
      const answer = await call(endpoint, { method });
      assert.ok(answer.status >= 400 && answer.status < 500, `${method}: ${answer.status}`);
    }
  });
});

describe("compression", () => {
  test("a gzip'd request is understood", async () => {
    const body = zlib.gzipSync(JSON.stringify({ TableName, Key: key }));
    const answer = await call(endpoint, { target: "GetItem", body, headers: { "content-encoding": "gzip" } });
    assert.equal(answer.status, 200, answer.body.toString());
    assert.deepEqual(answer.json.Item, { pk: { S: "a" }, n: { N: "1" } });
  });

  test("what is not gzip'd though it says so is refused", async () => {
    for (const body of ["{}", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]), zlib.gzipSync("{}").subarray(0, 12), ""]) {
      const answer = await call(endpoint, { body, headers: { "content-encoding": "gzip" } });
      assert.equal(answer.status, 400, answer.body.toString());
    }
    await stillAlive();
  });

  test("a gzip'd request that grows beyond 16 MB is refused", async () => {
    const body = zlib.gzipSync(JSON.stringify({ TableName, Key: key, Padding: "x".repeat(64 * 1024 * 1024) }));
    assert.ok(body.length < 200_000);
    const answer = await call(endpoint, { target: "GetItem", body, headers: { "content-encoding": "gzip" } });
    assert.ok(answer.status === 413 || answer.status === 400, String(answer.status));
    await stillAlive();
  });

  test("a large answer is gzip'd for a client that offers it, and the checksum is that of what is sent", async () => {
    const body = "words and words ".repeat(5000);
    await doc.put({ TableName, Item: { pk: "large", body } });
    const answer = await call(endpoint, {
      target: "GetItem",
      body: { TableName, Key: { pk: { S: "large" } } },
      headers: { "accept-encoding": "gzip" },
    });
    assert.equal(answer.headers["content-encoding"], "gzip");
    assert.ok(answer.body.length < body.length / 4);
    assert.equal(answer.headers["x-amz-crc32"], String(crc32(answer.body)));
    assert.deepEqual(parse(zlib.gunzipSync(answer.body)).Item.body, { S: body });
  });

  test("no answer is gzip'd for a client that does not offer it", async () => {
    for (const offer of [undefined, "identity", "gzip;q=0"]) {
      const answer = await call(endpoint, {
        target: "GetItem",
        body: { TableName, Key: { pk: { S: "large" } } },
        headers: offer ? { "accept-encoding": offer } : {},
      });
      assert.equal(answer.headers["content-encoding"], undefined);
      assert.ok(answer.json.Item);
      assert.equal(answer.headers["x-amz-crc32"], String(crc32(answer.body)));
    }
  });
});

describe("CORS", () => {
  const preflight = (headers) => send(request(endpoint, { method: "OPTIONS", target: "", body: undefined, headers }));

  test("a preflight is answered without credentials", async () => {
    const answer = await preflight({
      origin: "http://localhost:5173",
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,x-amz-date,x-amz-target,content-type",
    });
    assert.equal(Math.floor(answer.status / 100), 2);
    assert.ok(["*", "http://localhost:5173"].includes(answer.headers["access-control-allow-origin"]));
    assert.match(answer.headers["access-control-allow-methods"], /\bPOST\b/);
    for (const name of ["authorization", "x-amz-date", "x-amz-target", "content-type"]) {
      assert.ok(answer.headers["access-control-allow-headers"].toLowerCase().split(/, */).includes(name), name);
    }
    assert.ok(Number(answer.headers["access-control-max-age"]) > 0);
  });

  test("an answer to a browser allows its origin and shows the request id", async () => {
    for (const target of ["ListTables", "DoNothing"]) {
      const answer = await call(endpoint, { target, headers: { origin: "http://localhost:5173" } });
      assert.ok(["*", "http://localhost:5173"].includes(answer.headers["access-control-allow-origin"]));
      assert.match(answer.headers["access-control-expose-headers"], /x-amzn-RequestId/i);
    }
  });

  test("an answer to others says nothing of origins", async () => {
    assert.equal((await call(endpoint)).headers["access-control-allow-origin"], undefined);
  });
});
