// Does `turntable sandbox` run a project's ampx with the right environment and arguments? Here an ampx that only tells what it was
// given; test/tools/ has the real one.

import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { printed, run, start } from "../lib/process.js";
import { credentials } from "../lib/server.js";
import { binary, environment, open } from "./lib.js";

const { endpoint, folder } = await open();
const port = new URL(endpoint).port;

/** A project with this program as its ampx; resolves with its folder. */
function project(name, ampx) {
  const cwd = path.join(folder, name);
  mkdirSync(path.join(cwd, "amplify"), { recursive: true });
  mkdirSync(path.join(cwd, "node_modules/.bin"), { recursive: true });
  writeFileSync(path.join(cwd, "package.json"), JSON.stringify({ name, private: true }));
  writeFileSync(path.join(cwd, "amplify/backend.ts"), "");
  const program = path.join(cwd, "node_modules/.bin/ampx");
  writeFileSync(program, `#!/usr/bin/env node\n${ampx}\n`);
  chmodSync(program, 0o755);
  return cwd;
}
const telling = `const { env } = process;
const names = Object.keys(env).filter((name) => /^(AWS|AMPLIFY|CDK)_|no_proxy$/i.test(name)).sort();
console.log(JSON.stringify({ args: process.argv.slice(2), env: Object.fromEntries(names.map((name) => [name, env[name]])) }));`;

// The keys are the server's: those of the environment are taken as they are, so that someone who works with AWS as well gives --data.
const keys = { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey };
const quiet = { npm_config_update_notifier: "false", HOME: folder };
const sandbox = (cwd, args, env = {}) => run(binary, ["sandbox", ...args], { cwd, env: environment({ ...quiet, ...keys, ...env }) });

async function told(cwd, args, env) {
  const { code, stdout, stderr } = await sandbox(cwd, args, env);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

test("ampx gets the arguments and the server, and nothing that leads elsewhere", async () => {
  const cwd = project("telling", telling);
  const misleading = {
    AWS_PROFILE: "work",
    AWS_DEFAULT_PROFILE: "work",
    AWS_DEFAULT_REGION: "eu-central-1",
    AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1",
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}`,
    AWS_ENDPOINT_URL_CLOUDFORMATION: "http://127.0.0.1:1",
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
    AWS_USE_FIPS_ENDPOINT: "true",
    no_proxy: "",
    NO_PROXY: "example.com",
  };
  assert.deepEqual(await told(cwd, ["--endpoint", `http://localhost:${port}/`, "--", "--once", "--identifier", "ana"], misleading), {
    args: ["sandbox", "--once", "--identifier", "ana"],
    env: {
      AMPLIFY_DISABLE_TELEMETRY: "1",
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_ENDPOINT_URL: endpoint, // by address, for S3's sake
      AWS_REGION: "us-east-1", // the server's
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      CDK_DISABLE_CLI_TELEMETRY: "true",
      NO_PROXY: "example.com,127.0.0.1",
      no_proxy: "127.0.0.1",
    },
  });
});

test("the server is found as by the other commands", async () => {
  const cwd = project("finding", telling);
  const { env } = await told(cwd, ["--region", "eu-west-1"], { AWS_ENDPOINT_URL: endpoint });
  assert.deepEqual([env.AWS_ENDPOINT_URL, env.AWS_REGION], [endpoint, "eu-west-1"]);
});

test("the module is beside the outputs, and goes when the sandbox is deleted", async () => {
  const cwd = project("module", telling);
  const files = (where) => ["amplify_outputs_turntable.mjs", "amplify_outputs_turntable.d.mts"].map((file) => path.join(cwd, where, file));
  mkdirSync(path.join(cwd, "src"));
  await told(cwd, ["--endpoint", endpoint]);
  await told(cwd, ["--endpoint", endpoint, "--", "--outputs-out-dir=src", "--once"]);
  for (const file of [...files("."), ...files("src")]) assert.ok(existsSync(file), file);
  assert.ok(readFileSync(files("src")[0], "utf8").includes(`export const endpoint = "${endpoint}";`));
  await told(cwd, ["--endpoint", endpoint, "--", "secret", "list"]);
  assert.ok(existsSync(files(".")[0]));
  await told(cwd, ["--endpoint", endpoint, "--", "delete", "--yes"]);
  for (const file of files(".")) assert.ok(!existsSync(file), file);
  assert.ok(existsSync(files("src")[0]), "which was not this one's");
});

test("ampx's exit code and the signals are passed on", async () => {
  assert.equal((await sandbox(project("failing", "process.exit(7)"), ["--endpoint", endpoint])).code, 7);
  const waiting = project(
    "waiting",
    `for (const name of ["SIGTERM", "SIGINT"]) process.on(name, () => { console.log("ended by " + name); process.exit(); });
    setInterval(() => {}, 1000);
    console.log("waiting");`,
  );
  for (const signal of ["SIGTERM", "SIGINT"]) {
    const child = start(binary, ["sandbox", "--endpoint", endpoint], { cwd: waiting, env: environment({ ...quiet, ...keys }) });
    await printed(child, /waiting/);
    child.kill(signal);
    await child.finished; // when nothing holds its output any more: ampx has ended too
    assert.match(child.output.stdout, new RegExp(`ended by ${signal}`));
  }
});

test("what is wrong is said before ampx runs", async () => {
  const cwd = project("wrong", telling);
  const refused = async (message, where, args, env) => {
    const { code, stdout, stderr } = await sandbox(where, args, env);
    assert.deepEqual([code, stdout], [1, ""], stderr);
    assert.match(stderr, message);
  };
  await refused(/there is no amplify\/backend\.ts here/, folder, ["--endpoint", endpoint]);
  await refused(/cannot reach[\s\S]*'turntable serve' starts one/, cwd, ["--endpoint", "http://127.0.0.1:1"]);
  await refused(/does not take the keys/, cwd, ["--endpoint", endpoint], { AWS_SECRET_ACCESS_KEY: "wrong".padEnd(40, "g") });
  await refused(/cannot run npx/, cwd, ["--endpoint", endpoint], { PATH: path.join(folder, "nothing") });
  await refused(/cannot write .*amplify_outputs_turntable\.mjs/, cwd, ["--endpoint", endpoint, "--", "--outputs-out-dir", "nowhere"]);
  const bare = path.join(folder, "bare");
  mkdirSync(path.join(bare, "amplify"), { recursive: true });
  writeFileSync(path.join(bare, "amplify/backend.ts"), "");
  await refused(/has no ampx[\s\S]*npm install/, bare, ["--endpoint", endpoint]);
  assert.equal((await sandbox(cwd, ["--edpoint", endpoint])).code, 2);
});
