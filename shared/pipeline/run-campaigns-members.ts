/**
 * Who of a stretch of the directory is due in a wave and in the segment, as they are now. Reads of each person what the
 * segment asks for and nothing else: most segments ask for what the directory itself says.
 */
import { needsOf } from '../campaigns/needs.ts';
import { isTaken, waveOf, wavesOf } from '../campaigns/schedule.ts';
import type { PersonId } from '../kernel/ids.ts';
import { instantAt, parseDay, type Day, type Instant } from '../kernel/time.ts';
import type { Parts } from '../ports.ts';
import type { History } from '../profile/place-cart-event.ts';
import type { Listed } from '../profile/directory.ts';
import { compileCondition } from '../rules/compile.ts';
import { didsIn } from '../rules/did-state.ts';
import { cartHistory } from './cart-history.ts';
import { earliest, horizonOf, missingOrders, ordersSince, statesFrom } from './count-events.ts';
import { factsOf, isToldZone, recipientZone, type Moment } from './person-facts.ts';
import type { CampaignPorts } from './run-campaigns.ts';
import type { PageToMake } from './run-campaigns-page.ts';

export interface Found {
  readonly members: readonly PersonId[];
  /** Later waves that some of them are due in. */
  readonly ahead: readonly Instant[];
}

type Known = Parts & { readonly person: PersonId };

export async function findMembers(ports: CampaignPorts, wanted: PageToMake, listed: readonly Listed[]): Promise<Found> {
  const { members: due, ahead } = await whoIsDue(ports, wanted, listed);
  const { when } = wanted.campaign;
  const holds = compileCondition(when);
  const moment: Moment = { now: ports.clock(), zone: wanted.brand.timeZone };
  const members: PersonId[] = [];
  for (const known of await withParts(ports, wanted, due)) {
    const besides = await besidesOf(ports, wanted, known, moment);
    if (holds(factsOf(known, moment, besides))) members.push(known.person);
  }
  return { members, ahead };
}
