/**
 * A decided message becomes what its provider takes: variables from the person as they are now, in their language.
 */
import type { Outgoing } from '../channels/channel.ts';
import { composeEmail } from '../channels/email.ts';
import { InvalidInput } from '../kernel/errors.ts';
import { at, type JsonObject } from '../kernel/json.ts';
import type { Instant } from '../kernel/time.ts';
import type { Trust } from '../events/event.ts';
import type { Verdict } from '../messages/gate.ts';
import { clickUrl, unsubscribeUrl, type LinkClaim } from '../messages/links.ts';
import { localeOf } from '../messages/locale.ts';
import { renderEmail } from '../messages/render.ts';
import { variablesFor } from '../messages/variables.ts';
import type { Ports } from '../ports.ts';
import { foldLines } from '../profile/cart-lines.ts';
import type { Attributes } from '../profile/profile.ts';
import { ordersFacts } from '../profile/fold-statistics.ts';
import { cartHistory } from './cart-history.ts';
import type { Delivery } from './load-delivery.ts';

export type ComposePorts = Pick<Ports, 'people' | 'secrets' | 'linkOrigin'>;

export type Composed =
  { readonly kind: 'composed'; readonly message: Outgoing } | { readonly kind: 'cannot'; readonly because: string };

export async function composeMessage(
  ports: ComposePorts,
  delivery: Delivery,
  verdict: Extract<Verdict, { kind: 'send' }>,
  now: Instant,
): Promise<Composed> {
  const { person, brand, template, cause, item } = delivery;
  const { attributes } = person;
  const claim: LinkClaim = { person: person.id, channel: verdict.channel, sendKey: item.sendKey, cause: cause.name };
  const unsubscribe = unsubscribeUrl(ports.linkOrigin, ports.secrets.linkKeys, claim);
  const locale = localeOf(attributes, brand.locale);
  const variables = await variablesOf(ports, delivery, unsubscribe, now);
  const rendering = renderEmail(
    { template, brand, locale, variables },
    {
      clickConsent: agreesToClicks(attributes),
      wrap: (target) =>
        target === unsubscribe ? undefined : clickUrl(ports.linkOrigin, ports.secrets.linkKeys, { ...claim, target }),
    },
  );
  if (rendering.kind === 'cannot') return rendering;
  const identity = { sendKey: item.sendKey, orderTime: item.orderTime, person: person.id, cause };
  try {
    const message = await composeEmail({
      identity,
      purpose: template.purpose,
      sender: brand.sender,
      to: verdict.to,
      subject: rendering.subject,
      html: rendering.html,
      text: rendering.text,
      unsubscribeUrl: unsubscribe,
      at: now,
    });
    return { kind: 'composed', message };
  } catch (error) {
    if (error instanceof InvalidInput) return { kind: 'cannot', because: error.message };
    throw error;
  }
}

/** `traits.trackingConsent.click`, said by a server-side source: a browser cannot agree for somebody else. */
function agreesToClicks({ traits }: Attributes): boolean {
  const told = traits['trackingConsent'];
  return told?.verified === true && at(told.value, ['click']) === true;
}

async function variablesOf(
  { people }: ComposePorts,
  { person, brand, instance }: Delivery,
  unsubscribe: string,
  now: Instant,
): Promise<JsonObject> {
  const { id, attributes, hot } = person;
  const family = [id, ...attributes.aliases];
  const lines = hot.cart === undefined ? [] : foldLines(hot, await cartHistory(people, family, hot.cart.from));
  return variablesFor({
    now,
    brand,
    attributes,
    ...(hot.cart === undefined ? {} : { cart: hot.cart }),
    lines,
    orders: ordersFacts(await people.statistics(id)),
    entry: await entryOf(people, family, instance.entry),
    links: { unsubscribe },
  });
}

/** The event that started the run, as it was told. */
async function entryOf(
  people: ComposePorts['people'],
  family: readonly string[],
  { chunk, event, at: happened }: Delivery['instance']['entry'],
): Promise<{ readonly properties: JsonObject; readonly trust: Trust }> {
  for await (const [told] of people.timeline(family, chunk, `${chunk}~`)) {
    if (told === undefined) continue;
    const found =
      told.events.find(({ name, occurredAt }) => name === event && occurredAt === happened) ??
      told.events.find(({ occurredAt }) => occurredAt === happened);
    return { properties: { ...found?.properties, event }, trust: told.trust };
  }
  return { properties: { event }, trust: 'browser' };
}
