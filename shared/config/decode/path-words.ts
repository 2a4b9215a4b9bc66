/**
 * Paths of the condition language: which roots there are, what lies under them, what is no path.
 */
import * as v from 'valibot';
import { isRoot, roots, type Root } from '../../rules/paths.ts';
import { checkedText, say } from './fields.ts';
import { nearest } from './spelling.ts';

/** What the pipeline knows of these; traits and event properties are whatever the sources send. */
const known = {
  cart: ['id', 'value', 'quantity', 'currency', 'url'],
  orders: ['count', 'total'],
  device: ['type', 'os'],
  place: ['country', 'region', 'city'],
} as const;

type Closed = keyof typeof known;
const isClosed = (root: string): root is Closed => Object.hasOwn(known, root);

/**
 * Where a path stands. `event`: where of start, exit and wait for: the event and the person. `person`: no event is at hand.
 * `did`: the event alone.
 */
export type Around = 'event' | 'person' | 'did';

const expectedOf: Readonly<Record<Around, string>> = {
  event: 'a trait such as city, or cart.value, orders.count, event.total, traits.city',
  person: 'a trait such as city, or cart.value, orders.count, device.type, place.city, traits.city',
  did: 'a property of the event, such as channel or event.channel',
};

/** What is wrong with a path, as a message; undefined where it is well. */
export function pathComplaint(written: string, around: Around): string | undefined {
  const expected = expectedOf[around];
  const path = written.split('.');
  const [root = '', field] = path;
  if (!isPathText(written)) return say(`"${written}" is not a path`, expected, 'write words joined by single dots');
  if (isRoot(root) && field === undefined && around !== 'did')
    return say(`"${root}" alone says nothing`, expected, examples[root]);
  if (around === 'did') return didComplaint(written, root, field);
  if (written === 'consent') return say('"consent" alone says nothing', 'consent.email or consent.sms', 'write consent.email');
  if (root === 'event' && around === 'person') return noEvent(expected);
  if (isClosed(root)) return fieldComplaint(root, field ?? '', path.length);
  return foreignRoot(path, around, expected);
}

const isPathText = (written: string): boolean =>
  written.split('.').every((part) => part.trim() !== '' && part === part.trim()) && !/[{}[\]|<>=]/.test(written);

const noEvent = (expected: string): string =>
  say('no event is at hand here: this is decided later', expected, 'put event.… into the where of start or exit');

function didComplaint(written: string, root: string, field: string | undefined): string | undefined {
  if (root === 'event')
    return field === undefined ? say('"event" alone says nothing', expectedOf.did, examples.event) : undefined;
  if (!isRoot(root) || field === undefined) return undefined;
  const problem = `where of did looks at the event alone, and "${written}" is the person's`;
  return say(problem, expectedOf.did, `write event.${written} if it is a property of the event, else a condition beside did`);
}

/** Words of templates and of other tools, which people write first. */
const foreign: ReadonlyMap<string, string> = new Map([
  ['person', ''],
  ['profile', ''],
  ['user', ''],
  ['trait', ''],
  ['properties', 'event.'],
  ['property', 'event.'],
  ['entry', 'event.'],
]);

const consents = ['consent.email', 'consent.sms'];

/** Traits of our own: nobody tells another one. */
function consentComplaint(asked: string): string | undefined {
  if (consents.includes(asked)) return undefined;
  const meant = /^consent\.(?:mail|courriel|e-mail|newsletter)/i.test(asked) ? 'consent.email' : nearest(asked, consents, 2);
  const suggestion = meant === undefined ? '' : `did you mean "${meant}"?`;
  return say(`there is no "${asked}"`, consents.join(', '), suggestion);
}

