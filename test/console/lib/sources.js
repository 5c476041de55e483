// Modules of the console's sources that need no browser, as the tests can import them: its own bundler takes the types off.

import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { temporaryFolder } from "../../lib/server.js";

const console = fileURLToPath(new URL("../../../console/", import.meta.url));

/** Everything that modules below console/src export, by their names: sources(["items/json.ts"]) gives { parseJson, ... }. */
export async function sources(names) {
  const { rolldown } = await import(pathToFileURL(createRequire(path.join(console, "package.json")).resolve("rolldown")));
  const entry = "\0entry";
  const text = names.map((name) => `export * from ${JSON.stringify(path.join(console, "src", name))};`).join("\n");
  const bundle = await rolldown({ input: entry, plugins: [{ name: "entry", resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? text : null) }] });
  const folder = temporaryFolder();
  try {
    const file = path.join(folder, "sources.mjs");
    await bundle.write({ file, format: "esm" });
    return await import(pathToFileURL(file));
  } finally {
    await bundle.close();
    rmSync(folder, { recursive: true });
  }
}
