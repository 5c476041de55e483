import { defineAuth } from '@aws-amplify/backend';

/** Listeners sign up and sign in with their e-mail address. */
export const auth = defineAuth({
  loginWith: { email: true },
});
