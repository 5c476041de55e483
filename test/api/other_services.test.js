// Operations that need another service of AWS, or what this server does not have: Contributor Insights (CloudWatch), Kinesis data
// streams, bulk operations (S3), vector indexes. What is told is true, what is asked for in vain is refused with the reason.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fails, invalid, open, tableInput, uniqueName } from "../lib/turntable.js";

const { ddb, table } = await open();
const only = (answer) => (delete answer.$metadata, answer);
const missing = (member) => `Value null at '${member}' failed to satisfy constraint: Member must not be null`;
const tableMissing = "Requested resource not found: Table: none not found";

describe("Contributor Insights", () => {
  const gsi = { one: { keys: { a: "S" } }, two: { keys: { b: "S" } } };

  test("are disabled, of a table and of an index", async () => {
    const TableName = await table({ pk: "S" }, { gsi });
    const { TableArn } = (await ddb.describeTable({ TableName })).Table;
    for (const name of [TableName, TableArn]) {
      assert.deepEqual(only(await ddb.describeContributorInsights({ TableName: name })), { TableName, ContributorInsightsStatus: "DISABLED" });
    }
    const wanted = { TableName, IndexName: "one", ContributorInsightsStatus: "DISABLED" };
    assert.deepEqual(only(await ddb.describeContributorInsights({ TableName, IndexName: "one" })), wanted);
    assert.deepEqual(only(await ddb.updateContributorInsights({ TableName, IndexName: "one", ContributorInsightsAction: "DISABLE" })), wanted);
  });

  test("cannot be enabled", async () => {
    const TableName = await table({ pk: "S" }, { gsi });
    for (const rest of [{}, { IndexName: "one" }, { ContributorInsightsMode: "THROTTLED_KEYS" }]) {
      await invalid(
        ddb.updateContributorInsights({ TableName, ContributorInsightsAction: "ENABLE", ...rest }),
        "Contributor Insights cannot be enabled: this server has no insight rules",
      );
    }
  });

  test("are of tables and global indexes that are there", async () => {
    const TableName = await table({ pk: "S", sk: "S" }, { lsi: { local: { keys: { pk: "S", a: "S" } } } });
    const update = (input) => ddb.updateContributorInsights({ ContributorInsightsAction: "DISABLE", ...input });
    for (const request of [(input) => ddb.describeContributorInsights(input), update]) {
      await fails(request({ TableName: "none" }), "ResourceNotFoundException", tableMissing);
      for (const IndexName of ["local", "none"]) {
        await fails(request({ TableName, IndexName }), "ResourceNotFoundException", `Requested resource not found: Table: ${TableName} Index: ${IndexName} not found`);
      }
    }
    await fails(ddb.listContributorInsights({ TableName: "none" }), "ResourceNotFoundException", tableMissing);
    await invalid(
      ddb.updateContributorInsights({ IndexName: "a", ContributorInsightsMode: "ALL" }),
      `4 validation errors detected: ${missing("tableName")}; ` +
        "Value 'a' at 'indexName' failed to satisfy constraint: Member must have length greater than or equal to 3; " +
        `${missing("contributorInsightsAction")}; ` +
        "Value 'ALL' at 'contributorInsightsMode' failed to satisfy constraint: Member must satisfy enum value set: [ACCESSED_AND_THROTTLED_KEYS, THROTTLED_KEYS]",
    );
    await invalid(ddb.describeContributorInsights({}), `1 validation error detected: ${missing("tableName")}`);
  });

  test("are listed page by page, of all tables and of one", async () => {
    const names = [await table({ pk: "S" }, { gsi }), await table({ pk: "S" }), await table({ pk: "S" }, { gsi })];
    const list = async (MaxResults, TableName) => {
      const all = [];
      let NextToken;
      do {
        const page = await ddb.listContributorInsights({ MaxResults, TableName, NextToken });
        if (MaxResults) assert.ok(page.ContributorInsightsSummaries.length <= MaxResults);
        all.push(...page.ContributorInsightsSummaries);
        NextToken = page.NextToken;
      } while (NextToken);
      return all.map((entry) => `${entry.TableName} ${entry.IndexName ?? ""} ${entry.ContributorInsightsStatus}`);
    };
    const of = (name, ...indexes) => ["", ...indexes].map((index) => `${name} ${index} DISABLED`);
    assert.deepEqual(await list(undefined, names[0]), of(names[0], "one", "two"));
    assert.deepEqual(await list(1, names[0]), of(names[0], "one", "two"));
    const everything = [...of(names[0], "one", "two"), ...of(names[1]), ...of(names[2], "one", "two")];
    for (const size of [undefined, 1, 2, 3, 100]) {
      const all = await list(size);
      assert.deepEqual(all.filter((entry) => everything.includes(entry)), everything);
      assert.equal(new Set(all).size, all.length);
    }
    await invalid(
      ddb.listContributorInsights({ MaxResults: 101 }),
      "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
    );
    for (const NextToken of ["", "?", "abcd"]) await invalid(ddb.listContributorInsights({ NextToken }), "The NextToken is invalid");
  });
});

