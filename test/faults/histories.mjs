// The serializability test: many small histories of concurrent requests, each checked for strict serializability, while the
// server is killed now and then.
//
//     node test/faults/histories.mjs [COUNT] [--seed N] [--corrupt]       (1,000 histories; TURNTABLE_BIN names another binary)
//
// A history is a few clients that each send a few requests, one after the other, to the same one to three items: transactions
// of writes, checks and reads, some as PartiQL statements, single writes with and without conditions, reads, batches (of writes that stand alone). What they sent, when, and what came
// back is given to serializable.mjs. Many histories run at a time, so one kill hits many; their clients go on when the server
// is back, and repeat what had no answer with the same token. Every history ends with a read of all its items.
//
// A test that cannot fail proves nothing: so the checker first judges histories made by hand, and of every tenth real history
// a copy with one corrupted answer, which it must refuse. With --corrupt one answer of every history is corrupted in the
// record that counts, and the test must fail.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { randomNumbers } from "../lib/random.js";
import { Refused, Unanswered } from "./client.mjs";
import { handmade } from "./handmade.mjs";
import { serialize, unprovoked } from "./serializable.mjs";
import { Trial } from "./trial.mjs";

const { values: options, positionals } = parseArgs({
  options: { seed: { type: "string" }, corrupt: { type: "boolean" } },
  allowPositionals: true,
});
const count = Number(positionals[0] ?? 1000);
const seed = Number(options.seed ?? Date.now() % 1e9);
const AT_A_TIME = 12;
const HISTORIES_A_KILL = 35;
const REPEATED_BELOW = 20; // the checker takes up to 30 ops
const TableName = "histories";

// ---- chance, repeatable for each history ----

function generator(state) {
  const chance = randomNumbers(state);
  return (below) => Math.floor(chance() * below);
}

// ---- what is sent ----

/** The actions of one request, on distinct keys. */
function randomActions(random, keys, most, make) {
  const all = Array.from({ length: keys }, (_, key) => key).filter(() => random(3) > 0);
  const chosen = all.length ? all.slice(0, most) : [random(keys)];
  return chosen.map((key) => ({ key, ...make() }));
}

/** A history's requests: for each client a list of { operation, actions, token?, shows? }. */
function plan(random) {
  const keys = 1 + random(3);
  let number = 0;
  const guess = () => 10 * (1 + random(Math.max(1, number))); // what somebody put, perhaps
  const randomChange = () => [["put", 10 * ++number], ["put", 10 * ++number], ["add", 1], ["add", 1], ["delete"]][random(5)];
  const randomCondition = () => [["absent"], ["present"], ["=", guess()], [">=", guess()]][random(4)];
  const sometimes = (make, one) => (random(one) === 0 ? make() : undefined);

  /** PartiQL's UPDATE and EXISTS are of an item that is there; its DELETE is of any. */
  function randomStatement() {
    const change = sometimes(() => undefined, 5) ?? (random(5) ? randomChange() : undefined);
    const condition = change?.[0] === "delete" ? sometimes(randomCondition, 3) : randomCondition();
    return { change, condition: change?.[0] === "delete" || condition[0] !== "absent" ? condition : ["present"] };
  }

  function request() {
    switch (random(10)) {
      case 8:
        return { operation: "ExecuteTransaction", actions: randomActions(random, keys, 3, () => ({ shows: "old" })) };
      case 9: {
        const actions = randomActions(random, keys, 3, randomStatement);
        return { operation: "ExecuteTransaction", actions, token: `${++number}`, again: random(4) === 0 };
      }
      case 0:
        return { operation: "GetItem", actions: [{ key: random(keys), shows: "old" }] };
      case 1:
        return { operation: "TransactGetItems", actions: randomActions(random, keys, 3, () => ({ shows: "old" })) };
      case 2:
        return {
          operation: "BatchWriteItem",
          actions: randomActions(random, keys, 2, () => ({ change: random(2) ? ["put", 10 * ++number] : ["delete"] })),
        };
      case 3:
      case 4: {
        const change = randomChange();
        const condition = sometimes(randomCondition, 2);
        return { operation: "single", actions: [{ key: random(keys), change, condition, shows: change[0] === "add" ? "new" : "old" }] };
      }
      default: {
        const actions = randomActions(random, keys, 3, () => {
          const change = sometimes(() => undefined, 5) ?? (random(5) ? randomChange() : undefined);
          return { change, condition: change ? sometimes(randomCondition, 3) : randomCondition() };
        });
        return { operation: "TransactWriteItems", actions, token: `${++number}`, again: random(4) === 0 };
      }
    }
  }

  const clients = Array.from({ length: 2 + random(3) }, () => Array.from({ length: 2 + random(3) }, request));
  return { keys, clients };
}

