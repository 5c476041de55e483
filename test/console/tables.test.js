// Tables in the console: the six that an example deploys, one made by the form with an index that comes and goes, deleted again; its
// stream as the SDK writes; what is shown where something is refused.

import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { DynamoDB, waitUntilTableNotExists } from "@aws-sdk/client-dynamodb";
import { IAM } from "@aws-sdk/client-iam";
import { S3 } from "@aws-sdk/client-s3";
import { run } from "../lib/process.js";
import { debian } from "../lib/programs.js";
import { credentials, region, temporaryFolder, turntable } from "../lib/server.js";
import { assertAccessible, startConsole } from "./lib/browser.js";

const template = fileURLToPath(new URL("../../examples/music/template.json", import.meta.url));
const markup = `<img src=x onerror="document.title='hit'"><b>bold</b>`;

const cdk = createRequire(new URL("../deploy/lib.js", import.meta.url)); // the packages of the tests that deploy

const folder = temporaryFolder(); // buckets are on the disk
after(() => rmSync(folder, { recursive: true }));

let site, ddb, env;

/** Deploys a template. */
async function deploy(file, stack) {
  const child = turntable(["deploy", file, "--stack-name", stack], { env });
  assert.deepEqual(await child.finished, { code: 0, signal: null }, child.output.stderr);
}

before(async () => {
  site = await startConsole({ args: ["--data", path.join(folder, "data")] });
  ddb = new DynamoDB({ endpoint: site.endpoint, region, credentials, maxAttempts: 1 });
  const { accessKeyId, secretAccessKey } = credentials;
  env = { AWS_ENDPOINT_URL: site.endpoint, AWS_REGION: region, AWS_DEFAULT_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  await deploy(template, "music");
});
after(async () => {
  ddb?.destroy();
  await site?.stop();
});

const button = (at, name) => at.getByRole("button", { name, exact: true });
const tab = (page, name) => page.getByRole("tab", { name, exact: true }).click();
const dialog = (page) => page.getByRole("dialog");
const table = (page, name) => page.getByRole("grid", { name, exact: true });
const row = (page, list, text) => table(page, list).getByRole("row").filter({ hasText: text });
const notice = (page, text) => page.getByRole("region", { name: "Notices" }).getByText(text).first().waitFor();

/** Chooses one of a select's options. */
async function choose(at, label, option) {
  await at.getByRole("button", { name: label }).click();
  await at.page().getByRole("option", { name: option }).click();
}

/** Confirms what asks for a word. */
async function confirm(page) {
  await dialog(page).getByLabel("To confirm, type “confirm”").fill("confirm");
  await button(dialog(page), "Delete").click();
  await dialog(page).waitFor({ state: "hidden" });
}

describe("the list", () => {
  it("shows the six tables of the workshop", async () => {
    const page = await site.signedIn();
    await page.getByRole("button", { name: "DynamoDB" }).first().waitFor();
    await page.getByRole("link", { name: "Tables", exact: true }).first().click();
    const names = ["FavouriteTable", "PlaybackHistoryTable", "PlaylistTable", "PlaylistTrackTable", "TrackTable", "UserTable"];
    await table(page, "Tables").getByRole("link", { name: "UserTable" }).waitFor();
    assert.deepEqual(await table(page, "Tables").getByRole("link").allTextContents(), names);
    await assertAccessible(page);

    await page.getByLabel("Find tables").fill("playlist");
    await page.getByText("2 matches").first().waitFor();
    assert.deepEqual(await table(page, "Tables").getByRole("link").allTextContents(), ["PlaylistTable", "PlaylistTrackTable"]);
    await page.done();
  });
});

/** Fills the form of a new table with keys, both kinds of indexes and settings. */
async function fillForm(page, name) {
  await page.getByLabel("Table name").fill(name);
  await page.getByLabel("Partition key", { exact: true }).fill(markup);
  await button(page, "Add a sort key").click();
  await page.getByLabel("Sort key", { exact: true }).fill("at");
  await choose(page.locator("form"), "Type of sort key", "Number");
  await button(page, "Add local index").click();
  await page.getByLabel("Index sort key", { exact: true }).fill("title");
  await page.getByLabel("Deletion protection").check();
  await page.getByLabel("Time to live attribute").fill("ends");
}

/** What the button beside a code copies. */
async function copied(page, label) {
  await button(page, `Copy ${label}`).click();
  return page.evaluate(() => navigator.clipboard.readText());
}

const byName = (a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b));
const capacity = ({ ReadCapacityUnits, WriteCapacityUnits }) => ({ ReadCapacityUnits, WriteCapacityUnits });

