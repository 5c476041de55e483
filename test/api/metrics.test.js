// CloudWatch: what the server tells of its tables and of itself, through the SDK, AWS's command line and boto3.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { account, grant, makeUser } from "../lib/principals.js";
import { debian, environment } from "../lib/programs.js";
import { run } from "../lib/process.js";
import { callQuery } from "../lib/raw.js";
import { credentials, region } from "../lib/server.js";
import { fails, open, uniqueName } from "../lib/turntable.js";

const { ddb, endpoint, table } = await open();
const makeCloudWatch = (keys = credentials, at = endpoint) => {
  const client = new CloudWatch({ endpoint: at, region, credentials: keys, maxAttempts: 1 });
  after(() => client.destroy());
  return client;
};
const cloudwatch = makeCloudWatch();
const only = (answer) => (delete answer.$metadata, answer);
const MINUTE = 60_000;
// Wide enough for any run of this file.
const range = () => ({ StartTime: new Date(Date.now() - 60 * MINUTE), EndTime: new Date(Date.now() + 60 * MINUTE) });
const dimensions = (named) => Object.entries(named).map(([Name, Value]) => ({ Name, Value }));

/** All of a metric in one sum: { SampleCount, Sum, Minimum, Maximum, Average, Unit } or undefined. */
async function total(MetricName, named = {}, { Namespace = "AWS/DynamoDB", client = cloudwatch, ...rest } = {}) {
  const Statistics = ["SampleCount", "Sum", "Minimum", "Maximum"];
  const { Datapoints } = await client.getMetricStatistics({ Namespace, MetricName, Dimensions: dimensions(named), Period: 300, Statistics, ...range(), ...rest });
  if (Datapoints.length === 0) return undefined;
  const sum = (name) => Datapoints.reduce((all, point) => all + point[name], 0);
  return [sum("SampleCount"), sum("Sum"), Math.min(...Datapoints.map((p) => p.Minimum)), Math.max(...Datapoints.map((p) => p.Maximum)), Datapoints[0].Unit];
}

