/** Campaigns: who gets them, when, how often, and how the count adds up, whatever changes on the way. */
import { describe, expect, test } from 'vitest';
import type { Campaign } from '../../shared/campaigns/campaign.ts';
import { hours, minutes } from '../../shared/kernel/time.ts';
import { deliverMessage, deliverOrGiveUp } from '../../shared/pipeline/deliver-messages.ts';
import { mergePeople } from '../../shared/pipeline/merge-people.ts';
import { runCampaigns } from '../../shared/pipeline/run-campaigns.ts';
import { boundSettings } from './bound-ports.ts';
import {
  aCampaign,
  aCampaignWorld,
  become,
  configOf,
  countsIn,
  crowd,
  deliverAll,
  hasTrait,
  personNamed,
  received,
  runToEnd,
  ten,
  theFirst,
  type CampaignWorld,
} from './campaigns-world.ts';

const idle = { begun: 0, queued: 0, again: 0, ended: 0 };
const becauseOf = async ({ campaigns }: CampaignWorld) => (await campaigns.past(theFirst))?.because;

describe('a campaign', () => {
  test('reaches everybody of its segment once, everybody is counted, and a second run finds nothing to do', async () => {
    const world = await aCampaignWorld([aCampaign()]);
    await crowd(world.ports, 250, (index) => ({ consent: index % 10 === 0 ? 'withdrawn' : 'granted' }));
    await runToEnd(world);
    expect(Object.values(received(world))).toEqual(Array.from({ length: 225 }, () => 1));
    expect(await countsIn(world)).toEqual({ members: 250, byVerdict: { sent: 225, 'dropped:no-consent': 25 }, open: 0 });
    expect(await becauseOf(world)).toBe('done');
    for (let minute = 0; minute < 70; minute++, world.clock.now += minutes(1))
      expect(await runCampaigns(world.ports)).toEqual(idle);
  });

  test('goes to nobody outside of its segment, and to nobody where nobody is in it', async () => {
    const world = await aCampaignWorld([
      aCampaign({ when: hasTrait('club', true) }),
      aCampaign({ name: 'soldes', when: hasTrait('club', 'no one') }),
    ]);
    await crowd(world.ports, 30, (index) => ({ traits: { club: index % 3 === 0 } }));
    await runToEnd(world);
    expect(await countsIn(world)).toEqual({ members: 10, byVerdict: { sent: 10 }, open: 0 });
    expect(await countsIn(world, { campaign: 'soldes', day: '2026-12-01' })).toEqual({ members: 0, byVerdict: {}, open: 0 });
    expect((await world.campaigns.allPast()).map(({ campaign }) => campaign)).toEqual(['soldes', 'nouveautes']);
  });

  test('names its message after day and campaign, so that the next occurrence is another message', async () => {
    const weekly: Campaign['schedule'] = { kind: 'week', weekday: 2 };
    const world = await aCampaignWorld([aCampaign({ schedule: weekly })]);
    await crowd(world.ports, 3);
    await runToEnd(world);
    world.clock.now = ten + hours(24 * 7);
    await runToEnd(world);
    expect(received(world)).toEqual({ 'p00000@example.com': 2, 'p00001@example.com': 2, 'p00002@example.com': 2 });
    expect((await world.campaigns.allPast()).map(({ day }) => day)).toEqual(['2026-12-08', '2026-12-01']);
    const messages = await world.people.messages([personNamed(0)]);
    expect(messages.map(({ orderTime, cause }) => [orderTime, cause])).toEqual([
      [ten, { kind: 'campaign', name: 'nouveautes', step: '-' }],
      [ten + hours(24 * 7), { kind: 'campaign', name: 'nouveautes', step: '-' }],
    ]);
  });

  test('goes out once on a day, also when its time is moved after it went', async () => {
    const world = await aCampaignWorld([aCampaign()]);
    await crowd(world.ports, 3);
    await runToEnd(world);
    await world.settings.publish(configOf([aCampaign({ at: 11 * 60 })]));
    world.clock.now = ten + hours(1);
    expect(await runCampaigns(world.ports)).toEqual(idle);
    expect(world.carriers.sent()).toHaveLength(3);
  });

  test.each([
    ['a minute before it is due', -minutes(1), 0],
    ['when it is due', 0, 1],
    ['when it was published 59 minutes late', minutes(59), 1],
    ['not when it was published an hour late', minutes(60), 0],
  ])('begins or not: %s', async (_when, after, begun) => {
    const world = await aCampaignWorld([aCampaign()], ten + after);
    expect((await runCampaigns(world.ports)).begun).toBe(begun);
  });

  test('of what people are owed needs no consent', async () => {
    const world = await aCampaignWorld([aCampaign({}, 'transactional')]);
    await crowd(world.ports, 5, () => ({ consent: 'none' }));
    await runToEnd(world);
    expect(await countsIn(world)).toEqual({ members: 5, byVerdict: { sent: 5 }, open: 0 });
  });

  test('of a store that lost its version fails alone: the others go out, and the run is told as failed', async () => {
    const world = await aCampaignWorld([aCampaign({ name: 'a' }), aCampaign({ name: 'b' })]);
    await crowd(world.ports, 3);
    const settings = {
      ...boundSettings(world),
      campaign: async (hash: string) => (hash.startsWith('a-') ? undefined : world.settings.campaign(hash)),
    };
    await expect(runCampaigns({ ...world.ports, settings })).rejects.toThrow(
      /campaign a is pinned to version a-.*, which is not stored/,
    );
    await deliverAll(world);
    expect(await countsIn(world, { campaign: 'b', day: '2026-12-01' })).toMatchObject({ members: 3, open: 0 });
  });
});

