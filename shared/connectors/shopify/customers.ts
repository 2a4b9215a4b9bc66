/** Customers and their consent. `customers/delete` is taken and changes nothing yet: erasure follows with the privacy room. */
import { isObject, type Json, type JsonObject } from '../../kernel/json.ts';
import type { RawIdentifier } from '../../events/identifier.ts';
import { customerId, identifierOf } from './buyer.ts';
import { changedConsent, snapshotConsent } from './consent.ts';
import { known, read, text, type Delivery, type Saying } from './delivery.ts';

/** A customer without an account ("disabled") was made by a checkout: nobody signed up. */
export function customerSayings({ topic, body, receivedAt }: Delivery): readonly Saying[] {
  const consent = snapshotConsent({}, body, receivedAt);
  const isNew = topic === 'customers/create';
  const about = {
    resource: text(body, 'id'),
    times: isNew ? [body['created_at'], body['updated_at']] : [body['updated_at']],
    identifiers: identifiersOf(body, 'id', 'email'),
    properties: {},
  };
  const identify: Saying = {
    ...about,
    type: 'identify',
    name: 'Identify',
    traits: customerTraits(body),
    ...(consent.length === 0 ? {} : { consent }),
  };
  const hasAccount = text(body, 'state') === 'enabled';
  return isNew && hasAccount ? [identify, { ...about, type: 'track', name: 'Signed Up' }] : [identify];
}

const identifiersOf = (body: JsonObject, id: string, email: string): readonly RawIdentifier[] => [
  ...identifierOf('externalId', customerId(text(body, id))),
  ...identifierOf('email', text(body, email)),
  ...identifierOf('phone', text(body, 'phone'), text(body, 'default_address.country_code')),
];

function customerTraits(body: JsonObject): JsonObject {
  return known({
    email: text(body, 'email'),
    phone: text(body, 'phone'),
    firstName: text(body, 'first_name'),
    lastName: text(body, 'last_name'),
    locale: text(body, 'locale'),
    createdAt: text(body, 'created_at'),
    address: addressOf(body),
    tags: tagsOf(body['tags']),
  });
}

/** Empty text means that the last tag was taken away. */
const tagsOf = (tags: Json | undefined): Json | undefined =>
  typeof tags === 'string' ? tags.split(',').flatMap((tag) => tag.trim() || []) : undefined;

function addressOf(body: JsonObject): JsonObject | undefined {
  const address = read(body, 'default_address');
  if (!isObject(address)) return undefined;
  return known({
    street: text(address, 'address1'),
    city: text(address, 'city'),
    postalCode: text(address, 'zip'),
    state: text(address, 'province_code') ?? text(address, 'province'),
    country: text(address, 'country_code'),
  });
}

/** `customers_email_marketing_consent/update` and `customers_marketing_consent/update` (SMS). */
export function consentSayings({ topic, body, receivedAt }: Delivery): readonly Saying[] {
  const channel = topic === 'customers_email_marketing_consent/update' ? 'email' : 'sms';
  const statement = changedConsent(channel, body, receivedAt);
  if (statement === undefined) return [];
  const id = channel === 'email' ? 'customer_id' : 'id';
  return [
    {
      type: 'identify',
      name: 'Identify',
      resource: text(body, id),
      times: [read(body, `${channel}_marketing_consent.consent_updated_at`)],
      identifiers: identifiersOf(body, id, 'email_address'),
      properties: {},
      consent: [statement],
    },
  ];
}
