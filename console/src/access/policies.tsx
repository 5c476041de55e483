import { IAMClient, type Policy } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import { useState } from "react";
import { useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { navigate, path } from "../app/router";
import { useClient } from "../aws/clients";
import { Buttons } from "../parts/buttons";
import { Deletion } from "../parts/deletion";
import { Link } from "../parts/link";
import { ResourceTable } from "../parts/resource_table";
import { countText, timeText } from "../parts/words";
import { access } from "../text/access";
import { allPolicies, isAws } from "./policies_data";
import { deletePolicy } from "./removal";

const said = access.policies;
const typeOf = ({ Arn }: Policy) => (isAws(Arn) ? said.aws : said.local);

export default function Policies() {
  const iam = useClient(IAMClient);
  const [removing, setRemoving] = useState<Policy>();
  const policies = useAnswer(() => allPolicies(iam), [iam]);
  return (
    <>
      <ResourceTable
        id="access-policies"
        title={said.title}
        description={said.description}
        answer={policies}
        nameOf={({ Arn = "" }) => Arn}
        selection="single"
        placeholder={said.find}
        empty={said.empty}
        actions={([selected]) => (
          <Buttons>
            <Button disabled={!selected || isAws(selected.Arn)} onClick={() => setRemoving(selected)}>{access.delete}</Button>
            <Button variant="primary" onClick={() => navigate("/access/create-policy")}>{said.create}</Button>
          </Buttons>
        )}
        initialSort={{ column: "type", descending: true }}
        columns={[
          { id: "name", header: access.name, value: ({ PolicyName }) => PolicyName, cell: ({ PolicyName, Arn = "" }) => <Link to={path`/access/policies/${Arn}`}>{PolicyName}</Link> },
          { id: "type", header: access.type, value: typeOf, cell: typeOf },
          { id: "attachments", header: said.attachments, value: ({ AttachmentCount }) => AttachmentCount, cell: ({ AttachmentCount }) => countText(AttachmentCount) },
          { id: "description", header: access.description, value: ({ Description }) => Description, cell: ({ Description }) => Description },
          { id: "arn", header: access.arn, value: ({ Arn }) => Arn, cell: ({ Arn }) => Arn, hidden: true },
          { id: "updated", header: said.updated, value: ({ UpdateDate }) => UpdateDate?.getTime(), cell: ({ UpdateDate }) => timeText(UpdateDate) },
        ]}
      />
      {removing && (
        <Deletion
          what={said.what(removing.PolicyName ?? "")}
          act={() => deletePolicy(iam, removing.Arn ?? "")}
          onClose={(deleted) => {
            setRemoving(undefined);
            if (deleted) tellDone(access.deleted(said.what(removing.PolicyName ?? "")));
            policies.again();
          }}
        >
          {said.deletion}
        </Deletion>
      )}
    </>
  );
}
