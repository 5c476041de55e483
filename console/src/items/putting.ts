// Puts the items of a file: in batches, each item on its own where a batch was refused, so that each row has its own answer.

import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { files as said } from "../text/items";
import { refusal } from "../aws/errors";
import { keyProblem } from "./draft";
import type { FileRow } from "./files";
import { keyToUrl } from "./notation";
import { namesOfKey, putNew } from "./saving";
import type { Target } from "./target";
import { keyOf } from "./value";
import { BATCH, writeBatch } from "./writing";

export interface RowError {
  line: number;
  text: string;
}
export interface Progress {
  /** Letters of the file that were read. */
  at: number;
  put: number;
  failed: number;
  /** The first of them. */
  errors: RowError[];
}

const SHOWN = 200; // errors that are kept; all are counted
const SLICE_MS = 30; // of reading, between which the page may draw
const PARALLEL = 8; // puts of their own

type Known = FileRow & { item: NonNullable<FileRow["item"]> };

export class Putting {
  readonly progress: Progress = { at: 0, put: 0, failed: 0, errors: [] };
  stopped = false;

  constructor(
    readonly dynamodb: DynamoDBClient,
    readonly target: Target,
    /** Whether items that are there already stay as they are. */
    readonly keep: boolean,
    readonly tell: (progress: Progress) => void,
  ) {}

  private fail(line: number, text: string) {
    this.progress.failed++;
    if (this.progress.errors.length < SHOWN) this.progress.errors.push({ line, text });
  }

  /** One item alone. What is wrong with it is its row's error; what is not its fault is thrown. */
  private async one({ item, line }: Known) {
    try {
      if (this.keep) {
        if (await putNew(this.dynamodb, this.target, item)) return this.fail(line, said.exists);
      } else await this.dynamodb.send(new PutItemCommand({ TableName: this.target.table, Item: item }));
      this.progress.put++;
    } catch (error) {
      const { name, message } = refusal(error);
      if (name !== "ValidationException" && name !== "ItemCollectionSizeLimitExceededException") throw error;
      this.fail(line, message);
    }
  }

  private async batch(rows: Known[]) {
    if (this.keep) {
      for (let from = 0; from < rows.length; from += PARALLEL) await Promise.all(rows.slice(from, from + PARALLEL).map((row) => this.one(row)));
      return;
    }
    try {
      const left = await writeBatch(this.dynamodb, this.target.table, rows.map(({ item }) => ({ PutRequest: { Item: item } })));
      const items = new Set(left.map(({ PutRequest }) => keyToUrl(keyOf(PutRequest?.Item ?? {}, namesOfKey(this.target)) ?? {})));
      for (const { item, line } of rows) {
        if (items.has(keyToUrl(keyOf(item, namesOfKey(this.target)) ?? {}))) this.fail(line, said.unprocessed);
        else this.progress.put++;
      }
    } catch (error) {
      if (refusal(error).name !== "ValidationException") throw error;
      for (const row of rows) await this.one(row); // one of them was refused; which, and why?
    }
  }

  /** Puts every row; ends early when `stopped` is set. Throws what is no row's fault: what came before it is put. */
  async run(rows: Iterable<FileRow>): Promise<void> {
    let waiting: Known[] = [],
      keys = new Set<string>(),
      began = performance.now();
    const flush = async () => {
      if (waiting.length) await this.batch(waiting);
      waiting = [];
      keys = new Set();
      this.tell({ ...this.progress });
    };
    for (const row of rows) {
      if (this.stopped) break;
      this.progress.at = row.end;
      const problem = row.error ?? (row.item && keyProblem(row.item, this.target, undefined)) ?? (row.item ? undefined : said.noItem);
      if (problem || !row.item) this.fail(row.line, problem ?? said.noItem);
      else {
        const key = keyToUrl(keyOf(row.item, namesOfKey(this.target)) ?? {});
        if (keys.has(key)) await flush(); // a batch has each key once, and the later row wins
        keys.add(key);
        waiting.push({ ...row, item: row.item });
      }
      if (waiting.length === BATCH) await flush();
      else if (performance.now() - began > SLICE_MS) {
        this.tell({ ...this.progress });
        await new Promise((resolve) => setTimeout(resolve));
        began = performance.now();
      }
    }
    await flush();
  }
}
