// turntable iam: users, roles and policies from a shell.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { makeIam, trust, allow } from "../lib/iam.js";
import { region } from "../lib/server.js";
import { makeUser, grant } from "../lib/principals.js";
import { clientEnvironment, open, temporaryFolder, turntable } from "./lib.js";

const { endpoint } = await open();
const iam = makeIam(endpoint);
const folder = temporaryFolder();

/** Runs `turntable iam ...args` against the server; resolves with { code, stdout, stderr }. */
const run = (...args) => turntable(["iam", ...args], { env: clientEnvironment(endpoint), cwd: folder });

async function done(...args) {
  const { code, stdout, stderr } = await run(...args);
  assert.equal(code, 0, stderr);
  return stdout;
}

async function fails(message, ...args) {
  const { code, stdout, stderr } = await run(...args);
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, message);
}

/** A listing's rows as arrays of cells, without the head. */
const rows = (text) =>
  text
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/ {2,}/));

const row = async (list, name) => rows(await done(list)).find(([first]) => first === name);

describe("turntable iam", () => {
  test("tells that there is nothing", async () => {
    assert.equal(await done("users"), "There are no users.\n");
    // A server is born with the roles that the CDK deploys with.
    const born = (await iam.listRoles({})).Roles.map((role) => role.RoleName);
    for (const RoleName of born) assert.match(RoleName, /^cdk-hnb659fds-/);
    assert.equal((await done("roles")).split("\n").length, 1 + born.length + 1);
    assert.equal(await done("policies"), "There are no policies.\n");
  });

  test("makes a user whose key signs requests, and takes all of it away", async () => {
    const printed = await done("create-user", "ana", "AmazonDynamoDBFullAccess", "arn:aws:iam::aws:policy/IAMReadOnlyAccess");
    const [, accessKeyId, secretAccessKey] = printed.match(/^AWS_ACCESS_KEY_ID=(\S+)\nAWS_SECRET_ACCESS_KEY=(\S+)\n$/);
    const client = new DynamoDB({ endpoint, region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 });
    const answer = await client.listTables({}).catch((error) => error);
    assert.notEqual(answer.name, "UnrecognizedClientException");
    assert.notEqual(answer.name, "InvalidSignatureException");
    client.destroy();
    assert.deepEqual(await row("users", "ana"), ["ana", "-", "AmazonDynamoDBFullAccess, IAMReadOnlyAccess", accessKeyId]);
    assert.match(await done("create-key", "ana"), /^AWS_ACCESS_KEY_ID=AKIA\w{16}\nAWS_SECRET_ACCESS_KEY=\S{40}\n$/);
    await fails(/^turntable: LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2\n$/, "create-key", "ana");
    await iam.createGroup({ GroupName: "team" });
    await iam.addUserToGroup({ GroupName: "team", UserName: "ana" });
    await iam.putUserPolicy({ UserName: "ana", PolicyName: "own", PolicyDocument: allow("s3:*") });
    assert.deepEqual((await row("users", "ana")).slice(0, 3), ["ana", "team", "AmazonDynamoDBFullAccess, IAMReadOnlyAccess, own"]);
    await done("delete-user", "ana");
    await fails(/^turntable: NoSuchEntity: The user with name ana cannot be found\.\n$/, "delete-user", "ana");
    assert.equal((await iam.getGroup({ GroupName: "team" })).Users.length, 0);
  });

  test("makes no user when a policy is spelled wrong", async () => {
    await fails(/^turntable: there is no policy of the name AmazonDynamoFullAccess\n$/, "create-user", "ben", "AmazonDynamoFullAccess");
    assert.equal(await row("users", "ben"), undefined);
    await done("create-user", "ben");
    await fails(/^turntable: EntityAlreadyExists: /, "create-user", "ben");
  });

  test("makes policies from files, and attaches them to users, roles and groups", async () => {
    writeFileSync(path.join(folder, "read.json"), allow("dynamodb:GetItem"));
    assert.equal(await done("create-policy", "read", "read.json"), "arn:aws:iam::000000000000:policy/read\n");
    writeFileSync(path.join(folder, "wrong.json"), "{}");
    await fails(/^turntable: MalformedPolicyDocument: /, "create-policy", "wrong", "wrong.json");
    await fails(/^turntable: cannot read none\.json: /, "create-policy", "none", "none.json");
    await iam.createRole({ RoleName: "worker", AssumeRolePolicyDocument: trust() });
    await iam.createGroup({ GroupName: "readers" });
    await iam.createUser({ UserName: "reader" });
    await done("attach", "read", "worker", "--role");
    await done("attach", "--group", "read", "readers");
    await done("attach", "read", "reader");
    assert.deepEqual(await row("roles", "worker"), ["worker", "read", "arn:aws:iam::000000000000:role/worker"]);
    assert.deepEqual(await row("policies", "read"), ["read", "v1", "arn:aws:iam::000000000000:policy/read", "3"]);
    await done("detach", "read", "reader");
    await fails(/^turntable: NoSuchEntity: Policy \S+ was not found\.\n$/, "detach", "read", "reader");
    assert.equal((await row("policies", "read"))[3], "2");
    assert.ok(rows(await done("policies", "--all")).some(([name]) => name === "AdministratorAccess"));
  });

  test("lists more than a page", async () => {
    for (let i = 0; i < 105; i++) await iam.createUser({ UserName: `many${i}` });
    const names = rows(await done("users")).map(([name]) => name).filter((name) => name.startsWith("many"));
    assert.equal(new Set(names).size, 105);
  });

  test("tells what is wrong with a command line", async () => {
    for (const [args, message] of [
      [[], /^usage: turntable iam COMMAND/],
      [["user"], /^turntable iam: there is no command 'user'; did you mean users\?\n/],
      [["attach", "read"], /^turntable iam attach: an argument is missing\n/],
      [["attach", "read", "x", "--role", "--group"], /exclude each other/],
      [["users", "x"], /./],
    ]) {
      const { code, stdout, stderr } = await run(...args);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, message);
    }
    assert.match(await done("--help"), /^usage: turntable iam COMMAND/);
    assert.match(await done("users", "--help"), /^usage: turntable iam COMMAND/);
    const unreachable = await turntable(["iam", "users"], { env: clientEnvironment("http://127.0.0.1:1"), cwd: folder });
    assert.equal(unreachable.code, 1);
    assert.match(unreachable.stderr, /^turntable: cannot reach http:\/\/127\.0\.0\.1:1: /);
  });
});

