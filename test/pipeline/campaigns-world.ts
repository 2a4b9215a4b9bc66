/** A world in memory with campaigns and people who are known already, and the minutes in which campaigns run. */
import type { Campaign } from '../../shared/campaigns/campaign.ts';
import { countsOf, type Counts } from '../../shared/campaigns/progress.ts';
import { memoryWorld, type MemoryWorld } from '../../shared/adapters/memory/world.ts';
import type { OccurrenceName } from '../../shared/campaigns/occurrence.ts';
import type { CampaignVersion, Config } from '../../shared/config/config.ts';
import type { Consents } from '../../shared/consent/consent.ts';
import { claimKey } from '../../shared/events/identifier.ts';
import type { Json } from '../../shared/kernel/json.ts';
import { minutes, type Instant } from '../../shared/kernel/time.ts';
import { deliverMessage } from '../../shared/pipeline/deliver-messages.ts';
import { runCampaigns, type Ran } from '../../shared/pipeline/run-campaigns.ts';
import type { Ports } from '../../shared/ports.ts';
import { newAttributes, newHotState, type Attributes } from '../../shared/profile/profile.ts';
import type { Condition } from '../../shared/rules/condition.ts';
import { brand } from './process-events-world.ts';

/** A Tuesday, the first of its month: 10:00 in Paris. */
export const ten = Date.parse('2026-12-01T09:00:00Z');

export const hasTrait = (name: string, value: Json): Condition => ({
  kind: 'compare',
  path: [name],
  comparison: { op: 'eq', value },
});
export const everybody: Condition = { kind: 'all', of: [] };

/** Content is what the hash is made of: whoever changes a campaign gives it another. */
export function aCampaign(given: Partial<Campaign> = {}, purpose: 'marketing' | 'transactional' = 'marketing'): CampaignVersion {
  const campaign: Campaign = {
    name: 'nouveautes',
    segment: 'fideles',
    when: everybody,
    template: 'nouveautes',
    channels: ['email'],
    schedule: { kind: 'once', day: '2026-12-01' },
    at: 600,
    zone: 'brand',
    ...given,
  };
  const template = {
    name: campaign.template,
    purpose,
    repeat: 'never' as const,
    email: {
      fr: { subject: 'Bonjour {{ person.firstName }}', html: '<p>x</p><a href="{{ links.unsubscribe }}">x</a>', text: 'x' },
    },
  };
  return {
    hash: `${campaign.name}-${JSON.stringify(given)}-${purpose}`.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 200),
    campaign,
    templates: { [campaign.template]: template },
  };
}

export const configOf = (
  campaigns: readonly CampaignVersion[],
  given: Partial<Config['brand']> = {},
): Omit<Config, 'generation'> => ({ brand: { ...brand, ...given }, segments: [], journeys: [], campaigns });

export interface CampaignWorld extends MemoryWorld {
  readonly clock: { now: Instant };
}

export async function aCampaignWorld(campaigns: readonly CampaignVersion[], now: Instant = ten): Promise<CampaignWorld> {
  const clock = { now };
  const world = memoryWorld({ clock: () => clock.now });
  await world.settings.publish(configOf(campaigns));
  return { ...world, clock };
}

export interface Somebody {
  readonly traits?: Readonly<Record<string, Json>>;
  readonly consent?: 'granted' | 'withdrawn' | 'none';
  readonly email?: string | undefined;
}

/** As they stand after a while: written at once, with an address, a consent and what they said of themselves. */
export async function become({ people, secrets }: Ports, id: string, given: Somebody = {}): Promise<void> {
  const { traits = {}, consent = 'granted', email = `${id.toLowerCase()}@example.com` } = given;
  const identifiers = [
    { type: 'userId' as const, value: id, verified: true, since: 1 },
    ...(email === '' ? [] : [{ type: 'email' as const, value: email, verified: true, since: 1 }]),
  ];
  const consents: Consents = consent === 'none' ? {} : { 'email.marketing': { state: consent, at: 1, source: 'test' } };
  const attributes: Attributes = {
    ...newAttributes(1),
    identifiers,
    consents,
    traits: Object.fromEntries(Object.entries(traits).map(([name, value]) => [name, { value, at: 1, verified: true }])),
  };
  await people.saveAttributes(id, attributes);
  await people.commit(id, { hot: newHotState(), instances: [] });
  for (const identifier of identifiers) await people.claim(claimKey(secrets.identifierKey, identifier), id);
}

/** `P00000` … in the order in which they became known. */
export const personNamed = (index: number): string => `P${String(index).padStart(5, '0')}`;

export async function crowd(ports: Ports, count: number, given: (index: number) => Somebody = () => ({})): Promise<void> {
  for (let index = 0; index < count; index++) await become(ports, personNamed(index), given(index));
}

/** All that waits in the campaign outbox is delivered; answers what became of it. */
export async function deliverAll({ ports, queues }: CampaignWorld): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (const item of queues.takeOutbox('campaign')) outcomes.push(await deliverMessage(ports, item));
  return outcomes;
}

/** Minute after minute, run and deliver, until nothing is under way. */
export async function runToEnd(world: CampaignWorld, most = 200): Promise<readonly Ran[]> {
  const runs: Ran[] = [];
  for (let minute = 0; minute < most; minute++) {
    runs.push(await runCampaigns(world.ports));
    await deliverAll(world);
    if ((await world.campaigns.underWay()).occurrences.length === 0) return runs;
    world.clock.now += minutes(1);
  }
  throw new Error(`still under way after ${most} minutes`);
}

export const theFirst: OccurrenceName = { campaign: 'nouveautes', day: '2026-12-01' };

export const countsIn = async ({ campaigns }: Pick<Ports, 'campaigns'>, name = theFirst): Promise<Counts> =>
  countsOf(await campaigns.progress(name));

/** By address, how many messages its provider took. */
export function received({ carriers }: MemoryWorld): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { to } of carriers.sent()) counts[to] = (counts[to] ?? 0) + 1;
  return counts;
}
