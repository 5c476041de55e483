// Runs the servers and the client, and collects one record a measurement.
import fs from 'node:fs';
import path from 'node:path';
import { Failure, LACKS } from './options.mjs';
import { bytesWritten, cpuSeconds, freePort, output, residentKib, start, stop, waitForLine } from './processes.mjs';
import { clientEnv } from './servers.mjs';

const ITEM_BYTES = 910; // the random text alone of an item that a put or a batch writes; see workload.c

const has = (server, workload) => !LACKS[server.name]?.includes(workload);

export class Bench {
    constructor(options, servers, data) {
        this.options = options;
        this.servers = servers;
        this.data = data;
        this.records = []; // {server, workload, connections, round, throughput, p50_us, p99_us, max_us, errors}
        this.memory = {}; // server: {rest_kib, loaded_kib}
        this.cold = {}; // server: [ms]
        this.problems = []; // what the client showed of wrong answers
    }

    load(args, accept = [0]) {
        return output([path.join(this.options.programs, 'load'), ...args],
            { cpus: this.options.clientCpus, env: clientEnv, accept });
    }

    sizes() {
        return ['--items', String(this.options.items), '--pages', String(this.options.pages)];
    }

    // Every run of a server has a seed of its own: a server may write nothing for a put of the very item that it has, so a run
    // that repeats the items of an earlier one would measure less than it claims. The servers that are compared get the same seeds.
    seed(server) {
        server.runs = (server.runs ?? 0) + 1;
        return 1000 + server.runs;
    }

    async run(server, workload, connections, seconds, warmup, round) {
        const writtenBefore = server.hasData ? bytesWritten(server.process.pid) : 0;
        const before = server.process ? cpuSeconds(server.process.pid) : NaN;
        const { out, err } = await this.load(['run', '--endpoint', server.endpoint, '--workload', workload, '--connections',
            String(connections), '--seconds', String(seconds), '--warmup', String(warmup), '--seed', String(this.seed(server)), ...this.sizes()], [0, 1]);
        const after = server.process ? cpuSeconds(server.process.pid) : NaN;
        const record = { server: server.name, round, ...JSON.parse(out) };
        record.cpu_us = ((after - before) * 1e6) / record.sent; // of the server, a request, warm-up included on both sides
        if (record.errors > 0) this.problems.push(`${server.title}, ${workload}, connections: ${connections}: ${record.errors} errors; ${err.trim()}`);
        // A durable server has written each put at least once, to its log; if not, the figure is not of durable puts.
        const items = { put: 1, batch: 25, transact: 2 }[workload] ?? 0;
        if (server.hasData && items > 0) {
            const written = bytesWritten(server.process.pid) - writtenBefore;
            const least = record.sent * items * ITEM_BYTES;
            if (written < least) {
                record.errors++;
                this.problems.push(`${server.title}, ${workload}, connections: ${connections}: only ${written} bytes written for ${least} bytes of items`);
            }
        }
        return record;
    }

    async startServer(server) {
        const port = server.hasData ? 0 : await freePort();
        server.process = start(server.command(port, path.join(this.data, server.name)), { cpus: this.options.serverCpus, env: server.env });
        if (server.hasData) {
            const [, url] = await waitForLine(server.process, /^turntable: listening on (http:\S+)/m);
            server.endpoint = url;
        } else {
            server.endpoint = `http://127.0.0.1:${port}`;
        }
        await this.waitUntilAnswers(server);
    }

