/** Why something happened or did not, in sentences that read as a person would say them (promise 5). */
import { describe, expect, test } from 'vitest';
import { decisionSentence, messageSentence, stepSentence } from '../../local/api/sentences.ts';
import type { Json } from '../../shared/kernel/json.ts';
import type { MessageLog } from '../../shared/messages/message.ts';
import type { Decision } from '../../shared/profile/timeline.ts';

const decision = (because: string, seen: Json, outcome: Decision['outcome'] = 'not'): Decision => ({
  at: 0,
  rule: 'rappel',
  event: 'Cart Updated',
  moment: 'start',
  outcome,
  because,
  seen,
});

describe('a decision', () => {
  test.each<[string, Json, string]>([
    ['cart.value must be at least 30', 24.9, 'cart.value must be at least 30 (seen: 24.9)'],
    ['cart.value must be at least 30', null, 'cart.value must be at least 30 (seen: nothing)'],
    [
      'one of these must hold: city must be known; cart.value must be at least 30',
      { city: null, 'cart.value': 12 },
      'one of these must hold: city must be known; cart.value must be at least 30 (seen: city nothing, cart.value 12)',
    ],
    ['birthday is no date', '1988-13-01T00:00:00Z', 'birthday is no date (seen: 1988-13-01T00:00:00Z)'],
    ['birthday is no date', '1988-02-29T10:00:00', 'birthday is no date (seen: 1988-02-29T10:00:00)'],
    ['rests 3 days', '2026-11-24T10:00:00.000Z', 'rests 3 days (seen: 2026-11-24 10:00:00)'],
  ])('that was no because %s says what was seen: %j', (because, seen, words) => {
    expect(decisionSentence(decision(because, seen))).toBe(`“Cart Updated” does not start rappel: ${words}.`);
  });

  test('that was yes has nothing to show', () => {
    expect(decisionSentence(decision('start condition holds', null, 'fired'))).toBe('“Cart Updated” starts rappel.');
  });
});

test('a step that took the other way says what it did not see', () => {
  const step = { step: '2', at: 0, outcome: 'else', because: 'cart.value must be at least 30', seen: null };
  expect(stepSentence('rappel', step)).toBe('rappel takes “else” at step 2: cart.value must be at least 30 (seen: nothing).');
  expect(stepSentence('rappel', { step: '2', at: 0, outcome: 'then' })).toBe(
    'rappel takes “then” at step 2: its condition holds.',
  );
});

test('a message without an address says where one was told that is none', () => {
  const message = (seen: Json): MessageLog => ({
    sendKey: 'k',
    orderTime: 0,
    at: 0,
    cause: { kind: 'journey', name: 'rappel', step: '1' },
    channel: 'email',
    purpose: 'marketing',
    template: 'rappel',
    status: { kind: 'dropped', because: 'no-address', seen },
  });
  expect(messageSentence(message(['email']))).toContain('no address is known for this channel (seen: email).');
  expect(messageSentence(message('the e-mail told is no address, or somebody else’s'))).toContain(
    'no address is known for this channel (seen: the e-mail told is no address, or somebody else’s).',
  );
});

test.each([
  ['task', 'atelier/2', 'Task of step 2 of journey atelier was sent.'],
  ['webhook', 'https://caisse.example/x', 'Webhook “https://caisse.example/x” of step 2 of journey atelier was sent.'],
  ['sms', 'rappel', 'SMS “rappel” of journey atelier was sent.'],
  ['email', 'rappel', 'E-mail “rappel” of journey atelier was sent.'],
] as const)('what was sent as %s is named so that a person knows it', (channel, template, words) => {
  const message: MessageLog = {
    sendKey: 'k',
    orderTime: 0,
    at: 0,
    cause: { kind: 'journey', name: 'atelier', step: '2' },
    channel,
    purpose: 'transactional',
    template,
    status: { kind: 'sent', providerId: 'x' },
  };
  expect(messageSentence(message)).toBe(words);
});
