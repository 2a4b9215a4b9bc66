/** The line of design section 3 that mailboxes cause: each stored feedback mark. */
import { seconds, type Shop } from '../stories/shop.ts';
import { units, type Operation } from './operation.ts';
import { added, tell, untilFired } from './people.ts';

/** SES tells that it took a mail after one second, and what the mailbox did after two. */
const taken = seconds(1);

async function mailed(story: Shop, mailbox: string): Promise<void> {
  const userId = story.fresh('user');
  const email = mailbox === '' ? `${userId}@example.com` : `${mailbox}+${userId}@simulator.amazonses.com`;
  await tell(story, 'identify', { userId, traits: { email, consent: { email: true } } });
  await tell(story, 'track', added(userId, story.fresh('cart')));
  await story.advance(untilFired);
}

export const feedback: readonly Operation[] = [
  {
    operation: 'SES says that it took a message that is logged',
    promised: 'nothing; once a minute 1 for how far feedback has come',
    by: 'record-feedback',
    write: units(1),
    requests: { BatchGetItem: 2, UpdateItem: 1 },
    ready: async (story) => {
      await mailed(story, '');
      return () => story.advance(taken);
    },
  },
  {
    operation: 'a message was delivered',
    promised: '1',
    by: 'record-feedback',
    write: units(1),
    requests: { BatchGetItem: 2, PutItem: 1 },
    ready: async (story) => {
      await mailed(story, '');
      await story.advance(taken);
      return () => story.advance(seconds(1));
    },
  },
  {
    operation: 'a message bounced for good: mark, statistics and suppression together',
    promised: '1, in a transaction 2, and 2 each for what is written with it',
    by: 'record-feedback',
    write: units(6),
    requests: { BatchGetItem: 2, GetItem: 2, TransactWriteItems: 1 },
    ready: async (story) => {
      await mailed(story, 'bounce');
      await story.advance(taken);
      return () => story.advance(seconds(1));
    },
  },
  {
    operation: 'the same bounce once more',
    promised: 'nothing',
    by: 'record-feedback',
    write: units(0),
    requests: { BatchGetItem: 2, GetItem: 2 },
    ready: async (story) => {
      await mailed(story, 'bounce');
      story.stack().host.pause('record-feedback');
      await story.advance(seconds(2));
      const queue = story.stack().emulators.sqs.queue('feedback');
      const [, bounce] = queue.peek(2);
      story.stack().host.resume('record-feedback');
      await story.settle();
      return async () => {
        queue.send({ body: bounce?.body ?? '', attributes: {} });
        await story.settle();
      };
    },
  },
];
