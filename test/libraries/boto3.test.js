// boto3 (Debian's python3-boto3): its resource layer. The tests are in boto3_resource.py; each becomes one here.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { before, describe, test } from "node:test";
import { run } from "../lib/process.js";
import { open } from "./lib.js";

const endpoint = await open();
const file = fileURLToPath(new URL("boto3_resource.py", import.meta.url));
// Debian's own Python, whatever else is on the PATH.
const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
const names = [...readFileSync(file, "utf8").matchAll(/^ {4}def (test_\w+)/gm)].map(([, name]) => name);

describe("boto3's resource layer", () => {
  let stderr, code;
  before(async () => {
    ({ stderr, code } = await run(python, ["-W", "ignore", file], { env: { ...process.env, TURNTABLE_ENDPOINT: endpoint } }));
  });

  for (const name of names) {
    test(name.slice("test_".length).replaceAll("_", " "), () => {
      const report = stderr.split(/^={10,}$/m).slice(1).find((part) => part.includes(`: ${name} `));
      assert.ok(new RegExp(`^${name} .*\\.\\.\\. ok$`, "m").test(stderr), report ?? stderr);
    });
  }
  test("ends well", () => assert.equal(code, 0, stderr));
});
