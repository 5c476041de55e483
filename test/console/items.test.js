// Explore items: reading pages of them, and changing them.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { BatchWriteItemCommand, CreateTableCommand, DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { credentials, region } from "../lib/server.js";
import { assertAccessible, startConsole } from "./lib/browser.js";
import { sources } from "./lib/sources.js";

const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
const KB400 = 390 * 1024;
let site, dynamodb;

before(async () => {
  site = await startConsole();
  dynamodb = new DynamoDBClient({ endpoint: site.endpoint, region, credentials });
  await dynamodb.send(
    new CreateTableCommand({
      TableName: "Tracks",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "artist", AttributeType: "S" }, { AttributeName: "track", AttributeType: "N" }, { AttributeName: "year", AttributeType: "N" }],
      KeySchema: [{ AttributeName: "artist", KeyType: "HASH" }, { AttributeName: "track", KeyType: "RANGE" }],
      GlobalSecondaryIndexes: [{ IndexName: "ByYear", KeySchema: [{ AttributeName: "year", KeyType: "HASH" }], Projection: { ProjectionType: "ALL" } }],
    }),
  );
  const put = (n) => ({ PutRequest: { Item: { artist: { S: "Ella" }, track: { N: String(n) }, year: { N: String(1950 + (n % 10)) }, mood: { S: n % 30 === 29 ? "rare" : "usual" } } } });
  for (let from = 0; from < 75; from += 25) await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { Tracks: Array.from({ length: 25 }, (_, i) => put(from + i)) } }));
  await dynamodb.send(
    new PutItemCommand({
      TableName: "Tracks",
      Item: { artist: { S: MARKUP }, track: { N: "1" }, link: { S: "javascript:document.title=3" }, big: { S: `${MARKUP}${"x".repeat(KB400)}` }, bytes: { B: new Uint8Array([1, 2, 3]) }, mixed: { NULL: true } },
    }),
  );
});
after(async () => {
  dynamodb?.destroy();
  await site?.stop();
});

const facts = (page) => page.getByText(/returned of/);
const dataRows = (page) => page.getByRole("grid", { name: "Items" }).getByRole("row").filter({ has: page.getByRole("checkbox", { name: /^Select (?!all)/ }) });

