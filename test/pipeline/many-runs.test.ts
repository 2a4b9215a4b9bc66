/** However many runs somebody has under way: what ends, moves or begins them all is committed, in the table as in memory. */
import { describe, expect, test } from 'vitest';
import { dynamoClient } from '../../shared/adapters/aws/client.ts';
import { AwsPeople } from '../../shared/adapters/aws/people.ts';
import type { Instance } from '../../shared/journeys/instance.ts';
import { minutes } from '../../shared/kernel/time.ts';
import { processEnvelope } from '../../shared/pipeline/process-events.ts';
import type { Ports } from '../../shared/ports.ts';
import { embeddedTables } from '../ports/embedded-table.ts';
import { ada, aJourney, aWorld, goal, span, wait } from './language-world.ts';
import { device, envelope, noon, theOne, told, track, type TestWorld } from './process-events-world.ts';

const tables = embeddedTables();

/** A world whose people are in a table, and its processes die after so many more writes there. */
async function tableWorld(...journeys: Parameters<typeof aWorld>[0] & object) {
  const world = await aWorld(journeys);
  const table = await tables.newTable();
  const dynamo = dynamoClient(tables.environment());
  const left = { writes: Infinity };
  dynamo.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        if (!commandName.includes('Get') && commandName !== 'QueryCommand' && left.writes-- <= 0) throw new Error('died');
        return next(args);
      },
    { step: 'initialize' },
  );
  const ports: Ports = { ...world.ports, people: new AwsPeople({ dynamo, table }) };
  return { world: { ...world, ports }, left };
}

async function tell({ ports, clock }: TestWorld, id: string, name: string, who = [ada]): Promise<void> {
  clock.now += minutes(1);
  await processEnvelope(ports, envelope(who, [track(id, name, clock.now, { order_id: '1', total: 3 })]));
}

const runsOf = async ({ ports, ...world }: TestWorld): Promise<readonly Instance[]> => {
  const { id, attributes } = await theOne({ ports, ...world }, ada);
  return (await ports.people.allInstances([id, ...attributes.aliases])).map(({ instance }) => instance);
};

const statesOf = async (world: TestWorld): Promise<Readonly<Record<string, number>>> => {
  const counts: Record<string, number> = {};
  for (const { state } of await runsOf(world)) {
    const name = state.kind === 'ended' ? state.because : state.kind;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};

const viewed = { on: ['Product Viewed'], reentry: { kind: 'always' } } as const;
const week = [wait('1', '7 days'), goal('2')];
const byOrder = aJourney('vu', viewed, week, { exit: { on: ['Order Completed'] } });
const untilOrder = aJourney('vu', viewed, [
  { kind: 'wait-event', label: '1', pattern: { on: ['Order Completed'] }, atMost: span('7 days'), otherwise: 2 },
  wait('2', '1 day'),
]);

const bought = async (world: TestWorld, views: number, dies: () => void = () => undefined): Promise<void> => {
  for (let n = 0; n < views; n++) await tell(world, `v${n}`, 'Product Viewed');
  dies();
  await tell(world, 'o', 'Order Completed');
};

describe('an order of somebody with a hundred runs under way', () => {
  test.each([
    ['ends them all', byOrder, { exit: 100 }],
    ['moves them all', untilOrder, { waiting: 100 }],
  ])('%s', async (_what, journey, states) => {
    const { world } = await tableWorld(journey);
    await bought(world, 100);
    expect(await statesOf(world)).toEqual(states);
    const { hot, id } = await theOne(world, ada);
    expect(hot.open).toHaveLength(journey === byOrder ? 0 : 100);
    expect((await world.ports.people.statistics(id)).orders).toHaveLength(1);
  });

  test.each([1, 2, 4, 5])('ends them all where its process dies after %i writes, and it is told again', async (writes) => {
    const { world, left } = await tableWorld(byOrder);
    await expect(bought(world, 100, () => void (left.writes = writes))).rejects.toThrow('died');
    left.writes = Infinity;
    world.clock.now += minutes(20);
    const at = world.clock.now - minutes(20);
    const order = track('o', 'Order Completed', at, { order_id: '1', total: 3 });
    await processEnvelope(world.ports, envelope([ada], [order]));
    expect(await statesOf(world)).toEqual({ exit: 100 });
    const person = await theOne(world, ada);
    expect((await told(world, person)).filter(({ name }) => name === 'Order Completed')).toHaveLength(1);
    expect((await world.ports.people.statistics(person.id)).orders).toHaveLength(1);
  });
});

test.each([60, 100, 130])('an envelope begins as many runs as %i of its events say, up to a hundred', async (views) => {
  const { world } = await tableWorld(byOrder);
  const all = Array.from({ length: views }, (_, n) => track(`v${n}`, 'Product Viewed', noon - n));
  await processEnvelope(world.ports, envelope([ada], all));
  expect(await statesOf(world)).toEqual({ waiting: Math.min(views, 100) });
});

test('a run that would be one too many does not begin, says why, and begins once others have ended', async () => {
  const { world } = await tableWorld(byOrder);
  for (let n = 0; n < 101; n++) await tell(world, `v${n}`, 'Product Viewed');
  expect(await statesOf(world)).toEqual({ waiting: 100 });
  const { id } = await theOne(world, ada);
  const decisions = [];
  for await (const chunks of world.ports.people.timeline([id], 'E#', 'E#~'))
    decisions.push(...chunks.flatMap((one) => one.decisions));
  expect(decisions.at(-1)).toMatchObject({ moment: 'start', outcome: 'not', because: 'as many as 100 are under way', seen: 100 });
  await tell(world, 'o', 'Order Completed');
  await tell(world, 'later', 'Product Viewed');
  expect(await statesOf(world)).toEqual({ exit: 100, waiting: 1 });
});

test.each([48, 100])('two people with %i runs each become one, with all of them', async (views) => {
  const { world } = await tableWorld(byOrder);
  const phone = device('phone');
  for (let n = 0; n < views; n++) {
    await tell(world, `a${n}`, 'Product Viewed');
    await tell(world, `b${n}`, 'Product Viewed', [phone]);
  }
  await tell(world, 'm', 'Identify', [ada, phone]);
  expect(await statesOf(world)).toEqual({ waiting: 2 * views, merged: views });
  expect((await theOne(world, phone)).hot.open).toHaveLength(2 * views);
  await tell(world, 'o', 'Order Completed', [phone]);
  expect(await statesOf(world)).toEqual({ exit: 2 * views, merged: views });
});
