/** People: a list, a look-up by identifier, and all that is known of one of them. */
import { bringIntoView, el, empty, show, time } from './dom.mjs';
import { profileParts } from './profile.mjs';
import { read, readPerson } from './server.mjs';

const kinds = {
  email: 'E-mail',
  phone: 'Phone',
  userId: 'User id',
  anonymousId: 'Anonymous id',
  loyaltyId: 'Loyalty id',
  externalId: 'External id',
};

export function peopleView() {
  let selected = '';
  let shown = '';
  let listed = 0;
  const list = el('nav', { class: 'list', 'aria-label': 'People' });
  const pane = el('article', { class: 'card pane' });
  const found = el('p', { role: 'status', class: 'problem', hidden: true });
  const element = el(
    'div',
    { class: 'columns narrow-first' },
    el('section', { class: 'card' }, el('h1', {}, 'People'), lookUpForm(), found, list),
    pane,
  );

  function lookUpForm() {
    const form = el(
      'form',
      { class: 'lookup', 'aria-label': 'Look somebody up' },
      el('label', { for: 'kind', class: 'hidden' }, 'Look up by'),
      el(
        'select',
        { id: 'kind', name: 'kind' },
        Object.entries(kinds).map(([value, name]) => el('option', { value }, name)),
      ),
      el('label', { for: 'value', class: 'hidden' }, 'Value'),
      el('input', { id: 'value', name: 'value', placeholder: 'lea@example.com', autocomplete: 'off', spellcheck: 'false' }),
      el('button', { type: 'submit' }, 'Look up'),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const data = new FormData(form);
      void lookUp(data.get('kind'), data.get('value').trim());
    });
    return form;
  }

  async function lookUp(kind, value) {
    const profile = value === '' ? undefined : await readPerson('profiles', { [kind]: value });
    found.hidden = profile !== undefined;
    found.textContent =
      value === '' ? 'What should be looked up?' : `Nobody is known by the ${kinds[kind].toLowerCase()} ${value}.`;
    if (profile !== undefined) location.hash = `#people/${encodeURIComponent(profile.id)}`;
  }

  async function showList() {
    const people = await read('people');
    listed = performance.now();
    if (people.length === 0) return show(list, empty('Nobody yet. Play a visit, or send events to /v1.'));
    const line = ({ id, name, email, lastSeen }) =>
      el(
        'a',
        { href: `#people/${encodeURIComponent(id)}`, 'data-key': id, 'aria-current': id === selected ? 'true' : null },
        el('strong', {}, name || email || 'Without a name'),
        el('span', { class: 'quiet' }, name && email ? `${email} · ` : '', 'seen ', time(lastSeen)),
      );
    show(list, people.map(line), people.length >= 200 ? empty('The newest 200. Look the others up above.') : null);
  }

  async function showPerson() {
    if (selected === '') {
      shown = '';
      return show(pane, empty('Choose somebody.'));
    }
    const [profile, story] = await Promise.all([readPerson('profiles', { id: selected }), readPerson('story', { id: selected })]);
    if (profile === undefined) return show(pane, empty('Nobody is known by this id.'));
    const state = JSON.stringify([profile, story]);
    if (state === shown) return;
    shown = state;
    show(pane, ...profileParts(profile, story));
  }

  /** A list of all people reads the whole table: under a stream of events not at every change. */
  async function refresh() {
    if (performance.now() - listed > 5_000) await showList();
    await showPerson();
  }

  async function open(id) {
    selected = id;
    await showList();
    await showPerson();
    if (id !== '') bringIntoView(pane);
  }

  return { element, open, refresh };
}
