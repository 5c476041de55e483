// Is the program pleasant to use from a shell and from scripts: help, exit codes, credentials, data folders, signals?

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import https from "node:https";
import net from "node:net";
import path from "node:path";
import { after, test } from "node:test";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { printed, run, start } from "../lib/process.js";
import { binary, environment, musicTemplate, open, temporaryFolder, turntable } from "./lib.js";

const folder = temporaryFolder();
let folders = 0;
const freshFolder = () => path.join(folder, `data${++folders}`);

// A test that fails leaves its server running, and that must not keep this file from ending.
const servers = [];
after(() => servers.forEach((child) => child.kill("SIGKILL")));

/** Starts `turntable serve` on a free port; resolves with the child and its endpoint. */
async function serve(args, env = {}) {
  const child = start(binary, ["serve", "--listen", "127.0.0.1:0", ...args], { env: environment(env), cwd: folder });
  servers.push(child);
  const [, endpoint] = await printed(child, /^turntable: listening on (\S+)$/m);
  return { child, endpoint };
}

async function stop({ child }, signal = "SIGTERM") {
  child.kill(signal);
  assert.deepEqual(await child.finished, { code: 0, signal: null }, child.output.stderr);
}

/** Expects `serve` to end by itself with this code, without ever having listened; resolves with what it said. */
async function refuses(code, args, env) {
  const child = start(binary, ["serve", ...args], { env: environment(env), cwd: folder });
  servers.push(child);
  const listened = printed(child, /listening/).then(() => true, () => false);
  assert.equal(await listened, false, `serve ${args.join(" ")} listens`);
  assert.deepEqual(await child.finished, { code, signal: null }, child.output.stderr);
  return child.output.stderr;
}

/** What `turntable env` tells a POSIX shell, as that shell understands it. */
async function shellEnvironment(args, env) {
  const told = await turntable(["env", ...args], { env: environment(env), cwd: folder });
  assert.equal(told.code, 0, told.stderr);
  const script = 'eval "$1" && printf "%s\\n" "$AWS_ENDPOINT_URL" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_REGION"';
  // A session token left over from other credentials would spoil these.
  const before = environment({ AWS_SESSION_TOKEN: "stale" });
  const { stdout } = await run("/bin/sh", ["-c", `set -eu; ${script}; env`, "sh", told.stdout], { env: before });
  const [endpoint, accessKeyId, secretAccessKey, region, ...exported] = stdout.split("\n");
  for (const name of ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"]) {
    assert.ok(exported.some((line) => line.startsWith(`${name}=`)), `${name} is not exported`);
  }
  assert.ok(!exported.some((line) => line.startsWith("AWS_SESSION_TOKEN=")));
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
}

const sdk = (options, more) => new DynamoDB({ maxAttempts: 1, ...options, ...more });
const simple = {
  TableName: "Simple",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  BillingMode: "PAY_PER_REQUEST",
};

// ---- usage ----

const commands = ["serve", "deploy", "sandbox", "tables", "import", "export", "users", "console", "env"];

test("--help names the commands, and each command has a --help of its own", async () => {
  for (const args of [["--help"], ["help"], ["-h"]]) {
    const { code, stdout, stderr } = await turntable(args);
    assert.deepEqual([code, stderr], [0, ""], args.join(" "));
    for (const command of commands) assert.match(stdout, new RegExp(`\\b${command}\\b`));
  }
  const options = {
    serve: ["--data", "--in-memory", "--listen", "--tls-cert", "--tls-key", "--no-auth", "--region", "--enforce-throughput", "--strict-iam"],
    deploy: ["--endpoint", "--data"],
    sandbox: ["--endpoint", "--data", "--region", "amplify_outputs_turntable.mjs"],
    tables: ["--endpoint", "--data"],
    import: ["--format", "--delimiter", "--header", "--types", "--infer", "--create", "--rejects", "--connections", "--endpoint", "--data"],
    export: ["--format", "--delimiter", "--gzip", "--connections", "--endpoint", "--data"],
    users: ["codes", "--endpoint", "--data"],
    console: ["--endpoint", "--data", "--region"],
    env: ["--shell", "--endpoint", "--data"],
  };
  for (const command of commands) {
    const { code, stdout, stderr } = await turntable([command, "--help"]);
    assert.deepEqual([code, stderr], [0, ""], command);
    for (const option of options[command]) assert.ok(stdout.includes(option), `${command} --help does not name ${option}`);
  }
});

