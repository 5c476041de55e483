// TransactWriteItems and TransactGetItems: their parameters, cancellation reasons, tokens and capacity.
import { Cases, S, N, L, M, SS, table, show } from '../lib/corpus.mjs';

export const subject = 'transactions';
const T = 'compare-transactions';
const R = 'compare-transactions-range';
const I = 'compare-transactions-indexed';
export const setup = [
  table(T), table(R, { sortType: 'N' }),
  table(I, {
    sortType: 'S',
    AttributeDefinitions: ['pk', 'sk', 'a', 'b'].map((AttributeName) => ({ AttributeName, AttributeType: AttributeName === 'b' ? 'N' : 'S' })),
    GlobalSecondaryIndexes: [{ IndexName: 'global', KeySchema: [{ AttributeName: 'a', KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' } }],
    LocalSecondaryIndexes: [{ IndexName: 'local', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'b', KeyType: 'RANGE' }], Projection: { ProjectionType: 'ALL' } }],
  }),
  ['PutItem', { TableName: T, Item: { pk: S('p'), s: S('x'), n: N(5), l: L(N(1), S('y')), m: M({ a: N(1) }), ss: SS('a', 'b'), huge: N('9e125') } }],
];
const c = new Cases();
export const cases = c.list;

const write = (TransactItems, more) => ['TransactWriteItems', { TransactItems, ...more }];
const read = (TransactItems, more) => ['TransactGetItems', { TransactItems, ...more }];
const look = (...pks) => pks.map((pk) => ['GetItem', { TableName: T, Key: { pk: S(pk) } }]);
const put = (pk, more) => ({ Put: { TableName: T, Item: { pk: S(pk) }, ...more } });
const remove = (pk, more) => ({ Delete: { TableName: T, Key: { pk: S(pk) }, ...more } });
const update = (pk, UpdateExpression, values, more) => ({ Update: { TableName: T, Key: { pk: S(pk) }, UpdateExpression, ExpressionAttributeValues: values, ...more } });
const check = (pk, ConditionExpression, more) => ({ ConditionCheck: { TableName: T, Key: { pk: S(pk) }, ConditionExpression, ...more } });
const get = (pk, more) => ({ Get: { TableName: T, Key: { pk: S(pk) }, ...more } });
const there = { ConditionExpression: 'attribute_exists(pk)' };
const old = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };

// What happens.
c.it('all four actions', write([put('1', { Item: { pk: S('1'), v: N(1) } }), update('0', 'SET n = if_not_exists(n, :n) + :n', { ':n': N(1) }), remove('none'), check('p', 'n = :n', { ExpressionAttributeValues: { ':n': N(5) } })]), ...look('1', '0'));
c.it('a check that holds', write([check('p', 's = :s', { ExpressionAttributeValues: { ':s': S('x') } }), put('2')]), ...look('2'));
c.it('a check that fails', write([put('3'), check('p', 's = :s', { ExpressionAttributeValues: { ':s': S('y') } })]), ...look('3'));
c.it('conditions that fail', write([put('p', { ConditionExpression: 'attribute_not_exists(pk)' }), remove('4', there), update('5', 'SET a = :a', { ':a': N(1) }, there), put('6')]), ...look('4', '5', '6'));
c.it('conditions that fail, with items', write([put('p', { ConditionExpression: 'attribute_not_exists(pk)', ...old }), remove('4', { ...there, ...old }), check('5', 'attribute_exists(pk)', old)]));
for (const values of ['NONE', 'ALL_OLD', 'ALL_NEW', '']) {
  c.it(`ReturnValuesOnConditionCheckFailure ${values}`, write([put('p', { ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: values })]));
}

// Faults of one action, alone and beside others.
const faults = {
  'type of key in item': { Put: { TableName: T, Item: { pk: N(1) } } },
  'no key in item': { Put: { TableName: T, Item: { a: N(1) } } },
  'empty item': { Put: { TableName: T, Item: {} } },
  'long key in item': { Put: { TableName: T, Item: { pk: S('k'.repeat(2049)) } } },
  'empty key in item': put(''),
  'type of key': { Delete: { TableName: T, Key: { pk: N(1) } } },
  'other key': { Delete: { TableName: T, Key: { a: S('x') } } },
  'empty Key': { Delete: { TableName: T, Key: {} } },
  'two keys': { Delete: { TableName: T, Key: { pk: S('x'), sk: S('y') } } },
  'one key of two': { Delete: { TableName: R, Key: { pk: S('x') } } },
  'empty key': remove(''),
  'type of key in check': { ConditionCheck: { TableName: T, Key: { pk: N(1) }, ...there } },
  'type of index key': { Put: { TableName: I, Item: { pk: S('x'), sk: S('y'), b: S('z') } } },
  'empty index key': { Put: { TableName: I, Item: { pk: S('x'), sk: S('y'), a: S('') } } },
  'update of key': update('q', 'SET pk = :a', { ':a': S('x') }),
  'update in key': update('q', 'SET pk.a = :a', { ':a': S('x') }),
  'update of what is not there': update('q', 'SET a = b + :a', { ':a': N(1) }),
  'update below what is not there': update('q', 'SET a.b = :a', { ':a': N(1) }),
  'update of wrong type': update('p', 'ADD s :a', { ':a': N(1) }),
  'number overflow': update('p', 'ADD huge :a', { ':a': N('9e125') }),
  'update to index key of wrong type': { Update: { TableName: I, Key: { pk: S('x'), sk: S('y') }, UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': N(1) } } },
  'update to empty index key': { Update: { TableName: I, Key: { pk: S('x'), sk: S('y') }, UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': S('') } } },
  'large item': { Put: { TableName: T, Item: { pk: S('x'), a: S('a'.repeat(400 * 1024)) } } },
  'large update': update('q', 'SET a = :a', { ':a': S('a'.repeat(400 * 1024)) }),
  'no table': { Put: { TableName: 'compare-none', Item: { pk: S('x') } } },
  'no name of a table': { Put: { TableName: 'a b', Item: { pk: S('x') } } },
  'bad value': { Put: { TableName: T, Item: { pk: S('x'), a: { N: 'x' } } } },
  'value of no type': { Put: { TableName: T, Item: { pk: S('x'), a: {} } } },
  'bad condition': put('q', { ConditionExpression: 'a =' }),
  'empty condition': put('q', { ConditionExpression: '' }),
  'bad update': update('q', 'SET a', { ':a': N(1) }),
  'unused value': check('q', 'attribute_exists(pk)', { ExpressionAttributeValues: { ':a': N(1) } }),
  'unused name': check('q', 'attribute_exists(pk)', { ExpressionAttributeNames: { '#a': 'a' } }),
  'names without expression': put('q', { ExpressionAttributeNames: { '#a': 'a' } }),
  'values without expression': put('q', { ExpressionAttributeValues: { ':a': N(1) } }),
  'path into a key': check('q', 'pk.a = pk'),
  'no action': {},
  'null': null,
  'two actions': { ...put('x'), ...remove('y') },
  'action of an unknown kind': { Get: { TableName: T, Key: { pk: S('x') } } },
};
for (const [what, action] of Object.entries(faults)) {
  c.it(`${what}`, write([action]));
  c.it(`${what}, before a check that fails`, write([action, check('never', 'attribute_exists(pk)')]));
  c.it(`${what}, behind a check that fails`, write([check('never', 'attribute_exists(pk)'), action]), ...look('q'));
}
const some = ['type of key', 'update of key', 'empty key in item', 'no table', 'bad condition', 'large item', 'no action', 'two actions'];
for (const first of some) for (const second of some) if (first !== second) c.it(`${first} and ${second}`, write([faults[first], faults[second]]));

// One item twice.
for (const other of [put('twice'), remove('twice'), update('twice', 'SET a = :a', { ':a': N(1) }), check('twice', 'attribute_not_exists(pk)')]) c.it(`one item twice ${show(other)}`, write([put('twice'), other]));
c.it('one number as a key twice', write(['1', '1.0'].map((n) => ({ Delete: { TableName: R, Key: { pk: S('x'), sk: { N: n } } } }))));
for (const fault of some) c.it(`one item twice and ${fault}`, write([put('twice'), remove('twice'), faults[fault]]));
for (const fault of some) c.it(`${fault} and one item twice`, write([faults[fault], put('twice'), remove('twice')]));

// The request as a whole.
for (const operation of ['TransactWriteItems', 'TransactGetItems']) {
  for (const items of [undefined, null, [], {}, 'x', 5, [{}], [null], ['x'], [5], [[]]]) c.it(`${operation} TransactItems ${show(items) ?? 'undefined'}`, operation, { TransactItems: items });
}
for (const Put of [{}, null, 'x', [], { TableName: T }, { Item: { pk: S('x') } }, { TableName: '', Item: { pk: S('x') } }, { TableName: T, Item: 'x' }, { TableName: T, Item: null }]) c.it(`Put ${show(Put)}`, write([{ Put }]));
for (const Update of [{}, { TableName: T, Key: { pk: S('x') } }, { TableName: T, UpdateExpression: 'REMOVE a' }, { TableName: T, Key: { pk: S('x') }, UpdateExpression: '' }]) c.it(`Update ${show(Update)}`, write([{ Update }]));
for (const Delete of [{}, { TableName: T }, { Key: { pk: S('x') } }]) c.it(`Delete ${show(Delete)}`, write([{ Delete }]));
for (const ConditionCheck of [{}, { TableName: T, Key: { pk: S('x') } }, { TableName: T, ...there }]) c.it(`ConditionCheck ${show(ConditionCheck)}`, write([{ ConditionCheck }]));
c.it('100 actions', write(Array.from({ length: 100 }, (_, i) => put(`h${i}`))), ...look('h0', 'h99'));
c.it('101 actions', write(Array.from({ length: 101 }, (_, i) => put(`i${i}`))), ...look('i0'));
const large = S('x'.repeat(300 * 1024));
c.it('more than 4 MB of puts', write(Array.from({ length: 14 }, (_, i) => put(`l${i}`, { Item: { pk: S(`l${i}`), a: large } }))));
c.it('more than 4 MB of updates', write(Array.from({ length: 14 }, (_, i) => update(`l${i}`, 'SET #a = :a', { ':a': large }, { ExpressionAttributeNames: { '#a': 'long' } }))));
c.it('more than 4 MB of checks', write(Array.from({ length: 14 }, (_, i) => check(`l${i}`, 'a = :a', { ExpressionAttributeValues: { ':a': large } }))));

// Tokens.
const add = (n) => [update('counter', 'ADD n :n', { ':n': N(n) })];
c.it('a token again', write(add(1), { ClientRequestToken: 'again' }), write(add(1), { ClientRequestToken: 'again' }), ...look('counter'));
c.it('a token with other parameters', write(add(1), { ClientRequestToken: 'other' }), write(add(2), { ClientRequestToken: 'other' }));
c.it('a token with other wishes', write(add(1), { ClientRequestToken: 'wishes' }), write(add(1), { ClientRequestToken: 'wishes', ReturnItemCollectionMetrics: 'SIZE' }), ...look('counter'));
c.it('a token with members in another order', write([put('order', { Item: { pk: S('order'), a: N(1) } })], { ClientRequestToken: 'order' }),
  write([{ Put: { Item: { a: N(1), pk: S('order') }, TableName: T } }], { ClientRequestToken: 'order' }));
c.it('a token of what failed', write([check('never', 'attribute_exists(pk)')], { ClientRequestToken: 'failed' }), write(add(1), { ClientRequestToken: 'failed' }), ...look('counter'));
for (const fault of ['type of key', 'bad condition', 'no table', 'two actions']) c.it(`a token again with ${fault}`, write(add(1), { ClientRequestToken: `with ${fault}` }), write([faults[fault]], { ClientRequestToken: `with ${fault}` }));
for (const token of ['', 'x'.repeat(36), 'x'.repeat(37), null, 5, {}]) c.it(`token ${show(token)}`, write(add(1), { ClientRequestToken: token }));

// Capacity.
for (const ReturnConsumedCapacity of ['TOTAL', 'INDEXES', 'NONE', 'x', '', null]) {
  c.it(`capacity of an update ${ReturnConsumedCapacity}`, write([update('capacity', 'SET a = :a', { ':a': N(1) })], { ReturnConsumedCapacity }));
  c.it(`capacity of a check ${ReturnConsumedCapacity}`, write([check('never', 'attribute_not_exists(pk)')], { ReturnConsumedCapacity }));
  c.it(`capacity of a put ${ReturnConsumedCapacity}`, write([put('capacity'), { Put: { TableName: I, Item: { pk: S('x'), sk: S('y'), a: S('a'), b: N(1) } } }], { ReturnConsumedCapacity, ReturnItemCollectionMetrics: 'SIZE' }));
  c.it(`capacity of gets ${ReturnConsumedCapacity}`, read([get('p'), get('never'), { Get: { TableName: R, Key: { pk: S('x'), sk: N(1) } } }], { ReturnConsumedCapacity }));
}

// TransactGetItems.
c.it('gets', read([get('p'), get('never'), get('1')]));
for (const ProjectionExpression of ['s', 'm.a, l[1]', 'never', '', 's,', 'name', 'pk.a', '#a']) c.it(`get of ${ProjectionExpression}`, read([get('p', { ProjectionExpression })]));
c.it('get of a name', read([get('p', { ProjectionExpression: '#a', ExpressionAttributeNames: { '#a': 's' } })]));
c.it('get with a name too many', read([get('p', { ProjectionExpression: '#a', ExpressionAttributeNames: { '#a': 's', '#b': 'n' } })]));
c.it('get with names only', read([get('p', { ExpressionAttributeNames: { '#a': 's' } })]));
c.it('one item twice in gets', read([get('p'), get('p')]));
for (const Key of [{ pk: N(1) }, { a: S('x') }, {}, { pk: S('x'), sk: S('y') }, { pk: S('') }, { pk: S('k'.repeat(2049)) }, { pk: { N: 'x' } }]) c.it(`get Key ${show(Key)}`, read([get('p'), { Get: { TableName: T, Key } }]));
c.it('get of no table', read([get('p'), { Get: { TableName: 'compare-none', Key: { pk: S('x') } } }]));
c.it('101 gets', read(Array.from({ length: 101 }, (_, i) => get(`${i}`))));
c.it('more than 4 MB of gets', ...Array.from({ length: 14 }, (_, i) => ['PutItem', { TableName: T, Item: { pk: S(`g${i}`), a: large } }]), read(Array.from({ length: 14 }, (_, i) => get(`g${i}`))));
