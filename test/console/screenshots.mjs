// Pictures of the console's main views, light and dark, into docs/console/: of the music example, with some data in it.
//
//     node test/console/screenshots.mjs [FOLDER]        (TURNTABLE_BIN names another binary)

import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IAM } from "@aws-sdk/client-iam";
import { marshall } from "@aws-sdk/util-dynamodb";
import { credentials, region, turntable } from "../lib/server.js";
import { closeBrowser, openPage, signIn, startConsole } from "./lib/chromium.js";

const top = fileURLToPath(new URL("../..", import.meta.url));
const folder = process.argv[2] ?? path.join(top, "docs/console");
const viewport = { width: 1280, height: 860 };

const tracks = [
  ["First Light", "ana", 214, ["ambient", "piano"]],
  ["Second Wind", "ana", 187, ["folk"]],
  ["Third Rail", "ben", 201, ["electronic", "live"]],
  ["Four Corners", "ben", 243, ["jazz"]],
  ["Five Past Noon", "cleo", 176, ["soul", "brass"]],
  ["Six Strings Short", "cleo", 232, ["folk", "live"]],
  ["Seventh Step", "ana", 305, ["ambient"]],
  ["Eight Bit Rain", "dana", 158, ["electronic"]],
  ["Nine Lives", "dana", 219, ["rock", "live"]],
  ["Ten Thousand Lakes", "ben", 264, ["folk", "choir"]],
];

const id = (kind, i) => `${kind}-${String(i + 1).padStart(3, "0")}`;
const track = ([title, uploadedBy, seconds, tags], i) => ({
  id: id("track", i),
  title,
  uploadedBy,
  seconds,
  tags: new Set(tags),
  released: i % 2 === 0,
  levels: { low: -12.5 + i, high: -3 },
});

async function putMusic(dynamodb) {
  const put = (TableName, item) => dynamodb.putItem({ TableName, Item: marshall(item) });
  for (const [i, given] of tracks.entries()) await put("TrackTable", track(given, i));
  for (const name of ["ana", "ben", "cleo", "dana"]) await put("UserTable", { id: name, name: name[0].toUpperCase() + name.slice(1) });
  for (const [i, [, userId]] of tracks.entries()) {
    await put("FavouriteTable", { userId, trackId: id("track", (i * 3) % tracks.length) });
    await put("PlaybackHistoryTable", { userId, timestamp: `2026-11-0${(i % 9) + 1}T18:0${i % 6}:00Z`, trackId: id("track", i) });
  }
  await put("PlaylistTable", { id: "playlist-001", owner: "ana", name: "Sunday morning" });
  for (const i of [0, 4, 6]) await put("PlaylistTrackTable", { playlistId: "playlist-001", trackId: id("track", i) });
}

const reading = {
  Version: "2012-10-17",
  Statement: [
    { Sid: "ReadTracks", Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:Query"], Resource: "arn:aws:dynamodb:*:*:table/TrackTable*" },
    {
      Sid: "OwnFavourites",
      Effect: "Allow",
      Action: ["dynamodb:PutItem", "dynamodb:DeleteItem"],
      Resource: "arn:aws:dynamodb:*:*:table/FavouriteTable",
      Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["${aws:username}"] } },
    },
  ],
};

async function putPeople(iam) {
  await iam.createGroup({ GroupName: "listeners" });
  await iam.putGroupPolicy({ GroupName: "listeners", PolicyName: "listening", PolicyDocument: JSON.stringify(reading) });
  for (const UserName of ["ana", "ben"]) {
    await iam.createUser({ UserName });
    await iam.addUserToGroup({ GroupName: "listeners", UserName });
  }
}

async function runStatement(page) {
  await page.locator(".ace_content").click();
  await page.keyboard.type('SELECT id, title, seconds FROM "TrackTable" WHERE seconds > 200');
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText("First Light").first().waitFor();
}

/** What is seen, and what says that it is there: a text of it. */
const views = [
  { name: "tables", path: "/tables", shows: "PlaybackHistoryTable" },
  { name: "table", path: "/tables/TrackTable", shows: "TrackTable" },
  { name: "items", path: "/items?table=TrackTable", shows: "First Light" },
  { name: "create-table", path: "/create-table", shows: "Table name" },
  { name: "partiql", path: "/partiql", shows: "FavouriteTable", act: runStatement },
  { name: "access", path: "/access/groups/listeners", shows: "listening" },
  { name: "simulator", path: "/access/simulator?kind=user&name=ana&actions=dynamodb:PutItem,dynamodb:Query", shows: "The policies ask for these" },
  { name: "pools", path: "/user-pools", shows: "User pools" },
  { name: "stack", path: "/stacks/music", shows: "CREATE_COMPLETE" },
  { name: "connect", path: "/connect", shows: "AWS_ENDPOINT_URL" },
  { name: "dashboard", path: "/dashboard", shows: "Requests" },
];

async function takeAll(site, theme) {
  const page = await openPage({ origin: site.origin, viewport, colorScheme: theme, deviceScaleFactor: 1 });
  const take = (name) => page.screenshot({ path: path.join(folder, `${name}-${theme}.png`), animations: "disabled" });
  await page.goto(site.url("/"));
  await page.getByLabel("Access key ID").waitFor();
  await take("sign-in");
  await signIn(page, credentials);
  for (const view of views) {
    await page.goto(site.url(view.path));
    await page.getByRole("main").getByText(view.shows).locator("visible=true").first().waitFor();
    await view.act?.(page);
    await page.waitForLoadState("networkidle");
    await take(view.name);
  }
  await page.done();
}

mkdirSync(folder, { recursive: true });
const site = await startConsole();
const options = { endpoint: site.endpoint, region, credentials };
const deployed = await turntable(["deploy", path.join(top, "examples/music/template.json"), "--stack-name", "music", "--endpoint", site.endpoint]).finished;
if (deployed.code !== 0) throw new Error("the music example was not deployed");
const dynamodb = new DynamoDB(options), iam = new IAM(options);
await putMusic(dynamodb);
await putPeople(iam);
for (const theme of ["light", "dark"]) await takeAll(site, theme);
await site.stop();
await closeBrowser();
console.log(`The pictures are in ${path.relative(process.cwd(), folder) || "."}`);
