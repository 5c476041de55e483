import { DeletePolicyVersionCommand, IAMClient, SetDefaultPolicyVersionCommand } from "@aws-sdk/client-iam";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import { useAction, useAnswer } from "../app/asking";
import { useClient } from "../aws/clients";
import { Buttons } from "../parts/buttons";
import { Deletion } from "../parts/deletion";
import { Preformatted } from "../parts/preformatted";
import { Refused } from "../parts/refused";
import { ResourceTable } from "../parts/resource_table";
import { timeText } from "../parts/words";
import { access } from "../text/access";
import { app } from "../text/app";
import { versionDocument } from "./policies_data";
import { versionsOf } from "./removal";

const said = access.versions;

function Shown({ arn, version, onClose }: { arn: string; version: string; onClose: () => void }) {
  const iam = useClient(IAMClient);
  const document = useAnswer(() => versionDocument(iam, arn, version), [iam, arn, version]);
  return (
    <Modal visible size="large" header={said.document(version)} closeAriaLabel={app.close} onDismiss={onClose}>
      <Refused error={document.error} />
      <Preformatted label={said.document(version)}>{document.value ?? ""}</Preformatted>
    </Modal>
  );
}

export function Versions({ arn, fixed, onChanged }: { arn: string; fixed: boolean; onChanged: () => void }) {
  const iam = useClient(IAMClient);
  const [shown, setShown] = useState<string>();
  const [removing, setRemoving] = useState<string>();
  const versions = useAnswer(() => versionsOf(iam, arn), [iam, arn]);
  const choosing = useAction(async (VersionId: string) => {
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: arn, VersionId }));
    onChanged();
    versions.again();
  });
  return (
    <SpaceBetween size="m">
      <Refused error={choosing.error} />
      <ResourceTable
        id="access-versions"
        variant="container"
        title={said.title}
        description={said.hint}
        answer={versions}
        nameOf={({ VersionId = "" }) => VersionId}
        selection={fixed ? undefined : "single"}
        empty=""
        initialSort={{ column: "created", descending: true }}
        actions={([selected], deselect) =>
          !fixed && (
            <Buttons>
              <Button disabled={!selected || selected.IsDefaultVersion} onClick={() => setRemoving(selected?.VersionId)}>{access.delete}</Button>
              <Button
                disabled={!selected || selected.IsDefaultVersion}
                loading={choosing.busy}
                onClick={() => {
                  void choosing.run(selected?.VersionId ?? "");
                  deselect();
                }}
              >
                {said.setDefault}
              </Button>
            </Buttons>
          )
        }
        columns={[
          { id: "version", header: said.version, value: ({ VersionId }) => VersionId, cell: ({ VersionId = "" }) => <Button variant="inline-link" ariaLabel={said.showThis(VersionId)} onClick={() => setShown(VersionId)}>{VersionId}</Button> },
          { id: "default", header: said.isDefault, value: ({ IsDefaultVersion }) => IsDefaultVersion, cell: ({ IsDefaultVersion }) => IsDefaultVersion && <StatusIndicator>{said.isDefault}</StatusIndicator> },
          { id: "created", header: access.created, value: ({ CreateDate }) => CreateDate?.getTime(), cell: ({ CreateDate }) => timeText(CreateDate) },
        ]}
      />
      {shown && <Shown arn={arn} version={shown} onClose={() => setShown(undefined)} />}
      {removing && (
        <Deletion
          what={said.what(removing)}
          act={() => iam.send(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId: removing }))}
          onClose={() => {
            setRemoving(undefined);
            versions.again();
          }}
        >
          {said.deletion}
        </Deletion>
      )}
    </SpaceBetween>
  );
}
