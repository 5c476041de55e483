// A table as a person writes it down, and what it asks of the server.

import type { BillingMode, CreateTableCommandInput, StreamViewType, TableClass } from "@aws-sdk/client-dynamodb";
import { createTable as said } from "../text/create_table";
import { type Units, fiveUnits, throughputOf, unitsProblem } from "./capacity";
import { type IndexDraft, type KeyDraft, definitionsOf, emptyKey, globalIndex, indexName, indexProblems, isRight, keyProblem, keysOf, localIndex, nameProblem, schemaOf } from "./index_draft";

export interface TableDraft {
  name: string;
  partition: KeyDraft;
  sort?: KeyDraft;
  mode: BillingMode;
  units: Units;
  tableClass: TableClass;
  indexes: IndexDraft[];
  stream?: StreamViewType;
  /** An attribute's name, or empty. */
  ttl: string;
  recovery: boolean;
  protection: boolean;
  tags: { key: string; value: string }[];
}

export const newTable = (): TableDraft => ({
  name: "",
  partition: emptyKey(),
  mode: "PAY_PER_REQUEST",
  units: fiveUnits,
  tableClass: "STANDARD",
  indexes: [],
  ttl: "",
  recovery: false,
  protection: false,
  tags: [],
});

export const tableKeys = ({ partition, sort }: TableDraft): KeyDraft[] => (sort ? [partition, sort] : [partition]);

const orNone = <Value>(list: Value[]) => (list.length ? list : undefined);

/** The input of CreateTable; what it has no parameter for comes after it. */
export function createInput(draft: TableDraft): CreateTableCommandInput {
  const { mode, indexes } = draft;
  return {
    TableName: draft.name,
    AttributeDefinitions: definitionsOf([...tableKeys(draft), ...indexes.flatMap(keysOf)]),
    KeySchema: schemaOf([draft.partition], draft.sort ? [draft.sort] : []),
    BillingMode: mode,
    ProvisionedThroughput: mode === "PROVISIONED" ? throughputOf(draft.units) : undefined,
    GlobalSecondaryIndexes: orNone(indexes.filter(({ kind }) => kind === "global").map((index) => globalIndex(index, mode))),
    LocalSecondaryIndexes: orNone(indexes.filter(({ kind }) => kind === "local").map((index) => localIndex(index, draft.partition))),
    StreamSpecification: draft.stream ? { StreamEnabled: true, StreamViewType: draft.stream } : undefined,
    TableClass: draft.tableClass === "STANDARD" ? undefined : draft.tableClass,
    DeletionProtectionEnabled: draft.protection || undefined,
    Tags: orNone(draft.tags.map(({ key, value }) => ({ Key: key, Value: value }))),
  };
}

const named = (key: KeyDraft): KeyDraft => (key.name ? key : { ...key, name: "KEY" });

/** A draft to show, with names where there are none yet. */
export const withPlaceholders = (draft: TableDraft): TableDraft => ({
  ...draft,
  name: draft.name || "TABLE",
  partition: named(draft.partition),
  sort: draft.sort && named(draft.sort),
  indexes: draft.indexes.map((index) => ({ ...index, name: indexName(index) || "INDEX", partition: index.partition.map(named), sort: index.sort.map(named) })),
});

/** What is wrong with each index, in their order. */
export const problemsOfIndexes = ({ indexes, mode }: TableDraft) =>
  indexes.map((index) => indexProblems(index, mode, indexes.filter((other) => other !== index).map(indexName)));

/** An attribute that has one type here and another there. */
function typesProblem(draft: TableDraft): string | undefined {
  const types = new Map<string, string>();
  for (const { name, type } of [...tableKeys(draft), ...draft.indexes.flatMap(keysOf)]) {
    const before = types.get(name);
    if (name && before && before !== type) return said.twoTypes(name);
    types.set(name, type);
  }
  return undefined;
}

/** What is wrong with the table, but for its indexes. */
export function tableProblems(draft: TableDraft): Record<string, string | undefined> {
  const { name, partition, sort, units } = draft;
  return {
    name: name ? nameProblem(name) : said.needed,
    partition: keyProblem(partition),
    sort: sort && (keyProblem(sort) ?? (sort.name === partition.name ? said.sameKeys : undefined)),
    units: draft.mode === "PROVISIONED" ? (unitsProblem(units.read) ?? unitsProblem(units.write)) : undefined,
    types: typesProblem(draft),
    tags: draft.tags.some(({ key }) => !key) ? said.needed : undefined,
  };
}

export const isComplete = (draft: TableDraft) => isRight(tableProblems(draft)) && problemsOfIndexes(draft).every(isRight);
