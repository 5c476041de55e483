// A secondary index as a person writes it down, before the server is asked for it.

import type { AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, LocalSecondaryIndex, ProjectionType, ScalarAttributeType } from "@aws-sdk/client-dynamodb";
import { createTable as said } from "../text/create_table";
import { type Units, fiveUnits, throughputOf, unitsProblem } from "./capacity";

export interface KeyDraft {
  name: string;
  type: ScalarAttributeType;
}

export interface IndexDraft {
  /** Of the form's list alone. */
  id: number;
  kind: "global" | "local";
  /** Empty: the one that is proposed. */
  name: string;
  /** A local index has the table's own. */
  partition: KeyDraft[];
  sort: KeyDraft[];
  projection: ProjectionType;
  /** For INCLUDE. */
  include: string[];
  units: Units;
}

/** So many attributes may make each part of a global index's key. */
export const MOST_KEYS = 4;

export const emptyKey = (): KeyDraft => ({ name: "", type: "S" });

let made = 0;
export const newIndex = (kind: IndexDraft["kind"]): IndexDraft => ({
  id: ++made,
  kind,
  name: "",
  partition: [emptyKey()],
  sort: kind === "local" ? [emptyKey()] : [],
  projection: "ALL",
  include: [],
  units: fiveUnits,
});

/** The attributes of an index's key that are its own to define. */
export const keysOf = ({ kind, partition, sort }: IndexDraft): KeyDraft[] => (kind === "local" ? sort : [...partition, ...sort]);

/** A name as AWS's console makes it, of the key's attributes. */
export function proposedName(index: IndexDraft): string {
  const names = keysOf(index).map(({ name }) => name.replace(/[^\w.-]/g, "")).filter(Boolean);
  return names.length ? `${names.join("-").slice(0, 249)}-index` : "";
}

export const indexName = (index: IndexDraft) => index.name || proposedName(index);

export const schemaOf = (partition: KeyDraft[], sort: KeyDraft[]): KeySchemaElement[] => [
  ...partition.map(({ name }): KeySchemaElement => ({ AttributeName: name, KeyType: "HASH" })),
  ...sort.map(({ name }): KeySchemaElement => ({ AttributeName: name, KeyType: "RANGE" })),
];

/** Each attribute once. */
export function definitionsOf(keys: KeyDraft[]): AttributeDefinition[] {
  const found = new Map(keys.map(({ name, type }) => [name, type]));
  return [...found].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }));
}

const projectionOf = ({ projection, include }: IndexDraft) => ({ ProjectionType: projection, NonKeyAttributes: projection === "INCLUDE" ? include : undefined });

export const globalIndex = (index: IndexDraft, mode: BillingMode): GlobalSecondaryIndex => ({
  IndexName: indexName(index),
  KeySchema: schemaOf(index.partition, index.sort),
  Projection: projectionOf(index),
  ProvisionedThroughput: mode === "PROVISIONED" ? throughputOf(index.units) : undefined,
});

export const localIndex = (index: IndexDraft, partition: KeyDraft): LocalSecondaryIndex => ({
  IndexName: indexName(index),
  KeySchema: schemaOf([partition], index.sort),
  Projection: projectionOf(index),
});

export const nameProblem = (name: string) => (/^[\w.-]{3,255}$/.test(name) ? undefined : said.badName);

export function keyProblem({ name }: KeyDraft): string | undefined {
  if (!name) return said.needed;
  return new TextEncoder().encode(name).length > 255 ? said.longName : undefined;
}

/** What is wrong with an index, by what: "name", "include", "units", "partition.0", "sort.1". */
export function indexProblems(index: IndexDraft, mode: BillingMode, others: string[] = []): Record<string, string | undefined> {
  const name = indexName(index);
  const found: Record<string, string | undefined> = {
    name: name ? (nameProblem(name) ?? (others.includes(name) ? said.sameName : undefined)) : undefined,
    include: index.projection === "INCLUDE" && !index.include.length ? said.needed : undefined,
    units: mode === "PROVISIONED" && index.kind === "global" ? (unitsProblem(index.units.read) ?? unitsProblem(index.units.write)) : undefined,
  };
  if (index.kind === "global") index.partition.forEach((key, i) => (found[`partition.${i}`] = keyProblem(key)));
  index.sort.forEach((key, i) => (found[`sort.${i}`] = keyProblem(key)));
  return found;
}

export const isRight = (problems: Record<string, string | undefined>) => Object.values(problems).every((problem) => !problem);
