// Items as the text of a file.

import { csvItem, csvLine } from "./csv";
import { printItem } from "./notation";
import type { Item } from "./value";

export const outputs = ["json", "dynamodb", "csv"] as const;
export type Output = (typeof outputs)[number];

export const endingOf: Record<Output, string> = { json: "json", dynamodb: "dynamodb.jsonl", csv: "csv" };
export const mediaType: Record<Output, string> = { json: "application/json", dynamodb: "application/x-ndjson", csv: "text/csv" };

/** Takes items a page at a time, and makes the parts of a file. Of CSV it keeps the items: its header needs them all. */
export class Writer {
  private readonly parts: string[] = [];
  private readonly kept: Item[] = [];
  private readonly names: Set<string>;
  count = 0;

  constructor(
    readonly output: Output,
    keyNames: readonly string[],
  ) {
    this.names = new Set(keyNames);
  }

  add(items: readonly Item[]) {
    let text = "";
    for (const item of items) {
      if (this.output === "csv") {
        for (const name of Object.keys(item)) this.names.add(name);
        this.kept.push(item);
      } else if (this.output === "dynamodb") text += `{"Item":${printItem(item, "dynamodb", 0)}}\n`;
      else text += `${this.count ? ",\n" : "[\n"}${printItem(item, "plain", 0)}`;
      this.count++;
    }
    if (text) this.parts.push(text);
  }

  end(): string[] {
    if (this.output === "json") return [...this.parts, this.count ? "\n]\n" : "[]\n"];
    if (this.output === "dynamodb") return this.parts;
    const names = [...this.names];
    return [csvLine(names), ...this.kept.map((item) => csvItem(item, names))];
  }
}
