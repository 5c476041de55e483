// ImportTable, DescribeImport, ListImports: the objects of a bucket, which is a folder, into a new table.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { execFileSync } from "node:child_process";
import { openS3 } from "../lib/s3.js";
import { elsewhere, startServer, temporaryFolder } from "../lib/server.js";
import { fails, invalid, makeClient, open, pages, uniqueName, until } from "../lib/turntable.js";

const skip = elsewhere && "needs a data folder of its own";

describe("imports", { skip }, async () => {
  const data = temporaryFolder();
  const { ddb } = await open({ args: ["--data", data] });
  after(() => rmSync(data, { recursive: true, force: true }));
  let buckets = 0;

  /** A bucket with these objects; resolves with its name. */
  function bucket(objects) {
    const name = `bucket${++buckets}`;
    for (const [key, content] of Object.entries(objects)) {
      const file = path.join(data, "s3", name, key);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    return name;
  }

  const parameters = (more = {}) => ({
    TableName: uniqueName(),
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
    ...more,
  });

  const input = (S3Bucket, more = {}) => ({
    S3BucketSource: { S3Bucket },
    InputFormat: "DYNAMODB_JSON",
    TableCreationParameters: parameters(),
    ...more,
  });

  const finished = ({ ImportArn }) =>
    until(async () => {
      const { ImportTableDescription } = await ddb.describeImport({ ImportArn });
      return ImportTableDescription.ImportStatus !== "IN_PROGRESS" && ImportTableDescription;
    });

  async function imported(request) {
    const { ImportTableDescription } = await ddb.importTable(request);
    return finished(ImportTableDescription);
  }

  const items = async (TableName) =>
    (await pages((page) => ddb.scan(page), { TableName })).Items.sort((a, b) => (a.id.S < b.id.S ? -1 : 1));

  const errors = (description) => {
    const file = path.join(data, "import-errors", `${description.ImportArn.split("/").at(-1)}.jsonl`);
    return readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  };

  test("DynamoDB JSON: the answer, the description, the table and its items", async () => {
    const line = '{"Item":{"id":{"S":"a"},"s":{"SS":["x","y"]},"n":{"N":"1.50"}}}\n';
    const name = bucket({ "in/one.json": line, "in/more/two.json": '{"Item":{"id":{"S":"b"}}}', "other.json": "nonsense" });
    const request = input(name, { S3BucketSource: { S3Bucket: name, S3KeyPrefix: "in/" }, ClientToken: "token-1" });
    const { ImportTableDescription: begun } = await ddb.importTable(request);
    const { TableName } = request.TableCreationParameters;
    assert.match(begun.ImportArn, new RegExp(`^arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}/import/\\d{14}-[0-9a-f]{8}$`));
    assert.equal(begun.ImportStatus, "IN_PROGRESS");
    assert.equal(begun.TableArn, `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`);
    assert.deepEqual(begun.S3BucketSource, request.S3BucketSource);
    assert.deepEqual(begun.TableCreationParameters, request.TableCreationParameters);
    assert.equal(begun.ClientToken, "token-1");
    assert.equal(begun.InputCompressionType, "NONE");
    const done = await finished(begun);
    const { $metadata, ...same } = begun;
    assert.deepEqual(done, {
      ...same,
      ImportStatus: "COMPLETED",
      EndTime: done.EndTime,
      ErrorCount: 0,
      ProcessedItemCount: 2,
      ImportedItemCount: 2,
      ProcessedSizeBytes: line.length + 25,
    });
    assert.ok(done.EndTime >= done.StartTime);
    const { Table } = await ddb.describeTable({ TableName });
    assert.deepEqual([Table.TableStatus, Table.ItemCount, Table.TableId], ["ACTIVE", 2, begun.TableId]);
    assert.deepEqual(await items(TableName), [
      { id: { S: "a" }, s: { SS: ["x", "y"] }, n: { N: "1.5" } },
      { id: { S: "b" } },
    ]);
  });

  test("Ion, and compressed objects", async () => {
    const ion = '$ion_1_0 {Item:{id:"a",n:6d2,s:$dynamodb_NS::[1.,2.],b:{{AQI=}},z:null}}\n';
    const expected = [{ id: { S: "a" }, n: { N: "600" }, s: { NS: ["1", "2"] }, b: { B: Uint8Array.of(1, 2) }, z: { NULL: true } }];
    const zstd = execFileSync("zstd", ["-q"], { input: ion });
    for (const [InputCompressionType, content] of [["NONE", ion], ["GZIP", gzipSync(ion)], ["ZSTD", zstd]]) {
      const request = input(bucket({ "a.ion": content }), { InputFormat: "ION", InputCompressionType });
      const done = await imported(request);
      assert.equal(done.ImportStatus, "COMPLETED", InputCompressionType);
      assert.equal(done.ProcessedSizeBytes, content.length);
      assert.deepEqual(await items(request.TableCreationParameters.TableName), expected);
    }
  });

  test("CSV: keys have their types, all else are strings, empty cells are no attributes; indexes are filled", async () => {
    const request = input(bucket({ "a.csv": 'id,at,owner,price,none\n1,5,ana,1.50,\n2,6,,"a ""b""\nc",\n' }), {
      InputFormat: "CSV",
      TableCreationParameters: parameters({
        AttributeDefinitions: [
          { AttributeName: "id", AttributeType: "S" },
          { AttributeName: "at", AttributeType: "N" },
          { AttributeName: "owner", AttributeType: "S" },
        ],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }, { AttributeName: "at", KeyType: "RANGE" }],
        GlobalSecondaryIndexes: [
          { IndexName: "byOwner", KeySchema: [{ AttributeName: "owner", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } },
        ],
      }),
    });
    const { TableName } = request.TableCreationParameters;
    assert.equal((await imported(request)).ImportStatus, "COMPLETED");
    const first = { id: { S: "1" }, at: { N: "5" }, owner: { S: "ana" }, price: { S: "1.50" } };
    assert.deepEqual(await items(TableName), [first, { id: { S: "2" }, at: { N: "6" }, price: { S: 'a "b"\nc' } }]);
    const found = await ddb.query({
      TableName, IndexName: "byOwner", KeyConditionExpression: "#o = :o",
      ExpressionAttributeNames: { "#o": "owner" }, ExpressionAttributeValues: { ":o": { S: "ana" } },
    });
    assert.deepEqual(found.Items, [first]);
    const { Table } = await ddb.describeTable({ TableName });
    assert.equal(Table.GlobalSecondaryIndexes[0].ItemCount, 1);

    const other = input(bucket({ "a.csv": "x;1\n", "b.csv": "y;2\n" }), {
      InputFormat: "CSV",
      InputFormatOptions: { Csv: { Delimiter: ";", HeaderList: ["id", "n"] } },
    });
    const done = await imported(other);
    assert.deepEqual(done.InputFormatOptions, other.InputFormatOptions);
    assert.deepEqual(await items(other.TableCreationParameters.TableName), [
      { id: { S: "x" }, n: { S: "1" } },
      { id: { S: "y" }, n: { S: "2" } },
    ]);
  });

  test("the last item of a key stays, and is counted once by the table", async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `{"Item":{"id":{"S":"k${i % 7}"},"n":{"N":"${i}"}}}\n`).join("");
    const request = input(bucket({ "a.json": lines }));
    const done = await imported(request);
    assert.deepEqual([done.ImportStatus, done.ImportedItemCount], ["COMPLETED", 3000]);
    const { TableName } = request.TableCreationParameters;
    assert.deepEqual((await items(TableName)).map((item) => Number(item.n.N) % 7), [0, 1, 2, 3, 4, 5, 6]);
    assert.ok((await items(TableName)).every((item) => Number(item.n.N) >= 2993));
    assert.equal((await ddb.describeTable({ TableName })).Table.ItemCount, 7);
  });

  test("items that are wrong make the import FAILED, and are told; the others are there", async () => {
    const content = ['{"Item":{"id":{"S":"a"}}}', "nonsense", '{"Item":{"id":{"N":"1"}}}', '{"Item":{"x":{"S":"1"}}}',
      '{"Item":{"id":{"S":""}}}', '{"Item":{"id":{"S":"c"},"n":{"N":"x"}}}', '{"Item":{"id":{"S":"b"}}}'].join("\n");
    const request = input(bucket({ "a.json": content }));
    const done = await imported(request);
    assert.deepEqual(
      [done.ImportStatus, done.FailureCode, done.ErrorCount, done.ProcessedItemCount, done.ImportedItemCount],
      ["FAILED", "ItemValidationError", 5, 7, 2],
    );
    assert.equal(done.FailureMessage, "Some of the items failed validation checks. Please check CloudWatch error logs for more details.");
    assert.deepEqual(await items(request.TableCreationParameters.TableName), [{ id: { S: "a" } }, { id: { S: "b" } }]);
    const told = errors(done);
    assert.deepEqual(told.map((error) => error.itemS3Pointer.line), [2, 3, 4, 5, 6]);
    assert.deepEqual(told[0], {
      itemS3Pointer: { bucket: request.S3BucketSource.S3Bucket, key: "a.json", itemIndex: 1, line: 2 },
      errorMessages: ["it is no JSON"],
    });
    assert.match(told[4].errorMessages[0], /^n: The parameter cannot be converted to a numeric value/);
  });

  test("a damaged object, a header that is none, a bucket or objects that are not there", async () => {
    const damaged = await imported(input(bucket({ "a.json.gz": "no gzip" }), { InputCompressionType: "GZIP" }));
    assert.deepEqual([damaged.ImportStatus, damaged.ErrorCount, damaged.ImportedItemCount], ["FAILED", 1, 0]);
    assert.deepEqual(errors(damaged)[0].errorMessages, ["its gzip data is damaged"]);
    const twice = await imported(input(bucket({ "a.csv": "id,id\na,b\n" }), { InputFormat: "CSV" }));
    assert.deepEqual(errors(twice)[0].errorMessages, ["id: the header names it twice"]);
    const nowhere = input("no-such-bucket");
    const absent = await imported(nowhere);
    assert.deepEqual([absent.ImportStatus, absent.FailureCode], ["FAILED", "S3NoSuchBucket"]);
    assert.equal((await ddb.describeTable(nowhere.TableCreationParameters)).Table.TableStatus, "ACTIVE");
    const name = bucket({ "a.json": "" });
    const none = await imported(input(name, { S3BucketSource: { S3Bucket: name, S3KeyPrefix: "b" } }));
    assert.equal(none.FailureCode, "S3NoSuchKey");
  });

  test("nothing outside of the bucket is read", async () => {
    const outside = path.join(data, "secret.json");
    writeFileSync(outside, '{"Item":{"id":{"S":"secret"}}}\n');
    const name = bucket({ "in/a.json": '{"Item":{"id":{"S":"a"}}}\n' });
    symlinkSync(outside, path.join(data, "s3", name, "in", "link.json"));
    symlinkSync(data, path.join(data, "s3", name, "in", "up"));
    const request = input(name);
    assert.equal((await imported(request)).ImportStatus, "COMPLETED");
    assert.deepEqual(await items(request.TableCreationParameters.TableName), [{ id: { S: "a" } }]);
    for (const S3KeyPrefix of ["..", "../", "in/../", "/", "in//", "."]) {
      const done = await imported(input(name, { S3BucketSource: { S3Bucket: name, S3KeyPrefix } }));
      assert.equal(done.FailureCode, "S3NoSuchKey", S3KeyPrefix);
    }
    symlinkSync(data, path.join(data, "s3", "linked"));
    assert.equal((await imported(input("linked"))).FailureCode, "S3NoSuchBucket");
  });

  test("a client token: the same request is the same import, another one a conflict", async () => {
    const request = input(bucket({ "a.json": '{"Item":{"id":{"S":"a"}}}' }), { ClientToken: "again" });
    const [one, two] = await Promise.all([ddb.importTable(request), ddb.importTable(request)]);
    assert.equal(one.ImportTableDescription.ImportArn, two.ImportTableDescription.ImportArn);
    await finished(one.ImportTableDescription);
    const three = await ddb.importTable(request);
    assert.equal(three.ImportTableDescription.ImportStatus, "COMPLETED");
    await fails(
      ddb.importTable({ ...request, InputFormat: "ION" }),
      "ImportConflictException",
      /^There was a conflict when importing from the specified S3 source/,
    );
  });

  test("a table of that name already", async () => {
    const request = input(bucket({ "a.json": "" }));
    await imported(request);
    const { TableName } = request.TableCreationParameters;
    await fails(ddb.importTable(request), "ResourceInUseException", `Table already exists: ${TableName}`);
  });

  test("requests that are refused", async () => {
    const name = bucket({ "a.json": "" });
    const raw = (more) => ddb.importTable({ ...input(name), ...more });
    await invalid(
      raw({ InputFormat: "XML" }),
      "1 validation error detected: Value 'XML' at 'inputFormat' failed to satisfy constraint: Member must satisfy enum value set: [DYNAMODB_JSON, ION, CSV]",
    );
    await fails(raw({ InputCompressionType: "LZ4" }), "ValidationException", /at 'inputCompressionType' failed/);
    await fails(raw({ S3BucketSource: { S3Bucket: "../x" } }), "ValidationException", /at 's3BucketSource.s3Bucket' failed to satisfy constraint: Member must satisfy regular expression pattern/);
    await fails(raw({ S3BucketSource: {} }), "ValidationException", /at 's3BucketSource.s3Bucket' failed to satisfy constraint: Member must not be null/);
    await fails(raw({ S3BucketSource: { S3Bucket: name, S3BucketOwner: "12" } }), "ValidationException", /at 's3BucketSource.s3BucketOwner' failed/);
    await fails(raw({ S3BucketSource: { S3Bucket: name, S3KeyPrefix: "x".repeat(1025) } }), "ValidationException", /at 's3BucketSource.s3KeyPrefix' failed/);
    await fails(raw({ InputFormatOptions: { Csv: { Delimiter: "x" } } }), "ValidationException", /at 'inputFormatOptions.csv.delimiter' failed/);
    await fails(raw({ InputFormatOptions: { Csv: { HeaderList: [] } } }), "ValidationException", /at 'inputFormatOptions.csv.headerList' failed/);
    await fails(raw({ ClientToken: "a$b" }), "ValidationException", /at 'clientToken' failed/);
    await fails(raw({ TableCreationParameters: undefined }), "ValidationException", /at 'tableCreationParameters' failed to satisfy constraint: Member must not be null/);
    await fails(raw({ TableCreationParameters: parameters({ KeySchema: [{ AttributeName: "x", KeyType: "HASH" }] }) }), "ValidationException", /./);
    await fails(raw({ TableCreationParameters: parameters({ BillingMode: undefined }) }), "ValidationException", /ReadCapacityUnits and WriteCapacityUnits must both be specified/);
    await fails(ddb.describeImport({ ImportArn: "short" }), "ValidationException", /at 'importArn' failed/);
    await fails(ddb.describeImport({ ImportArn: "x".repeat(40) }), "ValidationException", /./);
    const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/None/import/01700000000000-00000000";
    await fails(ddb.describeImport({ ImportArn: arn }), "ImportNotFoundException", /./);
  });

  test("ListImports: pages, and those of one table", async () => {
    const { ImportSummaryList: all } = await ddb.listImports({});
    assert.ok(all.length >= 10);
    const listed = [];
    let NextToken;
    do {
      const page = await ddb.listImports({ PageSize: 4, NextToken });
      assert.ok(page.ImportSummaryList.length <= 4);
      listed.push(...page.ImportSummaryList);
      NextToken = page.NextToken;
      if (NextToken) assert.match(NextToken, /^([0-9a-f]{16}){7,64}$/);
    } while (NextToken);
    assert.deepEqual(listed.slice(0, all.length), all);
    const { ImportTableDescription: one } = await ddb.describeImport({ ImportArn: all[3].ImportArn });
    assert.deepEqual(all[3], Object.fromEntries(Object.keys(all[3]).map((name) => [name, one[name]])));
    const { ImportSummaryList: own } = await ddb.listImports({ TableArn: all[3].TableArn });
    assert.deepEqual(own, [all[3]]);
    await fails(ddb.listImports({ NextToken: "0".repeat(16) }), "ValidationException", /at 'nextToken' failed/);
    await fails(ddb.listImports({ PageSize: 26 }), "ValidationException", /at 'pageSize' failed/);
    await fails(ddb.listImports({ TableArn: "arn:nothing" }), "ValidationException", /./);
  });

  test("while it is CREATING the table can be described, and not used or changed", async () => {
    const lines = Array.from({ length: 8000 }, (_, i) => `{"Item":{"id":{"S":"${i}"},"n":{"N":"${i}"}}}\n`);
    const request = input(bucket({ "a.json": lines.join("") }));
    const { ImportTableDescription } = await ddb.importTable(request);
    const { TableName } = request.TableCreationParameters;
    const { Table } = await ddb.describeTable({ TableName });
    assert.equal(Table.TableStatus, "CREATING");
    const Key = { id: { S: "x" } };
    for (const use of [
      () => ddb.getItem({ TableName, Key }),
      () => ddb.putItem({ TableName, Item: Key }),
      () => ddb.scan({ TableName }),
      () => ddb.batchGetItem({ RequestItems: { [TableName]: { Keys: [Key] } } }),
      () => ddb.transactWriteItems({ TransactItems: [{ Put: { TableName, Item: Key } }] }),
    ]) {
      await fails(use(), "ResourceNotFoundException", "Requested resource not found");
    }
    const creating = `Attempt to change a resource which is still in use: Table is being created: ${TableName}`;
    await fails(ddb.deleteTable({ TableName }), "ResourceInUseException", creating);
    await fails(ddb.updateTable({ TableName, DeletionProtectionEnabled: true }), "ResourceInUseException", creating);
    assert.equal((await finished(ImportTableDescription)).ImportStatus, "COMPLETED");
    assert.equal((await ddb.describeTable({ TableName })).Table.ItemCount, 8000);
  });

  test("no half-written file is left", () => {
    // With the types, links are not followed: some of the buckets' lead back up, and names alone would go round and round.
    const seen = readdirSync(path.join(data, "s3"), { recursive: true, withFileTypes: true });
    assert.ok(seen.some(({ name }) => name === "up"));
    assert.deepEqual(seen.filter(({ name }) => name.includes(".turntable-")), []);
    assert.ok(existsSync(path.join(data, "import-errors")));
  });
});

