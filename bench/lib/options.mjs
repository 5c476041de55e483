// The command line of bench/run.
import { parseArgs } from 'node:util';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const benchDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const build = process.env.BUILD ? path.resolve(process.env.BUILD) : path.resolve(benchDir, '../build');

export const WORKLOADS = {
    get: 'GetItem',
    put: 'PutItem',
    update: 'UpdateItem',
    query: 'Query, 100 items',
    batch: 'BatchWriteItem, 25',
    transact: 'TransactWriteItems, 4',
    partiql: 'ExecuteStatement',
    stream: 'GetRecords, 100',
};
// What a peer does not have.
export const LACKS = { dynalite: ['transact', 'partiql', 'stream'] };
export const PEERS = ['dynamodb-local', 'dynalite'];

const HELP = `usage: bench/run [options]
       bench/run import [ROWS] [options]
       bench/run session [options]

Measures Turntable (durable, signatures verified), DynamoDB Local and dynalite (both in memory) on the same cores with the same
client, and prints a table of ratios. About ten minutes; --short about two.

  --short               one round of short runs: quick, and noisier
  --markdown            print the tables in Markdown
  --json FILE           write every single measurement to FILE
  --check               end with status 1 if a target is missed
  --workloads LIST      of ${Object.keys(WORKLOADS).join(',')}
  --connections LIST    1,16,64 unless told otherwise
  --peers LIST          of ${PEERS.join(',')}, or none
  --turntable FILE      the program to measure (build/turntable), or none
  --no-limits           leave out the bare HTTP loop and the bare engine
  --no-cold             leave out cold starts and memory at rest
  --rounds N            rounds, of which the median counts (3)
  --seconds S           length of one run (3)
  --warmup S            length of the warm-up of each server and workload, before the first round (5)
  --items N             items in the table (10000)
  --server-cpus LIST    processors of the server (0), as taskset takes them
  --client-cpus LIST    processors of the client (1, or 0 if there is only one)
  --data DIR            where to make the data folders (build/bench); must be on a real disk, or durability costs nothing

BUILD=DIR uses another build folder than build/.`;

export class Failure extends Error {
    friendly = true;
}

function list(name, text, known) {
    if (text === 'none') return [];
    const words = text.split(',');
    for (const word of words) {
        if (known && !known.includes(word)) throw new Failure(`--${name}: ${word} is not one of ${known.join(', ')}`);
    }
    return words;
}

function number(name, text, least) {
    const value = Number(text);
    if (!(value >= least)) throw new Failure(`--${name} must be a number of at least ${least}`);
    return value;
}

export function parseOptions(args) {
    const text = { type: 'string' };
    const flag = { type: 'boolean', default: false };
    let given;
    try {
        given = parseArgs({
            args,
            options: {
                short: flag, markdown: flag, check: flag, help: flag, 'no-limits': flag, 'no-cold': flag,
                json: text, workloads: text, connections: text, peers: text, turntable: text, rounds: text, seconds: text,
                warmup: text, items: text, 'server-cpus': text, 'client-cpus': text, data: text,
            },
        }).values;
    } catch (error) {
        throw new Failure(`${error.message}; see bench/run --help`);
    }
    if (given.help) return { help: HELP };
    const short = given.short;
    return {
        short,
        markdown: given.markdown,
        check: given.check,
        json: given.json,
        limits: !given['no-limits'],
        cold: !given['no-cold'],
        workloads: list('workloads', given.workloads ?? Object.keys(WORKLOADS).join(','), Object.keys(WORKLOADS)),
        connections: list('connections', given.connections ?? '1,16,64').map((c) => number('connections', c, 1)),
        peers: list('peers', given.peers ?? PEERS.join(','), PEERS),
        turntable: given.turntable === 'none' ? null : path.resolve(given.turntable ?? path.join(build, 'turntable')),
        rounds: number('rounds', given.rounds ?? (short ? 1 : 3), 1),
        seconds: number('seconds', given.seconds ?? (short ? 1 : 3), 0.1),
        warmup: number('warmup', given.warmup ?? (short ? 1.5 : 5), 0),
        coldStarts: short ? 3 : 7,
        items: number('items', given.items ?? 10000, 1000),
        pages: 100,
        serverCpus: given['server-cpus'] ?? '0',
        clientCpus: given['client-cpus'] ?? (os.cpus().length > 1 ? '1' : '0'),
        build,
        programs: path.join(build, 'bench'),
        data: path.resolve(given.data ?? path.join(build, 'bench')),
    };
}
