import { GetPolicyCommand, GetPolicyVersionCommand, type IAMClient, ListPoliciesCommand, type Policy } from "@aws-sdk/client-iam";
import { documentText, listAll } from "./holders";

export const allPolicies = (iam: IAMClient): Promise<Policy[]> =>
  listAll(
    (Marker) => iam.send(new ListPoliciesCommand({ Scope: "All", Marker, MaxItems: 1000 })),
    (answer) => answer.Policies,
  );

export const isAws = (arn = "") => arn.startsWith("arn:aws:iam::aws:");

export const versionDocument = async (iam: IAMClient, PolicyArn: string, VersionId: string | undefined) =>
  documentText((await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }))).PolicyVersion?.Document);

/** The document that counts. */
export async function defaultDocument(iam: IAMClient, PolicyArn: string) {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  return versionDocument(iam, PolicyArn, Policy?.DefaultVersionId);
}
