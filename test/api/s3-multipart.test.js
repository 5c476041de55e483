// S3: uploads in parts.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { Upload } from "@aws-sdk/lib-storage";
import { elsewhere } from "../lib/server.js";
import { callS3, openS3 } from "../lib/s3.js";
import { fails, open } from "../lib/turntable.js";

const skip = elsewhere && "there is no S3";
const MiB = 1024 * 1024;

describe("uploads in parts", { skip }, async () => {
  const { endpoint } = await open();
  const { s3, bucket, get, keys } = openS3(endpoint);
  const Bucket = await bucket();
  const md5 = (bytes) => createHash("md5").update(bytes).digest();
  const etagOf = (parts) => `"${md5(Buffer.concat(parts.map(md5))).toString("hex")}-${parts.length}"`;
  const noUpload = "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.";

  const begin = async (Key, more = {}) => ({ Bucket, Key, UploadId: (await s3.createMultipartUpload({ Bucket, Key, ...more })).UploadId });

  async function upload(target, PartNumber, Body, more = {}) {
    const { ETag, ...sums } = await s3.uploadPart({ ...target, PartNumber, Body, ...more });
    const part = { PartNumber, ETag };
    for (const [name, value] of Object.entries(sums)) if (name.startsWith("Checksum")) part[name] = value;
    return part;
  }

  const complete = (target, Parts, more = {}) => s3.completeMultipartUpload({ ...target, MultipartUpload: { Parts }, ...more });

  test("become an object", async () => {
    const bytes = [randomBytes(5 * MiB), randomBytes(6 * MiB + 7), randomBytes(100)];
    const target = await begin("whole", { ContentType: "text/x", Metadata: { m: "1" }, Tagging: "a=1" });
    const parts = [];
    for (const i of [2, 0, 1]) parts[i] = await upload(target, i + 1, bytes[i]);
    await fails(s3.getObject({ Bucket, Key: "whole" }), "NoSuchKey", /./, 404);
    const done = await complete(target, parts);
    assert.equal(done.ETag, etagOf(bytes));
    assert.deepEqual([done.Bucket, done.Key, done.Location], [Bucket, "whole", `${endpoint}/${Bucket}/whole`]);
    const { Body, ...answer } = await s3.getObject({ Bucket, Key: "whole" });
    assert.ok(Buffer.concat(bytes).equals(Buffer.from(await Body.transformToByteArray())));
    assert.deepEqual([answer.ContentType, answer.Metadata, answer.TagCount, answer.ETag], ["text/x", { m: "1" }, 1, done.ETag]);
    const part = await s3.getObject({ Bucket, Key: "whole", Range: `bytes=${5 * MiB - 2}-${5 * MiB + 1}` });
    assert.ok(Buffer.concat(bytes).subarray(5 * MiB - 2, 5 * MiB + 2).equals(Buffer.from(await part.Body.transformToByteArray())));
    assert.equal((await s3.getObjectAttributes({ Bucket, Key: "whole", ObjectAttributes: ["ObjectParts"] })).ObjectParts.TotalPartsCount, 3);
    await fails(complete(target, parts), "NoSuchUpload", noUpload, 404);
    await fails(upload(target, 1, "x"), "NoSuchUpload", noUpload, 404);
    await s3.deleteObject({ Bucket, Key: "whole" });
  });

  test("some parts, replaced parts, an empty part", async () => {
    const target = await begin("some");
    const first = randomBytes(5 * MiB);
    await upload(target, 3, randomBytes(5 * MiB));
    await upload(target, 3, first);
    const parts = [await upload(target, 3, first), await upload(target, 7, "")];
    await upload(target, 9, "not used");
    await complete(target, parts);
    const { Body } = await s3.getObject({ Bucket, Key: "some" });
    assert.ok(first.equals(Buffer.from(await Body.transformToByteArray())));
    const empty = await begin("empty");
    await complete(empty, [await upload(empty, 1, "")]);
    assert.equal((await get(Bucket, "empty")).text, "");
  });

  test("by the SDK's own uploader", async () => {
    const Body = randomBytes(12 * MiB);
    const done = await new Upload({ client: s3, params: { Bucket, Key: "uploader", Body } }).done();
    assert.match(done.ETag, /-3"$/);
    const answer = await s3.getObject({ Bucket, Key: "uploader" });
    assert.ok(Body.equals(Buffer.from(await answer.Body.transformToByteArray())));
  });

  test("checksums of parts and of the whole", async () => {
    const bytes = [randomBytes(5 * MiB), Buffer.from("end")];
    for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "SHA1", "SHA256"]) {
      const member = `Checksum${ChecksumAlgorithm}`;
      const target = await begin(ChecksumAlgorithm, { ChecksumAlgorithm });
      const parts = [await upload(target, 1, bytes[0], { ChecksumAlgorithm }), await upload(target, 2, bytes[1], { ChecksumAlgorithm })];
      const done = await complete(target, parts);
      assert.match(done[member], /=-2$/);
      assert.equal(done.ChecksumType, "COMPOSITE");
      if (ChecksumAlgorithm === "SHA256") {
        const sum = (b) => createHash("sha256").update(b).digest();
        assert.equal(done[member], `${sum(Buffer.concat(bytes.map(sum))).toString("base64")}-2`);
      }
    }
    for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "CRC64NVME"]) {
      const member = `Checksum${ChecksumAlgorithm}`;
      const whole = (await s3.putObject({ Bucket, Key: "whole", Body: Buffer.concat(bytes), ChecksumAlgorithm }))[member];
      const target = await begin(ChecksumAlgorithm, { ChecksumAlgorithm, ChecksumType: "FULL_OBJECT" });
      const parts = [await upload(target, 1, bytes[0], { ChecksumAlgorithm }), await upload(target, 2, bytes[1], { ChecksumAlgorithm })];
      const wrong = Buffer.alloc(Buffer.from(whole, "base64").length).toString("base64");
      await fails(complete(target, parts, { [member]: wrong, ChecksumType: "FULL_OBJECT" }), "BadDigest", /did not match the calculated checksum/);
      const done = await complete(target, parts, { [member]: whole, ChecksumType: "FULL_OBJECT" });
      assert.deepEqual([done[member], done.ChecksumType], [whole, "FULL_OBJECT"]);
    }
    await fails(begin("x", { ChecksumAlgorithm: "SHA1", ChecksumType: "FULL_OBJECT" }), "InvalidRequest", "The FULL_OBJECT checksum type cannot be used with the SHA1 checksum algorithm.");
    await fails(begin("x", { ChecksumAlgorithm: "CRC64NVME", ChecksumType: "COMPOSITE" }), "InvalidRequest", "The COMPOSITE checksum type cannot be used with the CRC64NVME checksum algorithm.");
    const target = await begin("x", { ChecksumAlgorithm: "SHA1" });
    await fails(upload(target, 1, "x", { ChecksumAlgorithm: "SHA256" }), "InvalidRequest", "Checksum Type mismatch occurred, expected checksum Type: SHA1, actual checksum Type: SHA256");
    await s3.abortMultipartUpload(target);
  });

  test("copied parts", async () => {
    const Body = randomBytes(6 * MiB);
    await s3.putObject({ Bucket, Key: "source", Body });
    const target = await begin("copied");
    const one = await s3.uploadPartCopy({ ...target, PartNumber: 1, CopySource: `${Bucket}/source` });
    const two = await s3.uploadPartCopy({ ...target, PartNumber: 2, CopySource: `${Bucket}/source`, CopySourceRange: "bytes=10-19" });
    await complete(target, [one, two].map(({ CopyPartResult: { ETag } }, i) => ({ PartNumber: i + 1, ETag })));
    const answer = await s3.getObject({ Bucket, Key: "copied" });
    assert.ok(Buffer.concat([Body, Body.subarray(10, 20)]).equals(Buffer.from(await answer.Body.transformToByteArray())));
    const other = await begin("other");
    const copy = (more) => s3.uploadPartCopy({ ...other, PartNumber: 1, CopySource: `${Bucket}/source`, ...more });
    await fails(copy({ CopySourceRange: "bytes=0-99999999" }), "InvalidArgument", `Range specified is not valid for source object of size: ${6 * MiB}`);
    await fails(copy({ CopySourceRange: "bytes=5" }), "InvalidArgument", /must be of the form bytes=first-last/);
    await fails(copy({ CopySource: `${Bucket}/nothing` }), "NoSuchKey", /./, 404);
    await s3.abortMultipartUpload(other);
  });

  test("what does not make an object", async () => {
    const target = await begin("wrong");
    const part = await upload(target, 1, "small");
    const other = await upload(target, 2, "other");
    const invalid = "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
    const small = await fails(complete(target, [part, other]), "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
    assert.deepEqual([small.PartNumber, small.ProposedSize, small.MinSizeAllowed], ["1", "5", "5242880"]);
    await fails(complete(target, [{ PartNumber: 3, ETag: part.ETag }]), "InvalidPart", invalid);
    await fails(complete(target, [{ PartNumber: 1, ETag: other.ETag }]), "InvalidPart", invalid);
    await fails(complete(target, [other, part]), "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.");
    await fails(complete(target, [part, part]), "InvalidPartOrder", /./);
    await fails(complete(target, []), "MalformedXML", /./);
    await fails(complete(target, [part], { MpuObjectSize: 6 }), "InvalidRequest", /x-amz-mp-object-size/);
    for (const PartNumber of [0, 10001]) await fails(upload(target, PartNumber, "x"), "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
    for (const UploadId of ["nonsense", "0".repeat(32)]) await fails(upload({ ...target, UploadId }, 1, "x"), "NoSuchUpload", noUpload, 404);
    await fails(upload({ ...target, Key: "another" }, 1, "x"), "NoSuchUpload", noUpload, 404);
    await s3.putObject({ Bucket, Key: "wrong", Body: "there" });
    await fails(complete(target, [part], { IfNoneMatch: "*" }), "PreconditionFailed", /./, 412);
    await complete(target, [part]);
    assert.equal((await get(Bucket, "wrong")).text, "small");
  });

  test("are listed, and given up", async () => {
    const Bucket = await bucket();
    const targets = [];
    for (const Key of ["a/1", "a/2", "b", "b", "c"]) targets.push({ Bucket, Key, UploadId: (await s3.createMultipartUpload({ Bucket, Key })).UploadId });
    for (let i = 1; i <= 5; i++) await upload(targets[0], i, `${i}`);
    for (let MaxParts = 1; MaxParts <= 6; MaxParts++) {
      const seen = [];
      let PartNumberMarker;
      for (;;) {
        const page = await s3.listParts({ ...targets[0], MaxParts, PartNumberMarker });
        seen.push(...page.Parts.map(({ PartNumber, Size }) => [PartNumber, Size]));
        if (!page.IsTruncated) break;
        PartNumberMarker = page.NextPartNumberMarker;
      }
      assert.deepEqual(seen, [1, 2, 3, 4, 5].map((n) => [n, 1]));
    }
    const list = async (more) => (await s3.listMultipartUploads({ Bucket, ...more })).Uploads?.map(({ Key, UploadId }) => [Key, UploadId]);
    const all = targets.map(({ Key, UploadId }) => [Key, UploadId]);
    assert.deepEqual(await list(), all);
    assert.deepEqual(await list({ Prefix: "a/" }), all.slice(0, 2));
    const grouped = await s3.listMultipartUploads({ Bucket, Delimiter: "/" });
    assert.deepEqual([grouped.CommonPrefixes, grouped.Uploads.map(({ Key }) => Key)], [[{ Prefix: "a/" }], ["b", "b", "c"]]);
    for (let MaxUploads = 1; MaxUploads <= 6; MaxUploads++) {
      const seen = [];
      let [KeyMarker, UploadIdMarker] = [];
      for (;;) {
        const page = await s3.listMultipartUploads({ Bucket, MaxUploads, KeyMarker, UploadIdMarker });
        seen.push(...page.Uploads.map(({ Key, UploadId }) => [Key, UploadId]));
        if (!page.IsTruncated) break;
        [KeyMarker, UploadIdMarker] = [page.NextKeyMarker, page.NextUploadIdMarker];
      }
      assert.deepEqual(seen, all);
    }
    await s3.abortMultipartUpload(targets[0]);
    await fails(s3.listParts(targets[0]), "NoSuchUpload", noUpload, 404);
    await fails(s3.abortMultipartUpload(targets[0]), "NoSuchUpload", noUpload, 404);
    assert.deepEqual(await list(), all.slice(1));
    assert.deepEqual(await keys(Bucket), []);
    await s3.deleteBucket({ Bucket });
    await s3.createBucket({ Bucket });
    assert.equal(await list(), undefined);
    await fails(upload(targets[1], 1, "x"), "NoSuchUpload", noUpload, 404);
  });

  test("more than may be sent at once is refused, in parts and whole", async () => {
    const target = await begin("large");
    const body = Buffer.alloc(64 * MiB + 1);
    for (const query of [{}, { partNumber: "1", uploadId: target.UploadId }]) {
      const { status, code, message, element } = await callS3(endpoint, { method: "PUT", bucket: Bucket, key: "large", query, body });
      assert.deepEqual([status, code, message, element("MaxSizeAllowed")], [400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", `${64 * MiB}`]);
    }
    const { status } = await callS3(endpoint, { method: "PUT", bucket: Bucket, key: "large", body: body.subarray(1) });
    assert.equal(status, 200);
    assert.equal((await s3.headObject({ Bucket, Key: "large" })).ContentLength, 64 * MiB);
    await s3.deleteObject({ Bucket, Key: "large" });
  });
});
