// S3: what policies of users, of roles and of buckets allow.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { elsewhere } from "../lib/server.js";
import { makeS3, openS3 } from "../lib/s3.js";
import { deny, grant, makeSession, makeUser } from "../lib/principals.js";
import { fails, open } from "../lib/turntable.js";

const skip = elsewhere && "there is no S3";

describe("permissions of S3", { skip }, async () => {
  const { endpoint } = await open();
  const { s3: root, bucket, get } = openS3(endpoint);
  const Bucket = await bucket();
  const arn = `arn:aws:s3:::${Bucket}`;
  await root.putObject({ Bucket, Key: "a/1", Body: "one", Tagging: "team=red" });
  await root.putObject({ Bucket, Key: "b/1", Body: "two", Tagging: "team=blue" });
  const ana = await makeUser(endpoint, "ana");
  const s3 = makeS3(endpoint, { credentials: ana.credentials });
  const setPolicy = (...Statement) => root.putBucketPolicy({ Bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement }) });

  const ungranted = (principal, action, resource) =>
    `User: ${principal.arn} is not authorized to perform: ${action} on resource: "${resource}" because no identity-based policy allows the ${action} action`;
  const denied = (promise, action, resource, principal = ana) => fails(promise, "AccessDenied", ungranted(principal, action, resource), 403);
  const read = async (Key, client = s3) => (await client.getObject({ Bucket, Key })).Body.transformToString();

  test("who may nothing is told what is missing", async () => {
    await ana.may(grant("dynamodb:*", "*"));
    await denied(s3.listBuckets({}), "s3:ListAllMyBuckets", "*");
    await denied(s3.createBucket({ Bucket: "anas-bucket" }), "s3:CreateBucket", "arn:aws:s3:::anas-bucket");
    await denied(s3.listObjectsV2({ Bucket }), "s3:ListBucket", arn);
    await denied(s3.listObjects({ Bucket }), "s3:ListBucket", arn);
    await denied(s3.getObject({ Bucket, Key: "a/1" }), "s3:GetObject", `${arn}/a/1`);
    await denied(s3.putObject({ Bucket, Key: "a/1", Body: "x" }), "s3:PutObject", `${arn}/a/1`);
    await denied(s3.deleteObject({ Bucket, Key: "a/1" }), "s3:DeleteObject", `${arn}/a/1`);
    await denied(s3.deleteBucket({ Bucket }), "s3:DeleteBucket", arn);
    await denied(s3.getBucketPolicy({ Bucket }), "s3:GetBucketPolicy", arn);
    await denied(s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } }), "s3:PutBucketVersioning", arn);
    await denied(s3.createMultipartUpload({ Bucket, Key: "a" }), "s3:PutObject", `${arn}/a`);
    await denied(s3.listMultipartUploads({ Bucket }), "s3:ListBucketMultipartUploads", arn);
    await denied(s3.listObjectVersions({ Bucket }), "s3:ListBucketVersions", arn);
    await fails(s3.headObject({ Bucket, Key: "a/1" }), "Unknown", /./, 403);
    await fails(s3.getObject({ Bucket: "no-such-bucket", Key: "x" }), "NoSuchBucket", "The specified bucket does not exist", 404);
    assert.equal(await read("a/1", root), "one");
  });

  test("who may read some objects reads those", async () => {
    await ana.may(grant("s3:GetObject", `${arn}/a/*`));
    assert.equal(await read("a/1"), "one");
    await denied(s3.getObject({ Bucket, Key: "b/1" }), "s3:GetObject", `${arn}/b/1`);
    // Whether an object is there, is told only to who may list the bucket.
    await denied(s3.getObject({ Bucket, Key: "a/nothing" }), "s3:ListBucket", arn);
    await ana.may(grant("s3:GetObject", `${arn}/a/*`), grant("s3:ListBucket", arn));
    await fails(s3.getObject({ Bucket, Key: "a/nothing" }), "NoSuchKey", "The specified key does not exist.", 404);
  });

  test("conditions on lists and writes", async () => {
    await ana.may(
      grant("s3:ListBucket", arn, { StringLike: { "s3:prefix": "a/*" }, NumericLessThanEquals: { "s3:max-keys": "10" } }),
      grant(["s3:PutObject", "s3:PutObjectTagging"], `${arn}/*`, { StringEquals: { "s3:RequestObjectTag/team": "red" } }),
      grant("s3:GetObject", `${arn}/*`, { StringEquals: { "s3:ExistingObjectTag/team": "red" } }),
    );
    assert.deepEqual((await s3.listObjectsV2({ Bucket, Prefix: "a/", MaxKeys: 10 })).Contents.map(({ Key }) => Key), ["a/1"]);
    await denied(s3.listObjectsV2({ Bucket, Prefix: "b/", MaxKeys: 10 }), "s3:ListBucket", arn);
    await denied(s3.listObjectsV2({ Bucket, Prefix: "a/", MaxKeys: 11 }), "s3:ListBucket", arn);
    await denied(s3.listObjectsV2({ Bucket, MaxKeys: 1 }), "s3:ListBucket", arn);
    await s3.putObject({ Bucket, Key: "c", Body: "x", Tagging: "team=red" });
    await denied(s3.putObject({ Bucket, Key: "c", Body: "x", Tagging: "team=blue" }), "s3:PutObject", `${arn}/c`);
    await denied(s3.putObject({ Bucket, Key: "c", Body: "x" }), "s3:PutObject", `${arn}/c`);
    assert.equal(await read("a/1"), "one");
    await denied(s3.getObject({ Bucket, Key: "b/1" }), "s3:GetObject", `${arn}/b/1`);
    await ana.may(grant("s3:PutObject", `${arn}/*`));
    await denied(s3.putObject({ Bucket, Key: "c", Body: "x", Tagging: "a=b" }), "s3:PutObjectTagging", `${arn}/c`);
  });

  test("copies need both sides, deletions each object", async () => {
    await ana.may(grant("s3:PutObject", `${arn}/*`), grant("s3:DeleteObject", `${arn}/mine/*`));
    const copy = () => s3.copyObject({ Bucket, Key: "mine/copy", CopySource: `${Bucket}/a/1` });
    await denied(copy(), "s3:GetObject", `${arn}/a/1`);
    await ana.may(grant("s3:GetObject", `${arn}/a/*`), grant("s3:DeleteObject", `${arn}/mine/*`));
    await denied(copy(), "s3:PutObject", `${arn}/mine/copy`);
    await ana.may(grant("s3:GetObject", `${arn}/a/*`), grant(["s3:PutObject", "s3:DeleteObject"], `${arn}/mine/*`));
    await copy();
    const { Deleted, Errors } = await s3.deleteObjects({ Bucket, Delete: { Objects: [{ Key: "a/1" }, { Key: "mine/copy" }] } });
    assert.deepEqual(Deleted.map(({ Key }) => Key), ["mine/copy"]);
    assert.deepEqual(Errors, [{ Key: "a/1", Code: "AccessDenied", Message: ungranted(ana, "s3:DeleteObject", `${arn}/a/1`) }]);
    assert.equal(await read("a/1", root), "one");
  });

  test("versions are asked for by actions of their own", async () => {
    const Bucket = await bucket();
    await root.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
    const { VersionId } = await root.putObject({ Bucket, Key: "a", Body: "1" });
    await ana.may(grant(["s3:GetObject", "s3:DeleteObject"], `arn:aws:s3:::${Bucket}/*`));
    await s3.getObject({ Bucket, Key: "a" }).then(({ Body }) => Body.transformToString());
    await denied(s3.getObject({ Bucket, Key: "a", VersionId }), "s3:GetObjectVersion", `arn:aws:s3:::${Bucket}/a`);
    await denied(s3.deleteObject({ Bucket, Key: "a", VersionId }), "s3:DeleteObjectVersion", `arn:aws:s3:::${Bucket}/a`);
    await s3.deleteObject({ Bucket, Key: "a" });
  });

  test("policies of buckets grant and deny", async () => {
    await ana.may(grant("dynamodb:*", "*"));
    await setPolicy({ Effect: "Allow", Principal: { AWS: ana.arn }, Action: "s3:GetObject", Resource: `${arn}/a/*` });
    assert.equal(await read("a/1"), "one");
    await denied(s3.getObject({ Bucket, Key: "b/1" }), "s3:GetObject", `${arn}/b/1`);
    await ana.may(grant("s3:*", "*"));
    assert.equal(await read("b/1"), "two");
    await setPolicy({ ...deny("s3:*", [arn, `${arn}/b/*`]), Principal: "*" });
    await fails(
      s3.getObject({ Bucket, Key: "b/1" }),
      "AccessDenied",
      `User: ${ana.arn} is not authorized to perform: s3:GetObject on resource: "${arn}/b/1" with an explicit deny in a resource-based policy`,
      403,
    );
    assert.equal(await read("a/1"), "one");
    assert.equal(await read("b/1", root), "two");
    await root.deleteBucketPolicy({ Bucket });
  });

  test("what comes from this machine counts as sent over TLS", async () => {
    await ana.may(grant("s3:*", "*"));
    await setPolicy({ ...deny("s3:*", [arn, `${arn}/*`], { Bool: { "aws:SecureTransport": "false" } }), Principal: "*" });
    assert.equal(await read("a/1"), "one");
    await root.deleteBucketPolicy({ Bucket });
  });

  test("a session of a role", async () => {
    const session = await makeSession(endpoint, "reader", [grant("s3:GetObject", `${arn}/a/*`)]);
    const client = makeS3(endpoint, { credentials: session.credentials });
    assert.equal(await read("a/1", client), "one");
    await denied(client.putObject({ Bucket, Key: "a/1", Body: "x" }), "s3:PutObject", `${arn}/a/1`, session);
    const expired = makeS3(endpoint, { credentials: { ...session.credentials, sessionToken: `${session.credentials.sessionToken}x` } });
    await fails(expired.getObject({ Bucket, Key: "a/1" }), "InvalidToken", "The provided token is malformed or otherwise invalid.");
  });

  test("nobody in particular", async () => {
    const Bucket = await bucket();
    const url = `${endpoint}/${Bucket}/open/a`;
    await root.putObject({ Bucket, Key: "open/a", Body: "for all" });
    await root.putObject({ Bucket, Key: "closed", Body: "for some" });
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: ["s3:GetObject", "s3:PutObject"], Resource: `arn:aws:s3:::${Bucket}/open/*` }],
    });
    assert.equal((await fetch(url)).status, 403);
    await root.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: { RestrictPublicBuckets: true } });
    await root.putBucketPolicy({ Bucket, Policy });
    assert.equal((await fetch(url)).status, 403);
    await root.deletePublicAccessBlock({ Bucket });
    const answer = await fetch(url);
    assert.deepEqual([answer.status, await answer.text()], [200, "for all"]);
    assert.equal((await fetch(`${endpoint}/${Bucket}/closed`)).status, 403);
    assert.equal((await fetch(`${endpoint}/${Bucket}/open/nothing`)).status, 403);
    assert.equal((await fetch(`${endpoint}/${Bucket}`)).status, 403);
    assert.equal((await fetch(`${endpoint}/${Bucket}/open/b`, { method: "PUT", body: "by nobody" })).status, 200);
    assert.equal((await get(Bucket, "open/b")).text, "by nobody");
    const overridden = await fetch(`${url}?response-content-type=text/html`);
    assert.match(await overridden.text(), /<Code>InvalidRequest<\/Code><Message>Request specific response headers cannot be used for anonymous GET requests/);
    assert.equal((await fetch(url, { method: "DELETE" })).status, 403);
  });
});
