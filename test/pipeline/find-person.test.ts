/** From statements to people: the same people in the end, whatever comes first, however many workers, however slow the table. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Envelope } from '../../shared/events/event.ts';
import { inClaimOrder, type Identifier } from '../../shared/events/identifier.ts';
import { processEnvelope, processEvents, type ProcessPorts } from '../../shared/pipeline/process-events.ts';
import {
  aWorld,
  device,
  email,
  envelope,
  noon,
  pauses,
  theOne,
  told,
  track,
  user,
  whoIs,
  type TestWorld,
} from './process-events-world.ts';
import { slowPeople } from './slow-people.ts';

const written = ({ type, value }: Identifier): string => `${type}:${value}`;

/** All that is said of two real people: their names and phones belong together, devices and things are only theirs. */
const identifiersOf = (who: number): { readonly strong: readonly Identifier[]; readonly weak: readonly Identifier[] } => ({
  strong: [
    user(`${who}`),
    { type: 'externalId', value: `shop:${who}` },
    { type: 'loyaltyId', value: `${who}` },
    email(`a${who}@example.com`),
    email(`b${who}@example.com`),
    { type: 'phone', value: `+3360000000${who}` },
  ],
  weak: [device(`x${who}`), device(`y${who}`), { type: 'reference', value: `shop:cart:${who}` }],
});

/** Statements about one real person; one of them says all that is strong, so that the others say nothing against each other. */
const someStatements = (who: number): fc.Arbitrary<readonly (readonly Identifier[])[]> => {
  const { strong, weak } = identifiersOf(who);
  return fc
    .tuple(
      fc.subarray([...strong], { minLength: 1 }),
      fc.array(fc.subarray([...strong, ...weak], { minLength: 1, maxLength: 3 }), { maxLength: 5 }),
    )
    .map(([known, statements]) => {
      const said = statements.map((one) => one.filter((identifier) => weak.includes(identifier) || known.includes(identifier)));
      return [known, ...said.filter((one) => one.length > 0)];
    });
};

/** Identifiers that belong together as the statements say: no more, no less. */
function expected(statements: readonly (readonly Identifier[])[]): readonly string[] {
  let groups: readonly ReadonlySet<string>[] = [];
  for (const statement of statements.map((one) => one.map(written))) {
    const touched = groups.filter((group) => statement.some((one) => group.has(one)));
    groups = [
      ...groups.filter((group) => !touched.includes(group)),
      new Set([...touched.flatMap((group) => [...group]), ...statement]),
    ];
  }
  return groups.map((group) => [...group].toSorted().join(' ')).toSorted();
}

async function found(world: TestWorld, statements: readonly (readonly Identifier[])[]): Promise<readonly string[]> {
  const all = [...new Map(statements.flat().map((identifier) => [written(identifier), identifier])).values()];
  const owned = new Map<string, string[]>();
  for (const identifier of all) {
    const { id } = await theOne(world, identifier);
    owned.set(id, [...(owned.get(id) ?? []), written(identifier)]);
  }
  return [...owned.values()].map((mine) => mine.toSorted().join(' ')).toSorted();
}

/** The queue brings back what failed, until nothing does. */
async function untilDone(ports: ProcessPorts, envelopes: readonly Envelope[]): Promise<void> {
  let left = envelopes;
  for (let delivery = 0; left.length > 0; delivery++) {
    if (delivery > 20) throw new Error('the queue gives up');
    const outcomes = await processEvents(ports, left);
    left = left.filter((_one, index) => outcomes[index]?.kind === 'failed');
  }
}

const noWait = { ticks: [0], workers: 1 };
const aPace = fc.record({ ticks: fc.array(fc.nat(7), { minLength: 1, maxLength: 30 }), workers: fc.integer({ min: 1, max: 4 }) });

async function play(envelopes: readonly Envelope[], pace: typeof noWait): Promise<TestWorld> {
  const world = await aWorld();
  const ports = { ...world.ports, people: slowPeople(world.people, pauses(pace.ticks)) };
  const shares = Array.from({ length: pace.workers }, (_, worker) =>
    envelopes.filter((_one, at) => at % pace.workers === worker),
  );
  await Promise.all(shares.map((share) => untilDone(ports, share)));
  return world;
}