describe("of a table", () => {
  test("capacity is that which its requests say they consumed", async () => {
    const TableName = await table({ pk: "S" }, { gsi: { other: { keys: { a: "S" } } } });
    const units = { read: [], write: [], index: [] };
    const told = (kind, { ConsumedCapacity }) => {
      units[kind].push(ConsumedCapacity.Table?.CapacityUnits ?? ConsumedCapacity.CapacityUnits);
      const index = ConsumedCapacity.GlobalSecondaryIndexes?.other?.CapacityUnits;
      if (index) units.index.push(index);
    };
    const ReturnConsumedCapacity = "INDEXES";
    const put = (pk, a, filling) => ddb.putItem({ TableName, Item: { pk: { S: pk }, ...(a && { a: { S: a } }), ...(filling && { f: { S: "x".repeat(filling) } }) }, ReturnConsumedCapacity });
    told("write", await put("1"));
    told("write", await put("2", "a", 5000));
    for (const ConsistentRead of [false, true]) told("read", await ddb.getItem({ TableName, Key: { pk: { S: "2" } }, ConsistentRead, ReturnConsumedCapacity }));
    const sum = (list) => list.reduce((a, b) => a + b, 0);
    assert.deepEqual(units, { read: [1, 2], write: [1, 5], index: units.index });
    assert.deepEqual(await total("ConsumedReadCapacityUnits", { TableName }), [2, 3, 1, 2, "Count"]);
    assert.deepEqual(await total("ConsumedWriteCapacityUnits", { TableName }), [2, sum(units.write), 1, Math.max(...units.write), "Count"]);
    assert.deepEqual(await total("ConsumedWriteCapacityUnits", { TableName, GlobalSecondaryIndexName: "other" }), [1, units.index[0], units.index[0], units.index[0], "Count"]);

    const query = { TableName, IndexName: "other", KeyConditionExpression: "a = :a", ExpressionAttributeValues: { ":a": { S: "a" } } };
    const { ConsumedCapacity } = await ddb.query({ ...query, ReturnConsumedCapacity });
    const ofIndex = ConsumedCapacity.GlobalSecondaryIndexes.other.CapacityUnits;
    assert.deepEqual(await total("ConsumedReadCapacityUnits", { TableName, GlobalSecondaryIndexName: "other" }), [1, ofIndex, ofIndex, ofIndex, "Count"]);
    assert.deepEqual(await total("ConsumedReadCapacityUnits", { TableName }), [2, 3, 1, 2, "Count"]);
    assert.deepEqual(await total("ReturnedItemCount", { TableName, Operation: "Query" }), [1, 1, 1, 1, "Count"]);
  });

  test("batches and transactions count once for each table, with all that they consumed", async () => {
    const [one, two] = [await table({ pk: "S" }), await table({ pk: "S" })];
    const keys = ["1", "2", "3"].map((S) => ({ pk: { S } }));
    await ddb.batchWriteItem({ RequestItems: { [one]: keys.map((Item) => ({ PutRequest: { Item } })), [two]: [{ PutRequest: { Item: keys[0] } }] } });
    assert.deepEqual(await total("ConsumedWriteCapacityUnits", { TableName: one }), [1, 3, 3, 3, "Count"]);
    assert.deepEqual(await total("ConsumedWriteCapacityUnits", { TableName: two }), [1, 1, 1, 1, "Count"]);
    await ddb.batchGetItem({ RequestItems: { [one]: { Keys: keys }, [two]: { Keys: keys, ConsistentRead: true } } });
    assert.deepEqual(await total("ConsumedReadCapacityUnits", { TableName: one }), [1, 1.5, 1.5, 1.5, "Count"]);
    assert.deepEqual(await total("ConsumedReadCapacityUnits", { TableName: two }), [1, 3, 3, 3, "Count"]);
    await ddb.transactWriteItems({ TransactItems: keys.map((Item) => ({ Put: { TableName: two, Item } })) });
    await ddb.transactGetItems({ TransactItems: keys.map((Key) => ({ Get: { TableName: two, Key } })) });
    assert.deepEqual(await total("ConsumedWriteCapacityUnits", { TableName: two }), [2, 7, 1, 6, "Count"]);
    assert.deepEqual(await total("ConsumedReadCapacityUnits", { TableName: two }), [2, 9, 3, 6, "Count"]);
    for (const Operation of ["BatchWriteItem", "BatchGetItem", "TransactWriteItems", "TransactGetItems"]) {
      assert.equal((await total("SuccessfulRequestLatency", { TableName: two, Operation }))[0], 1, Operation);
    }
    assert.equal(await total("SuccessfulRequestLatency", { TableName: two, Operation: "GetItem" }), undefined);
  });

  test("latency has percentiles that lie where its values do", async () => {
    const TableName = await table({ pk: "S" });
    const before = process.hrtime.bigint();
    for (let i = 0; i < 20; i++) await ddb.getItem({ TableName, Key: { pk: { S: `${i}` } } });
    const most = Number(process.hrtime.bigint() - before) / 1e6;
    const [count, sum, minimum, maximum, unit] = await total("SuccessfulRequestLatency", { TableName, Operation: "GetItem" });
    assert.equal(count, 20);
    assert.equal(unit, "Milliseconds");
    assert.ok(minimum > 0 && minimum * 20 <= sum && sum <= most, `${minimum} ${sum} ${most}`);
    const { Datapoints } = await cloudwatch.getMetricStatistics({
      Namespace: "AWS/DynamoDB",
      MetricName: "SuccessfulRequestLatency",
      Dimensions: dimensions({ Operation: "GetItem", TableName }),
      Period: 86400,
      ExtendedStatistics: ["p0.0", "p50", "p90", "p99", "p100"],
      ...range(),
    });
    for (const { ExtendedStatistics: p } of Datapoints) {
      const values = ["p0.0", "p50", "p90", "p99", "p100"].map((name) => p[name]);
      assert.deepEqual(values, [...values].sort((a, b) => a - b));
      assert.ok(values[0] >= minimum && values.at(-1) <= maximum);
    }
    assert.ok(Datapoints.length > 0);
    assert.ok(Datapoints.some(({ ExtendedStatistics: p }) => p.p100 === maximum));
    // Who has no distribution has no percentiles.
    const none = await cloudwatch.getMetricStatistics({
      Namespace: "AWS/DynamoDB",
      MetricName: "ConsumedReadCapacityUnits",
      Dimensions: dimensions({ TableName }),
      Period: 60,
      ExtendedStatistics: ["p50"],
      ...range(),
    });
    assert.deepEqual(none.Datapoints, []);
  });

  test("what fails is counted by its kind", async () => {
    const TableName = await table({ pk: "S" });
    const Item = { pk: { S: "1" } };
    await ddb.putItem({ TableName, Item });
    const userErrors = (await total("UserErrors"))?.[1] ?? 0;
    for (let i = 0; i < 3; i++) await fails(ddb.putItem({ TableName, Item, ConditionExpression: "attribute_not_exists(pk)" }), "ConditionalCheckFailedException", "The conditional request failed");
    assert.deepEqual(await total("ConditionalCheckFailedRequests", { TableName }), [3, 3, 1, 1, "Count"]);
    assert.deepEqual(await total("ConsumedWriteCapacityUnits", { TableName }), [4, 4, 1, 1, "Count"]);
    assert.equal((await total("SuccessfulRequestLatency", { TableName, Operation: "PutItem" }))[0], 1);
    await assert.rejects(ddb.putItem({ TableName, Item: {} }));
    await assert.rejects(ddb.getItem({ TableName: "none", Key: Item }));
    assert.equal((await total("UserErrors"))[1] - userErrors, 2);
    assert.equal(await total("SystemErrors", { TableName, Operation: "PutItem" }), undefined);
  });

  test("requests that are throttled", async () => {
    const other = await open({ args: ["--in-memory", "--enforce-throughput"] });
    const client = makeCloudWatch(credentials, other.endpoint);
    const TableName = await other.table({ pk: "S" }, { BillingMode: "PROVISIONED", ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } });
    const Item = { pk: { S: "1" }, f: { S: "x".repeat(390_000) } };
    let throttled = 0;
    for (let i = 0; i < 4; i++) {
      await other.ddb.putItem({ TableName, Item }).catch((error) => {
        assert.equal(error.name, "ProvisionedThroughputExceededException");
        throttled++;
      });
    }
    assert.ok(throttled > 0);
    assert.deepEqual(await total("ThrottledRequests", { TableName, Operation: "PutItem" }, { client }), [throttled, throttled, 1, 1, "Count"]);
    assert.equal(await total("UserErrors", {}, { client }), undefined);
    assert.deepEqual(await total("WriteThrottleEvents", { TableName }, { client }), [throttled, throttled, 1, 1, "Count"]);
    assert.equal(await total("ReadThrottleEvents", { TableName }, { client }), undefined);

    // An index that lacks what the table has.
    const units = (n) => ({ ReadCapacityUnits: n, WriteCapacityUnits: n });
    const gsi = { small: { keys: { a: "S" }, ProvisionedThroughput: units(1) } };
    const large = await other.table({ pk: "S" }, { gsi, BillingMode: "PROVISIONED", ProvisionedThroughput: units(20_000) });
    let events = 0;
    for (let i = 0; i < 4; i++) {
      await other.ddb.putItem({ TableName: large, Item: { pk: { S: `${i}` }, a: { S: "1" }, f: { S: "x".repeat(390_000) } } }).catch(() => events++);
    }
    assert.ok(events > 0);
    assert.deepEqual(await total("WriteThrottleEvents", { TableName: large, GlobalSecondaryIndexName: "small" }, { client }), [events, events, 1, 1, "Count"]);
    assert.equal(await total("WriteThrottleEvents", { TableName: large }, { client }), undefined);
    assert.deepEqual(await total("ThrottledRequests", { TableName: large, Operation: "PutItem" }, { client }), [events, events, 1, 1, "Count"]);
  });
});

