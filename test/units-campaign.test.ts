/**
 * What a campaign costs, counted twice as every other operation is (units.test.ts): a sweep of a hundred people who are all
 * in the segment, their messages, the end, and the minutes in which nothing is due (promise 7).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { invocation } from '../local/host.ts';
import { wavesOf } from '../shared/campaigns/schedule.ts';
import { dayText, localDay } from '../shared/kernel/time.ts';
import { runCampaigns } from '../shared/pipeline/run-campaigns.ts';
import type { FunctionName } from '../shared/topology.ts';
import { aCampaign, become, configOf, hasTrait, personNamed } from './pipeline/campaigns-world.ts';
import { report } from './prove/figures.ts';
import { hours, minutes, shop } from './stories/shop.ts';
import { ledgerOf, tableOf, type Ledger, type Line } from './units/ledger.ts';
import { Meter } from './units/meter.ts';
import { units } from './units/operation.ts';

const meter = new Meter();
const lines: Line[] = [];
const story = shop({ onClients: (clients) => meter.attach(clients) });
const recipients = 100;
/** Of them who said no: their messages are dropped with the reason. */
const refusing = 10;

const run = (): Promise<unknown> =>
  invocation.run({ id: 0, functionName: 'run-campaigns', crashed: false, ended: new Promise(() => undefined) }, () =>
    runCampaigns(story.stack().ports),
  );

async function counted(operation: string, promised: string, by: FunctionName, work: () => Promise<unknown>): Promise<Ledger> {
  const ledger = ledgerOf(await meter.during(async () => void (await work())), by);
  lines.push({ operation, promised, ledger: { ...ledger, written: ledger.written.slice(0, 6) } });
  expect(ledger.write.computed).toEqual(ledger.write.measured);
  expect(ledger.read.computed).toEqual(ledger.read.measured);
  expect(ledger.refused).toBe(0);
  return ledger;
}

/** The clock stands, so nothing happens by itself. */
beforeAll(async () => {
  const { clock, ports, host } = story.stack();
  clock.standAt(story.now());
  host.pause();
  const people = Array.from({ length: recipients }, (_, index) => index);
  await Promise.all(
    people.map((index) =>
      become(ports, personNamed(index), { traits: { club: true }, consent: index < refusing ? 'withdrawn' : 'granted' }),
    ),
  );
  const due = Math.ceil(story.now() / minutes(1)) * minutes(1) + minutes(5);
  const campaign = aCampaign({
    when: hasTrait('club', true),
    schedule: { kind: 'once', day: dayText(localDay(due, 'UTC')) },
    at: Math.floor((due % hours(24)) / minutes(1)),
  });
  await ports.settings.publish(configOf([campaign], { timeZone: 'UTC' }));
  clock.standAt(due - minutes(1));
});
afterAll(() => report('Units of a campaign to a hundred people', tableOf(lines)));

describe('a campaign to a hundred people', () => {
  test('costs one small read a minute as long as nothing is due', async () => {
    const { write, read, requests } = await counted(
      'a minute in which no campaign is due',
      'not in the table',
      'run-campaigns',
      run,
    );
    expect(write.measured).toEqual(units(0));
    expect(read.measured).toEqual(units(1));
    expect(requests).toEqual({ GetItem: 1 });
  });

  test('costs five write units for all of them until they are queued', async () => {
    const { clock } = story.stack();
    clock.standAt(clock.now() + minutes(1));
    const ledger = await counted(
      'it begins, sweeps a hundred people, and queues all of them',
      'not in the table',
      'run-campaigns',
      run,
    );
    expect(ledger.write.measured).toEqual(units(5)); // what is under way 1, the page and the empty last one 2, that they are queued 2
    const { Query: queries = 0, ...others } = ledger.requests;
    expect(others).toEqual({
      GetItem: 2,
      PutItem: 3,
      UpdateItem: 2,
      GetQueueAttributes: 1,
      GetSendQuota: 1,
      SendMessageBatch: 10,
    });
    expect(queries).toBeLessThanOrEqual(64 + 3); // shards, the version, its parts, progress
  });

  test('costs three write units for each message that leaves, and two for each that must not', async () => {
    const { host } = story.stack();
    const ledger = await counted(
      'all of them are claimed, sent, logged and marked',
      '2, the mark 1',
      'deliver-messages',
      async () => {
        host.resume('deliver-messages');
        await host.settle();
        host.pause('deliver-messages');
      },
    );
    const sent = recipients - refusing;
    expect(ledger.write.measured).toEqual(units(3 * sent + 2 * refusing));
    expect(ledger.requests).toEqual({
      BatchGetItem: 3 * recipients,
      GetItem: recipients + sent, // of everybody whether the address is suppressed; statistics of those who get one
      PutItem: 2 * sent + refusing,
      UpdateItem: recipients,
      SendRawEmail: sent,
    });
  });

  test('costs two write units to end', async () => {
    const { clock } = story.stack();
    clock.standAt(clock.now() + minutes(1));
    const { write, requests } = await counted('it ends', 'not in the table', 'run-campaigns', run);
    expect(write.measured).toEqual(units(2));
    expect(requests).toEqual({ GetItem: 1, GetQueueAttributes: 1, Query: 1, PutItem: 2 });
  });

  test('costs a read more for an hour, in which it could begin again and does not', async () => {
    const { requests, write } = await counted('a minute of the hour after it ended', 'not in the table', 'run-campaigns', run);
    expect(write.measured).toEqual(units(0));
    expect(requests).toEqual({ GetItem: 2 });
  });
});

describe('the same people, each in the zone where they live', () => {
  test('cost a sweep for each clock on earth: one by which nobody lives writes two units', async () => {
    const { clock, ports } = story.stack();
    const today = localDay(clock.now(), 'UTC') + 3;
    const everywhere = aCampaign({
      name: 'partout',
      zone: 'recipient',
      when: hasTrait('club', true),
      schedule: { kind: 'once', day: dayText(today) },
    });
    await ports.settings.publish(configOf([everywhere], { timeZone: 'UTC' }));
    const waves = wavesOf(everywhere.campaign, today, 'UTC');
    expect(waves).toHaveLength(41);
    clock.standAt(waves[0] ?? 0);
    await run();
    clock.standAt(waves[1] ?? 0);
    const ledger = await counted('a clock on earth by which nobody lives', 'not in the table', 'run-campaigns', run);
    expect(ledger.write.measured).toEqual(units(2));
    expect(ledger.requests).toEqual({
      Query: 66, // shards, the version, progress
      BatchGetItem: 1, // where those live who say nothing of it
      GetItem: 1,
      GetQueueAttributes: 1,
      GetSendQuota: 1,
      PutItem: 1,
      UpdateItem: 1,
    });
    expect(ledger.read.measured.table).toBeLessThanOrEqual(recipients + 5);
  });
});
