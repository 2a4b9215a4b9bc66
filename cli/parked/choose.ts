/** Which parked items a command is about: those that are named, or all, or all of one stage. */
import type { Parked } from '../../shared/ports.ts';
import type { Account } from '../account.ts';
import type { Asked } from '../options.ts';
import { calling, Trouble } from '../trouble.ts';
import type { World } from '../world.ts';
import { parkingOf } from './stores.ts';

/** At most so many at a time: each is read with its body. */
export const mostAtOnce = 1_000;

export async function allParked(account: Account, world: World, stage: string | undefined): Promise<readonly Parked[]> {
  const items = await calling('dynamodb:Query', () => parkingOf(account, world).parked(mostAtOnce));
  return stage === undefined ? items : items.filter((item) => item.stage === stage);
}

/** Throws Trouble when one that is named is not there, and when neither names nor `--all` say which. */
export async function chosen(account: Account, world: World, asked: Asked): Promise<readonly Parked[]> {
  const [, ...ids] = asked.words;
  const all = asked.has('all') || asked.has('stage');
  if (all === ids.length > 0)
    throw new Trouble('called-wrongly', 'Which ones?', 'Name ids, or say --all, or --stage with a stage.');
  if (all) return allParked(account, world, asked.value('stage'));
  return Promise.all([...new Set(ids)].map((id) => theOne(account, world, id)));
}

export async function theOne(account: Account, world: World, id: string): Promise<Parked> {
  const item = await calling('dynamodb:BatchGetItem', () => parkingOf(account, world).find(id));
  if (item !== undefined) return item;
  throw new Trouble(
    'absent',
    `Nothing is parked under ${id}: replayed, dropped, or older than 14 days.`,
    'See what is parked: `npm run -s relance -- parked list`.',
  );
}
