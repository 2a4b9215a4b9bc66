/** Suggestions are what was meant: durations, spelling, corrected lines. */
import { expect, test } from 'vitest';
import { suggestDuration } from '../../shared/config/decode/duration-words.ts';
import { distance, nearest } from '../../shared/config/decode/spelling.ts';
import { quotedLine, withPlainIndentation } from '../../shared/config/decode/yaml-repair.ts';

test.each([
  ['30', '30 minutes'],
  ['1h30', '90 minutes'],
  ['1 h 30', '90 minutes'],
  ['2h00', '2 hours'],
  ['1,5 heure', '90 minutes'],
  ['1.5 days', '36 hours'],
  ['PT45M', '45 minutes'],
  ['P3D', '3 days'],
  ['an hour', '1 hour'],
  ['une semaine', '1 semaine'],
  ['3 dayz', '3 days'],
  ['2 heurs', '2 hours'],
  ['soon', undefined],
  ['', undefined],
  ['3 constructor', undefined],
])('the duration %s → %s', (written, suggestion) => {
  expect(suggestDuration(written)).toBe(suggestion);
});

test.each([
  ['whait', ['wait', 'send'], 'wait'],
  ['restartOn', ['wait', 'restart on'], 'restart on'],
  ['étapes', ['start', 'steps'], 'steps'],
  ['Sujet', ['subject', 'purpose'], 'subject'],
  ['xyz', ['wait', 'send'], undefined],
  ['constructor', ['wait', 'send'], undefined],
])('the word %s among %j → %s', (word, known, meant) => {
  expect(nearest(word, known)).toBe(meant);
});

test.each([
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['wiat', 'wait', 1],
  ['same', 'same', 0],
])('from %s to %s it is %i letters', (a, b, letters) => {
  expect(distance(a, b)).toBe(letters);
  expect(distance(b, a)).toBe(letters);
});

test.each([
  ['subject: Votre panier : il attend', 'subject: "Votre panier : il attend"'],
  ["  - send: 'L'atelier'", '  - send: "L\'atelier"'],
  ['name: Un "beau" jour : oui', 'name: \'Un "beau" jour : oui\''],
  ['name: L\'"été" : oui', "name: 'L''\"été\" : oui'"],
  ['name: "jamais fermé', 'name: "jamais fermé"'],
  ['name: "déjà bien"', undefined],
  ['steps: - send: x', undefined],
  ['text: |', undefined],
  ['nothing to quote', undefined],
])('the line %s → %s', (line, corrected) => {
  expect(quotedLine(line)).toBe(corrected);
});

test('non-breaking spaces stay in text', () => {
  expect(withPlainIndentation('\u00a0\u00a0subject:\u00a0Prêt\u00a0? Oui\u00a0!\n-\u00a0send: a')).toBe(
    '  subject: Prêt\u00a0? Oui\u00a0!\n- send: a',
  );
});
