// The language of ConditionExpression and FilterExpression: every operator and
// function against a rich item, and every way to write it wrongly.
import { Cases, S, N, B, BOOL, NULL, SS, NS, BS, L, M, table } from '../lib/corpus.mjs';

export const subject = 'conditions';
const T = 'compare-conditions';
const item = {
  pk: S('p'), s: S('hello'), s2: S('hellp'), e: S(''), n: N('5'), n2: N('10'), neg: N('-3'), b: B('abc'), eb: { B: '' },
  t: BOOL(true), f: BOOL(false), nul: NULL, ss: SS('a', 'b'), ns: NS(1, 2, 3), bs: BS('x', 'y'),
  l: L(S('a'), N(1), L(S('deep')), M({ k: S('v') })), m: M({ a: S('x'), b: M({ c: N(7) }), l: L(N(1), N(2)) }),
  el: L(), em: M({}), 'with space': S('ws'), 'a.b': S('dot'), size: N(1),
};
export const setup = [table(T), ['PutItem', { TableName: T, Item: item }]];

const c = new Cases();
export const cases = c.list;

// The item itself is never changed: DeleteItem of an absent key would not see
// it, so a condition is asked through a PutItem that writes the same item.
function condition(expression, values, names, extra = {}) {
  const body = { TableName: T, Item: item, ConditionExpression: expression, ...extra };
  if (values) body.ExpressionAttributeValues = values;
  if (names) body.ExpressionAttributeNames = names;
  const suffix = [values && JSON.stringify(values), names && JSON.stringify(names)].filter(Boolean).join(' ');
  const label = `${expression.trim() === '' ? JSON.stringify(expression) : expression.length > 200 ? `${expression.slice(0, 60)}...(${expression.length})` : expression} ${suffix.length > 160 ? `${suffix.slice(0, 150)}...(${suffix.length})` : suffix}`;
  c.it(label.trim(), 'PutItem', body);
}

// Comparisons: every pair of types with every comparator.
const operands = {
  ':s': S('hello'), ':e': S(''), ':n': N('5'), ':n5': N('5.00'), ':b': B('abc'), ':t': BOOL(true), ':nul': NULL,
  ':ss': SS('b', 'a'), ':ns': NS('3', '2.0', '1'), ':bs': BS('y', 'x'), ':l': item.l, ':m': item.m,
};
for (const path of ['s', 'n', 'b', 't', 'nul', 'ss', 'ns', 'bs', 'l', 'm', 'nope']) {
  for (const [name, value] of Object.entries(operands)) {
    condition(`${path} = ${name}`, { [name]: value });
  }
}
for (const op of ['<>', '<', '<=', '>', '>=']) {
  for (const [path, name] of [['s', ':s'], ['n', ':n'], ['b', ':b'], ['s', ':n'], ['n', ':s'], ['nope', ':s'], ['s', ':e']]) {
    condition(`${path} ${op} ${name}`, { [name]: operands[name] });
  }
  for (const name of [':t', ':nul', ':ss', ':ns', ':bs', ':l', ':m']) {
    condition(`${name.slice(1)} ${op} ${name}`, { [name]: operands[name] });
  }
}
for (const e of ['s < s2', 's = s', 'n < n2', 'neg < n', 'n2 > n', 's <> nope', 'nope = nope', 'nope <> nope',
  'l[0] = m.a', 'm.b.c > n', 'ss = ss', 'l = l', 't = t', 't < t', 'ss < ss', 's < n', 'm.l[1] = l[1]', 'm.l[1] > l[1]',
  'l[9] = l[9]', 's.x = s', 's[0] = s', 'l.x = s', 'm[0] = s']) condition(e);
condition(':a = :b', { ':a': N(1), ':b': N('1.0') });
condition(':a < :b', { ':a': N(1), ':b': S('x') });
condition(':a = n', { ':a': N(5) });
condition(':a = :a', { ':a': N(5) });
condition(':a < n', { ':a': N(4) });
condition('ss < :a', { ':a': SS('z') });
condition(':a < :b', { ':a': BOOL(true), ':b': BOOL(true) });
condition(':a < ss', { ':a': NULL });

