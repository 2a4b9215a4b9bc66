/** A text becomes what a phone can show, whatever was written into it, and SNS takes it as it was made. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClock } from '../../local/clock.ts';
import { type Emulators, startEmulators } from '../../local/emulators/start.ts';
import { composeSms, connect, maxSmsBytes, snsClient, type SmsToCompose } from '../../shared/channels/sms.ts';
import { readTags } from '../../shared/channels/tags.ts';
import { InvalidInput } from '../../shared/kernel/errors.ts';

const sms = (change: Partial<SmsToCompose> = {}): SmsToCompose => ({
  identity: {
    sendKey: 'AbC_-0123456789x',
    orderTime: 1_763_920_000_000,
    person: '01JD0000000000000000000000',
    cause: { kind: 'journey', name: 'panier-abandonne', step: '2' },
  },
  purpose: 'marketing',
  sender: 'ATELIER',
  to: '+33612345678',
  text: 'Votre panier vous attend.',
  ...change,
});

const textOf = (text: string): string => new TextDecoder().decode(composeSms(sms({ text })).body);

describe('a composed SMS', () => {
  test('goes from the brand to the number, with its purpose and the tags that name it', () => {
    const { tags, ...message } = composeSms(sms({ purpose: 'transactional' }));
    expect(message).toEqual({
      channel: 'sms',
      purpose: 'transactional',
      from: 'ATELIER',
      to: '+33612345678',
      body: new TextEncoder().encode('Votre panier vous attend.'),
    });
    expect(readTags(tags)).toEqual(sms().identity);
  });

  test.each([
    ['Windows and old Macs end lines otherwise', 'Un\r\nDeux\rTrois\nQuatre', 'Un\nDeux\nTrois\nQuatre'],
    ['other ends of lines', 'Un\u2028Deux\u2029Trois\u0085Quatre\vCinq\fSix', 'Un\nDeux\nTrois\nQuatre\nCinq\nSix'],
    ['blanks around and between', '\n\n  Un \t deux \n\n\n\n  Trois\n ', 'Un deux\n\nTrois'],
    ['control characters', 'Un\u0000\u0007 deux\u001b[31m\u007f', 'Un deux [31m'],
    ['what reverses the reading order, and what nobody sees', 'Un\u202e deux\u2066 trois\ufeff\u{e0001}', 'Un deux trois'],
    ['no-break spaces', '31,90\u00a0€ · 1\u202f510,00\u00a0€', '31,90 € · 1 510,00 €'],
    ['half a character', 'Un \ud83d deux', 'Un \ufffd deux'],
    ['emoji, accents, and signs that HTML would escape', 'Léa & Noé <3 👩‍👧 ’«»', 'Léa & Noé <3 👩‍👧 ’«»'],
  ])('is made of lines that a phone shows: %s', (_what, text, shown) => {
    expect(textOf(text)).toBe(shown);
  });

  test('of any text holds no control character but ends of lines, and is the same when it is made again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\r', '\n', ' ', '\u00a0', '\ud800'))),
        (parts) => {
          const text = parts.join('').slice(0, 300);
          fc.pre(/[\p{L}\p{N}]/u.test(text));
          const shown = textOf(text);
          expect(shown).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]|\n{3}|^\s|\s$/u);
          expect(textOf(shown)).toBe(shown);
        },
      ),
    );
  });

  test.each<[string, Partial<SmsToCompose>, RegExp]>([
    ['an empty text', { text: '' }, /^text: is empty$/],
    ['a text of blanks', { text: ' \r\n\u00a0\t' }, /^text: is empty$/],
    ['a text that nobody sees', { text: '\u200b\u2060\u{e0041}\n\u200d' }, /^text: is empty$/],
    ['a text of control characters', { text: '\u0000\u202e\ufeff' }, /^text: is empty$/],
    ['a text that SNS would not take', { text: 'é'.repeat(801) }, /^text: is longer than 1600 bytes$/],
    ['no sender', { sender: undefined }, /^sender: brand.yaml names none for SMS$/],
    ['a national number', { to: '0612345678' }, /^address: is no phone number/],
    ['a number with blanks', { to: '+33 6 12 34 56 78' }, /^address: is no phone number/],
    ['a topic for a number', { to: 'arn:aws:sns:eu-west-3:000000000000:relance-alarms' }, /^address/],
    ['two numbers', { to: '+33612345678,+33612345679' }, /^address/],
    ['a line after the number', { to: '+33612345678\n' }, /^address/],
    ['several mistakes', { sender: undefined, to: '', text: '' }, /^sender: .*; address: .*; text: is empty$/],
  ])('is refused for %s', (_what, change, problem) => {
    expect(() => composeSms(sms(change))).toThrow(InvalidInput);
    expect(() => composeSms(sms(change))).toThrow(problem);
  });

  test('may be as long as SNS takes', () => {
    expect(composeSms(sms({ text: 'é'.repeat(maxSmsBytes / 2) })).body).toHaveLength(maxSmsBytes);
  });
});

describe('through SNS', () => {
  let emulators: Emulators;
  beforeEach(async () => void (emulators = await startEmulators({ clock: createClock() })));
  afterEach(() => emulators.stop());
  const sender = () =>
    connect(
      snsClient(undefined, {
        endpoint: emulators.origin,
        region: 'eu-west-3',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      }),
    );

  test('a text is taken as it was composed', async () => {
    const outcome = await sender().send(composeSms(sms({ text: 'Léa, votre panier 🛒\nvous attend & <3' })));
    const [taken] = emulators.sns.inbox();
    expect(outcome).toEqual({ kind: 'accepted', providerId: taken?.id });
    expect(emulators.sns.inbox()).toMatchObject([
      {
        kind: 'sms',
        phoneNumber: '+33612345678',
        message: 'Léa, votre panier 🛒\nvous attend & <3',
        senderId: 'ATELIER',
        type: 'Promotional',
      },
    ]);
    expect(taken).not.toHaveProperty('maxPrice');
  });

  test('the longest text is taken as well', async () => {
    expect(await sender().send(composeSms(sms({ text: 'é'.repeat(maxSmsBytes / 2) })))).toMatchObject({ kind: 'accepted' });
  });

  test.each([
    ['reject', 'refused', 0],
    ['throttle', 'throttled', 0],
    ['timeout-before-accept', 'unknown', 0],
    ['timeout-after-accept', 'unknown', 1],
  ] as const)('after %s it is %s, called once, and %i left', async (fault, kind, left) => {
    emulators.sns.failNext({ kind: fault });
    expect(await sender().send(composeSms(sms()))).toMatchObject({ kind });
    expect(emulators.calls.get('sns.Publish')).toBe(1);
    expect(emulators.sns.inbox()).toHaveLength(left);
  });
});
