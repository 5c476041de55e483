// What each operation on tables needs, one grant after the other: without it the request is denied in AWS's words, with exactly its grants
// it is done. What conditions ask of items is in authorise-items.test.js.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as streams from "@aws-sdk/client-dynamodb-streams";
import { account, arnOf, denied, deny, grant, makeUser, ungranted } from "../lib/principals.js";
import { makeIam } from "../lib/iam.js";
import { makeStreamsClient } from "../lib/streams.js";
import { fails, open, uniqueName } from "../lib/turntable.js";

const { endpoint, ddb, table, made } = await open();
const ana = await makeUser(endpoint, "ana");
const rootStreams = makeStreamsClient(endpoint);
const elsewhere = "arn:aws:dynamodb:us-east-1:000000000000:table/Elsewhere";

const name = uniqueName();
const T = arnOf(name);
const index = `${T}/index/byOwner`;
const key = { pk: { S: "a" } };
const given = { stream: "", iterator: "", backup: "" };

before(async () => {
  await table({ pk: "S" }, { TableName: name, gsi: { byOwner: { keys: { owner: "S" } } }, StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" } });
  given.stream = (await ddb.describeTable({ TableName: name })).Table.LatestStreamArn;
  const { StreamDescription } = await rootStreams.describeStream({ StreamArn: given.stream });
  given.shard = StreamDescription.Shards[0].ShardId;
  given.iterator = (await rootStreams.getShardIterator({ StreamArn: given.stream, ShardId: given.shard, ShardIteratorType: "TRIM_HORIZON" })).ShardIterator;
  given.backup = (await ddb.createBackup({ TableName: name, BackupName: "kept" })).BackupDetails.BackupArn;
  await ddb.updateContinuousBackups({ TableName: name, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } });
});

/** A name of a table that is made, and removed when the tests are over. */
const fresh = () => (made.push(uniqueName("new")), made.at(-1));
const schema = { AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }], KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }], BillingMode: "PAY_PER_REQUEST" };
const onTable = (action, input = {}) => [action, () => ({ TableName: name, ...input }), [[action, T]]];
const nowhere = (action, input = {}) => [action, () => input, [[action, "*"]]];
const onResource = (action, input = {}) => [action, () => ({ ResourceArn: T, ...input }), [[action, T]]];
const restoring = ["BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"];
const owner = { IndexName: "byOwner", KeyConditionExpression: "#o = :o", ExpressionAttributeNames: { "#o": "owner" }, ExpressionAttributeValues: { ":o": { S: "x" } } };
const aPolicy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "dynamodb:GetItem", Resource: T }] });
const destination = { StreamArn: `arn:aws:kinesis:us-east-1:${account}:stream/s` };
const globally = (action, input, table = true) => [
  action,
  () => ({ GlobalTableName: name, ...input }),
  [[action, `arn:aws:dynamodb::${account}:global-table/${name}`], ...(table ? [[action, T]] : [])],
];

