/** Elements, forms, and where what went wrong is shown. Text from users only ever becomes a text node. */
import { endpoint } from './config';
import { icon, type Icon } from './icons';
import { texts } from './texts';

type Child = Node | string | false | undefined;

interface Properties {
  [attribute: string]: string | boolean | undefined | ((event: Event) => void);
}

/** An element; a property that is a function listens to the event of that name, others are attributes. */
export function h<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, properties: Properties = {}, ...children: Child[]): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (typeof value === 'string') element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== false && child !== undefined));
  return element;
}

/* ---- what went wrong, and what went well ---- */

/** In the server's words: the error's name and message. */
function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const unanswered = error.name === 'NetworkError' || (error.name === 'TypeError' && /fetch|network/i.test(error.message));
  if (unanswered) return texts.noAnswer(endpoint ?? 'AWS');
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}

/** A place for errors, empty at first; screen readers read what comes into it. */
export const alertPlace = (): HTMLElement => h('div', { role: 'alert', class: 'alert' });

const status = h('p', { role: 'status', class: 'status' });
export const statusPlace = (): HTMLElement => status;

/** Says briefly that something was done. */
export function say(what: string): void {
  status.textContent = what;
}

/** Does something for a control, which is busy as long. What goes wrong is shown in `alert`; resolves with whether nothing did. */
export async function attempt(alert: HTMLElement, control: HTMLElement | undefined, work: () => Promise<void>): Promise<boolean> {
  if (control?.ariaBusy === 'true') return false;
  if (control) control.ariaBusy = 'true';
  alert.replaceChildren();
  try {
    await work();
    return true;
  } catch (error) {
    alert.replaceChildren(words(error));
    alert.scrollIntoView({ block: 'nearest' });
    return false;
  } finally {
    if (control) control.ariaBusy = null;
  }
}

/** A button that does something. */
export function button(label: string, alert: HTMLElement, work: () => Promise<void>, properties: Properties = {}): HTMLButtonElement {
  const element: HTMLButtonElement = h('button', { type: 'button', click: () => void attempt(alert, element, work), ...properties }, label);
  return element;
}

/** A button that shows a sign in place of its label. */
export function iconButton(sign: Icon, label: string, alert: HTMLElement, work: () => Promise<void>, properties: Properties = {}): HTMLButtonElement {
  const element = button('', alert, work, { 'aria-label': label, title: label, class: 'icon', ...properties });
  element.append(icon(sign));
  return element;
}

/* ---- forms ---- */

export interface Field {
  label: string;
  hint?: string;
  input: HTMLInputElement | HTMLSelectElement;
}

let fields = 0;

function fieldElement({ label, hint, input }: Field): HTMLElement {
  input.id = `field-${++fields}`;
  const element = h('div', {}, h('label', { for: input.id }, label), input);
  if (hint) {
    const id = `${input.id}-hint`;
    input.setAttribute('aria-describedby', id);
    element.append(h('small', { id }, hint));
  }
  return element;
}

export const input = (name: string, properties: Properties = {}): HTMLInputElement => h('input', { name, required: true, maxlength: '200', ...properties });

/** A form whose values, trimmed but for passwords, go to `work`; it is emptied if that goes well. */
export function form(fields: Field[], submit: string, work: (value: (name: string) => string) => Promise<void>, ...more: Child[]): HTMLFormElement {
  const alert = alertPlace();
  const send = h('button', { type: 'submit', class: 'main' }, submit);
  const element = h('form', {}, ...fields.map(fieldElement), h('div', { class: 'buttons' }, send, ...more), alert);
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    const data = new FormData(element);
    const valueOf = (name: string) => {
      const value = String(data.get(name) ?? '');
      return element.querySelector(`[name="${name}"][type="password"]`) ? value : value.trim();
    };
    void attempt(alert, send, () => work(valueOf)).then((done) => done && element.isConnected && element.reset());
  });
  return element;
}

/* ---- pages of rows ---- */

/** A list that begins with a page of rows and gets the next ones on request; `none` stands there while it has none. */
export function list<Row>(first: { rows: Row[]; next?: () => Promise<{ rows: Row[] }> }, none: string, rowElement: (row: Row) => HTMLElement): HTMLElement {
  const rows = h('ul', { class: 'rows', role: 'list' });
  const place = h('div', { class: 'list' }, rows);
  const alert = alertPlace();
  const add = (page: typeof first) => {
    rows.append(...page.rows.map((row) => h('li', {}, rowElement(row))));
    const next = page.next;
    if (!next) return;
    const more = button(texts.more, alert, async () => {
      const page = await next();
      more.remove();
      add(page);
    });
    place.append(more, alert);
  };
  add(first);
  if (rows.childElementCount === 0 && !first.next) place.append(h('p', { class: 'none' }, none));
  return place;
}
