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
  const corrected = `${key} ${quoted(unwrapped(value))}`;
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

const nonBreaking = /[\u00a0\u2007\u202f]/g;

/**
 * Word processors put non-breaking spaces at the start of a line, after a dash and after a key: there they can only mean a
 * plain space. Inside text they stay. Places do not move.
 */
export const withPlainIndentation = (text: string): string =>
  text
    .replaceAll(/^[ \u00a0\u2007\u202f]*(?:-[\u00a0\u2007\u202f]+)?/gm, (start) => start.replaceAll(nonBreaking, ' '))
    .replaceAll(/^([ -]*[\p{L}\p{N} ._\u00a0\u202f]+:)[\u00a0\u2007\u202f]/gmu, '$1 ');
