/** The contracts of Carriers: one attempt a call, and an answer that says what is known, never an exception (promise 2). */
import { describe, expect, test } from 'vitest';
import type { Outgoing } from '../../shared/channels/channel.ts';
import type { WebhookCall } from '../../shared/messages/webhook-call.ts';
import type { Carriers } from '../../shared/ports.ts';

/** What the provider does with the next call. */
export type Trouble = 'refused' | 'throttled' | 'unknown';

/** A provider of its own for one test. */
export interface CarrierWorld {
  readonly carriers: Pick<Carriers, 'send'>;
  readonly trouble: (next: Trouble) => void;
  /** What the provider accepted, in order; without tags where it carries none. */
  readonly accepted: () => readonly (Pick<Outgoing, 'from' | 'to' | 'body'> & Partial<Pick<Outgoing, 'tags'>>)[];
  /** How often it was called, whatever it answered. */
  readonly calls: () => number;
}

/** A message to the first, and to the second of two people. */
type Messages = readonly [Outgoing, Outgoing];

const aMail = (to: string): Outgoing => ({
  channel: 'email',
  purpose: 'marketing',
  from: 'bonjour@example.com',
  to,
  body: Buffer.from(`From: bonjour@example.com\r\nTo: ${to}\r\nSubject: Votre panier\r\n\r\nBonjour\r\n`),
  tags: { sk: 'send-key-1', ot: '1763920000000' },
});

const anSms = (to: string): Outgoing => ({
  channel: 'sms',
  purpose: 'transactional',
  from: 'ATELIER',
  to,
  body: Buffer.from('Votre commande est prête 🎁\nÀ bientôt & <3'),
  tags: { sk: 'send-key-1', ot: '1763920000000' },
});

const messagesBy: Readonly<Record<'email' | 'sms', Messages>> = {
  email: [aMail('ada@example.com'), aMail('bob@example.com')],
  sms: [anSms('+33612345678'), anSms('+33612345679')],
};

const seen = ({ from, to, body }: Pick<Outgoing, 'from' | 'to' | 'body'>) => ({ from, to, body: Buffer.from(body).toString() });

export function carriersContract(channel: 'email' | 'sms', newWorld: () => CarrierWorld): void {
  const [toAda, toBob] = messagesBy[channel];

  test('a message is accepted as it was given, each under an id of its own', async () => {
    const { carriers, accepted, calls } = newWorld();
    const outcomes = [await carriers.send(toAda), await carriers.send(toBob)];
    const ids = outcomes.flatMap((outcome) => (outcome.kind === 'accepted' ? [outcome.providerId] : []));
    expect(new Set(ids).size).toBe(2);
    expect(accepted().map(seen)).toEqual([toAda, toBob].map(seen));
    const tags = accepted().map((one) => one.tags ?? (channel === 'email' ? 'lost' : toAda.tags)); // SNS carries none
    expect(tags).toEqual([toAda.tags, toBob.tags]);
    expect(calls()).toBe(2);
  });

  describe.each(['refused', 'throttled', 'unknown'] as const)('a call that is %s', (kind) => {
    test('is answered as such after one attempt, and the next one is a call of its own', async () => {
      const { carriers, trouble, accepted, calls } = newWorld();
      trouble(kind);
      expect(await carriers.send(toAda)).toMatchObject({ kind });
      expect(calls()).toBe(1);
      expect(accepted()).toEqual([]);
      expect((await carriers.send(toBob)).kind).toBe('accepted');
      expect(accepted().map(({ to }) => to)).toEqual([toBob.to]);
    });
  });
}

/** A receiver of webhooks of its own for one test. */
export interface ReceiverWorld {
  readonly carriers: Pick<Carriers, 'post'>;
  readonly url: string;
  /** What the next calls are answered with; nobody is there for `unreachable`. */
  readonly answerNext: (...answers: readonly (number | 'unreachable')[]) => void;
  /** The bodies it heard, in order. */
  readonly heard: () => readonly string[];
}

export function webhooksContract(newWorld: () => Promise<ReceiverWorld>): void {
  const call = (url: string, id: string): WebhookCall => ({
    url,
    id,
    body: JSON.stringify({ id, text: 'é ☕' }),
    depth: 1,
    secrets: ['whsec_Zmlyc3Qtc2VjcmV0LW9mLW91cnM='],
  });

  test('each call is one attempt, answered with whatever the receiver says', async () => {
    const { carriers, url, answerNext, heard } = await newWorld();
    const statuses = [204, 302, 404, 429, 500];
    answerNext(...statuses);
    for (const status of statuses) expect(await carriers.post(call(url, `c-${status}`))).toEqual({ kind: 'answered', status });
    expect(heard()).toEqual(statuses.map((status) => call(url, `c-${status}`).body));
  });

  test('a receiver that breaks off may have heard it, and is not asked again', async () => {
    const { carriers, url, answerNext, heard } = await newWorld();
    answerNext('unreachable', 200);
    expect(await carriers.post(call(url, 'c-1'))).toMatchObject({ kind: 'unreachable' });
    expect(heard()).toEqual([call(url, 'c-1').body]);
    expect(await carriers.post(call(url, 'c-1'))).toEqual({ kind: 'answered', status: 200 });
  });
}
