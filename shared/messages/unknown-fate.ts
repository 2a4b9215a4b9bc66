/**
 * A provider was called and nobody knows whether it heard: may the message go out again? (Promise 2.) Pure.
 */
import type { Purpose } from '../events/event.ts';
import { minutes, seconds, type Instant } from '../kernel/time.ts';
import type { Template } from './template.ts';

/** A sender lives for 60 seconds: a younger claim may still be at work, an older one is not. */
export const lease = seconds(90);

/** How long the provider's "I took it" may be on its way. */
const feedbackTakes = minutes(15);

export interface UnknownCall {
  readonly template: { readonly purpose: Purpose; readonly repeat: Template['repeat'] };
  readonly calledAt: Instant;
  readonly now: Instant;
  /** Does the channel's provider tell afterwards that it took a message? */
  readonly tellsFeedback: boolean;
  /** When the provider took the latest message that it told us of. */
  readonly feedbackUntil: Instant;
  /** Nobody asks for this message again. */
  readonly isLastAsking: boolean;
}

/** `open`: may still be known, or proven; ask again later. */
export type Fate = 'final' | 'open' | 'repeat';

/**
 * The proof: fifteen minutes have passed, and what is told of messages that left after this one (after its sender was surely
 * gone) has arrived, so that the silence about this one is no delay.
 */
export function fateOf(call: UnknownCall): Fate {
  const { template, calledAt, now, tellsFeedback, feedbackUntil, isLastAsking } = call;
  if (template.purpose === 'marketing') return 'final';
  if (!tellsFeedback) return template.repeat === 'allowed' ? 'repeat' : 'final';
  if (now - calledAt >= feedbackTakes && feedbackUntil > calledAt + lease) return 'repeat';
  return isLastAsking ? 'final' : 'open';
}
