// What the tests of libraries begin with: a running server, and how clients are told of it.

import { devNull } from "node:os";
import { after } from "node:test";
import { credentials, region, startServer } from "../lib/server.js";

export { credentials, region };

// Some of the libraries read their settings from the environment alone; nothing of the user's own may reach them.
for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
Object.assign(process.env, {
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: "true",
});

/** Opens the server for this test file, and closes it when the file's tests are over; resolves with its endpoint. */
export async function open() {
  const server = await startServer();
  after(() => server.stop());
  return server.endpoint;
}

/** Several test files may share one endpoint: a name that no other has. */
export const uniqueName = (name) => `${name}-${process.pid}-${Date.now().toString(36)}`;

/** Sorts items by an attribute. */
export const by = (name) => (a, b) => (a[name] < b[name] ? -1 : a[name] > b[name] ? 1 : 0);