describe("of the server", () => {
  const ofServer = (MetricName, rest) => total(MetricName, {}, { Namespace: "Turntable", ...rest });

  test("requests and errors are counted, whatever service they are for", async () => {
    const other = await open({ args: ["--in-memory"] });
    const client = makeCloudWatch(credentials, other.endpoint);
    for (let i = 0; i < 3; i++) await other.ddb.listTables({});
    await assert.rejects(other.ddb.describeTable({ TableName: "none" }));
    const [count] = await ofServer("RequestCount", { client });
    assert.equal(count, 4);
    assert.deepEqual(await ofServer("ClientErrors", { client }), [1, 1, 1, 1, "Count"]);
    assert.equal(await ofServer("ServerErrors", { client }), undefined);
    assert.equal((await ofServer("Latency", { client }))[0], 7); // these questions too
    const memory = await ofServer("MemoryBytes", { client });
    assert.ok(memory[2] > 1024 * 1024 && memory[4] === "Bytes");
    assert.ok((await ofServer("Connections", { client }))[0] >= 1);
    assert.ok((await ofServer("StorageBytes", { client }))[0] >= 1);
  });

  test("steps of seconds are for the server's own metrics", async () => {
    await ddb.listTables({});
    const query = (Id, Namespace, MetricName, Period, named = {}) => ({
      Id,
      MetricStat: { Metric: { Namespace, MetricName, Dimensions: dimensions(named) }, Period, Stat: "Sum" },
    });
    const TableName = await table({ pk: "S" });
    await ddb.getItem({ TableName, Key: { pk: { S: "1" } } });
    const queries = [1, 5, 10, 20, 30].map((period) => query(`s${period}`, "Turntable", "RequestCount", period));
    queries.push(query("t", "AWS/DynamoDB", "ConsumedReadCapacityUnits", 10, { TableName }));
    const { MetricDataResults } = await cloudwatch.getMetricData({ MetricDataQueries: queries, ...range() });
    for (const [i, period] of [1, 5, 10, 20, 30].entries()) {
      assert.ok(MetricDataResults[i].Timestamps.length > 0);
      for (const time of MetricDataResults[i].Timestamps) assert.equal(time.getTime() % (period * 1000), 0);
    }
    assert.deepEqual(MetricDataResults[5].Timestamps, []);
  });
});

