/** The contract of Settings: what was published is live, its generation only rises, old journeys stay readable. */
import { describe, expect, test } from 'vitest';
import type { Schedule } from '../../shared/campaigns/campaign.ts';
import type { CampaignVersion, Config, JourneyVersion, Template } from '../../shared/config/config.ts';
import type { DateMoment, StartCause } from '../../shared/journeys/journey.ts';
import { Conflict } from '../../shared/kernel/errors.ts';
import type { Settings } from '../../shared/ports.ts';
import type { DidCondition } from '../../shared/rules/condition.ts';
import { noise } from './people-fixtures.ts';

/** Settings of their own for one test. */
export type SettingsFactory = () => Promise<Settings>;

export const aTemplate = (name: string, html = '<p>{{ cart.items.size }} articles</p>'): Template => ({
  name,
  purpose: 'marketing',
  topic: 'paniers',
  repeat: 'never',
  email: {
    fr: { subject: 'Votre panier 🛒', preheader: 'Il vous attend', html, text: 'Votre panier' },
    en: { subject: 'Your cart', html, text: 'Your cart' },
  },
  sms: { fr: { text: 'Votre panier 🛒 :\n{{ cart.url }}' }, en: { text: 'Your cart: {{ cart.url }}' } },
});

const aDid: DidCondition = {
  kind: 'did',
  id: 'vues',
  events: ['Product Viewed'],
  where: { kind: 'compare', path: ['price'], comparison: { op: 'gte', value: 10 } },
  same: ['category'],
  times: { min: 3 },
  within: { count: 14, unit: 'days' },
};

const aDate: DateMoment = {
  path: ['birthday'],
  offset: { count: -7, unit: 'days' },
  at: 600,
  every: 'year',
  zone: 'recipient',
};

/** A journey that something else starts. */
export const startedBy = (hash: string, cause: StartCause): JourneyVersion => ({
  hash,
  journey: {
    ...aJourney(hash).journey,
    start: { on: ['x'], cause, reentry: { kind: 'always' }, late: { count: 1, unit: 'hours' } },
  },
  templates: {},
});

export const causes: readonly StartCause[] = [
  { kind: 'event' },
  { kind: 'segment', segment: 'fideles', moment: 'left', when: aDid, existing: 'include' },
  { kind: 'date', date: aDate },
  { kind: 'api' },
];

/** Every word of the language once: what a store forgets shows here. */
export const aJourney = (hash: string, html?: string): JourneyVersion => ({
  hash,
  journey: {
    name: 'panier-abandonne',
    start: {
      on: ['Cart Updated'],
      where: {
        kind: 'all',
        of: [
          { kind: 'any', of: [{ kind: 'compare', path: ['cart', 'value'], comparison: { op: 'gte', value: 20.5 } }] },
          {
            kind: 'not',
            of: { kind: 'compare', path: ['traits', 'tags'], comparison: { op: 'in', value: ['staff', 1, null, { a: [true] }] } },
          },
          { kind: 'compare', path: ['email'], comparison: { op: 'contains', value: '@' } },
          { kind: 'compare', path: ['event', 'coupon'], comparison: { op: 'exists', value: false } },
          { kind: 'compare', path: ['interests'], comparison: { op: 'none-of', value: ['golf'] } },
          { kind: 'compare', path: ['signedUpAt'], comparison: { op: 'within', value: { count: 7, unit: 'days' } } },
          { kind: 'compare', path: ['lastVisit'], comparison: { op: 'before', value: { kind: 'now' } } },
          { kind: 'compare', path: ['until'], comparison: { op: 'after', value: { kind: 'date', day: '2026-12-01' } } },
          { kind: 'compare', path: ['from'], comparison: { op: 'on', value: { kind: 'instant', at: 1_764_000_000_000 } } },
          {
            kind: 'compare',
            path: ['birthday'],
            comparison: { op: 'anniversary', value: { kind: 'day', offset: { count: -7, unit: 'days' } } },
          },
          {
            kind: 'orders',
            field: 'total',
            comparison: { op: 'gte', value: 300 },
            within: { count: 365, unit: 'days' },
          },
          { kind: 'segment', segment: 'fideles', of: { kind: 'not', of: aDid } },
        ],
      },
      cause: { kind: 'did', did: aDid },
      reentry: { kind: 'once-per', path: ['cart', 'id'] },
      rest: { count: 3, unit: 'days' },
      late: { count: 1, unit: 'hours' },
    },
    exit: { on: ['Order Completed'], same: ['order_id'] },
    steps: [
      { kind: 'wait', label: '1', duration: { count: 30, unit: 'minutes' }, restartOn: ['Cart Updated'] },
      { kind: 'branch', label: '2', condition: { kind: 'any', of: [] }, otherwise: 4 },
      { kind: 'send', label: '2.then.1', template: 'panier-abandonne', channels: ['email', 'sms', 'push'] },
      { kind: 'jump', to: 5 },
      { kind: 'end', label: '2.else.1' },
      { kind: 'wait-time', label: '3', at: 600, weekdays: [2, 4], zone: 'recipient' },
      { kind: 'wait-date', label: '4', date: aDate },
      { kind: 'wait-event', label: '5', pattern: { on: ['Order Completed'] }, atMost: { count: 3, unit: 'days' }, otherwise: 9 },
      { kind: 'wait-best-time', label: '6', within: { count: 2, unit: 'days' } },
      {
        kind: 'split',
        label: '7',
        variants: [
          { name: 'a', weight: 1, to: 10 },
          { name: 'b', weight: 3, to: 11 },
        ],
      },
      { kind: 'set', label: '8', traits: { vip: true, grade: { name: 'or', since: [2026] } } },
      { kind: 'tag', label: '9', add: ['vip'], remove: ['nouveau'] },
      { kind: 'webhook', label: '10', url: 'https://example.fr/crochet' },
      { kind: 'task', label: '11', to: 'boutique@example.fr', subject: 'Appeler {{ person.firstName }}', text: 'Merci' },
      { kind: 'goal', label: '12', name: 'achat' },
    ],
  },
  templates: { 'panier-abandonne': aTemplate('panier-abandonne', html) },
});

