// Starts and stops processes; each is ended by its own pid, whatever way the benchmark ends.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import { Failure } from './options.mjs';

const running = new Set();
process.on('exit', () => {
    for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

// Starts a program on the given processors. Its stdout and stderr are kept (the last of them) for an explanation.
export function start(command, { cpus, cwd, env } = {}) {
    const whole = cpus ? ['taskset', '-c', cpus, ...command] : command; // taskset turns into the program: same pid
    const child = spawn(whole[0], whole.slice(1), { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    child.out = '';
    child.err = '';
    child.stdout.on('data', (data) => { child.out = (child.out + data).slice(-1 << 16); child.emit('said'); });
    child.stderr.on('data', (data) => { child.err = (child.err + data).slice(-1 << 16); });
    running.add(child);
    child.ended = new Promise((resolve) => {
        child.on('error', (error) => { running.delete(child); child.err += error.message; resolve({ code: 127 }); });
        child.on('close', (code, signal) => { running.delete(child); resolve({ code, signal }); });
    });
    return child;
}

export async function stop(child) {
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    return child.ended;
}

// Runs a program to its end and gives what it printed; a status that is not accepted is a failure.
export async function output(command, { accept = [0], ...options } = {}) {
    const child = start(command, options);
    const { code, signal } = await child.ended;
    if (!accept.includes(code)) throw new Failure(`${command[0]} ended with ${signal ?? code}: ${child.err || child.out}`);
    return { code, out: child.out, err: child.err };
}

// Waits until the program has printed a line that matches.
export async function waitForLine(child, pattern) {
    let ended = false;
    child.ended.then(() => { ended = true; child.emit('said'); });
    for (;;) {
        const match = pattern.exec(child.out);
        if (match) return match;
        if (ended) throw new Failure(`${child.spawnargs.join(' ')} ended early: ${child.err || child.out}`);
        await new Promise((resolve) => child.once('said', resolve));
    }
}

// A port that was free a moment ago, for servers that cannot choose one and say so.
export function freePort() {
    return new Promise((resolve, reject) => {
        const server = net.createServer();
        server.on('error', reject);
        server.listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

export function residentKib(pid) {
    return Number(/^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}

// Seconds of processor time that the process has used, in all its threads, in user mode and in the kernel.
export function cpuSeconds(pid) {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100; // utime and stime, in USER_HZ
}

// Bytes that the process has given to write(2) and its like, which leaves sockets out when they are sent to with send(2).
export function bytesWritten(pid) {
    return Number(/^wchar: (\d+)/m.exec(fs.readFileSync(`/proc/${pid}/io`, 'utf8'))[1]);
}
