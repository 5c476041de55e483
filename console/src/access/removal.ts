// Deleting users, groups, roles and policies with what they have: IAM deletes none that still has something.

import {
  DeleteAccessKeyCommand,
  DeleteGroupCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  GetGroupCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListEntitiesForPolicyCommand,
  ListGroupsForUserCommand,
  ListPolicyVersionsCommand,
  RemoveUserFromGroupCommand,
} from "@aws-sdk/client-iam";
import { type Holder, type Word, attachedOf, detach, eraseInline, inlineOf, listAll } from "./holders";

/** One after the other: what was done stays done if one is refused. */
async function each<Item>(items: Item[], act: (item: Item) => Promise<unknown>) {
  for (const item of items) await act(item);
}

async function strip(iam: IAMClient, holder: Holder) {
  await each(await attachedOf(iam, holder), ({ arn }) => detach(iam, holder, arn));
  await each(await inlineOf(iam, holder), (name) => eraseInline(iam, holder, name));
}

export const keysOf = (iam: IAMClient, UserName: string) =>
  listAll(
    (Marker) => iam.send(new ListAccessKeysCommand({ UserName, Marker })),
    (answer) => answer.AccessKeyMetadata,
  );
export const groupsOf = (iam: IAMClient, UserName: string) =>
  listAll(
    (Marker) => iam.send(new ListGroupsForUserCommand({ UserName, Marker })),
    (answer) => answer.Groups,
  );
export const membersOf = (iam: IAMClient, GroupName: string) =>
  listAll(
    (Marker) => iam.send(new GetGroupCommand({ GroupName, Marker })),
    (answer) => answer.Users,
  );
export const versionsOf = (iam: IAMClient, PolicyArn: string) =>
  listAll(
    (Marker) => iam.send(new ListPolicyVersionsCommand({ PolicyArn, Marker })),
    (answer) => answer.Versions,
  );

/** Who has a policy, for permissions or as a boundary. */
export const holdersOf = (iam: IAMClient, PolicyArn: string, PolicyUsageFilter: "PermissionsPolicy" | "PermissionsBoundary"): Promise<Holder[]> =>
  listAll(
    (Marker) => iam.send(new ListEntitiesForPolicyCommand({ PolicyArn, PolicyUsageFilter, Marker })),
    (answer) => {
      const named = (word: Word, names: (string | undefined)[] = []) => names.map((name = "") => ({ word, name }));
      return [
        ...named("user", answer.PolicyUsers?.map(({ UserName }) => UserName)),
        ...named("group", answer.PolicyGroups?.map(({ GroupName }) => GroupName)),
        ...named("role", answer.PolicyRoles?.map(({ RoleName }) => RoleName)),
      ];
    },
  );

export async function deleteUser(iam: IAMClient, UserName: string) {
  await each(await keysOf(iam, UserName), ({ AccessKeyId }) => iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId })));
  await each(await groupsOf(iam, UserName), ({ GroupName }) => iam.send(new RemoveUserFromGroupCommand({ UserName, GroupName })));
  await strip(iam, { word: "user", name: UserName });
  await iam.send(new DeleteUserCommand({ UserName }));
}

export async function deleteGroup(iam: IAMClient, GroupName: string) {
  await each(await membersOf(iam, GroupName), ({ UserName }) => iam.send(new RemoveUserFromGroupCommand({ UserName, GroupName })));
  await strip(iam, { word: "group", name: GroupName });
  await iam.send(new DeleteGroupCommand({ GroupName }));
}

export async function deleteRole(iam: IAMClient, RoleName: string) {
  await strip(iam, { word: "role", name: RoleName });
  await iam.send(new DeleteRoleCommand({ RoleName }));
}

export async function deletePolicy(iam: IAMClient, PolicyArn: string) {
  await each(await holdersOf(iam, PolicyArn, "PermissionsPolicy"), (holder) => detach(iam, holder, PolicyArn));
  const versions = await versionsOf(iam, PolicyArn);
  await each(
    versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion),
    ({ VersionId }) => iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId })),
  );
  await iam.send(new DeletePolicyCommand({ PolicyArn }));
}
