// The music example's backend, deployed as its README says.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { turntable } from "../../lib/server.js";

const template = fileURLToPath(new URL("../../../examples/music/template.json", import.meta.url));

/** Deploys it as a stack; resolves with the stack's outputs, by name. */
export async function deployMusic(endpoint, stack = "music") {
  const child = turntable(["deploy", template, "--stack-name", stack, "--endpoint", endpoint]);
  const { code } = await child.finished;
  const { stdout, stderr } = child.output;
  assert.equal(code, 0, stderr + stdout);
  return Object.fromEntries([...stdout.matchAll(/^ +output: (\w+) = (.*)$/gm)].map(([, name, value]) => [name, value]));
}
