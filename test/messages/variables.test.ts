/** What templates can say: true to what shops told, closed to what attackers told (issue: a foreign URL in no mail). */
import { describe, expect, test } from 'vitest';
import type { Event } from '../../shared/events/event.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { acceptedLanguage, deviceLocale, localeOf, readLocale } from '../../shared/messages/locale.ts';
import { renderEmail } from '../../shared/messages/render.ts';
import { variablesFor, type VariableFacts } from '../../shared/messages/variables.ts';
import type { Cart } from '../../shared/profile/cart.ts';
import { aBrand, agreed, aPerson, noon } from './people.ts';

const aCart = (change: Partial<Cart> = {}): Cart => ({
  id: 'cart-1',
  also: [],
  from: 'E#0',
  openedAt: noon,
  baseAt: noon,
  changedAt: noon,
  quantity: 2,
  value: 79.8,
  currency: 'EUR',
  url: 'https://checkout.shops.example/recover?key=1',
  verified: true,
  ...change,
});

const lamp: JsonObject = {
  product_id: 'p1',
  name: 'Lampe <Soleil>',
  price: '39.90',
  url: 'https://shop.example/lampe',
  image_url: 'https://files.shops.example/lampe.jpg',
};

const facts = (change: Partial<VariableFacts> = {}): VariableFacts => ({
  now: noon,
  brand: aBrand(),
  attributes: aPerson({ traits: { firstName: 'Ada', locale: 'fr-CA' } }),
  cart: aCart(),
  lines: [{ product: lamp, quantity: 2, verified: true }],
  orders: { count: 3, total: 120.5 },
  entry: { properties: { coupon: 'ÉTÉ' }, trust: 'server' },
  links: { unsubscribe: 'https://links.example.com/l/u/token' },
  ...change,
});

test('a template finds everything under the names that are documented', () => {
  expect(variablesFor(facts())).toEqual({
    person: { firstName: 'Ada', locale: 'fr-CA', email: 'ada@example.com' },
    cart: {
      id: 'cart-1',
      value: 79.8,
      currency: 'EUR',
      quantity: 2,
      url: 'https://checkout.shops.example/recover?key=1',
      products: [
        {
          product_id: 'p1',
          name: 'Lampe <Soleil>',
          price: 39.9,
          quantity: 2,
          currency: 'EUR',
          url: 'https://shop.example/lampe',
          image_url: 'https://files.shops.example/lampe.jpg',
        },
      ],
    },
    orders: { count: 3, total: 120.5 },
    brand: { name: 'Atelier Éclair', address: '1 rue de l’Été, 75001 Paris', site: 'shop.example', url: 'https://shop.example' },
    links: { unsubscribe: 'https://links.example.com/l/u/token' },
    entry: { coupon: 'ÉTÉ' },
    locale: 'fr-CA',
    now: '2026-11-23T12:00:00.000Z',
  });
});

test('without a cart there are no products, and without an address no e-mail', () => {
  const { cart: _none, ...rest } = facts({ attributes: aPerson({ email: '' }) });
  expect(variablesFor({ ...rest, lines: [] })).toMatchObject({ cart: { products: [] }, person: {} });
});

test('a price that is none, and lists of other products, are not printed', () => {
  const product = { name: 'Lampe', price: 'gratuit', products: [{ name: 'x' }], size: { width: 3 }, colours: ['bleu'] };
  const variables = variablesFor(facts({ lines: [{ product, quantity: 1, verified: true }] }));
  expect(variables).toHaveProperty('cart.products', [{ name: 'Lampe', quantity: 1, currency: 'EUR', colours: ['bleu'] }]);
});

describe('a browser that names a foreign page', () => {
  const evil: JsonObject = {
    product_id: 'p1',
    name: 'You won! evil.com/free',
    brand: 'evil.com',
    price: 'call +33 899 12 34 56',
    url: 'https://evil.com/free',
    image_url: 'https://evil.com/pixel.png',
    currency: 'evil.com',
    products: [{ url: 'https://evil.com' }],
    extra: { url: 'https://evil.com' },
  };
  const attacked = facts({
    cart: aCart({ verified: false, url: 'https://evil.com/cart', id: 'https://evil.com' }),
    lines: [{ product: evil, quantity: 1, verified: false }],
    entry: { properties: { url: 'https://evil.com', title: 'evil.com', product: evil }, trust: 'browser' },
    attributes: aPerson({ verified: false, traits: { firstName: 'Win at evil.com', bio: 'https://evil.com', locale: 'fr' } }),
  });

  test('finds no trace of it in the mail', () => {
    const everything =
      '{{ p.name }} {{ p.url }} {{ p.image_url }} {{ p.brand }} {{ p.price }} {{ p.currency }} {{ p.extra.url }}';
    const source = `{{ person.firstName }} {{ person.bio }} {{ cart.id }} {{ cart.url }} {{ entry.url }} {{ entry.title }} {{ entry.product.url }}
      {{ entry | json }} {{ person | json }} {{ cart | json }} {% for p in cart.products %}${everything}{% endfor %}`;
    const email = { fr: { subject: `x ${source}`, html: source, text: source } };
    const rendered = renderEmail({ template: { email }, brand: aBrand(), locale: 'fr', variables: variablesFor(attacked) });
    expect(rendered.kind).toBe('rendered');
    expect(JSON.stringify(rendered)).not.toMatch(/evil|899/);
  });

  test('sees its product under a neutral name, in the language of the reader', () => {
    expect(variablesFor(attacked)).toMatchObject({ cart: { products: [{ product_id: 'p1', name: 'Article', quantity: 1 }] } });
    const english = { ...attacked, attributes: aPerson({ traits: { locale: 'en-GB' } }) };
    expect(variablesFor(english)).toMatchObject({ cart: { products: [{ name: 'Item' }] } });
  });

  test('may still name pages and images of the brand', () => {
    const product = { name: 'Lampe', url: 'https://www.shop.example/lampe', image_url: 'https://cdn.example.net/l.jpg' };
    const lines = [{ product, quantity: 1, verified: false }];
    const cart = aCart({ verified: false, url: 'https://shop.example/cart' });
    expect(variablesFor(facts({ cart, lines }))).toMatchObject({
      cart: { url: 'https://shop.example/cart', products: [product] },
    });
  });
});

