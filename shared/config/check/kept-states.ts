/**
 * How many bytes the conditions on what people did keep in their hot state (`H`), which is written with every envelope: above
 * 1 KB each write costs a second unit (design 3, promise 7).
 */
import { deflateRawSync } from 'node:zlib';
import { shortHash } from '../../kernel/ids.ts';
import type { Condition, DidCondition } from '../../rules/condition.ts';
import { didsIn, keptInstants } from '../../rules/did-state.ts';
import type { Config } from '../config.ts';

export interface KeptStates {
  /** Conditions that are counted, each once. */
  readonly counted: number;
  /** Bytes of somebody who did each thing as often as is asked, with three values where values are told apart. */
  readonly usual: number;
  /** Bytes of somebody who did everything, with as many values as are kept apart. */
  readonly most: number;
  /** The rule that keeps most, such as `journeys/infolettre`. */
  readonly largest: string;
}

/** What `H` holds besides: dedupe ring, cart, open journeys, last sends (measured on real items: facts of design 3). */
export const usualHotState = 500;
export const unitBytes = 1_024;
/** Of one write unit on demand in Paris, September 2026. */
export const dollarsPerUnit = 0.7423 / 1_000_000;

/** More values than this are not kept apart: the timeline is read instead. */
const mostValues = 200;
const usualValues = 3;

interface Counted {
  readonly rule: string;
  readonly did: DidCondition;
}

/** Only what must answer at once is kept: starts, exits, waits for events, and segments that journeys start on. */
export function keptStates({ journeys }: Pick<Config, 'journeys'>): KeptStates {
  const found = new Map<string, Counted>();
  for (const { journey } of journeys) {
    const { start, exit, steps } = journey;
    const waits = steps.flatMap((step) => (step.kind === 'wait-event' ? [step.pattern] : []));
    const patterns = [start, ...(exit === undefined ? [] : [exit]), ...waits];
    const conditions: readonly Condition[] = patterns.flatMap(({ where }) => (where === undefined ? [] : [where]));
    const caused = start.cause.kind === 'segment' ? [start.cause.when] : start.cause.kind === 'did' ? [start.cause.did] : [];
    for (const did of [...conditions, ...caused].flatMap(didsIn)) {
      if (!found.has(did.id)) found.set(did.id, { rule: `journeys/${journey.name}`, did });
    }
  }
  const counted = [...found.values()];
  const [largest] = counted.toSorted((a, b) => bytesOf([b], mostValues) - bytesOf([a], mostValues));
  return {
    counted: counted.length,
    usual: bytesOf(counted, usualValues),
    most: bytesOf(counted, mostValues),
    largest: largest?.rule ?? '',
  };
}

/** As they are stored: deflated JSON. Times are drawn so that they compress as badly as real ones. */
function bytesOf(counted: readonly Counted[], values: number): number {
  if (counted.length === 0) return 0;
  const states = Object.fromEntries(
    counted.map(({ did }, index) => [did.id, stateOf(did, did.same === undefined ? 1 : values, index)]),
  );
  return deflateRawSync(JSON.stringify({ counts: { zone: 'Europe/Paris', states } }), { level: 9 }).length;
}

function stateOf({ times, same }: DidCondition, values: number, salt: number): Readonly<Record<string, readonly number[]>> {
  const kept = keptInstants(times);
  return Object.fromEntries(
    Array.from({ length: values }, (_, value) => [
      same === undefined ? '' : shortHash(`${salt} ${value}`),
      Array.from({ length: kept }, (_unused, index) => someInstant(`${salt} ${value} ${index}`)),
    ]),
  );
}

/** An instant of the last weeks, the same for the same text. */
const someInstant = (text: string): number =>
  1_764_000_000_000 - (Number.parseInt(Buffer.from(shortHash(text), 'base64url').toString('hex'), 16) % 2_592_000_000);
