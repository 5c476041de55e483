// Streams by other roads: the AWS CLI and boto3; and a consumer whose server is started anew while it holds an iterator.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { rmSync } from "node:fs";
import { debian, environment } from "../lib/programs.js";
import { run } from "../lib/process.js";
import { elsewhere, startServer, temporaryFolder } from "../lib/server.js";
import { active, makeClient, open, tableInput, uniqueName } from "../lib/turntable.js";
import { makeStreamsClient, recordsOf, shardsOf } from "../lib/streams.js";

const { endpoint, ddb, table } = await open();
const on = { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" } };

async function streamed() {
  const TableName = await table({ pk: "S" }, on);
  await ddb.putItem({ TableName, Item: { pk: { S: "a" }, n: { N: "1" } } });
  return { TableName, StreamArn: (await active(ddb, TableName)).LatestStreamArn };
}

test("the AWS CLI lists, describes and reads a stream", async () => {
  const { TableName, StreamArn } = await streamed();
  async function aws(...args) {
    const { code, stdout, stderr } = await run(debian("aws"), ["dynamodbstreams", ...args, "--endpoint-url", endpoint, "--output", "json"], { env: environment });
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  }
  const { Streams } = await aws("list-streams", "--table-name", TableName);
  assert.deepEqual(Streams.map((s) => s.StreamArn), [StreamArn]);
  const { StreamDescription } = await aws("describe-stream", "--stream-arn", StreamArn);
  const { ShardIterator } = await aws(
    "get-shard-iterator", "--stream-arn", StreamArn, "--shard-id", StreamDescription.Shards[0].ShardId, "--shard-iterator-type", "TRIM_HORIZON",
  );
  const { Records } = await aws("get-records", "--shard-iterator", ShardIterator);
  assert.deepEqual(Records.map((r) => r.dynamodb.NewImage), [{ pk: { S: "a" }, n: { N: "1" } }]);
});

test("boto3 reads a stream", async () => {
  const { StreamArn } = await streamed();
  const script = `
import boto3, sys
streams = boto3.client("dynamodbstreams", endpoint_url=sys.argv[1])
shards = streams.describe_stream(StreamArn=sys.argv[2])["StreamDescription"]["Shards"]
iterator = streams.get_shard_iterator(StreamArn=sys.argv[2], ShardId=shards[0]["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
answer = streams.get_records(ShardIterator=iterator)
record = answer["Records"][0]
assert record["eventName"] == "INSERT" and record["dynamodb"]["NewImage"]["n"] == {"N": "1"}, record
assert record["dynamodb"]["ApproximateCreationDateTime"].year > 2000
assert streams.get_records(ShardIterator=answer["NextShardIterator"])["Records"] == []
try:
    streams.get_records(ShardIterator="x")
    raise SystemExit("accepted")
except streams.exceptions.ClientError as error:
    assert error.response["Error"]["Code"] == "ValidationException", error
`;
  const { code, stderr } = await run(debian("python3"), ["-c", script, endpoint, StreamArn], { env: environment });
  assert.equal(code, 0, stderr);
});

describe("a server that is started anew", { skip: elsewhere && "it cannot be stopped" }, () => {
  test("goes on with its streams, and its iterators still hold", async () => {
    const folder = temporaryFolder();
    after(() => rmSync(folder, { recursive: true }));
    const args = ["--data", folder];
    const TableName = uniqueName();
    const put = (client, pk) => client.putItem({ TableName, Item: { pk: { S: pk } } });

    const first = await startServer({ args });
    const client = makeClient(first.endpoint);
    const streams = makeStreamsClient(first.endpoint);
    await client.createTable({ TableName, ...tableInput({ pk: "S" }, on) });
    const { LatestStreamArn: StreamArn } = await active(client, TableName);
    await put(client, "before");
    const [{ ShardId }] = await shardsOf(streams, StreamArn);
    const { ShardIterator } = await streams.getShardIterator({ StreamArn, ShardId, ShardIteratorType: "LATEST" });
    client.destroy();
    streams.destroy();
    await first.stop();

    const second = await startServer({ args });
    const [clientAgain, streamsAgain] = [makeClient(second.endpoint), makeStreamsClient(second.endpoint)];
    await put(clientAgain, "after");
    const { Records } = await streamsAgain.getRecords({ ShardIterator });
    assert.deepEqual(Records.map((r) => r.dynamodb.Keys.pk.S), ["after"]);
    assert.deepEqual((await recordsOf(streamsAgain, StreamArn)).map((r) => r.dynamodb.Keys.pk.S), ["before", "after"]);
    clientAgain.destroy();
    streamsAgain.destroy();
    await second.stop();
  });
});
