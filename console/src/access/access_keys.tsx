import { type AccessKey, type AccessKeyLastUsed, type AccessKeyMetadata, CreateAccessKeyCommand, DeleteAccessKeyCommand, GetAccessKeyLastUsedCommand, IAMClient, UpdateAccessKeyCommand } from "@aws-sdk/client-iam";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";
import { useAction, useAnswer } from "../app/asking";
import { useClient } from "../aws/clients";
import { Copyable } from "../parts/copyable";
import { Deletion } from "../parts/deletion";
import { Refused } from "../parts/refused";
import { timeText } from "../parts/words";
import { access } from "../text/access";
import { app } from "../text/app";
import { keysOf } from "./removal";

const said = access.keys;

type Key = AccessKeyMetadata & { used?: AccessKeyLastUsed };

/** The secret, once. */
function NewKey({ made, onClose }: { made: AccessKey; onClose: () => void }) {
  return (
    <Modal visible header={said.made} closeAriaLabel={app.close} onDismiss={onClose} footer={<Box float="right"><Button variant="primary" onClick={onClose}>{app.close}</Button></Box>}>
      <SpaceBetween size="m">
        <Alert type="warning" header={said.once}>{said.onceHint}</Alert>
        <KeyValuePairs
          items={[
            { label: said.id, value: <Copyable text={made.AccessKeyId ?? ""} label={said.id} /> },
            { label: said.secret, value: <Copyable text={made.SecretAccessKey ?? ""} label={said.secret} /> },
          ]}
        />
      </SpaceBetween>
    </Modal>
  );
}

const usedText = (used: AccessKeyLastUsed | undefined) => (used?.LastUsedDate ? said.usedFor(used.ServiceName ?? "", timeText(used.LastUsedDate)) : said.never);

export function AccessKeys({ user }: { user: string }) {
  const iam = useClient(IAMClient);
  const [made, setMade] = useState<AccessKey>();
  const [removing, setRemoving] = useState<string>();
  const keys = useAnswer(async (): Promise<Key[]> => {
    const found = await keysOf(iam, user);
    // When it was last used is no more than a help: who may not ask sees the rest.
    return Promise.all(found.map(async (key) => ({ ...key, used: await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key.AccessKeyId })).then((answer) => answer.AccessKeyLastUsed, () => undefined) })));
  }, [iam, user]);
  const creating = useAction(async () => {
    setMade((await iam.send(new CreateAccessKeyCommand({ UserName: user }))).AccessKey);
    keys.again();
  });
  const changing = useAction(async (AccessKeyId: string, Status: "Active" | "Inactive") => {
    await iam.send(new UpdateAccessKeyCommand({ UserName: user, AccessKeyId, Status }));
    keys.again();
  });
  const act = (id: string, key: string) => (id === "delete" ? setRemoving(key) : void changing.run(key, id === "activate" ? "Active" : "Inactive"));
  return (
    <SpaceBetween size="m">
      <Refused error={keys.error ?? creating.error ?? changing.error} />
      <Table
        variant="container"
        ariaLabels={{ tableLabel: said.title }}
        items={keys.value ?? []}
        loading={keys.loading && !keys.value}
        loadingText={app.loading}
        header={
          <Header variant="h2" description={said.hint} counter={keys.value && `(${keys.value.length})`} actions={<Button loading={creating.busy} onClick={() => void creating.run()}>{said.create}</Button>}>
            {said.title}
          </Header>
        }
        empty={<Box color="text-status-inactive">{said.empty}</Box>}
        columnDefinitions={[
          { id: "id", header: said.id, isRowHeader: true, cell: ({ AccessKeyId }) => AccessKeyId },
          { id: "status", header: said.status, cell: ({ Status }) => (Status === "Active" ? <StatusIndicator>{said.active}</StatusIndicator> : <StatusIndicator type="stopped">{said.inactive}</StatusIndicator>) },
          { id: "used", header: said.used, cell: ({ used }) => usedText(used) },
          { id: "created", header: access.created, cell: ({ CreateDate }) => timeText(CreateDate) },
          {
            id: "actions",
            header: "",
            cell: ({ AccessKeyId = "", Status }) => (
              <ButtonDropdown
                variant="inline-icon"
                expandToViewport
                ariaLabel={said.actions(AccessKeyId)}
                items={[Status === "Active" ? { id: "deactivate", text: said.deactivate } : { id: "activate", text: said.activate }, { id: "delete", text: access.delete }]}
                onItemClick={({ detail }) => act(detail.id, AccessKeyId)}
              />
            ),
          },
        ]}
      />
      {made && <NewKey made={made} onClose={() => setMade(undefined)} />}
      {removing && (
        <Deletion
          what={said.what(removing)}
          act={() => iam.send(new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: removing }))}
          onClose={() => {
            setRemoving(undefined);
            keys.again();
          }}
        >
          {said.deletion}
        </Deletion>
      )}
    </SpaceBetween>
  );
}