describe('statements of servers that say nothing against each other', () => {
  const stories = fc.tuple(someStatements(1), someStatements(2)).map(([a, b]) => [...a, ...b]);
  const shuffled = stories.chain((statements) =>
    fc.shuffledSubarray([...statements], { minLength: statements.length, maxLength: statements.length }),
  );
  const envelopesOf = (statements: readonly (readonly Identifier[])[]): readonly Envelope[] =>
    statements.map((statement, index) => {
      const name = statement.map(written).toSorted().join('+');
      return envelope(inClaimOrder(statement), [track(`e:${index}:${name}`, 'Noted', noon, {}, { traits: { [name]: index } })]);
    });

  test('end in the same people in any order', async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, async (statements) => {
        const world = await play(envelopesOf(statements), noWait);
        expect(await found(world, statements)).toEqual(expected(statements));
      }),
      { numRuns: 200 },
    );
  });

  test('end in the same people when many workers hear them at once, and no event and no trait is lost', async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, aPace, async (statements, pace) => {
        const envelopes = envelopesOf(statements);
        const world = await play(envelopes, pace);
        expect(await found(world, statements)).toEqual(expected(statements));
        for (const { identifiers, events } of envelopes) {
          const person = await theOne(world, identifiers[0]!);
          const times = (await told(world, person)).filter(({ id }) => id === events[0]!.id).length;
          expect(times).toBeGreaterThan(0);
          expect(Object.keys(person.attributes.traits)).toEqual(expect.arrayContaining(Object.keys(events[0]!.traits ?? {})));
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('a first contact', () => {
  test('of {anonymous, e-mail} and {e-mail, anonymous} at the same moment is one person', async () => {
    const [ada, phone] = [email('ada@example.com'), device('x')];
    const envelopes = [
      envelope([ada, phone], [track('1', 'Noted', noon)]),
      envelope([phone, ada], [track('2', 'Noted', noon)]),
      envelope([phone], [track('3', 'Noted', noon)]),
      envelope([ada], [track('4', 'Noted', noon)]),
    ];
    for (let ticks = 0; ticks < 12; ticks++) {
      const world = await play(envelopes, { ticks: [ticks, 1, 3, 0, 2], workers: 4 });
      const person = await theOne(world, ada);
      expect((await theOne(world, phone)).id).toBe(person.id);
      expect((await told(world, person)).map(({ id }) => id).toSorted()).toEqual(['1', '2', '3', '4']);
    }
  });

  test.each(['server', 'browser'] as const)(
    'by a %s that died after its first claim is finished when it comes again',
    async (trust) => {
      const first = envelope(
        [email('ada@example.com'), device('x')],
        [
          track(
            '1',
            'Signed Up',
            noon,
            {},
            { traits: { firstName: 'Ada' }, consent: [{ channel: 'email', state: 'granted', kind: 'statement' }] },
          ),
        ],
        { trust },
      );
      for (let alive = 1; alive <= 12; alive++) {
        const world = await aWorld();
        let calls = 0;
        const dying = slowPeople(world.people, async () => {
          if (++calls > alive) throw new Error('the worker died');
        });
        await processEnvelope({ ...world.ports, people: dying }, first).catch(() => undefined);
        await processEnvelope(world.ports, first);
        const person = await theOne(world, email('ada@example.com'));
        expect((await theOne(world, device('x'))).id).toBe(person.id);
        expect(person.attributes.traits['firstName']?.value).toBe('Ada');
        expect(person.attributes.consents['email.marketing']?.state).toBe('granted');
        expect(person.attributes.identifiers).toHaveLength(2);
      }
    },
  );
});

describe('people who are one now', () => {
  test('are found under every id they ever had, through any chain of merges', async () => {
    const world = await aWorld();
    const names = [user('1'), { type: 'loyaltyId', value: '1' }, email('a@example.com'), email('b@example.com')] as const;
    for (const [index, name] of names.entries())
      await processEnvelope(world.ports, envelope([name], [track(`${index}`, 'Noted', noon + index)]));
    const before = await Promise.all(names.map((name) => theOne(world, name)));
    for (const [index, name] of names.entries())
      await processEnvelope(world.ports, envelope([name, names[(index + 1) % 4]!], [track(`m${index}`, 'Noted', noon + 10)]));
    const ids = await Promise.all(before.map(async ({ id }) => (await world.people.load(id)).id));
    expect(new Set(ids).size).toBe(1);
    expect(new Set(await Promise.all(names.map(async (name) => (await theOne(world, name)).id)))).toEqual(new Set(ids));
    expect((await told(world, await theOne(world, names[0]))).map(({ id }) => id).toSorted()).toHaveLength(8);
  });
});

describe('our own ids', () => {
  test('name whom we know, also under the id of somebody who was merged, and nobody else', async () => {
    const world = await aWorld();
    await processEnvelope(world.ports, envelope([device('x')], [track('1', 'Noted', noon)]));
    const visitor = await theOne(world, device('x'));
    await processEnvelope(world.ports, envelope([email('a@example.com')], [track('2', 'Noted', noon)]));
    await processEnvelope(world.ports, envelope([email('a@example.com'), device('x')], [track('3', 'Noted', noon)]));
    const click = { ...envelope([], [track('4', 'Email Link Clicked', noon)]), personId: visitor.id };
    expect(await processEnvelope(world.ports, click)).toMatchObject({ kind: 'committed' });
    expect((await told(world, await theOne(world, email('a@example.com')))).map(({ id }) => id)).toContain('4');
    const forged = { ...envelope([], [track('5', 'Noted', noon)]), personId: '01NOBODY000000000000000000' };
    expect(await processEnvelope(world.ports, forged)).toEqual({ kind: 'unknown-person' });
    expect(await whoIs(world, email('b@example.com'))).toBeUndefined();
  });
});
