// PartiQL statements about one table: right ones, and with something a little wrong.
import { B, L, N, S } from '../lib/corpus.mjs';
import { keyValue, numberSet, oddKeyValue, oddValue, strings, stringSet, value } from './values.mjs';
import { keyAttributes, names } from './schema.mjs';

const typeOf = (given) => Object.keys(given)[0];
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const isPlain = (text) => /^[^\u0000-\u001f]*$/.test(text);
const isNumber = (text) => /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text);

// A value as a literal, or null if it has none that is sure to be taken.
function literal(given) {
  const [[type, inner]] = Object.entries(given);
  const all = (list, make) => (list.every((element) => make(element) !== null) ? list.map(make) : null);
  const bag = (list) => list && `<<${list.join(', ')}>>`;
  switch (type) {
    case 'S': return isPlain(inner) ? quoted(inner) : null;
    case 'N': return isNumber(inner) ? inner : null;
    case 'BOOL': return inner ? 'TRUE' : 'false';
    case 'NULL': return 'NULL';
    case 'SS': return bag(all(inner, (text) => literal(S(text))));
    case 'NS': return bag(all(inner, (text) => literal(N(text))));
    case 'L': {
      const list = all(inner, (element) => (/SS|NS|BS/.test(typeOf(element)) ? null : literal(element)));
      return list && `[${list.join(', ')}]`;
    }
    case 'M': {
      const list = all(Object.entries(inner), ([name, element]) => (/SS|NS|BS/.test(typeOf(element)) || literal(element) === null ? null : `${quoted(name)}: ${literal(element)}`));
      return list && `{${list.join(', ')}}`;
    }
    default: return null;
  }
}

// One statement: its text is made from left to right, so that parameters come in the order of their question marks.
export class Statement {
  /** `odd`: how often something is a little wrong, 0 to 1. */
  constructor(dice, table, odd) {
    this.dice = dice;
    this.table = table;
    this.odd = odd;
    this.keys = keyAttributes(table);
    this.parameters = [];
  }

  /** { Statement, Parameters } of a text. */
  finish(text) {
    const { dice, parameters } = this;
    if (dice.chance(this.odd / 6)) parameters.push(value(dice, 2));
    if (parameters.length && dice.chance(this.odd / 6)) parameters.pop();
    return { Statement: this.damage(text), ...((parameters.length || dice.chance(this.odd / 10)) && { Parameters: parameters }) };
  }

  parameter(given) {
    this.parameters.push(given);
    return '?';
  }

  term(given) {
    return (this.dice.chance(0.5) ? literal(given) : null) ?? this.parameter(given);
  }

  value() {
    const { dice } = this;
    return dice.chance(this.odd / 4) ? this.parameter(oddValue(dice)) : this.term(value(dice, 1));
  }

  name(name) {
    const { dice } = this;
    if (dice.chance(this.odd / 10)) return dice.of(["''", 'order', 'size', `'${name}'`, '1', '""', name.toUpperCase()]);
    return dice.chance(0.2) ? `"${name}"` : name;
  }

  path(name = this.dice.chance(0.05) ? this.dice.of(['pk', 'sk']) : this.dice.of(names)) {
    const { dice } = this;
    let path = this.name(name);
    while (dice.chance(this.keys.has(name) ? 0.02 : 0.25)) path += dice.chance(0.5) ? `[${dice.below(4)}]` : `.${this.name(dice.of(names))}`;
    return path;
  }

  source(index) {
    const { dice, table } = this;
    if (dice.chance(this.odd / 8)) return dice.of(['"missing-table"', table.name, '"ab"', `'${table.name}'`, `"${table.name}"."missing"`]);
    return index ? `"${table.name}"."${index.name}"` : `"${table.name}"`;
  }

  operand() {
    const { dice } = this;
    if (dice.chance(0.06)) return `size(${this.path()})`;
    return dice.chance(0.5) ? this.path() : this.value();
  }

