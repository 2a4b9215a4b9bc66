/** What customers are owed comes from its own address, so that it does not suffer from what they are offered. */
import { expect, test } from 'vitest';
import type { Config } from '../../shared/config/config.ts';
import { Welcomed } from './welcomed.ts';

type Purpose = 'marketing' | 'transactional';

const withSender =
  (purpose: Purpose, transactional: string | undefined) =>
  ({ brand, journeys, ...rest }: Omit<Config, 'generation'>): Omit<Config, 'generation'> => ({
    ...rest,
    brand: {
      ...brand,
      sender: { name: 'Boutique', email: 'bonjour@news.example', ...(transactional === undefined ? {} : { transactional }) },
    },
    journeys: journeys.map((version) => ({
      ...version,
      templates: Object.fromEntries(Object.entries(version.templates).map(([name, one]) => [name, { ...one, purpose }])),
    })),
  });

test.each([
  ['marketing', 'service@mail.example', 'bonjour@news.example'],
  ['transactional', 'service@mail.example', 'service@mail.example'],
  ['transactional', undefined, 'bonjour@news.example'],
] as const)('a %s message where the other sender is %s leaves from %s', async (purpose, transactional, from) => {
  const ada = await Welcomed.open({ change: withSender(purpose, transactional) });
  expect(await ada.deliver()).toBe('sent');
  expect(ada.world.carriers.sent()).toMatchObject([{ from }]);
});
