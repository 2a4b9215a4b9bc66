/**
 * Campaigns as they are read back from the table: what was published, what is under way, and the pages of an occurrence.
 * A shape that this version does not know is refused, loudly, instead of writing to the wrong people.
 */
import * as v from 'valibot';
import type { Campaign, Schedule } from '../../campaigns/campaign.ts';
import type { Occurrence, Page, PastOccurrence, Queued } from '../../campaigns/occurrence.ts';
import type { CampaignVersion } from '../../config/config.ts';
import { channels } from '../../events/event.ts';
import type { DirectoryPlace } from '../../profile/directory.ts';
import { condition, type Shape, type Shapes } from './condition-shape.ts';
import { decode, template } from './config-shape.ts';

const whole = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const weekday = whole(1, 7);
const instants = v.array(v.number());

const schedules: Shapes<Schedule, 'kind'> = {
  once: v.strictObject({ kind: v.literal('once'), day: v.string() }),
  week: v.strictObject({ kind: v.literal('week'), weekday }),
  'month-day': v.strictObject({ kind: v.literal('month-day'), day: whole(1, 31) }),
  'month-weekday': v.strictObject({ kind: v.literal('month-weekday'), nth: v.picklist([1, 2, 3, 4, -1]), weekday }),
};

const campaign: Shape<Campaign> = v.strictObject({
  name: v.string(),
  segment: v.string(),
  when: condition,
  template: v.string(),
  channels: v.array(v.picklist(channels)),
  schedule: v.union(Object.values(schedules)),
  at: whole(0, 1_439),
  zone: v.picklist(['brand', 'recipient']),
  throttle: v.exactOptional(v.strictObject({ people: whole(1, Infinity), per: v.picklist(['minute', 'hour', 'day']) })),
});

const campaignVersion: Shape<CampaignVersion> = v.strictObject({
  hash: v.string(),
  campaign,
  templates: v.record(v.string(), template),
});

export const decodeCampaignVersion = (value: unknown, hash: string): CampaignVersion =>
  decode(campaignVersion, value, `campaign ${hash}`);

const occurrenceFields = {
  campaign: v.string(),
  day: v.string(),
  version: v.string(),
  at: v.number(),
  begunAt: v.number(),
  waves: instants,
  pausedSince: v.exactOptional(v.number()),
};
const occurrences: Shape<readonly Occurrence[]> = v.array(v.strictObject(occurrenceFields));

const past: Shape<PastOccurrence> = v.strictObject({
  ...occurrenceFields,
  endedAt: v.number(),
  because: v.picklist(['done', 'removed', 'paused', 'stalled']),
});

const place: Shape<DirectoryPlace> = v.strictObject({ shard: whole(0, 63), after: v.exactOptional(v.string()) });
const stretchFields = { next: v.exactOptional(place) };

/** What of a page its key does not say. */
export type PageBody = Pick<Page, 'people' | keyof typeof stretchFields>;
const page: Shape<PageBody> = v.strictObject({ people: v.array(v.string()), ...stretchFields });

const queued: Shape<Queued> = v.strictObject({
  firstAt: v.number(),
  at: v.number(),
  asked: v.number(),
  members: v.number(),
  ...stretchFields,
});

export const decodeOccurrences = (value: unknown): readonly Occurrence[] => decode(occurrences, value, 'what is under way');
export const decodePast = (value: unknown): PastOccurrence => decode(past, value, 'a past campaign');
export const decodePage = (value: unknown): PageBody => decode(page, value, 'a page of a campaign');
export const decodeQueued = (value: unknown): Queued => decode(queued, value, 'the progress of a campaign');
