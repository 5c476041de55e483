// Is examples/music/template.json what the locked aws-cdk-lib makes of the example's TypeScript, and are its tables the six?

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { here, musicTables, musicTemplate, readJson, runTypeScript, summary, temporaryFolder } from "./lib.js";

const example = here("../../examples/music");

test("these tests and the example lock the same CDK", () => {
  for (const name of ["aws-cdk-lib", "constructs", "@aws-amplify/auth-construct"]) {
    const ours = readJson(here("package-lock.json")).packages[`node_modules/${name}`];
    const theirs = readJson(path.join(example, "package-lock.json")).packages[`node_modules/${name}`];
    assert.ok(ours.version);
    assert.equal(ours.version, theirs.version);
    assert.equal(ours.integrity, theirs.integrity);
    assert.equal(readJson(here(`node_modules/${name}/package.json`)).version, ours.version, "npm ci has not been run");
  }
});

test("the committed template is what the TypeScript synthesizes to", async () => {
  const made = path.join(temporaryFolder(), "template.json");
  await runTypeScript(path.join(example, "synth.ts"), [made]);
  assert.equal(readFileSync(musicTemplate, "utf8"), readFileSync(made, "utf8"));
});

test("the template declares the six tables", () => {
  const tables = Object.values(readJson(musicTemplate).Resources).filter((r) => r.Type === "AWS::DynamoDB::GlobalTable");
  const byName = tables.map((t) => summary(t.Properties)).sort((a, b) => (a.name < b.name ? -1 : 1));
  assert.deepEqual(byName, musicTables);
});