test("--version", async () => {
  const { code, stdout } = await turntable(["--version"]);
  assert.equal(code, 0);
  assert.match(stdout, /^turntable \d+\.\d+\.\d+\n$/);
});

test("wrong usage ends with 2 and says what is wrong", async () => {
  for (const [args, word] of [
    [[], "usage"],
    [["sreve"], "sreve"],
    [["--verbose"], "--verbose"],
    [["serve", "--prot", "1"], "--prot"],
    [["serve", "extra"], "extra"],
    [["serve", "--data"], "--data"],
    [["serve", "--data", "d", "--in-memory"], "--in-memory"],
    [["serve", "--in-memory", "--listen", "nowhere"], "nowhere"],
    [["serve", "--in-memory", "--listen", "127.0.0.1:99999"], "99999"],
    [["serve", "--in-memory", "--listen", "127.0.0.1:0x50"], "0x50"],
    [["serve", "--in-memory", "--tls-cert", "c.pem"], "--tls-key"],
    [["deploy"], "usage"],
    [["deploy", "a", "b"], "b"],
    [["deploy", "--shell", "sh", "a"], "--shell"],
    [["tables", "extra"], "extra"],
    [["env", "--shell", "csh"], "csh"],
  ]) {
    const { code, stdout, stderr } = await turntable(args, { cwd: folder });
    assert.equal(code, 2, `${args.join(" ")}: ${code} ${stdout}${stderr}`);
    assert.equal(stdout, "");
    assert.ok(stderr.includes(word), `${args.join(" ")}: ${stderr}`);
  }
  assert.ok(!existsSync(path.join(folder, "d")), "nothing was tried");
});

// ---- listening ----

test("--no-auth is refused on an address that others can reach", async () => {
  for (const address of ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"]) {
    assert.match(await refuses(2, ["--in-memory", "--no-auth", "--listen", address]), /--no-auth/);
  }
});

test("--no-auth lets anyone in on the loopback", async () => {
  const server = await serve(["--in-memory", "--no-auth"]);
  const response = await fetch(server.endpoint, {
    method: "POST",
    headers: { "X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0" },
    body: "{}",
  });
  assert.deepEqual([response.status, await response.json()], [200, { TableNames: [] }]);
  await stop(server);
});

test("a port that is taken is an error, not a wait", async () => {
  const holder = net.createServer();
  await new Promise((resolve) => holder.listen(0, "127.0.0.1", resolve));
  const { port } = holder.address();
  assert.match(await refuses(1, ["--in-memory", "--listen", `127.0.0.1:${port}`]), new RegExp(String(port)));
  holder.close();
});

test("--region is the region of the ARNs", async () => {
  const keys = { TURNTABLE_ACCESS_KEY_ID: "AKIDREGION", TURNTABLE_SECRET_ACCESS_KEY: "secret" };
  const server = await serve(["--in-memory", "--region", "eu-west-3"], keys);
  const ddb = sdk({ endpoint: server.endpoint, region: "us-east-1", credentials: { accessKeyId: "AKIDREGION", secretAccessKey: "secret" } });
  const { TableDescription } = await ddb.createTable(simple);
  assert.equal(TableDescription.TableArn, "arn:aws:dynamodb:eu-west-3:000000000000:table/Simple");
  ddb.destroy();
  await stop(server);
});

