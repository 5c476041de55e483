// Users, policies and keys; the editor that lints; the simulator; what a user of the console who may little sees.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { IAM } from "@aws-sdk/client-iam";
import { credentials, region } from "../lib/server.js";
import { assertAccessible, startConsole } from "./lib/browser.js";

const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/Favourites";
const own = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "Look", "Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*" },
    { "Sid": "Read", "Effect": "Allow", "Action": ["dynamodb:DescribeTable", "dynamodb:PartiQLSelect"], "Resource": "${arn}" },
    {
      "Sid": "Own",
      "Effect": "Allow",
      "Action": "dynamodb:PutItem",
      "Resource": "${arn}",
      "Condition": { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["\${aws:username}"] } }
    },
    { "Sid": "Never", "Effect": "Deny", "Action": "dynamodb:DeleteTable", "Resource": "*" }
  ]
}`;

let site, dynamodb, iam;

before(async () => {
  site = await startConsole();
  dynamodb = new DynamoDBClient({ endpoint: site.endpoint, region, credentials });
  iam = new IAM({ endpoint: site.endpoint, region, credentials });
  await dynamodb.send(
    new CreateTableCommand({
      TableName: "Favourites",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "owner", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "owner", KeyType: "HASH" }],
    }),
  );
});
after(async () => {
  dynamodb?.destroy();
  iam?.destroy();
  await site?.stop();
});

/** Writes into an editor, in the place of what it has. */
async function write(page, name, text) {
  const editor = page.getByRole("textbox", { name });
  await editor.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

async function confirmDeletion(page) {
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("confirm");
  await dialog.getByRole("button", { name: "Delete" }).click();
  await dialog.waitFor({ state: "detached" });
}

describe("access", () => {
  let page, key;
  before(async () => (page = await site.signedIn({ path: "/access/users" })));
  after(async () => {
    if (process.env.PAGE_SHOT) await page.screenshot({ path: process.env.PAGE_SHOT, fullPage: true });
    await page?.done();
  });

  it("creates a user, and an inline policy that the server reads along", async () => {
    await page.getByText("There are no users.").waitFor();
    await page.getByRole("button", { name: "Create user" }).click();
    await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("ana");
    await page.getByRole("dialog").getByRole("button", { name: "Create user" }).click();
    await page.getByRole("heading", { name: "ana", exact: true }).waitFor();
    await page.getByText("The user has no policies: nothing is allowed.").waitFor();
    await page.getByRole("button", { name: "Create inline policy" }).click();
    const dialog = page.getByRole("dialog", { name: "New inline policy of ana" });
    await dialog.getByRole("textbox", { name: "Policy name" }).fill("own");

    await write(page, /^Policy document/, own.replace("dynamodb:ListTables", "dynamodb:ListTable"));
    await dialog.getByText("DynamoDB has no such action. Is it dynamodb:ListTables?").waitFor();
    await dialog.getByText(/Line 4: statement 1 \(Look\), Action, dynamodb:ListTable:/).waitFor();
    await page.getByRole("tab", { name: "Warnings: 1" }).waitFor();
    await write(page, /^Policy document/, own.replace('"Effect": "Allow"', '"Effect": "Perhaps"'));
    await dialog.getByText("Syntax errors in policy.").waitFor();
    await write(page, /^Policy document/, own.slice(0, -1));
    await dialog.getByText(/This is not JSON/).waitFor();
    await write(page, /^Policy document/, own);
    await dialog.getByText("The document is right, and nothing in it is in vain.").waitFor();
    await assertAccessible(page);
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "own", exact: true }).waitFor();
    const { PolicyDocument } = await iam.getUserPolicy({ UserName: "ana", PolicyName: "own" });
    assert.equal(decodeURIComponent(PolicyDocument), own);
  });

  it("shows the secret of a new access key once", async () => {
    await page.getByRole("tab", { name: "Access keys" }).click();
    await page.getByRole("button", { name: "Create access key" }).click();
    const dialog = page.getByRole("dialog", { name: "Access key created" });
    const text = await dialog.innerText();
    key = { accessKeyId: text.match(/AKIA\w{16}/)[0], secretAccessKey: text.match(/^[\w+/]{40}$/m)[0] };
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await page.getByRole("table", { name: "Access keys" }).getByText(key.accessKeyId).waitFor();
    assert.ok(!(await page.content()).includes(key.secretAccessKey));
    assert.ok(!(await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")).includes(key.secretAccessKey));
    await assertAccessible(page);
  });

  it("lets the user sign in: they see tables, and are told why a write is denied", async () => {
    const second = await site.signedIn({ path: "/tables", key });
    await second.getByRole("link", { name: "Favourites" }).waitFor();
    await second.goto(site.url(`/partiql?statement=${encodeURIComponent(`INSERT INTO "Favourites" VALUE {'owner': 'ana'}`)}`));
    await second.getByRole("button", { name: "Run", exact: true }).click();
    await second.getByText("You may not do this").waitFor();
    await second.getByRole("button", { name: "Why" }).click();
    await second.getByRole("group", { name: "How it was decided" }).getByText(/dynamodb:PartiQLInsert/).waitFor();
    await second.done();
  });

  it("lists decisions, live and filtered, and explains those that denied", async () => {
    await page.goto(site.url("/access/decisions?outcome=Denied"));
    const log = page.getByRole("grid", { name: "Decisions" });
    const row = log.getByRole("row", { name: /dynamodb:PartiQLInsert/ });
    await row.getByText("table/Favourites").waitFor();
    await row.getByText("user/ana").waitFor();
    await row.getByRole("button", { name: /^Explain / }).click();
    const dialog = page.getByRole("dialog", { name: "Why dynamodb:PartiQLInsert was denied" });
    await dialog.getByText(/no identity-based policy allows the dynamodb:PartiQLInsert action/).waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.getByRole("searchbox", { name: "Resource begins with" }).fill("arn:aws:dynamodb:us-east-1:000000000000:table/Other");
    await page.getByText("No decision matches.").waitFor();
    await assertAccessible(page);
    await page.getByRole("searchbox", { name: "Resource begins with" }).fill("");
    await page.getByRole("button", { name: "Which decisions Only denied" }).click();
    await page.getByRole("option", { name: "Only allowed" }).click();
    await log.getByRole("row", { name: /dynamodb:ListTables/ }).first().getByText("own, statement 1 (Look)").waitFor();
    const second = new DynamoDBClient({ endpoint: site.endpoint, region, credentials: key });
    await second.send(new DescribeTableCommand({ TableName: "Favourites" }));
    second.destroy();
    await log.getByRole("row", { name: /dynamodb:DescribeTable/ }).first().waitFor();
  });

  it("simulates what the user may do, and by which statement", async () => {
    await page.goto(site.url("/access/simulator?kind=user&name=ana"));
    for (const action of ["dynamodb:PutItem", "dynamodb:DeleteTable", "dynamodb:Scan"]) {
      await page.getByPlaceholder("dynamodb:PutItem").fill(action);
      await page.keyboard.press("Enter");
    }
    await page.getByRole("textbox", { name: "On which resources" }).fill(arn);
    await page.getByRole("button", { name: "Add these keys" }).click();
    await page.getByRole("textbox", { name: "Values" }).first().fill("ana");
    await page.getByRole("button", { name: "Simulate" }).click();
    const row = (action) => page.getByRole("table", { name: "Results" }).getByRole("row", { name: action });
    await row("dynamodb:PutItem").getByText("Allowed").waitFor();
    await row("dynamodb:PutItem").getByText("own, inline policy of the user ana: statement 3 (Own)").waitFor();
    await row("dynamodb:DeleteTable").getByText("Denied by a statement").waitFor();
    await row("dynamodb:DeleteTable").getByText("statement 4 (Never)").waitFor();
    await row("dynamodb:Scan").getByText("Denied, as no statement allows it").waitFor();
    await page.locator(".editor-range-allow").first().waitFor({ state: "attached" });
    await page.locator(".editor-range-deny").first().waitFor({ state: "attached" });
    await assertAccessible(page);

    await page.getByRole("textbox", { name: "Values" }).first().fill("ben");
    await page.getByRole("button", { name: "Simulate" }).click();
    await row("dynamodb:PutItem").getByText("Denied, as no statement allows it").waitFor();
    await page.reload(); // what was asked is in the address
    await page.getByRole("button", { name: "Simulate" }).click();
    await row("dynamodb:Scan").getByText("Denied, as no statement allows it").waitFor();
  });

  it("creates a policy, changes it, attaches it through a group, and says who uses it", async () => {
    await page.goto(site.url("/access/create-policy"));
    await page.getByRole("textbox", { name: "Name" }).fill("readers");
    await page.getByRole("button", { name: "Create policy" }).click();
    await page.getByRole("heading", { name: "readers", exact: true }).waitFor();
    await write(page, /^Policy document/, own);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Version v2 is saved, and is the default").waitFor();
    await page.getByRole("tab", { name: "Versions" }).click();
    await page.getByRole("button", { name: "Show version v1" }).waitFor();

    await page.goto(site.url("/access/groups"));
    await page.getByRole("button", { name: "Create group" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Name" }).fill("listeners");
    await dialog.getByRole("button", { name: /^Attach policies/ }).click();
    await page.getByRole("option", { name: /readers/ }).click();
    await page.keyboard.press("Escape");
    await dialog.getByRole("button", { name: "Create group" }).click();
    await page.getByRole("heading", { name: "listeners", exact: true }).waitFor();
    await page.getByRole("link", { name: "readers" }).click();
    await page.getByRole("tab", { name: "Used by" }).click();
    await page.getByRole("link", { name: "listeners" }).click();
    await page.getByRole("tab", { name: "Users" }).click();
    await page.getByRole("button", { name: "Add a user" }).click();
    await dialog.getByRole("button", { name: /^Name/ }).click();
    await page.getByRole("option", { name: "ana" }).click();
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("link", { name: "ana" }).click();
    await page.getByText("Group listeners").waitFor();
    await assertAccessible(page);
  });

  it("creates a role with a trust policy, and tags it", async () => {
    await page.goto(site.url("/access/create-role"));
    await page.getByRole("textbox", { name: "Name" }).fill("app");
    await page.getByRole("radio", { name: "A service of AWS" }).check();
    await page.getByText("The document is right, and nothing in it is in vain.").waitFor();
    await assertAccessible(page);
    await page.getByRole("button", { name: "Create role" }).click();
    await page.getByRole("heading", { name: "app", exact: true }).waitFor();
    await page.getByRole("tab", { name: "Tags" }).click();
    await page.getByRole("textbox", { name: "Key" }).fill("team");
    await page.getByRole("textbox", { name: "Value" }).fill("<b>music</b>");
    await page.getByRole("button", { name: "Add tag" }).click();
    await page.getByText("Member must satisfy regular expression pattern").waitFor();
    await page.getByRole("textbox", { name: "Value" }).fill("music");
    await page.getByRole("button", { name: "Add tag" }).click();
    await page.getByRole("table", { name: "Tags" }).getByText("music").waitFor();
    const { Role } = await iam.getRole({ RoleName: "app" });
    assert.match(decodeURIComponent(Role.AssumeRolePolicyDocument), /lambda\.amazonaws\.com/);
  });

  it("deletes a user with all that they have", async () => {
    await page.goto(site.url("/access/users/ana"));
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await confirmDeletion(page);
    await page.getByText("There are no users.").waitFor();
    await assert.rejects(iam.getUser({ UserName: "ana" }), { name: "NoSuchEntityException" });
    const second = await site.open();
    await second.goto(site.url("/"));
    await second.getByLabel("Access key ID").fill(key.accessKeyId);
    await second.getByLabel("Secret access key").fill(key.secretAccessKey);
    await second.getByRole("button", { name: "Sign in", exact: true }).click();
    await second.getByText("The security token included in the request is invalid").waitFor();
    await second.done();
  });
});
