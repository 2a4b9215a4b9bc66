/** Whom Shopify's documents name and what they say about consent: a false merge or a false opt-in is the worst they can do. */
import { describe, expect, test } from 'vitest';
import { shopify } from '../../shared/connectors/shopify.ts';
import { isObject, type JsonObject } from '../../shared/kernel/json.ts';
import { delivery, recordedBody } from './shopify-requests.ts';

const receivedAt = Date.parse('2026-11-23T12:00:00Z');
const all = (topic: string, body: JsonObject) => shopify.translate(delivery(topic, body), receivedAt).told;
const told = (topic: string, changes: JsonObject = {}) => all(topic, recordedBody(topic, changes))[0]!;
const withCustomer = (changes: JsonObject): JsonObject => {
  const { customer } = recordedBody('checkouts/create');
  return { ...(isObject(customer) ? customer : {}), ...changes };
};
const named = (topic: string, changes: JsonObject) =>
  told(topic, changes)
    .identifiers.filter(({ type }) => type !== 'reference')
    .map(({ type, value }) => `${type} ${value}`);

describe('who is buying', () => {
  test('an account whose address is not the one that was typed is somebody else', () => {
    const { event } = told('checkouts/create', { customer: withCustomer({ phone: '+16135550100', accepts_marketing: true }) });
    expect(named('checkouts/create', { customer: withCustomer({ phone: '+16135550100' }) })).toEqual(['email example@email.com']);
    expect(event.traits).toMatchObject({ firstName: 'Bob', lastName: 'Biller' });
    expect(event.consent).toBeUndefined();
  });

  test('an account with the same address in other letters is the buyer', () => {
    const customer = withCustomer({ phone: '+16135550100' });
    expect(named('checkouts/create', { email: 'John@Example.com ', customer })).toEqual([
      'externalId shopify:603851970716743400',
      'email John@Example.com',
      'phone +16135550100',
    ]);
  });

  test.each<[string, JsonObject, readonly string[]]>([
    [
      'typed before given for contact',
      { email: 'a@example.com', contact_email: 'b@example.com', customer: null },
      ['email a@example.com'],
    ],
    ['given for contact', { email: '', contact_email: 'b@example.com', customer: null }, ['email b@example.com']],
    ['of the account', { email: null, contact_email: null }, ['externalId shopify:603851970716743400', 'email john@example.com']],
    ['none', { email: null, customer: null }, []],
  ])('the address is %s', (_what, changes, expected) => {
    expect(named('checkouts/create', changes)).toEqual(expected);
  });

  test('the phones of addresses ring where the parcel goes: they name nobody', () => {
    expect(named('checkouts/create', { email: 'john@example.com' }).some((identifier) => identifier.startsWith('phone'))).toBe(
      false,
    );
  });

  test('a national phone is read in the country of billing, shipping or account, in this order', () => {
    const phoneOf = (changes: JsonObject) =>
      told('checkouts/create', { phone: '0612345678', ...changes }).identifiers.find(({ type }) => type === 'phone');
    expect(phoneOf({})).toMatchObject({ country: 'US' });
    expect(phoneOf({ billing_address: null, shipping_address: null })).toMatchObject({ country: 'CA' });
    expect(phoneOf({ billing_address: null, shipping_address: null, customer: null })).toEqual({
      type: 'phone',
      value: '0612345678',
    });
  });
});

describe('consent in a checkout or order', () => {
  const consent = (changes: JsonObject) => told('checkouts/create', { email: 'john@example.com', ...changes }).event.consent;
  const account = (email_marketing_consent: JsonObject | null, more: JsonObject = {}) => ({
    customer: withCustomer({ email_marketing_consent, ...more }),
  });
  const time = '2026-05-01T10:00:00Z';

  test.each<[string, JsonObject]>([
    ['nothing was ticked', { buyer_accepts_marketing: false }],
    ['the account did not opt in', account({ state: 'not_subscribed' })],
    ['a double opt-in waits for its second half', { buyer_accepts_marketing: true, ...account({ state: 'pending' }) }],
    ['the account opted out, nobody knows when', { buyer_accepts_marketing: true, ...account({ state: 'unsubscribed' }) }],
    ['the account has a state we do not know', { buyer_accepts_marketing: true, ...account({ state: 'new-state' }) }],
    ['a box was ticked for SMS without a number', { buyer_accepts_sms_marketing: true, sms_marketing_phone: null }],
    ['the box holds text', { buyer_accepts_marketing: 'true' }],
  ])('says nothing when %s', (_what, changes) => {
    expect(consent(changes)).toBeUndefined();
  });

  test.each<[string, JsonObject, JsonObject]>([
    ['a ticked box', { buyer_accepts_marketing: true }, { state: 'granted', source: 'shopify checkout' }],
    [
      'a subscribed account',
      account({ state: 'subscribed', consent_updated_at: time }),
      { state: 'granted', at: Date.parse(time) },
    ],
    ['a subscribed account without a time', account({ state: 'SUBSCRIBED' }), { state: 'granted' }],
    [
      'the older flag',
      account(null, { accepts_marketing: true, accepts_marketing_updated_at: time }),
      { state: 'granted', at: Date.parse(time) },
    ],
    [
      'an opt-out with its time, also against a ticked box',
      { buyer_accepts_marketing: true, ...account({ state: 'unsubscribed', consent_updated_at: time }) },
      { state: 'withdrawn', at: Date.parse(time) },
    ],
  ])('is a snapshot of %s', (_what, changes, expected) => {
    expect(consent(changes)).toEqual([{ channel: 'email', kind: 'snapshot', ...expected }]);
  });

  test('for SMS names the number it is for', () => {
    const { identifiers, event } = told('checkouts/create', {
      buyer_accepts_sms_marketing: true,
      sms_marketing_phone: '+16135550100',
    });
    expect(event.consent).toEqual([{ channel: 'sms', state: 'granted', kind: 'snapshot', source: 'shopify checkout' }]);
    expect(identifiers).toContainEqual({ type: 'phone', value: '+16135550100', country: 'US' });
  });
});

