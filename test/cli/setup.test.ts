/** `relance setup` makes what is absent, overwrites nothing, tells what the owner needs once, and asks before it changes a plan. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { decodeSecrets } from '../../functions/edge/secrets.ts';
import { secretsInParameters } from '../../shared/adapters/aws/secrets.ts';
import { localAccess } from '../ports/embedded-table.ts';
import { SSMClient } from '@aws-sdk/client-ssm';
import { owner } from './owner.ts';

const shop = owner();
const account = () => shop.cloud().account;
const parameters = () => Object.fromEntries(account().parameters);
const secret = (name: string) => `${shop.names().secrets}/${name}`;

test('makes the secrets that the functions read, and tells what the owner needs', async () => {
  await shop.deploy();
  const { code, out } = await shop.run(['setup', '--yes']);
  expect(code).toBe(0);
  const read = secretsInParameters({ ssm: ssm(), path: shop.names().secrets, systemClock: () => 0 });
  const secrets = await read();
  expect(Object.keys(secrets)).toEqual(['identifierKey', 'linkKeys', 'writeKeys', 'webhookSecrets']);
  const { writeKeys, webhookSecrets, identifierKey, linkKeys } = v.parse(shapes, secrets);
  expect(Object.values(writeKeys)).toEqual(['browser', 'server']);
  for (const shown of [...Object.keys(writeKeys), ...webhookSecrets.generic]) expect(out).toContain(shown);
  for (const hidden of [identifierKey, ...linkKeys]) {
    expect(Buffer.from(hidden, 'base64url')).toHaveLength(32);
    expect(out).not.toContain(hidden);
  }
});

test('makes secrets that the functions accept', async () => {
  await shop.deploy();
  await shop.run(['setup', '--yes']);
  const fields = await secretsInParameters({ ssm: ssm(), path: shop.names().secrets, systemClock: () => 0 })();
  expect(() => decodeSecrets(JSON.stringify(fields), 'secrets')).not.toThrow();
});

test('a second run changes nothing and shows no secret', async () => {
  await shop.deploy();
  await shop.run(['setup', '--yes']);
  const before = parameters();
  const random = (bytes: number) => new Uint8Array(bytes).fill(9);
  const { code, out } = await shop.run(['setup'], { random });
  expect(code).toBe(0);
  expect(parameters()).toEqual(before);
  expect(out).toContain('The secrets are there already.');
  expect(out).toContain('config/ is live already (generation 1).');
  expect(out).toContain('SES is on its cheapest plan (à la carte) already.');
  for (const value of Object.values(before)) expect(out).not.toContain(value.slice(2, 20));
  expect(shop.cloud().calls.get('ses.PutAccountPricingAttributes')).toBe(1);
});

test('goes on where a crash left it: what was made stays', async () => {
  await shop.deploy();
  account().throttle('ssm.PutParameter', 100);
  account().parameters.set(secret('identifier-key'), '"kept"');
  const first = await shop.run(['setup', '--yes']);
  expect(first.code).toBe(2);
  expect(first.error).toMatch(/^AWS asks for patience \(ssm:PutParameter\)\.\nWait/);
  account().throttle('ssm.PutParameter', 0);
  expect((await shop.run(['setup', '--yes'])).code).toBe(0);
  expect(parameters()[secret('identifier-key')]).toBe('"kept"');
  expect(Object.keys(parameters())).toHaveLength(4);
});

test('leaves what somebody else made between look and write', async () => {
  await shop.deploy();
  const random = (bytes: number) => {
    account().parameters.set(secret('link-keys'), '["theirs"]');
    return new Uint8Array(bytes);
  };
  const { code, out } = await shop.run(['setup', '--yes'], { random });
  expect(code).toBe(0);
  expect(parameters()[secret('link-keys')]).toBe('["theirs"]');
  expect(out).not.toContain(`Made ${secret('link-keys')}`);
});

test('lists the DNS records as a table to copy from', async () => {
  await shop.deploy();
  const { out } = await shop.run(['setup', '--yes']);
  expect(out).toContain('  Type   Name                                    Value\n');
  expect(out).toContain('  MX     bounce.news.atelier-lumiere.fr          10 feedback-smtp.eu-west-3.amazonses.com\n');
});

test('answers JSON for programs, with what is told once', async () => {
  await shop.deploy();
  const answer = z(await shop.run(['setup', '--yes', '--json']));
  expect(answer).toMatchObject({ generation: 1, published: true, plan: 'change' });
  expect(answer.secrets).toHaveLength(4);
  expect(answer.tell).toHaveLength(4);
  expect(answer.records).toHaveLength(10);
  expect(z(await shop.run(['setup', '--yes', '--json']))).toMatchObject({
    published: false,
    secrets: [],
    tell: [],
    plan: 'cheapest-already',
  });
});

describe('the plan of SES', () => {
  test('is changed after a yes', async () => {
    await shop.deploy();
    const asked: string[] = [];
    const ask = async (question: string) => asked.push(question) > 0;
    expect((await shop.run(['setup'], { ask })).code).toBe(0);
    expect(asked).toEqual([expect.stringMatching(/^SES is on its plan ESSENTIALS .*0\.16 \$.*0\.10 \$/)]);
    expect(account().mail.plan).toBe('NONE');
  });

  test.each([
    ['after a no', ['setup'], { ask: async () => false }],
    ['with --keep-plan', ['setup', '--keep-plan'], {}],
  ])('stays %s, and the rest is done', async (_when, args, world) => {
    await shop.deploy();
    const { code, out } = await shop.run(args, world);
    expect(code).toBe(0);
    expect(out).toContain('SES stays on ESSENTIALS.');
    expect(account().mail.plan).toBe('ESSENTIALS');
    expect(Object.keys(parameters())).toHaveLength(4);
  });

  test('refuses where nobody can be asked, before anything is changed', async () => {
    await shop.deploy();
    const { code, error } = await shop.run(['setup']);
    expect(code).toBe(2);
    expect(error).toMatch(/Nothing was changed\.\nAdd --yes .* or --keep-plan/);
    expect(parameters()).toEqual({});
  });

  test('is left alone where SES does not tell it', async () => {
    await shop.deploy();
    account().mail = { ...account().mail, plan: undefined };
    expect((await shop.run(['setup'])).out).toContain('SES does not say which plan');
  });
});

describe('refuses', () => {
  test('before a deployment', async () => {
    const { code, error } = await shop.run(['setup', '--yes']);
    expect(code).toBe(2);
    expect(error).toMatch(/^Relance is not deployed yet\.\nDeploy: `npm run -s relance -- deploy`/);
  });

  test('a config/ that cannot go live', async () => {
    await shop.deploy();
    const { code, error } = await shop.run(['setup', '--yes'], { configFolder: shop.folder });
    expect(code).toBe(2);
    expect(error).toContain('npm run -s relance -- check');
    expect(parameters()).toEqual({});
  });

  test('without the permission, and names it', async () => {
    await shop.deploy();
    account().deny('ssm.PutParameter');
    const { code, error } = await shop.run(['setup', '--yes']);
    expect(code).toBe(2);
    expect(error).toContain('may not ssm:PutParameter.\nAsk whoever');
  });

  test.each([['--yess'], ['--webhook-secret'], ['extra']])('what it does not understand: %s', async (option) => {
    const { code, error } = await shop.run(['setup', option]);
    expect(code).toBe(2);
    expect(error).toContain('Usage: relance setup');
  });
});

describe('the secret of a shop', () => {
  const add = (connector: string, input: string) =>
    shop.run(['setup', '--webhook-secret', connector], { input: async () => input });
  const kept = () =>
    v.parse(v.record(v.string(), v.array(v.string())), JSON.parse(parameters()[secret('webhook-secrets')] ?? '{}'));

  test('is kept beside the one before, and never shown', async () => {
    await shop.deploy();
    await shop.run(['setup', '--yes']);
    const first = await add('shopify', 'shpss_one\n');
    expect(first.code).toBe(0);
    expect(first.out).toBe('The secret of shopify is kept; functions know it within five minutes.');
    expect((await add('shopify', 'shpss_two')).out).toContain('The one before is still accepted.');
    expect((await add('shopify', 'shpss_two')).out).toBe('That is the secret of shopify already.');
    await add('shopify', 'shpss_three');
    expect(kept()['shopify']).toEqual(['shpss_three', 'shpss_two']);
    expect(kept()['generic']).toHaveLength(1);
  });

  test.each([
    ['shopfy', 'x', 'There is no connector "shopfy".'],
    ['__proto__', 'x', 'There is no connector "__proto__".'],
    ['shopify', ' \n', 'Standard input holds no secret'],
    ['shopify', 'two words', 'Standard input holds no secret'],
  ])('is refused for %s: %j', async (connector, input, says) => {
    await shop.deploy();
    await shop.run(['setup', '--yes']);
    const { code, error } = await add(connector, input);
    expect(code).toBe(2);
    expect(error).toContain(says);
    expect(Object.keys(kept())).toEqual(['generic', 'relance']);
  });

  test('waits for the others', async () => {
    await shop.deploy();
    expect((await add('shopify', 'x')).error).toContain('The secrets are not made yet.');
  });
});

const shapes = v.object({
  identifierKey: v.string(),
  linkKeys: v.array(v.string()),
  writeKeys: v.record(v.string(), v.string()),
  webhookSecrets: v.object({ generic: v.array(v.string()) }),
});

const answers = v.looseObject({ secrets: v.array(v.string()), tell: v.array(v.unknown()), records: v.array(v.unknown()) });
const z = ({ out }: { readonly out: string }) => v.parse(answers, JSON.parse(out));

const ssm = () =>
  new SSMClient({
    endpoint: shop.cloud().origin,
    region: 'eu-west-3',
    credentials: { accessKeyId: localAccess['AWS_ACCESS_KEY_ID'] ?? '', secretAccessKey: 'local' },
  });
