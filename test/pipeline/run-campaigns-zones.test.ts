/** A campaign at ten o'clock where its readers live: each at ten by the clock on their wall, once, all around the earth. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hours, isoInstant, minutes, type Instant } from '../../shared/kernel/time.ts';
import { runCampaigns } from '../../shared/pipeline/run-campaigns.ts';
import { newHotState } from '../../shared/profile/profile.ts';
import {
  aCampaign,
  aCampaignWorld,
  become,
  configOf,
  countsIn,
  deliverAll,
  personNamed,
  type CampaignWorld,
  type Somebody,
} from './campaigns-world.ts';

const atTen = aCampaign({ zone: 'recipient' });
const dayBefore = Date.parse('2026-11-30T12:00:00Z');

/** From the day before on, minute by minute where something may happen; answers when each person's message left. */
async function tour(world: CampaignWorld, until: Instant): Promise<Readonly<Record<string, string>>> {
  for (; world.clock.now <= until; world.clock.now += minutes(15)) {
    for (let run = 0; run < 3; run++) {
      await runCampaigns(world.ports);
      await deliverAll(world);
    }
  }
  const left: Record<string, string> = {};
  for (const person of world.people.people()) {
    const [message] = await world.people.messages([person]);
    if (message !== undefined) left[person] = isoInstant(message.at).slice(0, 16);
  }
  return left;
}

async function moveTo({ people, clock }: CampaignWorld, person: string, timezone: string): Promise<void> {
  const { attributes } = await people.load(person);
  const traits = { timezone: { value: timezone, at: clock.now, verified: true } };
  await people.saveAttributes(person, { ...attributes, traits });
}

const end = Date.parse('2026-12-02T02:00:00Z');

