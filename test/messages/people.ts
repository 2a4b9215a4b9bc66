/** A customer and a brand, for the tests of messages. */
import type { ConsentState } from '../../shared/consent/consent.ts';
import type { Json } from '../../shared/kernel/json.ts';
import type { BrandVoice } from '../../shared/messages/variables.ts';
import { newAttributes, type Attributes } from '../../shared/profile/profile.ts';

export const noon = Date.parse('2026-11-23T12:00:00Z');

export const agreed: ConsentState = { state: 'granted', at: noon - 86_400_000, source: 'newsletter form' };
export const withdrawn: ConsentState = { ...agreed, state: 'withdrawn' };

export const aBrand = (change: Partial<BrandVoice> = {}): BrandVoice => ({
  name: 'Atelier Éclair',
  locale: 'fr-FR',
  timeZone: 'Europe/Paris',
  currency: 'EUR',
  site: ['shop.example', 'cdn.example.net'],
  address: '1 rue de l’Été, 75001 Paris',
  ...change,
});

export interface Told {
  readonly email?: string;
  /** E.164; none unless it is given. */
  readonly phone?: string;
  readonly verified?: boolean;
  readonly traits?: Readonly<Record<string, Json>>;
  readonly consents?: Attributes['consents'];
}

export const aPerson = ({
  email = 'ada@example.com',
  phone,
  verified = true,
  traits = {},
  consents = { 'email.marketing': agreed },
}: Told = {}): Attributes => ({
  ...newAttributes(noon),
  identifiers: [
    ...(email === '' ? [] : [{ type: 'email' as const, value: email, verified, since: noon }]),
    ...(phone === undefined ? [] : [{ type: 'phone' as const, value: phone, verified, since: noon }]),
  ],
  traits: Object.fromEntries(Object.entries(traits).map(([name, value]) => [name, { value, at: noon, verified }])),
  consents,
});