const N = (n) => ({ N: String(n) });
const numberOf = (item) => (item?.n ? Number(item.n.N) : null);

/** The expression parameters of a condition and an addition. */
function expressions({ condition, change }) {
  const values = {};
  const parameters = {};
  if (condition) {
    if (condition.length > 1) values[":c"] = N(condition[1]);
    const texts = { absent: "attribute_not_exists(pk)", present: "attribute_exists(pk)", "=": "n = :c", ">=": "n >= :c" };
    parameters.ConditionExpression = texts[condition[0]];
    parameters.ReturnValuesOnConditionCheckFailure = "ALL_OLD";
  }
  if (change?.[0] === "add") {
    values[":d"] = N(change[1]);
    parameters.UpdateExpression = "ADD n :d";
  }
  if (Object.keys(values).length) parameters.ExpressionAttributeValues = values;
  return parameters;
}

/** An action as a PartiQL statement with its parameters. */
function statement(key, { change, condition, shows }) {
  const from = `"${TableName}"`;
  const texts = { absent: " AND attribute_not_exists(n)", present: " AND attribute_exists(n)", "=": " AND n = ?", ">=": " AND n >= ?" };
  const where = ` WHERE pk = ?${condition ? texts[condition[0]] : ""}`;
  const compared = condition?.length > 1 ? [N(condition[1])] : [];
  const parameters = [key.pk, ...compared];
  if (shows) return { Statement: `SELECT * FROM ${from}${where}`, Parameters: parameters };
  const ReturnValuesOnConditionCheckFailure = "ALL_OLD";
  switch (change?.[0]) {
    case "put":
      return { Statement: `UPDATE ${from} SET n = ?${where}`, Parameters: [N(change[1]), ...parameters], ReturnValuesOnConditionCheckFailure };
    case "add":
      return { Statement: `UPDATE ${from} SET n = n + ?${where}`, Parameters: [N(change[1]), ...parameters], ReturnValuesOnConditionCheckFailure };
    case "delete":
      return { Statement: `DELETE FROM ${from}${where}`, Parameters: parameters, ReturnValuesOnConditionCheckFailure };
    default:
      return { Statement: `EXISTS(SELECT * FROM ${from}${where})`, Parameters: parameters, ReturnValuesOnConditionCheckFailure };
  }
}

const kinds = { put: "Put", add: "Update", delete: "Delete" };

