// The language of UpdateExpression, and UpdateItem's own parameters.
import { Cases, S, N, B, BOOL, NULL, SS, NS, BS, L, M, table } from '../lib/corpus.mjs';

export const subject = 'updates';
const T = 'compare-updates';
const item = {
  pk: S('p'), s: S('hello'), n: N('5'), n2: N('10'), b: B('abc'), t: BOOL(true), nul: NULL,
  ss: SS('a', 'b'), ns: NS(1, 2, 3), bs: BS('x', 'y'), ss1: SS('only'),
  l: L(S('a'), S('b'), S('c'), S('d')), l2: L(N(1)), el: L(), ll: L(L(S('x'), S('y'))), m: M({ a: S('x'), b: M({ c: N(7) }), l: L(N(1), N(2)) }), em: M({}),
  big: N('9'.repeat(38)), tiny: N('1E-130'), mx: N('9.9999999999999999999999999999999999999E+125'), frac: N('0.1'),
};
export const setup = [table(T), table('compare-updates-range', { sortType: 'N' })];
const c = new Cases();
export const cases = c.list;
const Key = { pk: S('p') };

// The item is put back, updated, and the whole of it returned.
function update(expression, values, names, extra = {}) {
  const body = { TableName: T, Key, UpdateExpression: expression, ReturnValues: 'ALL_NEW', ...extra };
  if (values) body.ExpressionAttributeValues = values;
  if (names) body.ExpressionAttributeNames = names;
  const text = `${expression === undefined || String(expression).trim() === '' ? JSON.stringify(expression) : expression} ${values ? JSON.stringify(values) : ''} ${names ? JSON.stringify(names) : ''} ${Object.keys(extra).length ? JSON.stringify(extra) : ''}`;
  c.it(text.length > 200 ? `${text.slice(0, 190)}...(${text.length})` : text.trim(), ['PutItem', { TableName: T, Item: item }], ['UpdateItem', body]);
}
const x = { ':x': S('nw') };
const one = { ':x': N(1) };

