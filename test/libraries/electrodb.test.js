// ElectroDB (npm): entities of one table with composed keys, collections, and its ways to write and to page.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { Entity, Service, createConversions } from "electrodb";
import { by, open, region, uniqueName } from "./lib.js";

const client = new DynamoDBClient({ endpoint: await open(), region });
const table = uniqueName("electro");

before(async () => {
  const keys = ["pk", "sk", "gsi1pk", "gsi1sk"];
  const schema = (hash, range) => [{ AttributeName: hash, KeyType: "HASH" }, { AttributeName: range, KeyType: "RANGE" }];
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: schema("pk", "sk"),
      GlobalSecondaryIndexes: [{ IndexName: "gsi1", KeySchema: schema("gsi1pk", "gsi1sk"), Projection: { ProjectionType: "ALL" } }],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.01, maxDelay: 0.1 }, { TableName: table });
});

const model = (entity) => ({ entity, version: "1", service: "office" });
const Employee = new Entity(
  {
    model: model("employee"),
    attributes: {
      id: { type: "string", required: true },
      office: { type: "string", required: true },
      team: { type: "string", required: true },
      name: { type: "string", required: true },
      salary: { type: "number", default: 100 },
      skills: { type: "set", items: "string" },
      projects: { type: "list", items: { type: "string" } },
      address: { type: "map", properties: { city: { type: "string" }, zip: { type: "string" } } },
      level: { type: ["junior", "senior"], default: "junior" },
    },
    indexes: {
      employee: { pk: { field: "pk", composite: ["id"] }, sk: { field: "sk", composite: [] } },
      staff: { index: "gsi1", collection: "workplace", pk: { field: "gsi1pk", composite: ["office"] }, sk: { field: "gsi1sk", composite: ["team", "id"] } },
    },
  },
  { client, table },
);
const Task = new Entity(
  {
    model: model("task"),
    attributes: {
      task: { type: "string", required: true },
      office: { type: "string", required: true },
      project: { type: "string", required: true },
      points: { type: "number", default: 1 },
      done: { type: "boolean", default: false },
    },
    indexes: {
      task: { pk: { field: "pk", composite: ["project"] }, sk: { field: "sk", composite: ["task"] } },
      assigned: { index: "gsi1", collection: "workplace", pk: { field: "gsi1pk", composite: ["office"] }, sk: { field: "gsi1sk", composite: ["project", "task"] } },
    },
  },
  { client, table },
);
const office = new Service({ employees: Employee, tasks: Task });

