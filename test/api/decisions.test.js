// What policies said, as the server remembers it: Turntable.ListDecisions.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { CloudFormation } from "@aws-sdk/client-cloudformation";
import { S3 } from "@aws-sdk/client-s3";
import { arnOf, deny, grant, makeSession, makeUser } from "../lib/principals.js";
import { callQuery } from "../lib/raw.js";
import { credentials, region } from "../lib/server.js";
import { open, uniqueName } from "../lib/turntable.js";

const { ddb, endpoint, table } = await open();

const elements = (text, name) => [...text.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, "gs"))].map(([, content]) => content);
const object = (text) => Object.fromEntries([...text.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, value]) => [name, value]));

async function page(parameters = {}, keys = credentials) {
  const { status, body, code, message } = await callQuery(endpoint, { service: "turntable", version: "2026-11-26", action: "ListDecisions", parameters }, { credentials: keys });
  if (status !== 200) throw Object.assign(new Error(message), { name: code, status });
  const text = body.toString();
  const [list = ""] = elements(text, "Decisions");
  return { decisions: elements(list, "member").map(object), truncated: elements(text, "IsTruncated")[0] === "true", marker: elements(text, "Marker")[0] };
}

const decisions = async (parameters, keys) => (await page(parameters, keys)).decisions;

describe("a decision", () => {
  test("tells who asked for what, and the statement that decided it", async () => {
    const TableName = await table({ pk: "S" });
    const ana = await makeUser(endpoint, uniqueName());
    await ana.may({ Sid: "Read", ...grant("dynamodb:GetItem", arnOf(TableName)) }, deny("dynamodb:DeleteItem", "*"));
    const Key = { pk: { S: "1" } };
    const before = Date.now();
    const ids = [(await ana.ddb.getItem({ TableName, Key })).$metadata.requestId];
    for (const request of [ana.ddb.deleteItem({ TableName, Key }), ana.ddb.putItem({ TableName, Item: Key })]) {
      const error = await request.catch((caught) => caught);
      assert.equal(error.name, "AccessDeniedException");
      ids.push(error.$metadata.requestId);
    }
    const told = await decisions({ Principal: ana.arn });
    for (const { Time } of told) assert.ok(Date.parse(Time) >= before - 1000 && Date.parse(Time) <= Date.now() + 1000, Time);
    const all = told.map(({ Time, ...rest }) => rest);
    const common = { Principal: ana.arn, Resource: arnOf(TableName) };
    assert.deepEqual(all, [
      { RequestId: ids[2], Outcome: "Denied", ...common, Action: "dynamodb:PutItem", PolicyType: "identity" },
      { RequestId: ids[1], Outcome: "Denied", ...common, Action: "dynamodb:DeleteItem", PolicyType: "identity", Policy: "own", Statement: "2" },
      { RequestId: ids[0], Outcome: "Allowed", ...common, Action: "dynamodb:GetItem", PolicyType: "identity", Policy: "own", Statement: "1", Sid: "Read" },
    ]);
  });

  test("is made of every need, also of roles that are assumed and passed", async () => {
    const one = await table({ pk: "S" });
    const two = await table({ pk: "S" });
    const session = await makeSession(endpoint, uniqueName(), [grant("dynamodb:BatchGetItem", "*")]);
    const Keys = [{ pk: { S: "1" } }];
    await session.ddb.batchGetItem({ RequestItems: { [one]: { Keys }, [two]: { Keys } } });
    const all = await decisions({ Principal: session.arn });
    assert.deepEqual(all.map(({ Outcome, Action, Resource }) => [Outcome, Action, Resource]).sort(), [one, two].sort().map((name) => ["Allowed", "dynamodb:BatchGetItem", arnOf(name)]));
    const assumed = await decisions({ ActionName: "sts:AssumeRole", ResourcePrefix: session.roleArn });
    assert.ok(assumed.some(({ Outcome, PolicyType }) => Outcome === "Allowed" && PolicyType === "resource"), JSON.stringify(assumed));

    const bea = await makeUser(endpoint, uniqueName());
    await bea.may(grant("cloudformation:*", "*"));
    const cloudformation = new CloudFormation({ endpoint, region, credentials: bea.credentials, maxAttempts: 1 });
    after(() => cloudformation.destroy());
    await assert.rejects(cloudformation.createStack({ StackName: uniqueName("s"), RoleARN: session.roleArn, TemplateBody: "{}" }));
    await assert.rejects(cloudformation.createStack({ StackName: uniqueName("s"), RoleARN: session.roleArn, TemplateBody: JSON.stringify({ Resources: { a: { Type: "AWS::SSM::Parameter", Properties: { Type: "String", Value: "a" } } } }) }));
    const passing = await decisions({ Principal: bea.arn, ActionName: "IAM:passrole" });
    assert.deepEqual([...new Set(passing.map(({ Outcome, Resource }) => `${Outcome} ${Resource}`))], [`Denied ${session.roleArn}`]);
  });

  test("is not made for root", async () => {
    const { $metadata } = await ddb.listTables({});
    for (const { RequestId } of await decisions({ MaxItems: "1000" })) assert.notEqual(RequestId, $metadata.requestId);
  });
});