describe("GetMetricData", () => {
  const stat = (MetricName, TableName, Stat, rest = {}) => ({
    MetricStat: { Metric: { Namespace: "AWS/DynamoDB", MetricName, Dimensions: dimensions({ TableName }) }, Period: 60, Stat, ...rest },
  });

  test("answers many queries at once, each with a label", async () => {
    const TableName = await table({ pk: "S" });
    await ddb.putItem({ TableName, Item: { pk: { S: "1" } } });
    const answer = await cloudwatch.getMetricData({
      MetricDataQueries: [
        { Id: "written", ...stat("ConsumedWriteCapacityUnits", TableName, "Sum") },
        { Id: "named", Label: "mine", ...stat("ConsumedWriteCapacityUnits", TableName, "SampleCount") },
        { Id: "hidden", ReturnData: false, ...stat("ConsumedWriteCapacityUnits", TableName, "Sum") },
        { Id: "wrongUnit", ...stat("ConsumedWriteCapacityUnits", TableName, "Sum", { Unit: "Bytes" }) },
        { Id: "unknown", ...stat("NoSuchMetric", TableName, "Average", { Period: 300 }) },
        { Id: "elsewhere", AccountId: "123456789012", ...stat("ConsumedWriteCapacityUnits", TableName, "Sum") },
      ],
      ...range(),
    });
    assert.deepEqual(answer.Messages, []);
    const [written] = answer.MetricDataResults;
    assert.equal(written.Timestamps.length, 1);
    assert.equal(written.Timestamps[0].getTime() % MINUTE, 0);
    assert.ok(Math.abs(written.Timestamps[0].getTime() - Date.now()) < 60 * MINUTE);
    const empty = { Timestamps: [], Values: [], StatusCode: "Complete" };
    assert.deepEqual(answer.MetricDataResults, [
      { Id: "written", Label: "ConsumedWriteCapacityUnits Sum 60", Timestamps: written.Timestamps, Values: [1], StatusCode: "Complete" },
      { Id: "named", Label: "mine", Timestamps: written.Timestamps, Values: [1], StatusCode: "Complete" },
      { Id: "wrongUnit", Label: "ConsumedWriteCapacityUnits Sum 60", ...empty },
      { Id: "unknown", Label: "NoSuchMetric Average 300", ...empty },
      { Id: "elsewhere", Label: "ConsumedWriteCapacityUnits Sum 60", ...empty },
    ]);
  });

  test("goes page by page through all points", async () => {
    const TableName = await table({ pk: "S" });
    await ddb.putItem({ TableName, Item: { pk: { S: "1" } } });
    await ddb.getItem({ TableName, Key: { pk: { S: "1" } } });
    const MetricDataQueries = ["a", "b", "c"].map((Id) => ({ Id, ...stat(Id === "b" ? "ConsumedReadCapacityUnits" : "ConsumedWriteCapacityUnits", TableName, "Sum") }));
    const pages = [];
    let NextToken;
    do {
      const page = await cloudwatch.getMetricData({ MetricDataQueries, MaxDatapoints: 1, NextToken, ...range() });
      pages.push(page.MetricDataResults.map(({ Id, Values }) => [Id, Values]));
      ({ NextToken } = page);
    } while (NextToken);
    assert.deepEqual(pages, [[["a", [1]]], [["b", [0.5]]], [["c", [1]]]]);
    await fails(cloudwatch.getMetricData({ MetricDataQueries, NextToken: "none", ...range() }), "InvalidNextToken", "The next token specified is invalid.");
  });

  test("takes nothing that CloudWatch does not take", async () => {
    const good = { Id: "a", ...stat("ConsumedReadCapacityUnits", "t", "Sum") };
    const invalid = (MetricDataQueries, message, rest = {}) =>
      fails(cloudwatch.getMetricData({ MetricDataQueries, ...range(), ...rest }), "ValidationException", message);
    const at = "MetricDataQueries.member.1";
    await invalid([], "The collection MetricDataQueries must not be empty.");
    await invalid(Array.from({ length: 501 }, (_, i) => ({ ...good, Id: `a${i}` })), "The collection MetricDataQueries must not have a size greater than 500.");
    await invalid([good, good], "The values for parameter id in MetricDataQueries are not unique.");
    await invalid([{ ...good, Id: "A" }], /^The parameter MetricDataQueries.member.1.Id must begin with a lowercase letter/);
    await invalid([{ Id: "a" }], /^At least one of the parameters/);
    await invalid([{ Id: "a", Expression: "1 + 1" }], /Expression is not served here/);
    await invalid([{ ...good, Expression: "1" }], /are mutually exclusive and you have specified both\.$/);
    for (const Period of [2, 15, 61, 90]) {
      await invalid([{ Id: "a", ...stat("ConsumedReadCapacityUnits", "t", "Sum", { Period }) }], `The parameter ${at}.MetricStat.Period must be 1, 5, 10, 20, 30, or a multiple of 60.`);
    }
    for (const Stat of ["sum", "p", "p101", "p1000", "p-1", "p9x", "p99.12345678901", "tm99", ""]) {
      await invalid([{ Id: "a", ...stat("ConsumedReadCapacityUnits", "t", Stat) }], `The value ${Stat} for parameter ${at}.MetricStat.Stat is not supported.`);
    }
    const now = new Date();
    await invalid([good], "The parameter StartTime must not equal parameter EndTime", { StartTime: now, EndTime: now });
    await invalid([good], "The parameter EndTime must be greater than StartTime", { StartTime: now, EndTime: new Date(now - 2 * MINUTE) });
    for (const MaxDatapoints of [0, -1, 100801]) await invalid([good], "The parameter MaxDatapoints must be between 1 and 100800.", { MaxDatapoints });
    await invalid([{ Id: "a", ...stat("ConsumedReadCapacityUnits", "t", "Sum", { Period: 0 }) }], /'metricDataQueries\.1\.member\.metricStat\.period' failed to satisfy constraint: Member must have value greater than or equal to 1$/);
    await invalid([good], /'scanBy' failed to satisfy constraint: Member must satisfy enum value set/, { ScanBy: "Up" });
    await fails(cloudwatch.getMetricData({ MetricDataQueries: [good], EndTime: now }), "MissingRequiredParameterException", "The parameter StartTime is required.");
  });
});

