// How soon the console can be used: from the navigation until the sign-in takes what is typed, and, signed in, until the list
// of tables is shown; in a browser that has nothing of it yet, and in one that has. With what was sent.
//
//     node test/console/measure.mjs [ROUNDS]        (5; TURNTABLE_BIN names another binary)
//
// Prints medians: a machine that does other work meanwhile makes them worse.

import os from "node:os";
import { browser, closeBrowser, openPage, signIn, startConsole } from "./lib/chromium.js";
import { credentials } from "../lib/server.js";

const rounds = Number(process.argv[2] ?? 5);
if (!(Number.isInteger(rounds) && rounds > 0)) throw new Error(`not a number of rounds: ${process.argv[2]}`);

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const since = (page) => page.evaluate(() => performance.now());

/** Bytes of the console's own files, as sent, for the page as it is. */
const sent = (page) =>
  page.evaluate(() =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .filter(({ name }) => new URL(name).pathname.startsWith("/console/"))
      .reduce((sum, { transferSize }) => sum + transferSize, 0),
  );

const site = await startConsole();
const taken = { signIn: [], tables: [], again: [], bytes: [] };
await browser();
for (let round = 0; round < rounds; round++) {
  const page = await openPage({ origin: site.origin });
  await page.goto(site.url("/"));
  await page.getByLabel("Access key ID").fill("A");
  taken.signIn.push(await since(page));
  const before = await since(page);
  await signIn(page, credentials);
  await page.getByRole("heading", { name: /^Tables/ }).waitFor();
  taken.tables.push((await since(page)) - before);
  taken.bytes.push(await sent(page));
  await page.reload();
  await page.getByRole("heading", { name: /^Tables/ }).waitFor();
  taken.again.push(await since(page));
  await page.done();
}
await site.stop();
await closeBrowser();

const ms = (numbers) => `${Math.round(median(numbers))} ms`;
console.log(`Medians of ${rounds}, load average ${os.loadavg()[0].toFixed(1)}:
  from nothing to a sign-in that takes what is typed   ${ms(taken.signIn)}
  from there, by typing a key, to the list of tables   ${ms(taken.tables)}
  from a reload to the list of tables                  ${ms(taken.again)}
  sent for all of it, compressed                       ${Math.round(median(taken.bytes) / 1024)} KB`);
