// S3 by the AWS CLI and boto3.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { debian, environment } from "../lib/programs.js";
import { run } from "../lib/process.js";
import { elsewhere, temporaryFolder } from "../lib/server.js";
import { bucketName, openS3 } from "../lib/s3.js";
import { open } from "../lib/turntable.js";

const skip = elsewhere && "there is no S3";

describe("tools", { skip }, async () => {
  const { endpoint } = await open();
  const { s3, bucket, get, keys } = openS3(endpoint);
  const folder = temporaryFolder();
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name) => path.join(folder, name);

  async function aws(...args) {
    const { code, stdout, stderr } = await run(debian("aws"), [...args, "--endpoint-url", endpoint], { env: environment, cwd: folder });
    assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
    return stdout;
  }

  async function awsFails(...args) {
    const { code, stderr } = await run(debian("aws"), [...args, "--endpoint-url", endpoint], { env: environment });
    assert.notEqual(code, 0);
    return stderr;
  }

  test("aws s3: mb, cp, ls, mv, rm, rb", async () => {
    const name = bucketName("cli");
    writeFileSync(file("small.txt"), "small");
    const big = randomBytes(20 * 1024 * 1024 + 1);
    writeFileSync(file("big.bin"), big);
    await aws("s3", "mb", `s3://${name}`);
    await aws("s3", "cp", "--quiet", file("small.txt"), `s3://${name}/a/small.txt`);
    await aws("s3", "cp", "--quiet", file("big.bin"), `s3://${name}/big.bin`);
    assert.equal(await aws("s3", "cp", `s3://${name}/a/small.txt`, "-"), "small");
    await aws("s3", "cp", "--quiet", `s3://${name}/big.bin`, file("back.bin"));
    assert.ok(readFileSync(file("back.bin")).equals(big));
    assert.match((await s3.headObject({ Bucket: name, Key: "big.bin" })).ETag, /-3"$/);
    assert.match((await s3.headObject({ Bucket: name, Key: "a/small.txt" })).ContentType, /^text\/plain$/);
    const listed = await aws("s3", "ls", `s3://${name}`);
    assert.match(listed, /^ +PRE a\/\n.* 20971521 big\.bin\n$/);
    await aws("s3", "cp", "--quiet", `s3://${name}/big.bin`, `s3://${name}/copy.bin`);
    await aws("s3", "mv", "--quiet", `s3://${name}/a/small.txt`, `s3://${name}/moved.txt`);
    assert.deepEqual(await keys(name), ["big.bin", "copy.bin", "moved.txt"]);
    const copy = await s3.getObject({ Bucket: name, Key: "copy.bin" });
    assert.ok(big.equals(Buffer.from(await copy.Body.transformToByteArray())));
    assert.match(await awsFails("s3", "rb", `s3://${name}`), /BucketNotEmpty/);
    await aws("s3", "rm", "--quiet", `s3://${name}/moved.txt`);
    await aws("s3", "rb", "--force", `s3://${name}`);
    assert.doesNotMatch(await aws("s3", "ls"), new RegExp(name));
  });

  test("aws s3 sync, there and back", async () => {
    const Bucket = await bucket();
    const there = { "one.txt": "1", "in/two & three.txt": "23", "in/deep/ümlaut": "ü" };
    for (const [name, text] of Object.entries(there)) {
      mkdirSync(path.dirname(file(`tree/${name}`)), { recursive: true });
      writeFileSync(file(`tree/${name}`), text);
    }
    await aws("s3", "sync", "--quiet", file("tree"), `s3://${Bucket}/tree`);
    assert.deepEqual((await keys(Bucket)).sort(), Object.keys(there).map((name) => `tree/${name}`).sort());
    await aws("s3", "sync", "--quiet", `s3://${Bucket}/tree`, file("again"));
    for (const [name, text] of Object.entries(there)) assert.equal(readFileSync(file(`again/${name}`), "utf8"), text);
    rmSync(file("tree/one.txt"));
    await aws("s3", "sync", "--quiet", "--delete", "--size-only", file("tree"), `s3://${Bucket}/tree`);
    assert.equal((await keys(Bucket)).length, 2);
    await aws("s3", "rm", "--quiet", "--recursive", `s3://${Bucket}/tree`);
    assert.deepEqual(await keys(Bucket), []);
  });

  test("aws s3api and presign", async () => {
    const Bucket = await bucket();
    writeFileSync(file("body"), "by s3api");
    const put = JSON.parse(await aws("s3api", "put-object", "--bucket", Bucket, "--key", "k", "--body", file("body"), "--metadata", "a=b", "--checksum-algorithm", "SHA256"));
    assert.equal(put.ChecksumSHA256, createHash("sha256").update("by s3api").digest("base64"));
    const head = JSON.parse(await aws("s3api", "head-object", "--bucket", Bucket, "--key", "k"));
    assert.deepEqual([head.ContentLength, head.Metadata], [8, { a: "b" }]);
    const url = (await aws("s3", "presign", `s3://${Bucket}/k`)).trim();
    assert.equal(await (await fetch(url)).text(), "by s3api");
    await aws("s3api", "put-bucket-policy", "--bucket", Bucket, "--policy", JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Deny", Principal: "*", Action: "s3:DeleteObject", Resource: `arn:aws:s3:::${Bucket}/*` } }));
    assert.match(JSON.parse(await aws("s3api", "get-bucket-policy", "--bucket", Bucket)).Policy, /DeleteObject/);
    assert.deepEqual(JSON.parse(await aws("s3api", "list-objects-v2", "--bucket", Bucket)).Contents.map(({ Key }) => Key), ["k"]);
    assert.match(await awsFails("s3api", "get-object", "--bucket", Bucket, "--key", "nothing", file("x")), /\(NoSuchKey\).*The specified key does not exist\./);
  });

  test("boto3: files, streams, pages, resources", async () => {
    const Bucket = await bucket();
    const program = `
import boto3, io, os, sys
from boto3.s3.transfer import TransferConfig
endpoint, name = sys.argv[1:3]
client = boto3.client("s3", endpoint_url=endpoint)
body = os.urandom(11 * 1024 * 1024)
client.upload_fileobj(io.BytesIO(body), name, "big", ExtraArgs={"Metadata": {"m": "1"}}, Config=TransferConfig(multipart_threshold=5 * 1024 * 1024, multipart_chunksize=5 * 1024 * 1024))
back = io.BytesIO()
client.download_fileobj(name, "big", back)
assert back.getvalue() == body
assert client.head_object(Bucket=name, Key="big")["Metadata"] == {"m": "1"}
bucket = boto3.resource("s3", endpoint_url=endpoint).Bucket(name)
for i in range(25):
    bucket.put_object(Key="n/%02d" % i, Body=b"x" * i)
pages = list(client.get_paginator("list_objects_v2").paginate(Bucket=name, Prefix="n/", PaginationConfig={"PageSize": 10}))
assert [len(page["Contents"]) for page in pages] == [10, 10, 5]
assert bucket.Object("n/07").get()["Body"].read() == b"x" * 7
try:
    client.get_object(Bucket=name, Key="nothing")
    assert False
except client.exceptions.NoSuchKey as error:
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 404
virtual = boto3.client("s3", endpoint_url=endpoint, config=boto3.session.Config(s3={"addressing_style": "path"}))
virtual.put_object(Bucket=name, Key="plain", Body=b"plain")
bucket.objects.all().delete()
bucket.delete()
print("good")
`;
    const { stdout, stderr } = await run(debian("python3"), ["-W", "ignore", "-c", program, endpoint, Bucket], { env: environment });
    assert.equal(stdout, "good\n", stderr);
    await assert.rejects(get(Bucket, "big"), { name: "NoSuchBucket" });
  });
});