/** What a table was made to be. */
async function made(TableName) {
  const { Table } = await ddb.describeTable({ TableName });
  const { Tags } = await ddb.listTagsOfResource({ ResourceArn: Table.TableArn });
  const indexes = [...(Table.GlobalSecondaryIndexes ?? []), ...(Table.LocalSecondaryIndexes ?? [])];
  const { TimeToLiveDescription: ttl } = await ddb.describeTimeToLive({ TableName });
  const { ContinuousBackupsDescription: backups } = await ddb.describeContinuousBackups({ TableName });
  return {
    attributes: Table.AttributeDefinitions.toSorted(byName),
    keys: Table.KeySchema,
    indexes: indexes.map(({ IndexName, KeySchema, Projection, ProvisionedThroughput: units }) => [IndexName, KeySchema, Projection.ProjectionType, Projection.NonKeyAttributes?.toSorted(), units && capacity(units)]),
    ProvisionedThroughput: capacity(Table.ProvisionedThroughput),
    stream: Table.StreamSpecification,
    ttl: ttl.AttributeName,
    recovery: backups.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus,
    Tags: Tags.filter(({ Key }) => !Key.startsWith("aws:")),
  };
}

async function remove(TableName) {
  await ddb.deleteTable({ TableName });
  await waitUntilTableNotExists({ client: ddb, minDelay: 1, maxDelay: 1, maxWaitTime: 60 }, { TableName });
}

