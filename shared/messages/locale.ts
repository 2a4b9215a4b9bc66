/**
 * Which language a person reads: what a trait says, else what their device said, else the brand's, else what the template has.
 */
import type { Event } from '../events/event.ts';
import { textOf } from '../kernel/json.ts';
import { traitOf, type Attributes } from '../profile/profile.ts';

/**
 * Language and region of a BCP 47 tag (`fr-CA`, also written `fr_CA`), in canonical case; undefined when it is none.
 * Extensions are left out, so that the number of different locales stays small.
 */
export function readLocale(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 35) return undefined;
  try {
    const { language, region } = new Intl.Locale(text.trim().replaceAll('_', '-'));
    if (language.length > 3) return undefined; // `French`: the standard has room for such tags, and none is in use
    return region === undefined ? language : `${language}-${region}`;
  } catch {
    return undefined;
  }
}

/**
 * The trait `locale` or `language`, whoever told it; then `device`, what their browser or app said of itself; then the brand's.
 * What is no locale counts as missing.
 */
export const localeOf = (attributes: Attributes, brandLocale: string, device?: string): string =>
  [textOf(traitOf(attributes, 'locale')), textOf(traitOf(attributes, 'language')), device]
    .map(readLocale)
    .find((locale) => locale !== undefined) ?? brandLocale;

/** `context.locale` of the latest of these events that has one: SDKs in browsers and apps say it with every call. */
export const deviceLocale = (events: readonly Event[]): string | undefined =>
  events
    .toSorted((a, b) => b.occurredAt - a.occurredAt || (a.id < b.id ? -1 : 1))
    .map(({ context }) => readLocale(textOf(context?.['locale'])))
    .find((locale) => locale !== undefined);

/**
 * The first that is there: the person's locale, its language, the brand's locale, its language, then any (by name, so that
 * it is always the same one). Undefined only when nothing is there.
 */
export function chooseLanguage(available: readonly string[], locale: string, brandLocale: string): string | undefined {
  const wanted = [locale, brandLocale].flatMap((tag) => [tag, tag.split('-')[0] ?? tag]).map((tag) => tag.toLowerCase());
  for (const tag of wanted) {
    const found = available.find((candidate) => candidate.toLowerCase() === tag);
    if (found !== undefined) return found;
  }
  return available.toSorted()[0];
}

/**
 * The best of ours for a browser's `Accept-Language` (RFC 9110, 12.5.4): by quality, then by order. A wish of quality 0
 * is none. Falls back to the first of ours.
 */
export function acceptedLanguage<Language extends string>(
  header: string | undefined,
  ours: readonly [Language, ...Language[]],
): Language {
  const wishes = (header ?? '')
    .slice(0, 1_000)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith('q='));
      return { language: tag.split('-')[0], quality: quality === undefined ? 1 : Number(quality.slice(2)) };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  for (const { language } of wishes) {
    const found = ours.find((candidate) => candidate === language);
    if (found !== undefined) return found;
  }
  return ours[0];
}
