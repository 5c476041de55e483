// IAM: managed policies and their versions, what is attached, inline policies, boundaries, and that changes at once stay whole.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allow, makeIam, policy, trust } from "../lib/iam.js";
import { fails, open } from "../lib/turntable.js";

const { endpoint } = await open();
const iam = makeIam(endpoint);
const account = "000000000000";
const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";

let names = 0;
const unique = (prefix) => `${prefix}${++names}`;
const noSuch = (promise, message) => fails(promise, "NoSuchEntityException", message, 404);
const conflict = (promise, message) => fails(promise, "DeleteConflictException", message, 409);
const limited = (promise, message) => fails(promise, "LimitExceededException", message, 409);
const malformed = (promise, message) => fails(promise, "MalformedPolicyDocumentException", message);

/** A document of at least so many characters, white space not counted. */
const ofSize = (size) => allow("dynamodb:GetItem", Array.from({ length: Math.ceil(size / 50) }, (_, i) => `arn:aws:dynamodb:*:*:table/${String(i).padStart(30, "x")}`));
const sizeOf = (document) => document.replace(/\s/g, "").length;

async function makePolicy(options = {}) {
  const { Policy } = await iam.createPolicy({ PolicyName: unique("Policy"), PolicyDocument: allow("dynamodb:*"), ...options });
  return Policy;
}

async function makeUser() {
  const UserName = unique("user");
  await iam.createUser({ UserName });
  return UserName;
}

