// Choosing policies of all that there are.

import { IAMClient } from "@aws-sdk/client-iam";
import FormField from "@cloudscape-design/components/form-field";
import Multiselect from "@cloudscape-design/components/multiselect";
import { useAnswer } from "../app/asking";
import { useClient } from "../aws/clients";
import { Refused } from "../parts/refused";
import { access } from "../text/access";
import { allPolicies, isAws } from "./policies_data";

/** Several policies, by ARN; those of `without` are not offered. */
export function PolicyChoice({ label, description, chosen, onChange, without = [] }: { label: string; description?: string; chosen: string[]; onChange: (arns: string[]) => void; without?: string[] }) {
  const iam = useClient(IAMClient);
  const policies = useAnswer(() => allPolicies(iam), [iam]);
  const options = (policies.value ?? [])
    .filter(({ Arn = "" }) => !without.includes(Arn))
    .map(({ PolicyName, Arn = "", Description }) => ({ value: Arn, label: PolicyName, description: Description, labelTag: isAws(Arn) ? access.policies.aws : access.policies.local }));
  return (
    <FormField label={label} description={description} stretch>
      <Multiselect
        selectedOptions={options.filter(({ value }) => chosen.includes(value))}
        options={options}
        filteringType="auto"
        statusType={policies.error ? "error" : policies.value ? "finished" : "loading"}
        placeholder={access.users.choose}
        filteringPlaceholder={access.policies.find}
        filteringAriaLabel={access.policies.find}
        empty={access.permissions.none}
        virtualScroll={options.length > 200}
        deselectAriaLabel={({ label: name }) => `${access.remove} ${name}`}
        onChange={({ detail }) => onChange(detail.selectedOptions.map(({ value = "" }) => value))}
      />
      <Refused error={policies.error} />
    </FormField>
  );
}
