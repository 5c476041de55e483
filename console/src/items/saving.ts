// Writes an item on the condition that it is still as it was read.

import { ConditionalCheckFailedException, DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { type Plan, planDeletion } from "./change";
import { Placeholders } from "./expression";
import type { Target } from "./target";
import { type Item, keyOf } from "./value";

const ALL_OLD = "ALL_OLD" as const;
export const namesOfKey = (target: Target) => target.key.map(({ name }) => name);

/** Someone else was faster; theirs is what is there now, and undefined if nothing is. */
export interface Overtaken {
  theirs: Item | undefined;
}

export async function readItemAt(dynamodb: DynamoDBClient, table: string, key: Item, abortSignal?: AbortSignal): Promise<Item | undefined> {
  return (await dynamodb.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }), { abortSignal })).Item;
}

/** Makes undefined of success; throws what is no conflict. */
async function unlessOvertaken(write: () => Promise<unknown>): Promise<Overtaken | undefined> {
  try {
    await write();
    return undefined;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException || (error as Error)?.name === "ConditionalCheckFailedException") return { theirs: (error as ConditionalCheckFailedException).Item };
    throw error;
  }
}

/** Puts an item where none is. */
export function putNew(dynamodb: DynamoDBClient, target: Target, item: Item): Promise<Overtaken | undefined> {
  const placeholders = new Placeholders();
  const ConditionExpression = `attribute_not_exists(${placeholders.name(target.key[0]?.name ?? "")})`;
  return unlessOvertaken(() =>
    dynamodb.send(new PutItemCommand({ TableName: target.table, Item: item, ConditionExpression, ReturnValuesOnConditionCheckFailure: ALL_OLD, ...placeholders.given() })),
  );
}

/** Takes the steps of a plan, until someone was faster. */
export async function carryOut(dynamodb: DynamoDBClient, table: string, plan: Plan): Promise<Overtaken | undefined> {
  for (const step of plan.steps) {
    const overtaken = await unlessOvertaken(() => dynamodb.send(new UpdateItemCommand({ TableName: table, ...step, ReturnValuesOnConditionCheckFailure: ALL_OLD })));
    if (overtaken) return overtaken;
  }
  return undefined;
}

export async function deleteAsRead(dynamodb: DynamoDBClient, target: Target, item: Item): Promise<Overtaken | undefined> {
  const key = keyOf(item, namesOfKey(target));
  const [step] = key ? planDeletion(key, item).steps : [];
  if (!step) return undefined;
  return unlessOvertaken(() => dynamodb.send(new DeleteItemCommand({ TableName: target.table, ...step, ReturnValuesOnConditionCheckFailure: ALL_OLD })));
}
