/**
 * Which device a person used last, and where: kept only where an event tells it, from the latest one that does, whatever the
 * order of arrival.
 */
import type { Event } from '../events/event.ts';
import { at, isObject, textOf, type JsonObject } from '../kernel/json.ts';
import { isZone } from '../kernel/time.ts';
import type { Device, HotState, Place } from './profile.ts';

export type Whereabouts = Pick<HotState, 'device' | 'place'>;

export function foldWhereabouts(before: Whereabouts, event: Pick<Event, 'context' | 'occurredAt'>): Whereabouts {
  const device = deviceOf(event);
  const place = placeOf(event);
  return { ...latest('device', before.device, device), ...latest('place', before.place, place) };
}

export const mergeWhereabouts = (a: Whereabouts, b: Whereabouts): Whereabouts => ({
  ...latest('device', a.device, b.device),
  ...latest('place', a.place, b.place),
});

/** At the same instant the greater text stays: never the order of arrival. */
function latest<Name extends string, Told extends { readonly at: number }>(
  name: Name,
  before: Told | undefined,
  told: Told | undefined,
): { readonly [N in Name]?: Told } | object {
  if (before === undefined || told === undefined) {
    const only = before ?? told;
    return only === undefined ? {} : { [name]: only };
  }
  const isNewer = told.at > before.at || (told.at === before.at && JSON.stringify(told) > JSON.stringify(before));
  return { [name]: isNewer ? told : before };
}

const longest = 64;
const short = (text: string | undefined): string | undefined => text?.slice(0, longest);

function deviceOf({ context = {}, occurredAt }: Pick<Event, 'context' | 'occurredAt'>): Device | undefined {
  const type = deviceType(context);
  const os = short(osOf(context));
  if (type === undefined && os === undefined) return undefined;
  return { ...(type === undefined ? {} : { type }), ...(os === undefined ? {} : { os }), at: occurredAt };
}

/** Apps say it, browsers that know say it, and the user agent of others tells it. */
function deviceType(context: JsonObject): Device['type'] {
  const told = textOf(at(context, ['device', 'type']))?.toLowerCase();
  const agent = textOf(context['userAgent']) ?? '';
  if (told === 'tablet' || /iPad|Tablet|PlayBook|Silk(?!.*Mobile)|Android(?!.*Mobile)/i.test(agent)) return 'tablet';
  if (told === 'mobile' || told === 'phone' || told === 'ios' || told === 'android') return 'mobile';
  if (told === 'desktop') return 'desktop';
  const isMobile = at(context, ['userAgentData', 'mobile']);
  if (isMobile === true || /Mobi|iPhone|iPod/i.test(agent)) return 'mobile';
  return isMobile === false || /Windows|Macintosh|X11|CrOS/.test(agent) ? 'desktop' : undefined;
}

const systems: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPad|iPod/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux|X11/, 'Linux'],
];

function osOf(context: JsonObject): string | undefined {
  const told = textOf(at(context, ['os', 'name'])) ?? textOf(at(context, ['userAgentData', 'platform']));
  const agent = textOf(context['userAgent']) ?? '';
  return told ?? systems.find(([pattern]) => pattern.test(agent))?.[1];
}

function placeOf({ context = {}, occurredAt }: Pick<Event, 'context' | 'occurredAt'>): Place | undefined {
  const location = isObject(context['location']) ? context['location'] : {};
  const timezone = textOf(context['timezone']);
  const told = {
    ...named('country', textOf(location['country'])),
    ...named('region', textOf(location['region'])),
    ...named('city', textOf(location['city'])),
    ...named('timezone', timezone !== undefined && isZone(timezone) ? timezone : undefined),
  };
  return Object.keys(told).length === 0 ? undefined : { ...told, at: occurredAt };
}

const named = (name: keyof Omit<Place, 'at'>, value: string | undefined): Partial<Omit<Place, 'at'>> =>
  value === undefined ? {} : { [name]: short(value) ?? '' };
