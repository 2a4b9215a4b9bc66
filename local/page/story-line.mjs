/** A line of a person's story; the decisions stand beneath the event that led to them. */
import { el, time } from './dom.mjs';

export const storyLine = ({ at, kind, text, decisions, status, mail }) =>
  el(
    'div',
    { class: `line ${kind} ${status ?? ''}` },
    el('p', {}, text, ' ', mail ? el('a', { href: `#inbox/${encodeURIComponent(mail)}` }, 'Read it') : null, ' ', time(at)),
    decisions.length === 0
      ? null
      : el(
          'ul',
          { class: 'decisions' },
          decisions.map((decision) => el('li', { class: decision.outcome }, decision.text)),
        ),
  );
