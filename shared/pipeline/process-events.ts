/**
 * Events queue → one person's profile, cart, consent, statistics and journeys. The commit protocol of design section 3:
 * facts, then the hot state with all it decides, then the timeline, then the queues. Errs on the side of again: a crash
 * anywhere ends, after redelivery, in the state of an untroubled run (promise 1), and no event counts twice (promise 2).
 */
import { setTimeout as wait } from 'node:timers/promises';
import { claimKey } from '../events/identifier.ts';
import type { Envelope, Event } from '../events/event.ts';
import { Conflict } from '../kernel/errors.ts';
import type { Ports } from '../ports.ts';
import { concernsCart, type ToldEvent } from '../profile/fold-cart.ts';
import { cartHorizon, foldCartAgain, outcomeOf, toldIn } from '../profile/place-cart-event.ts';
import type { HotState } from '../profile/profile.ts';
import { isCommittedTelling } from '../profile/ring.ts';
import { chunkKey, type Decision } from '../profile/timeline.ts';
import { completeHistory, underWay } from './cart-history.ts';
import { commitEnvelope, listenersFor } from './commit-envelope.ts';
import { earliest, horizonOf, statesFrom } from './count-events.ts';
import { cartStateOf, withCart } from './decide-envelope.ts';
import { findPerson, type Found } from './find-person.ts';
import { statesOf } from './person-facts.ts';
import { passOnOptOuts } from './pass-on-opt-outs.ts';
import { publishInstances } from './publish-instances.ts';
import { inTimeline, unseen } from './unseen.ts';

export type ProcessPorts = Pick<Ports, 'people' | 'queues' | 'settings' | 'clock' | 'random' | 'secrets' | 'log'>;

export type Processed =
  | { readonly kind: 'committed'; readonly person: string; readonly events: number }
  /** Everything in it was known. */
  | { readonly kind: 'repeated'; readonly person: string }
  /** It names, by our own id, nobody we know. */
  | { readonly kind: 'unknown-person' };

/** Whoever must read the timeline first loses many races against those who need not. */
const attempts = 20;
const longestWait = 8;
/** Attempts that leave the chunk to whoever just committed it: only there the decisions are known. */
const patience = 3;

/** Throws Conflict after some attempts in a storm, Unavailable when the table is; the queue brings it back. */
export async function processEnvelope(ports: ProcessPorts, envelope: Envelope): Promise<Processed> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await processOnce(ports, envelope, attempt);
    } catch (error) {
      if (!(error instanceof Conflict) || attempt >= attempts) throw error;
      await wait(Math.min(attempt, longestWait) * (5 + ((ports.random()[0] ?? 0) % 20)));
    }
  }
}

async function processOnce(ports: ProcessPorts, envelope: Envelope, attempt: number): Promise<Processed> {
  const key = chunkKey(envelope);
  const found = await findPerson(ports, envelope, key);
  if (found === undefined) return { kind: 'unknown-person' };
  const { person } = found;
  if (person.hasChunk) return { kind: 'repeated', person: person.id };
  const fresh = await unseen(ports.people, person, envelope);
  if (fresh.length === 0) {
    await recover(ports, found, envelope, attempt);
    return { kind: 'repeated', person: person.id };
  }
  await passOnOptOuts(ports, envelope, found);
  const { decisions, instances } = await commitEnvelope(ports, found, envelope, fresh);
  await keepTimeline(ports, found, envelope, fresh, decisions);
  await publishInstances(ports.queues, person.id, instances, ports.clock());
  return { kind: 'committed', person: person.id, events: fresh.length };
}

async function keepTimeline(
  { people, secrets }: ProcessPorts,
  { person }: Found,
  envelope: Envelope,
  events: readonly Event[],
  decisions: readonly Decision[],
): Promise<void> {
  const claims = envelope.identifiers.map((identifier) => claimKey(secrets.identifierKey, identifier));
  const { source, trust, receivedAt } = envelope;
  await people.keepChunk(person.id, { key: chunkKey(envelope), source, trust, receivedAt, claims, events, decisions });
}

