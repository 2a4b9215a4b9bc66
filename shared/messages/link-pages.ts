/**
 * The pages behind our own links, in French and English: no script, no cookie, nothing from anywhere else, readable by a
 * screen reader and by a mailbox provider's machine alike.
 */
import { createHash } from 'node:crypto';
import type { Channel } from '../events/event.ts';
import { escapeHtml } from './filters.ts';

export const pageLanguages = ['fr', 'en'] as const;
export type PageLanguage = (typeof pageLanguages)[number];

interface Words {
  /** What comes no more, by the channel whose link it is. */
  readonly messages: Readonly<Record<Channel, string>>;
  /** How it came. */
  readonly by: Readonly<Record<Channel, string>>;
  readonly ask: (brand: string, messages: string) => string;
  readonly about: (by: string) => string;
  readonly button: string;
  readonly done: string;
  readonly doneAbout: (by: string) => string;
  readonly notOurs: string;
  readonly notOursAbout: string;
}

const words: Readonly<Record<PageLanguage, Words>> = {
  fr: {
    messages: { email: 'nos e-mails', sms: 'nos SMS', push: 'nos notifications' },
    by: { email: 'par e-mail', sms: 'par SMS', push: 'par notification' },
    ask: (brand, messages) => (brand === '' ? `Ne plus recevoir ${messages} ?` : `${brand} : ne plus recevoir ${messages} ?`),
    about: (by) => `Confirmez, et nous ne vous enverrons plus de publicité ${by}. Les messages sur vos commandes continuent.`,
    button: 'Me désinscrire',
    done: 'C’est fait : votre désinscription est enregistrée.',
    doneAbout: (by) => `Nous ne vous enverrons plus de publicité ${by}. Vous pouvez fermer cette page.`,
    notOurs: 'Ce lien n’est pas valable.',
    notOursAbout: 'Il est incomplet ou il a été modifié. Ouvrez-le de nouveau depuis le message, ou copiez-le en entier.',
  },
  en: {
    messages: { email: 'e-mails', sms: 'text messages', push: 'notifications' },
    by: { email: 'by e-mail', sms: 'by text message', push: 'by notification' },
    ask: (brand, messages) => (brand === '' ? `Stop receiving our ${messages}?` : `Stop receiving ${messages} from ${brand}?`),
    about: (by) => `Confirm, and we will send you no more marketing ${by}. Messages about your orders will still reach you.`,
    button: 'Unsubscribe',
    done: 'Done: you are unsubscribed.',
    doneAbout: (by) => `We will send you no more marketing ${by}. You can close this page.`,
    notOurs: 'This link is not valid.',
    notOursAbout: 'It is incomplete or was changed. Open it again from the message, or copy all of it.',
  },
};

/** Asks for one click. The form posts to the address it stands at, with what a mailbox provider would post (RFC 8058). */
export const confirmPage = (language: PageLanguage, channel: Channel, brand: string): string => {
  const { ask, about, button, messages, by } = words[language];
  const question = ask(brand, messages[channel]);
  const form = `<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>${button}</button></form>`;
  return document(language, question, `<h1>${escapeHtml(question)}</h1><p>${about(by[channel])}</p>${form}`);
};

export const donePage = (language: PageLanguage, channel: Channel): string => {
  const { done, doneAbout, by } = words[language];
  return document(language, done, `<h1>${done}</h1><p role="status">${doneAbout(by[channel])}</p>`);
};

/** In both languages: who follows a broken link may not be whom it was written for. */
export function notOursPage(language: PageLanguage): string {
  const others = pageLanguages.filter((other) => other !== language);
  const section = (shown: PageLanguage, heading: 'h1' | 'h2'): string =>
    `<section lang="${shown}"><${heading}>${words[shown].notOurs}</${heading}><p>${words[shown].notOursAbout}</p></section>`;
  const sections = [section(language, 'h1'), ...others.map((other) => section(other, 'h2'))];
  return document(language, words[language].notOurs, sections.join(''));
}

const style =
  'body{font:1.125rem/1.5 system-ui,sans-serif;color:#1c1c1c;background:#fff;margin:0}main{max-width:34rem;margin:12vh auto;padding:0 1.5rem}' +
  'h1,h2{font-size:1.5rem;line-height:1.25}button{font:inherit;font-weight:600;color:#fff;background:#1a4480;border:0;border-radius:.375rem;padding:.75rem 1.5rem}' +
  'button:hover{background:#11325f}button:focus-visible{outline:3px solid #e69f00;outline-offset:2px}';

const document = (language: PageLanguage, title: string, main: string): string =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
  `<meta name="robots" content="noindex"><title>${escapeHtml(title)}</title><style>${style}</style></head><body><main>${main}</main></body></html>`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** On every answer of follow-links: nothing loads, nothing frames it, nothing keeps it, and the token leaks to nobody. */
export const linkHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
  'cache-control': 'no-store',
};