/** Operation, input, and the permissions that it needs in their order. An input is made anew for each try. */
const operations = [
  ["BatchExecuteStatement", () => ({ Statements: [{ Statement: `SELECT * FROM "${name}" WHERE pk = 'a'` }] }), [["PartiQLSelect", T]]],
  ["BatchGetItem", () => ({ RequestItems: { [name]: { Keys: [key] } } }), [["BatchGetItem", T]]],
  ["BatchWriteItem", () => ({ RequestItems: { [name]: [{ PutRequest: { Item: key } }] } }), [["BatchWriteItem", T]]],
  nowhere("CancelBulkOperation", { BulkOperationArn: `${T}/bulk/1` }),
  onTable("CreateBackup", { BackupName: "another" }),
  globally("CreateGlobalTable", { ReplicationGroup: [{ RegionName: "us-east-1" }] }),
  [
    "CreateTable",
    () => ({ TableName: (given.fresh = fresh()), ...schema, Tags: [{ Key: "k", Value: "v" }], ResourcePolicy: aPolicy }),
    [["CreateTable", "fresh"], ["TagResource", "fresh"], ["PutResourcePolicy", "fresh"]],
  ],
  ["DeleteBackup", () => ({ BackupArn: given.backup.replace(/.$/, "0") }), [["DeleteBackup", () => given.backup.replace(/.$/, "0")]]],
  onTable("DeleteItem", { Key: key }),
  onResource("DeleteResourcePolicy"),
  ["DeleteTable", () => ({ TableName: "NotThere" }), [["DeleteTable", arnOf("NotThere")]]],
  ["DescribeBackup", () => ({ BackupArn: given.backup }), [["DescribeBackup", () => given.backup]]],
  nowhere("DescribeBulkOperation", { BulkOperationArn: `${T}/bulk/1` }),
  onTable("DescribeContinuousBackups"),
  ["DescribeContributorInsights", () => ({ TableName: name, IndexName: "byOwner" }), [["DescribeContributorInsights", T], ["DescribeContributorInsights", index]]],
  nowhere("DescribeEndpoints"),
  ["DescribeExport", () => ({ ExportArn: `${T}/export/01700000000000-1a2b3c4d` }), [["DescribeExport", `${T}/export/01700000000000-1a2b3c4d`]]],
  globally("DescribeGlobalTable", {}, false),
  globally("DescribeGlobalTableSettings", {}, false),
  ["DescribeImport", () => ({ ImportArn: `${T}/import/01700000000000-1a2b3c4d` }), [["DescribeImport", `${T}/import/01700000000000-1a2b3c4d`]]],
  onTable("DescribeKinesisStreamingDestination"),
  nowhere("DescribeLimits"),
  onTable("DescribeTable"),
  onTable("DescribeTableReplicaAutoScaling"),
  onTable("DescribeTimeToLive"),
  onTable("DisableKinesisStreamingDestination", destination),
  onTable("EnableKinesisStreamingDestination", destination),
  ["ExecuteStatement", () => ({ Statement: `SELECT * FROM "${name}"."byOwner" WHERE owner = 'a'` }), [["PartiQLSelect", index]]],
  [
    "ExecuteTransaction",
    () => ({
      TransactStatements: [
        { Statement: `UPDATE "${name}" SET a = 1 WHERE pk = 'none'` },
        { Statement: `INSERT INTO "${name}" VALUE {'pk': 'inserted'}` },
        { Statement: `DELETE FROM "${name}" WHERE pk = 'no'` },
        { Statement: `EXISTS(SELECT * FROM "${name}" WHERE pk = 'there' AND attribute_exists(b))` },
      ],
    }),
    [["PartiQLUpdate", T], ["PartiQLInsert", T], ["PartiQLDelete", T], ["PartiQLSelect", T]],
  ],
  [
    "ExportTableToPointInTime",
    () => ({ TableArn: T, S3Bucket: "bucket", S3Prefix: "p" }),
    [["ExportTableToPointInTime", T], ["s3:PutObject", "arn:aws:s3:::bucket/p/AWSDynamoDB"]],
  ],
  onTable("GetItem", { Key: key }),
  onResource("GetResourcePolicy"),
  [
    "ImportTable",
    () => ({ InputFormat: "ION", S3BucketSource: { S3Bucket: "bucket", S3KeyPrefix: "p" }, TableCreationParameters: { TableName: (given.fresh = fresh()), ...schema } }),
    [["ImportTable", "fresh"], ["s3:ListBucket", "arn:aws:s3:::bucket"], ["s3:GetObject", "arn:aws:s3:::bucket/p"]],
  ],
  nowhere("ListBackups"),
  ["ListBackups", () => ({ TableName: name }), [["ListBackups", "*"]]],
  nowhere("ListBulkOperations"),
  nowhere("ListContributorInsights"),
  ["ListContributorInsights", () => ({ TableName: name }), [["ListContributorInsights", "*"]]],
  nowhere("ListExports"),
  ["ListExports", () => ({ TableArn: T }), [["ListExports", "*"]]],
  nowhere("ListGlobalTables"),
  nowhere("ListImports"),
  nowhere("ListTables"),
  onResource("ListTagsOfResource"),
  onTable("PutItem", { Item: key }),
  onResource("PutResourcePolicy", { Policy: aPolicy, ConfirmRemoveSelfResourceAccess: true }),
  ["Query", () => ({ TableName: name, ...owner }), [["Query", index]]],
  [
    "RestoreTableFromBackup",
    () => ({ BackupArn: given.backup, TargetTableName: (given.fresh = fresh()) }),
    [["RestoreTableFromBackup", () => given.backup], ...restoring.map((action) => [action, "fresh"])],
  ],
  [
    "RestoreTableToPointInTime",
    () => ({ SourceTableName: name, UseLatestRestorableTime: true, TargetTableName: (given.fresh = fresh()) }),
    [["RestoreTableToPointInTime", T], ...restoring.map((action) => [action, "fresh"])],
  ],
  ["Scan", () => ({ TableName: name, IndexName: "byOwner" }), [["Scan", index]]],
  ["SearchVectors", () => ({ TableName: name, IndexName: "byOwner", SearchVector: [{ N: "1" }], TopK: 1 }), [["SearchVectors", index]]],
  onTable("StartBulkPutItems", {
    InputS3Configuration: { S3Bucket: "b", InputFormat: "ION" },
    OutputS3Configuration: { OutputType: ["ERROR"] },
  }),
  onResource("TagResource", { Tags: [{ Key: "k", Value: "v" }] }),
  [
    "TransactGetItems",
    () => ({ TransactItems: [{ Get: { TableName: T, Key: key } }] }),
    [["GetItem", T]],
  ],
  [
    "TransactWriteItems",
    () => ({
      TransactItems: [
        { ConditionCheck: { TableName: name, Key: { pk: { S: "1" } }, ConditionExpression: "attribute_not_exists(pk)" } },
        { Put: { TableName: name, Item: { pk: { S: "2" } } } },
        { Delete: { TableName: name, Key: { pk: { S: "3" } } } },
        { Update: { TableName: name, Key: { pk: { S: "4" } }, UpdateExpression: "SET a = :a", ExpressionAttributeValues: { ":a": { N: "1" } } } },
      ],
    }),
    [["ConditionCheckItem", T], ["PutItem", T], ["DeleteItem", T], ["UpdateItem", T]],
  ],
  onResource("UntagResource", { TagKeys: ["k"] }),
  onTable("UpdateContinuousBackups", { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }),
  [
    "UpdateContributorInsights",
    () => ({ TableName: name, IndexName: "byOwner", ContributorInsightsAction: "DISABLE" }),
    [["UpdateContributorInsights", T], ["UpdateContributorInsights", index]],
  ],
  globally("UpdateGlobalTable", { ReplicaUpdates: [{ Create: { RegionName: "us-east-1" } }] }),
  globally("UpdateGlobalTableSettings"),
  onTable("UpdateItem", { Key: key }),
  onTable("UpdateKinesisStreamingDestination", destination),
  onTable("UpdateTable", { BillingMode: "PAY_PER_REQUEST" }),
  onTable("UpdateTableReplicaAutoScaling"),
  onTable("UpdateTimeToLive", { TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true } }),
];