/** A planned request as DynamoDB's operation and input; `name` names the history. */
function input(name, { operation, actions, token }) {
  const keyOf = ({ key }) => ({ pk: { S: `${name} ${key}` } });
  const target = (action) =>
    action.change?.[0] === "put" ? { Item: { ...keyOf(action), n: N(action.change[1]) } } : { Key: keyOf(action) };
  switch (operation) {
    case "GetItem":
      return [operation, { TableName, Key: keyOf(actions[0]), ConsistentRead: true }];
    case "TransactGetItems":
      return [operation, { TransactItems: actions.map((action) => ({ Get: { TableName, Key: keyOf(action) } })) }];
    case "BatchWriteItem": {
      const requests = actions.map((a) => (a.change[0] === "put" ? { PutRequest: target(a) } : { DeleteRequest: target(a) }));
      return [operation, { RequestItems: { [TableName]: requests } }];
    }
    case "ExecuteTransaction": {
      const TransactStatements = actions.map((action) => statement(keyOf(action), action));
      return [operation, { TransactStatements, ...(token && { ClientRequestToken: `${name}.${token}` }) }];
    }
    case "TransactWriteItems": {
      const TransactItems = actions.map((action) => ({
        [kinds[action.change?.[0]] ?? "ConditionCheck"]: { TableName, ...target(action), ...expressions(action) },
      }));
      return [operation, { TransactItems, ClientRequestToken: `${name}.${token}` }];
    }
    default: {
      const [action] = actions;
      const ReturnValues = action.shows === "new" ? "UPDATED_NEW" : "ALL_OLD";
      return [`${kinds[action.change[0]]}Item`, { TableName, ...target(action), ...expressions(action), ReturnValues }];
    }
  }
}

// ---- what comes back ----

function seen({ operation, actions }, output) {
  switch (operation) {
    case "GetItem":
      return [numberOf(output.Item)];
    case "TransactGetItems":
      return output.Responses.map(({ Item }) => numberOf(Item));
    case "ExecuteTransaction":
      return actions.map(({ shows }, i) => (shows ? numberOf(output.Responses[i].Item) : undefined));
    case "BatchWriteItem":
      assert.deepEqual(output.UnprocessedItems, {});
      return [];
    case "single":
      return [numberOf(output.Attributes)];
    default:
      return actions.map(() => undefined);
  }
}

function refusal(request, error) {
  const { CancellationReasons: reasons, Item } = error.body;
  const failed = (item) => ({ seen: numberOf(item) });
  switch (error.type) {
    case "ConditionalCheckFailedException":
      return { type: "refused", reasons: [failed(Item)] };
    case "TransactionConflictException":
      return { type: "refused", reasons: ["conflict"] };
    case "TransactionInProgressException":
      return { type: "busy" };
    case "TransactionCanceledException": {
      const codes = reasons.map(({ Code }) => Code).join(", ");
      assert.equal(error.body.Message, `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`);
      assert.equal(reasons.length, request.actions.length);
      return {
        type: "refused",
        reasons: reasons.map(({ Code, Item: item }) => {
          if (Code === "None") return null;
          if (Code === "TransactionConflict") return "conflict";
          assert.equal(Code, "ConditionalCheckFailed");
          return failed(item);
        }),
      };
    }
    default:
      throw error;
  }
}

// ---- the server ----

const trial = new Trial();
let server; // a promise, while it starts

async function start() {
  const begun = await trial.start();
  const gone = begun.child.finished.then(({ signal }) => {
    const at = performance.now();
    if (signal === "SIGKILL") return at;
    server = Promise.reject(new Error(`the server ended by itself: ${begun.child.output.stderr}`));
    return server;
  });
  gone.catch(() => {});
  return { ...begun, gone };
}

/** Kills the server and starts another; until that listens, clients wait. */
async function kill() {
  const { child, gone, close } = await server;
  server = gone.then(() => {
    close();
    return start();
  });
  child.kill("SIGKILL");
  await server;
}

// ---- a history ----

const counts = { requests: 0, unanswered: 0, conflicts: 0, refusals: 0, repetitions: 0, kills: 0 };

/** Records the beginning of a request. Each action of a BatchWriteItem is by itself: AWS promises no more. */
function begin(history, request) {
  const op = { ...request, transaction: request.token !== undefined, from: performance.now(), to: Infinity };
  const parts = request.operation === "BatchWriteItem" ? request.actions.map((action) => ({ ...op, actions: [action] })) : [op];
  history.ops.push(...parts);
  return parts;
}

