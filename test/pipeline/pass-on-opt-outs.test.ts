/** An opt-out is about an address: its owner is told, whichever account it was told of (promise 3). */
import { describe, expect, test } from 'vitest';
import type { Envelope, Event, Trust } from '../../shared/events/event.ts';
import type { Identifier } from '../../shared/events/identifier.ts';
import { minutes } from '../../shared/kernel/time.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { aWorld, email, envelope, noon, theOne, told, track, user, type TestWorld } from './process-events-world.ts';
import { slowPeople } from './slow-people.ts';

const address = email('family@example.com');
const phone: Identifier = { type: 'phone', value: '+33612345678' };
const [ada, bob] = [user('ada'), user('bob')];

const says = (
  who: readonly Identifier[],
  consent: Readonly<Partial<Record<'email' | 'sms', boolean>>>,
  trust: Trust = 'server',
): Envelope =>
  envelope(
    who,
    [
      track(
        `said-${JSON.stringify(consent)}`,
        'Identify',
        noon + minutes(1),
        {},
        {
          consent: Object.entries(consent).map(([channel, yes]) => ({
            channel: channel === 'sms' ? 'sms' : 'email',
            state: yes ? 'granted' : 'withdrawn',
            kind: 'statement',
          })),
        },
      ),
    ],
    { trust },
  );

/** Ada has the address and the number, and agreed to both. */
async function familyWorld(): Promise<TestWorld> {
  const world = await aWorld([], noon + minutes(5));
  const agreed = track(
    'agreed',
    'Identify',
    noon,
    {},
    {
      consent: [
        { channel: 'email', state: 'granted', kind: 'statement' },
        { channel: 'sms', state: 'granted', kind: 'statement' },
      ],
    },
  );
  await processEnvelope(world.ports, envelope([ada, address, phone], [agreed]));
  return world;
}

const passedOn = ({ queues }: TestWorld): readonly Envelope[] => queues.queued().events;
const consentsOf = async (world: TestWorld): Promise<object> => {
  const { attributes } = await theOne(world, ada);
  return Object.fromEntries(Object.entries(attributes.consents).map(([key, { state }]) => [key, state]));
};

describe('an opt-out that a server tells of another account', () => {
  test('reaches whoever has the address, for its channel alone, and is kept in the timeline', async () => {
    const world = await familyWorld();
    await processEnvelope(world.ports, says([bob, address, phone], { email: false, sms: true }));
    expect(passedOn(world)).toMatchObject([{ identifiers: [address], trust: 'server' }]);
    for (const one of passedOn(world)) await processEnvelope(world.ports, one);
    expect(await consentsOf(world)).toEqual({ 'email.marketing': 'withdrawn', 'sms.marketing': 'granted' });
    expect((await told(world, await theOne(world, ada))).map(({ id }) => id)).toContain('said-{"email":false,"sms":true}:email');
    expect((await theOne(world, bob)).id).not.toBe((await theOne(world, ada)).id);
  });

  const isBob = (id: string, traits: Event['traits']): Envelope =>
    envelope([bob, address], [track(id, 'Identify', noon + minutes(2), {}, traits === undefined ? {} : { traits })]);

  test('reaches the owner of the address that the account was said to have before', async () => {
    const world = await familyWorld();
    await processEnvelope(world.ports, isBob('login', { email: ' Family@Example.com' }));
    await processEnvelope(world.ports, says([bob], { email: false }));
    for (const one of passedOn(world)) await processEnvelope(world.ports, one);
    expect(await consentsOf(world)).toMatchObject({ 'email.marketing': 'withdrawn' });
  });

  test('reaches the owner of the address that the account turns out to have, once, however often it is said', async () => {
    const world = await familyWorld();
    await processEnvelope(world.ports, says([bob], { email: false }));
    expect(passedOn(world)).toEqual([]);
    for (const id of ['login-1', 'login-2']) await processEnvelope(world.ports, isBob(id, { email: 'family@example.com' }));
    for (const one of passedOn(world)) await processEnvelope(world.ports, one);
    expect(await consentsOf(world)).toMatchObject({ 'email.marketing': 'withdrawn', 'sms.marketing': 'granted' });
    const events = await told(world, await theOne(world, ada));
    expect(events.filter(({ id }) => id.startsWith('relance:opt-out:'))).toHaveLength(1);
  });

  test('lasts until its owner agrees anew', async () => {
    const world = await familyWorld();
    await processEnvelope(world.ports, says([bob, address], { email: false }));
    for (const one of passedOn(world)) await processEnvelope(world.ports, one);
    const anew = track(
      'anew',
      'Identify',
      noon + minutes(4),
      {},
      {
        consent: [{ channel: 'email', state: 'granted', kind: 'statement' }],
      },
    );
    await processEnvelope(world.ports, envelope([ada], [anew]));
    expect(await consentsOf(world)).toMatchObject({ 'email.marketing': 'granted' });
  });

  test('is passed on again when the worker dies, and counts once', async () => {
    const world = await familyWorld();
    const said = says([bob, address], { email: false });
    const dying = slowPeople(world.people, async () => {
      if (passedOn(world).length > 0) throw new Error('the worker died');
    });
    await expect(processEnvelope({ ...world.ports, people: dying }, said)).rejects.toThrow('the worker died');
    await processEnvelope(world.ports, said);
    expect(passedOn(world)).toHaveLength(2);
    for (const one of passedOn(world)) await processEnvelope(world.ports, one);
    const events = await told(world, await theOne(world, ada));
    expect(events.filter(({ id }) => id.endsWith(':email'))).toHaveLength(1);
  });

  test.each([
    ['the address is their own', [ada, address], { email: false }, 'server'],
    ['it is an opt-in', [bob, address], { email: true }, 'server'],
    ['it is about another channel', [bob, address], { sms: false }, 'server'],
    ['a browser says so', [bob, address], { email: false }, 'browser'],
  ] as const)('goes nowhere else where %s', async (_why, who, consent, trust) => {
    const world = await familyWorld();
    await processEnvelope(world.ports, says(who, consent, trust));
    expect(passedOn(world)).toEqual([]);
  });
});