/** Every way to say when. */
export const schedules: readonly Schedule[] = [
  { kind: 'once', day: '2026-12-01' },
  { kind: 'week', weekday: 7 },
  { kind: 'month-day', day: 31 },
  { kind: 'month-weekday', nth: -1, weekday: 5 },
];

export const aCampaign = (hash: string, schedule: Schedule = schedules[0]!, html?: string): CampaignVersion => ({
  hash,
  campaign: {
    name: `nouveautes-${schedule.kind}`,
    segment: 'fideles',
    when: { kind: 'segment', segment: 'fideles', of: { kind: 'not', of: aDid } },
    template: 'nouveautes',
    channels: ['email', 'sms'],
    schedule,
    at: 0,
    zone: 'recipient',
    throttle: { people: 1_000, per: 'hour' },
  },
  templates: { nouveautes: aTemplate('nouveautes', html) },
});

export const aConfig = (...journeys: readonly JourneyVersion[]): Omit<Config, 'generation'> => ({
  brand: {
    name: 'Maison Léa',
    maturity: 2,
    locale: 'fr-FR',
    timeZone: 'Europe/Paris',
    country: 'FR',
    currency: 'EUR',
    sender: { name: 'Maison Léa', email: 'bonjour@example.com', replyTo: 'aide@example.com', sms: 'MAISONLEA' },
    site: ['shop.example.com'],
    address: '1 rue de la Paix, Paris',
    paused: false,
  },
  segments: [],
  journeys,
  campaigns: [],
});

