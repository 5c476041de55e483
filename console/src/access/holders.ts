// Users, groups and roles hold policies alike; IAM has operations of its own for each. Here they are one.

import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DeleteGroupPolicyCommand,
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetGroupPolicyCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { allPages } from "../app/asking";

export type Word = "user" | "group" | "role";

export interface Holder {
  word: Word;
  name: string;
}

export interface Attached {
  name: string;
  arn: string;
}

/** Documents come with "%" and two digits for what XML and addresses do not take. */
export const documentText = (encoded: string | undefined) => decodeURIComponent(encoded ?? "");

interface Page {
  IsTruncated?: boolean;
  Marker?: string;
}

/** All that a listing of IAM's gives. */
export const listAll = <Answer extends Page, Item>(ask: (Marker: string | undefined) => Promise<Answer>, take: (answer: Answer) => Item[] | undefined) =>
  allPages(async (token) => {
    const answer = await ask(token);
    return { items: take(answer) ?? [], next: answer.IsTruncated ? answer.Marker : undefined };
  });

interface Operations {
  attached: (iam: IAMClient, name: string, Marker?: string) => Promise<Page & { AttachedPolicies?: { PolicyName?: string; PolicyArn?: string }[] }>;
  inline: (iam: IAMClient, name: string, Marker?: string) => Promise<Page & { PolicyNames?: string[] }>;
  document: (iam: IAMClient, name: string, PolicyName: string) => Promise<{ PolicyDocument?: string }>;
  put: (iam: IAMClient, name: string, PolicyName: string, PolicyDocument: string) => Promise<unknown>;
  erase: (iam: IAMClient, name: string, PolicyName: string) => Promise<unknown>;
  attach: (iam: IAMClient, name: string, PolicyArn: string) => Promise<unknown>;
  detach: (iam: IAMClient, name: string, PolicyArn: string) => Promise<unknown>;
}

const operations: Record<Word, Operations> = {
  user: {
    attached: (iam, UserName, Marker) => iam.send(new ListAttachedUserPoliciesCommand({ UserName, Marker })),
    inline: (iam, UserName, Marker) => iam.send(new ListUserPoliciesCommand({ UserName, Marker })),
    document: (iam, UserName, PolicyName) => iam.send(new GetUserPolicyCommand({ UserName, PolicyName })),
    put: (iam, UserName, PolicyName, PolicyDocument) => iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument })),
    erase: (iam, UserName, PolicyName) => iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName })),
    attach: (iam, UserName, PolicyArn) => iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn })),
    detach: (iam, UserName, PolicyArn) => iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn })),
  },
  group: {
    attached: (iam, GroupName, Marker) => iam.send(new ListAttachedGroupPoliciesCommand({ GroupName, Marker })),
    inline: (iam, GroupName, Marker) => iam.send(new ListGroupPoliciesCommand({ GroupName, Marker })),
    document: (iam, GroupName, PolicyName) => iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName })),
    put: (iam, GroupName, PolicyName, PolicyDocument) => iam.send(new PutGroupPolicyCommand({ GroupName, PolicyName, PolicyDocument })),
    erase: (iam, GroupName, PolicyName) => iam.send(new DeleteGroupPolicyCommand({ GroupName, PolicyName })),
    attach: (iam, GroupName, PolicyArn) => iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn })),
    detach: (iam, GroupName, PolicyArn) => iam.send(new DetachGroupPolicyCommand({ GroupName, PolicyArn })),
  },
  role: {
    attached: (iam, RoleName, Marker) => iam.send(new ListAttachedRolePoliciesCommand({ RoleName, Marker })),
    inline: (iam, RoleName, Marker) => iam.send(new ListRolePoliciesCommand({ RoleName, Marker })),
    document: (iam, RoleName, PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName })),
    put: (iam, RoleName, PolicyName, PolicyDocument) => iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument })),
    erase: (iam, RoleName, PolicyName) => iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })),
    attach: (iam, RoleName, PolicyArn) => iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn })),
    detach: (iam, RoleName, PolicyArn) => iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })),
  },
};

export const attachedOf = (iam: IAMClient, { word, name }: Holder): Promise<Attached[]> =>
  listAll(
    (marker) => operations[word].attached(iam, name, marker),
    (answer) => answer.AttachedPolicies?.map(({ PolicyName = "", PolicyArn = "" }) => ({ name: PolicyName, arn: PolicyArn })),
  );

export const inlineOf = (iam: IAMClient, { word, name }: Holder): Promise<string[]> =>
  listAll(
    (marker) => operations[word].inline(iam, name, marker),
    (answer) => answer.PolicyNames,
  );

export const inlineDocument = async (iam: IAMClient, { word, name }: Holder, policy: string) => documentText((await operations[word].document(iam, name, policy)).PolicyDocument);
export const putInline = (iam: IAMClient, { word, name }: Holder, policy: string, document: string) => operations[word].put(iam, name, policy, document);
export const eraseInline = (iam: IAMClient, { word, name }: Holder, policy: string) => operations[word].erase(iam, name, policy);
export const attach = (iam: IAMClient, { word, name }: Holder, arn: string) => operations[word].attach(iam, name, arn);
export const detach = (iam: IAMClient, { word, name }: Holder, arn: string) => operations[word].detach(iam, name, arn);
