#!/usr/bin/env node
// Makes up policies and requests, and holds the server's evaluator (judge.c) against the naive one.
//
//   random.mjs [COUNT] [SEED]
//
// The same SEED makes the same questions. A difference is told with the smallest question that still shows it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { evaluate } from './naive.mjs';
import { Questions } from './questions.mjs';

const count = Number(process.argv[2] ?? 100000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 1e9));
if (!(Number.isInteger(count) && count > 0 && Number.isInteger(seed))) {
  console.error('usage: random.mjs [COUNT] [SEED]');
  process.exit(2);
}

const judge = spawn(process.env.TURNTABLE_JUDGE ?? 'build/judge', { stdio: ['pipe', 'pipe', 'inherit'] });
const verdicts = createInterface({ input: judge.stdout })[Symbol.asyncIterator]();
const ask = async (questions) => {
  judge.stdin.write(questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
  const answers = [];
  for (let i = 0; i < questions.length; i++) {
    const { value, done } = await verdicts.next();
    if (done) throw new Error(`the judge ended at ${JSON.stringify(questions[i])}`);
    answers.push(value);
  }
  return answers;
};

const differs = async (question) => {
  const [answer] = await ask([question]);
  return !answer.startsWith('malformed') && answer !== evaluate(question);
};

// All questions that lack one thing of this one: a member of an object or an item of a list, however deep.
function* smaller(value) {
  if (value === null || typeof value !== 'object') return;
  for (const key of Object.keys(value)) {
    if (!['principal', 'action', 'on', 'Effect', 'Version'].includes(key)) {
      if (Array.isArray(value)) yield value.filter((_, i) => i !== Number(key));
      else yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
    }
    for (const part of key === 'principal' ? [] : smaller(value[key])) {
      yield Array.isArray(value) ? value.map((item, i) => (i === Number(key) ? part : item)) : { ...value, [key]: part };
    }
  }
}

const complete = (question) => {
  const documents = [...(question.identity ?? []), ...(question.session ?? []), question.boundary, question.resource, question.trust];
  return documents.every((document) => document === undefined || document.Statement !== undefined);
};

async function shrink(question) {
  for (;;) {
    let found;
    for (const candidate of smaller(question)) {
      if (complete(candidate) && (await differs(candidate))) {
        found = candidate;
        break;
      }
    }
    if (!found) return question;
    question = found;
  }
}

const questions = new Questions(seed);
const outcomes = new Map();
let failed = 0;
for (let asked = 0; asked < count; ) {
  const batch = Array.from({ length: Math.min(500, count - asked) }, () => questions.one());
  const answers = await ask(batch);
  for (const [i, question] of batch.entries()) {
    const expected = evaluate(question);
    outcomes.set(expected, (outcomes.get(expected) ?? 0) + 1);
    if (answers[i] === expected) continue;
    failed++;
    if (failed > 5) continue;
    const least = answers[i].startsWith('malformed') ? question : await shrink(question);
    console.log(`DIFFERENT naive: ${evaluate(least)}, server: ${(await ask([least]))[0]}\n${JSON.stringify(least, null, 1)}`);
  }
  asked += batch.length;
}
judge.stdin.end();
console.log([...outcomes].sort().map(([outcome, times]) => `${String(times).padStart(8)} ${outcome}`).join('\n'));
// An outcome that never came up was not compared.
const wanted = ['identity', 'boundary', 'session', 'resource'].flatMap((layer) => ['allowed by', 'not allowed by', 'denied by'].map((how) => `${how} ${layer}`));
for (const outcome of wanted.filter((name) => !outcomes.has(name) && !['allowed by boundary', 'allowed by session'].includes(name))) {
  if (count < 1000) continue;
  console.log(`FAIL no question came out as: ${outcome}`);
  failed++;
}
console.log(`seed ${seed}`);
console.log(`${count - Math.min(failed, count)} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
