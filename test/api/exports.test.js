// ExportTableToPointInTime, DescribeExport, ListExports: a table as it was, into the objects of a bucket, which is a folder.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { elsewhere, startServer, temporaryFolder } from "../lib/server.js";
import { active, fails, invalid, makeClient, open, until } from "../lib/turntable.js";

const skip = elsewhere && "needs a data folder of its own";

describe("exports", { skip }, async () => {
  const data = temporaryFolder();
  const { ddb, doc, table } = await open({ args: ["--data", data] });
  after(() => rmSync(data, { recursive: true, force: true }));
  let buckets = 0;

  function bucket() {
    const name = `bucket${++buckets}`;
    mkdirSync(path.join(data, "s3", name), { recursive: true });
    return name;
  }
  const read = (Bucket, key) => readFileSync(path.join(data, "s3", Bucket, key));
  const json = (Bucket, key) => JSON.parse(read(Bucket, key));
  const base64 = (bytes) => createHash("md5").update(bytes).digest("base64");

  /** A table with point-in-time recovery; resolves with its name and ARN. */
  async function recoverable(keys = { id: "S" }) {
    const TableName = await table(keys);
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await ddb.updateContinuousBackups({ TableName, PointInTimeRecoverySpecification });
    const { Table } = await ddb.describeTable({ TableName });
    return { TableName, TableArn: Table.TableArn, TableId: Table.TableId };
  }

  const finished = ({ ExportArn }) =>
    until(async () => {
      const { ExportDescription } = await ddb.describeExport({ ExportArn });
      return ExportDescription.ExportStatus !== "IN_PROGRESS" && ExportDescription;
    });
  async function exported(input) {
    const { ExportDescription } = await ddb.exportTableToPointInTime(input);
    return finished(ExportDescription);
  }

  /** The lines of all data files that the export's manifest names, each checked against its sums. */
  function lines(description) {
    const summary = json(description.S3Bucket, description.ExportManifest);
    const manifest = read(description.S3Bucket, summary.manifestFilesS3Key).toString();
    const found = [];
    for (const line of manifest.split("\n").filter(Boolean)) {
      const file = JSON.parse(line);
      const packed = read(description.S3Bucket, file.dataFileS3Key);
      assert.equal(file.md5Checksum, base64(packed));
      const records = gunzipSync(packed).toString().split("\n").filter(Boolean);
      assert.equal(records.length, file.itemCount);
      found.push(...records);
    }
    assert.equal(found.length, summary.itemCount);
    return found;
  }

  test("a full export has AWS's layout, and the items of its time", async () => {
    const { TableName, TableArn, TableId } = await recoverable();
    const item = { id: "a", n: 5, list: [1, "x", null, true], set: new Set(["p", "q"]), bytes: new Uint8Array([1, 2, 255]) };
    await doc.put({ TableName, Item: item });
    await doc.put({ TableName, Item: { id: "b", before: true } });
    const ExportTime = await until(async () => {
      const { ContinuousBackupsDescription: d } = await ddb.describeContinuousBackups({ TableName });
      const latest = d.PointInTimeRecoveryDescription.LatestRestorableDateTime;
      return latest > Date.now() - 900 && latest - d.PointInTimeRecoveryDescription.EarliestRestorableDateTime > 1500 && latest;
    });
    await until(() => Date.now() > ExportTime.getTime() + 5);
    await doc.put({ TableName, Item: { id: "c", late: true } });
    await doc.delete({ TableName, Key: { id: "b" } });

    const S3Bucket = bucket();
    const started = await ddb.exportTableToPointInTime({ TableArn, S3Bucket, S3Prefix: "some/prefix", ExportTime });
    const begun = started.ExportDescription;
    assert.equal(begun.ExportStatus, "IN_PROGRESS");
    assert.equal(begun.ExportType, "FULL_EXPORT");
    assert.equal(begun.ExportFormat, "DYNAMODB_JSON");
    assert.equal(begun.TableId, TableId);
    assert.deepEqual(begun.ExportTime, ExportTime);
    const done = await finished(begun);
    assert.equal(done.ExportStatus, "COMPLETED", done.FailureMessage);
    assert.equal(done.ItemCount, 2);
    assert.ok(done.BilledSizeBytes > 0 && done.EndTime >= done.StartTime);

    const id = done.ExportArn.split("/").at(-1);
    assert.equal(done.ExportManifest, `some/prefix/AWSDynamoDB/${id}/manifest-summary.json`);
    const folder = path.dirname(done.ExportManifest);
    assert.equal(read(S3Bucket, `${folder}/_started`).length, 0);
    for (const name of ["manifest-summary", "manifest-files"])
      assert.equal(read(S3Bucket, `${folder}/${name}.md5`).toString(), base64(read(S3Bucket, `${folder}/${name}.json`)));
    const summary = json(S3Bucket, done.ExportManifest);
    assert.equal(summary.exportArn, done.ExportArn);
    assert.equal(summary.tableArn, TableArn);
    assert.equal(summary.exportTime, ExportTime.toISOString());
    assert.equal(summary.s3Prefix, "some/prefix");
    assert.equal(summary.outputFormat, "DYNAMODB_JSON");
    const items = lines(done).map((line) => JSON.parse(line).Item).sort((a, b) => (a.id.S < b.id.S ? -1 : 1));
    assert.deepEqual(items, [
      {
        id: { S: "a" },
        n: { N: "5" },
        list: { L: [{ N: "1" }, { S: "x" }, { NULL: true }, { BOOL: true }] },
        set: { SS: ["p", "q"] },
        bytes: { B: Buffer.from([1, 2, 255]).toString("base64") },
      },
      { id: { S: "b" }, before: { BOOL: true } },
    ]);
  });

  for (const [InputFormat, ExportFormat] of [["DYNAMODB_JSON", undefined], ["ION", "ION"]]) {
    test(`what is exported as ${InputFormat} can be imported, and is the same`, async () => {
      const { TableName, TableArn } = await recoverable({ id: "S", at: "N" });
      const Items = [];
      for (let at = 0; at < 60; at++) {
        const Item = { id: `p${at % 7}`, at, text: "äöü \" \\ \n", deep: { list: [at, [], {}], set: new Set([at, -1.5]) } };
        Items.push(Item);
        await doc.put({ TableName, Item });
      }
      const S3Bucket = bucket();
      const done = await exported({ TableArn, S3Bucket, ExportFormat });
      assert.equal(done.ExportStatus, "COMPLETED", done.FailureMessage);
      assert.equal(lines(done).length, Items.length);
      const id = done.ExportArn.split("/").at(-1);
      const copy = `${TableName}-copy`;
      await ddb.importTable({
        S3BucketSource: { S3Bucket, S3KeyPrefix: `AWSDynamoDB/${id}/data/` },
        InputFormat,
        InputCompressionType: "GZIP",
        TableCreationParameters: {
          TableName: copy,
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }, { AttributeName: "at", AttributeType: "N" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }, { AttributeName: "at", KeyType: "RANGE" }],
          BillingMode: "PAY_PER_REQUEST",
        },
      });
      await active(ddb, copy);
      const sorted = async (TableName) => (await doc.scan({ TableName })).Items.sort((a, b) => a.at - b.at);
      assert.deepEqual(await sorted(copy), await sorted(TableName));
    });
  }

  test("an empty table, a token that is repeated, and lists", async () => {
    const { TableArn } = await recoverable();
    const S3Bucket = bucket();
    const input = { TableArn, S3Bucket, ClientToken: "token-of-a-test" };
    const first = await exported(input);
    assert.equal(first.ExportStatus, "COMPLETED", first.FailureMessage);
    assert.equal(first.ItemCount, 0);
    assert.deepEqual(lines(first), []);
    const again = (await ddb.exportTableToPointInTime(input)).ExportDescription;
    assert.equal(again.ExportArn, first.ExportArn);
    await fails(ddb.exportTableToPointInTime({ ...input, S3Prefix: "x" }), "ExportConflictException", /same client token/);

    const second = await exported({ TableArn, S3Bucket });
    const page = await ddb.listExports({ TableArn, MaxResults: 1 });
    const rest = await ddb.listExports({ TableArn, NextToken: page.NextToken });
    assert.equal(rest.NextToken, undefined);
    assert.deepEqual(
      [...page.ExportSummaries, ...rest.ExportSummaries].map(({ ExportArn, ExportStatus, ExportType }) => [ExportArn, ExportStatus, ExportType]),
      [first, second].map(({ ExportArn }) => [ExportArn, "COMPLETED", "FULL_EXPORT"]),
    );
  });

  test("a bucket that does not exist fails the export", async () => {
    const { TableArn } = await recoverable();
    const done = await exported({ TableArn, S3Bucket: "no-such-bucket" });
    assert.equal(done.ExportStatus, "FAILED");
    assert.equal(done.FailureCode, "S3NoSuchBucket");
    assert.ok(!existsSync(path.join(data, "s3", "no-such-bucket")));
  });

  test("what AWS refuses", async () => {
    const plain = await table({ id: "S" });
    const { Table } = await ddb.describeTable({ TableName: plain });
    const { TableArn } = await recoverable();
    const S3Bucket = bucket();
    const send = (input) => ddb.exportTableToPointInTime({ TableArn, S3Bucket, ...input });
    const hour = (ago) => new Date(Date.now() - ago * 3600_000);
    const changes = (from, to) => ({
      ExportType: "INCREMENTAL_EXPORT",
      IncrementalExportSpecification: { ExportFromTime: hour(from), ExportToTime: hour(to) },
    });

    await fails(send({ TableArn: Table.TableArn }), "PointInTimeRecoveryUnavailableException", /not enabled/);
    await fails(send({ TableArn: `${Table.TableArn}-none` }), "TableNotFoundException", /Table not found/);
    await invalid(send({ TableArn: plain }), "Invalid TableArn");
    await fails(send({ ExportTime: hour(-1) }), "InvalidExportTimeException", /outside/);
    await fails(send({ ExportTime: hour(24) }), "InvalidExportTimeException", /outside/);
    await fails(send(changes(1, 0.9)), "InvalidExportTimeException", /between 15 minutes and 24 hours/);
    await fails(send(changes(30, 1)), "InvalidExportTimeException", /between 15 minutes and 24 hours/);
    await fails(send(changes(1, 0.5)), "InvalidExportTimeException", /outside/);
    await invalid(send({ ExportType: "INCREMENTAL_EXPORT" }), /must be specified/);
    await invalid(send({ ...changes(1, 0.5), ExportType: "FULL_EXPORT" }), /INCREMENTAL_EXPORT/);
    await invalid(send({ ...changes(1, 0.5), ExportTime: hour(1) }), /FULL_EXPORT/);
    await invalid(send({ S3SseAlgorithm: "KMS" }), /KMS/);
    await invalid(send({ S3Bucket: "../up" }), /s3Bucket/);
    await fails(ddb.describeExport({ ExportArn: `${TableArn}/export/01700000000000-00000000` }), "ExportNotFoundException", /not found/);
    await invalid(ddb.listExports({ MaxResults: 26 }), /maxResults/);
  });
});

