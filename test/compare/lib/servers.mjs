// Starts and stops the two servers that are compared.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from './client.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function stopper(child, folder) {
  return async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    }
    if (folder) rmSync(folder, { recursive: true, force: true });
  };
}

// Where the npm package keeps DynamoDBLocal.jar.
export function findJar(folder) {
  const found = folder ?? path.join(path.dirname(createRequire(path.join(root, 'test/package.json')).resolve('amplify-dynamodb-simulator/package.json')), 'emulator');
  if (!existsSync(path.join(found, 'DynamoDBLocal.jar'))) throw new Error(`no DynamoDBLocal.jar in ${found}`);
  return found;
}

export async function startOracle(credentials, jarFolder) {
  const jar = findJar(jarFolder);
  const port = await freePort();
  // It writes a file where it runs.
  const folder = mkdtempSync(path.join(tmpdir(), 'compare-oracle-'));
  const child = spawn('java', ['-Xmx512m', `-Djava.library.path=${path.join(jar, 'DynamoDBLocal_lib')}`, '-jar', path.join(jar, 'DynamoDBLocal.jar'),
    '-inMemory', '-disableTelemetry', '-port', String(port)], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (data) => { errors = (errors + data).slice(-2000); });
  const stop = stopper(child, folder);
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new Client(endpoint, credentials);
  try {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the oracle ended with ${child.exitCode}: ${errors}`);
      try {
        await client.send('ListTables', {});
        return { endpoint, stop };
      } catch (error) {
        if (!['ECONNREFUSED', 'ECONNRESET'].includes(error.code)) throw error; // it takes connections before it can answer
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  } catch (error) {
    await stop();
    throw error;
  } finally {
    client.close();
  }
}

export function startServer(credentials, binary = process.env.TURNTABLE_BINARY ?? path.join(root, 'build/turntable')) {
  const child = spawn(binary, ['serve', '--in-memory', '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TURNTABLE_ACCESS_KEY_ID: credentials.accessKeyId, TURNTABLE_SECRET_ACCESS_KEY: credentials.secretAccessKey },
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.on('error', reject);
    child.on('exit', (code, signal) => reject(new Error(`the server ended with ${code ?? signal}: ${output}`)));
    child.stdout.on('data', (data) => {
      output = (output + data).slice(-4000);
      const match = /turntable: listening on (https?:\/\/\S+)/.exec(output);
      if (match) resolve({ endpoint: match[1], stop: stopper(child), pid: child.pid });
    });
  });
}
