// The context of a request that is simulated.

import { ContextKeyTypeEnum } from "@aws-sdk/client-iam";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { simulator as said } from "../text/access";
import { type Key, typeOfKey } from "./simulation";

const types = Object.values(ContextKeyTypeEnum).map((value) => ({ value, label: value }));
const known = ["dynamodb:LeadingKeys", "dynamodb:Attributes", "dynamodb:Select", "dynamodb:ReturnValues", "dynamodb:FullTableScan", "aws:username", "aws:userid", "aws:PrincipalArn", "aws:SourceIp", "aws:SecureTransport", "aws:CurrentTime", "cognito-identity.amazonaws.com:sub"];

const freshKey = (name = "", values = ""): Key => ({ name, type: typeOfKey(name), values });

function KeyRow({ value, asked, onChange, onRemove }: { value: Key; asked: string[]; onChange: (key: Key) => void; onRemove: () => void }) {
  return (
    <Grid gridDefinition={[{ colspan: { default: 12, s: 5 } }, { colspan: { default: 12, s: 2 } }, { colspan: { default: 10, s: 4 } }, { colspan: { default: 2, s: 1 } }]}>
      <FormField label={said.key} stretch>
        <Autosuggest
          value={value.name}
          options={[...new Set([...asked, ...known])].map((name) => ({ value: name }))}
          enteredTextLabel={(text) => text || said.key}
          placeholder="dynamodb:LeadingKeys"
          onChange={({ detail }) => onChange({ ...value, name: detail.value, type: typeOfKey(detail.value) })}
        />
      </FormField>
      <FormField label={said.keyType} stretch>
        <Select selectedOption={{ value: value.type, label: value.type }} options={types} expandToViewport onChange={({ detail }) => onChange({ ...value, type: detail.selectedOption.value as ContextKeyTypeEnum })} />
      </FormField>
      <FormField label={said.values} stretch>
        <Textarea value={value.values} rows={1} spellcheck={false} placeholder={said.valuesHint} onChange={({ detail }) => onChange({ ...value, values: detail.value })} />
      </FormField>
      <div className="access-remove">
        <Button variant="icon" iconName="remove" ariaLabel={said.removeKey} onClick={onRemove} />
      </div>
    </Grid>
  );
}

/** `asked` are the keys that the policies ask for; `user` is whose policies they are, if it is a user. */
export function ContextKeys({ keys, asked, user, onChange }: { keys: Key[]; asked: string[]; user: string | undefined; onChange: (keys: Key[]) => void }) {
  const missing = asked.filter((name) => !keys.some((key) => key.name.toLowerCase() === name.toLowerCase()));
  return (
    <FormField label={said.context} description={said.contextHint} stretch>
      <SpaceBetween size="s">
        {keys.map((key, i) => (
          <KeyRow key={i} value={key} asked={asked} onChange={(next) => onChange(keys.map((each, j) => (j === i ? next : each)))} onRemove={() => onChange(keys.filter((_, j) => j !== i))} />
        ))}
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          <Button onClick={() => onChange([...keys, freshKey()])}>{said.addKey}</Button>
          {missing.length > 0 && (
            <>
              <span>{said.unknown(missing.join(", "))}</span>
              <Button variant="inline-link" onClick={() => onChange([...keys, ...missing.map((name) => freshKey(name, /^aws:username$/i.test(name) ? user : undefined))])}>{said.fill}</Button>
            </>
          )}
        </SpaceBetween>
      </SpaceBetween>
    </FormField>
  );
}