// SET of every type, to every kind of path.
for (const v of [S('v'), S(''), N('1.50'), B('b'), { B: '' }, BOOL(false), NULL, SS('z'), NS('2.0'), BS('q'), L(), L(N(1), S('')), M({}), M({ x: M({ y: NULL }) })]) update('SET nw = :v', { ':v': v });
for (const path of ['s', 'nw', 'm.a', 'm.nw', 'm.b.c', 'm.b.nw', 'm.l[0]', 'm.l[1]', 'm.l[2]', 'm.l[50]', 'l[0]', 'l[3]', 'l[4]', 'l[99]', 'el[0]', 'el[7]', 'em.a',
  'nope.a', 'nope[0]', 's.a', 's[0]', 'l.a', 'm[0]', 'm.nope.a', 'l[9].a', 'l[0].a', 'n.x', 'ss[0]', 'pk', 'pk.a', 'pk[0]', 'll[0][0]', 'll[0][9]', 'll[1][0]', 'nul.x', 't.x']) {
  update(`SET ${path} = :x`, x);
}
for (const e of ['SET a = s', 'SET a = m.a', 'SET a = m.b.c', 'SET a = l[1]', 'SET a = l', 'SET a = m', 'SET a = nope', 'SET a = m.nope', 'SET a = l[9]', 'SET s = s', 'SET a = s, c = n',
  'SET s = n, n = s', 'SET l[0] = l[1], l[1] = l[0]', 'SET m.a = m.b', 'SET m.a = m', 'SET m = m.b', 'SET l = l[0]', 'SET a = ss', 'SET a = s SET c = n', 'SET a = s REMOVE s', 'REMOVE s SET a = s',
  'REMOVE s, n', 'REMOVE nope', 'REMOVE m.a', 'REMOVE m.nope', 'REMOVE nope.a', 'REMOVE s.a', 'REMOVE m.b.c, m.a', 'REMOVE l[0]', 'REMOVE l[0], l[1]', 'REMOVE l[1], l[3]', 'REMOVE l[3], l[1]', 'REMOVE l[9]', 'REMOVE m.l[0]', 'REMOVE l[0], l[1], l[2], l[3]',
  'REMOVE pk', 'REMOVE pk.a', 'REMOVE s, s', 'REMOVE m, m.a', 'REMOVE m.a, m', 'REMOVE l, l[0]', 'REMOVE l[0], l', 'REMOVE l[0], l[0]', 'REMOVE m.b, m.b.c', 'REMOVE s REMOVE n', 'REMOVE', 'REMOVE ', 'REMOVE ,', 'REMOVE s,', 'REMOVE s n', 'REMOVE :x', 'REMOVE size(s)',
  'REMOVE s = n', 'REMOVE (s)', 'REMOVE ll[0][0]', 'REMOVE nope[0]', 'REMOVE l.a', 'REMOVE m[0]', 'remove s', 'Remove s', 'SET', 'SET ', 'SET a', 'SET a =', 'SET a = ', 'SET = s', 'SET a = s,', 'SET a = s, ', 'SET , a = s', 'SET a = s c = n', 'SET a s', 'SET a == s',
  'SET (a) = s', 'SET a = (s)', 'SET a = ((s))', 'SET (a = s)', '(SET a = s)', 'set a = s', 'sEt a = s', 'SET a = s;', 'SETa = s', 'SET\ta\n=\ns', 'a = s', 's', '', ' ', 'UPDATE a = s', 'SET a <> s', 'SET a < s', 'SET a = s AND c = n', 'SET a = NOT t', 'SET a = 5', "SET a = 'x'", 'SET a = -n', 'SET a = +n',
  'SET a := s', 'SET a += n', 'SET a = n + n2', 'SET a = n - n2', 'SET a = n * n2', 'SET a = n / n2', 'SET a = n + n2 + n', 'SET a = (n + n2)', 'SET a = (n + n2) - n', 'SET a = n+n2', 'SET a = n-n2', 'SET a = n +n2', 'SET a = n - -n2', 'SET a = n + ', 'SET a = + n',
  'SET n = n + n', 'SET a = s + n', 'SET a = n + s', 'SET a = n + nope', 'SET a = nope + n', 'SET a = l + n', 'SET a = m.b.c + m.l[0]', 'SET a = big + n', 'SET a = big + l2[0]', 'SET a = mx + mx', 'SET a = tiny - n', 'SET a = frac + frac', 'SET a = big + frac', 'SET a = n - n', 'SET a = mx - mx', 'SET a = tiny + tiny', 'SET a = mx + tiny',
  'SET a = if_not_exists(s, n)', 'SET a = if_not_exists(nope, n)', 'SET a = if_not_exists(nope, nope2)', 'SET a = if_not_exists(a, n)', 'SET a = if_not_exists(s)', 'SET a = if_not_exists(s, n, n)', 'SET a = if_not_exists()', 'SET a = if_not_exists(m.a, n)', 'SET a = if_not_exists(m.nope, n)',
  'SET a = if_not_exists(nope, if_not_exists(nope2, n))', 'SET a = if_not_exists(if_not_exists(a, n), n)', 'SET n = if_not_exists(n, n) + n', 'SET a = if_not_exists(nope, n) + if_not_exists(n, nope)', 'SET a = if_not_exists(nope, n + n2)', 'SET a = if_not_exists(s, s)', 'SET a = IF_NOT_EXISTS(s, n)',
  'SET a = list_append(l, l2)', 'SET a = list_append(l, l)', 'SET a = list_append(l, nope)', 'SET a = list_append(nope, l)', 'SET a = list_append(s, l)', 'SET a = list_append(l, s)', 'SET a = list_append(l)', 'SET a = list_append(l, l, l)', 'SET a = list_append()', 'SET l = list_append(l, l2)', 'SET a = list_append(el, el)', 'SET a = list_append(ss, l)', 'SET a = list_append(ll[0], l)',
  'SET a = list_append(if_not_exists(nope, l), l2)', 'SET a = list_append(list_append(l, l2), l2)', 'SET a = list_append(l, n + n2)', 'SET a = if_not_exists(nope, list_append(l, l2))', 'SET a = size(s)', 'SET a = contains(s, s)', 'SET a = attribute_exists(s)', 'SET a = foo(s)', 'SET a = begins_with(s, s)', 'SET a = attribute_type(s, s)', 'SET size(s) = n', 'SET if_not_exists(a, n) = n', 'SET foo(a) = n', 'SET a = size(s) + n', 'SET a = list_append(l, l2) + n',
  'SET a = s, a = n', 'SET a = s, a.c = n', 'SET a.c = n, a = s', 'SET m.a = s, m = n', 'SET m = n, m.a = s', 'SET m.a = s, m.b = n', 'SET m.a = s, m.a = n', 'SET l[0] = s, l[1] = n', 'SET l[0] = s, l = l2', 'SET l[0] = s, l[0] = n', 'SET m.a = s, m[0] = n', 'SET l[0] = s, l.a = n', 'SET m.b.c = s, m.b[0] = n', 'SET s = n REMOVE s', 'SET m.a = s REMOVE m', 'SET m = n REMOVE m.a', 'SET m.a = n REMOVE m.b', 'SET l[0] = n REMOVE l[1]', 'SET l[1] = n REMOVE l[0]', 'SET l[9] = n REMOVE l[0]', 'SET l[9] = n, l[7] = s', 'SET l[7] = n, l[9] = s', 'SET el[5] = n, el[1] = s, el[3] = b',
  'SET a = s SET c = s', 'SET a = s REMOVE n SET c = s', 'REMOVE s ADD n n', 'SET a = s ADD', 'SET a = s REMOVE', 'SET a = s FOO b', 'SET a = s, REMOVE n', 'SET a = s AND REMOVE n', 'ADD n n2', 'ADD a n', 'DELETE ss ss', 'ADD n', 'ADD', 'ADD n =', 'DELETE', 'DELETE ss', 'ADD n -n', 'ADD n n + n', 'ADD n if_not_exists(n, n)', 'ADD size(s) n', 'SET a = nope2.b.c', 'SET name = s', 'SET a = name', 'REMOVE name', 'SET m.name = s', 'SET a = s, name = n', 'SET nope = name + n', 'SET set = s', 'SET add = s', 'REMOVE remove', 'SET a = list', 'SET a = l[', 'SET a[ = s', 'SET a[0 = s', 'SET a[-1] = s', 'SET a. = s', 'SET a..b = s', 'SET #a = s', 'SET a = :a', 'SET a = #a', 'SET #a = :a', 'SET name = :a', 'SET a = :a, name = s', 'SET a = foo(name)', 'SET a = foo(:a)', 'SET a = s, a = :a', 'SET a = s, a = foo(s)', 'SET a = ((s)), a = s', 'SET l[2147483648] = s', 'SET l[2147483647] = s', 'SET a = l[2147483648]', 'REMOVE l[2147483648]', 'SET pk = s', 'SET pk = pk', 'SET a = pk', 'SET pk = foo(s)', 'SET pk = s, a = nope', 'SET a = nope, pk = s', 'SET a = nope REMOVE pk']) update(e);

