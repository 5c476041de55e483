// The frame of the console: signing in and out, deep links, light and dark, what axe says.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { assertAccessible, startConsole } from "./lib/browser.js";

let site;
before(async () => (site = await startConsole()));
after(async () => site?.stop());

describe("signing in", () => {
  it("takes an access key, keeps only what ends, and signs out", async () => {
    const page = await site.signedIn();
    await page.getByRole("heading", { name: /^Tables/ }).waitFor();
    const kept = await page.evaluate(() => ({ local: { ...localStorage }, tab: { ...sessionStorage } }));
    assert.deepEqual(Object.keys(kept.local).filter((name) => /session|key|secret|token/i.test(name)), []);
    assert.match(JSON.parse(kept.tab["turntable.session"]).accessKeyId, /^ASIA/);
    assert.doesNotMatch(JSON.stringify(kept), /turntableTestSecret/);
    await page.getByRole("button", { name: "root" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByLabel("Access key ID").waitFor();
    await page.done();
  });

  it("shows in the server's words that a key is wrong", async () => {
    const page = await site.open();
    await page.goto(site.url("/"));
    await page.getByLabel("Access key ID").fill("AKIANOBODYKNOWS00000");
    await page.getByLabel("Secret access key").fill("wrong");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByText("The security token included in the request is invalid").waitFor();
    await assertAccessible(page);
    await page.done();
  });
});
