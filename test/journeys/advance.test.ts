/** Steps of a run as a pure function: the same state and happening give the same next state, and every step says why. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { awaits, begin, fire, resume, type AdvanceContext, type FireKnown } from '../../shared/journeys/advance.ts';
import type { Instance } from '../../shared/journeys/instance.ts';
import type { Journey, Step } from '../../shared/journeys/journey.ts';
import { comparedPaths, concerns, listenersOf, sendKeysOf } from '../../shared/journeys/listeners.ts';
import { minutes, seconds } from '../../shared/kernel/time.ts';
import { factsOf } from '../../shared/pipeline/person-facts.ts';
import { newAttributes, newHotState } from '../../shared/profile/profile.ts';
import { newStatistics } from '../../shared/profile/statistics.ts';
import { tagTrait, tagsOf } from '../../shared/profile/tags.ts';
import { aJourney, byCount, bySegment, did, goal, is, span, wait } from '../pipeline/language-world.ts';
import { noon, track } from '../pipeline/process-events-world.ts';

const zone = 'Europe/Paris';
const nobody = { attributes: newAttributes(noon), hot: newHotState(), statistics: newStatistics() };

const contextAt = (now: number, given: Partial<AdvanceContext> = {}): AdvanceContext => ({
  now,
  zone,
  recipientZone: zone,
  person: 'P',
  facts: factsOf(nobody, { now, zone }),
  canDecide: () => true,
  ...given,
});

const journeyOf = (steps: readonly Step[]): Journey => aJourney('j', { on: ['Signed Up'] }, steps).journey;

const started = (journey: Journey, now = noon, context = contextAt(now)): Instance =>
  begin(
    journey,
    { journey: 'j', key: '-', version: 'v', startedAt: now, entry: { event: 'Signed Up', at: now, chunk: 'E' } },
    context,
  );

const known: FireKnown = { restarts: {}, message: 'nothing', after: () => contextAt(noon) };

const waitFor: Step = { kind: 'wait-event', label: '1', pattern: { on: ['X'] }, atMost: span('1 hour'), otherwise: 2 };

describe('a run', () => {
  test.each<[string, Step, object]>([
    ['a wait', wait('1', '1 hour'), { kind: 'waiting', step: 0, from: noon, due: noon + minutes(60) }],
    ['a wait for an event', waitFor, { kind: 'waiting', step: 0, from: noon, due: noon + minutes(60) }],
    ['a trait to set', { kind: 'set', label: '1', traits: { a: 1 } }, { kind: 'waiting', step: 0, from: noon, due: noon }],
    ['a tag', { kind: 'tag', label: '1', add: ['a'], remove: [] }, { kind: 'waiting', step: 0, from: noon, due: noon }],
    [
      'a message',
      { kind: 'send', label: '1', template: 't', channels: ['email'] },
      { kind: 'sending', step: 0, orderTime: noon },
    ],
    ['a webhook', { kind: 'webhook', label: '1', url: 'https://a.b' }, { kind: 'sending', step: 0, call: true }],
    ['a task', { kind: 'task', label: '1', to: 'a@b.fr', subject: 's', text: 't' }, { kind: 'sending', step: 0, call: true }],
    ['the end', { kind: 'end', label: '1' }, { kind: 'ended', because: 'completed' }],
    ['nothing more', goal('1'), { kind: 'ended', because: 'completed' }],
  ])('comes to rest at %s', (_what, step, state) => {
    expect(started(journeyOf([step])).state).toMatchObject(state);
  });

  test('comes to rest before a condition that the facts cannot answer, and decides it when they can', () => {
    const journey = journeyOf([
      { kind: 'branch', label: '1', condition: is('vip', 'eq', true), otherwise: 2 },
      goal('1.then.1'),
      goal('2', 'fin'),
    ]);
    const stopped = started(journey, noon, contextAt(noon, { canDecide: () => false }));
    expect(stopped.state).toEqual({ kind: 'waiting', step: 0, from: noon, due: noon });
    const fired = fire(journey, stopped, known, contextAt(noon + seconds(5)));
    expect(fired.kind === 'moved' ? fired.instance.log.map(({ outcome }) => outcome) : []).toEqual([
      'started by Signed Up',
      'else',
      'goal fin',
    ]);
  });

  test('never fires before it is due, nor after it has ended', () => {
    const journey = journeyOf([wait('1', '1 hour')]);
    const waiting = started(journey);
    expect(fire(journey, waiting, known, contextAt(noon + minutes(60) - 1))).toEqual({ kind: 'idle' });
    const fired = fire(journey, waiting, known, contextAt(noon + minutes(60)));
    expect(fired).toMatchObject({ kind: 'moved', instance: { state: { kind: 'ended' } } });
    const ended = fired.kind === 'moved' ? fired.instance : waiting;
    expect(fire(journey, ended, known, contextAt(noon + minutes(90)))).toEqual({ kind: 'idle' });
    const timer: Instance = { ...waiting, state: { kind: 'watching', due: 0 } };
    expect(fire(journey, timer, known, contextAt(noon))).toEqual({ kind: 'idle' });
  });

  test('takes one branch of a wait for an event: by the event up to the deadline’s second, else by the timer', () => {
    const journey = journeyOf([waitFor, { kind: 'end', label: '1.then.1' }, goal('1.else.1', 'rien')]);
    const waiting = started(journey);
    fc.assert(
      fc.property(fc.integer({ min: -minutes(5), max: minutes(65) }), (offset) => {
        const event = track('x', 'X', noon + offset);
        const came = awaits(journey, waiting, event, contextAt(noon + minutes(70))).kind === 'awaited';
        expect(came).toBe(offset >= 0 && offset <= minutes(60) + 999);
        if (!came) return;
        const outcomes = resume(journey, waiting, event, contextAt(noon + minutes(70))).log.map(({ outcome }) => outcome);
        expect(outcomes.slice(1)).toEqual(['came', 'end']);
      }),
    );
    const late = fire(journey, waiting, known, contextAt(noon + minutes(60)));
    expect(late.kind === 'moved' ? late.instance.log.at(-1)?.outcome : '').toBe('goal rien');
    expect(awaits(journey, waiting, track('y', 'Y', noon), contextAt(noon)).kind).toBe('not-now');
  });

  test('tells an effect in the same words however often and late it fires', () => {
    const journey = journeyOf([{ kind: 'tag', label: '1', add: ['a'], remove: ['b'] }]);
    const effects = [0, 5, 500].map((later) => {
      const fired = fire(journey, started(journey), known, contextAt(noon + minutes(later)));
      return fired.kind === 'moved' ? fired.effect : undefined;
    });
    expect(effects[0]).toMatchObject({ type: 'identify', traits: { 'tag:a': true, 'tag:b': false } });
    expect(effects[1]).toEqual(effects[0]);
    expect(effects[2]).toEqual(effects[0]);
  });

  test('gives the same person the same variant for ever, and every variant somebody', () => {
    const variants = ['a', 'b', 'c'].map((name) => ({ name, weight: 1, to: 1 }));
    const journey = journeyOf([{ kind: 'split', label: '1', variants }]);
    const chosen = (person: string) => started(journey, noon, contextAt(noon, { person })).log[1]?.outcome;
    const people = Array.from({ length: 60 }, (_, index) => `p${index}`);
    expect(people.map(chosen)).toEqual(people.map(chosen));
    expect(new Set(people.map(chosen))).toEqual(new Set(['variant a', 'variant b', 'variant c']));
    expect(chosen('p1')).toBeDefined();
  });
});

describe('listeners', () => {
  const counted = byCount('compté', did(['Product Viewed'], { times: { min: 2 } }), []);
  const entered = bySegment('vip', 'entered', did(['Order Completed']), []);
  const waits = aJourney(
    'attend',
    { on: ['Signed Up'] },
    [{ ...waitFor, pattern: { on: ['X'], same: ['id'], where: did(['Y']) } }],
    {
      exit: { on: ['Left'], same: ['order_id'], where: did(['Z']) },
    },
  );
  const branches = aJourney('si', { on: ['Signed Up'] }, [{ kind: 'branch', label: '1', condition: did(['W']), otherwise: 1 }]);
  const all = listenersOf([counted, entered, waits, branches], zone);

  test('count what must answer at once, and nothing that a run asks on its way', () => {
    const names = ['Product Viewed', 'Order Completed', 'Y', 'Z', 'W', 'Signed Up'];
    expect(names.map((name) => all.counted(name).length)).toEqual([1, 1, 1, 1, 0, 0]);
    expect(all.dids.size).toBe(4);
  });

  test('start by events and counts; who enters a segment is no event of a source', () => {
    expect(all.starts('Product Viewed')).toEqual([counted]);
    expect(all.starts('Segment Entered')).toEqual([]);
    expect(all.watches).toMatchObject([{ segment: 'vip', starts: [{ moment: 'entered' }] }]);
    expect(listenersOf([entered], 'UTC').watches[0]?.id).not.toBe(all.watches[0]?.id);
  });

  test('know what a run waits for, what ends it and what it must remember of its start', () => {
    expect(['X', 'Left', 'Signed Up', 'Y'].map((name) => concerns(waits.journey, name))).toEqual([true, true, true, false]);
    expect(comparedPaths(waits.journey)).toEqual([['order_id'], ['id'], ['relance_depth']]);
    const hook = journeyOf([
      { kind: 'webhook', label: '1', url: 'https://a.b' },
      { kind: 'send', label: '2', template: 't', channels: [] },
    ]);
    expect(sendKeysOf(hook, '-')).toHaveLength(2);
  });
});

test.each([
  [['a', 'b'], 5, { a: false }, 9, ['b']],
  [['a', 'b'], 9, { a: false }, 5, ['a', 'b']],
  [['a'], 9, { c: true }, 5, ['a', 'c']],
  ['a', 9, { c: true }, 5, ['c']],
] as const)('tags %o told at %d and %o at %d are %o', (told, at, own, ownAt, tags) => {
  const traits = {
    tags: { value: told, at, verified: true },
    ...Object.fromEntries(Object.entries(own).map(([tag, value]) => [tagTrait(tag), { value, at: ownAt, verified: true }])),
  };
  expect(tagsOf({ traits })).toEqual(tags);
});
