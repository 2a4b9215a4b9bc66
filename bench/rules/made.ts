/** Rules as a shop writes them, and people they are asked about: made from a seed, so that each run measures the same. */
import type { Json } from '../../shared/kernel/json.ts';
import type { Comparison, Condition, Facts } from '../../shared/rules/condition.ts';
import type { Happening, Rule } from './contender.ts';

/** mulberry32: small, and the same everywhere. */
export function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * sides);
  };
}

type Dice = ReturnType<typeof dice>;
const pick = <T>(from: readonly [T, ...T[]], random: Dice): T => from[random(from.length)] ?? from[0];

const cities = ['lyon', 'paris', 'lille', 'nantes', 'brest', 'rennes'] as const;
const categories = ['robes', 'sacs', 'chaussures', 'bijoux', 'manteaux'] as const;
const channels = ['web', 'store', 'app'] as const;
const interests = ['lin', 'laine', 'soie', 'enfants', 'maison'] as const;

export const eventNames = (count: number): readonly [string, ...string[]] => [
  'Event 0',
  ...Array.from({ length: count - 1 }, (_, index) => `Event ${index + 1}`),
];

const compare = (path: readonly string[], comparison: Comparison): Condition => ({ kind: 'compare', path, comparison });

function leaf(random: Dice): Condition {
  switch (random(8)) {
    case 0:
      return compare(['event', 'price'], { op: 'gte', value: random(200) });
    case 1:
      return compare(['cart', 'value'], { op: random(2) === 0 ? 'gte' : 'lt', value: random(300) + 0.5 });
    case 2:
      return compare(['orders', 'count'], { op: random(2) === 0 ? 'gt' : 'lte', value: random(10) });
    case 3:
      return compare(['traits', 'city'], { op: random(2) === 0 ? 'eq' : 'ne', value: pick(cities, random) });
    case 4:
      return compare(['event', 'category'], {
        op: random(3) === 0 ? 'not-in' : 'in',
        value: [pick(categories, random), pick(categories, random)],
      });
    case 5:
      return compare(['event', 'channel'], { op: 'eq', value: pick(channels, random) });
    case 6:
      return compare(['traits', 'interests'], { op: 'contains', value: pick(interests, random) });
    default:
      return compare(['traits', 'age'], { op: 'lt', value: 18 + random(60) });
  }
}

/** Most rules are a few comparisons that must all hold; some are nested. */
function condition(random: Dice, depth = 0): Condition {
  const shape = depth > 1 ? 9 : random(10);
  if (shape < 5) return { kind: 'all', of: Array.from({ length: 2 + random(3) }, () => condition(random, depth + 1)) };
  if (shape < 7) return { kind: 'any', of: Array.from({ length: 2 + random(2) }, () => condition(random, depth + 1)) };
  return shape < 8 ? { kind: 'not', of: condition(random, depth + 1) } : leaf(random);
}

export function rulesOver(names: readonly [string, ...string[]], count: number): readonly Rule[] {
  const random = dice(count * 31 + names.length);
  return Array.from({ length: count }, (_, index) => ({
    ...{ id: `rule-${index}`, event: names[index % names.length] ?? names[0] },
    condition: condition(random),
  }));
}

export function happenings(names: readonly [string, ...string[]], count: number): readonly Happening[] {
  const random = dice(7);
  const some = (list: readonly Json[]): readonly Json[] => list.filter(() => random(3) === 0);
  return Array.from({ length: count }, (): Happening => {
    const facts: Facts = {
      now: Date.UTC(2026, 10, 24, 9),
      zone: 'Europe/Paris',
      event: { price: random(20_000) / 100, category: pick(categories, random), channel: pick(channels, random) },
      traits: { city: pick(cities, random), age: 16 + random(70), interests: some(interests), name: 'Élodie' },
      cart: { value: random(40_000) / 100, quantity: random(5) },
      orders: { count: random(12), total: random(90_000) / 100 },
      ...{ orderList: [], device: {}, place: {}, predicted: {}, context: {}, counts: {} },
    };
    return { name: pick(names, random), facts };
  });
}
