/**
 * Slips that YAML reads as something else altogether, often lines further down: no space after a colon or a dash, no colon
 * after a word. Found by the words of the language, told with the corrected line, and put right for the rest of the check.
 */
import type { Finding } from '../problem.ts';
import { proseFields, quoted } from './yaml-repair.ts';

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
  /** From the start of the line on. */
  readonly pattern: RegExp;
  /** Of the groups of the pattern, empty where one took no part: what stands there instead of all that was found. */
  readonly corrected: (...groups: readonly string[]) => string;
  readonly problem: string;
  readonly expected: string;
}

const noSpace = { problem: 'no space follows the colon', expected: 'a space after the colon of a field' };
const noColon = { problem: 'no colon follows the word', expected: 'a colon after the name of a field' };

const operators: ReadonlyMap<string, string> = new Map([
  ...[['>', 'gt'] as const, ['>=', 'gte'] as const, ['=>', 'gte'] as const, ['≥', 'gte'] as const],
  ...[['<', 'lt'] as const, ['<=', 'lte'] as const, ['=<', 'lte'] as const, ['≤', 'lte'] as const],
]);

const slips: readonly Slip[] = [
  {
    // `subject: > 30 euros`, `subject: - 20 %`, `subject: ! attention`: signs of YAML at the beginning of a text for readers
    pattern: new RegExp(
      `^( *(?:- +)?(?:${proseFields.join('|')}): +)((?:[>|](?![-+]?\\d?\\s*(?:#.*)?$)|[-!&*?](?=[ \u00a0])).*?)\\s*$`,
      'u',
    ),
    corrected: (start = '', value = '') => `${start}${quoted(value)}`,
    problem: 'text cannot begin with this sign',
    expected: 'quotes around it',
  },
  {
    // `– wait: 1 day`, as word processors write a dash
    pattern: /^( *)[–—•‣] +(?=\S)/u,
    corrected: (start = '') => `${start}- `,
    problem: 'a long dash or a bullet stands where a plain dash belongs',
    expected: 'the dash beside the 0, -, before each step',
  },
  {
    pattern: /^( *- +)(wait until|wait for|add tag|remove tag|wait|send|webhook|goal) *= *(?=[^\s:#])/,
    corrected: (start = '', name = '') => `${start}${name}: `,
    ...noColon,
  },
  {
    // `- not: in: fideles`, `exit: on: Order Completed`
    pattern:
      /^( *(?:- +)?(?:not|if|when|where|start|exit|set|wait until|task): +)(\p{L}[\p{L}\d_. ]*: +[^\s{[|>"'#][^#{}]*?)( +#.*)?$/u,
    corrected: (start = '', inner = '', comment = '') => `${start}{ ${inner} }${comment}`,
    problem: 'two fields stand on one line',
    expected: 'braces around the second one, or a line of its own',
  },
  {
    // `cart.value: >= 30`
    pattern: /^([^"'#]*[\p{L}\d_]: *)(>=|=>|<=|=<|[≥≤<>]) *(\d+(?:[.,]\d+)?)(?: ?(?:€|EUR|%))?(?=\s*(?:[,}]|#|$))/u,
    corrected: (start = '', sign = '', number = '') => `${start}{ ${operators.get(sign) ?? 'eq'}: ${number.replace(',', '.')} }`,
    problem: 'signs such as > cannot compare here',
    expected: 'gt, gte, lt or lte in braces',
  },
  {
    pattern: new RegExp(`^( *)-(${word}\\b)`),
    corrected: (start = '', name = '') => `${start}- ${name}`,
    problem: 'no space follows the dash',
    expected: 'a space after each dash',
  },
  {
    pattern: new RegExp(`^( *(?:- +)?)(${word}):(?=[^\\s/])`),
    corrected: (start = '', name = '') => `${start}${name}: `,
    ...noSpace,
  },
  {
    pattern: new RegExp(`^([^"']*[{,] *)(${word}):(?=[^\\s,}/])`),
    corrected: (start = '', name = '') => `${start}${name}: `,
    ...noSpace,
  },
  {
    pattern: /^( *)(start|exit|steps|where|when|all|any|then|else|sender) *(#.*)?$/,
    corrected: (start = '', name = '', rest = '') => `${start}${name}:${rest}`,
    ...noColon,
  },
  {
    pattern: /^( *- +)(wait until|wait for|add tag|remove tag) +(?=[^\s:#])/,
    corrected: (start = '', name = '') => `${start}${name}: `,
    ...noColon,
  },
  {
    pattern: /^( *- +)(wait|send|if|split|set|webhook|task|goal) +(?=[^\s:#])(?!(?:until|for) *:)/,
    corrected: (start = '', name = '') => `${start}${name}: `,
    ...noColon,
  },
];

export function withoutSlips(text: string): { readonly text: string; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  let block: number | undefined;
  const lines = text.split('\n').map((line, index) => {
    const indentation = line.search(/\S|$/);
    if (block !== undefined && (line.trim() === '' || indentation > block)) return line; // text of several lines: no fields
    block = blockStart.test(line) ? indentation + (/^ *((?:- +)*)/.exec(line)?.[1]?.length ?? 0) : undefined;
    const slip = line.length > longest ? undefined : slips.find(({ pattern }) => pattern.test(line));
    const found = slip?.pattern.exec(line);
    if (slip === undefined || found === undefined || found === null) return line;
    const corrected = slip.corrected(...found.slice(1).map((group) => group ?? '')) + line.slice(found[0].length);
    const { problem, expected } = slip;
    findings.push({ line: index + 1, column: indentation + 1, problem, expected, suggestion: `write: ${corrected.trim()}` });
    return corrected;
  });
  return { text: lines.join('\n'), findings };
}

/** Nobody writes longer lines of fields by hand. */
const longest = 500;

/** `text: |` and `text: >`: what is indented deeper below is text as it stands. */
const blockStart = /^[^#]*: +[|>][-+0-9]* *(?:#.*)?$/;