describe("turntable iam explain", () => {
  const ask = (client) => client.ddb.query({ TableName: "TrackTable", IndexName: "byUserId", KeyConditionExpression: "u = :u", ExpressionAttributeValues: { ":u": { S: "x" } } });

  test("tells which statement came near, and the mend", async () => {
    const cleo = await makeUser(endpoint, "cleo");
    await cleo.may({ Sid: "Read", ...grant("dynamodb:Query", "arn:aws:dynamodb:*:*:table/TrackTable") });
    const { $metadata, message } = await ask(cleo).catch((error) => error);
    const text = await done("explain", $metadata.requestId);
    assert.ok(text.startsWith(`${message}\n`), text);
    assert.match(text, /Statement 1 \(Read\) of the user's inline policy own/);
    assert.match(text, /table\/TrackTable\/index\/byUserId/);

    // Who was denied may ask with the same key; another must be granted it.
    const explain = ({ credentials: { accessKeyId, secretAccessKey } }) => {
      const env = { ...clientEnvironment(endpoint), AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
      return turntable(["iam", "explain", $metadata.requestId], { env, cwd: folder });
    };
    assert.equal((await explain(cleo)).stdout, text);
    const dan = await makeUser(endpoint, "dan");
    const refused = await explain(dan);
    assert.deepEqual([refused.code, refused.stdout], [1, ""]);
    assert.match(refused.stderr, /is not authorized to perform: turntable:ExplainDenial on resource: \*/);
    await dan.may(grant("turntable:ExplainDenial", "*"));
    assert.equal((await explain(dan)).stdout, text);
  });

  test("tells that it knows of no denial", async () => {
    await fails(/No denial of a request NOTHING is known/, "explain", "NOTHING");
    const { code, stderr } = await run("explain");
    assert.equal(code, 2);
    assert.match(stderr, /which request/);
  });
});

describe("turntable iam decisions", () => {
  test("tells what policies said, the last first", async () => {
    const dora = await makeUser(endpoint, "dora");
    await dora.may({ Sid: "Lists", ...grant("dynamodb:ListTables", "*") });
    await dora.ddb.listTables({});
    await assert.rejects(dora.ddb.describeTable({ TableName: "TrackTable" }));
    const of = async (...args) => rows(await done("decisions", "--principal", dora.arn, ...args)).map(([, ...cells]) => cells);
    const allowed = ["Allowed", dora.arn, "dynamodb:ListTables", "*", "own Lists"];
    const denied = ["Denied", dora.arn, "dynamodb:DescribeTable", `arn:aws:dynamodb:${region}:000000000000:table/TrackTable`, "no identity policy"];
    assert.deepEqual(await of(), [denied, allowed]);
    assert.deepEqual(await of("--denied"), [denied]);
    assert.deepEqual(await of("--allowed"), [allowed]);
    assert.deepEqual(await of("--last", "1"), [denied]);
    assert.deepEqual(await of("--action", "dynamodb:ListTables"), [allowed]);
    assert.deepEqual(await of("--resource", "arn:aws:dynamodb:"), [denied]);
    assert.equal(await done("decisions", "--principal", "nobody"), "There are no such decisions.\n");
    for (const [message, ...args] of [
      [/exclude each other/, "--denied", "--allowed"],
      [/from 1 to 1000, not 1001/, "--last", "1001"],
      [/from 1 to 1000, not x/, "--last", "x"],
    ]) {
      const { code, stderr } = await run("decisions", ...args);
      assert.equal(code, 2);
      assert.match(stderr, message);
    }
  });
});
