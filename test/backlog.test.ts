/**
 * After a standstill (design section 3, Timers): orders that lie in the same backlog as the carts are seen before any
 * reminder, and the timers that are overdue all at once are not sent again and again (promises 2 and 4).
 */
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  cartChange,
  customers,
  dice,
  identification,
  order,
  pastHour,
  remindersByAddress,
  shuffled,
  tellAll,
  TimerWatch,
  type Customer,
} from './backlog-story.ts';
import { isFull, report } from './prove/figures.ts';
import { hours, minutes, shop, type Shop } from './stories/shop.ts';
import { tick } from './units/people.ts';

const count = isFull ? 5_000 : 300;
/** Of whom a function stands still for an hour: more than one sweep of run-timers may queue. */
const countOfHour = isFull ? 5_000 : 100;
const timeout = isFull ? 1_800_000 : 180_000;

/** Exactly those who did not order, each exactly once. */
function expectReminded(story: Shop, all: readonly Customer[]): void {
  const reminders = remindersByAddress(story);
  const expected = all.filter(({ orders }) => !orders).map(({ email }): [string, number] => [email, 1]);
  expect(reminders).toEqual(new Map(expected));
}

describe('after a standstill of everything', () => {
  const watch = new TimerWatch();
  const story = shop({ onClients: ({ sqs }) => watch.attach(sqs) });

  test(
    `exactly those ${count / 2} of ${count} people who did not order are reminded, each once`,
    async () => {
      const { host } = story.stack();
      const random = dice(20_261_123);
      const all = customers(story, count);
      const known = all.filter(({ knownBefore }) => knownBefore);
      await tellAll(
        story,
        known.map((customer) => identification(story, customer, story.now() - hours(1))),
      );
      await story.settle();
      host.pause();
      const calls = shuffled(
        all.flatMap((customer) => pastHour(story, customer, random)),
        random,
      );
      const told = performance.now();
      await tellAll(story, calls);
      const resumed = performance.now();
      host.resume();
      await story.settle();
      const processed = performance.now();
      expect(remindersByAddress(story).size).toBe(0);
      await story.advance(hours(2));
      await story.settle();
      const done = performance.now();
      expectReminded(story, all);
      expect(watch.timers()).toBeGreaterThanOrEqual(count / 2);
      expect(watch.most()).toBeLessThanOrEqual(2);
      const rate = (events: number, from: number, to: number): string => `${Math.round((events * 1_000) / (to - from))}/s`;
      const row = [count, calls.length, rate(calls.length, told, resumed), rate(calls.length, resumed, processed)];
      const rest = [rate(count / 2, processed, done), watch.timers(), watch.most(), `${megabytes()} MB`];
      report('Backlog', tableOf([...row, ...rest]));
    },
    timeout,
  );
});

const megabytes = (): number => Math.round(process.resourceUsage().maxRSS / 1_024);

const tableOf = (cells: readonly (number | string)[]): string =>
  [
    ['people', 'events', 'taken in', 'processed', 'reminded', 'timers sent', 'most often', 'peak memory of the process'],
    Array.from({ length: 8 }, () => '---'),
    cells,
  ]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n');

/** As if every batch of the work queue took a minute. */
async function tickingUntil(story: Shop, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  const end = work.finally(() => done.abort());
  while (!done.signal.aborted) {
    await tick(story);
    await wait(20);
  }
  await end;
}

describe('while advance-journeys alone stands still for an hour', () => {
  const watch = new TimerWatch();
  const story = shop({ onClients: ({ sqs }) => watch.attach(sqs) });

  test(
    'each timer waits in the work queue once, and who ordered meanwhile is not reminded',
    async () => {
      const { host, ports } = story.stack();
      const all = customers(story, countOfHour);
      const now = story.now();
      await tellAll(
        story,
        all.flatMap((one, index) => [identification(story, one, now), cartChange(story, one, now - 7 * index, 'lampe')]),
      );
      await story.settle();
      await story.advance(minutes(20));
      host.pause('advance-journeys');
      for (let minute = 0; minute < 60; minute++) {
        await story.advance(minutes(1));
        await tick(story);
      }
      expect(await ports.queues.workBacklog()).toMatchObject({ waiting: Math.min(countOfHour, 2_400) });
      await tellAll(
        story,
        all.filter(({ orders }) => orders).map((one) => order(story, one, story.now())),
      );
      await story.settle();
      host.pause('run-timers'); // its ticks come from here: many, while the work queue empties
      host.resume('advance-journeys');
      await tickingUntil(story, story.settle());
      host.resume('run-timers');
      for (let minute = 0; minute < 30; minute++) {
        await story.advance(minutes(1));
        await tick(story);
        await story.settle();
      }
      await story.advance(hours(2));
      await story.settle();
      expectReminded(story, all);
      expect(watch.timers()).toBeGreaterThanOrEqual(countOfHour / 2);
      expect(watch.most()).toBeLessThanOrEqual(2);
    },
    timeout,
  );
});
