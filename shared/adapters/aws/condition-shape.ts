/**
 * Conditions as they are read back from the table, with the small shapes that the rest of the published config shares. A word
 * that this version does not know is refused, because a condition read half would decide wrongly.
 */
import * as v from 'valibot';
import type { Json } from '../../kernel/json.ts';
import type { Duration } from '../../kernel/time.ts';
import type { Comparison, Condition, DidCondition, When } from '../../rules/condition.ts';

export type Shape<T> = v.GenericSchema<unknown, T>;

/** One shape per member of a union: a member that is added to the language and forgotten here does not compile. */
export type Shapes<Union, Tag extends keyof Union> = {
  readonly [K in Union[Tag] & string]: Shape<Extract<Union, Record<Tag, K>>>;
};

/**
 * Only the member that the tag names is asked: a union asks all of them, which doubles the work with every level of `not`,
 * `any` and segments inside each other.
 */
const tagged = <T>(tag: string, members: Readonly<Record<string, Shape<T>>>): Shape<T> => {
  const any = v.union(Object.values(members)); // refuses a tag that it does not know, with the reason
  return v.lazy((input: unknown): Shape<T> => {
    const name: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, tag) : undefined;
    return (typeof name === 'string' && Object.hasOwn(members, name) ? members[name] : undefined) ?? any;
  });
};

export const words = v.array(v.string());
export const index = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What was read as JSON is JSON: nothing more is asked of a value. */
const isJson = (value: unknown): value is Json =>
  value === null ||
  ['string', 'number', 'boolean'].includes(typeof value) ||
  (typeof value === 'object' && Object.values(value).every(isJson));

export const json: Shape<Json> = v.pipe(v.unknown(), v.guard(isJson));

export const duration: Shape<Duration> = v.strictObject({
  count: index,
  unit: v.picklist(['seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years']),
});

/** Negative counts lie before. */
export const offset: Shape<Duration> = v.strictObject({
  count: v.pipe(v.number(), v.integer()),
  unit: v.picklist(['days', 'weeks', 'months', 'years']),
});

const whens: Shapes<When, 'kind'> = {
  now: v.strictObject({ kind: v.literal('now') }),
  day: v.strictObject({ kind: v.literal('day'), offset }),
  date: v.strictObject({ kind: v.literal('date'), day: v.string() }),
  instant: v.strictObject({ kind: v.literal('instant'), at: v.number() }),
};

const ordered = v.strictObject({ op: v.picklist(['eq', 'ne', 'gt', 'gte', 'lt', 'lte']), value: json });
const listed = v.strictObject({ op: v.picklist(['in', 'not-in', 'any-of', 'all-of', 'none-of']), value: v.array(json) });
const dated = v.strictObject({ op: v.picklist(['before', 'after', 'on', 'anniversary']), value: tagged<When>('kind', whens) });

const comparisons: Readonly<Record<Comparison['op'], Shape<Comparison>>> = {
  ...{ eq: ordered, ne: ordered, gt: ordered, gte: ordered, lt: ordered, lte: ordered },
  ...{ in: listed, 'not-in': listed, 'any-of': listed, 'all-of': listed, 'none-of': listed },
  ...{ before: dated, after: dated, on: dated, anniversary: dated },
  within: v.strictObject({ op: v.literal('within'), value: duration }),
  contains: v.strictObject({ op: v.literal('contains'), value: json }),
  exists: v.strictObject({ op: v.literal('exists'), value: v.boolean() }),
};
const comparison = tagged<Comparison>('op', comparisons);

export const condition: Shape<Condition> = v.lazy(() => oneCondition);

const conditions: Shapes<Condition, 'kind'> = {
  all: v.strictObject({ kind: v.literal('all'), of: v.array(condition) }),
  any: v.strictObject({ kind: v.literal('any'), of: v.array(condition) }),
  not: v.strictObject({ kind: v.literal('not'), of: condition }),
  compare: v.strictObject({ kind: v.literal('compare'), path: words, comparison }),
  orders: v.strictObject({ kind: v.literal('orders'), field: v.picklist(['count', 'total']), comparison, within: duration }),
  did: v.lazy(() => did),
  segment: v.strictObject({ kind: v.literal('segment'), segment: v.string(), of: condition }),
};

const oneCondition = tagged<Condition>('kind', conditions);

export const did: Shape<DidCondition> = v.strictObject({
  kind: v.literal('did'),
  id: v.string(),
  events: words,
  where: v.exactOptional(condition),
  same: v.exactOptional(words),
  times: v.strictObject({ min: index, max: v.exactOptional(index) }),
  within: v.exactOptional(duration),
});
