/** A browser may claim anything; it renames nobody, reads nothing, moves nothing, consents for nobody (design section 4, Trust). */
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { browserKey, minutes, shop, type Shop } from './shop.ts';

/** A customer the shop's own server vouches for. */
async function customer(
  story: Shop,
  consent: JsonObject = { email: true },
): Promise<{ email: string; userId: string; anonymousId: string }> {
  const userId = story.fresh('customer');
  const known = { userId, email: `${userId}@example.com`, anonymousId: story.fresh('device') };
  await story.segment('identify', {
    userId,
    anonymousId: known.anonymousId,
    traits: { email: known.email, firstName: 'Ada', consent },
  });
  await story.settle();
  return known;
}

describe('an attacker with the browser key', () => {
  const story = shop();
  const attack = (call: string, body: JsonObject) => story.segment(call, body, browserKey);

  test('renames nobody and moves no identifier', async () => {
    const { email, userId, anonymousId } = await customer(story);
    const device = story.fresh('evil');
    const before = await story.profile(`email=${email}`);
    await attack('identify', { anonymousId: device, traits: { email, firstName: 'Mallory', phone: '+33612345678' } });
    await attack('identify', { anonymousId: device, userId, traits: { email: `${device}@evil.example`, firstName: 'Mallory' } });
    await attack('identify', { anonymousId, userId, traits: { firstName: 'Mallory', loyaltyId: 'stolen' } });
    await attack('alias', { previousId: userId, userId: story.fresh('evil-user') });
    await attack('alias', { previousId: device, userId });
    await attack('group', { anonymousId: device, userId, groupId: 'g', traits: { firstName: 'Mallory' } });
    await attack('track', { anonymousId: device, event: 'x', context: { traits: { email, firstName: 'Mallory' } } });
    await story.settle();
    const after = await story.profile(`email=${email}`);
    expect(after['id']).toBe(before['id']);
    expect(after['traits']).toEqual(before['traits']);
    expect(after['identifiers']).toEqual(before['identifiers']);
    expect((await story.profile(`userId=${userId}`))['id']).toBe(before['id']);
    expect((await story.profile(`anonymousId=${anonymousId}`))['id']).toBe(before['id']);
    const evil = (await story.hasProfile(`anonymousId=${device}`)) ? await story.profile(`anonymousId=${device}`) : {};
    expect(evil['id']).not.toBe(before['id']);
    expect(JSON.stringify(evil)).not.toContain('Ada');
  });

  test('reads nothing: the answer is the same for a customer and for nobody', async () => {
    const { email } = await customer(story);
    const about = (address: string) => attack('identify', { messageId: 'same', anonymousId: 'same', traits: { email: address } });
    expect(await about(email)).toEqual(await about('nobody@example.com'));
  });

  test('lifts no opt-out and gives no consent for a known address', async () => {
    const refused = await customer(story, { email: false });
    const silent = await customer(story, {});
    for (const { email, userId, anonymousId } of [refused, silent]) {
      await attack('identify', { anonymousId: story.fresh('evil'), traits: { email, consent: { email: true, sms: true } } });
      await attack('identify', { anonymousId, userId, traits: { email, consent: { email: true, sms: true } } });
    }
    await story.settle();
    expect((await story.profile(`email=${refused.email}`))['consent']).toEqual({ email: false });
    expect((await story.profile(`email=${silent.email}`))['consent']).toEqual({});
  });

  test('puts no link and no picture of theirs into a mail', async () => {
    const { email, userId } = await customer(story);
    await story.segment('track', {
      userId,
      event: 'Product Added',
      properties: {
        product_id: 'good',
        name: 'Écharpe',
        price: 10,
        url: 'https://shop.elsewhere.example/echarpe',
        image_url: 'https://cdn.elsewhere.example/echarpe.jpg',
      },
    });
    await attack('track', {
      userId,
      event: 'Product Added',
      properties: {
        product_id: 'bad',
        name: 'Win at evil.example/free <a href="https://evil.example">now</a><script>alert(1)</script>',
        price: 1,
        url: 'https://evil.example/phish',
        image_url: 'https://evil.example/pixel.gif',
      },
    });
    await attack('track', { userId, event: 'Checkout Started', properties: { url: 'https://evil.example/cart', value: 3 } });
    await story.settle();
    await story.advance(minutes(31));
    const [mail, ...more] = await story.mailsTo(email);
    expect(more).toEqual([]);
    expect(mail?.html).toContain('Écharpe');
    expect(mail?.html).toContain('https://shop.elsewhere.example/echarpe');
    const printed = `${mail?.subject ?? ''}${mail?.html ?? ''}${mail?.text ?? ''}`;
    expect(printed).not.toContain('evil.example');
    expect(printed).not.toContain('<script');
  });

  test('who claims an address first does not speak for the customer who proves it later', async () => {
    const device = story.fresh('evil');
    const email = `${device}@example.com`;
    await attack('identify', {
      anonymousId: device,
      traits: { email, firstName: 'Mallory', nickname: 'M', consent: { email: false } },
    });
    await story.settle();
    const userId = story.fresh('late');
    await story.segment('identify', { userId, traits: { email, firstName: 'Ada', consent: { email: true } } });
    await story.settle();
    await attack('identify', { anonymousId: device, traits: { email, firstName: 'Mallory again', consent: { email: false } } });
    await story.settle();
    const profile = await story.profile(`email=${email}`);
    expect(profile['traits']).toMatchObject({ firstName: 'Ada' });
    expect(profile['consent']).toEqual({ email: true });
  });
});
