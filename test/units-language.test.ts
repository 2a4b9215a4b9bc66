/** What the marketer's language costs, counted twice as in units.test.ts (promise 7). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { report } from './prove/figures.ts';
import { configBeside } from './stories/config-with.ts';
import { hours, shop } from './stories/shop.ts';
import { language, languageFiles } from './units/language-operations.ts';
import { ledgerOf, tableOf, type Line } from './units/ledger.ts';
import { Meter } from './units/meter.ts';
import { tick } from './units/people.ts';

const meter = new Meter();
const lines: Line[] = [];
const story = shop({ onClients: (clients) => meter.attach(clients), config: configBeside(languageFiles) });

beforeAll(() => story.stack().clock.standAt(story.now()));
afterAll(() => report('Units of the language', tableOf(lines)));

test.each(language)('$operation: $promised', async ({ operation, promised, by, ready, write, requests }) => {
  await story.advance(hours(5));
  await tick(story);
  const work = await ready(story);
  const ledger = ledgerOf(await meter.during(async () => void (await work())), by);
  lines.push({ operation, promised, ledger });
  expect(ledger.write.computed).toEqual(ledger.write.measured);
  expect(ledger.read.computed).toEqual(ledger.read.measured);
  expect(ledger.refused).toBe(0);
  expect(ledger.write.measured).toEqual(write);
  expect(ledger.requests).toEqual(requests);
});
