// A real browser, Debian's Chromium, on the console of a server of its own.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { credentials, startServer } from "../../lib/server.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Where Debian puts it; TURNTABLE_CHROMIUM names another. */
const executablePath = process.env.TURNTABLE_CHROMIUM ?? "/usr/bin/chromium";

let started;

/** The one browser of this process. */
export function browser() {
  started ??= chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
  return started;
}
export const closeBrowser = async () => (await started)?.close();

/**
 * A page of a person of their own, with its own storage. What the console must never do fails the test when the page is
 * closed: a request to another host than `origin` (or these), an error that nobody caught, something that the pages' policy refused.
 */
export async function openPage({ origin, viewport = { width: 1280, height: 900 }, ...options }) {
  const context = await (await browser()).newContext({ viewport, reducedMotion: "reduce", ...options });
  const wrong = [];
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:"].includes(url.protocol) && ![origin].flat().includes(url.origin)) wrong.push(`a request to ${request.url()}`);
  });
  context.on("weberror", (error) => wrong.push(`uncaught: ${error.error().stack}`));
  context.on("console", (message) => {
    if (/Content Security Policy|violates the following/.test(message.text())) wrong.push(message.text());
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000); // a sanitizer build on a busy machine; tests wait for conditions, not for this
  return Object.assign(page, {
    context: () => context,
    wrong,
    async done() {
      await context.close();
      assert.deepEqual(wrong, []);
    },
  });
}

/**
 * A server with a console: { endpoint, url(path), signedIn(options), stop, ... }. TURNTABLE_CONSOLE names another address of the console
 * with the same server behind it (Vite's, while one works on it).
 */
export async function startConsole(options) {
  const server = await startServer(options);
  const at = process.env.TURNTABLE_CONSOLE ?? server.endpoint;
  const { origin } = new URL(at);
  const url = (path = "/") => `${origin}/console${path}`;

  /** A page at a path, signed in as root, or with another access key. */
  async function signedIn({ path = "/", key = credentials, ...more } = {}) {
    const page = await openPage({ origin, ...more });
    await page.goto(url(path));
    await signIn(page, key);
    return page;
  }
  return { ...server, url, origin, signedIn, open: (more) => openPage({ origin, ...more }) };
}

/** Signs in with an access key, on the page that asks for it. */
export async function signIn(page, { accessKeyId, secretAccessKey }) {
  await page.getByLabel("Access key ID").fill(accessKeyId);
  await page.getByLabel("Secret access key").fill(secretAccessKey);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("navigation", { name: "Navigation" }).first().waitFor({ state: "attached" });
}

/** Asserts that axe finds nothing serious on the page as it is. */
export async function assertAccessible(page) {
  // A page's own policy does not hold for what the driver runs in it.
  const found = await page.evaluate(
    `${axe}; axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"], resultTypes: ["violations"] })`,
  );
  const serious = found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => ({ id, help, where: nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`) }));
  assert.deepEqual(serious, []);
}
