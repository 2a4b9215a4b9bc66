/**
 * Channels, checked across files: what a step asks for is there in its template, and in the language of the brand, and the
 * brand has a name to show on phones.
 */
import type { Brand } from './config.ts';
import type { CompiledTemplate } from './compile/template.ts';
import { smsSenderLike } from './decode/names.ts';
import type { YamlDocument } from './decode/read-yaml.ts';
import { sendsIn } from './decode/sends.ts';
import { startOfFile, type ConfigProblem } from './problem.ts';
import { channelWords, templateChannels, templatePath } from './template-files.ts';

type Templates = ReadonlyMap<string, CompiledTemplate>;

/** Asked of what is written, so that a mistake elsewhere in the file hides nothing. */
export function channelProblems(
  { file, document }: { readonly file: string; readonly document: YamlDocument },
  templates: Templates,
  language: string,
): readonly ConfigProblem[] {
  return sendsIn(document.value).flatMap(({ template, channels }) => {
    const has = templates.get(template)?.channels;
    if (has === undefined) return []; // said already
    return channels.flatMap(({ name, path }) => {
      const channel = templateChannels.find((known) => known === name);
      if (channel === undefined || has.includes(channel)) return [];
      return [
        {
          file,
          ...document.placeOf(path),
          problem: `template "${template}" has no ${channelWords[channel]}`,
          expected: `channels that the template is written for: ${has.join(', ')}`,
          suggestion: `write ${templatePath({ template, channel, language })}`,
        },
      ];
    });
  });
}

/** In each channel that the template has. `languages`: those that every template must speak, the brand's own first; `present`: paths of files. */
export function untranslated(
  languages: readonly string[],
  templates: Templates,
  present: ReadonlySet<string>,
): readonly ConfigProblem[] {
  return [...templates].flatMap(([template, { channels }]) =>
    channels.flatMap((channel) =>
      languages.flatMap((language, index) => {
        const file = templatePath({ template, channel, language });
        if (present.has(file)) return [];
        const what = channelWords[channel];
        const asWhat = channel === 'email' ? '' : `as ${what} `;
        const said =
          index === 0
            ? {
                problem: `template "${template}" is missing ${asWhat}in the language of the brand (${language})`,
                expected: `an ${what} in ${language}, for people whose language is not known`,
              }
            : {
                problem: `template "${template}" is missing ${asWhat}in ${language}`,
                expected: `an ${what} in each of the languages that brand.yaml names`,
              };
        return [{ file, ...startOfFile, ...said, suggestion: `write ${file}` }];
      }),
    ),
  );
}

/** Without it phones would show a number that nobody knows. */
export function senderProblems(
  brand: Brand,
  { file, document }: { readonly file: string; readonly document: YamlDocument },
  templates: Templates,
): readonly ConfigProblem[] {
  const [template] = [...templates].flatMap(([name, { channels }]) => (channels.includes('sms') ? [name] : []));
  if (template === undefined || brand.sender.sms !== undefined) return [];
  return [
    {
      file,
      ...document.keyPlaceOf(['sender']),
      problem: `template "${template}" has an SMS, and no sender is named for it`,
      expected: 'sms: what phones show as the sender, 3 to 11 plain letters and digits',
      suggestion: `add sms: ${smsSenderLike(brand.name) || 'ATELIER'}`,
    },
  ];
}
