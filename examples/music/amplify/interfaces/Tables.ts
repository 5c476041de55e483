import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';

/** Everything the music app stores, one table a kind of thing. */
export interface Tables {
  /** Who uses the app: one item a user, by `id`. */
  userTable: ITableV2;
  /** What can be played: one item a track, by `id`; index `byUserId` by who uploaded it. */
  trackTable: ITableV2;
  /** Named lists of tracks, by `id`; index `byUserId` by owner. */
  playlistTable: ITableV2;
  /** Which tracks a playlist holds: `playlistId`, then `trackId`. */
  playlistTrackTable: ITableV2;
  /** Which tracks a user likes: `userId`, then `trackId`. */
  favouriteTable: ITableV2;
  /** What a user played, in order: `userId`, then `timestamp`. */
  playbackHistoryTable: ITableV2;
}
