// Makes up sequences of requests: items, expressions and queries from a small
// grammar, mostly valid, some slightly broken. The same seed gives the same
// sequence; `tag` begins every partition key, so that sequences do not meet.
import { S, N, B, BOOL, NULL, L, M, table } from './corpus.mjs';

// Mulberry32: small, fast, good enough, and the same everywhere.
export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(n) { return Math.floor(this.next() * n); }

  chance(p) { return this.next() < p; }

  of(list) { return list[this.below(list.length)]; }

  some(list, p) { return list.filter(() => this.chance(p)); }

  times(n, make) { return Array.from({ length: n }, (_, i) => make(i)); }
}

const T = 'compare-random';

export function generateTables() {
  const types = { pk: 'S', sk: 'N', g: 'S', n: 'N', s: 'S' };
  const key = (hash, range) => [{ AttributeName: hash, KeyType: 'HASH' }, ...(range ? [{ AttributeName: range, KeyType: 'RANGE' }] : [])];
  return {
    setup: [table(T, {
      AttributeDefinitions: Object.entries(types).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      KeySchema: key('pk', 'sk'),
      GlobalSecondaryIndexes: [
        { IndexName: 'global', KeySchema: key('g', 'n'), Projection: { ProjectionType: 'ALL' } },
        { IndexName: 'keys', KeySchema: key('g'), Projection: { ProjectionType: 'KEYS_ONLY' } }],
      LocalSecondaryIndexes: [{ IndexName: 'local', KeySchema: key('pk', 's'), Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a'] } }],
    })],
  };
}

const strings = ['', 'a', 'b', 'ab', 'abc', 'B', 'z', '\u00e9', '\u20ac', '\ud83d\ude00', 'hello', 'hello world', '10', '9'];
const numbers = ['0', '1', '2', '-1', '10', '9', '1.5', '-0.5', '100', '1e3', '0.001', '99999999999999999999999999999999999999', '0.1', '1E-130', '9.9E125', '12345678901234567890.123456789', '-10', '007', '1.0'];
const names = ['a', 'b', 'c', 'm', 'l', 's', 'n', 'g', 'ss', 'ns'];
const words = ['name', 'status', 'size', 'data', 'Comment'];

class Maker {
  constructor(random, tag) {
    this.r = random;
    this.tag = tag;
  }

  value(depth = 0) {
    const { r } = this;
    switch (r.below(depth < 3 ? 13 : 9)) {
      case 0: case 1: return S(r.of(strings));
      case 2: case 3: case 4: return N(r.of(numbers));
      case 5: return B(r.of(strings));
      case 6: return r.chance(0.5) ? BOOL(r.chance(0.5)) : NULL;
      case 7: return { SS: [...new Set(r.times(1 + r.below(3), () => r.of(strings)))] };
      case 8: return { NS: [...new Set(r.times(1 + r.below(3), () => r.of(['1', '2', '3', '-4', '5.5'])))] };
      case 9: case 10: return L(...r.times(r.below(4), () => this.value(depth + 1)));
      default: return M(Object.fromEntries(r.some(names.slice(0, 5), 0.4).map((n) => [n, this.value(depth + 1)])));
    }
  }

  key() {
    return { pk: S(`${this.tag}-${this.r.below(2)}`), sk: N(this.r.of(['1', '2', '-3', '10'])) };
  }

  item() {
    const { r } = this;
    const item = this.key();
    for (const name of r.some(['a', 'b', 'c'], 0.6)) item[name] = this.value();
    if (r.chance(0.7)) item.m = M(Object.fromEntries(r.some(names.slice(0, 5), 0.6).map((n) => [n, this.value(1)])));
    if (r.chance(0.7)) item.l = L(...r.times(r.below(5), () => this.value(1)));
    if (r.chance(0.5)) item.ss = { SS: ['a', 'b', 'c'].slice(0, 1 + r.below(3)) };
    if (r.chance(0.5)) item.ns = { NS: ['1', '2', '3'].slice(0, 1 + r.below(3)) };
    if (r.chance(0.6)) item.g = S(`${this.tag}-g`);
    if (r.chance(0.6)) item.n = N(r.of(numbers));
    if (r.chance(0.6)) item.s = S(r.of(strings.slice(1)));
    if (r.chance(0.05)) item[r.of(['n', 'g', 's'])] = this.value();
    return item;
  }

  // Begins the placeholders of a new request.
  begin() {
    this.names = {};
    this.values = {};
  }

  placeholder(value) {
    const known = Object.keys(this.values);
    if (known.length && this.r.chance(0.1)) return this.r.of(known);
    const name = `:v${known.length}`;
    this.values[name] = value ?? this.value(1);
    return name;
  }

  element(name) {
    if (!this.r.chance(0.2)) return name;
    const alias = `#${name}`;
    this.names[alias] = name;
    return alias;
  }

  path(name = this.r.chance(0.03) ? this.r.of(words) : this.r.of(names)) {
    const { r } = this;
    let path = this.element(name);
    // Key attributes are scalars: a path into them is an error of its own.
    while (r.chance(['s', 'n', 'g'].includes(name) ? 0.02 : 0.3)) path += r.chance(0.5) ? `[${r.below(4)}]` : `.${this.element(r.of(names))}`;
    return path;
  }

  operand() {
    const { r } = this;
    if (r.chance(0.06)) return `size(${this.path()})`;
    if (r.chance(0.03)) return `(${this.path()})`;
    return r.chance(0.5) ? this.path() : this.placeholder();
  }

  condition(depth = 0) {
    const { r } = this;
    switch (r.below(depth < 3 ? 14 : 9)) {
      case 0: case 1: case 2: return `${this.operand()} ${r.of(['=', '<>', '<', '<=', '>', '>='])} ${this.operand()}`;
      case 3: return `${this.operand()} BETWEEN ${this.operand()} AND ${this.operand()}`;
      case 4: return `${this.operand()} IN (${r.times(1 + r.below(3), () => this.operand()).join(', ')})`;
      case 5: return `${r.of(['attribute_exists', 'attribute_not_exists'])}(${this.path()})`;
      case 6: return `attribute_type(${this.path()}, ${this.placeholder(S(r.of(['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M', 'X'])))})`;
      case 7: return `begins_with(${this.path()}, ${r.chance(0.7) ? this.placeholder(S(r.of(strings))) : this.operand()})`;
      case 8: return `contains(${this.path()}, ${this.operand()})`;
      case 9: case 10: return `${this.condition(depth + 1)} AND ${this.condition(depth + 1)}`;
      case 11: return `${this.condition(depth + 1)} OR ${this.condition(depth + 1)}`;
      case 12: return `NOT ${this.condition(depth + 1)}`;
      default: return `(${this.condition(depth + 1)})`;
    }
  }

  setOperand(depth = 0) {
    const { r } = this;
    if (r.chance(0.12) && depth < 2) return `if_not_exists(${this.path()}, ${this.setOperand(depth + 1)})`;
    if (r.chance(0.1) && depth === 0) return `list_append(${this.setOperand(1)}, ${r.chance(0.6) ? this.placeholder(L(this.value(2))) : this.path()})`;
    return r.chance(0.2) ? this.path() : this.placeholder(r.chance(0.5) ? N(r.of(numbers)) : undefined);
  }

  update() {
    const { r } = this;
    const list = (make) => r.times(1 + r.below(3), make).join(', ');
    // Mostly one clause a name, since overlapping paths are refused.
    const free = [...names, 'd', 'e', 'f'];
    const target = (...wanted) => {
      const left = (wanted.length ? wanted : free).filter((name) => free.includes(name));
      if (left.length === 0 || r.chance(0.04)) return this.path();
      const name = r.of(left);
      free.splice(free.indexOf(name), 1);
      return this.path(name);
    };
    const clauses = [];
    if (r.chance(0.7)) clauses.push(`SET ${list(() => `${target()} = ${this.setOperand()}${r.chance(0.3) ? ` ${r.of(['+', '-'])} ${this.setOperand()}` : ''}`)}`);
    if (r.chance(0.35)) clauses.push(`REMOVE ${list(() => target())}`);
    if (r.chance(0.25)) clauses.push(`ADD ${list(() => `${target('ns', 'ss', 'n', 'c', 'd')} ${this.placeholder(r.of([N(r.of(numbers)), { SS: ['a', 'x'] }, { NS: ['1', '9'] }]))}`)}`);
    if (r.chance(0.25)) clauses.push(`DELETE ${list(() => `${target('ns', 'ss', 'a')} ${this.placeholder(r.of([{ SS: ['a', 'x'] }, { NS: ['1', '9'] }, { SS: ['a', 'b', 'c'] }]))}`)}`);
    return clauses.join(' ') || `REMOVE ${this.path()}`;
  }

  projection() {
    return this.r.times(1 + this.r.below(3), () => this.path()).join(', ');
  }

  // Now and then leaves out, doubles, adds or exchanges a word.
  damage(expression) {
    const { r } = this;
    if (!r.chance(0.08)) return expression;
    const tokens = expression.match(/\s+|\w+|<>|<=|>=|./gu);
    const at = r.below(tokens.length);
    switch (r.below(4)) {
      case 0: tokens.splice(at, 1); break;
      case 1: tokens.splice(at, 0, tokens[at]); break;
      case 2: tokens.splice(at, 0, r.of(['(', ')', ',', '=', ' AND ', ' NOT ', ':', '#', '.', '[', ']', '5', '-', ' SET ', ';', ' a ', "'", ' OR ', '<'])); break;
      default: tokens[at] = r.of(tokens);
    }
    return tokens.join('');
  }

  placeholders() {
    const { r } = this;
    if (r.chance(0.03)) this.values[':unused'] = N('1');
    if (r.chance(0.03)) this.names['#unused'] = 'a';
    if (r.chance(0.02)) delete this.values[r.of(Object.keys(this.values))];
    return {
      ...(Object.keys(this.names).length && { ExpressionAttributeNames: this.names }),
      ...(Object.keys(this.values).length && { ExpressionAttributeValues: this.values }),
    };
  }

  keyCondition(hash, value, range) {
    const { r } = this;
    const parts = [`${hash} = ${this.placeholder(value)}`];
    const operand = () => this.placeholder(range === 'sk' || range === 'n' ? N(r.of(numbers)) : S(r.of(strings.slice(1))));
    if (range && r.chance(0.6)) {
      switch (r.below(4)) {
        case 0: parts.push(`${range} BETWEEN ${operand()} AND ${operand()}`); break;
        case 1: if (range === 's') { parts.push(`begins_with(s, ${operand()})`); break; } // falls through
        default: parts.push(`${range} ${r.of(['=', '<', '<=', '>', '>='])} ${operand()}`);
      }
    }
    return (r.chance(0.9) ? parts : parts.reverse()).join(' AND ');
  }

  query() {
    const { r } = this;
    this.begin();
    const body = { TableName: T };
    switch (r.below(4)) {
      case 0: case 1: body.KeyConditionExpression = this.keyCondition('pk', S(`${this.tag}-${r.below(2)}`), 'sk'); break;
      case 2: body.IndexName = 'local'; body.KeyConditionExpression = this.keyCondition('pk', S(`${this.tag}-${r.below(2)}`), 's'); break;
      default: body.IndexName = r.of(['global', 'keys']); body.KeyConditionExpression = this.keyCondition('g', S(`${this.tag}-g`), body.IndexName === 'global' ? 'n' : null);
    }
    body.KeyConditionExpression = this.damage(body.KeyConditionExpression);
    if (r.chance(0.4)) body.FilterExpression = this.damage(this.condition());
    if (r.chance(0.3)) body.ProjectionExpression = this.damage(this.projection());
    if (r.chance(0.15)) body.Select = r.of(['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'COUNT', 'SPECIFIC_ATTRIBUTES']);
    if (r.chance(0.4)) body.ScanIndexForward = r.chance(0.5);
    if (!body.IndexName) {
      if (r.chance(0.3)) body.Limit = 1 + r.below(4);
      if (r.chance(0.15)) body.ExclusiveStartKey = this.key();
    } else {
      // In an index, items with equal keys have no order.
      body.Unordered = true;
    }
    if (r.chance(0.2)) body.ReturnConsumedCapacity = r.of(['TOTAL', 'INDEXES']);
    return ['Query', { ...body, ...this.placeholders() }];
  }

  step() {
    const { r } = this;
    this.begin();
    const conditional = () => (r.chance(0.35) ? { ConditionExpression: this.damage(this.condition()), ...(r.chance(0.3) && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }) } : {});
    // INDEXES, since the oracle counts too many indexes (see explained.json), which a total would not show.
    const capacity = () => (r.chance(0.2) ? { ReturnConsumedCapacity: 'INDEXES' } : {});
    switch (r.below(13)) {
      case 0: case 1: case 2: return ['PutItem', { TableName: T, Item: this.item(), ...conditional(), ...(r.chance(0.3) && { ReturnValues: 'ALL_OLD' }), ...capacity(), ...this.placeholders() }];
      case 3: case 4: case 5: case 6: {
        const Key = this.key();
        const UpdateExpression = this.damage(this.update());
        return ['UpdateItem', { TableName: T, Key, UpdateExpression, ...conditional(), ReturnValues: r.of(['NONE', 'ALL_OLD', 'ALL_NEW', 'ALL_NEW']), ...capacity(), ...this.placeholders() }];
      }
      case 7: return ['DeleteItem', { TableName: T, Key: this.key(), ...conditional(), ReturnValues: r.of(['NONE', 'ALL_OLD']), ...capacity(), ...this.placeholders() }];
      case 8: {
        const body = { TableName: T, Key: this.key(), ConsistentRead: true };
        if (r.chance(0.7)) body.ProjectionExpression = this.damage(this.projection());
        return ['GetItem', { ...body, ...capacity(), ...this.placeholders() }];
      }
      case 9: return r.chance(0.5) ? this.batchGet() : this.batchWrite();
      default: return this.query();
    }
  }

  // Different keys, now and then one twice.
  keys(count) {
    const found = new Map(this.r.times(count, () => this.key()).map((key) => [JSON.stringify(key), key]));
    const keys = [...found.values()];
    return this.r.chance(0.03) ? [...keys, keys[0]] : keys;
  }

  batchGet() {
    const { r } = this;
    const table = { Keys: this.keys(1 + r.below(5)), ...(r.chance(0.3) && { ConsistentRead: true }) };
    if (r.chance(0.4)) table.ProjectionExpression = this.damage(this.projection());
    const { ExpressionAttributeNames } = this.placeholders();
    return ['BatchGetItem', { RequestItems: { [T]: { ...table, ...(ExpressionAttributeNames && { ExpressionAttributeNames }) } }, ...(r.chance(0.3) && { ReturnConsumedCapacity: r.of(['TOTAL', 'INDEXES']) }) }];
  }

  batchWrite() {
    const { r } = this;
    const requests = this.keys(1 + r.below(5)).map((Key) => (r.chance(0.4) ? { DeleteRequest: { Key } } : { PutRequest: { Item: { ...this.item(), ...Key } } }));
    return ['BatchWriteItem', { RequestItems: { [T]: requests }, ...(r.chance(0.3) && { ReturnConsumedCapacity: r.of(['TOTAL', 'INDEXES']) }) }];
  }
}

export function generate(random, tables, tag) {
  const maker = new Maker(random, tag);
  const steps = random.times(3, () => ['PutItem', { TableName: T, Item: maker.item() }]);
  steps.push(...random.times(8 + random.below(10), () => maker.step()));
  for (const pk of [0, 1]) steps.push(['Query', { TableName: T, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': S(`${tag}-${pk}`) } }]);
  return steps.map(([operation, body]) => ({ operation, body }));
}
