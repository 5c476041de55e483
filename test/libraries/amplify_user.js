// A person who signs up and in with aws-amplify (npm), as an app in a browser does; the only setting that is not AWS's is the endpoint.

import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { Amplify } from "aws-amplify";
import { confirmSignUp, fetchAuthSession, getCurrentUser, signIn, signOut, signUp } from "aws-amplify/auth";

const password = "Listen-2-Music!";

/** Says to which pools people sign up, before the first does. */
export function configure({ endpoint, UserPoolId, ClientId, IdentityPoolId }) {
  const endpoints = { userPoolEndpoint: endpoint, identityPoolEndpoint: endpoint };
  Amplify.configure({ Auth: { Cognito: { userPoolId: UserPoolId, userPoolClientId: ClientId, identityPoolId: IdentityPoolId, ...endpoints } } });
}

/** Resolves with the person's { username, identityId } and a client of DynamoDB; codeSentTo(email) resolves with their code. */
export async function enter(email, codeSentTo, { endpoint, region }) {
  await signUp({ username: email, password, options: { userAttributes: { email } } });
  await confirmSignUp({ username: email, confirmationCode: await codeSentTo(email) });
  await signIn({ username: email, password });
  const { username } = await getCurrentUser();
  const { credentials, identityId } = await fetchAuthSession();
  await signOut(); // the credentials outlive it, and the library has one user at a time
  return { username, identityId, ddb: new DynamoDB({ endpoint, region, credentials, maxAttempts: 1 }) };
}
