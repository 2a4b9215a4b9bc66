/**
 * brand.yaml: who writes, in which language, zone and currency.
 */
import * as v from 'valibot';
import { isZone } from '../../kernel/time.ts';
import type { Brand } from '../config.ts';
import { emailAddress } from './address-words.ts';
import { checkedText, fields, oneOrMany, prose, say, shown, yesOrNo } from './fields.ts';
import { isSmsSender, smsSenderLike } from './names.ts';
import { nearest } from './spelling.ts';
import { knownLanguage } from '../template-files.ts';

const host = checkedText('a host such as www.example.fr', (value) => {
  if (/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$/.test(value)) return undefined;
  const meant = /^(?:https?:\/\/)?([^/\s]+\.[^/\s]+?)(?:\/.*)?$/i.exec(value)?.[1]?.toLowerCase();
  return say(
    `"${value}" is not the name of a host`,
    'a host without https:// and without path',
    meant === undefined ? '' : `write ${meant}`,
  );
});

const locale = checkedText('a language and country such as fr-FR', (value) => {
  const meant = value.replaceAll('_', '-');
  const canonical = canonicalLocale(meant);
  if (canonical === value) return undefined;
  return say(
    `"${value}" is not a locale`,
    'a language and country such as fr-FR',
    canonical === undefined ? '' : `write ${canonical}`,
  );
});

function canonicalLocale(value: string): string | undefined {
  try {
    const [canonical] = Intl.getCanonicalLocales(value);
    return canonical !== undefined && /^[a-z]{2,3}(?:-|$)/.test(canonical) ? canonical : undefined;
  } catch {
    return undefined;
  }
}

/** Only the check asks: what is missing is said, people get the language that is nearest to theirs. */
const language = checkedText('a language that every template must speak, such as en', (value) => {
  const known = /^[a-z]{2,3}$/.test(value) ? knownLanguage(value) : undefined;
  if (known === value) return undefined;
  const code = canonicalLocale(value.replaceAll('_', '-').toLowerCase())?.split('-')[0];
  const meant = code === undefined ? undefined : knownLanguage(code);
  return say(`"${value}" is not a language`, 'two letters such as fr or en', meant === undefined ? '' : `write ${meant}`);
});

/** Two letters off at most: a town that names no zone (Lyon) must not become another one (Lisbon). */
function zoneMeant(written: string): string {
  const meant = nearest(written, Intl.supportedValuesOf('timeZone'), 2);
  return meant === undefined ? '' : `did you mean "${meant}"?`;
}

const timeZone = checkedText('a time zone such as Europe/Paris', (value) =>
  value.includes('/') && isZone(value)
    ? undefined
    : say(`"${value}" is not a time zone`, 'a time zone such as Europe/Paris', zoneMeant(value)),
);

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const country = checkedText('a country of two letters such as FR', (value) => {
  const meant = value.toUpperCase();
  const exists = /^[A-Z]{2}$/.test(meant) && regions.of(meant) !== undefined;
  if (exists && meant === value) return undefined;
  return say(`"${value}" is not a country code`, 'two capital letters such as FR', exists ? `write ${meant}` : '');
});

const currency = checkedText('a currency of three letters such as EUR', (value) => {
  const known = Intl.supportedValuesOf('currency');
  if (known.includes(value)) return undefined;
  const meant =
    value === '€' || value.toLowerCase().startsWith('euro') ? 'EUR' : known.find((code) => code === value.toUpperCase());
  return say(
    `"${value}" is not a currency code`,
    'three capital letters such as EUR',
    meant === undefined ? '' : `write ${meant}`,
  );
});

/** SNS and operators refuse anything else, a space as well. */
const smsSender = checkedText('a sender of 3 to 11 letters and digits such as ATELIER', (value) => {
  if (isSmsSender(value)) return undefined;
  const meant = smsSenderLike(value);
  return say(
    `"${value}" cannot be the sender of an SMS`,
    '3 to 11 plain letters and digits, at least one letter, no space',
    meant === '' ? '' : `write ${meant}`,
  );
});

const sender = v.pipe(
  fields('who writes', {
    name: prose('the name people see as the sender'),
    email: emailAddress('the address messages come from'),
    transactional: v.optional(emailAddress('the address that transactional messages come from, where it is another')),
    replyTo: v.optional(emailAddress('the address answers go to')),
    sms: v.optional(smsSender),
  }),
  v.transform(({ name, email, transactional, replyTo, sms }): Brand['sender'] => ({
    name,
    email,
    ...(transactional === undefined ? {} : { transactional }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(sms === undefined ? {} : { sms }),
  })),
);

const maturity = v.pipe(
  v.picklist([1, 2, 3, 4], (issue) =>
    say(`${shown(issue.input)} is not a level`, '1 (segments), 2 (behaviour), 3 (prediction) or 4 (real time)'),
  ),
  v.description('the highest level in use: 1 segments, 2 behaviour, 3 prediction, 4 real time'),
);

export const brandSchema: v.GenericSchema<unknown, Brand> = v.pipe(
  fields('the brand', {
    name: prose('the name of the brand'),
    maturity,
    locale,
    timeZone,
    country,
    currency,
    sender,
    site: oneOrMany(host),
    address: prose('the postal address, for the foot of every marketing e-mail'),
    paused: v.optional(yesOrNo('true stops all marketing')),
    languages: v.optional(oneOrMany(language)),
  }),
  v.transform(
    ({
      name,
      maturity: level,
      locale: writtenLocale,
      timeZone: zone,
      country: land,
      currency: money,
      sender: from,
      site,
      address: postal,
      paused,
    }): Brand => ({
      name,
      maturity: level,
      locale: writtenLocale,
      timeZone: zone,
      country: land,
      currency: money,
      sender: from,
      site,
      address: postal,
      paused: paused ?? false,
    }),
  ),
);

/** The language of people whose own is not known: `fr` of `fr-FR`. */
export const languageOf = (brand: Pick<Brand, 'locale'>): string => brand.locale.split('-')[0] ?? brand.locale;
