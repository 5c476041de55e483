// Signature version 4: who may ask, and what is said to those who may not.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { makeClient, open } from "../lib/turntable.js";
import { call, parse, request, send, signer } from "../lib/raw.js";
import { credentials } from "../lib/server.js";

const { endpoint, table } = await open();

const minutes = (n) => new Date(Date.now() + n * 60_000);
const token = { ...credentials, sessionToken: "never given out" };

/** Signs a request, lets a test spoil it, and sends it. */
async function spoiled(spoil, { description, options, signing } = {}) {
  const signed = await signer(options).sign(request(endpoint, description), signing);
  spoil(signed);
  const answer = await send(signed);
  return { ...answer, json: parse(answer.body) };
}

function assertRefused({ status, json, headers, body }, name, message) {
  assert.equal(status, 400, body.toString());
  assert.equal(json.__type, `com.amazon.coral.service#${name}`, body.toString());
  assert.match(headers["x-amzn-requestid"], /^[A-Za-z0-9-]{36,52}$/);
  const text = json.message ?? json.Message;
  if (message instanceof RegExp) assert.match(text, message);
  else assert.equal(text, message);
}

const mismatch =
  /^The request signature we calculated does not match the signature you provided\. Check your AWS Secret Access Key and signing method\. Consult the service documentation for details\./;
const unknownToken = "The security token included in the request is invalid.";

describe("a signed request", () => {
  test("is answered", async () => {
    assert.equal((await call(endpoint)).status, 200);
  });

  test("through the SDK with another region is answered, by the same tables", async () => {
    const elsewhere = makeClient(endpoint, { region: "eu-central-1" });
    const TableName = await table({ pk: "S" });
    assert.equal((await elsewhere.describeTable({ TableName })).Table.TableName, TableName);
    elsewhere.destroy();
  });

  test("is answered within the allowed skew of clocks", async () => {
    for (const signingDate of [minutes(-4), minutes(4)]) {
      const answer = await spoiled(() => {}, { signing: { signingDate } });
      assert.equal(answer.status, 200, answer.body.toString());
    }
  });

  test("may have more headers than are signed, in any order and case", async () => {
    const answer = await spoiled((r) => {
      r.headers = Object.fromEntries(Object.entries(r.headers).reverse().map(([k, v]) => [k.toUpperCase(), v]));
      r.headers["X-Extra"] = "anything";
    });
    assert.equal(answer.status, 200, answer.body.toString());
  });

  test("may have spaces around and within its headers' values", async () => {
    const answer = await spoiled(() => {}, { description: { headers: { "x-amz-meta": "a   b" } } });
    assert.equal(answer.status, 200, answer.body.toString());
  });

  test("may have parameters in its query", async () => {
    const description = { query: { b: "2 &=+/~é", a: "1", B: "" } };
    assert.equal((await call(endpoint, description)).status, 200);
  });
});

describe("credentials", () => {
  test("a wrong secret is an InvalidSignatureException", async () => {
    const options = { credentials: { ...credentials, secretAccessKey: "wrong" } };
    assertRefused(await call(endpoint, {}, options), "InvalidSignatureException", mismatch);
  });

  test("an unknown key is an UnrecognizedClientException", async () => {
    const options = { credentials: { accessKeyId: "UNKNOWNKEY", secretAccessKey: "whatever" } };
    assertRefused(await call(endpoint, {}, options), "UnrecognizedClientException", unknownToken);
  });

  test("the SDK throws them by name", async () => {
    const wrong = makeClient(endpoint, { credentials: { ...credentials, secretAccessKey: "wrong" } });
    await assert.rejects(wrong.listTables({}), { name: "InvalidSignatureException" });
    const unknown = makeClient(endpoint, { credentials: { accessKeyId: "UNKNOWNKEY", secretAccessKey: "whatever" } });
    await assert.rejects(unknown.listTables({}), { name: "UnrecognizedClientException" });
    wrong.destroy();
    unknown.destroy();
  });

  test("a session token that was never given out is refused", async () => {
    const answer = await call(endpoint, {}, { credentials: token });
    assert.equal(answer.status, 400);
    assert.equal(answer.json.__type, "com.amazon.coral.service#UnrecognizedClientException");
  });
});

describe("a request without a signature", () => {
  test("is refused", async () => {
    const answer = await send(request(endpoint));
    assertRefused({ ...answer, json: parse(answer.body) }, "MissingAuthenticationTokenException", "Request is missing Authentication Token");
  });

  test("is refused with another scheme", async () => {
    for (const authorization of ["Basic dXNlcjpwYXNz", "Bearer token", ""]) {
      const answer = await send(request(endpoint, { headers: { authorization } }));
      assertRefused({ ...answer, json: parse(answer.body) }, "MissingAuthenticationTokenException", "Request is missing Authentication Token");
    }
  });
});

