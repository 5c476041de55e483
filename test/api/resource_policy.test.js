// PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy, and the ResourcePolicy of CreateTable.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fails, invalid, open, tableInput, uniqueName } from "../lib/turntable.js";

const { ddb, made, table } = await open();

const policy = (ResourceArn, Action = "dynamodb:GetItem") =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Sid: "One", Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action, Resource: [ResourceArn, `${ResourceArn}/index/*`] }],
  });

const stream = { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" } };
async function arns(description) {
  const TableName = await table({ pk: "S" }, description);
  const { Table } = await ddb.describeTable({ TableName });
  return { TableName, table: Table.TableArn, stream: Table.LatestStreamArn };
}

const put = (ResourceArn, Policy, rest) => ddb.putResourcePolicy({ ResourceArn, Policy, ...rest });
const get = (ResourceArn) => ddb.getResourcePolicy({ ResourceArn });
const remove = (ResourceArn, ExpectedRevisionId) => ddb.deleteResourcePolicy({ ResourceArn, ExpectedRevisionId });
const notFound = (request, ResourceArn) =>
  fails(request, "PolicyNotFoundException", `Resource-based policy not found for the provided ResourceArn: ${ResourceArn}`);
const otherRevision = (request, id, ResourceArn) =>
  fails(request, "PolicyNotFoundException", `The resource-based policy does not have the expected revision id ${id}: ${ResourceArn}`);

for (const what of ["table", "stream"]) {
  describe(`the policy of a ${what}`, () => {
    test("is put, told and removed", async () => {
      const arn = (await arns(stream))[what];
      await notFound(get(arn), arn);
      const first = await put(arn, policy(arn));
      assert.match(first.RevisionId, /^\d+$/);
      const told = await get(arn);
      assert.equal(told.Policy, policy(arn));
      assert.equal(told.RevisionId, first.RevisionId);
      assert.equal((await remove(arn)).RevisionId, first.RevisionId);
      await notFound(get(arn), arn);
      assert.equal((await remove(arn)).RevisionId, undefined);
    });

    test("has a revision of its own after each change, and no other without one", async () => {
      const arn = (await arns(stream))[what];
      const revisions = [];
      for (const action of ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:GetItem"]) {
        const { RevisionId } = await put(arn, policy(arn, action), { ConfirmRemoveSelfResourceAccess: true });
        assert.ok(!revisions.includes(RevisionId));
        revisions.push(RevisionId);
        assert.equal((await put(arn, policy(arn, action))).RevisionId, RevisionId);
      }
    });

    test("is changed only from the revision that is expected", async () => {
      const arn = (await arns(stream))[what];
      await otherRevision(put(arn, policy(arn), { ExpectedRevisionId: "1" }), "1", arn);
      await otherRevision(remove(arn, "1"), "1", arn);
      await otherRevision(remove(arn, "NO_POLICY"), "NO_POLICY", arn);
      const first = await put(arn, policy(arn), { ExpectedRevisionId: "NO_POLICY" });
      await otherRevision(put(arn, policy(arn), { ExpectedRevisionId: "NO_POLICY" }), "NO_POLICY", arn);
      await otherRevision(put(arn, policy(arn), { ExpectedRevisionId: "1" }), "1", arn);
      const second = await put(arn, policy(arn, "*"), { ExpectedRevisionId: first.RevisionId });
      await otherRevision(remove(arn, first.RevisionId), first.RevisionId, arn);
      assert.equal((await get(arn)).Policy, policy(arn, "*"));
      await remove(arn, second.RevisionId);
      await notFound(get(arn), arn);
    });

    test("is 20 KB at most, blanks included", async () => {
      const arn = (await arns(stream))[what];
      const text = policy(arn);
      await put(arn, text.padEnd(20 * 1024));
      assert.equal((await get(arn)).Policy.length, 20 * 1024);
      await invalid(put(arn, text.padEnd(20 * 1024 + 1)), "Invalid policy document: Its size of 20481 bytes exceeds the limit of 20480 bytes");
    });

    test("is a policy document", async () => {
      const arn = (await arns(stream))[what];
      await invalid(put(arn, "none"), "Invalid policy document: It is no JSON object");
      await invalid(put(arn, "{}"), "Invalid policy document: It has no Statement");
      await invalid(put(arn, policy(arn, "s3:GetObject")), "Invalid policy document: The action s3:GetObject is none of dynamodb");
      await notFound(get(arn), arn);
    });
  });
}

describe("resource policies", () => {
  test("the policies of a table and its stream are two", async () => {
    const { TableName, ...arn } = await arns(stream);
    await put(arn.table, policy(arn.table));
    await notFound(get(arn.stream), arn.stream);
    await put(arn.stream, policy(arn.stream, "dynamodb:GetRecords"));
    assert.equal((await get(arn.table)).Policy, policy(arn.table));

    // A new stream is another resource: the old one's policy is not its.
    await ddb.updateTable({ TableName, StreamSpecification: { StreamEnabled: false } });
    assert.equal((await get(arn.stream)).Policy, policy(arn.stream, "dynamodb:GetRecords"));
    const { TableDescription } = await ddb.updateTable({ TableName, ...stream });
    await notFound(get(TableDescription.LatestStreamArn), TableDescription.LatestStreamArn);
    assert.equal((await get(arn.table)).Policy, policy(arn.table));
  });

  test("CreateTable attaches a policy", async () => {
    const TableName = uniqueName();
    made.push(TableName);
    const document = policy("arn:aws:dynamodb:us-east-1:000000000000:table/any");
    const { TableDescription } = await ddb.createTable({ ...tableInput({ pk: "S" }), TableName, ResourcePolicy: document });
    const told = await get(TableDescription.TableArn);
    assert.equal(told.Policy, document);
    await put(TableDescription.TableArn, document, { ExpectedRevisionId: told.RevisionId });

    const refused = { ...tableInput({ pk: "S" }), TableName: uniqueName() };
    await invalid(ddb.createTable({ ...refused, ResourcePolicy: "{}" }), "Invalid policy document: It has no Statement");
    await fails(ddb.describeTable({ TableName: refused.TableName }), "ResourceNotFoundException", /not found/);
  });

  test("the resource is an ARN of a table or stream that is there", async () => {
    const { table: arn } = await arns(stream);
    for (const request of [(it) => put(it, policy(arn)), get, remove]) {
      await invalid(request("table"), "Invalid TableArn: Invalid ResourceArn provided as input table");
      await invalid(request(`${arn}/index/abc`), `Invalid TableArn: Invalid ResourceArn provided as input ${arn}/index/abc`);
      for (const missing of [`${arn}x`, `${arn}/stream/2026-01-01T00:00:00.000`]) {
        await fails(request(missing), "ResourceNotFoundException", `Requested resource not found: ResourcArn: ${missing} not found`);
      }
    }
  });

  test("members that are missing or too long are told of together", async () => {
    await invalid(
      ddb.putResourcePolicy({ ExpectedRevisionId: "" }),
      "3 validation errors detected: Value null at 'resourceArn' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'policy' failed to satisfy constraint: Member must not be null; " +
        "Value '' at 'expectedRevisionId' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
    await invalid(
      remove("arn", "1".repeat(256)),
      `1 validation error detected: Value '${"1".repeat(256)}' at 'expectedRevisionId' failed to satisfy constraint: Member must have length less than or equal to 255`,
    );
  });
});