  condition(depth = 0) {
    const { dice } = this;
    switch (dice.below(depth < 2 ? 16 : 11)) {
      case 0: case 1: case 2: case 3: return `${this.path()} ${dice.of(['=', '<>', '!=', '<', '<=', '>', '>='])} ${this.operand()}`;
      case 4: return `${this.path()} BETWEEN ${this.operand()} AND ${this.operand()}`;
      case 5: return `${this.path()} IN [${dice.times(1 + dice.below(3), () => this.value()).join(', ')}]`;
      case 6: return `${this.path()} IS ${dice.chance(0.5) ? 'NOT ' : ''}${dice.of(['MISSING', 'MISSING', 'NULL', ...dice.some(['STRING', 'FOO'], this.odd)])}`;
      case 7: return `${dice.of(['attribute_exists', 'attribute_not_exists'])}(${this.path()})`;
      case 8: return `begins_with(${this.path()}, ${this.term(S(dice.of(strings)))})`;
      case 9: return `contains(${this.path()}, ${this.value()})`;
      case 10: return `attribute_type(${this.path()}, '${dice.of(['S', 'N', 'M', 'SS', ...dice.some(['X', ''], this.odd)])}')`;
      case 11: case 12: return `${this.condition(depth + 1)} AND ${this.condition(depth + 1)}`;
      case 13: return `${this.condition(depth + 1)} OR ${this.condition(depth + 1)}`;
      case 14: return `NOT ${this.condition(depth + 1)}`;
      default: return `(${this.condition(depth + 1)})`;
    }
  }

  keyValue(name) {
    const { dice, table } = this;
    if (dice.chance(this.odd / 5)) return this.parameter(oddKeyValue(dice, table.types[name]));
    return this.term(keyValue(dice, table.types[name], name === 'pk' ? 2 : 4));
  }

  // The equalities that name one item, and now and then a condition.
  where(more) {
    const { dice, table } = this;
    const parts = dice.chance(this.odd / 6) ? [] : [`pk = ${this.keyValue('pk')}`];
    if (table.range && !dice.chance(this.odd / 6)) parts.push(`${this.name('sk')} = ${this.keyValue('sk')}`);
    if (dice.chance(more)) parts.push(this.condition(1));
    if (dice.chance(this.odd / 10)) parts.push(`pk = ${this.keyValue('pk')}`);
    return parts.length ? ` WHERE ${parts.join(dice.chance(this.odd / 10) ? ' OR ' : ' AND ')}` : '';
  }

  columns() {
    const { dice } = this;
    return dice.chance(0.5) ? '*' : dice.times(1 + dice.below(3), () => this.path()).join(', ');
  }

  // What fixes the partition, and limits the sort key, of the table or an index.
  range({ hash, range }) {
    const { dice } = this;
    const first = this.name(hash);
    const parts = [dice.chance(0.2) ? `${first} IN [${this.keyValue(hash)}, ${this.keyValue(hash)}]` : `${first} = ${this.keyValue(hash)}`];
    if (range && dice.chance(0.5)) {
      const name = this.name(range);
      if (dice.chance(0.25)) parts.push(`${name} BETWEEN ${this.keyValue(range)} AND ${this.keyValue(range)}`);
      else parts.push(`${name} ${dice.of(['=', '<', '<=', '>', '>='])} ${this.keyValue(range)}`);
    }
    if (dice.chance(0.3)) parts.push(this.condition(1));
    return parts.join(' AND ');
  }

  select() {
    const { dice, table } = this;
    const index = dice.chance(0.35) && table.indexes.length ? dice.of(table.indexes) : null;
    const head = `SELECT ${this.columns()} FROM ${this.source(index)}`;
    if (dice.chance(0.15)) return this.finish(head);
    if (dice.chance(0.2)) return this.finish(`${head} WHERE ${this.condition()}`);
    const keys = index ?? table;
    const where = ` WHERE ${this.range(keys)}`;
    // Those of several partitions are in no order.
    const order = keys.range && !where.includes(' IN ') && dice.chance(0.3) ? ` ORDER BY ${this.name(dice.chance(this.odd / 4) ? dice.of(names) : keys.range)} ${dice.of(['', 'ASC', 'DESC'])}`.trimEnd() : '';
    return this.finish(`${head}${where}${order}`);
  }

