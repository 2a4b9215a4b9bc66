/**
 * What is wrong with the words of one condition, seen together: words of other languages, words that stand alone, paths that
 * lead nowhere, comparisons that make no sense of what they compare.
 */
import { parseDuration } from '../../kernel/time.ts';
import { dateOperators } from './comparison-schema.ts';
import { didComplaints } from './did-words.ts';
import { boundsComplaint, kept } from './duration-words.ts';
import { knownEvents } from './event-words.ts';
import { say, type KeyComplaint } from './fields.ts';
import { pathComplaint, type Around } from './path-words.ts';

/** Nobody calls a trait like this. */
const otherWords: ReadonlyMap<string, string> = new Map([
  ...[['and', 'all'] as const, ['et', 'all'] as const, ['tous', 'all'] as const, ['toutes', 'all'] as const],
  ...[['or', 'any'] as const, ['ou', 'any'] as const],
  ...[['none', 'not'] as const, ['non', 'not'] as const, ['pas', 'not'] as const, ['sauf', 'not'] as const],
  ...[
    ['a fait', 'did'] as const,
    ["n'a pas fait", 'did not'] as const,
    ["didn't", 'did not'] as const,
    ['not did', 'did not'] as const,
  ],
  ...[['dans', 'in'] as const, ['segment', 'in'] as const, ['segments', 'in'] as const, ['pas dans', 'not in'] as const],
  ...[['fois', 'times'] as const, ['count', 'times'] as const, ['pendant', 'within'] as const, ['depuis', 'within'] as const],
]);

const logic = ['all', 'any', 'not'];
const beside = ['times', 'within', 'where', 'same'];
const ofPeople = ['did', 'did not', 'in', 'not in', ...beside];

type Written = Readonly<Record<string, unknown>>;

export function conditionComplaints(written: Written, around: Around): readonly KeyComplaint[] {
  const keys = Object.keys(written);
  if (keys.length === 0)
    return [{ key: '', message: say('no condition stands here', 'a condition such as cart.value: { gte: 30 }') }];
  const joint = around === 'did' ? [] : [...aloneComplaints(written), ...didComplaints(written)];
  return [...joint, ...keys.flatMap((key) => keyComplaints(key, written[key], around))];
}

/** `times`, `within`, `where` and `same` belong to one did. */
function aloneComplaints(written: Written): readonly KeyComplaint[] {
  const [did, didNot] = [written['did'], written['did not']];
  if (did !== undefined && didNot !== undefined) {
    const message = say('did and did not stand in one group', 'each in a group of its own', 'write all: and a dash before each');
    return [{ key: 'did not', message }];
  }
  if (did !== undefined || didNot !== undefined) return [];
  return beside
    .filter((word) => written[word] !== undefined)
    .map((key) => ({
      key,
      message: say(
        `"${key}" stands here without did`,
        'did: and an event beside it',
        key === 'within' ? 'write it inside the comparison: { gte: 3, within: 30 days }' : `write traits.${key} if it is a trait`,
      ),
    }));
}

function keyComplaints(key: string, value: unknown, around: Around): readonly KeyComplaint[] {
  if (logic.includes(key)) return [];
  if (ofPeople.includes(key)) {
    if (around !== 'did') return [];
    const message = say(
      `"${key}" cannot stand in the where of a did`,
      'properties of the event',
      `write it beside did, or event.${key}`,
    );
    return [{ key, message }];
  }
  const meant = otherWords.get(key.toLowerCase().replaceAll('’', "'"));
  if (meant !== undefined) {
    const expected = 'all, any, not, did, did not, in, not in';
    return [{ key, message: say(`"${key}" is not a word of conditions`, expected, `did you mean "${meant}"?`) }];
  }
  if (knownEvents.includes(key)) {
    const expected = 'did: and the event, with times: for how often';
    return [{ key, message: say(`"${key}" is an event, not a trait`, expected, `write did: ${key}`) }];
  }
  const message = pathComplaint(key, around) ?? (around === 'did' ? undefined : comparisonComplaint(key, value));
  return message === undefined ? [] : [{ key, message }];
}

/** Dates are asked of traits and events; orders count within a span; a device has one of three types. */
function comparisonComplaint(key: string, value: unknown): string | undefined {
  const [root, field] = key.split('.');
  if (key === 'device.type') return deviceComplaint(value);
  if (key === 'tags' || key === 'traits.tags') return tagsComplaint(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const operators = Object.keys(value);
  if (root !== 'cart' && root !== 'orders' && root !== 'device' && root !== 'place') return undefined;
  const isOrders = root === 'orders' && (field === 'count' || field === 'total');
  const dated = operators.find((operator) => dateOperators.some((word) => word === operator && !(isOrders && word === 'within')));
  if (dated !== undefined) return say(`"${key}" is no date: "${dated}" cannot compare it`, 'gte, lte, eq and the like');
  if (!operators.includes('within')) return undefined;
  if (operators.length === 1) {
    const problem = 'within says of which orders, but nothing is asked of them';
    return say(problem, 'a comparison beside within', `write ${key}: { gte: 1, within: … }`);
  }
  const within = 'within' in value ? String(value.within) : '';
  const span = parseDuration(within);
  return span === undefined ? undefined : boundsComplaint(within, span, { longest: kept, because: 'nothing older is kept' });
}

/** A list never equals a word. */
function tagsComplaint(value: unknown): string | undefined {
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (value === null || (isMapping && !['eq', 'ne', 'in', 'not in'].some((word) => word in value))) return undefined;
  const instead = Array.isArray(value)
    ? `any of: [${value.map(String).join(', ')}]`
    : isMapping
      ? 'contains: …'
      : `contains: ${typeof value === 'string' ? value : '…'}`;
  return say('tags are a list, which never equals a word', 'contains, any of, all of or none of', `write { ${instead} }`);
}

const deviceTypes = ['mobile', 'tablet', 'desktop'];

function deviceComplaint(value: unknown): string | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const unknown = values.find((one) => typeof one === 'string' && !deviceTypes.includes(one.toLowerCase()));
  if (typeof unknown !== 'string') return undefined;
  const meant = {
    phone: 'mobile',
    smartphone: 'mobile',
    téléphone: 'mobile',
    telephone: 'mobile',
    ordinateur: 'desktop',
    computer: 'desktop',
    tablette: 'tablet',
  };
  const suggestion = Object.entries(meant).find(([word]) => word === unknown.toLowerCase())?.[1];
  return say(
    `no device is of the type "${unknown}"`,
    deviceTypes.join(', '),
    suggestion === undefined ? '' : `did you mean "${suggestion}"?`,
  );
}