test("an export that is killed is done at the next start", { skip }, async () => {
  const data = temporaryFolder();
  const args = ["--data", data];
  let server = await startServer({ args });
  let ddb = makeClient(server.endpoint);
  const TableName = "Music";
  mkdirSync(path.join(data, "s3", "music"), { recursive: true });
  await ddb.createTable({
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  });
  await active(ddb, TableName);
  await ddb.updateContinuousBackups({ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } });
  for (let batch = 0; batch < 80; batch++) {
    const requests = Array.from({ length: 25 }, (_, i) => ({ PutRequest: { Item: { id: { S: `${batch}-${i}` }, text: { S: "x".repeat(2000) } } } }));
    await ddb.batchWriteItem({ RequestItems: { [TableName]: requests } });
  }
  const { Table } = await ddb.describeTable({ TableName });
  const { ExportDescription } = await ddb.exportTableToPointInTime({ TableArn: Table.TableArn, S3Bucket: "music" });
  server.child.kill("SIGKILL");
  await server.child.finished;
  ddb.destroy();

  server = await startServer({ args });
  ddb = makeClient(server.endpoint);
  const done = await until(async () => {
    const { ExportDescription: now } = await ddb.describeExport({ ExportArn: ExportDescription.ExportArn });
    return now.ExportStatus !== "IN_PROGRESS" && now;
  });
  assert.equal(done.ExportStatus, "COMPLETED", done.FailureMessage);
  assert.equal(done.ItemCount, 2000);
  ddb.destroy();
  await server.stop();
  rmSync(data, { recursive: true, force: true });
});
