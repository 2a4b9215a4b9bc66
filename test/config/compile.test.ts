/** The stock journeys compile to exactly this, and equal content has one name on every machine. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkConfig, checkFiles } from '../../shared/config/check-config.ts';
import { journeyVersion } from '../../shared/config/compile/journey-version.ts';
import type { Config } from '../../shared/config/config.ts';
import type { Journey } from '../../shared/journeys/journey.ts';
import { brand, brandWithSms, email, journey, smallConfig, sms } from './small-config.ts';

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
      sender: {
        name: 'Atelier Lumière',
        email: 'bonjour@news.atelier-lumiere.fr',
        replyTo: 'contact@atelier-lumiere.fr',
        sms: 'ATELIER',
      },
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
        cause: { kind: 'event' },
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
      start: { on: ['Signed Up'], cause: { kind: 'event' }, reentry: { kind: 'once' }, late: { count: 1, unit: 'hours' } },
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

describe('an SMS', () => {
  const withSms = (text: string, more: Readonly<Record<string, string | undefined>> = {}) =>
    smallConfig({ 'templates/rappel/sms.fr.txt': text, 'brand.yaml': brandWithSms, ...more });
  const textOf = async (body: string): Promise<string | undefined> => {
    const { journeys } = await compiled(
      withSms(`---\npurpose: transactional\n---\n${body}`, { 'templates/rappel/email.fr.mjml': undefined }),
    );
    return journeys[0]?.templates['rappel']?.sms?.['fr']?.text;
  };
  const channelsIn = async (files: ReadonlyMap<string, string>) =>
    (await compiled(files)).journeys[0]?.journey.steps.flatMap((step) => (step.kind === 'send' ? [step.channels] : []));

  test('stands beside the e-mail, in its languages, with the sender that phones show', async () => {
    const english = sms.replace(/ panier vous attend/, ' cart is waiting');
    const { brand: found, journeys } = await compiled(withSms(sms, { 'templates/rappel/sms.en.txt': english }));
    expect(found.sender.sms).toBe('ATELIER');
    const template = journeys[0]!.templates['rappel']!;
    expect(Object.keys(template.email)).toEqual(['fr']);
    expect(template.sms).toEqual({
      en: { text: english.split('---\n')[2]!.trim() },
      fr: { text: sms.split('---\n')[2]!.trim() },
    });
  });

  test('may be all there is, with its own topic and repeat', async () => {
    const receipt = sms.replace('purpose: marketing', 'purpose: transactional\ntopic: commandes\nrepeat: allowed');
    const { journeys } = await compiled(withSms(receipt, { 'templates/rappel/email.fr.mjml': undefined }));
    expect(journeys[0]?.templates['rappel']).toEqual({
      name: 'rappel',
      purpose: 'transactional',
      topic: 'commandes',
      repeat: 'allowed',
      email: {},
      sms: { fr: { text: expect.stringMatching(/^\{% if/) as string } },
    });
  });

  test.each([
    [
      'a tag that stands alone leaves no line',
      'Un\n{% if person.vip %}\nDeux\n{% endif %}\nTrois\n',
      'Un\n{% if person.vip %}Deux\n{% endif %}Trois',
    ],
    [
      'tags within a line stay where they are',
      'Un {% if person.vip %}\nDeux{% endif %}',
      'Un {% if person.vip %}\nDeux{% endif %}',
    ],
    ['empty lines stay', '\n\nUn\n\nDeux\n\n', 'Un\n\nDeux'],
    ['a --- of the text is text', 'Un\n---\nDeux', 'Un\n---\nDeux'],
    ['Windows ends its lines otherwise', 'Un\r\nDeux\r\n', 'Un\nDeux'],
  ])('%s', async (_what, body, text) => {
    expect(await textOf(body)).toBe(text);
  });

  test('is what a step takes that names no channel, after the e-mail; and what is named is taken in its order', async () => {
    const step = (channels: string) => ({
      'journeys/rappel.yaml': `start: { on: Signed Up }\nsteps: [{ send: rappel${channels} }]\n`,
    });
    expect(await channelsIn(withSms(sms, step('')))).toEqual([['email', 'sms']]);
    expect(await channelsIn(withSms(sms, step(', channels: sms')))).toEqual([['sms']]);
    expect(await channelsIn(withSms(sms, step(', channels: [sms, email, sms]')))).toEqual([['sms', 'email']]);
    expect(await channelsIn(withSms(sms, { ...step(''), 'templates/rappel/email.fr.mjml': undefined }))).toEqual([['sms']]);
    expect(await channelsIn(smallConfig(step('')))).toEqual([['email']]);
  });

  test('leaves templates without one, and their hashes, as they were before there was SMS', async () => {
    const { journeys } = await compiled(smallConfig({ 'brand.yaml': brandWithSms }));
    expect(Object.keys(journeys[0]!.templates['rappel']!)).toEqual(['name', 'purpose', 'repeat', 'email']);
    expect(journeys[0]!.hash).toBe(await hashOf(smallConfig()));
    expect(await hashOf(withSms(sms))).not.toBe(await hashOf(smallConfig()));
    expect(await hashOf(withSms(sms.replace('vous', 'te')))).not.toBe(await hashOf(withSms(sms)));
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
