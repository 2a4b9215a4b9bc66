/** One person, with everybody merged into them, as sentences. */
import { shortHash } from '../../shared/kernel/ids.ts';
import type { Instance, InstanceState } from '../../shared/journeys/instance.ts';
import { nameOf as nameOfMark } from '../../shared/messages/marks.ts';
import type { MessageStatus } from '../../shared/messages/message.ts';
import type { Statistics } from '../../shared/profile/statistics.ts';
import type { Chunk } from '../../shared/profile/timeline.ts';
import type { Member } from './families.ts';
import { isWatch } from '../../shared/journeys/watch.ts';
import { minuteOf } from './minutes.ts';

export function familyLines(family: readonly Member[]): readonly string[] {
  const [person] = family;
  if (person === undefined) return [];
  const lines = [
    ...factLines(person),
    ...hotLines(person, family),
    ...orderLines(person.statistics),
    ...family.flatMap(({ chunks }) => chunks.flatMap(chunkLines)),
    ...family.flatMap(({ instances, isAlias }) => instances.flatMap((instance) => instanceLines(instance, isAlias, family))),
    ...family.flatMap(({ messages }) =>
      messages.map(
        ({ sendKey, orderTime, cause, channel, purpose, template, status, marks = [] }) =>
          `message ${sendKey} of ${minuteOf(orderTime)}: ${said({ cause, channel, purpose, template })} ` +
          `${statusOf(status)} ${marks.map(nameOfMark).join(', ')}`,
      ),
    ),
    ...family.flatMap(({ proofs }) => proofs.map((proof) => `proof ${withoutOurEnvelopes(said(proof), family)}`)),
    ...family.flatMap(({ journals }) => journals.map(() => 'took somebody in')),
    ...(person.attributes.aliases.length === family.length - 1 ? [] : ['the aliases are not those who were merged']),
  ];
  const ids = new RegExp(family.map(({ id }) => id).join('|'), 'g');
  return lines.map((line) => `${person.name}: ${line.replace(ids, person.name)}`);
}

/** JSON with times to the minute and fields in one order. */
const said = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) => {
    if (typeof part === 'number' && part > 1e12 && part < 3e12) return minuteOf(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });

function factLines({ attributes: { identifiers, traits, consents } }: Member): readonly string[] {
  return [
    ...identifiers.map((identifier) => `identifier ${said(identifier)}`),
    ...Object.entries(traits).map(([name, trait]) => `trait ${name} ${said(trait)}`),
    ...Object.entries(consents).map(([key, consent]) => `consent ${key} ${said(consent)}`),
  ];
}

function hotLines({ hot }: Member, family: readonly Member[]): readonly string[] {
  const { generation, ring, lastSeen, cart, lastOrderAt, closedCarts, open, claims, lastMessages } = hot;
  const { counts, watched, watching, device, place } = hot;
  const events = family.flatMap(({ chunks }) => chunks.flatMap((chunk) => chunk.events));
  const named = new Map(events.map(({ id }) => [shortHash(id), nameOfEvent(id)]));
  return [
    `hot state ${said({ generation, lastSeen, cart, lastOrderAt, closedCarts: closedCarts.toSorted() })}`,
    ...ring.entries.map(({ hash }) => `remembers ${named.get(hash) ?? 'an event that is not in the timeline'}`),
    ...open.map((run) => `open run ${said(run)}`),
    ...claims.map(({ sendKey }) => `claimed ${sendKey}`),
    ...Object.keys(lastMessages).map((journey) => `rests from ${journey}`),
    `counts ${said({ counts, watched, due: watching?.due, device, place })}`,
  ];
}

function orderLines({ orders, earlier, hours, products, categories, feedback }: Statistics): readonly string[] {
  return [...orders.map((order) => `order ${said(order)}`), `sums ${said({ earlier, hours, products, categories, feedback })}`];
}

/** Ids of our own link events are made from the token, which names the person. */
const nameOfEvent = (id: string): string => id.replace(/^(relance:\w+):.*/, '$1');

/** Like the ids of our own link events. */
const withoutOurEnvelopes = (text: string, family: readonly Member[]): string =>
  family
    .flatMap(({ chunks }) => chunks.filter(({ source }) => source === 'relance'))
    .reduce((left, { key }) => left.replace(key.split('#')[2] ?? key, 'ours'), text);

function chunkLines({ key, source, trust, claims, events, decisions }: Chunk): readonly string[] {
  return [
    ...events.map((event) => `event ${said({ ...event, id: nameOfEvent(event.id) })} from ${source} (${trust})`),
    ...(source === 'relance' ? [] : [`chunk ${key} ${said(claims.toSorted())}`]),
    ...decisions.map(({ at: _at, ...decision }) => `decision ${said(decision)}`),
  ];
}

function instanceLines(
  { journey, key, version, entry, state, log }: Instance,
  isAlias: boolean,
  family: readonly Member[],
): readonly string[] {
  // When its timer was armed says only when somebody looked.
  if (isWatch({ journey })) return [`timer of the person${isAlias ? ' of before' : ''} is ${stateOf(state)}`];
  const name = `run ${journey} ${key}${isAlias ? ' of before' : ''}`;
  // A start by the API that was never taken is another one when it is asked for again.
  const { id: _id, ...ours } = entry;
  const isOurs = family.some(({ chunks }) => chunks.some((chunk) => chunk.source === 'relance' && chunk.key === entry.chunk));
  const known = withoutOurEnvelopes(said({ version, entry: isOurs ? ours : entry }), family);
  return [`${name} ${known} is ${stateOf(state)}`, `${name} went ${said(log.map(({ at: _at, ...record }) => record))}`];
}

function stateOf(state: InstanceState): string {
  switch (state.kind) {
    case 'waiting':
      return said(state);
    case 'watching':
      return said(state);
    case 'sending':
      return `sending ${state.sendKey}`;
    case 'ended':
      return `ended: ${state.because}`;
  }
}

function statusOf(status: MessageStatus): string {
  return status.kind === 'sent' ? 'sent' : said(status);
}