/** Sends a request and records it. Returns whether it was answered. */
async function perform(history, request) {
  const { call, gone } = await server;
  const parts = begin(history, request);
  const op = {};
  counts.requests++;
  try {
    op.result = { type: "done", seen: seen(request, await call(...input(history.name, request))) };
    op.to = performance.now();
  } catch (error) {
    if (error instanceof Refused) {
      op.to = performance.now();
      op.result = refusal(request, error);
      counts[op.result.type === "busy" || op.result.reasons.includes("conflict") ? "conflicts" : "refusals"]++;
    } else if (error instanceof Unanswered) {
      op.result = { type: "unknown" };
      op.to = await gone;
      counts.unanswered++;
    } else {
      throw error;
    }
  }
  for (const part of parts) Object.assign(part, op);
  return op.result.type !== "unknown";
}

async function client(history, random, requests) {
  for (const { again, ...request } of requests) {
    const answered = await perform(history, request);
    if ((!answered && request.token && history.ops.length < REPEATED_BELOW) || (again && history.ops.length < REPEATED_BELOW)) {
      counts.repetitions++;
      await perform(history, request);
    }
    if (random(3) === 0) await pause(random(3));
  }
}

async function run(name, random) {
  const { keys, clients } = plan(random);
  const history = { name, keys, ops: [] };
  await Promise.all(clients.map((requests) => client(history, random, requests)));
  const all = Array.from({ length: keys }, (_, key) => ({ key, shows: "old" }));
  while (!(await perform(history, { operation: "TransactGetItems", actions: all })));
  return history;
}

/** A copy of the history in which one answer shows a number that nobody wrote. */
function corrupted(history) {
  const copy = structuredClone(history);
  const { result } = copy.ops.findLast(({ operation, result: { type } }) => operation === "TransactGetItems" && type === "done");
  result.seen[0] = -1;
  return copy;
}

function judge(history, random) {
  const judged = options.corrupt ? corrupted(history) : history;
  assert.ok(serialize(judged), "no order of the requests explains the answers");
  assert.equal(unprovoked(judged), undefined, "a conflict with nobody");
  if (random(10) === 0) assert.equal(serialize(corrupted(history)), undefined, "the checker passed a corrupted history");
}

// ---- all of them ----

function report(what, error, history) {
  trial.fail(what, error);
  if (history) console.error(JSON.stringify(history));
}

async function runSome(next) {
  for (let number = next(); number !== undefined && trial.failed < 10; number = next()) {
    const random = generator(seed + number);
    let history;
    try {
      history = await run(`${seed}.${number}`, random);
      judge(history, random);
      trial.passed++;
    } catch (error) {
      report(`history ${number} of seed ${seed}`, error, history);
    }
  }
}

/** Kills now and then, until `over`. */
async function killSome(over) {
  const random = generator(seed);
  let killedAt = trial.passed;
  while (!over.now) {
    await pause(random(30));
    if (trial.passed + trial.failed - killedAt < HISTORIES_A_KILL) continue;
    killedAt = trial.passed + trial.failed;
    counts.kills++;
    await kill();
  }
}

async function main() {
  assert.ok(Number.isInteger(count) && count > 0, "usage: histories.mjs [COUNT] [--seed N] [--corrupt]");
  for (const { name, good, history } of handmade) {
    const found = serialize(history) !== undefined && unprovoked(history) === undefined;
    if (found !== good) report(`made by hand: ${name}`, new Error(found ? "passed" : "refused"));
    else trial.passed++;
  }
  server = start();
  const { call } = await server;
  await call("CreateTable", {
    TableName,
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
  let given = 0;
  const next = () => (given < count ? given++ : undefined);
  const over = { now: false };
  const killer = killSome(over);
  await Promise.race([killer, Promise.all(Array.from({ length: AT_A_TIME }, () => runSome(next)))]);
  over.now = true;
  await killer;
  (await server).close();
  console.log(Object.entries(counts).map(([name, n]) => `${n} ${name}`).join(", "));
}

await trial.run(main, `, seed ${seed}`);
