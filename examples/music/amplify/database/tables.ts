import { AttributeType, TableV2, type Attribute, type TablePropsV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { BackendType } from '../backend';
import type { Tables } from '../interfaces/Tables';

/** Every key of the app is a string: ids, and timestamps in ISO 8601, which sort as text. */
const key = (name: string): Attribute => ({ name, type: AttributeType.STRING });

/**
 * Declares the six tables in the backend's root stack. Only the stack is needed, so that
 * `synth.ts` can make the database's template without the rest of the backend.
 */
export function createDynamoDBTables(backend: Pick<BackendType, 'stack'>): Tables {
  /* The construct id is also the table's name: an app finds its tables by these fixed names. */
  const table = (name: string, keys: Omit<TablePropsV2, 'tableName'>) =>
    new TableV2(backend.stack, name, { tableName: name, ...keys });

  return {
    userTable: table('UserTable', { partitionKey: key('id') }),

    trackTable: table('TrackTable', {
      partitionKey: key('id'),
      globalSecondaryIndexes: [{ indexName: 'byUserId', partitionKey: key('uploadedBy') }],
    }),

    playlistTable: table('PlaylistTable', {
      partitionKey: key('id'),
      globalSecondaryIndexes: [{ indexName: 'byUserId', partitionKey: key('owner') }],
    }),

    playlistTrackTable: table('PlaylistTrackTable', {
      partitionKey: key('playlistId'),
      sortKey: key('trackId'),
    }),

    favouriteTable: table('FavouriteTable', {
      partitionKey: key('userId'),
      sortKey: key('trackId'),
    }),

    playbackHistoryTable: table('PlaybackHistoryTable', {
      partitionKey: key('userId'),
      sortKey: key('timestamp'),
    }),
  };
}
