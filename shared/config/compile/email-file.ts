/**
 * `email.<language>.mjml` → one e-mail in one language, or everything that is wrong with it.
 */
import type { EmailTemplate } from '../config.ts';
import { decode } from '../decode/decode.ts';
import { emailMatterSchema, type EmailMatter } from '../decode/front-matter-schema.ts';
import type { YamlDocument } from '../decode/read-yaml.ts';
import { startOfFile, type ConfigProblem, type Finding } from '../problem.ts';
import { compileHtml } from './email-html.ts';
import { textOfHtml } from './email-text.ts';
import { readFrontMatter, type CompiledFile } from './front-matter.ts';
import { liquidFindings } from './liquid-check.ts';
import { withIncludes, type Files, type SourceText } from './source-text.ts';

/** `files`: all of config/, because shared parts stand beside the template. */
export async function compileEmailFile(file: string, files: Files): Promise<CompiledFile<EmailMatter, EmailTemplate>> {
  const { document, lines, findings } = readFrontMatter(files.get(file) ?? '', 'subject and purpose', (line) =>
    line.includes('<mjml'),
  );
  const decoded = decode(emailMatterSchema, document, 'the part between --- and ---');
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
    return { document, matter, content: undefined, problems };
  const text = textPart(file, compiled.html, files);
  const { subject, preheader } = matter;
  const content = { subject, ...(preheader === undefined ? {} : { preheader }), html: compiled.html, text: text.text };
  return { document, matter, content, problems: text.problems };
}

function subjectFindings(matter: EmailMatter | undefined, document: YamlDocument): readonly Finding[] {
  if (matter === undefined) return [];
  return (['subject', 'preheader'] as const).flatMap((field) =>
    liquidFindings(matter[field] ?? '').map((finding) => ({ ...finding, ...document.placeOf([field]) })),
  );
}

const liquidProblems = (source: SourceText): readonly ConfigProblem[] =>
  liquidFindings(source.text).map((finding) => ({ ...finding, ...source.originOf(finding.line, finding.column) }));

/** Law and mailbox providers ask for it; the header alone does not do. */
function unsubscribeProblems(matter: EmailMatter | undefined, source: SourceText, file: string): readonly ConfigProblem[] {
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
