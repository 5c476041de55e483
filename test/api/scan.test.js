// Scan: paging, parallel segments, filters, Select. Scans of indexes are in indexes.test.js.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fails, invalid, open, pages } from "../lib/turntable.js";

const { ddb, doc, table } = await open();

const many = await table({ pk: "S", sk: "N" });
const count = 300;
// 75 partitions of four items, so that pages end within partitions.
const names = [];
for (let start = 0; start < count; start += 25) {
  const items = Array.from({ length: 25 }, (_, i) => {
    const n = start + i;
    names.push(`p${n >> 2}/${n & 3}`);
    return { pk: `p${n >> 2}`, sk: n & 3, n, even: n % 2 === 0 };
  });
  await doc.batchWrite({ RequestItems: { [many]: items.map((Item) => ({ PutRequest: { Item } })) } });
}
names.sort();
const nameOf = ({ pk, sk }) => `${pk}/${sk}`;

const scan = (more) => doc.scan({ TableName: many, ...more });
const scanAll = (more) => pages((page) => doc.scan(page), { TableName: many, ...more });

describe("Scan", () => {
  test("returns every item once", async () => {
    const all = await scan();
    assert.deepEqual(all.Items.map(nameOf).sort(), names);
    assert.deepEqual([all.Count, all.ScannedCount, all.LastEvaluatedKey], [count, count, undefined]);
  });

  test("keeps the items of a partition together, in the order of their sort keys", async () => {
    const { Items } = await scan();
    for (let i = 0; i < count; i += 4) {
      assert.deepEqual(Items.slice(i, i + 4).map((item) => item.pk), Array(4).fill(Items[i].pk));
      assert.deepEqual(Items.slice(i, i + 4).map((item) => item.sk), [0, 1, 2, 3]);
    }
  });

  test("has the same order every time", async () => {
    assert.deepEqual((await scan()).Items, (await scan()).Items);
  });

  test("of an empty table is empty", async () => {
    const TableName = await table({ pk: "S" });
    const answer = await ddb.scan({ TableName });
    assert.deepEqual([answer.Items, answer.Count, answer.ScannedCount, answer.LastEvaluatedKey], [[], 0, 0, undefined]);
  });

  test("of a table that does not exist is refused", async () => {
    await fails(doc.scan({ TableName: "no-such-table" }), "ResourceNotFoundException", "Requested resource not found");
  });
});

