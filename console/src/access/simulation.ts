// What is asked of the simulator, and what it answers.

import { type ContextEntry, type ContextKeyTypeEnum, type EvaluationResult, type IAMClient, SimulateCustomPolicyCommand, SimulatePrincipalPolicyCommand, GetContextKeysForCustomPolicyCommand, GetContextKeysForPrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { simulator } from "../text/access";
import { type Document, documentsOf } from "./documents";
import { type Word, listAll } from "./holders";

export type Kind = Word | "custom";

export interface Key {
  name: string;
  type: ContextKeyTypeEnum;
  values: string;
}

export interface Question {
  kind: Kind;
  name: string;
  /** A policy that is written here; of "custom" the only one. */
  policy: string;
  actions: string[];
  resources: string[];
  keys: Key[];
}

export interface Outcome {
  results: EvaluationResult[];
  documents: Document[];
}

export const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** Types of keys whose name says it; the others are texts. */
export function typeOfKey(name: string): ContextKeyTypeEnum {
  if (/^dynamodb:(Attributes|LeadingKeys)$/i.test(name) || /^aws:TagKeys$/i.test(name) || /:amr$/.test(name)) return "stringList";
  if (/^aws:(SecureTransport|MultiFactorAuthPresent|ViaAWSService)$/i.test(name) || /^dynamodb:FullTableScan$/i.test(name)) return "boolean";
  if (/^aws:SourceIp$/i.test(name)) return "ip";
  if (/^aws:(CurrentTime|TokenIssueTime)$/i.test(name)) return "date";
  if (/^aws:(EpochTime|MultiFactorAuthAge)$/i.test(name)) return "numeric";
  return "string";
}

/** Users and roles may be below a path; the directory knows. */
export type ArnOf = (kind: Word, name: string) => Promise<string>;

const entry = ({ name, type, values }: Key): ContextEntry => ({ ContextKeyName: name, ContextKeyType: type, ContextKeyValues: lines(values) });

export async function simulate(iam: IAMClient, question: Question, arn: ArnOf): Promise<Outcome> {
  const shared = { ActionNames: question.actions, ResourceArns: question.resources.length ? question.resources : undefined, ContextEntries: question.keys.filter(({ name }) => name).map(entry) };
  const written: Document[] = question.policy ? [{ id: "PolicyInputList.1", title: simulator.of.given, text: question.policy }] : [];
  if (question.kind === "custom") {
    const results = await listAll(
      (Marker) => iam.send(new SimulateCustomPolicyCommand({ ...shared, PolicyInputList: [question.policy], Marker })),
      (answer) => answer.EvaluationResults,
    );
    return { results, documents: written };
  }
  const holder = { word: question.kind, name: question.name };
  const PolicySourceArn = await arn(question.kind, question.name);
  const [results, documents] = await Promise.all([
    listAll(
      (Marker) => iam.send(new SimulatePrincipalPolicyCommand({ ...shared, PolicySourceArn, PolicyInputList: question.policy ? [question.policy] : undefined, Marker })),
      (answer) => answer.EvaluationResults,
    ),
    documentsOf(iam, holder),
  ]);
  return { results, documents: [...documents, ...written] };
}

/** The keys that the policies ask for. */
export async function keysAsked(iam: IAMClient, question: Question, arn: ArnOf): Promise<string[]> {
  const answer =
    question.kind === "custom"
      ? await iam.send(new GetContextKeysForCustomPolicyCommand({ PolicyInputList: [question.policy] }))
      : await iam.send(new GetContextKeysForPrincipalPolicyCommand({ PolicySourceArn: await arn(question.kind, question.name), PolicyInputList: question.policy ? [question.policy] : undefined }));
  return answer.ContextKeyNames ?? [];
}
