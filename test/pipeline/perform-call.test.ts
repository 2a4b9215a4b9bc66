/** Webhooks and tasks: signed, again until it is final, and never in a person's mailbox (promises 1 and 5). */
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { claimKey } from '../../shared/events/identifier.ts';
import type { JourneyVersion } from '../../shared/config/config.ts';
import type { Step } from '../../shared/journeys/journey.ts';
import { exactDays, hours, minutes } from '../../shared/kernel/time.ts';
import type { JourneyItem } from '../../shared/messages/message.ts';
import { advanceJourneys } from '../../shared/pipeline/advance-journeys.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { performCall } from '../../shared/pipeline/perform-call.ts';
import type { WebhookAnswer } from '../../shared/messages/webhook-call.ts';
import { ada, aJourney, aWorld, does, goal, runs, settle, tell, wait } from './language-world.ts';
import { slowPeople } from './slow-people.ts';
import { email, envelope, noon, theOne, track, type TestWorld } from './process-events-world.ts';

const hook: Step = { kind: 'webhook', label: '1', url: 'https://caisse.example/crochet' };
const calls = (step: Step = hook): JourneyVersion => aJourney('appel', { on: ['Signed Up'] }, [step, goal('2')]);

const takeCalls = (world: TestWorld): readonly JourneyItem[] =>
  world.queues.takeOutbox('triggered').filter((item) => 'journey' in item);

/** All queues and timers until then, calls included. */
async function runUntil(world: TestWorld, instant: number): Promise<void> {
  for (;;) {
    for (const item of takeCalls(world)) await performCall(world.ports, item);
    const [next] = await world.people.dueTimers(0, instant, 1);
    if (next === undefined) break;
    world.clock.now = Math.max(world.clock.now, next.due);
    await world.ports.queues.sendWork([next], world.clock.now);
    await settle(world);
  }
  world.clock.now = instant;
}

const logged = async (world: TestWorld) => {
  const { id, attributes } = await theOne(world, ada);
  return world.people.messages([id, ...attributes.aliases]);
};

const status = (code: number): WebhookAnswer => ({ kind: 'answered', status: code });

