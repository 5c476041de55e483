/**
 * Writes `template.json`: the CloudFormation template of the backend, made from the same `signIn.ts`, `tables.ts` and
 * `iamPerms.ts` that Amplify deploys. Needs aws-cdk-lib and Amplify's construct of the sign-in, and none of the rest of
 * Amplify.
 *
 *     npx tsx synth.ts [FILE]
 */
import { writeFileSync } from 'node:fs';
import { AmplifyAuth } from '@aws-amplify/auth-construct';
import { App, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib';
import { signIn } from './amplify/auth/signIn';
import { createDynamoDBTables } from './amplify/database/tables';
import { setupIAMPermissions } from './amplify/permissions/iamPerms';

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Music', {
  description: 'A music app: sign-in, six tables, and who may read and write them',
  /* Nothing here needs a bootstrapped account, so the template does not ask for one. */
  synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
});
const auth = new AmplifyAuth(stack, 'amplifyAuth', signIn);
setupIAMPermissions({ auth }, createDynamoDBTables({ stack }));

const { template } = app.synth().getStackByName(stack.stackName);
writeFileSync(process.argv[2] ?? 'template.json', JSON.stringify(template, null, 2) + '\n');