// BETWEEN and IN.
condition('n BETWEEN :a AND :b', { ':a': N(1), ':b': N(5) });
condition('n BETWEEN :a AND :b', { ':a': N(6), ':b': N(9) });
condition('n BETWEEN :a AND :b', { ':a': N(9), ':b': N(1) });
condition('n BETWEEN :a AND :b', { ':a': N('1e1'), ':b': N('007') });
condition('n BETWEEN :a AND :b', { ':a': N(1), ':b': S('x') });
condition('n BETWEEN :a AND :b', { ':a': BOOL(true), ':b': BOOL(true) });
condition('n BETWEEN :a AND :b', { ':a': L(), ':b': L() });
condition('s BETWEEN :a AND :b', { ':a': S('a'), ':b': S('z') });
condition('s BETWEEN :a AND :b', { ':a': N(1), ':b': N(2) });
condition('s BETWEEN :a AND s2', { ':a': S('z') });
condition(':a BETWEEN s AND s2', { ':a': S('helloo') });
condition(':a BETWEEN :b AND :c', { ':a': N(1), ':b': N(3), ':c': N(2) });
condition('n BETWEEN n AND n2');
condition('n between :a and :b', { ':a': N(1), ':b': N(5) });
condition('n BETWEEN :a', { ':a': N(1) });
condition('n BETWEEN :a, :b', { ':a': N(1), ':b': N(1) });
condition('BETWEEN :a AND :b', { ':a': N(1), ':b': N(1) });
condition('NOT n BETWEEN :a AND :b AND n = :a', { ':a': N(1), ':b': N(3) });
condition('n NOT BETWEEN :a AND :b', { ':a': N(1), ':b': N(3) });
condition('b BETWEEN :a AND :b', { ':a': B('aaa'), ':b': B('zzz') });
condition('s IN (:a)', { ':a': S('hello') });
condition('s IN (:a, :b)', { ':a': S('x'), ':b': S('hello') });
condition('s IN (:a, :b)', { ':a': N(1), ':b': S('hello') });
condition('s in (s2, s)');
condition('s IN ()');
condition('s IN (:a,)', { ':a': S('x') });
condition('s IN :a', { ':a': SS('hello') });
condition('s IN (:a', { ':a': S('x') });
condition('ss IN (:a)', { ':a': SS('a', 'b') });
condition('nope IN (:a)', { ':a': S('x') });
condition('NOT s IN (:a)', { ':a': S('hello') });
condition('s NOT IN (:a)', { ':a': S('hello') });
condition('l IN (l, :a)', { ':a': L() });
condition('(s) IN (:a)', { ':a': S('hello') });
condition('s IN ((:a))', { ':a': S('hello') });
condition('s IN ((:a, :b))', { ':a': S('hello'), ':b': S('x') });
condition('size(s) IN (:a)', { ':a': N(5) });
{
  const values = (n) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`:v${i}`, N(i)]));
  for (const count of [100, 101]) condition(`n IN (${Object.keys(values(count)).join(', ')})`, values(count));
}

