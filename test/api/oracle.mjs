#!/usr/bin/env node
// Runs the API tests against DynamoDB Local and lists those that fail there: where it differs from what the tests know of AWS.
//
// oracle-differences.json explains each of them: a list of { because, documentation, tests }, where a test is
// "file.test.js: suite > test", or "file.test.js: suite > *" if every test of the suite differs. An entry with `files` instead, names or
// patterns with a *, leaves these files out.
// Exits with 1 if a difference is not explained, or if what is explained is no difference (any more).
//
// usage: node test/api/oracle.mjs [FILE.test.js...]

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { startOracle } from "../lib/oracle.js";
import { start } from "../lib/process.js";

const folder = path.dirname(fileURLToPath(import.meta.url));
const reporter = path.join(folder, "../lib/reporter.js");
const chosen = process.argv.slice(2).map((file) => path.basename(file));
const explanations = JSON.parse(readFileSync(path.join(folder, "oracle-differences.json")));
const all = readdirSync(folder).filter((file) => file.endsWith(".test.js"));
const leftOut = explanations.flatMap(({ files = [] }) => files).map((text) => {
  const pattern = new RegExp(`^${text.replaceAll(".", "\\.").replaceAll("*", ".*")}$`);
  if (!all.some((file) => pattern.test(file))) throw new Error(`left out, but there is no such file: ${text}`);
  return pattern;
});
const files = all.filter((file) => (chosen.length ? chosen.includes(file) : !leftOut.some((pattern) => pattern.test(file))));
if (!files.length) throw new Error("there are no such test files");

async function runTests(endpoint) {
  const child = start(
    process.execPath,
    ["--test", "--test-timeout=600000", `--test-reporter=${reporter}`, ...files.map((file) => path.join(folder, file))],
    { env: { ...process.env, TURNTABLE_TEST_ENDPOINT: endpoint, NODE_OPTIONS: "--no-warnings" } },
  );
  await child.finished;
  const results = child.output.stdout.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));
  if (!results.length) throw new Error(`no test ran:\n${child.output.stderr}`);
  return results.map((result) => ({ ...result, name: `${result.file}: ${result.name}` }));
}

const oracle = await startOracle();
let results;
try {
  results = await runTests(oracle.endpoint);
} finally {
  await oracle.stop();
}

const failed = results.filter((result) => !result.passed);
const covers = (pattern, name) => (pattern.endsWith(" > *") ? name.startsWith(pattern.slice(0, -1)) : name === pattern);
const reported = (pattern) => chosen.length === 0 || chosen.includes(pattern.split(": ")[0]);
const problems = [];
const unexplained = new Set(failed);

for (const { because, documentation, tests = [] } of explanations) {
  const explained = tests.filter(reported);
  if (!explained.length) continue;
  console.log(`\n${because}\n  ${documentation}`);
  for (const pattern of explained) {
    const covered = results.filter((result) => covers(pattern, result.name));
    const agreeing = covered.filter((result) => result.passed);
    if (!covered.length) problems.push(`explained, but there is no such test: ${pattern}`);
    for (const { name } of agreeing) problems.push(`explained, but not different: ${name}`);
    for (const result of covered) {
      if (result.passed) continue;
      if (!unexplained.delete(result)) problems.push(`explained twice: ${result.name}`);
      console.log(`  - ${result.name}`);
    }
  }
}

const brief = (value) => {
  const text = typeof value === "object" && value?.message !== undefined ? `${value.name}: ${value.message}` : JSON.stringify(value);
  return text?.length > 300 ? `${text.slice(0, 300)}...` : text;
};
for (const { name, error } of unexplained) {
  const details = "actual" in error || "expected" in error ? `DynamoDB Local: ${brief(error.actual)}\n      expected: ${brief(error.expected)}` : error.text.split("\n")[0];
  problems.push(`not explained: ${name}\n      ${details}`);
}

console.log(`\n${results.length} tests: DynamoDB Local agrees in ${results.length - failed.length} and differs in ${failed.length}.`);
for (const problem of problems) console.log(`  ${problem}`);
if (problems.length) console.log(`${problems.length} problems`);
process.exit(problems.length ? 1 : 0);