describe("GetMetricStatistics", () => {
  const ask = (rest) => cloudwatch.getMetricStatistics({ Namespace: "AWS/DynamoDB", MetricName: "UserErrors", Period: 60, Statistics: ["Sum"], ...range(), ...rest });

  test("takes nothing that CloudWatch does not take", async () => {
    const now = new Date();
    await fails(ask({ Namespace: undefined }), "MissingRequiredParameterException", "The parameter Namespace is required.");
    await fails(ask({ Statistics: undefined }), "InvalidParameterCombinationException", "Must specify either Statistics or ExtendedStatistics");
    await fails(ask({ ExtendedStatistics: ["p50"] }), "InvalidParameterCombinationException", /mutually exclusive/);
    await fails(ask({ EndTime: now, StartTime: now }), "InvalidParameterValueException", "The parameter StartTime must be less than the parameter EndTime.");
    await fails(ask({ Period: 61 }), "InvalidParameterValueException", /^The parameter Period must be/);
    await fails(ask({ Statistics: undefined, ExtendedStatistics: ["p50", "x"] }), "InvalidParameterValueException", "The value x for parameter ExtendedStatistics.member.2 is not supported.");
    await fails(
      ask({ StartTime: new Date(now - 2880 * MINUTE), EndTime: now }),
      "InvalidParameterCombinationException",
      "You have requested up to 2880 datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
    );
    await fails(ask({ Statistics: ["Median"] }), "ValidationException", /Member must satisfy enum value set: \[SampleCount, Average, Sum, Minimum, Maximum\]$/);
    await fails(ask({ Namespace: ":a" }), "ValidationException", /regular expression pattern: \[\^:\]\.\*$/);
  });

  test("finds a metric by exactly its dimensions, in any order", async () => {
    const TableName = await table({ pk: "S" });
    await ddb.getItem({ TableName, Key: { pk: { S: "1" } } });
    const count = async (named) => (await total("SuccessfulRequestLatency", named))?.[0];
    assert.equal(await count({ Operation: "GetItem", TableName }), 1);
    for (const named of [{}, { TableName }, { Operation: "GetItem" }, { TableName, Operation: "getitem" }, { TableName, Operation: "GetItem", StreamLabel: "x" }]) {
      assert.equal(await count(named), undefined, JSON.stringify(named));
    }
    assert.equal(await total("ConsumedReadCapacityUnits", { TableName, Operation: "GetItem" }), undefined);
  });
});

