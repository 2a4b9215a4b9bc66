/** `relance doctor` tells a shop owner what is still missing, and a program by its exit code. */
import * as v from 'valibot';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AwsError } from '../../local/emulators/aws-error.ts';
import { AwsParking } from '../../shared/adapters/aws/parking.ts';
import { now, owner } from './owner.ts';

const shop = owner();
afterEach(() => void vi.unstubAllEnvs());

const told = v.object({
  account: v.string(),
  region: v.string(),
  findings: v.array(
    v.object({
      kind: v.picklist(['fine', 'wrong', 'unseen']),
      about: v.string(),
      says: v.string(),
      next: v.optional(v.array(v.string()), []),
    }),
  ),
});

/** What is to be done, by what it is about. */
async function todo(): Promise<{ readonly code: number; readonly about: readonly string[] }> {
  const { code, out } = await shop.run(['doctor', '--json']);
  const { findings } = v.parse(told, JSON.parse(out));
  return { code, about: findings.filter(({ kind }) => kind !== 'fine').map(({ about }) => about) };
}

async function healthy(): Promise<void> {
  shop.makeHealthy(await shop.deploy());
  expect((await shop.run(['setup', '--yes'])).error).toBe('');
}

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

describe('when it cannot look', () => {
  test('names the permission that is missing, looks at the rest, and answers 2', async () => {
    await healthy();
    shop.cloud().account.deny('cloudwatch.DescribeAlarms');
    shop.cloud().account.deny('sns.GetSMSAttributes');
    expect(await todo()).toEqual({ code: 2, about: ['Alarms', 'SMS'] });
    const { out } = await shop.run(['doctor']);
    expect(out).toContain(
      '1. Alarms: could not be looked at. arn:aws:iam::000000000000:user/owner may not cloudwatch:DescribeAlarms.\n' +
        '   Ask whoever looks after the AWS account for the permission cloudwatch:DescribeAlarms.',
    );
    expect(out).toContain('may not sns:GetSMSAttributes');
  });

  test('waits out a throttle, and says so when it lasts', async () => {
    await healthy();
    shop.cloud().account.throttle('ses.GetAccount', 2);
    expect((await todo()).code).toBe(0);
    shop.cloud().account.throttle('ses.GetAccount', 100);
    const { code, out } = await shop.run(['doctor']);
    expect(code).toBe(2);
    expect(out).toContain('AWS asks for patience (ses:GetAccount).\n   Wait a minute and run it again.');
  });

  test('says that DNS does not answer instead of calling records missing', async () => {
    await healthy();
    shop.dns().fails = 'ETIMEOUT';
    expect(await todo()).toEqual({ code: 2, about: [`DNS of ${news}`, `DNS of ${mail}`] });
  });

  test('asks to sign in when there are no credentials', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
    vi.stubEnv('HOME', shop.folder);
    const { code, out, error } = await shop.run(['doctor']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toMatch(/^There are no AWS credentials\.\nSign in \(`aws sso login`.* and run it again\.$/);
  });

  test.each(['ExpiredToken', 'InvalidClientTokenId'])('asks to sign in again after %s', async (code) => {
    shop.cloud().account.refuseAll(new AwsError(code, 'The security token included in the request is not good', 403));
    const said = await shop.run(['doctor']);
    expect(said.code).toBe(2);
    expect(said.error).toMatch(new RegExp(`^AWS does not accept these credentials \\(${code}\\)\\.\nSign in`));
  });

  test('says that AWS is out of reach', async () => {
    const environment = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
    const { code, error } = await shop.run(['doctor'], { environment });
    expect(code).toBe(2);
    expect(error).toMatch(/^AWS cannot be reached \(sts:GetCallerIdentity\) \(ECONNREFUSED\)\.\nLook at the network/);
  });

  test('says what is wrong with the choices', async () => {
    shop.writeChoices({ region: 'Paris', domian: 'x' });
    const { code, error } = await shop.run(['doctor']);
    expect(code).toBe(2);
    expect(error).toContain('region: "Paris" is no AWS region. Write its code, such as eu-west-3 for Paris.');
    expect(error).not.toMatch(/\n\s+at /);
    expect((await shop.run(['doctor'], { choicesFile: '/nowhere/relance.config.ts' })).error).toMatch(
      /^relance\.config\.ts cannot be read/,
    );
  });
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