const streamOperations = [
  ["DescribeStream", () => ({ StreamArn: given.stream }), [["DescribeStream", () => given.stream]]],
  ["GetRecords", () => ({ ShardIterator: given.iterator }), [["GetRecords", () => given.stream]]],
  [
    "GetShardIterator",
    () => ({ StreamArn: given.stream, ShardId: given.shard, ShardIteratorType: "LATEST" }),
    [["GetShardIterator", () => given.stream]],
  ],
  ["ListStreams", () => ({}), [["ListStreams", "*"]]],
  ["ListStreams", () => ({ TableName: name }), [["ListStreams", `${T}/stream/*`]]],
];

const full = (action) => (action.includes(":") ? action : `dynamodb:${action}`);
const resolved = (resource) => (typeof resource === "function" ? resource() : resource === "fresh" ? arnOf(given.fresh) : resource);

/** How a request ended: the error's name, or that of a statement; nothing if it was done. */
async function outcome(client, Command, input) {
  try {
    const answer = await client.send(new Command(input));
    const [response] = answer.Responses ?? [];
    return response?.Error ? { name: `${response.Error.Code}Exception`, message: response.Error.Message, status: 400 } : {};
  } catch (error) {
    return { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode };
  }
}

for (const [sdk, client, own, list] of [
  [dynamodb, ddb, ana.ddb, operations],
  [streams, rootStreams, ana.streams, streamOperations],
]) {
  test("every operation of the SDK is here", () => {
    const names = Object.keys(sdk)
      .filter((command) => /^[A-Z]\w*Command$/.test(command))
      .map((command) => command.replace(/Command$/, ""));
    assert.deepEqual([...new Set(list.map(([operation]) => operation))].sort(), names.sort());
  });

  for (const [operation, input, needs] of list) {
    test(`${operation} needs ${needs.map(([action]) => action).join(", ")}`, async () => {
      const Command = sdk[`${operation}Command`];
      const grants = () => needs.map(([action, resource]) => grant(full(action), resolved(resource)));

      // Each need without its grant, or with one on another resource.
      for (const [i, [action, resource]] of needs.entries()) {
        const asked = input();
        const other = grants().with(i, grant(full(action), action.startsWith("s3:") ? "arn:aws:s3:::other" : elsewhere));
        for (const statements of [grants().toSpliced(i, 1), other]) {
          await ana.may(...(statements.length > 0 ? statements : [grant("iam:GetUser", "*")]));
          assert.deepEqual(await outcome(own, Command, asked), {
            name: "AccessDeniedException",
            // Resources of S3 stand in quotes, as S3 itself tells them.
            message: ungranted(ana.arn, full(action), action.startsWith("s3:") ? `"${resolved(resource)}"` : resolved(resource)),
            status: 400,
          });
        }
      }
      // With all of them it is done, or fails as it does for root.
      const asked = input();
      await ana.may(...grants());
      const done = await outcome(own, Command, asked);
      assert.notEqual(done.name, "AccessDeniedException", done.message);
      if (done.name !== undefined) assert.deepEqual(done, await outcome(client, Command, asked));
    });
  }
}