// Logic and precedence.
const tf = { ':t': BOOL(true) };
for (const e of ['t = :t AND f = :t', 't = :t OR f = :t', 'NOT t = :t', 'NOT f = :t', 'NOT NOT t = :t', 'NOT (t = :t AND f = :t)',
  't = :t OR t = :t AND f = :t', 'f = :t AND f = :t OR t = :t', '(t = :t OR t = :t) AND f = :t', 'NOT f = :t AND f = :t',
  'NOT (f = :t) OR f = :t', 't = :t and not f = :t', 't = :t Or f = :t', '(t = :t)', '((t = :t))', '(((t = :t)))',
  '((t = :t) AND (t = :t))', '(t) = :t', 't = (:t)', '((t)) = :t', '(t = :t) = :t', 't = :t = :t', 't', ':t', 'NOT t',
  't AND t = :t', 't = :t AND', 'AND t = :t', 't = :t OR OR t = :t', '(t = :t', 't = :t)', '()', '', ' ', 'NOT', 't = ', '= :t',
  't == :t', 't != :t', 't ! :t', 't => :t', 't =:t', 't=:t', 't<>:t', '  t   =   :t  ', 't\n=\t:t', 't = :t;', 't = :t -- x',
  't & :t', 't && :t', 't | :t', '"t" = :t', "t = 'x'", 't = true', 't = TRUE', 't = null', 't = 5', 't = -5', 't = 1.5', 't + :t = :t',
  'f = :t OR (f = :t OR (f = :t OR t = :t))', '(f = :t) OR (t = :t)', '((t = :t) OR (f = :t)) AND t = :t',
  '(t = :t) AND ((f = :t))', 't = :t XOR t = :t', 't : t', 't = : t', 't = # t', 't = :', 't = #', 't LIKE :t', 't IS :t',
  't = :t AND (', 't = :t, f = :t', 't = :t t', 't t', '@t = :t', 't = $t', 't = %', 't = *', '\u00e9 = :t', '_t = :t', 't_1 = :t',
  '1t = :t', 't-1 = :t', 't.1 = :t', 't.:t = :t', '((t)) = = :t', 't. = :t', '.t = :t', 't..t = :t', 't[ = :t', 't[] = :t', 't[x] = :t', 't[-1] = :t', 't[0 = :t',
  't[1.5] = :t', 't[:t] = :t', 't[#t] = :t', 'l[0][1][2] = :t', 'l[00] = :t', 'l[ 0 ] = :t', 'l[99999999999] = :t', 'l[2147483648] = :t',
  'l[2147483647] = :t', 'm . a = :t', 'm.a.b.c.d = :t', ':t.a = :t', ':t[0] = :t', 'size = :t', 'SIZE = :t', 'size(t) = :t']) {
  condition(e, e.includes(':t') ? tf : undefined);
}

// Functions.
for (const name of ['attribute_exists', 'attribute_not_exists']) {
  for (const a of ['s', 'nope', 'm.a', 'm.z', 'l[0]', 'l[9]', 's.x', 'm', 'nul', 's, s', '', 'size(s)', '(s)', 'attribute_exists(s)', 'm.b.c', 'l[3].k', 'pk']) {
    condition(`${name}(${a})`);
  }
  condition(`${name}(:a)`, { ':a': S('s') });
  condition(`${name} (s)`);
  condition(`${name}(s) = :t`, tf);
  condition(`${name}`);
  condition(`${name.toUpperCase()}(s)`);
  condition(`NOT ${name}(s)`);
  condition(`(${name}(s))`);
}
for (const type of ['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M']) {
  for (const path of ['s', 'n', 'b', 't', 'nul', 'ss', 'ns', 'bs', 'l', 'm', 'nope']) {
    if (path === 's' || path === 'nope' || path.toUpperCase() === type || type === 'BOOL' || type === 'NULL') {
      condition(`attribute_type(${path}, :t)`, { ':t': S(type) });
    }
  }
}
for (const bad of [S('X'), S(''), S('s'), S('STRING'), N(1), BOOL(true), NULL, SS('S', 'N'), L(S('S')), M({})]) {
  condition('attribute_type(s, :t)', { ':t': bad });
}
condition('attribute_type(s, s)');
condition('attribute_type(:s, :t)', { ':s': S('x'), ':t': S('S') });
condition('attribute_type(s)');
condition('attribute_type(s, :t, :t)', { ':t': S('S') });
condition('attribute_type(:t, s)', { ':t': S('S') });
condition('attribute_type(size(s), :t)', { ':t': S('N') });
for (const [path, value] of [['s', S('he')], ['s', S('')], ['s', S('x')], ['s', S('hello!')], ['b', B('ab')], ['b', S('ab')], ['s', B('he')],
  ['n', S('5')], ['n', N('5')], ['s', N('5')], ['s', BOOL(true)], ['s', NULL], ['s', SS('he')], ['s', L()], ['s', M({})], ['nope', S('x')],
  ['l', S('a')], ['ss', S('a')], ['e', S('')], ['m.a', S('x')]]) condition(`begins_with(${path}, :p)`, { ':p': value });
