// The differences that are explained: explained.json, [{why, see, case?, oracle, server, rule?}, ...], or `pairs` of oracle and server.
//
// `case`, `oracle` and `server` are patterns (or lists of them, of which one must do) of the whole of "subject/label", of the
// oracle's answer and of the server's. * is any text; «a» too, but the same text wherever it stands in the two answers.
// `rule` names a function of rules.mjs that must agree as well.
import { readFileSync } from 'node:fs';
import { rules } from './rules.mjs';

const file = new URL('../explained.json', import.meta.url);

function pattern(text) {
  const seen = new Set();
  const body = text.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replaceAll('*', '.*').replace(/«(\w+)»/g, (_, name) => {
    if (seen.has(name)) return `\\k<${name}>`;
    seen.add(name);
    return `(?<${name}>.*)`;
  });
  return new RegExp(`^${body}$`, 's');
}

export class Explanations {
  constructor() {
    this.entries = JSON.parse(readFileSync(file, 'utf8')).map((entry, number) => {
      const lists = Object.fromEntries(['case', 'oracle', 'server'].map((key) => [key, [entry[key] ?? '*'].flat()]));
      return {
        ...entry,
        number,
        used: 0,
        names: lists.case.map((text) => pattern(text)),
        answers: (entry.pairs ?? lists.oracle.flatMap((oracle) => lists.server.map((server) => [oracle, server]))).map(([oracle, server]) => pattern(`${oracle}\n->\n${server}`)),
        rule: entry.rule === undefined ? () => true : rules[entry.rule],
      };
    });
  }

  /** The entry that explains a difference, or undefined. `context` is what rules look at: { step, table, oracle, server }. */
  find(name, oracle, server, context) {
    const both = `${oracle}\n->\n${server}`;
    return this.entries.find(({ names, answers, rule }) => names.some((p) => p.test(name)) && answers.some((p) => p.test(both)) && rule({ ...context, lines: [oracle, server], find: (...of) => this.find(...of) }));
  }
}
