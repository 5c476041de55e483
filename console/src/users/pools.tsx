// The user pools.

import { CognitoIdentityProviderClient, ListUserPoolsCommand } from "@aws-sdk/client-cognito-identity-provider";
import { allPages, useAnswer } from "../app/asking";
import { path } from "../app/router";
import { useClient } from "../aws/clients";
import { Copyable } from "../parts/copyable";
import { Link } from "../parts/link";
import { ResourceTable } from "../parts/resource_table";
import { timeText } from "../parts/words";
import { users } from "../text/users";

const said = users.pools;

export default function UserPools() {
  const idp = useClient(CognitoIdentityProviderClient);
  const answer = useAnswer(
    (abortSignal) =>
      allPages(async (NextToken) => {
        const page = await idp.send(new ListUserPoolsCommand({ MaxResults: 60, NextToken }), { abortSignal });
        return { items: page.UserPools ?? [], next: page.NextToken };
      }),
    [idp],
  );
  return (
    <ResourceTable
      id="user-pools"
      title={said.title}
      answer={answer}
      nameOf={(pool) => pool.Id ?? ""}
      placeholder={said.find}
      empty={said.empty}
      columns={[
        { id: "name", header: said.name, value: (pool) => pool.Name, cell: (pool) => <Link to={path`/user-pools/${pool.Id ?? ""}`}>{pool.Name}</Link> },
        { id: "id", header: said.id, value: (pool) => pool.Id, cell: (pool) => <Copyable text={pool.Id ?? ""} label={said.id} /> },
        { id: "created", header: said.created, value: (pool) => pool.CreationDate?.getTime(), cell: (pool) => timeText(pool.CreationDate) },
        { id: "changed", header: said.changed, value: (pool) => pool.LastModifiedDate?.getTime(), cell: (pool) => timeText(pool.LastModifiedDate), hidden: true },
      ]}
    />
  );
}
