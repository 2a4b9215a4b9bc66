/**
 * The product clock jumps, stands and runs, and never goes back.
 */
import { expect, test } from 'vitest';
import { createClock } from '../../local/clock.ts';

const start = 1_000_000;

function clockOf(offset = 0) {
  let system = start;
  const clock = createClock({ system: () => system, offset });
  return { clock, tick: (milliseconds: number) => void (system += milliseconds) };
}

test('it is system time plus its offset', () => {
  const { clock, tick } = clockOf(500);
  tick(10);
  expect(clock.now()).toBe(start + 510);
  expect(clock.offset()).toBe(500);
});

test('standing, it shows exactly the instant whatever system time does; released, it runs on from there', () => {
  const { clock, tick } = clockOf();
  clock.standAt(start + 60_000);
  tick(5_000);
  expect(clock.now()).toBe(start + 60_000);
  expect(clock.isStanding()).toBe(true);
  clock.release();
  expect(clock.now()).toBe(start + 60_000);
  tick(1);
  expect(clock.now()).toBe(start + 60_001);
  expect(clock.offset()).toBe(55_000);
});

test('it never goes back: not by standing in the past, not with the system clock', () => {
  const { clock, tick } = clockOf();
  clock.standAt(start - 1_000);
  expect(clock.now()).toBe(start);
  clock.release();
  tick(100);
  expect(clock.now()).toBe(start + 100);
  tick(-50);
  expect(clock.now()).toBe(start + 100);
});

test('a sleeper wakes when the clock jumps over its instant, not when it jumps short of it', async () => {
  const { clock } = clockOf();
  const woken: string[] = [];
  const sleep = clock.sleepUntil(start + 3_600_000).then((how) => woken.push(how));
  clock.standAt(start + 3_599_999);
  await Promise.resolve();
  expect(woken).toEqual([]);
  clock.standAt(start + 3_600_000);
  await sleep;
  expect(woken).toEqual(['reached']);
});

test('a running clock wakes a sleeper in real time', async () => {
  const clock = createClock();
  const due = clock.now() + 20;
  expect(await clock.sleepUntil(due)).toBe('reached');
  expect(clock.now()).toBeGreaterThanOrEqual(due);
});

test('a sleep ends with its signal, also one without end or one whose signal was aborted before', async () => {
  const { clock } = clockOf();
  const stop = new AbortController();
  const sleep = clock.sleepUntil(Infinity, stop.signal);
  stop.abort();
  expect(await sleep).toBe('aborted');
  expect(await clock.sleepUntil(Infinity, stop.signal)).toBe('aborted');
});

test('whoever subscribes hears of every jump until they leave', () => {
  const { clock } = clockOf();
  let heard = 0;
  const leave = clock.subscribe(() => (heard += 1));
  clock.standAt(start + 1);
  clock.release();
  leave();
  clock.standAt(start + 2);
  expect(heard).toBe(2);
});
