/** A sign-up that is told before the one who signs up is known: nobody who agreed misses the welcome (promises 2 and 3). */
import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../shared/kernel/json.ts';
import { hours, minutes, shop } from './shop.ts';

describe('a welcome', () => {
  const story = shop();
  const signedUp = (userId: string): JsonObject => ({
    type: 'track',
    userId,
    messageId: story.fresh('m'),
    timestamp: story.at(),
    event: 'Signed Up',
  });
  const known = (userId: string, traits: JsonObject): JsonObject => ({
    type: 'identify',
    userId,
    messageId: story.fresh('m'),
    timestamp: story.at(),
    traits: { email: `${userId}@example.com`, ...traits },
  });
  const mailsOf = async (userId: string): Promise<number> => (await story.mailsTo(`${userId}@example.com`)).length;
  async function statusOf(userId: string): Promise<readonly Json[]> {
    const { messages } = await story.profile(`userId=${userId}`);
    return Array.isArray(messages) ? messages.filter(isObject).map(({ status = null }) => status) : [];
  }

  test('of a batch that tells the sign-up before the person leaves', async () => {
    const userId = story.fresh('u');
    await story.segment('batch', { batch: [signedUp(userId), known(userId, { consent: { email: true } })] });
    await story.settle();
    await story.advance(minutes(1));
    expect(await mailsOf(userId)).toBe(1);
  });

  test('of a sign-up that overtakes the person in the queue leaves a minute later, once', async () => {
    const userId = story.fresh('u');
    await story.segment('track', signedUp(userId));
    await story.settle();
    await story.segment('identify', known(userId, { consent: { email: true } }));
    await story.settle();
    expect(await mailsOf(userId)).toBe(0);
    await story.advance(minutes(1));
    expect(await mailsOf(userId)).toBe(1);
    await story.advance(hours(24));
    await story.segment('track', signedUp(userId));
    await story.advance(hours(3));
    expect(await mailsOf(userId)).toBe(1);
    expect(await statusOf(userId)).toMatchObject([{ kind: 'sent' }]);
  });

  test('to nobody is dropped once, a minute later, and says why', async () => {
    const userId = story.fresh('u');
    await story.segment('track', signedUp(userId));
    await story.settle();
    expect(await statusOf(userId)).toEqual([]);
    await story.advance(minutes(1));
    expect(await statusOf(userId)).toEqual([{ kind: 'dropped', because: 'no-address', seen: ['email'] }]);
    await story.segment('identify', known(userId, { consent: { email: true } }));
    await story.advance(hours(3));
    expect(await statusOf(userId)).toHaveLength(1);
    expect(await mailsOf(userId)).toBe(0);
  });

  test('to somebody who refused is dropped at once', async () => {
    const userId = story.fresh('u');
    await story.segment('identify', known(userId, { consent: { email: false } }));
    await story.settle();
    await story.segment('track', signedUp(userId));
    await story.settle();
    expect(await statusOf(userId)).toMatchObject([{ kind: 'dropped', because: 'no-consent', seen: { state: 'withdrawn' } }]);
  });
});
