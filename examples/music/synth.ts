/**
 * Writes `template.json`: the CloudFormation template of the database alone, made from the same
 * `amplify/database/tables.ts` that Amplify deploys. Needs aws-cdk-lib, and none of Amplify.
 *
 *     npx tsx synth.ts [FILE]
 */
import { writeFileSync } from 'node:fs';
import { App, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib';
import { createDynamoDBTables } from './amplify/database/tables';

const app = new App({ analyticsReporting: false });
const stack = new Stack(app, 'Music', {
  description: 'The six tables of a music app',
  /* The tables need nothing of a bootstrapped account, so the template does not ask for one. */
  synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }),
});
createDynamoDBTables({ stack });

const { template } = app.synth().getStackByName(stack.stackName);
writeFileSync(process.argv[2] ?? 'template.json', JSON.stringify(template, null, 2) + '\n');
