// Does `turntable sandbox` run a project's own ampx against the server it finds, whatever else the user has set up for AWS, and does the
// module that it leaves sign people in?

import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { binary, musicTables, readJson, summary } from "../deploy/lib.js";
import { run } from "../lib/process.js";
import { credentials } from "../lib/server.js";
import { done, open, project, stacks, workshopProject } from "./lib.js";

const { data, endpoint, ddb, cfn, profileEnv } = await open();
// A shell of someone who works with AWS: nothing of this may lead ampx there.
const shell = {
  ...profileEnv,
  TURNTABLE_ACCESS_KEY_ID: credentials.accessKeyId,
  TURNTABLE_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_PROFILE: "work",
  AWS_DEFAULT_REGION: "eu-central-1",
  AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1",
  AWS_ENDPOINT_URL_CLOUDFORMATION: "http://127.0.0.1:1",
  AWS_USE_FIPS_ENDPOINT: "true",
  http_proxy: "http://127.0.0.1:1",
  HTTP_PROXY: "http://127.0.0.1:1",
};
delete shell.AMPLIFY_DISABLE_TELEMETRY;
const cwd = workshopProject("first-app");
const sandbox = (args, options) => run(binary, ["sandbox", ...args], { cwd, env: shell, ...options });
const ours = ["amplify_outputs_turntable.mjs", "amplify_outputs_turntable.d.mts"];
const there = (file) => existsSync(path.join(cwd, file));

describe("turntable sandbox", () => {
  test("deploys the project to the server of the data folder", async () => {
    mkdirSync(path.join(cwd, "src"));
    const args = ["--data", data, "--", "--once", "--identifier", "newcomer", "--outputs-out-dir", "src"];
    const { code, stdout, stderr } = await sandbox(args);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Deployment completed/);
    assert.deepEqual((await Promise.all(musicTables.map(({ name }) => ddb.describeTable({ TableName: name })))).map((d) => summary(d.Table)), musicTables);
    assert.equal(readJson(path.join(cwd, "src/amplify_outputs.json")).auth.aws_region, "us-east-1");
    for (const file of ours) assert.ok(there(`src/${file}`), file);
  });

  test("leaves a module with which the Amplify library finds the server", async () => {
    writeFileSync(
      path.join(cwd, "src/app.mjs"),
      `import { readFileSync } from "node:fs";
      import { Amplify } from "aws-amplify";
      import { signUp } from "aws-amplify/auth";
      import { endpoint, region, turntableConfig } from "./amplify_outputs_turntable.mjs";
      Amplify.configure(turntableConfig(JSON.parse(readFileSync(new URL("amplify_outputs.json", import.meta.url)))));
      const options = { userAttributes: { email: "ana@example.com" } };
      const { nextStep } = await signUp({ username: "ana@example.com", password: "Listen-2-Music!", options });
      console.log(endpoint, region, nextStep.signUpStep);`,
    );
    const { stdout, stderr } = await run(process.execPath, ["src/app.mjs"], { cwd, env: profileEnv });
    assert.equal(stdout, `${endpoint} us-east-1 CONFIRM_SIGN_UP\n`, stderr);
  });

  test("its types fit a strict TypeScript project", async () => {
    writeFileSync(
      path.join(cwd, "src/app.ts"),
      `import { Amplify } from "aws-amplify";
      import outputs from "./amplify_outputs.json";
      import { endpoint, turntableConfig } from "./amplify_outputs_turntable.mjs";
      Amplify.configure(turntableConfig(outputs));
      export const where: string = endpoint;`,
    );
    const compilerOptions = { ...readJson(path.join(cwd, "amplify/tsconfig.json")).compilerOptions, noEmit: true, lib: ["es2022", "dom"] };
    writeFileSync(path.join(cwd, "src/tsconfig.json"), JSON.stringify({ compilerOptions, files: ["app.ts"] }));
    await done(["tsc", "-p", "src"], { cwd, env: profileEnv });
  });

  test("passes ampx's exit code on, and deletes with it", async () => {
    const refused = await sandbox(["--data", data, "--", "--once", "--identifier", "not_a_name"]);
    assert.equal(refused.code, 1, refused.stdout + refused.stderr);
    const deleted = await sandbox(["--data", data, "--", "delete", "--yes", "--identifier", "newcomer"]);
    assert.equal(deleted.code, 0, deleted.stdout + deleted.stderr);
    assert.deepEqual((await ddb.listTables({})).TableNames, []);
    assert.deepEqual(Object.keys(await stacks(cfn)).filter((name) => name.startsWith("amplify-")), []);
    for (const file of ["amplify_outputs.json", ...ours]) assert.ok(there(`src/${file}`), `${file} stays, for ampx is not told where it is`);
  });

  test("says what is wrong before ampx runs", async () => {
    const refused = async (message, args, options) => {
      const { code, stdout, stderr } = await sandbox(args, options);
      assert.deepEqual([code, stdout], [1, ""], stderr);
      assert.match(stderr, message);
    };
    await refused(/there is no amplify\/backend\.ts here/, ["--data", data], { cwd: path.dirname(cwd) });
    await refused(/'turntable serve' starts one/, ["--endpoint", "http://127.0.0.1:1"]);
    await refused(/does not take the keys/, ["--endpoint", endpoint], { env: { ...shell, TURNTABLE_SECRET_ACCESS_KEY: "wrong".padEnd(40, "g") } });
    const bare = project("bare", { amplify: path.join(cwd, "amplify") });
    await run("rm", [path.join(bare, "node_modules")], {});
    await refused(/npm install --save-dev @aws-amplify\/backend-cli|has no ampx/, ["--data", data], { cwd: bare });
  });
});
