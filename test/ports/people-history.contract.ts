/** The contract of People about what happened and what was said: kept once, told in order, whole. */
import { describe, expect, test } from 'vitest';
import type { Instant } from '../../shared/kernel/time.ts';
import type { People } from '../../shared/ports.ts';
import { chunkKeyAt, type Chunk } from '../../shared/profile/timeline.ts';
import {
  aChunk,
  ada,
  aMessage,
  bob,
  cyd,
  noise,
  now,
  someAttributes,
  storePerson,
  type PeopleFactory,
} from './people-fixtures.ts';

async function told(
  people: People,
  persons: readonly string[],
  from: Instant = 0,
  to: Instant = 9_999_999_999_999,
): Promise<Chunk[]> {
  const all: Chunk[] = [];
  for await (const page of people.timeline(persons, chunkKeyAt(from), chunkKeyAt(to))) all.push(...page);
  return all;
}

export function historyContract(newStore: PeopleFactory): void {
  describe('the timeline', () => {
    test('tells a chunk as it was kept, and keeps what is there already', async () => {
      const { people } = await newStore();
      const chunk = aChunk(now, 'e-1');
      await people.keepChunk(ada, chunk);
      await people.keepChunk(ada, { ...chunk, source: 'another' });
      expect(await told(people, [ada])).toEqual([chunk]);
      expect(await told(people, [bob])).toEqual([]);
      expect(await told(people, [])).toEqual([]);
    });

    test('is asked with a first key that belongs and a last that does not', async () => {
      const { people } = await newStore();
      for (const [at, id] of [
        [1, 'a'],
        [2, 'b'],
        [2, 'c'],
        [3, 'd'],
      ] as const)
        await people.keepChunk(ada, aChunk(now + at, id));
      const ids = async (from: string, to: string) => {
        const all: string[] = [];
        for await (const page of people.timeline([ada], from, to)) all.push(...page.map(({ key }) => key.slice(-1)));
        return all.join('');
      };
      expect(await ids(chunkKeyAt(now + 2), chunkKeyAt(now + 3))).toBe('bc');
      expect(await ids(`${chunkKeyAt(now + 2)}#b`, `${chunkKeyAt(now + 2)}#c`)).toBe('b');
      expect(await ids(chunkKeyAt(0), `${chunkKeyAt(now + 3)}#d`)).toBe('abc');
      expect(await ids(chunkKeyAt(now + 4), chunkKeyAt(now + 9))).toBe('');
    });

    test('of a person and those merged into it is one, oldest first', async () => {
      const { people } = await newStore();
      const at = [5, 3, 9, 1, 7, 2, 8];
      for (const [n, time] of at.entries())
        await people.keepChunk([ada, bob, cyd][n % 3] ?? ada, aChunk(now + time, `e-${time}`));
      expect((await told(people, [ada, bob, cyd])).map(({ receivedAt }) => receivedAt - now)).toEqual([1, 2, 3, 5, 7, 8, 9]);
      expect((await told(people, [bob])).map(({ receivedAt }) => receivedAt - now)).toEqual([3, 7]);
    });

    test('of several pages is told whole and in order, across people', async () => {
      const { people } = await newStore();
      const text = noise(180_000);
      for (let n = 0; n < 24; n++) {
        const chunk = aChunk(now + n, `e-${n}`);
        await people.keepChunk(n % 3 === 0 ? bob : ada, {
          ...chunk,
          events: chunk.events.map((event) => ({ ...event, properties: { n, text } })),
        });
      }
      const all = await told(people, [ada, bob]);
      expect(all.map(({ receivedAt }) => receivedAt - now)).toEqual(Array.from({ length: 24 }, (_, n) => n));
      expect(all.every(({ events }, n) => events[0]?.properties['text'] === text && events[0].properties['n'] === n)).toBe(true);
    });

    test('keeps what is nearly too large', async () => {
      const { people } = await newStore();
      const chunk = aChunk(now, 'e-1');
      const large = {
        ...chunk,
        events: chunk.events.map((event) => ({ ...event, properties: { text: noise(400_000), 'é🧣': '\u0000\u2028' } })),
      };
      await people.keepChunk(ada, large);
      expect(await told(people, [ada])).toEqual([large]);
    });

    test('says whether a chunk is stored, under the person or one merged into it', async () => {
      const { people } = await newStore();
      const { key } = aChunk(now, 'e-1');
      await people.saveAttributes(ada, someAttributes({ aliases: [bob] }));
      expect((await people.load(ada, key)).hasChunk).toBe(false);
      await people.keepChunk(bob, aChunk(now, 'e-1'));
      expect((await people.load(ada, key)).hasChunk).toBe(true);
      expect((await people.load(ada, aChunk(now, 'e-2').key)).hasChunk).toBe(false);
      expect((await people.load(ada)).hasChunk).toBe(false);
      await people.keepChunk(ada, aChunk(now, 'e-2'));
      expect((await people.load(ada, aChunk(now, 'e-2').key)).hasChunk).toBe(true);
    });
  });

  describe('the message log', () => {
    test.each([
      ['sent', aMessage()],
      ['dropped', aMessage({ status: { kind: 'dropped', because: 'no-consent', seen: { state: 'withdrawn' } } })],
      ['failed', aMessage({ status: { kind: 'failed', because: 'MessageRejected' } })],
      ['unknown', aMessage({ status: { kind: 'unknown', because: 'TimeoutError' } })],
    ])('tells a message that was %s as it was kept', async (_what, message) => {
      const { people } = await newStore();
      await people.keepMessage(ada, message);
      await people.keepMessage(ada, { ...message, template: 'another' });
      expect(await people.message([ada], now, 'send-key-1')).toEqual(message);
      expect(await people.messages([ada])).toEqual([message]);
    });

    test('finds it under any of the people, and nothing where there is none', async () => {
      const { people } = await newStore();
      await people.keepMessage(bob, aMessage());
      expect(await people.message([ada, bob], now, 'send-key-1')).toEqual(aMessage());
      expect(await people.message([ada], now, 'send-key-1')).toBeUndefined();
      expect(await people.message([bob], now + 1, 'send-key-1')).toBeUndefined();
      expect(await people.message([bob], now, 'send-key-2')).toBeUndefined();
      expect(await people.message([], now, 'send-key-1')).toBeUndefined();
    });

    test('tells all of them, however many', async () => {
      const { people } = await newStore();
      const kept = Array.from({ length: 60 }, (_, n) =>
        aMessage({ sendKey: `send-key-${n % 7}`, orderTime: now + Math.floor(n / 7) }),
      );
      await Promise.all(kept.map((message, n) => people.keepMessage(n % 2 === 0 ? ada : bob, message)));
      const all = await people.messages([ada, bob]);
      expect(all).toHaveLength(60);
      expect(all).toEqual(expect.arrayContaining(kept));
      expect(await people.messages([cyd])).toEqual([]);
    });
  });

  test('suppression is per channel and identifier', async () => {
    const { people, suppress } = await newStore();
    await suppress('email', 'email#a');
    expect(await people.isSuppressed('email', 'email#a')).toBe(true);
    expect(await people.isSuppressed('sms', 'email#a')).toBe(false);
    expect(await people.isSuppressed('email', 'email#b')).toBe(false);
  });

  test('a person’s items do not answer for each other', async () => {
    const { people } = await newStore();
    await storePerson(people, ada);
    await people.keepChunk(ada, aChunk(now, 'e-1'));
    await people.keepMessage(ada, aMessage());
    expect(await people.allInstances([ada])).toEqual([]);
    expect(await told(people, [ada])).toHaveLength(1);
    expect(await people.messages([ada])).toHaveLength(1);
  });
}
