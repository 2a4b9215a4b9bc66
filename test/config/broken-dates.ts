/** Starts by a date or by the API that cannot be, and times that no clock shows. */
import { inJourney, withStart, type Broken } from './broken.ts';

export const brokenDates: readonly Broken[] = [
  inJourney(
    'a birthday without every',
    withStart('  date: birthday\n'),
    '2 "birthday" comes each year, and every is missing → write every: year',
  ),
  inJourney(
    'every in French',
    withStart('  date: birthday\n  every: année\n'),
    '3 "année" is not one of the words known here → write year',
  ),
  inJourney(
    'before and after',
    withStart('  date: birthday\n  every: year\n  before: 7 days\n  after: 1 day\n'),
    '5 before and after exclude each other → remove one of the two',
  ),
  inJourney(
    'a date in hours',
    withStart('  date: contractEnd\n  before: 48 hours\n'),
    '3 "48 hours" is not counted in days → write 2 days',
  ),
  inJourney('a date without unit', withStart('  date: contractEnd\n  before: 7\n'), '3 "7" is not a duration → write 7 days'),
  inJourney(
    'a date too far',
    withStart('  date: contractEnd\n  before: 3 years\n'),
    '3 "3 years" is longer than 1 year → write 1 year',
  ),
  inJourney(
    'a day instead of a trait',
    withStart('  date: 2026-12-25\n'),
    '2 "2026-12-25" is a day, not a trait → make it a campaign: on: and the day',
  ),
  inJourney(
    'a date of the cart',
    withStart('  date: cart.id\n'),
    '2 "cart.id" is no trait of the person → set a trait with the date first',
  ),
  inJourney('a time that does not exist', withStart('  date: contractEnd\n  at: "25:00"\n'), '3 "25:00" is not a time of day'),
  inJourney(
    'a time with a dot',
    withStart('  date: contractEnd\n  at: 10.30\n'),
    '3 "10.30" is not a time of day → write "10:30"',
  ),
  inJourney('an hour alone', withStart('  date: contractEnd\n  at: 10\n'), '3 "10" is not a time of day → write "10:00"'),
  inJourney(
    'midnight as 24',
    withStart('  date: contractEnd\n  at: "24:00"\n'),
    '3 "24:00" is not a time of day → write "00:00"',
  ),
  inJourney(
    'a time in the afternoon',
    withStart('  date: contractEnd\n  at: 6pm\n'),
    '3 "6pm" is not a time of day → write "18:00"',
  ),
  inJourney(
    'a zone by its name',
    withStart('  date: contractEnd\n  zone: Europe/Paris\n'),
    '3 "Europe/Paris" is not one of the words known here',
  ),
  inJourney(
    'the zone in French',
    withStart('  date: contractEnd\n  zone: destinataire\n'),
    '3 "destinataire" is not one of the words known here → did you mean "recipient"?',
  ),
  inJourney(
    'late with a date',
    withStart('  date: contractEnd\n  late: 1 hour\n'),
    '3 "late" means nothing for a start by date: a day that comes is never late → remove late',
  ),
  inJourney(
    'once per with a date',
    withStart('  date: contractEnd\n  once per: order_id\n'),
    '3 "once per" means nothing for a start by date: it starts once for each day anyway → remove once per',
  ),
  inJourney('api: false', withStart('  api: false\n'), '2 this would never start → write api: true'),
  inJourney(
    'an event that Relance raises',
    withStart('  on: Segment Entered\n'),
    '2 "Segment Entered" is raised by Relance itself → write start: { entered: … } and the name of the segment',
  ),
  inJourney(
    'the event of an api start',
    withStart('  on: [Journey Requested]\n'),
    '2 "Journey Requested" is raised by Relance itself → write start: { api: true }',
  ),
];
