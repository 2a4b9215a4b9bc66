/**
 * What the files of a template are called: `templates/<name>/email.<language>.mjml`, `templates/<name>/sms.<language>.txt`.
 */

/** Channels that a template can have content for today. */
export const templateChannels = ['email', 'sms'] as const;
export type TemplateChannel = (typeof templateChannels)[number];

/** As people say it in a sentence. */
export const channelWords: Readonly<Record<TemplateChannel, string>> = { email: 'e-mail', sms: 'SMS' };

const endings: Readonly<Record<TemplateChannel, string>> = { email: 'mjml', sms: 'txt' };

export interface TemplateFile {
  readonly template: string;
  readonly channel: TemplateChannel;
  readonly language: string;
}

export const templatePath = ({ template, channel, language }: TemplateFile): string =>
  `templates/${template}/${channel}.${language}.${endings[channel]}`;

/** Undefined for every other file of a template: its parts, a text part written by hand, pictures. */
export function readTemplatePath(path: string): TemplateFile | undefined {
  const [, template, written, language] = /^templates\/([^_/][^/]*)\/([a-z]+)\.([a-z]{2,3})\.[a-z]+$/.exec(path) ?? [];
  const channel = templateChannels.find((known) => known === written);
  if (template === undefined || channel === undefined || language === undefined) return undefined;
  const file = { template, channel, language };
  return templatePath(file) === path ? file : undefined;
}

const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/** The language as locales write it (`fr` for `fre`); undefined where there is none of this code. */
export function knownLanguage(code: string): string | undefined {
  const [canonical] = Intl.getCanonicalLocales(code);
  return canonical === undefined || languageNames.of(canonical) === undefined ? undefined : canonical;
}
