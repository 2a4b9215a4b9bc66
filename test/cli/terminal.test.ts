/** What strangers wrote cannot play with the owner's screen, and reaches a file unchanged. */
import { expect, test } from 'vitest';
import { terminalOn } from '../../cli/terminal.ts';

const hostile = 'a\u001b[2Jb\u0007\u202Ec\r\td\né🧣';

test.each([
  [true, 'a\uFFFD[2Jb\uFFFD\uFFFDc\uFFFD\td\né🧣\n'],
  [false, `${hostile}\n`],
])('on a screen: %j', (isTTY, expected) => {
  const written: string[] = [];
  const stream = { isTTY, write: (text: string) => written.push(text) };
  const terminal = terminalOn(stream, stream);
  terminal.out(hostile);
  terminal.error(hostile);
  expect(written).toEqual([expected, expected]);
});
