// S3: buckets and their settings.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { elsewhere } from "../lib/server.js";
import { bucketName, callS3, makeS3, openS3 } from "../lib/s3.js";
import { fails, open } from "../lib/turntable.js";

const skip = elsewhere && "there is no S3";
const malformed = "The XML you provided was not well-formed or did not validate against our published schema";

describe("buckets", { skip }, async () => {
  const { endpoint } = await open();
  const { s3, bucket, keys } = openS3(endpoint);
  const only = ({ $metadata, ...answer }) => answer;

  test("are made, found, listed and deleted", async () => {
    const Bucket = bucketName();
    await fails(s3.headBucket({ Bucket }), "NotFound", /./, 404);
    assert.deepEqual(only(await s3.createBucket({ Bucket })), { Location: `/${Bucket}`, BucketArn: `arn:aws:s3:::${Bucket}` });
    assert.deepEqual(only(await s3.headBucket({ Bucket })), { BucketRegion: "us-east-1", BucketArn: `arn:aws:s3:::${Bucket}`, AccessPointAlias: false });
    assert.deepEqual(only(await s3.getBucketLocation({ Bucket })), {});
    const { Buckets, Owner } = await s3.listBuckets({ Prefix: Bucket });
    const [{ CreationDate, ...told }] = Buckets;
    assert.ok(Math.abs(Date.now() - CreationDate.getTime()) < 60000);
    assert.deepEqual([Buckets.length, told, Owner.ID.length], [1, { Name: Bucket, BucketRegion: "us-east-1", BucketArn: `arn:aws:s3:::${Bucket}` }, 64]);
    await fails(s3.createBucket({ Bucket }), "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.", 409);
    await s3.deleteBucket({ Bucket });
    await fails(s3.deleteBucket({ Bucket }), "NoSuchBucket", "The specified bucket does not exist", 404);
    assert.deepEqual((await s3.listBuckets({ Prefix: Bucket })).Buckets, []);
  });

  test("lists in pages", async () => {
    const prefix = bucketName("pages");
    const names = [];
    for (let i = 0; i < 5; i++) names.push(await bucket({ Bucket: `${prefix}-${i}` }));
    const seen = [];
    let ContinuationToken;
    do {
      const page = await s3.listBuckets({ Prefix: prefix, MaxBuckets: 2, ContinuationToken });
      seen.push(...page.Buckets.map(({ Name }) => Name));
      ContinuationToken = page.ContinuationToken;
    } while (ContinuationToken);
    assert.deepEqual(seen, names);
    assert.deepEqual((await s3.listBuckets({ Prefix: prefix, BucketRegion: "eu-west-1" })).Buckets, []);
  });

  test("have the region that is asked for", async () => {
    const Bucket = bucketName();
    await s3.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } });
    assert.equal((await s3.getBucketLocation({ Bucket })).LocationConstraint, "eu-west-1");
    assert.equal((await s3.headBucket({ Bucket })).BucketRegion, "eu-west-1");
    const wrong = (LocationConstraint) => s3.createBucket({ Bucket: bucketName(), CreateBucketConfiguration: { LocationConstraint } });
    await fails(wrong("Mars"), "InvalidLocationConstraint", "The specified location-constraint is not valid");
    await fails(wrong("us-east-1"), "InvalidLocationConstraint", "The specified location-constraint is not valid");
    const region = makeS3(endpoint, { region: "eu-west-1" });
    assert.equal((await region.listObjectsV2({ Bucket })).KeyCount, 0);
  });

  test("names", async () => {
    const wrong = ["ab", "a".repeat(64), "Upper", "a_b", "-ab", "ab-", ".ab", "a..b", "192.168.5.4", "xn--abc", "sthree-abc", "abc-s3alias", "abc--ol-s3", "é-abc"];
    for (const name of wrong) {
      const { status, code, message } = await callS3(endpoint, { method: "PUT", bucket: encodeURIComponent(name) });
      assert.deepEqual([status, code, message], [400, "InvalidBucketName", "The specified bucket is not valid."], name);
    }
    for (const Bucket of ["a.b-c1", "1ab", "a".repeat(63)]) {
      await s3.createBucket({ Bucket });
      await s3.deleteBucket({ Bucket });
    }
  });

  test("with tags and ownership from the beginning", async () => {
    const Bucket = await bucket({ ObjectOwnership: "ObjectWriter", CreateBucketConfiguration: { Tags: [{ Key: "a", Value: "1" }] } });
    assert.deepEqual((await s3.getBucketOwnershipControls({ Bucket })).OwnershipControls.Rules, [{ ObjectOwnership: "ObjectWriter" }]);
    assert.deepEqual((await s3.getBucketTagging({ Bucket })).TagSet, [{ Key: "a", Value: "1" }]);
    await fails(bucket({ ACL: "public-read" }), "InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting");
    await fails(bucket({ ObjectLockEnabledForBucket: true }), "NotImplemented", "Objects cannot be locked here", 501);
    await bucket({ ACL: "private" });
  });

  test("with objects stay", async () => {
    const Bucket = await bucket();
    await s3.putObject({ Bucket, Key: "a", Body: "x" });
    const error = await fails(s3.deleteBucket({ Bucket }), "BucketNotEmpty", "The bucket you tried to delete is not empty", 409);
    assert.equal(error.BucketName, Bucket);
    assert.deepEqual(await keys(Bucket), ["a"]);
    await s3.deleteObject({ Bucket, Key: "a" });
    await s3.deleteBucket({ Bucket });
    await s3.createBucket({ Bucket });
    assert.deepEqual(await keys(Bucket), []);
    await fails(s3.getBucketTagging({ Bucket }), "NoSuchTagSet", "The TagSet does not exist", 404);
  });

  test("are not deleted under what is put into them", async () => {
    for (let round = 0; round < 20; round++) {
      const Bucket = await bucket();
      const puts = Array.from({ length: 5 }, (_, i) => s3.putObject({ Bucket, Key: `${i}`, Body: "x" }));
      const [deleted, ...put] = await Promise.allSettled([s3.deleteBucket({ Bucket }), ...puts]);
      const there = put.filter(({ status }) => status === "fulfilled").length;
      if (deleted.status === "fulfilled") {
        assert.equal(there, 0);
        await fails(s3.listObjectsV2({ Bucket }), "NoSuchBucket", /./, 404);
      } else {
        assert.equal(deleted.reason.name, "BucketNotEmpty");
        assert.equal((await keys(Bucket)).length, there);
        assert.ok(there > 0);
      }
      assert.ok(put.every(({ reason }) => !reason || reason.name === "NoSuchBucket"));
    }
  });

  test("of another account are refused", async () => {
    const Bucket = await bucket();
    await s3.headBucket({ Bucket, ExpectedBucketOwner: "000000000000" });
    await fails(s3.listObjectsV2({ Bucket, ExpectedBucketOwner: "111122223333" }), "AccessDenied", "Access Denied", 403);
  });

  describe("settings", async () => {
    const Bucket = await bucket();

    test("of a new bucket", async () => {
      assert.deepEqual(only(await s3.getBucketVersioning({ Bucket })), {});
      assert.deepEqual((await s3.getBucketEncryption({ Bucket })).ServerSideEncryptionConfiguration, {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }],
      });
      assert.deepEqual((await s3.getPublicAccessBlock({ Bucket })).PublicAccessBlockConfiguration, {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      });
      assert.deepEqual((await s3.getBucketOwnershipControls({ Bucket })).OwnershipControls, { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] });
      assert.deepEqual(only(await s3.getBucketNotificationConfiguration({ Bucket })), {});
      const { Owner, Grants } = await s3.getBucketAcl({ Bucket });
      assert.deepEqual(Grants, [{ Grantee: { Type: "CanonicalUser", ID: Owner.ID }, Permission: "FULL_CONTROL" }]);
      assert.deepEqual(only(await s3.getBucketAccelerateConfiguration({ Bucket })), {});
      assert.deepEqual(only(await s3.getBucketLogging({ Bucket })), {});
      assert.equal((await s3.getBucketRequestPayment({ Bucket })).Payer, "BucketOwner");
      await fails(s3.getBucketTagging({ Bucket }), "NoSuchTagSet", "The TagSet does not exist", 404);
      await fails(s3.getBucketLifecycleConfiguration({ Bucket }), "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", 404);
      await fails(s3.getBucketCors({ Bucket }), "NoSuchCORSConfiguration", "The CORS configuration does not exist", 404);
      await fails(s3.getBucketPolicy({ Bucket }), "NoSuchBucketPolicy", "The bucket policy does not exist", 404);
      await fails(s3.getBucketPolicyStatus({ Bucket }), "NoSuchBucketPolicy", "The bucket policy does not exist", 404);
      await fails(s3.getBucketWebsite({ Bucket }), "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration", 404);
      await fails(s3.getBucketReplication({ Bucket }), "ReplicationConfigurationNotFoundError", "The replication configuration was not found", 404);
      await fails(s3.getObjectLockConfiguration({ Bucket }), "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket", 404);
      await s3.deleteBucketWebsite({ Bucket });
      await s3.deleteBucketReplication({ Bucket });
      await fails(s3.getBucketCors({ Bucket: "no-such-bucket" }), "NoSuchBucket", "The specified bucket does not exist", 404);
    });

    test("encryption", async () => {
      const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "key" }, BucketKeyEnabled: true }];
      await s3.putBucketEncryption({ Bucket, ServerSideEncryptionConfiguration: { Rules } });
      assert.deepEqual((await s3.getBucketEncryption({ Bucket })).ServerSideEncryptionConfiguration.Rules, Rules);
      const put = await s3.putObject({ Bucket, Key: "encrypted", Body: "x" });
      assert.deepEqual([put.ServerSideEncryption, put.SSEKMSKeyId], ["aws:kms", "key"]);
      assert.equal((await s3.putObject({ Bucket, Key: "encrypted", Body: "x", ServerSideEncryption: "AES256" })).ServerSideEncryption, "AES256");
      await s3.deleteObject({ Bucket, Key: "encrypted" });
      await s3.deleteBucketEncryption({ Bucket });
      assert.equal((await s3.getBucketEncryption({ Bucket })).ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm, "AES256");
      const set = (rule) => s3.putBucketEncryption({ Bucket, ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: rule }] } });
      await fails(set({ SSEAlgorithm: "ROT13" }), "MalformedXML", malformed);
      await fails(set({ SSEAlgorithm: "AES256", KMSMasterKeyID: "key" }), "InvalidArgument", /KMSMasterKeyID is not applicable/);
    });

    test("public access, ownership, tags", async () => {
      await s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: false } });
      assert.deepEqual((await s3.getPublicAccessBlock({ Bucket })).PublicAccessBlockConfiguration, { BlockPublicAcls: true, BlockPublicPolicy: false });
      await s3.deletePublicAccessBlock({ Bucket });
      await fails(s3.getPublicAccessBlock({ Bucket }), "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found", 404);

      await s3.putBucketOwnershipControls({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerPreferred" }] } });
      assert.equal((await s3.getBucketOwnershipControls({ Bucket })).OwnershipControls.Rules[0].ObjectOwnership, "BucketOwnerPreferred");
      await s3.putObject({ Bucket, Key: "owned", Body: "x", ACL: "private" });
      await fails(s3.putObject({ Bucket, Key: "owned", Body: "x", ACL: "public-read" }), "NotImplemented", /Access control lists but the owner's/, 501);
      await s3.deleteObject({ Bucket, Key: "owned" });
      await s3.deleteBucketOwnershipControls({ Bucket });
      await fails(s3.getBucketOwnershipControls({ Bucket }), "OwnershipControlsNotFoundError", "The bucket ownership controls were not found", 404);

      const TagSet = [{ Key: "a", Value: "1" }, { Key: "<&>", Value: "ü" }];
      await s3.putBucketTagging({ Bucket, Tagging: { TagSet } });
      assert.deepEqual((await s3.getBucketTagging({ Bucket })).TagSet, TagSet);
      await fails(s3.putBucketTagging({ Bucket, Tagging: { TagSet: [...TagSet, TagSet[0]] } }), "InvalidTag", "Cannot provide multiple Tags with the same key");
      await fails(s3.putBucketTagging({ Bucket, Tagging: { TagSet: [{ Key: "aws:x", Value: "1" }] } }), "InvalidTag", "System tags cannot be added/updated by requester");
      await s3.deleteBucketTagging({ Bucket });
      await fails(s3.getBucketTagging({ Bucket }), "NoSuchTagSet", "The TagSet does not exist", 404);
    });

    test("lifecycle", async () => {
      const Rules = [
        {
          ID: "one",
          Status: "Enabled",
          Filter: { And: { Prefix: "a/", Tags: [{ Key: "k", Value: "v" }], ObjectSizeGreaterThan: 5 } },
          Expiration: { Days: 3 },
          Transitions: [{ Days: 1, StorageClass: "GLACIER" }],
          NoncurrentVersionExpiration: { NoncurrentDays: 7, NewerNoncurrentVersions: 2 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
        },
        { ID: "two", Status: "Disabled", Filter: { Prefix: "" }, Expiration: { ExpiredObjectDeleteMarker: true } },
      ];
      const put = (...rules) => s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules: rules } });
      await put(...Rules);
      assert.deepEqual((await s3.getBucketLifecycleConfiguration({ Bucket })).Rules, Rules);
      const rule = { ID: "x", Status: "Enabled", Filter: { Prefix: "" } };
      await fails(put(rule), "InvalidRequest", "At least one action needs to be specified in a rule");
      await fails(put({ ...rule, Status: "Maybe", Expiration: { Days: 1 } }), "MalformedXML", malformed);
      await fails(put({ ...rule, Filter: undefined, Expiration: { Days: 1 } }), "MalformedXML", malformed);
      await fails(put({ ...rule, Expiration: { Days: 0 } }), "InvalidArgument", "'Days' for Expiration action must be a positive integer");
      await fails(put({ ...rule, Expiration: { Days: 1 } }, { ...rule, Expiration: { Days: 1 } }), "InvalidArgument", /^Rule ID must be unique/);
      await s3.deleteBucketLifecycle({ Bucket });
      await fails(s3.getBucketLifecycleConfiguration({ Bucket }), "NoSuchLifecycleConfiguration", /./, 404);
    });

    test("CORS and notifications", async () => {
      const CORSRules = [
        { ID: "a", AllowedHeaders: ["*"], AllowedMethods: ["GET", "PUT"], AllowedOrigins: ["http://*.example.com"], ExposeHeaders: ["ETag"], MaxAgeSeconds: 5 },
        { AllowedMethods: ["DELETE"], AllowedOrigins: ["*"] },
      ];
      const put = (...rules) => s3.putBucketCors({ Bucket, CORSConfiguration: { CORSRules: rules } });
      await put(...CORSRules);
      assert.deepEqual((await s3.getBucketCors({ Bucket })).CORSRules, CORSRules);
      await fails(put({ AllowedMethods: ["FETCH"], AllowedOrigins: ["*"] }), "MalformedXML", malformed);
      await fails(put({ AllowedMethods: ["GET"], AllowedOrigins: ["*.*"] }), "InvalidRequest", 'AllowedOrigin "*.*" can not have more than one wildcard.');
      await s3.deleteBucketCors({ Bucket });
      await fails(s3.getBucketCors({ Bucket }), "NoSuchCORSConfiguration", /./, 404);

      const Filter = { Key: { FilterRules: [{ Name: "prefix", Value: "a" }] } };
      const NotificationConfiguration = {
        TopicConfigurations: [{ Id: "t", TopicArn: "arn:aws:sns:us-east-1:000000000000:t", Events: ["s3:ObjectCreated:*"], Filter }],
        QueueConfigurations: [{ Id: "q", QueueArn: "arn:aws:sqs:us-east-1:000000000000:q", Events: ["s3:ObjectRemoved:*"] }],
        LambdaFunctionConfigurations: [{ Id: "l", LambdaFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f", Events: ["s3:ObjectCreated:Put"] }],
        EventBridgeConfiguration: {},
      };
      await s3.putBucketNotificationConfiguration({ Bucket, NotificationConfiguration });
      assert.deepEqual(only(await s3.getBucketNotificationConfiguration({ Bucket })), NotificationConfiguration);
      await s3.putBucketNotificationConfiguration({ Bucket, NotificationConfiguration: {} });
      assert.deepEqual(only(await s3.getBucketNotificationConfiguration({ Bucket })), {});
    });

    test("versioning", async () => {
      const put = (VersioningConfiguration) => s3.putBucketVersioning({ Bucket, VersioningConfiguration });
      await put({ Status: "Enabled" });
      assert.equal((await s3.getBucketVersioning({ Bucket })).Status, "Enabled");
      await put({ Status: "Suspended" });
      assert.equal((await s3.getBucketVersioning({ Bucket })).Status, "Suspended");
      await fails(put({}), "IllegalVersioningConfigurationException", "The Versioning element must be specified");
      await fails(put({ Status: "On" }), "MalformedXML", malformed);
      await fails(put({ Status: "Enabled", MFADelete: "Enabled" }), "NotImplemented", /second factor/, 501);
    });

    test("go with the bucket", async () => {
      const Bucket = await bucket();
      await s3.putBucketTagging({ Bucket, Tagging: { TagSet: [{ Key: "a", Value: "1" }] } });
      await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
      await s3.deleteBucket({ Bucket });
      await s3.createBucket({ Bucket });
      await fails(s3.getBucketTagging({ Bucket }), "NoSuchTagSet", /./, 404);
      assert.equal((await s3.getBucketVersioning({ Bucket })).Status, undefined);
    });
  });

  describe("policies", async () => {
    const Bucket = await bucket();
    const arn = `arn:aws:s3:::${Bucket}`;
    const statement = { Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "s3:GetObject", Resource: `${arn}/*` };
    const put = (...statements) => s3.putBucketPolicy({ Bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }) });
    const wrong = (text, message) => fails(s3.putBucketPolicy({ Bucket, Policy: text }), "MalformedPolicy", message);
    const wrongStatement = (change, message) => fails(put({ ...statement, ...change }), "MalformedPolicy", message);

    test("are kept, told and deleted", async () => {
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, null, 2);
      const { $metadata } = await s3.putBucketPolicy({ Bucket, Policy });
      assert.equal($metadata.httpStatusCode, 204);
      assert.equal((await s3.getBucketPolicy({ Bucket })).Policy, Policy);
      assert.deepEqual((await s3.getBucketPolicyStatus({ Bucket })).PolicyStatus, { IsPublic: false });
      await s3.deleteBucketPolicy({ Bucket });
      await fails(s3.getBucketPolicy({ Bucket }), "NoSuchBucketPolicy", "The bucket policy does not exist", 404);
      await s3.deleteBucketPolicy({ Bucket });
    });

    test("that are none are refused", async () => {
      await wrong("nothing", "Policies must be valid JSON and the first byte must be '{'");
      await wrong("{}", "Missing required field Statement");
      await wrong(JSON.stringify({ Version: "2012-10-17", Statement: [statement] }) + " ".repeat(20 * 1024), "Policy exceeds the maximum allowed document size.");
      await wrongStatement({ Principal: undefined }, "Missing required field Principal");
      await wrongStatement({ Principal: { AWS: "nobody" } }, "Invalid principal in policy");
      await wrongStatement({ Action: "dynamodb:GetItem" }, "Policy has invalid action");
      await wrongStatement({ Action: "s3:Nonsense" }, "Policy has invalid action");
      await wrongStatement({ Action: "s3:N*" }, "Policy has invalid action");
      await wrongStatement({ Resource: "*" }, "Policy has invalid resource");
      await wrongStatement({ Resource: "arn:aws:s3:::other/*" }, "Policy has invalid resource");
      await wrongStatement({ Resource: `${arn}-more/*` }, "Policy has invalid resource");
      await wrongStatement({ Resource: arn }, "Action does not apply to any resource(s) in statement");
      await wrongStatement({ Action: "s3:ListBucket" }, "Action does not apply to any resource(s) in statement");
      await put({ ...statement, Action: ["s3:List*", "s3:GetObject"], Resource: [arn, `${arn}/a/*`] });
      await put({ ...statement, Action: "*", Resource: `${arn}*` });
    });

    test("that let everybody in are blocked, as long as the bucket says so", async () => {
      const open = { ...statement, Principal: "*" };
      const blocked = `User: arn:aws:iam::000000000000:root is not authorized to perform: s3:PutBucketPolicy on resource: "${arn}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`;
      await fails(put(open), "AccessDenied", blocked, 403);
      await fails(put({ ...open, Principal: { AWS: ["000000000000", "*"] } }), "AccessDenied", blocked, 403);
      await fails(put({ ...open, Condition: { StringEquals: { "s3:prefix": "a" } } }), "AccessDenied", blocked, 403);
      await put({ ...open, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } });
      await put({ ...open, Effect: "Deny" });
      await s3.deletePublicAccessBlock({ Bucket });
      await put(open);
      assert.deepEqual((await s3.getBucketPolicyStatus({ Bucket })).PolicyStatus, { IsPublic: true });
    });
  });

  test("documents that are none", async () => {
    const Bucket = await bucket();
    const put = (setting, body) => callS3(endpoint, { method: "PUT", bucket: Bucket, query: { [setting]: "" }, body });
    const deep = "<A>".repeat(100) + "</A>".repeat(100);
    const bodies = [
      "",
      "no XML",
      "<VersioningConfiguration>",
      "<Other/>",
      "<VersioningConfiguration><Status>Enabled</Status><Status>Enabled</Status></VersioningConfiguration>",
      "<VersioningConfiguration><Status><A/></Status></VersioningConfiguration>",
      "<VersioningConfiguration><Else/></VersioningConfiguration>",
      "<VersioningConfiguration>text</VersioningConfiguration>",
      '<!DOCTYPE a [<!ENTITY b "c">]><VersioningConfiguration><Status>&b;</Status></VersioningConfiguration>',
      deep,
      "<VersioningConfiguration/>\u00e9<",
    ];
    for (const body of bodies) {
      const { status, code, message } = await put("versioning", body);
      assert.deepEqual([status, code, message], [400, "MalformedXML", malformed], body);
    }
    const large = await put("versioning", `<VersioningConfiguration>${" ".repeat(4 * 1024 * 1024)}</VersioningConfiguration>`);
    assert.deepEqual([large.status, large.code], [400, "MaxMessageLengthExceeded"]);
    const many = await put("versioning", `<VersioningConfiguration>${"<Status/>".repeat(200000)}</VersioningConfiguration>`);
    assert.deepEqual([many.status, many.code], [400, "MalformedXML"]);
    const prefixed = await put("versioning", '<?xml version="1.0"?><!-- c --><v:VersioningConfiguration xmlns:v="x>y"><v:Status>Enabled</v:Status ></v:VersioningConfiguration>');
    assert.equal(prefixed.status, 200);
  });
});
