/** What doors and the tick of the minute cost: the table is silent about them, they must stay next to nothing. */
import { minutes, type Shop } from '../stories/shop.ts';
import { units, type Operation } from './operation.ts';
import { personWithCart, tell, tick, untilFired } from './people.ts';

export const doorsAndTicks: readonly Operation[] = [
  {
    operation: 'one call at the door',
    promised: 'not in the table',
    by: 'collect-events',
    write: units(0),
    requests: { SendMessageBatch: 1 },
    ready: async (story) => () => tell(story, 'page', { anonymousId: story.fresh('visitor'), name: 'Accueil' }),
  },
  {
    operation: 'a batch of fifty people at the door',
    promised: 'not in the table',
    by: 'collect-events',
    write: units(0),
    requests: { SendMessageBatch: 5 },
    ready: async (story) => {
      const batch = Array.from({ length: 50 }, () => ({
        type: 'page',
        anonymousId: story.fresh('visitor'),
        messageId: story.fresh('m'),
      }));
      return () => tell(story, 'batch', { batch });
    },
  },
  {
    operation: 'somebody unsubscribes by the link of a mail, at the door',
    promised: 'not in the table',
    by: 'follow-links',
    write: units(0),
    requests: { BatchGetItem: 1, SendMessageBatch: 1 },
    ready: async (story) => {
      const link = await unsubscribeLink(story);
      return async () => {
        await fetch(link, { method: 'POST', body: 'List-Unsubscribe=One-Click' });
        await story.settle();
      };
    },
  },
  {
    operation: 'a tick of the minute at rest',
    promised: 'not in the table',
    by: 'run-timers',
    write: units(1),
    requests: { GetItem: 1, GetQueueAttributes: 1, PutItem: 1, Query: 32 },
    ready: async (story) => {
      await story.advance(minutes(5));
      return () => tick(story);
    },
  },
];

async function unsubscribeLink(story: Shop): Promise<string> {
  const userId = await personWithCart(story);
  await story.advance(untilFired);
  const [mail] = await story.mailsTo(`${userId}@example.com`);
  return mail?.headers['list-unsubscribe']?.slice(1, -1) ?? '';
}