// Several errors at once.
for (const e of ['SET a = nope, nope2[0] = s', 'SET nope2[0] = s, a = nope', 'SET a = s + n, c = nope', 'SET a = nope, c = s + n', 'SET nope2.a = nope', 'SET nope2.a = s + n', 'SET a = big + big, nope2.a = s']) update(e);

// Arithmetic.
for (const [path, v] of [['n', '1'], ['n', '-7.5'], ['n', '0'], ['big', '1'], ['big', '0.1'], ['big', '-1'], ['mx', '1E125'], ['mx', '-1'], ['tiny', '1E-130'], ['tiny', '1E-129'], ['n', '1E-130'], ['frac', '0.2'], ['frac', '-0.1'], ['frac', '0.00000000000000000000000000000000000009'], ['n', '12345678901234567890123456789012345678'], ['n', '1E40'], ['n', '0.0000000000000000000000000000000000001'], ['n', '0.00000000000000000000000000000000000001'], ['big', '9E37']]) {
  update(`SET ${path} = ${path} + :x`, { ':x': N(v) });
  update(`SET ${path} = ${path} - :x`, { ':x': N(v) });
  update(`ADD ${path} :x`, { ':x': N(v) });
}
for (const v of [S('1'), B('1'), BOOL(true), NULL, SS('a'), NS(1), L(), M({})]) {
  update('SET a = n + :x', { ':x': v });
  update('SET a = :x - n', { ':x': v });
  update('SET a = nope + :x', { ':x': v });
}
update('SET a = :x + :y', { ':x': N(1), ':y': N(2) });
update('SET a = :x + :x', one);
update('SET a = :x + :y', { ':x': S('a'), ':y': N(2) });
update('SET a = :x - :y', { ':x': N('9'.repeat(38)), ':y': N('0.1') });
update('SET a = nope + :x', one);
update('SET a = if_not_exists(nope, :x) + :x', one);
update('SET a = if_not_exists(nope, :y) + :x', { ':x': N(1), ':y': S('x') });
update('SET a = if_not_exists(:x, n)', one);
update('SET a = if_not_exists(nope, :x)', one);
update('SET a = if_not_exists(m.nope.deeper, :x)', one);
update('SET nope.a = if_not_exists(nope.a, :x)', one);
update('SET m.nw = if_not_exists(m.nw, :x)', one);
update('SET a = list_append(:x, :y)', { ':x': L(N(1)), ':y': L(N(2)) });
update('SET a = list_append(l, :x)', { ':x': L(N(1)) });
update('SET a = list_append(:x, l)', { ':x': L(N(1)) });
update('SET a = list_append(l, :x)', { ':x': S('x') });
update('SET a = list_append(:x, l)', { ':x': SS('x') });
update('SET a = list_append(nope, :x)', { ':x': L(N(1)) });
update('SET a = list_append(s, :x)', { ':x': L(N(1)) });
update('SET m.l = list_append(m.l, :x)', { ':x': L(N(1)) });
update('SET l[1] = list_append(l, :x)', { ':x': L(N(1)) });
update('SET a = if_not_exists(nope, :x) + nope2', one);