describe('customers', () => {
  test('are identified with the traits of the spec', () => {
    const { identifiers, event } = told('customers/update', {
      phone: '+16135550100',
      tags: 'vip, early bird,',
      updated_at: '2026-11-20T10:00:00Z',
      created_at: '2026-01-01T10:00:00Z',
      default_address: {
        address1: '123 Elm St.',
        city: 'Ottawa',
        zip: 'K2H7A8',
        province_code: 'ON',
        country_code: 'CA',
        phone: '123-123-1234',
      },
    });
    expect(identifiers).toEqual([
      { type: 'externalId', value: 'shopify:706405506930370000' },
      { type: 'email', value: 'bob@biller.com' },
      { type: 'phone', value: '+16135550100', country: 'CA' },
    ]);
    expect(event).toMatchObject({ type: 'identify', name: 'Identify', occurredAt: Date.parse('2026-11-20T10:00:00Z') });
    expect(event.traits).toEqual({
      email: 'bob@biller.com',
      phone: '+16135550100',
      firstName: 'Bob',
      lastName: 'Biller',
      createdAt: '2026-01-01T10:00:00Z',
      address: { street: '123 Elm St.', city: 'Ottawa', postalCode: 'K2H7A8', state: 'ON', country: 'CA' },
      tags: ['vip', 'early bird'],
    });
    expect(event.consent).toEqual([{ channel: 'email', state: 'granted', kind: 'snapshot' }]);
  });

  test('lose their tags when the last one is taken away, and keep them when none are told', () => {
    expect(told('customers/update', { tags: '' }).event.traits).toMatchObject({ tags: [] });
    expect(told('customers/update', { tags: null }).event.traits).not.toHaveProperty('tags');
  });

  test('sign up when they have an account, not when a checkout made them', () => {
    const names = (topic: string, state: string) => all(topic, recordedBody(topic, { state })).map(({ event }) => event.name);
    expect(names('customers/create', 'disabled')).toEqual(['Identify']);
    expect(names('customers/create', 'enabled')).toEqual(['Identify', 'Signed Up']);
    expect(names('customers/update', 'enabled')).toEqual(['Identify']);
    const ids = all('customers/create', recordedBody('customers/create', { state: 'enabled' })).map(({ event }) => event.id);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('the consent topics', () => {
  const email = (state: string | null) => ({
    customer_id: 706_405_506_930,
    email_address: 'bob@biller.com',
    email_marketing_consent: { state, consent_updated_at: '2026-11-20T10:00:00Z', opt_in_level: 'single_opt_in' },
  });
  const sms = (state: string | null) => ({
    id: 706_405_506_930,
    phone: '+16135550100',
    sms_marketing_consent: { state, consent_updated_at: '2026-11-20T10:00:00Z', consent_collected_from: 'SHOPIFY' },
  });
  const at = Date.parse('2026-11-20T10:00:00Z');

  test.each([
    ['subscribed', 'granted'],
    ['unsubscribed', 'withdrawn'],
    ['redacted', 'withdrawn'],
  ])('%s is a statement: %s', (state, meaning) => {
    const [byEmail] = all('customers_email_marketing_consent/update', email(state));
    expect(byEmail?.event.consent).toEqual([{ channel: 'email', state: meaning, kind: 'statement', at }]);
    expect(byEmail?.event).toMatchObject({ occurredAt: at, statedAt: at });
    expect(byEmail?.identifiers.map(({ value }) => value)).toEqual(['shopify:706405506930', 'bob@biller.com']);
    const [bySms] = all('customers_marketing_consent/update', sms(state));
    expect(bySms?.event.consent).toEqual([{ channel: 'sms', state: meaning, kind: 'statement', at, source: 'shopify shopify' }]);
    expect(bySms?.identifiers.map(({ value }) => value)).toEqual(['shopify:706405506930', '+16135550100']);
  });

  test.each(['not_subscribed', 'pending', 'invalid', null])('%s says nothing', (state) => {
    expect(all('customers_email_marketing_consent/update', email(state))).toEqual([]);
    expect(all('customers_marketing_consent/update', sms(state))).toEqual([]);
  });

  test('the recorded delivery says nothing', () => {
    expect(all('customers_marketing_consent/update', recordedBody('customers_marketing_consent/update'))).toEqual([]);
  });
});
