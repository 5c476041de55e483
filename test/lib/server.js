// Starts and stops the server under test.
//
// TURNTABLE_BIN names another binary (the sanitizer build, say). TURNTABLE_TEST_ENGINE=rocksdb runs the tests on a data
// folder of their own instead of in memory. TURNTABLE_TEST_ENDPOINT names a server that is already running, DynamoDB
// Local for example; then nothing is started.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { printed, start } from "./process.js";

const binary = process.env.TURNTABLE_BIN ?? fileURLToPath(new URL("../../build/turntable", import.meta.url));

// The oracle takes letters and digits only, so these have nothing else.
export const credentials = {
  accessKeyId: process.env.TURNTABLE_ACCESS_KEY_ID ?? "TURNTABLETESTKEY0001",
  secretAccessKey: process.env.TURNTABLE_SECRET_ACCESS_KEY ?? "turntableTestSecret0123456789abcdefghijk",
};

export const region = "us-east-1";

const sanitizerReport = /ERROR: \w+Sanitizer|runtime error:|SUMMARY: \w+Sanitizer/;

/** True if the tests were pointed at a server that they did not start and cannot stop. */
export const elsewhere = process.env.TURNTABLE_TEST_ENDPOINT !== undefined;

export const temporaryFolder = () => mkdtempSync(path.join(tmpdir(), "turntable-test-"));

/** Runs the program to its end, or until it is stopped, with the credentials above. */
export const turntable = (args, options = {}) =>
  start(binary, args, {
    ...options,
    env: {
      ...process.env,
      TURNTABLE_ACCESS_KEY_ID: credentials.accessKeyId,
      TURNTABLE_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...options.env,
    },
  });

/**
 * Starts `turntable serve`; resolves with { endpoint, stop, child } once it listens. stop() asserts that it ended cleanly.
 * Without arguments it has the engine that the environment chose.
 */
export async function startServer({ args, env } = {}) {
  if (elsewhere) return { endpoint: process.env.TURNTABLE_TEST_ENDPOINT, stop: async () => {} };
  const folder = !args && process.env.TURNTABLE_TEST_ENGINE === "rocksdb" ? temporaryFolder() : undefined;
  const engine = args ?? (folder ? ["--data", folder] : ["--in-memory"]);
  const child = turntable(["serve", ...engine, "--listen", "127.0.0.1:0"], { env });
  const [, endpoint] = await printed(child, /^turntable: listening on (https?:\/\/\S+)$/m);
  return {
    endpoint,
    child,
    async stop() {
      child.kill("SIGTERM");
      const result = await child.finished;
      if (folder) rmSync(folder, { recursive: true });
      assert.doesNotMatch(child.output.stderr, sanitizerReport);
      assert.deepEqual(result, { code: 0, signal: null }, child.output.stderr);
    },
  };
}
