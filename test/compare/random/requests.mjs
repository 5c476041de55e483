// Requests to one table: each is an operation and its body.
import { L, M, S } from '../lib/corpus.mjs';
import { Expressions } from './expressions.mjs';
import { withFault } from './faults.mjs';
import { Legacy } from './legacy.mjs';
import { binarySet, keyValue, numberSet, oddKeyValue, oddValue, stringSet, value } from './values.mjs';
import { keyAttributes, names } from './schema.mjs';
import { Statement } from './statements.mjs';
import { optionsOf } from './streams.mjs';
import { createBody, updateBody } from './tables.mjs';

export class Requests {
  /** `known`: the names of the operations that the server has. */
  constructor(dice, table, known) {
    this.dice = dice;
    this.table = table;
    this.keys = keyAttributes(table);
    this.choices = [
      [14, 'PutItem'], [22, 'UpdateItem'], [6, 'DeleteItem'], [7, 'GetItem'], [18, 'Query'], [10, 'Scan'], [5, 'BatchGetItem'], [5, 'BatchWriteItem'], [1, 'DescribeTable'], [2, 'CreateTable'], [1, 'UpdateTable'], [6, 'TransactWriteItems'], [3, 'TransactGetItems'],
      [9, 'ExecuteStatement'], [4, 'BatchExecuteStatement'], [4, 'ExecuteTransaction'], [1, 'UpdateTimeToLive'], [1, 'DescribeTimeToLive'], [1, 'TagResource'], [1, 'UntagResource'], [1, 'ListTagsOfResource'],
      ...(table.stream ? [[1, 'ListStreams'], [2, 'DescribeStream'], [2, 'GetShardIterator'], [2, 'GetRecords']] : []),
    ].filter(([, name]) => known.has(name));
  }

  // How much is wrong in the next request: in values and expressions, and in its form.
  begin() {
    const { dice } = this;
    this.odd = dice.weighted([[60, 0], [32, 0.1], [8, 0.3]]);
    this.faults = dice.weighted([[86, 0], [11, 1], [3, 2]]);
    this.expressions = new Expressions(dice, this.table, this.odd);
  }

  /** The steps of one request: with it those that look at a table that it may have made, and remove it. */
  steps(operation = this.dice.weighted(this.choices)) {
    this.begin();
    let body = this[operation]();
    if (this.dice.chance(0.15)) body = this.inOldWords(operation, body);
    for (let i = 0; i < this.faults; i++) body = withFault(this.dice, body);
    const step = { operation, body, options: optionsOf(operation), ...(/^(Create|Update)Table$/.test(operation) && { faults: this.faults + this.tableFaults }) };
    // The oracle fails on two tables whose names differ in capitals alone.
    if (operation !== 'CreateTable' || String(body.TableName).toLowerCase() !== this.otherName) return [step];
    const other = { TableName: body.TableName };
    return [step, { operation: 'DescribeTable', body: other }, { operation: 'DeleteTable', body: other }];
  }

  // An item that is right, to begin with.
  seed() {
    this.odd = 0;
    return { operation: 'PutItem', body: { TableName: this.table.name, Item: this.item() } };
  }

  // The parameters that expressions replaced, in their place.
  inOldWords(operation, body) {
    const { table } = this;
    const legacy = new Legacy(this.dice, table, this.odd);
    if (operation === 'BatchGetItem') return { ...body, RequestItems: { [table.name]: legacy.instead(operation, body.RequestItems[table.name]) } };
    return legacy.instead(operation, body, table.indexes.find(({ name }) => name === body.IndexName) ?? table);
  }

  /* ---- parts ---- */

  keyAttribute(name) {
    const { dice, table } = this;
    return dice.chance(this.odd / 4) ? oddKeyValue(dice, table.types[name]) : keyValue(dice, table.types[name], name === 'pk' ? 2 : 4);
  }

  key() {
    const { dice, table } = this;
    const key = { pk: this.keyAttribute('pk') };
    if (table.range) key.sk = this.keyAttribute('sk');
    if (dice.chance(this.odd / 4)) delete key[dice.of(Object.keys(key))];
    if (dice.chance(this.odd / 4)) key[dice.of(names)] = value(dice, 2);
    return key;
  }

