/**
 * What a template can say `{{ … }}` to: the person, the cart, the orders, the brand, our links and the event that started
 * the run. Everything strangers wrote has passed printable.ts before it stands here.
 */
import type { Trust } from '../events/event.ts';
import { amountOf, isObject, textOf, type Json, type JsonObject } from '../kernel/json.ts';
import { isoInstant, type Instant } from '../kernel/time.ts';
import type { CartLine } from '../profile/cart-lines.ts';
import type { Cart } from '../profile/cart.ts';
import { addressOf, type Attributes } from '../profile/profile.ts';
import { localeOf } from './locale.ts';
import { looksLikeLink, printable, printableObject, printableText, printableUrl } from './printable.ts';

/** The part of brand.yaml that mails speak with. */
export interface BrandVoice {
  readonly name: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly currency: string;
  /** Hosts; the first one is where the shop is. */
  readonly site: readonly string[];
  readonly address: string;
}

export interface VariableFacts {
  readonly now: Instant;
  readonly brand: BrandVoice;
  readonly attributes: Attributes;
  /** From `deviceLocale`. */
  readonly deviceLocale?: string;
  readonly cart?: Cart;
  /** Lines of that cart. */
  readonly lines: readonly CartLine[];
  readonly orders: { readonly count: number; readonly total?: number };
  /** The event that started the run: its properties, and who told it. */
  readonly entry: {
    readonly properties: JsonObject;
    readonly trust: Trust;
    /** Of the events whose count started it, newest first. */
    readonly products?: readonly CartLine[];
  };
  readonly links: { readonly unsubscribe: string };
}

/**
 * Plain data for Liquid. Names: `person.<trait>` as the source named it, `person.email`, `cart.{id, value, currency,
 * quantity, url, products}`, `orders.{count, total}`, `brand.{name, address, site, url}`, `links.unsubscribe`,
 * `entry.<property>` (and `entry.products` where a count started the run), `locale`, `now` (ISO 8601). What is missing prints nothing; what is of several currencies has no `value` and no `total`.
 */
export function variablesFor(facts: VariableFacts): JsonObject {
  const { attributes, brand, links, orders } = facts;
  const [shop = ''] = brand.site;
  const locale = localeOf(attributes, brand.locale, facts.deviceLocale);
  return {
    person: personOf(attributes, brand.site),
    cart: cartOf(facts, locale),
    orders: { count: orders.count, ...(orders.total === undefined ? {} : { total: orders.total }) },
    brand: { name: brand.name, address: brand.address, site: shop, url: shop === '' ? '' : `https://${shop}` },
    links: { unsubscribe: links.unsubscribe },
    entry: entryOf(facts, locale),
    locale,
    now: isoInstant(facts.now),
  };
}

/**
 * Traits that are typed by whoever fills in a form, also where a shop's server passes them on. Nobody is called
 * `evil.com`, so a name that looks like a link is not printed, whoever told it. Nor is one that is no text: it would print
 * nothing, and a template that asks for it would still greet by it.
 */
const personalNames = new Set([
  'name',
  'firstname',
  'lastname',
  'middlename',
  'fullname',
  'displayname',
  'username',
  'nickname',
  'title',
  'company',
]);
const isPersonalName = (trait: string): boolean => personalNames.has(trait.toLowerCase().replaceAll(/[^a-z]/g, ''));

function personOf(attributes: Attributes, hosts: readonly string[]): JsonObject {
  const person: Record<string, Json> = {};
  for (const [name, { value, verified }] of Object.entries(attributes.traits)) {
    const kept = printable(value, { trusted: verified, hosts });
    if (kept === undefined || (isPersonalName(name) && (typeof kept !== 'string' || looksLikeLink(kept)))) continue;
    person[name] = kept;
  }
  const email = addressOf(attributes, 'email');
  return email === undefined ? person : { ...person, email };
}

function entryOf({ entry, brand }: VariableFacts, locale: string): JsonObject {
  const told = printableObject(entry.properties, { trusted: entry.trust === 'server', hosts: brand.site });
  if (entry.products === undefined) return told;
  return { ...told, products: entry.products.map((line) => productOf(line, brand.site, brand.currency, locale)) };
}

function cartOf({ cart, lines, brand }: VariableFacts, locale: string): JsonObject {
  if (cart === undefined) return { products: [] };
  const url = cart.url === undefined ? undefined : printableUrl(cart.url, { trusted: cart.verified, hosts: brand.site });
  const currency = cart.currency ?? brand.currency;
  return {
    id: printableText(cart.id, { trusted: cart.verified, hosts: brand.site }) ?? '',
    ...(cart.value === undefined ? {} : { value: cart.value }),
    currency,
    quantity: cart.quantity,
    ...(url === undefined ? {} : { url }),
    products: lines.map((line) => productOf(line, brand.site, currency, locale)),
  };
}

/** What a product is called when its own name, told by a browser, cannot be printed (it looks like a link). */
const neutralNames: Readonly<Record<string, string>> = {
  fr: 'Article',
  en: 'Item',
  de: 'Artikel',
  es: 'Artículo',
  it: 'Articolo',
  nl: 'Artikel',
};
const neutralName = (locale: string): string => neutralNames[locale.split('-')[0] ?? ''] ?? 'Item';

/** The product's own properties, of which `name`, `price`, `quantity` and `currency` always hold what their name says. */
function productOf(
  { product, quantity, currency: own, verified }: CartLine,
  hosts: readonly string[],
  currency: string,
  locale: string,
): JsonObject {
  const told = printableObject(product, { trusted: verified, hosts });
  const price = amountOf(product['price']);
  return {
    ...without(told, ['products', 'price']),
    name: textOf(told['name']) ?? neutralName(locale),
    ...(price === undefined ? {} : { price }),
    quantity,
    currency: own ?? currency,
  };
}

const without = (value: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([name, held]) => !names.includes(name) && !isObject(held)));