describe("the order of checks", () => {
  test("what is wrong with an input is told before that access is denied", async () => {
    await ana.may(grant("iam:GetUser", "*"));
    await fails(ana.ddb.getItem({ TableName: name, Key: { pk: { S: "a" } }, ProjectionExpression: "a a" }), "ValidationException", /Syntax error/);
    await fails(ana.ddb.scan({ TableName: name, Limit: -1 }), "ValidationException", /failed to satisfy constraint/);
    await fails(ana.ddb.getItem({ TableName: "no/name", Key: key }), "ValidationException", /Invalid table\/index name/);
    await fails(ana.ddb.executeStatement({ Statement: "SELECT FROM" }), "ValidationException", /wasn't well formed/);
  });

  test("that access is denied is told before that there is no such table, and before its schema is looked at", async () => {
    await ana.may(grant("iam:GetUser", "*"));
    for (const TableName of ["NotThere", name]) {
      const message = ungranted(ana.arn, "dynamodb:GetItem", arnOf(TableName));
      await denied(ana.ddb.getItem({ TableName, Key: { another: { S: "a" } } }), message);
    }
    await ana.may(grant("dynamodb:GetItem", arnOf("*")));
    await fails(ana.ddb.getItem({ TableName: "NotThere", Key: key }), "ResourceNotFoundException", "Requested resource not found");
    await fails(ana.ddb.getItem({ TableName: name, Key: { another: { S: "a" } } }), "ValidationException", /does not match the schema/);
  });

  test("a table's ARN is read as what it names here, whatever its account", async () => {
    await ana.may(grant("dynamodb:GetItem", T));
    await ana.ddb.getItem({ TableName: T, Key: key });
    await ana.ddb.getItem({ TableName: `arn:aws:dynamodb:eu-west-1:111122223333:table/${name}`, Key: key });
    await ana.may(grant("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/*"));
    await denied(ana.ddb.getItem({ TableName: `arn:aws:dynamodb:eu-west-1:111122223333:table/${name}`, Key: key }), ungranted(ana.arn, "dynamodb:GetItem", T));
  });

  test("an explicit Deny goes before every Allow", async () => {
    await ana.may(grant("dynamodb:*", "*"), deny("dynamodb:DeleteTable", "*"));
    await denied(
      ana.ddb.deleteTable({ TableName: name }),
      `User: ${ana.arn} is not authorized to perform: dynamodb:DeleteTable on resource: ${T} with an explicit deny in an identity-based policy`,
    );
    assert.equal((await ddb.describeTable({ TableName: name })).Table.TableStatus, "ACTIVE");
  });
});

describe("batches and transactions", () => {
  const other = uniqueName();
  before(() => table({ pk: "S" }, { TableName: other }));

  test("are denied as a whole if one table is not granted", async () => {
    await ana.may(grant(["dynamodb:*"], T));
    const puts = (pk) => [{ PutRequest: { Item: { pk: { S: pk } } } }];
    await denied(
      ana.ddb.batchWriteItem({ RequestItems: { [name]: puts("denied"), [other]: puts("denied") } }),
      ungranted(ana.arn, "dynamodb:BatchWriteItem", arnOf(other)),
    );
    await denied(
      ana.ddb.batchGetItem({ RequestItems: { [name]: { Keys: [key] }, [other]: { Keys: [key] } } }),
      ungranted(ana.arn, "dynamodb:BatchGetItem", arnOf(other)),
    );
    await denied(
      ana.ddb.transactWriteItems({
        TransactItems: [{ Put: { TableName: name, Item: { pk: { S: "denied" } } } }, { Put: { TableName: other, Item: { pk: { S: "denied" } } } }],
      }),
      ungranted(ana.arn, "dynamodb:PutItem", arnOf(other)),
    );
    assert.equal((await ddb.getItem({ TableName: name, Key: { pk: { S: "denied" } } })).Item, undefined);
  });

  test("a statement of a batch is denied by itself", async () => {
    await ana.may(grant(["dynamodb:PartiQLInsert"], T));
    const { Responses } = await ana.ddb.batchExecuteStatement({
      Statements: [{ Statement: `INSERT INTO "${other}" VALUE {'pk': 'b'}` }, { Statement: `INSERT INTO "${name}" VALUE {'pk': 'b'}` }],
    });
    assert.deepEqual(Responses[0].Error, { Code: "AccessDenied", Message: ungranted(ana.arn, "dynamodb:PartiQLInsert", arnOf(other)) });
    assert.equal(Responses[1].Error, undefined);
    assert.equal((await ddb.getItem({ TableName: other, Key: { pk: { S: "b" } } })).Item, undefined);
    assert.ok((await ddb.getItem({ TableName: name, Key: { pk: { S: "b" } } })).Item);
  });
});

describe("tags", () => {
  test("of a table and of a request are asked for by conditions", async () => {
    await ddb.tagResource({ ResourceArn: T, Tags: [{ Key: "team", Value: "blue" }] });
    const ofTeam = (team) => ({ StringEquals: { "aws:ResourceTag/team": team } });
    await ana.may(grant("dynamodb:GetItem", "*", ofTeam("blue")));
    await ana.ddb.getItem({ TableName: name, Key: key });
    await ana.may(grant("dynamodb:GetItem", "*", ofTeam("red")));
    await denied(ana.ddb.getItem({ TableName: name, Key: key }), ungranted(ana.arn, "dynamodb:GetItem", T));

    await ana.may(
      grant("dynamodb:TagResource", "*", { StringEquals: { "aws:RequestTag/team": "blue" }, "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } }),
    );
    const tag = (...tags) => ana.ddb.tagResource({ ResourceArn: T, Tags: tags.map(([Key, Value]) => ({ Key, Value })) });
    await tag(["team", "blue"]);
    const message = ungranted(ana.arn, "dynamodb:TagResource", T);
    await denied(tag(["team", "red"]), message);
    await denied(tag(["team", "blue"], ["more", "x"]), message);
    await ana.may(grant("dynamodb:UntagResource", "*", { "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } }));
    await denied(ana.ddb.untagResource({ ResourceArn: T, TagKeys: ["team", "more"] }), ungranted(ana.arn, "dynamodb:UntagResource", T));
    await ana.ddb.untagResource({ ResourceArn: T, TagKeys: ["team"] });
  });
});

describe("keys of the request", () => {
  test("tell who asks, when, from where, and how", async () => {
    const hour = 3600 * 1000;
    const conditions = {
      StringEquals: { "aws:username": "ana", "aws:PrincipalType": "User", "aws:RequestedRegion": "us-east-1", "aws:PrincipalAccount": account, "aws:ResourceAccount": account },
      ArnEquals: { "aws:PrincipalArn": ana.arn },
      IpAddress: { "aws:SourceIp": "127.0.0.0/8" },
      DateGreaterThan: { "aws:CurrentTime": new Date(Date.now() - hour).toISOString() },
      NumericLessThan: { "aws:EpochTime": String(Math.floor((Date.now() + hour) / 1000)) },
      Bool: { "aws:SecureTransport": "false", "aws:ViaAWSService": "false" },
      StringLike: { "aws:UserAgent": "aws-sdk-js/*" },
      Null: { "aws:TokenIssueTime": "true", "aws:MultiFactorAuthPresent": "true", "aws:Referer": "true" },
    };
    for (const [operator, keys] of Object.entries(conditions)) {
      await ana.may(grant("dynamodb:ListTables", "*", { [operator]: keys }));
      await ana.ddb.listTables({});
    }
    await ana.may(grant("dynamodb:ListTables", "*", conditions));
    await ana.ddb.listTables({});
    await ana.may(grant("dynamodb:ListTables", "*", { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }));
    await denied(ana.ddb.listTables({}), ungranted(ana.arn, "dynamodb:ListTables", "*"));
  });
});

describe("IAM", () => {
  test("is asked on the user that a request names", async () => {
    await makeUser(endpoint, "bob");
    const bob = `arn:aws:iam::${account}:user/bob`;
    await ana.may(grant("iam:GetUser", ana.arn));
    await ana.iam.getUser({ UserName: "ana" });
    const error = await ana.iam.getUser({ UserName: "bob" }).catch((caught) => caught);
    assert.deepEqual(
      { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode },
      { name: "AccessDenied", message: ungranted(ana.arn, "iam:GetUser", bob), status: 403 },
    );
    const gone = await ana.iam.getUser({ UserName: "nobody" }).catch((caught) => caught);
    assert.equal(gone.name, "AccessDenied");
    await ana.may(grant("iam:*", "*"));
    await fails(ana.iam.getUser({ UserName: "nobody" }), "NoSuchEntityException", /nobody/, 404);
  });

  test("changes nothing that is denied", async () => {
    await ana.may(grant("iam:GetUser", "*"));
    const error = await ana.iam.createUser({ UserName: "made" }).catch((caught) => caught);
    assert.equal(error.name, "AccessDenied");
    await fails(makeIam(endpoint).getUser({ UserName: "made" }), "NoSuchEntityException", /made/, 404);
  });
});
