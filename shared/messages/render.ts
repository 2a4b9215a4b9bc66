/**
 * A template and its variables become an e-mail (subject, HTML and text) or an SMS in the reader's language. Pure but for a
 * cache of parsed templates; content that cannot be made is an answer, not an error.
 */
import type { Liquid, Template as Parsed } from 'liquidjs';
import { contentHash } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import { engineFor, escapeHtml, type Voice } from './filters.ts';
import { chooseLanguage } from './locale.ts';
import { oneLine, shorten } from './printable.ts';
import type { EmailTemplate, Template } from './template.ts';
import type { BrandVoice } from './variables.ts';
import { wrapLinks } from './wrap-links.ts';

export interface RenderInput<Content extends 'email' | 'sms' = 'email'> {
  readonly template: Pick<Template, Content>;
  readonly brand: Pick<BrandVoice, 'locale' | 'timeZone' | 'currency'>;
  /** The person's, from `localeOf`. */
  readonly locale: string;
  /** From `variablesFor`. */
  readonly variables: JsonObject;
}

/** Links are wrapped only with the person's consent to click tracking; without it they stay as they are. */
export interface ClickTracking {
  readonly clickConsent: boolean;
  /** Our link in place of this one; undefined = leave it (our own unsubscribe link). */
  wrap(url: string): string | undefined;
}

export interface RenderedEmail {
  readonly kind: 'rendered';
  /** The language of the template that was used. */
  readonly language: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export interface RenderedSms {
  readonly kind: 'rendered';
  /** The language of the template that was used. */
  readonly language: string;
  readonly text: string;
}

export interface NotRendered {
  readonly kind: 'cannot';
  readonly because: string;
}

export type Rendering = RenderedEmail | NotRendered;

/** Mail programs show some 70 characters; RFC 5322 has no limit, but more than this is a mistake in the data. */
export const maxSubjectLength = 255;

const noTracking: ClickTracking = { clickConsent: false, wrap: () => undefined };

export function renderEmail(input: RenderInput, tracking: ClickTracking = noTracking): Rendering {
  const { variables } = input;
  const chosen = contentFor(input.template.email, input);
  if (chosen === undefined) return { kind: 'cannot', because: 'the template has no e-mail' };
  const { language, content, voice } = chosen;
  try {
    const subject = cleanSubject(run('plain', content.subject, voice, variables));
    const html = withPreheader(run('html', content.html, voice, variables), preheaderOf(content, voice, variables));
    const text = run('plain', content.text, voice, variables);
    if (subject === '') return { kind: 'cannot', because: 'the subject is empty' };
    return {
      kind: 'rendered',
      language,
      subject,
      html: tracking.clickConsent ? wrapLinks(html, (url) => tracking.wrap(url)) : html,
      text,
    };
  } catch (error) {
    return notRendered(error);
  }
}

/** Plain text: nothing is escaped, and no link is exchanged, because ours are longer than an SMS. */
export function renderSms(input: RenderInput<'sms'>): RenderedSms | NotRendered {
  const chosen = contentFor(input.template.sms ?? {}, input);
  if (chosen === undefined) return { kind: 'cannot', because: 'the template has no SMS' };
  const { language, content, voice } = chosen;
  try {
    return { kind: 'rendered', language, text: run('plain', content.text, voice, input.variables) };
  } catch (error) {
    return notRendered(error);
  }
}

const notRendered = (error: unknown): NotRendered => ({
  kind: 'cannot',
  because: error instanceof Error ? error.message.slice(0, 300) : 'rendering failed',
});

/** The content in the language nearest to the reader's, and how to speak it; undefined where there is none at all. */
function contentFor<Content>(
  contents: Readonly<Record<string, Content>>,
  { locale, brand }: Pick<RenderInput, 'locale' | 'brand'>,
): { readonly language: string; readonly content: Content; readonly voice: Voice } | undefined {
  const language = chooseLanguage(Object.keys(contents), locale, brand.locale);
  const content = language === undefined ? undefined : contents[language];
  if (language === undefined || content === undefined) return undefined;
  // Money and dates follow the reader where the text does: English words with French month names would help nobody.
  const speaks = locale.split('-')[0] === language.split('-')[0] ? locale : language;
  return { language, content, voice: { locale: speaks, timeZone: brand.timeZone, currency: brand.currency } };
}

/** A header is one line of visible characters; nothing in it can start another header or reverse the reading order. */
export const cleanSubject = (text: string): string => shorten(oneLine(text), maxSubjectLength);

const preheaderOf = (content: EmailTemplate, voice: Voice, variables: JsonObject): string =>
  content.preheader === undefined ? '' : oneLine(run('plain', content.preheader, voice, variables));

/** The line that inboxes show after the subject, hidden in the mail itself. */
function withPreheader(html: string, preheader: string): string {
  if (preheader === '') return html;
  const hidden = `<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeHtml(preheader)}</div>`;
  const body = /<body\b(?:[^>"']|"[^"]*"|'[^']*')*>/i.exec(html);
  const at = body === null ? 0 : body.index + body[0].length;
  return `${html.slice(0, at)}${hidden}${html.slice(at)}`;
}

type Part = 'html' | 'plain';

interface Kept {
  readonly engine: Liquid;
  /** By hash of the content. */
  readonly parsed: Map<string, Parsed[]>;
}

/** Parsing 22 KB takes 30 ms, rendering 0.1: a container keeps the engines of a few voices, each with its templates. */
const engines = new Map<string, Kept>();
const maxEngines = 16;
const maxTemplates = 200;

function run(part: Part, source: string, voice: Voice, variables: JsonObject): string {
  const { engine, template } = parsedFor(part, source, voice);
  const output: unknown = engine.renderSync(template, variables);
  return typeof output === 'string' ? output : '';
}

function parsedFor(part: Part, source: string, voice: Voice): { readonly engine: Liquid; readonly template: Parsed[] } {
  const { engine, parsed } = recall(engines, [part, voice.locale, voice.timeZone, voice.currency].join('|'), maxEngines, () => ({
    engine: engineFor(part, voice),
    parsed: new Map<string, Parsed[]>(),
  }));
  return { engine, template: recall(parsed, contentHash(source), maxTemplates, () => engine.parse(source)) };
}

/** Least recently used leaves first. */
function recall<Value>(cache: Map<string, Value>, key: string, size: number, make: () => Value): Value {
  const value = cache.get(key) ?? make();
  cache.delete(key);
  cache.set(key, value);
  for (const oldest of cache.keys()) {
    if (cache.size <= size) break;
    cache.delete(oldest);
  }
  return value;
}
