// The dashboard: what the server did lately, and the totals; and how to connect to it.

import { after, before, describe, it } from "node:test";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IAM } from "@aws-sdk/client-iam";
import { credentials, region } from "../lib/server.js";
import { assertAccessible, startConsole } from "./lib/browser.js";
import { deployMusic } from "./lib/music.js";

let site, ddb;
before(async () => {
  site = await startConsole();
  ddb = new DynamoDB({ endpoint: site.endpoint, region, credentials, maxAttempts: 1 });
  await deployMusic(site.endpoint);
});
after(async () => {
  ddb?.destroy();
  await site?.stop();
});

describe("the dashboard", () => {
  it("shows what was asked, and goes on by itself", async () => {
    for (let i = 0; i < 20; i++) await ddb.putItem({ TableName: "TrackTable", Item: { id: { S: `t${i}` }, uploadedBy: { S: "me" } } });
    const page = await site.signedIn({ path: "/dashboard" });
    await page.getByRole("link", { name: "Tables: 6" }).waitFor();
    await page.getByText("20", { exact: true }).waitFor(); // items
    await page.getByRole("link", { name: "User pools: 1" }).waitFor();
    const latency = page.getByText(/^p50 .*s · p90 .*s · p99 .*s$/);
    await latency.waitFor();
    await page.getByText(/^[\d.]+ MB$/).first().waitFor(); // memory
    await assertAccessible(page);

    await page.waitForRequest((request) => /GetMetricData/.test(JSON.stringify(request.headers()) + (request.postData() ?? ""))); // without a click
    await page.getByRole("radio", { name: "1 hour" }).or(page.getByRole("button", { name: "1 hour" })).click();
    await page.waitForURL(/range=1h/);
    await latency.waitFor();
    await page.done();
  });

  it("says in each place what one may not see, and to who may know what was denied", async () => {
    const page = await site.signedIn({ path: "/dashboard", key: await someone() });
    await page.getByText("You may not do this").first().waitFor();
    await page.getByText(/not authorized to perform: cloudwatch:GetMetricData/).waitFor();
    await page.done();

    const root = await site.signedIn({ path: "/dashboard" });
    const denials = root.getByRole("table", { name: "Latest denials" }).getByRole("row").filter({ hasText: ":user/nobody" });
    await denials.first().waitFor();
    await assertAccessible(root);
    await root.getByRole("link", { name: "All decisions" }).click();
    await root.waitForURL(/access\/decisions\?outcome=Denied/);
    await root.getByText("cloudwatch:GetMetricData").first().waitFor();
    await root.done();
  });
});

/** The key of a user who may do nothing. */
async function someone() {
  const iam = new IAM({ endpoint: site.endpoint, region, credentials, maxAttempts: 1 });
  await iam.createUser({ UserName: "nobody" });
  const { AccessKey } = await iam.createAccessKey({ UserName: "nobody" });
  iam.destroy();
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
}
