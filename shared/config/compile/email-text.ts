/**
 * HTML with Liquid → the text part for people and programs that read no HTML. Liquid goes through untouched.
 */
import { convert } from 'html-to-text';

const liquid = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;
/** Private-use characters: no template contains them, and no converter touches them. */
const [opening, closing] = ['\ue000', '\ue001'];

export function textOfHtml(html: string): string {
  // Equal tags get equal places, so that a link that shows its own address is recognised.
  const kept = [...new Set(html.match(liquid))];
  const held = html.replaceAll(liquid, (tag) => `${opening}${kept.indexOf(tag)}${closing}`);
  const text = convert(held, {
    wordwrap: false, // lines are folded when the mail is put together
    selectors: [
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: 'div', options: { leadingLineBreaks: 2, trailingLineBreaks: 2 } }, // MJML's paragraphs
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { linkBrackets: ['(', ')'] as [string, string], hideLinkHrefIfSameAsText: true } },
    ],
  });
  const restored = text.replaceAll(
    new RegExp(`${opening}(\\d+)${closing}`, 'g'),
    (_held, index: string) => kept[Number(index)] ?? '',
  );
  return withoutTagLines(restored);
}

/**
 * A line that holds nothing but Liquid tags prints nothing, so its line break would leave a hole in the finished text:
 * the tag joins the line that follows.
 */
const withoutTagLines = (text: string): string =>
  text
    .replaceAll(/^[ \t]*((?:\{%(?:(?!%\})[^\n])*%\}[ \t]*)+)\n+/gm, '$1')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