// ADD and DELETE.
for (const op of ['ADD', 'DELETE']) {
  for (const path of ['s', 'n', 'b', 't', 'nul', 'ss', 'ns', 'bs', 'l', 'm', 'nw', 'm.b.c', 'm.nw', 'm.nope.x', 'l[0]', 'l[9]', 'nope.x', 'nope[0]', 'pk', 's.x']) {
    for (const v of [N(1), SS('a', 'z'), NS(1, 9)]) update(`${op} ${path} :x`, { ':x': v });
  }
  for (const v of [S('a'), B('a'), BOOL(true), NULL, BS('x', 'q'), L(), M({}), { SS: [] }, { SS: ['a', 'a'] }, { NS: ['1', '1.0'] }]) {
    update(`${op} ss :x`, { ':x': v });
    update(`${op} bs :x`, { ':x': v });
    update(`${op} nw :x`, { ':x': v });
  }
  update(`${op} ss1 :x`, { ':x': SS('only') });
  update(`${op} ss :x`, { ':x': SS('b', 'a') });
  update(`${op} m.set :x`, { ':x': SS('b', 'a') });
  update(`${op} ss :x, ns :y`, { ':x': SS('a'), ':y': NS(1) });
  update(`${op} ss :x, ss :y`, { ':x': SS('a'), ':y': SS('b') });
  update(`${op} ss :x ${op} ns :y`, { ':x': SS('a'), ':y': NS(1) });
  update(`${op} ss s`);
  update(`${op} name :x`, { ':x': SS('a') });
  update(`${op} #s :x`, { ':x': SS('a') }, { '#s': 'ss' });
  update(`${op} ss = :x`, { ':x': SS('a') });
  update(`${op} :x ss`, { ':x': SS('a') });
  update(`${op} ss (:x)`, { ':x': SS('a') });
  update(`${op.toLowerCase()} ss :x`, { ':x': SS('a') });
  update(`SET ss = :x ${op} ss :x`, { ':x': SS('a') });
  update(`SET s = :x ${op} ss :x`, { ':x': SS('a') });
  update(`REMOVE ss ${op} ss :x`, { ':x': SS('a') });
}
update('ADD nw :x DELETE ss :y SET q = :z REMOVE s', { ':x': N(1), ':y': SS('a'), ':z': S('q') });

