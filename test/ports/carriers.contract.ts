/** The contract of Carriers: one attempt a call, and an answer that says what is known, never an exception (promise 2). */
import { describe, expect, test } from 'vitest';
import type { Outgoing } from '../../shared/channels/channel.ts';
import type { Carriers } from '../../shared/ports.ts';

/** What the provider does with the next call. */
export type Trouble = 'refused' | 'throttled' | 'unknown';

/** A provider of its own for one test. */
export interface CarrierWorld {
  readonly carriers: Carriers;
  readonly trouble: (next: Trouble) => void;
  /** What the provider accepted, in order. */
  readonly accepted: () => readonly Pick<Outgoing, 'from' | 'to' | 'body' | 'tags'>[];
  /** How often it was called, whatever it answered. */
  readonly calls: () => number;
}

const aMail = (to: string): Outgoing => ({
  channel: 'email',
  from: 'bonjour@example.com',
  to,
  body: Buffer.from(`From: bonjour@example.com\r\nTo: ${to}\r\nSubject: Votre panier\r\n\r\nBonjour\r\n`),
  tags: { sk: 'send-key-1', ot: '1763920000000' },
});

const seen = ({ from, to, body, tags }: Pick<Outgoing, 'from' | 'to' | 'body' | 'tags'>) => ({
  from,
  to,
  tags,
  body: Buffer.from(body).toString(),
});

export function carriersContract(newWorld: () => CarrierWorld): void {
  test('a message is accepted as it was given, each under an id of its own', async () => {
    const { carriers, accepted, calls } = newWorld();
    const mails = ['ada@example.com', 'bob@example.com'].map(aMail);
    const outcomes = [];
    for (const mail of mails) outcomes.push(await carriers.send(mail));
    const ids = outcomes.flatMap((outcome) => (outcome.kind === 'accepted' ? [outcome.providerId] : []));
    expect(new Set(ids).size).toBe(2);
    expect(accepted().map(seen)).toEqual(mails.map(seen));
    expect(calls()).toBe(2);
  });

  describe.each(['refused', 'throttled', 'unknown'] as const)('a call that is %s', (kind) => {
    test('is answered as such after one attempt, and the next one is a call of its own', async () => {
      const { carriers, trouble, accepted, calls } = newWorld();
      trouble(kind);
      expect(await carriers.send(aMail('ada@example.com'))).toMatchObject({ kind });
      expect(calls()).toBe(1);
      expect(accepted()).toEqual([]);
      expect((await carriers.send(aMail('bob@example.com'))).kind).toBe('accepted');
      expect(accepted().map(({ to }) => to)).toEqual(['bob@example.com']);
    });
  });
}