describe("paging", () => {
  for (const Limit of [1, 7, 100, 300, 1000]) {
    test(`by a Limit of ${Limit} covers every item once`, async () => {
      const all = await scanAll({ Limit });
      assert.deepEqual(all.Items.map(nameOf).sort(), names);
      assert.equal(all.pages, Math.floor(count / Limit) + 1);
    });
  }

  test("LastEvaluatedKey is the key of the last item", async () => {
    const page = await scan({ Limit: 5 });
    const { pk, sk } = page.Items[4];
    assert.deepEqual(page.LastEvaluatedKey, { pk, sk });
  });

  test("goes on correctly when the last item was deleted between the pages", async () => {
    const TableName = await table({ pk: "S" });
    for (let i = 0; i < 10; i++) await doc.put({ TableName, Item: { pk: `k${i}` } });
    const first = await doc.scan({ TableName, Limit: 4 });
    await doc.delete({ TableName, Key: first.LastEvaluatedKey });
    const rest = await doc.scan({ TableName, ExclusiveStartKey: first.LastEvaluatedKey });
    assert.equal(new Set([...first.Items, ...rest.Items].map((i) => i.pk)).size, 10);
    assert.equal(rest.Count, 6);
  });

  test("by 1 MB", async () => {
    const TableName = await table({ pk: "S" });
    const body = "x".repeat(200_000);
    for (let i = 0; i < 12; i++) await doc.put({ TableName, Item: { pk: `k${i}`, body } });
    const first = await doc.scan({ TableName });
    assert.equal(first.Count, 6);
    assert.deepEqual(first.LastEvaluatedKey, { pk: first.Items[5].pk });
    const all = await pages((page) => doc.scan(page), { TableName });
    assert.equal(new Set(all.Items.map((i) => i.pk)).size, 12);
    assert.equal(all.Count, 12);
  });

  test("by 1 MB of what is read, whatever a filter leaves of it", async () => {
    const TableName = await table({ pk: "S" });
    const body = "x".repeat(200_000);
    for (let i = 0; i < 8; i++) await doc.put({ TableName, Item: { pk: `k${i}`, body } });
    const answer = await doc.scan({ TableName, FilterExpression: "body = :x", ExpressionAttributeValues: { ":x": "x" } });
    assert.deepEqual([answer.Count, answer.ScannedCount], [0, 6]);
    assert.ok(answer.LastEvaluatedKey);
  });

  test("a start of another form than the key is refused", async () => {
    const wrong = "The provided starting key is invalid: The provided key element does not match the schema";
    for (const ExclusiveStartKey of [{ pk: "p0" }, { pk: "p0", sk: 1, n: 1 }, { pk: "p0", n: 1 }, { pk: "p0", sk: "1" }]) {
      await invalid(scan({ ExclusiveStartKey }), wrong);
    }
  });

  test("a limit below 1 is refused", async () => {
    await invalid(
      scan({ Limit: 0 }),
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
  });
});

describe("parallel segments", () => {
  for (const TotalSegments of [1, 2, 3, 4, 7, 16, 100]) {
    test(`${TotalSegments} together cover every item once`, async () => {
      const all = [];
      for (let Segment = 0; Segment < TotalSegments; Segment++) {
        const { Items } = await scanAll({ Segment, TotalSegments, Limit: 11 });
        all.push(...Items.map(nameOf));
      }
      assert.deepEqual(all.sort(), names);
    });
  }

  test("are of about equal size", async () => {
    const sizes = [];
    for (let Segment = 0; Segment < 3; Segment++) sizes.push((await scanAll({ Segment, TotalSegments: 3 })).Count);
    assert.ok(Math.min(...sizes) > 40, `a third of ${count} items each, but ${sizes}`);
  });

  test("a million segments are taken", async () => {
    const { Count } = await scanAll({ Segment: 999_999, TotalSegments: 1_000_000 });
    assert.ok(Count <= count);
  });

  test("a segment outside of the total is refused", async () => {
    await invalid(
      scan({ Segment: 4, TotalSegments: 4 }),
      "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 4 is not less than TotalSegments: 4",
    );
  });

  test("a segment without the total is refused, and the total without a segment", async () => {
    await invalid(
      scan({ Segment: 1 }),
      "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    );
    await invalid(
      scan({ TotalSegments: 2 }),
      "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
    );
  });

  test("more than a million segments, none, and a negative segment are refused", async () => {
    await invalid(
      scan({ Segment: 0, TotalSegments: 1_000_001 }),
      "1 validation error detected: Value '1000001' at 'totalSegments' failed to satisfy constraint: Member must have value less than or equal to 1000000",
    );
    await invalid(
      scan({ Segment: 0, TotalSegments: 0 }),
      "1 validation error detected: Value '0' at 'totalSegments' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
    await invalid(
      scan({ Segment: -1, TotalSegments: 1 }),
      "1 validation error detected: Value '-1' at 'segment' failed to satisfy constraint: Member must have value greater than or equal to 0",
    );
    await invalid(
      scan({ Segment: -1, TotalSegments: 0 }),
      "2 validation errors detected: Value '-1' at 'segment' failed to satisfy constraint: Member must have value greater than or equal to 0; " +
        "Value '0' at 'totalSegments' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
  });

  test("a start that belongs to another segment is refused", async () => {
    const first = await scan({ Segment: 0, TotalSegments: 4, Limit: 1 });
    const { pk, sk } = first.Items[0];
    await invalid(
      scan({ Segment: 3, TotalSegments: 4, ExclusiveStartKey: { pk, sk } }),
      "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: 4 Segment: 3",
    );
  });
});

describe("filters and Select", () => {
  test("a filter leaves Count and ScannedCount", async () => {
    const answer = await scan({ FilterExpression: "even = :yes", ExpressionAttributeValues: { ":yes": true } });
    assert.deepEqual([answer.Count, answer.ScannedCount], [count / 2, count]);
    assert.ok(answer.Items.every((i) => i.even));
  });

  test("a filter on keys is taken", async () => {
    const answer = await scan({ FilterExpression: "pk = :p AND sk > :s", ExpressionAttributeValues: { ":p": "p9", ":s": 1 } });
    assert.deepEqual(answer.Items.map(nameOf), ["p9/2", "p9/3"]);
  });

  test("Limit counts before the filter", async () => {
    const answer = await scan({ FilterExpression: "n < :zero", ExpressionAttributeValues: { ":zero": 0 }, Limit: 9 });
    assert.deepEqual([answer.Count, answer.ScannedCount], [0, 9]);
    assert.ok(answer.LastEvaluatedKey);
  });

  test("COUNT returns no items", async () => {
    const answer = await ddb.scan({ TableName: many, Select: "COUNT" });
    assert.deepEqual([answer.Items, answer.Count], [undefined, count]);
  });

  test("a projection", async () => {
    const answer = await scan({ ProjectionExpression: "n", FilterExpression: "pk = :p", ExpressionAttributeValues: { ":p": "p5" } });
    assert.deepEqual(answer.Items, [{ n: 20 }, { n: 21 }, { n: 22 }, { n: 23 }]);
  });

  test("a consistent read sees what was just written", async () => {
    const TableName = await table({ pk: "S" });
    for (let i = 1; i <= 20; i++) {
      await doc.put({ TableName, Item: { pk: `k${i}` } });
      assert.equal((await doc.scan({ TableName, ConsistentRead: true })).Count, i);
    }
  });

  test("an index that does not exist is refused", async () => {
    await invalid(scan({ IndexName: "nope" }), "The table does not have the specified index: nope");
  });
});
