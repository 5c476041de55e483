// Who may change what in user pools and identity pools: each operation is asked on the pool that it is about, with the pool's tags and the
// request's; and who gives a role to a pool or a group must be allowed to pass it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { CognitoIdentity } from "@aws-sdk/client-cognito-identity";
import * as idp from "@aws-sdk/client-cognito-identity-provider";
import { account, deny, grant, makeUser, ungranted } from "../lib/principals.js";
import { call } from "../lib/raw.js";
import { credentials, region, startServer } from "../lib/server.js";
import { fails } from "../lib/turntable.js";

const { endpoint, stop } = await startServer();
after(stop);
const ana = await makeUser(endpoint, "ana");

function client(Class, credentials) {
  const made = new Class({ endpoint, region, credentials, maxAttempts: 1 });
  after(() => made.destroy());
  return made;
}
const root = { users: client(idp.CognitoIdentityProvider, credentials), identities: client(CognitoIdentity, credentials) };
const own = { users: client(idp.CognitoIdentityProvider, ana.credentials), identities: client(CognitoIdentity, ana.credentials) };

const userPool = (id) => `arn:aws:cognito-idp:${region}:${account}:userpool/${id}`;
const identityPool = (id) => `arn:aws:cognito-identity:${region}:${account}:identitypool/${id}`;
const makeUserPool = async (UserPoolTags) => (await root.users.createUserPool({ PoolName: "pool", UserPoolTags })).UserPool.Id;
const makeIdentityPool = async (IdentityPoolTags) =>
  (await root.identities.createIdentityPool({ IdentityPoolName: "pool", AllowUnauthenticatedIdentities: true, IdentityPoolTags })).IdentityPoolId;

const isDenied = (promise, action, resource) => fails(promise, "AccessDeniedException", ungranted(ana.arn, action, resource));

/** Is let through: it is done, or fails for another reason. */
async function passes(promise) {
  const error = await promise.catch((caught) => caught);
  assert.notEqual(error?.name, "AccessDeniedException", error?.message);
}