describe('a campaign in the zone of its readers', () => {
  test('leaves at ten by each reader’s clock, on both sides of the date line', async () => {
    const world = await aCampaignWorld([atTen], dayBefore);
    const homes: Readonly<Record<string, Somebody>> = {
      Kiribati: { traits: { timezone: 'Pacific/Kiritimati' } },
      Auckland: { traits: { timeZone: 'Pacific/Auckland' } },
      Kathmandu: { traits: { zone: 'Asia/Kathmandu' } },
      Paris: {},
      Mars: { traits: { timezone: 'Mars/Olympus' } },
      Lisbon: { traits: { timezone: 'Europe/Lisbon' } },
      NewYork: { traits: { timezone: 'America/New_York' } },
      Honolulu: { traits: { timezone: 'Pacific/Honolulu' } },
      PagoPago: { traits: { timezone: 'Pacific/Pago_Pago' } },
      Ship: { traits: { timezone: '-12:00' } },
    };
    for (const [name, somebody] of Object.entries(homes)) await become(world.ports, name, somebody);
    expect(await tour(world, end)).toEqual({
      Kiribati: '2026-11-30T20:00',
      Auckland: '2026-11-30T21:00',
      Kathmandu: '2026-12-01T04:15',
      Paris: '2026-12-01T09:00',
      Mars: '2026-12-01T09:00',
      Lisbon: '2026-12-01T10:00',
      NewYork: '2026-12-01T15:00',
      Honolulu: '2026-12-01T20:00',
      PagoPago: '2026-12-01T21:00',
      Ship: '2026-12-01T22:00',
    });
    expect(await countsIn(world)).toEqual({ members: 10, byVerdict: { sent: 10 }, open: 0 });
    expect(await world.campaigns.allPast()).toMatchObject([{ because: 'done', at: Date.parse('2026-12-01T09:00:00Z') }]);
  });

  test('follows the clocks of each reader where they are changed that day', async () => {
    const night = aCampaign({ zone: 'recipient', schedule: { kind: 'once', day: '2026-03-29' }, at: 150 });
    const world = await aCampaignWorld([night], Date.parse('2026-03-28T10:00:00Z'));
    await become(world.ports, 'Paris', { traits: { timezone: 'Europe/Paris' } }); // has no 02:30 that night
    await become(world.ports, 'London', { traits: { timezone: 'Europe/London' } });
    await become(world.ports, 'NewYork', { traits: { timezone: 'America/New_York' } });
    expect(await tour(world, Date.parse('2026-03-29T16:00:00Z'))).toEqual({
      Paris: '2026-03-29T01:30',
      London: '2026-03-29T01:30',
      NewYork: '2026-03-29T06:30',
    });
  });

  test('goes by where somebody’s latest event came from, when they said nothing themselves', async () => {
    const world = await aCampaignWorld([atTen], dayBefore);
    await become(world.ports, 'Tokyo');
    await world.people.commit('Tokyo', {
      hot: { ...newHotState(), version: 1, place: { timezone: 'Asia/Tokyo', at: 1 } },
      instances: [],
    });
    await become(world.ports, 'Brest', { traits: { timezone: 'Europe/Paris' } });
    expect(await tour(world, end)).toEqual({ Tokyo: '2026-12-01T01:00', Brest: '2026-12-01T09:00' });
  });

  test('reaches who becomes known, or moves, after it began, wherever that is', async () => {
    const world = await aCampaignWorld([atTen], dayBefore);
    await become(world.ports, 'Paris');
    await become(world.ports, 'Traveller', { traits: { timezone: 'Europe/Paris' } });
    await tour(world, Date.parse('2026-12-01T00:00:00Z'));
    await become(world.ports, 'NewYork', { traits: { timezone: 'America/New_York' } });
    await moveTo(world, 'Traveller', 'America/Sao_Paulo');
    await tour(world, Date.parse('2026-12-01T16:00:00Z'));
    await become(world.ports, 'Honolulu', { traits: { timezone: 'Pacific/Honolulu' } });
    await become(world.ports, 'Seen');
    await world.people.commit('Seen', {
      hot: { ...newHotState(), version: 1, place: { timezone: 'America/Anchorage', at: 1 } },
      instances: [],
    });
    await become(world.ports, 'Late', { traits: { timezone: 'America/New_York' } });
    expect(await tour(world, end)).toEqual({
      Paris: '2026-12-01T09:00',
      Traveller: '2026-12-01T13:00',
      NewYork: '2026-12-01T15:00',
      Seen: '2026-12-01T19:00',
      Honolulu: '2026-12-01T20:00',
    });
    expect(await countsIn(world)).toEqual({ members: 5, byVerdict: { sent: 5 }, open: 0 });
  });

  test('reaches everybody at their ten who is known by then, whenever that was', async () => {
    const tens: Readonly<Record<string, string>> = {
      'Pacific/Kiritimati': '2026-11-30T20:00',
      'Asia/Kathmandu': '2026-12-01T04:15',
      'Europe/Paris': '2026-12-01T09:00',
      'America/St_Johns': '2026-12-01T13:30',
      'America/New_York': '2026-12-01T15:00',
      'Pacific/Pago_Pago': '2026-12-01T21:00',
    };
    const somebody = fc.record({ zone: fc.constantFrom(...Object.keys(tens)), quarter: fc.nat(130) });
    await fc.assert(
      fc.asyncProperty(fc.array(somebody, { minLength: 1, maxLength: 5 }), async (people) => {
        const world = await aCampaignWorld([atTen], dayBefore);
        const known = people.map(({ zone, quarter }, index) => ({
          person: personNamed(index),
          zone,
          at: dayBefore + quarter * minutes(15) - 1,
        }));
        for (const { person, zone, at } of known.toSorted((a, b) => a.at - b.at)) {
          await tour(world, at);
          await become(world.ports, person, { traits: { timezone: zone } });
        }
        const inTime = known.filter(({ zone, at }) => at < Date.parse(`${tens[zone]}Z`));
        expect(await tour(world, end)).toEqual(Object.fromEntries(inTime.map(({ person, zone }) => [person, tens[zone]])));
      }),
      { numRuns: 15 },
    );
  });

  test('that is published when it is past in the east goes to those whose time is still to come, and to no one late', async () => {
    const world = await aCampaignWorld([], dayBefore);
    await become(world.ports, 'Tokyo', { traits: { timezone: 'Asia/Tokyo' } });
    await become(world.ports, 'Moscow', { traits: { timezone: 'Europe/Moscow' } });
    await become(world.ports, 'Paris');
    world.clock.now = Date.parse('2026-12-01T08:05:00Z'); // five past eleven in Moscow, five past nine in Paris
    await world.settings.publish(configOf([atTen]));
    expect(await tour(world, end)).toEqual({ Paris: '2026-12-01T09:05' });
  });

  test('reaches nobody twice who lives through the hour twice, and nobody late whose hour was past when they came', async () => {
    const world = await aCampaignWorld([atTen], dayBefore);
    for (let index = 0; index < 6; index++)
      await become(world.ports, personNamed(index), { traits: { timezone: index < 3 ? 'Asia/Tokyo' : 'America/New_York' } });
    await tour(world, Date.parse('2026-12-01T05:00:00Z'));
    await moveTo(world, personNamed(0), 'America/New_York'); // had it, and lives through the same hour once more
    await moveTo(world, personNamed(3), 'Asia/Tokyo'); // has not had it, and the hour is past
    await tour(world, end);
    const received = world.carriers.sent().map(({ to }) => to);
    expect(received.toSorted()).toEqual([0, 1, 2, 4, 5].map((index) => `p0000${index}@example.com`));
    expect(await countsIn(world)).toEqual({ members: 6, byVerdict: { sent: 5, 'had-it': 1 }, open: 0 });
  });

  test('begins late after a standstill of ours, and loses nobody of what had begun', async () => {
    const world = await aCampaignWorld([atTen], dayBefore);
    await become(world.ports, 'Auckland', { traits: { timezone: 'Pacific/Auckland' } });
    await become(world.ports, 'Tokyo', { traits: { timezone: 'Asia/Tokyo' } });
    await become(world.ports, 'Paris');
    await tour(world, Date.parse('2026-11-30T22:00:00Z'));
    world.clock.now += hours(8); // Tokyo’s hour passes
    expect(await tour(world, end)).toEqual({
      Auckland: '2026-11-30T21:00',
      Tokyo: '2026-12-01T06:15',
      Paris: '2026-12-01T09:00',
    });
  });
});
