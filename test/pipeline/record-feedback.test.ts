/**
 * What a mailbox answers changes exactly what it should, once, in whatever order and however often it is told, also before
 * our own log; and nobody who is gone comes back by it (promises 1, 3 and 6).
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Journey, Step } from '../../shared/journeys/journey.ts';
import { Unavailable } from '../../shared/kernel/errors.ts';
import type { Condition } from '../../shared/rules/condition.ts';
import { bounce, complaint, delay, delivery, notified, published, wrapped } from '../channels/ses-told.ts';
import { aCampaign } from './campaigns-world.ts';
import { bySegment, byCount, did, goal, span } from './language-world.ts';
import { start, Welcomed, type Change } from './welcomed.ts';

const providerId = 'memory-1';
const later = start + 5_000;
const counts = (given: object) => ({ bounced: 0, undelivered: 0, complained: 0, ...given });

async function sent(): Promise<Welcomed> {
  const ada = await Welcomed.open();
  expect(await ada.deliver()).toBe('sent');
  return ada;
}

describe('a permanent bounce', () => {
  test.each([
    ['as published', (ada: Welcomed) => published('Bounce', ada.mail({ providerId }), bounce(later))],
    [
      'as published, in the wrapping of SNS',
      (ada: Welcomed) => wrapped(published('Bounce', ada.mail({ providerId }), bounce(later))),
    ],
    ['as notified', (ada: Welcomed) => notified('Bounce', ada.mail({ providerId }), bounce(later))],
    ['as notified with headers', (ada: Welcomed) => notified('Bounce', ada.mail({ providerId }), bounce(later), true)],
  ])('%s: mark, suppression and statistics, once', async (_how, told) => {
    const ada = await sent();
    expect(await ada.feedback(told(ada))).toBe('marked');
    expect(await ada.feedback(told(ada))).toBe('known');
    expect(await ada.message()).toMatchObject({
      status: { kind: 'sent', providerId },
      marks: [{ kind: 'bounced', at: later, type: 'permanent', subtype: 'General' }],
    });
    expect(await ada.world.people.suppression('email', ada.claim)).toMatchObject({
      reasons: [{ because: 'bounced', at: later }],
    });
    expect((await ada.world.people.statistics(ada.item.person)).feedback).toEqual(counts({ bounced: 1 }));
    expect(ada.world.queues.queued().events).toEqual([]);
  });

  test('that is told again with an earlier time counts once, and the earlier time stays', async () => {
    const ada = await sent();
    await ada.feedback(published('Bounce', ada.mail({ providerId }), bounce(later)));
    expect(await ada.feedback(published('Bounce', ada.mail({ providerId }), bounce(later - 1)))).toBe('marked');
    expect((await ada.message())?.marks).toMatchObject([{ at: later - 1 }]);
    expect((await ada.world.people.suppression('email', ada.claim)).reasons).toEqual([{ because: 'bounced', at: later - 1 }]);
    expect((await ada.world.people.statistics(ada.item.person)).feedback).toEqual(counts({ bounced: 1 }));
  });

  test('leaves the consent as it is: nobody said no', async () => {
    const ada = await sent();
    await ada.feedback(published('Bounce', ada.mail({ providerId }), bounce(later)));
    expect((await ada.person()).attributes.consents['email.marketing']?.state).toBe('granted');
  });
});

test.each([
  ['MailboxFull', 'Transient'],
  ['General', 'Transient'],
  ['Undetermined', 'Undetermined'],
])('%s (%s) suppresses nothing', async (subtype, type) => {
  const ada = await sent();
  await ada.feedback(published('Bounce', ada.mail({ providerId }), bounce(later, type, subtype)));
  expect(await ada.world.people.isSuppressed('email', ada.claim)).toBe(false);
  expect((await ada.world.people.statistics(ada.item.person)).feedback).toEqual(counts({ undelivered: 1 }));
  expect((await ada.message())?.marks).toHaveLength(1);
});

describe('a complaint', () => {
  const complained = (ada: Welcomed) => published('Complaint', ada.mail({ providerId }), complaint(later, 'abuse'));

  test('suppresses, and is an opt-out with its proof, once', async () => {
    const ada = await sent();
    await ada.feedback(complained(ada));
    await ada.feedback(notified('Complaint', ada.mail({ providerId }), complaint(later, 'abuse')));
    ada.now = later + 60_000;
    await ada.process();
    expect((await ada.person()).attributes.consents['email.marketing']).toEqual({
      state: 'withdrawn',
      at: start,
      source: 'complaint',
    });
    const { proofs, chunks, statistics } = ada.world.people.stored(ada.item.person);
    expect([...proofs.values()].filter(({ state }) => state.source === 'complaint')).toHaveLength(1);
    const names = [...chunks.values()].flatMap(({ events }) => events.map(({ name }) => name));
    expect(names.filter((name) => name === 'Email Marked as Spam')).toHaveLength(1);
    expect(statistics?.feedback).toEqual(counts({ complained: 1 }));
    expect(await ada.world.people.isSuppressed('email', ada.claim)).toBe(true);
  });

  test('is told to the person again when the sender of the event died', async () => {
    const ada = await sent();
    const { queues } = ada.world;
    const sendEvents = queues.sendEvents.bind(queues);
    ada.world.queues.sendEvents = () => Promise.reject(new Unavailable('down'));
    await expect(ada.feedback(complained(ada))).rejects.toThrow(Unavailable);
    ada.world.queues.sendEvents = sendEvents;
    expect(await ada.feedback(complained(ada))).toBe('known');
    expect(await ada.process()).toBe(1);
    expect((await ada.person()).attributes.consents['email.marketing']?.state).toBe('withdrawn');
  });

  test.each(['not-spam', 'auth-failure'])('%s is none: marked, and nothing else', async (type) => {
    const ada = await sent();
    await ada.feedback(published('Complaint', ada.mail({ providerId }), complaint(later, type)));
    expect((await ada.message())?.marks).toEqual([{ kind: 'complained', at: later, type }]);
    expect(await ada.world.people.isSuppressed('email', ada.claim)).toBe(false);
    expect(ada.world.queues.queued().events).toEqual([]);
    expect(ada.world.people.stored(ada.item.person).statistics?.feedback).toBeUndefined();
  });
});

describe('before our own log', () => {
  test('marks are kept, and the log that comes then keeps them', async () => {
    const ada = await Welcomed.open();
    await ada.feedback(published('Bounce', ada.mail({ providerId }), bounce(later)));
    expect(await ada.message()).toBeUndefined();
    expect(await ada.world.people.isSuppressed('email', ada.claim)).toBe(true);
    expect(await ada.deliver()).toBe('sent');
    expect(ada.world.carriers.calls()).toBe(0); // SES has it: it is not called again
    expect(await ada.message()).toMatchObject({
      status: { kind: 'sent', providerId },
      template: 'bienvenue',
      marks: [{ kind: 'bounced' }],
    });
  });

  test('a notification without tags or headers is told again until the log is there', async () => {
    const ada = await Welcomed.open();
    const told = notified('Bounce', ada.mail({ providerId }), bounce(later));
    await expect(ada.feedback(told)).rejects.toThrow(Unavailable);
    await ada.deliver();
    expect(await ada.feedback(told, 2)).toBe('marked');
  });

  test('and after a quarter of an hour it is about a mail that is not ours', async () => {
    const ada = await sent();
    const told = notified('Bounce', ada.mail({ providerId: 'another' }), bounce(later));
    await expect(ada.feedback(told, 2)).rejects.toThrow(Unavailable);
    expect(await ada.feedback(told, 3)).toBe('ignored');
    expect(ada.world.logged.at(-1)).toMatchObject({ outcome: 'feedback ignored', ids: { providerId: 'another' } });
  });
});

describe('nobody comes back by it', () => {
  const all = (ada: Welcomed, person: string): readonly string[] => [
    published('Send', ada.mail({ person })),
    published('Delivery', ada.mail({ person }), delivery(later)),
    published('Bounce', ada.mail({ person }), bounce(later)),
    published('Complaint', ada.mail({ person }), complaint(later, 'abuse')),
  ];

  test('who never was', async () => {
    const ada = await Welcomed.open();
    const before = ada.world.people.people();
    for (const told of all(ada, '01JDNOBODY0000000000000000')) expect(await ada.feedback(told)).toBe('nobody');
    for (const told of [notified('Bounce', ada.mail({ to: 'else@example.com' }), bounce(later))])
      expect(await ada.feedback(told)).toBe('nobody');
    expect(ada.world.people.people()).toEqual(before);
    expect(ada.world.queues.queued().events).toEqual([]);
    expect(await ada.world.people.isSuppressed('email', ada.claim)).toBe(false);
  });

  test('who was forgotten: a tombstone stays as it is', async () => {
    const ada = await sent();
    const { attributes } = await ada.person();
    await ada.world.people.saveAttributes(ada.item.person, {
      ...attributes,
      identifiers: [],
      traits: {},
      consents: {},
      erased: true,
    });
    const before = ada.world.people.stored(ada.item.person);
    for (const told of all(ada, ada.item.person)) expect(await ada.feedback(told)).toBe('nobody');
    expect(ada.world.people.stored(ada.item.person)).toEqual(before);
    expect(ada.world.queues.queued().events).toEqual([]);
    expect(await ada.world.people.isSuppressed('email', ada.claim)).toBe(false);
  });
});

test('a merged person is marked where the message lies, and counted where they are now', async () => {
  const ada = await sent();
  const old = ada.item.person;
  const { world } = ada;
  const loser = { attributes: (await ada.person()).attributes, hot: (await ada.person()).hot };
  const winner = '01AAAAAAAAAAAAAAAAAAAAAAAA';
  const { attributes, hot } = await world.people.load(winner);
  const statistics = await world.people.statistics(winner);
  await world.people.merge({
    winner,
    loser: old,
    at: start,
    before: {
      winner: { attributes, hot, statistics },
      loser: { ...loser, statistics: await world.people.statistics(old) },
    },
    after: { attributes: { ...loser.attributes, version: 0, aliases: [old] }, hot },
    moved: [],
    ended: [],
  });
  expect(await ada.feedback(published('Bounce', ada.mail({ providerId }), bounce(later)))).toBe('marked');
  expect([...world.people.stored(old).messages.values()]).toMatchObject([{ marks: [{ kind: 'bounced' }] }]);
  expect(world.people.stored(winner).messages.size).toBe(0);
  expect(world.people.stored(winner).statistics?.feedback).toEqual(counts({ bounced: 1 }));
  expect(world.people.stored(old).statistics?.feedback).toBeUndefined();
});

describe('a delivery becomes an event of the person', () => {
  const delivered = did(['Email Delivered']);
  const nested: Condition = { kind: 'not', of: { kind: 'any', of: [{ kind: 'segment', segment: 's', of: delivered }] } };
  const journeysWith =
    (change: (journey: Journey) => Partial<Journey>): Change =>
    (config) => ({
      ...config,
      journeys: config.journeys.map((one) => ({ ...one, journey: { ...one.journey, ...change(one.journey) } })),
    });
  const withStep = (step: Step): Change => journeysWith(({ steps }) => ({ steps: [...steps, step, goal('99')] }));
  const branch = (condition: Condition): Step => ({ kind: 'branch', label: '98', condition, otherwise: 99 });
  const pattern = { on: ['Email Delivered'] };

  const heardIn = async (change?: Change, later_?: Change): Promise<readonly unknown[]> => {
    const ada = await Welcomed.open(change === undefined ? {} : { change });
    await ada.deliver();
    const { generation: _, ...live } = await ada.world.settings.config();
    if (later_ !== undefined) await ada.world.settings.publish(later_(live));
    await ada.feedback(published('Delivery', ada.mail({ providerId }), delivery(later)));
    return ada.world.queues.queued().events;
  };

  test.each<[string, Change]>([
    ['ends a run', journeysWith(() => ({ exit: pattern }))],
    ['is waited for', withStep({ kind: 'wait-event', label: '98', pattern, atMost: span('1 day'), otherwise: 99 })],
    ['is counted by an `if`', withStep(branch(delivered))],
    ['is counted by an `if` through a segment', withStep(branch(nested))],
    ['is counted by what an exit asks', journeysWith(() => ({ exit: { on: ['X'], where: delivered } }))],
    ['is counted by a start', (config) => ({ ...config, journeys: [...config.journeys, byCount('n', did(pattern.on), [])] })],
    [
      'is counted by a segment that starts a journey',
      (config) => ({ ...config, journeys: [...config.journeys, bySegment('n', 'left', nested, [])] }),
    ],
    ['is counted by the segment of a campaign', (config) => ({ ...config, campaigns: [aCampaign({ when: nested })] })],
  ])('where it %s', async (_what, change) => {
    expect(await heardIn(change)).toMatchObject([
      { events: [{ name: 'Email Delivered', properties: { campaign_name: 'bienvenue' } }] },
    ]);
  });

  test('where only the version asks for it that a run of this person goes on with', async () => {
    const asks = withStep(branch(delivered));
    expect(await heardIn(asks, (config) => ({ ...config, journeys: [] }))).toHaveLength(1);
    expect(await heardIn(undefined, (config) => ({ ...config, journeys: [] }))).toEqual([]);
  });

  test('nowhere else: not where nobody asks, and not where another answer of the mailbox is asked for', async () => {
    expect(await heardIn()).toEqual([]);
    expect(await heardIn(withStep(branch(did(['Email Bounced']))))).toEqual([]);
  });
});

test('any order and repetition of all that SES can tell, with our log anywhere between, ends the same', async () => {
  const all = (ada: Welcomed): readonly (() => Promise<unknown>)[] => [
    () => ada.deliver(),
    () => ada.feedback(published('Send', ada.mail({ providerId, at: start }))),
    () => ada.feedback(published('Delivery', ada.mail({ providerId, at: start }), delivery(later))),
    () => ada.feedback(published('Bounce', ada.mail({ providerId, at: start }), bounce(later, 'Transient'))),
    () => ada.feedback(published('Bounce', ada.mail({ providerId, at: start }), bounce(later))),
    () => ada.feedback(published('Complaint', ada.mail({ providerId, at: start }), complaint(later, 'abuse'))),
    () => ada.feedback(published('DeliveryDelay', ada.mail({ providerId, at: start }), delay(later))),
  ];
  const outcome = async (order: readonly number[]) => {
    const ada = await Welcomed.open();
    for (const index of order) await all(ada)[index]?.();
    await ada.process();
    const { messages, statistics, proofs } = ada.world.people.stored(ada.item.person);
    return {
      messages: [...messages.values()].map(({ version: _version, ...record }) => record),
      feedback: statistics?.feedback,
      proofs: [...proofs.keys()].length,
      suppression: (await ada.world.people.suppression('email', ada.claim)).reasons,
      consents: (await ada.person()).attributes.consents,
    };
  };
  const straight = await outcome([0, 1, 2, 3, 4, 5, 6]);
  expect(straight.feedback).toEqual({ bounced: 1, undelivered: 1, complained: 1 });
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }),
      fc.array(fc.nat(6), { maxLength: 4 }),
      async (order, again) => {
        expect(await outcome([...order, ...again])).toEqual(straight);
        expect(await outcome([...again, ...order])).toEqual(straight);
      },
    ),
    { numRuns: 30 },
  );
});
