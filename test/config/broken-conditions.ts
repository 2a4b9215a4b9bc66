/** Conditions that cannot be decided, and a journey with everything wrong at once. */
import { inJourney, withStart, withSteps, withWhere, type Broken } from './broken.ts';

export const brokenConditions: readonly Broken[] = [
  inJourney(
    'consents that there are not',
    withWhere('    consent.mail: true\n    consent.push: true\n    consent.emails: true\n    consent.email: true\n'),
    '4 there is no "consent.mail" → did you mean "consent.email"?',
    '5 there is no "consent.push"',
    '6 there is no "consent.emails" → did you mean "consent.email"?',
  ),
  inJourney('an unknown comparison', withWhere('    cart.value: { atleast: 30 }\n'), '4 "atleast" is not a way to compare'),
  inJourney(
    'a comparison as a sign',
    withWhere('    cart.value: { ">=": 30 }\n'),
    '4 ">=" is not a way to compare → did you mean "gte"?',
  ),
  inJourney(
    'a field the cart has not',
    withWhere('    cart.valeu: { gte: 30 }\n'),
    '4 cart has no "valeu" → did you mean "cart.value"?',
  ),
  inJourney(
    'a root nearly right',
    withWhere('    order.count: { gte: 3 }\n'),
    '4 "order" is not known → did you mean "orders.count"?',
  ),
  inJourney(
    'a number with a decimal comma',
    withWhere('    cart.value: { gte: "24,90" }\n'),
    '4 "24,90" is not a number → write 24.90',
  ),
  inJourney('a number with its currency', withWhere('    cart.value: { gte: 30 € }\n'), '4 "30 €" is not a number → write 30'),
  inJourney('a number in words', withWhere('    cart.value: { gte: thirty }\n'), '4 "thirty" is not a number'),
  inJourney(
    'nothing to compare with',
    withWhere('    city:\n'),
    '4 nothing stands where a value is expected → write exists: false',
  ),
  inJourney('an empty list of conditions', withWhere('    all: []\n'), '4 the list is empty'),
  inJourney(
    'conditions without a list',
    withWhere('    all:\n      city: Lyon\n'),
    '5 a group of fields stands where a list of conditions is expected',
  ),
  inJourney(
    'the event in a branch',
    withSteps('  - if: { event.total: { gte: 30 } }\n    then:\n      - send: rappel\n'),
    '3 no event is at hand here: this is decided later → put event.… into the where of start or exit',
  ),
  inJourney(
    'a condition that is text',
    withStart('  on: Cart Updated\n  where: cart.value >= 30\n'),
    '3 "cart.value >= 30" stands where a condition is expected → write cart.value: { gte: 30 }',
  ),
  inJourney(
    'or instead of any',
    withWhere('    or:\n      - city: Lyon\n      - city: Paris\n'),
    '4 "or" is not a word of conditions → did you mean "any"?',
  ),
  inJourney(
    'a list below not',
    withWhere('    not: [city: Lyon]\n'),
    '4 a list stands where one condition is expected → write all: above the list',
  ),
  inJourney(
    'everything at once',
    'start:\n  on: Cart Updatd\n  onse: true\n  where:\n    cart.valu: 3\nsteps:\n  - wait: 30\n  - send: rapel\n    channels: [fax]\n  - foo: 1\n',
    '2 no event is called "Cart Updatd" → did you mean "Cart Updated"?',
    '3 there is no field "onse" here → did you mean "once"?',
    '5 cart has no "valu" → did you mean "cart.value"?',
    '7 "30" is not a duration → write 30 minutes',
    '8 there is no template "rapel" → did you mean "rappel"?',
    '9 "fax" is not a channel',
    '10 no word here makes a step',
  ),
];
