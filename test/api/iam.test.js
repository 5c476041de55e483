// IAM: users, groups, roles, access keys, instance profiles, OpenID Connect providers, tags, and the account as a whole.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { listed } from "../compare/document.mjs";
import { allow, makeIam, trust } from "../lib/iam.js";
import { callQuery } from "../lib/raw.js";
import { credentials, region, startServer, temporaryFolder } from "../lib/server.js";
import { fails, makeClient, open } from "../lib/turntable.js";

const { endpoint } = await open();
const iam = makeIam(endpoint);
const account = "000000000000";
const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";

let names = 0;
const unique = (prefix) => `${prefix}${++names}`;
const noSuch = (promise, message) => fails(promise, "NoSuchEntityException", message, 404);
const exists = (promise, message) => fails(promise, "EntityAlreadyExistsException", message, 409);
const conflict = (promise, message) => fails(promise, "DeleteConflictException", message, 409);
const limited = (promise, message) => fails(promise, "LimitExceededException", message, 409);
const invalid = (promise, message) => fails(promise, "ValidationError", message, 400);
const badName = (member) =>
  `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`;

const ask = (action, parameters) => callQuery(endpoint, { service: "iam", version: "2010-05-08", action, parameters });

/** All of a list, page by page; asserts that pages but the last are full. */
async function pages(method, input, list, MaxItems) {
  const all = [];
  for (let Marker; ; ) {
    const page = await iam[method]({ ...input, MaxItems, Marker });
    all.push(...(page[list] ?? []));
    assert.equal(page.IsTruncated, page.Marker !== undefined);
    if (!page.IsTruncated) return all;
    assert.equal(page[list].length, MaxItems);
    Marker = page.Marker;
  }
}

