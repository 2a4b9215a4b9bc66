/**
 * `sms.<language>.txt` → one SMS in one language, or everything that is wrong with it. A phone shows every sign as it is
 * written: what only an e-mail understands is refused here.
 */
import type { SmsTemplate } from '../config.ts';
import { decode } from '../decode/decode.ts';
import { smsMatterSchema, type FrontMatter } from '../decode/front-matter-schema.ts';
import { startOfFile, type Finding, type Said } from '../problem.ts';
import { isMarketing, readFrontMatter, type CompiledFile } from './front-matter.ts';
import { liquidFindings } from './liquid-check.ts';
import { blankLines, placeOf, type Files } from './source-text.ts';
import { unsubscribeProblem } from './unsubscribe-link.ts';

export function compileSmsFile(file: string, files: Files): CompiledFile<FrontMatter, SmsTemplate> {
  const source = (files.get(file) ?? '').replaceAll('\r\n', '\n');
  const { document, lines, findings } = readFrontMatter(source, 'purpose', () => false);
  const decoded = decode(smsMatterSchema, document, 'the part between --- and ---');
  const body = blankLines(source, lines);
  // Without its fences nobody knows where the text begins: that is all there is to say.
  const found = findings.length > 0 ? findings : [...decoded.findings, ...textFindings(body, isMarketing(decoded.document))];
  const problems = found.map((finding) => ({ file, ...finding }));
  const content = problems.length > 0 ? undefined : { text: withoutTagLines(body).trim() };
  return { document, matter: decoded.value, content, problems };
}

function textFindings(body: string, marketing: boolean): readonly Finding[] {
  if (body.trim() === '') return [{ ...startOfFile, ...saysNothing }];
  const missing = marketing ? unsubscribeProblem(body, 'plain', noWayOut) : undefined;
  return [
    ...liquidFindings(body, 'plain'),
    ...markupFindings(withoutLiquid(body)),
    ...(missing === undefined ? [] : [missing]),
    ...lengthFindings(body),
  ];
}

/** As channels/sms.ts, which brings the whole client of SNS along. */
const mostBytes = 1_600;

/** Of what is printed whatever happens. */
function lengthFindings(body: string): readonly Finding[] {
  const bytes = Buffer.byteLength(alwaysPrinted(body).trim());
  if (bytes <= mostBytes) return [];
  return [
    {
      ...startOfFile,
      problem: `the SMS has ${bytes} bytes without its variables`,
      expected: `at most ${mostBytes} bytes with them: 160 characters are one part, and each part is paid for`,
      suggestion: 'write less',
    },
  ];
}

const holding = ['if', 'unless', 'case', 'for', 'tablerow', 'capture', 'comment', 'raw'];

/** Text outside tags of Liquid, and outside what they may leave out. */
function alwaysPrinted(body: string): string {
  let [text, at, depth] = ['', 0, 0];
  for (const { 0: whole, 1: name = '', index } of body.matchAll(/\{\{[\s\S]*?\}\}|\{%-?\s*(\w+)?[\s\S]*?%\}/g)) {
    if (depth === 0) text += body.slice(at, index);
    at = index + whole.length;
    if (name.startsWith('end')) depth = Math.max(0, depth - 1);
    else if (holding.includes(name)) depth += 1;
  }
  return depth === 0 ? text + body.slice(at) : text;
}

const noWayOut: Said = {
  problem: 'a marketing SMS without a way to say no',
  expected: '{{ links.unsubscribe }}, which leads to a page that ends SMS',
  suggestion: 'write Stop : {{ links.unsubscribe }} at the end',
};

const saysNothing: Said = { problem: 'the SMS says nothing', expected: 'a short text below the second ---', suggestion: '' };

const withoutLiquid = (text: string): string =>
  text.replaceAll(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g, (part) => part.replaceAll(/[^\n]/g, ' '));

const mjml = /<\/?(?:mjml|mj-[\w-]+)[^<>]*>?/i;
const html =
  /<!--|<!doctype\b|<\/?(?:a|b|body|br|button|center|div|em|font|h[1-6]|head|hr|html|i|img|li|ol|p|script|small|span|strong|style|su[bp]|table|t[dhr]|title|u|ul)(?:\s[^<>]*)?\/?>/i;
const entity = /&(?:[a-z]{2,8}\d{0,2}|#\d{1,6}|#x[\da-f]{1,5});/i;

/** The first of each kind: where an e-mail was pasted, each of its tags would be one. */
function markupFindings(text: string): readonly Finding[] {
  const at = (pattern: RegExp, say: (written: string) => Said): readonly Finding[] => {
    const found = pattern.exec(text);
    return found === null ? [] : [{ ...placeOf(text, found.index), ...say(found[0]) }];
  };
  const asMjml = at(mjml, mjmlInSms);
  return asMjml.length > 0 ? asMjml : [...at(html, tagInSms), ...at(entity, entityInSms)];
}

const plainText = 'plain text: a phone shows every sign as it is written';

const mjmlInSms = (tag: string): Said => ({
  problem: `${shown(tag)} is MJML, which an SMS does not understand`,
  expected: plainText,
  suggestion: 'put it into email.<language>.mjml',
});

const tagInSms = (tag: string): Said => ({
  problem: `${shown(tag)} is HTML, which an SMS does not understand`,
  expected: plainText,
  suggestion: insteadOfTag(tag),
});

function insteadOfTag(tag: string): string {
  if (/^<br\b/i.test(tag)) return 'begin a new line instead';
  return /^<a\b/i.test(tag) ? 'write the address itself, such as {{ cart.url | default: brand.url }}' : 'remove it';
}

const entityInSms = (written: string): Said => ({
  problem: `${written} stands for a sign in HTML; an SMS shows it as it is written`,
  expected: plainText,
  suggestion: signs[written] ?? 'write the sign itself',
});

const signs: Readonly<Record<string, string>> = {
  '&nbsp;': 'write a space',
  '&amp;': 'write &',
  '&lt;': 'write <',
  '&gt;': 'write >',
  '&eacute;': 'write é',
  '&egrave;': 'write è',
  '&agrave;': 'write à',
  '&euro;': 'write €',
};

/** Without its attributes: `<a>`. */
const shown = (tag: string): string => (tag.startsWith('<!') ? tag : `${/^<\/?[\w-]+/.exec(tag)?.[0] ?? tag}>`);

/** A line of nothing but Liquid tags prints nothing; its line break, which is paid for, goes with it. */
const withoutTagLines = (text: string): string => text.replaceAll(/^[ \t]*((?:\{%(?:(?!%\})[^\n])*%\}[ \t]*)+)\n/gm, '$1');
