// Whether a history of concurrent requests is strictly serializable: whether there is one order of all requests, each at one
// moment between its call and its answer, in which every answer is right. The search is complete (it tries every order that
// real time allows, but never the same set of requests with the same database twice) and sound (it says yes only with such an
// order). It is Wing and Gong's search with the memory that Lowe added.
//
// A history is { keys, ops }. A database is a number or null (no item) for each key, and the tokens that were used. An op is
//
//   { from, to, token?, actions: [{ key, condition?, change?, shows? }], result }
//
//   from, to   when it was called and answered. One without an answer happened before `to` (when its server was gone) or
//              never
//   condition  ["absent"], ["present"], ["=", n], [">=", n]: must hold for the op to happen
//   change     ["put", n], ["add", n] (no item counts as 0), ["delete"]; none: a read or a check
//   shows      "old" or "new": what of the item the answer shows
//   result     { type: "done", seen }            seen[i]: what the answer showed of the item of action i, if it shows any
//              { type: "refused", reasons }      reasons[i]: null (nothing wrong), "conflict" (no effect, and no word about
//                                                the item), { seen } (its condition did not hold; `seen` as above)
//              { type: "busy" }                  another request with its token was under way: no effect
//              { type: "unknown" }
//
// An op with a token that was used has no effect and succeeds.

function holds(condition, value) {
  if (!condition) return true;
  switch (condition[0]) {
    case "absent":
      return value === null;
    case "present":
      return value !== null;
    case "=":
      return value === condition[1];
    case ">=":
      return value !== null && value >= condition[1];
    default:
      throw new Error(`a condition ${condition[0]}`);
  }
}

function changed(change, value) {
  if (!change) return value;
  switch (change[0]) {
    case "put":
      return change[1];
    case "add":
      return (value ?? 0) + change[1];
    case "delete":
      return null;
    default:
      throw new Error(`a change ${change[0]}`);
  }
}

/** The database after the op, if the op succeeds on this one; otherwise undefined. */
function happen(database, op) {
  const next = { values: [...database.values], used: database.used };
  for (const { key, condition, change } of op.actions) {
    if (!holds(condition, database.values[key])) return undefined;
    next.values[key] = changed(change, database.values[key]);
  }
  if (op.token !== undefined) next.used = [...database.used, op.token].sort();
  return next;
}

function showsRight(database, next, op) {
  return op.actions.every(({ key, shows }, i) => {
    if (!shows) return true;
    return op.result.seen[i] === (shows === "old" ? database : next).values[key];
  });
}

function refusedRightly(database, op) {
  const { reasons } = op.result;
  return op.actions.every(({ key, condition }, i) => {
    const reason = reasons[i];
    if (reason === "conflict") return true;
    const held = holds(condition, database.values[key]);
    if (reason === null) return held;
    return !held && (reason.seen === undefined || reason.seen === database.values[key]);
  });
}

/** The database after the op with the answer that it got; undefined if that answer is wrong on this database. */
function step(database, op) {
  const repeated = op.token !== undefined && database.used.includes(op.token);
  switch (op.result.type) {
    case "done": {
      if (repeated) return database;
      const next = happen(database, op);
      return next && showsRight(database, next, op) ? next : undefined;
    }
    case "refused":
      return !repeated && refusedRightly(database, op) ? database : undefined;
    case "busy":
      return database;
    case "unknown":
      return repeated ? undefined : happen(database, op); // without effect it may as well never happen
    default:
      throw new Error(`a result ${op.result.type}`);
  }
}

/** An order of the ops (of those without an answer, some) that explains all answers, or undefined if there is none. */
export function serialize({ keys, ops }) {
  if (ops.length > 30) throw new Error("more ops than a set of bits holds");
  const answered = ops.reduce((bits, { result }, i) => (result.type === "unknown" ? bits : bits | (1 << i)), 0);
  const tried = new Set();
  const order = [];

  function search(done, database) {
    if ((done & answered) === answered) return true;
    const name = `${done} ${database.values} ${database.used}`;
    if (tried.has(name)) return false;
    tried.add(name);
    // What was called after another was over cannot come before that one: neither before one that has an answer and is
    // still to come, nor before one that comes now.
    let limit = Infinity;
    let latest = -Infinity;
    for (let i = 0; i < ops.length; i++) {
      if (done & (1 << i)) latest = Math.max(latest, ops[i].from);
      else if (answered & (1 << i)) limit = Math.min(limit, ops[i].to);
    }
    for (let i = 0; i < ops.length; i++) {
      if (done & (1 << i) || ops[i].from > limit || ops[i].to < latest) continue;
      const next = step(database, ops[i]);
      if (!next) continue;
      order.push(i);
      if (search(done | (1 << i), next)) return true;
      order.pop();
    }
    return false;
  }

  return search(0, { values: Array(keys).fill(null), used: [] }) ? order : undefined;
}

const overlap = (a, b) => a !== b && a.from <= b.to && b.from <= a.to;
const writes = (op) => op.transaction || op.actions.some(({ change }) => change);

/** The first op that was refused for a conflict though no other that could be it was under way; undefined if there is none. */
export function unprovoked({ ops }) {
  const meets = (op, key) => ops.some((other) => overlap(op, other) && writes(other) && other.actions.some((a) => a.key === key));
  return ops.find((op) => {
    if (op.result.type === "busy") return !ops.some((other) => overlap(op, other) && other.token === op.token);
    if (op.result.type !== "refused") return false;
    return op.actions.some(({ key }, i) => op.result.reasons[i] === "conflict" && !meets(op, key));
  });
}
