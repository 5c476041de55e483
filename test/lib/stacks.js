// Stacks: a client of CloudFormation, and waiting until a stack is what it is to be.

import { after } from "node:test";
import { CloudFormation } from "@aws-sdk/client-cloudformation";
import { credentials, region } from "./server.js";
import { uniqueName } from "./turntable.js";

export function makeCloudFormation(endpoint, options = {}) {
  const client = new CloudFormation({ endpoint, region, credentials, maxAttempts: 1, ...options });
  after(() => client.destroy());
  return client;
}

export const tableResource = (TableName, more = {}) => ({
  Type: "AWS::DynamoDB::Table",
  Properties: {
    ...(TableName && { TableName }),
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
    ...more,
  },
});

export const roleResource = (more = {}) => ({
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
    },
    ...more,
  },
});

export const template = (Resources, more = {}) => JSON.stringify({ Resources, ...more });

/** Waits until the stack is not in progress any more; resolves with its description. */
export async function settled(cfn, StackName) {
  for (;;) {
    const { Stacks } = await cfn.describeStacks({ StackName });
    if (!Stacks[0].StackStatus.endsWith("_IN_PROGRESS")) return Stacks[0];
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What a test needs to make stacks, which are deleted at its end. */
export function stackMaker(cfn) {
  const made = [];
  after(async () => {
    for (const StackName of made.reverse()) {
      await cfn.deleteStack({ StackName }).catch(() => {});
      await settled(cfn, StackName).catch(() => {});
    }
  });
  /** Creates a stack and waits for it; resolves with its description. */
  return async (Resources, { more, ...options } = {}) => {
    const StackName = options.StackName ?? uniqueName("-stack");
    const { StackId } = await cfn.createStack({ TemplateBody: template(Resources, more), ...options, StackName });
    made.push(StackId);
    return settled(cfn, StackId);
  };
}

/** All events of a stack, the oldest first, as "LogicalId STATUS reason". */
export async function eventsOf(cfn, StackName) {
  const events = [];
  let NextToken;
  do {
    const page = await cfn.describeStackEvents({ StackName, NextToken });
    events.push(...page.StackEvents);
    ({ NextToken } = page);
  } while (NextToken);
  return events.reverse();
}

export const told = (events) =>
  events.map(({ LogicalResourceId, ResourceStatus, ResourceStatusReason }) =>
    [LogicalResourceId, ResourceStatus, ResourceStatusReason].filter(Boolean).join(" "));
