// docs/compatibility.md tells what is served: its generated parts must be those of the code that is there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as sdk from "@aws-sdk/client-dynamodb";

import { generate } from "../compare/document.mjs";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("the generated parts of docs/compatibility.md are true", () => {
  const text = read("docs/compatibility.md");
  assert.equal(text, generate(text), "run node test/compare/document.mjs");
});

test("the server's list names every operation that the SDK has", () => {
  const listed = new Set([...read("src/services/dynamodb/operations.def").matchAll(/^[XY]\((\w+)/gm)].map((row) => row[1]));
  const offered = Object.keys(sdk)
    .filter((name) => /^[A-Z]\w*Command$/.test(name) && name !== "$Command")
    .map((name) => name.replace(/Command$/, ""));
  assert.ok(offered.length > 50);
  assert.deepEqual(offered.filter((name) => !listed.has(name)).sort(), []);
});
