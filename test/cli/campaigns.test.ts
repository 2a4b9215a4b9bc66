/** `relance campaigns`: when each goes out next, and how every occurrence adds up, with nobody's name in it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { AwsCampaigns } from '../../shared/adapters/aws/campaigns.ts';
import { AwsSettings } from '../../shared/adapters/aws/settings.ts';
import type { Occurrence, PlaceVerdict } from '../../shared/campaigns/occurrence.ts';
import { aCampaign, configOf } from '../pipeline/campaigns-world.ts';
import { now, owner } from './owner.ts';

const shop = owner();
const inTable = () => ({ dynamo: shop.dynamo(), table: shop.names().table });
const campaigns = () => new AwsCampaigns(inTable());
const publish = (...versions: Parameters<typeof configOf>[0]) =>
  new AwsSettings({ ...inTable(), systemClock: () => now }).publish(configOf(versions));

beforeEach(async () => {
  await shop.deploy();
  await publish(
    aCampaign({ schedule: { kind: 'month-weekday', nth: 1, weekday: 2 } }),
    aCampaign({ name: 'anniversaire', segment: 'tous', schedule: { kind: 'week', weekday: 1 }, zone: 'recipient', at: 600 }),
    aCampaign({ name: 'soldes', schedule: { kind: 'once', day: '2026-11-20' } }),
  );
});

const november: Occurrence = {
  campaign: 'nouveautes',
  day: '2026-11-03',
  version: 'v-1',
  at: Date.parse('2026-11-03T09:00:00Z'),
  begunAt: Date.parse('2026-11-03T09:00:20Z'),
  waves: [Date.parse('2026-11-03T09:00:00Z')],
};

async function wentOut(verdicts: readonly PlaceVerdict[], members: number): Promise<void> {
  const name = { campaign: november.campaign, day: november.day, wave: november.at, page: 0 };
  const queued = { firstAt: november.at, at: november.at, asked: 1, members };
  await campaigns().noteQueued(name, queued);
  for (const [ordinal, verdict] of verdicts.entries()) await campaigns().mark({ ...name, ordinal }, verdict);
}

describe('list', () => {
  test('tells what is live and when it goes out next, and what has been', async () => {
    await wentOut(['sent', 'sent', 'dropped:no-consent'], 4);
    await campaigns().keepPast({ ...november, endedAt: november.at + 120_000, because: 'done' });
    const { code, out } = await shop.run(['campaigns', 'list']);
    expect(code).toBe(0);
    expect(out).toBe(
      'anniversaire to tous, in each reader’s zone: next 2026-11-23 12:30 UTC\n' +
        'nouveautes to fideles: next 2026-12-01 09:00 UTC\n' +
        'soldes to fideles: does not go out any more\n' +
        '\n' +
        '2026-11-20  soldes  did not begin: published later, paused, or Relance stood still\n' +
        '2026-11-03  nouveautes  done; 4 people found, 2 sent',
    );
  });

  test('says when there is none', async () => {
    await publish();
    expect(await shop.run(['campaigns', 'list'])).toEqual({ code: 0, out: 'No campaign is live.', error: '' });
  });

  test('says so before anything was published', async () => {
    await shop.begin();
    await shop.deploy();
    const { code, error } = await shop.run(['campaigns', 'list']);
    expect(code).toBe(2);
    expect(error).toMatch(/^Nothing is live yet\.\nPublish config\//);
  });
});

describe('show', () => {
  test('counts everybody who was found, each in one line', async () => {
    const verdicts: readonly PlaceVerdict[] = [
      'sent',
      'sent',
      'had-it',
      'dropped:no-consent',
      'dropped:suppressed',
      'nobody',
      'parked',
    ];
    await wentOut([...verdicts, 'unknown', 'failed'], 12);
    await campaigns().keepPast({ ...november, endedAt: november.at + 120_000, because: 'done' });
    const { out } = await shop.run(['campaigns', 'show', 'nouveautes']);
    expect(out.split('\n')).toEqual([
      'nouveautes to fideles: next 2026-12-01 09:00 UTC',
      '',
      'nouveautes of 2026-11-03, planned for 2026-11-03 09:00 UTC: done',
      'Begun   2026-11-03 09:00 UTC',
      'Ended   2026-11-03 09:02 UTC',
      'Found   12 people',
      '         2  sent',
      '         1  refused by the provider, or content that cannot be made',
      '         1  called, and nobody knows whether it left',
      '         1  had it already: two people who became one, or somebody who travelled',
      '         1  forgotten meanwhile',
      '         1  parked (see `relance parked list`)',
      '         1  not sent: the address has bounced or complained',
      '         1  not sent: no consent',
      '         3  never heard of again',
    ]);
    const counted = [...out.matchAll(/^ {2} *(\d+) {2}/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
    expect(counted).toBe(12);
  });

  test('tells one that is under way, or paused, or stopped', async () => {
    await wentOut(['sent'], 3);
    await campaigns().saveUnderWay({ version: 0, occurrences: [{ ...november, pausedSince: now - 60_000 }] });
    const paused = (await shop.run(['campaigns', 'show', 'nouveautes', '2026-11-03'])).out;
    expect(paused).toContain(': under way\nBegun   2026-11-03 09:00 UTC\nPaused  since 2026-11-23 11:59 UTC\nFound   3 people');
    expect(paused).toMatch(/ {9}2 {2}on their way$/);
    await campaigns().saveUnderWay({ version: 1, occurrences: [] });
    await campaigns().keepPast({ ...november, endedAt: now, because: 'removed' });
    const stopped = (await shop.run(['campaigns', 'show', 'nouveautes'])).out;
    expect(stopped).toContain('stopped: the campaign was taken out of config/, or switched off');
  });

  test('is for programs, too', async () => {
    await wentOut(['sent'], 1);
    await campaigns().keepPast({ ...november, endedAt: november.at + 120_000, because: 'done' });
    const { out } = await shop.run(['campaigns', 'show', 'nouveautes', '--json']);
    expect(JSON.parse(out)).toEqual({
      live: [{ name: 'nouveautes', segment: 'fideles', template: 'nouveautes', zone: 'brand', next: '2026-12-01T09:00:00.000Z' }],
      occurrences: [
        {
          campaign: 'nouveautes',
          day: '2026-11-03',
          state: 'done',
          at: '2026-11-03T09:00:00.000Z',
          begunAt: '2026-11-03T09:00:20.000Z',
          endedAt: '2026-11-03T09:02:00.000Z',
          members: 1,
          open: 0,
          verdicts: { sent: 1 },
        },
      ],
    });
  });

  test('says what it does not know', async () => {
    expect((await shop.run(['campaigns', 'show', 'soldes', '2026-11-21'])).out).toMatch(/Nothing is known of 2026-11-21\.$/);
    expect((await shop.run(['campaigns', 'show', 'fetes'])).error).toMatch(/^No campaign is called fetes\.\n.*campaigns list/);
    await publish(aCampaign({ schedule: { kind: 'once', day: '2027-01-01' } }));
    expect((await shop.run(['campaigns', 'show', 'nouveautes'])).out).toMatch(/It has not gone out yet\.$/);
  });
});

test.each([
  [[], 'Say what to do with campaigns.'],
  [['shwo'], 'There is no "campaigns shwo".'],
  [['list', 'nouveautes'], 'campaigns list takes no names'],
  [['show'], 'campaigns show takes the name of a campaign.'],
  [['show', 'nouveautes', 'demain'], '"demain" is no day such as 2026-12-01.'],
])('%j is refused with what was expected', async (words, says) => {
  const { code, error } = await shop.run(['campaigns', ...words]);
  expect(code).toBe(2);
  expect(error.startsWith(says)).toBe(true);
  expect(error).toContain('Usage: relance campaigns list');
});

test('names the permission that is missing', async () => {
  shop.table().refuse.set('Query', 'AccessDeniedException');
  expect((await shop.run(['campaigns', 'list'])).error).toContain('may not dynamodb:Query.');
});
