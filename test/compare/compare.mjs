#!/usr/bin/env node
// Asks Turntable and DynamoDB Local the same questions and compares the answers.
//
//   compare.mjs [--endpoint URL] [--oracle URL] [--jar FOLDER] [--only SUBJECT]...
//               [--case TEXT] [--random N] [--seed S] [--quiet] [--full] [--bodies]
//
// Without --endpoint it starts build/turntable (or $TURNTABLE_BINARY), without
// --oracle the DynamoDB Local of the npm package amplify-dynamodb-simulator.
// Credentials come from TURNTABLE_ACCESS_KEY_ID and TURNTABLE_SECRET_ACCESS_KEY.
//
// Without --random it asks the corpus in cases/. A difference passes only if an
// entry of explained.json expects it, and an entry that expects what does not
// happen fails (but for those that only concern random/... or are marked `sometimes`). With --random it makes up N sequences of requests from a seed,
// and shortens each sequence whose answers differ before it prints it.
//
// --bodies leaves out what only the server's headers and __type tell; with it, and
// the oracle for --endpoint too, nothing may differ: a test of this program.
//
// The corpus creates and deletes tables whose names begin with `compare-`.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from './lib/client.mjs';
import { flaws, render } from './lib/answers.mjs';
import { startOracle, startServer } from './lib/servers.mjs';
import { Random, generateTables, generate } from './lib/random.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    endpoint: { type: 'string' }, oracle: { type: 'string' }, jar: { type: 'string' }, only: { type: 'string', multiple: true },
    case: { type: 'string' }, random: { type: 'string' }, seed: { type: 'string' }, quiet: { type: 'boolean' }, bodies: { type: 'boolean' }, full: { type: 'boolean' },
  },
});
const credentials = {
  accessKeyId: process.env.TURNTABLE_ACCESS_KEY_ID ?? 'AKIACOMPARE',
  secretAccessKey: process.env.TURNTABLE_SECRET_ACCESS_KEY ?? 'compare/secret',
};

// explained.json: [{why, see, case?, oracle, server}, ...]. The three last are
// patterns (or lists of them, of which one must do) of the whole of
// "subject/label", of the oracle's answer and of the server's. * is any text;
// «a» too, but the same text wherever it stands in the two answers.
const explained = JSON.parse(readFileSync(path.join(here, 'explained.json'), 'utf8')).map((entry) => {
  const lists = Object.fromEntries(['case', 'oracle', 'server'].map((key) => [key, [entry[key] ?? '*'].flat()]));
  return {
    ...entry,
    used: 0,
    names: lists.case.map((text) => pattern(text)),
    answers: lists.oracle.flatMap((oracle) => lists.server.map((server) => pattern(`${oracle}\n->\n${server}`))),
  };
});

function pattern(text) {
  const seen = new Set();
  const body = text.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*').replace(/«(\w+)»/g, (_, name) => {
    if (seen.has(name)) return `\\k<${name}>`;
    seen.add(name);
    return `(?<${name}>.*)`;
  });
  return new RegExp(`^${body}$`, 's');
}

function explain(name, oracle, server) {
  const entry = explained.find(({ names, answers }) => names.some((p) => p.test(name)) && answers.some((p) => p.test(`${oracle}\n->\n${server}`)));
  if (entry) entry.used++;
  return entry;
}

// After a change of a table, waits until it can be used, or is gone.
async function settle(client, { operation, body }, answer) {
  if (answer.status !== 200 || !['CreateTable', 'UpdateTable', 'DeleteTable'].includes(operation)) return;
  for (;;) {
    const { status, body: description } = await client.send('DescribeTable', { TableName: body.TableName });
    if (status !== 200) return;
    const { TableStatus, GlobalSecondaryIndexes = [] } = description.Table;
    if (TableStatus === 'ACTIVE' && GlobalSecondaryIndexes.every((index) => index.IndexStatus === 'ACTIVE')) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function ask(client, step) {
  const answer = await client.send(step.operation, step.body, step.options);
  await settle(client, step, answer);
  return answer;
}

async function deleteTables(client) {
  let start;
  do {
    const { body } = await client.send('ListTables', start ? { ExclusiveStartTableName: start } : {});
    for (const TableName of body.TableNames.filter((name) => name.startsWith('compare-'))) {
      await ask(client, { operation: 'UpdateTable', body: { TableName, DeletionProtectionEnabled: false } });
      await ask(client, { operation: 'DeleteTable', body: { TableName } });
    }
    start = body.LastEvaluatedTableName;
  } while (start);
}

async function prepare(clients, steps) {
  for (const client of clients) {
    await deleteTables(client);
    for (const [operation, body] of steps) {
      const answer = await ask(client, { operation, body });
      if (answer.status !== 200) throw new Error(`${client.url.host} refuses the preparation ${operation} ${JSON.stringify(body).slice(0, 500)}: ${answer.text}`);
    }
  }
}

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
    if (!explain(name, ...lines)) differences.push({ step, oracle: lines[0], server: lines[1] });
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
    for (const { why, case: name, oracle, server } of explained.filter((entry) => entry.used === 0 && !entry.sometimes && ![entry.case].flat().every((text) => text?.startsWith('random/')))) {
      failed++;
      console.log(`\nAn explanation that explains nothing: ${JSON.stringify({ why, case: name, oracle, server })}`);
    }
  }
  const count = explained.reduce((sum, { used }) => sum + used, 0);
  console.log(`\n${passed} passed, ${failed} failed${count ? ` (${count} answers differ as explained)` : ''}`);
  return failed === 0;
}

async function random(clients, count, seed) {
  let failed = 0;
  const tables = generateTables();
  await prepare(clients, tables.setup);
  for (let i = 0; i < count; i++) {
    const name = `random/seed ${seed + i}`;
    // Keys bear the seed and the attempt, so that no attempt sees another's items.
    let attempt = 0;
    const differ = async (kept) => {
      const steps = generate(new Random(seed + i), tables, `${seed + i}.${attempt++}`);
      return compare(name, kept ? steps.filter((_, n) => kept.includes(n)) : steps, clients);
    };
    const differences = await differ();
    if (differences.length === 0) continue;
    failed++;
    if (differences.at(-1).fell) {
      print(name, differences);
      await restart(clients, tables.setup);
      continue;
    }
    // Leave out one step after another as long as something differs.
    let kept = generate(new Random(seed + i), tables, '').map((_, n) => n);
    let last = differences;
    for (let n = kept.length - 1; n >= 0; n--) {
      const fewer = kept.filter((k) => k !== n);
      const still = await differ(fewer);
      if (still.length) [kept, last] = [fewer, still];
    }
    print(`${name}, ${kept.length} steps`, last);
    if (!options.quiet) {
      console.log('  after');
      for (const step of generate(new Random(seed + i), tables, `${seed + i}`).filter((_, n) => kept.includes(n))) console.log(`    ${step.operation} ${short(showBody(step.body), 600)}`);
    }
  }
  for (const client of clients) await deleteTables(client);
  console.log(`\n${count - failed} passed, ${failed} failed, seed ${seed}`);
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
  const well = options.random ? await random(clients, Number(options.random), Number(options.seed ?? Math.floor(Math.random() * 1e9))) : await corpus(clients);
  for (const client of clients) client.close();
  process.exitCode = well ? 0 : 1;
} finally {
  for (const { stop } of running.reverse()) await stop();
}
