// S3: buckets that keep the versions of their objects.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { elsewhere } from "../lib/server.js";
import { openS3 } from "../lib/s3.js";
import { fails, open } from "../lib/turntable.js";

const skip = elsewhere && "there is no S3";

describe("versions", { skip }, async () => {
  const { endpoint } = await open();
  const { s3, bucket, get, keys } = openS3(endpoint);

  const setVersioning = (Bucket, Status) => s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status } });

  async function versioned() {
    const Bucket = await bucket();
    await setVersioning(Bucket, "Enabled");
    return Bucket;
  }

  const put = async (Bucket, Key, Body) => (await s3.putObject({ Bucket, Key, Body })).VersionId;

  /** All versions as [key, id, "latest" or "", size, or "marker"], the versions first. */
  async function versions(Bucket, more = {}) {
    const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket, ...more });
    const row = (extra) => ({ Key, VersionId, IsLatest, Size }) => [Key, VersionId, IsLatest ? "latest" : "", extra ?? Size];
    return [...Versions.map(row()), ...DeleteMarkers.map(row("marker"))];
  }

  test("every one is kept, and can be read", async () => {
    const Bucket = await versioned();
    const one = await put(Bucket, "a", "1");
    const two = await put(Bucket, "a", "22");
    assert.match(one, /^[\w-]{32}$/);
    assert.notEqual(one, two);
    assert.deepEqual(await versions(Bucket), [["a", two, "latest", 2], ["a", one, "", 1]]);
    assert.deepEqual([(await get(Bucket, "a")).text, (await get(Bucket, "a")).VersionId], ["22", two]);
    assert.equal((await get(Bucket, "a", { VersionId: one })).text, "1");
    assert.equal((await get(Bucket, "a", { VersionId: two })).text, "22");
    assert.equal((await s3.headObject({ Bucket, Key: "a", VersionId: one })).ContentLength, 1);
    const other = await put(Bucket, "b", "x");
    const error = await fails(s3.getObject({ Bucket, Key: "a", VersionId: other }), "NoSuchVersion", "The specified version does not exist.", 404);
    assert.deepEqual([error.Key, error.VersionId], ["a", other]);
    await fails(s3.getObject({ Bucket, Key: "a", VersionId: "nonsense" }), "InvalidArgument", "Invalid version id specified");
    await fails(s3.getObject({ Bucket, Key: "a", VersionId: "null" }), "NoSuchVersion", "The specified version does not exist.", 404);
  });

  test("a deletion hides an object, and can be taken back", async () => {
    const Bucket = await versioned();
    const one = await put(Bucket, "a", "1");
    const deleted = await s3.deleteObject({ Bucket, Key: "a" });
    assert.equal(deleted.DeleteMarker, true);
    const marker = deleted.VersionId;
    await fails(s3.getObject({ Bucket, Key: "a" }), "NoSuchKey", "The specified key does not exist.", 404);
    await fails(s3.getObject({ Bucket, Key: "a", VersionId: marker }), "MethodNotAllowed", "The specified method is not allowed against this resource.", 405);
    assert.deepEqual(await keys(Bucket), []);
    assert.deepEqual(await versions(Bucket), [["a", one, "", 1], ["a", marker, "latest", "marker"]]);
    await fails(s3.deleteBucket({ Bucket }), "BucketNotEmpty", /./, 409);
    const undone = await s3.deleteObject({ Bucket, Key: "a", VersionId: marker });
    assert.deepEqual([undone.DeleteMarker, undone.VersionId], [true, marker]);
    assert.equal((await get(Bucket, "a")).text, "1");
    assert.deepEqual(await versions(Bucket), [["a", one, "latest", 1]]);
  });

  test("deleting what is not there puts a marker", async () => {
    const Bucket = await versioned();
    const { VersionId, DeleteMarker } = await s3.deleteObject({ Bucket, Key: "never" });
    assert.equal(DeleteMarker, true);
    assert.deepEqual(await versions(Bucket), [["never", VersionId, "latest", "marker"]]);
    await s3.deleteObject({ Bucket, Key: "never", VersionId });
    assert.deepEqual(await versions(Bucket), []);
    await s3.deleteObject({ Bucket, Key: "never", VersionId });
    await s3.deleteBucket({ Bucket });
  });

  test("a version is deleted for good, whichever it is", async () => {
    const Bucket = await versioned();
    const ids = [];
    for (const text of ["1", "22", "333", "4444"]) ids.push(await put(Bucket, "a", text));
    await s3.deleteObject({ Bucket, Key: "a", VersionId: ids[1] });
    assert.deepEqual((await versions(Bucket)).map(([, id]) => id), [ids[3], ids[2], ids[0]]);
    await s3.deleteObject({ Bucket, Key: "a", VersionId: ids[3] });
    assert.equal((await get(Bucket, "a")).text, "333");
    await s3.deleteObject({ Bucket, Key: "a", VersionId: ids[2] });
    assert.equal((await get(Bucket, "a")).text, "1");
    await s3.deleteObject({ Bucket, Key: "a", VersionId: ids[0] });
    await fails(s3.getObject({ Bucket, Key: "a" }), "NoSuchKey", /./, 404);
    await s3.deleteBucket({ Bucket });
  });

  test("many at once, also of one key", async () => {
    const Bucket = await versioned();
    const ids = [await put(Bucket, "a", "1"), await put(Bucket, "a", "22"), await put(Bucket, "a", "333")];
    const { Deleted } = await s3.deleteObjects({
      Bucket,
      Delete: { Objects: [{ Key: "a", VersionId: ids[0] }, { Key: "a", VersionId: ids[2] }, { Key: "b" }, { Key: "a" }] },
    });
    assert.deepEqual(Deleted.map(({ Key, VersionId, DeleteMarker }) => [Key, VersionId, DeleteMarker]), [
      ["a", ids[0], undefined],
      ["a", ids[2], undefined],
      ["b", undefined, true],
      ["a", undefined, true],
    ]);
    assert.deepEqual(await versions(Bucket), [
      ["a", ids[1], "", 2],
      ["a", Deleted[3].DeleteMarkerVersionId, "latest", "marker"],
      ["b", Deleted[2].DeleteMarkerVersionId, "latest", "marker"],
    ]);
  });

  test("before versions are kept, and after they were, there is one that is called null", async () => {
    const Bucket = await bucket();
    assert.equal(await put(Bucket, "a", "before"), undefined);
    assert.deepEqual(await versions(Bucket), [["a", "null", "latest", 6]]);
    await setVersioning(Bucket, "Enabled");
    const kept = await put(Bucket, "a", "kept");
    assert.deepEqual(await versions(Bucket), [["a", kept, "latest", 4], ["a", "null", "", 6]]);
    assert.equal((await get(Bucket, "a", { VersionId: "null" })).text, "before");

    await setVersioning(Bucket, "Suspended");
    assert.equal(await put(Bucket, "a", "suspended"), "null");
    assert.deepEqual(await versions(Bucket), [["a", "null", "latest", 9], ["a", kept, "", 4]]);
    assert.equal(await put(Bucket, "a", "again"), "null");
    assert.deepEqual(await versions(Bucket), [["a", "null", "latest", 5], ["a", kept, "", 4]]);
    const { VersionId, DeleteMarker } = await s3.deleteObject({ Bucket, Key: "a" });
    assert.deepEqual([VersionId, DeleteMarker], ["null", true]);
    assert.deepEqual(await versions(Bucket), [["a", kept, "", 4], ["a", "null", "latest", "marker"]]);
    await s3.deleteObject({ Bucket, Key: "a", VersionId: "null" });
    assert.deepEqual(await versions(Bucket), [["a", kept, "latest", 4]]);
    await setVersioning(Bucket, "Enabled");
    await setVersioning(Bucket, "Suspended");
    await put(Bucket, "a", "x");
    await setVersioning(Bucket, "Enabled");
    const newest = await put(Bucket, "a", "newest");
    await setVersioning(Bucket, "Suspended");
    await put(Bucket, "a", "yy");
    assert.deepEqual(await versions(Bucket), [["a", "null", "latest", 2], ["a", newest, "", 6], ["a", kept, "", 4]]);
  });

  test("copies and tags of versions", async () => {
    const Bucket = await versioned();
    const one = await put(Bucket, "a", "1");
    await put(Bucket, "a", "22");
    const copied = await s3.copyObject({ Bucket, Key: "a", CopySource: `${Bucket}/a?versionId=${one}` });
    assert.equal(copied.CopySourceVersionId, one);
    assert.equal((await get(Bucket, "a")).text, "1");
    await s3.putObjectTagging({ Bucket, Key: "a", VersionId: one, Tagging: { TagSet: [{ Key: "k", Value: "v" }] } });
    assert.deepEqual((await s3.getObjectTagging({ Bucket, Key: "a", VersionId: one })).TagSet, [{ Key: "k", Value: "v" }]);
    assert.deepEqual((await s3.getObjectTagging({ Bucket, Key: "a" })).TagSet, []);
    await s3.deleteObjectTagging({ Bucket, Key: "a", VersionId: one });
    assert.deepEqual((await s3.getObjectTagging({ Bucket, Key: "a", VersionId: one })).TagSet, []);
  });

  test("lists in pages, with prefixes", async () => {
    const Bucket = await versioned();
    const wanted = [];
    for (const Key of ["a", "b/1", "b/2", "c"]) for (let i = 0; i < 3; i++) wanted.push(await put(Bucket, Key, "x".repeat(i)));
    await s3.deleteObject({ Bucket, Key: "c" });
    const all = await versions(Bucket);
    assert.equal(all.length, 13);
    for (let MaxKeys = 1; MaxKeys <= 14; MaxKeys++) {
      const seen = [];
      let [KeyMarker, VersionIdMarker] = [];
      for (;;) {
        const page = await s3.listObjectVersions({ Bucket, MaxKeys, KeyMarker, VersionIdMarker });
        seen.push(...(page.Versions ?? []), ...(page.DeleteMarkers ?? []));
        if (!page.IsTruncated) break;
        [KeyMarker, VersionIdMarker] = [page.NextKeyMarker, page.NextVersionIdMarker];
      }
      assert.equal(seen.length, 13, `${MaxKeys}`);
      assert.deepEqual(seen.map(({ VersionId }) => VersionId).sort(), all.map(([, id]) => id).sort());
    }
    const page = await s3.listObjectVersions({ Bucket, Delimiter: "/" });
    assert.deepEqual([page.CommonPrefixes, page.Versions.length, page.DeleteMarkers.length], [[{ Prefix: "b/" }], 6, 1]);
    assert.equal((await versions(Bucket, { Prefix: "b/2" })).length, 3);
    assert.equal((await versions(Bucket, { KeyMarker: "b/1" })).length, 7);
    await fails(s3.listObjectVersions({ Bucket, VersionIdMarker: wanted[0] }), "InvalidArgument", "A version-id marker cannot be specified without a key marker.");
  });

  test("of one key written by many at once none is lost", async () => {
    const Bucket = await versioned();
    const ids = await Promise.all(Array.from({ length: 30 }, (_, i) => put(Bucket, "a", `${i}`)));
    const listed = await versions(Bucket);
    assert.deepEqual(listed.map(([, id]) => id).sort(), [...ids].sort());
    assert.equal(listed.filter(([, , latest]) => latest).length, 1);
    for (const [i, VersionId] of ids.entries()) assert.equal((await get(Bucket, "a", { VersionId })).text, `${i}`);
    await Promise.all(ids.map((VersionId) => s3.deleteObject({ Bucket, Key: "a", VersionId })));
    assert.deepEqual(await versions(Bucket), []);
  });
});
