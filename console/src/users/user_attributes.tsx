// The attributes of a user, and how they are changed.

import { AdminDeleteUserAttributesCommand, AdminUpdateUserAttributesCommand, type AttributeType, CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import { useState } from "react";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { Breaking } from "../parts/breaking";
import { Copyable } from "../parts/copyable";
import { FormModal } from "../parts/form_modal";
import { app } from "../text/app";
import { users } from "../text/users";

const said = users.user;

interface Row {
  name: string;
  value: string;
  /** Of an attribute that is there already; its name stays. */
  before?: string;
}

function EditAttributes({ pool, user, attributes, onClose }: { pool: string; user: string; attributes: AttributeType[]; onClose: (saved: boolean) => void }) {
  const idp = useClient(CognitoIdentityProviderClient);
  const [rows, setRows] = useState<Row[]>(() => attributes.filter(({ Name }) => Name !== "sub").map(({ Name = "", Value = "" }) => ({ name: Name, value: Value, before: Value })));
  const set = (at: number, change: Partial<Row>) => setRows((last) => last.map((row, i) => (i === at ? { ...row, ...change } : row)));
  const act = async () => {
    const of = { UserPoolId: pool, Username: user };
    const removed = attributes.map(({ Name = "" }) => Name).filter((name) => name !== "sub" && !rows.some((row) => row.name === name));
    const changed = rows.filter(({ before, value }) => before !== value).map(({ name, value }) => ({ Name: name.trim(), Value: value }));
    if (changed.length > 0) await idp.send(new AdminUpdateUserAttributesCommand({ ...of, UserAttributes: changed }));
    if (removed.length > 0) await idp.send(new AdminDeleteUserAttributesCommand({ ...of, UserAttributeNames: removed }));
    tellDone(said.saved);
  };
  return (
    <FormModal header={said.editHeader} submit={said.save} ready={rows.every(({ name }) => name.trim() !== "")} act={act} onClose={onClose}>
      <AttributeEditor
        items={rows}
        addButtonText={said.add}
        removeButtonText={said.remove}
        removeButtonAriaLabel={({ name }: Row) => said.removeName(name)}
        empty={said.noAttributes}
        onAddButtonClick={() => setRows((last) => [...last, { name: "", value: "" }])}
        onRemoveButtonClick={({ detail }) => setRows((last) => last.filter((_, i) => i !== detail.itemIndex))}
        definition={[
          {
            label: said.attribute,
            control: (row: Row, at: number) => <Input value={row.name} readOnly={row.before !== undefined} spellcheck={false} onChange={({ detail }) => set(at, { name: detail.value })} />,
          },
          { label: said.value, control: (row: Row, at: number) => <Input value={row.value} spellcheck={false} onChange={({ detail }) => set(at, { value: detail.value })} /> },
        ]}
      />
    </FormModal>
  );
}

export function UserAttributes({ pool, user, attributes, onChanged }: { pool: string; user: string; attributes: AttributeType[]; onChanged: () => void }) {
  const [editing, setEditing] = useState(false);
  return (
    <Container header={<Header variant="h2" actions={<Button onClick={() => setEditing(true)}>{said.edit}</Button>}>{said.attributes}</Header>}>
      {attributes.length === 0 ? (
        said.noAttributes
      ) : (
        <KeyValuePairs columns={3} items={attributes.map(({ Name, Value }) => ({ label: <Breaking>{Name ?? ""}</Breaking>, value: Value ? <Copyable text={Value} label={Name ?? ""} /> : app.none }))} />
      )}
      {editing && (
        <EditAttributes
          pool={pool}
          user={user}
          attributes={attributes}
          onClose={(saved) => {
            setEditing(false);
            if (saved) onChanged();
          }}
        />
      )}
    </Container>
  );
}
