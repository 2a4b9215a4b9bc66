/** Journeys whose start, exit or steps are wrong. */
import { inJourney, withStart, withSteps, type Broken } from './broken.ts';
import { journey } from './small-config.ts';

export const brokenJourneys: readonly Broken[] = [
  inJourney(
    'an event nearly right',
    journey.replace('Order Completed', 'Order Complete'),
    '2 no event is called "Order Complete" → did you mean "Order Completed"?',
  ),
  inJourney(
    'an event in small letters',
    journey.replace('on: Cart Updated,', 'on: cart updated,'),
    '1 no event is called "cart updated" → did you mean "Cart Updated"?',
  ),
  inJourney(
    'an event nearly right in restart on',
    journey.replace('restart on: Cart Updated', 'restart on: [Cart Updated, Product Aded]'),
    '5 no event is called "Product Aded" → did you mean "Product Added"?',
  ),
  inJourney(
    'two events as one text',
    withStart('  on: Cart Updated, Product Added\n'),
    '2 "Cart Updated, Product Added" is one text, not a list → write [Cart Updated, Product Added]',
  ),
  inJourney('no event in a list', withStart('  on: []\n'), '2 the list is empty'),
  inJourney(
    'once and once per',
    withStart('  on: Cart Updated\n  once: true\n  once per: cart.id\n'),
    '4 once and once per exclude each other → remove one of the two',
  ),
  inJourney(
    'once per something unreadable',
    withStart('  on: Cart Updated\n  once per: cart..id\n'),
    '3 "cart..id" is not a path → write words joined by single dots',
  ),
  inJourney(
    'once per a field the cart has not',
    withStart('  on: Cart Updated\n  once per: cart.number\n'),
    '3 cart has no "number"',
  ),
  inJourney(
    'once that is neither true nor false',
    withStart('  on: Cart Updated\n  once: twice\n'),
    '3 this is neither true nor false',
  ),

  inJourney(
    'a duration without unit',
    withSteps('  - wait: 30\n  - send: rappel\n'),
    '3 "30" is not a duration → write 30 minutes',
  ),
  inJourney(
    'a duration with a misspelt unit',
    withSteps('  - wait: 30 minuts\n  - send: rappel\n'),
    '3 "30 minuts" is not a duration → write 30 minutes',
  ),
  inJourney(
    'a duration as a clock',
    withSteps('  - wait: 1h30\n  - send: rappel\n'),
    '3 "1h30" is not a duration → write 90 minutes',
  ),
  inJourney(
    'a duration with a decimal comma',
    withSteps('  - wait: 1,5 heure\n  - send: rappel\n'),
    '3 "1,5 heure" is not a duration → write 90 minutes',
  ),
  inJourney(
    'an ISO duration',
    withSteps('  - wait: PT30M\n  - send: rappel\n'),
    '3 "PT30M" is not a duration → write 30 minutes',
  ),
  inJourney('a duration of words', withSteps('  - wait: a while\n  - send: rappel\n'), '3 "a while" is not a duration'),
  inJourney(
    'a duration beyond any calendar',
    withSteps('  - wait: 999999 years\n  - send: rappel\n'),
    '3 "999999 years" is longer than 13 months: the event that started the journey is not kept longer → write 13 months',
  ),
  inJourney(
    'a rest that is a list',
    withStart('  on: Cart Updated\n  rest: [3, days]\n'),
    '3 a list stands where text is expected',
  ),

  inJourney(
    'a template that does not exist',
    withSteps('  - send: rapel\n'),
    '3 there is no template "rapel" → did you mean "rappel"?',
  ),
  inJourney(
    'a template nearly named like nothing',
    withSteps('  - send: offre-de-noel\n'),
    '3 there is no template "offre-de-noel" → write templates/offre-de-noel/email.fr.mjml',
  ),
  inJourney(
    'a template name with capitals',
    withSteps('  - send: Offre de Noël\n'),
    '3 "Offre de Noël" cannot be the name of a template → write offre-de-noel',
  ),
  inJourney(
    'push',
    withSteps('  - send: rappel\n    channels: [push, email]\n'),
    '4 "push" comes later; this version sends e-mail and SMS → remove push',
  ),
  inJourney(
    'a channel that does not exist',
    withSteps('  - send: rappel\n    channels: [emial]\n'),
    '4 "emial" is not a channel → did you mean "email"?',
  ),
  inJourney('an unknown step', withSteps('  - snd: rappel\n'), '3 no word here makes a step → did you mean "send"?'),
  inJourney('a step that is text', withSteps('  - wait\n  - send: rappel\n'), '3 "wait" is not a step → write - wait: …'),
  inJourney(
    'a branch without then',
    withSteps('  - if: { city: Lyon }\n    send: rappel\n'),
    '3 "then" is missing → write then: …',
    '4 "send" stands beside if → write then: and below it "- send:"',
  ),
  inJourney('a branch with nothing in it', withSteps('  - if: { city: Lyon }\n    then: []\n'), '4 there is no step'),
  inJourney(
    'steps after exit',
    withSteps('  - send: rappel\n  - exit\n  - wait: 1 day\n'),
    '5 this step is never reached: the one before always ends the journey',
  ),
  inJourney(
    'steps after a branch that always ends',
    withSteps('  - if: { city: Lyon }\n    then: [exit]\n    else: [exit]\n  - send: rappel\n'),
    '6 this step is never reached: the one before always ends the journey',
  ),
];
