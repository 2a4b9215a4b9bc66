/**
 * When timers are looked for while the clock leaps.
 */
import { expect, test } from 'vitest';
import { nextOccurrence, nextTick } from '../../local/host/timer-ticks.ts';
import { day, hour, minute, morning } from './stack.ts';

const ticked = (at: number, succeeded = true, fruitless = 0) => ({ last: { at, succeeded }, fruitless });

test('a timer ahead is ticked for a minute before, so that its delay is a whole number of seconds', () => {
  expect(nextTick({ fruitless: 0 }, morning, morning + 30 * minute)).toBe(morning + 29 * minute);
  expect(nextTick(ticked(morning - hour), morning, morning + 30 * minute)).toBe(morning + 29 * minute);
});

test('a timer nearer than a minute, or overdue and never looked at, is ticked for at once', () => {
  expect(nextTick({ fruitless: 0 }, morning, morning + 10_000)).toBe(morning);
  expect(nextTick({ fruitless: 0 }, morning, morning - hour)).toBe(morning);
});

test('what a tick has queued is not ticked for again before it is due', () => {
  expect(nextTick(ticked(morning), morning, morning + minute)).toBe(morning + minute);
  expect(nextTick(ticked(morning), morning, morning + 135_000)).toBe(morning + 135_000);
  expect(nextTick(ticked(morning), morning, morning + 135_001)).toBe(morning + 75_001);
});

test('after a tick that failed, or with something overdue, there is one tick a minute', () => {
  expect(nextTick(ticked(morning, false), morning, morning + 90_000)).toBe(morning + minute);
  expect(nextTick(ticked(morning), morning, morning - 1)).toBe(morning + minute);
  expect(nextTick(ticked(morning), morning + 2 * minute, morning - 1)).toBe(morning + 2 * minute);
});

test('a timer that nothing moves is looked at less and less often, at least once a day', () => {
  const gaps = [0, 9, 10, 11, 12, 30, 500].map(
    (fruitless) => nextTick(ticked(morning, true, fruitless), morning, morning - hour) - morning,
  );
  expect(gaps).toEqual([minute, minute, 2 * minute, 4 * minute, 8 * minute, day, day]);
});

test('schedules count from midnight UTC', () => {
  expect(nextOccurrence(morning, 1)).toBe(morning + minute);
  expect(nextOccurrence(morning - 1, 1)).toBe(morning);
  expect(nextOccurrence(morning, 24 * 60)).toBe(Date.UTC(2026, 10, 24));
});
