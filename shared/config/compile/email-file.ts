/**
 * `email.<language>.mjml` → one e-mail in one language, or everything that is wrong with it.
 */
import type { EmailTemplate } from '../config.ts';
import { decode } from '../decode/decode.ts';
import { emailMatterSchema, type EmailMatter } from '../decode/front-matter-schema.ts';
import type { YamlDocument } from '../decode/read-yaml.ts';
import { fieldIn, textsIn } from '../decode/written-tree.ts';
import type { ConfigProblem, Finding, Said } from '../problem.ts';
import { compileHtml } from './email-html.ts';
import { textOfHtml } from './email-text.ts';
import { isMarketing, readFrontMatter, type CompiledFile } from './front-matter.ts';
import { liquidFindings } from './liquid-check.ts';
import { withIncludes, type Files, type SourceText } from './source-text.ts';
import { unsubscribeProblem } from './unsubscribe-link.ts';

/** `files`: all of config/, because shared parts stand beside the template. */
export async function compileEmailFile(file: string, files: Files): Promise<CompiledFile<EmailMatter, EmailTemplate>> {
  const { document, lines, findings } = readFrontMatter(files.get(file) ?? '', 'subject and purpose', (line) =>
    line.includes('<mjml'),
  );
  const decoded = decode(emailMatterSchema, document, 'the part between --- and ---');
  const source = withIncludes(file, files, lines);
  const compiled = await compileHtml(source);
  const matter = decoded.value;
  const found = [...findings, ...(findings.length > 0 ? [] : decoded.findings), ...subjectFindings(decoded.document)];
  const problems = [
    ...found.map((finding) => ({ file, ...finding })),
    ...source.problems,
    ...liquidProblems(source),
    ...(isMarketing(decoded.document) ? unsubscribeProblems(source) : []),
    ...(compiled.kind === 'bad' ? compiled.problems : []),
  ];
  if (matter === undefined || compiled.kind === 'bad' || problems.length > 0)
    return { document, matter, content: undefined, problems };
  const text = textPart(file, matter, compiled.html, files);
  const { subject, preheader } = matter;
  const content = { subject, ...(preheader === undefined ? {} : { preheader }), html: compiled.html, text: text.text };
  return { document, matter, content, problems: text.problems };
}

/** Asked of what is written, so that a mistake in another line hides nothing. */
const subjectFindings = (document: YamlDocument): readonly Finding[] =>
  (['subject', 'preheader'] as const).flatMap((field) =>
    textsIn(fieldIn({ value: document.value, path: [] }, field)).flatMap(({ text }) =>
      liquidFindings(text).map((finding) => ({ ...finding, ...document.placeOf([field]) })),
    ),
  );

const liquidProblems = (source: SourceText): readonly ConfigProblem[] =>
  liquidFindings(source.text).map((finding) => ({ ...finding, ...source.originOf(finding.line, finding.column) }));

/** Law and mailbox providers ask for it; the header alone does not do. */
function unsubscribeProblems(source: SourceText): readonly ConfigProblem[] {
  const found = unsubscribeProblem(source.text, 'html', withoutLink);
  if (found === undefined) return [];
  return [{ ...found, ...source.originOf(found.line, found.column) }];
}

const withoutLink: Said = {
  problem: 'a marketing e-mail without an unsubscribe link',
  expected: 'a link to {{ links.unsubscribe }}',
  suggestion: 'include the shared foot',
};

const textWithoutLink: Said = {
  problem: 'the text of a marketing e-mail without an unsubscribe link',
  expected: '{{ links.unsubscribe }}',
  suggestion: 'write it at the end',
};

/** `email.fr.txt` where somebody wrote it, else made from the HTML. */
function textPart(
  file: string,
  { purpose }: EmailMatter,
  html: string,
  files: Files,
): { readonly text: string; readonly problems: readonly ConfigProblem[] } {
  const written = file.replace(/\.mjml$/, '.txt');
  const text = files.get(written);
  if (text === undefined) return { text: textOfHtml(html), problems: [] };
  const missing = purpose === 'marketing' ? unsubscribeProblem(text, 'text', textWithoutLink) : undefined;
  const findings = [...liquidFindings(text), ...(missing === undefined ? [] : [missing])];
  return { text: text.trim(), problems: findings.map((finding) => ({ file: written, ...finding })) };
}
