// The frame of the console: how one signs in and out, deep links, light and dark, a server that goes away, what the pages are
// allowed, and how much a first view weighs.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { IAM } from "@aws-sdk/client-iam";
import { printed } from "../lib/process.js";
import { credentials, region, startServer, temporaryFolder, turntable } from "../lib/server.js";
import { assertAccessible, openPage, signIn, startConsole } from "./lib/browser.js";

const BUDGET = 1.5 * 1024 * 1024; // bytes of a first view, as sent

let site;
before(async () => (site = await startConsole()));
after(async () => site?.stop());

const tables = (page) => page.getByRole("heading", { name: /^Tables/ }).waitFor();

describe("signing in", () => {
  it("takes an access key, keeps only what ends, and signs out", async () => {
    const page = await site.signedIn();
    await tables(page);
    const kept = await page.evaluate(() => ({ local: { ...localStorage }, tab: { ...sessionStorage } }));
    assert.deepEqual(Object.keys(kept.local).filter((name) => /session|key|secret|token/i.test(name)), []);
    const session = JSON.parse(kept.tab["turntable.session"]);
    assert.match(session.accessKeyId, /^ASIA/);
    assert.ok(session.expires <= Date.now() + 3600 * 1000 + 5000, "a session ends within an hour");
    assert.ok(!JSON.stringify(kept).includes(credentials.secretAccessKey));
    await assertAccessible(page);
    await page.getByRole("button", { name: "root" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByLabel("Access key ID").waitFor();
    assert.deepEqual(await page.evaluate(() => Object.keys(sessionStorage).filter((name) => name === "turntable.session")), []);
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

  it("comes to the view that was asked for", async () => {
    const page = await site.signedIn({ path: "/connect?shell=fish" });
    assert.equal(page.url(), site.url("/connect?shell=fish"));
    await page.done();
  });

  it("says that a session has ended, and when the server takes it no more", async () => {
    const iam = new IAM({ endpoint: site.endpoint, region, credentials });
    await iam.createUser({ UserName: "leaving" });
    await iam.putUserPolicy({
      UserName: "leaving",
      PolicyName: "all",
      PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } }),
    });
    const { AccessKey } = await iam.createAccessKey({ UserName: "leaving" });
    const page = await site.signedIn({ key: { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey } });
    await tables(page);
    await iam.deleteAccessKey({ UserName: "leaving", AccessKeyId: AccessKey.AccessKeyId });
    await iam.deleteUserPolicy({ UserName: "leaving", PolicyName: "all" });
    await iam.deleteUser({ UserName: "leaving" });
    iam.destroy();
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("Your session has ended").waitFor();
    await page.done();
  });
});

describe("the one-time link", () => {
  it("signs in once, and leaves no trace in the address", async () => {
    const child = turntable(["serve", "--in-memory", "--listen", "127.0.0.1:0"]);
    const [, link] = await printed(child, /^turntable: console: (\S+)$/m);
    const { origin } = new URL(link);
    try {
      const page = await openPage({ origin });
      await page.goto(link);
      await tables(page);
      assert.doesNotMatch(page.url(), /link/);
      const other = await openPage({ origin });
      await other.goto(link);
      await other.getByText("The link did not sign in").waitFor();
      await other.getByText(/was used before/).waitFor();
      await page.done();
      await other.done();
    } finally {
      child.kill("SIGTERM");
      await child.finished;
    }
  });
});

describe("the frame", () => {
  it("needs no mouse: from the sign-in to a view, and out again", async () => {
    const page = await site.open();
    await page.goto(site.url("/"));
    await page.getByLabel("Access key ID").waitFor();
    /** Tabs on until the focus is on what has this role and name. */
    const reach = async (role, name) => {
      for (let steps = 0; steps < 80; steps++) {
        const wanted = page.getByRole(role, { name, exact: true });
        if (await wanted.evaluateAll((found) => found.some((element) => element === document.activeElement || element.contains(document.activeElement)))) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`the focus does not reach the ${role} ${name}`);
    };
    await reach("textbox", "Access key ID");
    await page.keyboard.type(credentials.accessKeyId);
    await page.keyboard.press("Tab");
    await page.keyboard.type(credentials.secretAccessKey);
    await page.keyboard.press("Enter");
    await tables(page);
    await reach("link", "Stacks");
    await page.keyboard.press("Enter");
    await page.waitForURL(site.url("/stacks"));
    await reach("button", "root");
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByLabel("Access key ID").waitFor();
    await page.done();
  });

  it("says so when there is no such page, and leads back", async () => {
    const page = await site.signedIn({ path: "/no/such/view" });
    await page.getByText("The address may be mistyped").waitFor();
    await page.getByRole("button", { name: "Go to the tables" }).click();
    await tables(page);
    await page.goBack();
    await page.getByText("The address may be mistyped").waitFor();
    await page.done();
  });

  it("is light or dark, as the system has it or as chosen, and remembers", async () => {
    const page = await site.signedIn({ colorScheme: "dark" });
    // Of what is seen, not of a class: the colour of the words of a heading.
    const brightness = async () => {
      const heading = page.getByRole("heading", { name: /^Tables/ });
      await heading.waitFor();
      const colour = await heading.evaluate((element) => getComputedStyle(element).color);
      return Math.max(...colour.match(/\d+/g).slice(0, 3).map(Number));
    };
    await page.locator("body.awsui-dark-mode").waitFor();
    assert.ok((await brightness()) > 128, "bright words on a dark page");
    await assertAccessible(page);
    await page.getByRole("button", { name: "Appearance" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Light" }).click();
    await page.locator("body:not(.awsui-dark-mode)").waitFor();
    assert.ok((await brightness()) < 128, "dark words on a bright page");
    await page.reload();
    assert.ok((await brightness()) < 128, "as it was chosen");
    await page.done();
  });

  it("fits a telephone", async () => {
    const page = await site.signedIn({ viewport: { width: 390, height: 800 } });
    await tables(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${overflow} pixels too wide`);
    await page.getByRole("button", { name: "Open navigation" }).click();
    await page.getByRole("link", { name: "Stacks" }).click();
    await page.waitForURL(site.url("/stacks"));
    await assertAccessible(page);
    await page.done();
  });

  it("says that the connection is lost, and goes on by itself when it is back", async () => {
    const folder = temporaryFolder();
    const args = ["--data", folder];
    const first = await startServer({ args });
    const { port, origin } = new URL(first.endpoint);
    const page = await openPage({ origin });
    await page.goto(`${origin}/console/`);
    await signIn(page, credentials);
    await tables(page);
    await first.stop();
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText("The connection to the server is lost").waitFor();
    const child = turntable(["serve", ...args, "--listen", `127.0.0.1:${port}`]);
    try {
      await page.getByText("The connection to the server is lost").waitFor({ state: "hidden" });
      await tables(page);
      await page.done();
    } finally {
      child.kill("SIGTERM");
      await child.finished;
    }
  });
});

describe("the pages", () => {
  it("allow nothing but what is the server's own, and no script in the page", async () => {
    const answer = await fetch(site.url("/"));
    const policy = Object.fromEntries(
      answer.headers.get("content-security-policy").split(/;\s*/).map((part) => {
        const [name, ...values] = part.split(" ");
        return [name, values];
      }),
    );
    assert.deepEqual(policy["default-src"], ["'none'"]);
    for (const values of Object.values(policy)) assert.ok(!values.some((value) => /unsafe|^\*|https?:/.test(value)), values.join(" "));
    assert.deepEqual(policy["script-src"], ["'self'"]);
    assert.doesNotMatch(await answer.text(), /<script(?![^>]*\bsrc=)/);
  });

  it("weigh less than 1.5 MB at the first view, all of it compressed", async () => {
    const page = await site.open();
    const sent = [];
    const client = await page.context().newCDPSession(page);
    await client.send("Network.enable");
    const urls = new Map();
    client.on("Network.responseReceived", ({ requestId, response }) => urls.set(requestId, response));
    client.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => sent.push({ response: urls.get(requestId), size: encodedDataLength }));
    await page.goto(site.url("/"));
    await signIn(page, credentials);
    await tables(page);
    await page.waitForLoadState("networkidle");
    const own = sent.filter(({ response }) => response?.url.startsWith(site.url("/")));
    const total = own.reduce((sum, { size }) => sum + size, 0);
    assert.ok(own.length > 3 && total < BUDGET, `${total} bytes in ${own.length} files`);
    // Of what is tiny, nothing is saved.
    for (const { response } of own.filter(({ response, size }) => size > 2000 && /\.(js|css)$/.test(response.url))) {
      assert.match(response.headers["content-encoding"] ?? response.headers["Content-Encoding"] ?? "", /br|gzip/, response.url);
    }
    await page.done();
  });
});
