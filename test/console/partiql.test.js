// The PartiQL editor: several statements, parameters, pages, and where one is wrong.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { credentials, region } from "../lib/server.js";
import { assertAccessible, startConsole } from "./lib/browser.js";

const hostile = `<img src=x onerror="document.title='broken into'">`;
let site, dynamodb;

before(async () => {
  site = await startConsole();
  dynamodb = new DynamoDBClient({ endpoint: site.endpoint, region, credentials });
  await dynamodb.send(
    new CreateTableCommand({
      TableName: "Music",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "artist", AttributeType: "S" },
        { AttributeName: "song", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "artist", KeyType: "HASH" },
        { AttributeName: "song", KeyType: "RANGE" },
      ],
    }),
  );
  for (let i = 0; i < 30; i++) {
    const song = `Song ${String(i).padStart(2, "0")}`;
    await dynamodb.send(new PutItemCommand({ TableName: "Music", Item: { artist: { S: "Many" }, song: { S: song }, long: { N: "12345678901234567890123456789012345678" } } }));
  }
});
after(async () => {
  dynamodb?.destroy();
  await site?.stop();
});

async function write(page, text) {
  await page.getByRole("button", { name: "Clear", exact: true }).waitFor();
  await page.getByRole("textbox", { name: /^PartiQL statements/ }).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

/** Waits until the one mark of the editor is in the line with this text. */
async function markedIn(page, text) {
  await page.waitForFunction((line) => {
    const mark = document.querySelector(".editor-mark")?.getBoundingClientRect();
    const found = [...document.querySelectorAll(".ace_line")].find(({ textContent }) => textContent.includes(line))?.getBoundingClientRect();
    return mark && found && mark.height > 0 && Math.abs(mark.top - found.top) < found.height / 2;
  }, text);
}

const run = (page) => page.keyboard.press("Control+Enter");

describe("the PartiQL editor", () => {
  let page;
  before(async () => (page = await site.signedIn({ path: "/partiql" })));
  after(async () => {
    if (process.env.PAGE_SHOT) await page.screenshot({ path: process.env.PAGE_SHOT, fullPage: true });
    await page?.done();
  });

  it("begins a statement from a table, and runs several with parameters", async () => {
    await page.getByRole("button", { name: "Statements for Music" }).click();
    await page.getByRole("menuitem", { name: "Insert an item" }).click();
    await page.locator(".ace_content").getByText("INSERT INTO").waitFor();
    await write(page, `INSERT INTO "Music" VALUE {'artist': ?, 'song': 'One; and -- only', 'note': ?};\n\nSELECT * FROM "Music" WHERE artist = ?;`);
    await page.getByRole("textbox", { name: "Statement 1, parameter 1" }).fill("Acme");
    await page.getByRole("textbox", { name: "Statement 1, parameter 2" }).fill(hostile);
    await page.getByRole("textbox", { name: "Statement 2, parameter 1" }).fill("Acme");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.getByRole("tab", { name: /^.*2: SELECT/ }).click();
    const grid = page.getByRole("grid", { name: "Results" });
    await grid.getByText(hostile).waitFor();
    await grid.getByText("One; and -- only").waitFor();
    assert.notEqual(await page.title(), "broken into");
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: "Music", Key: { artist: { S: "Acme" }, song: { S: "One; and -- only" } } }));
    assert.equal(Item.note.S, hostile);
    await assertAccessible(page);
  });

  it("marks where a statement is wrong, and runs nothing behind it", async () => {
    await write(page, `SELECT * FROM "Music" WHERE artist = 'Acme';\n  SELECT *\nFROM "Music" WHERE artist.* = 1;\nDELETE FROM "Music" WHERE artist = 'Acme' AND song = 'One; and -- only'`);
    await run(page);
    await page.getByText(/not supported at 2:27:1/).waitFor();
    await page.getByRole("tab", { name: "Errors: 1" }).waitFor();
    await markedIn(page, 'FROM "Music" WHERE artist.* = 1');
    await page.getByRole("tab", { name: /3: DELETE/ }).click();
    await page.getByText("This was not run, because one before it was refused.").waitFor();
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: "Music", Key: { artist: { S: "Acme" }, song: { S: "One; and -- only" } } }));
    assert.ok(Item);
  });

  it("marks where a statement stops being well formed", async () => {
    await write(page, `SELECT * FROM "Music";\n\n  SELECT *\n  FORM "Music"`);
    await run(page);
    await page.getByText(/Statement wasn't well formed, can't be processed/).waitFor();
    await markedIn(page, 'FORM "Music"');
  });

  it("says that a whole table is read, pages through it, and shows it as JSON", async () => {
    await write(page, `SELECT song, "long" FROM "Music" WHERE song > ' '`);
    await page.getByText("This reads all of Music").waitFor();
    await page.getByText("No condition with = or IN names the partition key artist").waitFor();
    await page.getByRole("button", { name: "Items a page 50 items" }).click();
    await page.getByRole("option", { name: "25 items" }).click();
    await page.getByRole("textbox", { name: /^PartiQL statements/ }).focus();
    await run(page);
    await page.getByText(/^25 items, [\d.]+ capacity unit/).first().waitFor();
    await page.getByRole("button", { name: "Next page" }).click();
    await page.getByText(/^6 items, /).first().waitFor();
    await page.getByRole("button", { name: "JSON", exact: true }).click();
    await page.locator(".ace_content").getByText("12345678901234567890123456789012345678").first().waitFor();
    await page.getByRole("button", { name: "Previous page" }).click();
    await page.getByText(/^25 items, /).first().waitFor();
    await write(page, `SELECT * FROM "Music" WHERE artist IN ['Acme', 'Many']`);
    await page.getByText("This reads all of Music").waitFor({ state: "detached" });
    await page.getByRole("button", { name: /^History/ }).click();
    await page.getByRole("table", { name: "History" }).getByText("ValidationException").first().waitFor();
    await assertAccessible(page);
  });
});
