/**
 * The files of config/ as text, and what stands there that should not.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startOfFile, type ConfigProblem, type Said } from './problem.ts';
import { didYouMean } from './decode/spelling.ts';
import { isName, nameLike } from './decode/names.ts';
import { knownLanguage, readTemplatePath, templatePath, type TemplateFile } from './template-files.ts';

export interface ConfigFolder {
  /** Path inside config/ (with `/`) → text, sorted by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly problems: readonly ConfigProblem[];
}

/** Far more than any template; a photo in the wrong place is not read as one. */
const maxBytes = 1_000_000;

export async function readFolder(folder: string): Promise<ConfigFolder> {
  const paths = await pathsIn(folder, '');
  if (paths === undefined) {
    return {
      files: new Map(),
      problems: [problemIn('brand.yaml', `there is no folder ${folder}`, 'a folder with brand.yaml and journeys')],
    };
  }
  const files = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  for (const path of paths.toSorted()) {
    const misplaced = misplacedFile(path);
    if (misplaced !== undefined) problems.push(misplaced);
    if (!/\.(?:ya?ml|mjml|txt)$/.test(path)) continue;
    const read = await readText(join(folder, path));
    if (typeof read === 'string') files.set(path, read);
    else problems.push(problemIn(path, read.problem, read.expected, read.suggestion));
  }
  return { files, problems };
}

async function pathsIn(folder: string, inside: string): Promise<string[] | undefined> {
  const entries = await readdir(join(folder, inside), { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return undefined;
  const visible = entries.filter(({ name }) => !name.startsWith('.') && !name.endsWith('~') && name !== 'schemas');
  const nested = visible.map(async (entry) => {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
    return entry.isDirectory() ? ((await pathsIn(folder, path)) ?? []) : [path];
  });
  return (await Promise.all(nested)).flat();
}

/** Word processors on Windows write a byte order mark and CRLF: both are fine. */
async function readText(path: string): Promise<string | Said> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined)
    return { problem: 'the file cannot be read', expected: 'a plain file that may be read', suggestion: '' };
  if (bytes.length > maxBytes) return { problem: 'the file is larger than 1 MB', expected: 'a short text', suggestion: '' };
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n');
  } catch {
    return {
      problem: 'the file is not UTF-8 text',
      expected: 'text saved as UTF-8',
      suggestion: 'save it again with encoding UTF-8',
    };
  }
}

const problemIn = (file: string, problem: string, expected: string, suggestion = ''): ConfigProblem => ({
  file,
  ...startOfFile,
  problem,
  expected,
  suggestion,
});

const layout =
  'brand.yaml, journeys/<name>.yaml, segments/<name>.yaml, campaigns/<name>.yaml, templates/<name>/email.<language>.mjml, templates/<name>/sms.<language>.txt';
/** Folders of YAML files, each file one thing of that kind. */
const kinds = ['journeys', 'segments', 'campaigns'];

/** A file that would silently do nothing is worse than an error. Notes (`.md`, pictures) may stand anywhere. */
function misplacedFile(path: string): ConfigProblem | undefined {
  if (!/\.(?:ya?ml|mjml|liquid)$/.test(path) && !isMeantForPhones(path)) return undefined;
  const [first = '', second = '', third] = path.split('/');
  if (path === 'brand.yaml' || first === '') return undefined;
  if (path.endsWith('.yml'))
    return problemIn(path, 'the file ends in .yml', 'the ending .yaml', `rename it to ${path.replace(/yml$/, 'yaml')}`);
  if (kinds.includes(first) && second !== '' && third === undefined)
    return nameProblem(path, second.replace(/\.yaml$/, ''), second.endsWith('.yaml'));
  if (first === 'templates' && third !== undefined) return templateProblem(path, second, path.split('/').slice(2).join('/'));
  if (first === 'templates' && second !== '')
    return problemIn(path, 'nothing reads a file here', layout, 'put it into the folder of its template');
  if (kinds.includes(first) && third !== undefined)
    return problemIn(path, 'nothing reads a file here', layout, `put it into ${first} itself, without a folder`);
  const suggestion = second === '' ? didYouMean(first, ['brand.yaml']) : didYouMean(first, [...kinds, 'templates']);
  return problemIn(path, 'nothing reads a file here', layout, suggestion);
}

function nameProblem(path: string, name: string, isYaml: boolean): ConfigProblem | undefined {
  if (!isYaml) return problemIn(path, 'nothing reads this file here', layout);
  if (isName(name)) return undefined;
  return problemIn(path, `"${name}" cannot be a name`, 'small letters, digits and dashes', `rename it to ${nameLike(name)}`);
}

function templateProblem(path: string, name: string, file: string): ConfigProblem | undefined {
  if (name.startsWith('_') && isMeantForPhones(path))
    return problemIn(
      path,
      'nothing reads this file: a text for phones has no shared parts',
      'templates/<name>/sms.<language>.txt',
    );
  if (name.startsWith('_')) return isName(name.slice(1)) ? undefined : nameProblem(path, name, true);
  const read = readTemplatePath(path);
  if (read !== undefined) return isName(name) ? languageProblem(path, read) : nameProblem(path, name, true);
  if (/^push(?![a-z])/i.test(file)) return problemIn(path, 'push comes later; this version sends e-mail and SMS', layout);
  const expected = 'email.<language>.mjml or sms.<language>.txt';
  const meant = isMeantForPhones(path) ? 'sms.fr.txt' : 'email.fr.mjml';
  return problemIn(path, 'nothing reads this file', expected, `name it ${meant}, or fr by another language`);
}

/** A text for phones under another name or in another place: notes are called otherwise. */
const isMeantForPhones = (path: string): boolean =>
  /(?:^|\/)(?:sms|push)(?![a-z])[^/]*\.txt$/i.test(path) || /^templates\/[^/]+\/(?:sms|push)(?![a-z])/i.test(path);

/** People who read French would never get what is written for `fra` or `zz`. */
function languageProblem(path: string, file: TemplateFile): ConfigProblem | undefined {
  const language = knownLanguage(file.language);
  if (language === file.language) return undefined;
  const suggestion = language === undefined ? '' : `rename it to ${templatePath({ ...file, language })}`;
  return problemIn(path, `"${file.language}" is not a language`, 'two letters such as fr or en', suggestion);
}
