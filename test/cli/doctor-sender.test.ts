/** Each address that mails come from must lie on a domain that may send: the one for offers, and the one for what is owed. */
import { expect, test } from 'vitest';
import { lookAtSender } from '../../cli/doctor/what-is-live.ts';
import { checkChoices } from '../../infra/choices.ts';
import { resourceNames } from '../../infra/resource-names.ts';
import { checkConfig } from '../../shared/config/check-config.ts';

const names = resourceNames(
  checkChoices({
    name: 'relance',
    region: 'eu-west-3',
    domain: 'shop.fr',
    alarmEmail: 'lea@shop.fr',
    monthlyBudgetUsd: 20,
  }),
);

async function found(email: string, transactional?: string): Promise<readonly string[]> {
  const checked = await checkConfig('config');
  if (checked.kind === 'bad') throw new Error('the stock config is bad');
  const { brand } = checked.config;
  const sender = { name: 'Shop', email, ...(transactional === undefined ? {} : { transactional }) };
  const findings = lookAtSender({ names }, { ...checked, config: { ...checked.config, brand: { ...brand, sender } } });
  return findings.map((finding) => JSON.stringify(finding));
}

test('one address, or two, on the domains that may send', async () => {
  expect(await found('hi@news.shop.fr')).toEqual([expect.stringContaining('hi@news.shop.fr may send')]);
  expect(await found('hi@News.Shop.fr', 'care@mail.shop.fr')).toEqual([
    expect.stringContaining('may send'),
    expect.stringContaining('care@mail.shop.fr may send'),
  ]);
});

test('the address of what is owed is looked at by itself, with what to write instead', async () => {
  const [first, second] = await found('hi@news.shop.fr', 'care@elsewhere.fr');
  expect(first).toContain('hi@news.shop.fr may send');
  expect(second).toContain('sends from care@elsewhere.fr');
  expect(second).toContain('such as care@mail.shop.fr');
});
