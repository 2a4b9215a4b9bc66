/** What runs wait for: events with a timeout, times of day, dates of the person; exactly one branch is taken (promises 2, 4). */
import { describe, expect, test } from 'vitest';
import type { Step } from '../../shared/journeys/journey.ts';
import { exactDays, hours, minutes, seconds } from '../../shared/kernel/time.ts';
import { advanceJourneys } from '../../shared/pipeline/advance-journeys.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { ada, aJourney, aWorld, does, goal, is, later, runs, settle, span, tell, until, wait } from './language-world.ts';
import { envelope, noon, pauses, theOne, track, user, type TestWorld } from './process-events-world.ts';
import { slowPeople } from './slow-people.ts';

const waitFor = (label: string, event: string, given: Partial<Extract<Step, { kind: 'wait-event' }>> = {}): Step => ({
  kind: 'wait-event',
  label,
  pattern: { on: [event] },
  atMost: span('3 days'),
  otherwise: 3,
  ...given,
});

/** Signed up → an order within three days, or not. */
const buys = aJourney('achat', { on: ['Signed Up'] }, [
  waitFor('1', 'Order Completed'),
  goal('1.then.1', 'acheté'),
  { kind: 'jump', to: 4 },
  goal('1.else.1', 'rien'),
]);

const bought = ['came', 'goal acheté'];
const nothing = ['not in time', 'goal rien'];

const order = (id: string, at: number, orderId = id) => track(id, 'Order Completed', at, { order_id: orderId, total: 20 });

