/** Whatever is killed at whatever call, and whoever runs at the same time: each member gets one message, and the count adds up. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minutes } from '../../shared/kernel/time.ts';
import { deliverMessage } from '../../shared/pipeline/deliver-messages.ts';
import { runCampaigns } from '../../shared/pipeline/run-campaigns.ts';
import type { Ports } from '../../shared/ports.ts';
import {
  aCampaign,
  aCampaignWorld,
  countsIn,
  crowd,
  hasTrait,
  received,
  runToEnd,
  type CampaignWorld,
} from './campaigns-world.ts';
import { pauses } from './process-events-world.ts';
import { watchedPorts } from './watched-ports.ts';

const members = 20;
/** Pages of seven: a small campaign that has several. */
const small = aCampaign({ when: hasTrait('club', true), throttle: { people: 7, per: 'minute' } });

async function aClub(): Promise<CampaignWorld> {
  const world = await aCampaignWorld([small]);
  await crowd(world.ports, members * 2, (index) => ({ traits: { club: index % 2 === 0 } }));
  return world;
}

class Killed extends Error {}

/** Dies before its call of this number, and never does anything more. */
function dying(ports: Ports, at: number): { readonly ports: Ports; readonly made: () => number } {
  let made = 0;
  const watched = watchedPorts(ports, async () => {
    if (made++ >= at) throw new Killed();
  });
  return { ports: watched, made: () => made };
}

/** What came of it, in short. */
async function resultOf(world: CampaignWorld) {
  const most = Math.max(...Object.values(received(world)));
  return { most, ...(await countsIn(world)), underWay: (await world.campaigns.underWay()).occurrences.length };
}
const allOnce = { most: 1, members, byVerdict: { sent: members }, open: 0, underWay: 0 };

describe('a runner that is killed', () => {
  test('before any of its calls, minute after minute, is made good by the next one', async () => {
    let deaths = 0;
    for (let at = 0; ; at++) {
      const world = await aClub();
      const { ports, made } = dying(world.ports, at);
      const died = await runCampaigns(ports).then(
        () => false,
        (error: unknown) => {
          if (!(error instanceof Killed)) throw error;
          return true;
        },
      );
      await runToEnd(world);
      expect(await resultOf(world)).toEqual(allOnce);
      deaths += died ? 1 : 0;
      if (!died && made() <= at) break;
    }
    expect(deaths).toBeGreaterThan(8);
  });

  test('several times half-way leaves nothing out and nobody twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 1, maxLength: 6 }), async (deaths) => {
        const world = await aClub();
        for (const at of deaths) {
          await runCampaigns(dying(world.ports, at).ports).catch(() => undefined);
          for (const item of world.queues.takeOutbox('campaign')) await deliverMessage(world.ports, item);
          world.clock.now += minutes(1);
        }
        await runToEnd(world);
        expect(await resultOf(world)).toEqual(allOnce);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a sender that is killed', () => {
  test('before any of its calls is made good by the redelivery: one message, one place, at most one provider call', async () => {
    const fates = new Set<string>();
    for (let at = 0; ; at++) {
      const world = await aClub();
      await runCampaigns(world.ports);
      const [item, ...others] = world.queues.takeOutbox('campaign');
      const { ports, made } = dying(world.ports, at);
      await deliverMessage(ports, item!).catch(() => undefined);
      for (const other of others) await deliverMessage(world.ports, other);
      world.clock.now += minutes(2);
      await deliverMessage(world.ports, item!);
      await runToEnd(world);
      const taken = world.carriers.sent().length;
      const { byVerdict, ...rest } = await resultOf(world);
      const { sent = 0, unknown = 0 } = byVerdict;
      expect(rest).toEqual({ most: 1, members, open: 0, underWay: 0 });
      expect([sent + unknown, world.carriers.calls()]).toEqual([members, taken]);
      // Who died after the provider took it has heard nothing of it; who died before never called.
      expect(unknown).toBeLessThanOrEqual(1);
      expect([sent, members]).toContain(taken);
      fates.add(`${unknown} unknown`);
      if (made() <= at) break;
    }
    expect([...fates].toSorted()).toEqual(['0 unknown', '1 unknown']);
  });
});

describe('two runners at once', () => {
  test('in any order of their calls, each member gets one message', async () => {
    const ticks = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(ticks, ticks, async (one, two) => {
        const world = await aClub();
        const racers = [one, two].map((given) => watchedPorts(world.ports, pauses(given)));
        for (let minute = 0; minute < 6; minute++) {
          await Promise.all(racers.map((ports) => runCampaigns(ports)));
          const items = world.queues.takeOutbox('campaign');
          await Promise.all(items.map((item, index) => deliverMessage(racers[index % 2]!, item).catch(() => undefined)));
          world.clock.now += minutes(2);
        }
        await runToEnd(world);
        expect(await resultOf(world)).toEqual(allOnce);
      }),
      { numRuns: 60 },
    );
  });
});
