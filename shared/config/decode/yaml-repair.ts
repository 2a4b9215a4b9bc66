/**
 * What French hands type that YAML reads otherwise, and the corrected line: quotes that are missing or of the wrong kind,
 * non-breaking spaces where YAML wants plain ones, tabs.
 */

/** `key: value` or `- key: value`: the part before the value, and the value. */
const keyAndValue = /^(\s*(?:- +)?(?:"[^"]*"|'[^']*'|[^\s"'#[\]{},:-][^"'#[\]{},:]*?)\s*:)\s+(.*?)\s*$/u;

/** The line with its value in quotes; undefined where there is nothing to quote, or the line is well as it is. */
export function quotedLine(line: string): string | undefined {
  const [, key, value] = keyAndValue.exec(line) ?? [];
  if (key === undefined || value === undefined || value === '' || line.length > 500 || isStructure(value)) return undefined;
  // What stands far behind, after a hash and a space, was meant as a comment.
  const [, text = value, comment = ''] = /^(.*?\S)(\s{2,}#\s.*)$/u.exec(value) ?? [];
  const corrected = `${key} ${quoted(unwrapped(text))}${comment}`;
  return corrected === line.trimEnd() ? undefined : corrected;
}

/** A list, a block of text or a mapping: not text that lacks quotes. `{{` and `{%` are Liquid. */
const isStructure = (value: string): boolean => /^(?:[|>]|-(?: |$)|\[.*\]$|\{(?![{%]).*\}$)/.test(value);

/** Quotes of one kind around the whole were meant as quotes; one that was never closed, too. */
function unwrapped(value: string): string {
  const quote = value[0];
  if (quote !== '"' && quote !== "'") return value;
  const inner = value.slice(1);
  if (inner.endsWith(quote)) return inner.slice(0, -1);
  return inner.includes(quote) ? value : inner;
}

export const quoted = (text: string): string => (/["\\]/.test(text) ? `'${text.replaceAll("'", "''")}'` : `"${text}"`);

/** Two spaces for each tab that indents. */
export const untabbed = (text: string): string =>
  text.replaceAll(/^[ \t]*\t[ \t]*/gm, (indentation) => indentation.replaceAll('\t', '  '));

/** Fields whose text people read, and which hands type without quotes. */
export const proseFields = ['subject', 'preheader', 'name', 'address', 'text', 'description'] as const;

const nonBreaking = /[\u00a0\u2007\u202f]/g;

/**
 * Word processors put non-breaking spaces at the start of a line, after a dash and after a key, and at its end: there they can
 * only mean a plain space, as a tab after a key. Inside text they stay. Old line ends are line ends. Places do not move.
 */
export const withPlainIndentation = (text: string): string =>
  text
    .replaceAll(/\r(?!\n)/g, '\n')
    .replaceAll(/^[ \u00a0\u2007\u202f]*(?:-[\u00a0\u2007\u202f]+)?/gm, (start) => start.replaceAll(nonBreaking, ' '))
    .replaceAll(
      /^([ -]*[\p{L}\p{N} ._\u00a0\u202f]+:)([\u00a0\u2007\u202f\t]+)/gmu,
      (_all, key: string, blank: string) => key + ' '.repeat(blank.length),
    )
    .replaceAll(/[\u00a0\u2007\u202f]+$/gm, (blank) => ' '.repeat(blank.length));
