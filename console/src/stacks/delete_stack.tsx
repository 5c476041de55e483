// Asks before a stack is deleted, and what is to become of that which could not be.

import { CloudFormationClient, DeleteStackCommand, ListStackResourcesCommand, type Stack } from "@aws-sdk/client-cloudformation";
import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import { useState } from "react";
import { allPages, useAnswer } from "../app/asking";
import { tellDone } from "../app/notices";
import { useClient } from "../aws/clients";
import { Deletion } from "../parts/deletion";
import { Refused } from "../parts/refused";
import { stacks as said } from "../text/stacks";

/** The logical ids of what an earlier deletion left. */
function useLeft(stack: Stack) {
  const cloudformation = useClient(CloudFormationClient);
  return useAnswer(
    async (abortSignal) => {
      if (stack.StackStatus !== "DELETE_FAILED") return [];
      const all = await allPages(async (NextToken) => {
        const page = await cloudformation.send(new ListStackResourcesCommand({ StackName: stack.StackId, NextToken }), { abortSignal });
        return { items: page.StackResourceSummaries ?? [], next: page.NextToken };
      });
      return all.filter(({ ResourceStatus }) => ResourceStatus === "DELETE_FAILED").map(({ LogicalResourceId = "" }) => LogicalResourceId);
    },
    [cloudformation, stack.StackId, stack.StackStatus],
  );
}

export function DeleteStack({ stack, onClose }: { stack: Stack; onClose: (begun: boolean) => void }) {
  const cloudformation = useClient(CloudFormationClient);
  const left = useLeft(stack);
  const [retain, setRetain] = useState(false);
  const name = stack.StackName ?? "";
  return (
    <Deletion
      what={said.deletion(name)}
      word={name}
      act={() => cloudformation.send(new DeleteStackCommand({ StackName: stack.StackId, RetainResources: retain ? left.value : undefined }))}
      onClose={(begun) => {
        if (begun) tellDone(said.deletionBegun(name));
        onClose(begun);
      }}
    >
      <Box>{said.deletionHint}</Box>
      <Refused error={left.error} />
      {left.value && left.value.length > 0 && (
        <Checkbox checked={retain} description={said.retainHint(left.value.join(", "))} onChange={({ detail }) => setRetain(detail.checked)}>{said.retain}</Checkbox>
      )}
    </Deletion>
  );
}