test("TLS", async () => {
  const [cert, key] = ["cert.pem", "key.pem"].map((name) => path.join(folder, name));
  const made = await run("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
  ]);
  assert.equal(made.code, 0, made.stderr);
  const server = await serve(["--in-memory", "--no-auth", "--tls-cert", cert, "--tls-key", key]);
  assert.match(server.endpoint, /^https:/);
  const status = await new Promise((resolve, reject) => {
    const headers = { "X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Type": "application/x-amz-json-1.0" };
    const request = https.request(server.endpoint, { method: "POST", ca: readFileSync(cert), headers, agent: false }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode));
    });
    request.on("error", reject);
    request.end("{}");
  });
  assert.equal(status, 200);
  await stop(server);
  assert.match(await refuses(1, ["--in-memory", "--tls-cert", path.join(folder, "none.pem"), "--tls-key", key]), /none\.pem/);
});

// ---- credentials and data folders ----

test("the first start makes credentials that only the owner can read, and later starts keep them", async () => {
  const data = freshFolder();
  const first = await serve(["--data", data]);
  const file = path.join(data, "credentials");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const made = readFileSync(file, "utf8");

  const told = await shellEnvironment(["--data", data]);
  assert.ok(made.includes(told.credentials.secretAccessKey));
  assert.deepEqual([told.endpoint, told.region], [first.endpoint, "us-east-1"]);
  const ddb = sdk(told);
  await ddb.createTable(simple);
  await ddb.putItem({ TableName: "Simple", Item: { id: { S: "stays" } } });
  const stranger = sdk(told, { credentials: { accessKeyId: "AKIDSTRANGER", secretAccessKey: "x" } });
  await assert.rejects(stranger.listTables({}), { name: "UnrecognizedClientException" });
  ddb.destroy();
  stranger.destroy();
  await stop(first);

  const second = await serve(["--data", data]);
  assert.equal(readFileSync(file, "utf8"), made);
  const again = sdk(told, { endpoint: second.endpoint });
  assert.deepEqual((await again.getItem({ TableName: "Simple", Key: { id: { S: "stays" } } })).Item, { id: { S: "stays" } });
  again.destroy();
  await stop(second, "SIGINT");
});

test("each data folder has keys of its own", async () => {
  const told = [];
  for (const data of [freshFolder(), freshFolder()]) {
    await stop(await serve(["--data", data]));
    told.push(await shellEnvironment(["--data", data]));
  }
  assert.notEqual(told[0].credentials.accessKeyId, told[1].credentials.accessKeyId);
  assert.notEqual(told[0].credentials.secretAccessKey, told[1].credentials.secretAccessKey);
  assert.equal(told[0].endpoint, "http://127.0.0.1:8000");
});

test("deploy and tables find the keys in the data folder", async () => {
  const data = freshFolder();
  const server = await serve(["--data", data]);
  const where = ["--data", data, "--endpoint", server.endpoint];
  const deployed = await turntable(["deploy", musicTemplate, ...where], { cwd: folder });
  assert.equal(deployed.code, 0, deployed.stderr);
  const listed = await turntable(["tables", ...where], { cwd: folder });
  assert.equal(listed.code, 0, listed.stderr);
  assert.match(listed.stdout, /FavouriteTable/);
  await stop(server);
  const gone = await turntable(["tables", ...where], { cwd: folder });
  assert.equal(gone.code, 1);
  assert.ok(gone.stderr.includes(new URL(server.endpoint).host), gone.stderr);
  assert.equal((await turntable(["tables", "--data", path.join(folder, "none")], { cwd: folder })).code, 1);
});

test("a data folder is one server's at a time", async () => {
  const data = freshFolder();
  const server = await serve(["--data", data]);
  assert.ok((await refuses(1, ["--data", data, "--listen", "127.0.0.1:0"])).includes(data));
  const told = await shellEnvironment(["--data", data, "--endpoint", server.endpoint]);
  const ddb = sdk(told);
  assert.deepEqual((await ddb.listTables({})).TableNames, [], "the first server serves on");
  ddb.destroy();
  await stop(server);
  await stop(await serve(["--data", data]));
});

