/** Facts about somebody of whom little is known, and small ways to write conditions. */
import type { Json } from '../../shared/kernel/json.ts';
import { parseInstant, type Duration, type DurationUnit, type Instant } from '../../shared/kernel/time.ts';
import type { Comparison, Condition, DidCondition, Facts } from '../../shared/rules/condition.ts';
import { didId } from '../../shared/rules/did-state.ts';

export const at = (text: string): Instant => {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(`${text} is no instant`);
  return instant;
};

export const nobody: Facts = {
  now: at('2026-11-24T10:00:00+01:00'),
  zone: 'Europe/Paris',
  traits: {},
  cart: {},
  orders: {},
  orderList: [],
  device: {},
  place: {},
  predicted: {},
  context: {},
  counts: {},
};

export const seeing = (value: Json, more: Partial<Facts> = {}): Facts => ({ ...nobody, traits: { it: value }, ...more });

export const compare = (path: string, comparison: Comparison): Condition => ({
  kind: 'compare',
  path: path.split('.'),
  comparison,
});

export const it = (comparison: Comparison): Condition => compare('it', comparison);

export const span = (count: number, unit: DurationUnit): Duration => ({ count, unit });

/** At least once, where nothing else is said. */
export function did(events: string | readonly string[], more: Partial<Omit<DidCondition, 'id' | 'kind'>> = {}): DidCondition {
  const counted = {
    kind: 'did',
    events: typeof events === 'string' ? [events] : events,
    times: { min: 1 },
    ...more,
  } as const;
  return { ...counted, id: didId(counted) };
}
