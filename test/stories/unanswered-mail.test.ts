/**
 * SES is called and never answers: did it hear? Its feedback tells, through the whole product: a mail that left is known to
 * have left and leaves once, and one that never left goes again only where it is owed (promise 2).
 */
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hours, minutes, shop, type Shop } from './shop.ts';

/** The stock config with a welcome that is owed to whoever signs up. */
function owedWelcome(): string {
  const folder = mkdtempSync(join(tmpdir(), 'relance-owed-'));
  cpSync('config', folder, { recursive: true });
  for (const file of globSync('templates/bienvenue*/*.mjml', { cwd: folder })) {
    const path = join(folder, file);
    writeFileSync(path, readFileSync(path, 'utf8').replace('purpose: marketing', 'purpose: transactional'));
  }
  return folder;
}

async function signsUp(story: Shop): Promise<string> {
  const userId = story.fresh('u');
  const email = `${userId}@example.com`;
  await story.segment('identify', { userId, traits: { email, consent: { email: true } } });
  await story.settle();
  await story.segment('track', { userId, event: 'Signed Up' });
  await story.settle();
  return email;
}

/** The first message to somebody, as the product knows it. */
const statusOf = async (story: Shop, email: string): Promise<unknown> => {
  const { messages } = await story.profile(`email=${email}`);
  return Array.isArray(messages) ? messages[0] : undefined;
};

describe('a welcome that is owed', () => {
  const config = owedWelcome();
  afterAll(() => rmSync(config, { recursive: true }));
  const story = shop({ config });

  test('and left without an answer is known to have left, and leaves once', async () => {
    story.stack().emulators.ses.failNext({ kind: 'timeout-after-accept' });
    const email = await signsUp(story);
    await story.advance(minutes(20));
    await signsUp(story);
    await story.advance(hours(3));
    expect(await story.mailsTo(email)).toHaveLength(1);
    expect(await statusOf(story, email)).toMatchObject({ status: { kind: 'sent' }, marks: [{ kind: 'delivered' }] });
  });

  test('and never left goes again, once, when feedback of a later mail has come and a quarter of an hour has passed', async () => {
    story.stack().emulators.ses.failNext({ kind: 'timeout-before-accept' });
    const called = story.now();
    const email = await signsUp(story);
    await story.advance(minutes(10));
    await signsUp(story);
    await story.advance(hours(3));
    const mails = await story.mailsTo(email);
    expect(mails).toHaveLength(1);
    expect(Date.parse(mails[0]?.sentAt ?? '') - called).toBeGreaterThanOrEqual(minutes(15));
    expect(await statusOf(story, email)).toMatchObject({ status: { kind: 'sent' }, marks: [{ kind: 'delivered' }] });
  });

  test('and never left does not go again while nothing later was told of; after a day it is unknown', async () => {
    story.stack().emulators.ses.failNext({ kind: 'timeout-before-accept' });
    const email = await signsUp(story);
    await story.advance(hours(20));
    expect(await story.mailsTo(email)).toEqual([]);
    expect(await statusOf(story, email)).toBeUndefined();
    await story.advance(hours(8));
    expect(await story.mailsTo(email)).toEqual([]);
    expect(await statusOf(story, email)).toMatchObject({ status: { kind: 'unknown' } });
  });
});

describe('marketing', () => {
  const story = shop();

  test('that left without an answer is known to have left', async () => {
    story.stack().emulators.ses.failNext({ kind: 'timeout-after-accept' });
    const email = await signsUp(story);
    await story.advance(minutes(5));
    expect(await story.mailsTo(email)).toHaveLength(1);
    expect(await statusOf(story, email)).toMatchObject({ status: { kind: 'sent' }, marks: [{ kind: 'delivered' }] });
  });

  test('that never left stays unknown, whatever is told of later mails', async () => {
    story.stack().emulators.ses.failNext({ kind: 'timeout-before-accept' });
    const email = await signsUp(story);
    await story.advance(minutes(10));
    await signsUp(story);
    await story.advance(hours(3));
    expect(await story.mailsTo(email)).toEqual([]);
    expect(await statusOf(story, email)).toMatchObject({ status: { kind: 'unknown' } });
  });
});
