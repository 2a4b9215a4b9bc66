/**
 * The clock leaps and loses no instant: what is due is done with the clock standing exactly there, and idle time costs
 * nothing. The handlers here are a small due index with the look-ahead that run-timers has.
 */
import type { SQSEvent } from 'aws-lambda';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dueOfWork } from '../../local/due-of-work.ts';
import { Host, type LambdaHandler, type Outcome } from '../../local/host.ts';
import { productTopology } from '../../local/host/host-topology.ts';
import type { FunctionName } from '../../shared/topology.ts';
import { day, hour, minute, morning, morningClock, standingClock, type Stack, startStack } from './stack.ts';

let stack: Stack;
const hosts: Host[] = [];
beforeEach(async () => void (stack = await startStack()));
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop(50)));
  await stack.stop();
});

/** Timers by name; firing one records the instant and removes it unless `fire` says otherwise. */
class World {
  readonly timers = new Map<string, number>();
  readonly fired: (readonly [name: string, at: number])[] = [];
  readonly ticks: number[] = [];
  readonly outcomes: Outcome[] = [];
  asked = 0;
  fire: (name: string, at: number) => void = (name) => void this.timers.delete(name);

  readonly handlers: Record<FunctionName, LambdaHandler> = {
    'collect-events': () => undefined,
    'receive-webhook': () => undefined,
    'process-events': () => undefined,
    'deliver-messages': () => undefined,
    'follow-links': () => undefined,
    'park-dead-letters': () => undefined,
    'record-feedback': () => undefined,
    'run-timers': () => this.runTimers(),
    'run-campaigns': () => undefined,
    'advance-journeys': (event: SQSEvent) => {
      for (const { body } of event.Records) {
        const now = stack.clock.now();
        const due = this.timers.get(body);
        if (due === undefined || due > now) continue;
        this.fired.push([body, now]);
        this.fire(body, now);
      }
    },
  };

  runTimers(): void {
    const now = stack.clock.now();
    this.ticks.push(now);
    for (const [name, due] of this.timers) if (due <= now + 135_000) this.queue(name, due);
  }

  queue(name: string, due: number): void {
    const delaySeconds = Math.max(0, Math.ceil((due - stack.clock.now()) / 1_000));
    stack.emulators.sqs.queue('work').send({ body: name, attributes: {}, delaySeconds });
  }

  host(topology = productTopology): Host {
    const host = new Host({
      handlers: this.handlers,
      emulators: stack.emulators,
      clock: stack.clock,
      earliestTimer: () => {
        this.asked += 1;
        return Promise.resolve(this.timers.size === 0 ? undefined : Math.min(...this.timers.values()));
      },
      onOutcome: (outcome) => void this.outcomes.push(outcome),
      topology,
    });
    hosts.push(host);
    return host;
  }
}

test('a message sent with a delay of 60 seconds is handled with the clock at exactly that instant', async () => {
  const world = new World();
  const host = world.host();
  host.pause('run-timers');
  world.timers.set('a', morning + minute);
  stack.emulators.sqs.queue('work').send({ body: 'a', attributes: {}, delaySeconds: 60 });
  expect(await host.advance(minute - 1)).toEqual({ now: morning + minute - 1, processed: 0 });
  expect(await host.advance(hour)).toEqual({ now: morning + minute - 1 + hour, processed: 1 });
  expect(world.fired).toEqual([['a', morning + minute]]);
});

test('a timer of half an hour fires at its millisecond: not after 29 minutes, then exactly once', async () => {
  const world = new World();
  const host = world.host();
  const due = morning + 30 * minute + 123;
  world.timers.set('cart', due);
  expect(await host.advance(29 * minute)).toMatchObject({ processed: 0 });
  await host.advance(2 * minute);
  expect(world.fired).toEqual([['cart', due]]);
  expect(world.ticks).toHaveLength(1);
});

test('waits count from the instant due, so a chain of timers stays exact', async () => {
  const world = new World();
  const host = world.host();
  world.timers.set('0', morning + 500);
  world.fire = (name, at) => {
    world.timers.delete(name);
    const next = Number(name) + 1;
    if (next < 20) world.timers.set(String(next), at + 7 * hour + 1);
  };
  await host.advance(10 * day);
  // The first is nearer than a whole second and comes a little late; from then on nothing drifts.
  const first = world.fired[0]?.[1] ?? 0;
  expect(first - (morning + 500)).toBeLessThan(1_000);
  expect(world.fired.map(([, at]) => at)).toEqual(Array.from({ length: 20 }, (_, step) => first + step * (7 * hour + 1)));
  expect(world.ticks).toHaveLength(20);
});

