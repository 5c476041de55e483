import { defineAuth } from '@aws-amplify/backend';
import { signIn } from './signIn';

export const auth = defineAuth(signIn);
