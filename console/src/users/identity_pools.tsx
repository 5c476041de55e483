// The identity pools.

import { CognitoIdentityClient } from "@aws-sdk/client-cognito-identity";
import { useAnswer } from "../app/asking";
import { path } from "../app/router";
import { useClient } from "../aws/clients";
import { Copyable } from "../parts/copyable";
import { Link } from "../parts/link";
import { ResourceTable } from "../parts/resource_table";
import { identityPools as said } from "../text/users";
import { listIdentityPools } from "./identity_calls";

export default function IdentityPools() {
  const identity = useClient(CognitoIdentityClient);
  const answer = useAnswer((abortSignal) => listIdentityPools(identity, abortSignal), [identity]);
  return (
    <ResourceTable
      id="identity-pools"
      title={said.title}
      answer={answer}
      nameOf={(pool) => pool.IdentityPoolId ?? ""}
      placeholder={said.find}
      empty={said.empty}
      columns={[
        {
          id: "name",
          header: said.name,
          value: (pool) => pool.IdentityPoolName,
          cell: (pool) => <Link to={path`/identity-pools/${pool.IdentityPoolId ?? ""}`}>{pool.IdentityPoolName}</Link>,
        },
        { id: "id", header: said.id, value: (pool) => pool.IdentityPoolId, cell: (pool) => <Copyable text={pool.IdentityPoolId ?? ""} label={said.id} /> },
      ]}
    />
  );
}
