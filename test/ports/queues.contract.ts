/** The contract of Queues: nothing answered before everything is accepted, everything arrives whole, work never too early. */
import { describe, expect, test } from 'vitest';
import type { Envelope } from '../../shared/events/event.ts';
import { InvalidInput } from '../../shared/kernel/errors.ts';
import { minutes, seconds, type Instant } from '../../shared/kernel/time.ts';
import type { OutboxItem } from '../../shared/messages/message.ts';
import type { Queues, Work } from '../../shared/ports.ts';
import type { QueueName } from '../../shared/topology.ts';

/** Queues of their own for one test, at a clock the test moves. */
export interface QueueWorld {
  readonly queues: Queues;
  readonly now: () => Instant;
  readonly advance: (ms: number) => void;
  /** Takes what can be received now, as JSON. */
  readonly receive: (queue: QueueName) => Promise<readonly unknown[]>;
}

export const anEnvelope = (id: string, properties: Envelope['events'][number]['properties'] = {}): Envelope => ({
  id,
  source: 'segment',
  trust: 'browser',
  receivedAt: 1_763_920_000_000,
  identifiers: [{ type: 'anonymousId', value: `anon-${id}` }],
  events: [{ id: `segment:${id}`, type: 'track', name: 'Cart Updated', occurredAt: 1_763_920_000_000, properties }],
});

const byText = (values: readonly unknown[]): readonly string[] => values.map((value) => JSON.stringify(value)).toSorted();

export function queuesContract(newWorld: () => Promise<QueueWorld>): void {
  const someWork = (key: string, due: Instant): Work => ({ person: 'P1', journey: 'panier-abandonne', key, due });

  describe('events', () => {
    test('arrive as they were sent', async () => {
      const { queues, receive } = await newWorld();
      const envelope = anEnvelope('e-1', {
        list: [1, null, { 'é🧣': 'ü' }],
        text: 'line\u2028 \u0000\u0007 \uFFFE\uFFFF "quoted"',
      });
      await queues.sendEvents([envelope]);
      expect(await receive('events')).toEqual([envelope]);
      expect(await receive('work')).toEqual([]);
    });

    test('of any number arrive all', async () => {
      const { queues, receive } = await newWorld();
      const envelopes = Array.from({ length: 137 }, (_, n) => anEnvelope(`e-${n}`));
      await queues.sendEvents(envelopes);
      expect(byText(await receive('events'))).toEqual(byText(envelopes));
      await queues.sendEvents([]);
      expect(await receive('events')).toEqual([]);
    });

    test('of any size arrive all', async () => {
      const { queues, receive } = await newWorld();
      const sizes = [250_000, 250_000, 10, 250_000, 700_000, 250_000, 1_000_000, 40_000, 10];
      const envelopes = sizes.map((size, n) => anEnvelope(`e-${n}`, { text: 'é'.repeat(size / 2) }));
      await queues.sendEvents(envelopes);
      expect(byText(await receive('events'))).toEqual(byText(envelopes));
    });

    test('that no queue takes are refused as such', async () => {
      const { queues, receive } = await newWorld();
      await expect(queues.sendEvents([anEnvelope('e-1', { text: 'x'.repeat(1_048_576) })])).rejects.toThrow(InvalidInput);
      expect(await receive('events')).toEqual([]);
    });

    test('of a signed link, which names the person instead of identifiers, arrive too', async () => {
      const { queues, receive } = await newWorld();
      const envelope: Envelope = { ...anEnvelope('e-1'), identifiers: [], personId: '01KAQ00000ADA0000000000000' };
      await queues.sendEvents([envelope]);
      expect(await receive('events')).toEqual([envelope]);
    });
  });

  describe('work', () => {
    test('is delivered no earlier than it is due, and at most a second later', async () => {
      const { queues, now, advance, receive } = await newWorld();
      const work = [
        someWork('past', now() - 5_000),
        someWork('now', now()),
        someWork('soon', now() + 1_500),
        someWork('late', now() + minutes(15)),
      ];
      await queues.sendWork(work, now());
      expect(byText(await receive('work'))).toEqual(byText(work.slice(0, 2)));
      advance(1_499);
      expect(await receive('work')).toEqual([]);
      advance(501);
      expect(await receive('work')).toEqual([work[2]]);
      advance(minutes(15) - seconds(2) - 1);
      expect(await receive('work')).toEqual([]);
      advance(1);
      expect(await receive('work')).toEqual([work[3]]);
    });

    test('that is due in more than 15 minutes is an error of the caller', async () => {
      const { queues, now, receive, advance } = await newWorld();
      await expect(queues.sendWork([someWork('far', now() + minutes(15) + 1)], now())).rejects.toThrow(/15 minutes/);
      advance(minutes(60));
      expect(await receive('work')).toEqual([]);
    });

    test('is counted while it waits', async () => {
      const { queues, now, advance } = await newWorld();
      expect(await queues.workBacklog()).toEqual({ waiting: 0, delayed: 0, inWork: 0 });
      await queues.sendWork(
        Array.from({ length: 23 }, (_, n) => someWork(`k-${n}`, now() + (n % 2) * seconds(60))),
        now(),
      );
      expect(await queues.workBacklog()).toEqual({ waiting: 12, delayed: 11, inWork: 0 });
      advance(seconds(60));
      expect(await queues.workBacklog()).toEqual({ waiting: 23, delayed: 0, inWork: 0 });
    });
  });

  test('each outbox has its own queue', async () => {
    const { queues, receive } = await newWorld();
    const item = (key: string): OutboxItem => ({
      person: 'P1',
      journey: 'bienvenue',
      key,
      sendKey: 's-1',
      orderTime: 1_763_920_000_000,
    });
    await queues.sendOutbox([item('a'), item('b')], 'triggered');
    await queues.sendOutbox([item('c')], 'campaign');
    expect(byText(await receive('outbox-triggered'))).toEqual(byText([item('a'), item('b')]));
    expect(await receive('outbox-campaign')).toEqual([item('c')]);
  });

  test('messages of a campaign arrive as they were ordered, and are counted while they wait', async () => {
    const { queues, receive } = await newWorld();
    const items = Array.from({ length: 25 }, (_, ordinal): OutboxItem => ({
      person: `P${ordinal}`,
      sendKey: 's-1',
      orderTime: 1_763_920_000_000,
      campaign: 'nouveautes',
      day: '2026-12-01',
      version: 'v-1',
      generation: 3,
      place: { wave: 1_763_920_000_000, page: 0, ordinal },
      asked: 1,
    }));
    expect(await queues.campaignBacklog()).toEqual({ waiting: 0, delayed: 0, inWork: 0 });
    await queues.sendOutbox(items, 'campaign');
    expect(await queues.campaignBacklog()).toMatchObject({ waiting: 25, delayed: 0 });
    expect(await queues.workBacklog()).toMatchObject({ waiting: 0 });
    expect(byText(await receive('outbox-campaign'))).toEqual(byText(items));
  });
}