describe('a webhook', () => {
  test('tells who, why and which step, signed, and the run goes on when it was taken', async () => {
    const world = await aWorld([calls()]);
    await tell(world, track('s', 'Signed Up', noon, { plan: 'pro' }, { traits: { firstName: 'Ada' } }));
    await runUntil(world, noon + hours(1));
    const [call, ...more] = world.webhooks.calls();
    expect(more).toEqual([]);
    expect(call).toMatchObject({
      url: 'https://caisse.example/crochet',
      depth: 1,
      secrets: ['whsec_bWVtb3J5LXdlYmhvb2stc2VjcmV0'],
    });
    expect(JSON.parse(call?.body ?? '')).toMatchObject({
      type: 'journey.step',
      timestamp: '2026-11-23T11:00:00.000Z',
      data: {
        journey: 'appel',
        step: '1',
        person: { identifiers: [{ type: 'email', value: 'ada@example.com' }], traits: { firstName: 'Ada' } },
        entry: { event: 'Signed Up', plan: 'pro' },
      },
    });
    expect(await runs(world)).toMatchObject([{ went: ['queued webhook', 'webhook sent', 'goal fait'] }]);
    expect(await logged(world)).toMatchObject([
      { channel: 'webhook', template: hook.kind === 'webhook' ? hook.url : '', status: { kind: 'sent' } },
    ]);
  });

  test.each([
    ['answers 500 twice', [status(500), status(503)], 3, 'webhook sent'],
    [
      'cannot be reached, then asks for patience',
      [{ kind: 'unreachable', because: 'x' } as const, status(429), status(425), status(408)],
      5,
      'webhook sent',
    ],
    ['refuses it', [status(422)], 1, 'webhook failed'],
    ['sends it somewhere else', [status(302)], 1, 'webhook failed'],
    ['never answers', Array.from({ length: 50 }, () => status(500)), 14, 'webhook failed'],
  ] as const)(
    'whose receiver %s is told again by the run’s own timer until that is final',
    async (_what, answers, count, went) => {
      const world = await aWorld([calls()]);
      world.webhooks.answerNext(...answers);
      await does(world, 'Signed Up');
      await runUntil(world, noon + exactDays(2));
      const told = world.webhooks.calls();
      expect(told).toHaveLength(count);
      expect(new Set(told.map(({ id, body }) => id + body)).size).toBe(1);
      expect((await runs(world))[0]?.went.slice(1)).toEqual([went, 'goal fait']);
    },
  );

  test('tells the tags of the person as one list, whoever gave them', async () => {
    const world = await aWorld([calls()]);
    await tell(
      world,
      track('t', 'Told', noon - minutes(1), {}, { traits: { tags: ['pro', 'b2b'], 'tag:vip': true, city: 'Lyon' } }),
    );
    await tell(world, track('u', 'Told', noon - 1_000, {}, { traits: { 'tag:b2b': false } }));
    await does(world, 'Signed Up');
    await runUntil(world, noon + hours(1));
    expect(JSON.parse(world.webhooks.calls()[0]?.body ?? '')).toMatchObject({
      data: { person: { tags: ['pro', 'vip'], traits: { city: 'Lyon' } } },
    });
    expect(world.webhooks.calls()[0]?.body).not.toMatch(/tag:|b2b/);
  });

  test('right behind a change tells the person as changed, though nobody has processed it yet', async () => {
    const steps: readonly Step[] = [
      { kind: 'tag', label: '1', add: ['vip'], remove: ['nouveau'] },
      { kind: 'set', label: '2', traits: { rang: 'or' } },
      { ...hook, label: '3' },
    ];
    const world = await aWorld([aJourney('appel', { on: ['Signed Up'] }, steps)]);
    const signedUp = track('t', 'Signed Up', noon, {}, { traits: { tags: ['nouveau'] } });
    await processEnvelope(world.ports, envelope([ada], [signedUp]));
    for (let asked = 0; asked < 4; asked++) {
      for (const one of world.queues.takeWork(world.clock.now)) await advanceJourneys(world.ports, one);
    }
    const [item] = takeCalls(world);
    if (item === undefined) throw new Error('nothing is queued');
    expect(world.queues.queued().events).toHaveLength(2);
    await performCall(world.ports, item);
    expect(JSON.parse(world.webhooks.calls()[0]?.body ?? '')).toMatchObject({
      data: { person: { tags: ['vip'], traits: { rang: 'or' } } },
    });
  });

  test('given up is called 14 times in 20 hours and 36 minutes, and parked with all that it was to tell', async () => {
    const world = await aWorld([calls()]);
    world.webhooks.answerNext(...Array.from({ length: 50 }, () => status(503)));
    await does(world, 'Signed Up', { order_id: 'C-1' });
    await runUntil(world, noon + exactDays(2));
    const [first] = world.webhooks.calls();
    const because = 'answered 503; given up after 14 attempts';
    const at = noon + hours(20) + minutes(36);
    expect(await logged(world)).toMatchObject([{ at, status: { kind: 'failed', because } }]);
    const [item, ...more] = await world.parking.parked(10);
    expect(more).toEqual([]);
    const problems = [{ where: 'journey appel, step 1', problem: because }];
    expect(item).toMatchObject({ at, stage: 'webhook', problems, claims: [claimKey(world.ports.secrets.identifierKey, ada)] });
    expect(world.logged.filter(({ outcome }) => outcome === 'parked')).toMatchObject([{ ids: { journey: 'appel' } }]);
    const body: unknown = JSON.parse(first?.body ?? '');
    expect(JSON.parse(item?.body ?? '')).toEqual({ url: first?.url, id: first?.id, body });
  });

  test('whose machine dies between parking and log is parked once', async () => {
    const world = await aWorld([calls()]);
    world.webhooks.answerNext(...Array.from({ length: 50 }, () => status(503)));
    await does(world, 'Signed Up');
    await runUntil(world, noon + hours(20));
    const [next] = await world.people.dueTimers(0, noon + hours(21), 1);
    world.clock.now = next?.due ?? 0;
    await world.ports.queues.sendWork(next === undefined ? [] : [next], world.clock.now);
    await settle(world);
    const [last] = takeCalls(world);
    if (last === undefined) throw new Error('nothing is queued');
    const dieOnceParked = async (): Promise<void> => {
      if ((await world.parking.parked(1)).length > 0) throw new Error('died');
    };
    const dying = { ...world.ports, people: slowPeople(world.people, dieOnceParked) };
    await expect(performCall(dying, last)).rejects.toThrow('died');
    expect(await performCall(world.ports, last)).toBe('failed');
    expect(await performCall(world.ports, last)).toBe('already-logged');
    expect(await world.parking.parked(10)).toHaveLength(1);
  });

  test('that is refused for good is no more to be done, and not parked', async () => {
    const world = await aWorld([calls()]);
    world.webhooks.answerNext(status(404));
    await does(world, 'Signed Up');
    await runUntil(world, noon + hours(1));
    expect(await world.parking.parked(10)).toEqual([]);
  });

  test('that was taken hours later is what the next wait counts from; one that took a moment is not', async () => {
    // Told at once and after 1, 6 and 36 minutes, then every two hours: the timer that sees it taken comes two hours after.
    for (const [refusals, over, seen] of [
      [2, noon + hours(1), 0],
      [6, noon + minutes(36) + hours(7), hours(1)],
    ] as const) {
      const world = await aWorld([aJourney('crochet', { on: ['Signed Up'] }, [hook, wait('2', '1 hour'), goal('3')])]);
      world.webhooks.answerNext(...Array.from({ length: refusals }, () => status(503)));
      await does(world, 'Signed Up');
      await runUntil(world, over - minutes(1));
      expect((await runs(world))[0]?.went).not.toContain('goal fait');
      await runUntil(world, over + seen + minutes(6));
      expect((await runs(world))[0]?.went).toContain('goal fait');
    }
  });

  test('is followed by waits as short as they say', async () => {
    const world = await aWorld([aJourney('crochet', { on: ['Signed Up'] }, [hook, wait('2', '2 minutes'), goal('3')])]);
    await does(world, 'Signed Up');
    for (const item of takeCalls(world)) await performCall(world.ports, item);
    world.clock.now = noon + minutes(1) + 500; // timers come half a second after their instant
    await world.ports.queues.sendWork(await world.people.dueTimers(0, world.clock.now, 1), world.clock.now);
    await settle(world);
    const goesOn = async (at: number) => {
      await runUntil(world, at);
      return (await runs(world))[0]?.went.includes('goal fait');
    };
    expect(await goesOn(noon + minutes(2) - 1)).toBe(false);
    expect(await goesOn(noon + minutes(2))).toBe(true);
  });

  test('of two people has two names, though their runs have one', async () => {
    const world = await aWorld([calls()]);
    for (const who of ['a', 'b'])
      await processEnvelope(world.ports, envelope([email(`${who}@example.com`)], [track(who, 'Signed Up', noon)]));
    await runUntil(world, noon + hours(1));
    expect(new Set(world.webhooks.calls().map(({ id }) => id)).size).toBe(2);
  });

  test.each([
    ['http://caisse.example/crochet', 0],
    ['ftp://caisse.example', 0],
    ['no url', 0],
    ['http://localhost:8080/x', 1],
  ])('to %s is called %d times', async (url, count) => {
    const world = await aWorld([calls({ kind: 'webhook', label: '1', url })]);
    await does(world, 'Signed Up');
    await runUntil(world, noon + hours(1));
    expect(world.webhooks.calls()).toHaveLength(count);
    expect((await logged(world))[0]?.status.kind).toBe(count === 1 ? 'sent' : 'failed');
  });

  test('that others led to says how many, and after five none is sent', async () => {
    for (const [depth, sent] of [
      [4, [5]],
      [5, []],
    ] as const) {
      const world = await aWorld([calls()]);
      await does(world, 'Signed Up', { relance_depth: depth });
      await runUntil(world, noon + hours(1));
      expect(world.webhooks.calls().map((call) => call.depth)).toEqual(sent);
    }
  });

  test('of a run that has ended meanwhile is not sent', async () => {
    const version = calls();
    const world = await aWorld([{ ...version, journey: { ...version.journey, exit: { on: ['Left'] } } }]);
    await does(world, 'Signed Up');
    await does(world, 'Left');
    await runUntil(world, noon + hours(1));
    expect(world.webhooks.calls()).toEqual([]);
    expect(await logged(world)).toEqual([]);
  });

  test('queued twice is called once when the first was logged', async () => {
    const world = await aWorld([calls()]);
    await does(world, 'Signed Up');
    const [item] = takeCalls(world);
    if (item === undefined) throw new Error('nothing is queued');
    expect([await performCall(world.ports, item), await performCall(world.ports, item)]).toEqual(['sent', 'already-logged']);
    expect(world.webhooks.calls()).toHaveLength(1);
    expect(await performCall(world.ports, { ...item, person: 'nobody' })).toBe('nobody');
  });
});