async function choose(page, label, option) {
  await page.getByRole("button", { name: label, exact: false }).first().click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

describe("exploring items", () => {
  it("pages through what a query found, and counts honestly", async () => {
    const page = await site.signedIn({ path: "/items" });
    await choose(page, "Table Choose a table", "Tracks");
    await facts(page).filter({ hasText: "50 returned of 50 read" }).waitFor();
    await page.getByRole("radio", { name: "Query" }).or(page.getByRole("button", { name: "Query", exact: true })).first().click();
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText("A query needs this value").waitFor();
    await page.getByRole("textbox", { name: "Value of artist" }).fill("Ella");
    await page.getByRole("textbox", { name: "Value of track" }).fill("9.5");
    await page.getByRole("button", { name: "Comparison of track" }).click();
    await page.getByRole("option", { name: "> greater", exact: true }).click();
    await page.getByRole("button", { name: "Filters", exact: true }).click();
    await page.getByRole("button", { name: "Add filter" }).click();
    await page.getByRole("textbox", { name: "Attribute of filter 1" }).fill("mood");
    await page.getByRole("textbox", { name: "Value of filter 1" }).fill("rare");
    await page.getByRole("button", { name: "Run" }).click();
    await facts(page).filter({ hasText: "2 returned of 50 read" }).waitFor();
    assert.match(await facts(page).innerText(), /capacity unit.* ms .*More items follow/);
    assert.equal(await dataRows(page).count(), 2);
    await assertAccessible(page);
    await page.getByRole("button", { name: "Next page" }).click();
    await facts(page).filter({ hasText: "0 returned of 15 read" }).filter({ hasText: "This is the last page" }).filter({ hasText: "2 pages so far: 2 of 65" }).waitFor();
    await page.getByText("No item of this page passes the filters.").waitFor();
    const address = page.url();
    await page.goto(address); // the address holds all of it
    await facts(page).filter({ hasText: "2 returned of 50 read" }).waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Value of filter 1" }).inputValue(), "rare");
    await page.goBack();
    await page.done();
  });

  it("sorts a page, searches on over pages without a match, and shows markup and long texts as texts", async () => {
    const page = await site.signedIn({ path: `/items?table=Tracks&limit=10&filter=${encodeURIComponent('["artist","<>","S","Ella"]')}` });
    const empty = page.getByRole("button", { name: "Search on" });
    await facts(page).first().waitFor();
    if (await empty.count()) await empty.click(); // whichever partition comes first
    await page.getByRole("link", { name: MARKUP }).waitFor();
    await page.getByRole("grid", { name: "Items" }).getByText("javascript:document.title=3", { exact: true }).waitFor();
    assert.equal(await page.locator("a[href^=javascript]").count(), 0);
    const cell = page.getByRole("gridcell").filter({ hasText: "<script>document" }).last();
    assert.ok((await cell.innerText()).length < 200);
    await page.getByRole("button", { name: "Show all of big" }).click();
    const dialog = page.getByRole("dialog", { name: "Value of big" });
    assert.equal((await dialog.getByRole("group", { name: "Value of big" }).innerText()).length, MARKUP.length + KB400);
    await dialog.getByRole("button", { name: "Close" }).last().click();
    assert.match(await page.title(), /^Explore items/);
    assert.equal(await page.locator("main img, main script").count(), 0);

    await page.goto(site.url(`/items?table=Tracks&mode=query&limit=25&key=${encodeURIComponent('["artist","=","Ella"]')}`));
    await facts(page).filter({ hasText: "25 returned" }).waitFor();
    const first = () => dataRows(page).first().getByText(/^\d+$/).first().innerText();
    assert.equal(await first(), "0");
    await page.getByRole("button", { name: /^track \(Number\)/ }).first().click();
    await page.getByRole("button", { name: /^track \(Number\)/ }).first().click();
    await page.getByText("sorts the items of this page only").waitFor();
    assert.equal(await first(), "24");

    const column = page.getByRole("columnheader", { name: /^mood/ });
    assert.equal(await column.count(), 1);
    await page.getByRole("button", { name: "Preferences" }).click();
    await page.getByRole("dialog", { name: "Preferences" }).getByLabel("mood", { exact: true }).uncheck();
    await assertAccessible(page);
    await page.getByRole("button", { name: "Confirm" }).click();
    await column.waitFor({ state: "detached" });
    await page.reload();
    await facts(page).filter({ hasText: "25 returned" }).waitFor();
    assert.equal(await column.count(), 0);
    await page.done();
  });

  it("shows who may read only what they may, and why saving is denied", async () => {
    const iam = new IAMClient({ endpoint: site.endpoint, region, credentials });
    await iam.send(new CreateUserCommand({ UserName: "reader" }));
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["dynamodb:DescribeTable", "dynamodb:GetItem"], Resource: "*" }] });
    await iam.send(new PutUserPolicyCommand({ UserName: "reader", PolicyName: "read", PolicyDocument }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "reader" }));
    iam.destroy();
    const key = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
    const page = await site.signedIn({ key, path: `/items/edit?table=Tracks&key=${Buffer.from('{"artist":{"S":"Ella"},"track":{"N":"3"}}').toString("base64url")}` });
    await page.getByRole("textbox", { name: "Value of mood" }).fill("mine");
    await page.getByRole("button", { name: "Review and save" }).click();
    const dialog = page.getByRole("dialog", { name: "Review changes" });
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await dialog.getByText(/is not authorized to perform: dynamodb:UpdateItem/).waitFor();
    await dialog.getByRole("button", { name: "Why" }).click();
    await dialog.getByRole("group", { name: "How it was decided" }).filter({ hasText: "dynamodb:UpdateItem" }).waitFor();
    await page.done();
  });

  it("says in the server's words what is refused", async () => {
    const page = await site.signedIn({ path: `/items?table=Tracks&filter=${encodeURIComponent('["a","between","N","2","1"]')}` });
    await page.getByText(/BETWEEN operator requires upper bound/).waitFor();
    await page.goto(site.url("/items?table=Nowhere"));
    await page.getByText("Requested resource not found: Table: Nowhere not found").waitFor();
    await page.done();
  });
});

