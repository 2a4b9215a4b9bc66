/**
 * A task for somebody of the staff: what the marketer wrote, and below it who it is about, so that they can act without looking
 * anybody up. Text alone and no link, because half of it was written by strangers.
 */
import type { Instant } from '../kernel/time.ts';
import type { CartLine } from '../profile/cart-lines.ts';
import { addressOf, type Attributes } from '../profile/profile.ts';
import type { Order } from '../profile/statistics.ts';
import { escapeHtml } from './filters.ts';
import { looksLikeLink, printableText } from './printable.ts';

export interface TaskContext {
  /** BCP 47: the brand's, which is that of its staff. */
  readonly locale: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly attributes: Attributes;
  readonly lines: readonly CartLine[];
  /** Newest last. */
  readonly orders: readonly Order[];
}

const words = {
  fr: { name: 'Nom', email: 'E-mail', phone: 'Téléphone', address: 'Adresse', cart: 'Panier', orders: 'Dernières commandes' },
  en: { name: 'Name', email: 'E-mail', phone: 'Phone', address: 'Address', cart: 'Cart', orders: 'Last orders' },
} as const;

const shownOrders = 5;
const shownLines = 20;

/** What staff reads below the task; empty where nothing is known. */
export function contextText(context: TaskContext): string {
  const { attributes, locale } = context;
  const said = locale.startsWith('fr') ? words.fr : words.en;
  const rows: readonly (readonly [string, string])[] = [
    [said.name, nameOf(attributes)],
    [said.email, addressOf(attributes, 'email') ?? ''],
    [said.phone, addressOf(attributes, 'phone') ?? ''],
    [said.address, postalOf(attributes)],
    [said.cart, context.lines.slice(0, shownLines).map(lineText).join('; ')],
    [said.orders, context.orders.slice(-shownOrders).toReversed().map(orderText(context)).join('; ')],
  ];
  const colon = locale.startsWith('fr') ? ' : ' : ': ';
  return rows.flatMap(([label, value]) => (value === '' ? [] : [`${label}${colon}${value}`])).join('\n');
}

/** The same bytes as text, for mail programs that show only HTML. */
export const asHtml = (text: string): string =>
  `<!doctype html><html><body><pre style="font:inherit;white-space:pre-wrap">${escapeHtml(text)}</pre></body></html>`;

/** Nothing that could be clicked, whoever told it. */
function plain(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  const kept = printableText(text, { trusted: true, hosts: [] }) ?? '';
  return looksLikeLink(kept) ? '' : kept;
}

function nameOf({ traits }: Attributes): string {
  const said = (name: string): string => plain(traits[name]?.value);
  const full = [said('firstName'), said('lastName')].filter((part) => part !== '').join(' ');
  return full === '' ? said('name') : full;
}

function postalOf({ traits }: Attributes): string {
  const value: unknown = traits['address']?.value;
  if (typeof value !== 'object' || value === null) return plain(value);
  const parts: Readonly<Record<string, unknown>> = { ...value };
  const town = [plain(parts['postalCode'] ?? parts['postal_code']), plain(parts['city'])].filter((part) => part !== '').join(' ');
  return [plain(parts['street']), town, plain(parts['country'])].filter((part) => part !== '').join(', ');
}

const lineText = ({ product, quantity }: CartLine): string => {
  const name = plain(product['name']);
  return `${quantity} × ${name === '' ? plain(product['product_id'] ?? product['sku'] ?? '') : name}`.trim();
};

const orderText =
  ({ locale, timeZone, currency }: TaskContext) =>
  ({ id, at, amount, currency: own }: Order): string =>
    `${dayOf(at, locale, timeZone)} ${plain(id)} ${money(amount, locale, own ?? currency)}`;

const dayOf = (at: Instant, locale: string, timeZone: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeZone }).format(at);

function money(amount: number, locale: string, currency: string): string {
  return /^[A-Z]{3}$/.test(currency)
    ? new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount)
    : String(amount);
}
