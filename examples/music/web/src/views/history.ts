/** What one has played, the newest first. */
import { alertPlace, button, h, list, say } from '../dom';
import { clearHistory, history, type Play } from '../tables';
import { texts } from '../texts';
import { shelf, trackRow } from './track_row';
import type { View } from './view';

const t = texts.history;
const format = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

function moment(timestamp: string): HTMLElement | string {
  const date = new Date(timestamp);
  return Number.isNaN(date.getTime()) ? timestamp : h('time', { datetime: timestamp }, format.format(date));
}

export const historyView: View = async (visit) => {
  const { listener, again } = visit;
  const [on, first] = await Promise.all([shelf(visit), history(listener.id)]);
  const content: Node[] = [list(first, t.none, ({ timestamp, track }: Play) => trackRow(on, track, moment(timestamp)))];
  if (first.rows.length === 0) return content;
  const alert = alertPlace();
  const clear = button(t.clear, alert, async () => {
    if (!window.confirm(t.clearConfirm)) return;
    await clearHistory(listener.id);
    say(t.cleared);
    again();
  });
  return [...content, h('div', { class: 'buttons' }, clear), alert];
};