describe("Entity", () => {
  const ann = { id: "ann", office: "ulm", team: "blue", name: "Ann", skills: ["c", "sql"], projects: ["one"], address: { city: "Ulm", zip: "89073" } };

  test("creates an item once, and gets it", async () => {
    const { data } = await Employee.create(ann).go();
    assert.equal(data.salary, 100);
    await assert.rejects(Employee.create(ann).go(), (error) => error.code === 4001 && error.cause.name === "ConditionalCheckFailedException");
    assert.deepEqual((await Employee.get({ id: "ann" }).go()).data, { ...ann, salary: 100, level: "junior" });
    assert.equal((await Employee.get({ id: "nobody" }).go()).data, null);
    assert.deepEqual((await Employee.get({ id: "ann" }).go({ attributes: ["name", "salary"] })).data, { name: "Ann", salary: 100 });
  });

  test("patches what is there, under conditions", async () => {
    const { data } = await Employee.patch({ id: "ann" })
      .set({ level: "senior" })
      .add({ salary: 50, skills: ["go"] })
      .append({ projects: ["two"] })
      .data((attributes, { set, remove }) => {
        set(attributes.address.city, "Bonn");
        remove(attributes.address.zip);
      })
      .where(({ salary, level }, { lt, eq }) => `${lt(salary, 200)} AND ${eq(level, "junior")}`)
      .go({ response: "all_new" });
    assert.deepEqual(data, { ...ann, salary: 150, level: "senior", skills: ["c", "go", "sql"], projects: ["one", "two"], address: { city: "Bonn" } });
    await assert.rejects(Employee.patch({ id: "nobody" }).set({ name: "X" }).go(), (error) => error.cause.name === "ConditionalCheckFailedException");
    const failed = Employee.update({ id: "ann" }).subtract({ salary: 500 }).where(({ salary }, { gte }) => gte(salary, 500)).go();
    await assert.rejects(failed, (error) => error.cause.name === "ConditionalCheckFailedException");
  });

  test("upserts, replaces and removes", async () => {
    const ben = { id: "ben", office: "ulm", team: "red", name: "Ben" };
    await Employee.upsert(ben).go();
    await Employee.upsert({ ...ben, salary: 7 }).go();
    assert.equal((await Employee.get({ id: "ben" }).go()).data.salary, 7);
    await Employee.put({ ...ben, name: "Benno" }).go();
    assert.equal((await Employee.get({ id: "ben" }).go()).data.name, "Benno");
    const { data } = await Employee.remove({ id: "ben" }).go({ response: "all_old" });
    assert.equal(data.name, "Benno");
    await assert.rejects(Employee.remove({ id: "ben" }).where(({ name }, { exists }) => exists(name)).go());
    assert.equal((await Employee.get({ id: "ben" }).go()).data, null);
  });

  test("writes, reads and deletes batches of more than 25", async () => {
    const tasks = Array.from({ length: 60 }, (_, i) => ({ task: `t${String(i).padStart(2, "0")}`, office: "bonn", project: "batch", points: i, done: false }));
    assert.deepEqual((await Task.put(tasks).go()).unprocessed, []);
    const keys = tasks.map(({ project, task }) => ({ project, task }));
    const { data } = await Task.get(keys).go();
    assert.deepEqual(data.sort(by("task")), tasks);
    await Task.delete(keys.slice(0, 50)).go();
    assert.equal((await Task.query.task({ project: "batch" }).go({ pages: "all" })).data.length, 10);
  });

  test("queries with conditions on the sort key, filters and cursors", async () => {
    const tasks = Array.from({ length: 12 }, (_, i) => ({ task: `a${i % 2}-${String(i).padStart(2, "0")}`, office: "rome", project: "query", points: i, done: i > 8 }));
    await Task.put(tasks).go();
    const names = async (query, options) => (await query.go(options)).data.map(({ task }) => task);
    assert.deepEqual(await names(Task.query.task({ project: "query" }).begins({ task: "a1" })), ["a1-01", "a1-03", "a1-05", "a1-07", "a1-09", "a1-11"]);
    assert.deepEqual(await names(Task.query.task({ project: "query" }).between({ task: "a0-04" }, { task: "a0-08" })), ["a0-04", "a0-06", "a0-08"]);
    assert.deepEqual(await names(Task.query.task({ project: "query" }).gt({ task: "a1-07" }), { order: "desc" }), ["a1-11", "a1-09"]);
    const filtered = Task.query.assigned({ office: "rome" }).where(({ points, done }, { between, eq }) => `${between(points, 3, 9)} AND ${eq(done, true)}`);
    assert.deepEqual(await names(filtered), ["a1-09"]);
    const paged = [];
    let cursor = null, pages = 0;
    do {
      const page = await Task.query.task({ project: "query" }).go({ cursor, limit: 5 });
      paged.push(...page.data);
      cursor = page.cursor;
      pages++;
    } while (cursor);
    assert.deepEqual([paged.length, pages], [12, 3]);
    assert.deepEqual(createConversions(Task).fromCursor.toKeys((await Task.query.task({ project: "query" }).go({ limit: 1 })).cursor).pk, "$office#project_query");
  });

  test("scans for its own items only", async () => {
    const { data } = await Employee.scan.go({ pages: "all" });
    assert.deepEqual(data.map(({ id }) => id), ["ann"]);
  });
});

describe("Service", () => {
  test("collects the items of several entities by an index", async () => {
    await Employee.put({ id: "cleo", office: "oslo", team: "blue", name: "Cleo" }).go();
    await Task.put([1, 2].map((n) => ({ task: `t${n}`, office: "oslo", project: "move" }))).go();
    const { data } = await office.collections.workplace({ office: "oslo" }).go();
    assert.deepEqual(data.employees.map(({ id }) => id), ["cleo"]);
    assert.deepEqual(data.tasks.map(({ task }) => task), ["t1", "t2"]);
  });

  test("transacts", async () => {
    const move = (expected) =>
      office.transaction
        .write(({ employees, tasks }) => [
          employees.patch({ id: "ann" }).set({ team: "green" }).where(({ team }, { eq }) => eq(team, expected)).commit({ response: "all_old" }),
          tasks.upsert({ task: "done", office: "ulm", project: "transaction" }).add({ points: 2 }).commit(),
          employees.check({ id: "cleo" }).where(({ office: at }, { eq }) => eq(at, "oslo")).commit(),
        ])
        .go();
    assert.equal((await move("blue")).canceled, false);
    const { canceled, data } = await move("blue");
    assert.equal(canceled, true);
    assert.deepEqual(data.map(({ code, rejected }) => [code, rejected]), [["ConditionalCheckFailed", true], ["None", false], ["None", false]]);
    const read = await office.transaction
      .get(({ employees, tasks }) => [employees.get({ id: "ann" }).commit(), tasks.get({ project: "transaction", task: "done" }).commit(), tasks.get({ project: "none", task: "none" }).commit()])
      .go();
    assert.deepEqual(read.data.map(({ item }) => item && (item.team ?? item.points)), ["green", 2, null]);
  });
});

test("the table is deleted", async () => {
  await client.send(new DeleteTableCommand({ TableName: table }));
});
