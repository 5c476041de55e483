import { GetUserCommand, IAMClient, ListUserTagsCommand, TagUserCommand, UntagUserCommand } from "@aws-sdk/client-iam";
import { useAnswer } from "../app/asking";
import { useClient } from "../aws/clients";
import { timeText } from "../parts/words";
import { access } from "../text/access";
import { AccessKeys } from "./access_keys";
import { LimitedPermissions } from "./boundary";
import { type Holder, listAll } from "./holders";
import { GroupsOfUser } from "./membership";
import { Arn, Page } from "./page";
import { deleteUser } from "./removal";
import { Tags } from "./tags";

const said = access.tabs;

export default function User({ name }: { name: string }) {
  const iam = useClient(IAMClient);
  const user = useAnswer(async () => (await iam.send(new GetUserCommand({ UserName: name }))).User, [iam, name]);
  const holder: Holder = { word: "user", name };
  const { Arn: arn, CreateDate, UserId, Path, PermissionsBoundary } = user.value ?? {};
  const permissions = <LimitedPermissions holder={holder} lintHolder="USER" boundary={PermissionsBoundary?.PermissionsBoundaryArn} onChanged={user.again} />;
  const tags = (
    <Tags
      of={name}
      list={() =>
        listAll(
          (Marker) => iam.send(new ListUserTagsCommand({ UserName: name, Marker })),
          (answer) => answer.Tags,
        )
      }
      tag={(tag) => iam.send(new TagUserCommand({ UserName: name, Tags: [tag] }))}
      untag={(key) => iam.send(new UntagUserCommand({ UserName: name, TagKeys: [key] }))}
    />
  );
  return (
    <Page
      name={name}
      error={user.error}
      summary={[
        { label: access.arn, value: <Arn arn={arn} /> },
        { label: access.created, value: timeText(CreateDate) },
        { label: access.id, value: UserId },
        { label: access.path, value: Path },
      ]}
      tabs={[
        { id: "permissions", label: said.permissions, content: permissions },
        { id: "groups", label: said.groups, content: <GroupsOfUser user={name} /> },
        { id: "keys", label: said.keys, content: <AccessKeys user={name} /> },
        { id: "tags", label: said.tags, content: tags },
      ]}
      deletion={{ what: access.users.what(name), means: access.users.deletion, act: () => deleteUser(iam, name), back: "/access/users" }}
    />
  );
}
