// Attribute values: all types, nested, at the edges of what is allowed, and a little beyond.
import { S, N, L, M, BOOL, NULL } from '../lib/corpus.mjs';

const base64 = (text) => Buffer.from(text).toString('base64');
const B = (text) => ({ B: base64(text) });

export const strings = ['', 'a', 'b', 'ab', 'abc', 'B', 'z', 'é', '€', '\u{1F600}', 'hello', 'hello world', '10', '9', '\u0000', '\ufffd', 'a\u0301', ' ', 'x'.repeat(300)];
export const numbers = ['0', '1', '2', '-1', '10', '9', '1.5', '-0.5', '100', '1e3', '0.001', '9'.repeat(38), `-${'9'.repeat(38)}`, '0.1', '1E-130', '-1E-130',
  '9.9999999999999999999999999999999999999E+125', '-9.9999999999999999999999999999999999999E125', '1e125', '12345678901234567890.123456789', '-10', '007', '1.0', '-0', '+5', '.5', '5.', '1E+2', '0e500',
  '0.00000000000000000000000000000000000001', `1${'0'.repeat(50)}`];
const wrongNumbers = ['', ' 1', '1 ', 'abc', 'NaN', 'Infinity', '0x1', '1_0', '--1', '1e', '1e126', '-1e126', '1e-131', '9'.repeat(39), `0.${'1'.repeat(39)}`, '1,5', '1e1.5', 'e5', '.', '-', '1e99999999999'];
export const typeWords = ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M'];

const distinct = (list) => [...new Set(list)];

export function stringSet(dice) {
  return { SS: distinct(dice.times(1 + dice.below(3), () => dice.of(['a', 'b', 'c', 'x', 'é', '']))) };
}

export function numberSet(dice) {
  return { NS: distinct(dice.times(1 + dice.below(3), () => dice.of(['1', '2', '3', '-4', '5.5', '1e3', '0']))) };
}

export function binarySet(dice) {
  return { BS: distinct(dice.times(1 + dice.below(3), () => base64(dice.of(['a', 'b', '\u0001', 'zz'])))) };
}

// A value that is right.
export function value(dice, depth = 0) {
  switch (dice.below(depth < 3 ? 15 : 11)) {
    case 0: case 1: return S(dice.of(strings));
    case 2: case 3: case 4: return N(dice.of(numbers));
    case 5: return B(dice.of(strings));
    case 6: return BOOL(dice.chance(0.5));
    case 7: return NULL;
    case 8: return stringSet(dice);
    case 9: return numberSet(dice);
    case 10: return binarySet(dice);
    case 11: case 12: return L(...dice.times(dice.below(4), () => value(dice, depth + 1)));
    default: return M(Object.fromEntries(dice.some(['a', 'b', 'c', 'm', 'l'], 0.4).map((name) => [name, value(dice, depth + 1)])));
  }
}

function nested(depth, wrap) {
  let inner = S('x');
  for (let i = 0; i < depth; i++) inner = wrap(inner, i);
  return inner;
}

// A value that is wrong, or at the edge.
export function oddValue(dice) {
  return dice.weighted([
    [6, () => N(dice.of(wrongNumbers))],
    [2, () => ({ NS: ['1', dice.of(wrongNumbers)] })],
    [1, () => ({ NS: ['1', dice.of(['1.0', '1', '10e-1', '2'])] })],
    [1, () => ({ [dice.of(['SS', 'NS', 'BS'])]: [] })],
    [1, () => ({ SS: ['a', 'b', 'a'] })],
    [1, () => ({ BS: ['YQ==', 'YQ=='] })],
    [1, () => ({ NULL: false })],
    [2, () => ({ S: 'a', N: '1' })],
    [1, () => ({ M: {}, L: [] })],
    [1, () => ({})],
    [1, () => ({ X: 'a' })],
    [1, () => ({ s: 'a' })],
    [1, () => ({ S: null })],
    [1, () => ({ N: null, S: 'a' })],
    [1, () => ({ B: dice.of(['a', 'YQ', '====', 'YQ==YQ==', 'é']) })],
    [1, () => nested(dice.of([30, 31, 32, 33]), dice.chance(0.5) ? (v) => L(v) : (v) => M({ a: v }))],
    [1, () => ({ L: [{}] })],
    [1, () => ({ M: { '': S('x') } })],
    [1, () => ({ M: { a: N(dice.of(wrongNumbers)) } })],
    [1, () => ({ SS: [dice.of(['a', '']), null] })],
    [1, () => S('y'.repeat(dice.of([5000, 70000])))],
  ])();
}

// Values of a key attribute: few, so that requests meet each other's items.
const keyValues = {
  S: ['p', 'q', 'pq', 'é', 'P', '\u{1F600}'].map(S),
  N: ['1', '2', '-3', '10', '1e3', '0.5', '2.0'].map(N),
  B: ['p', 'q', 'pq', '\u0000', 'ÿ'].map(B),
};

// `few` of them: partitions should be shared.
export function keyValue(dice, type, few = Infinity) {
  return dice.of(keyValues[type].slice(0, few));
}

// What no key may be, or only just.
export function oddKeyValue(dice, type) {
  const text = (length) => 'k'.repeat(length);
  return dice.weighted([
    [2, () => ({ S: S(''), N: N('x'), B: { B: '' } })[type]],
    [2, () => ({ S: N('1'), N: S('1'), B: S('YQ==') })[type]],
    [1, () => dice.of([BOOL(true), NULL, L(), M({}), { SS: ['a'] }])],
    [2, () => (type === 'N' ? N('1'.repeat(39)) : type === 'S' ? S(text(dice.of([1024, 1025, 2048, 2049]))) : B(text(dice.of([1024, 1025, 2048, 2049]))))],
    [1, () => oddValue(dice)],
  ])();
}
