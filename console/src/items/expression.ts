// From a query as a person builds it to the request, with every name and value behind a placeholder.

import type { QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { building as said } from "../text/items";
import { bytesOf } from "./base64";
import { JsonError, parseJson } from "./json";
import { Problems, fromDynamo } from "./notation";
import { numberProblem } from "./number";
import { type Filter, type FilterType, type KeyCondition, type Query, valueCount } from "./query";
import type { Target } from "./target";
import { type Item, type Value, itemOf } from "./value";

/** The input of Query; that of Scan has less of it. */
export type Input = QueryCommandInput;
export type Complaints = Record<string, string>;

/** What is wrong with a field; caught in build(). */
class Complaint extends Error {}

export class Placeholders {
  readonly names = new Map<string, string>();
  readonly values: [string, Value][] = [];
  name(name: string): string {
    const known = this.names.get(name) ?? `#${this.names.size}`;
    this.names.set(name, known);
    return known;
  }
  value(value: Value): string {
    const made = `:${this.values.length}`;
    this.values.push([made, value]);
    return made;
  }
  /** ExpressionAttributeNames and -Values, as far as there are any. */
  given(): { ExpressionAttributeNames?: Record<string, string>; ExpressionAttributeValues?: Item } {
    return {
      ...(this.names.size && { ExpressionAttributeNames: Object.fromEntries([...this.names].map(([name, made]) => [made, name])) }),
      ...(this.values.length && { ExpressionAttributeValues: itemOf(this.values) }),
    };
  }
}

/** A document path into its steps: info.tags[0]; a name in double quotes may have dots and brackets. */
export function readPath(text: string): (string | number)[] | undefined {
  const step = /(\.?)(?:"((?:[^"\\]|\\.)+)"|([^."[\]]+))|\[(\d{1,9})\]/y;
  const steps: (string | number)[] = [];
  const trimmed = text.trim();
  while (step.lastIndex < trimmed.length) {
    const first = step.lastIndex === 0;
    const found = step.exec(trimmed);
    if (!found) return undefined;
    const [, dot, quoted, name, index] = found;
    if (index !== undefined ? first : (dot === "") !== first) return undefined;
    steps.push(index !== undefined ? Number(index) : quoted !== undefined ? quoted.replace(/\\(.)/g, "$1") : (name ?? ""));
  }
  return steps.length ? steps : undefined;
}

export function pathText(steps: readonly (string | number)[], placeholders: Placeholders): string {
  return steps.map((step, i) => (typeof step === "number" ? `[${step}]` : `${i ? "." : ""}${placeholders.name(step)}`)).join("");
}

function path(text: string, placeholders: Placeholders): string {
  const steps = text.trim() ? readPath(text) : undefined;
  if (!steps) throw new Complaint(text.trim() ? said.badPath : said.needsName);
  return pathText(steps, placeholders);
}

/** A value of what was typed. Throws Complaint. */
function valueOf(type: FilterType, text: string): Value {
  switch (type) {
    case "S":
      return { S: text };
    case "N": {
      const problem = numberProblem(text.trim());
      if (problem) throw new Complaint(problem);
      return { N: text.trim() };
    }
    case "B": {
      const B = bytesOf(text.trim());
      if (!B) throw new Complaint(said.base64);
      return { B };
    }
    case "BOOL":
      return { BOOL: text === "true" };
    case "NULL":
      return { NULL: true };
    case "JSON":
      return jsonValue(text);
  }
}

function jsonValue(text: string): Value {
  const problems = new Problems();
  let value: Value | undefined;
  try {
    value = fromDynamo(parseJson(text), problems);
  } catch (error) {
    if (error instanceof JsonError) throw new Complaint(error.message);
    throw error;
  }
  const [problem] = problems.found;
  if (!value || problem) throw new Complaint(problem?.text ?? said.badJson);
  return value;
}

