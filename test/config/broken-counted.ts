/** Wherever `did` counts what Relance itself raises. */
import { inJourney, inSegment, withStart, withSteps, withWhere, type Broken } from './broken.ts';

const counted = (line: number): string =>
  `${line} "Cart Updated" is raised by Relance at each change of a cart, and is not counted → write [Product Added, Product Removed, Checkout Started], or what your shop sends`;

export const brokenCounted: readonly Broken[] = [
  inJourney('a start', withStart('  did: Cart Updated\n  times: 2\n  once: true\n'), counted(2)),
  inJourney('one of a list', withStart('  did:\n    - Product Added\n    - Cart  Updated\n  once: true\n'), counted(4)),
  inJourney('a start that asks', withWhere('    not: { did: Cart Updated, within: 1 day }\n'), counted(4)),
  inJourney(
    'an if',
    withSteps(
      '  - if: { any: [{ did: Product Viewed }, { did not: [Cart Updated], within: 1 day }] }\n    then:\n      - send: rappel\n',
    ),
    counted(3),
  ),
  inJourney(
    'a wait and an exit that ask',
    'start: { on: Signed Up }\nexit: { on: Order Completed, where: { did: Cart Updated } }\nsteps:\n' +
      '  - wait for: Cart Updated\n    where: { did: Cart Updated }\n    at most: 1 day\n  - send: rappel\n',
    counted(2),
    counted(5),
  ),
  inSegment('a segment', 'when: { did not: Cart Updated, within: 30 days }\n', counted(1)),
];
