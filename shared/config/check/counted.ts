/**
 * `Cart Updated` starts, ends, restarts and is waited for, and is not counted: it is raised at the last change of the cart, so how
 * often depends on how a shop tells its carts and on what is told late.
 */
import { conditionsOf, fieldIn, leavesOf, textsIn, type RawField } from '../decode/written-tree.ts';
import type { ConfigProblem } from '../problem.ts';
import { atValue, type Room } from './room.ts';

export const countedProblems = ({ journeys, segments }: Room): readonly ConfigProblem[] => [
  ...journeys.flatMap((journey) => {
    const start = fieldIn({ value: journey.document.value, path: [] }, 'start');
    const did = start === undefined ? undefined : fieldIn(start, 'did');
    return namesIn([...(did === undefined ? [] : [did]), ...conditionsOf(journey.document.value).flatMap(deedsOf)]).map((path) =>
      atValue(journey, path, said),
    );
  }),
  ...segments.flatMap((segment) => {
    const when = fieldIn({ value: segment.document.value, path: [] }, 'when');
    return namesIn(when === undefined ? [] : deedsOf(when)).map((path) => atValue(segment, path, said));
  }),
];

const deedsOf = (condition: RawField): readonly RawField[] =>
  leavesOf(condition).filter(({ word }) => word === 'did' || word === 'did not');

const namesIn = (fields: readonly RawField[]): readonly RawField['path'][] =>
  fields.flatMap((field) => textsIn(field).flatMap(({ text, path }) => (text === 'Cart Updated' ? [path] : [])));

const said = {
  problem: '"Cart Updated" is raised by Relance at each change of a cart, and is not counted',
  expected: 'an event that a source sends',
  suggestion: 'write [Product Added, Product Removed, Checkout Started], or what your shop sends',
};
