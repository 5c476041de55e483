// Many writes, as BatchWriteItem takes them: 25 at a time, and what was not processed again, after a while.

import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from "@aws-sdk/client-dynamodb";

export const BATCH = 25;
const ATTEMPTS = 8;
const FIRST_WAIT = 50; // milliseconds; each further attempt waits twice as long

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Writes up to 25 requests; resolves with those that the server did not process however often it was asked. Throws what it refuses. */
export async function writeBatch(dynamodb: DynamoDBClient, table: string, requests: WriteRequest[]): Promise<WriteRequest[]> {
  let left = requests;
  for (let attempt = 0; left.length && attempt < ATTEMPTS; attempt++) {
    if (attempt) await wait(FIRST_WAIT * 2 ** attempt);
    const answer = await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [table]: left } }));
    left = answer.UnprocessedItems?.[table] ?? [];
  }
  return left;
}
