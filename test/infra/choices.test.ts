/** The owner's choices: a mistake is told with its field, what was expected and what to do, before anything is deployed. */
import { describe, expect, test } from 'vitest';
import { BadChoices, checkChoices, type Choices, examplesLeft } from '../../infra/choices.ts';
import { choices } from '../../relance.config.ts';

const good: Choices = {
  name: 'relance',
  region: 'eu-west-3',
  domain: 'maison-laine.fr',
  alarmEmail: 'lea@maison-laine.fr',
  monthlyBudgetUsd: 20,
};
const certificate = 'arn:aws:acm:eu-west-3:111122223333:certificate/0b5c';

function refusal(given: unknown): string {
  try {
    checkChoices(given);
    return 'taken';
  } catch (error) {
    return error instanceof BadChoices ? error.message : `not a BadChoices: ${String(error)}`;
  }
}

describe("the owner's choices", () => {
  test('as the repository has them are taken, but not for a deployment', () => {
    expect(examplesLeft(checkChoices(choices))).toEqual(['domain', 'alarmEmail']);
    expect(examplesLeft(checkChoices(good))).toEqual([]);
  });

  test('leave little to decide', () => {
    expect(checkChoices(good)).toEqual({
      ...good,
      marketingSubdomain: 'news',
      transactionalSubdomain: 'mail',
      mostWritesPerSecond: 500,
    });
  });

  test.each([
    ['a name in capitals', { name: 'Relance' }, 'name: "Relance" is no name for AWS. Use small letters'],
    ['a long name', { name: 'the-relance-of-maison-laine' }, 'name: "the-relance-of-maison-laine" is too long'],
    ['a city for a region', { region: 'paris' }, 'region: "paris" is no AWS region. Write its code, such as eu-west-3'],
    [
      'a URL for a domain',
      { domain: 'https://maison-laine.fr' },
      'domain: "https://maison-laine.fr" is no domain name. Write it in small letters',
    ],
    ['no address', { alarmEmail: 'Léa' }, 'alarmEmail: "Léa" is no e-mail address. Write one that somebody reads'],
    [
      'a budget in words',
      { monthlyBudgetUsd: '20 $' },
      'monthlyBudgetUsd: "20 $" is not a number of US dollars between 1 and 1000000',
    ],
    ['a budget of nothing', { monthlyBudgetUsd: 0 }, 'monthlyBudgetUsd: 0 is not a number of US dollars'],
    ['a sub-domain with dots', { marketingSubdomain: 'news.maison' }, 'marketingSubdomain: "news.maison" is no single part'],
    [
      'one sub-domain for both',
      { transactionalSubdomain: 'news' },
      'transactionalSubdomain: is "news" like marketingSubdomain. Give it another',
    ],
    [
      'a certificate elsewhere',
      { links: { domain: 'l.maison-laine.fr', certificate: certificate.replace('eu-west-3', 'us-east-1') } },
      'links.certificate: lies in us-east-1, but the installation in eu-west-3. Request one there',
    ],
    ['no certificate', { links: { domain: 'l.maison-laine.fr' } }, 'links.certificate: is missing'],
    [
      'a certificate that is none',
      { links: { domain: 'l.maison-laine.fr', certificate: 'mine' } },
      'links.certificate: "mine" is no ARN of a certificate. Request one',
    ],
    ['an unknown field', { budget: 20 }, 'budget: is no choice that Relance knows. Known are name, region, domain'],
    ['a missing field', { domain: undefined }, 'domain: is missing. Write it as'],
  ])('with %s are refused in words', (_what, change, says) => {
    expect(refusal({ ...good, ...change })).toContain(`  ${says}`);
  });

  test('with several mistakes are told all at once', () => {
    const { domain: _, ...rest } = good;
    const text = refusal({ ...rest, region: 'paris', alarmEmail: '' });
    expect(text.split('\n')[0]).toBe('relance.config.ts has 3 problems:');
    expect(text).toMatch(/^ {2}domain: is missing/m);
  });

  test('that are no object are refused too', () => {
    expect(refusal([])).toMatch(/^relance\.config\.ts has [^]* is missing/);
    expect(refusal('news')).toContain('choices: has to be an object with name, region');
  });
});
