/**
 * The files of config/ as text, and what stands there that should not.
 */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { startOfFile, type ConfigProblem, type Said } from './problem.ts';
import { didYouMean } from './decode/spelling.ts';
import { isName, nameInstead, nameLike } from './decode/names.ts';
import { knownLanguage, readTemplatePath, templatePath, type TemplateFile } from './template-files.ts';

export interface ConfigFolder {
  /** Path inside config/ (with `/`) → text, sorted by path. */
  readonly files: ReadonlyMap<string, string>;
  readonly problems: readonly ConfigProblem[];
}

/** Far more than any template; a photo in the wrong place is not read as one. */
const maxBytes = 1_000_000;

export async function readFolder(folder: string): Promise<ConfigFolder> {
  const root = await realpath(folder).catch(() => undefined);
  const entries = root === undefined ? undefined : await entriesIn(root, root, '');
  if (root === undefined || entries === undefined) {
    return {
      files: new Map(),
      problems: [problemIn('brand.yaml', `there is no folder ${folder}`, 'a folder with brand.yaml and journeys')],
    };
  }
  const paths = new Set(entries.map(({ path }) => path));
  const files = new Map<string, string>();
  const problems: ConfigProblem[] = [...absentFolders(entries)];
  for (const { path, problem } of entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const misplaced = problem ?? misplacedFile(path) ?? unreadFile(path, paths);
    if (misplaced !== undefined) problems.push(misplaced);
    if (problem !== undefined || !/\.(?:ya?ml|mjml|txt)$/.test(path)) continue;
    const read = await readText(join(root, path));
    if (typeof read === 'string') files.set(path, read);
    else problems.push(problemIn(path, read.problem, read.expected, read.suggestion));
  }
  return { files, problems };
}

interface Entry {
  readonly path: string;
  /** It is not read. */
  readonly problem?: ConfigProblem;
}

async function entriesIn(root: string, folder: string, inside: string): Promise<readonly Entry[] | undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return undefined;
  const visible = entries.filter(({ name }) => !name.startsWith('.') && !name.endsWith('~') && name !== 'schemas');
  const nested = visible.map(async (entry): Promise<readonly Entry[]> => {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.isSymbolicLink()) return [await linkAt(root, path)];
    if (!entry.isDirectory()) return [{ path }];
    const found = (await entriesIn(root, join(folder, entry.name), path)) ?? [];
    const isNamedLikeFile = /\.(?:ya?ml|mjml|txt)$/.test(path) && found.length === 0;
    return isNamedLikeFile ? [{ path, problem: problemIn(path, 'this is a folder, not a file', layout) }] : found;
  });
  return (await Promise.all(nested)).flat();
}

/** What lies elsewhere is not even looked at: whoever proposes a change must not make the check print files of the machine. */
async function linkAt(root: string, path: string): Promise<Entry> {
  const target = await realpath(join(root, path)).catch(() => undefined);
  const isInside = target?.startsWith(root + sep) === true;
  if (target !== undefined && !isInside)
    return { path, problem: problemIn(path, 'this link leads out of the folder', 'the file itself') };
  const isFile = target !== undefined && (await stat(target)).isFile();
  return isFile ? { path } : { path, problem: problemIn(path, 'this link leads to no file', 'the file itself') };
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

/** Nothing to do for anybody: the folder was forgotten, or is called otherwise. */
function absentFolders(entries: readonly Entry[]): readonly ConfigProblem[] {
  if (entries.length === 0 || entries.some(({ path }) => /^(?:journeys|campaigns)\//.test(path))) return [];
  const found = entries.some(({ path }) => path === 'journeys' || path === 'campaigns'); // told there
  return found ? [] : [problemIn('brand.yaml', 'there are neither journeys nor campaigns', layout, 'make a folder journeys')];
}

/** Notes and pictures. */
const beside = /\.(?:md|png|jpe?g|gif|webp|svg|pdf)$/i;

/** Other endings, such as word processors and Windows add. */
function unreadFile(path: string, paths: ReadonlySet<string>): ConfigProblem | undefined {
  const [first = '', second = '', third] = path.split('/');
  if (second === '' && [...kinds, 'templates'].includes(first))
    return problemIn(path, `${first} is a file`, `a folder called ${first}`, `make a folder ${first}`);
  if (kinds.includes(first) && third === undefined && !second.endsWith('.yaml') && !beside.test(second)) {
    const meant = nameLike(second.split('.')[0] ?? '');
    return problemIn(path, 'nothing reads this file here', layout, meant === '' ? '' : `rename it to ${first}/${meant}.yaml`);
  }
  if (first !== 'templates' || third === undefined || isMeantForPhones(path)) return undefined;
  const language = /\/email\.([a-z]{2,3})\.(?:txt|html?)/i.exec(path)?.[1]?.toLowerCase() ?? 'fr';
  const mjml = `templates/${second}/email.${language}.mjml`;
  if (/\.html?$/i.test(path)) return problemIn(path, 'nothing reads this file', 'email.<language>.mjml', `write ${mjml}`);
  if (!/\/e-?mail[^/]*\.txt$/i.test(path) || (/\/email\.[a-z]{2,3}\.txt$/.test(path) && paths.has(mjml))) return undefined;
  return problemIn(path, 'nothing reads this text: no e-mail stands beside it', mjml, `write ${mjml}`);
}

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
  return problemIn(path, `"${name}" cannot be a name`, 'small letters, digits and dashes', nameInstead('rename it to', name));
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
