// S3: buckets that are folders, and what else of the server's reads and writes them.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { elsewhere, temporaryFolder } from "../lib/server.js";
import { openS3 } from "../lib/s3.js";
import { fails, open, pages, uniqueName, until } from "../lib/turntable.js";

const skip = elsewhere && "needs a data folder of its own";

describe("buckets that are folders", { skip }, async () => {
  const data = temporaryFolder();
  const { endpoint, ddb, table } = await open({ args: ["--data", data] });
  after(() => rmSync(data, { recursive: true, force: true }));
  const { s3, bucket, get, keys } = openS3(endpoint);
  let folders = 0;

  function folder(files) {
    const name = `folder${++folders}`;
    mkdirSync(path.join(data, "s3", name), { recursive: true });
    for (const [key, content] of Object.entries(files)) {
      const file = path.join(data, "s3", name, key);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    return name;
  }

  const readOnly = (Bucket, Key) => `The object ${Key} is a file, s3/${Bucket}/${Key} in the server's data folder, and S3 only reads such`;

  test("files are objects that are read", async () => {
    const Bucket = folder({ "a.txt": "file a", "in/b.json": "{}", "in/deeper/c": "" });
    assert.equal((await s3.headBucket({ Bucket })).BucketRegion, "us-east-1");
    assert.ok((await s3.listBuckets({})).Buckets.some(({ Name }) => Name === Bucket));
    assert.deepEqual(await keys(Bucket), ["a.txt", "in/b.json", "in/deeper/c"]);
    const { CommonPrefixes, Contents } = await s3.listObjectsV2({ Bucket, Delimiter: "/" });
    assert.deepEqual([CommonPrefixes, Contents[0].Size], [[{ Prefix: "in/" }], 6]);
    const answer = await get(Bucket, "a.txt");
    assert.deepEqual([answer.text, answer.ContentType, answer.ETag], ["file a", "binary/octet-stream", Contents[0].ETag]);
    assert.match(answer.ETag, /^"[0-9a-f]{32}-1"$/);
    assert.equal((await get(Bucket, "a.txt", { Range: "bytes=2-3" })).text, "le");
    assert.equal((await s3.headObject({ Bucket, Key: "in/deeper/c" })).ContentLength, 0);
    await fails(s3.getObject({ Bucket, Key: "in" }), "NoSuchKey", /./, 404);
    await fails(s3.getObject({ Bucket, Key: "../../credentials" }), "NoSuchKey", /./, 404);
    symlinkSync(path.join(data, "credentials"), path.join(data, "s3", Bucket, "link"));
    await fails(s3.getObject({ Bucket, Key: "link" }), "NoSuchKey", /./, 404);
    await fails(s3.deleteObject({ Bucket, Key: "a.txt" }), "AccessDenied", readOnly(Bucket, "a.txt"), 403);
    await fails(s3.putObjectTagging({ Bucket, Key: "a.txt", Tagging: { TagSet: [] } }), "AccessDenied", readOnly(Bucket, "a.txt"), 403);
    await fails(s3.deleteBucket({ Bucket }), "BucketNotEmpty", /./, 409);
    assert.deepEqual((await s3.listObjectVersions({ Bucket })).Versions.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest]), [
      ["a.txt", "null", true],
      ["in/b.json", "null", true],
      ["in/deeper/c", "null", true],
    ]);
  });

  test("objects stand beside files, and before them", async () => {
    const Bucket = folder({ b: "file b", d: "file d" });
    for (const Key of ["a", "c", "d"]) await s3.putObject({ Bucket, Key, Body: `object ${Key}` });
    assert.deepEqual(await keys(Bucket), ["a", "b", "c", "d"]);
    for (let MaxKeys = 1; MaxKeys <= 4; MaxKeys++) assert.deepEqual(await keys(Bucket, { MaxKeys, StartAfter: "a" }), ["b", "c", "d"].slice(0, MaxKeys));
    assert.deepEqual([(await get(Bucket, "b")).text, (await get(Bucket, "d")).text], ["file b", "object d"]);
    await s3.copyObject({ Bucket, Key: "copy", CopySource: `${Bucket}/b` });
    assert.equal((await get(Bucket, "copy")).text, "file b");
    await fails(s3.deleteObject({ Bucket, Key: "d" }), "AccessDenied", readOnly(Bucket, "d"), 403);
    rmSync(path.join(data, "s3", Bucket, "d"));
    await s3.deleteObject({ Bucket, Key: "d" });
    assert.deepEqual(await keys(Bucket), ["a", "b", "c", "copy"]);
    assert.deepEqual((await s3.getPublicAccessBlock({ Bucket })).PublicAccessBlockConfiguration.BlockPublicPolicy, true);
  });

  test("an empty folder goes with its bucket", async () => {
    const Bucket = folder({ "in/a": "x" });
    await s3.putBucketTagging({ Bucket, Tagging: { TagSet: [{ Key: "a", Value: "b" }] } });
    await fails(s3.deleteBucket({ Bucket }), "BucketNotEmpty", /./, 409);
    assert.ok(existsSync(path.join(data, "s3", Bucket, "in", "a")));
    rmSync(path.join(data, "s3", Bucket, "in", "a"));
    await s3.deleteBucket({ Bucket });
    assert.ok(!existsSync(path.join(data, "s3", Bucket)));
    await fails(s3.headBucket({ Bucket }), "NotFound", /./, 404);
    const other = folder({});
    await s3.deleteBucket({ Bucket: other });
    assert.ok(!existsSync(path.join(data, "s3", other)));
  });

  const finished = (ask) =>
    until(async () => {
      const description = await ask();
      return (description.ImportStatus ?? description.ExportStatus) !== "IN_PROGRESS" && description;
    });

  async function imported(S3Bucket, S3KeyPrefix, more = {}) {
    const TableName = uniqueName();
    const { ImportTableDescription } = await ddb.importTable({
      S3BucketSource: { S3Bucket, S3KeyPrefix },
      InputFormat: "DYNAMODB_JSON",
      TableCreationParameters: {
        TableName,
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      },
      ...more,
    });
    const done = await finished(async () => (await ddb.describeImport({ ImportArn: ImportTableDescription.ImportArn })).ImportTableDescription);
    const items = await pages((page) => ddb.scan(page), { TableName }).catch(() => ({ Items: [] }));
    return { ...done, ids: items.Items.map(({ id }) => id.S).sort() };
  }

  test("an import reads what was put through S3, and files beside it", async () => {
    const Bucket = await bucket();
    const line = (id) => `${JSON.stringify({ Item: { id: { S: id } } })}\n`;
    await s3.putObject({ Bucket, Key: "in/1.json", Body: line("a") + line("b") });
    await s3.putObject({ Bucket, Key: "in/3.json", Body: line("d") });
    await s3.putObject({ Bucket, Key: "out/4.json", Body: line("e") });
    mkdirSync(path.join(data, "s3", Bucket, "in"), { recursive: true });
    writeFileSync(path.join(data, "s3", Bucket, "in", "2.json"), line("c"));
    writeFileSync(path.join(data, "s3", Bucket, "in", "3.json"), line("hidden"));
    const done = await imported(Bucket, "in/");
    assert.deepEqual([done.ImportStatus, done.ids, done.ImportedItemCount], ["COMPLETED", ["a", "b", "c", "d"], 4]);
    const target = { Bucket, Key: "parts/1.json", UploadId: (await s3.createMultipartUpload({ Bucket, Key: "parts/1.json" })).UploadId };
    const pad = `${" ".repeat(5 * 1024 * 1024)}\n`;
    const Parts = [];
    for (const [i, Body] of [line("x") + pad, line("y")].entries()) Parts.push({ PartNumber: i + 1, ETag: (await s3.uploadPart({ ...target, PartNumber: i + 1, Body })).ETag });
    await s3.completeMultipartUpload({ ...target, MultipartUpload: { Parts } });
    assert.deepEqual((await imported(Bucket, "parts/")).ids, ["x", "y"]);
    assert.equal((await imported(Bucket, "nothing/")).FailureCode, "S3NoSuchKey");
    assert.equal((await imported("no-such-bucket", "")).FailureCode, "S3NoSuchBucket");
  });

  test("an export is read through S3, and imported again", async () => {
    const Bucket = await bucket();
    const TableName = await table({ id: "S" });
    for (const id of ["a", "b", "c"]) await ddb.putItem({ TableName, Item: { id: { S: id } } });
    await ddb.updateContinuousBackups({ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } });
    const { Table } = await ddb.describeTable({ TableName });
    const { ExportDescription } = await ddb.exportTableToPointInTime({ TableArn: Table.TableArn, S3Bucket: Bucket, S3Prefix: "exports" });
    const done = await finished(async () => (await ddb.describeExport({ ExportArn: ExportDescription.ExportArn })).ExportDescription);
    assert.equal(done.ExportStatus, "COMPLETED", done.FailureMessage);
    const all = await keys(Bucket, { Prefix: "exports/" });
    assert.ok(all.includes(done.ExportManifest));
    const manifest = JSON.parse((await get(Bucket, done.ExportManifest)).text);
    assert.equal(manifest.itemCount, 3);
    const files = all.filter((key) => key.includes("/data/"));
    const items = [];
    for (const Key of files) {
      const { Body } = await s3.getObject({ Bucket, Key });
      items.push(...gunzipSync(Buffer.from(await Body.transformToByteArray())).toString().trim().split("\n").filter(Boolean));
    }
    assert.equal(items.length, 3);
    const again = await imported(Bucket, path.dirname(files[0]) + "/", { InputCompressionType: "GZIP" });
    assert.deepEqual(again.ids, ["a", "b", "c"]);
  });
});
