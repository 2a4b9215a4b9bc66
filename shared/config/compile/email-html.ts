/**
 * MJML → HTML with Liquid still in it. What MJML has to complain about becomes findings in the files people edit.
 */
import mjml2html from 'mjml';
import type { ConfigProblem, Said } from '../problem.ts';
import { didYouMean } from '../decode/spelling.ts';
import { structureFindings } from './mjml-structure.ts';
import { masked, placeOf, type SourceText } from './source-text.ts';

export type CompiledHtml =
  { readonly kind: 'html'; readonly html: string } | { readonly kind: 'bad'; readonly problems: readonly ConfigProblem[] };

export async function compileHtml(source: SourceText): Promise<CompiledHtml> {
  const problems = [...structureProblems(source), ...houseRules(source)];
  if (problems.length > 0) return { kind: 'bad', problems };
  try {
    // No file system: shared parts are in already. No web fonts: they would tell a third party who reads.
    const { html, errors } = await mjml2html(source.text, { validationLevel: 'soft', keepComments: false, fonts: {} });
    if (errors.length === 0) return { kind: 'html', html: compact(withStableIds(html)) };
    return {
      kind: 'bad',
      problems: errors.map(({ line, tagName, message }) => ({ ...source.originOf(line), ...inWords(tagName, message) })),
    };
  } catch (error) {
    const problem = `MJML cannot be read: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`;
    return { kind: 'bad', problems: [{ ...source.originOf(1), problem, expected: '<mjml> with <mj-body>', suggestion: '' }] };
  }
}

const structureProblems = (source: SourceText): readonly ConfigProblem[] =>
  structureFindings(source.text).map(({ offset, ...said }) => {
    const { line, column } = placeOf(source.text, offset);
    return { ...source.originOf(line, column), ...said };
  });

/** What MJML allows and we do not. */
function houseRules(source: SourceText): readonly ConfigProblem[] {
  const text = masked(source.text);
  const at = (offset: number, said: Said): ConfigProblem => {
    const { line, column } = placeOf(text, offset);
    return { ...source.originOf(line, column), ...said };
  };
  const preview = text.search(/<mj-preview\b/);
  const noBody = !/<mjml[\s>]/.test(text) || !/<mj-body[\s>]/.test(text);
  return [
    ...(noBody ? [at(0, { problem: 'this is no MJML e-mail', expected: '<mjml> with <mj-body>', suggestion: '' })] : []),
    ...(preview < 0
      ? []
      : [
          at(preview, {
            problem: 'mj-preview would say the preheader twice',
            expected: 'preheader: between --- and ---',
            suggestion: 'write preheader: at the top',
          }),
        ]),
  ];
}

function inWords(tag: string, message: string): Said {
  const unknown = /^Element (\S+) doesn't exist/.exec(message)?.[1];
  if (unknown !== undefined) {
    return { problem: `MJML has no <${unknown}>`, expected: 'an MJML element', suggestion: didYouMean(unknown, elements) };
  }
  const attributes = /^Attributes? (.+) (?:is|are) illegal$/.exec(message)?.[1];
  if (attributes !== undefined)
    return { problem: `<${tag}> has no attribute ${attributes}`, expected: 'attributes of this MJML element', suggestion: '' };
  return {
    problem: message.split('\n')[0] ?? message,
    expected: 'MJML that is put together as its documentation says',
    suggestion: '',
  };
}

const elements = [
  ...['mj-text', 'mj-button', 'mj-image', 'mj-divider', 'mj-spacer', 'mj-table', 'mj-raw', 'mj-section', 'mj-column', 'mj-group'],
  ...['mj-wrapper', 'mj-hero', 'mj-social', 'mj-social-element', 'mj-navbar', 'mj-navbar-link', 'mj-accordion', 'mj-carousel'],
  ...[
    'mj-head',
    'mj-body',
    'mj-attributes',
    'mj-all',
    'mj-class',
    'mj-style',
    'mj-title',
    'mj-font',
    'mj-breakpoint',
    'mj-include',
  ],
];

/** MJML draws ids for menus and carousels by chance; the same template must compile to the same text. */
function withStableIds(html: string): string {
  const ids = new Set([...html.matchAll(/\b(?:id|for|name)="[^"]*?([0-9a-f]{16})[^"]*"/g)].flatMap(([, id]) => id ?? []));
  return [...ids].reduce((text, id, index) => text.replaceAll(id, `mj${String(index).padStart(14, '0')}`), html);
}

/** A third of what MJML writes is indentation. */
const compact = (html: string): string =>
  html
    .replaceAll(/^[ \t]+|[ \t]+$/gm, '')
    .replaceAll(/\n{2,}/g, '\n')
    .trim();
