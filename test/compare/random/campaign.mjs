// A campaign: many episodes against both servers, and what differed, by class.
import { ask, makeTable } from '../lib/ask.mjs';
import { onlyRemoves } from '../lib/rules.mjs';
import { align, differ, differInRecords, itemsOf } from './differ.mjs';
import { episode, readAll } from './episode.mjs';
import { shrink } from './shrink.mjs';
import { singly } from './singly.mjs';
import { addresses } from './streams.mjs';

const EXAMPLES = 2; // of a class, shown and reduced

// What differences have in common: their texts without what comes from the request.
function classOf(operation, [oracle, server]) {
  const blank = (line) => line.slice(0, 600)
    .replace(/^200 (\w+) .*$/s, '200 $1')
    .replace(/"(?:[^"\\]|\\.)*"/gs, '"…"').replace(/\{.*\}|\[.*\]/gs, '{…}')
    .replace(/((?:token|near|function|name|Key|key|attribute|keyword|operand|path one|IndexName|actual|expected|index): ).*/gis, '$1…')
    .replace(/'[^']*'/g, "'…'").replace(/[#:]\w+/g, ':x').replace(/\d+/g, '0');
  const of200 = server.startsWith('200') && oracle.startsWith('200') ? `${operation} ` : '';
  return `${of200}${blank(oracle)} -> ${blank(server)}`;
}

export class Campaign {
  /** `makeClients`: a function that gives a pair of clients; `restart`: called when the server gives no answer; `record`: with each difference that an entry explains. */
  constructor({ seed, count, known, explanations, makeClients, restart, report, record }) {
    Object.assign(this, { seed, count, known, explanations, makeClients, restart, report, record });
    this.asked = 0;
    this.explained = 0;
    this.classes = new Map();
    this.nextEpisode = 0;
  }

  get unexplained() {
    return [...this.classes.values()].reduce((sum, { count }) => sum + count, 0);
  }

  async run(workers) {
    await Promise.all(Array.from({ length: workers }, () => this.work()));
  }

  async work() {
    const clients = this.makeClients();
    while (this.asked < this.count) {
      const { table, steps } = episode(this.seed, this.nextEpisode++, this.known);
      await this.play(table, steps, clients);
    }
    for (const client of clients) client.close();
  }

  // Changes of tables one after another: the oracle fails on some that meet.
  async alone(work) {
    const before = this.line ?? Promise.resolve();
    const turn = before.then(work);
    this.line = turn.catch(() => {});
    return turn;
  }

  async create(table, clients) {
    const make = async (client) => {
      const answer = await makeTable(client, table.create);
      if (answer.status !== 200) throw new Error(`${client.url.host} refuses ${JSON.stringify(table.create)}: ${answer.text}`);
      client.addresses = await addresses(client, table.name);
      client.reading = { arn: client.addresses['@stream'], iterators: new Map() };
    };
    table.apart = false;
    await this.alone(() => Promise.all(clients.map(make)));
  }

  async drop(table, clients) {
    await this.alone(() => Promise.all(clients.map((client) => ask(client, { operation: 'DeleteTable', body: { TableName: table.name } }))));
  }

  // The same table once more on both servers, with the items that it has.
  async makeAnew(table, clients) {
    const items = await itemsOf(clients[1], table);
    await this.drop(table, clients);
    await this.create(table, clients);
    for (const Item of items) await Promise.all(clients.map((client) => client.send('PutItem', { TableName: table.name, Item })));
  }

  // The unexplained differences of the records that came to the stream; where other requests left the servers apart, they are read
  // and not compared.
  async gather(table, step, clients, quiet) {
    const pairs = await differInRecords(clients);
    const apart = table.apart;
    table.apart = false;
    return apart ? [] : this.withoutExplained(pairs, { step, table }, quiet);
  }

  // The pairs that no entry explains.
  withoutExplained(pairs, context, quiet) {
    return pairs.filter(([oracle, server, step = context.step]) => {
      const entry = this.explanations.find(`random/${step.operation}`, oracle, server, { ...context, step });
      if (entry && !quiet) {
        this.explained++;
        entry.used++;
        this.record(entry, { ...context, step }, [oracle, server]);
      }
      return !entry;
    });
  }

  // The unexplained differences of one request; brings the tables back in line if the request left them different.
  async step(table, step, clients, quiet = false) {
    if (step.gathers) return this.gather(table, step, clients, quiet);
    const compare = () => differ(step, clients, table);
    const { answers, pairs } = await (/^(Create|Update|Delete)Table$/.test(step.operation) ? this.alone(compare) : compare());
    if (answers[1] instanceof Error) return pairs;
    const alone = pairs.length && answers.every(({ status }) => status === 400) ? await singly(step, clients[0], table) : null;
    const left = this.withoutExplained(pairs, { step, table, oracle: answers[0], server: answers[1], alone }, quiet);
    // What but one server has changed of the table cannot be taken back.
    if (step.operation === 'UpdateTable' && (answers[0].status === 200) !== (answers[1].status === 200)) {
      await this.makeAnew(table, clients);
      return left;
    }
    const silent = answers.some(({ status }) => status === 200) && onlyRemoves(step); // of which the answer may tell nothing
    // Of a batch of statements that it refuses as a whole the oracle may have done some.
    const partial = step.operation === 'BatchExecuteStatement' && answers[0].status !== 200;
    if ((pairs.length || silent || partial) && !/^(Get|Query|Scan|BatchGet|TransactGet|Describe|List)/.test(step.operation)) {
      table.apart = true;
      await align(table, step, clients);
    }
    return left;
  }

  async play(table, steps, clients) {
    await this.create(table, clients);
    const all = [...steps, ...readAll(table)];
    for (let i = 0; i < all.length; i++) {
      this.asked++;
      for (const pair of await this.step(table, all[i], clients)) await this.found(table, all.slice(0, i + 1), pair, clients);
    }
    await this.drop(table, clients);
  }

  async found(table, steps, pair, clients) {
    if (pair[1].startsWith('no answer')) await this.restart(clients, steps.at(-1), pair[1]);
    const name = classOf(steps.at(-1).operation, pair);
    const known = this.classes.get(name) ?? { count: 0 };
    this.classes.set(name, known);
    if (++known.count > EXAMPLES) return;
    let last = { steps, pair };
    await shrink(steps, async (tried) => {
      const seen = (await this.replay(table, tried, clients)).find((p) => classOf(tried.at(-1).operation, p) === name);
      if (seen) last = { steps: tried, pair: seen };
      return Boolean(seen);
    });
    this.report(name, table, last.steps, last.pair);
    // On with the episode where it was, as far as the steps lead there.
    await this.replay(table, steps, clients);
  }

  // The unexplained differences of the last of the steps, on a new table.
  async replay(table, steps, clients) {
    await this.drop(table, clients);
    await this.create(table, clients);
    let pairs = [];
    for (const step of steps) pairs = await this.step(table, step, clients, true);
    return pairs;
  }
}
