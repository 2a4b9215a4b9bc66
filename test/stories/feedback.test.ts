/**
 * What mailboxes answer, through the whole product on loopback: SES, SNS, SQS, and the gate that refuses afterwards
 * (promise 3). The mailbox simulator's addresses answer as they do in AWS.
 */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { bounce, published } from '../channels/ses-told.ts';
import { hours, minutes, seconds, shop, type Shop } from './shop.ts';

const cart = async (story: Shop, userId: string): Promise<void> => {
  await story.segment('track', {
    userId,
    event: 'Product Added',
    properties: { cart_id: story.fresh('cart'), product_id: 'p', name: 'Bonnet', price: 20 },
  });
  await story.settle();
  await story.advance(minutes(31));
};

/** Somebody who agreed to mails and left a cart. */
async function reminded(story: Shop, mailbox: string): Promise<{ readonly email: string; readonly userId: string }> {
  const userId = story.fresh('u');
  const email = `${mailbox}+${userId}@simulator.amazonses.com`;
  await story.segment('identify', { userId, traits: { email, consent: { email: true } } });
  await story.settle();
  await cart(story, userId);
  return { email, userId };
}

const queryOf = (email: string): string => `email=${encodeURIComponent(email)}`;

describe('what a mailbox answers', () => {
  const story = shop();
  const statusesOf = async (email: string) => (await story.mailsTo(email)).map(({ status }) => status);
  const messagesOf = async (email: string) => (await story.profile(queryOf(email)))['messages'];

  test.each([
    ['success', 'delivered', [{ kind: 'delivered' }]],
    ['ooto', 'delivered', [{ kind: 'delivered' }, { kind: 'bounced', type: 'transient' }]],
  ])('%s: the next mail goes out', async (mailbox, status, marks) => {
    const { email, userId } = await reminded(story, mailbox);
    expect(await statusesOf(email)).toEqual([status]);
    expect(await messagesOf(email)).toMatchObject([{ status: { kind: 'sent' }, marks }]);
    await story.advance(hours(24 * 4));
    await cart(story, userId);
    expect(await statusesOf(email)).toEqual([status, status]);
  });

  test.each([
    ['bounce', 'bounced', [{ kind: 'bounced', type: 'permanent', subtype: 'General' }], true],
    ['suppressionlist', 'bounced', [{ kind: 'bounced', type: 'permanent', subtype: 'Suppressed' }], true],
    ['complaint', 'complained', [{ kind: 'delivered' }, { kind: 'complained', type: 'abuse' }], false],
  ])('%s: the gate refuses the address from then on', async (mailbox, status, marks, agrees) => {
    const { email, userId } = await reminded(story, mailbox);
    expect(await statusesOf(email)).toEqual([status]);
    expect((await story.profile(queryOf(email)))['consent']).toEqual({ email: agrees });
    await story.advance(hours(24 * 4));
    await cart(story, userId);
    expect(await statusesOf(email)).toEqual([status]);
    expect(await messagesOf(email)).toMatchObject([
      { status: { kind: 'sent' }, marks },
      { status: { kind: 'dropped', because: 'suppressed' } },
    ]);
  });

  test('a complaint is told to the person, with its proof; a bounce is not', async () => {
    const eventsOf = async (email: string) => {
      const { timeline } = v.parse(
        v.object({ timeline: v.array(v.object({ name: v.string() })) }),
        await story.profile(queryOf(email)),
      );
      return timeline.map(({ name }) => name).filter((name) => name.startsWith('Email'));
    };
    const complained = await reminded(story, 'complaint');
    expect(await eventsOf(complained.email)).toEqual(['Email Marked as Spam']);
    const bounced = await reminded(story, 'bounce');
    expect(await eventsOf(bounced.email)).toEqual([]);
  });

  test('settling waits for no mailbox, and a clock that goes two seconds on hears it', async () => {
    story.stack().host.pause('record-feedback');
    const { email } = await reminded(story, 'success');
    expect(await statusesOf(email)).toEqual(['sent']);
    story.stack().host.resume('record-feedback');
    await story.advance(seconds(2));
    expect(await statusesOf(email)).toEqual(['delivered']);
  });
});

describe('feedback that is none', () => {
  const story = shop();
  const items = v.array(
    v.object({ stage: v.string(), problems: v.array(v.object({ problem: v.string() })), claims: v.array(v.string()) }),
  );
  const parked = async () =>
    v.parse(items, (await story.request('/_local/parked')).body).filter(({ stage }) => stage === 'record-feedback');
  const tell = async (body: string): Promise<void> => {
    story.stack().emulators.sqs.queue('feedback').send({ body, attributes: {} });
    await story.settle();
  };

  test('broken is parked with its reason and whom it names', async () => {
    const about = { person: 'x', sendKey: 'AbC_-0123456789x', orderTime: 1, to: 'Lost@example.com' };
    await tell('half a mess');
    await tell(published('Bounce', about, { bounce: {} }));
    const said = (await parked()).map(({ problems, claims }) => [problems[0]?.problem, claims.length]);
    expect(said).toEqual(
      expect.arrayContaining([
        [expect.stringContaining('not valid JSON'), 0],
        [expect.stringContaining('expected'), 1],
      ]),
    );
  });

  test('of mails that others sent, and of people who are not there, nothing is kept', async () => {
    const before = (await parked()).length;
    const about = { person: '01JDNOBODY0000000000000000', sendKey: 'AbC_-0123456789x', orderTime: 1 };
    await tell(published('Bounce', about, bounce(story.now())));
    await tell(published('Bounce', about, bounce(story.now())).replace('"sk":', '"other":'));
    expect(await parked()).toHaveLength(before);
    expect(await story.hasProfile('email=ada@example.com')).toBe(false);
    expect(story.stack().emulators.sqs.queue('feedback').counts()).toEqual({ visible: 0, delayed: 0, inFlight: 0 });
  });
});
