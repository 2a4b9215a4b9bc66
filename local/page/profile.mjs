/** All that is known of one person, part by part. */
import { el, empty, json, table, time } from './dom.mjs';
import { storyLine } from './story-line.mjs';

export const profileParts = (profile, story) => [
  el('h2', {}, story.name || 'Without a name'),
  el('p', { class: 'quiet' }, 'Profile ', el('code', {}, profile.id), mergedText(profile.mergedFrom)),
  el('div', { class: 'row' }, consentChips(profile)),
  part('Identifiers', identifiers(profile.identifiers), true),
  part(
    'Traits',
    Object.keys(profile.traits).length === 0 ? empty('None.') : table('Traits', ['Trait', 'Value'], traitRows(profile)),
    true,
  ),
  part('Cart', profile.cart === null ? empty('No open cart.') : cart(profile.cart), profile.cart !== null),
  part(`Orders (${profile.orders.length})`, profile.orders.length === 0 ? empty('None.') : orders(profile.orders), false),
  part('Timeline, with the decisions beside each event', timeline(story), true),
  part(
    `Journeys (${profile.journeys.length})`,
    profile.journeys.length === 0 ? empty('None.') : profile.journeys.map(journey),
    true,
  ),
  part(`Messages (${profile.messages.length})`, messages(profile.messages), true),
  part('As JSON', json(profile), false),
];

const part = (title, content, open) =>
  el('details', { class: 'part', 'data-key': title.replace(/ \(.*/, ''), open }, el('summary', {}, title), content);

const mergedText = (ids) => (ids.length === 0 ? '' : `, merged from ${ids.join(', ')}`);

function consentChips({ consents }) {
  const entries = Object.entries(consents);
  if (entries.length === 0) return el('span', { class: 'chip' }, 'no consent is known');
  return entries.map(([key, { state, at, source }]) =>
    el('span', { class: `chip ${state}`, title: `since ${at}, from ${source}` }, `${key.replace('.', ', ')}: ${state}`),
  );
}

const identifiers = (known) =>
  known.length === 0
    ? empty('None.')
    : table(
        'Identifiers',
        ['Kind', 'Value', 'Trust'],
        known.map(({ type, value, verified }) => [
          type,
          el('code', {}, value),
          el('span', { class: `chip ${verified ? 'granted' : 'not'}` }, verified ? 'verified' : 'unverified'),
        ]),
      );

const traitRows = ({ traits }) =>
  Object.entries(traits).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : el('code', {}, JSON.stringify(value)),
  ]);

const cart = ({ id, quantity, value, currency, url, verified, openedAt, changedAt }) =>
  el(
    'dl',
    { class: 'facts' },
    [
      ['Id', el('code', {}, id)],
      ['Pieces', String(quantity)],
      ['Value', value === undefined ? 'none: its pieces have several currencies' : `${value.toFixed(2)} ${currency ?? ''}`],
      ['Opened', time(openedAt)],
      ['Changed', time(changedAt)],
      ['Link back', url === undefined ? 'none was told' : `${url} (${verified ? 'verified' : 'unverified'})`],
    ].map(([name, fact]) => [el('dt', {}, name), el('dd', {}, fact)]),
  );

const orders = (known) =>
  table(
    'Orders',
    ['When', 'Order', 'Amount', 'Refunded'],
    known.map(({ at, id, amount, currency, refunds, cancelled }) => [
      time(at),
      el('code', {}, id),
      `${amount.toFixed(2)} ${currency ?? ''}${cancelled ? ', cancelled' : ''}`,
      Object.keys(refunds).length === 0
        ? ''
        : Object.values(refunds)
            .reduce((sum, refund) => sum + refund, 0)
            .toFixed(2),
    ]),
  );

const timeline = ({ lines, next }) =>
  el(
    'div',
    { class: 'timeline' },
    lines.map((line) =>
      el(
        'div',
        {},
        storyLine(line),
        line.told
          ? el('details', { 'data-key': `told-${line.id}` }, el('summary', {}, `From ${line.source}`), json(line.told))
          : null,
      ),
    ),
    next.length === 0 ? null : el('p', {}, el('strong', {}, 'Next: '), next.map(({ text }) => text).join(' ')),
  );

const journey = ({ name, state, step, since, until, because, version, log }) =>
  el(
    'section',
    { class: 'journey' },
    el(
      'h3',
      {},
      name,
      ' ',
      el('span', { class: `chip ${state}` }, state === 'ended' ? `ended: ${because}` : `${state}, step ${step}`),
    ),
    el(
      'p',
      { class: 'quiet' },
      'Since ',
      time(since),
      state === 'ended' ? ', ended ' : ', goes on ',
      time(until),
      `, version ${version}`,
    ),
    table(
      `Steps of ${name}`,
      ['When', 'Step', 'What', 'Why'],
      log.map((record) => [time(record.at), record.step, record.outcome, whyText(record)]),
    ),
  );

const whyText = ({ because, seen }) =>
  [because, seen === undefined ? undefined : `(seen: ${JSON.stringify(seen)})`].filter(Boolean).join(' ');

const messages = (known) =>
  known.length === 0
    ? empty('None.')
    : table(
        'Messages',
        ['When', 'What', 'Because of', 'Status'],
        known.map(({ at, channel, template, cause, status, marks = [] }) => [
          time(at),
          `${channel}: ${template}`,
          `${cause.kind} ${cause.name}, step ${cause.step}`,
          status.kind === 'sent'
            ? [
                el('a', { class: 'chip sent', href: `#inbox/${encodeURIComponent(status.providerId)}` }, 'sent'),
                ...marks.map(({ kind, type, subtype }) => ` ${[kind, type, subtype].filter(Boolean).join(' ')}`),
              ]
            : [
                el('span', { class: `chip ${status.kind}` }, status.kind),
                ` ${status.because}`,
                status.seen === undefined ? '' : el('code', {}, ` ${JSON.stringify(status.seen)}`),
              ],
        ]),
      );
