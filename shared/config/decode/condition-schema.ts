/**
 * Conditions as they are written in YAML → the condition language as data.
 */
import * as v from 'valibot';
import type { Condition } from '../../rules/condition.ts';
import { comparisonSchema, type Compared } from './comparison-schema.ts';
import { say, shown } from './fields.ts';
import { pathComplaint } from './path-words.ts';

const laterWords: ReadonlyMap<string, string> = new Map([
  ['did', 'what the person did'],
  ['did not', 'what the person did not do'],
  ['in', 'segments'],
  ['within', 'a span of time'],
  ['times', 'how often'],
  ['same', 'the same value again'],
]);

/** Nobody calls a trait like this. */
const otherWords: ReadonlyMap<string, string> = new Map([
  ...[['and', 'all'] as const, ['et', 'all'] as const, ['tous', 'all'] as const, ['toutes', 'all'] as const],
  ...[['or', 'any'] as const, ['ou', 'any'] as const, ['none', 'not'] as const, ['non', 'not'] as const, ['pas', 'not'] as const],
]);

const noList: v.GenericSchema<unknown, Condition> = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, Condition>(({ addIssue, NEVER }) => {
    const message = say(
      'a list stands where one condition is expected',
      'all: or any: and the list',
      'write all: above the list',
    );
    addIssue({ message });
    return NEVER;
  }),
);

/** `event`: is an event at hand whose properties may be asked for (`where` of start and exit)? */
export function conditionSchema(options: { readonly event: boolean }) {
  const self: v.GenericSchema<unknown, Condition> = v.lazy((input: unknown): v.GenericSchema<unknown, Condition> =>
    Array.isArray(input) ? noList : mapping,
  );
  const list = (word: string) =>
    v.pipe(
      v.array(self, (issue) =>
        say(`${shown(issue.input)} stands where a list of conditions is expected`, `${word}: and conditions with dashes below`),
      ),
      v.check((parts) => parts.length > 0, say('the list is empty', 'at least one condition')),
    );
  const mapping = v.pipe(
    v.objectWithRest(
      { all: v.optional(list('all')), any: v.optional(list('any')), not: v.optional(self) },
      comparisonSchema,
      (issue) =>
        say(
          `${shown(issue.input)} stands where a condition is expected`,
          'a condition such as cart.value: { gte: 30 }, or all:, any:, not:',
        ),
    ),
    v.description('a condition: paths with what they must be; all, any, not'),
    v.rawCheck(({ dataset, addIssue }) => {
      const value: unknown = dataset.value;
      if (typeof value !== 'object' || value === null) return;
      const keys = Object.keys(value).filter((key) => !/^\d+$/.test(key));
      if (keys.length === 0)
        addIssue({ message: say('no condition stands here', 'a condition such as cart.value: { gte: 30 }') });
      for (const { key, message } of keyComplaints(keys, options)) {
        addIssue({ message, path: [{ type: 'object', origin: 'key', input: { [key]: null }, key, value: null }] });
      }
    }),
    v.transform(({ all, any, not, ...compared }): Condition => {
      const parts: Condition[] = [];
      if (all !== undefined) parts.push({ kind: 'all', of: all });
      if (any !== undefined) parts.push({ kind: 'any', of: any });
      if (not !== undefined) parts.push({ kind: 'not', of: not });
      return joined([...parts, ...compares(compared)]);
    }),
  );
  return { condition: self, mapping };
}

/** Several fields of one mapping must all hold. Sorted, so that the order of the fields makes no new version of a journey. */
function compares(compared: Readonly<Record<string, Compared>>): readonly Condition[] {
  const paths = Object.keys(compared).toSorted();
  return paths.flatMap((path) =>
    (compared[path] ?? []).map((part): Condition => ({ kind: 'compare', path: path.split('.'), comparison: part })),
  );
}

function joined(parts: readonly Condition[]): Condition {
  const [first, ...more] = parts;
  return first === undefined || more.length > 0 ? { kind: 'all', of: parts } : first;
}

function keyComplaints(
  keys: readonly string[],
  options: { readonly event: boolean },
): readonly { readonly key: string; readonly message: string }[] {
  const later = keys.find((key) => laterWords.has(key));
  if (later !== undefined) {
    return [
      {
        key: later,
        message: say(
          `"${later}" (${laterWords.get(later) ?? ''}) comes later; this version cannot do it yet`,
          'a condition on traits, cart, orders or the event',
        ),
      },
    ];
  }
  return keys.flatMap((key) => {
    if (key === 'all' || key === 'any' || key === 'not') return [];
    const meant = otherWords.get(key.toLowerCase());
    const message =
      meant === undefined
        ? pathComplaint(key, options)
        : say(`"${key}" is not a word of conditions`, 'all, any or not', `did you mean "${meant}"?`);
    return message === undefined ? [] : [{ key, message }];
  });
}
