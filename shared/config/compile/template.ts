/**
 * One folder of config/templates → a template in all its languages, or everything that is wrong with it.
 */
import type { EmailTemplate, Template } from '../config.ts';
import { decode } from '../decode/decode.ts';
import { frontMatterSchema, type FrontMatter } from '../decode/front-matter-schema.ts';
import { readYaml, type YamlDocument } from '../decode/read-yaml.ts';
import { startOfFile, type ConfigProblem, type Finding } from '../problem.ts';
import { compileHtml } from './email-html.ts';
import { textOfHtml } from './email-text.ts';
import { liquidFindings } from './liquid-check.ts';
import { withIncludes, type Files, type SourceText } from './source-text.ts';

export interface CompiledTemplate {
  /** Undefined where something is wrong. */
  readonly template: Template | undefined;
  readonly problems: readonly ConfigProblem[];
}

interface Language {
  readonly language: string;
  readonly file: string;
  readonly document: YamlDocument;
  readonly matter: FrontMatter | undefined;
  readonly email: EmailTemplate | undefined;
  readonly problems: readonly ConfigProblem[];
}

/** `files`: all of config/, because shared parts stand beside the template. */
export async function compileTemplate(name: string, files: Files): Promise<CompiledTemplate> {
  const found = [...files.keys()].flatMap((file) => {
    const language = new RegExp(`^templates/${name}/email\\.([a-z]{2,3})\\.mjml$`).exec(file)?.[1];
    return language === undefined ? [] : [{ language, file }];
  });
  const ordered = found.toSorted((a, b) => (a.language < b.language ? -1 : 1));
  const languages = await Promise.all(ordered.map(({ language, file }) => compileLanguage(language, file, files)));
  const problems = languages.flatMap((language) => [...language.problems, ...differences(languages, language)]);
  const email: Record<string, EmailTemplate> = {};
  for (const { language, email: compiled } of languages) if (compiled !== undefined) email[language] = compiled;
  const matter = languages[0]?.matter;
  if (problems.length > 0 || matter === undefined) return { template: undefined, problems };
  const { purpose, topic, repeat } = matter;
  return { template: { name, purpose, ...(topic === undefined ? {} : { topic }), repeat, email }, problems };
}

/** What is true of the message, whatever its language, must read the same in all of them. */
function differences([first]: readonly Language[], language: Language): readonly ConfigProblem[] {
  const [expected, given] = [first?.matter, language.matter];
  if (first === undefined || expected === undefined || given === undefined) return [];
  return (['purpose', 'topic', 'repeat'] as const).flatMap((field) => {
    if (expected[field] === given[field]) return [];
    const place = language.document.keyPlaceOf([field]);
    const problem = `${field} differs from the one in ${first.file}`;
    return [{ file: language.file, ...place, problem, expected: `${field}: ${expected[field] ?? 'none'}`, suggestion: '' }];
  });
}

async function compileLanguage(language: string, file: string, files: Files): Promise<Language> {
  const { document, lines, findings } = readFrontMatter(files.get(file) ?? '');
  const decoded = decode(frontMatterSchema, document, 'the part between --- and ---');
  const source = withIncludes(file, files, lines);
  const compiled = await compileHtml(source);
  const matter = decoded.value;
  const found = [...findings, ...(findings.length > 0 ? [] : decoded.findings), ...subjectFindings(matter, document)];
  const problems = [
    ...found.map((finding) => ({ file, ...finding })),
    ...source.problems,
    ...liquidProblems(source),
    ...unsubscribeProblems(matter, source, file),
    ...(compiled.kind === 'bad' ? compiled.problems : []),
  ];
  if (matter === undefined || compiled.kind === 'bad' || problems.length > 0)
    return { language, file, document, matter, email: undefined, problems };
  const text = textPart(file, compiled.html, files);
  const { subject, preheader } = matter;
  const email = { subject, ...(preheader === undefined ? {} : { preheader }), html: compiled.html, text: text.text };
  return { language, file, document, matter, email, problems: text.problems };
}

/** `lines`: how many lines the front matter takes, its fences included. */
function readFrontMatter(text: string) {
  const all = text.split('\n').map((line) => line.trimEnd());
  const end = all.indexOf('---', 1);
  if (all[0] === '---' && end > 0) {
    return { document: readYaml(all.slice(1, end).join('\n'), 2), lines: end + 1, findings: [] };
  }
  const problem =
    all[0] === '---' ? 'the line --- that ends the front matter is missing' : 'the file does not begin with front matter';
  const expected = '---, then subject and purpose, then ---';
  const findings: readonly Finding[] = [
    { ...startOfFile, problem, expected, suggestion: 'write --- before and after subject and purpose' },
  ];
  const body = all.findIndex((line) => line.includes('<mjml')); // what stands before it was meant as front matter
  return { document: readYaml(''), lines: Math.max(0, body), findings };
}

function subjectFindings(matter: FrontMatter | undefined, document: YamlDocument): readonly Finding[] {
  if (matter === undefined) return [];
  return (['subject', 'preheader'] as const).flatMap((field) =>
    liquidFindings(matter[field] ?? '').map((finding) => ({ ...finding, ...document.placeOf([field]) })),
  );
}

const liquidProblems = (source: SourceText): readonly ConfigProblem[] =>
  liquidFindings(source.text).map((finding) => ({ ...finding, ...source.originOf(finding.line, finding.column) }));

/** Law and mailbox providers ask for it; the header alone does not do. */
function unsubscribeProblems(matter: FrontMatter | undefined, source: SourceText, file: string): readonly ConfigProblem[] {
  if (matter?.purpose !== 'marketing' || source.text.includes('links.unsubscribe')) return [];
  const expected = 'a link to {{ links.unsubscribe }}';
  return [
    {
      file,
      ...startOfFile,
      problem: 'a marketing e-mail without an unsubscribe link',
      expected,
      suggestion: 'include the shared foot',
    },
  ];
}

/** `email.fr.txt` where somebody wrote it, else made from the HTML. */
function textPart(
  file: string,
  html: string,
  files: Files,
): { readonly text: string; readonly problems: readonly ConfigProblem[] } {
  const written = file.replace(/\.mjml$/, '.txt');
  const text = files.get(written);
  if (text === undefined) return { text: textOfHtml(html), problems: [] };
  return { text: text.trim(), problems: liquidFindings(text).map((finding) => ({ file: written, ...finding })) };
}
