/**
 * Which journeys listen to which event: built once when a container loads a config, so that an event costs what listens
 * to it and not what exists.
 */
import type { Condition } from '../rules/condition.ts';
import { sendKeyOf } from '../messages/message.ts';
import type { EventPattern, Journey } from './journey.ts';

/** A journey and the content hash of the version. */
export interface VersionOf {
  readonly hash: string;
  readonly journey: Journey;
}

export interface Listeners {
  readonly starts: (eventName: string) => readonly VersionOf[];
}

export function listenersOf(versions: readonly VersionOf[]): Listeners {
  const starts = new Map<string, VersionOf[]>();
  for (const version of versions) {
    for (const name of new Set(version.journey.start.on)) starts.set(name, [...(starts.get(name) ?? []), version]);
  }
  return { starts: (eventName) => starts.get(eventName) ?? [] };
}

/** Does a run of this journey care about the event: would it end it or restart a wait? */
export const concerns = (journey: Journey, eventName: string): boolean =>
  journey.exit?.on.includes(eventName) === true || restartsOn(journey, eventName) || journey.start.on.includes(eventName);

export const restartsOn = (journey: Journey, eventName: string): boolean =>
  journey.steps.some((step) => step.kind === 'wait' && step.restartOn.includes(eventName));

/** A run that was started by a change of the cart has no subject once the cart is closed. */
export const isAboutCart = (journey: Journey): boolean => journey.start.on.includes('Cart Updated');

/** The send keys of all messages that a run of it can order. */
export const sendKeysOf = (journey: Journey, key: string): readonly string[] =>
  journey.steps.flatMap((step) =>
    step.kind === 'send' ? [sendKeyOf({ kind: 'journey', name: journey.name, step: step.label }, key)] : [],
  );

/** Does any of its conditions look at orders? Then the statistics must be loaded. */
export const usesOrders = (journey: Journey): boolean => conditionsOf(journey).some(mentionsOrders);

function conditionsOf(journey: Journey): readonly Condition[] {
  const patterns: readonly (EventPattern | undefined)[] = [journey.start, journey.exit];
  const branches = journey.steps.flatMap((step) => (step.kind === 'branch' ? [step.condition] : []));
  return [...patterns.flatMap((pattern) => pattern?.where ?? []), ...branches];
}

function mentionsOrders(condition: Condition): boolean {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.some(mentionsOrders);
    case 'not':
      return mentionsOrders(condition.of);
    case 'compare':
      return condition.path[0] === 'orders';
  }
}