describe("a table's life", () => {
  it("is made by the form, gets an index and loses it, and is deleted", async () => {
    const page = await site.signedIn({ path: "/create-table" });
    await page.getByLabel("Table name").fill("a");
    await button(page.locator("form"), "Create table").click();
    await page.getByText("Some fields are not right yet").waitFor();
    await page.getByText("The name has from 3 to 255").waitFor();
    await fillForm(page, "Plays");
    await page.locator(".ace_content").filter({ hasText: "--table-name Plays" }).waitFor();
    await assertAccessible(page);
    await button(page.locator("form"), "Create table").click();
    await page.getByRole("heading", { name: "Plays", exact: true }).waitFor();
    await page.getByText(`${markup} (String)`).waitFor();

    const { Table: made } = await ddb.describeTable({ TableName: "Plays" });
    assert.deepEqual(made.KeySchema, [{ AttributeName: markup, KeyType: "HASH" }, { AttributeName: "at", KeyType: "RANGE" }]);
    assert.deepEqual(made.LocalSecondaryIndexes.map(({ IndexName }) => IndexName), ["title-index"]);
    assert.equal(made.BillingModeSummary.BillingMode, "PAY_PER_REQUEST");
    assert.equal(made.DeletionProtectionEnabled, true);
    const { TimeToLiveDescription } = await ddb.describeTimeToLive({ TableName: "Plays" });
    assert.equal(TimeToLiveDescription.AttributeName, "ends");

    await tab(page, "Indexes");
    await button(page, "Create index").click();
    await dialog(page).getByLabel("Index partition key", { exact: true }).fill("artist");
    await button(dialog(page), "Add sort key attribute").click();
    await dialog(page).getByLabel("Index sort key", { exact: true }).fill("at");
    assert.equal(await dialog(page).getByRole("button", { name: "Type of index sort key" }).isDisabled(), true); // a number, in the table too
    await assertAccessible(page);
    await button(dialog(page), "Create index").click();
    await row(page, "Indexes", "artist-at-index").getByText("Active").waitFor();
    const { Table: grown } = await ddb.describeTable({ TableName: "Plays" });
    assert.deepEqual(grown.GlobalSecondaryIndexes[0].KeySchema, [{ AttributeName: "artist", KeyType: "HASH" }, { AttributeName: "at", KeyType: "RANGE" }]);

    await row(page, "Indexes", "artist-at-index").getByRole("radio").check();
    await button(page, "Delete").click();
    await confirm(page);
    await row(page, "Indexes", "artist-at-index").waitFor({ state: "detached" });
    assert.equal((await ddb.describeTable({ TableName: "Plays" })).Table.GlobalSecondaryIndexes, undefined);

    await page.getByRole("link", { name: "Tables", exact: true }).first().click();
    await row(page, "Tables", "Plays").getByRole("checkbox").check();
    await button(page, "Delete").click();
    await button(dialog(page), "Turn off the protection").click();
    await dialog(page).getByRole("heading", { name: "Delete the table Plays?" }).waitFor();
    await dialog(page).getByLabel("Make a backup first").check();
    await confirm(page);
    await row(page, "Tables", "Plays").waitFor({ state: "detached" });
    await assert.rejects(ddb.describeTable({ TableName: "Plays" }), { name: "ResourceNotFoundException" });
    const { BackupSummaries } = await ddb.listBackups({ TableName: "Plays" });
    assert.match(BackupSummaries[0].BackupName, /^Plays-\d{14}$/);
    await page.done();
  });

  it("is the same by the form, by the CLI's command and by the CDK's code that stand below it", async () => {
    const page = await site.signedIn({ path: "/create-table" });
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const TableName = "Same.table-1";
    await fillForm(page, TableName);
    await page.getByLabel("Partition key", { exact: true }).fill("it's \"a\" key, $HOME");
    await page.getByLabel("Deletion protection").uncheck();
    await page.getByRole("radio", { name: "Provisioned" }).check();
    await page.getByLabel("Write capacity units", { exact: true }).fill("9");
    await button(page, "Add global index").click();
    await page.getByLabel("Index partition key", { exact: true }).fill("artist");
    await page.getByRole("radio", { name: "Include" }).last().check();
    await page.getByLabel("Included attributes").fill("title, a b");
    await choose(page.locator("form"), "Stream", "New and old images");
    await page.getByLabel("Point-in-time recovery").check();
    await button(page, "Add new tag").click();
    await page.getByRole("combobox").first().fill("team");
    await page.getByRole("combobox").nth(1).fill("music co: a=b");

    const command = await copied(page, "AWS CLI");
    await tab(page, "AWS CDK");
    const code = await copied(page, "AWS CDK");
    const paths = { PATH: process.env.PATH.replace(/^/, `${path.dirname(debian("aws"))}:`) };
    const { code: status, stderr } = await run("sh", ["-ec", command.replaceAll(/\naws /g, "\naws --output json ")], { env: { ...env, ...paths, AWS_PAGER: "", HOME: folder } });
    assert.equal(status, 0, stderr);
    const byCommand = await made(TableName);

    const { App, Stack } = cdk("aws-cdk-lib");
    const app = new App({ outdir: path.join(folder, "cdk.out") });
    new Function("dynamodb", code.replace(/^import .*$/m, "")).call(new Stack(app, "Same", { env: { region, account: "000000000000" } }), cdk("aws-cdk-lib/aws-dynamodb"));
    const synthesised = app.synth().getStackByName("Same").template;
    delete synthesised.Parameters; // of the bootstrap
    delete synthesised.Rules;
    const file = path.join(folder, "same.json");
    writeFileSync(file, JSON.stringify(synthesised));
    await remove(TableName);
    await deploy(file, "same");
    assert.deepEqual(await made(TableName), byCommand);

    await remove(TableName);
    await button(page.locator("form"), "Create table").click();
    await page.getByRole("heading", { name: TableName, exact: true }).waitFor();
    assert.deepEqual(await made(TableName), byCommand);
    assert.deepEqual(byCommand.Tags, [{ Key: "team", Value: "music co: a=b" }]);
    assert.equal(byCommand.ProvisionedThroughput.WriteCapacityUnits, 9);
    await page.done();
  });

  it("shows in the server's words what it refuses", async () => {
    const page = await site.signedIn({ path: "/create-table" });
    await page.getByLabel("Table name").fill("TrackTable");
    await page.getByLabel("Partition key", { exact: true }).fill("id");
    await button(page.locator("form"), "Create table").click();
    await page.getByText("Table already exists: TrackTable").waitFor();
    await page.goto(site.url(`/tables/${encodeURIComponent(markup)}`));
    await page.getByRole("heading", { name: markup }).waitFor();
    await page.getByText("ValidationException").first().waitFor();
    assert.notEqual(await page.title(), "hit");
    await page.done();
  });
});

