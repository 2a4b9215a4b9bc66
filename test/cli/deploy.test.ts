/** `relance deploy` refuses what cannot go well before it changes anything, bootstraps where needed, deploys, and sets up. */
import { describe, expect, test } from 'vitest';
import type { World } from '../../cli/world.ts';
import { AwsError } from '../../local/emulators/aws-error.ts';
import { owner } from './owner.ts';

const shop = owner();
const account = () => shop.cloud().account;
const toolkit = () => account().stacks.set('CDKToolkit', { status: 'UPDATE_COMPLETE', outputs: [] });

/** CDK as far as this command sees it: what it was told, and stacks that stand afterwards. */
function cdk(codes: Readonly<Record<string, number>> = {}) {
  const told: { readonly args: readonly string[]; readonly region: string | undefined; readonly says: string }[] = [];
  const start: World['start'] = async (args, environment, says) => {
    told.push({ args, region: environment['AWS_REGION'], says });
    const code = codes[args[1] ?? ''] ?? 0;
    if (args[1] === 'deploy' && code === 0) await shop.deploy();
    return code;
  };
  return { told, start, commands: () => told.map(({ args }) => args.slice(0, 3).join(' ')) };
}

test('deploys to an account that CDK knows, then sets up, and says where shops send to', async () => {
  toolkit();
  const { start, told, commands } = cdk();
  const { code, out } = await shop.run(['deploy', '--yes'], { start });
  expect(code).toBe(0);
  expect(commands()).toEqual(['cdk deploy --all']);
  expect(told[0]).toMatchObject({ region: 'eu-west-3', says: 'out' });
  expect(told[0]?.args).toContain('--require-approval');
  expect(out).toMatch(/^A new installation of "shop-\S+" in eu-west-3, AWS account 000000000000, as arn:/);
  expect(out).toContain('config/ is live (generation 1).');
  expect(out).toContain('shops to https://abc.execute-api.eu-west-3.amazonaws.com/webhooks/shopify');
  expect(account().parameters.size).toBe(4);
  expect((await shop.run(['deploy', '--yes'], { start })).out).toMatch(/^A new version of/);
});

test('says that it bootstraps before it asks, and does so first', async () => {
  const { start, commands } = cdk();
  const asked: string[] = [];
  const { code, out } = await shop.run(['deploy'], { start, ask: async (question) => asked.push(question) > 0 });
  expect(code).toBe(0);
  expect(out).toContain('CDK was never used in this account and region');
  expect(commands()).toEqual(['cdk bootstrap aws://000000000000/eu-west-3', 'cdk deploy --all']);
  expect(asked).toEqual(['Deploy?', expect.stringMatching(/^SES is on its plan/)]);
});

test('answers JSON for programs and keeps CDK out of it', async () => {
  toolkit();
  const { start, told } = cdk();
  const { code, out } = await shop.run(['deploy', '--yes', '--json'], { start });
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ published: true, plan: 'change', secrets: { length: 4 }, tell: { length: 4 } });
  expect(told[0]?.says).toBe('error');
});

describe('deploys nothing', () => {
  const refused = async (args: readonly string[], changed: Partial<World> = {}) => {
    const { start, told } = cdk();
    const said = await shop.run(args, { start, ...changed });
    expect(told).toEqual([]);
    expect(said.error).not.toMatch(/\n\s+at /);
    return said;
  };

  test('after a no', async () => {
    expect(await refused(['deploy'], { ask: async () => false })).toMatchObject({ code: 1 });
  });

  test('where nobody can be asked', async () => {
    const { code, error } = await refused(['deploy']);
    expect({ code, error }).toEqual({
      code: 2,
      error: 'Nobody is here to be asked. Nothing was deployed.\nAdd --yes to deploy without a question.',
    });
  });

  test.each([
    [{ domain: 'example.com' }, 'relance.config.ts still holds the examples of the repository: domain.'],
    [{ alarmEmail: 'nobody' }, 'alarmEmail: "nobody" is no e-mail address'],
    [{ monthlyBudgetUsd: -1 }, 'monthlyBudgetUsd: -1 is not a number of US dollars'],
  ])('with choices that cannot be right: %j', async (choices, says) => {
    shop.writeChoices(choices);
    const { code, error } = await refused(['deploy', '--yes']);
    expect(code).toBe(2);
    expect(error).toContain(says);
  });

  test('with a config/ that could not go live', async () => {
    const { code, error } = await refused(['deploy', '--yes'], { configFolder: shop.folder });
    expect({ code, error }).toEqual({
      code: 2,
      error: 'config/ could not go live as it is.\nSee why: `npm run -s relance -- check`.',
    });
  });

  test('while a deployment is under way', async () => {
    await shop.deploy();
    account().stacks.set(shop.names().of('engine'), { status: 'UPDATE_IN_PROGRESS', outputs: [] });
    const { code, error } = await refused(['deploy', '--yes']);
    expect(code).toBe(2);
    expect(error).toContain('is being changed just now (UPDATE_IN_PROGRESS)');
  });

  test('without the permission to look', async () => {
    account().deny('cloudformation.DescribeStacks');
    expect((await refused(['deploy', '--yes'])).error).toContain('may not cloudformation:DescribeStacks.');
  });

  test('with credentials that AWS does not know, or in a region that is switched off', async () => {
    account().refuseAll(new AwsError('InvalidClientTokenId', 'no', 403));
    expect((await refused(['deploy', '--yes'])).error).toContain('is eu-west-3 (relance.config.ts) a region, switched on');
  });

  test('when it is not understood', async () => {
    const { code, error } = await refused(['deploy', '--force']);
    expect(code).toBe(2);
    expect(error).toMatch(/^There is no option --force\./);
  });
});

test('makes the secrets before the functions that read them, and tells them after CDK, also when it failed', async () => {
  toolkit();
  let there = 0;
  const start = async () => {
    there = account().parameters.size;
    return 1;
  };
  const { code, out } = await shop.run(['deploy', '--yes'], { start });
  expect({ code, there }).toEqual({ code: 2, there: 4 });
  expect(out).toContain('Write key for browsers and apps (public):');
  const again = await shop.run(['deploy', '--yes'], { start: cdk().start });
  expect(again.code).toBe(0);
  expect(again.out).not.toContain('Write key');
});

test('stops where CDK stops, and publishes nothing', async () => {
  const failing = cdk({ deploy: 1 });
  const { code, error } = await shop.run(['deploy', '--yes'], { start: failing.start });
  expect(code).toBe(2);
  expect(error).toMatch(/^cdk deploy ended with code 1; what AWS said stands above/);
  expect(shop.cloud().calls.get('ses.GetAccount')).toBeUndefined();
  const first = cdk({ bootstrap: 3 });
  expect((await shop.run(['deploy', '--yes'], { start: first.start })).error).toMatch(/^cdk bootstrap ended with code 3/);
  expect(first.commands()).toHaveLength(1);
});

test('minds a sender whose mails would all be refused, and the region of the environment that does not count', async () => {
  toolkit();
  shop.writeChoices({ domain: 'other.fr' });
  const { start, told } = cdk();
  const environment = { ...shop.world().environment, AWS_REGION: 'us-east-1' };
  const { out } = await shop.run(['deploy', '--yes'], { start, environment });
  expect(out).toContain('Mind: config/brand.yaml sends from bonjour@news.atelier-lumiere.fr, but mails leave from news.other.fr');
  expect(told[0]?.region).toBe('eu-west-3');
  expect(out).toContain('(AWS_REGION says us-east-1; the region of relance.config.ts counts.)');
});
