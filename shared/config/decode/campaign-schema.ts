/**
 * A campaign as it is written in config/campaigns: to whom, what, when.
 */
import * as v from 'valibot';
import type { Schedule, Throttle } from '../../campaigns/campaign.ts';
import type { Channel } from '../../events/event.ts';
import type { TimeOfDay, ZoneChoice } from '../../kernel/time.ts';
import { channelList } from './channel-words.ts';
import { fields, say, shown, text, together, type KeyComplaint } from './fields.ts';
import { active, description } from './common-words.ts';
import { segmentName, templateName } from './name-words.ts';
import { periodComplaint, periods, readPeriod, readSchedule } from './schedule-words.ts';
import { timeOfDay, usualTime, zoneChoice } from './time-words.ts';

export interface WrittenCampaign {
  readonly active: boolean;
  readonly segment: string;
  readonly template: string;
  readonly channels: readonly Channel[];
  readonly schedule: Schedule;
  readonly at: TimeOfDay;
  readonly zone: ZoneChoice;
  readonly throttle?: Throttle;
}

const units: ReadonlyMap<string, Throttle['per']> = new Map([
  ['minute', 'minute'],
  ['min', 'minute'],
  ['hour', 'hour'],
  ['heure', 'hour'],
  ['h', 'hour'],
  ['day', 'day'],
  ['jour', 'day'],
  ['j', 'day'],
]);

const expectedThrottle = 'people and a span, such as 1000 per hour';

/** `1000 per hour`, `1 000 par heure`, `1000/h`. */
const throttle: v.GenericSchema<unknown, Throttle> = v.pipe(
  text(`at most so many: ${expectedThrottle}`, ['1000 per hour']),
  v.rawTransform<string, Throttle>(({ dataset, addIssue, NEVER }) => {
    const words = dataset.value.normalize('NFKC').trim().toLowerCase();
    const [, number = '', unit = ''] =
      /^(\d{1,3}(?: \d{3})+|\d+)(?: (?:people|personnes|messages))?(?: (?:per|par) | ?\/ ?)(\p{L}+)$/u.exec(words) ?? [];
    const people = Number(number.replaceAll(' ', ''));
    const per = units.get(unit);
    if (per !== undefined && people >= 1 && people <= 10_000_000) return { people, per };
    const count = /^\d+$/.test(words) ? `write ${words} per hour` : '';
    addIssue({
      message: say(`${shown(dataset.value)} is not a throttle`, `${expectedThrottle}; per minute, hour or day`, count),
    });
    return NEVER;
  }),
);

const isText = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

/** `on` is read by what `every` says. */
function scheduleComplaints(written: Readonly<Record<string, unknown>>): readonly KeyComplaint[] {
  const { every, on } = written;
  if (every !== undefined && (!isText(every) || readPeriod(String(every)) === undefined))
    return [{ key: 'every', message: periodComplaint(isText(every) ? String(every) : '') }];
  if (!isText(on)) return [];
  const schedule = readSchedule(every === undefined ? undefined : readPeriod(String(every)), String(on));
  return typeof schedule === 'string' ? [{ key: 'on', message: schedule }] : [];
}

const entries = {
  description,
  active,
  segment: segmentName,
  send: templateName,
  channels: v.optional(channelList),
  every: v.optional(text('week or month; without it: once, on a day', periods)),
  on: text('the day: 2026-12-01; with every: tuesday, 15, first tuesday', ['tuesday', 'first tuesday', '15']),
  at: v.optional(timeOfDay),
  zone: v.optional(zoneChoice),
  throttle: v.optional(throttle),
};

const hints = {
  start: say('"start" is a word of journeys', 'every:, on: and at: of a campaign', 'write on: and the day'),
  steps: say('"steps" is a word of journeys', 'send: and the template', 'write send:'),
  template: say('"template" is not a word here', 'send: and the template', 'did you mean "send"?'),
  when: say('"when" is a word of segments', 'segment: and its name', 'write the condition into a file of segments'),
  where: say('"where" is a word of journeys', 'segment: and its name', 'write the condition into a file of segments'),
  in: say('"in" is a word of conditions', 'segment: and its name', 'write segment:'),
  name: say('a campaign is named by its file', 'no name here', 'rename the file'),
};

export const campaignSchema: v.GenericSchema<unknown, WrittenCampaign> = v.pipe(
  together(fields('a campaign', entries, { hints }), scheduleComplaints),
  v.rawTransform(({ dataset, addIssue, NEVER }): WrittenCampaign => {
    const given = dataset.value;
    const schedule = readSchedule(given.every === undefined ? undefined : readPeriod(given.every), given.on);
    if (typeof schedule === 'string') {
      addIssue({ message: schedule }); // said already by scheduleComplaints
      return NEVER;
    }
    return {
      active: given.active ?? true,
      segment: given.segment,
      template: given.send,
      channels: given.channels ?? [],
      schedule,
      at: given.at ?? usualTime,
      zone: given.zone ?? 'brand',
      ...(given.throttle === undefined ? {} : { throttle: given.throttle }),
    };
  }),
);