describe('a wait for an event', () => {
  test.each([
    ['comes the next day', exactDays(1), bought],
    ['comes in the last second', exactDays(3) + 999 - (noon % 1_000), bought],
    ['comes a second after the deadline', exactDays(3) + seconds(1), nothing],
    ['happened before it began', -minutes(1), nothing],
  ] as const)('goes the right way when it %s', async (_when, offset, went) => {
    const world = await aWorld([buys]);
    await tell(world, track('s', 'Signed Up', noon));
    // The timer has not fired: our own backlog is late.
    world.clock.now = Math.max(noon, noon + offset);
    await tell(world, order('o', noon + offset));
    await until(world, noon + exactDays(4));
    expect(await runs(world)).toMatchObject([{ went }]);
  });

  test('that is over hears nothing any more', async () => {
    const world = await aWorld([buys]);
    await does(world, 'Signed Up');
    await later(world, exactDays(3));
    expect(await runs(world)).toMatchObject([{ went: nothing }]);
    await does(world, 'Order Completed', { order_id: '1' });
    expect(await runs(world)).toMatchObject([{ went: nothing }]);
  });

  test('and its timeout in the same second take exactly one branch, whoever of two workers is faster', async () => {
    const ends = new Set<string>();
    for (let ticks = 0; ticks < 40; ticks++) {
      const world = await aWorld([buys]);
      await tell(world, track('s', 'Signed Up', noon));
      world.clock.now = noon + exactDays(3);
      const [timer] = await world.people.dueTimers(0, world.clock.now, 1);
      if (timer === undefined) throw new Error('no timer is armed');
      const slow = (steps: readonly number[]) => ({ ...world.ports, people: slowPeople(world.people, pauses(steps)) });
      await Promise.all([
        advanceJourneys(slow([ticks, 2, 0]), timer),
        processEnvelope(slow([ticks % 3, 0, 1]), envelope([ada], [order('o', world.clock.now)])),
        advanceJourneys(slow([ticks, ticks % 5]), timer),
      ]);
      await settle(world);
      await later(world, exactDays(1));
      const [run, ...others] = await runs(world);
      expect(others).toEqual([]);
      expect([bought, nothing]).toContainEqual(run?.went);
      ends.add(run?.went[0] ?? '');
      expect((await theOne(world, ada)).hot.open).toEqual([]);
    }
    expect([...ends].toSorted()).toEqual(['came', 'not in time']);
  });

  test('sees an event that came while the run was still at the step before', async () => {
    const sends = aJourney('mail', { on: ['Signed Up'] }, [
      { kind: 'webhook', label: '1', url: 'https://example.fr' },
      waitFor('2', 'Order Completed', { otherwise: 3 }),
      goal('2.then.1', 'acheté'),
      goal('3', 'fin'),
    ]);
    const world = await aWorld([sends]);
    await does(world, 'Signed Up');
    await later(world, seconds(20));
    await does(world, 'Order Completed', { order_id: '1' });
    await later(world, exactDays(1));
    const [run] = await runs(world);
    expect(run?.went.filter((outcome) => ['webhook given up', 'came', 'goal acheté'].includes(outcome))).toEqual([
      'webhook given up',
      'came',
      'goal acheté',
    ]);
  });

  test('and an event that is committed while the run arrives there is seen, whoever is faster', async () => {
    const arrives = aJourney('arrive', { on: ['Signed Up'] }, [
      wait('1', '1 hour'),
      waitFor('2', 'Order Completed', { otherwise: 3 }),
      goal('2.then.1', 'acheté'),
    ]);
    for (let ticks = 0; ticks < 30; ticks++) {
      const world = await aWorld([arrives]);
      await tell(world, track('s', 'Signed Up', noon));
      world.clock.now = noon + hours(1) + seconds(5);
      const [timer] = await world.people.dueTimers(0, world.clock.now, 1);
      if (timer === undefined) throw new Error('no timer is armed');
      const slow = (steps: readonly number[]) => ({ ...world.ports, people: slowPeople(world.people, pauses(steps)) });
      await Promise.all([
        advanceJourneys(slow([ticks % 6, 1]), timer),
        processEnvelope(slow([Math.floor(ticks / 6), 2]), envelope([ada], [order('o', world.clock.now)])),
      ]);
      await settle(world);
      expect(await runs(world)).toMatchObject([{ went: ['waited', 'came', 'goal acheté'] }]);
    }
  });

  test('is about that very order, and asks what else it must say', async () => {
    const pickup = aJourney('retrait', { on: ['Order Ready for Pickup'], reentry: { kind: 'once-per', path: ['order_id'] } }, [
      waitFor('1', 'Order Picked Up', {
        pattern: { on: ['Order Picked Up'], same: ['order_id'], where: is('event.complete', 'eq', true) },
        otherwise: 2,
      }),
      goal('2', 'pris'),
    ]);
    const world = await aWorld([pickup]);
    await does(world, 'Order Ready for Pickup', { order_id: 1 });
    await does(world, 'Order Ready for Pickup', { order_id: 2 });
    await does(world, 'Order Picked Up', { order_id: '2', complete: false });
    await does(world, 'Order Picked Up', { complete: true });
    expect((await runs(world)).map(({ went }) => went)).toEqual([[], []]);
    await later(world, 1);
    await does(world, 'Order Picked Up', { order_id: '2', complete: true });
    expect((await runs(world)).map(({ went }) => went).toSorted((a, b) => a.length - b.length)).toEqual([
      [],
      ['came', 'goal pris'],
    ]);
  });

  test('began late is told what came before it and happened later', async () => {
    const world = await aWorld([buys]);
    await tell(world, order('o', noon));
    await tell(world, track('s', 'Signed Up', noon - minutes(10)));
    expect(await runs(world)).toMatchObject([{ went: bought }]);
  });

  test('goes on with the other half when two people become one', async () => {
    const world = await aWorld([buys]);
    await processEnvelope(world.ports, envelope([ada], [track('s', 'Signed Up', noon)]));
    world.clock.now = noon + minutes(5);
    await processEnvelope(world.ports, envelope([user('u')], [order('o', world.clock.now)]));
    expect(await runs(world)).toMatchObject([{ went: [] }]);
    await processEnvelope(world.ports, envelope([ada, user('u')], [track('l', 'Identify', world.clock.now)]));
    expect(await runs(world)).toMatchObject([{ went: bought }]);
  });
});

describe('an exit with `same`', () => {
  const reminds = aJourney(
    'rappel',
    { on: ['Order Ready for Pickup'], reentry: { kind: 'once-per', path: ['order_id'] } },
    [wait('1', '24 hours'), goal('2', 'rappelé')],
    { exit: { on: ['Order Picked Up'], same: ['order_id'] } },
  );

  test('ends the run of that very order alone', async () => {
    const world = await aWorld([reminds]);
    await does(world, 'Order Ready for Pickup', { order_id: 'a' });
    await does(world, 'Order Ready for Pickup', { order_id: 'b' });
    await does(world, 'Order Picked Up', { order_id: 'b' });
    await later(world, hours(25));
    expect((await runs(world)).map(({ went }) => went).toSorted((a, b) => a.length - b.length)).toEqual([
      ['ended'],
      ['waited', 'goal rappelé'],
    ]);
  });

  test('ends nothing for a run that never knew what it is about', async () => {
    const once = aJourney('rappel', { on: ['Order Ready for Pickup'] }, [wait('1', '24 hours'), goal('2', 'rappelé')], {
      exit: { on: ['Order Picked Up'], same: ['order_id'] },
    });
    const world = await aWorld([once]);
    await does(world, 'Order Ready for Pickup', {});
    await does(world, 'Order Picked Up', {});
    await does(world, 'Order Picked Up', { order_id: 'b' });
    await later(world, hours(25));
    expect(await runs(world)).toMatchObject([{ went: ['waited', 'goal rappelé'] }]);
  });
});

