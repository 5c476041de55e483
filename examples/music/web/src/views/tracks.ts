/** All tracks there are, and adding one. */
import { form, h, iconButton, input, list, say } from '../dom';
import { addTrack, LONGEST, removeTrack, tracks, type Track } from '../tables';
import { texts } from '../texts';
import { shelf, trackRow, type Shelf } from './track_row';
import type { View, Visit } from './view';

const t = texts.track;

function addForm({ listener, again }: Visit): HTMLElement {
  const length = input('seconds', { type: 'number', min: '1', max: String(LONGEST), step: '1', value: '20', inputmode: 'numeric' });
  const fields = [
    { label: t.title, input: input('title') },
    { label: t.artist, input: input('artist', { required: false }) },
    { label: t.seconds, hint: t.secondsHint, input: length },
  ];
  return form(fields, t.addButton, async (value) => {
    const { title } = await addTrack({ title: value('title'), artist: value('artist'), seconds: Number(value('seconds')), uploadedBy: listener.id });
    say(t.added(title));
    again();
  });
}

function row(on: Shelf, track: Track): HTMLElement {
  const { listener, again } = on.visit;
  if (track.uploadedBy !== listener.id) return trackRow(on, track);
  return trackRow(on, track, texts.listeners.you, (alert, title) => [
    iconButton('bin', t.remove(title), alert, async () => {
      if (!window.confirm(t.removeConfirm(title))) return;
      await removeTrack(track.id);
      say(t.removed(title));
      again();
    }),
  ]);
}

export const tracksView: View = async (visit) => {
  const [on, first] = await Promise.all([shelf(visit), tracks()]);
  return [
    h('details', { class: 'add', open: first.rows.length === 0 }, h('summary', {}, t.add), addForm(visit)),
    h('h2', {}, t.all),
    list(first, t.none, (track) => row(on, track)),
  ];
};
