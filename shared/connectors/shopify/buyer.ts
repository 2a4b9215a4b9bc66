/**
 * Who a checkout or order belongs to. The account in it may be somebody else's than the address that was typed: then
 * nothing of the account is used, because a false merge is worse than two profiles.
 */
import type { ConsentStatement } from '../../events/event.ts';
import type { RawIdentifier } from '../../events/identifier.ts';
import { isObject, type JsonObject } from '../../kernel/json.ts';
import type { Instant } from '../../kernel/time.ts';
import { snapshotConsent } from './consent.ts';
import { known, text } from './delivery.ts';

export interface Buyer {
  readonly identifiers: readonly RawIdentifier[];
  readonly traits?: JsonObject;
  readonly consent?: readonly ConsentStatement[];
}

export function buyerOf(document: JsonObject, receivedAt: Instant): Buyer {
  const account = isObject(document['customer']) ? document['customer'] : {};
  const typed = text(document, 'email') ?? text(document, 'contact_email');
  const own = text(account, 'email');
  const isOthers = typed !== undefined && own !== undefined && typed.toLowerCase() !== own.toLowerCase();
  const customer = isOthers ? {} : account;
  const country = ['billing_address', 'shipping_address', 'customer.default_address'].flatMap(
    (path) => text(document, `${path}.country_code`) ?? [],
  )[0];
  const consent = snapshotConsent(document, customer, receivedAt);
  const traits = buyerTraits(document, customer);
  return {
    identifiers: [
      ...identifierOf('externalId', customerId(text(customer, 'id'))),
      ...identifierOf('email', typed ?? own),
      ...phonesOf(document, customer).flatMap((phone) => identifierOf('phone', phone, country)),
    ],
    ...(Object.keys(traits).length === 0 ? {} : { traits }),
    ...(consent.length === 0 ? {} : { consent }),
  };
}

export const customerId = (id: string | undefined): string | undefined => (id === undefined ? undefined : `shopify:${id}`);

export const identifierOf = (
  type: RawIdentifier['type'],
  value: string | undefined,
  country?: string,
): readonly RawIdentifier[] => (value === undefined ? [] : [{ type, value, ...(country === undefined ? {} : { country }) }]);

/** Not those of addresses: they ring where the parcel goes. */
const phonesOf = (document: JsonObject, customer: JsonObject): readonly string[] => [
  ...new Set(
    [
      text(document, 'phone'),
      text(customer, 'phone'),
      document['buyer_accepts_sms_marketing'] === true ? text(document, 'sms_marketing_phone') : undefined,
    ].flatMap((phone) => phone ?? []),
  ),
];

function buyerTraits(document: JsonObject, customer: JsonObject): JsonObject {
  const isNamed = (text(customer, 'first_name') ?? text(customer, 'last_name')) !== undefined;
  const named = isNamed ? customer : document['billing_address'];
  const address = known({
    city: text(document, 'shipping_address.city'),
    postalCode: text(document, 'shipping_address.zip'),
    country: text(document, 'shipping_address.country_code'),
  });
  return known({
    firstName: text(named, 'first_name'),
    lastName: text(named, 'last_name'),
    locale: text(document, 'customer_locale'),
    address: Object.keys(address).length === 0 ? undefined : address,
  });
}
