/**
 * The six tables, asked from the browser with the credentials of whoever is signed in. Who may write which row is the
 * server's to decide; nothing is checked here.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocument,
  type BatchGetCommandOutput,
  type BatchWriteCommandInput,
  type BatchWriteCommandOutput,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { credentials, type Listener } from './auth';
import { endpoint, region } from './config';

export interface Track {
  id: string;
  title: string;
  artist: string;
  seconds: number;
  uploadedBy: string;
}

export interface Playlist {
  id: string;
  name: string;
  owner: string;
}

export interface Play {
  timestamp: string;
  track: Track | undefined; // undefined: it is no longer there
}

export interface Person {
  id: string;
  name: string;
}

/** Some of the rows, and how to get those behind them; without `next` these were the last. */
export interface Page<Row> {
  rows: Row[];
  next?: () => Promise<Page<Row>>;
}

type Item = Record<string, unknown>;

const PAGE = 50;
const BATCH_READ = 100; // keys of a BatchGetItem, at most
const BATCH_WRITE = 25; // requests of a BatchWriteItem, at most
const ATTEMPTS = 8; // at what a batch left undone

export const LONGEST = 600; // seconds of a track

let client: DynamoDBDocument | undefined;

function tables(): DynamoDBDocument {
  client ??= DynamoDBDocument.from(new DynamoDBClient({ region, credentials, ...(endpoint && { endpoint }) }));
  return client;
}

/** The credentials of who was there are forgotten. */
export function forget(): void {
  client?.destroy();
  client = undefined;
}

/* ---- items to rows: others write these tables too, so anything may be missing or of another type ---- */

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function toTrack(item: Item): Track {
  const seconds = Math.round(Number(item.seconds)) || 20;
  return {
    id: text(item.id),
    title: text(item.title),
    artist: text(item.artist),
    seconds: Math.min(Math.max(seconds, 1), LONGEST),
    uploadedBy: text(item.uploadedBy),
  };
}

const toPlaylist = (item: Item): Playlist => ({ id: text(item.id), name: text(item.name), owner: text(item.owner) });
const toPerson = (item: Item): Person => ({ id: text(item.id), name: text(item.name) });

/* ---- pages and batches ---- */

interface Answer {
  Items?: Item[] | undefined;
  LastEvaluatedKey?: Item | undefined;
}

async function page<Row>(ask: (from?: Item) => Promise<Answer>, rowsOf: (items: Item[]) => Row[] | Promise<Row[]>, from?: Item): Promise<Page<Row>> {
  const { Items = [], LastEvaluatedKey } = await ask(from);
  const rows = await rowsOf(Items);
  return LastEvaluatedKey ? { rows, next: () => page(ask, rowsOf, LastEvaluatedKey) } : { rows };
}

const scan = <Row>(TableName: string, toRow: (item: Item) => Row): Promise<Page<Row>> =>
  page(
    (from) => tables().scan({ TableName, Limit: PAGE, ExclusiveStartKey: from }),
    (items) => items.map(toRow),
  );

function query(input: Omit<QueryCommandInput, 'KeyConditionExpression'>, name: string, value: string) {
  const asked: QueryCommandInput = {
    Limit: PAGE,
    ...input,
    KeyConditionExpression: '#key = :value',
    ExpressionAttributeNames: { '#key': name },
    ExpressionAttributeValues: { ':value': value },
  };
  return (from?: Item) => tables().query({ ...asked, ExclusiveStartKey: from });
}

async function every<Row>(first: Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let at: Page<Row> | undefined = await first; at; at = await at.next?.()) rows.push(...at.rows);
  return rows;
}

const pause = (attempt: number) => new Promise((resolve) => setTimeout(resolve, 25 * 2 ** attempt));

/** The tracks of these ids that are there, by id. */
async function tracksById(ids: string[]): Promise<Map<string, Track>> {
  const found = new Map<string, Track>();
  const wanted = [...new Set(ids)];
  for (let at = 0; at < wanted.length; at += BATCH_READ) {
    let keys: Item[] | undefined = wanted.slice(at, at + BATCH_READ).map((id) => ({ id }));
    for (let attempt = 0; keys?.length; attempt++) {
      if (attempt === ATTEMPTS) throw new Error('The server left keys of a batch unread, again and again');
      if (attempt > 0) await pause(attempt);
      const answer: BatchGetCommandOutput = await tables().batchGet({ RequestItems: { TrackTable: { Keys: keys } } });
      for (const item of answer.Responses?.TrackTable ?? []) found.set(text(item.id), toTrack(item));
      keys = answer.UnprocessedKeys?.TrackTable?.Keys;
    }
  }
  return found;
}

async function deleteAll(TableName: string, keys: Item[]): Promise<void> {
  for (let at = 0; at < keys.length; at += BATCH_WRITE) {
    let requests: BatchWriteCommandInput['RequestItems'] = { [TableName]: keys.slice(at, at + BATCH_WRITE).map((Key) => ({ DeleteRequest: { Key } })) };
    for (let attempt = 0; requests?.[TableName]?.length; attempt++) {
      if (attempt === ATTEMPTS) throw new Error('The server left deletions of a batch undone, again and again');
      if (attempt > 0) await pause(attempt);
      const answer: BatchWriteCommandOutput = await tables().batchWrite({ RequestItems: requests });
      requests = answer.UnprocessedItems;
    }
  }
}

