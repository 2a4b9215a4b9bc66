/** E-mails keep their Liquid through MJML, read well in HTML and in text, and greet people properly. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkConfig, checkFiles } from '../../shared/config/check-config.ts';
import { textOfHtml } from '../../shared/config/compile/email-text.ts';
import type { Brand, EmailTemplate, Template } from '../../shared/config/config.ts';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { renderEmail } from '../../shared/messages/render.ts';
import { email, smallConfig } from './small-config.ts';

async function emailOf(files: Readonly<Record<string, string>>): Promise<EmailTemplate> {
  const checked = await checkFiles(smallConfig(files));
  if (checked.kind === 'bad') throw new Error(JSON.stringify(checked.problems));
  return checked.config.journeys[0]!.templates['rappel']!.email['fr']!;
}

const withBody = (body: string) =>
  emailOf({ 'templates/rappel/email.fr.mjml': email.replace(/<mj-text>Bonjour.*<\/mj-text>/, body) });

describe('a compiled e-mail', () => {
  test('keeps Liquid in text, attributes and between elements', async () => {
    const { html } = await withBody(`<mj-raw>{% for product in cart.products %}</mj-raw>
      <mj-image src="{{ product.image_url | default: brand.url }}" alt="{{ product.name }}" width="96px" />
      <mj-text>{% if product.quantity > 1 and product.price < 9 %}{{ product.name | upcase }}{% endif %}</mj-text>
      <mj-button href="{{ product.url | default: brand.url }}">{{ product.price | money: cart.currency | default: product.name }}</mj-button>
      <mj-raw>{% endfor %}</mj-raw>`);
    for (const tag of [
      '{% for product in cart.products %}',
      'src="{{ product.image_url | default: brand.url }}"',
      '{% if product.quantity > 1 and product.price < 9 %}{{ product.name | upcase }}{% endif %}',
      'href="{{ product.url | default: brand.url }}"',
      '{{ product.price | money: cart.currency | default: product.name }}',
      '{% endfor %}',
    ]) {
      expect(html).toContain(tag);
    }
  });

  test('asks no third party for fonts', async () => {
    const { html } = await withBody('<mj-text font-family="Roboto">Bonjour</mj-text>');
    expect(html).not.toMatch(/fonts\.googleapis|@import/);
  });

  test('has a text part with links, made from the HTML', async () => {
    const { text } = await withBody(
      '<mj-text>Bonjour&nbsp;! 3 &lt; 4 &amp; 5</mj-text><mj-button href="{{ cart.url | default: brand.url }}">Mon panier</mj-button>',
    );
    expect(text).toBe(
      'Bonjour\u00a0! 3 < 4 & 5\n\nMon panier ({{ cart.url | default: brand.url }})\n\nSe désinscrire ({{ links.unsubscribe }})',
    );
  });

  test('has the text part that somebody wrote', async () => {
    expect(
      (
        await emailOf({
          'templates/rappel/email.fr.txt': '\nBonjour {{ person.firstName | default: "toi" }} !\n{{ links.unsubscribe }}\n',
        })
      ).text,
    ).toBe('Bonjour {{ person.firstName | default: "toi" }} !\n{{ links.unsubscribe }}');
  });

  test('takes its shared parts in, and parts of parts', async () => {
    const { html } = await emailOf({
      'templates/rappel/email.fr.mjml': email.replace(
        '<mj-text>Bonjour',
        '<mj-include path="../_layout/a.mjml" />\n<mj-text>Bonjour',
      ),
      'templates/_layout/a.mjml':
        '<mj-text>premier</mj-text><mj-include path="./b.mjml"></mj-include><!-- <mj-include path="/etc/passwd" /> -->',
      'templates/_layout/b.mjml': '<mj-text>second</mj-text>',
    });
    expect(html).toMatch(/premier[\s\S]*second[\s\S]*Bonjour/);
  });
});

test.each([
  [
    'tags that stand alone leave no empty line',
    '<p>A</p>{% if x %}<p>B</p>{% endif %}<p>C</p>',
    'A\n\n{% if x %}B\n\n{% endif %}C',
  ],
  ['a link that shows its address says it once', '<a href="https://a.fr">https://a.fr</a>', 'https://a.fr'],
  ['a Liquid link that shows its address says it once', '<a href="{{ brand.url }}">{{ brand.url }}</a>', '{{ brand.url }}'],
  ['titles are not shouted', '<h1>Bonjour {{ person.firstName }}</h1>', 'Bonjour {{ person.firstName }}'],
  ['comments for Outlook are not read', '<!--[if mso]><p>{{ x }}</p><![endif]--><p>A</p>', 'A'],
])('in text, %s', (_what, html, text) => {
  expect(textOfHtml(html)).toBe(text);
});

describe('the stock e-mails', () => {
  let brand: Brand;
  let templates: readonly Template[];
  beforeAll(async () => {
    const checked = await checkConfig(fileURLToPath(new URL('../../config', import.meta.url)));
    if (checked.kind === 'bad') throw new Error(JSON.stringify(checked.problems));
    brand = checked.config.brand;
    templates = checked.config.journeys.flatMap((version) => Object.values(version.templates));
  });

  const unsubscribe = 'https://links.example.fr/l/unsubscribe/abc';
  const variables = (changes: JsonObject): JsonObject => ({
    person: { firstName: 'Ada', email: 'ada@example.fr' },
    cart: {
      ...{ id: 'c1', value: 83.8, currency: 'EUR', quantity: 3, url: 'https://www.atelier-lumiere.fr/panier/c1' },
      products: [
        {
          name: 'Lampe <Aube>',
          variant: 'Laiton',
          price: 31.9,
          quantity: 2,
          currency: 'EUR',
          url: 'https://www.atelier-lumiere.fr/aube',
          image_url: 'https://www.atelier-lumiere.fr/aube.jpg',
        },
        { name: 'Bougie', price: 20, quantity: 1, currency: 'EUR' },
      ],
    },
    orders: { count: 0, total: 0 },
    brand: {
      name: 'Atelier Lumière',
      address: '12 rue des Lilas',
      site: 'www.atelier-lumiere.fr',
      url: 'https://www.atelier-lumiere.fr',
    },
    links: { unsubscribe },
    entry: {},
    locale: 'fr-FR',
    ...changes,
  });

  const mails = (changes: JsonObject = {}) =>
    templates.flatMap((template) =>
      ['fr-FR', 'en-GB'].map((locale) => {
        const mail = renderEmail({ template, brand, locale, variables: variables(changes) });
        if (mail.kind !== 'rendered') throw new Error(mail.because);
        return { ...mail, name: `${template.name} ${locale}` };
      }),
    );

  test('name who writes, from where, and how to leave', () => {
    for (const { name, html, text } of mails()) {
      for (const part of [html, text]) expect(`${name}: ${part}`).toMatch(/Atelier Lumière[\s\S]*12 rue des Lilas/);
      expect(`${name}: ${html}`).toContain(`href="${unsubscribe}"`);
      expect(`${name}: ${text}`).toContain(unsubscribe);
    }
  });

  test.each<[string, JsonObject, RegExp, RegExp]>([
    ['by name', { firstName: 'Ada' }, /Bonjour Ada,/, /Hello Ada,/],
    ['without a name', {}, /Bonjour,/, /Hello,/],
    ['with a blank name', { firstName: ' ' }, /Bonjour,/, /Hello,/],
  ])('greet %s', (_what, person, french, english) => {
    for (const { name, html, text, subject } of mails({ person })) {
      for (const part of [html, text]) expect(`${name}: ${part}`).toMatch(name.endsWith('fr-FR') ? french : english);
      expect(subject).toMatch(/^\p{Lu}/u);
      expect(`${name}: ${subject}${text}`).not.toMatch(/ ,|undefined|null|\{\{|\{%/);
    }
  });

  test('show the cart with prices as the reader writes them, and lead back to it', () => {
    const [french, english] = mails().filter(({ name }) => name.startsWith('panier'));
    expect(french!.subject).toBe('Ada, votre panier vous attend');
    expect(french!.html).toContain('Lampe &lt;Aube&gt;');
    expect(french!.html).toContain('src="https://www.atelier-lumiere.fr/aube.jpg"');
    expect(french!.html).toContain('href="https://www.atelier-lumiere.fr/panier/c1"');
    expect(french!.text.replaceAll(/[\u00a0\u202f]/g, ' ')).toContain(
      'Lampe <Aube> (https://www.atelier-lumiere.fr/aube)\nLaiton\n2 × 31,90 €\n\nBougie\n20,00 €\n\nTotal : 83,80 €\n\nReprendre mon panier (https://www.atelier-lumiere.fr/panier/c1)',
    );
    expect(english!.text).toContain('2 × €31.90');
  });

  test('lead to the shop where the cart has no link of its own', () => {
    const [french] = mails({ cart: { products: [] } }).filter(({ name }) => name.startsWith('panier'));
    expect(french!.text).toContain('Reprendre mon panier (https://www.atelier-lumiere.fr)');
    expect(french!.text).not.toMatch(/Total/);
  });

  test('show the pieces of a cart of several currencies, each in its own, and no total', () => {
    const products = [
      { name: 'Yukata', price: 1_500, quantity: 1, currency: 'JPY' },
      { name: 'Bougie', price: 10.5, quantity: 1, currency: 'EUR' },
    ];
    const [french, english] = mails({ cart: { id: 'c1', currency: 'EUR', quantity: 2, products } }).filter(({ name }) =>
      name.startsWith('panier'),
    );
    expect(french!.text.replaceAll(/[\u00a0\u202f]/g, ' ')).toMatch(/Bougie\n10,50 €\n\nReprendre mon panier/);
    expect(english!.text).toMatch(/¥1,500\n\nBougie\n€10.50\n\nBack to my cart/);
    for (const { text, html } of [french!, english!]) expect(text + html).not.toMatch(/Total|1[ ,.\u202f]?510/);
  });

  test('stay far below the 102 KB at which Gmail cuts', () => {
    for (const { name, html } of mails())
      expect({ name, isSmall: Buffer.byteLength(html) < 30_000 }).toEqual({ name, isSmall: true });
  });
});
