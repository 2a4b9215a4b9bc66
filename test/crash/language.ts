/**
 * Somebody whom every word of the language concerns: counted views start a run that tags, calls, waits for an event and asks
 * staff; a server starts another; a segment is left when time alone says so.
 */
import { serverKey } from '../stories/shop.ts';
import { atMinute } from './minutes.ts';
import type { Step, Teller } from './teller.ts';

/** Beside the stock config. Its events have names that no other story tells. */
export const languageFiles = (hookUrl: string): Readonly<Record<string, string>> => ({
  'segments/curieux.yaml': 'when: { did: Catalogue Opened, times: 2, within: 3 hours }\n',
  'journeys/tiede.yaml': 'start: { left: curieux }\nsteps: [{ goal: parti }]\n',
  'journeys/catalogue.yaml': `
start: { did: Catalogue Opened, times: 2, within: 3 hours, same: page, once per: page }
steps:
  - add tag: curieux
  - webhook: ${hookUrl}
  - wait for: Quiz Answered
    same: page
    at most: 2 hours
    then: [{ goal: quiz }]
    else: [{ goal: sans-quiz }]
  - if: { did: Quiz Answered, within: 1 day }
    then: [{ task: { to: equipe@atelier.example, subject: "Rappeler", text: "À faire." } }]
`,
  'journeys/demande.yaml': `
start: { api: true, once per: ticket }
steps:
  - split: [{ name: a, weight: 1, steps: [{ set: { groupe: a } }] }, { name: b, weight: 1, steps: [{ set: { groupe: b } }] }]
  - wait until: "21:00"
  - goal: fait
`,
});

const opens = (minute: number): Step => ({
  minute,
  what: 'Eva opens the catalogue',
  happens: (teller) => track(teller, minute, 'Catalogue Opened', { page: 'a' }),
});

const track = (teller: Teller, minute: number, event: string, properties: Readonly<Record<string, string>>): Promise<void> =>
  teller.segment('track', { messageId: `eva-${minute}`, timestamp: atMinute(minute), userId: 'eva', event, properties });

export const evas: readonly Step[] = [
  {
    minute: 0,
    what: 'Eva makes herself known',
    happens: (teller) =>
      teller.segment('identify', {
        messageId: 'eva-0',
        timestamp: atMinute(0),
        userId: 'eva',
        traits: { email: 'eva@example.com', firstName: 'Eva' },
      }),
  },
  opens(8),
  opens(16),
  { minute: 45, what: 'Eva answers the quiz', happens: (teller) => track(teller, 45, 'Quiz Answered', { page: 'a' }) },
  {
    minute: 60,
    what: 'a server asks for a journey',
    happens: async (teller) => {
      await teller.request('/v1/journeys/demande/start', {
        method: 'POST',
        headers: { authorization: `Bearer ${serverKey}`, 'idempotency-key': 'eva-60', 'content-type': 'application/json' },
        body: JSON.stringify({ userId: 'eva', timestamp: atMinute(60), properties: { ticket: 'T-1' } }),
      });
    },
  },
];
