/** Campaigns: who gets them, when, once, and how the count adds up. */
import { describe, expect, test } from 'vitest';
import { runCampaigns } from '../../shared/pipeline/run-campaigns.ts';
import { aCampaign, aCampaignWorld, countsIn, crowd, received, runToEnd } from './campaigns-world.ts';

describe('a campaign', () => {
  test('reaches everybody of its segment once, and everybody is counted', async () => {
    const world = await aCampaignWorld([aCampaign()]);
    await crowd(world.ports, 250, (index) => ({ consent: index % 10 === 0 ? 'withdrawn' : 'granted' }));
    await runToEnd(world);
    expect(Object.values(received(world))).toEqual(Array.from({ length: 225 }, () => 1));
    expect(await countsIn(world)).toEqual({ members: 250, byVerdict: { sent: 225, 'dropped:no-consent': 25 }, open: 0 });
    expect(await runCampaigns(world.ports)).toEqual({ begun: 0, queued: 0, again: 0, ended: 0 });
  });
});
