/**
 * Paths of the condition language: which roots there are, what lies under them, what comes later.
 */
import * as v from 'valibot';
import { checkedText, say } from './fields.ts';
import { isRoot, roots } from '../../rules/paths.ts';
import { nearest } from './spelling.ts';

/** What the pipeline knows of cart and orders; traits and event properties are whatever the sources send. */
const known = {
  cart: ['id', 'value', 'quantity', 'currency', 'url'],
  orders: ['count', 'total'],
} as const;

const laterRoots: ReadonlyMap<string, string> = new Map([
  ['predicted', 'predictions (level 3)'],
  ['context', 'the moment: weather, place, device (level 4)'],
  ['device', 'the device'],
  ['place', 'the place'],
  ['segment', 'segments'],
]);

const expected = 'a trait such as city, or cart.value, orders.count, event.total, traits.city';

/** What is wrong with a path, as a message; undefined where it is well. */
export function pathComplaint(written: string, options: { readonly event: boolean }): string | undefined {
  const path = written.split('.');
  const [root = '', field] = path;
  if (path.some((part) => part.trim() === '' || part !== part.trim()) || /[{}[\]|]/.test(written)) {
    return say(`"${written}" is not a path`, expected, 'write words joined by single dots');
  }
  if (path.length > 1 && laterRoots.has(root)) {
    return say(`"${written}" asks for ${laterRoots.get(root) ?? ''}; this version cannot do it yet`, expected);
  }
  if (isRoot(root) && field === undefined) return say(`"${root}" alone says nothing`, expected, examples[root]);
  if (root === 'event' && !options.event) {
    return say(
      'no event is at hand here: a branch is decided later',
      'a trait, cart.… or orders.…',
      'put event.… into the where of start or exit',
    );
  }
  if (root === 'cart' || root === 'orders') return fieldComplaint(root, field ?? '', path.length);
  const meant = path.length > 1 && !isRoot(root) ? nearest(root, roots, 2) : undefined;
  return meant === undefined
    ? undefined
    : say(`"${root}" is not known`, expected, `did you mean "${[meant, ...path.slice(1)].join('.')}"?`);
}

const examples = {
  cart: 'write cart.value',
  orders: 'write orders.count',
  event: 'write event. and the property',
  traits: 'write traits. and the trait',
} as const;

function fieldComplaint(root: keyof typeof known, field: string, length: number): string | undefined {
  const names: readonly string[] = known[root];
  if (names.includes(field) && length === 2) return undefined;
  const meant = nearest(field, names);
  const suggestion = meant === undefined ? '' : `did you mean "${root}.${meant}"?`;
  return say(`${root} has no "${field}"`, names.map((name) => `${root}.${name}`).join(', '), suggestion);
}

/** `once per: cart.id`: a path of the starting event or the person, as its parts. */
export const reentryPath = v.pipe(
  checkedText('what to run once for, such as cart.id or order_id', (written) => pathComplaint(written, { event: true })),
  v.transform((written): readonly string[] => written.split('.')),
);
