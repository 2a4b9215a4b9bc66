/**
 * Files without a problem → the config that goes live.
 */
import type { Campaign } from '../../campaigns/campaign.ts';
import type { Channel } from '../../events/event.ts';
import type { Journey, Step } from '../../journeys/journey.ts';
import { channelsOf, type Brand, type CampaignVersion, type Config, type JourneyVersion, type Template } from '../config.ts';
import type { CampaignFile, JourneyFile, Room, Templates } from '../check/room.ts';
import { campaignVersion } from './campaign-version.ts';
import { flattenSteps } from './flatten-steps.ts';
import { inlineSegments, segmentsByName, withSegments, type Segments } from './inline-segments.ts';
import { journeyVersion } from './journey-version.ts';

/** What is switched off stays out. Everything that is named must be there. */
export function compileRoom({ journeys, segments, campaigns, templates }: Room, brand: Brand): Omit<Config, 'generation'> {
  const written = segments.flatMap(({ name, value }) => (value === undefined ? [] : [{ name, when: value.when }]));
  const conditions = segmentsByName(written);
  return {
    brand,
    segments: [...conditions].map(([name, when]) => ({ name, when })),
    journeys: journeys.flatMap((file) => journeyOf(file, templates, conditions)),
    campaigns: campaigns.flatMap((file) => campaignOf(file, templates, conditions)),
  };
}

function journeyOf({ name, value }: JourneyFile, templates: Templates, segments: Segments): readonly JourneyVersion[] {
  if (value === undefined || !value.active) return [];
  const { start, exit } = value;
  const steps = flattenSteps(value.steps).map((step) => withChannels(step, templates));
  const journey: Journey = { name, start, ...(exit === undefined ? {} : { exit }), steps };
  const used = new Set(steps.flatMap((step) => (step.kind === 'send' ? [step.template] : [])));
  return [journeyVersion(withSegments(journey, segments), needed([...used], templates))];
}

function campaignOf({ name, value }: CampaignFile, templates: Templates, segments: Segments): readonly CampaignVersion[] {
  if (value === undefined || !value.active) return [];
  const { segment, template, schedule, at, zone, throttle } = value;
  const when = inlineSegments({ kind: 'segment', segment, of: { kind: 'all', of: [] } }, segments);
  const campaign: Campaign = {
    name,
    segment,
    when: when.kind === 'segment' ? when.of : when,
    template,
    channels: channelsFor(value.channels, template, templates),
    schedule,
    at,
    zone,
    ...(throttle === undefined ? {} : { throttle }),
  };
  return [campaignVersion(campaign, needed([template], templates))];
}

const needed = (names: readonly string[], templates: Templates): readonly Template[] =>
  names.toSorted().flatMap((name) => templates.get(name)?.template ?? []);

const withChannels = (step: Step, templates: Templates): Step =>
  step.kind === 'send' ? { ...step, channels: channelsFor(step.channels, step.template, templates) } : step;

/** What names no channels takes those of its template, e-mail first. */
function channelsFor(written: readonly Channel[], name: string, templates: Templates): readonly Channel[] {
  const template = templates.get(name)?.template;
  return written.length > 0 || template === undefined ? written : channelsOf(template);
}
