// aws-amplify (npm): a user signs up, signs in (with SRP, as Amplify does unless it is told otherwise), changes what is theirs and
// signs out. The only setting that is not AWS's is the endpoint. Their tokens are verified by aws-jwt-verify (npm).

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { Amplify } from "aws-amplify";
import {
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
  confirmUserAttribute,
  deleteUser,
  fetchAuthSession,
  fetchUserAttributes,
  getCurrentUser,
  resendSignUpCode,
  resetPassword,
  signIn,
  signOut,
  signUp,
  updatePassword,
  updateUserAttribute,
} from "aws-amplify/auth";
import { CognitoJwtVerifier } from "aws-jwt-verify";
import { makeUsers, password } from "../lib/users.js";
import { open } from "./lib.js";

const endpoint = await open();
const { idp, makePool, codes } = makeUsers(endpoint);

async function configure(settings, client) {
  const pool = await makePool(settings, client);
  Amplify.configure({ Auth: { Cognito: { userPoolId: pool.UserPoolId, userPoolClientId: pool.ClientId, userPoolEndpoint: endpoint } } });
  return pool;
}

after(() => signOut());
const fails = (promise, name) => assert.rejects(promise, (error) => (assert.equal(error.name, name, error.message), true));

describe("aws-amplify", () => {
  test("signs a user up and in, by user name", async () => {
    const { UserPoolId, ClientId } = await configure({});
    const { userId, nextStep } = await signUp({ username: "ana", password, options: { userAttributes: { email: "ana@example.com" } } });
    assert.deepEqual(nextStep, { signUpStep: "CONFIRM_SIGN_UP", codeDeliveryDetails: { deliveryMedium: "EMAIL", destination: "a***@e***", attributeName: "email" } });
    assert.equal((await signIn({ username: "ana", password })).nextStep.signInStep, "CONFIRM_SIGN_UP");
    await resendSignUpCode({ username: "ana" });
    const confirmed = await confirmSignUp({ username: "ana", confirmationCode: (await codes(UserPoolId, "ana")).SignUp });
    assert.equal(confirmed.isSignUpComplete, true);
    await fails(signIn({ username: "ana", password: "Wrong-0rd!" }), "NotAuthorizedException");
    const signedIn = await signIn({ username: "ana", password });
    assert.deepEqual(signedIn, { isSignedIn: true, nextStep: { signInStep: "DONE" } });
    assert.deepEqual(await getCurrentUser(), { username: "ana", userId, signInDetails: { loginId: "ana", authFlowType: "USER_SRP_AUTH" } });
    const { tokens } = await fetchAuthSession();
    assert.equal(tokens.idToken.payload.email, "ana@example.com");
    const refreshed = (await fetchAuthSession({ forceRefresh: true })).tokens;
    assert.notEqual(refreshed.accessToken.payload.jti, tokens.accessToken.payload.jti);
    assert.deepEqual(await fetchUserAttributes(), { sub: userId, email: "ana@example.com", email_verified: "true" });
    // AWS's own verifier knows the issuer from the pool's id; only the keys have to be told, for it would ask AWS for them.
    const verifier = CognitoJwtVerifier.create({ userPoolId: UserPoolId, clientId: ClientId, tokenUse: "access" });
    verifier.cacheJwks(await (await fetch(`${endpoint}/${UserPoolId}/.well-known/jwks.json`)).json());
    assert.equal((await verifier.verify(tokens.accessToken.toString())).username, "ana");
    await assert.rejects(verifier.verify(tokens.idToken.toString()), /Token use not allowed: id/);
    await signOut();
    await fails(getCurrentUser(), "UserUnAuthenticatedException");
  });

  test("keeps users' addresses and passwords", async () => {
    const { UserPoolId } = await configure({ UsernameAttributes: ["email"], UsernameConfiguration: { CaseSensitive: false } }, { PreventUserExistenceErrors: "ENABLED" });
    const username = "Bob@Example.com";
    await fails(signIn({ username, password }), "NotAuthorizedException");
    await signUp({ username, password, options: { userAttributes: { email: username } } });
    await confirmSignUp({ username, confirmationCode: (await codes(UserPoolId, username)).SignUp });
    assert.equal((await signIn({ username: "bob@example.com", password })).isSignedIn, true);
    await updatePassword({ oldPassword: password, newPassword: "Other-0rd!" });
    const update = await updateUserAttribute({ userAttribute: { attributeKey: "email", value: "bobby@example.com" } });
    assert.equal(update.nextStep.updateAttributeStep, "CONFIRM_ATTRIBUTE_WITH_CODE");
    await confirmUserAttribute({ userAttributeKey: "email", confirmationCode: (await codes(UserPoolId, "bobby@example.com")).email });
    await signOut({ global: true });
    const reset = await resetPassword({ username: "bobby@example.com" });
    assert.equal(reset.nextStep.resetPasswordStep, "CONFIRM_RESET_PASSWORD_WITH_CODE");
    await confirmResetPassword({ username: "bobby@example.com", newPassword: "Third-0rd!", confirmationCode: (await codes(UserPoolId, "bobby@example.com")).ForgotPassword });
    await signIn({ username: "bobby@example.com", password: "Third-0rd!" });
    await deleteUser();
    await fails(signIn({ username: "bobby@example.com", password: "Third-0rd!" }), "NotAuthorizedException");
  });

  test("signs in with a plain password, and sets a new one at first", async () => {
    const { UserPoolId } = await configure({ Schema: [{ Name: "name", Required: true }] });
    await idp.adminCreateUser({ UserPoolId, Username: "carl", TemporaryPassword: password, MessageAction: "SUPPRESS" });
    const first = await signIn({ username: "carl", password });
    assert.equal(first.nextStep.signInStep, "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED");
    assert.deepEqual(first.nextStep.missingAttributes, ["name"]);
    const done = await confirmSignIn({ challengeResponse: "Other-0rd!", options: { userAttributes: { name: "Carl" } } });
    assert.equal(done.isSignedIn, true);
    await signOut();
    const again = await signIn({ username: "carl", password: "Other-0rd!", options: { authFlowType: "USER_PASSWORD_AUTH" } });
    assert.equal(again.isSignedIn, true);
    assert.equal((await fetchUserAttributes()).name, "Carl");
    await signOut();
  });
});
