// What the tests of synthesis, deployment and the command line begin with.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { build } from "esbuild";
import { run } from "../lib/process.js";
import { credentials, region, startServer } from "../lib/server.js";

export const here = (file) => fileURLToPath(new URL(file, import.meta.url));
export const binary = process.env.TURNTABLE_BIN ?? here("../../build/turntable");
export const musicTemplate = here("../../examples/music/template.json");

// The program and the clients are told everything they need: nothing of the user's own AWS settings may reach them.
const bare = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|TURNTABLE)_/.test(name)));

/** The environment without any AWS setting, and these variables. */
export const environment = (more = {}) => ({ ...bare, ...more });

/** The environment of a client of the server that open() started. */
export const clientEnvironment = (endpoint, more = {}) =>
  environment({
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: os.devNull,
    AWS_SHARED_CREDENTIALS_FILE: os.devNull,
    ...more,
  });

/** Runs `turntable ...args` to its end; resolves with { code, stdout, stderr }. */
export const turntable = (args, options = {}) => run(binary, args, { env: environment(), ...options });

/** A folder of this test file's own, gone when its tests are over. */
export function temporaryFolder() {
  const folder = mkdtempSync(path.join(os.tmpdir(), "turntable-test-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a server for this test file; resolves with its endpoint, an SDK client, and `turntable` as its client. */
export async function open(options) {
  const server = await startServer(options);
  const ddb = new DynamoDB({ endpoint: server.endpoint, region, credentials, maxAttempts: 1 });
  const folder = temporaryFolder();
  after(async () => {
    ddb.destroy();
    await server.stop();
  });

  const client = (args, more) => turntable(args, { env: clientEnvironment(server.endpoint, more), cwd: folder });

  /**
   * Deploys a template: an object or a text is written to a file first; a text that names a file is that file. An object's
   * stack is named after its first resource, unless the file is named.
   */
  async function deploy(template, name, ...more) {
    if (typeof template === "string" && !template.includes("\n") && existsSync(template)) {
      return client(["deploy", template, ...more]);
    }
    const object = typeof template === "object" && !Buffer.isBuffer(template);
    const file = path.join(folder, name ?? (object ? `${Object.keys(template.Resources)[0]}.json` : "template.json"));
    writeFileSync(file, object ? JSON.stringify(template, null, 2) : template);
    return client(["deploy", file, ...more]);
  }

  const tableNames = async () => (await ddb.listTables({})).TableNames;
  return { endpoint: server.endpoint, ddb, folder, client, deploy, tableNames };
}

/**
 * Bundles a TypeScript program and runs it, with the packages that are locked here: the program's own folder needs none
 * installed.
 */
export async function runTypeScript(entry, args) {
  const folder = mkdtempSync(here("node_modules/.synth-"));
  try {
    const outfile = path.join(folder, "synth.mjs");
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      packages: "external",
      format: "esm",
      platform: "node",
      logLevel: "error",
    });
    const { code, stderr } = await run(process.execPath, [outfile, ...args], { env: environment() });
    if (code !== 0) throw new Error(`${entry} ended with ${code}: ${stderr}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

/** A table as the example says it in one line: { name, keys: ["HASH id S"], indexes: { byUserId: [...] } }. */
export function summary({ TableName, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes = [] }) {
  const type = (name) => AttributeDefinitions.find((a) => a.AttributeName === name)?.AttributeType;
  const keys = (schema) => schema.map((k) => `${k.KeyType} ${k.AttributeName} ${type(k.AttributeName)}`);
  return {
    name: TableName,
    keys: keys(KeySchema),
    indexes: Object.fromEntries(
      GlobalSecondaryIndexes.map((i) => [i.IndexName, [...keys(i.KeySchema), i.Projection.ProjectionType]]),
    ),
  };
}

/** The six tables, as the workshop's page gives them. */
export const musicTables = [
  { name: "FavouriteTable", keys: ["HASH userId S", "RANGE trackId S"], indexes: {} },
  { name: "PlaybackHistoryTable", keys: ["HASH userId S", "RANGE timestamp S"], indexes: {} },
  { name: "PlaylistTable", keys: ["HASH id S"], indexes: { byUserId: ["HASH owner S", "ALL"] } },
  { name: "PlaylistTrackTable", keys: ["HASH playlistId S", "RANGE trackId S"], indexes: {} },
  { name: "TrackTable", keys: ["HASH id S"], indexes: { byUserId: ["HASH uploadedBy S", "ALL"] } },
  { name: "UserTable", keys: ["HASH id S"], indexes: {} },
];

/** Debian's own program if it is there, else the first of that name in PATH. */
export const debian = (name) => (existsSync(`/usr/bin/${name}`) ? `/usr/bin/${name}` : name);