for (const e of ['begins_with(s, s)', 'begins_with(s, s2)', 'begins_with(s)', 'begins_with()', 'begins_with(s, s, s)', 'begins_with(n, n)',
  'begins_with(s, n)', 'begins_with(s, nope)', 'begins_with s', 'begins_With(s, s)', 'starts_with(s, s)', 'foo(s)', 'exists(s)', 'contains(s)', 'contains(s, s, s)', 'contains()',
  'contains(s, s)', 'contains(ss, s)', 'contains(l, n)', 'contains(s, n)', 'contains(nope, s)', 'contains(s, nope)', 'contains(l, l)',
  'contains(s, s2)', 'if_not_exists(s, s)', 'list_append(l, l)', 'if_not_exists(s, s) = s', 's = if_not_exists(s, s)', 'list_append(l, l) = l', 'size(s)', 'size(s) = size(s2)', 'size(s) = n', 'size(s, s) = n',
  'size() = n', 'size(size(s)) = n', 'NOT size(s) = n', 'size(l) < size(m)', 'size(n) = n', 'size(t) = n', 'size(nul) = n', 'size(nope) = n',
  'n = size(s)', 'attribute_exists(size)', 'begins_with(begins_with(s, s), s)', 'begins_with(s, size(s))', 'contains(s, size(s))', 'contains(attribute_exists(s), s)', 'begins_with(s,s) = t', 'contains(s, s) AND attribute_exists(s)']) condition(e);
for (const [path, value] of [['s', S('ell')], ['s', S('')], ['s', S('z')], ['s', N(1)], ['s', B('h')], ['ss', S('a')], ['ss', S('z')], ['ss', N(1)],
  ['ns', N('2.0')], ['ns', N(9)], ['ns', S('2')], ['bs', B('x')], ['bs', S('x')], ['l', S('a')], ['l', N('1.0')], ['l', L(S('deep'))], ['l', M({ k: S('v') })],
  ['l', BOOL(true)], ['l', S('deep')], ['b', B('bc')], ['b', S('bc')], ['n', N(5)], ['m', S('a')], ['ss', SS('a')], ['s', SS('h')], ['t', BOOL(true)], ['nul', NULL], ['el', S('x')], ['l', NULL], ['s', L()], ['s', M({})], ['s', BOOL(true)], ['s', NULL]]) {
  condition(`contains(${path}, :p)`, { ':p': value });
}
condition('contains(:p, s)', { ':p': S('say hello') });
condition('contains(:p, s)', { ':p': L(S('hello')) });
condition('contains(:p, :p)', { ':p': S('x') });
condition('begins_with(:p, s)', { ':p': S('hello world') });
condition('begins_with(:p, :q)', { ':p': S('hello world'), ':q': N(1) });
for (const [path, size] of [['s', 5], ['e', 0], ['b', 3], ['eb', 0], ['ss', 2], ['ns', 3], ['bs', 2], ['l', 4], ['m', 3], ['el', 0], ['em', 0], ['n', 1], ['t', 1], ['nul', 1], ['nope', 0], ['m.l', 2], ['l[2]', 1]]) {
  condition(`size(${path}) = :n`, { ':n': N(size) });
  if (size) condition(`size(${path}) >= :n`, { ':n': N(1) });
}
for (const v of [S('h\u00e9llo'), S('\ud83d\ude00'), N(5), N('-12.345'), BOOL(true), NULL, SS('a'), L(), M({}), B('abc')]) condition('size(:v) > :n', { ':v': v, ':n': N(0) });
condition('size(s) = :n', { ':n': S('5') });
condition('size(s) < :n', { ':n': S('5') });
condition('size(s) BETWEEN :a AND :b', { ':a': N(1), ':b': N(9) });
condition('size(s) + :n = :n', { ':n': N(1) });