// Placeholders, and the order of their checks.
update('SET #a = :x', x, { '#a': 'new name' });
update('SET #a.#b = :x', x, { '#a': 'm', '#b': 'a.b' });
update('SET #a = :x, #b = :x', x, { '#a': 's', '#b': 's' });
update('SET #a = :x, s = :x', x, { '#a': 's' });
update('SET a = :x', { ':x': S('x'), ':u': S('x') });
update('SET a = :x', x, { '#u': 'x' });
update('SET a = :x', x, {});
update('SET a = s', {});
update('SET a = s', undefined, {});
update('SET a = :u', x);
update('SET #a = :x', x, { '#a': '' });
update('SET #pk = :x', x, { '#pk': 'pk' });
update('SET a = :x', { ':x': { N: 'abc' } });
update('SET a = :x', { ':x': {} });
update('SET a = :x', { ':x': { SS: [] } });
update('SET a = :x', { ':x': { SS: [''] } });
update('SET a = :x', { ':x': { S: 'a', N: '1' } });
update('SET a = s', undefined, undefined, { ConditionExpression: 's = :x' });
update('SET a = s', x, undefined, { ConditionExpression: 's = :x' });
update('SET a = :x', x, undefined, { ConditionExpression: 's = :x' });
update('SET a = :x', { ':x': S('hello') }, undefined, { ConditionExpression: 's = :x' });
update('SET a = :x', x, undefined, { ConditionExpression: 's =' });
update('SET a =', x, undefined, { ConditionExpression: 's =' });
update('SET a = foo(s)', x, undefined, { ConditionExpression: 's =' });
update('SET a = foo(s)', undefined, undefined, { ConditionExpression: 'foo(s)' });
update('SET pk = s', undefined, undefined, { ConditionExpression: 'foo(s)' });
update('SET pk = s', undefined, undefined, { ConditionExpression: 'attribute_exists(nope)' });
update('SET a = nope', undefined, undefined, { ConditionExpression: 'attribute_exists(nope)' });
update('SET a = nope, pk = s', undefined, undefined, { ConditionExpression: 'attribute_exists(nope)' });
update('', undefined, undefined, { ConditionExpression: '' });
update(undefined);
update(undefined, x);
update(undefined, undefined, { '#a': 'b' });
update(undefined, undefined, undefined, { ConditionExpression: 'attribute_exists(s)' });
update(undefined, undefined, undefined, { ConditionExpression: 'attribute_exists(nope)' });
update(null);
update('SET '.padEnd(4093) + 'a=s');
update('SET '.padEnd(4094) + 'a=s');
update(`SET ${Array.from({ length: 200 }, (_, i) => `a${i} = n + n2`).join(', ')}`);
update(`SET ${Array.from({ length: 300 }, (_, i) => `a${i} = n`).join(', ')}`);
update(`SET ${Array.from({ length: 301 }, (_, i) => `a${i} = n`).join(', ')}`);
update(`SET ${Array.from({ length: 150 }, (_, i) => `a${i} = n + n2`).join(', ')}`);
update(`SET ${Array.from({ length: 151 }, (_, i) => `a${i} = n + n2`).join(', ')}`);
update(`REMOVE ${Array.from({ length: 301 }, (_, i) => `a${i}`).join(', ')}`);
update(`SET ${'m.'.repeat(31)}m = s`);
update(`SET ${'m.'.repeat(32)}m = s`);