describe('a wait until a time', () => {
  const at = (label: string, given: Partial<Extract<Step, { kind: 'wait-time' }>> = {}): Step => ({
    kind: 'wait-time',
    label,
    at: 600,
    weekdays: [],
    zone: 'brand',
    ...given,
  });
  const journeyAt = (step: Step) => aJourney('heure', { on: ['Signed Up'] }, [step, goal('2')]);
  const wentAt = async (step: Step, zone?: string): Promise<string> => {
    const world = await aWorld([journeyAt(step)]);
    const traits = zone === undefined ? {} : { traits: { timezone: zone } };
    await tell(world, track('s', 'Signed Up', noon, {}, traits));
    const person = await theOne(world, ada);
    const [stored] = await world.people.instances([person.id], [{ journey: 'heure', key: '-' }]);
    const state = stored?.instance.state;
    await later(world, exactDays(8));
    expect((await runs(world))[0]?.went.at(-1)).toBe('goal fait');
    return state?.kind === 'waiting' ? new Date(state.due).toISOString() : 'at once';
  };

  test.each([
    ['tomorrow morning, in the brand’s zone', at('1'), undefined, '2026-11-24T09:00:00.000Z'],
    ['at once, where it is that very minute', at('1', { at: 720 }), undefined, 'at once'],
    ['on the next Thursday', at('1', { weekdays: [4] }), undefined, '2026-11-26T09:00:00.000Z'],
    ['in the recipient’s morning', at('1', { zone: 'recipient' }), 'America/New_York', '2026-11-23T15:00:00.000Z'],
    ['in the brand’s, where theirs is none', at('1', { zone: 'recipient' }), 'Mars/Phobos', '2026-11-24T09:00:00.000Z'],
  ] as const)('goes on %s', async (_when, step, zone, due) => {
    expect(await wentAt(step, zone)).toBe(due);
  });
});

describe('a wait until a time that nobody got round to', () => {
  const ten: Step = { kind: 'wait-time', label: '2', at: 600, weekdays: [], zone: 'brand' };
  const morning = Date.parse('2026-11-24T09:00:00Z');
  const fired = async (world: TestWorld, at: number) => {
    world.clock.now = at;
    for (const work of await world.people.dueTimers(0, at, 10)) await advanceJourneys(world.ports, work);
    return (await runs(world))[0]?.went;
  };

  test.each([
    [minutes(15), true],
    [minutes(15) + 1, false],
    [hours(12), false],
  ])('%d ms late: made good at once: %s, else at that time of the next day', async (late, atOnce) => {
    const world = await aWorld([aJourney('heure', { on: ['Signed Up'] }, [{ ...ten, label: '1' }, goal('2')])]);
    await does(world, 'Signed Up');
    expect(await fired(world, morning + late)).toEqual(atOnce ? ['waited', 'goal fait'] : []);
    if (atOnce) return;
    expect(await fired(world, morning + exactDays(1) - 1)).toEqual([]);
    expect(await fired(world, morning + exactDays(1) + minutes(2))).toEqual(['waited', 'goal fait']);
  });

  test('before the run came to it, is waited for again, too', async () => {
    const world = await aWorld([aJourney('heure', { on: ['Signed Up'] }, [wait('1', '20 hours'), ten, goal('3')])]);
    await does(world, 'Signed Up');
    expect(await fired(world, morning + hours(12))).toEqual(['waited']);
    expect(await fired(world, morning + exactDays(1) - 1)).toEqual(['waited']);
    expect(await fired(world, morning + exactDays(1))).toEqual(['waited', 'waited', 'goal fait']);
  });
});