// Placeholders.
condition('#s = :s', { ':s': S('hello') }, { '#s': 's' });
condition('#s = :s', { ':s': S('hello') });
condition('s = :s');
condition('s = :s', {});
condition('s = :s', { ':s': S('hello'), ':u': S('x') });
condition('s = :s', { ':s': S('hello'), ':u': S('x'), ':w': S('x') });
condition('s = :s', { ':s': S('hello') }, { '#u': 'u' });
condition('s = :s', { ':s': S('hello') }, { '#u': 'u', '#w': 'w' });
condition('s = :s', { ':s': S('hello'), ':u': N(1) }, { '#u': 'u' });
condition('s = :s', { ':s': S('hello') }, {});
condition('attribute_exists(s)', {}, {});
condition('attribute_exists(s)', {});
condition('attribute_exists(s)', undefined, {});
condition('#s = :x', { ':u': S('x') }, { '#u': 's' });
condition('#s = :x AND s = :u', { ':u': S('x') }, { '#u': 's' });
condition('#0 = :0', { ':0': S('hello') }, { '#0': 's' });
condition('#_ = :_', { ':_': S('hello') }, { '#_': 's' });
condition('#s.#s = :s', { ':s': S('hello') }, { '#s': 's' });
condition('#ws = :s', { ':s': S('ws') }, { '#ws': 'with space' });
condition('#d = :s', { ':s': S('dot') }, { '#d': 'a.b' });
condition('#d = :s', { ':s': S('dot') }, { '#d': 'm.a' });
condition('#m.#a = :s', { ':s': S('x') }, { '#m': 'm', '#a': 'a' });
condition('#l[0] = :s', { ':s': S('a') }, { '#l': 'l' });
condition('#s = :s', { ':s': S('x') }, { '#s': '' });
condition('#s = :s', { ':s': S('x') }, { '#s': 'x'.repeat(255) });
condition('#s = :s', { ':s': S('x') }, { '#s': 'x'.repeat(65535) });
condition('#s = :s', { ':s': S('x') }, { '#s': 'x'.repeat(65536) });
for (const n of ['s', '#', '', '#a-b', '#a b', '##a', ':s', '#é', `#${'x'.repeat(254)}`, `#${'x'.repeat(255)}`]) {
  condition('s = :s', { ':s': S('x') }, { [n]: 's' });
}
for (const v of ['s', ':', '', ':a-b', ':a b', '::a', '#s', ':é', `:${'x'.repeat(254)}`, `:${'x'.repeat(255)}`]) {
  condition('s = :s', { ':s': S('x'), [v]: S('x') });
}
condition('s = :a-b', { ':a-b': S('x') });
condition('#s = :s', { ':s': S('x') }, { '#s': 5 });
condition('#s = :s', { ':s': S('x') }, { '#s': null });
condition('s = :s', { ':s': {} });
condition('s = :s', { ':s': null });
condition('s = :s', { ':s': 'x' });
condition('s = :s', { ':s': { X: 'x' } });
condition('s = :s', { ':s': { S: 'x', N: '1' } });
condition('s = :s', { ':s': { N: 'x' } });
condition('s = :s', { ':s': { N: '' } });
condition('s = :s', { ':s': { SS: [] } });
condition('s = :s', { ':s': { SS: ['a', 'a'] } });
condition('s = :s', { ':s': { NS: ['1', '1.0'] } });
condition('s = :s', { ':s': { NULL: false } });
condition('s = :s', { ':s': { N: '1'.repeat(39) } });
condition('s = :s', { ':s': { N: '1e126' } });
condition('s = :s', { ':s': L({ N: 'x' }) });
condition('s = :s', { ':s': M({ a: {} }) });
condition('s = :s', { ':s': { SS: ['a', ''] } });
condition('s = :s', { ':s': { B: 'not base64!' } });

