// What the server says of texts that nobody has kept or run yet: LintPolicy of policies, CheckStatement of statements.

import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { grant, makeUser } from "../lib/principals.js";
import { callQuery } from "../lib/raw.js";
import { credentials, elsewhere, startServer } from "../lib/server.js";

const skip = elsewhere && "these operations are this server's own";

let server;
before(async () => {
  if (!skip) server = await startServer();
});
after(() => server?.stop());

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&apos;", "'").replaceAll("&amp;", "&");
const membersOf = (xml) => Object.fromEntries([...xml.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, text]) => [name, unescape(text)]));

/** Calls an operation; resolves with { status, text, members }: the members of the answer that are texts. */
async function call(action, parameters, keys = credentials) {
  const { status, body } = await callQuery(server.endpoint, { service: "turntable", version: "2026-11-26", action, parameters }, { credentials: keys });
  return { status, text: body.toString(), members: membersOf(body.toString()) };
}

/** What LintPolicy finds, as objects. */
async function lint(PolicyDocument, more = {}) {
  const { status, text } = await call("LintPolicy", { PolicyDocument: typeof PolicyDocument === "string" ? PolicyDocument : JSON.stringify(PolicyDocument, null, 2), ...more });
  assert.equal(status, 200, text);
  return [...text.matchAll(/<member>(.*?)<\/member>/gs)].map(([, member]) => membersOf(member));
}

const policy = (...Statement) => ({ Version: "2012-10-17", Statement });

test("LintPolicy says where a document can never do what it says", { skip }, async () => {
  assert.deepEqual(await lint(policy(grant("dynamodb:GetItem", "*"))), []);
  const findings = await lint(policy(grant("dynamodb:Query", "*"), { Sid: "Typo", ...grant(["dynamodb:GetItems", "dynamodb:Query"], "*") }));
  assert.deepEqual(findings, [
    {
      Severity: "WARNING",
      Sentence: "DynamoDB has no such action.",
      Mend: "Is it dynamodb:GetItem?",
      Statement: "2",
      Sid: "Typo",
      Element: "Action",
      Subject: "dynamodb:GetItems",
      Line: "13",
      Column: "10",
      Length: "17",
    },
  ]);
});

test("LintPolicy counts characters, and begins at the statement if what it is about has escapes", { skip }, async () => {
  const [finding] = await lint(`{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Condition":{"StringEquals":{"aws:PrincipalTag/ü€😀":"ü"}},"Resource":"*","Action":"dynamodb:Nope"}]}`);
  assert.equal(finding.Subject, "dynamodb:Nope");
  assert.equal(finding.Column, String([...`{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Condition":{"StringEquals":{"aws:PrincipalTag/ü€😀":"ü"}},"Resource":"*","Action":"`].length + 1));
  const [escaped] = await lint(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":"dynamodb:N\\u006fpe"}]}`);
  assert.deepEqual([escaped.Subject, escaped.Line, escaped.Column, escaped.Length], ["dynamodb:Nope", "1", "38", "0"]);
});

test("LintPolicy says where a document is wrong, in IAM's words", { skip }, async () => {
  const [resource] = await lint(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem",\n"Resource":"Music"}]}`);
  assert.deepEqual(resource, { Severity: "ERROR", Sentence: 'Resource Music must be in ARN format or "*".', Place: "statement 1, Resource, byte 96", Line: "2", Column: "13", Length: "5" });
  const [json] = await lint("{");
  assert.deepEqual(json, { Severity: "ERROR", Sentence: "Syntax errors in policy." });
  const [principal] = await lint(policy(grant("dynamodb:GetItem", "*")), { PolicyType: "TRUST_POLICY" });
  assert.equal(principal.Severity, "ERROR");
  assert.deepEqual(await lint(policy({ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }), { PolicyType: "TRUST_POLICY" }), []);
});

test("LintPolicy knows of tables what it is told, and of its holder", { skip }, async () => {
  const arn = (rest) => `arn:aws:dynamodb:us-east-1:000000000000:table/${rest}`;
  const document = policy(grant("dynamodb:Query", [arn("Music"), arn("Gone"), arn("Music/index/ByYear"), arn("Music/index/Other"), arn("Unknown/index/x")]));
  const told = { "Tables.member.1.TableName": "Music", "Tables.member.1.IndexNames.member.1": "ByYear", "Tables.member.2.TableName": "Gone", "Tables.member.2.Exists": "false" };
  const findings = await lint(document, told);
  assert.deepEqual(
    findings.map(({ Subject, Sentence }) => [Subject, Sentence]),
    [
      [arn("Gone"), "There is no such table."],
      [arn("Music/index/Other"), "The table has no such index."],
    ],
  );
  const identity = policy(grant("dynamodb:GetItem", "*", { StringEquals: { "cognito-identity.amazonaws.com:sub": "x" } }));
  assert.deepEqual(await lint(identity, { Holder: "COGNITO_ROLE" }), []);
  assert.equal((await lint(identity, { Holder: "USER" })).length, 1);
});

test("LintPolicy refuses what it does not take, and whom policies do not allow", { skip }, async () => {
  const missing = await call("LintPolicy", {});
  assert.deepEqual([missing.status, missing.members.Code], [400, "ValidationError"]);
  for (const [member, value] of [
    ["PolicyType", "SESSION"],
    ["Holder", "ROOT"],
    ["PolicyDocument", "x".repeat(131073)],
    ["Tables.member.101.TableName", "x"],
  ]) {
    const tables = member.startsWith("Tables") ? Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`Tables.member.${i + 1}.TableName`, "x"])) : {};
    const { status, members } = await call("LintPolicy", { PolicyDocument: "{}", ...tables, [member]: value });
    assert.deepEqual([status, members.Code], [400, "ValidationError"], `${member}: ${members.Message}`);
  }
  const ana = await makeUser(server.endpoint, "lint-ana");
  assert.equal((await call("LintPolicy", { PolicyDocument: "{}" }, ana.credentials)).members.Code, "AccessDenied");
  await ana.may(grant("turntable:LintPolicy", "*"));
  assert.equal((await call("LintPolicy", { PolicyDocument: "{}" }, ana.credentials)).status, 200);
});

test("CheckStatement says where a statement stops being well formed, to whoever is signed in", { skip }, async () => {
  const ana = await makeUser(server.endpoint, "check-ana");
  const check = async (Statement) => {
    const { status, members } = await call("CheckStatement", { Statement }, ana.credentials);
    assert.equal(status, 200);
    return members.WellFormed === "true" ? "well formed" : [members.Line, members.Column, members.Length].map(Number);
  };
  assert.equal(await check("SELECT * FROM Music WHERE a = ?"), "well formed");
  assert.equal(await check("SELECT * FROM Music WHERE a.* = 1"), "well formed"); // its message has the place
  assert.deepEqual(await check("SELECT * FORM Music"), [1, 10, 4]);
  assert.deepEqual(await check(`SELECT *\n  FROM Music\n  WHERE "ü€" = 'x' AND ) b = 1`), [3, 24, 1]);
  assert.deepEqual(await check("SELECT * FROM"), [1, 14, 0]);
  assert.deepEqual(await check("SELECT * FROM a; SELECT * FROM b"), [1, 18, 6]);
  assert.equal((await call("CheckStatement", { Statement: "x".repeat(8193) })).members.Code, "ValidationError");
  assert.equal((await call("CheckStatement", {})).status, 400);
});