test("a server that is killed goes on with the import when it starts again", { skip }, async () => {
  const data = temporaryFolder();
  after(() => rmSync(data, { recursive: true, force: true }));
  const total = 9000;
  mkdirSync(path.join(data, "s3", "large"), { recursive: true });
  for (let file = 0; file < 3; file++) {
    const lines = Array.from({ length: total / 3 }, (_, i) => `{"Item":{"id":{"S":"${file}-${i}"},"n":{"N":"${i}"}}}\n`);
    writeFileSync(path.join(data, "s3", "large", `${file}.json`), lines.join(""));
  }
  const args = ["--data", data];
  let server = await startServer({ args });
  let ddb = makeClient(server.endpoint);
  const TableName = uniqueName();
  const { ImportTableDescription } = await ddb.importTable({
    S3BucketSource: { S3Bucket: "large" },
    InputFormat: "DYNAMODB_JSON",
    TableCreationParameters: {
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    },
  });
  const { ImportArn } = ImportTableDescription;
  let before = 0;
  for (let kills = 0; kills < 2; kills++) {
    // Somewhere in the middle, further than the last time.
    const { ImportedItemCount, ImportStatus } = await until(async () => {
      const { ImportTableDescription: now } = await ddb.describeImport({ ImportArn });
      return now.ImportedItemCount > before && now;
    });
    assert.equal(ImportStatus, "IN_PROGRESS", "it was over before it could be killed");
    before = ImportedItemCount;
    ddb.destroy();
    server.child.kill("SIGKILL");
    await server.child.finished;
    server = await startServer({ args });
    ddb = makeClient(server.endpoint);
  }
  const done = await until(async () => {
    const { ImportTableDescription: now } = await ddb.describeImport({ ImportArn });
    return now.ImportStatus !== "IN_PROGRESS" && now;
  });
  assert.deepEqual(
    [done.ImportStatus, done.ImportedItemCount, done.ProcessedItemCount, done.ErrorCount],
    ["COMPLETED", total, total, 0],
  );
  assert.equal((await ddb.describeTable({ TableName })).Table.ItemCount, total);
  const { Count } = await pages((page) => ddb.scan(page), { TableName, Select: "COUNT" });
  assert.equal(Count, total);
  ddb.destroy();
  await server.stop();
});

test("a server in memory imports what was put through S3, and keeps no list of what it could not take", { skip }, async () => {
  const { ddb, endpoint } = await open({ args: ["--in-memory"] });
  const { s3, bucket } = openS3(endpoint);
  const S3Bucket = await bucket();
  await s3.putObject({ Bucket: S3Bucket, Key: "a.json", Body: '{"Item":{"id":{"S":"a"}}}\n{"Item":{"no":{"S":"key"}}}\n' });
  const TableName = uniqueName();
  const { ImportTableDescription } = await ddb.importTable({
    S3BucketSource: { S3Bucket },
    InputFormat: "DYNAMODB_JSON",
    TableCreationParameters: {
      TableName,
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    },
  });
  const { ImportArn } = ImportTableDescription;
  const done = await until(async () => {
    const { ImportTableDescription: told } = await ddb.describeImport({ ImportArn });
    return told.ImportStatus !== "IN_PROGRESS" && told;
  });
  assert.deepEqual([done.ImportStatus, done.FailureCode, done.ImportedItemCount, done.ErrorCount], ["FAILED", "ItemValidationError", 1, 1]);
  assert.deepEqual((await ddb.scan({ TableName })).Items, [{ id: { S: "a" } }]);
});
