import { GetGroupCommand, IAMClient } from "@aws-sdk/client-iam";
import { useAnswer } from "../app/asking";
import { useClient } from "../aws/clients";
import { timeText } from "../parts/words";
import { access } from "../text/access";
import { UsersOfGroup } from "./membership";
import { Arn, Page } from "./page";
import { Permissions } from "./permissions";
import { deleteGroup } from "./removal";

export default function Group({ name }: { name: string }) {
  const iam = useClient(IAMClient);
  const group = useAnswer(async () => (await iam.send(new GetGroupCommand({ GroupName: name, MaxItems: 1 }))).Group, [iam, name]);
  const { Arn: arn, CreateDate, GroupId, Path } = group.value ?? {};
  return (
    <Page
      name={name}
      error={group.error}
      summary={[
        { label: access.arn, value: <Arn arn={arn} /> },
        { label: access.created, value: timeText(CreateDate) },
        { label: access.id, value: GroupId },
        { label: access.path, value: Path },
      ]}
      tabs={[
        { id: "permissions", label: access.tabs.permissions, content: <Permissions holder={{ word: "group", name }} lintHolder="USER" /> },
        { id: "users", label: access.tabs.users, content: <UsersOfGroup group={name} /> },
      ]}
      deletion={{ what: access.groups.what(name), means: access.groups.deletion, act: () => deleteGroup(iam, name), back: "/access/groups" }}
    />
  );
}
