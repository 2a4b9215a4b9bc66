/**
 * What Shopify's documents say about consent. They repeat a state that the shop keeps: only "subscribed", and
 * "unsubscribed" with its time, say anything; "not subscribed" is no withdrawal (promise 3).
 */
import type { Channel, ConsentStatement } from '../../events/event.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Instant } from '../../kernel/time.ts';
import { firstTime } from '../stated-time.ts';
import { read, text } from './delivery.ts';

/** `document`: what the buyer ticked. `customer`: the account, empty where it may be somebody else's. */
export function snapshotConsent(document: JsonObject, customer: JsonObject, receivedAt: Instant): readonly ConsentStatement[] {
  const email =
    accountConsent('email', customer, receivedAt) ??
    ticked('email', document['buyer_accepts_marketing'] === true) ??
    olderFlag(customer, receivedAt);
  const tickedSms = document['buyer_accepts_sms_marketing'] === true && text(document, 'sms_marketing_phone') !== undefined;
  const sms = accountConsent('sms', customer, receivedAt) ?? ticked('sms', tickedSms);
  return [email, sms].flatMap((said) => (said === undefined || said === 'nothing' ? [] : [said]));
}

type Said = ConsentStatement | 'nothing' | undefined;

/**
 * `nothing`: the account is known and must not be overruled by a ticked box: an opt-out, or a double opt-in that waits
 * for its second half. Undefined: the account says nothing, others may.
 */
function accountConsent(channel: 'email' | 'sms', customer: JsonObject, receivedAt: Instant): Said {
  const path = `${channel}_marketing_consent`;
  const at = firstTime([read(customer, `${path}.consent_updated_at`)], receivedAt);
  const state = text(customer, `${path}.state`)?.toLowerCase();
  if (state === undefined || state === 'not_subscribed') return undefined;
  if (state === 'subscribed') return { channel, state: 'granted', kind: 'snapshot', ...(at === undefined ? {} : { at }) };
  if (state === 'unsubscribed' && at !== undefined) return { channel, state: 'withdrawn', kind: 'snapshot', at };
  return 'nothing';
}

const ticked = (channel: Channel, isTicked: boolean): Said =>
  isTicked ? { channel, state: 'granted', kind: 'snapshot', source: 'shopify checkout' } : undefined;

/** Before `email_marketing_consent` there was one flag. */
function olderFlag(customer: JsonObject, receivedAt: Instant): Said {
  if (customer['accepts_marketing'] !== true) return undefined;
  const at = firstTime([customer['accepts_marketing_updated_at']], receivedAt);
  return { channel: 'email', state: 'granted', kind: 'snapshot', ...(at === undefined ? {} : { at }) };
}

/** The consent topics: somebody changed it now. "redacted" follows an erasure request. */
export function changedConsent(channel: 'email' | 'sms', body: JsonObject, receivedAt: Instant): ConsentStatement | undefined {
  const path = `${channel}_marketing_consent`;
  const at = firstTime([read(body, `${path}.consent_updated_at`)], receivedAt);
  const collectedFrom = text(body, `${path}.consent_collected_from`);
  const rest = {
    ...(at === undefined ? {} : { at }),
    ...(collectedFrom === undefined ? {} : { source: `shopify ${collectedFrom.toLowerCase()}` }),
  };
  const state = text(body, `${path}.state`)?.toLowerCase();
  if (state === 'subscribed') return { channel, state: 'granted', kind: 'statement', ...rest };
  if (state === 'unsubscribed' || state === 'redacted') return { channel, state: 'withdrawn', kind: 'statement', ...rest };
  return undefined;
}
