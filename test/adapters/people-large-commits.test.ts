/** A commit of more journeys than one transaction takes, and a crash after its transaction: whoever comes next finds all of it. */
import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AwsPeople } from '../../shared/adapters/aws/people.ts';
import { MemoryPeople } from '../../shared/adapters/memory/people.ts';
import { dynamoClient } from '../../shared/adapters/aws/client.ts';
import type { Instance } from '../../shared/journeys/instance.ts';
import type { People } from '../../shared/ports.ts';
import { embeddedTables } from '../ports/embedded-table.ts';
import {
  ada,
  anInstance,
  bob,
  ended,
  now,
  sideOf,
  someHotState,
  someStatistics,
  waitingUntil,
} from '../ports/people-fixtures.ts';

const tables = embeddedTables();

/** People whose process dies after so many more writes. */
function dying(table: string) {
  const dynamo = dynamoClient(tables.environment());
  const left = { writes: Infinity };
  dynamo.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const isWrite = commandName.startsWith('Put') || commandName.startsWith('Transact');
        if (isWrite && left.writes <= 0) throw new Error('died');
        if (isWrite) left.writes -= 1;
        return next(args);
      },
    { step: 'initialize' },
  );
  return { people: new AwsPeople({ dynamo, table }), left };
}

const keyed = (count: number, given: Partial<Instance> = {}): readonly Instance[] =>
  Array.from({ length: count }, (_, n) => anInstance({ key: `cart-${n}`, state: waitingUntil(now + n), ...given }));

const inOrder = <T>(all: readonly T[], nameOf: (one: T) => string): readonly T[] =>
  all.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));

const allOf = async (people: People) => {
  const side = await sideOf(people, ada);
  const all = await people.allInstances([ada, bob]);
  const timers = await people.dueTimers(0, now + 9_000_000, 1_000);
  return {
    ...side,
    all: inOrder(all, ({ instance: { journey, key } }) => `${journey} ${key}`),
    timers: inOrder(timers, ({ journey, key }) => `${journey} ${key}`),
  };
};

/** `open` runs, then a commit that ends or moves some of them and begins others. */
async function changed(people: People, open: number, begun: number, hasOrder: boolean, dies: () => void): Promise<void> {
  await people.commit(ada, { hot: someHotState(), instances: keyed(open) });
  const moved = keyed(open, { stored: 1 }).map((one, n) => ({ ...one, state: n % 5 === 0 ? waitingUntil(now + 5_000) : ended }));
  const fresh = Array.from({ length: begun }, (_, n) => anInstance({ journey: 'bienvenue', key: `k-${n}` }));
  dies();
  await people.commit(ada, {
    hot: someHotState({ version: 1 }),
    ...(hasOrder ? { statistics: someStatistics() } : {}),
    instances: [...moved, ...fresh],
  });
}

describe('a commit that dies', () => {
  test.each([1, 2, 3, 11, 16, 17, 18])(
    'after its transaction is complete for whoever loads the person next (%i writes were made)',
    async (writes) => {
      const memory = new MemoryPeople();
      await changed(memory, 90, 25, true, () => undefined);
      const table = await tables.newTable();
      const { people, left } = dying(table);
      await expect(changed(people, 90, 25, true, () => void (left.writes = writes))).rejects.toThrow('died');
      expect(await allOf(new AwsPeople({ dynamo: tables.dynamo(), table }))).toEqual(await allOf(memory));
    },
  );

  test('before its transaction has not been', async () => {
    const { people, left } = dying(await tables.newTable());
    await expect(changed(people, 90, 25, true, () => void (left.writes = 0))).rejects.toThrow('died');
    left.writes = Infinity;
    expect((await people.load(ada)).hot.version).toBe(1);
    expect((await people.allInstances([ada])).map(({ instance }) => instance)).toHaveLength(90);
  });

  test('twice, while its completion is at work in two processes, ends the same', async () => {
    const memory = new MemoryPeople();
    await changed(memory, 130, 0, false, () => undefined);
    const table = await tables.newTable();
    const first = dying(table);
    await expect(changed(first.people, 130, 0, false, () => void (first.left.writes = 1))).rejects.toThrow('died');
    const second = dying(table);
    second.left.writes = 7;
    await expect(second.people.load(ada)).rejects.toThrow('died');
    const others = [1, 2, 3].map(() => new AwsPeople({ dynamo: tables.dynamo(), table }));
    await Promise.all(others.map((people) => people.load(ada)));
    expect(await allOf(new AwsPeople({ dynamo: tables.dynamo(), table }))).toEqual(await allOf(memory));
  });

  test('is no business of who comes after it was completed: nothing is written twice', async () => {
    const { people, left } = dying(await tables.newTable());
    await changed(people, 130, 0, false, () => undefined);
    left.writes = 0;
    expect((await people.load(ada)).hot.version).toBe(2);
  });

  test('ends a run that a timer moved meanwhile, and leaves one alone that has gone on since', async () => {
    const table = await tables.newTable();
    const { people, left } = dying(table);
    await people.commit(ada, { hot: someHotState(), instances: keyed(130) });
    left.writes = 1;
    const ends = keyed(130, { stored: 1, state: ended });
    await expect(people.commit(ada, { hot: someHotState({ version: 1 }), instances: ends })).rejects.toThrow('died');
    left.writes = Infinity;
    await people.saveInstance(ada, anInstance({ key: 'cart-129', stored: 1, state: waitingUntil(now + 77) }));
    await people.saveInstance(ada, anInstance({ key: 'cart-128', stored: 1, state: ended }));
    await people.saveInstance(ada, anInstance({ key: 'cart-128', stored: 2, state: waitingUntil(now + 78) }));
    const { hot } = await people.load(ada);
    expect(hot.version).toBe(2);
    expect((await people.dueTimers(0, now + 9_000_000, 1_000)).map(({ key }) => key)).toEqual(['cart-128']);
  });

  test('is left to others by those who may not write', async () => {
    const table = await tables.newTable();
    const { people, left } = dying(table);
    await expect(changed(people, 130, 0, false, () => void (left.writes = 1))).rejects.toThrow('died');
    const reader = dynamoClient(tables.environment());
    const $metadata = { httpStatusCode: 400 };
    reader.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) =>
          commandName.startsWith('Put')
            ? Promise.reject(new DynamoDBServiceException({ name: 'AccessDeniedException', $fault: 'client', $metadata }))
            : next(args),
      { step: 'initialize' },
    );
    expect((await new AwsPeople({ dynamo: reader, table }).load(ada)).hot.version).toBe(2);
    reader.destroy();
  });
});

test('around the limit, however many end and begin, the table ends as its twin in memory', async () => {
  const anyNumber = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 46, max: 52 }), fc.integer({ min: 94, max: 103 }));
  await fc.assert(
    fc.asyncProperty(anyNumber, anyNumber, fc.boolean(), async (open, begun, hasOrder) => {
      const memory = new MemoryPeople();
      const people = new AwsPeople({ dynamo: tables.dynamo(), table: await tables.newTable() });
      for (const one of [memory, people]) await changed(one, open, begun, hasOrder, () => undefined);
      expect(await allOf(people)).toEqual(await allOf(memory));
    }),
    { numRuns: 12 },
  );
});