describe("users", () => {
  test("are created, told, changed and deleted", async () => {
    const UserName = unique("User");
    const { User } = await iam.createUser({ UserName, Path: "/a/b/", Tags: [{ Key: "team", Value: "x" }] });
    assert.match(User.UserId, /^AIDA[A-Z2-7]{17}$/);
    assert.equal(User.Arn, `arn:aws:iam::${account}:user/a/b/${UserName}`);
    assert.equal(User.Path, "/a/b/");
    assert.ok(Math.abs(User.CreateDate - Date.now()) < 60_000);
    assert.deepEqual((await iam.getUser({ UserName })).User, User);

    const NewUserName = unique("Renamed");
    await iam.updateUser({ UserName, NewUserName, NewPath: "/" });
    const { User: renamed } = await iam.getUser({ UserName: NewUserName });
    assert.equal(renamed.UserId, User.UserId);
    assert.equal(renamed.Arn, `arn:aws:iam::${account}:user/${NewUserName}`);
    await noSuch(iam.getUser({ UserName }), `The user with name ${UserName} cannot be found.`);
    await iam.deleteUser({ UserName: NewUserName });
    await noSuch(iam.deleteUser({ UserName: NewUserName }), `The user with name ${NewUserName} cannot be found.`);
  });

  test("have names that are unique whatever their case", async () => {
    const UserName = unique("Case");
    await iam.createUser({ UserName });
    const other = unique("other");
    await iam.createUser({ UserName: other });
    await exists(iam.createUser({ UserName }), `User with name ${UserName} already exists.`);
    await exists(iam.createUser({ UserName: UserName.toLowerCase() }), `User with name ${UserName.toLowerCase()} already exists.`);
    await exists(iam.updateUser({ UserName: other, NewUserName: UserName }), `User with name ${UserName} already exists.`);
    await iam.updateUser({ UserName, NewUserName: UserName.toUpperCase() }); // its own name, in another case
    assert.equal((await iam.getUser({ UserName: UserName.toUpperCase() })).User.UserName, UserName.toUpperCase());
  });

  test("are checked", async () => {
    await invalid(iam.createUser({ UserName: "not a name" }), badName("userName"));
    await invalid(
      iam.createUser({ UserName: "x".repeat(65) }),
      `1 validation error detected: Value '${"x".repeat(65)}' at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    );
    for (const Path of ["a", "/a", "a/", "//", "/a b/"]) {
      await invalid(
        iam.createUser({ UserName: "right", Path }),
        "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
      );
    }
    const { code, message } = await ask("CreateUser");
    assert.equal(code, "ValidationError");
    assert.equal(message, "1 validation error detected: Value null at &apos;userName&apos; failed to satisfy constraint: Member must not be null".replaceAll("&apos;", "'"));
    await fails(
      iam.createUser({ UserName: "right", Tags: [{ Key: "a", Value: "1" }, { Key: "A", Value: "2" }] }),
      "InvalidInputException",
      "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    );
    await noSuch(
      iam.createUser({ UserName: "right", PermissionsBoundary: `arn:aws:iam::${account}:policy/Nothing` }),
      `Scope ARN: arn:aws:iam::${account}:policy/Nothing does not exist or is not attachable.`,
    );
    await noSuch(iam.getUser({ UserName: "right" }), "The user with name right cannot be found.");
  });

  test("are listed in pages, by the beginning of their path", async () => {
    const path = `/${unique("list")}/`;
    const made = [];
    for (let i = 0; i < 7; i++) {
      made.push(unique(i % 2 ? "Z" : "a"));
      await iam.createUser({ UserName: made.at(-1), Path: i < 5 ? `${path}in/` : `${path}out/` });
    }
    const sorted = made.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    for (const size of [1, 2, 3, 7, 100]) {
      const users = await pages("listUsers", { PathPrefix: path }, "Users", size);
      assert.deepEqual(users.map(({ UserName }) => UserName), sorted);
    }
    assert.equal((await iam.listUsers({ PathPrefix: `${path}in/` })).Users.length, 5);
    assert.equal((await iam.listUsers({ PathPrefix: "/nowhere" })).Users.length, 0);
    assert.ok((await iam.listUsers({})).Users.length >= 7);
    await invalid(iam.listUsers({ Marker: "*" }), "Invalid Marker.");
    await invalid(
      iam.listUsers({ MaxItems: 0 }),
      "1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
  });

  test("without a name are the caller's", async () => {
    const { User } = await iam.getUser({});
    assert.equal(User.Arn, `arn:aws:iam::${account}:root`);
    assert.equal(User.UserId, account);
  });

  test("are not deleted while something hangs on them", async () => {
    const UserName = unique("user");
    const GroupName = unique("group");
    await iam.createUser({ UserName });
    await iam.createGroup({ GroupName });
    await iam.addUserToGroup({ GroupName, UserName });
    const { AccessKey } = await iam.createAccessKey({ UserName });
    await iam.attachUserPolicy({ UserName, PolicyArn: administrator });
    await iam.putUserPolicy({ UserName, PolicyName: "p", PolicyDocument: allow("dynamodb:*") });
    await conflict(iam.deleteUser({ UserName }), "Cannot delete entity, must remove users from group first.");
    await iam.removeUserFromGroup({ GroupName, UserName });
    await conflict(iam.deleteUser({ UserName }), "Cannot delete entity, must delete access keys first.");
    await iam.deleteAccessKey({ UserName, AccessKeyId: AccessKey.AccessKeyId });
    await conflict(iam.deleteUser({ UserName }), "Cannot delete entity, must detach all policies first.");
    await iam.detachUserPolicy({ UserName, PolicyArn: administrator });
    await conflict(iam.deleteUser({ UserName }), "Cannot delete entity, must delete policies first.");
    await iam.deleteUserPolicy({ UserName, PolicyName: "p" });
    await iam.deleteUser({ UserName });
  });
});

describe("access keys", () => {
  test("are created, told, switched and deleted", async () => {
    const UserName = unique("keys");
    await iam.createUser({ UserName });
    const { AccessKey } = await iam.createAccessKey({ UserName });
    assert.match(AccessKey.AccessKeyId, /^AKIA[A-Z2-7]{16}$/);
    assert.match(AccessKey.SecretAccessKey, /^[A-Za-z0-9+/]{40}$/);
    assert.equal(AccessKey.Status, "Active");
    const { AccessKey: second } = await iam.createAccessKey({ UserName });
    await limited(iam.createAccessKey({ UserName }), "Cannot exceed quota for AccessKeysPerUser: 2");

    const { AccessKeyId } = AccessKey;
    await iam.updateAccessKey({ UserName, AccessKeyId, Status: "Inactive" });
    const keys = await pages("listAccessKeys", { UserName }, "AccessKeyMetadata", 1);
    assert.deepEqual(
      Object.fromEntries(keys.map((key) => [key.AccessKeyId, key.Status])),
      { [AccessKeyId]: "Inactive", [second.AccessKeyId]: "Active" },
    );
    assert.ok(keys.every((key) => key.SecretAccessKey === undefined && key.UserName === UserName));
    await iam.deleteAccessKey({ UserName, AccessKeyId });
    await noSuch(iam.deleteAccessKey({ UserName, AccessKeyId }), `The Access Key with id ${AccessKeyId} cannot be found.`);
    await noSuch(iam.updateAccessKey({ UserName, AccessKeyId, Status: "Active" }), `The Access Key with id ${AccessKeyId} cannot be found.`);
    await noSuch(iam.getAccessKeyLastUsed({ AccessKeyId }), `The Access Key with id ${AccessKeyId} cannot be found.`);
    assert.equal((await iam.listAccessKeys({ UserName })).AccessKeyMetadata.length, 1);
  });

  test("follow a user to another name", async () => {
    const [UserName, NewUserName] = [unique("before"), unique("after")];
    await iam.createUser({ UserName });
    const { AccessKeyId } = (await iam.createAccessKey({ UserName })).AccessKey;
    await iam.updateUser({ UserName, NewUserName });
    assert.equal((await iam.getAccessKeyLastUsed({ AccessKeyId })).UserName, NewUserName);
  });

  test("tell when and where they were last used", async () => {
    const UserName = unique("used");
    await iam.createUser({ UserName });
    const { AccessKeyId, SecretAccessKey } = (await iam.createAccessKey({ UserName })).AccessKey;
    const { AccessKeyLastUsed: never } = await iam.getAccessKeyLastUsed({ AccessKeyId });
    assert.deepEqual(never, { ServiceName: "N/A", Region: "N/A" });
    const client = makeClient(endpoint, { region: "eu-central-1", credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } });
    await client.listTables({}).catch(() => {}); // allowed or not, the signature is right
    client.destroy();
    const { AccessKeyLastUsed: used } = await iam.getAccessKeyLastUsed({ AccessKeyId });
    assert.equal(used.ServiceName, "dynamodb");
    assert.equal(used.Region, "eu-central-1");
    assert.ok(Math.abs(used.LastUsedDate - Date.now()) < 60_000);
  });

  test("need the name of a user if the caller is none", async () => {
    await invalid(iam.createAccessKey({}), "Must specify userName when calling with non-User credentials");
  });
});

describe("groups", () => {
  test("are created, told, changed and deleted", async () => {
    const [GroupName, NewGroupName, UserName] = [unique("Group"), unique("Grown"), unique("member")];
    const { Group } = await iam.createGroup({ GroupName, Path: "/g/" });
    assert.match(Group.GroupId, /^AGPA[A-Z2-7]{17}$/);
    assert.equal(Group.Arn, `arn:aws:iam::${account}:group/g/${GroupName}`);
    await exists(iam.createGroup({ GroupName: GroupName.toUpperCase() }), `Group with name ${GroupName.toUpperCase()} already exists.`);
    await iam.createUser({ UserName });
    await iam.addUserToGroup({ GroupName, UserName });
    await iam.addUserToGroup({ GroupName, UserName }); // again changes nothing
    await iam.updateGroup({ GroupName, NewGroupName, NewPath: "/" });
    const { Group: renamed, Users, IsTruncated } = await iam.getGroup({ GroupName: NewGroupName });
    assert.equal(renamed.GroupId, Group.GroupId);
    assert.equal(renamed.Path, "/");
    assert.deepEqual(Users.map((user) => user.UserName), [UserName]);
    assert.equal(IsTruncated, false);
    assert.deepEqual((await iam.listGroupsForUser({ UserName })).Groups.map((group) => group.GroupName), [NewGroupName]);
    await noSuch(iam.getGroup({ GroupName }), `The group with name ${GroupName} cannot be found.`);
    await conflict(iam.deleteGroup({ GroupName: NewGroupName }), "Cannot delete entity, must remove users from group first.");
    await iam.removeUserFromGroup({ GroupName: NewGroupName, UserName });
    await fails(iam.removeUserFromGroup({ GroupName: NewGroupName, UserName }), "NoSuchEntityException", /not in the group/, 404);
    await iam.putGroupPolicy({ GroupName: NewGroupName, PolicyName: "p", PolicyDocument: allow("s3:*") });
    await conflict(iam.deleteGroup({ GroupName: NewGroupName }), "Cannot delete entity, must delete policies first.");
    await iam.deleteGroupPolicy({ GroupName: NewGroupName, PolicyName: "p" });
    await iam.deleteGroup({ GroupName: NewGroupName });
  });

  test("and their members are listed in pages", async () => {
    const path = `/${unique("groups")}/`;
    const UserName = unique("everywhere");
    await iam.createUser({ UserName });
    const made = [];
    for (let i = 0; i < 10; i++) {
      made.push(unique("in"));
      await iam.createGroup({ GroupName: made[i], Path: path });
      await iam.addUserToGroup({ GroupName: made[i], UserName });
    }
    const GroupName = unique("many");
    await iam.createGroup({ GroupName, Path: path });
    await limited(iam.addUserToGroup({ GroupName, UserName }), "Cannot exceed quota for GroupsPerUser: 10");
    const groups = await pages("listGroups", { PathPrefix: path }, "Groups", 4);
    assert.deepEqual(groups.map((group) => group.GroupName), [...made, GroupName].sort());
    const own = await pages("listGroupsForUser", { UserName }, "Groups", 3);
    assert.deepEqual(own.map((group) => group.GroupName), made.toSorted());
    const members = Array.from({ length: 5 }, () => unique("m"));
    for (const member of members) {
      await iam.createUser({ UserName: member });
      await iam.addUserToGroup({ GroupName, UserName: member });
    }
    const users = await pages("getGroup", { GroupName }, "Users", 2);
    assert.deepEqual(users.map((user) => user.UserName), members.toSorted());
    await noSuch(iam.addUserToGroup({ GroupName: "nothing", UserName }), "The group with name nothing cannot be found.");
    await noSuch(iam.addUserToGroup({ GroupName, UserName: "nobody" }), "The user with name nobody cannot be found.");
  });
});

describe("roles", () => {
  test("are created, told, changed and deleted", async () => {
    const RoleName = unique("Role");
    const document = trust();
    const { Role } = await iam.createRole({ RoleName, Path: "/r/", AssumeRolePolicyDocument: document, Description: "what for, né" });
    assert.match(Role.RoleId, /^AROA[A-Z2-7]{17}$/);
    assert.equal(Role.Arn, `arn:aws:iam::${account}:role/r/${RoleName}`);
    assert.equal(decodeURIComponent(Role.AssumeRolePolicyDocument), document);
    assert.doesNotMatch(Role.AssumeRolePolicyDocument, /[^A-Za-z0-9%._~-]/);
    assert.equal(Role.MaxSessionDuration, 3600);
    assert.deepEqual((await iam.getRole({ RoleName })).Role, Role);
    await exists(iam.createRole({ RoleName: RoleName.toLowerCase(), AssumeRolePolicyDocument: document }), `Role with name ${RoleName.toLowerCase()} already exists.`);

    await iam.updateRole({ RoleName, MaxSessionDuration: 7200 });
    assert.equal((await iam.getRole({ RoleName })).Role.Description, "what for, né");
    const { Role: described } = await iam.updateRoleDescription({ RoleName, Description: "else" });
    assert.equal(described.Description, "else");
    assert.equal(described.MaxSessionDuration, 7200);
    const { User } = await iam.createUser({ UserName: unique("trusted"), Path: "/t/" });
    const other = trust({ AWS: [`arn:aws:iam::${account}:root`, User.Arn, "arn:aws:iam::111111111111:user/other"] });
    await iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: other });
    assert.equal(decodeURIComponent((await iam.getRole({ RoleName })).Role.AssumeRolePolicyDocument), other);

    await iam.attachRolePolicy({ RoleName, PolicyArn: administrator });
    await conflict(iam.deleteRole({ RoleName }), "Cannot delete entity, must detach all policies first.");
    await iam.detachRolePolicy({ RoleName, PolicyArn: administrator });
    await iam.deleteRole({ RoleName });
    await noSuch(iam.getRole({ RoleName }), `The role with name ${RoleName} cannot be found.`);
  });

  test("are checked", async () => {
    const RoleName = unique("checked");
    await fails(iam.createRole({ RoleName, AssumeRolePolicyDocument: "{}" }), "MalformedPolicyDocumentException", /./);
    await fails(iam.createRole({ RoleName, AssumeRolePolicyDocument: allow("sts:AssumeRole") }), "MalformedPolicyDocumentException", /./);
    await fails(
      iam.createRole({ RoleName, AssumeRolePolicyDocument: trust(), MaxSessionDuration: 3599 }),
      "ValidationError",
      "1 validation error detected: Value '3599' at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600",
    );
    for (const [principal, named] of [
      [{ AWS: `arn:aws:iam::${account}:user/nobody` }, `arn:aws:iam::${account}:user/nobody`],
      [{ AWS: ["*", `arn:aws:iam::${account}:role/${RoleName}`] }, `arn:aws:iam::${account}:role/${RoleName}`],
    ])
      await fails(
        iam.createRole({ RoleName, AssumeRolePolicyDocument: trust(principal) }),
        "MalformedPolicyDocumentException",
        `Invalid principal in policy: "AWS":"${named}"`,
      );
    for (const Description of ["→", "\u00a0", "\u007f"])
      await fails(iam.createRole({ RoleName, Description, AssumeRolePolicyDocument: trust() }), "ValidationError", /at 'description' failed to satisfy constraint/);
    const long = trust({ AWS: Array.from({ length: 60 }, (_, i) => `arn:aws:iam::${String(i).padStart(12, "1")}:root`) });
    await limited(iam.createRole({ RoleName, AssumeRolePolicyDocument: long }), "Cannot exceed quota for ACLSizePerRole: 2048");
    await noSuch(iam.getRole({ RoleName }), `The role with name ${RoleName} cannot be found.`);
  });

  test("are listed in pages", async () => {
    const path = `/${unique("roles")}/`;
    const made = Array.from({ length: 5 }, () => unique("role"));
    for (const RoleName of made) await iam.createRole({ RoleName, Path: path, AssumeRolePolicyDocument: trust() });
    const roles = await pages("listRoles", { PathPrefix: path }, "Roles", 2);
    assert.deepEqual(roles.map((role) => role.RoleName), made.toSorted());
  });

  test("of services are not there", async () => {
    const RoleName = unique("own");
    await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust() });
    await fails(iam.deleteServiceLinkedRole({ RoleName }), "InvalidInputException", `The role ${RoleName} is not linked to a service.`);
    await noSuch(iam.deleteServiceLinkedRole({ RoleName: "nothing" }), "The role with name nothing cannot be found.");
  });
});

describe("instance profiles", () => {
  test("have a role", async () => {
    const [InstanceProfileName, RoleName] = [unique("profile"), unique("role")];
    const { InstanceProfile } = await iam.createInstanceProfile({ InstanceProfileName, Path: "/i/" });
    assert.match(InstanceProfile.InstanceProfileId, /^AIPA[A-Z2-7]{17}$/);
    assert.equal(InstanceProfile.Arn, `arn:aws:iam::${account}:instance-profile/i/${InstanceProfileName}`);
    await exists(iam.createInstanceProfile({ InstanceProfileName }), `Instance Profile ${InstanceProfileName} already exists.`);
    await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust() });
    await iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName });
    await limited(iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName }), "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
    const { InstanceProfile: told } = await iam.getInstanceProfile({ InstanceProfileName });
    assert.deepEqual(told.Roles.map((role) => role.RoleName), [RoleName]);
    assert.deepEqual((await iam.listInstanceProfilesForRole({ RoleName })).InstanceProfiles.map((p) => p.InstanceProfileName), [InstanceProfileName]);
    const all = await pages("listInstanceProfiles", { PathPrefix: "/i/" }, "InstanceProfiles", 1);
    assert.deepEqual(all.map((profile) => profile.InstanceProfileName), [InstanceProfileName]);
    await conflict(iam.deleteRole({ RoleName }), "Cannot delete entity, must remove roles from instance profile first.");
    await conflict(iam.deleteInstanceProfile({ InstanceProfileName }), "Cannot delete entity, must remove roles from instance profile first.");
    await iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName });
    await iam.deleteRole({ RoleName });
    await iam.deleteInstanceProfile({ InstanceProfileName });
    await noSuch(iam.getInstanceProfile({ InstanceProfileName }), `Instance Profile ${InstanceProfileName} cannot be found.`);
  });
});

describe("OpenID Connect providers", () => {
  const ThumbprintList = ["0123456789abcdef0123456789abcdef01234567"];

  test("are created, told, changed and deleted", async () => {
    const Url = "https://token.example.com/a/Path";
    const { OpenIDConnectProviderArn } = await iam.createOpenIDConnectProvider({ Url, ClientIDList: ["one"], ThumbprintList });
    assert.equal(OpenIDConnectProviderArn, `arn:aws:iam::${account}:oidc-provider/token.example.com/a/Path`);
    await exists(iam.createOpenIDConnectProvider({ Url }), `Provider with url ${Url} already exists.`);
    await iam.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: "two" });
    await iam.addClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: "two" });
    await iam.removeClientIDFromOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: "one" });
    await iam.removeClientIDFromOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID: "one" });
    const prints = ["f".repeat(40), "e".repeat(40)];
    await iam.updateOpenIDConnectProviderThumbprint({ OpenIDConnectProviderArn, ThumbprintList: prints });
    const told = await iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn });
    assert.equal(told.Url, "token.example.com/a/Path");
    assert.deepEqual(told.ClientIDList, ["two"]);
    assert.deepEqual(told.ThumbprintList, prints);
    assert.ok(told.CreateDate instanceof Date);
    const { OpenIDConnectProviderList } = await iam.listOpenIDConnectProviders({});
    assert.deepEqual(OpenIDConnectProviderList, [{ Arn: OpenIDConnectProviderArn }]);
    await iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn });
    await iam.deleteOpenIDConnectProvider({ OpenIDConnectProviderArn });
    await noSuch(iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn }), `OpenIDConnect Provider not found for arn ${OpenIDConnectProviderArn}`);
  });

  test("are checked", async () => {
    for (const Url of ["http://example.com", "https://", "https://example.com?a", "https://example.com:8443", "example.com"])
      await invalid(iam.createOpenIDConnectProvider({ Url, ThumbprintList }), "Invalid Open ID Connect Provider URL");
    await fails(
      iam.createOpenIDConnectProvider({ Url: "https://example.com", ThumbprintList: Array.from("abcdef", (c) => c.repeat(40)) }),
      "InvalidInputException",
      "Thumbprint list must contain fewer than 5 entries.",
    );
    await fails(iam.getOpenIDConnectProvider({ OpenIDConnectProviderArn: "arn:aws:iam::000000000000:user/x" }), "InvalidInputException", /./);
  });
});

describe("tags", () => {
  const kinds = [
    {
      tag: "tagUser",
      untag: "untagUser",
      list: "listUserTags",
      make: async (name) => (await iam.createUser({ UserName: name }), { UserName: name }),
    },
    {
      tag: "tagRole",
      untag: "untagRole",
      list: "listRoleTags",
      make: async (name) => (await iam.createRole({ RoleName: name, AssumeRolePolicyDocument: trust() }), { RoleName: name }),
    },
    {
      tag: "tagPolicy",
      untag: "untagPolicy",
      list: "listPolicyTags",
      make: async (name) => ({ PolicyArn: (await iam.createPolicy({ PolicyName: name, PolicyDocument: allow("s3:*") })).Policy.Arn }),
    },
    {
      tag: "tagInstanceProfile",
      untag: "untagInstanceProfile",
      list: "listInstanceProfileTags",
      make: async (name) => (await iam.createInstanceProfile({ InstanceProfileName: name }), { InstanceProfileName: name }),
    },
    {
      tag: "tagOpenIDConnectProvider",
      untag: "untagOpenIDConnectProvider",
      list: "listOpenIDConnectProviderTags",
      make: (name) => iam.createOpenIDConnectProvider({ Url: `https://${name}.example` }).then(({ OpenIDConnectProviderArn }) => ({ OpenIDConnectProviderArn })),
    },
  ];

  for (const { tag, untag, list, make } of kinds) {
    test(`are put, told and taken away: ${tag}`, async () => {
      const which = await make(unique("tagged"));
      await iam[tag]({ ...which, Tags: [{ Key: "b", Value: "1" }, { Key: "A", Value: "" }, { Key: "c", Value: "3" }] });
      await iam[tag]({ ...which, Tags: [{ Key: "B", Value: "2" }] }); // replaces "b"
      const tags = await pages(list, which, "Tags", 2);
      assert.deepEqual(tags, [{ Key: "A", Value: "" }, { Key: "B", Value: "2" }, { Key: "c", Value: "3" }]);
      await iam[untag]({ ...which, TagKeys: ["a", "never"] });
      assert.deepEqual((await iam[list](which)).Tags.map(({ Key }) => Key), ["B", "c"]);
      await limited(
        iam[tag]({ ...which, Tags: Array.from({ length: 49 }, (_, i) => ({ Key: `k${i}`, Value: "v" })) }),
        "The number of tags has reached the maximum limit.",
      );
      await fails(iam[tag]({ ...which, Tags: [{ Key: "aws:mine", Value: "v" }] }), "InvalidInputException", /reserved/);
    });
  }
});

describe("the account", () => {
  test("is told in figures", async () => {
    const { SummaryMap: before } = await iam.getAccountSummary({});
    await iam.createUser({ UserName: unique("counted") });
    const { SummaryMap: after } = await iam.getAccountSummary({});
    assert.equal(after.Users, before.Users + 1);
    assert.equal(after.Roles, before.Roles);
    assert.equal(after.UsersQuota, 5000);
    assert.equal(after.AccessKeysPerUserQuota, 2);
    assert.equal(after.MFADevices, 0);
  });

  test("is told as a whole, in pages", async () => {
    const [UserName, GroupName, RoleName] = [unique("whole"), unique("whole"), unique("whole")];
    const document = allow("dynamodb:GetItem");
    await iam.createUser({ UserName, PermissionsBoundary: administrator, Tags: [{ Key: "k", Value: "v" }] });
    await iam.createGroup({ GroupName });
    await iam.addUserToGroup({ UserName, GroupName });
    await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust() });
    await iam.putUserPolicy({ UserName, PolicyName: "inline", PolicyDocument: document });
    await iam.attachGroupPolicy({ GroupName, PolicyArn: administrator });
    const whole = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] };
    for (let Marker; ; ) {
      const page = await iam.getAccountAuthorizationDetails({ MaxItems: 3, Marker });
      let count = 0;
      for (const list of Object.keys(whole)) {
        whole[list].push(...(page[list] ?? []));
        count += page[list]?.length ?? 0;
      }
      if (!page.IsTruncated) break;
      assert.equal(count, 3);
      Marker = page.Marker;
    }
    const user = whole.UserDetailList.find((u) => u.UserName === UserName);
    assert.deepEqual(user.GroupList, [GroupName]);
    assert.equal(decodeURIComponent(user.UserPolicyList[0].PolicyDocument), document);
    assert.equal(user.PermissionsBoundary.PermissionsBoundaryArn, administrator);
    assert.deepEqual(user.Tags, [{ Key: "k", Value: "v" }]);
    const group = whole.GroupDetailList.find((g) => g.GroupName === GroupName);
    assert.deepEqual(group.AttachedManagedPolicies, [{ PolicyName: "AdministratorAccess", PolicyArn: administrator }]);
    assert.ok(whole.RoleDetailList.some((role) => role.RoleName === RoleName));
    const policy = whole.Policies.find(({ Arn }) => Arn === administrator);
    assert.ok(policy.AttachmentCount >= 1 && policy.PermissionsBoundaryUsageCount >= 1);
    assert.equal(policy.PolicyVersionList.length, 1);
    for (const list of Object.keys(whole)) {
      const ids = whole[list].map((entity) => entity.Arn);
      assert.equal(new Set(ids).size, ids.length);
    }
    const { UserDetailList, RoleDetailList, Policies } = await iam.getAccountAuthorizationDetails({ Filter: ["Role"], MaxItems: 1000 });
    assert.deepEqual([UserDetailList ?? [], Policies ?? []], [[], []]);
    assert.equal(RoleDetailList.length, whole.RoleDetailList.length);
  });

  test("has none of what this server has no use for", async () => {
    const UserName = unique("bare");
    await iam.createUser({ UserName });
    assert.deepEqual((await iam.listAccountAliases({})).AccountAliases, []);
    assert.deepEqual((await iam.listMFADevices({ UserName })).MFADevices, []);
    assert.deepEqual((await iam.listVirtualMFADevices({})).VirtualMFADevices, []);
    assert.deepEqual((await iam.listServerCertificates({})).ServerCertificateMetadataList, []);
    assert.deepEqual((await iam.listSigningCertificates({ UserName })).Certificates, []);
    assert.deepEqual((await iam.listSSHPublicKeys({ UserName })).SSHPublicKeys ?? [], []);
    assert.deepEqual((await iam.listServiceSpecificCredentials({ UserName })).ServiceSpecificCredentials ?? [], []);
    assert.deepEqual((await iam.listSAMLProviders({})).SAMLProviderList ?? [], []);
    assert.deepEqual((await iam.listDelegationRequests({})).DelegationRequests ?? [], []);
    await noSuch(iam.listMFADevices({ UserName: "nobody" }), "The user with name nobody cannot be found.");
    await noSuch(iam.getLoginProfile({ UserName }), `Login Profile for User ${UserName} cannot be found.`);
    await noSuch(iam.deleteLoginProfile({ UserName }), `Login Profile for User ${UserName} cannot be found.`);
    await noSuch(iam.getAccountPasswordPolicy({}), `The Password Policy with domain name ${account} cannot be found.`);
    await noSuch(iam.getMFADevice({ SerialNumber: "arn:aws:iam::000000000000:mfa/x" }), /arn:aws:iam::000000000000:mfa\/x cannot be found/);
  });

  test("refuses to make it, with the reason", async () => {
    const refused = listed("src/services/iam/operations.def").filter(({ refused, name }) => refused && /^(Create|Upload|Enable)/.test(name));
    assert.ok(refused.length > 10);
    await fails(iam.createLoginProfile({ UserName: "x", Password: "y" }), "UnsupportedOperation", "CreateLoginProfile is not served here: there is no console to sign in to.");
    await fails(iam.createVirtualMFADevice({ VirtualMFADeviceName: "m" }), "UnsupportedOperation", /^CreateVirtualMFADevice is not served here: /);
    await fails(iam.createServiceLinkedRole({ AWSServiceName: "lex.amazonaws.com" }), "UnsupportedOperation", /^CreateServiceLinkedRole is not served here: /);
  });
});

