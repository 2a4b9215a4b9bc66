/**
 * The order behind every queue: always the earliest first, whatever was moved or taken out before.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DueQueue } from '../../local/emulators/due-queue.ts';

const step = fc.record({ sequence: fc.nat(20), at: fc.option(fc.nat(10), { nil: undefined }) });

test('after any puts, moves and removals, items come out by instant and then by arrival', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new DueQueue<{ readonly sequence: number }>();
      const items = Array.from({ length: 21 }, (_, sequence) => ({ sequence }));
      const expected = new Map<number, number>();
      for (const { sequence, at } of steps) {
        const wasIn = expected.delete(sequence);
        expect(queue.has(items[sequence]!)).toBe(wasIn);
        if (at === undefined) queue.remove(items[sequence]!);
        else queue.put(items[sequence]!, at);
        if (at !== undefined) expected.set(sequence, at);
      }
      expect(queue.size).toBe(expected.size);
      const order = [...expected].toSorted(([a, atA], [b, atB]) => atA - atB || a - b).map(([sequence]) => sequence);
      const out: number[] = [];
      for (let first = queue.first(); first !== undefined; first = queue.first()) {
        out.push(first.item.sequence);
        queue.remove(first.item);
      }
      expect(out).toEqual(order);
    }),
  );
});
