// The documents that a simulation may name, which it does by the policy's name alone.

import { GetRoleCommand, GetUserCommand, type IAMClient, type Statement as Matched } from "@aws-sdk/client-iam";
import { simulator } from "../text/access";
import { type Holder, inlineDocument } from "./holders";
import { allHeldBy } from "./permissions";
import { defaultDocument } from "./policies_data";
import { type Statement, statementAt, statementNumber } from "./ranges";

const said = simulator.of;

export interface Document {
  /** As results call it. */
  id: string;
  /** As people do: "own (inline policy of the user ana)". */
  title: string;
  text: string;
}

/** All documents that decide what someone may do. */
export async function documentsOf(iam: IAMClient, holder: Holder): Promise<Document[]> {
  const held = await allHeldBy(iam, holder);
  const documents = held.map(async ({ name, arn, holder: { word, name: of }, holder: from }): Promise<Document> => ({
    id: name,
    title: `${name}, ${arn ? said.attached(word, of) : said.inline(word, of)}`,
    text: arn ? await defaultDocument(iam, arn) : await inlineDocument(iam, from, name),
  }));
  const boundary = await boundaryOf(iam, holder);
  if (boundary) documents.push(defaultDocument(iam, boundary).then((text) => ({ id: lastPart(boundary), title: `${lastPart(boundary)}, ${said.boundary}`, text })));
  return Promise.all(documents);
}

const lastPart = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);

async function boundaryOf(iam: IAMClient, { word, name }: Holder) {
  if (word === "group") return undefined;
  const found = word === "role" ? (await iam.send(new GetRoleCommand({ RoleName: name }))).Role : (await iam.send(new GetUserCommand({ UserName: name }))).User;
  return found?.PermissionsBoundary?.PermissionsBoundaryArn;
}

export interface Found {
  document?: Document;
  id: string;
  from: number;
  to: number;
  number: number;
  statement?: Statement;
}

/** Which statement of which document a simulation names: policies of one name are told apart by where they have a statement. */
export function findStatement(documents: Document[], matched: Matched): Found {
  const { SourcePolicyId: id = "", StartPosition, EndPosition } = matched;
  const start = { line: StartPosition?.Line ?? 1, column: StartPosition?.Column ?? 1 };
  const end = { line: EndPosition?.Line ?? 1, column: EndPosition?.Column ?? 1 };
  for (const document of documents) {
    const found = document.id === id ? statementAt(document.text, start, end) : undefined;
    if (found) return { document, id, ...found, number: statementNumber(document.text, found.from) };
  }
  return { id, from: 0, to: 0, number: 0 };
}
