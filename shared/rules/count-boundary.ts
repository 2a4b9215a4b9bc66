/**
 * When time alone changes a count: an occurrence or an order leaves its span, or one that lies ahead begins to count.
 */
import { after, type Duration, type Instant } from '../kernel/time.ts';
import { compileCondition, type OrdersCondition } from './compile.ts';
import type { DidCondition, Facts } from './condition.ts';
import { stateIn } from './did-count.ts';

/** The first instant after `facts.now` at which the condition says something else; undefined where it never will. */
export const countChange = (condition: DidCondition | OrdersCondition, facts: Facts): Instant | undefined =>
  condition.kind === 'did' ? didChange(condition, facts) : ordersChange(condition, facts);

const endOf = (at: Instant, within: Duration | undefined, zone: string): Instant =>
  within === undefined ? Infinity : after(at, within, zone);

interface Turn {
  readonly at: Instant;
  readonly value: string;
  readonly by: 1 | -1;
}

/** A walk along all begins and ends; what counts now is counted first. */
function didChange(did: DidCondition, { counts, now, zone }: Facts): Instant | undefined {
  const tally = new Tally(did);
  const turns: Turn[] = [];
  for (const [value, instants] of Object.entries(stateIn(counts, did))) {
    for (const at of instants) {
      const end = endOf(at, did.within, zone);
      if (end <= now) continue;
      if (at <= now) tally.turn(value, 1);
      else turns.push({ at, value, by: 1 });
      if (end < Infinity) turns.push({ at: end, value, by: -1 });
    }
  }
  turns.sort((a, b) => a.at - b.at);
  const isSo = tally.holds();
  for (const [index, { at, value, by }] of turns.entries()) {
    tally.turn(value, by);
    if (turns[index + 1]?.at !== at && tally.holds() !== isSo) return at;
  }
  return undefined;
}

/** How often by value, and how many values reach what is asked. */
class Tally {
  readonly #times: DidCondition['times'];
  readonly #counts = new Map<string, number>();
  #reached = 0;
  #beyond = 0;

  constructor({ times }: DidCondition) {
    this.#times = times;
  }

  turn(value: string, by: 1 | -1): void {
    const { min, max } = this.#times;
    const before = this.#counts.get(value) ?? 0;
    const count = before + by;
    this.#counts.set(value, count);
    this.#reached += Number(count >= min) - Number(before >= min);
    if (max !== undefined) this.#beyond += Number(count > max) - Number(before > max);
  }

  holds(): boolean {
    return (this.#times.min === 0 || this.#reached > 0) && this.#beyond === 0;
  }
}

function ordersChange(condition: OrdersCondition, facts: Facts): Instant | undefined {
  const holds = compileCondition(condition);
  const isSo = holds(facts);
  const turns = new Set(facts.orderList.flatMap(({ at }) => [at, endOf(at, condition.within, facts.zone)]));
  return [...turns]
    .filter((at) => at > facts.now)
    .toSorted((a, b) => a - b)
    .find((now) => holds({ ...facts, now }) !== isSo);
}
