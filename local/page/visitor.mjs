/** Who visits the shop: a small form, remembered while the tab is open. */
import { el } from './dom.mjs';

const names = ['Léa', 'Hugo', 'Inès', 'Malo', 'Zoé', 'Noah', 'Jade', 'Sacha'];

/** `onChange(isSomebodyElse)` is called whenever the visitor was changed; `onNew()` when the button was pressed. */
export function visitorForm({ onChange, onNew }) {
  let visitor = remembered();
  const field = (name, label, type) => [
    el('label', { for: name }, label),
    el('input', { id: name, name, type, value: visitor[name], autocomplete: 'off' }),
  ];
  const language = (locale, name) => el('option', { value: locale, selected: visitor.locale === locale }, name);
  const form = el(
    'form',
    { class: 'visitor', 'aria-label': 'The visitor', on: { submit: (event) => event.preventDefault(), input, change } },
    el('div', {}, ...field('firstName', 'First name', 'text')),
    el('div', { class: 'wide' }, ...field('email', 'E-mail', 'email')),
    el(
      'div',
      {},
      el('label', { for: 'locale' }, 'Reads'),
      el('select', { id: 'locale', name: 'locale' }, language('fr-FR', 'French'), language('en-GB', 'English')),
    ),
    el('button', { type: 'button', class: 'plain', on: { click: onNew } }, 'Somebody new'),
  );

  function written() {
    const data = new FormData(form);
    const firstName = data.get('firstName').trim() || 'Somebody';
    return { firstName, email: data.get('email').trim(), locale: data.get('locale') };
  }

  /**
   * Taken while it is typed: what is redrawn only once the field is left is redrawn under the mouse that leaves it, and its
   * press is lost. Half an address is nobody yet, and nothing to complain of.
   */
  function input() {
    const next = written();
    if (isAddress(next.email)) take(next);
  }

  function change() {
    become(written());
  }

  function become(next) {
    take(next);
    form.elements.firstName.value = visitor.firstName;
    form.elements.email.value = visitor.email;
  }

  function take(next) {
    if (Object.keys(next).every((name) => next[name] === visitor[name])) return;
    const isSomebodyElse = next.email !== visitor.email;
    visitor = next;
    sessionStorage.setItem('visitor', JSON.stringify(visitor));
    onChange(isSomebodyElse);
  }

  /** The first of the names that `isKnown` does not know. */
  async function becomeNew(isKnown) {
    for (let turn = 0; ; turn++) {
      const firstName = names[turn % names.length];
      const round = Math.floor(turn / names.length);
      const email = `${plain(firstName)}${round === 0 ? '' : `.${round + 1}`}@example.com`;
      if (email !== visitor.email && !(await isKnown(email))) return become({ firstName, email, locale: visitor.locale });
    }
  }

  return {
    element: form,
    becomeNew,
    get current() {
      return visitor;
    },
    get isUsable() {
      return isAddress(visitor.email);
    },
  };
}

const isAddress = (text) => /^[^\s@]+@[^\s@]+$/.test(text);
const plain = (name) => name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

function remembered() {
  try {
    const { firstName, email, locale } = JSON.parse(sessionStorage.getItem('visitor'));
    return { firstName: String(firstName), email: String(email), locale: locale === 'en-GB' ? locale : 'fr-FR' };
  } catch {
    return { firstName: names[0], email: 'lea@example.com', locale: navigator.language.startsWith('fr') ? 'fr-FR' : 'en-GB' };
  }
}
