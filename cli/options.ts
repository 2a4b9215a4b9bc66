/** How commands read what was typed after their name: what they do not know is said with what may have been meant. */
import { parseArgs } from 'node:util';
import { didYouMean } from '../shared/config/decode/spelling.ts';

/** By long name. Every command knows `help` and `json` beside its own. */
export type OptionKinds = Readonly<Record<string, 'flag' | 'value'>>;

export interface Asked {
  readonly kind: 'asked';
  readonly has: (flag: string) => boolean;
  readonly value: (name: string) => string | undefined;
  readonly words: readonly string[];
}

export interface Misunderstood {
  readonly kind: 'misunderstood';
  readonly problem: string;
}

const always: OptionKinds = { help: 'flag', json: 'flag' };

/** `mostWords`: how many words may follow that are no options. */
export function readOptions(args: readonly string[], own: OptionKinds = {}, mostWords = 0): Asked | Misunderstood {
  const kinds: OptionKinds = { ...always, ...own };
  const options = Object.fromEntries(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      { type: kind === 'flag' ? ('boolean' as const) : ('string' as const), ...(name === 'help' ? { short: 'h' } : {}) },
    ]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const given = new Map<string, string>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const problem = problemOf(token, kinds);
    if (problem !== undefined) return { kind: 'misunderstood', problem };
    given.set(token.name, token.value ?? '');
  }
  const tooMany = words[mostWords];
  if (tooMany !== undefined) return { kind: 'misunderstood', problem: `It has no use for the word "${tooMany}".` };
  return { kind: 'asked', has: (flag) => given.has(flag), value: (name) => given.get(name), words };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

function problemOf({ name, rawName, value }: OptionToken, kinds: OptionKinds): string | undefined {
  if (!Object.hasOwn(kinds, name)) {
    const hint = didYouMean(
      rawName,
      Object.keys(kinds).map((known) => `--${known}`),
    ).replaceAll('"', '');
    return `There is no option ${rawName}${hint === '' ? '.' : `: ${hint}`}`;
  }
  if (kinds[name] === 'flag') return value === undefined ? undefined : `${rawName} takes no value.`;
  const missing = value === undefined || value === '' || value.startsWith('--');
  return missing ? `${rawName} needs a value.` : undefined;
}
