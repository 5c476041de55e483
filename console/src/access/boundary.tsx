// The permissions of a user or role, with the boundary that they have and groups have not.

import { DeleteRolePermissionsBoundaryCommand, DeleteUserPermissionsBoundaryCommand, IAMClient, PutRolePermissionsBoundaryCommand, PutUserPermissionsBoundaryCommand } from "@aws-sdk/client-iam";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useAction, useAnswer } from "../app/asking";
import { path } from "../app/router";
import { useClient } from "../aws/clients";
import { FormModal } from "../parts/form_modal";
import { Link } from "../parts/link";
import { Refused } from "../parts/refused";
import { access } from "../text/access";
import type { Holder } from "./holders";
import type { LintHolder } from "./lint";
import { Permissions } from "./permissions";
import { allPolicies } from "./policies_data";

const said = access.permissions;

const put = (iam: IAMClient, { word, name }: Holder, PermissionsBoundary: string) =>
  word === "role" ? iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary })) : iam.send(new PutUserPermissionsBoundaryCommand({ UserName: name, PermissionsBoundary }));
const erase = (iam: IAMClient, { word, name }: Holder) =>
  word === "role" ? iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: name })) : iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: name }));

function BoundaryWindow({ holder, onClose }: { holder: Holder; onClose: (done: boolean) => void }) {
  const iam = useClient(IAMClient);
  const [arn, setArn] = useState("");
  const policies = useAnswer(() => allPolicies(iam), [iam]);
  const options = (policies.value ?? []).map(({ PolicyName, Arn = "", Description }) => ({ value: Arn, label: PolicyName, description: Description }));
  return (
    <FormModal header={said.setBoundary} submit={said.setBoundary} ready={arn !== ""} act={() => put(iam, holder, arn)} onClose={onClose}>
      <FormField label={said.boundaryPolicy} description={said.boundaryHint}>
        <Select
          selectedOption={options.find(({ value }) => value === arn) ?? null}
          options={options}
          filteringType="auto"
          placeholder={access.users.choose}
          statusType={policies.value ? "finished" : "loading"}
          virtualScroll={options.length > 200}
          onChange={({ detail }) => setArn(detail.selectedOption.value ?? "")}
        />
      </FormField>
      <Refused error={policies.error} />
    </FormModal>
  );
}

function Boundary({ holder, arn, onChanged }: { holder: Holder; arn: string | undefined; onChanged: () => void }) {
  const iam = useClient(IAMClient);
  const [setting, setSetting] = useState(false);
  const removing = useAction(async () => {
    await erase(iam, holder);
    onChanged();
  });
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={said.boundaryHint}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {arn && <Button loading={removing.busy} onClick={() => void removing.run()}>{said.removeBoundary}</Button>}
              <Button onClick={() => setSetting(true)}>{said.setBoundary}</Button>
            </SpaceBetween>
          }
        >
          {said.boundary}
        </Header>
      }
    >
      <Refused error={removing.error} />
      {arn ? <Link to={path`/access/policies/${arn}`}>{arn}</Link> : <Box color="text-status-inactive">{said.noBoundary}</Box>}
      {setting && (
        <BoundaryWindow
          holder={holder}
          onClose={(done) => {
            setSetting(false);
            if (done) onChanged();
          }}
        />
      )}
    </Container>
  );
}

export function LimitedPermissions({ holder, lintHolder, boundary, onChanged }: { holder: Holder; lintHolder: LintHolder; boundary: string | undefined; onChanged: () => void }) {
  return (
    <SpaceBetween size="m">
      <Permissions holder={holder} lintHolder={lintHolder} />
      <Boundary holder={holder} arn={boundary} onChanged={onChanged} />
    </SpaceBetween>
  );
}
