/**
 * Our own links: signed, so that nobody unsubscribes somebody else, and no stranger's target hides behind our host. A token
 * names ids only and works for years, also after the person was erased.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { channels, type Channel } from '../events/event.ts';
import type { PersonId } from '../kernel/ids.ts';
import { parseJson, type Json } from '../kernel/json.ts';

/** `u`: unsubscribe from the channel; `c`: go on to a page of the shop. */
export type LinkKind = 'u' | 'c';

/** Whom and what a link is about. */
export interface LinkClaim {
  readonly person: PersonId;
  readonly channel: Channel;
  readonly sendKey: string;
  /** Name of the journey or campaign. */
  readonly cause: string;
}

export interface ClickClaim extends LinkClaim {
  /** Where it leads: http or https. */
  readonly target: string;
}

/** The first key signs; the others are still accepted, so that keys can be changed while old mails are in inboxes. */
export type LinkKeys = readonly string[];

/** 144 bits: beyond guessing, and exactly 24 characters, so that no bit of the last one is unused. */
const macBytes = 18;
const macLength = 24;
/** API Gateway takes 10 KB of request line and headers together. */
const maxTokenLength = 6_000;
const version = 1;

export const unsubscribeUrl = (origin: string, keys: LinkKeys, claim: LinkClaim): string =>
  `${origin}/l/u/${sign('u', keys, [version, claim.person, claim.channel, claim.sendKey, claim.cause])}`;

/** Undefined when the target is no web address, or too long for a link. */
export function clickUrl(origin: string, keys: LinkKeys, claim: ClickClaim): string | undefined {
  if (!/^https?:\/\//i.test(claim.target) || !URL.canParse(claim.target)) return undefined;
  const target = new URL(claim.target).href;
  const token = sign('c', keys, [version, claim.person, claim.channel, claim.sendKey, claim.cause, target]);
  return token.length > maxTokenLength ? undefined : `${origin}/l/c/${token}`;
}

function sign(kind: LinkKind, [key]: LinkKeys, parts: readonly Json[]): string {
  if (key === undefined || key === '') throw new Error('no link key: links cannot be signed');
  const payload = Buffer.from(JSON.stringify(parts)).toString('base64url');
  return `${payload}${mac(kind, key, payload)}`;
}

/** The kind is signed along, so that a click link is no unsubscribe link. */
const mac = (kind: LinkKind, key: string, payload: string): string =>
  createHmac('sha256', key).update(`relance link ${kind} `).update(payload).digest().subarray(0, macBytes).toString('base64url');

const id = v.pipe(v.string(), v.minLength(1));
const unsubscribeParts = v.strictTuple([v.literal(version), id, v.picklist(channels), v.string(), v.string()]);
const clickParts = v.strictTuple([
  v.literal(version),
  id,
  v.picklist(channels),
  v.string(),
  v.string(),
  v.pipe(v.string(), v.url()),
]);

/** Undefined for whatever we did not sign, to the last character: forged, cut, altered, or of another kind. */
export function readUnsubscribeLink(token: string, keys: LinkKeys): LinkClaim | undefined {
  const parts = v.safeParse(unsubscribeParts, open('u', token, keys));
  if (!parts.success) return undefined;
  const [, person, channel, sendKey, cause] = parts.output;
  return { person, channel, sendKey, cause };
}

export function readClickLink(token: string, keys: LinkKeys): ClickClaim | undefined {
  const parts = v.safeParse(clickParts, open('c', token, keys));
  if (!parts.success) return undefined;
  const [, person, channel, sendKey, cause, target] = parts.output;
  return { person, channel, sendKey, cause, target };
}

/** The payload, once its signature is proven. Text is compared, not decoded bytes: base64url has several spellings. */
function open(kind: LinkKind, token: string, keys: LinkKeys): Json | undefined {
  if (token.length <= macLength || token.length > maxTokenLength || !/^[A-Za-z0-9_-]+$/.test(token)) return undefined;
  const payload = token.slice(0, -macLength);
  const claimed = Buffer.from(token.slice(-macLength));
  // Every key is tried, whatever the first ones say: the time taken tells nothing about them.
  const matches = keys.filter((key) => key !== '' && timingSafeEqual(claimed, Buffer.from(mac(kind, key, payload))));
  return matches.length === 0 ? undefined : parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
}