/** A request by hand, whose body has what the operation does not have; resolves with the type of its error. */
async function ask(target, service, body) {
  const headers = { "content-type": "application/x-amz-json-1.1" };
  const { json } = await call(endpoint, { target, body, headers }, { service, credentials: ana.credentials });
  return json?.__type?.replace(/^.*#/, "");
}

// Of each operation on a user pool, the input beside the pool.
const Username = "nobody";
const GroupName = "none";
const ClientId = "1234567890abcdefghijklmnop";
const onUserPool = {
  addCustomAttributes: { CustomAttributes: [{ Name: "mood", AttributeDataType: "String" }] },
  adminAddUserToGroup: { Username, GroupName },
  adminConfirmSignUp: { Username },
  adminCreateUser: { Username: "made" },
  adminDeleteUser: { Username },
  adminDeleteUserAttributes: { Username, UserAttributeNames: ["email"] },
  adminDisableUser: { Username },
  adminEnableUser: { Username },
  adminGetUser: { Username },
  adminInitiateAuth: { ClientId, AuthFlow: "ADMIN_USER_PASSWORD_AUTH", AuthParameters: { USERNAME: Username, PASSWORD: "x" } },
  adminListGroupsForUser: { Username },
  adminRemoveUserFromGroup: { Username, GroupName },
  adminResetUserPassword: { Username },
  adminRespondToAuthChallenge: { ClientId, ChallengeName: "NEW_PASSWORD_REQUIRED" },
  adminSetUserPassword: { Username, Password: "Passw0rd!" },
  adminUpdateUserAttributes: { Username, UserAttributes: [{ Name: "email", Value: "a@b.c" }] },
  adminUserGlobalSignOut: { Username },
  createGroup: { GroupName: "made" },
  createUserPoolClient: { ClientName: "made" },
  createUserPoolDomain: { Domain: "aws" },
  deleteGroup: { GroupName },
  deleteUserPoolClient: { ClientId },
  deleteUserPoolDomain: { Domain: "none" },
  describeUserPool: {},
  describeUserPoolClient: { ClientId },
  getGroup: { GroupName },
  getUserPoolMfaConfig: {},
  listGroups: {},
  listUserPoolClients: {},
  listUsers: {},
  listUsersInGroup: { GroupName },
  setUserPoolMfaConfig: { MfaConfiguration: "OFF" },
  updateGroup: { GroupName },
  updateUserPool: {},
  updateUserPoolClient: { ClientId },
  updateUserPoolDomain: { Domain: "none" },
  deleteUserPool: {}, // the last
};

describe("a user pool", async () => {
  const [mine, other] = [await makeUserPool(), await makeUserPool()];

  test("is what each operation on one is asked on", async () => {
    await ana.may(grant("cognito-idp:*", userPool(mine)));
    for (const [name, input] of Object.entries(onUserPool)) {
      const action = `cognito-idp:${name[0].toUpperCase()}${name.slice(1)}`;
      await isDenied(own.users[name]({ UserPoolId: other, ...input }), action, userPool(other));
      await passes(own.users[name]({ UserPoolId: mine, ...input }));
    }
    await fails(root.users.describeUserPool({ UserPoolId: mine }), "ResourceNotFoundException", /./);
    await root.users.describeUserPool({ UserPoolId: other });
    await isDenied(own.users.listUserPools({ MaxResults: 1 }), "cognito-idp:ListUserPools", "*");
    await isDenied(own.users.describeUserPoolDomain({ Domain: "none" }), "cognito-idp:DescribeUserPoolDomain", "*");
    await isDenied(own.users.createUserPool({ PoolName: "made" }), "cognito-idp:CreateUserPool", "*");
  });

  test("has no operation that is not asked for", () => {
    const otherwise = ["CreateUserPool", "DescribeUserPoolDomain", "ListTagsForResource", "ListUserPools", "TagResource", "UntagResource"];
    const names = [...Object.keys(onUserPool).map((name) => name[0].toUpperCase() + name.slice(1)), ...otherwise];
    const list = readFileSync(new URL("../../src/services/cognito_idp/operations.def", import.meta.url), "utf8");
    assert.deepEqual([...list.matchAll(/^X\((\w+), .*, SIGNED\)$/gm)].map(([, name]) => name).sort(), names.sort());
  });

  test("is the one that is tagged, whatever other a request names", async () => {
    const pool = await makeUserPool();
    await ana.may(grant("cognito-idp:*", userPool(pool)));
    for (const [operation, more] of [["TagResource", { Tags: { a: "b" } }], ["UntagResource", { TagKeys: ["a"] }], ["ListTagsForResource", {}]]) {
      const named = (id, also = {}) => ask(`AWSCognitoIdentityProviderService.${operation}`, "cognito-idp", { ResourceArn: userPool(id), ...more, ...also });
      assert.equal(await named(pool), undefined);
      assert.equal(await named(other), "AccessDeniedException");
      assert.equal(await named(other, { UserPoolId: pool }), "AccessDeniedException");
    }
    assert.equal(await ask("AWSCognitoIdentityProviderService.ListUserPools", "cognito-idp", { MaxResults: 1, UserPoolId: pool }), "AccessDeniedException");
    assert.equal(await ask("AWSCognitoIdentityProviderService.DescribeUserPoolDomain", "cognito-idp", { Domain: "none", UserPoolId: pool }), "AccessDeniedException");
  });

  test("has tags that conditions ask for", async () => {
    const [red, plain] = [await makeUserPool({ Team: "red", empty: "" }), await makeUserPool()];
    await ana.may(grant("cognito-idp:DescribeUserPool", "*", { StringEquals: { "aws:ResourceTag/team": "red" } }));
    await own.users.describeUserPool({ UserPoolId: red });
    for (const pool of [plain, "us-east-1_none"]) await isDenied(own.users.describeUserPool({ UserPoolId: pool }), "cognito-idp:DescribeUserPool", userPool(pool));
    await ana.may(grant("cognito-idp:DescribeUserPool", "*", { StringEquals: { "aws:ResourceTag/empty": "" } }));
    await own.users.describeUserPool({ UserPoolId: red });

    const teams = { StringEquals: { "aws:RequestTag/team": "red" }, "ForAllValues:StringEquals": { "aws:TagKeys": ["team", "app"] } };
    await ana.may(grant(["cognito-idp:CreateUserPool", "cognito-idp:TagResource"], "*", teams));
    for (const tags of [undefined, { team: "blue" }, { team: "red", other: "x" }]) {
      await isDenied(own.users.createUserPool({ PoolName: "made", UserPoolTags: tags }), "cognito-idp:CreateUserPool", "*");
      if (tags) await isDenied(own.users.tagResource({ ResourceArn: userPool(plain), Tags: tags }), "cognito-idp:TagResource", userPool(plain));
    }
    await own.users.createUserPool({ PoolName: "made", UserPoolTags: { team: "red", app: "x" } });
    await own.users.tagResource({ ResourceArn: userPool(plain), Tags: { team: "red" } });
    await ana.may(grant("cognito-idp:UntagResource", "*"), deny("cognito-idp:UntagResource", "*", { "ForAnyValue:StringEquals": { "aws:TagKeys": "team" } }));
    await own.users.untagResource({ ResourceArn: userPool(plain), TagKeys: ["app"] });
    await fails(own.users.untagResource({ ResourceArn: userPool(plain), TagKeys: ["app", "team"] }), "AccessDeniedException", /with an explicit deny in an identity-based policy$/);
  });

  test("tells its users' codes to whom it is allowed for", async () => {
    const pool = await makeUserPool();
    const codes = (UserPoolId) => ask("Turntable.ListUserCodes", "cognito-idp", { UserPoolId });
    await ana.may(grant("turntable:ListUserCodes", userPool(pool)));
    assert.equal(await codes(pool), undefined);
    assert.equal(await codes(other), "AccessDeniedException");
  });
});

// Of each operation on an identity pool, the input beside the pool.
const provider = { IdentityProviderName: "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI" };
const onIdentityPool = {
  describeIdentityPool: {},
  getIdentityPoolRoles: {},
  getPrincipalTagAttributeMap: provider,
  listIdentities: { MaxResults: 1 },
  setIdentityPoolRoles: { Roles: {} },
  setPrincipalTagAttributeMap: provider,
  updateIdentityPool: { IdentityPoolName: "pool", AllowUnauthenticatedIdentities: true },
  deleteIdentityPool: {}, // the last
};

describe("an identity pool", async () => {
  const [mine, other] = [await makeIdentityPool(), await makeIdentityPool()];

  test("is what each operation on one is asked on", async () => {
    await ana.may(grant("cognito-identity:*", identityPool(mine)));
    for (const [name, input] of Object.entries(onIdentityPool)) {
      const action = `cognito-identity:${name[0].toUpperCase()}${name.slice(1)}`;
      await isDenied(own.identities[name]({ IdentityPoolId: other, ...input }), action, identityPool(other));
      await own.identities[name]({ IdentityPoolId: mine, ...input });
    }
    await root.identities.describeIdentityPool({ IdentityPoolId: other });
    await isDenied(own.identities.listIdentityPools({ MaxResults: 1 }), "cognito-identity:ListIdentityPools", "*");
    await isDenied(own.identities.createIdentityPool({ IdentityPoolName: "made", AllowUnauthenticatedIdentities: true }), "cognito-identity:CreateIdentityPool", "*");
  });

  test("is the one that is changed, whatever other a request names", async () => {
    const pool = await makeIdentityPool();
    const { IdentityId } = await root.identities.getId({ IdentityPoolId: other });
    await ana.may(grant("cognito-identity:*", identityPool(pool)));
    const asks = [
      ["TagResource", { ResourceArn: identityPool(other), Tags: { a: "b" } }],
      ["UntagResource", { ResourceArn: identityPool(other), TagKeys: ["a"] }],
      ["ListTagsForResource", { ResourceArn: identityPool(other) }],
      ["DeleteIdentities", { IdentityIdsToDelete: [IdentityId] }],
      ["DescribeIdentity", { IdentityId }],
    ];
    for (const [operation, input] of asks) {
      for (const more of [{}, { IdentityPoolId: pool }])
        assert.equal(await ask(`AWSCognitoIdentityService.${operation}`, "cognito-identity", { ...input, ...more }), "AccessDeniedException", operation);
    }
    await root.identities.describeIdentity({ IdentityId });
    await own.identities.tagResource({ ResourceArn: identityPool(pool), Tags: { a: "b" } });
  });

  test("has tags that conditions ask for", async () => {
    const [red, plain] = [await makeIdentityPool({ Team: "red" }), await makeIdentityPool()];
    await ana.may(grant("cognito-identity:*", "*", { StringEquals: { "aws:ResourceTag/team": "red" } }));
    await own.identities.describeIdentityPool({ IdentityPoolId: red });
    await own.identities.listTagsForResource({ ResourceArn: identityPool(red) });
    await isDenied(own.identities.describeIdentityPool({ IdentityPoolId: plain }), "cognito-identity:DescribeIdentityPool", identityPool(plain));
    await ana.may(grant("cognito-identity:CreateIdentityPool", "*", { StringEquals: { "aws:RequestTag/team": "red" } }));
    const make = (IdentityPoolTags) => own.identities.createIdentityPool({ IdentityPoolName: "made", AllowUnauthenticatedIdentities: true, IdentityPoolTags });
    await isDenied(make({ team: "blue" }), "cognito-identity:CreateIdentityPool", "*");
    await make({ team: "red" });
  });
});

describe("a role", async () => {
  const roles = ["in", "out", "ruled"].map((name) => `arn:aws:iam::${account}:role/${name}`);
  const [authenticated, unauthenticated, ruled] = roles;
  const passing = (roles, service) => grant("iam:PassRole", roles, service && { StringEquals: { "iam:PassedToService": service } });
  const cannotPass = (promise, role) => isDenied(promise, "iam:PassRole", role);

  test("is given to an identity pool by whom it may be passed by", async () => {
    const pool = await makeIdentityPool();
    const manage = grant("cognito-identity:*", identityPool(pool));
    const Rules = [{ Claim: "sub", MatchType: "Equals", Value: "x", RoleARN: ruled }];
    const RoleMappings = { "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI:abc": { Type: "Rules", AmbiguousRoleResolution: "Deny", RulesConfiguration: { Rules } } };
    const set = () => own.identities.setIdentityPoolRoles({ IdentityPoolId: pool, Roles: { authenticated, unauthenticated }, RoleMappings });
    for (const role of roles) {
      await ana.may(manage, passing(roles.filter((one) => one !== role)));
      await cannotPass(set(), role);
    }
    await ana.may(manage, passing(roles, "ec2.amazonaws.com"));
    await cannotPass(set(), authenticated);
    assert.deepEqual((await root.identities.getIdentityPoolRoles({ IdentityPoolId: pool })).Roles, {});
    await ana.may(manage, passing(roles, "cognito-identity.amazonaws.com"));
    await set();
    assert.deepEqual((await root.identities.getIdentityPoolRoles({ IdentityPoolId: pool })).Roles, { authenticated, unauthenticated });
  });

  test("is given to a group, and to a user pool that sends messages, by whom it may be passed by", async () => {
    const UserPoolId = await makeUserPool();
    const manage = grant("cognito-idp:*", "*");
    const group = { UserPoolId, GroupName: "listeners" };
    await ana.may(manage);
    await own.users.createGroup(group);
    await own.users.updateGroup({ ...group, Description: "hear" });
    const SmsConfiguration = { SnsCallerArn: authenticated };
    const gives = [
      () => own.users.createGroup({ UserPoolId, GroupName: "more", RoleArn: authenticated }),
      () => own.users.updateGroup({ ...group, RoleArn: authenticated }),
      () => own.users.createUserPool({ PoolName: "made", SmsConfiguration }),
      () => own.users.updateUserPool({ UserPoolId, SmsConfiguration }),
    ];
    for (const more of [[], [passing(unauthenticated)], [passing("*", "ec2.amazonaws.com")]]) {
      await ana.may(manage, ...more);
      for (const give of gives) await cannotPass(give(), authenticated);
    }
    await ana.may(manage, passing(authenticated, "cognito-idp.amazonaws.com"));
    for (const give of gives) await give();
  });
});
