// The servers that are compared: how each is started, and what it is.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Failure, benchDir } from './options.mjs';
import { freePort, output } from './processes.mjs';

// DynamoDB Local takes only letters and digits in a key id. Every server gets the same.
export const credentials = { id: 'BENCHBENCHBENCHBENCH', secret: 'benchmark/secret+benchmark/secret+bench0' };
export const clientEnv = { AWS_ACCESS_KEY_ID: credentials.id, AWS_SECRET_ACCESS_KEY: credentials.secret, AWS_REGION: 'us-east-1' };

const modules = path.join(benchDir, 'node_modules');
const emulator = path.join(modules, 'amplify-dynamodb-simulator/emulator');

// command(port, data) is the command line; `data` is the folder of the one server that has one.
const descriptions = {
    turntable: (options) => ({
        title: 'Turntable',
        how: 'durable, signatures verified',
        hasData: true,
        command: (port, data) => [options.turntable, 'serve', '--data', data, '--listen', `127.0.0.1:${port}`],
        env: { TURNTABLE_ACCESS_KEY_ID: credentials.id, TURNTABLE_SECRET_ACCESS_KEY: credentials.secret },
        version: () => execFileSync(options.turntable, ['--version'], { encoding: 'utf8' }).trim().replace(/^turntable\s*/i, ''),
    }),
    'dynamodb-local': () => ({
        title: 'DynamoDB Local',
        how: 'in memory, signatures not verified',
        command: (port) => ['java', `-Djava.library.path=${emulator}/DynamoDBLocal_lib`, '-jar', `${emulator}/DynamoDBLocal.jar`,
            '-inMemory', '-disableTelemetry', '-port', String(port)],
        version: () => execFileSync('java', ['-jar', `${emulator}/DynamoDBLocal.jar`, '-version'], { encoding: 'utf8' }).match(/[\d.]{3,}/)?.[0] ?? '',
    }),
    dynalite: () => ({
        title: 'dynalite',
        how: 'in memory, signatures not verified',
        command: (port) => [process.execPath, path.join(modules, 'dynalite/cli.js'), '--host', '127.0.0.1', '--port', String(port),
            '--createTableMs', '0'],
        version: () => JSON.parse(fs.readFileSync(path.join(modules, 'dynalite/package.json'), 'utf8')).version,
    }),
};

export function describeServers(options) {
    const names = [...(options.turntable ? ['turntable'] : []), ...options.peers];
    if (names.length === 0) throw new Failure('nothing to measure');
    return names.map((name) => ({ name, ...descriptions[name](options) }));
}

export async function prepare(options) {
    if (options.turntable && !fs.existsSync(options.turntable)) throw new Failure(`${options.turntable} is missing: build it first (make)`);
    await output(['make', '-s', '-C', benchDir, `BUILD=${options.build}`]);
    if (options.peers.length > 0 && !fs.existsSync(path.join(modules, '.package-lock.json'))) {
        console.error('bench: installing the peers (npm ci)');
        await output(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: benchDir });
    }
    if (options.peers.includes('dynamodb-local')) {
        await output(['java', '-version']).catch(() => {
            throw new Failure('DynamoDB Local needs java: apt-get install default-jre-headless, or leave it out with --peers dynalite');
        });
    }
}

export { freePort };
