/** Steps that change or choose: split, set, tag, goal, if; each done once and explained (promises 1, 2 and 5). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Step } from '../../shared/journeys/journey.ts';
import type { Template } from '../../shared/messages/template.ts';
import { Unavailable } from '../../shared/kernel/errors.ts';
import { before, hours, minutes } from '../../shared/kernel/time.ts';
import { advanceJourneys } from '../../shared/pipeline/advance-journeys.ts';
import { deliverMessage } from '../../shared/pipeline/deliver-messages.ts';
import { factsOf } from '../../shared/pipeline/person-facts.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { newStatistics } from '../../shared/profile/statistics.ts';
import { tagsOf } from '../../shared/profile/tags.ts';
import type { Condition } from '../../shared/rules/condition.ts';
import { ada, aJourney, aWorld, does, goal, is, later, runs, settle, tell, wait } from './language-world.ts';
import { email, envelope, noon, theOne, told, track } from './process-events-world.ts';
import { slowPeople } from './slow-people.ts';

describe('setting a trait', () => {
  const sets: readonly Step[] = [
    { kind: 'set', label: '1', traits: { vip: true, grade: { name: 'or' } } },
    { kind: 'tag', label: '2', add: ['fidèle'], remove: ['nouveau'] },
    { kind: 'branch', label: '3', condition: is('vip', 'eq', true), otherwise: 4 },
    goal('3.then.1', 'su'),
  ];

  test('and tags is an event of the person, told once, which the next steps know', async () => {
    const world = await aWorld([
      aJourney('or', { on: ['Signed Up'] }, [
        ...sets.slice(0, 2),
        wait('x', '1 minute'),
        ...sets.slice(2).map((step) => (step.kind === 'branch' ? { ...step, otherwise: 5 } : step)),
      ]),
    ]);
    // What is told with the start says the greater text: time decides, not the text.
    await tell(world, track('s', 'Signed Up', noon, {}, { traits: { tags: ['nouveau', 'paris'], grade: { z: 9 }, vip: 'zzz' } }));
    await later(world, minutes(1));
    expect(await runs(world)).toMatchObject([{ went: ['set', 'tagged', 'waited', 'then', 'goal su'] }]);
    const person = await theOne(world, ada);
    expect(person.attributes.traits['grade']?.value).toEqual({ name: 'or' });
    expect(tagsOf(person.attributes)).toEqual(['fidèle', 'paris']);
    const facts = factsOf({ ...person, statistics: newStatistics() }, { now: noon, zone: 'Europe/Paris' });
    expect(facts.traits).toMatchObject({ vip: true, tags: ['fidèle', 'paris'] });
    const effects = (await told(world, person)).filter(({ id }) => id.startsWith('relance:effect:'));
    expect(
      effects
        .map(({ traits }) => traits)
        .toSorted(
          (a, b) => Object.keys(b ?? {}).length - Object.keys(a ?? {}).length || (JSON.stringify(a) < JSON.stringify(b) ? 1 : -1),
        ),
    ).toEqual([
      { vip: true, grade: { name: 'or' } },
      { 'tag:fidèle': true, 'tag:nouveau': false },
    ]);
  });

  test('is known to the message behind it before anybody has processed it', async () => {
    const email = { fr: { subject: 'Bravo {{ person.grade.name }}', html: '<p>Bravo</p>', text: 'Bravo' } };
    const message: Template = { name: 'bravo', purpose: 'transactional', repeat: 'never', email };
    const send: Step = { kind: 'send', label: '2', template: 'bravo', channels: ['email'] };
    const journey = aJourney('or', { on: ['Signed Up'] }, [...sets.slice(0, 1), send]);
    const world = await aWorld([{ ...journey, templates: { bravo: message } }]);
    await processEnvelope(world.ports, envelope([ada], [track('s', 'Signed Up', noon)], { receivedAt: noon }));
    for (const work of world.queues.takeWork(noon)) await advanceJourneys(world.ports, work);
    for (const item of world.queues.takeOutbox('triggered')) await deliverMessage(world.ports, item);
    expect((await theOne(world, ada)).attributes.traits['grade']).toBeUndefined();
    expect(world.carriers.sent().map(({ body }) => Buffer.from(body).toString())).toEqual([
      expect.stringContaining('Subject: Bravo or') as string,
    ]);
  });

  test('is known to the steps behind it before anybody has processed it', async () => {
    const tagged = (tag: string): Condition => ({ kind: 'compare', path: ['tags'], comparison: { op: 'contains', value: tag } });
    const world = await aWorld([
      aJourney('or', { on: ['Signed Up'] }, [
        ...sets.slice(0, 2),
        { kind: 'branch', label: '3', condition: is('vip', 'eq', true), otherwise: 9 },
        { kind: 'branch', label: '4', condition: tagged('fidèle'), otherwise: 9 },
        { kind: 'branch', label: '5', condition: { kind: 'not', of: tagged('nouveau') }, otherwise: 9 },
        { kind: 'set', label: '6', traits: { timezone: 'Asia/Tokyo' } },
        { kind: 'wait-time', label: '7', at: 600, weekdays: [], zone: 'recipient' },
        goal('8', 'su'),
      ]),
    ]);
    const started = track('s', 'Signed Up', noon, {}, { traits: { tags: ['nouveau'] } });
    await processEnvelope(world.ports, envelope([ada], [started], { receivedAt: noon }));
    for (let firing = 0; firing < 4; firing++)
      for (const work of world.queues.takeWork(noon)) await advanceJourneys(world.ports, work);
    expect((await theOne(world, ada)).attributes.traits['vip']).toBeUndefined(); // nothing of it was processed
    expect(await runs(world)).toMatchObject([{ went: ['set', 'tagged', 'then', 'then', 'then', 'set'] }]);
    const [stored] = await world.people.allInstances([(await theOne(world, ada)).id]);
    expect(stored?.instance.state).toMatchObject({ due: Date.parse('2026-11-24T01:00:00Z') }); // ten in Tokyo
  });

  test('yields, for the steps behind it, to what somebody said later', async () => {
    const world = await aWorld([aJourney('or', { on: ['Signed Up'] }, [sets[0]!, wait('2', '1 hour'), ...sets.slice(2)])]);
    await does(world, 'Signed Up');
    world.clock.now += 60_000;
    await tell(world, track('n', 'Identify', world.clock.now, {}, { type: 'identify', traits: { vip: false } }));
    await later(world, hours(1));
    expect(await runs(world)).toMatchObject([{ went: ['set', 'waited', 'else'] }]);
  });

  test('is told again in the same words by whoever takes over from a worker that died, and counts once', async () => {
    const world = await aWorld([aJourney('or', { on: ['Signed Up'] }, sets.slice(0, 1))]);
    await processEnvelope(world.ports, envelope([ada], [track('s', 'Signed Up', noon)]));
    const [work] = world.queues.takeWork(noon);
    if (work === undefined) throw new Error('no work is queued');
    const saveInstance = async (): Promise<never> => {
      throw new Unavailable('the worker died');
    };
    const dies = { ...world.ports, people: { ...slowPeople(world.people, async () => undefined), saveInstance } };
    await expect(advanceJourneys(dies, work)).rejects.toThrow(Unavailable);
    const [first] = world.queues.takeEvents();
    world.clock.now = noon + hours(7);
    await advanceJourneys(world.ports, work);
    const [second] = world.queues.takeEvents();
    expect(second?.events).toEqual(first?.events);
    for (const one of [second, first, second]) if (one !== undefined) await processEnvelope(world.ports, one);
    const effects = (await told(world, await theOne(world, ada))).filter(({ id }) => id.startsWith('relance:effect:'));
    expect(effects).toHaveLength(1);
  });

  test('gives way to what the person says later', async () => {
    const world = await aWorld([aJourney('or', { on: ['Signed Up'] }, sets.slice(0, 1))]);
    await does(world, 'Signed Up');
    world.clock.now += 1_000;
    await tell(world, track('n', 'Identify', world.clock.now, {}, { type: 'identify', traits: { vip: false } }));
    await settle(world);
    expect((await theOne(world, ada)).attributes.traits['vip']?.value).toBe(false);
  });
});

describe('a split', () => {
  const split: Step = {
    kind: 'split',
    label: '1',
    variants: [
      { name: 'a', weight: 3, to: 1 },
      { name: 'b', weight: 1, to: 2 },
    ],
  };
  const splits = aJourney('essai', { on: ['Signed Up'] }, [split, goal('1.a.1', 'a'), goal('2', 'fin')]);

  test('shares people by weight, and keeps in the log which way each went', async () => {
    const world = await aWorld([splits]);
    const went = { a: 0, b: 0 };
    for (let index = 0; index < 600; index++) {
      const who = email(`p${index}@example.com`);
      await processEnvelope(world.ports, envelope([who], [track(`s${index}`, 'Signed Up', noon)]));
      const [run] = await runs(world, who);
      if (run?.went[0] === 'variant a') went.a += 1;
      else went.b += 1;
      expect(run?.went).toEqual(run?.went[0] === 'variant a' ? ['variant a', 'goal a', 'goal fin'] : ['variant b', 'goal fin']);
    }
    expect(went.a).toBeGreaterThan(410);
    expect(went.a).toBeLessThan(490); // 450 expected, four standard deviations of 10.6
  });
});

describe('an `if`', () => {
  test('on the event sees the one that started the run, at once and later', async () => {
    const branch = (label: string, otherwise: number): Step => ({
      kind: 'branch',
      label,
      condition: is('event.plan', 'eq', 'pro'),
      otherwise,
    });
    const world = await aWorld([
      aJourney('plan', { on: ['Signed Up'] }, [
        branch('1', 2),
        goal('1.then.1'),
        wait('2', '1 hour'),
        branch('3', 5),
        goal('3.then.1'),
      ]),
    ]);
    await does(world, 'Signed Up', { plan: 'pro' });
    await does(world, 'Page Viewed', { plan: 'free' });
    await later(world, hours(1));
    expect(await runs(world)).toMatchObject([{ went: ['then', 'goal fait', 'waited', 'then', 'goal fait'] }]);
  });

  test('on the best time says that nothing is known yet, and goes on', async () => {
    const world = await aWorld([
      aJourney('heure', { on: ['Signed Up'] }, [
        { kind: 'wait-best-time', label: '1', within: { count: 2, unit: 'days' } },
        goal('2'),
      ]),
    ]);
    await does(world, 'Signed Up');
    expect(await runs(world)).toMatchObject([{ went: ['did not wait', 'goal fait'] }]);
  });
});

test('orders of a span are summed exactly, beyond the fifty that are kept', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 90 }), async (count, days) => {
      const asks = aJourney('somme', { on: ['Signed Up'] }, [
        wait('1', '1 minute'),
        {
          kind: 'branch',
          label: '2',
          condition: {
            kind: 'orders',
            field: 'total',
            comparison: { op: 'eq', value: 10 * Math.min(count, days) },
            within: { count: days, unit: 'days' },
          },
          otherwise: 3,
        },
        goal('2.then.1', 'juste'),
      ]);
      const world = await aWorld([asks]);
      const end = noon + 60_000;
      const orders = Array.from({ length: count }, (_, index) =>
        track(`o${index}`, 'Order Completed', before(end, { count: index, unit: 'days' }, 'Europe/Paris') - 1, {
          order_id: `o${index}`,
          total: 10,
        }),
      );
      // Doors put events of one hour into an envelope, no more.
      for (const order of orders)
        await processEnvelope(world.ports, envelope([ada], [order], { receivedAt: noon, imported: true }));
      await does(world, 'Signed Up');
      await later(world, minutes(1));
      expect(await runs(world)).toMatchObject([{ went: ['waited', 'then', 'goal juste'] }]);
    }),
    { numRuns: 25 },
  );
});
