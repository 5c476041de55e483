// Attribute values: the ten types, well and ill formed, as they are written and
// as they come back; numbers above all.
import { Cases, S, N, L, M, table } from '../lib/corpus.mjs';

export const subject = 'values';
const T = 'compare-values';
export const setup = [
  table(T), table('compare-values-n', { partitionType: 'N' }), table('compare-values-b', { partitionType: 'B' }),
  table('compare-values-sn', { sortType: 'N' }), table('compare-values-sb', { sortType: 'B' }), table('compare-values-ss', { sortType: 'S' }),
];
const c = new Cases();
export const cases = c.list;

function value(label, v) {
  c.it(label, ['PutItem', { TableName: T, Item: { pk: S('v'), v } }], ['GetItem', { TableName: T, Key: { pk: S('v') } }], ['DeleteItem', { TableName: T, Key: { pk: S('v') } }]);
}
const label = (v) => { const t = JSON.stringify(v) ?? 'undefined'; return t.length > 90 ? `${t.slice(0, 80)}...(${t.length})` : t; };
const one = (v) => value(label(v), v);

// Numbers.
const numbers = ['0', '1', '-1', '+1', '-0', '+0', '0.0', '-0.0', '00', '007', '-007', '1.0', '1.10', '0.10', '.5', '-.5', '5.', '-5.', '.', '-', '+', '', ' ', ' 1', '1 ', '1 2', '\t1', '1\n',
  '1e5', '1E5', '1e+5', '1e-5', '1E05', '1e', 'e5', '1e5.5', '1e--5', '1ee5', '0e5', '0E999', '0E-999', '0e9999999999', '1e125', '9e125', '1e126', '10e125', '0.1e126', '1e127', '-1e125', '-1e126', '1e-130', '1e-131', '0.1e-129', '10e-131', '0.1e-130', '9.9e-131', '-1e-130', '-1e-131', '1e1000000', '1e-1000000', '1e99999999999999999999', '1e-99999999999999999999',
  '9.9999999999999999999999999999999999999E+125', '9.99999999999999999999999999999999999999E+125', '-9.9999999999999999999999999999999999999E+125', '1.0000000000000000000000000000000000001E-130', '1.1E-130',
  '1'.repeat(38), '1'.repeat(39), '9'.repeat(38), `1${'0'.repeat(38)}`, `1${'0'.repeat(125)}`, `1${'0'.repeat(126)}`, `${'1'.repeat(38)}0`, `${'1'.repeat(38)}.0`, `${'0'.repeat(50)}1`, `0.${'0'.repeat(50)}1`, `0.${'0'.repeat(129)}1`, `0.${'0'.repeat(130)}1`, `1.${'0'.repeat(50)}`, `1.${'0'.repeat(37)}1`, `1.${'0'.repeat(36)}1`, `0.${'1'.repeat(38)}`, `0.${'1'.repeat(39)}`, `0.0${'1'.repeat(38)}`, `${'1'.repeat(19)}.${'1'.repeat(19)}`, `${'1'.repeat(19)}.${'1'.repeat(20)}`, `${'1'.repeat(200)}`, `1.${'1'.repeat(200)}`, `${'0'.repeat(500)}`, '1'.repeat(5000),
  '1,000', '1_000', '0x10', '0b1', '1f', '1d', '1L', 'NaN', 'nan', 'Infinity', '-Infinity', 'inf', 'abc', '--1', '+-1', '1-', '1+1', '1.2.3', '١', '１', '½', '1\u0000', '\u0000', '1e٥', '1.5E3', '123456.789e3', '0.000123', '0.0010', '1e5', '100000', '1E+100', '12345678901234567890', '1e20', '1e21', '1e22', '123e20', '1e37', '1e38', '1.5e38', '1e-5', '1e-6', '1e-7', '1e-10', '0.0000001', '-0.00', '0.1e1', '10e-1', '100e-2', '1200e-2', '5e-1'];
for (const n of numbers) one({ N: n });
for (const n of [5, -5, 1.5, true, null, [], {}]) one({ N: n });
one({ NS: ['1', '2.0', '3e0'] });
one({ NS: ['3', '1', '2'] });
one({ NS: ['10', '9', '-1', '0.5'] });
one({ NS: ['1', '1.0'] });
one({ NS: ['1', '1'] });
one({ NS: ['0', '-0'] });
one({ NS: ['1', 'x'] });
one({ NS: ['x', '1'] });
one({ NS: ['1', ''] });
one({ NS: ['1', '1e126'] });
one({ NS: [''] });
one({ NS: [1] });
one({ NS: [null] });
one({ NS: '1' });