test('a first name typed into a shop’s own form is no advertisement either', () => {
  const traits = { first_name: 'WIN evil.com', 'Last Name': 'www.evil.com', city: 'St.Tropez', website: 'https://ada.example/' };
  expect(variablesFor(facts({ attributes: aPerson({ traits }) }))['person']).toEqual({
    city: 'St.Tropez',
    website: 'https://ada.example/',
    email: 'ada@example.com',
  });
});

test('a name that is no text is no name, and a greeting reads well without it', () => {
  const source = '{% if person.firstName != blank %}{{ person.firstName }}, y{% else %}Y{% endif %}our cart';
  for (const firstName of [{ a: 1 }, ['Léa'], true, null]) {
    const attributes = aPerson({ traits: { firstName, address: { city: 'Lyon' } } });
    const variables = variablesFor(facts({ attributes }));
    expect(variables['person']).toEqual({ address: { city: 'Lyon' }, email: 'ada@example.com' });
    const email = { en: { subject: source, html: source, text: source } };
    expect(renderEmail({ template: { email }, brand: aBrand(), locale: 'en', variables })).toMatchObject({
      subject: 'Your cart',
      text: 'Your cart',
    });
  }
});

test('a negative price is no price', () => {
  const lines = [{ product: { name: 'Lampe', price: -5 }, quantity: 1, verified: true }];
  expect(variablesFor(facts({ lines }))).toHaveProperty('cart.products', [{ name: 'Lampe', quantity: 1, currency: 'EUR' }]);
});

describe('locales', () => {
  test.each([
    ['fr-CA', 'fr-CA'],
    ['fr_ca', 'fr-CA'],
    ['FR', 'fr'],
    ['zh-Hant-TW-u-nu-hanidec', 'zh-TW'],
    ['', undefined],
    ['not a locale', undefined],
    ['x'.repeat(500), undefined],
  ])('%s is read as %s', (text, as) => {
    expect(readLocale(text)).toBe(as);
  });

  test('of the person come before those of the brand', () => {
    const person = (locale: string | number | null) => aPerson({ traits: { locale }, consents: { 'email.marketing': agreed } });
    expect(localeOf(person('en-US'), 'fr-FR')).toBe('en-US');
    expect(localeOf(person('????'), 'fr-FR')).toBe('fr-FR');
    expect(localeOf(person(12), 'fr-FR')).toBe('fr-FR');
    expect(localeOf(aPerson(), 'fr-FR')).toBe('fr-FR');
  });

  test('are what a trait says, then what the device said, then the brand’s', () => {
    expect(localeOf(aPerson({ traits: { language: 'en' } }), 'fr-FR', 'de-DE')).toBe('en');
    expect(localeOf(aPerson({ traits: { locale: 'it-IT', language: 'en' } }), 'fr-FR', 'de-DE')).toBe('it-IT');
    expect(localeOf(aPerson({ traits: { language: 'French' } }), 'fr-FR', 'de-DE')).toBe('de-DE');
    expect(localeOf(aPerson(), 'fr-FR', 'de-DE')).toBe('de-DE');
  });

  test('of a device are those of its latest event that says one, in whatever order they are read', () => {
    const event = (id: string, occurredAt: number, locale?: string): Event => ({
      ...{ id, type: 'track', name: 'x', occurredAt, properties: {} },
      ...(locale === undefined ? {} : { context: { locale } }),
    });
    const events = [event('a', 1, 'de-DE'), event('b', 2, 'en-US'), event('c', 3, '????'), event('d', 4)];
    expect([deviceLocale(events), deviceLocale(events.toReversed()), deviceLocale([])]).toEqual(['en-US', 'en-US', undefined]);
  });

  test.each([
    ['en-GB,fr;q=0.8', 'en'],
    ['de, fr;q=0.5, en;q=0.7', 'en'],
    ['fr;q=0, en;q=0.1', 'en'],
    ['en;q=0', 'fr'],
    ['*', 'fr'],
    ['xx', 'fr'],
    [undefined, 'fr'],
    [';;;,,,q=1', 'fr'],
  ])('Accept-Language %s shows the page in %s', (header, language) => {
    expect(acceptedLanguage(header, ['fr', 'en'])).toBe(language);
  });
});
