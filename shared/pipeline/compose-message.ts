/**
 * A decided message becomes what its provider takes: variables from the person as they are now, in their language.
 */
import type { Outgoing } from '../channels/channel.ts';
import { composeEmail } from '../channels/email.ts';
import { composeSms } from '../channels/sms.ts';
import type { MessageIdentity } from '../channels/tags.ts';
import { InvalidInput } from '../kernel/errors.ts';
import { at } from '../kernel/json.ts';
import type { Instant } from '../kernel/time.ts';
import type { Verdict } from '../messages/gate.ts';
import { clickUrl, unsubscribeUrl, type LinkClaim } from '../messages/links.ts';
import { deviceLocale, localeOf } from '../messages/locale.ts';
import { renderEmail, renderSms, type ClickTracking, type RenderInput } from '../messages/render.ts';
import { variablesFor, type VariableFacts } from '../messages/variables.ts';
import type { Ports } from '../ports.ts';
import { foldLines } from '../profile/cart-lines.ts';
import type { Attributes } from '../profile/profile.ts';
import { ordersFacts } from '../profile/fold-statistics.ts';
import { cartHistory } from './cart-history.ts';
import { entryOf } from './entry-event.ts';
import type { Delivery } from './load-delivery.ts';
import type { Order } from './load-order.ts';

export type ComposePorts = Pick<Ports, 'people' | 'secrets' | 'linkOrigin'>;

export type Composed =
  { readonly kind: 'composed'; readonly message: Outgoing } | { readonly kind: 'cannot'; readonly because: string };

export async function composeMessage(
  ports: ComposePorts,
  delivery: Delivery,
  verdict: Extract<Verdict, { kind: 'send' }>,
  now: Instant,
): Promise<Composed> {
  const { person, brand, item, order } = delivery;
  const { template, cause } = order;
  const { attributes } = person;
  const claim: LinkClaim = { person: person.id, channel: verdict.channel, sendKey: item.sendKey, cause: cause.name };
  const unsubscribe = unsubscribeUrl(ports.linkOrigin, ports.secrets.linkKeys, claim);
  const facts = await variableFacts(ports, { person, brand, ...(order.entry === undefined ? {} : { entry: order.entry }) }, unsubscribe, now);
  const locale = localeOf(attributes, brand.locale, facts.deviceLocale);
  const content = {
    delivery: { brand, template },
    to: verdict.to,
    input: { template, brand, locale, variables: variablesFor(facts) },
  };
  const identity = { sendKey: item.sendKey, orderTime: item.orderTime, person: person.id, cause };
  try {
    switch (verdict.channel) {
      case 'email': {
        const clicks: ClickTracking = {
          clickConsent: agreesToClicks(attributes),
          wrap: (target) =>
            target === unsubscribe ? undefined : clickUrl(ports.linkOrigin, ports.secrets.linkKeys, { ...claim, target }),
        };
        return await emailFrom(content, identity, { clicks, unsubscribe, at: now });
      }
      case 'sms':
        return smsFrom(content, identity);
      case 'push':
        return { kind: 'cannot', because: 'push comes later' };
    }
  } catch (error) {
    if (error instanceof InvalidInput) return { kind: 'cannot', because: error.message };
    throw error;
  }
}

/** What is said, and to whom, whatever the channel. */
interface Content {
  readonly delivery: Pick<Delivery, 'brand'> & Pick<Order, 'template'>;
  readonly to: string;
  readonly input: RenderInput<'email' | 'sms'>;
}

async function emailFrom(
  { delivery: { brand, template }, to, input }: Content,
  identity: MessageIdentity,
  { clicks, unsubscribe, at: now }: { readonly clicks: ClickTracking; readonly unsubscribe: string; readonly at: Instant },
): Promise<Composed> {
  const rendering = renderEmail(input, clicks);
  if (rendering.kind === 'cannot') return rendering;
  const { subject, html, text } = rendering;
  const { purpose } = template;
  const sender = senderOf(brand, template);
  const mail = { identity, purpose, sender, to, subject, html, text, unsubscribeUrl: unsubscribe, at: now };
  return { kind: 'composed', message: await composeEmail(mail) };
}

function smsFrom({ delivery: { brand, template }, to, input }: Content, identity: MessageIdentity): Composed {
  const rendering = renderSms(input);
  if (rendering.kind === 'cannot') return rendering;
  const { text } = rendering;
  const message = composeSms({ identity, purpose: template.purpose, sender: brand.sender.sms, to, text });
  return { kind: 'composed', message };
}

/** A domain of its own keeps receipts out of the reputation of newsletters. */
const senderOf = ({ sender }: Delivery['brand'], { purpose }: Order['template']): Delivery['brand']['sender'] =>
  purpose === 'transactional' ? { ...sender, email: sender.transactional ?? sender.email } : sender;

/** `traits.trackingConsent.click`, said by a server-side source: a browser cannot agree for somebody else. */
function agreesToClicks({ traits }: Attributes): boolean {
  const told = traits['trackingConsent'];
  return told?.verified === true && at(told.value, ['click']) === true;
}

/**
 * The language of their device is read from the events that this message looks at anyway, those of its cart and of its start:
 * kept in the facts it would cost a write of its own, or depend on what else was written along with it.
 */
export async function variableFacts(
  { people }: Pick<ComposePorts, 'people'>,
  { person, brand, entry: started }: Pick<Delivery, 'person' | 'brand'> & Pick<Order, 'entry'>,
  unsubscribe: string,
  now: Instant,
): Promise<VariableFacts> {
  const { id, attributes, hot } = person;
  const family = [id, ...attributes.aliases];
  const ofCart = hot.cart === undefined ? [] : await cartHistory(people, family, hot.cart.from);
  const { events, ...entry } = started === undefined ? noEntry : await entryOf(people, family, started);
  const device = deviceLocale([...ofCart.map(({ event }) => event), ...events]);
  return {
    now,
    brand,
    attributes,
    ...(device === undefined ? {} : { deviceLocale: device }),
    ...(hot.cart === undefined ? {} : { cart: hot.cart }),
    lines: foldLines(hot, ofCart),
    orders: ordersFacts(await people.statistics(id)),
    entry,
    links: { unsubscribe },
  };
}

/** Nothing that the person did started it. */
const noEntry = { properties: {}, trust: 'server' as const, events: [] };
