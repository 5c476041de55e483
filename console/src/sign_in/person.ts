// A user of a user pool signs in with the Amplify library, as in an app, and takes the credentials that the identity pool
// has for them. The library keeps its tokens in memory alone.

import { Amplify } from "aws-amplify";
import { type SignInOutput, confirmSignIn, fetchAuthSession, signIn, signOut } from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";
import { endpoint } from "../aws/clients";
import type { Session } from "../app/session";
import { begin } from "./begin";

export interface Pools {
  userPoolId: string;
  clientId: string;
  identityPoolId: string;
}

/** What is asked next: undefined when the person is signed in. */
export type Step = "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED" | "code" | undefined;

class Memory {
  private readonly values = new Map<string, string>();
  setItem = async (key: string, value: string) => void this.values.set(key, value);
  getItem = async (key: string) => this.values.get(key) ?? null;
  removeItem = async (key: string) => void this.values.delete(key);
  clear = async () => this.values.clear();
}

const codes = new Set(["CONFIRM_SIGN_IN_WITH_SMS_CODE", "CONFIRM_SIGN_IN_WITH_TOTP_CODE", "CONFIRM_SIGN_IN_WITH_EMAIL_CODE"]);

async function goOn(output: SignInOutput, unknown: (step: string) => string): Promise<Step> {
  const step = output.nextStep.signInStep;
  if (step === "DONE") return undefined;
  if (step === "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED") return step;
  if (codes.has(step)) return "code";
  throw new Error(unknown(step));
}

export async function beginPerson(pools: Pools, username: string, password: string, unknown: (step: string) => string): Promise<Step> {
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: pools.userPoolId,
        userPoolClientId: pools.clientId,
        identityPoolId: pools.identityPoolId,
        userPoolEndpoint: endpoint,
        identityPoolEndpoint: endpoint,
      },
    },
  });
  cognitoUserPoolsTokenProvider.setKeyValueStorage(new Memory());
  return goOn(await signIn({ username, password }), unknown);
}

export const answerStep = async (challengeResponse: string, unknown: (step: string) => string): Promise<Step> => goOn(await confirmSignIn({ challengeResponse }), unknown);

/** The credentials of who has signed in become the console's session. */
export async function takeCredentials(name: string): Promise<Session> {
  const { credentials } = await fetchAuthSession();
  if (!credentials?.sessionToken) throw new Error("The identity pool gave no credentials");
  const session = await begin(
    {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey,
      sessionToken: credentials.sessionToken,
      expires: credentials.expiration?.getTime() ?? Date.now() + 3600 * 1000,
    },
    name,
  );
  await signOut({ global: false }).catch(() => {}); // the tokens are not needed any more
  return session;
}
