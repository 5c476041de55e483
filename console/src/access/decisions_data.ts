// The decision log of the server: who was allowed or denied what.

import type { Session } from "../app/session";
import { decisions as said } from "../text/access";
import { askSigned, textOf } from "../aws/turntable";

export interface Decision {
  time: Date;
  requestId: string;
  principal: string;
  action: string;
  resource: string;
  allowed: boolean;
  /** Which policy and statement decided, as far as that is known. */
  by: string;
}

export interface Filter {
  outcome?: "Allowed" | "Denied";
  principal?: string;
  action?: string;
  resource?: string;
}

type Layer = keyof typeof said.allowedByNone;
const isLayer = (type: string): type is Layer => type in said.allowedByNone;

/** An attached policy is told by its ARN, an inline one by its name. */
const lastPart = (policy: string) => (policy.startsWith("arn:") ? policy.slice(policy.lastIndexOf("/") + 1) : policy);

function byOf(element: Element): string {
  const type = textOf(element, "PolicyType") ?? "none";
  const statement = textOf(element, "Statement");
  const layer = isLayer(type) ? type : "none";
  if (layer === "none" || statement === undefined) return said.allowedByNone[layer];
  return said.decidedBy[layer](lastPart(textOf(element, "Policy") ?? ""), said.statement(statement, textOf(element, "Sid")));
}

const decisionOf = (element: Element): Decision => ({
  time: new Date(textOf(element, "Time") ?? 0),
  requestId: textOf(element, "RequestId") ?? "",
  principal: textOf(element, "Principal") ?? "",
  action: textOf(element, "Action") ?? "",
  resource: textOf(element, "Resource") ?? "",
  allowed: textOf(element, "Outcome") === "Allowed",
  by: byOf(element),
});

/** One page, newest first. */
export async function listDecisions(session: Session, { outcome, principal, action, resource }: Filter, marker: string | undefined): Promise<{ items: Decision[]; next?: string }> {
  const input = Object.entries({ Outcome: outcome, Principal: principal, ActionName: action, ResourcePrefix: resource, Marker: marker, MaxItems: "100" });
  const answer = await askSigned(session, "ListDecisions", Object.fromEntries(input.flatMap(([name, value]) => (value ? [[name, value]] : []))));
  const list = answer.getElementsByTagName("Decisions")[0];
  return { items: [...(list?.children ?? [])].map(decisionOf), next: textOf(answer, "Marker") };
}