const DIGITS = "12345678901234567890123456789012345678";
const get = async (Key) => (await dynamodb.send(new GetItemCommand({ TableName: "Tracks", Key, ConsistentRead: true }))).Item;
const keyText = (key) => Buffer.from(JSON.stringify(key)).toString("base64url");
const editPath = (key) => `/items/edit?table=Tracks&key=${keyText(key)}`;

async function review(page, button, submit) {
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: submit, exact: true }).click();
}

/** Puts a text in place of what the editor of JSON has. */
async function retype(page, change) {
  const editor = page.getByRole("textbox", { name: /^The item as JSON/ }).or(page.locator(".ace_text-input")).first();
  await editor.waitFor({ state: "attached" });
  const text = await page.evaluate(() => document.querySelector(".ace_editor").env.editor.getValue());
  await page.evaluate((next) => document.querySelector(".ace_editor").env.editor.setValue(next, 1), change(text));
}

describe("changing items", () => {
  const key = { artist: { S: "Coltrane" }, track: { N: "7" } };

  it("creates one in the form, all digits of its numbers kept, and duplicates it to another key", async () => {
    const page = await site.signedIn({ path: "/items?table=Tracks&limit=10" });
    await page.getByRole("button", { name: "Create item" }).first().click();
    await page.getByRole("button", { name: "Cancel" }).click(); // nothing is lost: nobody is asked
    await page.getByRole("button", { name: "Create item" }).first().click();
    await page.getByRole("textbox", { name: "Value of artist" }).fill("Coltrane");
    /** What is asked when one is about to leave so; the answer is to stay. */
    const askedBy = async (leave) => {
      const dialog = page.waitForEvent("dialog").then(async (shown) => (await shown.dismiss(), shown.message()));
      return (await Promise.all([dialog, leave()]))[0];
    };
    const { href } = new URL(page.url());
    assert.equal(await askedBy(() => page.getByRole("button", { name: "Cancel" }).click()), "Leave without saving your changes?");
    assert.equal(await askedBy(() => page.evaluate(() => history.back())), "Leave without saving your changes?");
    await page.waitForURL(href);
    assert.equal(await page.getByRole("textbox", { name: "Value of artist" }).inputValue(), "Coltrane");
    await page.getByRole("textbox", { name: "Value of track" }).fill("7x");
    await page.getByText("This is not a number").waitFor();
    assert.ok(await page.getByRole("button", { name: "Review and create" }).isDisabled());
    await page.getByRole("textbox", { name: "Value of track" }).fill("7");
    await page.getByRole("button", { name: "Add attribute" }).click();
    await page.getByRole("textbox", { name: "Name of the new attribute" }).fill("info");
    await page.getByRole("button", { name: "Type of info" }).click();
    await page.getByRole("option", { name: "Map", exact: true }).click();
    await page.getByRole("button", { name: "Add attribute to info" }).click();
    await page.getByRole("textbox", { name: "Name of info." }).fill("plays");
    await page.getByRole("button", { name: "Type of info.plays" }).click();
    await page.getByRole("option", { name: "Number", exact: true }).click();
    await page.getByRole("textbox", { name: "Value of info.plays" }).fill(DIGITS);
    await assertAccessible(page);
    await review(page, "Review and create", "Create");
    await page.getByText("The item was created").waitFor();
    assert.deepEqual(await get(key), { ...key, info: { M: { plays: { N: DIGITS } } } });

    await page.goto(site.url(editPath(key)));
    await page.getByRole("button", { name: "Duplicate" }).click();
    await page.getByRole("heading", { name: "Duplicate item" }).waitFor();
    await review(page, "Review and create", "Create");
    await page.getByText("There is an item with this key already").waitFor();
    await page.getByRole("button", { name: "Take theirs" }).click();
    await page.getByRole("textbox", { name: "Value of track" }).fill("8");
    await review(page, "Review and create", "Create");
    await page.getByText("The item was created").waitFor();
    assert.deepEqual((await get({ ...key, track: { N: "8" } })).info, { M: { plays: { N: DIGITS } } });
    await page.done();
  });

  it("saves nothing over what someone else changed meanwhile, and lets one choose", async () => {
    await dynamodb.send(new PutItemCommand({ TableName: "Tracks", Item: { ...key, mood: { S: "blue" }, tags: { SS: ["a", "b"] }, plays: { N: DIGITS }, gone: { BOOL: true } } }));
    const page = await site.signedIn({ path: editPath(key) });
    await page.getByRole("textbox", { name: "Value of mood" }).fill("green");
    await page.getByRole("button", { name: "Remove gone" }).click();
    await dynamodb.send(new UpdateItemCommand({ TableName: "Tracks", Key: key, UpdateExpression: "SET plays = plays - :n, mood = :m, extra = :e", ExpressionAttributeValues: { ":n": { N: "1" }, ":m": { S: "red" }, ":e": { S: "theirs" } } }));
    await page.getByRole("button", { name: "Review and save" }).click();
    const dialog = page.getByRole("dialog", { name: "Review changes" });
    await dialog.getByRole("row").filter({ hasText: "mood" }).filter({ hasText: "blue" }).filter({ hasText: "green" }).waitFor();
    await assertAccessible(page);
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    const conflict = page.getByRole("table", { name: "Someone changed this item meanwhile" });
    await conflict.getByRole("row").filter({ hasText: "mood" }).filter({ hasText: "blue" }).filter({ hasText: "red" }).filter({ hasText: "green" }).waitFor();
    await conflict.getByRole("row").filter({ hasText: "extra" }).filter({ hasText: "theirs" }).waitFor();
    assert.equal((await get(key)).mood.S, "red");
    await assertAccessible(page);
    await page.getByRole("button", { name: "Put my changes on top of theirs" }).click();
    assert.equal(await page.getByRole("textbox", { name: "Value of extra" }).inputValue(), "theirs");
    await review(page, "Review and save", "Save");
    await page.getByText("The item was saved").waitFor();
    assert.deepEqual(await get(key), { ...key, mood: { S: "green" }, tags: { SS: ["a", "b"] }, plays: { N: "12345678901234567890123456789012345677" }, extra: { S: "theirs" } });

    await page.goto(site.url(editPath(key)));
    await page.getByRole("button", { name: "Remove extra" }).click();
    await dynamodb.send(new DeleteItemCommand({ TableName: "Tracks", Key: key }));
    await review(page, "Review and save", "Save");
    await page.getByText("Someone deleted this item meanwhile").waitFor();
    await page.getByRole("button", { name: "Create it again with mine" }).click();
    await review(page, "Review and create", "Create");
    await page.getByText("The item was created").waitFor();
    assert.equal((await get(key)).extra, undefined);
    await page.done();
  });

  it("marks mistakes in JSON, reads both notations, and deletes only what is as it was read", async () => {
    const item = { ...key, plays: { N: DIGITS }, tags: { SS: ["a", "b"] }, bytes: { B: new Uint8Array([1, 2, 3]) } };
    await dynamodb.send(new PutItemCommand({ TableName: "Tracks", Item: item }));
    const page = await site.signedIn({ path: editPath(key) });
    const look = (name) => page.getByRole("button", { name, exact: true }).click();
    await look("DynamoDB JSON");
    await retype(page, (text) => text.replace(DIGITS, `${DIGITS}9`));
    await page.getByText("A number has at most 38 significant digits").waitFor();
    assert.ok(await page.getByRole("button", { name: "Review and save" }).isDisabled());
    await page.locator(".ace_gutter-cell.ace_error").waitFor();
    await assertAccessible(page);
    await retype(page, (text) => text.replace(`${DIGITS}9`, DIGITS.replace(/8$/, "9")));
    await page.getByText("1 thing is wrong").waitFor({ state: "detached" });
    await look("Plain JSON");
    await page.getByText("Sets are written as lists").waitFor();
    await retype(page, (text) => text.replace('"b"', '"c"').replace("{", '{ "list": [1.10, null],'));
    await review(page, "Review and save", "Save");
    await page.getByText("The item was saved").waitFor();
    assert.deepEqual(await get(key), { ...item, plays: { N: DIGITS.replace(/8$/, "9") }, tags: { SS: ["a", "c"] }, list: { L: [{ N: "1.1" }, { NULL: true }] } });

    await page.goto(site.url(editPath(key)));
    await page.getByRole("textbox", { name: "Value of plays" }).waitFor();
    await dynamodb.send(new UpdateItemCommand({ TableName: "Tracks", Key: key, UpdateExpression: "SET plays = :n", ExpressionAttributeValues: { ":n": { N: "1" } } }));
    const remove = async () => {
      await page.getByRole("button", { name: "Delete", exact: true }).first().click();
      await page.getByRole("dialog").getByRole("textbox").fill("confirm");
      await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    };
    await remove();
    await page.getByRole("table", { name: "Someone changed this item meanwhile" }).waitFor();
    await page.getByRole("button", { name: "Take theirs" }).click();
    await remove();
    await page.getByText("The item was deleted").waitFor();
    assert.equal(await get(key), undefined);
    await page.done();
  });

  it("changes items that are as large as they may be, and of more attributes than a condition compares", async () => {
    const large = { artist: { S: MARKUP }, track: { N: "1" } };
    const page = await site.signedIn({ path: editPath(large) });
    await page.getByRole("textbox", { name: "Value of link" }).fill("changed");
    await review(page, "Review and save", "Save");
    await page.getByText("The item was saved").waitFor();
    const saved = await get(large);
    assert.deepEqual([saved.link.S, saved.big.S.length], ["changed", MARKUP.length + KB400]);

    const many = { artist: { S: "many" }, track: { N: "1" } };
    await dynamodb.send(new PutItemCommand({ TableName: "Tracks", Item: { ...many, ...Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`a${i}`, { N: String(i) }])) } }));
    await page.goto(site.url(editPath(many)));
    await page.getByRole("textbox", { name: "Value of a0", exact: true }).fill("-1");
    await page.getByRole("button", { name: "Review and save" }).click();
    await page.getByText("251 attributes that you did not change are not compared").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("The item was saved").waitFor();
    assert.equal((await get(many)).a0.N, "-1");
    await page.done();
  });

  it("plans changes that the server takes, whatever the size, and that fail when anything written was overtaken", async () => {
    const { planChange } = await sources(["items/change.ts"]);
    const Key = { artist: { S: "planned" }, track: { N: "1" } };
    const attributes = (count, value) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`attribute ${i}`, { S: value }]));
    const send = async (before, after) => {
      for (const step of planChange(Key, before, after).steps) await dynamodb.send(new UpdateItemCommand({ TableName: "Tracks", ...step }));
    };
    for (const [before, after] of [
      [attributes(1000, "a"), attributes(1000, "b")],
      [{}, attributes(1000, "new")],
      [attributes(1000, "old"), {}],
      [attributes(149, "a"), { ...attributes(148, "b") }],
      [{ big: { S: "a".repeat(KB400) } }, { big: { S: "b".repeat(KB400) } }],
      [{ m: { M: { n: { N: "1.0" } } }, s: { NS: ["2", "1"] }, b: { BS: [new Uint8Array([1])] } }, { s: { NS: ["3"] } }],
    ]) {
      const [first, second] = [{ ...Key, ...before }, { ...Key, ...after }];
      await dynamodb.send(new PutItemCommand({ TableName: "Tracks", Item: first }));
      await send(first, second);
      assert.deepEqual(await get(Key), second);
      if (Object.keys(before).length) await assert.rejects(send(first, second), { name: "ConditionalCheckFailedException" });
    }
  });

  it("deletes those that are selected", async () => {
    const page = await site.signedIn({ path: `/items?table=Tracks&mode=query&key=${encodeURIComponent('["artist","=","Ella"]')}&limit=100` });
    await facts(page).filter({ hasText: "75 returned of 75 read" }).waitFor();
    await page.getByRole("checkbox", { name: "Select all" }).check();
    await page.getByRole("checkbox", { name: "Select Ella, 0", exact: true }).uncheck();
    await page.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem", { name: "Delete 74 items" }).click();
    await assertAccessible(page);
    await page.getByRole("dialog").getByRole("textbox").fill("confirm");
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByText("74 items deleted").waitFor();
    await facts(page).filter({ hasText: "1 returned of 1 read" }).waitFor();
    await page.done();
  });
});

