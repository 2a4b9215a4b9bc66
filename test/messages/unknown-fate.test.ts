/** A message whose fate nobody knows goes out again only where promise 2 allows it, to the letter. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minutes } from '../../shared/kernel/time.ts';
import { fateOf, lease, type UnknownCall } from '../../shared/messages/unknown-fate.ts';

const called = 1_000_000_000;
const call = (given: Partial<UnknownCall> = {}): UnknownCall => ({
  template: { purpose: 'transactional', repeat: 'never' },
  calledAt: called,
  now: called + minutes(15),
  tellsFeedback: true,
  feedbackUntil: called + lease + 1,
  isLastAsking: false,
  ...given,
});

describe('where the provider tells what it took, a transactional message', () => {
  test.each<[string, Partial<UnknownCall>, string]>([
    ['goes again after 15 minutes with feedback of later messages', {}, 'repeat'],
    ['waits a moment before', { now: called + minutes(15) - 1 }, 'open'],
    ['waits while no feedback of later messages has come', { feedbackUntil: called + lease }, 'open'],
    ['waits a day without it', { now: called + minutes(1440), feedbackUntil: called - 1 }, 'open'],
    ['is given up when nobody asks again', { feedbackUntil: 0, isLastAsking: true }, 'final'],
    ['goes again when nobody asks after this', { isLastAsking: true }, 'repeat'],
    [
      'does not go at once because its template allows a repetition',
      { template: { purpose: 'transactional', repeat: 'allowed' }, now: called + lease },
      'open',
    ],
  ])('%s', (_what, given, fate) => {
    expect(fateOf(call(given))).toBe(fate);
  });
});

test.each([
  ['allowed', 'repeat'],
  ['never', 'final'],
] as const)('where it tells nothing, the template decides: repeat %s', (repeat, fate) => {
  const template = { purpose: 'transactional' as const, repeat };
  expect(fateOf(call({ tellsFeedback: false, template, feedbackUntil: 0 }))).toBe(fate);
});

test('marketing never goes again, whatever else is true', () => {
  fc.assert(
    fc.property(
      fc.nat(10_000_000),
      fc.nat(10_000_000),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom('never' as const, 'allowed' as const),
      (later, told, tellsFeedback, isLastAsking, repeat) => {
        const template = { purpose: 'marketing' as const, repeat };
        const feedbackUntil = called + told;
        expect(fateOf(call({ template, now: called + later, feedbackUntil, tellsFeedback, isLastAsking }))).toBe('final');
      },
    ),
  );
});
