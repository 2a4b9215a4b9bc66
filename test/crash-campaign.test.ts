/**
 * A small campaign, told once untroubled and once more for every call that runner and senders make through the real SDK
 * clients, with the calling process dead before or after the effect of that call: everybody gets one message, and the count
 * adds up (promises 1 and 2).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countsOf, type Counts } from '../shared/campaigns/progress.ts';
import { minutes } from '../shared/kernel/time.ts';
import { mergePeople } from '../shared/pipeline/merge-people.ts';
import { Calls, everyMoment, everyPoint, nameOf, type Call } from './crash/calls.ts';
import { beginning } from './crash/minutes.ts';
import { Ground, type World } from './crash/world.ts';
import { aCampaign, become, hasTrait } from './pipeline/campaigns-world.ts';
import { isFull, report } from './prove/figures.ts';

const day = new Date(beginning).toISOString().slice(0, 10);
/** Three a minute: five members are two pages, on a minute each. */
const campaign = aCampaign({
  when: hasTrait('club', true),
  schedule: { kind: 'once', day },
  at: 10 * 60 + 5,
  throttle: { people: 3, per: 'minute' },
});
const members = ['Ada', 'Bea', 'Cyd', 'Dan', 'Eva'];
const theCampaign = { campaign: campaign.campaign.name, day };

interface End {
  readonly counts: Counts;
  /** By address. */
  readonly mails: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

/** Dan says no before it goes out; Eva, who got hers from the first page, turns out to be Ada, who stands on the second. */
async function story(ground: Ground, calls: Calls): Promise<End> {
  const world = await ground.open(calls);
  try {
    for (const name of members)
      await become(world.ports, name, { traits: { club: true }, consent: name === 'Dan' ? 'withdrawn' : 'granted' });
    for (const name of ['Flo', 'Gil']) await become(world.ports, name, { traits: { club: false } });
    await world.host.advance(minutes(5) + 1_000);
    await world.host.settle();
    const { people } = world.ports;
    await mergePeople(world.ports, await people.load('Ada'), await people.load('Eva'));
    await world.host.advance(minutes(40));
    await world.host.settle();
    return await endOf(world);
  } finally {
    await world.close();
  }
}

async function endOf({ ports, emulators }: World): Promise<End> {
  const mails: Record<string, number> = {};
  for (const { recipients } of emulators.ses.inbox()) for (const to of recipients) mails[to] = (mails[to] ?? 0) + 1;
  const { occurrences } = await ports.campaigns.underWay();
  const past = await ports.campaigns.past(theCampaign);
  const parked = await ports.parking.parked(10);
  return {
    counts: countsOf(await ports.campaigns.progress(theCampaign)),
    mails,
    problems: [
      ...(occurrences.length === 0 ? [] : ['it is still under way']),
      ...(past?.because === 'done' ? [] : [`it ended as ${past?.because ?? 'nothing'}`]),
      ...parked.map(({ stage }) => `parked by ${stage}`),
    ],
  };
}

/** What no promise allows. A sender that dies after a claim leaves it open whether the message left; nothing else does. */
function wrong({ counts, mails, problems }: End, untroubled: End, crashed: Call): readonly string[] {
  const { byVerdict, members: found, open } = counts;
  const unknown = byVerdict.unknown ?? 0;
  const sent = byVerdict.sent ?? 0;
  const doubled = Object.entries(mails).filter(([, count]) => count > 1);
  // A sweep that dies before its first page goes on when Eva is Ada already.
  const isOne = found === 4 && crashed.functionName === 'run-campaigns';
  const others = Object.entries(untroubled.counts.byVerdict).filter(
    ([verdict]) => verdict !== 'sent' && !(isOne && verdict === 'had-it'),
  );
  return [
    ...problems,
    ...(isOne || found === untroubled.counts.members ? [] : [`${found} members`]),
    ...(open === 0 ? [] : [`${open} open`]),
    ...doubled.map(([to, count]) => `${count} mails to ${to}`),
    ...(Object.keys(mails).length === sent ? [] : [`${Object.keys(mails).length} mails, ${sent} counted as sent`]),
    ...(sent + unknown === (untroubled.counts.byVerdict.sent ?? 0) ? [] : [`${sent} sent and ${unknown} unknown`]),
    ...(unknown > 0 && crashed.functionName !== 'deliver-messages' ? [`${unknown} unknown`] : []),
    ...others.flatMap(([verdict, count]) =>
      Object.entries(byVerdict).some(([other, counted]) => other === verdict && counted === count)
        ? []
        : [`not ${count} ${verdict}`],
    ),
  ];
}

describe('a crash at any call of a campaign', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await Ground.prepare({ change: (config) => ({ ...config, journeys: [], campaigns: [campaign] }) });
  });
  afterAll(() => ground.leave());

  test('ends with one message for each member, and a count that adds up', { timeout: 1_800_000 }, async () => {
    const calls = new Calls();
    const untroubled = await story(ground, calls);
    expect(untroubled).toMatchObject({
      mails: { 'bea@example.com': 1, 'cyd@example.com': 1, 'eva@example.com': 1 },
      problems: [],
    });
    expect(untroubled.counts).toEqual({ members: 5, byVerdict: { sent: 3, 'had-it': 1, 'dropped:no-consent': 1 }, open: 0 });
    const own = calls.made.filter(({ functionName }) => ['run-campaigns', 'deliver-messages'].includes(functionName));
    const points = isFull ? everyPoint(own) : everyMoment(own);
    const failures: string[] = [];
    const queue = [...points];
    const lane = async (): Promise<void> => {
      for (let point = queue.pop(); point !== undefined; point = queue.pop()) {
        const crash = new Calls(point);
        const end = await story(ground, crash);
        const problems = [
          ...(crash.crashes === 1 ? [] : [`it crashed ${crash.crashes} times`]),
          ...wrong(end, untroubled, point),
        ];
        if (problems.length > 0) failures.push([`${point.when} ${nameOf(point)}`, ...problems].join('\n  '));
      }
    };
    await Promise.all(Array.from({ length: isFull ? 6 : 3 }, lane));
    report(
      'Crash test of a campaign',
      `${points.length} runs with a crash at one of ${own.length} SDK calls: ${failures.length} end otherwise.`,
    );
    expect(failures).toEqual([]);
    expect(new Set(points.map(({ functionName }) => functionName)).size).toBe(2);
    expect(points.length).toBeGreaterThan(15);
  });
});