// Strings, binaries and the rest.
for (const s of ['', ' ', 'x', 'é', '\u0000', '\ud83d\ude00', '\n', '"\\/', '\u2028', '\ufeff', 'x'.repeat(1000)]) one({ S: s });
value('a lone surrogate', { S: '\ud800' });
for (const s of [5, true, null, [], {}]) one({ S: s });
for (const b of ['', 'YQ==', 'YWI=', 'YWJj', 'YQ', 'YQ=', 'Y', 'YQ===', 'Y Q==', 'YQ==\n', '=', '====', 'YQ==YQ==', 'a-_b', 'a+/b', '!!!!', 'é', 'YR==', 'YWJ=', 5, true, null, [], {}]) one({ B: b });
for (const b of [true, false, 'true', 'false', '', 1, 0, null, 'TRUE', [], {}]) one({ BOOL: b });
for (const b of [true, false, 'true', 'false', '', 1, 0, null, 'no', [], {}]) one({ NULL: b });
for (const v of [[], ['a'], ['b', 'a'], ['a', 'a'], ['a', ''], [''], ['a', 5], [null], ['a', null], [['a']], [{}], 'a', 5, {}, null, ['B', 'a', 'A', 'b', 'é'], ['a', 'b', 'a', 'b']]) one({ SS: v });
for (const v of [[], ['YQ=='], ['Yg==', 'YQ=='], ['YQ==', 'YQ=='], ['YQ==', ''], [''], ['!'], [5], [null], 'YQ==', {}, ['YQ==', 'YR==']]) one({ BS: v });
for (const v of [[], [{ S: 'a' }], [{ N: '1.0' }, { L: [] }], [{}], [null], ['a'], [5], [{ X: 'a' }], [{ S: 'a', N: '1' }], [{ N: 'x' }], [{ SS: [] }], [{ NULL: false }], {}, 'a', 5, null, [[]], [{ SS: ['a', 'a'] }], [{ S: '' }], [{ NULL: true }]]) one({ L: v });
for (const v of [{}, { a: { S: 'x' } }, { a: { N: '1.0' } }, { a: {} }, { a: null }, { a: 'x' }, { a: 5 }, { a: { X: 'x' } }, { a: { S: 'x', N: '1' } }, { '': { S: 'x' } }, { 'a b.c#': { S: 'x' } }, { [`${'x'.repeat(70000)}`]: { S: '' } }, [], 'a', 5, null, { a: { N: 'x' } }, { a: { SS: [] } }, { a: [] }]) one({ M: v });
for (const v of [{}, null, 'x', 5, true, [], { X: 'x' }, { s: 'x' }, { S: 'x', N: '1' }, { S: 'x', X: 1 }, { S: null, N: '1' }, { S: 'x', N: null }, { S: 'x', BOOL: false }, { SS: ['a'], NS: ['1'] }, { '': 'x' }, { S: 'x', S2: 'x' }, { NULL: true, BOOL: true }, { L: [], M: {} }]) one(v);
value('two S members', undefined);
c.it('a type twice', 'PutItem', `{"TableName":"${T}","Item":{"pk":{"S":"v"},"v":{"S":"a","S":"b"}}}`);
c.it('an attribute twice', ['PutItem', `{"TableName":"${T}","Item":{"pk":{"S":"v"},"v":{"S":"a"},"v":{"S":"b"}}}`], ['GetItem', { TableName: T, Key: { pk: S('v') } }]);
c.it('escapes in a string', ['PutItem', `{"TableName":"${T}","Item":{"pk":{"S":"v"},"v":{"S":"\\u0041\\n\\ud83d\\ude00\\/"}}}`], ['GetItem', { TableName: T, Key: { pk: S('v') } }]);
c.it('bad escape in a string', 'PutItem', `{"TableName":"${T}","Item":{"pk":{"S":"v"},"v":{"S":"\\x"}}}`);
c.it('control character in a string', 'PutItem', `{"TableName":"${T}","Item":{"pk":{"S":"v"},"v":{"S":"a\nb"}}}`);
c.it('ill-formed UTF-8', 'PutItem', Buffer.concat([Buffer.from(`{"TableName":"${T}","Item":{"pk":{"S":"v"},"v":{"S":"`), Buffer.from([0xff, 0xc0, 0x80]), Buffer.from('"}}}')]));

