/** Secrets in AWS: read once a container and again when they are old, by name, and never told to anybody. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { onLambda } from '../../functions/edge/runtime.ts';
import { ssmClient } from '../../shared/adapters/aws/client.ts';
import { secretsInParameters } from '../../shared/adapters/aws/secrets.ts';
import { minutes } from '../../shared/kernel/time.ts';
import { queues } from '../../shared/topology.ts';
import { lambdaContext } from './lambda-events.ts';
import { type ParameterStore, startParameterStore } from './parameter-store.ts';

const secrets = {
  identifierKey: 'top-secret-identifier-key',
  linkKeys: ['top-secret-link-key'],
  writeKeys: { 'top-secret-write-key': 'browser' },
  webhookSecrets: { shopify: ['top-secret-shopify'] },
};
const path = '/relance/secrets';
const names = ['identifier-key', 'link-keys', 'write-keys', 'webhook-secrets'].map((name) => `${path}/${name}`);

let store: ParameterStore;
let now = 0;
beforeEach(async () => {
  now = 0;
  store = await startParameterStore();
  Object.values(secrets).forEach((value, index) => store.stored.set(names[index]!, JSON.stringify(value)));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await store.stop();
});

const environment = () => ({
  AWS_REGION: 'eu-west-3',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_ENDPOINT_URL_SSM: store.endpoint,
});

const reader = () => secretsInParameters({ ssm: ssmClient(environment()), path, systemClock: () => now });

describe('the secrets in Parameter Store', () => {
  test('are read by name in one request, and not again for five minutes', async () => {
    const read = reader();
    const first = await read();
    expect(first).toEqual(secrets);
    now = minutes(5) - 1;
    expect(await read()).toBe(first);
    expect(store.requests).toEqual([names]);
  });

  test('are asked for once by requests that come together', async () => {
    const read = reader();
    await Promise.all([read(), read(), read()]);
    expect(store.requests).toHaveLength(1);
  });

  test('are the same object until one of them changes', async () => {
    const read = reader();
    const first = await read();
    now = minutes(5);
    expect(await read()).toBe(first);
    store.stored.set(`${path}/link-keys`, '["new-key","top-secret-link-key"]');
    now = minutes(10);
    expect((await read()).linkKeys).toEqual(['new-key', 'top-secret-link-key']);
    expect(store.requests).toHaveLength(3);
  });

  test('that were known go on when Parameter Store is silent', async () => {
    const read = reader();
    const first = await read();
    store.broken = true;
    now = minutes(6);
    expect(await read()).toBe(first);
    await expect(reader()()).rejects.toThrow(/read the secrets/);
  });

  test('that are missing are named, with what to do', async () => {
    store.stored.delete(`${path}/link-keys`);
    store.stored.delete(`${path}/write-keys`);
    await expect(reader()()).rejects.toThrow(
      'Parameter Store has no /relance/secrets/link-keys, /relance/secrets/write-keys: set it with `npm run -s relance -- setup`',
    );
  });

  test('that are no JSON are named, without their value', async () => {
    store.stored.set(`${path}/identifier-key`, 'top-secret-identifier-key');
    const failure = await reader()().catch(String);
    expect(failure).toContain('no JSON in /relance/secrets/identifier-key');
    expect(failure).not.toContain('top-secret');
  });
});

describe('a function in AWS', () => {
  const stub = (variables: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  };
  const complete = () => ({
    ...environment(),
    ...Object.fromEntries(Object.values(queues).map(({ urlVariable }) => [urlVariable, 'http://127.0.0.1:9/000000000000/queue'])),
    TABLE_NAME: 'relance',
    LINK_ORIGIN: 'https://links.example.com',
    RELANCE_SECRETS_PATH: path,
  });

  test('takes its secrets from the path it is told, once', async () => {
    stub(complete());
    const handler = onLambda((ports) => () => Promise.resolve(ports.secrets));
    expect(await handler({}, lambdaContext)).toEqual(secrets);
    expect(await handler({}, lambdaContext)).toEqual(secrets);
    expect(store.requests).toEqual([names]);
  });

  test('tries again with the next event when the secrets were not there', async () => {
    stub(complete());
    const handler = onLambda((ports) => () => Promise.resolve(ports.secrets));
    store.stored.delete(names[0]!);
    await expect(handler({}, lambdaContext)).rejects.toThrow(names[0]);
    store.stored.set(names[0]!, '"new-key"');
    expect(await handler({}, lambdaContext)).toMatchObject({ identifierKey: 'new-key' });
  });

  test('refuses secrets of a wrong shape by place, without their value', async () => {
    stub(complete());
    store.stored.set(`${path}/write-keys`, '{"top-secret-write-key":"friend"}');
    const failure = await onLambda(() => () => Promise.resolve())({}, lambdaContext).catch(String);
    expect(failure).toMatch(/\/relance\/secrets is not as expected at: writeKeys$/);
  });

  test('asks nobody where the environment holds the secrets', async () => {
    stub({ ...complete(), RELANCE_SECRETS: JSON.stringify(secrets) });
    await onLambda(() => () => Promise.resolve())({}, lambdaContext);
    expect(store.requests).toEqual([]);
  });
});
