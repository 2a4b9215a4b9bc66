/**
 * The timeline: what happened, in chunks of one envelope each, with the decisions it led to (promise 5).
 */
import type { ClaimKey } from '../events/identifier.ts';
import type { Envelope, Event, Trust } from '../events/event.ts';
import type { Json } from '../kernel/json.ts';
import { hours, type Instant } from '../kernel/time.ts';

export interface Decision {
  readonly at: Instant;
  /** Journey name. */
  readonly rule: string;
  /** Event name, and what it would have done. */
  readonly event: string;
  readonly moment: 'start' | 'exit' | 'restart' | 'wait';
  readonly outcome: 'fired' | 'not';
  /** The first condition that failed, or what was done, in words. */
  readonly because: string;
  readonly seen: Json;
}

export interface Chunk {
  /** `E#<stated time>#<envelope id>`. */
  readonly key: string;
  readonly source: string;
  readonly trust: Trust;
  readonly receivedAt: Instant;
  /** Hashed identifiers the events came with: what erasure must find. */
  readonly claims: readonly ClaimKey[];
  readonly events: readonly Event[];
  readonly decisions: readonly Decision[];
}

/** Sorts by the time the source states, which is the same in every retry; by the receipt where it states none. */
export function chunkKey(envelope: Pick<Envelope, 'id' | 'receivedAt' | 'events'>): string {
  const stated = envelope.events.flatMap(({ statedAt }) => statedAt ?? []);
  return `${chunkKeyAt(stated.length === 0 ? envelope.receivedAt : Math.min(...stated))}#${envelope.id}`;
}

/** Where chunks of this time begin, for range reads. */
export const chunkKeyAt = (time: Instant): string => `E#${String(Math.max(0, Math.floor(time))).padStart(13, '0')}`;

/** Before and after every chunk. */
export const startOfTimeline = 'E#';
export const endOfTimeline = 'E#~';

/** An event and when its telling was received. */
export interface Heard {
  readonly event: Event;
  readonly context: Pick<Chunk, 'receivedAt'>;
}

/** By time; at the same instant in the order in which it was told: by receipt, by place in the request; by id where all is equal. */
export const inTime = (a: Heard, b: Heard): number =>
  a.event.occurredAt - b.event.occurredAt ||
  a.context.receivedAt - b.context.receivedAt ||
  (a.event.place ?? 0) - (b.event.place ?? 0) ||
  (a.event.id < b.event.id ? -1 : Number(a.event.id > b.event.id));

/** Senders that state no time retry within a day; within twice that, what they tell again is the same event. */
export const untimedMemory = hours(48);

/**
 * Events of several chunks in time, each as often as it was counted, with all its tellings, the first one first: two people who
 * became one may both have been told it. The first telling stands, wherever it is looked at.
 */
export function tellingsOf<Told extends Heard>(told: readonly Told[]): readonly (readonly [Told, ...Told[]])[] {
  const counted: [Told, ...Told[]][] = [];
  const latest = new Map<string, [Told, ...Told[]]>();
  for (const one of told.toSorted(inTime)) {
    const known = latest.get(one.event.id);
    if (known !== undefined && !isCountedAgain(known[0], one)) {
      known.push(one);
      continue;
    }
    const fresh: [Told, ...Told[]] = [one];
    latest.set(one.event.id, fresh);
    counted.push(fresh);
  }
  return counted;
}

/** The first tellings alone, in time. */
export const onceEach = <Told extends Heard>(told: readonly Told[]): readonly Told[] => tellingsOf(told).map(([first]) => first);

/** Nobody remembers an event without a time for longer (unseen.ts): it changed the person once more, and is shown once more. */
const isCountedAgain = (known: Heard, told: Heard): boolean =>
  known.event.statedAt === undefined &&
  told.event.statedAt === undefined &&
  told.context.receivedAt - known.context.receivedAt > untimedMemory;
