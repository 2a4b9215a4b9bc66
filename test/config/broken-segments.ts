/** Segments that cannot be. */
import { inSegment, type Broken } from './broken.ts';

export const brokenSegments: readonly Broken[] = [
  inSegment('nothing in it', '', '1 the segment is empty'),
  inSegment('no when', 'description: les fidèles\n', '1 "when" is missing → write when: …'),
  inSegment(
    'its condition without when',
    'all:\n  - orders.count: { gte: 3 }\n',
    '1 "all" stands beside when → write when: and below it all:',
    '1 "when" is missing → write when: …',
  ),
  inSegment(
    'where instead of when',
    'where: { orders.count: { gte: 3 } }\n',
    '1 "where" is not a word of segments → did you mean "when"?',
  ),
  inSegment(
    'a list',
    'when:\n  - orders.count: { gte: 3 }\n  - city: Lyon\n',
    '2 a list stands where one condition is expected → write all: above the list',
  ),
  inSegment(
    'the event',
    'when: { event.total: { gte: 3 } }\n',
    '1 no event is at hand here: this is decided later → put event.… into the where of start or exit',
  ),
  inSegment('itself', 'when: { in: fideles }\n', '1 segment "fideles" asks for itself: fideles → fideles → remove one of these'),
  inSegment(
    'a segment that does not exist',
    'when: { in: fidele }\n',
    '1 there is no segment "fidele" → did you mean "fideles"?',
  ),
  inSegment('active', 'active: false\nwhen: { city: Lyon }\n', '1 a segment is neither on nor off → remove active'),
  inSegment(
    'a level above the brand',
    'when: { predicted.churn: { gte: 0.5 } }\n',
    '1 "predicted.churn" is level 3, and brand.yaml allows level 2 → write maturity: 3 in brand.yaml',
  ),
];
