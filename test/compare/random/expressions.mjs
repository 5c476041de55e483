// Expressions: a grammar, mostly valid, now and then damaged.
import { S, N, L } from '../lib/corpus.mjs';
import { binarySet, keyValue, numbers, numberSet, oddValue, strings, stringSet, typeWords, value } from './values.mjs';
import { keyAttributes, names } from './schema.mjs';

const reserved = ['name', 'status', 'size', 'data', 'Comment', 'ABORT', 'zone', 'set', 'and', 'Between'];


// The expressions of one request, which share placeholders.
export class Expressions {
  /** `odd`: how often something is a little wrong, 0 to 1. */
  constructor(dice, table, odd) {
    this.dice = dice;
    this.table = table;
    this.odd = odd;
    this.keys = keyAttributes(table);
    this.names = {};
    this.values = {};
  }

  placeholder(given) {
    const { dice } = this;
    const known = Object.keys(this.values);
    if (known.length && dice.chance(0.08)) return dice.of(known);
    const name = `:v${known.length}`;
    this.values[name] = dice.chance(this.odd / 4) ? oddValue(dice) : given ?? value(dice, 1);
    return name;
  }

  element(name) {
    if (!this.dice.chance(0.2)) return name;
    const alias = `#${name}`;
    this.names[alias] = name;
    return alias;
  }

  path(name = this.dice.chance(0.02) ? this.dice.of(reserved) : this.dice.chance(0.04) ? this.dice.of(['pk', 'sk']) : this.dice.of(names)) {
    const { dice } = this;
    let path = this.element(name);
    // Key attributes are scalars: a path into them is an error of its own.
    while (dice.chance(this.keys.has(name) ? 0.02 : 0.3)) path += dice.chance(0.5) ? `[${dice.below(4)}]` : `.${this.element(dice.of(names))}`;
    return path;
  }

  operand() {
    const { dice } = this;
    if (dice.chance(0.06)) return `size(${this.path()})`;
    if (dice.chance(0.03)) return `(${this.path()})`;
    return dice.chance(0.5) ? this.path() : this.placeholder();
  }

  condition(depth = 0) {
    const { dice } = this;
    switch (dice.below(depth < 3 ? 15 : 9)) {
      case 0: case 1: case 2: return `${this.operand()} ${dice.of(['=', '<>', '<', '<=', '>', '>='])} ${this.operand()}`;
      case 3: return `${this.operand()} BETWEEN ${this.operand()} AND ${this.operand()}`;
      case 4: return `${this.operand()} IN (${dice.times(1 + dice.below(3), () => this.operand()).join(', ')})`;
      case 5: return `${dice.of(['attribute_exists', 'attribute_not_exists'])}(${this.path()})`;
      case 6: return `attribute_type(${this.path()}, ${this.placeholder(S(dice.of([...typeWords, ...dice.some(['X', 's', ''], this.odd)])))})`;
      case 7: return `begins_with(${this.path()}, ${dice.chance(0.7) ? this.placeholder(S(dice.of(strings))) : this.operand()})`;
      case 8: return `contains(${this.path()}, ${this.operand()})`;
      case 9: case 10: return `${this.condition(depth + 1)} AND ${this.condition(depth + 1)}`;
      case 11: return `${this.condition(depth + 1)} OR ${this.condition(depth + 1)}`;
      case 12: return `NOT ${this.condition(depth + 1)}`;
      case 13: return depth === 0 && dice.chance(this.odd / 3) ? this.extreme() : this.condition(depth + 1);
      default: return `(${this.condition(depth + 1)})`;
    }
  }

  // At the limits of the language: operators, operands, depth, length.
  extreme() {
    const { dice } = this;
    const many = (count, text, joint) => Array.from({ length: count }, () => text).join(joint);
    switch (dice.below(6)) {
      case 0: return `${this.path()} IN (${many(dice.of([99, 100, 101]), this.placeholder(), ', ')})`;
      case 1: return many(dice.of([149, 150, 151, 152, 300, 301]), 'attribute_exists(a)', dice.of([' AND ', ' OR ']));
      case 2: return `a${'.b'.repeat(dice.of([30, 31, 32]))} = ${this.placeholder()}`;
      case 3: return `a${'[0]'.repeat(dice.of([30, 31, 32]))} = ${this.placeholder()}`;
      case 4: return `a = ${this.placeholder()} AND ${'a'.repeat(dice.of([254, 255, 256, 4000]))} = ${this.placeholder()}`;
      default: return `${'('.repeat(dice.of([2, 50]))}a = ${this.placeholder()})`;
    }
  }

  setOperand(depth = 0) {
    const { dice } = this;
    if (dice.chance(0.12) && depth < 2) return `if_not_exists(${this.path()}, ${this.setOperand(depth + 1)})`;
    if (dice.chance(0.1) && depth === 0) return `list_append(${this.setOperand(1)}, ${dice.chance(0.6) ? this.placeholder(L(value(dice, 2))) : this.path()})`;
    return dice.chance(0.2) ? this.path() : this.placeholder(dice.chance(0.5) ? N(dice.of(numbers)) : undefined);
  }

  // A value for an attribute that may be an index key.
  assigned(name) {
    const { dice, keys, table } = this;
    if (keys.has(name) && dice.chance(0.85)) return this.placeholder(keyValue(dice, table.types[name]));
    return this.setOperand();
  }

