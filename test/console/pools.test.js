// User pools in the console: a user whom an operator makes, the code that waits for them, and how they sign in themselves.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CognitoIdentity } from "@aws-sdk/client-cognito-identity";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IAM } from "@aws-sdk/client-iam";
import { credentials, region } from "../lib/server.js";
import { assertAccessible, startConsole } from "./lib/browser.js";
import { deployMusic } from "./lib/music.js";

const clients = [];
let site, music, idp;
const client = (Kind) => {
  const made = new Kind({ endpoint: site.endpoint, region, credentials, maxAttempts: 1 });
  clients.push(made);
  return made;
};
before(async () => {
  site = await startConsole();
  music = await deployMusic(site.endpoint);
  idp = client(CognitoIdentityProvider);
});
after(async () => {
  clients.forEach((made) => made.destroy());
  await site?.stop();
});

/** A client that takes passwords as they are, so that a test need not prove that it knows one. */
async function otherClient() {
  const input = { UserPoolId: music.userPoolId, ClientName: "tests", ExplicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] };
  return (await idp.createUserPoolClient(input)).UserPoolClient.ClientId;
}

const row = (page, text) => page.getByRole("row").filter({ hasText: text });

/** Does what a user's menu of actions has. */
async function choose(page, name) {
  await page.getByRole("button", { name: "Actions", exact: true }).click();
  await page.getByRole("menuitem", { name, exact: true }).click();
}

