// Histories made by hand, with what the checker must say of them: the test of the test in histories.mjs.

const done = (...seen) => ({ type: "done", seen });
const refused = (...reasons) => ({ type: "refused", reasons });
const unknown = { type: "unknown" };

const op = (from, to, result, ...actions) => ({ from, to, result, actions });
const read = (from, to, ...seen) => op(from, to, done(...seen), ...seen.map((_, key) => ({ key, shows: "old" })));
const put = (from, to, n, key = 0) => op(from, to, done(), { key, change: ["put", n] });
const transact = (from, to, result, token, ...actions) => ({ ...op(from, to, result, ...actions), token, transaction: true });

const good = (name, keys, ...ops) => ({ name, good: true, history: { keys, ops } });
const bad = (name, keys, ...ops) => ({ name, good: false, history: { keys, ops } });

const both = (n) => [
  { key: 0, change: ["put", n] },
  { key: 1, change: ["put", n] },
];
const ifOne = [{ key: 0, condition: ["=", 1], change: ["put", 2] }];
const addOne = { key: 0, change: ["add", 1] };

export const handmade = [
  good("nothing", 1),
  good("a read of no item", 1, read(0, 1, null)),
  bad("a read of what nobody wrote", 1, read(0, 1, 5)),
  good("a read after a write", 1, put(0, 1, 5), read(2, 3, 5)),
  bad("a stale read", 1, put(0, 1, 5), put(2, 3, 6), read(4, 5, 5)),
  bad("a lost write", 1, put(0, 1, 5), read(2, 3, null)),
  good("a read beside a write sees it", 1, put(0, 3, 5), read(1, 2, 5)),
  good("a read beside a write does not see it", 1, put(0, 3, 5), read(1, 2, null)),
  bad("reads that go back in time", 1, put(0, 9, 5), read(1, 2, 5), read(3, 4, null)),
  bad("a read of the future", 1, read(0, 1, 5), put(2, 3, 5)),
  good("reads of two concurrent writes in one order", 1, put(0, 9, 1), put(0, 9, 2), read(1, 2, 1), read(3, 4, 2)),
  bad("reads of two concurrent writes in two orders", 1, put(0, 9, 1), put(0, 9, 2), read(1, 2, 1), read(3, 4, 2), read(5, 6, 1)),

  good("a transaction is seen whole", 2, transact(0, 9, done(), "t", ...both(5)), read(1, 2, null, null), read(3, 4, 5, 5)),
  bad("a transaction is seen half", 2, transact(0, 9, done(), "t", ...both(5)), read(1, 2, 5, null)),
  bad("two single reads see it in parts that real time forbids", 2, transact(0, 9, done(), "t", ...both(5)),
    op(1, 2, done(5), { key: 0, shows: "old" }), op(3, 4, done(null), { key: 1, shows: "old" })),
  bad("a write skew", 2,
    transact(0, 9, done(), "a", { key: 0, condition: ["absent"] }, { key: 1, change: ["put", 1] }),
    transact(0, 9, done(), "b", { key: 1, condition: ["absent"] }, { key: 0, change: ["put", 1] })),
  bad("a lost addition", 1, op(0, 9, done(), addOne), op(0, 9, done(), addOne), read(10, 11, 1)),
  bad("two additions show the same", 1, op(0, 9, done(1), { ...addOne, shows: "new" }), op(0, 9, done(1), { ...addOne, shows: "new" })),
  good("two additions show what they made", 1, op(0, 9, done(2), { ...addOne, shows: "new" }), op(0, 9, done(1), { ...addOne, shows: "new" })),

  good("a condition that holds", 1, put(0, 1, 1), op(2, 3, done(), ...ifOne), read(4, 5, 2)),
  bad("a condition that could not hold", 1, op(2, 3, done(), ...ifOne)),
  good("a condition that fails", 1, put(0, 1, 3), op(2, 3, refused({ seen: 3 }), ...ifOne)),
  bad("a condition that fails though it holds", 1, put(0, 1, 1), op(2, 3, refused({}), ...ifOne)),
  bad("a failed condition that shows another item", 1, put(0, 1, 3), op(2, 3, refused({ seen: 4 }), ...ifOne)),
  bad("a refused write that happened", 1, put(0, 1, 3), op(2, 3, refused({ seen: 3 }), ...ifOne), read(4, 5, 2)),
  bad("reasons of two moments", 2, put(0, 9, 1, 0), read(1, 2, 1, null), put(3, 9, 1, 1),
    transact(4, 5, refused({ seen: null }, { seen: 1 }), "t", { key: 0, condition: ["=", 7] }, { key: 1, condition: ["=", 7] })),
  bad("no reason given though a condition fails", 2,
    transact(0, 1, refused({ seen: null }, null), "t", { key: 0, condition: ["present"] }, { key: 1, condition: ["present"] })),

  good("a conflict with a transaction", 1, transact(0, 9, done(), "t", addOne), op(1, 2, refused("conflict"), addOne), read(10, 11, 1)),
  bad("a conflict that had an effect", 1, transact(0, 9, done(), "t", addOne), op(1, 2, refused("conflict"), addOne), read(10, 11, 2)),
  bad("a conflict with nobody", 1, transact(0, 1, done(), "t", addOne), op(2, 3, refused("conflict"), addOne)),
  bad("a conflict with a reader", 1, read(0, 9, null), op(2, 3, refused("conflict"), addOne)),

  good("a repetition has no effect", 1, transact(0, 1, done(), "t", addOne), transact(2, 3, done(), "t", addOne), read(4, 5, 1)),
  bad("a repetition has an effect", 1, transact(0, 1, done(), "t", addOne), transact(2, 3, done(), "t", addOne), read(4, 5, 2)),
  good("a repetition succeeds against its condition", 1, put(0, 1, 1), transact(2, 3, done(), "t", ...ifOne), transact(4, 5, done(), "t", ...ifOne)),
  bad("a repetition is refused", 1, put(0, 1, 1), transact(2, 3, done(), "t", ...ifOne), transact(4, 5, refused({ seen: 2 }), "t", ...ifOne)),
  bad("busy with nobody", 1, transact(0, 1, done(), "t", addOne), transact(2, 3, { type: "busy" }, "t", addOne)),

  good("an unanswered write happened", 1, op(0, 5, unknown, addOne), read(6, 7, 1)),
  good("an unanswered write did not happen", 1, op(0, 5, unknown, addOne), read(6, 7, null)),
  bad("an unanswered write comes and goes", 1, op(0, 5, unknown, addOne), read(1, 2, 1), read(6, 7, null)),
  bad("an unanswered write happens after its server was gone", 1, op(0, 5, unknown, addOne), read(6, 7, null), read(8, 9, 1)),
  bad("an unanswered transaction happened in part", 2, transact(0, 5, unknown, "t", ...both(5)), read(6, 7, 5, null)),
  good("an unanswered transaction is repeated", 1, transact(0, 5, unknown, "t", addOne), transact(6, 7, done(), "t", addOne), read(8, 9, 1)),
  bad("an unanswered transaction happens twice", 1, transact(0, 5, unknown, "t", addOne), transact(6, 7, done(), "t", addOne), read(8, 9, 2)),
];
