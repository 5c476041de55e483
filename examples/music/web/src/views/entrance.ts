/** Signing up, confirming, signing in. */
import { confirm, enrol, enter, sendAnotherCode, type Standing } from '../auth';
import { endpoint } from '../config';
import { alertPlace, button, form, h, input, say, type Field } from '../dom';
import { texts } from '../texts';

const t = texts.entrance;

/** Whom one is about to be; the password is kept from signing up to confirming, to sign in with. */
interface Newcomer {
  email: string;
  password?: string;
}

const emailField = (email: string): Field => ({ label: t.email, input: input('email', { type: 'email', autocomplete: 'username', value: email }) });

/** The entrance; `entered` is called when somebody has signed in. */
export function entrance(entered: () => Promise<void>): HTMLElement {
  const place = h('div', { class: 'entrance' });

  function show(heading: string, ...content: Node[]): void {
    const title = h('h1', { tabindex: '-1' }, heading);
    const moved = place.hasChildNodes();
    document.title = `${heading} · ${texts.app}`;
    place.replaceChildren(h('section', { class: 'card' }, title, ...content));
    if (moved) title.focus();
  }

  async function goOn(standing: Standing, newcomer: Newcomer): Promise<void> {
    if (standing === 'confirm') showConfirm(newcomer);
    else await entered();
  }

  function other(label: string, go: () => void): HTMLElement {
    return h('button', { type: 'button', class: 'link', click: go }, label);
  }

  function showSignIn(email = ''): void {
    const password = input('password', { type: 'password', autocomplete: 'current-password' });
    const fields = [emailField(email), { label: t.password, input: password }];
    const work = async (value: (name: string) => string) => {
      const newcomer = { email: value('email'), password: value('password') };
      await goOn(await enter(newcomer.email, newcomer.password), newcomer);
    };
    show(t.signIn, h('p', {}, t.welcome), form(fields, t.signIn, work, other(t.newHere, showSignUp)));
  }

  function showSignUp(): void {
    const password = input('password', { type: 'password', autocomplete: 'new-password' });
    const fields = [
      { label: t.name, hint: t.nameHint, input: input('name', { autocomplete: 'nickname' }) },
      emailField(''),
      { label: t.password, hint: t.passwordHint, input: password },
    ];
    const work = async (value: (name: string) => string) => {
      const newcomer = { email: value('email'), password: value('password') };
      await goOn(await enrol(value('name'), newcomer.email, newcomer.password), newcomer);
    };
    show(t.signUp, form(fields, t.signUp, work, other(t.haveAccount, () => showSignIn())));
  }

  function showConfirm({ email, password }: Newcomer): void {
    const alert = alertPlace();
    const code = input('code', { autocomplete: 'one-time-code', inputmode: 'numeric', maxlength: '2048' });
    const resend = button(
      t.resend,
      alert,
      async () => {
        await sendAnotherCode(email);
        say(t.resent);
      },
      { class: 'link' },
    );
    const work = async (value: (name: string) => string) => {
      await confirm(email, value('code'));
      say(t.confirmed);
      if (password === undefined) return showSignIn(email);
      await goOn(await enter(email, password), { email, password });
    };
    show(
      t.confirm,
      h('p', {}, t.confirmHint(email)),
      ...(endpoint ? [h('p', {}, t.whereCode), h('pre', {}, h('code', {}, t.codesCommand(email)))] : []),
      form([{ label: t.code, input: code }], t.confirmButton, work, resend),
      alert,
    );
  }

  showSignIn();
  return place;
}
