/** `relance doctor` tells a shop owner what is still missing, and a program by its exit code. */
import { describe, expect, test } from 'vitest';
import { AwsParking } from '../../shared/adapters/aws/parking.ts';
import { diagnosing } from './diagnosis.ts';
import { cartBy } from '../stories/changed-config.ts';
import { now, owner } from './owner.ts';

const shop = owner();

const { todo, healthy } = diagnosing(shop);

const [news, mail] = ['news.atelier-lumiere.fr', 'mail.atelier-lumiere.fr'];

describe('in the four states of a first day', () => {
  test('a fresh account: deploy, and ask for production access meanwhile', async () => {
    const { code, out } = await shop.run(['doctor']);
    expect(code).toBe(1);
    expect(out).toMatch(/^1\. Deployment: Relance is not deployed in eu-west-3 of account 000000000000\.\n   Deploy: `npm run/m);
    expect(out).toMatch(/^2\. SES sandbox: .*at most 200 mails a day/m);
    expect(out).toContain('   https://eu-west-3.console.aws.amazon.com/ses/home?region=eu-west-3#/account');
    expect(out).toMatch(/2 things to do\. Then look again: `npm run -s relance -- doctor`\.$/);
    expect(await todo()).toEqual({ code: 1, about: ['Deployment', 'SES sandbox'] });
  });

  test('deployed and not set up: secrets, config and the records to copy', async () => {
    await shop.deploy();
    const { out } = await shop.run(['doctor']);
    expect(await todo()).toEqual({
      code: 1,
      about: [
        'Alarm mail',
        'Secrets',
        'config/',
        'SES sandbox',
        `DNS of ${news}`,
        `SES and ${news}`,
        `DNS of ${mail}`,
        `SES and ${mail}`,
      ],
    });
    expect(out).toContain('   TXT    bounce.news.atelier-lumiere.fr          v=spf1 include:amazonses.com ~all');
    expect(out).toContain('npm run -s relance -- setup');
  });

  test('in the sandbox, all else done', async () => {
    await healthy();
    const { account } = shop.cloud();
    account.mail = { ...account.mail, production: false };
    expect(await todo()).toEqual({ code: 1, about: ['SES sandbox'] });
  });

  test('a DKIM record is missing', async () => {
    await healthy();
    shop.dns().remove(({ name }) => name === `two._domainkey.${news}`);
    shop.cloud().account.mailDomains.set(news, { dkim: 'PENDING', mailFrom: 'SUCCESS' });
    expect(await todo()).toEqual({ code: 1, about: [`DNS of ${news}`, `SES and ${news}`] });
    const { out } = await shop.run(['doctor']);
    expect(out).toContain(`1. DNS of ${news}: A record is missing or different: DKIM, which signs the mails.`);
    expect(out).toContain(`   CNAME  two._domainkey.${news}  two.dkim.amazonses.com`);
    expect(out).not.toContain('one._domainkey');
    expect(out).toMatch(/DKIM is not confirmed yet, so no mail may leave from this domain\.\n   Add the records above; SES sees/);
  });

  test('healthy', async () => {
    await healthy();
    const { code, out } = await shop.run(['doctor']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^shop-\S+ in eu-west-3, AWS account 000000000000\n\nIn order:\n- Deployment: 3 stacks are deployed in eu-west-3\.\n- Alarms: None/,
    );
    expect(out).toMatch(/\nEverything is in order\.$/);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(111);
  });
});

describe('once a journey sends SMS', () => {
  const withSms = cartBy('sms', 'email');

  test('asks for what AWS lets the account send', async () => {
    await healthy();
    const { account, sns } = shop.cloud();
    account.smsSandbox = true;
    sns.phones.setAttributes({ MonthlySpendLimit: '1' });
    expect(await todo()).toEqual({ code: 0, about: [] });
    const { out } = await shop.run(['doctor'], { configFolder: withSms });
    expect(out).toMatch(/^\d\. SMS sandbox: Text messages are in the sandbox of SNS/m);
    expect(out).toMatch(/^\d\. SMS limit: AWS lets the account spend 1 \$ a month/m);
    account.smsSandbox = false;
    sns.phones.setAttributes({ MonthlySpendLimit: '50' });
    expect((await shop.run(['doctor'], { configFolder: withSms })).out).toContain('- SMS sandbox: Text messages go to anybody.');
  });
});

describe('tells by itself', () => {
  const account = () => shop.cloud().account;
  const park = (id: string) =>
    new AwsParking({ dynamo: shop.dynamo(), table: shop.names().table, clock: () => now }).park({
      id,
      at: now,
      stage: 'process-events',
      problems: [{ where: '', problem: 'broken' }],
      body: '{}',
      claims: [],
    });

  test.each<[string, readonly string[], () => unknown]>([
    ['an alarm', ['Alarm shop-bounces'], () => account().alarms.push({ ...alarm, name: `${shop.names().of('bounces')}` })],
    ['parked items', ['Parked items'], () => park('one')],
    [
      'a quota nearly used up',
      ['Send quota'],
      () => (shop.cloud().ses.options = { quota: { max24HourSend: 0, maxSendRate: 14 } }),
    ],
    ['sending that AWS stopped', ['Standing with SES'], () => (account().mail = { ...account().mail, sending: false })],
    ['a probation', ['Standing with SES'], () => (account().mail = { ...account().mail, enforcement: 'PROBATION' })],
    [
      'suppression of bounces alone',
      ['Suppression list of SES'],
      () => (account().mail = { ...account().mail, suppressed: ['BOUNCE'] }),
    ],
    [
      'a bounce domain that SES gave up',
      [`SES and ${news}`],
      () => account().mailDomains.set(news, { dkim: 'SUCCESS', mailFrom: 'FAILED' }),
    ],
    ['a domain that SES lost', [`SES and ${mail}`], () => account().mailDomains.delete(mail)],
    [
      'a sender of another domain',
      ['Sender', 'SES and news.other.fr', 'SES and mail.other.fr'],
      () => shop.writeChoices({ domain: 'other.fr' }),
    ],
    [
      'a stack that was rolled back',
      ['Deployment'],
      () => account().stacks.set(shop.names().of('engine'), { status: 'ROLLBACK_COMPLETE', outputs: [] }),
    ],
    ['secrets that are gone', ['Secrets'], () => account().parameters.delete(`${shop.names().secrets}/link-keys`)],
    ['an alarm mail that is not subscribed', ['Alarm mail'], () => account().mailSubscriptions.clear()],
    ['a wrong SPF record', [`DNS of ${news}`], () => replaceSpf('v=spf1 -all')],
    [
      'two SPF records',
      [`DNS of ${news}`],
      () => shop.dns().add([{ type: 'TXT', name: `bounce.${news}`, value: 'v=spf1 mx -all' }]),
    ],
  ])('%s', async (_what, about, happen) => {
    await healthy();
    await happen();
    const { code, about: found } = await todo();
    expect(code).toBe(1);
    expect(found.map((one) => one.replace(/shop-[\d-]+-/, 'shop-'))).toEqual(about);
  });

  const alarm = {
    name: '',
    description: 'Many bounced. What to do: docs/runbook.md#too-many-bounces',
    state: 'ALARM',
    since: now,
  } as const;

  test('an alarm with the section of the runbook', async () => {
    await healthy();
    account().alarms.push(
      { ...alarm, name: shop.names().of('bounces') },
      { ...alarm, name: shop.names().of('quiet'), state: 'OK' },
    );
    account().alarms.push({ ...alarm, name: 'of-somebody-else' });
    const { out } = await shop.run(['doctor']);
    expect(out).toContain('Many bounced. (since 2026-11-23 12:00 UTC)\n   Do what docs/runbook.md#too-many-bounces says.');
    expect(out).toContain('One thing to do.');
  });

  test('nothing where the DMARC record of the whole domain speaks for its parts', async () => {
    await healthy();
    shop.dns().remove(({ name }) => name.startsWith('_dmarc.'));
    expect((await todo()).about).toEqual([`DNS of ${news}`, `DNS of ${mail}`]);
    shop.dns().add([{ type: 'TXT', name: '_dmarc.atelier-lumiere.fr', value: 'v=DMARC1; p=reject' }]);
    expect((await todo()).about).toEqual([]);
  });

  const replaceSpf = (value: string) => {
    shop.dns().remove(({ type, name }) => type === 'TXT' && name === `bounce.${news}`);
    shop.dns().add([{ type: 'TXT', name: `bounce.${news}`, value }]);
  };
});

test.each([
  ['doctr', 'There is no command "doctr": did you mean "doctor"?'],
  ['doctor --jsn', 'There is no option --jsn: did you mean --json?'],
  ['doctor --json=yes', '--json takes no value.'],
  ['doctor now', 'It has no use for the word "now".'],
  ['doctor --__proto__', 'There is no option --__proto__.'],
])('`relance %s` is answered 2: %s', async (line, says) => {
  const { code, error } = await shop.run(line.split(' '));
  expect(code).toBe(2);
  expect(error.split('\n')[0]).toBe(says);
});

test('helps', async () => {
  const { code, out } = await shop.run(['doctor', '--help']);
  expect(code).toBe(0);
  expect(out).toMatch(/^Usage: relance doctor \[--json\]/);
});
