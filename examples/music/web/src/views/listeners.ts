/** Who else is there; what they added and made; and what one may not do for them. */
import { form, h, list, say } from '../dom';
import { addFavourite, people, person, playlistsOf, tracks, tracksOf, type Person } from '../tables';
import { texts } from '../texts';
import { playlistRow } from './playlists';
import { cover, shelf, trackRow } from './track_row';
import { address, type View, type Visit } from './view';

const t = texts.listeners;

async function all({ listener }: Visit): Promise<Node[]> {
  const row = ({ id, name }: Person) =>
    h('a', { class: 'row', href: address('listeners', id) }, cover(id), h('strong', {}, name || t.unnamed), id === listener.id && h('small', {}, t.you));
  return [list(await people(), t.none, row)];
}

async function suggestion(id: string, name: string): Promise<HTMLElement> {
  const { rows } = await tracks();
  const select = h('select', { name: 'track', required: true }, ...rows.map((track) => h('option', { value: track.id }, track.title || texts.track.untitled)));
  return h(
    'section',
    {},
    h('h3', {}, t.suggest(name)),
    h('p', {}, t.suggestHint),
    form([{ label: t.suggestTrack, input: select }], t.suggestButton, async (value) => {
      await addFavourite(id, value('track'));
      say(t.suggested);
    }),
  );
}

async function one(visit: Visit, id: string): Promise<Node[]> {
  const [who, on, theirs, playlists] = await Promise.all([person(id), shelf(visit), tracksOf(id), playlistsOf(id)]);
  const name = who?.name || t.unnamed;
  return [
    h('p', {}, h('a', { href: address('listeners') }, t.back)),
    h('h2', {}, name),
    h('h3', {}, t.tracks),
    list(theirs, t.noTracks, (track) => trackRow(on, track)),
    h('h3', {}, t.playlists),
    list({ rows: playlists }, t.noPlaylists, playlistRow),
    ...(id === visit.listener.id ? [] : [await suggestion(id, name)]),
  ];
}

export const listenersView: View = (visit) => (visit.id === undefined ? all(visit) : one(visit, visit.id));