function foreignRoot(path: readonly string[], around: Around, expected: string): string | undefined {
  const [root = '', ...rest] = path;
  if (rest.length === 0 || isRoot(root)) return undefined;
  const prefix = foreign.get(root);
  if (prefix === 'event.' && around === 'person') return noEvent(expected);
  if (prefix !== undefined) return say(`"${root}" is not known here`, expected, `write ${prefix}${rest.join('.')}`);
  if (root === 'segment')
    return say('"segment" is not known here', 'in: and the name of the segment', `write in: ${rest.join('.')}`);
  if (root === 'consent') return consentComplaint(path.join('.'));
  const meant = nearest(root, roots, root.length > 4 ? 2 : 1);
  return meant === undefined
    ? undefined
    : say(`"${root}" is not known`, expected, `did you mean "${[meant, ...rest].join('.')}"?`);
}

const examples: Readonly<Record<Root, string>> = {
  cart: 'write cart.value',
  orders: 'write orders.count',
  event: 'write event. and the property',
  traits: 'write traits. and the trait',
  device: 'write device.type',
  place: 'write place.city',
  predicted: 'write predicted. and the prediction',
  context: 'write context. and what is asked',
};

function fieldComplaint(root: Closed, field: string, length: number): string | undefined {
  const names: readonly string[] = known[root];
  if (names.includes(field) && length === 2) return undefined;
  const meant = nearest(field, names);
  const suggestion = meant === undefined ? '' : `did you mean "${root}.${meant}"?`;
  return say(`${root} has no "${field}"`, names.map((name) => `${root}.${name}`).join(', '), suggestion);
}

const asParts = v.transform((written: string): readonly string[] => written.split('.'));

/** `once per: cart.id`: a path of the starting event or the person, as its parts. */
export const reentryPath = v.pipe(
  checkedText('what to run once for, such as cart.id or order_id', (written) => pathComplaint(written, 'event')),
  asParts,
);

/** The same without an event: of the person alone. */
export const personPath = v.pipe(
  checkedText('what to run once for: a trait, or cart.id', (written) => pathComplaint(written, 'person')),
  asParts,
);

/** `same: order_id`: a property of the event, without the word event. */
export const propertyPath: v.GenericSchema<unknown, readonly string[]> = v.pipe(
  checkedText('a property of the event, such as order_id', propertyComplaint),
  v.transform((written): readonly string[] => written.replace(/^event\./, '').split('.')),
);

function propertyComplaint(written: string): string | undefined {
  const expected = 'a property of the event, such as order_id or event.order_id';
  if (!isPathText(written) || written === 'event')
    return say(`"${written}" is not a path`, expected, 'write words joined by single dots');
  const [root = '', field] = written.split('.');
  const isPersons = root !== 'event' && isRoot(root) && field !== undefined;
  return isPersons ? say(`"${written}" is no property of an event`, expected, `write event.${written} if it is one`) : undefined;
}

/** `date: birthday`: a trait, without the word traits. */
export const traitPath: v.GenericSchema<unknown, readonly string[]> = v.pipe(
  checkedText('a trait that holds a date, such as birthday', traitComplaint, ['birthday']),
  v.transform((written): readonly string[] => written.replace(/^traits\./, '').split('.')),
);

function traitComplaint(written: string): string | undefined {
  const expected = 'a trait of the person that holds a date, such as birthday';
  if (!isPathText(written) || written === 'traits')
    return say(`"${written}" is not a path`, expected, 'write words joined by single dots');
  const [root = '', field] = written.split('.');
  if (root === 'traits' || field === undefined) return dayComplaint(written, expected);
  if (isRoot(root)) return say(`"${written}" is no trait of the person`, expected, 'set a trait with the date first');
  return foreign.get(root) === ''
    ? say(`"${root}" is not known here`, expected, `write ${written.slice(root.length + 1)}`)
    : undefined;
}

const dayComplaint = (written: string, expected: string): string | undefined =>
  /^\d{4}-\d{2}-\d{2}$/.test(written)
    ? say(`"${written}" is a day, not a trait`, expected, 'make it a campaign: on: and the day')
    : undefined;
