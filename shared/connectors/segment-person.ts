/**
 * Who a Segment call is about and what it says about consent. Read leniently, so that a call that is refused for another
 * reason is still found by erasure.
 */
import { channels, type Channel, type ConsentStatement } from '../events/event.ts';
import type { RawIdentifier } from '../events/identifier.ts';
import { at, isObject, textOf, type Json, type JsonObject } from '../kernel/json.ts';

/**
 * Ids of the call itself, then what its traits say. Traits of a group describe the group, so they name nobody. `loyaltyId`
 * and `loyalty_id` are our extension of the spec's reserved traits.
 */
export function identifiersOf(call: Json, type: string | undefined, source?: string): readonly RawIdentifier[] {
  if (!isObject(call)) return [];
  const traits = type === 'group' ? [] : [call['traits']];
  return [
    ...named('userId', call['userId']).map((id) => ofSource(id, source)),
    ...named('anonymousId', call['anonymousId']),
    ...[...traits, at(call, ['context', 'traits'])].filter(isObject).flatMap(traitIdentifiers),
  ];
}

function traitIdentifiers(traits: JsonObject): readonly RawIdentifier[] {
  const country = textOf(at(traits, ['address', 'country']));
  const phones = named('phone', traits['phone']).map((phone) => (country === undefined ? phone : { ...phone, country }));
  return [
    ...named('email', traits['email']),
    ...phones,
    ...named('loyaltyId', traits['loyaltyId']),
    ...named('loyaltyId', traits['loyalty_id']),
  ];
}

const named = (type: RawIdentifier['type'], value: Json | undefined): readonly RawIdentifier[] => {
  const text = typeof value === 'boolean' ? undefined : textOf(value);
  return text === undefined ? [] : [{ type, value: text }];
};

const ofSource = (id: RawIdentifier, source: string | undefined): RawIdentifier =>
  source === undefined ? id : { ...id, source };

/**
 * Who an alias was before. The spec lets `previousId` be a user id or an anonymous id and does not say which, so both are
 * asked; a call that names it as its own anonymous id answers. An id that is also the new one says nothing (seen from browsers).
 */
export function previousIds(
  previousId: string,
  { userId, anonymousId }: { readonly userId: string; readonly anonymousId?: string | null | undefined },
  source?: string,
): readonly RawIdentifier[] {
  if (previousId === anonymousId) return [{ type: 'anonymousId', value: previousId }];
  if (previousId === userId) return [];
  return [ofSource({ type: 'userId', value: previousId }, source), { type: 'anonymousId', value: previousId }];
}

export type ConsentReading =
  | { readonly kind: 'read'; readonly statements: readonly ConsentStatement[] }
  | { readonly kind: 'unclear'; readonly problem: string };

/**
 * `traits.consent = { email: true, sms: false }`, with source and wording in `context.consent`. What is neither true nor
 * false, or names no channel, is refused: guessing could drop an opt-out (promise 3).
 */
export function consentOf(consent: Json | undefined, shown: Json | undefined): ConsentReading {
  if (consent === undefined || consent === null) return { kind: 'read', statements: [] };
  if (!isObject(consent)) return { kind: 'unclear', problem: 'traits.consent must be an object such as { "email": true }' };
  const source = textOf(at(shown, ['source']));
  const wording = textOf(at(shown, ['wording']));
  const statements: ConsentStatement[] = [];
  for (const [name, said] of Object.entries(consent)) {
    const channel = channels.find((known) => known === name);
    if (channel === undefined)
      return { kind: 'unclear', problem: `traits.consent knows ${channels.join(', ')}, not \`${name.slice(0, 40)}\`` };
    if (said === null) continue;
    if (typeof said !== 'boolean') return { kind: 'unclear', problem: `traits.consent.${channel} must be true or false` };
    statements.push(statement(channel, said, source, wording));
  }
  return { kind: 'read', statements };
}

const statement = (
  channel: Channel,
  said: boolean,
  source: string | undefined,
  wording: string | undefined,
): ConsentStatement => ({
  channel,
  state: said ? 'granted' : 'withdrawn',
  kind: 'statement',
  ...(source === undefined ? {} : { source }),
  ...(wording === undefined ? {} : { wording }),
});
