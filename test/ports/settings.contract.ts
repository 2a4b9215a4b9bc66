/** The contract of Settings: what was published is live, its generation only rises, old journeys stay readable. */
import { describe, expect, test } from 'vitest';
import type { Config, JourneyVersion, Template } from '../../shared/config/config.ts';
import { Conflict } from '../../shared/kernel/errors.ts';
import type { Settings } from '../../shared/ports.ts';
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
        ],
      },
      reentry: { kind: 'once-per', path: ['cart', 'id'] },
      rest: { count: 3, unit: 'days' },
      late: { count: 1, unit: 'hours' },
    },
    exit: { on: ['Order Completed'] },
    steps: [
      { kind: 'wait', label: '1', duration: { count: 30, unit: 'minutes' }, restartOn: ['Cart Updated'] },
      { kind: 'branch', label: '2', condition: { kind: 'any', of: [] }, otherwise: 4 },
      { kind: 'send', label: '2.then.1', template: 'panier-abandonne', channels: ['email', 'sms', 'push'] },
      { kind: 'jump', to: 5 },
      { kind: 'end', label: '2.else.1' },
    ],
  },
  templates: { 'panier-abandonne': aTemplate('panier-abandonne', html) },
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
  journeys,
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
      await settings.publish({ brand: { ...aConfig().brand, sender }, journeys: [journey] });
      expect(await settings.journey('j-1')).toStrictEqual(journey);
      expect((await settings.config()).brand.sender).toStrictEqual(sender);
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
}