// Reserved words, in every case of letter, at each place of a path.
for (const w of ['name', 'NAME', 'Name', 'status', 'data', 'year', 'month', 'date', 'time', 'timestamp', 'user', 'users', 'count', 'value', 'values', 'key', 'keys', 'order',
  'comment', 'abort', 'zone', 'set', 'SET', 'add', 'remove', 'delete', 'and', 'or', 'not', 'between', 'in', 'list', 'map', 'string', 'number', 'binary', 'boolean', 'true', 'false',
  'null', 'ttl', 'url', 'uuid', 'type', 'role', 'group', 'size', 'contains', 'begins_with', 'attribute_exists', 'if_not_exists', 'missing', 'hash', 'range', 'index', 'item', 'items', 'table', 'region', 'source', 'owner', 'path', 'percent', 'partition', 'language', 'level', 'limit', 'local', 'location', 'log', 'mode', 'names', 'object', 'option', 'position', 'public', 'rank', 'session', 'state', 'text', 'title', 'token', 'total', 'view', 'work', 'id', 'artist', 'song', 'album', 'userId', 'createdAt', 'genre', 'email']) {
  condition(`attribute_exists(${w})`);
}
condition('attribute_exists(m.name)');
condition('attribute_exists(name.m)');
condition('attribute_exists(l[0].name)');
condition('name = :s', { ':s': S('x') });
condition('name = :s AND status = :s', { ':s': S('x') });
condition('name');
condition('size(name) = :s', { ':s': N(1) });
condition('name = :s AND (', { ':s': S('x') });
condition('name = :u');
condition('contains(s)  AND name = :s', { ':s': S('x') });

// Limits.
const or = (n) => Array.from({ length: n }, () => 'n = :n').join(' OR ');
for (const n of [100, 150, 151, 300, 301, 400]) condition(or(n), { ':n': N(5) });
const pad = (n) => 'attribute_exists(s)'.padEnd(n, ' ');
for (const n of [4095, 4096, 4097]) condition(pad(n));
condition(`s = :s`.padEnd(4097), { ':s': S('x') });
const parens = (n) => `${'('.repeat(n)}n = :n${')'.repeat(n)}`;
const nots = (n) => `${'NOT '.repeat(n)}n = :n`;
const nestedOr = (n) => `${'(n = :n OR '.repeat(n)}n = :n${')'.repeat(n)}`;
for (const n of [10, 31, 32, 33, 100]) condition(nestedOr(n), { ':n': N(5) });
for (const n of [2, 10, 31, 32, 299, 300, 301]) condition(nots(n), { ':n': N(5) });
for (const n of [2, 32, 300]) condition(parens(n), { ':n': N(5) });
const dotted = (n) => Array.from({ length: n }, () => 'm').join('.');
for (const n of [31, 32, 33, 34, 50]) condition(`attribute_exists(${dotted(n)})`);
for (const n of [31, 32, 33]) condition(`attribute_exists(l${'[0]'.repeat(n)})`);
condition(`attribute_exists(${'a'.repeat(255)})`);
condition(`attribute_exists(${'a'.repeat(256)})`);
condition(`attribute_exists(${'a'.repeat(4000)})`);
condition(`s = :${'a'.repeat(256)}`, { [`:${'a'.repeat(256)}`]: S('x') });

