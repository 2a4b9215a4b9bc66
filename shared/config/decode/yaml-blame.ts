/**
 * Which line is to blame for what the YAML parser stumbles over: often not the one where it noticed.
 */
import type { Document } from 'yaml';
import type { Place } from '../problem.ts';

type YamlError = Document.Parsed['errors'][number];

/** The parser stumbles over the line above unless it points at the very start of the line. */
export function deeperLine(texts: readonly string[], line: number, column: number): Place {
  const startOf = (at: number): number => (texts[at - 1] ?? '').search(/\S|$/) + 1;
  if (column <= startOf(line)) return { line, column: startOf(line) };
  const next = texts.findIndex((text, index) => index >= line && text.trim() !== '' && !text.trim().startsWith('#')) + 1;
  return next === 0 ? { line, column } : { line: next, column: startOf(next) };
}

/** What is never closed is noticed further down: blame the line that opened it. */
export function blamedLine({ code, message }: YamlError, texts: readonly string[], noticed: number, column: number): number {
  const before = texts.slice(0, noticed);
  const count = (text: string, sign: RegExp): number => text.match(sign)?.length ?? 0;
  const opensBracket = (text: string): boolean => count(text, /[[{]/g) > count(text, /[\]}]/g);
  const opensQuote = (text: string): boolean => /(?:^|[\s[{,:])(["'])(?:(?!\1).)*$/.test(text);
  if (code === 'UNEXPECTED_TOKEN' && column === 1) {
    // Nothing can stand left of where the first line begins: that one is out of line, or this one.
    const first = texts.findIndex((text) => /^\s*[^\s#]/.test(text));
    return texts[first]?.startsWith(' ') === true ? first + 1 : noticed;
  }
  const opened = message.includes('end with a')
    ? before.findLastIndex(opensBracket)
    : message.includes('Missing closing')
      ? before.findLastIndex(opensQuote)
      : noticed - 1;
  return opened < 0 ? Math.min(noticed, texts.length) : opened + 1;
}
