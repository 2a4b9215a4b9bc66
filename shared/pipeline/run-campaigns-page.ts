/**
 * The next page of a sweep: from where the last one ended, as many members as there is room for. The page is stored before
 * anybody hears of it, so that whoever comes after a crash, or at the same time, finds the same people at the same places.
 */
import { largestPage, type Page, type PageName } from '../campaigns/occurrence.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/time.ts';
import { placeAfter, type DirectoryPlace } from '../profile/directory.ts';
import type { Ports } from '../ports.ts';
import { findMembers, type MemberPorts, type Sweep } from './run-campaigns-members.ts';

export type PagePorts = MemberPorts & Pick<Ports, 'campaigns'>;

export interface PageToMake extends Sweep {
  readonly page: number;
  /** What was found until then is a page. */
  readonly until: Instant;
}

/** As many as one batch reads. */
const stretch = 100;
/** A sweep that finds few members leaves a trace now and then, and is not begun again from the start. */
const mostSwept = 2_000;

export async function makePage(
  ports: PagePorts,
  wanted: PageToMake,
  from: DirectoryPlace | undefined,
  room: number,
): Promise<Page> {
  const largest = Math.min(largestPage, room);
  const people: PersonId[] = [];
  let place: { readonly next?: DirectoryPlace } = from === undefined ? {} : { next: from };
  let swept = 0;
  do {
    const limit = Math.min(stretch, Math.max(20, largest - people.length));
    const read = await ports.people.directory(place.next, limit);
    const members = await findMembers(ports, wanted, read.people);
    const taken = members.slice(0, largest - people.length);
    people.push(...taken);
    const last = taken.at(-1);
    place = taken.length < members.length && last !== undefined ? { next: placeAfter(last) } : read;
    swept += read.people.length;
  } while (place.next !== undefined && people.length < largest && swept < mostSwept && ports.clock() < wanted.until);
  const { next } = place;
  const { occurrence, wave, page } = wanted;
  const name: PageName = { campaign: occurrence.campaign, day: occurrence.day, wave, page };
  return ports.campaigns.keepPage({ ...name, people, ...(next === undefined ? {} : { next }) });
}