describe("decisions", () => {
  test("are told page by page, by outcome, principal, action, resource and time", async () => {
    const TableName = await table({ pk: "S" });
    const ana = await makeUser(endpoint, uniqueName());
    await ana.may(grant("dynamodb:GetItem", arnOf(TableName)));
    for (let i = 0; i < 5; i++) {
      await ana.ddb.getItem({ TableName, Key: { pk: { S: `${i}` } } });
      await assert.rejects(ana.ddb.scan({ TableName }));
    }
    const Principal = ana.arn;
    const seen = [];
    const sizes = [];
    let marker;
    do {
      const next = await page({ Principal, MaxItems: "3", ...(marker && { Marker: marker }) });
      assert.equal(next.truncated, next.marker !== undefined);
      sizes.push(next.decisions.length);
      seen.push(...next.decisions);
      ({ marker } = next);
    } while (marker);
    assert.deepEqual(sizes, [3, 3, 3, 1]);
    assert.deepEqual(seen.map(({ Outcome }) => Outcome), Array.from({ length: 10 }, (_, i) => (i % 2 ? "Allowed" : "Denied")));
    assert.equal(new Set(seen.map(({ RequestId }) => RequestId)).size, 10);
    assert.deepEqual(seen, [...seen].sort((a, b) => (a.Time < b.Time ? 1 : a.Time > b.Time ? -1 : 0)));

    const count = async (rest) => (await decisions({ Principal, ...rest })).length;
    assert.equal(await count({ Outcome: "Denied" }), 5);
    assert.equal(await count({ Outcome: "Allowed" }), 5);
    assert.equal(await count({ ActionName: "dynamodb:Scan" }), 5);
    assert.equal(await count({ ActionName: "DYNAMODB:scan" }), 5);
    assert.equal(await count({ ActionName: "dynamodb:Sca" }), 0);
    assert.equal(await count({ ResourcePrefix: arnOf(TableName) }), 10);
    assert.equal(await count({ ResourcePrefix: arnOf("") }), 10);
    assert.equal(await count({ ResourcePrefix: arnOf(`${TableName}x`) }), 0);
    assert.equal(await count({ Since: new Date(Date.now() - 3600_000).toISOString() }), 10);
    assert.equal(await count({ Since: new Date(Date.now() + 3600_000).toISOString() }), 0);
  });

  test("that denied are kept however many are allowed", async () => {
    const TableName = await table({ pk: "S" });
    const ana = await makeUser(endpoint, uniqueName());
    await ana.may(grant("dynamodb:BatchExecuteStatement", "*"), grant("dynamodb:PartiQLSelect", "*"));
    await assert.rejects(ana.ddb.scan({ TableName }));
    const Statements = Array.from({ length: 25 }, (_, i) => ({ Statement: `SELECT * FROM "${TableName}" WHERE pk = '${i}'` }));
    for (let i = 0; i < 420; i++) await ana.ddb.batchExecuteStatement({ Statements });
    const denied = await decisions({ Principal: ana.arn, Outcome: "Denied" });
    assert.deepEqual(denied.map(({ Action }) => Action), ["dynamodb:Scan"]);
    let allowed = 0;
    let marker;
    do {
      const next = await page({ Outcome: "Allowed", MaxItems: "1000", ...(marker && { Marker: marker }) });
      allowed += next.decisions.length;
      ({ marker } = next);
    } while (marker);
    assert.equal(allowed, 10_000);
  });

  test("have texts of bounded length, cut between characters", async () => {
    const ana = await makeUser(endpoint, uniqueName());
    const Bucket = uniqueName();
    const s3 = (keys) => new S3({ endpoint, region, credentials: keys, maxAttempts: 1, forcePathStyle: true });
    const clients = [s3(credentials), s3(ana.credentials)];
    after(() => clients.forEach((client) => client.destroy()));
    await clients[0].createBucket({ Bucket });
    const prefix = `arn:aws:s3:::${Bucket}/`;
    for (const more of ["", "x"]) {
      const Key = more + "\u00e9".repeat(400);
      await assert.rejects(clients[1].getObject({ Bucket, Key }), { name: "AccessDenied" });
      const [{ Resource }] = await decisions({ Principal: ana.arn, ActionName: "s3:GetObject" });
      assert.ok(`${prefix}${Key}`.startsWith(Resource));
      assert.ok([511, 512].includes(Buffer.byteLength(Resource)), Resource);
    }
  });

  test("are told to those who may ask for them", async () => {
    const ana = await makeUser(endpoint, uniqueName());
    await assert.rejects(page({}, ana.credentials), { name: "AccessDenied", status: 403 });
    await ana.may(grant("turntable:ListDecisions", "*"));
    const [latest] = await decisions({ Principal: ana.arn }, ana.credentials);
    assert.deepEqual([latest.Action, latest.Resource, latest.Outcome], ["turntable:ListDecisions", "*", "Denied"]);
  });

  test("are asked for as they can be told", async () => {
    for (const wrong of [{ MaxItems: "0" }, { MaxItems: "1001" }, { MaxItems: "x" }, { Outcome: "denied" }, { Marker: "x" }, { Marker: "-1" }, { Since: "yesterday" }, { Principal: "" }, { ResourcePrefix: "x".repeat(2049) }]) {
      await assert.rejects(page(wrong), { status: 400 }, JSON.stringify(wrong));
    }
  });
});
