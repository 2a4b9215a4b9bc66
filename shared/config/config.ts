/**
 * All of config/ after check and compile: the one shape the functions read. JSON all through, so that it can be hashed,
 * deflated, stored in the table and pinned by people in flight.
 */
import type { Campaign } from '../campaigns/campaign.ts';
import type { Journey } from '../journeys/journey.ts';
import type { Template } from '../messages/template.ts';
import type { Segment } from '../rules/segment.ts';

export interface Brand {
  readonly name: string;
  readonly maturity: 1 | 2 | 3 | 4;
  /** BCP 47, such as `fr-FR`: for people whose own locale is not known. */
  readonly locale: string;
  readonly timeZone: string;
  /** ISO 3166-1 alpha-2: how national phone numbers are read. */
  readonly country: string;
  readonly currency: string;
  readonly sender: {
    readonly name: string;
    readonly email: string;
    /** Where transactional messages come from, so that what people are owed does not suffer from what they are offered. */
    readonly transactional?: string;
    readonly replyTo?: string;
    /** What a phone shows as the sender of an SMS: 3 to 11 letters and digits. There wherever a template has an SMS. */
    readonly sms?: string;
  };
  /** Hosts whose links and images may be printed even when a browser's claim named them; the first one is where "the shop" is. */
  readonly site: readonly string[];
  /** Foot of every marketing e-mail. */
  readonly address: string;
  readonly paused: boolean;
}

export { channelsOf, type EmailTemplate, type SmsTemplate, type Template } from '../messages/template.ts';

/** A journey with its templates: one item, named by the hash of its content. People in flight keep the version they run. */
export interface JourneyVersion {
  readonly hash: string;
  readonly journey: Journey;
  readonly templates: Readonly<Record<string, Template>>;
}

/** A campaign with its template, the same way. */
export interface CampaignVersion {
  readonly hash: string;
  readonly campaign: Campaign;
  readonly templates: Readonly<Record<string, Template>>;
}

/** What is live. `generation` only rises. */
export interface Config {
  readonly generation: number;
  readonly brand: Brand;
  /** For look-ups and explanations; journeys and campaigns carry the conditions of theirs. */
  readonly segments: readonly Segment[];
  readonly journeys: readonly JourneyVersion[];
  readonly campaigns: readonly CampaignVersion[];
}