// ReturnValues, on an item that is there and on one that is not.
for (const ReturnValues of ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW', 'all_new', '', 'FOO', null]) {
  for (const [what, item_] of [['there', item], ['absent', null]]) {
    const reset = item_ ? ['PutItem', { TableName: T, Item: item }] : ['DeleteItem', { TableName: T, Key }];
    for (const [e, values] of [
      ['SET s = :x', x], ['SET nw = :x', x], ['SET m.a = :x', item_ && x], ['SET m.a = :x, m.nw = :x, l[1] = :x, l[9] = :x', item_ && x], ['SET l[9] = :x', item_ && x], ['REMOVE s', undefined], ['REMOVE m.a, l[1]', undefined], ['REMOVE nope', undefined],
      ['ADD n :x', one], ['ADD ss :x', { ':x': SS('z') }], ['DELETE ss :x', { ':x': SS('a') }], ['DELETE ss :x', { ':x': SS('a', 'b') }], ['ADD nw :x', one], ['SET s = :x REMOVE n', x], ['SET m.b.c = :x, m.b.d = :x', item_ && x],
      [undefined, undefined],
    ]) {
      if (values === null) continue;
      c.it(`ReturnValues ${ReturnValues} ${what}: ${e} ${JSON.stringify(values ?? {})}`, reset, ['UpdateItem', {
        TableName: T, Key, UpdateExpression: e, ExpressionAttributeValues: values, ReturnValues,
      }], ['GetItem', { TableName: T, Key, ConsistentRead: true }]);
    }
  }
}

// Keys.
for (const K of [undefined, null, {}, { pk: N(1) }, { pk: S('') }, { pk: S('x'), extra: S('y') }, { other: S('x') }, { pk: {} }, { pk: null }, { pk: { S: 'x', N: '1' } }, { pk: S('x'.repeat(2048)) }, { pk: S('x'.repeat(2049)) }, { pk: NULL }, { pk: { N: 'x' } }]) {
  for (const e of ['SET a = :x', 'SET a =']) {
    c.it(`Key ${K === undefined ? K : JSON.stringify(K).slice(0, 60)} ${JSON.stringify(K ?? '').length} ${e}`, 'UpdateItem', { TableName: T, Key: K, UpdateExpression: e, ExpressionAttributeValues: x });
  }
}
for (const [K, e] of [[{ pk: S('a'), sk: N(1) }, 'SET sk = sk'], [{ pk: S('a'), sk: N(1) }, 'REMOVE sk'], [{ pk: S('a'), sk: N(1) }, 'ADD sk :one'], [{ pk: S('a') }, 'SET a = :one'], [{ pk: S('a'), sk: S('1') }, 'SET a = :one'], [{ sk: N(1) }, 'SET a = :one'], [{ pk: S('a'), sk: N('1.0') }, 'SET a = :one'], [{ pk: S('a'), sk: N('x') }, 'SET a = :one'], [{ pk: N(1), sk: S('x') }, 'SET a = :one']]) {
  c.it(`range Key ${JSON.stringify(K)} ${e}`, 'UpdateItem', { TableName: 'compare-updates-range', Key: K, UpdateExpression: e, ExpressionAttributeValues: e.includes(':') ? { ':one': N(1) } : undefined, ReturnValues: 'ALL_NEW' });
}

// Documents that grow too large or too deep.
const nest = (n) => { let v = S('x'); for (let i = 0; i < n; i++) v = L(v); return v; };
for (const n of [30, 31, 32, 33]) update('SET deep = :x', { ':x': nest(n) });
for (const n of [29, 30, 31, 32]) update('SET m.deep = :x', { ':x': nest(n) });
for (const n of [300, 400, 408, 409, 410]) {
  c.it(`an item that grows to about ${n} KiB`, ['PutItem', { TableName: T, Item: { pk: S('p'), a: S('x'.repeat(200 * 1024)) } }],
    ['UpdateItem', { TableName: T, Key, UpdateExpression: 'SET c = :x', ExpressionAttributeValues: { ':x': S('y'.repeat((n - 200) * 1024)) }, ReturnConsumedCapacity: 'TOTAL' }]);
}
for (const n of [409594 - 204800 - 3, 409600 - 204804, 409600 - 204803, 409600 - 204805]) {
  c.it(`an item that grows to exactly ${n}`, ['PutItem', { TableName: T, Item: { pk: S('p'), a: S('x'.repeat(204800)) } }],
    ['UpdateItem', { TableName: T, Key, UpdateExpression: 'SET c = :x', ExpressionAttributeValues: { ':x': S('y'.repeat(n)) } }]);
}
