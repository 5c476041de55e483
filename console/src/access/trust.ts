// Trust policies: who may assume a role.

import type { LintHolder } from "./lint";

interface Statement {
  Principal?: string | Record<string, string | string[]>;
}

function statementsOf(document: string): Statement[] {
  try {
    const { Statement: found } = JSON.parse(document) as { Statement?: Statement | Statement[] };
    return Array.isArray(found) ? found : found ? [found] : [];
  } catch {
    return [];
  }
}

/** Whom a document names: "cognito-identity.amazonaws.com", "arn:aws:iam::000000000000:root". */
export const trustedBy = (document: string): string[] => [
  ...new Set(
    statementsOf(document).flatMap(({ Principal }) =>
      typeof Principal === "string" ? [Principal] : Object.values(Principal ?? {}).flatMap((value) => (Array.isArray(value) ? value : [String(value)])),
    ),
  ),
];

/** What sessions of the role have in their context. */
export const lintHolderOf = (trust: string): LintHolder => (trustedBy(trust).includes("cognito-identity.amazonaws.com") ? "COGNITO_ROLE" : "ROLE");

const document = (statement: unknown) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, null, 2);

export const templates = {
  account: (account: string) => document({ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "sts:AssumeRole" }),
  identity: () =>
    document({
      Effect: "Allow",
      Principal: { Federated: "cognito-identity.amazonaws.com" },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: { "cognito-identity.amazonaws.com:aud": "us-east-1:IDENTITY-POOL-ID" },
        "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "authenticated" },
      },
    }),
  service: () => document({ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }),
};