/**
 * All its events are known. Those that an earlier delivery of this envelope committed, and that stand in no chunk because it
 * died before it wrote them, are written now; a cart that was folded again meanwhile did not see them, nor did counts that were
 * taken from the timeline, so both are made once more. Nothing is queued: the due index does that. What somebody else told first is left to the redelivery of that
 * telling, even where its chunk is missing: other words or another time must not take its place.
 */
async function recover(ports: ProcessPorts, found: Found, envelope: Envelope, attempt: number): Promise<void> {
  const { people } = ports;
  const { id, hot } = found.person;
  const own = envelope.events.filter((event) => isCommittedTelling(hot.ring, event, envelope.receivedAt));
  const known = await inTimeline(people, found.person, own, envelope.receivedAt);
  const missing = own.filter((event) => !known.has(event.id));
  if (missing.length === 0) return;
  if (attempt <= patience && hot.ring.entries.some(({ at }) => at > ports.clock() - underWay))
    throw new Conflict('somebody has committed these events and is about to write them');
  const told = toldIn(envelope, missing);
  const again = await foldedAgain(ports, found, told);
  if (again !== hot) await people.commit(id, { hot: again, instances: [] });
  await keepTimeline(ports, found, envelope, missing, []);
}

/** What of the hot state is made from the timeline, with these; the very same where nothing differs. */
async function foldedAgain(
  { people, settings, clock }: ProcessPorts,
  { person: { id, attributes, hot } }: Found,
  told: readonly ToldEvent[],
): Promise<HotState> {
  const config = await settings.config(hot.generation);
  const zone = config.brand.timeZone;
  const first = Math.min(...told.map(({ event }) => event.occurredAt));
  const ofCart = told.some(concernsCart);
  const carts = cartStateOf(hot);
  const states = statesOf(hot, zone);
  const { counted } = listenersFor(config);
  const dids = told.flatMap(({ event }) => counted(event.name)).filter((did) => states[did.id] !== undefined);
  const from = [...(ofCart ? [cartHorizon(carts, first)] : []), ...dids.map((did) => horizonOf(did, { now: first, zone }))];
  if (from.length === 0) return hot;
  const commits = { family: [id, ...attributes.aliases], rings: [hot.ring], now: clock() };
  const history = await completeHistory(people, commits, earliest(from), told);
  const again = ofCart ? foldCartAgain(carts, history.told) : carts;
  const counts = { zone, states: { ...states, ...statesFrom(dids, history, zone) } };
  const isSame = outcomeOf(carts, again).kind === 'none' && JSON.stringify(counts.states) === JSON.stringify(states);
  return isSame ? hot : { ...withCart(hot, again), ...(dids.length === 0 ? {} : { counts }) };
}

/** Envelopes of one person one after the other, different people side by side; an outcome for each, in their order. */
export async function processEvents(
  ports: ProcessPorts,
  envelopes: readonly Envelope[],
): Promise<readonly ({ readonly kind: 'done' } | { readonly kind: 'failed'; readonly error: unknown })[]> {
  const groups = Map.groupBy(envelopes, (envelope) => envelope.personId ?? firstIdentifier(envelope));
  const outcomes = new Map<Envelope, { kind: 'done' } | { kind: 'failed'; error: unknown }>();
  await Promise.all(
    [...groups.values()].map(async (group) => {
      for (const envelope of group) outcomes.set(envelope, await attempt(ports, envelope));
    }),
  );
  return envelopes.map((envelope) => outcomes.get(envelope) ?? { kind: 'failed', error: new Error('not processed') });
}

const firstIdentifier = ({ identifiers: [first] }: Envelope): string =>
  first === undefined ? '' : `${first.type}:${first.value}`;

async function attempt(ports: ProcessPorts, envelope: Envelope): Promise<{ kind: 'done' } | { kind: 'failed'; error: unknown }> {
  try {
    const processed = await processEnvelope(ports, envelope);
    const person = processed.kind === 'unknown-person' ? undefined : processed.person;
    ports.log('info', processed.kind, { stage: 'process-events', envelope: envelope.id, person });
    return { kind: 'done' };
  } catch (error) {
    return { kind: 'failed', error };
  }
}