  /** A SELECT of one item. */
  get() { return this.finish(`SELECT ${this.columns()} FROM ${this.source()}${this.where(this.odd / 6)}`); }

  exists() { return this.finish(`EXISTS(SELECT * FROM ${this.source()}${this.where(1 - this.odd / 4)})`); }

  insert() {
    const { dice, table } = this;
    const members = [`'pk': ${this.keyValue('pk')}`];
    if (table.range && !dice.chance(this.odd / 6)) members.push(`'sk': ${this.keyValue('sk')}`);
    for (const name of dice.some(names, 0.4)) {
      members.push(`'${name}': ${this.keys.has(name) && !dice.chance(this.odd / 2) ? this.keyValue(name) : this.value()}`);
    }
    return this.finish(`INSERT INTO ${this.source()} VALUE {${members.join(', ')}}`);
  }

  assigned(name) {
    const { dice, table } = this;
    if (this.keys.has(name) && !dice.chance(this.odd / 2)) return this.keyValue(name);
    switch (dice.below(12)) {
      case 0: return `list_append(${this.path()}, ${this.term(L(value(dice, 2)))})`;
      case 1: return `list_append(${this.term(L(value(dice, 2)))}, ${this.path()})`;
      case 2: return `if_not_exists(${this.path()}, ${this.value()})`;
      case 3: return `set_add(${dice.chance(0.8) ? name : this.path()}, ${this.term(dice.of([stringSet, numberSet])(dice))})`;
      case 4: return `set_delete(${dice.chance(0.8) ? name : this.path()}, ${this.term(dice.of([stringSet, numberSet])(dice))})`;
      case 5: return `${this.path()} ${dice.of(['+', '-'])} ${this.term(N(dice.of(['1', '2.5', '-3'])))}`;
      case 6: return this.path();
      default: return table.types[name] && dice.chance(this.odd / 4) ? this.term(B('b')) : this.value();
    }
  }

  update() {
    const { dice } = this;
    const free = [...names, 'd', 'e'];
    const take = () => {
      if (dice.chance(this.odd / 4)) return dice.of([...names, 'pk']);
      return free.splice(dice.below(free.length), 1)[0];
    };
    const clause = () => {
      const name = take();
      const path = dice.chance(0.15) ? this.path(name) : this.name(name);
      return dice.chance(0.25) ? `REMOVE ${path}` : `SET ${path} = ${this.assigned(name)}`;
    };
    const head = `UPDATE ${this.source()}`;
    const clauses = dice.times(1 + dice.below(3), clause).join(' ');
    const where = this.where(0.3);
    return this.finish(`${head} ${clauses}${where}${this.returning(['ALL OLD *', 'ALL NEW *', 'MODIFIED OLD *', 'MODIFIED NEW *'])}`);
  }

  delete() {
    const head = `DELETE FROM ${this.source()}`;
    return this.finish(`${head}${this.where(0.3)}${this.returning(['ALL OLD *'])}`);
  }

  returning(right) {
    const { dice } = this;
    if (this.silent || !dice.chance(0.4)) return '';
    return ` RETURNING ${dice.chance(this.odd / 4) ? dice.of(['ALL NEW *', 'ALL OLD', 'MODIFIED OLD *', 'a']) : dice.of(right)}`;
  }

  // Now and then leaves out, doubles, adds or exchanges a token.
  damage(text) {
    const { dice } = this;
    if (!dice.chance(this.odd / 2)) return text;
    const tokens = text.match(/\s+|'[^']*'|"[^"]*"|\w+|<>|<=|>=|<<|>>|./gsu);
    const at = dice.below(tokens.length);
    switch (dice.below(5)) {
      case 0: tokens.splice(at, 1); break;
      case 1: tokens.splice(at, 0, tokens[at]); break;
      case 2: tokens.splice(at, 0, dice.of(['(', ')', ',', '=', ' AND ', ' NOT ', '?', '.', '[', ']', '{', '}', ' 5 ', ' - ', ' SET ', ' a ', "'", '"', ' OR ', '<<', '>>', '*', ';', ' WHERE '])); break;
      default: tokens[at] = dice.of(tokens);
    }
    return tokens.join('');
  }
}
