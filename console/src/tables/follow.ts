// Follows the records of a stream as they come: from now on, in each shard that is open, and from the beginning in those that
// come after it.

import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
  type _Record as StreamRecord,
} from "@aws-sdk/client-dynamodb-streams";
import { whenBack } from "../aws/connection";
import { isAborted, isLost, refusal } from "../aws/errors";

/** How long a follower waits when a round brought nothing, and how often it looks for new shards. */
const WAIT_MS = 500;
const MORE_MS = 250; // after a round with some: AWS allows five requests a second for a shard
const SHARDS_EVERY_MS = 5000;
const AT_ONCE = 1000; // records of a request

interface Reader {
  /** Undefined: to be asked for. */
  iterator?: string;
  /** The last record that was read. */
  last?: string;
  /** Where it begins, without a last record. */
  from: "LATEST" | "TRIM_HORIZON";
}

const wait = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

const answersAgain = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const callOff = whenBack(resolve);
    signal.addEventListener("abort", () => {
      callOff();
      resolve();
    });
  });

export class Follower {
  private readers = new Map<string, Reader>();
  private ended = new Set<string>(); // shards read to their end, or closed before we began
  private began = false;
  private looked = 0;

  constructor(
    private client: DynamoDBStreamsClient,
    private arn: string,
  ) {}

  private async shards(abortSignal: AbortSignal): Promise<Shard[]> {
    const all: Shard[] = [];
    let after: string | undefined;
    do {
      const { StreamDescription } = await this.client.send(new DescribeStreamCommand({ StreamArn: this.arn, ExclusiveStartShardId: after }), { abortSignal });
      all.push(...(StreamDescription?.Shards ?? []));
      after = StreamDescription?.LastEvaluatedShardId;
    } while (after);
    return all;
  }

  private async look(signal: AbortSignal) {
    for (const { ShardId, SequenceNumberRange } of await this.shards(signal)) {
      if (!ShardId || this.readers.has(ShardId) || this.ended.has(ShardId)) continue;
      if (!this.began && SequenceNumberRange?.EndingSequenceNumber) this.ended.add(ShardId);
      else this.readers.set(ShardId, { from: this.began ? "TRIM_HORIZON" : "LATEST" });
    }
    this.looked = Date.now();
  }

  private async iteratorOf(ShardId: string, reader: Reader, abortSignal: AbortSignal) {
    const where = reader.last ? { ShardIteratorType: "AFTER_SEQUENCE_NUMBER" as const, SequenceNumber: reader.last } : { ShardIteratorType: reader.from };
    reader.iterator = (await this.client.send(new GetShardIteratorCommand({ StreamArn: this.arn, ShardId, ...where }), { abortSignal })).ShardIterator;
  }

  /** Places itself at the end of each open shard. */
  async begin(signal: AbortSignal) {
    if (this.began) return;
    await this.look(signal);
    await Promise.all([...this.readers].map(([id, reader]) => this.iteratorOf(id, reader, signal)));
    this.began = true;
  }

  private async read(id: string, reader: Reader, abortSignal: AbortSignal): Promise<StreamRecord[]> {
    if (!reader.iterator) await this.iteratorOf(id, reader, abortSignal);
    try {
      const { Records = [], NextShardIterator } = await this.client.send(new GetRecordsCommand({ ShardIterator: reader.iterator, Limit: AT_ONCE }), { abortSignal });
      reader.last = Records.at(-1)?.dynamodb?.SequenceNumber ?? reader.last;
      reader.iterator = NextShardIterator;
      if (!NextShardIterator) {
        this.readers.delete(id);
        this.ended.add(id);
        this.looked = 0;
      }
      return Records;
    } catch (error) {
      const { name } = refusal(error);
      if (name !== "ExpiredIteratorException" && name !== "TrimmedDataAccessException") throw error;
      if (name === "TrimmedDataAccessException") Object.assign(reader, { last: undefined, from: "TRIM_HORIZON" });
      reader.iterator = undefined; // after a long pause
      return [];
    }
  }

  /**
   * Gives records to `tell`, in their order in each shard, until the signal; may be called again after it and goes on where it
   * was. Rejects with what the server refuses; a lost connection is waited for.
   */
  async follow(tell: (records: StreamRecord[]) => void, signal: AbortSignal, ready: () => void = () => {}) {
    while (!signal.aborted) {
      try {
        await this.begin(signal);
        ready();
        if (Date.now() - this.looked > SHARDS_EVERY_MS) await this.look(signal);
        const found = (await Promise.all([...this.readers].map(([id, reader]) => this.read(id, reader, signal)))).flat();
        if (found.length) tell(found);
        await wait(found.length ? MORE_MS : WAIT_MS, signal);
      } catch (error) {
        if (isAborted(error) || signal.aborted) return;
        if (!isLost(error)) throw error;
        await answersAgain(signal);
      }
    }
  }
}
