/** What the marketer's language costs beyond design section 3: counts stand in the hot state, one timer of a person's own is a journey item. */
import { minutes, type Shop } from '../stories/shop.ts';
import { units, type Operation } from './operation.ts';
import { reachablePerson, tell } from './people.ts';

/** Beside the stock config; nothing else listens to these events. */
export const languageFiles: Readonly<Record<string, string>> = {
  'segments/curieux.yaml': 'when: { did: Catalogue Opened, times: 2, within: 3 hours }\n',
  'journeys/tiede.yaml': 'start: { left: curieux }\nsteps: [{ goal: parti }]\n',
  'journeys/catalogue.yaml': `
start: { did: Catalogue Opened, times: 3, within: 3 hours, same: page, once per: page }
steps:
  - wait for: Quiz Answered
    at most: 2 hours
`,
  'journeys/appel.yaml': 'start: { api: true }\nsteps: [{ goal: appele }]\n',
};

const opened = (userId: string) => ({ userId, event: 'Catalogue Opened', properties: { page: 'a' } });

async function startByApi(story: Shop, userId: string, key: string): Promise<void> {
  const headers = { authorization: `Basic ${btoa('local-server-key:')}`, 'idempotency-key': key };
  const body = JSON.stringify({ userId, properties: { order_id: 'A-1' } });
  const { status } = await story.request('/v1/journeys/appel/start', { method: 'POST', headers, body });
  if (status !== 202) throw new Error(`the start was answered ${status}`);
  await story.settle();
}

export const language: readonly Operation[] = [
  {
    operation: 'a journey is started by the API, at the door',
    promised: 'not in the table',
    by: 'collect-events',
    write: units(1),
    requests: { PutItem: 1, SendMessageBatch: 1 },
    ready: async (story) => {
      const userId = await reachablePerson(story);
      return () => startByApi(story, userId, story.fresh('key'));
    },
  },
  {
    operation: 'an event that is counted',
    promised: '2',
    by: 'process-events',
    write: units(2),
    requests: { BatchGetItem: 2, PutItem: 2 },
    ready: async (story) => {
      const userId = await reachablePerson(story);
      for (let time = 0; time < 2; time++) await tell(story, 'track', { ...opened(userId), properties: {} });
      return () => tell(story, 'track', { ...opened(userId), properties: {} });
    },
  },
  {
    operation: 'an event that takes somebody into a watched segment, and arms their timer',
    promised: '2 + 4',
    by: 'process-events',
    write: units(5, { due: 1 }),
    requests: { BatchGetItem: 3, PutItem: 1, TransactWriteItems: 1 },
    ready: async (story) => {
      const userId = await reachablePerson(story);
      await tell(story, 'track', { ...opened(userId), properties: {} });
      return () => tell(story, 'track', { ...opened(userId), properties: {} });
    },
  },
  {
    operation: 'a wait hears its event',
    promised: '2 + 3, the journey as its start 3',
    by: 'process-events',
    write: units(5, { due: 1 }),
    requests: { BatchGetItem: 3, PutItem: 1, TransactWriteItems: 1 },
    ready: async (story) => {
      const userId = await reachablePerson(story);
      for (let time = 0; time < 3; time++) await tell(story, 'track', opened(userId));
      return () => tell(story, 'track', { userId, event: 'Quiz Answered', properties: {} });
    },
  },
  {
    operation: 'the timer of a person fires, a segment is left and a journey begins and ends',
    promised: 'not in the table',
    by: 'advance-journeys',
    write: units(6, { due: 1 }),
    requests: { BatchGetItem: 2, TransactWriteItems: 1 },
    ready: async (story) => {
      const userId = await reachablePerson(story);
      for (let time = 0; time < 2; time++) await tell(story, 'track', { ...opened(userId), properties: {} });
      return () => story.advance(minutes(180));
    },
  },
];
