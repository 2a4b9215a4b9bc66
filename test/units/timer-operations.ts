/**
 * The lines of design section 3 that time causes: timers and messages.
 */
import { minutes } from '../stories/shop.ts';
import { units, type Operation } from './operation.ts';
import { added, personWithCart, reachablePerson, tell, untilFired } from './people.ts';

export const timersAndMessages: readonly Operation[] = [
  {
    operation: 'a timer fires and a message is queued',
    promised: '3',
    by: 'advance-journeys',
    write: units(1, { due: 2 }),
    requests: { BatchGetItem: 2, PutItem: 1, SendMessageBatch: 2 },
    ready: async (story) => {
      await personWithCart(story);
      return () => story.advance(untilFired);
    },
  },
  {
    operation: 'a timer fires and moves, because the cart moved',
    promised: '3',
    by: 'advance-journeys',
    write: units(1, { due: 2 }),
    requests: { BatchGetItem: 2, PutItem: 1 },
    ready: async (story) => {
      const userId = await reachablePerson(story);
      const cart = story.fresh('cart');
      await tell(story, 'track', added(userId, cart));
      await story.advance(minutes(10));
      await tell(story, 'track', added(userId, cart));
      return () => story.advance(untilFired - minutes(10));
    },
  },
  {
    operation: 'a timer asks whether the message left, which it did not, and arms again',
    promised: '3',
    by: 'advance-journeys',
    write: units(1, { due: 2 }),
    requests: { BatchGetItem: 3, PutItem: 1, SendMessageBatch: 1 },
    ready: async (story) => {
      await personWithCart(story);
      story.stack().host.pause('deliver-messages');
      await story.advance(untilFired);
      return () => story.advance(minutes(1));
    },
  },
  {
    operation: 'a timer asks whether the message left, which it did, and the journey ends',
    promised: '3 at most',
    by: 'advance-journeys',
    write: units(1, { due: 1 }),
    requests: { BatchGetItem: 3, PutItem: 1 },
    ready: async (story) => {
      await personWithCart(story);
      await story.advance(untilFired);
      return () => story.advance(minutes(1));
    },
  },
  {
    operation: 'a timer asks whether the message left, which it did, and the next wait begins',
    promised: '3',
    by: 'advance-journeys',
    write: units(1, { due: 2 }),
    requests: { BatchGetItem: 3, GetItem: 1, PutItem: 1 },
    ready: async (story) => {
      const userId = await reachablePerson(story);
      await tell(story, 'track', { userId, event: 'Signed Up', properties: {} });
      return () => story.advance(minutes(1));
    },
  },
  {
    operation: 'a message is claimed, sent and logged',
    promised: '2',
    by: 'deliver-messages',
    write: units(2),
    requests: { BatchGetItem: 4, GetItem: 2, PutItem: 2, Query: 2, SendRawEmail: 1 },
    ready: async (story) => {
      await personWithCart(story);
      return () => story.advance(untilFired);
    },
  },
  {
    operation: 'a message is dropped with its reason',
    promised: '1 (not in the table)',
    by: 'deliver-messages',
    write: units(1),
    requests: { BatchGetItem: 4, GetItem: 1, PutItem: 1 },
    ready: async (story) => {
      const userId = await personWithCart(story);
      await tell(story, 'identify', { userId, traits: { consent: { email: false } } });
      return () => story.advance(untilFired);
    },
  },
];
