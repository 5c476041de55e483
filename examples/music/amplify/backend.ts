import { defineBackend } from '@aws-amplify/backend';
import { auth } from './auth/resource';
import { createDynamoDBTables } from './database/tables';
import { setupIAMPermissions } from './permissions/iamPerms';

const backend = defineBackend({ auth });

export type BackendType = typeof backend;

const tables = createDynamoDBTables(backend);
setupIAMPermissions(backend, tables);
