/**
 * The Liquid engine of our templates: what is printed into HTML is escaped, nothing is read from disk, time and money are
 * written as the reader writes them, and no template can run or grow without end.
 */
import { filters as builtIn, Liquid } from 'liquidjs';
import { numberOf, textOf } from '../kernel/json.ts';

export interface Voice {
  /** BCP 47: how money and month names are written. */
  readonly locale: string;
  readonly timeZone: string;
  /** ISO 4217, for amounts that come without one. */
  readonly currency: string;
}

const limits = {
  /** Characters of one template. */
  parseLimit: 1_000_000,
  /** Milliseconds of one part: thousands of times what a mail needs. */
  renderLimit: 2_000,
  /** Units of liquidjs: roughly characters and array items made on the way. */
  memoryLimit: 10_000_000,
};

/** They read other files, inherit from them, or depend on chance, so that the same message would read differently. */
const withheldTags = ['include', 'render', 'layout', 'block'];
const withheldFilters = ['sample'];

/** A new engine; parsing costs far more than this, so whoever renders keeps engine and parsed templates. */
export function engineFor(part: 'html' | 'plain', voice: Voice): Liquid {
  const engine = new Liquid({
    ...limits,
    outputEscape: part === 'html' ? escaped : plain,
    templates: {},
    ownPropertyOnly: true,
    strictFilters: true,
    locale: voice.locale,
    timezoneOffset: voice.timeZone,
  });
  for (const name of withheldTags) Reflect.deleteProperty(engine.tags, name);
  for (const name of withheldFilters) engine.unregisterFilter(name);
  engine.registerFilter('money', (amount: unknown, currency: unknown) => money(plain(amount), plain(currency), voice));
  const date = builtIn['date'];
  if (typeof date === 'function') {
    // "now" is the product clock's, not the machine's.
    engine.registerFilter('date', function (value: unknown, ...rest: unknown[]): unknown {
      const isNow = value === 'now' || value === 'today';
      return date.call(this, isNow ? this.context.getSync(['now']) : value, ...rest);
    });
  }
  if (part === 'html') {
    // Already escaped by the writer of the template: not twice.
    engine.registerFilter('escape', { raw: true, handler: escaped });
    engine.registerFilter('newline_to_br', {
      raw: true,
      handler: (value: unknown) => escaped(value).replace(/\r?\n/g, '<br>\n'),
    });
  }
  return engine;
}

/** An amount in units of its currency (31.9 → `31,90 €`), as the locale writes it; nothing where it is no amount. */
export function money(amount: string, currency: string, { locale, currency: usual }: Voice): string {
  const value = numberOf(amount);
  if (value === undefined) return '';
  const code = textOf(currency)?.toUpperCase() ?? usual;
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency: code }).format(value);
  } catch {
    return `${new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value)} ${code}`;
  }
}

/** What a value prints: text, numbers and lists of them; nothing for objects and what is missing. */
export function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? value.map(plain).join('') : '';
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

const escaped = (value: unknown): string => escapeHtml(plain(value));
