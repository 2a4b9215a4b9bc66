/**
 * A moment named by a date of the person, as starts and waits write it: `date: birthday, before: 7 days, at: "10:00",
 * every: year, zone: recipient`.
 */
import * as v from 'valibot';
import type { DateMoment } from '../../journeys/journey.ts';
import type { Duration, TimeOfDay, ZoneChoice } from '../../kernel/time.ts';
import { duration } from './duration-words.ts';
import { oneOf, say, type KeyComplaint } from './fields.ts';
import { traitPath } from './path-words.ts';
import { timeOfDay, usualTime, zoneChoice } from './time-words.ts';

/** A wait or an early message of a year at most: what comes each year would overlap itself. */
const farthest: Duration = { count: 1, unit: 'years' };
const offset = (description: string) => duration(description, { longest: farthest, days: true });

export const dateEntries = {
  date: traitPath,
  before: v.optional(offset('how long before that day')),
  after: v.optional(offset('how long after that day')),
  at: v.optional(timeOfDay),
  every: v.optional(
    oneOf('each year on that day, or once', ['year', 'once'], {
      an: 'year',
      année: 'year',
      annee: 'year',
      yearly: 'year',
      'une fois': 'once',
    }),
  ),
  zone: v.optional(zoneChoice),
};

interface WrittenDate {
  readonly date: readonly string[];
  readonly before?: Duration | undefined;
  readonly after?: Duration | undefined;
  readonly at?: TimeOfDay | undefined;
  readonly every?: DateMoment['every'] | undefined;
  readonly zone?: ZoneChoice | undefined;
}

export const dateMoment = ({ date, before, after, at, every, zone }: WrittenDate): DateMoment => ({
  path: date,
  offset: before === undefined ? (after ?? onTheDay) : { ...before, count: before.count === 0 ? 0 : -before.count },
  at: at ?? usualTime,
  every: every ?? 'once',
  zone: zone ?? 'brand',
});

const onTheDay: Duration = { count: 0, unit: 'days' };

/** Of these nobody wants to hear once in a lifetime, and mostly the day itself lies decades back. */
const yearly = /birth|naissance|anniv/i;

/** What the fields say together, asked of what is written. */
export function dateComplaints(written: Readonly<Record<string, unknown>>): readonly KeyComplaint[] {
  const complaints: KeyComplaint[] = [];
  if (written['before'] !== undefined && written['after'] !== undefined) {
    complaints.push({
      key: 'after',
      message: say('before and after exclude each other', 'one of them', 'remove one of the two'),
    });
  }
  const trait = written['date'];
  if (typeof trait === 'string' && yearly.test(trait) && written['every'] === undefined) {
    const message = say(`"${trait}" comes each year, and every is missing`, 'every: year, or every: once', 'write every: year');
    complaints.push({ key: 'date', message });
  }
  return complaints;
}
