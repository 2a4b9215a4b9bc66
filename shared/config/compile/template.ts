/**
 * One folder of config/templates → a template in all its languages and channels, or everything that is wrong with it.
 */
import type { EmailTemplate, SmsTemplate, Template } from '../config.ts';
import type { FrontMatter } from '../decode/front-matter-schema.ts';
import type { ConfigProblem } from '../problem.ts';
import { readTemplatePath, templateChannels, templatePath, type TemplateChannel, type TemplateFile } from '../template-files.ts';
import { compileEmailFile } from './email-file.ts';
import type { CompiledFile } from './front-matter.ts';
import { compileSmsFile } from './sms-file.ts';
import type { Files } from './source-text.ts';

export interface CompiledTemplate {
  /** Undefined where something is wrong. */
  readonly template: Template | undefined;
  /** It has a file for them, however good. */
  readonly channels: readonly TemplateChannel[];
  readonly problems: readonly ConfigProblem[];
}

/** What a file holds, told by its channel. */
type Part = { readonly file: string; readonly language: string } & (
  | ({ readonly channel: 'email' } & CompiledFile<FrontMatter, EmailTemplate>)
  | ({ readonly channel: 'sms' } & CompiledFile<FrontMatter, SmsTemplate>)
);

/** `files`: all of config/, because shared parts stand beside the template. */
export async function compileTemplate(name: string, files: Files): Promise<CompiledTemplate> {
  const found = [...files.keys()].flatMap((path) => readTemplatePath(path) ?? []).filter(({ template }) => template === name);
  const parts = await Promise.all(found.toSorted(byChannelAndLanguage).map((file) => compilePart(file, files)));
  const problems = parts.flatMap((part) => [...part.problems, ...differences(parts, part)]);
  const channels = templateChannels.filter((channel) => parts.some((part) => part.channel === channel));
  const matter = parts[0]?.matter;
  if (problems.length > 0 || matter === undefined) return { template: undefined, channels, problems };
  const { purpose, topic, repeat } = matter;
  const about = { name, purpose, ...(topic === undefined ? {} : { topic }), repeat };
  return { template: { ...about, ...contentOf(parts) }, channels, problems };
}

/** The same on every machine: e-mails first, because most templates have them. */
const byChannelAndLanguage = (a: TemplateFile, b: TemplateFile): number =>
  templateChannels.indexOf(a.channel) - templateChannels.indexOf(b.channel) || (a.language < b.language ? -1 : 1);

async function compilePart(found: TemplateFile, files: Files): Promise<Part> {
  const { channel, language } = found;
  const file = templatePath(found);
  switch (channel) {
    case 'email':
      return { channel, language, file, ...(await compileEmailFile(file, files)) };
    case 'sms':
      return { channel, language, file, ...compileSmsFile(file, files) };
  }
}

function contentOf(parts: readonly Part[]): Pick<Template, 'email' | 'sms'> {
  const email: Record<string, EmailTemplate> = {};
  const sms: Record<string, SmsTemplate> = {};
  for (const part of parts) {
    if (part.content === undefined) continue;
    if (part.channel === 'email') email[part.language] = part.content;
    else sms[part.language] = part.content;
  }
  return { email, ...(Object.keys(sms).length === 0 ? {} : { sms }) };
}

/** What is true of the message, whatever its language and channel, must read the same in all of its files. */
function differences([first]: readonly Part[], part: Part): readonly ConfigProblem[] {
  const [expected, given] = [first?.matter, part.matter];
  if (first === undefined || expected === undefined || given === undefined) return [];
  return (['purpose', 'topic', 'repeat'] as const).flatMap((field) => {
    if (expected[field] === given[field]) return [];
    const place = part.document.keyPlaceOf([field]);
    const problem = `${field} differs from the one in ${first.file}`;
    return [{ file: part.file, ...place, problem, expected: `${field}: ${expected[field] ?? 'none'}`, suggestion: '' }];
  });
}
