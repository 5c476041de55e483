// How long the server works on the workshop page's project, from the first event of its stack to the last: six tables, sign-in in a
// nested stack, roles and policies, on a new data folder each time; once on a server that has just begun, and once on one that has
// had some seconds to make the keys of a user pool ahead.
//
//     node test/deploy/measure.mjs [ROUNDS]        (5; TURNTABLE_BIN names another binary)
//
// Prints the median, the slowest, and what the resources took that took longest.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CloudFormation, waitUntilStackCreateComplete } from "@aws-sdk/client-cloudformation";
import { S3 } from "@aws-sdk/client-s3";
import { credentials, region, startServer } from "../lib/server.js";
import { here, runTypeScript } from "./lib.js";

const rounds = Number(process.argv[2] ?? 5);
if (!(Number.isInteger(rounds) && rounds > 0)) throw new Error(`not a number of rounds: ${process.argv[2]}`);
const folder = mkdtempSync(path.join(os.tmpdir(), "turntable-measure-"));
const STACK = "WorkshopPage", ACCOUNT = "000000000000"; // the stack is named by synth.ts
const assembly = path.join(folder, "cdk.out");

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** All events of a stack, the oldest first. */
async function eventsOf(cfn, StackName) {
  const events = [];
  for (let NextToken; ; ) {
    const page = await cfn.describeStackEvents({ StackName, NextToken });
    events.push(...page.StackEvents);
    NextToken = page.NextToken;
    if (!NextToken) return events.reverse();
  }
}

/** What each resource of the stacks took, in milliseconds: { "UserPool amplifyAuthUserPool": 430 }. */
function timesOf(events) {
  const begun = {}, times = {};
  for (const { ResourceType, LogicalResourceId, ResourceStatus, Timestamp } of events) {
    const what = `${ResourceType.split("::").pop()} ${LogicalResourceId}`;
    if (ResourceType === "AWS::CloudFormation::Stack") continue;
    if (ResourceStatus === "CREATE_IN_PROGRESS") begun[what] ??= Timestamp;
    else times[what] = Timestamp - begun[what];
  }
  return times;
}

/** Puts the assembly's files where the CDK puts them; resolves with the URL of the stack's template. */
async function upload(s3, endpoint) {
  const { files } = JSON.parse(readFileSync(path.join(assembly, `${STACK}.assets.json`), "utf8").replaceAll("${AWS::AccountId}", ACCOUNT).replaceAll("${AWS::Region}", region));
  let url;
  for (const { source, destinations } of Object.values(files)) {
    const [{ bucketName: Bucket, objectKey: Key }] = Object.values(destinations);
    await s3.putObject({ Bucket, Key, Body: readFileSync(path.join(assembly, source.path)) });
    if (source.path === `${STACK}.template.json`) url = `${endpoint}/${Bucket}/${Key}`;
  }
  return url;
}

async function round(number, rest) {
  const server = await startServer({ args: ["--data", path.join(folder, `data${number}`)] });
  const options = { endpoint: server.endpoint, region, credentials };
  const cfn = new CloudFormation(options), s3 = new S3({ ...options, forcePathStyle: true });
  const TemplateURL = await upload(s3, server.endpoint);
  await pause(rest);
  const started = performance.now();
  const { StackId } = await cfn.createStack({ StackName: STACK, TemplateURL, Capabilities: ["CAPABILITY_NAMED_IAM"] });
  await waitUntilStackCreateComplete({ client: cfn, minDelay: 1, maxWaitTime: 60 }, { StackName: STACK });
  const polled = performance.now() - started;
  const { Stacks } = await cfn.describeStacks({});
  const events = await Promise.all(Stacks.filter((stack) => StackId === (stack.RootId ?? stack.StackId)).map((stack) => eventsOf(cfn, stack.StackId)));
  const own = events.find(([first]) => first.StackId === StackId);
  const end = own.find((event) => event.PhysicalResourceId === StackId && event.ResourceStatus === "CREATE_COMPLETE");
  cfn.destroy();
  s3.destroy();
  await server.stop();
  return { server: end.Timestamp - own[0].Timestamp, polled, times: Object.assign({}, ...events.map(timesOf)) };
}

async function measure(what, rest) {
  const results = [];
  for (let i = 0; i < rounds; i++) results.push(await round(`${rest}-${i}`, rest));
  const all = results.map((result) => result.server);
  console.log(`the page's project, ${rounds} times on ${what}: server time ${median(all)} ms (slowest ${Math.max(...all)} ms)`);
  console.log(`    from the request to the answer that it is complete: ${Math.round(median(results.map((result) => result.polled)))} ms`);
  const names = Object.keys(results[0].times);
  const longest = names.map((name) => [median(results.map(({ times }) => times[name])), name]).sort(([a], [b]) => b - a);
  for (const [milliseconds, name] of longest.slice(0, 4)) console.log(`    ${String(milliseconds).padStart(6)} ms  ${name}`);
}

try {
  await runTypeScript(here("fixtures/workshop-page/synth.ts"), [assembly]);
  await measure("a new server", 0);
  await measure("a server that has run for ten seconds", 10_000);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
