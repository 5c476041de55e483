#!/usr/bin/env node
// Makes up requests and compares the answers of Turntable and DynamoDB Local.
//
//   random.mjs [COUNT] [SEED] [--workers N] [--endpoint URL] [--oracle URL] [--full] [--explained FILE]
//
// COUNT (4000) is how many requests; the same SEED makes the same ones. Prints progress, each class of differences with the
// smallest requests that show it, and how often each explanation of explained.json was used; ends with 1 if a difference is not
// explained. --explained writes each explained difference to FILE, a line of JSON: { number, why, table, step, lines }, `number` being
// the entry's place in explained.json. Without --endpoint it starts build/turntable (or $TURNTABLE_BINARY), without --oracle DynamoDB
// Local.
import { createWriteStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { Client } from './lib/client.mjs';
import { Explanations } from './lib/explanations.mjs';
import { startOracle, startServer } from './lib/servers.mjs';
import { Campaign } from './random/campaign.mjs';
import { knownOperations } from './random/episode.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { workers: { type: 'string' }, endpoint: { type: 'string' }, oracle: { type: 'string' }, full: { type: 'boolean' }, explained: { type: 'string' } },
});
const count = Number(positionals[0] ?? 4000);
const seed = Number(positionals[1] ?? Math.floor(Math.random() * 1e9));
const workers = Number(options.workers ?? 1); // the oracle fails, or stops answering, on some requests that meet the making of a table
if (!(count > 0 && Number.isInteger(count) && Number.isInteger(seed) && workers > 0)) {
  console.error('usage: random.mjs [COUNT] [SEED] [--workers N]');
  process.exit(2);
}
const credentials = { accessKeyId: 'AKIACOMPARE', secretAccessKey: 'compare/secret' };

const short = (value, length = options.full ? Infinity : 1200) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= length ? text : `${text.slice(0, length)}... (${text.length} characters)`;
};

function describe({ hash, range, types, indexes }) {
  const keys = (of) => [of.hash, of.range].filter(Boolean).map((name) => `${name} ${types[name]}`).join(', ');
  const projected = ({ ProjectionType, NonKeyAttributes }) => (NonKeyAttributes ? `[${NonKeyAttributes}]` : ProjectionType);
  return [`(${keys({ hash, range })})`, ...indexes.map((index) => `${index.name} (${keys(index)}) ${projected(index.projection)}`)].join('; ');
}

function report(name, table, steps, [oracle, server]) {
  console.log(`\nDIFFERENT ${name}\n  table ${describe(table)}`);
  for (const { operation, body } of steps) console.log(`  ${operation} ${short(body)}`);
  console.log(`    oracle ${short(oracle)}\n    server ${short(server)}`);
}

const explainedFile = options.explained && createWriteStream(options.explained);
const record = ({ number, why }, { table, step }, lines) => explainedFile?.write(`${JSON.stringify({ number, why, table, step, lines })}\n`);

const running = [];
let campaign;
let progress;
try {
  const oracle = options.oracle ?? (running.push(await startOracle(credentials)), running.at(-1).endpoint);
  const server = options.endpoint ?? (running.push(await startServer(credentials)), running.at(-1).endpoint);
  const makeClients = () => [oracle, server].map((url) => new Client(url, credentials));
  const explanations = new Explanations();
  const probes = makeClients();
  const known = await knownOperations(probes[1]);
  for (const client of probes) client.close();
  const restart = (clients, step, why) => {
    throw new Error(`${why} to ${step.operation} ${short(step.body)}`);
  };
  campaign = new Campaign({ seed, count, known, explanations, makeClients, restart, report, record });
  const begun = Date.now();
  const rate = () => Math.round(campaign.asked / ((Date.now() - begun) / 1000));
  progress = setInterval(() => {
    console.log(`${campaign.asked} of ${count} requests, ${rate()} a second, ${campaign.explained} explained, ${campaign.unexplained} unexplained`);
  }, 10_000);
  await campaign.run(workers);
  console.log('\nexplained differences:');
  for (const { used, why, see } of explanations.entries.filter((entry) => entry.used).sort((a, b) => b.used - a.used)) console.log(`${String(used).padStart(7)} ${why} ${see ?? ''}`);
  console.log('\nunexplained differences:');
  for (const [name, { count: times }] of [...campaign.classes].sort((a, b) => b[1].count - a[1].count)) console.log(`${String(times).padStart(7)} ${name}`);
  console.log(`\nseed ${seed}: ${campaign.asked} requests in ${Math.round((Date.now() - begun) / 1000)} s, ${rate()} a second, ${campaign.explained} differences explained`);
  console.log(`${campaign.asked - campaign.unexplained} passed, ${campaign.unexplained} failed`);
  process.exitCode = campaign.unexplained === 0 ? 0 : 1;
} finally {
  clearInterval(progress);
  for (const { stop } of running.reverse()) await stop();
  explainedFile?.end();
}
