// Child processes that the tests start: each is stopped by whoever started it, and none outlives this process.

import { once } from "node:events";
import { spawn } from "node:child_process";

const children = new Set();

process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});
// Without these a signal would end node before its exit handlers ran, and leave the children behind.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => process.exit(1));
}

/** Starts a child whose output is gathered in child.output.stdout and child.output.stderr. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  child.output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"]) {
    child[stream].setEncoding("utf8");
    child[stream].on("data", (text) => (child.output[stream] += text));
  }
  children.add(child);
  child.finished = new Promise((resolve) => {
    child.on("error", (error) => resolve({ error }));
    child.on("close", (code, signal) => resolve({ code, signal }));
  }).finally(() => children.delete(child));
  return child;
}

/** Resolves with the match of the pattern in what the child prints on stdout; rejects if the child ends first. */
export async function printed(child, pattern) {
  const finished = child.finished.then((result) => ({ result }));
  for (;;) {
    const match = pattern.exec(child.output.stdout);
    if (match) return match;
    const next = await Promise.race([once(child.stdout, "data"), finished]);
    if (next.result && !pattern.test(child.output.stdout)) {
      throw new Error(`${child.spawnfile} ended before it was ready: ${next.result.error ?? JSON.stringify(next.result)}
${child.output.stdout}${child.output.stderr}`);
    }
  }
}

/** Runs a command to its end; resolves with { code, stdout, stderr }. */
export async function run(command, args, options) {
  const child = start(command, args, options);
  const { code, signal, error } = await child.finished;
  if (error) throw error;
  return { code: code ?? signal, ...child.output };
}
