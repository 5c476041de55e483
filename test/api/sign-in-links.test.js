// One-time links, by which the console signs in: who may make them, who may redeem them, and how often.

import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { IAM } from "@aws-sdk/client-iam";
import { STS } from "@aws-sdk/client-sts";
import { account, grant, makeSession, makeUser } from "../lib/principals.js";
import { printed } from "../lib/process.js";
import { send, signer } from "../lib/raw.js";
import { credentials, elsewhere, region, startServer, turntable } from "../lib/server.js";

const skip = elsewhere && "the links are this server's own";
const linkPattern = /^turntable: console: (\S+)\/console\/#\/link\/([\w-]{43})$/m;
const used = "This sign-in link was used before, or is older than 10 minutes";

let server;
before(async () => {
  if (!skip) server = await startServer();
});
after(() => server?.stop());

/** Calls an operation of the server's own; signed if there are credentials. Resolves with { status, element }. */
async function call(endpoint, Action, parameters = {}, { keys, headers = {} } = {}) {
  const { hostname, port, host } = new URL(endpoint);
  const body = new URLSearchParams({ Action, Version: "2026-11-26", ...parameters }).toString();
  const plain = {
    protocol: "http:",
    hostname,
    port: Number(port),
    method: "POST",
    path: "/",
    query: {},
    headers: { host, "content-type": "application/x-www-form-urlencoded", ...headers },
    body,
  };
  const answer = await send(keys ? await signer({ service: "turntable", credentials: keys }).sign(plain) : plain);
  const text = answer.body.toString();
  return { status: answer.status, element: (name) => text.match(new RegExp(`<${name}>([^<]*)</${name}>`))?.[1] };
}

const redeem = (Token, options) => call(server.endpoint, "RedeemSignInLink", { Token }, options);
const create = (keys = credentials, options = {}) => call(server.endpoint, "CreateSignInLink", {}, { keys, ...options });
const newToken = async (keys) => (await create(keys)).element("Token");

function refused({ status, element }, message) {
  assert.equal(status, 403);
  assert.equal(element("Code"), "AccessDenied");
  assert.equal(element("Message"), message);
}

const sessionOf = ({ element }) => ({
  accessKeyId: element("AccessKeyId"),
  secretAccessKey: element("SecretAccessKey"),
  sessionToken: element("SessionToken"),
});

async function identity(endpoint, keys) {
  const sts = new STS({ endpoint, region, credentials: keys, maxAttempts: 1 });
  const { Arn } = await sts.getCallerIdentity({});
  sts.destroy();
  return Arn;
}

test("the link that the server prints signs in once, as root, for an hour", { skip }, async () => {
  const [, base, Token] = linkPattern.exec(server.child.output.stdout);
  assert.equal(base, server.endpoint);
  refused(await redeem(Token.replace(/^./, (c) => (c === "A" ? "B" : "A"))), used);

  const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(Token)));
  const good = answers.filter(({ status }) => status === 200);
  assert.equal(good.length, 1, "one of eight at once");
  for (const answer of answers) if (answer !== good[0]) refused(answer, used);
  refused(await redeem(Token), used);

  const left = Date.parse(good[0].element("Expiration")) - Date.now();
  assert.ok(left > 3500e3 && left <= 3600e3, `${left} ms`);
  const session = sessionOf(good[0]);
  assert.equal(await identity(server.endpoint, session), `arn:aws:iam::${account}:root`);
  const iam = new IAM({ endpoint: server.endpoint, region, credentials: session, maxAttempts: 1 });
  after(() => iam.destroy());
  assert.ok((await iam.listUsers({})).Users);
});

test("a token that can be none is told by its form", { skip }, async () => {
  for (const parameters of [{}, { Token: "" }, { Token: "short" }, { Token: "x".repeat(1000) }]) {
    const { status, element } = await call(server.endpoint, "RedeemSignInLink", parameters);
    assert.equal(status, 400);
    assert.equal(element("Code"), "ValidationError");
  }
});

test("who has a key makes links that sign in as him, if he is allowed to", { skip }, async () => {
  const ana = await makeUser(server.endpoint, "ana");
  refused(
    await create(ana.credentials),
    `User: ${ana.arn} is not authorized to perform: turntable:CreateSignInLink on resource: * because no identity-based policy allows the turntable:CreateSignInLink action`,
  );
  await ana.may(grant("turntable:CreateSignInLink", "*"));
  const made = await create(ana.credentials);
  const left = Date.parse(made.element("Expiration")) - Date.now();
  assert.ok(left > 590e3 && left <= 600e3, `${left} ms`);
  const session = sessionOf(await redeem(made.element("Token")));
  assert.equal(await identity(server.endpoint, session), ana.arn);

  assert.equal(await identity(server.endpoint, sessionOf(await redeem(await newToken()))), `arn:aws:iam::${account}:root`);
});

test("a key is exchanged for a session, which may do what the key may", { skip }, async () => {
  const exchange = (keys, parameters) => call(server.endpoint, "CreateConsoleSession", parameters, { keys });
  const eve = await makeUser(server.endpoint, "eve");
  for (const [DurationSeconds, seconds] of [[undefined, 3600], ["900", 900], ["43200", 43200]]) {
    const answer = await exchange(eve.credentials, DurationSeconds && { DurationSeconds });
    const left = Date.parse(answer.element("Expiration")) - Date.now();
    assert.ok(left > (seconds - 100) * 1e3 && left <= seconds * 1e3, `${left} ms`);
    const session = sessionOf(answer);
    assert.equal(await identity(server.endpoint, session), eve.arn);
    refused(await exchange(session), "Cannot call CreateConsoleSession with session credentials");
  }
  for (const DurationSeconds of ["899", "43201", "-1", "x", ""]) {
    assert.equal((await exchange(eve.credentials, { DurationSeconds })).status, 400, DurationSeconds);
  }
  assert.equal((await exchange(undefined)).status, 403);

  const iam = new IAM({ endpoint: server.endpoint, region, credentials: sessionOf(await exchange(eve.credentials)), maxAttempts: 1 });
  after(() => iam.destroy());
  await assert.rejects(iam.listUsers({}), { name: "AccessDenied" });
  await eve.may(grant("iam:ListUsers", "*"));
  assert.ok((await iam.listUsers({})).Users.some(({ UserName }) => UserName === "eve"));
});

