/** `relance parked`: what could not be done is seen with its reason, or dropped for good, and never shown unasked. */
import { beforeEach, describe, expect, test } from 'vitest';
import { exactDays } from '../../shared/kernel/time.ts';
import { now, owner } from './owner.ts';
import { parkedItems } from './parked-items.ts';

const shop = owner();
const { park, left } = parkedItems(shop);
beforeEach(async () => {
  await shop.deploy();
  await shop.run(['setup', '--yes']);
});

describe('list and show', () => {
  test('tell why and since when, and no body', async () => {
    await park();
    await park({ id: 'older', at: now - exactDays(2), stage: 'shopify', body: 'ada@example.com' });
    const { code, out } = await shop.run(['parked', 'list']);
    expect(code).toBe(0);
    expect(out).toBe(
      'message-1\n  2026-11-23 11:59 UTC  process-events\n  events.0: the table said no\n\n' +
        'older\n  2026-11-21 12:00 UTC  shopify\n  events.0: the table said no\n\n2 parked.',
    );
    expect((await shop.run(['parked', 'list', '--stage', 'shopify'])).out).toMatch(/^older\n[^]*1 parked\.$/);
    const shown = await shop.run(['parked', 'show', 'older']);
    expect(shown.out).toContain('Since   2026-11-21 12:00 UTC, kept until 2026-12-05 12:00 UTC');
    for (const said of [
      out,
      shown.out,
      (await shop.run(['parked', 'list', '--json'])).out,
      (await shop.run(['parked', 'show', 'older', '--json'])).out,
    ])
      expect(said).not.toMatch(/ada|hashed/);
  });

  test('a body is shown only where it is asked for, byte for byte', async () => {
    const { body } = await park({ body: '{"broken": "é🧣' });
    expect((await shop.run(['parked', 'show', 'message-1', '--body'])).out).toBe(body);
    expect(JSON.parse((await shop.run(['parked', 'show', 'message-1', '--body', '--json'])).out)).toMatchObject({ body });
  });

  test('say when there is nothing', async () => {
    expect(await shop.run(['parked', 'list'])).toEqual({ code: 0, out: 'Nothing is parked.', error: '' });
    const { code, error } = await shop.run(['parked', 'show', 'é#/nobody']);
    expect(code).toBe(2);
    expect(error).toMatch(/^Nothing is parked under é#\/nobody/);
  });
});

describe('drop', () => {
  test('asks first, and keeps after a no', async () => {
    await park();
    const asked: string[] = [];
    const no = await shop.run(['parked', 'drop', 'message-1'], { ask: async (question) => asked.push(question) === 0 });
    expect(no).toEqual({ code: 1, out: 'Nothing was dropped.', error: '' });
    expect(asked).toEqual([expect.stringMatching(/^One item is dropped for good/)]);
    expect(await left()).toEqual(['message-1']);
    const yes = await shop.run(['parked', 'drop', 'message-1'], { ask: async () => true });
    expect(yes).toEqual({ code: 0, out: '1 dropped.', error: '' });
    expect(await left()).toEqual([]);
  });

  test('refuses where nobody can be asked, and says what to add', async () => {
    await park();
    const { code, error } = await shop.run(['parked', 'drop', '--all']);
    expect(code).toBe(2);
    expect(error).toMatch(/nobody is here to be asked\.\nAdd --yes/);
    expect(await left()).toEqual(['message-1']);
    expect(await shop.run(['parked', 'drop', '--all', '--yes', '--json'])).toMatchObject({ code: 0 });
    expect(await left()).toEqual([]);
  });

  test('names the permission that is missing', async () => {
    await park();
    shop.table().refuse.set('DeleteItem', 'AccessDeniedException');
    const { code, error } = await shop.run(['parked', 'drop', 'message-1', '--yes']);
    expect(code).toBe(2);
    expect(error).toContain('user/owner may not dynamodb:DeleteItem.');
    shop.table().refuse.set('Query', 'AccessDeniedException');
    expect((await shop.run(['parked', 'list'])).error).toContain('may not dynamodb:Query.');
  });
});

test.each([
  [['parked'], 'Say what to do with parked items.'],
  [['parked', 'lst'], 'There is no "parked lst". did you mean "list"?'],
  [['parked', 'show'], 'parked show takes one id.'],
  [['parked', 'list', 'x'], 'parked list takes no ids: parked show does.'],
  [['parked', 'list', '--yes'], 'parked list has no use for --yes.'],
  [['parked', 'replay'], 'Which ones?'],
  [['parked', 'replay', 'a', '--all'], 'Which ones?'],
  [['parked', 'replay', 'a', '--trust', 'me'], '--trust takes browser or server, not "me".'],
  [['parked', 'replay', 'a', 'b', '--with', 'x'], '--with repairs one item.'],
  [['parked', 'replay', 'a', '--with', '/nowhere/x'], '/nowhere/x cannot be read (ENOENT).'],
  [['parked', 'replay', 'a', '--wth', 'x'], 'There is no option --wth: did you mean --with?'],
])('%j is answered 2: %s', async (args, says) => {
  const { code, error } = await shop.run(args);
  expect(code).toBe(2);
  expect(error.split('\n')[0]).toBe(says);
});