describe("a user pool", () => {
  it("gets a user, whose temporary password waits", async () => {
    const page = await site.signedIn({ path: "/user-pools" });
    await page.getByRole("link", { name: /^music-amplifyAuthUserPool/ }).click();
    await page.getByRole("button", { name: "Create user" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("User name").fill("ana");
    await dialog.getByRole("button", { name: "Create user" }).click();
    await dialog.getByText("Username should be an email.").waitFor(); // in the server's words
    await dialog.getByLabel("User name").fill("ana@example.com");
    await dialog.getByRole("button", { name: "Create user" }).click();
    await row(page, "ana@example.com").getByText("Must change password").waitFor();
    await assertAccessible(page);

    await page.getByRole("tab", { name: "Waiting codes" }).click();
    await row(page, "temporary password").waitFor();
    const [, password] = (await row(page, "temporary password").locator("td, th").allInnerTexts()).map((text) => text.trim());
    const { Users } = await idp.listUsers({ UserPoolId: music.userPoolId, Filter: 'email = "ana@example.com"' });
    const AuthParameters = { USERNAME: "ana@example.com", PASSWORD: password };
    const started = await idp.adminInitiateAuth({ UserPoolId: music.userPoolId, ClientId: await otherClient(), AuthFlow: "ADMIN_USER_PASSWORD_AUTH", AuthParameters });
    assert.equal(started.ChallengeName, "NEW_PASSWORD_REQUIRED"); // the password that was shown is the one
    await assertAccessible(page);

    await row(page, "temporary password").getByRole("link", { name: Users[0].Username }).click();
    await page.getByRole("heading", { name: "ana@example.com" }).waitFor();
    await row(page, "temporary password").waitFor();
    await assertAccessible(page);
    await page.done();
  });

  it("finds users by how they begin, and does to them what an administrator can", async () => {
    for (const Username of ["bob@example.com", "cleo@example.com"]) await idp.adminCreateUser({ UserPoolId: music.userPoolId, Username, MessageAction: "SUPPRESS" });
    const page = await site.signedIn({ path: `/user-pools/${music.userPoolId}` });
    await row(page, "cleo@example.com").waitFor();
    await page.getByLabel("Begins with").fill("bo");
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await row(page, "cleo@example.com").waitFor({ state: "detached" });
    assert.match(page.url(), /begins=bo/);
    await row(page, "bob@example.com").getByRole("link").click();
    await page.getByRole("heading", { name: "bob@example.com" }).waitFor();

    await choose(page, "Disable");
    await page.getByText("Disabled", { exact: true }).waitFor();
    await choose(page, "Enable");
    await page.getByText("Enabled", { exact: true }).waitFor();
    await choose(page, "Set password");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Password", { exact: true }).fill("short");
    await dialog.getByRole("button", { name: "Set password" }).click();
    await dialog.getByText("Password did not conform with policy: Password not long enough").waitFor();
    await dialog.getByLabel("Password", { exact: true }).fill("Passw0rd!of-bob");
    await dialog.getByRole("button", { name: "Set password" }).click();
    await page.getByText("Confirmed", { exact: true }).waitFor();

    await page.getByRole("button", { name: "Edit attributes" }).click();
    await page.getByRole("button", { name: "Add attribute" }).click();
    await dialog.getByLabel("Name").last().fill("given_name");
    await dialog.getByLabel("Value").last().fill('<img src=x onerror="alert(1)">');
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText('<img src=x onerror="alert(1)">').waitFor();

    await choose(page, "Delete");
    await dialog.getByRole("textbox").fill("confirm");
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { name: /^music-amplifyAuthUserPool/ }).waitFor();
    await row(page, "cleo@example.com").waitFor();
    assert.equal(await row(page, "bob@example.com").count(), 0);
    await page.done();
  });

  it("shows many users a page at a time", async () => {
    const names = Array.from({ length: 60 }, (_, i) => `many${i}@example.com`);
    for (const Username of names) await idp.adminCreateUser({ UserPoolId: music.userPoolId, Username, MessageAction: "SUPPRESS" });
    const page = await site.signedIn({ path: `/user-pools/${music.userPoolId}?by=email&begins=many` });
    const shown = page.getByRole("link", { name: /^many\d+@example.com$/ });
    await shown.nth(49).waitFor();
    const first = await shown.allInnerTexts();
    await page.getByRole("button", { name: "Next page" }).click();
    await page.getByRole("link", { name: first[0], exact: true }).waitFor({ state: "detached" });
    await shown.nth(9).waitFor();
    const second = await shown.allInnerTexts();
    assert.deepEqual([...first, ...second].sort(), names.sort());
    await page.getByRole("button", { name: "Previous page" }).click();
    await page.getByRole("link", { name: first[0], exact: true }).waitFor();
    await page.done();
  });

  it("keeps groups, which users join and leave", async () => {
    const { User } = await idp.adminCreateUser({ UserPoolId: music.userPoolId, Username: "dora@example.com", MessageAction: "SUPPRESS" });
    const page = await site.signedIn({ path: `/user-pools/${music.userPoolId}?tab=groups` });
    await page.getByRole("button", { name: "Create group" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Group name").fill("curators");
    await dialog.getByLabel("Precedence").fill("3");
    await dialog.getByRole("button", { name: "Create group" }).click();
    await page.getByRole("link", { name: "curators" }).click();
    await page.getByRole("button", { name: "Add member" }).click();
    await dialog.getByLabel("User name").fill("dora@example.com");
    await dialog.getByRole("button", { name: "Add member" }).click();
    await row(page, "dora@example.com").waitFor();
    await assertAccessible(page);
    await row(page, "dora@example.com").getByRole("link", { name: User.Username }).click();
    await row(page, "curators").getByRole("checkbox").check();
    await page.getByRole("button", { name: "Remove from group" }).click();
    await page.getByText("The user is in no group.").waitFor();
    assert.deepEqual((await idp.listUsersInGroup({ UserPoolId: music.userPoolId, GroupName: "curators" })).Users, []);
    await page.done();
  });

  it("tells what apps need, and how the pool is set", async () => {
    const page = await site.signedIn({ path: `/user-pools/${music.userPoolId}?tab=clients` });
    await page.getByText(music.webClientId).waitFor();
    await page.getByText("ALLOW_USER_SRP_AUTH").waitFor();
    await assertAccessible(page);
    await page.getByRole("tab", { name: "Settings" }).click();
    await page.getByText("a lower-case letter, an upper-case letter, a number, a symbol").waitFor();
    await page.getByText("The pool names no triggers.").waitFor();
    await assertAccessible(page);
    await page.done();
  });
});

describe("an identity pool", () => {
  it("tells whose users it takes, their roles, and who has come", async () => {
    const page = await site.signedIn({ path: "/identity-pools" });
    await page.getByRole("link", { name: /^music-amplifyAuthIdentityPool/ }).click();
    await page.getByRole("link", { name: music.userPoolId }).waitFor();
    await page.getByRole("link", { name: /^music-amplifyAuthauthenticatedU/ }).waitFor();
    await page.getByText("Nobody has asked for an identity yet.").waitFor();
    await assertAccessible(page);
    await page.done();
  });
});

describe("a user of a pool", () => {
  const password = "Passw0rd!of-flo";

  /** A listener, who signed up long ago; lets the role of listeners look at tables too, for that is not among what the app needs. */
  async function prepare() {
    await idp.adminCreateUser({ UserPoolId: music.userPoolId, Username: "flo@example.com", MessageAction: "SUPPRESS" });
    await idp.adminSetUserPassword({ UserPoolId: music.userPoolId, Username: "flo@example.com", Password: password, Permanent: true });
    const { Roles } = await client(CognitoIdentity).getIdentityPoolRoles({ IdentityPoolId: music.identityPoolId });
    const Statement = [{ Effect: "Allow", Action: ["dynamodb:ListTables", "dynamodb:DescribeTable"], Resource: "*" }];
    await client(IAM).putRolePolicy({ RoleName: Roles.authenticated.split("/").at(-1), PolicyName: "look", PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }) });
    const Item = { userId: { S: "us-east-1:somebody-else" }, trackId: { S: "track-1" }, note: { S: "theirs" } };
    await client(DynamoDB).putItem({ TableName: "FavouriteTable", Item });
  }

  async function create(page, userId) {
    await page.goto(site.url("/items/create?table=FavouriteTable"));
    await page.getByRole("textbox", { name: "Value of userId" }).fill(userId);
    await page.getByRole("textbox", { name: "Value of trackId" }).fill("track-2");
    await page.getByRole("button", { name: "Review and create" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Create", exact: true }).click();
  }

  it("signs in to the console, reads what all may read, and is told why a write is denied", async () => {
    await prepare();
    const page = await site.signedIn({ path: `/user-pools/${music.userPoolId}?tab=sign-in` });
    await assertAccessible(page);
    await page.getByRole("button", { name: "Sign out and sign in as a user" }).click();
    await page.getByLabel("User name or e-mail").fill("flo@example.com");
    await page.getByLabel("Password").fill("wrong");
    assert.equal(await page.getByLabel("App client ID").inputValue(), music.webClientId);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByText("Incorrect username or password.").waitFor();
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("link", { name: "FavouriteTable" }).waitFor();
    assert.match(await page.evaluate(() => JSON.parse(sessionStorage["turntable.session"]).arn), /assumed-role\/music-amplifyAuthauthenticatedU/);

    await page.goto(site.url("/items?table=FavouriteTable"));
    await page.getByText("theirs").waitFor();
    await create(page, "us-east-1:somebody-else");
    const denied = page.getByText(/is not authorized to perform: dynamodb:PutItem on resource: .*FavouriteTable/);
    await denied.waitFor();
    await page.getByRole("button", { name: "Why" }).click();
    const why = await page.getByRole("group", { name: "How it was decided" }).innerText();
    assert.match(why, /dynamodb:LeadingKeys/);
    assert.match(why, /us-east-1:somebody-else/);
    await assertAccessible(page);

    const { Identities } = await client(CognitoIdentity).listIdentities({ IdentityPoolId: music.identityPoolId, MaxResults: 10 });
    await create(page, Identities[0].IdentityId); // what is their own they may write
    await page.getByText(Identities[0].IdentityId).first().waitFor();
    await page.waitForURL((url) => !url.pathname.endsWith("/create"));
    assert.equal(await denied.count(), 0);
    await page.goto(site.url("/user-pools"));
    await page.getByText(/is not authorized to perform: cognito-idp:ListUserPools/).waitFor();
    await page.done();
  });
});