test("a session makes none, so that a link does not make it longer", { skip }, async () => {
  const message = "Cannot call CreateSignInLink with session credentials";
  refused(await create(sessionOf(await redeem(await newToken()))), message);
  const role = await makeSession(server.endpoint, "linker", [grant("turntable:CreateSignInLink", "*")]);
  refused(await create(role.credentials), message);
});

test("a link of a user who is gone signs in nobody", { skip }, async () => {
  const ben = await makeUser(server.endpoint, "ben");
  await ben.may(grant("turntable:CreateSignInLink", "*"));
  const Token = await newToken(ben.credentials);
  const iam = new IAM({ endpoint: server.endpoint, region, credentials, maxAttempts: 1 });
  after(() => iam.destroy());
  await ben.may();
  await iam.deleteAccessKey({ UserName: "ben", AccessKeyId: ben.credentials.accessKeyId });
  await iam.deleteUser({ UserName: "ben" });
  await makeUser(server.endpoint, "ben");
  await assert.rejects(identity(server.endpoint, sessionOf(await redeem(Token))), { name: "InvalidClientTokenId" });
});

test("nobody makes one without a key", { skip }, async () => {
  assert.equal((await create(undefined, { keys: undefined })).status, 403);
  assert.equal((await create({ ...credentials, secretAccessKey: "wrong" })).status, 403);
});

test("one more than there may be takes the place of the oldest", { skip }, async () => {
  const tokens = [];
  for (let i = 0; i < 9; i++) tokens.push(await newToken());
  refused(await redeem(tokens[0]), used);
  for (const token of tokens.slice(1)) assert.equal((await redeem(token)).status, 200);
});

test("neither a page of another origin nor a name that only resolves to this machine gets at a link", { skip }, async () => {
  const Token = await newToken();
  const { host, port } = new URL(server.endpoint);
  const place = "Sign-in links are good only at 127.0.0.1, localhost or [::1]";
  for (const other of [`evil.example:${port}`, "localhost.evil.example", "0.0.0.0", `a.localhost:${port}`]) {
    refused(await redeem(Token, { headers: { host: other } }), place);
    refused(await create(credentials, { headers: { host: other } }), place);
  }
  // A page behind such a name is of its own origin, which is why that counts for nothing.
  refused(await redeem(Token, { headers: { host: `evil.example:${port}`, origin: `http://evil.example:${port}`, "sec-fetch-site": "same-origin" } }), place);

  const page = "Sign-in links are good only for the console's own pages";
  const strangers = [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "" },
    { origin: `https://${host}` },
    { origin: `http://${host}.evil.example` },
    { origin: "http://127.0.0.1" },
    { origin: `http://localhost:${port}` },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "none" },
    { origin: `http://${host}`, "sec-fetch-site": "cross-site" },
  ];
  for (const headers of strangers) {
    refused(await redeem(Token, { headers }), page);
    refused(await create(credentials, { headers }), page);
  }

  const own = { origin: `http://${host}`, "sec-fetch-site": "same-origin" };
  assert.equal((await redeem(Token, { headers: own })).status, 200); // none of them has used it up
  assert.equal((await redeem(await newToken(), { headers: { host: `localhost:${port}` } })).status, 200);
});

test("under --no-auth anybody makes one, and it signs in", { skip }, async () => {
  const open = await startServer({ args: ["--in-memory", "--no-auth"] });
  after(() => open.stop());
  const Token = (await call(open.endpoint, "CreateSignInLink")).element("Token");
  const answer = await call(open.endpoint, "RedeemSignInLink", { Token });
  assert.equal(answer.status, 200);
  assert.ok(await identity(open.endpoint, sessionOf(answer)));
});

const outside = Object.values(networkInterfaces()).flat().find(({ family, internal }) => family === "IPv4" && !internal);

test("off loopback no link is printed, and none is redeemed from there", { skip }, async (t) => {
  const open = turntable(["serve", "--in-memory", "--listen", "0.0.0.0:0"]);
  const [, port] = await printed(open, /^turntable: console: http:\/\/0\.0\.0\.0:(\d+)\/console\/$/m);
  const here = `http://127.0.0.1:${port}`;
  try {
    assert.doesNotMatch(open.output.stdout, /link/);
    const Token = (await call(here, "CreateSignInLink", {}, { keys: credentials })).element("Token");
    if (outside) {
      const there = `http://${outside.address}:${port}`;
      const message = "Sign-in links are good only on the machine that the server runs on";
      for (const headers of [{}, { host: `127.0.0.1:${port}` }, { "x-forwarded-for": "127.0.0.1" }]) {
        refused(await call(there, "RedeemSignInLink", { Token }, { headers }), message);
        refused(await call(there, "CreateSignInLink", {}, { keys: credentials, headers }), message);
      }
    } else {
      t.diagnostic("this machine has no address but loopback's");
    }
    assert.equal((await call(here, "RedeemSignInLink", { Token })).status, 200);
  } finally {
    open.kill("SIGTERM");
    assert.deepEqual(await open.finished, { code: 0, signal: null });
  }
});