describe("Kinesis data streams", () => {
  const StreamArn = "arn:aws:kinesis:us-east-1:111122223333:stream/changes";
  const changes = [
    (input) => ddb.enableKinesisStreamingDestination(input),
    (input) => ddb.disableKinesisStreamingDestination(input),
    (input) => ddb.updateKinesisStreamingDestination(input),
  ];

  test("are no table's destination", async () => {
    const TableName = await table({ pk: "S" });
    assert.deepEqual(only(await ddb.describeKinesisStreamingDestination({ TableName })), { TableName, KinesisDataStreamDestinations: [] });
    await fails(ddb.describeKinesisStreamingDestination({ TableName: "none" }), "ResourceNotFoundException", tableMissing);
    await invalid(ddb.describeKinesisStreamingDestination({}), `1 validation error detected: ${missing("tableName")}`);
  });

  test("are not found", async () => {
    const TableName = await table({ pk: "S" });
    for (const change of changes) {
      await fails(
        change({ TableName, StreamArn }),
        "ResourceNotFoundException",
        `Requested resource not found: Kinesis data stream: ${StreamArn} not found. This server has no Kinesis data streams; the changes of a table can be read from its DynamoDB stream`,
      );
      await fails(change({ TableName: "none", StreamArn }), "ResourceNotFoundException", tableMissing);
      for (const bad of [StreamArn.replace("kinesis", "dynamodb"), StreamArn.replace("stream/", "shard/"), "a".repeat(40)]) {
        await invalid(change({ TableName, StreamArn: bad }), `One or more parameter values were invalid: Invalid StreamArn: ${bad}`);
      }
      await invalid(
        change({ StreamArn: "short" }),
        `2 validation errors detected: ${missing("tableName")}; ` +
          "Value 'short' at 'streamArn' failed to satisfy constraint: Member must have length greater than or equal to 37",
      );
    }
    const precision = { ApproximateCreationDateTimePrecision: "SECOND" };
    await invalid(
      ddb.enableKinesisStreamingDestination({ TableName, StreamArn, EnableKinesisStreamingConfiguration: precision }),
      /^1 validation error detected: Value 'SECOND' at 'enableKinesisStreamingConfiguration.approximateCreationDateTimePrecision' .*: \[MILLISECOND, MICROSECOND\]$/,
    );
    await invalid(
      ddb.updateKinesisStreamingDestination({ TableName, StreamArn, UpdateKinesisStreamingConfiguration: precision }),
      /^1 validation error detected: Value 'SECOND' at 'updateKinesisStreamingConfiguration.approximateCreationDateTimePrecision' /,
    );
  });
});

