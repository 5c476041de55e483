/** Signing up and in, with the Amplify library, and who is signed in. */
import {
  confirmSignUp,
  fetchAuthSession,
  fetchUserAttributes,
  getCurrentUser,
  resendSignUpCode,
  signIn,
  signOut,
  signUp,
} from 'aws-amplify/auth';
import { texts } from './texts';

/** Somebody who is signed in. The identity's id is whose rows are whose: the policy compares it with partition keys. */
export interface Listener {
  id: string;
  email: string;
  name: string;
}

/** Where somebody stands after a step: signed in, or a code is wanted of them first. */
export type Standing = 'signed in' | 'confirm';

export async function enrol(name: string, email: string, password: string): Promise<Standing> {
  const { nextStep } = await signUp({ username: email, password, options: { userAttributes: { email, name } } });
  return nextStep.signUpStep === 'DONE' ? enter(email, password) : 'confirm';
}

export async function confirm(email: string, confirmationCode: string): Promise<void> {
  await confirmSignUp({ username: email, confirmationCode });
}

export async function sendAnotherCode(email: string): Promise<void> {
  await resendSignUpCode({ username: email });
}

export async function enter(email: string, password: string): Promise<Standing> {
  const { isSignedIn, nextStep } = await signIn({ username: email, password });
  if (isSignedIn) return 'signed in';
  if (nextStep.signInStep === 'CONFIRM_SIGN_UP') return 'confirm';
  throw new Error(texts.entrance.otherStep(nextStep.signInStep));
}

export async function leave(): Promise<void> {
  await signOut();
}

/** Who is signed in; undefined: nobody. */
export async function whoIsThere(): Promise<Listener | undefined> {
  try {
    await getCurrentUser();
  } catch (error) {
    if (error instanceof Error && error.name === 'UserUnAuthenticatedException') return undefined;
    throw error;
  }
  const [{ identityId }, { email = '', name = '' }] = await Promise.all([fetchAuthSession(), fetchUserAttributes()]);
  if (!identityId) throw new Error('The identity pool gave no identity');
  return { id: identityId, email, name };
}

/** The credentials of whoever is signed in, new ones when the old ones end; for clients of the AWS SDK. */
export async function credentials() {
  const { credentials } = await fetchAuthSession();
  if (!credentials) throw new Error('Nobody is signed in');
  return credentials;
}
