// What case files are made of. A case file exports:
//
//   subject   its name, the argument of --only
//   setup     [[operation, body], ...], whose answers are not compared
//   cases     what `it` below makes; each step's whole answer is compared
//
// A body is an object, or a string that is sent as it is. Tables of a subject
// must be named `compare-...`: the runner deletes those, and only those.

export class Cases {
  constructor() {
    this.list = [];
    this.labels = new Map();
    this.requests = new Set();
  }

  // Loops may well make the same request twice: it is asked once.
  //
  // it('label', 'PutItem', body) or it('label', ['PutItem', body], ['GetItem', body], ...)
  it(label, ...rest) {
    const steps = Array.isArray(rest[0]) ? rest : [rest];
    const request = JSON.stringify(steps);
    if (this.requests.has(request)) return;
    this.requests.add(request);
    const count = (this.labels.get(label) ?? 0) + 1;
    this.labels.set(label, count);
    this.list.push({
      label: count === 1 ? label : `${label} (${count})`,
      steps: steps.map(([operation, body, options]) => ({ operation, body, options })),
    });
  }
}

export const S = (s) => ({ S: s });
export const N = (n) => ({ N: String(n) });
export const B = (b) => ({ B: Buffer.from(b).toString('base64') });
export const BOOL = (b) => ({ BOOL: b });
export const NULL = { NULL: true };
export const SS = (...s) => ({ SS: s });
export const NS = (...n) => ({ NS: n.map(String) });
export const BS = (...b) => ({ BS: b.map((x) => Buffer.from(x).toString('base64')) });
export const L = (...l) => ({ L: l });
export const M = (m) => ({ M: m });

// A table with a partition key `pk` (S) and, unless sortType is null, a sort key `sk`.
export function table(TableName, { sortType = null, partitionType = 'S', ...more } = {}) {
  return ['CreateTable', {
    TableName,
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: partitionType },
      ...(sortType ? [{ AttributeName: 'sk', AttributeType: sortType }] : []),
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      ...(sortType ? [{ AttributeName: 'sk', KeyType: 'RANGE' }] : []),
    ],
    BillingMode: 'PAY_PER_REQUEST',
    ...more,
  }];
}

// A short, one-line rendering of a request for a label.
export function show(value) {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length <= 120 ? text : `${text.slice(0, 117)}...`;
}