describe("ListMetrics", () => {
  const list = async (input) => {
    const { Metrics } = await cloudwatch.listMetrics(input);
    return Metrics.map(({ MetricName, Dimensions }) => [MetricName, Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]))]);
  };

  test("tells what there is, by namespace, name and dimensions", async () => {
    const TableName = await table({ pk: "S" });
    await ddb.putItem({ TableName, Item: { pk: { S: "1" } } });
    const both = [
      ["ConsumedWriteCapacityUnits", { TableName }],
      ["SuccessfulRequestLatency", { TableName, Operation: "PutItem" }],
    ];
    const Dimensions = dimensions({ TableName });
    assert.deepEqual(await list({ Namespace: "AWS/DynamoDB", Dimensions }), both);
    assert.deepEqual(await list({ Dimensions, RecentlyActive: "PT3H" }), both);
    assert.deepEqual(await list({ Dimensions, MetricName: "SuccessfulRequestLatency" }), [both[1]]);
    assert.deepEqual(await list({ Dimensions: [...Dimensions, { Name: "Operation" }] }), [both[1]]);
    assert.deepEqual(await list({ Dimensions, Namespace: "Turntable" }), []);
    assert.deepEqual(await list({ Dimensions, OwningAccount: "123456789012" }), []);
    assert.deepEqual(await list({ Dimensions, OwningAccount: account }), both);
    assert.deepEqual(await list({ Namespace: "Turntable", MetricName: "RequestCount" }), [["RequestCount", {}]]);
    await fails(cloudwatch.listMetrics({ NextToken: "none" }), "InvalidParameterValueException", "Invalid parameter value for parameter NextToken.");
    await fails(cloudwatch.listMetrics({ RecentlyActive: "PT1H" }), "ValidationException", /enum value set: \[PT3H\]$/);
  });

  test("has 500 a page, each once", async () => {
    const other = await open({ args: ["--in-memory", "--no-auth"] });
    const Key = { pk: { S: "1" } };
    for (let i = 0; i < 65; i++) {
      const TableName = await other.table({ pk: "S" });
      await Promise.all([
        other.ddb.putItem({ TableName, Item: Key }),
        other.ddb.getItem({ TableName, Key }),
        other.ddb.updateItem({ TableName, Key }),
        other.ddb.deleteItem({ TableName, Key }),
        other.ddb.scan({ TableName }),
      ]);
    }
    const client = makeCloudWatch(credentials, other.endpoint);
    const seen = [];
    const sizes = [];
    let NextToken;
    do {
      const page = await client.listMetrics({ Namespace: "AWS/DynamoDB", NextToken });
      sizes.push(page.Metrics.length);
      seen.push(...page.Metrics.map((metric) => JSON.stringify(metric)));
      ({ NextToken } = page);
    } while (NextToken);
    assert.deepEqual(sizes, [500, 65 * 8 - 500]);
    assert.equal(new Set(seen).size, 65 * 8);
  });
});

