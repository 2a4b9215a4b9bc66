/**
 * A message that was handed over without an answer: marketing never goes twice, a transactional one only with the proof
 * that the provider never heard of it (promise 2).
 */
import { describe, expect, test } from 'vitest';
import type { Config } from '../../shared/config/config.ts';
import { Unavailable } from '../../shared/kernel/errors.ts';
import { minutes } from '../../shared/kernel/time.ts';
import { bounce, published } from '../channels/ses-told.ts';
import { start, Welcomed } from './welcomed.ts';

/** The welcome, as if it were owed to the customer. */
const transactional = (config: Omit<Config, 'generation'>): Omit<Config, 'generation'> => ({
  ...config,
  journeys: config.journeys.map((version) => ({
    ...version,
    templates: Object.fromEntries(
      Object.entries(version.templates).map(([name, template]) => [name, { ...template, purpose: 'transactional' as const }]),
    ),
  })),
});

const silence = { kind: 'unknown', because: 'no answer' } as const;

async function calledInVain(change?: typeof transactional): Promise<Welcomed> {
  const ada = await Welcomed.open(change === undefined ? {} : { change });
  ada.world.carriers.answerNext(silence);
  await ada.deliver();
  return ada;
}

/** Somebody else's mail, taken by SES at that time, is told of. */
const feedbackOfAnother = (ada: Welcomed, at: number): Promise<unknown> =>
  ada.feedback(published('Send', ada.mail({ sendKey: 'somebody-elses--', at, providerId: 'another' })));

describe('marketing without an answer', () => {
  test('is unknown at once and never goes again', async () => {
    const ada = await calledInVain();
    expect((await ada.message())?.status.kind).toBe('unknown');
    ada.now = start + minutes(60);
    await feedbackOfAnother(ada, ada.now);
    expect(await ada.deliver()).toBe('already-logged');
    expect(ada.world.carriers.calls()).toBe(1);
  });

  test('is known to be sent as soon as SES speaks of it, whatever it says', async () => {
    for (const told of [{ type: 'Send' }, { type: 'Bounce', content: bounce(start + 5_000) }]) {
      const ada = await calledInVain();
      await ada.feedback(published(told.type, ada.mail({ providerId: 'ses-1' }), told.content));
      expect((await ada.message())?.status).toEqual({ kind: 'sent', providerId: 'ses-1' });
    }
  });
});

describe('a transactional message without an answer', () => {
  test('is not logged, and goes again once fifteen minutes and feedback of a later message prove that SES never heard', async () => {
    const ada = await calledInVain(transactional);
    expect(await ada.message()).toBeUndefined();
    await expect(ada.deliver()).rejects.toThrow(Unavailable); // its sender may still live
    ada.now = start + minutes(14);
    await feedbackOfAnother(ada, start + minutes(10));
    expect(await ada.deliver()).toBe('waiting');
    ada.now = start + minutes(15);
    expect(await ada.deliver()).toBe('sent');
    expect([ada.world.carriers.calls(), ada.sent]).toEqual([2, 1]);
    expect(await ada.deliver()).toBe('already-logged');
  });

  test('stays for as long as only messages from before it were told of', async () => {
    const ada = await calledInVain(transactional);
    ada.now = start + minutes(300);
    await feedbackOfAnother(ada, start + 1_000); // its sender still lived
    expect(await ada.deliver()).toBe('waiting');
    expect(ada.world.carriers.calls()).toBe(1);
  });

  test('is sent, without another call, when its feedback comes after all', async () => {
    const ada = await calledInVain(transactional);
    ada.now = start + minutes(30);
    await feedbackOfAnother(ada, ada.now);
    await ada.feedback(published('Send', ada.mail({ providerId: 'ses-1', at: start })));
    expect(await ada.deliver()).toBe('sent');
    expect((await ada.message())?.status).toEqual({ kind: 'sent', providerId: 'ses-1' });
    expect(ada.world.carriers.calls()).toBe(1);
  });

  test('that the gate refuses by then may have been sent: it stays unknown', async () => {
    const ada = await calledInVain(transactional);
    ada.now = start + minutes(30);
    await feedbackOfAnother(ada, ada.now);
    ada.world.people.suppress('email', ada.claim);
    expect(await ada.deliver()).toBe('unknown');
    expect(ada.world.carriers.calls()).toBe(1);
  });

  test('is asked for by the timer of its run, for a day; then it is unknown and the run goes on', async () => {
    const ada = await calledInVain(transactional);
    let last = 'waiting';
    for (let minute = 2; minute < 24 * 60 && last === 'waiting'; minute += 2) {
      ada.now = start + minutes(minute);
      for (const item of await ada.fireTimers()) last = await ada.deliver(item).catch(() => 'waiting');
    }
    expect(last).toBe('unknown');
    expect(ada.world.carriers.calls()).toBe(1);
    ada.now += minutes(180);
    await ada.fireTimers();
    const [stored] = await ada.world.people.instances([ada.item.person], [ada.item]);
    expect(stored?.instance.log.map(({ outcome }) => outcome)).toContain('message unknown');
  });

  test('goes again by the timer of its run alone', async () => {
    const ada = await calledInVain(transactional);
    for (let minute = 2; minute < 60 && ada.sent === 0; minute += 2) {
      ada.now = start + minutes(minute);
      await feedbackOfAnother(ada, ada.now);
      for (const item of await ada.fireTimers()) await ada.deliver(item).catch(() => undefined);
    }
    expect([ada.world.carriers.calls(), ada.sent]).toEqual([2, 1]);
    expect(ada.now).toBeGreaterThanOrEqual(start + minutes(15));
  });
});

test('a refusal is final for both', async () => {
  for (const change of [undefined, transactional]) {
    const ada = await Welcomed.open(change === undefined ? {} : { change });
    ada.world.carriers.answerNext({ kind: 'refused', because: 'bad address' });
    expect(await ada.deliver()).toBe('failed');
    ada.now = start + minutes(60);
    expect(await ada.deliver()).toBe('already-logged');
  }
});
