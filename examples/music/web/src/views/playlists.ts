/** One's playlists, making one; and a playlist with its tracks, one's own or somebody else's. */
import { alertPlace, button, form, h, iconButton, input, list, say } from '../dom';
import { makePlaylist, playlist, playlistsOf, removePlaylist, takeOut, tracksIn, type Playlist } from '../tables';
import { texts } from '../texts';
import { cover, shelf, trackRow } from './track_row';
import { address, type View, type Visit } from './view';

const t = texts.playlist;

export const playlistRow = ({ id, name }: Playlist): HTMLElement =>
  h('a', { class: 'row', href: address('playlists', id) }, cover(id), h('strong', {}, name || t.untitled));

async function all({ listener, again }: Visit): Promise<Node[]> {
  const rows = await playlistsOf(listener.id);
  const make = form([{ label: t.name, input: input('name') }], t.makeButton, async (value) => {
    const { name } = await makePlaylist(listener.id, value('name'));
    say(t.made(name));
    again();
  });
  return [
    h('details', { class: 'add', open: rows.length === 0 }, h('summary', {}, t.make), make),
    h('h2', {}, t.mine),
    list({ rows }, t.none, playlistRow),
  ];
}

async function one(visit: Visit, id: string): Promise<Node[]> {
  const back = h('p', {}, h('a', { href: address('playlists') }, t.back));
  const [found, on, first] = await Promise.all([playlist(id), shelf(visit), tracksIn(id)]);
  if (!found) return [back, h('p', { class: 'none' }, t.gone)];
  const name = found.name || t.untitled;
  const own = found.owner === visit.listener.id;
  const rows = list(first, t.empty, ([trackId, track]) =>
    trackRow(on, track, undefined, (alert, title) =>
      own
        ? [
            iconButton('minus', t.take(title), alert, async () => {
              await takeOut(id, trackId);
              say(t.taken(title));
              visit.again();
            }),
          ]
        : [],
    ),
  );
  const content = [back, h('h2', {}, name), rows];
  if (!own) return content;
  const alert = alertPlace();
  const remove = button(t.remove, alert, async () => {
    if (!window.confirm(t.removeConfirm(name))) return;
    await removePlaylist(id);
    say(t.removed(name));
    location.hash = address('playlists');
  });
  return [...content, h('div', { class: 'buttons' }, remove), alert];
}

export const playlistsView: View = (visit) => (visit.id === undefined ? all(visit) : one(visit, visit.id));
