/** What was accepted survives the end of the server: table, queues, inbox and clock go on where they were (promise 1). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startStack, type Stack } from '../../local/stack.ts';
import { localOptions, minutes, Shop } from './shop.ts';

let stack: Stack | undefined;
const folder = mkdtempSync(join(tmpdir(), 'relance-restart-'));

const open = async (): Promise<Shop> => {
  stack = await startStack(localOptions({ data: folder }));
  return new Shop(() => {
    if (stack === undefined) throw new Error('closed');
    return stack;
  });
};

afterEach(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a cart told before a restart is reminded of after it, also when its event was still in the queue', async () => {
  const before = await open();
  const [seen, queued] = [before.fresh('seen'), before.fresh('queued')];
  const add = (shop: Shop, userId: string) =>
    shop.segment('batch', {
      batch: [
        {
          type: 'identify',
          userId,
          messageId: shop.fresh('m'),
          traits: { email: `${userId}@example.com`, consent: { email: true } },
        },
        {
          type: 'track',
          userId,
          messageId: shop.fresh('m'),
          event: 'Product Added',
          properties: { product_id: 'p', name: 'Bonnet', price: 5 },
        },
      ],
    });
  await add(before, seen);
  await before.settle();
  await before.advance(minutes(10));
  before.stack().host.pause();
  expect((await add(before, queued)).status).toBe(200);
  const stoppedAt = before.now();
  await stack?.stop();

  const after = await open();
  expect(after.now()).toBeGreaterThanOrEqual(stoppedAt);
  await after.settle();
  await after.advance(minutes(41));
  expect(await after.mailsTo(`${seen}@example.com`)).toHaveLength(1);
  expect(await after.mailsTo(`${queued}@example.com`)).toHaveLength(1);
});
