/**
 * Standard output and error as commands write to them. Where a person looks at a screen, what strangers wrote (a parked body, a
 * DNS record) cannot move its cursor or hide text; into a file or a pipe every byte goes as it is.
 */
import type { Terminal } from './command.ts';

interface Stream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export const terminalOn = (out: Stream, error: Stream): Terminal => ({ out: writer(out), error: writer(error) });

const writer = (stream: Stream) => (line: string) => {
  stream.write(`${stream.isTTY === true ? harmless(line) : line}\n`);
};

/** Control and formatting characters but for line break, tab, and what joins an emoji. */
const harmless = (text: string): string => text.replaceAll(/(?![\n\t\u200D])[\p{Cc}\p{Cf}]/gu, '\uFFFD');
