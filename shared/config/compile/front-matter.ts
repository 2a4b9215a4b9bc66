/**
 * The lines between --- and --- of a template file, found and read as YAML whose places are those of the file.
 */
import type { FrontMatter } from '../decode/front-matter-schema.ts';
import { readYaml, type YamlDocument } from '../decode/read-yaml.ts';
import { fieldIn } from '../decode/written-tree.ts';
import { startOfFile, type ConfigProblem, type Finding } from '../problem.ts';

/** One file of a template: one channel in one language. */
export interface CompiledFile<Matter extends FrontMatter, Content> {
  readonly document: YamlDocument;
  /** Undefined where its lines are wrong. */
  readonly matter: Matter | undefined;
  /** Undefined where anything is wrong. */
  readonly content: Content | undefined;
  readonly problems: readonly ConfigProblem[];
}

export interface ReadFrontMatter {
  readonly document: YamlDocument;
  /** How many lines it takes, its fences included. */
  readonly lines: number;
  readonly findings: readonly Finding[];
}

/** `needs`: what must stand in it, in words. `isBody`: a line that can be no front matter, where the fences are missing. */
export function readFrontMatter(text: string, needs: string, isBody: (line: string) => boolean): ReadFrontMatter {
  const all = text.split('\n').map((line) => line.trimEnd());
  const end = all.indexOf('---', 1);
  if (all[0] === '---' && end > 0) {
    return { document: readYaml(all.slice(1, end).join('\n'), 2), lines: end + 1, findings: [] };
  }
  const problem =
    all[0] === '---' ? 'the line --- that ends the front matter is missing' : 'the file does not begin with front matter';
  const expected = `---, then ${needs}, then ---`;
  const suggestion = `write --- before and after ${needs}`;
  const body = all.findIndex(isBody); // what stands before it was meant as front matter
  return { document: readYaml(''), lines: Math.max(0, body), findings: [{ ...startOfFile, problem, expected, suggestion }] };
}

/** As it is written, whatever is wrong beside it. */
export const isMarketing = ({ value }: YamlDocument): boolean => fieldIn({ value, path: [] }, 'purpose')?.value === 'marketing';
