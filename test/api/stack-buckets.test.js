// Buckets that stacks make: their settings, their policies, and what empties them before they go.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { CloudControl } from "@aws-sdk/client-cloudcontrol";
import { bucketName, makeS3, openS3 } from "../lib/s3.js";
import { credentials, elsewhere, region } from "../lib/server.js";
import { eventsOf, makeCloudFormation, settled, stackMaker } from "../lib/stacks.js";
import { grant, makeSession, makeUser } from "../lib/principals.js";
import { fails, open, uniqueName } from "../lib/turntable.js";

const Ref = (name) => ({ Ref: name });
const GetAtt = (name, attribute) => ({ "Fn::GetAtt": [name, attribute] });
const resource = (type, Properties, more = {}) => ({ Type: `AWS::S3::${type}`, Properties, ...more });
const only = ({ $metadata, ...answer }) => answer;

describe("buckets of stacks", { skip: elsewhere && "there is no S3" }, async () => {
  const { endpoint } = await open();
  const { s3, keys } = openS3(endpoint);
  const cfn = makeCloudFormation(endpoint);
  const stack = stackMaker(cfn);
  const control = new CloudControl({ endpoint, region, credentials, maxAttempts: 1 });
  after(() => control.destroy());

  const failuresOf = async (made) =>
    (await eventsOf(cfn, made.StackId)).filter((e) => e.ResourceStatus.endsWith("_FAILED")).map((e) => `${e.LogicalResourceId}: ${e.ResourceStatusReason}`);

  async function complete(...args) {
    const made = await stack(...args);
    assert.equal(made.StackStatus, "CREATE_COMPLETE", (await failuresOf(made)).join("\n"));
    return made;
  }

  async function updated(made, Resources, status = "UPDATE_COMPLETE") {
    await cfn.updateStack({ StackName: made.StackId, TemplateBody: JSON.stringify({ Resources }) });
    const now = await settled(cfn, made.StackId);
    assert.equal(now.StackStatus, status, (await failuresOf(made)).join("\n"));
  }

  async function removed(made, status = "DELETE_COMPLETE") {
    await cfn.deleteStack({ StackName: made.StackId });
    const gone = await settled(cfn, made.StackId);
    assert.equal(gone.StackStatus, status, (await failuresOf(made)).join("\n"));
  }

  const idOf = async (made, LogicalResourceId) =>
    (await cfn.describeStackResource({ StackName: made.StackId, LogicalResourceId })).StackResourceDetail.PhysicalResourceId;

  const isGone = (Bucket) => fails(s3.headBucket({ Bucket }), "NotFound", /./, 404);
  const tagsOf = async (Bucket) => Object.fromEntries((await s3.getBucketTagging({ Bucket })).TagSet.map(({ Key, Value }) => [Key, Value]));

  const settings = (more = {}) => ({
    BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "alias/k" }, BucketKeyEnabled: true }] },
    VersioningConfiguration: { Status: "Enabled" },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: false, IgnorePublicAcls: true, RestrictPublicBuckets: false },
    OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerPreferred" }] },
    CorsConfiguration: { CorsRules: [{ Id: "all", AllowedMethods: ["GET", "PUT"], AllowedOrigins: ["https://a.example"], AllowedHeaders: ["*"], ExposedHeaders: ["ETag"], MaxAge: 3000 }] },
    LifecycleConfiguration: {
      Rules: [
        { Id: "old", Status: "Enabled", Prefix: "logs/", ExpirationInDays: 30, NoncurrentVersionExpiration: { NoncurrentDays: 7 }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
        { Id: "tagged", Status: "Disabled", TagFilters: [{ Key: "a", Value: "1" }, { Key: "b", Value: "2" }], Transitions: [{ StorageClass: "GLACIER", TransitionInDays: 90 }] },
      ],
    },
    Tags: [{ Key: "team", Value: "music" }],
    ...more,
  });

  test("have the settings of their template, and those that it has after an update", async () => {
    const made = await complete(
      { Bucket: resource("Bucket", settings()) },
      {
        Tags: [{ Key: "of", Value: "stack" }],
        more: {
          Outputs: {
            Ref: { Value: Ref("Bucket") },
            ...Object.fromEntries(["Arn", "DomainName", "RegionalDomainName", "DualStackDomainName", "WebsiteURL"].map((name) => [name, { Value: GetAtt("Bucket", name) }])),
          },
        },
      },
    );
    const Bucket = await idOf(made, "Bucket");
    assert.match(Bucket, new RegExp(`^${made.StackName.toLowerCase().slice(0, 24).replaceAll(".", "[.]")}-bucket-[a-z0-9]{12}$`));
    const outputs = Object.fromEntries(made.Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
    assert.deepEqual(outputs, {
      Ref: Bucket,
      Arn: `arn:aws:s3:::${Bucket}`,
      DomainName: `${Bucket}.s3.amazonaws.com`,
      RegionalDomainName: `${Bucket}.s3.us-east-1.amazonaws.com`,
      DualStackDomainName: `${Bucket}.s3.dualstack.us-east-1.amazonaws.com`,
      WebsiteURL: `http://${Bucket}.s3-website-us-east-1.amazonaws.com`,
    });
    assert.equal((await s3.getBucketVersioning({ Bucket })).Status, "Enabled");
    assert.deepEqual((await s3.getBucketEncryption({ Bucket })).ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault, { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "alias/k" });
    assert.deepEqual((await s3.getPublicAccessBlock({ Bucket })).PublicAccessBlockConfiguration, { BlockPublicAcls: true, BlockPublicPolicy: false, IgnorePublicAcls: true, RestrictPublicBuckets: false });
    assert.deepEqual((await s3.getBucketOwnershipControls({ Bucket })).OwnershipControls.Rules, [{ ObjectOwnership: "BucketOwnerPreferred" }]);
    assert.deepEqual((await s3.getBucketCors({ Bucket })).CORSRules, [
      { ID: "all", AllowedMethods: ["GET", "PUT"], AllowedOrigins: ["https://a.example"], AllowedHeaders: ["*"], ExposeHeaders: ["ETag"], MaxAgeSeconds: 3000 },
    ]);
    const [old, tagged] = (await s3.getBucketLifecycleConfiguration({ Bucket })).Rules;
    assert.deepEqual(old, {
      ID: "old",
      Status: "Enabled",
      Filter: { Prefix: "logs/" },
      Expiration: { Days: 30 },
      NoncurrentVersionExpiration: { NoncurrentDays: 7 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    });
    assert.deepEqual(tagged.Filter.And.Tags, [{ Key: "a", Value: "1" }, { Key: "b", Value: "2" }]);
    assert.deepEqual(tagged.Transitions, [{ Days: 90, StorageClass: "GLACIER" }]);
    const tags = await tagsOf(Bucket);
    assert.equal(tags.team, "music");
    assert.equal(tags.of, "stack");
    assert.equal(tags["aws:cloudformation:stack-name"], made.StackName);
    assert.equal(tags["aws:cloudformation:logical-id"], "Bucket");

    await updated(made, { Bucket: resource("Bucket", { VersioningConfiguration: { Status: "Suspended" }, Tags: [{ Key: "team", Value: "films" }] }) });
    assert.equal(await idOf(made, "Bucket"), Bucket);
    assert.equal((await s3.getBucketVersioning({ Bucket })).Status, "Suspended");
    assert.equal((await s3.getBucketEncryption({ Bucket })).ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm, "AES256");
    await fails(s3.getBucketCors({ Bucket }), "NoSuchCORSConfiguration", /./, 404);
    await fails(s3.getBucketLifecycleConfiguration({ Bucket }), "NoSuchLifecycleConfiguration", /./, 404);
    assert.equal((await tagsOf(Bucket)).team, "films");
    await removed(made);
    await isGone(Bucket);
  });

  test("are replaced where their name changes, and the old one goes", async () => {
    const [first, second] = [bucketName("first"), bucketName("second")];
    const made = await complete({ Bucket: resource("Bucket", { BucketName: first }) });
    await updated(made, { Bucket: resource("Bucket", { BucketName: second }) });
    assert.equal(await idOf(made, "Bucket"), second);
    await s3.headBucket({ Bucket: second });
    await isGone(first);
    await removed(made);
    await isGone(second);
  });

  test("are not taken from others, nor made with a name that is none", async () => {
    const BucketName = bucketName("taken");
    await s3.createBucket({ Bucket: BucketName });
    const made = await stack({ Bucket: resource("Bucket", { BucketName }) });
    assert.equal(made.StackStatus, "ROLLBACK_COMPLETE");
    assert.match((await failuresOf(made))[0], new RegExp(`^Bucket: .*${BucketName} already exists`));
    await s3.headBucket({ Bucket: BucketName });
    const bad = await stack({ Bucket: resource("Bucket", { BucketName: "Not.A.Name" }) });
    assert.equal(bad.StackStatus, "ROLLBACK_COMPLETE");
    assert.notEqual((await failuresOf(bad)).length, 0);
    await s3.deleteBucket({ Bucket: BucketName });
  });

  test("with objects stay, and their stack says why", async () => {
    const made = await complete({ Bucket: resource("Bucket", {}) });
    const Bucket = await idOf(made, "Bucket");
    await s3.putObject({ Bucket, Key: "k", Body: "v" });
    await removed(made, "DELETE_FAILED");
    assert.match((await failuresOf(made))[0], /^Bucket: .*The bucket you tried to delete is not empty/);
    await s3.deleteObject({ Bucket, Key: "k" });
    await removed(made);
    await isGone(Bucket);
  });

  const emptied = (tags = [{ Key: "aws-cdk:auto-delete-objects", Value: "true" }]) => ({
    Bucket: resource("Bucket", { VersioningConfiguration: { Status: "Enabled" }, Tags: tags }, { UpdateReplacePolicy: "Delete", DeletionPolicy: "Delete" }),
    Policy: resource("BucketPolicy", {
      Bucket: Ref("Bucket"),
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Deny",
            Principal: { AWS: "*" },
            Action: "s3:*",
            Resource: [GetAtt("Bucket", "Arn"), { "Fn::Join": ["", [GetAtt("Bucket", "Arn"), "/*"]] }],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      },
    }),
    Empty: { Type: "Custom::S3AutoDeleteObjects", Properties: { ServiceToken: "arn:aws:lambda:us-east-1:000000000000:function:f", BucketName: Ref("Bucket") }, DependsOn: ["Policy"], DeletionPolicy: "Delete" },
  });

  test("are emptied first where their app asks for it: versions and markers too", async () => {
    const made = await complete(emptied());
    const Bucket = await idOf(made, "Bucket");
    for (const Key of ["a", "b/c", "ü &<x>"])
      for (const Body of ["1", "2"]) await s3.putObject({ Bucket, Key, Body });
    await s3.deleteObject({ Bucket, Key: "a" });
    assert.deepEqual(await keys(Bucket), ["b/c", "ü &<x>"]);
    await removed(made);
    await isGone(Bucket);
  });

  test("are not emptied without the tag that allows it", async () => {
    const made = await complete(emptied([]));
    const Bucket = await idOf(made, "Bucket");
    await s3.putObject({ Bucket, Key: "k", Body: "v" });
    await removed(made, "DELETE_FAILED");
    assert.deepEqual(await keys(Bucket), ["k"]);
    const { Versions } = await s3.listObjectVersions({ Bucket });
    for (const { Key, VersionId } of Versions) await s3.deleteObject({ Bucket, Key, VersionId });
    await removed(made);
  });

  /** All buckets, as Cloud Control lists them. */
  async function listed() {
    const names = [];
    let NextToken;
    do {
      const page = await control.listResources({ TypeName: "AWS::S3::Bucket", NextToken });
      names.push(...page.ResourceDescriptions.map(({ Identifier }) => Identifier));
      ({ NextToken } = page);
    } while (NextToken);
    return names;
  }

  test("whose policies demand TLS let loopback clients in: users and assumed roles", async () => {
    const made = await complete(emptied());
    const Bucket = await idOf(made, "Bucket");
    const arn = `arn:aws:s3:::${Bucket}`;
    const statements = [grant("s3:*", [arn, `${arn}/*`])];
    const session = makeS3(endpoint, { credentials: (await makeSession(endpoint, uniqueName("-role"), statements)).credentials });
    await session.putObject({ Bucket, Key: "k", Body: "of a role" });
    assert.equal(await (await session.getObject({ Bucket, Key: "k" })).Body.transformToString(), "of a role");
    const user = await makeUser(endpoint, uniqueName("-user"));
    await user.may(...statements);
    const own = makeS3(endpoint, { credentials: user.credentials });
    assert.deepEqual((await own.listObjectsV2({ Bucket })).Contents.map(({ Key }) => Key), ["k"]);
    // The policy is asked: turned round, it denies both.
    const { Policy } = await s3.getBucketPolicy({ Bucket });
    await s3.putBucketPolicy({ Bucket, Policy: Policy.replace('"false"', '"true"') });
    await fails(session.getObject({ Bucket, Key: "k" }), "AccessDenied", /explicit deny/, 403);
    await fails(own.getObject({ Bucket, Key: "k" }), "AccessDenied", /explicit deny/, 403);
    await removed(made);
    await isGone(Bucket);
  });

  test("have policies, which are changed and removed", async () => {
    const BucketName = bucketName("policed");
    const statement = (Action) => ({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::000000000000:root" }, Action, Resource: `arn:aws:s3:::${BucketName}/*` });
    const policed = (...actions) => ({
      Bucket: resource("Bucket", { BucketName }),
      ...(actions.length > 0 && { Policy: resource("BucketPolicy", { Bucket: Ref("Bucket"), PolicyDocument: { Version: "2012-10-17", Statement: actions.map(statement) } }) }),
    });
    const told = async () => JSON.parse((await s3.getBucketPolicy({ Bucket: BucketName })).Policy).Statement.map(({ Action }) => Action);
    const made = await complete(policed("s3:GetObject"));
    assert.equal(await idOf(made, "Policy"), BucketName);
    assert.deepEqual(await told(), ["s3:GetObject"]);
    const other = await stack({ Policy: resource("BucketPolicy", { Bucket: BucketName, PolicyDocument: { Version: "2012-10-17", Statement: [statement("s3:PutObject")] } }) });
    assert.equal(other.StackStatus, "ROLLBACK_COMPLETE");
    assert.match((await failuresOf(other))[0], /^Policy: .*policy already exists/);
    assert.deepEqual(await told(), ["s3:GetObject"]);
    await updated(made, policed("s3:GetObject", "s3:PutObject"));
    assert.deepEqual(await told(), ["s3:GetObject", "s3:PutObject"]);
    assert.ok((await listed()).includes(BucketName));
    await updated(made, policed("s3:NoSuchAction"), "UPDATE_ROLLBACK_COMPLETE");
    assert.deepEqual(await told(), ["s3:GetObject", "s3:PutObject"]);
    await updated(made, policed());
    await fails(s3.getBucketPolicy({ Bucket: BucketName }), "NoSuchBucketPolicy", /./, 404);
    await removed(made);
  });
});
