// S3: objects that are put, read, listed, copied and deleted.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { elsewhere, startServer, temporaryFolder } from "../lib/server.js";
import { callS3, openS3 } from "../lib/s3.js";
import { fails, open } from "../lib/turntable.js";

const skip = elsewhere && "there is no S3";

describe("objects", { skip }, async () => {
  const { endpoint } = await open();
  const { s3, bucket, get, keys } = openS3(endpoint);
  const Bucket = await bucket();
  const md5 = (text) => `"${createHash("md5").update(text).digest("hex")}"`;

  test("an object is what was put", async () => {
    const put = await s3.putObject({
      Bucket,
      Key: "songs/one.txt",
      Body: "hello world",
      ContentType: "text/plain; charset=utf-8",
      CacheControl: "max-age=5",
      ContentDisposition: 'attachment; filename="one.txt"',
      ContentEncoding: "identity",
      ContentLanguage: "en",
      Expires: new Date("2030-01-02T03:04:05Z"),
      Metadata: { Artist: "Sofia", "x-y": "ä b" },
      Tagging: "a=1&b=two+words",
      StorageClass: "STANDARD_IA",
      WebsiteRedirectLocation: "/elsewhere",
    });
    assert.equal(put.ETag, md5("hello world"));
    assert.equal(put.ChecksumCRC32, "DUoRhQ==");
    assert.equal(put.ChecksumType, "FULL_OBJECT");
    assert.equal(put.ServerSideEncryption, "AES256");
    const { LastModified, ExpiresString, Expires, ...told } = await get(Bucket, "songs/one.txt");
    assert.ok(Math.abs(Date.now() - LastModified.getTime()) < 60000);
    assert.equal(ExpiresString, "Wed, 02 Jan 2030 03:04:05 GMT");
    assert.deepEqual(told, {
      status: 200,
      text: "hello world",
      AcceptRanges: "bytes",
      CacheControl: "max-age=5",
      ChecksumCRC32: "DUoRhQ==",
      ChecksumType: "FULL_OBJECT",
      ContentDisposition: 'attachment; filename="one.txt"',
      ContentEncoding: "identity",
      ContentLanguage: "en",
      ContentLength: 11,
      ContentType: "text/plain; charset=utf-8",
      ETag: put.ETag,
      Metadata: { artist: "Sofia", "x-y": "=?UTF-8?B?w6QgYg==?=" },
      ServerSideEncryption: "AES256",
      StorageClass: "STANDARD_IA",
      TagCount: 2,
      WebsiteRedirectLocation: "/elsewhere",
    });
    const { $metadata, ...head } = await s3.headObject({ Bucket, Key: "songs/one.txt", ChecksumMode: "ENABLED" });
    assert.equal(head.ContentLength, 11);
    assert.equal(head.ChecksumCRC32, "DUoRhQ==");
    assert.deepEqual(head.Metadata, told.Metadata);
  });

  test("an object without a type is binary", async () => {
    await callS3(endpoint, { method: "PUT", bucket: Bucket, key: "untyped", body: "x" });
    assert.equal((await s3.headObject({ Bucket, Key: "untyped" })).ContentType, "binary/octet-stream");
  });

  test("an empty object, and one that replaces another", async () => {
    assert.equal((await s3.putObject({ Bucket, Key: "empty", Body: "" })).ETag, md5(""));
    assert.equal((await get(Bucket, "empty")).text, "");
    await s3.putObject({ Bucket, Key: "empty", Body: "no more", Metadata: { a: "b" } });
    await s3.putObject({ Bucket, Key: "empty", Body: "again" });
    const { text, Metadata } = await get(Bucket, "empty");
    assert.deepEqual({ text, Metadata }, { text: "again", Metadata: {} });
  });

  test("keys are any text", async () => {
    const odd = ["a b", "ü/é", "plus+and%20percent", "a//b", "/slash", "..", "./..", "<&>\"'", "tab\tand", "😀", "trailing/", "x".repeat(1024)];
    for (const Key of odd) await s3.putObject({ Bucket, Key: Key, Body: Key });
    for (const Key of odd) assert.equal((await get(Bucket, Key)).text, Key);
    const listed = await keys(Bucket);
    for (const Key of odd) assert.ok(listed.includes(Key), Key);
    await fails(s3.putObject({ Bucket, Key: "x".repeat(1025) }), "KeyTooLongError", "Your key is too long");
    await fails(s3.putObject({ Bucket, Key: "é".repeat(513) }), "KeyTooLongError", "Your key is too long");
    for (const Key of odd) await s3.deleteObject({ Bucket, Key });
  });

  test("large objects, in memory and on disk, whole and in ranges", async () => {
    const folder = temporaryFolder();
    const server = await startServer({ args: ["--data", folder] });
    try {
      for (const on of [openS3(endpoint), openS3(server.endpoint)]) {
        const Bucket = await on.bucket();
        const Body = randomBytes(9 * 1024 * 1024 + 12345);
        assert.equal((await on.s3.putObject({ Bucket, Key: "big", Body })).ETag, md5(Body));
        const answer = await on.s3.getObject({ Bucket, Key: "big" });
        assert.ok(Body.equals(Buffer.from(await answer.Body.transformToByteArray())));
        for (const [first, last] of [[0, 0], [1048575, 1048577], [4194303, 4194304], [9000000, 9449528], [5, 9449528]]) {
          const part = await on.s3.getObject({ Bucket, Key: "big", Range: `bytes=${first}-${last}` });
          assert.ok(Body.subarray(first, last + 1).equals(Buffer.from(await part.Body.transformToByteArray())));
        }
      }
    } finally {
      await server.stop();
    }
  });

  test("ranges", async () => {
    await s3.putObject({ Bucket, Key: "range", Body: "0123456789" });
    const ranges = [
      ["bytes=0-0", "0", "bytes 0-0/10"],
      ["bytes=2-5", "2345", "bytes 2-5/10"],
      ["bytes=7-", "789", "bytes 7-9/10"],
      ["bytes=7-100", "789", "bytes 7-9/10"],
      ["bytes=-3", "789", "bytes 7-9/10"],
      ["bytes=-100", "0123456789", "bytes 0-9/10"],
    ];
    for (const [Range, text, ContentRange] of ranges) {
      const answer = await get(Bucket, "range", { Range });
      assert.deepEqual([answer.status, answer.text, answer.ContentRange], [206, text, ContentRange]);
      const head = await s3.headObject({ Bucket, Key: "range", Range });
      assert.deepEqual([head.$metadata.httpStatusCode, head.ContentLength, head.ContentRange], [206, text.length, ContentRange]);
    }
    for (const Range of ["bytes=10-", "bytes=-0", "bytes=100-200"]) {
      const error = await fails(get(Bucket, "range", { Range }), "InvalidRange", "The requested range is not satisfiable", 416);
      assert.equal(error.ActualObjectSize, "10");
    }
    for (const Range of ["bytes=5-2", "bytes=1-2,4-5", "lines=1-2", "bytes=a-b", "bytes"]) {
      const answer = await get(Bucket, "range", { Range });
      assert.deepEqual([answer.status, answer.text], [200, "0123456789"]);
    }
    await fails(s3.getObject({ Bucket, Key: "range", PartNumber: 1 }), "NotImplemented", /by the number of a part is not served/, 501);
  });

  test("conditions of reads", async () => {
    const { ETag } = await s3.putObject({ Bucket, Key: "conditions", Body: "x" });
    const [past, future] = [new Date(Date.now() - 1e8), new Date(Date.now() + 1e8)];
    const given = (more) => s3.getObject({ Bucket, Key: "conditions", ...more }).then((answer) => (answer.Body.destroy(), 200), (error) => error.$metadata.httpStatusCode);
    const expected = [
      [{ IfMatch: ETag }, 200],
      [{ IfMatch: '"other"' }, 412],
      [{ IfMatch: `"other", ${ETag}` }, 200],
      [{ IfNoneMatch: ETag }, 304],
      [{ IfNoneMatch: '"other"' }, 200],
      [{ IfModifiedSince: past }, 200],
      [{ IfModifiedSince: future }, 304],
      [{ IfUnmodifiedSince: past }, 412],
      [{ IfUnmodifiedSince: future }, 200],
      [{ IfMatch: ETag, IfUnmodifiedSince: past }, 200],
      [{ IfNoneMatch: '"other"', IfModifiedSince: future }, 200],
    ];
    for (const [more, status] of expected) assert.equal(await given(more), status, JSON.stringify(more));
    const refused = await callS3(endpoint, { bucket: Bucket, key: "conditions", headers: { "if-match": "no" } });
    assert.deepEqual([refused.status, refused.code, refused.element("Condition")], [412, "PreconditionFailed", "If-Match"]);
    const same = await callS3(endpoint, { bucket: Bucket, key: "conditions", headers: { "if-none-match": ETag } });
    assert.deepEqual([same.status, same.text], [304, ""]);
  });

  test("conditions of writes", async () => {
    const Key = "once";
    const { ETag } = await s3.putObject({ Bucket, Key, Body: "1", IfNoneMatch: "*" });
    await fails(s3.putObject({ Bucket, Key, Body: "2", IfNoneMatch: "*" }), "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
    await fails(s3.putObject({ Bucket, Key, Body: "2", IfMatch: '"other"' }), "PreconditionFailed", /pre-conditions/, 412);
    await s3.putObject({ Bucket, Key, Body: "2", IfMatch: ETag });
    await fails(s3.putObject({ Bucket, Key, Body: "3", IfMatch: ETag }), "PreconditionFailed", /pre-conditions/, 412);
    await fails(s3.putObject({ Bucket, Key: "never", Body: "1", IfMatch: ETag }), "NoSuchKey", "The specified key does not exist.", 404);
    await fails(s3.deleteObject({ Bucket, Key, IfMatch: ETag }), "PreconditionFailed", /pre-conditions/, 412);
    assert.equal((await get(Bucket, Key)).text, "2");
  });

  test("of many who create one object under a condition one does", async () => {
    const puts = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => s3.putObject({ Bucket, Key: "race", Body: `${i}`, IfNoneMatch: "*" })));
    assert.equal(puts.filter(({ status }) => status === "fulfilled").length, 1);
    assert.ok(puts.every(({ reason }) => !reason || reason.name === "PreconditionFailed"));
  });

  test("headers of the answer can be asked for", async () => {
    await s3.putObject({ Bucket, Key: "overrides", Body: "x", ContentType: "text/plain" });
    const answer = await get(Bucket, "overrides", {
      ResponseContentType: "application/x-test",
      ResponseContentDisposition: "attachment",
      ResponseCacheControl: "no-store",
      ResponseContentLanguage: "de",
      ResponseContentEncoding: "identity",
      ResponseExpires: new Date("2031-01-01T00:00:00Z"),
    });
    assert.deepEqual(
      [answer.ContentType, answer.ContentDisposition, answer.CacheControl, answer.ContentLanguage, answer.ContentEncoding, answer.ExpiresString],
      ["application/x-test", "attachment", "no-store", "de", "identity", "Wed, 01 Jan 2031 00:00:00 GMT"],
    );
  });

  test("checksums that come with an object", async () => {
    const sums = {
      CRC32: "NSRBwg==",
      CRC32C: "Nks/tw==",
      CRC64NVME: "BeXKuz/B+us=",
      SHA1: "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=",
      SHA256: "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
    };
    for (const [ChecksumAlgorithm, sum] of Object.entries(sums)) {
      const member = `Checksum${ChecksumAlgorithm}`;
      const put = await s3.putObject({ Bucket, Key: ChecksumAlgorithm, Body: "abc", ChecksumAlgorithm });
      assert.equal(put[member], sum);
      assert.equal((await s3.headObject({ Bucket, Key: ChecksumAlgorithm, ChecksumMode: "ENABLED" }))[member], sum);
      assert.equal((await s3.headObject({ Bucket, Key: ChecksumAlgorithm }))[member], undefined);
      await fails(
        s3.putObject({ Bucket, Key: ChecksumAlgorithm, Body: "abd", [member]: sum }),
        "BadDigest",
        `The ${ChecksumAlgorithm} you specified did not match the calculated checksum.`,
      );
      await fails(
        s3.putObject({ Bucket, Key: ChecksumAlgorithm, Body: "abc", [member]: "AAAA" }),
        "InvalidRequest",
        `Value for x-amz-checksum-${ChecksumAlgorithm.toLowerCase()} header is invalid.`,
      );
    }
    const plain = await callS3(endpoint, { method: "PUT", bucket: Bucket, key: "plain", body: "abc" });
    assert.equal(plain.headers["x-amz-checksum-crc64nvme"], sums.CRC64NVME);
    await fails(s3.putObject({ Bucket, Key: "md5", Body: "abc", ContentMD5: "AAAA" }), "InvalidDigest", "The Content-MD5 you specified was invalid.");
    const error = await fails(
      s3.putObject({ Bucket, Key: "md5", Body: "abc", ContentMD5: "1B2M2Y8AsgTpgAmY7PhCfg==" }),
      "BadDigest",
      "The Content-MD5 you specified did not match what we received.",
    );
    assert.equal(error.CalculatedDigest, "kAFQmDzST7DWlj99KOF/cg==");
  });

  test("a stream, whose checksum comes behind it", async () => {
    const pieces = [Buffer.alloc(70000, "a"), Buffer.alloc(70000, "b"), Buffer.from("end")];
    const Body = Readable.from(pieces);
    await s3.putObject({ Bucket, Key: "stream", Body, ContentLength: 140003, ContentType: "text/plain", ContentEncoding: "x-own" });
    const { text, ContentEncoding } = await get(Bucket, "stream");
    assert.equal(text, Buffer.concat(pieces).toString());
    assert.equal(ContentEncoding, "x-own");
  });

  test("what is packed stays packed", async () => {
    const body = Buffer.from("1f8b0800000000000003", "hex");
    await s3.putObject({ Bucket, Key: "packed.gz", Body: body, ContentEncoding: "gzip" });
    const answer = await callS3(endpoint, { bucket: Bucket, key: "packed.gz" });
    assert.equal(answer.headers["content-encoding"], "gzip");
    assert.ok(answer.body.equals(body));
  });

  test("what an object may not be put with", async () => {
    const put = (more) => s3.putObject({ Bucket, Key: "refused", Body: "x", ...more });
    await fails(put({ ACL: "public-read" }), "AccessControlListNotSupported", "The bucket does not allow ACLs");
    await fails(put({ GrantRead: "uri=http://acs.amazonaws.com/groups/global/AllUsers" }), "AccessControlListNotSupported", "The bucket does not allow ACLs");
    await fails(put({ StorageClass: "GOLD" }), "InvalidStorageClass", "The storage class you specified is not valid");
    await fails(put({ ServerSideEncryption: "ROT13" }), "InvalidArgument", "The encryption method specified is not supported");
    await fails(
      put({ SSECustomerAlgorithm: "AES256", SSECustomerKey: "0123456789abcdef0123456789abcdef" }),
      "NotImplemented",
      "Encryption with keys that customers provide is not served here",
      501,
    );
    await fails(put({ ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: new Date("2040-01-01") }), "InvalidRequest", "Bucket is missing Object Lock Configuration");
    await fails(put({ Metadata: { a: "x".repeat(2048) } }), "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
    await put({ Metadata: { a: "x".repeat(2047) } });
    assert.equal((await s3.headObject({ Bucket, Key: "refused" })).Metadata.a.length, 2047);
    await put({ ACL: "bucket-owner-full-control", ServerSideEncryption: "aws:kms", SSEKMSKeyId: "some-key" });
    const head = await s3.headObject({ Bucket, Key: "refused" });
    assert.deepEqual([head.ServerSideEncryption, head.SSEKMSKeyId], ["aws:kms", "some-key"]);
  });

  test("what is not there", async () => {
    await fails(s3.getObject({ Bucket, Key: "nothing" }), "NoSuchKey", "The specified key does not exist.", 404);
    await fails(s3.headObject({ Bucket, Key: "nothing" }), "NotFound", /./, 404);
    const error = await fails(s3.getObject({ Bucket: "no-such-bucket", Key: "x" }), "NoSuchBucket", "The specified bucket does not exist", 404);
    assert.equal(error.BucketName, "no-such-bucket");
    await fails(s3.putObject({ Bucket: "no-such-bucket", Key: "x", Body: "x" }), "NoSuchBucket", "The specified bucket does not exist", 404);
    await s3.deleteObject({ Bucket, Key: "nothing" });
  });

  test("many are deleted at once", async () => {
    const many = Array.from({ length: 1000 }, (_, i) => `many/${i}`);
    await Promise.all(many.slice(0, 50).map((Key) => s3.putObject({ Bucket, Key, Body: "x" })));
    const { Deleted, Errors } = await s3.deleteObjects({ Bucket, Delete: { Objects: many.map((Key) => ({ Key })) } });
    assert.deepEqual(Deleted.map(({ Key }) => Key), many);
    assert.equal(Errors, undefined);
    assert.deepEqual(await keys(Bucket, { Prefix: "many/" }), []);
    const quiet = await s3.deleteObjects({ Bucket, Delete: { Quiet: true, Objects: [{ Key: "a" }, { Key: "x".repeat(2000) }] } });
    assert.equal(quiet.Deleted, undefined);
    assert.deepEqual(quiet.Errors.map(({ Code, Message }) => [Code, Message]), [["KeyTooLongError", "Your key is too long"]]);
    await fails(s3.deleteObjects({ Bucket, Delete: { Objects: [...many, "more"].map((Key) => ({ Key })) } }), "MalformedXML", /not well-formed or did not validate/);
    const body = "<Delete><Object><Key>a</Key></Object></Delete>";
    const unsummed = await callS3(endpoint, { method: "POST", bucket: Bucket, query: { delete: "" }, body });
    assert.deepEqual([unsummed.status, unsummed.code], [400, "InvalidRequest"]);
    assert.match(unsummed.message, /^Missing required header for this request: Content-MD5/);
  });

  test("copies", async () => {
    const source = await bucket();
    await s3.putObject({ Bucket: source, Key: "a b/ü", Body: "copied", ContentType: "text/plain", Metadata: { m: "1" }, Tagging: "t=1" });
    const CopySource = `${source}/${encodeURIComponent("a b/ü")}`;
    const { CopyObjectResult } = await s3.copyObject({ Bucket, Key: "copy", CopySource });
    assert.equal(CopyObjectResult.ETag, md5("copied"));
    let copy = await get(Bucket, "copy");
    assert.deepEqual([copy.text, copy.ContentType, copy.Metadata, copy.TagCount], ["copied", "text/plain", { m: "1" }, 1]);
    await s3.copyObject({ Bucket, Key: "copy", CopySource, MetadataDirective: "REPLACE", ContentType: "text/html", Metadata: { n: "2" }, TaggingDirective: "REPLACE", Tagging: "u=1&v=2" });
    copy = await get(Bucket, "copy");
    assert.deepEqual([copy.ContentType, copy.Metadata, copy.TagCount], ["text/html", { n: "2" }, 2]);

    const same = { Bucket: source, Key: "a b/ü", CopySource };
    await fails(s3.copyObject(same), "InvalidRequest", /trying to copy an object to itself without changing/);
    await s3.copyObject({ ...same, MetadataDirective: "REPLACE", Metadata: { z: "9" } });
    assert.deepEqual((await get(source, "a b/ü")).Metadata, { z: "9" });
    assert.equal((await get(source, "a b/ü")).text, "copied");

    await fails(s3.copyObject({ Bucket, Key: "x", CopySource: `${source}/nothing` }), "NoSuchKey", "The specified key does not exist.", 404);
    await fails(s3.copyObject({ Bucket, Key: "x", CopySource: "no-such-bucket/x" }), "NoSuchBucket", "The specified bucket does not exist", 404);
    await fails(s3.copyObject({ Bucket, Key: "x", CopySource: source }), "InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
    await fails(s3.copyObject({ Bucket, Key: "x", CopySource, CopySourceIfMatch: '"other"' }), "PreconditionFailed", /pre-conditions/, 412);
    await fails(s3.copyObject({ Bucket, Key: "x", CopySource, MetadataDirective: "MAYBE" }), "InvalidArgument", "Unknown metadata directive.");
    await s3.copyObject({ Bucket, Key: "x", CopySource, CopySourceIfNoneMatch: '"other"' });

    const Body = randomBytes(9 * 1024 * 1024);
    await s3.putObject({ Bucket, Key: "big", Body });
    await s3.copyObject({ Bucket: source, Key: "big", CopySource: `${Bucket}/big`, ChecksumAlgorithm: "SHA256" });
    const big = await s3.getObject({ Bucket: source, Key: "big", ChecksumMode: "ENABLED" });
    assert.ok(Body.equals(Buffer.from(await big.Body.transformToByteArray())));
    assert.equal(big.ChecksumSHA256, createHash("sha256").update(Body).digest("base64"));
  });

  test("tags of objects", async () => {
    const Key = "tagged";
    await s3.putObject({ Bucket, Key, Body: "x" });
    assert.deepEqual((await s3.getObjectTagging({ Bucket, Key })).TagSet, []);
    const TagSet = [{ Key: "a", Value: "1" }, { Key: "ü b", Value: "" }];
    await s3.putObjectTagging({ Bucket, Key, Tagging: { TagSet } });
    assert.deepEqual((await s3.getObjectTagging({ Bucket, Key })).TagSet, TagSet);
    const twice = [{ Key: "a", Value: "1" }, { Key: "a", Value: "2" }];
    await fails(s3.putObjectTagging({ Bucket, Key, Tagging: { TagSet: twice } }), "InvalidTag", "Cannot provide multiple Tags with the same key");
    const long = [{ Key: "x".repeat(129), Value: "1" }];
    await fails(s3.putObjectTagging({ Bucket, Key, Tagging: { TagSet: long } }), "InvalidTag", "The TagKey you have provided is invalid");
    const eleven = Array.from({ length: 11 }, (_, i) => ({ Key: `${i}`, Value: "" }));
    await fails(s3.putObjectTagging({ Bucket, Key, Tagging: { TagSet: eleven } }), "BadRequest", "Object tags cannot be greater than 10");
    await fails(s3.putObjectTagging({ Bucket, Key: "nothing", Tagging: { TagSet } }), "NoSuchKey", "The specified key does not exist.", 404);
    await s3.deleteObjectTagging({ Bucket, Key });
    assert.deepEqual((await s3.getObjectTagging({ Bucket, Key })).TagSet, []);
    assert.equal((await get(Bucket, Key)).text, "x");
  });

  test("attributes and grants", async () => {
    await s3.putObject({ Bucket, Key: "attributes", Body: "abc", ChecksumAlgorithm: "SHA1" });
    const { $metadata, LastModified, ...attributes } = await s3.getObjectAttributes({
      Bucket,
      Key: "attributes",
      ObjectAttributes: ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"],
    });
    assert.deepEqual(attributes, {
      ETag: "900150983cd24fb0d6963f7d28e17f72",
      Checksum: { ChecksumSHA1: "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", ChecksumType: "FULL_OBJECT" },
      StorageClass: "STANDARD",
      ObjectSize: 3,
    });
    const { Owner, Grants } = await s3.getObjectAcl({ Bucket, Key: "attributes" });
    assert.deepEqual(Grants, [{ Grantee: { Type: "CanonicalUser", ID: Owner.ID }, Permission: "FULL_CONTROL" }]);
  });

  describe("lists", async () => {
    const Bucket = await bucket();
    const all = ["a", "b/1", "b/2", "b/c/3", "b-", "d/x", "é", "z"].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    for (const Key of all) await s3.putObject({ Bucket, Key, Body: Key });

    test("keys in the order of their bytes", async () => {
      const { $metadata, Contents, ...list } = await s3.listObjectsV2({ Bucket });
      assert.deepEqual(Contents.map(({ Key }) => Key), all);
      assert.deepEqual(list, { IsTruncated: false, KeyCount: 8, MaxKeys: 1000, Name: Bucket, Prefix: "" });
      const { LastModified, ...first } = Contents[0];
      assert.ok(LastModified instanceof Date);
      assert.deepEqual(first, { Key: "a", ETag: md5("a"), Size: 1, StorageClass: "STANDARD", ChecksumAlgorithm: ["CRC32"], ChecksumType: "FULL_OBJECT" });
      assert.equal((await s3.listObjectsV2({ Bucket, FetchOwner: true })).Contents[0].Owner.ID.length, 64);
    });

    test("prefixes and delimiters", async () => {
      const list = async (more) => {
        const { Contents = [], CommonPrefixes = [], KeyCount } = await s3.listObjectsV2({ Bucket, ...more });
        assert.equal(KeyCount, Contents.length + CommonPrefixes.length);
        return [Contents.map(({ Key }) => Key), CommonPrefixes.map(({ Prefix }) => Prefix)];
      };
      assert.deepEqual(await list({ Delimiter: "/" }), [["a", "b-", "z", "é"], ["b/", "d/"]]);
      assert.deepEqual(await list({ Prefix: "b/", Delimiter: "/" }), [["b/1", "b/2"], ["b/c/"]]);
      assert.deepEqual(await list({ Prefix: "b" }), [["b-", "b/1", "b/2", "b/c/3"], []]);
      assert.deepEqual(await list({ Prefix: "b", Delimiter: "c/" }), [["b-", "b/1", "b/2"], ["b/c/"]]);
      assert.deepEqual(await list({ Prefix: "nothing" }), [[], []]);
      assert.deepEqual(await list({ StartAfter: "b/2" }), [["b/c/3", "d/x", "z", "é"], []]);
      assert.deepEqual(await list({ StartAfter: "zz" }), [["é"], []]);
      assert.deepEqual(await list({ MaxKeys: 0 }), [[], []]);
    });

    test("pages of any size show everything once", async () => {
      for (let MaxKeys = 1; MaxKeys <= 9; MaxKeys++) {
        for (const Delimiter of [undefined, "/"]) {
          const seen = [];
          let ContinuationToken;
          do {
            const page = await s3.listObjectsV2({ Bucket, MaxKeys, Delimiter, ContinuationToken });
            assert.ok(page.KeyCount <= MaxKeys);
            assert.equal(page.IsTruncated, page.NextContinuationToken !== undefined);
            seen.push(...(page.Contents ?? []).map(({ Key }) => Key), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
            ContinuationToken = page.NextContinuationToken;
          } while (ContinuationToken);
          const wanted = Delimiter ? ["a", "b-", "z", "é", "b/", "d/"] : all;
          assert.deepEqual(seen.sort(), [...wanted].sort(), `${MaxKeys} ${Delimiter}`);
        }
      }
    });

    test("the older list, with markers", async () => {
      for (let MaxKeys = 1; MaxKeys <= 9; MaxKeys++) {
        const seen = [];
        let Marker;
        for (;;) {
          const page = await s3.listObjects({ Bucket, MaxKeys, Delimiter: "/", Marker });
          seen.push(...(page.Contents ?? []).map(({ Key }) => Key), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
          if (!page.IsTruncated) break;
          Marker = page.NextMarker;
        }
        assert.deepEqual(seen.sort(), ["a", "b-", "z", "é", "b/", "d/"].sort());
      }
      const page = await s3.listObjects({ Bucket, MaxKeys: 3 });
      assert.deepEqual([page.IsTruncated, page.NextMarker, page.Contents.map(({ Key }) => Key)], [true, undefined, all.slice(0, 3)]);
      assert.equal(page.Contents[0].Owner.ID.length, 64);
    });

    test("keys as in URLs", async () => {
      await s3.putObject({ Bucket, Key: "q/a b&ü\u0001", Body: "" });
      const list = await s3.listObjectsV2({ Bucket, Prefix: "q/", EncodingType: "url" });
      assert.deepEqual([list.Contents[0].Key, list.Prefix, list.EncodingType], ["q/a+b%26%C3%BC%01", "q/", "url"]);
      assert.match((await callS3(endpoint, { bucket: Bucket, query: { prefix: "q/" } })).text, /<Key>q\/a b&amp;ü&#x1;<\/Key>/);
      await s3.deleteObject({ Bucket, Key: "q/a b&ü\u0001" });
    });

    test("what a list may not ask for", async () => {
      const ask = (query) => callS3(endpoint, { bucket: Bucket, query: { "list-type": "2", ...query } });
      const refusals = [
        [{ "max-keys": "x" }, "Provided max-keys not an integer or within integer range"],
        [{ "max-keys": "-1" }, "Provided max-keys not an integer or within integer range"],
        [{ "max-keys": "99999999999" }, "Provided max-keys not an integer or within integer range"],
        [{ "encoding-type": "xml" }, "Invalid Encoding Method specified in Request"],
        [{ "continuation-token": "?" }, "The continuation token provided is incorrect"],
        [{ "list-type": "3" }, "Invalid List Type value. Must be 2"],
      ];
      for (const [query, message] of refusals) {
        const { status, code, message: told } = await ask(query);
        assert.deepEqual([status, code, told], [400, "InvalidArgument", message]);
      }
      assert.equal((await ask({ "max-keys": "5000" })).element("MaxKeys"), "1000");
    });
  });
});
