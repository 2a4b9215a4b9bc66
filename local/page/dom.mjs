/**
 * Elements for the page. Text from outside becomes text nodes and nothing else, so that no name, trait or mail can run:
 * there is no way from here to HTML.
 */

/** `on` holds listeners; true and false set and leave out an attribute; null children are left out. */
export function el(tag, { on = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, String(value));
  }
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replaces what is shown and keeps what the reader did: the focus and opened details, found again by `data-key`. */
export function show(container, ...children) {
  const focused = container.contains(document.activeElement) ? keyOf(document.activeElement) : undefined;
  const open = new Set([...container.querySelectorAll('details[open]')].map(keyOf));
  container.replaceChildren(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  for (const details of container.querySelectorAll('details')) if (open.has(keyOf(details))) details.open = true;
  if (focused)
    [...container.querySelectorAll('[data-key]')].find((element) => keyOf(element) === focused)?.focus({ preventScroll: true });
}

const keyOf = (element) => element.dataset.key;

export const json = (value) => el('pre', { tabindex: '0' }, typeof value === 'string' ? value : JSON.stringify(value, null, 2));

/** A JSON text, indented; another text as it is. */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const long = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
});
const short = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZone: 'UTC',
});

export const longTime = (at) => `${long.format(new Date(at))} UTC`;
export const time = (iso) => el('time', { datetime: iso, title: `${iso}` }, short.format(new Date(iso)));

/** A table with a caption for those who do not see it; on a narrow screen each row stands alone. */
export const table = (caption, heads, rows) =>
  el(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    el(
      'table',
      {},
      el('caption', { class: 'hidden' }, caption),
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          heads.map((head) => el('th', { scope: 'col' }, head)),
        ),
      ),
      el(
        'tbody',
        {},
        rows.map((cells) =>
          el(
            'tr',
            {},
            cells.map((cell, column) => el('td', { 'data-head': heads[column] }, cell === '' ? null : el('div', {}, cell))),
          ),
        ),
      ),
    ),
  );

export const empty = (text) => el('p', { class: 'empty' }, text);

/** Where the parts stand below each other, what was chosen would be out of sight. */
export const bringIntoView = (element) => {
  if (matchMedia('(max-width: 55.99rem)').matches) element.scrollIntoView({ block: 'start' });
};
