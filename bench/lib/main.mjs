// The benchmark from beginning to end.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseOptions } from './options.mjs';
import { Bench } from './measure.mjs';
import { report, targets } from './report.mjs';
import { describeServers, prepare } from './servers.mjs';

const TMPFS = 0x01021994;

function describeMachine(options, data) {
    const lines = [`${os.cpus()[0].model.trim()}; server on processor ${options.serverCpus}, client on ${options.clientCpus}`,
        `${options.items} items of about 1 KiB, pages of 100 items; ${options.rounds} round(s) of ${options.seconds} s, the median of each`];
    if (fs.statfsSync(data).type === TMPFS) lines.push('CAUTION: the data folder is in memory (tmpfs), so durable writes cost nothing; see --data');
    if (options.short && options.peers.includes('dynamodb-local')) lines.push('CAUTION: in the short form DynamoDB Local is only half warm, which flatters the others; quote the full form');
    const busy = os.loadavg()[0];
    if (busy > 0.5) lines.push(`CAUTION: the machine was busy with other work (load average ${busy.toFixed(1)} at the start): throughput, its ratios, latencies and cold starts settle nothing; compare the processor time`);
    return lines;
}

export async function run(args) {
    if (args[0] === 'session') return (await import('./session.mjs')).run(args.slice(1));
    if (args[0] === 'import') return (await import('./import.mjs')).run(args.slice(1));
    const options = parseOptions(args);
    if (options.help) {
        console.log(options.help);
        return 0;
    }
    const say = (text) => process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `bench: ${text}\n`);
    await prepare(options);
    const servers = describeServers(options);
    for (const server of servers) server.versionText = server.version();
    fs.mkdirSync(options.data, { recursive: true });
    const data = fs.mkdtempSync(path.join(options.data, 'data-'));
    process.on('exit', () => fs.rmSync(data, { recursive: true, force: true }));

    options.busy = os.loadavg()[0] > 0.5;
    const machine = describeMachine(options, data);
    const bench = new Bench(options, servers, data);
    await bench.measureServers(say);
    if (options.cold) await bench.measureCold(say);
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');

    process.stdout.write(report(bench, machine));
    if (options.json) {
        fs.writeFileSync(options.json, JSON.stringify({ machine, records: bench.records, memory: bench.memory, cold: bench.cold, problems: bench.problems }, null, 1));
    }
    const missed = options.check && targets(bench).some((target) => !target.reached);
    return bench.problems.length > 0 || missed ? 1 : 0;
}