test('what a writer queues itself is not ticked for', async () => {
  const world = new World();
  const host = world.host();
  world.timers.set('first', morning + 10 * minute);
  world.fire = (name, at) => {
    world.timers.delete(name);
    if (name !== 'first') return;
    world.timers.set('soon', at + minute);
    world.queue('soon', at + minute);
  };
  await host.advance(hour);
  expect(world.fired).toEqual([
    ['first', morning + 10 * minute],
    ['soon', morning + 11 * minute],
  ]);
  expect(world.ticks).toEqual([morning + 9 * minute]);
});

test('a timer that its writer armed and never queued is found when it is due', async () => {
  const world = new World();
  const host = world.host();
  world.timers.set('first', morning + 10 * minute);
  world.fire = (name, at) => {
    world.timers.delete(name);
    if (name === 'first') world.timers.set('lost', at + minute);
  };
  await host.advance(hour);
  expect(world.fired[1]).toEqual(['lost', morning + 11 * minute]);
});

test('400 idle days take no ticks at all, with nobody waiting and with somebody waiting for later', async () => {
  const world = new World();
  const host = world.host();
  expect(await host.advance(400 * day)).toEqual({ now: morning + 400 * day, processed: 0 });
  world.timers.set('next year', morning + 900 * day);
  await host.advance(400 * day);
  expect(world.ticks).toEqual([]);
  expect(world.asked).toBeLessThanOrEqual(2);
});

test('overdue timers are looked for once a minute until they are done', async () => {
  const world = new World();
  const host = world.host();
  let attempts = 0;
  world.timers.set('stubborn', morning - hour);
  world.fire = (name) => {
    attempts += 1;
    if (attempts === 4) world.timers.delete(name);
  };
  await host.advance(hour);
  expect(world.fired.map(([, at]) => at)).toEqual([0, 1, 2, 3].map((count) => morning + count * minute));
});

test('a timer that nobody can move does not hold a leap over a year', async () => {
  const world = new World();
  const host = world.host();
  world.timers.set('stuck', morning);
  world.handlers['run-timers'] = () => void world.ticks.push(stack.clock.now());
  await host.advance(400 * day);
  expect(stack.clock.now()).toBe(morning + 400 * day);
  expect(world.ticks.slice(0, 3)).toEqual([morning, morning + minute, morning + 2 * minute]);
  expect(world.ticks.length).toBeLessThan(450);
});

test('a tick that throws is tried again after a minute', async () => {
  const world = new World();
  const host = world.host();
  world.timers.set('a', morning + 5 * minute);
  world.handlers['run-timers'] = () => {
    if (world.ticks.length === 0) {
      world.ticks.push(stack.clock.now());
      throw new Error('no table');
    }
    world.runTimers();
  };
  await host.advance(hour);
  expect(world.ticks).toEqual([morning + 4 * minute, morning + 5 * minute]);
  expect(world.fired).toEqual([['a', morning + 5 * minute]]);
});

test('other schedules run at every occurrence, in order with everything else', async () => {
  const world = new World();
  const seen: string[] = [];
  world.handlers['park-dead-letters'] = () => void seen.push(`night ${new Date(stack.clock.now()).toISOString()}`);
  world.fire = (name, at) => {
    world.timers.delete(name);
    seen.push(`${name} ${new Date(at).toISOString()}`);
  };
  const nightly = { name: 'nightly', handler: 'park-dead-letters', everyMinutes: 24 * 60 } as const;
  const host = world.host({ ...productTopology, schedules: [...productTopology.schedules, nightly] });
  world.timers.set('a', Date.UTC(2026, 10, 24));
  world.timers.set('b', Date.UTC(2026, 10, 24, 12));
  await host.advance(2 * day);
  expect(seen).toEqual([
    'a 2026-11-24T00:00:00.000Z',
    'night 2026-11-24T00:00:00.000Z',
    'b 2026-11-24T12:00:00.000Z',
    'night 2026-11-25T00:00:00.000Z',
  ]);
});

test('with processing paused the clock still moves, and what became due is done after', async () => {
  const world = new World();
  const host = world.host();
  world.timers.set('a', morning + 10 * minute);
  world.queue('a', morning + 10 * minute);
  host.pause();
  expect(await host.advance(hour)).toEqual({ now: morning + hour, processed: 0 });
  expect(world.ticks).toEqual([]);
  host.resume();
  expect(await host.settle()).toEqual({ processed: 1 });
  expect(world.fired).toEqual([['a', morning + hour]]);
});