describe("an incomplete signature", () => {
  for (const part of ["Credential", "Signature", "SignedHeaders"]) {
    test(`without ${part}`, async () => {
      const answer = await spoiled((r) => (r.headers.authorization = r.headers.authorization.replace(new RegExp(`${part}=[^,]*(, )?`), "")));
      assertRefused(answer, "IncompleteSignatureException", new RegExp(`^Authorization header requires '${part}' parameter\\. `));
    });
  }

  test("without all of them", async () => {
    const answer = await spoiled((r) => (r.headers.authorization = "AWS4-HMAC-SHA256 "));
    assertRefused(
      answer,
      "IncompleteSignatureException",
      /^Authorization header requires 'Credential' parameter\. Authorization header requires 'Signature' parameter\. Authorization header requires 'SignedHeaders' parameter\. /,
    );
  });

  test("without a date", async () => {
    const answer = await spoiled((r) => delete r.headers["x-amz-date"]);
    assertRefused(
      answer,
      "IncompleteSignatureException",
      /^Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header\. /,
    );
  });

  test("with a date in another form", async () => {
    const answer = await spoiled((r) => (r.headers["x-amz-date"] = "2025-01-01"));
    assertRefused(
      answer,
      "IncompleteSignatureException",
      /^Date must be in ISO-8601 'basic format'\. Got '2025-01-01'\. See http:\/\/en\.wikipedia\.org\/wiki\/ISO_8601$/,
    );
  });

  test("with another algorithm", async () => {
    const answer = await spoiled((r) => (r.headers.authorization = r.headers.authorization.replace("SHA256", "SHA1")));
    assertRefused(answer, "IncompleteSignatureException", /^Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'/);
  });

  test("with a credential of fewer parts", async () => {
    const answer = await spoiled(
      (r) => (r.headers.authorization = r.headers.authorization.replace(/Credential=[^,]*/, "Credential=a/b/c/d")),
    );
    assertRefused(
      answer,
      "IncompleteSignatureException",
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b/c/d'",
    );
  });

  test("of nonsense does no harm", async () => {
    for (const rest of [",,,", "=", "Credential==,Signature=,SignedHeaders=", "Credential=////,Signature=0,SignedHeaders=;;;", "x".repeat(7000), "\u00e9\u00ff"]) {
      const answer = await spoiled((r) => (r.headers.authorization = `AWS4-HMAC-SHA256 ${rest}`));
      assert.equal(answer.status, 400, rest);
      assert.match(answer.json.__type, /#(IncompleteSignatureException|InvalidSignatureException|UnrecognizedClientException)$/);
    }
    assert.equal((await call(endpoint)).status, 200);
  });
});

describe("an invalid signature", () => {
  for (const [what, spoil] of [
    ["a changed signature", (r) => (r.headers.authorization = r.headers.authorization.replace(/.$/, (c) => (c === "0" ? "1" : "0")))],
    ["a shortened signature", (r) => (r.headers.authorization = r.headers.authorization.replace(/.$/, ""))],
    ["a signature in capitals", (r) => (r.headers.authorization = r.headers.authorization.replace(/[0-9a-f]{64}$/, (s) => `F${s.slice(1).toUpperCase()}`))],
    ["a changed body", (r) => (r.body = '{"Limit":1}')],
    ["a changed target", (r) => (r.headers["x-amz-target"] = "DynamoDB_20120810.DescribeLimits")],
    ["a changed path", (r) => (r.path = "/elsewhere")],
    ["an added query", (r) => (r.query = { more: "1" })],
    ["a signed header that is gone", (r) => delete r.headers["x-amz-meta"]],
    ["a changed signed header", (r) => (r.headers["x-amz-meta"] = "b")],
  ]) {
    test(`${what}`, async () => {
      const answer = await spoiled(spoil, { description: { headers: { "x-amz-meta": "a" } } });
      assertRefused(answer, "InvalidSignatureException", mismatch);
    });
  }

  test("a host that is not signed", async () => {
    const answer = await spoiled((r) => (r.headers.authorization = r.headers.authorization.replace(/host;/, "")));
    assertRefused(answer, "InvalidSignatureException", /^'Host'.* must be a 'SignedHeader' in the AWS Authorization\.$/);
  });

  for (const name of ["x-amz-target", "x-amz-date", "X-Amz-User-Agent", "X-AMZ-ANYTHING"]) {
    test(`${name} that is not signed`, async () => {
      const answer = await spoiled((r) => {
        const value = r.headers[name.toLowerCase()] ?? "anything";
        delete r.headers[name.toLowerCase()];
        r.headers[name] = value;
        r.headers.authorization = r.headers.authorization.replace(new RegExp(`;${name}(?=[;,])`, "i"), "");
      });
      assertRefused(answer, "InvalidSignatureException", `'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
    });
  }

  test("another service", async () => {
    const answer = await call(endpoint, {}, { service: "s3" });
    assertRefused(answer, "InvalidSignatureException", /^Credential should be scoped to correct service: 'dynamodb'\. ?$/);
  });

  test("another terminator", async () => {
    const answer = await spoiled((r) => (r.headers.authorization = r.headers.authorization.replace("aws4_request", "aws5_request")));
    assertRefused(answer, "InvalidSignatureException", /Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'\./);
  });

  test("a scope of another day", async () => {
    const answer = await spoiled((r) => (r.headers.authorization = r.headers.authorization.replace(/\/\d{8}\//, "/20130609/")));
    assertRefused(
      answer,
      "InvalidSignatureException",
      /Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20130609' != '\d{8}', from '\d{8}T\d{6}Z'\./,
    );
  });

  const stamp = "\\d{8}T\\d{6}Z";
  test("an old date", async () => {
    for (const signingDate of [minutes(-60), new Date("2013-06-09T09:45:15Z")]) {
      const answer = await spoiled(() => {}, { signing: { signingDate } });
      assertRefused(
        answer,
        "InvalidSignatureException",
        new RegExp(`^Signature expired: ${stamp} is now earlier than ${stamp} \\(${stamp} - 15 min\\.\\)$`),
      );
    }
  });

  test("a date to come", async () => {
    const answer = await spoiled(() => {}, { signing: { signingDate: minutes(60) } });
    assertRefused(
      answer,
      "InvalidSignatureException",
      new RegExp(`^Signature not yet current: ${stamp} is still later than ${stamp} \\(${stamp} \\+ \\d+ min\\.\\)$`),
    );
  });
});

describe("a presigned request", () => {
  const presigned = async (spoil = () => {}, { expiresIn = 300, signingDate, options } = {}) => {
    const signed = await signer(options).presign(request(endpoint), {
      expiresIn,
      signingDate,
      unhoistableHeaders: new Set(["x-amz-target"]),
    });
    signed.headers = { ...request(endpoint).headers, ...signed.headers };
    spoil(signed);
    const answer = await send(signed);
    return { ...answer, json: parse(answer.body) };
  };

  test("is answered", async () => {
    const answer = await presigned();
    assert.equal(answer.status, 200, answer.body.toString());
  });

  test("with a wrong secret is refused", async () => {
    const answer = await presigned(undefined, { options: { credentials: { ...credentials, secretAccessKey: "wrong" } } });
    assertRefused(answer, "InvalidSignatureException", mismatch);
  });

  test("that was changed is refused", async () => {
    assertRefused(await presigned((r) => (r.query.more = "1")), "InvalidSignatureException", mismatch);
    assertRefused(await presigned((r) => (r.body = '{"Limit":1}')), "InvalidSignatureException", mismatch);
  });

  test("with another x-amz- header than was signed is refused", async () => {
    for (const [name, value] of [["x-amz-security-token", "t"], ["X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"], ["x-amz-user-agent", "a/1"]]) {
      const answer = await presigned((r) => (r.headers[name] = value));
      assertRefused(answer, "InvalidSignatureException", `'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
    }
    const signed = await signer().presign(request(endpoint), { expiresIn: 300, unsignableHeaders: new Set(["x-amz-target"]) });
    signed.headers = { ...signed.headers, "x-amz-target": request(endpoint).headers["x-amz-target"] };
    delete signed.query["x-amz-target"];
    const answer = await send(signed);
    assertRefused({ ...answer, json: parse(answer.body) }, "InvalidSignatureException", "'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.");
  });

  test("that is too old is refused", async () => {
    const answer = await presigned(undefined, { expiresIn: 60, signingDate: minutes(-120) });
    assertRefused(answer, "InvalidSignatureException", /^Signature expired: /);
  });

  for (const part of ["X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"]) {
    test(`without ${part} is refused`, async () => {
      const answer = await presigned((r) => delete r.query[part]);
      assertRefused(
        answer,
        "IncompleteSignatureException",
        `AWS query-string parameters must include '${part}'. Re-examine the query-string parameters.`,
      );
    });
  }

  test("that is signed in its header as well is refused", async () => {
    const answer = await presigned((r) => (r.headers.authorization = "AWS4-HMAC-SHA256 Credential=a"));
    assertRefused(
      answer,
      "InvalidSignatureException",
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  });
});
