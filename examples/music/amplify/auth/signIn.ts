/** Listeners sign up and sign in with their e-mail address. */
export const signIn = { loginWith: { email: true } } as const;
