/** `relance doctor` says what it could not see and why, and never calls that healthy. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AwsError } from '../../local/emulators/aws-error.ts';
import { diagnosing } from './diagnosis.ts';
import { owner } from './owner.ts';

const shop = owner();
const { todo, healthy } = diagnosing(shop);
afterEach(() => void vi.unstubAllEnvs());

const [news, mail] = ['news.atelier-lumiere.fr', 'mail.atelier-lumiere.fr'];

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
