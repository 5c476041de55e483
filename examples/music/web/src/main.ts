/** The page: who is there, which view the address names, and what stands around it. */
import './style.css';
import { leave, whoIsThere, type Listener } from './auth';
import { configure, missing } from './config';
import { alertPlace, attempt, button, h, say, statusPlace } from './dom';
import { playerBar, stop } from './player';
import { forget, introduce } from './tables';
import { texts } from './texts';
import { entrance } from './views/entrance';
import { favouritesView } from './views/favourites';
import { historyView } from './views/history';
import { listenersView } from './views/listeners';
import { playlistsView } from './views/playlists';
import { tracksView } from './views/tracks';
import { address, type View } from './views/view';

type ViewName = keyof typeof texts.views;

const views: Record<ViewName, View> = {
  tracks: tracksView,
  playlists: playlistsView,
  favourites: favouritesView,
  history: historyView,
  listeners: listenersView,
};

const app = document.querySelector<HTMLElement>('#app') ?? document.body;

/* ---- the address ---- */

interface Place {
  view: ViewName;
  id?: string;
}

/** undefined: no view has such an address. */
function placeOf(hash: string): Place | undefined {
  const [view = '', id, ...rest] = hash.replace(/^#?\/?/, '').split('/');
  if (view === '') return { view: 'tracks' };
  if (!Object.hasOwn(views, view) || rest.length > 0) return undefined;
  if (id === undefined) return { view: view as ViewName };
  try {
    return { view: view as ViewName, id: decodeURIComponent(id) };
  } catch {
    return undefined; // %-signs that encode nothing
  }
}

/* ---- somebody is signed in ---- */

let showPlace: (() => void) | undefined;
addEventListener('hashchange', () => {
  say('');
  showPlace?.();
});

/* A menu closes when something else is pressed. */
addEventListener('pointerdown', ({ target }) => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]')) {
    if (!(target instanceof Node && menu.contains(target))) menu.open = false;
  }
});

function frame(listener: Listener): HTMLElement {
  const alert = alertPlace();
  const main = h('main', { id: 'content' });
  const links = (Object.keys(views) as ViewName[]).map((view) => h('a', { href: address(view) }, texts.views[view]));
  let shown = 0;

  async function show(moved: boolean): Promise<void> {
    const turn = ++shown; // the last one asked for is the one that is shown
    const place = placeOf(location.hash);
    const heading = place ? texts.views[place.view] : texts.notFound;
    const title = h('h1', { tabindex: '-1' }, heading);
    document.title = `${heading} · ${texts.app}`;
    for (const link of links) {
      if (place && link.hash === address(place.view)) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    if (moved) {
      main.replaceChildren(title, h('p', { class: 'none' }, texts.loading));
      title.focus();
    }
    if (!place) return main.replaceChildren(title);
    const wrong = alertPlace();
    let content: Node[] = [];
    const done = await attempt(wrong, undefined, async () => {
      content = await views[place.view]({ listener, id: place.id, again: () => void show(false) });
    });
    if (turn !== shown) return;
    const again = h('button', { type: 'button', click: () => void show(true) }, texts.tryAgain);
    main.replaceChildren(title, ...(done ? content : [wrong, again]));
    if (moved) title.focus();
  }

  showPlace = () => void show(true);
  void show(false);
  const out = button(texts.signOut, alert, async () => {
    await leave();
    await start();
  });
  return h(
    'div',
    { class: 'frame' },
    h('a', { class: 'skip', href: '#content', click: (event) => (event.preventDefault(), main.querySelector('h1')?.focus()) }, texts.skip),
    h(
      'header',
      {},
      h('a', { class: 'brand', href: address('tracks') }, texts.app),
      h('nav', { 'aria-label': texts.app }, ...links),
      h('div', { class: 'who' }, h('span', { title: texts.signedInAs(listener.email) }, listener.name || listener.email), out),
    ),
    alert,
    main,
    h('footer', {}, statusPlace(), playerBar()),
  );
}

/* ---- the beginning ---- */

function showEntrance(): void {
  app.replaceChildren(h('main', {}, h('p', { class: 'brand' }, texts.app), entrance(start), statusPlace()));
}

/** Shows the views to somebody who is signed in, and the entrance to anybody else. */
async function start(): Promise<void> {
  showPlace = undefined;
  stop();
  playerBar().hidden = true;
  forget();
  say('');
  const listener = await whoIsThere();
  if (!listener) return showEntrance();
  await introduce(listener);
  app.replaceChildren(frame(listener));
}

async function begin(): Promise<void> {
  const wrong = alertPlace();
  app.replaceChildren(h('main', {}, h('h1', {}, texts.app), wrong));
  if (await attempt(wrong, undefined, start)) return;
  const again = h('button', { type: 'button', click: () => void begin() }, texts.tryAgain);
  const out = button(texts.signOut, wrong, async () => {
    await leave();
    await start();
  });
  wrong.after(h('div', { class: 'buttons' }, again, out));
}

if (missing.length > 0) {
  app.replaceChildren(h('main', {}, h('section', { class: 'card' }, h('h1', {}, texts.notConnected), h('p', {}, texts.notConnectedWhy(missing)))));
} else {
  configure();
  void begin();
}
