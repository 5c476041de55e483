import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { BackendType } from '../backend';
import type { Tables } from '../interfaces/Tables';

const READ = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:Scan'];
const WRITE = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'];

/**
 * Lets signed-in listeners read everything, write the shared tables, and write their own rows
 * of the personal ones.
 */
export function setupIAMPermissions(backend: Pick<BackendType, 'auth'>, tables: Tables): void {
  const role = backend.auth.resources.authenticatedUserIamRole;
  const { favouriteTable, playbackHistoryTable, ...shared } = tables;
  const arns = (...of: Array<Tables[keyof Tables]>) => of.map((table) => table.tableArn);

  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: READ,
      resources: [
        ...arns(...Object.values(tables)),
        /* An index is a resource of its own: the table's ARN alone does not allow querying it. */
        `${tables.trackTable.tableArn}/index/*`,
        `${tables.playlistTable.tableArn}/index/*`,
      ],
    }),
  );

  role.addToPrincipalPolicy(
    new PolicyStatement({ actions: WRITE, resources: arns(...Object.values(shared)) }),
  );

  /*
   * A listener's own rows are those whose partition key is their identity id. The `sub` variable
   * is filled in by IAM when a request comes, not by CDK, hence the quotes rather than backticks.
   * (`${aws:username}` would never match: sessions of a role have no user name.)
   */
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: WRITE,
      resources: arns(favouriteTable, playbackHistoryTable),
      conditions: {
        'ForAllValues:StringEquals': {
          'dynamodb:LeadingKeys': ['${cognito-identity.amazonaws.com:sub}'],
        },
      },
    }),
  );
}