test("who has no permission is told nothing", async () => {
  const user = await makeUser(endpoint, uniqueName());
  const client = makeCloudWatch(user.credentials);
  const query = { MetricDataQueries: [{ Id: "a", MetricStat: { Metric: { Namespace: "Turntable", MetricName: "RequestCount" }, Period: 60, Stat: "Sum" } }], ...range() };
  const denied = (request, action) =>
    fails(request, "AccessDenied", `User: ${user.arn} is not authorized to perform: cloudwatch:${action} on resource: * because no identity-based policy allows the cloudwatch:${action} action`);
  await denied(client.getMetricData(query), "GetMetricData");
  await denied(client.listMetrics({}), "ListMetrics");
  await denied(client.getMetricStatistics({ Namespace: "Turntable", MetricName: "RequestCount", Period: 60, Statistics: ["Sum"], ...range() }), "GetMetricStatistics");
  await user.may(grant("cloudwatch:GetMetricData", "*"));
  assert.equal((await client.getMetricData(query)).MetricDataResults.length, 1);
  await denied(client.listMetrics({}), "ListMetrics");
});

test("what is not served is refused with its reason", async () => {
  await fails(cloudwatch.describeAlarms({}), "UnsupportedOperation", "DescribeAlarms is not served here: there are no alarms.");
  await fails(cloudwatch.putMetricData({ Namespace: "a", MetricData: [{ MetricName: "b", Value: 1 }] }), "UnsupportedOperation", /metrics are the server's own\.$/);
});

describe("other programs", () => {
  const name = `t${uniqueName()}`;
  const times = () => ({ start: new Date(Date.now() - 60 * MINUTE).toISOString(), end: new Date(Date.now() + 60 * MINUTE).toISOString() });
  const prepare = async () => {
    await ddb.createTable({ TableName: name, BillingMode: "PAY_PER_REQUEST", KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }] });
    await ddb.getItem({ TableName: name, Key: { pk: { S: "1" } } });
  };
  const prepared = prepare();

  test("AWS's command line, in the query protocol", async () => {
    await prepared;
    const aws = async (...args) => {
      const { code, stdout, stderr } = await run(debian("aws"), ["--endpoint-url", endpoint, "--output", "json", "cloudwatch", ...args], { env: environment });
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout);
    };
    const { start, end } = times();
    const metric = { Namespace: "AWS/DynamoDB", MetricName: "SuccessfulRequestLatency", Dimensions: dimensions({ TableName: name, Operation: "GetItem" }) };
    const listed = await aws("list-metrics", "--dimensions", `Name=TableName,Value=${name}`, "Name=Operation,Value=GetItem");
    assert.deepEqual(listed.Metrics, [{ Namespace: metric.Namespace, MetricName: metric.MetricName, Dimensions: metric.Dimensions }]);
    const wanted = ["--namespace", metric.Namespace, "--metric-name", metric.MetricName, "--dimensions", ...metric.Dimensions.map(({ Name, Value }) => `Name=${Name},Value=${Value}`)];
    const statistics = await aws("get-metric-statistics", ...wanted, "--start-time", start, "--end-time", end, "--period", "3600", "--extended-statistics", "p50", "p99");
    assert.equal(statistics.Label, metric.MetricName);
    assert.equal(statistics.Datapoints[0].Unit, "Milliseconds");
    assert.ok(statistics.Datapoints[0].ExtendedStatistics.p50 > 0);
    const queries = JSON.stringify([{ Id: "a", MetricStat: { Metric: metric, Period: 60, Stat: "SampleCount" } }]);
    const data = await aws("get-metric-data", "--metric-data-queries", queries, "--start-time", start, "--end-time", end);
    assert.deepEqual(data.MetricDataResults[0].Values, [1]);
    assert.ok(!Number.isNaN(Date.parse(data.MetricDataResults[0].Timestamps[0])));
    const wrong = await run(debian("aws"), ["--endpoint-url", endpoint, "cloudwatch", "get-metric-statistics", ...wanted, "--start-time", end, "--end-time", start, "--period", "60", "--statistics", "Sum"], { env: environment });
    assert.match(wrong.stderr, /\(InvalidParameterValue\) when calling the GetMetricStatistics operation.*: The parameter StartTime must be less than the parameter EndTime\./);
  });

  test("boto3", async () => {
    await prepared;
    const program = `
import boto3, datetime, json, sys
client = boto3.client("cloudwatch", endpoint_url=sys.argv[1])
now = datetime.datetime.now(datetime.timezone.utc)
hour = datetime.timedelta(hours=1)
metric = {"Namespace": "AWS/DynamoDB", "MetricName": "ConsumedReadCapacityUnits", "Dimensions": [{"Name": "TableName", "Value": sys.argv[2]}]}
answer = client.get_metric_data(MetricDataQueries=[{"Id": "a", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}], StartTime=now - hour, EndTime=now + hour)
result = answer["MetricDataResults"][0]
points = client.get_metric_statistics(StartTime=now - hour, EndTime=now + hour, Period=3600, Statistics=["Sum", "Average"], **metric)["Datapoints"]
try:
    client.get_metric_statistics(StartTime=now, EndTime=now, Period=60, Statistics=["Sum"], **metric)
except client.exceptions.ClientError as error:
    code = error.response["Error"]["Code"]
print(json.dumps([result["Values"], [type(t).__name__ for t in result["Timestamps"]], sum(p["Sum"] for p in points), code]))
`;
    const { code, stdout, stderr } = await run(debian("python3"), ["-c", program, endpoint, name], { env: environment });
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), [[0.5], ["datetime"], 0.5, "InvalidParameterValue"]);
  });
});

test("a form that has a time which is none is refused", async () => {
  const ask = (StartTime) =>
    callQuery(endpoint, {
      service: "monitoring",
      version: "2010-08-01",
      action: "GetMetricStatistics",
      parameters: { Namespace: "a", MetricName: "b", Period: "60", "Statistics.member.1": "Sum", StartTime, EndTime: "2026-01-02T00:00:00Z" },
    });
  assert.equal((await ask("2026-01-01T23:00:00Z")).status, 200);
  for (const start of ["yesterday", "", "2026-13-01T00:00:00Z", "1e999"]) {
    const { status, code } = await ask(start);
    assert.deepEqual([status, code], [400, "MalformedInput"], start);
  }
});
