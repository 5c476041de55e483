// From measurements to tables.
import { WORKLOADS } from './options.mjs';

export function median(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const whole = (value) => Math.round(value).toLocaleString('en-US');
const millis = (us) => (us < 9950 ? (us / 1000).toFixed(2) : (us / 1000).toFixed(0));
const conns = (count) => `${count} connection${count === 1 ? '' : 's'}`;
const times = (value) => `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)}x`;

// The figures of one cell over the rounds, or null if it was not measured; a single wrong answer spoils it.
function cell(bench, server, workload, connections) {
    const records = bench.records.filter((r) => r.server === server && r.workload === workload && (connections === undefined || r.connections === connections));
    if (records.length === 0) return null;
    const errors = records.reduce((sum, r) => sum + r.errors, 0);
    return { records, errors, throughput: median(records.map((r) => r.throughput)), p50: median(records.map((r) => r.p50_us ?? 0)), p99: median(records.map((r) => r.p99_us ?? 0)),
        cpu: median(records.map((r) => r.cpu_us ?? 0)) };
}

// The median of the ratios within each round, of operations a second or of processor time a request (then the peer's over ours, so
// that more is better in both); null if either side has errors or is missing.
export function ratio(bench, workload, connections, peer, of = (ours, theirs) => ours.throughput / theirs.throughput) {
    const ours = cell(bench, 'turntable', workload, connections);
    const theirs = cell(bench, peer, workload, connections);
    if (!ours || !theirs || ours.errors || theirs.errors) return null;
    return median(ours.records.map((r) => of(r, theirs.records.find((t) => t.round === r.round))));
}

function throughputTable(bench) {
    const peers = bench.servers.filter((s) => s.name !== 'turntable');
    const ours = bench.servers.some((s) => s.name === 'turntable');
    const rows = [['', 'conns', ...bench.servers.flatMap((s) => [`${s.title} ops/s`, 'p50 ms', 'p99 ms', 'cpu us']), ...(ours ? peers.flatMap((p) => [`vs ${p.title}`, 'by cpu']) : [])]];
    for (const workload of bench.options.workloads) {
        for (const connections of bench.options.connections) {
            const figures = bench.servers.flatMap((server) => {
                const it = cell(bench, server.name, workload, connections);
                if (!it) return ['-', '-', '-', '-'];
                return it.errors ? [`${it.errors} errors`, '-', '-', '-'] : [whole(it.throughput), millis(it.p50), millis(it.p99), whole(it.cpu)];
            });
            const ratios = ours ? peers.flatMap((p) => [ratio(bench, workload, connections, p.name),
                ratio(bench, workload, connections, p.name, (us, them) => them.cpu_us / us.cpu_us)]) : [];
            rows.push([WORKLOADS[workload], String(connections), ...figures, ...ratios.map((r) => (r === null ? '-' : times(r)))]);
        }
    }
    return rows;
}

function startTable(bench) {
    const figures = (server) => {
        const memory = bench.memory[server.name];
        return [bench.cold[server.name] && median(bench.cold[server.name]), memory.rest_kib && median(memory.rest_kib) / 1024, memory.loaded_kib / 1024];
    };
    const rows = [['', 'cold start ms', 'at rest MiB', 'after load MiB', ...(bench.cold.turntable ? ['start', 'rest', 'load: of Turntable'] : [])]];
    const ours = bench.cold.turntable && figures(bench.servers.find((s) => s.name === 'turntable'));
    for (const server of bench.servers) {
        const found = figures(server);
        rows.push([server.title, ...found.map((value) => (value === undefined ? '-' : value.toFixed(1))), ...(ours ? found.map((value, i) => times(value / ours[i])) : [])]);
    }
    return rows;
}

// What bounds what: HTTP alone bounds everything; the engine's gets bound GetItem, and its synced batches the writes of as many
// clients as wait for one commit.
function limitsTable(bench) {
    const rows = [['', 'limit/s', 'Turntable', 'ops/s', 'of the limit']];
    const add = (title, limit, workload, connections) => {
        if (!limit) return;
        const ours = workload && cell(bench, 'turntable', workload, connections);
        const known = ours && !ours.errors && !limit.errors;
        rows.push([title, limit.errors ? `${limit.errors} errors` : whole(limit.throughput),
            ours ? `${WORKLOADS[workload]}, ${conns(connections)}` : '-', known ? whole(ours.throughput) : '-',
            known ? `${Math.round((100 * ours.throughput) / limit.throughput)} %` : '-']);
    };
    for (const connections of bench.options.connections) add(`HTTP alone, ${conns(connections)}`, cell(bench, 'bare', 'raw', connections), 'get', connections);
    add('engine alone, gets', cell(bench, 'bare', 'engine-get'), 'get', Math.max(...bench.options.connections));
    for (const size of [1, 16, 64]) add(`engine alone, puts synced by ${size}`, cell(bench, 'bare', `engine-put-${size}`), 'put', size);
    return rows;
}

// The bar this benchmark was built for; each says what was measured, and whether that is enough.
export function targets(bench) {
    const found = [];
    const add = (title, value, show, reached) => {
        if (value !== null && value !== undefined) found.push({ title, value: show(value), reached: reached(value) });
    };
    add('GetItem, 64 connections: at least 4 times DynamoDB Local', ratio(bench, 'get', 64, 'dynamodb-local'), times, (r) => r >= 4);
    add('PutItem, durable, 64 connections: at least 5 times DynamoDB Local in memory', ratio(bench, 'put', 64, 'dynamodb-local'), times, (r) => r >= 5);
    const cold = bench.cold.turntable && median(bench.cold.turntable);
    add('cold start with a data folder: under 50 ms', cold, (ms) => `${ms.toFixed(1)} ms`, (ms) => ms < 50);
    const rest = bench.memory.turntable?.rest_kib && median(bench.memory.turntable.rest_kib) / 1024;
    add('memory at rest: under 30 MB', rest, (mib) => `${mib.toFixed(1)} MiB`, (mib) => mib * 1.048576 < 30);
    return found;
}

function textTable(rows) {
    const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
    return rows.map((row) => row.map((text, column) => (column ? text.padStart(widths[column]) : text.padEnd(widths[column]))).join('  ').trimEnd()).join('\n');
}

function markdownTable([head, ...rows]) {
    const line = (row) => `| ${row.join(' | ')} |`;
    return [line(head), line(head.map((_, column) => (column ? '--:' : ':--'))), ...rows.map(line)].join('\n');
}

export function report(bench, machine) {
    const { options } = bench;
    const table = options.markdown ? markdownTable : textTable;
    const heading = (text) => (options.markdown ? `### ${text}\n` : `${text}\n`);
    const bullet = options.markdown ? '- ' : '  ';
    const parts = [
        [...bench.servers.map((s) => `${bullet}${s.title} ${s.versionText}: ${s.how}`), ...machine.map((line) => bullet + line)].join('\n'),
        heading('Throughput and latency') + '\n' + table(throughputTable(bench)),
        heading('Start and memory') + '\n' + table(startTable(bench)),
    ];
    if (options.limits) parts.push(heading('Limits on the same cores, with the same client') + '\n' + table(limitsTable(bench)));
    const wanted = targets(bench);
    if (wanted.length > 0) parts.push(heading(options.busy ? 'Targets (on a busy machine, so nothing is settled)' : 'Targets') + '\n' + wanted.map((t) => `${bullet}${t.title}: ${t.value}, ${t.reached ? 'reached' : 'MISSED'}`).join('\n'));
    if (bench.problems.length > 0) parts.push(heading('Errors (no ratio is given for these runs)') + '\n' + bench.problems.map((p) => bullet + p).join('\n'));
    return parts.join('\n\n') + '\n';
}
