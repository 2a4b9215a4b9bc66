/**
 * May this message leave now? (Promise 3.) Pure, so that every refusal can be replayed and explained. The checks run from
 * what stops everything to courtesy; the first one that speaks decides, and without the consent check nothing else helps.
 */
import { hasConsent } from '../consent/consent.ts';
import type { Channel } from '../events/event.ts';
import { textOf, type Json } from '../kernel/json.ts';
import { after, isoInstant, type Duration, type Instant } from '../kernel/time.ts';
import { addressOf, traitOf, type Attributes, type HotState } from '../profile/profile.ts';
import type { DropReason } from './message.ts';
import { channelsOf, type Template } from './template.ts';

export type Verdict =
  | { readonly kind: 'send'; readonly channel: Channel; readonly to: string }
  | { readonly kind: 'drop'; readonly because: DropReason; readonly seen: Json }
  /** Not yet: what is missing may still be on its way. Decided and rendered afresh when the run's own timer asks again. */
  | { readonly kind: 'later'; readonly until: Instant; readonly because: DropReason; readonly seen: Json };

export type Refusal = Exclude<Verdict, { readonly kind: 'send' }>;

/** The way a message takes: the first of the step's channels that has an address and a template. */
export type ChannelChoice =
  | { readonly kind: 'channel'; readonly channel: Channel; readonly to: string }
  | { readonly kind: 'none'; readonly because: 'no-address' | 'no-template'; readonly seen: Json };

/** What the gate knows of what ordered the message: the run of a journey, or the occurrence of a campaign. */
export type RunFacts =
  | { readonly kind: 'missing' }
  | { readonly kind: 'ended'; readonly because: string }
  | {
      readonly kind: 'open';
      /** The send key of the step it is sending now; absent while it sends nothing. */
      readonly sendKey?: string;
      /** Every id of the cart it is about; empty when it is about none. */
      readonly carts: readonly string[];
      /** An earlier message of this same run has left: the rest is between runs, not within one. */
      readonly hasSent: boolean;
      /** Its start is so fresh until then that facts told along with it may still be under way; absent once it asks again. */
      readonly freshUntil?: Instant;
      /** The journey's rest and when its last message to the person was claimed; absent where it has none. */
      readonly rest?: { readonly duration: Duration; readonly lastMessageAt?: Instant };
    }
  /** `ended`: why it sends nothing more. */
  | { readonly kind: 'campaign'; readonly ended?: string };

/** All a decision looks at, as plain data of this moment: the active brand, the person as just loaded, the pinned template. */
export interface GateContext {
  readonly now: Instant;
  readonly brand: { readonly paused: boolean; readonly timeZone: string };
  readonly template: Pick<Template, 'purpose'>;
  readonly sendKey: string;
  readonly choice: ChannelChoice;
  readonly attributes: Pick<Attributes, 'consents'>;
  readonly hot: Pick<HotState, 'closedCarts' | 'claims'>;
  /** The chosen address has bounced for good or complained. */
  readonly suppressed: boolean;
  readonly run: RunFacts;
}

export interface Check {
  readonly name: DropReason;
  refuses(context: GateContext): Refusal | undefined;
}

const drop = (because: DropReason, seen: Json): Refusal => ({ kind: 'drop', because, seen });

/** The purpose comes from the template alone; what a journey or campaign says about itself changes nothing. */
const isMarketing = ({ template }: GateContext): boolean => template.purpose === 'marketing';

const paused: Check = {
  name: 'paused',
  refuses: (context) => (isMarketing(context) && context.brand.paused ? drop('paused', true) : undefined),
};

const journeyEnded: Check = {
  name: 'journey-ended',
  refuses: ({ run, sendKey, hot }) => {
    switch (run.kind) {
      case 'missing':
        return drop('journey-ended', 'no such run');
      case 'ended':
        return drop('journey-ended', run.because);
      case 'open': {
        if (run.sendKey !== sendKey) return drop('journey-ended', 'the run has gone on');
        const closed = run.carts.find((cart) => hot.closedCarts.includes(cart));
        return closed === undefined ? undefined : drop('journey-ended', { closedCart: closed });
      }
      case 'campaign':
        return undefined;
    }
  },
};

const campaignEnded: Check = {
  name: 'campaign-ended',
  refuses: ({ run }) => (run.kind === 'campaign' && run.ended !== undefined ? drop('campaign-ended', run.ended) : undefined),
};

const noTemplate: Check = {
  name: 'no-template',
  refuses: ({ choice }) =>
    choice.kind === 'none' && choice.because === 'no-template' ? drop('no-template', choice.seen) : undefined,
};

