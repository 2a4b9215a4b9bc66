/**
 * The reminder of the cart by SMS, through the whole product on loopback: to the phone of whoever agreed to it, once, and to
 * nobody else (promises 2, 3 and 5).
 */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { cartBy } from './changed-config.ts';
import { hours, minutes, recorded, shop, type Shop } from './shop.ts';

/** Somebody as a shop's server tells them. */
async function known(story: Shop, traits: JsonObject): Promise<string> {
  const userId = story.fresh('u');
  expect((await story.segment('identify', { userId, traits })).status).toBe(200);
  await story.settle();
  return userId;
}

async function fillsCart(story: Shop, userId: string): Promise<number> {
  const properties = { cart_id: story.fresh('cart'), product_id: 'p', name: 'Bonnet', price: 20 };
  await story.segment('track', { userId, event: 'Product Added', properties });
  await story.settle();
  return story.now();
}

const messagesOf = async (story: Shop, userId: string) => (await story.profile(`userId=${userId}`))['messages'];

describe('a cart reminded of by SMS', () => {
  const story = shop({ config: cartBy('sms') });

  test('reaches the phone thirty minutes after its last change, once, in the words of the reader', async () => {
    const phone = story.freshPhone();
    const national = `0${phone.slice(3)}`;
    const userId = await known(story, { firstName: 'Léa', phone: national, locale: 'fr-FR', consent: { sms: true } });
    const filled = await fillsCart(story, userId);
    await story.advance(minutes(29));
    expect(await story.textsTo(phone)).toEqual([]);
    await story.advance(minutes(2));
    const texts = await story.textsTo(phone);
    expect(texts).toMatchObject([
      {
        from: 'ATELIER',
        type: 'Promotional',
        status: 'sent',
        cause: { kind: 'journey', name: 'panier-abandonne', step: '2' },
        profileId: (await story.profile(`userId=${userId}`))['id'],
      },
    ]);
    expect(texts[0]?.text).toMatch(
      /^Atelier Lumière : Léa, votre panier vous attend\. https:\/\/www\.atelier-lumiere\.fr\nNe plus recevoir nos SMS : http:\S+\/l\/u\/[\w-]+$/,
    );
    const waited = Date.parse(texts[0]?.sentAt ?? '') - filled;
    expect(waited).toBeGreaterThanOrEqual(minutes(30) - 1_000);
    expect(waited).toBeLessThan(minutes(30) + 1_000);
    await story.advance(hours(24));
    expect(await story.textsTo(phone)).toHaveLength(1);
    expect(await messagesOf(story, userId)).toMatchObject([
      { channel: 'sms', purpose: 'marketing', status: { kind: 'sent', providerId: texts[0]?.id } },
    ]);
  });

  test('is English to who reads English, and leads to the cart that the shop kept', async () => {
    const phone = story.freshPhone();
    const body = recorded('checkouts/create', {
      id: Math.floor(Math.random() * 1e15),
      token: story.fresh('token'),
      cart_token: story.fresh('cart'),
      email: null,
      phone: null,
      customer: null,
      customer_locale: 'en',
      buyer_accepts_marketing: false,
      buyer_accepts_sms_marketing: true,
      sms_marketing_phone: phone,
      created_at: story.at(),
      updated_at: story.at(),
    });
    expect((await story.shopify('checkouts/create', body)).status).toBe(202);
    await story.settle();
    await story.advance(minutes(31));
    const [text] = await story.textsTo(phone);
    expect(text?.text).toMatch(
      /cart is waiting for you\. https:\/\/checkout\.shopify\.com\/60021178580\/checkouts\/\S+\nNo more text/,
    );
  });

  test('is not, where an order came in time', async () => {
    const phone = story.freshPhone();
    const userId = await known(story, { phone, consent: { sms: true } });
    await fillsCart(story, userId);
    await story.advance(minutes(10));
    await story.segment('track', { userId, event: 'Order Completed', properties: { order_id: story.fresh('o'), total: 20 } });
    await story.advance(hours(2));
    expect(await story.textsTo(phone)).toEqual([]);
  });

  test.each<[string, (phone: string, email: string) => JsonObject, object]>([
    ['no consent was given', (phone) => ({ phone }), { because: 'no-consent', seen: 'never given' }],
    [
      'consent was given to e-mail alone',
      (phone, email) => ({ phone, email, consent: { email: true } }),
      { because: 'no-consent', seen: 'never given' },
    ],
    [
      'consent to SMS was refused',
      (phone, email) => ({ phone, email, consent: { email: true, sms: false } }),
      { because: 'no-consent', seen: { state: 'withdrawn' } },
    ],
    [
      'no phone is known',
      (_phone, email) => ({ email, consent: { email: true, sms: true } }),
      { because: 'no-address', seen: ['sms'] },
    ],
  ])('reaches nobody where %s, and it is said why', async (_when, traits, status) => {
    const [phone, email] = [story.freshPhone(), `${story.fresh('noa')}@example.com`];
    const userId = await known(story, traits(phone, email));
    await fillsCart(story, userId);
    await story.advance(minutes(31));
    expect([await story.textsTo(phone), await story.mailsTo(email)]).toEqual([[], []]);
    expect(await messagesOf(story, userId)).toMatchObject([{ channel: 'sms', status: { kind: 'dropped', ...status } }]);
  });

  test('ends with its link, for SMS and for nothing else', async () => {
    const [phone, email] = [story.freshPhone(), `${story.fresh('max')}@example.com`];
    const userId = await known(story, { phone, email, consent: { sms: true, email: true } });
    await fillsCart(story, userId);
    await story.advance(minutes(31));
    const [text] = await story.textsTo(phone);
    const link = /http:\S+\/l\/u\/\S+$/.exec(text?.text ?? '')?.[0] ?? '';
    const page = await fetch(link, { headers: { 'accept-language': 'fr' } });
    expect(await page.text()).toContain('Atelier Lumière : ne plus recevoir nos SMS ?');
    expect((await story.profile(`userId=${userId}`))['consent']).toEqual({ email: true, sms: true });
    expect((await fetch(link, { method: 'POST', redirect: 'error' })).status).toBe(200);
    await story.settle();
    expect((await story.profile(`userId=${userId}`))['consent']).toEqual({ email: true, sms: false });
    await story.advance(hours(24 * 4));
    await fillsCart(story, userId);
    await story.advance(minutes(31));
    expect(await story.textsTo(phone)).toHaveLength(1);
    expect(await messagesOf(story, userId)).toMatchObject([
      { status: { kind: 'sent' } },
      { status: { kind: 'dropped', because: 'no-consent', seen: { source: 'unsubscribe link' } } },
    ]);
  });

  test.each([
    ['timeout-after-accept', 1, 'unknown'],
    ['timeout-before-accept', 0, 'unknown'],
    ['throttle', 1, 'sent'],
    ['reject', 0, 'failed'],
  ] as const)('when SNS answers with %s reaches the phone %i times, and is kept as %s', async (kind, times, status) => {
    const phone = story.freshPhone();
    const userId = await known(story, { phone, consent: { sms: true } });
    await fillsCart(story, userId);
    story.stack().emulators.sns.failNext({ kind });
    await story.advance(minutes(35));
    await story.advance(hours(3));
    expect(await story.textsTo(phone)).toHaveLength(times);
    expect(await messagesOf(story, userId)).toMatchObject([{ channel: 'sms', status: { kind: status } }]);
  });

  test('to a phone that had answered STOP is taken by SNS and never shown, and the inbox says so', async () => {
    const phone = story.freshPhone();
    const userId = await known(story, { phone, consent: { sms: true } });
    story.stack().emulators.sns.phones.optOut(phone);
    await fillsCart(story, userId);
    await story.advance(minutes(31));
    expect(await story.textsTo(phone)).toMatchObject([{ status: 'opted-out' }]);
  });

  test('is told in its person’s story, and found in the inbox of the newest', async () => {
    const phone = story.freshPhone();
    const userId = await known(story, { phone, consent: { sms: true } });
    await fillsCart(story, userId);
    await story.advance(minutes(31));
    const [text] = await story.textsTo(phone);
    const { body } = await story.request(`/_local/story?userId=${userId}`);
    expect(body).toMatchObject({
      lines: expect.arrayContaining([
        expect.objectContaining({ text: 'SMS “panier-abandonne” of journey panier-abandonne was sent.', mail: text?.id }),
      ]) as unknown,
    });
    expect((await story.request('/_local/messages?newest=1')).body).toMatchObject([{ id: text?.id, channel: 'sms', to: phone }]);
  });
});

describe('a cart reminded of by SMS, else by e-mail', () => {
  const story = shop({ config: cartBy('sms', 'email') });

  test.each<[string, (phone: string, email: string) => JsonObject, readonly [texts: number, mails: number]]>([
    [
      'by SMS alone who can be reached by both',
      (phone, email) => ({ phone, email, consent: { sms: true, email: true } }),
      [1, 0],
    ],
    ['by SMS who has no e-mail', (phone) => ({ phone, consent: { sms: true } }), [1, 0]],
    ['by e-mail who has no phone', (_phone, email) => ({ email, consent: { sms: true, email: true } }), [0, 1]],
    ['by nothing who refused SMS', (phone, email) => ({ phone, email, consent: { sms: false, email: true } }), [0, 0]],
  ])('reaches %s', async (_whom, traits, expected) => {
    const [phone, email] = [story.freshPhone(), `${story.fresh('eva')}@example.com`];
    const userId = await known(story, traits(phone, email));
    await fillsCart(story, userId);
    await story.advance(minutes(31));
    await story.advance(hours(24));
    expect([(await story.textsTo(phone)).length, (await story.mailsTo(email)).length]).toEqual(expected);
    expect(await messagesOf(story, userId)).toHaveLength(1);
  });
});
