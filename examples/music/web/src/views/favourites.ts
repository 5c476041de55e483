/** One's own favourites. */
import { iconButton, list, say } from '../dom';
import { favourites, removeFavourite } from '../tables';
import { texts } from '../texts';
import { shelf, trackRow } from './track_row';
import type { View } from './view';

export const favouritesView: View = async (visit) => {
  const me = visit.listener.id;
  const [on, first] = await Promise.all([shelf(visit), favourites(me)]);
  const row = ([trackId, track]: (typeof first.rows)[number]) =>
    trackRow(on, track, undefined, (alert, title) =>
      track
        ? []
        : [
            iconButton('bin', texts.favourites.remove(title), alert, async () => {
              await removeFavourite(me, trackId);
              say(texts.favourites.removed(title));
              visit.again();
            }),
          ],
    );
  return [list(first, texts.favourites.none, row)];
};
