// How to connect: what the console tells is what a client needs.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { STS } from "@aws-sdk/client-sts";
import { run } from "../lib/process.js";
import { region } from "../lib/server.js";
import { assertAccessible, startConsole } from "./lib/browser.js";

let site;
before(async () => (site = await startConsole()));
after(async () => site?.stop());

/** What a shell has in its environment after it was told so. */
async function environmentAfter(script) {
  const { code, stdout, stderr } = await run("sh", ["-c", `${script}\nenv`], { env: { PATH: process.env.PATH } });
  assert.equal(code, 0, stderr);
  return Object.fromEntries(stdout.split("\n").map((line) => line.split(/=(.*)/s)));
}

describe("the view that tells how to connect", () => {
  it("fills in this server, and gives the session's credentials only to who asks", async () => {
    const page = await site.signedIn({ path: "/connect" });
    const parts = page.getByRole("group", { name: "Address and region alone" });
    await parts.waitFor();
    const told = await environmentAfter(await parts.innerText());
    assert.deepEqual([told.AWS_ENDPOINT_URL, told.AWS_REGION], [site.origin, region]);
    await page.getByText("PowerShell", { exact: true }).click();
    await page.getByText(`$env:AWS_ENDPOINT_URL = '${site.origin}'`).waitFor();
    await assertAccessible(page);

    assert.doesNotMatch(await page.content(), /ASIA[A-Z0-9]{16}/);
    await page.getByRole("button", { name: "Show this session's credentials" }).click();
    const script = await page.getByRole("group", { name: "Credentials of this session" }).innerText();
    const { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = await environmentAfter(script);
    const sts = new STS({ endpoint, region, credentials: { accessKeyId, secretAccessKey, sessionToken }, maxAttempts: 1 });
    assert.match((await sts.getCallerIdentity({})).Arn, /:root$/);
    sts.destroy();
    await assertAccessible(page);

    for (const [tab, text] of [["AWS CLI", "endpoint_url = "], ["Python", "boto3.resource"], ["Amplify", "userPoolEndpoint"], ["CDK", "npx cdk deploy"]]) {
      await page.getByRole("tab", { name: tab, exact: true }).click();
      await page.getByRole("group").filter({ hasText: text }).filter({ hasText: site.origin }).first().waitFor();
    }
    await page.done();
  });
});
