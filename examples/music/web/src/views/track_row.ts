/** A track in a list: its cover and names, and what may be done with it. */
import { alertPlace, attempt, h, iconButton, say } from '../dom';
import { icon } from '../icons';
import { hash, play } from '../player';
import { addFavourite, favouriteIds, notePlay, playlistsOf, putIn, removeFavourite, type Playlist, type Track } from '../tables';
import { texts } from '../texts';
import type { Visit } from './view';

/** What the rows of a view share. */
export interface Shelf {
  visit: Visit;
  favourites: Set<string>;
  playlists: Playlist[];
}

export async function shelf(visit: Visit): Promise<Shelf> {
  const { id } = visit.listener;
  const [favourites, playlists] = await Promise.all([favouriteIds(id), playlistsOf(id)]);
  return { visit, favourites, playlists };
}

export function cover(id: string): HTMLElement {
  const disc = h('span', { class: 'cover', 'aria-hidden': 'true' });
  disc.style.setProperty('--hue', String(hash(id) % 360));
  return disc;
}

const length = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

function heart({ visit, favourites }: Shelf, track: Track, title: string, alert: HTMLElement): HTMLElement {
  const me = visit.listener.id;
  const show = () => (button.ariaPressed = String(favourites.has(track.id)));
  const button = iconButton('heart', texts.track.favourite(title), alert, async () => {
    if (favourites.has(track.id)) {
      await removeFavourite(me, track.id);
      favourites.delete(track.id);
      say(texts.favourites.removed(title));
    } else {
      await addFavourite(me, track.id);
      favourites.add(track.id);
      say(texts.favourites.added(title));
    }
    show();
  });
  show();
  return button;
}

function playlistMenu({ playlists }: Shelf, track: Track, title: string, alert: HTMLElement): HTMLElement {
  const summary = h('summary', { 'aria-label': texts.track.addToLabel(title), title: texts.track.addTo }, icon('plus'));
  const choices = playlists.map((playlist) => {
    const name = playlist.name || texts.playlist.untitled;
    const choice: HTMLElement = h('button', { type: 'button', click: () => void add() }, name);
    const add = () =>
      attempt(alert, choice, async () => {
        await putIn(playlist.id, track.id);
        menu.open = false;
        summary.focus();
        say(texts.track.addedTo(title, name));
      });
    return choice;
  });
  const menu: HTMLDetailsElement = h(
    'details',
    { class: 'menu', name: 'playlists', keydown: (event) => (event as KeyboardEvent).key === 'Escape' && (menu.open = false) },
    summary,
    h('div', { class: 'choices' }, ...(choices.length ? choices : [h('p', {}, texts.track.noPlaylists)])),
  );
  return menu;
}

/** The row; `note` stands beside the artist, `actions` behind the others. `actions` are given where errors are shown. */
export function trackRow(on: Shelf, track: Track | undefined, note?: Node | string, actions?: (alert: HTMLElement, title: string) => HTMLElement[]): HTMLElement {
  const alert = alertPlace();
  const title = track ? track.title || texts.track.untitled : texts.track.gone;
  const about = [track?.artist, track && length(track.seconds)].filter(Boolean).join(' · ');
  const row = h(
    'article',
    { class: 'row' },
    cover(track?.id ?? ''),
    h('div', { class: 'names' }, h('strong', {}, title), h('small', {}, about, note && about ? ' · ' : '', note)),
  );
  const buttons: HTMLElement[] = [];
  if (track) {
    const start = iconButton('play', texts.track.play(title), alert, async () => {
      play(track);
      await notePlay(on.visit.listener.id, track.id);
    });
    buttons.push(start, heart(on, track, title, alert), playlistMenu(on, track, title, alert));
  }
  row.append(h('div', { class: 'actions' }, ...buttons, ...(actions?.(alert, title) ?? [])), alert);
  return row;
}
