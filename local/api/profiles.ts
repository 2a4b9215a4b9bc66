/** One person as they are known: identifiers, traits, consent, timeline with the decisions it led to, journeys, messages. */
import { isoInstant } from '../../shared/kernel/time.ts';
import type { LoggedMessage } from '../../shared/messages/marks.ts';
import type { Cart } from '../../shared/profile/cart.ts';
import { onceEach, type Chunk } from '../../shared/profile/timeline.ts';
import type { Known, Run } from './look-up.ts';

export function profileOf({ person, chunks, runs, messages, statistics }: Known): object {
  const { id, attributes, hot } = person;
  const consents = Object.entries(attributes.consents);
  return {
    id,
    identifiers: attributes.identifiers.map(({ type, value, verified }) => ({ type, value, verified })),
    traits: Object.fromEntries(Object.entries(attributes.traits).map(([name, { value }]) => [name, value])),
    consent: Object.fromEntries(consents.map(([key, { state }]) => [key.split('.', 1)[0] ?? key, state === 'granted'])),
    consents: Object.fromEntries(consents.map(([key, { at, ...rest }]) => [key, { ...rest, at: isoInstant(at) }])),
    timeline: timelineOf(chunks),
    journeys: runs.map(journeyOf),
    messages: messages.map(messageOf),
    decisions: chunks.flatMap(({ decisions }) => decisions.map((decision) => ({ ...decision, at: isoInstant(decision.at) }))),
    cart: hot.cart === undefined ? null : cartOf(hot.cart),
    orders: statistics.orders.map((order) => ({ ...order, at: isoInstant(order.at) })),
    mergedFrom: attributes.aliases,
  };
}

/** By when it happened and in the order of telling; what stands in two chunks is told once, in the words in which it was told first. */
function timelineOf(chunks: readonly Chunk[]): readonly object[] {
  const told = chunks.flatMap((chunk) => chunk.events.map((event) => ({ event, context: chunk })));
  return onceEach(told).map(({ event, context: { source, trust } }) => ({
    name: event.name,
    type: event.type,
    occurredAt: isoInstant(event.occurredAt),
    source,
    trust,
    properties: event.properties,
    ...(event.traits === undefined ? {} : { traits: event.traits }),
    ...(event.consent === undefined ? {} : { consent: event.consent }),
  }));
}

function journeyOf({ instance, steps, until }: Run): object {
  const { journey, key, version, startedAt, state, log } = instance;
  const step = state.kind === 'ended' || state.kind === 'watching' ? undefined : steps[state.step];
  return {
    name: journey,
    key,
    version,
    state: state.kind,
    step: step !== undefined && 'label' in step ? step.label : null,
    since: isoInstant(startedAt),
    until: isoInstant(until),
    ...(state.kind === 'ended' ? { because: state.because } : {}),
    log: log.map((record) => ({ ...record, at: isoInstant(record.at) })),
  };
}

const cartOf = ({ openedAt, baseAt, changedAt, ...cart }: Cart): object => ({
  ...cart,
  openedAt: isoInstant(openedAt),
  baseAt: isoInstant(baseAt),
  changedAt: isoInstant(changedAt),
});

const messageOf = ({ at, orderTime, marks, ...rest }: LoggedMessage): object => ({
  ...rest,
  ...(marks === undefined ? {} : { marks: marks.map((mark) => ({ ...mark, at: isoInstant(mark.at) })) }),
  at: isoInstant(at),
  orderTime: isoInstant(orderTime),
});