// What is reported first.
condition('s = :s AND', { ':s': S('x'), ':u': S('x') });
condition('s = :undefined AND name = :s', { ':s': S('x') });
condition('name = :undefined', { ':s': S('x') });
condition('begins_with(s, :undefined)', { ':s': N(1) });
condition('begins_with(s, :n) AND s = :undefined', { ':n': N(1) });
condition('begins_with(s, :n) AND name = :n', { ':n': N(1) });
condition('begins_with(s, :n)', { ':n': N(1), ':u': N(1) });
condition('foo(s) AND s = :undefined');
condition('foo(name)');
condition('contains(s) AND s = :undefined');
condition('attribute_type(s, :t) AND s = :undefined', { ':t': S('X') });
condition('s = s AND contains(s)');
condition('((s = :undefined))');
condition('((n = :n)) AND begins_with(s, :n)', { ':n': N(1) });
condition('#undefined = :undefined');
condition('#undefined = :undefined AND name = s');
condition('s = :n AND ((n = :n))', { ':n': N(1) }, { '#u': 'x' });
for (const [what, body] of Object.entries({
  'nope table, bad condition': { TableName: 'compare-none', Item: { pk: S('x') }, ConditionExpression: 's =' },
  'nope table, unused value': { TableName: 'compare-none', Item: { pk: S('x') }, ExpressionAttributeValues: { ':a': S('x') } },
  'bad key, bad condition': { TableName: T, Item: { pk: N('1') }, ConditionExpression: 's =' },
  'nope key, unused value': { TableName: T, Item: { x: N('1') }, ConditionExpression: 's = s', ExpressionAttributeValues: { ':a': S('x') } },
  'bad item value, bad condition': { TableName: T, Item: { pk: S('x'), a: { N: 'x' } }, ConditionExpression: 's =' },
  'bad value, bad condition': { TableName: T, Item: { pk: S('x') }, ConditionExpression: 's =', ExpressionAttributeValues: { ':a': { N: 'x' } } },
  'values without any expression': { TableName: T, Item: { pk: S('x') }, ExpressionAttributeValues: { ':a': S('x') } },
  'names without any expression': { TableName: T, Item: { pk: S('x') }, ExpressionAttributeNames: { '#a': 'x' } },
  'both without any expression': { TableName: T, Item: { pk: S('x') }, ExpressionAttributeNames: { '#a': 'x' }, ExpressionAttributeValues: { ':a': S('x') } },
  'empty values without any expression': { TableName: T, Item: { pk: S('x') }, ExpressionAttributeValues: {} },
  'empty names without any expression': { TableName: T, Item: { pk: S('x') }, ExpressionAttributeNames: {} },
  'bad names without any expression': { TableName: T, Item: { pk: S('x') }, ExpressionAttributeNames: { a: 'x' } },
  'bad values without any expression': { TableName: T, Item: { pk: S('x') }, ExpressionAttributeValues: { a: S('x') } },
  'null condition': { TableName: T, Item: { pk: S('x') }, ConditionExpression: null },
})) c.it(`order: ${what}`, 'PutItem', body);

// What a failed condition answers.
for (const values of ['ALL_OLD', 'NONE', 'ALL_NEW', 'x', '']) {
  for (const [operation, body] of [
    ['PutItem', { Item: item }],
    ['DeleteItem', { Key: { pk: S('p') } }],
    ['UpdateItem', { Key: { pk: S('p') }, UpdateExpression: 'SET zz = s' }],
  ]) {
    c.it(`${operation} fails, ReturnValuesOnConditionCheckFailure ${values}`, operation, {
      TableName: T, ...body, ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: values,
    });
  }
}
for (const [operation, body] of [
  ['PutItem', { Item: { pk: S('absent') } }],
  ['DeleteItem', { Key: { pk: S('absent') } }],
  ['UpdateItem', { Key: { pk: S('absent') }, UpdateExpression: 'SET zz = s' }],
  ['UpdateItem', { Key: { pk: S('absent') } }],
]) {
  c.it(`${operation} of an absent item fails ${Object.keys(body).length}`, operation, {
    TableName: T, ...body, ConditionExpression: 'attribute_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD', ReturnConsumedCapacity: 'TOTAL',
  });
  for (const e of ['s <> :s', 'NOT s = :s', 's = :s', 'attribute_exists(s)', 'NOT s > :s', 'NOT contains(s, :s)', 'NOT size(s) > :s', 'size(s) > :s']) {
    c.it(`${operation} of an absent item if ${e} ${Object.keys(body).length}`,
      ...[[operation, { TableName: T, ...body, ConditionExpression: e, ExpressionAttributeValues: e.includes(':') ? { ':s': S('x') } : undefined }],
        ['DeleteItem', { TableName: T, Key: { pk: S('absent') } }]]);
  }
}
