/**
 * The hashed identifiers in a text that is, or almost is, an envelope or a provider's feedback: so that erasure finds what
 * nobody could process (promise 6).
 */
import { isObject, parseJson, type Json } from '../kernel/json.ts';
import { claimKey, identifierTypes, type ClaimKey, type Identifier } from './identifier.ts';

/** As far as they can be read; a text that is neither has none. */
export function claimsInBody(secret: string, body: string): readonly ClaimKey[] {
  const told = readable(body);
  if (!isObject(told)) return [];
  if (told['Type'] === 'Notification' && typeof told['Message'] === 'string') return claimsInBody(secret, told['Message']);
  const { identifiers = [], previously = null, mail = null } = told;
  const found = [...[...(isList(identifiers) ? identifiers : []), previously].flatMap(identifierIn), ...recipientsIn(mail)];
  return [...new Set(found.map((identifier) => claimKey(secret, identifier)))];
}

const isList = (json: Json): json is readonly Json[] => Array.isArray(json);

function readable(body: string): Json {
  try {
    return parseJson(body);
  } catch {
    return null; // Not JSON: nothing in it can be told apart.
  }
}

/** Of the mail that SES speaks of. */
function recipientsIn(mail: Json): readonly Identifier[] {
  const destination = isObject(mail) ? mail['destination'] : undefined;
  const addresses = destination !== undefined && isList(destination) ? destination : [];
  return addresses.flatMap((address) =>
    typeof address === 'string' ? [{ type: 'email' as const, value: address.trim().toLowerCase() }] : [],
  );
}

function identifierIn(json: Json): readonly Identifier[] {
  if (!isObject(json)) return [];
  const type = identifierTypes.find((known) => known === json['type']);
  const value = json['value'];
  return type === undefined || typeof value !== 'string' || value === '' ? [] : [{ type, value }];
}