  item() {
    const { dice } = this;
    const item = this.key();
    for (const name of dice.some(['a', 'b', 'c'], 0.6)) item[name] = value(dice);
    if (dice.chance(0.7)) item.m = M(Object.fromEntries(dice.some(names.slice(0, 5), 0.6).map((name) => [name, value(dice, 1)])));
    if (dice.chance(0.7)) item.l = L(...dice.times(dice.below(5), () => value(dice, 1)));
    if (dice.chance(0.5)) item.ss = stringSet(dice);
    if (dice.chance(0.5)) item.ns = dice.of([numberSet, numberSet, binarySet])(dice);
    for (const name of this.keys) {
      if (name === 'pk' || name === 'sk') continue;
      if (dice.chance(0.75)) item[name] = this.keyAttribute(name);
      else delete item[name];
    }
    if (dice.chance(this.odd / 2)) item[dice.of([...names, 'd', ''])] = oddValue(dice);
    if (dice.chance(this.odd / 16)) item.big = S('v'.repeat(dice.of([390_000, 409_580, 409_600, 420_000])));
    return item;
  }

  // { [name]: one of the words }, with a chance.
  maybe(chance, name, words) {
    const { dice } = this;
    return dice.chance(chance) ? { [name]: dice.chance(this.odd / 6) ? dice.of(['', 'WRONG', String(words[0]).toLowerCase()]) : dice.of(words) } : {};
  }

  capacity() { return this.maybe(0.3, 'ReturnConsumedCapacity', ['INDEXES', 'INDEXES', 'TOTAL', 'NONE']); }

  condition(chance = 0.35) {
    const { dice, expressions } = this;
    if (!dice.chance(chance)) return {};
    return { ConditionExpression: expressions.damage(expressions.condition()), ...this.maybe(0.4, 'ReturnValuesOnConditionCheckFailure', ['ALL_OLD', 'NONE']) };
  }

  projection(chance) {
    const { dice, expressions } = this;
    return dice.chance(chance) ? { ProjectionExpression: expressions.damage(expressions.projection()) } : {};
  }

  returns() { return this.maybe(0.5, 'ReturnValues', ['ALL_OLD', 'ALL_OLD', 'NONE', ...this.dice.some(['ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW'], this.odd)]); }

  shared() {
    return { ...this.capacity(), ...this.maybe(0.1, 'ReturnItemCollectionMetrics', ['SIZE', 'NONE']) };
  }

  /* ---- operations ---- */

  PutItem() {
    const body = { TableName: this.table.name, Item: this.item(), ...this.condition(), ...this.returns(), ...this.shared() };
    return { ...body, ...this.expressions.placeholders() };
  }