describe("the protocol", () => {
  test("answers in XML of AWS's form", async () => {
    const UserName = unique("xml");
    const made = await ask("CreateUser", { UserName });
    assert.equal(made.status, 200);
    assert.equal(made.headers["content-type"], "text/xml");
    assert.match(
      made.body.toString(),
      new RegExp(
        `^<CreateUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><CreateUserResult><User>.*<UserName>${UserName}</UserName>.*` +
          `</User></CreateUserResult><ResponseMetadata><RequestId>[0-9A-Z]+</RequestId></ResponseMetadata></CreateUserResponse>\\s*$`,
        "i",
      ),
    );
    const gone = await ask("DeleteUser", { UserName });
    assert.match(gone.body.toString(), /^<DeleteUserResponse xmlns="[^"]+"><ResponseMetadata><RequestId>[^<]+<\/RequestId><\/ResponseMetadata><\/DeleteUserResponse>\s*$/);
    const absent = await ask("GetUser", { UserName });
    assert.equal(absent.status, 404);
    assert.match(absent.body.toString(), /<Error><Type>Sender<\/Type><Code>NoSuchEntity<\/Code><Message>The user with name \w+ cannot be found.<\/Message><\/Error>/);
  });
});

describe("the AWS CLI", () => {
  const aws = (...args) => {
    const environment = { ...process.env, AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey };
    const { status, stdout, stderr } = spawnSync("aws", ["--endpoint-url", endpoint, "--region", region, "--output", "json", "iam", ...args], {
      env: environment,
      encoding: "utf8",
    });
    return { status, stderr, json: stdout.trim() === "" ? undefined : JSON.parse(stdout) };
  };
  const missing = spawnSync("aws", ["--version"]).error !== undefined;

  test("makes a user with a policy, and reads the policy back", { skip: missing && "no aws command" }, () => {
    const name = unique("cli");
    assert.equal(aws("create-user", "--user-name", name, "--tags", "Key=a,Value=b").json.User.UserName, name);
    assert.equal(aws("put-user-policy", "--user-name", name, "--policy-name", "p", "--policy-document", allow("dynamodb:*")).status, 0);
    const { json } = aws("get-user-policy", "--user-name", name, "--policy-name", "p");
    assert.deepEqual(json.PolicyDocument, JSON.parse(allow("dynamodb:*"))); // the CLI decodes it
    assert.deepEqual(aws("list-users", "--query", `Users[?UserName=='${name}'].UserName`, "--page-size", "2").json, [name]);
    const again = aws("create-user", "--user-name", name);
    assert.match(again.stderr, /\(EntityAlreadyExists\) when calling the CreateUser operation: User with name \w+ already exists\./);
  });
});

describe("a restart", () => {
  test("finds everything again", async () => {
    const folder = temporaryFolder();
    const args = ["--data", folder];
    const first = await startServer({ args });
    const one = makeIam(first.endpoint);
    await one.createUser({ UserName: "kept", Tags: [{ Key: "k", Value: "v" }] });
    const { AccessKeyId, SecretAccessKey } = (await one.createAccessKey({ UserName: "kept" })).AccessKey;
    const client = makeClient(first.endpoint, { credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } });
    await client.listTables({}).catch(() => {});
    client.destroy();
    const { User } = await one.getUser({ UserName: "kept" });
    const used = await one.getAccessKeyLastUsed({ AccessKeyId });
    await first.stop();
    const second = await startServer({ args });
    const two = makeIam(second.endpoint);
    assert.deepEqual((await two.getUser({ UserName: "kept" })).User, User);
    assert.deepEqual((await two.getAccessKeyLastUsed({ AccessKeyId })).AccessKeyLastUsed, used.AccessKeyLastUsed);
    await second.stop();
  });
});