const noAddress: Check = {
  name: 'no-address',
  refuses: ({ choice }) =>
    choice.kind === 'none' && choice.because === 'no-address' ? drop('no-address', choice.seen) : undefined,
};

const isSuppressed: Check = {
  name: 'suppressed',
  refuses: ({ suppressed }) => (suppressed ? drop('suppressed', true) : undefined),
};

const noConsent: Check = {
  name: 'no-consent',
  refuses: (context) => {
    const { choice, attributes } = context;
    if (!isMarketing(context) || choice.kind === 'none' || hasConsent(attributes.consents, choice.channel)) return undefined;
    const known = attributes.consents[`${choice.channel}.marketing`];
    return drop(
      'no-consent',
      known === undefined ? 'never given' : { state: known.state, at: isoInstant(known.at), source: known.source },
    );
  },
};

const rest: Check = {
  name: 'rest',
  refuses: (context) => {
    const { run, now, brand, hot, sendKey } = context;
    if (!isMarketing(context) || run.kind !== 'open' || run.hasSent || run.rest?.lastMessageAt === undefined) return undefined;
    const { duration, lastMessageAt } = run.rest;
    const claimedByItself = hot.claims.some((claim) => claim.sendKey === sendKey && claim.at === lastMessageAt);
    const until = after(lastMessageAt, duration, brand.timeZone);
    if (claimedByItself || now >= until) return undefined;
    return drop('rest', { lastMessage: isoInstant(lastMessageAt), restsUntil: isoInstant(until) });
  },
};

/**
 * A batch may tell `Signed Up` before it tells who that is, and a queue may deliver the two in either order: an address that
 * is not known, or a consent that was never stated, is no answer yet. Whoever said no has answered.
 */
function mayStillBeTold({ run, now, choice, attributes }: GateContext, because: DropReason): Instant | undefined {
  if (run.kind !== 'open' || run.freshUntil === undefined || now >= run.freshUntil) return undefined;
  const isUnstated = choice.kind === 'channel' && attributes.consents[`${choice.channel}.marketing`] === undefined;
  return because === 'no-address' || (because === 'no-consent' && isUnstated) ? run.freshUntil : undefined;
}

/** In the order in which they speak. */
export const checks: readonly Check[] = [
  paused,
  journeyEnded,
  campaignEnded,
  noTemplate,
  noAddress,
  isSuppressed,
  noConsent,
  rest,
];

/** The list of checks is an argument so that a test can leave one out and see that it is missed. */
export function gate(context: GateContext, list: readonly Check[] = checks): Verdict {
  for (const check of list) {
    const refusal = check.refuses(context);
    if (refusal === undefined) continue;
    const until = mayStillBeTold(context, refusal.because);
    return until === undefined ? refusal : { ...refusal, kind: 'later', until };
  }
  const { choice } = context;
  return choice.kind === 'none' ? drop(choice.because, choice.seen) : { kind: 'send', channel: choice.channel, to: choice.to };
}

/**
 * The first of the step's channels for which the person has an address and the template has content. Consent plays no
 * part: a person who refused e-mail is not written to by SMS instead.
 */
export function chooseChannel(wanted: readonly Channel[], template: Template | undefined, attributes: Attributes): ChannelChoice {
  const made = template === undefined ? [] : channelsOf(template);
  const usable = wanted.filter((channel) => made.includes(channel));
  for (const channel of usable) {
    const to = addressFor(channel, attributes);
    if (to !== undefined) return { kind: 'channel', channel, to };
  }
  if (usable.length === 0) return { kind: 'none', because: 'no-template', seen: [...wanted] };
  const inVain = usable.flatMap((channel) => toldInVain(channel, attributes) ?? []);
  return { kind: 'none', because: 'no-address', seen: inVain.length > 0 ? inVain.join('; ') : [...wanted] };
}

/** Told, and left out: whoever looks for it in vain must not read that nobody told it. */
function toldInVain(channel: Channel, attributes: Attributes): string | undefined {
  const isTold = (trait: string): boolean => textOf(traitOf(attributes, trait)) !== undefined;
  switch (channel) {
    case 'email':
      return isTold('email') ? 'the e-mail told is no address, or somebody else’s' : undefined;
    case 'sms':
      return isTold('phone') ? 'the phone told is no number, or somebody else’s' : undefined;
    case 'push':
      return undefined;
  }
}

function addressFor(channel: Channel, attributes: Attributes): string | undefined {
  switch (channel) {
    case 'email':
      return addressOf(attributes, 'email');
    case 'sms':
      return addressOf(attributes, 'phone');
    case 'push':
      return undefined; // device tokens are no identifiers yet
  }
}