  UpdateItem() {
    const { dice, expressions } = this;
    const body = { TableName: this.table.name, Key: this.key() };
    if (!dice.chance(0.03)) body.UpdateExpression = expressions.damage(expressions.update());
    Object.assign(body, this.condition(), this.maybe(0.8, 'ReturnValues', ['NONE', 'ALL_OLD', 'ALL_NEW', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW']), this.shared());
    // What only removes makes no item, as on AWS; in DynamoDB Local it makes one, and all that follows would differ.
    if (body.UpdateExpression && !/\b(SET|ADD)\b/i.test(body.UpdateExpression)) body.ConditionExpression = 'attribute_exists(pk)';
    return { ...body, ...expressions.placeholders() };
  }

  DeleteItem() {
    const body = { TableName: this.table.name, Key: this.key(), ...this.condition(), ...this.returns(), ...this.shared() };
    return { ...body, ...this.expressions.placeholders() };
  }

  GetItem() {
    const body = { TableName: this.table.name, Key: this.key(), ...this.maybe(0.4, 'ConsistentRead', [true, false]), ...this.projection(0.6), ...this.capacity() };
    return { ...body, ...this.expressions.placeholders({ withValues: this.dice.chance(this.odd / 4) }) };
  }

  startKey(index) {
    const key = this.key();
    for (const name of [index?.hash, index?.range]) {
      if (name && name !== 'pk' && name !== 'sk') key[name] = this.keyAttribute(name);
    }
    return key;
  }

  // What Query and Scan share.
  page(index) {
    const { dice, expressions } = this;
    return {
      ...(index && { IndexName: dice.chance(this.odd / 6) ? 'missing' : index.name }),
      ...(dice.chance(0.4) && { FilterExpression: expressions.damage(expressions.condition()) }),
      ...this.projection(0.3),
      ...this.maybe(0.2, 'Select', ['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'COUNT', 'SPECIFIC_ATTRIBUTES']),
      ...(dice.chance(0.25) && { Limit: dice.chance(this.odd / 4) ? dice.of([0, -1, 1000000]) : 1 + dice.below(4) }),
      ...(dice.chance(0.15) && { ExclusiveStartKey: this.startKey(dice.chance(this.odd) ? null : index) }),
      ...this.maybe(0.2, 'ConsistentRead', index && !index.local && !dice.chance(0.2) ? [false] : [true, false]),
      ...this.capacity(),
    };
  }

  Query() {
    const { dice, expressions, table } = this;
    const index = dice.chance(0.55) && table.indexes.length ? dice.of(table.indexes) : null;
    const body = { TableName: table.name };
    const keys = dice.chance(this.odd / 5) ? dice.of([table, ...table.indexes]) : index ?? table;
    if (!dice.chance(this.odd / 10)) body.KeyConditionExpression = expressions.damage(expressions.keyCondition(keys));
    Object.assign(body, this.page(index), this.maybe(0.4, 'ScanIndexForward', [true, false]));
    return { ...body, ...expressions.placeholders() };
  }

  Scan() {
    const { dice, expressions, table } = this;
    const index = dice.chance(0.4) && table.indexes.length ? dice.of(table.indexes) : null;
    const body = { TableName: table.name, ...this.page(index) };
    if (dice.chance(0.12)) {
      body.TotalSegments = dice.chance(this.odd) ? dice.of([0, 1_000_001, -1]) : 1 + dice.below(4);
      body.Segment = dice.chance(this.odd) ? dice.of([-1, 4, 1_000_000]) : dice.below(body.TotalSegments);
      if (dice.chance(this.odd / 2)) delete body[dice.of(['Segment', 'TotalSegments'])];
    }
    return { ...body, ...expressions.placeholders() };
  }

  // Different keys, now and then one twice.
  distinctKeys(count) {
    const { dice } = this;
    const found = new Map(dice.times(count, () => this.key()).map((key) => [JSON.stringify(key), key]));
    const keys = [...found.values()];
    return dice.chance(this.odd / 5) ? [...keys, keys[0]] : keys;
  }

  BatchGetItem() {
    const { dice, table } = this;
    const count = dice.chance(this.odd / 8) ? dice.of([0, 101]) : 1 + dice.below(5);
    const request = { Keys: this.distinctKeys(count), ...this.maybe(0.3, 'ConsistentRead', [true, false]), ...this.projection(0.4) };
    Object.assign(request, this.expressions.placeholders({ withValues: false }));
    return { RequestItems: { [table.name]: request }, ...this.capacity() };
  }

  BatchWriteItem() {
    const { dice, table } = this;
    const count = dice.chance(this.odd / 8) ? dice.of([0, 26]) : 1 + dice.below(5);
    const requests = this.distinctKeys(count).map((Key) => (dice.chance(0.4) ? { DeleteRequest: { Key } } : { PutRequest: { Item: { ...this.item(), ...Key } } }));
    return { RequestItems: { [table.name]: requests }, ...this.shared() };
  }

  // One action of a transaction: each has placeholders of its own.
  action(kind) {
    const { dice, table } = this;
    this.expressions = new Expressions(dice, table, this.odd);
    const { expressions } = this;
    const action = { TableName: table.name };
    if (kind === 'Put') action.Item = this.item();
    else action.Key = this.key();
    if (kind === 'Update' && !dice.chance(this.odd / 10)) action.UpdateExpression = expressions.damage(expressions.update());
    Object.assign(action, kind === 'Get' ? this.projection(0.5) : this.condition(kind === 'ConditionCheck' && !dice.chance(this.odd / 10) ? 1 : 0.2));
    return { [kind]: { ...action, ...expressions.placeholders({ withValues: kind !== 'Get' }) } };
  }

  actions(kinds) {
    const { dice } = this;
    const seen = new Set();
    const list = dice.times(1 + dice.below(4), () => this.action(dice.of(kinds))).filter((entry) => {
      const [{ Key, Item }] = Object.values(entry);
      const name = JSON.stringify(Key ?? { pk: Item.pk, ...(Item.sk && { sk: Item.sk }) });
      return dice.chance(this.odd / 2) || (!seen.has(name) && seen.add(name));
    });
    if (dice.chance(this.odd / 8)) return dice.of([[], Array(101).fill(list[0]), [{}], [{ ...list[0], ...this.action(dice.of(kinds)) }]]);
    return list;
  }

  TransactWriteItems() {
    const token = this.dice.chance(0.1) && { ClientRequestToken: `token-${this.dice.below(1e9)}` };
    return { TransactItems: this.actions(['Put', 'Update', 'Update', 'Delete', 'ConditionCheck']), ...this.shared(), ...token };
  }

  TransactGetItems() { return { TransactItems: this.actions(['Get']), ...this.capacity() }; }

  get otherName() { return `${this.table.name}-other`; }

  CreateTable() {
    this.tableFaults = this.odd ? 1 + this.dice.below(2) : 0;
    return createBody(this.dice, this.otherName, this.tableFaults);
  }

  UpdateTable() {
    const body = updateBody(this.dice, this.table);
    this.tableFaults = Object.keys(body).length - 1; // each change may be wrong
    return body;
  }

  /* ---- statements ---- */

  statement(kind, { silent = false, odd = this.odd } = {}) {
    const statement = new Statement(this.dice, this.table, odd);
    statement.silent = silent;
    return statement[kind]();
  }

  ExecuteStatement() {
    const { dice } = this;
    const kind = dice.of(['select', 'select', 'insert', 'update', 'update', 'delete', ...dice.some(['exists'], this.odd / 2)]);
    return {
      ...this.statement(kind),
      ...this.maybe(0.2, 'ConsistentRead', [true, false]),
      ...(dice.chance(0.15) && { Limit: dice.chance(this.odd / 4) ? dice.of([0, -1]) : 1 + dice.below(4) }),
      ...this.maybe(0.2, 'ReturnValuesOnConditionCheckFailure', ['ALL_OLD', 'NONE']),
    };
  }

  // All of them read or all write, but for now and then one. At most one of them is wrong by itself: of several the two servers would
  // tell different ones.
  statements(writing, reads, silent) {
    const { dice } = this;
    const write = dice.chance(0.6);
    const count = 1 + dice.below(4);
    const wrong = dice.below(count);
    const list = dice.times(count, (i) => {
      const writes = dice.chance(this.odd / 8) ? !write : write;
      return { ...this.statement(dice.of(writes ? writing : reads), { silent, odd: i === wrong ? this.odd : 0 }), ...(writes && this.maybe(0.2, 'ReturnValuesOnConditionCheckFailure', ['ALL_OLD', 'NONE'])) };
    });
    return dice.chance(this.odd / 10) ? dice.of([[], Array(26).fill(list[0]), [{}]]) : list;
  }

  BatchExecuteStatement() { return { Statements: this.statements(['insert', 'update', 'delete'], ['get', 'get', ...this.dice.some(['select'], this.odd)], false) }; }

  ExecuteTransaction() {
    const token = this.dice.chance(0.1) && { ClientRequestToken: `token-${this.dice.below(1e9)}` };
    return { TransactStatements: this.statements(['insert', 'update', 'delete', 'exists'], ['get', 'get', ...this.dice.some(['select'], this.odd)], true), ...token };
  }

  /* ---- about the table ---- */

  // @table, @stream, @shard and @iterator stand for what each server calls them.
  arn() {
    const { dice } = this;
    return { ResourceArn: dice.chance(this.odd / 3) ? dice.of(['@table-missing', '@table/index/global1', 'arn:aws:dynamodb', this.table.name, '@table/']) : '@table' };
  }

  tagKey() {
    const { dice } = this;
    return dice.chance(this.odd / 3) ? dice.of(['', 'aws:x', 'k'.repeat(128), 'k'.repeat(129), 'a#b', 'Ünder']) : dice.of(['owner', 'stage', 'a b', 'x:y/z=+-_.', 'Owner']);
  }

  TagResource() {
    const { dice } = this;
    const tags = new Map(dice.times(dice.chance(this.odd / 4) ? dice.of([0, 51]) : 1 + dice.below(3), () => {
      const Key = this.tagKey();
      return [dice.chance(this.odd / 4) ? dice.below(1e9) : Key, { Key, Value: dice.chance(this.odd / 4) ? dice.of(['v'.repeat(257), 'a&b']) : dice.of(['', 'v', 'some words']) }];
    }));
    return { ...this.arn(), Tags: [...tags.values()] };
  }

  UntagResource() { return { ...this.arn(), TagKeys: this.dice.times(this.dice.chance(this.odd / 4) ? 0 : 1 + this.dice.below(3), () => this.tagKey()) }; }

  ListTagsOfResource() { return { ...this.arn(), ...(this.dice.chance(this.odd / 6) && { NextToken: this.dice.of(['', 'x', 'b3duZXI=']) }) }; }

  UpdateTimeToLive() {
    const { dice } = this;
    const AttributeName = dice.chance(this.odd / 4) ? dice.of(['', 'pk', 't'.repeat(256), 'a.b']) : dice.of(['ttl', 'ttl', 'expires']);
    return { ...this.DescribeTable(), TimeToLiveSpecification: { Enabled: dice.chance(0.7), AttributeName } };
  }

  DescribeTimeToLive() { return this.DescribeTable(); }

  /* ---- its stream ---- */

  stream() {
    const { dice } = this;
    return dice.chance(this.odd / 3) ? dice.of(['@stream1', '@table', '@table/stream/', 'arn:aws:dynamodb', '@stream/x']) : '@stream';
  }

  ListStreams() { return { ...this.DescribeTable(), ...(this.dice.chance(this.odd / 3) && { Limit: this.dice.of([0, 1, 100, 101]) }) }; }

  DescribeStream() {
    const { dice } = this;
    return { StreamArn: this.stream(), ...(dice.chance(0.3) && { Limit: dice.chance(this.odd / 2) ? dice.of([0, 101]) : 1 }), ...(dice.chance(this.odd / 3) && { ExclusiveStartShardId: dice.of(['@shard', 'shardId-x', '']) }) };
  }

  GetShardIterator() {
    const { dice } = this;
    const body = { StreamArn: this.stream(), ShardId: dice.chance(this.odd / 3) ? dice.of(['@shard0', 'shardId-00000000000000000000-00000000', '', 'x']) : '@shard', ...this.maybe(1, 'ShardIteratorType', ['TRIM_HORIZON', 'LATEST']) };
    if (dice.chance(this.odd / 3)) Object.assign(body, { ShardIteratorType: dice.of(['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER', 'LATEST']) }, dice.chance(0.6) && { SequenceNumber: dice.of(['x', '', '1'.repeat(41)]) });
    return body;
  }

  GetRecords() {
    const { dice } = this;
    return { ShardIterator: dice.chance(this.odd / 3) ? dice.of(['@iterator0', 'x', '', '@stream|1|x']) : '@iterator', ...(dice.chance(0.3) && { Limit: dice.chance(this.odd / 2) ? dice.of([0, 1001]) : 1000 }) };
  }

  DescribeTable() {
    return { TableName: this.dice.chance(this.odd) ? this.dice.of(['missing-table', 'a', '', 'x y z']) : this.table.name };
  }
}
