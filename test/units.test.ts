/**
 * What each operation costs, counted twice: by what the engine says each call consumed and by the bytes of the items, and
 * held against the table in design section 3 (promise 7).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hours, shop } from './stories/shop.ts';
import { doorsAndTicks } from './units/door-operations.ts';
import { envelopes } from './units/envelope-operations.ts';
import { feedback } from './units/feedback-operations.ts';
import { ledgerOf, tableOf, type Ledger, type Line } from './units/ledger.ts';
import { Meter } from './units/meter.ts';
import type { Operation } from './units/operation.ts';
import { tick } from './units/people.ts';
import { timersAndMessages } from './units/timer-operations.ts';
import { report } from './prove/figures.ts';

const meter = new Meter();
const lines: Line[] = [];
const days = (count: number): number => hours(24 * count);
const story = shop({ onClients: (clients) => meter.attach(clients) });

/** Nothing happens by itself: neither a tick of the minute nor a message that comes due. */
beforeAll(() => story.stack().clock.standAt(story.now()));
afterAll(() => report('Units of one operation', tableOf(lines)));

/** Both counts of writes and reads must agree, whatever they are. */
function expectAgreement({ write, read, refused }: Ledger): void {
  expect(write.computed).toEqual(write.measured);
  expect(read.computed).toEqual(read.measured);
  expect(refused).toBe(0);
}

async function count({ operation, promised, by, ready }: Operation): Promise<Ledger> {
  const { host } = story.stack();
  await story.advance(days(5)); // whoever came before is through
  await tick(story);
  const work = await ready(story);
  const ledger = ledgerOf(await meter.during(async () => void (await work())), by);
  lines.push({ operation, promised, ledger });
  host.resume();
  return ledger;
}

describe.each([
  ['an envelope', envelopes],
  ['timers and messages', timersAndMessages],
  ['what mailboxes answer', feedback],
  ['doors and ticks', doorsAndTicks],
] as const)('units of %s', (_name, operations) => {
  test.each(operations)('$operation: $promised', async (operation) => {
    const ledger = await count(operation);
    expectAgreement(ledger);
    expect(ledger.write.measured).toEqual(operation.write);
    expect(ledger.requests).toEqual(operation.requests);
  });
});