describe("bulk operations", () => {
  const input = {
    ClientToken: "token",
    InputS3Configuration: { S3Bucket: "bucket", InputFormat: "ION" },
    OutputS3Configuration: { S3Bucket: "bucket", OutputType: ["ERROR"] },
  };

  test("cannot be started", async () => {
    const TableName = await table({ pk: "S" });
    await invalid(
      ddb.startBulkPutItems({ TableName, ...input }),
      "Bulk operations are not implemented by this server: the form of their reports is not documented. BatchWriteItem and ImportTable write many items",
    );
    await fails(ddb.startBulkPutItems({ TableName: "none", ...input }), "ResourceNotFoundException", tableMissing);
    await invalid(
      ddb.startBulkPutItems({ ClientToken: "token", InputS3Configuration: { InputFormat: "CSV" }, MaxWriteRequestUnits: 1023, PerformanceTier: "FAST" }),
      `6 validation errors detected: ${missing("inputS3Configuration.s3Bucket")}; ` +
        "Value 'CSV' at 'inputS3Configuration.inputFormat' failed to satisfy constraint: Member must satisfy enum value set: [DYNAMODB_JSON, ION]; " +
        `${missing("outputS3Configuration")}; ${missing("tableName")}; ` +
        "Value '1023' at 'maxWriteRequestUnits' failed to satisfy constraint: Member must have value greater than or equal to 1024; " +
        "Value 'FAST' at 'performanceTier' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, ACCELERATED]",
    );
  });

  test("are none, so none is found", async () => {
    const BulkOperationArn = "arn:aws:dynamodb:us-east-1:000000000000:bulk-operation/one";
    assert.deepEqual(only(await ddb.listBulkOperations({})), { BulkOperationsSummaryList: [] });
    assert.deepEqual(only(await ddb.listBulkOperations({ MaxResults: 5 })), { BulkOperationsSummaryList: [] });
    await invalid(ddb.listBulkOperations({ NextToken: "x" }), "The NextToken is invalid");
    await invalid(
      ddb.listBulkOperations({ MaxResults: 0 }),
      "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
    for (const request of [(it) => ddb.describeBulkOperation(it), (it) => ddb.cancelBulkOperation(it)]) {
      await fails(request({ BulkOperationArn }), "ResourceNotFoundException", `Requested resource not found: Bulk operation: ${BulkOperationArn} not found`);
      await invalid(request({}), `1 validation error detected: ${missing("bulkOperationArn")}`);
    }
  });
});

describe("vector indexes", () => {
  const VectorIndex = {
    IndexName: "similar",
    VectorAttribute: { AttributeName: "vector" },
    Projection: { ProjectionType: "ALL" },
    Dimensions: 3,
    DistanceFunction: "COSINE",
  };

  test("cannot be made", async () => {
    const TableName = await table({ pk: "S" });
    const input = { ...tableInput({ pk: "S" }), TableName: uniqueName() };
    await invalid(ddb.createTable({ ...input, VectorIndexes: [VectorIndex] }), "Vector indexes are not implemented by this server: VectorIndexes");
    await fails(ddb.describeTable({ TableName: input.TableName }), "ResourceNotFoundException", /not found/);
    await invalid(
      ddb.updateTable({ TableName, VectorIndexUpdates: [{ Create: VectorIndex }] }),
      "Vector indexes are not implemented by this server: VectorIndexUpdates",
    );
  });

  test("cannot be searched", async () => {
    const TableName = await table({ pk: "S" });
    const search = (input) => ddb.searchVectors({ TableName, IndexName: "similar", SearchVector: [{ N: "1" }], TopK: 3, ...input });
    await fails(
      search(),
      "ResourceNotFoundException",
      `Requested resource not found: Table: ${TableName} Vector index: similar not found. Vector indexes are not implemented by this server`,
    );
    await fails(search({ TableName: "none" }), "ResourceNotFoundException", tableMissing);
    await invalid(
      ddb.searchVectors({ IndexName: "a", SearchVector: [], ReturnConsumedCapacity: "ALL" }),
      `5 validation errors detected: ${missing("tableName")}; ` +
        "Value 'a' at 'indexName' failed to satisfy constraint: Member must have length greater than or equal to 3; " +
        "Value 'ALL' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; " +
        "Value '[]' at 'searchVector' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        `${missing("topK")}`,
    );
  });
});