describe("files and programs", () => {
  const shop = { TableName: "Shop", Key: { id: { S: "001" } } };
  before(() =>
    dynamodb.send(new CreateTableCommand({ TableName: "Shop", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }] })),
  );

  it("puts the rows of a CSV file with the types that one chooses, and says of each that was not put why", async () => {
    const page = await site.signedIn({ path: "/items?table=Shop" });
    await page.getByText("The table or index has no items.").waitFor();
    await page.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem", { name: "Put items from a file" }).click();
    await page.getByRole("heading", { name: "Put items into Shop" }).waitFor();
    await assertAccessible(page);
    const rows = Array.from({ length: 60 }, (_, i) => `${String(i).padStart(3, "0")},${i === 7 ? "many" : `${DIGITS}`},=1+1,"a ""b"""`);
    const buffer = Buffer.from(`id,count,formula,text\n${rows.join("\n")}\n,1,,\n${"k".repeat(2049)},2,,\n001,3,again,\n`);
    await page.locator("input[type=file]").first().setInputFiles({ name: "shop.csv", mimeType: "text/csv", buffer });
    await page.getByRole("group", { name: "Types of the columns" }).waitFor();
    await page.getByRole("button", { name: "count String" }).click();
    await page.getByRole("option", { name: "Number", exact: true }).click();
    await page.getByText("count: This is not a number").waitFor();
    await assertAccessible(page);
    await page.getByRole("button", { name: "Put the items" }).click();
    await page.getByText("60 items put; 3 rows not, for the reasons below.").waitFor();
    const errors = page.getByRole("table", { name: "Rows that were not put" }).getByRole("row");
    await errors.filter({ hasText: /^9count: This is not a number/ }).waitFor();
    await errors.filter({ hasText: /^62The item needs its key attribute id/ }).waitFor();
    await errors.filter({ hasText: /^63.*(Size of hashkey|hashkey has exceeded)/ }).waitFor();
    const { Item } = await dynamodb.send(new GetItemCommand(shop));
    assert.deepEqual(Item, { id: { S: "001" }, count: { N: "3" }, formula: { S: "again" } });
    const other = await dynamodb.send(new GetItemCommand({ ...shop, Key: { id: { S: "002" } } }));
    assert.deepEqual(other.Item, { id: { S: "002" }, count: { N: DIGITS }, formula: { S: "=1+1" }, text: { S: 'a "b"' } });

    await page.getByRole("button", { name: "Choose another file" }).click();
    await page.getByRole("textbox", { name: "Or paste items" }).fill('[{"id": "001", "count": 9}, {"id": "new", "list": [1]}]');
    await page.getByRole("button", { name: "Use what was pasted" }).click();
    await page.getByRole("checkbox", { name: "Leave items as they are" }).check();
    await page.getByRole("button", { name: "Put the items" }).click();
    await page.getByText("1 item put; 1 row not, for the reasons below.").waitFor();
    await errors.filter({ hasText: "An item with this key exists already" }).waitFor();
    assert.equal((await dynamodb.send(new GetItemCommand(shop))).Item.count.N, "3");

    await page.getByRole("button", { name: "Choose another file" }).click();
    const dataTransfer = await page.evaluateHandle((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "dropped.jsonl"));
      return data;
    }, `{"Item":{"id":{"S":"new"},"set":{"NS":["${DIGITS}"]}}}\n{"Item":{"id":{"S":"bad"},"set":{"NS":["x"]}}}\n`);
    await page.getByText("or drop one here").dispatchEvent("drop", { dataTransfer });
    await page.getByText("dropped.jsonl, ").waitFor();
    await page.getByRole("button", { name: "Put the items" }).click();
    await page.getByText("1 item put; 1 row not, for the reasons below.").waitFor();
    await errors.filter({ hasText: /^2This is not a number/ }).waitFor();
    assert.deepEqual((await dynamodb.send(new GetItemCommand({ ...shop, Key: { id: { S: "new" } } }))).Item, { id: { S: "new" }, set: { NS: [DIGITS] } });
    await page.done();
  });

  it("downloads all that is found, shows it as code, and keeps the queries of the tab", async () => {
    const page = await site.signedIn({ path: "/items?table=Shop&limit=10" });
    await facts(page).filter({ hasText: "10 returned of 10 read" }).waitFor();
    await page.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem", { name: "Download" }).click();
    await page.getByRole("radio", { name: "All that the scan or query finds" }).check();
    await page.getByRole("radio", { name: "DynamoDB JSON" }).check();
    await assertAccessible(page);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("dialog").getByRole("button", { name: "Download", exact: true }).click()]);
    assert.equal(download.suggestedFilename(), "Shop.dynamodb.jsonl");
    const lines = (await readFile(await download.path(), "utf8")).trim().split("\n").map((line) => JSON.parse(line).Item);
    assert.equal(lines.length, 60);
    assert.deepEqual(lines.find(({ id }) => id.S === "002").count, { N: DIGITS });

    await page.getByRole("button", { name: "Copy as code" }).click();
    const code = page.getByRole("dialog", { name: "The query as code" });
    assert.match(await code.getByRole("group", { name: "AWS CLI" }).innerText(), /^aws dynamodb scan \\\n.*--endpoint-url http/s);
    await code.getByRole("tab", { name: "Python" }).click();
    assert.match(await code.getByRole("group", { name: "Python" }).innerText(), /get_paginator\("scan"\)/);
    await assertAccessible(page);
    await code.getByRole("button", { name: "Close" }).click();

    await page.goto(site.url(`/items?table=Shop&filter=${encodeURIComponent('["count",">","N","5"]')}`));
    await facts(page).filter({ hasText: /returned of 60 read|returned of 50 read/ }).waitFor();
    assert.equal(await page.evaluate(() => Object.values(localStorage).some((text) => text.includes("count"))), false);
    await page.getByRole("button", { name: "History" }).click();
    await page.getByRole("link", { name: "Scan Shop: count > greater 5" }).waitFor();
    await assertAccessible(page);
    await page.getByRole("link", { name: "Scan Shop", exact: true }).click();
    await facts(page).filter({ hasText: "10 returned of 10 read" }).waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.done();
  });
});