export function settingsContract(newSettings: SettingsFactory): void {
  describe('the config', () => {
    test('that nobody published yet is an error that says what to do', async () => {
      const settings = await newSettings();
      await expect(settings.config()).rejects.toThrow(/relance -- setup/);
      expect(await settings.journey('j-1')).toBeUndefined();
    });

    test('is live as it was published', async () => {
      const settings = await newSettings();
      const published = await settings.publish(aConfig(aJourney('j-1'), aJourney('j-2')));
      expect(published).toEqual({ ...aConfig(aJourney('j-1'), aJourney('j-2')), generation: 1 });
      expect(await settings.config()).toEqual(published);
      expect(await settings.journey('j-2')).toEqual(aJourney('j-2'));
    });

    test('keeps journeys whatever starts them', async () => {
      const settings = await newSettings();
      await settings.publish(aConfig(...causes.map((cause) => startedBy(cause.kind, cause))));
      for (const cause of causes) expect(await settings.journey(cause.kind)).toEqual(startedBy(cause.kind, cause));
    });

    test('that replaces another is the next generation, and journeys of the old one stay for who runs them', async () => {
      const settings = await newSettings();
      await settings.publish(aConfig(aJourney('j-1')));
      expect((await settings.publish(aConfig(aJourney('j-2')))).generation).toBe(2);
      expect((await settings.publish(aConfig())).generation).toBe(3);
      expect(await settings.config()).toEqual({ ...aConfig(), generation: 3 });
      expect(await settings.config(3)).toEqual({ ...aConfig(), generation: 3 });
      expect(await settings.journey('j-1')).toEqual(aJourney('j-1'));
    });

    test('of 20 publishers at once: each that was not refused has its own generation, the last one is live', async () => {
      const settings = await newSettings();
      const settled = await Promise.allSettled(
        Array.from({ length: 20 }, (_, n) => settings.publish(aConfig(aJourney(`j-${n}`)))),
      );
      const published = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(published.length).toBeGreaterThan(0);
      expect(settled.every((one) => one.status === 'fulfilled' || one.reason instanceof Conflict)).toBe(true);
      const generations = published.map(({ generation }) => generation);
      expect(new Set(generations).size).toBe(published.length);
      const last = Math.max(...generations);
      expect(await settings.config(last)).toEqual(published.find(({ generation }) => generation === last));
    });

    test('from before there was SMS is read as it was', async () => {
      const settings = await newSettings();
      const { sms: _sms, ...template } = aTemplate('panier-abandonne');
      const { sms: _sender, ...sender } = aConfig().brand.sender;
      const journey = { ...aJourney('j-1'), templates: { 'panier-abandonne': template } };
      await settings.publish({ brand: { ...aConfig().brand, sender }, segments: [], journeys: [journey], campaigns: [] });
      expect(await settings.journey('j-1')).toStrictEqual(journey);
      expect((await settings.config()).brand.sender).toStrictEqual(sender);
    });

    test('keeps segments, and campaigns whenever they go out, those of old configs too', async () => {
      const settings = await newSettings();
      const campaigns = schedules.map((schedule) => aCampaign(schedule.kind, schedule));
      const plain = { ...aCampaign('plain'), campaign: { ...aCampaign('plain').campaign, zone: 'brand' as const } };
      delete plain.campaign.throttle;
      const config = { ...aConfig(), segments: [{ name: 'fideles', when: aDid }], campaigns: [...campaigns, plain] };
      await settings.publish(config);
      expect(await settings.config()).toStrictEqual({ ...config, generation: 1 });
      await settings.publish(aConfig());
      for (const campaign of campaigns) expect(await settings.campaign(campaign.hash)).toStrictEqual(campaign);
      expect(await settings.campaign('month')).toBeUndefined();
      expect(await settings.journey('plain')).toBeUndefined();
    });

    test('may hold campaigns larger than an item', async () => {
      const settings = await newSettings();
      const campaign = aCampaign('c-1', schedules[0], noise(900_000));
      await settings.publish({ ...aConfig(), campaigns: [campaign] });
      expect(await settings.campaign('c-1')).toEqual(campaign);
    });

    test('may hold journeys larger than an item', async () => {
      const settings = await newSettings();
      const journey = aJourney('j-1', noise(900_000));
      await settings.publish(aConfig(journey, aJourney('j-2')));
      expect(await settings.journey('j-1')).toEqual(journey);
    });
  });

  test('the timer sweep starts before everything and is where it was saved', async () => {
    const settings = await newSettings();
    expect(await settings.timerSweep()).toEqual({ queuedUntil: 0 });
    await settings.saveTimerSweep({ queuedUntil: 1_763_920_000_000 });
    await settings.saveTimerSweep({ queuedUntil: 1_763_920_060_000 });
    expect(await settings.timerSweep()).toEqual({ queuedUntil: 1_763_920_060_000 });
  });

  test('how far feedback has come is told per channel and never goes back', async () => {
    const settings = await newSettings();
    expect(await settings.feedbackUntil('email')).toBe(0);
    await settings.noteFeedback('email', 1_763_920_000_000);
    await settings.noteFeedback('email', 1_763_910_000_000);
    expect(await settings.feedbackUntil('email')).toBe(1_763_920_000_000);
    await settings.noteFeedback('email', 1_763_920_060_000);
    expect(await settings.feedbackUntil('email')).toBe(1_763_920_060_000);
    expect(await settings.feedbackUntil('sms')).toBe(0);
  });

  describe('what is asked first under a key', () => {
    const day = 86_400_000;
    const asked = (digest: string, at: number) => ({ digest, at });

    test('stands, whatever is asked under it later, until its time is over; then the next stands', async () => {
      const settings = await newSettings();
      expect(await settings.firstAsked('k', asked('one', 1_000), day)).toEqual(asked('one', 1_000));
      expect(await settings.firstAsked('k', asked('one', 1_001), day)).toEqual(asked('one', 1_000));
      expect(await settings.firstAsked('k', asked('two', 1_000 + day - 1), 5 * day)).toEqual(asked('one', 1_000));
      expect(await settings.firstAsked('k', asked('two', 1_000 + day), day)).toEqual(asked('two', 1_000 + day));
      expect(await settings.firstAsked('k', asked('one', 1_001 + day), day)).toEqual(asked('two', 1_000 + day));
    });

    test('stands under that key alone, whatever its letters', async () => {
      const settings = await newSettings();
      const keys = ['k', 'K', 'k#', '#', 'k ', 'é', '🧣', '-'];
      for (const key of keys) expect(await settings.firstAsked(key, asked(key, 0), day)).toEqual(asked(key, 0));
      for (const key of keys) expect(await settings.firstAsked(key, asked('x', 1), day)).toEqual(asked(key, 0));
    });

    test('is one, though many ask at once', async () => {
      const settings = await newSettings();
      const many = Array.from({ length: 20 }, (_, n) => settings.firstAsked('k', asked(`d-${n}`, n), day));
      expect(new Set((await Promise.all(many)).map(({ digest }) => digest)).size).toBe(1);
    });
  });
}
