// The identities of an identity pool: one for each user and guest who has asked for one.

import { CognitoIdentityClient, DeleteIdentitiesCommand, type IdentityDescription, ListIdentitiesCommand } from "@aws-sdk/client-cognito-identity";
import Badge from "@cloudscape-design/components/badge";
import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { Copyable } from "../parts/copyable";
import { Deletion } from "../parts/deletion";
import { PagedTable, usePages } from "../parts/paged_table";
import { timeText } from "../parts/words";
import { identityPools as said } from "../text/users";
import { userPoolOf } from "./identity_calls";

const PAGE = 50;

export function Identities({ pool }: { pool: string }) {
  const identity = useClient(CognitoIdentityClient);
  const [selected, setSelected] = useState<IdentityDescription[]>([]);
  const [deleting, setDeleting] = useState(false);
  const pages = usePages(
    async (NextToken, abortSignal) => {
      const page = await identity.send(new ListIdentitiesCommand({ IdentityPoolId: pool, MaxResults: PAGE, NextToken }), { abortSignal });
      return { items: page.Identities ?? [], next: page.NextToken };
    },
    [identity, pool],
  );
  const remove = () => identity.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: selected.map(({ IdentityId = "" }) => IdentityId) }));
  return (
    <>
      <PagedTable
        title={said.identities}
        pages={pages}
        nameOf={({ IdentityId }) => IdentityId ?? ""}
        selected={selected}
        onSelect={setSelected}
        empty={said.noIdentities}
        actions={<Button disabled={selected.length === 0} onClick={() => setDeleting(true)}>{said.deleteIdentities}</Button>}
        columns={[
          { id: "id", header: said.identity, cell: ({ IdentityId = "" }) => <Copyable text={IdentityId} label={said.identity} /> },
          { id: "logins", header: said.logins, cell: ({ Logins }) => (Logins?.length ? Logins.map(userPoolOf).join(", ") : <Badge>{said.guest}</Badge>) },
          { id: "created", header: said.created, cell: ({ CreationDate }) => timeText(CreationDate) },
          { id: "changed", header: said.changed, cell: ({ LastModifiedDate }) => timeText(LastModifiedDate) },
        ]}
      />
      {deleting && (
        <Deletion
          what={said.deletionOfIdentities(selected.length)}
          act={remove}
          onClose={(deleted) => {
            setDeleting(false);
            if (!deleted) return;
            tellDone(said.identitiesDeleted(selected.length));
            setSelected([]);
            pages.again();
          }}
        >
          {said.identitiesHint}
        </Deletion>
      )}
    </>
  );
}