test("a data folder of another format, or that is no folder, is refused", async () => {
  const data = freshFolder();
  await stop(await serve(["--data", data]));
  const file = path.join(data, "storage/FORMAT");
  const own = readFileSync(file, "utf8");
  writeFileSync(file, own.replace(/\d+/, "999999"));
  assert.match(await refuses(1, ["--data", data, "--listen", "127.0.0.1:0"]), /999999/);
  writeFileSync(file, own);
  await stop(await serve(["--data", data]));

  const plain = path.join(folder, "plain");
  writeFileSync(plain, "not a folder");
  assert.ok((await refuses(1, ["--data", plain, "--listen", "127.0.0.1:0"])).includes(plain));
  assert.equal(readFileSync(plain, "utf8"), "not a folder");
});

test("--in-memory leaves nothing behind", async () => {
  const before = readdirSync(folder);
  const server = await serve(["--in-memory"], { TURNTABLE_ACCESS_KEY_ID: "AKIDMEMORY", TURNTABLE_SECRET_ACCESS_KEY: "secret" });
  const ddb = sdk({ endpoint: server.endpoint, region: "us-east-1", credentials: { accessKeyId: "AKIDMEMORY", secretAccessKey: "secret" } });
  await ddb.createTable(simple);
  ddb.destroy();
  await stop(server);
  assert.deepEqual(readdirSync(folder), before);
});

// ---- env ----

const odd = { TURNTABLE_ACCESS_KEY_ID: "AKIDODD", TURNTABLE_SECRET_ACCESS_KEY: "a'b\"c$d`e\\f" };

test("console makes links that sign in once", async () => {
  const data = freshFolder();
  const server = await serve(["--data", data]);
  const link = async (args, env) => {
    const { code, stdout, stderr } = await turntable(["console", ...args], { env: environment(env), cwd: folder });
    assert.deepEqual([code, stderr], [0, ""]);
    const [, base, Token] = /^(\S+)\/console\/#\/link\/([\w-]{43})\n$/.exec(stdout);
    assert.equal(base, server.endpoint);
    return Token;
  };
  const redeem = (Token) =>
    fetch(server.endpoint, { method: "POST", body: new URLSearchParams({ Action: "RedeemSignInLink", Version: "2026-11-26", Token }) });
  const byFolder = await link(["--data", data]);
  const { port } = new URL(server.endpoint);
  const byName = await link(["--data", data, "--endpoint", `http://localhost:${port}/`]);
  for (const Token of [byFolder, byName]) {
    assert.equal((await redeem(Token)).status, 200);
    assert.equal((await redeem(Token)).status, 403);
  }
  const stranger = await turntable(["console", "--endpoint", server.endpoint], {
    env: environment({ AWS_ACCESS_KEY_ID: "AKIDSTRANGER00000000", AWS_SECRET_ACCESS_KEY: "secret" }),
    cwd: folder,
  });
  assert.deepEqual([stranger.code, stranger.stdout], [1, ""]);
  assert.match(stranger.stderr, /^turntable: InvalidClientTokenId: /);
  await stop(server);
  const gone = await turntable(["console", "--data", data], { env: environment(), cwd: folder });
  assert.deepEqual([gone.code, gone.stdout], [1, ""]);
});

test("env quotes for the shell it speaks to", async () => {
  const told = await shellEnvironment([], odd);
  assert.deepEqual(told.credentials, { accessKeyId: "AKIDODD", secretAccessKey: odd.TURNTABLE_SECRET_ACCESS_KEY });

  const say = async (shell) => {
    const { code, stdout, stderr } = await turntable(["env", "--shell", shell], { env: environment(odd), cwd: folder });
    assert.equal(code, 0, stderr);
    return stdout.split("\n");
  };
  const fish = await say("fish");
  assert.ok(fish.some((l) => /^set -gx AWS_ENDPOINT_URL '?http:\/\/127\.0\.0\.1:8000'?;?$/.test(l)), fish.join("\n"));
  assert.ok(fish.some((l) => l.startsWith("set -gx AWS_SECRET_ACCESS_KEY 'a\\'b\"c$d`e\\\\f'")), fish.join("\n"));
  const powershell = await say("powershell");
  assert.ok(powershell.some((l) => /^\$env:AWS_ENDPOINT_URL *= *'http:\/\/127\.0\.0\.1:8000'$/.test(l)), powershell.join("\n"));
  assert.ok(powershell.some((l) => /^\$env:AWS_SECRET_ACCESS_KEY *= *'a''b"c\$d`e\\f'$/.test(l)), powershell.join("\n"));
});

