// `bench/run session`: what it costs to be limited by policies. The same server and workloads, as root and as a role's session whose policy
// names the items that it may touch by their leading keys, one right after the other, the order turning from round to round.
import { createHash, createHmac } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Failure, WORKLOADS, parseOptions } from './options.mjs';
import { cpuSeconds, output, start, stop, waitForLine } from './processes.mjs';
import { clientEnv, credentials, describeServers, prepare } from './servers.mjs';

const ACCOUNT = '000000000000', REGION = 'us-east-1';
// What of root's throughput a session must reach.
const TARGET = 0.9;
const LIMITED = ['get', 'put', 'update', 'query', 'batch', 'transact', 'partiql'];

const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const hash = (text) => createHash('sha256').update(text).digest('hex');

// Calls an operation of IAM or STS, and gives the answer's XML.
async function call(endpoint, service, version, keys, parameters) {
    const body = new URLSearchParams({ Version: version, ...parameters }).toString();
    const host = new URL(endpoint).host;
    const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, ''), day = stamp.slice(0, 8);
    const scope = `${day}/${REGION}/${service}/aws4_request`;
    const canonical = `POST\n/\n\nhost:${host}\nx-amz-date:${stamp}\n\nhost;x-amz-date\n${hash(body)}`;
    const key = [day, REGION, service, 'aws4_request'].reduce(hmac, `AWS4${keys.secret}`);
    const signature = hmac(key, `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${hash(canonical)}`).toString('hex');
    const answer = await fetch(endpoint, {
        method: 'POST',
        body,
        headers: {
            'content-type': 'application/x-www-form-urlencoded',
            'x-amz-date': stamp,
            authorization: `AWS4-HMAC-SHA256 Credential=${keys.id}/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
        },
    });
    const text = await answer.text();
    if (!answer.ok) throw new Failure(`${parameters.Action}: ${text}`);
    return text;
}

const element = (xml, name) => xml.match(new RegExp(`<${name}>([^<]*)</${name}>`))[1];
const policy = (...Statement) => JSON.stringify({ Version: '2012-10-17', Statement });
const table = (name) => `arn:aws:dynamodb:*:${ACCOUNT}:table/${name}`;
const leading = (value) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [value] } });

// A session that may touch the benchmark's items: those whose keys begin as its tag says.
async function makeSession(endpoint) {
    const iam = (parameters) => call(endpoint, 'iam', '2010-05-08', credentials, parameters);
    await iam({ Action: 'CreateUser', UserName: 'bench' });
    const key = await iam({ Action: 'CreateAccessKey', UserName: 'bench' });
    const both = ['sts:AssumeRole', 'sts:TagSession'];
    await iam({ Action: 'PutUserPolicy', UserName: 'bench', PolicyName: 'assume',
        PolicyDocument: policy({ Effect: 'Allow', Action: both, Resource: '*' }) });
    await iam({ Action: 'CreateRole', RoleName: 'bench',
        AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/bench` }, Action: both }) });
    const reads = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PartiQLSelect'];
    const writes = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem', 'dynamodb:ConditionCheckItem'];
    await iam({ Action: 'PutRolePolicy', RoleName: 'bench', PolicyName: 'items', PolicyDocument: policy(
        { Effect: 'Allow', Action: [...reads, ...writes], Resource: table('BenchItems'), Condition: leading('${aws:PrincipalTag/items}-*') },
        { Effect: 'Allow', Action: [...reads, ...writes], Resource: [table('BenchPages'), `${table('BenchPages')}/index/*`], Condition: leading('owner-*') },
    ) });
    const session = await call(endpoint, 'sts', '2011-06-15', { id: element(key, 'AccessKeyId'), secret: element(key, 'SecretAccessKey') },
        { Action: 'AssumeRole', RoleArn: `arn:aws:iam::${ACCOUNT}:role/bench`, RoleSessionName: 'bench', 'Tags.member.1.Key': 'items', 'Tags.member.1.Value': 'item' });
    return { AWS_ACCESS_KEY_ID: element(session, 'AccessKeyId'), AWS_SECRET_ACCESS_KEY: element(session, 'SecretAccessKey'),
        AWS_SESSION_TOKEN: element(session, 'SessionToken'), AWS_REGION: REGION };
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

export async function run(args) {
    const options = parseOptions(['--peers', 'none', ...args]);
    if (options.help) return console.log(options.help), 0;
    await prepare(options);
    fs.mkdirSync(options.data, { recursive: true });
    const data = fs.mkdtempSync(path.join(options.data, 'session-'));
    process.on('exit', () => fs.rmSync(data, { recursive: true, force: true }));
    const [server] = describeServers(options);
    const child = start(server.command(0, path.join(data, 'server')), { cpus: options.serverCpus, env: server.env });
    const [, endpoint] = await waitForLine(child, /^turntable: listening on (http:\S+)/m);
    const common = ['--endpoint', endpoint, '--items', String(options.items), '--pages', String(options.pages)];
    const load = async (env, ...command) =>
        (await output([path.join(options.programs, 'load'), ...command, ...common], { cpus: options.clientCpus, env })).out;
    await load(clientEnv, 'setup');
    const envs = { root: clientEnv, session: await makeSession(endpoint) };
    let seed = 0;

    const measure = async (who, workload, connections) => {
        const before = cpuSeconds(child.pid);
        const record = JSON.parse(await load(envs[who], 'run', '--workload', workload, '--connections', String(connections),
            '--warmup', '0.5', '--seconds', String(options.seconds), '--seed', String(++seed)));
        if (record.errors > 0) throw new Failure(`${workload} as ${who}: ${record.errors} errors: ${child.err}`);
        return { throughput: record.throughput, cpu: ((cpuSeconds(child.pid) - before) * 1e6) / record.sent };
    };

    let missed = false;
    console.log('| | connections | root ops/s | cpu µs | session ops/s | cpu µs | session of root | by cpu |\n|---|--:|--:|--:|--:|--:|--:|--:|');
    for (const workload of options.workloads.filter((name) => LIMITED.includes(name))) {
        for (const connections of options.connections) {
            const records = { root: [], session: [] };
            for (let round = 0; round < options.rounds; round++) {
                for (const who of round % 2 === 0 ? ['root', 'session'] : ['session', 'root']) records[who].push(await measure(who, workload, connections));
            }
            const of = (who, what) => median(records[who].map((record) => record[what]));
            const within = (ratio) => median(records.root.map((root, i) => ratio(root, records.session[i])));
            const share = within((root, session) => session.throughput / root.throughput), byCpu = within((root, session) => root.cpu / session.cpu);
            missed ||= Math.max(share, byCpu) < TARGET;
            const shown = (who) => `${Math.round(of(who, 'throughput')).toLocaleString('en-US')} | ${Math.round(of(who, 'cpu'))}`;
            console.log(`| ${WORKLOADS[workload]} | ${connections} | ${shown('root')} | ${shown('session')} | ${Math.round(share * 100)} % | ${Math.round(byCpu * 100)} % |`);
        }
    }
    await stop(child);
    console.log(`at least ${TARGET * 100} % of root's throughput, by either measure: ${missed ? 'MISSED' : 'reached'}`);
    return options.check && missed ? 1 : 0;
}
