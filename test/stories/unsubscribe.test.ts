/** One click says no, at once and for good; a look does not (RFC 8058, promise 3). */
import { describe, expect, test } from 'vitest';
import { hours, minutes, shop, type Shop } from './shop.ts';

async function reminded(story: Shop): Promise<{ email: string; userId: string; link: string }> {
  const userId = story.fresh('u');
  const email = `${userId}@example.com`;
  await story.segment('identify', { userId, traits: { email, locale: 'fr', consent: { email: true } } });
  await story.segment('track', {
    userId,
    event: 'Product Added',
    properties: { cart_id: userId, product_id: 'p', name: 'Bonnet', price: 20 },
  });
  await story.settle();
  await story.advance(minutes(31));
  const [mail] = await story.mailsTo(email);
  const link = /^<(.+)>$/.exec(mail?.headers['list-unsubscribe'] ?? '')?.[1] ?? '';
  expect(mail?.html).toContain(link);
  return { email, userId, link };
}

describe('the unsubscribe link of a mail', () => {
  const story = shop();
  const consentOf = async (email: string) => (await story.profile(`email=${email}`))['consent'];

  test('a scanner that GETs it changes nothing; it is a page with a button', async () => {
    const { email, link } = await reminded(story);
    for (let look = 0; look < 3; look++) {
      const page = await fetch(link, { headers: { 'accept-language': 'fr' } });
      expect(page.status).toBe(200);
      expect(await page.text()).toMatch(/<form[^>]+method="post"/i);
    }
    await fetch(link, { method: 'HEAD' });
    await story.settle();
    expect(await consentOf(email)).toEqual({ email: true });
  });

  test.each([
    ['as a form', () => new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })],
    [
      'as multipart',
      () => {
        const form = new FormData();
        form.set('List-Unsubscribe', 'One-Click');
        return form;
      },
    ],
  ])('a mailbox provider’s POST %s acts without a redirect, twice is once, and no more mail comes', async (_how, body) => {
    const { email, userId, link } = await reminded(story);
    for (const _attempt of [1, 2]) {
      const answer = await fetch(link, { method: 'POST', body: body(), redirect: 'error' });
      expect(answer.status).toBe(200);
    }
    await story.settle();
    expect(await consentOf(email)).toEqual({ email: false });
    await story.advance(hours(24 * 4));
    await story.segment('track', {
      userId,
      event: 'Product Added',
      properties: { cart_id: 'next', product_id: 'p', name: 'Bonnet', price: 20 },
    });
    await story.settle();
    await story.advance(hours(1));
    expect(await story.mailsTo(email)).toHaveLength(1);
    const { messages } = await story.profile(`email=${email}`);
    expect(messages).toMatchObject([{ status: { kind: 'sent' } }, { status: { kind: 'dropped', because: 'no-consent' } }]);
  });

  test('forged, cut or altered it is refused and changes nothing', async () => {
    const { email, link } = await reminded(story);
    const altered = `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`;
    for (const bad of [
      link.slice(0, -4),
      altered,
      link.replace('/l/u/', '/l/c/'),
      `${link}x`,
      link.replace(/\/l\/u\/.+/, '/l/u/x'),
    ]) {
      expect((await fetch(bad, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })).status).toBe(
        404,
      );
    }
    await story.settle();
    expect(await consentOf(email)).toEqual({ email: true });
  });

  test('an opt-out between the order and the sending of a message wins', async () => {
    const userId = story.fresh('u');
    const email = `${userId}@example.com`;
    await story.segment('identify', { userId, traits: { email, consent: { email: true } } });
    await story.segment('track', { userId, event: 'Product Added', properties: { product_id: 'p', name: 'Bonnet', price: 20 } });
    await story.settle();
    await story.advance(minutes(29));
    story.stack().host.pause('deliver-messages');
    await story.advance(minutes(2));
    await story.segment('identify', { userId, traits: { consent: { email: false } } });
    await story.settle();
    story.stack().host.resume('deliver-messages');
    await story.advance(minutes(1));
    expect(await story.mailsTo(email)).toEqual([]);
  });
});