// Depth and size.
const nest = (n, wrap, v = S('x')) => { for (let i = 0; i < n; i++) v = wrap(v); return v; };
for (const n of [29, 30, 31, 32, 33, 40]) {
  value(`${n} lists`, nest(n, (v) => L(v)));
  value(`${n} maps`, nest(n, (v) => M({ a: v })));
  value(`${n} lists around a set`, nest(n, (v) => L(v), { SS: ['a'] }));
  value(`${n} lists, empty`, nest(n, (v) => L(v), { L: [] }));
}
// pk(2) + 'v'(1) + name of v(1) + the value: 400 KiB are 409600 bytes.
for (const n of [409595, 409596, 409597, 409600, 409601]) {
  c.it(`a string of ${n}`, ['PutItem', { TableName: T, Item: { pk: S('v'), v: S('x'.repeat(n)) } }], ['DeleteItem', { TableName: T, Key: { pk: S('v') }, ReturnConsumedCapacity: 'TOTAL' }]);
}
for (const [what, v, size] of [['number', N('1'), null], ['a list', L(S('a'), N('123')), null], ['map', M({ a: S('b'), cc: N('-12.5') }), null], ['BOOL', { BOOL: true }, null], ['NULL', { NULL: true }, null], ['SS', { SS: ['a', 'bb'] }, null], ['NS', { NS: ['1', '22', '-333.5'] }, null], ['empty list', { L: [] }, null], ['empty map', { M: {} }, null], ['long number', N('1234567890.123456789'), null], ['negative', N('-1234567'), null], ['B', { B: 'YWJj' }, null], ['38 digits', N('1'.repeat(38)), null], ['1e125', N('1e125'), null], ['1e-130', N('1e-130'), null], ['0', N('0'), null], ['100', N('100'), null], ['1000', N('1000'), null], ['123', N('123'), null], ['1234', N('1234'), null], ['0.1', N('0.1'), null], ['0.01', N('0.01'), null], ['0.001', N('0.001'), null], ['12.34', N('12.34'), null], ['1.234', N('1.234'), null], ['-1', N('-1'), null], ['-10', N('-10'), null], ['-100', N('-100'), null]]) {
  // Where the line of one write unit (1 KiB) lies tells the size of the value to the byte.
  c.it(`before ${what}`, 'DeleteItem', { TableName: T, Key: { pk: S('v') }, ExpressionAttributeNames: undefined, ReturnValues: 'NONE', ReturnConsumedCapacity: 'NONE', ConditionExpression: undefined, Comment: what });
  for (let size = 990; size <= 1020; size += 1) {
    if (['a list', 'map', 'NS', 'SS', 'number'].includes(what) || size > 1000) {
      c.it(`size of ${what} with ${size} more bytes`, 'PutItem', { TableName: T, Item: { pk: S('v'), v, p: S('x'.repeat(size)) }, ReturnConsumedCapacity: 'TOTAL' });
    }
  }
}

// Keys of each type.
for (const [t, key] of [[T, 'pk'], ['compare-values-n', 'pk'], ['compare-values-b', 'pk']]) {
  for (const v of [S('x'), S(''), N('1'), N('1.0'), N('01'), N('1e0'), N(''), N('x'), N('1e126'), N('1'.repeat(39)), { B: 'YQ==' }, { B: '' }, { B: '!' }, { BOOL: true }, { NULL: true }, { SS: ['a'] }, { NS: ['1'] }, { L: [] }, { M: {} }, {}, null, { S: 'x', N: '1' }, S('x'.repeat(2048)), S('x'.repeat(2049)), S('é'.repeat(1024)), S('é'.repeat(1025)), { B: Buffer.alloc(2048).toString('base64') }, { B: Buffer.alloc(2049).toString('base64') }, 'x', 5, []]) {
    for (const [operation, body] of [['PutItem', { Item: { [key]: v, a: N('1') }, ReturnValues: 'ALL_OLD' }], ['GetItem', { Key: { [key]: v } }], ['DeleteItem', { Key: { [key]: v }, ReturnValues: 'ALL_OLD' }]]) {
      c.it(`${t} ${operation} key ${label(v)}`, operation, { TableName: t, ...body });
    }
  }
}
for (const t of ['compare-values-sn', 'compare-values-sb', 'compare-values-ss']) {
  for (const v of [S('x'), S(''), N('1'), N('x'), { B: 'YQ==' }, { B: '' }, { NULL: true }, {}, null, undefined, S('x'.repeat(1024)), S('x'.repeat(1025)), { B: Buffer.alloc(1024).toString('base64') }, { B: Buffer.alloc(1025).toString('base64') }]) {
    for (const [operation, body] of [['PutItem', { Item: { pk: S('p'), sk: v, a: N('1') }, ReturnValues: 'ALL_OLD' }], ['GetItem', { Key: { pk: S('p'), sk: v } }], ['DeleteItem', { Key: { pk: S('p'), sk: v }, ReturnValues: 'ALL_OLD' }]]) {
      c.it(`${t} ${operation} sort key ${label(v)}`, operation, { TableName: t, ...body });
    }
  }
}
