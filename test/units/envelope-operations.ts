/** The lines of design section 3 that an envelope causes, each as a story of its own people. */
import { units, type Operation } from './operation.ts';
import { added, envelopeByEmail, knownPerson, ordered, personWithCart, reachablePerson, tell, visitor } from './people.ts';

export const envelopes: readonly Operation[] = [
  {
    operation: 'known person, no trait and no journey changes',
    promised: '2',
    by: 'process-events',
    write: units(2),
    requests: { BatchGetItem: 2, PutItem: 2 },
    ready: async (story) => {
      const userId = await knownPerson(story);
      return () => tell(story, 'page', { userId, name: 'Robes' });
    },
  },
  {
    operation: 'the same envelope once more',
    promised: 'nothing',
    by: 'process-events',
    write: units(0),
    requests: { BatchGetItem: 2 },
    ready: async (story) => {
      const userId = await knownPerson(story);
      const again = { userId, name: 'Robes', messageId: story.fresh('once'), timestamp: story.at() };
      await tell(story, 'page', again);
      return () => tell(story, 'page', again);
    },
  },
  {
    operation: 'a trait changes, anonymous person',
    promised: '2 + 1',
    by: 'process-events',
    write: units(3),
    requests: { BatchGetItem: 2, PutItem: 3 },
    ready: async (story) => {
      const anonymousId = await visitor(story);
      return () => tell(story, 'identify', { anonymousId, traits: { firstName: 'Léa' } });
    },
  },
  {
    operation: 'a trait changes, person in the directory',
    promised: '2 + 1 + 1 dir',
    by: 'process-events',
    write: units(3, { dir: 1 }),
    requests: { BatchGetItem: 2, PutItem: 3 },
    ready: async (story) => {
      const userId = await knownPerson(story);
      return () => tell(story, 'identify', { userId, traits: { firstName: 'Léa' } });
    },
  },
  {
    operation: 'a consent changes (trait change and proof)',
    promised: '2 + 1 + 1 dir, proof 1',
    by: 'process-events',
    write: units(4, { dir: 1 }),
    requests: { BatchGetItem: 2, PutItem: 4 },
    ready: async (story) => {
      const userId = await reachablePerson(story);
      return () => tell(story, 'identify', { userId, traits: { consent: { sms: true } } });
    },
  },
  {
    operation: 'an order',
    promised: '2 + 3',
    by: 'process-events',
    write: units(5),
    requests: { BatchGetItem: 2, GetItem: 1, PutItem: 1, TransactWriteItems: 1 },
    ready: async (story) => {
      const userId = await knownPerson(story);
      return () => tell(story, 'track', ordered(userId, story.fresh('order')));
    },
  },
  {
    operation: 'a journey starts',
    promised: '2 + 4',
    by: 'process-events',
    write: units(5, { due: 1 }),
    requests: { BatchGetItem: 3, PutItem: 1, TransactWriteItems: 1 },
    ready: async (story) => {
      const userId = await reachablePerson(story);
      return () => tell(story, 'track', added(userId, story.fresh('cart')));
    },
  },
  {
    operation: 'two journeys start, one of them by queueing a message',
    promised: '2 + 4 + 3',
    by: 'process-events',
    write: units(7, { due: 2 }),
    requests: { BatchGetItem: 3, GetItem: 1, PutItem: 1, SendMessageBatch: 2, TransactWriteItems: 1 },
    ready: async (story) => {
      const userId = await reachablePerson(story);
      const calls = [
        { type: 'track', userId, event: 'Signed Up', properties: {} },
        { type: 'track', ...added(userId, story.fresh('cart')) },
      ];
      return () =>
        tell(story, 'batch', {
          batch: calls.map((call, index) => ({ ...call, messageId: story.fresh('m'), timestamp: story.at(index) })),
        });
    },
  },
  {
    operation: 'a cart moves while its journey waits',
    promised: '2',
    by: 'process-events',
    write: units(2),
    requests: { BatchGetItem: 3, PutItem: 2 },
    ready: async (story) => {
      const userId = await reachablePerson(story);
      const cart = story.fresh('cart');
      await tell(story, 'track', added(userId, cart));
      return () => tell(story, 'track', added(userId, cart));
    },
  },
  {
    operation: 'an order ends a journey',
    promised: '2 + 3, the journey as its start 3',
    by: 'process-events',
    write: units(7, { due: 1 }),
    requests: { BatchGetItem: 3, GetItem: 1, PutItem: 1, TransactWriteItems: 1 },
    ready: async (story) => {
      const userId = await personWithCart(story);
      return () => tell(story, 'track', ordered(userId, story.fresh('order')));
    },
  },
  {
    operation: 'new anonymous person',
    promised: '4',
    by: 'process-events',
    write: units(4),
    requests: { BatchGetItem: 1, PutItem: 4 },
    ready: async (story) => () => tell(story, 'page', { anonymousId: story.fresh('visitor'), name: 'Accueil' }),
  },
  {
    operation: 'new person by e-mail',
    promised: '5',
    by: 'process-events',
    write: units(4, { dir: 1 }),
    requests: { BatchGetItem: 1, PutItem: 4 },
    ready: async (story) => async () => {
      await story.stack().ports.queues.sendEvents([envelopeByEmail(story)]);
      await story.settle();
    },
  },
  {
    operation: 'new person by user id, e-mail and anonymous id',
    promised: '5, each further identifier 1 (not in the table)',
    by: 'process-events',
    write: units(6, { dir: 1 }),
    requests: { BatchGetItem: 1, PutItem: 6 },
    ready: async (story) => {
      const userId = story.fresh('user');
      const anonymousId = story.fresh('visitor');
      return () => tell(story, 'identify', { userId, anonymousId, traits: { email: `${userId}@example.com` } });
    },
  },
  {
    operation: 'two people become one',
    promised: 'not in the table',
    by: 'process-events',
    write: units(13),
    requests: { BatchGetItem: 6, GetItem: 2, PutItem: 2, Query: 2, TransactWriteItems: 1, UpdateItem: 1 },
    ready: async (story) => {
      const userId = await reachablePerson(story);
      const anonymousId = await visitor(story);
      return () => tell(story, 'identify', { userId, anonymousId });
    },
  },
];