describe("who may not do all", () => {
  it("sees what they may, and why not the rest", async () => {
    const iam = new IAM({ endpoint: site.endpoint, region, credentials, maxAttempts: 1 });
    const Statement = [
      { Effect: "Allow", Action: ["dynamodb:ListTables", "dynamodb:DescribeTable", "turntable:ExplainDenial"], Resource: "*" },
      { Effect: "Deny", Action: "dynamodb:DescribeTable", Resource: "arn:aws:dynamodb:*:*:table/UserTable" },
    ];
    await iam.createUser({ UserName: "reader" });
    await iam.putUserPolicy({ UserName: "reader", PolicyName: "reading", PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }) });
    const { AccessKey } = await iam.createAccessKey({ UserName: "reader" }).finally(() => iam.destroy());
    const page = await site.signedIn({ path: "/tables", key: { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey } });
    await row(page, "Tables", "PlaybackHistoryTable").getByText("Active").waitFor();
    await row(page, "Tables", "UserTable").waitFor();
    assert.equal(await row(page, "Tables", "UserTable").getByText("Active").count(), 0);
    await page.goto(site.url("/tables/TrackTable?tab=backups"));
    await page.getByText("is not authorized to perform: dynamodb:ListBackups").waitFor();
    assert.equal(await page.getByText("There are no backups").count(), 0);
    await button(page, "Why").click();
    await page.getByRole("group", { name: "How it was decided" }).getByText("dynamodb:ListBackups").first().waitFor();
    await page.done();
  });
});

