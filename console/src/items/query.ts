// A scan or query as a person builds it, and as an address holds it.

import { type KeyType } from "./value";

export const comparisons = ["=", "<", "<=", ">", ">="] as const;
export const keyOperators = [...comparisons, "between", "begins_with"] as const;
export const filterOperators = [
  "=", "<>", "<", "<=", ">", ">=", "between", "in", "begins_with", "contains", "not_contains", "attribute_exists", "attribute_not_exists", "attribute_type",
  "size =", "size <>", "size <", "size <=", "size >", "size >=",
] as const;
export const filterTypes = ["S", "N", "B", "BOOL", "NULL", "JSON"] as const;

export type KeyOperator = (typeof keyOperators)[number];
export type FilterOperator = (typeof filterOperators)[number];
/** JSON: any value, in DynamoDB's JSON. */
export type FilterType = KeyType | "BOOL" | "NULL" | "JSON";

export interface KeyCondition {
  name: string;
  operator: KeyOperator;
  values: string[];
}
export interface Filter {
  /** Of an attribute, perhaps in a document: info.tags[0]. */
  path: string;
  operator: FilterOperator;
  type: FilterType;
  values: string[];
}
export interface Query {
  table: string;
  index: string;
  mode: "scan" | "query";
  keys: KeyCondition[];
  filters: Filter[];
  /** Whether one filter suffices. */
  any: boolean;
  /** Paths with commas between; empty for all. */
  projection: string;
  descending: boolean;
  consistent: boolean;
  /** How many items a page reads, before filters. */
  limit: number;
}

export const PAGE_SIZES = [10, 25, 50, 100]; // a page is drawn as a whole
const MANY = 100; // more filters, or values of one, are not taken from an address

export const emptyQuery: Query = { table: "", index: "", mode: "scan", keys: [], filters: [], any: false, projection: "", descending: false, consistent: false, limit: 50 };

export const newFilter: Filter = { path: "", operator: "=", type: "S", values: [""] };

/** How many values an operator has; "in" any number. */
export function valueCount(operator: FilterOperator | KeyOperator): number {
  if (operator === "between") return 2;
  return operator === "attribute_exists" || operator === "attribute_not_exists" ? 0 : 1;
}

function readList(text: string): string[] | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) && found.every((part) => typeof part === "string") ? (found as string[]) : undefined;
  } catch {
    return undefined;
  }
}

const known = <Name extends string>(names: readonly Name[], name: string | undefined, otherwise: Name): Name => names.find((other) => other === name) ?? otherwise;

function readKey(text: string): KeyCondition | undefined {
  const [name, operator, ...values] = readList(text) ?? [];
  return name === undefined ? undefined : { name, operator: known(keyOperators, operator, "="), values: values.slice(0, 2) };
}

function readFilter(text: string): Filter | undefined {
  const [path, operator, type, ...values] = readList(text) ?? [];
  return path === undefined ? undefined : { path, operator: known(filterOperators, operator, "="), type: known(filterTypes, type, "S"), values: values.slice(0, MANY) };
}

/** The query of an address; what cannot be one is left out. Keys: key=["name","=","value"]; filters: filter=["path","=","S","value"]. */
export function readQuery(parameters: URLSearchParams): Query {
  const list = <Part>(name: string, read: (text: string) => Part | undefined) =>
    parameters.getAll(name).slice(0, MANY).map(read).filter((part) => part !== undefined);
  const limit = Number(parameters.get("limit"));
  return {
    table: parameters.get("table") ?? "",
    index: parameters.get("index") ?? "",
    mode: parameters.get("mode") === "query" ? "query" : "scan",
    keys: list("key", readKey),
    filters: list("filter", readFilter),
    any: parameters.get("match") === "any",
    projection: parameters.get("fields") ?? "",
    descending: parameters.get("order") === "descending",
    consistent: parameters.get("consistent") === "yes",
    limit: PAGE_SIZES.includes(limit) ? limit : emptyQuery.limit,
  };
}

export function writeQuery(query: Query): URLSearchParams {
  const parameters = new URLSearchParams();
  const set = (name: string, value: string | false) => value && parameters.set(name, value);
  set("table", query.table);
  set("index", query.index);
  set("mode", query.mode === "query" && "query");
  if (query.mode === "query") for (const { name, operator, values } of query.keys) if (values.some(Boolean)) parameters.append("key", JSON.stringify([name, operator, ...values]));
  for (const { path, operator, type, values } of query.filters) parameters.append("filter", JSON.stringify([path, operator, type, ...values]));
  set("match", query.any && query.filters.length > 1 && "any");
  set("fields", query.projection);
  set("order", query.mode === "query" && query.descending && "descending");
  set("consistent", query.consistent && "yes");
  set("limit", query.limit !== emptyQuery.limit && String(query.limit));
  return parameters;
}

export const addressOf = (query: Query) => {
  const text = writeQuery(query).toString();
  return text ? `/items?${text}` : "/items";
};