function filterText(filter: Filter, placeholders: Placeholders): string {
  const { operator, type } = filter;
  const name = path(filter.path, placeholders);
  const value = (i: number) => placeholders.value(valueOf(type, filter.values[i] ?? ""));
  if (operator.startsWith("size ")) return `size(${name}) ${operator.slice(5)} ${placeholders.value(valueOf("N", filter.values[0] ?? ""))}`;
  switch (operator) {
    case "between":
      return `${name} BETWEEN ${value(0)} AND ${value(1)}`;
    case "in": {
      const texts = (filter.values[0] ?? "").split("\n").filter((text) => text !== "");
      if (texts.length === 0 || texts.length > 100) throw new Complaint(said.inCount);
      return `${name} IN (${texts.map((text) => placeholders.value(valueOf(type, text))).join(", ")})`;
    }
    case "begins_with":
    case "contains":
      return `${operator}(${name}, ${value(0)})`;
    case "not_contains":
      return `NOT contains(${name}, ${value(0)})`;
    case "attribute_exists":
    case "attribute_not_exists":
      return `${operator}(${name})`;
    case "attribute_type":
      return `attribute_type(${name}, ${placeholders.value({ S: filter.values[0] || "S" })})`;
    default:
      return `${name} ${operator} ${value(0)}`;
  }
}

const isGiven = (condition: KeyCondition | undefined): condition is KeyCondition => condition !== undefined && condition.values.slice(0, valueCount(condition.operator)).some((text) => text !== "");

function keyText(query: Query, target: Target, placeholders: Placeholders, complaints: Complaints): string {
  const parts: string[] = [];
  const each = (name: string, type: FilterType, required: boolean) => {
    const given = query.keys.find((condition) => condition.name === name);
    if (!isGiven(given)) {
      if (required) complaints[`key.${name}`] = said.needsValue;
      return;
    }
    try {
      const operator = required ? "=" : given.operator;
      const value = (i: number) => placeholders.value(valueOf(type, given.values[i] ?? ""));
      const place = placeholders.name(name);
      if (operator === "between") parts.push(`${place} BETWEEN ${value(0)} AND ${value(1)}`);
      else if (operator === "begins_with") parts.push(`begins_with(${place}, ${value(0)})`);
      else parts.push(`${place} ${operator} ${value(0)}`);
    } catch (error) {
      if (!(error instanceof Complaint)) throw error;
      complaints[`key.${name}`] = error.message;
    }
  };
  for (const { name, type } of target.hash) each(name, type, true);
  for (const { name, type } of target.range) each(name, type, false);
  return parts.join(" AND ");
}

function projectionText(query: Query, target: Target, placeholders: Placeholders): string {
  const given = splitPaths(query.projection);
  // Without its key an item could be neither opened nor deleted. A path below a key's name cannot be, for keys are scalars.
  const wanted = [...target.key.map(({ name }) => pathText([name], placeholders)), ...given.map((text) => path(text, placeholders))];
  return [...new Set(wanted)].join(", ");
}

/** Paths with commas between, which a name in double quotes may hold too. */
export function splitPaths(text: string): string[] {
  return (text.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? []).map((part) => part.trim()).filter(Boolean);
}

/** The request of a query, or what is wrong with which field: "key.NAME", "filter.0", "projection". */
export function build(query: Query, target: Target): { input?: Input; complaints: Complaints } {
  const placeholders = new Placeholders();
  const complaints: Complaints = {};
  const attempt = (field: string, make: () => string) => {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof Complaint)) throw error;
      complaints[field] = error.message;
      return "";
    }
  };
  const key = query.mode === "query" ? keyText(query, target, placeholders, complaints) : "";
  const filters = query.filters.map((filter, i) => attempt(`filter.${i}`, () => filterText(filter, placeholders)));
  const projection = query.projection.trim() ? attempt("projection", () => projectionText(query, target, placeholders)) : "";
  if (Object.keys(complaints).length) return { complaints };
  const filter = filters.join(query.any ? " OR " : " AND ");
  return {
    complaints,
    input: {
      TableName: query.table,
      ...(query.index && { IndexName: query.index }),
      ...(key && { KeyConditionExpression: key }),
      ...(filter && { FilterExpression: filter }),
      ...(projection && { ProjectionExpression: projection }),
      ...placeholders.given(),
      ...(query.mode === "query" && query.descending && { ScanIndexForward: false }),
      ...(query.consistent && !target.global && { ConsistentRead: true }),
      Limit: query.limit,
    },
  };
}
