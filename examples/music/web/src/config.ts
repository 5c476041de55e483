/**
 * Where the backend is. Vite puts the variables in when it builds or serves the page, from its environment or from a
 * file `.env.local` beside package.json; they are the outputs of the deployed backend and hold no secret.
 */
import { Amplify } from 'aws-amplify';

const env = {
  VITE_REGION: import.meta.env.VITE_REGION,
  VITE_USER_POOL_ID: import.meta.env.VITE_USER_POOL_ID,
  VITE_USER_POOL_CLIENT_ID: import.meta.env.VITE_USER_POOL_CLIENT_ID,
  VITE_IDENTITY_POOL_ID: import.meta.env.VITE_IDENTITY_POOL_ID,
};

export const region: string = env.VITE_REGION ?? '';
/** A server that answers in AWS's place; without one the page asks AWS itself. */
export const endpoint: string | undefined = import.meta.env.VITE_ENDPOINT || undefined;

/** The names of the variables that are not set. */
export const missing: string[] = Object.entries(env).flatMap(([name, value]) => (value ? [] : [name]));

/** Tells Amplify the pools. Call it once, before anything else of Amplify. */
export function configure(): void {
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: env.VITE_USER_POOL_ID ?? '',
        userPoolClientId: env.VITE_USER_POOL_CLIENT_ID ?? '',
        identityPoolId: env.VITE_IDENTITY_POOL_ID ?? '',
        loginWith: { email: true },
        ...(endpoint && { userPoolEndpoint: endpoint, identityPoolEndpoint: endpoint }),
      },
    },
  });
}