describe("a table's page", () => {
  it("follows a stream live, and pauses", async () => {
    const TableName = "UserTable";
    const page = await site.signedIn({ path: `/tables/${TableName}?tab=streams` });
    await button(page, "Turn on stream").click();
    await button(dialog(page), "Turn on").click();
    await page.getByText("Following", { exact: true }).waitFor();
    await ddb.putItem({ TableName, Item: { id: { S: markup }, n: { N: "12345678901234567890123456789012345678" } } });
    const live = (text) => row(page, "Live records", text);
    await live("INSERT").getByText(JSON.stringify(markup).slice(1, 20)).first().waitFor();
    await live("INSERT").getByText("12345678901234567890123456789012345678").waitFor();

    await button(page, "Pause").click();
    await page.getByText("Paused", { exact: true }).waitFor();
    await ddb.deleteItem({ TableName, Key: { id: { S: markup } } });
    assert.equal(await live("REMOVE").count(), 0);
    await button(page, "Go on").click();
    await live("REMOVE").waitFor();
    await live("REMOVE").getByRole("radio").check();
    await page.getByRole("group", { name: "Old image" }).getByText('"S": "<img src=x').waitFor();
    await assertAccessible(page);
    assert.equal(await page.getByRole("img", { name: "x" }).count(), 0);

    await button(page, "Turn off stream").click();
    await button(dialog(page), "Turn off").click();
    await button(page, "Turn on stream").waitFor();
    assert.equal((await ddb.describeTable({ TableName })).Table.StreamSpecification, undefined);
    await page.done();
  });

  it("makes a backup, restores it, and deletes it", async () => {
    const page = await site.signedIn({ path: "/tables/TrackTable?tab=backups" });
    await button(page, "Create backup").click();
    await dialog(page).getByLabel("Backup name").fill("first");
    await button(dialog(page), "Create backup").click();
    await row(page, "Backups on demand", "first").getByText("Available").waitFor();
    await row(page, "Backups on demand", "first").getByRole("radio").check();
    await button(page, "Restore").click();
    await dialog(page).getByLabel("Name of the new table").fill("TrackTableAgain");
    await button(dialog(page), "Restore").click();
    await notice(page, "The table TrackTableAgain is being restored");
    assert.ok((await ddb.describeTable({ TableName: "TrackTableAgain" })).Table);

    await page.getByRole("link", { name: "Backups", exact: true }).click();
    await row(page, "Backups", "first").getByRole("link", { name: "TrackTable", exact: true }).waitFor();
    await assertAccessible(page);
    await row(page, "Backups", "first").getByRole("radio").check();
    await button(page, "Delete").click();
    await confirm(page);
    await row(page, "Backups", "first").waitFor({ state: "detached" });

    await page.goto(site.url("/tables/TrackTable?tab=backups"));
    await button(page, "Edit").click();
    await dialog(page).getByLabel("Point-in-time recovery").check();
    await dialog(page).getByLabel("Recovery period in days").fill("7");
    await button(dialog(page), "Save").click();
    await button(page, "Restore to a point in time").click();
    await dialog(page).getByLabel("Name of the new table").fill("TrackTable");
    await button(dialog(page), "Restore").click();
    await dialog(page).getByText("TableAlreadyExistsException").waitFor();
    await button(dialog(page), "Cancel").click();
    const { ContinuousBackupsDescription: kept } = await ddb.describeContinuousBackups({ TableName: "TrackTable" });
    assert.equal(kept.PointInTimeRecoveryDescription.RecoveryPeriodInDays, 7);
    await assertAccessible(page);
    await page.done();
  });

  it("exports to a bucket, and a table is imported from there", async () => {
    const s3 = new S3({ endpoint: site.endpoint, region, credentials, forcePathStyle: true });
    await s3.createBucket({ Bucket: "exports" }).finally(() => s3.destroy());
    const TableName = "PlaylistTrackTable";
    await ddb.putItem({ TableName, Item: { playlistId: { S: markup }, trackId: { S: "1" } } });
    const page = await site.signedIn({ path: `/tables/${TableName}?tab=exports` });
    await button(page, "Turn on").click();
    await page.getByText("Exports need point-in-time recovery").waitFor({ state: "detached" });
    await button(page, "Export to S3").click();
    await dialog(page).getByLabel("Bucket").fill("nowhere");
    await button(dialog(page), "Export to S3").click();
    await row(page, "Exports to S3", "nowhere").getByText("Failed").waitFor();
    await assertAccessible(page);
    await button(page, "Export to S3").click();
    await dialog(page).getByLabel("Bucket").fill("exports");
    await button(dialog(page), "Export to S3").click();
    await row(page, "Exports to S3", "exports").getByText("Completed").waitFor();
    const { ExportArn } = (await ddb.listExports({})).ExportSummaries.find(({ ExportStatus }) => ExportStatus === "COMPLETED");

    await page.getByRole("link", { name: "Imports from S3" }).click();
    await page.getByRole("link", { name: "Import from S3", exact: true }).click();
    await page.locator("form").getByLabel("Bucket").fill("exports");
    await page.getByLabel("Prefix").fill(`AWSDynamoDB/${ExportArn.split("/").at(-1)}/data/`);
    await choose(page.locator("form"), "Compression", "GZIP");
    await page.getByLabel("Table name").fill("Imported");
    await page.getByLabel("Partition key", { exact: true }).fill("playlistId");
    await assertAccessible(page);
    await button(page, "Import").click();
    await row(page, "Imports from S3", "Imported").getByText("Completed").waitFor();
    const { Items } = await ddb.scan({ TableName: "Imported" });
    assert.deepEqual(Items, [{ playlistId: { S: markup }, trackId: { S: "1" } }]);
    await page.done();
  });

  it("draws what was counted", async () => {
    for (let i = 0; i < 3; i++) await ddb.putItem({ TableName: "PlaybackHistoryTable", Item: { userId: { S: markup }, timestamp: { S: String(i) } } });
    const page = await site.signedIn({ path: "/tables/PlaybackHistoryTable?tab=metrics" });
    await page.getByRole("heading", { name: "Latency of PutItem" }).waitFor();
    await page.getByRole("application", { name: "Latency of PutItem" }).waitFor(); // there is none where nothing was counted
    await page.getByRole("application", { name: "Consumed write capacity" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("tooltip").getByText("0 units per second").waitFor(); // an hour ago
    await assertAccessible(page);
    await page.goto(site.url("/tables/PlaybackHistoryTable?tab=metrics&minutes=180"));
    await page.getByRole("button", { name: /^Time Last 3 hours$/ }).waitFor();
    await page.getByRole("application", { name: "Latency of PutItem" }).waitFor();
    await page.done();
  });

  it("edits tags, time to live, capacity and the policy", async () => {
    const TableName = "PlaylistTable";
    const page = await site.signedIn({ path: `/tables/${TableName}?tab=tags` });
    const { TableArn } = (await ddb.describeTable({ TableName })).Table;
    await button(page, "Add new tag").click();
    await page.getByRole("combobox").first().fill("team");
    await page.getByRole("combobox").nth(1).fill("music");
    await button(page, "Save").click();
    await notice(page, "The tags were saved");
    await page.getByRole("button", { name: "Tags of AWS CloudFormation" }).click();
    await page.getByText("aws:cloudformation:stack-name").waitFor();
    const { Tags } = await ddb.listTagsOfResource({ ResourceArn: TableArn });
    assert.deepEqual(Tags.filter(({ Key }) => !Key.startsWith("aws:")), [{ Key: "team", Value: "music" }]);
    await assertAccessible(page);

    await tab(page, "Time to live");
    await button(page, "Turn on time to live").click();
    await dialog(page).getByLabel("Attribute").fill("ends");
    await button(dialog(page), "Turn on").click();
    await button(page, "Turn off time to live").waitFor();
    await page.getByText("ends", { exact: true }).waitFor();

    await button(page, "Actions").click();
    await page.getByRole("menuitem", { name: "Edit capacity" }).click();
    await dialog(page).getByRole("radio", { name: "Provisioned" }).check();
    await dialog(page).getByLabel("Read capacity units", { exact: true }).fill("7");
    await button(dialog(page), "Save").click();
    await tab(page, "Overview");
    await page.getByText("Provisioned (7 read, 5 write)").waitFor();
    await assertAccessible(page);

    await tab(page, "Permissions");
    await button(page, "Insert an example").click();
    await page.locator(".ace_content").filter({ hasText: "dynamodb:GetItem" }).waitFor();
    await button(page, "Save").click();
    await notice(page, "The policy of the table was saved");
    const { Policy, RevisionId } = await ddb.getResourcePolicy({ ResourceArn: TableArn });
    assert.equal(JSON.parse(Policy).Statement[0].Sid, "Read");
    await assertAccessible(page);

    // Someone else saves another meanwhile: this one is not written over it.
    const other = Policy.replace("Read", "Other");
    await ddb.putResourcePolicy({ ResourceArn: TableArn, Policy: other, ExpectedRevisionId: RevisionId });
    await button(page, "Delete").click();
    await dialog(page).getByLabel("To confirm, type “confirm”").fill("confirm");
    await button(dialog(page), "Delete").click();
    await dialog(page).getByText("PolicyNotFoundException").waitFor();
    assert.match((await ddb.getResourcePolicy({ ResourceArn: TableArn })).Policy, /Other/);
    await page.done();
  });
});
