// The music example's page (examples/music/web), built and served by Vite as people would have it, on what `turntable deploy` made of
// the example's template: two people sign up, confirm and sign in, add tracks, make playlists, mark favourites, play, and see their own
// history alone. What the policy does not let them write is refused, and they read the server's sentence.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { printed, run, start } from "../lib/process.js";
import { credentials, region, startServer, turntable } from "../lib/server.js";
import { makeUsers } from "../lib/users.js";
import { assertAccessible, openPage } from "./lib/browser.js";

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const web = here("../../examples/music/web");
const vite = path.join(web, "node_modules/vite/bin/vite.js");
const password = "Listen-2-Music!";
const markup = '<img src=x onerror="document.title=1"> & "co"';

let server, codes, site, folder, preview, pool;

/** Runs connect.mjs on an input; resolves with { code, stdout, stderr }. */
async function connect(input, ...args) {
  const child = start(process.execPath, [path.join(web, "connect.mjs"), ...args], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(input);
  return { ...(await child.finished), ...child.output };
}

/** Deploys the example; resolves with the variables that tell the page where it is. */
async function deploy(endpoint) {
  const env = { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey };
  const child = turntable(["deploy", here("../../examples/music/template.json"), "--stack-name", "music"], { env });
  const { code } = await child.finished;
  assert.equal(code, 0, child.output.stderr);
  const connected = await connect(child.output.stdout, endpoint);
  assert.equal(connected.code, 0, connected.stderr);
  return Object.fromEntries(connected.stdout.trim().split("\n").map((line) => line.split(/=(.*)/s, 2)));
}

before(async () => {
  server = await startServer();
  const variables = await deploy(server.endpoint);
  pool = variables.VITE_USER_POOL_ID;
  ({ codes } = makeUsers(server.endpoint));
  folder = mkdtempSync(path.join(tmpdir(), "turntable-music-"));
  const options = { cwd: web, env: { ...process.env, ...variables, NO_COLOR: "1" } };
  const built = await run(process.execPath, [vite, "build", "--outDir", folder, "--emptyOutDir"], options);
  assert.equal(built.code, 0, built.stdout + built.stderr);
  preview = start(process.execPath, [vite, "preview", "--outDir", folder, "--host", "127.0.0.1", "--port", "0"], options);
  [, site] = await printed(preview, /(http:\/\/127\.0\.0\.1:[1-9]\d*)\//);
});

after(async () => {
  preview?.kill("SIGTERM");
  await preview?.finished;
  if (folder) rmSync(folder, { recursive: true, force: true });
  await server?.stop();
});

const button = (at, name) => at.getByRole("button", { name, exact: true });
const row = (page, title) => page.getByRole("article").filter({ has: page.getByText(title, { exact: true }) });
const said = (page, text) => page.getByRole("status").getByText(text, { exact: true }).waitFor();

/** A browser of somebody's own at the page's entrance. */
async function arrive(options) {
  const page = await openPage({ origin: [site, server.endpoint], ...options });
  page.on("dialog", (dialog) => dialog.accept());
  await page.goto(`${site}/`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  return page;
}

async function signIn(page, email, secret = password) {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(secret);
  await button(page, "Sign in").click();
}

/** Signs somebody up until the code is asked for. */
async function signUp(page, name, email) {
  await button(page, "I am new here").click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await button(page, "Sign up").click();
  await page.getByText(`build/turntable users codes ${email}`).waitFor();
}

async function confirm(page, email) {
  await page.getByLabel("Confirmation code").fill((await codes(pool, email)).SignUp);
  await button(page, "Confirm").click();
  await page.getByRole("heading", { name: "All tracks" }).waitFor();
}

async function open(page, view) {
  await page.getByRole("navigation").getByRole("link", { name: view, exact: true }).click();
  await page.getByRole("heading", { name: view, level: 1 }).waitFor();
  await page.getByText("Loading…").waitFor({ state: "detached" });
}

/** Opens the form behind a summary, unless it is open, and sends it. */
async function send(page, summary, values, submit) {
  const details = page.locator("details.add");
  if (!(await details.evaluate((element) => element.open))) await details.getByText(summary).click();
  for (const [label, value] of Object.entries(values)) await details.getByLabel(label, { exact: true }).fill(value);
  await button(details, submit).click();
}

async function addTrack(page, title, artist, seconds) {
  await send(page, "Add a track", { Title: title, Artist: artist, "Length in seconds": seconds }, "Add track");
  await said(page, `Added “${title}”.`);
  await button(page, `Play ${title}`).waitFor();
}

async function play(page, title) {
  await button(page, `Play ${title}`).click();
  await page.getByRole("region", { name: "Player" }).getByText(`Playing ${title}`, { exact: true }).waitFor();
}

async function mark(page, title) {
  await button(page, `Favourite: ${title}`).click();
  await said(page, `“${title}” is a favourite.`);
}

const titles = (page) => page.getByRole("article").getByRole("strong").allTextContents();

describe("what tells the page where its backend is", () => {
  const auth = { aws_region: "eu-west-1", user_pool_id: "eu-west-1_a1B2c3D4e", user_pool_client_id: "abc123", identity_pool_id: "eu-west-1:0-1" };
  const variables = "VITE_REGION=eu-west-1\nVITE_USER_POOL_ID=eu-west-1_a1B2c3D4e\nVITE_USER_POOL_CLIENT_ID=abc123\nVITE_IDENTITY_POOL_ID=eu-west-1:0-1\n";

  it("takes Amplify's outputs, for a server and for AWS", async () => {
    assert.equal((await connect(JSON.stringify({ version: "1.4", auth }))).stdout, variables);
    assert.equal((await connect(JSON.stringify({ auth }), "http://[::1]:8000")).stdout, `${variables}VITE_ENDPOINT=http://[::1]:8000\n`);
  });

  it("says what is missing or wrong", async () => {
    for (const [input, args, problem] of [
      ["  output: authRegion = us-east-1\n", [], "there is no userPoolId in the input"],
      [JSON.stringify({ auth: { ...auth, identity_pool_id: "a\nVITE_ENDPOINT=x" } }), [], "there is no identity_pool_id in the input"],
      ["{", [], "the input is no JSON: "],
      [JSON.stringify({ auth }), ["ftp://x"], "the one argument is the server's address"],
    ]) {
      const { code, stdout, stderr } = await connect(input, ...args);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.ok(stderr.startsWith(`connect: ${problem}`), stderr);
    }
  });
});

describe("the music page from sign-up to history with two users", () => {
  let ana, ben;

  it("refuses wrong sign-ups and sign-ins in the server's words, and lets Ana in with the code", async () => {
    ana = await arrive({ colorScheme: "light" });
    await assertAccessible(ana);
    await signIn(ana, "ana@example.com", "Not-hers-1!");
    await ana.getByText("NotAuthorizedException: Incorrect username or password.", { exact: true }).waitFor();
    await signUp(ana, "Ana", "ana@example.com");
    await assertAccessible(ana);
    const sent = (await codes(pool, "ana@example.com")).SignUp;
    await ana.getByLabel("Confirmation code").fill(sent === "000000" ? "000001" : "000000");
    await button(ana, "Confirm").click();
    await ana.getByText("CodeMismatchException: Invalid verification code provided, please try again.", { exact: true }).waitFor();
    await confirm(ana, "ana@example.com");
  });

  it("adds tracks, whatever is in their titles, and plays them", async () => {
    await addTrack(ana, "First Light", "Ana Lys", "1");
    await addTrack(ana, markup, "", "600");
    await button(ana, "Play First Light").click();
    await ana.getByText("Nothing is playing", { exact: true }).waitFor(); // the player comes with the first track, and this track is over
    await play(ana, markup);
    await button(ana, "Stop").click();
    assert.equal(await ana.title(), "Tracks · Music");
    await assertAccessible(ana);
  });

  it("makes a playlist and fills it", async () => {
    await open(ana, "Playlists");
    await send(ana, "Make a playlist", { Name: "Evening" }, "Make playlist");
    await ana.getByRole("link", { name: "Evening" }).waitFor();
    await assertAccessible(ana);
    await open(ana, "Tracks");
    for (const title of ["First Light", markup]) {
      await ana.getByLabel(`Add ${title} to a playlist`, { exact: true }).click();
      await button(row(ana, title), "Evening").click();
      await said(ana, `Added “${title}” to “Evening”.`);
    }
    await open(ana, "Playlists");
    await ana.getByRole("link", { name: "Evening" }).click();
    await button(ana, "Take First Light out").waitFor();
    assert.deepEqual((await titles(ana)).sort(), [markup, "First Light"].sort());
    await button(ana, "Take First Light out").click();
    await button(ana, "Take First Light out").waitFor({ state: "detached" });
    assert.deepEqual(await titles(ana), [markup]);
    await assertAccessible(ana);
  });

  it("marks favourites, and takes the mark away", async () => {
    await open(ana, "Tracks");
    await mark(ana, "First Light");
    await mark(ana, markup);
    await button(ana, `Favourite: ${markup}`).click();
    await said(ana, `“${markup}” is no favourite any more.`);
    await open(ana, "Favourites");
    await button(ana, "Favourite: First Light").waitFor();
    assert.deepEqual(await titles(ana), ["First Light"]);
  });

  it("shows what was played, the newest first, also after signing in anew", async () => {
    await open(ana, "History");
    await button(ana, "Forget what I played").waitFor();
    assert.deepEqual(await titles(ana), [markup, "First Light"]);
    await assertAccessible(ana);
    await button(ana, "Sign out").click();
    await signIn(ana, "ana@example.com");
    await ana.getByRole("heading", { name: "History", level: 1 }).waitFor();
    await button(ana, "Forget what I played").waitFor();
    assert.deepEqual(await titles(ana), [markup, "First Light"]);
    await ana.reload();
    await button(ana, "Forget what I played").waitFor();
    assert.deepEqual(await titles(ana), [markup, "First Light"]);
  });

  it("lets Ben in, on a small dark screen, who sees Ana's tracks but neither her favourites nor what she played", async () => {
    ben = await arrive({ colorScheme: "dark", viewport: { width: 390, height: 844 } });
    await signUp(ben, "Ben", "ben@example.com");
    await confirm(ben, "ben@example.com");
    await button(ben, "Play First Light").waitFor();
    assert.deepEqual((await titles(ben)).sort(), [markup, "First Light"].sort());
    assert.equal(await button(ben, "Favourite: First Light").getAttribute("aria-pressed"), "false");
    assert.equal(await button(ben, "Delete First Light").count(), 0);
    assert.equal(await ben.evaluate(() => document.documentElement.scrollWidth), 390);
    await assertAccessible(ben);
    for (const [view, none] of [["Favourites", "You have no favourites yet."], ["History", "You have played nothing yet."], ["Playlists", "You have no playlists yet."]]) {
      await open(ben, view);
      await ben.getByText(none).waitFor();
      assert.deepEqual(await titles(ben), []);
      await assertAccessible(ben);
    }
  });

  it("says that the server does not answer, and goes on when it does", async () => {
    await open(ben, "Tracks");
    await ben.context().setOffline(true);
    await button(ben, "Favourite: First Light").click();
    await row(ben, "First Light").getByRole("alert").getByText(`No answer from ${server.endpoint}. Does the server run?`, { exact: true }).waitFor();
    await ben.getByRole("navigation").getByRole("link", { name: "History" }).click();
    await ben.getByText(`No answer from ${server.endpoint}. Does the server run?`, { exact: true }).waitFor();
    await ben.context().setOffline(false);
    await button(ben, "Try again").click();
    await ben.getByText("You have played nothing yet.").waitFor();
  });

  it("keeps titles as long as they may be within a small screen", async () => {
    const title = "W".repeat(200);
    await open(ben, "Tracks");
    await addTrack(ben, title, title, "600");
    await play(ben, title);
    await ben.getByLabel(`Add ${title} to a playlist`).click();
    await row(ben, title).getByText("You have no playlists yet.").waitFor();
    assert.equal(await ben.evaluate(() => document.documentElement.scrollWidth), 390);
    await ben.keyboard.press("Escape");
    await row(ben, title).getByText("You have no playlists yet.").waitFor({ state: "hidden" });
    await open(ben, "History");
    await button(ben, `Play ${title}`).waitFor();
    assert.equal(await ben.evaluate(() => document.documentElement.scrollWidth), 390);
    await button(ben, "Forget what I played").click();
    await ben.getByText("You have played nothing yet.").waitFor();
    await open(ben, "Tracks");
    await button(ben, `Delete ${title}`).click();
    await said(ben, `Deleted “${title}”.`);
  });

  it("keeps Ben's own beside Ana's", async () => {
    await open(ben, "Tracks");
    await mark(ben, markup);
    await addTrack(ben, "Third Rail", "Ben", "30");
    await play(ben, "Third Rail");
    await open(ben, "History");
    await button(ben, "Play Third Rail").waitFor();
    assert.deepEqual(await titles(ben), ["Third Rail"]);
    await open(ben, "Favourites");
    await button(ben, `Favourite: ${markup}`).waitFor();
    assert.deepEqual(await titles(ben), [markup]);
    await open(ana, "History");
    await button(ana, "Forget what I played").waitFor();
    assert.deepEqual(await titles(ana), [markup, "First Light"]);
  });

  it("shows who else is there, and in the server's words that Ben may not write Ana's favourites", async () => {
    await open(ben, "Listeners");
    await ben.getByRole("link", { name: "Ana", exact: true }).click();
    await ben.getByRole("link", { name: "Evening" }).waitFor();
    assert.deepEqual((await titles(ben)).sort(), [markup, "First Light"].sort());
    await ben.getByLabel("Track", { exact: true }).selectOption({ label: "Third Rail" });
    await button(ben, "Add to their favourites").click();
    await ben
      .getByRole("alert")
      .getByText(/^AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role\/\S+\/CognitoIdentityCredentials is not authorized to perform: dynamodb:PutItem on resource: \S+:table\/FavouriteTable because no identity-based policy allows the dynamodb:PutItem action$/)
      .waitFor();
    await assertAccessible(ben);
    await open(ana, "Favourites");
    await button(ana, "Favourite: First Light").waitFor();
    assert.deepEqual(await titles(ana), ["First Light"]);
  });

  it("forgets what was played, and deletes a track and a playlist for everybody", async () => {
    await open(ana, "History");
    await button(ana, "Forget what I played").click();
    await ana.getByText("You have played nothing yet.").waitFor();
    await open(ana, "Tracks");
    await button(ana, `Delete ${markup}`).click();
    await button(ana, `Delete ${markup}`).waitFor({ state: "detached" });
    await open(ana, "Playlists");
    await ana.getByRole("link", { name: "Evening" }).click();
    await ana.getByText("A track that is no longer there").waitFor();
    await button(ana, "Delete this playlist").click();
    await ana.getByText("You have no playlists yet.").waitFor();
    await open(ben, "Favourites");
    await button(ben, "Remove A track that is no longer there from the favourites").click();
    await ben.getByText("You have no favourites yet.").waitFor();
  });

  it("asks no other host, and leaves no error", async () => {
    await ana.done();
    await ben.done();
  });
});