describe('a task', () => {
  const task: Step = {
    kind: 'task',
    label: '1',
    to: 'boutique@example.fr',
    subject: 'Appeler {{ person.firstName }}',
    text: 'Rappeler {{ person.firstName }} pour {{ entry.reason }}.',
  };
  const mime = async (body: Uint8Array): Promise<string> => {
    const stream = new PassThrough();
    stream.end(body);
    const { default: PostalMime } = await import('postal-mime');
    return (await PostalMime.parse(Buffer.from(body))).text ?? '';
  };

  test('is a mail to staff with all that they need, and no link', async () => {
    const world = await aWorld([calls(task)]);
    const traits = {
      firstName: 'Ada',
      lastName: 'Lovelace',
      site: 'https://evil.example',
      address: { street: '12 rue des Lilas', postalCode: '69003', city: 'Lyon', country: 'FR' },
    };
    await tell(
      world,
      track('o', 'Order Completed', noon - minutes(50), { order_id: 'C-1', total: 42.5, currency: 'EUR' }, { traits }),
    );
    await tell(
      world,
      track('c', 'Product Added', noon - minutes(40), { product_id: 'p', name: 'Robe Écume', price: 89, quantity: 2 }),
    );
    await tell(
      world,
      track('l', 'Product Added', noon - minutes(39), { product_id: 'q', name: 'https://evil.example/x', price: 1, quantity: 1 }),
    );
    await does(world, 'Signed Up', { reason: 'une retouche' });
    await runUntil(world, noon + hours(1));
    const [sent, ...more] = world.carriers.sent();
    expect(more).toEqual([]);
    expect(sent).toMatchObject({ channel: 'email', to: 'boutique@example.fr', tags: {} });
    const text = await mime(sent?.body ?? new Uint8Array());
    expect(text).toContain('Rappeler Ada pour une retouche.');
    expect(text).toMatch(/Nom : Ada Lovelace/);
    expect(text).toMatch(/E-mail : ada@example\.com/);
    expect(text).toMatch(/Adresse : 12 rue des Lilas, 69003 Lyon, FR/);
    expect(text).toMatch(/Panier : 2 × Robe Écume/);
    expect(text).toMatch(/Dernières commandes : .*C-1 42,50\s€/);
    expect(text).not.toMatch(/https?:|evil/);
    expect(await runs(world)).toMatchObject([{ went: ['queued task', 'task sent', 'goal fait'] }]);
    expect(await logged(world)).toMatchObject([{ channel: 'task', template: 'appel/1' }]);
    expect((await theOne(world, ada)).hot.claims).toEqual([]);
  });

  test('whose sender never answers is parked for somebody to do it', async () => {
    const world = await aWorld([calls(task)]);
    world.carriers.answerNext(...Array.from({ length: 50 }, () => ({ kind: 'throttled', because: 'too fast' }) as const));
    await does(world, 'Signed Up');
    await runUntil(world, noon + exactDays(2));
    const [item] = await world.parking.parked(10);
    expect(item).toMatchObject({ stage: 'task', problems: [{ problem: 'too fast; given up after 14 attempts' }] });
    expect(JSON.parse(item?.body ?? '')).toEqual({
      to: 'boutique@example.fr',
      subject: 'Appeler {{ person.firstName }}',
      text: 'Rappeler {{ person.firstName }} pour {{ entry.reason }}.',
      person: (await theOne(world, ada)).id,
    });
  });

  test('whose sender is throttled is sent again, and one that nobody can receive fails', async () => {
    const world = await aWorld([calls(task)]);
    world.carriers.answerNext({ kind: 'throttled', because: 'too fast' }, { kind: 'unknown', because: 'no answer' });
    await does(world, 'Signed Up');
    await runUntil(world, noon + hours(3));
    expect(world.carriers.sent()).toHaveLength(1);
    const broken = await aWorld([calls({ ...task, to: 'no address' })]);
    await does(broken, 'Signed Up');
    await runUntil(broken, noon + hours(3));
    expect((await logged(broken))[0]?.status.kind).toBe('failed');
    expect((await runs(broken))[0]?.went.slice(1)).toEqual(['task failed', 'goal fait']);
  });
});

test('what runs order before and after a wait are different calls', async () => {
  const world = await aWorld([aJourney('deux', { on: ['Signed Up'] }, [hook, wait('2', '1 hour'), { ...hook, label: '3' }])]);
  await does(world, 'Signed Up');
  await runUntil(world, noon + hours(5));
  expect(new Set(world.webhooks.calls().map(({ id }) => id)).size).toBe(2);
});
