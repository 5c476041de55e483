// A user: who it is, how they stand, their groups, what waits for them.

import { AdminGetUserCommand, CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAnswer } from "../app/asking";
import { navigate, path } from "../app/router";
import { useClient } from "../aws/clients";
import { Copyable } from "../parts/copyable";
import { Refused } from "../parts/refused";
import { Waiting } from "../parts/waiting";
import { timeText } from "../parts/words";
import { app } from "../text/app";
import { users } from "../text/users";
import { Codes } from "./codes";
import { Confirmation, Enabled, attributeOf } from "./status";
import { useUserActions } from "./user_actions";
import { UserAttributes } from "./user_attributes";
import { UserGroups } from "./user_groups";

export default function User({ pool, user: name }: { pool: string; user: string }) {
  const idp = useClient(CognitoIdentityProviderClient);
  const [round, setRound] = useState(0);
  const answer = useAnswer((abortSignal) => idp.send(new AdminGetUserCommand({ UserPoolId: pool, Username: name }), { abortSignal }), [idp, pool, name, round]);
  const user = answer.value;
  const actions = useUserActions(pool, [name], (deleted) => (deleted ? navigate(path`/user-pools/${pool}`) : setRound((last) => last + 1)));
  if (!user) return answer.error ? <Refused error={answer.error} /> : <Waiting />;
  return (
    <SpaceBetween size="l">
      <Header variant="h1" actions={actions.menu}>{attributeOf(user.UserAttributes, "email") ?? name}</Header>
      {actions.dialogs}
      <Refused error={answer.error} />
      <Container header={<Header variant="h2">{users.user.overview}</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            { label: users.list.name, value: <Copyable text={user.Username ?? name} label={users.list.name} /> },
            { label: users.list.status, value: <Confirmation status={user.UserStatus} /> },
            { label: users.list.enabled, value: <Enabled enabled={user.Enabled} /> },
            { label: users.user.mfa, value: user.UserMFASettingList?.join(", ") || app.none },
            { label: users.list.created, value: timeText(user.UserCreateDate) },
            { label: users.list.changed, value: timeText(user.UserLastModifiedDate) },
          ]}
        />
      </Container>
      <Codes pool={pool} user={name} round={round} />
      <UserAttributes pool={pool} user={name} attributes={user.UserAttributes ?? []} onChanged={() => setRound((last) => last + 1)} />
      <UserGroups pool={pool} user={name} />
    </SpaceBetween>
  );
}