/** For each of these rows with a trackId, its track; a track that is gone is undefined. */
async function joined(items: Item[]): Promise<Array<[Item, Track | undefined]>> {
  const tracks = await tracksById(items.map((item) => text(item.trackId)));
  return items.map((item) => [item, tracks.get(text(item.trackId))]);
}

/* ---- people ---- */

/** Writes who this is, for the others to see; a name that is there stays. */
export async function introduce({ id, name }: Listener): Promise<void> {
  await tables().update({
    TableName: 'UserTable',
    Key: { id },
    UpdateExpression: 'SET #name = if_not_exists(#name, :name)',
    ExpressionAttributeNames: { '#name': 'name' },
    ExpressionAttributeValues: { ':name': name },
  });
}

export const people = (): Promise<Page<Person>> => scan('UserTable', toPerson);

export async function person(id: string): Promise<Person | undefined> {
  const { Item } = await tables().get({ TableName: 'UserTable', Key: { id } });
  return Item && toPerson(Item);
}

/* ---- tracks ---- */

export const tracks = (): Promise<Page<Track>> => scan('TrackTable', toTrack);

export const tracksOf = (owner: string): Promise<Page<Track>> =>
  page(query({ TableName: 'TrackTable', IndexName: 'byUserId' }, 'uploadedBy', owner), (items) => items.map(toTrack));

export async function addTrack(track: Omit<Track, 'id'>): Promise<Track> {
  const added = { id: crypto.randomUUID(), ...track };
  await tables().put({ TableName: 'TrackTable', Item: added, ConditionExpression: 'attribute_not_exists(id)' });
  return added;
}

export async function removeTrack(id: string): Promise<void> {
  await tables().delete({ TableName: 'TrackTable', Key: { id } });
}

/* ---- playlists ---- */

const playlistPage = (owner: string): Promise<Page<Playlist>> =>
  page(query({ TableName: 'PlaylistTable', IndexName: 'byUserId' }, 'owner', owner), (items) => items.map(toPlaylist));

export const playlistsOf = (owner: string): Promise<Playlist[]> => every(playlistPage(owner));

export async function playlist(id: string): Promise<Playlist | undefined> {
  const { Item } = await tables().get({ TableName: 'PlaylistTable', Key: { id } });
  return Item && toPlaylist(Item);
}

export async function makePlaylist(owner: string, name: string): Promise<Playlist> {
  const made = { id: crypto.randomUUID(), name, owner };
  await tables().put({ TableName: 'PlaylistTable', Item: made, ConditionExpression: 'attribute_not_exists(id)' });
  return made;
}

/** The playlist goes first: nobody is to find one that lacks half of its tracks. */
export async function removePlaylist(id: string): Promise<void> {
  await tables().delete({ TableName: 'PlaylistTable', Key: { id } });
  const held = page(query({ TableName: 'PlaylistTrackTable' }, 'playlistId', id), (items) => items);
  const keys = (await every(held)).map(({ playlistId, trackId }) => ({ playlistId, trackId }));
  await deleteAll('PlaylistTrackTable', keys);
}

export const tracksIn = (playlistId: string): Promise<Page<[string, Track | undefined]>> =>
  page(query({ TableName: 'PlaylistTrackTable' }, 'playlistId', playlistId), async (items) =>
    (await joined(items)).map(([item, track]) => [text(item.trackId), track]),
  );

export async function putIn(playlistId: string, trackId: string): Promise<void> {
  await tables().put({ TableName: 'PlaylistTrackTable', Item: { playlistId, trackId, addedAt: new Date().toISOString() } });
}

export async function takeOut(playlistId: string, trackId: string): Promise<void> {
  await tables().delete({ TableName: 'PlaylistTrackTable', Key: { playlistId, trackId } });
}

/* ---- favourites ---- */

const ownFavourites = (userId: string) => query({ TableName: 'FavouriteTable' }, 'userId', userId);

export async function favouriteIds(userId: string): Promise<Set<string>> {
  return new Set(await every(page(ownFavourites(userId), (items) => items.map((item) => text(item.trackId)))));
}

export const favourites = (userId: string): Promise<Page<[string, Track | undefined]>> =>
  page(ownFavourites(userId), async (items) => (await joined(items)).map(([item, track]) => [text(item.trackId), track]));

export async function addFavourite(userId: string, trackId: string): Promise<void> {
  await tables().put({ TableName: 'FavouriteTable', Item: { userId, trackId, since: new Date().toISOString() } });
}

export async function removeFavourite(userId: string, trackId: string): Promise<void> {
  await tables().delete({ TableName: 'FavouriteTable', Key: { userId, trackId } });
}

/* ---- what was played ---- */

export async function notePlay(userId: string, trackId: string): Promise<void> {
  await tables().put({ TableName: 'PlaybackHistoryTable', Item: { userId, timestamp: new Date().toISOString(), trackId } });
}

const plays = (userId: string) => query({ TableName: 'PlaybackHistoryTable', ScanIndexForward: false }, 'userId', userId);

/** The newest first. */
export const history = (userId: string): Promise<Page<Play>> =>
  page(plays(userId), async (items) => (await joined(items)).map(([item, track]) => ({ timestamp: text(item.timestamp), track })));

export async function clearHistory(userId: string): Promise<void> {
  const keys = await every(page(plays(userId), (items) => items.map(({ userId, timestamp }) => ({ userId, timestamp }))));
  await deleteAll('PlaybackHistoryTable', keys);
}
