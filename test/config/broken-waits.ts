/** Steps that wait for what cannot be, or for longer than anything is kept. */
import { inJourney, withSteps, type Broken } from './broken.ts';

export const brokenWaits: readonly Broken[] = [
  inJourney('no time at all', withSteps('  - wait: 0 jours\n  - send: rappel\n'), '3 "0 jours" is no time at all → write 1 day'),
  inJourney(
    'waits longer than what is kept, the longest of them inside a branch',
    withSteps(
      '  - if: { vip: true }\n    then:\n      - wait: 9 months\n  - wait: 5 months\n  - wait: 1 day\n  - send: rappel\n',
    ),
    '6 by here people have waited up to 426 days, and the event that started the journey is kept for 396 → shorten the waits',
  ),
  inJourney(
    'a weekday with its time',
    withSteps('  - wait until: mardi à 9h30\n  - send: rappel\n'),
    '3 "mardi à 9h30" is not a time of day → write { at: "9h30", on: mardi }',
  ),
  inJourney(
    'what belongs to did, beside if',
    withSteps('  - if: { did: Page Viewed }\n    within: 3 days\n    then: [{ send: rappel }]\n'),
    '4 "within" stands beside if → write if: { did: …, within: … }',
  ),
  inJourney(
    'wait for without at most',
    withSteps('  - wait for: Order Completed\n  - send: rappel\n'),
    '3 "at most" is missing → write at most: …',
  ),
  inJourney(
    'wait for with within',
    withSteps('  - wait for: Order Completed\n    within: 3 days\n  - send: rappel\n'),
    '4 "within" is not a word of this step → did you mean "at most"?',
  ),
  inJourney(
    'wait for nothing',
    withSteps('  - wait for: Order Completed\n    at most: 0 days\n  - send: rappel\n'),
    '4 "0 days" is no time at all → write 1 day',
  ),
  inJourney(
    'wait for an event nearly right',
    withSteps('  - wait for: Order Complete\n    at most: 3 days\n  - send: rappel\n'),
    '3 no event is called "Order Complete" → did you mean "Order Completed"?',
  ),
  inJourney(
    'for beside wait',
    withSteps('  - wait: 3 days\n    for: Order Completed\n  - send: rappel\n'),
    '4 "for" stands apart from wait → write wait for: and the event, or wait: and a duration',
  ),
  inJourney(
    'until beside wait',
    withSteps('  - wait: 3 days\n    until: "10:00"\n  - send: rappel\n'),
    '4 "until" stands apart from wait → write wait until:',
  ),
  inJourney(
    'a wait until without colon',
    withSteps('  - wait until 10:00\n  - send: rappel\n'),
    '3 no colon follows the word → write: - wait until: 10:00',
  ),
  inJourney(
    'an hour to wait until',
    withSteps('  - wait until: 10\n  - send: rappel\n'),
    '3 "10" is not a time of day → write "10:00"',
  ),
  inJourney(
    'a weekday alone to wait until',
    withSteps('  - wait until: tuesday\n  - send: rappel\n'),
    '3 "tuesday" is not a time of day → write { at: "10:00", on: tuesday }',
  ),
  inJourney(
    'a weekday misspelt',
    withSteps('  - wait until: { at: "10:00", on: [tuesdy, jeudis] }\n  - send: rappel\n'),
    '3 "tuesdy" is not a day of the week → did you mean "tuesday"?',
    '3 "jeudis" is not a day of the week → did you mean "jeudi"?',
  ),
  inJourney(
    'at beside wait until',
    withSteps('  - wait until: "10:00"\n    on: tuesday\n  - send: rappel\n'),
    '4 "on" stands beside wait until → write wait until: { at: "10:00", on: … }',
  ),
  inJourney(
    'before without a date',
    withSteps('  - wait until: { at: "10:00", before: 2 days }\n  - send: rappel\n'),
    '3 "before" needs the date of a trait → write date: and the trait',
  ),
  inJourney(
    'a weekday with a date',
    withSteps('  - wait until: { date: contractEnd, on: tuesday }\n  - send: rappel\n'),
    '3 "on" is for times of day, and here is a date → write date: alone, or on: alone',
  ),
  inJourney(
    'a birthday to wait for',
    withSteps('  - wait until: { date: birthday }\n  - send: rappel\n'),
    '3 "birthday" comes each year, and every is missing → write every: year',
  ),
  inJourney(
    'best time with a wait of its own',
    withSteps('  - wait until: "10:00"\n    within: 2 days\n  - send: rappel\n'),
    '4 within belongs to best time → remove within',
  ),
  inJourney(
    'a wait longer than what is kept',
    withSteps('  - wait: 14 months\n  - send: rappel\n'),
    '3 "14 months" is longer than 13 months: the event that started the journey is not kept longer → write 13 months',
  ),
  inJourney(
    'waits longer than what is kept, together',
    withSteps(
      '  - wait: 8 months\n  - if: { vip: true }\n    then:\n      - wait: 3 months\n    else:\n      - wait: 6 months\n  - send: rappel\n',
    ),
    '8 by here people have waited up to 426 days, and the event that started the journey is kept for 396 → shorten the waits',
  ),
  inJourney(
    'a wait for an event beyond what is kept',
    withSteps('  - wait: 12 months\n  - wait for: Order Completed\n    at most: 3 months\n  - send: rappel\n'),
    '5 by here people have waited up to 457 days, and the event that started the journey is kept for 396 → shorten the waits',
  ),
];