test('leaps asked for at the same time happen one after the other', async () => {
  const world = new World();
  const host = world.host();
  const leaps = await Promise.all([host.advance(hour), host.settle(), host.advance(hour)]);
  expect(leaps.map((leap) => ('now' in leap ? leap.now : 0))).toEqual([morning + hour, 0, morning + 2 * hour]);
});

test('when the due index cannot be read, the leap fails, and the clock runs on', async () => {
  await stack.stop();
  stack = await startStack({ clock: morningClock() });
  const world = new World();
  const host = new Host({
    handlers: world.handlers,
    emulators: stack.emulators,
    clock: stack.clock,
    earliestTimer: () => Promise.reject(new Error('no table')),
  });
  hosts.push(host);
  await expect(host.advance(hour)).rejects.toThrow('no table');
  expect(stack.clock.isStanding()).toBe(false);
  await expect(host.settle()).resolves.toEqual({ processed: 0 });
});

test('while the clock runs, delayed messages and schedules come by themselves, and a leap leaves it running', async () => {
  await stack.stop();
  stack = await startStack({ clock: morningClock() });
  const world = new World();
  const host = world.host();
  world.timers.set('a', stack.clock.now() + 900);
  world.queue('a', stack.clock.now());
  stack.emulators.sqs.queue('work').send({ body: 'a', attributes: {}, delaySeconds: 1 });
  await expect.poll(() => world.fired.length, { timeout: 3_000 }).toBe(1);
  const untilNextMinute = minute - (stack.clock.now() % minute);
  await host.advance(untilNextMinute - 200);
  expect(stack.clock.isStanding()).toBe(false);
  expect(world.ticks).toEqual([]);
  await expect.poll(() => world.ticks.length, { timeout: 3_000 }).toBe(1);
});

test('whatever timers there are, each fires once, never early, and less than a second late', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 * hour }), { minLength: 1, maxLength: 25 }), async (offsets) => {
      const old = stack;
      stack = await startStack({ clock: standingClock() });
      const world = new World();
      const host = world.host();
      for (const [name, offset] of offsets.entries()) world.timers.set(String(name), morning + offset);
      await host.advance(4 * hour);
      await Promise.all([host.stop(50), stack.stop()]);
      stack = old;
      hosts.length = 0;
      const lateness = world.fired.map(([name, at]) => at - morning - (offsets[Number(name)] ?? 0));
      expect(world.fired.map(([name]) => name).toSorted()).toEqual(offsets.map((_, name) => String(name)).toSorted());
      expect(Math.min(...lateness)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...lateness)).toBeLessThan(1_000);
    }),
    { numRuns: 30 },
  );
});

test('where the queue is told when its messages are due, each fires at its very millisecond, whoever else is due around it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 5 * minute }), { minLength: 1, maxLength: 25 }), async (offsets) => {
      const old = stack;
      const world = new World();
      stack = await startStack({ clock: standingClock(), dueIn: (_queue, body) => world.timers.get(body) });
      const host = world.host();
      for (const [name, offset] of offsets.entries()) world.timers.set(String(name), morning + offset);
      const expected = [...world.timers].toSorted(([, a], [, b]) => a - b).map(([, at]) => at);
      await host.advance(hour);
      await Promise.all([host.stop(50), stack.stop()]);
      stack = old;
      hosts.length = 0;
      expect(world.fired.map(([, at]) => at)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

test.each([
  ['work', '{"due":1500}', 1_500],
  ['work', '{"due":"1500"}', undefined],
  ['work', '[]', undefined],
  ['work', '{"due":', undefined],
  ['events', '{"due":1500}', undefined],
])('of the queue %s a message %j is due at %j', (queue, body, due) => {
  expect(dueOfWork(queue, body)).toBe(due);
});

test.each([
  [60_001, 60_001, 'its own instant'],
  [60_999, 60_999, 'its own instant'],
  [60_000, 61_000, 'as asked: it was not rounded'],
  [61_500, 61_000, 'as asked, never later'],
  [-5, 61_000, 'as asked: it was delayed for another reason'],
])('a message delayed by 61 seconds and due after %i ms comes after %i: %s', async (due, comes) => {
  const told = await startStack({ clock: standingClock(), dueIn: () => morning + due });
  const queue = told.emulators.sqs.createQueue('work');
  queue.send({ body: 'x', attributes: {}, delaySeconds: 61 });
  expect(queue.nextChange()).toBe(morning + comes);
  queue.send({ body: 'now', attributes: {} });
  expect(queue.counts().visible).toBe(1);
  await told.stop();
});
