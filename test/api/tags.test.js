// TagResource, UntagResource, ListTagsOfResource, and the Tags of CreateTable.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fails, gone, invalid, open, tableInput, uniqueName } from "../lib/turntable.js";

const { ddb, made, table } = await open();
const wrong = "One or more parameter values were invalid: ";

const arnOf = async (TableName) => (await ddb.describeTable({ TableName })).Table.TableArn;
const tagged = async (keys = { pk: "S" }, description) => {
  const TableName = await table(keys, description);
  return arnOf(TableName);
};

/** All tags of a resource, and how many pages they took. */
async function list(ResourceArn) {
  const all = {};
  let NextToken;
  let pages = 0;
  do {
    const page = await ddb.listTagsOfResource({ ResourceArn, NextToken });
    for (const { Key, Value } of page.Tags) {
      assert.ok(!(Key in all), `${Key} is told twice`);
      all[Key] = Value;
    }
    NextToken = page.NextToken;
    pages++;
  } while (NextToken);
  return { all, pages };
}

const many = (count, from = 0) => Array.from({ length: count }, (_, i) => ({ Key: `key-${from + i}`, Value: `value ${from + i}` }));

describe("tags", () => {
  test("are added, changed and removed", async () => {
    const arn = await tagged();
    assert.deepEqual((await list(arn)).all, {});
    await ddb.tagResource({ ResourceArn: arn, Tags: [{ Key: "team", Value: "music" }, { Key: "stage", Value: "" }] });
    assert.deepEqual((await list(arn)).all, { team: "music", stage: "" });
    await ddb.tagResource({ ResourceArn: arn, Tags: [{ Key: "stage", Value: "test" }, { Key: "Team", Value: "other" }] });
    assert.deepEqual((await list(arn)).all, { team: "music", stage: "test", Team: "other" });
    await ddb.untagResource({ ResourceArn: arn, TagKeys: ["team", "was never there"] });
    assert.deepEqual((await list(arn)).all, { stage: "test", Team: "other" });
  });

  test("of CreateTable are those of the table", async () => {
    const arn = await tagged({ pk: "S" }, { Tags: [{ Key: "team", Value: "music" }] });
    assert.deepEqual((await list(arn)).all, { team: "music" });
  });

  test("end with their table", async () => {
    const TableName = uniqueName();
    made.push(TableName);
    const input = { ...tableInput({ pk: "S" }), TableName };
    const { TableDescription } = await ddb.createTable({ ...input, Tags: many(1) });
    await ddb.deleteTable({ TableName });
    await gone(ddb, TableName);
    await ddb.createTable(input);
    assert.deepEqual((await list(TableDescription.TableArn)).all, {});
  });

  test("are told ten at a time, whatever is removed between pages", async () => {
    const arn = await tagged({ pk: "S" }, { Tags: many(50) });
    const { all, pages } = await list(arn);
    assert.deepEqual(all, Object.fromEntries(many(50).map(({ Key, Value }) => [Key, Value])));
    assert.equal(pages, 5);

    const first = await ddb.listTagsOfResource({ ResourceArn: arn });
    await ddb.untagResource({ ResourceArn: arn, TagKeys: first.Tags.map((tag) => tag.Key) });
    const second = await ddb.listTagsOfResource({ ResourceArn: arn, NextToken: first.NextToken });
    assert.equal(second.Tags.length, 10);
    assert.ok(second.Tags.every((tag) => !first.Tags.some((other) => other.Key === tag.Key)));
  });

  test("are 50 at most", async () => {
    const arn = await tagged({ pk: "S" }, { Tags: many(49) });
    const tooMany = `${wrong}Number of tags exceeds the limit of 50 per table`;
    await invalid(ddb.tagResource({ ResourceArn: arn, Tags: many(2, 49) }), tooMany);
    assert.equal(Object.keys((await list(arn)).all).length, 49);
    await ddb.tagResource({ ResourceArn: arn, Tags: many(50) });
    await invalid(ddb.tagResource({ ResourceArn: arn, Tags: many(1, 50) }), tooMany);
    await invalid(ddb.tagResource({ ResourceArn: arn, Tags: many(51) }), tooMany);
    await invalid(ddb.createTable({ ...tableInput({ pk: "S" }), TableName: uniqueName(), Tags: many(51) }), tooMany);
  });

  test("have keys of 1 to 128 and values of up to 256 characters, whatever their bytes", async () => {
    const arn = await tagged();
    const tag = (Key, Value) => ddb.tagResource({ ResourceArn: arn, Tags: [{ Key, Value }] });
    await tag("ä".repeat(128), "日".repeat(256));
    assert.deepEqual((await list(arn)).all, { ["ä".repeat(128)]: "日".repeat(256) });
    await invalid(
      tag("", "v"),
      "1 validation error detected: Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
    await invalid(
      tag("k".repeat(129), "v".repeat(257)),
      `2 validation errors detected: Value '${"k".repeat(129)}' at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128; ` +
        `Value '${"v".repeat(257)}' at 'tags.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 256`,
    );
    await invalid(
      ddb.untagResource({ ResourceArn: arn, TagKeys: ["a", "k".repeat(129)] }),
      `1 validation error detected: Value '${"k".repeat(129)}' at 'tagKeys.2.member' failed to satisfy constraint: Member must have length less than or equal to 128`,
    );
  });

  test("have letters, blanks, digits and some signs", async () => {
    const arn = await tagged();
    const tag = (Key, Value) => ddb.tagResource({ ResourceArn: arn, Tags: [{ Key, Value }] });
    await tag("Aa 9+-=._:/", "Zz 0+-=._:/");
    for (const [Key, Value] of [["a*", "v"], ["a", "v?"], ["{a}", "v"]]) {
      await invalid(tag(Key, Value), `${wrong}Tags have letters, white space, numbers and the characters + - = . _ : / only: ${Key}`);
    }
    for (const Key of ["aws:a", "AWS:a", "aWs:"]) await invalid(tag(Key, "v"), `${wrong}Tag keys that begin with aws: are reserved: ${Key}`);
    await tag("aws", "v");
  });

  test("of one request differ in their keys", async () => {
    const arn = await tagged();
    const Tags = [{ Key: "a", Value: "1" }, { Key: "a", Value: "2" }];
    await invalid(ddb.tagResource({ ResourceArn: arn, Tags }), `${wrong}Duplicate tag key: a`);
    await invalid(ddb.createTable({ ...tableInput({ pk: "S" }), TableName: uniqueName(), Tags }), `${wrong}Duplicate tag key: a`);
    assert.deepEqual((await list(arn)).all, {});
  });

  test("are one at least", async () => {
    const arn = await tagged();
    await invalid(ddb.tagResource({ ResourceArn: arn, Tags: [] }), "The number of tags must be at least 1");
    await invalid(ddb.untagResource({ ResourceArn: arn, TagKeys: [] }), "The number of tags must be at least 1");
  });

  test("that are missing are told of together", async () => {
    await invalid(
      ddb.tagResource({}),
      "2 validation errors detected: Value null at 'resourceArn' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'tags' failed to satisfy constraint: Member must not be null",
    );
    await invalid(
      ddb.untagResource({}),
      "2 validation errors detected: Value null at 'resourceArn' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'tagKeys' failed to satisfy constraint: Member must not be null",
    );
    await invalid(ddb.listTagsOfResource({}), "1 validation error detected: Value null at 'resourceArn' failed to satisfy constraint: Member must not be null");
  });

  test("a token that no page gave is refused", async () => {
    const ResourceArn = await tagged();
    for (const NextToken of ["?", "", "abc"]) await invalid(ddb.listTagsOfResource({ ResourceArn, NextToken }), "The NextToken is invalid");
  });

  test("writes go on while tags change", async () => {
    const TableName = await table({ pk: "S" });
    const ResourceArn = await arnOf(TableName);
    await Promise.all([
      ...Array.from({ length: 20 }, (_, i) => ddb.tagResource({ ResourceArn, Tags: [{ Key: `k${i}`, Value: "v" }] })),
      ...Array.from({ length: 20 }, (_, i) => ddb.putItem({ TableName, Item: { pk: { S: `${i}` } } })),
    ]);
    assert.equal(Object.keys((await list(ResourceArn)).all).length, 20);
    assert.equal((await ddb.scan({ TableName })).Count, 20);
  });
});

describe("the resource", () => {
  const each = [
    (ResourceArn) => ddb.tagResource({ ResourceArn, Tags: [{ Key: "a", Value: "b" }] }),
    (ResourceArn) => ddb.untagResource({ ResourceArn, TagKeys: ["a"] }),
    (ResourceArn) => ddb.listTagsOfResource({ ResourceArn }),
  ];

  test("is an ARN of a table", async () => {
    const arn = await tagged();
    for (const bad of ["table", arn.split("/")[1], `${arn}/index/abc`, `${arn}/`, `${arn}/stream/`, "arn:aws:s3:::bucket", "arn:aws:dynamodb", `${arn}$`]) {
      for (const request of each) await invalid(request(bad), `Invalid TableArn: Invalid ResourceArn provided as input ${bad}`);
    }
    const long = "a".repeat(1284);
    for (const request of each) {
      await invalid(
        request(long),
        `1 validation error detected: Value '${long}' at 'resourceArn' failed to satisfy constraint: Member must have length less than or equal to 1283`,
      );
    }
  });

  test("is there", async () => {
    const missing = `${await tagged()}x`;
    for (const request of each) {
      await fails(request(missing), "ResourceNotFoundException", `Requested resource not found: ResourcArn: ${missing} not found`);
    }
  });

  test("is no stream", async () => {
    const TableName = await table({ pk: "S" }, { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" } });
    const { LatestStreamArn } = (await ddb.describeTable({ TableName })).Table;
    for (const request of each) await invalid(request(LatestStreamArn), `Invalid TableArn: Invalid ResourceArn provided as input ${LatestStreamArn}`);
  });
});
