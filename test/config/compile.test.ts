/** The stock journeys compile to exactly this, and equal content has one name on every machine. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkConfig, checkFiles } from '../../shared/config/check-config.ts';
import { journeyVersion } from '../../shared/config/compile/journey-version.ts';
import type { Config } from '../../shared/config/config.ts';
import type { Journey } from '../../shared/journeys/journey.ts';
import { brand, email, journey, smallConfig } from './small-config.ts';

type Ready = Omit<Config, 'generation'>;

async function compiled(files: ReadonlyMap<string, string>): Promise<Ready> {
  const checked = await checkFiles(files);
  if (checked.kind === 'bad') throw new Error(JSON.stringify(checked.problems));
  return checked.config;
}

const hashOf = async (files: ReadonlyMap<string, string>): Promise<string> => (await compiled(files)).journeys[0]!.hash;

describe('the stock config', () => {
  let config: Ready;
  beforeAll(async () => {
    const checked = await checkConfig(fileURLToPath(new URL('../../config', import.meta.url)));
    if (checked.kind === 'bad') throw new Error(JSON.stringify(checked.problems));
    config = checked.config;
  });
  const journeyNamed = (name: string): Journey => config.journeys.find(({ journey: { name: found } }) => found === name)!.journey;

  test('has this brand', () => {
    expect(config.brand).toEqual({
      name: 'Atelier Lumière',
      maturity: 2,
      locale: 'fr-FR',
      timeZone: 'Europe/Paris',
      country: 'FR',
      currency: 'EUR',
      sender: { name: 'Atelier Lumière', email: 'bonjour@news.atelier-lumiere.fr', replyTo: 'contact@atelier-lumiere.fr' },
      site: ['www.atelier-lumiere.fr'],
      address: '12 rue des Lilas, 69003 Lyon',
      paused: false,
    });
  });

  test('reminds of an abandoned cart', () => {
    expect(journeyNamed('panier-abandonne')).toEqual({
      name: 'panier-abandonne',
      start: {
        on: ['Cart Updated'],
        reentry: { kind: 'once-per', path: ['cart', 'id'] },
        rest: { count: 3, unit: 'days' },
        late: { count: 1, unit: 'hours' },
      },
      exit: { on: ['Order Completed'] },
      steps: [
        { kind: 'wait', label: '1', duration: { count: 30, unit: 'minutes' }, restartOn: ['Cart Updated'] },
        { kind: 'send', label: '2', template: 'panier-abandonne', channels: ['email'] },
      ],
    });
  });

  test('welcomes, and gives ideas to who has not ordered after three days', () => {
    expect(journeyNamed('bienvenue')).toEqual({
      name: 'bienvenue',
      start: { on: ['Signed Up'], reentry: { kind: 'once' }, late: { count: 1, unit: 'hours' } },
      steps: [
        { kind: 'send', label: '1', template: 'bienvenue', channels: ['email'] },
        { kind: 'wait', label: '2', duration: { count: 3, unit: 'days' }, restartOn: [] },
        {
          kind: 'branch',
          label: '3',
          condition: { kind: 'compare', path: ['orders', 'count'], comparison: { op: 'eq', value: 0 } },
          otherwise: 4,
        },
        { kind: 'send', label: '3.then.1', template: 'bienvenue-idees', channels: ['email'] },
      ],
    });
  });

  test('carries the templates each journey needs, in both languages', () => {
    const templates = config.journeys.map(({ journey: { name }, templates: needed }) => [
      name,
      Object.values(needed).map((template) => [template.name, template.purpose, template.topic, Object.keys(template.email)]),
    ]);
    expect(Object.fromEntries(templates)).toEqual({
      bienvenue: [
        ['bienvenue', 'marketing', 'bienvenue', ['en', 'fr']],
        ['bienvenue-idees', 'marketing', 'bienvenue', ['en', 'fr']],
      ],
      'panier-abandonne': [['panier-abandonne', 'marketing', 'paniers', ['en', 'fr']]],
    });
  });
});

describe('a condition in YAML', () => {
  test.each<[string, unknown]>([
    ['city: Lyon', { kind: 'compare', path: ['city'], comparison: { op: 'eq', value: 'Lyon' } }],
    ['postcode: 01000', { kind: 'compare', path: ['postcode'], comparison: { op: 'eq', value: '01000' } }],
    ['cart.value: { gte: 30 }', { kind: 'compare', path: ['cart', 'value'], comparison: { op: 'gte', value: 30 } }],
    ['country: [FR, BE]', { kind: 'compare', path: ['country'], comparison: { op: 'in', value: ['FR', 'BE'] } }],
    [
      'event.coupon: { exists: false }',
      { kind: 'compare', path: ['event', 'coupon'], comparison: { op: 'exists', value: false } },
    ],
    ['tags: { contains: vip }', { kind: 'compare', path: ['tags'], comparison: { op: 'contains', value: 'vip' } }],
    ['country: { not in: [DE] }', { kind: 'compare', path: ['country'], comparison: { op: 'not-in', value: ['DE'] } }],
    [
      '{ orders.count: { gte: 1, lt: 3 }, city: Lyon }',
      {
        kind: 'all',
        of: [
          { kind: 'compare', path: ['city'], comparison: { op: 'eq', value: 'Lyon' } },
          { kind: 'compare', path: ['orders', 'count'], comparison: { op: 'gte', value: 1 } },
          { kind: 'compare', path: ['orders', 'count'], comparison: { op: 'lt', value: 3 } },
        ],
      },
    ],
    [
      '{ any: [vip: true, not: { city: Lyon }] }',
      {
        kind: 'any',
        of: [
          { kind: 'compare', path: ['vip'], comparison: { op: 'eq', value: true } },
          { kind: 'not', of: { kind: 'compare', path: ['city'], comparison: { op: 'eq', value: 'Lyon' } } },
        ],
      },
    ],
  ])('%s', async (yaml, condition) => {
    const where = yaml.startsWith('{') ? yaml : `\n    ${yaml}`;
    const text = `start:\n  on: Cart Updated\n  where: ${where}\nsteps:\n  - send: rappel\n`;
    const { journeys } = await compiled(smallConfig({ 'journeys/rappel.yaml': text }));
    expect(journeys[0]?.journey.start.where).toEqual(condition);
  });
});

describe('the hash of a journey', () => {
  test('stays the same whatever the order of fields and files, comments and quotes', async () => {
    const shuffled = `# the same, written by somebody else
steps:
  - "wait": '30 minutes'
    restart on: [Cart Updated]
  - { channels: email, send: rappel }
exit:
  on: Order Completed
start:
  once per: cart.id
  late: 1 heure
  on: Cart Updated
`;
    const reversed = new Map([...smallConfig({ 'journeys/rappel.yaml': shuffled })].toReversed());
    expect(await hashOf(reversed)).toBe(await hashOf(smallConfig()));
  });

  test('stays the same when the brand or another journey changes', async () => {
    const others = {
      'brand.yaml': brand.replace('name: Atelier\n', 'name: Autre\n'),
      'journeys/zebre.yaml': journey.replace('30', '40'),
    };
    expect(await hashOf(smallConfig(others))).toBe(await hashOf(smallConfig()));
  });

  test.each([
    ['the journey', 'journeys/rappel.yaml', journey.replace('30 minutes', '31 minutes')],
    ['its template', 'templates/rappel/email.fr.mjml', email.replace('Bonjour', 'Bonsoir')],
    ['the subject', 'templates/rappel/email.fr.mjml', email.replace('Votre panier', 'Votre cabas')],
    ['its languages', 'templates/rappel/email.en.mjml', email],
  ])('changes with %s', async (_what, path, text) => {
    expect(await hashOf(smallConfig({ [path]: text }))).not.toBe(await hashOf(smallConfig()));
  });

  test('changes with a shared part', async () => {
    const withPart = email.replace('<mj-text>Bonjour', '<mj-include path="../_layout/tete.mjml" /><mj-text>Bonjour');
    const files = (part: string) =>
      smallConfig({ 'templates/rappel/email.fr.mjml': withPart, 'templates/_layout/tete.mjml': part });
    expect(await hashOf(files('<mj-text>A</mj-text>'))).not.toBe(await hashOf(files('<mj-text>B</mj-text>')));
  });

  test('stays the same where MJML draws ids by chance', async () => {
    const menu = '<mj-navbar hamburger="hamburger"><mj-navbar-link href="/a">A</mj-navbar-link></mj-navbar>';
    const text = email.replace('<mj-text>Bonjour', `${menu}<mj-text>Bonjour`);
    const files = smallConfig({ 'templates/rappel/email.fr.mjml': text });
    expect(await hashOf(files)).toBe(await hashOf(files));
  });

  test('does not depend on the order of keys in memory', async () => {
    const { journeys } = await compiled(smallConfig());
    const { hash, journey: given, templates } = journeys[0]!;
    const reversed = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).toReversed()) as T;
    expect(journeyVersion(reversed(given), Object.values(templates).map(reversed)).hash).toBe(hash);
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        fc.pre(name !== given.name);
        expect(journeyVersion({ ...given, name }, Object.values(templates)).hash).not.toBe(hash);
      }),
    );
  });
});
