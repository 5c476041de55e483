// PartiQL: statements, good and slightly wrong, one by one, in batches and in transactions.
import { Cases, S, N, B, BOOL, NULL, SS, NS, L, M, table } from '../lib/corpus.mjs';

export const subject = 'partiql';
const T = 'compare-partiql';
const H = 'compare-partiql-hash';
const put = (TableName, Item) => ['PutItem', { TableName, Item }];
const attributes = { pk: 'S', sk: 'N', a: 'S' };
const filling = { m: M({ x: N(1), y: L(S('u'), S('v')) }), l: L(N(1), S('two')), ss: SS('x', 'y'), ns: NS(1, 2), b: BOOL(true), u: NULL, bin: B('hi') };
export const setup = [
  table(T, {
    sortType: 'N', AttributeDefinitions: Object.entries(attributes).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    LocalSecondaryIndexes: [{ IndexName: 'local', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'a', KeyType: 'RANGE' }], Projection: { ProjectionType: 'KEYS_ONLY' } }],
    GlobalSecondaryIndexes: [
      { IndexName: 'keys', KeySchema: [{ AttributeName: 'a', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }], Projection: { ProjectionType: 'KEYS_ONLY' } },
      { IndexName: 'whole', KeySchema: [{ AttributeName: 'a', KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' } }],
  }),
  table(H),
  ...['p', 'q'].flatMap((pk) => Array.from({ length: 4 }, (_, i) => put(T, { pk: S(pk), sk: N(i), a: S(`a${i % 2}`), n: N(i * 10), ...filling }))),
  ...['h1', 'h2', 'h3'].map((pk) => put(H, { pk: S(pk), v: N(1), ...filling })),
];
const c = new Cases();
export const cases = c.list;
const t = `"${T}"`;
const h = `"${H}"`;
const label = (text) => (text.length > 130 ? `${text.slice(0, 120)}...(${text.length})` : text);
const names = (text) => text.replaceAll(t, 'T').replaceAll(h, 'H');
const run = (Statement, more = {}) => c.it(label(`${names(Statement)} ${Object.keys(more).length ? JSON.stringify(more) : ''}`.trim()), 'ExecuteStatement', { Statement, ...more });
const with_ = (Statement, ...Parameters) => run(Statement, { Parameters });

// SELECT: what is read.
for (const s of ['*', 'pk', 'pk, sk', 'm.x, l[0], m.y[1]', "m['x']", 'm."x"', 'l[0], l[1]', 'none', 'm.none', 'PK', '(pk)', '@pk', '"m.x"', 'pk, pk', 'm.x, m.x', 'm, m.x', 'm.x, m', 'm.*', 'm[*]', '*, pk', 'pk.', 'pk + 1', '1', "'x'", 'size(pk)', 'count(*)', 'VALUE pk', 'DISTINCT pk', 'ALL pk', 'pk AS k', 'pk k', '', 'l[99999999999]', 'l[-1]', 'l[1.5]', 'l[x]', 'order', '"order"', 'size', `a${'.b'.repeat(31)}`, `a${'.b'.repeat(32)}`]) {
  run(`SELECT ${s} FROM ${t} WHERE pk = 'p' AND sk = 1`);
}
for (const s of [t, h, `${t}."keys"`, `${t}."local"`, `${t}."whole"`, `${t}."nope"`, `${t}."a"`, `${t}."keys"."x"`, `${t}[0]`, `'${T}'`, '"nope"', '"ab"', `${t} x`, `${t} AS x`, `${t}, ${h}`, `${t} JOIN ${h} ON 1 = 1`, `(SELECT * FROM ${h})`, '?', '', T, '""', "<<1>>"]) run(`SELECT * FROM ${s}`);
for (const s of ['', ';', ' ;', ';;', '; SELECT', ' GROUP BY pk', ' HAVING a = 1', ' LIMIT 1', ' OFFSET 1', ' UNION', ' -- comment', ' /* comment */', ' /* open', ' #', ' WHERE', ' ORDER BY', ' WHERE a = 1 WHERE b = 1']) run(`SELECT pk FROM ${h}${s}`);
for (const s of ['SELECT', 'SELEC * FROM x', 'select', 'foo', '1', "'a'", '{}', '[1]', '<<1>>', '1 + 1', 'begins_with(a, b)', `EXISTS(SELECT * FROM ${h})`, 'EXISTS(1)', ' ', `SELECT\t*\r\nFROM ${h}`, `SELECT*FROM${h}`, `select PK from ${h} where PK = 'h1'`, `INSERT`, `DELETE`, `UPDATE ${h}`]) run(s);

// Keys and orders.
for (const s of ["pk = 'p'", "'p' = pk", "pk = 'p' AND sk = 1", "pk = 'p' AND sk > 1", "pk = 'p' AND sk >= 1 AND sk < 3", "pk = 'p' AND sk BETWEEN 1 AND 2", "pk = 'p' AND sk IN [1, 3]", "pk = 'p' AND sk <> 1", "pk = 'p' AND NOT sk = 1", "pk = 'p' AND (sk = 1 OR sk = 3)", "pk IN ['q', 'p']", "pk IN ('q', 'p')", "pk IN <<'q', 'p'>>", "pk IN ['q', 'p'] AND sk IN [3, 1]", "pk = 'p' OR pk = 'q'", "(pk = 'q' AND sk = 1) OR (pk = 'p' AND sk = 2)", "pk = 'p' AND pk = 'q'", "pk = 'p' AND pk = 'p'", "pk > 'p'", "pk < 'q' AND n > 10", "begins_with(pk, 'p')", "pk = ''", 'pk = 1', 'pk > 1', 'pk <> 1', 'pk IN [1]', "pk = 'p' AND sk = 'a'", "pk = 'p' AND sk > 'a'", "pk = 'p' AND sk BETWEEN 'a' AND 'b'", "pk = 'p' AND begins_with(sk, 'a')", "pk = 'p' AND sk IN ['a']", "sk = 1", "sk = 'a'", "pk.a = 'p'", "pk = 'p' AND sk.a = 1", "pk IN []", "pk = 'p' AND n = 10", `pk IN [${Array(50).fill("'p'").join(', ')}] AND sk = 0`, `pk IN [${Array(101).fill("'p'").join(', ')}]`, "pk = TRUE", "pk = NULL", "pk = MISSING"]) {
  run(`SELECT pk, sk FROM ${t} WHERE ${s}`);
}
for (const [w, o] of [["pk = 'p'", 'sk'], ["pk = 'p'", 'sk DESC'], ["pk = 'p'", 'sk ASC'], ["pk = 'p'", 'pk, sk DESC'], ["pk = 'p'", 'sk, pk'], ["pk = 'p'", 'sk, sk'], ["pk = 'p'", '"sk" desc'], ["pk = 'p'", 'n'], ["pk = 'p'", 'sk.a'], ["pk = 'p'", '1'], ["pk = 'p'", 'sk NULLS FIRST'], ["pk IN ['p', 'q']", 'pk'], ["pk IN ['p', 'q']", 'pk, sk DESC'], ["pk IN ['p', 'q']", 'pk DESC, sk ASC'], ['sk = 1', 'sk'], ['n = 1', 'pk'], ["pk = 'p' OR n = 1", 'pk']]) {
  run(`SELECT pk, sk FROM ${t} WHERE ${w} ORDER BY ${o}`);
}
run(`SELECT pk FROM ${t} ORDER BY pk`);
run(`SELECT sk FROM ${t}."local" WHERE pk = 'p' ORDER BY sk`);

// Indexes.
for (const [i, s, w] of [['keys', '*', "a = 'a1'"], ['keys', 'pk, sk', "a = 'a1' AND sk = 1"], ['keys', 'n', "a = 'a1'"], ['keys', 'pk', "a = 'a1' AND n = 10"], ['keys', 'pk', 'a = 1'], ['whole', 'pk, sk, n', "a = 'a1' AND n > 10"], ['local', '*', "pk = 'p' AND a = 'a1'"], ['local', 'n, sk', "pk = 'p' AND a = 'a1'"], ['local', 'sk', "pk = 'p' AND n = 10"], ['local', 'sk', "pk = 'p' AND a = 1"]]) {
  for (const more of [{}, { ConsistentRead: true }]) run(`SELECT ${s} FROM ${t}."${i}" WHERE ${w}`, more);
}

// Conditions.
for (const s of ['v = 1', 'v <> 1', 'v != 1', 'v < 2', 'v <= 1', 'v > 0', 'v >= 1', '1 = v', 'v = v', 'v == 1', 'v', 'NOT v', 'v AND 1', 'v = 1 AND TRUE', '1 = 1', "'a' = 'a'", 'TRUE', '(v = 1)', '((v = 1)) and (not (v = 2))', 'NOT NOT v = 1', 'v = 1 OR v = 2 AND v = 3', 'v = 1 XOR v = 2', 'v IN (1, 2)', 'v IN [1, 2]', 'v IN <<1, 2>>', 'v IN (1)', 'v IN []', 'v IN ()', 'v IN 1', 'v IN [x]', 'v IN (v, 1)', '1 IN (v, 1)', 'v IN [[1], 2]', `v IN (SELECT pk FROM ${h})`, 'v NOT IN [1, 2]', 'v BETWEEN 0 AND 1', 'v NOT BETWEEN 0 AND 1', 'v BETWEEN 2 AND 1', "v BETWEEN 1 AND 'a'", 'v BETWEEN a AND b', "v < 'a'", 'v < TRUE', 'v < [1]', 'v < NULL', 'l = [1, \'two\']', "m = {'x': 1, 'y': ['u', 'v']}", 'ns = <<1, 2>>', "ss = <<'y', 'x'>>", 'b = TRUE', 'u = NULL', 'u IS NULL', 'none IS NULL', 'none IS NOT NULL', 'v IS MISSING', 'none IS MISSING', 'v IS NOT MISSING', 'v IS NUMERIC', 'v IS NOT NUMERIC', 'v IS STRING', 'l IS LIST', 'm IS STRUCT', 'm IS TUPLE', 'b IS BOOLEAN', 'b IS BOOL', 'bin IS BLOB', 'v IS INT', 'v IS BAG', 'v IS FOO', 'v IS 1', 'MISSING IS v', '1 IS MISSING', 'size(v) IS MISSING', 'v NOT IS MISSING', 'v = MISSING', 'v <> MISSING', "begins_with(pk, 'h')", "BEGINS_WITH(pk, 'h')", "\"begins_with\"(pk, 'h')", 'begins_with(pk)', 'begins_with(pk, 1)', 'begins_with(v, v)', "begins_with(pk, 'h') = TRUE", "begins_with(pk, 'h') = FALSE", "contains(ss, 'x')", "contains(pk, 'h', 1)", "contains('abc', pk)", "attribute_type(v, 'N')", 'attribute_exists(v)', 'attribute_not_exists(v)', 'size(l) = 2', 'size(pk) > 1', 'size(v) = 1', 'size(pk)', "size('abc') = 3", 'size(size(v)) = 1', 'foo(v)', 'char_length(pk) = 2', 'list_append(l, [1]) = l', 'if_not_exists(v, 1) = 1', 'set_add(ss, ss) = ss', 'v + 1 = 2', 'v = 1 + 1', '-v = 1', 'v = -1', 'v = +1', 'v = - - 1', "pk = -'a'", "pk LIKE 'h%'", "pk || 'x' = 'h1x'", 'v = 1 = TRUE', '(v = 1) = TRUE', 'm.x = 1', 'm.y[1] = \'v\'', "m['x'] = 1", 'm["x"] = 1', 'l[1] = \'two\'', 'l[-1] = 1', 'l[1.5] = 1', 'm.* = 1', "m.'x' = 1", `${h}.v = 1`, '@v = 1', 'order = 1', '"order" = 1', 'value = 1', 'date = 1', 'name = 1', 'missing = 1', '"" = 1', 'v = 01', 'v = 1.0', 'v = 1E0', 'v = .1e1', 'v = 1.', 'v = 1e', 'v = 0x1', 'v = 1a', 'v = 1AND v = 1', "pk = 'it''s'", "pk = 'open", '"pk = 1', 'v = [x]', `v = 1${' AND v = 1'.repeat(149)}`, `v = 1${' AND v = 1'.repeat(150)}`, `v IN [${Array(100).fill(1)}]`, `v IN [${Array(101).fill(1)}]`, `${'('.repeat(90)}v = 1${')'.repeat(90)}`, `EXISTS(SELECT * FROM ${h})`, 'é = 1', '"é" = 1', '$a = 1', 'a$b = 1', '_a = 1']) {
  run(`SELECT pk FROM ${h} WHERE ${s}`);
}

// Parameters.
with_(`SELECT pk FROM ${h} WHERE pk = ?`, S('h1'));
with_(`SELECT pk FROM ${h} WHERE pk IN (?, ?)`, S('h1'), S('h2'));
with_(`SELECT pk FROM ${h} WHERE pk IN ?`, L(S('h1')));
with_(`SELECT pk FROM ${h} WHERE m = ? AND l = ? AND ss = ? AND bin = ?`, filling.m, filling.l, SS('y', 'x'), B('hi'));
with_(`SELECT ? FROM ${h}`, S('pk'));
with_(`SELECT pk FROM ${h} WHERE pk = ?`, {});
run(`SELECT pk FROM ${h} WHERE pk = ?`);
run(`SELECT foo(1) FROM ${h} WHERE pk = ?`);

// Writes: each case ends as it began.
const inserted = (item, ...Parameters) => c.it(label(`INSERT ${item} ${Parameters.length ? JSON.stringify(Parameters) : ''}`.trim()), ['ExecuteStatement', { Statement: `INSERT INTO ${h} VALUE ${item}`, ...(Parameters.length && { Parameters }) }], ['GetItem', { TableName: H, Key: { pk: S('i') } }], ['DeleteItem', { TableName: H, Key: { pk: S('i') } }]);
for (const v of ['1', '-1.50e3', '+1', '.5', '5.', '- -1', "'a'", "'it''s'", "''", 'TRUE', 'false', 'NULL', 'null', '[]', "[1, 'a', {'x': null}]", '{}', "{'b': {'c': [1]}}", '<<1, 2>>', "<<'b', 'a'>>", "<<''>>", '<<>>', "<<1, 'a'>>", '<<1, 1.0>>', '<<{}>>', '<<<<1>>>>', '[<<1>>]', '(1)', '(1, 2)', '()', 'MISSING', 'foo', '[foo]', '1 + 1', "-'a'", 'list_append([1], [2])', '1e126', '1e-131', '123456789012345678901234567890123456789', "{'b': 1, 'b': 2}", `${'['.repeat(32)}${']'.repeat(32)}`, `${'['.repeat(33)}${']'.repeat(33)}`]) inserted(`{'pk': 'i', 'v': ${v}}`);
for (const item of ["{'v': 1}", "{'pk': 1}", "{'pk': [1]}", "{'pk': ''}", '{}', '1', "'a'", '[1]', 'foo', '{"pk": \'i\'}', "{pk: 'i'}", "{1: 'i'}", "{'pk': 'i', 'pk': 'j'}", "{'pk': 'i', '': 1}", "{'pk': 'i',}", "{'pk' 'i'}", "{'pk': 'i'} RETURNING ALL OLD *", "{'pk': 'i'} WHERE v = 1", "{'pk': 'h1'}"]) inserted(item);
inserted("{'pk': ?, 'v': ?}", S('i'), SS('a'));
inserted("{'pk': ?, 'v': [?]}", S('i'), N(1));
inserted("{?: 'i'}", S('pk'));
inserted('?', M({ pk: S('i') }));
for (const s of [`INSERT INTO ${t}."keys" VALUE {'pk': 'i', 'sk': 1}`, `INSERT INTO "nope" VALUE {'pk': 'i'}`, `INSERT INTO ${h} VALUES (1)`, `INSERT INTO ${h} {'pk': 'i'}`, `INSERT INTO '${H}' VALUE {'pk': 'i'}`, `INSERT INTO ${h} VALUE`]) run(s);

const before = { pk: S('u'), v: N(1), ...filling };
const written = (Statement, more = {}) => c.it(label(`${names(Statement)} ${Object.keys(more).length ? JSON.stringify(more) : ''}`.trim()), put(H, before), ['ExecuteStatement', { Statement, ...more }], ['GetItem', { TableName: H, Key: { pk: S('u') } }], ['DeleteItem', { TableName: H, Key: { pk: S('u') } }]);
for (const set of ['SET v = 2', 'SET v = v + 1', 'SET v = v - 1 + 5', 'SET v = (v - 1)', 'SET v = 1 - 2 - 3', 'SET v = -v', 'SET v = v * 2', "SET v = v + 'a'", 'SET v = none', 'SET v = none - 1', 'SET v = 1, w = 2', 'SET v = 1 SET w = 2', 'SET v = 1 REMOVE l', 'REMOVE v', 'REMOVE v REMOVE l', 'REMOVE v, l', 'REMOVE none', 'SET v = 1 SET v = 2', 'SET m = 1 SET m.x = 2', 'SET m.x = 1 SET m = 2', 'SET m.x = 5 SET m.z = 6', 'SET none.x = 1', 'SET l = list_append(l, [5])', 'SET l = LIST_APPEND([0], l)', 'SET w = list_append([1], [2])', 'SET l = list_append(1, [2])', 'SET l = list_append([1], [2], [3])', 'SET l = list_append(list_append([1], [2]), [3])', 'SET l = list_append(if_not_exists(none, []), [1])', 'SET w = if_not_exists(w, 4) + v', 'SET v = if_not_exists(v, 5)', 'SET v = if_not_exists(v)', "SET ss = set_add(ss, <<'z'>>)", "SET ss = set_delete(ss, <<'x'>>)", "SET ss = set_delete(ss, <<'x', 'y'>>)", 'SET ns = set_add(ns, <<3>>)', 'SET w = set_add(w, <<3>>)', 'SET v = set_add(v, <<1>>)', 'SET w = set_add(ns, <<3>>)', 'SET ns = set_add(<<3>>, ns)', 'SET ns = set_add(ns, 3)', 'SET ns = set_add(ns)', 'SET ns = set_delete(ns, v)', 'SET v = set_add(v, <<1>>) + 1', 'SET v = size(l)', "SET v = begins_with('a', 'b')", 'SET v = foo(1)', 'SET v = v AND b', 'SET v = v IS MISSING', 'SET v = MISSING', 'SET v = NULL', 'SET v = [v]', "SET v = {'x': [1]}", 'SET v = <<1, 2>>', 'SET v = (1, 2)', "SET v = 'a' || 'b'", "SET pk = 'u'", 'REMOVE pk', 'SET pk.a = 1', 'SET v = pk.a', 'SET "v w" = 1', "SET 'v' = 1", 'SET m.* = 1', 'SET v = m.*', 'SET v == 1', 'SET v', 'SET', 'REMOVE', 'SET v = 1, REMOVE l', 'ADD v 1', "DELETE ss <<'x'>>", '', 'SET l[5] = 9', 'REMOVE l[0]']) {
  written(`UPDATE ${h} ${set} WHERE pk = 'u'`);
}
for (const r of ['ALL OLD *', 'ALL NEW *', 'MODIFIED OLD *', 'MODIFIED NEW *', 'all new *', 'NEW *', 'ALL *', 'ALL NEW v', 'ALL NEW *, ALL OLD *', 'ALL NEW', '']) {
  written(`UPDATE ${h} SET v = 5 SET w = 6 REMOVE l WHERE pk = 'u' RETURNING ${r}`);
  written(`DELETE FROM ${h} WHERE pk = 'u' RETURNING ${r}`);
}
written(`UPDATE ${h} REMOVE none WHERE pk = 'u' RETURNING MODIFIED NEW *`);
written(`UPDATE ${h} SET w = 1 WHERE pk = 'u' RETURNING MODIFIED OLD *`);
for (const w of ["pk = 'u'", "'u' = pk", "pk = 'none'", "pk = 'u' AND v = 1", "pk = 'u' AND v = 2", "(pk = 'u' AND v = 1)", "pk = 'u' AND pk = 'u'", "pk = 'u' AND pk = 'x'", "pk = 'u' AND pk <> 'x'", "pk = 'u' AND pk = v", "pk = 'none' AND v IS MISSING", "pk = 'none' AND attribute_exists(pk)", "pk = 'none' AND v = 1", "pk = 'u' OR pk = 'x'", "pk IN ['u']", "pk > 'a'", "NOT pk = 'u'", 'v = 1', 'pk = v', 'pk = 1', 'pk = TRUE', 'pk = NULL', "pk = {'a': 1}", "pk = ''", 'pk = MISSING', 'pk IS MISSING', 'pk = ?', "pk = 'u' AND none", "pk = 'u' ORDER BY pk", "pk = 'u' AND begins_with(pk, 'x')"]) {
  written(`UPDATE ${h} SET v = 9 WHERE ${w}`);
  written(`DELETE FROM ${h} WHERE ${w}`);
  written(`UPDATE ${h} SET v = 9 WHERE ${w}`, { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
}
for (const s of [`UPDATE ${h} SET v = 1`, `DELETE FROM ${h}`, `UPDATE ${t} SET v = 1 WHERE pk = 'p'`, `DELETE FROM ${t} WHERE pk = 'none'`, `UPDATE ${t}."keys" SET v = 1 WHERE pk = 'p' AND sk = 1`, `DELETE ${h} WHERE pk = 'u'`, `UPDATE "nope" SET v = 1 WHERE pk = 'u'`, `DELETE FROM "nope" WHERE pk = 'u'`, `UPDATE ${h} x SET v = 1 WHERE pk = 'u'`, `UPDATE ${t} SET n = 9 WHERE sk = 9 AND pk = 'p'`, `UPDATE ${t} SET n = 9 WHERE pk = 'p' AND sk = 1 AND sk = 2`]) run(s);

// Pages.
for (const Limit of [1, 4, 5, 0, -1]) run(`SELECT sk FROM ${t} WHERE pk = 'p'`, { Limit });
run(`SELECT sk FROM ${t} WHERE pk IN ['p', 'q']`, { Limit: 3 });
run(`SELECT sk FROM ${t} WHERE pk = 'p'`, { NextToken: 'nonsense' });

// Batches.
const batch = (...Statements) => c.it(label(`batch ${names(JSON.stringify(Statements))}`), ['BatchExecuteStatement', { Statements: Statements.map((s) => (typeof s === 'string' ? { Statement: s } : s)) }], ['DeleteItem', { TableName: H, Key: { pk: S('i') } }]);
batch(`SELECT * FROM ${h} WHERE pk = 'h1'`, `SELECT m.x, l[0] FROM ${t} WHERE pk = 'p' AND sk = 1`, `SELECT * FROM ${h} WHERE pk = 'none'`, `SELECT none FROM ${h} WHERE pk = 'h2'`);
for (const s of [`SELECT * FROM ${h}`, `SELECT * FROM ${t} WHERE pk = 'p'`, `SELECT * FROM ${h} WHERE pk IN ['h1']`, `SELECT * FROM ${h} WHERE pk = 'h1' AND v = 1`, `SELECT * FROM ${t}."keys" WHERE a = 'a1' AND sk = 1`, 'SELECT * FROM', `SELECT * FROM ${h} WHERE pk = 1`, `SELECT * FROM ${h} WHERE pk = ''`, `SELECT * FROM ${h} WHERE pk = ?`, 'foo', '1 + 1', `EXISTS(SELECT * FROM ${h} WHERE pk = 'h1')`]) batch(s, `SELECT pk FROM ${h} WHERE pk = 'h3'`);
batch({ Statement: `SELECT pk FROM ${h} WHERE pk = ?`, Parameters: [S('h1')], ConsistentRead: true });
batch(`SELECT * FROM ${h} WHERE pk = 'h1'`, `DELETE FROM ${h} WHERE pk = 'none'`);
batch(`SELECT * FROM ${h} WHERE pk = 'h1'`, `SELECT * FROM ${h} WHERE pk = 'h1'`);
batch(`INSERT INTO ${h} VALUE {'pk': 'i'}`, `UPDATE ${h} SET v = 1 WHERE pk = 'i'`);
batch(`INSERT INTO ${h} VALUE {'pk': 'i'}`, `INSERT INTO ${h} VALUE {'pk': 'h1'}`, `UPDATE ${h} SET v = 1 WHERE pk = 'h2' RETURNING ALL NEW *`, `DELETE FROM ${h} WHERE pk = 'h3' AND v = 9`, `UPDATE ${h} SET v = 1 WHERE v = 1`, `DELETE FROM ${h} WHERE pk = 'none'`, `UPDATE ${h} SET v = 1 WHERE pk = 'absent'`);

// Transactions.
const transaction = (...statements) => c.it(label(`transaction ${names(JSON.stringify(statements))}`), ['ExecuteTransaction', { TransactStatements: statements.map((s) => (typeof s === 'string' ? { Statement: s } : s)) }], ['GetItem', { TableName: H, Key: { pk: S('i') } }], ['DeleteItem', { TableName: H, Key: { pk: S('i') } }]);
const insert = `INSERT INTO ${h} VALUE {'pk': 'i'}`;
transaction(`SELECT * FROM ${h} WHERE pk = 'h1'`, `SELECT m.x FROM ${t} WHERE pk = 'p' AND sk = 1`, `SELECT * FROM ${h} WHERE pk = 'none'`);
for (const s of [`SELECT * FROM ${h}`, `SELECT * FROM ${h} WHERE pk = 'h1' AND v = 1`, `SELECT * FROM ${t} WHERE pk = 'p'`, `SELECT * FROM ${t}."local" WHERE pk = 'p'`, `SELECT * FROM ${h} WHERE pk = 1`, `SELECT * FROM ${h} WHERE pk = ''`, `SELECT * FROM ${h} WHERE pk = ?`, `SELECT pk AS x FROM ${h} WHERE pk = 'h1'`, 'SELECT * FROM', 'SELECT * FROM "nope" WHERE pk = \'a\'']) transaction(s);
transaction(`SELECT * FROM ${h} WHERE pk = 'h1'`, insert);
transaction(`SELECT * FROM ${h} WHERE pk = 'h1'`, `SELECT * FROM ${h} WHERE pk = 'h1'`);
transaction(insert, `UPDATE ${h} SET v = 1 WHERE pk = 'h2'`, `DELETE FROM ${h} WHERE pk = 'none'`, `EXISTS(SELECT * FROM ${h} WHERE pk = 'h1' AND v = 1)`);
for (const s of [`EXISTS(SELECT * FROM ${h} WHERE pk = 'h1')`, `EXISTS(SELECT * FROM ${h} WHERE v = 1)`, `exists (select * from ${h} where pk = 'h1' and v = 1)`, `EXISTS(SELECT * FROM ${h} WHERE pk = 1 AND v = 1)`, `EXISTS(SELECT * FROM ${h} WHERE v)`, `EXISTS(SELECT * FROM ${t}."local" WHERE pk = 'p' AND a = '1')`, 'EXISTS(1)', 'foo', `INSERT INTO ${h} VALUE {'pk': 'h1'}`, `UPDATE ${h} SET v = 1 WHERE pk = 'h1' AND v = 9`, `UPDATE ${h} SET v = 1 WHERE pk = 'none'`, `DELETE FROM ${h} WHERE pk = 1`, `INSERT INTO ${h} VALUE {'v': 1}`, `UPDATE ${h} SET pk = 'x' WHERE pk = 'h1'`, `UPDATE ${h} SET v = v + 'a' WHERE pk = 'h1'`, `UPDATE ${h} SET v = 1 WHERE pk = 'h1' RETURNING ALL OLD *`, `DELETE FROM ${h} WHERE pk = 'none' AND v = ?`]) transaction(insert, s);
transaction(insert, insert);
