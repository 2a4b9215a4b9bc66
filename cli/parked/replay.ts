/**
 * `relance parked replay`: each item is sent the way it came and only then removed. A crash between the two leaves it parked;
 * a second replay sends it again, which no stage does twice. What would only be parked again stays, with its reason.
 */
import { readFile } from 'node:fs/promises';
import type { Parked } from '../../shared/ports.ts';
import type { Account } from '../account.ts';
import type { Terminal } from '../command.ts';
import type { Asked } from '../options.ts';
import { liveConfig } from '../setup/config.ts';
import { calling, Trouble } from '../trouble.ts';
import type { World } from '../world.ts';
import { chosen } from './choose.ts';
import { send } from './send.ts';
import { parkingOf } from './stores.ts';
import { reasonsOf } from './told.ts';
import { type Repair, wayOf } from './ways.ts';

export interface Replayed {
  readonly id: string;
  readonly outcome: 'sent' | 'kept';
  readonly reasons: readonly string[];
}

export async function replay(account: Account, terminal: Terminal, world: World, asked: Asked): Promise<number> {
  const repair = await repairOf(account, world, asked);
  const items = await chosen(account, world, asked);
  const results: Replayed[] = [];
  for (const item of items.toSorted((a, b) => a.at - b.at)) {
    const result = await replayOne(account, world, item, repair);
    results.push(result);
    if (!asked.has('json')) for (const line of told(result)) terminal.out(line);
  }
  const kept = results.filter(({ outcome }) => outcome === 'kept').length;
  if (asked.has('json')) terminal.out(JSON.stringify(results, null, 2));
  else terminal.out(`${results.length - kept} sent again, ${kept} kept.`);
  return kept === 0 ? 0 : 1;
}

async function replayOne(account: Account, world: World, item: Parked, repair: Repair): Promise<Replayed> {
  const way = wayOf(item, repair);
  if (way.kind === 'none') return { id: item.id, outcome: 'kept', reasons: reasonsOf(way) };
  await send(account, item, way);
  await calling('dynamodb:DeleteItem', () => parkingOf(account, world).drop(item));
  return { id: item.id, outcome: 'sent', reasons: [] };
}

const told = ({ id, outcome, reasons }: Replayed): readonly string[] => {
  if (outcome === 'sent') return [`${id} is on its way again.`];
  return [`${id} stays parked, because it cannot be used as it is:`, ...reasons.map((reason) => `  ${reason}`)];
};

async function repairOf(account: Account, { input }: World, asked: Asked): Promise<Repair> {
  const trust = asked.value('trust') ?? 'browser';
  if (trust !== 'browser' && trust !== 'server')
    throw new Trouble('called-wrongly', `--trust takes browser or server, not "${trust}".`, 'Leave it out for browser.');
  const file = asked.value('with');
  if (file !== undefined && asked.words.length !== 2)
    throw new Trouble('called-wrongly', '--with repairs one item.', 'Name one id.');
  const live = await liveConfig(account);
  if (live === undefined)
    throw new Trouble(
      'absent',
      'No config is live, so nothing could be done with it.',
      'Publish it: `npm run -s relance -- setup`.',
    );
  const body = file === undefined ? undefined : file === '-' ? await input() : await textOf(file);
  return { trust, country: live.brand.country, ...(body === undefined ? {} : { body }) };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const says = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Trouble('called-wrongly', `${file} cannot be read (${says}).`, 'Name a file that holds the repaired body.');
  }
}