describe("managed policies", () => {
  test("are created, told and deleted", async () => {
    const Policy = await makePolicy({ Path: "/p/q/", Description: "what for", Tags: [{ Key: "k", Value: "v" }] });
    assert.match(Policy.PolicyId, /^ANPA[A-Z2-7]{17}$/);
    assert.equal(Policy.Arn, `arn:aws:iam::${account}:policy/p/q/${Policy.PolicyName}`);
    assert.equal(Policy.DefaultVersionId, "v1");
    assert.equal(Policy.AttachmentCount, 0);
    assert.equal(Policy.IsAttachable, true);
    assert.deepEqual((await iam.getPolicy({ PolicyArn: Policy.Arn })).Policy, Policy);
    const name = Policy.PolicyName.toLowerCase();
    await fails(
      iam.createPolicy({ PolicyName: name, PolicyDocument: allow("s3:*") }),
      "EntityAlreadyExistsException",
      `A policy called ${name} already exists. Duplicate names are not allowed.`,
      409,
    );
    await iam.deletePolicy({ PolicyArn: Policy.Arn });
    await noSuch(iam.getPolicy({ PolicyArn: Policy.Arn }), `Policy ${Policy.Arn} was not found.`);
    await noSuch(iam.deletePolicy({ PolicyArn: Policy.Arn }), `Policy ${Policy.Arn} was not found.`);
  });

  test("are found by the whole of their ARN", async () => {
    const { Arn, PolicyName } = await makePolicy({ Path: "/p/" });
    for (const PolicyArn of [Arn.replace("/p/", "/"), Arn.replace(account, "111111111111"), Arn.toUpperCase().replace("ARN:AWS:IAM", "arn:aws:iam").replace("POLICY", "policy")])
      await noSuch(iam.getPolicy({ PolicyArn }), `Policy ${PolicyArn} was not found.`);
    for (const PolicyArn of [`arn:aws:iam::${account}:user/${PolicyName}`, `arn:aws:s3:::something/${PolicyName}`, "x".repeat(20)])
      await fails(iam.getPolicy({ PolicyArn }), "InvalidInputException", `ARN ${PolicyArn} is not valid.`);
    await fails(
      iam.getPolicy({ PolicyArn: "short" }),
      "ValidationError",
      "1 validation error detected: Value 'short' at 'policyArn' failed to satisfy constraint: Member must have length greater than or equal to 20",
    );
  });

  test("are checked", async () => {
    const PolicyName = unique("checked");
    for (const Path of ["/a b/", "/a", "//", "/a//b/", "/a!/"]) {
      await fails(
        iam.createPolicy({ PolicyName, Path, PolicyDocument: allow("s3:*") }),
        "ValidationError",
        `1 validation error detected: Value '${Path}' at 'path' failed to satisfy constraint: Member must satisfy regular expression pattern: ((/[A-Za-z0-9\\.,\\+@=_-]+)*)/`,
      );
    }
    await fails(iam.listPolicies({ PathPrefix: "/a" }), "ValidationError", /at 'pathPrefix'/);
    const { Policy } = await iam.createPolicy({ PolicyName: unique("described"), Description: "→ é", PolicyDocument: allow("s3:*") });
    assert.equal(Policy.Description, "→ é");
    for (const PolicyDocument of ["{", "[]", "{}", policy({ Effect: "Maybe", Action: "s3:*", Resource: "*" }), trust()])
      await malformed(iam.createPolicy({ PolicyName, PolicyDocument }), /./);
    await malformed(iam.createPolicy({ PolicyName, PolicyDocument: allow("s3:*").replace("2012-10-17", "2008-10-17") }), /2012-10-17/);
    const large = ofSize(6200);
    assert.ok(sizeOf(large) > 6144);
    await limited(iam.createPolicy({ PolicyName, PolicyDocument: large }), "Cannot exceed quota for PolicySize: 6144");
    // White space does not count.
    const wide = JSON.stringify(JSON.parse(ofSize(5000)), null, 40);
    assert.ok(wide.length > 6144);
    await iam.createPolicy({ PolicyName, PolicyDocument: wide });
    const { PolicyVersion } = await iam.getPolicyVersion({ PolicyArn: `arn:aws:iam::${account}:policy/${PolicyName}`, VersionId: "v1" });
    assert.equal(decodeURIComponent(PolicyVersion.Document), wide);
  });

  test("have up to five versions", async () => {
    const { Arn: PolicyArn } = await makePolicy();
    for (let i = 2; i <= 5; i++) {
      const { PolicyVersion } = await iam.createPolicyVersion({ PolicyArn, PolicyDocument: allow(`dynamodb:Get${i}*`), SetAsDefault: i === 3 });
      assert.equal(PolicyVersion.VersionId, `v${i}`);
      assert.equal(PolicyVersion.IsDefaultVersion, i === 3);
    }
    await limited(
      iam.createPolicyVersion({ PolicyArn, PolicyDocument: allow("s3:*") }),
      "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
    );
    const versions = [];
    for (let Marker; ; ) {
      const page = await iam.listPolicyVersions({ PolicyArn, MaxItems: 2, Marker });
      versions.push(...page.Versions);
      if (!page.IsTruncated) break;
      Marker = page.Marker;
    }
    assert.deepEqual(versions.map(({ VersionId }) => VersionId), ["v5", "v4", "v3", "v2", "v1"]);
    assert.deepEqual(versions.filter(({ IsDefaultVersion }) => IsDefaultVersion).map(({ VersionId }) => VersionId), ["v3"]);
    await conflict(iam.deletePolicyVersion({ PolicyArn, VersionId: "v3" }), "Cannot delete the default version of a policy.");
    await iam.setDefaultPolicyVersion({ PolicyArn, VersionId: "v5" });
    assert.equal((await iam.getPolicy({ PolicyArn })).Policy.DefaultVersionId, "v5");
    await iam.deletePolicyVersion({ PolicyArn, VersionId: "v3" });
    await noSuch(iam.getPolicyVersion({ PolicyArn, VersionId: "v3" }), `Policy ${PolicyArn} version v3 does not exist or is not attachable.`);
    await noSuch(iam.setDefaultPolicyVersion({ PolicyArn, VersionId: "v9" }), `Policy ${PolicyArn} version v9 does not exist or is not attachable.`);
    const { PolicyVersion } = await iam.createPolicyVersion({ PolicyArn, PolicyDocument: allow("s3:*") });
    assert.equal(PolicyVersion.VersionId, "v6"); // a number is not used again
    await conflict(
      iam.deletePolicy({ PolicyArn }),
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
    for (const VersionId of ["v1", "v2", "v4", "v6"]) await iam.deletePolicyVersion({ PolicyArn, VersionId });
    await iam.deletePolicy({ PolicyArn });
  });

  test("are listed with AWS's own, in pages", async () => {
    const path = `/${unique("list")}/`;
    const made = [];
    for (let i = 0; i < 5; i++) made.push((await makePolicy({ Path: path })).Arn);
    const all = async (input) => {
      const arns = [];
      for (let Marker; ; ) {
        const page = await iam.listPolicies({ ...input, Marker });
        arns.push(...page.Policies.map(({ Arn }) => Arn));
        if (!page.IsTruncated) return arns;
        Marker = page.Marker;
      }
    };
    for (const MaxItems of [1, 2, 1000]) assert.deepEqual(await all({ PathPrefix: path, MaxItems }), made.toSorted());
    const everything = await all({ MaxItems: 3 });
    assert.equal(new Set(everything).size, everything.length);
    assert.ok(everything.includes(administrator) && made.every((arn) => everything.includes(arn)));
    assert.ok((await all({ Scope: "AWS" })).every((arn) => arn.startsWith("arn:aws:iam::aws:policy/")));
    assert.ok(!(await all({ Scope: "Local" })).includes(administrator));
    const UserName = await makeUser();
    await iam.attachUserPolicy({ UserName, PolicyArn: made[2] });
    await iam.putUserPermissionsBoundary({ UserName, PermissionsBoundary: made[3] });
    assert.deepEqual(await all({ PathPrefix: path, OnlyAttached: true }), [made[2]]);
    assert.deepEqual(await all({ PathPrefix: path, PolicyUsageFilter: "PermissionsBoundary" }), [made[3]]);
    assert.deepEqual(await all({ PathPrefix: path, PolicyUsageFilter: "PermissionsPolicy" }), [made[2]]);
  });

  test("of AWS can be read and attached, and not changed", async () => {
    const { Policy } = await iam.getPolicy({ PolicyArn: administrator });
    assert.equal(Policy.PolicyName, "AdministratorAccess");
    const { PolicyVersion } = await iam.getPolicyVersion({ PolicyArn: administrator, VersionId: Policy.DefaultVersionId });
    assert.deepEqual(JSON.parse(decodeURIComponent(PolicyVersion.Document)), JSON.parse(allow("*")));
    await fails(iam.deletePolicy({ PolicyArn: administrator }), "AccessDenied", /not authorized to perform: iam:DeletePolicy/, 403);
    await fails(iam.createPolicyVersion({ PolicyArn: administrator, PolicyDocument: allow("s3:*") }), "AccessDenied", /iam:CreatePolicyVersion/, 403);
  });

  test("of AWS compile, all of them", async () => {
    const UserName = await makeUser();
    const { Policies } = await iam.listPolicies({ Scope: "AWS", MaxItems: 1000 });
    for (const { Arn: PolicyArn, AttachmentCount } of Policies) { // a server is born with roles that have some
      await iam.attachUserPolicy({ UserName, PolicyArn });
      const { Policy } = await iam.getPolicy({ PolicyArn });
      assert.equal(Policy.AttachmentCount, AttachmentCount + 1, PolicyArn);
      await makePolicy({ PolicyDocument: decodeURIComponent((await iam.getPolicyVersion({ PolicyArn, VersionId: "v1" })).PolicyVersion.Document) });
      await iam.detachUserPolicy({ UserName, PolicyArn });
    }
  });
});

// The same of users, groups and roles.
const grantees = [
  {
    word: "user",
    make: async () => ({ UserName: await makeUser() }),
    ops: {
      attach: "attachUserPolicy",
      detach: "detachUserPolicy",
      listAttached: "listAttachedUserPolicies",
      put: "putUserPolicy",
      get: "getUserPolicy",
      list: "listUserPolicies",
      remove: "deleteUserPolicy",
      bound: "putUserPermissionsBoundary",
      unbound: "deleteUserPermissionsBoundary",
      tell: async (which) => (await iam.getUser(which)).User,
    },
    quota: 2048,
  },
  {
    word: "group",
    make: async () => ({ GroupName: (await iam.createGroup({ GroupName: unique("group") })).Group.GroupName }),
    ops: {
      attach: "attachGroupPolicy",
      detach: "detachGroupPolicy",
      listAttached: "listAttachedGroupPolicies",
      put: "putGroupPolicy",
      get: "getGroupPolicy",
      list: "listGroupPolicies",
      remove: "deleteGroupPolicy",
    },
    quota: 5120,
  },
  {
    word: "role",
    make: async () => ({ RoleName: (await iam.createRole({ RoleName: unique("role"), AssumeRolePolicyDocument: trust() })).Role.RoleName }),
    ops: {
      attach: "attachRolePolicy",
      detach: "detachRolePolicy",
      listAttached: "listAttachedRolePolicies",
      put: "putRolePolicy",
      get: "getRolePolicy",
      list: "listRolePolicies",
      remove: "deleteRolePolicy",
      bound: "putRolePermissionsBoundary",
      unbound: "deleteRolePermissionsBoundary",
      tell: async (which) => (await iam.getRole(which)).Role,
    },
    quota: 10240,
  },
];

for (const { word, make, ops, quota } of grantees) {
  describe(`policies of a ${word}`, () => {
    test("are attached and detached", async () => {
      const which = await make();
      const arns = [administrator];
      for (let i = 0; i < 9; i++) arns.push((await makePolicy({ Path: i < 4 ? "/few/" : "/" })).Arn);
      for (const PolicyArn of arns) await iam[ops.attach]({ ...which, PolicyArn });
      await iam[ops.attach]({ ...which, PolicyArn: arns[0] }); // again changes nothing
      const { Arn: eleventh } = await makePolicy();
      await limited(
        iam[ops.attach]({ ...which, PolicyArn: eleventh }),
        `Cannot exceed quota for PoliciesPer${word[0].toUpperCase()}${word.slice(1)}: 10`,
      );
      const told = [];
      for (let Marker; ; ) {
        const page = await iam[ops.listAttached]({ ...which, MaxItems: 4, Marker });
        told.push(...page.AttachedPolicies);
        if (!page.IsTruncated) break;
        Marker = page.Marker;
      }
      assert.deepEqual(told.map(({ PolicyArn }) => PolicyArn).sort(), arns.toSorted());
      assert.ok(told.every(({ PolicyArn, PolicyName }) => PolicyArn.endsWith(`/${PolicyName}`)));
      assert.equal((await iam[ops.listAttached]({ ...which, PathPrefix: "/few/" })).AttachedPolicies.length, 4);
      assert.equal((await iam.getPolicy({ PolicyArn: arns[3] })).Policy.AttachmentCount, 1);
      await conflict(iam.deletePolicy({ PolicyArn: arns[3] }), "Cannot delete a policy attached to entities.");
      await iam[ops.detach]({ ...which, PolicyArn: arns[3] });
      await noSuch(iam[ops.detach]({ ...which, PolicyArn: arns[3] }), `Policy ${arns[3]} was not found.`);
      await iam.deletePolicy({ PolicyArn: arns[3] });
      await noSuch(iam[ops.attach]({ ...which, PolicyArn: arns[3] }), `Policy ${arns[3]} does not exist or is not attachable.`);
    });

    test("are written into it", async () => {
      const which = await make();
      const [name] = Object.values(which);
      const [member] = Object.keys(which);
      await iam[ops.put]({ ...which, PolicyName: "b", PolicyDocument: allow("s3:*") });
      await iam[ops.put]({ ...which, PolicyName: "a", PolicyDocument: allow("dynamodb:*") });
      await iam[ops.put]({ ...which, PolicyName: "b", PolicyDocument: allow("sqs:*") }); // in the place of the first
      const told = await iam[ops.get]({ ...which, PolicyName: "b" });
      assert.equal(told[member], name);
      assert.equal(decodeURIComponent(told.PolicyDocument), allow("sqs:*"));
      const { PolicyNames, IsTruncated, Marker } = await iam[ops.list]({ ...which, MaxItems: 1 });
      assert.deepEqual([PolicyNames, IsTruncated], [["a"], true]);
      assert.deepEqual((await iam[ops.list]({ ...which, Marker })).PolicyNames, ["b"]);
      const large = ofSize(quota);
      assert.ok(sizeOf(large) > quota);
      await limited(iam[ops.put]({ ...which, PolicyName: "c", PolicyDocument: large }), `Maximum policy size of ${quota} bytes exceeded for ${word} ${name}`);
      await malformed(iam[ops.put]({ ...which, PolicyName: "c", PolicyDocument: "{}" }), /./);
      await iam[ops.remove]({ ...which, PolicyName: "b" });
      await noSuch(iam[ops.get]({ ...which, PolicyName: "b" }), `The ${word} policy with name b cannot be found.`);
      await noSuch(iam[ops.remove]({ ...which, PolicyName: "b" }), `The ${word} policy with name b cannot be found.`);
      await noSuch(iam[ops.list]({ [member]: "nobody" }), `The ${word} with name nobody cannot be found.`);
    });

    test("are bounded", { skip: !ops.bound && "a group has no boundary" }, async () => {
      const which = await make();
      const { Arn } = await makePolicy();
      await iam[ops.bound]({ ...which, PermissionsBoundary: Arn });
      assert.deepEqual((await ops.tell(which)).PermissionsBoundary, { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: Arn });
      const { Policy } = await iam.getPolicy({ PolicyArn: Arn });
      assert.deepEqual([Policy.AttachmentCount, Policy.PermissionsBoundaryUsageCount], [0, 1]);
      await conflict(iam.deletePolicy({ PolicyArn: Arn }), "Cannot delete a policy attached to entities.");
      await iam[ops.unbound](which);
      assert.equal((await ops.tell(which)).PermissionsBoundary, undefined);
      await iam.deletePolicy({ PolicyArn: Arn });
      await noSuch(iam[ops.bound]({ ...which, PermissionsBoundary: Arn }), `Scope ARN: ${Arn} does not exist or is not attachable.`);
    });
  });
}

describe("who has a policy", () => {
  test("is told in three lists, in pages", async () => {
    const { Arn: PolicyArn } = await makePolicy();
    const made = { PolicyUsers: [], PolicyGroups: [], PolicyRoles: [] };
    for (let i = 0; i < 3; i++) {
      const [user, group, role] = await Promise.all(grantees.map(({ make }) => make()));
      await iam.attachUserPolicy({ ...user, PolicyArn });
      await iam.attachGroupPolicy({ ...group, PolicyArn });
      await iam.putRolePermissionsBoundary({ ...role, PermissionsBoundary: PolicyArn });
      made.PolicyUsers.push(user.UserName);
      made.PolicyGroups.push(group.GroupName);
      made.PolicyRoles.push(role.RoleName);
    }
    const names = (page, list) => (page[list] ?? []).map(({ UserName, GroupName, RoleName }) => UserName ?? GroupName ?? RoleName);
    for (const MaxItems of [1, 2, 4, 9, 10]) {
      const told = { PolicyUsers: [], PolicyGroups: [], PolicyRoles: [] };
      for (let Marker; ; ) {
        const page = await iam.listEntitiesForPolicy({ PolicyArn, MaxItems, Marker });
        for (const list of Object.keys(told)) told[list].push(...names(page, list));
        if (!page.IsTruncated) break;
        assert.equal(Object.keys(told).reduce((sum, list) => sum + names(page, list).length, 0), MaxItems);
        Marker = page.Marker;
      }
      for (const list of Object.keys(told)) assert.deepEqual(told[list], made[list].toSorted());
    }
    const roles = await iam.listEntitiesForPolicy({ PolicyArn, EntityFilter: "Role" });
    assert.deepEqual([names(roles, "PolicyUsers"), names(roles, "PolicyRoles")], [[], made.PolicyRoles.toSorted()]);
    const attached = await iam.listEntitiesForPolicy({ PolicyArn, PolicyUsageFilter: "PermissionsPolicy" });
    assert.deepEqual([names(attached, "PolicyUsers").length, names(attached, "PolicyRoles").length], [3, 0]);
  });
});

describe("changes at once", () => {
  test("all happen, one after another", async () => {
    const UserName = await makeUser();
    await Promise.all(Array.from({ length: 20 }, (_, i) => iam.tagUser({ UserName, Tags: [{ Key: `k${i}`, Value: "v" }] })));
    assert.equal((await iam.listUserTags({ UserName })).Tags.length, 20);
  });

  test("make one user of a name", async () => {
    const UserName = unique("once");
    const spellings = Array.from({ length: 8 }, (_, i) => (i % 2 ? UserName : UserName.toUpperCase()));
    const results = await Promise.allSettled(spellings.map((name) => iam.createUser({ UserName: name })));
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
    assert.ok(results.every(({ reason }) => reason === undefined || reason.name === "EntityAlreadyExistsException"));
  });

  test("never leave a policy attached that is gone", async () => {
    for (let i = 0; i < 20; i++) {
      const UserName = await makeUser();
      const { Arn: PolicyArn } = await makePolicy();
      const [attached, deleted] = await Promise.allSettled([iam.attachUserPolicy({ UserName, PolicyArn }), iam.deletePolicy({ PolicyArn })]);
      assert.notEqual(attached.status, deleted.status);
    }
  });

  test("never leave a user in a group that is gone", async () => {
    for (let i = 0; i < 20; i++) {
      const UserName = await makeUser();
      const GroupName = unique("group");
      await iam.createGroup({ GroupName });
      const [added, deleted] = await Promise.allSettled([iam.addUserToGroup({ UserName, GroupName }), iam.deleteGroup({ GroupName })]);
      assert.notEqual(added.status, deleted.status);
      await iam.listGroupsForUser({ UserName });
    }
  });
});
