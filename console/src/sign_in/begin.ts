// From what someone signs in with to a session: always temporary credentials.

import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { type Session, signedIn } from "../app/session";
import { endpoint, settings } from "../aws/clients";
import { ask, textOf } from "../aws/turntable";

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

async function withSts<Result>(credentials: Credentials, act: (sts: STSClient) => Promise<Result>): Promise<Result> {
  const sts = new STSClient({ ...settings(credentials, usualRegion), maxAttempts: 1 });
  try {
    return await act(sts);
  } finally {
    sts.destroy();
  }
}

/** The server's region, from what DynamoDB tells whoever asks whether it is well: "healthy: dynamodb.us-east-1.amazonaws.com". */
async function regionOfServer(): Promise<string> {
  const answer = await fetch(`${endpoint}/`, { headers: { accept: "text/plain" } });
  return /^healthy: dynamodb\.([\w-]+)\./.exec(await answer.text())?.[1] ?? usualRegion;
}

/** Makes a session of temporary credentials, and signs in with it. */
export async function begin(credentials: Required<Credentials>, name?: string): Promise<Session> {
  const [identity, region] = await Promise.all([withSts(credentials, (sts) => sts.send(new GetCallerIdentityCommand({}))), regionOfServer()]);
  const session: Session = { ...credentials, arn: identity.Arn ?? "", account: identity.Account ?? "", name: name ?? nameIn(identity.Arn ?? ""), region };
  signedIn(session);
  return session;
}

/** A key that does not end is exchanged for one that does, and forgotten. */
export async function beginWithKey(key: Credentials): Promise<Session> {
  if (key.sessionToken) return begin({ ...key, sessionToken: key.sessionToken, expires: Date.now() + LONGEST_SECONDS * 1000 });
  const { Credentials: given } = await withSts(key, (sts) => sts.send(new GetSessionTokenCommand({ DurationSeconds: LONGEST_SECONDS })));
  if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken) throw new Error("GetSessionToken gave no credentials");
  return begin({
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
    expires: given.Expiration?.getTime() ?? Date.now() + LONGEST_SECONDS * 1000,
  });
}

/** The token of a one-time link, which the server takes once. */
export async function beginWithLink(token: string): Promise<Session> {
  const answer = await ask("RedeemSignInLink", { Token: token });
  const needed = (name: string) => {
    const text = textOf(answer, name);
    if (!text) throw new Error(`RedeemSignInLink gave no ${name}`);
    return text;
  };
  return begin({
    accessKeyId: needed("AccessKeyId"),
    secretAccessKey: needed("SecretAccessKey"),
    sessionToken: needed("SessionToken"),
    expires: Date.parse(needed("Expiration")),
  });
}
