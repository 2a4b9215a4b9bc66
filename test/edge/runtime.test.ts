/** How a Lambda begins: not before the first event, once, with every missing variable named and no secret told. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { onLambda, portsFromEnvironment } from '../../functions/edge/runtime.ts';
import { createClock } from '../../local/clock.ts';
import { startEmulators } from '../../local/emulators/start.ts';
import type { Ports } from '../../shared/ports.ts';
import { embeddedTables } from '../ports/embedded-table.ts';
import { aConfig } from '../ports/settings.contract.ts';
import { lambdaContext } from './lambda-events.ts';

const secrets = {
  identifierKey: 'identifier-key',
  linkKeys: ['link-key'],
  writeKeys: { 'a-write-key': 'browser' },
  webhookSecrets: { shopify: ['shopify-secret'] },
};

const complete = {
  AWS_REGION: 'eu-west-3',
  TABLE_NAME: 'relance',
  EVENTS_QUEUE_URL: 'http://127.0.0.1:9/000000000000/events',
  WORK_QUEUE_URL: 'http://127.0.0.1:9/000000000000/work',
  OUTBOX_TRIGGERED_QUEUE_URL: 'http://127.0.0.1:9/000000000000/outbox-triggered',
  OUTBOX_CAMPAIGN_QUEUE_URL: 'http://127.0.0.1:9/000000000000/outbox-campaign',
  FEEDBACK_QUEUE_URL: 'http://127.0.0.1:9/000000000000/feedback',
  LINK_ORIGIN: 'https://links.example.com/',
  RELANCE_SECRETS: JSON.stringify(secrets),
};

describe('the environment', () => {
  test('that is complete gives all ports', () => {
    const ports = portsFromEnvironment(complete);
    expect(ports.secrets).toEqual(secrets);
    expect(ports.linkOrigin).toBe('https://links.example.com');
    expect(ports.random()).toHaveLength(16);
    expect(Math.abs(ports.clock() - Date.now())).toBeLessThan(1_000);
  });

  test('that lacks variables is refused with the names of all of them', () => {
    const { TABLE_NAME: _, WORK_QUEUE_URL: __, ...rest } = complete;
    expect(() => portsFromEnvironment({ ...rest, LINK_ORIGIN: '' })).toThrow(/not set: TABLE_NAME, WORK_QUEUE_URL, LINK_ORIGIN$/);
    expect(() => portsFromEnvironment({})).toThrow(/RELANCE_SECRETS/);
  });

  test.each([
    ['no JSON', '{"identifierKey": "top-secret', /RELANCE_SECRETS is not JSON$/],
    ['a list', '["top-secret"]', /RELANCE_SECRETS is not as expected at/],
    ['an empty key', JSON.stringify({ ...secrets, identifierKey: '' }), /at: identifierKey$/],
    ['no key for links', JSON.stringify({ ...secrets, linkKeys: [] }), /at: linkKeys$/],
    ['an unknown trust', JSON.stringify({ ...secrets, writeKeys: { 'top-secret': 'friend' } }), /at: writeKeys/],
  ])('whose secrets are %s is refused by place, without their value', (_what, text, message) => {
    const build = () => portsFromEnvironment({ ...complete, RELANCE_SECRETS: text });
    expect(build).toThrow(message);
  });
});

describe('a handler', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('builds its ports when the first event comes, and only then', async () => {
    for (const [name, value] of Object.entries(complete)) vi.stubEnv(name, value);
    const built: Ports[] = [];
    const handler = onLambda((ports) => {
      built.push(ports);
      return (event: { readonly say: string }) => Promise.resolve(`${event.say} ${ports.linkOrigin}`);
    });
    expect(built).toHaveLength(0);
    expect(await handler({ say: 'hello' }, lambdaContext)).toBe('hello https://links.example.com');
    expect(await handler({ say: 'again' }, lambdaContext)).toBe('again https://links.example.com');
    expect(built).toHaveLength(1);
  });

  test('that has no environment fails each event with the names, and works once they are there', async () => {
    vi.stubEnv('TABLE_NAME', '');
    const handler = onLambda(() => () => Promise.resolve('done'));
    await expect(handler({}, lambdaContext)).rejects.toThrow(/TABLE_NAME/);
    for (const [name, value] of Object.entries(complete)) vi.stubEnv(name, value);
    expect(await handler({}, lambdaContext)).toBe('done');
  });
});

describe('ports from the environment', () => {
  const { environment, newTable } = embeddedTables();

  test('reach the table, the queues and the providers that it names, by the clock that is given', async () => {
    const start = 1_763_920_000_000;
    const clock = createClock({ system: () => start });
    clock.standAt(start);
    const emulators = await startEmulators({ clock });
    const url = (name: string): string => emulators.sqs.urlOf(emulators.sqs.ensureQueue(name, {}).name);
    const ports = portsFromEnvironment(
      {
        ...complete,
        ...environment(),
        AWS_ENDPOINT_URL: emulators.origin,
        TABLE_NAME: await newTable(),
        EVENTS_QUEUE_URL: url('events'),
        WORK_QUEUE_URL: url('work'),
        OUTBOX_TRIGGERED_QUEUE_URL: url('outbox-triggered'),
        OUTBOX_CAMPAIGN_QUEUE_URL: url('outbox-campaign'),
        FEEDBACK_QUEUE_URL: url('feedback'),
      },
      { clock: () => clock.now(), random: () => new Uint8Array(16), log: () => undefined, connected: {} },
    );
    expect(ports.clock()).toBe(start);
    expect((await ports.settings.publish(aConfig())).generation).toBe(1);
    await ports.parking.park({ id: 'm-1', at: start, stage: 's', problems: [], body: '', claims: [] });
    expect(await ports.parking.parked(1)).toHaveLength(1);
    expect(await ports.people.claim('email#a', 'P1')).toBe('P1');
    await ports.queues.sendWork([{ person: 'P1', journey: 'j', key: 'k', due: start + 5_000 }], start);
    expect((await ports.queues.workBacklog()).delayed).toBe(1);
    const message = { channel: 'sms', purpose: 'marketing', from: 'Shop', to: '+33612345678', body: new Uint8Array() } as const;
    expect((await ports.carriers.send({ ...message, tags: {} })).kind).toBe('refused');
    await emulators.stop();
  });
});
