/** People in memory keeps its promises. */
import { describe } from 'vitest';
import { MemoryPeople } from '../../shared/adapters/memory/people.ts';
import { peopleContract } from './people.contract.ts';

describe('people in memory', () => {
  peopleContract(() => {
    const people = new MemoryPeople();
    return Promise.resolve({
      people,
      suppress: async (channel, claim) => people.suppress(channel, claim),
      countProofs: async (person) => people.stored(person).proofs.size,
    });
  });
});
