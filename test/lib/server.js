// Starts and stops the server under test.
//
// TURNTABLE_BIN names another binary (the sanitizer build, say). TURNTABLE_TEST_ENDPOINT names a server that is already
// running, DynamoDB Local for example; then nothing is started.

import assert from "node:assert/strict";
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

/** Starts `turntable serve`; resolves with { endpoint, stop } once it listens. stop() asserts that it ended cleanly. */
export async function startServer({ args = ["--in-memory"] } = {}) {
  if (process.env.TURNTABLE_TEST_ENDPOINT) {
    return { endpoint: process.env.TURNTABLE_TEST_ENDPOINT, stop: async () => {} };
  }
  const child = start(binary, ["serve", ...args, "--listen", "127.0.0.1:0"], {
    env: {
      ...process.env,
      TURNTABLE_ACCESS_KEY_ID: credentials.accessKeyId,
      TURNTABLE_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
  });
  const [, endpoint] = await printed(child, /^turntable: listening on (http:\/\/\S+)$/m);
  return {
    endpoint,
    async stop() {
      child.kill("SIGTERM");
      const result = await child.finished;
      assert.doesNotMatch(child.output.stderr, sanitizerReport);
      assert.deepEqual(result, { code: 0, signal: null }, child.output.stderr);
    },
  };
}
