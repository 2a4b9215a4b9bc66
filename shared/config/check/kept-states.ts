/**
 * How many bytes the conditions on what people did keep in their hot state (`H`), which is written with every envelope: above
 * 1 KB each write costs a second unit (design 3, promise 7).
 */
import { deflateRawSync } from 'node:zlib';
import { shortHash } from '../../kernel/ids.ts';
import type { Condition, DidCondition } from '../../rules/condition.ts';
import { didsIn, keptInstants, mostInstants, mostValues } from '../../rules/did-state.ts';
import type { Config } from '../config.ts';
import { startOfFile, type ConfigProblem } from '../problem.ts';

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

/**
 * What `H` holds besides (dedupe ring, cart, open journeys, last sends): 130 to 300 bytes of most people, 1,006 of somebody who
 * browses a lot (docs/proofs.md). The latter pay a second unit for any state.
 */
export const usualHotState = 300;
export const unitBytes = 1_024;
/** An item of the store; the rest of the hot state, and what an event adds before it is cut, want room as well. */
const mostBytes = 350_000;

/** Who reaches the limit could not be stored any more, and their events would be parked. */
export function roomProblems({ counted, most, largest }: KeptStates): readonly ConfigProblem[] {
  if (counted === 0 || most <= mostBytes) return [];
  return [
    {
      file: `${largest}.yaml`,
      ...startOfFile,
      problem: `conditions on what people did keep up to ${Math.ceil(most / 1_000)} KB with one person`,
      expected: `at most ${mostBytes / 1_000} KB, all journeys together`,
      suggestion: 'less with a smaller times, or without same',
    },
  ];
}

/** Of one write unit on demand in Paris, September 2026. */
export const dollarsPerUnit = 0.7423 / 1_000_000;

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
  const size = sizes();
  const [largest] = counted.toSorted((a, b) => instantsOf(stateOf(b.did, mostValues)) - instantsOf(stateOf(a.did, mostValues)));
  return {
    counted: counted.length,
    usual: size(counted, usualValues),
    most: size(counted, mostValues),
    largest: largest?.rule ?? '',
  };
}

/** Bytes of what is counted when so many values are told apart; each shape is weighed once. */
function sizes(): (counted: readonly Counted[], values: number) => number {
  const weighed = new Map<string, number>();
  const ofOne = ({ did, kept, values }: Weighed): number => {
    const shape = `${kept} ${values} ${did.same === undefined}`;
    const bytes = weighed.get(shape) ?? bytesOf([{ did, kept, values }]);
    weighed.set(shape, bytes);
    return bytes;
  };
  return (counted, values) => {
    const states = counted.map(({ did }) => stateOf(did, values));
    const instants = states.reduce((sum, one) => sum + instantsOf(one), 0);
    // What lies 32 KB apart compresses apart, so that large parts add up.
    return instants <= mostInstants ? bytesOf(states) : states.reduce((sum, one) => sum + ofOne(one), 0);
  };
}

interface Weighed {
  readonly did: DidCondition;
  readonly kept: number;
  readonly values: number;
}

const instantsOf = ({ kept, values }: Weighed): number => kept * values;

/** A state that holds more is given up. */
function stateOf(did: DidCondition, values: number): Weighed {
  const kept = Math.min(keptInstants(did.times), mostInstants);
  const most = Math.max(1, Math.floor(mostInstants / Math.max(1, kept)));
  return { did, kept, values: did.same === undefined ? 1 : Math.min(values, most) };
}

/** As they are stored: deflated JSON. Times are drawn so that they compress as badly as real ones. */
function bytesOf(weighed: readonly Weighed[]): number {
  if (weighed.length === 0) return 0;
  const states = Object.fromEntries(weighed.map((one, index) => [one.did.id, drawn(one, index)]));
  return deflateRawSync(JSON.stringify({ counts: { zone: 'Europe/Paris', states } }), { level: 9 }).length;
}

function drawn({ did, kept, values }: Weighed, salt: number): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(
    Array.from({ length: values }, (_, value) => [
      did.same === undefined ? '' : shortHash(`${salt} ${value}`),
      Array.from({ length: kept }, (_unused, index) => someInstant(`${salt} ${value} ${index}`)),
    ]),
  );
}

/** An instant of the last weeks, the same for the same text. */
const someInstant = (text: string): number =>
  1_764_000_000_000 - (Number.parseInt(Buffer.from(shortHash(text), 'base64url').toString('hex'), 16) % 2_592_000_000);
