/**
 * What a source wrote becomes the one spelling under which a person is claimed. What names nobody (`null`, `555-SHIP`)
 * is left out with its reason: claimed, it would join strangers.
 */
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { inClaimOrder, type Identifier, type IdentifierType, type RawIdentifier } from '../events/identifier.ts';
import { normaliseEmail, type Spelled } from './normalise-email.ts';

export interface LeftOut {
  readonly type: IdentifierType;
  readonly because: string;
}

export interface Normalised {
  /** In claim order, one of each. */
  readonly identifiers: readonly Identifier[];
  readonly leftOut: readonly LeftOut[];
}

/** `brandCountry` (ISO 3166-1 alpha-2) reads national phone numbers that come without a country. */
export function normaliseIdentifiers(raw: readonly RawIdentifier[], brandCountry: string): Normalised {
  const identifiers: Identifier[] = [];
  const leftOut: LeftOut[] = [];
  for (const identifier of raw) {
    const spelled = normalise(identifier, brandCountry);
    const { type, source } = identifier;
    if ('value' in spelled) identifiers.push({ type, value: spelled.value, ...(source === undefined ? {} : { source }) });
    else leftOut.push({ type, because: spelled.because });
  }
  return { identifiers: inClaimOrder(identifiers), leftOut };
}

/** What was no text (a lone surrogate, bytes that are no UTF-8) arrives as U+FFFD, whatever it was: many ids look like one. */
const lost = '\ufffd';
const noText = { because: 'holds characters that are no text' };

function normalise({ type, value, country }: RawIdentifier, brandCountry: string): Spelled {
  if (value.includes(lost)) return noText;
  switch (type) {
    case 'email':
      return normaliseEmail(value);
    case 'phone':
      return normalisePhone(value, country, brandCountry);
    case 'userId':
    case 'externalId':
    case 'loyaltyId':
    case 'anonymousId':
    case 'reference':
      return normaliseId(value);
  }
}

function normalisePhone(written: string, country: string | undefined, brandCountry: string): Spelled {
  const own = country?.trim().toUpperCase() ?? '';
  const home = isSupportedCountry(own) ? own : brandCountry;
  const number = parsePhoneNumberFromString(written.trim(), {
    extract: false,
    ...(isSupportedCountry(home) ? { defaultCountry: home } : {}),
  });
  if (number === undefined || !number.isPossible()) return { because: 'is no phone number' };
  if (number.ext !== undefined) return { because: 'has an extension: many people share the number' };
  // Shops fill a required field with zeros: claimed, it would join all who did.
  if (/^(\d)\1+$/.test(number.nationalNumber)) return { because: 'is one digit repeated, which is no phone number' };
  return { value: number.number };
}

const maxId = 256;
/** What programs print where they have no id. */
const noIds = new Set([
  ...['0', '-1', '-', '""', '{}', '[]', 'null', 'nil', 'none', 'nan', 'undefined', '(null)', '<null>', 'n/a', 'true', 'false'],
  ...['[object object]', 'object', 'anonymous', 'guest', 'unknown', 'not_set', '(not set)', 'userid', 'user_id', 'id'],
  '00000000-0000-0000-0000-000000000000',
]);

function normaliseId(written: string): Spelled {
  const value = written.trim();
  if (value === '') return { because: 'is empty' };
  if (value.length > maxId) return { because: `is longer than ${maxId} characters` };
  if (!value.isWellFormed() || /\p{Cc}/u.test(value)) return noText;
  if (noIds.has(value.toLowerCase())) return { because: `is \`${value}\`, which names nobody` };
  return { value };
}
