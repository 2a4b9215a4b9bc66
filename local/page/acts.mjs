/**
 * What a visitor can do. Every act calls the product as a shop would: the Segment HTTP API with its write keys, the links of
 * its mails, and the clock. An act answers `sent` (what was sent) and, where it knows more than the story, `says`.
 */
import { oneClickLink, read, readPerson, sendBatch, tell, unsubscribeByMail } from './server.mjs';

const price = 59;
const scarfNames = { 'fr-FR': 'Foulard Aurore', 'en-GB': 'Aurore scarf' };
const scarf = ({ locale }) => ({
  product_id: 'aurore',
  name: scarfNames[locale],
  price,
  currency: 'EUR',
  quantity: 1,
  url: 'https://www.atelier-lumiere.fr/aurore',
});

const keys = () => read('keys');

async function send(writeKey, calls) {
  const answer = await sendBatch(writeKey, calls);
  const refused = answer.rejected.map(({ problem }) => `Refused and parked: ${problem}.`);
  const used = (answer.warnings ?? []).map(({ problem }) => `Taken, but ${problem}.`);
  return { sent: { request: 'POST /v1/batch', batch: calls, answer }, says: [...refused, ...new Set(used)].join(' ') };
}

/** The shop's server knows who it is, logged in or not: each call names the customer. */
async function serverSays({ email }, ...calls) {
  const { serverWriteKey } = await keys();
  const named = calls.map((call) => ({ userId: `customer-${email}`, ...call, context: { traits: { email }, ...call.context } }));
  return send(serverWriteKey, named);
}

const track = (event, properties = {}) => ({ type: 'track', event, properties });

const join = (visitor) =>
  serverSays(
    visitor,
    {
      type: 'identify',
      traits: { email: visitor.email, firstName: visitor.firstName, locale: visitor.locale, consent: { email: true } },
      context: { consent: { source: 'sign-up form', wording: 'I would like to hear from you by e-mail' } },
    },
    track('Signed Up'),
  );

const cartLife = 24 * 3_600_000;

/** Shops forget carts: after a day it is another one, with an id of its own. */
async function fillCart(visitor) {
  const [profile, { now }] = await Promise.all([readPerson('profiles', { email: visitor.email }), read('clock')]);
  const cart = profile?.cart ?? undefined;
  const isFresh = cart !== undefined && Date.parse(now) - Date.parse(cart.changedAt) < cartLife;
  const cartId = isFresh ? cart.id : `cart-${crypto.randomUUID().slice(0, 8)}`;
  return serverSays(visitor, track('Product Added', { cart_id: cartId, ...scarf(visitor) }));
}

async function order(visitor) {
  const cart = (await readPerson('profiles', { email: visitor.email }))?.cart;
  const total = cart?.value || price;
  const products = [{ ...scarf(visitor), quantity: cart?.quantity || 1 }];
  return serverSays(
    visitor,
    track('Order Completed', { order_id: crypto.randomUUID().slice(0, 8), total, currency: 'EUR', products }),
  );
}

async function unsubscribe({ email, firstName }) {
  const id = (await readPerson('story', { email }))?.id;
  const mails = await read('messages?newest=200');
  const mail = mails.findLast((one) => one.channel === 'email' && one.profileId === id && oneClickLink(one) !== undefined);
  if (mail === undefined) return { says: `There is no mail to ${firstName} yet, so there is no link to follow.` };
  await unsubscribeByMail(mail);
  return { sent: { request: `POST ${oneClickLink(mail)}`, body: 'List-Unsubscribe=One-Click' } };
}

/** A browser's claim of a known address attaches behaviour and nothing else: proven here by looking before and after. */
async function claimByStranger({ email, firstName }) {
  const { browserWriteKey } = await keys();
  const before = await readPerson('profiles', { email });
  const claim = {
    type: 'identify',
    anonymousId: crypto.randomUUID(),
    traits: { email, firstName: 'Mallory', consent: { email: true } },
  };
  const { sent } = await send(browserWriteKey, [claim]);
  await tell('settle');
  const after = await readPerson('profiles', { email });
  if (before === undefined)
    return { sent, says: 'Nobody was known by this address: the browser’s claim begins a profile, unverified.' };
  const changed = ['traits', 'consent', 'identifiers'].filter(
    (part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]),
  );
  const says =
    changed.length === 0
      ? `The name, the consent and the identifiers of ${firstName} stay as they were: anybody can claim anything in a browser.`
      : `Changed: ${changed.join(', ')}.`;
  return { sent, says };
}

const pass = async (duration) => {
  const { processed } = await tell('clock', { advance: duration });
  return { sent: { request: 'POST /_local/clock', body: { advance: duration }, answer: { processed } } };
};

export const acts = [
  {
    label: ({ firstName }) => `${firstName} joins and agrees to e-mail`,
    does: 'The shop’s server tells who it is and what was agreed: identify, Signed Up.',
    run: join,
  },
  {
    label: ({ firstName }) => `${firstName} puts a scarf in the cart`,
    does: 'Product Added, 59 €. A journey begins to wait. After a day it is another cart.',
    run: fillCart,
  },
  {
    label: () => 'Time passes: 30 minutes',
    does: 'The product clock leaps; what is due on the way is done at its instant.',
    run: () => pass('PT30M'),
  },
  {
    label: ({ firstName }) => `${firstName} orders`,
    does: 'Order Completed. Nobody is reminded of what they have bought.',
    run: order,
  },
  {
    label: ({ firstName }) => `${firstName} unsubscribes`,
    does: 'The one-click POST that mail programs send, to the link in the last mail.',
    run: unsubscribe,
  },
];

export const more = [
  { label: () => 'Takes the scarf out again', run: (visitor) => serverSays(visitor, track('Product Removed', scarf(visitor))) },
  { label: () => 'Time passes: 3 days', run: () => pass('P3D') },
  { label: () => 'A stranger claims this e-mail in a browser', run: claimByStranger },
];