describe('while a campaign is under way', () => {
  /** Ten of fifty people are asked for each minute. */
  const slow = (given: Partial<Campaign> = {}) => aCampaign({ throttle: { people: 10, per: 'minute' }, ...given });
  const begun = async (): Promise<CampaignWorld> => {
    const world = await aCampaignWorld([slow()]);
    await crowd(world.ports, 50);
    await runCampaigns(world.ports);
    await deliverAll(world);
    world.clock.now += minutes(1);
    expect(world.carriers.sent()).toHaveLength(10);
    return world;
  };

  test('a change of it waits for the next time: it goes on as it began', async () => {
    const world = await begun();
    const changed = slow({ when: hasTrait('club', 'no one'), at: 0 });
    await world.settings.publish(configOf([{ ...changed, hash: 'changed' }]));
    await runToEnd(world);
    expect(await countsIn(world)).toEqual({ members: 50, byVerdict: { sent: 50 }, open: 0 });
  });

  test('taking it out of config stops it, what is queued too, and putting it back starts nothing that day', async () => {
    const world = await begun();
    await runCampaigns(world.ports);
    await world.settings.publish(configOf([]));
    expect(await runCampaigns(world.ports)).toMatchObject({ queued: 0, ended: 1 });
    expect(world.logged.at(-1)).toMatchObject({ level: 'warn', outcome: 'campaign ended', ids: { because: 'removed' } });
    expect(await deliverAll(world)).toEqual(Array.from({ length: 10 }, () => 'dropped'));
    expect(await countsIn(world)).toEqual({ members: 20, byVerdict: { sent: 10, 'dropped:campaign-ended': 10 }, open: 0 });
    expect(await becauseOf(world)).toBe('removed');
    await world.settings.publish(configOf([slow()]));
    expect(await runCampaigns(world.ports)).toEqual(idle);
  });

  test('pausing all marketing stops it; it goes on where it stood when that ends within a day', async () => {
    const world = await begun();
    await runCampaigns(world.ports);
    await world.settings.publish(configOf([slow()], { paused: true }));
    expect(await deliverAll(world)).toEqual(Array.from({ length: 10 }, () => 'dropped'));
    for (let hour = 0; hour < 23; hour++, world.clock.now += hours(1)) expect(await runCampaigns(world.ports)).toEqual(idle);
    await world.settings.publish(configOf([slow()]));
    await runToEnd(world);
    expect(await countsIn(world)).toEqual({ members: 50, byVerdict: { sent: 40, 'dropped:paused': 10 }, open: 0 });
    expect(await becauseOf(world)).toBe('done');
  });

  test('a pause of more than a day ends it: what it says is no news any more', async () => {
    const world = await begun();
    await world.settings.publish(configOf([slow()], { paused: true }));
    await runCampaigns(world.ports);
    world.clock.now += hours(24);
    expect(await runCampaigns(world.ports)).toEqual(idle);
    world.clock.now += minutes(1);
    expect(await runCampaigns(world.ports)).toMatchObject({ ended: 1 });
    expect(await becauseOf(world)).toBe('paused');
    await world.settings.publish(configOf([slow()]));
    expect(await runCampaigns(world.ports)).toEqual(idle);
  });

  test('two pauses are not one: the time between them counts for neither', async () => {
    const world = await begun();
    for (let pause = 0; pause < 3; pause++) {
      await world.settings.publish(configOf([slow()], { paused: true }));
      await runCampaigns(world.ports);
      world.clock.now += hours(13);
      await world.settings.publish(configOf([slow()]));
      await runCampaigns(world.ports);
      await deliverAll(world);
    }
    expect(await becauseOf(world)).toBeUndefined();
    await runToEnd(world);
    expect(await countsIn(world)).toEqual({ members: 50, byVerdict: { sent: 50 }, open: 0 });
  });

  test('an error that nobody repairs for a day ends it: what it says is no news any more', async () => {
    const world = await begun();
    const ports = { ...world.ports, settings: { ...boundSettings(world), campaign: () => Promise.resolve(undefined) } };
    for (let hour = 0; hour < 24; hour++, world.clock.now += hours(1))
      await expect(runCampaigns(ports)).rejects.toThrow(/not stored/);
    expect(await becauseOf(world)).toBeUndefined();
    world.clock.now += minutes(1);
    await expect(runCampaigns(ports)).rejects.toThrow(/not stored/);
    expect(await becauseOf(world)).toBe('stalled');
    expect(await runCampaigns(ports)).toEqual(idle);
  });

  test('a provider that takes nothing for a day ends it, too; one that takes a little each day does not', async () => {
    const world = await begun();
    const day = async (allowance: number): Promise<void> => {
      for (let hour = 0; hour < 24; hour++, world.clock.now += hours(1)) {
        world.carriers.allow(hour === 20 ? allowance : 0);
        await runCampaigns(world.ports);
        await deliverAll(world);
      }
    };
    for (let days = 0; days < 3; days++) await day(5);
    expect(await countsIn(world)).toMatchObject({ members: 25 });
    expect(await becauseOf(world)).toBeUndefined();
    await day(0);
    await day(0);
    expect(await becauseOf(world)).toBe('stalled');
    expect(await countsIn(world)).toEqual({ members: 25, byVerdict: { sent: 25 }, open: 0 });
  });

  test('a pause at its time lets it begin within the hour, and not later', async () => {
    for (const [after, begins] of [
      [minutes(59), 1],
      [minutes(60), 0],
    ] as const) {
      const world = await aCampaignWorld([]);
      await world.settings.publish(configOf([slow()], { paused: true }));
      expect(await runCampaigns(world.ports)).toEqual(idle);
      await world.settings.publish(configOf([slow()]));
      world.clock.now += after;
      expect((await runCampaigns(world.ports)).begun).toBe(begins);
    }
  });

  test('a pause does not touch what people are owed', async () => {
    const world = await aCampaignWorld([]);
    await world.settings.publish(configOf([aCampaign({}, 'transactional')], { paused: true }));
    await crowd(world.ports, 5);
    await runToEnd(world);
    expect(await countsIn(world)).toEqual({ members: 5, byVerdict: { sent: 5 }, open: 0 });
  });
});

