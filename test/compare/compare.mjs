#!/usr/bin/env node
// Asks Turntable and DynamoDB Local the same questions and compares the answers.
//
//   compare.mjs [--endpoint URL] [--oracle URL] [--jar FOLDER] [--only SUBJECT]...
//               [--case TEXT] [--quiet] [--full] [--bodies] [--explained FILE]
//
// Without --endpoint it starts build/turntable (or $TURNTABLE_BINARY), without
// --oracle the DynamoDB Local of the npm package amplify-dynamodb-simulator.
// Credentials come from TURNTABLE_ACCESS_KEY_ID and TURNTABLE_SECRET_ACCESS_KEY.
//
// It asks the corpus in cases/. A difference passes only if an entry of explained.json expects it, and an entry that expects
// what does not happen fails (but for those that only concern random/... or are marked `sometimes`). random.mjs makes up
// requests of its own. --explained writes each explained difference to FILE, a line of JSON:
// { number, why, name, step, lines }, `number` being the entry's place in explained.json.
//
// --bodies leaves out what only the server's headers and __type tell; with it, and
// the oracle for --endpoint too, nothing may differ: a test of this program.
//
// The corpus creates and deletes tables whose names begin with `compare-`.
import { createWriteStream, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from './lib/client.mjs';
import { flaws, render } from './lib/answers.mjs';
import { startOracle, startServer } from './lib/servers.mjs';
import { Explanations } from './lib/explanations.mjs';
import { ask, deleteTables, prepare } from './lib/ask.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    endpoint: { type: 'string' }, oracle: { type: 'string' }, jar: { type: 'string' }, only: { type: 'string', multiple: true },
    case: { type: 'string' }, quiet: { type: 'boolean' }, bodies: { type: 'boolean' }, full: { type: 'boolean' },
    explained: { type: 'string' },
  },
});
const credentials = {
  accessKeyId: process.env.TURNTABLE_ACCESS_KEY_ID ?? 'AKIACOMPARE',
  secretAccessKey: process.env.TURNTABLE_SECRET_ACCESS_KEY ?? 'compare/secret',
};

const explanations = new Explanations();
const explainedFile = options.explained && createWriteStream(options.explained);

// Asks both servers all steps. Returns the differences: [{step, oracle, server}, ...].
async function compare(name, steps, [oracle, server]) {
  const differences = [];
  let diverged = false;
  for (const step of steps) {
    const [known, given] = await Promise.allSettled([ask(oracle, step), ask(server, step)]);
    if (known.status === 'rejected') throw known.reason;
    if (given.status === 'rejected') return [...differences, { step, oracle: render(step, known.value, { oracle: true }), server: `no answer: ${given.reason}`, fell: true }];
    const answers = [known.value, given.value];
    const lines = [render(step, answers[0], { oracle: true }), render(step, answers[1], { oracle: options.bodies })];
    const wrong = options.bodies ? [] : flaws(answers[1]);
    if (wrong.length) differences.push({ step, oracle: 'an answer without these flaws', server: `${wrong.join(', ')} in ${lines[1]}` });
    if (diverged || lines[0] === lines[1]) continue;
    const explanation = explanations.find(name, ...lines, { step, oracle: answers[0], server: answers[1] });
    if (explanation) {
      explanation.used++;
      explainedFile?.write(`${JSON.stringify({ number: explanation.number, why: explanation.why, name, step, lines })}\n`);
    } else differences.push({ step, oracle: lines[0], server: lines[1] });
    // What one has done and the other refused tells on all that follows.
    diverged = (answers[0].status === 200) !== (answers[1].status === 200);
  }
  return differences;
}

const short = (text, length = options.full ? Infinity : 1500) => (text.length <= length ? text : `${text.slice(0, length)}... (${text.length} characters)`);
const showBody = (body) => (typeof body === 'string' ? body : Buffer.isBuffer(body) ? body.toString('latin1') : JSON.stringify(body));

function print(name, differences) {
  console.log(`\nDIFFERENT ${name}`);
  if (options.quiet) return;
  for (const { step, oracle, server } of differences) {
    console.log(`  ${step.operation} ${short(showBody(step.body))}`);
    console.log(`    oracle ${short(oracle)}`);
    console.log(`    server ${short(server)}`);
  }
}

async function corpus(clients) {
  let passed = 0;
  let failed = 0;
  for (const file of readdirSync(path.join(here, 'cases')).sort()) {
    const { subject, setup, cases } = await import(path.join(here, 'cases', file));
    if (options.only && !options.only.includes(subject)) continue;
    await prepare(clients, setup);
    for (const { label, steps } of cases) {
      const name = `${subject}/${label}`;
      if (options.case && !name.includes(options.case)) continue;
      const differences = await compare(name, steps, clients);
      if (differences.length === 0) passed++;
      else {
        failed++;
        print(name, differences);
        if (differences.at(-1).fell) await restart(clients, setup);
      }
    }
    for (const client of clients) await deleteTables(client);
  }
  if (!options.only && !options.case && !options.bodies) {
    for (const { why, case: name, oracle, server } of explanations.entries.filter((entry) => entry.used === 0 && !entry.sometimes && ![entry.case].flat().every((text) => text?.startsWith('random/')))) {
      failed++;
      console.log(`\nAn explanation that explains nothing: ${JSON.stringify({ why, case: name, oracle, server })}`);
    }
  }
  const count = explanations.entries.reduce((sum, { used }) => sum + used, 0);
  console.log(`\n${passed} passed, ${failed} failed${count ? ` (${count} answers differ as explained)` : ''}`);
  return failed === 0;
}

const running = [];

// After the server has fallen: a new one, if it is ours to start.
async function restart(clients, setup) {
  if (options.endpoint) throw new Error('the server gives no answer');
  await running.pop().stop();
  running.push(await startServer(credentials));
  clients[1].close();
  clients[1] = new Client(running.at(-1).endpoint, credentials);
  await prepare(clients, setup);
}

try {
  const oracle = options.oracle ?? (running.push(await startOracle(credentials, options.jar)), running.at(-1).endpoint);
  const server = options.endpoint ?? (running.push(await startServer(credentials)), running.at(-1).endpoint);
  const clients = [oracle, server].map((url) => new Client(url, credentials));
  const well = await corpus(clients);
  for (const client of clients) client.close();
  process.exitCode = well ? 0 : 1;
} finally {
  for (const { stop } of running.reverse()) await stop();
  explainedFile?.end();
}