    async waitUntilAnswers(server) {
        for (let tries = 0; ; tries++) {
            const { code, err } = await this.load(['run', '--endpoint', server.endpoint, '--workload', 'list', '--connections', '1',
                '--requests', '1'], [0, 1, 2]);
            if (code === 0) return;
            if (server.process.exitCode !== null) throw new Failure(`${server.title} ended: ${server.process.err || server.process.out}`);
            if (tries > 600) throw new Failure(`${server.title} does not answer: ${err}`);
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    }

    // All servers stay up through all rounds, so that what is compared is measured within seconds, on the same machine in the same
    // mood; those whose turn it is not are stopped (SIGSTOP) and cost nothing.
    async measureServers(say) {
        const { options } = this;
        for (const server of this.servers) {
            say(`${server.title}: start, fill, warm up`);
            await this.startServer(server);
            await this.load(['setup', '--endpoint', server.endpoint, ...(has(server, 'stream') ? ['--streams'] : []), ...this.sizes()]);
            if (options.warmup > 0) {
                for (const workload of options.workloads.filter((name) => has(server, name))) await this.run(server, workload, 16, options.warmup, 0, 0);
            }
            server.process.kill('SIGSTOP');
        }
        for (let round = 0; round < options.rounds; round++) {
            for (const workload of options.workloads) {
                for (const connections of options.connections) {
                    say(`round ${round + 1} of ${options.rounds}: ${workload}, connections: ${connections}`);
                    await this.measureCell(round, workload, connections);
                }
            }
            if (options.limits) await this.measureLimits(round, say);
        }
        for (const server of this.servers) {
            server.process.kill('SIGCONT');
            this.memory[server.name] = { loaded_kib: residentKib(server.process.pid) };
            const { code, signal } = await stop(server.process);
            if (server.hasData && code !== 0) throw new Failure(`${server.title} ended with ${signal ?? code}: ${server.process.err}`);
        }
    }

    async measureCell(round, workload, connections) {
        for (let i = 0; i < this.servers.length; i++) {
            const server = this.servers[(i + round) % this.servers.length]; // no one is always first
            if (!has(server, workload)) continue;
            server.process.kill('SIGCONT');
            this.records.push(await this.run(server, workload, connections, this.options.seconds, this.options.seconds / 10, round));
            server.process.kill('SIGSTOP');
        }
    }

    async measureLimits(round, say) {
        const { options } = this;
        say(`round ${round + 1} of ${options.rounds}: the bare HTTP loop and the bare engine`);
        const bare = start([path.join(options.programs, 'bare_http')], { cpus: options.serverCpus });
        const [, endpoint] = await waitForLine(bare, /listening on (\S+)/);
        for (const connections of options.connections) {
            this.records.push(await this.run({ name: 'bare', title: 'bare HTTP', endpoint, process: bare }, 'raw', connections, options.seconds,
                options.seconds / 10, round));
        }
        await stop(bare);
        const folder = path.join(this.data, 'engine');
        const { out } = await output([path.join(options.programs, 'bare_engine'), folder, '--items', String(options.items), '--seconds',
            String(options.seconds)], { cpus: options.serverCpus });
        for (const line of out.trim().split('\n')) this.records.push({ server: 'bare', round, ...JSON.parse(line) });
        fs.rmSync(folder, { recursive: true });
    }

    // From fork to the first right answer: a GetItem of an item in the existing data folder for the server that has one, ListTables
    // for those that start with nothing. Memory at rest is read half a second later.
    async measureCold(say) {
        const { options } = this;
        for (const server of this.servers) {
            say(`${server.title}: cold starts`);
            const times = [];
            const memory = [];
            for (let i = 0; i < options.coldStarts; i++) {
                const port = await freePort();
                const { out } = await output([path.join(options.programs, 'load'), 'cold', '--endpoint', `http://127.0.0.1:${port}`,
                    '--workload', server.hasData ? 'get' : 'list', '--server-cpus', options.serverCpus, ...this.sizes(), '--',
                    ...server.command(port, path.join(this.data, server.name))],
                { cpus: options.clientCpus, env: { ...clientEnv, ...server.env } });
                const result = JSON.parse(out);
                times.push(result.cold_ms);
                memory.push(result.rss_kib);
            }
            this.cold[server.name] = times;
            this.memory[server.name] = { ...this.memory[server.name], rest_kib: memory };
        }
    }
}