describe('between the sweep and the message', () => {
  const queued = async (count = 4): Promise<CampaignWorld> => {
    const world = await aCampaignWorld([aCampaign()]);
    await crowd(world.ports, count);
    await runCampaigns(world.ports);
    return world;
  };
  const [first, second] = [personNamed(0), personNamed(1)];
  const become1 = async ({ ports }: CampaignWorld) =>
    mergePeople(ports, await ports.people.load(first), await ports.people.load(second));

  test('who withdraws gets nothing', async () => {
    const world = await queued();
    const { attributes } = await world.people.load(first);
    await world.people.saveAttributes(first, {
      ...attributes,
      consents: { 'email.marketing': { state: 'withdrawn', at: ten, source: 'link' } },
    });
    await runToEnd(world);
    expect(await countsIn(world)).toEqual({ members: 4, byVerdict: { sent: 3, 'dropped:no-consent': 1 }, open: 0 });
  });

  test('who is forgotten gets nothing, nothing is written of them, and their place is counted', async () => {
    const world = await queued();
    const { attributes } = await world.people.load(first);
    await world.people.saveAttributes(first, { ...attributes, identifiers: [], traits: {}, consents: {}, erased: true });
    await runToEnd(world);
    expect(await countsIn(world)).toEqual({ members: 4, byVerdict: { sent: 3, nobody: 1 }, open: 0 });
    expect(await world.people.messages([first])).toEqual([]);
  });

  test('two who become one get one message, and both places are counted', async () => {
    const world = await queued();
    await become1(world);
    await runToEnd(world);
    expect(world.carriers.sent()).toHaveLength(3);
    expect(await countsIn(world)).toEqual({ members: 4, byVerdict: { sent: 3, 'had-it': 1 }, open: 0 });
  });

  test('two who become one after the first got theirs get no second one, however often it is asked for', async () => {
    const world = await queued();
    const items = world.queues.takeOutbox('campaign');
    await deliverMessage(world.ports, items[0]!);
    await become1(world);
    for (const item of [...items, ...items]) await deliverMessage(world.ports, item);
    await runToEnd(world);
    expect(world.carriers.sent()).toHaveLength(3);
    expect(await countsIn(world)).toEqual({ members: 4, byVerdict: { sent: 3, 'had-it': 1 }, open: 0 });
  });

  test('two who became one before the sweep are one member', async () => {
    const world = await aCampaignWorld([aCampaign()]);
    await crowd(world.ports, 4);
    await become1(world);
    await runToEnd(world);
    expect(await countsIn(world)).toEqual({ members: 3, byVerdict: { sent: 3 }, open: 0 });
  });

  test('who becomes known after their stretch was swept waits for the next occurrence', async () => {
    const world = await queued();
    await become(world.ports, 'P99999');
    await runToEnd(world);
    expect(await countsIn(world)).toMatchObject({ members: 4 });
  });

  test('a sender that has not heard of the campaign yet reads the config again before it judges', async () => {
    const world = await aCampaignWorld([]);
    const before = await world.settings.config();
    await world.settings.publish(configOf([aCampaign()]));
    await crowd(world.ports, 2);
    await runCampaigns(world.ports);
    const remembered = {
      ...boundSettings(world),
      config: async (atLeast = 0) => (atLeast > before.generation ? world.settings.config() : before),
    };
    for (const item of world.queues.takeOutbox('campaign')) await deliverMessage({ ...world.ports, settings: remembered }, item);
    expect(await countsIn(world)).toEqual({ members: 2, byVerdict: { sent: 2 }, open: 0 });
  });

  test('a message that can never be made is parked, counted so, and asked for no more; replayed it counts as sent', async () => {
    const world = await queued();
    const [broken, ...others] = world.queues.takeOutbox('campaign');
    const settings = { ...boundSettings(world), campaign: () => Promise.resolve(undefined) };
    await expect(deliverOrGiveUp({ ...world.ports, settings }, broken!, false)).rejects.toThrow(/is not stored/);
    expect(await countsIn(world)).toMatchObject({ byVerdict: {} });
    await expect(deliverOrGiveUp({ ...world.ports, settings }, broken!, true)).rejects.toThrow(/is not stored/);
    for (const item of others) await deliverMessage(world.ports, item);
    await runToEnd(world);
    expect(await countsIn(world)).toEqual({ members: 4, byVerdict: { sent: 3, parked: 1 }, open: 0 });
    await deliverMessage(world.ports, broken!);
    expect(await countsIn(world)).toEqual({ members: 4, byVerdict: { sent: 4 }, open: 0 });
  });

  test.each([
    ['refused', { kind: 'refused', because: 'MessageRejected' }, 'failed'],
    ['not answered', { kind: 'unknown', because: 'TimeoutError' }, 'unknown'],
  ] as const)('a message that the provider has %s is counted as such', async (_what, answer, verdict) => {
    const world = await queued();
    world.carriers.answerNext(answer);
    await runToEnd(world);
    expect(await countsIn(world)).toEqual({ members: 4, byVerdict: { sent: 3, [verdict]: 1 }, open: 0 });
  });

  test('a sender that died between claim and log leaves an unknown message, not a second one', async () => {
    const world = await queued();
    const [item, ...others] = world.queues.takeOutbox('campaign');
    const dies = () => Promise.reject(new Error('the process died'));
    const carriers = { allowance: async () => 1, send: dies, post: dies };
    await expect(deliverMessage({ ...world.ports, carriers }, item!)).rejects.toThrow('died');
    for (const other of others) await deliverMessage(world.ports, other);
    world.clock.now += minutes(2);
    await runToEnd(world);
    expect(world.carriers.calls()).toBe(3);
    expect(await countsIn(world)).toEqual({ members: 4, byVerdict: { sent: 3, unknown: 1 }, open: 0 });
  });
});