test("env without keys to tell says so", async () => {
  const { code, stdout, stderr } = await turntable(["env", "--data", path.join(folder, "none")], { cwd: folder });
  assert.deepEqual([code, stdout], [1, ""]);
  assert.ok(stderr.includes("none"), stderr);
});

// ---- tables ----

test("tables shows status, keys, indexes, items and size", async () => {
  const { ddb, client } = await open();
  const empty = await client(["tables"]);
  assert.equal(empty.code, 0, empty.stderr);
  await ddb.createTable({
    ...simple,
    TableName: "Shown",
    AttributeDefinitions: ["artist", "song", "label"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: [{ AttributeName: "artist", KeyType: "HASH" }, { AttributeName: "song", KeyType: "RANGE" }],
    GlobalSecondaryIndexes: [
      { IndexName: "byLabel", KeySchema: [{ AttributeName: "label", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } },
    ],
  });
  for (let i = 0; i < 37; i++) {
    await ddb.putItem({ TableName: "Shown", Item: { artist: { S: "a" }, song: { S: `s${i}` } } });
  }
  const { code, stdout, stderr } = await client(["tables"]);
  assert.equal(code, 0, stderr);
  const line = stdout.split("\n").find((l) => l.includes("Shown"));
  for (const word of ["ACTIVE", "artist", "song", "byLabel", "37"]) assert.ok(line.includes(word), `${word} is not in: ${line}`);
  // "artist" + "a" + "song" + "s0".."s36": ten items of 13 bytes, and 27 of 14.
  assert.match(line, /\b508\b/);
});

// ---- the end ----

test("SIGTERM lets what is in flight finish, and what was acknowledged stays", async () => {
  const data = freshFolder();
  const server = await serve(["--data", data]);
  const told = await shellEnvironment(["--data", data, "--endpoint", server.endpoint]);
  const ddb = sdk(told);
  await ddb.createTable(simple);

  const acknowledged = [];
  let going = true;
  const writers = Array.from({ length: 16 }, async (_, writer) => {
    for (let i = 0; going; i++) {
      const id = `${writer}-${i}`;
      try {
        await ddb.putItem({ TableName: "Simple", Item: { id: { S: id } } });
        acknowledged.push(id);
        if (acknowledged.length === 200) server.child.kill("SIGTERM");
      } catch (error) {
        going = false;
        // Refused or cut off when the server was gone; never an answer of its own making.
        assert.match(error.code ?? error.name, /ECONNREFUSED|ECONNRESET|EPIPE|TimeoutError/, error.stack);
      }
    }
  });
  await Promise.all(writers);
  assert.deepEqual(await server.child.finished, { code: 0, signal: null }, server.child.output.stderr);
  ddb.destroy();

  const again = await serve(["--data", data]);
  const reader = sdk(told, { endpoint: again.endpoint });
  for (const id of acknowledged) {
    assert.ok((await reader.getItem({ TableName: "Simple", Key: { id: { S: id } } })).Item, `${id} is lost`);
  }
  reader.destroy();
  await stop(again);
});

test("SIGTERM does not wait for a client that says nothing", async () => {
  const server = await serve(["--in-memory", "--no-auth"]);
  const { hostname, port } = new URL(server.endpoint);
  const silent = net.connect(Number(port), hostname);
  await new Promise((resolve) => silent.on("connect", resolve));
  silent.on("error", () => {});
  silent.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Le");
  await stop(server);
  silent.destroy();
});
