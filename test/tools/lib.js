// What the tests of AWS's deploying tools begin with: a server, the environment in which a tool finds it, and projects to run the
// tool in. The tools are those of npm, unchanged, and are run as their users run them: `npx ampx ...`, `npx cdk ...`.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { CloudFormation, paginateDescribeStackEvents } from "@aws-sdk/client-cloudformation";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { environment, here as deployFile } from "../deploy/lib.js";
import { makeIam } from "../lib/iam.js";
import { run, start } from "../lib/process.js";
import { credentials, region, startServer } from "../lib/server.js";
import { until } from "../lib/turntable.js";

export const here = (file) => fileURLToPath(new URL(file, import.meta.url));
export const example = here("../../examples/music");
export const page = deployFile("fixtures/workshop-page");

/** What only `./dev tools` runs, since it takes long; `./dev test` leaves it out. */
const whole = process.env.TURNTABLE_TEST_TOOLS === "whole";
const leaveOut = () => {};
export const testAtLength = whole ? test : leaveOut;
export const describeAtLength = whole ? describe : leaveOut;

/** A folder of this test file's own, gone when its tests are over. */
function temporaryFolder(name) {
  const folder = mkdtempSync(path.join(os.tmpdir(), `turntable-${name}-`));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An access key of a new user of IAM, whom `permit(UserName)` gives what he may do: as settings of a tool. */
async function keyOf(iam, UserName, permit) {
  await iam.createUser({ UserName });
  await permit(UserName);
  const { AccessKey } = await iam.createAccessKey({ UserName });
  return { aws_access_key_id: AccessKey.AccessKeyId, aws_secret_access_key: AccessKey.SecretAccessKey };
}

/**
 * Starts a server on a data folder of its own. Resolves with its clients and with the environments of tools that are to use it: `env`
 * says it all in variables, as root, whom the tools' roles do not let in; `profileEnv` leaves it to the profiles of a settings file:
 * "amplify" is a user with the policy that Amplify's documentation gives to those who deploy, "cdk" one who may only assume the CDK's
 * roles. Both have a home of their own, so that nothing of the user's settings and caches reaches the tools or is changed by them.
 */
export async function open({ args = [] } = {}) {
  const folder = temporaryFolder("tools");
  const [data, home] = [path.join(folder, "data"), path.join(folder, "home")];
  const server = await startServer({ args: ["--data", data, ...args] });
  const options = { endpoint: server.endpoint, region, credentials, maxAttempts: 1 };
  const [ddb, cfn] = [new DynamoDB(options), new CloudFormation(options)];
  after(async () => {
    ddb.destroy();
    cfn.destroy();
    await server.stop();
  });

  mkdirSync(path.join(home, ".aws"), { recursive: true });
  const iam = makeIam(server.endpoint);
  const PolicyArn = "arn:aws:iam::aws:policy/service-role/AmplifyBackendDeployFullAccess";
  const assume = { Effect: "Allow", Action: "sts:AssumeRole", Resource: "arn:aws:iam::*:role/cdk-*" };
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [assume] });
  const keys = {
    amplify: await keyOf(iam, "amplify", (UserName) => iam.attachUserPolicy({ UserName, PolicyArn })),
    cdk: await keyOf(iam, "cdk", (UserName) => iam.putUserPolicy({ UserName, PolicyName: "assume", PolicyDocument })),
  };
  const lines = Object.entries(keys).flatMap(([name, key]) => [
    `[profile ${name}]`,
    ...Object.entries({ region, endpoint_url: server.endpoint, ...key }).map((setting) => setting.join(" = ")),
  ]);
  writeFileSync(path.join(home, ".aws/config"), `${lines.join("\n")}\n`);
  const profileEnv = environment({
    HOME: home,
    CDK_HOME: path.join(home, ".cdk"),
    CDK_DISABLE_CLI_TELEMETRY: "true",
    AMPLIFY_DISABLE_TELEMETRY: "1",
    npm_config_update_notifier: "false",
    NO_COLOR: "1",
    CI: "1",
  });
  const env = {
    ...profileEnv,
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  return { endpoint: server.endpoint, data, home, ddb, cfn, iam, env, profileEnv };
}

/**
 * A project of these files, { "path/in/project": "file or folder to copy" }, with the packages that are installed here. Resolves with
 * its folder.
 */
export function project(name, files) {
  const folder = path.join(temporaryFolder(name), name);
  mkdirSync(folder);
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name, private: true, type: "module" }));
  for (const [target, source] of Object.entries(files)) cpSync(source, path.join(folder, target), { recursive: true });
  symlinkSync(here("node_modules"), path.join(folder, "node_modules"));
  return folder;
}

/** The workshop's project: what its page gives word for word, and of the example what the page takes for granted. */
export const workshopProject = (name = "music-me") =>
  project(name, {
    amplify: path.join(example, "amplify"),
    "amplify/tsconfig.json": here("fixtures/amplify/tsconfig.json"),
    "amplify/database/tables.ts": path.join(page, "amplify/database/tables.ts"),
    "amplify/permissions/iamPerms.ts": path.join(page, "amplify/permissions/iamPerms.ts"),
  });

/** Runs `npx ...args` in a project to its end; resolves with { code, stdout, stderr, all }. */
export async function npx(args, { cwd, env }) {
  const done = await run("npx", args, { cwd, env });
  return { ...done, all: done.stdout + done.stderr };
}

/** The same, which must end well; resolves with what was printed. */
export async function done(args, options) {
  const { code, all } = await npx(args, options);
  assert.equal(code, 0, `npx ${args.join(" ")} ended with ${code}:\n${all}`);
  return all;
}

/** Starts `npx ...args`, which runs until it is stopped as Ctrl-C does it, and at the latest when the file's tests are over. */
export function keepRunning(args, { cwd, env }) {
  const child = start("npx", args, { cwd, env, detached: true });
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  };
  after(() => signal("SIGKILL"));
  process.on("exit", () => signal("SIGKILL"));

  /** Waits until the text was printed `times` in all. */
  const said = (text, times = 1) =>
    until(() => {
      assert.equal(child.exitCode, null, `it ended:\n${child.output.stdout}${child.output.stderr}`);
      return child.output.stdout.split(text).length > times;
    });
  async function stop() {
    signal("SIGINT");
    return child.finished;
  }
  return { child, said, stop };
}

/** The stacks' names and statuses, those that were deleted left out: { name: status }. */
export async function stacks(cfn) {
  const { Stacks } = await cfn.describeStacks({});
  return Object.fromEntries(Stacks.map(({ StackName, StackStatus }) => [StackName, StackStatus]));
}

/** A stack's events, the first one first. */
export async function events(cfn, StackName) {
  const all = [];
  for await (const { StackEvents } of paginateDescribeStackEvents({ client: cfn }, { StackName })) all.push(...StackEvents);
  return all.reverse();
}

/** The milliseconds between the first event of a stack and the last event so far, both its own: what the server took for it. */
export async function serverTime(cfn, StackName) {
  const own = (await events(cfn, StackName)).filter((event) => event.PhysicalResourceId === event.StackId);
  assert.equal(own[0].ResourceStatus, "CREATE_IN_PROGRESS");
  assert.equal(own.at(-1).ResourceStatus, "CREATE_COMPLETE");
  return own.at(-1).Timestamp - own[0].Timestamp;
}