describe('messages that are lost between queue and log', () => {
  const queued = async (): Promise<CampaignWorld> => {
    const world = await aCampaignWorld([aCampaign()]);
    await crowd(world.ports, 120);
    await runCampaigns(world.ports);
    return world;
  };

  test('are asked for again, those alone, and leave once', async () => {
    const world = await queued();
    const items = world.queues.takeOutbox('campaign');
    for (const [index, item] of items.entries()) if (index % 3 > 0) await deliverMessage(world.ports, item);
    world.clock.now += minutes(1);
    expect(await runCampaigns(world.ports)).toEqual(idle);
    world.clock.now += minutes(1);
    expect(await runCampaigns(world.ports)).toEqual({ ...idle, again: 40 });
    await runToEnd(world);
    expect(Object.values(received(world))).toEqual(Array.from({ length: 120 }, () => 1));
    expect(await countsIn(world)).toEqual({ members: 120, byVerdict: { sent: 120 }, open: 0 });
  });

  test('are not asked for while the queue holds any', async () => {
    const world = await queued();
    for (let minute = 0; minute < 90; minute++, world.clock.now += minutes(1))
      expect((await runCampaigns(world.ports)).again).toBe(0);
  });

  test('are given up after four askings, and counted as open', async () => {
    const world = await queued();
    let asked = 0;
    for (let minute = 0; minute < 60 && (await becauseOf(world)) === undefined; minute++) {
      world.queues.takeOutbox('campaign');
      world.clock.now += minutes(1);
      asked += (await runCampaigns(world.ports)).again;
    }
    expect(asked).toBe(360);
    expect(await becauseOf(world)).toBe('done');
    expect(await countsIn(world)).toEqual({ members: 120, byVerdict: {}, open: 120 });
  });

  test('that may leave later are asked for then, not earlier, and that is no further try', async () => {
    const world = await queued();
    const items = world.queues.takeOutbox('campaign');
    for (const [index, item] of items.entries()) if (index > 0) await deliverMessage(world.ports, item);
    for (let night = 1; night <= 6; night++) {
      const until = world.clock.now + hours(9);
      await world.campaigns.markLater({ ...theFirst, wave: ten, page: 0 }, until);
      world.clock.now = until - 1;
      expect(await runCampaigns(world.ports)).toEqual(idle);
      world.clock.now = until;
      expect(await runCampaigns(world.ports)).toEqual({ ...idle, again: 1 });
      if (night < 6) world.queues.takeOutbox('campaign');
    }
    await runToEnd(world);
    expect(await countsIn(world)).toEqual({ members: 120, byVerdict: { sent: 120 }, open: 0 });
  });

  test('of a queue that nobody empties end after the four days it keeps them', async () => {
    const world = await queued();
    world.clock.now += hours(95);
    expect(await runCampaigns(world.ports)).toEqual(idle);
    world.clock.now += hours(1);
    expect(await runCampaigns(world.ports)).toMatchObject({ ended: 1 });
    await deliverAll(world);
    expect(await countsIn(world)).toEqual({ members: 120, byVerdict: { sent: 120 }, open: 0 });
  });
});
