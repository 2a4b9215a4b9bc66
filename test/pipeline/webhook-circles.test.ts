/** Webhooks that lead to webhooks stop, whatever leads from one to the next; and one that moves to another person stays itself. */
import { describe, expect, test } from 'vitest';
import type { Step } from '../../shared/journeys/journey.ts';
import { depthOf } from '../../shared/journeys/webhook-depth.ts';
import type { Identifier } from '../../shared/events/identifier.ts';
import { minutes, type Instant } from '../../shared/kernel/time.ts';
import { advanceJourneys } from '../../shared/pipeline/advance-journeys.ts';
import { performCall } from '../../shared/pipeline/perform-call.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import { aJourney, aWorld, bySegment, goal, is, settle, tell } from './language-world.ts';
import { device, envelope, noon, track, user, type TestWorld } from './process-events-world.ts';

const hook: Step = { kind: 'webhook', label: '1', url: 'https://caisse.example/crochet' };
const set = (grade: string, label = '1'): Step => ({ kind: 'set', label, traits: { grade } });
const requested = (name: string, steps: readonly Step[]) =>
  aJourney(name, { on: ['Journey Requested'], cause: { kind: 'api' }, reentry: { kind: 'always' } }, steps);

async function call(world: TestWorld): Promise<void> {
  for (const item of world.queues.takeOutbox('triggered')) if ('journey' in item) await performCall(world.ports, item);
}

const depths = (world: TestWorld) => world.webhooks.calls().map(({ depth }) => depth);

describe('a webhook says how many led to it', () => {
  test.each<[string, Parameters<typeof aWorld>[0] & object]>([
    [
      'through a trait that a journey sets',
      [requested('a', [set('or')]), bySegment('vip', 'entered', is('grade', 'eq', 'or'), [hook])],
    ],
    [
      'through a segment that is left',
      [requested('a', [set('argent')]), bySegment('vip', 'left', is('grade', 'eq', 'bronze'), [hook])],
    ],
    [
      'through several journeys, one after the other',
      [
        requested('a', [set('or')]),
        bySegment('vip', 'entered', is('grade', 'eq', 'or'), [set('platine')]),
        bySegment('top', 'entered', is('grade', 'eq', 'platine'), [hook]),
      ],
    ],
    [
      'through a tag',
      [
        requested('a', [{ kind: 'tag', label: '1', add: ['vip'], remove: [] }]),
        bySegment('vip', 'entered', { kind: 'compare', path: ['tags'], comparison: { op: 'contains', value: 'vip' } }, [hook]),
      ],
    ],
  ])('%s', async (_what, journeys) => {
    for (const [depth, sent] of [
      [0, [1]],
      [4, [5]],
      [5, []],
    ] as const) {
      const world = await aWorld(journeys);
      await tell(world, track('s', 'Page Viewed', noon, {}, { traits: { grade: 'bronze' } }));
      await tell(world, track('q', 'Journey Requested', noon + 1, { journey: 'a', ...(depth > 0 && { relance_depth: depth }) }));
      await settle(world);
      await call(world);
      expect(depths(world)).toEqual(sent);
    }
  });

  test('so that a circle through the start API and a segment ends after five', async () => {
    const into = bySegment('vip', 'entered', is('grade', 'eq', 'or'), [hook, set('non', '2')]);
    const world = await aWorld([requested('a', [set('or')]), into]);
    await tell(world, track('s', 'Page Viewed', noon));
    for (let round = 0; round < 12; round++) {
      world.clock.now += minutes(2);
      const depth = depths(world).at(-1);
      const handedOn = depth === undefined ? {} : { relance_depth: depth };
      await tell(world, track(`q${round}`, 'Journey Requested', world.clock.now, { journey: 'a', ...handedOn }));
      await call(world);
      world.clock.now += minutes(2);
      for (const timer of await world.people.dueTimers(0, world.clock.now, 10)) await advanceJourneys(world.ports, timer);
      await settle(world);
    }
    expect(depths(world)).toEqual([1, 2, 3, 4, 5]);
  });

  test('and a sender who says less than nothing gains nothing', () => {
    expect(depthOf({ values: { relance_depth: '-7' } })).toBe(0);
    expect(depthOf({ values: { relance_depth: 'x' } })).toBe(0);
    expect(depthOf({})).toBe(0);
  });
});

describe('a call whose answer was lost', () => {
  const journey = aJourney('appel', { on: ['Signed Up'] }, [hook, goal('2')]);
  const [account, phone, other] = [user('u'), device('phone'), device('other')];
  const say = (world: TestWorld, id: string, name: string, at: Instant, ...who: readonly Identifier[]) => {
    world.clock.now = at; // the older person wins
    return processEnvelope(world.ports, envelope(who, [track(id, name, at)]));
  };

  test.each([
    ['one merge', [[account, phone]]],
    [
      'two merges',
      [
        [other, phone],
        [account, other],
      ],
    ],
  ])('is repeated under its name after %s', async (_what, merges) => {
    const world = await aWorld([journey]);
    await say(world, 'p', 'Page Viewed', noon - minutes(60), account);
    await say(world, 'o', 'Page Viewed', noon - minutes(30), other);
    await say(world, 's', 'Signed Up', noon, phone);
    world.webhooks.answerNext({ kind: 'unreachable', because: 'no answer in time' });
    await call(world);
    for (const [index, both] of merges.entries()) {
      await say(world, `m${index}`, 'Identify', noon + 1_000 * (index + 1), ...both);
    }
    world.clock.now = noon + minutes(2);
    for (const timer of await world.people.dueTimers(0, world.clock.now, 10)) await advanceJourneys(world.ports, timer);
    await call(world);
    const ids = world.webhooks.calls().map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  });

  test('is another than that of somebody else, also when both have become one', async () => {
    const world = await aWorld([journey]);
    await say(world, 's', 'Signed Up', noon, account);
    await say(world, 't', 'Signed Up', noon, phone);
    await call(world);
    expect(new Set(world.webhooks.calls().map(({ id }) => id)).size).toBe(2);
  });
});
