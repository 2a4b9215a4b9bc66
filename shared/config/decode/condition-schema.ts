/**
 * Conditions as they are written in YAML → the condition language as data. Several lines of one mapping must all hold.
 */
import * as v from 'valibot';
import type { Condition } from '../../rules/condition.ts';
import { comparisonSchema, type Compared } from './comparison-schema.ts';
import { conditionComplaints } from './condition-keys.ts';
import { didCondition, didEntries, didEvents, didNotCondition } from './did-words.ts';
import { oneOrMany, say, shown, together } from './fields.ts';
import { segmentName } from './name-words.ts';
import type { Around } from './path-words.ts';

type Conditions = v.GenericSchema<unknown, Condition>;

/** `condition` reads what is written, `mapping` is its name for editors. */
export interface ConditionSchema {
  readonly condition: Conditions;
  readonly mapping: Conditions;
}

const noList: Conditions = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, Condition>(({ addIssue, NEVER }) => {
    const problem = 'a list stands where one condition is expected';
    addIssue({ message: say(problem, 'all: or any: and the list', 'write all: above the list') });
    return NEVER;
  }),
);

const notACondition = (issue: v.BaseIssue<unknown>): string =>
  say(
    `${shown(issue.input)} stands where a condition is expected`,
    'a condition such as cart.value: { gte: 30 }, or all:, any:, not:',
    typeof issue.input === 'string' ? conditionMeant(issue.input) : '',
  );

const signs: ReadonlyMap<string, string> = new Map([
  ...[['>=', 'gte'] as const, ['=>', 'gte'] as const, ['≥', 'gte'] as const, ['>', 'gt'] as const],
  ...[['<=', 'lte'] as const, ['≤', 'lte'] as const, ['<', 'lt'] as const, ['!=', 'ne'] as const],
  ...[['=', 'eq'] as const, ['==', 'eq'] as const],
]);

/** `orders.total >= 300`, or a condition in quotes. */
function conditionMeant(written: string): string {
  const [, path = '', sign = '', value = ''] = /^([\p{L}\d_.]+) ?([<>=!≤≥]{1,2}) ?(\S.*)$/u.exec(written.trim()) ?? [];
  const operator = signs.get(sign);
  if (operator !== undefined) return `write ${path}: { ${operator}: ${value} }`;
  return /^[\p{L}\d_. ]+: \S/u.test(written) ? 'remove the quotes around it, or write a line for each field' : '';
}

const description = 'a condition: paths with what they must be; all, any, not';

const logicEntries = (self: Conditions) => {
  const list = (word: string) =>
    v.pipe(
      v.array(self, (issue) =>
        say(`${shown(issue.input)} stands where a list of conditions is expected`, `${word}: and conditions with dashes below`),
      ),
      v.check((parts) => parts.length > 0, say('the list is empty', 'at least one condition')),
    );
  return { all: v.optional(list('all')), any: v.optional(list('any')), not: v.optional(self) };
};

const itself = (mapping: () => Conditions): Conditions =>
  v.lazy((input: unknown): Conditions => (Array.isArray(input) ? noList : mapping()));

/** `where` of a did: the event alone. Its properties need no word before them. */
function eventCondition(): ConditionSchema {
  const condition: Conditions = itself(() => mapping);
  const read: Conditions = v.pipe(
    v.objectWithRest(logicEntries(condition), comparisonSchema, notACondition),
    v.transform(({ all, any, not, ...compared }): Condition =>
      joined([...logical(all, any, not), ...compares(compared, (path) => (path[0] === 'event' ? path : ['event', ...path]))]),
    ),
    v.description(description),
  );
  const mapping = together(read, (written) => conditionComplaints(written, 'did'));
  return { condition, mapping };
}

export const didWhere: ConditionSchema = eventCondition();

const segmentNames: v.GenericSchema<unknown, readonly string[]> = oneOrMany(segmentName);

const personEntries = (self: Conditions) => ({
  ...logicEntries(self),
  did: v.optional(didEvents),
  'did not': v.optional(didEvents),
  ...didEntries(didWhere.condition),
  in: v.optional(segmentNames),
  'not in': v.optional(segmentNames),
});

/** Of the person, and in `event` of the event at hand as well. */
function personCondition(around: Exclude<Around, 'did'>): ConditionSchema {
  const condition: Conditions = itself(() => mapping);
  const read: Conditions = v.pipe(
    v.objectWithRest(personEntries(condition), comparisonSchema, notACondition),
    v.transform((given): Condition => {
      const {
        all,
        any,
        not,
        did,
        'did not': didNot,
        times,
        within,
        where,
        same,
        in: inside,
        'not in': outside,
        ...compared
      } = given;
      const beside = { times, within, where, same };
      return joined([
        ...logical(all, any, not),
        ...(did === undefined ? [] : [didCondition(did, beside)]),
        ...(didNot === undefined ? [] : [didNotCondition(didNot, beside)]),
        ...(inside === undefined ? [] : [inSegments(inside)]),
        ...(outside === undefined ? [] : [{ kind: 'not' as const, of: inSegments(outside) }]),
        ...compares(compared, (path) => path),
      ]);
    }),
    v.description(description),
  );
  const mapping = together(read, (written) => conditionComplaints(written, around));
  return { condition, mapping };
}

/** Where of start, exit and wait for. */
export const whereCondition: ConditionSchema = personCondition('event');
/** If, and when of a segment: no event is at hand. */
export const ifCondition: ConditionSchema = personCondition('person');

function logical(
  all: readonly Condition[] | undefined,
  any: readonly Condition[] | undefined,
  not: Condition | undefined,
): readonly Condition[] {
  return [
    ...(all === undefined ? [] : [{ kind: 'all' as const, of: all }]),
    ...(any === undefined ? [] : [{ kind: 'any' as const, of: any }]),
    ...(not === undefined ? [] : [{ kind: 'not' as const, of: not }]),
  ];
}

/** What stands in the place of a segment's condition until compile/inline-segments.ts puts it there. */
const notYet: Condition = { kind: 'all', of: [] };

/** In any of them. */
function inSegments(names: readonly string[]): Condition {
  const parts = [...new Set(names)].map((segment): Condition => ({ kind: 'segment', segment, of: notYet }));
  const [first, ...more] = parts;
  return first === undefined || more.length > 0 ? { kind: 'any', of: parts } : first;
}

type Path = readonly string[];

/** Several fields of one mapping must all hold. Sorted, so that the order of the fields makes no new version of a journey. */
function compares(compared: Readonly<Record<string, Compared>>, placed: (path: Path) => Path): readonly Condition[] {
  return Object.keys(compared)
    .toSorted()
    .flatMap((written) => {
      const one = compared[written];
      return one === undefined ? [] : comparing(placed(written.split('.')), one);
    });
}

/** `within` beside a comparison of orders is the span that is summed; of anything else it asks how long ago a date is. */
function comparing(path: Path, { comparisons, within }: Compared): readonly Condition[] {
  const [root, field] = path;
  if (within !== undefined && root === 'orders' && (field === 'count' || field === 'total')) {
    return comparisons.map((comparison): Condition => ({ kind: 'orders', field, comparison, within }));
  }
  const dated = within === undefined ? comparisons : [...comparisons, { op: 'within' as const, value: within }];
  return dated.map((comparison): Condition => ({ kind: 'compare', path, comparison }));
}

function joined(parts: readonly Condition[]): Condition {
  const [first, ...more] = parts;
  return first === undefined || more.length > 0 ? { kind: 'all', of: parts } : first;
}
