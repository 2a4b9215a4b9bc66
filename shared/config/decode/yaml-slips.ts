/**
 * Slips that YAML reads as something else altogether, often lines further down: no space after a colon or a dash, no colon
 * after a word. Found by the words of the language, told with the corrected line, and put right for the rest of the check.
 */
import type { Finding } from '../problem.ts';

const words = [
  ...['start', 'exit', 'steps', 'on', 'where', 'once', 'once per', 'rest', 'late', 'description', 'active'],
  ...[
    'did',
    'did not',
    'times',
    'within',
    'same',
    'entered',
    'left',
    'existing',
    'date',
    'before',
    'after',
    'at',
    'every',
    'zone',
    'api',
  ],
  ...['wait', 'restart on', 'wait until', 'wait for', 'at most', 'send', 'channels', 'if', 'then', 'else', 'split', 'weight'],
  ...['set', 'add tag', 'remove tag', 'webhook', 'task', 'to', 'text', 'goal', 'segment', 'throttle', 'when'],
  ...[
    'all',
    'any',
    'not',
    'in',
    'not in',
    'name',
    'maturity',
    'locale',
    'timeZone',
    'country',
    'currency',
    'sender',
    'site',
    'address',
  ],
  ...['paused', 'languages', 'subject', 'preheader', 'purpose', 'topic', 'repeat'],
];
const word = `(?:${words.join('|')})`;

interface Slip {
  readonly pattern: RegExp;
  readonly corrected: string;
  readonly problem: string;
  readonly expected: string;
}

const slips: readonly Slip[] = [
  {
    pattern: new RegExp(`^( *)-(${word}\\b)`),
    corrected: '$1- $2',
    problem: 'no space follows the dash',
    expected: 'a space after each dash',
  },
  {
    pattern: new RegExp(`^( *(?:- +)?)(${word}):(?=[^\\s/])`),
    corrected: '$1$2: ',
    problem: 'no space follows the colon',
    expected: 'a space after the colon of a field',
  },
  {
    pattern: new RegExp(`^([^"']*[{,] *)(${word}):(?=[^\\s,}/])`),
    corrected: '$1$2: ',
    problem: 'no space follows the colon',
    expected: 'a space after the colon of a field',
  },
  {
    pattern: /^( *)(start|exit|steps|where|when|all|any|then|else|sender) *(#.*)?$/,
    corrected: '$1$2:$3',
    problem: 'no colon follows the word',
    expected: 'a colon after the name of a field',
  },
  {
    pattern: /^( *- +)(wait until|wait for|add tag|remove tag) +(?=[^\s:#])/,
    corrected: '$1$2: ',
    problem: 'no colon follows the word',
    expected: 'a colon after the name of a field',
  },
  {
    pattern: /^( *- +)(wait|send|if|split|set|webhook|task|goal) +(?=[^\s:#])(?!(?:until|for) *:)/,
    corrected: '$1$2: ',
    problem: 'no colon follows the word',
    expected: 'a colon after the name of a field',
  },
];

export function withoutSlips(text: string): { readonly text: string; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  let block: number | undefined;
  const lines = text.split('\n').map((line, index) => {
    const indentation = line.search(/\S|$/);
    if (block !== undefined && (line.trim() === '' || indentation > block)) return line; // text of several lines: no fields
    block = blockStart.test(line) ? indentation + (/^ *((?:- +)*)/.exec(line)?.[1]?.length ?? 0) : undefined;
    const slip = slips.find(({ pattern }) => pattern.test(line));
    if (slip === undefined) return line;
    const corrected = line.replace(slip.pattern, slip.corrected);
    const { problem, expected } = slip;
    findings.push({ line: index + 1, column: indentation + 1, problem, expected, suggestion: `write: ${corrected.trim()}` });
    return corrected;
  });
  return { text: lines.join('\n'), findings };
}

/** `text: |` and `text: >`: what is indented deeper below is text as it stands. */
const blockStart = /^[^#]*: +[|>][-+0-9]* *(?:#.*)?$/;
