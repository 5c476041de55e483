// S3: what a data folder keeps of buckets and objects, also when the server is killed.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { after, describe, test } from "node:test";
import { S3 } from "@aws-sdk/client-s3";
import { credentials, elsewhere, region, startServer, temporaryFolder } from "../lib/server.js";
import { callS3 } from "../lib/s3.js";
import { until } from "../lib/turntable.js";

const skip = elsewhere && "needs a server that it can start and kill";
const folders = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function newFolder() {
  const folder = temporaryFolder();
  folders.push(folder);
  return folder;
}

const makeClient = (endpoint) => new S3({ endpoint, region, credentials, maxAttempts: 1 });
const Bucket = "kept-bucket";
const md5 = (bytes) => createHash("md5").update(bytes).digest("hex");

async function read(s3, Key, more = {}) {
  const answer = await s3.getObject({ Bucket, Key, ...more });
  return Buffer.from(await answer.Body.transformToByteArray());
}

describe("a data folder with objects", { skip }, () => {
  test("keeps them when the server is stopped", async () => {
    const folder = newFolder();
    const big = randomBytes(6 * 1024 * 1024);
    const server = await startServer({ args: ["--data", folder] });
    let s3 = makeClient(server.endpoint);
    await s3.createBucket({ Bucket });
    await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
    await s3.putBucketTagging({ Bucket, Tagging: { TagSet: [{ Key: "a", Value: "b" }] } });
    const { VersionId } = await s3.putObject({ Bucket, Key: "a", Body: "first", Metadata: { m: "1" } });
    await s3.putObject({ Bucket, Key: "a", Body: big });
    const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: "parts" });
    const { ETag } = await s3.uploadPart({ Bucket, Key: "parts", UploadId, PartNumber: 1, Body: big });
    s3.destroy();
    await server.stop();

    const again = await startServer({ args: ["--data", folder] });
    s3 = makeClient(again.endpoint);
    assert.ok(big.equals(await read(s3, "a")));
    assert.equal((await read(s3, "a", { VersionId })).toString(), "first");
    assert.deepEqual((await s3.headObject({ Bucket, Key: "a", VersionId })).Metadata, { m: "1" });
    assert.deepEqual((await s3.getBucketTagging({ Bucket })).TagSet, [{ Key: "a", Value: "b" }]);
    await s3.completeMultipartUpload({ Bucket, Key: "parts", UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } });
    assert.ok(big.equals(await read(s3, "parts")));
    s3.destroy();
    await again.stop();
  });

  test("has what was acknowledged before a kill, whole, and nothing half", async () => {
    const folder = newFolder();
    const sizes = [0, 1, 1000, 1024 * 1024, 5 * 1024 * 1024 + 7, 9 * 1024 * 1024];
    const put = new Map(); // key: MD5s of what may be there; the last one acknowledged first, null for nothing
    for (let round = 0; round < 4; round++) {
      const server = await startServer({ args: ["--data", folder] });
      const s3 = makeClient(server.endpoint);
      if (round === 0) await s3.createBucket({ Bucket });
      for (const [Key, allowed] of put) {
        const there = await read(s3, Key).then(md5, (error) => (assert.equal(error.name, "NoSuchKey"), null));
        assert.ok(allowed.includes(there), `${Key} is neither what was acknowledged nor what was under way`);
        put.set(Key, [there]);
      }
      const listed = (await s3.listObjectsV2({ Bucket })).Contents ?? [];
      assert.deepEqual(listed.map(({ Key, ETag }) => [Key, ETag]), [...put].filter(([, [sum]]) => sum).map(([Key, [sum]]) => [Key, `"${sum}"`]).sort());

      let acknowledged = 0;
      const writer = async (number) => {
        for (let i = 0; ; i++) {
          const Key = `key-${number}-${i % 3}`;
          const Body = i % 5 === 4 ? null : randomBytes(sizes[(number + i) % sizes.length]);
          const sum = Body && md5(Body);
          put.set(Key, [...(put.get(Key) ?? [null]), sum]);
          try {
            if (Body) await s3.putObject({ Bucket, Key, Body });
            else await s3.deleteObject({ Bucket, Key });
          } catch {
            return;
          }
          put.set(Key, [sum]);
          acknowledged++;
        }
      };
      const writers = [0, 1, 2, 3].map(writer);
      const enough = 10 + 10 * round;
      await until(() => acknowledged >= enough);
      server.child.kill("SIGKILL");
      await Promise.all(writers);
      s3.destroy();
      await server.child.finished;
    }
  });

  test("does not keep the bytes of what was given up, replaced or deleted", async () => {
    const folder = newFolder();
    const server = await startServer({ args: ["--data", folder] });
    const s3 = makeClient(server.endpoint);
    await s3.createBucket({ Bucket });
    const Body = randomBytes(6 * 1024 * 1024);
    for (let i = 0; i < 5; i++) await s3.putObject({ Bucket, Key: "replaced", Body });
    const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: "aborted" });
    await s3.uploadPart({ Bucket, Key: "aborted", UploadId, PartNumber: 1, Body });
    await s3.abortMultipartUpload({ Bucket, Key: "aborted", UploadId });
    await s3.putObject({ Bucket, Key: "deleted", Body });
    await s3.deleteObject({ Bucket, Key: "deleted" });
    const refused = await callS3(server.endpoint, { method: "PUT", bucket: Bucket, key: "replaced", headers: { "if-none-match": "*" }, body: Body });
    assert.equal(refused.status, 412);
    assert.ok(Body.equals(await read(s3, "replaced")));
    s3.destroy();
    await server.stop();
  });
});
