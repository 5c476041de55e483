// `bench/run import`: rows from a file into a table by `turntable import`, beside BatchWriteItem by the benchmark's client, on the same
// server and the same processors, with items of the same size.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { once } from 'node:events';
import { Failure, parseOptions } from './options.mjs';
import { output, start, stop, waitForLine } from './processes.mjs';
import { clientEnv, describeServers, prepare } from './servers.mjs';

const BATCH = 25;
const NOTES = 850; // as in workload.c

// DynamoDB JSON, a row a line, with random text that does not compress to nothing.
async function writeRows(file, rows) {
    const out = fs.createWriteStream(file);
    for (let row = 0; row < rows; row++) {
        const notes = randomBytes(NOTES * 3 / 4).toString('base64');
        const item = { id: { S: `row-${String(row).padStart(10, '0')}` }, plays: { N: String(row % 1000) }, released: { N: String(1950 + row % 75) },
            live: { BOOL: false }, tags: { SS: ['bebop', 'modal', 'quartet'] }, title: { S: notes.slice(0, 60) }, notes: { S: notes } };
        if (!out.write(`${JSON.stringify({ Item: item })}\n`)) await once(out, 'drain');
    }
    out.end();
    await once(out, 'finish');
}

async function batchRate(options, endpoint, seconds) {
    const common = ['--endpoint', endpoint, '--items', String(options.items), '--pages', String(options.pages)];
    const load = (args) => output([path.join(options.programs, 'load'), ...args, ...common], { cpus: options.clientCpus, env: clientEnv });
    await load(['setup']);
    const { out } = await load(['run', '--workload', 'batch', '--connections', '16', '--warmup', '1', '--seconds', String(seconds)]);
    return JSON.parse(out).throughput * BATCH;
}

async function importRate(options, endpoint, file, rows) {
    const env = { ...clientEnv, AWS_ENDPOINT_URL: endpoint };
    const began = process.hrtime.bigint();
    const { out } = await output([options.turntable, 'import', 'Imported', file, '--create', 'id:S', '--format', 'json', '--endpoint', endpoint],
        { cpus: options.clientCpus, env });
    const rate = rows / (Number(process.hrtime.bigint() - began) / 1e9);
    const { out: list } = await output([options.turntable, 'tables', '--endpoint', endpoint], { env });
    if (!new RegExp(`^Imported\\b.*\\b${rows}\\b`, 'm').test(list.replaceAll(',', ''))) throw new Failure(`the rows are not all there:\n${out}${list}`);
    return rate;
}

export async function run(args) {
    const rows = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 1000000);
    const options = parseOptions(['--peers', 'none', ...args.filter((arg) => !/^\d+$/.test(arg))]);
    if (options.help) return console.log(options.help), 0;
    await prepare(options);
    fs.mkdirSync(options.data, { recursive: true });
    const data = fs.mkdtempSync(path.join(options.data, 'import-'));
    process.on('exit', () => fs.rmSync(data, { recursive: true, force: true }));
    const file = path.join(data, 'rows.json');
    await writeRows(file, rows);

    const [server] = describeServers(options);
    const child = start(server.command(0, path.join(data, 'server')), { cpus: options.serverCpus, env: server.env });
    const [, endpoint] = await waitForLine(child, /^turntable: listening on (http:\S+)/m);
    const batch = await batchRate(options, endpoint, 5);
    const imported = await importRate(options, endpoint, file, rows);
    await stop(child);
    const ratio = imported / batch;
    const shown = (rate) => Math.round(rate).toLocaleString('en-US');
    console.log(`BatchWriteItem of 25, 16 connections: ${shown(batch)} items/s
turntable import of ${rows.toLocaleString('en-US')} rows: ${shown(imported)} rows/s
ratio: ${ratio.toFixed(2)} (at least 0.50: ${ratio >= 0.5 ? 'reached' : 'MISSED'})`);
    return options.check && ratio < 0.5 ? 1 : 0;
}
