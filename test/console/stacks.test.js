// Stacks in the console: what they have, what happened to them, and how they go.

import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { makeCloudFormation, roleResource, settled, tableResource, template } from "../lib/stacks.js";
import { temporaryFolder } from "../lib/server.js";
import { assertAccessible, startConsole } from "./lib/browser.js";

const folder = temporaryFolder();
let site, cfn;
before(async () => {
  site = await startConsole({ args: ["--data", folder] });
  cfn = makeCloudFormation(site.endpoint);
});
after(async () => {
  await site?.stop();
  rmSync(folder, { recursive: true });
});

const row = (page, text) => page.getByRole("row").filter({ hasText: text });

async function create(StackName, Resources, more = {}, options = {}) {
  await cfn.createStack({ StackName, TemplateBody: template(Resources, more), Capabilities: ["CAPABILITY_IAM"], ...options });
  return settled(cfn, StackName);
}

const nothing = { Type: "AWS::Lambda::Function", Properties: { Runtime: "nodejs20.x", Handler: "i.h", Role: { "Fn::GetAtt": ["Role", "Arn"] }, Code: { ZipFile: "//" } } };

describe("a stack", () => {
  it("tells its resources, what is only recorded of them, and what it was made of", async () => {
    const more = { Description: "Songs", Parameters: { Stage: { Type: "String" } }, Outputs: { Where: { Value: { Ref: "Songs" }, Export: { Name: "songs" } } } };
    await create("app", { Role: roleResource(), Songs: tableResource("AppSongs"), Resize: nothing }, more, { Parameters: [{ ParameterKey: "Stage", ParameterValue: "<b>dev</b>" }] });
    const page = await site.signedIn({ path: "/stacks" });
    await row(page, "CDKToolkit").waitFor();
    await assertAccessible(page);
    await page.getByRole("link", { name: "app", exact: true }).click();
    await page.getByText("1 resource is recorded and not run").waitFor();
    await row(page, "Resize").getByText("Recorded, not run").waitFor();
    assert.match(await row(page, "Songs").getByRole("link", { name: "AppSongs" }).getAttribute("href"), /\/console\/tables\/AppSongs$/);
    await assertAccessible(page);

    await page.getByRole("tab", { name: "Outputs" }).click();
    await row(page, "Where").getByText("AppSongs").waitFor();
    await page.getByRole("tab", { name: "Parameters" }).click();
    await row(page, "Stage").getByText("<b>dev</b>").waitFor();
    await page.getByRole("tab", { name: "Template" }).click();
    await page.getByText('"Resources"').first().waitFor();
    await assertAccessible(page);

    await cfn.createChangeSet({ StackName: "app", ChangeSetName: "shrink", Capabilities: ["CAPABILITY_IAM"], TemplateBody: template({ Role: roleResource(), Songs: tableResource("AppSongs") }) });
    await page.getByRole("tab", { name: "Change sets" }).click();
    await page.getByRole("button", { name: "shrink" }).click();
    await row(page, "Resize").getByText("Remove", { exact: true }).waitFor();
    await page.getByRole("radio", { name: "Select shrink" }).check();
    await page.getByRole("button", { name: "Execute" }).click();
    await page.getByText("UPDATE_COMPLETE", { exact: true }).first().waitFor(); // live
    await page.getByRole("tab", { name: "Resources" }).click();
    await row(page, "Role").waitFor();
    assert.equal(await row(page, "Resize").count(), 0);
    await page.done();
  });

  it("tells in its events why it failed", async () => {
    await create("twice", { A: tableResource("AppSongs") });
    const page = await site.signedIn({ path: "/stacks/twice?tab=events" });
    const cause = row(page, "Likely root cause");
    await cause.waitFor();
    assert.match(await cause.innerText(), /CREATE_FAILED[^]*AppSongs/);
    await assertAccessible(page);
    await page.done();
  });

  it("is deleted after its name was typed, live, and is found among the deleted", async () => {
    await create("old", { A: tableResource("OldSongs") }, {}, { EnableTerminationProtection: true });
    const page = await site.signedIn({ path: "/stacks/old?tab=events" });
    await page.getByRole("button", { name: "Unprotect" }).click();
    await page.getByText("The stack old is not protected any more.").waitFor();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").fill("ol");
    assert.equal(await dialog.getByRole("button", { name: "Delete" }).isDisabled(), true);
    await dialog.getByRole("textbox").fill("old");
    await dialog.getByRole("button", { name: "Delete" }).click();
    await row(page, "AWS::CloudFormation::Stack").getByText("DELETE_COMPLETE").waitFor(); // of the stack itself
    await page.getByRole("link", { name: "Stacks" }).first().click();
    await row(page, "app").first().waitFor();
    assert.equal(await page.getByRole("link", { name: "old", exact: true }).count(), 0);
    await page.getByText("Deleted", { exact: true }).click();
    await page.getByRole("link", { name: "old", exact: true }).click();
    await page.getByText("DELETE_COMPLETE", { exact: true }).first().waitFor();
    await page.done();
  });

  it("leads to the stacks in it, and they to it", async () => {
    const bucket = path.join(folder, "s3", "templates");
    mkdirSync(bucket, { recursive: true });
    writeFileSync(path.join(bucket, "inner.json"), template({ T: tableResource() }));
    await create("outer", { Inner: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "https://s3.us-east-1.amazonaws.com/templates/inner.json" } } });
    const page = await site.signedIn({ path: "/stacks/outer" });
    await row(page, "Inner").getByRole("link").click();
    await page.getByText("Parent stack").waitFor();
    await row(page, "AWS::DynamoDB::Table").waitFor();
    assert.equal(await page.getByRole("button", { name: "Delete", exact: true }).count(), 0);
    await page.reload(); // a stack's id in the address
    await page.getByRole("link", { name: "outer", exact: true }).click();
    await page.getByRole("heading", { name: "outer" }).waitFor();
    await page.done();
  });

  it("that is not there is told so in the server's words", async () => {
    const page = await site.signedIn({ path: "/stacks/nowhere" });
    await page.getByText("Stack with id nowhere does not exist").waitFor();
    await page.done();
  });
});
