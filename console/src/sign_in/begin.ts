// From what someone signs in with to a session: always temporary credentials.

import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type Session, signedIn } from "../app/session";
import { endpoint, settings } from "../aws/clients";
import { ask, askSigned, textOf } from "../aws/turntable";

const LONGEST_SECONDS = 3600;
const usualRegion = "us-east-1"; // STS answers in any

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expires?: number;
}

/** "arn:aws:iam::000000000000:user/ana" is "ana"; a session of a role goes by its own name. */
const nameIn = (arn: string) => (arn.endsWith(":root") ? "root" : (arn.split("/").at(-1) ?? arn));

/** Whom the server says that these credentials are of. */
async function identityOf(credentials: Credentials) {
  const sts = new STSClient({ ...settings(credentials, usualRegion), maxAttempts: 1 });
  try {
    return await sts.send(new GetCallerIdentityCommand({}));
  } finally {
    sts.destroy();
  }
}

/** The server's region, from what DynamoDB tells whoever asks whether it is well: "healthy: dynamodb.us-east-1.amazonaws.com". */
async function regionOfServer(): Promise<string> {
  const answer = await fetch(`${endpoint}/`, { headers: { accept: "text/plain" } });
  return /^healthy: dynamodb\.([\w-]+)\./.exec(await answer.text())?.[1] ?? usualRegion;
}

/** Signs in with temporary credentials. */
export async function begin(credentials: Required<Credentials>, name?: string): Promise<Session> {
  const [identity, region] = await Promise.all([identityOf(credentials), regionOfServer()]);
  const session: Session = { ...credentials, arn: identity.Arn ?? "", account: identity.Account ?? "", name: name ?? nameIn(identity.Arn ?? ""), region };
  signedIn(session);
  return session;
}

/** Signs in with the credentials that an operation of Turntable's own has answered. */
function beginWithAnswer(answer: Element): Promise<Session> {
  const needed = (name: string) => {
    const text = textOf(answer, name);
    if (!text) throw new Error(`The server's answer has no ${name}`);
    return text;
  };
  return begin({
    accessKeyId: needed("AccessKeyId"),
    secretAccessKey: needed("SecretAccessKey"),
    sessionToken: needed("SessionToken"),
    expires: Date.parse(needed("Expiration")),
  });
}

/** A key that does not end is exchanged for one that does, and forgotten. */
export async function beginWithKey(key: Credentials): Promise<Session> {
  const { sessionToken } = key;
  if (sessionToken) return begin({ ...key, sessionToken, expires: Date.now() + LONGEST_SECONDS * 1000 });
  return beginWithAnswer(await askSigned({ ...key, region: usualRegion }, "CreateConsoleSession", { DurationSeconds: String(LONGEST_SECONDS) }));
}

/** The token of a one-time link, which the server takes once. */
export const beginWithLink = async (token: string) => beginWithAnswer(await ask("RedeemSignInLink", { Token: token }));
