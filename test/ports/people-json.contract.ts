/** The contract of People about what strangers put into traits and events: any JSON is kept as it is, none stops a commit. */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../shared/kernel/json.ts';
import { aChunk, ada, anInstance, now, someAttributes, type PeopleFactory } from './people-fixtures.ts';

const nested = (depth: number): Json => (depth === 0 ? 'deep' : { in: [nested(depth - 2)] });

const anyJson: readonly { readonly what: string; readonly value: Json }[] = [
  { what: 'numbers of any size', value: [1e300, -1e-300, 5e-324, 0.1, 123_456_789_012_345_680_000, 2 ** 53] },
  { what: 'empty names and empty values', value: { '': '', ' ': {}, list: [], none: null } },
  { what: 'names that mean something elsewhere', value: { toString: 1, S: { N: '1' }, 'a.b#c[0]': true, 'é🧣': '\u0000\uFFFF' } },
  { what: 'what is nested deep', value: nested(60) },
];

export function jsonContract(newStore: PeopleFactory): void {
  describe.each(anyJson)('any JSON is kept as it is: $what', ({ value }) => {
    test('in traits', async () => {
      const { people } = await newStore();
      const traits = { 'any name': { value, at: now, verified: true } };
      const saved = await people.saveAttributes(ada, someAttributes({ traits }));
      expect(saved.traits).toEqual(traits);
      expect((await people.load(ada)).attributes).toEqual(saved);
    });

    test('in events and decisions', async () => {
      const { people } = await newStore();
      const chunk = aChunk(now, 'e-1');
      const kept = {
        ...chunk,
        events: chunk.events.map((event) => ({ ...event, properties: { value }, traits: { value }, context: { value } })),
        decisions: chunk.decisions.map((decision) => ({ ...decision, seen: value })),
      };
      await people.keepChunk(ada, kept);
      for await (const page of people.timeline([ada], 'E#', 'E#9')) expect(page).toEqual([kept]);
    });

    test('in what a journey has seen', async () => {
      const { people } = await newStore();
      const log = [{ step: 'start', at: now, outcome: 'started', seen: value }];
      await people.saveInstance(ada, anInstance({ log }));
      expect((await people.allInstances([ada]))[0]?.instance.log).toEqual(log);
    });
  });
}
