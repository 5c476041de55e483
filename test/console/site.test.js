// How a browser sees the console's site: what it keeps, what the first view costs, and what pages of strangers get at.

import { after, test } from "node:test";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { chromium } from "playwright-core";
import { printed } from "../lib/process.js";
import { startServer } from "../lib/server.js";

const BUDGET = 1_500_000; // bytes on the wire until the first view stands

const server = await startServer();
after(() => server.stop());
const { port } = new URL(server.endpoint);

// A stranger's name that resolves to this machine, as DNS rebinding has it.
const rebound = `http://rebound.example:${port}`;
const browser = await chromium.launch({
  executablePath: process.env.TURNTABLE_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--host-resolver-rules=MAP rebound.example 127.0.0.1"],
});
after(() => browser.close());

async function newPage() {
  const context = await browser.newContext();
  after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  return page;
}

/** A stranger's page, whose HTML this is; resolves with its address. */
async function strangersPage(html) {
  const site = createServer((request, answer) => answer.setHeader("content-type", "text/html").end(html)).listen(0, "127.0.0.1");
  after(() => (site.closeAllConnections(), site.close()));
  await once(site, "listening");
  return `http://127.0.0.1:${site.address().port}/`;
}

/** What came over the wire for the page, its parts included: [{ name, wire, size }]. */
const loaded = (page) =>
  page.evaluate(() =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map((entry) => ({
      name: new URL(entry.name).pathname,
      wire: entry.transferSize,
      size: entry.decodedBodySize,
    })),
  );

test("the first view is small, and the second takes all but the page itself from the browser's memory", async () => {
  const page = await newPage();
  await page.goto(server.endpoint, { waitUntil: "networkidle" });
  assert.match(page.url(), new RegExp(`^${server.endpoint}/console/`));
  const first = await loaded(page);
  const wire = first.reduce((sum, entry) => sum + entry.wire, 0);
  assert.ok(wire > 10_000 && wire < BUDGET, `${wire} bytes`);
  assert.ok(first.length > 3);
  assert.ok(first.every((entry) => entry.size < 2_000 || entry.wire < entry.size || /\.woff2$/.test(entry.name)), "all is packed");

  const second = await page.context().newPage();
  await second.goto(`${server.endpoint}/console/`, { waitUntil: "networkidle" });
  const again = (await loaded(second)).filter((entry) => entry.name.startsWith("/console/assets/"));
  assert.ok(again.length > 1);
  assert.deepEqual(again.filter((entry) => entry.wire > 0), []);
});

test("no page of a stranger shows the console in a frame", async () => {
  const page = await newPage();
  await page.goto(await strangersPage(`<iframe src="${server.endpoint}/console/"></iframe>`), { waitUntil: "load" });
  const frame = page.frames().find((one) => one !== page.mainFrame());
  assert.doesNotMatch(await frame.content(), /turntable/i);
  assert.match(frame.url(), /^chrome-error:/);
});

test("no page of a stranger redeems a link, not even one that it knows", async () => {
  const [, Token] = await printed(server.child, /^turntable: console: \S+\/link\/([\w-]+)$/m);
  const redeem = (page, endpoint) =>
    page.evaluate(
      async ([address, token]) => {
        const body = new URLSearchParams({ Action: "RedeemSignInLink", Version: "2026-11-26", Token: token });
        const answer = await fetch(address, { method: "POST", body });
        const text = await answer.text();
        return { status: answer.status, message: /<Message>(.*?)<\/Message>/.exec(text)?.[1] };
      },
      [endpoint, Token],
    );

  const elsewhere = await newPage();
  await elsewhere.goto(await strangersPage("<p>a stranger's</p>"));
  assert.deepEqual(await redeem(elsewhere, server.endpoint), { status: 403, message: "Sign-in links are good only for the console's own pages" });

  const renamed = await newPage();
  await renamed.goto(`${rebound}/console/icon.svg`);
  assert.deepEqual(await redeem(renamed, rebound), { status: 403, message: "Sign-in links are good only at 127.0.0.1, localhost or [::1]" });

  const own = await newPage();
  await own.goto(`${server.endpoint}/console/icon.svg`);
  assert.equal((await redeem(own, server.endpoint)).status, 200); // it was not used up
});

test("the console's pages reach no other origin", async () => {
  const page = await newPage();
  const stranger = await strangersPage("{}");
  await page.goto(`${server.endpoint}/console/`);
  const refused = page.waitForEvent("console", (message) => /Content Security Policy/.test(message.text()));
  assert.equal(await page.evaluate((address) => fetch(address, { mode: "no-cors" }).then(() => "sent", () => "refused"), stranger), "refused");
  await refused;
  const scripts = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    const image = document.createElement("img");
    image.setAttribute("onerror", "window.ran = true");
    image.src = "data:,";
    document.body.append(image);
    return new Promise((resolve) => image.addEventListener("error", () => setTimeout(() => resolve(window.ran), 0)));
  });
  assert.equal(scripts, undefined);
});
