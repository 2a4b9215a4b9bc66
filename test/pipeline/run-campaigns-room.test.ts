/** How fast a campaign goes: as its throttle says, and never more than the provider takes within the hour. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Throttle } from '../../shared/campaigns/campaign.ts';
import { hours, minutes, seconds } from '../../shared/kernel/time.ts';
import { runCampaigns } from '../../shared/pipeline/run-campaigns.ts';
import type { Carriers } from '../../shared/ports.ts';
import { aCampaign, aCampaignWorld, countsIn, crowd, deliverAll, runToEnd, ten, type CampaignWorld } from './campaigns-world.ts';

const waiting = ({ queues }: CampaignWorld): number => queues.queued().outbox.length;

describe('a throttle', () => {
  test.each<[Throttle, number, number]>([
    [{ people: 10, per: 'minute' }, 60, 6],
    [{ people: 600, per: 'hour' }, 60, 6],
    [{ people: 90, per: 'hour' }, 60, 30],
    [{ people: 1_440, per: 'day' }, 6, 6],
    [{ people: 1_000_000, per: 'day' }, 60, 1],
  ])('of %j lets %d people through in %d minutes', async (throttle, people, within) => {
    const world = await aCampaignWorld([aCampaign({ throttle })]);
    await crowd(world.ports, people);
    const runs = await runToEnd(world);
    const busy = runs.filter(({ queued }) => queued > 0).length;
    expect(busy).toBe(within);
    expect(await countsIn(world)).toEqual({ members: people, byVerdict: { sent: people }, open: 0 });
  });

  const spans = { minute: minutes(1), hour: hours(1), day: hours(24) };

  test('is kept within each of its spans, however the runs fall, stand still or come twice', async () => {
    const throttles = fc.record({ people: fc.integer({ min: 1, max: 90 }), per: fc.constantFrom('minute', 'hour', 'day') });
    const gaps = fc.array(
      fc.oneof(fc.constant(minutes(1)), fc.integer({ min: seconds(1), max: minutes(7) }), fc.constant(hours(9))),
      {
        minLength: 5,
        maxLength: 40,
      },
    );
    await fc.assert(
      fc.asyncProperty(throttles, gaps, async (throttle, given) => {
        const world = await aCampaignWorld([aCampaign({ throttle })]);
        await crowd(world.ports, 120);
        const queued: { readonly at: number; readonly people: number }[] = [];
        for (const gap of given) {
          queued.push({ at: world.clock.now, people: (await runCampaigns(world.ports)).queued });
          await deliverAll(world);
          world.clock.now += gap;
        }
        // Runs of a minute each do not come to the second: half a minute is allowed for.
        const span = throttle.per === 'minute' ? seconds(30) : spans[throttle.per];
        for (const { at } of queued) {
          const inSpan = queued.filter((one) => one.at >= at && one.at < at + span).reduce((sum, one) => sum + one.people, 0);
          expect(inSpan).toBeLessThanOrEqual(throttle.people);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('lets one minute’s share leave at once after a standstill of the senders, and goes on from there', async () => {
    const throttles = fc.record({ people: fc.integer({ min: 1, max: 90 }), per: fc.constantFrom('minute', 'hour', 'day') });
    const minutesOf = fc.array(fc.boolean(), { minLength: 5, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(throttles, minutesOf, async (throttle, senders) => {
        const world = await aCampaignWorld([aCampaign({ throttle })]);
        await crowd(world.ports, 120);
        const share = Math.ceil((throttle.people * minutes(1)) / spans[throttle.per]);
        let sent = 0;
        for (const work of senders) {
          await runCampaigns(world.ports);
          expect(waiting(world)).toBeLessThanOrEqual(share);
          if (work) sent += (await deliverAll(world)).length;
          world.clock.now += minutes(1);
        }
        const inSpans = throttle.per === 'minute' ? senders.length : 1; // all of it takes an hour at most
        expect(sent).toBeLessThanOrEqual(throttle.people * inSpans);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what the provider takes within the hour', () => {
  test('is all that is ever queued and not done', async () => {
    const world = await aCampaignWorld([aCampaign(), aCampaign({ name: 'soldes' })]);
    await crowd(world.ports, 130);
    world.carriers.allow(150);
    for (let minute = 0; minute < 5; minute++, world.clock.now += minutes(1)) {
      await runCampaigns(world.ports);
      expect(waiting(world)).toBe(150);
    }
    expect(await deliverAll(world)).toHaveLength(150);
    await runCampaigns(world.ports);
    expect(waiting(world)).toBe(110);
    await runToEnd(world);
    expect(await countsIn(world)).toEqual({ members: 130, byVerdict: { sent: 130 }, open: 0 });
    expect(await countsIn(world, { campaign: 'soldes', day: '2026-12-01' })).toMatchObject({ members: 130, open: 0 });
  });

  test('of nothing lets the campaign wait, and it goes on as soon as there is some', async () => {
    const world = await aCampaignWorld([aCampaign()]);
    await crowd(world.ports, 30);
    world.carriers.allow(0);
    for (let minute = 0; minute < 90; minute++, world.clock.now += minutes(1)) {
      expect(await runCampaigns(world.ports)).toMatchObject({ queued: 0, ended: 0 });
    }
    world.carriers.allow(12);
    await runToEnd(world);
    expect(await countsIn(world)).toEqual({ members: 30, byVerdict: { sent: 30 }, open: 0 });
  });

  test('that shrank since a page was written does not hold it up for ever', async () => {
    const world = await aCampaignWorld([aCampaign()]);
    await crowd(world.ports, 50);
    const queues = { ...boundQueues(world), sendOutbox: () => Promise.reject(new Error('killed')) };
    await expect(runCampaigns({ ...world.ports, queues })).rejects.toThrow('killed');
    world.carriers.allow(5);
    world.clock.now += minutes(1);
    expect(await runCampaigns(world.ports)).toMatchObject({ queued: 50 });
    await runToEnd(world);
    expect(await countsIn(world)).toEqual({ members: 50, byVerdict: { sent: 50 }, open: 0 });
  });

  const boundQueues = ({ queues }: CampaignWorld): CampaignWorld['ports']['queues'] => ({
    sendEvents: (envelopes) => queues.sendEvents(envelopes),
    sendWork: (work, at) => queues.sendWork(work, at),
    sendOutbox: (items, kind) => queues.sendOutbox(items, kind),
    workBacklog: () => queues.workBacklog(),
    campaignBacklog: () => queues.campaignBacklog(),
  });

  test('is asked for once a run and only while there is somebody to send to', async () => {
    const world = await aCampaignWorld([aCampaign()], ten - minutes(2));
    await crowd(world.ports, 250);
    let asked = 0;
    const carriers: Carriers = {
      send: (message) => world.carriers.send(message),
      post: (call) => world.carriers.post(call),
      allowance: () => Promise.resolve((asked++, 1_000)),
    };
    const perMinute: number[] = [];
    for (let minute = 0; minute < 6; minute++, world.clock.now += minutes(1)) {
      asked = 0;
      await runCampaigns({ ...world.ports, carriers });
      await deliverAll(world);
      perMinute.push(asked);
    }
    expect(perMinute).toEqual([0, 0, 1, 0, 0, 0]);
  });
});

test('a run that has used up its time stops at a page, and the next one goes on there', async () => {
  const world = await aCampaignWorld([aCampaign()]);
  await crowd(world.ports, 350);
  const queues = {
    sendEvents: () => Promise.resolve(),
    sendWork: () => Promise.resolve(),
    sendOutbox: async (items: Parameters<typeof world.queues.sendOutbox>[0]) => {
      await world.queues.sendOutbox(items, 'campaign');
      world.clock.now += seconds(25); // a slow queue
    },
    workBacklog: () => world.queues.workBacklog(),
    campaignBacklog: () => world.queues.campaignBacklog(),
  };
  expect((await runCampaigns({ ...world.ports, queues })).queued).toBe(200);
  expect((await runCampaigns({ ...world.ports, queues })).queued).toBe(150);
  await runToEnd(world);
  expect(await countsIn(world)).toEqual({ members: 350, byVerdict: { sent: 350 }, open: 0 });
});