  update() {
    const { dice } = this;
    // Mostly one clause a name, since overlapping paths are refused.
    const free = [...names, 'd', 'e', 'f'];
    const target = (...wanted) => {
      const left = (wanted.length ? wanted : free).filter((name) => free.includes(name));
      if (left.length === 0 || dice.chance(this.odd / 4)) return [this.path(), null];
      const name = dice.of(left);
      free.splice(free.indexOf(name), 1);
      return [this.path(name), name];
    };
    const list = (make) => dice.times(1 + dice.below(3), make).join(', ');
    const set = () => {
      const [path, name] = target();
      return `${path} = ${this.assigned(name)}${dice.chance(0.25) ? ` ${dice.of(['+', '-'])} ${this.setOperand()}` : ''}`;
    };
    const sets = () => dice.of([stringSet, numberSet, binarySet])(dice);
    const clauses = [];
    if (dice.chance(0.7)) clauses.push(`SET ${list(set)}`);
    if (dice.chance(0.35)) clauses.push(`REMOVE ${list(() => target()[0])}`);
    if (dice.chance(0.25)) clauses.push(`ADD ${list(() => `${target('ns', 'ss', 'n', 'c', 'd')[0]} ${this.placeholder(dice.chance(0.5) ? N(dice.of(numbers)) : sets())}`)}`);
    if (dice.chance(0.25)) clauses.push(`DELETE ${list(() => `${target('ns', 'ss', 'a')[0]} ${this.placeholder(sets())}`)}`);
    if (dice.chance(0.2)) clauses.reverse();
    return clauses.join(' ') || `REMOVE ${this.path()}`;
  }

  projection() {
    return this.dice.times(1 + this.dice.below(3), () => this.path()).join(', ');
  }

  keyCondition({ hash, range }) {
    const { dice, table } = this;
    const parts = [`${this.element(hash)} = ${this.placeholder(keyValue(dice, table.types[hash], hash === 'pk' ? 2 : 3))}`];
    if (range && dice.chance(0.55)) {
      const type = table.types[range];
      const operand = () => this.placeholder(keyValue(dice, type));
      const name = this.element(range);
      switch (dice.below(5)) {
        case 0: parts.push(`${name} BETWEEN ${operand()} AND ${operand()}`); break;
        case 1: if (type !== 'N' || dice.chance(this.odd)) { parts.push(`begins_with(${name}, ${operand()})`); break; } // falls through
        default: parts.push(`${name} ${dice.of(['=', '<', '<=', '>', '>='])} ${operand()}`);
      }
    }
    if (dice.chance(this.odd / 3)) parts.push(dice.of([parts[0], `${this.path()} = ${this.placeholder()}`, `${this.element(hash)} <> ${this.placeholder()}`, this.condition(2)]));
    if (dice.chance(this.odd / 6)) parts.shift();
    if (dice.chance(0.05)) parts[0] = `(${parts[0]})`;
    return (dice.chance(0.9) ? parts : parts.reverse()).join(dice.chance(this.odd / 8) ? ' OR ' : ' AND ');
  }

  // Now and then leaves out, doubles, adds or exchanges a token.
  damage(expression) {
    const { dice } = this;
    if (!dice.chance(this.odd)) return expression;
    const tokens = expression.match(/\s+|[#:]?\w+|<>|<=|>=|./gu) ?? [''];
    const at = dice.below(tokens.length);
    switch (dice.below(7)) {
      case 0: tokens.splice(at, 1); break;
      case 1: tokens.splice(at, 0, tokens[at]); break;
      case 2: case 3:
        tokens.splice(at, 0, dice.of(['(', ')', ',', '=', ' AND ', ' NOT ', ':', '#', '.', '[', ']', '[0]', '5', '-', ' SET ', ';', ' a ', "'", '"', ' OR ', '<', '+', ' size(a) ', ':undefined', '#undefined',
          ` ${dice.of(reserved)} `, 'é', '\u0000', '[99999999999]', ' IN ', ' REMOVE ', ' attribute_exists(a) ', ' unknown(a) '])); break;
      case 4: return dice.of(['', ' ', '()', 'a', ':v0', '#a', expression.slice(0, dice.below(expression.length)), `${expression} ${expression}`]);
      default: tokens[at] = dice.of(tokens);
    }
    return tokens.join('');
  }

  // The members that define the placeholders, now and then one too few or too many.
  placeholders({ withValues = true } = {}) {
    const { dice } = this;
    const often = this.odd / 5;
    if (dice.chance(often)) this.values[dice.of([':unused', ':', 'v', ':a-b', '#x', ''])] = value(dice, 2);
    if (dice.chance(often)) this.names[dice.of(['#unused', '#', 'x', '#a-b', ':x', ''])] = dice.of(['a', '', 'x.y']);
    if (dice.chance(often)) delete this.values[dice.of(Object.keys(this.values))];
    if (dice.chance(often)) delete this.names[dice.of(Object.keys(this.names))];
    return {
      ...((Object.keys(this.names).length || dice.chance(often / 4)) && { ExpressionAttributeNames: this.names }),
      ...(withValues && (Object.keys(this.values).length || dice.chance(often / 4)) && { ExpressionAttributeValues: this.values }),
    };
  }
}
