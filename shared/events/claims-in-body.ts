/**
 * The hashed identifiers in a text that is, or almost is, an envelope: so that erasure finds what nobody could process
 * (promise 6).
 */
import { isObject, parseJson, type Json } from '../kernel/json.ts';
import { claimKey, identifierTypes, type ClaimKey, type Identifier } from './identifier.ts';

/** As far as they can be read; a text that is no envelope has none. */
export function claimsInBody(secret: string, body: string): readonly ClaimKey[] {
  const envelope = readable(body);
  if (!isObject(envelope)) return [];
  const { identifiers = [], previously = null } = envelope;
  const found = [...(isList(identifiers) ? identifiers : []), previously].flatMap(identifierIn);
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

function identifierIn(json: Json): readonly Identifier[] {
  if (!isObject(json)) return [];
  const type = identifierTypes.find((known) => known === json['type']);
  const value = json['value'];
  return type === undefined || typeof value !== 'string' || value === '' ? [] : [{ type, value }];
}
